"""View of crossovers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from kafkatco.analysis.cost_curves import overlapped
from kafkatco.analysis.crossovers import MARGIN
from kafkatco.core.format import (
    floor_notes,
    floors_json,
    may_be_cheapest,
    money,
    no_winner,
    number,
    prices_note,
    trimmed,
)
from kafkatco.core.result import View
from kafkatco.core.table import Table
from kafkatco.core.vocabulary import input_word, word
from kafkatco.i18n.message import Message, _, join
from kafkatco.numerics.ladder import ladder

if TYPE_CHECKING:
    from collections.abc import Sequence

    import xarray as xr

    from kafkatco.analysis.axes import Axis
    from kafkatco.analysis.crossovers import Crossovers
    from kafkatco.numerics.crossings import Interval

__all__ = [
    "CHEAPEST_COLUMNS",
    "CROSSING_COLUMNS",
    "CROSSOVERS",
    "MARGIN",
    "axis_head",
    "cheapest_rows",
    "cost_rows",
    "crossing_rows",
    "crossovers_tables",
    "overlap_notes",
    "people_notes",
]


def crossovers_dict(crossovers: Crossovers) -> dict[str, Any]:
    """Return ``kafkatco crossovers --format json``."""
    return {
        "prices": dict(crossovers.prices),
        "currency": crossovers.currency,
        "over": crossovers.axis.name,
        "unit": crossovers.axis.unit,
        "from": trimmed(crossovers.start),
        "to": trimmed(crossovers.stop),
        "pairs": [
            {
                "a": pair.a,
                "b": pair.b,
                "crossings": [
                    {
                        "at": trimmed(crossing.x),
                        "until": trimmed(crossing.until),
                        "kind": crossing.kind,
                        "cheaper_below": crossing.below,
                        "cheaper_above": crossing.above,
                        "cost": crossing.cost,
                        "because": [
                            {
                                "option": cause.option,
                                "component": cause.component,
                                "kind": cause.kind,
                                "amount": cause.amount,
                                "text": cause.text,
                            }
                            for cause in crossovers.because(pair.a, pair.b, crossing)
                        ],
                    }
                    for crossing in pair.crossings
                ],
            }
            for pair in crossovers.pairs
        ],
        "intervals": [
            {"from": trimmed(part.start), "to": trimmed(part.stop), "winner": part.winner}
            for part in crossovers.intervals
        ],
        "close_calls": {
            "margin": MARGIN,
            "stretches": [
                {"from": trimmed(part.start), "to": trimmed(part.stop), "names": list(part.names)}
                for part in crossovers.close_calls(MARGIN)
            ],
        },
        "unserved": {
            label: [
                {
                    "from": trimmed(part.start),
                    "to": trimmed(part.stop),
                    "reasons": list(part.reasons),
                }
                for part in parts
            ]
            for label, parts in crossovers.unserved.items()
            if parts
        },
        **floors_json(crossovers.unpriced_skus, crossovers.unchecked),
        "undercuts": [
            {"from": trimmed(part.start), "to": trimmed(part.stop), "name": part.name}
            for part in crossovers.undercuts
        ],
        "by_provider_charges": [
            {"from": trimmed(part.start), "to": trimmed(part.stop), "winner": part.winner}
            for part in crossovers.by_provider_charges
        ],
        "overlaps": [
            {"from": trimmed(part.start), "to": trimmed(part.stop), "names": list(part.names)}
            for part in crossovers.overlaps()
        ],
    }


CROSSING_COLUMNS: Final = (
    "a",
    "b",
    "at",
    "until",
    "unit",
    "kind",
    "cheaper_below",
    "cheaper_above",
    "cost",
    "currency",
)


def crossing_rows(crossovers: Crossovers) -> list[list[Any]]:
    """Return one row for each crossing, under ``CROSSING_COLUMNS``."""
    data = crossovers_dict(crossovers)
    return [
        [
            pair["a"],
            pair["b"],
            crossing["at"],
            crossing["until"],
            data["unit"],
            crossing["kind"],
            crossing["cheaper_below"],
            crossing["cheaper_above"],
            crossing["cost"],
            crossovers.currency,
        ]
        for pair in data["pairs"]
        for crossing in pair["crossings"]
    ]


CHEAPEST_COLUMNS: Final = ("from", "to", "unit", "cheapest")


def cheapest_rows(crossovers: Crossovers) -> list[list[Any]]:
    """Return one row for each stretch and its cheapest option, under ``CHEAPEST_COLUMNS``."""
    return [
        [trimmed(part.start), trimmed(part.stop), crossovers.axis.unit, part.winner]
        for part in crossovers.intervals
    ]


def crossovers_dataset(crossovers: Crossovers, at: Sequence[float] | None = None) -> xr.Dataset:
    """Return the costs of each deployment at positions along the axis."""
    import numpy as np
    import xarray as xr

    points = [x for x, _ in cost_rows(crossovers)] if at is None else [float(x) for x in at]
    costs = [crossovers.at(x) for x in points]
    labels = list(crossovers.curves)
    rows = [[np.nan if here[label] is None else here[label] for here in costs] for label in labels]
    floored = [crossovers.floors_at(x) for x in points]
    floors = [[label in here for here in floored] for label in labels]
    axis = crossovers.axis.name
    data = xr.Dataset(
        {
            "cost": (("deployment", axis), np.array(rows, dtype=float)),
            "floor": (("deployment", axis), np.array(floors, dtype=bool)),
        },
        coords={"deployment": labels, axis: points},
        attrs=crossovers._about(),
    )
    data["cost"].attrs["units"] = crossovers.currency
    data[axis].attrs["units"] = crossovers.axis.unit
    return data


def axis_head(axis: Axis) -> Message:
    """Return an input with its unit, as the heading of a column."""
    name = input_word(axis.name)
    if not axis.unit:
        return name
    return _("{input} [{unit}]", input=name, unit=word(axis.unit))


def crossovers_tables(crossovers: Crossovers) -> tuple[Table, Table]:
    """Return the crossings of all pairs, and the cheapest option on each stretch."""
    return _crossings_table(crossovers), _cheapest_table(crossovers)


def _crossings_table(crossovers: Crossovers) -> Table:
    currency = crossovers.currency
    rows: list[tuple[str, ...]] = []
    for pair in crossovers.pairs:
        names = f"{pair.a} / {pair.b}"
        for crossing in pair.crossings:
            at, until = (trimmed(x) for x in (crossing.x, crossing.until))
            where: str = number(at)
            if until != at:
                where = _("{start} to {stop} (equal)", start=where, stop=number(until))
            floors = crossovers.floors_at(crossing.x)
            below, above = (
                name + "+" * (name in floors) for name in (crossing.below, crossing.above)
            )
            causes = crossovers.because(pair.a, pair.b, crossing)[:2]
            rows.append(
                (
                    where,
                    word(crossing.kind),
                    below,
                    above,
                    money(crossing.cost, currency),
                    names,
                    join("; ", [cause.text for cause in causes]),
                )
            )
    rows += [
        (_("none"), "", "", "", "", f"{pair.a} / {pair.b}", "")
        for pair in crossovers.pairs
        if not pair.crossings
    ]
    notes = floor_notes(crossovers.unpriced_skus, crossovers.unchecked)
    return Table(
        _("crossovers over {input}", input=axis_head(crossovers.axis)),
        (
            _("at"),
            _("kind"),
            _("cheaper below"),
            _("cheaper above"),
            _("cost [{currency}]", currency=currency),
            _("pair"),
            _("because"),
        ),
        tuple(rows),
        frozenset({0, 4}),
        (*(join("", ["+ ", note]) for note in notes), prices_note(crossovers.prices)),
    )


def overlap_notes(crossovers: Crossovers) -> list[Message]:
    """Return a note for each stretch that published price ranges leave too close to call."""
    return [
        _(
            "too close to call by published price ranges from {start} to {stop}: {names}",
            start=number(trimmed(part.start)),
            stop=number(trimmed(part.stop)),
            names=", ".join(part.names),
        )
        for part in crossovers.overlaps()
    ]


def people_notes(crossovers: Crossovers) -> list[Message]:
    """Return a note with who is cheapest without people, if that is not who is with them."""
    own, charged = crossovers.intervals, crossovers.by_provider_charges
    if [_rounded(part) for part in own] == [_rounded(part) for part in charged]:
        return []
    stretches = [
        _(
            "{name} from {start} to {stop}",
            name=part.winner,
            start=number(trimmed(part.start)),
            stop=number(trimmed(part.stop)),
        )
        for part in charged
        if part.winner
    ]
    return [_("cheapest by provider charges alone: {stretches}", stretches=join(", ", stretches))]


def _rounded(part: Interval) -> tuple[str, str, str | None]:
    """Return a stretch as a table has it, without the rounding of its ends."""
    return number(part.start), number(part.stop), part.winner


def _cheapest_table(crossovers: Crossovers) -> Table:
    notes = [
        _(
            "within {margin:.0%} of the cheapest from {start} to {stop}: {names}",
            margin=MARGIN,
            start=number(trimmed(part.start)),
            stop=number(trimmed(part.stop)),
            names=", ".join(part.names),
        )
        for part in crossovers.close_calls(MARGIN)
    ]
    notes += overlap_notes(crossovers)
    notes += [
        may_be_cheapest(part.name, number(trimmed(part.start)), number(trimmed(part.stop)))
        for part in crossovers.undercuts
    ]
    notes += [
        _(
            "{name} cannot handle {start} to {stop}: {reasons}",
            name=label,
            start=number(trimmed(part.start)),
            stop=number(trimmed(part.stop)),
            reasons=join(", ", part.reasons),
        )
        for label, parts in crossovers.unserved.items()
        for part in parts
    ]
    notes += people_notes(crossovers)
    return Table(
        _("cheapest over {input}", input=axis_head(crossovers.axis)),
        (_("from"), _("to"), _("cheapest")),
        tuple(
            (
                number(trimmed(part.start)),
                number(trimmed(part.stop)),
                part.winner or no_winner(floors=overlapped(part, crossovers.undercuts)),
            )
            for part in crossovers.intervals
        ),
        frozenset({0, 1}),
        tuple(notes),
        frozenset(
            (i, 2, "best" if part.winner else "refused")
            for i, part in enumerate(crossovers.intervals)
        ),
    )


def cost_rows(crossovers: Crossovers) -> list[tuple[float, dict[str, float | None]]]:
    """Return positions along the axis with each deployment's cost, ``None`` if infeasible."""
    ends = trimmed(crossovers.start), trimmed(crossovers.stop)
    return [(x, crossovers.at(x)) for x in ladder(*ends)]


CROSSOVERS: Final = View(
    columns=CROSSING_COLUMNS,
    rows=crossing_rows,
    tables=crossovers_tables,
    plain=crossovers_dict,
    dataset=crossovers_dataset,
    plots={"plot": "plot_crossovers"},
)
