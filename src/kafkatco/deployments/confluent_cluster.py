"""The common base of Confluent Cloud clusters: units, bytes in and out, stored bytes."""

from __future__ import annotations

from abc import ABC
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, ClassVar, Literal

import numpy as np
from pydantic import Field, field_validator

from kafkatco.core.inputs import Input
from kafkatco.deployments.client_path import Access, OutsideNetwork
from kafkatco.i18n.message import Message, _, ngettext, verbatim
from kafkatco.prices.catalogue import Catalogue
from kafkatco.sizing.formulas import monthly_gib, nodes, stored_gib
from kafkatco.sizing.limits import quota, units_not_sustained
from kafkatco.sizing.quantities import Candidate, Limit, Meter, Plan, Sizing
from kafkatco.sizing.traffic_profile import FLAT
from kafkatco.sizing.workload import Operands

__all__ = ["ConfluentCluster", "ConnectorClasses"]


class ConnectorClasses(Input):
    """The tasks of managed connectors that have a price of their own.

    Classes are those of https://www.confluent.io/confluent-cloud/pricing/ (read 2025-12-18); all
    other tasks are standard.

    Parameters
    ----------
    premium
        Tasks of premium and CDC connectors, whose price Confluent does not publish: set yours as
        ``[prices.override]`` of ``confluent.connect.premium-task``.  [1]
    custom
        Tasks of custom connectors.  [1]

    Examples
    --------
    >>> ConnectorClasses(premium=4).tasks
    4
    """

    premium: int = Field(default=0, ge=0, le=1_000_000)
    custom: int = Field(default=0, ge=0, le=1_000_000)

    @property
    def tasks(self) -> int:
        """The tasks of all these classes."""
        return self.premium + self.custom


