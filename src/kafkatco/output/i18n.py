"""What results say, in another language: words and sentences looked up as they are shown.

Results are made in English.  A file of ``languages/`` has each text with its translation; a text
with ``{parts}`` stands for every sentence of that form, and its parts are translated in turn, but
for those in capitals, ``{NAME}``, and for ``{n}``, ``{n1}``, ... which are numbers; ``{CUR}`` is a
currency's code, and ``{list}`` is translated item by item.  Of several forms the one with most
words of its own counts, those that begin with a sign coming first, then clauses that a semicolon
parts.
What the file does not have (a name of the user's, a sku, a source's own words) stays as it is; a
name that is a word of the file, such as ``platform``, is translated where it stands alone.
"""

from __future__ import annotations

import csv
import re
import tomllib
from collections.abc import Sequence
from dataclasses import replace
from functools import cache, lru_cache
from importlib.resources import files
from typing import Final

from kafkatco.core.table import Table
from kafkatco.errors import InputError, Problem, nearest
from kafkatco.i18n import catalogue
from kafkatco.i18n.message import Message, verbatim

__all__ = ["LANGUAGES", "translate", "translated"]

LANGUAGES: Final = ("en", "ko")
#: Tables that have a column of each language beside the English one.
TABLES: Final = ("article/matrix.csv", "analysis/guidance.csv")
#: What stands before what is for and against: no form without a sign may take it for its own.
SIGNS: Final = ("+ ", "- ")
#: Parts that are numbers, and how those are written.
_NUMBER: Final = re.compile(r"n\d?")
_FIGURE: Final = r"[+-]?\d[\d,.]*(?:e[+-]?\d+)?"
#: ISO 4217.
_CURRENCY: Final = "[A-Z]{3}"


def translate(text: str, language: str) -> str:
    """Return ``text`` in a language of :data:`LANGUAGES`, or as it is where no words are known.

    Raises :class:`~kafkatco.errors.InputError` for another language.

    >>> translate("storage", "ko"), translate("our own cluster", "ko")
    ('저장소', 'our own cluster')
    >>> translate("storage", "en")
    'storage'
    """
    if language not in LANGUAGES:
        hint = nearest(str(language), LANGUAGES)
        problem = Problem("language", repr(language), " or ".join(map(repr, LANGUAGES)), hint)
        raise InputError("language", [problem])
    if isinstance(text, Message) and (done := catalogue.translate(text, language)) != text:
        return done
    return text if language == "en" else _translated(text, language)


def translated(table: Table, language: str) -> Table:
    """Return a table in a language of :data:`LANGUAGES`.

    >>> translated(Table("a", ("component",), (("storage",), ("ours",))), "ko").rows
    (('저장소',), ('ours',))
    """

    def cells(row: Sequence[str]) -> tuple[str, ...]:
        return tuple(translate(text, language) for text in row)

    return replace(
        table,
        title=verbatim(translate(table.title, language)),
        columns=tuple(map(verbatim, cells(table.columns))),
        rows=tuple(cells(row) for row in table.rows),
        notes=tuple(map(verbatim, cells(table.notes))),
    )


@lru_cache(maxsize=4096)
def _translated(text: str, language: str) -> str:
    texts, forms = _texts(language)
    found = texts.get(text)
    if found is not None:
        return found
    for form, there in forms:
        if match := form.fullmatch(text):
            parts = match.groupdict()
            return there.format(**{name: _part(name, parts[name], language) for name in parts})
    if "\n" in text:
        return "\n".join(_translated(line, language) for line in text.split("\n"))
    return text


def _part(name: str, text: str, language: str) -> str:
    """Return a part of a sentence in another language, as its name says."""
    if name.isupper() or _NUMBER.fullmatch(name):
        return text
    items = text.split(", ") if name == "list" else [text]
    return ", ".join(_translated(item, language) for item in items)


@cache
def _texts(language: str) -> tuple[dict[str, str], list[tuple[re.Pattern[str], str]]]:
    """Return the texts of a language as they are, and the forms of those that have parts."""
    package = files("kafkatco")
    source = package / "output" / "translations" / f"{language}.toml"
    texts: dict[str, str] = tomllib.loads(source.read_text(encoding="utf-8"))["texts"]
    for table in TABLES:
        for row in csv.DictReader((package / table).read_text(encoding="utf-8").splitlines()):
            for column in (name for name in row if f"{name}_{language}" in row):
                texts.setdefault(row[column], row[f"{column}_{language}"])
    forms = sorted((text for text in texts if "{" in text), key=_own, reverse=True)
    return texts, [(_form(text), texts[text]) for text in forms]


def _own(form: str) -> tuple[bool, bool, int]:
    """Return whether a form begins with a sign, whether it has clauses, and how long it is."""
    return form[:2] in SIGNS, "; " in form, len(re.sub(r"\{\w+\}", "", form))


def _form(text: str) -> re.Pattern[str]:
    """Return the pattern of a text with ``{parts}``."""
    parts = re.split(r"\{(\w+)\}", text)
    return re.compile(
        "".join(
            f"(?P<{part}>{_pattern(part)})" if i % 2 else re.escape(part)
            for i, part in enumerate(parts)
        )
    )


def _pattern(part: str) -> str:
    """Return what a part may be: a number, a currency's code, or anything."""
    if part == "CUR":
        return _CURRENCY
    return _FIGURE if _NUMBER.fullmatch(part) else ".+?"
