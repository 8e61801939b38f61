"""MSK Standard by AWS's official sizing, at 100 MiB/s read three times and kept a day."""

from typing import Any

import pytest

from kafkatco import Assumptions, Catalogue, MskStandard, PriceBook, Workload
from kafkatco.costing.bill import bill_of
from kafkatco.errors import InputError
from kafkatco.sizing.workload import Operands

MONTH_GIB = 100 * 3600 * 730 / 1024
STORED_GIB = 100 * 3600 * 24 / 1024
MIB_HOUR_GIB = 3600 / 1024  # 1 MiB/s for an hour
CONNECTIONS = "connections_per_broker"


@pytest.fixture
def book() -> PriceBook:
    """Prices with the assumptions of production, unlike those of most tests."""
    return PriceBook("list", as_of="2025-10-31")


@pytest.fixture
def catalogue(book: PriceBook) -> Catalogue:
    """The capacities of the book."""
    return book.catalogue()


def near(value: float) -> Any:
    return pytest.approx(value, rel=1e-9)


def msk(**fields: Any) -> MskStandard:
    return MskStandard(**{"region": "us-east-1", "instance": "kafka.m7g.large", **fields})


def steady(**fields: Any) -> Operands:
    base = {"ingress": "1 MiB/s", "peak_to_average": 1, "retention": "1 h"}
    return Workload(**{**base, **fields}).operands()


def costs(
    deployment: MskStandard, load: Operands, book: PriceBook, catalogue: Catalogue
) -> dict[str, float]:
    return {line.sku: line.cost for line in bill_of(deployment, load, book, catalogue).lines}


def test_each_line(workload: Workload, book: PriceBook, catalogue: Catalogue) -> None:
    # kafka.m7g.large: network 117, EBS 78.75 MiB/s, half of each used
    # network: 100 x (5.7 + 1.5 x 3) / 117 / 0.5 = 17.44; disk: 100 x 6.5 / 78.75 / 0.5 = 16.51
    # CPU: 3 + (3 - 1 + 3) / 4 write-equivalents a byte, 31 MB/s and 2 vCPU, 60 % with a zone down:
    # 104.86 x 4.25 / 31 / 2 / 0.6 / (2 / 3) = 17.97
    bill = bill_of(
        MskStandard(region="us-east-1", instance="kafka.m7g.large"),
        workload.operands(),
        book,
        catalogue,
    )
    assert bill.sizing.requirements["network"] == pytest.approx(100 * 10.2 / 117 / 0.5)
    assert bill.sizing.requirements["disk-throughput"] == pytest.approx(100 * 6.5 / 78.75 / 0.5)
    assert bill.sizing.requirements["cpu"] == pytest.approx(100 * 2**20 / 1e6 * 4.25 / 31 / 0.8)
    assert bill.sizing.count == 18
    assert bill.sizing.bottleneck == "cpu"
    costs = {line.sku: line.cost for line in bill.lines}
    assert costs == {
        "aws.msk.kafka.m7g.large": pytest.approx(18 * 730 * 0.204),
        "aws.msk.storage": pytest.approx(STORED_GIB * 3 / 0.5 * 0.10),
        # clients only: 2/3 written and 3 x 2/3 read, metered twice; replication is free
        "aws.data-transfer.inter-az": pytest.approx(2 * (2 / 3 + 2) * MONTH_GIB * 0.01),
    }


def test_the_official_script_on_its_defaults(catalogue: Catalogue) -> None:
    # partitions: 1,000 x 3 replicas / 1,000 recommended per broker
    load = Workload(ingress="1 MiB/s", partitions=1100, retention="1 h").operands()
    [candidate] = MskStandard(region="us-east-1", instance="kafka.m7g.large").candidates(
        load, catalogue
    )
    assert candidate.sizing.requirements["partitions"] == pytest.approx(3.3)
    assert candidate.sizing.count == 6


def test_a_broker_has_at_least_a_gibibyte(book: PriceBook, catalogue: Catalogue) -> None:
    load = Workload(ingress="1 KB/s", retention="1 h").operands()
    bill = bill_of(
        MskStandard(region="us-east-1", instance="kafka.t3.small"), load, book, catalogue
    )
    [storage] = [line for line in bill.lines if line.component == "storage"]
    assert storage.quantity == 3.0


