"""Where a break-even may lie: against arithmetic, and against exact crossovers draw by draw."""

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
from kafkatco.uncertainty.build import drawn_inputs, model_of
from kafkatco.uncertainty.draw_model import Machine, Points
from kafkatco.uncertainty.inputs import REPLICATES, Uncertainty

pytest.importorskip("scipy")

BOOK = kt.PriceBook("list", as_of="2025-10-31")
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


def drawn(inputs: dict[str, Any], options: Any, names: list[str]) -> Iterator[dict[str, float]]:
    """Yield the inputs of each draw [base units], in the order of draws."""
    uncertain = Uncertainty(**inputs)
    comparison = Comparison.of("test", LOAD, options, BOOK, 730)
    axis = find_axis("ingress", comparison)
    found = drawn_inputs(uncertain, comparison, None, swept="ingress")
    points = Points("ingress", "", np.zeros(1), np.zeros(1))
    machine = Machine(model_of(uncertain, comparison, found, points, axis))
    for replicate in range(REPLICATES):
        shares, _ = machine.shares(replicate, 0, uncertain.draws // REPLICATES)
        values = machine.model.drawn(shares)
        for i in range(shares.shape[0]):
            yield {name: float(values[name][i]) for name in names}


def against_exact(options: Any, inputs: dict[str, Any], draws: int, stop: str) -> BreakEven:
    """Compare every draw with the exact curves of its own inputs; return what was compared."""
    given: dict[str, Any] = {"inputs": inputs, "draws": draws}
    mine, other = (item.label for item in options)
    found = break_even(
        LOAD, options, BOOK, mine, other, uncertainty=Uncertainty(**given), stop=stop
    )
    comparison = Comparison.of("test", LOAD, options, BOOK, 730)
    ingress = find_axis("ingress", comparison)
    low, high = ends_of(ingress, None, stop, 730.0)
    axes = {name: find_axis(name, comparison) for name in inputs}
    for i, values in enumerate(drawn(given, options, [*inputs])):
        at = comparison
        for name, axis in axes.items():
            at = axis.vary(at, values[name])
        a, b = swept_costs(at, ingress, low, high).values()
        blocked = np.maximum(a.infeasible, b.infeasible)
        exact = kt.crossings(a.total, b.total, names=(mine, other), blocked=blocked)
        assert found.crossings[i] == len(exact)
        if exact and exact[-1].above == mine:
            assert found.at[i] == pytest.approx(exact[-1].x * ingress.per_base, rel=1e-8)
        elif exact:
            assert found.at[i] == np.inf
        rising = [item.x for item in exact if item.above == mine]
        if exact and exact[0].above == mine:
            assert found.first[i] == pytest.approx(rising[0] * ingress.per_base, rel=1e-8)
        elif exact:
            assert found.first[i] == -np.inf
    return found


SOME = {
    "fanout": "1-4",
    "aws.msk.storage": "0.02-0.3",
    "krw": "1200-1500",
    "peak_to_average": "1-3",
}


def test_break_evens_are_the_exact_crossovers_of_each_draw() -> None:
    found = against_exact((MSK, BASIC), SOME, 64, "100 TB/month")
    assert np.isfinite(found.at).any()


@pytest.mark.slow
def test_break_evens_are_the_exact_crossovers_of_two_thousand_draws() -> None:
    inputs = {"fanout": "1-4", "follower_fetch": "0-1", "aws.ec2.m5.2xlarge": "0.05-0.9"}
    found = against_exact((OWN, SERVERLESS), inputs, 2000, "100 TB/month")
    assert found.at.size == 2000
    assert np.isfinite(found.at).mean() > 0.5
    assert found.always > 0.0


def test_a_break_even_is_where_arithmetic_says() -> None:
    """Own brokers cost a rest and hours x price; usage costs so much for each TB."""
    free = kt.Workload(ingress="1 TB/month", fanout=0, retention="1 day", zones=1)
    options = (OWN, BASIC)
    price = "aws.ec2.m5.2xlarge"
    found = break_even(
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
        bill_of(item, free.replace(ingress=f"{x} TB/month").operands(), BOOK).total or 0.0
        for item in options
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
        assert found.quantile(share) == pytest.approx(x, rel=5e-3)


def test_always_and_never_are_outcomes() -> None:
    # at no price of machines one's own are cheaper from the start, at 9 USD/hour never
    price = "aws.ec2.m5.2xlarge"
    either = {"distribution": "discrete", "values": [0.0, 9.0], "probabilities": [0.25, 0.75]}
    found = break_even(
        LOAD,
        (OWN, SERVERLESS),
        BOOK,
        "own",
        "serverless",
        start="0.5 TB/month",
        stop="3 TB/month",
        uncertainty=Uncertainty(inputs={price: either}, draws=512),
    )
    assert (found.always, found.never, found.apart) == (0.25, 0.75, 0.0)
    assert (found.quantile(0.2), found.quantile(0.3)) == (-np.inf, np.inf)
    assert found.error("never") == 0.0  # each replicate has a quarter of them exactly
    with pytest.raises(InputError, match="Did you mean 'never'"):
        found.error("nevr")
    for share in (-0.1, 1.1, float("nan")):
        with pytest.raises(InputError, match="a number from 0 to 1"):
            found.quantile(share)


def test_what_costs_the_same_never_costs_less() -> None:
    twin = kt.ConfluentBasic(region="us-east-1", name="twin")
    uncertain = Uncertainty(inputs={"fanout": "1-2"}, draws=64)
    found = break_even(LOAD, (BASIC, twin), BOOK, "basic", "twin", uncertainty=uncertain)
    assert (found.always, found.never, found.apart, found.several) == (0.0, 1.0, 0.0, 0.0)


@pytest.mark.parametrize("apart", [1e-6, 1e-9])
def test_costs_that_are_nearly_the_same_take_little_memory(apart: float) -> None:
    """Stretches would be halved without end: exact curves say which is the cheaper."""
    options = tuple(
        kt.MskServerless(region="us-east-1", name=name, discount=share)
        for name, share in (("less", 0.05 + apart), ("more", 0.05))
    )
    found = break_even(
        LOAD,
        options,
        BOOK,
        "less",
        "more",
        uncertainty=Uncertainty(inputs={"fanout": "1-3"}, draws=64),
    )
    assert (found.always, found.never) == (1.0, 0.0)


def test_which_of_nearly_the_same_costs_is_less_is_said_of_each_draw() -> None:
    options = tuple(
        kt.MskServerless(region="us-east-1", name=name, discount=share)
        for name, share in (("mine", 0.05), ("other", 0.05))
    )
    found = against_exact(options, {"discount:mine": "0.0499999-0.0500001"}, 64, "100 TB/month")
    assert (found.always, found.never) == (0.5, 0.5)


def test_what_both_cannot_serve_is_no_break_even() -> None:
    small = kt.MskStandard(region="us-east-1", instance="kafka.t3.small", brokers=3, name="small")
    found = break_even(
        LOAD,
        (small, OWN),
        BOOK,
        "small",
        "own",
        start="900 TB/month",
        stop="999 TB/month",
        uncertainty=Uncertainty(inputs={"fanout": "1-2"}, draws=64),
    )
    assert found.apart == 1.0
    assert np.isnan(found.quantile(0.5))


@pytest.mark.parametrize(
    ("names", "options", "expected"),
    [
        (("own", "own"), {}, "another deployment"),
        (("own", "msq"), {}, "msk"),
        (("own", "msk"), {"start": "9 TB"}, "data rate"),
    ],
)
def test_what_is_no_pair_is_told(names: Any, options: dict[str, Any], expected: str) -> None:
    with pytest.raises(InputError, match=expected):
        break_even(LOAD, (OWN, MSK), BOOK, names[0], names[1], **options)
