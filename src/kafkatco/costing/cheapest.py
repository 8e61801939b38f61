"""The cheapest of some priced configurations, for floats, arrays and curves."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np

from kafkatco.numerics.typing import Condition, Operand

__all__ = ["Priced", "cheapest", "known_cost", "none_fits"]


class Priced(Protocol):
    """What of a configuration decides whether it is the cheapest."""

    @property
    def infeasible(self) -> Condition:
        """Where a limit is exceeded."""

    @property
    def floor(self) -> Condition:
        """Where the total is a floor."""

    @property
    def total(self) -> Operand:
        """The monthly cost."""


def known_cost(total: Operand, infeasible: Condition, floor: Condition) -> Operand:
    """Return the cost with which an option is ranked: infinite where infeasible or a floor.

    This is the rule that a floor never wins: whatever names a cheapest option compares these.

    >>> known_cost(np.array([1.0, 2.0, 3.0]), np.array([False, True, False]), [False, False, True])
    array([ 1., inf, inf])
    """
    return np.where(np.logical_or(infeasible, floor), np.inf, total)


def none_fits(candidates: Sequence[Priced]) -> Condition:
    """Return where all candidates are infeasible."""
    first, *others = candidates
    infeasible = first.infeasible
    for candidate in others:
        infeasible = np.logical_and(infeasible, candidate.infeasible)
    return infeasible


def cheapest(
    candidates: Sequence[Priced], infeasible: Condition
) -> tuple[Operand, Operand, Condition]:
    """Return the cost of the cheapest candidate, its index, and whether its cost is a floor.

    ``infeasible`` is whether all candidates are.
    """
    floors = [candidate.floor for candidate in candidates]
    known = [
        known_cost(candidate.total, candidate.infeasible, floor)
        for candidate, floor in zip(candidates, floors, strict=True)
    ]
    if not any(map(np.any, floors)):
        return *_least(known), False
    best, winner = _least(known)
    unknown: Condition = True
    for candidate, floor in zip(candidates, floors, strict=True):
        unknown = np.logical_and(unknown, np.logical_or(candidate.infeasible, floor))
    feasible = [np.where(one.infeasible, np.inf, one.total) for one in candidates]
    lowest, lowest_one = _least(feasible)
    floor = np.logical_and(unknown, np.logical_not(infeasible))
    return np.where(unknown, lowest, best), np.where(unknown, lowest_one, winner), floor


def _least(costs: Sequence[Operand]) -> tuple[Operand, Operand]:
    """Return the least of some costs and its index, the first of equal ones."""
    best: Operand = costs[0]
    least: Operand = 0.0
    for i, cost in enumerate(costs[1:], 1):
        least = np.where(cost < best, float(i), least)
        best = np.minimum(best, cost)
    return best, least
