"""How switching values and a tornado are shown, each alone and both together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final

from kafkatco.core.format import number, prices_note
from kafkatco.core.result import View
from kafkatco.core.table import Table

if TYPE_CHECKING:
    from kafkatco.analysis.sensitivity import (
        Move,
        Sensitivity,
        SwitchingValue,
        SwitchingValues,
        Tornado,
    )

__all__ = ["SENSITIVITY", "SWITCHING_VALUES", "TORNADO"]

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


def sensitivity_dict(
    switches: Sequence[SwitchingValue] = (), moves: Sequence[Move] = ()
) -> dict[str, Any]:
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


def switch_rows(switches: Sequence[SwitchingValue]) -> list[list[Any]]:
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


def switch_table(switches: SwitchingValues) -> Table:
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


def tornado_table(moves: Tornado) -> Table:
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


def sensitivity_tables(found: Sensitivity) -> Iterator[Table]:
    """Yield the switching values, and the tornado of two options that were named."""
    yield switch_table(found.switches)
    if found.moves is not None:
        yield tornado_table(found.moves)


SWITCHING_VALUES: Final = View(
    columns=SWITCH_COLUMNS,
    rows=switch_rows,
    tables=lambda switches: [switch_table(switches)],
    plain=sensitivity_dict,
)
TORNADO: Final = View(
    columns=MOVE_COLUMNS,
    rows=move_rows,
    tables=lambda moves: [tornado_table(moves)],
    plain=lambda moves: sensitivity_dict(moves=moves),
    plots={"plot": "plot_tornado"},
)
SENSITIVITY: Final = View(
    columns=SWITCH_COLUMNS,
    rows=lambda found: switch_rows(found.switches),
    tables=sensitivity_tables,
    plain=lambda found: sensitivity_dict(found.switches, found.moves or ()),
)
