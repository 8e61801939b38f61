"""Value-added tax: a share of all charges but people, of which only a part is a cost."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kafkatco import (
    ConfluentBasic,
    Curve,
    InputError,
    Labour,
    PriceBook,
    SelfHosted,
    Tax,
    Workload,
    project,
)
from kafkatco.costing.bill import Bill, bill_of
from kafkatco.costing.costs import costs_of
from kafkatco.deployments import KINDS, Deployment
from kafkatco.errors import MissingPriceError
from kafkatco.planning.horizon import Horizon
from kafkatco.scenario.scenario import Scenario
from kafkatco.sizing.clouds.regions import cloud_of

LOAD = Workload(ingress="10 MB/s", fanout=2, retention="1 day", partitions=100)
TEAM = Labour(fte=1, monthly="5000 USD", setup="4 weeks")
BASIC = ConfluentBasic(region="us-east-1", labour=TEAM, discount=0.1, support="developer")
NODES = SelfHosted(
    region="us-east-1", instance="m5.*", commitment="1-year", support="business", labour=TEAM
)


def book(**tax: Any) -> PriceBook:
    return PriceBook("list", as_of="2026-10-31", tax=Tax(**tax) if tax else None)


def charged(bill: Bill) -> float:
    """Return all recurring charges but people and tax."""
    others = ("labour", "tax")
    return sum(float(x.cost) for x in bill.lines if x.component not in others)


def taxes(bill: Bill) -> list[Any]:
    return [line for line in bill.lines if line.component == "tax"]


@pytest.mark.parametrize("deployment", [BASIC, NODES])
def test_tax_is_a_share_of_what_is_left_after_discount_and_support(deployment: Deployment) -> None:
    plain = bill_of(deployment, LOAD, book())
    assert plain.total is not None
    bill = bill_of(deployment, LOAD, book(vat=0.1, recoverable=0.25))
    [line] = taxes(bill)
    assert line.quantity == pytest.approx(charged(plain))
    assert line.cost == pytest.approx(0.1 * 0.75 * charged(plain))
    assert bill.total == pytest.approx(plain.total + line.cost)
    assert bill.total == pytest.approx(sum(float(x.cost) for x in bill.lines))
    assert bill.recovered_tax == pytest.approx(0.1 * 0.25 * charged(plain))


def test_a_recoverable_tax_is_paid_and_no_cost() -> None:
    plain, bill = bill_of(BASIC, LOAD, book()), bill_of(BASIC, LOAD, book(vat=0.1))
    assert bill.total == plain.total
    assert bill.recovered_tax == pytest.approx(0.1 * charged(plain))
    assert plain.recovered_tax == 0
    assert taxes(bill)[0].note == "10% of charges, of which 100% is recovered"


def test_a_rate_of_zero_changes_nothing() -> None:
    plain, bill = bill_of(NODES, LOAD, book()), bill_of(NODES, LOAD, book(vat=0, recoverable=0))
    assert (bill.lines, bill.one_off, bill.total) == (plain.lines, plain.one_off, plain.total)


def test_a_bill_without_a_tax_mentions_it() -> None:
    assert "VAT (not set)" in bill_of(BASIC, LOAD, book()).not_modelled
    assert "VAT (not set)" not in bill_of(BASIC, LOAD, book(vat=0.1)).not_modelled


def test_a_credit_lowers_the_tax_once() -> None:
    credited = BASIC.replace(credit="200 USD")
    bill = bill_of(credited, LOAD, book(vat=0.1, recoverable=0))
    [once] = [line for line in bill.one_off if line.component == "tax"]
    assert once.cost == pytest.approx(-0.1 * 200)
    plan = project(
        LOAD, [credited], book(vat=0.1, recoverable=0), horizon=Horizon(months=2)
    ).to_xarray()
    first, second = plan.cost.values[0, 0]
    setup = 4 * 7 * 24 / 730 * 5000
    assert first - setup - second == pytest.approx(-200 * 1.1)
    assert first == pytest.approx(float(bill.total or 0) + bill.one_off_total)


def test_a_country_has_the_rate_of_the_book() -> None:
    # 10 % in Korea and Japan, 19 % in Germany: pricing/list/tax/vat.csv
    for country, rate in (("KR", 0.1), ("jp", 0.1), ("DE", 0.19)):
        bill = bill_of(BASIC, LOAD, book(vat=country, recoverable=0))
        [line] = taxes(bill)
        assert line.unit_price == pytest.approx(rate)
        assert line.row in bill.sources()


def test_an_unknown_country_and_an_invalid_share() -> None:
    with pytest.raises(InputError, match=r"tax\.vat: got 'xx'.*kr"):
        book(vat="xx")
    for vat in (1.1, -0.1, "10 %", True):
        with pytest.raises(InputError, match=r"a share such as 0\.1, or a country"):
            Tax(vat=vat)


def test_the_scenario_has_a_section() -> None:
    data: dict[str, Any] = {
        "workload": {"ingress": "10 MB/s", "fanout": 2, "retention": "1 day"},
        "prices": {"as_of": "2026-10-31"},
        "deployment": [{"kind": "confluent-basic", "region": "us-east-1"}],
    }
    [plain] = Scenario.from_dict(data).bills()
    [bill] = Scenario.from_dict({**data, "tax": {"vat": "KR", "recoverable": 0.0}}).bills()
    assert bill.total == pytest.approx(1.1 * float(plain.total or 0))
    for tax, problem in (
        ({"vat": "xx"}, r"tax\.vat: got 'xx'"),
        ({}, r"tax\.vat: required field"),
        ({"vat": 0.1, "recoverable": 2}, r"tax\.recoverable: got 2"),
    ):
        with pytest.raises(InputError, match=problem):
            Scenario.from_dict({**data, "tax": tax})


def of_kind(kind: str) -> Deployment | None:
    """Return a deployment of a kind with agreements, if it has prices in a common region."""
    model = KINDS[kind]
    for region in ("us-east-1", "eastus", "us-central1", "kr"):
        example = dict(model.examples[0])
        try:
            deployment = model(region=region, discount=0.1, labour=TEAM, **example)
            if cloud_of(region) in ("", deployment.home.name):
                bill_of(deployment, LOAD, book())
                return deployment
        except (InputError, MissingPriceError):
            continue
    return None


@settings(max_examples=40)
@given(st.sampled_from(sorted(KINDS)), st.floats(0, 0.5), st.floats(0, 1), st.floats(0.1, 200))
def test_every_kind_costs_its_charges_and_their_tax(
    kind: str, vat: float, recoverable: float, ingress: float
) -> None:
    deployment = of_kind(kind)
    if deployment is None:
        return
    load = LOAD.operands().replace(ingress_mib_s=ingress)
    taxed = book(vat=vat, recoverable=recoverable)
    plain, cost = (costs_of(deployment, load, prices) for prices in (book(), taxed))
    people = plain.components.get("labour", 0.0)
    share = vat * (1 - recoverable)
    if not np.any(plain.infeasible):
        assert cost.total == pytest.approx(float(plain.total) + share * float(plain.total - people))
        assert cost.components.get("tax", 0.0) == pytest.approx(share * float(plain.total - people))


@pytest.mark.parametrize("deployment", [BASIC, NODES])
def test_a_curve_is_the_formula(deployment: Deployment) -> None:
    prices = book(vat=0.19, recoverable=0.3)
    load, rates = LOAD.operands(), np.geomspace(0.1, 30.0, 25)
    curve = costs_of(deployment, load.replace(ingress_mib_s=Curve.identity(0.1, 30.0)), prices)
    formula = costs_of(deployment, load.replace(ingress_mib_s=rates), prices)
    np.testing.assert_allclose(curve.total(rates), formula.total, rtol=1e-12)
