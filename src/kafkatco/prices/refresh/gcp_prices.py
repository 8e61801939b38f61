"""The prices of one SKU of Google's billing catalog: exact, dated, and in tiers."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final, NamedTuple

from kafkatco.prices.refresh.parse import entries, failed, number, text

__all__ = ["Rate", "committed", "money", "rates", "regions", "usage"]

#: Google's price list has the days of its own time zone, whatever the season.
PACIFIC: Final = dt.timezone(dt.timedelta(hours=-8))
NANO: Final = -9
#: How the descriptions of commitments begin, besides their type of use.
COMMITTED: Final = ("CUD", "Commit")


class Rate(NamedTuple):
    """A price of a SKU, or a tier of it, for one of the catalog's units."""

    since: dt.date
    unit: str
    edge: Decimal
    price: Decimal


def money(of: Mapping[str, Any], what: str) -> Decimal:
    """Return an amount of money: whole units as text, and billionths as a number.

    >>> money({"currencyCode": "USD", "units": "1", "nanos": 20_000_000}, "a price")
    Decimal('1.020000000')
    """
    if of.get("currencyCode") != "USD":
        raise failed(
            what, f"currencyCode {str(of.get('currencyCode'))[:20]!r}", "USD, as asked for"
        )
    if "units" not in of and "nanos" not in of:
        raise failed(what, "neither units nor nanos", "units and nanos, as documented")
    units, nanos = str(of.get("units", "0")), number({"nanos": 0, **of}, "nanos", what)
    if not re.fullmatch(r"-?\d{1,19}", units, re.ASCII):
        raise failed(what, f"units {units[:40]!r}", "a whole number, as text")
    if nanos != int(nanos) or abs(nanos) >= 10**-NANO:
        raise failed(what, f"nanos {nanos}", "a whole number of billionths")
    return Decimal(units) + nanos.scaleb(NANO)


def rates(sku: Mapping[str, Any], as_of: dt.date, what: str) -> Iterator[Rate]:
    """Yield the prices of a SKU as of a date, and those that begin later."""
    dated = [(_day(info, what), info) for info in entries(sku, "pricingInfo", what)]
    by_then = max((since for since, _ in dated if since <= as_of), default=dt.date.min)
    for since, info in dated:
        if since < by_then:
            continue
        expression = info.get("pricingExpression")
        if not isinstance(expression, dict):
            raise failed(what, "no pricingExpression", "one, as documented")
        unit = text(expression, "usageUnit", what)
        tiers = entries(expression, "tieredRates", what)
        if not tiers:
            raise failed(what, "no tieredRates", "at least one")
        for tier in tiers:
            price = tier.get("unitPrice")
            if not isinstance(price, dict):
                raise failed(what, "no unitPrice", "one, as documented")
            edge = number({"startUsageAmount": 0, **tier}, "startUsageAmount", what)
            yield Rate(since, unit, edge, money(price, what))


def _day(info: Mapping[str, Any], what: str) -> dt.date:
    time = text(info, "effectiveTime", what)
    try:
        moment = dt.datetime.fromisoformat(time)
    except ValueError:
        raise failed(what, f"effectiveTime {time[:40]!r}", "a time") from None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=dt.UTC)
    return moment.astimezone(PACIFIC).date()


def regions(sku: Mapping[str, Any], what: str) -> Sequence[str]:
    """Return the regions in which a SKU is sold."""
    names = sku.get("serviceRegions")
    if not isinstance(names, list) or not all(isinstance(region, str) for region in names):
        raise failed(what, f"serviceRegions {str(names)[:40]!r}", "a list of regions")
    return names


def usage(sku: Mapping[str, Any]) -> str:
    """Return how the use of a SKU is bought: ``OnDemand``, ``Preemptible``, ``Commit1Yr``..."""
    category = sku.get("category")
    return str(category.get("usageType", "OnDemand")) if isinstance(category, dict) else "OnDemand"


def committed(sku: Mapping[str, Any]) -> bool:
    """Return whether a SKU is of a commitment, by its name or its summary."""
    infos = sku.get("pricingInfo")
    texts = [str(sku.get("description"))]
    texts += [str(info.get("summary")) for info in infos or () if isinstance(info, dict)]
    return any(word in name for word in COMMITTED for name in texts)
