"""Support plans: a share of the provider's charges, and at least a minimum."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

import numpy as np

from kafkatco.costing.lines import Line, priced
from kafkatco.deployments.base import Deployment
from kafkatco.errors import MissingPriceError
from kafkatco.i18n.message import _
from kafkatco.prices.book import PriceBook
from kafkatco.sizing.quantities import Meter

__all__ = ["support_lines", "usual_plan"]

#: The plans that end: the first day without them, and the plan that replaces each.
#: Source: https://docs.aws.amazon.com/awssupport/latest/user/support-plans-eos.html.
ENDS: Final[Mapping[str, tuple[dt.date, str]]] = MappingProxyType(
    {
        "aws.support.developer": (dt.date(2027, 1, 1), "business-plus"),
        "aws.support.business": (dt.date(2027, 1, 1), "business-plus"),
        "aws.support.enterprise-on-ramp": (dt.date(2027, 1, 1), "enterprise"),
    }
)

#: The plan for production of each provider that sells plans, the newest first, by the prefix of its
#: skus: the least that answers at any hour.  Assumption.
USUAL: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {"aws.support.": ("business-plus", "business"), "confluent.support.": ("business",)}
)


def usual_plan(deployment: Deployment, book: PriceBook) -> str:
    """Return the usual plan for production that is sold at the book's date; "" if there is none."""
    for plan in USUAL.get(deployment.support_skus, ()):
        if book.listed(deployment.support_skus + plan, deployment.region):
            return plan
    return ""


def support_lines(
    deployment: Deployment, charged: Any, book: PriceBook, month_hours: Any
) -> tuple[Line, ...]:
    """Return the lines of a deployment's support plan on ``charged`` [currency of the book].

    Each band of the charges has its own share; the rest up to the plan's minimum is a separate
    line.  A provider bills the share on all charges of a customer; the lines are exact if the
    customer has no other charges.
    Sources: https://aws.amazon.com/premiumsupport/pricing/,
    https://www.confluent.io/confluent-cloud/support/.

    Raises :class:`~kafkatco.errors.MissingPriceError` for a plan that is not sold at the book's
    date.
    """
    sku, region = deployment.support_skus + deployment.support, deployment.region
    _check_sold(sku, book)
    in_usd = charged / book.exchange("USD")
    note = _("share of the provider's charges in this bill")
    shares = priced(Meter("support", sku, region, in_usd, "USD", note), book, month_hours)
    paid = sum((line.cost for line in shares), 0.0)
    [least] = book.price(f"{sku}.minimum", region)
    assert least.price is not None
    lacking = np.maximum(1.0 - paid / book.money(least), 0.0)
    rest = Meter("support", least.sku, region, lacking, "month", _("rest up to the minimum"))
    return (*shares, *priced(rest, book, month_hours))


def _check_sold(sku: str, book: PriceBook) -> None:
    """Raise ``MissingPriceError`` if a plan has ended by the book's date."""
    end, successor = ENDS.get(sku, (dt.date.max, ""))
    if book.as_of >= end:
        raise MissingPriceError(
            _("support plan {sku!r}, which ended on {date}", sku=sku, date=end.isoformat()),
            _("book {book!r} as of {date}", book=book.name, date=book.as_of.isoformat()),
            _("Its successor: support = {plan!r}.", plan=successor),
            sku=sku,
        )
