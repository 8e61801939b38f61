"""The resources of Terraform and OpenTofu that are ways to run Kafka, as deployments.

The arguments are those of the providers' documents: hashicorp/aws ``aws_msk_cluster``,
``aws_msk_serverless_cluster`` and ``aws_mskconnect_connector``; confluentinc/confluent
``confluent_kafka_cluster``; hashicorp/google ``google_managed_kafka_cluster``; hashicorp/azurerm
``azurerm_eventhub_namespace`` and ``azurerm_eventhub_cluster``; aiven/aiven ``aiven_kafka``;
instaclustr/instaclustr ``instaclustr_kafka_cluster_v3``; and redpanda-data/redpanda
``redpanda_serverless_cluster``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final, TypeVar

from kafkatco.i18n.message import Message, _
from kafkatco.ingest.node import Node

__all__ = ["DEPLOYMENTS", "Block", "Draft", "connect_mcus", "is_kafka", "whole"]

T = TypeVar("T")

#: Types that belong to Kafka, and of these, the ones without a charge of their own.
_KAFKA: Final = re.compile(
    r"kafka|_msk|eventhub|redpanda|warpstream|automq|cdss|bufstream|pulsar"
    r"|^confluent_(connector|ksql_cluster|flink_compute_pool|cluster_link|tableflow\w*)$"
)
_FREE: Final = re.compile(
    r"_(topic|acl|user|config|policy|secret|permission|rule|role|quota|schema|consumer_group"
    r"|cluster_authorization|resource_group)\w*$|^azurerm_eventhub$"
)


def is_kafka(resource_type: str) -> bool:
    """Return whether a type of resource belongs to Kafka and may have a charge.

    >>> [is_kafka(name) for name in ("aws_msk_replicator", "aws_msk_configuration", "aws_vpc")]
    [True, False, False]
    """
    return bool(_KAFKA.search(resource_type)) and not _FREE.search(resource_type)


def whole(node: Node) -> int:
    """Return a whole number of at least 1, which may be written as text."""
    value = node.number()
    if not 1 <= value < 2**53 or value != int(value):
        raise node.wrong(_("a whole number of at least 1"))
    return int(value)


@dataclass(frozen=True, slots=True)
class Block:
    """The arguments of a resource, of which nested blocks are lists of one.

    ``unknown`` has true in the place of each value that is known only after the plan is applied.
    """

    values: Node
    unknown: Any = None

    def get(self, *keys: str) -> Node:
        """Return an argument of a block of a block...; a node without a value if one is missing."""
        node = _only(self.values)
        for key in keys:
            if node and not isinstance(node.value, dict):
                raise node.wrong(_("a block with the argument {key!r}", key=key))
            node = _only(node.get(key)) if key != keys[-1] else node.get(key)
        return node

    def later(self, *keys: str) -> bool:
        """Return whether an argument is known only after the plan is applied."""
        value = self.unknown
        for key in keys:
            if isinstance(value, list):
                value = value[0] if value else None
            if value is True or not isinstance(value, dict):
                break
            value = value.get(key)
        return value is True

    def has(self, *keys: str) -> bool:
        """Return whether an argument is true, or a block is there."""
        node = self.get(*keys)
        return bool(node.value) if not isinstance(node.value, str) else node.value == "true"


def _only(node: Node) -> Node:
    """Return the block of a list of one; a node without a value if there is none."""
    if not node.is_list():
        return node
    return node.item(0) if node.value else Node(None, node.path, node.source)


@dataclass(slots=True)
class Draft:
    """A deployment in the making: what a resource states, and what it does not."""

    block: Block
    provider_region: str = ""
    kind: str = ""
    name: str = ""
    provider_id: str = ""
    fields: dict[str, Any] = field(default_factory=dict)
    extra: dict[str, Any] = field(default_factory=dict)
    missing: list[Message] = field(default_factory=list)

    def stated(self, name: str, *keys: str, read: Callable[[Node], T], needed: bool = True) -> None:
        """Set a field to an argument, or say that it is missing.

        A field that is not ``needed`` is said to be missing only if it is known later.
        """
        node = self.block.get(*keys)
        if node:
            self.fields[name] = read(node)
        elif self.block.later(*keys):
            text = _(
                "{field}: {argument} is known only after the plan is applied",
                field=name,
                argument=".".join(keys),
            )
            self.missing.append(text)
        elif needed:
            text = _("{field}: {argument} is not stated", field=name, argument=".".join(keys))
            self.missing.append(text)

    def noted(self, name: str, *keys: str) -> None:
        """Keep an argument that is no field of the deployment."""
        if node := self.block.get(*keys):
            self.extra[name] = node.value

    def called(self, *keys: str) -> None:
        """Take the name of the cluster from an argument, if it is known."""
        if node := self.block.get(*keys):
            self.name = node.text()


def _msk(draft: Draft) -> None:
    block, group = draft.block, "broker_node_group_info"
    draft.called("cluster_name")
    instance = block.get(group, "instance_type")
    express = instance.text("").startswith("express.")
    draft.kind = "msk-express" if express else "msk-standard"
    _amazon_region(draft)
    draft.stated("instance", group, "instance_type", read=Node.text)
    draft.stated("brokers", "number_of_broker_nodes", read=whole)
    if not express:
        _msk_disks(draft)
    subnets = block.get(group, "client_subnets")
    if subnets:
        draft.extra["zones"] = len(list(subnets.items()))
    draft.noted("enhanced_monitoring", "enhanced_monitoring")
    if block.get("enhanced_monitoring").text("DEFAULT") != "DEFAULT":
        draft.fields["monitoring"] = "managed"  # other levels than DEFAULT are charged
    private = (group, "connectivity_info", "vpc_connectivity", "client_authentication")
    schemes = (("sasl", "iam"), ("sasl", "scram"), ("tls",))
    if count := sum(block.has(*private, *scheme) for scheme in schemes):
        draft.fields["private_connectivity"] = count
    if block.has("logging_info", "broker_logs", "cloudwatch_logs", "enabled"):
        draft.missing.append(_("broker_logs: their size, such as '50 GB/month'"))


def _msk_disks(draft: Draft) -> None:
    group = "broker_node_group_info"
    volume: tuple[str, ...] = (group, "storage_info", "ebs_storage_info")
    size = (*volume, "volume_size")
    if draft.block.get(group, "ebs_volume_size"):  # of the provider before version 5
        size = (group, "ebs_volume_size")
    draft.stated("disk_per_broker", *size, read=_gib)
    throughput = (*volume, "provisioned_throughput")
    if draft.block.has(*throughput, "enabled"):
        draft.stated("storage_throughput", *throughput, "volume_throughput", read=_mib_s)
    else:
        draft.fields["storage_throughput"] = "included"
    draft.fields["tiered"] = draft.block.get("storage_mode").text("LOCAL") == "TIERED"


def _gib(node: Node) -> str:
    return f"{whole(node)} GiB"


def _mib_s(node: Node) -> str:
    return f"{whole(node)} MiB/s"


def _amazon_region(draft: Draft) -> None:
    """Set the region: the resource's own, that of its ARN, or that of its provider."""
    arn = draft.block.get("arn")
    draft.provider_id = arn.text("")
    parts = draft.provider_id.split(":")
    region = draft.block.get("region").text("") or (parts[3] if len(parts) > 3 else "")
    _set_region(draft, region or draft.provider_region)


