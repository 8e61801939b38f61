"""Which inputs explain the quantities of a bill: those that it can tell, by least squares.

The ordinary formulas are solved for their inputs, and no others.  Lines that move with an input are
used; whole brokers and units are steps, which tell a range of inputs and no value, and are left
out.  An input is told by a bill if what it does to the lines is not what inputs before it do.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib.util import find_spec
from typing import Any, Final, NamedTuple

import numpy as np

from kafkatco.calibration.beside import Key
from kafkatco.deployments import Deployment
from kafkatco.errors import KafkatcoError
from kafkatco.lines import PEOPLE
from kafkatco.offers import PricedOffer, price_offers
from kafkatco.prices import PriceBook
from kafkatco.prices.catalogue import Catalogue
from kafkatco.workload import Operands

__all__ = ["ESTIMATED", "INPUTS", "Estimate", "Fit", "Held", "Model", "chosen_offer", "fit_inputs"]


class _Input(NamedTuple):
    """An input that may be estimated: its operand, or a deployment's field; its unit and bounds."""

    operand: str
    unit: str
    least: float
    most: float


#: What may be estimated; bounds [base units] within which formulas hold.
INPUTS: Final[Mapping[str, _Input]] = {
    "ingress": _Input("ingress_mib_s", "MiB/s", 1e-9, 1e9),
    "fanout": _Input("fanout", "", 0.0, 1e4),
    "disk_headroom": _Input("", "", 0.0, 0.99),
    "follower_fetch": _Input("follower_fetch", "", 0.0, 1.0),
    "compression_ratio": _Input("compression_ratio", "", 1.0, 1e3),
    "retention": _Input("retention_h", "h", 1e-3, 1e6),
    "producer_affinity": _Input("producer_affinity", "", 0.0, 1.0),
    "internet_egress": _Input("internet_egress", "", 0.0, 1.0),
}
#: What is estimated unless told: where two do the same, the first.
ESTIMATED: Final = ("ingress", "fanout", "disk_headroom", "follower_fetch", "compression_ratio")
#: Inputs whose size is not known beforehand: their logarithm is looked for.
_BY_SIZE: Final = ("ingress", "retention")
#: The step of a slope, in what is looked for.
STEP: Final = 1e-4
#: Whose slopes differ by less, as a share, do the same.
SAME: Final = 1e-3
#: How much smaller and greater inputs may be than those given, to begin with.
STARTS: Final = (0.0, np.log(8.0), -np.log(8.0))
#: Half the squared misses of a search that need not begin anew.
EXACT: Final = 1e-18


@dataclass(frozen=True, slots=True)
class Estimate:
    """An input that the bill tells: what it was, what explains the lines, and which lines.

    ``error`` is its standard error, where there are more lines than inputs; ``at_bound`` says that
    it is at the end of what it may be.
    """

    name: str
    unit: str
    was: float
    now: float
    error: float | None
    at_bound: bool
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Held:
    """An input that the bill does not tell: what it is held at, and why."""

    name: str
    unit: str
    value: float
    reason: str


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


@dataclass(slots=True)
class Fit:
    """What was found: inputs, those held, and the lines that were used."""

    estimates: tuple[Estimate, ...] = ()
    held: tuple[Held, ...] = ()
    lines: frozenset[Key] = field(default_factory=frozenset)

    @property
    def found(self) -> dict[str, float]:
        """The estimates by name, in base units."""
        return {item.name: item.now for item in self.estimates}


def fit_inputs(model: Model, billed: Mapping[Key, float], names: Sequence[str]) -> Fit:
    """Return the inputs that explain ``billed`` quantities, as far as these tell them.

    Every line's miss counts as a share of what was billed of it.  Raises
    :class:`~kafkatco.errors.KafkatcoError` where scipy is not installed.
    """
    if not names:
        return Fit()
    if find_spec("scipy") is None:
        raise KafkatcoError("an estimate needs scipy: pip install 'kafkatco[uncertainty]'")
    start = {name: now for name in names if (now := model.now(name)) is not None}
    fixed = [Held(name, INPUTS[name].unit, np.nan, "no deployment has it")
             for name in names if name not in start]  # fmt: skip
    search = _Search(model, billed, start)
    kept, reasons = search.told(search.first, tuple(start))
    found = search.first
    while kept:
        found = search.solved(kept)
        again, more = search.told(found, kept)
        reasons |= {name: more[name] for name in kept if name in more}
        if again == kept:
            break
        kept = again
    slopes = search.slopes(found)
    held = [
        Held(name, INPUTS[name].unit, start[name], reasons[name])
        for name in start if name not in kept
    ]  # fmt: skip
    errors = search.errors(found, kept)
    estimates = tuple(
        Estimate(
            name, INPUTS[name].unit, start[name], search.value(name, found[i]), errors.get(name),
            search.at_bound(name, found[i]),
            tuple(dict.fromkeys(
                key.sku for key, slope in zip(search.keys, slopes[:, i], strict=True) if slope
            )),
        )
        for name in kept for i in [search.names.index(name)]
    )  # fmt: skip
    return Fit(estimates, (*held, *fixed), frozenset(search.keys) if kept else frozenset())


