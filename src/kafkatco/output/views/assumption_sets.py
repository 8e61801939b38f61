"""View of the sets of assumptions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

from kafkatco.core.format import number
from kafkatco.core.result import View
from kafkatco.core.table import Table
from kafkatco.core.vocabulary import word
from kafkatco.i18n.message import Message, _, join, verbatim
from kafkatco.prices.assumptions import ITEM, PRODUCTION

if TYPE_CHECKING:
    from kafkatco.prices.assumption_sets import AssumptionSets, AssumptionValues
    from kafkatco.prices.rows import CapacityRow

__all__ = ["ASSUMPTION_SETS"]

SET_COLUMNS: Final = (
    "item",
    "name",
    "group",
    "set",
    "value",
    "unit",
    "sized",
    "inherited",
    "valid_from",
    "retrieved_on",
    "source",
    "confidence",
    "note",
    "where",
)


def _cells(values: AssumptionValues, row: CapacityRow) -> dict[str, Any]:
    """Return a value with its source as plain values; nothing is rounded."""
    return {
        "value": float(row.value),
        "unit": row.unit,
        "sized": not values.is_unsized(row),
        "valid_from": row.valid_from.isoformat(),
        "retrieved_on": row.retrieved_on.isoformat(),
        "source": row.source,
        "confidence": row.confidence,
        "note": row.note,
        "where": row.where,
    }


def set_rows(shown: AssumptionSets) -> list[list[Any]]:
    """Return one row for each assumption and set, and each other published figure."""
    rows = []
    for values in shown:
        head = {"item": values.item, "name": values.name, "group": values.group}
        for name, row in values.by_set.items():
            about = {"set": name, "inherited": values.is_inherited(name)}
            rows.append(head | about | _cells(values, row))
        for option, row in values.published.items():
            about = {"set": f"~{option}", "inherited": False}
            rows.append(head | about | _cells(values, row))
    return [[row[name] for name in SET_COLUMNS] for row in rows]


def sets_dict(shown: AssumptionSets) -> dict[str, Any]:
    """Return ``kafkatco assumptions --format json``."""
    return {
        "as_of": shown.prices["as_of"],
        "capacities": {"sha256": shown.prices["capacity_sha256"]},
        "sets": list(shown.sets),
        "assumptions": [
            {
                "item": values.item,
                "name": values.name,
                "group": values.group,
                "values": {
                    name: {**_cells(values, row), "inherited": values.is_inherited(name)}
                    for name, row in values.by_set.items()
                },
                "published": {
                    option: _cells(values, row) for option, row in values.published.items()
                },
            }
            for values in shown
        ],
    }


def _text(values: AssumptionValues, row: CapacityRow | None) -> str:
    """Return a value as text: 0 of what is not sized then says so."""
    if row is None:
        return "-"
    if values.is_unsized(row):
        return _("not sized")
    if values.is_truth:
        return _("yes") if row.value else _("no")
    return number(float(row.value))


def _name(values: AssumptionValues) -> str:
    return values.name if values.item == ITEM else f"{values.item}.{values.name}"


def _unit(values: AssumptionValues) -> Message:
    return verbatim("") if values.unit == "1" else word(values.unit)


def _published(values: AssumptionValues) -> str:
    return ", ".join(
        f"~{option} {number(float(row.value))}" for option, row in values.published.items()
    )


def set_tables(shown: AssumptionSets) -> Iterator[Table]:
    """Yield the sets side by side; a single set has its sources and notes instead."""
    if len(shown.sets) == 1:
        yield _one_set(shown, shown.sets[0])
    else:
        yield _side_by_side(shown)


def _side_by_side(shown: AssumptionSets) -> Table:
    rows = [
        (
            _name(values),
            _unit(values),
            *(_text(values, values.by_set.get(name)) for name in shown.sets),
            _published(values),
        )
        for values in shown
    ]
    count = len(shown.sets)
    return Table(
        _("assumptions as of {date}", date=shown.prices["as_of"]),
        (_("assumption"), _("unit"), *map(verbatim, shown.sets), _("also published")),
        tuple(rows),
        frozenset(range(2, 2 + count)),
        (
            _("kafkatco assumptions --set NAME shows the sources and notes of a set"),
            _capacities_note(shown),
        ),
    )


def _one_set(shown: AssumptionSets, name: str) -> Table:
    rows = []
    for values in shown:
        row = values.by_set.get(name)
        if row is None:
            continue
        note: str = row.note
        if values.is_inherited(name):
            note = join("; ", [_("as in {name}", name=PRODUCTION), row.note])
        about = _text(values, row), word(row.confidence), row.source, note
        rows.append((_name(values), *about[:1], _unit(values), *about[1:]))
        for option, other in values.published.items():
            text = _text(values, other), _unit(values), word(other.confidence), other.source
            rows.append((f"{_name(values)}~{option}", *text, other.note))
    return Table(
        _("assumptions of the set {name}, as of {date}", name=name, date=shown.prices["as_of"]),
        (_("assumption"), _("value"), _("unit"), _("confidence"), _("source"), _("note")),
        tuple(rows),
        frozenset({1}),
        (_capacities_note(shown),),
    )


def _capacities_note(shown: AssumptionSets) -> Message:
    sha256 = shown.prices["capacity_sha256"][:12]
    return _("capacity tables: sha256 {sha256}", sha256=sha256)


ASSUMPTION_SETS: Final = View(
    columns=SET_COLUMNS, rows=set_rows, tables=set_tables, plain=sets_dict
)
