"""Checking whole trees of tables: what reading them does not need, and a maintainer does."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterator, Sequence
from operator import attrgetter
from pathlib import Path
from typing import Any, NamedTuple

from kafkatco.errors import Problem
from kafkatco.prices.bands import band_of
from kafkatco.prices.columns import CAPACITIES, PRICES, Kind
from kafkatco.prices.locks import broken_locks
from kafkatco.prices.rows import PriceRow
from kafkatco.prices.tables import read_folder

__all__ = ["Checked", "check_capacities", "check_prices"]


class Checked(NamedTuple):
    """What was read from one folder of tables, and everything that is wrong with it."""

    rows: tuple[Any, ...]
    problems: tuple[Problem, ...]
    sha256: str


def check_prices(folder: Path, *, today: dt.date) -> Checked:
    """Check a book: its schema, order, tiers, dates, magnitudes, shadows and locked rows."""
    rows, problems, sha256 = read_folder(folder, PRICES)
    found = [
        *problems,
        *_unsorted(rows, PRICES),
        *_undated(rows, today),
        *_shadowed(rows),
        *_slipped(rows),
        *broken_locks(folder, rows),
    ]
    return Checked(tuple(rows), tuple(found), sha256)


def check_capacities(folder: Path, *, today: dt.date) -> Checked:
    """Check the capacity tables: their schema, order, dates and locked rows."""
    rows, problems, sha256 = read_folder(folder, CAPACITIES)
    found = [
        *problems,
        *_unsorted(rows, CAPACITIES),
        *_undated(rows, today),
        *broken_locks(folder, rows),
    ]
    return Checked(tuple(rows), tuple(found), sha256)


def _unsorted(rows: Sequence[Any], kind: Kind) -> Iterator[Problem]:
    key = attrgetter(*kind.key)
    for before, row in itertools.pairwise(rows):
        same_file = before.where.rpartition(":")[0] == row.where.rpartition(":")[0]
        if same_file and key(row) < key(before):
            columns = ", ".join(kind.key)
            yield Problem(row.where, "a row out of order", f"rows sorted by {columns}")


def _undated(rows: Sequence[Any], today: dt.date) -> Iterator[Problem]:
    for row in rows:
        for column in ("valid_from", "retrieved_on"):
            date = getattr(row, column)
            if not dt.date(1999, 1, 1) <= date <= today:
                given = date.isoformat()
                expected = f"a date from 1999 to {today.isoformat()}"
                yield Problem(f"{row.where} {column}", given, expected)


def _shadowed(rows: Sequence[PriceRow]) -> Iterator[Problem]:
    """Find rows that another hides: another file's, another spelling's, or a region's own."""
    home: dict[str, PriceRow] = {}
    everywhere = {row.sku: row for row in rows if row.region == "any"}
    for row in rows:
        first = home.setdefault(row.sku.casefold(), row)
        if first.sku != row.sku:
            yield Problem(f"{row.where} sku", repr(row.sku), f"{first.sku!r}, as in {first.where}")
        elif first.where.rpartition(":")[0] != row.where.rpartition(":")[0]:
            yield Problem(
                row.where, f"{row.sku!r} in a second table", f"all in that of {first.where}"
            )
        general = everywhere.get(row.sku)
        if general is not None and row.region != "any":
            given = f"a price of {row.sku!r} in {row.region!r}"
            yield Problem(row.where, given, f"no row for any region beside it; see {general.where}")


def _slipped(rows: Sequence[PriceRow]) -> Iterator[Problem]:
    """Find prices outside their magnitude, and zeros that no note explains."""
    for row in rows:
        if row.price is None:
            continue
        where = f"{row.where} price"
        if row.price == 0:
            if not row.note:
                yield Problem(where, "0", "a price, or a note that says why it is free")
            continue
        band = band_of(row.sku, row.unit, row.currency)
        if not band.low <= row.price <= band.high:
            expected = f"{band.low:f} to {band.high:f} {row.currency} per {row.unit}"
            hint = f"Skus that begin with {band.prefix!r} have this band in pricing/bands.csv"
            yield Problem(where, f"{row.price:f} for {row.sku!r}", expected, hint)
