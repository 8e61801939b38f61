"""Exact piecewise-linear curves that run through ordinary NumPy formulas.

A :class:`Curve` stands in for one scalar input of a formula made of ufuncs; the formula then
returns the whole exact curve of its result, through NumPy's ``__array_ufunc__`` protocol
(NEP 13), and ``np.where`` through ``__array_function__`` (NEP 18).

A curve is linear on each *open* piece between neighbouring edges and has a value of its own at
each edge.  Half-open pieces would do for ``ceil`` alone; point values also hold ``floor``, ``>=``
and falling arguments exactly, and the left end of the domain.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar, Final

import numpy as np
from numpy.lib.mixins import NDArrayOperatorsMixin
from numpy.typing import ArrayLike, NDArray

from kafkatco.errors import CurveError

__all__ = ["Curve"]

Floats = NDArray[np.float64]

#: Edges closer than this (relative) are one edge: they differ by rounding only.
SAME_EDGE: Final = 1e-12
#: More pieces than this mean a wrong unit or domain, not a cost curve.
MAX_PIECES: Final = 2_000_000

_COMPARISONS: Final = (
    np.greater, np.greater_equal, np.less, np.less_equal, np.equal, np.not_equal,
)  # fmt: skip
#: Python's & | ~ mean the logical operations here.
_LOGICAL: Final = {
    np.bitwise_and: np.logical_and,
    np.bitwise_or: np.logical_or,
    np.invert: np.logical_not,
}


class Curve(NDArrayOperatorsMixin):
    """An exact piecewise-linear function of one variable on a closed interval.

    Parameters
    ----------
    edges, points
        Rising edges, shape ``(n + 1,)``, and the value at each, shape ``(n + 1,)``.
    intercept, slope
        On the open piece ``(edges[i], edges[i + 1])`` the value is
        ``intercept[i] + slope[i] * x``; shapes ``(n,)``.

    Raises
    ------
    CurveError
        For an operation whose result is not piecewise linear, such as the product of two
        varying curves, and for one that mixes a curve with an array.

    Examples
    --------
    >>> import numpy as np
    >>> x = Curve.identity(0.0, 4.0)
    >>> brokers = np.maximum(3, np.ceil(x / 0.5))
    >>> brokers([0.0, 1.5, 1.6, 4.0])
    array([3., 3., 4., 8.])
    >>> brokers.pieces
    6
    """

    __slots__ = ("edges", "intercept", "points", "slope")

    def __init__(
        self, edges: ArrayLike, points: ArrayLike, intercept: ArrayLike, slope: ArrayLike
    ) -> None:
        self.edges: Floats = np.asarray(edges, float)
        self.points: Floats = np.asarray(points, float)
        self.intercept: Floats = np.asarray(intercept, float)
        self.slope: Floats = np.asarray(slope, float)
        n = self.intercept.size
        if self.edges.shape != (n + 1,) or self.points.shape != (n + 1,) or n < 1:
            raise ValueError("a curve of n pieces has n + 1 edges and n + 1 points")
        if self.slope.shape != (n,) or not np.all(np.diff(self.edges) > 0):
            raise ValueError("a curve has one slope for each piece, and its edges rise")
        if n > MAX_PIECES:
            raise CurveError(f"a curve of {n:,} pieces: more than {MAX_PIECES:,}; check the units")

    @classmethod
    def _of(cls, edges: Floats, points: Floats, intercept: Floats, slope: Floats) -> Curve:
        """Build a curve from arrays that are known to fit, without the checks."""
        curve = object.__new__(cls)
        curve.edges, curve.points = edges, points
        curve.intercept, curve.slope = intercept, slope
        return curve

    @classmethod
    def identity(cls, start: float, stop: float) -> Curve:
        """Return the curve x itself on ``[start, stop]``."""
        return cls([start, stop], [start, stop], [0.0], [1.0])

    @classmethod
    def constant(cls, value: float, like: Curve) -> Curve:
        """Return the curve of one value on the domain of another."""
        start, stop = like.domain
        return cls([start, stop], [value, value], [value], [0.0])

    @property
    def domain(self) -> tuple[float, float]:
        """The closed interval on which the curve is known."""
        return float(self.edges[0]), float(self.edges[-1])

    @property
    def pieces(self) -> int:
        """How many linear pieces the curve has."""
        return self.intercept.size

    @property
    def middles(self) -> Floats:
        """One point inside each open piece, shape ``(n,)``."""
        return _middles(self.edges)

    def ends(self) -> tuple[Floats, Floats]:
        """Return the limits at the left and at the right end of each piece, shapes ``(n,)``."""
        return self._line(self.edges[:-1]), self._line(self.edges[1:])

    def __call__(self, x: ArrayLike) -> Any:
        """Return the value at ``x``, of the shape of ``x``; outside the domain: ``ValueError``."""
        at = np.asarray(x, float)
        if at.size and not (np.min(at) >= self.edges[0] and np.max(at) <= self.edges[-1]):
            raise ValueError(f"x is outside the domain {self.domain} of the curve")
        right = np.searchsorted(self.edges, at, side="left")
        piece = np.clip(right - 1, 0, self.pieces - 1)
        inside = self.intercept[piece] + self.slope[piece] * at
        value = np.where(self.edges[right] == at, self.points[right], inside)
        return value if at.ndim else float(value)

    def __repr__(self) -> str:
        return f"Curve({self.pieces} pieces on [{self.edges[0]:g}, {self.edges[-1]:g}])"

    def polyline(self) -> tuple[Floats, Floats]:
        """Return x and y of the ends of all pieces in order, for drawing: shapes ``(2 n,)``."""
        left, right = self.ends()
        x = np.column_stack([self.edges[:-1], self.edges[1:]]).ravel()
        return x, np.column_stack([left, right]).ravel()

    def _line(self, x: Floats) -> Floats:
        # inf + 0 * x stays inf; a slope of zero must not turn into nan elsewhere
        return self.intercept + self.slope * x

    # -- NumPy protocols ------------------------------------------------------------------

    _KINDS: ClassVar[dict[np.ufunc, Callable[..., Curve]]]

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, **kwargs: Any) -> Any:
        if method != "__call__" or kwargs:
            raise CurveError(f"np.{ufunc.__name__}.{method} with {sorted(kwargs)} on a curve")
        rule = self._KINDS.get(ufunc)
        if rule is None:
            raise CurveError(
                f"np.{ufunc.__name__} of a curve is not piecewise linear, or not supported"
            )
        with np.errstate(invalid="ignore"):  # inf - inf: a curve is infinite where none can serve
            return rule(ufunc, *_common(*inputs))._simplified()

    def __array_function__(
        self, func: Callable[..., Any], types: Any, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> Any:
        if func is not np.where or len(args) != 3 or kwargs:
            raise CurveError(f"{func.__name__} on a curve is not supported; np.where is")
        with np.errstate(invalid="ignore"):
            return _choose(*_common(*args))._simplified()

    def _simplified(self) -> Curve:
        """Drop edges at which nothing happens."""
        if self.intercept.size == 1:
            return self
        same = (self.intercept[1:] == self.intercept[:-1]) & (self.slope[1:] == self.slope[:-1])
        inner = self.edges[1:-1]
        value = self.intercept[:-1] + self.slope[:-1] * inner
        points = self.points[1:-1]
        near = np.isfinite(value) & (np.abs(points - value) <= 4e-16 * np.abs(value))
        drop = same & (near | (points == value))
        if not drop.any():
            return self
        keep = np.concatenate([[True], ~drop, [True]])
        return Curve._of(
            self.edges[keep], self.points[keep], self.intercept[keep[:-1]], self.slope[keep[:-1]]
        )

    def _on(self, edges: Floats) -> Curve:
        """Return the same function on ``edges``, which contain this curve's own."""
        if edges.size == self.edges.size:
            return Curve._of(edges, self.points, self.intercept, self.slope)
        piece = np.searchsorted(self.edges, _middles(edges)) - 1
        intercept, slope = self.intercept[piece], self.slope[piece]
        points = np.append(intercept, intercept[-1]) + np.append(slope, slope[-1]) * edges
        nearest = np.clip(np.searchsorted(self.edges, edges), 0, self.pieces)
        before = np.maximum(nearest - 1, 0)
        closer = np.abs(self.edges[before] - edges) < np.abs(self.edges[nearest] - edges)
        nearest = np.where(closer, before, nearest)
        own = np.abs(self.edges[nearest] - edges) <= SAME_EDGE * _size(edges)
        return Curve._of(edges, np.where(own, self.points[nearest], points), intercept, slope)

    def _with_edges(self, extra: Floats) -> Curve:
        """Return the same function with more edges, strictly inside pieces."""
        return self._on(np.union1d(self.edges, extra)) if extra.size else self


