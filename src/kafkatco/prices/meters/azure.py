"""Rules that match rows of Azure's retail prices with prices of the tables.

A rule matches the service, the product and the names of the sku and the meter of a row; for a
virtual machine it matches ``armSkuName``, since ``skuName`` has two forms.  Where the API prints GB
it meters 2^30 bytes, as in the tables.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType
from typing import Any, Final

from kafkatco.prices.rows import TERMS

__all__ = ["GLOBAL", "RULES", "Rule", "quantity"]

#: The region of prices that are equal everywhere.
GLOBAL: Final = "Global"
GB: Final = "the list prints GB and meters 2^30 bytes"
#: A product of Linux machines.  Windows, Cloud Services and dedicated hosts have the same service
#: and ``armSkuName``.
LINUX: Final = r"(?:Virtual Machines )?[A-Za-z0-9 ]+ Series(?: Linux)?"
#: Neither ``D4s v5 Spot`` nor ``D4s v5 Low Priority``.
LASTING: Final = r"(?!.* (?:Spot|Low Priority)$).+"


@dataclass(frozen=True, slots=True)
class Rule:
    """A match of rows with a price of the tables.

    ``meter``, ``name``, ``product`` and ``size`` match the whole of ``meterName``, ``skuName``,
    ``productName`` and ``armSkuName``; their groups go into ``sku``.  With ``terms``, reservations
    and savings plans are prices, too.  With ``included``, the first tier is free and part of the
    sizing, so that the tables have only the price beyond it.
    """

    sku: str
    unit: str
    meter: str
    name: str = ".*"
    product: str = ".*"
    size: str = ".*"
    note: str = ""
    terms: bool = False
    included: bool = False

    def prices(self, sku: str) -> bool:
        """Return whether this rule can yield a price of a sku."""
        base, at, term = sku.partition("@")
        pattern = re.sub(r"\\{\w+\\}", "[^@~]+", re.escape(self.sku))
        sold = not at or (self.terms and term in TERMS)
        return sold and re.fullmatch(pattern, base) is not None

    def sku_of(self, row: Mapping[str, Any]) -> str | None:
        """Return the sku of a row; ``None`` without a match."""
        groups: dict[str, str] = {}
        for pattern, column in (
            (self.meter, "meterName"),
            (self.name, "skuName"),
            (self.product, "productName"),
            (self.size, "armSkuName"),
        ):
            match = re.fullmatch(pattern, str(row.get(column) or ""))
            if match is None:
                return None
            groups |= match.groupdict()
        return self.sku.format(**groups)


_UNIT: Final = re.compile(r"([1-9]\d*)([KM]?)(?: ?(Hours?|GB|GiB))?(?:/(Hour|Month))?")
_KINDS: Final = {
    ("Hour", None): "hour",
    (None, "Hour"): "hour",
    (None, "Month"): "month",
    (None, None): "one",
    ("GB", None): "GiB",
    ("GB", "Hour"): "GiB-hour",
    ("GB", "Month"): "GiB-month",
}
_THOUSANDS: Final = {"": 1, "K": 1_000, "M": 1_000_000}
#: The API's unit, and its number in one unit of the tables, for units that the API does not have.
_COUNTED: Final = {
    "million": ("one", 1_000_000),
    "IOPS-hour": ("hour", 1),
    "MB/s-hour": ("hour", 1),
}


def quantity(api_unit: str, unit: str) -> Decimal | None:
    """Return the size of the API's unit [unit of the tables]; ``None`` if they are incompatible.

    >>> quantity("10K", "million"), quantity("100 Hours", "hour"), quantity("1/Day", "hour")
    (Decimal('0.01'), Decimal('100'), None)
    """
    match = _UNIT.fullmatch(api_unit)
    if match is None:
        return None
    count, thousands, thing, period = match.groups()
    thing = {"Hours": "Hour", "GiB": "GB"}.get(thing, thing)
    kind, size = _COUNTED.get(unit, (unit, 1))
    if _KINDS.get((thing, period)) != kind:
        return None
    return Decimal(int(count) * _THOUSANDS[thousands]) / size


def _hub(sku: str, tier: str, meter: str, unit: str, note: str) -> Rule:
    return Rule(f"azure.event-hubs.{sku}", unit, f"{tier} {meter}", tier, "Event Hubs", note=note)


def _disk(
    sku: str,
    product: str,
    name: str,
    meter: str,
    unit: str,
    note: str = "billed by the hour",
    *,
    included: bool = False,
) -> Rule:
    return Rule(
        f"azure.disk.{sku}", unit, f"{name} {meter}", name, product, note=note, included=included
    )


_EVENT_HUBS: Final = (
    _hub("standard.throughput-unit", "Standard", "Throughput Unit", "hour", "per TU"),
    _hub(
        "standard.events",
        "Standard",
        "Ingress Events",
        "million",
        "ingress events of up to 64 KiB each",
    ),
    _hub("standard.capture", "Standard", "Capture", "hour", "per TU"),
    _hub(
        "standard.kafka-endpoint",
        "Standard",
        "Kafka Endpoint",
        "hour",
        "per namespace; whether it is charged is a choice, see the capacity "
        "azure.event-hubs.standard kafka_endpoints",
    ),
    _hub("premium.processing-unit", "Premium", "Processing Unit", "hour", "per PU"),
    _hub(
        "premium.retention",
        "Premium",
        "Extended Retention",
        "GiB-month",
        "beyond the 1 TB of a PU; " + GB,
    ),
    _hub("dedicated.capacity-unit", "Dedicated", "Capacity Unit", "hour", "per CU"),
    _hub(
        "dedicated.retention",
        "Dedicated",
        "Extended Retention",
        "GiB-month",
        "beyond the 10 TB of a CU; " + GB,
    ),
    _hub(
        "geo-replication",
        "Geo Replication Zone [1-9]",
        "Data Transfer",
        "GiB",
        "of the region's zone; " + GB,
    ),
)
_MACHINES: Final = (
    Rule(
        "azure.vm.{size}",
        "hour",
        LASTING,
        LASTING,
        LINUX,
        r"Standard_(?P<size>.+)",
        note="Linux, pay as you go",
        terms=True,
    ),
)
_V2: Final = ("Azure Premium SSD v2", "Premium LRS")
_ULTRA: Final = ("Ultra Disks", "Ultra LRS")
_HOT: Final = ("Hot LRS", "General Block Blob v2")
_STORAGE: Final = (
    _disk(
        "premium-ssd.{size}",
        "Premium SSD Managed Disks",
        r"(?P<size>P[0-9]+) LRS",
        "Disk",
        "month",
        "locally redundant",
    ),
    _disk(
        "standard-ssd.{size}",
        "Standard SSD Managed Disks",
        r"(?P<size>E[0-9]+) LRS",
        "Disk",
        "month",
        "locally redundant; operations come on top",
    ),
    _disk("premium-ssd-v2.storage", *_V2, "Provisioned Capacity", "GiB-hour"),
    _disk(
        "premium-ssd-v2.iops",
        *_V2,
        "Provisioned IOPS",
        "IOPS-hour",
        "beyond those included per disk; billed by the hour",
        included=True,
    ),
    _disk(
        "premium-ssd-v2.throughput",
        *_V2,
        r"Provisioned Throughput \(MBps\)",
        "MB/s-hour",
        "beyond that included per disk; billed by the hour",
        included=True,
    ),
    _disk("ultra.storage", *_ULTRA, "Provisioned Capacity", "GiB-hour"),
    _disk("ultra.iops", *_ULTRA, "Provisioned IOPS", "IOPS-hour"),
    _disk("ultra.throughput", *_ULTRA, r"Provisioned Throughput \(MBps\)", "MB/s-hour"),
    Rule("azure.blob.hot-lrs.storage", "GiB-month", "Hot LRS Data Stored", *_HOT, note=GB),
    Rule(
        "azure.blob.hot-lrs.put",
        "million",
        "Hot LRS Write Operations",
        *_HOT,
        note="write operations",
    ),
    Rule("azure.blob.hot-lrs.get", "million", "Hot Read Operations", *_HOT, note="read operations"),
)
_BANDWIDTH: Final = (
    Rule(
        "azure.bandwidth.internet",
        "GiB",
        "Standard Data Transfer Out",
        "Standard",
        "Rtn Preference: MGN",
        note="over Microsoft's network; " + GB,
    ),
)
_KUBERNETES: Final = (
    Rule(
        "azure.aks.cluster",
        "hour",
        "Standard Uptime SLA",
        "Standard",
        note="per cluster of the Standard tier",
    ),
)
_BALANCER: Final = (
    Rule(
        "azure.load-balancer",
        "hour",
        "Standard Included LB Rules and Outbound Rules",
        "Standard",
        note="per load balancer with up to five rules",
    ),
    Rule("azure.load-balancer.data", "GiB", "Standard Data Processed", "Standard", note=GB),
)
_LINK: Final = "Virtual Network Private Link"
_NETWORK: Final = (
    Rule(
        "azure.private-link.endpoint",
        "hour",
        "Standard Private Endpoint",
        "Standard",
        _LINK,
        note="per private endpoint",
    ),
    Rule(
        "azure.private-link.data",
        "GiB",
        "Standard Data Processed - (?:Ingress|Egress)",
        "Standard",
        _LINK,
        note="each direction; " + GB,
    ),
)

#: The rules of each service of the API, by its name there.
RULES: Final[Mapping[str, tuple[Rule, ...]]] = MappingProxyType(
    {
        "Event Hubs": _EVENT_HUBS,
        "Virtual Machines": _MACHINES,
        "Storage": _STORAGE,
        "Bandwidth": _BANDWIDTH,
        "Azure Kubernetes Service": _KUBERNETES,
        "Load Balancer": _BALANCER,
        "Virtual Network": _NETWORK,
    }
)
