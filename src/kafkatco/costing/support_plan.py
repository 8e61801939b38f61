"""Support plans: a share of the provider's charges, and at least a minimum."""

from __future__ import annotations

from typing import Any

import numpy as np

from kafkatco.costing.lines import Line, priced
from kafkatco.deployments.base import Deployment
from kafkatco.i18n.message import _
from kafkatco.prices.book import PriceBook
from kafkatco.sizing.quantities import Meter

__all__ = ["support_lines"]


def support_lines(
    deployment: Deployment, charged: Any, book: PriceBook, month_hours: Any
) -> tuple[Line, ...]:
    """Return the lines of a deployment's support plan on ``charged`` [currency of the book].

    Each band of the charges has its own share; the rest up to the plan's minimum is a separate
    line.  A provider bills the share on all charges of a customer; the lines are exact if the
    customer has no other charges.
    Sources: https://aws.amazon.com/premiumsupport/pricing/,
    https://www.confluent.io/confluent-cloud/support/.
    """
    sku, region = deployment.support_skus + deployment.support, deployment.region
    in_usd = charged / book.exchange("USD")
    note = _("share of the provider's charges in this bill")
    shares = priced(Meter("support", sku, region, in_usd, "USD", note), book, month_hours)
    paid = sum((line.cost for line in shares), 0.0)
    [least] = book.price(f"{sku}.minimum", region)
    assert least.price is not None
    lacking = np.maximum(1.0 - paid / book.money(least), 0.0)
    rest = Meter("support", least.sku, region, lacking, "month", _("rest up to the minimum"))
    return (*shares, *priced(rest, book, month_hours))
