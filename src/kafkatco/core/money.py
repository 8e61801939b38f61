"""Money as text: prices for one of something, salaries, and sums."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any, Final

from pydantic import PlainSerializer, PlainValidator, WithJsonSchema

from kafkatco.core.units import CURRENCIES, quantity, registry

__all__ = [
    "Money",
    "MoneyPerMonth",
    "PriceMeasure",
    "parse_money",
    "parse_price",
    "parse_salary",
    "price_example",
]


@dataclass(frozen=True, slots=True)
class PriceMeasure:
    """A price: an amount of a currency, for one of something."""

    text: str
    amount: float
    currency: str
    quantity: Any

    def __reduce__(self) -> tuple[Any, ...]:
        # pint would look for our units in its own registry when another process reads it
        parts = float(self.quantity.magnitude), str(self.quantity.units)
        return _again, (self.text, self.amount, self.currency, *parts)

    def per(self, unit: str) -> float:
        """Return the amount [currency] for one ``unit`` of a price table.

        Raises ``ValueError`` if it is a price of something else.

        >>> round(parse_price("0.05 USD/GB").per("GiB"), 6)
        0.053687
        """
        for expression in _EXPRESSIONS.get(unit, (unit.replace("-", " * "),)):
            target = f"{self.currency} / ({expression})" if expression else self.currency
            if self.quantity.is_compatible_with(target):
                return float(self.quantity.to(target).magnitude)
        raise ValueError(f"a price per {unit}, such as '{price_example(unit, self.currency)}'")


def _again(text: str, amount: float, currency: str, magnitude: float, unit: str) -> PriceMeasure:
    return PriceMeasure(text, amount, currency, registry().Quantity(magnitude, unit))


#: What else a price table's unit may be written as: people are paid by the month, or by nothing.
_EXPRESSIONS: Final = {"once": ("",), "FTE-month": ("FTE * month", "month")}


def price_example(unit: str, currency: str = "USD") -> str:
    """Return a price of one ``unit`` of a price table, as a user may write it.

    >>> price_example("MiB/s-month"), price_example("once", "KRW")
    ('0.10 USD/(MiB/s)/month', '0.10 KRW')
    """
    if unit == "once":
        return f"0.10 {currency}"
    size, _, month = unit.partition("-")
    size = f"({size})" if "/" in size else size
    return f"0.10 {currency}/{size}" + (f"/{month}" if month else "")


def parse_price(text: object, *, example: str = "0.384 USD/hour") -> PriceMeasure:
    """Parse ``text`` as money, or money for one of something.  Raises ``ValueError``."""
    if isinstance(text, PriceMeasure):
        return text
    found = quantity(text, example)
    powers = found.dimensionality
    paid = [currency for currency in CURRENCIES if powers.get(f"[{currency}]") == 1]
    if len(paid) != 1:
        raise ValueError(f"a price with a currency ({', '.join(CURRENCIES)}), such as '{example}'")
    return PriceMeasure(str(text), float(found.magnitude), paid[0], found)


def parse_salary(text: object) -> PriceMeasure:
    """Parse what one person costs in a month: '5000000 KRW' and '5000000 KRW/month' alike.

    Raises ``ValueError``.

    >>> parse_salary("60000 USD/year").amount
    5000.0
    """
    price = parse_price(text, example="5000000 KRW")
    for unit in ("once", "FTE-month"):
        try:
            amount = price.per(unit)
        except ValueError:
            continue
        money = registry().Quantity(amount, price.currency)
        return PriceMeasure(price.text, amount, price.currency, money)
    raise ValueError("money, or money per month, such as '5000000 KRW'")


def parse_money(text: object) -> PriceMeasure:
    """Parse a sum of money.  Raises ``ValueError``.

    >>> parse_money("400 USD").amount
    400.0
    """
    price = parse_price(text, example="400 USD")
    price.per("once")
    return price


def _field(parse: Callable[[object], PriceMeasure], example: str, what: str) -> Any:
    return (
        PlainValidator(parse),
        PlainSerializer(lambda price: price.text, return_type=str),
        WithJsonSchema({"type": "string", "examples": [example], "description": what}),
    )


# A field of these kinds is written as text and holds a PriceMeasure
Money = Annotated[PriceMeasure | str, *_field(parse_money, "400 USD", "money")]
MoneyPerMonth = Annotated[PriceMeasure | str, *_field(parse_salary, "5000000 KRW", "money a month")]
