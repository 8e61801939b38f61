"""Uncertain inputs: the distribution of each in words, and its source."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from kafkatco.core.format import money, number
from kafkatco.core.table import Table
from kafkatco.core.vocabulary import input_word, word
from kafkatco.i18n.message import Message, _, join
from kafkatco.uncertainty.inputs import GROWTH

if TYPE_CHECKING:
    from kafkatco.uncertainty.build import UncertainInput
    from kafkatco.uncertainty.inputs import Uncertainty

__all__ = ["amount", "give_or_take", "inputs_list", "inputs_table", "share"]

#: The most values that are listed; more are counted.
MOST_VALUES: Final = 6
#: The quantile levels between which an input is shown [1].
ENDS: Final = (0.05, 0.95)


def share(value: float, digits: int = 3) -> str:
    """Return a share as a percentage of ``digits`` digits; only 1 is shown as 100 %.

    >>> share(0.83123), share(0.99999), share(1.0), share(0.0)
    ('83.1 %', '> 99.9 %', '100 %', '0 %')
    """
    return "> 99.9 %" if 0.9995 <= value < 1.0 else f"{_percent(value, digits)} %"


def give_or_take(value: float, error: float) -> str:
    """Return a share and its standard error.

    >>> give_or_take(0.83123, 0.00256), give_or_take(1.0, 0.0)
    ('83.1 ± 0.3 %', '100 %')
    """
    text = share(value)
    return f"{text[:-2]} ± {_percent(error, 1)} %" if error else text


def _percent(value: float, digits: int) -> str:
    return f"{float(f'{100.0 * value:.{digits}g}'):g}"


def amount(value: float, currency: str) -> str:
    """Return an uncertain cost without needless cents; "-" if it is infinite.

    >>> amount(358263.42, "USD"), amount(1.5, "USD"), amount(float("inf"), "USD")
    ('358,263', '1.50', '-')
    """
    if not np.isfinite(value):
        return "-"
    return f"{value:,.0f}" if abs(value) >= 100.0 or not value else money(value, currency)


def _unit(drawn: UncertainInput) -> str:
    """Return the unit in which an input is shown."""
    return "%/year" if drawn.name == GROWTH else drawn.unit


def _factor(drawn: UncertainInput) -> float:
    """Return the factor from drawn values to that unit."""
    return (100.0 if drawn.name == GROWTH else drawn.per_base) * drawn.scale


def _parameters(drawn: UncertainInput) -> dict[str, Any]:
    """Return the parameters of the distribution, with values in the unit of the input."""
    distribution, factor = drawn.distribution, _factor(drawn)
    parameters: dict[str, Any] = {}
    for name, value in distribution.model_dump(exclude_none=True).items():
        if name in ("distribution", "relative", "source"):
            continue
        if name not in distribution.values_of:
            parameters[name] = list(value) if isinstance(value, tuple) else value
        elif isinstance(value, tuple):
            parameters[name] = [factor * x for x in value]
        else:
            parameters[name] = factor * value
    return parameters


def _words(drawn: UncertainInput) -> Message:
    """Return the distribution of an input in words, with values in the unit of the input."""
    kind, parameters = drawn.distribution.kind_name, _parameters(drawn)
    n = {name: number(value) for name, value in parameters.items() if not isinstance(value, list)}
    match kind:
        case "fixed":
            return _("fixed: {value}", value=n["value"])
        case "uniform":
            return _("uniform: {low} to {high}", low=n["low"], high=n["high"])
        case "triangular":
            return _(
                "triangular: {low} to {high}, most likely {mode}",
                low=n["low"],
                high=n["high"],
                mode=n["mode"],
            )
        case "pert":
            return _(
                "PERT: {low} to {high}, most likely {mode}",
                low=n["low"],
                high=n["high"],
                mode=n["mode"],
            )
        case "normal":
            return _normal(n["mean"], n["sd"], n.get("low"), n.get("high"))
        case "lognormal":
            return _(
                "lognormal: median {median}, sigma {sigma}", median=n["median"], sigma=n["sigma"]
            )
    values: list[float] = parameters["values"]
    if kind == "discrete" and len(values) <= MOST_VALUES:
        each = zip(values, parameters["probabilities"], strict=True)
        listed = ", ".join(f"{number(x)} ({100 * p:.3g} %)" for x, p in each)
        return _("discrete: {values}", values=listed)
    ends = {"count": len(values), "low": number(min(values)), "high": number(max(values))}
    if kind == "discrete":
        return _("discrete: {count} values, {low} to {high}", **ends)
    return _("samples: {count} values, {low} to {high}", **ends)


def _normal(mean: str, sd: str, low: str | None, high: str | None) -> Message:
    """Return a normal distribution in words, with its bounds."""
    texts: list[Message] = [_("normal: mean {mean}, standard deviation {sd}", mean=mean, sd=sd)]
    if low is not None and high is not None:
        texts.append(_("cut below {low} and above {high}", low=low, high=high))
    elif low is not None:
        texts.append(_("cut below {low}", low=low))
    elif high is not None:
        texts.append(_("cut above {high}", high=high))
    return join(", ", texts)


def _quantiles(drawn: UncertainInput, levels: Sequence[float]) -> list[float]:
    quantiles = _factor(drawn) * drawn.distribution.quantile(np.array(levels))
    return [float(x) for x in np.sort(quantiles)]  # a negative factor reverses them


def inputs_list(
    inputs: Sequence[UncertainInput], evppi: Mapping[str, float] | None = None
) -> list[dict[str, Any]]:
    """Return the uncertain inputs as plain values; ``evppi`` is the value of knowing each."""
    return [
        {
            "input": drawn.name,
            "unit": _unit(drawn),
            "distribution": drawn.distribution.kind_name,
            "parameters": _parameters(drawn),
            **dict(zip(("p05", "p50", "p95"), _quantiles(drawn, (0.05, 0.5, 0.95)), strict=True)),
            "source": drawn.distribution.source,
            "matters": drawn.matters,
            **({} if evppi is None else {"knowing_it_saves": evppi.get(drawn.name)}),
        }
        for drawn in inputs
    ]


def inputs_table(
    inputs: Sequence[UncertainInput],
    uncertainty: Uncertainty,
    currency: str,
    evppi: Mapping[str, float] | None = None,
    notes: Sequence[Message] = (),
) -> Table:
    """Return the uncertain inputs with their distributions and sources, and the value of knowing.

    ``evppi`` is the value of perfect information on each input [currency].
    """
    rows: list[tuple[str, ...]] = []
    for drawn in inputs:
        low, high = _quantiles(drawn, ENDS)
        unit, name = _unit(drawn), input_word(drawn.name)
        if unit:
            name = _("{input} [{unit}]", input=name, unit=word(unit))
        range_text = _(
            "{low} to {high}", low=number(float(f"{low:.4g}")), high=number(float(f"{high:.4g}"))
        )
        value = [] if evppi is None else [amount(evppi.get(drawn.name, np.nan), currency)]
        rows.append((name, _words(drawn), range_text, *value, word(drawn.distribution.source)))
    names = [drawn.name for drawn in inputs]
    correlations = [
        _(
            "{one} and {other} are correlated: {value:g}",
            one=input_word(pair.between[0]),
            other=input_word(pair.between[1]),
            value=pair.value,
        )
        for pair in uncertainty.correlation
        if set(pair.between) <= set(names)
    ]
    idle = [input_word(drawn.name) for drawn in inputs if not drawn.matters]
    unused = [_("no cost depends on: {inputs}", inputs=join(", ", idle))] if idle else []
    size = _("{draws:,} simulations, seed {seed}", draws=uncertainty.draws, seed=uncertainty.seed)
    knowing = () if evppi is None else (_("knowing it saves [{currency}]", currency=currency),)
    return Table(
        _("Uncertain inputs"),
        (_("input"), _("distribution"), _("90 % of simulations"), *knowing, _("source")),
        tuple(rows),
        frozenset({3}) if evppi is not None else frozenset(),
        (*notes, *correlations, *unused, size),
    )
