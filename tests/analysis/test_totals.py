"""Costs for arrays of inputs, against bills one by one."""

from __future__ import annotations

import tracemalloc
from typing import Any

import numpy as np
import pytest
import xarray as xr

import kafkatco as kt
from kafkatco.costing.bill import bill_of
from kafkatco.errors import InputError

BOOK = kt.PriceBook("list", as_of="2025-10-31")
TEAM = kt.Labour(fte=0.5, monthly="8000 USD", setup="4 weeks")
MSK = kt.MskStandard(region="us-east-1", instance="kafka.m7g.large", labour=TEAM)
BASIC = kt.ConfluentBasic(region="us-east-1")
LOAD = kt.Workload(ingress="10 TB/month", fanout=3, retention="1 day")


def test_each_total_is_that_of_a_bill() -> None:
    traffic, hours = np.array([0.5, 3.0, 20.0, 90.0]), np.array([[6.0], [48.0]])
    price = np.array([[[0.1]], [[0.3]]])
    inputs = {"ingress": traffic, "retention": hours, "aws.msk.kafka.m7g.large": price}
    costs = kt.totals(LOAD, [MSK, BASIC], BOOK, inputs, itemised=True)
    assert costs.total.shape == (2, 2, 2, 4)
    assert costs.attrs["currency"] == "USD"
    books = [
        kt.PriceBook(
            "list", as_of="2025-10-31", overrides={"aws.msk.kafka.m7g.large": f"{each} USD/hour"}
        )
        for each in price.ravel()
    ]
    for i, j, k in np.ndindex(2, 2, 4):
        load = kt.Workload(ingress=f"{traffic[k]} TB/month", fanout=3, retention=f"{hours[j, 0]} h")
        bills = {option.label: bill_of(option, load, books[i]) for option in (MSK, BASIC)}
        for label, bill in bills.items():
            at = costs.sel(deployment=label)[{"dim_0": i, "dim_1": j, "dim_2": k}]
            assert bool(at.feasible) is not bool(bill.infeasible)
            if bill.total is None:  # Basic at 90 TB, kept for two days
                assert np.isnan(at.total)
                continue
            assert float(at.total) == pytest.approx(bill.total, rel=1e-12)
            for component in {line.component for line in bill.lines if not line.one_off}:
                cost = sum(x.cost for x in bill.lines if x.component == component and not x.one_off)
                assert float(at[component]) == pytest.approx(cost, rel=1e-12, abs=1e-12)


def test_components_add_up_to_the_total_and_all_are_nonzero() -> None:
    costs = kt.totals(LOAD, [MSK, BASIC], BOOK, {"fanout": np.array([1.0, 4.0])}, itemised=True)
    parts = sum(costs[name] for name in costs if name not in ("total", "feasible", "floor"))
    np.testing.assert_allclose(np.asarray(parts), costs.total, rtol=1e-12)
    np.testing.assert_array_equal(costs.labour.sel(deployment="confluent-basic"), [0.0, 0.0])
    np.testing.assert_array_equal(costs.labour.sel(deployment="msk-standard"), [4000.0, 4000.0])
    assert not costs.floor.any()


def test_an_infeasible_total_is_missing() -> None:
    # a Basic cluster stores 5 TB at most: of 100 TB in 730 hours, more than that in 37 hours
    costs = kt.totals(LOAD, [BASIC], BOOK, {"ingress": 100.0, "retention": [36.0, 37.0]})
    np.testing.assert_array_equal(costs.feasible, [[True, False]])
    np.testing.assert_array_equal(costs.total.isnull(), [[False, True]])


def test_without_inputs_it_is_the_bill() -> None:
    costs = kt.totals(LOAD, [BASIC], BOOK, {})
    assert costs.total.shape == (1,)
    assert float(costs.total[0]) == pytest.approx(bill_of(BASIC, LOAD, BOOK).total, rel=1e-12)


def test_dimensions_have_their_names() -> None:
    fanout = xr.DataArray([1.0, 2.0], dims="readers", coords={"readers": [1, 2]})
    salary = xr.DataArray([4000.0, 6000.0, 8000.0], dims="team")
    named = kt.totals(LOAD, [MSK, BASIC], BOOK, {"fanout": fanout, "salary": salary, "krw": 1400})
    assert named.total.dims == ("deployment", "readers", "team")
    assert [*named.readers.values] == [1, 2]
    inputs = {"fanout": np.array([[1.0], [2.0]]), "salary": np.array([4000.0, 6000.0, 8000.0])}
    np.testing.assert_array_equal(
        named.total, kt.totals(LOAD, [MSK, BASIC], BOOK, inputs).total.values
    )


