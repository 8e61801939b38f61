"""The distribution of the break-even of two deployments, including always and never."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from kafkatco.analysis.axes import find_axis
from kafkatco.analysis.cost_curves import ends_of
from kafkatco.analysis.cost_programs import CostProgram
from kafkatco.core.result import Result, about_prices, draw
from kafkatco.costing.comparison import Comparison
from kafkatco.deployments import Deployment
from kafkatco.errors import InputError, Problem, nearest, shown
from kafkatco.i18n.message import _
from kafkatco.numerics.program import Program
from kafkatco.numerics.typing import Floats
from kafkatco.prices import PriceBook
from kafkatco.sizing.workload import Workload
from kafkatco.uncertainty.break_even_search import find_break_evens
from kafkatco.uncertainty.build import UncertainInput, model_of, uncertain_inputs, weighed
from kafkatco.uncertainty.draw_model import INGRESS, Evaluator, Points
from kafkatco.uncertainty.inputs import REPLICATES, Uncertainty
from kafkatco.uncertainty.tally import Chunk, chunks

if TYPE_CHECKING:
    from matplotlib.axes import Axes


__all__ = ["BreakEven", "break_even"]


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class BreakEven(Result):
    """The traffic from which ``mine`` costs less than ``other``, for each draw.

    ``at`` is the traffic [``unit``] from which ``mine`` costs less up to ``stop``, or up to the
    most traffic that both can handle: minus infinity if it always costs less, from ``start`` on;
    infinity if it does not at the end; NaN if no traffic is feasible for both.  Costs that are the
    same everywhere are never less.  Traffic at which the cost of ``mine`` is a floor counts as
    traffic that it cannot handle, since no saving is certain there.  ``first`` is the first traffic
    at which ``mine`` costs less, and ``crossings`` the number of times the cheaper option changes.
    """

    mine: str
    other: str
    start: float
    stop: float
    unit: str
    at: Floats
    first: Floats
    crossings: NDArray[np.int64]
    inputs: tuple[UncertainInput, ...]
    uncertainty: Uncertainty
    unpriced_skus: Mapping[str, tuple[str, ...]]
    currency: str
    prices: Mapping[str, str]
    unchecked: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def __repr__(self) -> str:
        low, high = self.quantile(0.05), self.quantile(0.95)
        return (
            f"BreakEven({self.mine} and {self.other}: {low:g} to {high:g} {self.unit} "
            f"in 90 % of {self.at.size:,} draws)"
        )

    @property
    def always(self) -> float:
        """The share of draws in which ``mine`` costs less from start to stop [1]."""
        return float((self.at == -np.inf).mean())

    @property
    def never(self) -> float:
        """The share of draws in which ``mine`` does not cost less at the end [1]."""
        return float((self.at == np.inf).mean())

    @property
    def apart(self) -> float:
        """The share of draws in which no traffic is feasible for both [1]."""
        return float(np.isnan(self.at).mean())

    @property
    def several(self) -> float:
        """The share of draws in which the cheaper option changes more than once [1]."""
        return float((self.crossings > 1).mean())

    def quantile(self, share: float) -> float:
        """Return a quantile of the break-even [``unit``]; ``share`` is its level [1].

        It is of the draws in which both can handle some traffic: minus infinity is "always",
        infinity "never".  Raises ``InputError`` if ``share`` is not from 0 to 1.
        """
        if not (isinstance(share, int | float) and 0 <= share <= 1):
            problem = Problem("share", shown(share), _("a number from 0 to 1"))
            raise InputError("break-even", [problem])
        ordered = np.sort(self.at[~np.isnan(self.at)])
        if not ordered.size:
            return float("nan")
        return float(ordered[min(int(share * ordered.size), ordered.size - 1)])

    def error(self, of: str = "always") -> float:
        """Return the standard error of ``always`` or ``never`` [1], or raise ``InputError``."""
        ends = {"always": -np.inf, "never": np.inf}
        if of not in ends:
            problem = Problem("of", shown(of), _("always or never"), nearest(str(of), ends))
            raise InputError("break-even", [problem])
        shares = (self.at == ends[of]).reshape(REPLICATES, -1).mean(axis=1)
        return float(shares.std(ddof=1) / np.sqrt(REPLICATES))

    def plot(self, ax: Axes | None = None, *, language: str = "en") -> Axes:
        """Plot the probability that ``mine`` costs less by traffic; needs the extra ``plot``."""
        return draw(self, "plot", ax, language=language)

    def _about(self) -> dict[str, Any]:
        return about_prices(self.currency, self.prices)


def break_even(
    workload: Workload,
    deployments: Sequence[Deployment],
    book: PriceBook,
    mine: str,
    other: str,
    *,
    uncertainty: Uncertainty | None = None,
    start: str | None = None,
    stop: str | None = None,
    month_hours: int | str = 730,
    track: Callable[[Collection[Chunk]], Iterable[Chunk]] = iter,
) -> BreakEven:
    """Return the distribution of the traffic from which one deployment costs less than another.

    Parameters
    ----------
    workload, deployments, book, mine, other
        The workload, the deployments, the prices, and the names of two of the deployments.
    uncertainty
        The uncertain inputs; traffic is not one of them, since it is the result.
    start, stop
        The range of traffic: 0.1 TB to 1 PB a month by default.  [data/time]
    month_hours
        Hours of a billing month, or ``"calendar"``.  [h]
    track
        A function that wraps the iterable of chunks, to show progress.

    Raises
    ------
    InputError, MissingPriceError
        As :func:`kafkatco.simulate`, and for two names that are unknown or the same.

    Examples
    --------
    >>> from kafkatco import ConfluentBasic, MskStandard
    >>> result = break_even(
    ...     Workload(ingress="1 TB/month", fanout=1, retention="1 day"),
    ...     [MskStandard(region="us-east-1", instance="kafka.m7g.large"),
    ...      ConfluentBasic(region="us-east-1")],
    ...     PriceBook("list", as_of="2025-10-31"), "msk-standard", "confluent-basic",
    ...     uncertainty=Uncertainty(inputs={"fanout": "1-3"}, draws=1024))
    >>> result.always, result.never
    (0.0, 0.0)
    """
    all_options = Comparison.of("break-even", workload, deployments, book, month_hours)
    comparison = all_options.pair("break-even", mine, other)
    uncertainty = Uncertainty.of("break-even", uncertainty)
    inputs = uncertain_inputs(uncertainty, comparison, None, excluded=INGRESS)
    axis = find_axis(INGRESS, comparison)
    low, high = ends_of(axis, start, stop, float(comparison.load.month_hours))
    points = Points(INGRESS, axis.unit, np.zeros(1), np.zeros(1))
    model = model_of(uncertainty, comparison, inputs, points, axis)
    model = replace(model, programs=(_known(model.programs[0]), model.programs[1]))
    evaluator = Evaluator(model)
    parts = []
    for chunk in track([*chunks(model.sampler.replicate_draws)]):
        shares, _extra = evaluator.shares(chunk.replicate, chunk.start, chunk.count)
        values = model.values(shares)
        parts.append((chunk, find_break_evens(evaluator, values, chunk.count, low, high)))
    parts.sort(key=lambda part: (part[0].replicate, part[0].start))
    at, first, count = (np.concatenate([part[1][i] for part in parts]) for i in range(3))
    at, first, count = at * axis.per_base, first * axis.per_base, count.astype(np.int64)
    for array in (at, first, count):
        array.setflags(write=False)
    return BreakEven(
        mine,
        other,
        low * axis.per_base,
        high * axis.per_base,
        axis.unit,
        at,
        first,
        count,
        weighed(inputs, model),
        uncertainty,
        {cost.label: cost.unpriced_skus for cost in model.programs if cost.unpriced_skus},
        book.currency,
        book.describe(),
        {cost.label: cost.unchecked for cost in model.programs if cost.unchecked},
    )


def _known(cost: CostProgram) -> CostProgram:
    """Return the cost with floors as infeasible: what may be more is not known to be less."""
    trace, (total, infeasible, floor, *others) = cost.program.traced()
    results = [total, np.logical_or(infeasible, floor), floor, *others]
    return replace(cost, program=Program.of(trace, results))
