"""Locks: written after a check, whole or not at all, and kept by rows that are added."""

from pathlib import Path

import pytest

from kafkatco.errors import Problem
from kafkatco.prices.csv_tables import read_prices
from kafkatco.prices.release_lock import LOCK, broken_locks, count_locked, write_lock
from kafkatco.prices.rows import PriceRow

HEADER = ",".join(PriceRow._fields[:-1])


def row(sku: str, price: str = "1", date: str = "2025-01-01") -> str:
    return f"{sku},any,{price},USD,hour,0,flat,{date},2025-01-01,https://example.org,official,"


def write(folder: Path, *rows: str) -> tuple[PriceRow, ...]:
    (folder / "x.csv").write_text("\n".join([HEADER, *rows]) + "\n", encoding="utf-8")
    return read_prices(folder)[0]


def broken(folder: Path, rows: tuple[PriceRow, ...]) -> list[Problem]:
    return list(broken_locks(folder, rows))


def test_rows_are_locked_once(tmp_path: Path) -> None:
    rows = write(tmp_path, row("a"), row("c"))
    assert broken(tmp_path, rows) == []  # nothing is released yet
    assert count_locked(tmp_path) == 0
    assert write_lock(tmp_path, rows) == tmp_path / LOCK
    assert write_lock(tmp_path, rows) is None
    assert broken(tmp_path, rows) == []
    assert count_locked(tmp_path) == 2


def test_rows_may_be_added_anywhere(tmp_path: Path) -> None:
    write_lock(tmp_path, write(tmp_path, row("a"), row("c")))
    more = write(tmp_path, row("a"), row("a", "2", "2026-01-01"), row("b"), row("c"), row("d"))
    assert broken(tmp_path, more) == []
    write_lock(tmp_path, more)
    assert count_locked(tmp_path) == 5


def test_a_changed_and_a_deleted_row_are_found_where_they_stood(tmp_path: Path) -> None:
    write_lock(tmp_path, write(tmp_path, row("a"), row("b"), row("c"), row("d")))
    left = write(tmp_path, row("a"), row("b", "2"), row("d"))
    # line 1 of the lock is its header, and line 2 the name of the table
    assert [
        (problem.where.split("/")[-1], problem.expected.split()[-1])
        for problem in broken(tmp_path, left)
    ] == [("x.csv:3", f"{LOCK}:4"), ("x.csv:4", f"{LOCK}:5")]
    [problem] = broken(tmp_path, write(tmp_path, row("b"), row("c"), row("d")))
    assert problem.where.endswith("x.csv:2")


def test_every_cell_counts_and_where_a_row_stands_does_not(tmp_path: Path) -> None:
    write_lock(tmp_path, write(tmp_path, row("a"), row("b")))
    for changed in (row("a", "1.0"), row("a") + "note", row("a").replace("hour", "month")):
        assert len(broken(tmp_path, write(tmp_path, changed, row("b")))) == 1
    assert broken(tmp_path, write(tmp_path, "", row("a"), row("b"))) == []


def test_a_table_that_is_gone_is_one_problem(tmp_path: Path) -> None:
    write_lock(tmp_path, write(tmp_path, row("a"), row("b"), row("c")))
    (tmp_path / "x.csv").unlink()
    [problem] = broken(tmp_path, ())
    assert str(problem) == (
        f"{tmp_path.name}/x.csv: the table is missing or has no valid row; {LOCK} has 3 rows of it"
    )


def test_a_draft_that_was_left_behind_is_no_lock(tmp_path: Path) -> None:
    rows = write(tmp_path, row("a"))
    write_lock(tmp_path, rows)
    (tmp_path / f".{LOCK}.x1.lock").write_text("x.csv\nnonsense\n", encoding="utf-8")
    assert broken(tmp_path, rows) == []


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", "the lock has no rows; delete it or lock again"),
        (b"# a comment\n", "the lock has no rows; delete it or lock again"),
        (b"x.csv\n", "the lock has no rows; delete it or lock again"),
        (b"x.csv\n\xff\xfe\x00\n", "the name of a table, or the hash of one of its rows"),
        (b"0123456789abcdef\nx.csv\n", "the name of a table, or the hash of one of its rows"),
        (b"x.csv\n0123456789abcde\n", "the name of a table, or the hash of one of its rows"),
        (b"x.csv\n0123456789abcdef\n", "the row locked at released.lock:2"),
    ],
)
def test_a_damaged_lock_is_reported(tmp_path: Path, content: bytes, expected: str) -> None:
    rows = write(tmp_path, row("a"))
    (tmp_path / LOCK).write_bytes(content)
    assert any(expected in problem.expected for problem in broken(tmp_path, rows))


def test_an_unreadable_lock_is_reported(tmp_path: Path) -> None:
    rows = write(tmp_path, row("a"))
    (tmp_path / LOCK).mkdir()
    assert "cannot be read" in broken(tmp_path, rows)[0].expected
