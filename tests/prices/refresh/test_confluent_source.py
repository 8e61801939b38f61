"""Confluent's price table, what of it is certain, and what one has been billed."""

from __future__ import annotations

import datetime as dt
import json
import logging
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from kafkatco.errors import RefreshError
from kafkatco.prices.invoice_prices import BilledPrice
from kafkatco.prices.refresh.confluent import Confluent
from kafkatco.prices.refresh.confluent_invoices import billed_prices, read_costs
from kafkatco.prices.refresh.http import Web
from support.excerpts import excerpt
from support.price_server import PriceServer, Reply
from support.refreshing import (
    SECRETS,
    TODAY,
    assert_hidden,
    book_of,
    committed,
    fault,
    files,
    refreshed,
)

KEYS = {
    "CONFLUENT_CLOUD_API_KEY": SECRETS[0],
    "CONFLUENT_CLOUD_API_SECRET": SECRETS[1],
    "CONFLUENT_ORGANIZATION": SECRETS[2],
}
PATH = f"/api/organizations/{SECRETS[2]}/price_table"
UNITS = {
    "KafkaNumCKUs": "CKU-hour",
    "KafkaNetworkRead": "GB",
    "KafkaNetworkWrite": "GB",
    "KafkaStorage": "GB-hour",
    "KafkaPartition": "Partition-hour",
    "KafkaBase": "hour",
}
#: What the committed tables have of a Basic cluster in eu-west-1, read from such a table.
BASIC: Mapping[str, Any] = {
    "KafkaNumCKUs": {"aws:eu-west-1:low:basic:internet": 0.1485},
    "KafkaNetworkRead": {"aws:eu-west-1:low:basic:internet": 0.055},
    "KafkaNetworkWrite": {"aws:eu-west-1:low:basic:internet": 0.055},
    "KafkaStorage": {"aws:eu-west-1:low:basic:internet": 0.00012055},
    "KafkaPartition": {"aws:eu-west-1:low:basic:internet": 0},
}
TABLES = ("basic", "standard", "enterprise", "freight", "dedicated")


@pytest.fixture
def source(server: PriceServer) -> Confluent:
    return Confluent(url=server.url)


@pytest.fixture
def book(tmp_path: Path) -> Path:
    names = [f"confluent/{name}.csv" for name in TABLES]
    return book_of(tmp_path, {name: committed(name, lambda row: True) for name in names})


def table(prices: Mapping[str, Mapping[str, Any]], **units: str) -> dict[str, Any]:
    names = {**UNITS, **units}
    table_prices = {
        metric: {"prices": dict(of), "unit": names.get(metric, "GB")}
        for metric, of in prices.items()
    }
    return {"price_table": {"price_table": table_prices}}


def changed(metric: str, key: str, price: Any) -> dict[str, dict[str, Any]]:
    """Return the prices of a Basic cluster with one more, or with another."""
    prices = {name: dict(of) for name, of in BASIC.items()}
    prices.setdefault(metric, {})[key] = price
    return prices


def serve(server: PriceServer, prices: Mapping[str, Mapping[str, Any]] = BASIC) -> None:
    server.json(PATH, table(prices))


