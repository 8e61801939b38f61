"""MSK Serverless: hours, leader partitions, bytes in, out and stored; quotas."""

import datetime as dt
from typing import Any

import pytest

from kafkatco import Catalogue, MskServerless, PriceBook, Workload
from kafkatco.costing.bill import bill_of

OHIO = MskServerless(region="us-east-2")


def test_each_line(book: PriceBook, catalogue: Catalogue) -> None:
    # list of 2025-10-09 in us-east-2: 0.75 an hour, 0.0015 a partition-hour, 0.10 a GiB in,
    # 0.05 out, 0.10 a GiB-month stored; 0.01 a GB between zones, each side
    load = Workload(ingress="10 MiB/s", fanout=2, retention="24 h", partitions=100)
    bill = bill_of(OHIO, load.operands(), book, catalogue)
    written_gib = 10 * 3600 * 730 / 1024
    stored_gib = 10 * 3600 * 24 / 1024
    crossings = 2 / 3 + 2 * 2 / 3  # writes, and two reads, of which one in three stays in its zone
    assert {line.sku: line.cost for line in bill.lines} == {
        "aws.msk.serverless.cluster": pytest.approx(730 * 0.75),
        "aws.msk.serverless.partition": pytest.approx(100 * 730 * 0.0015),
        "aws.msk.serverless.data-in": pytest.approx(written_gib * 0.10),
        "aws.msk.serverless.data-out": pytest.approx(written_gib * 2 * 0.05),
        "aws.msk.serverless.storage": pytest.approx(stored_gib * 0.10),
        "aws.data-transfer.inter-az": pytest.approx(written_gib * crossings * 2 * 0.01),
    }


def test_the_switches(book: PriceBook, catalogue: Catalogue) -> None:
    load = Workload(ingress="10 MiB/s", retention="24 h").operands()
    plain = {line.sku: line.cost for line in bill_of(OHIO, load, book, catalogue).lines}
    other = MskServerless(region="us-east-2", storage_copies=3, zone_traffic="free")
    changed = {line.sku: line.cost for line in bill_of(other, load, book, catalogue).lines}
    assert changed.pop("aws.msk.serverless.storage") == pytest.approx(
        3 * plain.pop("aws.msk.serverless.storage")
    )
    assert plain.pop("aws.data-transfer.inter-az") > 0
    assert changed == plain


@pytest.mark.parametrize(
    ("at", "above", "reason"),
    [
        (
            {"ingress": "200 MB/s", "partitions": 40},
            {"ingress": "200.1 MB/s", "partitions": 41},
            "ingress at peak: at most 200 MB/s per cluster",
        ),
        (
            {"ingress": "100 MB/s", "fanout": 4, "partitions": 40},
            {"ingress": "100.1 MB/s", "fanout": 4, "partitions": 41},
            "egress at peak: at most 400 MB/s per cluster",
        ),
        (
            {"ingress": "50 MB/s", "partitions": 10},
            {"ingress": "50.1 MB/s", "partitions": 10},
            "ingress at peak: at most 5 MB/s per partition",
        ),
        (
            {"ingress": "25 MB/s", "fanout": 4, "partitions": 10},
            {"ingress": "25.1 MB/s", "fanout": 4, "partitions": 10},
            "egress at peak: at most 10 MB/s per partition",
        ),
        (
            {"ingress": "1 MB/s", "partitions": 2400},
            {"ingress": "1 MB/s", "partitions": 2401},
            "partitions: at most 2,400 per cluster",
        ),
        (
            {"ingress": "1 MB/s", "message_size": "8 MiB"},
            {"ingress": "1 MB/s", "message_size": "8.1 MiB"},
            "message size: at most 8 MiB per cluster",
        ),
    ],
)
def test_a_quota_is_feasible_and_above_it_infeasible(
    at: dict[str, Any], above: dict[str, Any], reason: str, book: PriceBook, catalogue: Catalogue
) -> None:
    still, not_any_more = (
        bill_of(OHIO, Workload(peak_to_average=1, **x).operands(), book, catalogue)
        for x in (at, above)
    )
    assert still.infeasible == ()
    assert not_any_more.infeasible == (reason,)
    assert not_any_more.total is None


def test_quotas_hold_at_peak(book: PriceBook, catalogue: Catalogue) -> None:
    for peak, able in ((2.0, True), (2.1, False)):
        load = Workload(ingress="100 MB/s", peak_to_average=peak, partitions=100).operands()
        assert (bill_of(OHIO, load, book, catalogue).total is not None) is able


def test_the_older_quota_of_partitions(catalogue: Catalogue) -> None:
    # 120 until it was raised to 2,400, which the developer guide shows in 2026
    before = Catalogue(as_of=dt.date(2023, 3, 31))
    assert before.value("aws.msk.serverless", "max_partitions") == 120
    assert catalogue.value("aws.msk.serverless", "max_partitions") == 2400
