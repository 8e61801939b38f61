"""The Metrics API of Confluent Cloud: replies to ``/query`` as JSON, and text of ``/export``.

A reply names neither its metric nor its granularity: the file's name must have the metric, and the
times have the step.  Values of bytes and requests are counts of each step, although the type of the
metric is gauge: the count is divided by the step, never a difference taken.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Final, NamedTuple

import numpy as np

from kafkatco.errors import InputError, Problem
from kafkatco.i18n.message import Message, _
from kafkatco.ingest.document import Document
from kafkatco.ingest.node import Node, instant
from kafkatco.ingest.points import duration, first_page, points_of, step_of
from kafkatco.ingest.prometheus import METRICS
from kafkatco.ingest.reader import Reader
from kafkatco.ingest.readings import Findings, Form, Series, Unknown

__all__ = ["READER"]

PREFIX: Final = "confluent_kafka_server_"
#: The time that one sample of the export counts [s].
MINUTE: Final = 60.0
_LINE: Final = re.compile(
    r"(?P<name>\w+)\{(?P<labels>[^}]*)\}\s+(?P<value>\S+)(?:\s+(?P<time>\d+))?"
)
_LABEL: Final = re.compile(r'(\w+)="((?:[^"\\]|\\.)*)"')


class _Metric(NamedTuple):
    quantity: str
    form: Form = "level"


#: The metrics ``io.confluent.kafka.server/...`` by the end of their name.
_METRICS: Final = {
    "received_bytes": _Metric("ingress", "count"),
    "sent_bytes": _Metric("egress", "count"),
    "received_records": _Metric("messages", "count"),
    "request_count": _Metric("requests", "count"),
    "retained_bytes": _Metric("stored_bytes"),  # before replication
    "partition_count": _Metric("partitions"),
    "active_connection_count": _Metric("connections"),
}


def recognises(document: Document) -> bool:
    """Return whether a document is a reply to a query, or text of an export."""
    if re.search(rf"^{PREFIX}\w+\{{", document.begins, re.MULTILINE):
        return True
    data = document.json.get("data")
    if not data.is_list() or not data.value:
        return False
    return all(isinstance(item, dict) and _is_point(item) for item in data.value[:10])


def _is_point(item: dict[str, object]) -> bool:
    return {"timestamp", "value"} <= item.keys() or "points" in item


def read(document: Document) -> Findings:
    """Return the series of a reply or of an export."""
    return _read_query(document) if document.json else _read_export(document)


def _read_query(document: Document) -> Findings:
    stem = document.name.lower()
    name = max((name for name in _METRICS if name in stem), key=len, default=None)
    if name is None:
        text = _(
            "a reply of Confluent's Metrics API does not name its metric: name the file after it, "
            "such as received_bytes.PT1H.json. Known: {names}",
            names=", ".join(_METRICS),
        )
        raise InputError("", [Problem(document.name, "", text)])
    metric = _METRICS[name]
    groups: dict[tuple[tuple[str, str], ...], list[tuple[Node, Node]]] = defaultdict(list)
    for labels, time, value in _points_of(document.json):
        groups[labels].append((time, value))
    warnings: list[Message] = []
    if document.json.get("meta", "pagination", "next_page_token"):
        text = first_page(stem, "next_page_token")
        warnings.append(text)
    found = {
        labels: points_of(pairs, where=f"{name} {dict(labels)}", scale=1.0)
        for labels, pairs in groups.items()
    }
    if not found:
        warnings.append(_("{label}: no values ({place})", label=name, place=document.name))
        return Findings(warnings=tuple(warnings))
    every = np.unique(np.concatenate([one.times for one in found.values()]))
    step = _granularity(document.name) or step_of(every, MINUTE)
    series = []
    for labels, one in found.items():
        warnings.extend(one.warnings)
        part = {key.rpartition(".")[2]: value for key, value in labels if "kafka.id" not in key}
        cluster = next((value for key, value in labels if "kafka.id" in key), "")
        series.append(
            Series(
                metric.quantity,
                one.times,
                one.values,
                step,
                metric.form,
                source=document.name,
                query=f"io.confluent.kafka.server/{name}",
                cluster=cluster,
                part=part,
                sparse=metric.form == "count",
            )
        )
    return Findings(tuple(series), warnings=tuple(warnings))


def _points_of(root: Node) -> Iterator[tuple[tuple[tuple[str, str], ...], Node, Node]]:
    """Yield labels, time and value of each point, of both forms of a reply."""
    for item in root["data"].items():
        labels = tuple(
            (name, value.text())
            for name, value in sorted(item.fields())
            if name.startswith(("metric.", "resource."))
        )
        if item.get("points"):
            for point in item["points"].items():
                yield labels, point["timestamp"], point["value"]
        else:
            yield labels, item["timestamp"], item.get("value")


def _granularity(name: str) -> float | None:
    """Return the granularity that a file's name has, such as ``PT1H`` [s]."""
    words = re.split(r"[^A-Z0-9]+", name)
    return next((seconds for word in words if (seconds := duration(word))), None)


def _read_export(document: Document) -> Findings:
    """Return the series of an export, or of several one after another."""
    rows: dict[tuple[str, tuple[tuple[str, str], ...]], list[tuple[Node, Node]]] = defaultdict(list)
    unknown: list[Unknown] = []
    problems: list[Problem] = []
    for number, line in enumerate((document.text or "").splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        where = f"{document.name}:{number}"
        match = _LINE.fullmatch(line.strip())
        if match is None or (match["time"] and instant(match["time"]) is None):
            text = _("a line such as {example}", example='name{label="..."} value time')
            problems.append(Problem(where, repr(line[:60]), text))
            continue
        name = match["name"]
        if name not in METRICS or not match["time"]:
            unknown.append(Unknown(name, where))
            continue
        labels = tuple(sorted(_LABEL.findall(match["labels"])))
        place = str(number)
        pair = Node(match["time"], place, document.name), Node(match["value"], place, document.name)
        rows[name, labels].append(pair)
    if problems:
        raise InputError("", problems)
    series = []
    for (name, labels), pairs in rows.items():
        metric = METRICS[name][0]
        found = points_of(pairs, where=name, scale=metric.scale, text=True)
        series.append(
            Series(
                metric.quantity,
                found.times - MINUTE,
                found.values,
                step_of(found.times, MINUTE),
                metric.form,
                source=document.name,
                query=name,
                cluster=dict(labels).get("kafka_id", ""),
                part={key: value for key, value in labels if key != "kafka_id"},
            )
        )
    return Findings(tuple(series), unknown=tuple(dict.fromkeys(unknown)))


READER: Final = Reader(
    "confluent-metrics",
    _("Confluent's Metrics API (query as JSON, export as text)"),
    recognises,
    read,
)
