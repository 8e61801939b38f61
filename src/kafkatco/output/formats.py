"""The formats in which every result can be shown."""

from __future__ import annotations

from collections.abc import Iterable
from importlib import import_module
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from kafkatco.core.result import Result

__all__ = ["FORMATS", "render"]

#: Each format with its module in this package, whose ``render(result, language)`` yields the text.
FORMATS: Final = {
    "table": "terminal",  # as wide as the terminal
    "json": "json_text",  # all fields
    "csv": "csv_text",  # the rows
    "markdown": "markdown",  # for a pull request or a wiki
}


def render(result: Result, form: str, language: str = "en") -> Iterable[str]:
    """Return a result in one of :data:`FORMATS`, piece by piece; load the module of the format.

    ``language`` is that of texts for people; JSON and CSV are for programs and always English.
    """
    module = import_module(f"kafkatco.output.{FORMATS[form]}")
    pieces: Iterable[str] = module.render(result, language)
    return pieces
