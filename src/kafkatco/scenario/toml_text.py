"""Values and comments as TOML 1.0, for scenarios that are written for people.

Python reads TOML and does not write it.  See https://toml.io/en/v1.0.0.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Mapping
from textwrap import wrap
from typing import Any, Final

__all__ = ["comment", "section", "toml_key", "toml_value"]

#: The columns of a comment.
WIDTH: Final = 96
#: The items of a longer list are in rows of this many, such as the hours of a day.
ROW: Final = 24
#: Keys that need no quotes.
BARE: Final = re.compile(r"[A-Za-z0-9_-]+")
#: Letters that a string may not have as they are: its own marks and control characters.
SPECIAL: Final = re.compile(r'["\\\x00-\x1f\x7f]')
#: Letters that a comment may not have: control characters, and halves of a letter.
FORBIDDEN: Final = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]|[\ud800-\udfff]")
SHORT: Final = {'"': r"\"", "\\": r"\\", "\n": r"\n", "\t": r"\t", "\r": r"\r"}


def toml_value(value: Any) -> str:
    r"""Return a value: text, a number, a date, or lists and tables of them.

    Raises :class:`TypeError` for any other value.

    >>> toml_value({"fte": 0.5, "name": 'the "old" one'})
    '{ fte = 0.5, name = "the \\"old\\" one" }'
    """
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            return f'"{SPECIAL.sub(_escaped, value)}"'
        case int() | dt.date():
            return value.isoformat() if isinstance(value, dt.date) else str(int(value))
        case float():
            return repr(float(value))
        case Mapping():
            items = [f"{toml_key(key)} = {toml_value(item)}" for key, item in value.items()]
            return f"{{ {', '.join(items)} }}" if items else "{}"
        case list() | tuple():
            items = [toml_value(item) for item in value]
            if len(items) <= ROW:
                return f"[{', '.join(items)}]"
            rows = (", ".join(items[at : at + ROW]) for at in range(0, len(items), ROW))
            return "[\n" + "".join(f"  {row},\n" for row in rows) + "]"
    raise TypeError(f"a scenario has no {type(value).__name__}")


def toml_key(key: str) -> str:
    """Return a key, in quotes where it needs some.

    >>> toml_key("ingress"), toml_key("aws.msk.storage")
    ('ingress', '"aws.msk.storage"')
    """
    return key if BARE.fullmatch(key) else toml_value(key)


def comment(text: str) -> Iterator[str]:
    """Yield the lines of a comment; a letter that no comment may have becomes a mark.

    >>> list(comment("the mean of a month"))
    ['# the mean of a month']
    """
    for line in text.splitlines():
        safe = FORBIDDEN.sub("\N{REPLACEMENT CHARACTER}", line)
        for part in wrap(safe, WIDTH, break_long_words=False, break_on_hyphens=False) or [""]:
            yield f"# {part}".rstrip()


def section(
    header: str, fields: Mapping[str, Any], comments: Mapping[str, Iterable[str]]
) -> Iterator[str]:
    """Yield the lines of a table, each field below its comments; ``""`` is that of the header."""
    for text in comments.get("", ()):
        yield from comment(text)
    yield header
    for name, value in fields.items():
        for text in comments.get(name, ()):
            yield from comment(text)
        yield f"{toml_key(name)} = {toml_value(value)}"


def _escaped(found: re.Match[str]) -> str:
    letter = found.group()
    return SHORT.get(letter, f"\\u{ord(letter):04X}")
