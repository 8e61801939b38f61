"""Self-hosted on EC2, at 100 MiB/s read three times and kept a day; arithmetic shown."""

from typing import Any

import numpy as np
import pytest

from kafkatco import Catalogue, MissingPriceError, PriceBook, SelfHosted, Workload
from kafkatco.costing.bill import bill_of

MONTH_GIB = 100 * 3600 * 730 / 1024  # 256,640.625 GiB written a month
STORED_GIB = 100 * 3600 * 24 / 1024  # 8,437.5 GiB of one copy


def cluster(**changes: Any) -> SelfHosted:
    fields: dict[str, Any] = {
        "instance": "m5.2xlarge",
        "brokers": 9,
        "disk_headroom": 0.0,
        **changes,
    }
    return SelfHosted(region="us-east-1", **fields)


def test_each_line(workload: Workload, book: PriceBook, catalogue: Catalogue) -> None:
    bill = bill_of(cluster(), workload.operands(), book, catalogue)
    costs = {line.sku: line.cost for line in bill.lines}
    assert costs == {
        "aws.ec2.m5.2xlarge": pytest.approx(9 * 730 * 0.384),  # 2,522.88
        "aws.ebs.gp3.storage": pytest.approx(STORED_GIB * 3 * 0.08),  # 2,025
        # (2/3 + 2 + 2) crossings, each metered twice
        "aws.data-transfer.inter-az": pytest.approx(2 * (2 / 3 + 4) * MONTH_GIB * 0.01),
    }
    assert bill.total == pytest.approx(sum(costs.values()))
    assert bill.sizing.describe()["brokers"] == 9


def test_the_bottleneck_is_the_highest_requirement(
    workload: Workload, catalogue: Catalogue
) -> None:
    # a broker sends 2.5 Gbit/s = 298.02 MiB/s; half of it is used, with one zone of three down.
    # out: 100 x (2 + 3) / 298.02 / 0.5 / (2/3) = 5.03 brokers, so 6
    # in: 100 x 3 / 298.02 / (1/3) = 3.02; disk: 100 x 3 / 274.18 / (1/3) = 3.28
    [candidate] = cluster(brokers=None).candidates(workload.operands(), catalogue)
    assert candidate.sizing.requirements["throughput-out"] == pytest.approx(
        500 / (2.5e9 / 8 / 2**20) * 3
    )
    assert candidate.sizing.requirements["disk-throughput"] == pytest.approx(
        300 / (287.5e6 / 2**20) * 3
    )
    assert candidate.sizing.count == 6
    assert candidate.sizing.bottleneck == "throughput-out"
    [alone] = cluster(brokers=None, failure_margin="none", utilisation=1.0).candidates(
        workload.operands(), catalogue
    )
    assert alone.sizing.count == 3
    assert alone.sizing.bottleneck == "minimum"


def test_disk_headroom_and_minimum(
    workload: Workload, book: PriceBook, catalogue: Catalogue
) -> None:
    half_free = bill_of(cluster(disk_headroom=0.5), workload.operands(), book, catalogue)
    assert half_free.lines[1].quantity == pytest.approx(STORED_GIB * 3 / 0.5)
    least = bill_of(cluster(disk_minimum="100 TiB"), workload.operands(), book, catalogue)
    assert least.lines[1].quantity == 100 * 1024


def test_performance_beyond_the_included(book: PriceBook, catalogue: Catalogue) -> None:
    # a peak of 600 MiB/s in three copies with one zone of three down is 2,700 MiB/s on 9 volumes,
    # of which 9 x 125 are included; 2,700 / 0.25 = 10,800 IOPS are within 9 x 3,000
    load = Workload(ingress="300 MiB/s", peak_to_average=2.0, retention="1 h").operands()
    by_sku = {line.sku: line for line in bill_of(cluster(), load, book, catalogue).lines}
    assert by_sku["aws.ebs.gp3.throughput"].quantity == pytest.approx(2700 - 9 * 125)
    assert by_sku["aws.ebs.gp3.throughput"].cost == pytest.approx(1575 * 0.04)
    assert "aws.ebs.gp3.iops" not in by_sku


def test_internet_egress_is_tiered(book: PriceBook, catalogue: Catalogue) -> None:
    load = Workload(
        ingress="100 MiB/s", fanout=1, internet_egress=1.0, retention="1 h", peak_to_average=1
    ).operands()
    lines = [x for x in bill_of(cluster(), load, book, catalogue).lines if "internet" in x.sku]
    bands = [100, 10_240 - 100, 51_200 - 10_240, 153_600 - 51_200, MONTH_GIB - 153_600]
    assert [x.quantity for x in lines] == pytest.approx(bands)
    prices = [0, 0.09, 0.085, 0.07, 0.05]
    assert [x.cost for x in lines] == pytest.approx(
        [b * p for b, p in zip(bands, prices, strict=True)]
    )


