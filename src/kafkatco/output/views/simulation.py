"""How a simulation is shown: its rows, and all of it as plain values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from kafkatco.core.result import View
from kafkatco.output.views.simulation_tables import answer, simulation_tables
from kafkatco.output.views.uncertain_inputs import inputs_list

if TYPE_CHECKING:
    from kafkatco.uncertainty.simulation import Simulation

__all__ = ["SIMULATION", "SIMULATION_COLUMNS"]

#: What is said of a simulation beside its prices; ``None`` where it does not apply.
ABOUT: Final = ("now", "growth", "months_drawn", "discount_rate", "inflation")
SIMULATION_COLUMNS: Final = (
    "deployment",
    "over",
    "at",
    "unit",
    "cost_mean",
    "cost_p05",
    "cost_p25",
    "cost_p50",
    "cost_p75",
    "cost_p95",
    "cheapest",
    "error",
    "served",
    "floor",
    "currency",
)


def _known(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None


def simulation_rows(found: Simulation) -> list[list[Any]]:
    """Return one row for each deployment and month or point, under ``SIMULATION_COLUMNS``."""
    data, over = found.data, found.over
    unit = data[over].attrs.get("units", "")
    names = [str(name) for name in data["deployment"].to_numpy()]
    places = data[over].to_numpy().tolist()
    cost = data["cost"].transpose("deployment", over, "quantile").to_numpy()
    mean, *shares = (
        data[name].transpose("deployment", over).to_numpy()
        for name in ("mean", "cheapest", "error", "served")
    )
    return [
        [
            name,
            over,
            place,
            unit,
            _known(mean[i, j]),
            *map(_known, cost[i, j]),
            *(float(each[i, j]) for each in shares),
            name in found.unpriced_skus,
            found.currency,
        ]
        for i, name in enumerate(names)
        for j, place in enumerate(places)
    ]


def simulation_dict(found: Simulation) -> dict[str, Any]:
    """Return ``kafkatco simulate --format json``."""
    about = found.data.attrs
    own = [name for name in SIMULATION_COLUMNS if name not in ("over", "unit", "currency")]
    rows = (dict(zip(SIMULATION_COLUMNS, row, strict=True)) for row in simulation_rows(found))
    labels = [item.label for item in found.choices]
    return {
        "prices": dict(found.prices),
        "currency": found.currency,
        "answer": answer(found),
        "over": found.over,
        "unit": found.data[found.over].attrs.get("units", ""),
        **{name: about.get(name) for name in ABOUT},
        "draws": found.uncertainty.draws,
        "seed": found.uncertainty.seed,
        "choices": [
            {
                "deployment": item.label,
                "cost_mean": _known(item.mean),
                **{
                    f"cost_p{100 * q:02.0f}": _known(x)
                    for q, x in zip(found.data["quantile"].to_numpy(), item.quantiles, strict=True)
                },
                "cheapest": item.cheapest,
                "error": item.error,
                "served": item.served,
                "at_risk": _known(item.at_risk),
                "beyond": _known(item.beyond),
                "regret": _known(item.regret),
                "regret_at_risk": _known(item.regret_at_risk),
            }
            for item in found.choices
        ],
        "knowing_all_saves": found.everything,
        "inputs": inputs_list(found.inputs, found.information),
        "correlation": [
            {"between": list(item.between), "value": item.value}
            for item in found.uncertainty.correlation
        ],
        "settling": [
            {
                "draws": item.draws,
                "mean": dict(zip(labels, item.mean, strict=True)),
                "cheapest": dict(zip(labels, item.cheapest, strict=True)),
                "error": dict(zip(labels, item.error, strict=True)),
            }
            for item in found.settling
        ],
        "rows": [{name: row[name] for name in own} for row in rows],
        "open": {label: list(skus) for label, skus in found.unpriced_skus.items()},
        "lacking": {label: list(skus) for label, skus in found.blocking_skus.items()},
    }


SIMULATION: Final = View(
    columns=SIMULATION_COLUMNS,
    rows=simulation_rows,
    tables=simulation_tables,
    plain=simulation_dict,
    plots={"plot": "plot_chances", "plot_fan": "plot_quantiles"},
)
