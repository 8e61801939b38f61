"""One field of the workload with its provenance, and the numbers that it is made of."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from kafkatco.i18n.message import Message, _, join, verbatim
from kafkatco.ingest.readings import Reading, Series
from kafkatco.ingest.statistics import amount, statistic, step_name

__all__ = ["SAME", "Estimate", "Numbers", "provenance"]

#: Two ways to the same number that differ by more than this share are told.
SAME: Final = 0.25


@dataclass(frozen=True, slots=True)
class Estimate:
    """A field of the workload: its value in the base ``unit``, and its provenance.

    ``written`` is the value as in ``[workload]``: text with a unit, a number, or the table of a
    profile.
    """

    field: str
    value: float
    unit: str
    written: str | float | int | dict[str, list[float]]
    because: Message


@dataclass(slots=True)
class Numbers:
    """The series and stated values of a cluster; collects what is used and noticed."""

    series: Mapping[str, Series]
    stated: Sequence[Reading]
    peak: str
    used: list[Reading] = field(default_factory=list)
    warnings: list[Message] = field(default_factory=list)

    def get(self, quantity: str, *names: str) -> Reading | None:
        """Return the first of some statistics of a quantity: of its series, else a stated one."""
        if quantity in self.series:
            return self.use(statistic(self.series[quantity], names[0]))
        return self.state(quantity, *names)

    def state(self, quantity: str, *names: str) -> Reading | None:
        """Return the first of some statistics of a quantity that a file states.

        Another file that states something else is told.
        """
        for name in (*names, "stated"):
            found = [
                one
                for one in self.stated
                if (one.quantity, one.statistic) == (quantity, name) and math.isfinite(one.value)
            ]
            for other in found[1:]:
                if abs(other.value - found[0].value) > SAME * abs(found[0].value):
                    text = _(
                        "{quantity} is {first} in {source}, but {second} in {other}; the first "
                        "one is taken",
                        quantity=quantity,
                        first=amount(found[0].value, found[0].unit),
                        source=found[0].source,
                        second=amount(other.value, other.unit),
                        other=other.source,
                    )
                    self.warnings.append(text)
            if found:
                return self.use(found[0])
        return None

    def use(self, reading: Reading) -> Reading:
        """Keep a reading as one that an estimate uses."""
        if reading not in self.used:
            self.used.append(reading)
        return reading


def provenance(reading: Reading) -> Message:
    """Return the provenance of a reading, as a comment in a scenario."""
    made_by = join(" ", filter(None, [reading.query, f"({reading.source})"]))
    if reading.step_s is None or reading.start is None or reading.end is None:
        return verbatim(made_by)
    return _(
        "{statistic} of {step} steps, {start} to {end}, {coverage:.0%} covered: {made_by}",
        statistic=reading.statistic,
        step=step_name(reading.step_s),
        start=_day(reading.start),
        end=_day(reading.end - 1),
        coverage=reading.coverage or 0.0,
        made_by=made_by,
    )


def _day(seconds: float) -> str:
    return dt.datetime.fromtimestamp(seconds, dt.UTC).date().isoformat()
