"""What a recommendation shows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from kafkatco.analysis.recommend import SOURCE
from kafkatco.core.format import money, number, prices_note
from kafkatco.core.result import View
from kafkatco.core.table import Table

if TYPE_CHECKING:
    from kafkatco.analysis.recommend import Recommendation

__all__ = ["RECOMMENDATION"]

RECOMMENDATION_COLUMNS: Final = (
    "option",
    "family",
    "taken",
    "cost",
    "currency",
    "people",
    "ruled_out",
    "for",
    "against",
)


def recommendation_dict(found: Recommendation) -> dict[str, Any]:
    """Return ``kafkatco recommend --format json``."""
    return {
        "verdict": found.verdict,
        "winners": list(found.winners),
        "margin": found.margin,
        "currency": found.currency,
        "guidance": SOURCE,
        "options": [
            {
                "name": item.name,
                "family": item.family,
                "cost": item.cost,
                "people": item.people,
                "ruled_out": list(item.ruled_out),
                "for": list(item.pros),
                "against": list(item.cons),
                "not_modelled": list(item.not_modelled),
            }
            for item in found.options
        ],
    }


def recommendation_rows(found: Recommendation) -> list[list[Any]]:
    """Return one row for each option, under ``RECOMMENDATION_COLUMNS``."""
    return [
        [
            item.name,
            item.family,
            item.name in found.winners,
            item.cost,
            found.currency,
            item.people,
            "; ".join(item.ruled_out),
            "; ".join(item.pros),
            "; ".join(item.cons),
        ]
        for item in found.options
    ]


def recommendation_table(found: Recommendation) -> Table:
    """Return the options in order, with what speaks for and against each."""
    rows = []
    for item in found.options:
        reasons = [f"ruled out: {reason}" for reason in item.ruled_out]
        reasons += [f"+ {reason}" for reason in item.pros]
        reasons += [f"- {reason}" for reason in item.cons]
        unknown = (what for what in item.not_modelled if what.startswith("whether"))
        reasons += [f"? not checked: {what}" for what in unknown]
        rows.append(
            (
                item.name,
                money(item.cost, found.currency) if not item.ruled_out else "",
                "-" if item.people is None else number(item.people),
                "\n".join(reasons),
            )
        )
    return Table(
        found.verdict,
        ("option", f"{found.currency} a month", "people", "reasons"),
        tuple(rows),
        frozenset({1, 2}),
        (
            "for (+) and against (-) are the article's; costs, people and rulings are computed",
            prices_note(found.prices),
        ),
        frozenset(
            (i, 0, "best" if item.name in found.winners else "refused")
            for i, item in enumerate(found.options)
            if item.name in found.winners or item.ruled_out
        ),
    )


RECOMMENDATION: Final = View(
    columns=RECOMMENDATION_COLUMNS,
    rows=recommendation_rows,
    tables=lambda found: [recommendation_table(found)],
    plain=recommendation_dict,
)
