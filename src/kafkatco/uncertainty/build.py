"""From a workload, deployments, prices and what is uncertain to the model that is drawn from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from kafkatco.analysis.axes import Axis, PriceAxis, find_axis
from kafkatco.analysis.cost_curves import ends_of
from kafkatco.analysis.cost_programs import RETAINED, cost_programs
from kafkatco.core.money import parse_price, parse_salary
from kafkatco.core.units import parse
from kafkatco.costing.comparison import Comparison
from kafkatco.deployments import Deployment
from kafkatco.errors import InputError, Problem
from kafkatco.numerics.ladder import ladder
from kafkatco.numerics.tolerance import SAME
from kafkatco.planning.growth import Compound, Growth
from kafkatco.planning.horizon import Horizon
from kafkatco.prices import PriceBook
from kafkatco.sizing.workload import Workload
from kafkatco.uncertainty.distributions import Distribution
from kafkatco.uncertainty.draw_model import INGRESS, Model, Months, Points
from kafkatco.uncertainty.inputs import DEFAULTS, GROWTH, Uncertainty
from kafkatco.uncertainty.sampling import LEAST, Sampler

__all__ = [
    "Drawn",
    "along_months",
    "along_points",
    "drawn_inputs",
    "horizon_model",
    "model_of",
    "weighed",
]


@dataclass(frozen=True, slots=True)
class Drawn:
    """An uncertain input: its axis (none for growth), its distribution, and what it was given as.

    ``scale`` turns what is drawn into base units; ``per_base`` those into ``unit``.  ``matters`` is
    whether any cost that is asked for depends on it.
    """

    name: str
    axis: Axis | None
    distribution: Distribution
    scale: float
    unit: str
    per_base: float
    matters: bool = True


def drawn_inputs(
    uncertainty: Uncertainty, comparison: Comparison, growth: Growth | None, swept: str = ""
) -> tuple[Drawn, ...]:
    """Return the uncertain inputs of a comparison; by default, the defaults that apply.

    ``swept`` is left out, and so is the rate of growth where there is no ``growth``.  Raises
    ``InputError`` with every input that is unknown, whose values cannot be read or are more, or
    less, than it may be, and with two that are the same.
    """
    wrong = [
        Problem(what, repr(given), expected)
        for what, given, kind, expected in (
            ("uncertainty", uncertainty, Uncertainty, 'an Uncertainty(inputs={"fanout": "2-3-5"})'),
            ("growth", growth, Growth | None, "a growth model, such as Compound(annual_rate=0.2)"),
        )
        if not isinstance(given, kind)
    ]
    if wrong:
        raise InputError("uncertainty", wrong)
    own = bool(uncertainty.inputs)
    problems: list[Problem] = []
    found: list[Drawn] = []
    for name, item in (uncertainty.inputs or DEFAULTS).items():
        if name == swept or (name == GROWTH and growth is None):
            continue
        try:
            drawn = _growth(item, growth) if name == GROWTH else _of_axis(name, item, comparison)
        except InputError as error:
            if own:
                where = f"uncertainty.inputs.{name}"
                problems += [
                    replace(p, where=f"{where}.{p.where}".removesuffix(".")) for p in error.problems
                ]
            continue
        found.append(drawn)
    for i, one in enumerate(found):
        for other in found[:i]:
            if one.axis and other.axis and one.axis.overlaps(other.axis):
                given, expected = f"{one.name!r} and {other.name!r}", "one of them: both vary it"
                problems.append(Problem("uncertainty.inputs", given, expected))
    if swept:
        along = find_axis(swept, comparison)
        same = [item.name for item in found if item.axis and along.overlaps(item.axis)]
        if own and same:
            expected = f"nothing of what is looked along, {swept}"
            problems.append(Problem("uncertainty.inputs", ", ".join(map(repr, same)), expected))
        found = [item for item in found if item.name not in same]
    if problems:
        raise InputError("uncertainty", problems)
    return tuple(found)


def _growth(item: Distribution, growth: Growth | None) -> Drawn:
    if not isinstance(growth, Compound):
        given = "no growth" if growth is None else f"growth {growth.label!r}"
        expected = "a compound growth, whose annual rate is drawn"
        raise InputError(GROWTH, [Problem("", given, expected)])
    scale = growth.annual_rate if item.relative else 1.0
    bound = item.bound(_number)
    _check_reach(bound, scale, -1.0, float("inf"), "/year")
    return Drawn(GROWTH, None, bound, scale, "/year", 1.0)


def _of_axis(name: str, item: Distribution, comparison: Comparison) -> Drawn:
    try:
        axis = find_axis(name, comparison)
    except InputError as error:
        raise InputError(name, [replace(p, where="") for p in error.problems]) from None
    scale = 1.0
    if item.relative:
        now = axis.now(comparison)
        if now is None:
            raise InputError(name, [Problem("", "nothing to be relative to", "a value now")])
        scale = now
        bound = item.bound(_number)
    else:
        bound = item.bound(lambda value: _value(axis, value, comparison))
    _check_reach(bound, scale, axis.least, axis.most, axis.unit, axis.per_base)
    return Drawn(name, axis, bound, scale, axis.unit, axis.per_base)


def _number(value: Any) -> float:
    try:
        return float(value)
    except (TypeError, ValueError):
        raise ValueError("a number") from None


def _value(axis: Axis, value: Any, comparison: Comparison) -> float:
    """Return a value of an input [base units]; prices may be written with their unit."""
    if axis.kind is not None:
        return float(parse(value, axis.kind).value(float(comparison.load.month_hours)))
    if isinstance(value, str) and isinstance(axis, PriceAxis):
        if axis.name == "salary":
            money = parse_salary(value)
            return float(money.amount * comparison.book.exchange(money.currency))
        currency, _, unit = axis.unit.partition("/")
        price = parse_price(value, example=f"0.10 {axis.unit}")
        if price.currency != currency:
            raise ValueError(f"a price in {currency}")
        return float(price.per(unit))
    return _number(value)


def _check_reach(
    item: Distribution, scale: float, least: float, most: float, unit: str, per_base: float = 1.0
) -> None:
    """Raise ``InputError`` where some draw could be more or less than an input may be."""
    with np.errstate(over="ignore", invalid="ignore"):
        low, high = np.sort(scale * item.quantile(np.array([LEAST, 1.0 - LEAST])))
    if not np.isfinite([low, high]).all():
        raise InputError(item.kind_name, [Problem("", "draws beyond all numbers", "finite ones")])
    for name, end, beyond, limit in (
        ("low", low, low < least, f"at least {least:g}"),
        ("high", high, high > most, f"at most {most:g}"),
    ):
        if beyond:
            given = f"draws as {name} as {end * per_base:.6g} {unit}".strip()
            hint = "Cut it with low = and high =." if hasattr(item, "sd") else ""
            raise InputError(item.kind_name, [Problem("", given, limit, hint)])


def along_points(
    axis: Axis, comparison: Comparison, at: Sequence[Any], start: Any, stop: Any
) -> Points:
    """Return the points of a sweep: those of ``at`` [its unit], or 1, 2, 5, 10 ... between ends.

    What the input is now is among the latter.
    """
    low, high = ends_of(axis, start, stop, float(comparison.load.month_hours))
    if np.size(at):
        least, most = axis.least * axis.per_base, axis.most * axis.per_base
        upper = "" if np.isinf(most) else f" and at most {most:g}"
        expected = f"finite numbers of at least {least:g}{upper} {axis.unit}".rstrip()
        try:
            labels = np.unique(np.array([_number(x) for x in at]))
        except (TypeError, ValueError):
            raise InputError("simulate", [Problem("at", repr(at), expected)]) from None
        wrong = labels[~(np.isfinite(labels) & (least <= labels) & (labels <= most))]
        if wrong.size:
            raise InputError("simulate", [Problem("at", str(wrong.tolist()), expected)])
        return Points(axis.name, axis.unit, labels, labels / axis.per_base)
    low, high = low * axis.per_base, high * axis.per_base
    labels = np.array(ladder(low, high))
    now = (axis.now(comparison) or 0.0) * axis.per_base
    if low < now < high and not np.isclose(labels, now, rtol=SAME, atol=0.0).any():
        labels = np.sort(np.append(labels, now))
    return Points(axis.name, axis.unit, labels, labels / axis.per_base)


def along_months(
    workload: Workload, comparison: Comparison, growth: Growth, horizon: Horizon
) -> tuple[Comparison, Months]:
    """Return the months of a growth, and the comparison with their lengths."""
    hours = horizon.hours(comparison.book)
    alike: Any = float(hours[0]) if np.ptp(hours) == 0 else hours[:, None]
    load = workload.operands(month_hours=alike)
    each = np.ones(horizon.months)
    along = Months(
        growth,
        first_mib_s=np.ravel(load.ingress_mib_s) * each,
        hours=hours,
        retention_h=np.ravel(load.retention_h) * each,
        price_index=horizon.price_index,
        present_value=horizon.present_value,
    )
    return replace(comparison, load=load), along


def horizon_model(
    where: str,
    workload: Workload,
    deployments: Sequence[Deployment],
    book: PriceBook,
    uncertainty: Uncertainty,
    horizon: Horizon,
) -> tuple[Comparison, tuple[Drawn, ...], Model]:
    """Return the comparison, the uncertain inputs and the model of the months ahead."""
    comparison = Comparison.of(where, workload, deployments, book, horizon.month_hours)
    growth = horizon.only_growth(where)
    inputs = drawn_inputs(uncertainty, comparison, growth)
    monthly, along = along_months(workload, comparison, growth, horizon)
    model = model_of(uncertainty, monthly, inputs, along)
    return comparison, weighed(inputs, model), model


def model_of(
    uncertainty: Uncertainty,
    comparison: Comparison,
    inputs: Sequence[Drawn],
    along: Points | Months,
    axis: Axis | None = None,
) -> Model:
    """Return the model of some inputs; ``axis`` is that of points."""
    open_axes = {item.name: item.axis for item in inputs if item.axis is not None}
    retained = isinstance(along, Months)
    extra = 0
    if isinstance(along, Months):
        open_axes.setdefault(
            INGRESS, find_axis(INGRESS, replace(comparison, load=_plain(comparison)))
        )
        extra = along.growth.dimensions(along.hours.size)
    elif axis is not None:
        open_axes[axis.name] = axis
    names = [item.name for item in inputs]
    tied = tuple(
        i
        for i, name in enumerate(names)
        if any(name in pair.between for pair in uncertainty.correlation)
    )
    lower: Any = np.linalg.cholesky(uncertainty.matrix([names[i] for i in tied]))
    sampler = Sampler(
        {item.name: item.distribution for item in inputs},
        tied,
        lower,
        extra,
        uncertainty.draws,
        uncertainty.seed,
    )
    found = cost_programs(comparison, open_axes.values(), retained=retained)
    scales: Mapping[str, float] = {item.name: item.scale for item in inputs}
    return Model(found, sampler, scales, along)


def weighed(inputs: Sequence[Drawn], model: Model) -> tuple[Drawn, ...]:
    """Return the inputs, told which of them no cost depends on."""
    read = {name for item in model.formulas for name in item.program.reads}
    traffic = {INGRESS, GROWTH, "retention"} if read & {INGRESS, RETAINED} else set()
    return tuple(replace(item, matters=item.name in read | traffic) for item in inputs)


def _plain(comparison: Comparison) -> Any:
    hours = float(np.ravel(comparison.load.month_hours)[0])
    return comparison.load.replace(month_hours=hours)
