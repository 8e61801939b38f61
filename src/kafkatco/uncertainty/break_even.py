"""The break-even of two deployments under uncertainty: where it lies, always and never included."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from kafkatco.analysis.axes import find_axis
from kafkatco.analysis.cost_curves import ends_of
from kafkatco.core.result import Result, about_prices, draw
from kafkatco.costing.comparison import Comparison
from kafkatco.deployments import Deployment
from kafkatco.errors import InputError, Problem, nearest
from kafkatco.numerics.typing import Floats
from kafkatco.prices import PriceBook
from kafkatco.sizing.workload import Workload
from kafkatco.uncertainty.break_even_search import searched
from kafkatco.uncertainty.build import Drawn, drawn_inputs, model_of, weighed
from kafkatco.uncertainty.draw_model import INGRESS, Machine, Points
from kafkatco.uncertainty.inputs import REPLICATES, Uncertainty
from kafkatco.uncertainty.tally import Chunk, chunks

if TYPE_CHECKING:
    from matplotlib.axes import Axes


__all__ = ["BreakEven", "break_even"]


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class BreakEven(Result):
    """From which traffic ``mine`` costs less than ``other``, draw by draw.

    ``at`` is, for each draw, the traffic [``unit``] from which it does so up to ``stop``, or up to
    what both can serve: minus infinity where it always does, from ``start`` on, infinity where
    at the end it does not, nan where no traffic is served by both.  Costs that are the same all the
    way are never less.
    ``first`` is where it first does so, and ``crossings`` how often the cheaper changes.
    """

    mine: str
    other: str
    start: float
    stop: float
    unit: str
    at: Floats
    first: Floats
    crossings: NDArray[np.int64]
    inputs: tuple[Drawn, ...]
    uncertainty: Uncertainty
    unpriced_skus: Mapping[str, tuple[str, ...]]
    currency: str
    prices: Mapping[str, str]

    def __repr__(self) -> str:
        low, high = self.quantile(0.05), self.quantile(0.95)
        return (
            f"BreakEven({self.mine} and {self.other}: {low:g} to {high:g} {self.unit} "
            f"in 90 % of {self.at.size:,} draws)"
        )

    @property
    def always(self) -> float:
        """The share of draws in which mine costs less from the start to the end [1]."""
        return float((self.at == -np.inf).mean())

    @property
    def never(self) -> float:
        """The share of draws in which it does not at the end [1]."""
        return float((self.at == np.inf).mean())

    @property
    def apart(self) -> float:
        """The share of draws in which no traffic is served by both [1]."""
        return float(np.isnan(self.at).mean())

    @property
    def several(self) -> float:
        """The share of draws in which the cheaper changes more than once [1]."""
        return float((self.crossings > 1).mean())

    def quantile(self, share: float) -> float:
        """Return the break-even that a share [1] of draws is not above [``unit``].

        Of the draws in which both serve some traffic: minus infinity is "always", infinity "never".
        Raises ``InputError`` for what is no share.
        """
        if not (isinstance(share, int | float) and 0 <= share <= 1):
            problem = Problem("share", repr(share), "a number from 0 to 1")
            raise InputError("break-even", [problem])
        told = np.sort(self.at[~np.isnan(self.at)])
        if not told.size:
            return float("nan")
        return float(told[min(int(share * told.size), told.size - 1)])

    def error(self, of: str = "always") -> float:
        """Return the standard error of ``always`` or ``never`` [1]; ``InputError`` for others."""
        ends = {"always": -np.inf, "never": np.inf}
        if of not in ends:
            problem = Problem("of", repr(of), "an outcome", nearest(str(of), ends))
            raise InputError("break-even", [problem])
        shares = (self.at == ends[of]).reshape(REPLICATES, -1).mean(axis=1)
        return float(shares.std(ddof=1) / np.sqrt(REPLICATES))

    def plot(self, ax: Axes | None = None, *, language: str = "en") -> Axes:
        """Draw how likely mine costs less, against traffic; needs the extra ``plot``."""
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
        The demand, the deployments, the prices, and which two of the deployments.
    uncertainty
        What is uncertain; traffic is not drawn, since it is what is looked for.
    start, stop
        Between which traffic: 0.1 TB to 1 PB a month by default.  [data/time]
    month_hours
        Hours of a billing month, or ``"calendar"``.  [h]
    track
        Wraps the parts in which draws are computed, to show how many are done.

    Raises
    ------
    InputError, MissingPriceError
        As :func:`kafkatco.simulate`, and for names that are unknown, or the same.

    Examples
    --------
    >>> from kafkatco import ConfluentBasic, MskStandard
    >>> found = break_even(
    ...     Workload(ingress="1 TB/month", fanout=1, retention="1 day"),
    ...     [MskStandard(region="us-east-1", instance="kafka.m7g.large"),
    ...      ConfluentBasic(region="us-east-1")],
    ...     PriceBook("list", as_of="2025-10-31"), "msk-standard", "confluent-basic",
    ...     uncertainty=Uncertainty(inputs={"fanout": "1-3"}, draws=1024))
    >>> found.always, found.never
    (0.0, 0.0)
    """
    everyone = Comparison.of("break-even", workload, deployments, book, month_hours)
    comparison = everyone.pair("break-even", mine, other)
    uncertainty = uncertainty or Uncertainty()
    inputs = drawn_inputs(uncertainty, comparison, None, swept=INGRESS)
    axis = find_axis(INGRESS, comparison)
    low, high = ends_of(axis, start, stop, float(comparison.load.month_hours))
    points = Points(INGRESS, axis.unit, np.zeros(1), np.zeros(1))
    model = model_of(uncertainty, comparison, inputs, points, axis)
    machine = Machine(model)
    parts = []
    for chunk in track([*chunks(model.sampler.each)]):
        shares, _ = machine.shares(chunk.replicate, chunk.start, chunk.count)
        parts.append((chunk, searched(machine, model.drawn(shares), chunk.count, low, high)))
    parts.sort(key=lambda part: (part[0].replicate, part[0].start))
    at, first, count = (np.concatenate([part[1][i] for part in parts]) for i in range(3))
    at, first, count = at * axis.per_base, first * axis.per_base, count.astype(np.int64)
    for found in (at, first, count):
        found.setflags(write=False)
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
        {item.label: item.unpriced_skus for item in model.formulas if item.unpriced_skus},
        book.currency,
        book.describe(),
    )
