"""View of a placement."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from kafkatco.core.format import floor_notes, money, prices_note
from kafkatco.core.result import View
from kafkatco.core.table import Table
from kafkatco.i18n.message import _, verbatim

if TYPE_CHECKING:
    from kafkatco.analysis.placement import Placement

__all__ = ["PLACEMENT"]

PLACEMENT_COLUMNS: Final = ("part", "deployment", "cost", "currency")


def placement_dict(placement: Placement) -> dict[str, Any]:
    """Return ``kafkatco place --format json``; the cost of an infeasible deployment is null."""
    infinite = float("inf")
    return {
        "currency": placement.currency,
        "prices": dict(placement.prices),
        "open": {name: list(skus) for name, skus in placement.unpriced_skus.items()},
        "total": placement.total,
        "saving": placement.saving,
        "parts": [
            {"name": name, "deployment": where, "cost": placement.apart[name]}
            for name, where in placement.assigned.items()
        ],
        "shared": dict(placement.shared),
        "together": {
            name: None if cost == infinite else cost for name, cost in placement.together.items()
        },
    }


def placement_rows(placement: Placement) -> list[list[Any]]:
    """Return one row for each part, under ``PLACEMENT_COLUMNS``, and one for each shared cost."""
    rows: list[list[Any]] = [
        [name, where, placement.apart[name], placement.currency]
        for name, where in placement.assigned.items()
    ]
    return rows + [
        ["shared", name, cost, placement.currency] for name, cost in placement.shared.items()
    ]


def placement_table(placement: Placement) -> Table:
    """Return the deployment of each part, the shared costs, and all parts in one deployment."""
    currency = placement.currency
    rows: list[tuple[str, ...]] = [
        (part, where, money(placement.apart[part], currency))
        for part, where in placement.assigned.items()
    ]
    rows += [(_("shared"), name, money(cost, currency)) for name, cost in placement.shared.items()]
    rows.append((_("total"), "", money(placement.total, currency)))
    for name, cost in placement.together.items():
        text = _("infeasible") if cost == float("inf") else money(cost, currency)
        rows.append((_("all parts"), name, text))
    saving = placement.saving
    note = (
        _("no single deployment can handle all parts")
        if saving is None
        else _("splitting saves {saving:.1%}", saving=saving)
    )
    return Table(
        _("Least cost of all parts, {currency} a month", currency=currency),
        (_("part"), _("deployment"), verbatim(currency)),
        tuple(rows),
        frozenset({2}),
        (note, *floor_notes(placement.unpriced_skus), prices_note(placement.prices)),
    )


PLACEMENT: Final = View(
    columns=PLACEMENT_COLUMNS,
    rows=placement_rows,
    tables=lambda placement: [placement_table(placement)],
    plain=placement_dict,
)
