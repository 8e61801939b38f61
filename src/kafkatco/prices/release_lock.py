"""Released rows are locked: a book's ``released.lock`` holds a hash of each of them.

A table is append-only.  The lock lists, under the name of each table, the hash of every released
row, in the order of the table: this reveals changed and deleted rows, and where they were, as well
as missing tables.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from kafkatco.core.files import replace_file
from kafkatco.errors import Problem
from kafkatco.i18n.message import _, ngettext
from kafkatco.prices.rows import CapacityRow, PriceRow

__all__ = ["LOCK", "broken_locks", "count_locked", "write_lock"]

Row = PriceRow | CapacityRow
LOCK: Final = "released.lock"
_HASH: Final = re.compile(r"[0-9a-f]{16}")
HEADER: Final = "# a hash of each released row, table by table: see pricing/README.md"


def _hash(row: Row) -> str:
    cells = ["" if cell is None else str(cell) for cell in row[:-1]]  # all but its place
    return hashlib.sha256("\x1f".join(cells).encode()).hexdigest()[:16]


def _by_table(rows: Sequence[Row]) -> dict[str, list[Row]]:
    tables: dict[str, list[Row]] = {}
    for row in rows:
        tables.setdefault(row.where.rpartition(":")[0].partition("/")[2], []).append(row)
    return tables


def _locked(folder: Path, problems: list[Problem]) -> dict[str, dict[str, int]]:
    """Return the hashes of each table, each with its line in the lock."""
    tables = dict[str, dict[str, int]]()
    lock = folder / LOCK
    where = f"{folder.name}/{LOCK}"
    if not lock.exists():
        return tables
    try:
        text = lock.read_text(encoding="utf-8", errors="replace")
    except OSError as error:
        sentence = _("the file cannot be read: {reason}", reason=error.strerror)
        problems.append(Problem(where, "", sentence))
        return tables
    table = ""
    for number, line in enumerate(text.splitlines(), 1):
        if line.endswith(".csv"):
            table = line
            tables[table] = {}
        elif table and _HASH.fullmatch(line):
            tables[table][line] = number
        elif not line.startswith("#"):
            expected = _("the name of a table, or the hash of one of its rows")
            problems.append(Problem(f"{where}:{number}", repr(line[:40]), expected))
    if not any(tables.values()) and not problems:
        problems.append(Problem(where, "", _("the lock has no rows; delete it or lock again")))
    return tables


def count_locked(folder: Path) -> int:
    """Return the number of released rows under ``folder``."""
    return sum(len(hashes) for hashes in _locked(folder, []).values())


def broken_locks(folder: Path, rows: Sequence[Row]) -> Iterator[Problem]:
    """Yield a problem for each released row under ``folder`` that was changed or deleted."""
    tables, problems = _by_table(rows), list[Problem]()
    locked_rows = _locked(folder, problems)
    yield from problems
    for table, hashes in locked_rows.items():
        name = f"{folder.name}/{table}"
        present = tables.get(table, [])
        if not present:
            sentence = ngettext(
                "the table is missing or has no valid row; {lock} has {n} row of it",
                "the table is missing or has no valid row; {lock} has {n} rows of it",
                len(hashes),
                lock=LOCK,
            )
            yield Problem(name, "", sentence)
            continue
        line_of = {_hash(row): int(row.where.rpartition(":")[2]) for row in present}
        line = 1  # of the previous released row, or of the header
        for locked, number in hashes.items():
            if locked in line_of:
                line = line_of[locked]
                continue
            line += 1
            place = f"{LOCK}:{number}"
            yield Problem(
                f"{name}:{line}",
                "",
                _(
                    "a released row was changed or deleted; restore the row locked at {place}",
                    place=place,
                ),
                _(
                    "A price change is a new row; if the old one was wrong when it was written, "
                    "delete its line from the lock"
                ),
            )


def write_lock(folder: Path, rows: Sequence[Row]) -> Path | None:
    """Lock every row of every table under ``folder``; return the lock if it changed."""
    lines = [HEADER]
    for table, present in sorted(_by_table(rows).items()):
        lines += [table, *map(_hash, present)]
    text = "\n".join(lines) + "\n"
    lock = folder / LOCK
    if lock.is_file() and lock.read_bytes() == text.encode():
        return None
    replace_file(lock, lambda path: path.write_text(text, encoding="utf-8"))
    return lock
