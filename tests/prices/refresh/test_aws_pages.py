"""The files behind Amazon's price pages: hand-written ones, and excerpts of the real ones."""

from __future__ import annotations

import copy
import datetime as dt
import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from kafkatco.errors import RefreshError
from kafkatco.prices.meters.aws import RULES
from kafkatco.prices.meters.aws_regions import REGIONS
from kafkatco.prices.meters.aws_rule import without_region
from kafkatco.prices.refresh.aws_pages import AwsPages
from kafkatco.prices.refresh.http import Web
from kafkatco.prices.refresh.source import FileQuotes, Query
from support.aws_lines import committed
from support.excerpts import excerpt, excerpt_rows
from support.price_server import PriceServer, serving

TODAY = dt.date(2026, 11, 22)
BROKER, GATEWAY, BYTES = "aws.msk.kafka.m7g.large", "aws.nat-gateway", "aws.nat-gateway.data"
MSK, NAT = "/msk/USD/current/msk.json", "/ec2/USD/current/natgateway.json"
SEOUL = "Asia Pacific (Seoul)"


def manifest(source: str) -> dict[str, str]:
    return {
        "serviceId": "x",
        "hawkFilePublicationDate": "2026-11-09T18:20:28Z",
        "currencyCode": "USD",
        "source": source,
    }


def broker(price: str, usage: str = "APN2-Kafka.m7g.large", operation: str = "RunBroker") -> Any:
    return {"price": price, "usageType": usage, "operation": operation, "rateCode": "X.Y.Z"}


PAGE: dict[str, Any] = {
    "manifest": manifest("msk"),
    "regions": {
        SEOUL: {
            "RunBroker m7g.large": broker("0.2508000000"),
            "3EBH7EDR3T8TQAGG.JRTCKXETXF.6YS6EN2CT7 0": broker("0.2508000000"),
            "RunBroker": {"price": "0.0569000000", "rateCode": "X.Y.Z"},
            "m8g": broker("0.3", "APN2-Kafka.m8g.large"),
            "same": broker("0.01", "APN2-KafkaReplication-Processed-Bytes", "SameRegionSource"),
        },
        "Asia Pacific (Busan)": {"RunBroker m7g.large": broker("0.1", "APN9-Kafka.m7g.large")},
    },
}
GATEWAYS: dict[str, Any] = {
    "manifest": manifest("natgateway"),
    "regions": {
        SEOUL: {
            "Hourly charge for NAT Gateways": {"price": "0.0590000000"},
            "Charge for per GB data processed by NatGateways": {"price": "0.0600000000"},
            "Charge for per GB data processed by NAT Gateways with provisioned bandwidth": {
                "price": "0.0000000000"
            },
            "iqjApSEPEtLs5ZMoe8h2BUQ3Nq2JPdQ6S6kgTyMPLO0": {"price": "0.0590000000"},
        }
    },
}


@pytest.fixture
def server() -> Iterator[PriceServer]:
    with serving() as server:
        server.json(MSK, PAGE)
        server.json(NAT, GATEWAYS)
        yield server


def read(
    server: PriceServer, regions: dict[str, frozenset[str]] | None = None, as_of: dt.date = TODAY
) -> list[FileQuotes]:
    skus = (BROKER, "aws.msk.replicator-data-same-region", GATEWAY, BYTES)
    query = Query(as_of, regions or dict.fromkeys(skus, frozenset({"ap-northeast-2"})))
    with Web(pause=0.01) as web:
        return list(AwsPages(url=server.url).read(web, query))


def test_each_price_is_read_once_and_new_regions_are_named(server: PriceServer) -> None:
    brokers, gateways = read(server)
    assert brokers.quotes is not None
    assert gateways.quotes is not None
    have = {(one.sku, one.region, one.price, one.unit) for one in brokers.quotes}
    assert have == {
        (BROKER, "ap-northeast-2", Decimal("0.2508"), "hour"),
        ("aws.msk.replicator-data-same-region", "ap-northeast-2", Decimal("0.01"), "GiB"),
    }
    assert len(brokers.quotes) == 2
    assert brokers.quotes[0].origin.published == dt.date(2026, 11, 9)
    assert brokers.other == {"region 'Asia Pacific (Busan)'", "aws.msk.kafka.m8g.large"}
    assert [(one.sku, one.price, one.unit) for one in gateways.quotes] == [
        (GATEWAY, Decimal("0.059"), "hour"),
        (BYTES, Decimal("0.06"), "GiB"),
    ]


