"""The interface of a source of prices: a query in, and quotes out, file by file."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple, Protocol

from kafkatco.prices.refresh.fetched_file import Origin

if TYPE_CHECKING:
    from kafkatco.prices.refresh.http import Web

__all__ = ["FileQuotes", "PriceKey", "Query", "Quote", "Source"]

#: A sku and a region: what has one price, or one price in tiers.
PriceKey = tuple[str, str]


class Quote(NamedTuple):
    """One price, or one tier of it, as a source gives it, in the unit of the tables.

    ``since`` is the date that the source gives for it, if any.  A ``derived`` one is the result of
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

    ``covers`` is every sku and region that it is expected to price.  ``quotes`` is ``None`` where
    neither the file nor the tables changed since it was last read.  ``other`` names what the file
    prices and the tables do not have.  ``unclear`` describes what the file has of a price that
    cannot be settled from it.
    """

    what: str
    covers: frozenset[PriceKey]
    quotes: tuple[Quote, ...] | None
    other: frozenset[str] = frozenset()
    unclear: Mapping[PriceKey, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Query:
    """What a refresh wants of a source: the regions of each sku of the tables, as of a date.

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
        """Return the regions, but for ``any``, of the skus that begin with ``prefix``, in order."""
        regions = (self.regions[sku] for sku in self.skus(prefix))
        return tuple(sorted(frozenset().union(*regions) - {"any"}))


class Source(Protocol):
    """An official source of one provider's prices."""

    @property
    def name(self) -> str:
        """What the command line calls it."""
        ...

    @property
    def prefix(self) -> str:
        """The prefix of the skus that it may price."""
        ...

    @property
    def url(self) -> str:
        """Where it is found."""
        ...

    @property
    def keys(self) -> tuple[str, ...]:
        """The environment variables that hold its keys; none for a public source."""
        ...

    @property
    def table(self) -> str:
        """The table for the rows of a new sku."""
        ...

    def read(self, web: Web, query: Query) -> Iterator[FileQuotes]:
        """Yield the quotes of each file; :class:`~kafkatco.errors.RefreshError` for a bad one."""
        ...
