"""What the inputs of a simulation show: how each is distributed, in words, and who says so."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from kafkatco.core.format import money, number
from kafkatco.core.table import Table
from kafkatco.uncertainty.inputs import GROWTH

if TYPE_CHECKING:
    from kafkatco.uncertainty.build import Drawn
    from kafkatco.uncertainty.inputs import Uncertainty

__all__ = ["amount", "give_or_take", "inputs_list", "inputs_table", "share"]

#: More values than these are counted, and not listed.
MOST_VALUES: Final = 6
#: The shares of draws between which an input is shown [1].
ENDS: Final = (0.05, 0.95)


def share(value: float, digits: int = 3) -> str:
    """Return a share as text: percent of so many digits, and 100 % of all alone.

    >>> share(0.83123), share(0.99999), share(1.0), share(0.0)
    ('83.1 %', '> 99.9 %', '100 %', '0 %')
    """
    return "> 99.9 %" if 0.9995 <= value < 1.0 else f"{_percent(value, digits)} %"


def give_or_take(value: float, error: float) -> str:
    """Return a share and its standard error.

    >>> give_or_take(0.83123, 0.00256), give_or_take(1.0, 0.0)
    ('83.1 ± 0.3 %', '100 %')
    """
    about = share(value)
    return f"{about[:-2]} ± {_percent(error, 1)} %" if error else about


def _percent(value: float, digits: int) -> str:
    return f"{float(f'{100.0 * value:.{digits}g}'):g}"


def amount(value: float, currency: str) -> str:
    """Return what something may cost, which is no amount to the cent; "-" where it has no end.

    >>> amount(358263.42, "USD"), amount(1.5, "USD"), amount(float("inf"), "USD")
    ('358,263', '1.50', '-')
    """
    if not np.isfinite(value):
        return "-"
    return f"{value:,.0f}" if abs(value) >= 100.0 or not value else money(value, currency)


def _unit(item: Drawn) -> str:
    """Return the unit in which an input is shown."""
    return "%/year" if item.name == GROWTH else item.unit


def _factor(item: Drawn) -> float:
    """Return how many of that unit one is of what is drawn."""
    return (100.0 if item.name == GROWTH else item.per_base) * item.scale


def _parameters(item: Drawn) -> dict[str, Any]:
    """Return what the distribution is made of: values in the input's unit, others as they are."""
    given, factor = item.distribution, _factor(item)
    found: dict[str, Any] = {}
    for name, value in given.model_dump(exclude_none=True).items():
        if name in ("distribution", "relative", "source"):
            continue
        if name not in given.values_of:
            found[name] = list(value) if isinstance(value, tuple) else value
        elif isinstance(value, tuple):
            found[name] = [factor * x for x in value]
        else:
            found[name] = factor * value
    return found


def _words(item: Drawn) -> str:
    """Return the distribution of an input in words, its values in the input's unit."""
    kind, given = item.distribution.kind_name, _parameters(item)
    n = {name: number(value) for name, value in given.items() if not isinstance(value, list)}
    match kind:
        case "fixed":
            return f"fixed: {n['value']}"
        case "uniform":
            return f"uniform: {n['low']} to {n['high']}"
        case "triangular" | "pert":
            name = "PERT" if kind == "pert" else kind
            return f"{name}: {n['low']} to {n['high']}, likeliest {n['mode']}"
        case "normal":
            cut = _cut(n.get("low"), n.get("high"))
            return f"normal: mean {n['mean']}, standard deviation {n['sd']}{cut}"
        case "lognormal":
            return f"lognormal: median {n['median']}, sigma {n['sigma']}"
    values: list[float] = given["values"]
    if kind == "discrete" and len(values) <= MOST_VALUES:
        each = zip(values, given["probabilities"], strict=True)
        return "discrete: " + ", ".join(f"{number(x)} ({100 * p:.3g} %)" for x, p in each)
    return f"{kind}: {len(values)} values, {number(min(values))} to {number(max(values))}"


def _cut(low: str | None, high: str | None) -> str:
    """Return where a distribution is cut."""
    if low is not None and high is not None:
        return f", cut below {low} and above {high}"
    if low is not None:
        return f", cut below {low}"
    return "" if high is None else f", cut above {high}"


def _quantiles(item: Drawn, shares: Sequence[float]) -> list[float]:
    found = _factor(item) * item.distribution.quantile(np.array(shares))
    return [float(x) for x in np.sort(found)]  # of a factor below zero they fall


def inputs_list(
    inputs: Sequence[Drawn], saved: Mapping[str, float] | None = None
) -> list[dict[str, Any]]:
    """Return the uncertain inputs as plain values; ``saved`` is what knowing each would save."""
    return [
        {
            "input": item.name,
            "unit": _unit(item),
            "distribution": item.distribution.kind_name,
            "parameters": _parameters(item),
            **dict(zip(("p05", "p50", "p95"), _quantiles(item, (0.05, 0.5, 0.95)), strict=True)),
            "source": item.distribution.source,
            "matters": item.matters,
            **({} if saved is None else {"knowing_it_saves": saved.get(item.name)}),
        }
        for item in inputs
    ]


def inputs_table(
    inputs: Sequence[Drawn],
    uncertainty: Uncertainty,
    currency: str,
    saved: Mapping[str, float] | None = None,
    notes: Sequence[str] = (),
) -> Table:
    """Return what is uncertain, how, and who says so; with ``saved`` what knowing it would save."""
    rows = []
    for item in inputs:
        low, high = _quantiles(item, ENDS)
        unit = _unit(item)
        found = [f"{item.name} [{unit}]" if unit else item.name, _words(item)]
        found.append(f"{number(float(f'{low:.4g}'))} to {number(float(f'{high:.4g}'))}")
        if saved is not None:
            found.append(amount(saved.get(item.name, np.nan), currency))
        rows.append((*found, item.distribution.source))
    names = [item.name for item in inputs]
    together = [
        f"{' and '.join(pair.between)} go together: correlation {pair.value:g}"
        for pair in uncertainty.correlation
        if set(pair.between) <= set(names)
    ]
    idle = ", ".join(item.name for item in inputs if not item.matters)
    if idle:
        together.append(f"no cost here depends on: {idle}")
    draws = f"{uncertainty.draws:,} draws, seed {uncertainty.seed}"
    knowing = () if saved is None else (f"knowing it would save [{currency}]",)
    return Table(
        "What is uncertain",
        ("input", "distribution", "90 % of draws", *knowing, "source"),
        tuple(rows),
        frozenset({3}) if saved is not None else frozenset(),
        (*notes, *together, draws),
    )
