"""A month's bill: all rows of its files, summed by meter as they are read."""

from __future__ import annotations

import calendar
import datetime as dt
import gzip
import hashlib
import re
import zlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from kafkatco.errors import InputError, Problem
from kafkatco.finops.calibration.formats.aws_cur import CUR
from kafkatco.finops.calibration.formats.azure_cost_details import AZURE
from kafkatco.finops.calibration.formats.base import Cells, Format, Meter, UnreadableError
from kafkatco.finops.calibration.formats.confluent_costs import CONFLUENT
from kafkatco.finops.calibration.formats.focus import FOCUS
from kafkatco.finops.calibration.formats.gcp_billing_export import GCP
from kafkatco.finops.calibration.readers import Source, open_source
from kafkatco.i18n.message import EMPTY, _, join

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["FORMATS", "MeterTotal", "Statement", "read_statement"]

#: Every format; those whose columns other formats may also have come first.
FORMATS: Final[tuple[Format, ...]] = (FOCUS, CUR, AZURE, GCP, CONFLUENT)
#: After this many unreadable rows, the rest of a file is not read.
MOST_PROBLEMS: Final = 20
_MONTH: Final = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])")


@dataclass(frozen=True, slots=True)
class MeterTotal:
    """The sum of all rows of one meter: quantity, and cost before and after discounts."""

    meter: Meter
    quantity: float | None
    gross: float
    net: float
    rows: int


@dataclass(frozen=True, slots=True)
class Statement:
    """A calendar month's bill, by meter, in the currencies of its meters.

    ``missing`` has the days without use, by the name of the provider.
    """

    month: str
    charges: tuple[MeterTotal, ...]
    missing: Mapping[str, tuple[dt.date, ...]]

    @property
    def days(self) -> int:
        """The days of the month."""
        return _days(self.month)

    @property
    def hours(self) -> float:
        """The hours of the month [h], in UTC."""
        return 24.0 * self.days


class _Sum:
    __slots__ = ("gross", "net", "quantity", "rows")

    def __init__(self) -> None:
        self.quantity: float | None = None
        self.gross = self.net = 0.0
        self.rows = 0


Sums = dict[str, dict[Meter, _Sum]]
Days = dict[tuple[str, str], set[dt.date]]


def read_statement(
    bills: str | Path | pd.DataFrame | Iterable[str | Path | pd.DataFrame],
    *,
    month: str | None = None,
) -> Statement:
    """Return the bill of a month, from one file or DataFrame, or from several together.

    ``month``, such as "2025-11", chooses one of several.  Raises
    :class:`~kafkatco.errors.InputError` for an unknown format, with every unreadable row, and for
    several months without a choice.
    """
    if month is not None and not _MONTH.fullmatch(str(month)):
        problem = Problem("month", repr(month), _("a month such as '2025-11'"))
        raise InputError("calibrate", [problem])
    sums: Sums = defaultdict(lambda: defaultdict(_Sum))
    days: Days = defaultdict(set)
    for source in _opened(bills):
        _read_into(sums, days, source)
    if not sums:
        raise InputError("calibrate", [Problem("bill", "", _("the bill has no rows"))])
    months = sorted(sums)
    shown = ", ".join(months[:24])
    if month is None and len(months) > 1:
        sentence = _(
            "the bill has several months, {months}; choose one by month, or --month", months=shown
        )
        raise InputError("calibrate", [Problem("bill", "", sentence)])
    if month is not None and month not in sums:
        expected = _("a month of the bill: {months}", months=shown)
        raise InputError("calibrate", [Problem("month", repr(month), expected)])
    chosen = months[0] if month is None else month
    return Statement(
        chosen,
        tuple(
            MeterTotal(meter, total.quantity, total.gross, total.net, total.rows)
            for meter, total in sorted(sums[chosen].items())
        ),
        _missing(chosen, days),
    )


