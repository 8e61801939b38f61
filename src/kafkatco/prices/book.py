"""A price book: the prices of one date, in one currency, and how to look them up."""

from __future__ import annotations

import copy
import datetime as dt
import hashlib
import itertools
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from types import MappingProxyType
from typing import Any

from kafkatco.core.money import PriceMeasure, price_example
from kafkatco.core.units import CURRENCIES
from kafkatco.errors import InputError, MissingPriceError, Problem, nearest
from kafkatco.prices.catalogue import Catalogue
from kafkatco.prices.history import folder_of, read_history
from kafkatco.prices.metering import GIGABYTES, Gigabyte, effective_unit, read_overrides
from kafkatco.prices.missing import missing_price
from kafkatco.prices.rows import TERMS, PriceRow
from kafkatco.prices.variants import check_variants, known_variants

__all__ = ["PriceBook"]


class PriceBook:
    """The prices of one book as they stood on one date.

    Parameters
    ----------
    name
        ``"list"`` (providers' list prices), ``"article"`` (the article's own figures), or the
        path of a folder of price tables; a :class:`~pathlib.Path` is always a path.
    as_of
        The date whose prices count; there is no silent today.
    region
        Where :meth:`price` looks if it is told no region.
    currency
        The currency of results.
    overrides
        sku to price, such as ``{"aws.ec2.m5.2xlarge": "0.30 USD/hour"}``: a negotiated rate.
    variants
        Where sources contradict each other, which one counts instead of the default, such as
        ``{"aws.msk.tiered-storage": "sizing-script"}``, or ``{"aws.msk": "sizing-script"}`` for
        all that it says; for capacities the key is ``"item.attribute"``.  ``kafkatco prices list
        --variants`` lists all there are.
    gigabyte
        ``"metered"``: each row's own unit; ``"decimal"`` or ``"binary"`` forces rows per GB or GiB.

    Raises
    ------
    InputError
        For an unknown book, date, currency, override or variant.
    PriceTableError
        For tables that cannot be read.

    Examples
    --------
    >>> book = PriceBook("list", as_of="2025-10-31", region="ap-northeast-2")
    >>> row, = book.price("aws.msk.kafka.m7g.large")
    >>> str(row.price), row.currency, row.unit
    ('0.2508', 'USD', 'hour')
    """

    def __init__(
        self,
        name: str | Path = "list",
        *,
        as_of: str | dt.date,
        region: str | None = None,
        currency: str = "USD",
        overrides: Mapping[str, str | PriceMeasure] | None = None,
        variants: Mapping[str, str] | None = None,
        gigabyte: Gigabyte = "metered",
    ) -> None:
        problems: list[Problem] = []
        self.name = str(name)
        self.region = region
        self.gigabyte = gigabyte
        self.as_of = _date(as_of, problems)
        if gigabyte not in GIGABYTES:
            hint = nearest(str(gigabyte), GIGABYTES)
            problems.append(Problem("gigabyte", repr(gigabyte), "a known convention", hint))
        if currency not in CURRENCIES:
            hint = nearest(str(currency), CURRENCIES)
            problems.append(Problem("currency", repr(currency), "a known currency", hint))
        self.currency = currency
        folder = folder_of(name, problems)
        if problems:
            raise InputError("prices", problems)
        self._history, sha256 = read_history(folder)
        self._given = name, dict(variants or {})
        self._listed: dict[tuple[str, str], tuple[PriceRow, ...]] = {}  # what was looked up
        self._taken: dict[str, PriceBook] = {}
        self._limits: PriceBook | None = None
        self._variants = check_variants(variants or {}, self.skus(), self.as_of)
        asked = {*self.skus(), *overrides} if overrides else set()
        asked = {sku for sku in asked if "~" not in sku}  # a variant is chosen, not overridden
        rows = {sku: found for sku in asked if (found := list(self._metered_as(sku)))}
        self._overrides = read_overrides(
            overrides or {},
            {sku: {row.unit for row in found} for sku, found in rows.items()},
            {sku: found[0].currency for sku, found in rows.items()},
            gigabyte,
        )
        changes = [f"{sku}={price.text}" for sku, price in sorted(self.overrides.items())]
        changes += [f"{key}~{option}" for key, option in sorted(self.variants.items())]
        changes += [] if gigabyte == "metered" else [f"gigabyte={gigabyte}"]
        for change in changes:
            sha256 = hashlib.sha256(f"{sha256}|{change}".encode()).hexdigest()
        self.sha256 = sha256
        self._swept: dict[str, Any] = {}
        self._made = True

    def __setattr__(self, name: str, value: object) -> None:
        if getattr(self, "_made", False):
            raise AttributeError(f"a PriceBook does not change: make another to set {name}")
        super().__setattr__(name, value)

    @property
    def overrides(self) -> Mapping[str, PriceMeasure]:
        """The user's own prices, by sku."""
        return MappingProxyType(self._overrides)

    @property
    def variants(self) -> Mapping[str, str]:
        """The option chosen for each figure that sources contradict each other about."""
        return MappingProxyType(self._variants)

    def __repr__(self) -> str:
        return (
            f"PriceBook({self.name!r}, as_of={self.as_of.isoformat()!r}, "
            f"currency={self.currency!r}, sha256={self.sha256[:12]!r})"
        )

    def skus(self, prefix: str = "") -> tuple[str, ...]:
        """Return the skus that start with ``prefix`` and have a price on the book's date."""
        names = sorted({*self._history, *self._taken})
        return tuple(sku for sku in names if sku.startswith(prefix) and self.regions_of(sku))

    def regions(self, prefix: str) -> tuple[str, ...]:
        """Return the regions in which some sku that starts with ``prefix`` has a price."""
        found = (self.regions_of(sku) for sku in self.skus(prefix))
        return tuple(sorted(set(itertools.chain.from_iterable(found))))

    def regions_of(self, sku: str) -> tuple[str, ...]:
        """Return the regions in which a sku has a price on the book's date."""
        holder = self._holder(sku)
        regions = holder._history.get(sku, {})
        return tuple(r for r in sorted(regions) if regions[r][0].valid_from <= holder.as_of)

    def recorded(self, sku: str) -> tuple[str, ...]:
        """Return the regions in which a sku has rows of whatever date."""
        return tuple(sorted(self._holder(sku)._history.get(sku, {})))

    def history(self, sku: str, region: str) -> tuple[PriceRow, ...]:
        """Return every row of a price, by date, whatever the book's date; none if unknown."""
        regions = self._holder(sku)._history.get(sku, {})
        return tuple(regions.get(region) or regions.get("any") or ())

    def price(self, sku: str, region: str | None = None) -> tuple[PriceRow, ...]:
        """Return the tiers of a price, from the lowest; one row where there are none.

        Raises :class:`MissingPriceError` naming the nearest thing there is.
        """
        region = region or self.region
        if not region:
            expected = "a region, here or in PriceBook(region=...)"
            raise InputError("price", [Problem("region", "nothing", expected)])
        if sku in self._overrides:
            return (self._overridden(sku, region),)
        rows: tuple[PriceRow, ...] = ()
        if sku in self._variants:  # where that source is silent, the default counts
            rows = self.listed(f"{sku}~{self._variants[sku]}", region)
        rows = rows or self.listed(sku, region)
        if not rows:
            raise missing_price(self, sku, region)
        if rows[0].tier_kind == "quote":
            example = price_example(rows[0].unit, rows[0].currency)
            hint = f'Give your own: [prices.override] "{sku}" = "{example}". {rows[0].note}'
            where = f"book {self.name!r}"
            raise MissingPriceError(f"public price of {sku!r}", where, hint, sku=sku)
        return rows

    def listed(self, sku: str, region: str) -> tuple[PriceRow, ...]:
        """Return the rows of the tables that count on the book's date; none if there are none."""
        found = self._listed.get((sku, region))
        if found is None:
            holder = self._holder(sku)
            regions, found = holder._history.get(sku, {}), ()
            for known in (regions.get(region, []), regions.get("any", [])):
                dates = [row.valid_from for row in known if row.valid_from <= holder.as_of]
                if dates:
                    found = tuple(row for row in known if row.valid_from == dates[-1])
                    break
            self._listed[sku, region] = found
        return found

    def _metered_as(self, sku: str) -> Iterator[PriceRow]:
        """Yield the rows that say in which unit and currency an override of a sku is read.

        A commitment's rate, ``sku@term``, is metered as the sku is, and one that has no price on
        the book's date as it is later.
        """
        base, _, term = sku.partition("@")
        for name in (sku, base) if term in TERMS else (sku,):
            regions = self.regions_of(name)
            for region in regions:
                yield from self.listed(name, region)
            if regions:
                return
        for region in self.recorded(sku):
            yield self.history(sku, region)[0]

    def _holder(self, sku: str) -> PriceBook:
        """Return the book whose rows of a sku count: this one, unless they were taken."""
        book = self
        while sku in book._taken:
            book = book._taken[sku]
        return book

    def _overridden(self, sku: str, region: str) -> PriceRow:
        """Return the user's price, which counts in every region, also where the book has none."""
        price, rows = self._overrides[sku], self.listed(sku, region) or [*self._metered_as(sku)]
        unit = effective_unit(rows[0].unit, self.gigabyte)
        tiered = any(row.tier_from for row in rows)
        return PriceRow(
            sku,
            region,
            Decimal(repr(price.per(unit))),
            price.currency,
            unit,
            Decimal(0),
            "flat",
            self.as_of,
            self.as_of,
            "override in the scenario",
            "user",
            price.text + (", for every tier" if tiered else ""),
        )

    def catalogue(self) -> Catalogue:
        """Return the capacities and limits of the book's date, with the book's variants."""
        of = self._limits or self
        return Catalogue(as_of=of.as_of, variants=of.variants)

    def at(
        self,
        *,
        as_of: str | dt.date | None = None,
        folder: str | Path | None = None,
        name: str | None = None,
    ) -> PriceBook:
        """Return the book of another date, or of other tables, with this one's settings.

        The user's own prices stay.  So do variants; one that the other book does not have yet is
        left out, and the default counts there.  ``name`` is what results call it, if not by its
        own.  Raises what the book itself does.
        """
        own, asked = self._given
        given: dict[str, Any] = {
            "as_of": self.as_of if as_of is None else as_of,
            "region": self.region,
            "currency": self.currency,
            "overrides": self.overrides,
            "gigabyte": self.gigabyte,
        }
        book = PriceBook(own if folder is None else folder, **given)
        if kept := known_variants(asked, book.skus(), book.as_of) if asked else {}:
            book = PriceBook(book._given[0], **given, variants=kept)
        if name is not None:
            object.__setattr__(book, "name", name)
        return book

    def taking(
        self, skus: Iterable[str], other: PriceBook, *, capacities: bool = False
    ) -> PriceBook:
        """Return this book with the rows of some skus of another, as they count there.

        ``capacities`` takes those of the other's date as well.

        >>> old, new = (PriceBook(as_of=date) for date in ("2025-10-31", "2026-10-31"))
        >>> mixed = old.taking(["fx.usd.krw"], new)
        >>> mixed.price("fx.usd.krw", "any") == new.price("fx.usd.krw", "any")
        True
        >>> mixed.price("fx.usd.eur", "any") == old.price("fx.usd.eur", "any")
        True
        """
        names = sorted(skus)
        sha256 = self.sha256
        for taken in (*names, *(["capacities"] if capacities else [])):
            text = f"{sha256}|{taken} of {other.sha256} as of {other.as_of.isoformat()}"
            sha256 = hashlib.sha256(text.encode()).hexdigest()
        changes = {
            "_taken": {**self._taken, **dict.fromkeys(names, other)},
            "_listed": {},
            "_limits": other if capacities else self._limits,
            "sha256": sha256,
        }
        book = copy.copy(self)
        for name, value in changes.items():
            object.__setattr__(book, name, value)
        return book

    @property
    def looked_up(self) -> tuple[tuple[str, str], ...]:
        """The sku and region of each price that was looked for, there or not."""
        return tuple(self._listed)

    def currencies(self) -> tuple[str, ...]:
        """Return the currencies that the book can express results in."""
        rates = (sku.removeprefix("fx.usd.") for sku in self.skus("fx.usd.") if "~" not in sku)
        return ("USD", *(rate.upper() for rate in rates))

    def exchange(self, currency: str) -> Any:
        """Return how much of the book's currency one of ``currency`` is worth."""
        if currency == self.currency:
            return 1.0
        return self._per_usd(self.currency) / self._per_usd(currency)

    def swept(self, sku: str, price: Any) -> PriceBook:
        """Return this book with one price varied: a number, an array or a curve, for every tier.

        It is in the currency and unit of the sku's rows; that of ``"labour."`` is what everybody
        costs in a month, in the book's currency.
        """
        book = copy.copy(self)
        object.__setattr__(book, "_swept", {**self._swept, sku: price})
        return book

    def money(self, row: PriceRow) -> Any:
        """Return the price of a row [the book's currency]; ``None`` where it gives none."""
        if row.sku.startswith("labour.") and "labour." in self._swept:
            return self._swept["labour."]
        sku = self._as_swept(row)
        if sku in self._swept:
            return self._swept[sku] * self.exchange(row.currency)
        return None if row.price is None else float(row.price) * self.exchange(row.currency)

    def rates(self, currency: str) -> tuple[PriceRow, ...]:
        """Return the exchange rates behind :meth:`exchange`; none where no money is exchanged."""
        asked = () if currency == self.currency else (currency, self.currency)
        return tuple(self._rate(money) for money in asked if money != "USD")

    def _per_usd(self, currency: str) -> Any:
        if currency == "USD":
            return 1.0
        row = self._rate(currency)
        return self._swept.get(self._as_swept(row), float(row.price or 0))

    def _as_swept(self, row: PriceRow) -> str:
        """Return what a row is swept as: a variant by its own name, or as the figure it is of."""
        return row.sku if row.sku in self._swept else row.sku.partition("~")[0]

    def _rate(self, currency: str) -> PriceRow:
        sku = f"fx.usd.{currency.lower()}"
        row = self.price(sku, "any")[0]
        if not row.price:
            raise MissingPriceError(f"exchange rate {sku!r}", f"book {self.name!r}", sku=sku)
        return row

    def describe(self) -> dict[str, str]:
        """Return what a result says of its prices."""
        return {
            "book": self.name,
            "as_of": self.as_of.isoformat(),
            "sha256": self.sha256,
            "capacity_sha256": self.catalogue().sha256,
        }


def _date(text: str | dt.date, problems: list[Problem]) -> dt.date:
    try:
        if isinstance(text, dt.datetime):
            text = text.date()
        date = text if isinstance(text, dt.date) else dt.date.fromisoformat(text)
    except (TypeError, ValueError):
        date = dt.date.min
    if not 2000 <= date.year < 2200:
        problems.append(
            Problem("as_of", repr(text), "a date from 2000 to 2199, such as 2025-10-31")
        )
    return date
