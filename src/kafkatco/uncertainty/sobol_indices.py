"""Sobol indices: which inputs matter to cost and to the decision."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

import numpy as np

from kafkatco.core.optional import needing
from kafkatco.core.result import Result, about_prices
from kafkatco.deployments import Deployment
from kafkatco.errors import InputError, Problem
from kafkatco.i18n.message import _
from kafkatco.numerics.typing import Floats
from kafkatco.planning.horizon import Horizon
from kafkatco.prices import PriceBook
from kafkatco.sizing.workload import Workload
from kafkatco.uncertainty.build import UncertainInput, horizon_model
from kafkatco.uncertainty.draw_model import Evaluator
from kafkatco.uncertainty.inputs import Uncertainty
from kafkatco.uncertainty.sampling import LEAST, Sampler

__all__ = ["Importance", "Index", "importance"]

#: The outcomes of the sets of points, by the names that scipy uses.
Evaluated = dict[Literal["f_A", "f_B", "f_AB"], Floats]
#: The most points that are computed together.
BLOCK: Final = 4096
#: The name of the random months of a fitted growth, which count as one input.
MONTHS: Final = "months of growth"


@dataclass(frozen=True, slots=True)
class Index:
    """The share of an input in a variance, alone and including interactions [1].

    ``of`` is "cost", or "decision": whether ``option`` is the cheapest.
    """

    name: str
    of: str
    option: str
    first: float
    total: float


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Importance(Result):
    """The Sobol indices of each input, for the cost of each option and for the decision.

    An option that is infeasible in some draw has no indices of cost, and an option that is always
    or never the cheapest has none of the decision.
    """

    indices: tuple[Index, ...]
    draws: int
    inputs: tuple[UncertainInput, ...]
    currency: str
    prices: Mapping[str, str]

    def __repr__(self) -> str:
        return f"Importance({len(self.indices)} indices of {len(self.inputs)} inputs)"

    def _about(self) -> dict[str, Any]:
        return about_prices(self.currency, self.prices)


def importance(
    workload: Workload,
    deployments: Sequence[Deployment],
    book: PriceBook,
    *,
    uncertainty: Uncertainty | None = None,
    horizon: Horizon | None = None,
    track: Callable[[Sequence[str]], Iterable[str]] = iter,
) -> Importance:
    """Return the share of each input in the variance of cost and of the decision.

    Costs are those of all months.  The decision of an option is 1 if it is the cheapest, else 0.
    The design and estimators are Saltelli's (``scipy.stats.sobol_indices``), with ``draws`` points
    in two independent sets and in one set for each input.  Memory holds 16 bytes for each point and
    option.  ``track`` wraps the iterable of inputs, to show progress.

    Raises
    ------
    InputError
        As :func:`kafkatco.simulate`; for correlated inputs, for which Sobol indices are not
        defined; and for a number of draws that is not a power of two.

    Examples
    --------
    >>> from kafkatco import ConfluentBasic, MskStandard
    >>> result = importance(
    ...     Workload(ingress="1 TB/month", fanout=1, retention="1 day"),
    ...     [ConfluentBasic(region="us-east-1")], PriceBook("list", as_of="2025-10-31"),
    ...     horizon=Horizon(months=12),
    ...     uncertainty=Uncertainty(inputs={"ingress": "1-4 TB/month", "krw": "1200-1500"}))
    >>> [(index.name, round(index.total, 3)) for index in result.indices]  # in USD
    [('ingress', 1.0), ('krw', 0.0)]
    """
    with needing(_("simulations need"), "scipy"):
        from scipy.stats import sobol_indices

    uncertainty = Uncertainty.of("importance", uncertainty)
    horizon = Horizon.of("importance", horizon)
    draws, problems = uncertainty.draws, []
    if draws & (draws - 1):
        near = 1 << round(float(np.log2(draws)))
        hint = _("Nearest: {number}.", number=near)
        problems.append(Problem("draws", str(draws), _("a power of two"), hint))
    if uncertainty.correlation:
        sentence = _("the inputs are correlated; expected independent inputs")
        problems.append(Problem("correlation", "", sentence))
    if problems:
        raise InputError("importance", problems)
    comparison, inputs, model = horizon_model(
        "importance", workload, deployments, book, uncertainty, horizon
    )
    evaluator = Evaluator(model)
    names = [x.name for x in inputs] + ([MONTHS] if model.sampler.extra else [])
    width = len(inputs) + model.sampler.extra
    points = _two_sets(model.sampler, draws, width)
    first, second = points[:, :width], points[:, width:]
    mixed = []
    for i, _name in enumerate(track(names)):
        columns = slice(i, i + 1) if i < len(inputs) else slice(len(inputs), width)
        exchanged = first.copy()
        exchanged[:, columns] = second[:, columns]
        mixed.append(_outcomes(evaluator, exchanged))
    outcomes: Evaluated = {
        "f_A": _outcomes(evaluator, first),
        "f_B": _outcomes(evaluator, second),
        "f_AB": np.stack(mixed),
    }
    every = np.concatenate([outcomes["f_A"], outcomes["f_B"], *mixed], axis=1)
    finite = np.isfinite(every).all(axis=1)
    varying = np.flatnonzero(finite & (every.max(axis=1) > every.min(axis=1)))
    if not (varying.size and names):
        return Importance((), draws, inputs, book.currency, book.describe())
    rows = np.repeat(varying, 2) if varying.size == 1 else varying  # scipy rejects a single row
    values: Evaluated = {name: value[..., rows, :] for name, value in outcomes.items()}
    sobol = sobol_indices(func=values, n=draws)
    first_order, total_order = (
        np.reshape(x, (rows.size, -1)) for x in (sobol.first_order, sobol.total_order)
    )
    labels = [program.label for program in model.programs]
    indices = tuple(
        Index(
            name,
            "cost" if row < len(labels) else "decision",
            labels[row % len(labels)],
            float(first_order[at, i]),
            float(total_order[at, i]),
        )
        for at, row in enumerate(varying)
        for i, name in enumerate(names)
    )
    return Importance(indices, draws, inputs, comparison.book.currency, comparison.book.describe())


def _two_sets(sampler: Sampler, draws: int, width: int) -> Floats:
    """Return two independent sets of points, side by side, shape ``(draws, 2 width)``."""
    with needing(_("simulations need"), "scipy"):
        from scipy.stats import qmc

    rng = np.random.default_rng([sampler.seed, 0])
    points: Floats = qmc.Sobol(2 * width, scramble=True, bits=30, rng=rng).random(draws) + LEAST
    return points


def _outcomes(evaluator: Evaluator, points: Floats) -> Floats:
    """Return the cost of each option, and whether it is cheapest, ``(2 options, draws)``."""
    model = evaluator.model
    inputs = len(model.sampler.distributions)
    blocks = (points[i : i + BLOCK] for i in range(0, points.shape[0], BLOCK))
    costs = [evaluator.horizon(model.values(x[:, :inputs]), x[:, inputs:]) for x in blocks]
    cost = np.concatenate([block.total for block in costs], axis=1)
    known = np.concatenate([block.known for block in costs], axis=1)
    least = known.min(axis=0)
    cheapest = (known.argmin(axis=0) == np.arange(cost.shape[0])[:, None]) & np.isfinite(least)
    return np.concatenate([cost, cheapest.astype(float)])
