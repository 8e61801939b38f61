"""The columns of the tables: how a cell of each is read, and what is expected of it."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from kafkatco.errors import nearest
from kafkatco.prices.rows import (
    CAPACITY_UNITS,
    CONFIDENCES,
    PRICE_UNITS,
    TIER_KINDS,
    CapacityRow,
    PriceRow,
)
from kafkatco.units import CURRENCIES

__all__ = ["CAPACITIES", "PRICES", "Kind"]

#: Turns a cell into its value; raises ``ValueError`` with what was expected and a hint.
Parser = Callable[[str], Any]

_NUMBER: Final = re.compile(r"\d{1,15}(\.\d{1,15})?")


def _text(cell: str) -> str:
    if not cell or cell != cell.strip():
        raise ValueError("text without spaces around it", "")
    return cell


def _number(cell: str) -> Decimal:
    if not _NUMBER.fullmatch(cell):
        raise ValueError("a decimal of 0 or more", "")
    return Decimal(cell)


def _price(cell: str) -> Decimal | None:
    return _number(cell) if cell else None


def _date(cell: str) -> dt.date:
    try:
        return dt.date.fromisoformat(cell)
    except ValueError:
        raise ValueError("a date, YYYY-MM-DD", "") from None


def _one_of(words: Sequence[str]) -> Parser:
    def parse(cell: str) -> str:
        if cell not in words:
            hint = nearest(cell, words, limit=20)
            raise ValueError(f"one of {len(words)} known words", hint)
        return cell

    return parse


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of table: its row, how its columns are read, and which columns name a row."""

    row: type[Any]
    columns: dict[str, Parser]
    key: tuple[str, ...]


PRICES: Final = Kind(
    PriceRow,
    {
        "sku": _text, "region": _text, "price": _price, "currency": _one_of(CURRENCIES),
        "unit": _one_of(PRICE_UNITS), "tier_from": _number, "tier_kind": _one_of(TIER_KINDS),
        "valid_from": _date, "retrieved_on": _date, "source": _text,
        "confidence": _one_of(CONFIDENCES), "note": str,
    },
    ("sku", "region", "valid_from", "tier_from"),
)  # fmt: skip
CAPACITIES: Final = Kind(
    CapacityRow,
    {
        "item": _text, "attribute": _text, "value": _number, "unit": _one_of(CAPACITY_UNITS),
        "valid_from": _date, "retrieved_on": _date, "source": _text,
        "confidence": _one_of(CONFIDENCES), "note": str,
    },
    ("item", "attribute", "valid_from"),
)  # fmt: skip
