"""The European Central Bank's rates: months that are over, the newest day, and broken files."""

from __future__ import annotations

import csv
import datetime as dt
import io
import zipfile
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kafkatco.prices.csv_tables import pricing_root
from kafkatco.prices.refresh import ecb
from kafkatco.prices.refresh.ecb import Ecb, cross_rate
from support.excerpts import excerpt_rows
from support.price_server import PriceServer, Reply
from support.refreshing import book_of, committed, fault, files, lines, refreshed

DAILY, HISTORY = "/eurofxref-daily.xml", "/eurofxref-hist.zip"
#: What one EUR is, day by day, newest first; KRW is EURUSD times a round number of won.
RATES = {
    "2026-11-20": {"USD": "1.2500", "KRW": "1650.00", "GBP": "0.87500"},  # 1320 won, 0.8 EUR
    "2026-11-02": {"USD": "1.1250", "KRW": "1500.75", "GBP": "0.87500"},  # 1334 won
    "2026-10-30": {"USD": "1.1172", "KRW": "1491.76", "GBP": "0.87450"},  # as committed
    "2026-10-29": {"USD": "1.1130", "KRW": "1488.40", "GBP": "0.87450"},
    "2026-09-30": {"USD": "1.1355", "KRW": "1539.06", "GBP": "0.87450"},  # as committed
    "2026-09-29": {"USD": "1.1200", "KRW": "1512.00", "GBP": "0.87450"},  # 1350 won
}
SKUS = ("fx.usd.eur", "fx.usd.krw")


@pytest.fixture
def source(server: PriceServer) -> Ecb:
    return Ecb(url=server.url)


def book_until(folder: Path, date: str) -> Path:
    """Make a book with the committed rates of EUR and KRW up to a date."""
    text = committed(
        "fx/ecb.csv", lambda row: row["sku"] in SKUS and "2026-07" < row["valid_from"] <= date
    )
    return book_of(folder, {"fx/ecb.csv": text})


def daily(date: str = "2026-11-20", rates: Mapping[str, str] | None = None) -> str:
    printed = RATES[date] if rates is None else rates
    cubes = "".join(f"<Cube currency='{code}' rate='{rate}'/>" for code, rate in printed.items())
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<gesmes:Envelope xmlns:gesmes="http://www.gesmes.org/xml/2002-08-01" '
        'xmlns="http://www.ecb.int/vocabulary/2002-08-01/eurofxref">'
        "<gesmes:subject>Reference rates</gesmes:subject>"
        f"<Cube><Cube time='{date}'>{cubes}</Cube></Cube></gesmes:Envelope>"
    )


def history(rates: Mapping[str, Mapping[str, str]] = RATES) -> str:
    names = ["USD", "KRW", "GBP"]
    rows = [",".join([day, *(of[name] for name in names)]) + "," for day, of in rates.items()]
    return "\n".join([",".join(["Date", *names]) + ",", *rows]) + "\n"


def zipped(text: str | bytes, name: str = "eurofxref-hist.csv", method: int = 8) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        archive.writestr(name, text)
    return buffer.getvalue()


def serve(server: PriceServer, xml: str | bytes = "", packed: bytes = b"") -> None:
    body = xml if isinstance(xml, bytes) else (xml or daily()).encode()
    server.replies[DAILY] = Reply(body)
    server.replies[HISTORY] = Reply(packed or zipped(history()))


def added(book: Path, before: list[str]) -> list[tuple[str, ...]]:
    """Return sku, region, price, date, confidence and note of each row that is new."""
    known = set(before)
    return [
        (row["sku"], row["region"], row["price"], row["valid_from"], row["confidence"], row["note"])
        for row in csv.DictReader(lines(book, "fx/ecb.csv"))
        if ",".join(row.values()) not in known
    ]


def paths(server: PriceServer) -> list[str]:
    addresses = [request.path for request in server.asked]
    server.asked.clear()
    return addresses


