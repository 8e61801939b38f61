"""Metrics of Event Hubs: ``az monitor metrics list``, as JSON.

Totals are counts of each interval; a point without a value has no key.
"""

from __future__ import annotations

from typing import Final

from kafkatco.i18n.message import Message, _
from kafkatco.ingest.document import Document
from kafkatco.ingest.node import Node
from kafkatco.ingest.points import duration, points_of, step_of
from kafkatco.ingest.reader import Reader
from kafkatco.ingest.readings import Findings, Form, Series, Unknown

__all__ = ["READER"]

#: Each metric with its quantity, and the aggregation that has it.
_METRICS: Final[dict[str, tuple[str, str, Form]]] = {
    "IncomingBytes": ("ingress", "total", "count"),
    "OutgoingBytes": ("egress", "total", "count"),
    "IncomingMessages": ("messages", "total", "count"),
    "IncomingRequests": ("requests", "total", "count"),
    "Size": ("stored_bytes", "average", "level"),
    "ActiveConnections": ("connections", "average", "level"),
}
_AGGREGATIONS: Final = ("total", "average", "maximum", "minimum", "count")


def recognises(document: Document) -> bool:
    """Return whether a document is a reply of Azure Monitor."""
    root = document.json
    return root.get("value").is_list() and bool(root.get("timespan") and root.get("interval"))


def read(document: Document) -> Findings:
    """Return the series of a reply."""
    root = document.json
    interval = duration(root["interval"].text())
    asked = _timespan(root["timespan"])
    series: list[Series] = []
    warnings: list[Message] = []
    unknown: list[Unknown] = []
    for item in root["value"].items():
        name = item["name"]["value"].text()
        if name not in _METRICS:
            unknown.append(Unknown(name, item.place))
            continue
        quantity, aggregation, form = _METRICS[name]
        for one in item["timeseries"].items():
            data = list(one["data"].items())
            has = {key for point in data for key, _value in point.fields()} & {*_AGGREGATIONS}
            if aggregation not in has:
                text = _(
                    "{name}: the points have no {wanted}; export it with --aggregation {option}",
                    name=name,
                    wanted=aggregation,
                    option=aggregation.capitalize(),
                )
                warnings.append(text)
                continue
            pairs = ((point["timeStamp"], point.get(aggregation)) for point in data)
            found = points_of(pairs, where=name)
            warnings.extend(found.warnings)
            series.append(
                Series(
                    quantity,
                    found.times,
                    found.values,
                    interval or step_of(found.times, 60.0),
                    form,
                    source=document.name,
                    query=f"Azure Monitor {name}",
                    cluster=_namespace(item.get("id").text("")),
                    part=_part(one),
                    asked=asked,
                )
            )
    return Findings(tuple(series), warnings=tuple(warnings), unknown=tuple(unknown))


def _part(one: Node) -> dict[str, str]:
    values = one.get("metadatavalues")
    if not values:
        return {}
    return {item["name"]["value"].text(): item["value"].text() for item in values.items()}


def _timespan(node: Node) -> tuple[float, float]:
    start, slash, end = node.text().partition("/")
    if not slash:
        raise node.wrong(_("two times with a slash between them"))
    return Node(start, node.path, node.source).time(), Node(end, node.path, node.source).time()


def _namespace(resource: str) -> str:
    """Return the name of the Event Hubs namespace in the id of a metric."""
    parts = resource.split("/")
    return parts[parts.index("namespaces") + 1] if "namespaces" in parts[:-1] else ""


READER: Final = Reader(
    "azure-monitor", _("Azure Monitor (az monitor metrics list, JSON)"), recognises, read
)
