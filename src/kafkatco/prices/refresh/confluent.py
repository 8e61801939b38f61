"""Confluent Cloud's price table: the list prices that its command line prints, region by region.

The table is that of the user's organisation.  Only prices that are certain are read: eCKUs and
CKUs, traffic and storage of clusters on AWS that are reached over the internet.  The rest is left
out and named: other metrics; cluster types that are no longer sold; types with a price of
partitions or a base, since then the organisation dates from before 2024-04-16 and its other prices
are older too; and regions that the tables do not have.  Enterprise and Freight clusters are reached
over private links, and are read only if they have a price for the internet as well.  The address is
that of Confluent's own command line; access with a Cloud API key is not documented.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final, NamedTuple
from urllib.parse import quote as url_quote

from kafkatco.errors import either
from kafkatco.i18n.message import _, join, verbatim
from kafkatco.prices.refresh.fetched_file import Origin
from kafkatco.prices.refresh.http import MEGABYTE, Web
from kafkatco.prices.refresh.parse import failed, field, number_of, rounded, unexpected
from kafkatco.prices.refresh.source import FileQuotes, PriceKey, Query, Quote
from kafkatco.prices.refresh.source_helpers import key_of, only_today
from kafkatco.prices.rows import MONTH_HOURS

__all__ = ["Confluent"]

LABEL: Final = _("Confluent price table")
#: Our name of each cluster type; "standard" and "custom" are no longer sold.
TYPES: Final = {
    "basic": "basic",
    "standard_v2": "standard",
    "enterprise": "enterprise",
    "freight": "freight",
    "dedicated": "dedicated",
}
#: Metrics that have a price only in the model of before 2024-04-16.
OLDER: Final = ("KafkaBase", "KafkaPartition")
KEY: Final = "cloud:region:availability:type:network"
GIB: Final = "the list prints GB and meters 2^30 bytes"
_AWS: Final = re.compile(r"[a-z]{2}(-[a-z]+)+-[0-9]")


class _Metric(NamedTuple):
    name: str
    unit: str
    theirs: tuple[str, ...]
    hours: int = 1


METRICS: Final = {
    "KafkaNumCKUs": _Metric("ecku", "hour", ("cku-hour", "ecku-hour")),
    "KafkaNetworkRead": _Metric("egress", "GiB", ("gb",)),
    "KafkaNetworkWrite": _Metric("ingress", "GiB", ("gb",)),
    "KafkaStorage": _Metric("storage", "GiB-month", ("gb-hour",), MONTH_HOURS),
}


class _Cell(NamedTuple):
    """The key of a price in the table, without its availability."""

    region: str
    type: str
    metric: str


@dataclass(frozen=True, slots=True)
class Confluent:
    """The price table of an organisation of Confluent Cloud."""

    url: str = "https://confluent.cloud"
    name: str = "confluent"
    prefix: str = "confluent."
    keys: tuple[str, ...] = (
        "CONFLUENT_CLOUD_API_KEY",
        "CONFLUENT_CLOUD_API_SECRET",
        "CONFLUENT_ORGANIZATION",
    )
    table: str = "confluent/add-ons.csv"

    def read(self, web: Web, query: Query) -> Iterator[FileQuotes]:
        """Yield the quotes of the clusters that the tables have."""
        regions = [name for name in query.all_regions(self.prefix) if _AWS.fullmatch(name)]
        if not regions:
            return
        only_today(query, LABEL)
        key, secret, organization = (key_of(query, name, LABEL) for name in self.keys)
        path = "price_table?product=kafka"
        reply, origin = web.json(
            f"{self.url}/api/organizations/{url_quote(organization, safe='')}/{path}",
            label=LABEL,
            shown=f"{self.url}/api/organizations/{{ORGANIZATION}}/{path}",
            auth=(key, secret),
            most=16 * MEGABYTE,
        )
        table = field(field(reply, "price_table", dict, LABEL), "price_table", dict, LABEL)
        cells, other = _cells(table)
        if not cells:
            raise failed(LABEL, _("no price of a cluster on AWS, reached over the internet"))
        older = {cell[:2] for cell in cells if cell.metric in OLDER}
        other |= {
            _(
                "{type} in {region}, with prices from before 2024-04-16",
                type=TYPES[kind],
                region=region,
            )
            for region, kind in older
        }
        wanted = _wanted(query, regions)
        other |= {
            _("clusters in {region}", region=cell.region)
            for cell in cells
            if cell.region not in regions
        }
        sold = {cell[:2] for cell in cells} - older
        covers = frozenset(key for key, cell in wanted.items() if cell[:2] in sold)
        quotes = [
            _quote(key, cell, cells[cell], table[cell.metric], origin)
            for key, cell in wanted.items()
            if key in covers and cell in cells
        ]
        yield FileQuotes(LABEL, covers, tuple(quotes), frozenset(other))


def _wanted(query: Query, regions: list[str]) -> dict[PriceKey, _Cell]:
    """Return the key in Confluent's table of each sku and region of ours."""
    wanted = {}
    for kind, ours in TYPES.items():
        for name, metric in METRICS.items():
            meter = "cku" if kind == "dedicated" and metric.name == "ecku" else metric.name
            sku = f"confluent.{ours}.{meter}"
            for region in query.regions.get(sku, frozenset()).intersection(regions):
                wanted[sku, region] = _Cell(region, kind, name)
    return wanted


