"""Which lines of Amazon's price list are which prices of the tables.

A line is known by its service and by its usage type without the prefix of the region
(``APN2-Kafka.m7g.large``, in us-east-1 ``BoxUsage:m5.large``), and by what else a rule asks for.
Where the list prints GB it meters 2^30 bytes, as in the tables.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from types import MappingProxyType
from typing import Final

__all__ = ["REGION_PREFIX", "RULES", "Rule"]

#: ``APN2-``, ``EU-``, ``USE1-``: how a usage type begins outside us-east-1, and there with some.
REGION_PREFIX: Final = re.compile(r"[A-Z]{2,4}[0-9]?-")
GB: Final = "the list prints GB and meters 2^30 bytes"
MILLION: Final = Decimal(1_000_000)


@dataclass(frozen=True, slots=True)
class Rule:
    """Which price of the tables a line of the list is.

    ``usage`` matches the whole usage type; its groups go into ``sku``.  ``units`` are those that
    the list may name, ``unit`` is that of the tables, of which one is ``scale`` of the list's.
    ``having`` holds what other columns must say, and ``term`` how it is bought.
    """

    usage: str
    sku: str
    units: tuple[str, ...]
    unit: str
    scale: Decimal = Decimal(1)
    note: str = ""
    having: Mapping[str, str] = field(default_factory=dict)
    term: str = "OnDemand"

    def prices(self, sku: str) -> bool:
        """Return whether a sku is one that this rule finds a price of."""
        pattern = re.sub(r"\\{\w+\\}", "[^@~]+", re.escape(self.sku))
        return re.fullmatch(pattern, sku) is not None

    def sku_of(self, usage: str) -> str | None:
        """Return the sku of a usage type without its region's prefix; ``None`` if it is another."""
        found = re.fullmatch(self.usage, usage)
        return self.sku.format(**found.groupdict()) if found else None


_HOURS: Final = ("hours", "Hrs", "Hours", "hour", "Hour")
_GB_MONTH: Final = ("GB-Mo", "GB-month", "GB-Month")
_GB: Final = ("GB", "Gigabytes")


def _msk(
    usage: str, sku: str, units: tuple[str, ...], unit: str, note: str = "", operation: str = ""
) -> Rule:
    having = {"operation": operation} if operation else {}
    return Rule(usage, f"aws.msk.{sku}", units, unit, note=note, having=having)


_MSK: Final = (
    _msk(r"Kafka\.(?P<size>[a-z0-9]+\.[a-z0-9]+)", "kafka.{size}", _HOURS, "hour", "per broker",
         "RunBroker"),
    _msk(r"Express\.(?P<size>[a-z0-9]+\.[a-z0-9]+)", "express.{size}", _HOURS, "hour", "per broker",
         "RunBroker"),
    _msk(r"Kafka\.Storage\.GP2", "storage", _GB_MONTH, "GiB-month", GB),
    _msk(r"Kafka\.Storage\.Tiered", "tiered-storage", _GB_MONTH, "GiB-month", GB),
    _msk(r"Kafka\.DataRetrieval\.Tiered", "tiered-retrieval", _GB, "GiB", GB),
    _msk(r"Kafka\.Throughput", "provisioned-throughput", ("MBps-Mo", "MiBps-Mo", "MBPS-Mo"),
         "MiB/s-month", "the list prints MB/s"),
    _msk(r"Express\.Storage", "express-storage", _GB_MONTH, "GiB-month", GB),
    _msk(r"Express\.In-Bytes", "express-data-in", _GB, "GiB", "written by producers; " + GB),
    _msk(r"KafkaServerless-ClusterHours", "serverless.cluster", _HOURS, "hour"),
    _msk(r"KafkaServerless-PartitionHours", "serverless.partition", _HOURS, "hour",
         "per partition"),
    _msk(r"KafkaServerless-StorageHours", "serverless.storage", _GB_MONTH, "GiB-month", GB),
    _msk(r"KafkaServerless-In-Bytes", "serverless.data-in", _GB, "GiB", GB),
    _msk(r"KafkaServerless-Out-Bytes", "serverless.data-out", _GB, "GiB", GB),
    _msk(r"Kafka\.mcu\.general", "connect.mcu", _HOURS, "hour",
         "per MSK Connect unit (1 vCPU, 4 GiB)"),
    _msk(r"KafkaReplication-ReplicatorHours", "replicator", _HOURS, "hour"),
    _msk(r"KafkaReplication-Processed-Bytes", "replicator-data-same-region", _GB, "GiB", GB,
         "SameRegionSource"),
    _msk(r"KafkaReplication-Processed-Bytes", "replicator-data-cross-region", _GB, "GiB", GB,
         "CrossRegionSourceLocal"),
    _msk(r"Kafka\.PrivateConnectivityHours", "private-connectivity", _HOURS, "hour",
         "per authentication scheme"),
    _msk(r"Kafka\.PrivateConnectivity\.BytesProcessed", "private-connectivity-data", _GB, "GiB",
         GB),
)  # fmt: skip

#: The rules of each service of the list, by its code there.
RULES: Final[Mapping[str, tuple[Rule, ...]]] = MappingProxyType({"AmazonMSK": _MSK})
