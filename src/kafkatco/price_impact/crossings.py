"""Which break-evens move, appear or go, and because of what."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from kafkatco.analysis.cost_curves import cheapest
from kafkatco.analysis.crossovers import Crossovers
from kafkatco.errors import KafkatcoError, one_line
from kafkatco.numerics.crossings import Crossing, Interval
from kafkatco.price_impact.drivers import Mover
from kafkatco.scenario.scenario import Scenario

__all__ = ["Because", "CrossingMove", "crossing_moves", "position", "sweep_of"]

#: Positions that differ by less than this share are one and the same.
SAME: Final = 1e-9
#: How many causes are named, and which share of the greatest a cause must have.
CAUSES: Final = 3
WORTH: Final = 0.01


@dataclass(frozen=True, slots=True)
class Because:
    """A mover, and where it alone puts the break-even; ``None`` where there is none with it."""

    name: str
    text: str
    alone: float | None


@dataclass(frozen=True, slots=True)
class CrossingMove:
    """A break-even of two deployments, before and after; ``None`` where there is none.

    ``because`` has the causes, the greatest first.  ``leads`` says whether the two are the
    cheapest there, so that who is cheapest changes with it.  ``open`` has which of the two is a
    floor, and for want of which prices, before and after.
    """

    a: str
    b: str
    below: str
    above: str
    before: float | None
    after: float | None
    leads: bool
    because: tuple[Because, ...] = ()
    open: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = field(default_factory=dict)

    def sentence(self, unit: str) -> str:
        """Say it, with its causes."""
        per = unit.replace("/", " a ")
        if self.before is not None and self.after is not None:
            was, now = _apart(self.before, self.after)
            what = f"the break-even moved from {was} to {now} {per}"
        elif self.before is not None:
            what = f"the break-even at {self.before:,.4g} {per} is gone"
        else:
            what = f"a break-even at {self.after:,.4g} {per} appeared"
        return f"{self.a} against {self.b}: {what}{self._causes()}{self._floors()}"

    def _causes(self) -> str:
        for_it: list[str] = []
        against: list[str] = []
        for cause in self.because:
            side, where = for_it, ""
            if self.before is not None and self.after is not None:
                where = " (alone: no such break-even)"
                if cause.alone is not None and self._whole(cause):
                    where = ""
                elif cause.alone is not None:
                    where = f" (alone: to {_apart(self.before, cause.alone)[1]})"
                    other = (cause.alone > self.before) != (self.after > self.before)
                    side = against if other else for_it
            side.append(cause.text + where)
        text = f", because {' and '.join(for_it)}" if for_it else ", by several changes together"
        return text + (f", although {' and '.join(against)}" if against else "")

    def _floors(self) -> str:
        said = []
        for label, (was, now) in self.open.items():
            if was and was != now:
                said.append(f"{label} was a floor: no figure for {', '.join(was)}")
            if now:
                said.append(f"{label} is a floor: no figure for {', '.join(now)}")
        return f" ({'; '.join(said)})" if said else ""

    def _whole(self, cause: Because) -> bool:
        """Whether a cause alone makes the whole move."""
        return cause.alone is not None and self.after is not None and _same(cause.alone, self.after)


def sweep_of(scenario: Scenario) -> tuple[Crossovers | None, dict[str, str]]:
    """Return the crossovers of those deployments that can be swept, and what the others lack.

    A floor may cross another's cost, and is not the cheapest anywhere.
    """
    try:
        return _floors_aside(scenario.crossovers()), {}
    except KafkatcoError:
        lacking: dict[str, str] = {}
    for item in scenario.deployments:
        try:
            replace(scenario, deployments=(item,)).crossovers()
        except KafkatcoError as error:
            lacking[item.label] = one_line(error)
    able = tuple(item for item in scenario.deployments if item.label not in lacking)
    found = replace(scenario, deployments=able).crossovers() if able else None
    return (found and _floors_aside(found)), lacking


def _floors_aside(found: Crossovers) -> Crossovers:
    """Return crossovers of which the cheapest is one of those whose cost is whole."""
    if not found.open:
        return found
    whole = {label: item for label, item in found.curves.items() if not item.open}
    none = (Interval(found.start, found.stop, None),)
    return replace(found, intervals=cheapest(whole) if whole else none)


def position(found: Crossovers, x: float) -> float:
    """Return a position in the axis's unit, without the last digits that rounding made up."""
    return float(f"{x * found.axis.per_base:.13g}")


