"""Where two costs cross, for all draws at once.

More traffic never costs less, which is a law that tests hold every kind to.  So two costs at both
ends of a stretch bound them within it: where the ranges do not meet, one is cheaper all the way.
Stretches that this does not settle are halved until they are points; no crossing can hide, as it
can between the points of a grid.  Where two costs nearly are the same over much of the way, that
takes ever more stretches, and the exact curves of that draw say it instead.
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
from kafkatco.uncertainty.draw_model import Machine

__all__ = ["searched"]

#: Stretches are at first so many, of equal ratios, and in the end this narrow (relative).
STRETCHES: Final = 64
NARROW: Final = 1e-9
#: A draw with more unsettled stretches than this is left to its exact curves.
MOST: Final = 512


def searched(
    machine: Machine, drawn: Mapping[str, Floats], count: int, low: float, high: float
) -> tuple[Floats, Floats, Floats]:
    """Return where the first option costs less for good, where first, and how often that changes.

    Of ``count`` draws from ``low`` to ``high`` [MiB/s]: for good and first as
    :class:`~kafkatco.uncertainty.break_even.BreakEven` has them [MiB/s], and a number [1].
    """

    def both(x: Floats, who: NDArray[np.int64]) -> Floats:
        return machine.at(x, {name: value[who] for name, value in drawn.items()})

    edges = np.geomspace(low, high, STRETCHES + 1)
    edges[[0, -1]] = low, high  # not as rounded
    draw = np.repeat(np.arange(count), edges.size)
    x = np.tile(edges, count)
    cost = both(x, draw)
    seen = [(draw, x, cost)]
    starts = np.flatnonzero(np.arange(x.size) % edges.size != STRETCHES)
    left, right, who = starts, starts + 1, draw[starts]
    ends = _Stretches(who, x[left], x[right], cost[:, left], cost[:, right])
    close: set[int] = set()
    while (ends := ends.unsettled()).who.size:
        several = np.flatnonzero(np.bincount(ends.who, minlength=count) > MOST)
        if several.size:
            close.update(several.tolist())
            ends = ends.of(~np.isin(ends.who, several))
            continue
        middle = 0.5 * (ends.left + ends.right)
        value = both(middle, ends.who)
        seen.append((ends.who, middle, value))
        ends = ends.halved(middle, value)
    draw, x = (np.concatenate([part[i] for part in seen]) for i in (0, 1))
    cost = np.concatenate([part[2] for part in seen], axis=1)
    order = np.lexsort((x, draw))
    found = _told(draw[order], x[order], cost[:, order], count)
    for i in sorted(close):
        curves = machine.curves({name: float(value[i]) for name, value in drawn.items()}, low, high)
        for told, exact in zip(found, _exact(*curves), strict=True):
            told[i] = exact
    return found


@dataclass(frozen=True, slots=True, eq=False)
class _Stretches:
    """Stretches of traffic of some draws, with both costs at their ends ``(2, stretches)``."""

    who: NDArray[np.int64]
    left: Floats
    right: Floats
    at_left: Floats
    at_right: Floats

    def unsettled(self) -> _Stretches:
        """Return those in which the cheaper may change: the ranges of both costs meet."""
        low, high = self.at_left, self.at_right
        same = _same(low) & _same(high)
        meet = (low[0] <= high[1]) & (low[1] <= high[0]) & np.isfinite(low).any(axis=0) & ~same
        return self.of(meet & (self.right - self.left > NARROW * self.right))

    def halved(self, middle: Floats, value: Floats) -> _Stretches:
        """Return both halves of each."""
        return _Stretches(
            np.concatenate([self.who, self.who]),
            np.concatenate([self.left, middle]),
            np.concatenate([middle, self.right]),
            np.concatenate([self.at_left, value], axis=1),
            np.concatenate([value, self.at_right], axis=1),
        )

    def of(self, which: NDArray[np.bool_]) -> _Stretches:
        """Return some of them."""
        return _Stretches(
            self.who[which],
            self.left[which],
            self.right[which],
            self.at_left[:, which],
            self.at_right[:, which],
        )


def _same(cost: Floats) -> NDArray[np.bool_]:
    with np.errstate(invalid="ignore"):  # where none can serve
        same: NDArray[np.bool_] = np.abs(cost[0] - cost[1]) <= ROUNDING * cost[1]
    return same


def _told(
    draw: NDArray[np.int64], x: Floats, cost: Floats, count: int
) -> tuple[Floats, Floats, Floats]:
    """Return what points of each draw say, in the order of draws and traffic."""
    served = np.isfinite(cost).all(axis=0)
    kept = served & ~_same(cost)
    at, first = np.full(count, np.nan), np.full(count, np.nan)
    at[draw[served]] = first[draw[served]] = np.inf  # where both cost the same all the way
    draw, x, less = draw[kept], x[kept], (cost[0] < cost[1])[kept]
    last_of = np.flatnonzero(np.diff(draw, append=-1) != 0)
    first_of = np.flatnonzero(np.diff(draw, prepend=-1) != 0)
    change = np.flatnonzero((draw[1:] == draw[:-1]) & (less[1:] != less[:-1]))
    where = 0.5 * (x[change] + x[change + 1])
    changes = np.bincount(draw[change], minlength=count).astype(float)
    at[draw[last_of]] = np.where(less[last_of], -np.inf, np.inf)
    first[draw[first_of]] = np.where(less[first_of], -np.inf, np.inf)
    rising = less[change + 1]  # from here on mine costs less
    ended = np.isneginf(at)
    forth = np.flatnonzero(rising & ended[draw[change]])
    at[draw[change][forth]] = where[forth]  # in rising order: the last one stays
    back = np.flatnonzero(rising & np.isposinf(first[draw[change]]))[::-1]
    first[draw[change][back]] = where[back]  # in falling order: the first one stays
    return at, first, changes


def _exact(mine: tuple[Any, Any], other: tuple[Any, Any]) -> tuple[float, float, float]:
    """Return the same of the exact curves of one draw: where two costs nearly are the same."""
    (a, unable), (b, neither) = mine, other
    blocked = np.maximum(unable, neither)
    change = crossings(a, b, names=("mine", "other"), blocked=blocked)
    rising = [item.x for item in change if item.above == "mine"]
    if change:
        at = rising[-1] if change[-1].above == "mine" else np.inf
        return at, rising[0] if change[0].above == "mine" else -np.inf, float(len(change))
    x = midpoints(merge_edges([a.edges, b.edges]))
    cost = np.stack([a(x), b(x)])
    served = np.isfinite(cost).all(axis=0)
    if not served.any():
        return np.nan, np.nan, 0.0
    less = bool((cost[0] < cost[1])[served & ~_same(cost)].any())
    return (-np.inf, -np.inf, 0.0) if less else (np.inf, np.inf, 0.0)
