"""The tables against the providers' own data, where that is at hand."""

import csv
from collections.abc import Iterator
from decimal import Decimal

import pytest

from kafkatco import PriceBook
from support.samples import sample

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


def rows(name: str) -> Iterator[dict[str, str]]:
    with sample(name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def test_msk_brokers_are_those_of_the_price_page(book: PriceBook) -> None:
    compared = 0
    for row in rows("msk_prices_all_regions_2025-10-09.csv"):
        region, family = LOCATIONS.get(row["location"]), row["computeFamily"]
        if region is None or row["operation"] != "RunBroker" or not family:
            continue
        name = family if family.startswith("express.") else f"kafka.{family}"
        [price] = book.price(f"aws.msk.{name}", region)
        assert price.price == Decimal(row["price_usd"]), (name, region)
        compared += 1
    assert compared == 9 * 23  # 16 Standard and 7 Express sizes in nine regions


def test_ec2_is_that_of_the_price_page(book: PriceBook) -> None:
    known = {
        f"asia-pacific-({city})": region
        for city, region in (("seoul", "ap-northeast-2"), ("mumbai", "ap-south-1"))
    }
    known |= {region: region for region in LOCATIONS.values() if region not in known.values()}
    seen = {
        (f"aws.ec2.{row['instance_type']}", known[row["region_as_keyed"]]): row["usd_per_hour"]
        for row in rows("ec2_ondemand_all_regions_2025-11-04.csv")
        if row["region_as_keyed"] in known
    }
    skus = [sku for sku in book.skus("aws.ec2.") if "@" not in sku]
    compared = 0
    for sku in skus:
        for region in book.regions_of(sku):
            [price] = book.price(sku, region)
            assert price.price == Decimal(seen[sku, region]), (sku, region)
            compared += 1
    assert compared > 2000


def test_won_are_those_of_the_ecb() -> None:
    rates = {row["date"]: row["USDKRW_cross"] for row in rows("ecb_usdkrw_daily.csv")}
    history = PriceBook("list", as_of="2026-10-31").history("fx.usd.krw", "any")
    assert len(history) > 80
    for row in history:
        assert row.price is not None
        assert float(row.price) == pytest.approx(float(rates[row.valid_from.isoformat()]), 1e-6)
