"""Counts of values in bins of equal relative width, from which quantiles are read.

The bins are the leading digits of a number's own binary form, so that they need no range to be
known before, and counts of parts add up exactly in whatever order.  A quantile lies within the bin
of the value that it is of: it is at most one part in 2,048 off (0.05 %), interpolated within.
Less than a millionth is zero.
The idea is that of Masson, Rim and Lee, "DDSketch" (VLDB 2019).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kafkatco.numerics.typing import Floats

__all__ = ["RELATIVE", "Sketch"]

Counts = NDArray[np.int64]
#: Binary digits of the mantissa that are kept.
DIGITS: Final = 11
SHIFT: Final = 52 - DIGITS
#: The bin of all that is less than a millionth, 2^-20: of zero.
ZERO: Final = (1023 - 20) << DIGITS
#: The relative width of a bin.
RELATIVE: Final = 2.0**-DIGITS


@dataclass(frozen=True, slots=True, eq=False)
class Sketch:
    """How many values of each row lie in which bin; infinite ones are counted apart.

    Row i has the bins from ``first[i]`` on; its counts end at ``ends[i]`` of ``counts``.

    Examples
    --------
    >>> sketch = Sketch.of(np.array([[1.0, 2.0, 3.0, np.inf]]))
    >>> [half], [most] = sketch.quantile(0.5), sketch.quantile(0.99)
    >>> bool(abs(half - 2.0) <= 2.0 * RELATIVE), float(most)
    (True, inf)
    >>> sketch.merged(sketch).count
    array([8])
    """

    first: Counts
    ends: Counts
    counts: Counts
    infinite: Counts

    @classmethod
    def of(cls, values: Floats) -> Sketch:
        """Return the counts of values of at least 0, shape ``(rows, n)``."""
        finite = np.isfinite(values)
        # what rounding left below zero is zero
        bins = np.maximum(np.maximum(values, 0.0).view(np.int64) >> SHIFT, ZERO)
        none = ~finite.any(axis=1)
        first = np.min(bins, axis=1, where=finite, initial=np.iinfo(np.int64).max)
        last = np.max(bins, axis=1, where=finite, initial=-1)
        first[none] = 0
        size = np.where(none, 0, last - first + 1)
        ends = np.cumsum(size)
        places = (bins + (ends - size - first)[:, None])[finite]
        counts = np.bincount(places, minlength=int(ends[-1]))
        return cls(first, ends, counts, (~finite).sum(axis=1))

    @property
    def _sizes(self) -> Counts:
        return np.diff(self.ends, prepend=0)

    def merged(self, other: Sketch) -> Sketch:
        """Return the counts of both."""
        mine, others = self._sizes, other._sizes
        first = np.minimum(self.first, other.first)
        first = np.where(mine == 0, other.first, np.where(others == 0, self.first, first))
        last = np.maximum(self.first + mine, other.first + others)
        size = np.where(mine == 0, others, np.where(others == 0, mine, last - first))
        ends = np.cumsum(size)
        counts = np.zeros(int(ends[-1]), np.int64)
        for part, sizes in ((self, mine), (other, others)):
            moved = (ends - size) + (part.first - first) - (part.ends - sizes)
            counts[np.arange(part.counts.size) + np.repeat(moved, sizes)] += part.counts
        return Sketch(first, ends, counts, self.infinite + other.infinite)

    @property
    def count(self) -> Counts:
        """How many values each row has."""
        upto = np.concatenate([[0], np.cumsum(self.counts)])
        counts: Counts = upto[self.ends] - upto[self.ends - self._sizes] + self.infinite
        return counts

    def quantile(self, share: float) -> Floats:
        """Return the value of each row below which a share [1] of its values are.

        Infinite where that is one of the infinite ones.
        """
        return np.array(
            [_quantile(first, counts, share * count) for first, counts, count in self._rows()]
        )

    def mean_above(self, share: float) -> Floats:
        """Return the mean of the largest ``1 - share`` [1] of the values of each row."""
        found = [
            np.inf if infinite else _mean(first, counts, count - share * count)
            for (first, counts, count), infinite in zip(self._rows(), self.infinite, strict=True)
        ]
        return np.array(found)

    def _rows(self) -> list[tuple[int, Counts, int]]:
        starts = self.ends - self._sizes
        each = zip(self.first, starts, self.ends, self.count, strict=True)
        return [(int(first), self.counts[a:b], int(count)) for first, a, b, count in each]


def _quantile(first: int, counts: Counts, wanted: float) -> float:
    upto = np.cumsum(counts)
    if not upto.size or wanted > upto[-1]:
        return float("inf")
    at = int(np.searchsorted(upto, wanted, side="left"))
    at += int(np.argmax(counts[at:] > 0))  # a share of 0 is the least value's bin
    if first + at == ZERO:
        return 0.0
    low, high = _edges(first + at, first + at + 2)
    inside = (wanted - (upto[at] - counts[at])) / counts[at]
    return float(low + max(inside, 0.0) * (high - low))


def _mean(first: int, counts: Counts, beyond: float) -> float:
    if beyond <= 0:
        return float("inf")
    falling = counts[::-1]
    taken = np.clip(beyond - (np.cumsum(falling) - falling), 0.0, falling)
    edges = _edges(first, first + counts.size + 1)
    middles = 0.5 * (edges[:-1] + edges[1:])[::-1]
    return float((taken * middles).sum() / beyond)


def _edges(start: int, stop: int) -> Floats:
    edges: Floats = (np.arange(start, stop) << SHIFT).view(np.float64)
    return edges
