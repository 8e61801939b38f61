"""A history of monthly traffic, read from a CSV or a DataFrame and checked as a whole."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

from kafkatco.core.units import quantity
from kafkatco.errors import InputError, Problem, nearest
from kafkatco.i18n.message import EMPTY, Message, _, ngettext
from kafkatco.prices.rows import MONTH_HOURS
from kafkatco.sizing.workload import hours_of_month

__all__ = ["LEAST_MONTHS", "History", "read_history"]

#: The least number of months: fewer do not show how much growth varies.  Assumption: half a year.
LEAST_MONTHS: Final = 6
#: The most problems that an error lists; a file in another format may have hundreds.
MAX_PROBLEMS: Final = 10
COLUMNS: Final = ("month", "ingress")
#: A heading with a unit, a month or a day of it, and a number without a unit.
_HEADING: Final = re.compile(r"\s*(?P<name>[^\[\]]*?)\s*(\[(?P<unit>[^\[\]]*)\]\s*)?")
_MONTH: Final = re.compile(r"\s*(\d{4})-(\d{2})(?:-(\d{2}))?\s*")
_BARE: Final = re.compile(r"\s*[+-]?[\d.,]+([eE][+-]?\d+)?\s*")

#: Rows of cells, each with its place in the file.
Rows = list[tuple[str, list[str]]]


@dataclass(frozen=True, slots=True)
class History:
    """The average traffic of consecutive whole months [MiB/s]; ``first`` is the first day.

    Data of a month is spread over that month's own hours.
    """

    source: str
    first: dt.date
    rates_mib_s: tuple[float, ...]

    def month(self, number: int) -> str:
        """Return the name of a month, counted from 0; it may lie after the last.

        >>> History("traffic.csv", dt.date(2025, 11, 1), (1.0, 2.0)).month(2)
        '2026-01'
        """
        count = self.first.year * 12 + self.first.month - 1 + number
        return f"{count // 12:04d}-{count % 12 + 1:02d}"


def read_history(source: object) -> History:
    """Return the history in a CSV file, or in a DataFrame with the same columns.

    ``month`` is a month or a day of it (``2025-01``, ``2025-01-31``).  ``ingress`` is the data of
    that month or a data rate, with its unit in each cell (``10 TB``, ``5 MB/s``) or in the heading
    (``ingress [TB]``).  Months are consecutive, the oldest first, and count as whole months.

    Raises :class:`~kafkatco.errors.InputError` with the problems, each with its line, and
    ``ValueError`` if ``source`` is neither a path nor a DataFrame.
    """
    if isinstance(source, History):
        return source
    problems: list[Problem] = []
    if isinstance(source, str | Path):
        name = Path(source).name or "history"
        where = f"{name}:1"
        head, rows = _read_csv(Path(source), name, problems)
    elif hasattr(source, "itertuples") and hasattr(source, "columns"):
        name = where = "history"
        head, rows = _read_frame(source)
    else:
        raise ValueError(_("a CSV file with the columns month and ingress, such as 'traffic.csv'"))
    history = None if problems else _check(name, where, head, rows, problems)
    if history is None:
        raise InputError("history", _first(problems, name))
    return history


def _first(problems: list[Problem], source: str) -> list[Problem]:
    """Return the first problems, and the number of the others."""
    others = len(problems) - MAX_PROBLEMS
    if others <= 0:
        return problems
    rest = ngettext("{n} more problem", "{n} more problems", others)
    return [*problems[:MAX_PROBLEMS], Problem(source, "", rest)]


def _read_csv(path: Path, source: str, problems: list[Problem]) -> tuple[list[str], Rows]:
    """Return the heading and the rows of a CSV file; add a problem if it is not readable."""

    def refuse(where: str, sentence: Message, hint: Message = EMPTY) -> tuple[list[str], Rows]:
        problems.append(Problem(where, "", sentence, hint))
        return [], []

    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        near = nearest(path.name, [file.name for file in path.parent.glob("*.csv")])
        return refuse(source, _("file not found"), near)
    except OSError as error:
        return refuse(source, _("cannot read the file: {reason}", reason=error.strerror))
    except ValueError:
        return refuse(source, _("the file is not UTF-8 text"))
    if text.lstrip().startswith(("{", "[")):
        return refuse(
            source, _("this is JSON; expected a CSV file with the columns month and ingress")
        )
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        rows = [(f"{source}:{reader.line_num}", row) for row in reader if "".join(row).strip()]
    except csv.Error as error:
        where = f"{source}:{reader.line_num}"
        return refuse(where, _("invalid CSV: {reason}", reason=str(error)))
    if not rows:
        return refuse(
            source, _("the file is empty; expected a CSV file with the columns month and ingress")
        )
    return rows[0][1], rows[1:]


def _read_frame(frame: Any) -> tuple[list[str], Rows]:
    """Return the heading and the rows of a DataFrame, whose index may be the months."""
    if frame.index.name == "month" and "month" not in frame.columns:
        frame = frame.reset_index()
    without_nan = frame.astype(object).where(frame.notna(), None)
    rows = [
        (f"history[{label!r}]", [_text(value) for value in row])
        for label, *row in without_nan.itertuples(name=None)
    ]
    return [str(name) for name in frame.columns], rows


def _text(value: Any) -> str:
    """Return a value of a DataFrame as the text of a CSV cell."""
    if value is None:
        return ""
    return str(value.strftime("%Y-%m-%d")) if hasattr(value, "strftime") else str(value)


def _check(
    source: str, where: str, head: list[str], rows: Rows, problems: list[Problem]
) -> History | None:
    """Return the history in the rows, or ``None`` with every problem added to ``problems``."""
    columns, unit = _read_headings(where, head, problems)
    if columns is None:
        return None
    rates, dated = [], []
    for place, cells in rows:
        if len(cells) != len(head):
            many = len(cells) > len(head)
            problems.append(
                Problem(
                    place,
                    ngettext("{n} cell", "{n} cells", len(cells)),
                    ngettext("{n} cell", "{n} cells", len(head)),
                    _('A number with commas needs quotes: "10,000 TB"') if many else EMPTY,
                )
            )
            continue
        month = _read_month(f"{place} month", cells[columns["month"]], problems)
        text = cells[columns["ingress"]]
        rates.append(_read_rate(f"{place} ingress", text, unit, month, problems))
        if month is not None:
            dated.append((f"{place} month", month))
    complete = len(dated) == len(rows)
    _check_order(dated, problems, complete=complete)
    count = len({month for _place, month in dated})
    if complete and count < LEAST_MONTHS:
        problems.append(
            Problem(
                source,
                ngettext("{n} month", "{n} months", count),
                ngettext("at least {n} month", "at least {n} months", LEAST_MONTHS),
            )
        )
    return None if problems else History(source, dated[0][1], tuple(rates))


def _read_headings(
    where: str, head: Sequence[str], problems: list[Problem]
) -> tuple[dict[str, int] | None, str | None]:
    """Return the index of each column, and the unit in the heading, if it has one."""
    expected = _("month, and ingress with its unit in the heading or in the cells")
    columns: dict[str, int] = {}
    unit = None
    before = len(problems)
    matches = [_HEADING.fullmatch(text) for text in head]
    names = [match["name"] if match else text for match, text in zip(matches, head, strict=True)]
    for i, (text, name, match) in enumerate(zip(head, names, matches, strict=True)):
        if name not in COLUMNS or name in columns or (name == "month" and match and match["unit"]):
            given: str = _("{name!r} twice", name=name) if name in columns else repr(text)
            free = [column for column in COLUMNS if column not in names]
            hint = nearest(name, free) or _("Leave out other columns")
            hint = _("Separate cells with commas") if re.search("[;\t]", text) else hint
            problems.append(Problem(where, given, expected, hint))
            continue
        columns[name] = i
        if match and match["unit"] is not None:
            unit = match["unit"]
            try:
                _mib_s(f"1 {unit}", MONTH_HOURS)
            except ValueError as error:
                problems.append(Problem(f"{where} ingress", repr(text), *error.args))
    if len(problems) == before:
        problems += [
            Problem(
                where, "", _("no column {name!r}; expected {columns}", name=name, columns=expected)
            )
            for name in COLUMNS
            if name not in columns
        ]
    return (columns if len(problems) == before else None), unit


def _read_month(where: str, text: str, problems: list[Problem]) -> dt.date | None:
    """Return the first day of a month that is written as a month or as a day of it."""
    match = _MONTH.fullmatch(text)
    try:
        year, month, day = (int(part or 1) for part in match.groups()) if match else (0, 0, 0)
        return dt.date(year, month, day).replace(day=1)
    except ValueError:
        problems.append(
            Problem(where, repr(text), _("a month such as 2025-01, or a day of a month"))
        )
        return None


def _read_rate(
    where: str, text: str, unit: str | None, month: dt.date | None, problems: list[Problem]
) -> float:
    """Return the average traffic of a month [MiB/s]; 0 with a problem if it is invalid."""
    hint = EMPTY
    try:
        if not text.strip():
            expected, hint = _("the traffic of the month"), _("A missing value is not zero")
        elif unit is not None and not _BARE.fullmatch(text):
            expected = _("a number, since the heading has the unit [{unit}]", unit=unit)
        else:
            hours = float(MONTH_HOURS) if month is None else hours_of_month("calendar", month)
            rate = _mib_s(text if unit is None else f"{text} {unit}", hours)
            if rate > 0:
                return rate
            expected = _("more than 0")
            hint = _("Leave out the months before traffic began")
    except ValueError as error:
        expected, hint = error.args[0], error.args[1] if error.args[1:] else EMPTY
    problems.append(Problem(where, repr(text), expected, hint))
    return 0.0


def _mib_s(text: str, hours: float) -> float:
    """Return data of a month of ``hours`` [h], or a data rate, as a rate [MiB/s]."""
    amount = quantity(text, "10 TB")
    seconds = 3600.0 * hours
    for base, over in (("MiB", seconds), ("MiB/billing_month", seconds), ("MiB/s", 1.0)):
        if amount.is_compatible_with(base):
            return float(amount.to(base).magnitude) / over
    raise ValueError(_("data of the month or a data rate, such as '10 TB' or '100 MB/s'"))


def _check_order(
    dated: Sequence[tuple[str, dt.date]], problems: list[Problem], *, complete: bool
) -> None:
    """Add problems for months that occur twice or out of order.

    Also for missing months, if the list is ``complete``: no month is unreadable.
    """
    first: dict[dt.date, str] = {}
    for where, month in dated:
        if month in first:
            again = _("{month} again", month=_name(month))
            place = first[month].removesuffix(" month")
            problems.append(Problem(where, again, _("each month once; see {place}", place=place)))
        first.setdefault(month, where)
    for (_place, before), (where, month) in pairwise(dated):
        if month < before:
            expected = _("months in order, the oldest first")
            problems.append(Problem(where, _successive(before, month), expected))
            break
    for before, month in pairwise(sorted(first)) if complete else ():
        if missing := 12 * (month.year - before.year) + month.month - before.month - 1:
            problems.append(
                Problem(
                    first[month],
                    _successive(before, month),
                    ngettext("the {n} month between them", "the {n} months between them", missing),
                    _("Add the measured values, or start after the gap"),
                )
            )


def _successive(before: dt.date, month: dt.date) -> Message:
    return _("{month} after {before}", month=_name(month), before=_name(before))


def _name(month: dt.date) -> str:
    return month.isoformat()[:7]
