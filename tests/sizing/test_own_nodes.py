"""Services next to a cluster on each cloud: Connect, registries, streams, mirrors, metrics."""

from typing import Any

import pytest

from kafkatco import (
    Aiven,
    Catalogue,
    GoogleManagedKafka,
    MissingPriceError,
    MskServerless,
    PriceBook,
    SelfHosted,
    Workload,
)
from kafkatco.costing.bill import bill_of
from kafkatco.deployments import Deployment
from support.plain import PLAIN

#: Region, brokers, and the small node of 2 vCPUs with its price an hour; Google takes a fifth off
#: for sustained use.
CLOUDS = {
    "aws": ("us-east-1", "m5.2xlarge", "aws.ec2.m7g.large", 0.0816, 1.0),
    "azure": ("eastus", "D8s_v5", "azure.vm.D2s_v5", 0.096, 1.0),
    "gcp": ("us-central1", "n2-standard-8", "gcp.compute.n2-standard-2", 0.097118, 0.8),
}
EVERY_CLOUD = pytest.mark.parametrize("cloud", CLOUDS)


def cluster(cloud: str = "aws", **changes: Any) -> SelfHosted:
    region, instance, *_ = CLOUDS[cloud]
    fields: dict[str, Any] = {
        "cloud": cloud,
        "region": region,
        "instance": instance,
        "brokers": 3,
        **changes,
    }
    return SelfHosted(**fields)


def light(**changes: Any) -> Workload:
    return Workload(**{"ingress": "1 MB/s", "retention": "1 h", **changes})


def nodes(
    deployment: Deployment, load: Workload, component: str, book: PriceBook, sku: str
) -> float:
    """Return the number of nodes of a sku that run all month for a component."""
    lines = bill_of(deployment, load.operands(), book).lines
    hours = sum(x.quantity for x in lines if (x.component, x.sku) == (component, sku))
    return float(hours) / 730


@EVERY_CLOUD
def test_two_registry_nodes_at_the_price_of_a_small_type(cloud: str, book: PriceBook) -> None:
    _, _, sku, price, share = CLOUDS[cloud]
    lines = bill_of(cluster(cloud), light(schema_registry=True).operands(), book).lines
    [line] = [x for x in lines if x.component == "schema-registry"]
    assert (line.sku, line.cost) == (sku, pytest.approx(2 * 730 * price))
    less = sum(x.cost for x in lines if x.component == "discount" and x.sku == sku)
    assert less == pytest.approx(2 * 730 * price * (share - 1))


@EVERY_CLOUD
@pytest.mark.parametrize("tasks", [1, 4])
def test_connect_has_at_least_two_workers(cloud: str, tasks: int, book: PriceBook) -> None:
    # two tasks a vCPU: a worker of two vCPUs runs four
    sku = CLOUDS[cloud][2]
    assert nodes(cluster(cloud), light(connector_tasks=tasks), "connect", book, sku) == 2


def test_a_hundred_tasks_need_a_worker_for_every_four(book: PriceBook) -> None:
    # an m5.2xlarge has eight vCPUs, for sixteen tasks
    load = light(connector_tasks=100)
    assert nodes(cluster(), load, "connect", book, "aws.ec2.m7g.large") >= 100 / 4
    larger = cluster(service_instance="m5.2xlarge")
    assert 100 / 16 <= nodes(larger, load, "connect", book, "aws.ec2.m5.2xlarge") < 100 / 4


@EVERY_CLOUD
@pytest.mark.parametrize(("units", "count"), [(0.5, 1), (2, 1), (2.1, 2), (4, 2), (5, 3)])
def test_a_vcpu_is_a_unit_of_stream_processing(
    cloud: str, units: float, count: int, book: PriceBook
) -> None:
    sku = CLOUDS[cloud][2]
    load = light(stream_processing_units=units)
    assert nodes(cluster(cloud), load, "stream-processing", book, sku) == count


@pytest.mark.parametrize(
    ("rate", "peak", "regions", "workers"),
    [
        (1.0, 1.0, 1, 2),
        (40.0, 1.0, 1, 2),
        (40.1, 1.0, 1, 3),
        (20.0, 2.0, 1, 2),
        (20.0, 2.1, 1, 3),
        (60.0, 1.0, 2, 6),
    ],
)
def test_mirrors_carry_the_peak_to_each_region(
    rate: float, peak: float, regions: int, workers: int, book: PriceBook
) -> None:
    # 10 MB/s a vCPU, 20 MB/s a worker of two, two workers a region at least
    load = light(ingress=f"{rate} MB/s", peak_to_average=peak, replica_regions=regions)
    nine = cluster(brokers=9)
    assert nodes(nine, load, "connect", book, "aws.ec2.m7g.large") == workers


