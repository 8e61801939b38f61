"""Programs that are ready: shapes, engines, and the two ways that depend on what varies."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import kafkatco as kt
from kafkatco.analysis.axes import find_axis
from kafkatco.analysis.comparison import basis_of
from kafkatco.analysis.cost_programs import formulas
from kafkatco.errors import InputError
from kafkatco.numerics.evaluate import ready
from kafkatco.numerics.matmul_engine import Products
from kafkatco.numerics.program import Program
from kafkatco.numerics.tracing import Trace

ENGINES = ("numpy", "fused", "auto")


def linear() -> Program:
    trace = Trace()
    x, y = trace.input("x"), trace.input("y")
    return Program.of(trace, [2.0 * x + y, x > y, y, 7.0])


@pytest.mark.parametrize("engine", ENGINES)
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
        ((0,), ()),
        ((3, 0), (1,)),
        ((1, 1), (1, 1, 1)),
    ],
)
def test_results_have_the_inputs_common_shape(
    engine: str, x: tuple[int, ...], y: tuple[int, ...]
) -> None:
    rng = np.random.default_rng(1)
    a, b = rng.normal(size=x), rng.normal(size=y)
    sums, truths, same, seven = ready(linear(), engine=engine)({"x": a, "y": b})
    np.testing.assert_array_equal(sums, np.asarray(2.0 * a + b), strict=True)
    np.testing.assert_array_equal(truths, np.asarray(a > b), strict=True)
    np.testing.assert_array_equal(same, np.broadcast_to(b, sums.shape), strict=True)
    np.testing.assert_array_equal(seven, np.full(sums.shape, 7.0), strict=True)


@pytest.mark.parametrize("engine", ENGINES)
def test_results_fill_what_is_given(engine: str) -> None:
    out = [np.empty((2, 3), kind) for kind in (float, bool, float, float)]
    found = ready(linear(), engine=engine)({"x": [[1.0], [2.0]], "y": [1.0, 2.0, 3.0]}, out)
    assert all(x is y for x, y in zip(found, out, strict=True))
    np.testing.assert_array_equal(out[0], [[3, 4, 5], [5, 6, 7]])
    np.testing.assert_array_equal(out[2], [[1, 2, 3], [1, 2, 3]])
    np.testing.assert_array_equal(out[3], np.full((2, 3), 7.0))


@pytest.mark.parametrize("engine", ENGINES)
def test_constants_may_be_of_months(engine: str) -> None:
    trace = Trace()
    of_months = np.array([[10.0], [20.0]])
    run = ready(Program.of(trace, [trace.input("x") * of_months + of_months]), engine=engine)
    np.testing.assert_array_equal(run({"x": [1.0, 2.0, 3.0]})[0], [[20, 30, 40], [40, 60, 80]])


def test_it_compiles_when_there_has_been_enough_to_compute() -> None:
    trace = Trace()
    run = ready(Program.of(trace, [np.ceil(trace.input("x"))]), engine="auto")
    x = np.linspace(0.0, 9.0, 1000)
    before = run({"x": x})[0]
    assert run._fused is not None
    assert not run._fused._kernels  # type: ignore[attr-defined]  # of the fused one
    run._waiting = 500.0  # as after many calls
    np.testing.assert_array_equal(run({"x": x})[0], before)
    assert run._fused._kernels  # type: ignore[attr-defined]  # of the fused one


def test_an_engine_that_is_not_there_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(InputError, match="Did you mean 'fused'"):
        ready(linear(), engine="fuzed")
    monkeypatch.setattr("kafkatco.numerics.evaluate.find_spec", lambda name: None)
    with pytest.raises(InputError, match=r"pip install 'kafkatco\[fast\]'"):
        ready(linear(), engine="fused")
    sums, *_ = ready(linear())({"x": 1.0, "y": 2.0})
    assert sums == 4.0


def of_msk(*names: str) -> Program:
    load = kt.Workload(ingress="10 TB/month", fanout=3, retention="1 day")
    msk = kt.MskStandard(region="us-east-1", instance="kafka.m7g.large")
    basis = basis_of("test", load, [msk], kt.PriceBook("list", as_of="2025-10-31"), 730)
    [found] = formulas(basis, [find_axis(name, basis) for name in names])
    return found.program.only(0, 1)


PRICES = ("aws.msk.kafka.m7g.large", "aws.msk.storage", "aws.data-transfer.inter-az")


def test_prices_of_draws_and_traffic_of_months_are_a_product() -> None:
    program = of_msk("ingress", *PRICES)
    rng = np.random.default_rng(2)
    given = {name: rng.uniform(0.01, 0.3, 9000) for name in PRICES}
    given["ingress"] = np.geomspace(0.5, 5000.0, 60)[:, None]  # which MSK cannot serve at the end
    wanted = ready(program, engine="fused")(given)
    found = ready(program, engine="numpy")(given)
    arrays = [np.atleast_2d(given[name]) for name in program.inputs]
    assert Products(program).fit(arrays)
    np.testing.assert_allclose(found[0], wanted[0], rtol=1e-12)
    np.testing.assert_array_equal(found[1], wanted[1], strict=True)
    assert wanted[1].any()
    assert not wanted[1].all()


def test_quantities_times_prices() -> None:
    # 3 x 2 + 5 x 10 - 1 = 55 of the first month and draw
    trace = Trace()
    x, hour, gib = (trace.input(name) for name in ("x", "hour", "gib"))
    total = np.where(x > 3.5, np.nan, np.ceil(x) * hour + 5.0 * gib - x / x)
    products = Products(Program.of(trace, [total, x > 3.5, -(gib / 2.0)]))
    given = [np.array([[2.5], [4.0]]), np.array([[2.0, 4.0]]), np.array([[10.0, 20.0]])]
    assert products.fit(given)
    results: list[Any] = [np.empty((2, 2)), np.empty((2, 2), bool), np.empty((2, 2))]
    products(given, results)
    np.testing.assert_array_equal(results[0], [[55, 111], [np.nan, np.nan]])
    np.testing.assert_array_equal(results[1], [[False, False], [True, True]])
    np.testing.assert_array_equal(results[2], [[-5, -10], [-5, -10]])


@pytest.mark.parametrize("operation", [np.maximum, np.greater, np.logical_or])
def test_what_is_no_product_is_none(operation: Any) -> None:
    trace = Trace()
    program = Program.of(trace, [operation(trace.input("x"), trace.input("y"))])
    assert not Products(program).fit([np.ones((2, 1)), np.ones((1, 2))])
    assert not Products(linear().only(0)).fit([np.ones((1, 2)), np.ones((1, 2))])  # of draws alone
    found = ready(program, engine="numpy")({"x": [[0.0], [1.0]], "y": [0.0, 2.0]})[0]
    np.testing.assert_array_equal(found, operation([[0.0], [1.0]], [0.0, 2.0]), strict=True)


@pytest.mark.parametrize("engine", ENGINES)
def test_a_long_formula_of_one_input_is_looked_up(engine: str) -> None:
    trace = Trace()
    x, total = trace.input("x"), 0.0
    for price in range(1, 400):
        total = total + np.ceil(x / price) * price
    program = Program.of(trace, [total, x > 50.0])
    at = np.random.default_rng(3).uniform(1.0, 100.0, (2, 3000))
    run = ready(program, engine=engine, within=(1.0, 100.0))
    assert type(run._plain).__name__ == "_Curves"
    found, truths = run({"x": at})
    # the sum over prices of the multiples of each that reach x
    prices = np.arange(1.0, 400.0)
    np.testing.assert_allclose(
        found[0, :50], (np.ceil(at[0, :50, None] / prices) * prices).sum(1), rtol=1e-12
    )
    np.testing.assert_array_equal(truths, at > 50.0, strict=True)
    np.testing.assert_allclose(found, ready(program, engine="numpy")({"x": at})[0], rtol=1e-12)


def test_what_is_no_curve_is_computed() -> None:
    trace = Trace()
    x = trace.input("x")
    total = x * x
    for _ in range(400):
        total = total + x
    run = ready(Program.of(trace, [total, 1.0 * total > 9.0]), engine="numpy", within=(1.0, 4.0))
    np.testing.assert_array_equal(run({"x": [1.0, 3.0]})[0], [401.0, 1209.0])  # x^2 + 400 x