@pytest.mark.parametrize(
    ("inputs", "expected"),
    [
        ({"fanuot": 1.0}, ["inputs: got 'fanuot'", "Did you mean 'fanout'?"]),
        (
            {"fanout": [1.0, np.nan, -1.0]},
            ["inputs.fanout[1]: got nan (2 invalid values); expected a number of at least 0"],
        ),
        ({"fanout": [[1.0, np.inf]]}, ["inputs.fanout[0, 1]: got inf;"]),
        ({"peak_to_average": 0.5}, ["inputs.peak_to_average: got 0.5;", "at least 1"]),
        ({"follower_fetch": 1.5}, ["inputs.follower_fetch: got 1.5;", "and at most 1"]),
        ({"ingress": [1.0, -2.0]}, ["inputs.ingress[1]: got -2.0;", "at least 0 TB/month"]),
        ({"salary": "much"}, ["inputs.salary: got 'much'; expected numbers"]),
        ({"salary": [[1.0], [1.0, 2.0]]}, ["inputs.salary: got [[1.0], [1.0, 2.0]];", "numbers"]),
        (
            {"fte": 1.0, "fte:msk-standard": 2.0},
            ["inputs.fte:msk-standard: fte:msk-standard and fte vary the same input"],
        ),
        ({"fanout": [1.0, 2.0], "krw": [1.0, 2.0, 3.0]}, ["fanout (2,), krw (3,)", "broadcast"]),
        (
            {"fanout": xr.DataArray([1.0], dims="a"), "krw": [1.0, 2.0]},
            ["inputs.krw: got an array of shape (2,); expected an xarray.DataArray"],
        ),
        (
            {
                "fanout": xr.DataArray([1.0, 2.0], dims="a", coords={"a": [1, 2]}),
                "krw": xr.DataArray([1.0, 2.0], dims="a", coords={"a": [1, 3]}),
            },
            ["arrays whose dimensions and coordinates agree"],
        ),
        ({"fanout": xr.DataArray([1.0], dims="deployment")}, ["inputs: got deployment; expected"]),
        ({"fanout": xr.DataArray([1.0], dims="total", coords={"total": [1]})}, ["got total;"]),
        ({"fanuot": 1.0, "krw": [0.0, 1.0], "salary": "x"}, ["3 problems"]),
    ],
)
def test_invalid_inputs_are_reported_at_once(inputs: dict[str, Any], expected: list[str]) -> None:
    with pytest.raises(InputError) as caught:
        kt.totals(LOAD, [MSK, BASIC], BOOK, inputs)
    for part in expected:
        assert part in str(caught.value)


@pytest.mark.parametrize(
    ("fanout", "salary"),
    [((7,), (7,)), ((7, 1), (1,)), ((7, 1), (4,)), ((2, 1, 7), (3, 1)), ((0,), ()), ((), ())],
)
def test_parts_make_the_whole(
    fanout: tuple[int, ...], salary: tuple[int, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    rng = np.random.default_rng(4)
    inputs = {"fanout": rng.uniform(1, 5, fanout), "salary": rng.uniform(4e3, 9e3, salary)}
    whole = kt.totals(LOAD, [MSK, BASIC], BOOK, inputs)
    monkeypatch.setattr("kafkatco.numerics.evaluate.BLOCK", 3)
    parts = kt.totals(LOAD, [MSK, BASIC], BOOK, inputs)
    np.testing.assert_array_equal(parts.total, whole.total)


def test_it_needs_little_memory_apart_from_its_results() -> None:
    count = 3_000_000
    inputs = {"ingress": np.linspace(1.0, 50.0, count), "fanout": np.linspace(0.0, 9.0, count)}
    tracemalloc.start()
    try:
        costs = kt.totals(LOAD, [BASIC], BOOK, inputs)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert costs.total.nbytes + costs.feasible.nbytes == 9 * count
    assert peak <= 1.5 * 9 * count + 64e6
