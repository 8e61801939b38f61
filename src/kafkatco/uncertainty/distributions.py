"""Distributions of an input: what it may be, and how likely."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from typing import Any, ClassVar, Final, Literal, Self

import numpy as np
from pydantic import Field, model_validator

from kafkatco.core.inputs import Input
from kafkatco.core.optional import needing
from kafkatco.errors import InputError, Problem
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

#: A number, or a text with the unit of the input: "12 TB/month".
Value = float | str
#: Beyond so many standard deviations floats know no share of a normal.
FAR: Final = 37


class Distribution(Input, ABC):
    """What an input may be, in its own unit; ``relative`` to what it is now, where it says so.

    ``source`` says where the figures come from, "assumption" where from nowhere.
    """

    relative: bool = False
    source: str = "assumption"

    #: The fields that are values of the input; the others are numbers.
    values_of: ClassVar[tuple[str, ...]] = ()

    @abstractmethod
    def quantile(self, u: Floats) -> Floats:
        """Return the values below which the shares ``u`` [1] of all draws are, of their shape."""

    def wrong(self) -> Iterator[Problem]:
        """Yield what is impossible about it, its values being numbers."""
        yield from ()

    def bound(self, read: Callable[[Any], float]) -> Self:
        """Return it with its values as numbers, as ``read`` reads them.

        Raises ``InputError`` with every value that is none, and for what is impossible.
        """
        found: list[Problem] = []
        numbers: dict[str, Any] = {}
        for name in self.values_of:
            given = getattr(self, name)
            each = given if isinstance(given, tuple) else (given,)
            try:
                read_all = tuple(None if item is None else read(item) for item in each)
            except ValueError as error:
                found.append(Problem(name, repr(given), str(error)))
                continue
            numbers[name] = read_all if isinstance(given, tuple) else read_all[0]
        if found:
            raise InputError(self.kind_name, found)
        return self.replace(**numbers)

    @property
    def kind_name(self) -> str:
        """What a scenario file calls this kind of distribution."""
        return str(type(self).model_fields["distribution"].default)

    @model_validator(mode="after")
    def _possible(self) -> Self:
        each = [getattr(self, name) for name in self.values_of]
        flat = [x for item in each for x in (item if isinstance(item, tuple) else (item,))]
        if not any(isinstance(item, str) for item in flat) and (found := tuple(self.wrong())):
            raise InputError(self.kind_name, found)
        return self


class Fixed(Distribution):
    """One value.

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
    """Anything from ``low`` to ``high``, all alike.

    >>> Uniform(low=2, high=4).quantile(np.array([0.25]))
    array([2.5])
    """

    distribution: Literal["uniform"] = "uniform"
    low: Value
    high: Value
    values_of = ("low", "high")

    def wrong(self) -> Iterator[Problem]:
        """Yield ends that do not rise."""
        yield from _rising(low=self.low, high=self.high)

    def quantile(self, u: Floats) -> Floats:
        """Return low + u (high - low)."""
        return float(self.low) + u * (float(self.high) - float(self.low))


class _ThreePoints(Distribution):
    """What is known by its ends and by what is likeliest."""

    low: Value
    mode: Value
    high: Value
    values_of = ("low", "mode", "high")

    def wrong(self) -> Iterator[Problem]:
        """Yield values that do not rise."""
        yield from _rising(low=self.low, high=self.high)
        low, mode, high = float(self.low), float(self.mode), float(self.high)
        if not low <= mode <= high:
            yield Problem("mode", f"{mode:g}", f"from {low:g} to {high:g}")


class Triangular(_ThreePoints):
    """From ``low`` to ``high``, ``mode`` the likeliest; density falls linearly to both sides.

    >>> Triangular(low=0, mode=1, high=2).quantile(np.array([0.5]))
    array([1.])
    """

    distribution: Literal["triangular"] = "triangular"

    def quantile(self, u: Floats) -> Floats:
        """Return the inverse of the two parabolas."""
        low, mode, high = float(self.low), float(self.mode), float(self.high)
        below = (mode - low) / (high - low)
        left = low + np.sqrt(u * (high - low) * (mode - low))
        right = high - np.sqrt((1.0 - u) * (high - low) * (high - mode))
        return np.where(u < below, left, right)


class Pert(_ThreePoints):
    """From ``low`` to ``high`` around ``mode``: a beta distribution, as planners use it.

    Its mean is (low + 4 mode + high) / 6.  Source: Malcolm, Roseboom, Clark and Fazar, "Application
    of a technique for research and development program evaluation", Operations Research 7 (1959).

    >>> Pert(low=0, mode=1, high=2).quantile(np.array([0.5])).round(12)
    array([1.])
    """

    distribution: Literal["pert"] = "pert"

    def quantile(self, u: Floats) -> Floats:
        """Return low + (high - low) x the quantile of beta."""
        with needing("draws need", "scipy"):
            from scipy.special import betaincinv

        low, mode, high = float(self.low), float(self.mode), float(self.high)
        a = 1.0 + 4.0 * (mode - low) / (high - low)
        b = 1.0 + 4.0 * (high - mode) / (high - low)
        share: Floats = betaincinv(a, b, u)
        return low + (high - low) * share


