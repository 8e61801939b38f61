"""The lines of a bill: quantity x unit price."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

import numpy as np

from kafkatco.core.vocabulary import word
from kafkatco.errors import InputError
from kafkatco.i18n.message import _, join
from kafkatco.numerics.typing import Operand
from kafkatco.prices.book import PriceBook
from kafkatco.prices.metering import effective_unit, metered
from kafkatco.prices.rows import PriceRow
from kafkatco.sizing.quantities import Meter

__all__ = ["PEOPLE", "Line", "charges", "priced"]

#: The components that are not charges of a provider.
PEOPLE: Final = ("labour", "setup", "migration")


@dataclass(frozen=True, slots=True)
class Line:
    """One line: quantity x unit price = cost, in the bill's currency, with its source.

    The line of an unpriced sku has a quantity, and neither a price nor a cost.
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
    rates: tuple[PriceRow, ...] = ()  #: the exchange rates of its price
    environment: str = ""  #: the name of its environment; "" is production
    part: str = ""  #: its component within an environment
    region: str = ""  #: the region that it is billed in; "" is the deployment's

    @property
    def use(self) -> str:
        """What it pays for: its component, also within an environment."""
        return self.part or self.component

    @property
    def yours(self) -> bool:
        """Whether its price is the user's own: an override, a quote or a salary."""
        return self.row is not None and self.row.confidence == "user"


def priced(meter: Meter, book: PriceBook, month_hours: Operand) -> tuple[Line, ...]:
    """Return the lines of a meter: one for each price tier that its quantity reaches.

    A marginal tier applies to the quantity between its own edge and the next one.
    """
    if meter.is_zero:
        return ()
    rows = _own_price(meter, book) if meter.price else book.price(meter.sku, meter.region)
    unit = effective_unit(rows[0].unit, book.gigabyte)
    try:
        quantity = metered(meter.quantity, meter.unit, unit, month_hours)
    except InputError as error:
        where = f"{meter.sku} ({rows[0].source})"
        problems = [replace(problem, where=where) for problem in error.problems]
        raise InputError(_("book {book!r}", book=book.name), problems) from None
    lines = []
    for row, upper in zip(rows, [*(r.tier_from for r in rows[1:]), None], strict=True):
        band = quantity
        if row.tier_kind == "marginal":
            band = np.maximum(quantity - float(row.tier_from), 0.0)
            if upper is not None:
                band = np.minimum(band, float(upper - row.tier_from))
        price = book.money(row)
        cost = None if price is None else band * price
        note = meter.note
        if len(rows) > 1:
            tier = _("from {edge:,} {unit}", edge=row.tier_from, unit=word(unit))
            note = join("; ", [note, tier]) if note else tier
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
                region=meter.region,
            )
        )
    return tuple(line for line in lines if len(rows) == 1 or np.any(line.quantity > 0))


def charges(lines: Iterable[Line], provider: str) -> Operand:
    """Return the charges of a provider: its own skus, less the discounts on them."""
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
            _("set by the user"),
            "user",
            meter.price.text,
        ),
    )
