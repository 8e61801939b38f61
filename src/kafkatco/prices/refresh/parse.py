"""Read the fields, numbers and dates of a file, with a clear error for each invalid one."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from kafkatco.errors import Problem, RefreshError, nearest
from kafkatco.i18n.message import EMPTY, Message, _, verbatim

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
    "shape",
    "text",
    "unexpected",
]

#: The decimals that are kept of a price: fewer than those of a printed binary fraction.
DECIMALS: Final = 12

#: The most digits of a number before and after the point.
BEFORE: Final = 15
AFTER: Final = 30
#: That limit as a message.
DIGITS: Final = _(
    "at most {before} digits before the point and {after} after it", before=BEFORE, after=AFTER
)

#: The types of JSON values, except numbers.
SHAPES: Final[Mapping[type, Message]] = {
    str: _("text"),
    bool: _("true or false"),
    type(None): verbatim("null"),
    list: _("a list"),
    dict: _("an object"),
}

_NUMBER: Final = re.compile(r"[0-9]{1,12}(\.[0-9]{1,30})?")
_DATE: Final = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})([T ].*)?")


def failed(label: str, sentence: Message, hint: Message = EMPTY) -> RefreshError:
    """Return the error for an invalid file: its name for messages, and what is wrong with it."""
    return RefreshError("refresh", [Problem(label, "", sentence, hint)])


def unexpected(label: str, value: str, expected: Message) -> RefreshError:
    """Return the error for a value of a file that should be another."""
    return RefreshError("refresh", [Problem(label, value, expected)])


def shape(value: object) -> Message:
    """Return the type of a JSON value.

    >>> shape({}), shape(None), shape(1)
    ('an object', 'null', 'a number')
    """
    return SHAPES.get(type(value)) or _("a number")


def field(of: Any, name: str, kind: type, label: str) -> Any:
    """Return a field of a JSON object, which must exist and have this type."""
    fields = of if isinstance(of, Mapping) else {}
    if not isinstance(fields.get(name), kind):
        raise _missing(fields, name, label)
    return fields[name]


def text(of: Mapping[str, Any], name: str, label: str) -> str:
    """Return a field that is text."""
    return str(field(of, name, str, label))


def number(of: Mapping[str, Any], name: str, label: str) -> Decimal:
    """Return a field that is a number, with exactly its digits."""
    value = of.get(name)
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise _missing(of, name, label)
    if not is_usual(exact := Decimal(value)):
        raise unexpected(label, _("{value} for {name}", value=str(exact)[:40], name=name), DIGITS)
    return exact


def is_usual(number: Decimal) -> bool:
    """Return whether a number has a usual number of digits.

    A short text may stand for a number that overflows, or that fills the memory when printed.

    >>> is_usual(Decimal("0.0456")), is_usual(Decimal("1E+9999999")), is_usual(Decimal("NaN"))
    (True, False, False)
    """
    exponent = number.as_tuple().exponent
    return isinstance(exponent, int) and exponent >= -AFTER and number.adjusted() < BEFORE


def entries(of: Mapping[str, Any], name: str, label: str) -> list[dict[str, Any]]:
    """Return a field that is a list of objects."""
    items: list[dict[str, Any]] = field(of, name, list, label)
    if not all(isinstance(entry, dict) for entry in items):
        raise failed(label, _("the list {field} has entries that are not objects", field=name))
    return items


def day(of: Mapping[str, Any], name: str, label: str) -> dt.date:
    """Return the day of a field that is a date, or a time in UTC."""
    return date_of(text(of, name, label), label)


def date_of(text: Any, label: str) -> dt.date:
    """Return the day of a date, YYYY-MM-DD, or of a time that begins with one."""
    match = _DATE.fullmatch(str(text))
    try:
        return dt.date.fromisoformat(match[1] if match else "")
    except ValueError:
        raise unexpected(label, repr(str(text)[:40]), _("a date, YYYY-MM-DD")) from None


def number_of(text: Any, label: str, name: str) -> Decimal:
    """Return a decimal of at least 0, from text or from a number of a JSON file.

    >>> number_of("1.1172", "rates", "EURUSD")
    Decimal('1.1172')
    """
    plain = f"{text:f}" if isinstance(text, Decimal) and is_usual(text) else str(text)
    if isinstance(text, bool) or not _NUMBER.fullmatch(plain):
        value = _("{value!r} for {name}", value=str(text)[:40], name=name)
        raise unexpected(label, value, _("a decimal of at least 0"))
    return Decimal(plain)


def rounded(number: Decimal, decimals: int = DECIMALS) -> Decimal:
    """Return a price without the error of a binary fraction.

    >>> rounded(Decimal("0.00012100000000000001"))
    Decimal('0.000121')
    """
    return Decimal(plain(round(number, decimals)))


def plain(amount: Decimal) -> str:
    """Return a number without trailing zeros and exponent, for notes.

    >>> plain(Decimal("5623.0")), plain(Decimal("1E+2"))
    ('5623', '100')
    """
    return f"{amount.normalize():f}"


def _missing(of: Mapping[str, Any], name: str, label: str) -> RefreshError:
    """Return the error for a missing field, or with its type: its value may be the user's key."""
    if name not in of:
        hint = nearest(name, of, limit=0)
        return failed(label, _("the field {field} is missing", field=name), hint)
    sentence = _("the field {field} is {type}", field=name, type=shape(of[name]))
    return failed(label, sentence)
