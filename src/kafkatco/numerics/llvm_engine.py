"""Programs compiled to one loop over months and draws, through LLVM; needs the extra ``fast``.

Every step becomes the same operation of IEEE 754, in the same order, as NumPy's: nothing is
reordered, contracted or assumed away, so that results are those of NumPy, bit for bit (of two zeros
that differ by sign, ``np.maximum`` and ``np.minimum`` may take the other).  What LLVM
adds is that no result goes through memory between steps, and eight or four draws at once.
"""

from __future__ import annotations

import ctypes
import threading
from collections.abc import Callable, Sequence
from typing import Any, Final

import llvmlite.binding as llvm
import numpy as np
from llvmlite import ir
from numpy.typing import NDArray

from kafkatco.errors import TraceError
from kafkatco.numerics.program import Program

__all__ = ["Fused"]

_DOUBLE: Final = ir.DoubleType()
_LONG: Final = ir.IntType(64)
_BIT: Final = ir.IntType(1)
_BYTE: Final = ir.IntType(8)
_ORDERED: Final = {
    np.greater: ">",
    np.greater_equal: ">=",
    np.less: "<",
    np.less_equal: "<=",
    np.equal: "==",
}
_COMPILING: Final = threading.Lock()


class Fused:
    """A program as machine code of this processor, compiled when it is first called.

    It takes inputs of shapes ``(months | 1, draws | 1)`` and fills results of shape
    ``(months, draws)``, of floats or truths.  What does not vary over draws is computed once a
    month, so that each pattern of what varies is compiled by itself.  Calls may run in several
    threads at once: they hold no lock of Python's.

    Examples
    --------
    >>> import numpy as np
    >>> from kafkatco.numerics.tracing import Trace
    >>> trace = Trace()
    >>> x, y = trace.input("x"), trace.input("y")
    >>> fused = Fused(Program.of(trace, [np.ceil(x) * y]))
    >>> result = np.empty((2, 3))
    >>> fused([np.array([[0.5], [1.5]]), np.array([[1.0, 2.0, 3.0]])], [result])
    >>> result
    array([[1., 2., 3.],
           [2., 4., 6.]])
    """

    def __init__(self, program: Program) -> None:
        self._program = program
        self._kernels: dict[tuple[bool, ...], tuple[Callable[..., None], Any]] = {}

    def __call__(self, given: Sequence[NDArray[Any]], results: Sequence[NDArray[Any]]) -> None:
        """Fill the results."""
        months, draws = results[0].shape
        given = [x if _in_line(x) else np.ascontiguousarray(x) for x in given]
        filled = [x if _in_line(x) else np.empty_like(x, order="C", subok=False) for x in results]
        varies = tuple(x.shape[1] > 1 for x in given)
        kernel, _ = self._kernels.get(varies) or self._compiled(varies)
        arguments = []
        for x in (*given, *filled):
            step = x.strides[0] // x.itemsize if x.shape[0] > 1 else 0
            arguments += [x.__array_interface__["data"][0], step]
        kernel(months, draws, *arguments)
        for x, result in zip(filled, results, strict=True):
            if x is not result:
                result[...] = x

    def _compiled(self, varies: tuple[bool, ...]) -> tuple[Callable[..., None], Any]:
        with _COMPILING:
            if varies not in self._kernels:
                engine = _machine_code(str(_module(self._program, varies)))
                pointers = len(varies) + len(self._program.outputs)
                kind = ctypes.CFUNCTYPE(
                    None,
                    *(ctypes.c_int64, ctypes.c_int64),
                    *(ctypes.c_void_p, ctypes.c_int64) * pointers,
                )
                self._kernels[varies] = kind(engine.get_function_address("run")), engine
            return self._kernels[varies]


def _in_line(x: NDArray[Any]) -> bool:
    """Whether draws lie side by side in memory."""
    return x.flags.aligned and (x.shape[1] == 1 or x.strides[1] == x.itemsize)


def _machine_code(text: str) -> Any:
    """Return an engine that holds the function; the second level vectorises as the third does."""
    if llvm.llvm_version_info[0] < 20:  # later versions do it themselves
        llvm.initialize()
    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    module = llvm.parse_assembly(text)
    target = llvm.Target.from_default_triple().create_target_machine(
        cpu=llvm.get_host_cpu_name(),
        features=llvm.get_host_cpu_features().flatten(),
        opt=2,
        jit=True,
    )
    tuning = llvm.create_pipeline_tuning_options(speed_level=2)
    tuning.loop_vectorization = True
    tuning.loop_interleaving = tuning.loop_unrolling = False
    passes = llvm.create_pass_builder(target, tuning)
    passes.getModulePassManager().run(module, passes)
    engine = llvm.create_mcjit_compiler(module, target)
    engine.finalize_object()
    return engine


