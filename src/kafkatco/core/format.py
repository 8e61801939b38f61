"""Amounts and numbers as text, and the notes on prices that tables share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from kafkatco.i18n.message import Message, _, join, verbatim

__all__ = [
    "between",
    "either",
    "floor_notes",
    "floor_reasons",
    "floors_json",
    "may_be_cheapest",
    "may_cost_less",
    "money",
    "no_winner",
    "number",
    "prices_note",
    "ranged",
    "trimmed",
]

#: From this amount on, the ends of a range have no cents.
WHOLE: Final = 100


def money(value: float | None, currency: str) -> str:
    """Return an amount as text: whole won and yen, cents of anything else.

    >>> money(1055736.2, "KRW"), money(0.384, "USD"), money(None, "USD")
    ('1,055,736', '0.38', '-')
    """
    if value is None:
        return "-"
    return f"{value:,.0f}" if currency in ("KRW", "JPY") else f"{value:,.2f}"


def between(low: float, high: float, currency: str) -> Message:
    """Return the range of an amount as text, a single amount if it has none: whole from 100 on.

    >>> between(12300.4, 18000.0, "USD"), between(5.0, 5.0, "USD")
    ('12,300 to 18,000', '5.00')
    """
    ends = [f"{end:,.0f}" if low >= WHOLE else money(end, currency) for end in (low, high)]
    if low == high:
        return verbatim(ends[0])
    return _("{low} to {high}", low=ends[0], high=ends[1])


def ranged(amount: str, low: float | None, high: float | None, currency: str) -> Message:
    """Return an amount as text, with its range in brackets, if it has one.

    >>> ranged("18,000.00", 12300.0, 18000.0, "USD"), ranged("5.00+", 5.0, 5.0, "USD")
    ('18,000.00 (12,300 to 18,000)', '5.00+')
    """
    if low is None or high is None or low == high:
        return verbatim(amount)
    return _("{name} ({amount})", name=amount, amount=between(low, high, currency))


def either(options: Mapping[str, tuple[float, float]], currency: str) -> Message:
    """Return two or more options of which any may cost the least: the low and high of each.

    >>> either({"ours": (9.0, 9.0), "theirs": (4.0, 12.0)}, "USD")
    'ours (9.00) or theirs (4.00 to 12.00), USD a month by published price ranges'
    """
    named = [
        _("{name} ({amount})", name=name, amount=between(*ends, currency))
        for name, ends in options.items()
    ]
    return _(
        "{options} or {last}, {currency} a month by published price ranges",
        options=join(", ", named[:-1]),
        last=named[-1],
        currency=currency,
    )


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


def floor_reasons(unpriced_skus: Sequence[str], unchecked: Sequence[str]) -> Message:
    """Return why a cost is a floor: the skus without a price, and the limits that are unknown."""
    skus = ", ".join(unpriced_skus)
    reasons = [_("no price of {skus}", skus=skus)] if unpriced_skus else []
    return join("; ", [*reasons, *unchecked])


def floor_notes(
    unpriced_skus: Mapping[str, Sequence[str]], unchecked: Mapping[str, Sequence[str]] | None = None
) -> tuple[Message, ...]:
    """Return a note for each deployment whose cost is a floor, with the reasons."""
    return tuple(
        _("{name} is a floor: {reasons}", name=label, reasons=reasons)
        for label, reasons in _reasons(unpriced_skus, unchecked or {}).items()
    )


def floors_json(
    unpriced_skus: Mapping[str, Sequence[str]], unchecked: Mapping[str, Sequence[str]]
) -> dict[str, dict[str, list[str]]]:
    """Return the reasons for floors as plain values, by deployment."""
    return {
        "open": {label: list(skus) for label, skus in unpriced_skus.items()},
        "unchecked": {label: list(reasons) for label, reasons in unchecked.items()},
    }


def _reasons(
    unpriced_skus: Mapping[str, Sequence[str]], unchecked: Mapping[str, Sequence[str]]
) -> dict[str, Message]:
    return {
        label: floor_reasons(unpriced_skus.get(label, ()), unchecked.get(label, ()))
        for label in dict.fromkeys([*unpriced_skus, *unchecked])
    }


def may_cost_less(name: str, least: float, currency: str, reasons: str) -> Message:
    """Return the clause on a floor below the cost of a winner, for the sentence that names it."""
    return _(
        "{name} may cost less or more: at least {least} {currency} ({reasons})",
        name=name,
        least=money(least, currency),
        currency=currency,
        reasons=reasons,
    )


def may_be_cheapest(name: str, start: str, stop: str) -> Message:
    """Return a note on a stretch on which a floor is below every known cost."""
    return _(
        "{name} may be the cheapest from {start} to {stop}: its cost is a floor",
        name=name,
        start=start,
        stop=stop,
    )


def no_winner(*, floors: bool) -> Message:
    """Return what stands for the cheapest option if there is none; ``floors`` if some can run."""
    return _("unknown: every cost is a floor") if floors else _("none can handle the load")


def prices_note(prices: Mapping[str, str]) -> Message:
    """Return a note that identifies the prices behind a result."""
    return _(
        "prices: book {book!r} as of {date}, sha256 {sha256}",
        book=prices["book"],
        date=prices["as_of"],
        sha256=prices["sha256"][:12],
    )
