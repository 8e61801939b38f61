"""Simulations against closed forms: quantiles, probabilities, regret, value of information."""

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
from support.plain import PLAIN

stats = pytest.importorskip("scipy.stats")

BOOK = kt.PriceBook("list", as_of="2025-10-31", assumptions=PLAIN)
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


def split(deployment: Any, sku: str) -> tuple[float, float]:
    """Return the cost of a bill without a sku, and the quantity of the sku."""
    bill = bill_of(deployment, LOAD.operands(), BOOK)
    quantity = sum(float(line.quantity) for line in bill.lines if line.sku == sku)
    cost = sum(float(line.cost or 0) for line in bill.lines if line.sku != sku)
    return cost, quantity


def total(deployment: Any, load: Any = None) -> float:
    cost = bill_of(deployment, load or LOAD.operands(), BOOK).total
    assert cost is not None
    return cost


@pytest.mark.parametrize(
    ("distribution", "exact"),
    [
        (Normal(mean=0.4, sd=0.05), stats.norm(0.4, 0.05)),
        (Lognormal(median=0.4, sigma=0.3), stats.lognorm(0.3, 0, 0.4)),
    ],
    ids=["normal", "lognormal"],
)
def test_quantiles_of_cost_follow_those_of_the_price(distribution: Any, exact: Any) -> None:
    rest, hours = split(OWN, HOUR)
    assert hours == 3 * 730
    result = run({HOUR: distribution}, months=1)
    for quantile, cost in zip(QUANTILES, result.data.cost[:, 0, 0].values, strict=True):
        # cost = rest + hours x price; replicates of 512 points resolve levels to 1/512
        low, high = (rest + hours * exact.ppf(quantile + way / 512) for way in (-1, 1))
        assert low * (1 - RELATIVE) <= cost <= high * (1 + RELATIVE)
    [choice] = result.choices
    assert choice.mean == pytest.approx(rest + hours * exact.mean(), rel=1e-3)
    assert choice.value_at_risk == pytest.approx(rest + hours * exact.ppf(RISK), rel=2e-3)


def test_the_expected_shortfall_of_a_normal() -> None:
    # E[X | X > q95] = mean + sd phi(z95) / 0.05
    rest, hours = split(OWN, HOUR)
    [choice] = run({HOUR: Normal(mean=0.4, sd=0.05)}, months=1, draws=16384).choices
    z = stats.norm.ppf(RISK)
    shortfall = 0.4 + 0.05 * stats.norm.pdf(z) / (1 - RISK)
    assert choice.expected_shortfall == pytest.approx(rest + hours * shortfall, rel=1e-3)


def test_correlated_prices_have_the_spread_of_their_sum() -> None:
    # a X + b Y of standard deviations s, t and correlation r: sqrt(a2 s2 + b2 t2 + 2 r a b s t)
    rest, hours = split(OWN, HOUR)
    disk = "aws.ebs.gp3.storage"
    _, size = split(OWN, disk)
    rest -= size * 0.08
    r, s, t = 0.6, 0.05, 0.02
    inputs = {HOUR: Normal(mean=0.4, sd=s), disk: Normal(mean=0.2, sd=t)}
    result = run(inputs, months=1, correlation=[{"between": [HOUR, disk], "value": r}])
    spread = np.sqrt((hours * s) ** 2 + (size * t) ** 2 + 2 * r * hours * s * size * t)
    mean = rest + hours * 0.4 + size * 0.2
    for q in (0.05, 0.25, 0.75, 0.95):
        cost = float(result.data.cost.sel(quantile=q)[0, 0])
        assert cost == pytest.approx(mean + spread * stats.norm.ppf(q), rel=2e-3)


def test_regret_and_the_value_of_information_of_a_uniform_price() -> None:
    """One option costs c, the other r + h p with p uniform: the rest is arithmetic."""
    rest, hours = split(OWN, HOUR)
    fixed = total(BASIC)
    equal = (fixed - rest) / hours  # the price at which both cost the same
    low, high = equal - 0.01, equal + 0.03
    result = run({HOUR: f"{low}-{high}"}, (OWN, BASIC), months=1, draws=16384)
    own, basic = result.choices
    # own is cheaper for a quarter of the prices
    assert own.cheapest == pytest.approx(0.25, abs=1e-3)
    # regret of own: h (p - equal) above; the mean of 0 .. 0.03 over three quarters
    assert own.regret == pytest.approx(hours * 0.75 * 0.03 / 2, rel=2e-3)
    assert basic.regret == pytest.approx(hours * 0.25 * 0.01 / 2, rel=2e-3)
    # the best choice is basic; knowing the price, the only input, saves its regret
    assert result.evpi == pytest.approx(hours * 0.25 * 0.01 / 2, rel=2e-3)
    assert result.evppi[HOUR] == pytest.approx(result.evpi or 0, rel=1e-2)


