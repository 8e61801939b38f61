"""The assumptions "aws-sizing-script" are those of AWS's script, on random workloads x its types.

The formulas and constants below are the script's (aws/agent-toolkit-for-aws@d6ad2e44,
managing-amazon-msk/scripts/msk_sizing.py), written out again: three zones, months of 730 hours, MiB
and GiB.  Quantities are compared, not money: its prices are those of one region and date.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from math import ceil
from typing import Any

import numpy as np
import pytest

import kafkatco as kt
from kafkatco.costing.comparison import operands_of
from kafkatco.deployments.msk_cluster import MskProvisioned
from kafkatco.sizing.quantities import Candidate
from kafkatco.sizing.workload import Operands

#: EBS and network throughput [MiB/s], and the recommended replicas, of a Standard broker.
STANDARD = {
    "kafka.m5.large": (81.0, 96.0, 1000),
    "kafka.m5.xlarge": (144.0, 160.0, 1000),
    "kafka.m5.2xlarge": (250.0, 320.0, 2000),
    "kafka.m5.4xlarge": (593.75, 640.0, 4000),
    "kafka.m5.8xlarge": (850.0, 1280.0, 4000),
    "kafka.m5.12xlarge": (1000.0, 1536.0, 4000),
    "kafka.m5.16xlarge": (1000.0, 2560.0, 4000),
    "kafka.m5.24xlarge": (1000.0, 3200.0, 4000),
    "kafka.m7g.large": (78.75, 117.0, 1000),
    "kafka.m7g.xlarge": (156.25, 234.0, 1000),
    "kafka.m7g.2xlarge": (312.5, 469.0, 2000),
    "kafka.m7g.4xlarge": (625.0, 937.0, 4000),
    "kafka.m7g.8xlarge": (1000.0, 1875.0, 4000),
    "kafka.m7g.12xlarge": (1000.0, 2812.0, 4000),
    "kafka.m7g.16xlarge": (1000.0, 3750.0, 4000),
}
#: Ingress [MiB/s], and the recommended replicas, of an Express broker.
EXPRESS = {
    "express.m7g.large": (15.625, 1000),
    "express.m7g.xlarge": (31.25, 1000),
    "express.m7g.2xlarge": (62.5, 2500),
    "express.m7g.4xlarge": (125.0, 6000),
    "express.m7g.8xlarge": (250.0, 12000),
    "express.m7g.12xlarge": (375.0, 16000),
    "express.m7g.16xlarge": (500.0, 20000),
}
#: The types with provisioned storage throughput.
ELIGIBLE = {f"kafka.m5.{n}xlarge" for n in (4, 8, 12, 16, 24)}
ELIGIBLE |= {f"kafka.m7g.{n}xlarge" for n in (4, 8, 12, 16)}

BOOK = kt.PriceBook("list", as_of="2026-10-31", assumptions="aws-sizing-script")
CATALOGUE = BOOK.catalogue()


class Case:
    """A random workload, by the script's inputs."""

    def __init__(self, drawn: random.Random) -> None:
        self.avg_in = 10 ** drawn.uniform(-1, 3)  # MiB/s
        self.fanout = drawn.uniform(0.1, 8)
        self.peak = drawn.uniform(1, 4)
        self.partitions = round(10 ** drawn.uniform(0, 4.3))
        self.copies = drawn.choice((2, 3))
        self.retention_h = round(10 ** drawn.uniform(0, 3))
        # as long as the whole retention in a quarter of the cases: then no tier is in use
        share = max(drawn.uniform(0, 1.0), drawn.choice((0.0, 0.0, 0.0, 1.0)))
        self.primary_h = max(1, round(share * self.retention_h))
        self.rack_aware = drawn.random() < 0.7

    @property
    def avg_out(self) -> float:
        return self.avg_in * self.fanout

    def workload(self) -> kt.Workload:
        """Return it as a user writes it; consumers are rack-aware by default."""
        away: dict[str, Any] = {} if self.rack_aware else {"follower_fetch": 0.0}
        return kt.Workload(
            ingress=f"{self.avg_in!r} MiB/s",
            fanout=self.fanout,
            peak_to_average=self.peak,
            partitions=self.partitions,
            replication_factor=self.copies,
            retention=f"{self.retention_h} h",
            local_retention=f"{self.primary_h} h",
            **away,
        )