def test_controllers_are_nodes_of_their_own(
    workload: Workload, book: PriceBook, catalogue: Catalogue
) -> None:
    bill = bill_of(cluster(controllers=3), workload.operands(), book, catalogue)
    [line] = [x for x in bill.lines if x.sku == "aws.ec2.m7g.large"]
    assert line.cost == pytest.approx(3 * 730 * 0.0816)
    october = workload.operands(month_hours=744.0)
    [line] = [
        x
        for x in bill_of(cluster(controllers=3), october, book, catalogue).lines
        if x.sku == "aws.ec2.m7g.large"
    ]
    assert line.quantity == 3 * 744


def test_a_fixed_cluster_cannot_sustain_more_than_it_carries(
    book: PriceBook, catalogue: Catalogue
) -> None:
    # 3 brokers write 3 x 274.18 MiB/s in three copies: 274.18 MiB/s of traffic on average
    disk = 287.5e6 / 2**20
    for factor, able in ((0.999, True), (1.0, True), (1.001, False)):
        load = Workload(ingress=f"{disk * factor!r} MiB/s", retention="1 h").operands()
        bill = bill_of(cluster(brokers=3), load, book, catalogue)
        assert (bill.total is not None) is able
    assert bill.infeasible == ("disk-throughput: 3 brokers cannot sustain the average",)
    assert bill.lines == ()


def test_a_fixed_cluster_spreads_its_data_over_more_volumes(
    book: PriceBook, catalogue: Catalogue
) -> None:
    # 100 MB/s for 7 days in three copies are 168,983 GiB, over 16 TiB for each of 9 brokers
    load = Workload(ingress="100 MB/s", fanout=3).operands()
    bill = bill_of(cluster(), load, book, catalogue)
    assert bill.total is not None
    assert bill.lines[1].quantity == pytest.approx(100e6 * 7 * 86400 * 3 / 2**30)
    assert bill.sizing.requirements["storage"] > 9
    # 300 MiB/s for 103 h in three copies are 325,898 GiB: 20 volumes of 16 TiB, each with 125
    # MiB/s included, of the 2,700 MiB/s that the peak writes with one zone of three down
    load = Workload(ingress="300 MiB/s", peak_to_average=2.0, retention="103 h").operands()
    lines = {line.sku: line for line in bill_of(cluster(), load, book, catalogue).lines}
    assert lines["aws.ebs.gp3.throughput"].quantity == pytest.approx(2700 - 20 * 125)


def test_iops_follow_throughput(book: PriceBook, catalogue: Catalogue) -> None:
    # 2,700 MiB/s on 3 volumes ask for 2,700 / 0.25 IOPS, of which 3 x 3,000 are included
    load = Workload(ingress="300 MiB/s", peak_to_average=2.0, retention="1 h").operands()
    big = cluster(instance="m5.24xlarge", brokers=3)
    lines = {line.sku: line for line in bill_of(big, load, book, catalogue).lines}
    assert lines["aws.ebs.gp3.iops"].quantity == pytest.approx(10_800 - 9_000)
    assert lines["aws.ebs.gp3.iops"].cost == pytest.approx(1_800 * 0.005)


def test_a_volume_bounds_a_broker_s_disk_throughput(catalogue: Catalogue) -> None:
    # an m5.24xlarge writes 2,375 MB/s, a gp3 volume of October 2025 1,000 MiB/s
    load = Workload(ingress="100 MiB/s", peak_to_average=1.0, retention="1 h").operands()
    [candidate] = cluster(instance="m5.24xlarge", brokers=None).candidates(load, catalogue)
    assert candidate.sizing.requirements["disk-throughput"] == pytest.approx(300 / 1000 * 3)


def test_the_cheapest_instance_beats_every_other(
    workload: Workload, book: PriceBook, catalogue: Catalogue
) -> None:
    free = cluster(instance="cheapest", brokers=None)
    best = bill_of(free, workload.operands(), book, catalogue)
    one_by_one = [
        bill_of(
            cluster(instance=sku.removeprefix("aws.ec2."), brokers=None),
            workload.operands(),
            book,
            catalogue,
        ).total
        for sku in catalogue.items("aws.ec2.")
        if catalogue.listed(sku, "local_disk") is None
    ]
    assert best.total == pytest.approx(min(total for total in one_by_one if total is not None))
    assert len(one_by_one) > 100
    chosen = best.sizing.describe()["chosen"]
    assert chosen == f"cheapest of the {len(one_by_one)} types that fit"


def test_an_unknown_instance_names_the_nearest(
    workload: Workload, book: PriceBook, catalogue: Catalogue
) -> None:
    with pytest.raises(MissingPriceError, match=r"Did you mean 'aws\.ec2\.m5\.2xlarge'"):
        bill_of(cluster(instance="m5.2xlrge"), workload.operands(), book, catalogue)


def test_sizing_broadcasts(workload: Workload, catalogue: Catalogue) -> None:
    rates = np.array([1.0, 100.0, 1000.0])
    load = workload.operands().replace(ingress_mib_s=rates)
    [candidate] = cluster(brokers=None).candidates(load, catalogue)
    single = [
        float(
            cluster(brokers=None)
            .candidates(workload.operands().replace(ingress_mib_s=float(r)), catalogue)[0]
            .sizing.count
        )
        for r in rates
    ]
    np.testing.assert_array_equal(candidate.sizing.count, single)
