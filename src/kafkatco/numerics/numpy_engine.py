"""Programs in plain NumPy, in blocks of months and draws that stay in a processor's cache."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from kafkatco.numerics.program import Program

__all__ = ["BLOCK", "Blocks", "cut"]

#: How many numbers a block has.  Measured: with 8,192 a total takes 1.5 times as long, since calls
#: cost as much as what they compute; with 65,536 it takes 0.9 times as long, of twice the memory.
BLOCK: Final = 32_768
#: Which memory each step fills, if any, and which memory holds truths.
_Plan = tuple[list[int | None], list[bool]]
#: Each thread's memory: to ask for it at each call would cost as much as to fill it.
_KEPT: Final = threading.local()


class Blocks:
    """A program that is computed block by block, each step into memory that is used again.

    It takes inputs of shapes ``(months | 1, draws | 1)`` and fills results of shape
    ``(months, draws)``.  A step that does not vary over draws or months is computed without them.

    Examples
    --------
    >>> from kafkatco.numerics.tracing import Trace
    >>> trace = Trace()
    >>> x, y = trace.input("x"), trace.input("y")
    >>> blocks = Blocks(Program.of(trace, [np.ceil(x) * y]))
    >>> result = np.empty((2, 3))
    >>> blocks([np.array([[0.5], [1.5]]), np.array([[1.0, 2.0, 3.0]])], [result])
    >>> result
    array([[1., 2., 3.],
           [2., 4., 6.]])
    """

    def __init__(self, program: Program) -> None:
        self._program = program
        self._truths = program.truths
        self._plans: dict[tuple[tuple[bool, bool], ...], _Plan] = {}

    def __call__(self, given: Sequence[NDArray[Any]], results: Sequence[NDArray[Any]]) -> None:
        """Fill the results."""
        varies = tuple((x.shape[0] > 1, x.shape[1] > 1) for x in given)
        plan = self._plans.get(varies) or self._plans.setdefault(varies, self._plan(varies))
        months, draws = _union(varies)
        memory = _memory(plan[1])
        with np.errstate(all="ignore"):
            for block in cut(results[0].shape):
                part = [_part(x, *block) for x in given]
                shape = tuple(
                    x.stop - x.start if several else 1
                    for x, several in zip(block, (months, draws), strict=True)
                )
                size = shape[0] * shape[1]
                found = self._block(part, plan[0], [x[:size].reshape(shape) for x in memory])
                for result, value in zip(results, found, strict=True):
                    result[block] = value

    def _plan(self, given: Sequence[tuple[bool, bool]]) -> _Plan:
        """Return which memory is filled: of a step that varies less than the whole, none."""
        varies: list[tuple[bool, bool]] = []
        places: list[int | None] = []
        truths: list[bool] = []
        free: dict[bool, list[int]] = {False: [], True: []}
        for (operation, arguments), ends, truth in zip(
            self._program.steps, self._program.last, self._truths, strict=True
        ):
            read = [x for x in arguments if isinstance(x, int)]
            here = _union([varies[x] if x >= 0 else given[~x] for x in read])
            ended = [place for x in ends if (place := places[x]) is not None]
            if operation is not np.where:  # which fills its memory before it has read all
                for place in ended:
                    free[truths[place]].append(place)
            if here != _union(given):
                places.append(None)
            elif free[truth]:
                places.append(free[truth].pop())
            else:
                places.append(len(truths))
                truths.append(truth)
            if operation is np.where:
                for place in ended:
                    free[truths[place]].append(place)
            varies.append(here)
        return places, truths

    def _block(
        self,
        given: Sequence[NDArray[Any]],
        places: Sequence[int | None],
        memory: Sequence[NDArray[Any]],
    ) -> list[Any]:
        values: list[Any] = []

        def value(argument: Any) -> Any:
            if isinstance(argument, tuple):
                return argument[0]
            return values[argument] if argument >= 0 else given[~argument]

        for step, place in zip(self._program.steps, places, strict=True):
            operation, arguments = step
            read = [value(x) for x in arguments]
            if place is None:
                values.append(operation(*read))
            elif operation is np.where:
                condition, chosen, other = read
                into = memory[place]
                np.copyto(into, other)
                np.copyto(into, chosen, where=np.asarray(condition, bool))
                values.append(into)
            else:
                values.append(operation(*read, out=memory[place]))
        return [value(x) for x in self._program.outputs]


def _memory(truths: Sequence[bool]) -> list[NDArray[Any]]:
    """Return memory of this thread for numbers or truths, the same for all programs."""
    kept: dict[bool, list[NDArray[Any]]] = _KEPT.__dict__.setdefault("of", {False: [], True: []})
    for truth, arrays in kept.items():
        while len(arrays) < truths.count(truth):
            arrays.append(np.empty(BLOCK, bool if truth else float))
    unused = {truth: iter(arrays) for truth, arrays in kept.items()}
    return [next(unused[truth]) for truth in truths]


def cut(shape: tuple[int, ...]) -> Iterator[tuple[slice, slice]]:
    """Yield blocks of at most ``BLOCK`` of months x draws: rows of draws, or whole months.

    >>> [(m.start, m.stop, d.start, d.stop) for m, d in cut((1, 40_000))]
    [(0, 1, 0, 32768), (0, 1, 32768, 40000)]
    """
    months, draws = shape
    height = max(1, BLOCK // max(draws, 1))
    width = BLOCK if height == 1 else max(draws, 1)
    for month in range(0, months, height):
        for draw in range(0, draws, width):
            yield (slice(month, min(month + height, months)), slice(draw, min(draw + width, draws)))


def _union(varies: Sequence[tuple[bool, bool]]) -> tuple[bool, bool]:
    """Return whether any varies over months, and whether any does over draws."""
    return any(x[0] for x in varies), any(x[1] for x in varies)


def _part(x: NDArray[Any], months: slice, draws: slice) -> NDArray[Any]:
    """Return a block of what may lack months or draws."""
    return x[months if x.shape[0] > 1 else slice(None), draws if x.shape[1] > 1 else slice(None)]
