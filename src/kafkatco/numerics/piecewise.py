"""Linear pieces between edges: the data of a curve, refined and merged with others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import ArrayLike

from kafkatco.errors import CurveError
from kafkatco.numerics.tolerance import ROUNDING
from kafkatco.numerics.typing import Floats

__all__ = [
    "MAX_PIECES",
    "Floats",
    "Pieces",
    "edge_scale",
    "merge_edges",
    "midpoints",
    "on_common_edges",
]

#: More pieces than this mean a wrong unit or domain, not a cost curve.
MAX_PIECES: Final = 200_000


@dataclass(slots=True, eq=False, repr=False)
class Pieces:
    """A function that is linear between its edges.

    ``edges`` increase and ``points`` are the values at them, shapes ``(n + 1,)``.  On the open
    piece ``(edges[i], edges[i + 1])`` the value is ``intercept[i] + slope[i] * x``, shapes
    ``(n,)``.
    """

    edges: Floats
    points: Floats
    intercept: Floats
    slope: Floats

    @property
    def domain(self) -> tuple[float, float]:
        """The closed interval on which the curve is defined."""
        return float(self.edges[0]), float(self.edges[-1])

    @property
    def pieces(self) -> int:
        """The number of linear pieces."""
        return self.intercept.size

    @property
    def midpoints(self) -> Floats:
        """The midpoint of each piece, shape ``(n,)``."""
        return midpoints(self.edges)

    def ends(self) -> tuple[Floats, Floats]:
        """Return the limits at the left and at the right end of each piece, shapes ``(n,)``."""
        return self.line(self.edges[:-1]), self.line(self.edges[1:])

    def __call__(self, x: ArrayLike) -> Any:
        """Return the value at ``x``, with its shape; ``ValueError`` outside the domain."""
        at = np.asarray(x, float)
        if at.size and not (np.min(at) >= self.edges[0] and np.max(at) <= self.edges[-1]):
            raise ValueError(f"x is outside the domain {self.domain} of the curve")
        right = np.searchsorted(self.edges, at, side="left")
        piece = np.clip(right - 1, 0, self.pieces - 1)
        inside = self.intercept[piece] + self.slope[piece] * at
        value = np.where(self.edges[right] == at, self.points[right], inside)
        return value if at.ndim else float(value)

    def line(self, x: Floats) -> Floats:
        """Return each piece's line at ``x``, which has one value for each piece."""
        return self.intercept + self.slope * x

    def simplified(self) -> Pieces:
        """Return the same function without edges at which it does not change."""
        if self.intercept.size == 1:
            return self
        same_line = (self.intercept[1:] == self.intercept[:-1]) & (
            self.slope[1:] == self.slope[:-1]
        )
        inner = self.edges[1:-1]
        expected = self.intercept[:-1] + self.slope[:-1] * inner
        points = self.points[1:-1]
        close = np.isfinite(expected) & (np.abs(points - expected) <= 4e-16 * np.abs(expected))
        redundant = same_line & (close | (points == expected))
        if not redundant.any():
            return self
        keep = np.concatenate([[True], ~redundant, [True]])
        return Pieces(
            self.edges[keep], self.points[keep], self.intercept[keep[:-1]], self.slope[keep[:-1]]
        )

    def on(self, edges: Floats) -> Pieces:
        """Return the same function on ``edges``, which must include its own edges."""
        if edges is self.edges or np.array_equal(edges, self.edges):
            return Pieces(edges, self.points, self.intercept, self.slope)
        piece = np.searchsorted(self.edges, midpoints(edges)) - 1
        intercept, slope = self.intercept[piece], self.slope[piece]
        points = np.append(intercept, intercept[-1]) + np.append(slope, slope[-1]) * edges
        nearest = np.clip(np.searchsorted(self.edges, edges), 0, self.pieces)
        before = np.maximum(nearest - 1, 0)
        closer = np.abs(self.edges[before] - edges) < np.abs(self.edges[nearest] - edges)
        nearest = np.where(closer, before, nearest)
        is_own = np.abs(self.edges[nearest] - edges) <= ROUNDING * edge_scale(edges)
        return Pieces(edges, np.where(is_own, self.points[nearest], points), intercept, slope)

    def with_edges(self, extra: Floats) -> Pieces:
        """Return the same function with extra edges, which lie strictly inside pieces."""
        return self.on(np.union1d(self.edges, extra)) if extra.size else self


def midpoints(edges: Floats) -> Floats:
    """Return the midpoint of each piece between ``edges``."""
    inside: Floats = 0.5 * (edges[:-1] + edges[1:])
    return inside


def edge_scale(edges: Floats) -> Floats:
    """Return the scale for relative edge tolerance, at least 1/1000 of the domain's length."""
    size: Floats = np.maximum(np.abs(edges), 1e-3 * (edges[-1] - edges[0]))
    return size


def merge_edges(groups: Sequence[Floats]) -> Floats:
    """Return the sorted union of edges; of edges that differ by rounding the first is kept.

    The last edge is kept exactly.
    """
    edges: Floats = np.unique(np.concatenate(groups))
    apart = np.diff(edges) > ROUNDING * edge_scale(edges)[1:]
    end = edges[-1]
    edges = edges[np.concatenate([[True], apart])]
    edges[-1] = end
    return edges


def on_common_edges(*inputs: Any) -> list[Pieces]:
    """Return curves and numbers as pieces with the same edges."""
    curves = [x for x in inputs if isinstance(x, Pieces)]
    domain = curves[0].domain
    if any(curve.domain != domain for curve in curves):
        raise CurveError(f"curves on different domains: {sorted({c.domain for c in curves})}")
    edges = curves[0].edges
    if any(curve.edges is not edges for curve in curves):
        edges = merge_edges([curve.edges for curve in curves])
    return [x.on(edges) if isinstance(x, Pieces) else _constant(x, edges) for x in inputs]


def _constant(value: Any, edges: Floats) -> Pieces:
    if np.ndim(value) != 0 or (not np.isscalar(value) and not isinstance(value, np.ndarray)):
        raise CurveError(f"cannot combine a curve with {type(value).__name__}: use numbers")
    values = np.full(edges.size, value, float)
    return Pieces(edges, values, values[1:], np.zeros(edges.size - 1))
