"""Results as files: CSV that is safe in spreadsheets, and Parquet."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from kafkatco.core.files import replace_file
from kafkatco.core.optional import needing
from kafkatco.core.result import Result, frame_of, records
from kafkatco.errors import InputError, Problem, nearest
from kafkatco.i18n.message import _
from kafkatco.output.csv_text import csv_text

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["SUFFIXES", "check_target", "export"]

SUFFIXES: Final = (".csv", ".parquet")


def export(result: Result | pd.DataFrame | Iterable[Result], path: str | Path) -> Path:
    """Write the rows of a result, or of several results of one type, to a file; return its path.

    Parameters
    ----------
    result
        A result, several results (the bills of a scenario), or a DataFrame, such as
        :func:`kafkatco.focus` returns.  The rows are those of ``--format csv``: those of
        ``to_pandas()``, with the currency and the prices (book, date, sha256) in columns.
    path
        A ``.csv`` file, or a ``.parquet`` file, which needs the extra ``kafkatco[parquet]``.  It is
        replaced atomically: a reader sees the old file or the new one.

    In CSV, an apostrophe precedes text that a spreadsheet would run as a formula, dates are
    ISO 8601 in UTC, and missing values are empty.  Parquet keeps every value as it is.

    Raises
    ------
    InputError
        For another suffix, and a folder that does not exist or cannot be written.
    KafkatcoError
        If pyarrow, which Parquet needs, is not installed.

    Examples
    --------
    >>> import tempfile, kafkatco as kt
    >>> load = kt.Workload(ingress="1 TB/month", retention="1 day")
    >>> book = kt.PriceBook("list", as_of="2025-10-31")
    >>> bills = kt.bill(load, [kt.ConfluentBasic(region="us-east-1")], book)
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     kt.export(bills, f"{folder}/bill.csv").read_text().split(",")[:3]
    ['deployment', 'due', 'component']
    """
    target = check_target(path, "path")
    frame = _frame(result)
    write = _write_csv if target.suffix == ".csv" else _write_parquet
    replace_file(target, partial(write, frame))
    return target


def check_target(path: str | Path, where: str) -> Path:
    """Return the path of a file to write, which the option or argument ``where`` gives.

    Raises :class:`~kafkatco.errors.InputError` as :func:`export` does.
    """
    target = Path(path)
    if target.suffix not in SUFFIXES:
        expected = _("a file .csv or .parquet")
        hint = nearest(target.suffix, SUFFIXES)
        raise InputError("export", [Problem(where, repr(str(path)), expected, hint)])
    if not target.parent.is_dir():
        problem = Problem(where, "", _("folder not found: {folder}", folder=target.parent))
        raise InputError("export", [problem])
    if target.suffix == ".parquet":
        with needing(_("Parquet needs"), "pyarrow"):
            import_module("pyarrow")
    return target


def _frame(result: Result | pd.DataFrame | Iterable[Result]) -> pd.DataFrame:
    """Return the rows to write, each with its prices."""
    import pandas as pd

    if isinstance(result, pd.DataFrame):
        return result
    if isinstance(result, Result) or not isinstance(result, Iterable):
        result = (result,)
    results = tuple(result)
    types = ", ".join(sorted({type(result).__name__ for result in results}))
    if not results:
        raise InputError("export", [Problem("result", "", _("there is no result to export"))])
    if not all(isinstance(result, Result) for result in results):
        expected = _("a result, or several results of one type")
        raise InputError("export", [Problem("result", types, expected)])
    data = [records(result) for result in results]
    columns = data[0][0]
    if any(own_columns != columns for own_columns, _rows in data):
        expected = _("results of one type in one file")
        raise InputError("export", [Problem("result", types, expected)])
    return frame_of(results[0], columns, [row for _columns, rows in data for row in rows])


def _write_csv(frame: pd.DataFrame, path: Path) -> None:
    columns = [_cells(frame[name]) for name in frame.columns]
    text = csv_text(list(map(str, frame.columns)), list(zip(*columns, strict=True)))
    path.write_text(text, encoding="utf-8")


def _cells(column: pd.Series[Any]) -> list[Any]:
    """Return the values of a column: missing values as None, times in ISO 8601."""
    import pandas as pd

    if isinstance(column.dtype, pd.DatetimeTZDtype):
        return [time.strftime("%Y-%m-%dT%H:%M:%SZ") for time in column]
    return [
        None if missing else value for value, missing in zip(column, column.isna(), strict=True)
    ]


def _write_parquet(frame: pd.DataFrame, path: Path) -> None:
    frame.to_parquet(path, engine="pyarrow", index=False)
