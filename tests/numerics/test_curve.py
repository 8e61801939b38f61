"""A curve is the formula: at every point, for every formula that is piecewise linear."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kafkatco import Curve, CurveError

LOW, HIGH = 0.0, 10.0


def formulas() -> st.SearchStrategy[Any]:
    """Random formulas of one variable, from the operations that costs are made of."""
    number = st.floats(-5, 5).map(lambda v: round(v, 3)).filter(lambda v: v != 0)
    leaf = st.one_of(st.just(lambda x: x), number.map(lambda v: lambda x: 0 * x + v))

    def grow(inner: Any) -> Any:
        pair = st.tuples(inner, inner)
        return st.one_of(
            pair.map(lambda f: lambda x: f[0](x) + f[1](x)),
            pair.map(lambda f: lambda x: f[0](x) - f[1](x)),
            pair.map(lambda f: lambda x: np.maximum(f[0](x), f[1](x))),
            pair.map(lambda f: lambda x: np.minimum(f[0](x), f[1](x))),
            st.tuples(inner, number).map(lambda f: lambda x: f[0](x) * f[1]),
            st.tuples(inner, number).map(lambda f: lambda x: f[0](x) / f[1]),
            inner.map(lambda f: lambda x: np.ceil(f(x))),
            inner.map(lambda f: lambda x: np.floor(f(x))),
            inner.map(lambda f: lambda x: np.abs(f(x))),
            pair.map(lambda f: lambda x: np.where(f[0](x) > f[1](x), f[0](x), -f[1](x))),
            st.tuples(inner, inner).map(lambda f: lambda x: np.ceil(f[0](x)) * (f[1](x) >= 1)),
        )

    return st.recursive(leaf, grow, max_leaves=8)


@given(formulas(), st.lists(st.floats(LOW, HIGH), min_size=5, max_size=30))
def test_a_curve_is_its_formula(formula: Any, points: list[float]) -> None:
    curve = formula(Curve.identity(LOW, HIGH))
    x = np.array(points)
    # an edge of the curve is where rounding may choose either side of a step: keep off it
    edge = np.min(np.abs(x[:, None] - curve.edges), axis=1) < 1e-9
    x = x[~edge]
    direct = np.broadcast_to(formula(x), x.shape)
    np.testing.assert_allclose(curve(x), direct, rtol=1e-12, atol=1e-11)


@given(formulas())
def test_an_edge_has_its_own_value_or_that_of_a_side(formula: Any) -> None:
    curve = formula(Curve.identity(LOW, HIGH))
    left, right = curve.ends()
    near = np.stack([np.append(left, right[-1]), np.insert(right, 0, left[0])])
    direct = np.broadcast_to(formula(curve.edges), curve.edges.shape)
    assert np.all(
        np.isclose(direct, curve.points, rtol=1e-9, atol=1e-9)
        | np.any(np.isclose(direct, near, rtol=1e-9, atol=1e-9), axis=0)
    )


@given(formulas())
def test_scalar_array_and_curve_agree(formula: Any) -> None:
    x = np.array([0.3, 4.7])
    array = np.broadcast_to(formula(x), x.shape)
    for i, value in enumerate(x):
        assert float(formula(float(value))) == array[i]
        assert float(formula(np.array(value))) == array[i]
        assert np.broadcast_to(formula(np.array([value])), (1,))[0] == array[i]


def test_steps_are_exact_at_their_edges() -> None:
    x: Any = Curve.identity(0, 4)
    at = [0, 0.5, 1, 1.5, 2, 4]
    np.testing.assert_array_equal(np.ceil(x)(at), [0, 1, 1, 2, 2, 4])
    np.testing.assert_array_equal(np.floor(x)(at), [0, 0, 1, 1, 2, 4])
    np.testing.assert_array_equal(np.ceil(-x)(at), [0, 0, -1, -1, -2, -4])
    np.testing.assert_array_equal((x > 2)([1, 2, 3]), [0, 0, 1])
    np.testing.assert_array_equal((x >= 2)([1, 2, 3]), [0, 1, 1])
    np.testing.assert_array_equal(((x > 1) & ~(x > 2) | (x > 3))([1, 2, 3, 4]), [0, 1, 0, 1])


def test_a_tier_is_a_clip() -> None:
    # 100 free, then 0.1 up to 1,000 and 0.05 beyond: at 1,500 that is 900 x 0.1 + 500 x 0.05
    x: Any = Curve.identity(0, 2000)
    cost = np.maximum(np.minimum(x - 100, 900), 0) * 0.1 + np.maximum(x - 1000, 0) * 0.05
    np.testing.assert_allclose(cost([50, 100, 600, 1500]), [0, 0, 50, 115])
    assert cost.pieces == 3


def test_edges_that_differ_by_rounding_are_merged() -> None:
    x: Any = Curve.identity(0.0, 1.0)
    # 0.3 and 0.1 * 3 differ in the last bit
    both = np.maximum(x, 0.3) + np.maximum(x, 0.1 * 3)
    assert both.pieces == 2


def test_infeasible_pieces_are_infinite() -> None:
    x: Any = Curve.identity(0, 4)
    blocked = np.where(x > 2, np.inf, x)
    best = np.minimum(blocked, 10 - x)
    np.testing.assert_array_equal(best([1, 2, 3, 4]), [1, 2, 7, 6])
    assert np.all(np.isfinite(best.intercept))


@pytest.mark.parametrize(
    ("formula", "message"),
    [
        (lambda x: x * x, "quadratic"),
        (lambda x: 1 / x, "quotient"),
        (lambda x: x / (0 * x), "by zero"),
        (lambda x: np.sqrt(x), "np.sqrt"),
        (lambda x: np.exp(x), "np.exp"),
        (lambda x: np.arange(3.0) * x, "ndarray"),
        (lambda x: x + Curve.identity(0, 9), "different domains"),
        (lambda x: np.add.reduce(x), "np.add.reduce"),
        (lambda x: np.add(x, 1, dtype=float), "dtype"),
        (lambda x: np.where(x, 1, 2), "comparison"),
        (lambda x: np.sum(x), "np.where is|sum"),
        (lambda x: np.ceil(x * 1e9), "pieces"),
    ],
)
def test_an_operation_that_is_not_piecewise_linear_is_an_error(formula: Any, message: str) -> None:
    x: Any = Curve.identity(1, 8)
    with pytest.raises(CurveError, match=message):
        formula(x)


def test_a_curve_has_no_value_outside_its_domain() -> None:
    x: Any = Curve.identity(1, 2)
    for bad in (0.99, 2.01, float("nan")):
        with pytest.raises(ValueError, match="outside the domain"):
            x(bad)


def test_invalid_curves() -> None:
    with pytest.raises(ValueError, match="n \\+ 1 edges"):
        Curve([0, 1], [0], [0], [0])
    with pytest.raises(ValueError, match="increasing edges"):
        Curve([1, 0], [0, 0], [0], [0])


def test_the_repr_of_a_curve() -> None:
    assert repr(np.ceil(Curve.identity(0, 2))) == "Curve(2 pieces on [0, 2])"
