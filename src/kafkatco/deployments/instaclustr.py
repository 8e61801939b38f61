"""Instaclustr for Apache Kafka, at a price of your own."""

from __future__ import annotations

import re
from typing import Annotated, Any, ClassVar, Literal

import numpy as np
from pydantic import BeforeValidator, Field

from kafkatco.core.money import MoneyPerMonth, parse_salary
from kafkatco.deployments.base import Deployment
from kafkatco.prices.catalogue import Catalogue
from kafkatco.sizing.formulas import broker_load, disk_gib, nodes, stored_gib, surviving_share
from kafkatco.sizing.limits import average_limits
from kafkatco.sizing.quantities import Limit, Meter, Offer, Sizing
from kafkatco.sizing.workload import Operands

__all__ = ["Instaclustr"]

_NODE = re.compile(r"KFK-PRD-(?P<machine>\w+\.\w+)-(?P<disk>\d+)")
QUOTE = "your quote for one node a month, such as '450 USD/month': Instaclustr publishes no prices"


def _usd(value: object) -> object:
    """A bare number is of USD, as the scenario file's contract has it."""
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return f"{value} USD/month" if is_number else value


class Instaclustr(Deployment):
    """Broker nodes at a quoted price, in multiples of the replication factor.

    On AWS a node's name says its machine and disk: KFK-PRD-r7g.large-250 is an r7g.large with
    250 GB (instaclustr/terraform-provider-instaclustr, docs/resources/kafka_cluster_v3.md); it
    carries what such a machine does.

    Parameters
    ----------
    cloud
        "aws" (default), "azure", "gcp" or "on-prem".
    node
        The size that is quoted, such as "KFK-PRD-r7g.large-250"; without it, or on another cloud,
        whether the nodes carry the workload is not checked.
    nodes
        How many; overrides the sizing.  [1]
    quote
        What one node costs in a month: "450 USD/month", or a number of USD.  Required.
    controllers, controller_quote
        Dedicated KRaft nodes, 0 (default), 3 or 5, and what one of them costs in a month; the
        quote of a broker by default.  [1]
    disk_headroom, utilisation
        Share of a disk kept free, and share of a machine's network and disk throughput that the
        plan uses: 0.5 and 0.5 by default, as for self-hosting.  [1]

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
    disk_headroom: float = Field(default=0.5, ge=0, lt=1)
    utilisation: float = Field(default=0.5, gt=0, le=1)

    sku_prefix: ClassVar[str] = "instaclustr."
    replication: ClassVar[str] = "MirrorMaker 2"
    examples: ClassVar[tuple[dict[str, Any], ...]] = (
        {"quote": "450 USD/month", "node": "KFK-PRD-r7g.large-250"},
    )
    leaves_out: ClassVar[tuple[str, ...]] = (
        "network, unless the quote has it",
        "Instaclustr's own Connect, registry and MirrorMaker 2: nodes of one's own are taken",
    )

    def offers(self, load: Operands, catalogue: Catalogue) -> tuple[Offer, ...]:
        """Return the one offer of a cluster of the quoted nodes."""
        copies = load.replication_factor
        asks: dict[str, Any] = {"minimum": np.maximum(copies, 3.0)}
        limits: list[Limit] = []
        capacity: dict[str, float] = {}
        stored = disk_gib(
            stored_gib(load.retained_mib_s, load.retention_h), copies, self.disk_headroom
        )
        known = self._machine(catalogue)
        if known is not None:
            machine, disk = known
            network = catalogue.value(machine, "network")
            capacity = {
                "throughput-in": network,
                "throughput-out": network,
                "disk-throughput": catalogue.value(machine, "ebs_throughput"),
            }
            peak = broker_load(load.ingress_mib_s * load.peak_to_average, copies, load.fanout)
            planned = self.utilisation * surviving_share(load.zones, 1.0)
            asks |= {name: peak[name] / capacity[name] / planned for name in peak}
            asks["partitions"] = load.partitions * copies / catalogue.value(machine, "partitions")
            asks["storage"] = stored / disk
        count = nodes(list(asks.values()), copies)
        if self.nodes is not None:
            count = float(self.nodes)
            limits += average_limits(load, count, capacity)
            uneven = np.floor(count / copies) * copies < count
            limits.append(Limit(uneven, "nodes: a multiple of the replication factor"))
            if known is not None:
                full = asks["storage"] > count
                limits.append(Limit(full, f"storage: {count:g} disks cannot hold it"))
        price = parse_salary(self.quote)
        own = price if self.controller_quote is None else parse_salary(self.controller_quote)
        meters = (
            Meter(
                "compute",
                "instaclustr.kafka.node",
                self.region,
                count,
                "month",
                "broker nodes",
                price=price,
            ),
            Meter(
                "compute",
                "instaclustr.kafka.controller",
                self.region,
                float(self.controllers),
                "month",
                "KRaft controllers",
                price=own,
            ),
        )
        details = {"node": self.node or "not given", "disk_headroom": self.disk_headroom}
        sizing = Sizing("nodes", count, asks, details)
        return (Offer("nodes", meters, sizing, tuple(limits)),)

    def _machine(self, catalogue: Catalogue) -> tuple[str, float] | None:
        """Return the machine of a node and its disk [GiB], where its name says them."""
        said = _NODE.fullmatch(self.node or "")
        if self.cloud != "aws" or said is None:
            return None
        machine = "aws.ec2." + said["machine"]
        return machine, float(said["disk"]) * (1e9 / 1024.0**3)

    def not_modelled(self, load: Operands) -> tuple[str, ...]:
        """Name what is left out, and what may not be checked."""
        given = self.cloud == "aws" and _NODE.fullmatch(self.node or "")
        unknown = () if given else ("whether the nodes carry the workload: no machine is known",)
        return (*unknown, *super().not_modelled(load))
