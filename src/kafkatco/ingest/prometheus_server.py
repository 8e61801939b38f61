"""A Prometheus server, or Thanos or Mimir, asked over HTTP for the workload of its clusters.

For each quantity the usual metrics are tried in order, until one has values; its query is kept as
the provenance.  The connection is that of price refreshes: bounded in time and size, without
redirects.
"""

from __future__ import annotations

import dataclasses
import json
import math
import time
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode, urlsplit

from kafkatco.core.optional import needing
from kafkatco.errors import InputError, Problem, RefreshError
from kafkatco.i18n.message import EMPTY, _
from kafkatco.ingest.document import Document
from kafkatco.ingest.prometheus import CLUSTER, METRICS, Expression, matrix
from kafkatco.ingest.readings import Findings

if TYPE_CHECKING:
    from kafkatco.prices.refresh.http import Web

__all__ = ["DAYS", "STEP", "expressions", "read_server"]

#: The window and the step that are asked for: four weeks in steps of five minutes [d], [s].
DAYS: Final = 28.0
STEP: Final = 300.0
#: The most points of a series that Prometheus returns: 11,000, with a margin.
MOST_POINTS: Final = 10_000
#: The most bytes of a reply; 10,000 points of one series have 0.3 MB.
MOST_BYTES: Final = 32_000_000
DAY: Final = 86_400.0


def read_server(
    url: str,
    *,
    days: float = DAYS,
    step_s: float = STEP,
    end: float | None = None,
    labels: Mapping[str, str] | None = None,
    token: str = "",
) -> Findings:
    """Return the series of the clusters that a server knows.

    Parameters
    ----------
    url
        The address of the server, such as ``http://prometheus:9090``, with the path of its API up
        to ``/api/v1``.
    days, step_s
        The window [d] and the step [s]; a step for which the window has too many points is made
        longer.
    end
        The end of the window [s since 1970], by default now.
    labels
        Labels that series must have, such as ``{"strimzi_io_cluster": "prod"}``.
    token
        A bearer token.

    Raises
    ------
    InputError
        If the server cannot be reached, is too slow, redirects, or is not Prometheus; and if it has
        none of the known metrics.
    KafkatcoError
        If the package requests is not installed.
    """
    with needing(_("reading a server needs"), "requests"):
        from kafkatco.prices.refresh.http import Web

    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username:
        expected = _("an address such as 'http://prometheus:9090', without a password")
        raise InputError("", [Problem("prometheus", repr(parts.hostname or url), expected)])
    end = time.time() if end is None else end
    step = max(step_s, 60.0 * math.ceil(days * DAY / MOST_POINTS / 60.0))
    end = math.floor(end / step) * step
    window = {"start": end - days * DAY, "end": end, "step": step}
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    found: dict[str, Findings] = {}
    with Web(tries=2) as web:
        for expression in expressions(step, labels or {}):
            if expression.quantity in found:
                continue
            query = urlencode({"query": expression.query, **window})
            address = f"{url.rstrip('/')}/api/v1/query_range?{query}"
            document = _fetch(web, address, parts.hostname, headers)
            findings = matrix(document, expression)
            if findings.series:
                found[expression.quantity] = findings
    if not found:
        text = _(
            "the server has no metrics of Kafka that are known, such as {name}",
            name=next(iter(METRICS)),
        )
        hint = _("Export a range query as JSON, named after what it holds, such as ingress.json")
        raise InputError("", [Problem(parts.hostname, "", text, hint)])
    every = Findings.join(found.values())
    asked = (end - days * DAY, end)
    series = tuple(dataclasses.replace(one, asked=asked) for one in every.series)
    return dataclasses.replace(every, series=series)


def expressions(step_s: float, labels: Mapping[str, str]) -> Iterator[Expression]:
    """Yield the expressions of each quantity, the better ones first.

    A counter of Kafka has a series with and without ``topic``: those without are preferred.  Each
    step is the increase over it.  What every broker knows of the whole cluster is not added up.

    >>> next(expressions(300.0, {"job": "kafka"})).query
    'sum by (kafka_cluster, strimzi_io_cluster, cluster, kafka_id, cluster_name, redpanda_id)
    (rate(kafka_server_brokertopicmetrics_bytesin_total{job="kafka",topic=""}[300s]))'
    """
    by = f"by ({', '.join(CLUSTER)})"
    for name, metrics in METRICS.items():
        for metric in metrics:
            wanted = {**labels, **dict(metric.only)}
            choices = [wanted]
            if metric.form == "counter" and "topic" in name:
                choices = [{**wanted, "topic": ""}, wanted]
            for choice in choices:
                selected = name + _selector(choice)
                window = f"[{step_s:g}s]"
                inner = f"avg_over_time({selected}{window})"
                if metric.form == "counter":
                    inner = f"rate({selected}{window})"
                if metric.scale != 1.0:
                    inner = f"{inner} * {metric.scale:.17g}"
                yield Expression(metric.quantity, f"{metric.combine} {by} ({inner})")


def _selector(labels: Mapping[str, str]) -> str:
    """Return labels as a selector; strings of PromQL are written as those of JSON."""
    texts = [f"{name}={json.dumps(value)}" for name, value in labels.items()]
    return f"{{{','.join(texts)}}}" if texts else ""


def _fetch(web: Web, address: str, host: str, headers: Mapping[str, str]) -> Document:
    try:
        with web.file(address, label=host, most=MOST_BYTES, shown=host, headers=headers) as raw:
            assert raw is not None  # nothing is skipped
            document = Document(host, raw.path.read_bytes())
    except RefreshError as error:
        raise InputError("", error.problems) from None
    if not document.json.get("status"):
        text = _("the reply is not that of Prometheus")
        raise InputError("", [Problem(host, "", text, document.error or EMPTY)])
    return document
