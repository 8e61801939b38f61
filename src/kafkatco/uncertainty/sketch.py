"""Counts of values in bins of equal relative width, from which quantiles are read.

The bins are the leading digits of a number's own binary form, so that they need no range to be
known before, and counts of parts add up exactly in whatever order.  A quantile lies within the bin
of the value that it is of: it is at most one part in 2,048 off (0.05 %), interpolated within.
The idea is that of Masson, Rim and Lee, "DDSketch" (VLDB 2019).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

__all__ = ["RELATIVE", "Sketch"]

Floats = NDArray[np.float64]
#: Binary digits of the mantissa that are kept.
DIGITS: Final = 11
SHIFT: Final = 52 - DIGITS
#: The relative width of a bin.
RELATIVE: Final = 2.0**-DIGITS


@dataclass(frozen=True, slots=True, eq=False)
class Sketch:
    """How many of some values lie in which bin; infinite ones are counted apart.

    Examples
    --------
    >>> sketch = Sketch.of(np.array([1.0, 2.0, 3.0, np.inf]))
    >>> bool(abs(sketch.quantile(0.5) - 2.0) <= 2.0 * RELATIVE), sketch.quantile(0.99)
    (True, inf)
    >>> sketch.merged(sketch).count
    8
    """

    first: int
    counts: NDArray[np.int64]
    infinite: int

    @classmethod
    def of(cls, values: Floats) -> Sketch:
        """Return the counts of values of at least 0, shape ``(n,)``."""
        finite = values[np.isfinite(values)]
        if not finite.size:
            return cls(0, np.zeros(0, np.int64), values.size)
        bins = np.maximum(finite, 0.0).view(np.int64) >> SHIFT  # what rounding left below zero
        first = int(bins.min())
        return cls(first, np.bincount(bins - first), values.size - finite.size)

    def merged(self, other: Sketch) -> Sketch:
        """Return the counts of both."""
        infinite = self.infinite + other.infinite
        if not (self.counts.size and other.counts.size):
            filled = self if self.counts.size else other
            return Sketch(filled.first, filled.counts, infinite)
        first = min(self.first, other.first)
        end = max(self.first + self.counts.size, other.first + other.counts.size)
        counts = np.zeros(end - first, np.int64)
        for part in (self, other):
            at = part.first - first
            counts[at : at + part.counts.size] += part.counts
        return Sketch(first, counts, infinite)

    @property
    def count(self) -> int:
        """How many values there are."""
        return int(self.counts.sum()) + self.infinite

    def quantile(self, share: float) -> float:
        """Return the value below which a share [1] of all are; infinite where that is of these."""
        wanted = share * self.count
        upto = np.cumsum(self.counts)
        if not upto.size or wanted > upto[-1]:
            return float("inf")
        at = int(np.searchsorted(upto, wanted, side="left"))
        at += int(np.argmax(self.counts[at:] > 0))  # a share of 0 is the least value's bin
        if self.first + at == 0:
            return 0.0
        low, high = self._edges(at, at + 2)
        inside = (wanted - (upto[at] - self.counts[at])) / self.counts[at]
        return float(low + max(inside, 0.0) * (high - low))

    def mean_above(self, share: float) -> float:
        """Return the mean of the largest ``1 - share`` [1] of the values."""
        beyond = self.count - share * self.count
        if self.infinite or beyond <= 0:
            return float("inf")
        from_top = np.cumsum(self.counts[::-1])
        taken = np.clip(beyond - (from_top - self.counts[::-1]), 0.0, self.counts[::-1])
        edges = self._edges(0, self.counts.size + 1)
        middles = 0.5 * (edges[:-1] + edges[1:])[::-1]
        return float((taken * middles).sum() / beyond)

    def _edges(self, start: int, stop: int) -> Floats:
        edges: Floats = ((self.first + np.arange(start, stop)) << SHIFT).view(np.float64)
        return edges
