"""Prices of several dates of one thing, as a source with a history gives them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import pytest

from kafkatco.prices.refresh.compare import Compared, compare
from kafkatco.prices.refresh.fetched_file import Origin
from kafkatco.prices.refresh.http import Web
from kafkatco.prices.refresh.run import refresh_book
from kafkatco.prices.refresh.source import FileQuotes, Query, Quote
from kafkatco.prices.rows import PriceRow
from support.refreshing import HEADER, TODAY, book_of, lines, refreshed

SKU, WHERE = "fx.usd.krw", ("fx.usd.krw", "any")
ORIGIN = Origin("https://rates.invalid/history", "0" * 64)


def reading(date: str, price: str) -> Quote:
    since = dt.date.fromisoformat(date)
    return Quote(SKU, "any", Decimal(price), "KRW", "USD", ORIGIN, since=since, note="a rate")


def row(date: str, price: str) -> PriceRow:
    day = dt.date.fromisoformat(date)
    return PriceRow(
        SKU,
        "any",
        Decimal(price),
        "KRW",
        "USD",
        Decimal(0),
        "flat",
        day,
        day,
        "a page of rates",
        "official",
        "a rate",
        f"list/fx/ecb.csv:{day.month}",
    )


def compared(
    readings: Sequence[Quote],
    rows: Sequence[PriceRow],
    *,
    as_of: dt.date = TODAY,
    accept: Collection[str] = (),
) -> Compared:
    part = FileQuotes("rates", frozenset({WHERE}), tuple(readings))
    return compare(part, {WHERE: rows}, as_of=as_of, today=TODAY, accept=accept)


def dated(comparison: Compared) -> list[tuple[str, str]]:
    return [(str(row.valid_from), str(row.price)) for row in comparison.rows]


def test_each_date_after_the_last_row_is_a_row_of_its_own() -> None:
    readings = [reading("2026-10-30", "1300"), reading("2026-09-30", "1200")]
    comparison = compared(readings, [row("2026-08-31", "1100")])
    assert dated(comparison) == [("2026-09-30", "1200"), ("2026-10-30", "1300")]
    assert [row.note for row in comparison.rows] == ["a rate", "a rate"]
    assert (comparison.problems, comparison.same) == ([], 0)


def test_dates_that_the_tables_have_or_have_passed_are_dropped() -> None:
    readings = [
        reading("2026-07-31", "999"),
        reading("2026-08-31", "1234"),
        reading("2026-10-30", "1300"),
    ]
    comparison = compared(readings, [row("2026-07-31", "1000"), row("2026-08-31", "1100")])
    assert dated(comparison) == [("2026-10-30", "1300")]
    assert comparison.problems == []


def test_a_date_on_which_nothing_changed_has_no_row() -> None:
    readings = [reading("2026-09-30", "1100"), reading("2026-10-30", "1300")]
    comparison = compared(readings, [row("2026-08-31", "1100")])
    assert dated(comparison) == [("2026-10-30", "1300")]


def test_a_price_that_begins_after_the_date_is_announced() -> None:
    readings = [reading("2026-09-30", "1200"), reading("2026-10-30", "1300")]
    comparison = compared(readings, [row("2026-08-31", "1100")], as_of=dt.date(2026, 10, 1))
    assert dated(comparison) == [("2026-09-30", "1200")]
    assert comparison.announced == 1


def test_a_leap_is_measured_from_the_date_before_it() -> None:
    readings = [reading("2026-09-30", "5500"), reading("2026-10-30", "27500")]
    comparison = compared(readings, [row("2026-08-31", "1100")])  # five times, twice: 25 in all
    assert comparison.problems == []
    comparison = compared([readings[1]], [row("2026-08-31", "1100")])
    (problem,) = comparison.problems
    assert "27500 KRW per USD" in str(problem)
    assert comparison.rows == []


@dataclass(frozen=True)
class Dated:
    """A source of the readings that it is made of."""

    readings: tuple[Quote, ...]
    seen: list[Query]
    name: str = "dated"
    prefix: str = "fx.usd."
    url: str = ""
    keys: tuple[str, ...] = ("ITS_KEY",)
    table: str = "fx/ecb.csv"

    def read(self, web: Web, query: Query) -> Iterator[FileQuotes]:
        self.seen.append(query)
        yield FileQuotes("rates", frozenset({WHERE}), self.readings)


@pytest.fixture
def book(tmp_path: Path) -> Path:
    rest = "0,flat,{0},{0},a page of rates,official,a rate"
    rows = [
        (f"{SKU},any,{price},KRW,USD," + rest.format(date))
        for date, price in [("2026-07-31", "1000"), ("2026-09-30", "1200")]
    ]
    other = f"{SKU}~bank,any,1190,KRW,USD," + rest.format("2026-09-30")
    text = "\n".join([HEADER, *rows]) + "\n"
    return book_of(tmp_path, {"fx/ecb.csv": text, "fx/bank.csv": "\n".join([HEADER, other]) + "\n"})


def test_several_rows_at_the_end_of_a_table_and_within_it_keep_its_order(book: Path) -> None:
    dates = {"2026-08-31": "1100", "2026-10-30": "1300", "2026-11-20": "1400"}
    source = Dated(tuple(reading(date, price) for date, price in dates.items()), [])
    result = refreshed(book, source)
    assert result.problems == ()
    # what is older than the last row stays out: the table has followed it up
    assert [line.split(",")[7] for line in lines(book, "fx/ecb.csv")[1:]] == [
        "2026-07-31",
        "2026-09-30",
        "2026-10-30",
        "2026-11-20",
    ]
    result = refreshed(book, Dated((reading("2026-08-31", "1100"),), []), as_of=dt.date(2026, 9, 1))
    assert [line.split(",")[7] for line in lines(book, "fx/ecb.csv")[1:]] == [
        "2026-07-31",
        "2026-08-31",
        "2026-09-30",
        "2026-10-30",
        "2026-11-20",
    ]
    assert result.problems == ()


def test_a_query_has_the_last_dates_by_then_and_the_source_s_own_keys(book: Path) -> None:
    source = Dated((), [])
    for as_of in (TODAY, dt.date(2026, 8, 1)):
        keys = {"ITS_KEY": "1", "ANOTHER": "2"}
        list(refresh_book(book, [source], as_of=as_of, today=TODAY, keys=keys))
    now, then = source.seen
    assert now.last == {SKU: dt.date(2026, 9, 30)}
    assert then.last == {SKU: dt.date(2026, 7, 31)}
    assert (now.today, then.today) == (TODAY, TODAY)
    assert now.keys == {"ITS_KEY": "1"}


def test_a_variant_is_queried_only_by_its_name(book: Path) -> None:
    source = Dated((), [], prefix=f"{SKU}~bank")
    refreshed(book, source, accept=["fx."])
    assert source.seen[0].skus() == (f"{SKU}~bank",)
