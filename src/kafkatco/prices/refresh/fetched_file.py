"""A raw file of a source: where it came from, and how it is read if it is JSON."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

from kafkatco.prices.refresh.parse import failed

__all__ = ["Origin", "Raw", "describe", "read_json"]


class Origin(NamedTuple):
    """The raw file that a price was read from: its address, its hash and when it was published.

    ``url`` holds no key.  ``published`` is ``None`` where the file does not say.
    """

    url: str
    sha256: str
    published: dt.date | None = None

    def __str__(self) -> str:
        published = f"published {self.published.isoformat()}, " if self.published else ""
        return f"{self.url} ({published}sha256 {self.sha256[:16]})"


@dataclass(frozen=True, slots=True)
class Raw:
    """A fetched file on disk, and where it came from."""

    what: str
    path: Path
    origin: Origin


def read_json(raw: Raw) -> dict[str, Any]:
    """Return the JSON object of a file, with decimals for numbers."""
    data = raw.path.read_bytes()
    try:
        content = json.loads(data, parse_float=Decimal)
    except (ValueError, ArithmeticError, RecursionError):  # 1e99999999999999999999 too
        raise failed(raw.what, describe(data), "JSON") from None
    if not isinstance(content, dict):
        raise failed(raw.what, f"a JSON {type(content).__name__}", "a JSON object")
    return content


def describe(data: bytes) -> str:
    """Say what the beginning of a file that cannot be read looks like."""
    start = data[:200].lstrip().lower()
    if start.startswith((b"<!doctype html", b"<html")):
        return "an HTML page"
    if start.startswith(b"<"):
        return "XML"
    return "an empty file" if not start else "a file that breaks off or is something else"
