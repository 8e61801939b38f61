"""The formats in which every result can be shown."""

from __future__ import annotations

from collections.abc import Iterable
from importlib import import_module
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from kafkatco.core.result import Result
    from kafkatco.scenario.scenario import Scenario

__all__ = ["FORMATS", "render"]

#: Each format with its module, whose ``render(result, language, scenario)`` yields the text.
FORMATS: Final = {
    "table": "terminal",  # as wide as the terminal
    "json": "json_text",  # all fields
    "csv": "csv_text",  # the rows
    "markdown": "markdown",  # for a pull request or a wiki
}


def render(
    result: Result, form: str, language: str = "en", scenario: Scenario | None = None
) -> Iterable[str]:
    """Return a result in one of :data:`FORMATS`, piece by piece; load the module of the format.

    ``language`` is that of texts for people; JSON and CSV are for programs and always English.
    With the ``scenario`` of the result, it has the options without a price and the prices' age.
    """
    module = import_module(f"kafkatco.output.{FORMATS[form]}")
    pieces: Iterable[str] = module.render(result, language, scenario)
    return pieces
