"""Build the model of a simulation from a workload, deployments, prices and uncertain inputs."""

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
from kafkatco.costing.comparison import Comparison, operands_of
from kafkatco.deployments import Deployment
from kafkatco.errors import InputError, Problem, shown
from kafkatco.i18n.message import EMPTY, _
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
    "UncertainInput",
    "along_months",
    "along_points",
    "horizon_model",
    "model_of",
    "uncertain_inputs",
    "weighed",
]


@dataclass(frozen=True, slots=True)
class UncertainInput:
    """An uncertain input: its axis (``None`` for growth) and its distribution.

    ``scale`` converts drawn values to base units, and ``per_base`` base units to ``unit``.
    ``matters`` is false if no cost of the result depends on the input.
    """

    name: str
    axis: Axis | None
    distribution: Distribution
    scale: float
    unit: str
    per_base: float
    matters: bool = True


def uncertain_inputs(
    uncertainty: Uncertainty, comparison: Comparison, growth: Growth | None, excluded: str = ""
) -> tuple[UncertainInput, ...]:
    """Return the uncertain inputs of a comparison; by default, the defaults that apply.

    The input ``excluded`` is left out, and so is the rate of growth without a ``growth``.  Raises
    ``InputError`` with every unknown input, every value that is invalid or out of range, and every
    two inputs that vary the same quantity.
    """
    own = bool(uncertainty.inputs)
    problems: list[Problem] = []
    inputs: list[UncertainInput] = []
    for name, distribution in (uncertainty.inputs or DEFAULTS).items():
        if name == excluded or (name == GROWTH and growth is None):
            continue
        try:
            if name == GROWTH:
                inputs.append(_growth_input(distribution, growth))
            else:
                inputs.append(_axis_input(name, distribution, comparison))
        except InputError as error:
            if own:
                where = f"uncertainty.inputs.{name}"
                problems += [
                    replace(problem, where=f"{where}.{problem.where}".removesuffix("."))
                    for problem in error.problems
                ]
    for i, one in enumerate(inputs):
        for other in inputs[:i]:
            if one.axis and other.axis and one.axis.overlaps(other.axis):
                sentence = _(
                    "{one!r} and {other!r} both vary the same input; leave one of them out",
                    one=one.name,
                    other=other.name,
                )
                problems.append(Problem("uncertainty.inputs", "", sentence))
    if excluded:
        axis = find_axis(excluded, comparison)
        same = [x.name for x in inputs if x.axis and axis.overlaps(x.axis)]
        if own and same:
            sentence = _(
                "{inputs} cannot be uncertain, since the result is over {axis}",
                inputs=", ".join(map(repr, same)),
                axis=excluded,
            )
            problems.append(Problem("uncertainty.inputs", "", sentence))
        inputs = [x for x in inputs if x.name not in same]
    if problems:
        raise InputError("uncertainty", problems)
    return tuple(inputs)


def _growth_input(distribution: Distribution, growth: Growth | None) -> UncertainInput:
    if not isinstance(growth, Compound):
        sentence = _(
            "growth {name!r} has no annual rate; use a compound growth",
            name="" if growth is None else growth.label,
        )
        raise InputError(GROWTH, [Problem("", "", sentence)])
    scale = growth.annual_rate if distribution.relative else 1.0
    parsed = distribution.parse(_number)
    _check_range(parsed, scale, -1.0, float("inf"), "/year")
    return UncertainInput(GROWTH, None, parsed, scale, "/year", 1.0)


def _axis_input(name: str, distribution: Distribution, comparison: Comparison) -> UncertainInput:
    try:
        axis = find_axis(name, comparison)
    except InputError as error:
        problems = [replace(problem, where="") for problem in error.problems]
        raise InputError(name, problems) from None
    scale = 1.0
    if distribution.relative:
        now = axis.now(comparison)
        if now is None:
            sentence = _("the input has no value now to which a distribution could be relative")
            raise InputError(name, [Problem("", "", sentence)])
        scale = now
        parsed = distribution.parse(_number)
    else:
        parsed = distribution.parse(lambda value: _value(axis, value, comparison))
    _check_range(parsed, scale, axis.least, axis.most, axis.unit, axis.per_base)
    return UncertainInput(name, axis, parsed, scale, axis.unit, axis.per_base)


def _number(value: Any) -> float:
    try:
        return float(value)
    except (TypeError, ValueError):
        raise ValueError(_("a number")) from None


def _value(axis: Axis, value: Any, comparison: Comparison) -> float:
    """Return a value of an input [base units]; a price may have its unit."""
    if axis.kind is not None:
        return float(parse(value, axis.kind).value(float(comparison.load.month_hours)))
    if isinstance(value, str) and isinstance(axis, PriceAxis):
        if axis.name == "salary":
            money = parse_salary(value)
            return float(money.amount * comparison.book.exchange(money.currency))
        currency, _slash, unit = axis.unit.partition("/")
        price = parse_price(value, example=f"0.10 {axis.unit}")
        if price.currency != currency:
            raise ValueError(_("a price in {currency}", currency=currency))
        return float(price.per(unit))
    return _number(value)


