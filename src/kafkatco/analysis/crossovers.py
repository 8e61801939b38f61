"""Crossovers along one input: cost curves, all crossings, and the cheapest option."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from kafkatco.analysis.axes import Axis, find_axis
from kafkatco.analysis.causes import Cause, causes
from kafkatco.analysis.cost_curves import (
    Undercut,
    cheapest,
    ends_of,
    swept_costs,
    swept_ranges,
    undercuts,
    value_at,
)
from kafkatco.core.result import Result, about_prices, dataset, draw
from kafkatco.costing.bill import bill_of
from kafkatco.costing.comparison import Comparison
from kafkatco.costing.costs import Costs
from kafkatco.deployments.base import Deployment
from kafkatco.errors import InputError, Problem
from kafkatco.i18n.message import _
from kafkatco.numerics.crossings import (
    Close,
    Crossing,
    Interval,
    close_calls,
    crossings,
    envelope,
    overlaps,
)
from kafkatco.numerics.curve import Curve
from kafkatco.numerics.tolerance import JUST_INSIDE, SAME
from kafkatco.prices import PriceBook
from kafkatco.sizing.workload import Workload

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.axes import Axes


__all__ = ["MARGIN", "Crossovers", "Pair", "crossovers"]


#: Options that cost within this share of the cheapest are too close to call.
MARGIN: Final = 0.03


@dataclass(frozen=True, slots=True)
class Pair:
    """Every crossing of two deployments, in order along the axis."""

    a: str
    b: str
    crossings: tuple[Crossing, ...]


@dataclass(frozen=True, slots=True)
class Unserved:
    """A stretch on which a deployment is infeasible, in the unit of the axis, and the reasons."""

    start: float
    stop: float
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True, repr=False)
class Crossovers(Result):
    """Cost curves along one axis, all crossings of each pair, and the cheapest option.

    All positions, and the inputs of the curves, are in ``axis.unit``.  A cost that is a floor is
    never the cheapest; ``undercuts`` are the stretches on which one is below every known cost.
    ``ranges`` are the curves at the low and high ends of published price ranges, of the options
    that have any.
    """

    axis: Axis
    start: float
    stop: float
    curves: Mapping[str, Costs]
    pairs: tuple[Pair, ...]
    intervals: tuple[Interval, ...]
    unserved: Mapping[str, tuple[Unserved, ...]]
    currency: str
    prices: Mapping[str, str]
    undercuts: tuple[Undercut, ...] = ()
    ranges: Mapping[str, tuple[Any, Any]] = field(default_factory=dict)

    def __repr__(self) -> str:
        count = sum(len(pair.crossings) for pair in self.pairs)
        ends = f"{self.start:g} to {self.stop:g} {self.axis.unit}".rstrip()
        names = ", ".join(self.curves)
        return f"Crossovers(over {self.axis.name}, {ends}: {names}; {count} crossings)"

    @property
    def unpriced_skus(self) -> dict[str, tuple[str, ...]]:
        """The skus without a price, by deployment: its cost is a floor."""
        return {
            label: cost.unpriced_skus for label, cost in self.curves.items() if cost.unpriced_skus
        }

    @property
    def unchecked(self) -> dict[str, tuple[str, ...]]:
        """Why a limit is unknown, by deployment: its cost is a floor on some stretch."""
        return {label: cost.unchecked for label, cost in self.curves.items() if cost.unchecked}

    @property
    def by_provider_charges(self) -> tuple[Interval, ...]:
        """The stretches with the option that is cheapest on each without people."""
        return envelope(
            {label: cost.known_without_people for label, cost in self.curves.items()}, {}
        )

    def at(self, x: float) -> dict[str, float | None]:
        """Return the cost of each deployment at ``x`` [``axis.unit``]; ``None`` if infeasible.

        The ends of the axis are valid even if rounding puts them just outside.
        """
        position = self._position(x)
        return {
            label: None
            if value_at(cost.infeasible, position)
            else float(value_at(cost.total, position))
            for label, cost in self.curves.items()
        }

    def range_at(self, x: float) -> dict[str, tuple[float, float]]:
        """Return the low and high by published price ranges at ``x``, of the options that can run.

        Those without a range, and floors, have their cost twice.
        """
        position, floors = self._position(x), self.floors_at(x)
        ends = {}
        for label, cost in self.at(x).items():
            curves = () if label in floors else self.ranges.get(label, ())
            if cost is not None:
                low, high = [float(value_at(end, position)) for end in curves] or [cost, cost]
                ends[label] = low, high
        return ends

    def overlaps(self) -> tuple[Close, ...]:
        """Return the stretches on which options are too close to call by published price ranges.

        An option is, if its low is below the high of the cheapest; stretches are in ``axis.unit``.
        Floors are left out.
        """
        return overlaps({label: cost.known for label, cost in self.curves.items()}, self.ranges)

    def floors_at(self, x: float) -> frozenset[str]:
        """Return the deployments whose cost at ``x`` [``axis.unit``] is a floor."""
        position = self._position(x)
        return frozenset(
            label for label, cost in self.curves.items() if value_at(cost.floor, position)
        )

    def _position(self, x: float) -> float:
        position = min(max(x, self.start), self.stop)
        if abs(position - x) > SAME * abs(x):
            ends = f"{self.start:g} to {self.stop:g} {self.axis.unit}".rstrip()
            problem = Problem("x", f"{x:g}", _("a position on the axis, {ends}", ends=ends))
            raise InputError("crossovers", [problem])
        return position

    def close_calls(self, margin: float = MARGIN) -> tuple[Close, ...]:
        """Return the stretches on which several options cost within ``margin`` of the cheapest.

        ``margin`` is a share [1], 3 % by default; the stretches are in ``axis.unit``.  Floors are
        left out.
        """
        if not 0 <= margin < float("inf"):
            problem = Problem("margin", repr(margin), _("a share of at least 0"))
            raise InputError("crossovers", [problem])
        return close_calls({label: cost.known for label, cost in self.curves.items()}, {}, margin)

    def because(self, a: str, b: str, crossing: Crossing) -> tuple[Cause, ...]:
        """Return the causes of a crossing: see :func:`kafkatco.analysis.causes.causes`."""
        curves = {label: self.curves[label] for label in (a, b)}
        return causes(curves, crossing, self.axis, self.currency)

    def to_xarray(self, at: Sequence[float] | None = None) -> xr.Dataset:
        """Return a Dataset of the cost over ``deployment`` and the axis, which names a dimension.

        ``at`` has positions in ``axis.unit``; the default is 1, 2, 5, 10, ... and both ends.  A
        cost is missing if the deployment is infeasible; ``floor`` is whether it is a floor there.
        """
        return dataset(self, at)

    def plot(self, ax: Axes | None = None, *, language: str = "en") -> Axes:
        """Draw cost against the axis with every crossing; needs the extra ``plot``."""
        return draw(self, "plot", ax, language=language)

    def _about(self) -> dict[str, Any]:
        return about_prices(self.currency, self.prices)


def crossovers(
    workload: Workload,
    deployments: Sequence[Deployment],
    book: PriceBook,
    *,
    over: str = "ingress",
    start: str | float | None = None,
    stop: str | float | None = None,
    month_hours: int | str = 730,
) -> Crossovers:
    """Return all crossings of each pair of deployments along one input, and the cheapest option.

    Parameters
    ----------
    workload, deployments, book
        The workload, the options to compare and the prices.
    over
        The input to vary: one of :data:`kafkatco.analysis.axes.AXES`, such as ``ingress``,
        ``fanout``, ``salary`` or ``krw``; ``fte:NAME`` or ``discount:NAME`` of one deployment; or a
        sku.
    start, stop
        Ends of the range: texts with units, or numbers for inputs without a unit.  The default is
        a wide range of the input: 0.1 TB to 1 PB a month for ``ingress``.
    month_hours
        Hours of a billing month, 730 by default, or ``"calendar"``.  [h]

    Raises
    ------
    InputError
        For an unknown input, an invalid end, or deployments with the same name.
    MissingPriceError
        For a missing price or capacity.
    CurveError
        If cost is not piecewise linear in the input.

    Examples
    --------
    >>> from kafkatco import ConfluentBasic, MskStandard, PriceBook, Workload
    >>> result = crossovers(
    ...     Workload(ingress="1 TB/month", fanout=1, retention="1 day"),
    ...     [MskStandard(region="us-east-1", instance="kafka.m7g.large"),
    ...      ConfluentBasic(region="us-east-1")],
    ...     PriceBook("list", as_of="2025-10-31"), stop="10 TB/month")
    >>> [part.winner for part in result.intervals]
    ['confluent-basic', 'msk-standard']
    """
    comparison = Comparison.of("crossovers", workload, deployments, book, month_hours)
    axis = find_axis(over, comparison)
    low, high = ends_of(axis, start, stop, comparison.load.month_hours)
    curves = swept_costs(comparison, axis, low, high)
    unserved = {
        label: tuple(
            Unserved(*_ends(axis, part), _reasons(comparison, i, axis, part))
            for part in envelope(
                {"feasible": cost.infeasible, "infeasible": 1.0 - cost.infeasible}, {}
            )
            if part.winner == "infeasible"
        )
        for i, (label, cost) in enumerate(curves.items())
    }
    pairs = tuple(
        Pair(a, b, _crossings(axis, (a, curves[a]), (b, curves[b])))
        for a, b in itertools.combinations(curves, 2)
    )
    intervals = tuple(Interval(*_ends(axis, part), part.winner) for part in cheapest(curves))
    return Crossovers(
        axis,
        axis.in_unit(low),
        axis.in_unit(high),
        {label: _in_unit(axis, cost) for label, cost in curves.items()},
        pairs,
        intervals,
        unserved,
        book.currency,
        book.describe(),
        tuple(Undercut(*_ends(axis, part), part.name) for part in undercuts(curves)),
        {
            label: tuple(end.stretched(axis.per_base) for end in ends)
            for label, ends in swept_ranges(comparison, axis, low, high).items()
        },
    )


def _ends(axis: Axis, part: Interval | Undercut) -> tuple[float, float]:
    """Return the ends of a stretch in the unit of the axis."""
    return axis.in_unit(part.start), axis.in_unit(part.stop)


def _crossings(axis: Axis, a: tuple[str, Costs], b: tuple[str, Costs]) -> tuple[Crossing, ...]:
    """Return the crossings of two named costs along an axis, in its unit."""
    (mine, first), (other, second) = a, b
    blocked = np.maximum(first.infeasible, second.infeasible)
    return tuple(
        replace(crossing, x=axis.in_unit(crossing.x), until=axis.in_unit(crossing.until))
        for crossing in crossings(first.total, second.total, names=(mine, other), blocked=blocked)
    )


def _in_unit(axis: Axis, cost: Costs) -> Costs:
    """Return costs as curves against positions in the unit of the axis."""

    def stretched(value: Any) -> Any:
        return value.stretched(axis.per_base) if isinstance(value, Curve) else value

    return replace(
        cost,
        components={name: stretched(value) for name, value in cost.components.items()},
        total=stretched(cost.total),
        one_off=stretched(cost.one_off),
        infeasible=stretched(cost.infeasible),
        floor=stretched(cost.floor),
        charges=stretched(cost.charges),
    )


def _reasons(comparison: Comparison, which: int, axis: Axis, part: Interval) -> tuple[str, ...]:
    """Return the reasons why a deployment is infeasible at the start of a stretch."""
    at = axis.vary(comparison, part.start + JUST_INSIDE * (part.stop - part.start))
    return bill_of(at.deployments[which], at.load, at.book).infeasible
