"""The rules of Amazon's list against excerpts of the provider's own data."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path

import pytest

from kafkatco.errors import RefreshError
from kafkatco.prices.meters.aws import RULES
from kafkatco.prices.meters.aws_regions import REGIONS
from kafkatco.prices.meters.aws_rule import LISTED as LAYOUT
from kafkatco.prices.refresh.aws_price_list import read_file
from kafkatco.prices.refresh.fetched_file import Origin, Raw
from support.aws_lines import LISTED, committed, line, offer
from support.excerpts import ec2_on_demand, excerpt, excerpt_rows

SEOUL = "ap-northeast-2"
EC2 = RULES["AmazonEC2"]


def raw(path: Path) -> Raw:
    return Raw(path.name, path, Origin(path.name, "0" * 64))


def test_five_real_lines_of_2020(tmp_path: Path) -> None:
    """The file has no region codes, and lines of volumes only."""
    kinds = ("gp2", "gp3", "io2", "st1", "sc1")
    covers = [(f"aws.ebs.{kind}.storage", "eu-west-3") for kind in kinds]
    covers += [("aws.ebs.io2.iops", "eu-west-3"), ("aws.ebs.gp3.iops", "eu-west-3")]
    path = excerpt("aws-ebs-eu-west-3.csv")
    result = read_file(raw(path), EC2, LAYOUT, "eu-west-3", covers)
    # two lines are of io1, and one of requests: the tables have neither
    readings = [(reading.sku, reading.price, reading.since) for _, reading in result.quotes]
    assert readings == [
        ("aws.ebs.st1.storage", Decimal("0.053"), dt.date(2020, 10, 1)),
        ("aws.ebs.gp2.storage", Decimal("0.116"), dt.date(2020, 10, 1)),
    ]
    assert {reading.origin.published for _, reading in result.quotes} == {dt.date(2020, 10, 19)}
    assert result.other == set()
    cut = tmp_path / "cut.csv"
    cut.write_text(path.read_text()[:-200])
    with pytest.raises(RefreshError, match=r"invalid CSV|has \d+ cells instead of"):
        read_file(raw(cut), EC2, LAYOUT, "eu-west-3", covers)


def test_real_prices_of_a_volume_in_seoul(tmp_path: Path) -> None:
    lines = []
    for known in excerpt_rows("aws-ec2-seoul.csv"):
        usage = known["usage_type"]
        like = next(one for one in LISTED if one.usage.split(":")[0] == usage.split(":")[0])
        one = like._replace(usage=usage)
        lines.append(
            line(
                one,
                SEOUL,
                SKU=known["sku"],
                Unit=known["unit"],
                PricePerUnit=known["usd"],
                EffectiveDate=known["effective_date"],
            )
        )
    path = tmp_path / "index.csv"
    path.write_text(offer("AmazonEC2", lines))
    skus = ["ebs.gp3.iops", "ebs.gp3.storage", "ebs.gp3.throughput", "ec2.c8g.large"]
    result = read_file(raw(path), EC2, LAYOUT, SEOUL, [(f"aws.{sku}", SEOUL) for sku in skus])
    prices = {reading.sku: reading.price for _, reading in result.quotes}
    want = {row["sku"]: Decimal(row["price"]) for _, row in committed() if row["region"] == SEOUL}
    assert prices["aws.ebs.gp3.throughput"] == Decimal("46.6944") / 1024 == Decimal("0.0456")
    assert prices == {f"aws.{sku}": want[f"aws.{sku}"] for sku in skus}
    assert {reading.since for _, reading in result.quotes} == {dt.date(2026, 9, 1)}


def test_instances_of_the_tables_are_those_of_the_page() -> None:
    """The names of its regions are those of the pages, in lower case and with hyphens."""
    codes = {name.lower().replace(" ", "-"): code for name, code in REGIONS.items()}
    page = {
        (f"aws.ec2.{machine}", codes.get(region, region)): usd
        for (machine, region), usd in ec2_on_demand().items()
    }
    [rule] = [rule for rule in EC2 if rule.sku == "aws.ec2.{type}"]
    assert {rule.sku_of(sku.replace("aws.ec2.", "BoxUsage:")) for sku, _ in page} == {
        sku for sku, _ in page
    }
    regions = {region for _, region in page}
    assert len(regions) == 12
    compared = 0
    for _, row in committed():
        if "ec2-transformed.json" in row["source"] and row["region"] in regions:
            assert page[row["sku"], row["region"]] == Decimal(row["price"]), row
            compared += 1
    assert compared == len(page) > 5000


def test_traffic_of_the_tables_is_that_of_the_sample() -> None:
    names = {
        ("aws.data-transfer.inter-az", "0"): "Intra-region data transfer",
        ("aws.data-transfer.inter-region", "0"): "Outbound data transfer to other regions",
        (
            "aws.data-transfer.inter-region-us-east",
            "0",
        ): "Outbound data transfer to US East regions",
        ("aws.data-transfer.internet", "100"): "Outbound data transfer to Internet (first 10TB)",
        ("aws.data-transfer.internet", "10240"): "Outbound data transfer to Internet (next 40TB)",
        ("aws.data-transfer.internet", "51200"): "Outbound data transfer to Internet (next 100TB)",
        ("aws.data-transfer.internet", "153600"): "Outbound data transfer to Internet (over 150TB)",
    }
    known = {
        (row["region"], row["item"]): row["usd_per_gb"]
        for row in excerpt_rows("aws-data-transfer.csv")
    }
    compared = 0
    for _, row in committed():
        # GovCloud has no free 100 GB before the first tier
        first = row["sku"] == "aws.data-transfer.internet" and row["region"].startswith("us-gov")
        edge = "100" if first and row["tier_from"] == "0" else row["tier_from"]
        figure = known.get((row["region"], names.get((row["sku"], edge), "")))
        if figure and "data_transfer_test.golden" in row["source"]:
            assert Decimal(figure) == Decimal(row["price"]), row
            compared += 1
    assert compared == 55 + 4 * 6