def test_knowing_an_irrelevant_input_is_worth_nothing() -> None:
    rest, hours = split(OWN, HOUR)
    equal = (total(BASIC) - rest) / hours
    inputs = {HOUR: f"{equal - 0.01}-{equal + 0.01}", "connections": "1-9"}
    result = run(inputs, (OWN, BASIC), months=1)
    assert result.evppi["connections"] < 0.02 * result.evppi[HOUR]


def test_probabilities_along_traffic_follow_the_break_even() -> None:
    # at each traffic, OWN is cheaper where the price is below (basic - rest) / hours
    result = run({HOUR: "0.02-0.06"}, (OWN, BASIC), over="ingress", at=[0.5, 1.0, 1.5])
    for x in (0.5, 1.0, 1.5):
        load = LOAD.replace(ingress=f"{x} TB/month").operands()
        bill = bill_of(OWN, load, BOOK)
        hours = sum(float(line.quantity) for line in bill.lines if line.sku == HOUR)
        rest = sum(float(line.cost or 0) for line in bill.lines if line.sku != HOUR)
        equal = (total(BASIC, load) - rest) / hours
        expected = np.clip((equal - 0.02) / 0.04, 0, 1)
        chance = float(result.data.cheapest.sel(deployment="own", ingress=x))
        assert chance == pytest.approx(expected, abs=1e-3)
    assert result.choices == ()


