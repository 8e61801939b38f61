"""The difference in monthly cost between two scenarios or plans, by line and by cause."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from kafkatco.analysis.crossovers import Crossovers
from kafkatco.core.result import Result
from kafkatco.costing.people import winners_of
from kafkatco.deployments import Deployment
from kafkatco.errors import InputError, Problem
from kafkatco.i18n.message import Message, _, join
from kafkatco.price_impact.bills import Billed, Contribution, bill_at, missing_notes, used_prices
from kafkatco.price_impact.cheapest import Stretch, cheapest_moves
from kafkatco.price_impact.crossings import CrossingMove, crossing_moves, crossovers_of
from kafkatco.prices.changes import Change
from kafkatco.review.causes import Changed, DiffCause, changed_fields, find_causes
from kafkatco.review.limit import Limit, Verdict
from kafkatco.review.lines import LineMove, contributions, line_moves
from kafkatco.review.sides import Side
from kafkatco.scenario.scenario import Scenario

__all__ = ["DeploymentMove", "Diff", "Total", "diff"]


@dataclass(frozen=True, slots=True)
class DeploymentMove:
    """A deployment on both sides: its monthly bill, and why it differs.

    ``name`` is that of the head, and ``was`` the one before, if it is another.  Of each pair, the
    first is of the base and the second of the head: ``exists`` whether the side has it, ``running``
    whether it is in the total, ``totals`` the bill [currency/month] (``None`` without one), and
    ``open`` the reasons why there is no bill or the bill is a floor.

    ``fields`` are those that differ, and ``lines`` the changed lines.  ``parts`` sum to the
    difference: the effect of each cause alone, and of all together.
    """

    name: str
    was: str
    kind: str
    exists: tuple[bool, bool]
    running: tuple[bool, bool]
    totals: tuple[float | None, float | None]
    open: tuple[tuple[str, ...], tuple[str, ...]]
    fields: tuple[Changed, ...] = ()
    parts: tuple[Contribution, ...] = ()
    lines: tuple[LineMove, ...] = ()

    @property
    def change(self) -> Literal["added", "removed", "changed", "renamed", "same"]:
        """What happened to it."""
        if not all(self.exists):
            return "added" if self.exists[1] else "removed"
        if self.fields or self.lines or self.totals[0] != self.totals[1] or self.reopened:
            return "changed"
        return "renamed" if self.was else "same"

    @property
    def reopened(self) -> bool:
        """Whether other reasons make its bill a floor."""
        return self.open[0] != self.open[1]

    @property
    def paid(self) -> tuple[float | None, float | None]:
        """What each side pays for it [currency/month]: nothing, if the side does not have it."""
        before, after = (
            total if exists else 0.0 for total, exists in zip(self.totals, self.exists, strict=True)
        )
        return before, after

    @property
    def difference(self) -> float | None:
        """The cost of the head less that of the base [currency/month]; ``None`` if unknown."""
        before, after = self.paid
        return None if before is None or after is None else after - before


@dataclass(frozen=True, slots=True)
class Total:
    """The cost of all that runs [currency/month], before and after.

    ``parts`` sum to the difference.  ``open`` has, of each side, the deployments whose bill is a
    floor, or that have none and are left out of both amounts.
    """

    before: float
    after: float
    parts: tuple[Contribution, ...]
    open: tuple[tuple[str, ...], tuple[str, ...]]

    @property
    def unknown(self) -> tuple[str, ...]:
        """The deployments whose cost is not known on some side."""
        return tuple(dict.fromkeys(name for names in self.open for name in names))

    @property
    def difference(self) -> float:
        """The cost after less that before."""
        return self.after - self.before


@dataclass(frozen=True, slots=True)
class Diff(Result):
    """The difference in monthly cost between a base and a head.

    ``total`` is of the deployments that run; ``None`` for scenarios that do not say which of their
    alternatives runs.  ``causes`` are the parts of the input that differ, and ``prices`` the
    changed prices behind the bills.  ``crossings`` and ``cheapest`` have the break-evens that moved
    over traffic, in ``unit``; ``winner`` is the cheapest option at the traffic of each side.  The
    names are those of the head.  ``notes`` say what was assumed and left out.
    """

    base: Side
    head: Side
    currency: str
    deployments: tuple[DeploymentMove, ...]
    total: Total | None
    causes: tuple[DiffCause, ...]
    prices: tuple[tuple[Change, tuple[str, ...]], ...]
    crossings: tuple[CrossingMove, ...]
    cheapest: tuple[Stretch, ...]
    unit: str
    winner: tuple[str | None, str | None]
    notes: tuple[Message, ...]
    limit: Limit | None = None

    def __repr__(self) -> str:
        counts = Counter(move.change for move in self.deployments)
        text = ", ".join(f"{count} {change}" for change, count in counts.items())
        cost = "" if self.total is None else f"{self.total.difference:+,.2f} {self.currency}; "
        return f"Diff({cost}{text})"

    @property
    def scenario(self) -> str:
        """The name of the head."""
        return Path(self.head.source).name

    @property
    def nothing(self) -> bool:
        """Whether no bill and no break-even differs."""
        moved = (move.change not in ("same", "renamed") for move in self.deployments)
        return not (any(moved) or self.crossings or self.cheapest)

    def sentences(self) -> tuple[str, ...]:
        """Return a sentence for each break-even that moved; those of the cheapest come first."""
        ordered = sorted(self.crossings, key=lambda move: not move.leads)
        return tuple(move.sentence(self.unit) for move in ordered)

    @property
    def verdict(self) -> Verdict | None:
        """Whether the increase keeps the limit; ``None`` without a limit.

        Without a total, that of each deployment on both sides must keep it.
        """
        if self.limit is None:
            return None
        verdicts = {self._verdict(*increase) for increase in self._increases()}
        if "beyond" in verdicts:
            return "beyond"
        return "within" if verdicts == {"within"} else "unknown"

    def _increases(self) -> Iterator[tuple[float | None, float | None, bool, bool]]:
        """Yield the amounts that must keep the limit, and whether each is a floor."""
        if self.total is not None:
            was, now = map(bool, self.total.open)
            yield self.total.before, self.total.after, was, now
            return
        for move in self.deployments:
            if all(move.exists):
                was, now = map(bool, move.open)
                yield *move.totals, was, now

    def _verdict(
        self, before: float | None, after: float | None, floor_before: bool, floor_after: bool
    ) -> Verdict:
        assert self.limit is not None
        if before is None or after is None or floor_before:
            return "unknown"
        if not self.limit.allows(before, after):
            return "beyond"
        return "unknown" if floor_after else "within"

    def _about(self) -> dict[str, Any]:
        return {
            "currency": self.currency,
            "before": self.base.scenario.book.describe(),
            "after": self.head.scenario.book.describe(),
        }


def diff(
    base: Scenario | Side,
    head: Scenario | Side,
    *,
    current: Sequence[str] = (),
    max_increase: str | None = None,
) -> Diff:
    """Return the difference in monthly cost between two scenarios or plans.

    Parameters
    ----------
    base, head
        Scenarios, or sides that :func:`kafkatco.review.sides.read_sides` reads from plans.
    current
        The deployments of scenarios that run; by default that of ``[switching]``, or the only one.
    max_increase
        The most that the cost may increase, such as "10 %" of it or "500 USD" a month: see
        ``verdict`` of the result.

    Notes
    -----
    Deployments match by name; then those that are equal but for the name; then those that are
    alone of their kind on both sides.  All amounts are in the currency of the head.  To attribute a
    difference, each cause (traffic, configuration, prices, assumptions, conventions) is changed
    alone in the base; the last part is the effect that they have only together, so that the parts
    sum to the difference.

    Raises
    ------
    InputError
        For a limit that is none, an unknown deployment, and books without a common currency.

    Examples
    --------
    >>> base = Scenario.load("every-kind")
    >>> base = replace(base, deployments=base.deployments[11:12])  # Confluent Basic
    >>> head = replace(base, workload=base.workload.replace(fanout=4.0))
    >>> result = diff(base, head, max_increase="10 %")
    >>> [(cause.name, cause.changes[0].field) for cause in result.causes], result.verdict
    ([('traffic', 'fanout')], 'beyond')
    """
    old, new = (side if isinstance(side, Side) else Side.of(side, current) for side in (base, head))
    _check(old, new, current)
    names = _matched(old.scenario.deployments, new.scenario.deployments)
    before, after = _aligned(old.scenario, names, new.scenario.book.currency), new.scenario
    running = _running(old, new, names)
    causes = find_causes(before, after)
    olds, news = (
        {option.label: bill_at(side, option) for option in side.deployments}
        for side in (before, after)
    )
    moves = _moves(old, new, before, after, names, olds, news, causes, running)
    crossings, cheapest, unit, notes = _crossings(before, after, causes, running[1])
    return Diff(
        base=old,
        head=new,
        currency=after.book.currency,
        deployments=moves,
        total=_total(moves) if any(running) else None,
        causes=causes,
        prices=used_prices([*olds.values()], [*news.values()], before, after),
        crossings=crossings,
        cheapest=cheapest,
        unit=unit,
        winner=(_cheapest(olds), _cheapest(news)),
        notes=(*_notes(old, new, names), *notes),
        limit=None if max_increase is None else Limit.of(max_increase, after.book),
    )


def _check(base: Side, head: Side, current: Sequence[str]) -> None:
    """Refuse names that neither side has, and a base that cannot be in the head's currency."""
    known = {option.label for side in (base, head) for option in side.scenario.deployments}
    known |= {name for side in (base, head) for name in side.without_bill}
    problems = [
        Problem("--current", repr(name), _("a deployment of either side"))
        for name in current
        if name not in known
    ]
    wanted, book = head.scenario.book.currency, base.scenario.book
    if wanted not in book.currencies():
        expected = _("a currency of which the book {book!r} of the base has a rate", book=book.name)
        problems.append(Problem("currency", repr(wanted), expected))
    if problems:
        raise InputError("", problems)


