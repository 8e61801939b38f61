"""Segments in an object store: self-managed tiered storage, and backups; arithmetic shown."""

from typing import Any

import pytest

from kafkatco import Catalogue, InputError, PriceBook, Scenario, SelfHosted, Workload
from kafkatco.costing.bill import bill_of

MONTH_GIB = 100 * 3600 * 730 / 1024  # 256,640.625 GiB written a month
DAY_GIB = 100 * 86_400 / 1024  # 8,437.5 GiB a day


def cluster(**changes: Any) -> SelfHosted:
    fields: dict[str, Any] = {
        "region": "us-east-1",
        "instance": "m5.2xlarge",
        "brokers": 9,
        "disk_headroom": 0.0,
        **changes,
    }
    return SelfHosted(**fields)


def week(**changes: Any) -> Workload:
    fields: dict[str, Any] = {
        "ingress": "100 MiB/s",
        "fanout": 3,
        "retention": "7 days",
        "local_retention": "1 day",
        "peak_to_average": 1.0,
        **changes,
    }
    return Workload(**fields)


def costs(deployment: SelfHosted, load: Workload, book: PriceBook) -> dict[str, float]:
    """Return the cost by sku, over all price tiers."""
    by_sku: dict[str, float] = {}
    for line in bill_of(deployment, load.operands(), book).lines:
        by_sku[line.sku] = by_sku.get(line.sku, 0.0) + line.cost
    return by_sku


def quantities(deployment: SelfHosted, load: Workload, book: PriceBook) -> dict[str, float]:
    by_sku: dict[str, float] = {}
    for line in bill_of(deployment, load.operands(), book).lines:
        by_sku[line.sku] = by_sku.get(line.sku, 0.0) + line.quantity
    return by_sku


def test_each_line(book: PriceBook) -> None:
    by_sku = costs(cluster(tiered=True, remote_reads=0.5), week(), book)
    # a day in three copies on brokers, a week once in S3: 59,062.5 GiB, of which 51,200 at 0.023
    assert by_sku["aws.ebs.gp3.storage"] == pytest.approx(DAY_GIB * 3 * 0.08)
    beyond = 7 * DAY_GIB - 51_200
    assert by_sku["aws.s3.standard.storage"] == pytest.approx(51_200 * 0.023 + beyond * 0.022)
    # three objects for each segment of 1 GiB; half of three reads, 4 MiB at a time
    assert by_sku["aws.s3.standard.put"] == pytest.approx(MONTH_GIB * 3 / 1e6 * 5)
    assert by_sku["aws.s3.standard.get"] == pytest.approx(
        MONTH_GIB * 1024 * 3 * 0.5 / 4 / 1e6 * 0.4
    )


@pytest.mark.parametrize(
    ("cloud", "region", "instance", "storage", "put", "get"),
    [
        ("azure", "eastus", "D8s_v5", 7 * DAY_GIB, 5.0, 0.4),
        ("gcp", "us-central1", "n2-standard-8", 7 * DAY_GIB, 5.0, 0.4),
    ],
)
def test_other_clouds_have_object_stores_too(
    cloud: str, region: str, instance: str, storage: float, put: float, get: float, book: PriceBook
) -> None:
    names = {
        "azure": ("azure.blob.hot-lrs.storage", "azure.blob.hot-lrs.put", "azure.blob.hot-lrs.get"),
        "gcp": ("gcp.storage.standard", "gcp.storage.class-a", "gcp.storage.class-b"),
    }[cloud]
    tiered = cluster(cloud=cloud, region=region, instance=instance, tiered=True, remote_reads=1.0)
    by_sku, amounts = costs(tiered, week(), book), quantities(tiered, week(), book)
    assert amounts[names[0]] == pytest.approx(storage)
    # Azure: 51,200 GiB at 0.0208, the rest at 0.019968; Google: 0.02
    rate = {"azure": 51_200 * 0.0208 + (storage - 51_200) * 0.019968, "gcp": storage * 0.02}
    assert by_sku[names[0]] == pytest.approx(rate[cloud])
    assert by_sku[names[1]] == pytest.approx(MONTH_GIB * 3 / 1e6 * put)
    assert by_sku[names[2]] == pytest.approx(MONTH_GIB * 1024 * 3 / 4 / 1e6 * get)


