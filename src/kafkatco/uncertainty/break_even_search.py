"""Where two costs cross, for all draws at once.

More traffic never costs less, a law that tests check for every kind of deployment.  So the costs at
both ends of an interval bound them within it: if the two ranges do not overlap, one option is
cheaper throughout.  Other intervals are halved until they are points, so that no crossing is
missed, as could happen between the points of a grid.  If two costs are nearly the same over much of
the range, that would take too many intervals, and the exact curves of the draw are used instead.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from kafkatco.numerics.crossings import crossings
from kafkatco.numerics.piecewise import merge_edges, midpoints
from kafkatco.numerics.tolerance import ROUNDING
from kafkatco.numerics.typing import Floats
from kafkatco.uncertainty.draw_model import Evaluator

__all__ = ["find_break_evens"]

#: The number of intervals at first, of equal ratios, and the relative width of the last ones.
INTERVALS: Final = 64
NARROW: Final = 1e-9
#: The most undecided intervals of a draw, before its exact curves are used.
MAX_UNDECIDED: Final = 512


def find_break_evens(
    evaluator: Evaluator, values: Mapping[str, Floats], count: int, low: float, high: float
) -> tuple[Floats, Floats, Floats]:
    """Return the break-even of each draw, the first one, and the number of changes.

    For ``count`` draws from ``low`` to ``high`` [MiB/s]: ``at`` and ``first`` as in
    :class:`~kafkatco.uncertainty.break_even.BreakEven` [MiB/s], and ``crossings`` [1].
    """

    def costs_at(x: Floats, draws: NDArray[np.int64]) -> Floats:
        return evaluator.at(x, {name: value[draws] for name, value in values.items()})

    edges = np.geomspace(low, high, INTERVALS + 1)
    edges[[0, -1]] = low, high  # without rounding
    draw = np.repeat(np.arange(count), edges.size)
    x = np.tile(edges, count)
    cost = costs_at(x, draw)
    points = [(draw, x, cost)]
    starts = np.flatnonzero(np.arange(x.size) % edges.size != INTERVALS)
    left, right = starts, starts + 1
    intervals = _Intervals(draw[starts], x[left], x[right], cost[:, left], cost[:, right])
    close: set[int] = set()
    while (intervals := intervals.undecided()).draw.size:
        many = np.flatnonzero(np.bincount(intervals.draw, minlength=count) > MAX_UNDECIDED)
        if many.size:
            close.update(many.tolist())
            intervals = intervals.select(~np.isin(intervals.draw, many))
            continue
        middle = 0.5 * (intervals.left + intervals.right)
        middle_cost = costs_at(middle, intervals.draw)
        points.append((intervals.draw, middle, middle_cost))
        intervals = intervals.halved(middle, middle_cost)
    draw, x = (np.concatenate([part[i] for part in points]) for i in (0, 1))
    cost = np.concatenate([part[2] for part in points], axis=1)
    order = np.lexsort((x, draw))
    results = _break_evens(draw[order], x[order], cost[:, order], count)
    for i in sorted(close):
        of_draw = {name: float(value[i]) for name, value in values.items()}
        for result, exact in zip(
            results, _exact(*evaluator.curves(of_draw, low, high)), strict=True
        ):
            result[i] = exact
    return results


@dataclass(frozen=True, slots=True, eq=False)
class _Intervals:
    """Intervals of traffic of some draws, with both costs at their ends ``(2, intervals)``."""

    draw: NDArray[np.int64]
    left: Floats
    right: Floats
    at_left: Floats
    at_right: Floats

    def undecided(self) -> _Intervals:
        """Return the intervals in which the cheaper option may change: their costs overlap."""
        low, high = self.at_left, self.at_right
        same = _same(low) & _same(high)
        overlap = (low[0] <= high[1]) & (low[1] <= high[0]) & np.isfinite(low).any(axis=0) & ~same
        return self.select(overlap & (self.right - self.left > NARROW * self.right))

    def halved(self, middle: Floats, cost: Floats) -> _Intervals:
        """Return both halves of each interval."""
        return _Intervals(
            np.concatenate([self.draw, self.draw]),
            np.concatenate([self.left, middle]),
            np.concatenate([middle, self.right]),
            np.concatenate([self.at_left, cost], axis=1),
            np.concatenate([cost, self.at_right], axis=1),
        )

    def select(self, mask: NDArray[np.bool_]) -> _Intervals:
        """Return the intervals where ``mask`` is true."""
        return _Intervals(
            self.draw[mask],
            self.left[mask],
            self.right[mask],
            self.at_left[:, mask],
            self.at_right[:, mask],
        )


def _same(cost: Floats) -> NDArray[np.bool_]:
    with np.errstate(invalid="ignore"):  # if neither is feasible
        same: NDArray[np.bool_] = np.abs(cost[0] - cost[1]) <= ROUNDING * cost[1]
    return same


def _break_evens(
    draw: NDArray[np.int64], x: Floats, cost: Floats, count: int
) -> tuple[Floats, Floats, Floats]:
    """Return the results of points in the order of draws and traffic."""
    feasible = np.isfinite(cost).all(axis=0)
    decided = feasible & ~_same(cost)
    at, first = np.full(count, np.nan), np.full(count, np.nan)
    at[draw[feasible]] = first[draw[feasible]] = np.inf  # if both cost the same everywhere
    draw, x, less = draw[decided], x[decided], (cost[0] < cost[1])[decided]
    last_of = np.flatnonzero(np.diff(draw, append=-1) != 0)
    first_of = np.flatnonzero(np.diff(draw, prepend=-1) != 0)
    change = np.flatnonzero((draw[1:] == draw[:-1]) & (less[1:] != less[:-1]))
    crossing = 0.5 * (x[change] + x[change + 1])
    changes = np.bincount(draw[change], minlength=count).astype(float)
    at[draw[last_of]] = np.where(less[last_of], -np.inf, np.inf)
    first[draw[first_of]] = np.where(less[first_of], -np.inf, np.inf)
    rising = less[change + 1]  # mine costs less above this crossing
    ended = np.isneginf(at)
    forwards = np.flatnonzero(rising & ended[draw[change]])
    at[draw[change][forwards]] = crossing[forwards]  # in rising order: the last one stays
    backwards = np.flatnonzero(rising & np.isposinf(first[draw[change]]))[::-1]
    first[draw[change][backwards]] = crossing[backwards]  # in falling order: the first one stays
    return at, first, changes


def _exact(mine: tuple[Any, Any], other: tuple[Any, Any]) -> tuple[float, float, float]:
    """Return the results of one draw from its exact curves, if two costs are nearly the same."""
    (a, a_blocked), (b, b_blocked) = mine, other
    blocked = np.maximum(a_blocked, b_blocked)
    change = crossings(a, b, names=("mine", "other"), blocked=blocked)
    rising = [crossing.x for crossing in change if crossing.above == "mine"]
    if change:
        at = rising[-1] if change[-1].above == "mine" else np.inf
        return at, rising[0] if change[0].above == "mine" else -np.inf, float(len(change))
    x = midpoints(merge_edges([a.edges, b.edges]))
    cost = np.stack([a(x), b(x)])
    feasible = np.isfinite(cost).all(axis=0)
    if not feasible.any():
        return np.nan, np.nan, 0.0
    less = bool((cost[0] < cost[1])[feasible & ~_same(cost)].any())
    return (-np.inf, -np.inf, 0.0) if less else (np.inf, np.inf, 0.0)
