"""Quantity x price: the lines of a bill."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

import numpy as np

from kafkatco.errors import InputError
from kafkatco.numerics.typing import Operand
from kafkatco.prices.book import PriceBook
from kafkatco.prices.metering import effective_unit, metered
from kafkatco.prices.rows import PriceRow
from kafkatco.sizing.quantities import Meter

__all__ = ["PEOPLE", "Line", "charges", "priced"]

#: The components that no provider charges.
PEOPLE: Final = ("labour", "setup", "migration")


@dataclass(frozen=True, slots=True)
class Line:
    """One line: quantity x unit price = cost, in the bill's currency, with its source.

    An open line has a quantity and neither price nor cost: its book gives no figure.
    """

    component: str
    sku: str
    quantity: Operand
    unit: str
    unit_price: Operand
    cost: Operand
    note: str
    row: PriceRow | None
    one_off: bool = False
    rates: tuple[PriceRow, ...] = ()  #: the exchange rates that its price was turned with


def priced(meter: Meter, book: PriceBook, month_hours: Operand) -> tuple[Line, ...]:
    """Return the lines of a meter: one for each price tier that its quantity reaches.

    A marginal tier prices the band of quantity between its own edge and the next one's.
    """
    if meter.is_zero:
        return ()
    rows = _own_price(meter, book) if meter.price else book.price(meter.sku, meter.region)
    unit = effective_unit(rows[0].unit, book.gigabyte)
    try:
        quantity = metered(meter.quantity, meter.unit, unit, month_hours)
    except InputError as error:
        where = f"{meter.sku} ({rows[0].source})"
        raise InputError(
            f"book {book.name!r}", [replace(p, where=where) for p in error.problems]
        ) from None
    lines = []
    for row, upper in zip(rows, [*(r.tier_from for r in rows[1:]), None], strict=True):
        band = quantity
        if row.tier_kind == "marginal":
            band = np.maximum(quantity - float(row.tier_from), 0.0)
            if upper is not None:
                band = np.minimum(band, float(upper - row.tier_from))
        price = book.money(row)
        cost = None if price is None else band * price
        tier = f"from {row.tier_from:,} {unit}" if len(rows) > 1 else ""
        note = "; ".join(part for part in (meter.note, tier) if part)
        lines.append(
            Line(
                meter.component,
                meter.sku,
                band,
                unit,
                price,
                cost,
                note,
                row,
                meter.one_off,
                () if price is None else book.rates(row.currency),
            )
        )
    return tuple(line for line in lines if len(rows) == 1 or np.any(line.quantity > 0))


def charges(lines: Iterable[Line], provider: str) -> Operand:
    """Return what a provider charges: its own skus, and what agreements with it take off them."""
    return sum(
        (
            line.cost
            for line in lines
            if line.cost is not None
            and (line.sku.startswith(f"{provider}.") or line.sku == "discount")
        ),
        0.0,
    )


def _own_price(meter: Meter, book: PriceBook) -> tuple[PriceRow]:
    assert meter.price is not None
    amount = Decimal(repr(meter.price.amount))
    return (
        PriceRow(
            meter.sku,
            meter.region,
            amount,
            meter.price.currency,
            meter.unit,
            Decimal(0),
            "flat",
            book.as_of,
            book.as_of,
            "given by the user",
            "user",
            meter.price.text,
        ),
    )
