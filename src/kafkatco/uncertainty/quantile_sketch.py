"""Counts of values in bins of equal relative width, for quantiles.

A bin is given by the leading binary digits of a number, so that no range must be known in advance,
and counts of chunks add up exactly in any order.  A quantile is interpolated within the bin of its
exact value, so that its error is at most one part in 2,048 (0.05 %).  Values below a millionth
count as zero.  Based on Masson, Rim and Lee, "DDSketch" (VLDB 2019).
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
#: The bin of zero and of all values below a millionth, 2^-20.
ZERO: Final = (1023 - 20) << DIGITS
#: The relative width of a bin.
RELATIVE: Final = 2.0**-DIGITS


@dataclass(frozen=True, slots=True, eq=False)
class Sketch:
    """The number of values of each row in each bin; infinite values are counted separately.

    The bins of row i start at ``first[i]``; its counts end at ``ends[i]`` of ``counts``.

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
        # rounding may leave a value below zero
        bins = np.maximum(np.maximum(values, 0.0).view(np.int64) >> SHIFT, ZERO)
        empty = ~finite.any(axis=1)
        first = np.min(bins, axis=1, where=finite, initial=np.iinfo(np.int64).max)
        last = np.max(bins, axis=1, where=finite, initial=-1)
        first[empty] = 0
        size = np.where(empty, 0, last - first + 1)
        ends = np.cumsum(size)
        places = (bins + (ends - size - first)[:, None])[finite]
        counts = np.bincount(places, minlength=int(ends[-1]))
        return cls(first, ends, counts, (~finite).sum(axis=1))

    @property
    def _sizes(self) -> Counts:
        return np.diff(self.ends, prepend=0)

    def merged(self, other: Sketch) -> Sketch:
        """Return the sum of two sketches."""
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
        """The number of values of each row."""
        upto = np.concatenate([[0], np.cumsum(self.counts)])
        counts: Counts = upto[self.ends] - upto[self.ends - self._sizes] + self.infinite
        return counts

    def quantile(self, share: float) -> Floats:
        """Return a quantile of each row; ``share`` is its level [1].

        It is infinite if it falls on an infinite value.
        """
        return np.array(
            [_quantile(first, counts, share * count) for first, counts, count in self._rows()]
        )

    def mean_above(self, share: float) -> Floats:
        """Return the mean of the largest ``1 - share`` [1] of the values of each row."""
        means = [
            np.inf if infinite else _mean(first, counts, count - share * count)
            for (first, counts, count), infinite in zip(self._rows(), self.infinite, strict=True)
        ]
        return np.array(means)

    def _rows(self) -> list[tuple[int, Counts, int]]:
        starts = self.ends - self._sizes
        rows = zip(self.first, starts, self.ends, self.count, strict=True)
        return [(int(first), self.counts[a:b], int(count)) for first, a, b, count in rows]


def _quantile(first: int, counts: Counts, rank: float) -> float:
    upto = np.cumsum(counts)
    if not upto.size or rank > upto[-1]:
        return float("inf")
    at = int(np.searchsorted(upto, rank, side="left"))
    at += int(np.argmax(counts[at:] > 0))  # the level 0 falls in the bin of the least value
    if first + at == ZERO:
        return 0.0
    low, high = _edges(first + at, first + at + 2)
    inside = (rank - (upto[at] - counts[at])) / counts[at]
    return float(low + max(inside, 0.0) * (high - low))


def _mean(first: int, counts: Counts, largest: float) -> float:
    if largest <= 0:
        return float("inf")
    falling = counts[::-1]
    taken = np.clip(largest - (np.cumsum(falling) - falling), 0.0, falling)
    edges = _edges(first, first + counts.size + 1)
    middles = 0.5 * (edges[:-1] + edges[1:])[::-1]
    return float((taken * middles).sum() / largest)


def _edges(start: int, stop: int) -> Floats:
    edges: Floats = (np.arange(start, stop) << SHIFT).view(np.float64)
    return edges
