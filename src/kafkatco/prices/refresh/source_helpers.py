"""Helpers of several sources: read a key, refuse a past date, choose the days to keep."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from kafkatco.errors import Problem, RefreshError
from kafkatco.i18n.message import _
from kafkatco.prices.refresh.parse import failed
from kafkatco.prices.refresh.source import Query

__all__ = ["kept_days", "key_of", "key_problem", "only_today"]


def key_of(query: Query, name: str, label: str) -> str:
    """Return a key of the user, which no message shows."""
    key = query.keys.get(name, "")
    if problem := key_problem(key, name, label):
        raise RefreshError("refresh", [problem])
    return key


def key_problem(key: str, name: str, label: str) -> Problem | None:
    """Return the problem of a key that goes into a request, without showing the key."""
    if not key:
        return Problem(label, "", _("no key; set {key} in the environment", key=name))
    if not key.isascii() or not key.isprintable() or " " in key:
        sentence = _("{key} has spaces or other characters that no key has", key=name)
        return Problem(label, "", sentence)
    return None


def only_today(query: Query, label: str) -> None:
    """Refuse a past date, for a source that has only today's prices."""
    if query.today and query.as_of < query.today:
        sentence = _(
            "no prices of {date}: the source has only those of today, {today}",
            date=query.as_of.isoformat(),
            today=query.today.isoformat(),
        )
        raise failed(label, sentence)


def kept_days(days: Iterable[dt.date], *, after: dt.date, as_of: dt.date) -> list[dt.date]:
    """Return the days after a date whose rates the tables keep: each month's last day so far.

    >>> days = [dt.date(2026, 10, 29), dt.date(2026, 10, 30), dt.date(2026, 11, 2)]
    >>> [str(day) for day in kept_days(days, after=dt.date(2026, 9, 30), as_of=dt.date.max)]
    ['2026-10-30', '2026-11-02']
    """
    last = {(day.year, day.month): day for day in sorted(days) if day <= as_of}
    return [day for day in last.values() if day > after]
