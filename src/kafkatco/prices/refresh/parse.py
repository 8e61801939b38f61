"""Reading the fields, numbers and dates of a file, with a clear error for a bad one."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from kafkatco.errors import Problem, RefreshError, nearest

__all__ = [
    "DIGITS",
    "date_of",
    "day",
    "entries",
    "failed",
    "field",
    "is_usual",
    "number",
    "number_of",
    "plain",
    "rounded",
    "text",
]

#: How many decimals are kept of a price: fewer than a binary fraction prints.
DECIMALS: Final = 12

#: The most digits of a number before the point, and after it.
BEFORE: Final = 15
AFTER: Final = 30
#: That limit in a message.
DIGITS: Final = f"at most {BEFORE} digits before the point and {AFTER} after it"

#: What JSON holds, but for numbers.
SHAPES: Final = {
    str: "text",
    bool: "a truth value",
    type(None): "null",
    list: "a list",
    dict: "an object",
}

_NUMBER: Final = re.compile(r"[0-9]{1,12}(\.[0-9]{1,30})?")
_DATE: Final = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})([T ].*)?")


def failed(what: str, given: str, expected: str, hint: str = "") -> RefreshError:
    """Return the error for a bad file: what was read, what it held, and what was expected."""
    return RefreshError("refresh", [Problem(what, given, expected, hint)])


def field(of: Any, name: str, kind: type, what: str) -> Any:
    """Return a field of a JSON object, which must be there and of this kind."""
    fields = of if isinstance(of, Mapping) else {}
    if not isinstance(fields.get(name), kind):
        raise _missing(fields, name, what)
    return fields[name]


def text(of: Mapping[str, Any], name: str, what: str) -> str:
    """Return a field that is text."""
    return str(field(of, name, str, what))


def number(of: Mapping[str, Any], name: str, what: str) -> Decimal:
    """Return a field that is a number, exactly as it is written."""
    value = of.get(name)
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise _missing(of, name, what)
    if not is_usual(exact := Decimal(value)):
        raise failed(what, f"{str(exact)[:40]} for {name}", DIGITS)
    return exact


def is_usual(number: Decimal) -> bool:
    """Return whether a number has no more digits than what is counted or paid may have.

    A few letters can write one that no arithmetic holds, or that fills the memory when printed.

    >>> is_usual(Decimal("0.0456")), is_usual(Decimal("1E+9999999")), is_usual(Decimal("NaN"))
    (True, False, False)
    """
    exponent = number.as_tuple().exponent
    return isinstance(exponent, int) and exponent >= -AFTER and number.adjusted() < BEFORE


def entries(of: Mapping[str, Any], name: str, what: str) -> list[dict[str, Any]]:
    """Return a field that is a list of objects."""
    items: list[dict[str, Any]] = field(of, name, list, what)
    if not all(isinstance(entry, dict) for entry in items):
        raise failed(what, f"{name} that are no objects", "JSON objects")
    return items


def day(of: Mapping[str, Any], name: str, what: str) -> dt.date:
    """Return the day of a field that is a date, or a time in UTC."""
    return date_of(text(of, name, what), what)


def date_of(text: Any, what: str) -> dt.date:
    """Return a date, YYYY-MM-DD, or the day of a time that begins so."""
    match = _DATE.fullmatch(str(text))
    try:
        return dt.date.fromisoformat(match[1] if match else "")
    except ValueError:
        raise failed(what, f"the date {str(text)[:40]!r}", "YYYY-MM-DD") from None


def number_of(text: Any, what: str, name: str) -> Decimal:
    """Return a decimal of 0 or more, given as text or as a number of a JSON file.

    >>> number_of("1.1172", "rates", "EURUSD")
    Decimal('1.1172')
    """
    plain = f"{text:f}" if isinstance(text, Decimal) and is_usual(text) else str(text)
    if isinstance(text, bool) or not _NUMBER.fullmatch(plain):
        raise failed(what, f"{str(text)[:40]!r} for {name}", "a decimal of 0 or more")
    return Decimal(plain)


def rounded(number: Decimal, decimals: int = DECIMALS) -> Decimal:
    """Return a price as it was meant, where it was passed on as a binary fraction.

    >>> rounded(Decimal("0.00012100000000000001"))
    Decimal('0.000121')
    """
    return Decimal(plain(round(number, decimals)))


def plain(amount: Decimal) -> str:
    """Return a number as a note shows it: without trailing zeros and exponent.

    >>> plain(Decimal("5623.0")), plain(Decimal("1E+2"))
    ('5623', '100')
    """
    return f"{amount.normalize():f}"


def _missing(of: Mapping[str, Any], name: str, what: str) -> RefreshError:
    """Say what a field is instead, but not what it holds: that may be a key, sent back."""
    if name not in of:
        return failed(what, f"no {name}", f"{name}, as documented", nearest(name, of, limit=0))
    shape = SHAPES.get(type(of[name]), "a number")
    return failed(what, f"{shape} for {name}", f"{name}, as documented")
