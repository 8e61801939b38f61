"""What crossovers show."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from kafkatco.analysis.crossovers import MARGIN
from kafkatco.core.format import floor_notes, money, number, prices_note, trimmed
from kafkatco.core.result import View
from kafkatco.core.table import Table
from kafkatco.numerics.ladder import ladder

if TYPE_CHECKING:
    from collections.abc import Sequence

    import xarray as xr

    from kafkatco.analysis.crossovers import Crossovers

__all__ = [
    "CHEAPEST_COLUMNS",
    "CROSSING_COLUMNS",
    "CROSSOVERS",
    "MARGIN",
    "cheapest_rows",
    "cost_rows",
    "crossing_rows",
    "crossovers_tables",
]


def crossovers_dict(found: Crossovers) -> dict[str, Any]:
    """Return ``kafkatco crossovers --format json``."""
    return {
        "prices": dict(found.prices),
        "currency": found.currency,
        "over": found.axis.name,
        "unit": found.axis.unit,
        "from": trimmed(found.start),
        "to": trimmed(found.stop),
        "pairs": [
            {
                "a": pair.a,
                "b": pair.b,
                "crossings": [
                    {
                        "at": trimmed(item.x),
                        "until": trimmed(item.until),
                        "kind": item.kind,
                        "cheaper_below": item.below,
                        "cheaper_above": item.above,
                        "cost": item.cost,
                        "because": [
                            {
                                "option": cause.option,
                                "component": cause.component,
                                "kind": cause.kind,
                                "amount": cause.amount,
                                "text": cause.text,
                            }
                            for cause in found.because(pair.a, pair.b, item)
                        ],
                    }
                    for item in pair.crossings
                ],
            }
            for pair in found.pairs
        ],
        "intervals": [
            {"from": trimmed(part.start), "to": trimmed(part.stop), "winner": part.winner}
            for part in found.intervals
        ],
        "close_calls": {
            "margin": MARGIN,
            "stretches": [
                {"from": trimmed(part.start), "to": trimmed(part.stop), "names": list(part.names)}
                for part in found.close_calls(MARGIN)
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
            for label, parts in found.unserved.items()
            if parts
        },
        "open": {label: list(skus) for label, skus in found.unpriced_skus.items()},
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


def crossing_rows(found: Crossovers) -> list[list[Any]]:
    """Return one row for each crossing, under ``CROSSING_COLUMNS``."""
    data = crossovers_dict(found)
    return [
        [
            pair["a"],
            pair["b"],
            item["at"],
            item["until"],
            data["unit"],
            item["kind"],
            item["cheaper_below"],
            item["cheaper_above"],
            item["cost"],
            found.currency,
        ]
        for pair in data["pairs"]
        for item in pair["crossings"]
    ]


CHEAPEST_COLUMNS: Final = ("from", "to", "unit", "cheapest")


def cheapest_rows(found: Crossovers) -> list[list[Any]]:
    """Return one row for each stretch with one winner, under ``CHEAPEST_COLUMNS``."""
    return [
        [trimmed(part.start), trimmed(part.stop), found.axis.unit, part.winner]
        for part in found.intervals
    ]


def crossovers_dataset(found: Crossovers, at: Sequence[float] | None = None) -> xr.Dataset:
    """Return the costs of each deployment at positions along the axis."""
    import numpy as np
    import xarray as xr

    points = [x for x, _ in cost_rows(found)] if at is None else [float(x) for x in at]
    costs = [found.at(x) for x in points]
    labels = list(found.curves)
    rows = [[np.nan if here[label] is None else here[label] for here in costs] for label in labels]
    axis = found.axis.name
    data = xr.Dataset(
        {
            "cost": (("deployment", axis), np.array(rows, dtype=float)),
            "floor": ("deployment", np.array([label in found.unpriced_skus for label in labels])),
        },
        coords={"deployment": labels, axis: points},
        attrs=found._about(),
    )
    data["cost"].attrs["units"] = found.currency
    data[axis].attrs["units"] = found.axis.unit
    return data


def crossovers_tables(found: Crossovers, title: str = "") -> tuple[Table, Table]:
    """Return the crossings of all pairs, and who is cheapest on which stretch."""
    unit, currency = found.axis.unit, found.currency
    what = f"{found.axis.name} [{unit}]" if unit else found.axis.name
    rows: list[tuple[str, ...]] = []
    for pair in found.pairs:
        names = f"{pair.a} / {pair.b}"
        for item in pair.crossings:
            at, until = (trimmed(x) for x in (item.x, item.until))
            where = number(at) if until == at else f"{number(at)} to {number(until)} (equal)"
            why = "; ".join(cause.text for cause in found.because(pair.a, pair.b, item)[:2])
            cost = money(item.cost, currency)
            rows.append((where, item.kind, item.below, item.above, cost, names, why))
    rows += [
        ("none", "", "", "", "", f"{pair.a} / {pair.b}", "")
        for pair in found.pairs
        if not pair.crossings
    ]
    head = f"{title}: " if title else ""
    floors = [f"+ {note}" for note in floor_notes(found.unpriced_skus)]
    crossing = Table(
        f"{head}crossovers over {what}",
        ("at", "kind", "cheaper below", "cheaper above", f"cost [{currency}]", "pair", "because"),
        tuple(rows),
        frozenset({0, 4}),
        (*floors, prices_note(found.prices)),
    )
    cheapest = Table(
        f"{head}cheapest over {what}",
        ("from", "to", "cheapest"),
        tuple(
            (
                number(trimmed(part.start)),
                number(trimmed(part.stop)),
                part.winner or "none can serve",
            )
            for part in found.intervals
        ),
        frozenset({0, 1}),
        tuple(
            f"within {MARGIN:.0%} of the cheapest from {number(trimmed(part.start))} to "
            f"{number(trimmed(part.stop))}: {', '.join(part.names)}"
            for part in found.close_calls(MARGIN)
        )
        + tuple(
            f"{label} cannot serve {number(trimmed(part.start))} to "
            f"{number(trimmed(part.stop))}: {', '.join(part.reasons)}"
            for label, parts in found.unserved.items()
            for part in parts
        ),
        frozenset(
            (i, 2, "best" if part.winner else "refused") for i, part in enumerate(found.intervals)
        ),
    )
    return crossing, cheapest


def cost_rows(found: Crossovers) -> list[tuple[float, dict[str, float | None]]]:
    """Return positions along the axis with each deployment's cost, ``None`` where it cannot."""
    ends = trimmed(found.start), trimmed(found.stop)
    return [(x, found.at(x)) for x in ladder(*ends)]


CROSSOVERS: Final = View(
    columns=CROSSING_COLUMNS,
    rows=crossing_rows,
    tables=crossovers_tables,
    plain=crossovers_dict,
    dataset=crossovers_dataset,
    plots={"plot": "plot_crossovers"},
)
