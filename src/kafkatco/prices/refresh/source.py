"""The interface of a source of prices: from a query to quotes, file by file."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple, Protocol

from kafkatco.i18n.message import Message
from kafkatco.prices.refresh.fetched_file import Origin

if TYPE_CHECKING:
    from kafkatco.prices.refresh.http import Web

__all__ = ["FileQuotes", "PriceKey", "Query", "Quote", "Source"]

#: A sku and a region, which have one price, or one price in tiers.
PriceKey = tuple[str, str]


class Quote(NamedTuple):
    """One price of a source, or one tier of it, in the unit of the tables.

    ``since`` is its date in the source, if it has one.  A ``derived`` price is the result of
    arithmetic, which ``note`` shows.
    """

    sku: str
    region: str
    price: Decimal
    currency: str
    unit: str
    origin: Origin
    tier_from: Decimal = Decimal(0)
    since: dt.date | None = None
    derived: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class FileQuotes:
    """The quotes of one file of a source.

    ``label`` is its name for messages.  ``covers`` has every sku and region that it should price.
    ``quotes`` is ``None`` if neither the file nor the tables changed since the last refresh.
    ``other`` names prices of the file that the tables do not have.  ``unclear`` has a message for
    each price on which the file contradicts itself.
    """

    label: str
    covers: frozenset[PriceKey]
    quotes: tuple[Quote, ...] | None
    other: frozenset[str] = frozenset()
    unclear: Mapping[PriceKey, Message] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Query:
    """The prices that a refresh needs from a source: the regions of each sku, as of a date.

    ``last`` has the date of each sku's last row by then, ``keys`` the source's own keys.  ``today``
    is the day of the refresh.
    """

    as_of: dt.date
    regions: Mapping[str, frozenset[str]]
    keys: Mapping[str, str] = field(default_factory=dict)
    last: Mapping[str, dt.date] = field(default_factory=dict)
    today: dt.date | None = None

    def skus(self, prefix: str = "") -> tuple[str, ...]:
        """Return the skus that begin with ``prefix``, in order."""
        return tuple(sorted(sku for sku in self.regions if sku.startswith(prefix)))

    def all_regions(self, prefix: str = "") -> tuple[str, ...]:
        """Return the regions, except ``any``, of the skus that begin with ``prefix``, in order."""
        regions = (self.regions[sku] for sku in self.skus(prefix))
        return tuple(sorted(frozenset().union(*regions) - {"any"}))


class Source(Protocol):
    """An official source of one provider's prices."""

    @property
    def name(self) -> str:
        """Its name on the command line."""
        ...

    @property
    def prefix(self) -> str:
        """The prefix of its skus."""
        ...

    @property
    def url(self) -> str:
        """Its address."""
        ...

    @property
    def keys(self) -> tuple[str, ...]:
        """The environment variables of its keys; empty for a public source."""
        ...

    @property
    def table(self) -> str:
        """The table for the rows of a new sku."""
        ...

    def read(self, web: Web, query: Query) -> Iterator[FileQuotes]:
        """Yield the quotes of each file, or raise :class:`~kafkatco.errors.RefreshError`."""
        ...
