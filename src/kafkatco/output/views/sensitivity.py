"""Views of switching values and of a tornado, alone and together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final

from kafkatco.core.format import no_winner, number, prices_note
from kafkatco.core.result import View
from kafkatco.core.table import Table
from kafkatco.core.vocabulary import input_word
from kafkatco.i18n.message import Message, _, join
from kafkatco.output.views.crossovers import axis_head

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
            switch.axis.name,
            switch.axis.unit,
            switch.now,
            switch.winner,
            switch.below,
            switch.then_below,
            switch.above,
            switch.then_above,
        ]
        for switch in switches
    ]


def switch_table(switches: SwitchingValues) -> Table:
    """Return how far each input can move before the cheapest option changes."""
    rows = tuple(
        (
            axis_head(switch.axis),
            number(switch.now),
            _side(switch.below, switch.then_below),
            _side(switch.above, switch.then_above),
        )
        for switch in switches
    )
    winner = switches[0].winner if switches else None
    floors = dict.fromkeys(switch.undercut for switch in switches if switch.undercut)
    return Table(
        _(
            "cheapest: {name}; how far each input can move before that changes",
            name=winner or no_winner(floors=bool(floors)),
        ),
        (_("input"), _("now"), _("down to"), _("up to")),
        rows,
        frozenset({1}),
        (
            *(_("{name} may be the cheapest now: its cost is a floor", name=x) for x in floors),
            prices_note(switches.prices),
        ),
    )


def _side(at: float | None, then: str | None) -> str:
    if at is None:
        return "-"
    return _("{value} (then {name})", value=number(at), name=then or _("none can handle the load"))


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
        for name, change, positions in steps:
            elasticity = move.elasticity if name == "as it is" else (None,) * len(positions)
            rows += [
                [*head, name, change, x, "TB/month", grows]
                for x, grows in zip(positions, elasticity, strict=True)
            ]
    return rows


def tornado_table(tornado: Tornado) -> Table:
    """Return how each input moves the break-even, the strongest first."""

    def listed(values: Sequence[float | None]) -> str:
        if not values:
            return _("none")
        return ", ".join("-" if x is None else number(x) for x in values)

    title: Message = _(
        "break-even of {mine} and {other} [TB/month]", mine=tornado.mine, other=tornado.other
    )
    if tornado:
        change = _("inputs moved by {change:.0%}", change=tornado[0].change)
        title = join(", ", [title, change])
    return Table(
        title,
        (_("input"), _("now"), _("lower"), _("as it is"), _("higher"), _("elasticity")),
        tuple(
            (
                input_word(move.axis.name),
                number(move.now),
                listed(move.low),
                listed(move.at),
                listed(move.high),
                listed(move.elasticity),
            )
            for move in tornado
        ),
        frozenset({1, 2, 3, 4, 5}),
        (prices_note(tornado.prices),),
    )


def sensitivity_tables(sensitivity: Sensitivity) -> Iterator[Table]:
    """Yield the switching values, and the tornado if two options were named."""
    yield switch_table(sensitivity.switches)
    if sensitivity.moves is not None:
        yield tornado_table(sensitivity.moves)


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
    rows=lambda sensitivity: switch_rows(sensitivity.switches),
    tables=sensitivity_tables,
    plain=lambda sensitivity: sensitivity_dict(sensitivity.switches, sensitivity.moves or ()),
)
