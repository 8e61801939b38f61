"""The catalogue: capacities and limits of brokers, disks and services on one date."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from copy import copy
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from kafkatco.core.units import registry
from kafkatco.errors import MissingPriceError, nearest
from kafkatco.i18n.message import _
from kafkatco.prices.assumptions import ITEM, PRODUCTION, SETS, Assumption, Assumptions, known
from kafkatco.prices.csv_tables import pricing_root, read_capacities, stamp
from kafkatco.prices.rows import COUNTS, CapacityRow

__all__ = ["Catalogue", "capacities"]

#: Every row by item, then by attribute, in order of date.
Capacities = dict[str, dict[str, list[CapacityRow]]]


@lru_cache(maxsize=8)
def _read_once(folder: Path, _stamp: tuple[object, ...]) -> tuple[Capacities, str]:
    rows, sha256 = read_capacities(folder)
    by_item: Capacities = {}
    for row in sorted(rows, key=lambda r: r.valid_from):
        by_item.setdefault(row.item, {}).setdefault(row.attribute, []).append(row)
    return by_item, sha256


def capacities(folder: Path | None = None) -> tuple[Capacities, str]:
    """Return every capacity row of the tables by item and attribute, and the tables' sha256."""
    folder = folder or pricing_root() / "capacity"
    return _read_once(folder.resolve(), stamp(folder))


