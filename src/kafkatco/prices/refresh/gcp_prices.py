"""Read the prices of one SKU of Google's billing catalog: exact, dated, and in tiers."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final, NamedTuple

from kafkatco.i18n.message import _
from kafkatco.prices.refresh.parse import entries, failed, number, text, unexpected

__all__ = ["Rate", "committed", "money", "rates", "regions", "usage"]

#: The time zone of Google's price list, in every season.
PACIFIC: Final = dt.timezone(dt.timedelta(hours=-8))
NANO: Final = -9
#: Words in the descriptions of commitments, besides their type of use.
COMMITTED: Final = ("CUD", "Commit")


class Rate(NamedTuple):
    """A price of a SKU, or a tier of it, in the catalog's unit."""

    since: dt.date
    unit: str
    edge: Decimal
    price: Decimal


def money(of: Mapping[str, Any], label: str) -> Decimal:
    """Return an amount of money, whose whole units are text and whose billionths are a number.

    >>> money({"currencyCode": "USD", "units": "1", "nanos": 20_000_000}, "a price")
    Decimal('1.020000000')
    """
    if of.get("currencyCode") != "USD":
        currency = f"currencyCode {str(of.get('currencyCode'))[:20]!r}"
        raise unexpected(label, currency, _("USD, as requested"))
    if "units" not in of and "nanos" not in of:
        raise failed(label, _("a price has neither units nor nanos"))
    units, nanos = str(of.get("units", "0")), number({"nanos": 0, **of}, "nanos", label)
    if not re.fullmatch(r"-?\d{1,19}", units, re.ASCII):
        raise unexpected(label, f"units {units[:40]!r}", _("a whole number as text"))
    if nanos != int(nanos) or abs(nanos) >= 10**-NANO:
        raise unexpected(label, f"nanos {nanos}", _("a whole number of billionths"))
    return Decimal(units) + nanos.scaleb(NANO)


def rates(sku: Mapping[str, Any], as_of: dt.date, label: str) -> Iterator[Rate]:
    """Yield the prices of a SKU as of a date, and those that begin later."""
    dated = [(_day(info, label), info) for info in entries(sku, "pricingInfo", label)]
    by_then = max((since for since, _ in dated if since <= as_of), default=dt.date.min)
    for since, info in dated:
        if since < by_then:
            continue
        expression = info.get("pricingExpression")
        if not isinstance(expression, dict):
            raise failed(label, _("the field {field} is missing", field="pricingExpression"))
        unit = text(expression, "usageUnit", label)
        tiers = entries(expression, "tieredRates", label)
        if not tiers:
            raise failed(label, _("the list {field} is empty", field="tieredRates"))
        for tier in tiers:
            price = tier.get("unitPrice")
            if not isinstance(price, dict):
                raise failed(label, _("the field {field} is missing", field="unitPrice"))
            edge = number({"startUsageAmount": 0, **tier}, "startUsageAmount", label)
            yield Rate(since, unit, edge, money(price, label))


def _day(info: Mapping[str, Any], label: str) -> dt.date:
    time = text(info, "effectiveTime", label)
    try:
        moment = dt.datetime.fromisoformat(time)
    except ValueError:
        raise unexpected(label, f"effectiveTime {time[:40]!r}", _("a time")) from None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=dt.UTC)
    return moment.astimezone(PACIFIC).date()


def regions(sku: Mapping[str, Any], label: str) -> Sequence[str]:
    """Return the regions in which a SKU is sold."""
    names = sku.get("serviceRegions")
    if not isinstance(names, list) or not all(isinstance(region, str) for region in names):
        given_names = f"serviceRegions {str(names)[:40]!r}"
        raise unexpected(label, given_names, _("a list of regions"))
    return names


def usage(sku: Mapping[str, Any]) -> str:
    """Return the usage type of a SKU: ``OnDemand``, ``Preemptible``, ``Commit1Yr``..."""
    category = sku.get("category")
    return str(category.get("usageType", "OnDemand")) if isinstance(category, dict) else "OnDemand"


def committed(sku: Mapping[str, Any]) -> bool:
    """Return whether a SKU is a commitment, by its name or its summary."""
    infos = sku.get("pricingInfo")
    texts = [str(sku.get("description"))]
    texts += [str(info.get("summary")) for info in infos or () if isinstance(info, dict)]
    return any(word in name for word in COMMITTED for name in texts)
