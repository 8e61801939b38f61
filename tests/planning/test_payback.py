"""In which month one overtakes another, and when moving to it has paid."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kafkatco.planning.payback import overtakes, pays_back

INF = math.inf
COST = st.integers(0, 9).map(float)
MONTHS = st.lists(st.tuples(COST, COST), min_size=1, max_size=12)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ([5, 5, 5], [4, 4, 4], (1, 1)),  # always
        ([5, 5, 5], [6, 6, 6], (None, None)),  # never
        ([5, 5, 5], [5, 5, 5], (None, None)),  # a tie is not less
        ([5, 5, 5], [5, 4, 4], (2, 2)),
        ([5, 5, 5], [6, 6, 4], (3, 3)),  # in the last month
        ([5, 5, 5], [4, 4, 6], (1, None)),  # not to the end
        ([5, 5, 5], [4, 4, 5], (1, None)),  # nor where it ends in a tie
        ([5, 5, 5, 5, 5], [4, 6, 4, 5, 4], (1, 5)),
        ([5], [4], (1, 1)),
        ([5], [6], (None, None)),
        ([5, INF, INF], [6, 6, 6], (2, 2)),  # the old one is no longer feasible
        ([5, 5, 5], [INF, 4, 4], (2, 2)),  # the new one is not yet feasible
        ([5, 5, 5], [4, 4, INF], (1, None)),
        ([INF, INF], [INF, INF], (None, None)),  # neither can: neither costs less
        ([9, 9, INF], [8, 8, INF], (1, None)),
    ],
)
def test_overtaking(
    old: list[float], new: list[float], expected: tuple[int | None, int | None]
) -> None:
    assert overtakes(old, new) == expected
    assert overtakes(np.array(old), np.array(new)) == expected


@given(months=MONTHS)
def test_overtaking_is_the_plain_search(months: list[tuple[float, float]]) -> None:
    less = [new < old for old, new in months]
    first = next((i + 1 for i, one in enumerate(less) if one), None)
    durable = next((i + 1 for i in range(len(less)) if all(less[i:])), None)
    assert overtakes(*zip(*months, strict=True)) == (first, durable)


@given(months=MONTHS)
def test_both_overtake_each_other_for_good_only_if_never(months: list[tuple[float, float]]) -> None:
    old, new = zip(*months, strict=True)
    assert None in (overtakes(old, new)[1], overtakes(new, old)[1])


@pytest.mark.parametrize(
    ("old", "new", "once", "expected"),
    [
        # 6 saved a month
        ([10] * 4, [4] * 4, 15.0, 3),  # 18 > 15 > 12
        ([10] * 4, [4] * 4, 5.0, 1),
        ([10] * 4, [4] * 4, 0.0, 1),
        ([10] * 4, [4] * 4, 24.0, 4),  # all of it, in the last month
        ([10] * 4, [4] * 4, 12.0, 2),  # a tie: what moving cost is back
        ([10] * 4, [4] * 4, 12.01, 3),
        ([10] * 4, [4] * 4, 24.01, None),  # never within the plan
        ([4] * 4, [10] * 4, 0.0, None),  # never at all
        ([4] * 4, [4] * 4, 1.0, None),
        ([4] * 4, [4] * 4, 0.0, 1),  # nothing to be paid back
        # saved 6, 6, -8, 6 of 9: -3, 3, -5, 1: paid in month 2, lost again, and for good in 4
        ([10, 10, 2, 10], [4, 4, 10, 4], 9.0, 4),
        # and not where it is lost at the end: 3, 9, -1
        ([10, 10, 2], [4, 4, 12], 3.0, None),
        # -1, 5, 5
        ([10, 10, 4], [4, 4, 4], 7.0, 2),
        ([10], [4], 6.0, 1),
        ([10], [4], 6.5, None),
        ([10, INF, INF], [4, 4, 4], 1e9, 2),  # who cannot stay has to move
        ([INF, 10], [4, 10], 1e9, 1),
        ([10, 10, 10], [4, INF, 4], 0.0, None),  # infeasible in a month, the new one never pays
        ([10, 10], [INF, 1], 0.0, None),
        ([10, 10], [4, 4], INF, None),  # nor where moving is not possible
    ],
)
def test_paying_back(old: list[float], new: list[float], once: float, expected: int | None) -> None:
    assert pays_back(old, new, once) == expected


@given(months=MONTHS, once=st.integers(0, 60).map(lambda value: value + 0.5))  # no ties
def test_paying_back_is_the_plain_sum(months: list[tuple[float, float]], once: float) -> None:
    ahead = [
        sum(old for old, _ in months[: i + 1]) > once + sum(new for _, new in months[: i + 1])
        for i in range(len(months))
    ]
    expected = next((i + 1 for i in range(len(ahead)) if all(ahead[i:])), None)
    assert pays_back([old for old, _ in months], [new for _, new in months], once) == expected


@given(months=MONTHS, once=st.integers(0, 60).map(float), more=st.integers(0, 20).map(float))
def test_a_higher_cost_pays_back_no_sooner(
    months: list[tuple[float, float]], once: float, more: float
) -> None:
    old, new = zip(*months, strict=True)
    sooner, later = pays_back(old, new, once), pays_back(old, new, once + more)
    assert (later or INF) >= (sooner or INF)


@pytest.mark.parametrize(
    ("old", "new", "once"),
    [
        ([INF, 10, 10], [INF, 4, 4], 5.0),  # both are infeasible in a month
        ([10, 10, INF], [4, 4, INF], 5.0),
        ([INF, 10, 10], [4, INF, 4], 5.0),  # first the one, then the other
        ([INF, 10], [4, 4], INF),
    ],
)
def test_months_infeasible_for_both_raise_no_warning(
    old: list[float], new: list[float], once: float
) -> None:
    pays_back(old, new, once)  # under warnings as errors
