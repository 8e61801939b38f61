"""Support plans: marginal shares of the provider's charges, and at least a minimum.

Figures: https://aws.amazon.com/premiumsupport/pricing/ (pricing/list/aws/support.csv) and
Confluent's card of 2021-22 (pricing/list/confluent/add-ons.csv).
"""

from typing import Any

import pytest

from kafkatco import (
    Catalogue,
    ConfluentStandard,
    EventHubsStandard,
    GoogleManagedKafka,
    InputError,
    Labour,
    MissingPriceError,
    MskStandard,
    PriceBook,
    SelfHosted,
    Workload,
)
from kafkatco.costing.bill import Bill, bill_of
from kafkatco.costing.lines import Line
from kafkatco.costing.support_plan import support_lines

MSK = MskStandard(region="us-east-1", instance="kafka.m7g.large")
CONFLUENT = ConfluentStandard(region="us-east-1")
LOAD = Workload(ingress="10 MB/s", fanout=2, retention="1 day", peak_to_average=1)


def near(value: float) -> Any:
    return pytest.approx(value, rel=1e-9)


def paid(deployment: Any, plan: str, charged: float, book: PriceBook) -> float:
    supported = deployment.model_copy(update={"support": plan})
    return sum(float(line.cost) for line in support_lines(supported, charged, book, 730.0))


def lines_of(bill: Bill, *, support: bool) -> list[Line]:
    return [x for x in bill.lines if (x.component == "support") is support]


@pytest.mark.parametrize(
    ("plan", "charged", "cost"),
    [
        # 3 %, at least 29: they meet at 966.67
        ("developer", 0, 29),
        ("developer", 900, 29),
        ("developer", 1000, 30),
        # 10 % to 10,000, 7 % to 80,000, 5 % to 250,000, 3 % beyond, at least 100
        ("business", 0, 100),
        ("business", 999, 100),
        ("business", 1000, 100),
        ("business", 1001, 100.10),
        ("business", 9999, 999.90),
        ("business", 10_000, 1000),
        ("business", 10_001, 1000.07),
        ("business", 80_000, 1000 + 4900),
        ("business", 80_001, 5900.05),
        ("business", 250_000, 5900 + 8500),
        ("business", 250_001, 14_400.03),
        ("business", 1_250_000, 14_400 + 30_000),
        # 10 %, at least 5,500: they meet at 55,000
        ("enterprise-on-ramp", 54_999, 5500),
        ("enterprise-on-ramp", 55_001, 5500.10),
        # 10 % to 150,000, 7 % to 500,000, 5 % to a million, 3 % beyond, at least 15,000
        ("enterprise", 149_999, 15_000),
        ("enterprise", 150_001, 15_000.07),
        ("enterprise", 500_000, 15_000 + 24_500),
        ("enterprise", 500_001, 39_500.05),
        ("enterprise", 1_000_000, 39_500 + 25_000),
        ("enterprise", 1_000_001, 64_500.03),
    ],
)
def test_aws_charges_a_falling_share_and_at_least_a_minimum(
    plan: str, charged: float, cost: float, book: PriceBook
) -> None:
    assert paid(MSK, plan, charged, book) == near(cost)


@pytest.mark.parametrize(
    ("plan", "charged", "cost"),
    [
        # 5 %, at least 29: they meet at 580
        ("developer", 579, 29),
        ("developer", 600, 30),
        # 10 % to 50,000, 8 % to 100,000, 6 % to a million, 3 % beyond, at least 1,000
        ("business", 0, 1000),
        ("business", 10_000, 1000),
        ("business", 10_001, 1000.10),
        ("business", 50_000, 5000),
        ("business", 50_001, 5000.08),
        ("business", 100_000, 9000),
        ("business", 100_001, 9000.06),
        ("business", 1_000_000, 9000 + 54_000),
        ("business", 1_000_001, 63_000.03),
        # 10 % to 100,000, 8 % to 500,000, 6 % to a million, 3 % beyond, at least 10,000
        ("premier", 99_999, 10_000),
        ("premier", 100_001, 10_000.08),
        ("premier", 500_001, 10_000 + 32_000 + 0.06),
        ("premier", 1_000_001, 72_000.03),
    ],
)
def test_confluent_charges_a_falling_share_and_at_least_a_minimum(
    plan: str, charged: float, cost: float, book: PriceBook
) -> None:
    assert paid(CONFLUENT, plan, charged, book) == near(cost)


@pytest.mark.parametrize(
    ("plan", "charged", "cost"),
    [
        # 9 % to 10,000, 7 % to 80,000, 5 % to 250,000, 3 % beyond, at least 29: they meet at 322.22
        ("business-plus", 0, 29),
        ("business-plus", 322, 29),
        ("business-plus", 1000, 90),
        ("business-plus", 10_000, 900),
        ("business-plus", 10_001, 900.07),
        ("business-plus", 80_000, 900 + 4900),
        ("business-plus", 80_001, 5800.05),
        ("business-plus", 250_000, 5800 + 8500),
        ("business-plus", 250_001, 14_300.03),
        # 10 % to 150,000, then as before, but at least 5,000 instead of 15,000
        ("enterprise", 49_999, 5000),
        ("enterprise", 50_001, 5000.10),
        ("enterprise", 150_001, 15_000.07),
        ("enterprise", 1_000_001, 64_500.03),
        # 10 % to a million, 6 % to 5 million, 5 % beyond, at least 50,000
        ("unified-operations", 499_999, 50_000),
        ("unified-operations", 500_001, 50_000.10),
        ("unified-operations", 1_000_001, 100_000.06),
        ("unified-operations", 5_000_001, 100_000 + 240_000 + 0.05),
        # still as before, for those who have it
        ("business", 1001, 100.10),
    ],
)
def test_aws_s_plans_since_december_2025(plan: str, charged: float, cost: float) -> None:
    assert paid(MSK, plan, charged, PriceBook("list", as_of="2026-10-31")) == near(cost)


