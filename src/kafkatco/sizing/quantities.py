"""What a deployment needs: quantities by meter, without a price."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np

from kafkatco.core.money import PriceMeasure
from kafkatco.numerics.typing import Condition, Operand

__all__ = ["COMPONENTS", "Limit", "Meter", "Offer", "Sizing", "any_exceeded"]

#: What a line of a bill can be for.
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
)


@dataclass(frozen=True, slots=True)
class Meter:
    """A quantity that is billed: how much of which sku, in ``unit``, in one month.

    ``quantity`` is a float, an array or a curve.  ``price`` is the user's own, where the price
    is an input (a salary) and no row of a book.  ``one_off`` meters fall in one month only.
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
    """A limit that the workload may exceed: where it does, the deployment cannot serve it."""

    exceeded: Condition  #: truth: bool, array of bool, or curve of truth
    reason: str


def any_exceeded(limits: Sequence[Limit]) -> Condition:
    """Return the truth that some of ``limits`` is exceeded, in their shape."""
    exceeded: Condition = False
    for limit in limits:
        exceeded = np.logical_or(exceeded, limit.exceeded)
    return exceeded


@dataclass(frozen=True, slots=True)
class Sizing:
    """How many units there are, what each dimension asks for, and the choices that led there."""

    unit: str  #: what is counted: "brokers", "eckus"
    count: Operand
    asks: Mapping[str, Operand] = field(default_factory=lambda: {"minimum": 1.0})
    details: Mapping[str, Any] = field(default_factory=dict)

    @property
    def bottleneck(self) -> str:
        """The dimension that asks for most; for a single workload, not for arrays or curves."""
        return max(self.asks, key=lambda name: float(self.asks[name]))

    def describe(self) -> dict[str, Any]:
        """Return the sizing as plain values."""
        count = float(self.count)
        whole = int(count) if count.is_integer() else count
        return {self.unit: whole, "bottleneck": self.bottleneck, **self.details}


@dataclass(frozen=True, slots=True)
class Offer:
    """One way in which a deployment can serve a workload; one with a choice makes several."""

    label: str
    meters: tuple[Meter, ...]
    sizing: Sizing
    limits: tuple[Limit, ...] = ()
