"""Redpanda on Kubernetes: the resources ``Redpanda`` and ``Topic`` of its operator.

Of the API ``cluster.redpanda.com``; ``spec.clusterSpec`` has the values of Redpanda's Helm chart:
https://docs.redpanda.com/current/reference/k-redpanda-helm-spec/.
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

GROUP: Final = "cluster.redpanda.com"
#: Its kinds that are read, or that run in the pods of others.
_KNOWN: Final = ("Redpanda", "Topic", "User", "Schema", "RedpandaRole")


def recognises(document: Document) -> bool:
    """Return whether a document has resources of Redpanda's operator."""
    return any(is_of(item, GROUP) for item in manifests(document))


def read(document: Document) -> Findings:
    """Return the clusters of a document."""
    items = list(manifests(document))
    clusters = joined(
        partial(_read_cluster, item) for item in items if is_of(item, GROUP, "Redpanda")
    )
    topics = (
        (
            item.get("spec", "cluster", "clusterRef", "name").text(""),
            item.get("spec", "partitions"),
            item.get("spec", "replicationFactor"),
        )
        for item in items
        if is_of(item, GROUP, "Topic")
    )
    unknown = others(items, GROUP, *_KNOWN)
    return Findings(unknown=unknown) + clusters + Findings(readings=topic_readings(topics))


def _read_cluster(item: Node) -> Findings:
    spec = item["spec"].get("clusterSpec")
    cluster = Cluster(name_of(item), item)
    brokers = cluster.brokers
    if count := spec.get("statefulset", "replicas"):
        brokers.count = replicas(count)
    brokers.on(spec)
    cores = spec.get("resources", "cpu", "cores")
    memory = spec.get("resources", "memory", "container", "max")
    brokers.requesting(
        Node({"requests": {"cpu": cores.value, "memory": memory.value}}, spec.path, spec.source)
    )
    volume = spec.get("storage", "persistentVolume")
    if brokers.count and volume.get("size") and volume.get("enabled").value is not False:
        brokers.with_volume(volume["size"], volume.get("storageClass"), brokers.count)
    tier = spec.get("storage", "tiered", "config")
    cluster.tiered = tier.get("cloud_storage_enabled").value in (True, "true")
    cluster.region = tier.get("cloud_storage_region").text("")
    text = _(
        "the cost is that of Apache Kafka on the same machines; Redpanda's licence is not in it"
    )
    cluster.missing.append(text)
    config = spec.get("config", "cluster")
    return cluster.findings() + Findings(readings=config_readings(config, cluster.name))


READER: Final = Reader("redpanda-kubernetes", _("Redpanda on Kubernetes (YAML)"), recognises, read)
