"""Formulas written down and computed again: the same as asking for their costs."""

from __future__ import annotations

import pickle
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import kafkatco as kt
from kafkatco.analysis.axes import AXES, OWN_SHARES, find_axis
from kafkatco.analysis.cost_programs import cost_programs
from kafkatco.costing.comparison import Comparison
from kafkatco.costing.costs import costs_of
from kafkatco.errors import TraceError
from kafkatco.numerics.program import Program
from kafkatco.numerics.tracing import Trace

SCENARIO = kt.Scenario.load("every-kind")
BASIS = Comparison.of("test", SCENARIO.workload, SCENARIO.deployments, SCENARIO.book, 730)
#: One of a kind with few choices, for tests on other values than floats.
FEW = [item for item in SCENARIO.deployments if item.label in ("msk-express", "confluent-basic")]


def points(axis: Any, comparison: Comparison, count: int = 4) -> Any:
    """Return some values of an input: around its present value, or over its range."""
    rng = np.random.default_rng(7)
    now = axis.now(comparison)
    if axis.most <= 1.0:
        return rng.uniform(axis.least, axis.most, count)
    values = now * rng.uniform(0.3, 3.0, count) if now else rng.uniform(0.0, 3.0, count)
    return np.maximum(values, axis.least)


@pytest.mark.parametrize("name", [*dict.fromkeys([*AXES, *OWN_SHARES]), "aws.msk.storage"])
def test_every_kind_is_traced_over_every_input(name: str) -> None:
    axis = find_axis(name, BASIS)
    values = points(axis, BASIS)
    programs = cost_programs(BASIS, [axis])
    for cost, deployment in zip(programs, BASIS.deployments, strict=True):
        total, infeasible, _floor, one_off, *_ = cost.program(**{name: values})
        for i, value in enumerate(values):
            point = axis.vary(replace(BASIS, deployments=(deployment,)), float(value))
            costs = costs_of(point.deployments[0], point.load, point.book, SCENARIO.catalogue)
            assert np.broadcast_to(infeasible, 4)[i] == costs.infeasible, deployment.label
            if not costs.infeasible:
                assert np.broadcast_to(total, 4)[i] == pytest.approx(costs.total, rel=1e-12)
                assert np.broadcast_to(one_off, 4)[i] == pytest.approx(costs.one_off, rel=1e-12)


def test_components_sum_to_the_total_of_a_program() -> None:
    axes = [find_axis(name, BASIS) for name in ("ingress", "fanout", "salary")]
    rng = np.random.default_rng(3)
    inputs = {
        "ingress": rng.uniform(0.1, 50, 20),
        "fanout": rng.uniform(0, 5, 20),
        "salary": rng.uniform(2e3, 9e3, 20),
    }
    for item in cost_programs(BASIS, axes, itemised=True):
        total, infeasible, _, _, _, _, *parts = item.program(**inputs)
        able = ~np.broadcast_to(infeasible, 20)
        summed = np.broadcast_to(sum(parts), 20)
        assert np.allclose(summed[able], np.broadcast_to(total, 20)[able], rtol=1e-12)
        assert len(parts) == len(item.components)


def test_a_program_runs_on_curves_and_dask_arrays_alike() -> None:
    comparison = replace(BASIS, deployments=tuple(FEW))
    axes = [find_axis(name, comparison) for name in ("ingress", "fanout")]
    x = np.linspace(0.05, 40.0, 50)
    dask = pytest.importorskip("dask.array")
    for item in cost_programs(comparison, axes):
        direct, infeasible, *_ = item.program(ingress=x, fanout=2.0)
        curve, *_ = item.program(ingress=kt.Curve.identity(0.01, 50.0), fanout=2.0)
        parts, *_ = item.program(ingress=dask.from_array(x, chunks=20), fanout=2.0)
        able = ~np.broadcast_to(infeasible, x.shape)
        assert np.allclose(curve(x)[able], direct[able], rtol=1e-12)
        assert np.array_equal(parts.compute()[able], direct[able])


def test_a_program_is_the_same_in_another_process() -> None:
    [item] = cost_programs(replace(BASIS, deployments=(FEW[0],)), [find_axis("ingress", BASIS)])
    sent = pickle.loads(pickle.dumps(item))
    x = np.array([0.5, 5.0, 50.0])
    assert np.array_equal(sent.program(ingress=x)[0], item.program(ingress=x)[0])


@given(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6))
def test_operations_without_effect_are_left_out(x: float, y: float) -> None:
    trace = Trace()
    a, b = trace.input("a"), trace.input("b")
    result = (1.0 * a + 0.0) / 1.0 - 0.0 + 0.0 * b
    assert not trace.steps
    assert Program.of(trace, [result, a - b, 3.0])(a=x, b=y) == (x, x - y, 3.0)


def test_unused_steps_are_left_out() -> None:
    trace = Trace()
    x = trace.input("x")
    _ = np.ceil(x * 7.0)
    assert len(Program.of(trace, [x + 1.0]).steps) == 1


@pytest.mark.parametrize(
    "formula",
    [
        lambda x: 1.0 if x > 2.0 else 2.0,
        lambda x: float(x),
        lambda x: np.sum(x),
        lambda x: np.add.reduce(x),
        lambda x: np.add(x, 1.0, dtype=float),
        lambda x: x + Trace().input("of another"),
    ],
)
def test_a_formula_that_depends_on_data_is_an_error(formula: Any) -> None:
    with pytest.raises(TraceError):
        formula(Trace().input("x"))
