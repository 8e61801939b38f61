"""Uncertain inputs: invalid inputs and correlations, units, and the defaults."""

from __future__ import annotations

import csv
from typing import Any

import numpy as np
import pytest

import kafkatco as kt
from kafkatco.costing.comparison import Comparison
from kafkatco.errors import InputError
from kafkatco.prices.csv_tables import pricing_root
from kafkatco.uncertainty.build import uncertain_inputs
from kafkatco.uncertainty.inputs import DEFAULTS, Uncertainty

pytest.importorskip("scipy")


@pytest.fixture(scope="module")
def comparison() -> Comparison:
    book = kt.PriceBook("list", as_of="2025-10-31")
    options = [
        kt.MskStandard(region="us-east-1", instance="kafka.m7g.large"),
        kt.SelfHosted(region="us-east-1", instance="m5.2xlarge", labour=kt.Labour(fte=1)),
    ]
    load = kt.Workload(ingress="1 TB/month", fanout=2)
    return Comparison.of("test", load, options, book, 730)


def message(inputs: dict[str, Any], **others: Any) -> str:
    with pytest.raises(InputError) as caught:
        Uncertainty(inputs=inputs, **others)
    return str(caught.value)


def test_an_error_has_all_problems() -> None:
    text = message(
        {"fanout": {"distribution": "normal", "mean": 3, "sd": -1}, "krw": "9-2", "salary": None}
    )
    assert "inputs.fanout.sd" in text
    assert "inputs.krw.high" in text
    assert "inputs.salary" in text


def test_impossible_correlations() -> None:
    # a with b and b with c at 0.9, a with c at -0.9: the determinant is
    # 1 + 2 x 0.9 x 0.9 x (-0.9) - 3 x 0.81 = -2.888, so no joint distribution has them
    pairs = [("a", "b", 0.9), ("b", "c", 0.9), ("a", "c", -0.9)]
    text = message(
        dict.fromkeys("abc", "1-2"),
        correlation=[{"between": [x, y], "value": value} for x, y, value in pairs],
    )
    assert "positive definite" in text
    assert "a, b, c" in text


@pytest.mark.parametrize(
    ("correlation", "expected"),
    [
        ([{"between": ["a", "d"], "value": 0.5}], "an uncertain input"),
        ([{"between": ["a", "a"], "value": 0.5}], "two different inputs"),
        ([{"between": ["a", "b"], "value": 1.0}], "less than 1"),
        ([{"between": ["a", "b"], "value": 0.5}, {"between": ["b", "a"], "value": 0.5}], "once"),
    ],
)
def test_invalid_correlations(correlation: list[Any], expected: str) -> None:
    assert expected in message(dict.fromkeys("abc", "1-2"), correlation=correlation)


def test_the_strongest_possible_correlations_are_valid() -> None:
    # with a-b = b-c = r and a-c = 0 the smallest eigenvalue is 1 - r sqrt(2): zero at 0.70711
    def pairs(r: float) -> list[dict[str, Any]]:
        return [{"between": ["a", "b"], "value": r}, {"between": ["b", "c"], "value": r}]

    Uncertainty(inputs=dict.fromkeys("abc", "1-2"), correlation=pairs(0.7071))
    assert "positive definite" in message(dict.fromkeys("abc", "1-2"), correlation=pairs(0.7072))


@pytest.mark.parametrize(("draws", "near"), [(101, "104"), (8191, "8192")])
def test_draws_must_be_a_multiple_of_eight(draws: int, near: str) -> None:
    assert f"Nearest: {near}" in message({}, draws=draws)


@pytest.mark.parametrize(
    ("inputs", "expected"),
    [
        ({"fanuot": "2-3"}, "fanout"),
        ({"fanout": "2 TB"}, "a number"),
        ({"ingress": "2-3"}, "a quantity with a unit"),
        ({"ingress": "2-3 TB"}, "data rate"),
        ({"fanout": {"distribution": "normal", "mean": 1, "sd": 1}}, "at least 0"),
        ({"fanout": {"distribution": "uniform", "low": -1e308, "high": 1e308}}, "finite"),
        ({"fanout": {"distribution": "lognormal", "median": 1, "sigma": 500}}, "finite"),
        ({"follower_fetch": "0.5-1.1"}, "at most 1"),
        ({"peak_to_average": "0.9-2"}, "at least 1"),
        ({"aws.ec2.m5.2xlarge": "0.3-0.4 EUR/hour"}, "a price in USD"),
        ({"aws.ec2.m5.2xlarge": "0.3-0.4 USD/GiB"}, "hour"),
        ({"growth": "12-20 %/year"}, "a compound growth"),
        ({"krw": {"distribution": "uniform", "low": "1 USD", "high": 2}}, "a price in KRW"),
        ({"fte": "1-2", "fte:self-hosted": "1-2"}, "both vary the same input"),
        ({"connector_tasks": {"distribution": "uniform", "low": "a", "high": "b"}}, "a number"),
    ],
)
def test_invalid_inputs(comparison: Comparison, inputs: dict[str, Any], expected: str) -> None:
    with pytest.raises(InputError, match=expected) as caught:
        uncertain_inputs(Uncertainty(inputs=inputs), comparison, kt.Constant())
    assert "uncertainty.inputs" in str(caught.value)


