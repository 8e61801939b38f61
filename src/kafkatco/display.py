"""What each result shows: plain values for JSON and pandas, and tables for people."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from kafkatco.billing import Bill, Line
from kafkatco.sweep import Crossovers
from kafkatco.tables import Table, money, number

if TYPE_CHECKING:
    import pandas as pd

    from kafkatco.projection import Projection

LINE_COLUMNS: Final = (
    "component", "sku", "quantity", "unit", "unit_price", "cost", "note", "list_price",
    "list_currency", "valid_from", "confidence", "source",
)  # fmt: skip


def line_dict(line: Line) -> dict[str, Any]:
    """Return a line as plain values; an open line has neither unit price nor cost."""
    row = line.row
    return {
        "component": line.component,
        "sku": line.sku,
        "quantity": float(line.quantity),
        "unit": line.unit,
        "unit_price": line.unit_price,
        "cost": None if line.cost is None else float(line.cost),
        "note": line.note,
        "list_price": float(row.price) if row and row.price is not None else None,
        "list_currency": row.currency if row else "",
        "valid_from": row.valid_from.isoformat() if row else "",
        "confidence": row.confidence if row else "",
        "source": row.source if row else "",
    }


def bill_dict(bill: Bill) -> dict[str, Any]:
    """Return one deployment of ``kafkatco bill --format json``."""
    return {
        "name": bill.name,
        "kind": bill.kind,
        "region": bill.region,
        "total": bill.total,
        "sizing": bill.sizing.describe(),
        "lines": [line_dict(line) for line in bill.lines],
        "one_off": {
            "total": bill.one_off_total,
            "lines": [line_dict(line) for line in bill.one_off],
        },
        "infeasible": list(bill.infeasible),
        "open": list(bill.open),
        "not_modelled": list(bill.not_modelled),
    }


def bills_dict(bills: Sequence[Bill], not_modelled: Sequence[str] = ()) -> dict[str, Any]:
    """Return ``kafkatco bill --format json``."""
    return {
        "prices": bills[0].prices,
        "currency": bills[0].currency,
        "deployments": [bill_dict(bill) for bill in bills],
        "not_modelled": list(not_modelled),
    }


def bill_frame(bill: Bill) -> pd.DataFrame:
    """Return the lines, one-off ones last."""
    import pandas as pd

    rows = [line_dict(line) for line in (*bill.lines, *bill.one_off)]
    return pd.DataFrame(rows, columns=list(LINE_COLUMNS))


def bill_table(bill: Bill) -> Table:
    """Return the itemised bill."""
    currency = bill.currency
    rows = [_line_cells(line, currency) for line in bill.lines]
    if bill.infeasible:
        rows.append(("cannot serve", "; ".join(bill.infeasible), "", "", "", ""))
    else:
        floor = "+" if bill.open else ""
        rows.append(("total a month", "", "", "", "", money(bill.total, currency) + floor))
    rows += [_line_cells(line, currency) for line in bill.one_off]
    sizing = bill.sizing.describe()
    notes = ["sizing: " + ", ".join(f"{key} {_plain(value)}" for key, value in sizing.items())]
    if bill.open:
        notes.append(f"+ a floor: book {bill.prices['book']!r} has no price of "
                     + ", ".join(bill.open))  # fmt: skip
    if bill.not_modelled:
        notes.append("not modelled: " + ", ".join(bill.not_modelled))
    return Table(
        f"{bill.name} ({bill.kind}, {bill.region}), {currency} a month",
        ("component", "sku", "quantity", "unit", "unit price", "cost"),
        tuple(rows),
        frozenset({2, 4, 5}),
        tuple(notes),
    )


def _line_cells(line: Line, currency: str) -> tuple[str, ...]:
    price = "no price" if line.unit_price is None else number(line.unit_price)
    return (
        line.component + (" (once)" if line.one_off else ""),
        line.sku,
        number(float(line.quantity)),
        line.unit,
        price,
        money(None if line.cost is None else float(line.cost), currency),
    )


def _plain(value: Any) -> str:
    return number(value) if isinstance(value, float) else str(value)


def prices_note(prices: Any) -> str:
    """Say which prices a result used."""
    return (
        f"prices: book {prices['book']!r} as of {prices['as_of']}, sha256 {prices['sha256'][:12]}"
    )


def bill_html(bill: Bill) -> str:
    """Return the bill for a notebook."""
    return bill_table(bill).to_html() + f"<p><small>{prices_note(bill.prices)}</small></p>"


def _position(found: Crossovers, x: float) -> float:
    """Return a position in the axis's unit, without the last digits that rounding made up."""
    return float(f"{x * found.axis.per_base:.13g}")


def crossovers_dict(found: Crossovers) -> dict[str, Any]:
    """Return ``kafkatco crossovers --format json``."""
    return {
        "prices": dict(found.prices),
        "currency": found.currency,
        "over": found.axis.name,
        "unit": found.axis.unit,
        "from": _position(found, found.start),
        "to": _position(found, found.stop),
        "pairs": [
            {
                "a": pair.a,
                "b": pair.b,
                "crossings": [
                    {
                        "at": _position(found, item.x),
                        "until": _position(found, item.until),
                        "kind": item.kind,
                        "cheaper_below": item.below,
                        "cheaper_above": item.above,
                        "cost": item.cost,
                    }
                    for item in pair.crossings
                ],
            }
            for pair in found.pairs
        ],
        "intervals": [
            {
                "from": _position(found, part.start),
                "to": _position(found, part.stop),
                "winner": part.winner,
            }
            for part in found.intervals
        ],
        "open": {label: list(skus) for label, skus in found.open.items()},
    }


