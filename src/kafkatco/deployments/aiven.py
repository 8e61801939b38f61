"""Aiven for Apache Kafka: plans with a fixed price, and usage-based prices."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar, Literal

from pydantic import Field

from kafkatco.deployments.base import Deployment
from kafkatco.errors import MissingPriceError, nearest
from kafkatco.i18n.message import Message, _
from kafkatco.prices.catalogue import Catalogue
from kafkatco.sizing.formulas import broker_load, disk_gib, monthly_gib, stored_gib, whole_units
from kafkatco.sizing.limits import quota
from kafkatco.sizing.quantities import Candidate, Limit, Meter, Sizing
from kafkatco.sizing.workload import Operands

__all__ = ["Aiven"]

PLAN = "aiven.plan."


class Aiven(Deployment):
    """A plan, with nodes, disks, network and backups in one price; or usage-based prices.

    Plans: https://aiven.io/pricing/kafka; usage: a minimum of compute, bytes in and out, and one
    copy of the retained data (https://aiven.io/blog/pay-for-what-you-stream-kafka-pricing).  Aiven
    publishes the disks of plans, but neither their throughput nor the price of more compute than
    the minimum.  With "cheapest", a vCPU is therefore assumed to carry
    ``aiven.plan.throughput_per_vcpu``, and the minimum compute to equal a plan of about its price;
    a named plan, or usage, has only the published limits.

    Parameters
    ----------
    cloud
        "aws" (default), "azure" or "gcp": the cloud of the services next to it.
    plan
        The name of a plan such as "business-4", "usage", or "cheapest" (default): the cheapest of
        usage and all production plans with known nodes and disks.
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
        _("additional storage of plans, and private links"),
        _("regional prices (the US list prices apply)"),
        _("the cloud's charge for client traffic"),
        _("Aiven's Connect and MirrorMaker 2 (self-managed nodes are billed instead)"),
    )

    def candidates(self, load: Operands, catalogue: Catalogue) -> tuple[Candidate, ...]:
        """Return one candidate per plan."""
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

    def _plan(self, load: Operands, catalogue: Catalogue, item: str) -> Candidate:
        name = item.removeprefix(PLAN)
        if item not in catalogue.items(PLAN):
            plans = [plan.removeprefix(PLAN) for plan in catalogue.items(PLAN)]
            hint = nearest(name, (*plans, "usage", "cheapest"), limit=20)
            raise MissingPriceError(_("plan {name!r}", name=name), _("Aiven's plans"), hint)
        meter = Meter(
            "compute", item, self.region, load.month_hours, "hour", _("plan {name}", name=name)
        )
        limits = tuple(self._limits(load, catalogue, item))
        sizing = Sizing("plans", 1.0, details={"plan": name})
        return Candidate(name, (meter,), sizing, limits)

    def _limits(self, load: Operands, catalogue: Catalogue, item: str) -> Iterator[Limit]:
        """Yield the known limits of a plan: its disk, vCPUs and quotas."""
        in_mib_s = load.ingress_mib_s * load.peak_to_average
        kept = disk_gib(
            stored_gib(load.retained_mib_s, load.retention_h),
            load.replication_factor,
            self.disk_headroom,
        )
        copies = catalogue.listed(item, "replication_factor")
        demands: dict[str, tuple[Message, Any]] = {
            "disk": (_("disk"), kept),
            "max_ingress": (_("ingress at peak"), in_mib_s),
            "max_throughput": (_("bytes in and out at peak"), in_mib_s * (1.0 + load.fanout)),
            "max_retention": (_("retention"), load.retention_h),
            "replication_factor": (_("replication factor"), load.replication_factor),
        }
        scope = _("in this plan")
        for attribute, (resource, demand) in demands.items():
            if attribute == "disk" and copies is not None:
                continue  # the disk of a plan with one copy is unknown
            if catalogue.listed(item, attribute):
                yield quota(catalogue, item, attribute, demand, resource=resource, scope=scope)
        if self.plan == "cheapest":
            vcpu = catalogue.value(item, "vcpu") * catalogue.value(item, "nodes")
            rate = catalogue.value("aiven.plan", "throughput_per_vcpu")
            weight = catalogue.value("aiven.plan", "read_weight")
            moved = broker_load(in_mib_s, load.replication_factor, load.fanout)
            equivalent = moved["disk-throughput"] + weight * moved["throughput-out"]
            reason = _("throughput at peak: more than {vcpu:g} vCPUs carry (assumption)", vcpu=vcpu)
            yield Limit(whole_units(equivalent, rate) > vcpu, reason)

    def _usage(self, load: Operands, catalogue: Catalogue) -> Candidate:
        written = monthly_gib(load.ingress_mib_s, load.month_hours)
        kept = stored_gib(load.retained_mib_s, load.retention_h)
        diskless = "diskless-" if self.topics == "diskless" else ""
        usage = "aiven.usage."
        region = self.region
        meters = (
            Meter("compute", f"{usage}compute", region, load.month_hours, "hour", _("the minimum")),
            Meter("throughput", f"{usage}{diskless}ingress", region, written, "GiB"),
            Meter("throughput", f"{usage}{diskless}egress", region, written * load.fanout, "GiB"),
            Meter(
                "storage",
                f"{usage}storage",
                region,
                kept,
                "GiB-month",
                _("retained data, one copy"),
            ),
        )
        sizing = Sizing("clusters", 1.0, details={"plan": "usage", "topics": self.topics})
        limits = tuple(self._limits(load, catalogue, "aiven.usage"))
        return Candidate("usage", meters, sizing, limits)

    def not_modelled(self, load: Operands) -> tuple[str, ...]:
        """Return the costs and limits that the model omits, and those not checked of a plan."""
        omitted = super().not_modelled(load)
        if self.plan == "cheapest":
            return omitted
        if self.plan == "usage":
            return (_("compute beyond the minimum"), *omitted)
        return (_("whether the plan carries the throughput (not published)"), *omitted)

    def registry(self, load: Operands, catalogue: Catalogue) -> tuple[Meter, ...]:
        """Return no meter: every plan includes Karapace, a schema registry.

        Source: https://aiven.io/docs/products/kafka/karapace.
        """
        return ()
