from __future__ import annotations

import datetime as dt
from decimal import Decimal
from operator import attrgetter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kafkatco.errors import PriceTableError
from kafkatco.prices.append import homes, new_problems, preview, with_rows
from kafkatco.prices.columns import PRICES
from kafkatco.prices.csv_tables import pricing_root, read_prices
from kafkatco.prices.rows import PriceRow

KEY = attrgetter(*PRICES.key)
HEADER = "sku,region,price,currency,unit,tier_from,tier_kind,valid_from,retrieved_on,source,"
HEADER += "confidence,note\n"
OLD = (
    "a.x,any,1.50,USD,hour,0,flat,2025-01-01,2025-01-01,https://example.com/a,official,\n"
    'c.x,any,2,USD,hour,0,flat,2025-01-01,2025-01-01,https://example.com/c,official,"one, two"\n'
)


def row(sku: str, day: dt.date, price: str = "0.25", note: str = "") -> PriceRow:
    return PriceRow(
        sku,
        "any",
        Decimal(price),
        "USD",
        "hour",
        Decimal(0),
        "flat",
        day,
        day,
        "https://example.com/b",
        "official",
        note,
    )


def test_a_row_stands_in_its_place_and_every_other_line_is_as_it_was(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text(HEADER + OLD, encoding="utf-8")
    new = row("b.x", dt.date(2026, 1, 2), "1E+2", 'say "so", 원')
    changed = with_rows(tmp_path, [new], {"b.x": "t.csv"})
    first, second = OLD.splitlines(keepends=True)
    line = (
        "b.x,any,100,USD,hour,0,flat,2026-01-02,2026-01-02,https://example.com/b,official,"
        '"say ""so"", 원"\n'
    )
    assert changed == {"t.csv": (HEADER + first + line + second).encode()}


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("last", [True, False])
def test_line_ends_are_those_of_the_table(tmp_path: Path, end: str, last: bool) -> None:
    text = (HEADER + OLD).replace("\n", end)
    text = text if last else text.removesuffix(end)
    (tmp_path / "t.csv").write_bytes(text.encode())
    (data,) = with_rows(tmp_path, [row("d.x", dt.date(2026, 1, 2))], {"d.x": "t.csv"}).values()
    added = "d.x,any,0.25,USD,hour,0,flat,2026-01-02,2026-01-02,https://example.com/b,official,"
    assert data.decode() == (HEADER + OLD + added + "\n").replace("\n", end)


def test_a_new_table_begins_with_the_header(tmp_path: Path) -> None:
    rows = [row("d.x", dt.date(2026, 1, 2)), row("b.x", dt.date(2026, 1, 2))]
    (data,) = with_rows(tmp_path, rows, {"b.x": "n/t.csv", "d.x": "n/t.csv"}).values()
    assert data.decode().startswith(HEADER + "b.x,")


def test_a_table_out_of_order_is_left_alone(tmp_path: Path) -> None:
    lines = OLD.splitlines(keepends=True)
    (tmp_path / "t.csv").write_text(HEADER + lines[1] + lines[0])
    with pytest.raises(PriceTableError, match="rows must be sorted by sku"):
        with_rows(tmp_path, [row("b.x", dt.date(2026, 1, 2))], {"b.x": "t.csv"})


keys = st.tuples(st.sampled_from("abcdef"), st.dates(dt.date(2020, 1, 1), dt.date(2026, 1, 1)))


@given(st.sets(keys, min_size=1), st.sets(keys, min_size=1))
def test_rows_come_out_sorted_and_whole(
    tmp_path_factory: pytest.TempPathFactory,
    present: set[tuple[str, dt.date]],
    added: set[tuple[str, dt.date]],
) -> None:
    folder = tmp_path_factory.mktemp("book")
    old = sorted((row(f"{sku}.x", day) for sku, day in present), key=KEY)
    new = [row(f"{sku}.x", day) for sku, day in added - present]
    tables = {f"{sku}.x": "t.csv" for sku in "abcdef"}
    first = with_rows(folder, old, tables)
    (folder / "t.csv").write_bytes(first["t.csv"])
    for name, data in with_rows(folder, new, tables).items():
        (folder / name).write_bytes(data)
    rows, _ = read_prices(folder)
    assert [one[:-1] for one in rows] == sorted(
        (one[:-1] for one in [*old, *new]), key=lambda r: (r[0], r[1], r[7], r[5])
    )
    assert homes(rows) == {one.sku: "t.csv" for one in rows}


def test_problems_from_before_are_not_new(tmp_path: Path) -> None:
    bad = "b.x,any,7,USD,hour,0,flat,2025-01-01,2025-01-01,short,official,\n"
    first, second = OLD.splitlines(keepends=True)
    (tmp_path / "t.csv").write_text(HEADER + first + bad + second)
    today = dt.date(2026, 11, 22)
    new = row("a.y", today)
    fine = with_rows(tmp_path, [new], {"a.y": "t.csv"})
    assert new_problems(tmp_path, fine, today=today) == ()
    slipped = with_rows(tmp_path, [new._replace(price=Decimal(900))], {"a.y": "t.csv"})
    (problem,) = new_problems(tmp_path, slipped, today=today)
    assert problem.given == "900 for 'a.y'"
    assert (tmp_path / "t.csv").read_text() == HEADER + first + bad + second


def test_a_preview_is_a_whole_book_and_goes_away(tmp_path: Path) -> None:
    folder = pricing_root() / "list"
    with preview(folder, {"x/new.csv": b"new"}) as copy:
        assert (copy / "x/new.csv").read_bytes() == b"new"
        assert (copy / "released.lock").read_bytes() == (folder / "released.lock").read_bytes()
        assert read_prices(folder)[0] == tuple(one for one in read_prices_but(copy, "x/new.csv"))
    assert not copy.exists()


def read_prices_but(folder: Path, name: str) -> tuple[PriceRow, ...]:
    (folder / name).unlink()
    return read_prices(folder)[0]
