"""Released rows are locked: a book's ``released.lock`` holds a hash of each of them.

A table is append-only.  The lock lists, under the name of each table, the hash of every row that
was ever released, in the order of the table: so a row that was changed or deleted since is found,
and where it stood, and so is a table that is gone.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from kafkatco.core.files import replace_file
from kafkatco.errors import Problem
from kafkatco.prices.rows import CapacityRow, PriceRow

__all__ = ["LOCK", "broken_locks", "count_locked", "write_lock"]

Row = PriceRow | CapacityRow
LOCK: Final = "released.lock"
_HASH: Final = re.compile(r"[0-9a-f]{16}")
HEADER: Final = "# a hash of each released row, table by table: see pricing/README.md"


def _hash(row: Row) -> str:
    cells = ["" if cell is None else str(cell) for cell in row[:-1]]  # all but where it stands
    return hashlib.sha256("\x1f".join(cells).encode()).hexdigest()[:16]


def _by_table(rows: Sequence[Row]) -> dict[str, list[Row]]:
    tables: dict[str, list[Row]] = {}
    for row in rows:
        tables.setdefault(row.where.rpartition(":")[0].partition("/")[2], []).append(row)
    return tables


def _locked(folder: Path, problems: list[Problem]) -> dict[str, dict[str, int]]:
    """Return the hashes of each table, and the line of the lock on which each stands."""
    tables = dict[str, dict[str, int]]()
    lock = folder / LOCK
    where = f"{folder.name}/{LOCK}"
    if not lock.exists():
        return tables
    try:
        text = lock.read_text(encoding="utf-8", errors="replace")
    except OSError as error:
        given = f"a file that cannot be read ({error.strerror})"
        problems.append(Problem(where, given, "the released rows"))
        return tables
    table = ""
    for number, line in enumerate(text.splitlines(), 1):
        if line.endswith(".csv"):
            table = line
            tables[table] = {}
        elif table and _HASH.fullmatch(line):
            tables[table][line] = number
        elif not line.startswith("#"):
            expected = "the name of a table, or the hash of a row of it"
            problems.append(Problem(f"{where}:{number}", repr(line[:40]), expected))
    if not any(tables.values()) and not problems:
        problems.append(Problem(where, "no released row", "no lock, where none is released"))
    return tables


def count_locked(folder: Path) -> int:
    """Return how many rows under ``folder`` are released."""
    return sum(len(hashes) for hashes in _locked(folder, []).values())


def broken_locks(folder: Path, rows: Sequence[Row]) -> Iterator[Problem]:
    """Find every released row under ``folder`` that is no longer there as it was."""
    tables, problems = _by_table(rows), list[Problem]()
    locked_rows = _locked(folder, problems)
    yield from problems
    for table, hashes in locked_rows.items():
        name = f"{folder.name}/{table}"
        present = tables.get(table, [])
        if not present:
            expected = f"the {len(hashes)} rows that {LOCK} holds of it"
            yield Problem(name, "no row that can be read", expected)
            continue
        line_of = {_hash(row): int(row.where.rpartition(":")[2]) for row in present}
        line = 1  # of the released row before, or of the header
        for locked, number in hashes.items():
            if locked in line_of:
                line = line_of[locked]
                continue
            line += 1
            yield Problem(
                f"{name}:{line}",
                "a released row changed or deleted",
                f"the row locked at {LOCK}:{number}",
                "A price change is a new row; if the old one was wrong when written, take its "
                "line out of the lock",
            )


def write_lock(folder: Path, rows: Sequence[Row]) -> Path | None:
    """Lock every row of every table under ``folder``; return the file, if it changed."""
    lines = [HEADER]
    for table, present in sorted(_by_table(rows).items()):
        lines += [table, *map(_hash, present)]
    text = "\n".join(lines) + "\n"
    lock = folder / LOCK
    if lock.is_file() and lock.read_bytes() == text.encode():
        return None
    replace_file(lock, lambda path: path.write_text(text, encoding="utf-8"))
    return lock
