"""A result with what every answer about a scenario has: who needs a price, and the prices' age."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from kafkatco.core.result import Result, records, view_of
from kafkatco.core.table import Table
from kafkatco.i18n.message import _

if TYPE_CHECKING:
    from kafkatco.scenario.needs_price import NeedsPrice
    from kafkatco.scenario.scenario import Scenario

__all__ = [
    "NEEDS_COLUMNS",
    "OF_SCENARIO",
    "answer_dict",
    "answer_records",
    "answer_tables",
    "needs_rows",
]

NEEDS_COLUMNS: Final = ("deployment", "kind", "region", "sku", "price")
#: The columns that end each row of an answer about a scenario.
OF_SCENARIO: Final = ("needs_price", "oldest_price", "newest_price")


def answer_tables(result: Result, scenario: Scenario | None) -> Iterator[Table]:
    """Yield the tables of a result, then the options without a price; the age is the last note."""
    tables = view_of(result).tables(result)
    if scenario is None:
        yield from tables
        return
    last: Table | None = None
    for table in _with_needs(tables, scenario.needs_price):
        if last is not None:
            yield last
        last = table
    read = scenario.prices_read
    if last is not None:
        yield last if read is None else replace(last, notes=(*last.notes, read.message))


def _with_needs(tables: Iterable[Table], needs: Sequence[NeedsPrice]) -> Iterator[Table]:
    yield from tables
    if needs:
        yield _needs_table(needs)


def _needs_table(needs: Sequence[NeedsPrice]) -> Table:
    """Return the options without a price, with the lines to set under ``[prices.override]``."""
    rows = [(one.name, one.kind, one.region, line) for one in needs for line in one.lines]
    return Table(
        _("options that need your price, and are left out"),
        (_("deployment"), _("kind"), _("region"), _("your price, under [prices.override]")),
        tuple(rows),
        notes=tuple(one.hint for one in needs if one.hint),
    )


def answer_dict(result: Result, scenario: Scenario | None) -> Any:
    """Return a result as plain values, with the fields of every answer about a scenario."""
    plain = result.to_dict()
    if scenario is None:
        return plain
    read = scenario.prices_read
    return {
        **plain,
        "needs_price": [
            {
                "name": one.name,
                "kind": one.kind,
                "region": one.region,
                "prices": [{"sku": sku, "price": price} for sku, price in one.prices.items()],
                "reasons": [str(problem) for problem in one.problems],
            }
            for one in scenario.needs_price
        ],
        "prices_read": read
        and {
            "skus": list(read.skus),
            "oldest": read.oldest.isoformat(),
            "oldest_sku": read.oldest_sku,
            "newest": read.newest.isoformat(),
            "months": read.months,
            "is_old": read.is_old,
            "secondary": list(read.secondary),
        },
    }


def answer_records(
    result: Result, scenario: Scenario | None
) -> tuple[list[str], Sequence[Sequence[Any]]]:
    """Return the columns and rows of a result; those of a bill name the prices to set, too.

    An answer about a scenario ends each row with the options that need a price and are left out,
    and with the dates on which the oldest and the newest price were read.
    """
    columns, rows = records(result)
    if scenario is None:
        return columns, rows
    if {"deployment", "component", "sku", "note"} <= {*columns}:
        rows = [*rows, *_rows_to_set(columns, scenario.needs_price)]
    read = scenario.prices_read
    ends = (None, None) if read is None else (read.oldest.isoformat(), read.newest.isoformat())
    tail = ("; ".join(one.name for one in scenario.needs_price) or None, *ends)
    return [*columns, *OF_SCENARIO], [[*row, *tail] for row in rows]


def _rows_to_set(columns: Sequence[str], needs: Sequence[NeedsPrice]) -> Iterator[list[Any]]:
    """Yield a row of a bill for each price to set."""
    for one in needs:
        for sku, line in zip(one.prices, one.lines, strict=True):
            cells = dict.fromkeys(columns)
            cells.update(deployment=one.name, component="needs your price", sku=sku, note=line)
            yield [*cells.values()]


def needs_rows(needs: Sequence[NeedsPrice]) -> list[list[str]]:
    """Return one row for each price to set under ``NEEDS_COLUMNS``."""
    return [
        [one.name, one.kind, one.region, sku, price]
        for one in needs
        for sku, price in one.prices.items()
    ]
