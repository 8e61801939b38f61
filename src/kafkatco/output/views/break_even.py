"""What the distribution of a break-even shows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from kafkatco.core.format import floor_notes, number, prices_note
from kafkatco.core.result import View
from kafkatco.core.table import Table
from kafkatco.output.views.uncertain_inputs import give_or_take, inputs_list, inputs_table, share

if TYPE_CHECKING:
    from kafkatco.uncertainty.break_even import BreakEven

__all__ = ["BREAK_EVEN_COLUMNS", "break_even_dict", "break_even_rows", "break_even_tables", "said"]

#: The shares of draws [1] whose break-even is told.
SHARES: Final = (0.05, 0.25, 0.5, 0.75, 0.95)
BREAK_EVEN_COLUMNS: Final = ("draw", "mine", "other", "outcome", "at", "first", "crossings", "unit")


def said(found: BreakEven) -> str:
    """Return where the break-even lies in a sentence."""
    low, middle, high = (found.quantile(q) for q in (0.05, 0.5, 0.95))
    head = f"{found.mine} costs less than {found.other}"
    if np.isfinite([low, high]).all():
        return (
            f"{head} from {_short(middle)} {found.unit} on in the middle of all draws, and "
            f"from {_short(low)} to {_short(high)} in 90 %"
        )
    if found.apart == 1.0:
        return f"{found.mine} and {found.other} serve no traffic both in any draw"
    between = f"from some traffic on in {share(_between(found))}"
    return (
        f"{head} always in {share(found.always)}, {between} and at the end not in "
        f"{share(found.never)} of draws"
    )


def _between(found: BreakEven) -> float:
    return float(np.isfinite(found.at).mean())


def _short(value: float) -> str:
    return number(float(f"{value:.4g}"))


def _outcomes(at: Any) -> Any:
    """Return what each draw says: "always", "never", "apart" or "from"."""
    told = np.where(np.isnan(at), "apart", "from")
    return np.where(np.isneginf(at), "always", np.where(np.isposinf(at), "never", told))


def break_even_tables(found: BreakEven) -> Iterator[Table]:
    """Yield the answer with the quantiles, how often there is which, and what is uncertain."""
    told = {-np.inf: "always", np.inf: "never"}
    quantiles = [(q, found.quantile(q)) for q in SHARES]
    yield Table(
        said(found),
        ("share of draws", f"from at most [{found.unit}]"),
        tuple(
            (share(q), told.get(at) or ("-" if np.isnan(at) else _short(at))) for q, at in quantiles
        ),
        frozenset({0, 1}),
        (*(f"+ {note}" for note in floor_notes(found.unpriced_skus)), prices_note(found.prices)),
    )
    ends = f"{number(found.start)} to {number(found.stop)} {found.unit}"
    rows = (
        (f"{found.mine} always costs less", give_or_take(found.always, found.error("always"))),
        (f"{found.mine} costs less from some traffic on", share(_between(found))),
        (
            f"{found.mine} does not cost less at the end",
            give_or_take(found.never, found.error("never")),
        ),
        ("none of both serves what the other does", share(found.apart)),
        ("the cheaper changes more than once", share(found.several)),
    )
    yield Table(f"From {ends}", ("outcome", "share of draws"), rows, frozenset({1}))
    yield inputs_table(found.inputs, found.uncertainty, found.currency)


def break_even_rows(found: BreakEven) -> list[list[Any]]:
    """Return one row for each draw, under ``BREAK_EVEN_COLUMNS``."""
    each = zip(_outcomes(found.at), found.at, found.first, found.crossings, strict=True)
    return [
        [
            i,
            found.mine,
            found.other,
            str(outcome),
            _known(at),
            _known(first),
            int(count),
            found.unit,
        ]
        for i, (outcome, at, first, count) in enumerate(each, 1)
    ]


def break_even_dict(found: BreakEven) -> dict[str, Any]:
    """Return ``kafkatco break-even --format json``."""
    return {
        "prices": dict(found.prices),
        "currency": found.currency,
        "answer": said(found),
        "mine": found.mine,
        "other": found.other,
        "unit": found.unit,
        "from": found.start,
        "to": found.stop,
        "draws": found.uncertainty.draws,
        "seed": found.uncertainty.seed,
        "always": found.always,
        "always_error": found.error("always"),
        "never": found.never,
        "never_error": found.error("never"),
        "apart": found.apart,
        "several": found.several,
        "quantiles": [
            {
                "share": q,
                "at": _known(found.quantile(q)),
                "outcome": str(_outcomes(np.array(found.quantile(q)))),
            }
            for q in SHARES
        ],
        "inputs": inputs_list(found.inputs),
        "correlation": [
            {"between": list(item.between), "value": item.value}
            for item in found.uncertainty.correlation
        ],
        "open": {label: list(skus) for label, skus in found.unpriced_skus.items()},
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
