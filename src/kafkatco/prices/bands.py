"""Magnitude bands: between which figures a price must lie, so that a slipped digit shows.

``pricing/bands.csv`` gives a lowest and a highest price in USD for each kind of sku and unit; a
price in another currency is compared by that currency's order of magnitude.  A band that spans
less than a thousandfold catches every price that is wrong by a factor of 1,000.
"""

from __future__ import annotations

import csv
from decimal import Decimal
from functools import cache
from typing import Final, NamedTuple

from kafkatco.prices.tables import pricing_root

__all__ = ["Band", "band_of", "shipped_bands"]

#: How many of a currency about one USD is, to the power of ten.
MAGNITUDES: Final = {"USD": 1, "EUR": 1, "GBP": 1, "CNY": 10, "JPY": 100, "KRW": 1000}


class Band(NamedTuple):
    """The lowest and highest price of the skus that begin with ``prefix``."""

    prefix: str
    unit: str
    low: Decimal
    high: Decimal


@cache
def shipped_bands() -> tuple[Band, ...]:
    """Return the bands of ``pricing/bands.csv``, the longest prefix first."""
    with (pricing_root() / "bands.csv").open(encoding="utf-8", newline="") as file:
        bands = [
            Band(row["prefix"], row["unit"], Decimal(row["low"]), Decimal(row["high"]))
            for row in csv.DictReader(file)
        ]
    return tuple(sorted(bands, key=lambda band: -len(band.prefix)))


@cache
def band_of(sku: str, unit: str, currency: str) -> Band:
    """Return the band of a price in its own currency: of those that fit, the longest prefix.

    >>> band = band_of("fx.usd.krw", "USD", "KRW")
    >>> band.low < 1419 < band.high
    True
    """
    scale = MAGNITUDES[currency]
    for band in shipped_bands():
        if band.unit == unit and sku.startswith(band.prefix):
            return band._replace(low=band.low * scale, high=band.high * scale)
    raise LookupError(f"no magnitude band for a price per {unit} in pricing/bands.csv")
