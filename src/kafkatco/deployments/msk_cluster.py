"""The common base of Amazon MSK: AWS services next to a cluster, and provisioned brokers."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from typing import Any, ClassVar, Final, Literal, get_args

import numpy as np
from pydantic import Field

from kafkatco.deployments.base import Deployment
from kafkatco.deployments.broker_logs import BrokerLogs
from kafkatco.deployments.instances import InstanceField, chosen_types, is_one_type
from kafkatco.errors import Problem
from kafkatco.i18n.message import Message, _, verbatim
from kafkatco.prices.catalogue import Catalogue
from kafkatco.sizing.brokers import unfit
from kafkatco.sizing.clouds.regions import cloud_of
from kafkatco.sizing.formulas import monthly_gib, whole_units
from kafkatco.sizing.labour import Family
from kafkatco.sizing.quantities import Candidate, Limit, Meter, Sizing
from kafkatco.sizing.workload import Operands

__all__ = ["MetricsLevel", "MskCluster", "MskProvisioned"]

#: The levels of CloudWatch metrics, each with the metrics of those before it.
MetricsLevel = Literal["default", "per-broker", "per-topic-per-broker", "per-topic-per-partition"]
LEVELS: Final = get_args(MetricsLevel)


class MskCluster(Deployment, ABC):
    """A cluster with MSK Connect, MSK Replicator, Glue Schema Registry and CloudWatch.

    Parameters
    ----------
    connect_mcus
        Number of units of MSK Connect (MCU) for the workload's connectors; by default one for two
        tasks.  [1]
    replica_region
        The region that receives the copies of ``replica_regions``, for its price; by default any
        other region at the usual rate.  It may be the cluster's own.
    """

    connect_mcus: int | None = Field(default=None, ge=1)
    replica_region: str | None = None

    family: ClassVar[Family] = "cloud-managed"
    replication: ClassVar[str] = "MSK Replicator"
    copies_are_reads: ClassVar[bool] = False

    def conflicts(self) -> Iterator[Problem]:
        """Yield a problem for copies to a region of another cloud."""
        yield from super().conflicts()
        other = cloud_of(self.replica_region or "")
        if other not in ("", "aws"):
            expected = _(
                "a region of {cloud}; {region!r} is one of {other}",
                cloud="aws",
                region=self.replica_region,
                other=other,
            )
            yield Problem("replica_region", repr(self.replica_region), expected)

    def without_effect(self, load: Operands) -> tuple[Message, ...]:
        """Return the inputs that have no effect, as messages."""
        unused = []
        if self.connect_mcus is not None and not np.any(load.connector_tasks):
            unused.append(_("connect_mcus has no effect without connector_tasks"))
        copied = self.second_sites or np.any(load.replica_regions)
        if self.replica_region is not None and not copied:
            unused.append(_("replica_region has no effect without replica_regions"))
        return (*super().without_effect(load), *unused)

    def connectors(self, load: Operands, catalogue: Catalogue) -> tuple[Meter, ...]:
        """Return the meter of MSK Connect: units of 1 vCPU and 4 GiB (MCU) for the tasks.

        Two tasks per vCPU are the heuristic of ``own.connect``.  Source of the meter:
        https://aws.amazon.com/msk/pricing/.
        """
        per_mcu = catalogue.value("own.connect", "tasks_per_vcpu")
        mcus: Any = whole_units(load.connector_tasks, per_mcu)
        if self.connect_mcus is not None:
            mcus = self.connect_mcus * (load.connector_tasks > 0.0)
        hours = mcus * load.month_hours
        return (
            Meter("connect", "aws.msk.connect.mcu", self.region, hours, "hour", verbatim("MCUs")),
        )

    def registry(self, load: Operands, catalogue: Catalogue) -> tuple[Meter, ...]:
        """Return no meter: AWS Glue Schema Registry is free.

        Source: https://docs.aws.amazon.com/glue/latest/dg/schema-registry.html.
        """
        return ()

    def replicas(self, load: Operands, catalogue: Catalogue, target: str = "") -> tuple[Meter, ...]:
        """Return the meters of MSK Replicator, and of bytes between regions, if they differ.

        Each region has as many replicators as the peak requires, by their ingress quota; their
        reads from the brokers are assumed to be included in their price.
        Source: https://aws.amazon.com/msk/pricing/.
        """
        most = catalogue.value("aws.msk.replicator", "max_ingress")
        peak = whole_units(load.peak_mib_s, most)
        hours = np.maximum(peak, 1.0) * load.replica_regions * load.month_hours
        sent = monthly_gib(load.ingress_mib_s, load.month_hours) * load.replica_regions
        sku = "aws.msk.replicator"
        target = target or self.replica_region or ""
        data = "same-region" if target == self.region else "cross-region"
        return (
            Meter("connect", sku, self.region, hours, "hour", _("replicators")),
            Meter("connect", f"{sku}-data-{data}", self.region, sent, "GiB", _("replicated data")),
            *self.home.copies(load, self.region, target),
        )


class MskProvisioned(BrokerLogs, MskCluster, ABC):
    """Brokers of one instance type, which is given or chosen by the sizing.

    Parameters
    ----------
    instance
        A broker type, "cheapest" (default), a wildcard, or a list of types and wildcards.
        Wildcards and "cheapest" exclude types that are unfit for production, such as burstable
        ones.
    brokers
        Number of brokers; replaces the sizing, and has the limits of each kind.  [1]
    utilisation
        Share of a broker that the plan uses; by default that of AWS's official script
        (aws/agent-toolkit-for-aws, ``msk_sizing.py``).  [1]
    private_connectivity, private_traffic
        Number of authentication schemes for clients of other VPCs, 0 by default, and their share
        of all bytes in and out, 1 by default.  [1]
    metrics_level
        With ``monitoring = "managed"``, the level of CloudWatch metrics: "default", which is free;
        "per-broker" (default), the least that AWS recommends for production;
        "per-topic-per-broker"; or "per-topic-per-partition".  Each has the metrics of those before
        it.
    """

    instance: InstanceField = "cheapest"
    brokers: int | None = Field(default=None, ge=1)
    utilisation: float | None = Field(default=None, gt=0, le=1)
    private_connectivity: int = Field(default=0, ge=0)
    private_traffic: float = Field(default=1.0, ge=0, le=1)
    metrics_level: MetricsLevel | None = None

    #: The prefix of its broker types in the catalogue.
    types: ClassVar[str]
    sku_prefix: ClassVar[str] = "aws.msk."
    delivers_logs: ClassVar[bool] = True

    def conflicts(self) -> Iterator[Problem]:
        """Yield a problem for a level of metrics that are not collected."""
        yield from super().conflicts()
        if self.metrics_level is not None and self.monitoring != "managed":
            expected = _("none, unless monitoring = 'managed'")
            yield Problem("metrics_level", repr(self.metrics_level), expected)

    def candidates(self, load: Operands, catalogue: Catalogue) -> tuple[Candidate, ...]:
        """Return one candidate per broker type."""
        types: tuple[str, ...]
        if is_one_type(self.instance):  # if it is unknown, its capacity is missing
            types = (self.instance,)
        else:
            items = catalogue.items(self.types)
            by_name = [item.removeprefix(self.sku_prefix) for item in items]
            every = [name for name in by_name if not unfit(catalogue, self.sku_prefix + name)]
            types = chosen_types(self.instance, every, by_name=by_name, label=self.label)
        return tuple(self.candidate(load, catalogue, self.sku_prefix + name) for name in types)

    @abstractmethod
    def candidate(self, load: Operands, catalogue: Catalogue, item: str) -> Candidate:
        """Return the candidate of one broker type."""

    def of_type(self, catalogue: Catalogue, item: str, name: str) -> float:
        """Return a rule of a broker type, or that of the service if the type has none [base unit].

        A value that the user gives comes before both.
        """
        own = catalogue.listed(item, name) is not None
        return catalogue.assumed(name, item if own else self.service)

    def most_connections(self, catalogue: Catalogue, item: str) -> float:
        """Return the most client connections of a broker [1]; infinite if they are not sized."""
        return self.of_type(catalogue, item, "connections_per_broker") or np.inf

    def unknown_requests(
        self, load: Operands, catalogue: Catalogue, item: str, brokers: Any
    ) -> tuple[Limit, ...]:
        """Return the limit of client requests, which AWS does not publish.

        Beyond the requests that the vCPUs of all brokers handle by assumption, it is unknown
        whether they are enough.
        """
        each = catalogue.assumed("cpu_records", self.service) * catalogue.value(item, "vcpu")
        if not each:
            return ()
        reason = _("requests: more than the vCPUs of the brokers handle (assumption)")
        return (Limit(load.requests_per_s * load.peak_to_average > each * brokers, reason),)

    def broker_hours(self, load: Operands, item: str, brokers: Any) -> Meter:
        """Return the meter of ``brokers`` [1] of a type."""
        return Meter("compute", item, self.region, brokers * load.month_hours, "hour", _("brokers"))

    def network(self, load: Operands) -> tuple[Meter, ...]:
        """Return the meters of client traffic, and of private connectivity.

        Replication between brokers is free (https://aws.amazon.com/msk/pricing/).
        """
        moved = monthly_gib(load.ingress_mib_s, load.month_hours) * (1.0 + load.fanout)
        schemes = float(self.private_connectivity)
        private = moved * self.private_traffic * (schemes > 0.0)
        sku = "aws.msk.private-connectivity"
        return (
            *self.home.traffic(load, self.region, replication_billed=0.0),
            Meter(
                "network",
                sku,
                self.region,
                schemes * load.month_hours,
                "hour",
                _("private connectivity: authentication schemes"),
            ),
            Meter("network", f"{sku}-data", self.region, private, "GiB", _("private connectivity")),
        )

    @property
    def metrics_of_brokers(self) -> tuple[str, ...]:
        """The groups of metrics that a broker has at the level "per-broker"."""
        return ("broker",)

    def metrics(self, load: Operands, catalogue: Catalogue, sizing: Sizing) -> tuple[Meter, ...]:
        """Return the meter of the CloudWatch metrics of the level, for the brokers of ``sizing``.

        A topic has metrics on each broker that leads one of its partitions: on all of them, if it
        has as many.  Of a workload without ``topics``, each partition counts as one on a broker of
        its own, the most that there can be.  A reader of each byte (``fanout``) is a consumer
        group, an assumption.
        Sources: the capacity items of the service, from
        https://docs.aws.amazon.com/msk/latest/developerguide/metrics-details.html.
        """
        level = self.metrics_level or "per-broker"

        def each(name: str) -> float:
            return catalogue.value(self.service, f"metrics_per_{name}")

        brokers, partitions = sizing.count, load.partitions
        of_topics = load.topics * brokers / sizing.clusters
        led = np.where(load.topics > 0.0, np.minimum(of_topics, partitions), partitions)
        added: tuple[Any, ...] = (
            0.0,
            sum(each(name) for name in self.metrics_of_brokers) * brokers,
            each("topic_and_broker") * led,
            each("group_and_partition") * load.fanout * partitions,
        )
        paid: Any = sum(added[: LEVELS.index(level) + 1])
        note = _("CloudWatch metrics, level {level}", level=level)
        return (Meter("monitoring", "aws.cloudwatch.metric", self.region, paid, "month", note),)

    def replicas(self, load: Operands, catalogue: Catalogue, target: str = "") -> tuple[Meter, ...]:
        """Return the meters of MSK Replicator, and of private connectivity for its reads.

        Copies to another region require multi-VPC private connectivity of a provisioned source,
        for IAM:
        https://docs.aws.amazon.com/msk/latest/developerguide/msk-replicator-prepare-clusters.html.
        It is assumed to carry the replicated bytes, and IAM to be one of the schemes of
        ``private_connectivity``, if there are any.
        """
        meters = super().replicas(load, catalogue, target)
        if (target or self.replica_region) == self.region:
            return meters
        sku, note = "aws.msk.private-connectivity", _("private connectivity of the Replicator")
        sent = monthly_gib(load.ingress_mib_s, load.month_hours) * load.replica_regions
        meters += (Meter("network", f"{sku}-data", self.region, sent, "GiB", note),)
        if self.private_connectivity:
            return meters
        hours = load.month_hours * (load.replica_regions > 0.0)
        return (*meters, Meter("network", sku, self.region, hours, "hour", note))

    def connection_limit(self, load: Operands, most: float, brokers: float) -> Limit:
        """Return the limit of a fixed number of ``brokers`` [1] of ``most`` connections [1] each.

        Source: https://docs.aws.amazon.com/msk/latest/developerguide/limits.html.
        """
        quota = _("connections: at most {most:,.0f} per broker (MSK quota with IAM)", most=most)
        return Limit(load.connections / most > brokers, quota)

    def private_limits(self, load: Operands, item: str) -> tuple[Limit, ...]:
        """Return the limit of the broker type without private connectivity.

        Source: https://docs.aws.amazon.com/msk/latest/developerguide/aws-access-mult-vpc.html.
        """
        replicated = (load.replica_regions > 0.0) * float(self.replica_region != self.region)
        targets = (site.region or self.replica_region for site in self.second_sites)
        linked = any(target != self.region for target in targets)
        used = replicated + float(self.private_connectivity) + float(linked) > 0.0
        refused = np.logical_and(used, item.endswith("t3.small"))
        return (Limit(refused, _("private connectivity: not with kafka.t3.small")),)
