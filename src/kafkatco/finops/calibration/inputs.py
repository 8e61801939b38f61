"""The calibrated model: quantities of lines, by the ordinary formulas, with other inputs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple

from kafkatco.costing.candidates import PricedCandidate, cheapest_candidate, price_candidates
from kafkatco.costing.lines import PEOPLE
from kafkatco.deployments import Deployment
from kafkatco.finops.calibration.reconcile import Key
from kafkatco.prices import PriceBook
from kafkatco.prices.catalogue import Catalogue
from kafkatco.sizing.workload import Operands

__all__ = ["BY_SIZE", "ESTIMATED", "INPUTS", "Input", "Model", "billed_candidate", "inside"]


class Input(NamedTuple):
    """An input that can be estimated: its operand, or a deployment's field; its unit and bounds."""

    operand: str
    unit: str
    least: float
    most: float


#: The inputs that can be estimated, with the bounds of the formulas [base units].
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
#: Inputs of unknown magnitude: their logarithm is estimated.
BY_SIZE: Final = ("ingress", "retention")
#: The distance from its bounds at which an input moves all its lines.
INSIDE: Final = 1e-4
#: The inputs that are estimated by default.
ESTIMATED: Final = ("ingress", "fanout", "disk_headroom", "follower_fetch", "compression_ratio")


def inside(name: str, value: float) -> float:
    """Return an input away from its bounds, where some of its lines may be zero.

    An input in ``BY_SIZE`` at its lower bound becomes one unit.

    >>> inside("fanout", 0.0), inside("fanout", 3.0), inside("ingress", 0.0)
    (0.0001, 3.0, 1.0)
    """
    _, _, least, most = INPUTS[name]
    if name in BY_SIZE:
        return value if value > least else 1.0
    return min(max(value, least + INSIDE), most - INSIDE)


@dataclass(frozen=True, slots=True)
class Model:
    """A workload, its deployments, and the prices and capacities that choose their candidates."""

    load: Operands
    deployments: tuple[Deployment, ...]
    book: PriceBook
    catalogue: Catalogue

    def at(self, values: Mapping[str, float]) -> Model:
        """Return the model with other values of some inputs, by their names in ``INPUTS``."""
        operands = {INPUTS[name].operand: x for name, x in values.items() if INPUTS[name].operand}
        settings = {name: x for name, x in values.items() if not INPUTS[name].operand}
        deployments = tuple(
            deployment.model_copy(
                update={k: v for k, v in settings.items() if k in type(deployment).model_fields}
            )
            for deployment in self.deployments
        )
        load = self.load.replace(**operands) if operands else self.load
        return Model(load, deployments, self.book, self.catalogue)

    def inside(self, names: Iterable[str]) -> Model:
        """Return the model with inputs away from their bounds, so that it has all their lines."""
        now = {name: self.now(name) for name in names}
        return self.at({name: inside(name, x) for name, x in now.items() if x is not None})

    def now(self, name: str) -> float | None:
        """Return the value of an input; ``None`` if no deployment has it."""
        if operand := INPUTS[name].operand:
            return float(getattr(self.load, operand))
        for deployment in self.deployments:
            if name in type(deployment).model_fields:
                value = getattr(deployment, name)
                candidate = billed_candidate(deployment, self)
                return float(candidate.candidate.sizing.details[name] if value is None else value)
        return None

    def quantities(self) -> dict[Key, float]:
        """Return the quantity of each line, also of infeasible deployments."""
        quantities: dict[Key, float] = {}
        for deployment in self.deployments:
            for line in billed_candidate(deployment, self).lines:
                if line.use not in (*PEOPLE, "discount", "credit", "support", "tax"):
                    key = Key(line.sku, line.region or deployment.region)
                    quantities[key] = quantities.get(key, 0.0) + float(line.quantity)
        return quantities


def billed_candidate(deployment: Deployment, model: Model) -> PricedCandidate:
    """Return the modelled candidate: the cheapest feasible one, or else the cheapest."""
    return cheapest_candidate(price_candidates(deployment, model.load, model.book, model.catalogue))
