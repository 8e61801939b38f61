"""Horizons: their fields, and the values that they refuse."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from kafkatco import Compound, Constant, Horizon, InputError, PriceBook


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"months": 0}, "months: got 0"),
        ({"months": 1201}, "months: got 1201"),
        ({"months": 1.5}, "months: got 1.5"),
        ({"discount_rate": -1.0}, "discount_rate: got -1.0"),
        ({"inflation": 1000.0}, "inflation: got 1000.0"),
        (
            {"month_hours": 0},
            "month_hours: got 0; expected more than 0 and at most 744 hours, or 'calendar'",
        ),
        ({"month_hours": "calender"}, "month_hours: got 'calender'"),
        ({"growth": []}, "growth: got .*; expected a growth model"),
        ({"growth": "compound"}, "growth: got 'compound'; expected a growth model"),
        ({"growth": [Constant(), Constant()]}, "expected growth models with distinct names"),
        ({"month": 12}, r"month: unknown field. Did you mean .*'months'"),
    ],
)
def test_every_field_is_checked(changes: dict[str, Any], expected: str) -> None:
    with pytest.raises(InputError, match=expected):
        Horizon(**changes)


def test_all_problems_are_reported_at_once() -> None:
    with pytest.raises(InputError) as refused:
        Horizon(months=0, inflation=-2.0, month_hours=0)
    assert [problem.where for problem in refused.value.problems] == [
        "months",
        "inflation",
        "month_hours",
    ]


def test_factors_are_those_of_the_definition() -> None:
    horizon = Horizon(months=13, inflation=0.44, discount_rate=0.21)
    # prices rise by 44 % over the 12 months after the first; a cost is paid at its month's end
    assert horizon.price_index[[0, 12]] == pytest.approx([1.0, 1.44])
    assert horizon.present_value[11] == pytest.approx(1 / 1.21)
    assert horizon.present_value[0] == pytest.approx(1.21 ** (-1 / 12))
    assert np.all(Horizon().price_index == 1.0)
    assert np.all(Horizon().present_value == 1.0)


def test_months_have_the_calendar_s_hours() -> None:
    book = PriceBook("list", as_of="2025-10-31")
    hours = Horizon(months=5, month_hours="calendar").hours(book)
    assert hours.tolist() == [24.0 * days for days in (31, 30, 31, 31, 28)]  # October on
    assert Horizon(months=2, month_hours=720).hours(book).tolist() == [720.0, 720.0]


def test_one_growth_or_several() -> None:
    fast, slow = Compound(name="fast", annual_rate=1.0), Constant(name="slow")
    assert Horizon().scenarios == (Constant(),)
    assert Horizon(growth=fast).scenarios == (fast,)
    both = Horizon(growth=[fast, slow], months=6)
    assert both.scenarios == (fast, slow)
    assert both.choose("test") == Horizon(growth=fast, months=6)
    assert both.choose("test", "slow") == Horizon(growth=slow, months=6)
    with pytest.raises(InputError, match=r"growth: got 'slwo'.*Did you mean 'slow'"):
        both.choose("test", "slwo")
    with pytest.raises(InputError, match=r"horizon\.growth: got fast, slow; expected a single"):
        both.only_growth("simulate")
