"""View of a placement."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

from kafkatco.core.format import floor_notes, floors_json, may_cost_less, money, prices_note
from kafkatco.core.result import View
from kafkatco.core.table import Table
from kafkatco.i18n.message import Message, _, verbatim

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
        **floors_json(placement.unpriced_skus, placement.unchecked),
        "undercut": {"names": list(placement.undercut), "least": placement.least},
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
        floor = "+" if name in placement.floors else ""
        text = _("infeasible") if cost == float("inf") else money(cost, currency) + floor
        rows.append((_("all parts"), name, text))
    saving = placement.saving
    note = (
        _("no single deployment of a known cost can handle all parts")
        if saving is None and placement.floors
        else _("no single deployment can handle all parts")
        if saving is None
        else _("splitting saves {saving:.1%}", saving=saving)
    )
    return Table(
        _("Least cost of all parts, {currency} a month", currency=currency),
        (_("part"), _("deployment"), verbatim(currency)),
        tuple(rows),
        frozenset({2}),
        (
            note,
            *floor_notes(placement.unpriced_skus, placement.unchecked),
            *_undercut_notes(placement),
            prices_note(placement.prices),
        ),
    )


def _undercut_notes(placement: Placement) -> Iterator[Message]:
    """Yield a note if an assignment with a floor may cost less."""
    if placement.least is not None:
        name = _("a placement with {names}", names=", ".join(placement.undercut))
        reasons = _("a floor")
        yield may_cost_less(name, placement.least, placement.currency, reasons)


PLACEMENT: Final = View(
    columns=PLACEMENT_COLUMNS,
    rows=placement_rows,
    tables=lambda placement: [placement_table(placement)],
    plain=placement_dict,
)