def test_the_object_store_has_all_retained_data() -> None:
    # Aiven: a topic of 40 TB with 10 TB kept locally has about 40 TB in S3, not 30
    # (aiven-docs docs/products/kafka/concepts/kafka-tiered-storage.md @016f6cd)
    scenario = Scenario.from_dict(
        {
            "workload": {
                "ingress": "1 TB/day",
                "retention": "40 days",
                "local_retention": "10 days",
                "peak_to_average": 1,
            },
            "conventions": {"gigabyte": "decimal"},
            "prices": {"as_of": "2025-10-31"},
            "deployment": [
                {
                    "kind": "self-hosted",
                    "region": "us-east-1",
                    "instance": "m5.2xlarge",
                    "brokers": 9,
                    "disk_headroom": 0,
                    "controllers": 0,
                    "tiered": True,
                }
            ],
        }
    )
    [bill] = scenario.bills()
    stored = sum(x.quantity for x in bill.lines if x.sku == "aws.s3.standard.storage")
    [local] = [x.quantity for x in bill.lines if x.sku == "aws.ebs.gp3.storage"]
    assert stored == pytest.approx(40_000)
    assert local == pytest.approx(3 * 10_000)


@pytest.mark.parametrize("local", ["7 days", "30 days"])
def test_brokers_keep_at_most_the_retention(local: str, book: PriceBook) -> None:
    by_sku = quantities(cluster(tiered=True), week(local_retention=local), book)
    assert by_sku["aws.ebs.gp3.storage"] == pytest.approx(7 * DAY_GIB * 3)
    assert by_sku["aws.s3.standard.storage"] == pytest.approx(7 * DAY_GIB)


def test_reads_are_local_by_default(book: PriceBook) -> None:
    assert "aws.s3.standard.get" not in quantities(cluster(tiered=True), week(), book)


def test_local_retention_applies_only_to_tiered_storage(book: PriceBook) -> None:
    by_sku = quantities(cluster(), week(), book)
    assert by_sku["aws.ebs.gp3.storage"] == pytest.approx(7 * DAY_GIB * 3)
    assert "aws.s3.standard.storage" not in by_sku


def test_tiered_storage_needs_a_local_retention(book: PriceBook, catalogue: Catalogue) -> None:
    load = week(local_retention=None).operands()
    bill = bill_of(cluster(tiered=True), load, book, catalogue)
    assert bill.infeasible == ("tiered storage: the workload has no local_retention",)


def test_one_copy_is_tiered_for_any_replication_factor(book: PriceBook) -> None:
    for copies in (1, 3):
        by_sku = quantities(cluster(tiered=True), week(replication_factor=copies), book)
        assert by_sku["aws.s3.standard.storage"] == pytest.approx(7 * DAY_GIB)


def test_a_backup_is_a_second_copy_of_everything(book: PriceBook) -> None:
    # 30 days once, written in objects of 64 MiB, and never read
    by_sku = quantities(cluster(backups="30 days"), week(), book)
    assert by_sku["aws.s3.standard.storage"] == pytest.approx(30 * DAY_GIB)
    assert by_sku["aws.s3.standard.put"] == pytest.approx(MONTH_GIB * 1024 / 64 / 1e6)
    assert "aws.s3.standard.get" not in by_sku
    assert by_sku["aws.ebs.gp3.storage"] == pytest.approx(7 * DAY_GIB * 3)


def test_a_backup_is_in_addition_to_tiered_storage(book: PriceBook) -> None:
    lines = bill_of(cluster(tiered=True, backups="30 days"), week().operands(), book).lines
    kept = {x.note: x.quantity for x in lines if x.sku == "aws.s3.standard.put"}
    assert kept == {
        "tiered: writes": pytest.approx(MONTH_GIB * 3 / 1e6),
        "backup: writes": pytest.approx(MONTH_GIB * 16 / 1e6),
    }


@pytest.mark.parametrize("hours", [720.0, 744.0])
def test_a_backup_of_a_month_is_kept_as_long_as_the_month(hours: float, book: PriceBook) -> None:
    load = week().operands(month_hours=hours)
    lines = bill_of(cluster(backups="1 month"), load, book).lines
    stored = sum(x.quantity for x in lines if x.sku == "aws.s3.standard.storage")
    assert stored == pytest.approx(100 * 3600 * hours / 1024)


@pytest.mark.parametrize("fields", [{"tiered": True}, {"backups": "30 days"}])
def test_an_object_store_on_premises_is_an_error(fields: dict[str, Any]) -> None:
    with pytest.raises(InputError, match="not available on premises: it needs an object store"):
        SelfHosted(cloud="on-prem", region="kr", **fields)
