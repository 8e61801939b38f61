"""The exact result of each supported NumPy operation on linear pieces."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kafkatco.errors import CurveError
from kafkatco.numerics.piecewise import MAX_PIECES, Pieces, edge_scale
from kafkatco.numerics.tolerance import ROUNDING
from kafkatco.numerics.typing import Floats

__all__ = ["RULES", "choose"]

_COMPARISONS: Final = (np.greater, np.greater_equal, np.less, np.less_equal, np.equal, np.not_equal)
#: Python's & | ~ mean logical operations here.
_LOGICAL: Final = {
    np.bitwise_and: np.logical_and,
    np.bitwise_or: np.logical_or,
    np.invert: np.logical_not,
}


def _linear(ufunc: np.ufunc, *curves: Pieces) -> Pieces:
    """Add, subtract or negate: points, intercepts and slopes alike."""
    return Pieces(
        curves[0].edges,
        ufunc(*(c.points for c in curves)),
        ufunc(*(c.intercept for c in curves)),
        ufunc(*(c.slope for c in curves)),
    )


def _product(_: np.ufunc, a: Pieces, b: Pieces) -> Pieces:
    if np.any((a.slope != 0) & (b.slope != 0)):
        raise CurveError("the product of two varying curves is quadratic: vary only one input")
    # a zero slope must not meet an infinite intercept of the other curve
    slope = np.where(b.slope == 0, 0.0, a.intercept * b.slope) + np.where(
        a.slope == 0, 0.0, a.slope * b.intercept
    )
    return Pieces(a.edges, a.points * b.points, a.intercept * b.intercept, slope)


def _quotient(_: np.ufunc, a: Pieces, b: Pieces) -> Pieces:
    if np.any(b.slope != 0):
        raise CurveError("a quotient by a varying curve is not linear: vary another input")
    if np.any(b.intercept == 0) or np.any(b.points == 0):
        raise CurveError("division of a curve by zero")
    return Pieces(a.edges, a.points / b.points, a.intercept / b.intercept, a.slope / b.intercept)


def _rounded(ufunc: np.ufunc, curve: Pieces) -> Pieces:
    """Round up or down: add an edge wherever the curve crosses a whole number."""
    left, right = curve.ends()
    low, high = np.minimum(left, right), np.maximum(left, right)
    first = np.floor(low) + 1
    rising = (curve.slope != 0) & np.isfinite(low)
    counts = np.where(rising, np.maximum(np.ceil(high) - first, 0), 0.0)
    if not counts.sum() <= MAX_PIECES:
        raise CurveError(f"np.{ufunc.__name__} gives {counts.sum():.2g} pieces; check the units")
    count = counts.astype(np.int64)
    total = int(count.sum())
    piece = np.repeat(np.arange(curve.pieces), count)
    step = np.arange(total) - np.repeat(np.cumsum(count) - count, count)
    whole = first[piece] + step
    x = (whole - curve.intercept[piece]) / curve.slope[piece]
    kept = _strictly_inside(curve, piece, x)
    split = curve.with_edges(x[kept])
    points = split.points.copy()
    points[np.searchsorted(split.edges, x[kept])] = whole[kept]
    value = ufunc(split.line(split.midpoints))
    return Pieces(split.edges, ufunc(points), value, np.zeros(split.pieces))


def _strictly_inside(curve: Pieces, piece: NDArray[np.int64], x: Floats) -> NDArray[np.bool_]:
    slack = ROUNDING * edge_scale(curve.edges)
    inside: NDArray[np.bool_] = (x > curve.edges[piece] + slack[piece]) & (
        x < curve.edges[piece + 1] - slack[piece + 1]
    )
    return inside


def _split_where_equal(a: Pieces, b: Pieces) -> tuple[Pieces, Pieces]:
    """Return both curves with an extra edge wherever they cross inside a piece."""
    with np.errstate(all="ignore"):
        x = (b.intercept - a.intercept) / (a.slope - b.slope)
    piece = np.flatnonzero(np.isfinite(x))
    piece = piece[_strictly_inside(a, piece, x[piece])]
    if not piece.size:
        return a, b
    a, b = a.with_edges(x[piece]), b.with_edges(x[piece])
    at = np.searchsorted(a.edges, x[piece])
    b.points[at] = a.points[at]
    return a, b


def _extreme(ufunc: np.ufunc, a: Pieces, b: Pieces) -> Pieces:
    a, b = _split_where_equal(a, b)
    first, second = a.line(a.midpoints), b.line(b.midpoints)
    take_a = ufunc(first, second) == first
    return Pieces(
        a.edges,
        ufunc(a.points, b.points),
        np.where(take_a, a.intercept, b.intercept),
        np.where(take_a, a.slope, b.slope),
    )


def _compared(ufunc: np.ufunc, a: Pieces, b: Pieces) -> Pieces:
    """Compare: the result is 1 where the comparison holds, else 0."""
    a, b = _split_where_equal(a, b)
    truth = ufunc(a.line(a.midpoints), b.line(b.midpoints)).astype(float)
    return Pieces(a.edges, ufunc(a.points, b.points).astype(float), truth, np.zeros(a.pieces))


def _logical(ufunc: np.ufunc, *curves: Pieces) -> Pieces:
    ufunc = _LOGICAL.get(ufunc, ufunc)
    _require_steps(*curves)
    truth = ufunc(*(c.intercept for c in curves)).astype(float)
    points = ufunc(*(c.points for c in curves)).astype(float)
    return Pieces(curves[0].edges, points, truth, np.zeros(truth.size))


def choose(condition: Pieces, a: Pieces, b: Pieces) -> Pieces:
    """Return ``np.where(condition, a, b)``."""
    _require_steps(condition)
    on = condition.intercept != 0
    return Pieces(
        a.edges,
        np.where(condition.points != 0, a.points, b.points),
        np.where(on, a.intercept, b.intercept),
        np.where(on, a.slope, b.slope),
    )


def _require_steps(*curves: Pieces) -> None:
    if any(np.any(curve.slope != 0) for curve in curves):
        raise CurveError("a condition on a curve must be a comparison")


def _absolute(_: np.ufunc, curve: Pieces) -> Pieces:
    return _extreme(np.maximum, curve, _linear(np.negative, curve))


#: The rule of every operation that keeps curves piecewise linear.
RULES: Final[dict[np.ufunc, Callable[..., Pieces]]] = {
    **dict.fromkeys([np.add, np.subtract, np.negative, np.positive], _linear),
    np.multiply: _product,
    np.true_divide: _quotient,
    **dict.fromkeys([np.ceil, np.floor], _rounded),
    **dict.fromkeys([np.maximum, np.minimum], _extreme),
    **dict.fromkeys(_COMPARISONS, _compared),
    **dict.fromkeys([*_LOGICAL, *_LOGICAL.values()], _logical),
    np.absolute: _absolute,
}
