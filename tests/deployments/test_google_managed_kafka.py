"""Google's Managed Service for Apache Kafka in us-central1; arithmetic shown."""

from typing import Any

import pytest

from kafkatco import Catalogue, GoogleManagedKafka, InputError, PriceBook, Workload
from kafkatco.costing.bill import bill_of
from kafkatco.errors import MissingPriceError
from support.unchecked import unchecked

MONTH_GIB = 100 * 3600 * 730 / 1024  # 256,640.625 GiB written a month
STORED_GIB = 100 * 3600 * 24 / 1024  # 8,437.5 GiB of one copy
MB_S = 1.048576  # MB/s in a MiB/s
FULL = 0.6 + 4 * 0.1  # DCU of a vCPU with 4 GiB


def cluster(**changes: Any) -> GoogleManagedKafka:
    return GoogleManagedKafka(region="us-central1", **changes)


def written_only(rate_mb_s: float, **changes: Any) -> Workload:
    """Return a load with replicas as only readers: 3 + 2 x 0.25 = 3.5 write-equivalents a byte."""
    fields = {"fanout": 0, "retention": "1 h", "peak_to_average": 1.0, **changes}
    return Workload(ingress=f"{rate_mb_s!r} MB/s", **fields)


def test_each_line(workload: Workload, book: PriceBook, catalogue: Catalogue) -> None:
    # 3 written + 0.25 x (3 + 2) read = 4.25; 425 MiB/s / 20 MB/s / 0.5 = 44.56, so 45 vCPUs
    bill = bill_of(cluster(), workload.operands(), book, catalogue)
    assert bill.sizing.requirements["throughput"] == pytest.approx(425 * MB_S / 20 / 0.5)
    assert bill.sizing.count == 45
    assert {line.sku: line.cost for line in bill.lines} == {
        "gcp.managed-kafka.dcu": pytest.approx(45 * FULL * 730 * 0.09),  # 2,956.50
        "gcp.managed-kafka.local-storage": pytest.approx(45 * 100 * 0.17),  # 765
        "gcp.managed-kafka.long-term-storage": pytest.approx(STORED_GIB * 0.10),
        # 2/3 written, 2 replicated, 3 x 2/3 read, each metered once
        "gcp.network.inter-zone": pytest.approx((2 / 3 + 4) * MONTH_GIB * 0.01),
    }


def test_a_vcpu_of_the_price_page_carries_binary_megabytes(workload: Workload) -> None:
    rule = {"gcp.managed-kafka.throughput_per_vcpu": "binary"}
    binary = PriceBook("list", as_of="2025-10-31", variants=rule)
    bill = bill_of(cluster(), workload.operands(), binary)
    assert bill.sizing.requirements["throughput"] == pytest.approx(425 / 20 / 0.5)  # 42.5
    assert bill.sizing.count == 43


@pytest.mark.parametrize(
    ("factor", "vcpu"), [(0.001, 3), (0.999, 3), (1.0, 3), (1.001, 4), (4 / 3, 4), (1.334, 5)]
)
def test_the_minimum_is_three_vcpu(factor: float, vcpu: int, catalogue: Catalogue) -> None:
    # 3 vCPUs at half use carry 30 MB/s of write-equivalents
    load = written_only(30 / 3.5 * factor).operands()
    [candidate] = cluster().candidates(load, catalogue)
    assert candidate.sizing.count == vcpu


def test_the_peak_is_sized(catalogue: Catalogue) -> None:
    # 30 / 3.5 MB/s on average, twice that at peak: 6 vCPUs
    [candidate] = cluster().candidates(
        written_only(30 / 3.5, peak_to_average=2).operands(), catalogue
    )
    assert candidate.sizing.count == 6


@pytest.mark.parametrize(
    ("fields", "vcpu", "bottleneck"),
    [
        # 500 replicas a vCPU: 20,000 partitions in three copies are 120
        ({"partitions": 20_000}, 120, "partitions"),
        ({"partitions": 500, "replication_factor": 3}, 3, "minimum"),
        ({"partitions": 501, "replication_factor": 3}, 4, "partitions"),
        ({"partitions": 2000, "replication_factor": 1}, 4, "partitions"),
        # at least one partition for each topic
        ({"topics": 501}, 4, "partitions"),
        # 3,000 connections of a broker with two vCPUs
        ({"connections": 4500}, 3, "minimum"),
        ({"connections": 4501}, 4, "connections"),
        ({"connections": 50_000}, 34, "connections"),
    ],
)
def test_partitions_and_connections_need_vcpu(
    fields: dict[str, Any], vcpu: int, bottleneck: str, book: PriceBook, catalogue: Catalogue
) -> None:
    bill = bill_of(cluster(), written_only(1, **fields).operands(), book, catalogue)
    assert (bill.sizing.count, bill.sizing.bottleneck) == (vcpu, bottleneck)
    used = {row.dimension: row.peak for row in bill.utilisation}
    assert used["partitions"] == pytest.approx(bill.sizing.requirements["partitions"] / vcpu)


