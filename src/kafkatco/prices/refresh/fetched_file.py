"""A fetched file of a source: its origin, and its content if it is JSON."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

from kafkatco.i18n.message import Message, _, verbatim
from kafkatco.prices.refresh.parse import shape, unexpected

__all__ = ["Origin", "Raw", "describe", "read_json"]


class Origin(NamedTuple):
    """The origin of a price: the address, hash and publication date of its file.

    ``url`` has no key in it.  ``published`` is ``None`` if the file has no date.
    """

    url: str
    sha256: str
    published: dt.date | None = None

    def __str__(self) -> str:
        published = f"published {self.published.isoformat()}, " if self.published else ""
        return f"{self.url} ({published}sha256 {self.sha256[:16]})"


@dataclass(frozen=True, slots=True)
class Raw:
    """A fetched file on disk, with its origin and its name for messages."""

    label: str
    path: Path
    origin: Origin


def read_json(raw: Raw) -> dict[str, Any]:
    """Return the JSON object of a file, with decimals for numbers."""
    data = raw.path.read_bytes()
    try:
        content = json.loads(data, parse_float=Decimal)
    except (ValueError, ArithmeticError, RecursionError):  # 1e99999999999999999999 too
        raise unexpected(raw.label, describe(data), verbatim("JSON")) from None
    if not isinstance(content, dict):
        raise unexpected(raw.label, shape(content), _("a JSON object"))
    return content


def describe(data: bytes) -> Message:
    """Return what kind of file the beginning of an unreadable one suggests."""
    start = data[:200].lstrip().lower()
    if start.startswith((b"<!doctype html", b"<html")):
        return _("an HTML page")
    if start.startswith(b"<"):
        return verbatim("XML")
    return _("an empty file") if not start else _("a truncated file, or one of another kind")
