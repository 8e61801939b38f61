"""Aiven for Apache Kafka: plans of a fixed price, and prices by usage."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar, Literal

from pydantic import Field

from kafkatco.deployments.base import Deployment
from kafkatco.errors import MissingPriceError, nearest
from kafkatco.prices.catalogue import Catalogue
from kafkatco.sizing.formulas import broker_load, disk_gib, monthly_gib, stored_gib, whole_units
from kafkatco.sizing.limits import quota
from kafkatco.sizing.quantities import Limit, Meter, Offer, Sizing
from kafkatco.sizing.workload import Operands

__all__ = ["Aiven"]

PLAN = "aiven.plan."


class Aiven(Deployment):
    """A plan, with its nodes, disks, network and backups in one price; or pay for what streams.

    Plans: https://aiven.io/pricing/kafka; usage: a least compute, bytes in and out, and one copy
    of what is kept (https://aiven.io/blog/pay-for-what-you-stream-kafka-pricing).  Aiven gives
    disks of plans, and no throughput, and not what more compute than the least costs.
    A choice of "cheapest" therefore takes a vCPU to carry ``aiven.plan.throughput_per_vcpu``, and
    the least compute to be that of the plan of about its price; a plan that is named, or usage,
    is only bounded by what is published.

    Parameters
    ----------
    cloud
        "aws" (default), "azure" or "gcp": what runs beside it is priced there.
    plan
        A plan's name such as "business-4", "usage", or "cheapest" (default): of usage and all
        production plans whose nodes and disks are known, the one with the least total.
    topics
        "classic" (default) or "diskless" topics, for usage.
    disk_headroom
        Share of a plan's disk that is kept free; 0.1 by default, an assumption.  [1]

    Examples
    --------
    >>> Aiven(region="us-east-1", plan="business-4").plan
    'business-4'
    """

    kind: Literal["aiven"] = "aiven"
    cloud: Literal["aws", "azure", "gcp"] = "aws"
    plan: str = "cheapest"
    topics: Literal["classic", "diskless"] = "classic"
    disk_headroom: float = Field(default=0.1, ge=0, lt=1)

    sku_prefix: ClassVar[str] = "aiven."
    has_nodes: ClassVar[bool] = False
    replication: ClassVar[str] = "Aiven for Apache Kafka MirrorMaker 2"
    trial_credit: ClassVar[str] = "aiven.trial-credit"
    leaves_out: ClassVar[tuple[str, ...]] = (
        "more storage than a plan's, and private links",
        "prices of the region: its US list is taken",
        "the cloud's own charge for clients' traffic",
        "Aiven's own Connect and MirrorMaker 2: nodes of one's own are taken",
    )

    def offers(self, load: Operands, catalogue: Catalogue) -> tuple[Offer, ...]:
        """Return one offer for each plan that may serve."""
        if self.plan == "usage":
            return (self._usage(load, catalogue),)
        if self.plan != "cheapest":
            return (self._plan(load, catalogue, PLAN + self.plan),)
        production = (
            item
            for item in catalogue.items(PLAN)
            if catalogue.listed(item, "nodes") and catalogue.listed(item, "disk")
        )
        plans = (self._plan(load, catalogue, item) for item in production)
        return (*plans, self._usage(load, catalogue))

    def _plan(self, load: Operands, catalogue: Catalogue, item: str) -> Offer:
        name = item.removeprefix(PLAN)
        if item not in catalogue.items(PLAN):
            plans = [known.removeprefix(PLAN) for known in catalogue.items(PLAN)]
            hint = nearest(name, (*plans, "usage", "cheapest"), limit=20)
            raise MissingPriceError(f"plan {name!r}", "Aiven's plans", hint)
        meter = Meter("compute", item, self.region, load.month_hours, "hour", f"plan {name}")
        limits = tuple(self._limits(load, catalogue, item))
        sizing = Sizing("plans", 1.0, details={"plan": name})
        return Offer(name, (meter,), sizing, limits)

    def _limits(self, load: Operands, catalogue: Catalogue, item: str) -> Iterator[Limit]:
        """Yield what is known of what a plan carries: its disk, its vCPUs, its caps."""
        in_mib_s = load.ingress_mib_s * load.peak_to_average
        kept = disk_gib(
            stored_gib(load.retained_mib_s, load.retention_h),
            load.replication_factor,
            self.disk_headroom,
        )
        copies = catalogue.listed(item, "replication_factor")
        demands = {
            "disk": ("disk", kept),
            "max_ingress": ("ingress at peak", in_mib_s),
            "max_throughput": ("bytes in and out at peak", in_mib_s * (1.0 + load.fanout)),
            "max_retention": ("retention", load.retention_h),
            "replication_factor": ("replication factor", load.replication_factor),
        }
        for attribute, (what, demand) in demands.items():
            if attribute == "disk" and copies is not None:
                continue  # the disk of a plan with one copy is not known
            if catalogue.listed(item, attribute):
                yield quota(catalogue, item, attribute, demand, what=what, scope="in this plan")
        if self.plan == "cheapest":
            vcpu = catalogue.value(item, "vcpu") * catalogue.value(item, "nodes")
            rate = catalogue.value("aiven.plan", "throughput_per_vcpu")
            weight = catalogue.value("aiven.plan", "read_weight")
            moved = broker_load(in_mib_s, load.replication_factor, load.fanout)
            equivalent = moved["disk-throughput"] + weight * moved["throughput-out"]
            reason = f"throughput at peak: more than {vcpu:g} vCPUs are taken to carry"
            yield Limit(whole_units(equivalent, rate) > vcpu, reason)

    def _usage(self, load: Operands, catalogue: Catalogue) -> Offer:
        written = monthly_gib(load.ingress_mib_s, load.month_hours)
        kept = stored_gib(load.retained_mib_s, load.retention_h)
        diskless = "diskless-" if self.topics == "diskless" else ""
        usage = "aiven.usage."
        region = self.region
        meters = (
            Meter("compute", f"{usage}compute", region, load.month_hours, "hour", "the least"),
            Meter("throughput", f"{usage}{diskless}ingress", region, written, "GiB"),
            Meter("throughput", f"{usage}{diskless}egress", region, written * load.fanout, "GiB"),
            Meter("storage", f"{usage}storage", region, kept, "GiB-month", "what is kept, once"),
        )
        sizing = Sizing("clusters", 1.0, details={"plan": "usage", "topics": self.topics})
        limits = tuple(self._limits(load, catalogue, "aiven.usage"))
        return Offer("usage", meters, sizing, limits)

    def not_modelled(self, load: Operands) -> tuple[str, ...]:
        """Name what is left out, and what is not checked of a plan that is named."""
        found = super().not_modelled(load)
        if self.plan == "cheapest":
            return found
        if self.plan == "usage":
            return ("compute beyond the least", *found)
        return ("whether the plan carries the throughput: it is not published", *found)

    def registry(self, load: Operands, catalogue: Catalogue) -> tuple[Meter, ...]:
        """Return no meter: Karapace, a schema registry, is part of every plan.

        Source: https://aiven.io/docs/products/kafka/karapace.
        """
        return ()
