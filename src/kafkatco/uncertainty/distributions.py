"""Probability distributions of inputs."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from typing import Any, ClassVar, Final, Literal, Self

import numpy as np
from pydantic import Field, model_validator

from kafkatco.core.inputs import Input
from kafkatco.core.optional import needing
from kafkatco.errors import InputError, Problem, shown
from kafkatco.i18n.message import Message, _
from kafkatco.numerics.tolerance import SAME
from kafkatco.numerics.typing import Floats

__all__ = [
    "DISTRIBUTIONS",
    "Discrete",
    "Distribution",
    "Fixed",
    "Lognormal",
    "Normal",
    "Pert",
    "Samples",
    "Triangular",
    "Uniform",
]

#: A number, or a text with a unit: "12 TB/month".
Value = float | str
#: The most standard deviations from the mean at which floats resolve a normal distribution.
MAX_SD: Final = 37


class Distribution(Input, ABC):
    """The distribution of an input, in the unit of the input.

    With ``relative``, values are multiples of the input's present value.  ``source`` is the source
    of the figures, "assumption" if there is none.
    """

    relative: bool = False
    source: str = "assumption"

    #: The fields that are values of the input; the other fields are pure numbers.
    values_of: ClassVar[tuple[str, ...]] = ()

    @abstractmethod
    def quantile(self, u: Floats) -> Floats:
        """Return the quantiles at the levels ``u`` [1], in their shape."""

    def problems(self) -> Iterator[Problem]:
        """Yield the problems of the parameters, which are numbers."""
        yield from ()

    def parse(self, read: Callable[[Any], float]) -> Self:
        """Return the distribution with its values as numbers, parsed by ``read``.

        Raises ``InputError`` with every value that ``read`` rejects, and for invalid parameters.
        """
        problems: list[Problem] = []
        parsed: dict[str, Any] = {}
        for name in self.values_of:
            field = getattr(self, name)
            values = field if isinstance(field, tuple) else (field,)
            try:
                numbers = tuple(None if value is None else read(value) for value in values)
            except ValueError as error:
                problems.append(Problem(name, shown(field), *error.args))
                continue
            parsed[name] = numbers if isinstance(field, tuple) else numbers[0]
        if problems:
            raise InputError(self.kind_name, problems)
        return self.replace(**parsed)

    @property
    def kind_name(self) -> str:
        """The name of this kind of distribution in a scenario file."""
        return str(type(self).model_fields["distribution"].default)

    @model_validator(mode="after")
    def _valid(self) -> Self:
        fields = [getattr(self, name) for name in self.values_of]
        values = [x for field in fields for x in (field if isinstance(field, tuple) else (field,))]
        if any(isinstance(value, str) for value in values):  # checked once it is parsed
            return self
        if problems := tuple(self.problems()):
            raise InputError(self.kind_name, problems)
        return self


class Fixed(Distribution):
    """A single value.

    >>> Fixed(value=3).quantile(np.array([0.1, 0.9]))
    array([3., 3.])
    """

    distribution: Literal["fixed"] = "fixed"
    value: Value
    values_of = ("value",)

    def quantile(self, u: Floats) -> Floats:
        """Return the value."""
        return np.full(u.shape, float(self.value))


class Uniform(Distribution):
    """Any value from ``low`` to ``high``, all equally likely.

    >>> Uniform(low=2, high=4).quantile(np.array([0.25]))
    array([2.5])
    """

    distribution: Literal["uniform"] = "uniform"
    low: Value
    high: Value
    values_of = ("low", "high")

    def problems(self) -> Iterator[Problem]:
        """Yield a problem if ``low`` is not below ``high``."""
        yield from _check_bounds(low=self.low, high=self.high)

    def quantile(self, u: Floats) -> Floats:
        """Return low + u (high - low)."""
        return float(self.low) + u * (float(self.high) - float(self.low))


class _ThreePoints(Distribution):
    """A distribution with two ends and a most likely value."""

    low: Value
    mode: Value
    high: Value
    values_of = ("low", "mode", "high")

    def problems(self) -> Iterator[Problem]:
        """Yield a problem for each value out of order."""
        yield from _check_bounds(low=self.low, high=self.high)
        low, mode, high = float(self.low), float(self.mode), float(self.high)
        if not low <= mode <= high:
            yield Problem("mode", f"{mode:g}", _("from {low:g} to {high:g}", low=low, high=high))


class Triangular(_ThreePoints):
    """From ``low`` to ``high`` with the mode ``mode``; the density is linear on either side.

    >>> Triangular(low=0, mode=1, high=2).quantile(np.array([0.5]))
    array([1.])
    """

    distribution: Literal["triangular"] = "triangular"

    def quantile(self, u: Floats) -> Floats:
        """Return the inverse of the two parabolas of the distribution function."""
        low, mode, high = float(self.low), float(self.mode), float(self.high)
        below = (mode - low) / (high - low)
        left = low + np.sqrt(u * (high - low) * (mode - low))
        right = high - np.sqrt((1.0 - u) * (high - low) * (high - mode))
        return np.where(u < below, left, right)


class Pert(_ThreePoints):
    """A beta distribution from ``low`` to ``high`` around ``mode``, common in project planning.

    Its mean is (low + 4 mode + high) / 6.  Source: Malcolm, Roseboom, Clark and Fazar, "Application
    of a technique for research and development program evaluation", Operations Research 7 (1959).

    >>> Pert(low=0, mode=1, high=2).quantile(np.array([0.5])).round(12)
    array([1.])
    """

    distribution: Literal["pert"] = "pert"

    def quantile(self, u: Floats) -> Floats:
        """Return low + (high - low) x the quantile of the beta distribution."""
        with needing(_("simulations need"), "scipy"):
            from scipy.special import betaincinv

        low, mode, high = float(self.low), float(self.mode), float(self.high)
        a = 1.0 + 4.0 * (mode - low) / (high - low)
        b = 1.0 + 4.0 * (high - mode) / (high - low)
        share: Floats = betaincinv(a, b, u)
        return low + (high - low) * share


class Normal(Distribution):
    """A normal distribution, truncated at ``low`` and ``high`` if they are set.

    ``sd`` is its standard deviation.

    >>> Normal(mean=10, sd=2).quantile(np.array([0.5]))
    array([10.])
    """

    distribution: Literal["normal"] = "normal"
    mean: Value
    sd: Value
    low: Value | None = None
    high: Value | None = None
    values_of = ("mean", "sd", "low", "high")

    def problems(self) -> Iterator[Problem]:
        """Yield the problems of the standard deviation and of the ends."""
        if float(self.sd) <= 0:
            yield Problem("sd", f"{self.sd:g}", _("more than 0"))
            return
        if self.low is not None and self.high is not None:
            yield from _check_bounds(low=self.low, high=self.high)
        low, high = self._ends
        most, least = (float(self.mean) + sign * MAX_SD * float(self.sd) for sign in (1, -1))
        if low > most:
            expected = _(
                "at most {end:g}, {count} standard deviations from the mean", end=most, count=MAX_SD
            )
            yield Problem("low", f"{low:g}", expected)
        if high < least:
            expected = _(
                "at least {end:g}, {count} standard deviations from the mean",
                end=least,
                count=MAX_SD,
            )
            yield Problem("high", f"{high:g}", expected)

    @property
    def _ends(self) -> tuple[float, float]:
        return (
            -np.inf if self.low is None else float(self.low),
            np.inf if self.high is None else float(self.high),
        )

    def quantile(self, u: Floats) -> Floats:
        """Return mean + sd x the quantile of the standard normal, truncated at both ends."""
        with needing(_("simulations need"), "scipy"):
            from scipy.special import ndtr, ndtri

        mean, sd = float(self.mean), float(self.sd)
        low, high = self._ends
        # mirror an upper tail: floats have fewer digits close to 1 than close to 0
        side = -1.0 if low > mean else 1.0
        below, upto = (float(ndtr(side * (end - mean) / sd)) for end in (low, high))
        score: Floats = side * ndtri((1.0 - u) * below + u * upto)
        return np.clip(mean + sd * score, low, high)


class Lognormal(Distribution):
    """A positive value whose logarithm is normal with the standard deviation ``sigma``.

    >>> Lognormal(median=10, sigma=0.2).quantile(np.array([0.5]))
    array([10.])
    """

    distribution: Literal["lognormal"] = "lognormal"
    median: Value
    sigma: float
    values_of = ("median",)

    def problems(self) -> Iterator[Problem]:
        """Yield a problem for each parameter that is not positive."""
        if self.sigma <= 0:
            yield Problem("sigma", f"{self.sigma:g}", _("more than 0"))
        if float(self.median) <= 0:
            yield Problem("median", f"{self.median:g}", _("more than 0"))

    def quantile(self, u: Floats) -> Floats:
        """Return median x e^(sigma x the quantile of the standard normal)."""
        with needing(_("simulations need"), "scipy"):
            from scipy.special import ndtri

        return float(self.median) * np.exp(self.sigma * ndtri(u))


class Discrete(Distribution):
    """One of ``values``, each with its probability.

    >>> Discrete(values=[1, 5], probabilities=[0.75, 0.25]).quantile(np.array([0.7, 0.8]))
    array([1., 5.])
    """

    distribution: Literal["discrete"] = "discrete"
    values: tuple[Value, ...] = Field(min_length=1, strict=False)
    probabilities: tuple[float, ...] = Field(min_length=1, strict=False)
    values_of = ("values",)

    def problems(self) -> Iterator[Problem]:
        """Yield the problems of the probabilities: their number, signs and sum."""
        if len(self.values) != len(self.probabilities):
            given = _(
                "{count} for {values} values",
                count=len(self.probabilities),
                values=len(self.values),
            )
            yield Problem("probabilities", given, _("one for each value"))
        if any(share < 0 for share in self.probabilities):
            expected = _("numbers of at least 0")
            yield Problem("probabilities", shown(list(self.probabilities)), expected)
        total = float(np.sum(self.probabilities))
        if abs(total - 1.0) > SAME:
            yield Problem("probabilities", _sum(total), _sum(1.0))

    def quantile(self, u: Floats) -> Floats:
        """Return the first value whose cumulative probability reaches ``u``."""
        upto = np.cumsum(self.probabilities)
        upto[-1] = 1.0
        at = np.searchsorted(upto, u, side="left")
        return np.array([float(value) for value in self.values])[at]


class Samples(Distribution):
    """One of the observed ``values``, all equally likely.

    >>> Samples(values=[3, 1, 2]).quantile(np.array([0.1, 0.5, 0.9]))
    array([1., 2., 3.])
    """

    distribution: Literal["samples"] = "samples"
    values: tuple[Value, ...] = Field(min_length=2, strict=False)
    values_of = ("values",)

    def quantile(self, u: Floats) -> Floats:
        """Return the sorted value at the place of ``u``."""
        values = np.sort(np.array([float(value) for value in self.values]))
        return values[np.minimum((u * values.size).astype(np.int64), values.size - 1)]


#: Every distribution by its name in a scenario file.
DISTRIBUTIONS: Final[dict[str, type[Distribution]]] = {
    str(model.model_fields["distribution"].default): model
    for model in (Fixed, Uniform, Triangular, Pert, Normal, Lognormal, Discrete, Samples)
}


def _check_bounds(*, low: Any, high: Any) -> Iterator[Problem]:
    if not float(low) < float(high):
        yield Problem("high", f"{float(high):g}", _("more than low, {low:g}", low=float(low)))


def _sum(total: float) -> Message:
    return _("a sum of {total:.12g}", total=total)
