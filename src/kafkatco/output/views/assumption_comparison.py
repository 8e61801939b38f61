"""View of a workload under several sets of assumptions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

from kafkatco.core.format import floor_notes, money, number, prices_note, trimmed
from kafkatco.core.result import ABOUT, View
from kafkatco.core.table import Table, Tone
from kafkatco.core.vocabulary import word
from kafkatco.i18n.message import Message, _, join, verbatim
from kafkatco.prices.assumption_sets import GROUPS

if TYPE_CHECKING:
    from kafkatco.analysis.assumption_comparison import AssumptionComparison, UnderAssumptions
    from kafkatco.costing.bill import Bill

__all__ = ["ASSUMPTION_COMPARISON"]

COMPARISON_COLUMNS: Final = (
    "deployment",
    "assumptions",
    "total",
    "floor",
    "count",
    "unit",
    "instance",
    "bottleneck",
    "difference",
    "group",
    "amount",
    "sha256",
)


def _size(bill: Bill) -> dict[str, Any]:
    return {
        "count": float(bill.sizing.count),
        "unit": bill.sizing.unit,
        "instance": str(bill.sizing.details.get("instance", "")),
        "bottleneck": bill.sizing.bottleneck or "",
    }


def comparison_rows(comparison: AssumptionComparison) -> list[list[Any]]:
    """Return one row for each deployment, set and part; one without a part if there is none."""
    rows = []
    for one in comparison:
        about = {
            "deployment": one.deployment,
            "assumptions": one.assumptions,
            "total": one.bill.total,
            "floor": bool(one.bill.unpriced_skus),
            "difference": one.difference,
            "sha256": one.bill.prices["sha256"],
            **_size(one.bill),
        }
        parts: list[dict[str, Any]] = [
            {"group": part.group, "amount": part.amount} for part in one.parts
        ]
        for part in parts or [{"group": "", "amount": None}]:
            row = about | part
            rows.append([row[name] for name in COMPARISON_COLUMNS])
    return rows


def comparison_dict(comparison: AssumptionComparison) -> dict[str, Any]:
    """Return ``kafkatco compare --assumptions ... --format json``."""
    prices = comparison[0].bill.prices
    return {
        "prices": {name: prices[name] for name in ABOUT},
        "currency": comparison[0].bill.currency,
        "sets": list(comparison.sets),
        "totals": [
            {
                "deployment": one.deployment,
                "assumptions": one.assumptions,
                "sha256": one.bill.prices["sha256"],
                "total": one.bill.total,
                **_size(one.bill),
                "infeasible": list(one.bill.infeasible),
                "open": list(one.bill.unpriced_skus),
                "difference": one.difference,
                "parts": [
                    {"group": part.group, "assumptions": list(part.names), "amount": part.amount}
                    for part in one.parts
                ],
            }
            for one in comparison
        ],
    }


def comparison_tables(comparison: AssumptionComparison) -> Iterator[Table]:
    """Yield the totals under each set, and what explains the differences from production."""
    by_name: dict[str, list[UnderAssumptions]] = {}
    for one in comparison:
        by_name.setdefault(one.deployment, []).append(one)
    yield _totals(comparison, by_name)
    if len(comparison.sets) > 1:
        yield _explained(comparison, by_name)


def _totals(comparison: AssumptionComparison, by_name: dict[str, list[UnderAssumptions]]) -> Table:
    currency = comparison[0].bill.currency
    rows: list[tuple[str, ...]] = []
    tones: set[tuple[int, int, Tone]] = set()
    for name, bills in by_name.items():
        for at, one in enumerate(bills, 1):
            if one.bill.total is None:
                tones.add((len(rows), at, "refused"))
        rows.append((name, *(_total(one.bill, currency) for one in bills)))
    return Table(
        _("{currency} a month under each set of assumptions", currency=currency),
        (_("deployment"), *map(verbatim, comparison.sets)),
        tuple(rows),
        frozenset(range(1, 1 + len(comparison.sets))),
        (*_notes(comparison), prices_note(comparison[0].bill.prices)),
        frozenset(tones),
    )


def _total(bill: Bill, currency: str) -> Message:
    """Return a total, and beneath it the number of units and their type."""
    if bill.total is None:
        return _("infeasible")
    total = money(bill.total, currency) + ("+" if bill.unpriced_skus else "")
    size = _size(bill)
    kind = size["instance"] or word(size["unit"])
    return join("\n", [total, join(" x ", [number(size["count"]), kind])])


def _notes(comparison: AssumptionComparison) -> Iterator[Message]:
    """Yield why a deployment is infeasible, or its total a floor; each once."""
    reasons: dict[str, dict[str, None]] = {}
    floors: dict[str, tuple[str, ...]] = {}
    for one in comparison:
        reasons.setdefault(one.deployment, {}).update(dict.fromkeys(one.bill.infeasible))
        if one.bill.unpriced_skus:
            floors[f"+ {one.deployment}"] = one.bill.unpriced_skus
    for name, texts in reasons.items():
        if texts:
            why = _("cannot handle the load: {reasons}", reasons=join("; ", list(texts)))
            yield join(": ", [name, why])
    yield from floor_notes(floors)


def _explained(
    comparison: AssumptionComparison, by_name: dict[str, list[UnderAssumptions]]
) -> Table:
    """Return the difference of each set from production, by group of assumptions."""
    base, *others = comparison.sets
    currency = comparison[0].bill.currency
    rows: list[tuple[str, ...]] = []
    tones: set[tuple[int, int, Tone]] = set()
    for name, bills in by_name.items():
        amounts = [{part.group: part.amount for part in one.parts} for one in bills[1:]]
        for group, text in GROUPS.items():
            if any(group in parts for parts in amounts):
                cells = (_signed(parts.get(group), currency) for parts in amounts)
                rows.append((name, text, *cells))
        tones |= {(len(rows), at, "total") for at in range(2 + len(others))}
        cells = (_signed(one.difference, currency) for one in bills[1:])
        rows.append((name, _("difference"), *cells))
    unknown = any(one.difference and not one.parts for one in comparison)
    infeasible = _("no parts: the deployment cannot handle the load under a mixture of the two")
    return Table(
        _(
            "what explains the difference from {name}, {currency} a month",
            name=base,
            currency=currency,
        ),
        (_("deployment"), _("assumptions"), *map(verbatim, others)),
        tuple(rows),
        frozenset(range(2, 2 + len(others))),
        (
            *((infeasible,) if unknown else ()),
            _("parts are Shapley values: averages over all orders of switching the groups"),
        ),
        frozenset(tones),
    )


def _signed(amount: float | None, currency: str) -> str:
    if amount is None:
        return "-"
    if not trimmed(amount):
        return money(0.0, currency)
    return f"{'-' if amount < 0 else '+'}{money(trimmed(abs(amount)), currency)}"


ASSUMPTION_COMPARISON: Final = View(
    columns=COMPARISON_COLUMNS,
    rows=comparison_rows,
    tables=comparison_tables,
    plain=comparison_dict,
)
