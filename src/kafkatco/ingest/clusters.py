"""The series of a whole cluster from those of its topics, brokers and clients."""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Final

import numpy as np

from kafkatco.i18n.message import Message, _, join, ngettext
from kafkatco.ingest.readings import Combine, Series
from kafkatco.ingest.statistics import amount, as_measured, coverage, resampled, step_name
from kafkatco.numerics.typing import Floats

__all__ = ["common", "of_cluster"]

#: Two totals of the same quantity that differ by less than this share are the same.  Assumption.
SAME: Final = 0.1
_COMBINE: Final[Mapping[Combine, Callable[..., Floats]]] = {
    "sum": np.sum,
    "avg": np.mean,
    "max": np.max,
}
#: The statistic of each step that a quantity needs: quotas count connections at their most.
WANTED: Final = {"connections": "maximum"}


def of_cluster(series: Iterable[Series]) -> tuple[dict[str, Series], tuple[Message, ...]]:
    """Return one series of each quantity for a cluster, and what was noticed.

    Parts with the same names (all topics, all brokers) are added up.  If a quantity comes several
    times, such as with and without ``topic``, from two files or as mean and maximum, one is taken:
    the wanted statistic, then the shortest step, then the fewest parts; the message has both.
    """
    warnings: list[Message] = []
    totals: dict[str, list[tuple[Series, int]]] = defaultdict(list)
    measured: list[Series] = []
    for one in _joined(series):
        rate, noticed = as_measured(one)
        warnings.extend(noticed)
        if rate is not None and np.isfinite(rate.values).any():
            measured.append(rate)
    for (quantity, *_names), group in groupby(sorted(measured, key=_family), key=_family):
        parts = list(group)
        total, noticed = _total(parts)
        warnings.extend(noticed)
        if np.isfinite(total.values).any():
            totals[str(quantity)].append((total, len(parts)))
    chosen: dict[str, Series] = {}
    for quantity, found in totals.items():
        wanted = WANTED.get(quantity, "mean")
        found.sort(key=lambda item: (item[0].statistic != wanted, item[0].step_s, item[1]))
        chosen[quantity] = found[0][0]
        warnings.extend(_doubled(quantity, [item[0] for item in found]))
    return chosen, tuple(dict.fromkeys(warnings))


def _joined(series: Iterable[Series]) -> Iterator[Series]:
    """Yield series, those of several files whose times follow each other as one.

    So are the pages of a reply, and the months of an export.
    """
    groups: dict[tuple[object, ...], list[Series]] = defaultdict(list)
    for one in series:
        if one.times.size:
            part = tuple(sorted(one.part.items()))
            groups[one.quantity, one.query, one.form, one.statistic, one.step_s, part].append(one)
    for group in groups.values():
        group.sort(key=lambda one: float(one.times[0]))
        whole = group[0]
        for one in group[1:]:
            if one.source == whole.source or one.times[0] <= whole.times[-1]:
                yield whole
                whole = one
                continue
            whole = dataclasses.replace(
                whole,
                times=np.concatenate([whole.times, one.times]),
                values=np.concatenate([whole.values, one.values]),
                source=f"{whole.source}, {one.source}",
                asked=_both(whole.asked, one.asked),
            )
        yield whole


def _both(
    one: tuple[float, float] | None, other: tuple[float, float] | None
) -> tuple[float, float] | None:
    """Return the window that holds two windows."""
    if one is None or other is None:
        return one or other
    return min(one[0], other[0]), max(one[1], other[1])


def _family(series: Series) -> tuple[str, ...]:
    """Return what the parts of one total have in common."""
    return series.quantity, series.source, series.query, series.statistic, *sorted(series.part)