def _module(program: Program, varies: Sequence[bool]) -> ir.Module:
    """Return the loops: months outside, draws inside, and in them every step once."""
    module = ir.Module("kafkatco")
    truths = program.truths
    results = [_BYTE if truths[place] else _DOUBLE for place in program.outputs]
    elements = [*[_DOUBLE] * len(varies), *results]
    parts: list[ir.Type] = []
    for element in elements:
        parts += [element.as_pointer(), _LONG]
    kind = ir.FunctionType(ir.VoidType(), [_LONG, _LONG, *parts])
    function = ir.Function(module, kind, "run")
    for argument in function.args[2::2]:
        argument.add_attribute("noalias")
    months, draws = function.args[:2]
    blocks = [function.append_basic_block(x) for x in ("entry", "month", "draw", "next", "end")]
    entry, month, draw, following, end = blocks
    build = ir.IRBuilder(entry)
    some = build.and_(
        build.icmp_signed(">", months, _LONG(0)), build.icmp_signed(">", draws, _LONG(0))
    )
    build.cbranch(some, month, end)

    build.position_at_end(month)
    row = build.phi(_LONG)
    row.add_incoming(_LONG(0), entry)
    starts = [
        build.gep(pointer, [build.mul(row, step)], source_etype=element)
        for pointer, step, element in zip(
            function.args[2::2], function.args[3::2], elements, strict=True
        )
    ]
    fixed = {i: build.load(starts[i], typ=_DOUBLE) for i, x in enumerate(varies) if not x}
    build.branch(draw)

    build.position_at_end(draw)
    column = build.phi(_LONG)
    column.add_incoming(_LONG(0), month)
    given = [
        fixed[i]
        if i in fixed
        else build.load(build.gep(starts[i], [column], source_etype=_DOUBLE), typ=_DOUBLE)
        for i in range(len(varies))
    ]
    found = _steps(build, program, given)
    for value, start, element in zip(found, starts[len(varies) :], results, strict=True):
        stored = build.zext(value, _BYTE) if element is _BYTE else value
        build.store(stored, build.gep(start, [column], source_etype=element))
    after = build.add(column, _LONG(1))
    column.add_incoming(after, draw)
    build.cbranch(build.icmp_signed("<", after, draws), draw, following)

    build.position_at_end(following)
    after = build.add(row, _LONG(1))
    row.add_incoming(after, following)
    build.cbranch(build.icmp_signed("<", after, months), month, end)
    build.position_at_end(end)
    build.ret_void()
    return module


def _steps(build: Any, program: Program, given: Sequence[Any]) -> list[Any]:
    values: list[Any] = []

    def value(argument: Any) -> Any:
        if not isinstance(argument, tuple):
            return values[argument] if argument >= 0 else given[~argument]
        constant = np.asarray(argument[0])
        return _BIT(int(constant)) if constant.dtype == bool else _DOUBLE(float(constant))

    for (operation, arguments), truth in zip(program.steps, program.truths, strict=True):
        values.append(_step(build, operation, [value(x) for x in arguments], truth=truth))
    return [value(x) for x in program.outputs]


def _step(build: Any, operation: Callable[..., Any], x: list[Any], *, truth: bool) -> Any:
    """Return the value of a step: of type ``i1`` where it is a truth, else ``double``."""
    if operation is np.where:
        chosen = x[1:] if truth else [_number(build, y) for y in x[1:]]
        return build.select(_truth(build, x[0]), *chosen)
    if operation in (np.logical_or, np.logical_and) or (truth and operation in _ON_TRUTHS):
        x = [_truth(build, y) for y in x]
        either = operation in (np.logical_or, np.add, np.maximum)
        return build.or_(*x) if either else build.and_(*x)
    if operation is np.logical_not:
        return build.not_(_truth(build, *x))
    x = [_number(build, y) for y in x]
    if operation in _ORDERED:
        return build.fcmp_ordered(_ORDERED[operation], *x)
    if operation is np.not_equal:
        return build.fcmp_unordered("!=", *x)
    if operation in (np.maximum, np.minimum):
        return _extreme(build, ">" if operation is np.maximum else "<", *x)
    if operation in (np.ceil, np.floor, np.absolute):
        name = "fabs" if operation is np.absolute else operation.__name__
        return build.call(build.module.declare_intrinsic(f"llvm.{name}", [_DOUBLE]), x)
    arithmetic = {
        np.add: build.fadd,
        np.subtract: build.fsub,
        np.multiply: build.fmul,
        np.divide: build.fdiv,
        np.negative: build.fneg,
        np.positive: lambda y: y,
    }
    if operation not in arithmetic:
        raise TraceError(f"np.{operation.__name__} in a formula that is compiled")
    return arithmetic[operation](*x)


_ON_TRUTHS: Final = (np.add, np.multiply, np.maximum, np.minimum)


def _extreme(build: Any, sign: str, x: Any, y: Any) -> Any:
    """Return the greater or the smaller; not a number where either is none, as NumPy has it."""
    if _is_number(x):  # y where that is none
        return build.select(build.fcmp_ordered(sign, x, y), x, y)
    if _is_number(y):  # x where that is none
        return build.select(build.fcmp_unordered(sign, x, y), x, y)
    extreme = build.select(build.fcmp_ordered(sign, x, y), x, y)  # y where either is none
    return build.select(build.fcmp_unordered("uno", x, x), x, extreme)


def _is_number(x: Any) -> bool:
    return isinstance(x, ir.Constant) and not np.isnan(x.constant)


def _number(build: Any, x: Any) -> Any:
    return build.uitofp(x, _DOUBLE) if x.type == _BIT else x


def _truth(build: Any, x: Any) -> Any:
    return x if x.type == _BIT else build.fcmp_unordered("!=", x, _DOUBLE(0.0))
