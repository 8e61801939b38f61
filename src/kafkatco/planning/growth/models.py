"""Growth models: the average traffic of each month, from that of the first."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any, Final, Literal

import numpy as np
from pydantic import Field, field_validator

from kafkatco.core.inputs import Input, Name
from kafkatco.core.units import RATE, Measure, Rate, parse
from kafkatco.errors import InputError, Problem
from kafkatco.i18n.message import Message, _, ngettext
from kafkatco.numerics.typing import Floats

__all__ = ["Compound", "Constant", "Growth", "Linear", "Logistic", "Series", "Stepwise"]


class Growth(Input, ABC):
    """A growth model; ``name`` is the label of its scenario in results."""

    name: Name = ""

    @property
    def label(self) -> str:
        """The label of this scenario in results: its name, by default its kind."""
        return self.name or str(getattr(self, "kind", ""))

    @property
    def title(self) -> Message:
        """The heading of an error of this model."""
        return _("growth {name!r}", name=self.label)

    @abstractmethod
    def path(self, first_mib_s: Floats, month_hours: Floats) -> Floats:
        """Return the average traffic of each month [MiB/s], shape ``(months,)``.

        ``first_mib_s`` is the workload's own rate in each month (it varies if the workload gives
        data per month and months differ in length), ``month_hours`` [h] their lengths; both have
        shape ``(months,)``.  An uncertain model returns its median path.
        """

    def dimensions(self, months: int) -> int:  # noqa: ARG002  # a certain model needs none
        """Return the number of random numbers that a random path of ``months`` needs."""
        return 0

    def paths(self, uniform: Floats, first_mib_s: Floats, month_hours: Floats) -> Floats:
        """Return random paths [MiB/s], shape ``(draws, months)``; all alike for a certain model.

        ``uniform`` are random numbers between 0 and 1, both excluded, of shape
        ``(draws, dimensions(months))``; the other arguments are those of :meth:`path`.

        >>> Constant().paths(np.empty((2, 0)), np.full(3, 5.0), np.full(3, 730.0)).shape
        (2, 3)
        """
        path = self.path(first_mib_s, month_hours)
        return np.broadcast_to(path, (len(uniform), month_hours.size))


class Constant(Growth):
    """Constant traffic."""

    kind: Literal["constant"] = "constant"

    def path(self, first_mib_s: Floats, month_hours: Floats) -> Floats:
        """Return the workload's own traffic."""
        return first_mib_s * np.ones_like(month_hours)


class Linear(Growth):
    """Traffic rises by the same ``increase`` (a data rate) every month.

    >>> Linear(increase="1 MiB/s").path(np.full(3, 2.0), np.full(3, 730.0))
    array([2., 3., 4.])
    """

    kind: Literal["linear"] = "linear"
    increase: Rate

    def path(self, first_mib_s: Floats, month_hours: Floats) -> Floats:
        """Return first + increase x months."""
        rate: Floats = first_mib_s + parse(self.increase, RATE).value(month_hours) * np.arange(
            month_hours.size
        )
        return rate


class Compound(Growth):
    """Traffic grows by a share a year: first x (1 + annual_rate) ^ (months / 12).

    >>> Compound(annual_rate=1.0).path(np.full(13, 2.0), np.full(13, 730.0))[12]
    np.float64(4.0)
    """

    kind: Literal["compound"] = "compound"
    annual_rate: float = Field(gt=-1, le=1000)

    def path(self, first_mib_s: Floats, month_hours: Floats) -> Floats:
        """Return first x (1 + annual_rate) ^ (months / 12)."""
        rate: Floats = first_mib_s * (1.0 + self.annual_rate) ** (np.arange(month_hours.size) / 12)
        return rate


