"""Clusters of Amazon MSK: ``aws kafka describe-cluster-v2``, ``list-clusters-v2``, ``list-nodes``.

The reply of the older ``describe-cluster`` and ``list-clusters`` is read as well.  A provisioned
cluster has its brokers and disks, a serverless one neither, and its ``Provisioned`` is null.
Fields: https://docs.aws.amazon.com/msk/2.0/APIReference/v2-clusters.html.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any, Final

from kafkatco.errors import InputError, Problem
from kafkatco.i18n.message import Message, _
from kafkatco.ingest.document import Document
from kafkatco.ingest.inventory import count, old
from kafkatco.ingest.node import Node
from kafkatco.ingest.points import first_page
from kafkatco.ingest.reader import Reader
from kafkatco.ingest.readings import Findings, Reading, Resource

__all__ = ["READER", "parsed_arn", "read_cluster"]

GIB: Final = 2.0**30
_ARN: Final = re.compile(
    r"arn:[\w-]+:kafka:(?P<region>[a-z0-9-]+):\d*:(?:cluster|broker)/(?P<name>[^/]+)/(?P<id>[^/]+)"
)
#: What list-nodes leaves out of the names of Standard brokers' types.
STANDARD: Final = "kafka."
EXPRESS: Final = "express."
#: A cluster in this state is billed no longer.
DELETING: Final = "DELETING"


def recognises(document: Document) -> bool:
    """Return whether a document is a description of clusters or nodes of MSK."""
    root = document.json
    return (
        isinstance(root.get("ClusterInfo").value, dict)
        or root.get("ClusterInfoList").is_list()
        or root.get("NodeInfoList").is_list()
    )


def read(document: Document) -> Findings:
    """Return the clusters of a reply, and the size of their disks."""
    root = document.json
    if root.get("NodeInfoList").is_list():
        parts = [_nodes(root["NodeInfoList"], document.modified)]
    elif root.get("ClusterInfoList").is_list():
        parts = list(_each(root["ClusterInfoList"].items(), document.modified))
    else:
        parts = [read_cluster(root["ClusterInfo"], document.modified)]
    warnings = old(document.name, document.modified)
    if root.get("NextToken"):
        warnings += (first_page(document.name, "NextToken"),)
    return Findings.join(parts) + Findings(warnings=warnings)


def _each(clusters: Iterable[Node], dated: float | None) -> Iterator[Findings]:
    """Yield what each cluster has; raise the problems of all."""
    problems: list[Problem] = []
    for cluster in clusters:
        try:
            yield read_cluster(cluster, dated)
        except InputError as error:
            problems.extend(error.problems)
    if problems:
        raise InputError("", problems)


def read_cluster(info: Node, dated: float | None = None) -> Findings:
    """Return one cluster, described as MSK does; ``dated`` is when [s since 1970].

    A cluster without a name has that in its ARN.
    """
    arn = parsed_arn(info["ClusterArn"])
    name = info.get("ClusterName").text(arn["name"])
    if info.get("State").text("") == DELETING:
        return Findings(warnings=(_("{name} is being deleted; it is left out", name=name),))
    brokers = info if info.get("BrokerNodeGroupInfo") else info.get("Provisioned")
    fields: dict[str, Any] = {"region": arn["region"]}
    missing: tuple[Message, ...] = ()
    extra: dict[str, Any] = {}
    readings: tuple[Reading, ...] = ()
    if brokers:
        kind, found, missing = _provisioned(brokers)
        fields |= found
        extra = _extra(brokers)
        readings = tuple(_sizes(brokers, name))
    elif info.get("Serverless") or info.get("ClusterType").text("") == "SERVERLESS":
        kind = "msk-serverless"
    else:
        text = _(
            "neither Provisioned nor Serverless: the cluster {name} is not described", name=name
        )
        raise InputError("", [Problem(info.place, "", text)])
    resource = Resource(
        kind,
        fields,
        name,
        info["ClusterArn"].text(),
        source=info.source,
        where=info.path,
        missing=missing,
        extra=extra,
        dated=dated,
    )
    return Findings(readings=readings, resources=(resource,))


def _provisioned(brokers: Node) -> tuple[str, dict[str, Any], tuple[Message, ...]]:
    """Return the kind of provisioned brokers, their fields, and what is missing."""
    group = brokers["BrokerNodeGroupInfo"]
    instance = group["InstanceType"].text()
    fields: dict[str, Any] = {
        "instance": instance,
        "brokers": count(brokers["NumberOfBrokerNodes"]),
    }
    missing: list[Message] = []
    schemes = sum(
        _schemes(group.get("ConnectivityInfo", "VpcConnectivity", "ClientAuthentication"))
    )
    if schemes:
        fields["private_connectivity"] = schemes
        missing.append(_("private_traffic: the share of clients in other VPCs; all by default"))
    if brokers.get("LoggingInfo", "BrokerLogs", "CloudWatchLogs", "Enabled").value is True:
        missing.append(_("broker_logs: the amount of logs that go to CloudWatch"))
    if instance.startswith(EXPRESS):
        return "msk-express", fields, tuple(missing)
    volume = group.get("StorageInfo", "EbsStorageInfo")
    if volume.get("VolumeSize"):
        fields["disk_per_broker"] = f"{count(volume['VolumeSize'])} GiB"
    else:
        missing.append(_("disk_per_broker: the size of the disks"))
    throughput = volume.get("ProvisionedThroughput")
    fields["storage_throughput"] = "included"
    if throughput.get("Enabled").value is True:
        fields["storage_throughput"] = f"{count(throughput['VolumeThroughput'])} MiB/s"
    if brokers.get("StorageMode").text("") == "TIERED":
        fields["tiered"] = True
        missing.append(_("local_retention of the workload: local.retention.ms of the topics"))
    return "msk-standard", fields, tuple(missing)


def _schemes(authentication: Node) -> Iterator[bool]:
    """Yield whether each scheme of private connectivity is on."""
    for keys in (("Sasl", "Iam"), ("Sasl", "Scram"), ("Tls",)):
        yield authentication.get(*keys, "Enabled").value is True


def _extra(brokers: Node) -> dict[str, Any]:
    """Return what is no field of a deployment."""
    extra = {
        "kafka_version": brokers.get("CurrentBrokerSoftwareInfo", "KafkaVersion").value,
        "monitoring": brokers.get("EnhancedMonitoring").value,
    }
    return {name: value for name, value in extra.items() if value is not None}


def _sizes(brokers: Node, cluster: str) -> Iterator[Reading]:
    """Yield the zones, and the size of all disks, which turns a share of them into bytes."""
    group = brokers["BrokerNodeGroupInfo"]
    zones = group.get("ZoneIds") or group.get("ClientSubnets")
    if zones and zones.value:
        number = float(len({zone.text() for zone in zones.items()}))
        yield Reading("zones", number, source=zones.source, query=zones.path, cluster=cluster)
    size = group.get("StorageInfo", "EbsStorageInfo", "VolumeSize")
    if size and not group["InstanceType"].text().startswith(EXPRESS):
        total = count(size) * GIB * count(brokers["NumberOfBrokerNodes"])
        query = f"{size.path} x NumberOfBrokerNodes"
        yield Reading("disk_bytes", total, source=size.source, query=query, cluster=cluster)


def _nodes(nodes: Node, dated: float | None) -> Findings:
    """Return the cluster of a list of nodes; controllers are free, and no brokers."""
    brokers = [node for node in nodes.items() if node.get("BrokerNodeInfo")]
    if not brokers:
        raise nodes.wrong(_("a list with brokers, each with BrokerNodeInfo"))
    types = Counter(_type(node["InstanceType"]) for node in brokers)
    instance = types.most_common(1)[0][0]
    arn = parsed_arn(brokers[0]["NodeARN"])
    warnings: tuple[Message, ...] = ()
    if len(types) > 1:
        found = ", ".join(f"{name} ({number})" for name, number in sorted(types.items()))
        text = _(
            "{name} has brokers of several types: {types}; {most} is taken for all",
            name=arn["name"],
            types=found,
            most=instance,
        )
        warnings = (text,)
    express = instance.startswith(EXPRESS)
    disk = _("disk_per_broker: the size of the disks, which aws kafka describe-cluster-v2 has")
    resource = Resource(
        "msk-express" if express else "msk-standard",
        {"region": arn["region"], "instance": instance, "brokers": len(brokers)},
        arn["name"],
        brokers[0]["NodeARN"].text().replace(":broker/", ":cluster/").rpartition("/")[0],
        source=nodes.source,
        where=nodes.path,
        missing=() if express else (disk,),
        dated=dated,
    )
    subnets = {node["BrokerNodeInfo"]["ClientSubnet"].text() for node in brokers}
    zones = Reading(
        "zones",
        float(len(subnets)),
        source=nodes.source,
        query=f"{nodes.path}[].BrokerNodeInfo.ClientSubnet",
        cluster=arn["name"],
    )
    return Findings(readings=(zones,), resources=(resource,), warnings=warnings)


def _type(node: Node) -> str:
    name = node.text()
    return name if name.startswith((STANDARD, EXPRESS)) else STANDARD + name


def parsed_arn(node: Node) -> re.Match[str]:
    """Return the ``region`` and the ``name`` of an ARN of MSK, which must be one."""
    match = _ARN.match(node.text())
    if match is None:
        raise node.wrong(_("an ARN, such as 'arn:aws:kafka:REGION:ACCOUNT:cluster/NAME/ID'"))
    return match


READER: Final = Reader(
    "msk-clusters",
    _("clusters of Amazon MSK (aws kafka describe-cluster-v2, list-clusters-v2, list-nodes)"),
    recognises,
    read,
)
