"""Costs swept along one input, exactly: as curves from one end to the other."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from kafkatco.analysis.axes import Axis
from kafkatco.analysis.cost_programs import cost_programs
from kafkatco.costing.comparison import Comparison
from kafkatco.costing.costs import Costs, costs_of
from kafkatco.errors import CurveError, InputError, Problem
from kafkatco.numerics.crossings import Interval, envelope
from kafkatco.numerics.curve import Curve
from kafkatco.numerics.tolerance import SAME

__all__ = ["Totals", "cheapest", "ends_of", "swept_costs", "swept_totals", "value_at"]


@dataclass(frozen=True, slots=True)
class Totals:
    """What of :class:`~kafkatco.Costs` is needed to compare: curves, and skus without a price."""

    total: Any
    infeasible: Any
    unpriced_skus: tuple[str, ...]


def value_at(curve: Any, x: float) -> Any:
    """Return a curve's value at ``x``, or a constant itself."""
    return curve(x) if isinstance(curve, Curve) else curve


def swept_costs(comparison: Comparison, axis: Axis, low: float, high: float) -> dict[str, Costs]:
    """Return what each deployment costs along an axis from ``low`` to ``high`` [base unit].

    By label; ``total`` and ``infeasible`` are curves, and the total infinite where it cannot serve.

    Raises :class:`~kafkatco.errors.CurveError` where a cost is not piecewise linear in the input.
    """
    x = Curve.identity(low, high)
    swept = axis.vary(comparison, x)
    found = {}
    for item in swept.deployments:
        with _told_of(item.label, axis):
            cost = costs_of(item, swept.load, swept.book)
        total, unable = _bounded(x, cost.total, cost.infeasible)
        found[item.label] = replace(cost, total=total, infeasible=unable)
    return found


def swept_totals(comparison: Comparison, axis: Axis, low: float, high: float) -> dict[str, Totals]:
    """Return the totals of :func:`swept_costs` alone, several times as fast.

    Of a deployment with many choices it does not look up which part of a bill is of which choice.
    """
    traced = cost_programs(comparison, [axis])
    if any(
        item.blocking_skus for item in traced
    ):  # a price that is needed somewhere, or nowhere here
        whole = swept_costs(comparison, axis, low, high).items()
        return {
            label: Totals(item.total, item.infeasible, item.unpriced_skus) for label, item in whole
        }
    x = Curve.identity(low, high)
    found = {}
    for item in traced:
        with _told_of(item.label, axis):
            total, infeasible, *_ = item.program(**{axis.name: x})
        found[item.label] = Totals(*_bounded(x, total, infeasible), item.unpriced_skus)
    return found


def _bounded(x: Curve, total: Any, infeasible: Any) -> tuple[Any, Any]:
    """Return both as curves, the total infinite, in few pieces, where none can serve."""
    unable = 0.0 * x + infeasible
    return np.where(unable, np.inf, total), unable


@contextlib.contextmanager
def _told_of(label: str, axis: Axis) -> Iterator[None]:
    try:
        yield
    except CurveError as error:
        raise CurveError(f"{label!r} over {axis.name}: {error}") from None


def cheapest(curves: Mapping[str, Costs | Totals]) -> tuple[Interval, ...]:
    """Return who of what was swept is cheapest on which stretch [base unit]."""
    return envelope({label: item.total for label, item in curves.items()}, {})


def ends_of(axis: Axis, start: object, stop: object, hours: float) -> tuple[float, float]:
    """Return the ends of a sweep in base units; ``InputError`` for what are none."""
    problems, ends = [], []
    given = [
        end if text is None else text for text, end in zip((start, stop), axis.ends, strict=True)
    ]
    for name, text in zip(("from", "to"), given, strict=True):
        try:
            ends.append(axis.read(text, hours))
        except ValueError as error:
            problems.append(Problem(name, repr(text), str(error)))
    if not problems and not ends[0] * (1 + SAME) < ends[1]:
        problems.append(Problem("to", repr(given[1]), f"more than {given[0]}"))
    if problems:
        raise InputError(f"crossovers over {axis.name}", problems)
    return ends[0], ends[1]
