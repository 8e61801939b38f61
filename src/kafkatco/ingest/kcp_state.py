"""The state file of Confluent's migration tool: ``kcp-state.json`` of confluentinc/kcp.

It has clusters of MSK as AWS describes them, other Kafka clusters, their topics, and metrics in one
of two shapes: replies of CloudWatch, or steps of kcp's own with their start and end.  Older files
have ``regions`` in place of ``msk_sources``, and ``osk_sources`` in place of
``apache_kafka_sources``.
"""

from __future__ import annotations

import dataclasses
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final

from kafkatco.errors import InputError, Problem
from kafkatco.i18n.message import Message, _, verbatim
from kafkatco.ingest.cloudwatch import METRICS, STEP, read_results
from kafkatco.ingest.document import Document
from kafkatco.ingest.inventory import count, old
from kafkatco.ingest.kcp_tco import follower_fetch
from kafkatco.ingest.msk_clusters import parsed_arn, read_cluster
from kafkatco.ingest.node import Node
from kafkatco.ingest.points import points_of
from kafkatco.ingest.reader import Reader
from kafkatco.ingest.readings import Findings, Reading, Resource, Series, Unknown
from kafkatco.ingest.topics import Topic, of_topics
from kafkatco.sizing.clouds.regions import cloud_of

__all__ = ["READER"]

#: Brokers in a usage type of Cost Explorer: USE1-Kafka.m5.large, APN2-Express.m7g.large.
_BROKER: Final = re.compile(
    r"(?:[A-Z0-9]+-)?(?P<family>Kafka|Express)\.(?P<type>[a-z]\w*\.(?:small|medium|\d*x?large))"
)
_SOURCES: Final = ("msk_sources", "osk_sources", "apache_kafka_sources", "kcp_build_info")


def recognises(document: Document) -> bool:
    """Return whether a document is a state file of kcp."""
    return any(document.json.get(name) for name in _SOURCES)


def read(document: Document) -> Findings:
    """Return the clusters of a state file, their topics and their metrics."""
    root = document.json
    made = root.get("timestamp")
    dated = made.time() if made else document.modified
    regions = root.get("msk_sources", "regions") or root.get("regions")
    others = [
        cluster
        for name in ("apache_kafka_sources", "osk_sources")
        for cluster in _items(root.get(name, "clusters"))
    ]
    jobs: list[tuple[Callable[[Node, float | None], Findings], Node]] = [
        *((_region, region) for region in _items(regions)),
        *((_other, cluster) for cluster in others),
    ]
    parts: list[Findings] = []
    problems: list[Problem] = []
    for job, node in jobs:
        try:
            parts.append(job(node, dated))
        except InputError as error:
            problems.extend(error.problems)
    if problems:
        raise InputError("", problems)
    found = Findings.join(parts)
    if not found.resources and not found.unknown:
        raise document.problem("", _("no clusters: neither msk_sources nor osk_sources has any"))
    return found + Findings(warnings=old(document.name, dated))


def _items(node: Node) -> Iterable[Node]:
    return node.items() if node else ()


def _region(region: Node, dated: float | None) -> Findings:
    """Return the clusters of MSK in a region, and the broker types that are billed beside them."""
    parts: list[Findings] = []
    for cluster in _items(region.get("clusters")):
        name = cluster.get("name").text("") or parsed_arn(cluster["arn"])["name"]
        described = cluster.get("aws_client_information", "msk_cluster_config")
        if described:
            parts.append(read_cluster(described, dated))
        else:
            parts.append(Findings(unknown=(Unknown(name, cluster.place),)))
        parts.append(_topics(cluster, name))
        parts.append(_metrics(cluster.get("metrics"), name))
    found = Findings.join(parts)
    return found + Findings(warnings=tuple(_hidden(region, found.resources)))


def _other(cluster: Node, dated: float | None) -> Findings:
    """Return a cluster that is not of MSK; kcp knows its brokers, but not their machines."""
    name = cluster["id"].text()
    scanned = cluster.get("metadata", "last_scanned")
    dated = scanned.time() if scanned else dated
    location = cluster.get("metadata", "location").text("")
    cloud = cloud_of(location)
    fields: dict[str, Any] = {"cloud": cloud, "region": location} if cloud else {}
    missing = [_("instance: the type of the machines; the cheapest that serve by default")]
    if not cloud:
        missing.append(_("cloud and region: metadata.location is {text!r}", text=location))
    brokers = list(_items(cluster.get("kafka_admin_client_information", "discovered_brokers")))
    if brokers:
        fields["brokers"] = len(brokers)
    else:
        missing.append(_("brokers: their number"))
    missing.append(_("volume and disk: the disks of the brokers"))
    version = cluster.get("metadata", "kafka_version").text("")
    resource = Resource(
        "self-hosted",
        fields,
        name,
        cluster.get("kafka_admin_client_information", "cluster_id").text(""),
        source=cluster.source,
        where=cluster.path,
        missing=tuple(missing),
        extra={"kafka_version": version} if version else {},
        dated=dated,
    )
    metrics = cluster.get("metrics")
    return (
        Findings(resources=(resource,), warnings=old(f"{cluster.source}: {name}", dated))
        + _topics(cluster, name)
        + _metrics(metrics, name)
    )


