"""Instaclustr for Apache Kafka, at your quoted price."""

from __future__ import annotations

import re
from typing import Annotated, Any, ClassVar, Literal

import numpy as np
from pydantic import BeforeValidator, Field

from kafkatco.core.money import MoneyPerMonth, parse_salary
from kafkatco.deployments.client_path import OutsideNetwork
from kafkatco.i18n.message import _
from kafkatco.numerics.typing import Operand
from kafkatco.prices.catalogue import Catalogue
from kafkatco.sizing.brokers import Broker, Brokers, Traffic
from kafkatco.sizing.formulas import broker_load, disk_gib, nodes, stored_gib
from kafkatco.sizing.limits import average_limits, beyond_assumption
from kafkatco.sizing.quantities import Candidate, Limit, Meter, Plan, Sizing
from kafkatco.sizing.workload import Operands

__all__ = ["Instaclustr"]

_NODE = re.compile(r"KFK-PRD-(?P<machine>\w+\.\w+)-(?P<disk>\d+)")
QUOTE = _(
    "your quote for one node per month, such as '450 USD/month' (Instaclustr publishes no prices)"
)
#: Without the machine of the nodes, none of a cluster's limits is known.
NOT_CHECKED = Limit(True, _("whether the nodes carry the workload (unknown machine type)"))


def _usd(value: object) -> object:
    """Return a bare number as a price in USD, as documented for scenario files."""
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return f"{value} USD/month" if is_number else value


class Instaclustr(OutsideNetwork):
    """Broker nodes at a quoted price, in multiples of the replication factor.

    On AWS the name of a node has its machine and disk: KFK-PRD-r7g.large-250 is an r7g.large with
    250 GB (instaclustr/terraform-provider-instaclustr, docs/resources/kafka_cluster_v3.md), and
    has the throughput of that machine.

    Parameters
    ----------
    cloud
        "aws" (default), "azure", "gcp" or "on-prem".
    node
        The quoted node size, such as "KFK-PRD-r7g.large-250"; without it, or on another cloud, the
        capacity of the nodes is not checked.
    nodes
        Number of nodes; replaces the sizing.  [1]
    quote
        Price of one node per month: "450 USD/month", or a number of USD.  Required.
    controllers, controller_quote
        Number of dedicated KRaft nodes, 0 (default), 3 or 5, and the price of one per month, by
        default the quote of a broker.  [1]
    disk_headroom, utilisation
        Share of a disk kept free, and share of a machine's network and disk throughput that the
        plan uses; by default those of the set of assumptions, as for self-hosting.  [1]

    Examples
    --------
    >>> Instaclustr(region="us-east-1", quote="450 USD/month", nodes=3).nodes
    3
    """

    kind: Literal["instaclustr"] = "instaclustr"
    cloud: Literal["aws", "azure", "gcp", "on-prem"] = "aws"
    node: str | None = None
    nodes: int | None = Field(default=None, ge=3)
    quote: Annotated[MoneyPerMonth, BeforeValidator(_usd)] = Field(description=QUOTE)
    controllers: Literal[0, 3, 5] = 0
    controller_quote: Annotated[MoneyPerMonth | None, BeforeValidator(_usd)] = None
    disk_headroom: float | None = Field(default=None, ge=0, lt=1)
    utilisation: float | None = Field(default=None, gt=0, le=1)

    sku_prefix: ClassVar[str] = "instaclustr."
    replication: ClassVar[str] = "MirrorMaker 2"
    examples: ClassVar[tuple[dict[str, Any], ...]] = (
        {"quote": "450 USD/month", "node": "KFK-PRD-r7g.large-250"},
    )
    leaves_out: ClassVar[tuple[str, ...]] = (
        _("network, unless the quote includes it"),
        _(
            "Instaclustr's Connect, registry and MirrorMaker 2 "
            "(self-managed nodes are billed instead)"
        ),
    )

    def candidates(self, load: Operands, catalogue: Catalogue) -> tuple[Candidate, ...]:
        """Return the only candidate, a cluster of the quoted nodes."""
        copies = load.replication_factor
        requirements: dict[str, Any] = {"minimum": np.maximum(copies, 3.0)}
        limits: list[Limit] = []
        capacity: dict[str, float] = {}
        plans: dict[str, Plan] = {}
        headroom = self.assumed(catalogue, "disk_headroom")
        stored_once = stored_gib(load.retained_mib_s, load.retention_h)
        average: Traffic = broker_load(load.ingress_mib_s, copies, load.fanout)
        busy: Operand = 0.0
        vcpu = 0.0
        node = self._machine(catalogue)
        if node is not None:
            machine, disk = node
            broker = Broker(
                vcpu=catalogue.value(machine, "vcpu"),
                memory_gib=catalogue.value(machine, "memory"),
                network_mib_s=catalogue.value(machine, "network"),
                disk_mib_s=catalogue.value(machine, "ebs_throughput"),
                disk_gib=disk,
                partitions=catalogue.value(machine, "partitions"),
            )
            cluster = Brokers.of(
                load,
                catalogue,
                margin=None,
                utilisation=self.assumed(catalogue, "utilisation"),
                stored_gib=stored_once * copies,
                disks_gib=disk_gib(stored_once, copies, headroom),
            )
            required, plans = cluster.requirements(broker)
            requirements |= required | {"minimum": requirements["minimum"]}
            capacity = broker.throughput
            busy, vcpu = cluster.vcpu, broker.vcpu
        count = nodes(list(requirements.values()), copies)
        if self.nodes is not None:
            count = float(self.nodes)
            limits += average_limits(load, count, capacity, average)
            uneven = np.floor(count / copies) * copies < count
            limits.append(Limit(uneven, _("nodes: must be a multiple of the replication factor")))
            if node is not None:
                full = requirements["storage"] > count
                small = _("storage: more than {nodes:g} disks can hold", nodes=count)
                limits.append(Limit(full, small))
        price = parse_salary(self.quote)
        own = price if self.controller_quote is None else parse_salary(self.controller_quote)
        meters = (
            Meter(
                "compute",
                "instaclustr.kafka.node",
                self.region,
                count,
                "month",
                _("broker nodes"),
                price=price,
            ),
            Meter(
                "compute",
                "instaclustr.kafka.controller",
                self.region,
                float(self.controllers),
                "month",
                _("KRaft controllers"),
                price=own,
            ),
        )
        details = {"node": self.node or "not set", "disk_headroom": headroom}
        sizing = Sizing("nodes", count, requirements, details, plans)
        unchecked: tuple[Limit, ...] = (NOT_CHECKED,)
        if node is not None:
            unchecked = ()
            if self.nodes is not None:
                unchecked = beyond_assumption({_("CPU"): busy}, count * vcpu)
        return (Candidate("nodes", meters, sizing, tuple(limits), unchecked),)

    def _machine(self, catalogue: Catalogue) -> tuple[str, float] | None:
        """Return the machine of a node and its disk [GiB], if its name has them."""
        match = _NODE.fullmatch(self.node or "")
        if self.cloud != "aws" or match is None:
            return None
        machine = "aws.ec2." + match["machine"]
        return machine, float(match["disk"]) * (1e9 / 1024.0**3)
