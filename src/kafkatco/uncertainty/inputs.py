"""Uncertain inputs and their correlations: the section ``[uncertainty]``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Annotated, Any, Final, Self

import numpy as np
from pydantic import Field, PlainSerializer, PlainValidator, model_validator

from kafkatco.core.inputs import Input
from kafkatco.errors import InputError, Problem, nearest, shown
from kafkatco.i18n.message import _
from kafkatco.numerics.typing import Floats
from kafkatco.uncertainty.distributions import Distribution, Lognormal, Pert
from kafkatco.uncertainty.shorthand import InputsSchema, read_distribution

__all__ = ["DEFAULTS", "GROWTH", "REPLICATES", "Correlation", "Uncertainty"]

#: The name of the input for the annual rate of compound growth.
GROWTH: Final = "growth"
#: Number of independently scrambled replicates; their spread gives the standard error.
REPLICATES: Final = 8
MAX_DRAWS: Final = 2**30
#: The default distributions, used for the inputs that the options have.
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
    """The correlation of two inputs: of their normal scores, between -1 and 1.

    >>> Correlation(between=["krw", "salary"], value=0.4).value
    0.4
    """

    between: tuple[str, str] = Field(strict=False)
    value: float = Field(gt=-1, lt=1)

    @model_validator(mode="after")
    def _two(self) -> Self:
        if self.between[0] == self.between[1]:
            problem = Problem("between", shown(self.between), _("two different inputs"))
            raise InputError("correlation", [problem])
        return self


def _read_inputs(values: object) -> dict[str, Distribution]:
    if not isinstance(values, Mapping):
        raise ValueError(
            _("inputs with their distributions, such as {example}", example="{fanout = '2-3-5'}")
        )
    problems: list[Problem] = []
    distributions: dict[str, Distribution] = {}
    for name, value in values.items():
        try:
            distributions[str(name)] = read_distribution(value)
        except InputError as error:
            problems += [
                replace(problem, where=f"{name}.{problem.where}".removesuffix("."))
                for problem in error.problems
            ]
        except ValueError as error:
            problems.append(Problem(str(name), shown(value), *error.args))
    if problems:
        raise InputError("inputs", problems)
    return distributions


def _dump_inputs(inputs: Mapping[str, Distribution]) -> dict[str, Any]:
    return {name: x.model_dump(exclude_none=True) for name, x in inputs.items()}


class Uncertainty(Input):
    """Uncertain inputs, their correlations, and the number and seed of the draws.

    Parameters
    ----------
    inputs
        The distribution of each input, by the name of an axis, ``growth`` or a sku, such as
        ``"12-20 %/year"``, ``"2-3-5"`` or ``Normal(mean=3, sd=0.5)``.  Without any, the
        ``DEFAULTS`` of the inputs that the options have, each with its source.
    correlation
        Correlated pairs of inputs; all other pairs are independent.
    draws, seed
        The number of draws, a multiple of 8 and preferably a power of two, and their seed.  The
        same seed gives the same draws.  [1]

    Raises
    ------
    InputError
        For invalid distributions, and for correlations that no joint distribution has.

    Examples
    --------
    >>> Uncertainty(inputs={"fanout": "2-3-5"}).inputs["fanout"].high
    5.0
    """

    inputs: Annotated[
        dict[str, Any],  # each value is a Distribution after validation
        PlainValidator(_read_inputs),
        PlainSerializer(_dump_inputs),
        InputsSchema(),
    ] = Field(default_factory=dict)
    correlation: tuple[Correlation, ...] = Field(default=(), strict=False)
    draws: int = Field(default=8192, ge=64, le=MAX_DRAWS)
    seed: int = Field(default=1, ge=0, lt=2**63)

    @classmethod
    def of(cls, where: str, uncertainty: Any) -> Self:
        """Return the uncertainty of a function, by default that of the default inputs.

        Raises ``InputError`` of ``where`` for a value of another type.
        """
        if uncertainty is None:
            return cls()
        if not isinstance(uncertainty, cls):
            example = 'Uncertainty(inputs={"fanout": "2-3-5"})'
            expected = _("an Uncertainty, such as {example}", example=example)
            raise InputError(where, [Problem("uncertainty", shown(uncertainty), expected)])
        return uncertainty

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        problems = list(self._problems())
        if problems:
            raise InputError("uncertainty", problems)
        return self

    def _problems(self) -> Iterator[Problem]:
        if self.draws % REPLICATES:
            near = REPLICATES * max(8, round(self.draws / REPLICATES))
            expected = _("a multiple of {number}", number=REPLICATES)
            yield Problem("draws", str(self.draws), expected, _("Nearest: {number}.", number=near))
        inputs = self.inputs or DEFAULTS
        pairs: set[frozenset[str]] = set()
        for correlation in self.correlation:
            for name in correlation.between:
                if name not in inputs:
                    hint = nearest(name, inputs, limit=20)
                    yield Problem("correlation.between", repr(name), _("an uncertain input"), hint)
            if frozenset(correlation.between) in pairs:
                given = repr(correlation.between)
                yield Problem("correlation.between", given, _("each pair once"))
            pairs.add(frozenset(correlation.between))
        names = list(dict.fromkeys(name for pair in self.correlation for name in pair.between))
        smallest = float(np.linalg.eigvalsh(self.matrix(names))[0]) if names else 1.0
        if smallest <= 0:
            sentence = _(
                "the correlations of {names} are impossible: their matrix must be positive "
                "definite, and its smallest eigenvalue is {eigenvalue:.3g}",
                names=", ".join(names),
                eigenvalue=smallest,
            )
            yield Problem("correlation", "", sentence)

    def matrix(self, names: list[str]) -> Floats:
        """Return the correlation matrix of some inputs, shape ``(len(names), len(names))`` [1]."""
        matrix = np.eye(len(names))
        for correlation in self.correlation:
            if set(correlation.between) <= set(names):
                i, j = (names.index(name) for name in correlation.between)
                matrix[i, j] = matrix[j, i] = correlation.value
        return matrix