def test_months_that_are_over_and_the_newest_day_are_appended_once(
    server: PriceServer, source: Ecb, tmp_path: Path
) -> None:
    book = book_until(tmp_path, "2026-08-31")
    before = lines(book, "fx/ecb.csv")
    serve(server)
    result = refreshed(book, source)
    assert result.problems == ()
    why = "EURKRW 1539.06 / EURUSD 1.1355", "EURKRW 1491.76 / EURUSD 1.1172"
    assert added(book, before) == [
        ("fx.usd.eur", "any", "0.880669", "2026-09-30", "derived", "1 / EURUSD 1.1355"),
        ("fx.usd.eur", "any", "0.895095", "2026-10-30", "derived", "1 / EURUSD 1.1172"),
        ("fx.usd.eur", "any", "0.8", "2026-11-20", "derived", "1 / EURUSD 1.25"),
        ("fx.usd.krw", "any", "1355.4029", "2026-09-30", "derived", why[0]),
        ("fx.usd.krw", "any", "1335.2667", "2026-10-30", "derived", why[1]),
        ("fx.usd.krw", "any", "1320", "2026-11-20", "derived", "EURKRW 1650 / EURUSD 1.25"),
    ]
    assert set(before) <= set(lines(book, "fx/ecb.csv"))
    assert {row.source.partition(" ")[0] for row in result.rows} == {server.url + HISTORY}
    assert paths(server) == [DAILY, HISTORY]
    now = files(book)
    again = refreshed(book, source)
    assert (again.rows, again.problems, again.same) == ((), (), 2)
    assert files(book) == now
    assert paths(server) == [DAILY]  # the server reports it as unchanged


def test_the_rows_are_those_that_are_committed(
    server: PriceServer, source: Ecb, tmp_path: Path
) -> None:
    book = book_until(tmp_path, "2026-08-31")
    serve(server, daily("2026-10-30"))
    server.replies[HISTORY] = Reply(zipped(history({d: RATES[d] for d in list(RATES)[2:]})))
    refreshed(book, source, as_of=dt.date(2026, 10, 31))
    (tmp_path / "then").mkdir()
    then = book_until(tmp_path / "then", "2026-10-30")

    def figures(folder: Path) -> list[tuple[str, ...]]:
        return added(folder, [])

    assert figures(book) == figures(then)


def test_within_a_month_the_newest_day_is_enough(
    server: PriceServer, source: Ecb, tmp_path: Path
) -> None:
    book = book_until(tmp_path, "2026-08-31")
    serve(server, daily("2026-11-02"), zipped(without("2026-11-20")))
    refreshed(book, source)
    paths(server)
    serve(server, daily("2026-11-20"))
    del server.replies[HISTORY]
    result = refreshed(book, source)
    assert [str(row.price) for row in result.rows] == ["0.8", "1320"]
    assert {row.source.partition(" ")[0] for row in result.rows} == {server.url + DAILY}
    assert paths(server) == [DAILY]


def test_a_weekend_changes_nothing(server: PriceServer, source: Ecb, tmp_path: Path) -> None:
    book = book_until(tmp_path, "2026-10-30")
    serve(server, daily("2026-10-30"))
    result = refreshed(book, source, as_of=dt.date(2026, 11, 1))
    assert (result.rows, result.problems, result.same) == ((), (), 2)
    assert paths(server) == [DAILY]


def test_a_past_date_takes_the_newest_rate_by_then_and_no_later_one(
    server: PriceServer, source: Ecb, tmp_path: Path
) -> None:
    book = book_until(tmp_path, "2026-10-30")
    before = lines(book, "fx/ecb.csv")
    serve(server)
    result = refreshed(book, source, as_of=dt.date(2026, 9, 29))
    assert result.problems == ()
    assert added(book, before) == [
        # 1 / 1.12 and 1512 / 1.12; September is not over, and what follows is there already
        ("fx.usd.eur", "any", "0.892857", "2026-09-29", "derived", "1 / EURUSD 1.12"),
        ("fx.usd.krw", "any", "1350", "2026-09-29", "derived", "EURKRW 1512 / EURUSD 1.12"),
    ]
    assert "refreshed.json" not in files(book)  # what is known of files is of today


