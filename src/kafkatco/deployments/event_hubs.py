"""Azure Event Hubs with its Kafka endpoint: Standard, Premium and Dedicated."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from typing import Any, ClassVar, Final, Literal

import numpy as np
from pydantic import Field, field_validator

from kafkatco.deployments.event_hubs_tier import KIB_PER_GIB, EventHubs, Rule
from kafkatco.errors import InvalidValueError, either
from kafkatco.i18n.message import _
from kafkatco.prices.catalogue import Catalogue
from kafkatco.sizing.formulas import monthly_gib, whole_units
from kafkatco.sizing.quantities import Meter
from kafkatco.sizing.workload import Operands

__all__ = ["SOLD_UNITS", "EventHubsDedicated", "EventHubsPremium", "EventHubsStandard"]

#: The numbers of processing units that a Premium namespace may have [1]:
#: https://learn.microsoft.com/en-us/azure/event-hubs/event-hubs-scalability (page of 2026-02-05).
SOLD_UNITS: Final = (1, 2, 4, 6, 8, 10, 12, 16)


class EventHubsStandard(EventHubs):
    """Standard: throughput units (TU), events in units of 64 KiB, capture for each TU.

    A TU carries 1 MB/s or 1,000 events per second in, and 2 MB/s or 4,096 events per second out;
    it includes 84 GB of storage, beyond which the rate of hot blob storage applies
    (https://learn.microsoft.com/en-us/azure/event-hubs/event-hubs-faq).  Each started 64 KiB of a
    record is an event.

    Examples
    --------
    >>> EventHubsStandard(region="koreacentral").label
    'event-hubs-standard'
    """

    kind: Literal["event-hubs-standard"] = "event-hubs-standard"

    tier: ClassVar[str] = "standard"
    unit: ClassVar[str] = "TU"
    unit_sku: ClassVar[str] = "throughput-unit"
    overage_sku: ClassVar[str] = "azure.blob.hot-lrs.storage"
    sku_prefix: ClassVar[str] = "azure.event-hubs.standard."
    leaves_out: ClassVar[tuple[str, ...]] = (
        _("storage of captured events"),
        _("more than one namespace, unless clusters is set"),
    )

    def requirements(self, load: Operands, ingress_mib_s: Any, rule: Rule) -> dict[str, Any]:
        """Return the TUs that bytes and events require, in and out."""
        events_per_s = _records(ingress_mib_s, load)
        return {
            "throughput-in": ingress_mib_s / rule("ingress_per_unit"),
            "throughput-out": ingress_mib_s * load.fanout / rule("egress_per_unit"),
            "events-in": events_per_s / rule("events_per_unit"),
            "events-out": events_per_s * load.fanout / rule("egress_events_per_unit"),
        }

    def demands(self, load: Operands, units: Any, rule: Rule) -> Mapping[str, tuple[str, Any, Any]]:
        """Return the demands of every tier, and those for event hubs and connections."""
        hubs = self.event_hubs(load, rule)
        resource = _("topics (event hubs of {each:g} partitions)", each=rule("max_partitions"))
        return {
            **super().demands(load, units, rule),
            "max_event_hubs": (resource, hubs, 1.0),
            "max_connections": (_("connections"), load.connections, 1.0),
        }

    def extras(self, load: Operands, units: Any, rule: Rule) -> tuple[Meter, ...]:
        """Return the meters of events, of capture, and of the Kafka endpoint if it is charged."""
        sku, hours = "azure.event-hubs.standard.", load.month_hours
        event_kib = rule("event_size") * KIB_PER_GIB
        begun = whole_units(load.message_size_kib, event_kib)
        events = _records(load.ingress_mib_s, load) * begun * 3600.0 * hours
        meters = [
            Meter(
                "requests",
                f"{sku}events",
                self.region,
                events / 1e6,
                "million",
                _("events, each started 64 KiB"),
            ),
            Meter(
                "platform",
                f"{sku}kafka-endpoint",
                self.region,
                hours * rule("kafka_endpoints"),
                "hour",
                _("one namespace"),
            ),
        ]
        if self.capture:
            share = rule("capture_per_unit")
            captured = (units * share + (1.0 - share)) * hours
            meters.append(
                Meter("platform", f"{sku}capture", self.region, captured, "hour", _("capture"))
            )
        return tuple(meters)


def _records(ingress_mib_s: Any, load: Operands) -> Any:
    """Return the records per second [1/s]: uncompressed bytes over the size of a message."""
    return ingress_mib_s * load.compression_ratio * 1024.0 / load.message_size_kib


class EventHubsPremium(EventHubs):
    """Premium: processing units (PU), sold in the sizes ``SOLD_UNITS``; capture is included.

    A PU carries 5 to 10 MB/s in and 10 to 20 MB/s out
    (https://learn.microsoft.com/en-us/azure/event-hubs/event-hubs-scalability): the sizing takes
    the lower end of both, and the variants ``upper`` of ``ingress_per_unit`` and
    ``egress_per_unit`` are the upper ends.

    Examples
    --------
    >>> EventHubsPremium(region="koreacentral", units=2).units
    2
    """

    kind: Literal["event-hubs-premium"] = "event-hubs-premium"

    tier: ClassVar[str] = "premium"
    unit: ClassVar[str] = "PU"
    unit_sku: ClassVar[str] = "processing-unit"
    overage_sku: ClassVar[str] = "azure.event-hubs.premium.retention"
    sku_prefix: ClassVar[str] = "azure.event-hubs.premium."
    replication: ClassVar[str] = "geo-replication"
    copies_are_reads: ClassVar[bool] = False
    leaves_out: ClassVar[tuple[str, ...]] = (_("storage of captured events"),)

    @field_validator("units")
    @classmethod
    def _on_sale(cls, units: int | None) -> int | None:
        if units is not None and units not in SOLD_UNITS:
            sizes = either(f"{size}" for size in SOLD_UNITS)
            raise InvalidValueError(_("{sizes} processing units", sizes=sizes))
        return units

    def requirements(self, load: Operands, ingress_mib_s: Any, rule: Rule) -> dict[str, Any]:
        """Return the PUs that bytes in and out, partitions, connections and topics require."""
        return {
            "throughput-in": ingress_mib_s / rule("ingress_per_unit"),
            "throughput-out": ingress_mib_s * load.fanout / rule("egress_per_unit"),
            "partitions": load.partitions / rule("partitions_per_unit"),
            "connections": load.connections / rule("connections_per_unit"),
            "topics": self.event_hubs(load, rule) / rule("max_event_hubs"),
        }

    def sold(self, units: Any) -> Any:
        """Return ``units`` [1] rounded up to a size on sale, or unchanged above: infeasible."""
        size = SOLD_UNITS[0]
        for smaller, larger in itertools.pairwise(SOLD_UNITS):
            size = size + (larger - smaller) * (units > smaller)
        return np.maximum(units, size)

    def replicas(self, load: Operands, catalogue: Catalogue, target: str = "") -> tuple[Meter, ...]:
        """Return the meter of geo-replication of every byte to each region."""
        return _geo_replication(load, self.region)


class EventHubsDedicated(EventHubs):
    """Dedicated: capacity units (CU), used at 70 % by the plan; capture is included.

    A CU carries 100 MB/s in and 200 MB/s out, as in Microsoft's benchmark with small batches
    (https://learn.microsoft.com/en-us/azure/event-hubs/event-hubs-dedicated-overview).

    Parameters
    ----------
    utilisation
        Share of a CU that the plan uses; by default 0.7, where Microsoft recommends to scale up.
        [1]

    Examples
    --------
    >>> EventHubsDedicated(region="koreacentral").label
    'event-hubs-dedicated'
    """

    kind: Literal["event-hubs-dedicated"] = "event-hubs-dedicated"
    rescaled: Literal["never"] = "never"
    utilisation: float | None = Field(default=None, gt=0, le=1)

    tier: ClassVar[str] = "dedicated"
    unit: ClassVar[str] = "CU"
    unit_sku: ClassVar[str] = "capacity-unit"
    overage_sku: ClassVar[str] = "azure.event-hubs.dedicated.retention"
    sku_prefix: ClassVar[str] = "azure.event-hubs.dedicated."
    replication: ClassVar[str] = "geo-replication"
    copies_are_reads: ClassVar[bool] = False
    leaves_out: ClassVar[tuple[str, ...]] = (_("storage of captured events"),)

    def planned(self, rule: Rule) -> float:
        """Return the share of a CU that the sizing uses; all of it for a fixed number of CUs."""
        if self.units is not None:
            return 1.0
        return rule("utilisation") if self.utilisation is None else self.utilisation

    def requirements(self, load: Operands, ingress_mib_s: Any, rule: Rule) -> dict[str, Any]:
        """Return the CUs that bytes in and out, partitions, connections and topics require."""
        use = self.planned(rule)
        hubs_per_unit = rule("max_event_hubs") * rule("namespaces_per_unit")
        return {
            "throughput-in": ingress_mib_s / rule("ingress_per_unit") / use,
            "throughput-out": ingress_mib_s * load.fanout / rule("egress_per_unit") / use,
            "partitions": load.partitions / rule("partitions_per_unit"),
            "connections": load.connections / rule("connections_per_unit"),
            "topics": self.event_hubs(load, rule) / hubs_per_unit,
        }

    def replicas(self, load: Operands, catalogue: Catalogue, target: str = "") -> tuple[Meter, ...]:
        """Return the meter of geo-replication of every byte to each region."""
        return _geo_replication(load, self.region)


def _geo_replication(load: Operands, region: str) -> tuple[Meter, ...]:
    sent = monthly_gib(load.ingress_mib_s, load.month_hours) * load.replica_regions
    note = _("geo-replication")
    return (Meter("network", "azure.event-hubs.geo-replication", region, sent, "GiB", note),)
