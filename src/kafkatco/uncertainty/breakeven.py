"""The break-even of two deployments under uncertainty: where it lies, always and never included.

More traffic never costs less, which is a law that tests hold every kind to.  So two costs at both
ends of a stretch bound them within it: where the ranges do not meet, one is cheaper all the way.
Stretches that this does not settle are halved until they are points, for all draws at once; no
crossing can hide, as it can between the points of a grid.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from kafkatco.axes import find_axis
from kafkatco.basis import basis_of, pair_of
from kafkatco.crossover import SAME_COST
from kafkatco.deployments import Deployment
from kafkatco.errors import InputError, Problem, nearest
from kafkatco.prices import PriceBook
from kafkatco.results import Result, about_prices
from kafkatco.swept import ends_of
from kafkatco.uncertainty.build import Drawn, drawn_inputs, model_of
from kafkatco.uncertainty.inputs import REPLICATES, Uncertainty
from kafkatco.uncertainty.model import INGRESS, Machine, Points
from kafkatco.uncertainty.tally import Chunk, chunks
from kafkatco.workload import Workload

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from kafkatco.tables import Table

__all__ = ["BreakEven", "break_even"]

Floats = NDArray[np.float64]
#: Stretches are at first so many, of equal ratios, and in the end this narrow (relative).
STRETCHES: Final = 64
NARROW: Final = 1e-9


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
    open: Mapping[str, tuple[str, ...]]
    currency: str
    prices: Mapping[str, str]

    def __repr__(self) -> str:
        low, high = self.quantile(0.05), self.quantile(0.95)
        return (f"BreakEven({self.mine} and {self.other}: {low:g} to {high:g} {self.unit} "
                f"in 90 % of {self.at.size:,} draws)")  # fmt: skip

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
        from kafkatco.plot import plot_break_even

        return plot_break_even(self, ax, language=language)

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, as ``kafkatco break-even --format json`` prints them."""
        from kafkatco.display.break_evens import break_even_dict

        return break_even_dict(self)

    def _tables(self) -> Iterable[Table]:
        from kafkatco.display.break_evens import break_even_tables

        return break_even_tables(self)

    def _data(self) -> tuple[Sequence[str], list[list[Any]]]:
        from kafkatco.display.break_evens import BREAK_EVEN_COLUMNS, break_even_rows

        return BREAK_EVEN_COLUMNS, break_even_rows(self)

    def _about(self) -> dict[str, Any]:
        return about_prices(self.currency, self.prices)