def test_a_cautious_vcpu_has_half_of_the_replicas() -> None:
    variant = {"gcp.managed-kafka.replicas_per_vcpu": "cautious"}
    cautious = PriceBook("list", as_of="2025-10-31", variants=variant)
    load = written_only(1, partitions=20_000).operands()
    assert bill_of(cluster(), load, cautious).sizing.count == 240


@pytest.mark.parametrize(
    ("fields", "reasons"),
    [
        ({"partitions": 1000, "connections": 9000}, ()),
        ({"partitions": 1001}, ("partitions: more than 6 vCPUs carry (assumption)",)),
        ({"connections": 9001}, ("connections: more than 6 vCPUs carry (assumption)",)),
        ({"requests": 1}, ("requests: the limit is not published",)),
    ],
)
def test_an_assumption_does_not_refuse_your_number_of_vcpu(
    fields: dict[str, Any], reasons: tuple[str, ...], book: PriceBook, catalogue: Catalogue
) -> None:
    load = written_only(1, **fields).operands()
    assert bill_of(cluster(vcpu=6), load, book, catalogue).infeasible == ()
    assert unchecked(cluster(vcpu=6), load, catalogue) == reasons


@pytest.mark.parametrize(("use", "vcpu"), [(1.0, 6), (0.5, 12), (0.25, 24)])
def test_utilisation_divides_what_a_vcpu_carries(
    use: float, vcpu: int, catalogue: Catalogue
) -> None:
    # 120 MB/s of write-equivalents are 6 vCPUs at full use
    [candidate] = cluster(utilisation=use).candidates(written_only(120 / 3.5).operands(), catalogue)
    assert candidate.sizing.count == vcpu


@pytest.mark.parametrize(("memory", "dcu"), [(1, 0.7), (4, 1.0), (8, 1.4)])
def test_memory_is_a_tenth_of_a_dcu_per_gibibyte(
    memory: float, dcu: float, book: PriceBook, catalogue: Catalogue
) -> None:
    six = cluster(vcpu=6, memory_gib_per_vcpu=memory)
    line = bill_of(six, written_only(1).operands(), book, catalogue).lines[0]
    assert line.cost == pytest.approx(6 * dcu * 730 * 0.09)


@pytest.mark.parametrize(
    "fields",
    [
        {"vcpu": 2},
        {"memory_gib_per_vcpu": 0.9},
        {"memory_gib_per_vcpu": 8.1},
        {"utilisation": 0},
        {"utilisation": 1.1},
    ],
)
def test_a_size_that_google_does_not_sell_is_an_error(fields: dict[str, Any]) -> None:
    with pytest.raises(InputError, match=next(iter(fields))):
        cluster(**fields)


@pytest.mark.parametrize(("factor", "able"), [(0.999, True), (1.0, True), (1.001, False)])
def test_a_fixed_number_of_vcpu_must_carry_the_average_at_full_use(
    factor: float, able: bool, book: PriceBook, catalogue: Catalogue
) -> None:
    # 6 vCPUs: 120 MB/s of write-equivalents, whatever the peak
    load = written_only(120 / 3.5 * factor, peak_to_average=5).operands()
    bill = bill_of(cluster(vcpu=6), load, book, catalogue)
    assert bill.sizing.count == 6
    assert bill.infeasible == (() if able else ("vCPUs: 6 cannot sustain the average",))


@pytest.mark.parametrize(
    ("vcpu", "memory", "reasons"),
    [
        (749, 8, ()),
        (750, 8, ()),
        (751, 1, ("vCPUs: at most 750 per region and project",)),
        (
            751,
            8,
            (
                "vCPUs: at most 750 per region and project",
                "memory: at most 6,000 GiB per region and project",
            ),
        ),
    ],
)
def test_a_region_has_750_vcpu_and_6000_gibibytes(
    vcpu: int, memory: float, reasons: tuple[str, ...], book: PriceBook, catalogue: Catalogue
) -> None:
    fixed = cluster(vcpu=vcpu, memory_gib_per_vcpu=memory)
    assert bill_of(fixed, written_only(1).operands(), book, catalogue).infeasible == reasons


