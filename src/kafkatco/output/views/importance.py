"""View of which uncertain inputs matter."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final

from kafkatco.core.format import prices_note
from kafkatco.core.result import View
from kafkatco.core.table import Table
from kafkatco.core.vocabulary import input_word
from kafkatco.i18n.message import Message, _
from kafkatco.output.views.uncertain_inputs import inputs_list

if TYPE_CHECKING:
    from kafkatco.uncertainty.sobol_indices import Importance, Index

__all__ = ["IMPORTANCE_COLUMNS", "importance_dict", "importance_rows", "importance_tables"]

IMPORTANCE_COLUMNS: Final = ("of", "option", "input", "first", "total", "draws")


def _answer(importance: Importance) -> Message:
    """Return the input that matters most to the decision, in a sentence."""
    totals: dict[str, float] = {}
    for index in importance.indices:
        if index.of == "decision":
            totals[index.name] = totals.get(index.name, 0.0) + index.total
    if not totals:
        return _("The cheapest option is the same in every simulation: no input matters")
    most = max(totals, key=lambda name: totals[name])
    return _("The choice of the cheapest option depends most on {input}", input=input_word(most))


def importance_tables(importance: Importance) -> Iterator[Table]:
    """Yield the effects of the inputs on the decision, and on the cost of each option."""
    notes: tuple[Message, ...] = (
        _("Sobol indices, shares of the variance: alone (and including interactions)"),
        _(
            "{sets} sets of {draws:,} simulations",
            sets=len(importance.inputs) + 2,
            draws=importance.draws,
        ),
        prices_note(importance.prices),
    )
    decision, cost = (
        [index for index in importance.indices if index.of == of] for of in ("decision", "cost")
    )
    if decision:
        yield _table(_answer(importance), decision, () if cost else notes)
    else:
        notes = (_answer(importance), *notes)
    if cost or not decision:
        yield _table(_("What the cost of each option depends on"), cost, notes)


def _table(title: Message, indices: Sequence[Index], notes: tuple[Message, ...]) -> Table:
    names = list(dict.fromkeys(index.name for index in indices))
    options = list(dict.fromkeys(index.option for index in indices))
    cells = {(index.option, index.name): _cell(index) for index in indices}
    rows = tuple((option, *(cells[option, name] for name in names)) for option in options)
    columns = (_("option"), *map(input_word, names))
    return Table(title, columns, rows, frozenset(range(1, 1 + len(names))), notes)


def _cell(index: Index) -> str:
    return f"{_share(index.first)} ({_share(index.total)})"


def _share(value: float) -> str:
    """Return a share [1] as percent; a negative estimate (sampling noise) is shown as 0."""
    return f"{max(100.0 * value, 0.0):.0f} %"


def importance_rows(importance: Importance) -> list[list[Any]]:
    """Return one row for each index, under ``IMPORTANCE_COLUMNS``."""
    return [
        [index.of, index.option, index.name, index.first, index.total, importance.draws]
        for index in importance.indices
    ]


def importance_dict(importance: Importance) -> dict[str, Any]:
    """Return ``kafkatco importance --format json``."""
    return {
        "prices": dict(importance.prices),
        "currency": importance.currency,
        "answer": _answer(importance),
        "draws": importance.draws,
        "indices": [
            {
                "of": index.of,
                "option": index.option,
                "input": index.name,
                "first": index.first,
                "total": index.total,
            }
            for index in importance.indices
        ],
        "inputs": inputs_list(importance.inputs),
    }


IMPORTANCE: Final = View(
    columns=IMPORTANCE_COLUMNS,
    rows=importance_rows,
    tables=importance_tables,
    plain=importance_dict,
)
