"""View of costs against traffic, with the article's matrix."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from kafkatco.article.matrix import FAMILIES, SOURCE, Criterion, article_matrix
from kafkatco.core.format import (
    floor_notes,
    floors_json,
    may_be_cheapest,
    money,
    no_winner,
    number,
    prices_note,
    ranged,
    trimmed,
)
from kafkatco.core.result import View
from kafkatco.core.table import Table, Tone
from kafkatco.i18n.message import Message, _, join, translated_as, verbatim
from kafkatco.output.views.crossovers import axis_head, cost_rows, overlap_notes, people_notes
from kafkatco.planning.phases import LARGE_TB, SMALL_TB

if TYPE_CHECKING:
    from kafkatco.analysis.crossovers import Crossovers
    from kafkatco.article.computed import CostComparison

__all__ = ["COST_COLUMNS", "COST_COMPARISON", "cost_csv_rows", "cost_table"]

#: With more deployments than this, each is a row of the table instead of a column.
MOST_COLUMNS: Final = 6
COST_COLUMNS: Final = ("at", "unit", "deployment", "cost", "currency", "floor", "low", "high")


def cost_csv_rows(crossovers: Crossovers) -> list[list[Any]]:
    """Return one row for each position and deployment, under ``COST_COLUMNS``.

    The cost of an infeasible deployment is empty; ``floor`` is whether the cost is a floor there.
    ``low`` and ``high`` are the cost at the ends of published price ranges.
    """
    return [
        [
            x,
            crossovers.axis.unit,
            label,
            cost,
            crossovers.currency,
            label in crossovers.floors_at(x),
            *crossovers.range_at(x).get(label, (None, None)),
        ]
        for x, costs in cost_rows(crossovers)
        for label, cost in costs.items()
    ]


def cost_table(crossovers: Crossovers) -> Table:
    """Return cost against the axis, with a column for each deployment and the cheapest.

    Many deployments have a row each instead.
    """
    labels = list(crossovers.curves)
    currency = crossovers.currency
    many = len(labels) > MOST_COLUMNS
    rows: list[tuple[str, ...]] = []
    tones: set[tuple[int, int, Tone]] = set()
    for x, costs in cost_rows(crossovers):
        floors, ends = crossovers.floors_at(x), crossovers.range_at(x)
        able = {label: cost for label, cost in costs.items() if cost is not None}
        known = {label: cost for label, cost in able.items() if label not in floors}
        best = min(known, key=lambda label: known[label]) if known else no_winner(floors=bool(able))
        cells: list[str] = []
        for at, label in enumerate(labels, 1):
            cost, floor = costs[label], "+" if label in floors else ""
            if cost is None:
                cells.append(_("infeasible"))
            else:
                amount = (f"{cost:,.0f}" if many else money(cost, currency)) + floor
                cells.append(ranged(amount, *ends[label], currency))
            if cost is None or label == best:
                tones.add((len(rows), at, "refused" if cost is None else "best"))
        rows.append((number(x), *cells, best))
    head = axis_head(crossovers.axis)
    columns = [head, *map(verbatim, labels), _("cheapest")]
    if many:
        heads, *rows = zip(*(columns, *rows), strict=True)
        columns = [verbatim(text) for text in heads]
        tones = {(at - 1, row + 1, tone) for row, at, tone in tones}
    blocked = any(cost is None for x, costs in cost_rows(crossovers) for cost in costs.values())
    legend = (_("infeasible: cannot handle the load"),) if blocked else ()
    return Table(
        _("{currency} a month against {input}", currency=currency, input=head),
        tuple(columns),
        tuple(rows),
        frozenset(range(1, len(columns)) if many else range(1 + len(labels))),
        (
            *legend,
            *(
                join("", ["+ ", note])
                for note in floor_notes(crossovers.unpriced_skus, crossovers.unchecked)
            ),
            *(
                may_be_cheapest(part.name, number(trimmed(part.start)), number(trimmed(part.stop)))
                for part in crossovers.undercuts
            ),
            *overlap_notes(crossovers),
            *people_notes(crossovers),
            prices_note(crossovers.prices),
        ),
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
    """Return the article's matrix."""

    def cells(row: Criterion) -> Iterator[Message]:
        yield translated_as(row.name, ko=row.name_ko)
        for family in FAMILIES:
            yield translated_as(row.says[family], ko=row.says_ko[family])

    return Table(
        _("The three families in the words of the article (not computed)"),
        (_("criterion"), *map(verbatim, FAMILIES)),
        tuple(tuple(cells(row)) for row in article_matrix()),
        notes=(_("source: {source}", source=SOURCE),),
    )


def computed_table(comparison: CostComparison) -> Table:
    """Return what is computed of the deployments of a comparison."""
    costs, currency = comparison.crossovers, comparison.crossovers.currency

    def amount(row: Mapping[str, Any], field: str, traffic: float) -> str:
        cost = row[field]
        floor = cost is not None and row["name"] in costs.floors_at(traffic)
        return money(cost, currency) + ("+" if floor else "")

    def stretches(parts: Sequence[dict[str, float]]) -> str:
        return ", ".join(f"{part['from']:.4g} - {part['to']:.4g}" for part in parts) or "-"

    return Table(
        _("The same as computed, {currency} a month", currency=currency),
        (
            _("deployment"),
            _("people"),
            _("set-up, weeks"),
            _("at {traffic:g} TB", traffic=SMALL_TB),
            _("at {traffic:g} TB", traffic=LARGE_TB),
            _("cheapest, TB/month"),
        ),
        tuple(
            (
                row["name"],
                _number(row["people"]),
                _number(row["setup_weeks"]),
                amount(row, "cost_small", SMALL_TB),
                amount(row, "cost_large", LARGE_TB),
                stretches(row["cheapest"]),
            )
            for row in comparison.computed
        ),
        frozenset({1, 2, 3, 4}),
    )


def _number(value: float | None) -> str:
    return "-" if value is None else number(value)


def comparison_dict(comparison: CostComparison) -> dict[str, Any]:
    """Return ``kafkatco compare --format json``."""
    costs = comparison.crossovers
    return {
        "prices": dict(costs.prices),
        "currency": costs.currency,
        "unit": costs.axis.unit,
        "costs": [
            {
                "at": x,
                "cost": cost,
                "range": {
                    label: {"low": low, "high": high}
                    for label, (low, high) in costs.range_at(x).items()
                    if low < high
                },
            }
            for x, cost in cost_rows(costs)
        ],
        **floors_json(costs.unpriced_skus, costs.unchecked),
        "computed": [dict(row) for row in comparison.computed],
        "article_matrix": matrix_dict(),
    }


def comparison_tables(comparison: CostComparison) -> list[Table]:
    """Return costs against traffic, the article's matrix, and the same as computed."""
    return [cost_table(comparison.crossovers), matrix_table(), computed_table(comparison)]


COST_COMPARISON: Final = View(
    columns=COST_COLUMNS,
    rows=lambda comparison: cost_csv_rows(comparison.crossovers),
    tables=comparison_tables,
    plain=comparison_dict,
)
