"""The rows of the tables: prices and capacities, each with its unit, date and source."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Final, NamedTuple

__all__ = [
    "CAPACITY_UNITS",
    "CONFIDENCES",
    "COUNTS",
    "MONTH_HOURS",
    "PRICE_UNITS",
    "TERMS",
    "TIER_KINDS",
    "UNPRICED",
    "Band",
    "CapacityRow",
    "PriceRow",
]

#: Units of prices.  GiB is 2^30 bytes, GB 10^9, MB 10^6; a million counts requests or events.
PRICE_UNITS: Final = (
    "hour",
    "month",
    "GiB",
    "GB",
    "GiB-month",
    "GB-month",
    "GiB-hour",
    "GB-hour",
    "MiB/s-month",
    "MB/s-hour",
    "IOPS-month",
    "IOPS-hour",
    "FTE-month",
    "million",
    "kWh",
    "kW-month",
    "once",
    "USD",
)
#: The hours of a month, where a provider prices by the hour and the tables by the month.
MONTH_HOURS: Final = 730
#: Units of capacities that count things, not bytes, operations or time.
COUNTS: Final = (
    "partition",
    "broker",
    "node",
    "unit",
    "eCKU",
    "CKU",
    "TU",
    "PU",
    "CU",
    "DCU",
    "vCPU",
    "connection",
    "connection/s",
    "request/s",
    "event/s",
    "consumer group",
    "event hub",
    "volume",
    "disk",
    "task",
    "MCU",
    "worker",
    "cluster",
)
CAPACITY_UNITS: Final = (
    "MiB/s",
    "MB/s",
    "Gbit/s",
    "GiB",
    "GB",
    "MB",
    "MiB",
    "KiB",
    "IOPS",
    "MiB/s/IOPS",
    "s",
    "hour",
    "day",
    "year",
    "W",
    "1",
    *COUNTS,
)
TIER_KINDS: Final = ("flat", "marginal", "open", "quote")
#: Kinds of row without a price: a bill shows an open row without a cost, and fails on a quote.
UNPRICED: Final = ("open", "quote")
#: The terms of commitments for nodes: the rate of a term has the sku ``sku@term``.
TERMS: Final = ("1-year", "3-year", "1-year-savings-plan", "3-year-savings-plan")
CONFIDENCES: Final = ("official", "secondary", "derived", "assumption", "article", "user")


class PriceRow(NamedTuple):
    """One price, or one tier of it, with its date and source.

    ``price`` is ``None`` if ``tier_kind`` is ``open`` (it costs something, but the source has no
    figure) or ``quote`` (there is no list price: the user must set one).  ``where`` is the file and
    line of the row.
    """

    sku: str
    region: str
    price: Decimal | None
    currency: str
    unit: str
    tier_from: Decimal
    tier_kind: str
    valid_from: dt.date
    retrieved_on: dt.date
    source: str
    confidence: str
    note: str
    where: str = ""


class CapacityRow(NamedTuple):
    """One capacity or limit: a number with its unit, date and source."""

    item: str
    attribute: str
    value: Decimal
    unit: str
    valid_from: dt.date
    retrieved_on: dt.date
    source: str
    confidence: str
    note: str
    where: str = ""


class Band(NamedTuple):
    """The lowest and highest price [USD] of the skus that begin with ``prefix``."""

    prefix: str
    unit: str
    low: Decimal
    high: Decimal
    note: str
    where: str = ""
