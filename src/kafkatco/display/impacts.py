"""What a change of prices does to the answers, for people and for programs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import zip_longest
from typing import TYPE_CHECKING, Any, Final

from kafkatco.display.plans import path_text
from kafkatco.display.prices import amount
from kafkatco.tables import Table, floor_notes, money, number, prices_note

if TYPE_CHECKING:
    from kafkatco.impacts import BillMove, ClaimMove, Impact
    from kafkatco.prices import Change
    from kafkatco.strategy import Stay

#: One row for each part of each bill's difference.
IMPACT_COLUMNS: Final = (
    "deployment", "currency", "before", "after", "percent", "cause", "text", "amount",
)  # fmt: skip
#: A table for people has so many rows at most, and says how many it leaves out.
MOST_ROWS: Final = 20


def impact_dict(found: Impact) -> dict[str, Any]:
    """Return an impact as plain values; nothing is rounded or left out."""
    return {
        "scenario": found.scenario,
        "before": dict(found.before),
        "after": dict(found.after),
        "currency": found.currency,
        "nothing_moved": found.nothing,
        "prices": [
            {**_change(change), "used_by": list(names)} for change, names in found.prices
        ],
        "bills": [_bill(move) for move in found.bills],
        "cheapest_now": {"before": found.winner[0], "after": found.winner[1]},
        "crossovers": {
            "over": "ingress",
            "unit": found.unit,
            "moved": [
                {
                    "a": move.a, "b": move.b, "cheaper_below": move.below,
                    "cheaper_above": move.above, "before": move.before, "after": move.after,
                    "cheapest_of_all_changes": move.leads,
                    "because": [
                        {"cause": cause.name, "text": cause.text, "alone": cause.alone}
                        for cause in move.because
                    ],
                    "text": move.sentence(found.unit),
                }
                for move in found.crossings
            ],
            "cheapest": [
                {"from": part.start, "to": part.stop, "before": part.before, "after": part.after}
                for part in found.cheapest
            ],
        },
        "paths": [
            {
                "growth": path.growth,
                "changed": path.changed,
                "before": {"cost": path.cost_before, "path": _stays(path.before)},
                "after": {"cost": path.cost_after, "path": _stays(path.after)},
            }
            for path in found.paths
        ],
        "claims": [_claim(move) for move in found.claims],
        "notes": list(found.notes),
    }  # fmt: skip


def _change(change: Change) -> dict[str, Any]:
    row = change.after or change.before
    assert row is not None
    return {
        "sku": change.sku, "region": change.region, "tier_from": f"{row.tier_from:f}",
        "unit": row.unit, "currency": row.currency,
        **{
            name: None if side is None or side.price is None else f"{side.price:f}"
            for name, side in (("before", change.before), ("after", change.after))
        },
        "percent": change.percent, "source": row.source,
    }  # fmt: skip


def _bill(move: BillMove) -> dict[str, Any]:
    return {
        "deployment": move.deployment, "before": move.before, "after": move.after,
        "difference": move.difference, "percent": move.percent,
        "why_none": dict(zip(("before", "after"), move.why, strict=True)),
        "open": {"before": list(move.open[0]), "after": list(move.open[1])},
        "choices": [
            {"what": what, "before": was, "after": now} for what, was, now in move.choices
        ],
        "parts": [
            {"cause": part.name, "text": part.text, "amount": part.amount} for part in move.parts
        ],
    }  # fmt: skip


def _stays(stays: Sequence[Stay]) -> list[dict[str, Any]]:
    return [{"deployment": stay.deployment, "from": stay.first, "to": stay.last} for stay in stays]


def _claim(move: ClaimMove) -> dict[str, Any]:
    return {
        "claim": move.before.key,
        "stated": move.before.stated,
        "verdict": {"before": move.before.verdict, "after": move.after.verdict},
        "listed": {
            region: {"before": was, "after": now} for region, (was, now) in move.listed.items()
        },
    }


def impact_rows(found: Impact) -> list[list[Any]]:
    """Return one row for each part of each bill's difference, under ``IMPACT_COLUMNS``.

    A bill that does not move has one row, without a cause; so has one that is not there, with
    why as its text.
    """
    rows: list[list[Any]] = []
    for move in found.bills:
        head = [move.deployment, found.currency, move.before, move.after, move.percent]
        rows += [[*head, part.name, part.text, part.amount] for part in move.parts]
        if not move.parts:
            rows.append([*head, None, "; ".join(_why(move)), None])
    return rows


def impact_tables(found: Impact) -> Iterator[Table]:
    """Yield the tables: prices, bills, crossovers, paths and claims, of what moved."""
    notes = (f"before: {prices_note(found.before)}", f"after: {prices_note(found.after)}")
    if found.nothing:
        yield Table(
            f"{found.scenario}: what moved", ("",), (("nothing moved: every answer is as it was",),),
            notes=(*found.notes, *notes),
        )  # fmt: skip
        return
    yield _prices_table(found)
    yield _bills_table(found, notes)
    yield from _crossings_tables(found)
    if found.paths:
        yield _paths_table(found)
    if found.claims:
        yield _claims_table(found.claims)


def _prices_table(found: Impact) -> Table:
    rows = []
    for change, names in found.prices:
        row = change.after or change.before
        assert row is not None
        percent = "-" if change.percent is None else f"{change.percent:+,.2f} %"
        tier = f" from {number(float(row.tier_from))}" if row.tier_from else ""
        unit = f"{row.currency} per {row.unit}{tier}"
        used = ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
        rows.append((change.sku, change.region, unit, amount(change.before), amount(change.after),
                     percent, used))  # fmt: skip
    kept, left = _first(rows)
    return Table(
        f"{found.scenario}: the prices behind its bills that moved",
        ("sku", "region", "unit", "before", "after", "change", "used by"),
        kept, frozenset({3, 4, 5}), left,
    )  # fmt: skip


def _bills_table(found: Impact, notes: Sequence[str]) -> Table:
    currency = found.currency
    rows = []
    for move in found.bills:
        totals = [
            money(total, currency) + ("+" if missing else "") if total is not None else "none"
            for total, missing in zip((move.before, move.after), move.open, strict=True)
        ]
        percent = "" if move.difference is None else f"{move.percent or 0:+,.2f} %"
        why = [f"{part.text}: {_signed(part.amount, currency)}" for part in _greatest(move)]
        why += [f"{what} {was} -> {now}" for what, was, now in move.choices]
        rows.append((move.deployment, *totals, percent, "; ".join([*_why(move), *why])))
    was, now = found.winner
    same = f"the cheapest is {now}, as before" if was == now else f"the cheapest: {was} -> {now}"
    floors = floor_notes({
        f"+ {move.deployment}": tuple(dict.fromkeys((*move.open[0], *move.open[1])))
        for move in found.bills if any(move.open)
    })  # fmt: skip
    return Table(
        f"{found.scenario}: bills, {currency} a month",
        ("deployment", "before", "after", "change", "because"),
        tuple(rows), frozenset({1, 2, 3}), (same, *floors, *found.notes, *notes),
    )  # fmt: skip


def _greatest(move: BillMove, most: int = 3) -> list[Any]:
    """Return the parts that move a bill most, and the rest as one, so that they still sum."""
    from kafkatco.impacts import Part

    parts = sorted(move.parts, key=lambda part: -abs(part.amount))
    if len(parts) <= most + 1:
        return parts
    rest = parts[most:]
    return [*parts[:most], Part("others", f"{len(rest)} others", sum(p.amount for p in rest))]


def _why(move: BillMove) -> list[str]:
    return [
        f"{when}: {why}" for when, why in zip(("before", "after"), move.why, strict=True) if why
    ]


def _crossings_tables(found: Impact) -> Iterator[Table]:
    sentences = [(text,) for text in found.sentences()]
    if sentences:
        kept, left = _first(sentences)
        title = f"{found.scenario}: the break-evens over ingress that moved ({len(sentences)})"
        yield Table(title, ("those at which the cheapest of all changes come first",), kept,
                    notes=left)  # fmt: skip
    if found.cheapest:
        yield Table(
            f"{found.scenario}: where another is cheapest, over ingress [{found.unit}]",
            ("from", "to", "before", "after"),
            tuple(
                (number(part.start), number(part.stop), part.before or "none can serve",
                 part.after or "none can serve")
                for part in found.cheapest
            ),
            frozenset({0, 1}),
        )  # fmt: skip


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
        tuple(rows), frozenset({3, 4, 5}),
    )  # fmt: skip


def _claims_table(moves: Iterable[ClaimMove]) -> Table:
    rows: list[tuple[str, str, str, str]] = []
    for move in sorted(moves, key=lambda move: not move.verdict_changed):
        if move.verdict_changed:
            rows.append((move.before.stated, "VERDICT", move.before.verdict, move.after.verdict))
        rows += [
            ("" if move.verdict_changed else move.before.stated, f"list, {region}", was, now)
            for region, texts in move.listed.items()
            for was, now in [_differing(*texts)]
        ]  # fmt: skip
    count = sum(row[1] == "VERDICT" for row in rows)
    return Table(
        f"the article's claims: {count} verdicts moved",
        ("the article says", "", "before", "after"), tuple(rows),
    )  # fmt: skip


def _differing(was: str, now: str) -> tuple[str, str]:
    """Return the clauses of two texts that differ."""
    pairs = list(zip_longest(was.split("; "), now.split("; "), fillvalue=""))
    left, right = zip(*(pair for pair in pairs if pair[0] != pair[1]), strict=True)
    return "; ".join(filter(None, left)), "; ".join(filter(None, right))


def _signed(value: float, currency: str) -> str:
    return f"{'-' if value < 0 else '+'}{money(abs(value), currency)}"


def _first(rows: Sequence[tuple[str, ...]]) -> tuple[tuple[tuple[str, ...], ...], tuple[str, ...]]:
    left = len(rows) - MOST_ROWS
    notes = (f"and {left} more, listed by --format json",) if left > 0 else ()
    return tuple(rows[:MOST_ROWS]), notes
