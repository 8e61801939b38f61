"""Services next to MSK: Connect, Replicator, Glue and private connectivity.

Prices are those of us-east-1 on 2025-10-31 (pricing/list/aws), which https://aws.amazon.com/msk/
pricing/ has; how many tasks and workers there are is pricing/capacity/own-services.csv.
"""

from typing import Any

import pytest

from kafkatco import (
    Catalogue,
    InputError,
    MskExpress,
    MskServerless,
    MskStandard,
    PriceBook,
    Workload,
)
from kafkatco.costing.bill import bill_of
from kafkatco.deployments.msk_cluster import MskCluster
from kafkatco.sizing.workload import Operands

STANDARD = MskStandard(region="us-east-1", instance="kafka.m7g.large")
EXPRESS = MskExpress(region="us-east-1", instance="express.m7g.large")
SERVERLESS = MskServerless(region="us-east-1")
EACH = pytest.mark.parametrize("deployment", [STANDARD, EXPRESS, SERVERLESS], ids=lambda x: x.kind)
WITH_BROKERS = pytest.mark.parametrize("deployment", [STANDARD, EXPRESS], ids=lambda x: x.kind)
MB_MONTH_GIB = 1e6 * 3600 * 730 / 2**30  # 1 MB/s for a month


def near(value: float) -> Any:
    return pytest.approx(value, rel=1e-9)


def steady(**fields: Any) -> Operands:
    base = {"ingress": "1 MB/s", "peak_to_average": 1, "retention": "1 h"}
    return Workload(**{**base, **fields}).operands()


def costs(
    deployment: MskCluster, load: Operands, book: PriceBook, catalogue: Catalogue
) -> dict[str, float]:
    by_sku: dict[str, float] = {}
    for line in bill_of(deployment, load, book, catalogue).lines:
        by_sku[line.sku] = by_sku.get(line.sku, 0.0) + line.cost
    return by_sku


def added(
    deployment: MskCluster, plain: Operands, other: Operands, book: PriceBook, catalogue: Catalogue
) -> dict[str, float]:
    """Return the lines that ``other`` has and ``plain`` does not; all others are the same."""
    before, after = (costs(deployment, x, book, catalogue) for x in (plain, other))
    assert {sku: after[sku] for sku in before} == before
    return {sku: cost for sku, cost in after.items() if sku not in before}


@EACH
@pytest.mark.parametrize(("tasks", "mcus"), [(1, 1), (2, 1), (3, 2), (7, 4), (8, 4)])
def test_connect_runs_two_tasks_a_unit(
    deployment: MskCluster, tasks: int, mcus: int, book: PriceBook, catalogue: Catalogue
) -> None:
    by_sku = added(deployment, steady(), steady(connector_tasks=tasks), book, catalogue)
    assert by_sku == {"aws.msk.connect.mcu": near(mcus * 730 * 0.11)}


@EACH
@pytest.mark.parametrize("regions", [1, 2])
def test_a_replicator_for_each_region_and_bytes_between_regions(
    deployment: MskCluster, regions: int, book: PriceBook, catalogue: Catalogue
) -> None:
    by_sku = added(deployment, steady(), steady(replica_regions=regions), book, catalogue)
    # https://docs.aws.amazon.com/msk/latest/developerguide/msk-replicator-prepare-clusters.html
    private = {
        "aws.msk.private-connectivity": near(730 * 0.0225),
        "aws.msk.private-connectivity-data": near(regions * MB_MONTH_GIB * 0.006),
    }
    assert by_sku == {
        "aws.msk.replicator": near(regions * 730 * 0.30),
        "aws.msk.replicator-data-cross-region": near(regions * MB_MONTH_GIB * 0.08),
        "aws.data-transfer.inter-region": near(regions * MB_MONTH_GIB * 0.02),
        **({} if deployment is SERVERLESS else private),
    }


