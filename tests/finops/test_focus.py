"""Estimates as FOCUS 1.2: amounts by hand, sums that are the bill's, and what is left out."""

import datetime as dt
import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import kafkatco as kt
from kafkatco.costing.bill import bill_of
from kafkatco.scenario.scenario import Scenario
from support.focus_samples import AGREED

#: Three brokers at 0.10 USD/h, committed to at 30 % off, and 10 % off what the provider charges.
NODES = """
[workload]
ingress = "1 MB/s"
retention = "1 day"
[prices]
as_of = 2025-10-31
[prices.override]
"aws.ec2.m7g.large" = "0.10 USD/hour"
[[deployment]]
name = "ours"
kind = "self-hosted"
region = "us-east-1"
instance = "m7g.large"
brokers = 3
controllers = 0
commitment = { term = "1-year", discount = 0.3 }
discount = 0.1
labour = { fte = 0.5, monthly = "1000 USD", setup = "2 weeks" }
"""
LIST = 3 * 730 * 0.10
COMMITTED = LIST * 0.7
PAID = COMMITTED * 0.9


def of(text: str, **options: Any) -> pd.DataFrame:
    return kt.focus(Scenario.from_dict(tomllib.loads(text)).bills(), month="2025-11", **options)


def row(frame: pd.DataFrame, **where: str) -> Any:
    for name, value in where.items():
        frame = frame[frame[name] == value]
    [row] = frame.to_dict("records")
    return row


def test_a_commitment_and_a_discount_are_on_the_charges_that_they_lower() -> None:
    nodes = of(NODES)
    nodes = nodes[nodes["x_Component"] == "compute"]
    used = row(nodes, ChargeCategory="Usage")
    assert used["PricingQuantity"] == used["ConsumedQuantity"] == 2190
    assert used["PricingUnit"] == used["ConsumedUnit"] == "Hours"
    assert used["ListUnitPrice"] == pytest.approx(0.10)
    assert used["ListCost"] == pytest.approx(LIST)
    assert used["ContractedUnitPrice"] == pytest.approx(0.09)  # the discount, not the commitment
    assert used["ContractedCost"] == pytest.approx(LIST * 0.9)
    assert used["EffectiveCost"] == pytest.approx(PAID)
    assert used["BilledCost"] == 0  # the commitment covers it
    assert used["PricingCategory"] == "Committed"
    assert used["CommitmentDiscountStatus"] == "Used"
    assert used["CommitmentDiscountCategory"] == "Usage"
    assert used["CommitmentDiscountType"] == "Reserved Instance"
    assert used["CommitmentDiscountQuantity"] == 2190
    bought = row(nodes, ChargeCategory="Purchase")
    assert bought["ChargeFrequency"] == "Recurring"
    assert (bought["BilledCost"], bought["EffectiveCost"]) == (pytest.approx(PAID), 0)
    assert bought["ListCost"] == pytest.approx(COMMITTED)
    assert bought["ContractedCost"] == pytest.approx(PAID)
    assert bought["CommitmentDiscountId"] == used["CommitmentDiscountId"]
    assert pd.isna(bought["ConsumedQuantity"])
    assert pd.isna(bought["CommitmentDiscountStatus"])
    assert bought["PricingCategory"] == "Standard"


def test_a_savings_plan_commits_to_spend() -> None:
    text = NODES.replace('term = "1-year"', 'term = "1-year-savings-plan"')
    used = row(of(text), x_Component="compute", ChargeCategory="Usage")
    assert used["CommitmentDiscountCategory"] == "Spend"
    assert used["CommitmentDiscountType"] == "Savings Plan"
    assert used["CommitmentDiscountUnit"] == "USD"
    assert used["CommitmentDiscountQuantity"] == pytest.approx(PAID)


