"""Exact piecewise-linear curves that pass through ordinary NumPy formulas.

A :class:`Curve` stands in for one scalar input of a formula made of ufuncs; the formula then
returns the whole exact curve of its result, through NumPy's ``__array_ufunc__`` protocol
(NEP 13), and ``np.where`` through ``__array_function__`` (NEP 18).

A curve is linear on each *open* piece between neighbouring edges and has a separate value at each
edge.  Half-open pieces would be enough for ``ceil``; values at edges also represent ``floor``,
``>=``, decreasing arguments and the left end of the domain exactly.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.lib.mixins import NDArrayOperatorsMixin
from numpy.typing import ArrayLike

from kafkatco.errors import CurveError
from kafkatco.numerics.curve_ops import RULES, choose
from kafkatco.numerics.piecewise import MAX_PIECES, Pieces, on_common_edges
from kafkatco.numerics.tolerance import SAME

__all__ = ["Curve"]


class Curve(Pieces, NDArrayOperatorsMixin):
    """An exact piecewise-linear function of one variable on a closed interval.

    Parameters
    ----------
    edges, points
        Increasing edges, shape ``(n + 1,)``, and the value at each, shape ``(n + 1,)``.
    intercept, slope
        On the open piece ``(edges[i], edges[i + 1])`` the value is
        ``intercept[i] + slope[i] * x``; shapes ``(n,)``.

    Raises
    ------
    CurveError
        If the result of an operation is not piecewise linear, such as the product of two
        varying curves, or if an operation combines a curve with an array.
    ValueError
        If shapes do not match or edges do not increase.

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

    __slots__ = ()

    def __init__(
        self, edges: ArrayLike, points: ArrayLike, intercept: ArrayLike, slope: ArrayLike
    ) -> None:
        super().__init__(*(np.asarray(part, float) for part in (edges, points, intercept, slope)))
        n = self.intercept.size
        if self.edges.shape != (n + 1,) or self.points.shape != (n + 1,) or n < 1:
            raise ValueError("a curve of n pieces has n + 1 edges and n + 1 points")
        if self.slope.shape != (n,) or not np.all(np.diff(self.edges) > 0):
            raise ValueError("a curve has one slope for each piece, and increasing edges")

    @classmethod
    def _of(cls, pieces: Pieces) -> Curve:
        """Return a curve of pieces from a rule, which need no checks."""
        if pieces.intercept.size > MAX_PIECES:
            raise CurveError(f"a curve of more than {MAX_PIECES:,} pieces; check the units")
        curve = object.__new__(cls)
        Pieces.__init__(curve, pieces.edges, pieces.points, pieces.intercept, pieces.slope)
        return curve

    @classmethod
    def identity(cls, start: float, stop: float) -> Curve:
        """Return the curve of ``x`` itself on ``[start, stop]``; ``ValueError`` if it is empty."""
        if not stop - start > SAME * max(abs(start), abs(stop)):
            raise ValueError(f"invalid domain [{start}, {stop}]: the end must exceed the start")
        return cls([start, stop], [start, stop], [0.0], [1.0])

    @classmethod
    def constant(cls, value: float, like: Curve) -> Curve:
        """Return a constant curve on the domain of another curve."""
        start, stop = like.domain
        return cls([start, stop], [value, value], [value], [0.0])

    def stretched(self, factor: float) -> Curve:
        """Return the same values against positions times ``factor``, more than 0: another unit.

        >>> Curve.identity(0.0, 2.0).stretched(1000.0)(500.0)
        0.5
        """
        return Curve(self.edges * factor, self.points, self.intercept, self.slope / factor)

    def __repr__(self) -> str:
        return f"Curve({self.pieces} pieces on [{self.edges[0]:g}, {self.edges[-1]:g}])"

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, **kwargs: Any) -> Any:
        if method != "__call__" or kwargs:
            raise CurveError(f"np.{ufunc.__name__}.{method} with {sorted(kwargs)} on a curve")
        rule = RULES.get(ufunc)
        if rule is None:
            raise CurveError(
                f"np.{ufunc.__name__} of a curve is not piecewise linear or not supported"
            )
        with np.errstate(
            invalid="ignore"
        ):  # inf - inf: costs are infinite where a deployment is infeasible
            return Curve._of(rule(ufunc, *on_common_edges(*inputs)).simplified())

    def __array_function__(
        self, func: Callable[..., Any], types: Any, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> Any:
        if func is np.any and len(args) == 1 and not kwargs:
            return any(part.any() for part in (self.points, self.intercept, self.slope))
        if func is not np.where or len(args) != 3 or kwargs:
            raise CurveError(
                f"{func.__name__} on a curve is not supported; only np.where and np.any are"
            )
        with np.errstate(invalid="ignore"):
            return Curve._of(choose(*on_common_edges(*args)).simplified())
