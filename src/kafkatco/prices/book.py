"""A price book: prices on one date, looked up by sku and region, in one currency."""

from __future__ import annotations

import copy
import datetime as dt
import hashlib
import itertools
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, Literal, Self, cast

from kafkatco.core.money import PriceMeasure, price_example
from kafkatco.core.units import CURRENCIES
from kafkatco.errors import InputError, MissingPriceError, Problem, nearest
from kafkatco.i18n.message import Message, _, join
from kafkatco.prices.assumptions import PRODUCTION, Assumptions
from kafkatco.prices.catalogue import Catalogue
from kafkatco.prices.history import History, folder_of, read_history
from kafkatco.prices.metering import GIGABYTES, Gigabyte, effective_unit, read_overrides
from kafkatco.prices.regions import priced_regions
from kafkatco.prices.rows import TERMS, PriceRow
from kafkatco.prices.tax import Tax
from kafkatco.prices.variants import RangeOptions, check_variants, known_variants, ranges

__all__ = ["PriceBook", "RecordingBook"]

#: The prefix of the rates of value-added tax; the country follows.
VAT: Final = "tax.vat."


@dataclass(frozen=True, init=False, eq=False, repr=False)
class PriceBook:
    """The prices of one book on one date.

    Parameters
    ----------
    name
        ``"list"`` (providers' list prices), ``"article"`` (the article's own figures), or the
        path of a folder of price tables; a :class:`~pathlib.Path` is always a path.
    as_of
        The date whose prices apply.  It is required: today is never assumed.
    region
        The default region of :meth:`price`.
    currency
        The currency of results.
    overrides
        Negotiated prices by sku, such as ``{"aws.ec2.m5.2xlarge": "0.30 USD/hour"}``.
    variants
        The source that replaces the default one where sources contradict each other, such as
        ``{"aws.msk.tiered-storage": "sizing-script"}``, or ``{"aws.msk": "sizing-script"}`` for
        all figures of a service; for capacities the key is ``"item.attribute"``.  ``kafkatco prices
        list --variants`` lists all variants.
    gigabyte
        ``"metered"`` keeps the unit of each row; ``"decimal"`` or ``"binary"`` forces GB or GiB.
    assumptions
        The set of assumptions by which clusters are sized: ``"production"`` (default), ``"bare"``,
        ``"aws-sizing-script"`` or ``"akalculator"``, or :class:`~kafkatco.Assumptions` with values
        of your own.  ``kafkatco assumptions`` lists them.
    tax
        Value-added tax on charges: see :class:`Tax`.  None by default, which bills mention.

    Raises
    ------
    InputError
        For an unknown book, date, currency, override, variant, assumption or country of a tax.
    PriceTableError
        For unreadable or invalid tables.

    Examples
    --------
    >>> book = PriceBook("list", as_of="2025-10-31", region="ap-northeast-2")
    >>> row, = book.price("aws.msk.kafka.m7g.large")
    >>> str(row.price), row.currency, row.unit
    ('0.2508', 'USD', 'hour')
    """

    name: str
    as_of: dt.date
    region: str | None
    currency: str
    gigabyte: Gigabyte
    assumptions: Assumptions
    tax: Tax | None
    #: Hash of the tables and of all settings that change a price.
    sha256: str
    _history: History
    _overrides: Mapping[str, PriceMeasure]
    _variants: Mapping[str, str]
    #: The arguments ``name`` and ``variants``, for :meth:`at`.
    _given: tuple[str | Path, Mapping[str, str]]
    #: For :meth:`taking`: the books whose rows of a sku, and whose capacities, replace the own.
    _taken: Mapping[str, PriceBook]
    _limits: PriceBook | None
    #: Whether it is :attr:`low` or :attr:`high` of another book.
    _is_end: bool
    #: For :meth:`swept`.
    _swept: Mapping[str, Any]
    #: The results of :meth:`listed` so far.
    _cache: dict[tuple[str, str], tuple[PriceRow, ...]]
    #: :attr:`ranges`, :attr:`low` and :attr:`high`, once they are known.
    _ends: dict[str, Any]

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
        assumptions: str | Assumptions = PRODUCTION,
        tax: Tax | None = None,
    ) -> None:
        problems: list[Problem] = []
        date = _date(as_of, problems)
        if gigabyte not in GIGABYTES:
            hint = nearest(str(gigabyte), GIGABYTES)
            problems.append(Problem("gigabyte", repr(gigabyte), _("a known convention"), hint))
        if currency not in CURRENCIES:
            hint = nearest(str(currency), CURRENCIES)
            problems.append(Problem("currency", repr(currency), _("a known currency"), hint))
        folder = folder_of(name, problems)
        if problems:
            raise InputError("prices", problems)
        history, sha256 = read_history(folder)
        self._set(
            name=str(name),
            as_of=date,
            region=region,
            currency=currency,
            gigabyte=gigabyte,
            assumptions=Assumptions.of(assumptions),
            tax=tax,
            _history=history,
            _overrides={},
            _variants={},
            _given=(name, dict(variants or {})),
            _taken={},
            _limits=None,
            _is_end=False,
            _swept={},
            _cache={},
            _ends={},
        )
        # checking these looks up the tables
        self._set(_variants=check_variants(variants or {}, self.skus(), date))
        self._set(_overrides=self._checked(overrides) if overrides else {})
        changes = [f"{sku}={price.text}" for sku, price in sorted(self.overrides.items())]
        changes += [f"{key}~{option}" for key, option in sorted(self.variants.items())]
        changes += [] if gigabyte == "metered" else [f"gigabyte={gigabyte}"]
        changes += self._assumed()
        changes += self._taxed()
        self._set(sha256=_chained(sha256, changes))

    def _assumed(self) -> list[str]:
        """Check the assumptions, and return those that differ from the default."""
        chosen, catalogue = self.assumptions, self.catalogue()
        known = catalogue.names_of_sets if chosen.taken else frozenset()
        expected = _("an assumption for which some set has a value of its own")
        problems = [
            Problem("assumptions.taken", repr(name), expected, nearest(name, known))
            for name in chosen.taken
            if name not in known
        ]
        if problems:
            raise InputError("prices", problems)
        changed = [f"{name}={value}" for name, value in sorted(chosen.values.items())]
        changed += [f"{name}~{other}" for name, other in sorted(chosen.taken.items())]
        return changed if chosen.name == PRODUCTION else [f"assumptions={chosen.name}", *changed]

    def _taxed(self) -> list[str]:
        """Check the tax, and return it as a change; none without."""
        if self.tax is None:
            return []
        country = self.tax.vat
        if isinstance(country, str) and not self.regions_of(VAT + country):
            expected = _("a share, or a country with a rate in the book")
            known = [sku.removeprefix(VAT) for sku in self.skus(VAT)]
            hint = nearest(country, known, limit=20)
            raise InputError("", [Problem("tax.vat", repr(country), expected, hint)])
        return [f"tax={country} recoverable={self.tax.recoverable}"]

    @property
    def vat(self) -> PriceRow | None:
        """The rate of the tax, a share of charges; ``None`` without a tax."""
        if self.tax is None:
            return None
        if isinstance(self.tax.vat, str):
            return self.price(VAT + self.tax.vat, "any")[0]
        return PriceRow(
            VAT + "own",
            "any",
            Decimal(repr(self.tax.vat)),
            "USD",
            "USD",
            Decimal(0),
            "flat",
            self.as_of,
            self.as_of,
            _("set by the user"),
            "user",
            "",
        )

    def untaxed(self) -> Self:
        """Return this book without its tax."""
        return self._replace(tax=None)

    def _set(self, **fields: Any) -> None:
        """Set fields of a new book; assignment is refused, since the class is frozen."""
        vars(self).update(fields)

    def _replace(self, **fields: Any) -> Self:
        book = copy.copy(self)
        book._set(_ends={}, **fields)
        return book

    def _checked(self, overrides: Mapping[str, str | PriceMeasure]) -> dict[str, PriceMeasure]:
        """Return the user's prices, parsed in the unit and currency of their skus."""
        skus = {*self.skus(), *overrides}
        skus = {sku for sku in skus if "~" not in sku}  # a variant is chosen, not overridden
        rows = {sku: metered for sku in skus if (metered := list(self._metered_as(sku)))}
        return read_overrides(
            overrides,
            {sku: {row.unit for row in metered} for sku, metered in rows.items()},
            {sku: metered[0].currency for sku, metered in rows.items()},
            self.gigabyte,
        )

    @property
    def overrides(self) -> Mapping[str, PriceMeasure]:
        """The user's own prices, by sku."""
        return MappingProxyType(self._overrides)

    @property
    def variants(self) -> Mapping[str, str]:
        """The chosen variant of each figure on which sources contradict each other."""
        return MappingProxyType(self._variants)

    @property
    def ranges(self) -> Mapping[str, RangeOptions]:
        """The figures of which a provider publishes a range, with the variants at its ends.

        A figure for which a price or a variant is chosen has none, nor has the book of one end.
        For capacities the key is ``"item.attribute"``.

        >>> PriceBook(as_of="2026-10-31").ranges["confluent.freight.egress"]
        RangeOptions(low='volume', high='')
        """
        if self._is_end:
            return {}
        if "ranges" not in self._ends:
            skus = [sku for sku in {*self._history, *self._taken} if "~" in sku]
            found = ranges(filter(self.regions_of, skus), self.as_of)
            chosen = {*self._variants, *self._overrides, *self._swept}
            self._ends["ranges"] = {key: x for key, x in found.items() if key not in chosen}
        return MappingProxyType(self._ends["ranges"])

    @property
    def low(self) -> PriceBook:
        """The same book with the lower end, in what is paid, of each of its :attr:`ranges`.

        >>> [float(book.price("confluent.freight.egress", "us-east-1")[0].price)
        ...  for book in (PriceBook(as_of="2026-10-31"), PriceBook(as_of="2026-10-31").low)]
        [0.03, 0.014]
        """
        return self._at_ends("low")

    @property
    def high(self) -> PriceBook:
        """The same book with the upper end of each of its :attr:`ranges`."""
        return self._at_ends("high")

    def _at_ends(self, which: Literal["low", "high"]) -> PriceBook:
        """Return the book of one end; it records no look-ups."""
        if which not in self._ends:
            found = {key: getattr(options, which) for key, options in self.ranges.items()}
            ends = {key: option for key, option in sorted(found.items()) if option}
            source, given = self._given
            limits = self._limits and self._limits._at_ends(which)
            book = PriceBook.__new__(PriceBook)
            book._set(**vars(self))
            changes = [f"{key}~{option}" for key, option in ends.items()]
            self._ends[which] = book._replace(
                sha256=_chained(self.sha256, changes),
                _variants={**self._variants, **ends},
                _given=(source, {**given, **ends}),
                _limits=limits,
                _is_end=True,
            )
        return cast("PriceBook", self._ends[which])

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
        regions = itertools.chain.from_iterable(map(self.regions_of, self.skus(prefix)))
        return tuple(sorted(set(regions)))

    def regions_of(self, sku: str) -> tuple[str, ...]:
        """Return the regions in which a sku has a price on the book's date."""
        holder = self._holder(sku)
        regions = holder._history.get(sku, {})
        return tuple(r for r in sorted(regions) if regions[r][0].valid_from <= holder.as_of)

    def recorded(self, sku: str) -> tuple[str, ...]:
        """Return the regions in which a sku has rows of any date."""
        return tuple(sorted(self._holder(sku)._history.get(sku, {})))

    def history(self, sku: str, region: str) -> tuple[PriceRow, ...]:
        """Return every row of a price, by date, also after the book's date; empty if unknown."""
        regions = self._holder(sku)._history.get(sku, {})
        return tuple(regions.get(region) or regions.get("any") or ())

    def price(self, sku: str, region: str | None = None) -> tuple[PriceRow, ...]:
        """Return the tiers of a price, from the lowest; one row for a flat price.

        Raises :class:`MissingPriceError`, which names the nearest price in the book.
        """
        region = region or self.region
        if not region:
            sentence = _("no region; pass one here or as PriceBook(region=...)")
            raise InputError("price", [Problem("region", "", sentence)])
        if sku in self._overrides:
            return (self._overridden(sku, region),)
        rows: tuple[PriceRow, ...] = ()
        if sku in self._variants:  # without a figure of that source, the default applies
            rows = self.listed(f"{sku}~{self._variants[sku]}", region)
        rows = rows or self.listed(sku, region)
        if not rows:
            raise self._missing(sku, region)
        if rows[0].tier_kind == "quote":
            example = price_example(rows[0].unit, rows[0].currency, "...")
            hint = _(
                'Set your own price: [prices.override] "{sku}" = "{example}".',
                sku=sku,
                example=example,
            )
            raise MissingPriceError(
                _("list price of {sku!r}", sku=sku),
                _("book {book!r}", book=self.name),
                join(" ", filter(None, [hint, rows[0].note])),
                sku=sku,
            )
        return rows

    def _missing(self, sku: str, region: str) -> MissingPriceError:
        return MissingPriceError(
            _("price of {sku!r} in region {region!r}", sku=sku, region=region),
            _("book {book!r} as of {date}", book=self.name, date=self.as_of.isoformat()),
            lambda: self._alternatives(sku, region),
            sku=sku,
        )

    def _alternatives(self, sku: str, region: str) -> Message:
        """Return a hint with the nearest prices in the book."""
        if later := self.history(sku, region):
            return _("Its first row is dated {date}.", date=later[0].valid_from.isoformat())
        elsewhere = self.regions_of(sku)
        if not elsewhere:
            return nearest(sku, self.skus())
        hint = priced_regions(region, elsewhere)
        service = sku.partition(".")[0] + "."
        here = [other for other in self.skus(service) if region in self.regions_of(other)]
        if 0 < len(here) < 10:
            others = _("In {region!r} there are: {skus}.", region=region, skus=", ".join(here))
            hint = join(" ", [hint, others])
        return hint

    def listed(self, sku: str, region: str) -> tuple[PriceRow, ...]:
        """Return the rows that apply on the book's date; empty if there are none."""
        rows = self._cache.get((sku, region))
        if rows is None:
            rows = self._cache[sku, region] = self._holder(sku)._current(sku, region)
        return rows

    def _current(self, sku: str, region: str) -> tuple[PriceRow, ...]:
        regions = self._history.get(sku, {})
        for history in (regions.get(region, []), regions.get("any", [])):
            dates = [row.valid_from for row in history if row.valid_from <= self.as_of]
            if dates:
                return tuple(row for row in history if row.valid_from == dates[-1])
        return ()

    def _metered_as(self, sku: str) -> Iterator[PriceRow]:
        """Yield the rows that give the unit and currency in which an override of a sku is read.

        A commitment's rate, ``sku@term``, has the meter of the sku; a sku without a price on the
        book's date has that of its first later row.
        """
        base, _at, term = sku.partition("@")
        for name in (sku, base) if term in TERMS else (sku,):
            regions = self.regions_of(name)
            for region in regions:
                yield from self.listed(name, region)
            if regions:
                return
        for region in self.recorded(sku):
            yield self.history(sku, region)[0]

    def _holder(self, sku: str) -> PriceBook:
        """Return the book whose rows of a sku apply: another one after :meth:`taking`."""
        book = self
        while sku in book._taken:
            book = book._taken[sku]
        return book

    def _overridden(self, sku: str, region: str) -> PriceRow:
        """Return the user's price, which applies in every region, with or without a list price."""
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
            _("override in the scenario"),
            "user",
            _("{price}, for every tier", price=price.text) if tiered else price.text,
        )

    def catalogue(self, assumptions: Assumptions | None = None) -> Catalogue:
        """Return the capacities and limits of the book's date, with the book's variants.

        ``assumptions`` replace those of the book.
        """
        of, chosen = self._limits or self, assumptions or self.assumptions
        return Catalogue(as_of=of.as_of, variants=of.variants, assumptions=chosen)

    def at(
        self,
        *,
        as_of: str | dt.date | None = None,
        folder: str | Path | None = None,
        name: str | None = None,
        assumptions: str | Assumptions | None = None,
        **others: Any,
    ) -> PriceBook:
        """Return the book of another date, tables or assumptions, with this one's settings.

        The user's own prices stay.  So do variants; the default replaces a variant that the other
        book does not have.  ``name`` is the name in results, instead of its own.  ``others`` are
        further settings of :class:`PriceBook`, such as the currency.  Raises the same errors.
        """
        source, variants = self._given
        settings: dict[str, Any] = {
            "as_of": self.as_of if as_of is None else as_of,
            "region": self.region,
            "currency": self.currency,
            "overrides": self.overrides,
            "gigabyte": self.gigabyte,
            "assumptions": self.assumptions if assumptions is None else assumptions,
            "tax": self.tax,
            **others,
        }
        source = source if folder is None else folder
        book = PriceBook(source, **settings)
        if kept := known_variants(variants, book.skus(), book.as_of) if variants else {}:
            book = PriceBook(source, **settings, variants=kept)
        return book._replace(name=book.name if name is None else name, _is_end=self._is_end)

    def taking(
        self, skus: Iterable[str], other: PriceBook, *, capacities: bool = False
    ) -> PriceBook:
        """Return this book with the rows of some skus taken from another book.

        With ``capacities``, those of the other book's date are taken as well.

        >>> old, new = (PriceBook(as_of=date) for date in ("2025-10-31", "2026-10-31"))
        >>> mixed = old.taking(["fx.usd.krw"], new)
        >>> mixed.price("fx.usd.krw", "any") == new.price("fx.usd.krw", "any")
        True
        >>> mixed.price("fx.usd.eur", "any") == old.price("fx.usd.eur", "any")
        True
        """
        names = sorted(skus)
        taken = [*names, *(["capacities"] if capacities else [])]
        changes = [f"{name} of {other.sha256} as of {other.as_of.isoformat()}" for name in taken]
        return self._replace(
            sha256=_chained(self.sha256, changes),
            _taken={**self._taken, **dict.fromkeys(names, other)},
            _limits=other if capacities else self._limits,
            _cache={},
        )

    def currencies(self) -> tuple[str, ...]:
        """Return the currencies for which the book has an exchange rate."""
        rates = (sku.removeprefix("fx.usd.") for sku in self.skus("fx.usd.") if "~" not in sku)
        return ("USD", *(rate.upper() for rate in rates))

    def exchange(self, currency: str) -> Any:
        """Return the value of one unit of ``currency`` [book's currency]."""
        if currency == self.currency:
            return 1.0
        return self._per_usd(self.currency) / self._per_usd(currency)

    def swept(self, sku: str, price: Any) -> PriceBook:
        """Return this book with one price varied: a number, an array or a curve, for every tier.

        The price is in the currency and unit of the sku's rows; for ``"labour."`` it is the monthly
        cost of each person, in the book's currency.
        """
        return self._replace(_swept={**self._swept, sku: price})

    def fixed(self) -> PriceBook:
        """Return this book with no price varied by :meth:`swept`."""
        return self._replace(_swept={})

    def varies(self, row: PriceRow) -> bool:
        """Return whether :meth:`swept` varies the price of a row, in the row's own currency."""
        return self._as_swept(row) in self._swept

    def money(self, row: PriceRow) -> Any:
        """Return the price of a row [book's currency]; ``None`` if the row is unpriced."""
        if row.sku.startswith("labour.") and "labour." in self._swept:
            return self._swept["labour."]
        sku = self._as_swept(row)
        if sku in self._swept:
            return self._swept[sku] * self.exchange(row.currency)
        return None if row.price is None else float(row.price) * self.exchange(row.currency)

    def rates(self, currency: str) -> tuple[PriceRow, ...]:
        """Return the exchange rates behind :meth:`exchange`; empty in the book's currency."""
        currencies = () if currency == self.currency else (currency, self.currency)
        return tuple(self._rate(code) for code in currencies if code != "USD")

    def _per_usd(self, currency: str) -> Any:
        if currency == "USD":
            return 1.0
        row = self._rate(currency)
        return self._swept.get(self._as_swept(row), float(row.price or 0))

    def _as_swept(self, row: PriceRow) -> str:
        """Return the sku under which a row is varied: a variant's own, or that of its figure."""
        return row.sku if row.sku in self._swept else row.sku.partition("~")[0]

    def _rate(self, currency: str) -> PriceRow:
        sku = f"fx.usd.{currency.lower()}"
        row = self.price(sku, "any")[0]
        if not row.price:
            raise MissingPriceError(
                _("exchange rate {sku!r}", sku=sku), _("book {book!r}", book=self.name), sku=sku
            )
        return row

    def describe(self) -> dict[str, str]:
        """Return the name, date and hashes by which a result identifies its prices."""
        return {
            "book": self.name,
            "as_of": self.as_of.isoformat(),
            "sha256": self.sha256,
            "capacity_sha256": self.catalogue().sha256,
            "assumptions": self.assumptions.name,
        }


