"""Aiven's plans: a month of what an hour costs, plans that are gone, and a hidden token."""

from __future__ import annotations

import datetime as dt
import logging
from decimal import Decimal
from pathlib import Path

import pytest

from kafkatco.prices.refresh.aiven import Aiven
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

KEYS = {"AIVEN_TOKEN": SECRETS[0], "AIVEN_PROJECT": SECRETS[1]}
PLANS = ("business-4", "premium-6x-8", "startup-2")


@pytest.fixture
def source(server: PriceServer) -> Aiven:
    return Aiven(url=server.url)


@pytest.fixture
def book(tmp_path: Path) -> Path:
    text = committed("aiven/kafka.csv", lambda row: row["valid_from"] < "2026-08")
    return book_of(tmp_path, {"aiven/kafka.csv": text})


def path(plan: str, cloud: str = "aws-us-east-1") -> str:
    return f"/v1/project/{SECRETS[1]}/pricing/service-types/kafka/plans/{plan}/clouds/{cloud}"


def serve(server: PriceServer, cloud: str = "aws-us-east-1", **prices: str) -> None:
    """Serve what an hour of each plan costs, by default about what the tables have."""
    hours = {"business-4": "0.7000", "premium-6x-8": "2.60000", "startup-2": "0.274"}
    for plan, price in {
        **hours,
        **{name.replace("_", "-"): p for name, p in prices.items()},
    }.items():
        reply = {
            "base_price_usd": price,
            "extra_disk_price_per_gb_usd": "0.0003",
            "object_storage_gb_price_usd": "",
            "cloud_name": cloud,
            "service_plan": plan,
            "service_type": "kafka",
        }
        server.json(path(plan, cloud), reply)


