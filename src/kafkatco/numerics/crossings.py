"""Every crossing of exact cost curves, and which of them is cheapest where."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from kafkatco.numerics.curve import Curve
from kafkatco.numerics.piecewise import merge_edges, midpoints
from kafkatco.numerics.tolerance import ROUNDING, SAME
from kafkatco.numerics.typing import Floats

__all__ = ["Close", "Crossing", "Interval", "close_calls", "crossings", "envelope", "overlaps"]


@dataclass(frozen=True, slots=True)
class Crossing:
    """A point at which the cheaper of two options changes.

    ``kind`` is ``"root"`` where the costs meet, and ``"jump"`` where one of them steps over the
    other (a broker is added, a tier begins).  ``until`` exceeds ``x`` if the two cost the same
    from ``x`` to ``until``.
    """

    x: float
    kind: Literal["root", "jump"]
    below: str
    above: str
    cost: float
    until: float


@dataclass(frozen=True, slots=True)
class Interval:
    """An interval on which one option is cheapest; ``winner`` is ``None`` if none is feasible."""

    start: float
    stop: float
    winner: str | None


@dataclass(frozen=True, slots=True)
class Close:
    """An interval on which several options cost at most a margin more than the cheapest."""

    start: float
    stop: float
    names: tuple[str, ...]


def crossings(
    a: Curve, b: Curve, *, names: tuple[str, str] = ("a", "b"), blocked: Curve | None = None
) -> tuple[Crossing, ...]:
    """Return every point at which the sign of ``a - b`` changes, in order.

    Touching without passing is not a crossing.  There is no crossing on or across an interval where
    ``blocked`` is not 0, because one of the two options is infeasible there.  An infinite cost is
    above every finite one.

    >>> x = Curve.identity(0, 10)
    >>> [crossing] = crossings(x, 0 * x + 4, names=("usage", "flat"))
    >>> crossing.x, crossing.kind, crossing.below, crossing.above
    (4.0, 'root', 'usage', 'flat')
    """
    difference, size = a - b, np.maximum(np.abs(a), np.abs(b))
    edges = merge_edges(
        [difference.edges, _roots(difference), *([] if blocked is None else [blocked.edges])]
    )
    sign = _signs(difference, size, edges)
    if blocked is not None:
        sign[blocked(midpoints(edges)) != 0] = np.nan

    changes: list[Crossing] = []
    last, last_stop = 0.0, 0.0  # sign and end of the latest interval with a winner
    for i in range(sign.size):
        if np.isnan(sign[i]):
            last = 0.0
        elif sign[i] != 0:
            if last and sign[i] != last:
                x, until = last_stop, float(edges[i])
                order = names if last < 0 else names[::-1]
                kind: Literal["root", "jump"] = "jump" if _jumps(difference, size, x) else "root"
                cost = float(np.minimum(a(x), b(x)))
                changes.append(Crossing(x, kind, order[0], order[1], cost, until))
            last, last_stop = float(sign[i]), float(edges[i + 1])
    return tuple(changes)


def _roots(curve: Curve) -> Floats:
    with np.errstate(all="ignore"):
        x = -curve.intercept / curve.slope
    roots: Floats = x[(x > curve.edges[:-1]) & (x < curve.edges[1:])]
    return roots


def _signs(difference: Curve, size: Curve, edges: Floats) -> Floats:
    """Return the sign of the difference inside each piece of ``edges``; 0 if it is rounding."""
    inside = midpoints(edges)
    value = difference(inside)  # NaN where both are infinite: neither is feasible
    sign: Floats = np.sign(value)
    scale = size(inside)
    sign[np.isfinite(scale) & (np.abs(value) <= ROUNDING * scale)] = 0.0
    return sign


def _jumps(difference: Curve, size: Curve, x: float) -> bool:
    """Return whether the difference is discontinuous at ``x``."""
    at = int(np.searchsorted(difference.edges, x))
    if at in (0, difference.edges.size - 1) or difference.edges[at] != x:
        return False
    left, right = difference.ends()
    step = abs(float(right[at - 1]) - float(left[at]))
    return not np.isfinite(step) or step > SAME * float(size(x))


def envelope(curves: Mapping[str, Any], blocked: Mapping[str, Any]) -> tuple[Interval, ...]:
    """Return the exact intervals on which each option is cheapest.

    ``curves`` are the options' costs by name; ``blocked`` are curves, by name, that are not 0 where
    an option is infeasible.  Of equal costs the first named wins.

    >>> x = Curve.identity(0, 10)
    >>> for part in envelope({"flat": 0 * x + 4, "usage": x}, {}):
    ...     print(part.start, part.stop, part.winner)
    0.0 4.0 usage
    4.0 10.0 flat
    """
    names = list(curves)
    usable: list[Any] = [
        np.where(blocked[name], np.inf, curve) if name in blocked else curve
        for name, curve in curves.items()
    ]
    best = usable[0]
    for curve in usable[1:]:
        best = np.minimum(best, curve)
    edges = merge_edges([best.edges, *(curve.edges for curve in usable)])
    inside = midpoints(edges)
    costs = np.stack([curve(inside) for curve in usable])
    tied = costs <= np.min(costs, axis=0) * (1 + ROUNDING)
    winner = np.where(np.isfinite(np.min(costs, axis=0)), np.argmax(tied, axis=0), -1)
    starts = np.flatnonzero(np.diff(winner, prepend=winner[0] - 1))
    stops = np.append(starts[1:], winner.size)
    return tuple(
        Interval(float(edges[i]), float(edges[j]), names[winner[i]] if winner[i] >= 0 else None)
        for i, j in zip(starts, stops, strict=True)
    )


def close_calls(
    curves: Mapping[str, Any], blocked: Mapping[str, Any], margin: float
) -> tuple[Close, ...]:
    """Return the exact intervals on which several options are within ``margin`` [1] of the least.

    An interval ends where the set of these options changes; see :func:`envelope` for the arguments.

    >>> x = Curve.identity(0, 10)
    >>> for part in close_calls({"flat": 0 * x + 4, "usage": x}, {}, 0.25):
    ...     print(round(part.start, 6), round(part.stop, 6), part.names)
    3.2 5.0 ('flat', 'usage')
    """
    usable: dict[str, Any] = {
        name: np.where(blocked[name], np.inf, curve) if name in blocked else curve
        for name, curve in curves.items()
    }
    best: Any = np.inf
    for curve in usable.values():
        best = np.minimum(best, curve)
    near = {name: curve <= best * (1.0 + margin + ROUNDING) for name, curve in usable.items()}
    return _close(best, near)


def overlaps(curves: Mapping[str, Any], ranges: Mapping[str, tuple[Any, Any]]) -> tuple[Close, ...]:
    """Return the exact intervals on which the range of an option overlaps that of the cheapest.

    ``ranges`` are the low and high of the options that have a range, by name; the others have the
    same at both ends.  An option overlaps if its low is below the high of the one with the least
    curve.  All curves are infinite where an option is infeasible.

    >>> x = Curve.identity(0, 10)
    >>> for part in overlaps({"flat": 0 * x + 4, "usage": x}, {"usage": (x / 2, x)}):
    ...     print(part.start, part.stop, part.names)
    4.0 8.0 ('flat', 'usage')
    """
    if not ranges:
        return ()
    ends = {name: ranges.get(name, (curve, curve)) for name, curve in curves.items()}
    best: Any = np.inf
    most: Any = np.inf
    for name, curve in curves.items():
        most = np.where(curve < best, ends[name][1], most)
        best = np.minimum(best, curve)
    near = {
        name: np.logical_or(curve <= best * (1.0 + ROUNDING), ends[name][0] < most)
        for name, curve in curves.items()
    }
    return tuple(part for part in _close(best, near) if not ranges.keys().isdisjoint(part.names))


def _close(best: Any, near: Mapping[str, Any]) -> tuple[Close, ...]:
    """Return the intervals on which several options are ``near`` the ``best``, if it is finite."""
    edges = merge_edges([best.edges, *(truth.edges for truth in near.values())])
    inside = midpoints(edges)
    feasible = np.isfinite(best(inside))
    is_near = np.stack([truth(inside) != 0 for truth in near.values()]) & feasible
    intervals: list[Close] = []
    for i in range(inside.size):
        names = tuple(name for name, here in zip(near, is_near[:, i], strict=True) if here)
        if len(names) < 2 or edges[i + 1] - edges[i] <= SAME * edges[i + 1]:
            continue
        if intervals and intervals[-1].stop == edges[i] and intervals[-1].names == names:
            intervals[-1] = Close(intervals[-1].start, float(edges[i + 1]), names)
        else:
            intervals.append(Close(float(edges[i]), float(edges[i + 1]), names))
    return tuple(intervals)
