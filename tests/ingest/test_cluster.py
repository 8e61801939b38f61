"""One cluster from several files: what belongs together, and what does not agree."""

from __future__ import annotations

import dataclasses

import pytest

from kafkatco.errors import InputError
from kafkatco.i18n.message import verbatim
from kafkatco.ingest.cluster import cluster_of
from kafkatco.ingest.readings import Findings, Reading, Resource, Unknown

#: 2026-10-01 [s].
DATED = 1_790_812_800.0
INGRESS = Reading("ingress", 2e6, source="cw.json", cluster="orders")
MSK = Resource(
    "msk-standard",
    {"region": "us-east-1", "instance": "kafka.m7g.large"},
    "orders",
    provider_id="arn:aws:kafka:orders",
    source="clusters.json",
    where="ClusterInfoList[0]",
    dated=DATED,
)


def found(*items: Reading | Resource) -> Findings:
    readings = tuple(one for one in items if isinstance(one, Reading))
    return Findings(
        readings=readings, resources=tuple(one for one in items if isinstance(one, Resource))
    )


def named(item: Reading, cluster: str) -> Reading:
    return dataclasses.replace(item, cluster=cluster)


def refused(findings: Findings, name: str = "") -> str:
    with pytest.raises(InputError) as caught:
        cluster_of(findings, name=name)
    return str(caught.value)


@pytest.mark.parametrize("metrics", ["orders", "arn:aws:kafka:orders", ""])
def test_metrics_belong_to_the_resource_by_name_by_identifier_or_alone(metrics: str) -> None:
    one = cluster_of(found(named(INGRESS, metrics), MSK))
    assert one.name == "orders"
    assert one.running == MSK
    assert one.traffic.fields() == {"ingress": "2 MB/s"}
    assert one.where == "clusters.json ClusterInfoList[0]"
    assert one.told == ()


def test_metrics_without_inventory_and_inventory_without_metrics() -> None:
    alone = cluster_of(found(INGRESS))
    assert (alone.name, alone.running, alone.where) == ("orders", None, "")
    inventory = cluster_of(found(MSK))
    assert inventory.running == MSK
    assert "ingress" in inventory.traffic.missing


def test_several_clusters_must_be_chosen() -> None:
    both = found(INGRESS, named(INGRESS, "clicks"))
    assert "choose one with --cluster: clicks, orders" in refused(both)
    assert cluster_of(both, name="clicks").name == "clicks"
    assert "Did you mean 'orders'" in refused(both, "order")


def test_the_cluster_that_has_both_is_meant() -> None:
    other = dataclasses.replace(MSK, name="idle", provider_id="arn:aws:kafka:idle")
    assert cluster_of(found(INGRESS, MSK, other)).running == MSK


def test_metrics_of_one_cluster_and_the_inventory_of_another() -> None:
    message = refused(found(named(INGRESS, "clicks"), MSK))
    assert "metrics are of clicks, but the inventory is of orders" in message
    chosen = cluster_of(found(named(INGRESS, "clicks"), MSK), name="orders")
    assert chosen.running == MSK
    assert chosen.traffic.fields() == {}  # the metrics are of the other


def test_two_files_with_different_numbers_are_told() -> None:
    # 2 MB/s and 3 MB/s: a half more, above the quarter from which it is told
    other = dataclasses.replace(INGRESS, value=3e6, source="prometheus.json")
    told = cluster_of(found(INGRESS, other)).told
    assert any("2 MB/s in cw.json" in text and "3 MB/s in prometheus.json" in text for text in told)


def test_files_that_describe_one_cluster_are_joined() -> None:
    nodes = dataclasses.replace(MSK, fields={"region": "us-east-1", "brokers": 6}, source="n.json")
    one = cluster_of(found(INGRESS, MSK, nodes))
    assert one.running is not None
    assert one.running.fields == {
        "region": "us-east-1",
        "instance": "kafka.m7g.large",
        "brokers": 6,
    }


def test_what_runs_comes_before_what_is_planned() -> None:
    before = dataclasses.replace(MSK, when="before")
    after = dataclasses.replace(MSK, when="after", fields={"region": "us-east-1", "brokers": 6})
    assert cluster_of(found(INGRESS, after, before)).running == before
    assert cluster_of(found(INGRESS, after)).running == after


def test_what_is_missing_and_what_is_not_read_are_told() -> None:
    lacking = dataclasses.replace(MSK, missing=(verbatim("no size of the disks"),))
    findings = found(INGRESS, lacking) + Findings(unknown=(Unknown("aws_sqs_queue", "plan.json"),))
    told = cluster_of(findings).told
    assert "orders: no size of the disks" in told
    assert "not read: aws_sqs_queue (plan.json)" in told
