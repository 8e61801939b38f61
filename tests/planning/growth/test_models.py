"""Growth models by hand, and the stored data of past traffic."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from kafkatco import Compound, Constant, InputError, Linear, Logistic, Series, Stepwise
from kafkatco.planning.growth import GROWTHS, Growth, retained

HOURS = np.full(24, 730.0)
FIRST = np.full(24, 2.0)


@pytest.mark.parametrize(
    ("growth", "month", "rate"),
    [
        (Constant(), 23, 2.0),
        (Linear(increase="0.5 MiB/s"), 10, 7.0),
        (Compound(annual_rate=0.5), 12, 3.0),
        (Compound(annual_rate=-0.5), 12, 1.0),
        # 10 / (1 + (10 / 2 - 1) e^(-0.3 x 5))
        (Logistic(ceiling="10 MiB/s", monthly_rate=0.3), 5, 10 / (1 + 4 * np.exp(-1.5))),
        (Stepwise(steps={7: "5 MiB/s", 13: "1 MiB/s"}), 5, 2.0),
        (Stepwise(steps={7: "5 MiB/s", 13: "1 MiB/s"}), 6, 5.0),
        (Stepwise(steps={13: "1 MiB/s", 7: "5 MiB/s"}), 12, 1.0),
        (Series(values=tuple(f"{i} MiB/s" for i in range(24))), 23, 23.0),
    ],
)
def test_rates(growth: Growth, month: int, rate: float) -> None:
    path = growth.path(FIRST, HOURS)
    assert path.shape == (24,)
    assert path[month] == pytest.approx(rate, rel=1e-14)


def test_data_per_month_in_months_of_different_length() -> None:
    hours = np.array([744.0, 672.0])
    path = Series(values=("1 TiB/month", "1 TiB/month")).path(np.zeros(2), hours)
    np.testing.assert_allclose(path * hours * 3600 / 1024**2, [1.0, 1.0])


def test_invalid_growth_is_an_error() -> None:
    text: Any = {"values": "1 MB/s"}
    with pytest.raises(InputError, match="24 months"):
        Series(values=("1 MB/s",)).path(FIRST, HOURS)
    with pytest.raises(InputError, match="annual_rate"):
        Compound(annual_rate=-1.0)
    with pytest.raises(InputError, match="months counted from 1"):
        Stepwise(steps={0: "1 MB/s"})
    listed: Any = {"steps": ["1 MB/s"]}
    with pytest.raises(InputError, match="months with data rates"):
        Stepwise(**listed)
    twice: Any = {"steps": {"1": "1 MB/s", "01": "2 MB/s"}}
    with pytest.raises(InputError, match="each month once"):
        Stepwise(**twice)
    with pytest.raises(InputError, match="more than 0"):
        Logistic(ceiling="0 MB/s", monthly_rate=0.1).path(FIRST, HOURS)
    with pytest.raises(InputError, match="monthly_rate"):
        Logistic(ceiling="9 MB/s", monthly_rate=-0.1)
    with pytest.raises(InputError, match="data rate"):
        Linear(increase="1 GB")
    with pytest.raises(InputError, match="list of data rates"):
        Series(**text)


def test_every_model_has_a_kind() -> None:
    assert sorted(GROWTHS) == [
        "compound",
        "constant",
        "history",
        "linear",
        "logistic",
        "series",
        "stepwise",
    ]


def test_logistic_growth_of_nothing_is_nothing() -> None:
    path = Logistic(ceiling="10 MiB/s", monthly_rate=0.3).path(np.zeros(3), np.full(3, 730.0))
    np.testing.assert_array_equal(path, 0.0)


MONTHS = np.full(12, 730.0)


def test_stored_data_lags_by_half_the_retention() -> None:
    # one month of retention, traffic 0 then 1 from month 2 on: in month 2 the window fills from
    # 0 to 1, half on average; from month 3 on it is full
    np.testing.assert_allclose(
        retained(np.array([0.0, 1, 1, 1]), 730.0, MONTHS[:4]), [0, 0.5, 1, 1]
    )
    # half a month: full from the middle of month 2: 0.5 x 0.5 + 0.5 x 1
    np.testing.assert_allclose(retained(np.array([0.0, 1, 1]), 365.0, MONTHS[:3]), [0, 0.75, 1])
    np.testing.assert_allclose(retained(np.array([3.0, 5]), 0.0, MONTHS[:2]), [3, 5])


@given(
    hnp.arrays(float, st.integers(1, 12), elements=st.floats(0, 100)),
    st.floats(5, 5000),
    st.lists(st.sampled_from([672.0, 720.0, 744.0]), min_size=12, max_size=12),
)
def test_retained_against_a_fine_simulation(
    rate: np.ndarray, retention_h: float, lengths: list[float]
) -> None:
    hours = np.array(lengths[: rate.size])
    knots = np.concatenate([[-6000.0, 0.0], np.cumsum(hours)])
    written = np.concatenate([[0.0], np.cumsum(np.diff(knots) * np.append(rate[:1], rate))])
    expected = []
    for begin, length in zip(knots[1:-1], hours, strict=True):
        t = begin + (np.arange(4000) + 0.5) / 4000 * length
        kept = np.interp(t, knots, written) - np.interp(t - retention_h, knots, written)
        expected.append(np.mean(kept) / retention_h)
    np.testing.assert_allclose(retained(rate, retention_h, hours), expected, rtol=1e-4, atol=2e-2)


@given(hnp.arrays(float, (2, 9), elements=st.floats(0, 100)), st.floats(1, 9000))
def test_retained_is_an_average_and_broadcasts(rate: np.ndarray, retention_h: float) -> None:
    stored = retained(rate, retention_h, MONTHS[:9])
    assert np.all(stored >= rate.min(axis=-1, keepdims=True) - 1e-9)
    assert np.all(stored <= rate.max(axis=-1, keepdims=True) + 1e-9)
    for i in range(2):
        np.testing.assert_allclose(
            stored[i], retained(rate[i], retention_h, MONTHS[:9]), rtol=1e-12, atol=1e-12
        )