def _middles(edges: Floats) -> Floats:
    middles: Floats = 0.5 * (edges[:-1] + edges[1:])
    return middles


def _size(edges: Floats) -> Floats:
    """What rounding at an edge is relative to: near zero, a thousandth of the domain."""
    size: Floats = np.maximum(np.abs(edges), 1e-3 * (edges[-1] - edges[0]))
    return size


def _common(*inputs: Any) -> list[Curve]:
    """Return all inputs as curves on one set of edges."""
    curves = [item for item in inputs if isinstance(item, Curve)]
    domain = curves[0].domain
    if any(curve.domain != domain for curve in curves):
        raise CurveError(f"curves on different domains: {sorted({c.domain for c in curves})}")
    edges = curves[0].edges
    if any(curve.edges is not edges for curve in curves):
        edges = np.unique(np.concatenate([curve.edges for curve in curves]))
        gap = np.diff(edges) > SAME_EDGE * _size(edges)[1:]
        # of a cluster of edges that differ by rounding the first stays, but the domain's end too
        edges = edges[np.concatenate([[True], gap])]
        edges[-1] = domain[1]
    return [item._on(edges) if isinstance(item, Curve) else _flat(item, edges) for item in inputs]


def _flat(value: Any, edges: Floats) -> Curve:
    if np.ndim(value) != 0 or (not np.isscalar(value) and not isinstance(value, np.ndarray)):
        raise CurveError(f"a curve meets {type(value).__name__}: use scalars, or arrays alone")
    constant = np.full(edges.size, value, float)
    return Curve._of(edges, constant, constant[1:], np.zeros(edges.size - 1))


