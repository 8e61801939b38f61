"""Topics: what their settings say of a cluster, and retention as a mean of them.

Retention of a cluster is the mean over the bytes that producers send.  A topic whose records live
for r hours and that holds b bytes receives b / r per hour, if it is older than that; where no file
has the bytes, partitions are assumed to receive the same.
"""

from __future__ import annotations

import dataclasses
import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, NamedTuple

from kafkatco.i18n.message import Message, _, ngettext
from kafkatco.ingest.readings import Findings, Reading

__all__ = ["DEFAULT_RETENTION_H", "Topic", "of_topics", "whole"]

#: Kafka's retention of a topic that states none, log.retention.hours [h]:
#: https://kafka.apache.org/documentation/#brokerconfigs_log.retention.hours.
DEFAULT_RETENTION_H: Final = 168.0
_MS_PER_H: Final = 3_600_000.0
#: A longer time is for ever, as a ``retention.ms`` of -1 or of the largest number is [h].
LONGEST_H: Final = 100 * 8760.0
#: A file with a smaller share of the partition replicas of another one is of some brokers alone.
#: Assumption: between the two files a few topics may be made.
LEAST_REPLICAS: Final = 0.95
#: Kafka's own topics begin so.
INTERNAL: Final = "__"
#: The most names in a message.
_MOST_NAMES: Final = 5


class Topic(NamedTuple):
    """A topic: its partitions before replication, its settings, and where they stand."""

    name: str
    partitions: int
    replication_factor: float
    configs: Mapping[str, str]
    where: str

    @property
    def policies(self) -> frozenset[str]:
        """The words of ``cleanup.policy``, which may be several."""
        policies = self.configs.get("cleanup.policy", "delete").split(",")
        return frozenset(word.strip() for word in policies if word.strip())

    def hours(self, key: str) -> float:
        """Return a time in ms as hours; NaN if it is not stated or no number."""
        try:
            return float(self.configs[key]) / _MS_PER_H
        except (KeyError, ValueError):
            return math.nan


def of_topics(topics: Sequence[Topic], source: str, cluster: str = "") -> Findings:
    """Return the counts of topics and partitions, and the retention of each topic."""

    def reading(quantity: str, value: float, query: str, topic: str = "") -> Reading:
        statistic = "mean" if quantity == "replication_factor" else "stated"
        part = {"topic": topic} if topic else {}
        return Reading(
            quantity, value, statistic, source=source, query=query, cluster=cluster, part=part
        )

    partitions = sum(topic.partitions for topic in topics)
    replicas = sum(topic.partitions * topic.replication_factor for topic in topics)
    if not partitions:
        return Findings()
    readings = [
        reading("topics", len(topics), "topics"),
        reading("partitions", partitions, "PartitionCount of all topics"),
        reading("partition_replicas", replicas, "PartitionCount x ReplicationFactor"),
        reading("replication_factor", replicas / partitions, "ReplicationFactor by partitions"),
    ]
    for topic in topics:
        readings.append(reading("partitions", topic.partitions, topic.where, topic.name))
        held = _retention_h(topic)
        if held is None:
            continue
        readings.append(reading("retention", held, f"{topic.where} retention.ms", topic.name))
        if topic.configs.get("remote.storage.enable") == "true":
            local = _local_h(topic, held)
            where = f"{topic.where} local.retention.ms"
            readings.append(reading("local_retention", local, where, topic.name))
    return Findings(readings=tuple(readings), warnings=tuple(_told(topics, cluster or source)))


def _retention_h(topic: Topic) -> float | None:
    """Return for how long a topic keeps records [h]; ``None`` if it is not by time."""
    if "delete" not in topic.policies:
        return None
    hours = topic.hours("retention.ms")
    if math.isnan(hours):
        return DEFAULT_RETENTION_H
    return None if _is_endless(hours) else hours


def _is_endless(hours: float) -> bool:
    return hours < 0 or hours > LONGEST_H


def _local_h(topic: Topic, retention_h: float) -> float:
    """Return for how long brokers keep records [h]; -2 stands for as long as the tier."""
    hours = topic.hours("local.retention.ms")
    return hours if hours >= 0 else retention_h


def _told(topics: Sequence[Topic], name: str) -> Iterable[Message]:
    """Yield what is odd about the topics' settings."""
    own = [topic for topic in topics if topic.name.startswith(INTERNAL)]
    if own:
        yield ngettext(
            "{name}: {n} topic is Kafka's own and counts as well, with {partitions} partitions",
            "{name}: {n} topics are Kafka's own and count as well, with {partitions} partitions",
            len(own),
            name=name,
            partitions=sum(topic.partitions for topic in own),
        )
    by_time = [topic for topic in topics if "delete" in topic.policies]
    compacted = [topic for topic in topics if "delete" not in topic.policies and topic not in own]
    if compacted:
        yield ngettext(
            "{name}: {n} topic keeps the last record of each key, not a time, and is left out of "
            "the retention: {names}",
            "{name}: {n} topics keep the last record of each key, not a time, and are left out "
            "of the retention: {names}",
            len(compacted),
            name=name,
            names=_names(compacted),
        )
    both = [topic for topic in by_time if "compact" in topic.policies]
    if both:
        yield ngettext(
            "{name}: {n} topic is compacted as well, and holds less than its retention: {names}",
            "{name}: {n} topics are compacted as well, and hold less than their retention: {names}",
            len(both),
            name=name,
            names=_names(both),
        )
    forever = [topic for topic in by_time if _is_endless(topic.hours("retention.ms"))]
    if forever:
        yield ngettext(
            "{name}: {n} topic keeps its records for ever, and is left out of the retention: "
            "{names}",
            "{name}: {n} topics keep their records for ever, and are left out of the retention: "
            "{names}",
            len(forever),
            name=name,
            names=_names(forever),
        )
    silent = [topic for topic in by_time if math.isnan(topic.hours("retention.ms"))]
    if silent:
        yield ngettext(
            "{name}: {n} topic states no retention.ms; Kafka's default of {hours:g} h is "
            "assumed: {names}",
            "{name}: {n} topics state no retention.ms; Kafka's default of {hours:g} h is "
            "assumed: {names}",
            len(silent),
            name=name,
            hours=DEFAULT_RETENTION_H,
            names=_names(silent),
        )
    capped = [
        topic for topic in by_time if topic.configs.get("retention.bytes", "-1") not in ("-1", "")
    ]
    if capped:
        yield ngettext(
            "{name}: {n} topic has retention.bytes, which may delete earlier than retention.ms: "
            "{names}",
            "{name}: {n} topics have retention.bytes, which may delete earlier than "
            "retention.ms: {names}",
            len(capped),
            name=name,
            names=_names(capped),
        )


