"""Payback: the months in which a deployment becomes cheaper, and a move has paid for itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

__all__ = ["Timing", "overtakes", "pays_back"]


@dataclass(frozen=True, slots=True)
class Timing:
    """Months of a move, from 1; ``None`` if there is no such month.

    ``first`` is the first month in which the new deployment costs less, ``durable`` the month from
    which it costs less to the end.  ``payback`` is the month by whose end a move in month 1 has
    paid for itself.
    """

    first: int | None
    durable: int | None
    payback: int | None


def overtakes(old: Any, new: Any) -> tuple[int | None, int | None]:
    """Return the first month in which ``new`` costs less than ``old``, and the durable one.

    Both are costs by month, shape ``(months,)`` [currency], infinite if infeasible: the other one
    then costs less.

    >>> overtakes([1, 1, 3, 1, 3, 3], [2, 2, 2, 2, 2, 2])
    (3, 5)
    """
    less = np.asarray(new, float) < np.asarray(old, float)
    if not less.any():
        return None, None
    first = int(np.argmax(less)) + 1
    if not less[-1]:
        return first, None
    back = less[::-1]
    run = int(np.argmin(back)) if not back.all() else less.size
    return first, less.size - run + 1


def pays_back(old: Any, new: Any, once: float) -> int | None:
    """Return the month by whose end ``once`` and the new costs are at most the old ones.

    ``once`` [currency] is the cost of a move in month 1: setup, parallel running, data movement
    and remaining commitments.  A month in which both costs are infinite is left out.  ``None`` if
    the move has not paid for itself at the end.

    >>> pays_back([10, 10, 10, 10], [4, 4, 4, 4], 15.0)
    3
    """
    before, after = np.asarray(old, float), np.asarray(new, float)
    neither = np.isinf(before) & np.isinf(after)
    with np.errstate(invalid="ignore"):  # infinity minus infinity is NaN: not paid back
        ahead = np.cumsum(np.where(neither, 0.0, before - after)) - once
    paid = np.flatnonzero(~(ahead >= 0.0))
    if paid.size == 0:
        return 1
    return int(paid[-1]) + 2 if paid[-1] + 1 < ahead.size else None
