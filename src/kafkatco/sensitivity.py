"""How sure the answer is: what would change the winner, and what moves the break-even."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from kafkatco.axes import Axis, find_axis
from kafkatco.basis import Basis, basis_of
from kafkatco.costing import costs
from kafkatco.crossover import crossings, envelope
from kafkatco.curve import Curve
from kafkatco.deployments import Deployment
from kafkatco.errors import CurveError, InputError, Problem, nearest
from kafkatco.prices import Catalogue, PriceBook
from kafkatco.sweep import ends_of
from kafkatco.workload import Workload

__all__ = ["INPUTS", "Move", "Switch", "switching_values", "tornado"]

#: The inputs that are looked at unless others are named; ``fte`` and ``discount`` of each option.
INPUTS: Final = (
    "ingress", "fanout", "retention", "peak_to_average", "partitions", "follower_fetch", "salary",
    "fte", "krw", "discount",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Switch:
    """How far one input can move before another option is cheapest, in ``axis.unit``.

    ``below`` and ``above`` are where the winner changes on either side of ``now``, ``None`` where
    it does not as far as the input was swept; ``then_below`` and ``then_above`` who wins there.
    """

    axis: Axis
    now: float
    winner: str | None
    below: float | None
    then_below: str | None
    above: float | None
    then_above: str | None


def switching_values(
    workload: Workload,
    deployments: Sequence[Deployment],
    book: PriceBook,
    *,
    inputs: Sequence[str] = INPUTS,
    month_hours: int | str = 730,
) -> tuple[Switch, ...]:
    """Return, for each input, how far it can move before the winner changes; exact.

    An input is swept over its usual range, widened to what it is now.  One that nobody has,
    salaries that are not the same for all, and one in which cost is not piecewise linear are left
    out.

    Examples
    --------
    >>> from kafkatco import ConfluentBasic, MskStandard
    >>> [found] = switching_values(
    ...     Workload(ingress="1 TB/month", fanout=1, retention="1 day"),
    ...     [MskStandard(region="us-east-1", instance="kafka.m7g.large"),
    ...      ConfluentBasic(region="us-east-1")],
    ...     PriceBook("list", as_of="2025-10-31"), inputs=["ingress"])
    >>> found.winner, found.below, found.then_above
    ('confluent-basic', None, 'msk-standard')
    """
    basis = basis_of("sensitivity", workload, deployments, book, month_hours)
    catalogue = book.catalogue()
    found = []
    for name in _each(inputs, basis):
        axis = find_axis(name, basis)
        now = axis.now(basis)
        if now is None or not np.isfinite(now):
            continue
        low, high = ends_of(axis, None, None, float(basis.load.month_hours))
        x = Curve.identity(min(low, now), max(high, now * (1 + 1e-6)))
        try:
            swept = axis.vary(basis, x)
            curves = [costs(d, swept.load, swept.book, catalogue) for d in swept.deployments]
        except CurveError:
            continue
        parts = envelope(
            {item.label: item.total + 0.0 * x for item in curves},
            {item.label: item.infeasible + 0.0 * x for item in curves},
        )
        at = next(i for i, part in enumerate(parts) if now <= part.stop)
        scale = axis.per_base
        below = parts[at - 1] if at > 0 else None
        above = parts[at + 1] if at + 1 < len(parts) else None
        found.append(
            Switch(
                axis,
                now * scale,
                parts[at].winner,
                parts[at].start * scale if below else None,
                below.winner if below else None,
                parts[at].stop * scale if above else None,
                above.winner if above else None,
            )
        )
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Move:
    """What an input does to the break-evens of two options along ingress [TB/month].

    ``at`` has the break-evens now, ``low`` and ``high`` those with the input ``change`` lower and
    higher; ``elasticity`` is, for each of ``at``, by how many percent it moves where the input
    grows by one; ``None`` at a jump, which a small change leaves where it is, where cost steps or
    bends at what the input is now, and where cost is not linear in it.
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
        """How far the first break-even moves between both ends; infinite where one has none."""
        if not (self.low and self.high):
            return 0.0 if self.low == self.high else float("inf")
        return abs(self.high[0] - self.low[0])


