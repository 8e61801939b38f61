"""Cost curves: the exact costs of deployments against one input."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from kafkatco.analysis.axes import Axis
from kafkatco.analysis.cost_programs import cost_programs
from kafkatco.core.vocabulary import input_word
from kafkatco.costing.comparison import Comparison
from kafkatco.costing.costs import Costs, costs_of, known_cost
from kafkatco.costing.price_ranges import known_ends
from kafkatco.errors import CurveError, InputError, InvalidValueError, Problem
from kafkatco.i18n.message import _
from kafkatco.numerics.crossings import Interval, envelope
from kafkatco.numerics.curve import Curve
from kafkatco.numerics.tolerance import SAME

__all__ = [
    "Totals",
    "Undercut",
    "cheapest",
    "ends_of",
    "overlapped",
    "swept_costs",
    "swept_ranges",
    "swept_totals",
    "undercuts",
    "value_at",
]


@dataclass(frozen=True, slots=True)
class Totals:
    """The part of :class:`~kafkatco.Costs` that a comparison needs: curves, and reasons."""

    total: Any
    infeasible: Any
    floor: Any
    unpriced_skus: tuple[str, ...]
    unchecked: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Undercut:
    """A stretch on which the cost of ``name`` is a floor below every known cost.

    The option may be the cheapest there, or not.
    """

    start: float
    stop: float
    name: str


def value_at(curve: Any, x: float) -> Any:
    """Return the value of a curve at ``x``, or a constant unchanged."""
    return curve(x) if isinstance(curve, Curve) else curve


def swept_costs(comparison: Comparison, axis: Axis, low: float, high: float) -> dict[str, Costs]:
    """Return the costs of each deployment, by label, along an axis from ``low`` to ``high``.

    The ends are in base units.  ``total``, ``infeasible`` and ``floor`` are curves; the total is
    infinite where the deployment is infeasible.

    Raises :class:`~kafkatco.errors.CurveError` if a cost is not piecewise linear in the input.
    """
    x = Curve.identity(low, high)
    swept = axis.vary(comparison, x)
    costs = {}
    for option in swept.deployments:
        with _curve_errors_named(option.label, axis):
            cost = costs_of(option, swept.load, swept.book)
        total, infeasible, floor = _bounded(x, cost.total, cost.infeasible, cost.floor)
        costs[option.label] = replace(cost, total=total, infeasible=infeasible, floor=floor)
    return costs


def swept_ranges(
    comparison: Comparison, axis: Axis, low: float, high: float
) -> dict[str, tuple[Any, Any]]:
    """Return the known cost at both ends of published price ranges, where they differ, by label.

    The arguments are those of :func:`swept_costs`; a cost is infinite where it is a floor.
    """
    x = Curve.identity(low, high)
    swept = axis.vary(comparison, x)
    ranges = {}
    for option in swept.deployments:
        ends = known_ends(option, swept.load, swept.book)
        if ends is not None and np.any(ends[0] < ends[1]):
            ranges[option.label] = 0.0 * x + ends[0], 0.0 * x + ends[1]
    return ranges


def swept_totals(comparison: Comparison, axis: Axis, low: float, high: float) -> dict[str, Totals]:
    """Return the totals of :func:`swept_costs` only, several times as fast.

    It does not compute the components of a bill for each candidate configuration.
    """
    programs = cost_programs(comparison, [axis])
    if any(program.blocking_skus for program in programs):  # the whole range may not need them
        return {
            label: Totals(
                cost.total, cost.infeasible, cost.floor, cost.unpriced_skus, cost.unchecked
            )
            for label, cost in swept_costs(comparison, axis, low, high).items()
        }
    x = Curve.identity(low, high)
    totals = {}
    for cost in programs:
        with _curve_errors_named(cost.label, axis):
            total, infeasible, floor, *_others = cost.program(**{axis.name: x})
        total, infeasible, floor = _bounded(x, total, infeasible, floor)
        # a program has the reasons for every input, and some may not occur on this axis
        reasons = (cost.unpriced_skus, cost.unchecked) if np.any(floor) else ((), ())
        totals[cost.label] = Totals(total, infeasible, floor, *reasons)
    return totals


def _bounded(x: Curve, total: Any, infeasible: Any, floor: Any) -> tuple[Any, Any, Any]:
    """Return all as curves; the total is infinite, in few pieces, where it is infeasible."""
    blocked = 0.0 * x + infeasible
    return np.where(blocked, np.inf, total), blocked, 0.0 * x + floor


@contextlib.contextmanager
def _curve_errors_named(label: str, axis: Axis) -> Iterator[None]:
    """Add the deployment and the input to the message of a ``CurveError``."""
    try:
        yield
    except CurveError as error:
        text = _(
            "{name} over {input}: {reason}",
            name=repr(label),
            input=input_word(axis.name),
            reason=error.message,
        )
        raise CurveError(text) from None


def cheapest(curves: Mapping[str, Costs | Totals]) -> tuple[Interval, ...]:
    """Return the stretches of an axis with the cheapest option on each [base unit].

    A floor never is: where all feasible costs are floors, there is none.
    """
    return envelope(_known(curves), {})


def undercuts(curves: Mapping[str, Costs | Totals]) -> tuple[Undercut, ...]:
    """Return the stretches of an axis on which a floor is below every known cost [base unit]."""
    if not any(np.any(cost.floor) for cost in curves.values()):
        return ()
    known: Any = np.inf
    for cost in _known(curves).values():
        known = np.minimum(known, cost)
    floors = {
        label: np.where(np.logical_and(cost.floor, 1.0 - cost.infeasible), cost.total, np.inf)
        for label, cost in curves.items()
    }
    return tuple(
        Undercut(part.start, part.stop, part.winner)
        for part in envelope({"": known, **floors}, {})  # a name is never empty
        if part.winner
    )


def overlapped(part: Interval, floors: Sequence[Undercut]) -> bool:
    """Return whether a stretch has the cost of an option below every known one.

    >>> overlapped(Interval(1.0, 2.0, None), [Undercut(2.0, 3.0, "ours")])
    False
    """
    return any(floor.start < part.stop and part.start < floor.stop for floor in floors)


def _known(curves: Mapping[str, Costs | Totals]) -> dict[str, Any]:
    return {
        label: known_cost(cost.total, cost.infeasible, cost.floor) for label, cost in curves.items()
    }


def ends_of(axis: Axis, start: object, stop: object, hours: float) -> tuple[float, float]:
    """Return the ends of a sweep in base units; raise ``InputError`` for invalid ones."""
    problems, ends = [], []
    texts = [
        default if text is None else text
        for text, default in zip((start, stop), axis.ends, strict=True)
    ]
    for name, text in zip(("from", "to"), texts, strict=True):
        try:
            ends.append(axis.read(text, hours))
        except InvalidValueError as error:
            problems.append(error.problem(name, text))
    if not problems and not ends[0] * (1 + SAME) < ends[1]:
        problems.append(Problem("to", repr(texts[1]), _("more than {start}", start=texts[0])))
    if problems:
        raise InputError(_("range of {input}", input=input_word(axis.name)), problems)
    return ends[0], ends[1]