def break_even(
    workload: Workload,
    mine: str,
    other: str,
    deployments: Sequence[Deployment],
    book: PriceBook,
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
    workload, mine, other, deployments, book
        What is asked, of which two of the deployments, at which prices.
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
    ...     "msk-standard", "confluent-basic",
    ...     [MskStandard(region="us-east-1", instance="kafka.m7g.large"),
    ...      ConfluentBasic(region="us-east-1")],
    ...     PriceBook("list", as_of="2025-10-31"),
    ...     uncertainty=Uncertainty(inputs={"fanout": "1-3"}, draws=1024))
    >>> found.always, found.never
    (0.0, 0.0)
    """
    everyone = basis_of("break-even", workload, deployments, book, month_hours)
    basis = pair_of("break-even", everyone, mine, other)
    uncertainty = uncertainty or Uncertainty()
    inputs = drawn_inputs(uncertainty, basis, None, swept=INGRESS)
    axis = find_axis(INGRESS, basis)
    low, high = ends_of(axis, start, stop, float(basis.load.month_hours))
    points = Points(INGRESS, axis.unit, np.zeros(1), np.zeros(1))
    model = model_of(uncertainty, basis, inputs, points, axis)
    machine = Machine(model)
    parts = []
    for chunk in track([*chunks(model.sampler.each)]):
        shares, _ = machine.shares(chunk.replicate, chunk.start, chunk.count)
        parts.append((chunk, _searched(machine, model.drawn(shares), chunk.count, low, high)))
    parts.sort(key=lambda part: (part[0].replicate, part[0].start))
    at, first, count = (np.concatenate([part[1][i] for part in parts]) for i in range(3))
    return BreakEven(
        mine, other, low * axis.per_base, high * axis.per_base, axis.unit, at * axis.per_base,
        first * axis.per_base, count.astype(np.int64), inputs, uncertainty,
        {item.label: item.open for item in model.formulas if item.open},
        book.currency, book.describe(),
    )  # fmt: skip


def _searched(
    machine: Machine, drawn: Mapping[str, Floats], count: int, low: float, high: float
) -> tuple[Floats, Floats, Floats]:
    """Return where mine costs less for good, where first, and how often the cheaper changes."""

    def both(x: Floats, who: NDArray[np.int64]) -> Floats:
        return machine.at(x, {name: value[who] for name, value in drawn.items()})

    edges = np.geomspace(low, high, STRETCHES + 1)
    edges[[0, -1]] = low, high  # not as rounded
    draw = np.repeat(np.arange(count), edges.size)
    x = np.tile(edges, count)
    cost = both(x, draw)
    seen = [(draw, x, cost)]
    starts = np.flatnonzero(np.arange(x.size) % edges.size != STRETCHES)
    left, right, who = starts, starts + 1, draw[starts]
    ends = _Stretches(who, x[left], x[right], cost[:, left], cost[:, right])
    while (ends := ends.unsettled()).who.size:
        middle = 0.5 * (ends.left + ends.right)
        value = both(middle, ends.who)
        seen.append((ends.who, middle, value))
        ends = ends.halved(middle, value)
    draw, x = (np.concatenate([part[i] for part in seen]) for i in (0, 1))
    cost = np.concatenate([part[2] for part in seen], axis=1)
    order = np.lexsort((x, draw))
    return _told(draw[order], x[order], cost[:, order], count)


@dataclass(frozen=True, slots=True, eq=False)
class _Stretches:
    """Stretches of traffic of some draws, with both costs at their ends ``(2, stretches)``."""

    who: NDArray[np.int64]
    left: Floats
    right: Floats
    at_left: Floats
    at_right: Floats

    def unsettled(self) -> _Stretches:
        """Return those in which the cheaper may change: the ranges of both costs meet."""
        low, high = self.at_left, self.at_right
        same = _same(low) & _same(high)
        meet = (low[0] <= high[1]) & (low[1] <= high[0]) & np.isfinite(low).any(axis=0) & ~same
        return self._of(meet & (self.right - self.left > NARROW * self.right))

    def halved(self, middle: Floats, value: Floats) -> _Stretches:
        """Return both halves of each."""
        return _Stretches(
            np.concatenate([self.who, self.who]),
            np.concatenate([self.left, middle]),
            np.concatenate([middle, self.right]),
            np.concatenate([self.at_left, value], axis=1),
            np.concatenate([value, self.at_right], axis=1),
        )

    def _of(self, which: NDArray[np.bool_]) -> _Stretches:
        return _Stretches(
            self.who[which], self.left[which], self.right[which], self.at_left[:, which],
            self.at_right[:, which],
        )  # fmt: skip


def _same(cost: Floats) -> NDArray[np.bool_]:
    with np.errstate(invalid="ignore"):  # where none can serve
        same: NDArray[np.bool_] = np.abs(cost[0] - cost[1]) <= SAME_COST * cost[1]
    return same


def _told(
    draw: NDArray[np.int64], x: Floats, cost: Floats, count: int
) -> tuple[Floats, Floats, Floats]:
    """Return what points of each draw say, in the order of draws and traffic."""
    served = np.isfinite(cost).all(axis=0)
    kept = served & ~_same(cost)
    at, first = np.full(count, np.nan), np.full(count, np.nan)
    at[draw[served]] = first[draw[served]] = np.inf  # where both cost the same all the way
    draw, x, less = draw[kept], x[kept], (cost[0] < cost[1])[kept]
    last_of = np.flatnonzero(np.diff(draw, append=-1) != 0)
    first_of = np.flatnonzero(np.diff(draw, prepend=-1) != 0)
    change = np.flatnonzero((draw[1:] == draw[:-1]) & (less[1:] != less[:-1]))
    where = 0.5 * (x[change] + x[change + 1])
    changes = np.bincount(draw[change], minlength=count).astype(float)
    at[draw[last_of]] = np.where(less[last_of], -np.inf, np.inf)
    first[draw[first_of]] = np.where(less[first_of], -np.inf, np.inf)
    rising = less[change + 1]  # from here on mine costs less
    ended = np.isneginf(at)
    forth = np.flatnonzero(rising & ended[draw[change]])
    at[draw[change][forth]] = where[forth]  # in rising order: the last one stays
    back = np.flatnonzero(rising & np.isposinf(first[draw[change]]))[::-1]
    first[draw[change][back]] = where[back]  # in falling order: the first one stays
    return at, first, changes
