"""What solutions, switching values, placements and maps show."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from kafkatco.core.table import Table, floor_notes, money, number, prices_note
from kafkatco.errors import InputError, Problem

if TYPE_CHECKING:
    import xarray as xr

    from kafkatco.analysis.decision_map import DecisionMap
    from kafkatco.analysis.placement import Placement
    from kafkatco.analysis.sensitivity import Move, Moves, Switch, Switches
    from kafkatco.analysis.solve import Solution

SOLUTION_COLUMNS: Final = ("over", "unit", "from", "to", "mine", "other", "share")
SWITCH_COLUMNS: Final = (
    "input",
    "unit",
    "now",
    "winner",
    "below",
    "then_below",
    "above",
    "then_above",
)
MOVE_COLUMNS: Final = (
    "input",
    "unit",
    "now",
    "moved",
    "change",
    "break_even",
    "break_even_unit",
    "elasticity",
)
PLACEMENT_COLUMNS: Final = ("part", "deployment", "cost", "currency")
MAP_COLUMNS: Final = ("y", "from", "to", "winner")


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


def sensitivity_dict(switches: Sequence[Switch], moves: Sequence[Move]) -> dict[str, Any]:
    """Return ``kafkatco sensitivity --format json``."""
    return {
        "switching_values": [
            dict(zip(SWITCH_COLUMNS, row, strict=True)) for row in switch_rows(switches)
        ],
        "tornado": [
            {
                "input": move.axis.name,
                "unit": move.axis.unit,
                "now": move.now,
                "change": move.change,
                "break_even": list(move.at),
                "lower": list(move.low),
                "higher": list(move.high),
                "elasticity": list(move.elasticity),
            }
            for move in moves
        ],
    }


def switch_rows(switches: Sequence[Switch]) -> list[list[Any]]:
    """Return one row for each input, under ``SWITCH_COLUMNS``."""
    return [
        [
            item.axis.name,
            item.axis.unit,
            item.now,
            item.winner,
            item.below,
            item.then_below,
            item.above,
            item.then_above,
        ]
        for item in switches
    ]


def switch_table(switches: Switches) -> Table:
    """Return how far each input can move before the winner changes."""
    rows = tuple(
        (
            item.axis.name + (f" [{item.axis.unit}]" if item.axis.unit else ""),
            number(item.now),
            _side(item.below, item.then_below),
            _side(item.above, item.then_above),
        )
        for item in switches
    )
    winner = switches[0].winner if switches else None
    return Table(
        f"{winner or 'none'} is cheapest; how far each input can move before that changes",
        ("input", "now", "down to", "up to"),
        rows,
        frozenset({1}),
        (prices_note(switches.prices),),
    )


def _side(at: float | None, then: str | None) -> str:
    return "-" if at is None else f"{number(at)} (then {then or 'none can serve'})"


def move_rows(moves: Sequence[Move]) -> list[list[Any]]:
    """Return one row for each break-even of each input, under ``MOVE_COLUMNS``."""
    rows: list[list[Any]] = []
    for move in moves:
        head = [move.axis.name, move.axis.unit, move.now]
        steps = (
            ("as it is", 0.0, move.at),
            ("lower", -move.change, move.low),
            ("higher", move.change, move.high),
        )
        for name, change, found in steps:
            elasticity = move.elasticity if name == "as it is" else (None,) * len(found)
            rows += [
                [*head, name, change, x, "TB/month", grows]
                for x, grows in zip(found, elasticity, strict=True)
            ]
    return rows


def tornado_table(moves: Moves) -> Table:
    """Return what each input does to the break-even, the strongest first."""

    def listed(values: Sequence[float | None]) -> str:
        return ", ".join("-" if x is None else number(x) for x in values) or "none"

    change = f", inputs moved by {moves[0].change:.0%}" if moves else ""
    return Table(
        f"break-even of {moves.mine} and {moves.other} [TB/month]{change}",
        ("input", "now", "lower", "as it is", "higher", "elasticity"),
        tuple(
            (
                move.axis.name,
                number(move.now),
                listed(move.low),
                listed(move.at),
                listed(move.high),
                listed(move.elasticity),
            )
            for move in moves
        ),
        frozenset({1, 2, 3, 4, 5}),
        (prices_note(moves.prices),),
    )


def placement_dict(found: Placement) -> dict[str, Any]:
    """Return ``kafkatco place --format json``; what cannot serve is null."""
    infinite = float("inf")
    return {
        "currency": found.currency,
        "prices": dict(found.prices),
        "open": {name: list(skus) for name, skus in found.open.items()},
        "total": found.total,
        "saving": found.saving,
        "parts": [
            {"name": name, "deployment": where, "cost": found.apart[name]}
            for name, where in found.assigned.items()
        ],
        "shared": dict(found.shared),
        "together": {
            name: None if cost == infinite else cost for name, cost in found.together.items()
        },
    }


def placement_rows(found: Placement) -> list[list[Any]]:
    """Return one row for each part, under ``PLACEMENT_COLUMNS``, and one for what is shared."""
    rows: list[list[Any]] = [
        [name, where, found.apart[name], found.currency] for name, where in found.assigned.items()
    ]
    return rows + [["shared", name, cost, found.currency] for name, cost in found.shared.items()]


def placement_table(found: Placement) -> Table:
    """Return where each part is, what is shared, and what all in one place would cost."""
    rows = [
        (str(part), str(where), money(cost, found.currency))
        for part, where, cost, _ in placement_rows(found)
    ]
    rows.append(("in all", "", money(found.total, found.currency)))
    for name, cost in found.together.items():
        text = "cannot serve" if cost == float("inf") else money(cost, found.currency)
        rows.append(("all of it", name, text))
    saving = found.saving
    note = "no single deployment serves all" if saving is None else f"splitting saves {saving:.1%}"
    return Table(
        f"Least cost of the parts together, {found.currency} a month",
        ("part", "deployment", found.currency),
        tuple(rows),
        frozenset({2}),
        (note, *floor_notes(found.open), prices_note(found.prices)),
    )


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
        (*floor_notes(found.open), prices_note(found.prices)),
    )
