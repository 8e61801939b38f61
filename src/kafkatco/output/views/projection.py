"""View of a projection."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from kafkatco.core.format import floor_notes, money, number, prices_note
from kafkatco.core.result import ABOUT, View
from kafkatco.core.table import Table
from kafkatco.core.vocabulary import word
from kafkatco.i18n.message import Message, _, join, verbatim

if TYPE_CHECKING:
    from kafkatco.planning.projection import Projection

__all__ = ["PROJECTION", "projection_table"]


def projection_table(projection: Projection, *, every: int = 6) -> Table:
    """Return the monthly and the cumulative cost of every ``every``-th month."""
    data = projection.to_xarray()
    currency = data.attrs["currency"]
    labels = [str(label) for label in data["deployment"].to_numpy()]
    last = int(data["month"].max())
    rows = []
    for scenario in data["scenario"].to_numpy():
        for month in (m for m in range(1, last + 1) if m == 1 or m % every == 0 or m == last):
            at = data.sel(scenario=scenario, month=month)
            costs, totals = at["cost"].to_numpy(), at["cumulative_cost"].to_numpy()
            until = data["floor"].sel(scenario=scenario, month=slice(1, month)).any("month")
            marks = (("+" * floor for floor in x.to_numpy().tolist()) for x in (at["floor"], until))
            cells = (
                f"{_cost(cost, currency, now)} / {_cost(total, currency, ever)}"
                for cost, total, now, ever in zip(costs, totals, *marks, strict=True)
            )
            rows.append((word(str(scenario)), str(month), number(float(at["ingress"])), *cells))
    notes = [prices_note(data.attrs)]
    if not data["feasible"].to_numpy().all():
        notes.append(_("- : cannot handle the load, and has no total from then on"))
    notes += [join("", ["+ ", note]) for note in _notes(projection)]
    columns: tuple[Message, ...] = (_("growth"), _("month"), verbatim("TB/month"))
    return Table(
        _("{currency} in the month / in total so far", currency=currency),
        (*columns, *map(verbatim, labels)),
        tuple(rows),
        frozenset(range(1, 3 + len(labels))),
        tuple(notes),
    )


def _cost(value: float, currency: str, mark: str) -> str:
    known = _known(value)
    return money(known, currency) + ("" if known is None else mark)


def _notes(projection: Projection) -> tuple[Message, ...]:
    return floor_notes(_unpriced(projection.data.attrs["floors"]), projection.unchecked)


def _unpriced(floors: str) -> dict[str, list[str]]:
    """Return the unpriced skus of each deployment from the attribute of a projection.

    >>> _unpriced("ours: no price of a, b")
    {'ours': ['a, b']}
    """
    entries = (entry.partition(": no price of ") for entry in floors.split("; ") if entry)
    return {name: [skus] for name, _separator, skus in entries}


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


def projection_rows(projection: Projection) -> list[list[Any]]:
    """Return one row for each deployment, scenario and month, under ``PROJECTION_COLUMNS``."""
    frame = (
        projection.data.to_dataframe().reset_index().rename(columns={"ingress": "ingress_tb_month"})
    )
    own = [name for name in PROJECTION_COLUMNS if name in frame.columns]
    values = frame[own].astype(object).where(frame[own].notna(), None).to_numpy().tolist()
    return [[*row, projection.data.attrs["currency"]] for row in values]


def projection_dict(projection: Projection) -> dict[str, Any]:
    """Return ``kafkatco project --format json``."""
    about = projection.data.attrs
    own = PROJECTION_COLUMNS[:-1]  # the currency stands once, at the top
    return {
        "prices": {name: about[name] for name in ABOUT},
        "currency": about["currency"],
        **{name: about[name] for name in ("discount_rate", "inflation", "floors")},
        "unchecked": {label: list(reasons) for label, reasons in projection.unchecked.items()},
        "rows": [dict(zip(own, row, strict=False)) for row in projection_rows(projection)],
    }


def _known(value: float) -> float | None:
    return float(value) if value == value else None  # nan: infeasible


PROJECTION: Final = View(
    columns=PROJECTION_COLUMNS,
    rows=projection_rows,
    tables=lambda projection: [projection_table(projection)],
    plain=projection_dict,
    plots={"plot": "plot_projection", "plot_fan": "plot_fan"},
)
