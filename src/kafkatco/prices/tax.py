"""Value-added tax on a provider's invoices."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, PlainValidator, WithJsonSchema

from kafkatco.core.inputs import Input
from kafkatco.errors import InvalidValueError
from kafkatco.i18n.message import _

__all__ = ["Tax"]


def _rate(value: object) -> float | str:
    if isinstance(value, str) and value.isalpha() and len(value) == 2:
        return value.lower()
    if isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= 1:
        return float(value)
    raise InvalidValueError(_("a share such as 0.1, or a country such as 'KR'"))


class Tax(Input):
    """Value-added tax on all charges of providers and on purchases, but not on own people.

    Parameters
    ----------
    vat
        Its rate as a share of the charges, such as 0.1, or a country whose standard rate is in the
        book, such as "KR".  [1]
    recoverable
        Share of the tax that the tax office pays back, 1 by default; suppliers that are exempt,
        such as banks, recover less.  Only the rest is a cost.  [1]
    """

    vat: Annotated[
        float | str,
        PlainValidator(_rate),
        WithJsonSchema(
            {
                "anyOf": [
                    {"type": "number", "minimum": 0, "maximum": 1},
                    {"type": "string", "pattern": "^[A-Za-z]{2}$"},
                ]
            }
        ),
    ]
    recoverable: float = Field(default=1.0, ge=0, le=1)