def _linear(ufunc: np.ufunc, *curves: Curve) -> Curve:
    """+ - and sign changes act on points, intercepts and slopes alike."""
    return Curve._of(
        curves[0].edges,
        ufunc(*(c.points for c in curves)),
        ufunc(*(c.intercept for c in curves)),
        ufunc(*(c.slope for c in curves)),
    )


def _product(_: np.ufunc, a: Curve, b: Curve) -> Curve:
    if np.any((a.slope != 0) & (b.slope != 0)):
        raise CurveError("the product of two varying curves is quadratic: sweep one input only")
    slope = a.intercept * b.slope + a.slope * b.intercept
    return Curve._of(a.edges, a.points * b.points, a.intercept * b.intercept, slope)


def _quotient(_: np.ufunc, a: Curve, b: Curve) -> Curve:
    if np.any(b.slope != 0):
        raise CurveError("a quotient by a varying curve is not linear: sweep another input")
    if np.any(b.intercept == 0) or np.any(b.points == 0):
        raise CurveError("division of a curve by zero")
    return Curve._of(
        a.edges, a.points / b.points, a.intercept / b.intercept, a.slope / b.intercept
    )  # fmt: skip


def _rounded(ufunc: np.ufunc, curve: Curve) -> Curve:
    """Ceil and floor: a new edge wherever the curve passes a whole number."""
    left, right = curve.ends()
    low, high = np.minimum(left, right), np.maximum(left, right)
    first = np.floor(low) + 1
    rising = (curve.slope != 0) & np.isfinite(low)
    count = np.where(rising, np.maximum(np.ceil(high) - first, 0), 0).astype(np.int64)
    total = int(count.sum())
    if total > MAX_PIECES:
        raise CurveError(f"np.{ufunc.__name__} gives {total:,} pieces; check the units")
    piece = np.repeat(np.arange(curve.pieces), count)
    step = np.arange(total) - np.repeat(np.cumsum(count) - count, count)
    whole = first[piece] + step
    x = (whole - curve.intercept[piece]) / curve.slope[piece]
    kept = _strictly_inside(curve, piece, x)
    split = curve._with_edges(x[kept])
    points = split.points.copy()
    points[np.searchsorted(split.edges, x[kept])] = whole[kept]
    value = ufunc(split._line(split.middles))
    return Curve._of(split.edges, ufunc(points), value, np.zeros(split.pieces))