def _opened(bills: object) -> list[Source]:
    """Return the sources; refuse the same rows twice, under any name."""
    import pandas as pd

    parts: list[Any]
    if isinstance(bills, str | Path | pd.DataFrame):
        parts = [bills]
    elif isinstance(bills, Iterable):
        parts = list(bills)
    else:
        expected = _("files, or DataFrames")
        raise InputError("calibrate", [Problem("bill", type(bills).__name__, expected)])
    paths = [Path(part).resolve() for part in parts if isinstance(part, str | Path)]
    problems = [
        Problem("bill", "", _("{name} appears more than once", name=path.name))
        for path in dict.fromkeys(paths)
        if paths.count(path) > 1
    ]
    frames = [part for part in parts if isinstance(part, pd.DataFrame)]
    if any(one is other or one.equals(other) for one, other in combinations(frames, 2)):
        problems.append(Problem("bill", "", _("a DataFrame appears more than once")))
    sources = []
    for part in parts:
        try:
            sources.append(open_source(part))
        except InputError as error:
            problems += [
                Problem(error.source, problem.given, problem.expected, problem.hint)
                for problem in error.problems
            ]
    if not problems:
        problems += _copies(paths)
    if problems:
        raise InputError("calibrate", problems)
    return sources


def _copies(paths: Sequence[Path]) -> Iterator[Problem]:
    """Yield the files with the same content as another, compressed or not."""
    if len(paths) < 2:
        return
    first_of: dict[bytes, Path] = {}
    for path in paths:
        try:
            with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as file:
                digest = hashlib.file_digest(file, "sha256").digest()
        except (zlib.error, OSError, EOFError):  # reading its rows will report this
            continue
        first = first_of.setdefault(digest, path)
        if first is not path:
            sentence = _("{name} has the same content as {other}", name=path.name, other=first.name)
            yield Problem("bill", "", sentence)


def _read_into(sums: Sums, days: Days, source: Source) -> None:
    form = _format(source)
    problems: list[Problem] = []
    for line, cells in source.rows(form.columns):
        try:
            row = form.read(Cells(cells))
        except UnreadableError as error:
            where = _("row {row}, {column}", row=line, column=error.column)
            problems.append(Problem(where, error.value, error.expected))
            if len(problems) >= MOST_PROBLEMS:
                break
            continue
        total = sums[row.month][row.meter]
        total.gross += row.gross
        total.net += row.net
        total.rows += 1
        if row.quantity is not None and row.meter.category == "usage":
            total.quantity = (total.quantity or 0.0) + row.quantity
            covered = days[row.month, row.meter.provider]
            if row.first not in covered or row.last not in covered:
                span = min((row.last - row.first).days, 30)
                covered.update(row.first + dt.timedelta(days=i) for i in range(span + 1))
    if problems:
        raise InputError(join("", [source.name, " (", form.name, ")"]), problems)


def _format(source: Source) -> Format:
    for form in FORMATS:
        if form.identified_by <= source.columns:
            return form
    columns = ", ".join(sorted(source.columns)[:8]) or _("no columns")
    nearest = max(FORMATS, key=lambda form: len(form.identified_by & source.columns))
    expected = _("the columns of {formats}", formats=", ".join(form.name for form in FORMATS))
    hint = _(
        "The nearest format is {format}, which also has {columns}",
        format=nearest.name,
        columns=", ".join(sorted(nearest.identified_by - source.columns)),
    )
    known = nearest.identified_by & source.columns
    problem = Problem("columns", columns, expected, hint if known else EMPTY)
    raise InputError(source.name, [problem])


def _missing(month: str, days: Days) -> dict[str, tuple[dt.date, ...]]:
    """Return the days of a month without use, for each provider that has such days."""
    year, number = map(int, month.split("-"))
    whole = [dt.date(year, number, day) for day in range(1, _days(month) + 1)]
    missing_days = {
        provider: tuple(day for day in whole if day not in covered)
        for (billed, provider), covered in sorted(days.items())
        if billed == month
    }
    return {provider: missing for provider, missing in missing_days.items() if missing}


def _days(month: str) -> int:
    year, number = map(int, month.split("-"))
    return calendar.monthrange(year, number)[1]
