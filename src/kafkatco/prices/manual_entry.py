"""Enter one price by hand: the questions, and the rows made of the answers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from kafkatco.errors import InputError, Problem
from kafkatco.i18n.message import _
from kafkatco.prices.bands import LEAP
from kafkatco.prices.columns import PRICES
from kafkatco.prices.rows import UNPRICED, PriceRow

__all__ = ["QUESTIONS", "answer", "entered", "price_text"]

#: How to write a price, of one tier or of several.
EXPECTED_PRICE: Final = _(
    "a decimal such as 0.05, tiers such as 0:0.05,10240:0.04, or quote or open without a figure"
)
#: The question for each column, in order.
QUESTIONS: Final[Mapping[str, str]] = {
    "price": _("price"),
    "currency": _("currency"),
    "unit": _("per"),
    "valid_from": _("valid from"),
    "source": _("source: the page, file or document with this figure"),
    "confidence": _("confidence"),
    "note": _("note"),
}

#: What to do about a suspicious answer that is right.
ACCEPT: Final = _("Add --accept if it is right")


def answer(column: str, text: str) -> Any:
    """Return the value of an answer; raise ``ValueError(expected, hint)`` if it is invalid.

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
        usual = "0" if len(tiers) == 1 else ""  # several tiers must each have an edge
        read = PRICES.columns["tier_from"]
        return [(read(edge.strip() or usual), read(price.strip())) for edge, _sep, price in tiers]
    except ValueError:
        raise ValueError(EXPECTED_PRICE, "") from None


def price_text(tiers: Sequence[PriceRow]) -> str:
    """Return the tiers of a price in the form of an answer."""
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

    Raises :class:`~kafkatco.errors.InputError` if the price differs from the last one in unit, in
    currency or by a factor of ten; with ``accept`` only the unit must stay.
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
        expected = _("{value}, as before", value=last[0].unit)
        problems.append(Problem("unit", answers["unit"], expected))
    if last and answers["currency"] != last[0].currency and not accept:
        expected = _("{value}, as before", value=last[0].currency)
        problems.append(Problem("currency", answers["currency"], expected, ACCEPT))
    if problems:
        raise InputError("prices add", problems)
    before = {(row.tier_from, row.currency): row.price for row in last}
    for row in rows if not accept else ():
        old = before.get((row.tier_from, row.currency))
        if old and row.price is not None and not old / LEAP < row.price < old * LEAP:
            expected = _("about {price:f}, the last price", price=old)
            raise InputError("prices add", [Problem("price", f"{row.price:f}", expected, ACCEPT)])
    return rows
