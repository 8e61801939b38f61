"""The age of the prices behind an answer, and the day by which it is measured."""

import datetime as dt
from decimal import Decimal
from pathlib import Path

import pytest

from kafkatco import InputError, Scenario
from kafkatco.core.today import today
from kafkatco.prices.age import PricesRead
from kafkatco.prices.rows import PriceRow
from support.ours import UNPARTED


def row(sku: str, read: str, confidence: str = "official") -> PriceRow:
    day = dt.date.fromisoformat(read)
    price, zero = Decimal(1), Decimal(0)
    return PriceRow(
        sku, "any", price, "USD", "hour", zero, "flat", day, day, "a source", confidence, ""
    )


ROWS = [
    row("new", "2026-08-26"),
    row("old", "2025-10-09", "secondary"),
    row("old", "2025-10-09", "secondary"),
    row("ours", "2020-01-01", "user"),
    row("stated", "2020-01-01", "article"),
]


@pytest.fixture
def epoch(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let it be noon of the day of the parameter."""
    noon = dt.datetime.fromisoformat(f"{request.param}T12:00:00+00:00")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(int(noon.timestamp())))


@pytest.mark.parametrize("epoch", ["2026-11-30"], indirect=True)
@pytest.mark.usefixtures("epoch")
def test_the_oldest_and_what_is_secondary() -> None:
    read = PricesRead.of(ROWS)
    assert read is not None
    assert (read.oldest, read.newest) == (dt.date(2025, 10, 9), dt.date(2026, 8, 26))
    assert (read.skus, read.secondary, read.oldest_sku) == (("new", "old"), ("old",), "old")
    # October 9 to November 9 of the next year are 13 months, and 21 days more are not a fourteenth
    assert read.months == 13
    assert read.message == (
        "prices read 2025-10-09 to 2026-08-26; the oldest, old, is 13 months old; "
        "1 of 2 from secondary sources"
    )


@pytest.mark.parametrize(
    ("epoch", "is_old"), [("2027-08-25", False), ("2027-08-26", True)], indirect=["epoch"]
)
@pytest.mark.usefixtures("epoch")
def test_prices_are_old_once_the_newest_is(is_old: bool) -> None:
    read = PricesRead.of(ROWS)
    assert read is not None
    assert read.is_old is is_old


def test_prices_of_one_s_own_have_no_age() -> None:
    assert PricesRead.of(ROWS[3:]) is None
    assert PricesRead.of([]) is None


def test_the_clock_without_the_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SOURCE_DATE_EPOCH")
    before = dt.datetime.now().astimezone().date()
    assert before <= today() <= before + dt.timedelta(days=1)


@pytest.mark.parametrize("text", ["yesterday", "1e9", "9" * 30])
def test_an_invalid_epoch(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", text)
    with pytest.raises(InputError, match=r"SOURCE_DATE_EPOCH: got .*seconds since 1970"):
        today()


@pytest.mark.parametrize("date", ["2026-12-01", '"2026-12-01"'])
@pytest.mark.parametrize("epoch", ["2026-11-30"], indirect=True)
@pytest.mark.usefixtures("epoch")
def test_a_date_after_today_is_refused(date: str, tmp_path: Path) -> None:
    path = tmp_path / "ours.toml"
    text = UNPARTED.replace("as_of = 2025-10-31", f"as_of = {date}")
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=r"prices\.as_of: .*expected today, 2026-11-30, or earl"):
        Scenario.load(path)


@pytest.mark.parametrize("epoch", ["2026-11-30"], indirect=True)
@pytest.mark.usefixtures("epoch")
def test_today_is_not_refused() -> None:
    same = {"kind": "confluent-basic", "region": "us-east-1"}
    data = {"workload": {"ingress": "1 MB/s"}, "deployment": [same]}
    scenario = Scenario.from_dict({**data, "prices": {"as_of": dt.date(2026, 11, 30)}})
    rows = [row for bill in scenario.bills() for row in bill.sources()]
    read = scenario.prices_read
    assert read is not None
    assert read.oldest == min(row.retrieved_on for row in rows)
    assert read.newest == max(row.retrieved_on for row in rows)
