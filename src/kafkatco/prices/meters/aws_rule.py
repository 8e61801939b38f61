"""What a rule is: which lines of Amazon's price list are which price of the tables.

A line is known by its usage type without the prefix of the region (``APN2-Kafka.m7g.large``, in
us-east-1 ``BoxUsage:m5.large``), and by what else a rule asks for.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

__all__ = [
    "GB",
    "GBS",
    "GB_MONTH",
    "HOURS",
    "LISTED",
    "SAVINGS",
    "Layout",
    "Rule",
    "without_region",
]

#: ``APN2-``, ``EU-``, ``USE1-``: how a usage type begins outside us-east-1, and there with some.
REGION_PREFIX: Final = re.compile(r"(?:EU|[A-Z]{2,4}[0-9])-")

# how the list writes the units that several services have
HOURS: Final = ("Hrs", "hours", "Hours", "hour", "Hour")
GB_MONTH: Final = ("GB-Mo", "GB-month", "GB-Month")
GBS: Final = ("GB", "Gigabytes")
#: The note where the list prints GB.
GB: Final = "the list prints GB and meters 2^30 bytes"


@dataclass(frozen=True, slots=True)
class Layout:
    """The columns in which one kind of file has what every line has.

    ``edge`` is where a tier begins; empty where the file has no tiers.
    """

    product: str = "SKU"
    usage: str = "usageType"
    price: str = "PricePerUnit"
    edge: str = "StartingRange"

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that a file of this kind must have."""
        names = (self.product, self.usage, self.price, self.edge)
        return (*(name for name in names if name), "Unit", "Currency", "EffectiveDate")


LISTED: Final = Layout()
SAVINGS: Final = Layout("DiscountedSKU", "DiscountedUsageType", "DiscountedRate", "")


@dataclass(frozen=True, slots=True)
class Rule:
    """Which price of the tables a line of the list is.

    ``usage`` matches the whole usage type; its groups go into ``sku``.  ``units`` are those that
    the list may name, ``unit`` is that of the tables, of which one is ``scale`` of the list's.
    ``having`` holds what other columns must say.

    ``tier_from`` is where the tier begins that has a usage type of its own [unit of the tables].
    ``free`` is a free amount that the list leaves out, and ``why_free`` the note about it.
    ``towards`` is the column of the region to which something goes, where the tables have one price
    for all the regions that they have.
    """

    usage: str
    sku: str
    units: tuple[str, ...]
    unit: str
    note: str = ""
    scale: Decimal = Decimal(1)
    having: Mapping[str, str] = field(default_factory=dict)
    tier_from: Decimal = Decimal(0)
    free: Decimal = Decimal(0)
    why_free: str = ""
    towards: str = ""

    @property
    def columns(self) -> frozenset[str]:
        """The columns that this rule needs, besides those of every line."""
        return frozenset({*self.having, self.towards} - {""})

    def prices(self, sku: str) -> bool:
        """Return whether a sku is one that this rule finds a price of."""
        pattern = re.sub(r"\\{\w+\\}", "[^@~]+", re.escape(self.sku))
        return re.fullmatch(pattern, sku) is not None

    def sku_of(self, usage: str) -> str | None:
        """Return the sku of a usage type without its region's prefix; ``None`` if it is another."""
        match = re.fullmatch(self.usage, usage)
        return self.sku.format(**match.groupdict()) if match else None


def without_region(usage: str) -> str:
    """Return a usage type without the prefix of its region."""
    match = REGION_PREFIX.match(usage)
    return usage[match.end() :] if match else usage
