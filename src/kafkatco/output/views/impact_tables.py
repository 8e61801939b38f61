"""Tables of what a change of prices does to the answers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import zip_longest
from typing import TYPE_CHECKING, Any, Final, Protocol

from kafkatco.core.format import floor_notes, money, number, prices_note
from kafkatco.core.table import Table
from kafkatco.core.vocabulary import word
from kafkatco.i18n.message import Message, _, join, ngettext, verbatim
from kafkatco.output.views.bill import detail_name, detail_text
from kafkatco.output.views.claims import list_prices
from kafkatco.output.views.plan import path_text
from kafkatco.output.views.prices import amount, few, percent_text, price_unit

if TYPE_CHECKING:
    from kafkatco.price_impact.impact import BillMove, ClaimMove, Impact, Stretch
    from kafkatco.prices.changes import Change

__all__ = ["crossings_tables", "impact_tables", "prices_table", "reasons"]

#: The most rows of a table; a note counts the others.
MOST_ROWS: Final = 20
#: Stands for the cheapest if every option is infeasible or is a floor.
NONE: Final = _("none that is feasible and whose cost is known")

#: The template of clauses joined by a semicolon.
_JOINED: Final = re.compile(r"\{part0\}(; \{part\d+\})+")


class Moved(Protocol):
    """Break-evens that moved over traffic, in a unit."""

    @property
    def scenario(self) -> str:
        """The name of the scenario."""

    @property
    def unit(self) -> str:
        """The unit of the traffic."""

    @property
    def cheapest(self) -> Sequence[Stretch]:
        """The stretches with another cheapest option."""

    def sentences(self) -> tuple[str, ...]:
        """Return a sentence for each break-even."""


def impact_tables(impact: Impact) -> Iterator[Table]:
    """Yield tables of the prices, bills, crossovers, paths and claims that changed."""
    notes = (
        _("before: {prices}", prices=prices_note(impact.before)),
        _("after: {prices}", prices=prices_note(impact.after)),
    )
    if impact.nothing:
        missing = (
            (join(": ", [bill.deployment, join("; ", reasons(bill))]),)
            for bill in impact.bills
            if bill.difference is None
        )
        yield Table(
            _("{scenario}: what changed", scenario=impact.scenario),
            (verbatim(""),),
            ((_unchanged(impact),), *missing),
            notes=(*map(verbatim, impact.notes), *notes),
        )
        return
    if impact.prices:
        yield prices_table(impact.scenario, impact.prices)
    yield _bills_table(impact, notes)
    yield from crossings_tables(impact)
    if impact.paths:
        yield _paths_table(impact)
    if impact.claims:
        yield _claims_table(impact.claims)


def reasons(move: BillMove) -> list[str]:
    """Return why a bill is missing, before or after; once if both have the same reason."""
    from kafkatco.price_impact.bills import missing_notes

    return missing_notes(*move.why)


def _unchanged(impact: Impact) -> Message:
    """Return that nothing changed, with the number of deployments that were not compared."""
    missing, count = len(impact.not_compared), len(impact.bills)
    if not missing:
        return _("nothing changed: every answer is the same")
    if missing == count:
        return _("could not compare: no deployment has a bill in both books")
    return _(
        "nothing changed where both books have a bill; could not compare {missing} of {count} "
        "deployments",
        missing=missing,
        count=count,
    )


def prices_table(scenario: str, prices: Sequence[tuple[Change, tuple[str, ...]]]) -> Table:
    """Return the table of changed prices, each with the deployments that use it."""
    rows = []
    for change, names in prices:
        row = change.after or change.before
        assert row is not None
        rows.append(
            (
                change.sku,
                change.region,
                price_unit(row),
                amount(change.before),
                amount(change.after),
                percent_text(change.percent),
                few(names),
            )
        )
    table = Table(
        _("{scenario}: changed prices behind its bills", scenario=scenario),
        (
            verbatim("sku"),
            _("region"),
            _("unit"),
            _("before"),
            _("after"),
            _("change"),
            _("used by"),
        ),
        tuple(rows),
        frozenset({3, 4, 5}),
    )
    return table.first(MOST_ROWS)


def _bills_table(impact: Impact, notes: Sequence[Message]) -> Table:
    currency = impact.currency
    rows = []
    for move in impact.bills:
        totals = [
            _("none") if total is None else money(total, currency) + ("+" if missing else "")
            for total, missing in zip((move.before, move.after), move.floors, strict=True)
        ]
        percent = "" if move.difference is None else f"{move.percent or 0:+,.2f} %"
        causes: list[str] = [
            join(": ", [part.text, _signed(part.amount, currency)]) for part in _greatest(move)
        ]
        causes += [
            _(
                "{name} {before} -> {after}",
                name=detail_name(name),
                before=detail_text(was),
                after=detail_text(now),
            )
            for name, was, now in move.choices
        ]
        rows.append((move.deployment, *totals, percent, join("; ", [*reasons(move), *causes])))
    was, now = (name or NONE for name in impact.winner)
    cheapest = (
        _("cheapest: {name}, as before", name=now)
        if was == now
        else _("cheapest: {before} -> {after}", before=was, after=now)
    )
    floors = floor_notes(
        {
            f"+ {move.deployment}": tuple(
                dict.fromkeys((*move.unpriced_skus[0], *move.unpriced_skus[1]))
            )
            for move in impact.bills
            if any(move.unpriced_skus)
        },
        {
            f"+ {move.deployment}": tuple(dict.fromkeys((*move.unchecked[0], *move.unchecked[1])))
            for move in impact.bills
            if any(move.unchecked)
        },
    )
    return Table(
        _("{scenario}: bills, {currency} a month", scenario=impact.scenario, currency=currency),
        (_("deployment"), _("before"), _("after"), _("change"), _("because")),
        tuple(rows),
        frozenset({1, 2, 3}),
        (cheapest, *floors, *map(verbatim, impact.notes), *notes),
    )


def _greatest(move: BillMove, most: int = 3) -> list[Any]:
    """Return the largest parts of a bill's difference, and the others as one, so that all sum."""
    from kafkatco.price_impact.impact import Contribution

    parts = sorted(move.parts, key=lambda part: -abs(part.amount))
    if len(parts) <= most + 1:
        return parts
    rest = parts[most:]
    text = ngettext("{n} other", "{n} others", len(rest))
    return [*parts[:most], Contribution("others", text, sum(part.amount for part in rest))]