def test_a_month_of_each_plan_is_appended_once(
    server: PriceServer, source: Aiven, book: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    before = lines(book, "aiven/kafka.csv")
    serve(server)
    result = refreshed(book, source, keys=KEYS)
    assert result.problems == ()
    assert [(row.sku, str(row.price), row.unit, row.confidence) for row in result.rows] == [
        ("aiven.plan.business-4", "511", "month", "derived"),  # 0.7 x 730
        ("aiven.plan.premium-6x-8", "1898", "month", "derived"),  # 2.6 x 730
        ("aiven.plan.startup-2", "200.02", "month", "derived"),  # 0.274 x 730
    ]
    assert result.rows[0].note == "0.7000 USD an hour x 730; aws-us-east-1"
    assert {row.valid_from for row in result.rows} == {TODAY}
    assert "/v1/project/{PROJECT}/pricing/" in result.rows[0].source
    assert set(before) < set(lines(book, "aiven/kafka.csv"))
    assert len(server.asked) == 3  # neither the free, nor the developer, nor the custom plan
    assert {request.headers["Authorization"] for request in server.asked} == {
        f"aivenv1 {SECRETS[0]}"
    }
    now = files(book)
    again = refreshed(book, source, keys=KEYS)
    assert (again.rows, again.problems, again.same) == ((), (), 3)
    assert files(book) == now
    assert_hidden(book, result, caplog)


def test_only_a_price_that_changed_is_appended(
    server: PriceServer, source: Aiven, book: Path
) -> None:
    serve(server)
    refreshed(book, source, keys=KEYS)
    text = (
        (book / "aiven/kafka.csv")
        .read_text()
        .replace(f",{TODAY},{TODAY},", ",2026-11-01,2026-11-01,")
    )
    (book / "aiven/kafka.csv").write_text(text)
    serve(server, business_4="0.75")
    (row,) = refreshed(book, source, keys=KEYS).rows
    assert (row.sku, row.price) == ("aiven.plan.business-4", Decimal("547.5"))  # 0.75 x 730


def test_another_cloud_is_named_in_the_note(server: PriceServer, book: Path) -> None:
    serve(server, cloud="google-asia-northeast3")
    result = refreshed(book, Aiven(url=server.url, cloud="google-asia-northeast3"), keys=KEYS)
    assert result.rows[2].note == "0.274 USD an hour x 730; google-asia-northeast3"


def test_a_plan_that_is_gone_is_a_problem_until_it_is_accepted(
    server: PriceServer, source: Aiven, book: Path
) -> None:
    serve(server)
    del server.replies[path("startup-2")]
    text = fault(book, source, keys=KEYS)
    assert text.startswith("Aiven prices of startup-2: the price of aiven.plan.startup-2 in any is")
    assert "--accept aiven.plan.startup-2" in text
    result = refreshed(book, source, keys=KEYS, accept=["aiven.plan.startup-2"])
    assert [row.sku.rpartition(".")[2] for row in result.rows] == ["business-4", "premium-6x-8"]


def test_a_price_of_nothing_is_no_price(server: PriceServer, source: Aiven, book: Path) -> None:
    serve(server, startup_2="0.00")
    text = fault(book, source, keys=KEYS)
    assert "the price of aiven.plan.startup-2 in any is gone" in text


def test_where_no_plan_is_known_the_project_is_another(
    server: PriceServer, source: Aiven, book: Path
) -> None:
    text = fault(book, source, keys=KEYS, accept=["aiven"])
    assert "none of these plans: business-4, premium-6x-8, startup-2" in text
    assert "Check AIVEN_PROJECT" in text


@pytest.mark.parametrize(
    ("price", "message"),
    [
        ("", "'' for base_price_usd"),
        ("custom", "'custom' for base_price_usd"),
        ("-1", "'-1' for base_price_usd"),
        ("0,7", "'0,7' for base_price_usd"),
        ("NaN", "'NaN' for base_price_usd"),
        ("7", "expected about 500, the last price. Add --accept aiven.plan.business-4"),
    ],
)
def test_a_price_that_cannot_be_changes_nothing(
    server: PriceServer, source: Aiven, book: Path, price: str, message: str
) -> None:
    serve(server, business_4=price)
    assert message in fault(book, source, keys=KEYS)


@pytest.mark.parametrize(
    ("reply", "message"),
    [
        ({}, "the field base_price_usd is missing"),
        ({"base_price_usd": 0.7}, "the field base_price_usd is a number"),
        ({"base_price_usd": None}, "the field base_price_usd is null"),
        (
            {"base_price_usd": "0.7", "cloud_name": "aws-eu-west-1"},
            "cloud_name is not aws-us-east-1 in the reply",
        ),
        (
            {"base_price_usd": "0.7", "service_plan": "hobbyist"},
            "service_plan is not business-4 in the reply",
        ),
        ({"message": "broken", "errors": []}, "the field base_price_usd is missing"),
    ],
)
def test_a_reply_of_another_form_changes_nothing(
    server: PriceServer, source: Aiven, book: Path, reply: dict[str, object], message: str
) -> None:
    serve(server)
    server.json(path("business-4"), reply)
    text = fault(book, source, keys=KEYS)
    assert text.startswith("Aiven prices of business-4: ")
    assert message in text


@pytest.mark.parametrize(
    ("reply", "message"),
    [
        (Reply(b"<html>sorry</html>"), "an HTML page; expected JSON"),
        (Reply(b"no", 401), "HTTP status 401. Check the key"),
        (Reply(b"no", 403), "HTTP status 403"),
        (Reply(b"no", 500), "HTTP status 500, 4 times"),
        (
            Reply(b"", 302, {"Location": f"/elsewhere?token={SECRETS[0]}"}),
            "a redirect, which would carry the key elsewhere",
        ),
        (
            Reply(b"", 307, {"Location": "https://elsewhere.invalid/"}),
            "a redirect, which would carry the key elsewhere",
        ),
    ],
)
def test_a_failing_server_is_reported_without_the_token(
    server: PriceServer,
    source: Aiven,
    book: Path,
    caplog: pytest.LogCaptureFixture,
    reply: Reply,
    message: str,
) -> None:
    caplog.set_level(logging.DEBUG)
    serve(server)
    server.replies[path("premium-6x-8")] = reply
    before = files(book)
    result = refreshed(book, source, keys=KEYS)
    assert message in str(result.problems[0])
    assert files(book) == before
    assert not any("elsewhere" in request.path for request in server.asked)
    assert_hidden(book, result, caplog)


def test_a_netrc_does_not_take_the_place_of_the_token(
    server: PriceServer, source: Aiven, book: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "netrc").write_text("default login somebody password else\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    serve(server)
    refreshed(book, source, keys=KEYS)
    assert {request.headers["Authorization"] for request in server.asked} == {
        f"aivenv1 {SECRETS[0]}"
    }


def test_an_earlier_date_is_refused(server: PriceServer, source: Aiven, book: Path) -> None:
    text = fault(book, source, keys=KEYS, as_of=dt.date(2026, 8, 1))
    assert "no prices of 2026-08-01: the source has only those of today, 2026-11-22" in text
    assert server.asked == []


@pytest.mark.parametrize("missing", KEYS)
def test_both_keys_are_needed(source: Aiven, book: Path, missing: str) -> None:
    keys = {name: key for name, key in KEYS.items() if name != missing}
    assert f"no key; set {missing} in the environment" in fault(book, source, keys=keys)