def test_quotas_are_infeasible_with_their_reason(book: PriceBook, catalogue: Catalogue) -> None:
    small = MskStandard(region="us-east-1", instance="kafka.t3.small")
    # 300 partitions for each of 30 brokers, in three replicas: 3,000 partitions fit, 3,001 do not
    for partitions, able in ((3000, True), (3001, False)):
        load = Workload(ingress="1 KB/s", partitions=partitions).operands()
        bill = bill_of(small, load, book, catalogue)
        assert (bill.total is not None) is able
    assert bill.infeasible == ("brokers: at most 30 per cluster",)
    one_zone = bill_of(small, Workload(ingress="1 KB/s", zones=1).operands(), book, catalogue)
    assert one_zone.infeasible == ("zones: MSK needs two or three",)
    four = bill_of(small, Workload(ingress="1 KB/s", zones=4).operands(), book, catalogue)
    assert four.infeasible == ("zones: MSK needs two or three",)


def test_a_fixed_cluster(book: PriceBook, catalogue: Catalogue) -> None:
    three = MskStandard(region="us-east-1", instance="kafka.m7g.large", brokers=3)
    # 3 x 78.75 MiB/s written in three copies: 78.75 MiB/s of traffic on average
    for rate, able in ((78.7, True), (78.8, False)):
        load = Workload(ingress=f"{rate} MiB/s", fanout=0, retention="1 h").operands()
        assert (bill_of(three, load, book, catalogue).total is not None) is able
    # 3 x 16,384 GiB of disk, half free: 24,576 GiB in three copies, 8,192 GiB of data
    for hours, able in ((8190 / 3.515625, True), (8194 / 3.515625, False)):
        load = Workload(ingress="1 MiB/s", retention=f"{hours!r} h").operands()
        assert (bill_of(three, load, book, catalogue).total is not None) is able


def test_as_many_brokers_as_replicas(book: PriceBook, catalogue: Catalogue) -> None:
    load = Workload(ingress="0.1 MB/s", replication_factor=5).operands()
    sized = MskStandard(region="us-east-1", instance="kafka.m7g.large")
    assert (
        bill_of(sized, load, book, catalogue).sizing.count == 6
    )  # 5, in equal numbers for 3 zones
    fixed = MskStandard(region="us-east-1", instance="kafka.m7g.large", brokers=3)
    assert bill_of(fixed, load, book, catalogue).infeasible == (
        "replication factor: higher than the number of brokers, 3",
    )


def test_utilisation_is_the_used_share_of_a_broker(catalogue: Catalogue) -> None:
    load = steady(ingress="100 MiB/s", fanout=3)
    [whole] = msk(utilisation=1).candidates(load, catalogue)
    assert whole.sizing.requirements["network"] == near(100 * 10.2 / 117)  # 8.7
    assert whole.sizing.requirements["disk-throughput"] == near(100 * 6.5 / 78.75)


def test_brokers_are_for_the_peak_and_disks_for_the_average(catalogue: Catalogue) -> None:
    steady_, peaking = (
        msk().candidates(steady(ingress="10 MiB/s", peak_to_average=x), catalogue)[0]
        for x in (1, 3)
    )
    for ask, factor in (("network", 3), ("disk-throughput", 3), ("storage", 1)):
        assert peaking.sizing.requirements[ask] == near(factor * steady_.sizing.requirements[ask])


def test_brokers_come_in_equal_numbers_for_each_zone(catalogue: Catalogue) -> None:
    # disk: 7 MiB/s x 6.5 / 78.75 / 0.5 = 1.2 brokers; 25 MiB/s 4.1
    for rate, zones, brokers in ((7, 2, 2), (7, 3, 3), (25, 2, 6), (25, 3, 6)):
        load = steady(ingress=f"{rate} MiB/s", zones=zones, replication_factor=2)
        [candidate] = msk().candidates(load, catalogue)
        assert candidate.sizing.count == brokers