def _strictly_inside(curve: Curve, piece: NDArray[np.int64], x: Floats) -> NDArray[np.bool_]:
    slack = SAME_EDGE * _size(curve.edges)
    inside: NDArray[np.bool_] = (x > curve.edges[piece] + slack[piece]) & (
        x < curve.edges[piece + 1] - slack[piece + 1]
    )
    return inside


def _split_where_equal(a: Curve, b: Curve) -> tuple[Curve, Curve]:
    """Return both curves with an edge wherever they cross inside a piece."""
    with np.errstate(all="ignore"):
        x = (b.intercept - a.intercept) / (a.slope - b.slope)
    piece = np.flatnonzero(np.isfinite(x))
    piece = piece[_strictly_inside(a, piece, x[piece])]
    if not piece.size:
        return a, b
    a, b = a._with_edges(x[piece]), b._with_edges(x[piece])
    at = np.searchsorted(a.edges, x[piece])
    b.points[at] = a.points[at]
    return a, b


def _extreme(ufunc: np.ufunc, a: Curve, b: Curve) -> Curve:
    a, b = _split_where_equal(a, b)
    first, second = a._line(a.middles), b._line(b.middles)
    take_a = ufunc(first, second) == first
    return Curve._of(
        a.edges,
        ufunc(a.points, b.points),
        np.where(take_a, a.intercept, b.intercept),
        np.where(take_a, a.slope, b.slope),
    )


def _compared(ufunc: np.ufunc, a: Curve, b: Curve) -> Curve:
    """A comparison gives the curve of its truth, 1 or 0."""
    a, b = _split_where_equal(a, b)
    truth = ufunc(a._line(a.middles), b._line(b.middles)).astype(float)
    return Curve._of(a.edges, ufunc(a.points, b.points).astype(float), truth, np.zeros(a.pieces))


def _logical(ufunc: np.ufunc, *curves: Curve) -> Curve:
    ufunc = _LOGICAL.get(ufunc, ufunc)
    _require_steps(*curves)
    truth = ufunc(*(c.intercept for c in curves)).astype(float)
    points = ufunc(*(c.points for c in curves)).astype(float)
    return Curve._of(curves[0].edges, points, truth, np.zeros(truth.size))


def _choose(condition: Curve, a: Curve, b: Curve) -> Curve:
    _require_steps(condition)
    on = condition.intercept != 0
    return Curve._of(
        a.edges,
        np.where(condition.points != 0, a.points, b.points),
        np.where(on, a.intercept, b.intercept),
        np.where(on, a.slope, b.slope),
    )


def _require_steps(*curves: Curve) -> None:
    if any(np.any(curve.slope != 0) for curve in curves):
        raise CurveError("a condition on a curve must be a comparison")


def _absolute(_: np.ufunc, curve: Curve) -> Curve:
    return _extreme(np.maximum, curve, _linear(np.negative, curve))


Curve._KINDS = {
    **dict.fromkeys([np.add, np.subtract, np.negative, np.positive], _linear),
    np.multiply: _product,
    np.true_divide: _quotient,
    **dict.fromkeys([np.ceil, np.floor], _rounded),
    **dict.fromkeys([np.maximum, np.minimum], _extreme),
    **dict.fromkeys(_COMPARISONS, _compared),
    **dict.fromkeys([*_LOGICAL, *_LOGICAL.values()], _logical),
    np.absolute: _absolute,
}
