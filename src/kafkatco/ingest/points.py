"""Points of a file as sorted arrays: text for numbers, repeated times and gaps are noticed."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final, NamedTuple

import numpy as np

from kafkatco.i18n.message import Message, ngettext
from kafkatco.ingest.node import Node
from kafkatco.numerics.typing import Floats

__all__ = ["Points", "duration", "points", "step_of"]

_DURATION: Final = re.compile(r"P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?")
_DURATION_PARTS: Final = (86_400.0, 3600.0, 60.0, 1.0)


class Points(NamedTuple):
    """Times [s since 1970] in rising order, values (NaN if there is none), and what is odd."""

    times: Floats
    values: Floats
    warnings: tuple[Message, ...]


def points(
    pairs: Iterable[tuple[Node, Node]], *, where: str, scale: float = 1.0, text: bool = False
) -> Points:
    """Return pairs of times and values as arrays; values are multiplied by ``scale``.

    ``where`` names the series in a warning.  ``text`` says that the format writes numbers as text;
    elsewhere that is told.  Of a repeated time the last value counts.  Raises
    :class:`~kafkatco.errors.InputError` for a time or a value that is none.
    """
    rows = [(time.time(), value.number(), isinstance(value.value, str)) for time, value in pairs]
    warnings: list[Message] = []
    quoted = sum(row[2] for row in rows)
    if quoted and not text:
        warnings.append(
            ngettext(
                "{where}: {n} value is text in quotes; it is read as a number",
                "{where}: {n} values are text in quotes; they are read as numbers",
                quoted,
                where=where,
            )
        )
    unique = {time: value for time, value, _quoted in rows}
    repeated = len(rows) - len(unique)
    if repeated:
        warnings.append(
            ngettext(
                "{where}: {n} value repeats a time; the last of each time counts",
                "{where}: {n} values repeat a time; the last of each time counts",
                repeated,
                where=where,
            )
        )
    times = sorted(unique)
    values = np.array([unique[time] for time in times], dtype=float) * scale
    return Points(np.array(times, dtype=float), values, tuple(warnings))


def step_of(times: Floats, default: float) -> float:
    """Return the step of times [s]: their most common difference, ``default`` if there is none.

    >>> step_of(np.array([0.0, 60.0, 120.0, 600.0]), 1.0)
    60.0
    """
    if times.size < 2:
        return default
    steps, counts = np.unique(np.diff(times), return_counts=True)
    return float(steps[counts.argmax()])


def duration(text: str) -> float | None:
    """Return an ISO 8601 duration of days and shorter units [s]; ``None`` if it is none.

    >>> duration("PT1H"), duration("P1DT30M"), duration("hourly")
    (3600.0, 88200.0, None)
    """
    match = _DURATION.fullmatch(text)
    if match is None or not any(match.groups()):
        return None
    return sum(
        float(number or 0) * seconds
        for number, seconds in zip(match.groups(), _DURATION_PARTS, strict=True)
    )
