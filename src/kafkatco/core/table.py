"""A table as data, and its shapes for a notebook and for a pull request."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from html import escape
from typing import Final, Literal

from kafkatco.i18n.catalogue import translate
from kafkatco.i18n.message import Message, join, ngettext, verbatim

__all__ = ["Table", "Tone", "markdown_text"]

#: What a terminal obeys instead of showing it: controls, and marks that reverse the text.
_CONTROLS: Final = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")

#: The best of a row or table, a total, a cost that is a floor, and an option that is infeasible.
Tone = Literal["best", "total", "floor", "refused"]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of text under headings; ``right`` has the indices of the columns of numbers.

    Texts are messages; a cell may also be a plain string, which is data and never translated.
    ``tones`` emphasise cells, as (row, column, tone); the cells say the same in words.
    """

    title: Message
    columns: tuple[Message, ...]
    rows: tuple[tuple[str, ...], ...]
    right: frozenset[int] = frozenset()
    notes: tuple[Message, ...] = ()
    tones: frozenset[tuple[int, int, Tone]] = frozenset()

    def __post_init__(self) -> None:
        """Escape control characters, which a file or a server may have sent."""
        safe = {
            "title": _safe(self.title),
            "columns": tuple(map(_safe, self.columns)),
            "rows": tuple(tuple(map(_safe, row)) for row in self.rows),
            "notes": tuple(map(_safe, self.notes)),
        }
        for name, value in safe.items():
            object.__setattr__(self, name, value)

    def translated(self, language: str) -> Table:
        """Return the table in one of :data:`kafkatco.i18n.catalogue.LANGUAGES`.

        >>> from kafkatco.i18n.message import _
        >>> table = Table(_("storage"), (_("cost"),), ((_("storage"),), ("storage",)))
        >>> table.translated("ko").rows
        (('저장소',), ('storage',))
        """

        def texts(messages: Sequence[Message]) -> tuple[Message, ...]:
            return tuple(verbatim(translate(text, language)) for text in messages)

        return replace(
            self,
            title=verbatim(translate(self.title, language)),
            columns=texts(self.columns),
            rows=tuple(tuple(translate(cell, language) for cell in row) for row in self.rows),
            notes=texts(self.notes),
        )

    def under(self, heading: str) -> Table:
        """Return the table with a heading before its title."""
        return replace(self, title=join(": ", [heading, self.title]))

    def to_html(self) -> str:
        """Return an HTML table with every text escaped."""

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
        r"""Return a Markdown table with the characters that Markdown interprets escaped.

        >>> columns = verbatim("x|y"), verbatim("z")
        >>> table = Table(verbatim("a"), columns, (("`1`", "<b>"),), frozenset({1}))
        >>> print(table.to_markdown(), end="")
        **a**
        <BLANKLINE>
        | x\|y | z |
        | :-- | --: |
        | \`1\` | &lt;b&gt; |
        """

        def line(row: Sequence[str]) -> str:
            return f"| {' | '.join(markdown_text(text) for text in row)} |\n"

        rule = ("--:" if i in self.right else ":--" for i in range(len(self.columns)))
        body = "".join(line(row) for row in self.rows)
        notes = "".join(f"\n{markdown_text(note)}\n" for note in self.notes)
        head = f"{line(self.columns)}| {' | '.join(rule)} |\n"
        return f"**{markdown_text(self.title)}**\n\n{head}{body}{notes}"

    def first(self, count: int) -> Table:
        """Return the first ``count`` rows, with a note of how many more there are."""
        if len(self.rows) <= count:
            return self
        note = ngettext(
            "{n:,} more row: see --format json",
            "{n:,} more rows: see --format json",
            len(self.rows) - count,
        )
        tones = frozenset(tone for tone in self.tones if tone[0] < count)
        return replace(self, rows=self.rows[:count], notes=(note, *self.notes), tones=tones)


def _lines(text: str) -> str:
    """Return text as HTML, with its line breaks."""
    return escape(text).replace("\n", "<br>")


def _safe(text: str) -> str:
    """Return text with control characters escaped; a message stays one."""
    return text.map_text(_escaped) if isinstance(text, Message) else _escaped(text)


def _escaped(text: str) -> str:
    return _CONTROLS.sub(lambda match: ascii(match[0])[1:-1], text)


def markdown_text(text: str) -> str:
    """Return text for Markdown, escaped and on one line."""
    return re.sub(r"([\\`*_\[\]|~$])", r"\\\1", escape(" ".join(text.split()), quote=False))
