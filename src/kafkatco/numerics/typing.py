"""The types of numbers that formulas take."""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

__all__ = ["Condition", "Floats", "Operand"]

Floats: TypeAlias = NDArray[np.float64]

#: What a formula computes with: a float, an array that broadcasts, a Dask array, a
#: :class:`~kafkatco.Curve`, or what a trace has in its place.  They share NumPy's operators and
#: ufuncs and no base class, so that a type checker cannot name them.
Operand: TypeAlias = Any

#: A truth of each point of an operand: 1 or true where it holds.
Condition: TypeAlias = Any
