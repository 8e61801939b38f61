"""How a placement is shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from kafkatco.core.format import floor_notes, money, prices_note
from kafkatco.core.result import View
from kafkatco.core.table import Table

if TYPE_CHECKING:
    from kafkatco.analysis.placement import Placement

__all__ = ["PLACEMENT"]

PLACEMENT_COLUMNS: Final = ("part", "deployment", "cost", "currency")


def placement_dict(found: Placement) -> dict[str, Any]:
    """Return ``kafkatco place --format json``; what cannot serve is null."""
    infinite = float("inf")
    return {
        "currency": found.currency,
        "prices": dict(found.prices),
        "open": {name: list(skus) for name, skus in found.unpriced_skus.items()},
        "total": found.total,
        "saving": found.saving,
        "parts": [
            {"name": name, "deployment": where, "cost": found.apart[name]}
            for name, where in found.assigned.items()
        ],
        "shared": dict(found.shared),
        "together": {
            name: None if cost == infinite else cost for name, cost in found.together.items()
        },
    }


def placement_rows(found: Placement) -> list[list[Any]]:
    """Return one row for each part, under ``PLACEMENT_COLUMNS``, and one for what is shared."""
    rows: list[list[Any]] = [
        [name, where, found.apart[name], found.currency] for name, where in found.assigned.items()
    ]
    return rows + [["shared", name, cost, found.currency] for name, cost in found.shared.items()]


def placement_table(found: Placement) -> Table:
    """Return where each part is, what is shared, and what all in one place would cost."""
    rows = [
        (str(part), str(where), money(cost, found.currency))
        for part, where, cost, _ in placement_rows(found)
    ]
    rows.append(("in all", "", money(found.total, found.currency)))
    for name, cost in found.together.items():
        text = "cannot serve" if cost == float("inf") else money(cost, found.currency)
        rows.append(("all of it", name, text))
    saving = found.saving
    note = "no single deployment serves all" if saving is None else f"splitting saves {saving:.1%}"
    return Table(
        f"Least cost of the parts together, {found.currency} a month",
        ("part", "deployment", found.currency),
        tuple(rows),
        frozenset({2}),
        (note, *floor_notes(found.unpriced_skus), prices_note(found.prices)),
    )


PLACEMENT: Final = View(
    columns=PLACEMENT_COLUMNS,
    rows=placement_rows,
    tables=lambda found: [placement_table(found)],
    plain=placement_dict,
)
