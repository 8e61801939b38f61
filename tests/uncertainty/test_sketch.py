"""Counts in bins: quantiles within their stated error, whatever the parts."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kafkatco.uncertainty.sketch import RELATIVE, Sketch

COSTS = st.lists(st.floats(0.01, 1e9) | st.just(float("inf")), min_size=1, max_size=60)


@given(COSTS, st.floats(0.0, 1.0))
def test_a_quantile_is_within_a_bin_of_the_value_that_it_is(values: list[float], q: float) -> None:
    ordered = sorted(values)
    exact = ordered[max(int(np.ceil(q * len(values) - 1e-12)), 1) - 1]
    found = Sketch.of(np.array(values)).quantile(q)
    if np.isinf(exact):
        assert np.isinf(found)
    else:
        assert found == pytest.approx(exact, rel=RELATIVE)


@given(COSTS, COSTS, COSTS)
def test_parts_add_up_in_any_order(a: list[float], b: list[float], c: list[float]) -> None:
    one, two, three = (Sketch.of(np.array(x)) for x in (a, b, c))
    whole = Sketch.of(np.array(a + b + c))
    for merged in (one.merged(two).merged(three), three.merged(one.merged(two))):
        assert merged.first == whole.first
        assert merged.counts.tolist() == whole.counts.tolist()
        assert (merged.infinite, merged.count) == (whole.infinite, whole.count)


@given(st.lists(st.floats(0.01, 1e6), min_size=20, max_size=60))
def test_the_mean_of_the_worst_is_theirs(values: list[float]) -> None:
    worst = sorted(values)[-len(values) // 20 :]
    share = 1 - len(worst) / len(values)
    found = Sketch.of(np.array(values)).mean_above(share)
    assert found == pytest.approx(np.mean(worst), rel=2 * RELATIVE)


def test_nothing_and_zero_are_told_as_they_are() -> None:
    assert Sketch.of(np.array([0.0, 0.0, 5.0])).quantile(0.5) == 0.0
    none = Sketch.of(np.array([np.inf]))
    assert np.isinf(none.quantile(0.0))
    assert np.isinf(none.mean_above(0.5))
    assert none.merged(Sketch.of(np.array([2.0]))).count == 2