@pytest.mark.parametrize(
    ("path", "value", "problem"),
    [
        (("manifest", "currencyCode"), "CNY", "currencyCode 'CNY'; expected 'USD'"),
        (("manifest", "source"), "ec2", "source 'ec2'; expected 'msk'"),
        (("manifest", "hawkFilePublicationDate"), "soon", "got 'soon'; expected a date"),
        (("manifest",), None, "no manifest or no regions"),
        (("regions",), [], "no manifest or no regions"),
        (("regions", SEOUL), [], "a list for Asia Pacific (Seoul)"),
        (("regions", SEOUL, "m8g"), "0.3", "text for m8g in Asia Pacific (Seoul)"),
        (
            ("regions", SEOUL, "m8g"),
            broker("0.2"),
            f"prices of {BROKER} in ap-northeast-2: 0.2508000000, 0.2",
        ),
        (("regions", SEOUL, "m8g", "price"), "cheap", "got 'cheap' for price of"),
        (("regions", SEOUL, "m8g", "price"), "Infinity", "got 'Infinity' for price of"),
        (("regions", SEOUL, "m8g", "price"), None, "got 'None' for price of"),
    ],
)
def test_a_page_that_is_not_as_known_is_refused(
    server: PriceServer, path: tuple[str, ...], value: Any, problem: str
) -> None:
    page = copy.deepcopy(PAGE)
    at = page
    for name in path[:-1]:
        at = at[name]
    at[path[-1]] = value
    server.json(MSK, page)
    with pytest.raises(RefreshError) as caught:
        read(server)
    assert problem in str(caught.value)


def test_no_page_has_a_past(server: PriceServer) -> None:
    with pytest.raises(RefreshError, match="published on 2026-11-09, after 2026-11-08"):
        read(server, as_of=dt.date(2026, 11, 8))


def everything(page: Path) -> dict[str, frozenset[str]]:
    """Return every sku that the rules know of a real page, in each of its regions."""
    regions = json.loads(page.read_text())["regions"]
    skus = {GATEWAY, BYTES}
    for entries in regions.values():
        for entry in entries.values():
            usage = without_region(entry.get("usageType", ""))
            skus |= {sku for rule in RULES["AmazonMSK"] if (sku := rule.sku_of(usage))}
    return dict.fromkeys(skus, frozenset(REGIONS[name] for name in regions))


def price_of(row: dict[str, str]) -> tuple[str, str]:
    """Return which price of the tables a row of the excerpt is: its sku and region."""
    [sku] = [
        sku
        for rule in RULES["AmazonMSK"]
        if (sku := rule.sku_of(without_region(row["usage_type"])))
        and rule.having.get("operation", row["operation"]) == row["operation"]
    ]
    return sku, REGIONS[row["location"]]


def test_the_msk_tables_are_those_of_the_real_page() -> None:
    page = {price_of(row): Decimal(row["usd"]) for row in excerpt_rows("aws-msk.csv")}
    regions = {region for _, region in page}
    rows = [
        row
        for _, row in committed()
        if "page data of 2025-10-09" in row["source"]
        and row["region"] in regions
        and "~" not in row["sku"]
    ]
    assert {(row["sku"], row["region"]): Decimal(row["price"]) for row in rows} == page
    assert len(rows) == 11 * 40 + 35  # São Paulo has no Serverless


def test_every_price_of_the_real_msk_page_is_read(server: PriceServer) -> None:
    page = excerpt("aws-msk-page.json")
    server.text(MSK, page.read_text())
    regions_of = {sku: where for sku, where in everything(page).items() if "nat" not in sku}
    [part] = read(server, regions_of)
    assert part.quotes is not None
    assert part.other == frozenset()
    listed = {
        price_of(row): Decimal(row["usd"])
        for row in excerpt_rows("aws-msk.csv")
        if REGIONS[row["location"]] in ("ap-northeast-2", "us-east-1")
    }
    assert {(one.sku, one.region): one.price for one in part.quotes} == listed
    assert len(listed) == 80


def test_every_price_of_the_real_gateway_page_is_read(server: PriceServer) -> None:
    page = excerpt("aws-nat-gateway-page.json")
    server.text(NAT, page.read_text())
    regions_of = {sku: where for sku, where in everything(page).items() if "nat" in sku}
    [part] = read(server, regions_of)
    assert part.quotes is not None
    have = {(one.sku, one.region): one.price for one in part.quotes}
    assert len({region for _, region in have}) == 38
    rows = [row for _, row in committed() if row["sku"] in (GATEWAY, BYTES)]
    assert len(rows) == 2 * 27
    assert all(Decimal(row["price"]) == have[row["sku"], row["region"]] for row in rows)
