"""Assumptions: named sets of values by which clusters are sized, and values that replace them.

A set is the rows of the capacity tables with its name as their variant: ``utilisation~bare`` is the
utilisation of the set ``bare``.  Rows without a suffix are those of ``production``, and apply to
every other set that has no row of its own.  Each is thus a value with its unit, date and source.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from kafkatco.core.units import quantity
from kafkatco.errors import InputError, InvalidValueError, Problem, nearest, shown
from kafkatco.i18n.message import Message, _
from kafkatco.prices.rows import COUNTS, CapacityRow

__all__ = [
    "ITEM",
    "PRODUCTION",
    "SERVICES",
    "SETS",
    "TRUTHS",
    "UNSIZED",
    "Assumption",
    "Assumptions",
    "has_plain_values",
    "known",
]

#: The item of the capacity tables with the assumptions that are of no single service.
ITEM: Final = "assumptions"
PRODUCTION: Final = "production"
#: The sets, in the order in which they are shown.
SETS: Final = (PRODUCTION, "bare", "aws-sizing-script", "akalculator")
#: The items of services with values of their own that a set replaces.
SERVICES: Final = ("aws.msk.standard", "aws.msk.express")
#: Values of 1 for yes and 0 for no.
TRUTHS: Final = frozenset({"burstable", "client_path", "recovery", "zone_lost"})
#: Values of which 0 means that clusters are not sized by them.
UNSIZED: Final = frozenset(
    {"cache_window", "connections_per_broker", "cpu_records", "cpu_throughput", "rebuild_time"}
)
#: Shares from 0 to 1.
_SHARES: Final = frozenset({"cost_of_capital", "follower_fetch", "historical_reads"})
#: Shares of which 0 would need infinitely many brokers.
_SHARES_ABOVE_ZERO: Final = frozenset({"cpu_utilisation", "utilisation"})
#: Shares of which 1 would.
_SHARES_BELOW_ONE: Final = frozenset({"disk_headroom", "memory_share"})
#: Numbers of things of which there is at least one.
_AT_LEAST_ONE: Final = frozenset({"volumes_per_broker"})
#: The units of whole things.
_WHOLE: Final = frozenset({"node", "unit"})


@dataclass(frozen=True, slots=True)
class Assumptions:
    """A set of assumptions by name, and the values that replace some of its own.

    ``values`` are as a scenario file has them: a number for shares and counts, true or false (or 1
    or 0) for a truth, and a text with a unit otherwise.  ``taken`` names assumptions, or capacities
    of single types, that are of another set than ``name``, and that set.

    Examples
    --------
    >>> Assumptions("bare", {"cpu_throughput": "31 MB/s"}).name
    'bare'
    >>> Assumptions("production", taken={"disk_headroom": "bare"}).set_of("disk_headroom")
    'bare'
    """

    name: str = PRODUCTION
    values: Mapping[str, Any] = field(default_factory=dict)
    taken: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, given: str | Assumptions) -> Assumptions:
        """Return assumptions, or the set of a name; ``InputError`` if there is no such set."""
        chosen = given if isinstance(given, Assumptions) else cls(given)
        named = {"assumptions": chosen.name}
        named |= {f"assumptions.taken.{name}": other for name, other in chosen.taken.items()}
        problems = [
            Problem(
                where,
                shown(name),
                _("a set of assumptions"),
                nearest(str(name), SETS, limit=len(SETS)),
            )
            for where, name in named.items()
            if name not in SETS
        ]
        if problems:
            raise InputError("prices", problems)
        return chosen

    def set_of(self, name: str) -> str:
        """Return the set that an assumption is of."""
        return self.taken.get(name, self.name)

    def parsed(self, rows: Mapping[str, CapacityRow]) -> dict[str, float]:
        """Return the replaced values in base units; ``rows`` has a row of each known name.

        Raises :class:`~kafkatco.errors.InputError` with every unknown name and invalid value.
        """
        problems, values = [], {}
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
        return _number(name, value, row)
    parsed = quantity(value, f"{row.value:f} {row.unit}")
    for base in ("MiB/s", "GiB", "hour"):
        if parsed.is_compatible_with(base):
            if parsed.is_compatible_with(row.unit):
                return float(parsed.to(base).magnitude)
            break
    example = f"{row.value:f} {row.unit}"
    raise InvalidValueError(_("a quantity such as '{example}'", example=example))


def _number(name: str, value: Any, row: CapacityRow) -> float:
    """Return a share, a truth or a count."""
    if name in TRUTHS:
        if value in (0, 1):  # true and false too
            return float(value)
        raise InvalidValueError(_("true or false"))
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if not number or not _allowed(name, value, row):
        raise InvalidValueError(_expected(name, row))
    return float(value)


def _allowed(name: str, value: float, row: CapacityRow) -> bool:
    if name in _SHARES_ABOVE_ZERO:
        return 0.0 < value <= 1.0
    if name in _SHARES_BELOW_ONE:
        return 0.0 <= value < 1.0
    if name in _SHARES:
        return 0.0 <= value <= 1.0
    least = 1.0 if name in _AT_LEAST_ONE else 0.0
    if not least <= value < math.inf:
        return False
    return row.unit not in _WHOLE or float(value).is_integer()


def _expected(name: str, row: CapacityRow) -> Message:
    if name in _SHARES_ABOVE_ZERO:
        return _("a share above 0 and at most 1")
    if name in _SHARES_BELOW_ONE:
        return _("a share of at least 0 and below 1")
    if name in _SHARES:
        return _("a number from 0 to 1")
    if name in _AT_LEAST_ONE:
        return _("a whole number of at least 1")
    if row.unit in _WHOLE:
        return _("a whole number of at least 0")
    return _("a number of at least 0")


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
