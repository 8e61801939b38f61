"""The age of prices: when those behind an answer were read, and which are second-hand."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Self

from kafkatco.core.today import today
from kafkatco.i18n.message import Message, _, join, ngettext
from kafkatco.prices.rows import PriceRow

__all__ = ["PricesRead"]

#: The confidences of figures that nobody reads again: the user's own, and the article's.
UNREAD: Final = ("user", "article")
#: The months after which even the newest price of an answer is old.
OLD: Final = 12


@dataclass(frozen=True, slots=True)
class PricesRead:
    """The dates on which the ``skus`` behind an answer were read, the first and the last.

    ``oldest_sku`` was read first, ``months`` ago [full months], and the newest ``newest_months``
    ago.  ``secondary`` are the skus whose price is from a secondary source.
    """

    skus: tuple[str, ...]
    oldest: dt.date
    oldest_sku: str
    newest: dt.date
    months: int
    newest_months: int
    secondary: tuple[str, ...]

    @classmethod
    def of(cls, rows: Iterable[PriceRow]) -> Self | None:
        """Return the dates of some rows; ``None`` without a row that was read."""
        read = [row for row in rows if row.confidence not in UNREAD]
        if not read:
            return None
        now, newest = today(), max(row.retrieved_on for row in read)
        oldest, sku = min((row.retrieved_on, row.sku) for row in read)
        return cls(
            _skus(read),
            oldest,
            sku,
            newest,
            _months(oldest, now),
            _months(newest, now),
            _skus(row for row in read if row.confidence == "secondary"),
        )

    @property
    def is_old(self) -> bool:
        """Whether every price was read a year ago or earlier."""
        return self.newest_months >= OLD

    @property
    def message(self) -> Message:
        """The dates, the age of the oldest price, and how many are from secondary sources."""
        age = ngettext(
            "prices read {oldest} to {newest}; the oldest, {sku}, is {n} month old",
            "prices read {oldest} to {newest}; the oldest, {sku}, is {n} months old",
            self.months,
            oldest=self.oldest.isoformat(),
            newest=self.newest.isoformat(),
            sku=self.oldest_sku,
        )
        if not self.secondary:
            return age
        count, all_ = len(self.secondary), len(self.skus)
        return join("; ", [age, _("{n} of {all} from secondary sources", n=count, all=all_)])


def _skus(rows: Iterable[PriceRow]) -> tuple[str, ...]:
    return tuple(sorted({row.sku for row in rows}))


def _months(start: dt.date, end: dt.date) -> int:
    """Return the full months between two dates; 0 if the second is not later.

    >>> [_months(dt.date(2025, 10, 9), dt.date(2026, 11, day)) for day in (8, 9)]
    [12, 13]
    """
    months = 12 * (end.year - start.year) + end.month - start.month - (end.day < start.day)
    return max(months, 0)
