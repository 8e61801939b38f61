"""Why the cheaper of two options changes at a crossing: what steps there, or grows to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

import numpy as np

from kafkatco.core.format import money, number
from kafkatco.numerics.curve import Curve
from kafkatco.numerics.tolerance import ROUNDING, SAME

if TYPE_CHECKING:
    from kafkatco.analysis.axes import Axis
    from kafkatco.costing.costs import Costs
    from kafkatco.numerics.crossings import Crossing

__all__ = ["Cause", "causes"]

#: What a step of a component means.
_STEPS: Final = {
    "compute": "nodes or units are added",
    "storage": "a disk is added",
    "labour": "people",
    "connect": "a worker is added",
    "platform": "a fee begins",
    "discount": "what is taken off",
    "support": "a band of the plan is passed",
}


@dataclass(frozen=True, slots=True)
class Cause:
    """A component of an option that makes a crossing.

    ``amount`` is by how much it steps there [currency], for a "step"; by how much it grows with
    one ``unit`` of the axis, for a "slope"; what it costs there and does not change, for "fixed".
    """

    option: str
    component: str
    kind: Literal["step", "slope", "fixed"]
    amount: float
    text: str


def causes(
    curves: Mapping[str, Costs], crossing: Crossing, axis: Axis, currency: str
) -> tuple[Cause, ...]:
    """Return what makes the ``curves`` of two options cross, the strongest first.

    At a jump: every component that steps.  At a root: the component that grows most in the option
    that becomes the dearer one, and the greatest that does not grow in the other: usage overtakes
    what is fixed.  Where a component of the other falls by more, such as a discount that grows:
    that, and the greatest that does not fall in the one that becomes the dearer.
    """
    x = crossing.x
    if crossing.kind == "jump":
        steps = [
            _step(name, component, curve, x, currency)
            for name, costs in curves.items()
            for component, curve in costs.components.items()
        ]
        kept = [step for step in steps if abs(step.amount) > SAME * abs(crossing.cost)]
        return tuple(sorted(kept, key=lambda cause: -abs(cause.amount)))
    below, above = curves[crossing.below], curves[crossing.above]
    growing = _steepest(below, x, 1, axis, currency)
    falling = _steepest(above, x, -1, axis, currency)
    if falling is not None and (growing is None or -falling.amount > growing.amount):
        both: tuple[Cause | None, ...] = (falling, _fixed(below, x, "fall", currency))
    else:
        both = (growing, _fixed(above, x, "grow", currency))
    return tuple(cause for cause in both if cause is not None)


def _step(name: str, component: str, curve: Any, x: float, currency: str) -> Cause:
    left, right = _sides(curve, x)
    amount = right - left
    what = _STEPS.get(component, "a tier or minimum is passed")
    sign = "+" if amount >= 0 else "-"
    text = f"{name}: {component} {sign}{money(abs(amount), currency)} ({what})"
    return Cause(name, component, "step", amount, text)


def _steepest(costs: Costs, x: float, sign: int, axis: Axis, currency: str) -> Cause | None:
    """Return the component that grows most at ``x``, or with a ``sign`` of -1 falls most."""
    slopes = {name: _slope(curve, x) for name, curve in _nonzero(costs)}
    name = max(slopes, key=lambda key: sign * slopes[key], default="")
    if not name or sign * slopes[name] <= 0:
        return None
    unit = f" per {axis.unit}" if axis.unit else ""
    does = "grows" if sign > 0 else "falls"
    amount = number(abs(slopes[name]))
    text = f"{costs.label}: {name} {does} by {amount} {currency}{unit}"
    return Cause(costs.label, name, "slope", slopes[name], text)


def _fixed(costs: Costs, x: float, verb: str, currency: str) -> Cause | None:
    """Return the greatest component that does not change at ``x``."""
    values = {name: _sides(curve, x)[1] for name, curve in _nonzero(costs) if not _slope(curve, x)}
    if not values:
        return None
    name = max(values, key=lambda key: values[key])
    text = f"{costs.label}: {name} of {money(values[name], currency)} does not {verb}"
    return Cause(costs.label, name, "fixed", values[name], text)


def _nonzero(costs: Costs) -> list[tuple[str, Any]]:
    return [(name, curve) for name, curve in costs.components.items() if np.any(_size(curve))]


def _size(curve: Any) -> Any:
    return curve.points if isinstance(curve, Curve) else curve


def _piece(curve: Curve, x: float) -> tuple[int, int]:
    """Return the pieces to the left and to the right of ``x``."""
    right = int(np.searchsorted(curve.edges, x * (1 + ROUNDING), side="right")) - 1
    left = int(np.searchsorted(curve.edges, x * (1 - ROUNDING), side="right")) - 1
    last = curve.slope.size - 1
    return min(max(left, 0), last), min(max(right, 0), last)


def _sides(curve: Any, x: float) -> tuple[float, float]:
    if not isinstance(curve, Curve):
        return float(curve), float(curve)
    sides = (curve.intercept[i] + curve.slope[i] * x for i in _piece(curve, x))
    left, right = (float(value) for value in sides)
    return left, right


def _slope(curve: Any, x: float) -> float:
    return float(curve.slope[_piece(curve, x)[1]]) if isinstance(curve, Curve) else 0.0
