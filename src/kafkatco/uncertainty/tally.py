"""What is kept of draws: counts and sums of parts of them, which add up in bounded memory."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kafkatco.numerics.typing import Floats
from kafkatco.uncertainty.draw_model import Machine, Months, present_value
from kafkatco.uncertainty.inputs import REPLICATES
from kafkatco.uncertainty.quantile_sketch import Sketch

__all__ = ["STRATA", "Chunk", "Horizon", "Tally", "chunks", "tally"]

Counts = NDArray[np.int64]
#: At most so many draws are computed together.
AT_ONCE: Final = 4096
#: Into so many equally likely parts an input is cut, to see what knowing it would change.
STRATA: Final = 32


@dataclass(frozen=True, slots=True)
class Chunk:
    """Draws ``start`` to ``start + count`` of a replicate."""

    replicate: int
    start: int
    count: int


def chunks(each: int) -> Iterator[Chunk]:
    """Yield all draws in parts, of replicates of ``each``: the same whoever computes them."""
    for start in range(0, each, AT_ONCE):
        for replicate in range(REPLICATES):
            yield Chunk(replicate, start, min(AT_ONCE, each - start))


@dataclass(frozen=True, slots=True, eq=False)
class Horizon:
    """What draws cost over all months [currency], at the worth of now.

    ``sums`` and ``wins`` are of parts of a replicate that end at powers of two, by their
    end: they show how results settle.  ``strata`` are sums of cost by half of the replicates,
    input, part of the input, and deployment, infinite where it cannot serve some draw of the part;
    ``sizes`` how many draws each part has.
    """

    cost: Sketch
    regret: Sketch
    regret_sum: Floats  #: (deployments,)
    served: Counts  #: (deployments,)
    sums: dict[tuple[int, int], Floats]  #: replicate and end to (deployments,)
    wins: dict[tuple[int, int], Counts]  #: likewise, with none at the last place
    least: float  #: the sum of what the cheapest of each draw costs
    strata: Floats
    sizes: Counts


@dataclass(frozen=True, slots=True, eq=False)
class Tally:
    """What some draws came to."""

    wins: Counts  #: replicates x (deployments and none) x points: how often each is cheapest
    served: Counts  #: deployments x points
    sums: Floats  #: deployments x points, of draws that it can serve
    cost: tuple[Sketch, ...]  #: of each deployment, by point
    horizon: Horizon | None

    def merged(self, other: Tally) -> Tally:
        """Return what both came to: the same for any cut into parts, sums to rounding."""
        horizon = self.horizon
        if horizon is not None and other.horizon is not None:
            horizon = _merged(horizon, other.horizon)
        return Tally(
            self.wins + other.wins,
            self.served + other.served,
            self.sums + other.sums,
            tuple(a.merged(b) for a, b in zip(self.cost, other.cost, strict=True)),
            horizon,
        )


def _merged(a: Horizon, b: Horizon) -> Horizon:
    sums, wins = dict(a.sums), dict(a.wins)
    for key, value in b.sums.items():
        sums[key] = sums[key] + value if key in sums else value
        wins[key] = wins[key] + b.wins[key] if key in wins else b.wins[key]
    return Horizon(
        a.cost.merged(b.cost),
        a.regret.merged(b.regret),
        a.regret_sum + b.regret_sum,
        a.served + b.served,
        sums,
        wins,
        a.least + b.least,
        a.strata + b.strata,
        a.sizes + b.sizes,
    )


def tally(machine: Machine, chunk: Chunk) -> Tally:
    """Return what the draws of a chunk come to."""
    shares, extra = machine.shares(chunk.replicate, chunk.start, chunk.count)
    cost = machine.costs(machine.model.drawn(shares), extra)
    options, points, _ = cost.shape
    wins = np.zeros((REPLICATES, options + 1, points), np.int64)
    for point in range(points):
        wins[chunk.replicate, :, point] = np.bincount(_best(cost[:, point]), minlength=options + 1)
    sketches = tuple(Sketch.of(part) for part in cost)
    served = np.stack([chunk.count - sketch.infinite for sketch in sketches])
    sums = np.array([part.sum(axis=-1, where=np.isfinite(part)) for part in cost])
    horizon = None
    along = machine.model.along
    if isinstance(along, Months):
        horizon = _horizon(present_value(cost, along), shares, chunk)
    return Tally(wins, served, sums, sketches, horizon)


def _best(cost: Floats) -> Counts:
    """Return which option is the cheapest of each draw, their number where none can serve."""
    best: Counts = cost.argmin(axis=0)
    best[~np.isfinite(cost.min(axis=0))] = cost.shape[0]
    return best


def _horizon(cost: Floats, shares: Floats, chunk: Chunk) -> Horizon:
    options, count = cost.shape
    able = np.isfinite(cost)
    least = cost.min(axis=0)
    none = ~np.isfinite(least)
    best = _best(cost)
    counted = np.where(able, cost, 0.0)
    with np.errstate(invalid="ignore"):  # infinite less infinite, where none can serve
        regret = np.where(able, cost - least, np.inf)
    sums: dict[tuple[int, int], Floats] = {}
    wins: dict[tuple[int, int], Counts] = {}
    begin = 0
    while begin < count:
        power = 1 << (chunk.start + begin).bit_length()  # the next power of two
        end = min(power - chunk.start, count)
        key = (chunk.replicate, power)
        sums[key] = counted[:, begin:end].sum(axis=1)
        wins[key] = np.bincount(best[begin:end], minlength=options + 1)
        begin = end
    strata = np.zeros((2, shares.shape[1], STRATA, options))
    sizes = np.zeros((2, shares.shape[1], STRATA), np.int64)
    half = chunk.replicate % 2
    for i, share in enumerate(shares.T):
        part = np.minimum((share * STRATA).astype(np.int64), STRATA - 1)
        sizes[half, i] = np.bincount(part, minlength=STRATA)
        for option in range(options):
            strata[half, i, :, option] = np.bincount(part, cost[option], STRATA)
    return Horizon(
        Sketch.of(cost),
        Sketch.of(regret),
        np.where(able, regret, 0.0).sum(axis=1),
        able.sum(axis=1),
        sums,
        wins,
        float(np.where(none, 0.0, least).sum()),
        strata,
        sizes,
    )
