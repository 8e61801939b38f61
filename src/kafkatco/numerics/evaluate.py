"""Programs made ready to be computed for many inputs, on the fastest engine that is there."""

from __future__ import annotations

import contextlib
import math
from collections.abc import Iterator, Mapping, Sequence
from importlib.util import find_spec
from typing import Any, Final, Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from kafkatco.errors import CurveError, InputError, Problem, nearest
from kafkatco.numerics.curve import Curve
from kafkatco.numerics.matmul_engine import Products
from kafkatco.numerics.numpy_engine import Blocks, cut
from kafkatco.numerics.program import Program

__all__ = ["ENGINES", "Ready", "ready"]

ENGINES: Final = ("auto", "numpy", "fused")
#: What compiling takes, in steps x numbers of plain NumPy: 0.3 ms a step and 20 ms, at 0.35 ns.
_COMPILING: Final = (860_000, 57_000_000)
#: From how many steps on looking up a curve is faster, 30 ns, than NumPy and than the fused loop.
_CURVE_STEPS: Final = {False: 100, True: 700}


class Engine(Protocol):
    """What fills results of shape ``(months, draws)`` from inputs that broadcast to it."""

    def __call__(self, given: Sequence[NDArray[Any]], results: Sequence[NDArray[Any]]) -> None:
        """Fill the results."""


def ready(
    program: Program, *, engine: str = "auto", within: tuple[float, float] | None = None
) -> Ready:
    """Return a program that is computed for arrays, fast; it may be called in several threads.

    Parameters
    ----------
    program
        Formulas that were traced.
    engine
        ``"fused"`` compiles one loop, with the extra ``kafkatco[fast]``; ``"numpy"`` computes in
        blocks that stay in a cache; ``"auto"`` compiles where the extra is there, as soon as
        there has been as much to compute as compiling costs.  Both give the same, bit for bit,
        but for the two ways below.
    within
        The least and the greatest value of a program's only input, where they are known: a long
        program then is made a curve once, which is looked up.  Agrees to 1e-12.

    With plain NumPy, sums of what varies over months times what varies over draws are a product
    of matrices (:class:`~kafkatco.numerics.matmul_engine.Products`), which agrees to 1e-12 of
    their greatest term.

    Raises :class:`~kafkatco.errors.InputError` for an engine that is unknown or not installed.

    Examples
    --------
    >>> from kafkatco.numerics.tracing import Trace
    >>> trace = Trace()
    >>> x, y = trace.input("x"), trace.input("y")
    >>> run = ready(Program.of(trace, [x * y, x > 1.0, 7.0]), engine="numpy")
    >>> for result in run({"x": [[1.0], [2.0]], "y": [10.0, 20.0, 30.0]}):
    ...     print(result)
    [[10. 20. 30.]
     [20. 40. 60.]]
    [[False False False]
     [ True  True  True]]
    [[7. 7. 7.]
     [7. 7. 7.]]
    """
    return Ready(program, _checked(engine), within)


def _checked(engine: str) -> str:
    if engine not in ENGINES:
        problem = Problem("engine", repr(engine), "a way to compute", nearest(str(engine), ENGINES))
        raise InputError("evaluation", [problem])
    if engine != "numpy" and find_spec("llvmlite") is None:
        if engine == "fused":
            expected = "llvmlite, which is not installed: pip install 'kafkatco[fast]'"
            raise InputError("evaluation", [Problem("engine", "'fused'", expected)])
        return "numpy"
    return engine


class Ready:
    """A program and the engines that compute it; see :func:`ready`."""

    def __init__(
        self, program: Program, engine: str, within: tuple[float, float] | None = None
    ) -> None:
        self.program = program
        # results that are inputs or constants need no engine
        self._made = [i for i, place in enumerate(program.outputs) if _is_step(place)]
        core, self._constants = _lifted(program.only(*self._made))
        self._names = core.inputs[: len(core.inputs) - len(self._constants)]
        self._truths = [core.truths[place] for place in core.outputs]
        self._plain: Engine = _Plain(core, exact=engine != "numpy")
        self._fused: Engine | None = None
        self._waiting = math.inf  # how many numbers are computed before it pays to compile
        if engine != "numpy":
            from kafkatco.numerics.llvm_engine import Fused

            self._fused = Fused(core)
            fixed, shared = _COMPILING
            self._waiting = fixed + shared / max(len(core.steps), 1) if engine == "auto" else 0
        if within is not None and len(core.steps) >= _CURVE_STEPS[self._fused is not None]:
            with contextlib.suppress(CurveError, ValueError):  # not linear in pieces, no range
                self._plain, self._waiting = _Curves(core, *within), math.inf

    def __call__(
        self, inputs: Mapping[str, ArrayLike], out: Sequence[NDArray[Any]] | None = None
    ) -> tuple[NDArray[Any], ...]:
        """Return the results for inputs by name, each of the inputs' common shape.

        Results that no input enters are read-only views of one number.  ``out``, if given, are
        arrays of that shape that are filled and returned.
        """
        given = {name: np.asarray(inputs[name], float) for name in self.program.inputs}
        arrays = (*given.values(), *self._constants)
        shape = np.broadcast_shapes(*{x.shape for x in arrays})
        made = (
            [np.empty(shape, bool if x else float) for x in self._truths]
            if out is None
            else [out[i] for i in self._made]
        )
        if made:
            engine = self._engine(math.prod(shape))
            read = [given[name] for name in self._names]
            for part, filled in _planes([*read, *self._constants], made, shape):
                engine(part, filled)
        found = dict(zip(self._made, made, strict=True))
        results = []
        for i, place in enumerate(self.program.outputs):
            if i not in found:
                plain = place[0] if isinstance(place, tuple) else given[self.program.inputs[~place]]
                found[i] = np.broadcast_to(plain, shape)
                if out is not None:
                    out[i][...] = found[i]
                    found[i] = out[i]
            results.append(found[i])
        return tuple(results)

    def expect(self, size: int) -> None:
        """Count so many numbers that are still to come, so that it compiles before them."""
        self._waiting -= size

    def _engine(self, size: int) -> Engine:
        self.expect(size)
        return self._plain if self._fused is None or self._waiting > 0 else self._fused


