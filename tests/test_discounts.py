"""Commitments, discounts and credits: lines of their own, in their order, that run out."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kafkatco import (
    ConfluentBasic,
    Constant,
    Labour,
    MissingPriceError,
    MskStandard,
    PriceBook,
    SelfHosted,
    Workload,
    bill,
    costs,
    crossovers,
    project,
)
from kafkatco.billing import Bill
from kafkatco.discounts import Commitment, Credit, credit_used
from kafkatco.lines import Line

LOAD = Workload(ingress="1 MB/s", fanout=1, retention="1 day", peak_to_average=1, partitions=10)
TEAM = Labour(fte=1, monthly="5000 USD", setup="4 weeks")


def cluster(**changes: object) -> SelfHosted:
    fields = {"region": "us-east-1", "instance": "t3.medium", "brokers": 3, "labour": TEAM}
    return SelfHosted(**{**fields, **changes})  # type: ignore[arg-type]


def taken_off(found: Bill) -> list[Line]:
    return [line for line in found.lines if line.component == "discount"]


def charged(found: Bill) -> float:
    return sum(float(line.cost) for line in found.lines if line.component != "labour")


def test_a_commitment_is_a_line_at_its_published_rate(book: PriceBook) -> None:
    plain, committed = bill(cluster(), LOAD, book), bill(cluster(commitment="1-year"), LOAD, book)
    [line] = taken_off(committed)
    # t3.medium: 0.0416 on demand, 0.0261 reserved for a year without upfront payment
    assert line.cost == pytest.approx(3 * 730 * (0.0261 - 0.0416))
    assert (line.sku, line.quantity, line.unit) == ("aws.ec2.t3.medium@1-year", 2190, "hour")
    assert line.row in committed.sources()
    assert committed.total == pytest.approx(plain.total + line.cost)
    compute = [line.unit_price for line in committed.lines if line.component == "compute"]
    assert compute == [0.0416]  # never hidden in a unit price


def test_a_commitment_at_one_s_own_rate(book: PriceBook) -> None:
    own = bill(cluster(commitment={"term": "3-year", "discount": 0.28}), LOAD, book)
    [line] = taken_off(own)
    assert line.cost == pytest.approx(-0.28 * 3 * 730 * 0.0416)
    assert "your own rate" in line.note


def test_a_term_without_a_rate_is_missing_and_says_what_to_do(book: PriceBook) -> None:
    item = MskStandard(region="us-east-1", instance="kafka.m7g.large", commitment="1-year")
    with pytest.raises(MissingPriceError, match=r"m7g\.large@1-year.*discount = 0\.3"):
        bill(item, LOAD, book)
    own = PriceBook(
        "list", as_of=book.as_of, overrides={"aws.msk.kafka.m7g.large@1-year": "0.15 USD/hour"}
    )
    [line] = taken_off(bill(item, LOAD, own))
    assert line.unit_price == pytest.approx(0.15 - 0.204)
    assert line.row is not None
    assert line.row.confidence == "user"


def test_the_cheapest_committed_node_is_one_with_a_rate(book: PriceBook) -> None:
    found = bill(cluster(instance="cheapest", brokers=None, commitment="1-year"), LOAD, book)
    name = f"aws.ec2.{found.sizing.details['instance']}@1-year"
    assert book.price(name, "us-east-1")
    assert taken_off(found)[0].sku == name


def test_google_s_and_azure_s_commitments_are_in_the_book() -> None:
    # 0.09 USD per DCU less 20 and 40 %; 1,276 USD for 8,760 h of a D4s_v5 in Korea
    book = PriceBook("list", as_of="2026-10-31")
    dcu = [float(book.price(f"gcp.managed-kafka.dcu{term}", "us-central1")[0].price or 0)
           for term in ("", "@1-year", "@3-year")]  # fmt: skip
    assert dcu == pytest.approx([0.09, 0.09 * 0.8, 0.09 * 0.6])
    [row] = book.price("azure.vm.D4s_v5@1-year", "koreacentral")
    assert float(row.price or 0) == pytest.approx(1276 / 8760, rel=1e-4)


def test_a_discount_comes_after_a_commitment_and_spares_people(book: PriceBook) -> None:
    found = bill(cluster(commitment="1-year", discount=0.1), LOAD, book)
    committed, discount = taken_off(found)
    before = charged(bill(cluster(), LOAD, book))
    assert discount.cost == pytest.approx(-0.1 * (before + committed.cost))
    assert found.total == pytest.approx(0.9 * (before + committed.cost) + 5000)


def test_the_trial_credit_pays_once_and_not_for_people(book: PriceBook) -> None:
    item = ConfluentBasic(region="us-east-1", labour=TEAM, credit="trial")
    small, large = LOAD, Workload(ingress="5 MB/s", fanout=3, retention="1 day")
    for load in (small, large):
        found, plain = bill(item, load, book), bill(item.model_copy(update={"credit": None}), load,
                                                    book)  # fmt: skip
        [credit] = [line for line in found.one_off if line.component == "credit"]
        # 400 USD, for 30 days of a month of 730 h
        assert credit.cost == pytest.approx(-min(400.0, charged(plain) * 720 / 730))
        assert credit.row is not None
        assert str(credit.row.price) == "400"
        assert found.total == plain.total  # a month without it
        assert found.one_off_total == pytest.approx(plain.one_off_total + credit.cost)


def test_a_credit_in_another_currency(book: PriceBook) -> None:
    won = PriceBook("list", as_of=book.as_of, currency="KRW")
    [credit] = [line for line in bill(cluster(credit="10 USD"), LOAD, won).one_off
                if line.component == "credit"]  # fmt: skip
    assert credit.cost == pytest.approx(-10 * 1650.07 / 1.1554)  # ECB of 2025-10-31


def test_a_credit_runs_out_month_by_month(book: PriceBook) -> None:
    item = cluster(credit="400 USD")
    month = charged(bill(cluster(), LOAD, book))
    assert 100 < month < 300  # so that it lasts into the second month, or the third
    plan = project(LOAD, [item], book, growth=Constant(), months=6).to_xarray().cost.values[0, 0]
    people = np.array([5000.0] * 6)
    people[0] += 4 * 7 * 24 / 730 * 5000  # setting up
    left, expected = 400.0, []
    for once in people:
        used = min(left, month)
        left -= used
        expected.append(once + month - used)
    np.testing.assert_allclose(plan, expected, rtol=1e-12)


def test_a_credit_expires(book: PriceBook) -> None:
    item = cluster(credit={"amount": "1000 USD", "expires": "45 days"}, labour=None)
    month = charged(bill(cluster(), LOAD, book))
    plan = project(LOAD, [item], book, months=3).to_xarray().cost.values[0, 0]
    second = (45 * 24 - 730) / 730  # the share of the second month that it covers
    np.testing.assert_allclose(plan, [0.0, month * (1 - second), month], atol=1e-9)


def test_a_credit_moves_no_crossover(book: PriceBook) -> None:
    rival = MskStandard(region="us-east-1", instance="kafka.m7g.large", name="msk")
    with_, without = (
        crossovers(LOAD, [cluster(credit=credit, brokers=None), rival], book).pairs
        for credit in ("400 USD", "none")
    )
    assert with_ == without


def test_curves_arrays_and_scalars_agree(book: PriceBook) -> None:
    item = cluster(instance="m5.large", commitment="1-year", discount=0.1, brokers=None)
    rates = np.geomspace(0.1, 500.0, 40)
    totals = costs(item, LOAD.operands().replace(ingress_mib_s=rates), book).total
    one_by_one = [
        bill(item, LOAD.operands().replace(ingress_mib_s=float(rate)), book).total or 0.0
        for rate in rates
    ]
    np.testing.assert_allclose(totals, one_by_one, rtol=1e-12)


def test_what_is_written_may_be_read_again() -> None:
    item = cluster(commitment="1-year", credit={"amount": "400 USD", "expires": "30 days"})
    assert item.commitment == Commitment(term="1-year")
    assert isinstance(item.credit, Credit)
    assert cluster(commitment="none", credit="none").commitment is None


money = st.floats(0, 1e6)


@given(
    charges=st.lists(money, min_size=1, max_size=24),
    amount=money,
    life_h=st.one_of(st.just(np.inf), st.floats(0, 20000)),
)
def test_a_credit_never_pays_more_than_it_is_or_than_is_charged(
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