def crossing_moves(
    old: Crossovers, new: Crossovers, before: Scenario, after: Scenario, movers: Sequence[Mover]
) -> tuple[CrossingMove, ...]:
    """Return every crossing that differs, of the pairs that are swept at both books.

    Crossings are matched in order, where a pair has as many before as after and begins with the
    same of the two; otherwise those that stay where they are match.
    """
    was, now = _by_pair(old), _by_pair(new)
    moved = {
        pair: moves
        for pair in was
        if pair in now and (moves := list(_matched(old, new, was[pair], now[pair])))
    }
    if not moved:
        return ()
    names = {name for pair in moved for name in pair}
    alone = [
        (mover, found, _by_pair(found))
        for mover in movers
        if (found := _alone(mover, before, after, names)) is not None
    ]
    return tuple(
        CrossingMove(
            *pair,
            one.below,
            one.above,
            None if x is None else position(old, x.x),
            None if y is None else position(new, y.x),
            (x is not None and _leads(old, x)) or (y is not None and _leads(new, y)),
            _because(
                old,
                was[pair],
                now[pair],
                x,
                y,
                [(mover, found, pairs.get(pair, ())) for mover, found, pairs in alone],
            ),
            {
                name: (old.open.get(name, ()), new.open.get(name, ()))
                for name in pair
                if name in old.open or name in new.open
            },
        )
        for pair, moves in moved.items()
        for x, y in moves
        if (one := x or y) is not None
    )


Crossings = tuple[Crossing, ...]
Matched = tuple[Crossing | None, Crossing | None]


def _by_pair(found: Crossovers) -> dict[tuple[str, str], Crossings]:
    return {(pair.a, pair.b): pair.crossings for pair in found.pairs}


def _alone(mover: Mover, before: Scenario, after: Scenario, names: set[str]) -> Crossovers | None:
    scenario = mover.alone(before, after)
    kept = tuple(item for item in scenario.deployments if item.label in names)
    return sweep_of(replace(scenario, deployments=kept))[0]


def _alike(x: Crossings, y: Crossings) -> bool:
    """Whether two lists of crossings match in order: they alternate, so the first one tells."""
    return len(x) == len(y) and (not x or x[0].below == y[0].below)


def _same(a: float, b: float) -> bool:
    return abs(a - b) <= SAME * max(abs(a), abs(b))


def _matched(old: Crossovers, new: Crossovers, was: Crossings, now: Crossings) -> Iterator[Matched]:
    """Yield the crossings that differ: moved, gone (no second) or appeared (no first)."""

    def stays(x: Crossing, y: Crossing) -> bool:
        return x.below == y.below and _same(position(old, x.x), position(new, y.x))

    if _alike(was, now):
        yield from ((x, y) for x, y in zip(was, now, strict=True) if not stays(x, y))
        return
    yield from ((x, None) for x in was if not any(stays(x, y) for y in now))
    yield from ((None, y) for y in now if not any(stays(x, y) for x in was))


def _leads(found: Crossovers, crossing: Crossing) -> bool:
    """Whether the cheapest of all changes at a crossing, from one of its two to the other."""
    return any(
        {left.winner, right.winner} == {crossing.below, crossing.above}
        and (_same(right.start, crossing.x) or _same(right.start, crossing.until))
        for left, right in itertools.pairwise(found.intervals)
    )


def _because(
    old: Crossovers,
    was: Crossings,
    now: Crossings,
    x: Crossing | None,
    y: Crossing | None,
    alone: Sequence[tuple[Mover, Crossovers, Crossings]],
) -> tuple[Because, ...]:
    """Return the movers that move a crossing most, each on its own.

    Of one that appears or goes: those that alone make it do so.
    """
    if x is None or y is None:
        return tuple(
            Because(mover.name, mover.text, None)
            for mover, _, crossings in alone
            if _alike(crossings, now) and not _alike(crossings, was)
        )[:CAUSES]
    at, found = position(old, x.x), []
    for mover, swept, crossings in alone:
        if not _alike(crossings, was):
            found.append((float("inf"), Because(mover.name, mover.text, None)))
            continue
        to = position(swept, crossings[was.index(x)].x)
        if not _same(to, at):
            found.append((abs(to - at), Because(mover.name, mover.text, to)))
    found.sort(key=lambda item: -item[0])
    least = WORTH * max((size for size, _ in found if size < float("inf")), default=0.0)
    return tuple(cause for size, cause in found if size >= least)[:CAUSES]


def _apart(x: float, y: float) -> tuple[str, str]:
    """Return two numbers in as many digits as it takes to tell them apart, at least four.

    >>> _apart(14.8, 13.1), _apart(1234.56, 1234.57)
    (('14.8', '13.1'), ('1,234.56', '1,234.57'))
    """
    for digits in range(4, 14):
        texts = (f"{x:,.{digits}g}", f"{y:,.{digits}g}")
        if texts[0] != texts[1]:
            break
    return texts
