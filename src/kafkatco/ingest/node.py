"""A value of JSON or YAML that knows its place, so that an error can name it."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from kafkatco.errors import InputError, Problem, nearest, shown
from kafkatco.i18n.message import EMPTY, Message, _

__all__ = ["Node", "instant", "number"]


@dataclass(frozen=True, slots=True)
class Node:
    """A parsed value, its path and its file.

    A missing value is ``None``; such a node is false.

    Methods that need a type raise :class:`~kafkatco.errors.InputError`, which names the place.

    >>> node = Node({"data": [{"value": "12"}]}, source="reply.json")
    >>> [item["value"].number() for item in node["data"].items()]
    [12.0]
    >>> bool(node.get("other"))
    False
    """

    value: Any
    path: str = ""
    source: str = ""

    def __bool__(self) -> bool:
        return self.value is not None

    def get(self, *keys: str) -> Node:
        """Return a field of a field...; a node without a value if one of them is missing."""
        node = self
        for key in keys:
            value = node.value.get(key) if isinstance(node.value, dict) else None
            node = Node(value, f"{node.path}.{key}" if node.path else key, self.source)
        return node

    def __getitem__(self, key: str) -> Node:
        """Return a field, which must be there."""
        if not isinstance(self.value, dict):
            raise self.wrong(_("a record with the field {field!r}", field=key))
        node = self.get(key)
        if node.value is None:
            raise InputError(
                "",
                [Problem(node.place, "", _("required field"), nearest(key, map(str, self.value)))],
            )
        return node

    def item(self, number: int) -> Node:
        """Return an item of a list, which must be there."""
        return Node(self.value[number], f"{self.path}[{number}]", self.source)

    def items(self) -> Iterator[Node]:
        """Yield the items of a list."""
        if not isinstance(self.value, list):
            raise self.wrong(_("a list"))
        for number in range(len(self.value)):
            yield self.item(number)

    def fields(self) -> Iterator[tuple[str, Node]]:
        """Yield the names and values of a record."""
        if not isinstance(self.value, dict):
            raise self.wrong(_("a record"))
        for key in self.value:
            yield str(key), self.get(key)

    def is_list(self) -> bool:
        """Return whether the value is a list."""
        return isinstance(self.value, list)

    def text(self, default: str | None = None) -> str:
        """Return text; ``default``, if there is one, for a missing value."""
        if self.value is None and default is not None:
            return default
        if not isinstance(self.value, str):
            raise self.wrong(_("a text"))
        return self.value

    def number(self) -> float:
        """Return a number, which may be written as text; NaN for a missing or infinite one."""
        value = number(self.value)
        if value is None:
            raise self.wrong(_("a number"))
        return value

    def time(self) -> float:
        """Return a time as seconds since 1970 in UTC."""
        seconds = instant(self.value)
        if seconds is None:
            raise self.wrong(_("a time, such as '2026-09-01T00:00:00Z'"))
        return seconds

    @property
    def place(self) -> str:
        """The file and the path in it."""
        return f"{self.source}:{self.path}" if self.path else self.source

    def wrong(self, expected: Message, hint: Message = EMPTY) -> InputError:
        """Return the error of a wrong value, to be raised."""
        return InputError("", [Problem(self.place, shown(self.value), expected, hint)])


def number(value: object) -> float | None:
    """Return a number, which may be text; NaN for nothing and for an infinite one, else ``None``.

    >>> number("1.5"), number(None), number("many"), number(True)
    (1.5, nan, None, None)
    """
    if value is None:
        return math.nan
    if not isinstance(value, int | float | str) or isinstance(value, bool):
        return None
    try:
        result = float(value)
    except (ValueError, OverflowError):
        return None
    return result if math.isfinite(result) else math.nan


def instant(value: object) -> float | None:
    """Return a time as seconds since 1970; ``None`` if it is none.  Without a zone it is UTC.

    Seconds and milliseconds are told apart by size: 1e11 s is the year 5138.

    >>> instant("2026-09-01T01:00:00+01:00") == instant("2026-09-01") == instant(1788220800)
    True
    >>> instant("yesterday")
    """
    if isinstance(value, bool):
        return None
    if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        value = value.isoformat()
    try:
        if isinstance(value, dt.datetime):
            moment = value
        elif isinstance(value, int | float) or (isinstance(value, str) and _is_number(value)):
            seconds = float(value)
            seconds = seconds / 1000 if abs(seconds) >= 1e11 else seconds
            return seconds if 0 <= seconds < 1e11 else None
        else:
            moment = dt.datetime.fromisoformat(str(value).strip())
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=dt.UTC)
        return moment.timestamp()
    except (ValueError, OverflowError):
        return None


def _is_number(text: str) -> bool:
    return len(text) >= 9 and text.replace(".", "", 1).isdecimal()
