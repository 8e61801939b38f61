"""Commitments and credits: reductions of list prices, on separate lines of a bill."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal

import numpy as np
from pydantic import Field, PlainSerializer, PlainValidator, WithJsonSchema

from kafkatco.core.inputs import Input
from kafkatco.core.money import PriceMeasure, parse_money
from kafkatco.core.units import CURRENCIES, Duration, Measure
from kafkatco.errors import InvalidValueError, nearest
from kafkatco.i18n.message import _
from kafkatco.prices.rows import TERMS

__all__ = ["Commitment", "CommitmentField", "Credit", "CreditField", "credit_used", "life_hours"]

Term = Literal["1-year", "3-year", "1-year-savings-plan", "3-year-savings-plan"]


class Commitment(Input):
    """Nodes paid for a term at a lower rate, without upfront payment.

    With ``discount``, the rate is the list price less that share; without, it is the price
    ``sku@term`` of the book.  All nodes that run are committed.
    """

    term: Term
    discount: float | None = Field(default=None, ge=0, le=1)


def _amount(text: object) -> PriceMeasure | None:
    return None if text is None or text == "trial" else parse_money(text)


class Credit(Input):
    """Money from a provider, which pays its charges until it is spent or expires.

    ``amount`` is ``None``, written "trial", for the provider's credit for new customers.
    """

    amount: Annotated[PriceMeasure | str | None, PlainValidator(_amount)]
    expires: Duration | None = None


def life_hours(life: Measure | None, month_hours: Any) -> float:
    """Return the life of a credit [h] that begins with the first of some months [h].

    >>> from kafkatco.core.units import DURATION, parse
    >>> life_hours(parse("1 month", DURATION), np.array([744.0, 672.0]))
    744.0
    >>> life_hours(parse("2 months", DURATION), 730)
    1460.0
    """
    if life is None:
        return float(np.inf)
    if life.month_power == 0:
        return life.base
    hours = np.atleast_1d(month_hours).astype(float)
    if hours.size == 1:
        return float(life.base * hours[0])
    if life.base > hours.size:
        return float(np.inf)  # after the last month
    ends = np.concatenate([[0.0], np.cumsum(hours)])
    return float(np.interp(life.base, np.arange(ends.size), ends))


def _read_commitment(value: object) -> Commitment | None:
    if value is None or value == "none":
        return None
    if isinstance(value, str) and value in TERMS:
        value = {"term": value}
    if isinstance(value, dict):
        value = Commitment(**{str(name): setting for name, setting in value.items()})
    if not isinstance(value, Commitment):
        expected = _("'none', a term, or {record}", record='{term = "1-year", discount = 0.28}')
        raise InvalidValueError(expected, nearest(str(value), TERMS))
    return value


def _read_credit(value: object) -> Credit | None:
    if value is None or value == "none":
        return None
    if isinstance(value, Credit):
        return value
    if isinstance(value, dict):
        return Credit(**{str(name): setting for name, setting in value.items()})
    try:
        return Credit(amount=_amount(value))
    except ValueError:
        expected = _(
            "'none', 'trial', money such as '{money}', or {record}",
            money="400 USD",
            record='{amount = "400 USD", expires = "30 days"}',
        )
        raise InvalidValueError(expected) from None


def _written_credit(credit: Credit | None) -> str | dict[str, str]:
    if credit is None:
        return "none"
    amount = "trial" if credit.amount is None else parse_money(credit.amount).text
    life = credit.expires
    return {"amount": amount} | ({"expires": life.text} if isinstance(life, Measure) else {})


def _schema(words: dict[str, Any], record: dict[str, Any], required: list[str]) -> WithJsonSchema:
    fields = {
        "type": "object",
        "properties": record,
        "required": required,
        "additionalProperties": False,
    }
    return WithJsonSchema({"anyOf": [words, fields], "default": "none"})


_MONEY: Final = rf"\s*[0-9.][0-9.,]*([eE][+-]?[0-9]+)?\s*({'|'.join(CURRENCIES)})\s*"
CommitmentField = Annotated[
    Commitment | str | dict[str, Any] | None,
    PlainValidator(_read_commitment),
    PlainSerializer(lambda value: "none" if value is None else value.model_dump(exclude_none=True)),
    _schema(
        {"enum": ["none", *TERMS]},
        {"term": {"enum": [*TERMS]}, "discount": {"type": "number", "minimum": 0, "maximum": 1}},
        ["term"],
    ),
]
CreditField = Annotated[
    Credit | str | dict[str, Any] | None,
    PlainValidator(_read_credit),
    PlainSerializer(_written_credit),
    _schema(
        {"type": "string", "pattern": f"^(none|trial|{_MONEY})$"},
        {
            "amount": {"type": "string", "pattern": f"^(trial|{_MONEY})$"},
            "expires": {"type": "string"},
        },
        ["amount"],
    ),
]


def credit_used(charges: Any, amount: Any, life_h: float, month_hours: Any) -> Any:
    """Return the part of a credit that each month uses [currency].

    ``charges`` [currency] has months as its last axis, ``month_hours`` [h] is ``(months,)``; the
    result has the shape of ``charges``.  The credit pays the charges within its life, from the
    first month on, until it is spent.

    >>> credit_used(np.array([300.0, 300.0, 300.0]), 400.0, np.inf, np.full(3, 730.0))
    array([300., 100.,   0.])
    >>> credit_used(np.array([300.0, 300.0]), 400.0, 365.0, np.full(2, 730.0))
    array([150.,   0.])
    """
    started_h = np.cumsum(month_hours) - month_hours
    payable = charges * np.clip((life_h - started_h) / month_hours, 0.0, 1.0)
    paid_before = np.cumsum(payable, axis=-1) - payable
    return np.clip(amount - paid_before, 0.0, payable)
