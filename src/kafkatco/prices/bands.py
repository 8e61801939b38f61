"""Magnitude bands: the range in which a price must lie, so that a slipped digit shows.

``bands.csv`` gives a lowest and a highest price in USD for each kind of sku and unit; a price in
another currency is compared by that currency's order of magnitude.  A band that spans less than a
thousandfold catches every price that is wrong by a factor of 1,000.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from kafkatco.errors import Problem
from kafkatco.i18n.message import _, verbatim
from kafkatco.prices.columns import BANDS
from kafkatco.prices.csv_tables import read_table
from kafkatco.prices.rows import PRICE_UNITS, Band, PriceRow

__all__ = ["LEAP", "band_of", "read_bands", "slipped"]

#: The value of one USD in each currency, rounded to a power of ten.
MAGNITUDES: Final = {"USD": 1, "EUR": 1, "GBP": 1, "CNY": 10, "JPY": 100, "KRW": 1000}
#: A new price that differs from the last one by this factor, up or down, is suspicious.
LEAP: Final = 10
#: A band must span less than this factor, or it misses a slip of three digits.
MOST: Final = 1000


def read_bands(root: Path) -> tuple[tuple[Band, ...], list[Problem]]:
    """Return the bands of ``root/bands.csv``, the longest prefix first, and their problems."""
    rows, problems = read_table(root / "bands.csv", "bands.csv", BANDS)
    bands = tuple(sorted(rows, key=lambda band: -len(band.prefix)))
    for band in bands:
        if not 0 < band.low < band.high:
            span = _("{low} to {high}", low=band.low, high=band.high)
            problems.append(Problem(band.where, span, verbatim("0 < low < high")))
        elif band.prefix and band.high >= MOST * band.low:
            span = _("{low} to {high}", low=band.low, high=band.high)
            expected = _("a high of less than {factor:,} times the low", factor=MOST)
            problems.append(Problem(band.where, span, expected))
    units = {band.unit for band in bands if not band.prefix}
    for unit in PRICE_UNITS if not problems else ():
        if unit not in units:
            sentence = _("no band for prices per {unit}; add one with an empty prefix", unit=unit)
            problems.append(Problem("bands.csv", "", sentence))
    return bands, problems


def band_of(bands: Sequence[Band], sku: str, unit: str, currency: str) -> Band:
    """Return the band with the longest prefix that matches a price, in the price's currency."""
    scale = MAGNITUDES[currency]
    band = next(band for band in bands if band.unit == unit and sku.startswith(band.prefix))
    return band._replace(low=band.low * scale, high=band.high * scale)


def slipped(rows: Sequence[PriceRow], bands: Sequence[Band]) -> Iterator[Problem]:
    """Yield a problem for each price outside its band, and for each zero without a note."""
    cache: dict[tuple[str, str, str], Band] = {}
    for row in rows:
        where = f"{row.where} price"
        if row.price == 0 and not row.note:
            yield Problem(where, "0", _("a price, or a note that explains why it is free"))
        if not row.price:
            continue
        key = row.sku, row.unit, row.currency
        band = cache.get(key) or cache.setdefault(key, band_of(bands, *key))
        if not band.low <= row.price <= band.high:
            yield Problem(
                where,
                _("{price:f} for {sku!r}", price=row.price, sku=row.sku),
                _(
                    "{low:f} to {high:f} {currency} per {unit}",
                    low=band.low,
                    high=band.high,
                    currency=row.currency,
                    unit=row.unit,
                ),
                _(
                    "This is the band of skus that begin with {prefix!r}; see {place}",
                    prefix=band.prefix,
                    place=band.where,
                ),
            )
