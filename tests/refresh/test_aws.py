from __future__ import annotations

import csv
import datetime as dt
import shutil
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from kafkatco.prices.tables import pricing_root
from kafkatco.refresh.aws import Aws
from kafkatco.refresh.run import Refreshed, refresh_book
from price_server import PriceServer, aws_csv, serve_aws, serving

TODAY = dt.date(2026, 11, 22)
MSK_COLUMNS = [
    "SKU", "OfferTermCode", "RateCode", "TermType", "PriceDescription", "EffectiveDate",
    "StartingRange", "EndingRange", "Unit", "PricePerUnit", "Currency", "Product Family",
    "serviceCode", "Location", "Location Type", "usageType", "operation", "Region Code",
    "serviceName",
]  # fmt: skip


def msk_line(usage: str, operation: str, unit: str, price: str, region: str) -> list[str]:
    return [
        "3EBH7EDR3T8TQAGG", "JRTCKXETXF", "3EBH7EDR3T8TQAGG.JRTCKXETXF.6YS6EN2CT7", "OnDemand",
        "", "2026-11-01", "0", "Inf", unit, price, "USD",
        "Managed Streaming for Apache Kafka (MSK)", "AmazonMSK", "Asia Pacific (Seoul)",
        "AWS Region", usage, operation, region, "Amazon Managed Streaming for Apache Kafka",
    ]  # fmt: skip


@pytest.fixture
def server() -> Iterator[PriceServer]:
    with serving() as found:
        yield found


@pytest.fixture
def book(tmp_path: Path) -> Path:
    shutil.copytree(pricing_root() / "list" / "aws", tmp_path / "list" / "aws")
    for path in (tmp_path / "list" / "aws").iterdir():
        if path.name != "msk.csv":
            path.unlink()
    return tmp_path / "list"


def test_a_new_price_is_appended_with_its_origin_and_once(server: PriceServer, book: Path) -> None:
    line = msk_line("APN2-Kafka.m7g.large", "RunBroker", "hours", "0.2608000000", "ap-northeast-2")
    text = aws_csv("AmazonMSK", MSK_COLUMNS, [line])
    with (book / "aws/msk.csv").open() as file:
        regions = {row["region"] for row in csv.DictReader(file)}
    empty = aws_csv("AmazonMSK", MSK_COLUMNS, [])
    serve_aws(server, {"AmazonMSK": {**dict.fromkeys(regions, empty), "ap-northeast-2": text}})

    def refreshed() -> list[Refreshed]:
        sources = [Aws(url=server.url)]
        return list(refresh_book(book, sources, as_of=TODAY, today=TODAY, accept=["aws"]))

    (found,) = refreshed()
    (row,) = found.rows
    assert (row.sku, row.region) == ("aws.msk.kafka.m7g.large", "ap-northeast-2")
    assert row.price == Decimal("0.2608")
    before = {path.name: path.read_bytes() for path in book.rglob("*") if path.is_file()}
    assert refreshed()[0].rows == ()
    assert before == {path.name: path.read_bytes() for path in book.rglob("*") if path.is_file()}