def test_a_broker_s_disk_holds_16_tib(catalogue: Catalogue) -> None:
    # 3 x 16,384 GiB, half free, in three copies: 8,192 GiB of data
    for gib, brokers in ((8191, 3), (8192, 3), (8193, 6)):
        load = steady(retention=f"{gib / MIB_HOUR_GIB!r} h")
        [candidate] = msk().candidates(load, catalogue)
        assert candidate.sizing.count == brokers


@pytest.mark.parametrize(("headroom", "factor"), [(None, 2.0), (0.0, 1.0), (0.2, 1.25)])
def test_disks_keep_a_share_free(
    headroom: float | None, factor: float, book: PriceBook, catalogue: Catalogue
) -> None:
    load = steady(ingress="10 MiB/s", retention="10 h")
    by_sku = costs(msk(disk_headroom=headroom), load, book, catalogue)
    assert by_sku["aws.msk.storage"] == near(100 * MIB_HOUR_GIB * 3 * factor * 0.10)


def test_disks_that_are_provisioned_are_billed_full_or_not(
    book: PriceBook, catalogue: Catalogue
) -> None:
    by_sku = costs(msk(disk_per_broker="500 GiB"), steady(), book, catalogue)
    assert by_sku["aws.msk.storage"] == near(3 * 500 * 0.10)


def test_a_cluster_with_zookeeper_has_fewer_brokers(book: PriceBook) -> None:
    # 1,000 replicas a broker, three for each partition: 10,000 partitions on 30 brokers
    variants = {"aws.msk.standard.max_brokers": "zookeeper"}
    zookeeper = Catalogue(as_of=book.as_of, variants=variants)
    still, not_any_more = (
        bill_of(msk(), steady(partitions=x), book, zookeeper) for x in (10_000, 10_001)
    )
    assert (still.sizing.count, still.infeasible) == (30, ())
    assert not_any_more.infeasible == ("brokers: at most 30 per cluster",)


def test_each_line_with_tiered_storage(book: PriceBook, catalogue: Catalogue) -> None:
    # disk: 10 x (6.5 + 1.5) / 78.75 / 0.5 = 2.03; network: 10 x (5.7 + 1.5 x 3 + 1.5) / 117 / 0.5
    load = steady(ingress="10 MiB/s", fanout=3, retention="7 days", local_retention="12 h")
    bill = bill_of(msk(tiered=True, remote_reads=0.25), load, book, catalogue)
    assert bill.sizing.requirements["disk-throughput"] == near(10 * 8 / 78.75 / 0.5)
    assert bill.sizing.requirements["network"] == near(10 * 11.7 / 117 / 0.5)
    written_gib = 10 * MIB_HOUR_GIB * 730
    assert {line.sku: line.cost for line in bill.lines} == {
        "aws.msk.kafka.m7g.large": near(3 * 730 * 0.204),
        "aws.msk.storage": near(10 * MIB_HOUR_GIB * 12 * 3 / 0.5 * 0.10),
        # once, all seven days: msk-tiered-storage-retention-rules.html of the developer guide
        "aws.msk.tiered-storage": near(10 * MIB_HOUR_GIB * 168 * 0.06),
        "aws.msk.tiered-retrieval": near(written_gib * 3 * 0.25 * 0.0015),
        "aws.data-transfer.inter-az": near(2 * (2 / 3 + 3 * 2 / 3) * written_gib * 0.01),
    }


def test_tiered_storage_at_the_price_of_the_sizing_script(
    book: PriceBook, catalogue: Catalogue
) -> None:
    variants = {"aws.msk.tiered-storage": "sizing-script"}
    script = PriceBook("list", as_of=book.as_of, variants=variants)
    load = steady(retention="7 days", local_retention="1 day")
    page, other = (costs(msk(tiered=True), load, x, catalogue) for x in (book, script))
    sku = "aws.msk.tiered-storage"
    assert other[sku] == near(page[sku] * 0.023 / 0.06)


def test_the_sizing_script_deducts_the_data_on_brokers(book: PriceBook) -> None:
    script = PriceBook("list", as_of=book.as_of, variants={"aws.msk": "sizing-script"})
    load = steady(ingress="10 MiB/s", retention="7 days", local_retention="12 h")
    by_sku = costs(msk(tiered=True), load, script, script.catalogue())
    assert by_sku["aws.msk.tiered-storage"] == near(10 * MIB_HOUR_GIB * (168 - 12) * 0.023)
    for local in ("7 days", "8 days"):  # then there is nothing to tier
        load = steady(retention="7 days", local_retention=local)
        tiered, plain = (
            costs(deployment, load, script, script.catalogue())
            for deployment in (msk(tiered=True), msk())
        )
        assert tiered == plain


