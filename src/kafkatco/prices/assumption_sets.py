"""The sets of assumptions side by side, and the groups in which they are explained."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from kafkatco.core.result import Results
from kafkatco.errors import InputError, Problem, nearest
from kafkatco.i18n.message import Message, _
from kafkatco.prices.assumptions import ITEM, SETS, TRUTHS, UNSIZED, known
from kafkatco.prices.book import PriceBook
from kafkatco.prices.catalogue import capacities
from kafkatco.prices.rows import CapacityRow

__all__ = [
    "GROUPS",
    "AssumptionSets",
    "AssumptionValues",
    "assumptions",
    "group_of",
    "unknown_sets",
]

#: The groups of assumptions by name, in the order in which they are shown.
GROUPS: Final[Mapping[str, Message]] = MappingProxyType(
    {
        "margins": _("utilisation, lost zone, recovery"),
        "disks": _("disks: free share, volumes, reads"),
        "cpu": _("CPU"),
        "memory": _("memory and smallest types"),
        "controllers": _("controllers"),
        "connections": _("connections of a broker"),
        "rebuild": _("time to rebuild a broker"),
        "rack-awareness": _("reads in the own zone"),
        "client-path": _("path of clients to a service"),
        "capital": _("cost of capital of purchased servers"),
        "service": _("rules of the service"),
    }
)
_MEMBERS: Final = {
    "margins": (
        "utilisation",
        "zone_lost",
        "recovery",
        "recovery_lag",
        "recovery_rebalancing",
        "recovery_network",
    ),
    "disks": ("disk_headroom", "volumes_per_broker", "historical_reads"),
    "cpu": ("cpu_throughput", "cpu_read_weight", "cpu_records", "cpu_utilisation"),
    "memory": (
        "cache_window",
        "lag_window",
        "heap",
        "system_memory",
        "memory_share",
        "min_memory",
        "min_vcpu",
        "burstable",
    ),
    "controllers": ("controllers", "controller_disk"),
    "connections": ("connections_per_broker",),
    "rebuild": ("rebuild_time",),
    "rack-awareness": ("follower_fetch",),
    "client-path": ("client_path",),
    "capital": ("cost_of_capital",),
}
_GROUP_OF: Final = {name: group for group, names in _MEMBERS.items() for name in names}
_ORDER: Final = tuple(GROUPS)


@dataclass(frozen=True, slots=True)
class AssumptionValues:
    """One assumption under each set, and other figures that are published for it."""

    item: str  #: of the capacity tables: "assumptions", or a service with a value of its own
    name: str
    by_set: Mapping[str, CapacityRow]  #: the row that applies under each set
    published: Mapping[str, CapacityRow]  #: the rows of variants that are no sets

    @property
    def group(self) -> str:
        """Its group, one of :data:`GROUPS`."""
        return group_of(self.name)

    @property
    def unit(self) -> str:
        """The unit of its values."""
        return next(iter(self.by_set.values())).unit

    @property
    def is_truth(self) -> bool:
        """Whether its values are 1 for yes and 0 for no."""
        return self.name in TRUTHS

    def is_unsized(self, row: CapacityRow) -> bool:
        """Return whether a value means that clusters are not sized by it."""
        return self.name in UNSIZED and not row.value

    def is_inherited(self, name: str) -> bool:
        """Return whether a set has no value of its own, and takes that of production."""
        return not self.by_set[name].attribute.endswith(f"~{name}") and name != SETS[0]


@dataclass(frozen=True, slots=True, repr=False)
class AssumptionSets(Results[AssumptionValues]):
    """The values of some sets of assumptions on a date: a sequence."""

    items: tuple[AssumptionValues, ...]
    sets: tuple[str, ...]
    prices: dict[str, str]

    def __repr__(self) -> str:
        return f"AssumptionSets({', '.join(self.sets)})"

    def _about(self) -> dict[str, Any]:
        return {name: self.prices[name] for name in ("as_of", "capacity_sha256")}


def group_of(name: str) -> str:
    """Return the group of an assumption; those of single services are its rules.

    >>> group_of("cpu_records"), group_of("network_base")
    ('cpu', 'service')
    """
    return _GROUP_OF.get(name, "service")


def assumptions(*, as_of: str | dt.date, sets: Sequence[str] = SETS) -> AssumptionSets:
    """Return the assumptions by which clusters are sized, side by side.

    Parameters
    ----------
    as_of
        The date whose values apply.  It is required: today is never assumed.
    sets
        The sets to show, by default all.

    Raises
    ------
    InputError
        For an invalid date or an unknown set.

    Examples
    --------
    >>> found = assumptions(as_of="2026-10-31")
    >>> headroom = next(values for values in found if values.name == "disk_headroom")
    >>> {name: float(row.value) for name, row in headroom.by_set.items()}
    {'production': 0.5, 'bare': 0.0, 'aws-sizing-script': 0.5, 'akalculator': 0.5}
    """
    if problems := unknown_sets(sets):
        raise InputError("assumptions", problems)
    book = PriceBook("list", as_of=as_of)
    catalogues = {name: book.at(assumptions=name).catalogue() for name in sets}
    rows = capacities()[0]
    found = []
    for item, name in known(rows):
        by_set = {
            chosen: row
            for chosen, limits in catalogues.items()
            if (row := limits.assumption(name, item)) is not None
        }
        options = (attribute.partition("~") for attribute in rows[item])
        published = {
            option: row
            for stem, tilde, option in options
            if stem == name and tilde and option not in SETS
            if (row := book.catalogue().listed(item, f"{name}~{option}")) is not None
        }
        if by_set:
            found.append(AssumptionValues(item, name, by_set, published))
    found.sort(key=lambda one: (one.item != ITEM, one.item, _ORDER.index(one.group)))
    prices = book.describe()
    return AssumptionSets(tuple(found), tuple(sets), prices)


def unknown_sets(sets: Collection[str], where: str = "sets") -> list[Problem]:
    """Return the problems of names of sets: unknown ones, and none at all."""
    expected = _("a set of assumptions")
    if not sets:
        return [Problem(where, "", _("at least one set"), nearest("", SETS, limit=len(SETS)))]
    return [
        Problem(where, repr(name), expected, nearest(str(name), SETS, limit=len(SETS)))
        for name in sets
        if name not in SETS
    ]