CROSSING_COLUMNS: Final = (
    "a", "b", "at", "unit", "until", "kind", "cheaper_below", "cheaper_above", "cost", "currency",
)  # fmt: skip


def crossing_rows(found: Crossovers) -> list[list[Any]]:
    """Return one row for each crossing, under ``CROSSING_COLUMNS``."""
    data = crossovers_dict(found)
    return [
        [
            pair["a"], pair["b"], item["at"], data["unit"], item["until"], item["kind"],
            item["cheaper_below"], item["cheaper_above"], item["cost"], found.currency,
        ]
        for pair in data["pairs"]
        for item in pair["crossings"]
    ]  # fmt: skip


def crossovers_frame(found: Crossovers) -> pd.DataFrame:
    """Return one row for each crossing."""
    import pandas as pd

    return pd.DataFrame(crossing_rows(found), columns=list(CROSSING_COLUMNS))


def crossovers_tables(found: Crossovers, title: str = "") -> tuple[Table, Table]:
    """Return the crossings of all pairs, and who is cheapest on which stretch."""
    unit, currency = found.axis.unit, found.currency
    what = f"{found.axis.name} [{unit}]" if unit else found.axis.name
    rows = []
    for row in crossing_rows(found):
        a, b, at, _, until, kind, below, above, cost, _ = row
        where = number(at) if until == at else f"{number(at)} to {number(until)} (equal)"
        rows.append((where, kind, below, above, money(cost, currency), f"{a} / {b}"))
    for pair in found.pairs:
        if not pair.crossings:
            rows.append(("none", "", "", "", "", f"{pair.a} / {pair.b}"))
    head = f"{title}: " if title else ""
    floors = [
        f"+ {label} is a floor: no price of {', '.join(skus)}" for label, skus in found.open.items()
    ]
    crossing = Table(
        f"{head}crossovers over {what}",
        ("at", "kind", "cheaper below", "cheaper above", f"cost [{currency}]", "pair"),
        tuple(rows),
        frozenset({0, 4}),
        (*floors, prices_note(found.prices)),
    )
    cheapest = Table(
        f"{head}cheapest over {what}",
        ("from", "to", "cheapest"),
        tuple(
            (
                number(_position(found, part.start)),
                number(_position(found, part.stop)),
                part.winner or "none can serve",
            )
            for part in found.intervals
        ),
        frozenset({0, 1}),
    )
    return crossing, cheapest


def crossovers_html(found: Crossovers) -> str:
    """Return the crossovers for a notebook."""
    return "".join(table.to_html() for table in crossovers_tables(found))


def ladder(start: float, stop: float) -> list[float]:
    """Return 1, 2, 5, 10, ... from ``start`` to ``stop``, with both ends.

    >>> ladder(0.1, 3.0)
    [0.1, 0.2, 0.5, 1.0, 2.0, 3.0]
    """
    steps = [float(f"{digit}e{power}") for power in range(-12, 16) for digit in (1, 2, 5)]
    return [start, *(x for x in steps if start < x < stop), stop]


def cost_rows(found: Crossovers) -> list[tuple[float, dict[str, float | None]]]:
    """Return positions along the axis with each deployment's cost, ``None`` where it cannot."""
    ends = _position(found, found.start), _position(found, found.stop)
    return [(x, found.at(x)) for x in ladder(*ends)]


def cost_table(found: Crossovers, title: str = "") -> Table:
    """Return cost against the axis, one column for each deployment, and the cheapest."""
    labels = list(found.curves)
    unit, currency = found.axis.unit, found.currency
    rows = []
    for x, costs in cost_rows(found):
        able = {label: cost for label, cost in costs.items() if cost is not None}
        best = min(able, key=lambda label: able[label]) if able else "none can serve"
        cells = (
            "cannot serve"
            if (cost := costs[label]) is None
            else money(cost, currency) + ("+" if label in found.open else "")
            for label in labels
        )
        rows.append((number(x), *cells, best))
    head = f"{title}: " if title else ""
    return Table(
        f"{head}{currency} a month against {found.axis.name}" + (f" [{unit}]" if unit else ""),
        (found.axis.name, *labels, "cheapest"),
        tuple(rows),
        frozenset(range(1 + len(labels))),
        (prices_note(found.prices),),
    )


def projection_table(plan: Projection, every: int = 6) -> Table:
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
        f"{currency} in the month / in total so far",
        ("growth", "month", "TB/month", *labels),
        tuple(rows),
        frozenset(range(1, 3 + len(labels))),
        tuple(notes),
    )


def _known(value: float) -> float | None:
    return float(value) if value == value else None  # nan: it cannot serve


def projection_html(plan: Projection) -> str:
    """Return the projection for a notebook."""
    return projection_table(plan).to_html()
