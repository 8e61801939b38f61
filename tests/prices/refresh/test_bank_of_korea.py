"""The Bank of Korea's rate: a variant in a table of its own, page by page, and a hidden key."""

from __future__ import annotations

import datetime as dt
import logging
import shutil
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from kafkatco import PriceBook
from kafkatco.cli.main import main
from kafkatco.prices.csv_tables import pricing_root
from kafkatco.prices.refresh.bank_of_korea import BankOfKorea
from support.price_server import PriceServer, Reply
from support.refreshing import (
    SECRETS,
    TODAY,
    assert_hidden,
    book_of,
    committed,
    fault,
    files,
    lines,
    refreshed,
)

KEYS = {"ECOS_API_KEY": SECRETS[0]}
SKU, TABLE = "fx.usd.krw~bank-of-korea", "fx/bank-of-korea.csv"
HEADER = "sku,region,price,currency,unit,tier_from,tier_kind,valid_from,retrieved_on,source"


@pytest.fixture
def source(server: PriceServer) -> BankOfKorea:
    return BankOfKorea(url=server.url)


@pytest.fixture
def book(tmp_path: Path) -> Path:
    text = committed("fx/ecb.csv", lambda row: row["sku"] == "fx.usd.krw")
    return book_of(tmp_path, {"fx/ecb.csv": text})


def row(day: str, rate: str = "1400.5", **other: Any) -> dict[str, Any]:
    return {
        "STAT_CODE": "731Y001",
        "STAT_NAME": "3.1.1.1. rates of the won",
        "ITEM_CODE1": "0000001",
        "ITEM_NAME1": "USD",
        "ITEM_CODE2": None,
        "UNIT_NAME": "won",
        "TIME": day,
        "DATA_VALUE": rate,
        **other,
    }


def page(rows: Sequence[dict[str, Any]], total: int | None = None) -> dict[str, Any]:
    count = len(rows) if total is None else total
    return {"StatisticSearch": {"list_total_count": count, "row": list(rows)}}


def error(code: str) -> dict[str, Any]:
    return {"RESULT": {"CODE": code, "MESSAGE": f"a word about {SECRETS[0]}"}}


def path(first: str, last: str, start: int = 1, key: str = SECRETS[0]) -> str:
    pages = f"{start}/{start + 99}"
    return f"/api/StatisticSearch/{key}/json/kr/{pages}/731Y001/D/{first}/{last}/0000001"


#: The query if the tables have no rate yet: the 31 days before, and this one.
FIRST = path("20261022", "20261122")


