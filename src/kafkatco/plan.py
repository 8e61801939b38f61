"""Which deployment in which month: the least-cost path under growth, with what moving costs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from kafkatco.model import Input
from kafkatco.money import Money, parse_money

__all__ = ["Path", "Switching", "best_path", "moves", "path_cost"]

Floats = NDArray[np.float64]
#: A path that begins before the plan, in the deployment that runs now.
BEGIN: Final = -1


class Switching(Input):
    """What moving from one deployment to another costs and takes, beside setting it up.

    Parameters
    ----------
    parallel_months
        For how many months the old one runs, and is paid, beside the new one; 1 by default.  [1]
    data_movement
        What moving one GiB of what is stored costs; nothing by default.  [money]
    lead_months
        How long each takes to be ready, counted from the beginning; 0 where not named.  [1]
    current
        The deployment that runs now, which needs no setting up; none by default.
    committed_months
        For how long each is paid once it is entered, used or not: what is left of a commitment
        when it is left is paid; 0 where not named.  [1]

    Examples
    --------
    >>> Switching(lead_months={"our cluster": 3}).parallel_months
    1
    """

    parallel_months: int = Field(default=1, ge=0, le=120)
    data_movement: Money | None = None
    lead_months: dict[str, int] = Field(default_factory=dict)
    current: str | None = None
    committed_months: dict[str, int] = Field(default_factory=dict)

    def per_gib(self, exchange: Mapping[str, float]) -> float:
        """Return what a GiB costs to move [the currency of ``exchange``]."""
        if self.data_movement is None:
            return 0.0
        money = parse_money(self.data_movement)
        return float(money.amount * exchange[money.currency])


@dataclass(frozen=True, slots=True, eq=False)
class Path:
    """The deployment of each month, and what the whole costs.

    ``options`` are the deployments by number, as ``months`` holds them, shape
    ``(scenarios, months)``; ``total`` is the cost of each scenario, infinite where no path serves.
    """

    options: tuple[str, ...]
    months: NDArray[np.int64]
    total: Floats

    def named(self, scenario: int = 0) -> tuple[str, ...]:
        """Return the deployment of each month of a scenario."""
        return tuple(self.options[i] if i >= 0 else "" for i in self.months[scenario])


def moves(running: Floats, setup: Floats, moved: Floats, parallel: int, start: int) -> Floats:
    """Return the cost of moving from j to k in month ``start``: ``(scenarios, from, to)``.

    The old one runs on for ``parallel`` months, the new one is set up, and data is moved.
    """
    beside = running[:, :, start : start + parallel]
    old = np.where(np.isfinite(beside), beside, 0.0).sum(axis=2)
    move: Floats = old[:, :, None] + setup[None, None, :] + moved[:, None, None, start]
    return move


def best_path(
    running: Any,
    setup: Any,
    *,
    options: Sequence[str],
    stored_gib: Any = 0.0,
    per_gib: float = 0.0,
    switching: Switching | None = None,
    first: str | None = None,
) -> Path:
    """Return the path of least total cost, exact, for each scenario.

    Dynamic programming over the months in which a deployment is entered and left, so that what is
    left of a commitment can be paid: months squared x options squared, all scenarios at once.

    Parameters
    ----------
    running
        What each costs a month, shape ``(scenarios, options, months)``; not finite where it
        cannot serve.  [currency]
    setup
        What setting each up costs once, shape ``(options,)``.  [currency]
    options
        Their names.
    stored_gib, per_gib
        What is stored in each month, broadcast to ``(scenarios, months)`` [GiB], and what moving
        one GiB of it costs [currency].
    switching
        What moving costs and takes; nothing but a month in parallel by default.
    first
        The option of the first month, where it is given.

    Examples
    --------
    >>> running = [[[1.0, 1.0, 9.0, 9.0], [4.0, 4.0, 4.0, 4.0]]]
    >>> found = best_path(running, [0.0, 1.0], options=["usage", "own"],
    ...                   switching=Switching(parallel_months=0))
    >>> found.named(), found.total
    (('usage', 'usage', 'own', 'own'), array([11.]))
    """
    rules = switching or Switching()
    costs, once = np.asarray(running, float), np.asarray(setup, float)
    scenarios, count, months = costs.shape
    moved = np.broadcast_to(np.asarray(stored_gib, float) * per_gib, (scenarios, months))
    lead = np.array([rules.lead_months.get(name, 0) for name in options])
    term = np.array([rules.committed_months.get(name, 0) for name in options])
    current = options.index(rules.current) if rules.current is not None else BEGIN
    run = np.where(np.isfinite(costs), costs, np.inf)

    best = np.full((scenarios, count, months + 1), np.inf)  # of having left k at the end of e
    came = np.full((scenarios, count, months + 1, 2), BEGIN)  # start of the stay, and from whom
    enter = np.full((scenarios, count, months), np.inf)  # of entering k in month s
    whence = np.full((scenarios, count, months), BEGIN)
    lines = np.arange(scenarios)[:, None]
    for s in range(months):
        if s == 0:
            enter[:, :, 0] = once[None, :]
            if current >= 0:
                enter[:, :, 0] += moves(run, 0.0 * once, moved, rules.parallel_months, 0)[
                    :, current, :
                ]
                enter[:, current, 0] = 0.0
        else:
            arrive = best[:, :, s, None] + moves(run, once, moved, rules.parallel_months, s)
            arrive[:, np.arange(count), np.arange(count)] = np.inf
            whence[:, :, s] = np.argmin(arrive, axis=1)
            enter[:, :, s] = np.min(arrive, axis=1)
        late = (lead > s) & (np.arange(count) != current)
        enter[:, late, s] = np.inf
        if s == 0 and first is not None:
            enter[:, np.arange(count) != options.index(first), 0] = np.inf
        stay = np.zeros((scenarios, count))
        for e in range(s + 1, months + 1):
            stay = stay + run[:, :, e - 1]
            left = np.minimum(s + term, months)  # a commitment is paid to its end, or the plan's
            rest = _rest(run, e, left)
            total = enter[:, :, s] + stay + rest
            better = total < best[:, :, e]
            best[:, :, e] = np.where(better, total, best[:, :, e])
            came[:, :, e, 0] = np.where(better, s, came[:, :, e, 0])
            came[:, :, e, 1] = np.where(better, whence[:, :, s], came[:, :, e, 1])
    last = np.argmin(best[:, :, months], axis=1)
    total = best[lines[:, 0], last, months]
    return Path(tuple(options), _walk(came, last, total, months), total)


def _rest(run: Floats, e: int, left: NDArray[np.int64]) -> Floats:
    """Return what months ``e`` to ``left`` (excluded) cost, as far as they can be served."""
    month = np.arange(run.shape[2])
    owed = (month >= e) & (month < left[:, None])
    paid: Floats = np.where(owed[None] & np.isfinite(run), run, 0.0).sum(axis=2)
    return paid


def _walk(
    came: NDArray[np.int64], last: NDArray[np.int64], total: Floats, months: int
) -> NDArray[np.int64]:
    """Return the option of each month, from where each stay came."""
    found = np.full((last.size, months), BEGIN)
    for i in range(last.size):
        option, end = int(last[i]), months
        while np.isfinite(total[i]) and end > 0:
            start, before = (int(value) for value in came[i, option, end])
            found[i, start:end] = option
            option, end = before, start
    return found


def path_cost(
    months: Sequence[int],
    running: Any,
    setup: Any,
    *,
    options: Sequence[str],
    stored_gib: Any = 0.0,
    per_gib: float = 0.0,
    switching: Switching | None = None,
) -> Floats:
    """Return what a given path costs in each scenario, by the rules of :func:`best_path`.

    ``months`` [1] has the number of the option of each month.  Infinite where one cannot serve,
    or is not ready.

    >>> path_cost([0, 0, 1, 1], [[[1.0, 1.0, 9.0, 9.0], [4.0] * 4]], [0.0, 1.0],
    ...           options=["usage", "own"], switching=Switching(parallel_months=0))
    array([11.])
    """
    rules = switching or Switching()
    costs, once = np.asarray(running, float), np.asarray(setup, float)
    moved = np.broadcast_to(
        np.asarray(stored_gib, float) * per_gib, (costs.shape[0], costs.shape[2])
    )
    run = np.where(np.isfinite(costs), costs, np.inf)
    total = np.zeros(costs.shape[0])
    before = -1 if rules.current is None else options.index(rules.current)
    entered = 0
    for month, option in enumerate(months):
        if option != before:
            if rules.lead_months.get(options[option], 0) > month:
                total = total + np.inf
            if month:
                term = rules.committed_months.get(options[before], 0)
                left = np.array([min(entered + term, run.shape[2])])
                total = total + _rest(run[:, [before]], month, left)[:, 0]
            if before >= 0:
                move = moves(run, once, moved, rules.parallel_months, month)
                total = total + move[:, before, option]
            else:
                total = total + once[option]
            entered = month
        total = total + run[:, option, month]
        before = option
    return total
