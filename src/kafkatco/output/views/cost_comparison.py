"""How costs against traffic are shown, with the article's matrix."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from kafkatco.article.matrix import FAMILIES, SOURCE, article_matrix
from kafkatco.core.format import money, number, prices_note
from kafkatco.core.result import View
from kafkatco.core.table import Table, Tone
from kafkatco.output.views.crossovers import cost_rows
from kafkatco.planning.phases import LARGE_TB, SMALL_TB

if TYPE_CHECKING:
    from kafkatco.analysis.crossovers import Crossovers
    from kafkatco.article.computed import CostComparison

__all__ = ["COST_COLUMNS", "COST_COMPARISON", "cost_csv_rows", "cost_table"]

#: More deployments than these are rows of a table against the axis, and not its columns.
MOST_COLUMNS: Final = 6
COST_COLUMNS: Final = ("at", "unit", "deployment", "cost", "currency", "floor")


def cost_csv_rows(found: Crossovers) -> list[list[Any]]:
    """Return one row for each position and deployment, under ``COST_COLUMNS``.

    A cost is empty where the deployment cannot serve, and a floor where a price is missing.
    """
    return [
        [x, found.axis.unit, label, cost, found.currency, label in found.unpriced_skus]
        for x, costs in cost_rows(found)
        for label, cost in costs.items()
    ]


def cost_table(found: Crossovers, title: str = "") -> Table:
    """Return cost against the axis, one column for each deployment, and the cheapest.

    Many deployments have a row each instead.
    """
    labels = list(found.curves)
    unit, currency = found.axis.unit, found.currency
    many = len(labels) > MOST_COLUMNS
    rows: list[tuple[str, ...]] = []
    tones: set[tuple[int, int, Tone]] = set()
    for x, costs in cost_rows(found):
        able = {label: cost for label, cost in costs.items() if cost is not None}
        best = min(able, key=lambda label: able[label]) if able else "none can serve"
        cells = []
        for at, label in enumerate(labels, 1):
            cost, floor = costs[label], "+" if label in found.unpriced_skus else ""
            shown = f"{cost:,.0f}" if many and cost is not None else money(cost, currency)
            cells.append("cannot serve" if cost is None else shown + floor)
            if cost is None or label == best:
                tones.add((len(rows), at, "refused" if cost is None else "best"))
        rows.append((number(x), *cells, best))
    columns = (found.axis.name, *labels, "cheapest")
    if many:
        columns, *rows = zip(*(columns, *rows), strict=True)
        tones = {(at - 1, row + 1, tone) for row, at, tone in tones}
    head = f"{title}: " if title else ""
    return Table(
        f"{head}{currency} a month against {found.axis.name}" + (f" [{unit}]" if unit else ""),
        columns,
        tuple(rows),
        frozenset(range(1, len(columns)) if many else range(1 + len(labels))),
        (prices_note(found.prices),),
        frozenset(tones),
    )


def matrix_dict() -> dict[str, Any]:
    """Return the matrix as plain values, with its source."""
    return {
        "source": SOURCE,
        "rows": [
            {
                "criterion": row.name,
                "criterion_ko": row.name_ko,
                "says": dict(row.says),
                "says_ko": dict(row.says_ko),
            }
            for row in article_matrix()
        ],
    }


def matrix_table() -> Table:
    """Return the matrix for people."""
    return Table(
        "What the article says of the three families, in its words (not computed)",
        ("criterion", *FAMILIES),
        tuple((row.name, *(row.says[family] for family in FAMILIES)) for row in article_matrix()),
        notes=(f"source: {SOURCE}",),
    )


def computed_table(rows: Sequence[Mapping[str, Any]], currency: str) -> Table:
    """Return the computed rows for people."""

    def stretches(parts: Sequence[dict[str, float]]) -> str:
        return ", ".join(f"{part['from']:.4g} - {part['to']:.4g}" for part in parts) or "-"

    return Table(
        f"What is computed beside it, {currency} a month",
        (
            "deployment",
            "people",
            "set-up, weeks",
            f"at {SMALL_TB:g} TB",
            f"at {LARGE_TB:g} TB",
            "cheapest, TB/month",
        ),
        tuple(
            (
                row["name"],
                _number(row["people"]),
                _number(row["setup_weeks"]),
                money(row["cost_small"], currency),
                money(row["cost_large"], currency),
                stretches(row["cheapest"]),
            )
            for row in rows
        ),
        frozenset({1, 2, 3, 4}),
    )


def _number(value: float | None) -> str:
    return "-" if value is None else number(value)


def comparison_dict(found: CostComparison) -> dict[str, Any]:
    """Return ``kafkatco compare --format json``."""
    costs = found.crossovers
    return {
        "prices": dict(costs.prices),
        "currency": costs.currency,
        "unit": costs.axis.unit,
        "costs": [{"at": x, "cost": cost} for x, cost in cost_rows(costs)],
        "open": {label: list(skus) for label, skus in costs.unpriced_skus.items()},
        "computed": [dict(row) for row in found.computed],
        "article_matrix": matrix_dict(),
    }


def comparison_tables(found: CostComparison) -> list[Table]:
    """Return costs against traffic, the matrix, and what is computed beside it."""
    computed = computed_table(found.computed, found.crossovers.currency)
    return [cost_table(found.crossovers), matrix_table(), computed]


COST_COMPARISON: Final = View(
    columns=COST_COLUMNS,
    rows=lambda found: cost_csv_rows(found.crossovers),
    tables=comparison_tables,
    plain=comparison_dict,
)
