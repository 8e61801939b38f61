"""Putting rows into the tables: each in its place, every other line as it was, all at once."""

from __future__ import annotations

import bisect
import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from operator import attrgetter
from pathlib import Path

from kafkatco.errors import Problem, RefreshError
from kafkatco.prices.columns import PRICES
from kafkatco.prices.rows import PriceRow
from kafkatco.prices.tables import read_table

__all__ = ["homes", "with_rows"]


def homes(rows: Iterable[PriceRow]) -> dict[str, str]:
    """Return the table in which each sku has its rows, relative to the book's folder."""
    return {row.sku: row.where.rpartition(":")[0].partition("/")[2] for row in rows}


def with_rows(
    folder: Path, rows: Sequence[PriceRow], tables: Mapping[str, str]
) -> dict[str, bytes]:
    """Return the tables that change, with the rows in their places, by name.

    ``tables`` has the table of each sku.  No line that is there is touched; a table that there is
    not yet begins with the header.
    """
    placed: dict[str, list[PriceRow]] = {}
    for row in rows:
        placed.setdefault(tables[row.sku], []).append(row)
    return {name: _table(folder / name, name, added) for name, added in placed.items()}


def _table(path: Path, name: str, added: Sequence[PriceRow]) -> bytes:
    key = attrgetter(*PRICES.key)
    if not path.exists():
        header = ",".join(PRICES.columns) + "\n"
        return (header + "".join(line(row) for row in sorted(added, key=key))).encode()
    present, problems = read_table(path, name, PRICES)
    if problems:
        raise RefreshError("refresh", problems)
    text = path.read_bytes().decode("utf-8")
    lines = text.splitlines(keepends=True)
    end = "\r\n" if lines[0].endswith("\r\n") else "\n"
    if not lines[-1].endswith(end):
        lines[-1] += end
    keys = [key(row) for row in present]
    numbers = [int(row.where.rpartition(":")[2]) for row in present]
    if keys != sorted(keys):
        raise RefreshError("refresh", [Problem(name, "rows out of order", "rows in order")])
    for row in sorted(added, key=key, reverse=True):
        at = bisect.bisect(keys, key(row))
        place = numbers[at] - 1 if at < len(numbers) else len(lines)
        lines.insert(place, line(row, end))
    return "".join(lines).encode()


def line(row: PriceRow, end: str = "\n") -> str:
    """Return a row as a line of a table."""
    cells = ["" if cell is None else _cell(cell) for cell in row[:-1]]
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator=end).writerow(cells)
    return buffer.getvalue()


def _cell(cell: object) -> str:
    return f"{cell:f}" if isinstance(cell, Decimal) else str(cell)
