"""How what came of a refresh is shown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from kafkatco.core.result import View, view_of
from kafkatco.core.table import Table
from kafkatco.output.views.price_changes import CHANGE_COLUMNS, change_rows, changes_table
from kafkatco.output.views.prices import price_dict, records_of

if TYPE_CHECKING:
    from kafkatco.prices.results import Refreshed, RefreshReport

__all__ = ["REFRESH_COLUMNS", "REFRESH_REPORT", "refresh_rows", "refresh_table"]

REFRESH_COLUMNS: Final = ("source", "state", "new_rows", "same", "announced", "not_in_the_tables")
#: How many skus that the tables do not have are named.
NAMED: Final = 12


def refresh_rows(found: Sequence[Refreshed]) -> list[list[Any]]:
    """Return one row for each source under ``REFRESH_COLUMNS``."""
    return [
        [one.source, _state(one), len(one.rows), one.same, one.announced, len(one.other)]
        for one in found
    ]


def _state(one: Refreshed) -> str:
    if one.problems:
        count = len(one.problems)
        return f"left as it was: {count} problem{'s' if count != 1 else ''}"
    return "changed" if one.rows else "as it was"


def refresh_table(found: Sequence[Refreshed], notes: Sequence[str], *, dry_run: bool) -> Table:
    """Return a row for each source; ``notes`` say what else there is to know."""
    rows = tuple(tuple(str(cell) for cell in row) for row in refresh_rows(found))
    known = [
        f"{one.source} prices {len(one.other)} things that the tables lack: {_few(one.other)}"
        for one in found
        if one.other
    ]
    if any(one.announced for one in found):
        known.append("announced: prices that begin after the day, to be read again then")
    title = "refreshed, nothing written (--dry-run)" if dry_run else "refreshed"
    columns = tuple(name.replace("_", " ") for name in REFRESH_COLUMNS)
    return Table(title, columns, rows, frozenset({2, 3, 4, 5}), (*known, *notes))


def _few(names: Sequence[str]) -> str:
    groups = Counter(name.rpartition(".")[0] for name in names)
    if len(names) <= NAMED:
        return ", ".join(names)
    return ", ".join(f"{group}.* ({count})" for group, count in sorted(groups.items())[:NAMED])


def problem_tables(found: Sequence[Refreshed]) -> Iterator[Table]:
    """Yield what is wrong with each source that was left as it was."""
    for one in found:
        if one.problems:
            rows = tuple((str(problem),) for problem in one.problems)
            yield Table(f"{one.source} was left as it was", ("because",), rows)


def refresh_dict(one: Refreshed) -> dict[str, Any]:
    """Return what came of one source, ready for JSON."""
    return {
        **dict(zip(REFRESH_COLUMNS, refresh_rows([one])[0], strict=True)),
        "rows": [price_dict(row) for row in one.rows],
        "other": list(one.other),
        "problems": [str(problem) for problem in one.problems],
    }


def report_tables(found: RefreshReport) -> Iterator[Table]:
    """Yield what came of each source and what is wrong with it, and what changed and moved."""
    yield refresh_table(found.sources, found.notes, dry_run=found.dry_run)
    yield from problem_tables(found.sources)
    if found.changes:
        book = found.changes.before
        title = f"what it changed in book {book.name!r} as of {book.as_of.isoformat()}"
        yield replace(changes_table(found.changes), title=title)
    if found.impact is not None:
        yield from view_of(found.impact).tables(found.impact)


def report_dict(found: RefreshReport) -> dict[str, Any]:
    """Return ``kafkatco prices refresh --format json``."""
    return {
        "as_of": found.changes.before.as_of.isoformat(),
        "dry_run": found.dry_run,
        "sources": [refresh_dict(one) for one in found.sources],
        "notes": list(found.notes),
        "changes": records_of(CHANGE_COLUMNS, change_rows(found.changes)),
        **({} if found.impact is None else {"impact": found.impact.to_dict()}),
    }


REFRESH_REPORT: Final = View(
    columns=CHANGE_COLUMNS,
    rows=lambda found: change_rows(found.changes),
    tables=report_tables,
    plain=report_dict,
)
