"""What numbers mean: counters, counts, gaps, units, outliers and percentiles."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from kafkatco.ingest.statistics import (
    as_measured,
    coverage,
    outliers,
    percentile,
    resampled,
    statistic,
    step_name,
)
from support.ingest import START, series

NAN = float("nan")


@given(st.lists(st.integers(1, 1000), min_size=12, max_size=40), st.integers(1, 10))
def test_a_counter_gives_its_increases_back_across_a_restart(steps: list[int], place: int) -> None:
    # before the restart more has been counted than in the step after it, so that the counter falls
    before = np.cumsum(steps[:place])
    after = np.cumsum(steps[place:])
    assume(after[0] < before[-1])
    counter = series([*before, *after], form="counter", step_s=60.0)
    rate, warnings = as_measured(counter)
    assert rate is not None
    assert rate.values * 60.0 == pytest.approx(steps[1:])
    assert rate.times.tolist() == counter.times[:-1].tolist()
    assert warnings == ("ingress: 1 restart of a counter; it starts again at zero",)


def test_a_counter_has_no_value_across_a_gap() -> None:
    counter = series([0.0, 600.0, 1200.0, 9000.0], form="counter", step_s=60.0)
    counter.times[3] += 600.0  # eleven steps later
    rate, _ = as_measured(counter)
    assert rate is not None
    assert rate.values.tolist()[:2] == [10.0, 10.0]
    assert np.isnan(rate.values[2])


@pytest.mark.parametrize(("falls", "kept"), [(1, True), (2, False)])
def test_a_gauge_is_no_counter(falls: int, kept: bool) -> None:
    """In 10 steps one fall is a restart; two are a gauge or the counts of each step."""
    values = [100.0 + 10 * i for i in range(11)]
    for place in range(falls):
        values[3 + 4 * place :] = [1.0 + 10 * i for i in range(11 - 3 - 4 * place)]
    rate, warnings = as_measured(series(values, form="counter"))
    assert (rate is not None) == kept
    if not kept:
        assert warnings == (
            "ingress: the values fall in 2 of 10 steps, so this is a gauge or a count of each "
            "step, not a counter; it is left out",
        )


def test_counts_become_rates_and_negative_values_gaps() -> None:
    rate, _ = as_measured(series([7200.0, 3600.0], form="count"))
    assert rate is not None
    assert rate.values.tolist() == [2.0, 1.0]
    rate, warnings = as_measured(series([5.0, -1.0, 0.0]))
    assert rate is not None
    assert np.array_equal(rate.values, [5.0, NAN, 0.0], equal_nan=True)
    assert warnings == ("ingress: 1 value is negative; it counts as a gap",)


@pytest.mark.parametrize(("most", "kept"), [(100.0, False), (100.5, True)])
def test_a_percentage_is_not_taken_for_bytes(most: float, kept: bool) -> None:
    level, warnings = as_measured(series([40.0, most], "stored_replica_bytes", form="level"))
    assert (level is not None) == kept
    assert len(warnings) == (0 if kept else 1)
    if not kept:
        assert "no value is above 100, so this is a percentage or another unit" in warnings[0]


def test_a_rate_of_few_bytes_is_a_rate() -> None:
    assert as_measured(series([40.0, 99.0]))[1] == ()


def test_coverage_counts_missing_and_empty_steps() -> None:
    # 5 steps from 00:00 to 05:00; the second is NaN, the fourth is not in the file
    one = series([1.0, NAN, 1.0, 1.0], asked=None)
    one.times[3] += 3600.0
    assert coverage(one) == 3 / 5
    # of 10 hours that were asked for
    asked = series([1.0, NAN, 1.0], asked=(START, START + 36_000.0))
    assert coverage(asked) == 2 / 10


def test_statistics_ignore_gaps() -> None:
    one = series([1.0, NAN, 2.0, 3.0, 4.0])
    assert statistic(one, "mean").value == 2.5
    assert statistic(one, "max").value == 4.0
    # p50 of 1 2 3 4 lies halfway between 2 and 3; p99 at 0.99 x 3 = 2.97 places from the first
    assert percentile(one, 0.5) == 2.5
    assert percentile(one, 0.99) == pytest.approx(3 + 0.97)
    assert statistic(one, "p99").coverage == 4 / 5


@pytest.mark.parametrize(("top", "found"), [(10.0, False), (10.1, True)])
def test_an_outlier_is_above_ten_times_the_95th_percentile(top: float, found: bool) -> None:
    # 99 ones and one other value: the 95th percentile is 1, since it lies at place 94.05 of 0 to 99
    message = outliers(series([1.0] * 99 + [top]))
    assert (message is not None) == found
    if message is not None:
        # 10.1 of 109.1 in all is 9.26 %; step 99 is 4 days and 3 hours after 1 September
        assert "1 of 100 values is more than 10 times the 95th percentile, 10.1 B/s" in message
        assert "2026-09-05; it makes 9% of the mean" in message


@given(st.lists(st.floats(0, 1e12), min_size=12, max_size=48))
def test_longer_steps_keep_the_mean(values: list[float]) -> None:
    whole = values[: len(values) // 12 * 12]
    longer = resampled(series(whole, step_s=300.0), 3600.0)
    assert longer.values.size == len(whole) // 12
    assert longer.values.mean() == pytest.approx(np.mean(whole))


def test_a_step_without_values_stays_a_gap_and_maxima_stay_maxima() -> None:
    values = [1.0, 3.0, NAN, NAN, NAN, 5.0]
    means = resampled(series(values, step_s=1800.0), 3600.0)
    assert np.array_equal(means.values, [2.0, NAN, 5.0], equal_nan=True)
    maxima = resampled(series(values, step_s=1800.0, statistic="maximum"), 3600.0)
    assert np.array_equal(maxima.values, [3.0, NAN, 5.0], equal_nan=True)
    assert resampled(means, 60.0) is means


def test_steps_have_names() -> None:
    names = [step_name(s) for s in (15.0, 90.0, 300.0, 7200.0, 604_800.0)]
    assert names == ["15 s", "90 s", "5 min", "2 h", "7 d"]
