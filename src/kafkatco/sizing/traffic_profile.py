"""Traffic by hour of the day or of the week, around its mean."""

from __future__ import annotations

import datetime as dt
import math
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, reduce
from operator import add
from typing import Annotated, Any, Final, Literal

from pydantic import Field, PlainValidator, ValidationInfo, WithJsonSchema, field_validator

from kafkatco.core.inputs import Input
from kafkatco.core.vocabulary import word
from kafkatco.errors import InputError, InvalidValueError, Problem, shown
from kafkatco.i18n.message import Message, _
from kafkatco.numerics.typing import Operand
from kafkatco.prices.catalogue import Catalogue

__all__ = ["DAY", "FLAT", "WEEK", "HourlyTraffic", "PeakHour", "TrafficProfile"]

DAY: Final = 24
WEEK: Final = 168


@dataclass(frozen=True, slots=True)
class PeakHour:
    """The hour of the highest traffic, the first of several."""

    hour: int  #: counted from 0; of a week, 0 is the first hour of Monday [h]
    of: int  #: 24 for an hour of the day, 168 for an hour of the week [h]
    over_mean: float  #: its mean traffic over that of the month [1]
    within: float  #: the peak within the hour over its mean; 1 if none is stated [1]


@dataclass(frozen=True)
class HourlyTraffic:
    """The traffic of each hour, over that of the highest hour.

    Every month has the same hours: it consists of whole and partial days or weeks, and an hour of
    the profile occurs as often as any other.  All results depend on how often each level of traffic
    occurs, not on the order of hours.
    """

    hours: tuple[float, ...] = (1.0,)  #: of one day or week, the highest is 1 [1]

    @cached_property
    def levels(self) -> tuple[tuple[float, float], ...]:
        """Each distinct level of traffic [1], rising to 1, with the share of hours at it [1]."""
        counts = sorted(Counter(self.hours).items())
        return tuple((level, count / len(self.hours)) for level, count in counts)

    @cached_property
    def highest(self) -> float:
        """The mean traffic of the highest hour over that of the month [1].

        >>> round(HourlyTraffic((1.0, 0.5, 0.0, 0.5)).highest, 9)
        2.0
        """
        return 1.0 / math.fsum(level * share for level, share in self.levels)

    @property
    def is_flat(self) -> bool:
        """Whether traffic is the same in every hour."""
        return len(self.levels) == 1

    def peak_hour(self, peak_to_average: float) -> PeakHour | None:
        """Return the hour of the highest traffic; ``None`` if traffic is flat."""
        if self.is_flat:
            return None
        within = peak_to_average / self.highest
        return PeakHour(self.hours.index(1.0), len(self.hours), self.highest, within)

    @property
    def longest(self) -> Message:
        """The traffic that a fixed size must sustain for an hour or more, as a message."""
        return _("the average") if self.is_flat else _("the average of the busiest hour")

    def each(self, of: Callable[[float], Operand]) -> list[Operand]:
        """Return a quantity at each of ``levels``; the last is that of the busiest hour.

        ``of`` returns the quantity of an hour from its traffic over that of the highest hour [1].
        """
        return [of(level) for level, _share in self.levels]

    def mean(self, quantities: Sequence[Operand]) -> Operand:
        """Return the mean over all hours of quantities that :meth:`each` returned.

        It is a sum with constant weights: a curve stays exact.

        >>> import numpy as np
        >>> day = HourlyTraffic((1.0, 0.1, 0.1, 0.1))
        >>> float(day.mean(day.each(lambda level: np.ceil(10 * level))))  # (10 + 3 x 1) / 4
        3.25
        """
        shares = (share for _level, share in self.levels)
        return reduce(add, (x * share for x, share in zip(quantities, shares, strict=True)))


#: The same traffic in every hour.
FLAT: Final = HourlyTraffic()


def _read_hours(values: Any) -> tuple[float, ...]:
    """Return the traffic of each hour; raise ``InputError`` with every problem."""
    if not isinstance(values, Sequence) or isinstance(values, str | bytes):
        raise InvalidValueError(_("a list, such as [...]"))
    problems = list(_hour_problems(values))
    if problems:
        raise InputError("hours", problems)
    return tuple(float(value) for value in values)


