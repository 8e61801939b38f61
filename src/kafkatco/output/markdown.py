"""Results as Markdown, as the text of a pull request, an issue or a wiki."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from kafkatco.core.result import Result, view_of

__all__ = ["render"]

#: A pull request has room for so many rows of a table.
MOST_ROWS: Final = 100


def render(result: Result, language: str) -> Iterator[str]:
    """Yield the tables of a result as Markdown; a long one says how many rows it leaves out."""
    for i, table in enumerate(view_of(result).tables(result)):
        text = table.first(MOST_ROWS).translated(language).to_markdown()
        yield text if i == 0 else f"\n{text}"
