"""The table of TCO inputs of confluentinc/kcp: CSV of ten rows, a column for each cluster.

The rows have no names; a column of names before them is read as well.  Its MB/s are MiB/s: kcp
divides bytes by 1024 x 1024.  Partitions and replication factor that nobody typed are 1000 and 3.
Source: ``cmd/ui/frontend/src/lib/tcoUtils.ts`` and ``metricsUtils.ts`` there, 2026-08.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from typing import Final, NamedTuple

from kafkatco.errors import InputError, Problem
from kafkatco.i18n.message import Message, _
from kafkatco.ingest.document import Document
from kafkatco.ingest.inventory import old
from kafkatco.ingest.node import Node
from kafkatco.ingest.reader import Reader
from kafkatco.ingest.readings import Findings, Reading

__all__ = ["READER", "follower_fetch"]

MIB: Final = 2.0**20


class _Row(NamedTuple):
    """A row: its name, the quantity and statistic that it has, and the factor to the base unit."""

    name: str
    quantity: str = ""
    statistic: str = "stated"
    scale: float = 1.0
    untouched: str = ""


_ROWS: Final = (
    _Row("Avg Ingress Throughput (MB/s)", "ingress", "mean", MIB),
    _Row("Peak Ingress Throughput (MB/s)", "ingress", "max", MIB),
    _Row("Avg Egress Throughput (MB/s)", "egress", "mean", MIB),
    _Row("Peak Egress Throughput (MB/s)", "egress", "max", MIB),
    _Row("Retention Days", "retention", "stated", 24.0),
    _Row("Partitions", "partitions", "stated", 1.0, "1000"),
    _Row("Replication Factor", "replication_factor", "stated", 1.0, "3"),
    _Row("Follower Fetching"),
    _Row("Tiered Storage"),
    _Row("Local Retention in Primary Storage Hours", "local_retention"),
)
_FOLLOWER_FETCH, _TIERED, _LOCAL = 7, 8, 9
_FLAGS: Final = ("TRUE", "FALSE", "N/A")


def recognises(document: Document) -> bool:
    """Return whether a document is a table of ten rows whose eighth and ninth are flags."""
    rows = _table(document)
    if len(rows) != 1 + len(_ROWS):
        return False
    flags = [row[-1:] for row in rows[1 + _FOLLOWER_FETCH : 2 + _TIERED]]
    return all(flag and flag[0].strip().upper() in _FLAGS for flag in flags)


def read(document: Document) -> Findings:
    """Return the numbers of each cluster of the table."""
    rows = _table(document)
    named = rows[1][:1] == [_ROWS[0].name]
    clusters = rows[0][1:] if named else rows[0]
    cells = [row[1:] if named else row for row in rows[1:]]
    problems = [
        Problem(
            f"{document.name}:{line}", str(len(row)), _("{n} cells, one a cluster", n=len(clusters))
        )
        for line, row in enumerate(cells, 2)
        # the empty cell of one cluster is an empty line
        if len(row) != len(clusters) and not (len(clusters) == 1 and not row)
    ]
    if problems:
        raise InputError("", problems)
    readings: list[Reading] = []
    warnings: list[Message] = list(old(document.name, document.modified))
    for place, cluster in enumerate(clusters):
        column = [row[place].strip() if row else "" for row in cells]
        tiered = column[_TIERED].upper() == "TRUE"
        for number, (row, text) in enumerate(zip(_ROWS, column, strict=True)):
            if not row.quantity or text == "" or (number == _LOCAL and not tiered):
                continue
            try:
                readings.append(_reading(document, row, number, text, cluster))
            except InputError as error:
                problems.extend(error.problems)
        warnings.extend(_told(column, cluster))
    if problems:
        raise InputError("", problems)
    return Findings(readings=tuple(readings), warnings=tuple(warnings))


def _reading(document: Document, row: _Row, number: int, text: str, cluster: str) -> Reading:
    node = Node(text, f"{number + 2} {row.name}", document.name)
    value = node.number()
    if not value >= 0:
        raise node.wrong(_("a number of at least 0"))
    return Reading(
        row.quantity,
        value * row.scale,
        row.statistic,
        source=document.name,
        query=row.name,
        cluster=cluster,
    )


def _told(column: list[str], cluster: str) -> Iterator[Message]:
    """Yield what the numbers of a cluster hide."""
    for row, text in zip(_ROWS, column, strict=True):
        if row.untouched and text == row.untouched:
            yield _(
                "{cluster}: {name} is {value}, which kcp writes where nobody has typed a value: "
                "check it",
                cluster=cluster,
                name=row.name,
                value=text,
            )
    if column[_TIERED].upper() == "TRUE":
        yield _(
            "{cluster} has tiered storage: set tiered = true of its deployment", cluster=cluster
        )
    if column[_FOLLOWER_FETCH].upper() == "TRUE":
        yield follower_fetch(cluster)


def follower_fetch(cluster: str) -> Message:
    """Return the message that a cluster fetches from followers, by a share that no file has."""
    return _(
        "{cluster} fetches from followers: set follower_fetch of the workload, the share of reads "
        "from the reader's own zone",
        cluster=cluster,
    )


def _table(document: Document) -> list[list[str]]:
    """Return the rows of a small CSV, empty ones too; none if it is not one."""
    if len(document.data) > 1_000_000 or document.begins.startswith(("{", "[")):
        return []
    try:
        return list(csv.reader((document.text or "").splitlines(), strict=True))
    except csv.Error:
        return []


READER: Final = Reader(
    "kcp-tco", _("the table of TCO inputs of confluentinc/kcp, CSV"), recognises, read
)