def _set_region(draft: Draft, region: str) -> None:
    if region:
        draft.fields["region"] = region
    else:
        draft.missing.append(_("region: neither the resource nor its provider states it"))


def _msk_serverless(draft: Draft) -> None:
    draft.kind = "msk-serverless"
    draft.called("cluster_name")
    _amazon_region(draft)


def connect_mcus(block: Block) -> tuple[int, int] | None:
    """Return the least and the most units (MCU) of a connector of MSK Connect, if it states them.

    >>> connect_mcus(Block(Node({"capacity": [{"autoscaling": [
    ...     {"mcu_count": 2, "min_worker_count": 1, "max_worker_count": 3}]}]})))
    (2, 6)
    """
    scaled, fixed = ("capacity", "autoscaling"), ("capacity", "provisioned_capacity")
    scaling = bool(block.get(*scaled).value)
    form = scaled if scaling else fixed
    names = ("min_worker_count", "max_worker_count") if scaling else ("worker_count",) * 2
    mcus, *workers = (block.get(*form, name) for name in ("mcu_count", *names))
    if not all(workers):
        return None
    each = whole(mcus) if mcus else 1  # the provider's default
    least, most = (each * whole(count) for count in workers)
    return least, most


_CONFLUENT: Final = ("basic", "standard", "enterprise", "freight", "dedicated")
#: The SLA of each type in one zone (low) and in several (high), where there are two.
_SLAS: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        "standard": ("99.9%", "99.99%"),
        "enterprise": ("99.9%", "99.99%"),
        "dedicated": ("99.95%", "99.99%"),
    }
)