class Normal(Distribution):
    """A bell around ``mean`` with the standard deviation ``sd``; cut at ``low``, ``high`` if said.

    >>> Normal(mean=10, sd=2).quantile(np.array([0.5]))
    array([10.])
    """

    distribution: Literal["normal"] = "normal"
    mean: Value
    sd: Value
    low: Value | None = None
    high: Value | None = None
    values_of = ("mean", "sd", "low", "high")

    def wrong(self) -> Iterator[Problem]:
        """Yield a spread that is none, and ends that do not rise."""
        if float(self.sd) <= 0:
            yield Problem("sd", f"{self.sd:g}", "more than 0")
            return
        if self.low is not None and self.high is not None:
            yield from _rising(low=self.low, high=self.high)
        low, high = self._ends
        most, least = (float(self.mean) + sign * FAR * float(self.sd) for sign in (1, -1))
        if low > most:
            yield Problem("low", f"{low:g}", f"at most {most:g}, {FAR} sd from the mean")
        if high < least:
            yield Problem("high", f"{high:g}", f"at least {least:g}, {FAR} sd from the mean")

    @property
    def _ends(self) -> tuple[float, float]:
        return (
            -np.inf if self.low is None else float(self.low),
            np.inf if self.high is None else float(self.high),
        )

    def quantile(self, u: Floats) -> Floats:
        """Return mean + sd x the quantile of the standard normal, of what is within both ends."""
        with needing("draws need", "scipy"):
            from scipy.special import ndtr, ndtri

        mean, sd = float(self.mean), float(self.sd)
        low, high = self._ends
        # of an upper tail the mirror image: shares next to 1 have fewer digits than next to 0
        side = -1.0 if low > mean else 1.0
        below, upto = (float(ndtr(side * (end - mean) / sd)) for end in (low, high))
        score: Floats = side * ndtri((1.0 - u) * below + u * upto)
        return np.clip(mean + sd * score, low, high)


class Lognormal(Distribution):
    """More than zero, half of it below ``median``; its logarithm is normal, ``sigma`` its spread.

    >>> Lognormal(median=10, sigma=0.2).quantile(np.array([0.5]))
    array([10.])
    """

    distribution: Literal["lognormal"] = "lognormal"
    median: Value
    sigma: float
    values_of = ("median",)

    def wrong(self) -> Iterator[Problem]:
        """Yield a spread that is none, and a median that is not above zero."""
        if self.sigma <= 0:
            yield Problem("sigma", f"{self.sigma:g}", "more than 0")
        if float(self.median) <= 0:
            yield Problem("median", f"{self.median:g}", "more than 0")

    def quantile(self, u: Floats) -> Floats:
        """Return median x e^(sigma x the quantile of the standard normal)."""
        with needing("draws need", "scipy"):
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

    def wrong(self) -> Iterator[Problem]:
        """Yield probabilities that are none, or not one of each value."""
        if len(self.values) != len(self.probabilities):
            given = f"{len(self.probabilities)} of {len(self.values)} values"
            yield Problem("probabilities", given, "one for each value")
        if any(share < 0 for share in self.probabilities):
            yield Problem("probabilities", str(list(self.probabilities)), "none below 0")
        total = float(np.sum(self.probabilities))
        if abs(total - 1.0) > SAME:
            yield Problem("probabilities", f"a sum of {total:.12g}", "a sum of 1")

    def quantile(self, u: Floats) -> Floats:
        """Return the first value up to which the probabilities come to ``u``."""
        upto = np.cumsum(self.probabilities)
        upto[-1] = 1.0
        at = np.searchsorted(upto, u, side="left")
        return np.array([float(value) for value in self.values])[at]


class Samples(Distribution):
    """One of the ``values`` that were seen, each as likely as any other.

    >>> Samples(values=[3, 1, 2]).quantile(np.array([0.1, 0.5, 0.9]))
    array([1., 2., 3.])
    """

    distribution: Literal["samples"] = "samples"
    values: tuple[Value, ...] = Field(min_length=2, strict=False)
    values_of = ("values",)

    def quantile(self, u: Floats) -> Floats:
        """Return the value at that place of the sorted ones."""
        values = np.sort(np.array([float(value) for value in self.values]))
        return values[np.minimum((u * values.size).astype(np.int64), values.size - 1)]


#: Every distribution by the name that a scenario file gives it.
DISTRIBUTIONS: Final[dict[str, type[Distribution]]] = {
    str(model.model_fields["distribution"].default): model
    for model in (Fixed, Uniform, Triangular, Pert, Normal, Lognormal, Discrete, Samples)
}


def _rising(*, low: Any, high: Any) -> Iterator[Problem]:
    if not float(low) < float(high):
        yield Problem("high", f"{float(high):g}", f"more than low, {float(low):g}")
