"""View of the unit prices of a user's invoices, with the matching prices of a book."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from kafkatco.core.format import prices_note
from kafkatco.core.result import View
from kafkatco.core.table import Table
from kafkatco.i18n.message import _, join
from kafkatco.output.views.prices import records_of

if TYPE_CHECKING:
    from kafkatco.prices.invoice_prices import InvoiceMatch
    from kafkatco.prices.results import InvoicePrices
    from kafkatco.prices.rows import PriceRow

__all__ = ["BILLED_COLUMNS", "INVOICE_PRICES", "billed_rows", "billed_table"]

BILLED_COLUMNS: Final = (
    "product",
    "line_type",
    "unit",
    "price",
    "first",
    "last",
    "same_in_the_tables",
    "nearest",
)


def billed_rows(matches: Sequence[InvoiceMatch]) -> list[list[Any]]:
    """Return one row for each price under ``BILLED_COLUMNS``."""
    return [
        [
            match.billed.product,
            match.billed.line_type,
            match.billed.unit,
            f"{match.billed.price:f}",
            match.billed.first.isoformat(),
            match.billed.last.isoformat(),
            [_price_text(row) for row in match.same],
            match.nearest and _price_text(match.nearest),
        ]
        for match in matches
    ]


def _price_text(row: PriceRow) -> str:
    return _(
        "{sku} in {region}: {price:f} {currency} per {unit}",
        sku=row.sku,
        region=row.region,
        price=row.price,
        currency=row.currency,
        unit=row.unit,
    )


def billed_table(prices: InvoicePrices) -> Table:
    """Return what was charged, and the same price in the tables."""
    rows = []
    for *cells, same, nearest in billed_rows(prices):
        if same:
            match = join("; ", same)
        elif nearest:
            match = _("none; nearest: {price}", price=nearest)
        else:
            match = _("not in the tables")
        rows.append((*(str(cell) for cell in cells), match))
    notes = (
        _(
            "an invoice names neither the region nor the type of a cluster, and its prices may be "
            "discounted: use them for comparison, and enter your own price in [prices.override]"
        ),
        prices_note(prices.book.describe()),
    )
    columns = (
        _("product"),
        _("line type"),
        _("unit"),
        _("price"),
        _("first"),
        _("last"),
        _("in the tables"),
    )
    title = _("unit prices of your Confluent invoices")
    return Table(title, columns, tuple(rows), frozenset({3}), notes)


INVOICE_PRICES: Final = View(
    columns=BILLED_COLUMNS,
    rows=lambda prices: [
        [*row, "; ".join(same), nearest or ""] for *row, same, nearest in billed_rows(prices)
    ],
    tables=lambda prices: [billed_table(prices)],
    plain=lambda prices: {
        "prices": prices.book.describe(),
        "billed": records_of(BILLED_COLUMNS, billed_rows(prices)),
    },
)
