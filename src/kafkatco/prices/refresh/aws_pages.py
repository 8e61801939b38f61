"""The data behind Amazon's price pages: a second reading of some prices, all regions in one file.

Regions have their display names.  Each price stands under several keys; those of MSK name its usage
type and operation, so that the rules of the price list find it, and the unit is that which the rule
takes from the list.  Those of NAT gateways have readable names.  There is no page of a past date.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from kafkatco.prices.meters.aws import RULES
from kafkatco.prices.meters.aws_ec2 import EC2
from kafkatco.prices.meters.aws_regions import REGIONS
from kafkatco.prices.meters.aws_rule import Rule, without_region
from kafkatco.prices.refresh.fetched_file import Origin, read_json
from kafkatco.prices.refresh.http import Web
from kafkatco.prices.refresh.parse import date_of, failed, number_of
from kafkatco.prices.refresh.source import FileQuotes, Query, Quote

__all__ = ["AwsPages"]

#: The readable names of NAT gateways that the tables have, and the usage types that they mean.
GATEWAYS: Final[Mapping[str, str]] = {
    "Hourly charge for NAT Gateways": "NatGateway-Hours",
    "Charge for per GB data processed by NatGateways": "NatGateway-Bytes",
}


class _Page(NamedTuple):
    """A file, what it calls itself, and the rules of what it prices."""

    path: str
    source: str
    rules: tuple[Rule, ...]


PAGES: Final = (
    _Page("msk/USD/current/msk.json", "msk", RULES["AmazonMSK"]),
    _Page(
        "ec2/USD/current/natgateway.json",
        "natgateway",
        tuple(rule for rule in EC2 if rule.usage in GATEWAYS.values()),
    ),
)


@dataclass(frozen=True, slots=True)
class AwsPages:
    """The files that Amazon's price pages load, of MSK and NAT gateways."""

    url: str = "https://b0.p.awsstatic.com/pricing/2.0/meteredUnitMaps"
    name: str = "aws-pages"
    prefix: str = "aws."
    keys: tuple[str, ...] = ()
    table: str = "aws/msk.csv"

    def read(self, web: Web, query: Query) -> Iterator[FileQuotes]:
        """Yield the quotes of each page."""
        for page in PAGES:
            what = f"AWS page {page.source}"
            skus = {sku for sku in query.regions if any(rule.prices(sku) for rule in page.rules)}
            covers = frozenset((sku, r) for sku in skus for r in query.regions[sku] - {"any"})
            if not covers:
                continue
            with web.file(f"{self.url}/{page.path}", what=what, skip=True) as raw:
                if raw is None:
                    yield FileQuotes(what, covers, None)
                    continue
                data, origin = read_json(raw), raw.origin
            origin = _checked(data, page, query, what, origin)
            quotes, other = _prices(data, page, what, origin)
            wanted = tuple(quote for quote in quotes if (quote.sku, quote.region) in covers)
            other |= {quote.sku for quote in quotes} - set(query.regions)
            yield FileQuotes(what, covers, wanted, frozenset(other))


def _checked(
    data: Mapping[str, Any], page: _Page, query: Query, what: str, origin: Origin
) -> Origin:
    """Return the origin with its date, if the manifest is the expected one."""
    manifest = data.get("manifest")
    if not isinstance(manifest, dict) or not isinstance(data.get("regions"), dict):
        raise failed(what, "no manifest or no regions", "both, as on the page")
    for name, text in (("source", page.source), ("currencyCode", "USD")):
        if manifest.get(name) != text:
            raise failed(what, f"{name} {manifest.get(name)!r}", repr(text))
    published = date_of(str(manifest.get("hawkFilePublicationDate", "")), what)
    if published > query.as_of:
        given = f"a page published {published.isoformat()}"
        raise failed(what, given, f"one of {query.as_of.isoformat()}", "Only the list has a past")
    return origin._replace(published=published)


def _prices(
    data: Mapping[str, Any], page: _Page, what: str, origin: Origin
) -> tuple[list[Quote], set[str]]:
    """Return each price once, and the regions that have no code here."""
    quotes: dict[tuple[str, str], Quote] = {}
    other: set[str] = set()
    for name, entries in data["regions"].items():
        if name not in REGIONS:
            other.add(f"region {name!r}")
            continue
        region = REGIONS[name]
        if not isinstance(entries, dict):
            raise failed(what, f"{type(entries).__name__} for {name}", "the prices of a region")
        for key, entry in entries.items():
            if not isinstance(entry, dict):
                raise failed(what, f"{type(entry).__name__} for {key} in {name}", "a price")
            usage = GATEWAYS.get(key) or without_region(str(entry.get("usageType", "")))
            operation = entry.get("operation", "")
            for rule in page.rules:
                sku = rule.sku_of(usage)
                if sku is None or rule.having.get("operation", operation) != operation:
                    continue
                price = number_of(entry.get("price"), what, f"price of {sku} in {region}")
                quote = Quote(
                    sku, region, price * rule.scale, "USD", rule.unit, origin, note=rule.note
                )
                first = quotes.setdefault((sku, region), quote)
                if first.price != quote.price:
                    given = f"{first.price} and {quote.price} for {sku} in {region}"
                    raise failed(what, given, "one price")
    return list(quotes.values()), other
