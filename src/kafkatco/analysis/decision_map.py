"""The cheapest option over two inputs: exact along the first, in rows of the second."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from kafkatco.analysis.axes import Axis, find_axis
from kafkatco.analysis.cost_curves import (
    Totals,
    Undercut,
    cheapest,
    ends_of,
    swept_totals,
    undercuts,
)
from kafkatco.core.result import Result, about_prices, dataset, draw
from kafkatco.costing.comparison import Comparison
from kafkatco.deployments import Deployment
from kafkatco.errors import InputError, Problem
from kafkatco.i18n.message import _
from kafkatco.numerics.crossings import Interval
from kafkatco.prices import PriceBook
from kafkatco.sizing.workload import Workload

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.axes import Axes


__all__ = ["Boundary", "DecisionMap", "Row", "decision_map"]

MOST_ROWS = 1001
Pair = tuple[str | None, str | None]


@dataclass(frozen=True, slots=True)
class Row:
    """The cheapest option on each stretch of the first input, at one value of the second.

    ``undercuts`` are the stretches on which a floor is below every known cost.
    """

    y: float
    intervals: tuple[Interval, ...]
    undercuts: tuple[Undercut, ...] = ()


@dataclass(frozen=True, slots=True)
class Boundary:
    """The border between two winners: points in rising ``y``, with an exact ``x`` at each."""

    below: str | None
    above: str | None
    points: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True, repr=False)
class DecisionMap(Result):
    """The cheapest option over two inputs; positions are in the axes' units.

    ``prices`` identifies the book; ``unpriced_skus`` has, by deployment, the skus without a price,
    and ``unchecked`` the reasons why a limit is unknown: its cost is a floor, never the cheapest.
    """

    x: Axis
    y: Axis
    names: tuple[str, ...]
    rows: tuple[Row, ...]
    currency: str
    prices: Mapping[str, str]
    unpriced_skus: Mapping[str, tuple[str, ...]]
    unchecked: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def __repr__(self) -> str:
        x, y = (f"{axis.name} [{axis.unit or '1'}]" for axis in (self.x, self.y))
        return f"DecisionMap({x} x {y}: {len(self.rows)} rows)"

    @property
    def logarithmic(self) -> bool:
        """Whether the plot has a logarithmic first axis, which it has unless that starts at 0."""
        return all(row.intervals[0].start > 0 for row in self.rows)

    @property
    def bands(self) -> tuple[tuple[float, float], ...]:
        """The stretch of the second input that each row covers: halfway to its neighbours."""
        values = [row.y for row in self.rows]
        middles = [(a + b) / 2 for a, b in pairwise(values)]
        return tuple(pairwise([values[0], *middles, values[-1]]))

    def winners(self) -> dict[str, float]:
        """Return each winner's share of the plotted area [1]; "" is the share of none."""
        area: dict[str, float] = {}
        for row, (low, high) in zip(self.rows, self.bands, strict=True):
            for part in row.intervals:
                width = part.stop - part.start
                if self.logarithmic:
                    width = float(np.log(part.stop / part.start))
                name = part.winner or ""
                area[name] = area.get(name, 0.0) + width * (high - low)
        whole = sum(area.values())
        return {name: size / whole for name, size in area.items()}

    def boundaries(self) -> tuple[Boundary, ...]:
        """Return the borders between winners along the first input, row by row.

        Changes between the same two winners continue the boundaries of the row before, in order;
        if their number differs, new boundaries begin.
        """
        borders: list[tuple[Pair, list[tuple[float, float]]]] = []
        running: dict[Pair, list[list[tuple[float, float]]]] = {}
        for row in self.rows:
            here: dict[Pair, list[tuple[float, float]]] = {}
            for left, right in zip(row.intervals, row.intervals[1:], strict=False):
                here.setdefault((left.winner, right.winner), []).append((left.stop, row.y))
            for pair, points in here.items():
                lines = running.get(pair, [])
                if len(lines) != len(points):
                    lines = [[] for _ in points]
                    borders += [(pair, line) for line in lines]
                for line, point in zip(lines, points, strict=True):
                    line.append(point)
                running[pair] = lines
            running = {pair: lines for pair, lines in running.items() if pair in here}
        return tuple(Boundary(*pair, tuple(line)) for pair, line in borders)

    def plot(self, ax: Axes | None = None, *, language: str = "en") -> Axes:
        """Draw the regions of the winners; needs the extra ``plot``."""
        return draw(self, "plot", ax, language=language)

    def to_xarray(self, columns: int = 101) -> xr.Dataset:
        """Return the winner over a grid of both inputs: each row at ``columns`` positions [1].

        Positions are evenly spaced in the plot; ``winner`` is "" if all options are infeasible.
        :meth:`boundaries` and :meth:`to_pandas` return the exact boundaries.
        """
        return dataset(self, columns)

    def _about(self) -> dict[str, Any]:
        axes = {"x": self.x.name, "x_unit": self.x.unit, "y": self.y.name, "y_unit": self.y.unit}
        return {**about_prices(self.currency, self.prices), **axes}


