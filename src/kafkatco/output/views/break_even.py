"""View of the distribution of a break-even."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from kafkatco.core.format import floor_notes, floors_json, number, prices_note
from kafkatco.core.result import View
from kafkatco.core.table import Table
from kafkatco.core.vocabulary import word
from kafkatco.i18n.message import Message, _, join
from kafkatco.output.views.uncertain_inputs import give_or_take, inputs_list, inputs_table, share

if TYPE_CHECKING:
    from kafkatco.uncertainty.break_even import BreakEven

__all__ = ["BREAK_EVEN_COLUMNS", "break_even_dict", "break_even_rows", "break_even_tables"]

#: The shares of simulations [1] at which the break-even is shown.
SHARES: Final = (0.05, 0.25, 0.5, 0.75, 0.95)
BREAK_EVEN_COLUMNS: Final = ("draw", "mine", "other", "outcome", "at", "first", "crossings", "unit")


def _answer(result: BreakEven) -> Message:
    """Return the break-even as a sentence."""
    low, middle, high = (result.quantile(q) for q in (0.05, 0.5, 0.95))
    names = {"mine": result.mine, "other": result.other}
    if np.isfinite([low, high]).all():
        return _(
            "{mine} costs less than {other} above {middle} {unit} (median; {low} to {high} in 90 % "
            "of simulations)",
            **names,
            middle=_short(middle),
            unit=word(result.unit),
            low=_short(low),
            high=_short(high),
        )
    if result.apart == 1.0 and result.mine in {*result.unpriced_skus, *result.unchecked}:
        return _("no saving is certain: the cost of {name} is a floor", name=result.mine)
    if result.apart == 1.0:
        return _("no simulation has traffic that both {mine} and {other} can handle", **names)
    return _(
        "{mine} costs less than {other}: always in {always} of simulations, above some traffic in "
        "{above}, not at the end in {never}",
        **names,
        always=share(result.always),
        above=share(_between(result)),
        never=share(result.never),
    )


def _floors(result: BreakEven) -> tuple[Message, ...]:
    return floor_notes(result.unpriced_skus, result.unchecked)


def _between(result: BreakEven) -> float:
    return float(np.isfinite(result.at).mean())


def _short(value: float) -> str:
    return number(float(f"{value:.4g}"))


def _outcomes(at: Any) -> Any:
    """Return the outcome of each simulation: "always", "never", "apart" or "from"."""
    finite = np.where(np.isnan(at), "apart", "from")
    return np.where(np.isneginf(at), "always", np.where(np.isposinf(at), "never", finite))


def break_even_tables(result: BreakEven) -> Iterator[Table]:
    """Yield the answer with its quantiles, the share of each outcome, and the inputs."""
    infinite = {-np.inf: word("always"), np.inf: word("never")}
    quantiles = [(q, result.quantile(q)) for q in SHARES]
    yield Table(
        _answer(result),
        (_("share of simulations"), _("from at most [{unit}]", unit=word(result.unit))),
        tuple(
            (share(q), infinite.get(at) or ("-" if np.isnan(at) else _short(at)))
            for q, at in quantiles
        ),
        frozenset({0, 1}),
        (*(join("", ["+ ", note]) for note in _floors(result)), prices_note(result.prices)),
    )
    rows = (
        (
            _("{name} always costs less", name=result.mine),
            give_or_take(result.always, result.error("always")),
        ),
        (_("{name} costs less above some traffic", name=result.mine), share(_between(result))),
        (
            _("{name} does not cost less at the end", name=result.mine),
            give_or_take(result.never, result.error("never")),
        ),
        (_("no traffic that both can handle"), share(result.apart)),
        (_("the cheaper option changes more than once"), share(result.several)),
    )
    title = _(
        "From {start} to {stop} {unit}",
        start=number(result.start),
        stop=number(result.stop),
        unit=word(result.unit),
    )
    yield Table(title, (_("outcome"), _("share of simulations")), rows, frozenset({1}))
    yield inputs_table(result.inputs, result.uncertainty, result.currency)


def break_even_rows(result: BreakEven) -> list[list[Any]]:
    """Return one row for each draw, under ``BREAK_EVEN_COLUMNS``."""
    each = zip(_outcomes(result.at), result.at, result.first, result.crossings, strict=True)
    return [
        [
            i,
            result.mine,
            result.other,
            str(outcome),
            _known(at),
            _known(first),
            int(count),
            result.unit,
        ]
        for i, (outcome, at, first, count) in enumerate(each, 1)
    ]


def break_even_dict(result: BreakEven) -> dict[str, Any]:
    """Return ``kafkatco break-even --format json``."""
    return {
        "prices": dict(result.prices),
        "currency": result.currency,
        "answer": _answer(result),
        "mine": result.mine,
        "other": result.other,
        "unit": result.unit,
        "from": result.start,
        "to": result.stop,
        "draws": result.uncertainty.draws,
        "seed": result.uncertainty.seed,
        "always": result.always,
        "always_error": result.error("always"),
        "never": result.never,
        "never_error": result.error("never"),
        "apart": result.apart,
        "several": result.several,
        "quantiles": [
            {
                "share": q,
                "at": _known(result.quantile(q)),
                "outcome": str(_outcomes(np.array(result.quantile(q)))),
            }
            for q in SHARES
        ],
        "inputs": inputs_list(result.inputs),
        "correlation": [
            {"between": list(pair.between), "value": pair.value}
            for pair in result.uncertainty.correlation
        ],
        **floors_json(result.unpriced_skus, result.unchecked),
    }


def _known(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None


BREAK_EVEN: Final = View(
    columns=BREAK_EVEN_COLUMNS,
    rows=break_even_rows,
    tables=break_even_tables,
    plain=break_even_dict,
    plots={"plot": "plot_break_even"},
)
