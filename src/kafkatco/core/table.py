"""A table as data, and its shapes: for a notebook or a pull request, and as CSV."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from html import escape
from numbers import Number
from typing import Any, Final, Literal

__all__ = ["BOOK_COLUMNS", "Table", "Tone", "csv_text", "money", "number", "prices_note"]

#: What every CSV of results says of its prices.
BOOK_COLUMNS: Final = ("book", "as_of", "sha256")
#: What a terminal obeys instead of showing it: controls, and marks that turn the writing.
_OBEYED: Final = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
#: Where a spreadsheet begins a cell, whichever separator it takes, and what it would run there;
#: wide forms too.  https://owasp.org/www-community/attacks/CSV_Injection
_FORMULA: Final = re.compile('(^|[,;|\t\n])([\\s"\x00\ufeff]*)(?=[-=+@\uff1d\uff0b\uff0d\uff20])')
_NUMBER: Final = re.compile(r"-?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?")

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

    def translated(self, language: str) -> Table:
        """Return the table in a language of :data:`kafkatco.output.i18n.LANGUAGES`.

        >>> Table("a", ("component",), (("storage",), ("ours",))).translated("ko").rows
        (('저장소',), ('ours',))
        """
        from kafkatco.output.i18n import translate

        def cells(row: Sequence[str]) -> tuple[str, ...]:
            return tuple(translate(text, language) for text in row)

        return replace(
            self,
            title=translate(self.title, language),
            columns=cells(self.columns),
            rows=tuple(cells(row) for row in self.rows),
            notes=cells(self.notes),
        )


def _lines(text: str) -> str:
    """Return text as HTML that shows it as it is, each line on its own."""
    return escape(text).replace("\n", "<br>")


def _shown(text: str) -> str:
    return _OBEYED.sub(lambda found: ascii(found[0])[1:-1], text)


def _plain(text: str) -> str:
    """Return text as Markdown that shows it as it is, on one line."""
    return re.sub(r"([\\`*_\[\]|~$])", r"\\\1", escape(" ".join(text.split()), quote=False))


def csv_text(columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> str:
    r"""Return CSV; text that a spreadsheet would run as a formula has an apostrophe before it.

    So has what a spreadsheet that separates cells by something else would begin a cell with.
    Numbers stay what they are, and nothing is an empty cell.

    >>> csv_text(["name", "cost"], [["=1+1", -2.5], ["a; =2", None]])
    "name,cost\n'=1+1,-2.5\na; '=2,\n"
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    for row in (columns, *rows):
        writer.writerow(map(_cell, row))
    return out.getvalue()


def _cell(value: Any) -> Any:
    """Return what is written of a value: a number as it is, text so that nothing runs it."""
    if value is None or isinstance(value, Number):
        return value
    text = re.sub("\r\n?", "\n", str(value))  # a bare \r would begin a row
    if _NUMBER.fullmatch(text):
        return text
    text = _FORMULA.sub(r"\1\2'", text)
    return f"'{text}" if text.startswith(("\t", "\n")) else text


def money(value: float | None, currency: str) -> str:
    """Return an amount as text: whole won and yen, cents of anything else.

    >>> money(1055736.2, "KRW"), money(0.384, "USD"), money(None, "USD")
    ('1,055,736', '0.38', '-')
    """
    if value is None:
        return "-"
    return f"{value:,.0f}" if currency in ("KRW", "JPY") else f"{value:,.2f}"


def number(value: float) -> str:
    """Return a number with at most six significant digits, and thousands separated.

    >>> number(2190.0), number(0.0416), number(12859.906)
    ('2,190', '0.0416', '12,859.9')
    """
    text = f"{value:,.6g}"
    return f"{value:,.0f}" if "e" in text and abs(value) >= 1 else text


def floor_notes(missing: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """Say which costs are floors, for want of which prices."""
    return tuple(
        f"{label} is a floor: no price of {', '.join(skus)}" for label, skus in missing.items()
    )


def prices_note(prices: Mapping[str, str]) -> str:
    """Say which prices a result used."""
    return (
        f"prices: book {prices['book']!r} as of {prices['as_of']}, sha256 {prices['sha256'][:12]}"
    )
