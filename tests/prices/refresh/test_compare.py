from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kafkatco.prices.refresh.compare import Compared, compare
from kafkatco.prices.refresh.fetched_file import Origin
from kafkatco.prices.refresh.source import FileQuotes, Quote
from kafkatco.prices.rows import PriceRow

TODAY = dt.date(2026, 11, 22)
OLD = dt.date(2025, 10, 1)
WHERE = ("aws.msk.storage", "ap-northeast-2")
ORIGIN = Origin("https://example.com/index.csv", "0123456789abcdef" * 4, dt.date(2026, 11, 2))


def row(
    price: str | None, since: dt.date = OLD, *, edge: str = "0", kind: str = "flat"
) -> PriceRow:
    amount = None if price is None else Decimal(price)
    return PriceRow(
        *WHERE,
        amount,
        "USD",
        "GiB-month",
        Decimal(edge),
        kind,
        since,
        since,
        "a page of 2025",
        "official",
        "",
        "list/aws/msk.csv:7",
    )


def reading(
    price: str,
    since: dt.date | None = dt.date(2026, 11, 1),
    *,
    edge: str = "0",
    unit: str = "GiB-month",
    currency: str = "USD",
) -> Quote:
    return Quote(
        *WHERE, Decimal(price), currency, unit, ORIGIN, tier_from=Decimal(edge), since=since
    )


def against(
    readings: Sequence[Quote],
    rows: Sequence[PriceRow],
    *,
    as_of: dt.date = TODAY,
    accept: Sequence[str] = (),
) -> Compared:
    part = FileQuotes("AWS AmazonMSK in ap-northeast-2", frozenset([WHERE]), tuple(readings))
    return compare(part, {WHERE: rows}, as_of=as_of, today=TODAY, accept=accept)


def test_the_same_price_adds_nothing_however_it_is_written() -> None:
    comparison = against([reading("0.1140000000")], [row("0.114")])
    assert (comparison.rows, comparison.problems, comparison.same) == ([], [], 1)


def test_a_new_price_has_the_date_and_origin_of_the_source() -> None:
    (new,) = against([reading("0.1200000000")], [row("0.114")]).rows
    assert (new.price, new.valid_from, new.retrieved_on) == (
        Decimal("0.12"),
        dt.date(2026, 11, 1),
        TODAY,
    )
    assert new.source == (
        "https://example.com/index.csv (published 2026-11-02, sha256 0123456789abcdef)"
    )
    assert str(new.price) == "0.12"
    assert new.confidence == "official"


@pytest.mark.parametrize(
    ("since", "expected"),
    [
        (dt.date(2025, 10, 2), dt.date(2025, 10, 2)),  # a day after the last row
        (dt.date(2025, 10, 1), dt.date(2026, 11, 2)),  # its very day: as published
        (dt.date(2020, 1, 1), dt.date(2026, 11, 2)),
        (None, dt.date(2026, 11, 2)),
    ],
)
def test_a_price_that_contradicts_a_later_row_counts_from_its_publication(
    since: dt.date | None, expected: dt.date
) -> None:
    (new,) = against([reading("0.12", since)], [row("0.114")]).rows
    assert new.valid_from == expected
    dated = since is not None and since != expected
    assert new.note == (f"the source dates it {since}" if dated else "")


def test_an_announced_price_waits() -> None:
    comparison = against([reading("0.12", TODAY + dt.timedelta(days=1))], [row("0.114")])
    assert (comparison.rows, comparison.announced) == ([], 1)
    assert len(against([reading("0.12", TODAY)], [row("0.114")]).rows) == 1


def test_a_past_date_does_not_see_later_rows() -> None:
    rows = [row("0.114"), row("0.13", dt.date(2026, 9, 1))]
    (new,) = against([reading("0.12", dt.date(2026, 5, 1))], rows, as_of=dt.date(2026, 6, 1)).rows
    assert new.valid_from == dt.date(2026, 5, 1)


@pytest.mark.parametrize(
    ("price", "leaps"),
    [
        ("1.139", False),
        ("1.14", True),
        ("1.2", True),
        ("0.0115", False),
        ("0.0114", True),
        ("0", True),
    ],
)
def test_a_leap_by_ten_is_a_problem_until_it_is_accepted(price: str, leaps: bool) -> None:
    comparison = against([reading(price)], [row("0.114")])
    assert [problem.given for problem in comparison.problems] == (
        [f"{price} USD per GiB-month for aws.msk.storage in ap-northeast-2"] if leaps else []
    )
    assert len(comparison.rows) == (0 if leaps else 1)
    accepted = against([reading(price)], [row("0.114")], accept=["aws.msk"])
    assert (len(accepted.rows), accepted.problems) == (1, [])