def _cells(table: Mapping[str, Any]) -> tuple[dict[_Cell, dict[str, Decimal]], set[str]]:
    """Return the prices above 0 on AWS by availability, and the names of all other prices."""
    cells: dict[_Cell, dict[str, Decimal]] = {}
    other: set[str] = set()
    for metric, entry in table.items():
        prices = field(entry, "prices", dict, join(", ", [LABEL, metric[:40]]))
        if metric not in METRICS and metric not in OLDER:
            other |= {metric} if any(prices.values()) else set()
            continue
        for key, value in prices.items():
            parts = key.split(":")
            if len(parts) != 5 and parts[5:] != ["internet"]:  # older tables add a destination
                raise unexpected(LABEL, _("the key {key!r}", key=key[:60]), verbatim(KEY))
            cloud, region, availability, kind, network = parts[:5]
            price_name = _("{metric} of {key}", metric=metric, key=key[:60])
            price = number_of(value, LABEL, price_name)
            if not price or cloud != "aws" or kind not in TYPES:
                continue
            if availability not in ("low", "high"):
                cell_text = f"availability {availability[:20]!r}"
                raise unexpected(LABEL, cell_text, either(("low", "high")))
            if network == "internet":
                cells.setdefault(_Cell(region, kind, metric), {})[availability] = price
            else:
                other.add(_("{type} over {network}", type=TYPES[kind], network=network[:20]))
    return cells, other


def _quote(
    key: PriceKey,
    cell: _Cell,
    prices: Mapping[str, Decimal],
    entry: Mapping[str, Any],
    origin: Origin,
) -> Quote:
    """Return a price in the unit of the tables: that of several zones, if the table has it."""
    metric = METRICS[cell.metric]
    unit = field(entry, "unit", str, join(", ", [LABEL, cell.metric]))
    if unit.lower() not in metric.theirs:
        unit_text = _("unit {unit!r} of {name}", unit=unit[:40], name=cell.metric)
        raise unexpected(LABEL, unit_text, either(metric.theirs))
    price = prices.get("high") or prices["low"]
    zones = "several zones" if "high" in prices else "a single zone"
    notes = [f"{rounded(price, 15):f} USD per GB-hour x {MONTH_HOURS}"] if metric.hours > 1 else []
    notes += [GIB] if metric.unit.startswith("GiB") else []
    notes += [f"{zones}, over the internet; the price table of one organisation"]
    return Quote(
        *key,
        rounded(price * metric.hours),
        "USD",
        metric.unit,
        origin,
        derived=metric.hours > 1,
        note="; ".join(notes),
    )
