"""Discounts and credits: what a provider takes off a list price, always on lines of its own."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal, get_args

import numpy as np
from pydantic import Field, PlainSerializer, PlainValidator, WithJsonSchema

from kafkatco.errors import nearest
from kafkatco.model import Input
from kafkatco.money import Money, parse_money
from kafkatco.units import Duration

__all__ = ["Commitment", "CommitmentField", "Credit", "CreditField", "credit_used"]

Term = Literal["1-year", "3-year", "1-year-savings-plan", "3-year-savings-plan"]
TERMS: Final = get_args(Term)


class Commitment(Input):
    """Nodes paid for a term at a lower rate, without upfront payment.

    Without ``discount``, at the rate ``sku@term`` of the price book; with it, at that share off
    the list price.  What runs and what is committed are taken to be the same.
    """

    term: Term
    discount: float | None = Field(default=None, ge=0, le=1)


class Credit(Input):
    """Money that a provider gives: it pays its charges until it is spent or expires.

    ``amount`` is ``None`` for the provider's own credit for new customers.
    """

    amount: Money | None = None
    expires: Duration | None = None


def _read_commitment(value: object) -> Commitment | None:
    if value is None or value == "none":
        return None
    if isinstance(value, str) and value in TERMS:
        value = {"term": value}
    if isinstance(value, dict):
        value = Commitment(**value)
    if not isinstance(value, Commitment):
        hint = nearest(str(value), TERMS)
        expected = "'none', a term, or {term = \"1-year\", discount = 0.28}"
        raise ValueError(f"{expected}. {hint}" if hint else expected)
    return value


def _read_credit(value: object) -> Credit | None:
    if value is None or value == "none":
        return None
    if isinstance(value, Credit):
        return value
    if isinstance(value, dict):
        return Credit(**value)
    try:
        return Credit() if value == "trial" else Credit(amount=parse_money(value))
    except ValueError:
        record = '{amount = "400 USD", expires = "30 days"}'
        expected = f"'none', 'trial', money such as '400 USD', or {record}"
        raise ValueError(expected) from None


def _schema(words: dict[str, Any], record: dict[str, Any]) -> WithJsonSchema:
    fields = {"type": "object", "properties": record, "additionalProperties": False}
    return WithJsonSchema({"anyOf": [words, fields], "default": "none"})


_TEXT: Final = {"type": "string"}
CommitmentField = Annotated[
    Commitment | str | dict[str, Any] | None,
    PlainValidator(_read_commitment),
    PlainSerializer(lambda value: "none" if value is None else value.model_dump()),
    _schema(
        {"enum": ["none", *TERMS]},
        {"term": {"enum": [*TERMS]}, "discount": {"type": "number", "minimum": 0, "maximum": 1}},
    ),
]
CreditField = Annotated[
    Credit | str | dict[str, Any] | None,
    PlainValidator(_read_credit),
    PlainSerializer(lambda value: "none" if value is None else value.model_dump()),
    _schema(_TEXT, {"amount": _TEXT, "expires": _TEXT}),
]


def credit_used(charges: Any, amount: Any, life_h: float, month_hours: Any) -> Any:
    """Return how much of a credit each month of ``charges`` uses; months are the last axis.

    The credit pays what is charged within its life, until it is spent.

    >>> credit_used(np.array([300.0, 300.0, 300.0]), 400.0, np.inf, np.full(3, 730.0))
    array([300., 100.,   0.])
    >>> credit_used(np.array([300.0, 300.0]), 400.0, 365.0, np.full(2, 730.0))
    array([150.,   0.])
    """
    started_h = np.cumsum(month_hours) - month_hours
    covered = np.clip((life_h - started_h) / month_hours, 0.0, 1.0)
    spent = np.minimum(np.cumsum(charges * covered, axis=-1), amount)
    return np.diff(spent, axis=-1, prepend=0.0)
