"""Points of a file as sorted arrays: text for numbers, repeated times and gaps are noticed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Final, NamedTuple

import numpy as np

from kafkatco.i18n.message import Message, _, ngettext
from kafkatco.ingest.node import Node, instant, number
from kafkatco.numerics.typing import Floats

__all__ = ["Points", "duration", "first_page", "points", "points_of", "step_of"]

_DURATION: Final = re.compile(r"P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?")
_DURATION_PARTS: Final = (86_400.0, 3600.0, 60.0, 1.0)


class Points(NamedTuple):
    """Times [s since 1970] in rising order, values (NaN if there is none), and what is odd."""

    times: Floats
    values: Floats
    warnings: tuple[Message, ...]


def points_of(
    pairs: Iterable[tuple[Node, Node]], *, where: str, scale: float = 1.0, text: bool = False
) -> Points:
    """Return pairs of times and values as :func:`points` does."""
    nodes = list(pairs)
    times, values = [time.value for time, _value in nodes], [value.value for _time, value in nodes]
    return points(times, values, nodes.__getitem__, where=where, scale=scale, text=text)


def points(
    times: Sequence[object],
    values: Sequence[object],
    node: Callable[[int], tuple[Node, Node]],
    *,
    where: str,
    scale: float = 1.0,
    text: bool = False,
) -> Points:
    """Return times and values as arrays; values are multiplied by ``scale``.

    ``node`` returns the nodes of the time and the value of a place: they are made for an error
    alone, as a file may have a million.  ``where`` names the series in a warning.  ``text`` says
    that the format writes numbers as text; elsewhere that is told.  Of a repeated time the last
    value counts.  Raises :class:`~kafkatco.errors.InputError` for a time or a value that is none.
    """
    seconds = [instant(time) for time in times]
    numbers = [number(value) for value in values]
    for place, (second, amount) in enumerate(zip(seconds, numbers, strict=True)):
        if second is None:
            node(place)[0].time()  # raises
        if amount is None:
            node(place)[1].number()
    warnings: list[Message] = []
    quoted = 0 if text else sum(isinstance(value, str) for value in values)
    if quoted:
        warnings.append(
            ngettext(
                "{where}: {n} value is text in quotes; it is read as a number",
                "{where}: {n} values are text in quotes; they are read as numbers",
                quoted,
                where=where,
            )
        )
    unique = dict(zip(seconds, numbers, strict=True))
    repeated = len(numbers) - len(unique)
    if repeated:
        warnings.append(
            ngettext(
                "{where}: {n} value repeats a time; the last of each time counts",
                "{where}: {n} values repeat a time; the last of each time counts",
                repeated,
                where=where,
            )
        )
    starts = np.array(list(unique), dtype=float)
    amounts = np.array(list(unique.values()), dtype=float) * scale
    order = np.argsort(starts)
    return Points(starts[order], amounts[order], tuple(warnings))


def first_page(file: str, token: str) -> Message:
    """Return the warning on a reply whose other pages are not in the file."""
    return _("{file} has a {token}: it is the first of several pages", file=file, token=token)


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
