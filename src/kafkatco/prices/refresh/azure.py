"""Azure's Retail Prices API: a query for each service and region, read page by page.

The API is public, needs no key, and is queried in USD.  It has the prices in effect and those that
begin later; of a past date it has only the prices that are still in effect, with their first day.

A reservation's price is that of its whole term, whatever its unit, so the price of an hour is
derived.  A machine of the tables gets all its commitments, also those that the tables do not have
yet.  Prices that are equal everywhere are in the API's region ``Global``: load balancers and
private links, which the tables have for ``any`` region, and some meters of Event Hubs, which apply
where the region itself has none.

Not covered, since no source identifies their rows: traffic between regions
(``azure.bandwidth.inter-region``) and between zones (``azure.bandwidth.inter-zone``: the API has a
meter in some regions and the tables one price for any), and managed Prometheus
(``azure.managed-prometheus.samples``: readers of the API name two different meters).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode, urlsplit
from urllib.parse import quote as url_quote

from kafkatco.i18n.message import _, join
from kafkatco.prices.meters.azure import GLOBAL, RULES, Rule, quantity
from kafkatco.prices.refresh.effective_price import Line, effective_quotes
from kafkatco.prices.refresh.fetched_file import Origin
from kafkatco.prices.refresh.http import Web
from kafkatco.prices.refresh.parse import day, entries, failed, number, plain, text, unexpected
from kafkatco.prices.refresh.source import FileQuotes, Query, Quote

__all__ = ["Azure"]

OFFICIAL: Final = "https://prices.azure.com"
PATH: Final = "/api/retail/prices"
VERSION: Final = "2023-01-01-preview"
#: A region's machines fill some dozens of pages.
MOST_PAGES: Final = 1000
#: The services of which some meters are only in the region ``Global``.
FALLING_BACK: Final = ("Event Hubs",)
YEARS: Final = {"1 Year": ("1-year", 1), "3 Years": ("3-year", 3)}
#: The hours of a year, as in the committed rows.  [h]
YEAR: Final = 8760
ROUNDED: Final = Decimal("0.000001")

#: A row of the API, and its page.
Row = tuple[dict[str, Any], Origin]


@dataclass(frozen=True, slots=True)
class Azure:
    """The Azure Retail Prices API: pay as you go, reservations and savings plans."""

    url: str = OFFICIAL
    name: str = "azure"
    prefix: str = "azure."
    keys: tuple[str, ...] = ()
    table: str = "azure/commitments.csv"

    def read(self, web: Web, query: Query) -> Iterator[FileQuotes]:
        """Yield the quotes of each service in each region."""
        for service, rules in RULES.items():
            skus = {sku for sku in query.regions if any(rule.prices(sku) for rule in rules)}
            everywhere: Sequence[Row] | None = None
            for region in sorted({region for sku in skus for region in query.regions[sku]}):
                wanted = frozenset(sku for sku in skus if region in query.regions[sku])
                place = GLOBAL if region == "any" else region
                label = _("Azure {service} in {region}", service=service, region=place)
                rows = list(self._rows(web, service, place, label))
                quotes, other = _quotes(rows, rules, region, wanted, query.as_of, label)
                lacking = wanted - {quote.sku for quote in quotes}
                if lacking and place != GLOBAL and service in FALLING_BACK:
                    if everywhere is None:
                        elsewhere = _("Azure {service} in {region}", service=service, region=GLOBAL)
                        everywhere = list(self._rows(web, service, GLOBAL, elsewhere))
                    more = _quotes(everywhere, rules, region, wanted, query.as_of, label)[0]
                    quotes += [quote for quote in more if quote.sku in lacking]
                covers = frozenset((sku, region) for sku in wanted)
                yield FileQuotes(
                    label, covers, tuple(quotes), frozenset(other - query.regions.keys())
                )

    def _rows(self, web: Web, service: str, place: str, label: str) -> Iterator[Row]:
        """Yield the rows of a service in a region, from all pages."""
        where = f"serviceName eq '{service}' and armRegionName eq '{place}'"
        query = _query({"api-version": VERSION, "currencyCode": "'USD'", "$filter": where})
        seen: set[str] = set()
        while query:
            if query in seen:
                raise failed(label, _("a page leads back to an earlier one"))
            if len(seen) == MOST_PAGES:
                raise failed(label, _("more than {count:,} pages", count=MOST_PAGES))
            seen.add(query)
            page, origin = web.json(f"{self.url}{PATH}?{query}", label=label)
            _check_currency(page, "BillingCurrency", label)
            for row in entries(page, "Items", label):
                if row.get("serviceName") == service and row.get("armRegionName") == place:
                    yield row, origin
            query = self._next(page, label)

    def _next(self, page: Mapping[str, Any], label: str) -> str:
        """Return the query of the next page, which must be on this source's host."""
        link = page.get("NextPageLink")
        if not link:
            return ""
        if not isinstance(link, str):
            raise unexpected(label, f"NextPageLink {str(link)[:40]!r}", _("an address"))
        try:
            split, ours = urlsplit(link), urlsplit(self.url)
        except ValueError:
            raise unexpected(label, f"NextPageLink {link[:40]!r}", _("an address")) from None
        hosts = (ours.hostname, urlsplit(OFFICIAL).hostname)
        if split.hostname not in hosts or split.path not in (PATH, ours.path + PATH):
            page_text = _("a next page at {address!r}", address=link[:80])
            expected = _("an address that begins with {address}", address=self.url + PATH)
            raise unexpected(label, page_text, expected)
        return _query(dict(parse_qsl(split.query, keep_blank_values=True)))


