"""The workload: as a user writes it, and in base units for formulas."""

from __future__ import annotations

import calendar
import dataclasses
import datetime as dt
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Final, Literal, Self

import numpy as np
from pydantic import Field, PlainValidator, field_validator, model_validator

from kafkatco.core.inputs import Input
from kafkatco.core.units import DURATION, RATE, SIZE, Duration, Rate, Size, parse
from kafkatco.errors import InputError, InvalidValueError, Problem, nearest, shown
from kafkatco.i18n.message import Message, _
from kafkatco.numerics.typing import Operand
from kafkatco.prices.assumptions import PRODUCTION, SETS
from kafkatco.sizing.traffic_profile import FLAT, HourlyTraffic, TrafficProfile

__all__ = ["DR_HINT", "Conventions", "MonthHours", "Operands", "Workload", "hours_of_month"]

KIB_PER_GIB = 1024.0**2
#: Peak traffic over average traffic where nobody states it [1].
USUAL_PEAK: Final = 2.0
#: The hours of the longest month.
MAX_HOURS = 24 * 31
#: Where disaster recovery is set.
DR_HINT: Final = _(
    "Write [[environment]], one line each: {example}.", example='name = "dr", dr = "standby"'
)


def _month_hours(value: Any) -> float | str:
    number = isinstance(value, int | float) and 0 < value <= MAX_HOURS
    if value != "calendar" and not number:
        raise InvalidValueError(
            _("more than 0 and at most {most} hours, or 'calendar'", most=MAX_HOURS)
        )
    hours: float | str = value
    return hours


#: The hours of a billing month [h], or "calendar": those of each calendar month.
MonthHours = Annotated[float | str, PlainValidator(_month_hours)]


class Conventions(Input):
    """Conventions for the length of a month and the size of a gigabyte.

    ``assumptions`` is the set of assumptions by which clusters are sized: ``"production"``
    (default), ``"bare"``, ``"aws-sizing-script"`` or ``"akalculator"``; ``[assumptions]`` replaces
    values of it.  ``month_hours`` is 730 (8760 h / 12), 720, 744, or ``"calendar"``: the hours of
    the billed month.  ``gigabyte`` is ``"metered"`` (the unit of each price row), or ``"decimal"``
    or ``"binary"``, which force GB or GiB for every row, to reproduce a published study.
    """

    month_hours: Literal[730, 720, 744, "calendar"] = 730
    gigabyte: Literal["metered", "decimal", "binary"] = "metered"
    assumptions: str = PRODUCTION

    @field_validator("assumptions")
    @classmethod
    def _known_set(cls, name: str) -> str:
        if name not in SETS:
            raise InvalidValueError(_("a set of assumptions"), nearest(name, SETS, limit=len(SETS)))
        return name


