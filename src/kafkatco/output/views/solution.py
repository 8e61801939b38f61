"""How the solution for one input is shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from kafkatco.core.format import number, prices_note
from kafkatco.core.result import View
from kafkatco.core.table import Table

if TYPE_CHECKING:
    from kafkatco.analysis.solve import Solution

__all__ = ["SOLUTION"]

SOLUTION_COLUMNS: Final = ("over", "unit", "from", "to", "mine", "other", "share")


def solution_dict(found: Solution) -> dict[str, Any]:
    """Return ``kafkatco solve --format json``."""
    return {
        "over": found.axis.name,
        "unit": found.axis.unit,
        "mine": found.mine,
        "other": found.other,
        "share": found.share,
        "where": list(found.where),
        "holds": [{"from": part.start, "to": part.stop} for part in found.holds],
        "nearest": found.nearest,
        "saving": found.saving,
        "reason": found.reason,
    }


def solution_rows(found: Solution) -> list[list[Any]]:
    """Return one row for each stretch on which it holds, under ``SOLUTION_COLUMNS``."""
    return [
        [
            found.axis.name,
            found.axis.unit,
            part.start,
            part.stop,
            found.mine,
            found.other,
            found.share,
        ]
        for part in found.holds
    ]


def solution_table(found: Solution) -> Table:
    """Return where it holds, or the nearest miss."""
    unit = f" [{found.axis.unit}]" if found.axis.unit else ""
    rows = tuple((number(part.start), number(part.stop)) for part in found.holds)
    return Table(
        f"{found.mine} costs at most {found.share:.4g} of {found.other}",
        (f"{found.axis.name} from{unit}", "to"),
        rows or (("never", ""),),
        frozenset({0, 1}),
        (*((found.reason,) if found.reason else ()), prices_note(found.prices)),
    )


SOLUTION: Final = View(
    columns=SOLUTION_COLUMNS,
    rows=solution_rows,
    tables=lambda found: [solution_table(found)],
    plain=solution_dict,
)
