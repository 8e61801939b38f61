"""Which inputs matter: Sobol indices of cost and of the decision."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

import numpy as np

from kafkatco.core.optional import needing
from kafkatco.core.result import Result, about_prices
from kafkatco.deployments import Deployment
from kafkatco.errors import InputError, Problem
from kafkatco.numerics.typing import Floats
from kafkatco.planning.horizon import Horizon
from kafkatco.prices import PriceBook
from kafkatco.sizing.workload import Workload
from kafkatco.uncertainty.build import Drawn, horizon_model
from kafkatco.uncertainty.draw_model import Machine
from kafkatco.uncertainty.inputs import Uncertainty
from kafkatco.uncertainty.sampling import LEAST, Sampler

__all__ = ["Importance", "Index", "importance"]

#: What sets of points came to, as scipy names them.
Evaluated = dict[Literal["f_A", "f_B", "f_AB"], Floats]
#: At most so many points are computed together.
AT_ONCE: Final = 4096
#: What the random months of a growth that is fitted to a history are called, all together.
MONTHS: Final = "months of growth"


@dataclass(frozen=True, slots=True)
class Index:
    """What an input does to a variance, alone and with all that it acts together with [1].

    ``of`` is "cost" or "decision": that ``option`` is the cheapest.
    """

    name: str
    of: str
    option: str
    first: float
    total: float


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Importance(Result):
    """The Sobol indices of each input, of what each option costs and of which is cheapest.

    An option that cannot serve in every draw has none of cost, and one that is always, or never,
    the cheapest none of the decision.
    """

    indices: tuple[Index, ...]
    draws: int
    inputs: tuple[Drawn, ...]
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
    """Return how much of the variance of cost, and of the decision, each input makes.

    Costs are those of all months.  The decision of an option is 1 where it is the cheapest.
    By Saltelli's design and estimators (``scipy.stats.sobol_indices``), of ``draws`` points in two
    independent sets and one for each input, all of which are held in memory: 16 bytes for each
    point and option.  ``track`` wraps the inputs.

    Raises
    ------
    InputError
        As :func:`kafkatco.simulate`; for correlated inputs, whose variance has no such parts; and
        for a number of draws that is no power of two.

    Examples
    --------
    >>> from kafkatco import ConfluentBasic, MskStandard
    >>> found = importance(
    ...     Workload(ingress="1 TB/month", fanout=1, retention="1 day"),
    ...     [ConfluentBasic(region="us-east-1")], PriceBook("list", as_of="2025-10-31"),
    ...     horizon=Horizon(months=12),
    ...     uncertainty=Uncertainty(inputs={"ingress": "1-4 TB/month", "krw": "1200-1500"}))
    >>> [(item.name, round(item.total, 3)) for item in found.indices]  # in USD
    [('ingress', 1.0), ('krw', 0.0)]
    """
    with needing("draws need", "scipy"):
        from scipy.stats import sobol_indices

    uncertainty = uncertainty or Uncertainty()
    horizon = Horizon.of("importance", horizon)
    draws, problems = uncertainty.draws, []
    if draws & (draws - 1):
        near = 1 << round(float(np.log2(draws)))
        problems.append(Problem("draws", str(draws), "a power of two", f"Nearest: {near}."))
    if uncertainty.correlation:
        problems.append(Problem("correlation", "correlated inputs", "independent ones"))
    if problems:
        raise InputError("importance", problems)
    comparison, inputs, model = horizon_model(
        "importance", workload, deployments, book, uncertainty, horizon
    )
    machine = Machine(model)
    names = [item.name for item in inputs] + ([MONTHS] if model.sampler.extra else [])
    width = len(inputs) + model.sampler.extra
    points = _two_sets(model.sampler, draws, width)
    first, second = points[:, :width], points[:, width:]
    mixed = []
    for i, _ in enumerate(track(names)):
        columns = slice(i, i + 1) if i < len(inputs) else slice(len(inputs), width)
        taken = first.copy()
        taken[:, columns] = second[:, columns]
        mixed.append(_outcomes(machine, taken))
    given: Evaluated = {
        "f_A": _outcomes(machine, first),
        "f_B": _outcomes(machine, second),
        "f_AB": np.stack(mixed),
    }
    every = np.concatenate([given["f_A"], given["f_B"], *mixed], axis=1)
    finite = np.isfinite(every).all(axis=1)
    told = np.flatnonzero(finite & (every.max(axis=1) > every.min(axis=1)))
    if not (told.size and names):
        return Importance((), draws, inputs, book.currency, book.describe())
    rows = np.repeat(told, 2) if told.size == 1 else told  # scipy cannot do one alone
    values: Evaluated = {name: value[..., rows, :] for name, value in given.items()}
    found = sobol_indices(func=values, n=draws)
    alone, whole = (np.reshape(x, (rows.size, -1)) for x in (found.first_order, found.total_order))
    labels = [item.label for item in model.formulas]
    indices = tuple(
        Index(
            name,
            "cost" if row < len(labels) else "decision",
            labels[row % len(labels)],
            float(alone[at, i]),
            float(whole[at, i]),
        )
        for at, row in enumerate(told)
        for i, name in enumerate(names)
    )
    return Importance(indices, draws, inputs, comparison.book.currency, comparison.book.describe())


def _two_sets(sampler: Sampler, draws: int, width: int) -> Floats:
    """Return two independent sets of points, side by side, shape ``(draws, 2 width)``."""
    with needing("draws need", "scipy"):
        from scipy.stats import qmc

    rng = np.random.default_rng([sampler.seed, 0])
    points: Floats = qmc.Sobol(2 * width, scramble=True, bits=30, rng=rng).random(draws) + LEAST
    return points


def _outcomes(machine: Machine, points: Floats) -> Floats:
    """Return what each option costs, and whether it is the cheapest, ``(2 options, draws)``."""
    model = machine.model
    inputs = len(model.sampler.distributions)
    blocks = (points[i : i + AT_ONCE] for i in range(0, points.shape[0], AT_ONCE))
    parts = [machine.horizon(model.drawn(x[:, :inputs]), x[:, inputs:]) for x in blocks]
    cost = np.concatenate(parts, axis=1)
    least = cost.min(axis=0)
    cheapest = (cost.argmin(axis=0) == np.arange(cost.shape[0])[:, None]) & np.isfinite(least)
    return np.concatenate([cost, cheapest.astype(float)])