def _check_range(
    distribution: Distribution,
    scale: float,
    least: float,
    most: float,
    unit: str,
    per_base: float = 1.0,
) -> None:
    """Raise ``InputError`` if a draw could be outside the range of the input."""
    with np.errstate(over="ignore", invalid="ignore"):
        low, high = np.sort(scale * distribution.quantile(np.array([LEAST, 1.0 - LEAST])))
    if not np.isfinite([low, high]).all():
        sentence = _("the distribution overflows; expected finite values")
        raise InputError(distribution.kind_name, [Problem("", "", sentence)])
    if least <= low and high <= most:
        return
    lowest, highest = (f"{end * per_base:.6g} {unit}".strip() for end in (low, high))
    if low < least:
        given = _("draws down to {value}", value=lowest)
        expected = _("at least {bound:,.12g}", bound=least)
    else:
        given = _("draws up to {value}", value=highest)
        expected = _("at most {bound:,.12g}", bound=most)
    hint = _("Set low and high to truncate it.") if hasattr(distribution, "sd") else EMPTY
    raise InputError(distribution.kind_name, [Problem("", given, expected, hint)])


def along_points(
    axis: Axis, comparison: Comparison, at: Sequence[Any], start: Any, stop: Any
) -> Points:
    """Return points of an axis: those of ``at`` [its unit], or 1, 2, 5, 10, ... between two ends.

    The present value of the input is one of the latter.
    """
    low, high = ends_of(axis, start, stop, float(comparison.load.month_hours))
    if np.size(at):
        least, most = axis.least * axis.per_base, axis.most * axis.per_base
        low_end, high_end = (f"{end:g} {axis.unit}".strip() for end in (least, most))
        expected = (
            _("finite numbers of at least {least}", least=low_end)
            if np.isinf(most)
            else _("finite numbers from {least} to {most}", least=low_end, most=high_end)
        )
        try:
            labels = np.unique(np.array([_number(x) for x in at]))
        except (TypeError, ValueError):
            raise InputError("simulate", [Problem("at", shown(at), expected)]) from None
        invalid = labels[~(np.isfinite(labels) & (least <= labels) & (labels <= most))]
        if invalid.size:
            raise InputError("simulate", [Problem("at", shown(invalid.tolist()), expected)])
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
    """Return the months of a growth model, and the comparison with their lengths."""
    hours = horizon.hours(comparison.book)
    month_hours: Any = float(hours[0]) if np.ptp(hours) == 0 else hours[:, None]
    load = operands_of(workload, comparison.book, month_hours)
    ones = np.ones(horizon.months)
    along = Months(
        growth,
        first_mib_s=np.ravel(load.ingress_mib_s) * ones,
        hours=hours,
        retention_h=np.ravel(load.retention_h) * ones,
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
) -> tuple[Comparison, tuple[UncertainInput, ...], Model]:
    """Return the comparison, the uncertain inputs and the model of the months of a horizon."""
    comparison = Comparison.of(where, workload, deployments, book, horizon.month_hours)
    growth = horizon.only_growth(where)
    inputs = uncertain_inputs(uncertainty, comparison, growth)
    monthly, along = along_months(workload, comparison, growth, horizon)
    model = model_of(uncertainty, monthly, inputs, along)
    return comparison, weighed(inputs, model), model


def model_of(
    uncertainty: Uncertainty,
    comparison: Comparison,
    inputs: Sequence[UncertainInput],
    along: Points | Months,
    axis: Axis | None = None,
) -> Model:
    """Return the model of some uncertain inputs along months, or along points of ``axis``."""
    axes = {x.name: x.axis for x in inputs if x.axis is not None}
    retained = isinstance(along, Months)
    extra = 0
    if isinstance(along, Months):
        axes.setdefault(INGRESS, find_axis(INGRESS, replace(comparison, load=_plain(comparison))))
        extra = along.growth.dimensions(along.hours.size)
    elif axis is not None:
        axes[axis.name] = axis
    names = [x.name for x in inputs]
    correlated = tuple(
        i
        for i, name in enumerate(names)
        if any(name in pair.between for pair in uncertainty.correlation)
    )
    cholesky: Any = np.linalg.cholesky(uncertainty.matrix([names[i] for i in correlated]))
    sampler = Sampler(
        {x.name: x.distribution for x in inputs},
        correlated,
        cholesky,
        extra,
        uncertainty.draws,
        uncertainty.seed,
    )
    programs = cost_programs(comparison, axes.values(), retained=retained)
    scales: Mapping[str, float] = {x.name: x.scale for x in inputs}
    return Model(programs, sampler, scales, along)


def weighed(inputs: Sequence[UncertainInput], model: Model) -> tuple[UncertainInput, ...]:
    """Return the inputs, each with whether any cost depends on it."""
    read = {name for cost in model.programs for name in cost.program.reads}
    traffic = {INGRESS, GROWTH, "retention"} if read & {INGRESS, RETAINED} else set()
    return tuple(replace(x, matters=x.name in read | traffic) for x in inputs)


def _plain(comparison: Comparison) -> Any:
    hours = float(np.ravel(comparison.load.month_hours)[0])
    return comparison.load.replace(month_hours=hours)
