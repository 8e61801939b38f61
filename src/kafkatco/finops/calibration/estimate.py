"""Which inputs explain the quantities of a bill: those that it can tell, by least squares.

The ordinary formulas are solved for their inputs, and no others.  Lines that move with an input are
used; whole brokers and units are steps, which tell a range of inputs and no value, and are left
out.  An input is told by a bill if what it does to the lines is not what inputs before it do.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from kafkatco.finops.calibration.fit import Search
from kafkatco.finops.calibration.inputs import INPUTS, Model
from kafkatco.finops.calibration.reconcile import Key

__all__ = ["Estimate", "Fit", "Held", "fit_inputs"]


@dataclass(frozen=True, slots=True)
class Estimate:
    """An input that the bill tells: what it was, what explains the lines, and which lines.

    ``error`` is its standard error, where there are more lines than inputs; ``at_bound`` says that
    it is at the end of what it may be.  ``depends_on`` names inputs that are held: it were another
    if these were.
    """

    name: str
    unit: str
    was: float
    now: float
    error: float | None
    at_bound: bool
    lines: tuple[str, ...]
    depends_on: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Held:
    """An input that the bill does not tell: what it is held at, and why.

    There is no ``value`` where no deployment has the input.
    """

    name: str
    unit: str
    value: float | None
    reason: str


@dataclass(frozen=True, slots=True)
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
    start = {name: now for name in names if (now := model.now(name)) is not None}
    fixed = [
        Held(name, INPUTS[name].unit, None, "no deployment has it")
        for name in names
        if name not in start
    ]
    search = Search(model, billed, start)
    kept, reasons = search.told(search.start, tuple(start))
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
        for name in start
        if name not in kept
    ]
    errors = search.errors(found, kept)
    leaning = search.leaning(slopes, kept)
    estimates = []
    for name in kept:
        i = search.names.index(name)
        moved = (key.sku for key, slope in zip(search.keys, slopes[:, i], strict=True) if slope)
        estimates.append(
            Estimate(
                name,
                INPUTS[name].unit,
                start[name],
                search.value(name, found[i]),
                errors.get(name),
                search.at_bound(name, found[i]),
                tuple(dict.fromkeys(moved)),
                leaning[name],
            )
        )
    lines = frozenset(search.keys) if kept else frozenset()
    return Fit(tuple(estimates), (*held, *fixed), lines)
