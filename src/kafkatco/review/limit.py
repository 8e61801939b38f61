"""The limit of an increase: a share of the cost before, or an amount."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from kafkatco.core.money import parse_money
from kafkatco.errors import InputError, InvalidValueError, Problem
from kafkatco.i18n.message import _
from kafkatco.numerics.tolerance import same
from kafkatco.prices import PriceBook

__all__ = ["Limit", "Verdict"]

#: Whether an increase keeps a limit; "unknown" if a cost is a floor or does not exist.
Verdict = Literal["within", "beyond", "unknown"]


@dataclass(frozen=True, slots=True)
class Limit:
    """The most that a monthly cost may increase: a share of it [1], or an amount [currency]."""

    text: str
    share: float | None
    amount: float | None

    @classmethod
    def of(cls, text: str, book: PriceBook) -> Limit:
        """Parse "10 %" or "500 USD"; an amount is converted to the currency of the book.

        Raises :class:`~kafkatco.errors.InputError`.

        >>> Limit.of("10%", PriceBook(as_of="2025-10-31")).share
        0.1
        """
        try:
            share, amount = _parsed(text, book)
        except InvalidValueError:
            share = amount = -1.0
        if not 0 <= (share or 0) + (amount or 0) < float("inf"):
            expected = _("a share or an amount a month, such as '10 %' or '500 USD'")
            raise InputError("", [Problem("--max-increase", repr(text), expected)])
        return cls(text, share, amount)

    def allows(self, before: float, after: float) -> bool:
        """Return whether a cost may increase so; exactly as much as the limit is allowed.

        >>> Limit("10 %", 0.1, None).allows(100, 110), Limit("10 %", 0.1, None).allows(100, 110.01)
        (True, False)
        """
        most = before + (before * (self.share or 0) if self.amount is None else self.amount)
        return after <= most or same(after, most)


def _parsed(text: str, book: PriceBook) -> tuple[float | None, float | None]:
    if text.rstrip().endswith("%"):
        try:
            return float(text.rstrip().removesuffix("%")) / 100, None
        except ValueError:
            return -1.0, None
    price = parse_money(text)
    return None, price.amount * float(book.exchange(price.currency))
