"""A history of traffic, month by month: a CSV or a data frame, checked whole before it is used."""

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
from kafkatco.sizing.workload import hours_of_month

__all__ = ["LEAST_MONTHS", "History", "read_history"]

#: Fewer say next to nothing of how much growth varies.  Assumption: half a year.
LEAST_MONTHS: Final = 6
COLUMNS: Final = ("month", "ingress")
EXAMPLE: Final = "10 TB' or '100 MB/s"
#: A heading with a unit, a month or a day of it, and a number without a unit.
_HEADING: Final = re.compile(r"\s*(?P<name>[^\[\]]*?)\s*(\[(?P<unit>[^\[\]]*)\]\s*)?")
_MONTH: Final = re.compile(r"\s*(\d{4})-(\d{2})(?:-(\d{2}))?\s*")
_BARE: Final = re.compile(r"\s*[+-]?[\d.,]+([eE][+-]?\d+)?\s*")


@dataclass(frozen=True, slots=True)
class History:
    """Average traffic of consecutive whole months, from ``first`` (its first day) on [MiB/s].

    What was given as data of a month is spread over that month's own hours.
    """

    source: str
    first: dt.date
    rates_mib_s: tuple[float, ...]

    def month(self, number: int) -> str:
        """Return the name of a month, the first being 0; it may lie beyond the last.

        >>> History("traffic.csv", dt.date(2025, 11, 1), (1.0, 2.0)).month(2)
        '2026-01'
        """
        count = self.first.year * 12 + self.first.month - 1 + number
        return f"{count // 12:04d}-{count % 12 + 1:02d}"


def read_history(given: object) -> History:
    """Return the history in a CSV file, or in a DataFrame of the same columns.

    ``month`` is a month or a day of it (``2025-01``, ``2025-01-31``).  ``ingress`` is the data of
    that month or a data rate, with its unit in each cell (``10 TB``, ``5 MB/s``) or in the heading
    (``ingress [TB]``).  Months follow each other, the oldest first, and are taken to be whole.

    Raises :class:`~kafkatco.errors.InputError` with every problem, each with its line.
    """
    if isinstance(given, History):
        return given
    if isinstance(given, str | Path):
        source = Path(given).name or "history"
        where = f"{source}:1"
        head, rows, found = _lines(Path(given), source)
    elif hasattr(given, "itertuples") and hasattr(given, "columns"):
        source = where = "history"
        head, rows, found = *_frame(given), []
    else:
        raise ValueError("a CSV file of months and traffic, such as 'traffic.csv'")
    history = None if found else _checked(source, where, head, rows, found)
    if history is None:
        raise InputError("history", found)
    return history


def _lines(path: Path, source: str) -> tuple[list[str], list[tuple[str, list[str]]], list[Problem]]:
    """Return the heading and the rows of a CSV file, each with where it stands."""
    expected = "a CSV file of months and traffic"
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        near = nearest(path.name, [file.name for file in path.parent.glob("*.csv")])
        return [], [], [Problem(source, "no such file", expected, near)]
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or "not UTF-8 text"
        return [], [], [Problem(source, f"a file that cannot be read ({why})", expected)]
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        rows = [(f"{source}:{reader.line_num}", row) for row in reader if "".join(row).strip()]
    except csv.Error as error:
        place = f"{source}:{reader.line_num}"
        return [], [], [Problem(place, f"broken CSV ({error})", "quoted CSV")]
    if not rows:
        return [], [], [Problem(source, "an empty file", expected)]
    return rows[0][1], rows[1:], []


def _frame(frame: Any) -> tuple[list[str], list[tuple[str, list[str]]]]:
    """Return the heading and the rows of a DataFrame; months may be its index."""
    if frame.index.name == "month" and "month" not in frame.columns:
        frame = frame.reset_index()
    known = frame.astype(object).where(frame.notna(), None)
    rows = [
        (f"history[{label!r}]", [_text(value) for value in row])
        for label, *row in known.itertuples(name=None)
    ]
    return [str(name) for name in frame.columns], rows


def _text(value: Any) -> str:
    """Return a value of a DataFrame as a cell of a CSV has it."""
    if value is None:
        return ""
    return str(value.strftime("%Y-%m-%d")) if hasattr(value, "strftime") else str(value)


def _checked(
    source: str,
    where: str,
    head: list[str],
    rows: list[tuple[str, list[str]]],
    found: list[Problem],
) -> History | None:
    """Return the history in the rows, or ``None`` with every problem added to ``found``."""
    columns, unit = _headings(where, head, found)
    if columns is None:
        return None
    rates, dated = [], []
    for place, cells in rows:
        if len(cells) != len(head):
            many = len(cells) > len(head)
            hint = 'A number with commas needs quotes: "10,000 TB"' if many else ""
            found.append(Problem(place, f"{len(cells)} cells", f"{len(head)} cells", hint))
            continue
        month = _month(f"{place} month", cells[columns["month"]], found)
        text = cells[columns["ingress"]]
        rates.append(_rate(f"{place} ingress", text, unit, month, found))
        if month is not None:
            dated.append((f"{place} month", month))
    every = len(dated) == len(rows)
    _consecutive(dated, found, every=every)
    count = len({month for _, month in dated})
    if every and count < LEAST_MONTHS:
        given = f"{count} month{'s' * (count != 1)}"
        found.append(Problem(source, given, f"at least {LEAST_MONTHS} months"))
    return None if found else History(source, dated[0][1], tuple(rates))


