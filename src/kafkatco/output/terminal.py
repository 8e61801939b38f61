"""A table on a terminal: as wide as the terminal, with no text cut, and coloured."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, Literal

from kafkatco.core.result import Result
from kafkatco.core.table import Table, Tone
from kafkatco.i18n.message import verbatim
from kafkatco.output.answer import answer_tables

if TYPE_CHECKING:
    from rich.console import RenderableType

    from kafkatco.scenario.scenario import Scenario

__all__ = ["render", "renderables"]

#: The style of each tone; the text of the cell has the same meaning.
STYLES: Final[dict[Tone, str]] = {
    "best": "bold green",
    "total": "bold",
    "floor": "bold yellow",
    "refused": "red",
}
#: A column of text may be folded to this width, or to its longest word if that is shorter.
LEAST_TEXT: Final = 16
#: Spaces between two columns.
GAP: Final = 3


def render(result: Result, language: str, scenario: Scenario | None = None) -> Iterator[str]:
    """Yield the tables of a result: as wide as the terminal, or 140 columns without one.

    Colours are for terminals only, and not if NO_COLOR is set.
    """
    from rich.console import Console

    on_terminal = sys.stdout is not None and sys.stdout.isatty()
    console = Console(
        width=None if on_terminal else 140, highlight=False, force_terminal=on_terminal
    )
    for table in answer_tables(result, scenario):
        with console.capture() as text:  # so that the caller who prints notices a closed pipe
            console.print(*renderables(table.translated(language), console.width), sep="\n")
            console.print()
        yield text.get()


def renderables(table: Table, width: int) -> Iterator[RenderableType]:
    """Yield what rich prints of a table on a terminal of ``width`` columns.

    Text is folded if it must be, numbers never are: a table that is too wide continues below
    itself, with the first columns, which identify its rows, repeated.
    """
    from rich.text import Text

    for part in _parts(table, width):
        if part.title:
            yield Text(part.title, style="bold")
        yield _grid(part, width)
    yield from (Text(note, style="dim") for note in table.notes)


def _parts(table: Table, width: int) -> Iterator[Table]:
    """Yield the table in parts whose columns fit side by side."""
    least = [_least(table, i) + GAP for i in range(len(table.columns))]
    keys = _keys(table)
    if GAP + sum(least[:keys]) > width // 2:
        keys = 1
    head, taken, title = tuple(range(keys)), list[int](), table.title
    for i in range(keys, len(table.columns)):
        if taken and GAP + sum(least[j] for j in (*head, *taken, i)) > width:
            yield replace(_columns(table, (*head, *taken)), title=title)
            taken, title = [], verbatim("")
        taken.append(i)
    yield replace(_columns(table, (*head, *taken)), title=title)


def _keys(table: Table) -> int:
    """Return how many columns identify the rows."""
    for count in range(1, len(table.columns)):
        if len({row[:count] for row in table.rows}) == len(table.rows):
            return count
    return 1


def _columns(table: Table, kept: tuple[int, ...]) -> Table:
    """Return the table with some of its columns."""
    at = {i: j for j, i in enumerate(kept)}
    return replace(
        table,
        columns=tuple(table.columns[i] for i in kept),
        rows=tuple(tuple(row[i] for i in kept) for row in table.rows),
        right=frozenset(at[i] for i in table.right if i in at),
        tones=frozenset((row, at[i], tone) for row, i, tone in table.tones if i in at),
    )


def _least(table: Table, column: int) -> int:
    """Return the least width of a column [cells]: of its numbers, or of a word of its text."""
    from rich.cells import cell_len

    texts = [row[column] for row in table.rows]
    if column in table.right:
        head = max(map(cell_len, table.columns[column].split()), default=0)
        return max(head, *map(cell_len, texts), 0)
    words = [word for text in (table.columns[column], *texts) for word in text.split()]
    return min(LEAST_TEXT, max(map(cell_len, words), default=0))


def _widths(table: Table, width: int) -> list[int]:
    """Return the width of each column [cells]: its least, and a share of the space that is left.

    Given widths, because rich shrinks columns below their least where a table nearly fits.
    """
    from rich.cells import cell_len

    widths = [_least(table, i) for i in range(len(table.columns))]
    lines = [
        [line for text in texts for line in text.split("\n")]
        for texts in zip(table.columns, *table.rows, strict=True)
    ]
    wanted = [max(map(cell_len, each)) - least for each, least in zip(lines, widths, strict=True)]
    spare = width - GAP - sum(least + GAP for least in widths)
    order = sorted(range(len(widths)), key=lambda i: wanted[i])
    for done, i in enumerate(order):
        more = max(0, min(wanted[i], spare // (len(order) - done)))
        widths[i] += more
        spare -= more
    return widths


def _grid(table: Table, width: int) -> Any:
    from rich import box
    from rich.table import Table as RichTable
    from rich.text import Text

    grid = RichTable(box=box.SIMPLE_HEAD)
    for i, (name, cells) in enumerate(zip(table.columns, _widths(table, width), strict=True)):
        justify: Literal["left", "right"] = "right" if i in table.right else "left"
        grid.add_column(Text(name), justify=justify, overflow="fold", width=cells)
    styles = {(row, i): STYLES[tone] for row, i, tone in table.tones}
    for j, row in enumerate(table.rows):
        grid.add_row(*(Text(cell, style=styles.get((j, i), "")) for i, cell in enumerate(row)))
    return grid
