"""Which inputs are uncertain, how, and what goes together: the section ``[uncertainty]``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Final, Self

import numpy as np
from pydantic import Field, PlainSerializer, PlainValidator, model_validator

from kafkatco.core.inputs import Input
from kafkatco.errors import InputError, Problem, nearest
from kafkatco.numerics.typing import Floats
from kafkatco.uncertainty.distributions import Distribution, Lognormal, Pert
from kafkatco.uncertainty.shorthand import InputsSchema, read_distribution

__all__ = ["DEFAULTS", "GROWTH", "REPLICATES", "Correlation", "Uncertainty"]

#: The input that is the annual rate of compound growth.
GROWTH: Final = "growth"
#: So many times the draws are scrambled apart, which tells how far results still move.
REPLICATES: Final = 8
MOST_DRAWS: Final = 2**30
#: How sure inputs are where nobody says: of those that the options have.
DEFAULTS: Final[Mapping[str, Distribution]] = {
    "ingress": Pert(low=0.8, mode=1.0, high=1.25, relative=True),
    GROWTH: Pert(low=0.7, mode=1.0, high=1.3, relative=True),
    "fanout": Pert(low=0.7, mode=1.0, high=1.5, relative=True),
    "salary": Pert(low=0.85, mode=1.0, high=1.25, relative=True),
    "krw": Lognormal(
        median=1.0,
        sigma=0.091,
        relative=True,
        source="spread of a year's change: month ends of the ECB's rates, 2020-01 to 2025-10, "
        "https://www.ecb.europa.eu/stats/eurofxref/eurofxref-hist.zip",
    ),
}


class Correlation(Input):
    """How two inputs go together: the correlation of their normal scores, from -1 to 1.

    >>> Correlation(between=["krw", "salary"], value=0.4).value
    0.4
    """

    between: tuple[str, str] = Field(strict=False)
    value: float = Field(gt=-1, lt=1)

    @model_validator(mode="after")
    def _two(self) -> Self:
        if self.between[0] == self.between[1]:
            expected = "two inputs"
            raise InputError("correlation", [Problem("between", repr(self.between), expected)])
        return self


def _inputs(given: object) -> dict[str, Distribution]:
    if not isinstance(given, Mapping):
        raise ValueError("inputs with their distributions, such as {fanout = '2-3-5'}")
    found: list[Problem] = []
    read: dict[str, Distribution] = {}
    for name, item in given.items():
        try:
            read[str(name)] = read_distribution(item)
        except InputError as error:
            found += [
                Problem(f"{name}.{p.where}".removesuffix("."), p.given, p.expected, p.hint)
                for p in error.problems
            ]
        except ValueError as error:
            found.append(Problem(str(name), repr(item), str(error)))
    if found:
        raise InputError("inputs", found)
    return read


def _written(inputs: Mapping[str, Distribution]) -> dict[str, Any]:
    return {name: item.model_dump(exclude_none=True) for name, item in inputs.items()}


class Uncertainty(Input):
    """Inputs that are uncertain, what goes together, and how many draws are made of them.

    Parameters
    ----------
    inputs
        By the name of an axis, ``growth`` among them, or of a sku: a distribution, such as
        ``"12-20 %/year"``, ``"2-3-5"`` or ``Normal(mean=3, sd=0.5)``.  ``DEFAULTS`` by default,
        of the inputs that the options have; each says where its figures come from.
    correlation
        Pairs of inputs that go together; all others are independent.
    draws, seed
        How many draws, a multiple of 8, best a power of two; and from which seed.  The same seed
        gives the same draws.  [1]

    Raises
    ------
    InputError
        For distributions that are impossible, and correlations that are of no joint distribution.

    Examples
    --------
    >>> Uncertainty(inputs={"fanout": "2-3-5"}).inputs["fanout"].high
    5.0
    """

    inputs: Annotated[
        dict[str, Any],  # as it is given; read, each is a Distribution
        PlainValidator(_inputs),
        PlainSerializer(_written),
        InputsSchema(),
    ] = Field(default_factory=dict)
    correlation: tuple[Correlation, ...] = Field(default=(), strict=False)
    draws: int = Field(default=8192, ge=64, le=MOST_DRAWS)
    seed: int = Field(default=1, ge=0, lt=2**63)

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        found = list(self._misfits())
        if found:
            raise InputError("uncertainty", found)
        return self

    def _misfits(self) -> Iterator[Problem]:
        if self.draws % REPLICATES:
            near = REPLICATES * max(8, round(self.draws / REPLICATES))
            hint = f"Nearest: {near}."
            yield Problem("draws", str(self.draws), f"a multiple of {REPLICATES}", hint)
        known = self.inputs or DEFAULTS
        pairs: set[frozenset[str]] = set()
        for item in self.correlation:
            for name in item.between:
                if name not in known:
                    hint = nearest(name, known, limit=20)
                    yield Problem("correlation.between", repr(name), "an uncertain input", hint)
            if frozenset(item.between) in pairs:
                yield Problem("correlation.between", repr(item.between), "each pair once")
            pairs.add(frozenset(item.between))
        names = list(dict.fromkeys(name for item in self.correlation for name in item.between))
        smallest = float(np.linalg.eigvalsh(self.matrix(names))[0]) if names else 1.0
        if smallest <= 0:
            given = f"of {', '.join(names)}: smallest eigenvalue {smallest:.3g}"
            expected = "values that can go together (a positive definite matrix)"
            yield Problem("correlation", given, expected)

    def matrix(self, names: list[str]) -> Floats:
        """Return the correlations of some inputs, shape ``(len(names), len(names))`` [1]."""
        found = np.eye(len(names))
        for item in self.correlation:
            if set(item.between) <= set(names):
                i, j = (names.index(name) for name in item.between)
                found[i, j] = found[j, i] = item.value
        return found
