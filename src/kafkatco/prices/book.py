"""A price book: the prices of one date, in one currency, and how to look them up."""

from __future__ import annotations

import datetime as dt
import hashlib
import itertools
from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache
from pathlib import Path

from kafkatco.errors import InputError, MissingPriceError, Problem, nearest
from kafkatco.prices.metering import GIGABYTES, Gigabyte, effective_unit, read_overrides
from kafkatco.prices.tables import PriceRow, pricing_root, read_prices, stamp
from kafkatco.units import CURRENCIES, PriceMeasure

__all__ = ["PriceBook", "shipped_books"]


@lru_cache(maxsize=32)
def _read_once(folder: Path, _stamp: tuple[object, ...]) -> tuple[tuple[PriceRow, ...], str]:
    return read_prices(folder)


class PriceBook:
    """The prices of one book as they stood on one date.

    Parameters
    ----------
    name
        ``"list"`` (providers' list prices), ``"article"`` (the article's own figures), or the
        path of a folder of price tables.
    as_of
        The date whose prices count; there is no silent today.
    currency
        The currency of results.
    overrides
        sku to price, such as ``{"aws.ec2.m5.2xlarge": "0.30 USD/hour"}``: a negotiated rate.
    gigabyte
        ``"metered"``: each row's own unit; ``"decimal"`` or ``"binary"`` forces rows per GB or GiB.

    Raises
    ------
    InputError
        For an unknown book, date, currency or override.
    PriceTableError
        For tables that cannot be read.

    Examples
    --------
    >>> book = PriceBook("list", as_of="2025-10-31")
    >>> row, = book.price("aws.msk.kafka.m7g.large", "ap-northeast-2")
    >>> str(row.price), row.currency, row.unit
    ('0.2508', 'USD', 'hour')
    """

    def __init__(
        self,
        name: str | Path = "list",
        *,
        as_of: str | dt.date,
        currency: str = "USD",
        overrides: Mapping[str, str | PriceMeasure] | None = None,
        gigabyte: Gigabyte = "metered",
    ) -> None:
        problems: list[Problem] = []
        self.name = str(name)
        self.gigabyte = gigabyte
        self.as_of = _date(as_of, problems)
        if gigabyte not in GIGABYTES:
            hint = nearest(str(gigabyte), GIGABYTES)
            problems.append(Problem("gigabyte", repr(gigabyte), "a known convention", hint))
        if currency not in CURRENCIES:
            hint = nearest(str(currency), CURRENCIES)
            problems.append(Problem("currency", repr(currency), "a known currency", hint))
        self.currency = currency
        folder = _folder(self.name, problems)
        if problems:
            raise InputError("prices", problems)
        rows, sha256 = _read_once(folder.resolve(), stamp(folder))
        self._prices: dict[str, dict[str, tuple[PriceRow, ...]]] = {}
        self._first: dict[tuple[str, str], dt.date] = {}
        for (sku, region), group in itertools.groupby(
            sorted(rows, key=lambda r: (r.sku, r.region, r.valid_from, r.tier_from)),
            key=lambda r: (r.sku, r.region),
        ):
            history = list(group)
            self._first[sku, region] = history[0].valid_from
            known = [row.valid_from for row in history if row.valid_from <= self.as_of]
            if known:
                now = tuple(row for row in history if row.valid_from == known[-1])
                self._prices.setdefault(sku, {})[region] = now
        first = {sku: next(iter(regions.values()))[0] for sku, regions in self._prices.items()}
        self.overrides: Mapping[str, PriceMeasure] = read_overrides(
            overrides or {},
            {
                sku: {rows[0].unit for rows in regions.values()}
                for sku, regions in self._prices.items()
            },
            {sku: row.currency for sku, row in first.items()},
            gigabyte,
        )
        changes = [f"{sku}={price.text}" for sku, price in sorted(self.overrides.items())]
        changes += [] if gigabyte == "metered" else [f"gigabyte={gigabyte}"]
        for change in changes:
            sha256 = hashlib.sha256(f"{sha256}|{change}".encode()).hexdigest()
        self.sha256 = sha256

    def __repr__(self) -> str:
        return (
            f"PriceBook({self.name!r}, as_of={self.as_of.isoformat()!r}, "
            f"currency={self.currency!r}, sha256={self.sha256[:12]!r})"
        )

    def skus(self, prefix: str = "") -> tuple[str, ...]:
        """Return the skus that start with ``prefix``, in order."""
        return tuple(sku for sku in self._prices if sku.startswith(prefix))

    def regions(self, prefix: str) -> tuple[str, ...]:
        """Return the regions in which some sku that starts with ``prefix`` has a price."""
        found = (regions for sku, regions in self._prices.items() if sku.startswith(prefix))
        return tuple(sorted(set(itertools.chain.from_iterable(found))))

    def price(self, sku: str, region: str) -> tuple[PriceRow, ...]:
        """Return the tiers of a price, from the lowest; one row where there are none.

        Raises :class:`MissingPriceError` naming the nearest thing there is.
        """
        regions = self._prices.get(sku, {})
        rows = regions.get(region) or regions.get("any")
        if sku in self.overrides:
            return (self._overridden(sku, region, rows or next(iter(regions.values()))),)
        if rows is None:
            raise self._missing(sku, region)
        return rows

    def _overridden(self, sku: str, region: str, rows: tuple[PriceRow, ...]) -> PriceRow:
        """Return the user's price, which counts in every region, also where the book has none."""
        price, unit = self.overrides[sku], effective_unit(rows[0].unit, self.gigabyte)
        amount = Decimal(repr(price.per(unit)))
        return PriceRow(
            sku, region, amount, price.currency, unit, Decimal(0), "flat",
            self.as_of, self.as_of, "override in the scenario", "user",
            price.text + (", for every tier" if len(rows) > 1 else ""),
        )  # fmt: skip

    def _missing(self, sku: str, region: str) -> MissingPriceError:
        where = f"book {self.name!r} as of {self.as_of.isoformat()}"
        what = f"price of {sku!r} in region {region!r}"
        first = self._first.get((sku, region)) or self._first.get((sku, "any"))
        if first is not None:
            hint = f"Its first row is dated {first.isoformat()}."
        elif sku in self._prices:
            hint = f"It has a price in: {', '.join(sorted(self._prices[sku]))}."
        else:
            hint = nearest(sku, self._prices)
        return MissingPriceError(what, where, hint)

    def currencies(self) -> tuple[str, ...]:
        """Return the currencies that the book can express results in."""
        rates = (sku.removeprefix("fx.usd.").upper() for sku in self.skus("fx.usd."))
        return ("USD", *rates)

    def exchange(self, currency: str) -> float:
        """Return how much of the book's currency one of ``currency`` is worth."""
        if currency == self.currency:
            return 1.0
        return self._per_usd(self.currency) / self._per_usd(currency)

    def _per_usd(self, currency: str) -> float:
        if currency == "USD":
            return 1.0
        sku = f"fx.usd.{currency.lower()}"
        price = self.price(sku, "any")[0].price
        if not price:
            raise MissingPriceError(f"exchange rate {sku!r}", f"book {self.name!r}")
        return float(price)

    def describe(self) -> dict[str, str]:
        """Return what a result says of its prices."""
        return {"book": self.name, "as_of": self.as_of.isoformat(), "sha256": self.sha256}


def _date(text: str | dt.date, problems: list[Problem]) -> dt.date:
    try:
        if isinstance(text, dt.datetime):
            text = text.date()
        date = text if isinstance(text, dt.date) else dt.date.fromisoformat(text)
    except (TypeError, ValueError):
        date = dt.date.min
    if not 2000 <= date.year < 2200:
        problems.append(Problem("as_of", repr(text), "a date, such as 2025-10-31"))
    return date


def shipped_books() -> tuple[str, ...]:
    """Return the names of the books that come with the package."""
    folders = (path for path in pricing_root().iterdir() if path.is_dir())
    return tuple(sorted(path.name for path in folders if path.name != "capacity"))


def _folder(name: str, problems: list[Problem]) -> Path:
    books = shipped_books()
    if name in books:
        return pricing_root() / name
    folder = Path(name)
    try:
        usable = folder.is_dir() and any(folder.rglob("*.csv"))
    except (OSError, ValueError):  # a name that no file system takes
        usable = False
    if not usable:
        hint = nearest(name, books)
        problems.append(Problem("book", repr(name), "a known book, or a folder of tables", hint))
    return folder
