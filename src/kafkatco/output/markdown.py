"""Results as Markdown, for a pull request, an issue or a wiki."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from kafkatco.core.result import Result, view_of
from kafkatco.output.answer import answer_tables

if TYPE_CHECKING:
    from kafkatco.scenario.scenario import Scenario

__all__ = ["render"]

#: The most rows of a table, which a pull request has room for.
MOST_ROWS: Final = 100


def render(result: Result, language: str, scenario: Scenario | None = None) -> Iterator[str]:
    """Yield the tables of a result as Markdown; a long table has a note on the rows left out."""
    own = view_of(result).markdown
    if own is not None:
        yield from own(result, language)
        return
    for i, table in enumerate(answer_tables(result, scenario)):
        text = table.first(MOST_ROWS).translated(language).to_markdown()
        yield text if i == 0 else f"\n{text}"