def test_a_day_without_rates_takes_the_one_before(
    server: PriceServer, source: Ecb, tmp_path: Path
) -> None:
    book = book_until(tmp_path, "2026-09-30")
    serve(server)
    result = refreshed(book, source, as_of=dt.date(2026, 11, 1))
    assert [row.valid_from.isoformat() for row in result.rows] == ["2026-10-30"] * 2


def test_an_earlier_date_of_the_same_month_is_read_from_the_history(
    server: PriceServer, source: Ecb, tmp_path: Path
) -> None:
    book = book_until(tmp_path, "2026-10-30")
    serve(server, daily("2026-11-02"), zipped(without("2026-11-20")))
    refreshed(book, source)
    serve(server)
    paths(server)
    result = refreshed(book, source, as_of=dt.date(2026, 11, 19))
    assert (result.rows, result.problems, result.same) == ((), (), 2)
    assert paths(server) == [DAILY, HISTORY]


def test_a_mirror_that_is_behind_changes_nothing(
    server: PriceServer, source: Ecb, tmp_path: Path
) -> None:
    book = book_until(tmp_path, "2026-10-30")
    before = files(book)
    serve(server, daily("2026-10-29"))
    result = refreshed(book, source)
    assert (result.rows, result.problems, result.same) == ((), (), 2)
    assert files(book)["fx/ecb.csv"] == before["fx/ecb.csv"]


def test_a_rate_that_contradicts_a_row_counts_from_now_on(
    server: PriceServer, source: Ecb, tmp_path: Path
) -> None:
    book = book_until(tmp_path, "2026-10-30")
    rates = {**RATES["2026-10-30"], "KRW": "1508.22"}  # 1350 won
    serve(server, daily("2026-10-30", rates))
    (row,) = refreshed(book, source, as_of=dt.date(2026, 11, 1)).rows
    assert (row.sku, str(row.price)) == ("fx.usd.krw", "1350")
    assert row.valid_from == dt.date(2026, 11, 1)
    assert row.note == "EURKRW 1508.22 / EURUSD 1.1172; the source dates it 2026-10-30"


def test_a_currency_that_is_gone_is_a_problem_until_it_is_accepted(
    server: PriceServer, source: Ecb, tmp_path: Path
) -> None:
    book = book_until(tmp_path, "2026-10-30")
    less = {"USD": "1.1300"}
    serve(server, daily("2026-10-30", less))
    text = fault(book, source)
    assert "the price of fx.usd.krw in any is gone" in text
    assert "--accept fx.usd.krw" in text
    result = refreshed(book, source, accept=["fx.usd.krw"])
    assert [row.sku for row in result.rows] == ["fx.usd.eur"]


@pytest.mark.parametrize(
    ("xml", "message"),
    [
        (b"", "empty file"),
        ("<!DOCTYPE html><html></html>", "an HTML page"),
        ("<html><body>sorry</body></html>", "0 days"),
        (daily()[:-30], "got XML; expected XML in UTF-8"),
        ("<!DOCTYPE a [<!ENTITY x 'y'>]>" + daily().partition("\n")[2], "DOCTYPE"),
        (daily().replace("?>", "?><!doctype a>", 1), "DOCTYPE"),
        (("<!DOCTYPE a><a/>").encode("utf-16"), "UTF-8"),
        (daily().replace("time=", "day="), "0 days"),
        (daily().replace("</Cube></Cube>", "</Cube><Cube time='2026-11-19'/></Cube>"), "2 days"),
        (daily().replace("2026-11-20", "20.11.2026"), "'20.11.2026'"),
        (daily().replace("2026-11-20", "20261120"), "'20261120'"),
        (daily().replace("2026-11-20", "2026-02-30"), "'2026-02-30'"),
    ],
)
def test_a_broken_daily_file_changes_nothing(
    server: PriceServer, source: Ecb, tmp_path: Path, xml: str | bytes, message: str
) -> None:
    serve(server, xml if isinstance(xml, bytes) else xml.encode() or b"")
    server.replies[DAILY] = Reply(xml if isinstance(xml, bytes) else xml.encode())
    text = fault(book_until(tmp_path, "2026-10-30"), source)
    assert "ECB reference rates: " in text
    assert message in text


