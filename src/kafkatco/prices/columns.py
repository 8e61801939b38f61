"""The columns of the tables, and the parser of each."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from kafkatco.core.units import CURRENCIES
from kafkatco.errors import nearest
from kafkatco.i18n.message import _
from kafkatco.prices.rows import (
    CAPACITY_UNITS,
    CONFIDENCES,
    PRICE_UNITS,
    TIER_KINDS,
    Band,
    CapacityRow,
    PriceRow,
)

__all__ = ["BANDS", "CAPACITIES", "PRICES", "Kind"]

#: Turns a cell into its value; raises ``ValueError(expected, hint)``.
Parser = Callable[[str], Any]

_NUMBER: Final = re.compile(r"[0-9]{1,15}(\.[0-9]{1,15})?")
_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def _note(cell: str) -> str:
    if not cell.isprintable():
        raise ValueError(_("printable text"), "")
    return cell


def _text(cell: str) -> str:
    if not cell or cell != cell.strip():
        raise ValueError(_("text without spaces around it"), "")
    return _note(cell)


def _number(cell: str) -> Decimal:
    if not _NUMBER.fullmatch(cell):
        raise ValueError(_("a decimal of at least 0"), "")
    return Decimal(cell)


def _price(cell: str) -> Decimal | None:
    return _number(cell) if cell else None


def _date(cell: str) -> dt.date:
    try:
        return dt.date.fromisoformat(cell if _DATE.fullmatch(cell) else "")
    except ValueError:
        raise ValueError(_("a date, YYYY-MM-DD"), "") from None


def _one_of(words: Sequence[str]) -> Parser:
    def parse(cell: str) -> str:
        if cell not in words:
            hint = nearest(cell, words, limit=20)
            raise ValueError(_("one of {count} known words", count=len(words)), hint)
        return cell

    return parse


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of table: its row, the parser of each column, and the columns that identify a row."""

    row: type[Any]
    columns: dict[str, Parser]
    key: tuple[str, ...]


PRICES: Final = Kind(
    PriceRow,
    {
        "sku": _text,
        "region": _text,
        "price": _price,
        "currency": _one_of(CURRENCIES),
        "unit": _one_of(PRICE_UNITS),
        "tier_from": _number,
        "tier_kind": _one_of(TIER_KINDS),
        "valid_from": _date,
        "retrieved_on": _date,
        "source": _text,
        "confidence": _one_of(CONFIDENCES),
        "note": _note,
    },
    ("sku", "region", "valid_from", "tier_from"),
)
CAPACITIES: Final = Kind(
    CapacityRow,
    {
        "item": _text,
        "attribute": _text,
        "value": _number,
        "unit": _one_of(CAPACITY_UNITS),
        "valid_from": _date,
        "retrieved_on": _date,
        "source": _text,
        "confidence": _one_of(CONFIDENCES),
        "note": _note,
    },
    ("item", "attribute", "valid_from"),
)
BANDS: Final = Kind(
    Band,
    {"prefix": _note, "unit": _one_of(PRICE_UNITS), "low": _number, "high": _number, "note": _note},
    ("prefix", "unit"),
)
