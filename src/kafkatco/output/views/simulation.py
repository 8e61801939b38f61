"""View of a simulation: its rows and its plain values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from kafkatco.core.format import floors_json
from kafkatco.core.result import View
from kafkatco.output.views.simulation_tables import answer, simulation_tables
from kafkatco.output.views.uncertain_inputs import inputs_list

if TYPE_CHECKING:
    from kafkatco.uncertainty.simulation import Simulation

__all__ = ["SIMULATION", "SIMULATION_COLUMNS"]

#: Attributes of a simulation in JSON; ``None`` if one does not apply.
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


def simulation_rows(simulation: Simulation) -> list[list[Any]]:
    """Return one row for each deployment and month or point, under ``SIMULATION_COLUMNS``."""
    data, over = simulation.data, simulation.over
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
            name in simulation.floors,
            simulation.currency,
        ]
        for i, name in enumerate(names)
        for j, place in enumerate(places)
    ]


def simulation_dict(simulation: Simulation) -> dict[str, Any]:
    """Return ``kafkatco simulate --format json``."""
    about = simulation.data.attrs
    own = [name for name in SIMULATION_COLUMNS if name not in ("over", "unit", "currency")]
    rows = (dict(zip(SIMULATION_COLUMNS, row, strict=True)) for row in simulation_rows(simulation))
    labels = [choice.label for choice in simulation.choices]
    return {
        "prices": dict(simulation.prices),
        "currency": simulation.currency,
        "answer": answer(simulation),
        "over": simulation.over,
        "unit": simulation.data[simulation.over].attrs.get("units", ""),
        **{name: about.get(name) for name in ABOUT},
        "draws": simulation.uncertainty.draws,
        "seed": simulation.uncertainty.seed,
        "choices": [
            {
                "deployment": choice.label,
                "cost_mean": _known(choice.mean),
                **{
                    f"cost_p{100 * q:02.0f}": _known(x)
                    for q, x in zip(
                        simulation.data["quantile"].to_numpy(), choice.quantiles, strict=True
                    )
                },
                "cheapest": choice.cheapest,
                "error": choice.error,
                "served": choice.feasible_share,
                "undercuts": choice.undercuts,
                "at_risk": _known(choice.value_at_risk),
                "beyond": _known(choice.expected_shortfall),
                "regret": _known(choice.regret),
                "regret_at_risk": _known(choice.regret_at_risk),
            }
            for choice in simulation.choices
        ],
        "knowing_all_saves": simulation.evpi,
        "inputs": inputs_list(simulation.inputs, simulation.evppi),
        "correlation": [
            {"between": list(pair.between), "value": pair.value}
            for pair in simulation.uncertainty.correlation
        ],
        "settling": [
            {
                "draws": step.draws,
                "mean": dict(zip(labels, step.mean, strict=True)),
                "cheapest": dict(zip(labels, step.cheapest, strict=True)),
                "error": dict(zip(labels, step.error, strict=True)),
            }
            for step in simulation.convergence
        ],
        "rows": [{name: row[name] for name in own} for row in rows],
        **floors_json(simulation.unpriced_skus, simulation.unchecked),
        "lacking": {label: list(skus) for label, skus in simulation.blocking_skus.items()},
    }


SIMULATION: Final = View(
    columns=SIMULATION_COLUMNS,
    rows=simulation_rows,
    tables=simulation_tables,
    plain=simulation_dict,
    plots={"plot": "plot_chances", "plot_fan": "plot_quantiles"},
)
