"""The workload of a cluster from what files have, each number with its provenance."""

from __future__ import annotations

import dataclasses
import datetime as dt
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from kafkatco.errors import InputError, Problem, nearest
from kafkatco.i18n.message import Message, _, join, verbatim
from kafkatco.ingest.clusters import common, of_cluster
from kafkatco.ingest.readings import Findings, Reading, Series
from kafkatco.ingest.statistics import amount, coverage, outliers, statistic, step_name, window
from kafkatco.ingest.topics import whole
from kafkatco.sizing.workload import Workload

__all__ = ["PEAK", "Estimate", "Traffic", "traffic_of"]

#: The percentile of the steps' ingress that is the peak.
PEAK: Final = 0.99
#: The percentile of counts of partitions: what the cluster holds, without a one-off.
USUAL: Final = "p95"
#: Steps longer than this hide the peaks within them [s].
LONGEST_STEP: Final = 3600.0
#: Less of the window than this is told.
LEAST_COVERAGE: Final = 0.9
#: A shorter window does not hold every day of a week [s].
LEAST_WINDOW: Final = 7 * 86_400.0
#: Fewer steps show no peak.  Assumption: a day of hours.
LEAST_STEPS: Final = 24
#: Two ways to the same number that differ by more than this share are told.
SAME: Final = 0.25


@dataclass(frozen=True, slots=True)
class Estimate:
    """A field of the workload: its value in the base ``unit``, and its provenance.

    ``written`` is the value as in ``[workload]``: text with a unit, or a number.
    """

    field: str
    value: float
    unit: str
    written: str | float | int
    because: Message


@dataclass(frozen=True, slots=True)
class Traffic:
    """The workload of a cluster: the fields that files have, and how to find the others."""

    cluster: str
    estimates: Mapping[str, Estimate]
    missing: Mapping[str, Message]
    readings: tuple[Reading, ...] = ()
    warnings: tuple[Message, ...] = ()

    def fields(self) -> dict[str, str | float | int]:
        """Return the fields of ``[workload]`` as a scenario has them."""
        return {name: estimate.written for name, estimate in self.estimates.items()}

    def workload(self) -> Workload:
        """Return the workload; fields that no file has keep their defaults.

        Raises :class:`~kafkatco.errors.InputError` without ingress, which has no default.
        """
        if "ingress" not in self.estimates:
            raise InputError("", [Problem("ingress", "", self.missing["ingress"])])
        return Workload(**self.fields())  # type: ignore[arg-type]


#: How to find a field that no file has.
_HOW: Final[Mapping[str, Message]] = {
    "ingress": _("no file has the bytes that producers send: export BytesInPerSec or its like"),
    "fanout": _("export the bytes that consumers read, BytesOutPerSec or its like"),
    "peak_to_average": _(
        "export the bytes that producers send over time, in steps of 5 min or 1 h"
    ),
    "retention": _("read retention.ms of the topics: kafka-topics --describe"),
    "replication_factor": _("count the replicas: kafka-topics --describe"),
    "partitions": _("count the partitions: kafka-topics --describe"),
    "message_size": _("export the number of records, MessagesInPerSec or its like"),
    "connections": _("export the number of client connections"),
    "topics": _("count the topics: kafka-topics --list"),
}


def traffic_of(
    findings: Findings,
    *,
    cluster: str = "",
    peak: float = PEAK,
    asked: tuple[float, float] | None = None,
) -> Traffic:
    """Return the workload of one cluster of the findings.

    Ingress is the mean of the window; fan-out the bytes out over the bytes in, in the steps that
    have both; the peak a percentile of the shortest steps; retention what is stated, else the
    stored bytes over replicas and ingress; the replication factor the replicas over the partitions.

    Parameters
    ----------
    findings
        What files have, as :func:`~kafkatco.ingest.reader.read_files` returns it.
    cluster
        The cluster's name, if the findings have several.
    peak
        The percentile of ingress that is the peak, from 0 to 1.
    asked
        The window that was asked for, start and end [s since 1970], if the files do not have it:
        coverage is the share of it that has values.

    Raises
    ------
    InputError
        If the findings have several clusters and ``cluster`` is none of them.

    Examples
    --------
    >>> hours = np.arange(24) * 3600.0
    >>> day = np.repeat([1e6, 3e6], 12)
    >>> bytes_in = Series("ingress", hours, day, 3600.0)
    >>> bytes_out = Series("egress", hours, 2 * day, 3600.0)
    >>> traffic_of(Findings((bytes_in, bytes_out)), peak=1.0).fields()
    {'ingress': '2 MB/s', 'fanout': 2.0, 'peak_to_average': 1.5}
    """
    name = _one_cluster(findings, cluster)
    mine = [one for one in findings.series if one.cluster in ("", name)]
    if asked is not None:
        mine = [dataclasses.replace(one, asked=asked) for one in mine]
    series, warnings = of_cluster(mine)
    stated, noticed = whole(one for one in findings.readings if one.cluster in ("", name))
    numbers = _Numbers(series, stated, f"p{100 * peak:g}")
    estimates = {
        estimate.field: estimate for find in _FINDERS if (estimate := find(numbers)) is not None
    }
    found = [*findings.warnings, *warnings, *noticed, *numbers.warnings, *_rounded(estimates)]
    found.extend(_about(series))
    missing = {name: how for name, how in _HOW.items() if name not in estimates}
    return Traffic(name, estimates, missing, tuple(numbers.used), tuple(dict.fromkeys(found)))


