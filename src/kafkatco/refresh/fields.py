"""Reading the fields of a JSON object that a source gave: what is missing or odd is named."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from kafkatco.errors import Problem, RefreshError, nearest

__all__ = ["day", "entries", "failed", "number", "plain", "text"]


def failed(what: str, given: str, expected: str, hint: str = "") -> RefreshError:
    """Return the error of a file that says something unexpected."""
    return RefreshError("refresh", [Problem(what, given, expected, hint)])


def text(of: Mapping[str, Any], name: str, what: str) -> str:
    """Return a field that is text."""
    found = of.get(name)
    if not isinstance(found, str):
        raise _missing(of, name, what)
    return found


def number(of: Mapping[str, Any], name: str, what: str) -> Decimal:
    """Return a field that is a number, exactly as it is written."""
    found = of.get(name)
    if isinstance(found, bool) or not isinstance(found, int | Decimal):
        raise _missing(of, name, what)
    return Decimal(found)


def entries(of: Mapping[str, Any], name: str, what: str) -> list[dict[str, Any]]:
    """Return a field that is a list of objects."""
    found = of.get(name)
    if not isinstance(found, list):
        raise _missing(of, name, what)
    if not all(isinstance(entry, dict) for entry in found):
        raise failed(what, f"{name} that are no objects", "JSON objects")
    return found


def day(of: Mapping[str, Any], name: str, what: str) -> dt.date:
    """Return the day of a field that is a date, or a time in UTC."""
    found = text(of, name, what)
    try:
        return dt.date.fromisoformat(found[:10])
    except ValueError:
        raise failed(what, f"the date {found[:40]!r}", "YYYY-MM-DD") from None


def plain(amount: Decimal) -> str:
    """Return a number as a note shows it: without trailing zeros and exponent.

    >>> plain(Decimal("5623.0")), plain(Decimal("1E+2"))
    ('5623', '100')
    """
    return f"{amount.normalize():f}"


def _missing(of: Mapping[str, Any], name: str, what: str) -> RefreshError:
    given = f"no {name}" if name not in of else f"{name} {str(of[name])[:40]!r}"
    return failed(what, given, f"{name}, as documented", nearest(name, of))
