"""Topics as ``kafka-topics --describe`` prints them: a line for each, and one for each partition.

Settings are separated by commas, which their values may have, too.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from typing import Final

from kafkatco.errors import InputError, Problem, shown
from kafkatco.i18n.message import _
from kafkatco.ingest.document import Document
from kafkatco.ingest.inventory import old
from kafkatco.ingest.reader import Reader
from kafkatco.ingest.readings import Findings
from kafkatco.ingest.topics import Topic, of_topics

__all__ = ["READER"]

_TOPIC: Final = re.compile(
    r"Topic:\s*(?P<name>\S+)\s.*?PartitionCount:\s*(?P<partitions>\d{1,9})\s+"
    r"ReplicationFactor:\s*(?P<copies>\d{1,9})(?:\s+Configs:[ \t]*(?P<configs>.*))?\s*"
)
_PARTITION: Final = re.compile(r"\s*Topic:\s*(?P<name>\S+)\s+Partition:\s*\d+")
_STARTS: Final = re.compile(r"^Topic:\s*\S+\s.*PartitionCount:", re.MULTILINE)


def recognises(document: Document) -> bool:
    """Return whether a document has a line of a topic near its start."""
    return _STARTS.search(document.begins) is not None


def read(document: Document) -> Findings:
    """Return the topics of the output: counts, replication factor and retention."""
    topics: list[Topic] = []
    listed: Counter[str] = Counter()
    problems: list[Problem] = []
    for number, line in enumerate((document.text or "").splitlines(), 1):
        if "PartitionCount:" not in line:
            partition = _PARTITION.match(line)
            listed.update([partition["name"]] if partition else [])
            continue
        place = f"{document.name}:{number}"
        match = _TOPIC.fullmatch(line.strip())
        if match is None:
            expected = _("Topic, PartitionCount, ReplicationFactor and Configs")
            problems.append(Problem(place, shown(line.strip()), expected))
            continue
        configs = settings(match["configs"] or "")
        copies, partitions = int(match["copies"]), int(match["partitions"])
        topics.append(Topic(match["name"], partitions, copies, configs, f"line {number}"))
        hours = configs.get("retention.ms", "0")
        if not re.fullmatch(r"-?\d{1,19}", hours):
            problems.append(Problem(f"{place} retention.ms", repr(hours), _("a time in ms")))
    problems.extend(
        Problem(
            f"{document.name}:{topic.where.removeprefix('line ')}",
            str(listed[topic.name]),
            _(
                "lines of the {n} partitions of {topic}: the output is cut or mixed",
                n=topic.partitions,
                topic=topic.name,
            ),
        )
        for topic in topics
        if listed and listed[topic.name] != topic.partitions
    )
    if problems:
        raise InputError("", problems)
    warnings = old(document.name, document.modified)
    return of_topics(topics, document.name) + Findings(warnings=warnings)


def settings(text: str) -> Mapping[str, str]:
    """Return settings by name: a part without ``=`` belongs to the value before it.

    >>> settings("cleanup.policy=compact,delete,segment.bytes=1073741824")
    {'cleanup.policy': 'compact,delete', 'segment.bytes': '1073741824'}
    """
    found: dict[str, str] = {}
    key = ""
    for part in text.split(","):
        name, equals, value = part.partition("=")
        if equals:
            key = name.strip()
            found[key] = value.strip()
        elif key:
            found[key] += f",{part.strip()}"
    return found


READER: Final = Reader("kafka-topics", _("kafka-topics --describe, text"), recognises, read)
