"""The cheapest deployment at each traffic, before and after."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, replace

from kafkatco.analysis.crossovers import Crossovers
from kafkatco.core.format import trimmed
from kafkatco.numerics.crossings import Interval
from kafkatco.numerics.tolerance import SAME

__all__ = ["Stretch", "cheapest_moves"]


@dataclass(frozen=True, slots=True)
class Stretch:
    """A range of traffic with another cheapest deployment; ``None`` if every cost is a floor."""

    start: float
    stop: float
    before: str | None
    after: str | None


def cheapest_moves(old: Crossovers, new: Crossovers) -> tuple[Stretch, ...]:
    """Return the ranges of traffic with another cheapest deployment."""
    was, now = _intervals(old), _intervals(new)
    edges = sorted({edge for interval in (*was, *now) for edge in (interval.start, interval.stop)})
    stretches: list[Stretch] = []
    for start, stop in itertools.pairwise(edges):
        if stop - start <= SAME * stop:
            continue
        a, b = (_winner(parts, (start + stop) / 2) for parts in (was, now))
        if stretches and (stretches[-1].stop, stretches[-1].before, stretches[-1].after) == (
            start,
            a,
            b,
        ):
            stretches[-1] = replace(stretches[-1], stop=stop)
        elif a != b:
            stretches.append(Stretch(start, stop, a, b))
    return tuple(stretches)


def _intervals(crossovers: Crossovers) -> list[Interval]:
    return [
        Interval(trimmed(interval.start), trimmed(interval.stop), interval.winner)
        for interval in crossovers.intervals
    ]


def _winner(intervals: Sequence[Interval], x: float) -> str | None:
    return next(
        (interval.winner for interval in intervals if interval.start <= x <= interval.stop), None
    )
