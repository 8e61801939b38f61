"""What prices, their history, their changes and the check of their tables show."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from kafkatco.core.table import Table, number, prices_note

if TYPE_CHECKING:
    from kafkatco.prices import Change, PriceBook, PriceRow

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
CHANGE_COLUMNS: Final = (
    "sku",
    "region",
    "tier_from",
    "unit",
    "currency",
    "before",
    "after",
    "percent",
    "valid_from",
    "source",
    "note",
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


def _service(sku: str) -> str:
    """Return what a sku is of, without its commitment or its variant."""
    return ".".join(re.split("[~@]", sku)[0].split(".")[:2])


def _few(regions: str, most: int = 3) -> str:
    names = regions.split(", ")
    return (
        regions if len(names) <= most else f"{', '.join(names[:most])} and {len(names) - most} more"
    )


def services(book: PriceBook) -> list[list[Any]]:
    """Return each service of a book: how many skus, in which regions, of which dates."""
    found: dict[str, list[PriceRow]] = {}
    for sku in book.skus():
        name = _service(sku)
        for region in book.regions_of(sku):
            found.setdefault(name, []).extend(book.listed(sku, region))
    return [
        [
            name,
            len({row.sku for row in rows}),
            ", ".join(sorted({row.region for row in rows})),
            min(row.valid_from for row in rows).isoformat(),
            max(row.valid_from for row in rows).isoformat(),
        ]
        for name, rows in found.items()
    ]


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


def change_rows(changes: Sequence[Change]) -> list[list[Any]]:
    """Return one row for each changed price under ``CHANGE_COLUMNS``."""
    rows = []
    for change in changes:
        row = change.after or change.before
        assert row is not None
        before, after = (
            str(side.price) if side is not None and side.price is not None else None
            for side in (change.before, change.after)
        )
        rows.append(
            [
                change.sku,
                change.region,
                str(row.tier_from),
                row.unit,
                row.currency,
                before,
                after,
                change.percent,
                row.valid_from.isoformat(),
                row.source,
                row.note,
            ]
        )
    return rows


def changes_table(changes: Sequence[Change], before: PriceBook, after: PriceBook) -> Table:
    """Return what changed between two dates; what is newly known is counted, service by service."""
    rows, new = [], Counter[str]()
    for change in changes:
        if change.before is None:
            new[_service(change.sku)] += 1
            continue
        row = change.after or change.before
        percent = "-" if change.percent is None else f"{change.percent:+,.2f} %"
        tier = f" from {number(float(row.tier_from))}" if row.tier_from else ""
        unit = f"{row.currency} per {row.unit}{tier}"
        rows.append(
            (change.sku, change.region, unit, amount(change.before), amount(change.after), percent)
        )
    title = (
        f"book {after.name!r}, {before.as_of.isoformat()} to {after.as_of.isoformat()}: "
        f"{len(rows)} changed, {new.total()} newly known"
    )
    columns = ("sku", "region", "unit", "before", "after", "change")
    known = ", ".join(f"{name} {count}" for name, count in new.items())
    notes = (f"newly known (listed by --format csv or json): {known}",) if known else ()
    return Table(title, columns, tuple(rows), frozenset({3, 4, 5}), notes)


VARIANT_COLUMNS: Final = ("figure", "option", "value", "unit", "region", "source", "note")


def variant_rows(book: PriceBook, prefix: str = "", region: str | None = None) -> list[list[Any]]:
    """Return every figure that sources contradict each other about: the default, then the rest."""
    from kafkatco.prices.variants import options

    limits, rows = book.catalogue(), []
    for key, words in options(book.skus(), book.as_of).items():
        if not key.startswith(prefix):
            continue
        regions = {region for word in words for region in book.regions_of(f"{key}~{word}")}
        if region is not None:
            regions &= {region, "any"}
        for option in ("", *words):
            name, word = f"{key}~{option}" if option else key, option or "(default)"
            for row in (row for region in sorted(regions) for row in book.listed(name, region)):
                figure = amount(row) if row.price is None else f"{row.price:f}"
                unit = f"{row.currency}/{row.unit}"
                rows.append([key, word, figure, unit, row.region, row.source, row.note])
            item, _, attribute = key.rpartition(".")
            limit = limits.listed(item, f"{attribute}~{option}" if option else attribute)
            if limit is not None and not regions:
                rows.append(
                    [key, word, str(limit.value), limit.unit, "any", limit.source, limit.note]
                )
    return rows


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
