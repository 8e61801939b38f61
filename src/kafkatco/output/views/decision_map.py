"""How a decision map is shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from kafkatco.core.format import floor_notes, number, prices_note
from kafkatco.core.result import View
from kafkatco.core.table import Table
from kafkatco.errors import InputError, Problem

if TYPE_CHECKING:
    import xarray as xr

    from kafkatco.analysis.decision_map import DecisionMap

__all__ = ["DECISION_MAP"]

MAP_COLUMNS: Final = ("y", "from", "to", "winner")


def map_dict(found: DecisionMap) -> dict[str, Any]:
    """Return ``kafkatco map --format json``."""
    return {
        "x": found.x.name,
        "x_unit": found.x.unit,
        "y": found.y.name,
        "y_unit": found.y.unit,
        "currency": found.currency,
        "prices": dict(found.prices),
        "open": {name: list(skus) for name, skus in found.unpriced_skus.items()},
        "rows": [
            {
                "y": row.y,
                "intervals": [
                    {"from": part.start, "to": part.stop, "winner": part.winner}
                    for part in row.intervals
                ],
            }
            for row in found.rows
        ],
        "boundaries": [
            {"below": line.below, "above": line.above, "points": [list(p) for p in line.points]}
            for line in found.boundaries()
        ],
    }


def map_rows(found: DecisionMap) -> list[list[Any]]:
    """Return one row for each stretch of each row, under ``MAP_COLUMNS``."""
    return [
        [row.y, part.start, part.stop, part.winner] for row in found.rows for part in row.intervals
    ]


def map_dataset(found: DecisionMap, columns: int) -> xr.Dataset:
    """Return the winner of each row at positions along the first input."""
    import numpy as np
    import xarray as xr

    if not (isinstance(columns, int) and columns >= 2):
        problem = Problem("columns", repr(columns), "a whole number of positions, at least 2")
        raise InputError("map", [problem])
    whole = found.rows[0].intervals
    spaced = np.geomspace if found.logarithmic else np.linspace
    x = spaced(whole[0].start, whole[-1].stop, columns)
    winners = np.empty((len(found.rows), columns), dtype=object)
    for i, row in enumerate(found.rows):
        stops = [part.stop for part in row.intervals]
        at = np.minimum(np.searchsorted(stops, x), len(stops) - 1)
        winners[i] = [row.intervals[int(k)].winner or "" for k in at]
    data = xr.Dataset(
        {"winner": (("y", "x"), winners)},
        coords={"y": [row.y for row in found.rows], "x": x},
        attrs=found._about(),
    )
    for name, axis in (("x", found.x), ("y", found.y)):
        data[name].attrs.update(long_name=axis.name, units=axis.unit)
    return data


def map_table(found: DecisionMap) -> Table:
    """Return who is cheapest from where on, row by row."""
    unit = f" [{found.x.unit}]" if found.x.unit else ""
    rows = tuple(
        (
            number(row.y),
            ", ".join(
                f"{part.winner or 'none can serve'} to {number(part.stop)}"
                for part in row.intervals
            ),
        )
        for row in found.rows
    )
    y = found.y.name + (f" [{found.y.unit}]" if found.y.unit else "")
    return Table(
        f"cheapest over {found.x.name}{unit} and {y}",
        (y, found.x.name + unit),
        rows,
        frozenset({0}),
        (*floor_notes(found.unpriced_skus), prices_note(found.prices)),
    )


DECISION_MAP: Final = View(
    columns=MAP_COLUMNS,
    rows=map_rows,
    tables=lambda found: [map_table(found)],
    plain=map_dict,
    dataset=map_dataset,
    plots={"plot": "plot_map"},
)
