"""Assumptions: named sets of values by which clusters are sized, and values that replace them.

A set is the rows of the capacity tables with its name as their variant: ``utilisation~bare`` is the
utilisation of the set ``bare``.  Rows without a suffix are those of ``production``, and apply to
every other set that has no row of its own.  Each is thus a value with its unit, date and source.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from kafkatco.core.units import quantity
from kafkatco.errors import InputError, InvalidValueError, Problem, nearest, shown
from kafkatco.i18n.message import Message, _
from kafkatco.prices.rows import COUNTS, CapacityRow

__all__ = ["ITEM", "PRODUCTION", "SETS", "Assumption", "Assumptions", "has_plain_values", "known"]

#: The item of the capacity tables with the assumptions that are of no single service.
ITEM: Final = "assumptions"
PRODUCTION: Final = "production"
#: The sets, in the order in which they are shown.
SETS: Final = (PRODUCTION, "bare", "aws-sizing-script", "akalculator")
#: The items of services with values of their own that a set replaces.
SERVICES: Final = ("aws.msk.standard", "aws.msk.express")
#: Values that must be a share or a truth, with their least and most.
_RANGES: Final = {
    "utilisation": (0.0, 1.0),
    "cpu_utilisation": (0.0, 1.0),
    "disk_headroom": (0.0, 1.0),
    "memory_share": (0.0, 1.0),
    "follower_fetch": (0.0, 1.0),
    "historical_reads": (0.0, 1.0),
    "zone_lost": (0.0, 1.0),
    "recovery": (0.0, 1.0),
    "burstable": (0.0, 1.0),
}
#: Of these a share of 0 would need infinitely many brokers; of disk_headroom and memory_share, 1.
_POSITIVE: Final = frozenset({"utilisation", "cpu_utilisation"})
_BELOW_ONE: Final = frozenset({"disk_headroom", "memory_share"})


@dataclass(frozen=True, slots=True)
class Assumptions:
    """A set of assumptions by name, and the values that replace some of its own.

    ``values`` are as a scenario file has them: a number for shares and counts, 1 or 0 (or true or
    false) for a truth, and a text with a unit otherwise.

    Examples
    --------
    >>> Assumptions("bare", {"cpu_throughput": "31 MB/s"}).name
    'bare'
    """

    name: str = PRODUCTION
    values: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, given: str | Assumptions) -> Assumptions:
        """Return assumptions, or the set of a name; ``InputError`` if there is no such set."""
        chosen = given if isinstance(given, Assumptions) else cls(given)
        if chosen.name not in SETS:
            hint = nearest(str(chosen.name), SETS, limit=len(SETS))
            expected = _("a set of assumptions")
            raise InputError("prices", [Problem("assumptions", shown(chosen.name), expected, hint)])
        return chosen

    def parsed(self, rows: Mapping[str, CapacityRow]) -> dict[str, float]:
        """Return the replaced values in base units; ``rows`` has the row of each known name.

        Raises :class:`~kafkatco.errors.InputError` with every unknown name and invalid value.
        """
        problems = []
        values = {}
        for name, value in self.values.items():
            where = f"{ITEM}.{name}"
            if name not in rows:
                hint = nearest(name, rows)
                problems.append(Problem(where, shown(value), _("a known assumption"), hint))
                continue
            try:
                values[name] = _value(name, value, rows[name])
            except InvalidValueError as error:
                problems.append(error.problem(where, value))
        if problems:
            raise InputError("", problems)
        return values


@dataclass(frozen=True, slots=True)
class Assumption:
    """An assumption that an answer rests on: its value, and that of its set if they differ."""

    name: str
    unit: str
    value: float  #: in ``unit``
    of_set: float  #: in ``unit``
    source: str


def _value(name: str, value: Any, row: CapacityRow) -> float:
    """Return a value in the base unit of a row."""
    if has_plain_values(row):
        return _number(name, value)
    parsed = quantity(value, f"{row.value:f} {row.unit}")
    for base in ("MiB/s", "GiB", "hour"):
        if parsed.is_compatible_with(base):
            if parsed.is_compatible_with(row.unit):
                return float(parsed.to(base).magnitude)
            break
    example = f"{row.value:f} {row.unit}"
    raise InvalidValueError(_("a quantity such as '{example}'", example=example))


def _number(name: str, value: Any) -> float:
    least, most = _RANGES.get(name, (0.0, float("inf")))
    number = isinstance(value, int | float) and least <= value <= most
    above = name not in _POSITIVE or value != 0.0
    below = name not in _BELOW_ONE or value != 1.0
    if not number or not above or not below:
        raise InvalidValueError(_expected(name, most))
    return float(value)


def _expected(name: str, most: float) -> Message:
    if name in _POSITIVE:
        return _("a share above 0 and at most 1")
    if name in _BELOW_ONE:
        return _("a share of at least 0 and below 1")
    return _("a number from 0 to 1") if most == 1.0 else _("a number of at least 0")


def has_plain_values(row: CapacityRow) -> bool:
    """Return whether values of a row are plain numbers: shares, truths and counts."""
    return row.unit == "1" or row.unit in COUNTS


def known(rows: Mapping[str, Mapping[str, Any]]) -> Iterator[tuple[str, str]]:
    """Yield the item and attribute of each assumption, those of services first."""
    for item in (*SERVICES, ITEM):
        attributes = rows.get(item, {})
        for name in sorted({name.partition("~")[0] for name in attributes}):
            if item == ITEM or any(f"{name}~{other}" in attributes for other in SETS):
                yield item, name
