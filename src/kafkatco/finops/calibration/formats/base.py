"""The common form of all bills: charges of periods, before and after discounts."""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final, Literal, NamedTuple

from kafkatco.i18n.message import Message, _

__all__ = ["Category", "Cells", "Format", "Meter", "Row", "UnreadableError"]

#: The kind of a charge; a purchase pays for a commitment or a fee.
Category = Literal["usage", "purchase", "discount", "credit", "tax", "adjustment"]


class Meter(NamedTuple):
    """The thing that a charge is for, in the provider's own words.

    ``provider`` is the prefix of our skus, or else the name on the bill.  ``meter`` is a usage
    type, the name of a meter, a description or a line type; ``detail`` the operation or the
    product; ``extra`` the destination region or the size of a machine; ``sku`` the bill's id, which
    may be one of ours.
    """

    provider: str
    service: str
    meter: str
    detail: str
    extra: str
    sku: str
    region: str
    unit: str
    currency: str
    category: Category


class Row(NamedTuple):
    """A charge: its billing month, days, meter, quantity and cost.

    ``gross`` is at list price, before all discounts; ``net`` after discounts, commitments (spread
    over the use that they cover) and credits.
    """

    month: str
    first: dt.date
    last: dt.date
    meter: Meter
    quantity: float | None
    gross: float
    net: float


@dataclass(frozen=True, slots=True)
class Format:
    """A format of bills: the columns that identify it, all its columns, and its reader of rows."""

    name: str
    identified_by: frozenset[str]
    columns: frozenset[str]
    read: Callable[[Cells], Row]


class UnreadableError(Exception):
    """An unreadable cell: its column, its value ("" if it is empty), and the expected value."""

    def __init__(self, column: str, value: str, expected: Message) -> None:
        super().__init__(column, value, expected)
        self.column, self.value, self.expected = column, value, expected


class Cells:
    """The cells of a row, by :func:`~kafkatco.finops.calibration.readers.name_key`."""

    __slots__ = ("_cells",)

    def __init__(self, cells: Mapping[str, Any]) -> None:
        self._cells = cells

    def text(self, *names: str) -> str:
        """Return the first non-empty of some columns; "" if all are empty.

        Control characters are escaped.
        """
        for name in names:
            value = self._cells.get(name)
            if value is not None and (text := str(value).strip()):
                return text if text.isprintable() else _written_out(text)
        return ""

    def number(self, *names: str) -> float | None:
        """Return the number in the first non-empty of some columns; ``None`` if all are empty.

        Raises :class:`UnreadableError` unless it is finite.
        """
        for name in names:
            if text := self.text(name):
                try:
                    value = float(text)
                except ValueError:
                    value = math.nan
                if not math.isfinite(value):
                    raise UnreadableError(name, repr(text[:40]), _("a number"))
                return value
        return None

    def cost(self, *names: str) -> float:
        """Return a number that every charge must have, or raise :class:`UnreadableError`."""
        value = self.number(*names)
        if value is None:
            raise UnreadableError(
                names[0], "", _("the cost is missing; a missing cost is not zero")
            )
        return value

    def day(self, *names: str) -> dt.date:
        """Return the first non-empty of some columns as a day in UTC."""
        return self.moment(*names).date()

    def month(self, *names: str) -> str:
        """Return the month in the first non-empty of some columns, such as ``2025-11``."""
        moment = self.moment(*names)
        return f"{moment.year:04}-{moment.month:02}"

    def last_day(self, first: dt.date, *names: str) -> dt.date:
        """Return the day of the last moment before a time; ``first`` if all columns are empty."""
        if not self.text(*names):
            return first
        return max(first, (self.moment(*names) - dt.timedelta(microseconds=1)).date())

    def moment(self, *names: str) -> dt.datetime:
        """Return the first non-empty of some columns as a time; raise :class:`UnreadableError`."""
        text = self.text(*names)
        moment = _moment(text)
        if moment is None:
            if not text:
                raise UnreadableError(names[0], "", _("the date is missing"))
            raise UnreadableError(names[0], repr(text[:40]), _("a date"))
        return moment

    def records(self, name: str) -> list[dict[str, Any]]:
        """Return the records of a column, which may be JSON; empty if the column is."""
        value = self._cells.get(name)
        if isinstance(value, str) and value.strip():
            try:
                value = json.loads(value)
            except (ValueError, RecursionError):
                expected = _("a list of records as JSON")
                raise UnreadableError(name, repr(value[:40]), expected) from None
        records = [] if value is None or isinstance(value, str) else list(value)
        if not all(isinstance(record, dict) for record in records):
            raise UnreadableError(name, repr(value)[:40], _("a list of records"))
        return records


def _written_out(text: str) -> str:
    return "".join(c if c.isprintable() else " " if c.isspace() else ascii(c)[1:-1] for c in text)


#: The format of dates in Azure's older exports.
_AMERICAN: Final = "%m/%d/%Y"
#: The valid years of a bill.
FIRST: Final = 2000
LAST: Final = 2200


@lru_cache(maxsize=4096)
def _moment(text: str) -> dt.datetime | None:
    """Return a time in UTC, from ISO 8601, with or without ``UTC``, or from Azure's dates."""
    moment = None
    try:
        moment = dt.datetime.fromisoformat(text.removesuffix("UTC").strip())
    except ValueError:
        with contextlib.suppress(ValueError):
            moment = dt.datetime.strptime(text, _AMERICAN).replace(tzinfo=dt.UTC)
    if moment is None or not FIRST <= moment.year <= LAST:
        return None
    return moment.astimezone(dt.UTC) if moment.tzinfo else moment.replace(tzinfo=dt.UTC)
