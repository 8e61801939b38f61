"""View of a decision map."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

from kafkatco.analysis.cost_curves import overlapped
from kafkatco.core.format import (
    floor_notes,
    floors_json,
    may_be_cheapest,
    no_winner,
    number,
    prices_note,
)
from kafkatco.core.result import View
from kafkatco.core.table import Table
from kafkatco.errors import InputError, Problem
from kafkatco.i18n.message import Message, _, join
from kafkatco.output.views.crossovers import axis_head

if TYPE_CHECKING:
    import xarray as xr

    from kafkatco.analysis.decision_map import DecisionMap, Row
    from kafkatco.numerics.crossings import Interval

__all__ = ["DECISION_MAP"]

MAP_COLUMNS: Final = ("y", "from", "to", "winner")


def map_dict(decisions: DecisionMap) -> dict[str, Any]:
    """Return ``kafkatco map --format json``."""
    return {
        "x": decisions.x.name,
        "x_unit": decisions.x.unit,
        "y": decisions.y.name,
        "y_unit": decisions.y.unit,
        "currency": decisions.currency,
        "prices": dict(decisions.prices),
        **floors_json(decisions.unpriced_skus, decisions.unchecked),
        "rows": [
            {
                "y": row.y,
                "intervals": [
                    {"from": part.start, "to": part.stop, "winner": part.winner}
                    for part in row.intervals
                ],
                "undercuts": [
                    {"from": part.start, "to": part.stop, "name": part.name}
                    for part in row.undercuts
                ],
            }
            for row in decisions.rows
        ],
        "boundaries": [
            {"below": line.below, "above": line.above, "points": [list(p) for p in line.points]}
            for line in decisions.boundaries()
        ],
    }


def map_rows(decisions: DecisionMap) -> list[list[Any]]:
    """Return one row for each stretch of each row, under ``MAP_COLUMNS``."""
    return [
        [row.y, part.start, part.stop, part.winner]
        for row in decisions.rows
        for part in row.intervals
    ]


def map_dataset(decisions: DecisionMap, columns: int) -> xr.Dataset:
    """Return the cheapest option of each row at positions along the first input."""
    import numpy as np
    import xarray as xr

    if not (isinstance(columns, int) and columns >= 2):
        problem = Problem("columns", repr(columns), _("a whole number of positions, at least 2"))
        raise InputError("map", [problem])
    whole = decisions.rows[0].intervals
    spaced = np.geomspace if decisions.logarithmic else np.linspace
    x = spaced(whole[0].start, whole[-1].stop, columns)
    winners = np.empty((len(decisions.rows), columns), dtype=object)
    for i, row in enumerate(decisions.rows):
        stops = [part.stop for part in row.intervals]
        at = np.minimum(np.searchsorted(stops, x), len(stops) - 1)
        winners[i] = [row.intervals[int(k)].winner or "" for k in at]
    data = xr.Dataset(
        {"winner": (("y", "x"), winners)},
        coords={"y": [row.y for row in decisions.rows], "x": x},
        attrs=decisions._about(),
    )
    for name, axis in (("x", decisions.x), ("y", decisions.y)):
        data[name].attrs.update(long_name=axis.name, units=axis.unit)
    return data


def map_table(decisions: DecisionMap) -> Table:
    """Return the cheapest option on each stretch of each row."""

    def stretch(part: Interval, row: Row) -> Message:
        name = part.winner or no_winner(floors=overlapped(part, row.undercuts))
        return _("{name} to {stop}", name=name, stop=number(part.stop))

    x, y = axis_head(decisions.x), axis_head(decisions.y)
    rows = tuple(
        (number(row.y), join(", ", [stretch(part, row) for part in row.intervals]))
        for row in decisions.rows
    )
    return Table(
        _("cheapest over {x} and {y}", x=x, y=y),
        (y, x),
        rows,
        frozenset({0}),
        (
            *floor_notes(decisions.unpriced_skus, decisions.unchecked),
            *_undercut_notes(decisions),
            prices_note(decisions.prices),
        ),
    )


def _undercut_notes(decisions: DecisionMap) -> Iterator[Message]:
    """Yield a note for each floor below every known cost in some row."""
    parts = [part for row in decisions.rows for part in row.undercuts]
    for name in dict.fromkeys(part.name for part in parts):
        start = min(part.start for part in parts if part.name == name)
        stop = max(part.stop for part in parts if part.name == name)
        yield may_be_cheapest(name, number(start), number(stop))


DECISION_MAP: Final = View(
    columns=MAP_COLUMNS,
    rows=map_rows,
    tables=lambda decisions: [map_table(decisions)],
    plain=map_dict,
    dataset=map_dataset,
    plots={"plot": "plot_map"},
)
