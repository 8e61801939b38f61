"""The formats in which every result can be shown."""

from __future__ import annotations

from collections.abc import Iterable
from importlib import import_module
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from kafkatco.core.result import Result

__all__ = ["FORMATS", "render"]

#: Each format and its module here, whose ``render(result, language)`` yields the text in pieces.
FORMATS: Final = {
    "table": "terminal",  # as wide as the terminal
    "json": "json_text",  # every field
    "csv": "csv_text",  # its rows
    "markdown": "markdown",  # for a pull request or a wiki
}


def render(result: Result, form: str, language: str = "en") -> Iterable[str]:
    """Return a result in one of :data:`FORMATS`, piece by piece; its module is loaded here.

    ``language`` is that of texts for people; JSON and CSV are for programs, and in English.
    """
    module = import_module(f"kafkatco.output.{FORMATS[form]}")
    pieces: Iterable[str] = module.render(result, language)
    return pieces
