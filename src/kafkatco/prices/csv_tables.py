"""Read the CSV tables: check every cell, and report every problem of every file at once.

A column has few distinct texts (units, dates, sources), so each text is parsed once, however many
rows repeat it.
"""

from __future__ import annotations

import contextlib
import csv
import datetime as dt
import hashlib
import io
import os
from collections.abc import Iterator, Sequence
from operator import attrgetter
from pathlib import Path
from typing import Any, Final, TypeVar

from kafkatco.core.files import current
from kafkatco.errors import PriceTableError, Problem, nearest
from kafkatco.i18n.message import EMPTY, Message, _, ngettext, verbatim
from kafkatco.prices.columns import CAPACITIES, PRICES, Kind
from kafkatco.prices.rows import UNPRICED, CapacityRow, PriceRow

__all__ = [
    "pricing_root",
    "read_capacities",
    "read_folder",
    "read_prices",
    "read_table",
    "stamp",
    "tables_of",
]

_Row = TypeVar("_Row")

#: How often tables are read again while another process writes them.
TRIES: Final = 5


def pricing_root() -> Path:
    """Return the folder of the shipped tables: in the wheel, or next to ``src`` in a checkout."""
    packaged = Path(__file__).parents[1] / "pricing"
    return packaged if packaged.is_dir() else Path(__file__).parents[3] / "pricing"


def _rows(data: bytes, kind: Kind, where: str, problems: list[Problem]) -> list[Any]:
    """Return the valid rows of one table; problems of the others are appended."""
    lines, cells = _cells(data, list(kind.columns), where, problems)
    values, good = [], [True] * len(cells)
    for (name, parse), column in zip(
        kind.columns.items(), zip(*cells, strict=True), strict=bool(cells)
    ):
        parsed: dict[str, Any] = {}
        wrong: dict[str, tuple[Message, Message]] = {}
        for text in set(column):
            try:
                parsed[text] = parse(text)
            except ValueError as error:
                wrong[text] = error.args[0], error.args[1]
        for i, text in enumerate(column) if wrong else ():
            if text in wrong:
                good[i] = False
                problems.append(Problem(f"{where}:{lines[i]} {name}", repr(text), *wrong[text]))
        values.append([parsed.get(text) for text in column])
    places = [f"{where}:{line}" for line in lines]
    made = map(kind.row, *values, places)
    return [row for row, whole in zip(made, good, strict=True) if whole] if cells else []


