"""Record which NumPy operations a formula applies to its inputs.

A :class:`Tracer` stands in for an input of a formula made of ufuncs, as an array or a
:class:`~kafkatco.Curve` does (NEP 13, NEP 18).  The formula then returns a tracer of its result,
from which a :class:`~kafkatco.numerics.program.Program` is made: it computes the formula again for
other inputs, without looking up prices or choosing between candidates.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any, Final

import numpy as np
from numpy.lib.mixins import NDArrayOperatorsMixin
from numpy.typing import NDArray

from kafkatco.errors import TraceError

__all__ = ["Step", "Trace", "Tracer"]

#: An operation and its arguments: the position of an earlier step, ``~position`` of an input, or a
#: constant in a tuple of one.
Step = tuple[Callable[..., Any], tuple[Any, ...]]

#: Constants that leave the other argument as it is: on the left, and on the right.
_LEFT_NEUTRAL: Final[dict[object, float]] = {np.add: 0.0, np.multiply: 1.0, np.logical_or: False}
_RIGHT_NEUTRAL: Final[dict[object, float]] = {**_LEFT_NEUTRAL, np.subtract: 0.0, np.divide: 1.0}
#: What Python's ``&``, ``|`` and ``~`` mean in a formula.
_LOGICAL: Final = {
    np.bitwise_and: np.logical_and,
    np.bitwise_or: np.logical_or,
    np.invert: np.logical_not,
}


class Trace:
    """The steps of formulas in order; a step that occurs twice is recorded once.

    Constants that are arrays, such as the lengths of months, become inputs with a value, kept in
    ``arrays``.

    Examples
    --------
    >>> trace = Trace()
    >>> x = trace.input("x")
    >>> _ = np.maximum(2.0 * x, 3.0), 2.0 * x + 1.0
    >>> len(trace.steps)  # 2 x once
    3
    """

    def __init__(self) -> None:
        self.inputs: list[str] = []
        self.arrays: dict[str, NDArray[Any]] = {}
        self.steps: list[Step] = []
        self._positions: dict[Hashable, int] = {}

    def input(self, name: str) -> Tracer:
        """Return the tracer of an input."""
        if name not in self.inputs:
            self.inputs.append(name)
        return Tracer(self, ~self.inputs.index(name))

    def step(self, operation: Callable[..., Any], arguments: tuple[Any, ...]) -> Tracer:
        """Record an operation and return the tracer of its result."""
        operands: list[Any] = []
        key: list[Hashable] = [operation]
        for argument in arguments:
            if isinstance(argument, Tracer):
                if argument.trace is not self:
                    raise TraceError("an operation on inputs of two different traces")
                operands.append(argument.position)
                key.append(argument.position)
                continue
            constant = np.asarray(argument)
            if constant.dtype == object:
                raise TraceError(f"{operation.__name__} with {type(argument).__name__}")
            content = (constant.dtype.str, constant.shape, constant.tobytes())
            # NumPy reads an array without dimensions faster than a scalar
            operands.append(self._array(constant, content) if constant.ndim else (constant,))
            key.append(content)
        position = self._positions.setdefault(tuple(key), len(self.steps))
        if position == len(self.steps):
            self.steps.append((operation, tuple(operands)))
        return Tracer(self, position)

    def _array(self, constant: NDArray[Any], content: Hashable) -> int:
        """Return the position of the input that has a constant array as its value."""
        number = self._positions.setdefault(content, len(self.arrays))
        name = f"array {number}"
        self.arrays.setdefault(name, constant)
        return self.input(name).position


class Tracer(NDArrayOperatorsMixin):
    """A stand-in for an input or for the result of a step, at ``position`` in its trace.

    It has no value: an operation that needs one, such as ``if``, raises
    :class:`~kafkatco.errors.TraceError`.  ``np.any`` of it is true, because it may be.
    """

    __slots__ = ("position", "trace")

    def __init__(self, trace: Trace, position: int) -> None:
        self.trace, self.position = trace, position

    def __repr__(self) -> str:
        position = self.position
        return f"Tracer({self.trace.inputs[~position] if position < 0 else position})"

    def __bool__(self) -> bool:
        raise TraceError("a formula must not depend on whether an input is true")

    def __float__(self) -> float:
        raise TraceError("a formula must not depend on the number that an input is")

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, **kwargs: Any) -> Any:
        if method != "__call__" or kwargs:
            raise TraceError(f"np.{ufunc.__name__}.{method} with {sorted(kwargs)} in a formula")
        operation = _LOGICAL.get(ufunc, ufunc)
        if len(inputs) == 2:
            left, right = inputs
            if operation is np.multiply and (_is(left, 0.0) or _is(right, 0.0)):
                return 0.0  # inputs are finite
            if operation in _LEFT_NEUTRAL and _is(left, _LEFT_NEUTRAL[operation]):
                return right
            if operation in _RIGHT_NEUTRAL and _is(right, _RIGHT_NEUTRAL[operation]):
                return left
        return self.trace.step(operation, inputs)

    def __array_function__(
        self, func: Callable[..., Any], types: Any, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> Any:
        if func is np.any and len(args) == 1 and not kwargs:
            return True
        if func is np.where and len(args) == 3 and not kwargs:
            return self.trace.step(np.where, args)
        raise TraceError(f"{func.__name__} in a formula; only np.where and np.any are supported")


def _is(argument: Any, number: float) -> bool:
    return not isinstance(argument, Tracer) and np.ndim(argument) == 0 and argument == number
