"""Amounts and numbers as text, and the notes on prices that tables share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from kafkatco.i18n.message import Message, _

__all__ = ["floor_notes", "money", "number", "prices_note", "trimmed"]


def money(value: float | None, currency: str) -> str:
    """Return an amount as text: whole won and yen, cents of anything else.

    >>> money(1055736.2, "KRW"), money(0.384, "USD"), money(None, "USD")
    ('1,055,736', '0.38', '-')
    """
    if value is None:
        return "-"
    return f"{value:,.0f}" if currency in ("KRW", "JPY") else f"{value:,.2f}"


def number(value: float) -> str:
    """Return a number with at most six significant digits, and thousands separated.

    >>> number(2190.0), number(0.0416), number(12859.906)
    ('2,190', '0.0416', '12,859.9')
    """
    text = f"{value:,.6g}"
    return f"{value:,.0f}" if "e" in text and abs(value) >= 1 else text


def trimmed(value: float) -> float:
    """Return a number without its last digits, which a change of units may have spoilt.

    >>> trimmed(0.1 * 3)
    0.3
    """
    return float(f"{value:.13g}")


def floor_notes(unpriced_skus: Mapping[str, Sequence[str]]) -> tuple[Message, ...]:
    """Return a note for each deployment whose cost is a floor, with the skus without a price."""
    return tuple(
        _("{name} is a floor: no price of {skus}", name=label, skus=", ".join(skus))
        for label, skus in unpriced_skus.items()
    )


def prices_note(prices: Mapping[str, str]) -> Message:
    """Return a note that identifies the prices behind a result."""
    return _(
        "prices: book {book!r} as of {date}, sha256 {sha256}",
        book=prices["book"],
        date=prices["as_of"],
        sha256=prices["sha256"][:12],
    )
