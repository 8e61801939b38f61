"""Linear pieces between edges: the plain data of a curve, and how to refine and join it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from kafkatco.errors import CurveError

__all__ = [
    "MAX_PIECES",
    "SAME_EDGE",
    "Floats",
    "Pieces",
    "common",
    "edge_size",
    "joined",
    "middles",
]

Floats = NDArray[np.float64]

#: Edges closer than this (relative) are one edge: they differ by rounding only.
SAME_EDGE: Final = 1e-12
#: More pieces than this mean a wrong unit or domain, not a cost curve.
MAX_PIECES: Final = 200_000


@dataclass(slots=True, eq=False, repr=False)
class Pieces:
    """Rising ``edges`` and the value at each, shapes ``(n + 1,)``; a line on each open piece.

    On ``(edges[i], edges[i + 1])`` the value is ``intercept[i] + slope[i] * x``, shapes ``(n,)``.
    """

    edges: Floats
    points: Floats
    intercept: Floats
    slope: Floats

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
        return middles(self.edges)

    def ends(self) -> tuple[Floats, Floats]:
        """Return the limits at the left and at the right end of each piece, shapes ``(n,)``."""
        return self.line(self.edges[:-1]), self.line(self.edges[1:])

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

    def line(self, x: Floats) -> Floats:
        """Return each piece's own line at ``x``, one value a piece."""
        return self.intercept + self.slope * x

    def simplified(self) -> Pieces:
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
        return Pieces(
            self.edges[keep], self.points[keep], self.intercept[keep[:-1]], self.slope[keep[:-1]]
        )

    def on(self, edges: Floats) -> Pieces:
        """Return the same function on ``edges``, which contain this curve's own."""
        if edges is self.edges or np.array_equal(edges, self.edges):
            return Pieces(edges, self.points, self.intercept, self.slope)
        piece = np.searchsorted(self.edges, middles(edges)) - 1
        intercept, slope = self.intercept[piece], self.slope[piece]
        points = np.append(intercept, intercept[-1]) + np.append(slope, slope[-1]) * edges
        nearest = np.clip(np.searchsorted(self.edges, edges), 0, self.pieces)
        before = np.maximum(nearest - 1, 0)
        closer = np.abs(self.edges[before] - edges) < np.abs(self.edges[nearest] - edges)
        nearest = np.where(closer, before, nearest)
        own = np.abs(self.edges[nearest] - edges) <= SAME_EDGE * edge_size(edges)
        return Pieces(edges, np.where(own, self.points[nearest], points), intercept, slope)

    def with_edges(self, extra: Floats) -> Pieces:
        """Return the same function with more edges, strictly inside pieces."""
        return self.on(np.union1d(self.edges, extra)) if extra.size else self


def middles(edges: Floats) -> Floats:
    """Return one point inside each piece between ``edges``."""
    inside: Floats = 0.5 * (edges[:-1] + edges[1:])
    return inside


def edge_size(edges: Floats) -> Floats:
    """What rounding at an edge is relative to: near zero, a thousandth of the domain."""
    size: Floats = np.maximum(np.abs(edges), 1e-3 * (edges[-1] - edges[0]))
    return size


def joined(groups: Sequence[Floats]) -> Floats:
    """Return all edges in order; of those that differ by rounding the first, and both ends."""
    edges: Floats = np.unique(np.concatenate(groups))
    apart = np.diff(edges) > SAME_EDGE * edge_size(edges)[1:]
    end = edges[-1]
    edges = edges[np.concatenate([[True], apart])]
    edges[-1] = end
    return edges


def common(*inputs: Any) -> list[Pieces]:
    """Return all inputs as curves on one set of edges."""
    curves = [item for item in inputs if isinstance(item, Pieces)]
    domain = curves[0].domain
    if any(curve.domain != domain for curve in curves):
        raise CurveError(f"curves on different domains: {sorted({c.domain for c in curves})}")
    edges = curves[0].edges
    if any(curve.edges is not edges for curve in curves):
        edges = joined([curve.edges for curve in curves])
    return [item.on(edges) if isinstance(item, Pieces) else _flat(item, edges) for item in inputs]


def _flat(value: Any, edges: Floats) -> Pieces:
    if np.ndim(value) != 0 or (not np.isscalar(value) and not isinstance(value, np.ndarray)):
        raise CurveError(f"a curve meets {type(value).__name__}: use scalars, or arrays alone")
    constant = np.full(edges.size, value, float)
    return Pieces(edges, constant, constant[1:], np.zeros(edges.size - 1))
