"""Metrics of Google Cloud's Managed Kafka: ``timeSeries.list`` of Cloud Monitoring, as JSON.

A DELTA is the count of its interval; points come newest first, and whole numbers are text.  A page
is an object with ``timeSeries``; ``gcloud monitoring`` prints the list alone.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from kafkatco.i18n.message import Message, _
from kafkatco.ingest.document import Document
from kafkatco.ingest.node import Node
from kafkatco.ingest.points import first_page, points_of, step_of
from kafkatco.ingest.reader import Reader
from kafkatco.ingest.readings import Findings, Form, Series, Unknown

__all__ = ["READER"]

SERVICE: Final = "managedkafka.googleapis.com/"
#: The quantity of each metric by name.
_METRICS: Final = {
    "byte_in_count": "ingress",
    "byte_out_count": "egress",
    "message_in_count": "messages",
    "request_count": "requests",
}


def recognises(document: Document) -> bool:
    """Return whether a document is a page of time series."""
    return document.json.get("timeSeries").is_list()


def read(document: Document) -> Findings:
    """Return the series of a page."""
    root = document.json
    series: list[Series] = []
    warnings: list[Message] = []
    unknown: list[Unknown] = []
    if root.get("nextPageToken"):
        text = first_page(document.name, "nextPageToken")
        warnings.append(text)
    for item in root["timeSeries"].items():
        name = item["metric"]["type"].text()
        quantity = _METRICS.get(name.removeprefix(SERVICE))
        if quantity is None or not name.startswith(SERVICE):
            unknown.append(Unknown(name, item.place))
            continue
        one, noticed = _series(item, quantity, name)
        series.append(one)
        warnings.extend(noticed)
    return Findings(tuple(series), warnings=tuple(warnings), unknown=tuple(unknown))


def _series(item: Node, quantity: str, name: str) -> tuple[Series, tuple[Message, ...]]:
    kind = item["metricKind"]
    form: Form
    match kind.text():
        case "DELTA":
            form = "count"
        case "CUMULATIVE":
            form = "counter"
        case "GAUGE":
            form = "rate"  # as after an aligner such as ALIGN_RATE
        case _:
            raise kind.wrong(_("DELTA, CUMULATIVE or GAUGE"))
    data = list(item["points"].items())
    intervals = [point["interval"] for point in data]
    spans = [
        one["endTime"].time() - one["startTime"].time() for one in intervals if one.get("startTime")
    ]
    begin = "startTime" if form == "count" else "endTime"
    pairs = ((one[begin], _value(point)) for one, point in zip(intervals, data, strict=True))
    found = points_of(pairs, where=name, text=True)
    step = float(np.median(spans)) if form == "count" and spans else step_of(found.times, 60.0)
    labels = {key: value.text() for key, value in item["resource"]["labels"].fields()}
    more = item["metric"].get("labels")
    part = {key: value.text() for key, value in more.fields()} if more else {}
    if "topic_id" in labels:
        part["topic"] = labels["topic_id"]
    series = Series(
        quantity,
        found.times,
        found.values,
        step or step_of(found.times, 60.0),
        form,
        source=item.source,
        query=name,
        cluster=labels.get("cluster_id", ""),
        part=part,
        sparse=form == "count",
    )
    return series, found.warnings


def _value(point: Node) -> Node:
    value = point["value"]
    return value.get("int64Value") if value.get("int64Value") else value.get("doubleValue")


READER: Final = Reader(
    "google-monitoring", _("Google Cloud Monitoring (timeSeries.list, JSON)"), recognises, read
)
