"""The shipped tables against excerpts of the providers' own data."""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal

import pytest

from kafkatco import Catalogue, PriceBook
from kafkatco.prices.meters.aws_regions import REGIONS
from support.excerpts import ec2_on_demand, excerpt_rows

#: The codes of regions by their names on the pages: for EC2 in lower case, with hyphens.
CODES = {name.lower().replace(" ", "-"): code for name, code in REGIONS.items()}


def ec2_types(book: PriceBook) -> Iterator[str]:
    """Yield the sku of each EC2 type that has a price on demand."""
    return (sku for sku in book.skus("aws.ec2.") if "@" not in sku)


def test_msk_brokers_are_those_of_the_price_page(book: PriceBook) -> None:
    compared = 0
    for row in excerpt_rows("aws-msk.csv"):
        if row["operation"] == "RunBroker":
            region = REGIONS[row["location"]]
            size = row["usage_type"].partition("-")[2].lower()  # APN2-Kafka.m7g.large
            [price] = book.price(f"aws.msk.{size}", region)
            assert price.price == Decimal(row["usd"]), (size, region)
            compared += 1
    assert compared == 12 * 23  # 16 Standard and 7 Express sizes in twelve regions


def test_ec2_is_that_of_the_price_page(book: PriceBook) -> None:
    listed = {
        (f"aws.ec2.{machine}", CODES.get(region, region)): usd
        for (machine, region), usd in ec2_on_demand().items()
    }
    regions = {region for _, region in listed}
    compared = 0
    for sku in ec2_types(book):
        for region in regions & set(book.regions_of(sku)):
            [price] = book.price(sku, region)
            assert price.price == listed[sku, region], (sku, region)
            compared += 1
    assert compared == len(listed) > 5000


def test_every_region_of_ec2_has_all_prices_of_a_cluster(book: PriceBook) -> None:
    # the 27 regions of Infracost's data transfer, without local zones
    regions = set(book.regions("aws.ec2."))
    assert len(regions) == 27
    assert {"eu-west-2", "eu-north-1", "ca-central-1", "sa-east-1", "ap-southeast-2"} < regions
    assert set(book.regions("aws.msk.kafka.")) == regions
    for sku in ("ebs.gp3.storage", "data-transfer.inter-az", "data-transfer.internet"):
        assert set(book.regions_of(f"aws.{sku}")) == regions


def test_traffic_of_govcloud_is_not_free(book: PriceBook) -> None:
    # "across all AWS Services and Regions (except China and GovCloud)"
    free = {
        region: book.price("aws.data-transfer.internet", region)[0].price == 0
        for region in ("us-west-1", "us-gov-west-1", "us-gov-east-1")
    }
    assert free == {"us-west-1": True, "us-gov-west-1": False, "us-gov-east-1": False}


def test_capacities_of_ec2_are_those_of_its_api(book: PriceBook, catalogue: Catalogue) -> None:
    rows = excerpt_rows("aws-instance-types.csv")
    assert {f"aws.ec2.{row['instance_type']}" for row in rows} >= set(ec2_types(book))
    for row in rows:
        figures = {
            "vcpu": float(row["vcpu"]),
            "memory": float(row["memory_mib"]) / 1024,
            "network": float(row["network_gbps"]) * 1e9 / 8 / 2**20,
            "ebs_throughput": float(row["ebs_mbps"]) * 1e6 / 2**20,
            "ebs_iops": float(row["ebs_iops"]),
            "max_volumes": float(row["ebs_attachments"]) - 1,  # the root volume
        }
        if row["disks"]:
            figures["local_disks"] = float(row["disks"])
            total = float(row["disks"]) * float(row["disk_gb"])
            figures["local_disk"] = total * 1e9 / 2**30
        item = f"aws.ec2.{row['instance_type']}"
        for attribute, figure in figures.items():
            # the user guide of 2023 rounds to two digits: 43.38 MB/s for 43.375
            assert catalogue.value(item, attribute) == pytest.approx(figure, abs=0.01), item
        for attribute, given in (
            ("cpu_baseline", row["burstable"] == "1"),
            ("local_disk", bool(row["disks"])),
            ("local_hdd", row["disk_type"] == "hdd"),
        ):
            assert (catalogue.listed(item, attribute) is not None) == given, (item, attribute)


