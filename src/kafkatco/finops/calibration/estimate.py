"""Estimate the inputs that explain the quantities of a bill, by least squares.

The ordinary formulas are solved for their inputs.  The estimate uses the lines that move with an
input; whole brokers and units are steps, which give only a range of inputs, and are left out.  An
input is identifiable if its effect on the bill is not a combination of earlier inputs' effects.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from kafkatco.finops.calibration.fit import Search
from kafkatco.finops.calibration.inputs import INPUTS, Model
from kafkatco.finops.calibration.reconcile import Key
from kafkatco.i18n.message import _

__all__ = ["Estimate", "Fit", "Held", "fit_inputs"]


@dataclass(frozen=True, slots=True)
class Estimate:
    """An estimated input: its assumed value, the value that explains the lines, and these lines.

    ``error`` is its standard error, if there are more lines than inputs; ``at_bound`` is whether it
    is at an end of its range.  It depends on the values of the held inputs ``depends_on``.
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
    """An input that the bill does not identify: its held value, and the reason.

    ``value`` is ``None`` if no deployment has the input.
    """

    name: str
    unit: str
    value: float | None
    reason: str


@dataclass(frozen=True, slots=True)
class Fit:
    """The estimated inputs, the held inputs, and the lines behind the estimates."""

    estimates: tuple[Estimate, ...] = ()
    held: tuple[Held, ...] = ()
    lines: frozenset[Key] = field(default_factory=frozenset)

    @property
    def by_name(self) -> dict[str, float]:
        """The estimates by name, in base units."""
        return {estimate.name: estimate.now for estimate in self.estimates}


def fit_inputs(model: Model, billed: Mapping[Key, float], names: Sequence[str]) -> Fit:
    """Return the inputs that explain ``billed`` quantities, as far as they are identifiable.

    The residual of each line is a share of its billed quantity.  Raises
    :class:`~kafkatco.errors.KafkatcoError` if scipy is not installed.
    """
    if not names:
        return Fit()
    start = {name: now for name in names if (now := model.now(name)) is not None}
    fixed = [
        Held(name, INPUTS[name].unit, None, _("no deployment has this input"))
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