DRAWN = random.Random(20261130)
CASES = [Case(DRAWN) for _ in range(300)]


def stacked() -> Operands:
    """Return all workloads as arrays of one element each."""
    records = [operands_of(case.workload(), BOOK) for case in CASES]
    fields = Operands.__slots__
    return records[0].replace(**{f: np.array([getattr(r, f) for r in records]) for f in fields})


LOADS = stacked()


def threes(demand: float, capacity: float) -> int:
    return ceil(ceil(demand / capacity) / 3) * 3


def zone_gib(case: Case) -> float:
    crossing = case.avg_in + (0.0 if case.rack_aware else case.avg_out)
    return crossing * 2 / 3 * 3600 * 730 / 1024


def standard(case: Case, name: str, *, tiered: bool = False, pst: float = 0.0) -> dict[str, float]:
    ebs, network, replicas = STANDARD[name]
    primary_h = case.primary_h if tiered else case.retention_h
    in_use = 1.5 if case.retention_h > primary_h else 0.0
    ingress = 0.5 * min(ebs / (6.5 + in_use), network / (1.5 * case.fanout + 5.7 + in_use))
    disk_gib = case.avg_in * primary_h * 3600 * case.copies / 1024 * 2.0
    brokers = max(
        threes(case.avg_in * case.peak, ingress),
        threes(case.avg_out * case.peak, case.fanout * ingress),
        threes(case.partitions * case.copies, replicas),
        threes(disk_gib, 16384),
    )
    bought = min(pst, ebs) if name in ELIGIBLE else 0.0
    if bought:
        brokers = max(brokers, threes(case.avg_out, bought))
    return {
        "brokers": brokers,
        f"aws.msk.{name}": brokers * 730,
        "aws.msk.storage": disk_gib,
        "aws.msk.tiered-storage": case.avg_in * (case.retention_h - primary_h) * 3600 / 1024,
        "aws.msk.provisioned-throughput": brokers * bought,
        "aws.data-transfer.inter-az": 2 * zone_gib(case),  # billed on both sides, at half the rate
    }


def express(case: Case, name: str) -> dict[str, float]:
    ingress, replicas = EXPRESS[name]
    brokers = max(
        threes(case.avg_in * case.peak, ingress * 0.75),
        threes(case.avg_out * case.peak, ingress * 2.5),
        threes(case.partitions * 3, replicas),
    )
    return {
        "brokers": brokers,
        f"aws.msk.{name}": brokers * 730,
        "aws.msk.express-data-in": case.avg_in * 3600 * 730 / 1024,
        "aws.msk.express-storage": case.avg_in * case.retention_h * 3600 / 1024,
        "aws.data-transfer.inter-az": 2 * zone_gib(case),
    }


def candidate(deployment: MskProvisioned, load: Operands = LOADS) -> Candidate:
    [one] = deployment.candidates(load, CATALOGUE)
    return one


def assert_equal(ours: Candidate, formulas: Callable[[Case], dict[str, float]]) -> None:
    """Check brokers and every quantity of the script; other meters of the library must be zero."""
    script = [formulas(case) for case in CASES]
    brokers = np.broadcast_to(ours.sizing.count, len(CASES))
    np.testing.assert_array_equal(brokers, [row.pop("brokers") for row in script])
    quantities = {meter.sku: meter.quantity for meter in ours.meters}
    for sku in script[0]:
        expected = np.array([row[sku] for row in script])
        np.testing.assert_allclose(
            np.broadcast_to(quantities.pop(sku, 0.0), len(CASES)), expected, rtol=1e-9, atol=1e-6
        )
    assert not any(np.any(quantity) for quantity in quantities.values()), quantities


