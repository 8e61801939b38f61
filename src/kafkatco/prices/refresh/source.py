"""What a source of prices is: asked for prices, it yields what its files say, part by part."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple, Protocol

from kafkatco.prices.refresh.fetched_file import Origin

if TYPE_CHECKING:
    from kafkatco.prices.refresh.http import Web

__all__ = ["Asked", "Part", "Reading", "Source", "Where"]

#: A sku and a region: what has one price, or one price in tiers.
Where = tuple[str, str]


class Reading(NamedTuple):
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
class Part:
    """What one file of a source says.

    ``covers`` is every sku and region that it is expected to price.  ``readings`` is ``None`` where
    the file is as it was when it was last read, and so are the tables.  ``other`` names things that
    the file prices and the tables do not have.  ``unclear`` says what the file gives instead of one
    price, where it gives something and no single price can be made of it.
    """

    what: str
    covers: frozenset[Where]
    readings: tuple[Reading, ...] | None
    other: frozenset[str] = frozenset()
    unclear: Mapping[Where, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a refresh asks of a source: the skus of the tables, region by region, and the date.

    ``last`` has the date of each sku's last row by then, ``keys`` the source's own keys.  ``today``
    is when it is asked.
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
        found = (self.regions[sku] for sku in self.skus(prefix))
        return tuple(sorted(frozenset().union(*found) - {"any"}))


class Source(Protocol):
    """An official source of one provider's prices."""

    @property
    def name(self) -> str:
        """What the command line calls it."""
        ...

    @property
    def prefix(self) -> str:
        """How the skus begin that it may price."""
        ...

    @property
    def url(self) -> str:
        """Where it is found."""
        ...

    @property
    def keys(self) -> tuple[str, ...]:
        """The environment variables that hold what it asks for; none if open to everybody."""
        ...

    @property
    def table(self) -> str:
        """Where the rows of a sku go that has none yet."""
        ...

    def read(self, web: Web, asked: Asked) -> Iterator[Part]:
        """Yield what its files say; :class:`~kafkatco.errors.RefreshError` where one cannot be."""
        ...
