"""The shipped tables against excerpts of the providers' own data."""

from decimal import Decimal

import pytest

from kafkatco import PriceBook
from support.excerpts import ec2_on_demand, excerpt_rows

LOCATIONS = {
    "US East (N. Virginia)": "us-east-1",
    "US East (Ohio)": "us-east-2",
    "US West (Oregon)": "us-west-2",
    "EU (Ireland)": "eu-west-1",
    "EU (Frankfurt)": "eu-central-1",
    "Asia Pacific (Tokyo)": "ap-northeast-1",
    "Asia Pacific (Seoul)": "ap-northeast-2",
    "Asia Pacific (Singapore)": "ap-southeast-1",
    "Asia Pacific (Mumbai)": "ap-south-1",
}


def test_msk_brokers_are_those_of_the_price_page(book: PriceBook) -> None:
    compared = 0
    for row in excerpt_rows("aws-msk.csv"):
        if row["operation"] == "RunBroker":
            region = LOCATIONS[row["location"]]
            size = row["usage_type"].partition("-")[2].lower()  # APN2-Kafka.m7g.large
            [price] = book.price(f"aws.msk.{size}", region)
            assert price.price == Decimal(row["usd"]), (size, region)
            compared += 1
    assert compared == 9 * 23  # 16 Standard and 7 Express sizes in nine regions


def test_ec2_is_that_of_the_price_page(book: PriceBook) -> None:
    known = {
        f"asia-pacific-({city})": region
        for city, region in (("seoul", "ap-northeast-2"), ("mumbai", "ap-south-1"))
    }
    known |= {region: region for region in LOCATIONS.values() if region not in known.values()}
    listed = {
        (f"aws.ec2.{machine}", known[region]): usd
        for (machine, region), usd in ec2_on_demand().items()
    }
    skus = [sku for sku in book.skus("aws.ec2.") if "@" not in sku]
    compared = 0
    for sku in skus:
        for region in book.regions_of(sku):
            [price] = book.price(sku, region)
            assert price.price == listed[sku, region], (sku, region)
            compared += 1
    assert compared > 2000


def test_won_are_those_of_the_ecb() -> None:
    rates = {row["date"]: row["usd_krw"] for row in excerpt_rows("ecb-usd-krw.csv")}
    history = PriceBook("list", as_of="2026-10-31").history("fx.usd.krw", "any")
    assert len(history) > 80
    for row in history:
        assert row.price is not None
        assert float(row.price) == pytest.approx(float(rates[row.valid_from.isoformat()]), 1e-6)
