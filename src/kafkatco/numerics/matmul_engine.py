"""Programs that are sums of months x draws: one product of matrices, quantities x prices.

Where only prices vary over draws and only traffic over months, a bill is a sum of lines, each a
quantity of the month times a price of the draw.  No step then has to be computed for each pair.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from kafkatco.numerics.program import Program

__all__ = ["Products"]

#: How many draws at once: results of 60 months then stay in a cache.
_DRAWS: Final = 4096
#: A sum of products: of what varies over months, ``(months | 1, 1)``, and over draws.
_Sum = list[tuple[Any, Any]]


class Products:
    """A program as a product of matrices, where the shapes of its inputs and its steps allow it.

    It takes inputs and fills results as :class:`~kafkatco.numerics.numpy_engine.Blocks` does.
    Terms are summed in another order: results agree to 1e-12 of the greatest
    term, and not bit for bit.

    Examples
    --------
    >>> from kafkatco.numerics.tracing import Trace
    >>> trace = Trace()
    >>> traffic, price = trace.input("traffic"), trace.input("price")
    >>> products = Products(Program.of(trace, [np.ceil(traffic) * price + 5.0]))
    >>> given = [np.array([[0.5], [1.5]]), np.array([[1.0, 2.0, 3.0]])]
    >>> products.fit(given)
    True
    >>> result = np.empty((2, 3))
    >>> products(given, [result])
    >>> result
    array([[ 6.,  7.,  8.],
           [ 7.,  9., 11.]])
    """

    def __init__(self, program: Program) -> None:
        self._program = program
        self._fit: dict[tuple[bool, ...], bool] = {}

    def fit(self, given: Sequence[NDArray[Any]]) -> bool:
        """Whether results are such sums of inputs of such shapes: it depends on these alone."""
        shapes = tuple(length > 1 for x in given for length in x.shape)
        if shapes not in self._fit:
            several = any(shapes[::2]) and any(shapes[1::2])
            self._fit[shapes] = several and self._sums([x[:2, :2] for x in given]) is not None
        return self._fit[shapes]

    def __call__(self, given: Sequence[NDArray[Any]], results: Sequence[NDArray[Any]]) -> None:
        """Fill the results."""
        months, draws = results[0].shape
        for start in range(0, draws, _DRAWS):
            part = slice(start, min(start + _DRAWS, draws))
            sums = self._sums([x[:, part] if x.shape[1] > 1 else x for x in given])
            assert sums is not None
            for result, terms in zip(results, sums, strict=True):
                if not isinstance(terms, list):
                    result[:, part] = terms
                    continue
                quantities = np.empty((months, len(terms)))
                prices = np.empty((len(terms), part.stop - part.start))
                for i, (of_months, of_draws) in enumerate(terms):
                    quantities[:, i : i + 1], prices[i] = of_months, of_draws
                np.matmul(quantities, prices, out=result[:, part])

    def _sums(self, given: Sequence[NDArray[Any]]) -> list[Any] | None:
        """Return each result: a sum, or what varies over months or draws alone."""
        values: list[Any] = []

        def value(argument: Any) -> Any:
            if isinstance(argument, tuple):
                return argument[0]
            return values[argument] if argument >= 0 else given[~argument]

        with np.errstate(all="ignore"):
            for operation, arguments in self._program.steps:
                found = _step(operation, [value(x) for x in arguments])
                if found is None:
                    return None
                values.append(found)
        return [value(x) for x in self._program.outputs]


def _step(operation: Any, read: Sequence[Any]) -> Any:
    """Return a value that varies over months or draws alone, a sum, or ``None``."""
    whole = any(isinstance(x, list) for x in read)
    if not whole and min(np.broadcast_shapes(*(np.shape(x) for x in read)) or (1,)) == 1:
        return operation(*read)
    if operation is np.where and _of_months(read[0]):
        return _chosen(*read)
    if operation is np.negative:
        return [(-of_months, of_draws) for of_months, of_draws in read[0]]
    if operation in (np.add, np.subtract):
        a, b = (_sum(x) for x in read)
        if a is None or b is None:
            return None
        return a + (b if operation is np.add else [(-x, y) for x, y in b])
    if operation in (np.multiply, np.divide):
        a, b = read
        if operation is np.multiply and isinstance(b, list):
            a, b = b, a
        terms = _sum(a)
        if terms is None or isinstance(b, list):
            return None
        if _of_months(b):
            return [(operation(x, b), y) for x, y in terms]
        return [(x, operation(y, b)) for x, y in terms] if _of_draws(b) else None
    return None


def _chosen(condition: Any, chosen: Any, other: Any) -> _Sum | None:
    """Return ``np.where`` of a condition that varies over months alone."""
    a, b = _sum(chosen), _sum(other)
    if a is None or b is None:
        return None
    return [(np.where(condition, x, 0.0), y) for x, y in a] + [
        (np.where(condition, 0.0, x), y) for x, y in b
    ]


def _sum(x: Any) -> _Sum | None:
    if isinstance(x, list):
        return x
    if _of_months(x):
        return [(x, 1.0)]
    return [(1.0, x)] if _of_draws(x) else None


def _of_months(x: Any) -> bool:
    return not isinstance(x, list) and (np.ndim(x) == 0 or np.shape(x)[1] == 1)


def _of_draws(x: Any) -> bool:
    return not isinstance(x, list) and (np.ndim(x) == 0 or np.shape(x)[0] == 1)
