"""How the prices of one's own invoices are shown beside those of the tables."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from kafkatco.core.format import prices_note
from kafkatco.core.result import View
from kafkatco.core.table import Table
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


def billed_rows(found: Sequence[InvoiceMatch]) -> list[list[Any]]:
    """Return one row for each price under ``BILLED_COLUMNS``."""
    return [
        [
            one.billed.product,
            one.billed.line_type,
            one.billed.unit,
            f"{one.billed.price:f}",
            one.billed.first.isoformat(),
            one.billed.last.isoformat(),
            [_named(row) for row in one.same],
            one.nearest and _named(one.nearest),
        ]
        for one in found
    ]


def _named(row: PriceRow) -> str:
    return f"{row.sku} in {row.region}: {row.price:f} {row.currency} per {row.unit}"


def billed_table(found: InvoicePrices) -> Table:
    """Return what was charged, and where the tables have that."""
    rows = []
    for *cells, same, nearest in billed_rows(found):
        if same:
            text = "; ".join(same)
        else:
            text = f"none; the nearest: {nearest}" if nearest else "not in the tables"
        rows.append((*(str(cell) for cell in cells), text))
    notes = (
        "an invoice says neither region nor type of a cluster, and may be discounted: what it "
        "shows is for comparison, and a price of your own goes to [prices.override]",
        prices_note(found.book.describe()),
    )
    columns = ("product", "line type", "unit", "price", "first", "last", "in the tables")
    return Table(
        "unit prices of your Confluent invoices", columns, tuple(rows), frozenset({3}), notes
    )


INVOICE_PRICES: Final = View(
    columns=BILLED_COLUMNS,
    rows=lambda found: [
        [*row, "; ".join(same), nearest or ""] for *row, same, nearest in billed_rows(found)
    ],
    tables=lambda found: [billed_table(found)],
    plain=lambda found: {
        "prices": found.book.describe(),
        "billed": records_of(BILLED_COLUMNS, billed_rows(found)),
    },
)
