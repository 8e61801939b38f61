"""Metrics of Amazon MSK: ``aws cloudwatch get-metric-data`` and ``get-metric-statistics``, as JSON.

The reply names no unit and no dimension: the metric is found in the label of each result, or in its
id.  Names and units: AWS, "Amazon MSK metrics for monitoring ... with CloudWatch".
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from kafkatco.errors import InputError, Problem
from kafkatco.i18n.message import Message, _
from kafkatco.ingest.document import Document
from kafkatco.ingest.node import Node
from kafkatco.ingest.points import first_page, points, points_of, step_of
from kafkatco.ingest.reader import Reader
from kafkatco.ingest.readings import Combine, Findings, Form, Series, Unknown

__all__ = ["METRICS", "READER", "read_results"]

GIB: Final = 2.0**30
#: The step if a series has one value: CloudWatch's basic resolution [s].
STEP: Final = 60.0


class _Metric(NamedTuple):
    quantity: str
    form: Form = "level"
    scale: float = 1.0
    combine: Combine = "sum"


#: The metrics by name.  EBS volumes are in GiB, and so is a share of one that is labelled "GB".
METRICS: Final = {
    "BytesInPerSec": _Metric("ingress", "rate"),
    "BytesOutPerSec": _Metric("egress", "rate"),
    "MessagesInPerSec": _Metric("messages", "rate"),
    "PartitionCount": _Metric("partition_replicas"),
    "GlobalPartitionCount": _Metric("partitions"),
    "GlobalTopicCount": _Metric("topics"),
    "ClientConnectionCount": _Metric("connections"),
    "ConnectionCount": _Metric("connections"),
    "KafkaDataLogsDiskUsed": _Metric("disk_used", scale=0.01, combine="avg"),
    "StorageUsed": _Metric("stored_bytes"),  # of Express brokers, without replicas
    "RemoteLogSizeBytes": _Metric("remote_bytes"),
    "TotalLocalStorageUsage(GB)": _Metric("stored_replica_bytes", scale=GIB),
    "TotalRemoteStorageUsage(GB)": _Metric("remote_bytes", scale=GIB),
}
#: Replication is no client traffic, and its names hold those of client traffic.
_OTHERS: Final = ("ReplicationBytesInPerSec", "ReplicationBytesOutPerSec")


def recognises(document: Document) -> bool:
    """Return whether a document is a reply of CloudWatch."""
    results = document.json.get("MetricDataResults")
    return results.is_list() or (
        document.json.get("Datapoints").is_list() and bool(document.json.get("Label"))
    )


def read(document: Document) -> Findings:
    """Return the series of a reply."""
    root = document.json
    if root.get("Datapoints"):
        return _read_statistics(root)
    found = read_results(root["MetricDataResults"])
    if root.get("NextToken"):
        found += Findings(warnings=(first_page(document.name, "NextToken"),))
    return found


def read_results(results: Node) -> Findings:
    """Return the series of a list of ``MetricDataResults``."""
    warnings: list[Message] = []
    unknown: list[Unknown] = []
    named: list[tuple[str, str, Node]] = []
    for result in results.items():
        label = result.get("Label").text("") or result["Id"].text()
        name = _name(label) or _name(result.get("Id").text(""))
        if name is None:
            unknown.append(Unknown(label, result.place))
        elif not result.get("Values") or not result["Values"].value:
            warnings.append(_("{label}: no values ({place})", label=label, place=result.place))
        else:
            named.append((name, label, result))
        if result.get("StatusCode").text("Complete") != "Complete":
            text = _("{label}: CloudWatch returned only a part of the values", label=label)
            warnings.append(text)
    counts = [(name, _statistic(label)) for name, label, _result in named]
    series = []
    for name, label, result in named:
        alone = counts.count((name, _statistic(label))) == 1
        one, noticed = _series(name, label, result, {} if alone else {"label": label})
        series.append(one)
        warnings.extend(noticed)
    return Findings(tuple(series), warnings=tuple(warnings), unknown=tuple(unknown))


def _series(
    name: str, label: str, result: Node, part: dict[str, str]
) -> tuple[Series, tuple[Message, ...]]:
    times, values = result["Timestamps"], result["Values"]
    if not times.is_list() or not values.is_list():
        raise result.wrong(_("lists of Timestamps and of Values"))
    if len(times.value) != len(values.value):
        text = _(
            "{label} has {times} times and {values} values",
            label=label,
            times=len(times.value),
            values=len(values.value),
        )
        raise InputError("", [Problem(result.place, "", text)])
    metric = METRICS[name]
    found = points(
        times.value,
        values.value,
        lambda place: (times.item(place), values.item(place)),
        where=label,
        scale=metric.scale,
    )
    series = Series(
        metric.quantity,
        found.times,
        found.values,
        step_of(found.times, STEP),
        metric.form,
        _statistic(label),
        result.source,
        f"CloudWatch {name}",
        part=part,
        combine=metric.combine,
    )
    return series, found.warnings


def _read_statistics(root: Node) -> Findings:
    """Return the one series of ``get-metric-statistics``."""
    label = root["Label"].text()
    name = _name(label)
    if name is None:
        return Findings(unknown=(Unknown(label, root.place),))
    data = list(root["Datapoints"].items())
    metric = METRICS[name]
    series: list[Series] = []
    warnings: list[Message] = []
    for key, statistic in (("Average", "mean"), ("Maximum", "maximum")):
        pairs = ((point["Timestamp"], point[key]) for point in data if point.get(key))
        found = points_of(pairs, where=label, scale=metric.scale)
        warnings.extend(found.warnings)
        if found.times.size:
            step = step_of(found.times, STEP)
            one = Series(
                metric.quantity,
                found.times,
                found.values,
                step,
                metric.form,
                statistic,
                root.source,
                f"CloudWatch {name}",
            )
            series.append(one)
    if not series:
        text = _("{label}: no Average and no Maximum ({place})", label=label, place=root.place)
        warnings.append(text)
    return Findings(tuple(series), warnings=tuple(warnings))


def _name(label: str) -> str | None:
    """Return the metric that a label or an id names, the longest if several fit."""
    key = _key(label)
    fits = [name for name in (*METRICS, *_OTHERS) if _key(name) in key]
    name = max(fits, key=len, default=None)
    return name if name in METRICS else None


def _key(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", text.lower())


def _statistic(label: str) -> str:
    return "maximum" if re.search(r"\bmax(imum)?\b", label, re.IGNORECASE) else "mean"


READER: Final = Reader(
    "cloudwatch", _("CloudWatch (aws cloudwatch get-metric-data, JSON)"), recognises, read
)
