"""Views of prices, their history, their variants and the check of their tables."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, Final

from kafkatco.core.format import number, prices_note
from kafkatco.core.result import View
from kafkatco.core.table import Table
from kafkatco.core.vocabulary import word
from kafkatco.i18n.message import Message, _, ngettext, verbatim

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
    "few",
    "percent_text",
    "price_dict",
    "price_unit",
    "records_of",
]

#: The columns of prices as CSV: those of the tables, and the file and line of the row.
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
    """Return a row as plain values, with amounts as decimal text: nothing is rounded."""
    cells = dict(zip(PRICE_COLUMNS, row, strict=True))
    cells["price"] = None if row.price is None else f"{row.price:f}"
    cells["tier_from"] = f"{row.tier_from:f}"
    return {name: str(cell) if name in _DATES else cell for name, cell in cells.items()}


_DATES: Final = ("valid_from", "retrieved_on")


def amount(row: PriceRow | None) -> str:
    """Return the price of a row as text."""
    if row is None:
        return "-"
    if row.price is None:
        return _("no figure ({kind})", kind=word(row.tier_kind))
    return f"{row.price:,f}"


def price_unit(row: PriceRow) -> Message:
    """Return the unit of a price, with the quantity from which its tier applies."""
    text = _("{currency} per {unit}", currency=row.currency, unit=word(row.unit))
    if not row.tier_from:
        return text
    return _("{unit} from {quantity}", unit=text, quantity=number(float(row.tier_from)))


def percent_text(percent: float | None) -> str:
    """Return a change in percent as text.

    >>> percent_text(-3.514), percent_text(None)
    ('-3.51 %', '-')
    """
    return "-" if percent is None else f"{percent:+,.2f} %"


def few(names: Sequence[str], most: int = 3) -> Message:
    """Return the first names, and the number of the others.

    >>> few(["a", "b", "c", "d"]), few(["a"])
    ('a, b, c and 1 more', 'a')
    """
    first = ", ".join(names[:most])
    if len(names) <= most:
        return verbatim(first)
    return _("{names} and {count} more", names=first, count=len(names) - most)


def _book_title(book: PriceBook) -> Message:
    return _("book {book!r} as of {date}", book=book.name, date=book.as_of.isoformat())


def rows_table(book: PriceBook, rows: Sequence[PriceRow]) -> Table:
    """Return prices as a table, one row for each tier."""
    tiered = any(row.tier_from for row in rows)
    columns = (
        verbatim("sku"),
        _("region"),
        _("price"),
        _("currency"),
        _("per"),
        _("valid from"),
        _("confidence"),
    )
    cells = [
        (
            row.sku,
            row.region,
            amount(row),
            row.currency,
            word(row.unit),
            row.valid_from.isoformat(),
            word(row.confidence),
            *([f"{row.tier_from:,f}"] if tiered else []),
        )
        for row in rows
    ]
    tier = (_("from tier"),) if tiered else ()
    title = ngettext("{book}: {n} row", "{book}: {n} rows", len(rows), book=_book_title(book))
    notes = (prices_note(book.describe()),)
    return Table(title, (*columns, *tier), tuple(cells), frozenset({2, 7}), notes)


def services_table(book: PriceBook, services: Sequence[Sequence[Any]]) -> Table:
    """Return the services of a book, with their skus, regions and dates."""
    rows = tuple(
        (name, str(skus), few(regions.split(", ")), first, latest)
        for name, skus, regions, first, latest in services
    )
    columns = (_("service"), _("skus"), _("regions"), _("first date"), _("latest date"))
    notes = (_("kafkatco prices list SERVICE shows its prices"), prices_note(book.describe()))
    return Table(_book_title(book), columns, rows, frozenset({1}), notes)


def history_table(sku: str, region: str, book: PriceBook) -> Table:
    """Return one price with its history, its sources and their notes."""
    current = book.listed(sku, region)
    rows: list[tuple[str, ...]] = []
    sources: list[str] = []
    for row in book.history(sku, region):
        if row in current:
            state = _("now")
        else:
            state = _("later") if row.valid_from > book.as_of else _("before")
        price = amount(row)
        if row.tier_kind == "marginal":
            price = _("{price} from {quantity:,f}", price=price, quantity=row.tier_from)
        rows.append(
            (
                state,
                row.valid_from.isoformat(),
                price,
                _("{currency} per {unit}", currency=row.currency, unit=word(row.unit)),
                word(row.confidence),
                row.retrieved_on.isoformat(),
                row.where,
            )
        )
        about = [f"{row.valid_from.isoformat()}: {row.source}", row.note]
        sources += [line for line in about if line and line not in sources]
    title = _(
        "{sku} in {region}, as of {date}", sku=sku, region=region, date=book.as_of.isoformat()
    )
    columns = (
        _("applies"),
        _("valid from"),
        _("price"),
        _("unit"),
        _("confidence"),
        _("read on"),
        _("row"),
    )
    notes = (*map(verbatim, sources), prices_note(book.describe()))
    return Table(title, columns, tuple(rows), frozenset({2}), notes)


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
    """Return the figures on which sources differ, with their variants."""
    cells = tuple((row[0], row[1], f"{row[2]} {row[3]}", row[4], row[6] or row[5]) for row in rows)
    notes = (
        _('choose one with [prices.variant] "FIGURE" = "OPTION", or PriceBook(variants=...)'),
        prices_note(book.describe()),
    )
    columns = (_("figure"), _("option"), _("value"), _("region"), _("reason"))
    return Table(_("figures on which sources differ"), columns, cells, frozenset({2}), notes)


CHECK_COLUMNS: Final = ("tables", "rows", "released", "sha256")


def check_table(rows: Sequence[Sequence[Any]], locked: Sequence[str]) -> Table:
    """Return the tables that passed the check."""
    cells = tuple(
        (word(name), f"{count:,}", f"{released:,}", sha256[:12])
        for name, count, released, sha256 in rows
    )
    notes = [_("every released row is unchanged")]
    if locked:
        notes.append(_("locked: {files}", files=", ".join(locked)))
    columns = (_("tables"), _("rows"), _("released"), verbatim("sha256"))
    title = _("price tables: complete and valid")
    return Table(title, columns, cells, frozenset({1, 2}), tuple(notes))


def history_rows(prices: PriceHistory) -> list[list[Any]]:
    """Return every row of a price's history, under ``PRICE_COLUMNS``."""
    return _price_rows(
        row for region in prices.regions for row in prices.book.history(prices.sku, region)
    )