def tornado(
    workload: Workload,
    mine: str,
    other: str,
    deployments: Sequence[Deployment],
    book: PriceBook,
    *,
    inputs: Sequence[str] = INPUTS[1:],
    change: float = 0.2,
    month_hours: int | str = 730,
) -> tuple[Move, ...]:
    """Return what each input does to the break-even of two options, the strongest first.

    Break-evens are along ingress, 0.1 TB to 1 PB a month, all of them.  An elasticity is exact:
    the quotient of the slopes of the difference in cost, in the input and in ingress, at the
    break-even.  Inputs that are 0, or that nobody has, are left out.

    Raises :class:`~kafkatco.errors.InputError` for unknown names.
    """
    basis = basis_of("tornado", workload, deployments, book, month_hours)
    labels = [item.label for item in deployments]
    for name in (mine, other):
        if name not in labels:
            hint = nearest(name, labels, limit=20)
            raise InputError("tornado", [Problem("option", repr(name), "a deployment", hint)])
    chosen = tuple(basis.deployments[labels.index(name)] for name in (mine, other))
    basis, pair = replace(basis, deployments=chosen), (0, 1)
    catalogue = book.catalogue()
    ingress = find_axis("ingress", basis)
    at = _break_evens(basis, ingress, pair, catalogue)
    scale = ingress.per_base
    moves = []
    for name in _each(inputs, basis):
        axis = find_axis(name, basis)
        now = axis.now(basis)
        if not now or not np.isfinite(now):
            continue
        varied = [
            tuple(x * scale for x, _ in _break_evens(
                axis.vary(basis, _inside(axis, now * factor)), ingress, pair, catalogue))
            for factor in (1 - change, 1 + change)
        ]  # fmt: skip
        elasticity = tuple(
            None if slope is None else _elasticity(basis, axis, now, pair, x, slope, catalogue)
            for x, slope in at
        )
        moves.append(
            Move(
                axis, now * axis.per_base, change, tuple(x * scale for x, _ in at), varied[0],
                varied[1], elasticity,
            )
        )  # fmt: skip
    return tuple(sorted(moves, key=lambda move: -move.swing))


def _each(inputs: Sequence[str], basis: Basis) -> Iterator[str]:
    """Yield the inputs; one that deployments have each of their own, for each of them."""
    for name in inputs:
        if name in ("fte", "discount"):
            yield from (f"{name}:{item.label}" for item in basis.deployments)
        else:
            yield name


def _inside(axis: Axis, value: float) -> float:
    return min(max(value, axis.least), axis.most)


def _break_evens(
    basis: Basis, ingress: Axis, pair: tuple[int, int], catalogue: Catalogue
) -> list[tuple[float, float | None]]:
    """Return each break-even [MiB/s], and the slope of the difference there; ``None`` at a jump."""
    low, high = ends_of(ingress, None, None, float(basis.load.month_hours))
    x = Curve.identity(low, high)
    swept = ingress.vary(basis, x)
    a, b = (costs(swept.deployments[i], swept.load, swept.book, catalogue) for i in pair)
    blocked = np.logical_or(a.infeasible + 0.0 * x, b.infeasible)
    first, second = a.total + 0.0 * x, b.total + 0.0 * x
    found = crossings(first, second, blocked=blocked)
    difference = first - second
    return [(item.x, _slope(difference, item.x) if item.kind == "root" else None) for item in found]


def _slope(curve: Curve, x: float) -> float:
    """Return the slope of the piece that ``x`` lies on, or of that above it."""
    at = int(np.searchsorted(curve.edges, x, side="right")) - 1
    return float(curve.slope[min(max(at, 0), curve.slope.size - 1)])


def _elasticity(
    basis: Basis, axis: Axis, now: float, pair: tuple[int, int], x: float, slope: float,
    catalogue: Catalogue,
) -> float | None:  # fmt: skip
    """Return the elasticity of a break-even [1]; ``None`` where cost is not linear in the input."""
    here = replace(basis, load=basis.load.replace(ingress_mib_s=x))
    p = Curve.identity(now * (1 - 1e-3), now * (1 + 1e-3))
    try:
        swept = axis.vary(here, p)
        a, b = (costs(swept.deployments[i], swept.load, swept.book, catalogue) for i in pair)
    except CurveError:
        return None
    difference = (a.total + 0.0 * p) - (b.total + 0.0 * p)
    left, right = now * (1 - 1e-9), now * (1 + 1e-9)
    grows = _slope(difference, right)
    bends = abs(_slope(difference, left) - grows) > 1e-9 * abs(grows)
    steps = abs(difference(right) - difference(left)) > 1e-6 * abs((a.total + 0.0 * p)(now))
    return None if not slope or bends or steps else -grows * now / (slope * x)
