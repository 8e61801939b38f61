"""Round positions along an axis: 1, 2 and 5 of each power of ten."""

from __future__ import annotations

import math
from typing import Final

from kafkatco.numerics.tolerance import SAME

__all__ = ["ladder"]

#: From zero, which no power of ten reaches, this many decades below the stop count.
DECADES: Final = 3


def ladder(start: float, stop: float) -> list[float]:
    """Return 1, 2, 5, 10, ... between ``start``, at least 0, and ``stop``, with both ends.

    >>> ladder(0.1, 3.0)
    [0.1, 0.2, 0.5, 1.0, 2.0, 3.0]
    >>> ladder(0.0, 1.0)
    [0.0, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0]
    """
    least = start * (1 + SAME) if start > 0 else stop * 10.0**-DECADES * (1 - SAME)
    powers = range(math.floor(math.log10(least)), math.ceil(math.log10(stop)) + 1)
    steps = [float(f"{digit}e{power}") for power in powers for digit in (1, 2, 5)]
    return [start, *(x for x in steps if least < x < stop * (1 - SAME)), stop]