def _query(parts: Mapping[str, str]) -> str:
    return urlencode(parts, safe="$'", quote_via=url_quote)


def _quotes(
    rows: Sequence[Row],
    rules: Sequence[Rule],
    region: str,
    here: frozenset[str],
    as_of: dt.date,
    label: str,
) -> tuple[list[Quote], set[str]]:
    """Return the prices of some skus as of a date, and the other skus in the rows."""
    lines: list[Line] = []
    other: set[str] = set()
    for row, origin in rows:
        for rule in rules:
            sku = rule.sku_of(row)
            if sku in here:
                lines += _lines(row, rule, sku, region, origin, as_of, label)
            elif sku and not rule.terms:  # machines have thousands of other sizes
                other.add(sku)
    return effective_quotes(lines, as_of, label), other


def _lines(
    row: Mapping[str, Any],
    rule: Rule,
    sku: str,
    region: str,
    origin: Origin,
    as_of: dt.date,
    label: str,
) -> Iterator[Line]:
    """Yield the prices of one row, in the unit of the tables."""
    kind = text(row, "type", label)
    if kind not in ("Consumption", "Reservation") or (kind == "Reservation" and not rule.terms):
        return
    name = join(", ", [label, sku])
    _check_currency(row, "currencyCode", name)
    if row.get("effectiveEndDate") and day(row, "effectiveEndDate", name) < as_of:
        return
    unit = text(row, "unitOfMeasure", name)
    per = quantity(unit, rule.unit)
    if per is None:
        raise unexpected(
            name,
            _("unit {unit!r}", unit=unit[:40]),
            _("a unit that converts to {unit}", unit=rule.unit),
        )
    price = number(row, "retailPrice", name)
    quote = Quote(
        sku,
        region,
        price / per,
        "USD",
        rule.unit,
        origin,
        tier_from=number(row, "tierMinimumUnits", name) * per,
        note=rule.note,
    )
    line = Line(
        quote,
        day(row, "effectiveStartDate", name),
        (text(row, "meterId", name), text(row, "skuId", name)),
        row.get("isPrimaryMeterRegion") in (True, 1),
        rule.included,
    )
    if kind == "Reservation":
        if row.get("reservationTerm") in YEARS:
            yield line._replace(quote=_reserved(quote, YEARS[row["reservationTerm"]], price))
        return
    yield line
    if rule.terms and row.get("savingsPlan"):
        for plan in entries(row, "savingsPlan", name):
            if plan.get("term") in YEARS:
                term, years = YEARS[plan["term"]]
                yield line._replace(
                    quote=quote._replace(
                        sku=f"{sku}@{term}-savings-plan",
                        price=number(plan, "retailPrice", name) / per,
                        note=f"savings plan of {_spelt(years)}",
                    )
                )


def _reserved(quote: Quote, term: tuple[str, int], price: Decimal) -> Quote:
    """Return the price of an hour of a reservation, whose price is that of the whole term."""
    name, years = term
    hours = years * YEAR
    return quote._replace(
        sku=f"{quote.sku}@{name}",
        price=(price / hours).quantize(ROUNDED),
        derived=True,
        note=f"reservation of {_spelt(years)}: {plain(price)} USD for the whole term / {hours} h",
    )


def _spelt(years: int) -> str:
    return "1 year" if years == 1 else f"{years} years"


def _check_currency(of: Mapping[str, Any], column: str, label: str) -> None:
    if of.get(column) != "USD":
        raise unexpected(label, f"{column} {str(of.get(column))[:20]!r}", _("USD, as requested"))