@pytest.mark.parametrize(
    ("cloud", "sku"),
    [("aws", "aws.data-transfer.inter-region"), ("azure", "azure.bandwidth.inter-region")],
)
def test_every_byte_goes_to_each_region(cloud: str, sku: str, book: PriceBook) -> None:
    load = light(replica_regions=2).operands()
    [line] = [x for x in bill_of(cluster(cloud), load, book).lines if x.sku == sku]
    assert line.cost == pytest.approx(2 * 1e6 * 3600 * 730 / 2**30 * 0.02)


def test_google_s_price_between_regions_must_be_set(book: PriceBook) -> None:
    load = light(replica_regions=1).operands()
    with pytest.raises(MissingPriceError, match=r"no list price of 'gcp\.network\.inter-region'"):
        bill_of(cluster("gcp"), load, book)
    own = PriceBook(
        "list",
        as_of=book.as_of,
        overrides={"gcp.network.inter-region": "0.02 USD/GiB"},
        assumptions=PLAIN,
    )
    [line] = [x for x in bill_of(cluster("gcp"), load, own).lines if x.sku.endswith("inter-region")]
    assert line.cost == pytest.approx(1e6 * 3600 * 730 / 2**30 * 0.02)


def test_the_clusters_of_copies_are_environments() -> None:
    omitted = cluster().not_modelled(light(replica_regions=1).operands())
    assert (
        "the clusters in the replica regions (add an [[environment]] with dr for each)" in omitted
    )


@EVERY_CLOUD
def test_prometheus_and_grafana_are_a_node_each(cloud: str, book: PriceBook) -> None:
    watched = cluster(cloud, monitoring="self-hosted")
    assert nodes(watched, light(), "monitoring", book, CLOUDS[cloud][2]) == 2


@pytest.mark.parametrize(
    ("cloud", "sku", "quantity", "price"),
    [
        ("aws", "aws.cloudwatch.metric", 300.0, 0.30),
        # a sample a minute: 300 x 60 x 730 are 13.14 million
        ("azure", "azure.managed-prometheus.samples", 13.14, 0.016),
        ("gcp", "gcp.managed-prometheus.samples", 13.14, 0.06),
    ],
)
def test_a_metrics_service_has_a_hundred_metrics_per_broker(
    cloud: str, sku: str, quantity: float, price: float, book: PriceBook
) -> None:
    bill = bill_of(cluster(cloud, monitoring="managed"), light().operands(), book)
    [line] = [x for x in bill.lines if x.component == "monitoring"]
    assert (line.sku, line.quantity) == (sku, pytest.approx(quantity))
    assert line.cost == pytest.approx(quantity * price)


def test_metrics_are_tiered(book: PriceBook) -> None:
    # 120 brokers have 12,000 metrics: 10,000 at 0.30, 2,000 at 0.10
    lines = bill_of(cluster(brokers=120, monitoring="managed"), light().operands(), book).lines
    costs = [x.cost for x in lines if x.component == "monitoring"]
    assert costs == pytest.approx([10_000 * 0.30, 2_000 * 0.10])


@pytest.mark.parametrize(
    "deployment",
    [
        MskServerless(region="us-east-1", monitoring="managed"),
        GoogleManagedKafka(region="us-central1", monitoring="managed"),
        Aiven(region="us-east-1", plan="business-4", monitoring="managed"),
    ],
)
def test_monitoring_of_a_managed_service_is_included(
    deployment: Deployment, book: PriceBook
) -> None:
    lines = bill_of(deployment, light(ingress="1 kB/s").operands(), book).lines
    assert [x for x in lines if x.component == "monitoring"] == []


def test_services_next_to_several_clusters_are_billed_once(book: PriceBook) -> None:
    load = light(ingress="30 MB/s", schema_registry=True)
    for clusters in (1, 3):
        several = cluster(clusters=clusters, monitoring="self-hosted")
        for component in ("schema-registry", "monitoring"):
            assert nodes(several, load, component, book, "aws.ec2.m7g.large") == 2


def test_metrics_are_those_of_every_cluster_s_brokers(book: PriceBook) -> None:
    watched = cluster(clusters=3, monitoring="managed")
    [line] = [
        x for x in bill_of(watched, light().operands(), book).lines if x.component == "monitoring"
    ]
    assert line.quantity == 3 * 3 * 100


def test_services_next_to_a_managed_cluster_run_on_nodes_of_its_cloud(book: PriceBook) -> None:
    # two Connect workers of Aiven's cloud
    for cloud, (region, _, sku, _, _) in CLOUDS.items():
        fields: dict[str, Any] = {"cloud": cloud, "region": region, "plan": "business-4"}
        aiven = Aiven(**fields)
        load = light(ingress="1 kB/s", connector_tasks=2)
        assert nodes(aiven, load, "connect", book, sku) == 2


def test_services_are_billed_only_if_the_workload_needs_them(
    book: PriceBook, catalogue: Catalogue
) -> None:
    bill = bill_of(cluster(), light().operands(), book, catalogue)
    assert {x.component for x in bill.lines} == {"compute", "storage", "network"}
