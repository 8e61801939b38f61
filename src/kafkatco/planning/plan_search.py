"""Which deployment in which month: the least-cost path under growth, with what moving costs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from kafkatco.numerics.typing import Floats
from kafkatco.planning.switching_costs import Switching

__all__ = ["Path", "best_path", "moves", "path_cost"]

#: A path that begins before the plan, in the deployment that runs now.
BEGIN: Final = -1


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


def moves(
    running: Floats, setup: Floats, moved: Floats, options: Sequence[str], rules: Switching
) -> Floats:
    """Return the cost of leaving j for k at the beginning: ``(scenarios, from, to)``.

    The old one is paid for the months in parallel, or to the end of its commitment where that is
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
) -> Path:
    """Return the path of least total cost, exact, for each scenario.

    Dynamic programming over the months in which a deployment is entered and left, so that what is
    left of a commitment can be paid: all scenarios at once, the work grows with
    ``scenarios x months x options x (months + options)``.

    Entering costs the set-up of that month, and what is stored is moved.  What is left is paid for
    the months in parallel, or to the end of its commitment where that is later, each month once,
    as far as it can serve and the plan goes.  Of what runs now the commitment counts from the
    plan's beginning.  Where a deployment is entered again while it is still paid for from before,
    those months are paid twice.

    Parameters
    ----------
    running
        What each costs a month, shape ``(scenarios, options, months)``; not finite where it
        cannot serve.  [currency]
    setup
        What setting each up costs: ``(options,)``, or by the month in which it is done,
        broadcast to the shape of ``running``.  [currency]
    options
        Their names.
    stored_gib, per_gib
        What is stored in each month [GiB], and what moving one GiB of it costs [currency]: their
        product is broadcast to ``(scenarios, months)``.
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
    run, once, moved = _costs(running, setup, np.asarray(stored_gib, float) * per_gib)
    scenarios, count, months = run.shape
    each = np.arange(count)
    term = _months_of(rules.committed_months, options)[:, None]
    lead = _months_of(rules.lead_months, options)
    paid = _paid(run)

    start = np.zeros((scenarios, count, months + 1), dtype=np.int64)  # of the stay that ends there
    whence = np.full((scenarios, count, months), BEGIN)  # of whom k is entered from in month s
    enter = np.full((scenarios, count, months), np.inf)  # of all until k is entered in month s
    enter[:, :, 0] = once[:, :, 0]
    if rules.current is not None:
        current = options.index(rules.current)
        lead[current] = 0  # it is ready: it runs
        enter[:, :, 0] = moves(run, once, moved, options, rules)[:, current, :]
        enter[:, current, 0] = 0.0
    enter[:, lead > 0, 0] = np.inf
    if first is not None:
        enter[:, each != options.index(first), 0] = np.inf
    stay = np.zeros((scenarios, count, months))  # what staying from month s on has cost
    for end in range(1, months + 1):
        stay[:, :, :end] += run[:, :, end - 1, None]
        until = np.maximum(np.arange(end) + term, end + rules.parallel_months)
        left = enter[:, :, :end] + stay[:, :, :end] + _owed(paid, end, until)
        start[:, :, end] = np.argmin(left, axis=2)
        best = np.min(left, axis=2)
        if end < months:
            arrive = best[:, :, None] + once[:, None, :, end] + moved[:, None, None, end]
            arrive[:, each, each] = np.inf
            whence[:, :, end] = np.argmin(arrive, axis=1)
            enter[:, :, end] = np.min(arrive, axis=1)
            enter[:, lead > end, end] = np.inf
    last = np.argmin(best, axis=1)
    total = best[np.arange(scenarios), last]
    return Path(tuple(options), _walk(start, whence, last, total), total)


def _costs(running: Any, setup: Any, moved: Any) -> tuple[Floats, Floats, Floats]:
    """Return running cost and set-up by scenario, option and month, data moved by the first two."""
    costs, once = np.asarray(running, float), np.asarray(setup, float)
    once = np.broadcast_to(once[:, None] if once.ndim == 1 else once, costs.shape)
    moved = np.broadcast_to(moved, (costs.shape[0], costs.shape[2]))
    return np.where(np.isfinite(costs), costs, np.inf), once, moved


def _months_of(named: Mapping[str, int], options: Sequence[str]) -> NDArray[np.int64]:
    return np.array([named.get(name, 0) for name in options], dtype=np.int64)


def _paid(run: Floats) -> Floats:
    """Return what each has cost before month m, ``(scenarios, options, months + 1)``, if served."""
    spent: Floats = np.zeros((*run.shape[:2], run.shape[2] + 1))
    np.cumsum(np.where(np.isfinite(run), run, 0.0), axis=2, out=spent[:, :, 1:])
    return spent


def _owed(paid: Floats, end: int, until: NDArray[np.int64]) -> Floats:
    """Return what is paid after ``end``, to month ``until`` ``(options, stays)`` or the last."""
    most = paid.shape[2] - 1
    options = np.arange(paid.shape[1])[:, None]
    owed: Floats = paid[:, options, np.minimum(until, most)] - paid[:, :, end, None]
    return owed


def _walk(
    start: NDArray[np.int64], whence: NDArray[np.int64], last: NDArray[np.int64], total: Floats
) -> NDArray[np.int64]:
    """Return the option of each month, from where each stay began."""
    found = np.full((last.size, whence.shape[2]), BEGIN)
    for i in np.flatnonzero(np.isfinite(total)):
        option, end = int(last[i]), found.shape[1]
        while end > 0:
            begun = int(start[i, option, end])
            found[i, begun:end] = option
            option, end = int(whence[i, option, begun]), begun
    return found


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
    """Return what a given path costs in each scenario, by the rules of :func:`best_path`.

    ``months`` [1] has the number of the option of each month.  Infinite where one cannot serve,
    or is not ready.

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
