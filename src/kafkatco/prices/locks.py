"""Released rows are locked: a hash of each stands in a ``.lock`` file beside its table.

A table is append-only.  Its lock lists the hash of every row that was ever released, in the order
of the table, so that a row that was changed or deleted since is found, and where it stood.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

from kafkatco.errors import Problem
from kafkatco.files import replace_file
from kafkatco.prices.rows import CapacityRow, PriceRow

__all__ = ["broken_locks", "write_locks"]

Row = PriceRow | CapacityRow
HEADER = "# a hash of each released row of the table of this name: see pricing/README.md"


def _hash(row: Row) -> str:
    cells = ["" if cell is None else str(cell) for cell in row[:-1]]  # all but where it stands
    return hashlib.sha256("\x1f".join(cells).encode()).hexdigest()[:16]


def _tables(folder: Path, rows: Sequence[Row]) -> dict[Path, list[Row]]:
    """Return the rows of each table under ``folder``, also of tables that have none any more."""
    tables: dict[Path, list[Row]] = {
        path.with_suffix(".csv"): [] for path in sorted(folder.rglob("*.lock"))
    }
    for row in rows:
        name = row.where.rpartition(":")[0].partition("/")[2]
        tables.setdefault(folder / name, []).append(row)
    return tables


def broken_locks(folder: Path, rows: Sequence[Row]) -> list[Problem]:
    """Find every released row under ``folder`` that is no longer there as it was."""
    problems = []
    for table, present in _tables(folder, rows).items():
        lock = table.with_suffix(".lock")
        if not lock.is_file():
            continue
        line_of = {_hash(row): int(row.where.rpartition(":")[2]) for row in present}
        name = f"{folder.name}/{table.relative_to(folder).as_posix()}"
        line = 1  # of the released row before, or of the header
        for number, locked in enumerate(lock.read_text(encoding="ascii").splitlines(), 1):
            if locked in line_of:
                line = line_of[locked]
            elif not locked.startswith("#"):
                problems.append(
                    Problem(
                        f"{name}:{line + 1}",
                        "a released row changed or deleted",
                        f"the row locked at {lock.name}:{number}",
                        "A price change is a new row; if the old one was wrong when written, "
                        "take its line out of the lock",
                    )
                )
                line += 1
    return problems


def write_locks(folder: Path, rows: Sequence[Row]) -> list[Path]:
    """Lock every row of every table under ``folder``; return the files that were written."""
    written = []
    for table, present in _tables(folder, rows).items():
        text = "\n".join([HEADER, *map(_hash, present)]) + "\n"
        lock = table.with_suffix(".lock")
        if not lock.is_file() or lock.read_text(encoding="ascii") != text:
            replace_file(lock, lambda path, text=text: _write(path, text))  # type: ignore[misc]
            written.append(lock)
    return written


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="ascii")
