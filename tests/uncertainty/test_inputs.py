"""What is uncertain: inputs that do not fit, correlations that cannot be, and the defaults."""

from __future__ import annotations

import csv
from typing import Any

import numpy as np
import pytest

import kafkatco as kt
from kafkatco.costing.comparison import Comparison
from kafkatco.errors import InputError
from kafkatco.prices.csv_tables import pricing_root
from kafkatco.uncertainty.build import drawn_inputs
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


def told(inputs: dict[str, Any], **others: Any) -> str:
    with pytest.raises(InputError) as caught:
        Uncertainty(inputs=inputs, **others)
    return str(caught.value)


def test_all_that_is_wrong_is_told_at_once() -> None:
    text = told(
        {"fanout": {"distribution": "normal", "mean": 3, "sd": -1}, "krw": "9-2", "salary": None}
    )
    assert "inputs.fanout.sd" in text
    assert "inputs.krw.high" in text
    assert "inputs.salary" in text


def test_correlations_that_cannot_go_together_are_told() -> None:
    # a with b and b with c at 0.9, a with c at -0.9: the determinant is
    # 1 + 2 x 0.9 x 0.9 x (-0.9) - 3 x 0.81 = -2.888, so no joint distribution has them
    pairs = [("a", "b", 0.9), ("b", "c", 0.9), ("a", "c", -0.9)]
    text = told(
        dict.fromkeys("abc", "1-2"),
        correlation=[{"between": [x, y], "value": value} for x, y, value in pairs],
    )
    assert "positive definite" in text
    assert "a, b, c" in text


@pytest.mark.parametrize(
    ("correlation", "expected"),
    [
        ([{"between": ["a", "d"], "value": 0.5}], "an uncertain input"),
        ([{"between": ["a", "a"], "value": 0.5}], "two inputs"),
        ([{"between": ["a", "b"], "value": 1.0}], "less than 1"),
        ([{"between": ["a", "b"], "value": 0.5}, {"between": ["b", "a"], "value": 0.5}], "once"),
    ],
)
def test_a_correlation_that_is_none_is_told(correlation: list[Any], expected: str) -> None:
    assert expected in told(dict.fromkeys("abc", "1-2"), correlation=correlation)


def test_correlations_right_below_what_is_possible_are_taken() -> None:
    # with a-b = b-c = r and a-c = 0 the smallest eigenvalue is 1 - r sqrt(2): zero at 0.70711
    def pairs(r: float) -> list[dict[str, Any]]:
        return [{"between": ["a", "b"], "value": r}, {"between": ["b", "c"], "value": r}]

    Uncertainty(inputs=dict.fromkeys("abc", "1-2"), correlation=pairs(0.7071))
    assert "positive definite" in told(dict.fromkeys("abc", "1-2"), correlation=pairs(0.7072))


@pytest.mark.parametrize(("draws", "near"), [(101, "104"), (8191, "8192")])
def test_draws_are_of_eight_equal_parts(draws: int, near: str) -> None:
    assert f"Nearest: {near}" in told({}, draws=draws)


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
        ({"fte": "1-2", "fte:self-hosted": "1-2"}, "both vary it"),
        ({"connector_tasks": {"distribution": "uniform", "low": "a", "high": "b"}}, "a number"),
    ],
)
def test_an_input_that_does_not_fit_is_told(
    comparison: Comparison, inputs: dict[str, Any], expected: str
) -> None:
    with pytest.raises(InputError, match=expected) as caught:
        drawn_inputs(Uncertainty(inputs=inputs), comparison, kt.Constant())
    assert "uncertainty.inputs" in str(caught.value)


def test_a_rate_of_growth_is_left_out_where_nothing_grows(comparison: Comparison) -> None:
    given = Uncertainty(inputs={"growth": "12-20 %/year", "fanout": "2-3"})
    assert [item.name for item in drawn_inputs(given, comparison, None)] == ["fanout"]


def test_what_is_looked_along_is_not_drawn_under_another_name(comparison: Comparison) -> None:
    uncertain = Uncertainty(inputs={"fte": "1-2", "fanout": "1-2"})
    with pytest.raises(InputError, match="nothing of what is looked along, fte:self-hosted"):
        drawn_inputs(uncertain, comparison, None, swept="fte:self-hosted")
    left = drawn_inputs(uncertain, comparison, None, swept="fte")
    assert [item.name for item in left] == ["fanout"]


def test_a_shrinking_growth_may_be_drawn_around(comparison: Comparison) -> None:
    half = {"distribution": "uniform", "low": 0.5, "high": 1.5, "relative": True}
    uncertain = Uncertainty(inputs={"growth": half})
    [found] = drawn_inputs(uncertain, comparison, kt.Compound(annual_rate=-0.4))
    assert found.scale == -0.4
    with pytest.raises(InputError, match="at least -1"):  # 1.5 x -0.8
        drawn_inputs(uncertain, comparison, kt.Compound(annual_rate=-0.8))


def test_values_are_read_in_the_units_of_their_input(comparison: Comparison) -> None:
    book = comparison.book
    given = {
        "ingress": "1-3 TB/month",
        "salary": "60000-120000 USD/year",
        "krw": "1300-1500",
        "aws.ec2.m5.2xlarge": "0.3-0.4 USD/hour",
        "retention": "1-2 days",
    }
    found = {x.name: x for x in drawn_inputs(Uncertainty(inputs=given), comparison, None)}
    middle = {name: float(x.distribution.quantile(np.array([0.5]))[0]) for name, x in found.items()}
    # 2 TB in 730 h, in MiB/s
    assert middle["ingress"] == pytest.approx(2e12 / (730 * 3600) / 2**20)
    assert middle["salary"] == pytest.approx(90_000 / 12)
    assert middle["aws.ec2.m5.2xlarge"] == pytest.approx(0.35)
    assert middle["retention"] == pytest.approx(36.0)
    assert book.currency == "USD"


def test_relative_values_are_shares_of_what_is_now(comparison: Comparison) -> None:
    given = {"fanout": {"distribution": "uniform", "low": 0.5, "high": 2, "relative": True}}
    [found] = drawn_inputs(Uncertainty(inputs=given), comparison, None)
    assert found.scale == 2.0  # the workload's fan-out


def test_defaults_say_their_source_and_are_of_inputs_that_somebody_has(
    comparison: Comparison,
) -> None:
    assert all(item.source for item in DEFAULTS.values())
    names = [
        item.name for item in drawn_inputs(Uncertainty(), comparison, kt.Compound(annual_rate=0.1))
    ]
    assert names == ["ingress", "growth", "fanout", "salary", "krw"]
    nobody = Comparison(comparison.load, comparison.deployments[:1], comparison.book)
    assert [x.name for x in drawn_inputs(Uncertainty(), nobody, None)] == [
        "ingress",
        "fanout",
        "krw",
    ]


def test_the_spread_of_the_won_is_that_of_the_tables() -> None:
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
def test_what_is_of_another_type_is_told(changes: dict[str, Any], expected: str) -> None:
    given: dict[str, Any] = {
        "workload": kt.Workload(ingress="1 TB/month"),
        "book": kt.PriceBook(as_of="2025-10-31"),
        "deployments": [kt.ConfluentBasic(region="us-east-1")],
        **changes,
    }
    with pytest.raises(InputError, match=expected):
        kt.simulate(**given)