def decision_map(
    workload: Workload,
    deployments: Sequence[Deployment],
    book: PriceBook,
    *,
    x: str = "ingress",
    y: str = "salary",
    x_ends: tuple[str | float | None, str | float | None] = (None, None),
    y_ends: tuple[str | float | None, str | float | None] = (None, None),
    rows: int = 21,
    month_hours: int | str = 730,
    track: Callable[[Collection[float]], Iterable[float]] = iter,
) -> DecisionMap:
    """Return the cheapest option over two inputs.

    Boundaries are exact along ``x``; ``y`` takes ``rows`` evenly spaced values.  Inputs and ends
    are those of :func:`kafkatco.crossovers`.  ``track`` wraps the values of ``y``, to show
    progress.

    Raises :class:`~kafkatco.errors.InputError` for invalid inputs, ends or rows.

    Examples
    --------
    >>> from kafkatco import ConfluentBasic, Labour, MskStandard
    >>> decisions = decision_map(
    ...     Workload(ingress="1 TB/month", fanout=1, retention="1 day"),
    ...     [MskStandard(region="us-east-1", instance="kafka.m7g.large", labour=Labour(fte=0.5)),
    ...      ConfluentBasic(region="us-east-1", access="none")],
    ...     PriceBook("list", as_of="2025-10-31"), x_ends=("1 TB/month", "9 TB/month"),
    ...     y="salary", y_ends=(0, 1000), rows=2)
    >>> for row in decisions.rows:
    ...     print(row.y, [(part.winner, round(part.stop, 2)) for part in row.intervals])
    0.0 [('confluent-basic', 6.57), ('msk-standard', 9.0)]
    1000.0 [('confluent-basic', 9.0)]
    """
    comparison = Comparison.of("map", workload, deployments, book, month_hours)
    across, up = find_axis(x, comparison, "x"), find_axis(y, comparison, "y")
    problems = []
    if across.overlaps(up):
        problems.append(Problem("y", repr(y), _("another input than x")))
    if not (isinstance(rows, int) and 2 <= rows <= MOST_ROWS):
        expected = _("a whole number of rows, {least} to {most}", least=2, most=MOST_ROWS)
        problems.append(Problem("rows", repr(rows), expected))
    if problems:
        raise InputError("map", problems)
    low, high = ends_of(across, *x_ends, comparison.load.month_hours)
    bottom, top = ends_of(up, *y_ends, comparison.load.month_hours)
    unpriced: dict[str, tuple[str, ...]] = {}
    unchecked: dict[str, tuple[str, ...]] = {}
    table = []
    for value in track(np.linspace(bottom, top, rows).tolist()):
        curves = swept_totals(up.vary(comparison, value), across, low, high)
        table.append(_row(value * up.per_base, curves, across.per_base))
        for label, cost in curves.items():
            if cost.unpriced_skus:
                unpriced[label] = cost.unpriced_skus
            if cost.unchecked:
                unchecked[label] = cost.unchecked
    return DecisionMap(
        across,
        up,
        comparison.labels,
        tuple(table),
        book.currency,
        book.describe(),
        unpriced,
        unchecked,
    )


def _row(y: float, curves: Mapping[str, Totals], scale: float) -> Row:
    """Return a row of the map; ``scale`` is the unit of the first input for its base unit."""
    return Row(
        y,
        tuple(Interval(p.start * scale, p.stop * scale, p.winner) for p in cheapest(curves)),
        tuple(Undercut(p.start * scale, p.stop * scale, p.name) for p in undercuts(curves)),
    )
