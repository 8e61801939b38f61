"""Google's Cloud Billing Catalog: the SKUs of a service, page by page.

It needs a key, which goes into a header and never into an address.  It has the latest prices, some
hours old, and none of a past date, for which they count as announced.  Days are those of Google's
price list, in Pacific standard time.

A machine has no price of its own: it is derived, on demand and for a term, from the prices of cores
and memory and from their numbers in the capacity tables.  Things that are free up to some amount
for a whole account (the first GiB of storage, the first operations) have the price beyond it.  The
names of Managed Kafka's SKUs changed: older ones apply where newer ones are missing.

Not covered, since no source identifies their SKUs or units: commitments of ``c4a`` and
``n4`` machines, of local SSDs and of Managed Kafka's DCUs; ``gcp.network``, ``gcp.nat``,
``gcp.load-balancer``, ``gcp.private-service-connect`` and ``gcp.public-ipv4``; and prices of
other services (``gcp.gke``, ``gcp.managed-prometheus``).
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final
from urllib.parse import urlencode

from kafkatco.i18n.message import _, join
from kafkatco.prices.meters.gcp import MACHINES, RULES, Rule, component, quantity
from kafkatco.prices.refresh.effective_price import Line, effective_quotes
from kafkatco.prices.refresh.fetched_file import Origin
from kafkatco.prices.refresh.gcp_machines import component_sku, machine_quotes, machines
from kafkatco.prices.refresh.gcp_prices import Rate, committed, rates, regions, usage
from kafkatco.prices.refresh.http import Web
from kafkatco.prices.refresh.parse import entries, failed, plain, text, unexpected
from kafkatco.prices.refresh.source import FileQuotes, Query, Quote
from kafkatco.prices.refresh.source_helpers import key_of
from kafkatco.prices.rows import MONTH_HOURS

__all__ = ["Gcp"]

KEY: Final = "GOOGLE_API_KEY"
PAGE: Final = 5000
#: Compute Engine has about ten pages.
MOST_PAGES: Final = 200
ROUNDED: Final = Decimal("0.000001")

#: A SKU of the catalog, and its page.
Sku = tuple[dict[str, Any], Origin]


@dataclass(frozen=True, slots=True)
class Gcp:
    """The Cloud Billing Catalog, v1: list prices on demand, and resource-based commitments."""

    url: str = "https://cloudbilling.googleapis.com"
    name: str = "gcp"
    prefix: str = "gcp."
    keys: tuple[str, ...] = (KEY,)
    table: str = "gcp/commitments.csv"

    def read(self, web: Web, query: Query) -> Iterator[FileQuotes]:
        """Yield the quotes of each service."""
        key = key_of(query, KEY, _("Google's key"))
        for service, rules in RULES.items():
            shapes = machines(query) if service == MACHINES else {}
            skus = ({rule.sku for rule in rules} & query.regions.keys()) | shapes.keys()
            covers = frozenset((sku, region) for sku in skus for region in query.regions[sku])
            if not covers:
                continue
            label = _("Google service {service}", service=service)
            newer: list[Line] = []
            older: list[Line] = []
            parts: list[Line] = []
            for sku, origin in self._skus(web, service, key, label):
                for rule in rules:
                    if _is_of(sku, rule):
                        lines = _lines(sku, rule, origin, query.as_of, label)
                        (older if rule.older else newer).extend(lines)
                parts += _components(sku, origin, query.as_of, label) if shapes else ()
            named = {line.key for line in newer}
            newer += [line for line in older if line.key not in named]
            quotes = effective_quotes((n for n in newer if n.key in covers), query.as_of, label)
            inside = {region for _sku, region in covers}
            components = effective_quotes(
                (n for n in parts if n.key[1] in inside), query.as_of, label
            )
            yield FileQuotes(
                label, covers, (*quotes, *machine_quotes(components, shapes, query, label))
            )

    def _skus(self, web: Web, service: str, key: str, label: str) -> Iterator[Sku]:
        """Yield the SKUs of a service, from all pages."""
        token = ""
        seen: set[str] = set()
        while token not in seen:
            if len(seen) == MOST_PAGES:
                raise failed(label, _("more than {count:,} pages", count=MOST_PAGES))
            seen.add(token)
            query = {"currencyCode": "USD", "pageSize": str(PAGE)}
            query |= {"pageToken": token} if token else {}
            url = f"{self.url}/v1/services/{service}/skus?{urlencode(query)}"
            page, origin = web.json(url, label=label, headers={"X-Goog-Api-Key": key})
            for sku in entries(page, "skus", label):
                yield sku, origin
            if not page.get("nextPageToken"):
                return
            token = text(page, "nextPageToken", label)
        raise failed(label, _("a page leads back to an earlier one"))


def _is_of(sku: Mapping[str, Any], rule: Rule) -> bool:
    """Return whether a rule matches a SKU on demand."""
    return (
        re.fullmatch(rule.description, str(sku.get("description"))) is not None
        and usage(sku) == "OnDemand"
        and not committed(sku)
    )


def _lines(
    sku: Mapping[str, Any], rule: Rule, origin: Origin, as_of: dt.date, label: str
) -> Iterator[Line]:
    """Yield the prices of a SKU in its regions, in the unit of the tables."""
    name = join(", ", [label, rule.sku])
    places = [
        "any" if rule.anywhere else region
        for region in regions(sku, name)
        if (region == "global") == rule.anywhere
    ]
    for rate in rates(sku, as_of, name):
        quote = _quote(rate, rule, origin, name)
        for region in places:
            placed = quote._replace(region=region)
            yield Line(placed, rate.since, (text(sku, "skuId", name),), included=rule.free)


def _quote(rate: Rate, rule: Rule, origin: Origin, label: str) -> Quote:
    quote = Quote(rule.sku, "", rate.price, "USD", rule.unit, origin, note=rule.note)
    # Managed Kafka's older SKUs price storage by the hour
    if rule.older and (rate.unit, rule.unit) == ("GiBy.h", "GiB-month"):
        note = f"{rule.note}: {plain(rate.price)} USD for a GiB-hour x {MONTH_HOURS} h"
        month = (rate.price * MONTH_HOURS).quantize(ROUNDED)
        return quote._replace(
            price=month, tier_from=rate.edge / MONTH_HOURS, derived=True, note=note
        )
    per = quantity(rate.unit, rule.unit)
    if per is None:
        raise unexpected(
            label,
            _("unit {unit!r}", unit=rate.unit[:40]),
            _("a unit that converts to {unit}", unit=rule.unit),
        )
    return quote._replace(price=rate.price / per, tier_from=rate.edge * per)


def _components(
    sku: Mapping[str, Any], origin: Origin, as_of: dt.date, label: str
) -> Iterator[Line]:
    """Yield the prices of a SKU in its regions if it is a component of machines."""
    of = component(str(sku.get("description")), usage(sku))
    if of is None or (not of.term and committed(sku)):
        return
    name = join(", ", [label, component_sku(of)])
    for rate in rates(sku, as_of, name):
        if quantity(rate.unit, of.unit) is None:
            raise unexpected(
                name,
                _("unit {unit!r}", unit=rate.unit[:40]),
                _("a unit that converts to {unit}", unit=of.unit),
            )
        for region in regions(sku, name):
            quote = Quote(
                component_sku(of), region, rate.price, "USD", of.unit, origin, tier_from=rate.edge
            )
            yield Line(quote, rate.since, (text(sku, "skuId", name),))