class RecordingBook(PriceBook):
    """A price book that records look-ups, its own and those of books varied from it.

    >>> book = RecordingBook.of(PriceBook(as_of="2025-10-31"))
    >>> rows = book.listed("fx.usd.krw", "any")
    >>> rows = book.swept("fx.usd.krw", 1400.0).listed("x", "any")
    >>> list(book.looked_up)
    [('fx.usd.krw', 'any'), ('x', 'any')]
    """

    #: The sku and region of each look-up, successful or not; an ordered set.
    looked_up: dict[tuple[str, str], None]

    @classmethod
    def of(cls, book: PriceBook) -> RecordingBook:
        """Return a book with the same prices and an empty record."""
        recording = cls.__new__(cls)
        recording._set(**{**vars(book), "looked_up": {}})
        return recording

    def listed(self, sku: str, region: str) -> tuple[PriceRow, ...]:
        """Return the rows of the book, and record the look-up."""
        self.looked_up[sku, region] = None
        return super().listed(sku, region)


def _chained(sha256: str, changes: Iterable[str]) -> str:
    for change in changes:
        sha256 = hashlib.sha256(f"{sha256}|{change}".encode()).hexdigest()
    return sha256


def _date(text: str | dt.date, problems: list[Problem]) -> dt.date:
    try:
        if isinstance(text, dt.datetime):
            text = text.date()
        date = text if isinstance(text, dt.date) else dt.date.fromisoformat(text)
    except (TypeError, ValueError):
        date = dt.date.min
    if not 2000 <= date.year < 2200:
        problems.append(
            Problem("as_of", repr(text), _("a date from 2000 to 2199, such as 2025-10-31"))
        )
    return date
