"""View of the values of one input that solve a saving."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from kafkatco.core.format import number, prices_note
from kafkatco.core.result import View
from kafkatco.core.table import Table
from kafkatco.core.vocabulary import input_word, word
from kafkatco.i18n.message import Message, _

if TYPE_CHECKING:
    from kafkatco.analysis.solve import Solution

__all__ = ["SOLUTION"]

SOLUTION_COLUMNS: Final = ("over", "unit", "from", "to", "mine", "other", "share")


def solution_dict(solution: Solution) -> dict[str, Any]:
    """Return ``kafkatco solve --format json``."""
    return {
        "over": solution.axis.name,
        "unit": solution.axis.unit,
        "mine": solution.mine,
        "other": solution.other,
        "share": solution.share,
        "where": list(solution.where),
        "holds": [{"from": part.start, "to": part.stop} for part in solution.holds],
        "nearest": solution.nearest,
        "saving": solution.saving,
        "reason": solution.reason,
    }


def solution_rows(solution: Solution) -> list[list[Any]]:
    """Return one row for each stretch of solutions, under ``SOLUTION_COLUMNS``."""
    return [
        [
            solution.axis.name,
            solution.axis.unit,
            part.start,
            part.stop,
            solution.mine,
            solution.other,
            solution.share,
        ]
        for part in solution.holds
    ]


def solution_table(solution: Solution) -> Table:
    """Return the stretches of solutions, or how close the options come."""
    name, unit = input_word(solution.axis.name), solution.axis.unit
    start = (
        _("{input} from [{unit}]", input=name, unit=word(unit))
        if unit
        else _("{input} from", input=name)
    )
    rows = tuple((number(part.start), number(part.stop)) for part in solution.holds)
    never = _("never: {reason}", reason=solution.reason) if solution.reason else word("never")
    return Table(
        _title(solution),
        (start, _("to")),
        rows or ((never, ""),),
        frozenset({0, 1}) if rows else frozenset(),
        (prices_note(solution.prices),),
    )


def _title(solution: Solution) -> Message:
    names = {"mine": solution.mine, "other": solution.other}
    if solution.share == 1.0:
        return _("{mine} costs no more than {other}", **names)
    return _("{mine} costs at most {share:.4g} % of {other}", share=100 * solution.share, **names)


SOLUTION: Final = View(
    columns=SOLUTION_COLUMNS,
    rows=solution_rows,
    tables=lambda solution: [solution_table(solution)],
    plain=solution_dict,
)
