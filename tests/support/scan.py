"""A dense scan for sign changes, with which the exact crossings must agree."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from kafkatco import Crossing


def sign_changes(x: Any, a: Any, b: Any) -> list[tuple[float, float]]:
    """Return the cells (low, high] between which the sign of a - b changes.

    Differences of rounding (1e-12 of the costs) have no sign, and points where either is not
    finite end a stretch.
    """
    with np.errstate(invalid="ignore"):
        difference = a - b
        sign = np.sign(difference)
        sign[np.abs(difference) <= 1e-12 * np.maximum(np.abs(a), np.abs(b))] = 0
    sign[~np.isfinite(difference)] = np.nan
    cells = []
    last, at = 0.0, float(x[0])
    for i in np.flatnonzero(sign != 0):
        if np.isnan(sign[i]):
            last = 0.0
            continue
        if last and sign[i] != last:
            cells.append((at, float(x[i])))
        last, at = float(sign[i]), float(x[i])
    return cells


def assert_same(crossings: Sequence[Crossing], cells: Sequence[tuple[float, float]]) -> None:
    """Assert that each sign change of the scan is among the crossings, an odd number of times."""
    at = np.array([(c.x, c.until) for c in crossings]).reshape(-1, 2)
    for low, high in cells:
        slack = 1e-9 * high
        inside = np.count_nonzero((at[:, 0] >= low - slack) & (at[:, 1] <= high + slack))
        assert inside % 2 == 1, (low, high, crossings)