def _names(topics: Sequence[Topic]) -> str:
    names = [topic.name for topic in topics[:_MOST_NAMES]]
    return ", ".join([*names, "..."] if len(topics) > _MOST_NAMES else names)


def whole(readings: Iterable[Reading]) -> tuple[list[Reading], tuple[Message, ...]]:
    """Return readings of the whole cluster: those of its topics become their mean retention.

    >>> day = [Reading("retention", 24.0, part={"topic": "a"}),
    ...        Reading("retention", 72.0, part={"topic": "b"})]
    >>> held = [Reading("stored_replica_bytes", 24e9, part={"topic": "a"}),
    ...         Reading("stored_replica_bytes", 216e9, part={"topic": "b"})]
    >>> [mean], _warnings = whole([*day, *held])  # 1 and 3 GB an hour
    >>> mean.quantity, mean.value
    ('retention', 60.0)
    """
    cluster: list[Reading] = []
    topics: dict[str, dict[str, Reading]] = defaultdict(dict)
    for one in readings:
        if not one.part:
            cluster.append(one)
        else:
            topics[one.quantity].setdefault(one.part.get("topic", ""), one)
    means, warnings = _mean_retention(topics)
    cluster, told = _without_parts(cluster)
    return [*means, *cluster], (*warnings, *told)


def _without_parts(readings: list[Reading]) -> tuple[list[Reading], tuple[Message, ...]]:
    """Return readings without the bytes of a file that has fewer replicas than another one."""
    replicas = [one for one in readings if one.quantity == "partition_replicas"]
    most = max((one.value for one in replicas), default=0.0)
    bytes_of = {one.source for one in readings if one.quantity == "stored_replica_bytes"}
    fewer = {one.source: one.value for one in replicas if one.value < LEAST_REPLICAS * most}
    told = tuple(
        _(
            "{source} has {n:,.6g} of {most:,.6g} partition replicas, so that its stored bytes and "
            "counts are left out: ask all brokers",
            source=source,
            n=value,
            most=most,
        )
        for source, value in fewer.items()
        if source in bytes_of
    )
    partial = fewer.keys() & bytes_of
    return [one for one in readings if one.source not in partial], told


def _mean_retention(
    topics: Mapping[str, Mapping[str, Reading]],
) -> tuple[list[Reading], tuple[Message, ...]]:
    kept = {name: one for name, one in topics.get("retention", {}).items() if one.value > 0}
    if not kept:
        return [], ()
    local = topics.get("local_retention", {})
    held = {name: local.get(name, one).value for name, one in kept.items()}
    stored = topics.get("stored_replica_bytes", {})
    rates = {
        name: stored[name].value / hours
        for name, hours in held.items()
        if name in stored and hours > 0
    }
    warnings: list[Message] = []
    sources = [next(iter(kept.values())).source]
    by = _("weighted by their bytes")
    if sum(rates.values()) > 0:
        sources.append(next(iter(stored.values())).source)
        left_out = {name: one.value for name, one in stored.items() if name not in rates}
        share = sum(left_out.values()) / sum(one.value for one in stored.values())
        if share > 0:
            text = _(
                "{share:.0%} of the stored bytes are of topics without a retention by time, so "
                "that the retention does not describe them",
                share=share,
            )
            warnings.append(text)
    else:
        counts = topics.get("partitions", {})
        rates = {name: counts[name].value if name in counts else 1.0 for name in kept}
        by = _("weighted by their partitions")
        if len({one.value for one in kept.values()}) > 1:
            text = _(
                "topics differ in retention and no file has their bytes: each partition is assumed "
                "to receive the same. Add a file of kafka-log-dirs"
            )
            warnings.append(text)
    means = []
    for quantity, hours in (
        ("retention", {name: one.value for name, one in kept.items()}),
        ("local_retention", held if local else {}),
    ):
        if hours:
            value = sum(rate * hours[name] for name, rate in rates.items()) / sum(rates.values())
            query = ngettext(
                "{setting} of {n} topic, {by}",
                "{setting} of {n} topics, {by}",
                len(rates),
                setting="retention.ms" if quantity == "retention" else "local.retention.ms",
                by=by,
            )
            first = next(iter(kept.values()))
            mean = dataclasses.replace(
                first,
                quantity=quantity,
                value=value,
                statistic="mean",
                source=", ".join(dict.fromkeys(sources)),
                query=query,
                part={},
            )
            means.append(mean)
    return means, tuple(warnings)
