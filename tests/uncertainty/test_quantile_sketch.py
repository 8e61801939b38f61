"""Quantile sketches: quantiles within the stated error, for any chunks."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kafkatco.uncertainty.quantile_sketch import RELATIVE, Sketch

COSTS = st.lists(st.floats(0.01, 1e9) | st.just(float("inf")), min_size=1, max_size=60)


@given(COSTS, st.floats(0.0, 1.0))
def test_a_quantile_is_within_a_bin_of_its_exact_value(values: list[float], q: float) -> None:
    ordered = sorted(values)
    exact = ordered[max(int(np.ceil(q * len(values) - 1e-12)), 1) - 1]
    other = [7.0] * len(values)
    approximate, constant = Sketch.of(np.array([values, other])).quantile(q)
    assert constant == pytest.approx(7.0, rel=RELATIVE)
    if np.isinf(exact):
        assert np.isinf(approximate)
    else:
        assert approximate == pytest.approx(exact, rel=RELATIVE)


@given(
    st.lists(
        st.lists(st.floats(0.01, 1e9) | st.just(np.inf), min_size=9, max_size=9),
        min_size=1,
        max_size=5,
    )
)
def test_sketches_add_up_in_any_order(rows: list[list[float]]) -> None:
    values = np.array(rows)
    one, two, three = (Sketch.of(values[:, i : i + 3]) for i in (0, 3, 6))
    whole = Sketch.of(values)
    for merged in (one.merged(two).merged(three), three.merged(one.merged(two))):
        for name in ("first", "ends", "counts", "infinite", "count"):
            assert np.array_equal(getattr(merged, name), getattr(whole, name)), name
    assert whole.count.tolist() == [9] * len(rows)


@given(st.lists(st.floats(0.01, 1e6), min_size=20, max_size=60))
def test_the_mean_of_the_largest_values(values: list[float]) -> None:
    worst = sorted(values)[-len(values) // 20 :]
    share = 1 - len(worst) / len(values)
    [approximate] = Sketch.of(np.array([values])).mean_above(share)
    assert approximate == pytest.approx(np.mean(worst), rel=2 * RELATIVE)


def test_zeros_and_rows_without_finite_values() -> None:
    assert Sketch.of(np.array([[0.0, 0.0, 5.0]])).quantile(0.5).tolist() == [0.0]
    sketch = Sketch.of(np.array([[np.inf], [3.0]]))
    assert np.isinf(sketch.quantile(0.0)).tolist() == [True, False]
    assert np.isinf(sketch.mean_above(0.5)).tolist() == [True, False]
    assert sketch.merged(Sketch.of(np.array([[2.0], [np.inf]]))).count.tolist() == [2, 2]
