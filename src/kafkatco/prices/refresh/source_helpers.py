"""What several sources share: reading a key, refusing a past date, choosing which days to keep."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from kafkatco.errors import Problem, RefreshError
from kafkatco.prices.refresh.parse import failed
from kafkatco.prices.refresh.source import Query

__all__ = ["kept_days", "key_of", "key_problem", "only_today"]


def key_of(query: Query, name: str, what: str) -> str:
    """Return a key of the user's, which no message shows."""
    key = query.keys.get(name, "")
    if problem := key_problem(key, name, what):
        raise RefreshError("refresh", [problem])
    return key


def key_problem(key: str, name: str, what: str) -> Problem | None:
    """Return what is wrong with a key that may go into a request, without showing it."""
    if not key:
        return Problem(what, "no key", f"{name} in the environment")
    if not key.isascii() or not key.isprintable() or " " in key:
        given = "a key with spaces or other strange characters"
        return Problem(what, given, f"{name} as issued")
    return None


def only_today(query: Query, what: str) -> None:
    """Refuse an earlier date, for a source that has only the prices of today."""
    if query.today and query.as_of < query.today:
        given = f"the prices of {query.as_of.isoformat()}"
        raise failed(what, given, f"those of {query.today.isoformat()}: it has no earlier ones")


def kept_days(days: Iterable[dt.date], *, after: dt.date, as_of: dt.date) -> list[dt.date]:
    """Return the days after a date whose rates the tables keep: each month's last, and the newest.

    That is the last of each month that is over, and of the one that is not the newest as yet.

    >>> days = [dt.date(2026, 10, 29), dt.date(2026, 10, 30), dt.date(2026, 11, 2)]
    >>> [str(day) for day in kept_days(days, after=dt.date(2026, 9, 30), as_of=dt.date.max)]
    ['2026-10-30', '2026-11-02']
    """
    last = {(day.year, day.month): day for day in sorted(days) if day <= as_of}
    return [day for day in last.values() if day > after]
