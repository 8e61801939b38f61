"""What shows which inputs matter."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final

from kafkatco.core.format import prices_note
from kafkatco.core.result import View
from kafkatco.core.table import Table
from kafkatco.output.views.uncertain_inputs import inputs_list

if TYPE_CHECKING:
    from kafkatco.uncertainty.sobol_indices import Importance, Index

__all__ = ["IMPORTANCE_COLUMNS", "importance_dict", "importance_rows", "importance_tables"]

IMPORTANCE_COLUMNS: Final = ("of", "option", "input", "first", "total", "draws")


def _decides(found: Importance) -> str:
    """Return which input matters most to the decision, in a sentence."""
    totals: dict[str, float] = {}
    for item in found.indices:
        if item.of == "decision":
            totals[item.name] = totals.get(item.name, 0.0) + item.total
    if not totals:
        return "Which option is the cheapest depends on no input: it is the same in every draw"
    most = max(totals, key=lambda name: totals[name])
    return f"Which option is the cheapest depends most on {most}"


def importance_tables(found: Importance) -> Iterator[Table]:
    """Yield what matters to the decision, and what to the cost of each option."""
    notes: tuple[str, ...] = (
        "alone (and with all that it acts together with): shares of the variance, Sobol indices",
        f"{found.draws:,} draws for each of {len(found.inputs) + 2} sets",
        prices_note(found.prices),
    )
    decision, cost = (
        [item for item in found.indices if item.of == of] for of in ("decision", "cost")
    )
    if decision:
        yield _table(_decides(found), decision, () if cost else notes)
    else:
        notes = (_decides(found), *notes)
    if cost or not decision:
        yield _table("What the cost of each option depends on", cost, notes)


def _table(title: str, indices: Sequence[Index], notes: tuple[str, ...]) -> Table:
    names = list(dict.fromkeys(item.name for item in indices))
    options = list(dict.fromkeys(item.option for item in indices))
    at = {(item.option, item.name): item for item in indices}
    rows = tuple((option, *(_cell(at[option, name]) for name in names)) for option in options)
    return Table(title, ("option", *names), rows, frozenset(range(1, 1 + len(names))), notes)


def _cell(item: Index) -> str:
    return f"{_share(item.first)} ({_share(item.total)})"


def _share(value: float) -> str:
    """Return a share [1] as percent; what chance makes less than none is none."""
    return f"{max(100.0 * value, 0.0):.0f} %"


def importance_rows(found: Importance) -> list[list[Any]]:
    """Return one row for each index, under ``IMPORTANCE_COLUMNS``."""
    return [
        [item.of, item.option, item.name, item.first, item.total, found.draws]
        for item in found.indices
    ]


def importance_dict(found: Importance) -> dict[str, Any]:
    """Return ``kafkatco importance --format json``."""
    return {
        "prices": dict(found.prices),
        "currency": found.currency,
        "answer": _decides(found),
        "draws": found.draws,
        "indices": [
            {
                "of": item.of,
                "option": item.option,
                "input": item.name,
                "first": item.first,
                "total": item.total,
            }
            for item in found.indices
        ],
        "inputs": inputs_list(found.inputs),
    }


IMPORTANCE: Final = View(
    columns=IMPORTANCE_COLUMNS,
    rows=importance_rows,
    tables=importance_tables,
    plain=importance_dict,
)
