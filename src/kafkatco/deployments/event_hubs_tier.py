"""The common base of the tiers of Azure Event Hubs: units from the peak, included storage."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from typing import Any, ClassVar, Literal

import numpy as np
from pydantic import Field

from kafkatco.deployments.client_path import OutsideNetwork
from kafkatco.errors import Problem
from kafkatco.i18n.message import _, verbatim
from kafkatco.prices.catalogue import Catalogue
from kafkatco.sizing.clouds import CLOUDS
from kafkatco.sizing.formulas import nodes, stored_gib
from kafkatco.sizing.labour import Family
from kafkatco.sizing.limits import quota, units_not_sustained, unpublished
from kafkatco.sizing.quantities import Candidate, Limit, Meter, Plan, Sizing
from kafkatco.sizing.traffic_profile import FLAT
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
        Number of TUs, PUs or CUs; replaces the sizing, and must carry the average traffic, that of
        the busiest hour.  [1]
    rescaled
        "never" (default): the units of the peak run all month, since auto-inflate only adds units
        (https://learn.microsoft.com/en-us/azure/event-hubs/event-hubs-auto-inflate).  "hourly": an
        automation of your own sets them for each hour of the workload's profile; units, and the
        storage that they include, are billed by the hour.
    capture
        Whether events are also written to a storage account, whose storage is not in the bill.
    """

    units: int | None = Field(default=None, ge=1)
    rescaled: Literal["never", "hourly"] = "never"
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

    def conflicts(self) -> Iterator[Problem]:
        """Yield a problem if a fixed number of units is to change every hour."""
        yield from super().conflicts()
        if self.units is not None and self.rescaled == "hourly":
            yield Problem("rescaled", repr(self.rescaled), _("'never', since units is set"))

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

        def required(level: float) -> dict[str, Any]:
            """Return the units that an hour requires, at its share of the peak [1]."""
            return {"minimum": 1.0, **self.requirements(load, load.peak_mib_s * level, rule)}

        def units_of(level: float) -> Any:
            if self.units is not None:
                return float(self.units)
            return self.sold(nodes(list(required(level).values()), 1.0))

        hours = load.profile if self.rescaled == "hourly" else FLAT
        each = hours.each(units_of)
        requirements, units, mean = required(1.0), each[-1], hours.mean(each)
        limits: tuple[Limit, ...] = ()
        if self.units is not None:
            average = self.requirements(load, load.busiest_mib_s, rule)
            needed = nodes(list(average.values()), 1.0)
            too_few = units_not_sustained(load, self.unit, self.units)
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
        stored, included = (
            stored_gib(load.retained_mib_s, load.retention_h),
            rule("included_storage"),
        )
        over = hours.mean([np.maximum(stored - count * included, 0.0) for count in each])
        meters = (
            Meter(
                "compute",
                f"{item}.{self.unit_sku}",
                self.region,
                mean * load.month_hours,
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
            *self.extras(load, mean, rule),
            *CLOUDS["azure"].traffic(load, self.region, replication_billed=0.0),
        )
        traffic = Plan(self.planned(rule), "peak")
        plans = {
            name: Plan() if name in ("partitions", "connections", "topics") else traffic
            for name in requirements.keys() - {"minimum"}
        }
        sizing = Sizing(
            f"{self.unit}s",
            units,
            requirements,
            {"capture": self.capture},
            plans,
            mean=None if hours.is_flat else mean,
        )
        unchecked = unpublished({_("requests"): load.requests_per_s})
        return (Candidate(self.tier, meters, sizing, limits, unchecked),)

    def registry(self, load: Operands, catalogue: Catalogue) -> tuple[Meter, ...]:
        """Return no meter: the tiers include a schema registry, with a quota on its size.

        Source: https://learn.microsoft.com/en-us/azure/event-hubs/event-hubs-quotas.
        """
        return ()
