"""Metrics as CSV, in steps of minutes to months: a column of times, and one for each quantity.

Units stand in the heading, ``ingress [MB/s]``, or in the cells, ``1.5 MB/s``.  Bytes without a time
are those of each step; a month has its own length.  Columns ``topic``, ``broker``, ``instance`` and
``cluster`` name parts of a cluster.
"""

from __future__ import annotations

import calendar
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

import numpy as np

from kafkatco.core.units import quantity as parse_quantity
from kafkatco.errors import InputError, InvalidValueError, Problem
from kafkatco.i18n.message import Message, _, ngettext
from kafkatco.ingest.document import Document
from kafkatco.ingest.node import Node
from kafkatco.ingest.points import points_of, step_of
from kafkatco.ingest.reader import Reader
from kafkatco.ingest.readings import QUANTITIES, Findings, Form, Series, Unknown
from kafkatco.numerics.typing import Floats

__all__ = ["READER"]

DAY: Final = 86_400.0
#: The average length of a month: 8760 h / 12 [s].
MONTH: Final = 730 * 3600.0
#: Names of columns, as letters and digits; a name with "persec" has its unit.
_NAMES: Final[Mapping[str, str]] = {
    "bytesin": "ingress",
    "incomingbytes": "ingress",
    "receivedbytes": "ingress",
    "bytesout": "egress",
    "outgoingbytes": "egress",
    "sentbytes": "egress",
    "messagesin": "messages",
    "records": "messages",
    "incomingmessages": "messages",
    "partitioncount": "partitions",
    "globalpartitioncount": "partitions",
    "retainedbytes": "stored_bytes",
    "diskused": "disk_used",
    "connectioncount": "connections",
    "topiccount": "topics",
    **{name.replace("_", ""): name for name in QUANTITIES},
}
_TIMES: Final = ("time", "timestamp", "datetime", "date", "day", "hour", "month", "period")
_PARTS: Final = ("topic", "broker", "instance", "cluster")
_HEADING: Final = re.compile(r"\s*(?P<name>[^\[(]*?)\s*(?:[\[(]\s*(?P<unit>[^\])]*?)\s*[\])])?\s*")
_MONTH: Final = re.compile(r"\s*(\d{4})-(\d{2})\s*")
_GAPS: Final = ("", "-", "null", "none", "nan", "n/a", "undefined")


class _Column(NamedTuple):
    place: int
    heading: str
    quantity: str
    unit: str


class _Scale(NamedTuple):
    """The factor to the base unit, and the form of the values."""

    factor: float
    form: Form


def recognises(document: Document) -> bool:
    """Return whether a document is CSV with a column of times and one of a known quantity."""
    rows = document.csv
    if not rows:
        return False
    header = rows[0][1]
    return _time_column(header) is not None and bool(_columns(header))


def read(document: Document) -> Findings:
    """Return a series of each column of quantities, and of each part."""
    rows = document.csv or []
    header = rows[0][1]
    time, columns = _time_column(header), _columns(header)
    assert time is not None  # recognised
    parts = {_key(name): place for place, name in enumerate(header) if _key(name) in _PARTS}
    problems = [
        Problem(
            f"{document.name}:{line}",
            str(len(row)),
            ngettext("{n} cell, as in the header", "{n} cells, as in the header", len(header)),
        )
        for line, row in rows[1:]
        if len(row) != len(header)
    ]
    if problems:
        raise InputError("", problems)
    series: list[Series] = []
    warnings: list[Message] = []
    for column in columns:
        groups: dict[tuple[tuple[str, str], ...], list[tuple[int, str, str]]] = defaultdict(list)
        for line, row in rows[1:]:
            part = tuple((name, row[place].strip()) for name, place in parts.items())
            groups[part].append((line, row[time], row[column.place]))
        for part, cells in groups.items():
            try:
                one, noticed = _series(document.name, column, dict(part), cells)
            except InputError as error:
                problems.extend(error.problems)
                continue
            series.append(one)
            warnings.extend(noticed)
    if problems:
        raise InputError("", problems)
    known = {time, *parts.values(), *(column.place for column in columns)}
    unknown = (
        Unknown(name, f"{document.name}:1")
        for place, name in enumerate(header)
        if place not in known
    )
    return Findings(tuple(series), warnings=tuple(warnings), unknown=tuple(unknown))


def _series(
    source: str, column: _Column, part: dict[str, str], cells: Sequence[tuple[int, str, str]]
) -> tuple[Series, tuple[Message, ...]]:
    scale = _scale(column, f"{source}:1") if column.unit else None
    form = scale.form if scale else None
    pairs = []
    for line, time, text in cells:
        value: object = None if text.strip().lower() in _GAPS else text.strip()
        if scale is None and isinstance(value, str):
            value, form = _with_unit(value, column, f"{source}:{line}")
        pairs.append(
            (Node(_first_of_month(time), f"{line}", source), Node(value, f"{line}", source))
        )
    found = points_of(pairs, where=column.heading, scale=scale.factor if scale else 1.0, text=True)
    months = all(_MONTH.fullmatch(time) for _line, time, _text in cells)
    step = MONTH if months else step_of(found.times, DAY)
    form = form or "rate"
    values = found.values
    if form == "count":
        values = values / (_lengths(found.times) if months else step)
        form = "rate"
    cluster = part.pop("cluster", "")
    series = Series(
        column.quantity,
        found.times,
        values,
        step,
        form,
        source=source,
        query=column.heading,
        cluster=cluster,
        part=part,
        combine="avg" if column.quantity == "disk_used" else "sum",
    )
    return series, found.warnings


