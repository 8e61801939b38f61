"""A price book: the prices of one date, in one currency, and how to look them up."""

from __future__ import annotations

import datetime as dt
import hashlib
import itertools
from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, Literal

from kafkatco.errors import InputError, MissingPriceError, Problem, nearest
from kafkatco.prices.tables import PriceRow, pricing_root, read_prices
from kafkatco.units import CURRENCIES, PriceMeasure, parse_price

__all__ = ["PriceBook"]

GB_PER_GIB: Final = 1024**3 / 1e9
_SIZE_UNITS: Final = {
    "GiB": ("GiB", "GB"), "GB": ("GiB", "GB"),
    "GiB-month": ("GiB-month", "GB-month"), "GB-month": ("GiB-month", "GB-month"),
}  # fmt: skip

_read_once = lru_cache(maxsize=32)(read_prices)


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
        gigabyte: Literal["metered", "decimal", "binary"] = "metered",
    ) -> None:
        problems: list[Problem] = []
        self.name = str(name)
        self.gigabyte = gigabyte
        self.as_of = _date(as_of, problems)
        if currency not in CURRENCIES:
            hint = nearest(str(currency), CURRENCIES)
            problems.append(Problem("currency", repr(currency), "a known currency", hint))
        self.currency = currency
        folder = _folder(self.name, problems)
        if problems:
            raise InputError("prices", problems)
        rows, sha256 = _read_once(folder)
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
        self.overrides: Mapping[str, PriceMeasure] = self._read_overrides(overrides or {})
        for sku, price in sorted(self.overrides.items()):
            sha256 = hashlib.sha256(f"{sha256}|{sku}={price.text}".encode()).hexdigest()
        self.sha256 = sha256

    def _read_overrides(
        self, overrides: Mapping[str, str | PriceMeasure]
    ) -> dict[str, PriceMeasure]:
        problems: list[Problem] = []
        read: dict[str, PriceMeasure] = {}
        for sku, text in overrides.items():
            where = f"override.{sku}"
            if sku not in self._prices:
                first = [date for (known, _), date in self._first.items() if known == sku]
                hint = f"Its first row is dated {min(first).isoformat()}." if first else ""
                problems.append(
                    Problem(
                        where, repr(sku), "a sku of this book", hint or nearest(sku, self._prices)
                    )
                )
                continue
            unit = next(iter(self._prices[sku].values()))[0].unit
            try:
                read[sku] = parse_price(text, example=f"0.10 USD/{unit}")
                read[sku].per(unit)
            except ValueError as error:
                problems.append(Problem(where, repr(text), str(error)))
        if problems:
            raise InputError("prices", problems)
        return read

    def __repr__(self) -> str:
        return (
            f"PriceBook({self.name!r}, as_of={self.as_of.isoformat()!r}, "
            f"currency={self.currency!r}, sha256={self.sha256[:12]!r})"
        )

    def skus(self, prefix: str = "", *, region: str | None = None) -> tuple[str, ...]:
        """Return the skus that start with ``prefix``, in order; in one region if asked."""
        return tuple(
            sku
            for sku, regions in self._prices.items()
            if sku.startswith(prefix) and (region is None or {region, "any"} & regions.keys())
        )

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
        if rows is None:
            raise self._missing(sku, region)
        if sku in self.overrides:
            price = self.overrides[sku]
            amount = Decimal(repr(price.per(rows[0].unit)))
            return (
                PriceRow(
                    sku, region, amount, price.currency, rows[0].unit, Decimal(0), "flat",
                    self.as_of, self.as_of, "override in the scenario", "user", price.text,
                ),
            )  # fmt: skip
        return rows

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

    def exchange(self, currency: str) -> float:
        """Return how much of the book's currency one of ``currency`` is worth."""
        if currency == self.currency:
            return 1.0
        return self._per_usd(self.currency) / self._per_usd(currency)

    def _per_usd(self, currency: str) -> float:
        if currency == "USD":
            return 1.0
        price = self.price(f"fx.usd.{currency.lower()}", "any")[0].price
        assert price is not None, "an exchange rate is never open"
        return float(price)

    def metered(self, quantity: Any, unit: str, row_unit: str, month_hours: Any) -> tuple[Any, str]:
        """Return ``quantity`` [``unit``] in the unit that a price row meters, and that unit.

        Sizes follow ``gigabyte``; hours become months of ``month_hours`` [h].

        >>> book = PriceBook("list", as_of="2025-10-31")
        >>> book.metered(730, "hour", "month", 730)
        (1.0, 'month')
        """
        if row_unit in _SIZE_UNITS and unit in _SIZE_UNITS:
            binary, decimal = _SIZE_UNITS[row_unit]
            row_unit = {"metered": row_unit, "binary": binary, "decimal": decimal}[self.gigabyte]
            return (quantity if row_unit == binary else quantity * GB_PER_GIB), row_unit
        if (unit, row_unit) == ("hour", "month"):
            return quantity / month_hours, row_unit
        if unit != row_unit:
            raise InputError(
                "prices", [Problem(f"book {self.name}", f"a price per {row_unit}", f"per {unit}")]
            )
        return quantity, row_unit

    def describe(self) -> dict[str, str]:
        """Return what a result says of its prices."""
        return {"book": self.name, "as_of": self.as_of.isoformat(), "sha256": self.sha256}


def _date(text: str | dt.date, problems: list[Problem]) -> dt.date:
    if isinstance(text, dt.date):
        return text
    try:
        return dt.date.fromisoformat(text)
    except (TypeError, ValueError):
        problems.append(Problem("as_of", repr(text), "a date, such as 2025-10-31"))
        return dt.date.min


def _folder(name: str, problems: list[Problem]) -> Path:
    root = pricing_root()
    books = [path.name for path in root.iterdir() if path.is_dir() and path.name != "capacity"]
    if name in books:
        return root / name
    folder = Path(name)
    if not (folder.is_dir() and any(folder.rglob("*.csv"))):
        hint = nearest(name, books)
        problems.append(Problem("book", repr(name), "a known book, or a folder of tables", hint))
    return folder
