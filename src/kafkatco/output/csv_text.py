"""Results as CSV that is safe in spreadsheets."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from numbers import Number
from typing import TYPE_CHECKING, Any, Final

from kafkatco.core.result import Result
from kafkatco.output.answer import answer_records

if TYPE_CHECKING:
    from kafkatco.scenario.scenario import Scenario

__all__ = ["csv_text", "render"]

#: The start of a cell, for any separator, before a character that makes a spreadsheet run it as a
#: formula, or its full-width form.  https://owasp.org/www-community/attacks/CSV_Injection
_FORMULA: Final = re.compile('(^|[,;|\t\n])([\\s"\x00\ufeff]*)(?=[-=+@\uff1d\uff0b\uff0d\uff20])')
_NUMBER: Final = re.compile(r"-?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?")


def render(result: Result, language: str, scenario: Scenario | None = None) -> Iterator[str]:
    """Yield the rows of a result as CSV; CSV is for programs, and ``language`` is ignored."""
    del language
    yield csv_text(*answer_records(result, scenario))


def csv_text(columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> str:
    r"""Return CSV, with an apostrophe before text that a spreadsheet would run as a formula.

    The same holds for text after ``;``, ``|`` or a tab, where a spreadsheet with that separator
    starts a cell.  Numbers stay as they are, and None is an empty cell.

    >>> csv_text(["name", "cost"], [["=1+1", -2.5], ["a; =2", None]])
    "name,cost\n'=1+1,-2.5\na; '=2,\n"
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    for row in (columns, *rows):
        writer.writerow(map(_cell, row))
    return out.getvalue()


def _cell(value: Any) -> Any:
    """Return a number as it is, and text so that no spreadsheet runs it."""
    if value is None or isinstance(value, Number):
        return value
    text = re.sub("\r\n?", "\n", str(value))  # a bare \r would start a row
    if _NUMBER.fullmatch(text):
        return text
    text = _FORMULA.sub(r"\1\2'", text)
    return f"'{text}" if text.startswith(("\t", "\n")) else text