def _confluent(draft: Draft) -> None:
    block = draft.block
    tiers = [tier for tier in _CONFLUENT if block.get(tier).value]
    if len(tiers) != 1:
        text = _("exactly one of the blocks {blocks}", blocks=", ".join(_CONFLUENT))
        raise block.values.wrong(text)
    tier = tiers[0]
    draft.kind = f"confluent-{tier}"
    draft.called("display_name")
    draft.provider_id = block.get("id").text("")
    draft.stated("cloud", "cloud", read=lambda node: node.text().lower())
    draft.stated("region", "region", read=Node.text)
    if tier == "dedicated":
        draft.stated("units", "dedicated", "cku", read=whole)
    draft.noted("availability", "availability")
    if tier in _SLAS and (availability := block.get("availability")):
        draft.fields["sla"] = _SLAS[tier][availability.text() in ("MULTI_ZONE", "HIGH")]
    draft.noted("max_ecku", tier, "max_ecku")


def _google(draft: Draft) -> None:
    draft.kind = "google-managed-kafka"
    draft.called("cluster_id")
    draft.stated("region", "location", read=Node.text)
    draft.stated("vcpu", "capacity_config", "vcpu_count", read=whole)
    memory = draft.block.get("capacity_config", "memory_bytes")
    if memory and "vcpu" in draft.fields:
        draft.fields["memory_gib_per_vcpu"] = whole(memory) / 1024.0**3 / draft.fields["vcpu"]
    draft.noted("disk_size_gib", "broker_capacity_config", "disk_size_gib")
    if "disk_size_gib" in draft.extra:
        text = _(
            "disks: broker_capacity_config.disk_size_gib has no field; each vCPU has 100 GiB in "
            "the cost"
        )
        draft.missing.append(text)


def _azure_region(node: Node) -> str:
    """Return a location such as "Korea Central" as in Azure's prices."""
    return node.text().replace(" ", "").lower()


_EVENT_HUBS: Final = ("Basic", "Standard", "Premium")


def _event_hubs(draft: Draft) -> None:
    block = draft.block
    if block.get("dedicated_cluster_id") or block.later("dedicated_cluster_id"):
        return  # its cluster is the deployment
    sku = block.get("sku")
    if sku.value not in _EVENT_HUBS:
        raise sku.wrong(_("one of {names}", names=", ".join(_EVENT_HUBS)))
    draft.kind = f"event-hubs-{sku.text().lower()}"
    draft.called("name")
    draft.provider_id = block.get("id").text("")
    draft.stated("region", "location", read=_azure_region)
    draft.stated("units", "capacity", read=whole, needed=False)
    draft.fields.setdefault("units", 1)  # the provider's default
    if block.has("auto_inflate_enabled") or block.has("auto_inflate"):
        most = block.get("maximum_throughput_units")
        text = _(
            "units: they inflate from {units} to {most} by themselves, and stay there; the cost is "
            "that of {units}",
            units=draft.fields["units"],
            most=whole(most) if most else "?",
        )
        draft.missing.append(text)


def _event_hubs_cluster(draft: Draft) -> None:
    draft.kind = "event-hubs-dedicated"
    draft.called("name")
    draft.provider_id = draft.block.get("id").text("")
    draft.stated("region", "location", read=_azure_region)
    draft.stated("units", "sku_name", read=_dedicated_units)


