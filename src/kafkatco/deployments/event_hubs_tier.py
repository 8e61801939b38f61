"""What the tiers of Azure Event Hubs share: units from the peak, storage that they include."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from typing import Any, ClassVar

import numpy as np
from pydantic import Field

from kafkatco.deployments.base import Deployment
from kafkatco.prices.catalogue import Catalogue
from kafkatco.sizing.clouds import CLOUDS
from kafkatco.sizing.formulas import nodes, stored_gib
from kafkatco.sizing.labour import Family
from kafkatco.sizing.limits import quota
from kafkatco.sizing.quantities import Limit, Meter, Offer, Sizing
from kafkatco.sizing.workload import Operands

__all__ = ["KIB_PER_GIB", "EventHubs", "Rule"]

Rule = Callable[[str], float]
KIB_PER_GIB = 1024.0**2


class EventHubs(Deployment, ABC):
    """What the tiers share: units from the peak, storage included up to so much for each unit.

    Quotas: https://learn.microsoft.com/en-us/azure/event-hubs/event-hubs-quotas; a Kafka topic is
    an event hub, and ``replication_factor`` and ``zones`` are the service's affair.  Clients'
    bytes between zones are not charged (https://azure.microsoft.com/pricing/details/bandwidth/).

    Parameters
    ----------
    units
        TUs, PUs or CUs; overrides the sizing, and then must carry the average.  [1]
    capture
        Whether events are written to a storage account as they come; what is stored there is not
        in the bill.
    """

    units: int | None = Field(default=None, ge=1)
    capture: bool = False

    #: What its skus and its capacities are called, "azure.event-hubs." before it.
    tier: ClassVar[str]
    unit: ClassVar[str]
    unit_sku: ClassVar[str]
    #: The sku of what is stored beyond the allowance.
    overage_sku: ClassVar[str]
    runs_on: ClassVar[str] = "azure"
    family: ClassVar[Family] = "cloud-managed"
    has_nodes: ClassVar[bool] = False

    @abstractmethod
    def asks(self, load: Operands, ingress_mib_s: Any, rule: Rule) -> dict[str, Any]:
        """Return the units that each dimension asks for [1], at an ingress [MiB/s]."""

    def demands(self, load: Operands, units: Any, rule: Rule) -> Mapping[str, tuple[str, Any, Any]]:
        """Return what quotas bound: what it is, how much, and how many have one each."""
        return {
            "max_retention": ("retention", load.retention_h, 1.0),
            "max_message": ("message size", load.message_size_kib / KIB_PER_GIB, 1.0),
            "max_units": (f"{self.unit}s", units, 1.0),
        }

    def sold(self, units: Any) -> Any:
        """Return the least number of units on sale [1] that is at least ``units``."""
        return units

    def extras(self, load: Operands, units: Any, rule: Rule) -> tuple[Meter, ...]:
        """Return the meters that this tier alone has."""
        return ()

    def offers(self, load: Operands, catalogue: Catalogue) -> tuple[Offer, ...]:
        """Return the one offer of a namespace or cluster of this tier."""
        item = f"azure.event-hubs.{self.tier}"

        def rule(attribute: str) -> float:
            return catalogue.value(item, attribute)

        at_peak = load.ingress_mib_s * load.peak_to_average
        asks = {"minimum": 1.0, **self.asks(load, at_peak, rule)}
        units = self.sold(nodes(list(asks.values()), 1.0))
        limits: tuple[Limit, ...] = ()
        if self.units is not None:
            units = float(self.units)
            average = self.asks(load, load.ingress_mib_s, rule)
            needed = nodes(list(average.values()), 1.0)
            limits = (
                Limit(needed > units, f"{self.units} {self.unit}s cannot sustain the average"),
            )
        limits += tuple(
            quota(
                catalogue,
                item,
                attribute,
                demand,
                what=what,
                scope=f"in {self.tier}",
                holders=holders,
            )
            for attribute, (what, demand, holders) in self.demands(load, units, rule).items()
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
                f"{self.unit}s",
            ),
            Meter(
                "storage",
                self.overage_sku,
                self.region,
                over,
                "GiB-month",
                f"beyond what {self.unit}s include",
            ),
            *self.extras(load, units, rule),
            *CLOUDS["azure"].traffic(load, self.region, replication_billed=0.0),
        )
        details = {"capture": self.capture}
        return (Offer(self.tier, meters, Sizing(f"{self.unit}s", units, asks, details), limits),)

    def registry(self, load: Operands, catalogue: Catalogue) -> tuple[Meter, ...]:
        """Return no meter: the tiers include a schema registry, within a quota of its size.

        Source: https://learn.microsoft.com/en-us/azure/event-hubs/event-hubs-quotas.
        """
        return ()
