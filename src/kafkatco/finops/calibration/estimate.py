"""Which inputs explain the quantities of a bill, as far as it identifies them, by least squares.

The ordinary formulas are solved for their inputs, and no others.  Lines that move with an input are
used; whole brokers and units are steps, which give a range of inputs and no value, and are left
out.  An input is identifiable if its effect on the bill is not a combination of earlier inputs'
effects.
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
    """An estimated input: the value as given, the value that explains the lines, and these lines.

    ``error`` is its standard error, where there are more lines than inputs; ``at_bound`` is whether
    it is at an end of its range.  It would differ at other values of the inputs ``depends_on``,
    which are held.
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
    """An input that the bill does not identify: the value at which it is held, and why.

    There is no ``value`` where no deployment has the input.
    """

    name: str
    unit: str
    value: float | None
    reason: str


@dataclass(frozen=True, slots=True)
class Fit:
    """The estimated inputs, the held ones, and the lines that were used."""

    estimates: tuple[Estimate, ...] = ()
    held: tuple[Held, ...] = ()
    lines: frozenset[Key] = field(default_factory=frozenset)

    @property
    def by_name(self) -> dict[str, float]:
        """The estimates by name, in base units."""
        return {estimate.name: estimate.now for estimate in self.estimates}


def fit_inputs(model: Model, billed: Mapping[Key, float], names: Sequence[str]) -> Fit:
    """Return the inputs that explain ``billed`` quantities, as far as they are identifiable.

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
    kept, reasons = search.identifiable(search.start, tuple(start))
    position = search.first
    while kept:
        position = search.solve(kept)
        again, more = search.identifiable(position, kept)
        reasons |= {name: more[name] for name in kept if name in more}
        if again == kept:
            break
        kept = again
    slopes = search.slopes(position)
    held = [
        Held(name, INPUTS[name].unit, start[name], reasons[name])
        for name in start
        if name not in kept
    ]
    errors = search.errors(position, kept)
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
                search.value(name, position[i]),
                errors.get(name),
                search.at_bound(name, position[i]),
                tuple(dict.fromkeys(moved)),
                leaning[name],
            )
        )
    lines = frozenset(search.keys) if kept else frozenset()
    return Fit(tuple(estimates), (*held, *fixed), lines)
