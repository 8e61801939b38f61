"""Check trees of tables for more than their reader needs: order, dates, sources, magnitudes."""

from __future__ import annotations

import datetime as dt
import difflib
import itertools
from collections import Counter
from collections.abc import Iterator, Sequence
from operator import attrgetter
from pathlib import Path
from typing import Any, Final, NamedTuple

from kafkatco.errors import Problem, nearest
from kafkatco.i18n.message import _
from kafkatco.prices.bands import slipped
from kafkatco.prices.columns import CAPACITIES, PRICES, Kind
from kafkatco.prices.csv_tables import read_folder
from kafkatco.prices.release_lock import broken_locks
from kafkatco.prices.rows import Band, PriceRow

__all__ = ["Checked", "check_capacities", "check_prices"]

#: A shorter source cannot name a page, file or document.
SHORTEST_SOURCE: Final = 12


class Checked(NamedTuple):
    """The rows of one folder of tables, all its problems, and the hash of its tables."""

    rows: tuple[Any, ...]
    problems: tuple[Problem, ...]
    sha256: str


def check_prices(folder: Path, *, today: dt.date, bands: Sequence[Band]) -> Checked:
    """Check a book: schema, order, tiers, dates, sources, regions, magnitudes, shadows, locks.

    Magnitudes are not checked without ``bands``, which are empty if their own table is invalid.
    """
    checked = _check(folder, PRICES, today)
    more = [*_shadowed(checked.rows), *_mistaken_regions(checked.rows)]
    more += slipped(checked.rows, bands) if bands else ()
    return checked._replace(problems=(*checked.problems, *more))


def check_capacities(folder: Path, *, today: dt.date) -> Checked:
    """Check the capacity tables: their schema, order, dates, sources and locked rows."""
    return _check(folder, CAPACITIES, today)


def _check(folder: Path, kind: Kind, today: dt.date) -> Checked:
    rows, unreadable, sha256 = read_folder(folder, kind)
    problems = (
        *unreadable,
        *_unsorted(rows, kind),
        *_undated(rows, today),
        *_unsourced(rows),
        *broken_locks(folder, rows),
    )
    return Checked(tuple(rows), problems, sha256)


def _table(row: Any) -> str:
    return str(row.where.rpartition(":")[0])


def _unsorted(rows: Sequence[Any], kind: Kind) -> Iterator[Problem]:
    key = attrgetter(*kind.key)
    for before, row in itertools.pairwise(rows):
        if _table(before) == _table(row) and key(row) < key(before):
            sentence = _("rows must be sorted by {columns}", columns=", ".join(kind.key))
            yield Problem(row.where, "", sentence)


def _undated(rows: Sequence[Any], today: dt.date) -> Iterator[Problem]:
    for row in rows:
        for column in ("valid_from", "retrieved_on"):
            date = getattr(row, column)
            if not dt.date(1999, 1, 1) <= date <= today:
                expected = _("a date from 1999 to {today}", today=today.isoformat())
                yield Problem(f"{row.where} {column}", date.isoformat(), expected)


def _unsourced(rows: Sequence[Any]) -> Iterator[Problem]:
    for row in rows:
        if len(row.source) < SHORTEST_SOURCE:
            expected = _("the page, file or document with this figure")
            yield Problem(f"{row.where} source", repr(row.source), expected)


def _shadowed(rows: Sequence[PriceRow]) -> Iterator[Problem]:
    """Yield a problem for each row that another file, spelling or region hides."""
    home: dict[str, PriceRow] = {}
    everywhere = {row.sku: row for row in rows if row.region == "any"}
    for row in rows:
        first = home.setdefault(row.sku.casefold(), row)
        if first.sku != row.sku:
            expected = _("{sku!r}, as in {place}", sku=first.sku, place=first.where)
            yield Problem(f"{row.where} sku", repr(row.sku), expected)
        elif _table(first) != _table(row):
            sentence = _(
                "{sku!r} has rows in a second table; move them to the table of {place}",
                sku=row.sku,
                place=first.where,
            )
            yield Problem(row.where, "", sentence)
        general = everywhere.pop(row.sku, None) if row.region != "any" else None
        if general is not None:
            sentence = _(
                "{sku!r} has a price for any region, and one of a single region in {place}; "
                "give a price for any region or for each, not both",
                sku=row.sku,
                place=row.where,
            )
            yield Problem(general.where, "", sentence)


def _mistaken_regions(rows: Sequence[PriceRow]) -> Iterator[Problem]:
    """Yield a problem for a region of only one row that resembles a common region."""
    counts = Counter((row.sku.partition(".")[0], row.region) for row in rows)
    common = {region for (_name, region), count in counts.items() if count > 2}
    for row in rows:
        provider = row.sku.partition(".")[0]
        if counts[provider, row.region] > 1 or row.region == "any":
            continue
        others = {region for name, region in counts if name == provider and region != row.region}
        if others and difflib.get_close_matches(row.region, common, cutoff=0.75):
            hint = nearest(row.region, others & common)
            expected = _("a region of {provider}", provider=provider)
            yield Problem(f"{row.where} region", repr(row.region), expected, hint)