def _dedicated_units(node: Node) -> int:
    name, _line, units = node.text().partition("_")
    if name != "Dedicated" or not units.isdecimal() or int(units) < 1:
        raise node.wrong(_("a name such as 'Dedicated_1'"))
    return int(units)


_AIVEN_CLOUDS: Final = {"aws": "aws", "azure": "azure", "google": "gcp"}


def _aiven(draft: Draft) -> None:
    draft.kind = "aiven"
    draft.called("service_name")
    node = draft.block.get("cloud_name")
    if node:
        prefix, _line, region = node.text().partition("-")
        if prefix not in _AIVEN_CLOUDS or not region:
            raise node.wrong(_("a cloud and a region, such as 'aws-ap-northeast-2'"))
        cloud = _AIVEN_CLOUDS[prefix]
        draft.fields["cloud"] = cloud
        draft.fields["region"] = region.replace("-", "") if cloud == "azure" else region
    else:
        _set_region(draft, "")
    draft.stated("plan", "plan", read=Node.text)
    draft.noted("additional_disk_space", "additional_disk_space")
    if "additional_disk_space" in draft.extra:
        text = _(
            "disks: {size} beyond the plan are not in the cost",
            size=draft.extra["additional_disk_space"],
        )
        draft.missing.append(text)
    for name in ("tiered_storage", "follower_fetching", "inkless"):
        draft.extra[name] = draft.block.has("kafka_user_config", name, "enabled")


_INSTACLUSTR_CLOUDS: Final = {
    "AWS_VPC": "aws",
    "AZURE": "azure",
    "AZURE_AZ": "azure",
    "GCP": "gcp",
    "ONPREMISES": "on-prem",
}


def _instaclustr(draft: Draft) -> None:
    block, centre = draft.block, "data_centre"
    draft.kind = "instaclustr"
    draft.called("name")
    cloud = block.get(centre, "cloud_provider")
    if cloud:
        if cloud.text() not in _INSTACLUSTR_CLOUDS:
            raise cloud.wrong(_("one of {names}", names=", ".join(_INSTACLUSTR_CLOUDS)))
        draft.fields["cloud"] = _INSTACLUSTR_CLOUDS[cloud.text()]
    azure = draft.fields.get("cloud") == "azure"
    draft.stated(
        "region",
        centre,
        "region",
        read=lambda node: node.text().lower().replace("_", "" if azure else "-"),
    )
    draft.stated("node", centre, "node_size", read=Node.text)
    draft.stated("nodes", centre, "number_of_nodes", read=whole)
    for dedicated, count in (
        ("dedicated_kraft_controller", "controller_node_count"),
        ("dedicated_zookeeper", "zookeeper_node_count"),
    ):
        if block.get(dedicated).value:
            draft.stated("controllers", dedicated, count, read=whole)
    if len(block.get(centre).value or ()) > 1:
        draft.missing.append(_("the cost is that of the first data centre alone"))
    draft.missing.append(_("quote: the price of one node, such as '450 USD/month'"))


def _redpanda_serverless(draft: Draft) -> None:
    draft.kind = "redpanda-serverless"
    draft.called("name")
    draft.stated("region", "serverless_region", read=lambda node: node.text().removeprefix("pro-"))


#: Each type of resource that is a deployment, with the function that fills in its draft.
DEPLOYMENTS: Final[Mapping[str, Callable[[Draft], None]]] = MappingProxyType(
    {
        "aiven_kafka": _aiven,
        "aws_msk_cluster": _msk,
        "aws_msk_serverless_cluster": _msk_serverless,
        "azurerm_eventhub_cluster": _event_hubs_cluster,
        "azurerm_eventhub_namespace": _event_hubs,
        "confluent_kafka_cluster": _confluent,
        "google_managed_kafka_cluster": _google,
        "instaclustr_kafka_cluster_v2": _instaclustr,
        "instaclustr_kafka_cluster_v3": _instaclustr,
        "redpanda_serverless_cluster": _redpanda_serverless,
    }
)
