"""Commitments, discounts and credits: separate lines, in their order; credits run out."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kafkatco import (
    ConfluentBasic,
    Constant,
    Curve,
    InputError,
    Labour,
    MskStandard,
    PriceBook,
    SelfHosted,
    Series,
    Workload,
    crossovers,
    project,
)
from kafkatco.costing.bill import Bill, bill_of
from kafkatco.costing.costs import costs_of
from kafkatco.costing.lines import Line
from kafkatco.deployments.agreements import Commitment, Credit, credit_used
from kafkatco.planning.horizon import Horizon
from kafkatco.prices.rows import PriceRow
from support.plain import PLAIN

LOAD = Workload(ingress="1 MB/s", fanout=1, retention="1 day", peak_to_average=1, partitions=10)
TEAM = Labour(fte=1, monthly="5000 USD", setup="4 weeks")


def cluster(**changes: Any) -> SelfHosted:
    fields: dict[str, Any] = {
        "region": "us-east-1",
        "instance": "t3.medium",
        "brokers": 3,
        "labour": TEAM,
    }
    return SelfHosted(**{**fields, **changes})


def taken_off(bill: Bill) -> list[Line]:
    return [line for line in bill.lines if line.component == "discount"]


def charged(bill: Bill) -> float:
    return sum(float(line.cost) for line in bill.lines if line.component != "labour")


def test_a_commitment_is_a_line_at_its_published_rate(book: PriceBook) -> None:
    plain, committed = (
        bill_of(cluster(), LOAD, book),
        bill_of(cluster(commitment="1-year"), LOAD, book),
    )
    [line] = taken_off(committed)
    # t3.medium: 0.0416 on demand, 0.0261 reserved for a year without upfront payment
    assert line.cost == pytest.approx(3 * 730 * (0.0261 - 0.0416))
    assert (line.sku, line.quantity, line.unit) == ("aws.ec2.t3.medium@1-year", 2190, "hour")
    assert line.row in committed.sources()
    assert committed.total == pytest.approx(plain.total + line.cost)
    compute = [line.unit_price for line in committed.lines if line.component == "compute"]
    assert compute == [0.0416]  # never hidden in a unit price


def test_a_commitment_at_a_rate_of_the_user(book: PriceBook) -> None:
    own = bill_of(cluster(commitment={"term": "3-year", "discount": 0.28}), LOAD, book)
    [line] = taken_off(own)
    assert line.cost == pytest.approx(-0.28 * 3 * 730 * 0.0416)
    assert "your rate" in line.note


def test_an_override_is_a_rate_that_the_book_does_not_have(book: PriceBook) -> None:
    deployment = cluster(region="ap-northeast-2", instance="m7g.large", commitment="1-year")
    assert taken_off(bill_of(deployment, LOAD, book)) == []
    rates = {"aws.ec2.m7g.large@1-year": "0.06 USD/hour"}
    own = PriceBook("list", as_of=book.as_of, overrides=rates, assumptions=PLAIN)
    bill = bill_of(deployment, LOAD, own)
    [line] = taken_off(bill)
    [on_demand] = {line.unit_price for line in bill.lines if line.component == "compute"}
    assert line.unit_price == pytest.approx(0.06 - on_demand)
    assert line.row is not None
    assert line.row.confidence == "user"


def test_the_cheapest_node_is_the_cheapest_after_its_commitment(book: PriceBook) -> None:
    # m5.large and m6i.large have the same price on demand; only one has a rate of 3 years
    fields = {"instance": ("m6i.large", "m5.large"), "brokers": 3, "labour": None}
    bill = bill_of(cluster(**fields, commitment="3-year"), LOAD, book)
    assert bill.sizing.details["instance"] == "m5.large"
    assert taken_off(bill)[0].sku == "aws.ec2.m5.large@3-year"
    [other] = bill.alternatives
    assert other.label == "m6i.large"
    assert other.total == pytest.approx(float(bill.total or 0) - taken_off(bill)[0].cost)


def test_a_negotiated_price_has_no_published_rate(book: PriceBook) -> None:
    prices = {"aws.ec2.t3.medium": "0.02 USD/hour"}  # below the 0.0261 of a year's reservation
    ours = PriceBook("list", as_of=book.as_of, overrides=prices, assumptions=PLAIN)
    assert taken_off(bill_of(cluster(commitment="1-year"), LOAD, ours)) == []
    both = prices | {"aws.ec2.t3.medium@1-year": "0.015 USD/hour"}
    bill = bill_of(
        cluster(commitment="1-year"),
        LOAD,
        PriceBook("list", as_of=book.as_of, overrides=both, assumptions=PLAIN),
    )
    assert taken_off(bill)[0].cost == pytest.approx(2190 * (0.015 - 0.02))
    with pytest.raises(InputError, match="a sku of this book"):
        PriceBook(
            "list",
            as_of=book.as_of,
            overrides={"aws.ec2.t3.medium@1-yaer": "1 USD/hour"},
            assumptions=PLAIN,
        )


def test_google_s_and_azure_s_commitments_are_in_the_book() -> None:
    # 0.09 USD per DCU less 20 and 40 %; 1,276 USD for 8,760 h of a D4s_v5 in Korea
    book = PriceBook("list", as_of="2026-10-31", assumptions=PLAIN)
    dcu = [
        float(book.price(f"gcp.managed-kafka.dcu{term}", "us-central1")[0].price or 0)
        for term in ("", "@1-year", "@3-year")
    ]
    assert dcu == pytest.approx([0.09, 0.09 * 0.8, 0.09 * 0.6])
    [row] = book.price("azure.vm.D4s_v5@1-year", "koreacentral")
    assert float(row.price or 0) == pytest.approx(1276 / 8760, rel=1e-4)


def test_a_discount_applies_after_a_commitment_and_not_to_people(book: PriceBook) -> None:
    bill = bill_of(cluster(commitment="1-year", discount=0.1), LOAD, book)
    committed, discount = taken_off(bill)
    before = charged(bill_of(cluster(), LOAD, book))
    assert discount.cost == pytest.approx(-0.1 * (before + committed.cost))
    assert bill.total == pytest.approx(0.9 * (before + committed.cost) + 5000)


def test_the_trial_credit_is_paid_once_and_not_for_people(book: PriceBook) -> None:
    deployment = ConfluentBasic(region="us-east-1", labour=TEAM, credit="trial")
    small, large = LOAD, Workload(ingress="5 MB/s", fanout=3, retention="1 day")
    for load in (small, large):
        credited, plain = (
            bill_of(deployment, load, book),
            bill_of(deployment.model_copy(update={"credit": None}), load, book),
        )
        [credit] = [line for line in credited.one_off if line.component == "credit"]
        # 400 USD, for 30 days of a month of 730 h
        assert credit.cost == pytest.approx(-min(400.0, charged(plain) * 720 / 730))
        assert credit.row is not None
        assert str(credit.row.price) == "400"
        assert credited.total == plain.total  # a month without it
        assert credited.one_off_total == pytest.approx(plain.one_off_total + credit.cost)


def test_a_credit_in_another_currency(book: PriceBook) -> None:
    won = PriceBook("list", as_of=book.as_of, currency="KRW", assumptions=PLAIN)
    [credit] = [
        line
        for line in bill_of(cluster(credit="10 USD"), LOAD, won).one_off
        if line.component == "credit"
    ]
    assert credit.cost == pytest.approx(-10 * 1650.07 / 1.1554)  # ECB of 2025-10-31


def test_a_credit_runs_out_month_by_month(book: PriceBook) -> None:
    deployment = cluster(credit="400 USD")
    month = charged(bill_of(cluster(), LOAD, book))
    assert 100 < month < 300  # so that it lasts into the second month, or the third
    plan = (
        project(LOAD, [deployment], book, horizon=Horizon(growth=Constant(), months=6))
        .to_xarray()
        .cost.values[0, 0]
    )
    people = np.array([5000.0] * 6)
    people[0] += 4 * 7 * 24 / 730 * 5000  # setting up
    left, expected = 400.0, []
    for once in people:
        used = min(left, month)
        left -= used
        expected.append(once + month - used)
    np.testing.assert_allclose(plan, expected, rtol=1e-12)


def test_a_credit_expires(book: PriceBook) -> None:
    deployment = cluster(credit={"amount": "1000 USD", "expires": "45 days"}, labour=None)
    month = charged(bill_of(cluster(), LOAD, book))
    plan = (
        project(LOAD, [deployment], book, horizon=Horizon(months=3)).to_xarray().cost.values[0, 0]
    )
    second = (45 * 24 - 730) / 730  # the share of the second month that it covers
    np.testing.assert_allclose(plan, [0.0, month * (1 - second), month], atol=1e-9)


def test_a_credit_moves_no_crossover(book: PriceBook) -> None:
    rival = MskStandard(region="us-east-1", instance="kafka.m7g.large", name="msk")
    with_, without = (
        crossovers(LOAD, [cluster(credit=credit, brokers=None), rival], book).pairs
        for credit in ("400 USD", "none")
    )
    assert with_ == without


@pytest.mark.parametrize(("instance", "currency"), [("m5.large", "KRW"), ("cheapest", "USD")])
def test_curves_arrays_and_scalars_agree(instance: str, currency: str) -> None:
    book = PriceBook(
        "list", as_of="2025-10-31", currency=currency, gigabyte="decimal", assumptions=PLAIN
    )
    deployment = cluster(
        instance=instance, commitment="1-year", discount=0.1, brokers=None, credit="400 USD"
    )
    rates = np.geomspace(0.1, 30.0, 25)
    curve = costs_of(
        deployment, LOAD.operands().replace(ingress_mib_s=Curve.identity(0.1, 30.0)), book
    )
    np.testing.assert_allclose(
        curve.total(rates),
        costs_of(deployment, LOAD.operands().replace(ingress_mib_s=rates), book).total,
        rtol=1e-12,
    )
    totals = costs_of(deployment, LOAD.operands().replace(ingress_mib_s=rates), book).total
    one_by_one = [
        bill_of(deployment, LOAD.operands().replace(ingress_mib_s=float(rate)), book).total or 0.0
        for rate in rates
    ]
    np.testing.assert_allclose(totals, one_by_one, rtol=1e-12)


def test_a_written_deployment_can_be_read_again() -> None:
    deployment = cluster(commitment="1-year", credit={"amount": "400 USD", "expires": "30 days"})
    assert deployment.commitment == Commitment(term="1-year")
    assert isinstance(deployment.credit, Credit)
    assert cluster(commitment="none", credit="none").commitment is None
    trial = ConfluentBasic(region="us-east-1", credit="trial")
    for one in (deployment, trial, cluster(commitment={"term": "3-year", "discount": 0.2})):
        written = json.loads(one.model_dump_json(exclude={"labour"}))
        assert type(one)(**written) == one.model_copy(update={"labour": None})


def test_a_month_of_credit_has_the_length_of_the_month(book: PriceBook) -> None:
    deployment = cluster(credit={"amount": "100000 USD", "expires": "1 month"}, labour=None)
    plan = project(
        LOAD, [deployment], book, horizon=Horizon(months=3, month_hours="calendar")
    ).to_xarray()
    assert plan.cost.values[0, 0, 0] == 0.0  # all of October's 744 h, and nothing of November
    later = project(
        LOAD, [cluster(labour=None)], book, horizon=Horizon(months=3, month_hours="calendar")
    )
    np.testing.assert_allclose(
        plan.cost.values[0, 0, 1:], later.to_xarray().cost.values[0, 0, 1:], rtol=1e-12
    )


def test_a_credit_with_inflation_and_infeasible_months(book: PriceBook) -> None:
    # a Basic cluster takes 250 MB/s at peak: of these three months the second cannot be served
    load = Workload(ingress="50 MB/s", fanout=0, retention="1 h", peak_to_average=1)
    growth = Series(values=("50 MB/s", "300 MB/s", "50 MB/s"))
    deployment = ConfluentBasic(region="us-east-1", credit="100000 USD")
    plain = ConfluentBasic(region="us-east-1")
    with_, without = (
        project(load, [one], book, horizon=Horizon(growth=growth, months=3, inflation=0.5))
        .to_xarray()
        .cost.values
        for one in (deployment, plain)
    )
    assert np.isnan(without[0, 0, 1])
    first, last = without[0, 0, 0], without[0, 0, 2]
    assert last > 1.06 * first  # prices are dearer by 1.5 ** (2 / 12) then
    used = [first, min(last, 100000 - first)]
    np.testing.assert_allclose(with_[0, 0, [0, 2]], [0.0, last - used[1]], atol=1e-6)


def test_a_committed_rate_in_another_currency_and_the_wrong_unit(tmp_path: Path) -> None:
    rows = "".join(
        f"{sku},{'any' if sku.startswith('fx') else 'us-east-1'},{price},{money},{unit},0,{kind},2025-01-01,2025-01-01,https://example.org"
        ",official,\n"
        for sku, price, money, unit, kind in (
            ("aws.ec2.t3.medium", "0.04", "USD", "hour", "flat"),
            ("aws.ec2.t3.medium@1-year", "30", "KRW", "hour", "flat"),
            ("aws.ec2.t3.medium@3-year", "18", "USD", "month", "flat"),
            ("aws.ec2.t3.medium@1-year-savings-plan", "", "USD", "hour", "open"),
            ("aws.ebs.gp3.storage", "0.08", "USD", "GiB-month", "flat"),
            ("aws.data-transfer.inter-az", "0.01", "USD", "GiB", "flat"),
            ("fx.usd.krw", "1500", "KRW", "USD", "flat"),
        )
    )
    header = ",".join(PriceRow._fields[:-1])
    (tmp_path / "x.csv").write_text(f"{header}\n{rows}", encoding="utf-8")
    book = PriceBook(tmp_path, as_of="2025-10-31", assumptions=PLAIN)
    deployment = cluster(labour=None)
    [line] = taken_off(
        bill_of(deployment.model_copy(update={"commitment": Commitment(term="1-year")}), LOAD, book)
    )
    assert line.cost == pytest.approx(2190 * (30 / 1500 - 0.04))
    assert [row.sku for row in line.rates] == ["fx.usd.krw"]
    with pytest.raises(InputError, match="whose price is per hour"):
        bill_of(cluster(labour=None, commitment="3-year"), LOAD, book)
    unknown = cluster(labour=None, commitment="1-year-savings-plan")
    assert taken_off(bill_of(unknown, LOAD, book)) == []  # the source has no figure


def test_a_credit_pays_charges_after_the_discount(book: PriceBook) -> None:
    deployment = cluster(discount=0.5, credit="200 USD", labour=None)
    plan = (
        project(LOAD, [deployment], book, horizon=Horizon(months=3)).to_xarray().cost.values[0, 0]
    )
    month = 0.5 * charged(bill_of(cluster(labour=None), LOAD, book))
    assert month < 200 < 2 * month
    np.testing.assert_allclose(plan, [0.0, 2 * month - 200, month], atol=1e-9)


@pytest.mark.parametrize("credit", [{}, {"expires": "30 days"}])
def test_a_credit_has_an_amount(credit: dict[str, str]) -> None:
    with pytest.raises(InputError, match=r"credit\.amount: required field"):
        cluster(credit=credit)


money = st.floats(0, 1e6)


@given(
    charges=st.lists(money, min_size=1, max_size=24),
    amount=money,
    life_h=st.one_of(st.just(np.inf), st.floats(0, 20000)),
)
def test_a_credit_never_pays_more_than_its_amount_or_the_charges(
    charges: list[float], amount: float, life_h: float
) -> None:
    paid = np.array(charges)
    used = credit_used(paid, amount, life_h, np.full(len(charges), 730.0))
    assert (used >= -1e-6).all()
    assert (used <= paid + 1e-6).all()
    assert used.sum() <= amount + 1e-6
    if np.isinf(life_h):
        assert used.sum() == pytest.approx(min(amount, paid.sum()), abs=1e-5)
    more = credit_used(paid, amount * 2, life_h, np.full(len(charges), 730.0))
    assert more.sum() >= used.sum() - 1e-6