@pytest.mark.parametrize(
    ("code", "rate", "message"),
    [
        ("USD", None, "no rate of EURUSD on 2026-10-30"),
        ("USD", "0", "the rate of EURUSD on 2026-10-30 is 0"),
        ("USD", "0.0000", "the rate of EURUSD on 2026-10-30 is 0"),
        ("USD", "N/A", "'N/A' for EURUSD"),
        ("KRW", "N/A", "'N/A' for EURKRW on 2026-10-30"),
        ("KRW", "0", "the rate of EURKRW on 2026-10-30 is 0"),
        ("KRW", "-1491.76", "'-1491.76' for EURKRW"),
        ("KRW", "1E+999999999", "for EURKRW"),
        ("KRW", "NaN", "'NaN' for EURKRW"),
        ("KRW", "149176", "expected about 1335.2667, the last price"),
    ],
)
def test_a_rate_that_cannot_be_changes_nothing(
    server: PriceServer, source: Ecb, tmp_path: Path, code: str, rate: str | None, message: str
) -> None:
    book = book_until(tmp_path, "2026-09-30")
    rates = {name: text for name, text in RATES["2026-10-30"].items() if name != code}
    rates |= {code: rate} if rate else {}
    if rate:
        days = {"2026-10-30": rates, "2026-09-30": RATES["2026-09-30"]}
        serve(server, daily("2026-10-30"), zipped(history(days)))
        assert message.replace("1335.2667", "1355.4029") in fault(book, source)
    (tmp_path / "daily").mkdir()
    serve(server, daily("2026-10-30", rates))
    assert message in fault(book_until(tmp_path / "daily", "2026-10-30"), source)


def many() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("a.csv", history())
        archive.writestr("b.csv", history())
    return buffer.getvalue()


def none() -> bytes:
    buffer = io.BytesIO()
    zipfile.ZipFile(buffer, "w").close()
    return buffer.getvalue()


def locked() -> bytes:
    """Return a zip whose file is marked as encrypted."""
    data = bytearray(zipped(history()))
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    return bytes(data)


def without(day: str) -> str:
    return history({name: rates for name, rates in RATES.items() if name != day})


@pytest.mark.parametrize(
    ("packed", "message"),
    [
        (b"<html>sorry</html>", "an HTML page"),
        (b"\0", "a truncated file, or one of another kind"),
        (zipped(history())[:-40], "a truncated file"),
        (none(), "the zip has 0 CSV files instead of one"),
        (many(), "the zip has 2 CSV files instead of one"),
        (zipped(history(), name="readme.txt"), "the zip has 0 CSV files instead of one"),
        (zipped(history(), method=zipfile.ZIP_BZIP2), "neither stored nor deflated"),
        (zipped(history(), method=zipfile.ZIP_LZMA), "neither stored nor deflated"),
        (locked(), "without encryption"),
        (zipped(b"Date,\xff"), "not in UTF-8"),
        (zipped(b""), "does not begin with the column Date"),
        (zipped("time,USD,KRW\n2026-11-20,1.2,1600\n"), "does not begin with the column Date"),
        (zipped(history() + "2026-08-31,1.2\n"), "line 8 has 2 cells instead of 5"),
        (zipped(history() + '"2026-08-31,1.2\n'), "invalid CSV"),
        (
            zipped(history().replace("2026-10-29", "29/10/2026")),
            "got '29/10/2026'; expected a date",
        ),
        (zipped(without("2026-11-20")), "the last day is 2026-11-02, before 2026-11-20"),
        (zipped("Date,USD,KRW,\n"), "no day up to 2026-11-20"),
        (zipped(history().replace("USD", "US$")), "no rate of EURUSD on 2026-09-30"),
        (zipped(history().replace("1491.76", "N/A")), "'N/A' for EURKRW on 2026-10-30"),
    ],
)
def test_a_broken_history_changes_nothing(
    server: PriceServer, source: Ecb, tmp_path: Path, packed: bytes, message: str
) -> None:
    serve(server, packed=packed)
    text = fault(book_until(tmp_path, "2026-08-31"), source)
    assert "ECB reference rates" in text
    assert message in text


