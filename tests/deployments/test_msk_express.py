"""MSK Express: brokers by the throughput of their size, written bytes, stored bytes."""

from typing import Any

import pytest

from kafkatco import Catalogue, MskExpress, PriceBook, Workload
from kafkatco.costing.bill import bill_of

LARGE = MskExpress(region="us-east-1", instance="express.m7g.large")


@pytest.fixture
def book() -> PriceBook:
    """Prices with the assumptions of production, unlike those of most tests."""
    return PriceBook("list", as_of="2025-10-31")


@pytest.fixture
def catalogue(book: PriceBook) -> Catalogue:
    """The capacities of the book."""
    return book.catalogue()


def lines(deployment: MskExpress, load: Workload, book: PriceBook, catalogue: Catalogue) -> Any:
    return {x.sku: x.cost for x in bill_of(deployment, load.operands(), book, catalogue).lines}


def test_each_line(book: PriceBook, catalogue: Catalogue) -> None:
    # a large broker sustains 15.6 MB/s in, of which 0.75 are planned, and 31.2 MB/s out:
    # 100 MB/s in are 8.5 brokers, 300 MB/s out 9.6, in threes: 12
    load = Workload(
        ingress="100 MB/s", fanout=3, peak_to_average=1, retention="12 h", partitions=100
    )
    bill = bill_of(LARGE, load.operands(), book, catalogue)
    assert bill.sizing.requirements["throughput-in"] == pytest.approx(100 / 15.6 / 0.75)
    assert bill.sizing.requirements["throughput-out"] == pytest.approx(300 / 31.2)
    assert (bill.sizing.count, bill.sizing.bottleneck) == (12, "throughput-out")
    written_gib = 100e6 * 3600 * 730 / 2**30
    stored_gib = 100e6 * 3600 * 12 / 2**30
    assert {line.sku: line.cost for line in bill.lines} == {
        "aws.msk.express.m7g.large": pytest.approx(12 * 730 * 0.408),
        "aws.msk.express-data-in": pytest.approx(written_gib * 0.01),
        "aws.msk.express-storage": pytest.approx(stored_gib * 0.10),
        # clients only: 2/3 written and 3 x 2/3 read, metered twice; replication is free
        "aws.data-transfer.inter-az": pytest.approx(written_gib * (2 / 3 + 2) * 2 * 0.01),
    }


@pytest.mark.parametrize("option", ["field", "variant"])
def test_storage_once_or_three_times(option: str, book: PriceBook, catalogue: Catalogue) -> None:
    load = Workload(ingress="10 MB/s")
    once = lines(LARGE, load, book, catalogue)
    deployment = LARGE.model_copy(update={"storage_copies": 3}) if option == "field" else LARGE
    if option == "variant":
        replicated = {"aws.msk.express.storage_copies": "replicated"}
        catalogue = Catalogue(as_of=book.as_of, variants=replicated)
    thrice = lines(deployment, load, book, catalogue)
    sku = "aws.msk.express-storage"
    assert thrice.pop(sku) == pytest.approx(3 * once.pop(sku))
    assert thrice == once


def test_brokers_come_in_threes(catalogue: Catalogue) -> None:
    # 3 large brokers sustain 46.8 MB/s, of which 0.75 is 35.1
    for rate, brokers in ((0.001, 3), (35.1, 3), (35.2, 6)):
        load = Workload(ingress=f"{rate} MB/s", peak_to_average=1, partitions=100).operands()
        [candidate] = LARGE.candidates(load, catalogue)
        assert candidate.sizing.count == brokers
    # 1,000 partitions recommended for each, three replicas of each
    for partitions, brokers in ((1000, 3), (1001, 6)):
        load = Workload(ingress="1 MB/s", partitions=partitions).operands()
        [candidate] = LARGE.candidates(load, catalogue)
        assert candidate.sizing.count == brokers


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"zones": 2}, "zones: Express brokers need three"),
        ({"zones": 4}, "zones: Express brokers need three"),
        ({"replication_factor": 4}, "replication factor: Express keeps 3 copies"),
        (
            {"ingress": "15.1 MB/s", "partitions": 1},
            "ingress at peak: at most 15 MB/s per partition",
        ),
        ({"partitions": 20_001}, "brokers: at most 60 per cluster"),
    ],
)
def test_infeasible_workloads(
    fields: dict[str, Any], reason: str, book: PriceBook, catalogue: Catalogue
) -> None:
    load = Workload(**{"ingress": "1 MB/s", "peak_to_average": 1, **fields}).operands()
    bill = bill_of(LARGE, load, book, catalogue)
    assert (bill.infeasible, bill.total) == ((reason,), None)


@pytest.mark.parametrize(
    "fields",
    [{"ingress": "15 MB/s", "partitions": 1}, {"partitions": 20_000}, {"replication_factor": 1}],
)
def test_workloads_at_a_limit_are_feasible(
    fields: dict[str, Any], book: PriceBook, catalogue: Catalogue
) -> None:
    load = Workload(**{"ingress": "1 MB/s", "peak_to_average": 1, **fields}).operands()
    assert bill_of(LARGE, load, book, catalogue).infeasible == ()


