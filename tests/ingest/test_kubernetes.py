"""Clusters on Kubernetes: Strimzi, Confluent for Kubernetes and Redpanda."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kafkatco import PriceBook, Workload
from kafkatco.costing.bill import bill_of
from kafkatco.deployments import KINDS
from kafkatco.errors import InputError
from kafkatco.ingest.kubernetes import quantity
from kafkatco.ingest.node import Node
from kafkatco.ingest.readings import Findings
from kafkatco.ingest.workload import traffic_of
from support.ingest import read

DATA = Path(__file__).parents[1] / "data" / "ingest"
GIB = 2**30
SELECTOR = {
    "topology.kubernetes.io/region": "us-east-1",
    "node.kubernetes.io/instance-type": "m7g.large",
}


def of_file(name: str) -> Findings:
    return read(name, (DATA / name).read_text(encoding="utf-8"))


def stated(found: Findings) -> dict[str, float]:
    return {one.quantity: one.value for one in found.readings}


def strimzi(kind: str, name: str, spec: Any, **labels: str) -> dict[str, Any]:
    metadata = {"name": name, "labels": {"strimzi.io/cluster": "c", **labels}}
    return {"apiVersion": "kafka.strimzi.io/v1", "kind": kind, "metadata": metadata, "spec": spec}


def pool(name: str = "b", **spec: Any) -> dict[str, Any]:
    storage = {"type": "persistent-claim", "size": "10Gi"}
    base = {"replicas": 3, "roles": ["broker"], "storage": storage}
    return strimzi("KafkaNodePool", name, {**base, **spec})


def listed(*items: Any) -> dict[str, Any]:
    """Return resources as ``kubectl get -o json`` prints them."""
    return {"apiVersion": "v1", "kind": "List", "items": list(items)}


def test_a_cluster_of_strimzi() -> None:
    found = of_file("strimzi.yaml")
    [one] = found.resources
    assert (one.kind, one.name, one.when, one.where) == ("self-hosted", "orders", "now", "1")
    assert one.fields == {
        "kubernetes": True,
        "cloud": "aws",
        "region": "ap-northeast-2",
        "instance": "m5.2xlarge",
        "brokers": 3,
        "volume": "gp3",
        "disk_minimum": "1500 GiB",  # 3 x (300 + 200)
        "controllers": 3,
    }
    assert one.missing == ()
    assert one.extra == {"storage_classes": ["gp3"], "cpu": "7", "memory": "28Gi"}
    assert [item.name for item in found.unknown] == ["KafkaConnect sinks", "cruiseControl orders"]
    assert stated(found) == {
        "replication_factor": 3.0,
        "retention": 48.0,
        "disk_bytes": 1500 * GIB,
        "topics": 2.0,
        "partitions": 24 + 12,
        "partition_replicas": 24 * 3 + 12 * 2,
    }
    assert {reading.cluster for reading in found.readings} == {"orders"}


def test_the_bill_of_a_cluster_of_strimzi() -> None:
    [one] = of_file("strimzi.yaml").resources
    model = KINDS[one.kind](name=one.name, **one.fields)
    book = PriceBook("list", as_of="2025-10-31")
    load = Workload(ingress="1 MiB/s", retention="48 hours", fanout=1).operands()
    bill = bill_of(model, load, book, book.catalogue())
    assert bill.infeasible == ()
    costs: dict[str, float] = {}
    for line in bill.lines:
        costs[line.sku] = costs.get(line.sku, 0.0) + line.cost
    # Seoul, 2025-10-31: three brokers, three controllers of 64 GiB, 1500 GiB, and EKS
    assert costs["aws.ec2.m5.2xlarge"] == pytest.approx(3 * 730 * 0.472)
    assert costs["aws.ec2.m7g.large"] == pytest.approx(3 * 730 * 0.1003)
    assert costs["aws.ebs.gp3.storage"] == pytest.approx((1500 + 3 * 64) * 0.0912)
    assert costs["aws.eks.cluster"] == pytest.approx(730 * 0.1)


def test_what_the_cluster_states_is_in_the_workload() -> None:
    traffic = traffic_of(of_file("strimzi.yaml"))
    fields = traffic.fields()
    assert fields["partitions"] == 36
    assert fields["retention"] == "48 h"
    assert fields["replication_factor"] == 3


def test_pools_add_up_and_dual_roles_need_no_controllers() -> None:
    jbod = [{"type": "persistent-claim", "size": "1Ti"}, {"type": "persistent-claim", "size": "1T"}]
    found = read(
        "c.json",
        listed(
            strimzi("Kafka", "c", {"kafka": {"tieredStorage": {"type": "custom"}}}),
            pool("a", replicas=2, roles=["controller", "broker"]),
            pool("b", replicas=4, storage={"type": "jbod", "volumes": jbod}),
        ),
    )
    [one] = found.resources
    assert one.fields["brokers"] == 2 + 4
    assert one.fields["controllers"] == 0
    assert one.fields["tiered"] is True
    assert stated(found)["disk_bytes"] == 2 * 10 * GIB + 4 * (2**40 + 10**12)
    assert one.fields["disk_minimum"] == f"{2 * 10 * GIB + 4 * (2**40 + 10**12)} B"
    assert [text.partition(":")[0] for text in one.missing] == [
        "region",
        "cloud",
        "volume",
        "instance",
    ]


def test_a_cluster_before_kraft() -> None:
    storage = {"type": "persistent-claim", "size": "100Gi", "class": "managed-csi-premium"}
    kafka = {"replicas": 3, "storage": storage, "config": {"log.retention.ms": 3_600_000}}
    old = strimzi("Kafka", "c", {"kafka": kafka, "zookeeper": {"replicas": 3}})
    old["apiVersion"] = "kafka.strimzi.io/v1beta2"
    found = read("c.json", old)
    [one] = found.resources
    assert one.fields["controllers"] == 3
    assert (one.fields["cloud"], one.fields["volume"]) == ("azure", "premium-ssd")
    assert "ZooKeeper: its nodes are in the cost as KRaft controllers" in one.missing
    assert stated(found)["retention"] == 1.0


def test_parts_in_another_file_are_said() -> None:
    alone = read("c.json", strimzi("Kafka", "c", {"kafka": {"version": "4.1.0"}}))
    assert alone.resources == ()
    assert alone.warnings == ("c: its node pools are in another file; join the two into one",)
    pools = read("p.json", pool())
    assert "Kafka is in another file" in pools.resources[0].missing[0]


def test_volumes_that_are_no_claims_are_said() -> None:
    [one] = read("p.json", pool(storage={"type": "ephemeral"})).resources
    assert "disk_minimum" not in one.fields
    assert "volume: the storage is of the type 'ephemeral'" in one.missing


@pytest.mark.parametrize(
    "template",
    [
        {"nodeSelector": SELECTOR},
        {
            "matchExpressions": [
                {"key": key, "operator": "In", "values": [value]} for key, value in SELECTOR.items()
            ]
        },
    ],
)
def test_machines_are_read_from_selectors_and_affinity(template: dict[str, Any]) -> None:
    [one] = read("p.json", pool(template={"pod": {"x": [template]}})).resources
    assert one.fields["instance"] == "m7g.large"
    assert (one.fields["cloud"], one.fields["region"]) == ("aws", "us-east-1")
    KINDS[one.kind](**one.fields)


def test_machines_of_several_types_are_a_choice_and_of_several_regions_none() -> None:
    terms = [
        {"key": key, "operator": "In", "values": values}
        for key, values in (
            ("node.kubernetes.io/instance-type", ["m7g.xlarge", "m7g.large"]),
            ("topology.kubernetes.io/region", ["us-east-1", "us-west-2"]),
        )
    ]
    refused = {
        "key": "node.kubernetes.io/instance-type",
        "operator": "NotIn",
        "values": ["m5.large"],
    }
    [one] = read("p.json", pool(template=[*terms, refused])).resources
    assert one.fields["instance"] == ["m7g.large", "m7g.xlarge"]
    assert "region" not in one.fields
    assert one.fields["cloud"] == "aws"


def test_a_cluster_of_confluent_for_kubernetes() -> None:
    found = of_file("confluent-kubernetes.yaml")
    [one] = found.resources
    assert one.fields == {
        "kubernetes": True,
        "cloud": "gcp",
        "volume": "pd-ssd",
        "brokers": 4,
        "disk_minimum": "400 GiB",
        "controllers": 3,
        "tiered": True,
    }
    assert one.missing[0] == "the licence of Confluent Platform is not in the cost"
    assert "cloud: read from the usual name of a storage class, premium-rwo" in one.missing
    assert [item.name for item in found.unknown] == ["SchemaRegistry registry"]
    assert stated(found) == {"disk_bytes": 400 * GIB, "retention": 1.5, "replication_factor": 3.0}
    KINDS[one.kind](region="asia-northeast3", **one.fields)


def test_controllers_of_confluent_are_those_of_the_cluster() -> None:
    def of_confluent(kind: str, name: str, **spec: Any) -> dict[str, Any]:
        base = {"replicas": 3, "dataVolumeCapacity": "10Gi"}
        return {
            "apiVersion": "platform.confluent.io/v1beta1",
            "kind": kind,
            "metadata": {"name": name},
            "spec": {**base, **spec},
        }

    refers = {"dependencies": {"kRaftController": {"clusterRef": {"name": "k2"}}}}
    found = read(
        "c.json",
        listed(
            of_confluent("KRaftController", "k1", replicas=3),
            of_confluent("KRaftController", "k2", replicas=5),
            of_confluent("Kafka", "a", **refers),
            of_confluent("Kafka", "b"),
        ),
    )
    assert [one.fields["controllers"] for one in found.resources] == [5, 0]
    assert "controllers: they are in another file, if there are any" in found.resources[1].missing
    old = read("c.json", listed(of_confluent("Zookeeper", "z"), of_confluent("Kafka", "a")))
    assert old.resources[0].fields["controllers"] == 3


def test_a_cluster_of_redpanda() -> None:
    found = of_file("redpanda.yaml")
    [one] = found.resources
    assert one.fields == {
        "kubernetes": True,
        "cloud": "aws",
        "region": "us-east-1",
        "instance": "m7g.2xlarge",
        "brokers": 3,
        "volume": "gp3",
        "disk_minimum": "3072 GiB",
        "controllers": 0,
        "tiered": True,
    }
    assert "Redpanda's licence is not in it" in one.missing[0]
    assert stated(found) == {"disk_bytes": 3072 * GIB, "retention": 72.0, "replication_factor": 3.0}
    KINDS[one.kind](**one.fields)


def test_a_cluster_of_redpanda_with_defaults_says_what_it_does_not_state() -> None:
    bare = {
        "apiVersion": "cluster.redpanda.com/v1alpha2",
        "kind": "Redpanda",
        "metadata": {"name": "r"},
        "spec": {},
    }
    [one] = read("r.json", bare).resources
    assert one.fields == {"kubernetes": True, "controllers": 0}
    assert "brokers: their number is not stated" in one.missing
    assert "disk_minimum: the size of the volumes is not stated" in one.missing


def test_resources_of_another_operator_in_the_file_are_listed() -> None:
    redpanda = {"apiVersion": "cluster.redpanda.com/v1alpha2", "kind": "Redpanda"}
    other = {**redpanda, "metadata": {"name": "r"}, "spec": {}}
    found = read("a.json", listed(pool(), other))
    assert [one.name for one in found.resources] == ["r"]
    assert [one.name for one in found.unknown] == ["KafkaNodePool b"]


def test_all_problems_come_at_once() -> None:
    other = pool("other", replicas=-1)
    other["metadata"]["labels"] = {"strimzi.io/cluster": "d"}
    with pytest.raises(InputError) as caught:
        read("a.json", listed(pool(roles=[]), other))
    assert len(caught.value.problems) == 2


@given(st.integers(0, 10**6), st.sampled_from(["", "k", "M", "G", "T", "Ki", "Mi", "Gi", "Ti"]))
def test_a_quantity_is_its_number_times_its_suffix(count: int, suffix: str) -> None:
    base = 1024 if suffix.endswith("i") else 1000
    power = "kMGT".find(suffix[:1].replace("K", "k")) + 1 if suffix else 0
    assert quantity(Node(f"{count}{suffix}")) == count * base**power


@pytest.mark.parametrize(
    "text", ["", "ten", "10Gib", "10 Gi", "-1Gi", "1e400", "1e300Ei", True, []]
)
def test_what_is_no_quantity_is_refused(text: Any) -> None:
    with pytest.raises(InputError, match="a quantity of Kubernetes"):
        quantity(Node(text))


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"replicas": None}, "spec.replicas: required field"),
        ({"replicas": "three"}, "spec.replicas: got 'three'; expected a number"),
        ({"replicas": -1}, "expected a number of pods"),
        ({"replicas": 1.5}, "expected a number of pods"),
        ({"roles": []}, "a list of 'broker' and 'controller'"),
        ({"roles": "broker"}, "expected a list"),
        ({"roles": ["boss"]}, "a list of 'broker' and 'controller'"),
        ({"storage": None}, "spec.storage: required field"),
        ({"storage": "10Gi"}, "expected a record"),
        ({"storage": {"type": "jbod"}}, "spec.storage.volumes: required field"),
        ({"storage": {"type": "persistent-claim", "size": "big"}}, "a quantity of Kubernetes"),
        ({"resources": {"requests": {"cpu": "many"}}}, "a quantity of Kubernetes"),
    ],
)
def test_a_corrupted_pool_ends_in_one_message(change: dict[str, Any], sentence: str) -> None:
    with pytest.raises(InputError) as caught:
        read("pool.json", pool(**change))
    assert len(caught.value.problems) == 1
    assert sentence in str(caught.value)
    assert str(caught.value).startswith("pool.json")


def test_a_pool_without_a_cluster_is_refused() -> None:
    lost = pool()
    del lost["metadata"]["labels"]
    with pytest.raises(InputError, match=r"metadata.labels: required field"):
        read("pool.json", lost)


def test_malicious_yaml_is_refused() -> None:
    bomb = "a: &a [x, x]\n" + "".join(
        f"{chr(98 + n)}: &{chr(98 + n)} [*{chr(97 + n)}, *{chr(97 + n)}]\n" for n in range(20)
    )
    head = "apiVersion: kafka.strimzi.io/v1\nkind: Kafka\nmetadata: {name: c}\n"
    with pytest.raises(InputError, match="YAML with aliases"):
        read("bomb.yaml", head + bomb)
    with pytest.raises(InputError, match=r"nested too deep|not valid YAML"):
        read("deep.yaml", head + "spec: " + "[" * 100_000)
    with pytest.raises(InputError, match="not valid YAML"):
        read("tag.yaml", head + "spec: !!python/object/apply:os.getcwd []\n")


def test_yaml_and_json_are_the_same() -> None:
    text = json.dumps(pool())
    assert [dict(one.fields) for one in read("p.yaml", text).resources] == [
        dict(one.fields) for one in read("p.json", text).resources
    ]
