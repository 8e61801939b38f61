"""Compute programs for large arrays, in blocks whose intermediate results stay in cache."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from kafkatco.numerics.program import Program

__all__ = ["BLOCK", "blocks", "evaluate", "evaluate_into"]

#: The most numbers in a block.  With a quarter of it NumPy's overhead for each call is 30 % of the
#: time; with four times as many intermediate results no longer fit the cache.
BLOCK: Final = 32_768


def evaluate(program: Program, inputs: Mapping[str, ArrayLike]) -> tuple[NDArray[Any], ...]:
    """Return a program's results for inputs by name, each of the inputs' common shape.

    The results are those of calling the program, bit for bit; only memory and time differ.  A
    result that no input enters is a read-only view of one number.

    Examples
    --------
    >>> from kafkatco.numerics.tracing import Trace
    >>> trace = Trace()
    >>> x, y = trace.input("x"), trace.input("y")
    >>> program = Program.of(trace, [x * y, x > 1.0])
    >>> for result in evaluate(program, {"x": [[1.0], [2.0]], "y": [10.0, 20.0, 30.0]}):
    ...     print(result)
    [[10. 20. 30.]
     [20. 40. 60.]]
    [[False False False]
     [ True  True  True]]
    """
    arrays = _leaves(program, inputs)
    shape = np.broadcast_shapes(*(x.shape for x in arrays.values()))
    with np.errstate(all="ignore"):
        sample = program(**{name: x[(slice(1),) * x.ndim] for name, x in arrays.items()})
    results = [np.empty(shape, x.dtype) if np.ndim(x) else None for x in sample]
    evaluate_into([results], [program], inputs)
    return tuple(
        np.broadcast_to(x, shape) if result is None else result
        for x, result in zip(sample, results, strict=True)
    )


def evaluate_into(
    results: Sequence[Sequence[NDArray[Any] | None]],
    programs: Sequence[Program],
    inputs: Mapping[str, ArrayLike],
) -> None:
    """Fill the results of several programs, whose inputs are read once for all of them.

    Parameters
    ----------
    results
        For each program its results: arrays of the common shape of all inputs, which are filled, or
        ``None`` for a result that is not needed.
    programs
        What is computed.
    inputs
        Arrays by name, whose shapes broadcast.
    """
    arrays = [_leaves(program, inputs) for program in programs]
    shape = np.broadcast_shapes(*(x.shape for part in arrays for x in part.values()))
    with np.errstate(all="ignore"):
        for block in blocks(shape):
            for program, leaves, filled in zip(programs, arrays, results, strict=True):
                values = program(**{name: _part(x, block) for name, x in leaves.items()})
                for result, value in zip(filled, values, strict=True):
                    if result is not None:
                        result[block] = value


def blocks(shape: tuple[int, ...]) -> Iterator[tuple[slice, ...]]:
    """Yield the blocks of an array, of at most ``BLOCK`` numbers; last axes stay whole if they fit.

    >>> [[(x.start, x.stop) for x in block] for block in blocks((2, 40_000))]
    [[(0, 1), (0, 32768)], [(0, 1), (32768, 65536)], [(1, 2), (0, 32768)], [(1, 2), (32768, 65536)]]
    """
    room, steps = BLOCK, []
    for length in reversed(shape):
        steps.append(max(1, min(length, room)))
        room //= steps[-1]
    starts = (range(0, length, step) for length, step in zip(shape, reversed(steps), strict=True))
    for corner in itertools.product(*starts):
        yield tuple(
            slice(start, start + step) for start, step in zip(corner, reversed(steps), strict=True)
        )


def _leaves(program: Program, inputs: Mapping[str, ArrayLike]) -> dict[str, NDArray[Any]]:
    return {
        name: program.arrays[name] if name in program.arrays else np.asarray(inputs[name], float)
        for name in program.inputs
    }


def _part(x: NDArray[Any], block: tuple[slice, ...]) -> NDArray[Any]:
    """Return a block of an array that broadcasts to the whole."""
    own = block[len(block) - x.ndim :]
    part: NDArray[Any] = x[
        tuple(cut if length > 1 else slice(None) for cut, length in zip(own, x.shape, strict=True))
    ]
    return part
