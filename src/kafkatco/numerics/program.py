"""Traced formulas that can be computed: for floats, NumPy arrays, Dask arrays or a curve."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from numpy.typing import NDArray

from kafkatco.numerics.tracing import Step, Trace, Tracer

__all__ = ["Program"]


@dataclass(frozen=True, slots=True, eq=False)
class Program:
    """The steps from inputs to results, and nothing else: no price book, no deployment.

    It is small, and can be sent to another process.

    Examples
    --------
    >>> import numpy as np
    >>> trace = Trace()
    >>> x, y = trace.input("x"), trace.input("y")
    >>> program = Program.of(trace, [np.ceil(x / 2.0) * y])
    >>> program(x=np.array([1.0, 3.0]), y=10.0)
    (array([10., 20.]),)
    """

    inputs: tuple[str, ...]
    arrays: Mapping[str, NDArray[Any]]  #: the inputs that have a value
    steps: tuple[Step, ...]
    outputs: tuple[Any, ...]  #: positions, or constants in a tuple of one
    freed: tuple[tuple[int, ...], ...]  #: for each step, the results that nothing needs after it

    @classmethod
    def of(cls, trace: Trace, results: Sequence[Any]) -> Program:
        """Return the program of some results, with only the steps that they need."""
        kept = list(_in_order(trace, [x.position for x in results if isinstance(x, Tracer)]))
        position_of = {old: new for new, old in enumerate(kept)}

        def moved(operand: Any) -> Any:
            return position_of.get(operand, operand) if isinstance(operand, int) else operand

        steps = [
            (operation, tuple(moved(x) for x in operands))
            for operation, operands in (trace.steps[position] for position in kept)
        ]
        outputs = tuple(moved(x.position) if isinstance(x, Tracer) else (x,) for x in results)
        needed = {x for x in outputs if isinstance(x, int)}
        freed: list[tuple[int, ...]] = []
        for _, operands in reversed(steps):
            last_used = {x for x in operands if isinstance(x, int) and x >= 0} - needed
            needed |= last_used
            freed.append(tuple(last_used))
        return cls(
            tuple(trace.inputs), dict(trace.arrays), tuple(steps), outputs, tuple(freed[::-1])
        )

    def traced(self) -> tuple[Trace, list[Any]]:
        """Return a trace and the results in it, for further operations on them."""
        trace = Trace()
        trace.inputs, trace.arrays = list(self.inputs), dict(self.arrays)
        trace.steps = list(self.steps)
        return trace, [Tracer(trace, x) if isinstance(x, int) else x[0] for x in self.outputs]

    @property
    def reads(self) -> frozenset[str]:
        """The inputs on which some result depends."""
        operands = [x for _, arguments in self.steps for x in arguments]
        return frozenset(
            self.inputs[~x] for x in (*operands, *self.outputs) if isinstance(x, int) and x < 0
        )

    def __call__(self, **inputs: Any) -> tuple[Any, ...]:
        """Return the results for inputs by name, whose shapes broadcast."""
        values: list[Any] = [None] * len(self.steps)
        leaves = [inputs[x] if x in inputs else self.arrays[x] for x in self.inputs]

        def value(operand: Any) -> Any:
            if isinstance(operand, tuple):
                return operand[0]
            return values[operand] if operand >= 0 else leaves[~operand]

        for i, (operation, operands) in enumerate(self.steps):
            values[i] = operation(*[value(x) for x in operands])
            for position in self.freed[i]:
                values[position] = None
        return tuple(value(x) for x in self.outputs)


def _in_order(trace: Trace, wanted: Sequence[int]) -> Iterator[int]:
    """Yield the steps that lead to some, each just before its first use: few results live."""
    done: set[int] = set()
    stack = [(position, False) for position in reversed(wanted)]
    while stack:
        position, operands_done = stack.pop()
        if position < 0 or position in done:
            continue
        if operands_done:
            done.add(position)
            yield position
            continue
        stack.append((position, True))
        operands = trace.steps[position][1]
        stack += [(x, False) for x in reversed(operands) if isinstance(x, int)]
