"""Rules that match SKUs of Google's billing catalog with prices of the tables.

A rule matches the service, the description and the usage type of a SKU.  The regions of a SKU are
those in its list, not the place at the end of its description: ``Americas`` are several.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType
from typing import Final

__all__ = ["MACHINES", "MACHINE_SKU", "RULES", "Component", "Rule", "component", "quantity"]

COMPUTE: Final = "6F81-5844-456A"
KAFKA: Final = "9544-7B1C-811D"
STORAGE: Final = "95FF-2EF5-5EA1"
#: The service with the components of machines.
MACHINES: Final = COMPUTE
#: The sku of a machine: its name, its family and its term.
MACHINE_SKU: Final = re.compile(r"gcp\.compute\.(([a-z0-9]+)-[a-z]+-[0-9]+)(?:@(.+))?")


@dataclass(frozen=True, slots=True)
class Rule:
    """A match of SKUs on demand with a price of the tables.

    ``description`` matches the whole description.  With ``free``, the free first tier, which is per
    account, is left out.  With ``anywhere``, the region is ``global``, and ``any`` in the tables.
    A rule with an ``older`` name applies only without a match of the newer one.
    """

    sku: str
    unit: str
    description: str
    note: str = ""
    free: bool = False
    anywhere: bool = False
    older: bool = False


def _disk(sku: str, name: str, note: str = "", *, free: bool = False) -> Rule:
    # in some regions the description ends without a place
    return Rule(f"gcp.disk.{sku}", "GiB-month", rf"{name}(?: in [^()]+)?", note, free)


_DISKS: Final = (
    _disk("pd-standard", "Storage PD Capacity", free=True),
    _disk("pd-balanced", "Balanced PD Capacity"),
    _disk("pd-ssd", "SSD backed PD Capacity"),
    _disk("regional-pd-balanced", "Regional Balanced PD Capacity", "in two zones"),
    _disk("regional-pd-ssd", "Regional SSD backed PD Capacity", "in two zones"),
    _disk("local-ssd", "SSD backed Local Storage"),
    _disk("snapshot", "Storage PD Snapshot", free=True),
)


def _kafka(sku: str, unit: str, name: str, older: str, note: str) -> tuple[Rule, Rule]:
    rule = Rule(f"gcp.managed-kafka.{sku}", unit, rf"{name} in [^()]+", note)
    was = f"Managed Service for Apache Kafka {older}"
    return rule, Rule(rule.sku, unit, was, note, older=True)


_KAFKA: Final = (
    *_kafka("dcu", "hour", "Data Compute Units", r"CPU\+RAM", "per Data Compute Unit"),
    *_kafka(
        "connect-dcu",
        "hour",
        "Managed Kafka Connect Data Compute Units",
        r"Connect CPU\+RAM",
        "per DCU of Managed Kafka Connect",
    ),
    *_kafka(
        "local-storage",
        "GiB-month",
        "Local Storage",
        "Local Storage",
        "100 GiB are billed for each vCPU",
    ),
    *_kafka(
        "long-term-storage",
        "GiB-month",
        "Long Term Regional Storage",
        "Long term storage",
        "one replica billed",
    ),
)
_STORAGE: Final = (
    Rule(
        "gcp.storage.standard",
        "GiB-month",
        r"Standard Storage (?!.*(?:Dual-region|Multi-region|Early Delete)).+",
        "at rest, one region",
        free=True,
    ),
    Rule(
        "gcp.storage.class-a",
        "million",
        "Regional Standard Class A Operations",
        "writes to Standard in one region",
        free=True,
        anywhere=True,
    ),
    Rule(
        "gcp.storage.class-b",
        "million",
        "Regional Standard Class B Operations",
        "reads of Standard in one region",
        free=True,
        anywhere=True,
    ),
)

#: The rules of each service of the catalog, by its id there.
RULES: Final[Mapping[str, tuple[Rule, ...]]] = MappingProxyType(
    {KAFKA: _KAFKA, COMPUTE: _DISKS, STORAGE: _STORAGE}
)

#: The families of machines, by their names in descriptions.
_FAMILIES: Final = {
    "C3": "c3",
    "C4": "c4",
    "C4A Arm": "c4a",
    "E2": "e2",
    "N2": "n2",
    "N2D AMD": "n2d",
    "N4": "n4",
    "T2D AMD": "t2d",
}
#: The families whose commitments have a known description.
_COMMITTED: Final = ("C3", "C4", "E2", "N2", "N2D AMD", "T2D AMD")
_ON_DEMAND: Final = re.compile(rf"({'|'.join(_FAMILIES)}) Instance (Core|Ram) running in .+")
_COMMITMENT: Final = re.compile(
    rf"Commitment v1: ({'|'.join(_COMMITTED)}) (Cpu|Ram) in .+ for ([13]) Years?"
)
_TERMS: Final = {"1": "1-year", "3": "3-year"}


@dataclass(frozen=True, slots=True)
class Component:
    """A component of machines of a family: ``core`` or ``ram``, on demand or for a term."""

    family: str
    part: str
    term: str = ""

    @property
    def unit(self) -> str:
        """The unit of its price."""
        return "hour" if self.part == "core" else "GiB-hour"

    @staticmethod
    def terms(family: str) -> tuple[str, ...]:
        """Return the terms of machines of a family, "" for on demand; empty if it is unknown."""
        committed = {short for name, short in _FAMILIES.items() if name in _COMMITTED}
        if family not in _FAMILIES.values():
            return ()
        return ("", *_TERMS.values()) if family in committed else ("",)


def component(description: str, usage: str) -> Component | None:
    """Return the component that a SKU is; ``None`` if no machine of the tables has it.

    The descriptions of spot, custom, reserved and sole-tenant machines have other words.

    >>> component("N2D AMD Instance Ram running in Seoul", "OnDemand")
    Component(family='n2d', part='ram', term='')
    >>> component("N2D AMD Custom Instance Ram running in Seoul", "OnDemand")
    """
    if (match := _ON_DEMAND.fullmatch(description)) and usage == "OnDemand":
        return Component(_FAMILIES[match[1]], match[2].lower())
    match = _COMMITMENT.fullmatch(description)
    if match and usage == f"Commit{match[3]}Yr":
        part = "ram" if match[2] == "Ram" else "core"
        return Component(_FAMILIES[match[1]], part, _TERMS[match[3]])
    return None


_UNITS: Final = {
    "h": "hour",
    "mo": "month",
    "GiBy": "GiB",
    "GiBy.mo": "GiB-month",
    "GiBy.h": "GiB-hour",
}


def quantity(catalog_unit: str, unit: str) -> Decimal | None:
    """Return the size of the catalog's unit [unit of the tables]; ``None`` if incompatible.

    >>> quantity("GiBy.mo", "GiB-month"), quantity("count", "million"), quantity("h", "month")
    (Decimal('1'), Decimal('0.000001'), None)
    """
    if (catalog_unit, unit) == ("count", "million"):
        return Decimal("0.000001")
    return Decimal(1) if _UNITS.get(catalog_unit) == unit else None