def _total(parts: Sequence[Series]) -> tuple[Series, tuple[Message, ...]]:
    """Return the parts of a cluster combined: their sum, mean or maximum.

    A part adds nothing before its first and after its last value, when its topic or broker was
    not there.  A step in which a part has a gap is a gap, unless the part was counted: then
    nothing was counted in it.
    """
    step = max(part.step_s for part in parts)
    parts = _on_one_grid([resampled(part, step) for part in parts], step)
    times = np.unique(np.concatenate([part.times for part in parts]))
    rows = np.stack([_on(part, times) for part in parts])
    first = parts[0]
    gaps = np.isnan(rows)
    known = ~(gaps.all(axis=0) if first.combine == "max" else gaps.any(axis=0))
    values = np.where(known, _COMBINE[first.combine](np.where(gaps, 0.0, rows), axis=0), np.nan)
    query = " by ".join(
        filter(None, [first.query or first.quantity, ", ".join(sorted(first.part))])
    )
    whole = dataclasses.replace(
        first, times=times, values=values, step_s=step, query=query, part={}
    )
    warnings = []
    left_out = int((~known).sum())
    if left_out and len(parts) > 1:
        text = ngettext(
            "{name}: {n} of {steps} steps is left out, since one of the {parts} parts has no value",
            "{name}: {n} of {steps} steps are left out, since one of the {parts} parts has no "
            "value",
            left_out,
            name=whole.query or whole.quantity,
            steps=times.size,
            parts=len(parts),
        )
        warnings.append(text)
    return whole, tuple(warnings)


def _on_one_grid(parts: list[Series], step: float) -> list[Series]:
    """Return parts with common times: those of scrapes that are not made together are rounded."""
    times = np.unique(np.concatenate([part.times for part in parts]))
    if times.size < 2 or np.diff(times).min() >= 0.5 * step:
        return parts
    return [resampled(dataclasses.replace(part, step_s=step / 2), step) for part in parts]


def _on(part: Series, times: Floats) -> Floats:
    """Return the values of a part at ``times``: zero outside its life, NaN in its gaps."""
    absent = (times < part.times[0]) | (times > part.times[-1]) | part.sparse
    values = np.where(absent, 0.0, np.nan)
    values[np.searchsorted(times, part.times)] = part.values
    return values


def _doubled(quantity: str, found: Sequence[Series]) -> Iterable[Message]:
    """Yield a message on a quantity that comes several times."""
    first, *others = [one for one in found if one.statistic == found[0].statistic]
    for other in others:
        mine, theirs = float(np.nanmean(first.values)), float(np.nanmean(other.values))
        agree = abs(mine - theirs) <= SAME * max(mine, theirs)
        verdict = _("they agree") if agree else _("they differ: check which one is the cluster")
        text = _(
            "{quantity} comes twice: {first} is taken (mean {mine}), {other} is not "
            "(mean {theirs})",
            quantity=quantity,
            first=_described(first),
            mine=amount(mine, first.unit),
            other=_described(other),
            theirs=amount(theirs, first.unit),
        )
        yield join("; ", [text, verdict])
    if found[0].statistic not in ("mean", WANTED.get(quantity, "mean")):
        yield _(
            "{quantity}: the values are the {statistic} of each step, so the sum overstates it; "
            "export the mean",
            quantity=quantity,
            statistic=found[0].statistic,
        )


def _described(series: Series) -> Message:
    return _(
        "{query} ({source}, {step} steps, {coverage:.0%} covered)",
        query=series.query or series.quantity,
        source=series.source,
        step=step_name(series.step_s),
        coverage=coverage(series),
    )


def common(one: Series, other: Series) -> tuple[Floats, Floats, float]:
    """Return the values of two series in the steps that both have, and that step [s]."""
    step = max(one.step_s, other.step_s)
    one, other = resampled(one, step), resampled(other, step)
    _times, first, second = np.intersect1d(one.times, other.times, return_indices=True)
    mine, theirs = one.values[first], other.values[second]
    known = np.isfinite(mine) & np.isfinite(theirs)
    return mine[known], theirs[known], step
