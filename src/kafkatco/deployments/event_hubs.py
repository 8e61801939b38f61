"""Azure Event Hubs with its Kafka endpoint: Standard, Premium and Dedicated."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Literal

import numpy as np
from pydantic import Field, field_validator

from kafkatco.deployments.event_hubs_tier import KIB_PER_GIB, EventHubs, Rule
from kafkatco.errors import InvalidValueError
from kafkatco.i18n.message import _
from kafkatco.prices.catalogue import Catalogue
from kafkatco.sizing.formulas import monthly_gib, whole_units
from kafkatco.sizing.quantities import Meter
from kafkatco.sizing.workload import Operands

__all__ = ["EventHubsDedicated", "EventHubsPremium", "EventHubsStandard"]


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
        """Return the demands of every tier, and those for event hubs and connections.

        Each event hub is assumed to have as many partitions as are allowed.
        """
        in_each = rule("max_partitions")
        hubs = np.ceil(load.partitions / in_each)
        return {
            **super().demands(load, units, rule),
            "max_event_hubs": (_("event hubs, of {each:g} partitions", each=in_each), hubs, 1.0),
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
    """Premium: processing units (PU), sold as 1, 2, 4, 8 or 16; capture is included.

    Microsoft does not publish the throughput of a PU; the capacity ``ingress_per_unit`` names its
    source, and its variant ``upper`` is the less cautious figure.

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
    leaves_out: ClassVar[tuple[str, ...]] = (
        _("egress as a limit of processing units"),
        _("storage of captured events"),
    )

    @field_validator("units")
    @classmethod
    def _on_sale(cls, units: int | None) -> int | None:
        if units is not None and units not in (1, 2, 4, 8, 12, 16):
            raise InvalidValueError(_("1, 2, 4, 8, 12 or 16 processing units"))
        return units

    def requirements(self, load: Operands, ingress_mib_s: Any, rule: Rule) -> dict[str, Any]:
        """Return the PUs that bytes in, partitions and connections require."""
        return {
            "throughput-in": ingress_mib_s / rule("ingress_per_unit"),
            "partitions": load.partitions / rule("partitions_per_unit"),
            "connections": load.connections / rule("connections_per_unit"),
        }

    def sold(self, units: Any) -> Any:
        """Return ``units`` [1] rounded up to a power of two, or unchanged above 16: infeasible."""
        steps = 1.0 + (units > 1.0) + 2.0 * (units > 2.0) + 4.0 * (units > 4.0)
        steps = steps + 8.0 * (units > 8.0)
        return np.maximum(units, steps)

    def replicas(self, load: Operands, catalogue: Catalogue) -> tuple[Meter, ...]:
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
        """Return the CUs that bytes in and out, partitions and connections require."""
        use = self.planned(rule)
        return {
            "throughput-in": ingress_mib_s / rule("ingress_per_unit") / use,
            "throughput-out": ingress_mib_s * load.fanout / rule("egress_per_unit") / use,
            "partitions": load.partitions / rule("partitions_per_unit"),
            "connections": load.connections / rule("connections_per_unit"),
        }

    def replicas(self, load: Operands, catalogue: Catalogue) -> tuple[Meter, ...]:
        """Return the meter of geo-replication of every byte to each region."""
        return _geo_replication(load, self.region)


def _geo_replication(load: Operands, region: str) -> tuple[Meter, ...]:
    sent = monthly_gib(load.ingress_mib_s, load.month_hours) * load.replica_regions
    note = _("geo-replication")
    return (Meter("network", "azure.event-hubs.geo-replication", region, sent, "GiB", note),)
