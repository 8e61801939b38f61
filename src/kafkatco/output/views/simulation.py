"""What a simulation shows: the answer in a sentence, its rows, and all of it as plain values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from kafkatco.core.table import BOOK_COLUMNS, number
from kafkatco.output.views.uncertain_inputs import amount, inputs_list, share

if TYPE_CHECKING:
    from kafkatco.uncertainty.simulation import Choice, Simulation

__all__ = [
    "MOST_OPTIONS",
    "SIMULATION_COLUMNS",
    "answer",
    "chances",
    "ranked",
    "simulation_dict",
    "simulation_rows",
]

#: More options than these are not told apart along months or points.
MOST_OPTIONS: Final = 6
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
    *BOOK_COLUMNS,
)


def answer(found: Simulation) -> str:
    """Return who is cheapest, and how sure that is, in a sentence."""
    if found.choices:
        best = ranked(found)[0]
        if not best.cheapest:
            return "none can serve in any draw"
        low, high = (amount(best.quantiles[i], found.currency) for i in (0, -1))
        head = (
            f"{best.label} is cheapest over {found.data.sizes['month']} months in "
            f"{share(best.cheapest)} of draws{_error(best.error)}"
        )
        if high == "-":
            return f"{head}, and cannot serve in {share(1.0 - best.served)} of all"
        return f"{head}, and costs {low} to {high} {found.currency} in 90 % of all"
    now = found.data.attrs.get("now")
    labels = found.data[found.over].to_numpy()
    if now is None or not np.isclose(labels, now, rtol=1e-9, atol=0.0).any():
        return f"Chances of being the cheapest against {found.over}"
    here = found.data.isel({found.over: int(np.argmin(np.abs(labels - now)))})
    at = int(np.argmax(here["cheapest"].to_numpy()))
    chance, error = (float(here[name].to_numpy()[at]) for name in ("cheapest", "error"))
    where = f"where {found.over} is {number(now)} {found.data[found.over].attrs['units']}".strip()
    if not chance:
        return f"none can serve in any draw {where}"
    label = str(here["deployment"].to_numpy()[at])
    return f"{label} is cheapest with {share(chance)} probability{_error(error)} {where}"


def _error(error: float) -> str:
    return f" (± {share(error, 1)})" if error else ""


def ranked(found: Simulation) -> list[Choice]:
    """Return the choices, those that are likeliest the cheapest first."""
    return sorted(
        found.choices, key=lambda x: (-x.cheapest, -x.served, x.mean if x.served else np.inf)
    )


def chances(found: Simulation, most: int) -> tuple[list[str], np.ndarray[Any, Any]]:
    """Return who is ever the cheapest, and with which probability [1], by option and place.

    The likeliest of all come first; beyond ``most`` of them, all others are left out.
    """
    cheapest = found.data["cheapest"].to_numpy()
    names = [str(name) for name in found.data["deployment"].to_numpy()]
    order = sorted(range(len(names)), key=lambda i: -cheapest[i].sum())
    shown = [i for i in order if cheapest[i].any()][:most]
    return [names[i] for i in shown], cheapest[shown]


def _known(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None


def simulation_rows(found: Simulation) -> list[list[Any]]:
    """Return one row for each deployment and month or point, under ``SIMULATION_COLUMNS``."""
    data, over = found.data, found.over
    unit = data[over].attrs.get("units", "")
    tail = [found.currency, *(found.prices[name] for name in BOOK_COLUMNS)]
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
            name in found.open,
            *tail,
        ]
        for i, name in enumerate(names)
        for j, place in enumerate(places)
    ]


def simulation_dict(found: Simulation) -> dict[str, Any]:
    """Return ``kafkatco simulate --format json``."""
    about = found.data.attrs
    own = [
        name
        for name in SIMULATION_COLUMNS
        if name not in ("over", "unit", "currency", *BOOK_COLUMNS)
    ]
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
        "open": {label: list(skus) for label, skus in found.open.items()},
        "lacking": {label: list(skus) for label, skus in found.lacking.items()},
    }
