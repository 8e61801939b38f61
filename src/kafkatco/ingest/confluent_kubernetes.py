"""Confluent for Kubernetes: ``Kafka``, ``KRaftController``, ``Zookeeper`` and ``KafkaTopic``.

Of the API ``platform.confluent.io``: https://docs.confluent.io/operator/current/co-api.html.
"""

from __future__ import annotations

from functools import partial
from typing import Final

from kafkatco.i18n.message import _
from kafkatco.ingest.document import Document
from kafkatco.ingest.kubernetes import (
    Cluster,
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
from kafkatco.ingest.readings import Findings

__all__ = ["READER"]

GROUP: Final = "platform.confluent.io"
#: Its kinds that are read, or that run in the pods of others.
_KNOWN: Final = (
    "Kafka",
    "KRaftController",
    "Zookeeper",
    "KafkaTopic",
    "Connector",
    "ConfluentRolebinding",
    "KafkaRestClass",
    "Schema",
)


def recognises(document: Document) -> bool:
    """Return whether a document has resources of Confluent for Kubernetes."""
    return any(is_of(item, GROUP) for item in manifests(document))


def read(document: Document) -> Findings:
    """Return the clusters of a document."""
    items = list(manifests(document))
    kafkas = [item for item in items if is_of(item, GROUP, "Kafka")]
    clusters = joined(
        partial(_read_cluster, item, items, alone=len(kafkas) == 1) for item in kafkas
    )
    topics = (
        (
            item.get("spec", "kafkaClusterRef", "name").text(""),
            item.get("spec", "partitionCount"),
            item.get("spec", "replicas"),
        )
        for item in items
        if is_of(item, GROUP, "KafkaTopic")
    )
    unknown = others(items, GROUP, *_KNOWN)
    return Findings(unknown=unknown) + clusters + Findings(readings=topic_readings(topics))


def _read_cluster(item: Node, items: list[Node], *, alone: bool) -> Findings:
    spec = item["spec"]
    cluster = Cluster(name_of(item), item)
    brokers = cluster.brokers
    brokers.count = replicas(spec["replicas"])
    brokers.on(spec)
    brokers.requesting(spec.get("podTemplate", "resources"))
    brokers.with_volume(spec["dataVolumeCapacity"], spec.get("storageClass", "name"), brokers.count)
    cluster.missing.append(_("the licence of Confluent Platform is not in the cost"))
    _add_controllers(cluster, spec.get("dependencies"), items, alone=alone)
    config = _overrides(spec.get("configOverrides", "server"))
    cluster.tiered = config.get("confluent.tier.enable").value == "true"
    return cluster.findings() + Findings(readings=config_readings(config, cluster.name))


def _add_controllers(
    cluster: Cluster, dependencies: Node, items: list[Node], *, alone: bool
) -> None:
    """Add the controllers that a cluster refers to, or those of a file with one cluster."""
    name = dependencies.get("kRaftController", "clusterRef", "name").value
    for item in items:
        keeper = is_of(item, GROUP, "Zookeeper")
        if not keeper and not is_of(item, GROUP, "KRaftController"):
            continue
        if name_of(item) == name or (alone and (keeper or name is None)):
            cluster.controllers += replicas(item["spec"]["replicas"])
            if keeper:
                text = _("ZooKeeper: its nodes are in the cost as KRaft controllers")
                cluster.missing.append(text)
    if not cluster.controllers:
        cluster.missing.append(_("controllers: they are in another file, if there are any"))


def _overrides(lines: Node) -> Node:
    """Return the lines ``name=value`` as a record."""
    pairs = [line.text().partition("=") for line in lines.items()] if lines else []
    record = {name.strip(): value.strip() for name, _equals, value in pairs}
    return Node(record, lines.path, lines.source)


READER: Final = Reader(
    "confluent-kubernetes", _("Confluent for Kubernetes (YAML)"), recognises, read
)
