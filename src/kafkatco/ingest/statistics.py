"""What the numbers of one series mean: rates of counters, gaps, restarts, outliers, percentiles."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Final

import numpy as np

from kafkatco.i18n.message import Message, _, ngettext
from kafkatco.ingest.readings import Reading, Series
from kafkatco.numerics.typing import Floats

__all__ = [
    "OUTLIER",
    "amount",
    "as_measured",
    "coverage",
    "outliers",
    "percentile",
    "resampled",
    "statistic",
    "step_name",
    "window",
]

#: A value this many times the 95th percentile is an outlier.  Assumption.
OUTLIER: Final = 10.0
#: The share of steps in which a counter may fall, as it does at a restart; one that falls more
#: often is no counter.  Assumption: a restart every tenth step.
MOST_RESTARTS: Final = 0.1
#: The largest value that a percentage has.
PERCENT: Final = 100.0


def as_measured(series: Series) -> tuple[Series | None, tuple[Message, ...]]:
    """Return a series as a rate or a level, and what was noticed; ``None`` if it is neither.

    A count is divided by its step.  A counter becomes its increase over each step: after a fall,
    which is a restart, the increase is the new value, as in the ``rate`` of Prometheus.  Across a
    gap a counter has no value.  A negative value is a gap.  Left out with a message are a counter
    that falls too often to be one, and bytes that are never above 100, as a percentage is.

    >>> counter = Series("ingress", np.arange(4) * 60.0, np.array([0.0, 600.0, 60.0, 120.0]), 60.0,
    ...                  form="counter")
    >>> rate, warnings = as_measured(counter)
    >>> rate.values, warnings
    (array([10.,  1.,  1.]), ('ingress: 1 restart of a counter; it starts again at zero',))
    """
    name = series.query or series.quantity
    warnings: list[Message] = []
    if series.form == "counter":
        rate, falls = _increase(series)
        steps = int(np.isfinite(rate.values).sum())
        if falls > max(1.0, MOST_RESTARTS * steps):
            text = _(
                "{name}: the values fall in {falls} of {steps} steps, so this is a gauge or a "
                "count of each step, not a counter; it is left out",
                name=name,
                falls=falls,
                steps=steps,
            )
            return None, (text,)
        if falls:
            text = ngettext(
                "{name}: {n} restart of a counter; it starts again at zero",
                "{name}: {n} restarts of a counter; it starts again at zero",
                falls,
                name=name,
            )
            warnings.append(text)
        series = rate
    elif series.form == "count":
        series = dataclasses.replace(series, form="rate", values=series.values / series.step_s)
    negative = series.values < 0
    if negative.any():
        text = ngettext(
            "{name}: {n} value is negative; it counts as a gap",
            "{name}: {n} values are negative; they count as gaps",
            int(negative.sum()),
            name=name,
        )
        warnings.append(text)
        series = dataclasses.replace(series, values=np.where(negative, np.nan, series.values))
    if series.form == "level" and series.unit == "B" and _like_percent(series.values):
        text = _(
            "{name}: no value is above {most:,.6g}, so this is a percentage or another unit, not "
            "bytes; it is left out",
            name=name,
            most=float(np.nanmax(series.values)),
        )
        return None, (*warnings, text)
    return series, tuple(warnings)


def _increase(series: Series) -> tuple[Series, int]:
    """Return the rate of increase of a counter over each step, and the number of its falls."""
    gaps, change = np.diff(series.times), np.diff(series.values)
    falls = change < 0
    increase = np.where(falls, series.values[1:], change)
    values = np.where(gaps <= 1.5 * series.step_s, increase / np.maximum(gaps, 1e-9), np.nan)
    rate = dataclasses.replace(series, times=series.times[:-1], values=values, form="rate")
    return rate, int(falls.sum())


def _like_percent(values: Floats) -> bool:
    some = values[np.isfinite(values)]
    return bool(some.size and some.max() > 0 and some.max() <= PERCENT)


def resampled(series: Series, step_s: float) -> Series:
    """Return a series in longer steps: the mean of the values in each, NaN if it has none.

    A maximum stays one.
    """
    if step_s <= series.step_s:
        return series
    bins = np.floor(series.times / step_s).astype(np.int64)
    starts, place = np.unique(bins, return_inverse=True)
    known = np.isfinite(series.values)
    if series.statistic == "maximum":
        values = np.full(starts.size, -np.inf)
        np.maximum.at(values, place[known], series.values[known])
        values = np.where(np.isfinite(values), values, np.nan)
    else:
        count = np.bincount(place, weights=known, minlength=starts.size)
        total = np.bincount(
            place, weights=np.where(known, series.values, 0.0), minlength=starts.size
        )
        values = np.divide(total, count, out=np.full(starts.size, np.nan), where=count > 0)
    return dataclasses.replace(
        series, times=starts.astype(float) * step_s, values=values, step_s=step_s
    )


def window(series: Series) -> tuple[float, float]:
    """Return the window of a series [s since 1970]: as asked for, else of its values."""
    start, end = float(series.times[0]), float(series.times[-1]) + series.step_s
    if series.asked is None:
        return start, end
    return min(series.asked[0], start), max(series.asked[1], end)


def coverage(series: Series) -> float:
    """Return the share of the steps of the window that have values.

    >>> coverage(Series("topics", np.array([0.0, 60.0, 240.0]), np.array([1, np.nan, 1.0]), 60.0))
    0.4
    """
    start, end = window(series)
    steps = max(1, round((end - start) / series.step_s))
    return min(1.0, int(np.isfinite(series.values).sum()) / steps)


def percentile(series: Series, share: float) -> float:
    """Return a percentile of the values that are there, linear between two of them.

    >>> percentile(Series("topics", np.arange(3.0), np.array([1.0, 2.0, np.nan]), 1.0), 0.5)
    1.5
    """
    return float(np.nanpercentile(series.values, 100 * share))


def statistic(series: Series, name: str) -> Reading:
    """Return a statistic of a series: ``"mean"``, ``"max"`` or a percentile such as ``"p99"``."""
    if name == "mean":
        value = float(np.nanmean(series.values))
    elif name == "max":
        value = float(np.nanmax(series.values))
    else:
        value = percentile(series, float(name.removeprefix("p")) / 100)
    start, end = window(series)
    return Reading(
        series.quantity,
        value,
        name,
        start,
        end,
        series.step_s,
        coverage(series),
        series.source,
        series.query,
        series.cluster,
    )


def outliers(series: Series) -> Message | None:
    """Return a message on values above :data:`OUTLIER` times the 95th percentile, if any.

    They stay in the mean, since their bytes were sent; the message says how much they weigh.
    """
    values = series.values[np.isfinite(series.values)]
    if not values.size:
        return None
    bound = OUTLIER * float(np.percentile(values, 95))
    far = values > bound
    if not far.any() or bound == 0:
        return None
    top = int(np.nanargmax(series.values))
    day = dt.datetime.fromtimestamp(float(series.times[top]), dt.UTC).date().isoformat()
    return ngettext(
        "{name}: {n} of {steps} values is more than {times:g} times the 95th percentile, "
        "{most} on {day}; it makes {share:.0%} of the mean. If it was a one-off, "
        "leave its day out",
        "{name}: {n} of {steps} values are more than {times:g} times the 95th percentile, up to "
        "{most} on {day}; they make {share:.0%} of the mean. If they were one-offs, "
        "leave their days out",
        int(far.sum()),
        name=series.query or series.quantity,
        steps=values.size,
        times=OUTLIER,
        most=amount(float(values.max()), series.unit),
        day=day,
        share=float(values[far].sum() / values.sum()),
    )


def amount(value: float, unit: str) -> str:
    """Return a value with its unit, bytes in the largest unit of which it has at least one.

    >>> amount(2.5e6, "B/s"), amount(999.0, "B"), amount(8619.0, "1"), amount(1250.5, "1/s")
    ('2.5 MB/s', '999 B', '8,619', '1,250.5/s')
    """
    if unit not in ("B", "B/s"):
        return f"{value:,.6g}{unit.removeprefix('1')}"
    for size, prefix in ((1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k")):
        if value >= size:
            return f"{value / size:.6g} {prefix}{unit}"
    return f"{value:.6g} {unit}"


def step_name(seconds: float) -> str:
    """Return a step as text.

    >>> step_name(300.0), step_name(3600.0), step_name(86400.0), step_name(2628000.0)
    ('5 min', '1 h', '1 d', '730 h')
    """
    for size, unit in ((86_400.0, "d"), (3600.0, "h"), (60.0, "min")):
        if seconds >= size and seconds % size == 0:
            return f"{seconds / size:g} {unit}"
    return f"{seconds:g} s"
