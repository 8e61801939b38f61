"""A table as data, and its shapes for a notebook and for a pull request."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from html import escape
from typing import Final, Literal

__all__ = ["Table", "Tone"]

#: What a terminal obeys instead of showing it: controls, and marks that turn the writing.
_OBEYED: Final = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")

#: The best of a row or table, a total, a cost that is a floor, and what cannot be had.
Tone = Literal["best", "total", "floor", "refused"]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of text under headings; ``right`` marks the columns that are numbers.

    ``tones`` say which cells matter how, as (row, column, tone); what that means stands in the
    cells too.
    """

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    right: frozenset[int] = frozenset()
    notes: tuple[str, ...] = ()
    tones: frozenset[tuple[int, int, Tone]] = frozenset()

    def __post_init__(self) -> None:
        """Show as text what a terminal would obey, which a file or a server may have sent."""
        shown = {
            "title": _shown(self.title),
            "columns": tuple(map(_shown, self.columns)),
            "rows": tuple(tuple(map(_shown, row)) for row in self.rows),
            "notes": tuple(map(_shown, self.notes)),
        }
        for name, value in shown.items():
            object.__setattr__(self, name, value)

    def to_html(self) -> str:
        """Return an HTML table; every text is escaped."""

        def cells(tag: str, row: Sequence[str]) -> str:
            align = ("right" if i in self.right else "left" for i in range(len(row)))
            return "".join(
                f'<{tag} style="text-align:{side}">{_lines(text)}</{tag}>'
                for side, text in zip(align, row, strict=True)
            )

        body = "".join(f"<tr>{cells('td', row)}</tr>" for row in self.rows)
        notes = "".join(f"<p><small>{escape(note)}</small></p>" for note in self.notes)
        return (
            f"<table><caption>{escape(self.title)}</caption><thead><tr>"
            f"{cells('th', self.columns)}</tr></thead><tbody>{body}</tbody></table>{notes}"
        )

    def to_markdown(self) -> str:
        r"""Return a Markdown table; a text that Markdown would read as more than text is escaped.

        >>> print(Table("a", ("x|y", "z"), (("`1`", "<b>"),), frozenset({1})).to_markdown(), end="")
        **a**
        <BLANKLINE>
        | x\|y | z |
        | :-- | --: |
        | \`1\` | &lt;b&gt; |
        """

        def line(row: Sequence[str]) -> str:
            return f"| {' | '.join(_plain(text) for text in row)} |\n"

        rule = ("--:" if i in self.right else ":--" for i in range(len(self.columns)))
        body = "".join(line(row) for row in self.rows)
        notes = "".join(f"\n{_plain(note)}\n" for note in self.notes)
        return (
            f"**{_plain(self.title)}**\n\n{line(self.columns)}| {' | '.join(rule)} |\n{body}{notes}"
        )

    def first(self, count: int) -> Table:
        """Return the table with so many rows, and a note of how many more there are."""
        if len(self.rows) <= count:
            return self
        note = f"and {len(self.rows) - count:,} more, listed by --format json"
        tones = frozenset(tone for tone in self.tones if tone[0] < count)
        return replace(self, rows=self.rows[:count], notes=(note, *self.notes), tones=tones)


def _lines(text: str) -> str:
    """Return text as HTML that shows it as it is, each line on its own."""
    return escape(text).replace("\n", "<br>")


def _shown(text: str) -> str:
    return _OBEYED.sub(lambda found: ascii(found[0])[1:-1], text)


def _plain(text: str) -> str:
    """Return text as Markdown that shows it as it is, on one line."""
    return re.sub(r"([\\`*_\[\]|~$])", r"\\\1", escape(" ".join(text.split()), quote=False))
