"""Programs made ready to be computed for many inputs, on the fastest engine that is there."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from importlib.util import find_spec
from typing import Any, Final, Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from kafkatco.blocks import Blocks, cut
from kafkatco.curve import Curve
from kafkatco.errors import CurveError, InputError, Problem, nearest
from kafkatco.products import Products
from kafkatco.program import Program

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
    of matrices (:class:`~kafkatco.products.Products`), which agrees to 1e-12 of their greatest
    term.

    Raises :class:`~kafkatco.errors.InputError` for an engine that is unknown or not installed.

    Examples
    --------
    >>> from kafkatco.tracing import Trace
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
        problem = Problem("engine", repr(engine), "a way to compute", nearest(engine, ENGINES))
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
        self._truths = [core.truths[place] for place in program.only(*self._made).outputs]
        self._plain = _numpy(core, exact=engine != "numpy")
        self._fused: Engine | None = None
        self._waiting = math.inf  # how many numbers are computed before it pays to compile
        if engine != "numpy":
            from kafkatco.fused import Fused

            self._fused = Fused(core)
            fixed, shared = _COMPILING
            steps = max(len(core.steps), 1)
            self._waiting = fixed + shared / steps if engine == "auto" else 0
        if within is not None and len(core.steps) >= _CURVE_STEPS[self._fused is not None]:
            try:
                self._plain = _Curves(core, *within)
            except (CurveError, ValueError):  # not linear in pieces, or nothing varies
                return
            self._waiting = math.inf

    def __call__(
        self,
        inputs: Mapping[str, ArrayLike],
        out: Sequence[NDArray[Any]] | None = None,
    ) -> tuple[NDArray[Any], ...]:
        """Return the results for inputs by name, each of the inputs' common shape.

        Results that no input enters are read-only views of one number.  ``out``, if given, are
        arrays of that shape that are filled and returned.
        """
        given = [np.asarray(inputs[name], float) for name in self.program.inputs]
        shape = np.broadcast_shapes(*(x.shape for x in given), *(x.shape for x in self._constants))
        made = [np.empty(shape, bool if x else float) for x in self._truths] if out is None else [
            out[i] for i in self._made
        ]  # fmt: skip
        if made:
            size = math.prod(shape)
            engine = self._engine(size)
            for part, filled in _planes([*given, *self._constants], made, shape):
                engine(part, filled)
        found = dict(zip(self._made, made, strict=True))
        results = []
        for i, place in enumerate(self.program.outputs):
            if i not in found:
                plain = place[0] if isinstance(place, tuple) else given[~place]
                found[i] = np.broadcast_to(plain, shape)
                if out is not None:
                    out[i][...] = found[i]
                    found[i] = out[i]
            results.append(found[i])
        return tuple(results)

    def _engine(self, size: int) -> Engine:
        self._waiting -= size
        return self._plain if self._fused is None or self._waiting > 0 else self._fused


def _is_step(place: Any) -> bool:
    return isinstance(place, int) and place >= 0


def _lifted(program: Program) -> tuple[Program, list[NDArray[np.float64]]]:
    """Return a program whose constants are numbers, and those that were arrays: inputs now."""
    arrays: list[NDArray[np.float64]] = []

    def lifting(argument: Any) -> Any:
        if not isinstance(argument, tuple) or np.ndim(argument[0]) == 0:
            return argument
        arrays.append(np.asarray(argument[0], float))
        return ~(len(program.inputs) + len(arrays) - 1)

    steps = tuple((op, tuple(lifting(x) for x in arguments)) for op, arguments in program.steps)
    names = tuple(f"constant {i}" for i in range(len(arrays)))
    return Program((*program.inputs, *names), steps, program.outputs, program.last), arrays


def _planes(
    given: Sequence[NDArray[Any]], results: Sequence[NDArray[Any]], shape: tuple[int, ...]
) -> Iterator[tuple[list[NDArray[Any]], list[NDArray[Any]]]]:
    """Yield inputs of shapes ``(months | 1, draws | 1)`` and results ``(months, draws)``."""
    if len(shape) <= 2 and shape[-1:] != (1,):  # nothing to look at
        yield [x if x.ndim == 2 else x.reshape(1, -1) for x in given], [
            x if x.ndim == 2 else x.reshape(1, -1) for x in results
        ]
        return
    alone = tuple(i for i, length in enumerate(shape) if length == 1)
    wide = [np.broadcast_to(x, shape).squeeze(alone) for x in given]
    into = [x.squeeze(alone) for x in results]
    lacking = max(0, 2 - into[0].ndim)
    wide = [x.reshape((1,) * lacking + x.shape) for x in wide]
    into = [x.reshape((1,) * lacking + x.shape) for x in into]
    for at in np.ndindex(into[0].shape[:-2]):
        yield [_narrow(x[at]) for x in wide], [x[at] for x in into]


def _narrow(x: NDArray[Any]) -> NDArray[Any]:
    """Return months and draws that are all the same once."""
    months, draws = (slice(None, 1) if step == 0 else slice(None) for step in x.strides)
    return x[months, draws]


def _numpy(program: Program, *, exact: bool) -> Engine:
    blocks, products = Blocks(program), Products(program)

    def compute(given: Sequence[NDArray[Any]], results: Sequence[NDArray[Any]]) -> None:
        engine: Engine = products if not exact and products.fit(given) else blocks
        engine(given, results)

    return compute


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