def _one_cluster(findings: Findings, cluster: str) -> str:
    names = {one.cluster for one in findings.series} | {one.cluster for one in findings.readings}
    names -= {""}
    if cluster and cluster not in names:
        expected = _("the name of a cluster in the files")
        raise InputError("", [Problem("cluster", repr(cluster), expected, nearest(cluster, names))])
    if not cluster and len(names) > 1:
        text = _(
            "the files have several clusters; choose one: {names}", names=", ".join(sorted(names))
        )
        raise InputError("", [Problem("cluster", "", text)])
    return cluster or next(iter(names), "")


@dataclass(slots=True)
class _Numbers:
    """The series and stated values of a cluster; collects what is used and noticed."""

    series: Mapping[str, Series]
    stated: Sequence[Reading]
    peak: str
    used: list[Reading] = field(default_factory=list)
    warnings: list[Message] = field(default_factory=list)

    def get(self, quantity: str, *names: str) -> Reading | None:
        """Return the first of some statistics of a quantity: of its series, else a stated one."""
        if quantity in self.series:
            return self.use(statistic(self.series[quantity], names[0]))
        return self.state(quantity, *names)

    def state(self, quantity: str, *names: str) -> Reading | None:
        """Return the first of some statistics of a quantity that a file states.

        Another file that states something else is told.
        """
        for name in (*names, "stated"):
            found = [
                one
                for one in self.stated
                if (one.quantity, one.statistic) == (quantity, name) and math.isfinite(one.value)
            ]
            for other in found[1:]:
                if abs(other.value - found[0].value) > SAME * abs(found[0].value):
                    text = _(
                        "{quantity} is {first} in {source}, but {second} in {other}; the first "
                        "one is taken",
                        quantity=quantity,
                        first=amount(found[0].value, found[0].unit),
                        source=found[0].source,
                        second=amount(other.value, other.unit),
                        other=other.source,
                    )
                    self.warnings.append(text)
            if found:
                return self.use(found[0])
        return None

    def use(self, reading: Reading) -> Reading:
        """Keep a reading as one that an estimate uses."""
        if reading not in self.used:
            self.used.append(reading)
        return reading


def _ingress(numbers: _Numbers) -> Estimate | None:
    mean = numbers.get("ingress", "mean")
    if mean is None:
        return None
    return Estimate("ingress", mean.value, "B/s", amount(mean.value, "B/s"), _from(mean))


def _fanout(numbers: _Numbers) -> Estimate | None:
    bytes_in, bytes_out = numbers.get("ingress", "mean"), numbers.get("egress", "mean")
    if bytes_in is None or bytes_out is None or bytes_in.value <= 0:
        return None
    ratio = bytes_out.value / bytes_in.value
    if {"ingress", "egress"} <= numbers.series.keys():
        written, read, _step = common(numbers.series["ingress"], numbers.series["egress"])
        if not written.sum():
            return None
        ratio = float(read.sum() / written.sum())
    because = _("bytes out over bytes in: {source}", source=_from(bytes_out))
    return Estimate("fanout", ratio, "1", _digits(ratio), because)


def _peak(numbers: _Numbers) -> Estimate | None:
    mean = numbers.get("ingress", "mean")
    top = numbers.get("ingress", numbers.peak, "p99", "p95", "max")
    if mean is None or top is None or top.statistic == "stated" or mean.value <= 0:
        return None
    if "ingress" in numbers.series:
        steps = int(np.isfinite(numbers.series["ingress"].values).sum())
        if steps < LEAST_STEPS:
            text = _(
                "ingress has {n} steps, too few to show a peak (at least {least})",
                n=steps,
                least=LEAST_STEPS,
            )
            numbers.warnings.append(text)
            return None
    ratio = top.value / mean.value
    because = _("{source}, over the mean", source=_from(top))
    if ratio < 1:
        text = _(
            "the {peak} of ingress is below its mean, which a few steps make; the peak is taken as "
            "the mean",
            peak=top.statistic,
        )
        numbers.warnings.append(text)
    if top.step_s is not None and top.step_s > LONGEST_STEP:
        text = _(
            "ingress is in steps of {step}, whose means hide the peaks within them: the true peak "
            "is higher. Export steps of 5 min or 1 h",
            step=step_name(top.step_s),
        )
        numbers.warnings.append(text)
    ratio = max(1.0, ratio)
    return Estimate("peak_to_average", ratio, "1", _digits(ratio), because)


