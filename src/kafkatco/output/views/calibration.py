"""View of a calibration: modelled and billed costs, estimated inputs, unknown charges."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

from kafkatco.core.format import money, number, prices_note
from kafkatco.core.result import View
from kafkatco.core.table import Table, Tone
from kafkatco.core.vocabulary import input_word, word
from kafkatco.i18n.message import Message, _, join, verbatim

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


def calibration_rows(calibration: Calibration) -> list[list[Any]]:
    """Return one row for each line and each unknown charge, under ``CALIBRATION_COLUMNS``."""
    about = [calibration.month, calibration.currency]
    rows = [[*_line(line), None, None, None, None, None, *about] for line in calibration.lines]
    for charge in calibration.unknown:
        cost = charge.gross if calibration.costs == "gross" else charge.net
        cells = dict.fromkeys(LINE_COLUMNS) | {
            "region": charge.region,
            "unit": charge.unit,
            "billed_quantity": charge.quantity,
            "billed_price": _price(cost, charge.quantity),
            "billed_cost": cost,
            "gross": charge.gross,
            "net": charge.net,
            "fitted": False,
        }
        meter = [charge.provider, charge.service, charge.meter, charge.rows, charge.reason]
        rows.append([*cells.values(), *meter, *about])
    return rows


def calibration_dict(calibration: Calibration) -> dict[str, Any]:
    """Return plain values."""
    return {
        "prices": dict(calibration.prices),
        "currency": calibration.currency,
        "month": calibration.month,
        "month_hours": calibration.month_hours,
        "costs": calibration.costs,
        "deployments": [deployment.label for deployment in calibration.deployments],
        "billed": {
            "total": calibration.billed,
            "gross": calibration.gross,
            "net": calibration.net,
            "unknown": calibration.unknown_cost,
        },
        "residual": calibration.residual,
        "left_over": calibration.left_over,
        "lines": [dict(zip(LINE_COLUMNS, _line(line), strict=True)) for line in calibration.lines],
        "unknown": [
            {name: getattr(charge, name) for name in UNKNOWN_COLUMNS}
            for charge in calibration.unknown
        ],
        "inputs": [
            {
                "name": estimate.name,
                "unit": estimate.unit,
                "was": estimate.was,
                "now": estimate.now,
                "error": estimate.error,
                "at_bound": estimate.at_bound,
                "lines": list(estimate.lines),
                "depends_on": list(estimate.depends_on),
            }
            for estimate in calibration.estimates
        ],
        "held": [
            {"name": held.name, "unit": held.unit, "value": held.value, "reason": held.reason}
            for held in calibration.held
        ],
        "notes": list(calibration.notes),
    }


def calibration_tables(calibration: Calibration) -> Iterator[Table]:
    """Yield costs, quantities, the inputs if any, and the unknown charges if any."""
    yield _costs_table(calibration)
    yield _quantities_table(calibration)
    if calibration.estimates or calibration.held:
        yield _inputs_table(calibration)
    if calibration.unknown:
        yield _unknown_table(calibration)


def _amount(value: float | None) -> str:
    return "-" if value is None else number(value)


def _costs_table(calibration: Calibration) -> Table:
    currency = calibration.currency

    def paid(value: float | None) -> str:
        # less than a millionth is rounding, and has no sign
        return money(None if value is None else round(value, 6) + 0.0, currency)

    rows: list[tuple[str, ...]] = [
        (
            word(line.component) if line.component else _("not modelled"),
            line.sku,
            line.region,
            paid(line.modelled_cost),
            paid(line.billed_cost),
            paid(line.residual),
            paid(line.calibrated_cost),
            paid(line.left_over),
        )
        for line in calibration.lines
    ]
    if calibration.unknown:
        unknown = paid(calibration.unknown_cost)
        rows.append((_("unknown charges"), "", "", "", unknown, "", "", ""))
    modelled, calibrated = (
        sum(getattr(line, name) or 0.0 for line in calibration.lines)
        for name in ("modelled_cost", "calibrated_cost")
    )
    rows.append(
        (
            _("total"),
            "",
            "",
            paid(modelled),
            paid(calibration.billed),
            paid(calibration.residual),
            paid(calibrated),
            paid(calibration.left_over),
        )
    )
    columns = (
        _("component"),
        verbatim("sku"),
        _("region"),
        _("modelled"),
        _("billed"),
        _("residual"),
        _("calibrated"),
        _("left over"),
    )
    tones: frozenset[tuple[int, int, Tone]] = frozenset(
        (len(rows) - 1, column, "total") for column in range(len(columns))
    )
    legend = _(
        "{currency}, {costs}; residual: billed minus modelled; left over: billed minus calibrated",
        currency=currency,
        costs=word(calibration.costs),
    )
    notes = [legend]
    if calibration.unknown:
        notes.append(_("the total residual and left over exclude the unknown charges"))
    whole = _(
        "the whole bill: {gross} gross, {net} net",
        gross=paid(calibration.gross),
        net=paid(calibration.net),
    )
    notes += [whole, *map(verbatim, calibration.notes), prices_note(calibration.prices)]
    title = _(
        "{deployments}: model and bill of {month}",
        deployments=", ".join(deployment.label for deployment in calibration.deployments),
        month=calibration.month,
    )
    return Table(title, columns, tuple(rows), frozenset(range(3, 8)), tuple(notes), tones)


def _quantities_table(calibration: Calibration) -> Table:
    rows = tuple(
        (
            line.sku,
            line.region,
            word(line.unit),
            _amount(line.modelled_quantity),
            _amount(line.billed_quantity),
            _amount(line.calibrated_quantity),
            _amount(_price(line.modelled_cost, line.modelled_quantity)),
            _amount(_price(line.billed_cost, line.billed_quantity)),
        )
        for line in calibration.lines
    )
    columns = (
        verbatim("sku"),
        _("region"),
        _("unit"),
        _("modelled"),
        _("billed"),
        _("calibrated"),
        _("price"),
        _("billed price"),
    )
    return Table(_("quantities and unit prices"), columns, rows, frozenset(range(3, 8)))


def _inputs_table(calibration: Calibration) -> Table:
    rows: list[tuple[str, ...]] = []
    for estimate in calibration.estimates:
        error = "-" if estimate.error is None else number(estimate.error)
        reasons = [_("estimated from {skus}", skus=", ".join(estimate.lines))]
        if estimate.at_bound:
            reasons.insert(0, _("at its limit"))
        if estimate.depends_on:
            inputs = join(", ", map(input_word, estimate.depends_on))
            reasons.append(_("assuming {inputs} as entered", inputs=inputs))
        rows.append(
            (
                input_word(estimate.name),
                number(estimate.was),
                number(estimate.now),
                error,
                word(estimate.unit),
                join("; ", reasons),
            )
        )
    for held in calibration.held:
        name, value = input_word(held.name), _amount(held.value)
        rows.append((name, value, "-", "-", word(held.unit), held.reason))
    columns = (
        _("input"),
        _("as entered"),
        _("calibrated"),
        _("standard error"),
        _("unit"),
        _("reason"),
    )
    return Table(
        _("inputs estimated from the bill"),
        columns,
        tuple(rows),
        frozenset({1, 2, 3}),
        (_("calibrated: the value that explains the bill if all other inputs are as entered"),),
    )


def _unknown_table(calibration: Calibration) -> Table:
    currency = calibration.currency
    rows = [
        (
            charge.service or charge.provider,
            charge.meter,
            charge.region,
            _amount(charge.quantity),
            word(charge.unit),
            money(charge.gross, currency),
            money(charge.net, currency),
            f"{charge.rows:,}",
            charge.reason,
        )
        for charge in calibration.unknown
    ]
    gross = sum(charge.gross for charge in calibration.unknown)
    net = sum(charge.net for charge in calibration.unknown)
    count = sum(charge.rows for charge in calibration.unknown)
    amounts = money(gross, currency), money(net, currency), f"{count:,}"
    total = (_("total"), "", "", "", "", *amounts, "")
    tones: frozenset[tuple[int, int, Tone]] = frozenset(
        (len(rows), column, "total") for column in range(len(total))
    )
    columns: tuple[Message, ...] = (
        _("service"),
        _("meter"),
        _("region"),
        _("quantity"),
        _("unit"),
        _("{currency} gross", currency=currency),
        _("{currency} net", currency=currency),
        _("rows"),
        _("reason"),
    )
    title = _("charges that match no line of the model")
    return Table(title, columns, (*rows, total), frozenset({3, 5, 6, 7}), tones=tones)


CALIBRATION: Final = View(
    columns=CALIBRATION_COLUMNS,
    rows=calibration_rows,
    tables=calibration_tables,
    plain=calibration_dict,
)