def test_without_tiered_storage_brokers_keep_everything(
    book: PriceBook, catalogue: Catalogue
) -> None:
    load = steady(retention="7 days", local_retention="1 day")
    assert costs(msk(), load, book, catalogue)["aws.msk.storage"] == near(
        168 * MIB_HOUR_GIB * 3 / 0.5 * 0.10
    )


@pytest.mark.parametrize(
    ("instance", "fields", "reasons"),
    [
        (
            "kafka.m7g.large",
            {"retention": "7 days"},
            ("tiered storage: the workload has no local_retention",),
        ),
        ("kafka.m7g.large", {"retention": "3 days", "local_retention": "12 h"}, ()),
        (
            "kafka.m7g.large",
            {"retention": "71 h", "local_retention": "12 h"},
            ("tiered storage: retention must be at least 3 days",),
        ),
        (
            "kafka.t3.small",
            {"retention": "7 days", "local_retention": "12 h"},
            ("tiered storage: not with kafka.t3.small",),
        ),
    ],
)
def test_the_limits_of_tiered_storage(
    instance: str,
    fields: dict[str, Any],
    reasons: tuple[str, ...],
    book: PriceBook,
    catalogue: Catalogue,
) -> None:
    bill = bill_of(msk(instance=instance, tiered=True), steady(**fields), book, catalogue)
    assert bill.infeasible == reasons


@pytest.mark.parametrize(
    ("instance", "throughput", "billed"),
    [
        ("kafka.m7g.4xlarge", "500 MiB/s", 500),
        ("kafka.m7g.4xlarge", "625 MiB/s", 625),
        ("kafka.m7g.4xlarge", "626 MiB/s", 625),
        ("kafka.m5.4xlarge", "700 MiB/s", 593),
        ("kafka.m7g.2xlarge", "312.5 MiB/s", 312.5),
        ("kafka.m7g.2xlarge", "500 MiB/s", 312.5),
    ],
)
def test_storage_throughput_is_billed_per_broker_up_to_the_maximum_of_the_type(
    instance: str, throughput: str, billed: float, book: PriceBook, catalogue: Catalogue
) -> None:
    # https://docs.aws.amazon.com/msk/latest/developerguide/msk-provision-throughput-management.html
    deployment = msk(instance=instance, storage_throughput=throughput)
    by_sku = costs(deployment, steady(), book, catalogue)
    assert by_sku["aws.msk.provisioned-throughput"] == near(3 * billed * 0.08)
    assert "aws.msk.provisioned-throughput" not in costs(
        msk(instance=instance), steady(), book, catalogue
    )


def test_the_included_throughput_may_be_deducted(book: PriceBook) -> None:
    variants = {"aws.msk.standard.included_storage_throughput": "deducted"}
    deducted = Catalogue(as_of=book.as_of, variants=variants)
    for throughput, billed in ((250, 0), (251, 1), (500, 250)):
        deployment = msk(instance="kafka.m7g.4xlarge", storage_throughput=f"{throughput} MiB/s")
        by_sku = costs(deployment, steady(), book, deducted)
        assert by_sku.get("aws.msk.provisioned-throughput", 0.0) == near(3 * billed * 0.08)


@pytest.mark.parametrize("instance", ["kafka.t3.small", "kafka.m7g.large", "kafka.m5.2xlarge"])
def test_smaller_types_have_no_storage_throughput(
    instance: str, book: PriceBook, catalogue: Catalogue
) -> None:
    deployment = msk(instance=instance, storage_throughput="300 MiB/s")
    bill = bill_of(deployment, steady(ingress="0.1 MiB/s"), book, catalogue)
    assert bill.infeasible == (f"storage throughput: not with {instance}",)


