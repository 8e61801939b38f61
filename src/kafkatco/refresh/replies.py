"""What several sources need of a reply: its fields, numbers and dates, or what is wrong with it."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, Final

from kafkatco.errors import Problem, RefreshError, nearest
from kafkatco.refresh.source import Asked

__all__ = [
    "HOURS", "date_of", "failed", "field", "kept_days", "key_of", "number_of", "only_today",
    "rounded",
]  # fmt: skip

#: The hours of a month, where a table has by the month what a source prices by the hour.
HOURS: Final = 730
#: How many decimals are kept of a price: fewer than a binary fraction prints.
DECIMALS: Final = 12

_NUMBER: Final = re.compile(r"[0-9]{1,12}(\.[0-9]{1,30})?")
_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def failed(what: str, given: str, expected: str, hint: str = "") -> RefreshError:
    """Return the error that says what was read, what there was, and what was expected."""
    return RefreshError("refresh", [Problem(what, given, expected, hint)])


def field(of: Any, name: str, kind: type, what: str) -> Any:
    """Return a field of a JSON object, which must be there and of this kind."""
    known = of if isinstance(of, Mapping) else {}
    if not isinstance(known.get(name), kind):
        given = f"no {name}" if name not in known else f"{name} of another kind"
        raise failed(what, given, f"{name}, as documented", nearest(name, known, limit=0))
    return known[name]


def number_of(text: Any, what: str, name: str) -> Decimal:
    """Return a decimal of 0 or more, given as text or as a number of a JSON file.

    >>> number_of("1.1172", "rates", "EURUSD")
    Decimal('1.1172')
    """
    plain = f"{text:f}" if isinstance(text, Decimal) and text.is_finite() else str(text)
    if isinstance(text, bool) or not _NUMBER.fullmatch(plain):
        raise failed(what, f"{str(text)[:40]!r} for {name}", "a decimal of 0 or more")
    return Decimal(plain)


def rounded(number: Decimal, decimals: int = DECIMALS) -> Decimal:
    """Return a price as it was meant, where it was passed on as a binary fraction.

    >>> rounded(Decimal("0.00012100000000000001"))
    Decimal('0.000121')
    """
    return Decimal(f"{round(number, decimals).normalize():f}")


def date_of(text: Any, what: str) -> dt.date:
    """Return a date, which must have the form YYYY-MM-DD."""
    try:
        return dt.date.fromisoformat(text if _DATE.fullmatch(str(text)) else "")
    except ValueError:
        raise failed(what, f"the date {str(text)[:40]!r}", "YYYY-MM-DD") from None


def key_of(asked: Asked, name: str, what: str) -> str:
    """Return a key of the user's, which no message shows."""
    key = asked.keys.get(name, "")
    if not key:
        raise failed(what, "no key", f"{name} in the environment")
    if not key.isascii() or not key.isprintable() or " " in key:
        raise failed(what, "a key with spaces or other strange characters", f"{name} as issued")
    return key


def only_today(asked: Asked, what: str) -> None:
    """Refuse an earlier date, for a source that says only what its prices are today."""
    if asked.today and asked.as_of < asked.today:
        given = f"the prices of {asked.as_of.isoformat()}"
        raise failed(what, given, f"those of {asked.today.isoformat()}: it has no earlier ones")


def kept_days(days: Iterable[dt.date], *, after: dt.date, as_of: dt.date) -> list[dt.date]:
    """Return the days after a date whose rates the tables keep: each month's last, and the newest.

    That is the last of each month that is over, and of the one that is not the newest as yet.

    >>> days = [dt.date(2026, 10, 29), dt.date(2026, 10, 30), dt.date(2026, 11, 2)]
    >>> [str(day) for day in kept_days(days, after=dt.date(2026, 9, 30), as_of=dt.date.max)]
    ['2026-10-30', '2026-11-02']
    """
    last = {(day.year, day.month): day for day in sorted(days) if day <= as_of}
    return [day for day in last.values() if day > after]
