"""How close two numbers must be to count as the same: each tolerance once, with its reason.

A float has 53 bits, so that one operation leaves an error of 1e-16 of the result.
"""

from __future__ import annotations

from typing import Final

__all__ = ["JUST_INSIDE", "ROUNDING", "SAME", "same"]

#: Relative.  What remains of a sum of some thousand terms in another order: costs, edges and counts
#: that are closer differ by rounding alone.
ROUNDING: Final = 1e-12

#: Relative.  Positions, sums and shares that went through units, roots or a user's decimals: wider
#: than any rounding on the way, and narrower than any digit that is shown.
SAME: Final = 1e-9

#: A share of a stretch.  A point so far within it is clear of its end, and stands for the stretch.
JUST_INSIDE: Final = 1e-6


def same(a: float, b: float) -> bool:
    """Return whether two numbers are the same but for units and rounding.

    >>> same(3 * 0.1, 0.3), same(1.0, 1.00001)
    (True, False)
    """
    return abs(a - b) <= SAME * max(abs(a), abs(b))