def test_two_clusters_cost_as_much_as_two_halves(book: PriceBook, catalogue: Catalogue) -> None:
    # 12 MiB/s: 12 x 6.5 / 78.75 / 0.5 = 1.98 brokers, so 3, as half of it needs
    load, half = steady(ingress="12 MiB/s"), steady(ingress="6 MiB/s")
    by_sku = costs(msk(clusters=2), load, book, catalogue)
    assert by_sku["aws.msk.kafka.m7g.large"] == near(2 * 3 * 730 * 0.204)
    assert by_sku == {sku: near(2 * x) for sku, x in costs(msk(), half, book, catalogue).items()}


def test_as_many_clusters_as_needed_and_no_more(book: PriceBook, catalogue: Catalogue) -> None:
    # 25,000 partitions are 75,000 replicas, 1,000 a broker: more than one cluster's 60 brokers;
    # two have 12,500 partitions each, in threes 39 brokers
    load = steady(partitions=25_000)
    assert bill_of(msk(), load, book, catalogue).infeasible == ("brokers: at most 60 per cluster",)
    bill = bill_of(msk(clusters="as-needed"), load, book, catalogue)
    assert (bill.sizing.details["clusters"], bill.sizing.count) == (2, 78)


SMALL = "kafka.t3.small"


def test_the_burstable_type_is_not_chosen_in_production(
    book: PriceBook, catalogue: Catalogue
) -> None:
    load = steady(ingress="1 kB/s")
    for instance in ("cheapest", "kafka.*"):
        labels = [one.label for one in msk(instance=instance).candidates(load, catalogue)]
        assert SMALL not in labels
        assert len(labels) == 15
    with pytest.raises(InputError, match=r"must be named, such as 'kafka\.t3\.small'"):
        msk(instance="kafka.t3.*").candidates(load, catalogue)
    listed = msk(instance=[SMALL, "kafka.m7g.large"]).candidates(load, catalogue)
    assert [one.label for one in listed] == [SMALL, "kafka.m7g.large"]
    named = bill_of(msk(instance=SMALL), load, book, catalogue)
    assert named.total is not None
    assert named.notes == (
        "kafka.t3.small is not for production: it sustains 20% of its CPU (burstable); it has less "
        "than 8 GiB of memory",
        "kafka.t3.small is for clusters with ZooKeeper, not KRaft",
    )
    bare = Catalogue(as_of=book.as_of, assumptions="bare")
    cheapest = bill_of(msk(instance="cheapest"), load, book, bare)
    assert cheapest.sizing.details["instance"] == SMALL
    assert cheapest.notes == ("kafka.t3.small is for clusters with ZooKeeper, not KRaft",)


@pytest.mark.parametrize(
    ("instance", "connections", "brokers"),
    [
        ("kafka.m7g.large", 9_000, 3),
        ("kafka.m7g.large", 9_001, 6),
        ("kafka.m7g.large", 50_000, 18),
        (SMALL, 900, 3),
        (SMALL, 901, 6),
    ],
)
def test_connections_require_brokers(
    instance: str, connections: int, brokers: int, catalogue: Catalogue
) -> None:
    # https://docs.aws.amazon.com/msk/latest/developerguide/limits.html: 3,000 with IAM, t3 300
    load = steady(ingress="1 kB/s", connections=connections)
    [candidate] = msk(instance=instance).candidates(load, catalogue)
    assert candidate.sizing.count == brokers


def test_too_many_connections_for_a_fixed_cluster(book: PriceBook, catalogue: Catalogue) -> None:
    three = msk(brokers=3)
    assert bill_of(three, steady(connections=9_000), book, catalogue).infeasible == ()
    assert bill_of(three, steady(connections=9_001), book, catalogue).infeasible == (
        "connections: at most 3,000 per broker (MSK quota with IAM)",
    )
    own = Catalogue(as_of=book.as_of, assumptions=Assumptions(values={CONNECTIONS: 4_000}))
    assert bill_of(three, steady(connections=12_000), book, own).infeasible == ()
    more = bill_of(three, steady(connections=12_001), book, own)
    assert more.infeasible == ("connections: at most 4,000 per broker (MSK quota with IAM)",)


