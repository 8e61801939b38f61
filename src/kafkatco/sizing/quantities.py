"""The quantities of a deployment, by meter, without a price."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal

import numpy as np

from kafkatco.core.money import PriceMeasure
from kafkatco.i18n.message import Message
from kafkatco.numerics.typing import Condition, Operand

__all__ = ["COMPONENTS", "Candidate", "Limit", "Meter", "Plan", "Sizing", "any_exceeded"]

#: The components of a bill.
COMPONENTS: Final = (
    "compute",
    "storage",
    "network",
    "throughput",
    "requests",
    "platform",
    "connect",
    "schema-registry",
    "stream-processing",
    "monitoring",
    "support",
    "labour",
    "setup",
    "migration",
    "discount",
    "credit",
    "tax",
    "environments",
)


@dataclass(frozen=True, slots=True)
class Meter:
    """A billed quantity of a sku in one month, in ``unit``.

    ``quantity`` is a float, an array or a curve.  ``price`` is the user's own, for a price that is
    an input (a salary) and not a row of a book.  ``one_off`` meters occur in one month only.
    """

    component: str
    sku: str
    region: str
    quantity: Operand
    unit: str
    note: str = ""
    price: PriceMeasure | None = None
    one_off: bool = False

    def __post_init__(self) -> None:
        assert self.component in COMPONENTS, self.component

    @property
    def is_zero(self) -> bool:
        """Whether the quantity is zero everywhere, so that no price is needed."""
        return not np.any(self.quantity)


@dataclass(frozen=True, slots=True)
class Limit:
    """A limit; if the workload exceeds it, the deployment is infeasible."""

    exceeded: Condition  #: truth: bool, array of bool, or curve of truth
    reason: str  #: a message, shown if it is exceeded


def any_exceeded(limits: Sequence[Limit]) -> Condition:
    """Return whether any of ``limits`` is exceeded, in their shape."""
    exceeded: Condition = False
    for limit in limits:
        exceeded = np.logical_or(exceeded, limit.exceeded)
    return exceeded


@dataclass(frozen=True, slots=True)
class Plan:
    """How a requirement relates to the capacity of the units that it counts."""

    #: the share of a unit's capacity that the sizing uses at most, with all zones up [1]
    limit: Operand = 1.0
    #: the traffic that the requirement is for, "peak" or the "average" of the busiest hour, or
    #: "constant" if it does not follow traffic
    at: Literal["peak", "average", "constant"] = "constant"
    #: the share of units that carry the traffic with a zone lost [1]; 1 if there is none to lose
    survivors: Operand = 1.0
    #: the units that the load fills whole, where this is no fixed share of the requirement [1]
    full: Operand | None = None


@dataclass(frozen=True, slots=True)
class Sizing:
    """The number of units, the units that each dimension requires, and the settings behind them.

    Of several clusters, ``count`` is the units of all and ``requirements`` are those of each.
    Where units follow traffic hour by hour, ``count`` and ``requirements`` are those of the busiest
    hour, and ``mean`` is the mean number of units.
    ``plans`` has the dimensions whose utilisation is known.
    """

    unit: str  #: the name of the units: "brokers", "eckus"
    count: Operand
    requirements: Mapping[str, Operand] = field(default_factory=lambda: {"minimum": 1.0})
    details: Mapping[str, Any] = field(default_factory=dict)
    plans: Mapping[str, Plan] = field(default_factory=dict)
    clusters: int = 1
    mean: Operand | None = None

    @property
    def bottleneck(self) -> str:
        """The dimension with the highest requirement; only for a single workload."""
        return max(self.requirements, key=lambda name: float(self.requirements[name]))

    def describe(self) -> dict[str, Any]:
        """Return the sizing as plain values."""
        count = float(self.count)
        whole = int(count) if count.is_integer() else count
        mean = {} if self.mean is None else {f"mean_{self.unit}": float(self.mean)}
        return {self.unit: whole, **mean, "bottleneck": self.bottleneck, **self.details}


@dataclass(frozen=True, slots=True)
class Candidate:
    """A configuration of a deployment for a workload, such as one of several instance types."""

    label: str
    meters: tuple[Meter, ...]
    sizing: Sizing
    limits: tuple[Limit, ...] = ()
    #: true where the workload states a dimension whose limit is unknown: the cost is a floor
    unchecked: tuple[Limit, ...] = ()
    #: what a reader must know of this configuration, such as a type unfit for production
    notes: tuple[Message, ...] = ()
