"""What must an input be, so that two options break even, or one saves so much: every answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from kafkatco.analysis.axes import Axis, find_axis
from kafkatco.analysis.cost_curves import ends_of, swept_totals
from kafkatco.core.result import Result, about_prices
from kafkatco.costing.comparison import Comparison
from kafkatco.deployments import Deployment
from kafkatco.errors import Problem
from kafkatco.numerics.crossings import Crossing, crossings, envelope
from kafkatco.numerics.curve import Curve
from kafkatco.numerics.tolerance import ROUNDING, SAME
from kafkatco.prices import PriceBook
from kafkatco.sizing.workload import Workload

__all__ = ["Solution", "Stretch", "greatest_saving", "solve_for"]


@dataclass(frozen=True, slots=True)
class Stretch:
    """Values of the unknown, in ``axis.unit``, from one to another."""

    start: float
    stop: float


@dataclass(frozen=True, slots=True, repr=False)
class Solution(Result):
    """The values of an input at which one option costs at most a share of another.

    ``where`` has every value at which it turns true or false, ``holds`` the stretches between
    them on which it is true; values are in ``axis.unit``.  Where it never holds, ``nearest`` is
    the value at which it comes closest, ``saving`` what is saved there, and ``reason`` says so.
    """

    axis: Axis
    mine: str
    other: str
    share: float
    where: tuple[float, ...]
    holds: tuple[Stretch, ...]
    nearest: float | None
    saving: float | None
    reason: str
    currency: str
    prices: Mapping[str, str]

    def __repr__(self) -> str:
        found = ", ".join(f"{part.start:.6g} to {part.stop:.6g}" for part in self.holds)
        where = f"{found} {self.axis.unit}".rstrip() if found else self.reason
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
    """Return what ``over`` must be, so that ``mine`` saves ``saving`` [1] of ``other``'s cost.

    With no saving that is where the two break even: what the salary must be, so that the
    break-even is at 10 TB, is ``over="salary", at="10 TB/month"``; without ``at``, the workload's
    own ingress counts.  Exact: the costs are curves of the unknown, and all solutions between
    ``start`` and ``stop`` are found.  Where either cannot serve, neither saves.

    Raises :class:`~kafkatco.errors.InputError` for names, an input or ends that are unknown.

    Examples
    --------
    >>> from kafkatco import ConfluentBasic, Labour, MskStandard
    >>> found = solve_for(
    ...     Workload(ingress="10 TB/month", fanout=1, retention="1 day"),
    ...     [MskStandard(region="us-east-1", instance="kafka.m7g.large", labour=Labour(fte=1)),
    ...      ConfluentBasic(region="us-east-1")],
    ...     PriceBook("list", as_of="2025-10-31"), "msk-standard", "confluent-basic",
    ...     over="fte:msk-standard")
    >>> [round(value, 3) for value in found.where]  # so many people may MSK have
    [0.064]
    """
    comparison = Comparison.of("solve", workload, deployments, book, month_hours)
    if at is not None:
        workload = workload.replace(ingress=at)
        comparison = Comparison.of("solve", workload, deployments, book, month_hours)
    axis = find_axis(over, comparison)
    low, high = ends_of(axis, start, stop, comparison.load.month_hours)
    problems = []
    if not -np.inf < saving < 1.0:
        problems.append(Problem("saving", repr(saving), "a share below 1"))
    pair = comparison.pair("solve", mine, other, problems)
    a, b = swept_totals(pair, axis, low, high).values()
    blocked = np.maximum(a.infeasible, b.infeasible)
    total, theirs = a.total, b.total
    goal = (1.0 - saving) * theirs
    found = crossings(total, goal, names=("mine", "goal"), blocked=blocked)
    parts = envelope({"mine": total, "goal": goal}, {"mine": blocked, "goal": blocked})
    scale = axis.per_base
    holds = tuple(
        Stretch(part.start * scale, part.stop * scale) for part in parts if part.winner == "mine"
    )
    where = tuple(value for item in found for value in _both(item, scale))
    most, best = greatest_saving(total, theirs, blocked)
    reason = ""
    if not holds and np.isnan(best):
        reason = "they can serve together nowhere"
    elif not holds:
        cost = float(total(best))
        attained = abs((1.0 - most) * float(theirs(best)) - cost) <= SAME * cost
        at = f"{over} = {best * scale:.6g} {axis.unit}".rstrip()
        near = "at" if attained else "close to"
        reason = f"{mine} saves {100 * most:.4g} % at most, {near} {at}"
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


def _both(item: Crossing, scale: float) -> tuple[float, ...]:
    """Return where a crossing is; both ends of a stretch on which the two are equal."""
    return (item.x * scale,) if item.until <= item.x else (item.x * scale, item.until * scale)


def greatest_saving(mine: Curve, other: Curve, blocked: Curve) -> tuple[float, float]:
    """Return the greatest saving 1 - mine / other [1] where not ``blocked``, and at which x.

    On a piece both costs are linear, so their ratio is monotone: its extremes are the limits at
    the ends of pieces, which are not attained where the one or the other steps there; where one
    cannot serve just there, x lies beside it.  ``nan`` where they serve nowhere together.
    """
    edges = np.unique(np.concatenate([c.edges for c in (mine, other, blocked)]))
    middle = (edges[:-1] + edges[1:]) / 2
    able = blocked(middle) == 0
    if not able.any():
        return float("nan"), float("nan")
    ends = np.stack([edges[:-1], edges[1:]], axis=1)[able].ravel()
    inside = np.repeat(middle[able], 2)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = 1.0 - _limits(mine, inside, ends) / _limits(other, inside, ends)
    share = np.where(np.isnan(share), -np.inf, share)
    best = int(np.argmax(share >= np.max(share) - ROUNDING))  # the first of those that are the same
    x, beside = float(ends[best]), float(inside[best])
    close = x + SAME * (beside - x)
    at = next((place for place in (x, close) if not blocked(place)), beside)
    return float(share[best]), at


def _limits(curve: Curve, inside: Any, ends: Any) -> Any:
    """Return what a curve tends to at ``ends``, coming from ``inside``."""
    piece = np.searchsorted(curve.edges, inside, side="right") - 1
    return curve.intercept[piece] + curve.slope[piece] * ends