def _replication(numbers: _Numbers) -> Estimate | None:
    given = numbers.state("replication_factor", "mean")
    if given is not None:
        return _copies(given.value, _from(given))
    for several, once, stat in (
        ("partition_replicas", "partitions", USUAL),
        ("stored_replica_bytes", "stored_bytes", "mean"),
    ):
        many, one = numbers.get(several, stat), numbers.get(once, stat)
        if many is not None and one is not None and one.value > 0:
            because = _(
                "{many} over {one}: {source}",
                many=amount(many.value, many.unit),
                one=amount(one.value, one.unit),
                source=_from(many),
            )
            return _copies(many.value / one.value, because)
    return None


def _copies(value: float, because: Message) -> Estimate:
    """Return the replication factor, which is whole; ``value`` keeps the mean of its topics."""
    written = max(1, round(value))
    if abs(written - value) > 0.005:
        because = _("mean {mean:.2f}, rounded; {because}", mean=value, because=because)
    return Estimate("replication_factor", value, "1", written, because)


def _partitions(numbers: _Numbers) -> Estimate | None:
    one = numbers.get("partitions", USUAL)
    if one is not None:
        return Estimate("partitions", one.value, "1", math.ceil(one.value), _from(one))
    many, copies = numbers.get("partition_replicas", USUAL), _replication(numbers)
    if many is None or copies is None:
        return None
    value = many.value / copies.value
    because = _("replicas over the replication factor: {source}", source=_from(many))
    return Estimate("partitions", value, "1", math.ceil(value - 1e-9), because)


def _retention(numbers: _Numbers) -> Estimate | None:
    given, derived = numbers.state("retention", "mean"), _derived_retention(numbers)
    if given is None:
        return derived
    if derived is not None and abs(derived.value - given.value) > SAME * given.value:
        text = _(
            "retention is {given:,.4g} h as stated ({where}), but the stored bytes hold "
            "{derived:,.4g} h of ingress; the stated one is taken",
            given=given.value,
            where=given.source,
            derived=derived.value,
        )
        numbers.warnings.append(text)
    return Estimate("retention", given.value, "h", _hours(given.value), _from(given))


def _derived_retention(numbers: _Numbers) -> Estimate | None:
    """Return stored bytes over ingress; in tiered storage almost every byte is remote, too."""
    rate = numbers.get("ingress", "mean")
    if rate is None or rate.value <= 0:
        return None
    for quantity in ("remote_bytes", "stored_bytes"):
        stored = numbers.get(quantity, "mean")
        if stored is not None and stored.value > 0:
            because = _("stored bytes over ingress: {source}", source=_from(stored))
            return _held(stored.value / rate.value, because)
    stored, copies = _stored_replicas(numbers), _replication(numbers)
    if stored is None or copies is None:
        return None
    because = _(
        "stored bytes over replication factor {copies:.3g} and ingress: {source}",
        copies=copies.value,
        source=_from(stored),
    )
    return _held(stored.value / copies.value / rate.value, because)


def _stored_replicas(numbers: _Numbers) -> Reading | None:
    stored = numbers.get("stored_replica_bytes", "mean")
    if stored is not None:
        return stored
    share, size = numbers.get("disk_used", "mean"), numbers.get("disk_bytes", "max")
    if share is None:
        return None
    if size is None:
        text = _(
            "{name} is a share of the disks, not bytes: add a file with the size of the disks, "
            "such as aws kafka describe-cluster-v2",
            name=share.query,
        )
        numbers.warnings.append(text)
        return None
    value = share.value * size.value
    return dataclasses.replace(share, quantity="stored_replica_bytes", value=value)


def _held(seconds: float, because: Message) -> Estimate:
    hours = seconds / 3600.0
    return Estimate("retention", hours, "h", _hours(hours), because)


