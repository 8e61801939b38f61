"""The profile of traffic by hour, from metrics: by arithmetic, and where there is none."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kafkatco.ingest.hours import by_hour
from kafkatco.ingest.readings import Findings, Series
from kafkatco.ingest.workload import Traffic, traffic_of
from support.ingest import START, series

#: One hour at 10 MB/s and 23 at 1 MB/s: the mean is 33 / 24 MB/s.
DAY = [10e6, *[1e6] * 23]
MEAN = 33 / 24


def of(found: Series) -> Traffic:
    return traffic_of(Findings((found,)))


def hours(traffic: Traffic) -> list[float]:
    written = traffic.estimates["profile"].written
    assert isinstance(written, dict)
    return written["hours"]


@pytest.mark.parametrize("steps", [1, 12], ids=["1 h", "5 min"])
def test_a_day_of_ten_to_one(steps: int) -> None:
    values = np.repeat(DAY * 7, steps)
    traffic = of(series(values.tolist(), step_s=3600 / steps))
    assert hours(traffic) == [7.27, *[0.727] * 23]  # 10 and 1 over 33 / 24
    # of the steps one in 24 is at 10 MB/s, above the 99th percentile
    assert traffic.estimates["peak_to_average"].value == pytest.approx(10 / MEAN)
    because = str(traffic.estimates["profile"].because)
    assert "each hour of the day, in UTC" in because
    assert "2026-09-01 to 2026-09-07, 100% covered" in because
    operands = traffic.workload().operands()
    assert operands.ingress_mib_s == pytest.approx(MEAN * 1e6 / 2**20, rel=1e-3)
    assert operands.profile.highest == pytest.approx(7.27 / ((7.27 + 23 * 0.727) / 24))


def test_the_hour_of_the_peak_is_in_utc() -> None:
    # from 05:00 UTC on, the first hour of the series is the busiest
    traffic = of(series(DAY * 7, start=START + 5 * 3600))
    assert hours(traffic).index(7.27) == 5


def test_four_weeks_are_the_hours_of_a_week() -> None:
    # 1 September 2026 is a Tuesday: its hours are 24 to 47 of a week from Monday
    week = [4e6] * 24 + [1e6] * 144
    mean = (4 * 24 + 144) / 168
    traffic = of(series(week * 4))
    assert hours(traffic) == [
        float(f"{x / mean:.3g}") for x in [1.0] * 24 + [4.0] * 24 + [1.0] * 120
    ]
    assert "each hour of the week from Monday" in str(traffic.estimates["profile"].because)
    # an hour less than four weeks, in which no day differs from another
    assert len(hours(of(series((DAY * 28)[:-1])))) == 24


@pytest.mark.parametrize(
    ("values", "step_s"),
    [
        ((DAY * 7)[:-1], 3600.0),  # an hour less than a week
        ([1e6] * 24 * 7, 3600.0),  # even
        ([1.09e6, *[1e6] * 23] * 7, 3600.0),  # 1.09 / (24.09 / 24) = 1.086: as good as even
        ([1e6, 9e6] * 60, 86_400.0),  # days hide the hours
        ([*[1e6] * 23, math.nan] * 7, 3600.0),  # one hour of the day never has a value
        ([0.0] * 24 * 7, 3600.0),  # nothing was sent
    ],
    ids=["short", "even", "nearly even", "days", "an hour is missing", "nothing"],
)
def test_there_is_no_profile(values: list[float], step_s: float) -> None:
    assert "profile" not in of(series(values, step_s=step_s)).estimates


def test_a_gap_leaves_the_mean_of_the_other_days() -> None:
    gap = DAY * 7
    gap[24] = math.nan  # the busiest hour of the second day
    assert hours(of(series(gap))) == [7.27, *[0.727] * 23]


def test_the_peak_is_at_least_the_busiest_hour() -> None:
    # 1 hour of 1,000 at 100: the 99th percentile is below the mean of the busiest hour of a day
    values = [1e6] * 1000
    values[0] = 1000e6
    traffic = of(series(values))
    busiest = traffic.estimates["profile"].value
    assert busiest > 1.1
    assert "peak_to_average" not in traffic.estimates
    assert "peak_to_average" not in traffic.missing
    assert traffic.workload().operands().peak_to_average == pytest.approx(busiest)
    assert "above the percentile" in str(traffic.estimates["profile"].because)


@given(
    st.lists(st.floats(0.01, 1e9), min_size=24, max_size=24), st.integers(1, 5), st.integers(0, 23)
)
def test_a_repeated_day_is_itself(day: list[float], days: int, first: int) -> None:
    turned = day[first:] + day[:first]
    found = by_hour(series(turned * days, start=START + 3600 * first), 24)
    assert found is not None
    assert found == pytest.approx(np.array(day) / np.mean(day), rel=1e-9)
