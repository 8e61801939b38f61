"""The compiled loop and the blocks give what NumPy gives, bit for bit."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from kafkatco import Scenario
from kafkatco.analysis.axes import find_axis
from kafkatco.analysis.comparison import basis_of
from kafkatco.analysis.cost_programs import formulas
from kafkatco.errors import TraceError
from kafkatco.numerics.llvm_engine import Fused
from kafkatco.numerics.numpy_engine import BLOCK, Blocks
from kafkatco.numerics.program import Program
from kafkatco.numerics.tracing import Trace, Traced

SPECIAL = [np.nan, np.inf, -np.inf, 0.0, -0.0, 1.0, -1.5, 2.5, 1e308, 5e-324, 1e16]
BOTH = (np.add, np.multiply, np.maximum, np.minimum)
PAIRS = (np.subtract, np.divide)
ALONE = (np.ceil, np.floor, np.negative, np.absolute, np.positive)
TRUE = (
    np.greater,
    np.greater_equal,
    np.less,
    np.less_equal,
    np.equal,
    np.not_equal,
    np.logical_and,
    np.logical_or,
)
INPUTS = ("x", "y", "z")


@st.composite
def programs(draw: st.DrawFn) -> Program:
    """Random formulas of three inputs, of every operation that a program may have."""
    trace = Trace()
    numbers: list[Any] = [trace.input(name) for name in INPUTS]
    truths: list[Any] = []
    constant = st.sampled_from([*SPECIAL, 3, True, False])

    def pick(values: Sequence[Any]) -> Any:
        return draw(st.one_of(st.sampled_from(values), constant) if values else constant)

    for _ in range(draw(st.integers(1, 20))):
        first = draw(st.sampled_from(numbers))
        operation: Any = draw(
            st.sampled_from([*BOTH, *PAIRS, *ALONE, *TRUE, np.where, np.logical_not])
        )
        if operation is np.where:
            condition = draw(st.sampled_from([*truths, *numbers]))
            numbers.append(trace.step(np.where, (condition, first, pick(numbers))))
        elif operation in BOTH:
            made = trace.step(operation, (first, pick([*numbers, *truths])))
            # of zeros that differ by sign either may be the greater: add 0, which makes them one
            numbers.append(trace.step(np.add, (made, 0.0)))
        elif operation in PAIRS:
            numbers.append(trace.step(operation, (pick(numbers), first)))
        elif operation in ALONE:
            numbers.append(trace.step(operation, (first,)))
        elif operation is np.logical_not:
            truths.append(trace.step(operation, (draw(st.sampled_from([first, *truths])),)))
        else:
            truths.append(trace.step(operation, (first, pick([*numbers, *truths]))))
    return Program.of(trace, numbers[3:] + truths)


def computed(program: Program, inputs: dict[str, NDArray[Any]]) -> tuple[Any, ...]:
    with np.errstate(all="ignore"):
        return program(**inputs)


def assert_same(program: Program, inputs: dict[str, NDArray[Any]]) -> None:
    """Both engines fill what the program's own steps give, of the same types."""
    shape = np.broadcast_shapes(*(x.shape for x in inputs.values()))
    expected = [np.broadcast_to(x, shape) for x in computed(program, inputs)]
    for engine in (Fused(program), Blocks(program)):
        results = [np.empty(shape, x.dtype) for x in expected]
        engine([inputs[name] for name in program.inputs], results)
        for wanted, result in zip(expected, results, strict=True):
            np.testing.assert_array_equal(result, wanted, strict=True)


@settings(max_examples=25, deadline=None)
@given(programs(), st.integers(0, 2**32), st.lists(st.sampled_from("mdb1"), min_size=3, max_size=3))
def test_random_formulas_are_the_same(program: Program, seed: int, varies: list[str]) -> None:
    rng = np.random.default_rng(seed)
    months, draws = int(rng.integers(1, 4)), int(rng.integers(1, 40))
    shapes = {"m": (months, 1), "d": (1, draws), "b": (months, draws), "1": (1, 1)}
    inputs = {
        name: np.where(
            rng.random(shapes[kind]) < 0.3,
            rng.choice(SPECIAL, shapes[kind]),
            rng.normal(0.0, 3.0, shapes[kind]),
        )
        for name, kind in zip(INPUTS, varies, strict=True)
    }
    assert_same(program, inputs)


def test_every_operation_meets_every_special_number() -> None:
    trace = Trace()
    x, y = trace.input("x"), trace.input("y")
    results = [trace.step(operation, (x, y)) for operation in (*BOTH, *PAIRS, *TRUE)]
    results += [trace.step(operation, (x,)) for operation in (*ALONE, np.logical_not)]
    results += [trace.step(np.where, (x, y, 1.0))]
    # so many that a vector is full and some are left over
    pairs = np.array([*itertools.product(SPECIAL, SPECIAL)])
    assert_same(Program.of(trace, results), {"x": pairs[None, :, 0], "y": pairs[None, :, 1]})