def test_the_first_rate_begins_a_table(
    server: PriceServer, source: BankOfKorea, book: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    before = lines(book, "fx/ecb.csv")
    rows = [row("20261030", "1421.5"), row("20261119", "1399"), row("20261120", "1,400.50")]
    server.json(FIRST, page(rows))
    result = refreshed(book, source, keys=KEYS)
    assert result.problems == ()
    (added,) = result.rows
    assert (added.sku, added.region, added.price) == (SKU, "any", Decimal("1400.5"))
    assert (added.currency, added.unit, added.confidence) == ("KRW", "USD", "official")
    assert added.valid_from == dt.date(2026, 11, 20)
    head, line = lines(book, TABLE)
    assert head.startswith(HEADER)
    shown = FIRST.replace(SECRETS[0], "{KEY}")
    assert line.startswith(f"{SKU},any,1400.5,KRW,USD,0,flat,2026-11-20,{TODAY},")
    assert f"{server.url}{shown} (sha256 " in line
    assert lines(book, "fx/ecb.csv") == before
    server.json(path("20261121", "20261122"), error("INFO-200"))
    now = files(book)
    again = refreshed(book, source, keys=KEYS)
    assert (again.rows, again.problems, again.same) == ((), (), 1)
    assert files(book) == now
    assert_hidden(book, result, caplog)


def test_months_that_are_over_follow_page_by_page(
    server: PriceServer, source: BankOfKorea, book: Path
) -> None:
    server.json(path("20251001", "20251101"), page([row("20251031", "1424")]))
    refreshed(book, source, as_of=dt.date(2025, 11, 1), keys=KEYS)
    days = [dt.date(2025, 11, 3) + dt.timedelta(days=n) for n in range(383)]
    days = [day for day in days if day.weekday() < 5 and day <= TODAY]
    assert 200 < len(days) < 300
    rates = [row(f"{day:%Y%m%d}", f"{1300 + day.month}.{day.day:02}") for day in days]
    for start in (1, 101, 201):
        part = rates[start - 1 : start + 99]
        server.json(path("20251101", "20261122", start), page(part, len(rates)))
    server.asked.clear()
    result = refreshed(book, source, keys=KEYS)
    assert result.problems == ()
    assert len(server.asked) == 3
    ends = {(day.year, day.month): day for day in days}  # the last of each, in order
    assert [r.valid_from for r in result.rows] == list(ends.values())
    assert len(result.rows) == 13  # November 2025 to October 2026, and the newest day
    assert str(result.rows[0].price) == "1311.28"  # of 2025-11-28
    assert "/201/300/" in result.rows[-1].source
    assert [line.split(",")[7] for line in lines(book, TABLE)[1:]] == sorted(
        str(day) for day in [dt.date(2025, 10, 31), *ends.values()]
    )


@pytest.mark.slow
def test_the_new_table_passes_every_check_and_can_be_chosen(
    server: PriceServer, source: BankOfKorea, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tree = tmp_path / "pricing"
    shutil.copytree(pricing_root(), tree)
    server.json(path("20250930", "20251031"), page([row("20251031", "1500")]))
    result = refreshed(tree / "list", source, as_of=dt.date(2025, 10, 31), keys=KEYS)
    assert len(result.rows) == 1
    main(["prices", "check", str(tree)])
    assert "list" in capsys.readouterr().out
    name = str(tree / "list")
    usual = PriceBook(name, as_of="2025-10-31", currency="KRW")
    assert usual.exchange("USD") == 1428.1374
    assert usual.currencies() == PriceBook("list", as_of="2025-10-31").currencies()
    chosen = PriceBook(
        name, as_of="2025-10-31", currency="KRW", variants={"fx.usd.krw": "bank-of-korea"}
    )
    assert chosen.exchange("USD") == 1500
    assert chosen.swept("fx.usd.krw", 1600.0).exchange("USD") == 1600


@pytest.mark.parametrize(
    ("reply", "message"),
    [
        (error("INFO-100"), "the key is invalid (INFO-100). Check ECOS_API_KEY"),
        (error("ERROR-602"), "too many calls (ERROR-602). Try again later"),
        (error("ERROR-500"), "an error (ERROR-500)"),
        (error(SECRETS[0]), "the service reports an error (unknown code)"),
        (error("INFO-200"), "no rate from 2026-10-22 to 2026-11-22"),
        ({"RESULT": {}}, "the field CODE is missing"),
        ({"RESULT": None}, "the field StatisticSearch is missing"),
        ({}, "the field StatisticSearch is missing"),
        ({"StatisticSearch": []}, "the field StatisticSearch is a list"),
        ({"StatisticSearch": {"row": []}}, "the field list_total_count is missing"),
        ({"StatisticSearch": {"list_total_count": 1}}, "the field row is missing"),
        (page([], 1), "0 of 1 days"),
        (page([row("20261120")], 2), "1 of 2 days"),
        (page([row("20261120"), row("20261120")]), "1 of 2 days"),
        (page([row("20261120", ITEM_CODE1="0000002")]), "item 0000002 of table 731Y001"),
        (page([row("20261120", STAT_CODE="731Y003")]), "item 0000001 of table 731Y003"),
        (page([row("202611")]), "got '202611'; expected a date"),
        (page([row("20261131")]), "got '2026-11-31'; expected a date"),
        (page([row("20261021")]), "a rate of 2026-10-21; expected rates from 2026-10-22"),
        (page([row("20261120", "")]), "'' for the rate of 2026-11-20"),
        (page([row("20261120", "0")]), "the rate of 2026-11-20 is 0"),
        (page([row("20261120", "1,40")]), "'1,40' for the rate"),
        (page([row("20261120", DATA_VALUE=1400.5)]), "the field DATA_VALUE is a number"),
        (page([row("20261120", "14.005")]), "expected 300.0 to 3000 KRW per USD"),
    ],
)
def test_a_reply_that_is_wrong_changes_nothing(
    server: PriceServer, source: BankOfKorea, book: Path, reply: Any, message: str
) -> None:
    server.json(FIRST, reply)
    text = fault(book, source, keys=KEYS)
    assert message in text
    assert SECRETS[0] not in text


@pytest.mark.parametrize(
    ("reply", "message"),
    [
        (Reply(b"<html>sorry</html>"), "an HTML page; expected JSON"),
        (Reply(b""), "an empty file; expected JSON"),
        (Reply(b"[]"), "a list; expected a JSON object"),
        (Reply(b"no", 401), "HTTP status 401. Check the key"),
        (Reply(b"no", 403), "HTTP status 403"),
        (Reply(b"no", 404), "HTTP status 404"),
        (Reply(b"no", 500), "HTTP status 500, 4 times: "),
        (
            Reply(b"", 302, {"Location": f"/elsewhere/{SECRETS[0]}"}),
            "a redirect, which would carry the key elsewhere",
        ),
        (Reply(b'{"a": 1', 200, {"Content-Length": "99"}, sent=3), "lost connection"),
    ],
)
def test_a_failing_server_is_reported_without_the_key(
    server: PriceServer,
    source: BankOfKorea,
    book: Path,
    caplog: pytest.LogCaptureFixture,
    reply: Reply,
    message: str,
) -> None:
    caplog.set_level(logging.DEBUG)
    server.replies[FIRST] = reply
    before = files(book)
    result = refreshed(book, source, keys=KEYS)
    assert message in str(result.problems[0])
    assert files(book) == before
    assert not any("elsewhere" in request.path for request in server.asked)
    assert_hidden(book, result, caplog)


def test_other_requests_are_still_logged(
    server: PriceServer, source: BankOfKorea, book: Path, caplog: pytest.LogCaptureFixture
) -> None:
    server.json(FIRST, page([row("20261120")]))
    refreshed(book, source, keys=KEYS)
    for name in ("urllib3.connection", "urllib3.connectionpool"):
        assert logging.getLogger(name).filters == []


@pytest.mark.parametrize("key", ["", "a b", "abc\n", "키"])
def test_an_invalid_key_is_reported_without_showing_it(
    server: PriceServer, source: BankOfKorea, book: Path, key: str
) -> None:
    text = fault(book, source, keys={"ECOS_API_KEY": key})
    assert "ECOS_API_KEY" in text
    assert server.asked == []


def test_a_key_is_one_part_of_the_address(
    server: PriceServer, source: BankOfKorea, book: Path
) -> None:
    server.json(path("20261022", "20261122", key="a%2Fb%3F"), page([row("20261120")]))
    result = refreshed(book, source, keys={"ECOS_API_KEY": "a/b?"})
    assert len(result.rows) == 1
