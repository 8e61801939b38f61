"""Amazon's price list: from the index of services to the file of each service and region.

The list is public and needs no key.  Each file is read once, and the lines of one price are
merged: equal lines count as one, tiers begin on the latest of their dates, and lines of several
products that differ give no price, but a message.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from kafkatco.errors import nearest
from kafkatco.i18n.message import Message, _
from kafkatco.prices.meters.aws import LAYOUTS, RULES
from kafkatco.prices.meters.aws_rule import Rule
from kafkatco.prices.refresh.aws_offer_index import files_of, offers_of
from kafkatco.prices.refresh.aws_price_list import FileContent, read_file
from kafkatco.prices.refresh.http import MEGABYTE, Web
from kafkatco.prices.refresh.parse import failed
from kafkatco.prices.refresh.source import FileQuotes, PriceKey, Query, Quote

__all__ = ["Aws"]

#: The largest file that is read: that of EC2 in one region.
MOST: Final = 4000 * MEGABYTE


@dataclass(frozen=True, slots=True)
class Aws:
    """The AWS Price List, as bulk files, in the regions that the tables have."""

    url: str = "https://pricing.us-east-1.amazonaws.com"
    name: str = "aws"
    prefix: str = "aws."
    keys: tuple[str, ...] = ()
    table: str = "aws/commitments.csv"

    def read(self, web: Web, query: Query) -> Iterator[FileQuotes]:
        """Yield the quotes of each service in each region."""
        offers = offers_of(web, self.url)
        for service, rules in RULES.items():
            covers = _covered(rules, query)
            regions = sorted({region for _sku, region in covers})
            if not regions:
                continue
            files = files_of(web, self.url, offers, service, query.as_of)
            for region in regions:
                label = _("AWS {service} in {region}", service=service, region=region)
                if region not in files:
                    hint = nearest(region, files)
                    raise failed(label, _("the index has no file of this region"), hint)
                wanted = frozenset(place for place in covers if place[1] == region)
                with web.file(files[region], label=label, most=MOST, skip=True) as raw:
                    if raw is None:
                        yield FileQuotes(label, wanted, None)
                        continue
                    report = partial(web.progress, label, 0, 0) if web.progress else None
                    content = read_file(raw, rules, LAYOUTS[service], region, covers, report)
                yield _file_quotes(label, wanted, content, query)


def _covered(rules: Sequence[Rule], query: Query) -> frozenset[PriceKey]:
    """Return every sku and region of the tables for which these rules should yield a price."""
    skus = {sku for sku in query.regions if any(rule.prices(sku) for rule in rules)}
    return frozenset((sku, region) for sku in skus for region in query.regions[sku] - {"any"})


def _file_quotes(
    label: str, wanted: frozenset[PriceKey], content: FileContent, query: Query
) -> FileQuotes:
    """Return the quotes of a file; its ``other`` leaves out commitments."""
    groups: dict[PriceKey, list[tuple[str, Quote]]] = {}
    for product, quote in content.quotes:
        groups.setdefault((quote.sku, quote.region), []).append((product, quote))
    quotes: list[Quote] = []
    unclear: dict[PriceKey, Message] = {}
    for where, group in sorted(groups.items()):
        together = _together(group)
        quotes += together
        if not together:
            amounts = sorted({quote.price for _product, quote in group})
            unclear[where] = _(
                "several prices of {sku} in {region}: {prices}",
                sku=where[0],
                region=where[1],
                prices=", ".join(f"{amount.normalize():f}" for amount in amounts),
            )
    other = {sku for sku in content.other - set(query.regions) if "@" not in sku}
    return FileQuotes(label, wanted, tuple(quotes), frozenset(other), unclear)


def _together(group: Sequence[tuple[str, Quote]]) -> list[Quote]:
    """Return the tiers of one price from all its lines; empty if products contradict each other."""
    prices: dict[object, set[object]] = {}
    for _product, quote in group:
        prices.setdefault(quote.tier_from, set()).add(quote.price)
    if all(len(amounts) == 1 for amounts in prices.values()):
        since = max(quote.since for _product, quote in group if quote.since)
        tiers = {quote.tier_from: quote._replace(since=since) for _product, quote in group}
        return [tiers[edge] for edge in sorted(tiers)]
    # one product with several prices has them on several dates
    products = {product for product, _quote in group}
    return [quote for _product, quote in group] if len(products) == 1 else []
