"""What the readers of Kubernetes resources share: manifests, quantities, nodes and clusters.

A manifest names pods and volumes, and seldom the machines and the region below them: these are read
from node selectors and node affinity with the well-known labels, and the cloud from the usual names
of its storage classes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final

from kafkatco.errors import InputError, Problem
from kafkatco.i18n.message import Message, _
from kafkatco.ingest.document import Document
from kafkatco.ingest.node import Node, number
from kafkatco.ingest.readings import Findings, Reading, Resource, Unknown
from kafkatco.sizing.clouds.regions import cloud_of

__all__ = [
    "GROUPS",
    "Cluster",
    "Nodes",
    "config_readings",
    "is_of",
    "joined",
    "manifests",
    "name_of",
    "others",
    "quantity",
    "replicas",
    "topic_readings",
]

#: The API groups that have a reader, each of which reads its own.
GROUPS: Final = ("cluster.redpanda.com", "kafka.strimzi.io", "platform.confluent.io")
#: https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/
_SUFFIXES: Final[Mapping[str, float]] = MappingProxyType(
    {
        "m": 1e-3,
        **{
            letter: 1000.0**power for power, letter in enumerate(("", "k", "M", "G", "T", "P", "E"))
        },
        **{f"{letter}i": 1024.0**power for power, letter in enumerate("KMGTPE", 1)},
    }
)
_QUANTITY: Final = re.compile(r"(?P<number>\d+(\.\d*)?([eE][+-]?\d+)?|\.\d+)(?P<suffix>[A-Za-z]*)")
#: https://kubernetes.io/docs/reference/labels-annotations-taints/
_REGION: Final = "topology.kubernetes.io/region"
_INSTANCE: Final = "node.kubernetes.io/instance-type"
#: The usual names of storage classes on EKS, GKE and AKS, as a cloud and a volume of kafkatco.
_CLASSES: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        "gp2": ("aws", "gp2"),
        "gp3": ("aws", "gp3"),
        "standard-rwo": ("gcp", "pd-balanced"),
        "premium-rwo": ("gcp", "pd-ssd"),
        "managed-csi": ("azure", "standard-ssd"),
        "managed-csi-premium": ("azure", "premium-ssd"),
    }
)


def manifests(document: Document) -> Iterator[Node]:
    """Yield the resources of YAML or JSON, also those in a ``List``, as ``kubectl get`` prints."""
    for node in document.yaml or [document.json]:
        if node.get("kind").value == "List" and node.get("items").is_list():
            yield from node["items"].items()
        elif node.get("kind"):
            yield node


def is_of(node: Node, group: str, *kinds: str) -> bool:
    """Return whether a resource is of an API group, and of one of the kinds, if there are any.

    >>> is_of(Node({"apiVersion": "kafka.strimzi.io/v1", "kind": "Kafka"}), "kafka.strimzi.io")
    True
    """
    version = str(node.get("apiVersion").value)
    return version.startswith(f"{group}/") and (not kinds or node.get("kind").value in kinds)


def name_of(node: Node) -> str:
    """Return the name of a resource."""
    return node["metadata"]["name"].text()


def others(items: Iterable[Node], group: str, *kinds: str) -> tuple[Unknown, ...]:
    """Return the resources that nothing prices: of other kinds, or of another of the groups."""
    return tuple(
        Unknown(f"{item.get('kind').value} {name_of(item)}", item.place)
        for item in items
        if any(is_of(item, one) for one in GROUPS) and not is_of(item, group, *kinds)
    )


def joined(reads: Iterable[Callable[[], Findings]]) -> Findings:
    """Return the findings of several clusters; raise the problems of all of them."""
    found: list[Findings] = []
    problems: list[Problem] = []
    for read in reads:
        try:
            found.append(read())
        except InputError as error:
            problems.extend(error.problems)
    if problems:
        raise InputError("", problems)
    return Findings.join(found)


def quantity(node: Node) -> float:
    """Return a quantity of Kubernetes: bytes, or cores.

    >>> [quantity(Node(text)) for text in ("100Gi", "10G", "500m", 2)]
    [107374182400.0, 10000000000.0, 0.5, 2.0]
    """
    value = node.value
    match = _QUANTITY.fullmatch(value.strip()) if isinstance(value, str) else None
    if match and match["suffix"] in _SUFFIXES:
        value = float(match["number"]) * _SUFFIXES[match["suffix"]]
    result = number(value) if not isinstance(value, str) else None
    if result is None or not 0.0 <= result < 2.0**63:
        raise node.wrong(_("a quantity of Kubernetes, such as '100Gi'"))
    return result


def replicas(node: Node) -> int:
    """Return a number of pods."""
    value = node.number()
    if not 0 <= value < 2**31 or value != int(value):
        raise node.wrong(_("a number of pods"))
    return int(value)


@dataclass(slots=True)
class Nodes:
    """Pods of a cluster with the same role, and their volumes.

    ``disk_bytes`` is the size of the volumes of all of them [B], ``None`` if it is not stated;
    ``classes`` are their storage classes, ``labels`` what the machines must have.
    """

    count: int | None = None
    disk_bytes: float | None = None
    classes: set[str] = field(default_factory=set)
    labels: dict[str, set[str]] = field(default_factory=dict)
    requests: dict[str, str] = field(default_factory=dict)

    def on(self, spec: Node) -> None:
        """Read the labels of machines anywhere in a specification, and what a pod requests."""
        for label, value in _labels(spec.value):
            self.labels.setdefault(label, set()).add(value)

    def requesting(self, resources: Node) -> None:
        """Read the resources that each pod requests."""
        for name in ("cpu", "memory"):
            node = resources.get("requests", name) or resources.get("limits", name)
            if node:
                quantity(node)
                self.requests[name] = str(node.value)

    def with_volume(self, size: Node, storage_class: Node, count: int) -> None:
        """Add a volume of each of ``count`` pods."""
        self.disk_bytes = (self.disk_bytes or 0.0) + quantity(size) * count
        if storage_class:
            self.classes.add(storage_class.text())


def _labels(value: Any) -> Iterator[tuple[str, str]]:
    """Yield the labels of machines that selectors and affinity require, without recursion."""
    values = [value]
    while values:
        item = values.pop()
        if isinstance(item, list):
            values.extend(item)
        elif isinstance(item, dict):
            for key in (_REGION, _INSTANCE):
                if isinstance(item.get(key), str):
                    yield key, item[key]
            names = item.get("values") if item.get("operator") == "In" else None
            if item.get("key") in (_REGION, _INSTANCE) and isinstance(names, list):
                yield from ((item["key"], str(name)) for name in names)
            values.extend(item.values())


@dataclass(slots=True)
class Cluster:
    """A cluster on Kubernetes in the making; :meth:`findings` returns what it is."""

    name: str
    node: Node
    brokers: Nodes = field(default_factory=Nodes)
    controllers: int = 0
    tiered: bool = False
    region: str = ""
    missing: list[Message] = field(default_factory=list)
    extra: dict[str, Any] = field(default_factory=dict)

    def findings(self) -> Findings:
        """Return the cluster as a self-hosted deployment, and the size of its disks."""
        fields: dict[str, Any] = {"kubernetes": True, "controllers": self.controllers}
        missing = list(self.missing)
        self._machines(fields, missing)
        if self.brokers.count:
            fields["brokers"] = self.brokers.count
        else:
            missing.append(_("brokers: their number is not stated"))
        readings: tuple[Reading, ...] = ()
        if self.brokers.disk_bytes is not None:
            fields["disk_minimum"] = _size(self.brokers.disk_bytes)
            query = f"volumes of {self.name}"
            reading = Reading(
                "disk_bytes",
                self.brokers.disk_bytes,
                source=self.node.source,
                query=query,
                cluster=self.name,
            )
            readings = (reading,)
        else:
            missing.append(_("disk_minimum: the size of the volumes is not stated"))
        if self.tiered:
            fields["tiered"] = True
        resource = Resource(
            "self-hosted",
            fields,
            self.name,
            source=self.node.source,
            where=self.node.path,
            missing=tuple(missing),
            extra={**self.extra, **self.brokers.requests},
        )
        return Findings(readings=readings, resources=(resource,))

    def _machines(self, fields: dict[str, Any], missing: list[Message]) -> None:
        """Set the cloud, region, type of machine and volume, as far as they are stated."""
        labels, classes = self.brokers.labels, self.brokers.classes
        regions = {self.region} - {""} or labels.get(_REGION, set())
        usual = {_CLASSES[name] for name in classes if name in _CLASSES}
        if classes:
            self.extra["storage_classes"] = sorted(classes)
        if len(regions) == 1:
            fields["region"] = next(iter(regions))
        else:
            missing.append(_("region: no label of the machines states it"))
        clouds = {cloud_of(region) for region in regions} - {""}
        if not clouds and len(clouds := {cloud for cloud, _volume in usual}) == 1:
            names = ", ".join(sorted(classes))
            text = _("cloud: read from the usual name of a storage class, {names}", names=names)
            missing.append(text)
        if len(clouds) == 1:
            fields["cloud"] = next(iter(clouds))
        else:
            missing.append(_("cloud: neither a region nor a storage class states it"))
        volumes = {volume for cloud, volume in usual if {cloud} == clouds}
        if len(volumes) == 1 and len(usual) == len(classes):
            fields["volume"] = next(iter(volumes))
        else:
            missing.append(_("volume: no storage class with a usual name states it"))
        if types := sorted(labels.get(_INSTANCE, ())):
            fields["instance"] = types[0] if len(types) == 1 else types
        else:
            missing.append(_("instance: no label of the machines states their type"))


def _size(size: float) -> str:
    """Return a size that a field reads: in GiB or GB, if it is whole, or in bytes.

    >>> [_size(100 * 2.0**30), _size(30e9), _size(1500.0)]
    ['100 GiB', '30 GB', '1500 B']
    """
    for unit, each in (("GiB", 1024.0**3), ("GB", 1e9)):
        if size % each == 0.0:
            return f"{size / each:.0f} {unit}"
    return f"{size:.0f} B"


#: Each name of retention in a broker's configuration, as units of an hour; the first one counts.
_RETENTION: Final = (
    ("log.retention.ms", 3.6e6),
    ("log_retention_ms", 3.6e6),
    ("log.retention.minutes", 60.0),
    ("log.retention.hours", 1.0),
)
_COPIES: Final = ("default.replication.factor", "default_topic_replications")


def config_readings(config: Node, cluster: str) -> tuple[Reading, ...]:
    """Return the replication factor and the retention that a broker's configuration states."""
    found = [(name, "retention", each) for name, each in _RETENTION if config.get(name)][:1]
    found += [(name, "replication_factor", 1.0) for name in _COPIES if config.get(name)]
    return tuple(
        Reading(
            kind,
            config.get(name).number() / each,
            source=config.source,
            query=config.get(name).path,
            cluster=cluster,
        )
        for name, kind, each in found
        if config.get(name).number() > 0.0  # -1 is without end
    )


def topic_readings(topics: Iterable[tuple[str, Node, Node]]) -> tuple[Reading, ...]:
    """Return the topics and partitions of clusters, from their name, partitions and replicas."""
    found: dict[str, list[tuple[Node, Node]]] = {}
    for cluster, partitions, copies in topics:
        found.setdefault(cluster, []).append((partitions, copies))
    readings: list[Reading] = []
    for cluster, items in found.items():
        amounts = {"topics": float(len(items))}
        if all(partitions for partitions, _copies in items):
            counts = [float(replicas(partitions)) for partitions, _copies in items]
            amounts["partitions"] = sum(counts)
            if all(copies for _partitions, copies in items):
                each = [replicas(copies) for _partitions, copies in items]
                amounts["partition_replicas"] = sum(
                    count * copies for count, copies in zip(counts, each, strict=True)
                )
        query = f"{len(items)} resources of topics"
        readings += [
            Reading(name, value, source=items[0][0].source, query=query, cluster=cluster)
            for name, value in amounts.items()
        ]
    return tuple(readings)
