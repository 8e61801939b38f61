"""Bills that ``kafkatco calibrate`` reads: the traffic of Confluent's lines, and MSK's brokers.

A bill has all clusters of an account together, and totals of a month: means, and no peak.
"""

from __future__ import annotations

import math
import re
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

from kafkatco.i18n.message import Message, _
from kafkatco.ingest.document import Document
from kafkatco.ingest.reader import Reader
from kafkatco.ingest.readings import Billed, Findings, Reading

if TYPE_CHECKING:
    from kafkatco.finops.calibration.statement import MeterTotal, Statement

__all__ = ["READER"]

#: Confluent's GB: 2^30 bytes, as the model bills it.
GIB: Final = 2.0**30
#: The lines of a Confluent cluster, each with its quantity, its unit on the bill, and the seconds
#: of a quantity that is not summed up but held, such as GB-hours.
LINES: Final = {
    "KAFKA_NETWORK_WRITE": ("ingress", "GB", 1.0),
    "KAFKA_NETWORK_READ": ("egress", "GB", 1.0),
    "KAFKA_STORAGE": ("stored_replica_bytes", "GB-hour", 3600.0),
}
#: The copies of each byte that Confluent keeps, and bills.
COPIES: Final = 3.0
#: The usage type of a broker of Amazon MSK, after the code of the region.
BROKER: Final = re.compile(r"(?:[A-Z]{2,4}\d*-)?Kafka\.(?P<size>[a-z0-9]+\.[a-z0-9]+)")


def _recognises(document: Document) -> bool:
    from kafkatco.finops.calibration.readers import name_key
    from kafkatco.finops.calibration.statement import FORMATS

    begins = document.begins
    if not begins.startswith(("{", "[")):
        begins = (document.text or "").lstrip().partition("\n")[0]
    names = {name_key(word) for word in re.findall(r"[A-Za-z_/]+", begins)}
    return any(form.identified_by <= names for form in FORMATS)


def _read(document: Document) -> Findings:
    from kafkatco.finops.calibration.statement import read_statement

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / Path(document.name).name.removesuffix(".gz")
        path.write_bytes(document.data)
        statement = read_statement(path)
    used = [one for one in statement.charges if one.meter.category == "usage" and one.quantity]
    readings = tuple(_readings(used, statement, document.name))
    billed = tuple(_brokers(used, statement, document.name))
    return Findings(
        readings=readings, billed=billed, warnings=_about(document.name, readings, billed)
    )


def _readings(used: list[MeterTotal], statement: Statement, source: str) -> Iterator[Reading]:
    """Yield the mean traffic of the days that the bill has."""
    totals: dict[tuple[str, str], float] = defaultdict(float)
    for one in used:
        if one.meter.provider == "confluent":
            totals[one.meter.meter, one.meter.unit] += one.quantity or 0.0
    seconds = _hours(statement, "confluent") * 3600.0
    for line, (quantity, unit, held) in LINES.items():
        total = totals.get((line, unit), math.nan)
        if math.isfinite(total) and seconds > 0:
            value, query = total * GIB * held / seconds, f"{line} {statement.month}"
            yield Reading(quantity, value, "mean", source=source, query=query)
            if quantity == "stored_replica_bytes":
                yield Reading("replication_factor", COPIES, source=source, query=query)


def _brokers(used: list[MeterTotal], statement: Statement, source: str) -> Iterator[Billed]:
    """Yield the types of brokers, each with the mean number that ran."""
    hours: dict[str, float] = defaultdict(float)
    for one in used:
        found = BROKER.fullmatch(one.meter.meter)
        if found and one.meter.detail == "RunBroker":
            hours[f"kafka.{found['size']}"] += one.quantity or 0.0
    for instance, total in sorted(hours.items()):
        yield Billed(instance, total / _hours(statement, "aws"), source)


def _hours(statement: Statement, provider: str) -> float:
    """Return the hours of the days on which a provider billed something."""
    return 24.0 * (statement.days - len(statement.missing.get(provider, ())))


def _about(
    source: str, readings: tuple[Reading, ...], billed: tuple[Billed, ...]
) -> tuple[Message, ...]:
    if readings:
        text = _(
            "{source} is a bill: its traffic is that of all clusters together, and has no peak",
            source=source,
        )
        return (text,)
    if billed:
        text = _(
            "{source} is a bill without traffic: kafkatco calibrate compares it with a scenario",
            source=source,
        )
        return (text,)
    return (_("{source} is a bill without lines of Kafka that are known", source=source),)


READER: Final = Reader(
    "bills", _("bills: CUR, FOCUS, Azure, Google, Confluent's costs"), _recognises, _read
)
