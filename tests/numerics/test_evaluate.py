"""Evaluating block by block gives what the formula gives for each number, bit for bit."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping
from typing import Any
from unittest import mock

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from kafkatco import Scenario
from kafkatco.analysis.axes import find_axis
from kafkatco.analysis.cost_programs import cost_programs
from kafkatco.costing.comparison import Comparison
from kafkatco.numerics import evaluate as module
from kafkatco.numerics.evaluate import BLOCK, blocks, evaluate, evaluate_into
from kafkatco.numerics.program import Program
from kafkatco.numerics.tracing import Trace

SPECIAL = [np.nan, np.inf, -np.inf, 0.0, -0.0, 1.0, -1.5, 2.5, 1e308, 5e-324, 1e16]
SYMMETRIC = (np.add, np.multiply, np.maximum, np.minimum)
BINARY = (np.subtract, np.divide)
UNARY = (np.ceil, np.floor, np.negative, np.absolute, np.positive)
TRUTHS = (
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

#: Applies an operation to arguments: to numbers, or to tracers.
Apply = Callable[[Any, tuple[Any, ...]], Any]
#: Returns results for inputs by name.
Formula = Callable[[Apply, Mapping[str, Any]], list[Any]]


def small_blocks() -> Any:
    """Return a context in which a block has so few numbers that every array is cut."""
    return mock.patch.object(module, "BLOCK", 7)


def plain(operation: Any, arguments: tuple[Any, ...]) -> Any:
    return operation(*arguments)


def traced(formula: Formula) -> Program:
    trace = Trace()
    return Program.of(trace, formula(trace.step, {name: trace.input(name) for name in INPUTS}))


def one_by_one(formula: Formula, inputs: Mapping[str, NDArray[Any]]) -> list[NDArray[Any]]:
    """Return the results of a formula that is computed for one set of numbers after another."""
    wide = dict(zip(inputs, np.broadcast_arrays(*inputs.values()), strict=True))
    shape = np.broadcast_shapes(*(x.shape for x in inputs.values()))
    with np.errstate(all="ignore"):
        rows = [
            formula(plain, {name: x[at] for name, x in wide.items()}) for at in np.ndindex(shape)
        ]
    return [np.array(column).reshape(shape) for column in zip(*rows, strict=True)]


def assert_same(formula: Formula, inputs: Mapping[str, NDArray[Any]]) -> None:
    expected = one_by_one(formula, inputs)
    with small_blocks():
        results = evaluate(traced(formula), inputs)
    for result, numbers in zip(results, expected, strict=True):
        np.testing.assert_array_equal(result, numbers, strict=True)


@st.composite
def random_formulas(draw: st.DrawFn) -> Formula:
    """Random formulas of three inputs, with every operation that a program may have."""
    constant = st.sampled_from([*SPECIAL, 3, True, False])
    instructions: list[tuple[Any, tuple[Any, ...], bool]] = []
    numbers: list[Any] = [("value", i) for i in range(len(INPUTS))]
    truths: list[Any] = []

    def pick(values: list[Any]) -> Any:
        either = st.one_of(st.sampled_from(values), constant) if values else constant
        return draw(either)

    for _ in range(draw(st.integers(1, 20))):
        first = draw(st.sampled_from(numbers))
        arguments: tuple[Any, ...]
        operation: Any = draw(
            st.sampled_from([*SYMMETRIC, *BINARY, *UNARY, *TRUTHS, np.where, np.logical_not])
        )
        result = ("value", len(INPUTS) + len(instructions))
        if operation is np.where:
            arguments = draw(st.sampled_from([*truths, *numbers])), first, pick(numbers)
        elif operation in SYMMETRIC:
            arguments = first, pick([*numbers, *truths])
        elif operation in BINARY:
            arguments = pick(numbers), first
        elif operation in UNARY:
            arguments = (first,)
        elif operation is np.logical_not:
            arguments = (draw(st.sampled_from([first, *truths])),)
        else:
            arguments = first, pick([*numbers, *truths])
        instructions.append((operation, arguments, operation in SYMMETRIC))
        (truths if operation in (*TRUTHS, np.logical_not) else numbers).append(result)

    def formula(apply: Apply, inputs: Mapping[str, Any]) -> list[Any]:
        values = [inputs[name] for name in INPUTS]
        for operation, arguments, symmetric in instructions:
            read = tuple(values[x[1]] if isinstance(x, tuple) else x for x in arguments)
            result = apply(operation, read)
            # maximum and minimum may take either of two zeros: adding 0 makes them one
            values.append(apply(np.add, (result, 0.0)) if symmetric else result)
        return values[len(INPUTS) :]

    return formula


@settings(max_examples=25, deadline=None)
@given(
    random_formulas(),
    st.integers(0, 2**32),
    st.lists(st.sampled_from("mdb1"), min_size=3, max_size=3),
)
def test_random_formulas_have_the_same_results(
    formula: Formula, seed: int, varies: list[str]
) -> None:
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
    assert_same(formula, inputs)


def test_every_operation_with_every_special_number() -> None:
    def formula(apply: Apply, inputs: Mapping[str, Any]) -> list[Any]:
        x, y = inputs["x"], inputs["y"]
        results = [apply(np.add, (apply(operation, (x, y)), 0.0)) for operation in SYMMETRIC]
        results += [apply(operation, (x, y)) for operation in (*BINARY, *TRUTHS)]
        results += [apply(operation, (x,)) for operation in (*UNARY, np.logical_not)]
        return [*results, apply(np.where, (x, y, 1.0))]

    pairs = np.array([*itertools.product(SPECIAL, SPECIAL)])
    assert_same(formula, {"x": pairs[:, 0], "y": pairs[:, 1], "z": np.array(0.0)})


def test_no_operation_is_fused_or_reordered() -> None:
    trace = Trace()
    x, y = trace.input("x"), trace.input("y")
    program = Program.of(trace, [x * y - 1.0, (y + 1e16) - 1e16, x / 3.0])
    # (1 + e)(1 - e) = 1 - e^2 rounds to 1 at e = 2^-30: one fused operation would leave -e^2;
    # 1e16 and a little less than 1 is 1e16, whose next number is 2 more; 1 / 3 is no product
    inputs = {"x": np.full(9, 1 + 2.0**-30), "y": np.full(9, 1 - 2.0**-30)}
    product, small, third = evaluate(program, inputs)
    np.testing.assert_array_equal(product, 0.0)
    np.testing.assert_array_equal(small, 0.0)
    np.testing.assert_array_equal(third, (1 + 2.0**-30) / 3.0)


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


def test_every_kind_costs_the_same_one_by_one() -> None:
    scenario = Scenario.load("every-kind")
    comparison = Comparison.of("test", scenario.workload, scenario.deployments, scenario.book, 730)
    axes = [find_axis(name, comparison) for name in VARIED]
    rng = np.random.default_rng(5)
    shapes = [(3, 1), *[(1, 6)] * 6, (3, 6)]
    inputs = {
        name: rng.uniform(*ends, shape)
        for (name, ends), shape in zip(VARIED.items(), shapes, strict=True)
    }
    wide = dict(zip(inputs, np.broadcast_arrays(*inputs.values()), strict=True))
    for cost in cost_programs(comparison, axes, itemised=True):
        with small_blocks():
            results = evaluate(cost.program, inputs)
        with np.errstate(all="ignore"):
            for at in np.ndindex(3, 6):
                numbers = cost.program(**{name: float(x[at]) for name, x in wide.items()})
                for result, number in zip(results, numbers, strict=True):
                    np.testing.assert_array_equal(result[at], number)


def linear() -> Program:
    trace = Trace()
    x, y = trace.input("x"), trace.input("y")
    return Program.of(trace, [2.0 * x + y, x > y, y, 7.0])


@pytest.mark.parametrize("cut", [False, True])
@pytest.mark.parametrize(
    ("x", "y"),
    [
        ((), ()),
        ((4,), ()),
        ((3, 1), (4,)),
        ((3, 1), (3, 1)),
        ((5, 1, 1), (3, 4)),
        ((2, 1, 4), (3, 1)),
        ((3, 1, 2, 1), ()),
        ((40, 1), (3,)),
        ((0,), ()),
        ((3, 0), (1,)),
        ((1, 1), (1, 1, 1)),
    ],
)
def test_results_have_the_inputs_common_shape(
    cut: bool, x: tuple[int, ...], y: tuple[int, ...]
) -> None:
    rng = np.random.default_rng(1)
    a, b = rng.normal(size=x), rng.normal(size=y)
    with mock.patch.object(module, "BLOCK", 7 if cut else BLOCK):
        sums, truths, same, seven = evaluate(linear(), {"x": a, "y": b})
    np.testing.assert_array_equal(sums, np.asarray(2.0 * a + b), strict=True)
    np.testing.assert_array_equal(truths, np.asarray(a > b), strict=True)
    np.testing.assert_array_equal(same, np.broadcast_to(b, sums.shape), strict=True)
    np.testing.assert_array_equal(seven, np.full(sums.shape, 7.0), strict=True)


def test_several_programs_fill_arrays_in_place() -> None:
    # views of larger arrays, as results of one deployment are
    whole, feasible = np.zeros((2, 2, 3)), np.zeros((2, 3), bool)
    trace = Trace()
    x, y = trace.input("x"), trace.input("y")
    sums = Program.of(trace, [2.0 * x + y, x > y])
    product = Program.of(trace, [x * y])
    inputs = {"x": np.array([[1.0], [2.0]]), "y": np.array([1.0, 2.0, 3.0])}
    evaluate_into([[whole[0], feasible], [whole[1]]], [sums, product], inputs)
    np.testing.assert_array_equal(whole[0], [[3, 4, 5], [5, 6, 7]])
    np.testing.assert_array_equal(feasible, [[False] * 3, [True, False, False]])
    np.testing.assert_array_equal(whole[1], [[1, 2, 3], [2, 4, 6]])


def test_arrays_that_are_not_contiguous_are_read_and_filled_in_place() -> None:
    trace = Trace()
    program = Program.of(trace, [trace.input("x") + trace.input("y")])
    numbers = np.arange(24.0).reshape(4, 6)
    # [[0, 2, 4], [12, 14, 16]] + [[6, 7, 8], [12, 13, 14]]
    inputs = {"x": numbers[::2, ::2], "y": numbers[1:3, :3]}
    into = np.zeros((4, 6))
    evaluate_into([[into[::2, 1::2]]], [program], inputs)
    np.testing.assert_array_equal(into[::2, 1::2], [[6, 9, 12], [24, 27, 30]])
    assert into.sum() == 108  # and nothing else is filled
    turned = np.zeros((3, 2))
    evaluate_into([[turned.T]], [program], inputs)
    np.testing.assert_array_equal(turned, [[6, 24], [9, 27], [12, 30]])


def test_a_constant_array_is_cut_like_an_input() -> None:
    trace = Trace()
    hours = np.array([[10.0], [20.0]])
    program = Program.of(trace, [trace.input("x") * hours + hours])
    x = np.arange(20.0)
    with small_blocks():
        [result] = evaluate(program, {"x": x})
    np.testing.assert_array_equal(result, [10.0 * x + 10.0, 20.0 * x + 20.0])
    np.testing.assert_array_equal(program(x=2.0)[0], [[30.0], [60.0]])


@given(st.lists(st.integers(0, 9), max_size=4), st.integers(1, 50))
def test_blocks_cover_an_array_once(shape: list[int], size: int) -> None:
    counts = np.zeros(shape, int)
    with mock.patch.object(module, "BLOCK", size):
        for block in blocks(counts.shape):
            counts[block] += 1
            assert counts[block].size <= size
    assert np.all(counts == 1)