@pytest.mark.parametrize(
    ("figure", "before", "after"),
    [
        ("m6in.large.ebs_throughput", 156.25e6 / 2**20, 195.3125e6 / 2**20),  # 25 % more
        ("c6gn.4xlarge.network", 15e9 / 8 / 2**20, 25e9 / 8 / 2**20),
        ("i3.8xlarge.network", 10e9 / 8 / 2**20, 12e9 / 8 / 2**20),
    ],
)
def test_the_api_corrects_the_guide_of_2023(figure: str, before: float, after: float) -> None:
    machine, _, attribute = figure.rpartition(".")
    values = [
        Catalogue(as_of=day).value(f"aws.ec2.{machine}", attribute)
        for day in (dt.date(2025, 9, 30), dt.date(2025, 10, 1))
    ]
    assert values == pytest.approx([before, after])


@pytest.mark.parametrize(
    ("item", "earned", "vcpus"),  # of an hour; AWS's table of burstable instances
    [
        ("aws.ec2.t3.small", 24, 2),
        ("aws.ec2.t4g.medium", 24, 2),
        ("aws.ec2.t3a.large", 36, 2),
        ("aws.ec2.t3.xlarge", 96, 4),
        ("aws.ec2.t4g.2xlarge", 192, 8),
        ("aws.msk.kafka.t3.small", 24, 2),
    ],
)
def test_the_baseline_is_what_earned_credits_pay(
    catalogue: Catalogue, item: str, earned: int, vcpus: int
) -> None:
    assert catalogue.value(item, "vcpu") == vcpus
    assert catalogue.value(item, "cpu_baseline") == pytest.approx(earned / vcpus / 60)


def test_surplus_credits_have_a_price_for_each_family(book: PriceBook) -> None:
    # AWS's break-even of a t3.large with an m5.large: (0.096 - 0.0835) / 0.05 of 2 vCPUs is 12.5 %
    prices = {
        family: book.price(f"aws.ec2-cpu-credits.{family}", "any")[0].price
        for family in ("t3", "t3a", "t4g")
    }
    assert prices == {"t3": Decimal("0.05"), "t3a": Decimal("0.05"), "t4g": Decimal("0.04")}
    assert (Decimal("0.096") - Decimal("0.0835")) / Decimal("0.05") / 2 == Decimal("0.125")


def test_brokers_of_msk_have_a_limit_of_connections(catalogue: Catalogue) -> None:
    limits = {
        item: catalogue.value(f"aws.msk.{item}", "connections_per_broker")
        for item in ("standard", "express", "kafka.t3.small")
    }
    assert limits == {"standard": 3000, "express": 3000, "kafka.t3.small": 300}


@pytest.mark.parametrize(
    ("item", "volumes"),
    [
        ("azure.vm.D2s_v5", 4),
        ("azure.vm.D8s_v3", 16),
        ("azure.vm.L32s_v3", 32),
        ("azure.vm.D2s_v7", 10),
        ("gcp.compute.n2-standard-2", 128 - 1),
    ],
)
def test_data_disks_of_a_machine(catalogue: Catalogue, item: str, volumes: int) -> None:
    assert catalogue.value(item, "max_volumes") == volumes


def test_won_are_those_of_the_ecb() -> None:
    rates = {row["date"]: row["usd_krw"] for row in excerpt_rows("ecb-usd-krw.csv")}
    history = PriceBook("list", as_of="2026-10-31").history("fx.usd.krw", "any")
    assert len(history) > 80
    for row in history:
        assert row.price is not None
        assert float(row.price) == pytest.approx(float(rates[row.valid_from.isoformat()]), 1e-6)
