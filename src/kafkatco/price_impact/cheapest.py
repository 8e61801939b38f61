"""Who is cheapest where, before and after."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, replace

from kafkatco.analysis.crossovers import Crossovers
from kafkatco.numerics.crossings import POINT, Interval
from kafkatco.price_impact.crossings import position

__all__ = ["Stretch", "cheapest_moves"]


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch on which another deployment is cheapest; ``None`` where none has a whole cost."""

    start: float
    stop: float
    before: str | None
    after: str | None


def cheapest_moves(old: Crossovers, new: Crossovers) -> tuple[Stretch, ...]:
    """Return the stretches on which another deployment is cheapest."""
    was, now = _intervals(old), _intervals(new)
    edges = sorted({edge for part in (*was, *now) for edge in (part.start, part.stop)})
    found: list[Stretch] = []
    for start, stop in itertools.pairwise(edges):
        if stop - start <= POINT * stop:
            continue
        a, b = (_winner(parts, (start + stop) / 2) for parts in (was, now))
        if found and (found[-1].stop, found[-1].before, found[-1].after) == (start, a, b):
            found[-1] = replace(found[-1], stop=stop)
        elif a != b:
            found.append(Stretch(start, stop, a, b))
    return tuple(found)


def _intervals(found: Crossovers) -> list[Interval]:
    return [
        Interval(position(found, part.start), position(found, part.stop), part.winner)
        for part in found.intervals
    ]


def _winner(parts: Sequence[Interval], x: float) -> str | None:
    return next((part.winner for part in parts if part.start <= x <= part.stop), None)