def test_a_vanished_price_is_a_problem_or_stays_as_it_was() -> None:
    (problem,) = against([], [row("0.114")]).problems
    assert problem.expected == "the price of aws.msk.storage in ap-northeast-2 is gone"
    assert "list/aws/msk.csv:7" in problem.hint
    accepted = against([], [row("0.114")], accept=["aws.msk.storage"])
    assert (accepted.rows, accepted.problems) == ([], [])


@pytest.mark.parametrize("count", [3, 4])
def test_many_that_vanished_are_one_problem(count: int) -> None:
    places = [(f"aws.msk.{number}", "ap-northeast-2") for number in range(count)]
    rows = {(sku, region): [row("0.114")._replace(sku=sku)] for sku, region in places}
    part = FileQuotes("AWS", frozenset(places), ())
    problems = compare(part, rows, as_of=TODAY, today=TODAY).problems
    assert [problem.expected for problem in problems] == (
        [f"the price of {sku} in {region} is gone" for sku, region in places]
        if count == 3
        else ["4 of 4 prices are gone, such as that of aws.msk.0"]
    )


def test_an_unpriced_sku_may_stay_unpriced_or_get_a_price() -> None:
    quote = row(None, kind="quote")
    assert against([], [quote]).problems == []
    (new,) = against([reading("0.12")], [quote]).rows
    assert (new.price, new.tier_kind) == (Decimal("0.12"), "flat")


def test_an_unchanged_file_gives_no_rows() -> None:
    part = FileQuotes("AWS", frozenset([WHERE]), None)
    comparison = compare(part, {WHERE: [row("0.114")]}, as_of=TODAY, today=TODAY)
    assert (comparison.rows, comparison.problems, comparison.same) == ([], [], 1)


def test_tiers_are_restated_together() -> None:
    rows = [row("0.1", edge="0", kind="marginal"), row("0.08", edge="1024", kind="marginal")]
    same = [reading("0.08", edge="1024"), reading("0.1")]
    assert against(same, rows).rows == []
    new = against([reading("0.07", edge="1024"), reading("0.1")], rows).rows
    assert [(one.tier_from, one.price, one.tier_kind) for one in new] == [
        (Decimal(0), Decimal("0.1"), "marginal"),
        (Decimal(1024), Decimal("0.07"), "marginal"),
    ]


@pytest.mark.parametrize(
    ("readings", "text"),
    [
        (
            [reading("0.12", edge="1024")],
            "the tiers of aws.msk.storage in ap-northeast-2 begin at 1024, not at 0",
        ),
        (
            [reading("0.12"), reading("0.13")],
            "several prices of aws.msk.storage in ap-northeast-2 on one date",
        ),
        (
            [reading("0.12", unit="GB-month")],
            "USD per GB-month for aws.msk.storage in ap-northeast-2",
        ),
        (
            [reading("0.12", currency="EUR")],
            "EUR per GiB-month for aws.msk.storage in ap-northeast-2",
        ),
        ([reading("-0.12")], "-0.12 for aws.msk.storage in ap-northeast-2"),
    ],
)
def test_quotes_that_make_no_price_are_a_problem(readings: Sequence[Quote], text: str) -> None:
    comparison = against(readings, [row("0.114")], accept=["aws"])
    assert text in [problem.given or problem.expected for problem in comparison.problems]
    assert comparison.rows == []


def test_two_prices_of_one_day_are_a_problem() -> None:
    comparison = against([reading("0.12", TODAY)], [row("0.114", TODAY)])
    assert comparison.rows == []
    assert comparison.problems[0].expected == "0.114, as in list/aws/msk.csv:7 of the same date"


def test_several_dates_are_appended_but_no_older_ones() -> None:
    dates = [
        reading("0.1", dt.date(2024, 1, 1)),
        reading("0.12", dt.date(2026, 2, 1)),
        reading("0.13", dt.date(2026, 3, 1)),
    ]
    new = against(dates, [row("0.114")]).rows
    assert [(one.price, one.valid_from) for one in new] == [
        (Decimal("0.12"), dt.date(2026, 2, 1)),
        (Decimal("0.13"), dt.date(2026, 3, 1)),
    ]


prices = st.decimals("0.02", "0.9", places=4)
days = st.one_of(st.none(), st.dates(dt.date(2020, 1, 1), TODAY))


@given(prices, days, st.lists(st.tuples(prices, st.dates(OLD, dt.date(2026, 11, 1))), max_size=3))
def test_comparing_twice_adds_nothing_more(
    price: Decimal, since: dt.date | None, known: list[tuple[Decimal, dt.date]]
) -> None:
    rows = [row(str(amount), day) for day, amount in sorted({day: p for p, day in known}.items())]
    readings = [reading(str(price), since)]
    new = against(readings, rows, accept=["aws"])
    assert not new.problems
    again = against(readings, [*rows, *new.rows], accept=["aws"])
    assert (again.rows, again.problems) == ([], [])
    if new.rows and rows:
        assert rows[-1].valid_from < new.rows[0].valid_from <= TODAY
