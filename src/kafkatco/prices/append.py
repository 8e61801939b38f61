"""Insert rows into the tables, each in its place; every other line stays as it is."""

from __future__ import annotations

import bisect
import contextlib
import csv
import datetime as dt
import io
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from operator import attrgetter
from pathlib import Path

from kafkatco.errors import PriceTableError, Problem
from kafkatco.i18n.message import _
from kafkatco.prices.bands import read_bands
from kafkatco.prices.check import check_prices
from kafkatco.prices.columns import PRICES
from kafkatco.prices.csv_tables import pricing_root, read_table, tables_of
from kafkatco.prices.rows import PriceRow

__all__ = ["book_files", "homes", "new_problems", "preview", "with_rows"]


def homes(rows: Iterable[PriceRow]) -> dict[str, str]:
    """Return the table in which each sku has its rows, relative to the book's folder."""
    return {row.sku: row.where.rpartition(":")[0].partition("/")[2] for row in rows}


def with_rows(
    folder: Path, rows: Sequence[PriceRow], tables: Mapping[str, str]
) -> dict[str, bytes]:
    """Return the changed tables by name, with the new rows in their places.

    ``tables`` has the table of each sku.  No existing line changes; a new table begins with the
    header.
    """
    placed: dict[str, list[PriceRow]] = {}
    for row in rows:
        placed.setdefault(tables[row.sku], []).append(row)
    return {name: _table(folder / name, name, added) for name, added in placed.items()}


def book_files(folder: Path) -> dict[str, bytes]:
    """Return the tables of a book, and the other files of its folder, by name."""
    others = [path for path in folder.iterdir() if path.is_file() and path.name[0] != "."]
    paths = {**{path.name: path for path in others}, **tables_of(folder, [])}
    return {name: path.read_bytes() for name, path in paths.items()}


@contextlib.contextmanager
def preview(folder: Path, changed: Mapping[str, bytes]) -> Iterator[Path]:
    """Yield a temporary copy of a book's folder with these files replaced."""
    with tempfile.TemporaryDirectory(prefix="kafkatco-") as place:
        copy = Path(place) / folder.name
        for name, data in {**book_files(folder), **changed}.items():
            path = copy / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        yield copy


def new_problems(
    folder: Path, changed: Mapping[str, bytes], *, today: dt.date
) -> tuple[Problem, ...]:
    """Return the problems that the changed tables add to a book."""
    bands = read_bands(pricing_root())[0]
    with preview(folder, changed) as after:
        problems = check_prices(after, today=today, bands=bands).problems
    before = check_prices(folder, today=today, bands=bands).problems if problems else ()
    old = {(one.given, one.expected) for one in before}  # whatever their line
    return tuple(one for one in problems if (one.given, one.expected) not in old)


def _table(path: Path, name: str, added: Sequence[PriceRow]) -> bytes:
    key = attrgetter(*PRICES.key)
    if not path.exists():
        header = ",".join(PRICES.columns) + "\n"
        return (header + "".join(line(row) for row in sorted(added, key=key))).encode()
    present, problems = read_table(path, name, PRICES)
    if problems:
        raise PriceTableError(name, problems)
    text = path.read_bytes().decode("utf-8")
    lines = text.splitlines(keepends=True)
    end = "\r\n" if lines[0].endswith("\r\n") else "\n"
    if not lines[-1].endswith(end):
        lines[-1] += end
    keys = [key(row) for row in present]
    numbers = [int(row.where.rpartition(":")[2]) for row in present]
    if keys != sorted(keys):
        sentence = _("rows must be sorted by {columns}", columns=", ".join(PRICES.key))
        raise PriceTableError(name, [Problem(name, "", sentence)])
    places = [number - 1 for number in numbers] + [len(lines)]
    for row in sorted(added, key=key, reverse=True):  # from the end: earlier places stay valid
        lines.insert(places[bisect.bisect(keys, key(row))], line(row, end))
    return "".join(lines).encode()


def line(row: PriceRow, end: str = "\n") -> str:
    """Return a row as a line of a table."""
    cells = ["" if cell is None else _cell(cell) for cell in row[:-1]]
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator=end).writerow(cells)
    return buffer.getvalue()


def _cell(cell: object) -> str:
    return f"{cell:f}" if isinstance(cell, Decimal) else str(cell)