@dataclass(frozen=True, slots=True)
class Operands:
    """The workload in base units, for formulas.

    Each field may be a float, an array that broadcasts with the others or a Dask array, and one of
    them may be a :class:`~kafkatco.Curve`.  ``profile`` is no number: it is the same for all.
    """

    ingress_mib_s: Operand  #: average producer traffic on the wire [MiB/s]
    retained_mib_s: Operand  #: its average over the past retention, the stored traffic [MiB/s]
    fanout: Operand  #: how often each byte is read [1]
    peak_to_average: Operand  #: of the month, at least that of the profile [1]
    retention_h: Operand  #: [h]
    replication_factor: Operand  #: [1]
    zones: Operand  #: [1]
    partitions: Operand  #: before replication [1]
    message_size_kib: Operand  #: [KiB]
    compression_ratio: Operand  #: uncompressed over wire bytes [1]
    follower_fetch: Operand  #: share of reads from the reader's own zone [1]
    producer_affinity: Operand  #: share of producer traffic that stays in its zone [1]
    internet_egress: Operand  #: share of reads over the internet [1]
    month_hours: Operand  #: [h]
    local_retention_h: Operand = np.inf  #: retention on brokers, with tiered storage [h]
    connector_tasks: Operand = 0.0  #: [1]
    schema_registry: Operand = 0.0  #: 1 with a schema registry, else 0 [1]
    stream_processing_units: Operand = 0.0  #: [1]
    replica_regions: Operand = 0.0  #: other regions that receive a copy of every byte [1]
    connections: Operand = 0.0  #: client connections, 0 if unknown [1]
    requests_per_s: Operand = 0.0  #: client requests, 0 if unknown [1/s]
    topics: Operand = 0.0  #: number of topics, 0 if unknown [1]
    clusters: Operand = 1.0  #: number of clusters, of which this is the share of one [1]
    profile: HourlyTraffic = FLAT  #: the traffic of each hour, over that of the highest

    @property
    def busiest_mib_s(self) -> Operand:
        """The average traffic of the busiest hour [MiB/s]; of a flat profile, the average."""
        return self.ingress_mib_s * self.profile.highest

    @property
    def peak_mib_s(self) -> Operand:
        """The peak traffic, which is in the busiest hour [MiB/s]."""
        return self.ingress_mib_s * self.peak_to_average

    def split(self, clusters: int) -> Operands:
        """Return the workload of each of ``clusters``, over which traffic is spread evenly.

        Partitions and topics stay whole, since a client finds a topic on one cluster: each cluster
        has its share of both, rounded up, and at least one partition for each topic.
        """
        whole = self
        if np.any(self.topics):
            whole = self.replace(partitions=np.maximum(self.partitions, self.topics))
        if clusters == 1:
            return whole
        return self.replace(
            ingress_mib_s=self.ingress_mib_s / clusters,
            retained_mib_s=self.retained_mib_s / clusters,
            partitions=np.ceil(whole.partitions / clusters),
            topics=np.ceil(self.topics / clusters),
            connections=self.connections / clusters,
            requests_per_s=self.requests_per_s / clusters,
            connector_tasks=self.connector_tasks / clusters,
            clusters=float(clusters),
        )

    def replace(self, **changes: Operand) -> Operands:
        """Return a copy with some operands replaced, such as one by a curve.

        Without ``retained_mib_s``, a new ``ingress_mib_s`` replaces the stored traffic, too.
        """
        if "ingress_mib_s" in changes:
            changes.setdefault("retained_mib_s", changes["ingress_mib_s"])
        return dataclasses.replace(self, **changes)


_SHARE = Field(default=0.0, ge=0, le=1)