def test_people_are_left_out_unless_their_organisation_is_named() -> None:
    alone, whole = of(NODES), of(NODES, people="Ours Ltd.")
    assert not set(alone["x_Component"]) & {"labour", "setup"}
    labour = row(whole, x_Component="labour")
    assert labour["EffectiveCost"] == pytest.approx(500)
    assert labour["PricingUnit"] == "FTE-Months"
    for name in ("ProviderName", "PublisherName", "InvoiceIssuerName"):
        assert labour[name] == "Ours Ltd."
    assert pd.isna(labour["RegionId"])
    setup = row(whole, x_Component="setup")
    assert setup["ChargeFrequency"] == "One-Time"
    assert len(whole) == len(alone) + 2


def sums(frame: pd.DataFrame, name: str) -> dict[Any, float]:
    return {key: float(cost) for key, cost in frame.groupby("x_Deployment")[name].sum().items()}


@pytest.mark.parametrize("source", ["every-kind", "agreed"])
@pytest.mark.parametrize("name", ["BilledCost", "EffectiveCost"])
def test_costs_sum_to_the_bill(source: str, name: str) -> None:
    scenario = (
        Scenario.load(source)
        if source == "every-kind"
        else Scenario.from_dict(tomllib.loads(AGREED))
    )
    bills = scenario.bills()
    totals = sums(kt.focus(bills, month="2025-11", people="us"), name)
    assert totals == {
        bill.name: pytest.approx((bill.total or 0) + bill.one_off_total, rel=1e-12)
        for bill in bills
    }
    outside = sums(kt.focus(bills, month="2025-11"), name)
    for bill in bills:
        people = sum(
            float(line.cost or 0)
            for line in (*bill.lines, *bill.one_off)
            if line.component in ("labour", "setup")
        )
        assert outside[bill.name] == pytest.approx(totals[bill.name] - people, rel=1e-9)


@given(
    discount=st.sampled_from([0.0, 1.0]) | st.floats(0, 1),
    committed=st.none() | st.sampled_from([0.0, 1.0]) | st.floats(0, 1),
    credit=st.none() | st.floats(0.01, 1e5),
    controllers=st.sampled_from([0, 3]),
)
@settings(max_examples=40)
def test_any_agreements_sum_to_the_bill(
    discount: float, committed: float | None, credit: float | None, controllers: int
) -> None:
    data = tomllib.loads(NODES)
    deployment = data["deployment"][0]
    deployment.update(discount=discount, controllers=controllers, support="business")
    del deployment["commitment"]
    if committed is not None:
        deployment["commitment"] = {"term": "1-year", "discount": committed}
    if credit is not None:
        deployment["credit"] = f"{credit:.2f} USD"
    [bill] = Scenario.from_dict(data).bills()
    frame = kt.focus(bill, month="2025-11", people="us")
    assert bill.total is not None
    paid = sum(float(x.cost) for x in bill.one_off if x.component == "credit" and x.cost)
    charged = sum(
        float(x.cost)
        for x in bill.lines
        if x.cost and (x.sku.startswith("aws.") or x.sku == "discount")
    )
    expected = bill.total + bill.one_off_total - paid - min(-paid, charged)
    for name in ("BilledCost", "EffectiveCost"):
        assert frame[name].sum() == pytest.approx(expected, rel=1e-9, abs=1e-6)
    assert (frame["ListCost"] >= frame["EffectiveCost"] - 1e-6).all()
    assert frame["ListUnitPrice"].dropna().ge(0).all()


def test_list_costs_sum_to_the_lines_before_reductions() -> None:
    bills = Scenario.from_dict(tomllib.loads(AGREED)).bills()
    frame = kt.focus(bills, month="2025-11", people="us")
    totals = sums(frame[frame["ChargeCategory"] == "Usage"], "ListCost")
    for bill in bills:
        lines = [
            x for x in (*bill.lines, *bill.one_off) if x.component not in ("discount", "credit")
        ]
        listed = sum(float(line.cost or 0) for line in lines)
        assert totals[bill.name] == pytest.approx(listed, rel=1e-12)


