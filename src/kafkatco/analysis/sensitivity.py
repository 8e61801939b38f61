"""Sensitivity: the changes of an input that change the winner, or move the break-even."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from kafkatco.analysis.axes import Axis, find_axis
from kafkatco.analysis.cost_curves import cheapest, ends_of, swept_totals, undercuts
from kafkatco.core.result import Result, Results, about_prices, draw
from kafkatco.costing.comparison import Comparison
from kafkatco.deployments import Deployment
from kafkatco.errors import CurveError
from kafkatco.numerics.crossings import crossings
from kafkatco.numerics.curve import Curve
from kafkatco.numerics.tolerance import JUST_INSIDE, SAME
from kafkatco.prices import PriceBook
from kafkatco.sizing.workload import Workload

if TYPE_CHECKING:
    from matplotlib.axes import Axes


__all__ = [
    "INPUTS",
    "Move",
    "Sensitivity",
    "SwitchingValue",
    "SwitchingValues",
    "Tornado",
    "switching_values",
    "tornado",
]

#: The distance to both sides of an input at which slopes are taken, as a share of the input.
NEAR: Final = 1e-3
#: The default inputs; ``fte`` and ``discount`` stand for those of each option.
INPUTS: Final = (
    "ingress",
    "fanout",
    "retention",
    "peak_to_average",
    "partitions",
    "follower_fetch",
    "salary",
    "fte",
    "krw",
    "discount",
)


@dataclass(frozen=True, slots=True)
class SwitchingValue:
    """How far one input can move before another option is cheapest, in ``axis.unit``.

    ``below`` and ``above`` are the values next to ``now`` at which the winner changes, ``None`` if
    it does not change within the range; ``then_below`` and ``then_above`` are the new winners.
    ``undercut`` is the option whose cost at ``now`` is a floor below the winner's, if one is.
    """

    axis: Axis
    now: float
    winner: str | None
    below: float | None
    then_below: str | None
    above: float | None
    then_above: str | None
    undercut: str | None = None


@dataclass(frozen=True, slots=True, repr=False)
class SwitchingValues(Results[SwitchingValue]):
    """A sequence of the switching values of inputs, with the prices behind them."""

    items: tuple[SwitchingValue, ...]
    currency: str
    prices: Mapping[str, str]

    def __repr__(self) -> str:
        winner = self[0].winner if self else None
        return f"SwitchingValues({len(self)} inputs; {winner} is cheapest)"

    def _about(self) -> dict[str, Any]:
        return about_prices(self.currency, self.prices)


def switching_values(
    workload: Workload,
    deployments: Sequence[Deployment],
    book: PriceBook,
    *,
    inputs: Sequence[str] = INPUTS,
    month_hours: int | str = 730,
    track: Callable[[Collection[str]], Iterable[str]] = iter,
) -> SwitchingValues:
    """Return, for each input, how far it can move before the winner changes; exact.

    The range of an input is its default range, extended to its current value.  Left out are inputs
    that no deployment has, salaries that differ between deployments, and inputs in which cost is
    not piecewise linear.  ``track`` wraps the inputs, to show progress.

    Examples
    --------
    >>> from kafkatco import ConfluentBasic, MskStandard
    >>> [switch] = switching_values(
    ...     Workload(ingress="1 TB/month", fanout=1, retention="1 day"),
    ...     [MskStandard(region="us-east-1", instance="kafka.m7g.large"),
    ...      ConfluentBasic(region="us-east-1")],
    ...     PriceBook("list", as_of="2025-10-31"), inputs=["ingress"])
    >>> switch.winner, switch.below, switch.then_above
    ('confluent-basic', None, 'msk-standard')
    """
    comparison = Comparison.of("sensitivity", workload, deployments, book, month_hours)
    switches = []
    for name in track([*_each(inputs, comparison)]):
        axis = find_axis(name, comparison)
        now = axis.now(comparison)
        if now is None or not np.isfinite(now):
            continue
        low, high = ends_of(axis, None, None, float(comparison.load.month_hours))
        low, high = min(low, now), max(high, now * (1 + JUST_INSIDE))
        try:
            totals = swept_totals(comparison, axis, low, high)
            parts, floors = cheapest(totals), undercuts(totals)
        except CurveError:
            continue
        at = next(i for i, part in enumerate(parts) if now <= part.stop)
        scale = axis.per_base
        below = parts[at - 1] if at > 0 else None
        above = parts[at + 1] if at + 1 < len(parts) else None
        switches.append(
            SwitchingValue(
                axis,
                now * scale,
                parts[at].winner,
                parts[at].start * scale if below else None,
                below.winner if below else None,
                parts[at].stop * scale if above else None,
                above.winner if above else None,
                next((part.name for part in floors if part.start <= now <= part.stop), None),
            )
        )
    return SwitchingValues(tuple(switches), book.currency, book.describe())


@dataclass(frozen=True, slots=True)
class Move:
    """The effect of an input on the break-evens of two options along ingress [TB/month].

    ``at`` has the current break-evens, ``low`` and ``high`` those with the input lower and higher
    by the share ``change``.  ``elasticity`` is, for each of ``at``, the change in percent when the
    input grows by 1 %; it is ``None`` at a jump, which a small change does not move, if cost steps
    or bends at the current value of the input, and if cost is not linear in it.
    """

    axis: Axis
    now: float
    change: float
    at: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]
    elasticity: tuple[float | None, ...]

    @property
    def swing(self) -> float:
        """The move of the first break-even from end to end; infinite if only one end has one."""
        if not (self.low and self.high):
            return 0.0 if self.low == self.high else float("inf")
        return abs(self.high[0] - self.low[0])


@dataclass(frozen=True, slots=True, repr=False)
class Tornado(Results[Move]):
    """A sequence of the effects of inputs on the break-evens of ``mine`` and ``other``."""

    items: tuple[Move, ...]
    mine: str
    other: str
    currency: str
    prices: Mapping[str, str]

    def __repr__(self) -> str:
        strongest = f"; {self[0].axis.name} moves it most" if self else ""
        return f"Tornado({self.mine} and {self.other}: {len(self)} inputs{strongest})"

    def plot(self, ax: Axes | None = None, *, language: str = "en") -> Axes:
        """Draw a bar for each input; needs the extra ``plot``."""
        return draw(self, "plot", ax, language=language)

    def _about(self) -> dict[str, Any]:
        return about_prices(self.currency, self.prices)


@dataclass(frozen=True, slots=True, repr=False)
class Sensitivity(Result):
    """The switching values of a scenario, and the tornado of two options if they are named."""

    switches: SwitchingValues
    moves: Tornado | None = None

    def __repr__(self) -> str:
        moves = f", {self.moves!r}" if self.moves is not None else ""
        return f"Sensitivity({self.switches!r}{moves})"

    def _about(self) -> dict[str, Any]:
        return self.switches._about()


def tornado(
    workload: Workload,
    deployments: Sequence[Deployment],
    book: PriceBook,
    mine: str,
    other: str,
    *,
    inputs: Sequence[str] = INPUTS[1:],
    change: float = 0.2,
    month_hours: int | str = 730,
    track: Callable[[Collection[str]], Iterable[str]] = iter,
) -> Tornado:
    """Return the effect of each input on the break-even of two options, the largest first.

    All break-evens from 0.1 TB to 1 PB a month count.  An elasticity is exact: the ratio of the
    slopes of the cost difference, in the input and in ingress, at the break-even.  Inputs that are
    0, or that no deployment has, are left out.  ``track`` wraps the inputs, to show progress.

    Raises :class:`~kafkatco.errors.InputError` for unknown or equal names.
    """
    everyone = Comparison.of("tornado", workload, deployments, book, month_hours)
    comparison = everyone.pair("tornado", mine, other)
    ingress = find_axis("ingress", comparison)
    at = _break_evens(comparison, ingress)
    scale = ingress.per_base
    moves = []
    for name in track([*_each(inputs, comparison)]):
        axis = find_axis(name, comparison)
        now = axis.now(comparison)
        if not now or not np.isfinite(now):
            continue
        varied = [
            _break_evens(axis.vary(comparison, _inside(axis, now * factor)), ingress)
            for factor in (1 - change, 1 + change)
        ]
        low, high = (tuple(x * scale for x, slope in points) for points in varied)
        elasticity = tuple(
            None if slope is None else _elasticity(comparison, axis, now, x, slope)
            for x, slope in at
        )
        moves.append(
            Move(
                axis,
                now * axis.per_base,
                change,
                tuple(x * scale for x, _ in at),
                low,
                high,
                elasticity,
            )
        )
    moves.sort(key=lambda move: -move.swing)
    return Tornado(tuple(moves), mine, other, book.currency, book.describe())


def _each(inputs: Sequence[str], comparison: Comparison) -> Iterator[str]:
    """Yield the inputs; ``fte`` and ``discount`` once for each deployment."""
    for name in inputs:
        if name in ("fte", "discount"):
            yield from (f"{name}:{label}" for label in comparison.labels)
        else:
            yield name


def _inside(axis: Axis, value: float) -> float:
    return min(max(value, axis.least), axis.most)


def _break_evens(comparison: Comparison, ingress: Axis) -> list[tuple[float, float | None]]:
    """Return each break-even [MiB/s] and the slope of the difference, ``None`` at a jump."""
    low, high = ends_of(ingress, None, None, float(comparison.load.month_hours))
    a, b = swept_totals(comparison, ingress, low, high).values()
    difference = a.total - b.total
    return [
        (crossing.x, _slope(difference, crossing.x) if crossing.kind == "root" else None)
        for crossing in crossings(a.total, b.total, blocked=np.maximum(a.infeasible, b.infeasible))
    ]


def _slope(curve: Curve, x: float) -> float:
    """Return the slope of the piece at ``x``, at an edge that of the piece above."""
    at = int(np.searchsorted(curve.edges, x, side="right")) - 1
    return float(curve.slope[min(max(at, 0), curve.slope.size - 1)])


def _elasticity(
    comparison: Comparison, axis: Axis, now: float, x: float, slope: float
) -> float | None:
    """Return the elasticity of a break-even [1]; ``None`` if cost is not linear in the input."""
    here = replace(comparison, load=comparison.load.replace(ingress_mib_s=x))
    try:
        a, b = swept_totals(here, axis, now * (1 - NEAR), now * (1 + NEAR)).values()
    except CurveError:
        return None
    difference = a.total - b.total
    left, right = now * (1 - SAME), now * (1 + SAME)
    grows = _slope(difference, right)
    bends = abs(_slope(difference, left) - grows) > SAME * abs(grows)
    stays = abs(difference(right) - difference(left)) <= JUST_INSIDE * abs(a.total(now))
    return None if not slope or bends or not stays else -grows * now / (slope * x)
