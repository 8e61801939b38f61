"""Counts and sums of draws, computed in chunks and added up in bounded memory."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kafkatco.numerics.typing import Floats
from kafkatco.uncertainty.draw_model import Costs, Evaluator, Months, present_value
from kafkatco.uncertainty.inputs import REPLICATES
from kafkatco.uncertainty.quantile_sketch import Sketch

__all__ = ["STRATA", "Chunk", "HorizonTally", "Tally", "chunks", "tally"]

Counts = NDArray[np.int64]
#: The most draws of a chunk, which are computed together.
CHUNK: Final = 4096
#: The number of equally likely strata of an input, for the value of knowing it.
STRATA: Final = 32


@dataclass(frozen=True, slots=True)
class Chunk:
    """Draws ``start`` to ``start + count`` of a replicate."""

    replicate: int
    start: int
    count: int


def chunks(replicate_draws: int) -> Iterator[Chunk]:
    """Yield the chunks of all replicates, in the same order on any machine."""
    for start in range(0, replicate_draws, CHUNK):
        for replicate in range(REPLICATES):
            yield Chunk(replicate, start, min(CHUNK, replicate_draws - start))


@dataclass(frozen=True, slots=True, eq=False)
class HorizonTally:
    """Counts and sums of the present value of all months [currency].

    ``sums`` and ``wins`` are of the parts of a replicate that end at powers of two, by their end:
    they show the convergence.  ``strata`` are sums of cost by half of the replicates, input,
    stratum and deployment, infinite if the deployment is infeasible in a draw of the stratum, or
    its cost a floor; ``sizes`` are the numbers of draws of the strata.  ``regret`` is that of known
    costs.
    """

    cost: Sketch
    regret: Sketch
    regret_sum: Floats  #: (deployments,)
    feasible: Counts  #: (deployments,)
    known: Counts  #: (deployments,), of the feasible draws in which the cost is not a floor
    undercuts: Counts  #: (deployments,), as in a tally
    sums: dict[tuple[int, int], Floats]  #: by replicate and end: (deployments,)
    wins: dict[tuple[int, int], Counts]  #: likewise, the last place for draws without a winner
    least: float  #: the sum of the cheapest known cost of each draw
    strata: Floats
    sizes: Counts


@dataclass(frozen=True, slots=True, eq=False)
class Tally:
    """Counts and sums of some draws."""

    wins: Counts  #: replicates x (deployments and none) x points: how often each is cheapest
    feasible: Counts  #: deployments x points
    floors: Counts  #: deployments x points, of the feasible draws in which the cost is a floor
    undercuts: Counts  #: deployments x points, where a floor is below every known cost
    sums: Floats  #: deployments x points, of the feasible draws
    cost: tuple[Sketch, ...]  #: of each deployment, by point
    horizon: HorizonTally | None

    def merged(self, other: Tally) -> Tally:
        """Return the tally of both: the same for any chunks, but for the rounding of sums."""
        horizon = self.horizon
        if horizon is not None and other.horizon is not None:
            horizon = _merged(horizon, other.horizon)
        return Tally(
            self.wins + other.wins,
            self.feasible + other.feasible,
            self.floors + other.floors,
            self.undercuts + other.undercuts,
            self.sums + other.sums,
            tuple(a.merged(b) for a, b in zip(self.cost, other.cost, strict=True)),
            horizon,
        )


def _merged(a: HorizonTally, b: HorizonTally) -> HorizonTally:
    sums, wins = dict(a.sums), dict(a.wins)
    for key, value in b.sums.items():
        sums[key] = sums[key] + value if key in sums else value
        wins[key] = wins[key] + b.wins[key] if key in wins else b.wins[key]
    return HorizonTally(
        a.cost.merged(b.cost),
        a.regret.merged(b.regret),
        a.regret_sum + b.regret_sum,
        a.feasible + b.feasible,
        a.known + b.known,
        a.undercuts + b.undercuts,
        sums,
        wins,
        a.least + b.least,
        a.strata + b.strata,
        a.sizes + b.sizes,
    )


def tally(evaluator: Evaluator, chunk: Chunk) -> Tally:
    """Return the counts and sums of a chunk."""
    shares, extra = evaluator.shares(chunk.replicate, chunk.start, chunk.count)
    cost = evaluator.costs(evaluator.model.values(shares), extra)
    options, points, _ = cost.total.shape
    wins = np.zeros((REPLICATES, options + 1, points), np.int64)
    undercuts = np.zeros((options, points), np.int64)
    for point in range(points):
        best, below = _best(cost.at(point))
        wins[chunk.replicate, :, point] = np.bincount(best, minlength=options + 1)
        undercuts[:, point] = np.bincount(below, minlength=options + 1)[:options]
    sketches = tuple(Sketch.of(part) for part in cost.total)
    feasible = np.stack([chunk.count - sketch.infinite for sketch in sketches])
    floors = (cost.floor & np.isfinite(cost.total)).sum(axis=-1)
    sums = np.array([part.sum(axis=-1, where=np.isfinite(part)) for part in cost.total])
    horizon = None
    along = evaluator.model.along
    if isinstance(along, Months):
        horizon = _horizon(present_value(cost, along), shares, chunk)
    return Tally(wins, feasible, floors, undercuts, sums, sketches, horizon)


def _best(cost: Costs) -> tuple[Counts, Counts]:
    """Return the index of the cheapest option of each draw, and of a floor below its cost.

    Either is the number of options if there is none: a floor is never the cheapest.
    """
    known = cost.known
    best: Counts = known.argmin(axis=0)
    least = known.min(axis=0)
    best[~np.isfinite(least)] = known.shape[0]
    lowest: Counts = cost.total.argmin(axis=0)
    lowest[~(cost.total.min(axis=0) < least)] = known.shape[0]
    return best, lowest


def _horizon(costs: Costs, shares: Floats, chunk: Chunk) -> HorizonTally:
    cost, known = costs.total, costs.known
    options, count = cost.shape
    feasible, whole = np.isfinite(cost), np.isfinite(known)
    least = known.min(axis=0)
    none = ~np.isfinite(least)
    best, below = _best(costs)
    counted = np.where(feasible, cost, 0.0)
    with np.errstate(invalid="ignore"):  # inf - inf, if no option is feasible
        regret = np.where(whole, cost - least, np.inf)
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
        stratum = np.minimum((share * STRATA).astype(np.int64), STRATA - 1)
        sizes[half, i] = np.bincount(stratum, minlength=STRATA)
        for option in range(options):
            strata[half, i, :, option] = np.bincount(stratum, known[option], STRATA)
    return HorizonTally(
        Sketch.of(cost),
        Sketch.of(regret),
        np.where(whole, regret, 0.0).sum(axis=1),
        feasible.sum(axis=1),
        whole.sum(axis=1),
        np.bincount(below, minlength=options + 1)[:options],
        sums,
        wins,
        float(np.where(none, 0.0, least).sum()),
        strata,
        sizes,
    )
