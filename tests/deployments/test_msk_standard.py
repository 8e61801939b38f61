"""MSK Standard by AWS's official sizing, at 100 MiB/s read three times and kept a day."""

import pytest

from kafkatco import Catalogue, MskStandard, PriceBook, Workload, bill

MONTH_GIB = 100 * 3600 * 730 / 1024
STORED_GIB = 100 * 3600 * 24 / 1024


def test_each_line(workload: Workload, book: PriceBook, catalogue: Catalogue) -> None:
    # kafka.m7g.large: network 117, EBS 78.75 MiB/s, half of each used
    # network: 100 x (5.7 + 1.5 x 3) / 117 / 0.5 = 17.44; disk: 100 x 6.5 / 78.75 / 0.5 = 16.51
    found = bill(
        MskStandard(region="us-east-1", instance="kafka.m7g.large"), workload.operands(), book,
        catalogue,
    )  # fmt: skip
    assert found.sizing.asks["network"] == pytest.approx(100 * 10.2 / 117 / 0.5)
    assert found.sizing.asks["disk-throughput"] == pytest.approx(100 * 6.5 / 78.75 / 0.5)
    assert found.sizing.count == 18
    assert found.sizing.bottleneck == "network"
    costs = {line.sku: line.cost for line in found.lines}
    assert costs == {
        "aws.msk.kafka.m7g.large": pytest.approx(18 * 730 * 0.204),
        "aws.msk.storage": pytest.approx(STORED_GIB * 3 / 0.5 * 0.10),
        # clients only: 2/3 written and 3 x 2/3 read, metered twice; replication is free
        "aws.data-transfer.inter-az": pytest.approx(2 * (2 / 3 + 2) * MONTH_GIB * 0.01),
    }


def test_the_official_script_on_its_defaults(catalogue: Catalogue) -> None:
    # partitions: 1,000 x 3 replicas / 1,000 recommended per broker
    load = Workload(ingress="1 MiB/s", partitions=1100, retention="1 h").operands()
    [offer] = MskStandard(region="us-east-1", instance="kafka.m7g.large").offers(load, catalogue)
    assert offer.sizing.asks["partitions"] == pytest.approx(3.3)
    assert offer.sizing.count == 6


def test_a_broker_has_at_least_a_gibibyte(book: PriceBook, catalogue: Catalogue) -> None:
    load = Workload(ingress="1 KB/s", retention="1 h").operands()
    found = bill(MskStandard(region="us-east-1", instance="kafka.t3.small"), load, book, catalogue)
    [storage] = [line for line in found.lines if line.component == "storage"]
    assert storage.quantity == 3.0


def test_quotas_are_infeasible_with_their_reason(book: PriceBook, catalogue: Catalogue) -> None:
    small = MskStandard(region="us-east-1", instance="kafka.t3.small")
    # 300 partitions for each of 60 brokers, in three replicas: 6,000 partitions fit, 6,001 do not
    for partitions, able in ((6000, True), (6001, False)):
        load = Workload(ingress="1 KB/s", partitions=partitions).operands()
        found = bill(small, load, book, catalogue)
        assert (found.total is not None) is able
    assert found.infeasible == ("more than 60 brokers in a cluster (quota)",)
    one_zone = bill(small, Workload(ingress="1 KB/s", zones=1).operands(), book, catalogue)
    assert one_zone.infeasible == ("MSK spans two or three zones",)
    four = bill(small, Workload(ingress="1 KB/s", zones=4).operands(), book, catalogue)
    assert four.infeasible == ("MSK spans two or three zones",)


def test_a_fixed_cluster(book: PriceBook, catalogue: Catalogue) -> None:
    three = MskStandard(region="us-east-1", instance="kafka.m7g.large", brokers=3)
    # 3 x 78.75 MiB/s written in three copies: 78.75 MiB/s of traffic on average
    for rate, able in ((78.7, True), (78.8, False)):
        load = Workload(ingress=f"{rate} MiB/s", fanout=0, retention="1 h").operands()
        assert (bill(three, load, book, catalogue).total is not None) is able
    # 3 x 16,384 GiB of disk, half free: 24,576 GiB in three copies, 8,192 GiB of data
    for hours, able in ((8190 / 3.515625, True), (8194 / 3.515625, False)):
        load = Workload(ingress="1 MiB/s", retention=f"{hours!r} h").operands()
        assert (bill(three, load, book, catalogue).total is not None) is able


def test_as_many_brokers_as_replicas(book: PriceBook, catalogue: Catalogue) -> None:
    load = Workload(ingress="0.1 MB/s", replication_factor=5).operands()
    sized = MskStandard(region="us-east-1", instance="kafka.m7g.large")
    assert bill(sized, load, book, catalogue).sizing.count == 6  # 5, in equal numbers for 3 zones
    fixed = MskStandard(region="us-east-1", instance="kafka.m7g.large", brokers=3)
    assert bill(fixed, load, book, catalogue).infeasible == (
        "3 brokers cannot hold so many replicas",
    )