def test_the_committed_prices_of_such_a_table_are_as_they_were(
    server: PriceServer, source: Confluent, book: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    before = files(book)
    serve(server)
    result = refreshed(book, source, keys=KEYS)
    assert (result.rows, result.problems, result.same) == ((), (), 4)
    (request,) = server.asked
    assert request.query == {"product": "kafka"}
    assert request.headers["Authorization"].startswith("Basic ")
    now = files(book)
    assert {name: now[name] for name in before} == before
    assert refreshed(book, source, keys=KEYS).problems == ()
    assert files(book) == now
    assert_hidden(book, result, caplog)


def test_a_price_that_changed_is_appended_once(
    server: PriceServer, source: Confluent, book: Path, caplog: pytest.LogCaptureFixture
) -> None:
    key = "aws:eu-west-1:low:basic:internet"
    prices = changed("KafkaStorage", key, 0.00015) | {"KafkaNumCKUs": {key: 0.16}}
    serve(server, prices)
    result = refreshed(book, source, keys=KEYS)
    assert [(row.sku, row.region, str(row.price), row.unit) for row in result.rows] == [
        ("confluent.basic.ecku", "eu-west-1", "0.16", "hour"),
        ("confluent.basic.storage", "eu-west-1", "0.1095", "GiB-month"),  # 0.00015 x 730
    ]
    ecku, storage = result.rows
    about = "a single zone, over the internet; the price table of one organisation"
    assert (ecku.confidence, ecku.note) == ("official", about)
    assert storage.confidence == "derived"
    assert storage.note == (
        "0.00015 USD per GB-hour x 730; the list prints GB and meters 2^30 bytes; " + about
    )
    assert "/api/organizations/{ORGANIZATION}/price_table?product=kafka (" in ecku.source
    assert ecku.valid_from == TODAY
    now = files(book)
    again = refreshed(book, source, keys=KEYS)
    assert (again.rows, again.problems, again.same) == ((), (), 4)
    assert files(book) == now
    assert_hidden(book, result, caplog)


def test_a_binary_fraction_is_a_price(server: PriceServer, source: Confluent, book: Path) -> None:
    key = "aws:eu-west-1:low:basic:internet"
    prices = changed("KafkaStorage", key, 0.09 / 730)  # 0.00012328767123287673
    prices["KafkaNetworkRead"][key] = 0.05 * 1.1 + 0.001  # 0.056000000000000004
    serve(server, prices)
    result = refreshed(book, source, keys=KEYS)
    assert result.problems == ()
    assert [str(row.price) for row in result.rows] == ["0.056", "0.09"]
    assert result.rows[1].note.startswith("0.000123287671233 USD per GB-hour x 730; ")


def test_several_zones_go_before_one_and_older_names_are_left_out(
    server: PriceServer, source: Confluent, book: Path
) -> None:
    prices = changed("KafkaNetworkWrite", "aws:us-east-1:low:standard_v2:internet", 0.04)
    prices["KafkaNetworkWrite"] |= {
        "aws:us-east-1:high:standard_v2:internet": 0.06,
        "aws:us-east-1:high:standard:internet": 0.28,
        "aws:us-east-1:high:custom:internet": 0.1,
        "gcp:us-east-1:high:standard_v2:internet": 0.07,
        "azure:eastus:high:standard_v2:internet": 0.07,
    }
    accept = ["confluent.standard.e", "confluent.standard.storage"]
    serve(server, prices)
    result = refreshed(book, source, keys=KEYS, accept=accept)
    assert result.problems == ()
    (row,) = result.rows
    assert (row.sku, str(row.price)) == ("confluent.standard.ingress", "0.06")
    assert "several zones" in row.note


def test_each_type_and_metric_has_its_place(
    server: PriceServer, source: Confluent, book: Path
) -> None:
    kinds = ("standard_v2", "enterprise", "freight", "dedicated")
    prices: dict[str, dict[str, Any]] = {
        "KafkaNumCKUs": {f"aws:us-east-1:high:{kind}:internet": 3 for kind in kinds},
        "KafkaNetworkRead": {f"aws:us-east-1:high:{kind}:internet": 0.03125 for kind in kinds},
        "KafkaNetworkWrite": {f"aws:us-east-1:high:{kind}:internet": 0.0625 for kind in kinds},
        # as older tables have it, with where the data goes
        "KafkaStorage": {f"aws:us-east-1:high:{kind}:internet:internet": 0.0002 for kind in kinds},
    }
    serve(server, prices)
    result = refreshed(book, source, keys=KEYS)
    assert result.problems == ()
    figures = {"ecku": "3", "egress": "0.03125", "ingress": "0.0625", "storage": "0.146"}
    expected = {
        (f"confluent.{kind}.{thing}", price)
        for kind in ("standard", "enterprise", "freight")
        for thing, price in figures.items()
    }
    # unpriced skus have a price now
    expected |= {
        (f"confluent.dedicated.{thing.replace('ecku', 'cku')}", price)
        for thing, price in figures.items()
    }
    assert {(row.sku, str(row.price)) for row in result.rows} == expected


def test_uncertain_prices_are_named_and_left_out(
    server: PriceServer, source: Confluent, book: Path
) -> None:
    prices = changed("ClusterLinkingRead", "aws:eu-west-1:any", 0.01)
    prices["KafkaRestProduce"] = {"aws:eu-west-1:low:basic:internet": 0}
    prices["KafkaNumCKUs"] |= {
        "aws:us-east-1:high:enterprise:private-link": 1.9,
        "aws:ap-northeast-2:low:basic:internet": 0.17,
        "aws:us-east-1:low:basic:internet": 0.13,
    }
    prices["KafkaPartition"]["aws:us-east-1:low:basic:internet"] = 0.004
    serve(server, prices)
    result = refreshed(book, source, keys=KEYS)
    assert (result.rows, result.problems) == ((), ())
    assert result.other == (
        "ClusterLinkingRead",
        "basic in us-east-1, with prices from before 2024-04-16",
        "clusters in ap-northeast-2",
        "enterprise over private-link",
    )


def test_a_price_that_is_gone_is_a_problem_until_it_is_accepted(
    server: PriceServer, source: Confluent, book: Path
) -> None:
    serve(server, changed("KafkaStorage", "aws:eu-west-1:low:basic:internet", 0))
    text = fault(book, source, keys=KEYS)
    assert "the price of confluent.basic.storage in eu-west-1 is gone" in text
    result = refreshed(book, source, keys=KEYS, accept=["confluent.basic.storage"])
    assert result.problems == ()


@pytest.mark.parametrize(
    ("reply", "message"),
    [
        ({}, "the field price_table is missing"),
        ({"error": {"code": 401, "message": SECRETS[0]}}, "the field price_table is missing"),
        ({"price_table": {}}, "the field price_table is missing"),
        ({"price_table": {"price_table": []}}, "the field price_table is a list"),
        ({"price_table": {"price_table": {}}}, "no price of a cluster on AWS"),
        ({"price_table": {"price_table": {"KafkaStorage": {}}}}, "the field prices is missing"),
        (table({"KafkaStorage": {"aws:eu-west-1:low:basic:internet": 0}}), "no price of a cluster"),
        (table(BASIC, KafkaStorage="GB"), "unit 'GB' of KafkaStorage; expected gb-hour"),
        (table(BASIC, KafkaNumCKUs="CKU"), "unit 'CKU' of KafkaNumCKUs; expected cku-hour or ecku"),
        (table(changed("KafkaStorage", "aws:low:basic", 1)), "the key 'aws:low:basic'"),
        (table(changed("KafkaStorage", "aws:a:b:c:d:e:f", 1)), "the key 'aws:a:b:c:d:e:f'"),
        (
            table(changed("KafkaStorage", "aws:eu-west-1:twice:basic:internet", 1)),
            "availability 'twice'; expected low or high",
        ),
        (table(changed("KafkaStorage", "aws:eu-west-1:low:basic:internet", -1)), "'-1' for"),
        (table(changed("KafkaStorage", "aws:eu-west-1:low:basic:internet", None)), "'None' for"),
        (table(changed("KafkaStorage", "aws:eu-west-1:low:basic:internet", True)), "'True' for"),
        (table(changed("KafkaStorage", "aws:eu-west-1:low:basic:internet", float("nan"))), "'nan'"),
        (
            table(changed("KafkaStorage", "aws:eu-west-1:low:basic:internet", 0.12)),
            "87.6 USD per GiB-month",  # 0.12 x 730: a price by the month
        ),
    ],
)
def test_a_table_that_is_wrong_changes_nothing(
    server: PriceServer, source: Confluent, book: Path, reply: Any, message: str
) -> None:
    server.json(PATH, reply)
    text = fault(book, source, keys=KEYS)
    assert message in text
    assert not any(secret in text for secret in SECRETS)


@pytest.mark.parametrize(
    ("reply", "message"),
    [
        (Reply(b"<html>sign in</html>"), "an HTML page; expected JSON"),
        (Reply(b"no", 401), "HTTP status 401. Check the key"),
        (Reply(b"no", 403), "HTTP status 403"),
        (Reply(b"no", 404), "HTTP status 404"),
        (Reply(b"no", 500), "HTTP status 500, 4 times"),
        (
            Reply(b"", 302, {"Location": f"/elsewhere/{SECRETS[1]}"}),
            "a redirect, which would carry the key elsewhere",
        ),
    ],
)
def test_a_failing_server_is_reported_without_keys(
    server: PriceServer,
    source: Confluent,
    book: Path,
    caplog: pytest.LogCaptureFixture,
    reply: Reply,
    message: str,
) -> None:
    caplog.set_level(logging.DEBUG)
    server.replies[PATH] = reply
    before = files(book)
    result = refreshed(book, source, keys=KEYS)
    assert message in str(result.problems[0])
    assert files(book) == before
    assert not any("elsewhere" in request.path for request in server.asked)
    assert_hidden(book, result, caplog)


def test_an_earlier_date_is_refused(server: PriceServer, source: Confluent, book: Path) -> None:
    text = fault(book, source, keys=KEYS, as_of=dt.date(2026, 10, 31))
    assert "no prices of 2026-10-31" in text
    assert server.asked == []


def cost(day: str, line_type: str = "KAFKA_NETWORK_READ", **other: Any) -> dict[str, Any]:
    return {
        "id": "1",
        "start_date": day,
        "end_date": day,
        "product": "KAFKA",
        "line_type": line_type,
        "unit": "GB",
        "price": 0.05,
        "quantity": 10,
        "original_amount": 0.5,
        **other,
    }


COSTS = "/billing/v1/costs"


def costs(server: PriceServer, start: dt.date, end: dt.date) -> list[dict[str, Any]]:
    with Web(pause=0.0) as web:
        lines = read_costs(web, start, end, key=SECRETS[0], secret=SECRETS[1], url=server.url)
        return list(lines)


def test_costs_are_read_month_by_month_and_page_by_page(server: PriceServer) -> None:
    def query(start: str, end: str, token: str = "") -> str:
        return f"{COSTS}?end_date={end}&page_size=5000" + token + f"&start_date={start}"

    september, october, november = cost("2026-09-30"), cost("2026-10-01"), cost("2026-11-03")
    # the next page is on the same host as the first, whatever its address in the reply
    following = "https://elsewhere.invalid/costs?page_size=1&page_token=to%2Fken%3D"
    server.json(query("2026-09-15", "2026-10-01"), {"data": [september], "metadata": {}})
    server.json(
        query("2026-10-01", "2026-11-01"), {"data": [october], "metadata": {"next": following}}
    )
    second = query("2026-10-01", "2026-11-01", "&page_token=to/ken=")
    server.json(second, {"data": [october], "metadata": {"next": None}})
    server.json(query("2026-11-01", "2026-11-04"), {"data": [november]})
    lines = costs(server, dt.date(2026, 9, 15), dt.date(2026, 11, 4))
    assert [line["start_date"] for line in lines] == [
        "2026-09-30",
        "2026-10-01",
        "2026-10-01",
        "2026-11-03",
    ]
    assert {request.headers["Authorization"][:6] for request in server.asked} == {"Basic "}


def test_each_price_appears_once_with_its_days() -> None:
    lines = [
        cost("2026-10-02 00:00:00"),
        cost("2026-10-01"),
        cost("2026-10-05T00:00:00Z", price=Decimal("0.045")),
        cost("2026-10-01", "SUPPORT", price=None, product="SUPPORT_CLOUD_BASIC"),
        cost("2026-10-01", "KAFKA_NUM_CKUS", unit="CKU-hour", price=1, product=None),
    ]
    day = dt.date(2026, 10, 1)
    read = ("KAFKA", "KAFKA_NETWORK_READ", "GB")
    assert billed_prices(lines) == (
        BilledPrice("", "KAFKA_NUM_CKUS", "CKU-hour", Decimal(1), day, day),
        BilledPrice(*read, Decimal("0.045"), dt.date(2026, 10, 5), dt.date(2026, 10, 5)),
        BilledPrice(*read, Decimal("0.05"), day, dt.date(2026, 10, 2)),
    )


def test_the_costs_of_confluent_s_own_test_server_are_read(server: PriceServer) -> None:
    text = excerpt("confluent-costs.json").read_text(encoding="utf-8")
    server.text(COSTS, text)
    lines = costs(server, dt.date(2023, 1, 1), dt.date(2023, 1, 2))
    assert len(lines) == len(json.loads(text)["data"]) == 3
    day = dt.date(2023, 1, 1)
    expected = BilledPrice("KAFKA", "LINE_TYPE_1", "GB", Decimal("0.123"), day, day)
    assert billed_prices(lines) == (expected,)


@pytest.mark.parametrize(
    ("reply", "message"),
    [
        ({}, "the field data is missing"),
        ({"data": {}}, "the field data is an object"),
        ({"data": [1]}, "a cost line is not a JSON object"),
        ({"data": [], "metadata": {"next": "https://x.invalid/?page=2"}}, "has no page_token"),
        ({"data": [], "metadata": {"next": "?page_token=a"}}, "the pages do not end"),
        ({"data": [cost("01/10/2026")]}, "got '01/10/2026'; expected a date"),
        ({"data": [cost("2026-10-01", price="free")]}, "'free' for KAFKA_NETWORK_READ"),
    ],
)
def test_costs_of_another_form_are_refused(server: PriceServer, reply: Any, message: str) -> None:
    server.json(COSTS, reply)
    with pytest.raises(RefreshError) as caught:
        billed_prices(costs(server, dt.date(2026, 10, 1), dt.date(2026, 10, 2)))
    assert message in str(caught.value)


@pytest.mark.parametrize("status", [401, 403, 500])
def test_refused_costs_are_reported_without_keys(
    server: PriceServer, status: int, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    server.replies[COSTS] = Reply(SECRETS[1].encode(), status)
    with pytest.raises(RefreshError) as caught:
        costs(server, dt.date(2026, 10, 1), dt.date(2026, 10, 2))
    assert f"HTTP status {status}" in str(caught.value)
    assert not any(secret in str(caught.value) + caplog.text for secret in SECRETS)
