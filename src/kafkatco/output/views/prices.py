"""How prices, their history, their changes and the check of their tables are shown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, Final

from kafkatco.core.format import prices_note
from kafkatco.core.result import View
from kafkatco.core.table import Table

if TYPE_CHECKING:
    from kafkatco.prices import PriceBook, PriceRow
    from kafkatco.prices.results import PriceHistory

__all__ = [
    "CHECKED_TABLES",
    "PRICE_HISTORY",
    "PRICE_ROWS",
    "PRICE_SERVICES",
    "PRICE_VARIANTS",
    "amount",
    "price_dict",
    "records_of",
]

#: The columns of prices as CSV: those of the tables themselves, and where the row stands.
PRICE_COLUMNS: Final = (
    "sku",
    "region",
    "price",
    "currency",
    "unit",
    "tier_from",
    "tier_kind",
    "valid_from",
    "retrieved_on",
    "source",
    "confidence",
    "note",
    "where",
)
SERVICE_COLUMNS: Final = ("service", "skus", "regions", "first", "latest")


def price_dict(row: PriceRow) -> dict[str, Any]:
    """Return a row as plain values: amounts as decimal text, so that nothing is rounded."""
    cells = dict(zip(PRICE_COLUMNS, row, strict=True))
    cells["price"] = None if row.price is None else f"{row.price:f}"
    cells["tier_from"] = f"{row.tier_from:f}"
    return {name: str(cell) if name in _DATES else cell for name, cell in cells.items()}


_DATES: Final = ("valid_from", "retrieved_on")


def amount(row: PriceRow | None) -> str:
    """Return what a row charges, as text."""
    if row is None:
        return "-"
    return f"{row.price:,f}" if row.price is not None else f"no figure ({row.tier_kind})"


def rows_table(book: PriceBook, rows: Sequence[PriceRow]) -> Table:
    """Return prices as a table, one row for each tier."""
    tiered = any(row.tier_from for row in rows)
    columns = ("sku", "region", "price", "currency", "per", "valid from", "confidence")
    cells = [
        (
            row.sku,
            row.region,
            amount(row),
            row.currency,
            row.unit,
            row.valid_from.isoformat(),
            row.confidence,
            *([f"{row.tier_from:,f}"] if tiered else []),
        )
        for row in rows
    ]
    extra = ("from tier",) if tiered else ()
    title = f"book {book.name!r} as of {book.as_of.isoformat()}: {len(rows)} rows"
    notes = (prices_note(book.describe()),)
    return Table(title, (*columns, *extra), tuple(cells), frozenset({2, 7}), notes)


def services_table(book: PriceBook, services: Sequence[Sequence[Any]]) -> Table:
    """Return what a book holds, service by service."""
    rows = tuple(
        (name, str(skus), _few(regions), first, latest)
        for name, skus, regions, first, latest in services
    )
    notes = ("kafkatco prices list SERVICE shows its prices", prices_note(book.describe()))
    title = f"book {book.name!r} as of {book.as_of.isoformat()}"
    return Table(title, SERVICE_COLUMNS, rows, frozenset({1}), notes)


def _few(regions: str, most: int = 3) -> str:
    names = regions.split(", ")
    return (
        regions if len(names) <= most else f"{', '.join(names[:most])} and {len(names) - most} more"
    )


def history_table(sku: str, region: str, book: PriceBook) -> Table:
    """Return one price with its whole history, its sources and its notes."""
    now = book.listed(sku, region)
    rows, notes = [], []
    for row in book.history(sku, region):
        counts = "now" if row in now else ("later" if row.valid_from > book.as_of else "before")
        tier = f" from {row.tier_from:,f}" if row.tier_kind == "marginal" else ""
        rows.append(
            (
                counts,
                row.valid_from.isoformat(),
                amount(row) + tier,
                f"{row.currency} per {row.unit}",
                row.confidence,
                row.retrieved_on.isoformat(),
                row.where,
            )
        )
        about = [f"{row.valid_from.isoformat()}: {row.source}", row.note]
        notes += [line for line in about if line and line not in notes]
    title = f"{sku} in {region}, as of {book.as_of.isoformat()}"
    columns = ("counts", "valid from", "price", "unit", "confidence", "read on", "row")
    return Table(
        title, columns, tuple(rows), frozenset({2}), (*notes, prices_note(book.describe()))
    )


def history_dict(sku: str, region: str, book: PriceBook) -> dict[str, Any]:
    """Return one price with its history as plain values."""
    return {
        "sku": sku,
        "region": region,
        "price": [price_dict(row) for row in book.listed(sku, region)],
        "history": [price_dict(row) for row in book.history(sku, region)],
    }


VARIANT_COLUMNS: Final = ("figure", "option", "value", "unit", "region", "source", "note")


def variants_table(book: PriceBook, rows: Sequence[Sequence[Any]]) -> Table:
    """Return the figures with variants."""
    cells = tuple((row[0], row[1], f"{row[2]} {row[3]}", row[4], row[6] or row[5]) for row in rows)
    notes = (
        'chosen by [prices.variant] "FIGURE" = "OPTION", or PriceBook(variants=...)',
        prices_note(book.describe()),
    )
    columns = ("figure", "option", "value", "region", "why")
    return Table("where sources contradict each other", columns, cells, frozenset({2}), notes)


CHECK_COLUMNS: Final = ("tables", "rows", "released", "sha256")


def check_table(rows: Sequence[Sequence[Any]], locked: Sequence[str]) -> Table:
    """Return what was checked and found whole."""
    cells = tuple(
        (name, f"{count:,}", f"{released:,}", sha256[:12]) for name, count, released, sha256 in rows
    )
    notes = (f"locked: {', '.join(locked)}",) if locked else ()
    title = "price tables: whole and sane"
    notes = ("every released row is as it was", *notes)
    return Table(title, CHECK_COLUMNS, cells, frozenset({1, 2}), notes)


def history_rows(found: PriceHistory) -> list[list[Any]]:
    """Return every row of a price's history, under ``PRICE_COLUMNS``."""
    return _price_rows(
        row for region in found.regions for row in found.book.history(found.sku, region)
    )