def test_a_zip_bomb_is_not_unpacked(
    server: PriceServer, source: Ecb, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ecb, "MOST", 10_000)
    packed = zipped(b"0" * 2_000_000)
    assert len(packed) < 3000
    serve(server, packed=packed)
    text = fault(book_until(tmp_path, "2026-08-31"), source)
    assert "more than 10,000 bytes after unpacking" in text


def test_a_date_before_all_rates_is_refused(
    server: PriceServer, source: Ecb, tmp_path: Path
) -> None:
    book = book_of(
        tmp_path, {"fx/ecb.csv": committed("fx/ecb.csv", lambda row: row["sku"] in SKUS)}
    )
    serve(server)
    text = fault(book, source, as_of=dt.date(2020, 3, 1))
    assert "no day up to 2020-03-01" in text


def test_a_book_without_rates_requests_none(
    server: PriceServer, source: Ecb, tmp_path: Path
) -> None:
    text = committed("aiven/kafka.csv", lambda row: row["sku"] == "aiven.trial-credit")
    result = refreshed(book_of(tmp_path, {"aiven/kafka.csv": text}), source)
    assert (result.rows, result.problems, server.asked) == ((), (), [])


def test_every_committed_rate_is_the_cross_of_its_note() -> None:
    text = (pricing_root() / "list/fx/ecb.csv").read_text(encoding="utf-8")
    compared = 0
    for row in csv.DictReader(io.StringIO(text)):
        own, usd = (part.split() for part in row["note"].split(" / "))
        code = row["sku"].removeprefix("fx.usd.").upper()
        rate, note = cross_rate(code, Decimal(usd[1]), Decimal(own[-1]))
        assert (rate.normalize(), note) == (Decimal(row["price"]).normalize(), row["note"])
        compared += 1
    assert compared >= 413


def test_the_bank_s_own_rates_give_the_committed_ones() -> None:
    text = (pricing_root() / "list/fx/ecb.csv").read_text(encoding="utf-8")
    table = {
        row["valid_from"]: row
        for row in csv.DictReader(io.StringIO(text))
        if row["sku"] == "fx.usd.krw"
    }
    both = 0
    for row in excerpt_rows("ecb-usd-krw.csv"):
        rate, note = cross_rate("KRW", Decimal(row["eur_usd"]), Decimal(row["eur_krw"]))
        assert rate == Decimal(row["usd_krw"]), row["date"]
        if row["date"] in table:
            assert rate == Decimal(table[row["date"]]["price"])
            assert note == table[row["date"]]["note"]
            both += 1
    assert both == 85  # every committed day


usd = st.decimals("0.5", "2", places=4)


@given(usd)
def test_the_rate_of_the_euro_is_the_inverse_of_that_of_the_dollar(rate: Decimal) -> None:
    euros, note = cross_rate("EUR", rate, Decimal(1))
    assert abs(euros * rate - 1) <= rate * Decimal("0.0000005")
    assert note.startswith("1 / EURUSD ")


@given(usd, st.decimals("500", "3000", places=2))
def test_won_for_a_dollar_for_a_euro_are_the_won_of_a_euro(rate: Decimal, won: Decimal) -> None:
    price, note = cross_rate("KRW", rate, won)
    assert abs(price * rate - won) <= rate * Decimal("0.00005")
    own, dollars = (Decimal(part.split()[1]) for part in note.split(" / "))
    assert (own, dollars) == (won, rate)
