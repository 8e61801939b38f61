"""What a plan shows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from kafkatco.core.format import floor_notes, money, prices_note
from kafkatco.core.result import View
from kafkatco.core.table import Table

if TYPE_CHECKING:
    import xarray as xr

    from kafkatco.planning.plan import Stay, Strategy

__all__ = ["STRATEGY", "path_text"]

PLAN_COLUMNS: Final = ("scenario", "deployment", "first_month", "last_month", "total", "currency")


def plan_dict(found: Strategy) -> dict[str, Any]:
    """Return ``kafkatco plan --format json``; costs that are infinite are null."""
    return {
        "currency": found.currency,
        "prices": dict(found.prices),
        "open": {label: list(skus) for label, skus in found.unpriced_skus.items()},
        "scenarios": [
            {
                "name": name,
                "total": _finite(found.path.total[i]),
                "path": [
                    {"deployment": stay.deployment, "from": stay.first, "to": stay.last}
                    for stay in found.stays(i)
                ],
                "staying": {label: _finite(cost[i]) for label, cost in found.staying.items()},
                "article_phases": {
                    "total": _finite(found.phases[i]),
                    "path": [
                        {"deployment": stay.deployment, "from": stay.first, "to": stay.last}
                        for stay in found.phase_stays(i)
                    ],
                },
                "timing": [
                    {
                        "from": old,
                        "to": new,
                        "first": timing.first,
                        "durable": timing.durable,
                        "payback": timing.payback,
                    }
                    for (old, new), timing in found.timings(i).items()
                ],
            }
            for i, name in enumerate(found.scenarios)
        ],
        "no_regret_first_move": found.no_regret,
        "regret": {label: _finite(loss) for label, loss in found.regret.items()},
    }


def _finite(value: Any) -> float | None:
    return float(value) if np.isfinite(value) else None


def plan_rows(found: Strategy) -> list[list[Any]]:
    """Return one row for each stay of each scenario's best path, under ``PLAN_COLUMNS``."""
    return [
        [name, stay.deployment, stay.first, stay.last, _finite(found.path.total[i]), found.currency]
        for i, name in enumerate(found.scenarios)
        for stay in found.stays(i)
    ]


def plan_dataset(found: Strategy) -> xr.Dataset:
    """Return the costs and the best path over scenarios, deployments and months."""
    import xarray as xr

    options = list(found.path.options)
    named = [found.path.named(i) for i in range(len(found.scenarios))]
    staying = np.stack([found.staying[label] for label in options], axis=1)
    data = xr.Dataset(
        {
            "running": (("scenario", "deployment", "month"), _known(found.running)),
            "best": (("scenario", "month"), np.array(named, dtype=object)),
            "ingress": (("scenario", "month"), found.ingress_tb),
            "total": ("scenario", _known(found.path.total)),
            "staying": (("scenario", "deployment"), _known(staying)),
            "phases": ("scenario", _known(found.phases)),
        },
        coords={
            "scenario": list(found.scenarios),
            "deployment": options,
            "month": np.arange(1, found.months + 1),
        },
        attrs=found._about(),
    )
    data["ingress"].attrs["units"] = "TB/month"
    for name in ("running", "total", "staying", "phases"):
        data[name].attrs["units"] = found.currency
    return data


def _known(cost: Any) -> Any:
    """Return costs, missing where they are infinite: it cannot serve."""
    return np.where(np.isfinite(cost), cost, np.nan)


def plan_tables(found: Strategy) -> Iterator[Table]:
    """Yield a table for each scenario: the best path, and what else would cost."""
    for i, name in enumerate(found.scenarios):
        best = float(found.path.total[i])
        rows = [("best path", path_text(found.stays(i)), money(_finite(best), found.currency), "")]
        others = [(f"stay with {label}", "", cost[i]) for label, cost in found.staying.items()]
        others.append(("the article's phases", path_text(found.phase_stays(i)), found.phases[i]))
        for what, route, cost in others:
            if np.isfinite(cost):
                more = f"{cost / best - 1:+.1%}" if best else ""
                rows.append((what, route, money(float(cost), found.currency), more))
            else:
                rows.append((what, route, "not ready, or cannot serve", ""))
        notes = [f"first move that loses least over all scenarios: {found.no_regret}"]
        notes += [*floor_notes(found.unpriced_skus), prices_note(found.prices)]
        yield Table(
            f"Growth {name}: least cost over {found.months} months",
            ("what", "months", found.currency, "against the best"),
            tuple(rows),
            frozenset({2, 3}),
            tuple(notes) if i == len(found.scenarios) - 1 else (),
            frozenset({(0, 0, "best"), (0, 2, "best")}),
        )


def path_text(stays: Sequence[Stay]) -> str:
    """Return a path as text: the months of each stay."""
    return ", ".join(f"{stay.first}-{stay.last} {stay.deployment}" for stay in stays)


STRATEGY: Final = View(
    columns=PLAN_COLUMNS,
    rows=plan_rows,
    tables=plan_tables,
    plain=plan_dict,
    dataset=plan_dataset,
    plots={"plot": "plot_path"},
)
