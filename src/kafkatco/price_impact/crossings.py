"""The break-evens that move, appear or vanish, and their causes."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, Protocol

from kafkatco.analysis.crossovers import Crossovers
from kafkatco.core.format import floor_reasons, trimmed
from kafkatco.errors import KafkatcoError
from kafkatco.i18n.message import Message, _, join
from kafkatco.numerics.crossings import Crossing
from kafkatco.numerics.tolerance import same
from kafkatco.price_impact.bills import reason_of
from kafkatco.scenario.scenario import Scenario

__all__ = ["Alone", "Cause", "CrossingMove", "crossing_moves", "crossovers_of"]

#: The most causes of a break-even, and the least share of the greatest cause that each must have.
CAUSES: Final = 3
LEAST_SHARE: Final = 0.01


class Alone(Protocol):
    """A difference between two scenarios that can be applied alone."""

    @property
    def name(self) -> str:
        """Its name in results."""

    @property
    def text(self) -> str:
        """A clause that describes it."""

    def alone(self, before: Scenario, after: Scenario) -> Scenario:
        """Return the scenario before, with only this difference."""


@dataclass(frozen=True, slots=True)
class Cause:
    """A driver, and the break-even after its change alone; ``None`` if there is none then."""

    name: str
    text: str
    alone: float | None


@dataclass(frozen=True, slots=True)
class CrossingMove:
    """A break-even of two deployments, before and after; ``None`` if there is none.

    ``because`` has the causes, the greatest first.  ``leads`` is whether the cheapest of all
    deployments changes at this break-even.  ``unpriced_skus`` has those, before and after, of each
    of the two that is a floor, and ``unchecked`` the reasons why a limit is unknown.
    """

    a: str
    b: str
    below: str
    above: str
    before: float | None
    after: float | None
    leads: bool
    because: tuple[Cause, ...] = ()
    unpriced_skus: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = field(
        default_factory=dict
    )
    unchecked: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = field(default_factory=dict)

    def sentence(self, unit: str) -> str:
        """Return a sentence about the change, with its causes."""
        sentence = self._move(unit)
        causes, opposed = self._causes()
        if causes:
            sentence = _("{sentence}, because {causes}", sentence=sentence, causes=_all_of(causes))
        else:
            sentence = _("{sentence}, by several changes together", sentence=sentence)
        if opposed:
            causes_text = _all_of(opposed)
            sentence = _("{sentence}, although {causes}", sentence=sentence, causes=causes_text)
        if floors := list(self._floors()):
            sentence = _("{sentence} ({notes})", sentence=sentence, notes=join("; ", floors))
        return sentence

    def _move(self, unit: str) -> Message:
        """Return the change without its causes."""
        size, per, _month = unit.partition("/")
        texts = {"a": self.a, "b": self.b, "unit": _("{size} a month", size=size) if per else size}
        if self.before is not None and self.after is not None:
            was, now = _apart(self.before, self.after)
            return _(
                "{a} against {b}: the break-even moved from {was} to {now} {unit}",
                was=was,
                now=now,
                **texts,
            )
        if self.before is not None:
            was = f"{self.before:,.4g}"
            return _("{a} against {b}: the break-even at {was} {unit} is gone", was=was, **texts)
        now = f"{self.after:,.4g}"
        return _("{a} against {b}: a break-even at {now} {unit} appeared", now=now, **texts)

    def _causes(self) -> tuple[list[str], list[str]]:
        """Return the causes of the change, and those that work against it."""
        causes: list[str] = []
        opposed: list[str] = []
        for cause in self.because:
            if self.before is None or self.after is None:
                causes.append(cause.text)
            elif cause.alone is None:
                causes.append(_("{cause} (alone: no such break-even)", cause=cause.text))
            elif same(cause.alone, self.after):
                causes.append(cause.text)
            else:
                alone = _apart(self.before, cause.alone)[1]
                text = _("{cause} (alone: to {position})", cause=cause.text, position=alone)
                opposes = (cause.alone > self.before) != (self.after > self.before)
                (opposed if opposes else causes).append(text)
        return causes, opposed

    def _floors(self) -> Iterator[Message]:
        none = ((), ())
        for name in dict.fromkeys([*self.unpriced_skus, *self.unchecked]):
            skus, limits = self.unpriced_skus.get(name, none), self.unchecked.get(name, none)
            was, now = (floor_reasons(*reasons) for reasons in zip(skus, limits, strict=True))
            if was and was != now:
                yield _("{name} was a floor: {reasons}", name=name, reasons=was)
            if now:
                yield _("{name} is a floor: {reasons}", name=name, reasons=now)


def _all_of(clauses: Sequence[str]) -> str:
    """Return clauses as one: "a and b and c"."""
    text, *others = clauses
    for clause in others:
        text = _("{first} and {second}", first=text, second=clause)
    return text


def crossovers_of(scenario: Scenario) -> tuple[Crossovers | None, dict[str, str]]:
    """Return the crossovers of the deployments with a cost curve, and why others have none."""
    try:
        return scenario.crossovers(), {}
    except KafkatcoError:
        reasons: dict[str, str] = {}
    for deployment in scenario.deployments:
        try:
            replace(scenario, deployments=(deployment,)).crossovers()
        except KafkatcoError as error:
            reasons[deployment.label] = reason_of(error)
    feasible = tuple(
        deployment for deployment in scenario.deployments if deployment.label not in reasons
    )
    crossovers = replace(scenario, deployments=feasible).crossovers() if feasible else None
    return crossovers, reasons


def crossing_moves(
    old: Crossovers, new: Crossovers, before: Scenario, after: Scenario, drivers: Sequence[Alone]
) -> tuple[CrossingMove, ...]:
    """Return every crossing that differs, of the pairs with cost curves in both books.

    Crossings match in order if a pair has the same number before and after and begins with the
    same of the two; otherwise only crossings at the same position match.
    """
    was, now = _by_pair(old), _by_pair(new)
    moved = {
        pair: moves
        for pair in was
        if pair in now and (moves := list(_matched(was[pair], now[pair])))
    }
    if not moved:
        return ()
    names = {name for pair in moved for name in pair}
    alone = [
        (driver, _by_pair(crossovers))
        for driver in drivers
        if (crossovers := _alone(driver, before, after, names)) is not None
    ]
    return tuple(
        CrossingMove(
            *pair,
            one.below,
            one.above,
            None if x is None else trimmed(x.x),
            None if y is None else trimmed(y.x),
            (x is not None and _leads(old, x)) or (y is not None and _leads(new, y)),
            _causes_of(
                was[pair],
                now[pair],
                x,
                y,
                [(driver, pairs.get(pair, ())) for driver, pairs in alone],
            ),
            _both(pair, old.unpriced_skus, new.unpriced_skus),
            _both(pair, old.unchecked, new.unchecked),
        )
        for pair, moves in moved.items()
        for x, y in moves
        if (one := x or y) is not None
    )


def _both(
    names: Sequence[str], old: Mapping[str, tuple[str, ...]], new: Mapping[str, tuple[str, ...]]
) -> dict[str, tuple[tuple[str, ...], tuple[str, ...]]]:
    """Return the reasons for floors of each name that has one, before and after."""
    return {
        name: (old.get(name, ()), new.get(name, ())) for name in names if name in old or name in new
    }


Crossings = tuple[Crossing, ...]
Matched = tuple[Crossing | None, Crossing | None]


def _by_pair(crossovers: Crossovers) -> dict[tuple[str, str], Crossings]:
    return {(pair.a, pair.b): pair.crossings for pair in crossovers.pairs}


def _alone(driver: Alone, before: Scenario, after: Scenario, names: set[str]) -> Crossovers | None:
    scenario = driver.alone(before, after)
    kept = tuple(deployment for deployment in scenario.deployments if deployment.label in names)
    return crossovers_of(replace(scenario, deployments=kept))[0]


def _alike(x: Crossings, y: Crossings) -> bool:
    """Return whether two lists of crossings match in order; the first ones decide."""
    return len(x) == len(y) and (not x or x[0].below == y[0].below)


def _matched(was: Crossings, now: Crossings) -> Iterator[Matched]:
    """Yield the crossings that differ: moved, vanished (no second) or appeared (no first)."""

    def stays(x: Crossing, y: Crossing) -> bool:
        return x.below == y.below and same(trimmed(x.x), trimmed(y.x))

    if _alike(was, now):
        yield from ((x, y) for x, y in zip(was, now, strict=True) if not stays(x, y))
        return
    yield from ((x, None) for x in was if not any(stays(x, y) for y in now))
    yield from ((None, y) for y in now if not any(stays(x, y) for x in was))


def _leads(crossovers: Crossovers, crossing: Crossing) -> bool:
    """Return whether the cheapest of all changes from one to the other at their crossing."""
    return any(
        {left.winner, right.winner} == {crossing.below, crossing.above}
        and (same(right.start, crossing.x) or same(right.start, crossing.until))
        for left, right in itertools.pairwise(crossovers.intervals)
    )


def _causes_of(
    was: Crossings,
    now: Crossings,
    x: Crossing | None,
    y: Crossing | None,
    alone: Sequence[tuple[Alone, Crossings]],
) -> tuple[Cause, ...]:
    """Return the drivers that move a crossing most, each alone.

    If it appears or vanishes: those that alone have this effect.
    """
    if x is None or y is None:
        return tuple(
            Cause(driver.name, driver.text, None)
            for driver, crossings in alone
            if _alike(crossings, now) and not _alike(crossings, was)
        )[:CAUSES]
    at, causes = trimmed(x.x), []
    for driver, crossings in alone:
        if not _alike(crossings, was):
            causes.append((float("inf"), Cause(driver.name, driver.text, None)))
            continue
        to = trimmed(crossings[was.index(x)].x)
        if not same(to, at):
            causes.append((abs(to - at), Cause(driver.name, driver.text, to)))
    causes.sort(key=lambda cause: -cause[0])
    least = LEAST_SHARE * max((size for size, _ in causes if size < float("inf")), default=0.0)
    return tuple(cause for size, cause in causes if size >= least)[:CAUSES]


def _apart(x: float, y: float) -> tuple[str, str]:
    """Return two numbers with enough digits to make them differ, at least four.

    >>> _apart(14.8, 13.1), _apart(1234.56, 1234.57)
    (('14.8', '13.1'), ('1,234.56', '1,234.57'))
    """
    for digits in range(4, 14):
        texts = (f"{x:,.{digits}g}", f"{y:,.{digits}g}")
        if texts[0] != texts[1]:
            break
    return texts