def test_the_months_are_the_projection() -> None:
    scenario = Scenario.from_dict(tomllib.loads(AGREED))
    frame = kt.focus_months(scenario, month="2025-11", people="us")
    cost = scenario.project().to_xarray()["cost"]
    starts = pd.to_datetime(
        [f"2025-{m}-01" for m in (11, 12)] + [f"2026-{m:02}-01" for m in (1, 2, 3, 4)], utc=True
    )
    assert sorted(frame["BillingPeriodStart"].unique()) == list(starts)
    for name in ("EffectiveCost", "BilledCost"):
        for label in cost["deployment"].to_numpy():
            own = frame[frame["x_Deployment"] == label]
            costs = own.groupby("BillingPeriodStart")[name].sum()  # in order
            np.testing.assert_allclose(
                costs, cost.sel(deployment=label)[0], rtol=1e-12, err_msg=str(label)
            )


CREDIT = """
[workload]
ingress = "1 MB/s"
retention = "1 day"
[prices]
as_of = 2025-10-31
[[deployment]]
name = "basic"
kind = "confluent-basic"
region = "us-east-1"
access = "none"
credit = "{amount} USD"
[projection]
months = 3
"""


def test_a_credit_pays_at_most_the_charges() -> None:
    plain = Scenario.from_dict(tomllib.loads(CREDIT.replace('credit = "{amount} USD"', "")))
    charged = plain.bills()[0].total
    assert charged
    for amount, used in ((1.5 * charged, charged), (0.25 * charged, 0.25 * charged)):
        frame = of(CREDIT.format(amount=amount))
        credit = row(frame, ChargeCategory="Credit")
        for name in ("BilledCost", "EffectiveCost", "ContractedCost", "ListCost"):
            assert credit[name] == pytest.approx(-used)
        assert credit["ProviderName"] == "Confluent"
        assert pd.isna(credit["PricingQuantity"])
        assert frame["EffectiveCost"].sum() == pytest.approx(charged - used, abs=1e-6)
    scenario = Scenario.from_dict(tomllib.loads(CREDIT.format(amount=1.5 * charged)))
    months = kt.focus_months(scenario, month="2025-11")
    paid = months[months["ChargeCategory"] == "Credit"]["EffectiveCost"]
    assert paid.tolist() == pytest.approx([-charged, -0.5 * charged])  # and is spent


def test_prices_in_won_keep_their_own_currency() -> None:
    text = NODES.replace("as_of = 2025-10-31", 'as_of = 2025-10-31\ncurrency = "KRW"')
    book = kt.PriceBook("list", as_of="2025-10-31", currency="KRW")
    used = row(of(text), x_Component="compute", ChargeCategory="Usage")
    assert (used["BillingCurrency"], used["PricingCurrency"]) == ("KRW", "USD")
    assert used["ListUnitPrice"] == pytest.approx(0.10 * book.exchange("USD"))
    assert used["PricingCurrencyListUnitPrice"] == pytest.approx(0.10)
    assert used["PricingCurrencyContractedUnitPrice"] == pytest.approx(0.09)
    assert used["PricingCurrencyEffectiveCost"] == pytest.approx(PAID)


def test_where_and_from_which_price_list() -> None:
    frame = of(NODES)
    used = row(frame, x_Component="compute", ChargeCategory="Usage")
    assert (used["RegionId"], used["RegionName"]) == ("us-east-1", "US East (N. Virginia)")
    assert used["SkuId"] == "aws.ec2.m7g.large"
    assert used["ServiceName"] == "Amazon Elastic Compute Cloud"
    assert used["BillingAccountId"] == "estimate"
    assert used["x_PriceConfidence"] == "user"
    assert set(frame["x_PriceAsOf"]) == {"2025-10-31"}
    assert of(NODES, account="123456789012")["BillingAccountId"].unique() == ["123456789012"]


