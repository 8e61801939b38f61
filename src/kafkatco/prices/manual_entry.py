"""Entering one price by hand: what is asked for, and the rows that the answers make."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from kafkatco.errors import InputError, Problem
from kafkatco.prices.bands import LEAP
from kafkatco.prices.columns import PRICES
from kafkatco.prices.rows import UNPRICED, PriceRow

__all__ = ["QUESTIONS", "answer", "entered", "price_text"]

#: How a price is written, of one tier or of several.
EXPECTED_PRICE: Final = (
    "a decimal such as 0.05, tiers such as 0:0.05,10240:0.04, or quote or open for none"
)
#: What is asked, in this order: the column, and the question.
QUESTIONS: Final[Mapping[str, str]] = {
    "price": "price",
    "currency": "currency",
    "unit": "per",
    "valid_from": "valid from",
    "source": "source: the page, file or document that says so",
    "confidence": "confidence",
    "note": "note",
}


def answer(column: str, text: str) -> Any:
    """Return the value of an answer; ``ValueError`` with what was expected and a hint.

    >>> answer("price", "0:0.05, 10240:0.04")
    [(Decimal('0'), Decimal('0.05')), (Decimal('10240'), Decimal('0.04'))]
    >>> answer("confidence", "oficial")
    Traceback (most recent call last):
    ...
    ValueError: ('one of 6 known words', "Did you mean 'official'?")
    """
    if column != "price":
        return PRICES.columns[column](text)
    if text in UNPRICED:
        return text
    try:
        tiers = [tier.strip().rpartition(":") for tier in text.split(",")]
        usual = "0" if len(tiers) == 1 else ""  # each of several needs its edge
        read = PRICES.columns["tier_from"]
        return [(read(edge.strip() or usual), read(price.strip())) for edge, _, price in tiers]
    except ValueError:
        raise ValueError(EXPECTED_PRICE, "") from None


def price_text(tiers: Sequence[PriceRow]) -> str:
    """Return the tiers of a price as an answer writes them."""
    if len(tiers) == 1:
        return tiers[0].tier_kind if tiers[0].price is None else f"{tiers[0].price:f}"
    return ",".join(f"{row.tier_from:f}:{row.price or 0:f}" for row in tiers)


def entered(
    sku: str,
    region: str,
    answers: Mapping[str, Any],
    last: Sequence[PriceRow],
    *,
    today: dt.date,
    accept: bool = False,
) -> list[PriceRow]:
    """Return the rows of a price entered by hand; ``answers`` has the value of each question.

    Raises :class:`~kafkatco.errors.InputError` where the price leaps by a factor of ten from its
    last one, unless that is accepted.
    """
    price = answers["price"]
    tiers: list[tuple[Decimal, Decimal | None]] = (
        [(Decimal(0), None)] if price in UNPRICED else price
    )
    kind = price if price in UNPRICED else "flat" if len(tiers) == 1 else "marginal"
    rows = [
        PriceRow(
            sku,
            region,
            amount,
            answers["currency"],
            answers["unit"],
            edge,
            kind,
            answers["valid_from"],
            today,
            answers["source"],
            answers["confidence"],
            answers["note"],
        )
        for edge, amount in sorted(tiers)
    ]
    problems = []
    if last and answers["unit"] != last[0].unit:
        problems.append(Problem("unit", answers["unit"], f"{last[0].unit}, as before"))
    if last and answers["currency"] != last[0].currency and not accept:
        expected = f"{last[0].currency}, as before"
        problems.append(
            Problem("currency", answers["currency"], expected, "--accept if it is right")
        )
    if problems:
        raise InputError("prices add", problems)
    before = {(row.tier_from, row.currency): row.price for row in last}
    for row in rows if not accept else ():
        old = before.get((row.tier_from, row.currency))
        if old and row.price is not None and not old / LEAP < row.price < old * LEAP:
            expected = f"about {old:f}, its last price"
            problem = Problem("price", f"{row.price:f}", expected, "--accept if it is right")
            raise InputError("prices add", [problem])
    return rows