@pytest.mark.parametrize(
    ("at", "above", "reason"),
    [
        # 3 x 15.6 sustained; 3 x 31.2; 3 x 23.4 and 3 x 58.5 throttled; 3 x 1,500 replicas
        (
            {"ingress": "46.8 MB/s"},
            {"ingress": "46.9 MB/s"},
            "throughput-in: 3 brokers cannot sustain the average",
        ),
        (
            {"ingress": "31.2 MB/s", "fanout": 3},
            {"ingress": "31.3 MB/s", "fanout": 3},
            "throughput-out: 3 brokers cannot sustain the average",
        ),
        (
            {"ingress": "35.1 MB/s", "peak_to_average": 2},
            {"ingress": "35.2 MB/s", "peak_to_average": 2},
            "throughput-in: 3 brokers throttle the peak",
        ),
        (
            {"ingress": "29.25 MB/s", "fanout": 3, "peak_to_average": 2},
            {"ingress": "29.3 MB/s", "fanout": 3, "peak_to_average": 2},
            "throughput-out: 3 brokers throttle the peak",
        ),
        ({"partitions": 1500}, {"partitions": 1501}, "partitions: too many for the brokers"),
    ],
)
def test_a_fixed_cluster(
    at: dict[str, Any], above: dict[str, Any], reason: str, book: PriceBook, catalogue: Catalogue
) -> None:
    three = LARGE.model_copy(update={"brokers": 3})
    base: dict[str, Any] = {"ingress": "1 MB/s", "peak_to_average": 1, "partitions": 100}
    still, not_any_more = (
        bill_of(three, Workload(**{**base, **x}).operands(), book, catalogue) for x in (at, above)
    )
    assert still.infeasible == ()
    assert not_any_more.infeasible == (reason,)
    two = bill_of(
        LARGE.model_copy(update={"brokers": 2}), Workload(**base).operands(), book, catalogue
    )
    assert two.infeasible == (
        "brokers: Express needs at least three",
        "brokers: must be equal in each of three zones",
    )


def test_the_guide_s_example_of_egress(catalogue: Catalogue) -> None:
    # size-and-choose-cluster.md: 100 MB/s read by 5 groups, 500 / 125 = 4, so 6 brokers
    load = Workload(ingress="100 MB/s", fanout=5, peak_to_average=1, partitions=300).operands()
    guide = MskExpress(region="us-east-1", instance="express.m7g.2xlarge")
    [candidate] = guide.candidates(load, catalogue)
    assert candidate.sizing.requirements["throughput-out"] == pytest.approx(4.0)
    assert candidate.sizing.count == 6
    # a utilisation of one's own is that of ingress, too: 100 / 62.5 / 0.25 = 6.4
    own = guide.model_copy(update={"utilisation": 0.25})
    [candidate] = own.candidates(load, catalogue)
    assert candidate.sizing.requirements["throughput-in"] == pytest.approx(6.4)
    assert candidate.sizing.requirements["throughput-out"] == pytest.approx(4.0)


def test_connections_require_brokers(book: PriceBook, catalogue: Catalogue) -> None:
    # https://docs.aws.amazon.com/msk/latest/developerguide/limits.html: 3,000 with IAM
    for connections, brokers in ((9_000, 3), (9_001, 6), (50_000, 18)):
        load = Workload(ingress="1 MB/s", connections=connections).operands()
        bill = bill_of(LARGE, load, book, catalogue)
        assert (bill.sizing.count, bill.infeasible) == (brokers, ())
    three = LARGE.model_copy(update={"brokers": 3})
    assert bill_of(three, load, book, catalogue).infeasible == (
        "connections: at most 3,000 per broker (MSK quota with IAM)",
    )


@pytest.mark.parametrize("name", ["bare", "akalculator"])
def test_without_a_margin(name: str, book: PriceBook) -> None:
    catalogue = Catalogue(as_of=book.as_of, assumptions=name)
    load = Workload(ingress="46.8 MB/s", peak_to_average=1, partitions=100).operands()
    [candidate] = LARGE.candidates(load, catalogue)
    assert candidate.sizing.requirements["throughput-in"] == pytest.approx(3.0)
    load = Workload(ingress="1 MB/s", connections=1_000_000).operands()
    [candidate] = LARGE.candidates(load, catalogue)  # connections are not sized
    assert candidate.sizing.count == 3


def test_the_cheapest_size_wins(book: PriceBook, catalogue: Catalogue) -> None:
    # the same rate per MB/s in every size, so the least rounding wins: 3 large for little traffic
    load = Workload(ingress="1 MB/s", partitions=30).operands()
    bill = bill_of(MskExpress(region="us-east-1"), load, book, catalogue)
    assert bill.sizing.details["instance"] == "express.m7g.large"
