"""The search for the least-cost path through deployments, with the costs of moving."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from kafkatco.numerics.typing import Floats
from kafkatco.planning.switching_costs import Switching

__all__ = ["Path", "best_path", "moves", "path_cost"]

#: The option of a month that has none: before the plan begins, or if no path is feasible.
BEGIN: Final = -1


@dataclass(frozen=True, slots=True, eq=False)
class Path:
    """The deployment of each month, and the total cost.

    ``months`` has the numbers of ``options``, shape ``(scenarios, months)``; ``total`` is the cost
    of each scenario, infinite if no path is feasible.
    """

    options: tuple[str, ...]
    months: NDArray[np.int64]
    total: Floats

    def named(self, scenario: int = 0) -> tuple[str, ...]:
        """Return the deployment of each month of a scenario."""
        return tuple(self.options[i] if i >= 0 else "" for i in self.months[scenario])


def moves(
    running: Floats, setup: Floats, moved: Floats, options: Sequence[str], rules: Switching
) -> Floats:
    """Return the cost of a move in the first month: ``(scenarios, from, to)``.

    The old deployment is paid for the parallel months, or to the end of its commitment if that is
    later; the new one is set up, and data is moved.  ``running`` and ``setup`` have the shape
    ``(scenarios, options, months)``, ``moved`` ``(scenarios, months)`` [currency].
    """
    until = np.maximum(_months_of(rules.committed_months, options), rules.parallel_months)
    owed = _owed(_paid(running), 0, until[:, None])
    move: Floats = owed + setup[:, None, :, 0] + moved[:, None, None, 0]
    return move


def best_path(
    running: Any,
    setup: Any,
    *,
    options: Sequence[str],
    stored_gib: Any = 0.0,
    per_gib: Any = 0.0,
    switching: Switching | None = None,
    first: str | None = None,
    avoided: Any = False,
) -> Path:
    """Return the path of least total cost, exact, for each scenario.

    This is dynamic programming over the months of the moves to and from a deployment, so that the
    rest of a commitment can be paid.  It handles all scenarios at once; the work grows with
    ``scenarios x months x options x (months + options)``.

    A move costs the set-up of that month and the movement of the stored data.  The old deployment
    is paid for the parallel months, or to the end of its commitment if that is later: each month
    once, if it is feasible and within the plan.  The commitment of the current deployment starts
    with the plan.  If a path returns to a deployment that is still paid for, those months are paid
    twice.

    Parameters
    ----------
    running
        Monthly costs, shape ``(scenarios, options, months)``; not finite if infeasible.
        [currency]
    setup
        Set-up costs: ``(options,)``, or by month, broadcast to the shape of ``running``.
        [currency]
    options
        The names of the options.
    stored_gib, per_gib
        Stored data of each month [GiB], and the cost of moving one GiB [currency]: their product is
        broadcast to ``(scenarios, months)``.
    switching
        The rules of a move; one parallel month and no other cost by default.
    first
        The option of the first month, if it is fixed.
    avoided
        Whether the path must not stay with an option in a month, although a month after a move
        away from it is paid; broadcast to the shape of ``running``.

    Examples
    --------
    >>> running = [[[1.0, 1.0, 9.0, 9.0], [4.0, 4.0, 4.0, 4.0]]]
    >>> path = best_path(running, [0.0, 1.0], options=["usage", "own"],
    ...                  switching=Switching(parallel_months=0))
    >>> path.named(), path.total
    (('usage', 'usage', 'own', 'own'), array([11.]))
    """
    rules = switching or Switching()
    run, once, moved = _costs(running, setup, np.asarray(stored_gib, float) * per_gib)
    scenarios, count, months = run.shape
    each = np.arange(count)
    term = _months_of(rules.committed_months, options)[:, None]
    lead = _months_of(rules.lead_months, options)
    paid = _paid(run)
    chosen = np.where(avoided, np.inf, run)

    start = np.zeros((scenarios, count, months + 1), dtype=np.int64)  # of the stay that ends
    source = np.full((scenarios, count, months), BEGIN)  # the option before a move to k in month s
    enter = np.full((scenarios, count, months), np.inf)  # cost until a move to k in month s
    enter[:, :, 0] = once[:, :, 0]
    if rules.current is not None:
        current = options.index(rules.current)
        lead[current] = 0  # it runs already
        enter[:, :, 0] = moves(run, once, moved, options, rules)[:, current, :]
        enter[:, current, 0] = 0.0
    enter[:, lead > 0, 0] = np.inf
    if first is not None:
        enter[:, each != options.index(first), 0] = np.inf
    stay = np.zeros((scenarios, count, months))  # cost of a stay since month s
    for end in range(1, months + 1):
        stay[:, :, :end] += chosen[:, :, end - 1, None]
        until = np.maximum(np.arange(end) + term, end + rules.parallel_months)
        left = enter[:, :, :end] + stay[:, :, :end] + _owed(paid, end, until)
        start[:, :, end] = np.argmin(left, axis=2)
        best = np.min(left, axis=2)
        if end < months:
            arrive = best[:, :, None] + once[:, None, :, end] + moved[:, None, None, end]
            arrive[:, each, each] = np.inf
            source[:, :, end] = np.argmin(arrive, axis=1)
            enter[:, :, end] = np.min(arrive, axis=1)
            enter[:, lead > end, end] = np.inf
    last = np.argmin(best, axis=1)
    total = best[np.arange(scenarios), last]
    return Path(tuple(options), _walk(start, source, last, total), total)


def _costs(running: Any, setup: Any, moved: Any) -> tuple[Floats, Floats, Floats]:
    """Return running and set-up costs by scenario, option and month, and moving costs."""
    costs, once = np.asarray(running, float), np.asarray(setup, float)
    once = np.broadcast_to(once[:, None] if once.ndim == 1 else once, costs.shape)
    moved = np.broadcast_to(moved, (costs.shape[0], costs.shape[2]))
    return np.where(np.isfinite(costs), costs, np.inf), once, moved


def _months_of(named: Mapping[str, int], options: Sequence[str]) -> NDArray[np.int64]:
    return np.array([named.get(name, 0) for name in options], dtype=np.int64)


def _paid(run: Floats) -> Floats:
    """Return the cost before each month, ``(scenarios, options, months + 1)``, where feasible."""
    spent: Floats = np.zeros((*run.shape[:2], run.shape[2] + 1))
    np.cumsum(np.where(np.isfinite(run), run, 0.0), axis=2, out=spent[:, :, 1:])
    return spent


def _owed(paid: Floats, end: int, until: NDArray[np.int64]) -> Floats:
    """Return the cost after ``end``, to month ``until`` ``(options, stays)`` or the last month."""
    most = paid.shape[2] - 1
    options = np.arange(paid.shape[1])[:, None]
    owed: Floats = paid[:, options, np.minimum(until, most)] - paid[:, :, end, None]
    return owed


def _walk(
    start: NDArray[np.int64], source: NDArray[np.int64], last: NDArray[np.int64], total: Floats
) -> NDArray[np.int64]:
    """Return the option of each month, walking back from the last stay."""
    months = np.full((last.size, source.shape[2]), BEGIN)
    for i in np.flatnonzero(np.isfinite(total)):
        option, end = int(last[i]), months.shape[1]
        while end > 0:
            begin = int(start[i, option, end])
            months[i, begin:end] = option
            option, end = int(source[i, option, begin]), begin
    return months


def path_cost(
    months: Sequence[int],
    running: Any,
    setup: Any,
    *,
    options: Sequence[str],
    stored_gib: Any = 0.0,
    per_gib: Any = 0.0,
    switching: Switching | None = None,
) -> Floats:
    """Return the cost of a path in each scenario, by the rules of :func:`best_path`.

    ``months`` [1] has the number of the option of each month.  The cost is infinite if an option is
    infeasible or not ready.

    >>> path_cost([0, 0, 1, 1], [[[1.0, 1.0, 9.0, 9.0], [4.0] * 4]], [0.0, 1.0],
    ...           options=["usage", "own"], switching=Switching(parallel_months=0))
    array([11.])
    """
    rules = switching or Switching()
    run, once, moved = _costs(running, setup, np.asarray(stored_gib, float) * per_gib)
    paid = _paid(run)
    total = np.zeros(run.shape[0])
    before = BEGIN if rules.current is None else options.index(rules.current)
    entered = 0
    for month, option in enumerate(months):
        if option != before:
            name = options[option]
            if name != rules.current and rules.lead_months.get(name, 0) > month:
                total = total + np.inf
            total = total + once[:, option, month]
            if before != BEGIN:
                term = rules.committed_months.get(options[before], 0)
                until = np.array([[max(entered + term, month + rules.parallel_months)]])
                total = total + moved[:, month] + _owed(paid[:, [before]], month, until)[:, 0, 0]
            entered, before = month, option
        total = total + run[:, option, month]
    return total
