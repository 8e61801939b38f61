"""Draws against closed forms: quantiles, chances, regret, and what knowing is worth."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest

import kafkatco as kt
from kafkatco.costing.bill import bill_of
from kafkatco.errors import InputError
from kafkatco.planning.horizon import Horizon
from kafkatco.uncertainty.distributions import Lognormal, Normal
from kafkatco.uncertainty.inputs import Uncertainty
from kafkatco.uncertainty.quantile_sketch import RELATIVE
from kafkatco.uncertainty.simulate import simulate
from kafkatco.uncertainty.simulation import QUANTILES, RISK, Simulation

stats = pytest.importorskip("scipy.stats")

BOOK = kt.PriceBook("list", as_of="2025-10-31")
LOAD = kt.Workload(ingress="1 TB/month", fanout=1, retention="1 day")
OWN = kt.SelfHosted(region="us-east-1", instance="m5.2xlarge", brokers=3, name="own")
BASIC = kt.ConfluentBasic(region="us-east-1", name="basic")
HOUR = "aws.ec2.m5.2xlarge"


def run(inputs: dict[str, Any], options: Any = (OWN,), **more: Any) -> Simulation:
    draws = more.pop("draws", 4096)
    uncertain = Uncertainty(inputs=inputs, draws=draws, correlation=more.pop("correlation", ()))
    ahead = {name: more.pop(name) for name in Horizon.model_fields if name in more}
    horizon = Horizon(**ahead)
    return simulate(LOAD, options, BOOK, uncertainty=uncertain, horizon=horizon, **more)


def split(item: Any, sku: str) -> tuple[float, float]:
    """Return what a bill costs without a sku, and how much of the sku it has."""
    bill = bill_of(item, LOAD.operands(), BOOK)
    quantity = sum(float(line.quantity) for line in bill.lines if line.sku == sku)
    cost = sum(float(line.cost or 0) for line in bill.lines if line.sku != sku)
    return cost, quantity


def total(item: Any, load: Any = None) -> float:
    found = bill_of(item, load or LOAD.operands(), BOOK).total
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("drawn", "exact"),
    [
        (Normal(mean=0.4, sd=0.05), stats.norm(0.4, 0.05)),
        (Lognormal(median=0.4, sigma=0.3), stats.lognorm(0.3, 0, 0.4)),
    ],
    ids=["normal", "lognormal"],
)
def test_quantiles_of_cost_are_those_of_the_price(drawn: Any, exact: Any) -> None:
    rest, hours = split(OWN, HOUR)
    assert hours == 3 * 730
    found = run({HOUR: drawn}, months=1)
    for quantile, cost in zip(QUANTILES, found.data.cost[:, 0, 0].values, strict=True):
        # cost = rest + hours x price; nets of 512 points each leave 1/512 of the shares open
        low, high = (rest + hours * exact.ppf(quantile + way / 512) for way in (-1, 1))
        assert low * (1 - RELATIVE) <= cost <= high * (1 + RELATIVE)
    [choice] = found.choices
    assert choice.mean == pytest.approx(rest + hours * exact.mean(), rel=1e-3)
    assert choice.at_risk == pytest.approx(rest + hours * exact.ppf(RISK), rel=2e-3)


def test_the_mean_beyond_the_value_at_risk_is_that_of_a_normal() -> None:
    # E[X | X > q95] = mean + sd phi(z95) / 0.05
    rest, hours = split(OWN, HOUR)
    [choice] = run({HOUR: Normal(mean=0.4, sd=0.05)}, months=1, draws=16384).choices
    z = stats.norm.ppf(RISK)
    beyond = 0.4 + 0.05 * stats.norm.pdf(z) / (1 - RISK)
    assert choice.beyond == pytest.approx(rest + hours * beyond, rel=1e-3)


def test_correlated_prices_spread_as_their_sum_does() -> None:
    # a X + b Y of standard deviations s, t and correlation r: sqrt(a2 s2 + b2 t2 + 2 r a b s t)
    rest, hours = split(OWN, HOUR)
    disk = "aws.ebs.gp3.storage"
    _, size = split(OWN, disk)
    rest -= size * 0.08
    r, s, t = 0.6, 0.05, 0.02
    inputs = {HOUR: Normal(mean=0.4, sd=s), disk: Normal(mean=0.2, sd=t)}
    found = run(inputs, months=1, correlation=[{"between": [HOUR, disk], "value": r}])
    spread = np.sqrt((hours * s) ** 2 + (size * t) ** 2 + 2 * r * hours * s * size * t)
    mean = rest + hours * 0.4 + size * 0.2
    for q in (0.05, 0.25, 0.75, 0.95):
        cost = float(found.data.cost.sel(quantile=q)[0, 0])
        assert cost == pytest.approx(mean + spread * stats.norm.ppf(q), rel=2e-3)


def test_regret_and_the_worth_of_knowing_are_those_of_two_prices() -> None:
    """One option costs c, another r + h p with p uniform: all is arithmetic."""
    rest, hours = split(OWN, HOUR)
    fixed = total(BASIC)
    meet = (fixed - rest) / hours  # the price at which both cost the same
    low, high = meet - 0.01, meet + 0.03
    found = run({HOUR: f"{low}-{high}"}, (OWN, BASIC), months=1, draws=16384)
    own, basic = found.choices
    # own is cheaper for a quarter of the prices
    assert own.cheapest == pytest.approx(0.25, abs=1e-3)
    # regret of own: h (p - meet) above; the mean of 0 .. 0.03 over three quarters
    assert own.regret == pytest.approx(hours * 0.75 * 0.03 / 2, rel=2e-3)
    assert basic.regret == pytest.approx(hours * 0.25 * 0.01 / 2, rel=2e-3)
    # the best choice is basic; knowing the price saves its regret, and there is nothing else
    assert found.everything == pytest.approx(hours * 0.25 * 0.01 / 2, rel=2e-3)
    assert found.information[HOUR] == pytest.approx(found.everything or 0, rel=1e-2)


def test_knowing_what_does_not_matter_is_worth_nothing() -> None:
    rest, hours = split(OWN, HOUR)
    meet = (total(BASIC) - rest) / hours
    inputs = {HOUR: f"{meet - 0.01}-{meet + 0.01}", "connections": "1-9"}
    found = run(inputs, (OWN, BASIC), months=1)
    assert found.information["connections"] < 0.02 * found.information[HOUR]


def test_chances_along_traffic_are_those_of_the_break_even() -> None:
    # at each traffic, OWN is cheaper where the price is below (basic - rest) / hours
    found = run({HOUR: "0.02-0.06"}, (OWN, BASIC), over="ingress", at=[0.5, 1.0, 1.5])
    for x in (0.5, 1.0, 1.5):
        load = LOAD.replace(ingress=f"{x} TB/month").operands()
        bill = bill_of(OWN, load, BOOK)
        hours = sum(float(line.quantity) for line in bill.lines if line.sku == HOUR)
        rest = sum(float(line.cost or 0) for line in bill.lines if line.sku != HOUR)
        meet = (total(BASIC, load) - rest) / hours
        chance = np.clip((meet - 0.02) / 0.04, 0, 1)
        told = float(found.data.cheapest.sel(deployment="own", ingress=x))
        assert told == pytest.approx(chance, abs=1e-3)
    assert found.choices == ()


def test_without_uncertainty_all_draws_are_the_projection() -> None:
    growth = kt.Compound(annual_rate=0.4)
    plain = kt.project(
        LOAD,
        (OWN, BASIC),
        BOOK,
        horizon=kt.Horizon(
            growth=growth, months=24, discount_rate=0.08, inflation=0.03, month_hours="calendar"
        ),
    )
    found = run(
        {"fanout": 1},
        (OWN, BASIC),
        growth=growth,
        months=24,
        discount_rate=0.08,
        inflation=0.03,
        month_hours="calendar",
        draws=64,
    )
    expected = plain.data.cost.isel(scenario=0).values
    assert np.allclose(found.data["mean"].values, expected, rtol=1e-12)
    whole = plain.data.discounted_cost.isel(scenario=0).sum("month").values
    assert np.allclose([choice.mean for choice in found.choices], whole, rtol=1e-12)


def test_growth_is_drawn_along_its_months() -> None:
    # traffic of month m is first x (1 + rate)^((m-1)/12): the mean of usage costs at both ends
    low, high = (
        kt.project(
            LOAD, (BASIC,), BOOK, horizon=kt.Horizon(growth=kt.Compound(annual_rate=r), months=13)
        )
        for r in (0.1, 0.3)
    )
    found = run(
        {"growth": {"distribution": "discrete", "values": [0.1, 0.3], "probabilities": [0.5, 0.5]}},
        (BASIC,),
        growth=kt.Compound(annual_rate=0.0),
        months=13,
    )
    middle = (low.data.cost + high.data.cost).isel(scenario=0).values / 2
    assert np.allclose(found.data["mean"].values, middle, rtol=1e-9)


def test_traffic_is_drawn_where_there_is_none_yet() -> None:
    idle = kt.Workload(ingress="0 TB/month", fanout=1, retention="1 day")
    uncertain = Uncertainty(inputs={"ingress": "0-2 TB/month"}, draws=64)
    found = simulate(idle, (BASIC,), BOOK, horizon=Horizon(months=1), uncertainty=uncertain)
    assert found.choices[0].served == 1.0
    # as much as without traffic of its own: what is drawn is all there is
    other = simulate(LOAD, (BASIC,), BOOK, horizon=Horizon(months=1), uncertainty=uncertain)
    assert found.choices == other.choices


def test_retention_is_drawn_with_what_is_stored() -> None:
    def cost(retention: str) -> Any:
        load = LOAD.model_copy(
            update={"retention": kt.Workload(ingress="1 TB/month", retention=retention).retention}
        )
        return kt.project(
            load, (BASIC,), BOOK, horizon=kt.Horizon(growth=kt.Compound(annual_rate=0.9), months=6)
        )

    found = run(
        {
            "retention": {
                "distribution": "discrete",
                "values": ["2 days", "60 days"],
                "probabilities": [0.5, 0.5],
            }
        },
        (BASIC,),
        draws=64,
        growth=kt.Compound(annual_rate=0.9),
        months=6,
    )
    both = [cost(x).data.cost.isel(scenario=0).values for x in ("2 days", "60 days")]
    assert np.allclose(found.data["mean"].values, sum(both) / 2, rtol=1e-9)


def test_an_input_that_no_cost_depends_on_is_told() -> None:
    given = {"fanout": "1-2", "salary": "2000-3000", "growth": "0-10 %"}  # nobody is paid
    found = run(given, (OWN, BASIC), growth=kt.Compound(annual_rate=0.1), months=2, draws=64)
    assert {item.name: item.matters for item in found.inputs} == {
        "fanout": True,
        "salary": False,
        "growth": True,
    }
    assert "no cost here depends on: salary" in found._repr_html_()


INPUTS = {"ingress": "0.5-9 TB/month", HOUR: "0.1-0.3-0.9", "fanout": "1-4", "krw": "1200-1500"}


def test_threads_change_nothing() -> None:
    found = [
        run(INPUTS, (OWN, BASIC), months=6, threads=threads, draws=32768) for threads in (1, 2, 5)
    ]
    for one, other in itertools.pairwise(found):
        assert one.data.identical(other.data)
        assert one.choices == other.choices
        assert one.settling == other.settling
        assert one.information == other.information


def test_a_seed_is_a_seed() -> None:
    one, same = (run(INPUTS, months=3, draws=512) for _ in range(2))
    assert one.data.identical(same.data)
    uncertain = Uncertainty(inputs=INPUTS, draws=512, seed=2)
    other = simulate(LOAD, (OWN,), BOOK, uncertainty=uncertain, horizon=Horizon(months=3))
    assert not other.data.cost.equals(one.data.cost)


def test_draws_are_the_same_on_every_version() -> None:
    """Recorded once, on Python 3.11 with SciPy 1.15 and 1.17: what a seed promises."""
    from kafkatco.uncertainty.sampling import Sampler

    drawn = {"a": Normal(mean=0, sd=1), "b": Lognormal(median=1400.0, sigma=0.1)}
    points = Sampler(drawn, (), np.eye(0), 0, 1024, 1).uniform(3, 5, 2)
    assert points.tolist() == [
        [0.314015946816653, 0.6769006042741239],
        [0.1455469294451177, 0.17755250772461295],
    ]


def test_results_settle_and_say_how_far() -> None:
    found = run(INPUTS, (OWN, BASIC), months=3)
    assert [item.draws for item in found.settling][-1] == 4096
    assert all(a.draws < b.draws for a, b in itertools.pairwise(found.settling))
    last = found.settling[-1]
    assert last.cheapest == tuple(item.cheapest for item in found.choices)
    assert all(0 <= error < 0.01 for error in last.error)
    assert float(found.data.cheapest.sum("deployment").max()) <= 1 + 1e-12


def test_an_option_that_cannot_serve_some_draws_is_told_so() -> None:
    # 3 brokers of an MSK type cannot serve all of this traffic
    small = kt.MskStandard(region="us-east-1", instance="kafka.t3.small", brokers=3, name="small")
    more = kt.SelfHosted(region="us-east-1", instance="m5.2xlarge", name="as many as it takes")
    found = run({"ingress": "1-400 TB/month"}, (small, more), months=2)
    choice, other = found.choices
    assert 0 < choice.served < 1
    assert other.served == 1.0
    assert np.isinf(choice.quantiles[-1])
    assert found.settling[-1].mean[0] is None
    assert float(found.data.served[0, 0]) == choice.served


def test_knowing_the_only_input_is_knowing_everything_where_some_cannot_serve() -> None:
    # 0.1 TB a month is served by both, 5,000 by one: knowing which, one takes the cheaper
    more = kt.SelfHosted(region="us-east-1", instance="m5.2xlarge", name="as many as it takes")
    either = {
        "distribution": "discrete",
        "values": ["0.1 TB/month", "5000 TB/month"],
        "probabilities": [0.25, 0.75],
    }
    found = run({"ingress": either}, (more, BASIC), months=1)
    small, large = (LOAD.replace(ingress=f"{x} TB/month").operands() for x in (0.1, 5000))
    assert bill_of(BASIC, large, BOOK).infeasible
    saved = 0.25 * (total(more, small) - total(BASIC, small))
    assert saved > 0
    assert found.everything == pytest.approx(saved, rel=1e-9)
    assert found.information["ingress"] == pytest.approx(saved, rel=1e-9)


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"threads": 0}, "threads"),
        ({"months": 0}, "months"),
        ({"over": "ingres"}, "ingress"),
        ({"over": "ingress", "at": [-1.0]}, r"got \[-1.0\]; expected finite numbers of at least 0"),
        ({"over": "ingress", "at": [float("nan")]}, "finite numbers"),
        ({"over": "ingress", "at": ["1 TB/month"]}, "finite numbers"),
        ({"over": "ingress", "at": 5}, "finite numbers"),
        ({"at": 5}, "at: got 5; expected nothing, as the simulation is over months"),
        ({"over": "ingress", "start": "9 TB/month", "stop": "1 TB/month"}, "more than"),
        ({"client": object()}, "distributed.Client"),
    ],
)
def test_what_is_no_simulation_is_told(options: dict[str, Any], expected: str) -> None:
    if "client" in options:
        pytest.importorskip("distributed")
    with pytest.raises(InputError, match=expected):
        run({"fanout": "1-2"}, draws=64, **options)
