"""The services of skus as FOCUS classifies them, and the columns of FOCUS, as data."""

from __future__ import annotations

import csv
from functools import cache
from importlib.resources import files
from typing import Final, NamedTuple

__all__ = ["OWN", "REGION_NAMES", "UNITS", "Column", "Service", "columns", "region_name", "service"]

#: The provider of things that nobody sells: staff, and equipment on premises.
OWN: Final = "own organisation"
#: The units of prices in the spelling of FOCUS.
UNITS: Final = {
    "hour": "Hours",
    "month": "Months",
    "GiB-month": "GiB-Months",
    "GB-month": "GB-Months",
    "GiB-hour": "GiB-Hours",
    "GB-hour": "GB-Hours",
    "MiB/s-month": "MiBps-Months",
    "MB/s-hour": "MBps-Hours",
    "IOPS-month": "IOPS-Months",
    "IOPS-hour": "IOPS-Hours",
    "FTE-month": "FTE-Months",
    "million": "1000000 Units",
    "kW-month": "kW-Months",
    "once": "Units",
}
#: The display names of regions; those of Amazon are in its price list.
REGION_NAMES: Final = {"eastus": "East US", "koreacentral": "Korea Central"}


class Column(NamedTuple):
    """A column of FOCUS 1.2: its type, level, whether it may be null, and its allowed values."""

    name: str
    type: str
    level: str
    nulls: bool
    allowed: tuple[str, ...]


class Service(NamedTuple):
    """A service as FOCUS classifies it; each has one category, and one subcategory."""

    provider: str
    name: str
    category: str
    subcategory: str


@cache
def columns() -> tuple[Column, ...]:
    """Return the columns of FOCUS 1.2 in the order of the specification.

    Source: https://focus.finops.org/focus-specification/v1-2.
    """
    return tuple(
        Column(
            row["column"],
            row["type"],
            row["level"],
            row["nulls"] == "yes",
            tuple(filter(None, row["values"].split("|"))),
        )
        for row in _table("columns.csv")
    )


def service(sku: str) -> Service:
    """Return the service of a sku: the longest match among the rows of ``services.csv``.

    >>> service("aws.msk.kafka.m7g.large")[:2]
    ('AWS', 'Amazon Managed Streaming for Apache Kafka')
    >>> service("labour.devops-engineer").provider
    'own organisation'
    """
    services = _services()
    parts = sku.split(".")
    for count in range(len(parts), 0, -1):
        match = services.get(".".join(parts[:count]))
        if match is not None:
            return match
    return Service(parts[0], parts[0], "Other", "Other (Other)")


def region_name(region: str) -> str:
    """Return the provider's name of a region; its id if it has no other name.

    >>> region_name("ap-northeast-2"), region_name("us-central1")
    ('Asia Pacific (Seoul)', 'us-central1')
    """
    from kafkatco.prices.meters.aws_regions import REGIONS

    names = {code: name for name, code in REGIONS.items()} | REGION_NAMES
    return names.get(region, region)


@cache
def _services() -> dict[str, Service]:
    return {
        row["sku"]: Service(
            row["provider"] or OWN, row["service"], row["category"], row["subcategory"]
        )
        for row in _table("services.csv")
    }


def _table(name: str) -> list[dict[str, str]]:
    text = (files("kafkatco.finops") / name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))