def _cells(
    data: bytes, columns: list[str], where: str, problems: list[Problem]
) -> tuple[list[int], list[list[str]]]:
    """Return the line numbers and cells of the lines that have one cell for each column."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        sentence = _("the file cannot be read as UTF-8: {reason}", reason=str(error))
        problems.append(Problem(where, "", sentence))
        return [], []
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    rows: list[list[str]] = []
    try:
        rows.extend(reader)
    except csv.Error as error:
        sentence = _("invalid CSV ({reason}); check the quotes", reason=str(error))
        problems.append(Problem(f"{where}:{reader.line_num}", "", sentence))
    header = rows[0] if rows else []
    if header != columns:
        unknown = [name for name in header if name not in columns]
        hint = nearest(unknown[0], columns, limit=20) if unknown else EMPTY
        header_text = ",".join(header) or _("an empty line")
        problems.append(Problem(f"{where}:1", header_text, verbatim(",".join(columns)), hint))
        return [], []
    for line, row in enumerate(rows, 1):
        if any("\n" in cell for cell in row):  # or the lines below would be miscounted
            sentence = _("a cell has a line break; write each row on one line")
            problems.append(Problem(f"{where}:{line}", "", sentence))
            return [], []
        if len(row) != len(columns) and row:
            cells, expected = (
                ngettext("{n} cell", "{n} cells", len(line_cells)) for line_cells in (row, columns)
            )
            problems.append(Problem(f"{where}:{line}", cells, expected))
    lines = [line for line, row in enumerate(rows, 1) if len(row) == len(columns)]
    return lines[1:], [rows[line - 1] for line in lines[1:]]


def read_table(path: Path, where: str, kind: Kind) -> tuple[list[Any], list[Problem]]:
    """Return the valid rows of one table, one for each key, and the problems of the others."""
    return _unique(*_read(path, where, kind)[:2], kind)


def read_folder(folder: Path, kind: Kind) -> tuple[list[Any], list[Problem], str]:
    """Return all rows of all tables under ``folder``, their problems, and the tables' sha256.

    They are consistent: if another process writes meanwhile, they are read again.
    """
    for _try in range(TRIES):
        before = stamp(folder)
        contents = _read_folder(folder, kind)
        if stamp(folder) == before:
            break
    return contents


def _read_folder(folder: Path, kind: Kind) -> tuple[list[Any], list[Problem], str]:
    rows: list[Any] = []
    problems: list[Problem] = []
    digest = hashlib.sha256()
    for name, path in tables_of(folder, problems).items():
        made, wrong, data = _read(path, f"{folder.name}/{name}", kind)
        rows += made
        problems += wrong
        digest.update(name.encode() + b"\0" + data)
    rows, problems = _unique(rows, problems, kind)
    if kind is PRICES:
        problems += _broken_tiers(rows)
    if not rows and not problems:
        problems.append(Problem(folder.name, "", _("no rows in the CSV files of this folder")))
    return rows, problems, digest.hexdigest()


def tables_of(folder: Path, problems: list[Problem]) -> dict[str, Path]:
    """Return the tables under ``folder`` by name; an unreadable folder is a problem.

    Hidden files are ignored, except those of an interrupted write.
    """

    def unread(error: OSError) -> None:
        sentence = _("the folder cannot be read: {reason}", reason=error.strerror)
        problems.append(Problem(str(error.filename), "", sentence))

    walked = os.walk(folder, onerror=unread)
    paths = (Path(root, name) for root, _folders, names in walked for name in names)
    files = {path.relative_to(folder).as_posix(): path for path in paths}
    visible = {
        name: path
        for name, path in files.items()
        if not any(part.startswith(".") for part in Path(name).parts)
    }
    tables = {**visible, **current(folder)}
    return {name: tables[name] for name in sorted(tables, key=Path) if name.endswith(".csv")}


def _read(path: Path, where: str, kind: Kind) -> tuple[list[Any], list[Problem], bytes]:
    problems: list[Problem] = []
    try:
        data = path.read_bytes()
    except OSError as error:
        sentence = _("the file cannot be read: {reason}", reason=error.strerror)
        return [], [Problem(where, "", sentence)], b""
    return _rows(data, kind, where, problems), problems, data


def _unique(
    rows: list[Any], problems: list[Problem], kind: Kind
) -> tuple[list[Any], list[Problem]]:
    unique: dict[tuple[Any, ...], Any] = {}
    for row, key in zip(rows, map(attrgetter(*kind.key), rows), strict=True):
        first = unique.setdefault(key, row)
        if first is not row:
            sentence = _("a duplicate of {place}; delete one of them", place=first.where)
            problems.append(Problem(row.where, "", sentence))
    return list(unique.values()), problems


def read_prices(folder: Path) -> tuple[tuple[PriceRow, ...], str]:
    """Return every price row under ``folder`` and the tables' sha256.

    Raises :class:`~kafkatco.errors.PriceTableError` with every problem of every file.
    """
    rows, problems, digest = read_folder(folder, PRICES)
    if problems:
        raise PriceTableError(str(folder), problems)
    return tuple(rows), digest


def _broken_tiers(rows: Sequence[PriceRow]) -> Iterator[Problem]:
    tiers: dict[tuple[str, str, dt.date], list[PriceRow]] = {}
    for row in rows:
        tiers.setdefault((row.sku, row.region, row.valid_from), []).append(row)
    for group in tiers.values():
        one = group[0]
        if len(group) > 1 or one.tier_kind != "flat" or one.tier_from or one.price is None:
            yield from _tiers(group)


def _tiers(tiers: list[PriceRow]) -> Iterator[Problem]:
    """Yield the problems of the rows of one price on one date."""
    where = tiers[0].where
    if min(row.tier_from for row in tiers) != 0:
        yield Problem(where, "", _("no tier begins at 0; restate the price with all its tiers"))
    if len(tiers) > 1 and any(row.tier_kind != "marginal" for row in tiers):
        sentence = _(
            "{count} rows of one price and date must all have the tier_kind marginal",
            count=len(tiers),
        )
        yield Problem(where, "", sentence)
    if len({(row.unit, row.currency) for row in tiers}) > 1:
        sentence = _("all tiers of a price must have the same unit and currency")
        yield Problem(where, "", sentence)
    for row in tiers:
        if row.price is None and row.tier_kind not in UNPRICED:
            yield Problem(f"{row.where} price", "''", _("a decimal of at least 0"))
        elif row.price is not None and row.tier_kind in UNPRICED:
            sentence = _("a row of tier_kind {kind} must have no price", kind=row.tier_kind)
            yield Problem(f"{row.where} price", "", sentence)


def stamp(folder: Path) -> tuple[object, ...]:
    """Return the names, times and sizes of the tables under ``folder``, to notice a change."""
    stamps = []
    for path in tables_of(folder, []).values():
        with contextlib.suppress(FileNotFoundError):  # being replaced by a writer
            stat = path.stat()
            stamps.append((str(path), stat.st_mtime_ns, stat.st_size))
    return tuple(stamps)


def read_capacities(folder: Path) -> tuple[tuple[CapacityRow, ...], str]:
    """Return every capacity row under ``folder`` and the tables' sha256.

    Raises :class:`~kafkatco.errors.PriceTableError` with every problem of every file.
    """
    rows, problems, digest = read_folder(folder, CAPACITIES)
    if problems:
        raise PriceTableError(str(folder), problems)
    return tuple(rows), digest