class Workload(Input):
    """The traffic of producers and consumers, and the data that brokers keep.

    Quantities are texts with units; a bare number is an error.

    Parameters
    ----------
    ingress
        Average producer traffic on the wire, compressed, e.g. ``"10 TB/month"``.  [data/time]
    fanout
        Number of consumer groups that read each byte.  [1]
    peak_to_average
        Peak traffic over average traffic: the peak sizes a cluster, the average is billed.  By
        default 2, or with a profile its highest hour over its mean.  A higher one is the peak
        within the highest hour; the peak of every other hour is higher by the same factor.  [1]
    profile
        The traffic of each hour of the day or week, by default the same in each.  Sizes are taken
        at its peak; units that scale by themselves follow it hour by hour.
    retention
        Time for which data is kept.  [time]
    replication_factor, zones, partitions
        Number of copies of each byte; of availability zones; of partitions before replication.
        [1]
    message_size
        Average size of a record, uncompressed.  [data]
    compression_ratio
        Uncompressed bytes over bytes on the wire, for vendors who bill uncompressed bytes.  [1]
    follower_fetch, producer_affinity, internet_egress
        Share of reads from the reader's own zone, by default that of the set of assumptions (0 in
        production); of writes that stay in the producer's zone; and of reads over the internet.
        [1]
    local_retention
        Time for which brokers keep data if a deployment has tiered storage.  [time]
    connector_tasks, schema_registry, stream_processing_units, replica_regions
        Number of Kafka Connect tasks; whether there is a schema registry; stream processing in
        units of 1 vCPU and 4 GiB; number of other regions that receive a copy of every byte.  [1]
    connections, requests
        Client connections and client requests per second, for quotas and units that depend on
        them; the default 0 is unknown.  [1], [1/s]
    topics
        Number of topics, for quotas that depend on it; the default 0 is unknown.  A topic has at
        least one partition, so that there are at least as many partitions.  [1]

    Raises
    ------
    InputError
        With every invalid field, its expected value and the nearest valid name.

    Examples
    --------
    >>> load = Workload(ingress="10 TB/month", fanout=3)
    >>> round(load.operands().ingress_mib_s, 3)
    3.629
    """

    ingress: Rate
    fanout: float = Field(default=1.0, ge=0, le=1e6)
    peak_to_average: float | None = Field(default=None, ge=1, le=1e6)
    profile: TrafficProfile | None = None
    retention: Duration = Field(default="7 days", validate_default=True)
    local_retention: Duration | None = None
    replication_factor: int = Field(default=3, ge=1, le=100)
    zones: int = Field(default=3, ge=1, le=6)
    partitions: int = Field(default=30, ge=1, le=10_000_000)
    message_size: Size = Field(default="1 KiB", validate_default=True)
    compression_ratio: float = Field(default=1.0, ge=1, le=1e6)
    follower_fetch: float | None = Field(default=None, ge=0, le=1)
    producer_affinity: float = _SHARE
    internet_egress: float = _SHARE
    connector_tasks: int = Field(default=0, ge=0)
    schema_registry: bool = False
    stream_processing_units: float = Field(default=0, ge=0)
    replica_regions: int = Field(default=0, ge=0)
    connections: int = Field(default=0, ge=0)
    requests: float = Field(default=0, ge=0)
    topics: int = Field(default=0, ge=0, le=10_000_000)

    hints: ClassVar[Mapping[str, Message]] = {"dr": DR_HINT}

    @field_validator(
        "replication_factor", "zones", "partitions", "connector_tasks", "topics", mode="before"
    )
    @classmethod
    def _whole(cls, value: Any) -> Any:
        return int(value) if isinstance(value, float) and value.is_integer() else value

    @model_validator(mode="after")
    def _peak_of_profile(self) -> Self:
        given, least = self.peak_to_average, self._by_hour.highest
        if given is not None and given < least:
            shortest = math.ceil(least * 1e4) / 1e4  # a number of few digits that is valid
            expected = _("at least {least:g}, the highest hour of the profile", least=shortest)
            hint = _("Leave it out, unless traffic peaks within the hour.")
            raise InputError("workload", [Problem("peak_to_average", shown(given), expected, hint)])
        return self

    @property
    def _by_hour(self) -> HourlyTraffic:
        return FLAT if self.profile is None else self.profile.by_hour

    def operands(self, *, month_hours: Operand = 730.0, follower_fetch: float = 0.0) -> Operands:
        """Return the workload in base units; ``month_hours`` [h] may be an array.

        ``follower_fetch`` [1] is used if the workload has none.
        """
        ingress_mib_s = parse(self.ingress, RATE).value(month_hours)
        by_hour, peak = self._by_hour, self.peak_to_average
        if peak is None:
            peak = USUAL_PEAK if self.profile is None else by_hour.highest
        return Operands(
            ingress_mib_s=ingress_mib_s,
            retained_mib_s=ingress_mib_s,
            fanout=self.fanout,
            peak_to_average=peak,
            retention_h=parse(self.retention, DURATION).value(month_hours),
            replication_factor=float(self.replication_factor),
            zones=float(self.zones),
            partitions=float(self.partitions),
            message_size_kib=parse(self.message_size, SIZE).value() * KIB_PER_GIB,
            compression_ratio=self.compression_ratio,
            follower_fetch=follower_fetch if self.follower_fetch is None else self.follower_fetch,
            producer_affinity=self.producer_affinity,
            internet_egress=self.internet_egress,
            month_hours=month_hours,
            local_retention_h=(
                np.inf
                if self.local_retention is None
                else parse(self.local_retention, DURATION).value(month_hours)
            ),
            connector_tasks=float(self.connector_tasks),
            schema_registry=float(self.schema_registry),
            stream_processing_units=self.stream_processing_units,
            replica_regions=float(self.replica_regions),
            connections=float(self.connections),
            requests_per_s=self.requests,
            topics=float(self.topics),
            profile=by_hour,
        )


def hours_of_month(month_hours: float | str, date: dt.date) -> float:
    """Return the hours of a billing month [h]: the number, or those of the month of ``date``.

    >>> hours_of_month("calendar", dt.date(2026, 2, 1))
    672.0
    """
    try:
        hours = _month_hours(month_hours)
    except InvalidValueError as error:
        raise InputError("conventions", [error.problem("month_hours", month_hours)]) from None
    if hours == "calendar":
        return 24.0 * calendar.monthrange(date.year, date.month)[1]
    return float(hours)
