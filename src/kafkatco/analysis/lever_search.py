"""The cheapest combination of settings: all of them are priced, most of them at once, in arrays."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields, replace
from itertools import product
from typing import Any

import numpy as np
import numpy.typing as npt

from kafkatco.analysis.lever_settings import Option, Setting
from kafkatco.costing.bill import Bill, bill_of
from kafkatco.costing.costs import costs_of
from kafkatco.errors import InputError, MissingPriceError
from kafkatco.sizing.workload import Operands

__all__ = ["bill_with", "cheapest_settings"]

#: Settings of different levers, all of which are made.
Chosen = tuple[Setting, ...]
#: Totals that differ by less are the same: sums in another order.
SAME = 1e-9


def bill_with(option: Option, settings: Sequence[Setting]) -> Bill | None:
    """Return the bill with some settings; ``None`` if there is no total, or only a floor."""
    try:
        changed = _changed(option, settings)
        bill = bill_of(changed.deployment, changed.load, changed.book, changed.catalogue)
    except (InputError, MissingPriceError):  # the kind or its region does not have the setting
        return None
    return None if bill.infeasible or bill.is_floor else bill


def cheapest_settings(option: Option, settings: Sequence[Setting]) -> Chosen:
    """Return the settings of least cost, and of those the fewest; none if nothing has a total.

    Each lever has at most one of its settings.  Those that change numbers only are varied together,
    as one array of all their combinations, and the others are tried one after another, so that
    every combination is priced.
    """
    by_lever: dict[str, list[Setting]] = {}
    for setting in settings:
        by_lever.setdefault(setting.lever, []).append(setting)
    numeric = [alike for alike in by_lever.values() if all(one.is_numeric for one in alike)]
    others = [alike for alike in by_lever.values() if alike not in numeric]
    together = [*_combinations(numeric)]
    loads: dict[Chosen, Operands] = {}  # by the settings that change the workload
    best: tuple[float, Chosen] = (np.inf, ())
    for chosen in _combinations(others):
        of_workload = tuple(setting for setting in chosen if setting.workload)
        if of_workload not in loads:
            loads[of_workload] = _load(option, of_workload, together)
        totals = _totals(option, chosen, together, loads[of_workload])
        for total, one in zip(totals, together, strict=True):
            best = _better(best, (float(total), (*chosen, *one)))
    return best[1]


def _better(best: tuple[float, Chosen], other: tuple[float, Chosen]) -> tuple[float, Chosen]:
    """Return the cheaper of two, or of the same totals the one with fewer settings."""
    if abs(best[0] - other[0]) <= SAME * min(best[0], other[0]):
        return min(best, other, key=lambda one: len(one[1]))
    return min(best, other, key=lambda one: one[0])


def _combinations(levers: Sequence[Sequence[Setting]]) -> Iterator[Chosen]:
    """Yield every choice of at most one setting of each lever, that of none first."""
    for chosen in product(*([None, *alike] for alike in levers)):
        yield tuple(setting for setting in chosen if setting is not None)


def _load(option: Option, chosen: Chosen, together: Sequence[Chosen]) -> Operands:
    """Return the workload with ``chosen`` and each of ``together``, as arrays where they differ."""
    loads = [_changed_workload(option, (*chosen, *one)).load for one in together]
    stacked: dict[str, Any] = {}
    for one in fields(Operands):
        values = [getattr(load, one.name) for load in loads]
        if any(value != values[0] for value in values):
            stacked[one.name] = np.array(values)
    return loads[0].replace(**stacked)


def _totals(
    option: Option, chosen: Chosen, together: Sequence[Chosen], load: Operands
) -> npt.NDArray[np.float64]:
    """Return the total with ``chosen`` and each of ``together``; infinite if there is none."""
    names = dict.fromkeys(name for one in together for x in one for name in x.deployment)
    shares: dict[str, list[Any]] = {name: [] for name in names}
    for one in together:
        changes = _changes(one)
        for name in names:
            shares[name].append(changes.get(name, option.share(name)))
    try:
        deployment = _changed(option, chosen).deployment
        arrays = {name: np.array(values) for name, values in shares.items()}
        varied = deployment.model_copy(update=arrays)
        costs = costs_of(varied, load, option.book, option.catalogue)
    except (InputError, MissingPriceError):
        return np.full(len(together), np.inf)
    return np.broadcast_to(np.asarray(costs.known, dtype=float), (len(together),))


def _changes(settings: Sequence[Setting]) -> dict[str, Any]:
    """Return the fields of the deployment that some settings change."""
    return {name: value for one in settings for name, value in one.deployment.items()}


def _changed(option: Option, settings: Sequence[Setting]) -> Option:
    """Return an option with some settings; ``InputError`` if its kind does not have them."""
    changes = _changes(settings)
    deployment = option.deployment.replace(**changes) if changes else option.deployment
    return replace(_changed_workload(option, settings), deployment=deployment)


def _changed_workload(option: Option, settings: Sequence[Setting]) -> Option:
    changes: Mapping[str, Any] = {
        name: value for one in settings for name, value in one.workload.items()
    }
    return replace(option, workload=option.workload.replace(**changes)) if changes else option
