"""Amazon's price list: from the index of services to the file of each service and region.

The list is public, without a key.  Each file is read once, and what several of its lines say of
one price is brought together: lines that agree are one, tiers begin when the latest of them does,
and where the lines of several products differ there is no price, but a text that says so.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from kafkatco.errors import nearest
from kafkatco.prices.meters.aws import LAYOUTS, RULES
from kafkatco.prices.meters.aws_rule import Rule
from kafkatco.prices.refresh.aws_offer_index import files_of, offers_of
from kafkatco.prices.refresh.aws_price_list import Said, read_file
from kafkatco.prices.refresh.http import MEGABYTE, Web
from kafkatco.prices.refresh.parse import failed
from kafkatco.prices.refresh.source import Asked, Part, Reading, Where

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

    def read(self, web: Web, asked: Asked) -> Iterator[Part]:
        """Yield what the file of each service in each region says."""
        offers = offers_of(web, self.url)
        for service, rules in RULES.items():
            covers = _covered(rules, asked)
            regions = sorted({region for _, region in covers})
            if not regions:
                continue
            files = files_of(web, self.url, offers, service, asked.as_of)
            for region in regions:
                what = f"AWS {service} in {region}"
                if region not in files:
                    hint = nearest(region, files)
                    raise failed(what, "no file", "that of the region", hint)
                wanted = frozenset(place for place in covers if place[1] == region)
                with web.file(files[region], what=what, most=MOST, skip=True) as raw:
                    if raw is None:
                        yield Part(what, wanted, None)
                        continue
                    told = partial(web.progress, what, 0, 0) if web.progress else None
                    said = read_file(raw, rules, LAYOUTS[service], region, covers, told)
                yield _part(what, wanted, said, asked)


def _covered(rules: Sequence[Rule], asked: Asked) -> frozenset[Where]:
    """Return every sku and region of the tables that these rules should find a price for."""
    skus = {sku for sku in asked.regions if any(rule.prices(sku) for rule in rules)}
    return frozenset((sku, region) for sku in skus for region in asked.regions[sku] - {"any"})


def _part(what: str, wanted: frozenset[Where], said: Said, asked: Asked) -> Part:
    """Return what a file says; of other things, what is not a commitment for one of them."""
    groups: dict[Where, list[tuple[str, Reading]]] = {}
    for product, reading in said.readings:
        groups.setdefault((reading.sku, reading.region), []).append((product, reading))
    readings: list[Reading] = []
    unclear: dict[Where, str] = {}
    for where, group in sorted(groups.items()):
        together = _together(group)
        readings += together
        if not together:
            amounts = sorted({reading.price for _, reading in group})
            several = ", ".join(f"{amount.normalize():f}" for amount in amounts)
            unclear[where] = f"several prices of {where[0]} in {where[1]}, {several},"
    other = {sku for sku in said.other - set(asked.regions) if "@" not in sku}
    return Part(what, wanted, tuple(readings), frozenset(other), unclear)


def _together(group: Sequence[tuple[str, Reading]]) -> list[Reading]:
    """Return what the lines of one price say together; nothing where products contradict."""
    prices: dict[object, set[object]] = {}
    for _, reading in group:
        prices.setdefault(reading.tier_from, set()).add(reading.price)
    if all(len(found) == 1 for found in prices.values()):
        since = max(reading.since for _, reading in group if reading.since)
        tiers = {reading.tier_from: reading._replace(since=since) for _, reading in group}
        return [tiers[edge] for edge in sorted(tiers)]
    # one product with several prices has them from several dates
    return [reading for _, reading in group] if len({sku for sku, _ in group}) == 1 else []
