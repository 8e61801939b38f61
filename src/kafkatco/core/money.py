"""Parsing of money: unit prices, salaries and sums."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any, Final

from pydantic import PlainSerializer, PlainValidator, WithJsonSchema

from kafkatco.core.units import CURRENCIES, quantity, registry
from kafkatco.errors import InvalidValueError
from kafkatco.i18n.message import _

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
    """A price: an amount of a currency, for one unit of something."""

    text: str
    amount: float
    currency: str
    quantity: Any

    def __reduce__(self) -> tuple[Any, ...]:
        # in another process, pint would look for our units in its default registry
        parts = float(self.quantity.magnitude), str(self.quantity.units)
        return _rebuild, (self.text, self.amount, self.currency, *parts)

    def per(self, unit: str) -> float:
        """Return the amount [currency] for one ``unit`` of a price table.

        Raises :class:`~kafkatco.errors.InvalidValueError` if it is the price of another unit.

        >>> round(parse_price("0.05 USD/GB").per("GiB"), 6)
        0.053687
        """
        for expression in _EXPRESSIONS.get(unit, (unit.replace("-", " * "),)):
            target = f"{self.currency} / ({expression})" if expression else self.currency
            if self.quantity.is_compatible_with(target):
                return float(self.quantity.to(target).magnitude)
        raise InvalidValueError(
            _(
                "a price per {unit}, such as '{example}'",
                unit=unit,
                example=price_example(unit, self.currency),
            )
        )


def _rebuild(text: str, amount: float, currency: str, magnitude: float, unit: str) -> PriceMeasure:
    return PriceMeasure(text, amount, currency, registry().Quantity(magnitude, unit))


#: The ways to write the unit of a price table: people are paid by the month, or without a unit.
_EXPRESSIONS: Final = {"once": ("",), "FTE-month": ("FTE * month", "month")}


def price_example(unit: str, currency: str = "USD", amount: str = "0.10") -> str:
    """Return a price of one ``unit`` of a price table, as a user may write it.

    >>> price_example("MiB/s-month"), price_example("once", "KRW")
    ('0.10 USD/(MiB/s)/month', '0.10 KRW')
    """
    if unit == "once":
        return f"{amount} {currency}"
    size, _, month = unit.partition("-")
    size = f"({size})" if "/" in size else size
    return f"{amount} {currency}/{size}" + (f"/{month}" if month else "")


def parse_price(text: object, *, example: str = "0.384 USD/hour") -> PriceMeasure:
    """Parse ``text`` as money, or as money per unit.

    Raises :class:`~kafkatco.errors.InvalidValueError`.
    """
    if isinstance(text, PriceMeasure):
        return text
    parsed = quantity(text, example)
    powers = parsed.dimensionality
    paid = [currency for currency in CURRENCIES if powers.get(f"[{currency}]") == 1]
    if len(paid) != 1:
        raise InvalidValueError(
            _(
                "a price with a currency ({currencies}), such as '{example}'",
                currencies=", ".join(CURRENCIES),
                example=example,
            )
        )
    return PriceMeasure(str(text), float(parsed.magnitude), paid[0], parsed)


def parse_salary(text: object) -> PriceMeasure:
    """Parse the monthly cost of one person: '5000000 KRW' and '5000000 KRW/month' alike.

    Raises :class:`~kafkatco.errors.InvalidValueError`.

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
    raise InvalidValueError(
        _("money, or money per month, such as '{example}'", example="5000000 KRW")
    )


def parse_money(text: object) -> PriceMeasure:
    """Parse a sum of money.

    Raises :class:`~kafkatco.errors.InvalidValueError`.

    >>> parse_money("400 USD").amount
    400.0
    """
    price = parse_price(text, example="400 USD")
    price.per("once")
    return price


def _field(parse: Callable[[object], PriceMeasure], example: str, description: str) -> Any:
    return (
        PlainValidator(parse),
        PlainSerializer(lambda price: price.text, return_type=str),
        WithJsonSchema({"type": "string", "examples": [example], "description": description}),
    )


# Fields of these types are written as text and hold a PriceMeasure
Money = Annotated[PriceMeasure | str, *_field(parse_money, "400 USD", "money")]
MoneyPerMonth = Annotated[PriceMeasure | str, *_field(parse_salary, "5000000 KRW", "money a month")]
