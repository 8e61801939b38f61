from __future__ import annotations

import csv
import datetime as dt
import io
import json
from collections.abc import Callable

import pytest

from kafkatco.cli.main import main
from kafkatco.cli.urls import check_url
from support.price_server import PriceServer
from support.refreshing import SECRETS


@pytest.fixture(autouse=True)
def _keys(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CONFLUENT_CLOUD_API_KEY", SECRETS[0])
    monkeypatch.setenv("CONFLUENT_CLOUD_API_SECRET", SECRETS[1])


def line(line_type: str, price: float | None, unit: str) -> dict[str, object]:
    return {
        "product": "KAFKA",
        "line_type": line_type,
        "price": price,
        "unit": unit,
        "start_date": "2026-10-05",
        "end_date": "2026-10-06",
    }


@pytest.fixture
def billed(server: PriceServer) -> Callable[..., int]:
    lines = [
        line("KAFKA_NUM_CKUS", 0.1485, "eCKU-hour"),  # that of Basic in eu-west-1, in the tables
        line("KAFKA_STORAGE", 0.00012055, "GB-hour"),  # x 730 = 0.0880015 a month: eu-west-1 too
        line("KAFKA_NETWORK_READ", 0.0475, "GB"),  # 5 % off the 0.05 of the list
        line("CONNECT_NUM_TASKS", 0.04, "task-hour"),
        line("SUPPORT", None, ""),
    ]
    server.json("/billing/v1/costs", {"data": lines, "metadata": {}})

    def run(*options: str) -> int:
        words = ["--from", "2026-10-01", "--to", "2026-11-01", "--url", server.url, *options]
        return main(["prices", "billed", *words])

    return run


def test_a_price_of_an_invoice_is_found_in_the_tables_or_the_nearest(
    billed: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    assert billed("--format", "json") == 0
    rows = {row["line_type"]: row for row in json.loads(capsys.readouterr().out)["billed"]}
    units = rows["KAFKA_NUM_CKUS"]["same_in_the_tables"]
    assert "confluent.basic.ecku in eu-west-1: 0.1485 USD per hour" in units
    (kept,) = [name for name in rows["KAFKA_STORAGE"]["same_in_the_tables"] if "basic" in name]
    assert kept.startswith("confluent.basic.storage in eu-west-1: 0.088")
    read = rows["KAFKA_NETWORK_READ"]
    assert read["same_in_the_tables"] == []
    assert read["nearest"].startswith("confluent.")
    assert ".egress" in read["nearest"]
    assert rows["CONNECT_NUM_TASKS"]["nearest"] is None
    assert set(rows) == {
        "KAFKA_NUM_CKUS",
        "KAFKA_STORAGE",
        "KAFKA_NETWORK_READ",
        "CONNECT_NUM_TASKS",
    }


def test_as_a_table_and_as_csv(
    billed: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    assert billed() == 0
    shown = capsys.readouterr().out
    assert "not in the tables" in shown
    assert "none; nearest: " in " ".join(shown.split())
    assert billed("--format", "csv") == 0
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert [row["price"] for row in rows if row["line_type"] == "KAFKA_NETWORK_READ"] == ["0.0475"]
    for secret in SECRETS:
        assert secret not in shown


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (["--from", "2026-11-01"], "a day after 2026-11-01"),
        (
            ["--from", "9999-12-01", "--to", "9999-12-31"],
            "--to: got 9999-12-31; expected a date from 2015-01-",
        ),
        (["--from", "2014-12-31"], "--from: got 2014-12-31; expected a date from 2015-01-01 to "),
        (["--from", "October"], "--from: got 'October'; expected a date, YYYY-MM-DD"),
        (["--book", "lst"], "Did you mean 'list'?"),
    ],
)
def test_wrong_input(
    options: list[str],
    expected: str,
    billed: Callable[..., int],
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert billed(*options) == 2
    assert expected in capsys.readouterr().err


def test_tomorrow_is_the_last_day_up_to_which_bills_are_read(
    billed: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    today = dt.datetime.now(dt.UTC).date()
    assert billed("--to", str(today + dt.timedelta(days=1))) == 0
    assert billed("--to", str(today + dt.timedelta(days=3))) == 2
    assert f"--to: got {today + dt.timedelta(days=3)}; expected" in capsys.readouterr().err


@pytest.mark.parametrize(
    "url",
    [
        "",
        "foo",
        "ftp://mirror.example",
        "http://",
        "http://a..b",
        "http://.b",
        "http://a b",
        "http://a\\b",
        "http://[::1",
        "http://[zz]",
        "http://a:port",
        f"http://{64 * 'a'}",
        "http://me:sesame@mirror.example",
        "https://sesame@mirror.example",
        "//mirror.example",
    ],
)
def test_an_invalid_address_is_reported_without_its_password(
    url: str, billed: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    assert billed("--url", url) == 2
    shown = capsys.readouterr().err
    assert "--url: got " in shown
    assert "expected http:// or https:// and a host, without user or password" in shown
    assert "sesame" not in shown


@pytest.mark.parametrize(
    "url",
    [
        "https://mirror.example",
        "http://127.0.0.1:8080/a/b",
        "http://[::1]:80",
        "HTTPS://a_b.c-d.",
        "http://localhost",
        "https://bücher.example/@/x",
    ],
)
def test_an_address_that_is_one(url: str) -> None:
    assert check_url(url) is None


def test_a_mirror_may_end_with_a_slash(server: PriceServer, billed: Callable[..., int]) -> None:
    server.json("/mirror/billing/v1/costs", {"data": [], "metadata": {}})
    assert billed("--url", f"{server.url}/mirror/") == 0


@pytest.mark.parametrize("name", ["CONFLUENT_CLOUD_API_KEY", "CONFLUENT_CLOUD_API_SECRET"])
@pytest.mark.parametrize("key", ["Schlüssel", "키sesame", "two words", "two\nlines"])
def test_a_key_that_cannot_be_one_is_not_sent(
    server: PriceServer,
    billed: Callable[..., int],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    name: str,
    key: str,
) -> None:
    monkeypatch.setenv(name, key)
    assert billed() == 2
    shown = capsys.readouterr().err
    assert f"{name} has spaces or other characters that no key has" in shown
    assert not {*key.split(), "Schl", "sesame"} & {*shown.replace("'", " ").split()}
    assert key not in shown
    assert server.asked == []


def test_without_a_key(
    billed: Callable[..., int], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("CONFLUENT_CLOUD_API_SECRET")
    assert billed() == 2
    assert "CONFLUENT_CLOUD_API_SECRET in the environment" in capsys.readouterr().err


def test_a_key_that_is_refused(
    server: PriceServer, billed: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    server.json("/billing/v1/costs", {"error": SECRETS[1]}, status=401)
    assert billed() == 1
    shown = capsys.readouterr().err
    assert "Check the key" in shown
    assert SECRETS[1] not in shown