def test_without_uncertainty_every_draw_is_the_projection() -> None:
    growth = kt.Compound(annual_rate=0.4)
    plain = kt.project(
        LOAD,
        (OWN, BASIC),
        BOOK,
        horizon=kt.Horizon(
            growth=growth, months=24, discount_rate=0.08, inflation=0.03, month_hours="calendar"
        ),
    )
    result = run(
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
    assert np.allclose(result.data["mean"].values, expected, rtol=1e-12)
    whole = plain.data.discounted_cost.isel(scenario=0).sum("month").values
    assert np.allclose([choice.mean for choice in result.choices], whole, rtol=1e-12)


def test_uncertain_growth() -> None:
    # traffic of month m is first x (1 + rate)^((m-1)/12): the mean of usage costs at both ends
    low, high = (
        kt.project(
            LOAD, (BASIC,), BOOK, horizon=kt.Horizon(growth=kt.Compound(annual_rate=r), months=13)
        )
        for r in (0.1, 0.3)
    )
    result = run(
        {"growth": {"distribution": "discrete", "values": [0.1, 0.3], "probabilities": [0.5, 0.5]}},
        (BASIC,),
        growth=kt.Compound(annual_rate=0.0),
        months=13,
    )
    middle = (low.data.cost + high.data.cost).isel(scenario=0).values / 2
    assert np.allclose(result.data["mean"].values, middle, rtol=1e-9)


def test_uncertain_traffic_of_an_idle_workload() -> None:
    idle = kt.Workload(ingress="0 TB/month", fanout=1, retention="1 day")
    uncertain = Uncertainty(inputs={"ingress": "0-2 TB/month"}, draws=64)
    result = simulate(idle, (BASIC,), BOOK, horizon=Horizon(months=1), uncertainty=uncertain)
    assert result.choices[0].feasible_share == 1.0
    # the same as for a workload with traffic, which the draws replace
    other = simulate(LOAD, (BASIC,), BOOK, horizon=Horizon(months=1), uncertainty=uncertain)
    assert result.choices == other.choices


def test_uncertain_retention_changes_the_stored_data() -> None:
    def cost(retention: str) -> Any:
        load = LOAD.model_copy(
            update={"retention": kt.Workload(ingress="1 TB/month", retention=retention).retention}
        )
        return kt.project(
            load, (BASIC,), BOOK, horizon=kt.Horizon(growth=kt.Compound(annual_rate=0.9), months=6)
        )

    result = run(
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
    assert np.allclose(result.data["mean"].values, sum(both) / 2, rtol=1e-9)


def test_an_input_that_no_cost_depends_on_is_marked() -> None:
    inputs = {"fanout": "1-2", "salary": "2000-3000", "growth": "0-10 %"}  # without labour
    result = run(inputs, (OWN, BASIC), growth=kt.Compound(annual_rate=0.1), months=2, draws=64)
    assert {x.name: x.matters for x in result.inputs} == {
        "fanout": True,
        "salary": False,
        "growth": True,
    }
    assert "no cost depends on: salary" in result._repr_html_()


INPUTS = {"ingress": "0.5-9 TB/month", HOUR: "0.1-0.3-0.9", "fanout": "1-4", "krw": "1200-1500"}


def test_any_number_of_threads_has_the_same_result() -> None:
    results = [
        run(INPUTS, (OWN, BASIC), months=6, threads=threads, draws=32768) for threads in (1, 2, 5)
    ]
    for one, other in itertools.pairwise(results):
        assert one.data.identical(other.data)
        assert one.choices == other.choices
        assert one.convergence == other.convergence
        assert one.evppi == other.evppi


def test_a_seed_reproduces_the_draws() -> None:
    one, same = (run(INPUTS, months=3, draws=512) for _ in range(2))
    assert one.data.identical(same.data)
    uncertain = Uncertainty(inputs=INPUTS, draws=512, seed=2)
    other = simulate(LOAD, (OWN,), BOOK, uncertainty=uncertain, horizon=Horizon(months=3))
    assert not other.data.cost.equals(one.data.cost)


def test_draws_are_the_same_in_every_version() -> None:
    """Recorded on Python 3.11 with SciPy 1.15 and 1.17: a seed must reproduce these draws."""
    from kafkatco.uncertainty.sampling import Sampler

    distributions = {"a": Normal(mean=0, sd=1), "b": Lognormal(median=1400.0, sigma=0.1)}
    points = Sampler(distributions, (), np.eye(0), 0, 1024, 1).uniform(3, 5, 2)
    assert points.tolist() == [
        [0.314015946816653, 0.6769006042741239],
        [0.1455469294451177, 0.17755250772461295],
    ]


def test_results_converge_with_a_standard_error() -> None:
    result = run(INPUTS, (OWN, BASIC), months=3)
    assert [step.draws for step in result.convergence][-1] == 4096
    assert all(a.draws < b.draws for a, b in itertools.pairwise(result.convergence))
    last = result.convergence[-1]
    assert last.cheapest == tuple(choice.cheapest for choice in result.choices)
    assert all(0 <= error < 0.01 for error in last.error)
    assert float(result.data.cheapest.sum("deployment").max()) <= 1 + 1e-12


def test_an_option_that_is_infeasible_in_some_draws() -> None:
    # 3 brokers of this MSK type cannot handle all of this traffic
    small = kt.MskStandard(region="us-east-1", instance="kafka.t3.small", brokers=3, name="small")
    more = kt.SelfHosted(region="us-east-1", instance="m5.2xlarge", name="any size")
    result = run({"ingress": "1-400 TB/month"}, (small, more), months=2)
    choice, other = result.choices
    assert 0 < choice.feasible_share < 1
    assert other.feasible_share == 1.0
    assert np.isinf(choice.quantiles[-1])
    assert result.convergence[-1].mean[0] is None
    assert float(result.data.served[0, 0]) == choice.feasible_share


def test_the_only_input_has_all_the_value_of_information_with_an_infeasible_option() -> None:
    # both can handle 0.1 TB a month, one can handle 5,000: knowing which, choose the cheaper one
    more = kt.SelfHosted(region="us-east-1", instance="m5.2xlarge", name="any size")
    either = {
        "distribution": "discrete",
        "values": ["0.1 TB/month", "5000 TB/month"],
        "probabilities": [0.25, 0.75],
    }
    result = run({"ingress": either}, (more, BASIC), months=1)
    small, large = (LOAD.replace(ingress=f"{x} TB/month").operands() for x in (0.1, 5000))
    assert bill_of(BASIC, large, BOOK).infeasible
    saved = 0.25 * (total(more, small) - total(BASIC, small))
    assert saved > 0
    assert result.evpi == pytest.approx(saved, rel=1e-9)
    assert result.evppi["ingress"] == pytest.approx(saved, rel=1e-9)


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
def test_invalid_arguments(options: dict[str, Any], expected: str) -> None:
    if "client" in options:
        pytest.importorskip("distributed")
    with pytest.raises(InputError, match=expected):
        run({"fanout": "1-2"}, draws=64, **options)