class Logistic(Growth):
    """Traffic first grows by ``monthly_rate`` [1/month] and levels off at ``ceiling``.

    The curve is logistic, with the first month's traffic x: L / (1 + (L / x - 1) e^(-k m)).

    >>> path = Logistic(ceiling="8 MiB/s", monthly_rate=0.2).path(np.full(99, 1.), np.full(99, 730))
    >>> path[0].item(), path[-1].round(6).item()
    (1.0, 8.0)
    """

    kind: Literal["logistic"] = "logistic"
    ceiling: Rate
    monthly_rate: float = Field(ge=0, le=10)

    def path(self, first_mib_s: Floats, month_hours: Floats) -> Floats:
        """Return the logistic curve; zero traffic stays zero."""
        ceiling = parse(self.ceiling, RATE).value(month_hours)
        if not np.all(ceiling > 0):
            problem = Problem("ceiling", str(self.ceiling), _("more than 0"))
            raise InputError(self.title, [problem])
        decay = np.exp(-self.monthly_rate * np.arange(month_hours.size))
        rate: Floats = ceiling * first_mib_s / (first_mib_s + (ceiling - first_mib_s) * decay)
        return np.where(first_mib_s > 0, rate, 0.0)


#: The steps of stepwise growth in a scenario file.
EXAMPLE: Final = "{'6' = '2 TB/month'}"


def _month(key: Any) -> int:
    text = str(key)
    if not text.isdecimal() or int(text) < 1:
        raise ValueError(_("months counted from 1, such as {example}", example=EXAMPLE))
    return int(text)


class Stepwise(Growth):
    """Traffic jumps to a new rate in each of the months of ``steps`` (the first month is 1).

    >>> Stepwise(steps={2: "5 MiB/s"}).path(np.full(3, 1.0), np.full(3, 730.0))
    array([1., 5., 5.])
    """

    kind: Literal["stepwise"] = "stepwise"
    steps: dict[int, Rate]

    @field_validator("steps", mode="before")
    @classmethod
    def _months(cls, steps: Any) -> Any:
        if not isinstance(steps, dict):
            raise ValueError(_("months with data rates, such as {example}", example=EXAMPLE))
        months = [_month(key) for key in steps]
        if len(set(months)) != len(months):
            raise ValueError(_("each month once"))
        return dict(zip(months, steps.values(), strict=True))

    def path(self, first_mib_s: Floats, month_hours: Floats) -> Floats:
        """Return the workload's traffic up to the first step, and then that of each step."""
        rate = first_mib_s * np.ones_like(month_hours)
        for month, step in sorted(self.steps.items()):
            stepped = parse(step, RATE).value(month_hours) * np.ones_like(month_hours)
            rate[..., month - 1 :] = stepped[month - 1 :]
        return rate


class Series(Growth):
    """Traffic of each month, which replaces the workload's.

    >>> Series(values=["1 MiB/s", "3 MiB/s"]).path(np.ones(2), np.full(2, 730.0))
    array([1., 3.])
    """

    kind: Literal["series"] = "series"
    values: tuple[Rate, ...]

    @field_validator("values", mode="before")
    @classmethod
    def _tuple(cls, values: Any) -> Any:
        if not isinstance(values, list | tuple):
            raise ValueError(
                _("a list of data rates, such as {example}", example="['1 TB/month', '2 TB/month']")
            )
        parsed: list[Measure] = [parse(value, RATE) for value in values]
        return tuple(parsed)

    def path(self, first_mib_s: Floats, month_hours: Floats) -> Floats:  # noqa: ARG002  # a series replaces it
        """Return the series; raise :class:`InputError` if it is shorter than the projection."""
        if len(self.values) < month_hours.size:
            problem = Problem(
                "values",
                ngettext("{n} month", "{n} months", len(self.values)),
                ngettext("{n} month", "{n} months", month_hours.size),
            )
            raise InputError(self.title, [problem])
        units = np.ones_like(month_hours)
        return np.array(
            [
                (parse(value, RATE).value(month_hours) * units)[i]
                for i, value in enumerate(self.values[: month_hours.size])
            ]
        )
