"""The shared data of a page, each value once: curves, prices with their sources, and lines."""

from __future__ import annotations

import json
from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from kafkatco.numerics.curve import Curve
from kafkatco.numerics.piecewise import Pieces

__all__ = ["Store"]


@dataclass(slots=True)
class Store:
    """The data that the parts of a page share; a reference is the index in its list.

    A curve is the index of its edges, its points, and the intercept and slope of each piece.  If
    every other point is the end of the piece before it, only the first point is stored; if all
    slopes are 0, a single 0 is stored: steps, which most curves are, take a third of the space.

    >>> store = Store()
    >>> store.quantity(3), store.quantity(Curve.identity(0, 8)), store.quantity(0.5)
    (3.0, [0], 0.5)
    >>> store.quantity(Curve.identity(0, 8))
    [0]
    >>> store.edges, store.curves
    ([[0.0, 8.0]], [[0, 0.0, [0.0], [1.0]]])
    """

    edges: list[list[float]] = field(default_factory=list)
    curves: list[list[Any]] = field(default_factory=list)
    prices: list[dict[str, Any]] = field(default_factory=list)
    lines: list[dict[str, Any]] = field(default_factory=list)
    _indices: dict[Hashable, int] = field(default_factory=dict)

    def quantity(self, value: Any) -> float | list[int]:
        """Return a quantity for the page: a number, or a list with the index of a curve."""
        if not isinstance(value, Curve):
            return float(value)
        slim = value.simplified()
        parts = [slim.edges, slim.points, slim.intercept, slim.slope]
        if not all(np.isfinite(part).all() for part in parts):
            raise AssertionError("a quantity must be finite, even where no option is feasible")
        key = "curve", *(part.tobytes() for part in parts)
        return [self._index(key, self.curves, self._curve(slim))]

    def _curve(self, curve: Pieces) -> list[Any]:
        edges = ("edges", curve.edges.tobytes())
        ends = np.array_equal(curve.points[1:], curve.line(curve.edges[1:]))
        return [
            self._index(edges, self.edges, curve.edges.tolist()),
            float(curve.points[0]) if ends else curve.points.tolist(),
            curve.intercept.tolist(),
            curve.slope.tolist() if curve.slope.any() else 0,
        ]

    def price(self, price: dict[str, Any]) -> int:
        """Return the index of a price with its unit, source and dates."""
        return self._index(("price", json.dumps(price)), self.prices, price)

    def line(self, line: dict[str, Any]) -> int:
        """Return the index of a line without its quantity."""
        return self._index(("line", json.dumps(line)), self.lines, line)

    def _index(self, key: Hashable, values: list[Any], value: Any) -> int:
        if key not in self._indices:
            self._indices[key] = len(values)
            values.append(value)
        return self._indices[key]
