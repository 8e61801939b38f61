"""What a projection shows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from kafkatco.core.format import money, number, prices_note
from kafkatco.core.result import ABOUT, View
from kafkatco.core.table import Table

if TYPE_CHECKING:
    from kafkatco.planning.projection import Projection

__all__ = ["PROJECTION", "projection_table"]


def projection_table(plan: Projection, *, every: int = 6, title: str = "") -> Table:
    """Return the monthly and the cumulative cost of every ``every``-th month."""
    data = plan.to_xarray()
    currency = data.attrs["currency"]
    labels = [str(label) for label in data["deployment"].to_numpy()]
    last = int(data["month"].max())
    rows = []
    for scenario in data["scenario"].to_numpy():
        for month in (m for m in range(1, last + 1) if m == 1 or m % every == 0 or m == last):
            at = data.sel(scenario=scenario, month=month)
            costs, totals = at["cost"].to_numpy(), at["cumulative_cost"].to_numpy()
            cells = (
                f"{money(_known(cost), currency)} / {money(_known(total), currency)}"
                for cost, total in zip(costs, totals, strict=True)
            )
            rows.append((str(scenario), str(month), number(float(at["ingress"])), *cells))
    notes = [prices_note(data.attrs), "- : cannot serve, and no total after that"]
    if data.attrs["floors"]:
        notes.append("+ floors: " + data.attrs["floors"])
    return Table(
        (f"{title}: " if title else "") + f"{currency} in the month / in total so far",
        ("growth", "month", "TB/month", *labels),
        tuple(rows),
        frozenset(range(1, 3 + len(labels))),
        tuple(notes),
    )


PROJECTION_COLUMNS: Final = (
    "deployment",
    "scenario",
    "month",
    "ingress_tb_month",
    "feasible",
    "cost",
    "cumulative_cost",
    "discounted_cost",
    "cumulative_discounted_cost",
    "currency",
)


def projection_rows(plan: Projection) -> list[list[Any]]:
    """Return one row for each deployment, scenario and month, under ``PROJECTION_COLUMNS``."""
    frame = plan.data.to_dataframe().reset_index().rename(columns={"ingress": "ingress_tb_month"})
    own = [name for name in PROJECTION_COLUMNS if name in frame.columns]
    values = frame[own].astype(object).where(frame[own].notna(), None).to_numpy().tolist()
    return [[*row, plan.data.attrs["currency"]] for row in values]


def projection_dict(plan: Projection) -> dict[str, Any]:
    """Return ``kafkatco project --format json``."""
    about = plan.data.attrs
    own = PROJECTION_COLUMNS[:-1]  # the currency is said once
    return {
        "prices": {name: about[name] for name in ABOUT},
        "currency": about["currency"],
        **{name: about[name] for name in ("discount_rate", "inflation", "floors")},
        "rows": [dict(zip(own, row, strict=False)) for row in projection_rows(plan)],
    }


def _known(value: float) -> float | None:
    return float(value) if value == value else None  # nan: it cannot serve


PROJECTION: Final = View(
    columns=PROJECTION_COLUMNS,
    rows=projection_rows,
    tables=lambda found: [projection_table(found)],
    plain=projection_dict,
    plots={"plot": "plot_projection", "plot_fan": "plot_fan"},
)