def _matched(olds: Sequence[Deployment], news: Sequence[Deployment]) -> dict[str, str]:
    """Return the name in the head of each deployment of the base that has a counterpart."""
    names = {option.label for option in olds} & {option.label for option in news}
    matched = {name: name for name in names}

    def alike(keys: Any) -> None:
        left = [option for option in olds if option.label not in matched]
        right = [option for option in news if option.label not in matched.values()]
        count = Counter(map(keys, left)), Counter(map(keys, right))
        found = {keys(option): option.label for option in right}
        matched.update(
            {
                option.label: found[key]
                for option in left
                if (key := keys(option)) in found and count[0][key] == count[1][key] == 1
            }
        )

    alike(lambda option: repr(option.model_dump(exclude={"name"})))
    alike(lambda option: option.kind)
    return matched


def _aligned(base: Scenario, names: Mapping[str, str], currency: str) -> Scenario:
    """Return the base with the names and the currency of the head."""
    book = base.book if base.book.currency == currency else base.book.at(currency=currency)
    deployments = tuple(
        option.replace(name=names[option.label])
        if names.get(option.label, option.label) != option.label
        else option
        for option in base.deployments
    )
    return replace(base, book=book, catalogue=book.catalogue(), deployments=deployments)


def _running(
    base: Side, head: Side, names: Mapping[str, str]
) -> tuple[frozenset[str], frozenset[str]]:
    """Return what runs on each side, in the head's names; a scenario that is silent agrees."""
    before = frozenset(names.get(name, name) for name in base.running)
    after = frozenset(head.running)
    silent = not (base.planned or before), not (head.planned or after)
    if silent[0] and not silent[1] and after <= frozenset(names.values()):
        before = after
    if silent[1] and not silent[0] and before <= frozenset(names.values()):
        after = before
    known = not (silent[0] and not before) and not (silent[1] and not after)
    return (before, after) if known else (frozenset(), frozenset())


