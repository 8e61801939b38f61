"""The components of a cost that make two cost curves cross."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

import numpy as np

from kafkatco.core.format import money, number
from kafkatco.core.vocabulary import word
from kafkatco.i18n.message import Message, _
from kafkatco.numerics.curve import Curve
from kafkatco.numerics.tolerance import ROUNDING, SAME

if TYPE_CHECKING:
    from kafkatco.analysis.axes import Axis
    from kafkatco.costing.costs import Costs
    from kafkatco.numerics.crossings import Crossing

__all__ = ["Cause", "causes"]

#: The quantity that changes at a step of a component.
_STEPS: Final = {
    "compute": _("number of nodes or units"),
    "storage": _("number of disks"),
    "labour": _("number of people"),
    "connect": _("number of workers"),
    "platform": _("a fee"),
    "discount": _("the discount"),
    "support": _("price band of the support plan"),
}


@dataclass(frozen=True, slots=True)
class Cause:
    """A component of an option's cost that makes a crossing.

    ``amount`` depends on ``kind``: for a "step" it is the change of cost there [currency]; for a
    "slope" the change per unit of the axis; for "fixed" the constant cost [currency].
    """

    option: str
    component: str
    kind: Literal["step", "slope", "fixed"]
    amount: float
    text: Message


def causes(
    curves: Mapping[str, Costs], crossing: Crossing, axis: Axis, currency: str
) -> tuple[Cause, ...]:
    """Return the causes of a crossing of two options' ``curves``, the strongest first.

    At a jump, these are all components that step.  At a root, they are the fastest-growing
    component of the option that becomes more expensive, and the largest constant component of the
    other: usage overtakes a fixed cost.  If a component of the other falls faster, such as a
    growing discount, they are that one and the largest constant component of the first.
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
        pair: tuple[Cause | None, ...] = (falling, _fixed(below, x, currency))
    else:
        pair = (growing, _fixed(above, x, currency))
    return tuple(cause for cause in pair if cause is not None)


def _step(name: str, component: str, curve: Any, x: float, currency: str) -> Cause:
    left, right = _sides(curve, x)
    amount = right - left
    sign = "+" if amount >= 0 else "-"
    quantity = _STEPS.get(component) or _("price tier or minimum")
    text = _(
        "{option}: {component} {change} ({quantity})",
        option=name,
        component=word(component),
        change=sign + money(abs(amount), currency),
        quantity=quantity,
    )
    return Cause(name, component, "step", amount, text)


def _steepest(costs: Costs, x: float, sign: int, axis: Axis, currency: str) -> Cause | None:
    """Return the component that grows fastest at ``x``, or falls fastest if ``sign`` is -1."""
    slopes = {name: _slope(curve, x) for name, curve in _nonzero(costs)}
    name = max(slopes, key=lambda key: sign * slopes[key], default="")
    if not name or sign * slopes[name] <= 0:
        return None
    amount: str = f"{number(abs(slopes[name]))} {currency}"
    if axis.unit:
        amount = _("{amount} per {unit}", amount=amount, unit=word(axis.unit))
    subject = {"option": costs.label, "component": word(name)}
    text = (
        _("{option}: {component} grows by {amount}", **subject, amount=amount)
        if sign > 0
        else _("{option}: {component} falls by {amount}", **subject, amount=amount)
    )
    return Cause(costs.label, name, "slope", slopes[name], text)


def _fixed(costs: Costs, x: float, currency: str) -> Cause | None:
    """Return the largest component that is constant at ``x``."""
    values = {name: _sides(curve, x)[1] for name, curve in _nonzero(costs) if not _slope(curve, x)}
    if not values:
        return None
    name = max(values, key=lambda key: values[key])
    text = _(
        "{option}: {component} stays at {amount}",
        option=costs.label,
        component=word(name),
        amount=money(values[name], currency),
    )
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
