"""Formulas that were traced, ready to be computed: for floats, arrays, Dask arrays or a curve."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from kafkatco.numerics.tracing import Step, Trace, Traced

__all__ = ["Program"]

#: What gives a truth of anything, and what does of truths alone.
_TRUTHS: Final = frozenset(
    {
        np.greater,
        np.greater_equal,
        np.less,
        np.less_equal,
        np.equal,
        np.not_equal,
        np.logical_and,
        np.logical_or,
        np.logical_not,
    }
)
_OF_TRUTHS: Final = frozenset({np.where, np.add, np.multiply, np.maximum, np.minimum})


@dataclass(frozen=True, slots=True, eq=False)
class Program:
    """The steps that lead from inputs to results, and nothing else: no price book, no deployment.

    ``last`` says for each step which values nothing needs after it, so that memory in a cache is
    used again.  A program can be sent to another process.

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
    steps: tuple[Step, ...]
    outputs: tuple[Any, ...]  #: places, or constants in a tuple of one
    last: tuple[tuple[int, ...], ...]

    @classmethod
    def of(cls, trace: Trace, results: Sequence[Any]) -> Program:
        """Return the program of some results, with the steps that these need."""
        kept = list(_in_order(trace, [x.place for x in results if isinstance(x, Traced)]))
        moved = {place: i for i, place in enumerate(kept)}

        def moving(argument: Any) -> Any:
            return moved.get(argument, argument) if isinstance(argument, int) else argument

        steps = [
            (operation, tuple(moving(x) for x in arguments))
            for operation, arguments in (trace.steps[place] for place in kept)
        ]
        outputs = tuple(moving(x.place) if isinstance(x, Traced) else (x,) for x in results)
        last: list[tuple[int, ...]] = []
        done = {x for x in outputs if isinstance(x, int)}
        for _, arguments in reversed(steps):
            ends = {x for x in arguments if isinstance(x, int) and x >= 0} - done
            done |= ends
            last.append(tuple(ends))
        return cls(tuple(trace.inputs), tuple(steps), outputs, tuple(last[::-1]))

    def traced(self) -> tuple[Trace, list[Any]]:
        """Return its results as a formula's inputs may stand for them, to go on from."""
        trace = Trace()
        trace.inputs, trace.steps = list(self.inputs), list(self.steps)
        return trace, [Traced(trace, x) if isinstance(x, int) else x[0] for x in self.outputs]

    def only(self, *which: int) -> Program:
        """Return the program of some of the results, in that order."""
        trace, results = self.traced()
        return self.of(trace, [results[i] for i in which])

    @property
    def reads(self) -> frozenset[str]:
        """The inputs that some result depends on."""
        read = [x for _, arguments in self.steps for x in arguments]
        places = (x for x in (*read, *self.outputs) if isinstance(x, int) and x < 0)
        return frozenset(self.inputs[~place] for place in places)

    @property
    def truths(self) -> tuple[bool, ...]:
        """Whether each step gives truths, as it does with NumPy, and not numbers."""
        found: list[bool] = []
        for operation, arguments in self.steps:
            values = arguments[1:] if operation is np.where else arguments
            of_truths = all(_is_truth(x, found) for x in values)
            found.append(operation in _TRUTHS or (operation in _OF_TRUTHS and of_truths))
        return tuple(found)

    def __call__(self, **inputs: Any) -> tuple[Any, ...]:
        """Return the results for inputs of any shapes that broadcast, each by its name."""
        given = [inputs[name] for name in self.inputs]
        values: list[Any] = [None] * len(self.steps)

        def value(argument: Any) -> Any:
            if isinstance(argument, tuple):
                return argument[0]
            return values[argument] if argument >= 0 else given[~argument]

        for i, (operation, arguments) in enumerate(self.steps):
            values[i] = operation(*[value(x) for x in arguments])
            for ended in self.last[i]:
                values[ended] = None
        return tuple(value(x) for x in self.outputs)


def _is_truth(argument: Any, truths: Sequence[bool]) -> bool:
    if isinstance(argument, tuple):
        return np.asarray(argument[0]).dtype == bool
    return bool(argument >= 0 and truths[argument])


def _in_order(trace: Trace, wanted: Sequence[int]) -> Iterator[int]:
    """Yield the steps that lead to some, each right before what needs it: few values live."""
    done: set[int] = set()
    todo = [(place, False) for place in reversed(wanted)]
    while todo:
        place, ready = todo.pop()
        if place < 0 or place in done:
            continue
        if ready:
            done.add(place)
            yield place
            continue
        todo.append((place, True))
        arguments = trace.steps[place][1]
        todo += [(x, False) for x in reversed(arguments) if isinstance(x, int)]
