"""The low and high of a cost, where a provider publishes two ends of a price."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kafkatco import (
    ConfluentBasic,
    ConfluentEnterprise,
    ConfluentFreight,
    ConfluentStandard,
    Curve,
    Horizon,
    Labour,
    MskExpress,
    MskStandard,
    PriceBook,
    Tax,
    Workload,
    bill,
    crossovers,
    plan,
    recommend,
)
from kafkatco.costing import price_ranges
from kafkatco.costing.bill import Bill, bill_of
from kafkatco.costing.costs import costs_of
from kafkatco.costing.price_ranges import contenders, known_ends
from kafkatco.deployments import KINDS, Deployment
from kafkatco.errors import InputError, MissingPriceError
from kafkatco.output.views.bill import bill_tables, bills_dict
from kafkatco.output.views.cost_comparison import cost_table
from kafkatco.output.views.crossovers import crossovers_dict, crossovers_tables
from kafkatco.output.views.plan import plan_dict, plan_tables
from kafkatco.prices.rows import CapacityRow, PriceRow
from kafkatco.sizing.clouds.regions import cloud_of
from support.plain import PLAIN

LOAD = Workload(
    ingress="10 MB/s", fanout=2, retention="7 days", peak_to_average=1, connector_tasks=3
)
#: 10 MB/s in GiB a month of 730 h, and the GiB of 7 days.
WRITTEN = 10e6 * 3600 * 730 / 2**30
STORED = 10e6 * 7 * 86400 / 2**30
ENTERPRISE = ConfluentEnterprise(region="us-east-1")
FREIGHT = ConfluentFreight(region="us-east-1")
TEAM = Labour(fte=1, monthly="5000 USD", setup="4 weeks")


def book(**more: Any) -> PriceBook:
    return PriceBook("list", as_of="2026-10-31", **{"assumptions": PLAIN, **more})


def ends(one: Bill) -> tuple[float, float, float]:
    assert one.low is not None
    assert one.total is not None
    assert one.high is not None
    return one.low, one.total, one.high


def figure(row: PriceRow | CapacityRow) -> float:
    return float(row.value if isinstance(row, CapacityRow) else row.price or 0)


def enterprise(unit: float, byte: float, copies: int, task: float) -> float:
    """Return the cost of one eCKU, in and out, storage, connector tasks and their bytes [USD]."""
    moved = WRITTEN * (1 + 2) * byte + WRITTEN * 0.025
    return 730 * unit + moved + STORED * copies * 0.08 + 3 * 730 * task


def test_the_low_and_high_are_at_the_ends_of_every_range() -> None:
    # an eCKU costs 1.75 to 2.25, a GiB 0.05 to 0.02, a connector task 0.3 to 0.017 [USD]; a byte
    # is stored 3 times by the documentation, once by the price page
    one = bill_of(ENTERPRISE, LOAD, book())
    assert ends(one) == pytest.approx(
        (
            enterprise(1.75, 0.02, 1, 0.017),
            enterprise(1.75, 0.05, 3, 0.3),
            enterprise(2.25, 0.05, 3, 0.3),
        ),
        rel=1e-9,
    )
    assert one.price_range is not None
    values = {
        end.figure: tuple(figure(x) for x in (end.low, end.high)) for end in one.price_range.ends
    }
    assert values == {
        "confluent.connect.task": (0.017, 0.3),
        "confluent.enterprise.ecku": (1.75, 2.25),
        "confluent.enterprise.egress": (0.02, 0.05),
        "confluent.enterprise.ingress": (0.02, 0.05),
        "confluent.enterprise.storage_copies": (1, 3),
    }
    assert {x.confidence for end in one.price_range.ends for x in (end.low, end.high)} == {
        "secondary"
    }


def test_freight_costs_0_014_to_0_03() -> None:
    # at least two eCKUs of 2.25 USD; connectors run on nodes of one's own
    load = LOAD.replace(connector_tasks=0)
    fixed = 2 * 730 * 2.25 + STORED * 0.03
    moved = 3 * WRITTEN
    total = fixed + moved * 0.03
    assert ends(bill_of(FREIGHT, load, book())) == pytest.approx(
        (fixed + moved * 0.014, total, total), rel=1e-9
    )


def test_a_price_or_a_choice_of_ones_own_has_no_range() -> None:
    mine = {"confluent.freight.ingress": "0.02 USD/GiB", "confluent.freight.egress": "0.02 USD/GiB"}
    for settled in (
        book(overrides=mine),
        book(variants={"confluent.freight": "volume"}),
        book().low,
        book().high,
    ):
        one = bill_of(FREIGHT, LOAD, settled)
        assert one.price_range is None
        assert one.low == one.total == one.high
    # one of the two: the other keeps its range
    [name] = [sku for sku in mine if sku.endswith(".egress")]
    one = bill_of(FREIGHT, LOAD, book(overrides={name: mine[name]}))
    low, total, _high = ends(one)
    assert total - low == pytest.approx(WRITTEN * (0.03 - 0.014), rel=1e-9)


def test_chosen_storage_copies_have_no_range() -> None:
    load = LOAD.replace(connector_tasks=0, retention="1 day")
    one = bill_of(ConfluentBasic(region="us-east-1", storage_copies=1), load, book())
    assert one.price_range is None
    low, total, high = ends(bill_of(ConfluentBasic(region="us-east-1"), load, book()))
    assert total == high
    assert total - low == pytest.approx(STORED / 7 * (3 - 1) * 0.08, rel=1e-9)


@pytest.mark.parametrize("region", ["us-east-1", "ap-northeast-2"])
def test_an_option_without_a_range_is_priced_once(
    region: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_arguments: Any) -> None:
        raise AssertionError

    monkeypatch.setattr(price_ranges, "price_candidates", refused)
    one = bill_of(MskStandard(region=region, instance="kafka.m7g.large"), LOAD, book())
    assert (one.price_range, one.low, one.high) == (None, one.total, one.total)
    with pytest.raises(AssertionError):
        bill_of(FREIGHT, LOAD, book())


def test_agreements_apply_at_each_end() -> None:
    # a tenth off the provider's charges, then 19 % of tax, of which half is recovered; people are
    # in none of these
    agreed = ENTERPRISE.replace(discount=0.1, labour=TEAM, credit="400 USD")
    taxed = book(tax=Tax(vat=0.19, recoverable=0.5))
    plain = ends(bill_of(ENTERPRISE, LOAD, book()))
    expected = [end * 0.9 * (1 + 0.19 / 2) + 5000 for end in plain]
    assert ends(bill_of(agreed, LOAD, taxed)) == pytest.approx(expected, rel=1e-9)


def of_kind(kind: str, **agreements: Any) -> Deployment | None:
    """Return a deployment of a kind with agreements, if it has prices in a common region."""
    model = KINDS[kind]
    if model.sells_commitments:
        agreements = {**agreements, "commitment": "1-year"}
    for region in ("us-east-1", "eastus", "us-central1", "kr"):
        try:
            deployment = model(region=region, **agreements, **dict(model.examples[0]))
            if cloud_of(region) in ("", deployment.home.name):
                bill_of(deployment, LOAD, book())
                return deployment
        except (InputError, MissingPriceError):
            continue
    return None


RANGED = ("confluent-basic", "confluent-standard", "confluent-enterprise", "confluent-freight")


@settings(max_examples=60, deadline=None)
@given(
    kind=st.one_of(st.sampled_from(sorted(KINDS)), st.sampled_from(RANGED)),
    ingress=st.floats(0.01, 300),
    retention=st.floats(0, 2000),
    tasks=st.sampled_from([0.0, 5.0]),
    discount=st.floats(0, 1),
    vat=st.floats(0, 0.5),
    support=st.sampled_from(["none", "developer", "business"]),
)
def test_every_kind_lies_between_its_ends_under_every_agreement(
    kind: str,
    ingress: float,
    retention: float,
    tasks: float,
    discount: float,
    vat: float,
    support: str,
) -> None:
    agreements = {"discount": discount, "credit": "900 USD", "labour": TEAM}
    deployment = of_kind(kind, support=support, **agreements) or of_kind(kind, **agreements)
    if deployment is None:
        return
    load = LOAD.operands().replace(
        ingress_mib_s=ingress, retention_h=retention, connector_tasks=tasks
    )
    one = bill_of(deployment, load, book(tax=Tax(vat=vat, recoverable=0.3)))
    if one.total is None:
        assert (one.low, one.high, one.price_range) == (None, None, None)
        return
    low, total, high = ends(one)
    assert low <= total * (1 + 1e-12)
    assert total <= high * (1 + 1e-12)
    if kind not in RANGED:
        assert low == total == high
    elif discount < 1 and deployment.provider == "confluent" and retention > 1:
        assert low < high


@pytest.mark.parametrize("deployment", [ENTERPRISE, FREIGHT.replace(discount=0.2)])
def test_a_curve_at_an_end_is_the_formula_and_the_bill(deployment: Deployment) -> None:
    load, rates = LOAD.operands(), np.geomspace(0.1, 30.0, 9)
    curves = known_ends(deployment, load.replace(ingress_mib_s=Curve.identity(0.1, 30.0)), book())
    arrays = known_ends(deployment, load.replace(ingress_mib_s=rates), book())
    assert curves is not None
    assert arrays is not None
    bills = [bill_of(deployment, load.replace(ingress_mib_s=x), book()) for x in rates]
    for curve, array, own in zip(curves, arrays, ("low", "high"), strict=True):
        np.testing.assert_allclose(curve(rates), array, rtol=1e-12)
        np.testing.assert_allclose(array, [getattr(one, own) for one in bills], rtol=1e-12)


def test_the_totals_of_a_book_are_between_its_ends() -> None:
    load = LOAD.operands().replace(ingress_mib_s=np.geomspace(0.1, 50, 7))
    low, own, high = (
        costs_of(ENTERPRISE, load, prices).total for prices in (book().low, book(), book().high)
    )
    assert np.all(low < own)
    assert np.all(own < high)
    assert len({prices.sha256 for prices in (book().low, book(), book().high)}) == 3


@pytest.mark.parametrize(("low", "close"), [(9.9, True), (10.0, False), (10.1, False)])
def test_an_option_contends_if_its_low_is_below_the_high_of_the_cheapest(
    low: float, close: bool
) -> None:
    options = {"theirs": (low, 12.0, 12.0), "ours": (8.0, 9.0, 10.0), "far": (20.0, 20.0, 20.0)}
    assert contenders(options, lambda name: options[name]) == (
        ("ours", "theirs") if close else ("ours",)
    )


def msk(people: float) -> MskExpress:
    """Return MSK Express with people who cost so much [USD/month]."""
    team = Labour(fte=1, monthly=f"{people!r} USD", setup="0 weeks")
    return MskExpress(name="msk", region="us-east-1", instance="express.m7g.large", labour=team)


def option(name: str, low: float, total: float, high: float) -> Bill:
    """Return a bill of Freight with the given ends in place of its own."""
    one = bill_of(FREIGHT, LOAD, book())
    [line, *_] = one.lines
    assert one.price_range is not None
    return replace(
        one,
        name=name,
        lines=(replace(line, cost=total),),
        price_range=replace(one.price_range, low=low, high=high),
    )


def test_overlapping_options_are_too_close_to_call_in_a_sentence() -> None:
    bare = float(bill_of(msk(0.0), LOAD, book()).total or 0)
    low, total, _high = ends(bill_of(FREIGHT, LOAD, book()))
    between = msk((low + total) / 2 - bare)
    bills = bill(LOAD, [FREIGHT, between], book())
    assert bills.winners.total == "msk"
    assert [*bills.close_call.options] == ["msk", "confluent-freight"]
    said = (
        f"too close to call: msk ({(low + total) / 2:,.0f}) or confluent-freight "
        f"({low:,.0f} to {total:,.0f}), USD a month by published price ranges"
    )
    assert bills.close_call.text == said
    assert said in [*bill_tables(bills)][-1].notes
    data = bills_dict(bills)
    assert said in data["cheapest"]["text"]
    assert [one["name"] for one in data["cheapest"]["too_close"]] == ["msk", "confluent-freight"]
    assert (data["deployments"][0]["low"], data["deployments"][0]["high"]) == (low, total)
    figures = {one["figure"]: one for one in data["deployments"][0]["ranges"]}
    assert figures["confluent.freight.egress"]["low"]["value"] == 0.014
    assert figures["confluent.freight.egress"]["high"]["value"] == 0.03
    [row] = [row for row in next(iter(bill_tables(bills))).rows if row[0] == "total a month"]
    assert row[5] == f"{total:,.2f} ({low:,.0f} to {total:,.0f})"

    answer = recommend(LOAD, [FREIGHT, between], book())
    assert answer.verdict == f"Too close to call: {said.removeprefix('too close to call: ')}."
    assert answer.winners[0] in ("msk", "confluent-freight")
    strategy = plan(LOAD, [FREIGHT, between], book(), horizon=Horizon(months=2))
    assert strategy.first_month.text == said
    assert f"first month {said}" in [note for x in plan_tables(strategy) for note in x.notes]
    assert plan_dict(strategy)["first_month_too_close"] == data["cheapest"]["too_close"]


@pytest.mark.parametrize("share", [-0.5, 1.5])
def test_a_winner_outside_of_the_range_is_a_winner(share: float) -> None:
    # MSK below the low of Freight, or above its high: the ends decide nothing
    bare = float(bill_of(msk(0.0), LOAD, book()).total or 0)
    low, total, _high = ends(bill_of(FREIGHT, LOAD, book()))
    apart = msk(low + share * (total - low) - bare)
    bills = bill(LOAD, [FREIGHT, apart], book())
    assert bills.close_call.options == {}
    assert bills.close_call.text == ""
    assert bills_dict(bills)["cheapest"]["too_close"] == []
    verdict = recommend(LOAD, [FREIGHT, apart], book()).verdict
    assert verdict.startswith(f"Take {bills.winners.total}: ")


def test_a_floor_is_never_close() -> None:
    a, b = option("a", 5.0, 9.0, 9.0), option("b", 8.0, 8.0, 8.0)
    assert [*price_ranges.close_call([a, b], "USD").options] == ["b", "a"]
    floor = replace(a, unchecked=("unknown",))
    assert price_ranges.close_call([floor, b], "USD").options == {}


def test_the_stretch_that_ranges_leave_open_is_exact() -> None:
    # Freight moves three GiB for each one written, and is above 4,000 USD or below, depending on
    # the end of its price; the other option is Standard at prices of our own, 4,000 USD in all
    load = LOAD.replace(connector_tasks=0, retention="0 h")
    mine = {
        "confluent.standard.ingress": "0 USD/GiB",
        "confluent.standard.egress": "0 USD/GiB",
        "confluent.standard.ecku": "0 USD/hour",
        "confluent.standard.cluster": "4000 USD/month",
    }
    flat = ConfluentStandard(name="flat", region="us-east-1", storage_copies=1)
    found = crossovers(
        load, [flat, FREIGHT], book(overrides=mine), start="1 TB/month", stop="60 TB/month"
    )
    [part] = found.overlaps()

    # 2 eCKUs + 3 x price x GiB = 4,000 USD at the high and the low price
    def traffic(price: float) -> float:
        return (4000 - 2 * 730 * 2.25) / (3 * price) * 2**30 / 1e12

    assert (part.start, part.stop) == pytest.approx((traffic(0.03), traffic(0.014)), rel=1e-9)
    assert part.names == ("flat", "confluent-freight")
    [entry] = crossovers_dict(found)["overlaps"]
    assert entry["names"] == ["flat", "confluent-freight"]
    notes = [note for table in crossovers_tables(found) for note in table.notes]
    assert len([note for note in notes if note.startswith("too close to call by")]) == 1
    ends_at = found.range_at(10.0)
    bytes_cost = 3 * 10e12 / 2**30
    assert ends_at["flat"] == pytest.approx((4000, 4000))
    assert ends_at["confluent-freight"] == pytest.approx(
        (3285 + bytes_cost * 0.014, 3285 + bytes_cost * 0.03)
    )
    table = cost_table(found)
    [row] = [row for row in table.rows if row[0] == "10"]
    assert "to" in row[2]
    assert "to" not in row[1]


def test_a_swept_price_has_no_range() -> None:
    found = crossovers(
        LOAD, [FREIGHT, ENTERPRISE], book(), over="confluent.freight.egress", start=0.01, stop=0.05
    )
    low, high = found.range_at(0.02)["confluent-freight"]
    # only the price of ingress is left with a range
    assert high - low == pytest.approx(WRITTEN * (0.03 - 0.014), rel=1e-9)