class ConfluentCluster(OutsideNetwork, ABC):
    """The common base of the five cluster types, sized in units.

    The number of units is the largest that ingress, egress, partitions, connections or requests
    require; the capacity of a unit and the limits of a cluster are those of
    https://docs.confluent.io/cloud/current/clusters/cluster-types.html.  Traffic is billed by bytes
    on the wire, storage after replication, and replication is not billed as traffic
    (https://docs.confluent.io/cloud/current/billing/overview.html).

    Parameters
    ----------
    cloud
        "aws" (default), "azure" or "gcp": the cloud of the region and of clients.
    units
        Number of eCKUs or CKUs; replaces the sizing, and must carry the average traffic, that of
        the busiest hour, and the partitions.  [1]
    units_from
        The traffic of an hour that requires eCKUs: its "peak" (default) or its "average".
        Confluent bills the eCKUs in use hour by hour, and does not publish the averaging window.
        Without a profile, the whole month is such an hour.
    storage_copies
        How often a stored byte is billed: by default as in the capacity tables (3, and 1 for
        Freight), or 1, as in the price page and the article.  [1]
    sla
        "99.99%", or the lower one of the type (default); the higher requires more units.
    connector_classes
        How many of the workload's ``connector_tasks`` are of a dearer class than standard, such as
        ``{premium = 4, custom = 2}``: see ``ConnectorClasses``; none by default.
    connector_traffic
        Share of produced bytes that pass through connectors, if there are any; 1 by default, an
        assumption.  [1]
    governance
        The package that includes the schema registry: "essentials" (default) or "advanced".
    stream_processing
        The stream processor: "flink" (default), with a CFU per unit, or "ksqldb", with a CSU.
    """

    cloud: Literal["aws", "azure", "gcp"] = "aws"
    units: int | None = Field(default=None, ge=1)
    units_from: Literal["peak", "average"] = "peak"
    storage_copies: Literal[1, 3] | None = None
    connector_classes: ConnectorClasses = ConnectorClasses()
    connector_traffic: float = Field(default=1.0, ge=0, le=1)
    governance: Literal["essentials", "advanced"] = "essentials"
    stream_processing: Literal["flink", "ksqldb"] = "flink"

    @field_validator("sla", mode="before", check_fields=False)
    @classmethod
    def _percent(cls, sla: object) -> object:
        """Accept 99.99 and "99.99" as well as "99.99%"."""
        if isinstance(sla, int | float) and not isinstance(sla, bool):
            return f"{sla:g}%"
        return f"{sla}%" if isinstance(sla, str) and not sla.endswith("%") else sla

    #: The name in its skus and capacities, after "confluent.".
    tier: ClassVar[str]
    unit: ClassVar[str] = "eCKU"
    higher_sla: ClassVar[str] = ""
    has_base_fee: ClassVar[bool] = False
    has_free_units: ClassVar[bool] = False
    #: Whether its units follow traffic hour by hour.
    elastic: ClassVar[bool] = True
    caps_storage: ClassVar[bool] = False
    usual_access: ClassVar[Access] = "nat"
    replication: ClassVar[str] = "Cluster Linking"
    fixed_replication: ClassVar[int] = 3
    copies_are_reads: ClassVar[bool] = False
    support_prefix: ClassVar[str] = "confluent.support."
    trial_credit: ClassVar[str] = "confluent.trial-credit"
    leaves_out: ClassVar[tuple[str, ...]] = (
        _("limits of connection attempts and compacted partitions"),
        _("recommended throughput per partition"),
    )

    def candidates(self, load: Operands, catalogue: Catalogue) -> tuple[Candidate, ...]:
        """Return the only candidate, a cluster of this type."""

        def rule(attribute: str) -> float:
            return catalogue.value(self.item, attribute)

        at_peak = load.peak_mib_s
        sized = at_peak if self.units_from == "peak" else load.busiest_mib_s

        def required(level: float) -> dict[str, Any]:
            """Return the units that an hour requires, by its traffic over that of the busiest."""
            least = self._least(catalogue)
            return {"minimum": least, **_requirements(load, sized * level, rule)}

        def units_of(level: float) -> Any:
            if self.units is not None:
                return float(self.units)
            return nodes(list(required(level).values()), 1.0)

        free_units = rule("free_units") if self.has_free_units else 0.0
        hours = load.profile if self.elastic and self.units is None else FLAT
        each = hours.each(units_of)
        requirements, units = required(1.0), each[-1]
        limits: tuple[Limit, ...] = ()
        if self.units is not None:
            needed = nodes(list(_requirements(load, load.busiest_mib_s, rule).values()), 1.0)
            average = units_not_sustained(load, self.unit, self.units)
            sla = _("{unit}s: {count} is too few for the SLA", unit=self.unit, count=self.units)
            limits = (Limit(needed > units, average), Limit(requirements["minimum"] > units, sla))
        stored_once = stored_gib(load.retained_mib_s, load.retention_h)
        most_units = quota(
            catalogue,
            self.item,
            "max_units",
            units,
            resource=verbatim(f"{self.unit}s"),
            scope=self._scope,
        )
        limits += (most_units, *self._caps(load, catalogue, stored_once))
        copies = self._copies(catalogue)
        billed = hours.mean([np.maximum(count - free_units, 0.0) for count in each])
        free = _("beyond the free eCKU") if self.has_free_units else ""
        meters = [
            self._meter("compute", self.unit.lower(), billed * load.month_hours, "hour", free),
            *self._bytes(load, stored_once, copies),
        ]
        if self.has_base_fee:
            meters.insert(
                0, self._meter("platform", "cluster", load.month_hours, "hour", _("one cluster"))
            )
        details = {"units_from": self.units_from, "storage_copies": copies}
        plans = dict.fromkeys(requirements.keys() - {"minimum"}, Plan())
        plans |= dict.fromkeys(("throughput-in", "throughput-out"), Plan(at=self.units_from))
        mean = None if hours.is_flat else hours.mean(each)
        sizing = Sizing(f"{self.unit.lower()}s", units, requirements, details, plans, mean=mean)
        return (Candidate(self.tier, tuple(meters), sizing, limits),)

    @property
    def item(self) -> str:
        """The item of its capacities, and the beginning of its skus."""
        return f"confluent.{self.tier}"

    @property
    def _scope(self) -> Message:
        return _("in one {tier} cluster", tier=self.tier.capitalize())

    def _copies(self, catalogue: Catalogue) -> float:
        """Return how often a stored byte is billed [1]."""
        if self.storage_copies is not None:
            return self.storage_copies
        return catalogue.value(self.item, "storage_copies")

    def _bytes(self, load: Operands, stored_once: Any, copies: float) -> tuple[Meter, ...]:
        """Return the meters of bytes in, out and stored."""
        written_gib = monthly_gib(load.ingress_mib_s, load.month_hours)
        note = _("{copies:g}x retained data", copies=copies)
        stored = stored_once * copies
        return (
            self._meter("throughput", "ingress", written_gib, "GiB"),
            self._meter("throughput", "egress", written_gib * load.fanout, "GiB"),
            self._meter("storage", "storage", stored, "GiB-month", note),
        )

    def _least(self, catalogue: Catalogue) -> float:
        higher = self.higher_sla and getattr(self, "sla", "") == self.higher_sla
        return catalogue.value(
            f"confluent.{self.tier}", "min_units_99.99" if higher else "min_units"
        )

    def _caps(self, load: Operands, catalogue: Catalogue, stored_once: Any) -> Iterator[Limit]:
        """Yield the limits of a cluster of this type, besides that of units."""
        at_peak = load.peak_mib_s
        demands: dict[str, tuple[Message, Any]] = {
            "max_ingress": (_("ingress at peak"), at_peak),
            "max_egress": (_("egress at peak"), at_peak * load.fanout),
            "max_partitions": (_("partitions"), load.partitions),
            "max_connections": (_("connections"), load.connections),
            "max_requests": (_("requests"), load.requests_per_s),
            "max_message": (_("message size"), load.message_size_kib / 1024.0**2),
        }
        if self.caps_storage:
            demands["max_storage"] = (_("stored data"), stored_once)
        if catalogue.listed(self.item, "max_connector_tasks"):
            demands["max_connector_tasks"] = (_("connector tasks"), load.connector_tasks)
        for name, (resource, demand) in demands.items():
            yield quota(catalogue, self.item, name, demand, resource=resource, scope=self._scope)

    def _meter(self, component: str, part: str, quantity: Any, unit: str, note: str = "") -> Meter:
        return Meter(component, f"{self.item}.{part}", self.region, quantity, unit, note)

    def connectors(self, load: Operands, catalogue: Catalogue) -> tuple[Meter, ...]:
        """Return the meters of managed connectors: task-hours of each class, and their traffic."""
        passed = monthly_gib(load.ingress_mib_s, load.month_hours) * self.connector_traffic
        has_tasks = load.connector_tasks > 0.0
        standard = np.maximum(load.connector_tasks - self.connector_classes.tasks, 0.0)
        return (
            self._tasks("task", standard * load.month_hours, _("tasks")),
            *self._dearer_tasks(has_tasks * load.month_hours),
            Meter("connect", "confluent.connect.data", self.region, passed * has_tasks, "GiB"),
        )

    def _dearer_tasks(self, hours: Any) -> Iterator[Meter]:
        """Yield the meters of tasks of the classes that have any."""
        if count := self.connector_classes.premium:
            yield self._tasks("premium-task", count * hours, _("tasks of premium connectors"))
        if count := self.connector_classes.custom:
            yield self._tasks("custom-task", count * hours, _("tasks of custom connectors"))

    def _tasks(self, part: str, hours: Any, note: str) -> Meter:
        return Meter("connect", f"confluent.connect.{part}", self.region, hours, "hour", note)

    def choices(self, load: Operands, catalogue: Catalogue) -> tuple[Candidate, ...]:
        """Return the candidates complete; no classes have more tasks than the workload."""
        candidates = super().choices(load, catalogue)
        classed = self.connector_classes.tasks
        if not classed:
            return candidates
        reason = ngettext(
            "connector_classes: {n} task, but the workload has fewer connector_tasks",
            "connector_classes: {n} tasks, but the workload has fewer connector_tasks",
            classed,
        )
        tasks = load.connector_tasks
        fewer = Limit(np.logical_and(tasks > 0.0, tasks < classed), reason)
        return tuple(
            replace(candidate, limits=(*candidate.limits, fewer)) for candidate in candidates
        )

    def without_effect(self, load: Operands) -> tuple[Message, ...]:
        """Return the inputs without effect, as messages."""
        fixed = super().without_effect(load)
        if self.connector_classes.tasks and not np.any(load.connector_tasks):
            return (*fixed, _("connector_classes has no effect without connector_tasks"))
        return fixed

    def registry(self, load: Operands, catalogue: Catalogue) -> tuple[Meter, ...]:
        """Return the meter of the Stream Governance package, which includes the registry."""
        sku = f"confluent.governance.{self.governance}"
        months = load.schema_registry
        return (Meter("schema-registry", sku, self.region, months, "month", _("one environment")),)

    def streams(self, load: Operands, catalogue: Catalogue) -> tuple[Meter, ...]:
        """Return the meter of CFUs or CSUs."""
        sku = {"flink": "confluent.flink.cfu", "ksqldb": "confluent.ksqldb.csu"}
        hours = load.stream_processing_units * load.month_hours
        name = sku[self.stream_processing]
        return (Meter("stream-processing", name, self.region, hours, "hour"),)

    def replicas(self, load: Operands, catalogue: Catalogue, target: str = "") -> tuple[Meter, ...]:
        """Return the meters of Cluster Linking: a link per region, bytes read and written."""
        sent = monthly_gib(load.ingress_mib_s, load.month_hours) * load.replica_regions
        links = load.replica_regions * load.month_hours
        sku = "confluent.cluster-linking."
        return (
            Meter("network", f"{sku}link", self.region, links, "hour", _("links")),
            Meter("network", f"{sku}read", self.region, sent, "GiB", _("read over links")),
            Meter("network", f"{sku}write", self.region, sent, "GiB", _("written over links")),
        )


def _requirements(load: Operands, ingress_mib_s: Any, rule: Any) -> dict[str, Any]:
    """Return the units that each dimension requires [1], at an ingress [MiB/s]."""
    return {
        "throughput-in": ingress_mib_s / rule("ingress_per_unit"),
        "throughput-out": ingress_mib_s * load.fanout / rule("egress_per_unit"),
        "partitions": load.partitions / rule("partitions_per_unit"),
        "connections": load.connections / rule("connections_per_unit"),
        "requests": load.requests_per_s / rule("requests_per_unit"),
    }