def _headings(
    where: str, head: Sequence[str], found: list[Problem]
) -> tuple[dict[str, int] | None, str | None]:
    """Return where each column is, and the unit that the heading gives, if it does."""
    expected = "month, and ingress with its unit in the heading or the cells"
    columns: dict[str, int] = {}
    unit = None
    before = len(found)
    matches = [_HEADING.fullmatch(text) for text in head]
    names = [match["name"] if match else text for match, text in zip(matches, head, strict=True)]
    for i, (text, name, match) in enumerate(zip(head, names, matches, strict=True)):
        if name not in COLUMNS or name in columns or (name == "month" and match and match["unit"]):
            given = f"{name!r} twice" if name in columns else repr(text)
            free = [column for column in COLUMNS if column not in names]
            hint = nearest(name, free) or "Leave other columns out"
            hint = "Separate cells by commas" if re.search("[;\t]", text) else hint
            found.append(Problem(where, given, expected, hint))
            continue
        columns[name] = i
        if match and match["unit"] is not None:
            unit = match["unit"]
            try:
                _mib_s(f"1 {unit}", 730.0)
            except ValueError as error:
                found.append(Problem(f"{where} ingress", repr(text), str(error)))
    if len(found) == before:
        missing = [name for name in COLUMNS if name not in columns]
        found += [Problem(where, f"no heading {name!r}", expected) for name in missing]
    return (columns if len(found) == before else None), unit


def _month(where: str, text: str, found: list[Problem]) -> dt.date | None:
    """Return the first day of a month that is written as such, or as a day of it."""
    match = _MONTH.fullmatch(text)
    try:
        year, month, day = (int(part or 1) for part in match.groups()) if match else (0, 0, 0)
        return dt.date(year, month, day).replace(day=1)
    except ValueError:
        found.append(Problem(where, repr(text), "a month such as 2025-01, or a day of it"))
        return None


def _rate(
    where: str, text: str, unit: str | None, month: dt.date | None, found: list[Problem]
) -> float:
    """Return the average traffic of a month [MiB/s]; 0 with a problem where there is none."""
    rate, expected, hint = 0.0, "", ""
    try:
        if not text.strip():
            expected, hint = "the month's traffic", "What is missing is not zero"
        elif unit is not None and not _BARE.fullmatch(text):
            expected = f"a number: the heading says [{unit}]"
        else:
            hours = 730.0 if month is None else hours_of_month("calendar", month)
            rate = _mib_s(text if unit is None else f"{text} {unit}", hours)
            if not rate > 0:
                expected = "more than 0: nothing grows from nothing"
                hint = "Leave out the months before traffic began"
    except ValueError as error:
        expected = str(error)
    if expected:
        found.append(Problem(where, repr(text), expected, hint))
    return rate


def _mib_s(text: str, hours: float) -> float:
    """Return data of a month of ``hours`` [h], or a data rate, as a rate [MiB/s]."""
    given = quantity(text, EXAMPLE)
    seconds = 3600.0 * hours
    for base, over in (("MiB", seconds), ("MiB/billing_month", seconds), ("MiB/s", 1.0)):
        if given.is_compatible_with(base):
            return float(given.to(base).magnitude) / over
    raise ValueError(f"data of the month, or a data rate, such as '{EXAMPLE}'")


def _consecutive(
    dated: Sequence[tuple[str, dt.date]], found: list[Problem], *, every: bool
) -> None:
    """Find months that are there twice, out of order or, ``every`` one being known, not there."""
    first: dict[dt.date, str] = {}
    for where, month in dated:
        if month in first:
            given, seen = f"{_name(month)} once more", first[month].removesuffix(" month")
            found.append(Problem(where, given, f"each month once; see {seen}"))
        first.setdefault(month, where)
    for (_, before), (where, month) in pairwise(dated):
        if month < before:
            given = f"{_name(month)} after {_name(before)}"
            found.append(Problem(where, given, "months in order, the oldest first"))
            break
    for before, month in pairwise(sorted(first)) if every else ():
        if missing := 12 * (month.year - before.year) + month.month - before.month - 1:
            given = f"{_name(month)} after {_name(before)}"
            expected = f"the {missing} month{'s' * (missing > 1)} between them"
            hint = "Fill in what was measured, or begin after the gap"
            found.append(Problem(first[month], given, expected, hint))


def _name(month: dt.date) -> str:
    return month.isoformat()[:7]
