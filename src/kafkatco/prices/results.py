"""The results of the commands on prices."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from kafkatco.core.result import Result, Results
from kafkatco.errors import Problem
from kafkatco.i18n.message import _
from kafkatco.prices.book import PriceBook
from kafkatco.prices.changes import Change
from kafkatco.prices.invoice_prices import InvoiceMatch
from kafkatco.prices.rows import PriceRow
from kafkatco.prices.variants import options

__all__ = [
    "CheckedTables",
    "InvoicePrices",
    "PriceChanges",
    "PriceHistory",
    "PriceImpact",
    "PriceRows",
    "PriceServices",
    "PriceVariants",
    "RefreshReport",
    "Refreshed",
    "list_services",
    "list_variants",
    "service_of",
]


@dataclass(frozen=True, slots=True)
class PriceServices(Result):
    """The services of a book, each with its skus, regions, and first and latest date."""

    book: PriceBook
    rows: tuple[tuple[str, int, str, str, str], ...]


@dataclass(frozen=True, slots=True)
class PriceRows(Result):
    """The rows of a book that apply on its date."""

    book: PriceBook
    rows: tuple[PriceRow, ...]


@dataclass(frozen=True, slots=True)
class PriceVariants(Result):
    """The figures on which the sources of a book contradict each other, variant by variant."""

    book: PriceBook
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class PriceHistory(Result):
    """One price in some regions, with its whole history."""

    book: PriceBook
    sku: str
    regions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PriceChanges(Results[Change]):
    """Every price that differs between two books: a sequence."""

    items: tuple[Change, ...]
    before: PriceBook
    after: PriceBook


@dataclass(frozen=True, slots=True)
class PriceImpact(Result):
    """Changed prices, and their impact on the answers to a scenario."""

    changes: PriceChanges
    impact: Result


@dataclass(frozen=True, slots=True)
class CheckedTables(Result):
    """Valid folders of tables: name, rows, released rows, sha256; and the changed locks."""

    rows: tuple[tuple[str, int, int, str], ...]
    locked: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Refreshed:
    """The result of refreshing one source.

    ``rows`` are the new rows.  ``same`` counts unchanged prices, ``announced`` those that begin
    later; ``other`` names things that the source prices and the tables lack.  With ``problems`` the
    tables stay unchanged.
    """

    source: str
    rows: tuple[PriceRow, ...] = ()
    same: int = 0
    announced: int = 0
    other: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class RefreshReport(Result):
    """The result of a refresh by source, the changed prices, and their impact on answers."""

    sources: tuple[Refreshed, ...]
    notes: tuple[str, ...]
    changes: PriceChanges
    impact: Result | None
    dry_run: bool


@dataclass(frozen=True, slots=True)
class InvoicePrices(Results[InvoiceMatch]):
    """The unit prices of the user's invoices, matched with those of a book: a sequence."""

    items: tuple[InvoiceMatch, ...]
    book: PriceBook


def service_of(sku: str) -> str:
    """Return the service of a sku, without its commitment or its variant."""
    return ".".join(re.split("[~@]", sku)[0].split(".")[:2])


def list_services(book: PriceBook) -> PriceServices:
    """Return each service of a book: its number of skus, its regions and its dates."""
    services: dict[str, list[PriceRow]] = {}
    for sku in book.skus():
        for region in book.regions_of(sku):
            services.setdefault(service_of(sku), []).extend(book.listed(sku, region))
    rows = (
        (
            name,
            len({row.sku for row in rows}),
            ", ".join(sorted({row.region for row in rows})),
            min(row.valid_from for row in rows).isoformat(),
            max(row.valid_from for row in rows).isoformat(),
        )
        for name, rows in services.items()
    )
    return PriceServices(book, tuple(rows))


def list_variants(book: PriceBook, prefix: str = "", region: str | None = None) -> PriceVariants:
    """Return every figure on which sources contradict each other, the default first."""
    rows: list[tuple[str, ...]] = []
    for key, words in options(book.skus(), book.as_of).items():
        if key.startswith(prefix):
            rows += _variants(book, key, words, region)
    return PriceVariants(book, tuple(rows))


def _variants(
    book: PriceBook, key: str, words: Sequence[str], region: str | None
) -> list[tuple[str, ...]]:
    """Return the variants of one figure: prices by region, or else a capacity."""
    regions = {region for word in words for region in book.regions_of(f"{key}~{word}")}
    if region is not None:
        regions &= {region, "any"}
    limits, rows = book.catalogue(), list[tuple[str, ...]]()
    for option in ("", *words):
        name, word = f"{key}~{option}" if option else key, option or _("(default)")
        for row in (row for where in sorted(regions) for row in book.listed(name, where)):
            price: Any = row.price
            no_figure = _("no figure ({kind})", kind=row.tier_kind)
            figure = no_figure if price is None else f"{price:f}"
            unit = f"{row.currency}/{row.unit}"
            rows.append((key, word, figure, unit, row.region, row.source, row.note))
        item, _dot, attribute = key.rpartition(".")
        limit = limits.listed(item, f"{attribute}~{option}" if option else attribute)
        if limit is not None and not regions:
            about = (limit.unit, "any", limit.source, limit.note)
            rows.append((key, word, str(limit.value), *about))
    return rows