def test_missing_is_never_zero() -> None:
    bills = Scenario.load().bills()  # the article has no price of what crosses zones
    frame = kt.focus(bills, month="2025-11")
    own = frame[frame["x_Deployment"] == "MSK"]
    assert "aws.msk.storage" not in set(own["SkuId"])
    assert set(own["x_NotPriced"]) == {"aws.msk.storage; aws.data-transfer.inter-az"}
    basic = frame[frame["x_Deployment"] == "Confluent Cloud Basic"]
    assert basic["x_NotPriced"].isna().all() == (not bills[2].unpriced_skus)


def test_an_infeasible_deployment_has_no_rows() -> None:
    scenario = Scenario.from_dict(
        tomllib.loads(
            NODES
            + """
[[deployment]]
name = "basic"
kind = "confluent-basic"
region = "us-east-1"
"""
        )
    )
    huge = replace(scenario, workload=scenario.workload.replace(ingress="400 MB/s"))
    bills = huge.bills()
    assert bills[1].infeasible
    frame = kt.focus(
        [bill_of(scenario.deployments[0], scenario.workload, scenario.book), bills[1]],
        month="2025-11",
    )
    assert set(frame["x_Deployment"]) == {"ours"}
    assert frame.attrs["left_out"] == {"basic": "; ".join(bills[1].infeasible)}
    with pytest.raises(kt.InputError, match="deployments: no deployment has charges: basic: "):
        kt.focus(bills[1], month="2025-11")


@pytest.mark.parametrize(
    ("month", "start", "end"),
    [
        ("2025-11", (2025, 11), (2025, 12)),
        ("2025-12", (2025, 12), (2026, 1)),
        ("2028-02", (2028, 2), (2028, 3)),
    ],
)
def test_a_month_ends_where_the_next_begins(
    month: str, start: tuple[int, int], end: tuple[int, int]
) -> None:
    bills = Scenario.from_dict(tomllib.loads(NODES)).bills()
    frame = kt.focus(bills, month=month)
    for name in ("BillingPeriod", "ChargePeriod"):
        assert (frame[f"{name}Start"] == dt.datetime(*start, 1, tzinfo=dt.UTC)).all()
        assert (frame[f"{name}End"] == dt.datetime(*end, 1, tzinfo=dt.UTC)).all()


@pytest.mark.parametrize("month", ["2025-13", "2025-00", "2025", "11/2025", "0000-01", "9999-12"])
def test_an_invalid_month_is_refused(month: str) -> None:
    bills = Scenario.from_dict(tomllib.loads(NODES)).bills()
    with pytest.raises(kt.InputError, match="a month such as '2025-11'"):
        kt.focus(bills, month=month)


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"growth": "threfold a year"}, "Did you mean 'threefold a year'"),
        ({"months": 0}, "1 to 36"),
        ({"months": 37}, "1 to 36"),
    ],
)
def test_mistakes_about_the_months(options: dict[str, Any], expected: str) -> None:
    with pytest.raises(kt.InputError, match=expected):
        kt.focus_months(Scenario.load(), month="2025-11", **options)


def test_a_growth_is_named_in_its_rows() -> None:
    frame = kt.focus_months(Scenario.load(), month="2025-11", months=2, growth="threefold a year")
    assert set(frame["x_Growth"]) == {"threefold a year"}


def test_a_csv_of_focus_has_its_dates_and_no_formula(tmp_path: Path) -> None:
    text = NODES.replace('"ours"', "\"=cmd|'/c calc'!A0\"")
    path = kt.export(of(text), tmp_path / "focus.csv")
    frame = pd.read_csv(path)
    assert set(frame["BillingPeriodStart"]) == {"2025-11-01T00:00:00Z"}
    assert set(frame["x_Deployment"]) == {"'=cmd|'/c calc'!A0"}
    assert frame["InvoiceId"].isna().all()
