"""The data behind Amazon's price pages: a check of some prices, with all regions in one file.

Regions have their display names.  Each price has several keys.  Those of MSK have a usage type and
an operation, so the rules of the price list match them, and the unit is that of the rule in the
list.  Those of NAT gateways have readable names.  There are no pages of past dates.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from kafkatco.i18n.message import _, verbatim
from kafkatco.prices.meters.aws import RULES
from kafkatco.prices.meters.aws_ec2 import EC2
from kafkatco.prices.meters.aws_regions import REGIONS
from kafkatco.prices.meters.aws_rule import Rule, without_region
from kafkatco.prices.refresh.fetched_file import Origin, read_json
from kafkatco.prices.refresh.http import Web
from kafkatco.prices.refresh.parse import date_of, failed, number_of, shape, unexpected
from kafkatco.prices.refresh.source import FileQuotes, Query, Quote

__all__ = ["AwsPages"]

#: The usage types of NAT gateways in the tables, by their readable names.
GATEWAYS: Final[Mapping[str, str]] = {
    "Hourly charge for NAT Gateways": "NatGateway-Hours",
    "Charge for per GB data processed by NatGateways": "NatGateway-Bytes",
}


class _Page(NamedTuple):
    """A file, its own name, and the rules of its prices."""

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
            label = _("AWS page {page}", page=page.source)
            skus = {sku for sku in query.regions if any(rule.prices(sku) for rule in page.rules)}
            covers = frozenset((sku, r) for sku in skus for r in query.regions[sku] - {"any"})
            if not covers:
                continue
            with web.file(f"{self.url}/{page.path}", label=label, skip=True) as raw:
                if raw is None:
                    yield FileQuotes(label, covers, None)
                    continue
                data, origin = read_json(raw), raw.origin
            origin = _checked(data, page, query, label, origin)
            quotes, other = _prices(data, page, label, origin)
            wanted = tuple(quote for quote in quotes if (quote.sku, quote.region) in covers)
            other |= {quote.sku for quote in quotes} - set(query.regions)
            yield FileQuotes(label, covers, wanted, frozenset(other))


def _checked(
    data: Mapping[str, Any], page: _Page, query: Query, label: str, origin: Origin
) -> Origin:
    """Return the origin with its date, if the manifest is the expected one."""
    manifest = data.get("manifest")
    if not isinstance(manifest, dict) or not isinstance(data.get("regions"), dict):
        raise failed(label, _("the file has no manifest or no regions"))
    for name, text in (("source", page.source), ("currencyCode", "USD")):
        if manifest.get(name) != text:
            raise unexpected(label, f"{name} {manifest.get(name)!r}", verbatim(repr(text)))
    published = date_of(str(manifest.get("hawkFilePublicationDate", "")), label)
    if published > query.as_of:
        sentence = _(
            "the page was published on {published}, after {date}",
            published=published.isoformat(),
            date=query.as_of.isoformat(),
        )
        raise failed(label, sentence, _("Only the price list, source aws, has past prices"))
    return origin._replace(published=published)


def _prices(
    data: Mapping[str, Any], page: _Page, label: str, origin: Origin
) -> tuple[list[Quote], set[str]]:
    """Return each price once, and the regions without a known code."""
    quotes: dict[tuple[str, str], Quote] = {}
    other: set[str] = set()
    for name, entries in data["regions"].items():
        if name not in REGIONS:
            other.add(_("region {name!r}", name=name))
            continue
        region = REGIONS[name]
        if not isinstance(entries, dict):
            kind = _("{kind} for {name}", kind=shape(entries), name=name)
            raise unexpected(label, kind, _("the prices of a region"))
        for key, entry in entries.items():
            if not isinstance(entry, dict):
                entry_name = _("{key} in {region}", key=key, region=name)
                kind = _("{kind} for {name}", kind=shape(entry), name=entry_name)
                raise unexpected(label, kind, _("a price"))
            usage = GATEWAYS.get(key) or without_region(str(entry.get("usageType", "")))
            operation = entry.get("operation", "")
            for rule in page.rules:
                sku = rule.sku_of(usage)
                if sku is None or rule.having.get("operation", operation) != operation:
                    continue
                price_name = _("price of {sku} in {region}", sku=sku, region=region)
                price = number_of(entry.get("price"), label, price_name)
                quote = Quote(
                    sku, region, price * rule.scale, "USD", rule.unit, origin, note=rule.note
                )
                first = quotes.setdefault((sku, region), quote)
                if first.price != quote.price:
                    sentence = _(
                        "several prices of {sku} in {region}: {prices}",
                        sku=sku,
                        region=region,
                        prices=", ".join(map(str, (first.price, quote.price))),
                    )
                    raise failed(label, sentence)
    return list(quotes.values()), other