def _local_retention(numbers: _Numbers) -> Estimate | None:
    """Return the time that brokers hold, if the cluster has tiered storage."""
    given = numbers.state("local_retention", "mean")
    if given is not None:
        because = _from(given)
        return Estimate("local_retention", given.value, "h", _hours(given.value), because)
    remote, rate = numbers.get("remote_bytes", "mean"), numbers.get("ingress", "mean")
    if remote is None or rate is None or remote.value <= 0 or rate.value <= 0:
        return None
    stored, copies = _stored_replicas(numbers), _replication(numbers)
    if stored is None or copies is None:
        return None
    held = _held(
        stored.value / copies.value / rate.value,
        _("bytes on brokers over replication factor and ingress: {source}", source=_from(stored)),
    )
    return dataclasses.replace(held, field="local_retention")


def _message_size(numbers: _Numbers) -> Estimate | None:
    given = numbers.state("message_size", "mean")
    bytes_in, records = numbers.get("ingress", "mean"), numbers.get("messages", "mean")
    if given is not None:
        return Estimate("message_size", given.value, "B", f"{given.value:.4g} B", _from(given))
    if bytes_in is None or records is None or records.value <= 0:
        return None
    size = bytes_in.value / records.value
    if {"ingress", "messages"} <= numbers.series.keys():
        written, sent, _step = common(numbers.series["ingress"], numbers.series["messages"])
        size = float(written.sum() / sent.sum()) if sent.sum() else size
    because = _("bytes in over records, as on the wire: {source}", source=_from(records))
    return Estimate("message_size", size, "B", f"{max(size, 1):.4g} B", because)


def _count(name: str, stat: str) -> Callable[[_Numbers], Estimate | None]:
    def find(numbers: _Numbers) -> Estimate | None:
        reading = numbers.get(name, stat)
        if reading is None:
            return None
        return Estimate(name, reading.value, "1", math.ceil(reading.value), _from(reading))

    return find


def _requests(numbers: _Numbers) -> Estimate | None:
    mean = numbers.get("requests", "mean")
    if mean is None:
        return None
    return Estimate("requests", mean.value, "1/s", _digits(mean.value), _from(mean))


#: In the order of the fields of a workload.
_FINDERS: Final[tuple[Callable[[_Numbers], Estimate | None], ...]] = (
    _ingress,
    _fanout,
    _peak,
    _retention,
    _local_retention,
    _replication,
    _partitions,
    _message_size,
    _count("connections", "max"),
    _requests,
    _count("topics", "max"),
)


def _rounded(estimates: Mapping[str, Estimate]) -> Iterator[Message]:
    """Yield how much more the workload stores if its replication factor is rounded."""
    copies = estimates.get("replication_factor")
    if copies is None or not isinstance(copies.written, int):
        return
    change = copies.written / copies.value - 1
    if abs(change) > 0.005:
        sentence = (
            _(
                "the workload has replication factor {written} in place of {mean:.2f}, so that it "
                "stores {change:.0%} more than the cluster",
                written=copies.written,
                mean=copies.value,
                change=change,
            )
            if change > 0
            else _(
                "the workload has replication factor {written} in place of {mean:.2f}, so that it "
                "stores {change:.0%} less than the cluster",
                written=copies.written,
                mean=copies.value,
                change=-change,
            )
        )
        yield sentence


def _about(series: Mapping[str, Series]) -> Iterator[Message]:
    """Yield what a reader of the numbers must know: gaps, a short window, outliers."""
    for name, one in series.items():
        start, end = window(one)
        share = coverage(one)
        if share < LEAST_COVERAGE:
            steps = round((end - start) / one.step_s)
            yield _(
                "{name}: {covered} of {steps} steps of {step} have values ({share:.0%}); the mean "
                "is that of the others",
                name=one.query or name,
                covered=round(share * steps),
                steps=steps,
                step=step_name(one.step_s),
                share=share,
            )
        message = outliers(one)
        if message is not None:
            yield message
    if "ingress" in series:
        start, end = window(series["ingress"])
        if end - start < LEAST_WINDOW:
            yield _(
                "ingress covers {span}, less than a week: weekdays and weekends may differ",
                span=step_name(end - start),
            )


def _from(reading: Reading) -> Message:
    """Return the provenance of a reading, as a comment in a scenario."""
    made_by = join(" ", filter(None, [reading.query, f"({reading.source})"]))
    if reading.step_s is None or reading.start is None or reading.end is None:
        return verbatim(made_by)
    return _(
        "{statistic} of {step} steps, {start} to {end}, {coverage:.0%} covered: {made_by}",
        statistic=reading.statistic,
        step=step_name(reading.step_s),
        start=_day(reading.start),
        end=_day(reading.end - 1),
        coverage=reading.coverage or 0.0,
        made_by=made_by,
    )


def _day(seconds: float) -> str:
    return dt.datetime.fromtimestamp(seconds, dt.UTC).date().isoformat()


def _digits(value: float) -> float:
    return float(f"{value:.6g}")


def _hours(hours: float) -> str:
    return f"{hours:.4g} h"
