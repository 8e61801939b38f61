"""What a change of prices does to the answers, as tables for people."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import zip_longest
from typing import TYPE_CHECKING, Any, Final

from kafkatco.core.format import floor_notes, money, number, prices_note
from kafkatco.core.table import Table
from kafkatco.output.views.plan import path_text
from kafkatco.output.views.prices import amount

if TYPE_CHECKING:
    from kafkatco.price_impact.impact import BillMove, ClaimMove, Impact

__all__ = ["impact_tables", "reasons"]

#: A table for people has so many rows at most, and says how many it leaves out.
MOST_ROWS: Final = 20
#: What stands for the cheapest where each option cannot serve or lacks a price.
NONE: Final = "none that can serve and has every price"


def impact_tables(found: Impact) -> Iterator[Table]:
    """Yield the tables: prices, bills, crossovers, paths and claims, of what moved."""
    notes = (f"before: {prices_note(found.before)}", f"after: {prices_note(found.after)}")
    if found.nothing:
        lacking = (
            (f"{bill.deployment}: {'; '.join(reasons(bill))}",)
            for bill in found.bills
            if bill.difference is None
        )
        yield Table(
            f"{found.scenario}: what moved",
            ("",),
            ((_still(found),), *lacking),
            notes=(*found.notes, *notes),
        )
        return
    if found.prices:
        yield _prices_table(found)
    yield _bills_table(found, notes)
    yield from _crossings_tables(found)
    if found.paths:
        yield _paths_table(found)
    if found.claims:
        yield _claims_table(found.claims)


def reasons(move: BillMove) -> list[str]:
    """Say why a bill is not there, before or after; once, where that is the same."""
    from kafkatco.price_impact.bills import missing_notes

    return missing_notes(*move.why)


def _still(found: Impact) -> str:
    """Say that nothing moved, and of how many deployments that is not known."""
    missing, count = len(found.not_compared), len(found.bills)
    if not missing:
        return "nothing moved: every answer is as it was"
    if missing == count:
        return "no answer could be compared: no deployment can be billed in both books"
    return f"nothing moved of what could be compared: {missing} of {count} deployments could not"


def _prices_table(found: Impact) -> Table:
    rows = []
    for change, names in found.prices:
        row = change.after or change.before
        assert row is not None
        percent = "-" if change.percent is None else f"{change.percent:+,.2f} %"
        tier = f" from {number(float(row.tier_from))}" if row.tier_from else ""
        unit = f"{row.currency} per {row.unit}{tier}"
        used = ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
        rows.append(
            (
                change.sku,
                change.region,
                unit,
                amount(change.before),
                amount(change.after),
                percent,
                used,
            )
        )
    table = Table(
        f"{found.scenario}: the prices behind its bills that moved",
        ("sku", "region", "unit", "before", "after", "change", "used by"),
        tuple(rows),
        frozenset({3, 4, 5}),
    )
    return table.first(MOST_ROWS)


def _bills_table(found: Impact, notes: Sequence[str]) -> Table:
    currency = found.currency
    rows = []
    for move in found.bills:
        totals = [
            money(total, currency) + ("+" if missing else "") if total is not None else "none"
            for total, missing in zip((move.before, move.after), move.unpriced_skus, strict=True)
        ]
        percent = "" if move.difference is None else f"{move.percent or 0:+,.2f} %"
        why = [f"{part.text}: {_signed(part.amount, currency)}" for part in _greatest(move)]
        why += [f"{what} {was} -> {now}" for what, was, now in move.choices]
        rows.append((move.deployment, *totals, percent, "; ".join([*reasons(move), *why])))
    was, now = found.winner
    cheapest = f"{now or NONE}, as before" if was == now else f"{was or NONE} -> {now or NONE}"
    floors = floor_notes(
        {
            f"+ {move.deployment}": tuple(
                dict.fromkeys((*move.unpriced_skus[0], *move.unpriced_skus[1]))
            )
            for move in found.bills
            if any(move.unpriced_skus)
        }
    )
    return Table(
        f"{found.scenario}: bills, {currency} a month",
        ("deployment", "before", "after", "change", "because"),
        tuple(rows),
        frozenset({1, 2, 3}),
        (f"the cheapest: {cheapest}", *floors, *found.notes, *notes),
    )


def _greatest(move: BillMove, most: int = 3) -> list[Any]:
    """Return the parts that move a bill most, and the rest as one, so that they still sum."""
    from kafkatco.price_impact.impact import Contribution

    parts = sorted(move.parts, key=lambda part: -abs(part.amount))
    if len(parts) <= most + 1:
        return parts
    rest = parts[most:]
    return [
        *parts[:most],
        Contribution("others", f"{len(rest)} others", sum(p.amount for p in rest)),
    ]


def _crossings_tables(found: Impact) -> Iterator[Table]:
    sentences = [(text,) for text in found.sentences()]
    if sentences:
        title = f"{found.scenario}: the break-evens over ingress that moved ({len(sentences)})"
        columns = ("those at which the cheapest of all changes come first",)
        yield Table(title, columns, tuple(sentences)).first(MOST_ROWS)
    if found.cheapest:
        yield Table(
            f"{found.scenario}: where another is cheapest, over ingress [{found.unit}]",
            ("from", "to", "before", "after"),
            tuple(
                (number(part.start), number(part.stop), part.before or NONE, part.after or NONE)
                for part in found.cheapest
            ),
            frozenset({0, 1}),
        )


def _paths_table(found: Impact) -> Table:
    rows = []
    for path in found.paths:
        costs = [path.cost_before, path.cost_after]
        texts = [money(cost, found.currency) for cost in costs]
        old, new = costs
        percent = f"{100 * (new / old - 1):+,.2f} %" if old and new else "-"
        after = path_text(path.after) if path.changed else "the same"
        rows.append((path.growth, path_text(path.before), after, *texts, percent))
    return Table(
        f"{found.scenario}: the least-cost path of each growth, {found.currency}",
        ("growth", "months before", "months after", "cost before", "cost after", "change"),
        tuple(rows),
        frozenset({3, 4, 5}),
    )


def _claims_table(moves: Iterable[ClaimMove]) -> Table:
    rows: list[tuple[str, str, str, str]] = []
    for move in sorted(moves, key=lambda move: not move.verdict_changed):
        if move.verdict_changed:
            rows.append((move.before.stated, "VERDICT", move.before.verdict, move.after.verdict))
        rows += [
            ("" if move.verdict_changed else move.before.stated, f"list, {region}", was, now)
            for region, texts in move.listed.items()
            for was, now in [_differing(*texts)]
        ]
    count = sum(row[1] == "VERDICT" for row in rows)
    return Table(
        f"the article's claims: {count} verdicts moved",
        ("the article says", "", "before", "after"),
        tuple(rows),
    )


def _differing(was: str, now: str) -> tuple[str, str]:
    """Return the clauses of two texts that differ."""
    pairs = list(zip_longest(was.split("; "), now.split("; "), fillvalue=""))
    left, right = zip(*(pair for pair in pairs if pair[0] != pair[1]), strict=True)
    return "; ".join(filter(None, left)), "; ".join(filter(None, right))


def _signed(value: float, currency: str) -> str:
    return f"{'-' if value < 0 else '+'}{money(abs(value), currency)}"
