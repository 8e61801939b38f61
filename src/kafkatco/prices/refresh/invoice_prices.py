"""The unit prices of one's own invoices, beside those of the tables that they may be.

An invoice names neither the region nor the type of a cluster, and its prices may be negotiated: it
shows whether a price of the tables is charged, and does not change them.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Final, NamedTuple

from kafkatco.prices import PriceBook
from kafkatco.prices.refresh.confluent_invoices import BilledPrice
from kafkatco.prices.refresh.source_helpers import HOURS
from kafkatco.prices.rows import PriceRow

__all__ = ["Beside", "beside"]

#: How the skus end that a line type may be, and how many of its units one of theirs is.
METERS: Final = {
    "KAFKA_NUM_CKUS": (("ecku", "cku"), 1),
    "KAFKA_NETWORK_READ": (("egress",), 1),
    "KAFKA_NETWORK_WRITE": (("ingress",), 1),
    "KAFKA_STORAGE": (("storage",), HOURS),
    "KAFKA_PARTITION": (("partition",), 1),
}
#: How far an invoice's price may be from one of the tables that is the same, printed with rounding.
ROUNDING: Final = Decimal("0.005")


class Beside(NamedTuple):
    """A price of an invoice, and the rows of the tables that have it, or else the nearest one."""

    billed: BilledPrice
    same: tuple[PriceRow, ...]
    nearest: PriceRow | None
    hours: int

    @property
    def price(self) -> Decimal:
        """The invoice's price in the unit of the tables."""
        return self.billed.price * self.hours


def beside(billed: Iterable[BilledPrice], book: PriceBook) -> tuple[Beside, ...]:
    """Return each price of one's invoices with what the book has that it may be.

    Rows count as the same within half a percent, since pages and invoices round.
    """
    rows = [
        row
        for sku in book.skus("confluent.")
        for region in book.regions_of(sku)
        for row in book.listed(sku, region)
        if row.price
    ]
    return tuple(_beside(one, rows) for one in billed)


def _beside(billed: BilledPrice, rows: Iterable[PriceRow]) -> Beside:
    ends, hours = METERS.get(billed.line_type, ((), 1))
    price = billed.price * hours
    meant = [row for row in rows if row.sku.partition("~")[0].rpartition(".")[2] in ends]
    apart = {row: abs((row.price or Decimal(0)) / price - 1) for row in meant} if price else {}
    same = tuple(row for row in meant if row in apart and apart[row] <= ROUNDING)
    nearest = min(apart, key=lambda row: apart[row]) if apart and not same else None
    return Beside(billed, same, nearest, hours)
