"""Sizes of partitions as ``kafka-log-dirs --describe`` prints them: two lines, then JSON.

A partition that moves between disks is there twice; ``isFuture`` marks the copy that is not in use.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Final

from kafkatco.errors import InputError, Problem
from kafkatco.i18n.message import Message, _, ngettext
from kafkatco.ingest.document import Document
from kafkatco.ingest.inventory import old
from kafkatco.ingest.node import Node
from kafkatco.ingest.reader import Reader
from kafkatco.ingest.readings import Findings, Reading

__all__ = ["READER"]


def recognises(document: Document) -> bool:
    """Return whether a document has the JSON of log directories."""
    begins = document.begins
    return '"brokers"' in begins and '"logDirs"' in begins


def read(document: Document) -> Findings:
    """Return the stored bytes of the cluster and of each topic, and the counts of partitions."""
    root = _json(document)
    stored: dict[str, float] = defaultdict(float)
    replicas: set[tuple[object, str]] = set()
    problems: list[Problem] = []
    warnings: list[Message] = list(old(document.name, document.modified))
    future, failed = 0, False
    for broker in root["brokers"].items():
        for folder in broker["logDirs"].items():
            if folder.get("error").text("") not in ("", "NONE"):
                failed = True
                text = _(
                    "{place}: {error}, so that its bytes are missing and the sums are left out",
                    place=folder.place,
                    error=folder["error"].text(),
                )
                warnings.append(text)
            for partition in folder["partitions"].items():
                if partition.get("isFuture").value is True:
                    future += 1
                    continue
                try:
                    name, held = partition["partition"].text(), _size(partition["size"])
                except InputError as error:
                    problems.extend(error.problems)
                    continue
                stored[name.rpartition("-")[0] or name] += held
                replicas.add((str(broker["broker"].value), name))
    if problems:
        raise InputError("", problems)
    if not replicas:
        raise root["brokers"].wrong(_("brokers with partitions"))
    if future:
        text = ngettext(
            "{file}: {n} replica is being moved between disks (isFuture); its copy is left out",
            "{file}: {n} replicas are being moved between disks (isFuture); their copies are left "
            "out",
            future,
            file=document.name,
        )
        warnings.append(text)
    names = {name for _broker, name in replicas}
    size, every = "brokers[].logDirs[].partitions[].size", "brokers[].logDirs[].partitions[]"
    readings = [
        _reading(document, "stored_replica_bytes", value, size, {"topic": topic})
        for topic, value in stored.items()
    ]
    absent = _absent(names)
    if absent:
        text = _(
            "{file} has no {partition}: it is of some brokers or topics alone, so that its sums "
            "are left out",
            file=document.name,
            partition=absent,
        )
        warnings.append(text)
    elif not failed:
        readings += [
            _reading(document, "stored_replica_bytes", sum(stored.values()), size),
            _reading(document, "partitions", len(names), every),
            _reading(document, "partition_replicas", len(replicas), every),
        ]
    return Findings(readings=tuple(readings), warnings=tuple(warnings))


def _absent(names: set[str]) -> str:
    """Return a partition that is not there although a higher one of its topic is; else ""."""
    for name in sorted(names):
        topic, _dash, number = name.rpartition("-")
        if number.isdecimal() and int(number) > 0:
            before = f"{topic}-{int(number) - 1}"
            if before not in names:
                return before
    return ""


def _reading(
    document: Document, quantity: str, value: float, query: str, part: dict[str, str] | None = None
) -> Reading:
    return Reading(quantity, value, source=document.name, query=query, part=part or {})


def _json(document: Document) -> Node:
    """Return the JSON, which is the whole file or the line that begins with a brace."""
    if document.json:
        return document.json
    lines = (document.text or "").splitlines()
    line = next((line for line in lines if line.lstrip().startswith("{")), "")
    inner = Document(document.name, line.strip().encode())
    if not inner.json:
        raise document.problem("", inner.error or _("no line of JSON"))
    return inner.json


def _size(node: Node) -> float:
    """Return a size [B], which is not negative."""
    size = node.number()
    if not size >= 0:
        raise node.wrong(_("a size in bytes"))
    return size


READER: Final = Reader("kafka-log-dirs", _("kafka-log-dirs --describe, text"), recognises, read)
