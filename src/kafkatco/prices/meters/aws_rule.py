"""Rules that match lines of Amazon's price list with prices of the tables.

A rule matches the usage type of a line without the prefix of its region (``APN2-Kafka.m7g.large``,
in us-east-1 ``BoxUsage:m5.large``), and values of other columns.
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

#: ``APN2-``, ``EU-``, ``USE1-``: the prefix of a usage type outside us-east-1, or of some in it.
REGION_PREFIX: Final = re.compile(r"(?:EU|[A-Z]{2,4}[0-9])-")

# the spellings of units that several services have
HOURS: Final = ("Hrs", "hours", "Hours", "hour", "Hour")
GB_MONTH: Final = ("GB-Mo", "GB-month", "GB-Month")
GBS: Final = ("GB", "Gigabytes")
#: The note where the list prints GB.
GB: Final = "the list prints GB and meters 2^30 bytes"


@dataclass(frozen=True, slots=True)
class Layout:
    """The columns that every line of one kind of file has.

    ``edge`` has the beginning of a tier; it is empty if the file has no tiers.
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
    """A match of lines of the list with a price of the tables.

    ``usage`` matches the whole usage type; its groups go into ``sku``.  ``units`` are the spellings
    of the list's unit; ``unit`` is that of the tables, which is ``scale`` units of the list.
    ``having`` has the required values of other columns.

    ``tier_from`` is the beginning of a tier with its own usage type [unit of the tables].  ``free``
    is a free amount that the list leaves out, and ``why_free`` its note.  ``towards`` is the column
    of the destination region, if the tables have one price for all destinations.
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
        """The columns that this rule needs, in addition to those of every line."""
        return frozenset({*self.having, self.towards} - {""})

    def prices(self, sku: str) -> bool:
        """Return whether this rule can yield a price of a sku."""
        pattern = re.sub(r"\\{\w+\\}", "[^@~]+", re.escape(self.sku))
        return re.fullmatch(pattern, sku) is not None

    def sku_of(self, usage: str) -> str | None:
        """Return the sku of a usage type without its region's prefix; ``None`` without a match."""
        match = re.fullmatch(self.usage, usage)
        return self.sku.format(**match.groupdict()) if match else None


def without_region(usage: str) -> str:
    """Return a usage type without the prefix of its region."""
    match = REGION_PREFIX.match(usage)
    return usage[match.end() :] if match else usage
