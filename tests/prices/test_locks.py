"""Locks: written after a check, whole or not at all, and kept by rows that are added."""

from pathlib import Path

from kafkatco.prices.locks import broken_locks, write_locks
from kafkatco.prices.rows import PriceRow
from kafkatco.prices.tables import read_prices

HEADER = ",".join(PriceRow._fields[:-1])


def row(sku: str, price: str = "1", date: str = "2025-01-01") -> str:
    return f"{sku},any,{price},USD,hour,0,flat,{date},2025-01-01,https://example.org,official,"


def write(folder: Path, *rows: str) -> tuple[PriceRow, ...]:
    (folder / "x.csv").write_text("\n".join([HEADER, *rows]) + "\n", encoding="utf-8")
    return read_prices(folder)[0]


def test_rows_are_locked_once(tmp_path: Path) -> None:
    rows = write(tmp_path, row("a"), row("c"))
    assert broken_locks(tmp_path, rows) == []  # nothing is released yet
    assert write_locks(tmp_path, rows) == [tmp_path / "x.lock"]
    assert write_locks(tmp_path, rows) == []
    assert broken_locks(tmp_path, rows) == []


def test_rows_may_be_added_anywhere(tmp_path: Path) -> None:
    write_locks(tmp_path, write(tmp_path, row("a"), row("c")))
    more = write(tmp_path, row("a"), row("a", "2", "2026-01-01"), row("b"), row("c"), row("d"))
    assert broken_locks(tmp_path, more) == []
    write_locks(tmp_path, more)
    assert len((tmp_path / "x.lock").read_text(encoding="ascii").splitlines()) == 6


def test_a_changed_and_a_deleted_row_are_found_where_they_stood(tmp_path: Path) -> None:
    write_locks(tmp_path, write(tmp_path, row("a"), row("b"), row("c"), row("d")))
    left = write(tmp_path, row("a"), row("b", "2"), row("d"))
    assert [(problem.where.split("/")[-1], problem.expected)
            for problem in broken_locks(tmp_path, left)] == [
        ("x.csv:3", "the row locked at x.lock:3"), ("x.csv:4", "the row locked at x.lock:4"),
    ]  # fmt: skip
    first = write(tmp_path, row("b"), row("c"), row("d"))
    [problem] = broken_locks(tmp_path, first)
    assert problem.where.endswith("x.csv:2")


def test_every_cell_counts_and_where_a_row_stands_does_not(tmp_path: Path) -> None:
    rows = write(tmp_path, row("a"), row("b"))
    write_locks(tmp_path, rows)
    for changed in (row("a", "1.0"), row("a") + "note", row("a").replace("hour", "month")):
        assert len(broken_locks(tmp_path, write(tmp_path, changed, row("b")))) == 1
    assert broken_locks(tmp_path, write(tmp_path, "", row("a"), row("b"))) == []