@WITH_BROKERS
def test_the_replicator_shares_the_scheme_of_clients(
    deployment: MskCluster, book: PriceBook, catalogue: Catalogue
) -> None:
    fields = {"private_connectivity": 2, "private_traffic": 0.5}
    shared = deployment.model_copy(update=fields)
    by_sku = costs(shared, steady(fanout=1, replica_regions=1), book, catalogue)
    assert by_sku["aws.msk.private-connectivity"] == near(2 * 730 * 0.0225)
    # half of what is written and read by clients, and a copy
    assert by_sku["aws.msk.private-connectivity-data"] == near((0.5 * 2 + 1) * MB_MONTH_GIB * 0.006)


@EACH
def test_between_the_eastern_regions_a_byte_costs_half(
    deployment: MskCluster, book: PriceBook, catalogue: Catalogue
) -> None:
    # 0.01 a GiB between us-east-1 and us-east-2, and 0.02 to any other region
    for target, sku, price in (
        ("us-east-2", "aws.data-transfer.inter-region-us-east", 0.01),
        ("eu-west-1", "aws.data-transfer.inter-region", 0.02),
    ):
        named = deployment.model_copy(update={"replica_region": target})
        by_sku = added(named, steady(), steady(replica_regions=1), book, catalogue)
        sent = {name: cost for name, cost in by_sku.items() if "data-transfer" in name}
        assert sent == {sku: near(MB_MONTH_GIB * price)}


@EACH
def test_copies_in_the_same_region_stay_in_it(
    deployment: MskCluster, book: PriceBook, catalogue: Catalogue
) -> None:
    same = deployment.model_copy(update={"replica_region": "us-east-1"})
    assert added(same, steady(), steady(replica_regions=1), book, catalogue) == {
        "aws.msk.replicator": near(730 * 0.30),
        "aws.msk.replicator-data-same-region": near(MB_MONTH_GIB * 0.08),
    }


def test_copies_stay_on_aws() -> None:
    with pytest.raises(InputError, match="'eastus' is one of azure"):
        MskExpress(region="us-east-1", replica_region="eastus")


def test_the_smallest_broker_replicates_only_in_its_region(
    book: PriceBook, catalogue: Catalogue
) -> None:
    load = steady(ingress="1 kB/s", replica_regions=1)
    small = MskStandard(region="us-east-1", instance="kafka.t3.small")
    assert bill_of(small, load, book, catalogue).infeasible == (
        "private connectivity: not with kafka.t3.small",
    )
    same = small.replace(replica_region="us-east-1")
    assert bill_of(same, load, book, catalogue).infeasible == ()


@EACH
def test_the_units_of_connect_may_be_given(
    deployment: MskCluster, book: PriceBook, catalogue: Catalogue
) -> None:
    own = deployment.model_copy(update={"connect_mcus": 8})
    by_sku = added(own, steady(), steady(connector_tasks=2), book, catalogue)
    assert by_sku == {"aws.msk.connect.mcu": near(8 * 730 * 0.11)}


@EACH
def test_a_field_of_a_service_that_is_not_used_is_said(
    deployment: MskCluster, book: PriceBook, catalogue: Catalogue
) -> None:
    own = deployment.model_copy(update={"connect_mcus": 8, "replica_region": "us-east-2"})
    idle, used = (
        bill_of(own, load, book, catalogue)
        for load in (steady(), steady(connector_tasks=1, replica_regions=1))
    )
    unused = {
        "connect_mcus has no effect without connector_tasks",
        "replica_region has no effect without replica_regions",
    }
    assert unused <= {str(note) for note in idle.notes}
    assert not unused & {str(note) for note in used.notes}
    plain = bill_of(deployment, steady(), book, catalogue)
    assert [x.cost for x in idle.lines] == [x.cost for x in plain.lines]


@pytest.mark.parametrize(
    ("rate", "peak", "replicators"),
    [(0, 1, 1), (1000, 1, 1), (1001, 1, 2), (500, 2, 1), (501, 2, 2)],
)
def test_a_replicator_takes_a_gigabyte_a_second_at_peak(
    rate: int, peak: float, replicators: int, catalogue: Catalogue
) -> None:
    load = steady(ingress=f"{rate} MB/s", peak_to_average=peak, replica_regions=2)
    [hours] = [x for x in EXPRESS.replicas(load, catalogue) if x.sku == "aws.msk.replicator"]
    assert hours.quantity == near(2 * replicators * 730)


