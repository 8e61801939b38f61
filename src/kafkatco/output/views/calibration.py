"""Showing the model beside a real bill: lines, the inputs that it tells, what is unknown."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

from kafkatco.core.format import money, number, prices_note
from kafkatco.core.result import View
from kafkatco.core.table import Table, Tone

if TYPE_CHECKING:
    from kafkatco.finops.calibration.run import Calibration, Compared

__all__ = ["CALIBRATION_COLUMNS", "calibration_dict", "calibration_rows", "calibration_tables"]

LINE_COLUMNS: Final = (
    "component",
    "sku",
    "region",
    "unit",
    "modelled_quantity",
    "billed_quantity",
    "calibrated_quantity",
    "modelled_price",
    "billed_price",
    "modelled_cost",
    "billed_cost",
    "residual",
    "calibrated_cost",
    "left_over",
    "gross",
    "net",
    "fitted",
)
CALIBRATION_COLUMNS: Final = (
    *LINE_COLUMNS,
    "provider",
    "service",
    "meter",
    "rows",
    "reason",
    "month",
    "currency",
)
UNKNOWN_COLUMNS: Final = (
    "provider",
    "service",
    "meter",
    "region",
    "unit",
    "quantity",
    "gross",
    "net",
    "rows",
    "reason",
)


def _price(cost: float | None, quantity: float | None) -> float | None:
    return cost / quantity if cost is not None and quantity else None


def _line(line: Compared) -> list[Any]:
    return [
        line.component or None,
        line.sku,
        line.region,
        line.unit,
        line.modelled_quantity,
        line.billed_quantity,
        line.calibrated_quantity,
        _price(line.modelled_cost, line.modelled_quantity),
        _price(line.billed_cost, line.billed_quantity),
        line.modelled_cost,
        line.billed_cost,
        line.residual,
        line.calibrated_cost,
        line.left_over,
        line.gross,
        line.net,
        line.fitted,
    ]


def calibration_rows(found: Calibration) -> list[list[Any]]:
    """Return one row for each line, and one for what is unknown, under ``CALIBRATION_COLUMNS``."""
    about = [found.month, found.currency]
    rows = [[*_line(line), None, None, None, None, None, *about] for line in found.lines]
    for item in found.unknown:
        cost = item.gross if found.costs == "gross" else item.net
        cells = dict.fromkeys(LINE_COLUMNS) | {
            "region": item.region,
            "unit": item.unit,
            "billed_quantity": item.quantity,
            "billed_price": _price(cost, item.quantity),
            "billed_cost": cost,
            "gross": item.gross,
            "net": item.net,
            "fitted": False,
        }
        told = [item.provider, item.service, item.meter, item.rows, item.reason]
        rows.append([*cells.values(), *told, *about])
    return rows


def calibration_dict(found: Calibration) -> dict[str, Any]:
    """Return plain values."""
    return {
        "prices": dict(found.prices),
        "currency": found.currency,
        "month": found.month,
        "month_hours": found.month_hours,
        "costs": found.costs,
        "deployments": [item.label for item in found.deployments],
        "billed": {
            "total": found.billed,
            "gross": found.gross,
            "net": found.net,
            "unknown": found.unknown_cost,
        },
        "residual": found.residual,
        "left_over": found.left_over,
        "lines": [dict(zip(LINE_COLUMNS, _line(line), strict=True)) for line in found.lines],
        "unknown": [
            {name: getattr(item, name) for name in UNKNOWN_COLUMNS} for item in found.unknown
        ],
        "inputs": [
            {
                "name": item.name,
                "unit": item.unit,
                "was": item.was,
                "now": item.now,
                "error": item.error,
                "at_bound": item.at_bound,
                "lines": list(item.lines),
                "depends_on": list(item.depends_on),
            }
            for item in found.estimates
        ],
        "held": [
            {"name": item.name, "unit": item.unit, "value": item.value, "reason": item.reason}
            for item in found.held
        ],
        "notes": list(found.notes),
    }


def calibration_tables(found: Calibration) -> Iterator[Table]:
    """Yield costs, quantities, the inputs, and what is unknown where there is something."""
    yield _costs_table(found)
    yield _quantities_table(found)
    if found.estimates or found.held:
        yield _inputs_table(found)
    if found.unknown:
        yield _unknown_table(found)


def _amount(value: float | None) -> str:
    return "-" if value is None else number(value)


def _costs_table(found: Calibration) -> Table:
    def paid(value: float | None) -> str:
        # what is less than a millionth is rounding, and has no sign
        return money(None if value is None else round(value, 6) + 0.0, found.currency)

    rows = [
        (
            line.component or "not modelled",
            line.sku,
            line.region,
            paid(line.modelled_cost),
            paid(line.billed_cost),
            paid(line.residual),
            paid(line.calibrated_cost),
            paid(line.left_over),
        )
        for line in found.lines
    ]
    if found.unknown:
        rows.append(("unknown charges", "", "", "", paid(found.unknown_cost), "", "", ""))
    modelled, calibrated = (
        sum(getattr(line, name) or 0.0 for line in found.lines)
        for name in ("modelled_cost", "calibrated_cost")
    )
    rows.append(
        (
            "total",
            "",
            "",
            paid(modelled),
            paid(found.billed),
            paid(found.residual),
            paid(calibrated),
            paid(found.left_over),
        )
    )
    columns = (
        "component",
        "sku",
        "region",
        "modelled",
        "billed",
        "residual",
        "calibrated",
        "left over",
    )
    tones: frozenset[tuple[int, int, Tone]] = frozenset(
        (len(rows) - 1, column, "total") for column in range(len(columns))
    )
    notes = (
        f"{found.currency}, {found.costs}; residual: billed less modelled; left over: billed "
        "less calibrated",
        f"all that was billed: {paid(found.gross)} gross, {paid(found.net)} net",
        *found.notes,
        prices_note(found.prices),
    )
    names = ", ".join(item.label for item in found.deployments)
    title = f"{names}: the model beside the bill of {found.month}"
    return Table(title, columns, tuple(rows), frozenset(range(3, 8)), notes, tones)


def _quantities_table(found: Calibration) -> Table:
    rows = tuple(
        (
            line.sku,
            line.region,
            line.unit,
            _amount(line.modelled_quantity),
            _amount(line.billed_quantity),
            _amount(line.calibrated_quantity),
            _amount(_price(line.modelled_cost, line.modelled_quantity)),
            _amount(_price(line.billed_cost, line.billed_quantity)),
        )
        for line in found.lines
    )
    columns = ("sku", "region", "unit", "modelled", "billed", "calibrated", "price", "billed price")
    return Table("its quantities and unit prices", columns, rows, frozenset(range(3, 8)))


def _inputs_table(found: Calibration) -> Table:
    rows = []
    for item in found.estimates:
        bound = "at the end of what it may be; " if item.at_bound else ""
        error = "-" if item.error is None else number(item.error)
        lines = f"{bound}told by {', '.join(item.lines)}"
        if item.depends_on:
            lines += f"; if {', '.join(item.depends_on)} is as given"
        rows.append((item.name, number(item.was), number(item.now), error, item.unit, lines))
    for one in found.held:
        rows.append((one.name, _amount(one.value), "-", "-", one.unit, one.reason))
    notes = ("calibrated: what explains the lines if all other inputs are as given",)
    columns = ("input", "as given", "calibrated", "standard error", "unit", "why")
    return Table(
        "the inputs that the bill tells", columns, tuple(rows), frozenset({1, 2, 3}), notes
    )


def _unknown_table(found: Calibration) -> Table:
    rows = [
        (
            item.service or item.provider,
            item.meter,
            item.region,
            _amount(item.quantity),
            item.unit,
            money(item.gross, found.currency),
            money(item.net, found.currency),
            f"{item.rows:,}",
            item.reason,
        )
        for item in found.unknown
    ]
    gross = sum(item.gross for item in found.unknown)
    net = sum(item.net for item in found.unknown)
    count = f"{sum(item.rows for item in found.unknown):,}"
    total = (
        "total",
        "",
        "",
        "",
        "",
        money(gross, found.currency),
        money(net, found.currency),
        count,
        "",
    )
    tones: frozenset[tuple[int, int, Tone]] = frozenset(
        (len(rows), column, "total") for column in range(len(total))
    )
    columns = (
        "service",
        "meter",
        "region",
        "quantity",
        "unit",
        f"{found.currency} gross",
        f"{found.currency} net",
        "rows",
        "why",
    )
    return Table(
        "charges that no line is for", columns, (*rows, total), frozenset({3, 5, 6, 7}), tones=tones
    )


CALIBRATION: Final = View(
    columns=CALIBRATION_COLUMNS,
    rows=calibration_rows,
    tables=calibration_tables,
    plain=calibration_dict,
)
