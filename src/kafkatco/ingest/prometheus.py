"""Range queries of Prometheus, Thanos and Mimir as JSON, with the names of the usual exporters.

A series with its name is read as the exporter means it: a counter becomes a rate.  The result of an
expression has no name, so that the file's name must have it: ``ingress.json`` for bytes per second.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple

from kafkatco.errors import InputError, Problem
from kafkatco.i18n.message import Message, _, verbatim
from kafkatco.ingest.document import Document
from kafkatco.ingest.node import Node
from kafkatco.ingest.points import points, step_of
from kafkatco.ingest.reader import Reader
from kafkatco.ingest.readings import QUANTITIES, Combine, Findings, Form, Series, Unknown

__all__ = ["METRICS", "READER", "Expression", "Metric", "matrix"]


class Metric(NamedTuple):
    """What a metric is: ``only`` are the labels that a series must have to be it."""

    quantity: str
    form: Form = "level"
    scale: float = 1.0
    only: tuple[tuple[str, str], ...] = ()
    combine: Combine = "sum"


@dataclass(frozen=True, slots=True)
class Expression:
    """An expression whose result is a quantity: a rate, or a level of a moment."""

    quantity: str
    query: str


_TOPICS: Final = "kafka_server_brokertopicmetrics_"
_CONFLUENT: Final = "confluent_kafka_server_"
_REQUEST: Final = "redpanda_request"
#: A metric of Confluent is the count of its last 60 s, although its type is gauge.
_LAST_MINUTE: Final = 1 / 60

#: The metrics by name.  Sources: the rules of jmx_exporter and Strimzi (in lower case), of
#: confluentinc/kcp (``...persec_total``), the documents of kminion, Redpanda and Confluent.
METRICS: Final[Mapping[str, tuple[Metric, ...]]] = {
    **{
        f"{_TOPICS}{name}{end}": (Metric(quantity, "counter"),)
        for name, quantity in (
            ("bytesin", "ingress"),
            ("bytesout", "egress"),
            ("messagesin", "messages"),
        )
        for end in ("_total", "persec_total", "persec_count")
    },
    "kafka_log_log_size": (Metric("stored_replica_bytes"),),
    "kafka_server_replicamanager_partitioncount": (Metric("partition_replicas"),),
    # with KRaft every controller has these two
    "kafka_controller_kafkacontroller_globalpartitioncount": (Metric("partitions", combine="max"),),
    "kafka_controller_kafkacontroller_globaltopiccount": (Metric("topics", combine="max"),),
    "kafka_controller_kafkacontroller_value": (
        Metric("partitions", only=(("name", "GlobalPartitionCount"),), combine="max"),
        Metric("topics", only=(("name", "GlobalTopicCount"),), combine="max"),
    ),
    "kafka_server_socket_server_metrics_connection_count": (Metric("connections"),),
    "kafka_server_socketservermetrics_connection_count": (Metric("connections"),),
    "kminion_kafka_broker_log_dir_size_total_bytes": (Metric("stored_replica_bytes"),),
    "kminion_kafka_topic_log_dir_size_total_bytes": (Metric("stored_replica_bytes"),),
    "kminion_kafka_topic_high_water_mark_sum": (Metric("messages", "counter"),),
    "redpanda_kafka_request_bytes_total": (
        Metric("ingress", "counter", only=((_REQUEST, "produce"),)),
        Metric("egress", "counter", only=((_REQUEST, "consume"),)),
    ),
    "redpanda_cluster_partitions": (Metric("partitions", combine="max"),),
    "redpanda_cluster_topics": (Metric("topics", combine="max"),),
    "redpanda_rpc_active_connections": (
        Metric("connections", only=(("redpanda_server", "kafka"),)),
    ),
    f"{_CONFLUENT}received_bytes": (Metric("ingress", "rate", _LAST_MINUTE),),
    f"{_CONFLUENT}sent_bytes": (Metric("egress", "rate", _LAST_MINUTE),),
    f"{_CONFLUENT}received_records": (Metric("messages", "rate", _LAST_MINUTE),),
    f"{_CONFLUENT}request_count": (Metric("requests", "rate", _LAST_MINUTE),),
    f"{_CONFLUENT}retained_bytes": (Metric("stored_bytes"),),
    f"{_CONFLUENT}partition_count": (Metric("partitions"),),
    f"{_CONFLUENT}active_connection_count": (Metric("connections"),),
}
#: Labels that name the cluster, the first that a series has.
CLUSTER: Final = (
    "kafka_cluster",
    "strimzi_io_cluster",
    "cluster",
    "kafka_id",
    "cluster_name",
    "redpanda_id",
)
#: The step if a series has one value [s].
STEP: Final = 60.0


def recognises(document: Document) -> bool:
    """Return whether a document is a reply of the HTTP API of Prometheus."""
    return bool(document.json.get("status")) and bool(
        document.json.get("data", "resultType") or document.json.get("error")
    )


def read(document: Document) -> Findings:
    """Return the series of a range query."""
    return matrix(document)


def matrix(document: Document, expression: Expression | None = None) -> Findings:
    """Return the series of the reply to a range query, of ``expression`` if it is known.

    Raises :class:`~kafkatco.errors.InputError` for an error of the server, for an instant query and
    for a series without a name if neither the expression nor the file's name has its quantity.
    """
    root = document.json
    if root["status"].text() != "success":
        reason = root.get("error").text("") or root["status"].text()
        text = _("the server returned an error: {reason}", reason=reason)
        raise InputError("", [Problem(document.name, "", text)])
    kind = root["data"]["resultType"]
    if kind.text() != "matrix":
        hint = _("An instant query has one moment: use query_range")
        raise kind.wrong(verbatim("'matrix'"), hint)
    series: list[Series] = []
    unknown: list[Unknown] = []
    nameless: list[Node] = []
    warnings: list[Message] = [
        _("{file}: the server warns: {text}", file=document.name, text=one.text())
        for one in (root["warnings"].items() if root.get("warnings") else ())
    ]
    known = expression or _from_file_name(document.name)
    for result in root["data"]["result"].items():
        labels = {name: value.text() for name, value in result["metric"].fields()}
        name = labels.pop("__name__", "")
        metric = _metric(name, labels)
        if metric is None and not name and known is not None:
            rate = QUANTITIES[known.quantity].endswith("/s")
            metric = Metric(known.quantity, "rate" if rate else "level")
        if metric is None:
            if name:
                unknown.append(Unknown(name, result.place))
            else:
                nameless.append(result)
            continue
        query = name or (known.query if known else "")
        series.append(_series(result, metric, query, labels, shifted=not name))
    if nameless and not series:
        raise InputError("", [_without_name(document, nameless[0])])
    return Findings(tuple(series), warnings=tuple(warnings), unknown=tuple(dict.fromkeys(unknown)))


def _series(
    result: Node, metric: Metric, query: str, labels: Mapping[str, str], *, shifted: bool
) -> Series:
    """Return the series of a result; a rate at a time is that of the step before it."""
    values = result["values"]
    if not values.is_list():
        raise values.wrong(_("a list"))
    for place, pair in enumerate(values.value):
        if not isinstance(pair, list) or len(pair) != 2:
            raise values.item(place).wrong(_("a time and a value"))
    found = points(
        [time for time, _value in values.value],
        [value for _time, value in values.value],
        lambda place: (values.item(place).item(0), values.item(place).item(1)),
        where=query,
        scale=metric.scale,
        text=True,
    )
    step = step_of(found.times, STEP)
    before = step if shifted and metric.form == "rate" else 0.0
    only = {name for name, _value in metric.only}
    cluster = next((name for name in CLUSTER if name in labels), "")
    return Series(
        metric.quantity,
        found.times - before,
        found.values,
        step,
        metric.form,
        source=result.source,
        query=query,
        cluster=labels.get(cluster, ""),
        part={name: value for name, value in labels.items() if name not in {*only, cluster}},
        combine=metric.combine,
    )


def _metric(name: str, labels: Mapping[str, str]) -> Metric | None:
    for metric in METRICS.get(name.lower(), ()):
        if all(labels.get(label) == value for label, value in metric.only):
            return metric
    return None


def _from_file_name(name: str) -> Expression | None:
    """Return the quantity that a file is named after, such as ``ingress.json``."""
    stem = name.partition(".")[0].lower()
    quantity = max((word for word in QUANTITIES if word in stem), key=len, default=None)
    return None if quantity is None else Expression(quantity, quantity)


def _without_name(document: Document, result: Node) -> Problem:
    text = _(
        "the series have no name, as of an expression such as rate(...): name the file after what "
        "it holds, in bytes and seconds, such as ingress.json. Known: {names}",
        names=", ".join(QUANTITIES),
    )
    return Problem(result.place if result.path else document.name, "", text)


READER: Final = Reader("prometheus", _("Prometheus (/api/v1/query_range, JSON)"), recognises, read)
