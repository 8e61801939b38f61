"""Strimzi: ``Kafka``, ``KafkaNodePool`` and ``KafkaTopic``, as YAML or as ``kubectl`` prints them.

Of the API ``kafka.strimzi.io``, v1 and v1beta2: https://strimzi.io/docs/operators/latest/configuring.
Node pools belong to the cluster of their label ``strimzi.io/cluster``; a cluster without pools has
its brokers in ``spec.kafka``, as versions before KRaft.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Final

from kafkatco.i18n.message import Message, _
from kafkatco.ingest.document import Document
from kafkatco.ingest.kubernetes import (
    Cluster,
    Nodes,
    config_readings,
    is_of,
    joined,
    manifests,
    name_of,
    others,
    replicas,
    topic_readings,
)
from kafkatco.ingest.node import Node
from kafkatco.ingest.reader import Reader
from kafkatco.ingest.readings import Findings, Unknown

__all__ = ["READER"]

GROUP: Final = "kafka.strimzi.io"
LABEL: Final = "strimzi.io/cluster"
#: Its kinds that are read, or that run in the pods of others.
_KNOWN: Final = (
    "Kafka",
    "KafkaNodePool",
    "KafkaTopic",
    "KafkaUser",
    "KafkaConnector",
    "KafkaRebalance",
)


def recognises(document: Document) -> bool:
    """Return whether a document has a cluster, node pools or topics of Strimzi."""
    return any(is_of(item, GROUP) for item in manifests(document))


def read(document: Document) -> Findings:
    """Return the clusters of a document."""
    items = list(manifests(document))
    kafkas = {name_of(item): item for item in items if is_of(item, GROUP, "Kafka")}
    pools: dict[str, list[Node]] = {}
    for item in items:
        if is_of(item, GROUP, "KafkaNodePool"):
            pools.setdefault(_cluster_of(item), []).append(item)
    nothing = Node(None, "", document.name)
    clusters = joined(
        partial(_read_cluster, name, kafkas.get(name, nothing), pools.get(name, []))
        for name in dict.fromkeys([*kafkas, *pools])
    )
    topics = (
        (_cluster_of(item), item.get("spec", "partitions"), item.get("spec", "replicas"))
        for item in items
        if is_of(item, GROUP, "KafkaTopic")
    )
    unknown = others(items, GROUP, *_KNOWN)
    return Findings(unknown=unknown) + clusters + Findings(readings=topic_readings(topics))


def _cluster_of(item: Node) -> str:
    return item["metadata"]["labels"][LABEL].text()


def _read_cluster(name: str, kafka: Node, pools: list[Node]) -> Findings:
    spec = kafka.get("spec", "kafka")
    described = Findings(
        readings=config_readings(spec.get("config"), name), unknown=tuple(_beside(name, kafka))
    )
    if not pools and not spec.get("replicas"):
        text = _("{name}: its node pools are in another file; join the two into one", name=name)
        return described + Findings(warnings=(text,))
    cluster = Cluster(name, kafka or pools[0], tiered=bool(spec.get("tieredStorage")))
    if not kafka:
        text = _("tiered storage, and replication factor: the resource Kafka is in another file")
        cluster.missing.append(text)
    if pools:
        for pool in pools:
            _add_pool(cluster, pool["spec"])
    else:
        _add_legacy(cluster, kafka["spec"])
    return described + cluster.findings()


def _add_pool(cluster: Cluster, spec: Node) -> None:
    """Add a pool of brokers, controllers or both."""
    count = replicas(spec["replicas"])
    roles = [role.text() for role in spec["roles"].items()]
    if not roles or set(roles) - {"broker", "controller"}:
        raise spec["roles"].wrong(_("a list of 'broker' and 'controller'"))
    if "broker" not in roles:
        cluster.controllers += count
        return
    _add_brokers(cluster.brokers, count, spec, cluster.missing)


def _add_legacy(cluster: Cluster, spec: Node) -> None:
    """Add the brokers of a cluster without node pools, and its ZooKeeper nodes."""
    kafka = spec["kafka"]
    _add_brokers(cluster.brokers, replicas(kafka["replicas"]), kafka, cluster.missing)
    if keepers := spec.get("zookeeper", "replicas"):
        cluster.controllers = replicas(keepers)
        cluster.missing.append(_("ZooKeeper: its nodes are in the cost as KRaft controllers"))


def _add_brokers(brokers: Nodes, count: int, spec: Node, missing: list[Message]) -> None:
    brokers.count = (brokers.count or 0) + count
    brokers.on(spec)
    brokers.requesting(spec.get("resources"))
    for volume in _volumes(spec["storage"]):
        if volume["type"].text() == "persistent-claim":
            brokers.with_volume(volume["size"], volume.get("class"), count)
        else:
            missing.append(
                _("volume: the storage is of the type {type!r}", type=volume["type"].value)
            )


def _volumes(storage: Node) -> Iterator[Node]:
    """Yield the volumes of a pod."""
    if storage["type"].text() == "jbod":
        yield from storage["volumes"].items()
    else:
        yield storage


def _beside(name: str, kafka: Node) -> Iterator[Unknown]:
    """Yield the parts of a cluster that run on pods of their own and that nothing prices."""
    for part in ("cruiseControl", "kafkaExporter"):
        if node := kafka.get("spec", part):
            yield Unknown(f"{part} {name}", node.place)


READER: Final = Reader("strimzi", _("Strimzi's Kafka and KafkaNodePool (YAML)"), recognises, read)
