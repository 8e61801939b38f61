"""The one form in which every bill is read: a charge of a period, before and after reductions."""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final, Literal, NamedTuple

__all__ = ["Category", "Cells", "Format", "Meter", "Row", "UnreadableError"]

#: What a charge is: use, what is paid for a commitment or a fee, what is taken off, or a tax.
Category = Literal["usage", "purchase", "discount", "credit", "tax", "adjustment"]


class Meter(NamedTuple):
    """What a charge is for, in the provider's own words.

    ``provider`` is as skus name it, or as the bill does.  ``meter`` is a usage type, the name of a
    meter, a description or a line type; ``detail`` the operation or the product, ``extra`` the
    region towards which or the size of a machine; ``sku`` the bill's id, which may be one of ours.
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
    """A charge: its billing month, its days, its meter, how much, and what it costs.

    ``gross`` is at list price, before all that is taken off; ``net`` after discounts, commitments
    (spread over what they cover) and credits.
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
    """A format of bills: the columns that identify it, all that are read, and how to read a row."""

    name: str
    identified_by: frozenset[str]
    columns: frozenset[str]
    read: Callable[[Cells], Row]


class UnreadableError(Exception):
    """A cell that cannot be read: its column, what it holds, and what was expected."""

    def __init__(self, column: str, given: str, expected: str) -> None:
        super().__init__(column, given, expected)
        self.column, self.given, self.expected = column, given, expected


class Cells:
    """The cells of a row, by :func:`~kafkatco.finops.calibration.readers.name_key`."""

    __slots__ = ("_cells",)

    def __init__(self, cells: Mapping[str, Any]) -> None:
        self._cells = cells

    def text(self, *names: str) -> str:
        """Return the first of some columns that is not empty; "" where all are.

        Control characters are written out.
        """
        for name in names:
            value = self._cells.get(name)
            if value is not None and (text := str(value).strip()):
                return text if text.isprintable() else _written_out(text)
        return ""

    def number(self, *names: str) -> float | None:
        """Return the first of some columns that has a number; ``None`` where none does.

        Raises :class:`UnreadableError` unless it is finite.
        """
        for name in names:
            if text := self.text(name):
                try:
                    value = float(text)
                except ValueError:
                    value = math.nan
                if not math.isfinite(value):
                    raise UnreadableError(name, repr(text[:40]), "a number")
                return value
        return None

    def cost(self, *names: str) -> float:
        """Return a number that every charge has; raises :class:`UnreadableError` without it."""
        value = self.number(*names)
        if value is None:
            raise UnreadableError(names[0], "nothing", "a cost: what is missing is not zero")
        return value

    def day(self, *names: str) -> dt.date:
        """Return the first of some columns as a day in UTC."""
        return self.moment(*names).date()

    def month(self, *names: str) -> str:
        """Return the month of the first of some columns, such as ``2025-11``."""
        moment = self.moment(*names)
        return f"{moment.year:04}-{moment.month:02}"

    def last_day(self, first: dt.date, *names: str) -> dt.date:
        """Return the day of the last moment before some column's; ``first`` where none has it."""
        if not self.text(*names):
            return first
        return max(first, (self.moment(*names) - dt.timedelta(microseconds=1)).date())

    def moment(self, *names: str) -> dt.datetime:
        """Return the first of some columns as a time; raises :class:`UnreadableError`."""
        text = self.text(*names)
        moment = _moment(text)
        if moment is None:
            raise UnreadableError(names[0], repr(text[:40]) if text else "nothing", "a date")
        return moment

    def records(self, name: str) -> list[dict[str, Any]]:
        """Return the records of a column, given as such or as JSON; none where it is empty."""
        value = self._cells.get(name)
        if isinstance(value, str) and value.strip():
            try:
                value = json.loads(value)
            except (ValueError, RecursionError):
                raise UnreadableError(name, repr(value[:40]), "a list of records as JSON") from None
        records = [] if value is None or isinstance(value, str) else list(value)
        if not all(isinstance(record, dict) for record in records):
            raise UnreadableError(name, repr(value)[:40], "a list of records")
        return records


def _written_out(text: str) -> str:
    return "".join(c if c.isprintable() else " " if c.isspace() else ascii(c)[1:-1] for c in text)


#: The dates of Azure's older exports.
_AMERICAN: Final = "%m/%d/%Y"
#: The years that a bill may be of.
FIRST: Final = 2000
LAST: Final = 2200


@lru_cache(maxsize=4096)
def _moment(text: str) -> dt.datetime | None:
    """Return a time in UTC: ISO 8601, with ``UTC`` after it, or the dates of Azure's exports."""
    moment = None
    try:
        moment = dt.datetime.fromisoformat(text.removesuffix("UTC").strip())
    except ValueError:
        with contextlib.suppress(ValueError):
            moment = dt.datetime.strptime(text, _AMERICAN).replace(tzinfo=dt.UTC)
    if moment is None or not FIRST <= moment.year <= LAST:
        return None
    return moment.astimezone(dt.UTC) if moment.tzinfo else moment.replace(tzinfo=dt.UTC)
