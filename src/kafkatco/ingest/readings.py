"""What a reader finds: series of values, single values and clusters, each with its provenance."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final, Literal, NamedTuple

from kafkatco.i18n.message import Message
from kafkatco.numerics.typing import Floats

__all__ = [
    "QUANTITIES",
    "Billed",
    "Combine",
    "Findings",
    "Form",
    "Reading",
    "Resource",
    "Series",
    "Unknown",
]

#: How the values of a series are meant: a rate [unit]; a level of a moment [unit]; a count within
#: each step [unit x s]; a counter that only rises, and starts at zero again after a restart
#: [unit x s].  :func:`kafkatco.ingest.statistics.as_measured` makes rates of counts and counters.
Form = Literal["rate", "level", "count", "counter"]


#: How the values of the parts of a cluster combine: they add up, as bytes do; each is a mean, as a
#: share of a disk is; or each part knows the whole cluster, and the largest counts.
Combine = Literal["sum", "avg", "max"]

#: The unit of each quantity.  Bytes are those of clients on the wire, without replication.
QUANTITIES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "ingress": "B/s",  #: bytes that producers send
        "egress": "B/s",  #: bytes that consumers read
        "messages": "1/s",  #: records that producers send
        "requests": "1/s",  #: requests of clients
        "partitions": "1",  #: before replication
        "partition_replicas": "1",  #: every replica counts
        "stored_bytes": "B",  #: on brokers' disks, each byte once
        "stored_replica_bytes": "B",  #: on brokers' disks, every replica counts
        "remote_bytes": "B",  #: in tiered storage, each byte once
        "disk_used": "1",  #: share of the disks that is in use
        "disk_bytes": "B",  #: size of the disks
        "connections": "1",
        "topics": "1",
        "retention": "h",
        "local_retention": "h",  #: on brokers, with tiered storage
        "replication_factor": "1",
        "zones": "1",  #: availability zones of the brokers
        "message_size": "B",
    }
)


@dataclass(frozen=True, slots=True, eq=False)
class Series:
    """Values of one quantity over time, of a cluster or of a part of one.

    ``times`` has the start of each step [s since 1970, UTC], in rising order, without repetition;
    ``values`` the value over that step, NaN if there is none; both have the shape ``(n,)``.  A step
    that is missing in ``times`` is a gap, too.  ``part`` names the part, such as
    ``{"topic": "orders"}``: parts with the same names ``combine`` to the cluster, and a series
    without ``part`` is the cluster.  ``statistic`` is what each value is of its step: ``"mean"`` or
    ``"maximum"``.  ``asked`` is the window that the query asked for, if the file has it [s since
    1970].  ``sparse`` says that the source leaves out a part in which nothing was counted.
    """

    quantity: str
    times: Floats
    values: Floats
    step_s: float
    form: Form = "rate"
    statistic: str = "mean"
    source: str = ""
    query: str = ""
    cluster: str = ""
    part: Mapping[str, str] = field(default_factory=dict)
    combine: Combine = "sum"
    asked: tuple[float, float] | None = None
    sparse: bool = False

    @property
    def unit(self) -> str:
        """The unit of the quantity."""
        return QUANTITIES[self.quantity]


@dataclass(frozen=True, slots=True)
class Reading:
    """One value of a quantity of a cluster: a statistic of a series, or a value on its own.

    ``value`` is in the unit of the quantity.  ``start`` and ``end`` [s since 1970, UTC], ``step_s``
    and ``coverage`` (the share of the window that has values) describe the series; all are ``None``
    without one.  ``query`` is what made the number: a query, a command or a path in the file.
    ``part`` names the part of the cluster, such as ``{"topic": "orders"}``; without it the value is
    the cluster's.
    """

    quantity: str
    value: float
    statistic: str = "stated"
    start: float | None = None
    end: float | None = None
    step_s: float | None = None
    coverage: float | None = None
    source: str = ""
    query: str = ""
    cluster: str = ""
    part: Mapping[str, str] = field(default_factory=dict)

    @property
    def unit(self) -> str:
        """The unit of the quantity."""
        return QUANTITIES[self.quantity]


@dataclass(frozen=True, slots=True)
class Resource:
    """A cluster that a file describes, as a deployment of kafkatco.

    ``kind`` is the kind of the deployment and ``fields`` its fields, as in a scenario.  ``missing``
    has a sentence for each field that the file does not state.  ``when`` is ``"now"``, or
    ``"before"`` or ``"after"`` a planned change.  ``extra`` has what is no field of the deployment,
    such as instance types.  ``dated`` is when the file was made [s since 1970, UTC], if it has it.
    """

    kind: str
    fields: Mapping[str, Any]
    name: str
    provider_id: str = ""
    when: Literal["now", "before", "after"] = "now"
    source: str = ""
    where: str = ""
    missing: tuple[Message, ...] = ()
    extra: Mapping[str, Any] = field(default_factory=dict)
    dated: float | None = None


class Unknown(NamedTuple):
    """Something in a file that no reader knows: its name, and the file and path."""

    name: str
    where: str


class Billed(NamedTuple):
    """Brokers on a bill: their instance type, how many ran on average [1], and the bill."""

    instance: str
    brokers: float
    source: str


@dataclass(frozen=True, slots=True)
class Findings:
    """What one or several files have; ``+`` joins two.

    >>> both = Findings(readings=(Reading("topics", 12.0),)) + Findings()
    >>> [reading.value for reading in both.readings]
    [12.0]
    """

    series: tuple[Series, ...] = ()
    readings: tuple[Reading, ...] = ()
    resources: tuple[Resource, ...] = ()
    warnings: tuple[Message, ...] = ()
    unknown: tuple[Unknown, ...] = ()
    billed: tuple[Billed, ...] = ()

    def __add__(self, other: Findings) -> Findings:
        return Findings(
            self.series + other.series,
            self.readings + other.readings,
            self.resources + other.resources,
            self.warnings + other.warnings,
            self.unknown + other.unknown,
            self.billed + other.billed,
        )

    @classmethod
    def join(cls, items: Iterable[Findings]) -> Findings:
        """Return the findings of several files as one."""
        return sum(items, cls())