@pytest.mark.parametrize("name", STANDARD)
@pytest.mark.parametrize("tiered", [False, True])
def test_standard(name: str, tiered: bool) -> None:
    ours = candidate(kt.MskStandard(region="us-east-1", instance=name, tiered=tiered))
    assert_equal(ours, lambda case: standard(case, name, tiered=tiered))


@pytest.mark.parametrize("name", sorted(ELIGIBLE))
@pytest.mark.parametrize("rate", [250, 400, 1000])
def test_provisioned_storage_throughput(name: str, rate: int) -> None:
    deployment = kt.MskStandard(
        region="us-east-1", instance=name, storage_throughput=f"{rate} MiB/s"
    )
    assert_equal(candidate(deployment), lambda case: standard(case, name, pst=rate))


@pytest.mark.parametrize("name", EXPRESS)
def test_express(name: str) -> None:
    ours = candidate(kt.MskExpress(region="us-east-1", instance=name))
    assert_equal(ours, lambda case: express(case, name))


def test_the_script_s_types_are_all_that_it_chooses_from() -> None:
    kinds: tuple[tuple[MskProvisioned, Any], ...] = (
        (kt.MskStandard(region="us-east-1"), STANDARD),
        (kt.MskExpress(region="us-east-1"), EXPRESS),
    )
    for deployment, types in kinds:
        assert {one.label for one in deployment.candidates(LOADS, CATALOGUE)} == {*types}


def test_a_bill_has_the_same() -> None:
    # 100 MiB/s at peak, read five times: 500 / 39.0625 is 12.8, so 15 brokers, and 100 / 15.625 /
    # 0.75 is 8.5; by the guide, 500 MiB/s / 31.2 MB/s is 16.8, so 18
    load = kt.Workload(ingress="100 MiB/s", fanout=5, peak_to_average=1, partitions=300)
    deployment = kt.MskExpress(region="us-east-1", instance="express.m7g.large")
    [script] = kt.bill(load, [deployment], BOOK)
    [guide] = kt.bill(load, [deployment], kt.PriceBook("list", as_of="2026-10-31"))
    assert (script.sizing.count, guide.sizing.count) == (15, 18)
    assert script.prices["assumptions"] == "aws-sizing-script"


@pytest.mark.parametrize(
    ("ingress", "fanout", "retention", "partitions", "standard_usd", "express_usd"),
    [
        ("10 TB/month", 3, "7 days", 100, 1_857, 1_325),
        ("200 TB/month", 3, "3 days", 300, 17_527, 10_651),
        ("40 MB/s", 4, "7 days", 3_000, 17_504, 7_218),
        ("1 GB/s", 2, "1 day", 3_000, 130_950, 115_192),
    ],
)
def test_what_the_script_prints(
    ingress: str,
    fanout: float,
    retention: str,
    partitions: int,
    standard_usd: float,
    express_usd: float,
) -> None:
    # the totals of the script itself, run on these workloads: its cheapest Standard and Express
    load = kt.Workload(ingress=ingress, fanout=fanout, retention=retention, partitions=partitions)
    deployments = [kt.MskStandard(region="us-east-1"), kt.MskExpress(region="us-east-1")]
    for bill, printed in zip(
        kt.bill(load, deployments, BOOK), (standard_usd, express_usd), strict=True
    ):
        assert bill.total == pytest.approx(printed, abs=0.5)


def test_the_cases_reach_every_branch() -> None:
    bound = set()
    for case in CASES:
        row = standard(case, "kafka.m7g.large")
        for part, of in {
            "partitions": threes(case.partitions * case.copies, 1000),
            "storage": threes(row["aws.msk.storage"], 16384),
        }.items():
            bound |= {part} if of == row["brokers"] > 3 else set()
        bound.add("tiered" if case.primary_h < case.retention_h else "not tiered")
        bound.add("rack-aware" if case.rack_aware else "not rack-aware")
        bound.add("egress" if case.fanout > 2.5 / 0.75 else "ingress")
    assert bound == {
        *("partitions", "storage", "tiered", "not tiered", "rack-aware", "not rack-aware"),
        *("egress", "ingress"),
    }