def test_a_rate_of_growth_is_left_out_without_growth(comparison: Comparison) -> None:
    uncertain = Uncertainty(inputs={"growth": "12-20 %/year", "fanout": "2-3"})
    assert [x.name for x in uncertain_inputs(uncertain, comparison, None)] == ["fanout"]


def test_the_axis_of_the_result_is_not_uncertain_under_another_name(comparison: Comparison) -> None:
    uncertain = Uncertainty(inputs={"fte": "1-2", "fanout": "1-2"})
    with pytest.raises(InputError, match="since the result is over fte:self-hosted"):
        uncertain_inputs(uncertain, comparison, None, excluded="fte:self-hosted")
    left = uncertain_inputs(uncertain, comparison, None, excluded="fte")
    assert [x.name for x in left] == ["fanout"]


def test_a_relative_distribution_of_negative_growth(comparison: Comparison) -> None:
    half = {"distribution": "uniform", "low": 0.5, "high": 1.5, "relative": True}
    uncertain = Uncertainty(inputs={"growth": half})
    [only] = uncertain_inputs(uncertain, comparison, kt.Compound(annual_rate=-0.4))
    assert only.scale == -0.4
    with pytest.raises(InputError, match="at least -1"):  # 1.5 x -0.8
        uncertain_inputs(uncertain, comparison, kt.Compound(annual_rate=-0.8))


def test_values_have_the_units_of_their_input(comparison: Comparison) -> None:
    book = comparison.book
    inputs = {
        "ingress": "1-3 TB/month",
        "salary": "60000-120000 USD/year",
        "krw": "1300-1500",
        "aws.ec2.m5.2xlarge": "0.3-0.4 USD/hour",
        "retention": "1-2 days",
    }
    by_name = {x.name: x for x in uncertain_inputs(Uncertainty(inputs=inputs), comparison, None)}
    middle = {
        name: float(x.distribution.quantile(np.array([0.5]))[0]) for name, x in by_name.items()
    }
    # 2 TB in 730 h, in MiB/s
    assert middle["ingress"] == pytest.approx(2e12 / (730 * 3600) / 2**20)
    assert middle["salary"] == pytest.approx(90_000 / 12)
    assert middle["aws.ec2.m5.2xlarge"] == pytest.approx(0.35)
    assert middle["retention"] == pytest.approx(36.0)
    assert book.currency == "USD"


def test_relative_values_are_multiples_of_the_present_value(comparison: Comparison) -> None:
    inputs = {"fanout": {"distribution": "uniform", "low": 0.5, "high": 2, "relative": True}}
    [only] = uncertain_inputs(Uncertainty(inputs=inputs), comparison, None)
    assert only.scale == 2.0  # the workload's fan-out


def test_defaults_have_a_source_and_apply_to_inputs_that_an_option_has(
    comparison: Comparison,
) -> None:
    assert all(x.source for x in DEFAULTS.values())
    names = [
        x.name for x in uncertain_inputs(Uncertainty(), comparison, kt.Compound(annual_rate=0.1))
    ]
    assert names == ["ingress", "growth", "fanout", "salary", "krw"]
    without_labour = Comparison(comparison.load, comparison.deployments[:1], comparison.book)
    assert [x.name for x in uncertain_inputs(Uncertainty(), without_labour, None)] == [
        "ingress",
        "fanout",
        "krw",
    ]


def test_the_spread_of_the_won_follows_from_the_tables() -> None:
    with (pricing_root() / "list" / "fx" / "ecb.csv").open(encoding="utf-8") as file:
        dated = {
            row["valid_from"]: float(row["price"])
            for row in csv.DictReader(file)
            if row["sku"] == "fx.usd.krw" and "2020-01" <= row["valid_from"] <= "2025-10-31"
        }
    month_ends = {date[:7]: rate for date, rate in sorted(dated.items())}  # the last of each
    assert len(month_ends) == 70
    yearly = np.diff(np.log([*month_ends.values()])).std(ddof=1) * np.sqrt(12)
    assert DEFAULTS["krw"].sigma == pytest.approx(yearly, abs=0.0005)  # type: ignore[attr-defined]  # lognormal


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"uncertainty": {"fanout": "2-3"}}, "an Uncertainty"),
        ({"horizon": {"months": 12}}, "a Horizon"),
        ({"horizon": 12}, "horizon: got 12; expected a Horizon"),
    ],
)
def test_an_argument_of_another_type(changes: dict[str, Any], expected: str) -> None:
    arguments: dict[str, Any] = {
        "workload": kt.Workload(ingress="1 TB/month"),
        "book": kt.PriceBook(as_of="2025-10-31"),
        "deployments": [kt.ConfluentBasic(region="us-east-1")],
        **changes,
    }
    with pytest.raises(InputError, match=expected):
        kt.simulate(**arguments)
