"""View of what a change of prices does to the answers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from kafkatco.core.result import View
from kafkatco.i18n.message import join
from kafkatco.output.views.impact_tables import impact_tables, reasons

if TYPE_CHECKING:
    from kafkatco.planning.plan import Stay
    from kafkatco.price_impact.impact import BillMove, ClaimMove, Impact
    from kafkatco.prices import Change

__all__ = ["IMPACT", "IMPACT_COLUMNS", "impact_rows", "used_price"]

#: One row for each part of each bill's difference.
IMPACT_COLUMNS: Final = (
    "deployment",
    "currency",
    "before",
    "after",
    "percent",
    "cause",
    "text",
    "amount",
)


def impact_dict(impact: Impact) -> dict[str, Any]:
    """Return an impact as plain values; nothing is rounded or left out."""
    return {
        "scenario": impact.scenario,
        "before": dict(impact.before),
        "after": dict(impact.after),
        "currency": impact.currency,
        "nothing_moved": impact.nothing,
        "not_compared": list(impact.not_compared),
        "prices": [used_price(*pair) for pair in impact.prices],
        "bills": [_bill(move) for move in impact.bills],
        "cheapest_now": {"before": impact.winner[0], "after": impact.winner[1]},
        "crossovers": {
            "over": "ingress",
            "unit": impact.unit,
            "moved": [
                {
                    "a": move.a,
                    "b": move.b,
                    "cheaper_below": move.below,
                    "cheaper_above": move.above,
                    "before": move.before,
                    "after": move.after,
                    "cheapest_of_all_changes": move.leads,
                    "because": [
                        {"cause": cause.name, "text": cause.text, "alone": cause.alone}
                        for cause in move.because
                    ],
                    "open": {
                        label: {"before": list(was), "after": list(now)}
                        for label, (was, now) in move.unpriced_skus.items()
                    },
                    "unchecked": {
                        label: {"before": list(was), "after": list(now)}
                        for label, (was, now) in move.unchecked.items()
                    },
                    "text": move.sentence(impact.unit),
                }
                for move in impact.crossings
            ],
            "cheapest": [
                {"from": part.start, "to": part.stop, "before": part.before, "after": part.after}
                for part in impact.cheapest
            ],
        },
        "paths": [
            {
                "growth": path.growth,
                "changed": path.changed,
                "before": {"cost": path.cost_before, "path": _stays(path.before)},
                "after": {"cost": path.cost_after, "path": _stays(path.after)},
            }
            for path in impact.paths
        ],
        "claims": [_claim(move) for move in impact.claims],
        "notes": list(impact.notes),
    }


def used_price(change: Change, names: Sequence[str]) -> dict[str, Any]:
    """Return a changed price behind bills, with the deployments that use it."""
    row = change.after or change.before
    assert row is not None
    return {
        "sku": change.sku,
        "region": change.region,
        "tier_from": f"{row.tier_from:f}",
        "unit": row.unit,
        "currency": row.currency,
        **{
            name: None if side is None or side.price is None else f"{side.price:f}"
            for name, side in (("before", change.before), ("after", change.after))
        },
        "percent": change.percent,
        "source": row.source,
        "used_by": list(names),
    }


def _bill(move: BillMove) -> dict[str, Any]:
    return {
        "deployment": move.deployment,
        "before": move.before,
        "after": move.after,
        "difference": move.difference,
        "percent": move.percent,
        "why_none": dict(zip(("before", "after"), move.why, strict=True)),
        "open": {"before": list(move.unpriced_skus[0]), "after": list(move.unpriced_skus[1])},
        "unchecked": {"before": list(move.unchecked[0]), "after": list(move.unchecked[1])},
        "choices": [{"what": name, "before": was, "after": now} for name, was, now in move.choices],
        "parts": [
            {"cause": part.name, "text": part.text, "amount": part.amount} for part in move.parts
        ],
    }


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


def impact_rows(impact: Impact) -> list[list[Any]]:
    """Return one row for each part of each bill's difference, under ``IMPACT_COLUMNS``.

    An unchanged bill has one row, without a cause; so has a missing bill, with the reason as its
    text.
    """
    rows: list[list[Any]] = []
    for move in impact.bills:
        head = [move.deployment, impact.currency, move.before, move.after, move.percent]
        rows += [[*head, part.name, part.text, part.amount] for part in move.parts]
        if not move.parts:
            rows.append([*head, None, join("; ", reasons(move)), None])
    return rows


IMPACT: Final = View(
    columns=IMPACT_COLUMNS, rows=impact_rows, tables=impact_tables, plain=impact_dict
)
