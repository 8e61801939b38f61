"""Match the unit prices of the user's own invoices with those of the tables.

An invoice names neither the region nor the type of a cluster, and its prices may be negotiated: it
confirms a price of the tables, but never changes the tables.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from typing import Final, NamedTuple

from kafkatco.prices.book import PriceBook
from kafkatco.prices.meters.confluent import CLUSTER, last_word
from kafkatco.prices.rows import PriceRow

__all__ = ["BilledPrice", "InvoiceMatch", "match_invoices"]

#: Prices that differ by at most this share are the same: pages and invoices round.  [1]
ROUNDING: Final = Decimal("0.005")


class BilledPrice(NamedTuple):
    """A billed unit price, with the first and last day on which it was billed."""

    product: str
    line_type: str
    unit: str
    price: Decimal
    first: dt.date
    last: dt.date


class InvoiceMatch(NamedTuple):
    """A price of an invoice, the rows of the tables with the same price, or else the nearest."""

    billed: BilledPrice
    same: tuple[PriceRow, ...]
    nearest: PriceRow | None


def match_invoices(billed: Iterable[BilledPrice], book: PriceBook) -> tuple[InvoiceMatch, ...]:
    """Return each billed price with the rows of the book that it matches."""
    rows = [
        row
        for sku in book.skus("confluent.")
        for region in book.regions_of(sku)
        for row in book.listed(sku, region)
        if row.price
    ]
    return tuple(_match(price, rows) for price in billed)


def _match(billed: BilledPrice, rows: Iterable[PriceRow]) -> InvoiceMatch:
    line = CLUSTER.get(billed.line_type)
    if line is None or not billed.price:
        return InvoiceMatch(billed, (), None)
    price = billed.price * line.hours  # in the unit of the tables
    candidates = (row for row in rows if last_word(row.sku) in line.last_words)
    distances = {row: abs((row.price or Decimal(0)) / price - 1) for row in candidates}
    same = tuple(row for row, distance in distances.items() if distance <= ROUNDING)
    nearest = None if same else min(distances, key=lambda row: distances[row], default=None)
    return InvoiceMatch(billed, same, nearest)