def _price_rows(rows: Iterable[PriceRow]) -> list[list[Any]]:
    return [list(price_dict(row).values()) for row in rows]


def records_of(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> list[dict[str, Any]]:
    """Return rows as plain values by the names of their columns."""
    return [dict(zip(columns, row, strict=True)) for row in rows]


def _listing(name: str, columns: Sequence[str], prices: Any, rows: Any) -> dict[str, Any]:
    """Return ``kafkatco prices list --format json``: its rows under ``name``."""
    return {"prices": prices.book.describe(), name: records_of(columns, rows)}


PRICE_SERVICES: Final = View(
    columns=SERVICE_COLUMNS,
    rows=lambda prices: prices.rows,
    tables=lambda prices: [services_table(prices.book, prices.rows)],
    plain=lambda prices: _listing("services", SERVICE_COLUMNS, prices, prices.rows),
)
PRICE_ROWS: Final = View(
    columns=PRICE_COLUMNS,
    rows=lambda prices: _price_rows(prices.rows),
    tables=lambda prices: [rows_table(prices.book, prices.rows)],
    plain=lambda prices: _listing("rows", PRICE_COLUMNS, prices, _price_rows(prices.rows)),
)
PRICE_VARIANTS: Final = View(
    columns=VARIANT_COLUMNS,
    rows=lambda prices: prices.rows,
    tables=lambda prices: [variants_table(prices.book, prices.rows)],
    plain=lambda prices: _listing("variants", VARIANT_COLUMNS, prices, prices.rows),
)
PRICE_HISTORY: Final = View(
    columns=PRICE_COLUMNS,
    rows=history_rows,
    tables=lambda prices: [
        history_table(prices.sku, region, prices.book) for region in prices.regions
    ],
    plain=lambda prices: {
        "prices": prices.book.describe(),
        "skus": [history_dict(prices.sku, region, prices.book) for region in prices.regions],
    },
)
CHECKED_TABLES: Final = View(
    columns=CHECK_COLUMNS,
    rows=lambda prices: prices.rows,
    tables=lambda prices: [check_table(prices.rows, prices.locked)],
    plain=lambda prices: {
        "locked": list(prices.locked),
        "tables": records_of(CHECK_COLUMNS, prices.rows),
    },
)