def test_nothing_is_contracted_or_reordered() -> None:
    trace = Trace()
    x, y = trace.input("x"), trace.input("y")
    fused = Fused(Program.of(trace, [x * y - 1.0, (y + 1e16) - 1e16, x / 3.0]))
    # (1 + e)(1 - e) = 1 - e^2 rounds to 1 at e = 2^-30: one fused operation would leave -e^2;
    # 1e16 and a little less than 1 is 1e16, whose next number is 2 more; 1 / 3 is no product
    results = [np.empty((1, 9)) for _ in range(3)]
    fused([np.full((1, 9), 1 + 2.0**-30), np.full((1, 9), 1 - 2.0**-30)], results)
    np.testing.assert_array_equal(results[0], 0.0)
    np.testing.assert_array_equal(results[1], 0.0)
    np.testing.assert_array_equal(results[2], (1 + 2.0**-30) / 3.0)


def of_every_kind(labels: Sequence[str]) -> list[Program]:
    scenario = Scenario.load("every-kind")
    chosen = [item for item in scenario.deployments if (item.label in labels) == bool(labels)]
    chosen = [item for item in chosen if labels or item.label not in LONG]
    basis = basis_of("test", scenario.workload, chosen, scenario.book, 730)
    axes = [find_axis(name, basis) for name in VARIED]
    return [item.program for item in formulas(basis, axes, itemised=True)]


VARIED = {
    "ingress": (0.5, 50.0),
    "fanout": (1.0, 5.0),
    "retention": (24.0, 200.0),
    "peak_to_average": (1.0, 3.0),
    "salary": (3e3, 9e3),
    "krw": (1200.0, 1500.0),
    "follower_fetch": (0.0, 1.0),
    "discount": (0.0, 0.3),
}
#: Of so many candidates that compiling takes long.
LONG = ("msk-standard", "self-hosted on AWS", "self-hosted on Azure", "self-hosted on Google Cloud")


def check_kinds(labels: Sequence[str]) -> None:
    rng = np.random.default_rng(5)
    shapes = [(3, 1), *[(1, 50)] * 6, (3, 50)]
    inputs = {
        name: rng.uniform(*ends, shape)
        for (name, ends), shape in zip(VARIED.items(), shapes, strict=True)
    }
    found = of_every_kind(labels)
    assert found
    for program in found:
        made = [i for i, x in enumerate(program.outputs) if isinstance(x, int) and x >= 0]
        assert_same(program.only(*made), inputs)


def test_every_kind_is_the_same() -> None:
    check_kinds([])


@pytest.mark.slow
def test_long_formulas_are_the_same() -> None:
    check_kinds(LONG)


def product() -> tuple[Trace, Traced, Traced]:
    trace = Trace()
    return trace, trace.input("x"), trace.input("y")


def test_many_blocks_are_one_result() -> None:
    trace, x, y = product()
    draws = np.arange(2.0 * BLOCK + 7.0)
    result = np.empty((2, draws.size))
    Blocks(Program.of(trace, [x * y + 1.0]))([np.array([[2.0], [3.0]]), draws[None]], [result])
    np.testing.assert_array_equal(result, [2.0 * draws + 1.0, 3.0 * draws + 1.0])


def test_parts_of_arrays_are_read_and_filled_where_they_are() -> None:
    trace, x, y = product()
    program = Program.of(trace, [x + y])
    numbers = np.arange(24.0).reshape(4, 6)
    for engine in (Fused(program), Blocks(program)):
        into = np.zeros((4, 6))
        engine([numbers[::2, ::2], numbers[1:3, :3]], [into[:2, 1:4]])
        # [[0, 2, 4], [12, 14, 16]] + [[6, 7, 8], [12, 13, 14]]
        np.testing.assert_array_equal(into[:2, 1:4], [[6, 9, 12], [24, 27, 30]])
        assert into.sum() == 108  # and nothing beside them
        into = np.zeros((4, 6))
        engine([numbers[::2, ::2], numbers[1:3, :3]], [into[::2, 1::2]])
        np.testing.assert_array_equal(into[::2, 1::2], [[6, 9, 12], [24, 27, 30]])
        assert into.sum() == 108
        turned = np.zeros((3, 2))
        engine([numbers[::2, ::2], numbers[1:3, :3]], [turned.T])
        np.testing.assert_array_equal(turned, [[6, 24], [9, 27], [12, 30]])


def test_threads_share_what_is_compiled() -> None:
    trace, x, y = product()
    fused = Fused(Program.of(trace, [np.ceil(x) * y]))

    def run(number: int) -> float:
        result = np.empty((1, 1000))
        fused([np.full((1, 1000), number - 0.5), np.full((1, 1), 2.0)], [result])
        assert np.ptp(result) == 0
        return float(result[0, 0])

    with ThreadPoolExecutor(4) as pool:
        assert [*pool.map(run, range(1, 40))] == [2.0 * number for number in range(1, 40)]


def test_what_has_no_machine_code_is_refused() -> None:
    trace, x, _ = product()
    fused = Fused(Program.of(trace, [trace.step(np.sqrt, (x,))]))
    with pytest.raises(TraceError, match="sqrt"):
        fused([np.ones((1, 1)), np.ones((1, 1))], [np.empty((1, 1))])