def _is_step(place: Any) -> bool:
    return isinstance(place, int) and place >= 0


def _lifted(program: Program) -> tuple[Program, list[NDArray[np.float64]]]:
    """Return a program of the inputs that it reads, and of arrays that were constants in it."""
    read = {~x for _, arguments in program.steps for x in arguments if isinstance(x, int) and x < 0}
    moved = {~i: ~new for new, i in enumerate(sorted(read))}
    arrays: list[NDArray[np.float64]] = []

    def lifting(argument: Any) -> Any:
        if isinstance(argument, int):
            return moved.get(argument, argument)
        if np.ndim(argument[0]) == 0:
            return (np.asarray(argument[0]),)  # which NumPy reads faster than a scalar
        arrays.append(np.asarray(argument[0], float))
        return ~(len(read) + len(arrays) - 1)

    steps = tuple((op, tuple(lifting(x) for x in arguments)) for op, arguments in program.steps)
    names = [program.inputs[i] for i in sorted(read)] + [f"array {i}" for i in range(len(arrays))]
    return Program(tuple(names), steps, program.outputs, program.last), arrays


def _planes(
    given: Sequence[NDArray[Any]], results: Sequence[NDArray[Any]], shape: tuple[int, ...]
) -> Iterator[tuple[list[NDArray[Any]], list[NDArray[Any]]]]:
    """Yield inputs of shapes ``(months | 1, draws | 1)`` and results ``(months, draws)``."""
    if len(shape) > 2 or shape[-1:] == (1,):  # drop what has one place; a column is as good a row
        alone = tuple(i for i, length in enumerate(shape) if length == 1)
        given = [np.broadcast_to(x, shape).squeeze(alone) for x in given]
        results = [x.squeeze(alone) for x in results]
    given, results = ([x.reshape(1, -1) if x.ndim < 2 else x for x in y] for y in (given, results))
    planes = np.ndindex(results[0].shape[:-2]) if results[0].ndim > 2 else [...]
    for at in planes:
        yield [_narrow(x[at]) for x in given], [x[at] for x in results]


def _narrow(x: NDArray[Any]) -> NDArray[Any]:
    """Return months and draws that are all the same once."""
    if 0 not in x.strides:
        return x
    months, draws = (slice(None, 1) if step == 0 else slice(None) for step in x.strides)
    return x[months, draws]


class _Plain:
    """A program in plain NumPy: as a product of matrices where it need not be exact, in blocks."""

    def __init__(self, program: Program, *, exact: bool) -> None:
        self._blocks = Blocks(program)
        self._products = None if exact else Products(program)

    def __call__(self, given: Sequence[NDArray[Any]], results: Sequence[NDArray[Any]]) -> None:
        """Fill the results."""
        fits = self._products is not None and self._products.fit(given)
        engine: Engine = self._products if fits and self._products else self._blocks
        engine(given, results)


class _Curves:
    """A program of one input as exact curves of it, which are looked up block by block."""

    def __init__(self, program: Program, start: float, stop: float) -> None:
        if len(program.inputs) != 1:
            raise CurveError("a curve is of one input")
        x = Curve.identity(start, stop)
        self._curves = [0.0 * x + result for result in program(**{program.inputs[0]: x})]

    def __call__(self, given: Sequence[NDArray[Any]], results: Sequence[NDArray[Any]]) -> None:
        """Fill the results."""
        [x] = given
        for months, draws in cut(results[0].shape):
            for curve, result in zip(self._curves, results, strict=True):
                result[months, draws] = curve(x[months, draws])
