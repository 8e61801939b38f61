"""The values of an input at which one option saves a given share of another's cost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from kafkatco.analysis.axes import Axis, find_axis
from kafkatco.analysis.cost_curves import ends_of, swept_totals
from kafkatco.core.result import Result, about_prices
from kafkatco.core.vocabulary import input_word, word
from kafkatco.costing.comparison import Comparison
from kafkatco.costing.costs import known_cost
from kafkatco.deployments import Deployment
from kafkatco.errors import Problem
from kafkatco.i18n.message import Message, _, join, verbatim
from kafkatco.numerics.crossings import Crossing, crossings, envelope
from kafkatco.numerics.curve import Curve
from kafkatco.numerics.tolerance import ROUNDING, SAME
from kafkatco.prices import PriceBook
from kafkatco.sizing.workload import Workload

__all__ = ["Solution", "Stretch", "greatest_saving", "solve_for"]


@dataclass(frozen=True, slots=True)
class Stretch:
    """An interval of values of the unknown, in ``axis.unit``."""

    start: float
    stop: float


@dataclass(frozen=True, slots=True, repr=False)
class Solution(Result):
    """The values of an input at which one option costs at most a share of another.

    ``holds`` has the stretches on which that is true, and ``where`` the ends of these stretches
    within the range; values are in ``axis.unit``.  If it is never true, ``nearest`` is the value
    at which the options come closest, ``saving`` the share saved there [1], and ``reason`` a
    sentence about both.
    """

    axis: Axis
    mine: str
    other: str
    share: float
    where: tuple[float, ...]
    holds: tuple[Stretch, ...]
    nearest: float | None
    saving: float | None
    reason: Message
    currency: str
    prices: Mapping[str, str]

    def __repr__(self) -> str:
        ranges = ", ".join(f"{part.start:.6g} to {part.stop:.6g}" for part in self.holds)
        where = f"{ranges} {self.axis.unit}".rstrip() if ranges else self.reason
        return f"Solution({self.axis.name}: {where})"

    def _about(self) -> dict[str, Any]:
        return about_prices(self.currency, self.prices)


def solve_for(
    workload: Workload,
    deployments: Sequence[Deployment],
    book: PriceBook,
    mine: str,
    other: str,
    *,
    over: str,
    saving: float = 0.0,
    at: str | None = None,
    start: str | float | None = None,
    stop: str | float | None = None,
    month_hours: int | str = 730,
) -> Solution:
    """Return the values of ``over`` at which ``mine`` saves ``saving`` [1] of ``other``'s cost.

    Without a saving, they are the values at which ``mine`` costs no more: for the salary at which
    the break-even is at 10 TB, use ``over="salary", at="10 TB/month"``.  ``at`` replaces the
    ingress of the workload.  The solution is exact and complete between ``start`` and ``stop``,
    since the costs are curves of the unknown.  If either option is infeasible, nothing is saved,
    and if the cost of ``mine`` is a floor, no saving is certain.

    Raises :class:`~kafkatco.errors.InputError` for an unknown name or input, or an invalid end.

    Examples
    --------
    >>> from kafkatco import ConfluentBasic, Labour, MskStandard
    >>> solution = solve_for(
    ...     Workload(ingress="10 TB/month", fanout=1, retention="1 day"),
    ...     [MskStandard(region="us-east-1", instance="kafka.m7g.large", labour=Labour(fte=1)),
    ...      ConfluentBasic(region="us-east-1", access="none")],
    ...     PriceBook("list", as_of="2025-10-31"), "msk-standard", "confluent-basic",
    ...     over="fte:msk-standard")
    >>> [round(value, 3) for value in solution.where]  # MSK breaks even with this many people
    [0.016]
    """
    comparison = Comparison.of("solve", workload, deployments, book, month_hours)
    if at is not None:
        workload = workload.replace(ingress=at)
        comparison = Comparison.of("solve", workload, deployments, book, month_hours)
    axis = find_axis(over, comparison)
    low, high = ends_of(axis, start, stop, comparison.load.month_hours)
    problems = []
    if not -np.inf < saving < 1.0:
        problems.append(Problem("saving", repr(saving), _("a share below 1")))
    pair = comparison.pair("solve", mine, other, problems)
    a, b = swept_totals(pair, axis, low, high).values()
    feasible_at_some = not _everywhere(np.maximum(a.infeasible, b.infeasible))
    blocked = np.maximum(np.maximum(a.infeasible, a.floor), b.infeasible)
    total, theirs = known_cost(a.total, a.infeasible, a.floor), b.total
    goal = (1.0 - saving) * theirs
    roots = crossings(total, goal, names=("mine", "goal"), blocked=blocked)
    parts = envelope({"mine": total, "goal": goal}, {"mine": blocked, "goal": blocked})
    scale = axis.per_base
    holds = tuple(
        Stretch(part.start * scale, part.stop * scale) for part in parts if part.winner == "mine"
    )
    where = tuple(value for crossing in roots for value in _ends(crossing, scale))
    most, best = greatest_saving(total, theirs, blocked)
    reason = verbatim("")
    if not holds and np.isnan(best) and feasible_at_some:
        reason = _("no saving is certain: the cost of {name} is a floor", name=mine)
    elif not holds and np.isnan(best):
        reason = _(
            "there is no value of {input} at which both options can handle the load",
            input=input_word(over),
        )
    elif not holds:
        cost = float(total(best))
        attained = abs((1.0 - most) * float(theirs(best)) - cost) <= SAME * cost
        reason = _miss(mine, other, most, _position(axis, best * scale, attained))
    return Solution(
        axis,
        mine,
        other,
        1.0 - saving,
        where,
        holds,
        None if np.isnan(best) else best * scale,
        None if np.isnan(best) else most,
        reason,
        book.currency,
        book.describe(),
    )


def _everywhere(condition: Curve) -> bool:
    """Return whether a condition holds on every piece of a curve."""
    return bool(np.all(condition.intercept != 0))


def _position(axis: Axis, x: float, attained: bool) -> Message:
    """Return a value of an input as text: at the value, or just next to a step there."""
    value = join(" ", [f"{x:.6g}", word(axis.unit)] if axis.unit else [f"{x:.6g}"])
    if attained:
        return _("at {input} = {value}", input=input_word(axis.name), value=value)
    return _("close to {input} = {value}", input=input_word(axis.name), value=value)


def _miss(mine: str, other: str, most: float, position: Message) -> Message:
    """Return how close an option comes to a saving: the greatest saving, or the least excess."""
    if most < 0:
        return _(
            "{mine} costs at least {excess:.4g} % more than {other}, {position}",
            mine=mine,
            excess=-100 * most,
            other=other,
            position=position,
        )
    return _(
        "{mine} saves at most {saving:.4g} %, {position}",
        mine=mine,
        saving=100 * most,
        position=position,
    )


def _ends(crossing: Crossing, scale: float) -> tuple[float, ...]:
    """Return the position of a crossing, or both ends of a stretch of equal cost."""
    start, stop = crossing.x * scale, crossing.until * scale
    return (start,) if stop <= start else (start, stop)


def greatest_saving(mine: Curve, other: Curve, blocked: Curve) -> tuple[float, float]:
    """Return the greatest saving 1 - mine / other [1] where not ``blocked``, and its x.

    On each piece both costs are linear, so their ratio is monotone and its extremes are the limits
    at the ends of pieces.  A limit is not attained if either cost steps there; if x itself is
    blocked, the returned x is next to it.  Both are NaN if all x are blocked.
    """
    edges = np.unique(np.concatenate([c.edges for c in (mine, other, blocked)]))
    middle = (edges[:-1] + edges[1:]) / 2
    feasible = blocked(middle) == 0
    if not feasible.any():
        return float("nan"), float("nan")
    ends = np.stack([edges[:-1], edges[1:]], axis=1)[feasible].ravel()
    inside = np.repeat(middle[feasible], 2)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = 1.0 - _limits(mine, inside, ends) / _limits(other, inside, ends)
    share = np.where(np.isnan(share), -np.inf, share)
    best = int(np.argmax(share >= np.max(share) - ROUNDING))  # the first of equal ones
    x, middle_x = float(ends[best]), float(inside[best])
    next_to_x = x + SAME * (middle_x - x)
    at = next((place for place in (x, next_to_x) if not blocked(place)), middle_x)
    return float(share[best]), at


def _limits(curve: Curve, inside: Any, ends: Any) -> Any:
    """Return the limits of a curve at ``ends``, from the side of ``inside``."""
    piece = np.searchsorted(curve.edges, inside, side="right") - 1
    return curve.intercept[piece] + curve.slope[piece] * ends