def test_a_volume_carries_250_mib_s(book: PriceBook, catalogue: Catalogue) -> None:
    # the plan writes 100 x 6.5 / 0.5 = 1,300 MiB/s: 5.2 volumes of 250, where the type has 625
    load = steady(ingress="100 MiB/s")
    included = msk(instance="kafka.m7g.4xlarge", storage_throughput="included")
    [candidate] = included.candidates(load, catalogue)
    assert candidate.sizing.requirements["disk-throughput"] == near(1300 / 250)
    script = Catalogue(as_of=book.as_of, assumptions="aws-sizing-script")
    [candidate] = included.candidates(load, script)
    assert candidate.sizing.requirements["disk-throughput"] == near(1300 / 625)


@pytest.mark.parametrize(
    ("rate", "brokers", "bought"),
    [
        (57, 3, 0.0),  # 741 MiB/s, and 3 volumes carry 750
        (58, 3, 754.0),
        (100, 3, 1300.0),
        (144, 3, 1872.0),  # of 3 x 625 = 1,875
        (145, 6, 1885.0),  # 6 volumes carry 1,500
    ],
)
def test_storage_throughput_as_needed(
    rate: int, brokers: int, bought: float, book: PriceBook, catalogue: Catalogue
) -> None:
    load = steady(ingress=f"{rate} MiB/s")  # 13 MiB/s for each, with 0.5 used
    bill = bill_of(msk(instance="kafka.m7g.4xlarge"), load, book, catalogue)
    assert bill.sizing.count == brokers
    by_sku = {line.sku: line.quantity for line in bill.lines}
    assert by_sku.get("aws.msk.provisioned-throughput", 0.0) == near(bought)
    # types without it have more brokers instead
    assert not any(
        line.sku.endswith("throughput")
        for line in bill_of(msk(instance="kafka.m5.2xlarge"), load, book, catalogue).lines
    )


def test_storage_throughput_costs_less_than_brokers(book: PriceBook, catalogue: Catalogue) -> None:
    types = [
        item.removeprefix("aws.msk.")
        for item in catalogue.items("aws.msk.kafka.")
        if catalogue.listed(item, "max_storage_throughput")
    ]
    assert len(types) == 10
    for name in types:
        for rate in range(10, 1200, 70):
            load = steady(ingress=f"{rate} MiB/s")
            needed, included = (
                bill_of(msk(instance=name, storage_throughput=way), load, book, catalogue).total
                for way in ("as-needed", "included")
            )
            assert needed is not None
            assert included is None or needed <= included + 1e-6


def test_textbook_factors(book: PriceBook) -> None:
    # three copies are written, and two other replicas and three readers receive a byte
    bare = Catalogue(as_of=book.as_of, assumptions="bare")
    bill = bill_of(msk(), steady(ingress="100 MiB/s", fanout=3, peak_to_average=2), book, bare)
    required = bill.sizing.requirements
    assert required["disk-throughput"] == near(200 * 3 / 78.75)  # 7.6
    assert required["network"] == near(200 * 5 / 117)  # 8.5
    assert bill.sizing.count == 9
    used = {row.dimension: row for row in bill.utilisation}
    assert used["network"].peak == near(used["network"].of_limit)
    assert used["network"].peak == near(200 * 5 / 117 / 9)
    assert used["network"].zone_lost == near(200 * 5 / 117 / 6)  # more than all
    assert "cpu" not in used
    # disks are full, and a byte is staged and sent for the tier once
    load = steady(ingress="100 MiB/s", fanout=3, retention="7 days", local_retention="12 h")
    [tiered] = msk(tiered=True).candidates(load, bare)
    assert tiered.sizing.requirements["disk-throughput"] == near(100 * 4 / 78.75)
    assert tiered.sizing.requirements["network"] == near(100 * 6 / 117)
    assert tiered.sizing.requirements["storage"] == near(100 * MIB_HOUR_GIB * 12 * 3 / 16384)


def test_your_own_factor_comes_before_the_set(book: PriceBook) -> None:
    values = {"storage_factor": 4, "utilisation": 0.8}
    own = Catalogue(as_of=book.as_of, assumptions=Assumptions("bare", values))
    load = steady(ingress="100 MiB/s")
    for fields, utilisation in (({}, 0.8), ({"utilisation": 0.4}, 0.4)):
        [candidate] = msk(**fields).candidates(load, own)
        assert candidate.sizing.requirements["disk-throughput"] == near(400 / 78.75 / utilisation)
