"""Aiven for Apache Kafka: plans with a fixed price, and usage-based prices."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar, Literal

from pydantic import Field

from kafkatco.deployments.client_path import Access, OutsideNetwork
from kafkatco.errors import MissingPriceError, nearest
from kafkatco.i18n.message import Message, _
from kafkatco.prices.catalogue import Catalogue
from kafkatco.sizing.formulas import broker_load, disk_gib, monthly_gib, stored_gib
from kafkatco.sizing.limits import beyond_assumption, quota, unpublished
from kafkatco.sizing.quantities import Candidate, Limit, Meter, Sizing
from kafkatco.sizing.workload import Operands

__all__ = ["Aiven"]

PLAN = "aiven.plan."
USAGE = "aiven.usage"


class Aiven(OutsideNetwork):
    """A plan, with nodes, disks, network and backups in one price; or usage-based prices.

    Plans: https://aiven.io/pricing/kafka; usage: a minimum of compute, bytes in and out, and one
    copy of the retained data (https://aiven.io/blog/pay-for-what-you-stream-kafka-pricing).  The
    limits of the free plan and the developer plan are those of
    https://aiven.io/docs/products/kafka/free-tier/kafka-free-tier and
    https://aiven.io/docs/products/kafka/dev-tier/kafka-dev-tier.

    Of other plans, Aiven publishes the disks, but neither what a vCPU carries nor the price of more
    compute than the minimum.  A vCPU is therefore assumed to carry the throughput, replicas and
    connections of ``aiven.plan``, and the minimum compute to equal a plan of about its price.
    Beyond that, "cheapest" excludes a plan; a named plan, or usage, has a cost that is a floor.

    Parameters
    ----------
    cloud
        "aws" (default), "azure" or "gcp": the cloud of clients and of the services next to it.
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
    usual_access: ClassVar[Access] = "nat"
    replication: ClassVar[str] = "Aiven for Apache Kafka MirrorMaker 2"
    trial_credit: ClassVar[str] = "aiven.trial-credit"
    leaves_out: ClassVar[tuple[str, ...]] = (
        _("additional storage of plans, and Aiven's own charge for private links"),
        _("regional prices (the US list prices apply)"),
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
        sizing = Sizing("plans", 1.0, details={"plan": name})
        return Candidate(name, (meter,), sizing, *self._limits(load, catalogue, item))

    def _limits(
        self, load: Operands, catalogue: Catalogue, item: str
    ) -> tuple[tuple[Limit, ...], tuple[Limit, ...]]:
        """Return the limits of a plan, and those beyond which its cost is a floor."""
        published = tuple(_published(load, catalogue, item, self.disk_headroom))
        assumed = tuple(_assumed(load, catalogue, item))
        unknown = tuple(_unknown(load, catalogue, item))
        if self.plan == "cheapest":
            return (*published, *assumed), unknown
        return published, (*assumed, *unknown)

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
        return Candidate("usage", meters, sizing, *self._limits(load, catalogue, USAGE))

    def registry(self, load: Operands, catalogue: Catalogue) -> tuple[Meter, ...]:
        """Return no meter: every plan includes Karapace, a schema registry.

        Source: https://aiven.io/docs/products/kafka/karapace.
        """
        return ()


def _published(
    load: Operands, catalogue: Catalogue, item: str, disk_headroom: float
) -> Iterator[Limit]:
    """Yield the limits that Aiven publishes of a plan: its disk and quotas."""
    in_mib_s = load.peak_mib_s
    stored = stored_gib(load.retained_mib_s, load.retention_h)
    demands: dict[str, tuple[Message, Any]] = {
        "disk": (_("disk"), disk_gib(stored, load.replication_factor, disk_headroom)),
        "max_ingress": (_("ingress at peak"), in_mib_s),
        "max_egress": (_("egress at peak"), in_mib_s * load.fanout),
        "max_retention": (_("retention"), load.retention_h),
        "max_partitions": (_("partitions"), load.partitions),
        "max_topics": (_("topics"), load.topics),
        "replication_factor": (_("replication factor"), load.replication_factor),
    }
    yield from _quotas(catalogue, item, demands)


def _assumed(load: Operands, catalogue: Catalogue, item: str) -> Iterator[Limit]:
    """Yield the limits of a plan with known vCPUs, by what a vCPU is assumed to carry."""
    if not catalogue.listed(item, "vcpu"):
        return

    def rule(attribute: str) -> float:
        return catalogue.value("aiven.plan", attribute)

    at_peak = load.peak_mib_s
    moved = broker_load(at_peak, load.replication_factor, load.fanout)
    equivalent = moved["disk-throughput"] + rule("read_weight") * moved["throughput-out"]
    replicas = load.partitions * load.replication_factor
    required = {
        _("throughput at peak"): equivalent / rule("throughput_per_vcpu"),
        _("partitions"): replicas / rule("replicas_per_vcpu"),
        _("connections"): load.connections / rule("connections_per_vcpu"),
    }
    vcpu = catalogue.value(item, "vcpu") * catalogue.value(item, "nodes")
    yield from beyond_assumption(required, vcpu)


def _unknown(load: Operands, catalogue: Catalogue, item: str) -> Iterator[Limit]:
    """Yield the limits of a plan that Aiven does not publish, or on which its pages differ."""
    yield from unpublished({_("requests"): load.requests_per_s})
    if not catalogue.listed(item, "vcpu"):
        yield from unpublished({_("connections"): load.connections})
    if item != USAGE and not any(catalogue.listed(item, x) for x in ("disk", "max_retention")):
        yield from unpublished({_("disk"): load.retained_mib_s * load.retention_h})
    demands: dict[str, tuple[Message, Any]] = {
        "partitions": (_("partitions"), load.partitions),
        "included_retention": (_("retention in the price"), load.retention_h),
    }
    yield from _quotas(catalogue, item, demands)


def _quotas(
    catalogue: Catalogue, item: str, demands: Mapping[str, tuple[Message, Any]]
) -> Iterator[Limit]:
    """Yield the limits of ``demands``, by attribute, that the tables have of a plan."""
    scope = _("in this plan")
    for attribute, (resource, demand) in demands.items():
        if catalogue.listed(item, attribute):
            yield quota(catalogue, item, attribute, demand, resource=resource, scope=scope)