def test_a_plan_is_billed_only_while_it_is_sold(book: PriceBook) -> None:
    for plan in ("business-plus", "unified-operations"):  # announced on 2025-12-02
        with pytest.raises(MissingPriceError, match="Its first row is dated 2025-12-02"):
            bill_of(MSK.model_copy(update={"support": plan}), LOAD, book)
    last, ended = (PriceBook("list", as_of=date) for date in ("2026-12-31", "2027-01-01"))
    for plan, successor in (
        ("developer", "business-plus"),
        ("business", "business-plus"),
        ("enterprise-on-ramp", "enterprise"),
    ):
        supported = MSK.model_copy(update={"support": plan})
        assert lines_of(bill_of(supported, LOAD, last), support=True)
        with pytest.raises(MissingPriceError, match=f"ended on 2027-01-01.*{successor!r}"):
            bill_of(supported, LOAD, ended)
        with_successor = MSK.model_copy(update={"support": successor})
        assert lines_of(bill_of(with_successor, LOAD, ended), support=True)


def test_each_band_is_a_line_and_so_is_the_rest_up_to_the_minimum(book: PriceBook) -> None:
    deployment = MSK.model_copy(update={"support": "business"})
    two = support_lines(deployment, 15_000.0, book, 730.0)
    assert [(x.sku, x.quantity, x.unit_price) for x in two] == [
        ("aws.support.business", 10_000, 0.10),
        ("aws.support.business", 5000, 0.07),
    ]
    shares, rest = support_lines(deployment, 600.0, book, 730.0)
    assert (shares.cost, rest.cost) == (near(60), near(40))
    assert (rest.sku, rest.note) == ("aws.support.business.minimum", "rest up to the minimum")


def test_bands_are_in_dollars_for_any_currency_of_the_bill(book: PriceBook) -> None:
    # 1,428.1374 KRW per USD on 2025-10-31: 20,000 USD cost 1,000 + 700
    won = PriceBook("list", as_of=book.as_of, currency="KRW")
    assert paid(MSK, "business", 20_000 * 1428.1374, won) == near(1700 * 1428.1374)
    assert paid(MSK, "business", 0, won) == near(100 * 1428.1374)


@pytest.mark.parametrize(("deployment", "share"), [(MSK, 0.10), (CONFLUENT, 0.10)])
def test_a_bill_s_support_is_a_share_of_its_other_lines(
    deployment: Any, share: float, book: PriceBook, catalogue: Catalogue
) -> None:
    bill = bill_of(deployment.model_copy(update={"support": "business"}), LOAD, book, catalogue)
    charged = sum(x.cost for x in lines_of(bill, support=False))
    least = 100 if deployment is MSK else 1000
    assert least / share < charged < 10_000 or deployment is CONFLUENT
    cost = sum(x.cost for x in lines_of(bill, support=True))
    assert cost == near(max(share * charged, least))
    assert bill.total == near(charged + cost)


def test_people_are_not_charges_of_the_provider(book: PriceBook, catalogue: Catalogue) -> None:
    team = Labour(fte=3, monthly="10000 USD", setup="4 weeks")
    with_them, without = (
        bill_of(MSK.model_copy(update={"support": "business", "labour": x}), LOAD, book, catalogue)
        for x in (team, None)
    )
    assert lines_of(with_them, support=True) == lines_of(without, support=True)


def test_support_is_a_share_of_the_charges_after_a_discount(
    book: PriceBook, catalogue: Catalogue
) -> None:
    fields = {"support": "business", "discount": 0.25}
    plain = bill_of(MSK, LOAD, book, catalogue).total
    bill = bill_of(MSK.model_copy(update=fields), LOAD, book, catalogue)
    assert plain is not None
    assert plain * 0.75 < 10_000  # in the first band
    assert bill.total == near(plain * 0.75 * 1.10)


def test_a_self_hosted_cluster_has_its_cloud_s_plans(book: PriceBook, catalogue: Catalogue) -> None:
    deployment = SelfHosted(
        region="us-east-1", instance="m5.2xlarge", brokers=3, support="business"
    )
    skus = {x.sku for x in lines_of(bill_of(deployment, LOAD, book, catalogue), support=True)}
    assert skus == {"aws.support.business"}


def test_confluent_has_its_own_plans_on_every_cloud() -> None:
    assert ConfluentStandard(cloud="gcp", region="us-central1", support="premier").support


def test_a_bill_without_a_support_plan_mentions_it(book: PriceBook, catalogue: Catalogue) -> None:
    bill = bill_of(MSK, LOAD, book, catalogue)
    assert lines_of(bill, support=True) == []
    assert "support plan (not set)" in bill.not_modelled
    with_it = bill_of(MSK.model_copy(update={"support": "business"}), LOAD, book, catalogue)
    assert "support plan (not set)" not in with_it.not_modelled


@pytest.mark.parametrize(
    ("kind", "plan", "expected"),
    [
        (MskStandard, "busines", "Did you mean 'business'"),
        (MskStandard, "premier", "developer.*business.*enterprise-on-ramp.*enterprise"),
        (ConfluentStandard, "enterprise", "developer.*business.*premier"),
        # no plan of these clouds has a price
        (EventHubsStandard, "business", "expected 'none'"),
        (GoogleManagedKafka, "business", "expected 'none'"),
    ],
)
def test_a_plan_of_another_provider_is_an_error(kind: type[Any], plan: str, expected: str) -> None:
    with pytest.raises(InputError, match=expected):
        kind(region="us-east-1", support=plan)
