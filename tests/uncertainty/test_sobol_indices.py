"""Sobol indices against closed forms, and the problem for SALib."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import kafkatco as kt
from kafkatco.costing.bill import bill_of
from kafkatco.errors import InputError
from kafkatco.planning.horizon import Horizon
from kafkatco.uncertainty.experiment import Experiment
from kafkatco.uncertainty.inputs import Uncertainty
from kafkatco.uncertainty.sobol_indices import importance
from support.plain import PLAIN

pytest.importorskip("scipy")

BOOK = kt.PriceBook("list", as_of="2025-10-31", assumptions=PLAIN)
LOAD = kt.Workload(ingress="1 TB/month", fanout=1, retention="1 day")
OWN = kt.SelfHosted(region="us-east-1", instance="m5.2xlarge", brokers=3, name="own")
BASIC = kt.ConfluentBasic(region="us-east-1", name="basic")
HOUR, DISK = "aws.ec2.m5.2xlarge", "aws.ebs.gp3.storage"


def total(deployment: Any, load: Any = None) -> float:
    cost = bill_of(deployment, load or LOAD.operands(), BOOK).total
    assert cost is not None
    return cost


def amounts() -> dict[str, float]:
    bill = bill_of(OWN, LOAD.operands(), BOOK)
    return {
        sku: sum(float(line.quantity) for line in bill.lines if line.sku == sku)
        for sku in (HOUR, DISK)
    }


def test_indices_of_a_sum_are_shares_of_its_variance() -> None:
    # cost = rest + a p + b q with p, q uniform of widths w: variances (a w)^2 / 12
    widths = {HOUR: 0.02, DISK: 0.09}
    result = importance(
        LOAD,
        (OWN,),
        BOOK,
        horizon=Horizon(months=1),
        uncertainty=Uncertainty(inputs={HOUR: "0.3-0.32", DISK: "0.01-0.1"}, draws=4096),
    )
    variance = {sku: (amount * widths[sku]) ** 2 for sku, amount in amounts().items()}
    whole = sum(variance.values())
    for index in result.indices:
        assert (index.of, index.option) == ("cost", "own")
        assert index.first == pytest.approx(variance[index.name] / whole, abs=5e-3)
        assert index.total == pytest.approx(variance[index.name] / whole, abs=5e-3)


def test_indices_of_a_decision() -> None:
    """Which is cheaper depends on one price alone: first and total are 1 for it, 0 for others."""
    rest = total(OWN)
    listed = float(BOOK.price(HOUR, "us-east-1")[0].price or 0)
    equal = listed + (total(BASIC) - rest) / amounts()[HOUR]
    inputs = {HOUR: f"{equal - 0.01}-{equal + 0.01}", "connections": "1-9"}
    result = importance(
        LOAD,
        (OWN, BASIC),
        BOOK,
        horizon=Horizon(months=1),
        uncertainty=Uncertainty(inputs=inputs, draws=4096),
    )
    indices = {(x.name, x.of, x.option): (x.first, x.total) for x in result.indices}
    for option in ("own", "basic"):
        assert indices[HOUR, "decision", option] == pytest.approx((1.0, 1.0), abs=1e-2)
        assert indices["connections", "decision", option] == (0.0, 0.0)
    assert ("connections", "cost", "basic") not in indices  # it costs the same in every draw


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"draws": 1000}, "Nearest: 1024"),
        ({"correlation": [{"between": [HOUR, DISK], "value": 0.5}]}, "expected independent inputs"),
    ],
)
def test_indices_need_independent_inputs_and_a_power_of_two(
    options: dict[str, Any], expected: str
) -> None:
    uncertain = Uncertainty(inputs={HOUR: "0.3-0.4", DISK: "0.01-0.1"}, **options)
    with pytest.raises(InputError, match=expected):
        importance(LOAD, (OWN,), BOOK, uncertainty=uncertain)


def test_a_problem_has_the_distributions_of_salib() -> None:
    inputs: dict[str, Any] = {
        "ingress": "1-4 TB/month",
        HOUR: {"distribution": "normal", "mean": 0.4, "sd": 0.02},
        DISK: {"distribution": "triangular", "low": 0.05, "mode": 0.08, "high": 0.15},
        "krw": {"distribution": "lognormal", "median": 1400, "sigma": 0.1},
        "fanout": "1-2-4",
    }
    study = Experiment(
        LOAD, (OWN, BASIC), BOOK, horizon=Horizon(months=2), uncertainty=Uncertainty(inputs=inputs)
    )
    problem = study.problem
    assert problem["num_vars"] == 5
    assert problem["dists"] == ["unif", "norm", "triang", "lognorm", "unif"]
    # SALib's triang: low, high, and the place of the mode between them, as a share
    expected = [[1, 4], [0.4, 0.02], [0.05, 0.15, 0.3], [np.log(1400), 0.1], [0, 1]]
    for bounds, exact in zip(problem["bounds"], expected, strict=True):
        assert bounds == pytest.approx(exact, rel=1e-12)


def test_an_experiment_has_the_cost_of_a_bill_at_a_point() -> None:
    inputs = {"ingress": "1-4 TB/month", HOUR: "0.3-0.5", "fanout": "1-2-4"}
    study = Experiment(
        LOAD, (OWN, BASIC), BOOK, horizon=Horizon(months=2), uncertainty=Uncertainty(inputs=inputs)
    )
    # the level 0 of a PERT is its low end: fan-out 1, as in the workload
    result = study([[2.0, 0.384, 0.0]])
    load = LOAD.replace(ingress="2 TB/month").operands()
    for cost, deployment in zip(result[0], (OWN, BASIC), strict=True):
        assert cost == pytest.approx(2 * total(deployment, load), rel=1e-9)
    with pytest.raises(InputError, match=r"\(points, 3\)"):
        study([[1.0, 2.0]])


@pytest.mark.parametrize(
    ("points", "expected"),
    [
        ([[1.0, 1.5]], "points of fanout: got 1.5; expected from 0 to 1"),
        ([[-1.0, 0.5]], "points of ingress: got -1; expected from 0 to inf"),
        ([["a", "b"]], "finite numbers"),
        ([[1.0], [1.0, 2.0]], "finite numbers"),
    ],
)
def test_invalid_points(points: Any, expected: str) -> None:
    uncertain = Uncertainty(inputs={"ingress": "1-4 TB/month", "fanout": "1-2-4"})
    study = Experiment(LOAD, (BASIC,), BOOK, horizon=Horizon(months=2), uncertainty=uncertain)
    with pytest.raises(InputError, match=expected):
        study(points)


def test_an_experiment_refuses_correlated_inputs() -> None:
    correlation: Any = [{"between": [HOUR, DISK], "value": 0.5}]
    uncertain = Uncertainty(inputs={HOUR: "0.3-0.4", DISK: "0.01-0.1"}, correlation=correlation)
    with pytest.raises(InputError, match="expected independent inputs"):
        Experiment(LOAD, (OWN,), BOOK, uncertainty=uncertain)
