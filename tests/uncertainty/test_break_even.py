"""Break-evens against arithmetic, and against the exact crossovers of each draw."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

import kafkatco as kt
from kafkatco.analysis.axes import find_axis
from kafkatco.analysis.cost_curves import ends_of, swept_costs
from kafkatco.costing.bill import bill_of
from kafkatco.costing.comparison import Comparison
from kafkatco.errors import InputError
from kafkatco.uncertainty.break_even import BreakEven, break_even
from kafkatco.uncertainty.build import model_of, uncertain_inputs
from kafkatco.uncertainty.draw_model import Evaluator, Points
from kafkatco.uncertainty.inputs import REPLICATES, Uncertainty
from support.plain import PLAIN

pytest.importorskip("scipy")

BOOK = kt.PriceBook("list", as_of="2025-10-31", assumptions=PLAIN)
LOAD = kt.Workload(ingress="1 TB/month", fanout=2, retention="1 day")
OWN = kt.SelfHosted(
    region="us-east-1",
    instance="m5.2xlarge",
    brokers=3,
    name="own",
    utilisation=1,
    failure_margin="none",
)
SERVERLESS = kt.MskServerless(region="us-east-1", name="serverless")
BASIC = kt.ConfluentBasic(region="us-east-1", name="basic")
MSK = kt.MskStandard(region="us-east-1", instance="kafka.m7g.large", name="msk")


def draws_of(uncertain: Uncertainty, options: Any, names: list[str]) -> Iterator[dict[str, float]]:
    """Yield the inputs of each draw [base units], in the order of draws."""
    comparison = Comparison.of("test", LOAD, options, BOOK, 730)
    axis = find_axis("ingress", comparison)
    inputs = uncertain_inputs(uncertain, comparison, None, excluded="ingress")
    points = Points("ingress", "", np.zeros(1), np.zeros(1))
    evaluator = Evaluator(model_of(uncertain, comparison, inputs, points, axis))
    for replicate in range(REPLICATES):
        shares, _extra = evaluator.shares(replicate, 0, uncertain.draws // REPLICATES)
        values = evaluator.model.values(shares)
        for i in range(shares.shape[0]):
            yield {name: float(values[name][i]) for name in names}


def against_exact(options: Any, inputs: dict[str, Any], draws: int, stop: str) -> BreakEven:
    """Compare every draw with the exact curves of its inputs, and return the break-even."""
    uncertain = Uncertainty(inputs=inputs, draws=draws)
    mine, other = (option.label for option in options)
    result = break_even(LOAD, options, BOOK, mine, other, uncertainty=uncertain, stop=stop)
    comparison = Comparison.of("test", LOAD, options, BOOK, 730)
    ingress = find_axis("ingress", comparison)
    low, high = ends_of(ingress, None, stop, 730.0)
    axes = {name: find_axis(name, comparison) for name in inputs}
    for i, values in enumerate(draws_of(uncertain, options, [*inputs])):
        at = comparison
        for name, axis in axes.items():
            at = axis.vary(at, values[name])
        a, b = swept_costs(at, ingress, low, high).values()
        blocked = np.maximum(a.infeasible, b.infeasible)
        exact = kt.crossings(a.total, b.total, names=(mine, other), blocked=blocked)
        assert result.crossings[i] == len(exact)
        if exact and exact[-1].above == mine:
            assert result.at[i] == pytest.approx(exact[-1].x * ingress.per_base, rel=1e-8)
        elif exact:
            assert result.at[i] == np.inf
        rising = [crossing.x for crossing in exact if crossing.above == mine]
        if exact and exact[0].above == mine:
            assert result.first[i] == pytest.approx(rising[0] * ingress.per_base, rel=1e-8)
        elif exact:
            assert result.first[i] == -np.inf
    return result


SOME = {
    "fanout": "1-4",
    "aws.msk.storage": "0.02-0.3",
    "krw": "1200-1500",
    "peak_to_average": "1-3",
}


def test_break_evens_are_the_exact_crossovers_of_each_draw() -> None:
    result = against_exact((MSK, BASIC), SOME, 64, "100 TB/month")
    assert np.isfinite(result.at).any()


@pytest.mark.slow
def test_break_evens_are_the_exact_crossovers_of_two_thousand_draws() -> None:
    inputs = {"fanout": "1-4", "follower_fetch": "0-1", "aws.ec2.m5.2xlarge": "0.05-0.9"}
    result = against_exact((OWN, SERVERLESS), inputs, 2000, "100 TB/month")
    assert result.at.size == 2000
    assert np.isfinite(result.at).mean() > 0.5
    assert result.always > 0.0


def test_a_break_even_by_arithmetic() -> None:
    """Own brokers cost a fixed sum and hours x price; the service costs a rate for each TB."""
    free = kt.Workload(ingress="1 TB/month", fanout=0, retention="1 day", zones=1)
    options = (OWN, BASIC)
    price = "aws.ec2.m5.2xlarge"
    result = break_even(
        free,
        options,
        BOOK,
        "own",
        "basic",
        start="0.5 TB/month",
        stop="3 TB/month",
        uncertainty=Uncertainty(inputs={price: "0.01-0.05"}, draws=512),
    )
    at = [
        bill_of(option, free.replace(ingress=f"{x} TB/month").operands(), BOOK).total or 0.0
        for option in options
        for x in (1.0, 2.0)
    ]
    slope_own, slope_basic = at[1] - at[0], at[3] - at[2]
    hours = 3 * 730
    listed = float(BOOK.price(price, "us-east-1")[0].price or 0)
    fixed = at[0] - slope_own - hours * listed  # of own, at no traffic and no price
    # fixed + hours p + slope_own x = basic(1) + slope_basic (x - 1)
    expected = {
        p: (fixed + hours * p - at[2] + slope_basic) / (slope_basic - slope_own)
        for p in (0.012, 0.03, 0.048)
    }
    for p, x in expected.items():
        assert 0.5 < x < 3.0
        share = (p - 0.01) / 0.04  # of draws with a lower price, and so a lower break-even
        assert result.quantile(share) == pytest.approx(x, rel=5e-3)


def test_always_and_never_are_outcomes() -> None:
    # own brokers are always cheaper at 0 USD/hour, and never at 9 USD/hour
    price = "aws.ec2.m5.2xlarge"
    either = {"distribution": "discrete", "values": [0.0, 9.0], "probabilities": [0.25, 0.75]}
    result = break_even(
        LOAD,
        (OWN, SERVERLESS),
        BOOK,
        "own",
        "serverless",
        start="0.5 TB/month",
        stop="3 TB/month",
        uncertainty=Uncertainty(inputs={price: either}, draws=512),
    )
    assert (result.always, result.never, result.apart) == (0.25, 0.75, 0.0)
    assert (result.quantile(0.2), result.quantile(0.3)) == (-np.inf, np.inf)
    assert result.error("never") == 0.0  # each replicate has a quarter of them exactly
    with pytest.raises(InputError, match="Did you mean 'never'"):
        result.error("nevr")
    for share in (-0.1, 1.1, float("nan")):
        with pytest.raises(InputError, match="a number from 0 to 1"):
            result.quantile(share)


def test_equal_costs_are_never_less() -> None:
    twin = kt.ConfluentBasic(region="us-east-1", name="twin")
    uncertain = Uncertainty(inputs={"fanout": "1-2"}, draws=64)
    result = break_even(LOAD, (BASIC, twin), BOOK, "basic", "twin", uncertainty=uncertain)
    assert (result.always, result.never, result.apart, result.several) == (0.0, 1.0, 0.0, 0.0)


@pytest.mark.parametrize("apart", [1e-6, 1e-9])
def test_nearly_equal_costs_take_little_memory(apart: float) -> None:
    """Intervals would be halved too often: exact curves decide which option is cheaper."""
    options = tuple(
        kt.MskServerless(region="us-east-1", name=name, discount=share)
        for name, share in (("less", 0.05 + apart), ("more", 0.05))
    )
    result = break_even(
        LOAD,
        options,
        BOOK,
        "less",
        "more",
        uncertainty=Uncertainty(inputs={"fanout": "1-3"}, draws=64),
    )
    assert (result.always, result.never) == (1.0, 0.0)


def test_nearly_equal_costs_are_compared_exactly_for_each_draw() -> None:
    options = tuple(
        kt.MskServerless(region="us-east-1", name=name, discount=share)
        for name, share in (("mine", 0.05), ("other", 0.05))
    )
    result = against_exact(options, {"discount:mine": "0.0499999-0.0500001"}, 64, "100 TB/month")
    assert (result.always, result.never) == (0.5, 0.5)


def test_no_break_even_without_traffic_that_both_can_handle() -> None:
    small = kt.MskStandard(region="us-east-1", instance="kafka.t3.small", brokers=3, name="small")
    result = break_even(
        LOAD,
        (small, OWN),
        BOOK,
        "small",
        "own",
        start="900 TB/month",
        stop="999 TB/month",
        uncertainty=Uncertainty(inputs={"fanout": "1-2"}, draws=64),
    )
    assert result.apart == 1.0
    assert np.isnan(result.quantile(0.5))


@pytest.mark.parametrize(
    ("names", "options", "expected"),
    [
        (("own", "own"), {}, "another deployment"),
        (("own", "msq"), {}, "msk"),
        (("own", "msk"), {"start": "9 TB"}, "data rate"),
    ],
)
def test_invalid_pairs(names: Any, options: dict[str, Any], expected: str) -> None:
    with pytest.raises(InputError, match=expected):
        break_even(LOAD, (OWN, MSK), BOOK, names[0], names[1], **options)
