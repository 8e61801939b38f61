"""Magnitude bands: between which figures a price must lie, so that a slipped digit shows.

``bands.csv`` gives a lowest and a highest price in USD for each kind of sku and unit; a price in
another currency is compared by that currency's order of magnitude.  A band that spans less than a
thousandfold catches every price that is wrong by a factor of 1,000.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from kafkatco.errors import Problem
from kafkatco.prices.columns import BANDS
from kafkatco.prices.csv_tables import read_table
from kafkatco.prices.rows import PRICE_UNITS, Band, PriceRow

__all__ = ["LEAP", "band_of", "read_bands", "slipped"]

#: How many of a currency about one USD is, to the power of ten.
MAGNITUDES: Final = {"USD": 1, "EUR": 1, "GBP": 1, "CNY": 10, "JPY": 100, "KRW": 1000}
#: From which factor on, up or down, a new price is taken for a slip of the last one.
LEAP: Final = 10
#: From which span on a band no longer catches a slip of three digits.
MOST: Final = 1000


def read_bands(root: Path) -> tuple[tuple[Band, ...], list[Problem]]:
    """Return the bands of ``root/bands.csv``, the longest prefix first, and their problems."""
    rows, problems = read_table(root / "bands.csv", "bands.csv", BANDS)
    bands = tuple(sorted(rows, key=lambda band: -len(band.prefix)))
    for band in bands:
        if not 0 < band.low < band.high:
            given = f"{band.low} to {band.high}"
            problems.append(Problem(band.where, given, "a low above 0, and a high above it"))
        elif band.prefix and band.high >= MOST * band.low:
            given = f"{band.low} to {band.high}"
            problems.append(Problem(band.where, given, "less than a thousandfold"))
    units = {band.unit for band in bands if not band.prefix}
    for unit in PRICE_UNITS if not problems else ():
        if unit not in units:
            expected = f"one for any sku per {unit}, with an empty prefix"
            problems.append(Problem("bands.csv", "no band", expected))
    return bands, problems


def band_of(bands: Sequence[Band], sku: str, unit: str, currency: str) -> Band:
    """Return the band of a price, in its own currency: of those that fit, the longest prefix."""
    scale = MAGNITUDES[currency]
    band = next(band for band in bands if band.unit == unit and sku.startswith(band.prefix))
    return band._replace(low=band.low * scale, high=band.high * scale)


def slipped(rows: Sequence[PriceRow], bands: Sequence[Band]) -> Iterator[Problem]:
    """Find prices outside their magnitude, and zeros that no note explains."""
    cache: dict[tuple[str, str, str], Band] = {}
    for row in rows:
        where = f"{row.where} price"
        if row.price == 0 and not row.note:
            yield Problem(where, "0", "a price, or a note that says why it is free")
        if not row.price:
            continue
        key = row.sku, row.unit, row.currency
        band = cache.get(key) or cache.setdefault(key, band_of(bands, *key))
        if not band.low <= row.price <= band.high:
            expected = f"{band.low:f} to {band.high:f} {row.currency} per {row.unit}"
            hint = f"Skus that begin with {band.prefix!r} have this band, see {band.where}"
            yield Problem(where, f"{row.price:f} for {row.sku!r}", expected, hint)
