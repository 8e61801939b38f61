"""The catalogue: capacities and limits of brokers, disks and services on one date."""

from __future__ import annotations

import datetime as dt
from functools import cache, lru_cache
from pathlib import Path

from kafkatco.errors import MissingPriceError, nearest
from kafkatco.prices.tables import COUNTS, CapacityRow, pricing_root, read_capacities, stamp
from kafkatco.units import registry

__all__ = ["Catalogue"]


@lru_cache(maxsize=8)
def _read_once(folder: Path, _stamp: tuple[object, ...]) -> tuple[tuple[CapacityRow, ...], str]:
    return read_capacities(folder)


class Catalogue:
    """Capacities as of a date, in base units: [MiB/s], [GiB], or a count.

    Examples
    --------
    >>> limits = Catalogue(as_of=dt.date(2025, 10, 31))
    >>> limits.value("aws.msk.kafka.m7g.large", "network")
    117.0
    >>> round(limits.value("confluent.basic", "ingress_per_unit"), 4)  # 5 MB/s
    4.7684
    """

    def __init__(self, *, as_of: dt.date, folder: Path | None = None) -> None:
        self.as_of = as_of
        folder = folder or pricing_root() / "capacity"
        rows, _ = _read_once(folder.resolve(), stamp(folder))
        self._rows: dict[str, dict[str, CapacityRow]] = {}
        self._first: dict[tuple[str, str], dt.date] = {}
        for row in sorted(rows, key=lambda r: r.valid_from):
            self._first.setdefault((row.item, row.attribute), row.valid_from)
            if row.valid_from <= as_of:
                self._rows.setdefault(row.item, {})[row.attribute] = row

    def items(self, prefix: str) -> tuple[str, ...]:
        """Return the items whose name starts with ``prefix``, in order."""
        return tuple(sorted(item for item in self._rows if item.startswith(prefix)))

    def value(self, item: str, attribute: str) -> float:
        """Return a capacity in its base unit; :class:`MissingPriceError` where there is none."""
        row = self.row(item, attribute)
        return float(row.value) * _base_units(row.unit)

    def row(self, item: str, attribute: str) -> CapacityRow:
        """Return the row behind :meth:`value`, with its source."""
        where = f"the capacity tables as of {self.as_of.isoformat()}"
        first = self._first.get((item, attribute))
        if first is not None and first > self.as_of:
            hint = f"Its first row is dated {first.isoformat()}."
            raise MissingPriceError(f"{attribute} of {item!r}", where, hint)
        if item not in self._rows:
            raise MissingPriceError(f"capacity of {item!r}", where, nearest(item, self._rows))
        attributes = self._rows[item]
        if attribute not in attributes:
            raise MissingPriceError(
                f"{attribute} of {item!r}", where, nearest(attribute, attributes)
            )
        return attributes[attribute]


@cache
def _base_units(unit: str) -> float:
    """Return how many base units one ``unit`` is; counts and shares are their own."""
    for base in ("MiB/s", "GiB"):
        if unit not in ("1", *COUNTS) and registry().Unit(unit).is_compatible_with(base):
            return float(registry().Quantity(1.0, unit).to(base).magnitude)
    return 1.0
