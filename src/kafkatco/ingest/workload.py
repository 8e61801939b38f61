"""The workload of a cluster from what files have, each number with its provenance."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from kafkatco.errors import InputError, Problem, nearest
from kafkatco.i18n.message import Message, _, join
from kafkatco.ingest.clusters import of_cluster
from kafkatco.ingest.estimate import Estimate, Numbers
from kafkatco.ingest.hours import profile
from kafkatco.ingest.readings import Findings, Reading, Series
from kafkatco.ingest.replication import local_retention, partitions, replication, retention
from kafkatco.ingest.statistics import coverage, outliers, step_name, window
from kafkatco.ingest.topics import whole
from kafkatco.ingest.traffic import count, fanout, ingress, message_size, peak, requests
from kafkatco.sizing.workload import Workload

__all__ = ["PEAK", "Traffic", "traffic_of"]

#: The percentile of the steps' ingress that is the peak.
PEAK: Final = 0.99
#: Less of the window than this is told.
LEAST_COVERAGE: Final = 0.9
#: A shorter window does not hold every day of a week [s].
LEAST_WINDOW: Final = 7 * 86_400.0


@dataclass(frozen=True, slots=True)
class Traffic:
    """The workload of a cluster: the fields that files have, and how to find the others."""

    cluster: str
    estimates: Mapping[str, Estimate]
    missing: Mapping[str, Message]
    readings: tuple[Reading, ...] = ()
    warnings: tuple[Message, ...] = ()

    def fields(self) -> dict[str, str | float | int | dict[str, list[float]]]:
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
    >>> import numpy as np
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
    numbers = Numbers(series, stated, f"p{100 * peak:g}")
    estimates = {
        estimate.field: estimate for find in _FINDERS if (estimate := find(numbers)) is not None
    }
    _raise_peak(estimates)
    found = [*findings.warnings, *warnings, *noticed, *numbers.warnings, *_rounded(estimates)]
    found.extend(_about(series))
    known = {*estimates, *(("peak_to_average",) if "profile" in estimates else ())}
    missing = {name: how for name, how in _HOW.items() if name not in known}
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


def _raise_peak(estimates: dict[str, Estimate]) -> None:
    """Let the peak be at least the busiest hour of the profile, which may be above a percentile."""
    hours, top = estimates.get("profile"), estimates.get("peak_to_average")
    if hours is None or top is None or float(f"{top.value:.6g}") >= hours.value:
        return
    because = _("the busiest hour of the profile, which is above the percentile")
    del estimates["peak_to_average"]  # the default of a profile
    estimates["profile"] = dataclasses.replace(
        hours, because=join("; ", [hours.because, _("peak: {reason}", reason=because)])
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


#: In the order of the fields of a workload.
_FINDERS: Final[tuple[Callable[[Numbers], Estimate | None], ...]] = (
    ingress,
    fanout,
    peak,
    profile,
    retention,
    local_retention,
    replication,
    partitions,
    message_size,
    count("connections", "max"),
    requests,
    count("topics", "max"),
    count("zones", "max"),
)
