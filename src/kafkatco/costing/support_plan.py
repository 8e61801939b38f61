"""Support plans: a share of what the provider charges, and at least a minimum."""

from __future__ import annotations

from typing import Any

import numpy as np

from kafkatco.costing.lines import Line, priced
from kafkatco.deployments.base import Deployment
from kafkatco.prices.book import PriceBook
from kafkatco.sizing.quantities import Meter

__all__ = ["support_lines"]


def support_lines(
    deployment: Deployment, charged: Any, book: PriceBook, month_hours: Any
) -> tuple[Line, ...]:
    """Return the lines of a deployment's support plan on ``charged`` [currency of the book].

    Each band of the charges has its own share; what they lack of the plan's minimum is a line of
    its own.  A provider counts all that it charges a customer, of which this is a part: the
    share is then exact where the rest fills the lower bands of nothing else.
    Sources: https://aws.amazon.com/premiumsupport/pricing/,
    https://www.confluent.io/confluent-cloud/support/.
    """
    if deployment.support == "none":
        return ()
    sku, region = deployment.support_skus + deployment.support, deployment.region
    in_usd = charged / book.exchange("USD")
    note = "share of what the provider charges here"
    shares = priced(Meter("support", sku, region, in_usd, "USD", note), book, month_hours)
    paid = sum((line.cost for line in shares), 0.0)
    [least] = book.price(f"{sku}.minimum", region)
    assert least.price is not None
    lacking = np.maximum(1.0 - paid / book.money(least), 0.0)
    rest = Meter("support", least.sku, region, lacking, "month", "what its minimum adds")
    return (*shares, *priced(rest, book, month_hours))