def _scale(column: _Column, where: str) -> _Scale:
    """Return the factor of a unit to the base unit of the column's quantity.

    Raises :class:`~kafkatco.errors.InputError` for a unit of something else.
    """
    base = QUANTITIES[column.quantity]
    if base == "1":
        share = column.unit in ("%", "percent")
        return _Scale(0.01 if share else 1.0, "level")
    if base == "1/s":
        factors = {"1/s": 1.0, "/s": 1.0, "per s": 1.0, "1/min": 1 / 60, "/min": 1 / 60}
        if column.unit in factors:
            return _Scale(factors[column.unit], "rate")
        if column.unit in ("1", "count"):
            return _Scale(1.0, "count")
        raise _wrong_unit(column, where, _("1/s, 1/min, or count for those of each step"))
    try:
        unit = parse_quantity(f"1 {column.unit}", "5 MB/s")
    except InvalidValueError as error:
        raise InputError("", [error.problem(where, column.heading)]) from None
    return _of(unit, column, where)


def _of(amount: object, column: _Column, where: str) -> _Scale:
    """Return an amount with a unit in the base unit, as a rate, a count or a level."""
    from pint import Quantity

    assert isinstance(amount, Quantity)
    base = QUANTITIES[column.quantity]
    if base == "h" and amount.is_compatible_with("hour"):
        return _Scale(float(amount.to("hour").magnitude), "level")
    if base == "B/s" and amount.is_compatible_with("byte/second"):
        return _Scale(float(amount.to("byte/second").magnitude), "rate")
    if base == "B/s" and amount.is_compatible_with("byte/billing_month"):
        return _Scale(float(amount.to("byte/billing_month").magnitude) / MONTH, "rate")
    if base in ("B", "B/s") and amount.is_compatible_with("byte"):
        form: Form = "count" if base == "B/s" else "level"
        return _Scale(float(amount.to("byte").magnitude), form)
    raise _wrong_unit(column, where, _("a unit of {quantity}", quantity=column.quantity))


def _with_unit(text: str, column: _Column, where: str) -> tuple[float, Form]:
    """Return the value of a cell with a unit; a bare number is allowed where none is needed."""
    name = _key(column.heading)
    if QUANTITIES[column.quantity] == "1":
        return Node(text.removesuffix("%"), where).number() * (
            0.01 if text.endswith("%") else 1.0
        ), "level"
    if name.endswith(("persec", "persecond")):
        return Node(text, "", where).number(), "rate"
    try:
        amount = parse_quantity(text, "5 MB/s")
    except InvalidValueError as error:
        hint = _(
            "Write the unit in the heading, such as '{name} [MB/s]', or '{name} [GB]' for the data "
            "of each step",
            name=column.heading,
        )
        raise InputError("", [Problem(where, repr(text[:40]), error.expected, hint)]) from None
    scale = _of(amount, column, where)
    return scale.factor, scale.form


def _wrong_unit(column: _Column, where: str, expected: Message) -> InputError:
    return InputError("", [Problem(where, repr(column.heading), expected)])


def _time_column(header: Sequence[str]) -> int | None:
    return next((place for place, name in enumerate(header) if _key(name) in _TIMES), None)


def _columns(header: Sequence[str]) -> list[_Column]:
    columns = []
    for place, heading in enumerate(header):
        match = _HEADING.fullmatch(heading)
        if match is None:
            continue
        key = re.sub(r"(persec|persecond)$", "", _key(match["name"]))
        if key in _NAMES:
            columns.append(_Column(place, match["name"], _NAMES[key], match["unit"] or ""))
    return columns


def _key(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.partition("[")[0].partition("(")[0].lower())


def _first_of_month(text: str) -> str:
    return f"{text.strip()}-01" if _MONTH.fullmatch(text) else text.strip()


def _lengths(times: Floats) -> Floats:
    """Return the length of the month that begins at each time [s]."""
    days = times.astype("datetime64[s]").astype("datetime64[D]")
    months = days.astype("datetime64[M]")
    lengths = [
        DAY * calendar.monthrange(int(str(month)[:4]), int(str(month)[5:7]))[1] for month in months
    ]
    return np.array(lengths)


READER: Final = Reader(
    "metrics-csv",
    _("CSV with a column of times and columns such as 'ingress [MB/s]' and 'egress [MB/s]'"),
    recognises,
    read,
)