def _moves(
    base: Side,
    head: Side,
    before: Scenario,
    after: Scenario,
    names: Mapping[str, str],
    olds: Mapping[str, Billed],
    news: Mapping[str, Billed],
    causes: Sequence[DiffCause],
    running: tuple[frozenset[str], frozenset[str]],
) -> tuple[DeploymentMove, ...]:
    was = {new: old for old, new in names.items() if new != old}
    options = [{option.label: option for option in side.deployments} for side in (before, after)]
    alone = [(cause, cause.alone(before, after)) for cause in causes]
    lacking = base.without_bill, head.without_bill
    found = dict.fromkeys([*news, *lacking[1], *olds, *lacking[0]])
    return tuple(
        _move(
            name,
            was.get(name, ""),
            (options[0].get(name), options[1].get(name)),
            (olds.get(name), news.get(name)),
            (lacking[0].get(name), lacking[1].get(name)),
            (name in running[0], name in running[1]),
            alone,
        )
        for name in found
    )


def _move(
    name: str,
    was: str,
    options: tuple[Deployment | None, Deployment | None],
    bills: tuple[Billed | None, Billed | None],
    lacking: tuple[Message | None, Message | None],
    running: tuple[bool, bool],
    alone: Sequence[tuple[DiffCause, Scenario]],
) -> DeploymentMove:
    old, new = options
    before, after = bills
    first, second = (None if billed is None else billed.total for billed in bills)
    reasons = tuple(map(_open, bills, lacking))
    move = DeploymentMove(
        name=name,
        was=was,
        kind=str(getattr(new or old, "kind", "")),
        exists=(
            old is not None or lacking[0] is not None,
            new is not None or lacking[1] is not None,
        ),
        running=running,
        totals=(first, second),
        open=(reasons[0], reasons[1]),
    )
    if old is None or new is None or before is None or after is None:
        return move
    changed = [
        (cause, bill_at(side, next(one for one in side.deployments if one.label == name)))
        for cause, side in alone
    ]
    return replace(
        move,
        fields=changed_fields(old, new),
        parts=contributions(
            first, second, {cause.name: (cause.text, billed.total) for cause, billed in changed}
        ),
        lines=line_moves(
            before.bill,
            after.bill,
            {cause.name: (cause.text, _feasible(billed)) for cause, billed in changed},
        )
        if first is not None and second is not None
        else (),
    )