def _price_rows(rows: Iterable[PriceRow]) -> list[list[Any]]:
    return [list(price_dict(row).values()) for row in rows]


def records_of(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> list[dict[str, Any]]:
    """Return rows as plain values by the names of their columns."""
    return [dict(zip(columns, row, strict=True)) for row in rows]


def _listing(name: str, columns: Sequence[str], found: Any, rows: Any) -> dict[str, Any]:
    """Return ``kafkatco prices list --format json``: its rows under a name."""
    return {"prices": found.book.describe(), name: records_of(columns, rows)}


PRICE_SERVICES: Final = View(
    columns=SERVICE_COLUMNS,
    rows=lambda found: found.rows,
    tables=lambda found: [services_table(found.book, found.rows)],
    plain=lambda found: _listing("services", SERVICE_COLUMNS, found, found.rows),
)
PRICE_ROWS: Final = View(
    columns=PRICE_COLUMNS,
    rows=lambda found: _price_rows(found.rows),
    tables=lambda found: [rows_table(found.book, found.rows)],
    plain=lambda found: _listing("rows", PRICE_COLUMNS, found, _price_rows(found.rows)),
)
PRICE_VARIANTS: Final = View(
    columns=VARIANT_COLUMNS,
    rows=lambda found: found.rows,
    tables=lambda found: [variants_table(found.book, found.rows)],
    plain=lambda found: _listing("variants", VARIANT_COLUMNS, found, found.rows),
)
PRICE_HISTORY: Final = View(
    columns=PRICE_COLUMNS,
    rows=history_rows,
    tables=lambda found: [history_table(found.sku, region, found.book) for region in found.regions],
    plain=lambda found: {
        "prices": found.book.describe(),
        "skus": [history_dict(found.sku, region, found.book) for region in found.regions],
    },
)
CHECKED_TABLES: Final = View(
    columns=CHECK_COLUMNS,
    rows=lambda found: found.rows,
    tables=lambda found: [check_table(found.rows, found.locked)],
    plain=lambda found: {
        "locked": list(found.locked),
        "tables": records_of(CHECK_COLUMNS, found.rows),
    },
)