@EACH
def test_glue_s_schema_registry_is_free(
    deployment: MskCluster, book: PriceBook, catalogue: Catalogue
) -> None:
    # https://docs.aws.amazon.com/glue/latest/dg/schema-registry.html
    assert added(deployment, steady(), steady(schema_registry=True), book, catalogue) == {}


@EACH
@pytest.mark.parametrize(("units", "nodes"), [(0.5, 1), (2, 1), (3, 2)])
def test_streams_are_processed_on_self_managed_nodes(
    deployment: MskCluster, units: float, nodes: int, book: PriceBook, catalogue: Catalogue
) -> None:
    # m7g.large: 2 vCPUs of a unit each, 0.0816 USD an hour
    by_sku = added(deployment, steady(), steady(stream_processing_units=units), book, catalogue)
    assert by_sku == {"aws.ec2.m7g.large": near(nodes * 730 * 0.0816)}


def test_self_managed_nodes_may_be_of_another_type(book: PriceBook, catalogue: Catalogue) -> None:
    # t3.xlarge: 4 vCPUs, 0.1664 USD an hour
    deployment = MskServerless(region="us-east-1", service_instance="t3.xlarge")
    by_sku = added(deployment, steady(), steady(stream_processing_units=5), book, catalogue)
    assert by_sku == {"aws.ec2.t3.xlarge": near(2 * 730 * 0.1664)}


def test_serverless_has_only_the_free_metrics(book: PriceBook, catalogue: Catalogue) -> None:
    deployment = MskServerless(region="us-east-1", monitoring="managed")
    assert costs(deployment, steady(), book, catalogue) == costs(
        SERVERLESS, steady(), book, catalogue
    )


@EACH
def test_self_hosted_monitoring_is_two_nodes(
    deployment: MskCluster, book: PriceBook, catalogue: Catalogue
) -> None:
    own = deployment.model_copy(update={"monitoring": "self-hosted"})
    bill = bill_of(own, steady(), book, catalogue)
    assert [x.cost for x in bill.lines if x.component == "monitoring"] == [near(2 * 730 * 0.0816)]


@EACH
def test_a_bill_without_monitoring_mentions_it(deployment: MskCluster) -> None:
    assert "monitoring (not set)" in deployment.not_modelled(steady())
    managed = deployment.model_copy(update={"monitoring": "managed"})
    assert "monitoring (not set)" not in managed.not_modelled(steady())


@WITH_BROKERS
@pytest.mark.parametrize(("schemes", "share"), [(1, 1.0), (2, 0.5)])
def test_private_connectivity_is_billed_by_scheme_and_by_byte(
    deployment: MskCluster, schemes: int, share: float, book: PriceBook, catalogue: Catalogue
) -> None:
    fields = {"private_connectivity": schemes, "private_traffic": share}
    by_sku = costs(deployment.model_copy(update=fields), steady(fanout=3), book, catalogue)
    assert by_sku["aws.msk.private-connectivity"] == near(schemes * 730 * 0.0225)
    # written once and read three times
    assert by_sku["aws.msk.private-connectivity-data"] == near(4 * share * MB_MONTH_GIB * 0.006)


@WITH_BROKERS
def test_without_a_scheme_no_byte_is_private(
    deployment: MskCluster, book: PriceBook, catalogue: Catalogue
) -> None:
    by_sku = costs(
        deployment.model_copy(update={"private_traffic": 1.0}), steady(), book, catalogue
    )
    assert not any(sku.startswith("aws.msk.private") for sku in by_sku)


def test_the_smallest_broker_has_no_private_connectivity(
    book: PriceBook, catalogue: Catalogue
) -> None:
    # https://docs.aws.amazon.com/msk/latest/developerguide/aws-access-mult-vpc.html
    small = MskStandard(region="us-east-1", instance="kafka.t3.small", private_connectivity=1)
    assert bill_of(small, steady(ingress="1 kB/s"), book, catalogue).infeasible == (
        "private connectivity: not with kafka.t3.small",
    )