class _Search:
    """Looks for inputs: positions are the logarithm of those of unknown size, and values else."""

    def __init__(
        self, model: Model, billed: Mapping[Key, float], start: Mapping[str, float]
    ) -> None:
        self.model, self.names = model, tuple(start)
        self.bounds = np.array([
            [self._position(name, INPUTS[name].least), self._position(name, INPUTS[name].most)]
            for name in self.names
        ]).T.reshape(2, -1)  # fmt: skip
        given = np.array([self._position(name, start[name]) for name in self.names])
        self.first = np.clip(given, *self.bounds)
        able = model.quantities()
        self.keys = tuple(key for key, amount in billed.items() if amount > 0 and key in able)
        self.billed = np.array([billed[key] for key in self.keys])
        moved = np.zeros(len(self.keys), bool)
        for shift in STARTS:
            moved |= self.slopes(self._shifted(shift)).any(axis=1)
        self.keys = tuple(key for key, some in zip(self.keys, moved, strict=True) if some)
        self.billed = self.billed[moved]

    @staticmethod
    def _position(name: str, value: float) -> float:
        return float(np.log(max(value, INPUTS[name].least))) if name in _BY_SIZE else value

    @staticmethod
    def value(name: str, position: float) -> float:
        """Return an input at a position."""
        return float(np.exp(position) if name in _BY_SIZE else position)

    def at_bound(self, name: str, position: float) -> bool:
        """Whether a position is at the end of those that may be."""
        low, high = self.bounds[:, self.names.index(name)]
        return bool(min(position - low, high - position) < 1e-6)

    def _shifted(self, shift: float) -> Any:
        moves = np.array([shift if name == "ingress" else 0.0 for name in self.names])
        return np.clip(self.first + moves, *self.bounds)

    def _shares(self, position: Any) -> Any:
        """Return the quantity of each line, as a share of what was billed."""
        values = {name: self.value(name, position[i]) for i, name in enumerate(self.names)}
        found = self.model.at(values).quantities()
        return np.array([found.get(key, 0.0) for key in self.keys]) / self.billed

    def slopes(self, position: Any) -> Any:
        """Return what each input does to each line, (lines, inputs); none where that is a step.

        At half the step a slope does half of it, and a jump all or nothing.
        """
        here = self._shares(position)
        found = np.zeros((len(self.keys), len(self.names)))
        for i in range(len(self.names)):
            inside = -STEP if position[i] + STEP > self.bounds[1, i] else STEP
            whole, half = (
                self._shares(position + np.eye(len(self.names))[i] * size) - here
                for size in (inside, inside / 2)
            )
            smooth = (np.abs(whole - 2 * half) <= 0.05 * np.abs(whole)) & (np.abs(whole) > 1e-12)
            found[:, i] = np.where(smooth, whole / inside, 0.0)
        return found

    def told(self, position: Any, names: Sequence[str]) -> tuple[tuple[str, ...], dict[str, str]]:
        """Return which inputs the lines tell apart, and of the others why not."""
        slopes = self.slopes(position)
        kept: list[str] = []
        known: list[Any] = []
        reasons = {}
        for name in names:
            column = slopes[:, self.names.index(name)]
            size = np.linalg.norm(column)
            rest = column - sum((np.dot(column, one) * one for one in known), np.zeros_like(column))
            if not size:
                reasons[name] = "no line of the bill moves with it"
            elif np.linalg.norm(rest) <= SAME * size:
                skus = [key.sku for key, x in zip(self.keys, column, strict=True) if x]
                moved = ", ".join(dict.fromkeys(skus))
                reasons[name] = f"{moved}: explained by {', '.join(kept)} already"
            else:
                kept.append(name)
                known.append(rest / np.linalg.norm(rest))
        return tuple(kept), reasons

    def solved(self, kept: Sequence[str]) -> Any:
        """Return the position of least squares over some inputs, from several starts."""
        from scipy.optimize import least_squares

        places = [self.names.index(name) for name in kept]
        low, high = self.bounds[:, places]

        def placed(some: Any) -> Any:
            position = self.first.copy()
            position[places] = some
            return position

        def misses(some: Any) -> Any:
            return self._shares(placed(some)) - 1.0

        best, least = self.first, np.inf
        for shift in STARTS:
            inside = np.clip(self._shifted(shift)[places], low + 1e-9, high - 1e-9)
            found = least_squares(
                misses, inside, bounds=(low, high), xtol=1e-14, ftol=1e-14, gtol=1e-14,
                x_scale="jac",
            )  # fmt: skip
            if found.cost < least:
                least, best = found.cost, placed(found.x)
            if least < EXACT:
                break
        return best

    def errors(self, position: Any, kept: Sequence[str]) -> dict[str, float]:
        """Return the standard error of each input, where there are more lines than inputs."""
        spare = len(self.keys) - len(kept)
        if spare <= 0 or not kept:
            return {}
        slopes = self.slopes(position)[:, [self.names.index(name) for name in kept]]
        misses = self._shares(position) - 1.0
        spread = np.linalg.pinv(slopes.T @ slopes) * float(misses @ misses) / spare
        sizes = [
            self.value(name, position[self.names.index(name)]) if name in _BY_SIZE else 1.0
            for name in kept
        ]
        return {
            name: float(np.sqrt(max(spread[i, i], 0.0)) * sizes[i]) for i, name in enumerate(kept)
        }
