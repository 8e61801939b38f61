"""Sobol indices against closed forms, and the problem as other tools take it."""

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

pytest.importorskip("scipy")

BOOK = kt.PriceBook("list", as_of="2025-10-31")
LOAD = kt.Workload(ingress="1 TB/month", fanout=1, retention="1 day")
OWN = kt.SelfHosted(region="us-east-1", instance="m5.2xlarge", brokers=3, name="own")
BASIC = kt.ConfluentBasic(region="us-east-1", name="basic")
HOUR, DISK = "aws.ec2.m5.2xlarge", "aws.ebs.gp3.storage"


def total(item: Any, load: Any = None) -> float:
    found = bill_of(item, load or LOAD.operands(), BOOK).total
    assert found is not None
    return found


def amounts() -> dict[str, float]:
    bill = bill_of(OWN, LOAD.operands(), BOOK)
    return {
        sku: sum(float(line.quantity) for line in bill.lines if line.sku == sku)
        for sku in (HOUR, DISK)
    }


def test_indices_of_a_sum_are_the_shares_of_its_variance() -> None:
    # cost = rest + a p + b q with p, q uniform of widths w: variances (a w)^2 / 12
    widths = {HOUR: 0.02, DISK: 0.09}
    found = importance(
        LOAD,
        (OWN,),
        BOOK,
        horizon=Horizon(months=1),
        uncertainty=Uncertainty(inputs={HOUR: "0.3-0.32", DISK: "0.01-0.1"}, draws=4096),
    )
    variance = {sku: (amount * widths[sku]) ** 2 for sku, amount in amounts().items()}
    whole = sum(variance.values())
    for item in found.indices:
        assert (item.of, item.option) == ("cost", "own")
        assert item.first == pytest.approx(variance[item.name] / whole, abs=5e-3)
        assert item.total == pytest.approx(variance[item.name] / whole, abs=5e-3)


def test_indices_of_a_decision_are_those_of_an_indicator() -> None:
    """Which is cheaper depends on one price alone: first and total are 1 for it, 0 for others."""
    rest = total(OWN)
    listed = float(BOOK.price(HOUR, "us-east-1")[0].price or 0)
    meet = listed + (total(BASIC) - rest) / amounts()[HOUR]
    inputs = {HOUR: f"{meet - 0.01}-{meet + 0.01}", "connections": "1-9"}
    found = importance(
        LOAD,
        (OWN, BASIC),
        BOOK,
        horizon=Horizon(months=1),
        uncertainty=Uncertainty(inputs=inputs, draws=4096),
    )
    told = {(x.name, x.of, x.option): (x.first, x.total) for x in found.indices}
    for option in ("own", "basic"):
        assert told[HOUR, "decision", option] == pytest.approx((1.0, 1.0), abs=1e-2)
        assert told["connections", "decision", option] == (0.0, 0.0)
    assert ("connections", "cost", "basic") not in told  # it costs the same in every draw


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"draws": 1000}, "Nearest: 1024"),
        ({"correlation": [{"between": [HOUR, DISK], "value": 0.5}]}, "independent ones"),
    ],
)
def test_what_has_no_indices_is_told(given: dict[str, Any], expected: str) -> None:
    uncertain = Uncertainty(inputs={HOUR: "0.3-0.4", DISK: "0.01-0.1"}, **given)
    with pytest.raises(InputError, match=expected):
        importance(LOAD, (OWN,), BOOK, uncertainty=uncertain)


def test_a_problem_speaks_of_distributions_as_other_tools_do() -> None:
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
    # SALib's triang: low, high, and where between them, as a share, the likeliest lies
    expected = [[1, 4], [0.4, 0.02], [0.05, 0.15, 0.3], [np.log(1400), 0.1], [0, 1]]
    for bounds, wanted in zip(problem["bounds"], expected, strict=True):
        assert bounds == pytest.approx(wanted, rel=1e-12)


def test_an_experiment_costs_what_its_point_costs() -> None:
    inputs = {"ingress": "1-4 TB/month", HOUR: "0.3-0.5", "fanout": "1-2-4"}
    study = Experiment(
        LOAD, (OWN, BASIC), BOOK, horizon=Horizon(months=2), uncertainty=Uncertainty(inputs=inputs)
    )
    # a share of 0 of PERT's draws is its low end: fan-out 1, as the workload has it
    found = study([[2.0, 0.384, 0.0]])
    load = LOAD.replace(ingress="2 TB/month").operands()
    for cost, item in zip(found[0], (OWN, BASIC), strict=True):
        assert cost == pytest.approx(2 * total(item, load), rel=1e-9)
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
def test_points_that_cannot_be_are_told(points: Any, expected: str) -> None:
    uncertain = Uncertainty(inputs={"ingress": "1-4 TB/month", "fanout": "1-2-4"})
    study = Experiment(LOAD, (BASIC,), BOOK, horizon=Horizon(months=2), uncertainty=uncertain)
    with pytest.raises(InputError, match=expected):
        study(points)


def test_an_experiment_has_no_correlated_inputs() -> None:
    together: Any = [{"between": [HOUR, DISK], "value": 0.5}]
    uncertain = Uncertainty(inputs={HOUR: "0.3-0.4", DISK: "0.01-0.1"}, correlation=together)
    with pytest.raises(InputError, match="independent ones"):
        Experiment(LOAD, (OWN,), BOOK, uncertainty=uncertain)
