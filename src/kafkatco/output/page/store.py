"""What a page carries, each thing once: curves, prices with their sources, and lines."""

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
    """Collects what the parts of a page share; a reference is the place in its list.

    A curve is the place of its edges, its points, and the intercept and slope of each piece.  Of
    points only the first is there where each other one ends the piece before it, and slopes are 0
    where all are: steps, which most curves are, take a third of the room.

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
    _places: dict[Hashable, int] = field(default_factory=dict)

    def quantity(self, value: Any) -> float | list[int]:
        """Return a quantity as the page has it: a number, or a list with a curve's place."""
        if not isinstance(value, Curve):
            return float(value)
        slim = value.simplified()
        parts = [slim.edges, slim.points, slim.intercept, slim.slope]
        if not all(np.isfinite(part).all() for part in parts):
            raise AssertionError("a quantity is finite, also where none can serve")
        key = "curve", *(part.tobytes() for part in parts)
        return [self._place(key, self.curves, self._curve(slim))]

    def _curve(self, curve: Pieces) -> list[Any]:
        edges = ("edges", curve.edges.tobytes())
        ends = np.array_equal(curve.points[1:], curve.line(curve.edges[1:]))
        return [
            self._place(edges, self.edges, curve.edges.tolist()),
            float(curve.points[0]) if ends else curve.points.tolist(),
            curve.intercept.tolist(),
            curve.slope.tolist() if curve.slope.any() else 0,
        ]

    def price(self, price: dict[str, Any]) -> int:
        """Return the place of a price: its figure, unit, source and dates."""
        return self._place(("price", json.dumps(price)), self.prices, price)

    def line(self, line: dict[str, Any]) -> int:
        """Return the place of what a line says beside its quantity."""
        return self._place(("line", json.dumps(line)), self.lines, line)

    def _place(self, key: Hashable, items: list[Any], item: Any) -> int:
        if key not in self._places:
            self._places[key] = len(items)
            items.append(item)
        return self._places[key]
