"""The model that is calibrated: quantities of lines by the ordinary formulas, at other inputs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple

from kafkatco.costing.candidates import PricedOffer, price_offers
from kafkatco.costing.lines import PEOPLE
from kafkatco.deployments import Deployment
from kafkatco.finops.calibration.reconcile import Key
from kafkatco.prices import PriceBook
from kafkatco.prices.catalogue import Catalogue
from kafkatco.sizing.workload import Operands

__all__ = ["BY_SIZE", "ESTIMATED", "INPUTS", "Input", "Model", "chosen_offer", "inside"]


class Input(NamedTuple):
    """An input that may be estimated: its operand, or a deployment's field; its unit and bounds."""

    operand: str
    unit: str
    least: float
    most: float


#: What may be estimated; bounds [base units] within which formulas hold.
INPUTS: Final[Mapping[str, Input]] = {
    "ingress": Input("ingress_mib_s", "MiB/s", 1e-9, 1e9),
    "fanout": Input("fanout", "", 0.0, 1e4),
    "disk_headroom": Input("", "", 0.0, 0.99),
    "follower_fetch": Input("follower_fetch", "", 0.0, 1.0),
    "compression_ratio": Input("compression_ratio", "", 1.0, 1e3),
    "retention": Input("retention_h", "h", 1e-3, 1e6),
    "producer_affinity": Input("producer_affinity", "", 0.0, 1.0),
    "internet_egress": Input("internet_egress", "", 0.0, 1.0),
}
#: Inputs whose size is not known beforehand: their logarithm is looked for.
BY_SIZE: Final = ("ingress", "retention")
#: How far from an end of what inputs may be lines are looked for.
INSIDE: Final = 1e-4
#: What is estimated unless told: where two do the same, the first.
ESTIMATED: Final = ("ingress", "fanout", "disk_headroom", "follower_fetch", "compression_ratio")


def inside(name: str, value: float) -> float:
    """Return an input away from its ends, where the lines that it moves may be nothing.

    What is of no size at all becomes one unit.

    >>> inside("fanout", 0.0), inside("fanout", 3.0), inside("ingress", 0.0)
    (0.0001, 3.0, 1.0)
    """
    _, _, least, most = INPUTS[name]
    if name in BY_SIZE:
        return value if value > least else 1.0
    return min(max(value, least + INSIDE), most - INSIDE)


@dataclass(frozen=True, slots=True)
class Model:
    """What bills: a workload, who serves it, at which prices (which choose among offers)."""

    load: Operands
    deployments: tuple[Deployment, ...]
    book: PriceBook
    catalogue: Catalogue

    def at(self, values: Mapping[str, float]) -> Model:
        """Return the model with some inputs at other values, by their names in ``INPUTS``."""
        operands = {INPUTS[name].operand: x for name, x in values.items() if INPUTS[name].operand}
        own = {name: x for name, x in values.items() if not INPUTS[name].operand}
        deployments = tuple(
            item.model_copy(update={k: v for k, v in own.items() if k in type(item).model_fields})
            for item in self.deployments
        )
        load = self.load.replace(**operands) if operands else self.load
        return Model(load, deployments, self.book, self.catalogue)

    def inside(self, names: Iterable[str]) -> Model:
        """Return the model with inputs away from their ends: it has all lines that they move."""
        now = {name: self.now(name) for name in names}
        return self.at({name: inside(name, x) for name, x in now.items() if x is not None})

    def now(self, name: str) -> float | None:
        """Return what an input is; ``None`` where no deployment has it."""
        if operand := INPUTS[name].operand:
            return float(getattr(self.load, operand))
        for item in self.deployments:
            if name in type(item).model_fields:
                own = getattr(item, name)
                offer = chosen_offer(item, self)
                return float(offer.offer.sizing.details[name] if own is None else own)
        return None

    def quantities(self) -> dict[Key, float]:
        """Return how much of each line is used, whether or not it can be served."""
        found: dict[Key, float] = {}
        for item in self.deployments:
            for line in chosen_offer(item, self).lines:
                if line.component not in (*PEOPLE, "discount", "credit", "support"):
                    key = Key(line.sku, item.region)
                    found[key] = found.get(key, 0.0) + float(line.quantity)
        return found


def chosen_offer(deployment: Deployment, model: Model) -> PricedOffer:
    """Return the offer that is billed: the cheapest that can serve, or else of all."""
    found = price_offers(deployment, model.load, model.book, model.catalogue)
    able = [item for item in found if not item.infeasible]
    return min(able or found, key=lambda item: float(item.total))