def _topics(cluster: Node, name: str) -> Findings:
    """Return what the topics say; if the file has not all of them, their counts alone."""
    found = cluster.get("kafka_admin_client_information", "topics")
    topics = [
        Topic(
            topic["name"].text(),
            count(topic["partitions"]),
            count(topic["replication_factor"]),
            _settings(topic.get("configurations")),
            topic.path,
        )
        for topic in _items(found.get("details"))
    ]
    known = of_topics(topics, found.source, name)
    summary = found.get("summary")
    totals = {
        "topics": ("topics", "internal_topics"),
        "partitions": ("total_partitions", "total_internal_partitions"),
    }
    counted = {
        quantity: sum(summary.get(key).number() for key in keys)
        for quantity, keys in totals.items()
    }
    if not summary or counted["topics"] == len(topics):
        return known
    stated = tuple(
        Reading(quantity, value, source=found.source, query=summary.path, cluster=name)
        for quantity, value in counted.items()
        if value > 0  # NaN if a part of the sum is missing
    )
    text = _(
        "{name}: the file has {n} of {total:g} topics, so that their replication factor and "
        "retention are left out",
        name=name,
        n=len(topics),
        total=counted["topics"],
    )
    return Findings(readings=stated, warnings=(text,) if topics else ())


def _settings(configurations: Node) -> dict[str, str]:
    return {key: value.text("") for key, value in configurations.fields()} if configurations else {}


def _metrics(metrics: Node, name: str) -> Findings:
    """Return the series of a cluster, in either shape, with the window that was asked for."""
    results = metrics.get("results")
    if not results or not results.value:
        return Findings()
    steps = [result for result in results.items() if result.get("label")]
    found = _steps(results, steps) if steps else read_results(results)
    start, end = metrics.get("metadata", "start_date"), metrics.get("metadata", "end_date")
    asked = (start.time(), end.time()) if start and end else None
    series = tuple(dataclasses.replace(one, cluster=name, asked=asked) for one in found.series)
    told = found.warnings
    if metrics.get("metadata", "follower_fetching").value is True:
        told += (follower_fetch(name),)
    return dataclasses.replace(found, series=series, warnings=told)


def _steps(results: Node, steps: Iterable[Node]) -> Findings:
    """Return the series of kcp's own steps, each with its label, start, end and value."""
    labels: dict[str, list[Node]] = defaultdict(list)
    for step in steps:
        labels[step["label"].text()].append(step)
    series: list[Series] = []
    warnings: list[Message] = []
    unknown: list[Unknown] = []
    for label, group in labels.items():
        metric = METRICS.get(label) or METRICS.get(f"{label}(GB)")
        if metric is None:
            unknown.append(Unknown(label, group[0].place))
            continue
        pairs = ((step["start"], step.get("value")) for step in group)
        points = points_of(pairs, where=label, scale=metric.scale)
        lasts = group[0]["end"].time() - group[0]["start"].time()
        warnings.extend(points.warnings)
        one = Series(
            metric.quantity,
            points.times,
            points.values,
            lasts if lasts > 0 else STEP,
            metric.form,
            source=results.source,
            query=f"kcp {label}",
            combine=metric.combine,
        )
        series.append(one)
    return Findings(tuple(series), warnings=tuple(warnings), unknown=tuple(unknown))


def _hidden(region: Node, clusters: Iterable[Resource]) -> Iterator[Message]:
    """Yield the broker types of the bill that no cluster of the region has."""
    billed: set[str] = set()
    for period in _items(region.get("costs", "results")):
        for group in _items(period.get("Groups")):
            for key in _items(group.get("Keys")):
                match = _BROKER.fullmatch(key.text())
                if match:
                    billed.add(f"{match['family'].lower()}.{match['type']}")
    found = {str(one.fields.get("instance", "")) for one in clusters}
    if billed - found:
        yield _(
            "{region}: the bill has {types}, which no cluster in the file has: add the missing "
            "clusters",
            region=verbatim(region["name"].text()),
            types=", ".join(sorted(billed - found)),
        )


READER: Final = Reader("kcp-state", _("kcp-state.json of confluentinc/kcp"), recognises, read)