class Catalogue:
    """Capacities as of a date, in base units: [MiB/s], [GiB], [h], or a count.

    ``variants`` chooses among sources that contradict each other, and ``assumptions`` a set of
    assumptions: see :class:`~kafkatco.PriceBook`, whose :meth:`~kafkatco.PriceBook.catalogue`
    passes its own.  Raises :class:`~kafkatco.errors.InputError` for invalid assumptions.

    Examples
    --------
    >>> limits = Catalogue(as_of=dt.date(2025, 10, 31))
    >>> limits.value("aws.msk.kafka.m7g.large", "network")
    117.0
    >>> round(limits.value("confluent.basic", "ingress_per_unit"), 4)  # 5 MB/s
    4.7684
    """

    def __init__(
        self,
        *,
        as_of: dt.date,
        folder: Path | None = None,
        variants: Mapping[str, str] | None = None,
        assumptions: str | Assumptions = PRODUCTION,
    ) -> None:
        self.as_of = as_of
        self.variants = dict(variants or {})
        self._rows, self.sha256 = capacities(folder)
        self.assumptions = Assumptions.of(assumptions)
        #: The values of :meth:`assumed` so far, in base units.
        self._values: dict[tuple[str, str], float] = {}
        self._assumed: dict[str, float] = {}
        if self.assumptions.values:
            # any row will do, since only their units matter
            rows = {name: _any_row(self._rows[item], name) for item, name in known(self._rows)}
            self._assumed = self.assumptions.parsed(rows)

    def items(self, prefix: str) -> tuple[str, ...]:
        """Return the items whose name starts with ``prefix``, in order."""
        return tuple(sorted(item for item in self._rows if item.startswith(prefix)))

    def value(self, item: str, attribute: str) -> float:
        """Return a capacity in its base unit; :class:`MissingPriceError` if it has no row."""
        return _in_base_units(self.row(item, attribute))

    def value_or_none(self, item: str, attribute: str) -> float | None:
        """Return a capacity in its base unit; ``None`` if it has no row."""
        row = self.listed(item, self._name(item, attribute))
        return None if row is None else _in_base_units(row)

    def listed(self, item: str, attribute: str) -> CapacityRow | None:
        """Return the row that applies on the date; ``None`` if there is none."""
        for row in reversed(self._rows.get(item, {}).get(attribute, [])):
            if row.valid_from <= self.as_of:
                return row
        return None

    def assumed(self, name: str, service: str = ITEM) -> float:
        """Return an assumption in its base unit, for the item of a service if it has its own.

        A value that the user gives comes first, then those of the set, then those of production;
        of each, the service's comes before the general one.

        >>> [Catalogue(as_of=dt.date(2026, 10, 31), assumptions=name).assumed("disk_headroom")
        ...  for name in ("production", "bare")]
        [0.5, 0.0]
        """
        if name in self._assumed:
            return self._assumed[name]
        key = name, service
        if key not in self._values:
            row = self.assumption(name, service) or self.row(ITEM, name)  # which raises
            self._values[key] = float(row.value) * _base_units(row.unit)
        return self._values[key]

    def assumption(self, name: str, service: str = ITEM) -> CapacityRow | None:
        """Return the row behind :meth:`assumed`, without the user's own value; if any."""
        for attribute in (f"{name}~{self.assumptions.set_of(name)}", name):
            for item in (service, ITEM):
                if self.listed(item, attribute):
                    return self.row(item, name)
        return None

    @property
    def names_of_sets(self) -> frozenset[str]:
        """The names of figures for which some set of assumptions has one of its own."""
        return frozenset(
            name
            for attributes in self._rows.values()
            for name, _tilde, option in (attribute.partition("~") for attribute in attributes)
            if option in SETS
        )

    def differing(self, other: Catalogue) -> frozenset[str]:
        """Return the names of figures that another set of assumptions has otherwise.

        >>> production, script = (Catalogue(as_of=dt.date(2026, 10, 31), assumptions=name)
        ...                       for name in ("production", "aws-sizing-script"))
        >>> {"cpu_throughput", "disk_headroom", "heap"} & production.differing(script)
        {'cpu_throughput'}
        """
        names = self.names_of_sets
        return frozenset(
            name
            for item, attributes in self._rows.items()
            for name in names.intersection(attribute.partition("~")[0] for attribute in attributes)
            if _figure(self.assumption(name, item)) != _figure(other.assumption(name, item))
        )

    def replaced(self, own: Mapping[str, Any], service: str = ITEM) -> tuple[Assumption, ...]:
        """Return the assumptions that the user has replaced by another value.

        ``own`` has those of a deployment [base units], which come before the catalogue's.
        """
        of_set = copy(self)
        of_set.assumptions = Assumptions(self.assumptions.name)
        names = {name for item, name in known(self._rows) if item in (service, ITEM)}
        taken = {
            name: self.assumed(name, service) for name in self.assumptions.taken if name in names
        }
        changed = []
        for name, value in {**taken, **self._assumed, **own}.items():
            row = of_set.assumption(name, service) if name in names else None
            if row is not None and value != float(row.value) * _base_units(row.unit):
                ours = float(value) / _base_units(row.unit)
                changed.append(Assumption(name, row.unit, ours, float(row.value), row.source))
        return tuple(changed)

    def row(self, item: str, attribute: str) -> CapacityRow:
        """Return the row behind :meth:`value`, with its source."""
        name = self._name(item, attribute)
        if row := self.listed(item, name):
            return row
        where = _("the capacity tables as of {date}", date=self.as_of.isoformat())
        attributes = self._rows.get(item, {})
        if rows := attributes.get(name):
            hint = _("Its first row is dated {date}.", date=rows[0].valid_from.isoformat())
        elif attributes:
            hint = nearest(attribute, attributes)
        else:
            capacity = _("capacity of {item!r}", item=item)
            raise MissingPriceError(capacity, where, nearest(item, self._rows))
        capacity = _("{attribute} of {item!r}", attribute=attribute, item=item)
        raise MissingPriceError(capacity, where, hint)

    def _name(self, item: str, attribute: str) -> str:
        """Return the attribute's name in the tables: its own, or with a variant or assumption."""
        if option := self.variants.get(f"{item}.{attribute}"):
            return f"{attribute}~{option}"
        assumed = f"{attribute}~{self.assumptions.set_of(attribute)}"
        return assumed if self.listed(item, assumed) else attribute

    def changed(self, other: Catalogue) -> tuple[str, ...]:
        """Return each ``item.attribute`` that differs between this catalogue and another.

        >>> old, new = (Catalogue(as_of=dt.date(year, 10, 31)) for year in (2025, 2026))
        >>> "aws.ebs.gp3.max_size" in old.changed(new)
        True
        """
        names = {
            (item, attribute)
            for rows in (self._rows, other._rows)
            for item, attributes in rows.items()
            for attribute in attributes
        }
        return tuple(
            f"{item}.{attribute}"
            for item, attribute in sorted(names)
            if _figure(self.listed(item, attribute)) != _figure(other.listed(item, attribute))
        )


def _any_row(attributes: Mapping[str, list[CapacityRow]], name: str) -> CapacityRow:
    """Return a row of an attribute, whatever its date and variant."""
    rows = attributes.get(name) or next(
        rows for other, rows in attributes.items() if other.partition("~")[0] == name
    )
    return rows[-1]


def _figure(row: CapacityRow | None) -> object:
    return row and (row.value, row.unit)


def _in_base_units(row: CapacityRow) -> float:
    return float(row.value) * _base_units(row.unit)


@cache
def _base_units(unit: str) -> float:
    """Return the size of a ``unit`` in base units; counts and shares have size 1."""
    bases = () if unit in ("1", "W", "MiB/s/IOPS", *COUNTS) else ("MiB/s", "GiB", "hour")
    for base in bases:
        if registry().Unit(unit).is_compatible_with(base):
            return float(registry().Quantity(1.0, unit).to(base).magnitude)
    return 1.0
