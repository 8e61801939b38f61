"""Traffic by hour: shapes, means over hours, and every invalid value at once."""

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kafkatco import Curve, InputError, TrafficProfile, Workload
from kafkatco.sizing.traffic_profile import FLAT, HourlyTraffic

traffic = st.floats(0, 1e12) | st.sampled_from([0.0, 1.0, 10.0])
days = st.lists(traffic, min_size=24, max_size=24).filter(any)
weeks = st.lists(traffic, min_size=168, max_size=168).filter(any)


def by_hour(hours: list[float]) -> HourlyTraffic:
    return TrafficProfile(hours=hours).by_hour


def stepped(level: float) -> Any:
    return np.ceil(7.3 * level)


def mean_of(profile: HourlyTraffic) -> float:
    return float(profile.mean(profile.each(stepped)))


@given(days | weeks)
def test_the_mean_of_traffic_is_one_and_that_of_a_quantity_is_over_hours(
    hours: list[float],
) -> None:
    profile, most = by_hour(hours), max(hours)
    mean = math.fsum(hour / most for hour in hours) / len(hours)
    assert profile.highest == pytest.approx(1 / mean, rel=1e-12)
    each = [float(stepped(hour / most)) for hour in hours]
    assert mean_of(profile) == pytest.approx(sum(each) / len(each), rel=1e-12)
    assert profile.each(stepped)[-1] == stepped(1.0)  # of the busiest hour


@given(st.floats(1e-300, 1e300), st.sampled_from([24, 168]))
def test_equal_hours_are_one(hour: float, count: int) -> None:
    profile = by_hour([hour] * count)
    assert profile.levels == FLAT.levels
    assert profile.highest == FLAT.highest == 1.0
    assert profile.peak_hour(2.0) is None
    assert mean_of(profile) == stepped(1.0)


@given(days)
def test_a_week_of_equal_days_is_the_day(day: list[float]) -> None:
    week = by_hour(day * 7)
    assert week.levels == by_hour(day).levels
    assert week.highest == by_hour(day).highest


@given(weeks, st.randoms(use_true_random=False))
def test_the_order_of_hours_changes_nothing(hours: list[float], random: Any) -> None:
    changed = random.sample(hours, len(hours))
    assert by_hour(changed).levels == by_hour(hours).levels
    assert by_hour(changed).highest == by_hour(hours).highest


@given(days, st.floats(1e-6, 1e6))
def test_only_the_ratios_of_hours_matter(hours: list[float], factor: float) -> None:
    scaled = [hour * factor for hour in hours]
    if any(scaled):
        assert by_hour(scaled).highest == pytest.approx(by_hour(hours).highest, rel=1e-9)


# with levels of two digits, no x is at a step: 1000 n + 337 has no factor 2 or 5
@given(days, st.integers(0, 2990).map(lambda n: n / 100 + 0.00337))
def test_a_curve_equals_the_formula_at_every_point(hours: list[float], x: float) -> None:
    profile = by_hour(hours)
    curve = profile.mean(
        profile.each(lambda level: np.ceil(Curve.identity(0.0, 30.0) * np.round(level, 2)))
    )
    at_x = profile.mean(profile.each(lambda level: np.ceil(x * np.round(level, 2))))
    assert float(curve(x)) == pytest.approx(float(at_x), rel=1e-12)


@pytest.mark.parametrize(
    ("shape", "hours", "first", "over_mean"),
    [
        # 45 of 168 hours are busy, the other 123 at a tenth: 168 / (45 + 12.3)
        ("office-hours", 168, 9, 168 / 57.3),
        # 5 of 24, the other 19 at 0.3: 24 / (5 + 5.7)
        ("evening-peak", 24, 18, 24 / 10.7),
        # 4 of 24, the other 20 at 0.05: 24 / (4 + 1)
        ("night-batch", 24, 1, 24 / 5),
    ],
)
def test_shapes_are_those_of_the_table(
    shape: Any, hours: int, first: int, over_mean: float
) -> None:
    peak = TrafficProfile(shape=shape).by_hour.peak_hour(2 * over_mean)
    assert peak is not None
    assert (peak.hour, peak.of) == (first, hours)
    assert peak.over_mean == pytest.approx(over_mean)
    assert peak.within == pytest.approx(2.0)


def test_office_hours_are_nine_to_six_from_monday_to_friday() -> None:
    hours = TrafficProfile(shape="office-hours").by_hour.hours
    busy = [hour for hour, level in enumerate(hours) if level == 1.0]
    assert busy == [24 * day + hour for day in range(5) for hour in range(9, 18)]


def test_the_flat_shape_is_flat() -> None:
    assert TrafficProfile(shape="flat").by_hour.is_flat


def test_every_problem_is_reported_at_once() -> None:
    with pytest.raises(InputError) as caught:
        Workload(
            ingress="1 MB/s",
            fanout=-1,
            profile={"hours": [1, -1, math.nan, True, "2"], "shape": "office"},  # type: ignore[arg-type]  # on purpose
        )
    text = str(caught.value)
    assert len(caught.value.problems) == 7
    assert "fanout: got -1" in text
    assert "profile.hours: got 5 values; expected 24 values, for a day, or 168" in text
    for hour, value in ((1, "-1"), (2, "nan"), (3, "True"), (4, "'2'")):
        assert f"profile.hours.{hour}: got {value}; expected a finite number of at least 0" in text
    assert "profile.shape: got 'office'" in text
    assert "Did you mean 'office-hours'?" in text


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({}, "set hours, the traffic of each hour, or shape"),
        ({"hours": [1] * 24, "shape": "flat"}, "shape: got 'flat'; expected no shape"),
        ({"hours": [0] * 168}, "hours: got only zeros; expected traffic in at least one hour"),
        ({"hours": [1] * 23}, "hours: got 23 values"),
        ({"hours": [1] * 25}, "hours: got 25 values"),
        ({"hours": [1] * 169}, "hours: got 169 values"),
        ({"hours": []}, "hours: got 0 values"),
        ({"hours": "flat"}, "hours: got 'flat'; expected a list"),
        ({"hour": [1] * 24, "shape": "flat"}, "Did you mean 'hours'?"),
    ],
)
def test_each_problem_of_a_profile(fields: Any, message: str) -> None:
    with pytest.raises(InputError) as caught:
        TrafficProfile(**fields)
    assert message in str(caught.value)


def test_the_peak_is_that_of_the_profile_unless_traffic_peaks_within_the_hour() -> None:
    def peak(**fields: Any) -> float:
        return float(Workload(ingress="1 MB/s", **fields).operands().peak_to_average)

    day = TrafficProfile(hours=[8] * 6 + [0] * 18)  # 8 x 24 / 48 = 4 times the mean
    assert peak() == 2.0
    assert peak(peak_to_average=3) == 3.0
    assert peak(profile=day) == 4.0
    assert peak(profile=day, peak_to_average=4) == 4.0
    assert peak(profile=day, peak_to_average=6) == 6.0
    assert peak(profile=TrafficProfile(shape="flat")) == 1.0
    with pytest.raises(InputError, match=r"peak_to_average: got 3.9; expected at least 4"):
        peak(profile=day, peak_to_average=3.9)


def test_the_number_of_the_error_is_a_valid_one() -> None:
    day = TrafficProfile(hours=[10] + [1] * 23)  # 240 / 33 = 7.272727...
    with pytest.raises(InputError, match=r"expected at least 7\.2728"):
        Workload(ingress="1 MB/s", profile=day, peak_to_average=7.2727)
    Workload(ingress="1 MB/s", profile=day, peak_to_average=7.2728)
