"""Programs in plain NumPy, in blocks of months and draws that stay in a processor's cache."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from kafkatco.program import Program

__all__ = ["BLOCK", "Blocks", "cut"]

#: How many numbers a block has: from 16,384 on an operation costs more than its call, and what is
#: live of most programs still fits the caches.
BLOCK: Final = 16_384


class Blocks:
    """A program that is computed block by block, each step into memory that is used again.

    It takes inputs of shapes ``(months | 1, draws | 1)`` and fills results of shape
    ``(months, draws)``.  A step that does not vary over draws or months is computed without them.

    Examples
    --------
    >>> from kafkatco.tracing import Trace
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

    def __call__(self, given: Sequence[NDArray[Any]], results: Sequence[NDArray[Any]]) -> None:
        """Fill the results."""
        whole = tuple(np.broadcast_shapes(*(x.shape for x in given)))
        places, truths = self._plan([x.shape for x in given], whole)
        memory = [np.empty(min(BLOCK, whole[0] * whole[1]), bool if x else float) for x in truths]
        with np.errstate(all="ignore"):
            for months, draws in cut(results[0].shape):
                part = [_part(x, months, draws) for x in given]
                shape = np.broadcast_shapes(*(x.shape for x in part))
                size = shape[0] * shape[1]
                found = self._block(part, places, [x[:size].reshape(shape) for x in memory])
                for result, value in zip(results, found, strict=True):
                    result[months, draws] = value

    def _plan(
        self, shapes: Sequence[tuple[int, ...]], whole: tuple[int, ...]
    ) -> tuple[list[int | None], list[bool]]:
        """Return for each step which memory it fills, and which of these hold truths.

        A step that varies over less than the whole has no place: what it gives is small.
        """
        varies: list[tuple[int, ...]] = []
        places: list[int | None] = []
        truths: list[bool] = []
        free: dict[bool, list[int]] = {False: [], True: []}
        for (operation, arguments), ends, truth in zip(
            self._program.steps, self._program.last, self._truths, strict=True
        ):
            read = [x for x in arguments if isinstance(x, int)]
            shape = np.broadcast_shapes(*(varies[x] if x >= 0 else shapes[~x] for x in read))
            ended = [place for x in ends if (place := places[x]) is not None]
            if operation is not np.where:  # which fills its memory before it has read all
                for place in ended:
                    free[truths[place]].append(place)
            if shape != whole:
                places.append(None)
            elif free[truth]:
                places.append(free[truth].pop())
            else:
                places.append(len(truths))
                truths.append(truth)
            if operation is np.where:
                for place in ended:
                    free[truths[place]].append(place)
            varies.append(shape)
        return places, truths

    def _block(
        self, given: Sequence[NDArray[Any]], places: Sequence[int | None],
        memory: Sequence[NDArray[Any]],
    ) -> list[Any]:  # fmt: skip
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


def cut(shape: tuple[int, ...]) -> Iterator[tuple[slice, slice]]:
    """Yield blocks of at most ``BLOCK`` of months x draws: rows of draws, or whole months.

    >>> [(m.start, m.stop, d.start, d.stop) for m, d in cut((1, 20_000))]
    [(0, 1, 0, 16384), (0, 1, 16384, 20000)]
    """
    months, draws = shape
    height = max(1, BLOCK // max(draws, 1))
    width = BLOCK if height == 1 else max(draws, 1)
    for month in range(0, months, height):
        for draw in range(0, draws, width):
            yield (slice(month, min(month + height, months)),
                   slice(draw, min(draw + width, draws)))  # fmt: skip


def _part(x: NDArray[Any], months: slice, draws: slice) -> NDArray[Any]:
    """Return a block of what may lack months or draws."""
    return x[months if x.shape[0] > 1 else slice(None), draws if x.shape[1] > 1 else slice(None)]
