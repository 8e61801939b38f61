"""Results as Markdown, for a pull request, an issue or a wiki."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from kafkatco.core.result import Result, view_of

__all__ = ["render"]

#: The most rows of a table, which a pull request has room for.
MOST_ROWS: Final = 100


def render(result: Result, language: str) -> Iterator[str]:
    """Yield the tables of a result as Markdown; a long table has a note on the rows left out."""
    for i, table in enumerate(view_of(result).tables(result)):
        text = table.first(MOST_ROWS).translated(language).to_markdown()
        yield text if i == 0 else f"\n{text}"
