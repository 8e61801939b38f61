"""A formula written down: which NumPy operations it makes of which inputs.

A :class:`Traced` stands in for an input of a formula made of ufuncs, as an array or a
:class:`~kafkatco.Curve` does (NEP 13, NEP 18); the formula then returns how its result comes about,
which :class:`~kafkatco.numerics.program.Program` computes for as many inputs as one likes, without
looking up prices and choosing offers again.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any, Final

import numpy as np
from numpy.lib.mixins import NDArrayOperatorsMixin

from kafkatco.errors import TraceError

__all__ = ["Step", "Trace", "Traced"]

#: An operation and its arguments: places of earlier steps, or constants in a tuple of one.
Step = tuple[Callable[..., Any], tuple[Any, ...]]

#: What an operation is with such a constant first, or second: the other, or nothing at all.
_SAME_BEFORE: Final[dict[object, float]] = {np.add: 0.0, np.multiply: 1.0, np.logical_or: False}
_SAME_AFTER: Final[dict[object, float]] = {**_SAME_BEFORE, np.subtract: 0.0, np.divide: 1.0}
_LOGICAL: Final = {
    np.bitwise_and: np.logical_and,
    np.bitwise_or: np.logical_or,
    np.invert: np.logical_not,
}


class Trace:
    """The steps of formulas, in order, each once.

    >>> trace = Trace()
    >>> x = trace.input("x")
    >>> _ = np.maximum(2.0 * x, 3.0), 2.0 * x + 1.0
    >>> len(trace.steps)  # 2 x once
    3
    """

    def __init__(self) -> None:
        self.inputs: list[str] = []
        self.steps: list[Step] = []
        self._places: dict[Hashable, int] = {}

    def input(self, name: str) -> Traced:
        """Return what stands in for an input."""
        if name not in self.inputs:
            self.inputs.append(name)
        return Traced(self, ~self.inputs.index(name))

    def step(self, operation: Callable[..., Any], arguments: tuple[Any, ...]) -> Traced:
        """Return what stands in for the result of an operation."""
        read: list[Any] = []
        key: list[Hashable] = []
        for argument in arguments:
            if isinstance(argument, Traced):
                if argument.trace is not self:
                    raise TraceError("an operation on two formulas that were traced apart")
                read.append(argument.place)
                key.append(argument.place)
            else:
                constant = np.asarray(argument)
                if constant.dtype == object:
                    raise TraceError(f"{operation.__name__} with {type(argument).__name__}")
                read.append((constant[()],))
                key.append((constant.dtype.str, constant.shape, constant.tobytes()))
        place = self._places.setdefault((operation, *key), len(self.steps))
        if place == len(self.steps):
            self.steps.append((operation, tuple(read)))
        return Traced(self, place)


class Traced(NDArrayOperatorsMixin):
    """The result of a step, or an input: negative places count inputs, ``~place``.

    It has no value: what asks for one, such as an ``if``, is refused with
    :class:`~kafkatco.errors.TraceError`.  ``np.any`` of it is true, since it may be.
    """

    __slots__ = ("place", "trace")

    def __init__(self, trace: Trace, place: int) -> None:
        self.trace, self.place = trace, place

    def __repr__(self) -> str:
        return f"Traced({self.trace.inputs[~self.place] if self.place < 0 else self.place})"

    def __bool__(self) -> bool:
        raise TraceError("a formula asks whether an input is true: it must not depend on data")

    def __float__(self) -> float:
        raise TraceError("a formula asks what number an input is: it must not depend on data")

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, **kwargs: Any) -> Any:
        if method != "__call__" or kwargs:
            raise TraceError(f"np.{ufunc.__name__}.{method} with {sorted(kwargs)} in a formula")
        operation = _LOGICAL.get(ufunc, ufunc)
        if len(inputs) == 2:
            before, after = inputs
            if operation is np.multiply and (_is(before, 0.0) or _is(after, 0.0)):
                return 0.0  # inputs are finite
            if operation in _SAME_BEFORE and _is(before, _SAME_BEFORE[operation]):
                return after
            if operation in _SAME_AFTER and _is(after, _SAME_AFTER[operation]):
                return before
        return self.trace.step(operation, inputs)

    def __array_function__(
        self, func: Callable[..., Any], types: Any, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> Any:
        if func is np.any and len(args) == 1 and not kwargs:
            return True
        if func is np.where and len(args) == 3 and not kwargs:
            return self.trace.step(np.where, args)
        raise TraceError(f"{func.__name__} in a formula; np.where and np.any are supported")


def _is(argument: Any, number: float) -> bool:
    return not isinstance(argument, Traced) and np.ndim(argument) == 0 and argument == number
