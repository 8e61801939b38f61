"""View of a refresh of the price tables."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from kafkatco.core.result import View, view_of
from kafkatco.core.table import Table
from kafkatco.i18n.message import Message, _, ngettext, verbatim
from kafkatco.output.views.price_changes import CHANGE_COLUMNS, change_rows, changes_table
from kafkatco.output.views.prices import price_dict, records_of

if TYPE_CHECKING:
    from kafkatco.prices.results import Refreshed, RefreshReport

__all__ = ["REFRESH_COLUMNS", "REFRESH_REPORT", "refresh_rows", "refresh_table"]

REFRESH_COLUMNS: Final = ("source", "state", "new_rows", "same", "announced", "not_in_the_tables")
#: The most skus without a row in the tables that are named.
NAMED: Final = 12


def refresh_rows(sources: Sequence[Refreshed]) -> list[list[Any]]:
    """Return one row for each source under ``REFRESH_COLUMNS``."""
    return [
        [
            source.source,
            _state(source),
            len(source.rows),
            source.same,
            source.announced,
            len(source.other),
        ]
        for source in sources
    ]


def _state(source: Refreshed) -> Message:
    if source.problems:
        count = len(source.problems)
        return ngettext("not changed: {n} problem", "not changed: {n} problems", count)
    return _("changed") if source.rows else _("no change")


def refresh_table(sources: Sequence[Refreshed], notes: Sequence[str], *, dry_run: bool) -> Table:
    """Return a row for each source; ``notes`` follow those on skus that the tables lack."""
    rows = tuple(
        tuple(cell if isinstance(cell, str) else str(cell) for cell in row)
        for row in refresh_rows(sources)
    )
    all_notes = [
        ngettext(
            "{source} has a price of {n} sku that is not in the tables: {skus}",
            "{source} has prices of {n} skus that are not in the tables: {skus}",
            len(source.other),
            source=source.source,
            skus=_few(source.other),
        )
        for source in sources
        if source.other
    ]
    if any(source.announced for source in sources):
        all_notes.append(_("announced: prices that apply later; run the command again on that day"))
    columns = (
        _("source"),
        _("state"),
        _("new rows"),
        _("same"),
        _("announced"),
        _("not in the tables"),
    )
    return Table(
        _("refresh, nothing written (--dry-run)") if dry_run else _("refresh"),
        columns,
        rows,
        frozenset({2, 3, 4, 5}),
        (*all_notes, *map(verbatim, notes)),
    )


def _few(names: Sequence[str]) -> str:
    groups = Counter(name.rpartition(".")[0] for name in names)
    if len(names) <= NAMED:
        return ", ".join(names)
    return ", ".join(f"{group}.* ({count})" for group, count in sorted(groups.items())[:NAMED])


def problem_tables(sources: Sequence[Refreshed]) -> Iterator[Table]:
    """Yield the problems of each source that was not changed."""
    for source in sources:
        if source.problems:
            title = _("{source} was not changed", source=source.source)
            rows = tuple((problem.message,) for problem in source.problems)
            yield Table(title, (_("because"),), rows)


def refresh_dict(source: Refreshed) -> dict[str, Any]:
    """Return the outcome of one source as plain values."""
    return {
        **dict(zip(REFRESH_COLUMNS, refresh_rows([source])[0], strict=True)),
        "rows": [price_dict(row) for row in source.rows],
        "other": list(source.other),
        "problems": [str(problem) for problem in source.problems],
    }


def report_tables(report: RefreshReport) -> Iterator[Table]:
    """Yield the outcome and the problems of each source, the changes and their impact."""
    yield refresh_table(report.sources, report.notes, dry_run=report.dry_run)
    yield from problem_tables(report.sources)
    if report.changes:
        book = report.changes.before
        title = _(
            "changes in book {book!r} as of {date}", book=book.name, date=book.as_of.isoformat()
        )
        yield replace(changes_table(report.changes), title=title)
    if report.impact is not None:
        yield from view_of(report.impact).tables(report.impact)


def report_dict(report: RefreshReport) -> dict[str, Any]:
    """Return ``kafkatco prices refresh --format json``."""
    return {
        "as_of": report.changes.before.as_of.isoformat(),
        "dry_run": report.dry_run,
        "sources": [refresh_dict(source) for source in report.sources],
        "notes": list(report.notes),
        "changes": records_of(CHANGE_COLUMNS, change_rows(report.changes)),
        **({} if report.impact is None else {"impact": report.impact.to_dict()}),
    }


REFRESH_REPORT: Final = View(
    columns=CHANGE_COLUMNS,
    rows=lambda report: change_rows(report.changes),
    tables=report_tables,
    plain=report_dict,
)