def _feasible(billed: Billed) -> Any:
    return None if billed.total is None else billed.bill


def _open(billed: Billed | None, lacking: Message | None) -> tuple[str, ...]:
    """Return why a deployment has no bill, or why its bill is a floor."""
    if lacking is not None:
        return (lacking,)
    if billed is None:
        return ()
    if billed.total is None:
        return (billed.why,)
    skus = billed.unpriced_skus
    return (*(_("no price of {skus}", skus=sku) for sku in skus), *billed.unchecked)


def _total(moves: Sequence[DeploymentMove]) -> Total:
    """Return the sum of what runs; a deployment without a bill is in neither amount."""
    known = [
        move
        for move in moves
        if not any(
            runs and paid is None for runs, paid in zip(move.running, move.paid, strict=True)
        )
    ]
    sums = [sum(move.paid[i] or 0.0 for move in known if move.running[i]) for i in (0, 1)]
    parts: dict[str, Contribution] = {}
    for part in (part for move in known for part in _parts(move)):
        before = parts.get(part.name)
        parts[part.name] = replace(part, amount=part.amount + (before.amount if before else 0.0))
    lacking = [move.name for move in moves if move not in known]
    first, second = (
        tuple(
            move.name
            for move in moves
            if move.running[i] and (move.open[i] or move.name in lacking)
        )
        for i in (0, 1)
    )
    return Total(sums[0], sums[1], tuple(parts.values()), (first, second))


def _parts(move: DeploymentMove) -> Iterator[Contribution]:
    """Yield what a deployment adds to the difference of the total."""
    before, after = (
        paid if runs else 0.0 for paid, runs in zip(move.paid, move.running, strict=True)
    )
    if all(move.running) and all(move.exists):
        yield from move.parts
    elif after:
        yield Contribution("added", _("added"), after)
    elif before:
        yield Contribution("removed", _("removed"), -before)


def _cheapest(bills: Mapping[str, Billed]) -> str | None:
    return winners_of([one.bill for one in bills.values() if one.bill is not None]).total or None


def _crossings(
    before: Scenario, after: Scenario, causes: Sequence[DiffCause], running: frozenset[str]
) -> tuple[tuple[CrossingMove, ...], tuple[Stretch, ...], str, tuple[Message, ...]]:
    """Return the break-evens that moved, of alternatives: not of two that run side by side."""
    options = [{option.label for option in side.deployments} for side in (before, after)]
    if len(running) > 1 or not causes or min(map(len, options)) < 2:
        return (), (), "", ()
    (was, missing), (now, missing_now) = crossovers_of(before), crossovers_of(after)
    if was is None or now is None:
        return (), (), "", ()
    notes = tuple(
        _("crossovers, without {deployment}, {reason}", deployment=label, reason=why)
        for label in dict.fromkeys([*missing, *missing_now])
        for why in missing_notes(missing.get(label, ""), missing_now.get(label, ""))
    )
    return (
        crossing_moves(was, now, before, after, causes),
        _stretches(was, now, *options),
        now.axis.unit,
        notes,
    )


def _stretches(
    was: Crossovers, now: Crossovers, old: set[str], new: set[str]
) -> tuple[Stretch, ...]:
    """Return the stretches with another cheapest option; none between other alternatives."""
    return cheapest_moves(was, now) if old == new else ()


def _notes(base: Side, head: Side, names: Mapping[str, str]) -> Iterator[Message]:
    yield from dict.fromkeys([*base.notes, *head.notes])
    for old, new in names.items():
        if old != new:
            yield join(": ", [new, _("{name} in the base", name=old)])
    was, now = (side.scenario.book for side in (base, head))
    if was.currency != now.currency:
        yield _(
            "the base is in {before}, and shown in {after} at the rate of {date}",
            before=was.currency,
            after=now.currency,
            date=was.as_of.isoformat(),
        )
