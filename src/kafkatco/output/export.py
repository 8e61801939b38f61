"""Results as files: CSV that no spreadsheet runs, and Parquet."""

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
from kafkatco.output.csv_text import csv_text

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["SUFFIXES", "check_target", "export"]

SUFFIXES: Final = (".csv", ".parquet")


def export(result: Result | pd.DataFrame | Iterable[Result], path: str | Path) -> Path:
    """Write the rows of a result, or of several of a kind, to a file; return its path.

    Parameters
    ----------
    result
        Any result, several (the bills of a scenario), or a DataFrame, as :func:`kafkatco.focus`
        returns one.  The rows are those of ``--format csv``: those of ``to_pandas()``, with the
        currency and the prices (book, date, sha256) in columns.
    path
        A file ``.csv`` or ``.parquet``, which needs the extra ``kafkatco[parquet]``.  It is
        replaced at once: a reader sees the old file, or the new one.

    In CSV, text that a spreadsheet would run as a formula has an apostrophe before it, dates are
    ISO 8601 in UTC, and what is missing is empty.  Parquet keeps everything as it is.

    Raises
    ------
    InputError
        For another suffix, or a folder that is not there or cannot be written.
    KafkatcoError
        Where Parquet cannot be written for want of pyarrow.

    Examples
    --------
    >>> import tempfile, kafkatco as kt
    >>> load = kt.Workload(ingress="1 TB/month", retention="1 day")
    >>> book = kt.PriceBook("list", as_of="2025-10-31")
    >>> found = kt.bill(load, [kt.ConfluentBasic(region="us-east-1")], book)
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     kt.export(found, f"{folder}/bill.csv").read_text().split(",")[:3]
    ['deployment', 'due', 'component']
    """
    target = check_target(path, "path")
    frame = _frame(result)
    write = _write_csv if target.suffix == ".csv" else _write_parquet
    replace_file(target, partial(write, frame))
    return target


def check_target(path: str | Path, where: str) -> Path:
    """Return the path of a file to write, ``where`` it was asked for; or say what is wrong.

    Raises :class:`~kafkatco.errors.InputError` as :func:`export`.
    """
    target = Path(path)
    if target.suffix not in SUFFIXES:
        hint = nearest(target.suffix, SUFFIXES)
        raise InputError(
            "export", [Problem(where, repr(str(path)), "a file .csv or .parquet", hint)]
        )
    if not target.parent.is_dir():
        raise InputError(
            "export", [Problem(where, repr(str(path)), "a file in a folder that is there")]
        )
    if target.suffix == ".parquet":
        with needing("Parquet needs", "pyarrow"):
            import_module("pyarrow")
    return target


def _frame(result: Result | pd.DataFrame | Iterable[Result]) -> pd.DataFrame:
    """Return the rows of what is to be written, each with its prices."""
    import pandas as pd

    if isinstance(result, pd.DataFrame):
        return result
    if isinstance(result, Result) or not isinstance(result, Iterable):
        result = (result,)
    every = tuple(result)
    kinds = ", ".join(sorted({type(item).__name__ for item in every})) or "nothing"
    if not every or not all(isinstance(item, Result) for item in every):
        raise InputError("export", [Problem("result", kinds, "a result, or several of a kind")])
    data = [records(item) for item in every]
    columns = data[0][0]
    if any(own != columns for own, _ in data):
        raise InputError("export", [Problem("result", kinds, "results of one kind in a file")])
    return frame_of(every[0], columns, [row for _, rows in data for row in rows])


def _write_csv(frame: pd.DataFrame, path: Path) -> None:
    columns = [_cells(frame[name]) for name in frame.columns]
    text = csv_text(list(map(str, frame.columns)), list(zip(*columns, strict=True)))
    path.write_text(text, encoding="utf-8")


def _cells(column: pd.Series[Any]) -> list[Any]:
    """Return the values of a column, with what is missing as nothing, and times in ISO 8601."""
    import pandas as pd

    if isinstance(column.dtype, pd.DatetimeTZDtype):
        return [time.strftime("%Y-%m-%dT%H:%M:%SZ") for time in column]
    return [
        None if missing else value for value, missing in zip(column, column.isna(), strict=True)
    ]


def _write_parquet(frame: pd.DataFrame, path: Path) -> None:
    frame.to_parquet(path, engine="pyarrow", index=False)