def crossings_tables(impact: Moved) -> Iterator[Table]:
    """Yield the tables of break-evens that moved, and of stretches with another cheapest."""
    sentences = [(text,) for text in impact.sentences()]
    if sentences:
        title = _(
            "{scenario}: break-evens over ingress that changed ({count})",
            scenario=impact.scenario,
            count=len(sentences),
        )
        columns = (_("first those where the cheapest option changes"),)
        yield Table(title, columns, tuple(sentences)).first(MOST_ROWS)
    if impact.cheapest:
        yield Table(
            _(
                "{scenario}: stretches with another cheapest option, over ingress [{unit}]",
                scenario=impact.scenario,
                unit=word(impact.unit),
            ),
            (_("from"), _("to"), _("before"), _("after")),
            tuple(
                (number(part.start), number(part.stop), part.before or NONE, part.after or NONE)
                for part in impact.cheapest
            ),
            frozenset({0, 1}),
        )


def _paths_table(impact: Impact) -> Table:
    rows = []
    for path in impact.paths:
        old, new = path.cost_before, path.cost_after
        costs = (money(cost, impact.currency) for cost in (old, new))
        percent = percent_text(100 * (new / old - 1) if old and new else None)
        after = path_text(path.after) if path.changed else _("the same")
        rows.append((word(path.growth), path_text(path.before), after, *costs, percent))
    return Table(
        _(
            "{scenario}: least-cost path of each growth, {currency}",
            scenario=impact.scenario,
            currency=impact.currency,
        ),
        (
            _("growth"),
            _("months before"),
            _("months after"),
            _("cost before"),
            _("cost after"),
            _("change"),
        ),
        tuple(rows),
        frozenset({3, 4, 5}),
    )


def _claims_table(moves: Iterable[ClaimMove]) -> Table:
    rows: list[tuple[str, str, str, str]] = []
    count = 0
    for move in sorted(moves, key=lambda move: not move.verdict_changed):
        if move.verdict_changed:
            count += 1
            verdicts = word(move.before.verdict), word(move.after.verdict)
            rows.append((move.before.stated, _("verdict"), *verdicts))
        rows += [
            ("" if move.verdict_changed else move.before.stated, list_prices(region), was, now)
            for region, texts in move.listed.items()
            for was, now in [_differing(*texts)]
        ]
    return Table(
        ngettext(
            "the article's claims: {n} verdict changed",
            "the article's claims: {n} verdicts changed",
            count,
        ),
        (_("claim"), verbatim(""), _("before"), _("after")),
        tuple(rows),
    )


def _differing(was: str, now: str) -> tuple[str, str]:
    """Return the clauses of two texts that differ."""
    pairs = list(zip_longest(_clauses(was), _clauses(now), fillvalue=""))
    left, right = zip(*(pair for pair in pairs if pair[0] != pair[1]), strict=True)
    return join("; ", filter(None, left)), join("; ", filter(None, right))


def _clauses(text: str) -> list[str]:
    """Return the clauses of a text, which are messages if the text is a joined message."""
    if not isinstance(text, Message):
        return text.split("; ")
    return list(text.arguments.values()) if _JOINED.fullmatch(text.template) else [text]


def _signed(value: float, currency: str) -> str:
    return f"{'-' if value < 0 else '+'}{money(abs(value), currency)}"
