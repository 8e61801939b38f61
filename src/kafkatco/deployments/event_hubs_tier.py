"""The common base of the tiers of Azure Event Hubs: units from the peak, included storage."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from typing import Any, ClassVar

import numpy as np
from pydantic import Field

from kafkatco.deployments.client_path import OutsideNetwork
from kafkatco.i18n.message import _, verbatim
from kafkatco.prices.catalogue import Catalogue
from kafkatco.sizing.clouds import CLOUDS
from kafkatco.sizing.formulas import nodes, stored_gib
from kafkatco.sizing.labour import Family
from kafkatco.sizing.limits import quota, unpublished
from kafkatco.sizing.quantities import Candidate, Limit, Meter, Plan, Sizing
from kafkatco.sizing.workload import Operands

__all__ = ["KIB_PER_GIB", "EventHubs", "Rule"]

Rule = Callable[[str], float]
KIB_PER_GIB = 1024.0**2


class EventHubs(OutsideNetwork, ABC):
    """The common base of the tiers: units from the peak, with some storage included in each unit.

    Quotas: https://learn.microsoft.com/en-us/azure/event-hubs/event-hubs-quotas; a Kafka topic is
    an event hub, and the service manages ``replication_factor`` and ``zones``.  If the workload
    does not state its ``topics``, there are as few as can have its partitions.  Client traffic
    between zones is free (https://azure.microsoft.com/pricing/details/bandwidth/).

    Parameters
    ----------
    units
        Number of TUs, PUs or CUs; replaces the sizing, and must carry the average traffic.  [1]
    capture
        Whether events are also written to a storage account, whose storage is not in the bill.
    """

    units: int | None = Field(default=None, ge=1)
    capture: bool = False

    #: The name in its skus and capacities, after "azure.event-hubs.".
    tier: ClassVar[str]
    unit: ClassVar[str]
    unit_sku: ClassVar[str]
    #: The sku of storage beyond the included amount.
    overage_sku: ClassVar[str]
    runs_on: ClassVar[str] = "azure"
    family: ClassVar[Family] = "cloud-managed"
    fixed_replication: ClassVar[int] = 3
    fixed_zones: ClassVar[int] = 3

    @abstractmethod
    def requirements(self, load: Operands, ingress_mib_s: Any, rule: Rule) -> dict[str, Any]:
        """Return the units that each dimension requires [1], at an ingress [MiB/s]."""

    def planned(self, rule: Rule) -> float:
        """Return the share of a unit's throughput that the sizing uses at most [1]."""
        return 1.0

    def demands(self, load: Operands, units: Any, rule: Rule) -> Mapping[str, tuple[str, Any, Any]]:
        """Return the demands with a quota: resource, amount, and number of holders of the quota."""
        of_topics = load.partitions * (load.topics > 0.0)
        return {
            "max_partitions": (_("partitions of each topic"), of_topics, load.topics),
            "max_retention": (_("retention"), load.retention_h, 1.0),
            "max_message": (_("message size"), load.message_size_kib / KIB_PER_GIB, 1.0),
            "max_units": (verbatim(f"{self.unit}s"), units, 1.0),
        }

    def event_hubs(self, load: Operands, rule: Rule) -> Any:
        """Return the number of event hubs [1]: the topics, or, if unknown, the fewest possible."""
        fewest = np.ceil(load.partitions / rule("max_partitions"))
        return np.where(load.topics > 0.0, load.topics, fewest)

    def sold(self, units: Any) -> Any:
        """Return ``units`` [1], rounded up to a number that is for sale."""
        return units

    def extras(self, load: Operands, units: Any, rule: Rule) -> tuple[Meter, ...]:
        """Return the meters of this tier only."""
        return ()

    def candidates(self, load: Operands, catalogue: Catalogue) -> tuple[Candidate, ...]:
        """Return the only candidate, a namespace or cluster of this tier."""
        item = f"azure.event-hubs.{self.tier}"

        def rule(attribute: str) -> float:
            return catalogue.value(item, attribute)

        at_peak = load.ingress_mib_s * load.peak_to_average
        requirements = {"minimum": 1.0, **self.requirements(load, at_peak, rule)}
        units = self.sold(nodes(list(requirements.values()), 1.0))
        limits: tuple[Limit, ...] = ()
        if self.units is not None:
            units = float(self.units)
            average = self.requirements(load, load.ingress_mib_s, rule)
            needed = nodes(list(average.values()), 1.0)
            too_few = _(
                "{unit}s: {count} cannot sustain the average", unit=self.unit, count=self.units
            )
            limits = (Limit(needed > units, too_few),)
        limits += tuple(
            quota(
                catalogue,
                item,
                attribute,
                demand,
                resource=resource,
                scope=_("in the {tier} tier", tier=self.tier.capitalize()),
                holders=holders,
            )
            for attribute, (resource, demand, holders) in self.demands(load, units, rule).items()
        )
        stored = stored_gib(load.retained_mib_s, load.retention_h)
        over = np.maximum(stored - units * rule("included_storage"), 0.0)
        meters = (
            Meter(
                "compute",
                f"{item}.{self.unit_sku}",
                self.region,
                units * load.month_hours,
                "hour",
                verbatim(f"{self.unit}s"),
            ),
            Meter(
                "storage",
                self.overage_sku,
                self.region,
                over,
                "GiB-month",
                _("beyond the storage included in {unit}s", unit=self.unit),
            ),
            *self.extras(load, units, rule),
            *CLOUDS["azure"].traffic(load, self.region, replication_billed=0.0),
        )
        traffic = Plan(self.planned(rule), "peak")
        plans = {
            name: Plan() if name in ("partitions", "connections", "topics") else traffic
            for name in requirements.keys() - {"minimum"}
        }
        details = {"capture": self.capture}
        sizing = Sizing(f"{self.unit}s", units, requirements, details, plans)
        unchecked = unpublished({_("requests"): load.requests_per_s})
        return (Candidate(self.tier, meters, sizing, limits, unchecked),)

    def registry(self, load: Operands, catalogue: Catalogue) -> tuple[Meter, ...]:
        """Return no meter: the tiers include a schema registry, with a quota on its size.

        Source: https://learn.microsoft.com/en-us/azure/event-hubs/event-hubs-quotas.
        """
        return ()