@pytest.mark.parametrize(("factor", "able"), [(0.999, True), (1.0, True), (1.001, False)])
def test_a_sized_cluster_must_keep_within_the_quota(
    factor: float, able: bool, book: PriceBook, catalogue: Catalogue
) -> None:
    # 750 vCPUs at half use carry 7,500 MB/s of write-equivalents
    load = written_only(7500 / 3.5 * factor).operands()
    assert (bill_of(cluster(), load, book, catalogue).total is not None) is able


def test_each_replica_has_a_zone(book: PriceBook, catalogue: Catalogue) -> None:
    bills = [
        bill_of(cluster(), written_only(1, replication_factor=copies).operands(), book, catalogue)
        for copies in (3, 4)
    ]
    assert [x.infeasible for x in bills] == [
        (),
        ("replication factor: a cluster has one replica in each zone",),
    ]


def test_it_always_spans_three_zones(book: PriceBook, catalogue: Catalogue) -> None:
    totals = [
        bill_of(cluster(), written_only(10, zones=zones).operands(), book, catalogue).total
        for zones in (1, 3)
    ]
    assert totals[0] == totals[1]


def test_long_term_storage_has_one_copy_for_any_replication_factor(
    book: PriceBook, catalogue: Catalogue
) -> None:
    for copies in (1, 2, 3):
        load = Workload(ingress="10 MiB/s", retention="24 h", replication_factor=copies)
        lines = bill_of(cluster(), load.operands(), book, catalogue).lines
        [kept] = [x.quantity for x in lines if x.sku.endswith("long-term-storage")]
        assert kept == pytest.approx(10 * 86_400 / 1024)


def test_local_readers_cross_no_zone(book: PriceBook, catalogue: Catalogue) -> None:
    load = Workload(ingress="100 MiB/s", fanout=3, retention="1 h", follower_fetch=1.0)
    line = bill_of(cluster(), load.operands(), book, catalogue).lines[-1]
    assert line.quantity == pytest.approx((2 / 3 + 2) * MONTH_GIB)


@pytest.mark.parametrize(("term", "share"), [("1-year", 0.20), ("3-year", 0.40)])
def test_a_commitment_covers_only_compute(
    term: str, share: float, book: PriceBook, catalogue: Catalogue
) -> None:
    # https://docs.cloud.google.com/managed-service-for-apache-kafka/docs/cuds: 20 and 40 %
    load = written_only(1).operands()
    plain = bill_of(cluster(vcpu=6), load, book, catalogue).total
    less = bill_of(cluster(vcpu=6, commitment=term), load, book, catalogue).total
    assert plain is not None
    assert less == pytest.approx(plain - share * 6 * FULL * 730 * 0.09)


@pytest.mark.parametrize(("tasks", "vcpu"), [(1, 3), (6, 3), (7, 4), (8, 4), (9, 5)])
def test_connect_has_separate_dcu(
    tasks: int, vcpu: int, book: PriceBook, catalogue: Catalogue
) -> None:
    # two tasks a vCPU, three vCPUs at least, 0.12 USD a DCU-hour
    bill = bill_of(cluster(), written_only(1, connector_tasks=tasks).operands(), book, catalogue)
    [line] = [x for x in bill.lines if x.component == "connect"]
    assert line.sku == "gcp.managed-kafka.connect-dcu"
    assert line.cost == pytest.approx(vcpu * FULL * 730 * 0.12)


def test_hours_are_those_of_the_month_and_disks_are_not(
    book: PriceBook, catalogue: Catalogue
) -> None:
    load = written_only(1).operands(month_hours=744.0)
    compute, local, *_ = bill_of(cluster(vcpu=6), load, book, catalogue).lines
    assert (compute.quantity, local.quantity) == (pytest.approx(6 * 744), 600)


def test_seoul_has_no_list_price(book: PriceBook, catalogue: Catalogue) -> None:
    with pytest.raises(MissingPriceError, match=r"no list price of 'gcp\.managed-kafka\.dcu'"):
        bill_of(
            GoogleManagedKafka(region="asia-northeast3"),
            written_only(1).operands(),
            book,
            catalogue,
        )


def test_omissions_are_listed() -> None:
    assert "Private Service Connect" in cluster().not_modelled(written_only(1).operands())