def _hour_problems(values: Sequence[Any]) -> Iterator[Problem]:
    if len(values) not in (DAY, WEEK):
        expected = _("{day} values, for a day, or {week}, for a week", day=DAY, week=WEEK)
        yield Problem("", _("{n} values", n=len(values)), expected)
    valid = [_is_traffic(value) for value in values]
    for hour, value in enumerate(values):
        if not valid[hour]:
            yield Problem(str(hour), shown(value), _("a finite number of at least 0"))
    if values and all(valid) and not any(values):
        yield Problem("", _("only zeros"), _("traffic in at least one hour"))


def _is_traffic(value: Any) -> bool:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return number and math.isfinite(value) and value >= 0


_HOURS: Final[dict[str, Any]] = {
    "anyOf": [
        {
            "type": "array",
            "items": {"type": "number", "minimum": 0},
            "minItems": count,
            "maxItems": count,
        }
        for count in (DAY, WEEK)
    ]
}


class TrafficProfile(Input):
    """The traffic of each hour of a day or a week, relative to its mean.

    Reads follow writes.  The mean is that of ``Workload.ingress``: only the ratios of the values
    matter.  Set one of the two fields.

    Parameters
    ----------
    hours
        The traffic of each of the 24 hours of a day, or of the 168 hours of a week from Monday, in
        any unit: numbers of at least 0, of which at least one is more.
    shape
        In place of numbers, a shape with a name: "flat", "office-hours", "evening-peak" or
        "night-batch".  Each but the first has busy hours and quiet hours, by the assumptions of
        ``pricing/capacity/traffic-shapes.csv``.

    Raises
    ------
    InputError
        With every invalid value.

    Examples
    --------
    >>> day = TrafficProfile(hours=[10, *[1] * 23])
    >>> round(day.by_hour.highest, 3)  # 10 / (33 / 24)
    7.273
    >>> TrafficProfile(shape="night-batch").by_hour.hours.index(1.0)
    1
    """

    hours: (
        Annotated[Sequence[float], PlainValidator(_read_hours), WithJsonSchema(_HOURS)] | None
    ) = None
    shape: Literal["flat", "office-hours", "evening-peak", "night-batch"] | None = Field(
        default=None, validate_default=True
    )

    @field_validator("shape")
    @classmethod
    def _one_of_two(cls, shape: str | None, info: ValidationInfo) -> str | None:
        has_hours = info.data.get("hours", ()) is not None  # absent if they are invalid
        if has_hours and shape is not None:
            raise InvalidValueError(_("no shape, since the hours are set"))
        if not has_hours and shape is None:
            sentence = _("set hours, the traffic of each hour, or shape, one with a name")
            raise InputError("profile", [Problem("", "", sentence)])
        return shape

    @property
    def name(self) -> Message:
        """The shape, or the number of hours, as a message."""
        if self.shape is not None:
            return word(self.shape)
        return _("{n} hours", n=len(self.hours or ()))

    @property
    def by_hour(self) -> HourlyTraffic:
        """The traffic of each hour, over that of the highest hour."""
        hours = self.hours or _shape(str(self.shape))
        most = max(hours)
        return HourlyTraffic(tuple(hour / most for hour in hours))


def _shape(name: str) -> Sequence[float]:
    """Return the traffic of each hour of a shape, by the rows of the capacity tables."""
    if name == "flat":
        return [1.0] * DAY
    table = Catalogue(as_of=dt.date.max)  # a shape is the same at every date

    def rule(attribute: str) -> float:
        return table.value(f"traffic.{name}", attribute)

    start, length, quiet = rule("start"), rule("length"), rule("quiet")
    busy_days, days = round(rule("days") / DAY), WEEK // DAY
    day = [1.0 if (hour - start) % DAY < length else quiet for hour in range(DAY)]
    return day if busy_days == days else day * busy_days + [quiet] * DAY * (days - busy_days)
