"""Services next to MSK: Connect, Replicator, Glue, CloudWatch metrics and private connectivity.

Prices are those of us-east-1 on 2025-10-31 (pricing/list/aws), which https://aws.amazon.com/msk/
pricing/ has; how many tasks, workers and metrics there are is pricing/capacity/own-services.csv.
"""

from typing import Any

import pytest

from kafkatco import Catalogue, MskExpress, MskServerless, MskStandard, PriceBook, Workload
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
    assert by_sku == {
        "aws.msk.replicator": near(regions * 730 * 0.30),
        "aws.msk.replicator-data-cross-region": near(regions * MB_MONTH_GIB * 0.08),
        "aws.data-transfer.inter-region": near(regions * MB_MONTH_GIB * 0.02),
    }


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


@WITH_BROKERS
def test_cloudwatch_keeps_a_hundred_metrics_of_each_broker(
    deployment: MskCluster, book: PriceBook, catalogue: Catalogue
) -> None:
    for clusters in (1, 2):
        fields = {"monitoring": "managed", "clusters": clusters}
        by_sku = costs(deployment.model_copy(update=fields), steady(), book, catalogue)
        assert by_sku["aws.cloudwatch.metric"] == near(clusters * 3 * 100 * 0.30)


def test_many_metrics_are_cheaper_each(book: PriceBook, catalogue: Catalogue) -> None:
    # 102 brokers: 10,000 metrics at 0.30 and 200 at 0.10
    deployment = MskStandard(
        region="us-east-1", instance="kafka.m7g.large", brokers=51, clusters=2, monitoring="managed"
    )
    by_sku = costs(deployment, steady(), book, catalogue)
    assert by_sku["aws.cloudwatch.metric"] == near(10_000 * 0.30 + 200 * 0.10)


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
