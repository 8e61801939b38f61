"""A bill beside the model: nothing is dropped, what the model wrote is found again, and by hand."""

from __future__ import annotations

import pickle
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import kafkatco as kt
from kafkatco.costing.bill import bill_of
from kafkatco.finops.calibration.estimate import Estimate
from kafkatco.output.views.calibration import calibration_tables
from kafkatco.scenario.scenario import Scenario
from support.bill_samples import HOURS, MSK, aws, confluent, cur_rows, load

BOOK = kt.PriceBook("list", as_of="2025-10-31")
TABLE = pd.DataFrame(cur_rows())


def written(
    deployment: Any, workload: kt.Workload, *, book: kt.PriceBook = BOOK, hours: float = HOURS
) -> pd.DataFrame:
    """The bill that this library writes of a February, as FOCUS."""
    return kt.focus(
        bill_of(deployment, workload.operands(month_hours=hours), book), month="2025-02"
    )


def told(found: kt.Calibration) -> dict[str, float]:
    return {item.name: item.now for item in found.estimates}


def held(found: kt.Calibration) -> dict[str, str]:
    return {item.name: item.reason for item in found.held}


def costs(found: kt.Calibration) -> dict[str, float | None]:
    return {line.sku: line.billed_cost for line in found.lines}


# by hand


def test_a_bill_of_msk_by_hand() -> None:
    found = kt.calibrate(load(fanout=1), [MSK], BOOK, TABLE, estimate=["fanout", "disk_headroom"])
    # both rows of 6,000 GB count: 2 x 2/3 x (1 + F) x 3000 = 12,000, so that F = 2
    # 3000 GiB / 28 days x 1 day x 3 copies / (1 - h) = 1000 GiB, so that h = 1 - 9/28
    assert told(found) == pytest.approx({"fanout": 2.0, "disk_headroom": 19 / 28}, rel=1e-9)
    assert costs(found) == pytest.approx(
        {
            "aws.msk.kafka.m7g.large": 505.6128,
            "aws.msk.storage": 114.0,
            "aws.data-transfer.inter-az": 120.0,
            "credit": 0.0,
            "aws.ec2.m5.large": 79.296,
        }
    )
    # Lambda and the tax are no line's, and Kafka has no m5.large here: that is left over
    assert {item.meter: item.reason for item in found.unknown} == {
        "APN2-Kafka.m7g.large": "a tax",
        "APN2-Lambda-GB-Second": "unknown meter",
    }
    assert found.unknown_cost == pytest.approx(17.25)
    assert found.left_over == pytest.approx(79.296)
    assert found.gross == pytest.approx(505.6128 + 114 + 120 + 10 + 7.25 + 79.296)
    assert found.net == pytest.approx(found.gross - 50)


def test_net_has_the_credit_and_gross_has_not() -> None:
    gross = kt.calibrate(load(), [MSK], BOOK, TABLE, estimate=())
    net = kt.calibrate(load(), [MSK], BOOK, TABLE, estimate=(), net=True)
    assert (gross.costs, net.costs) == ("gross", "net")
    assert costs(gross)["credit"] == 0.0
    assert costs(net)["credit"] == -50.0
    assert net.billed == pytest.approx(gross.billed - 50.0)
    assert (net.gross, net.net) == (gross.gross, gross.net)


def test_one_direction_of_transfer_is_told() -> None:
    rows = [row for row in cur_rows() if row["line_item_operation"] != "InterZone-Out"]
    found = kt.calibrate(load(), [MSK], BOOK, pd.DataFrame(rows), estimate=())
    assert any("6,000 GiB came in and 0 GiB went out" in note for note in found.notes)
    both = kt.calibrate(load(), [MSK], BOOK, TABLE, estimate=())
    assert not any("came in" in note for note in both.notes)


def test_a_bill_of_confluent_by_hand(tmp_path: Path) -> None:
    path = confluent(tmp_path / "costs.json")
    ours = kt.ConfluentStandard(region="us-east-1", units=2)
    found = kt.calibrate(load(ingress="1 MiB/s", fanout=1), [ours], BOOK, path)
    # 2,800 GiB in 672 h, three times that out
    rate = 2800 * 1024 / (672 * 3600)
    known = {line.sku: line.billed_quantity for line in found.lines}
    assert known == pytest.approx(
        {
            "confluent.standard.ingress": 2800.0,
            "confluent.standard.egress": 8400.0,
            "confluent.standard.storage": 100.0,
            "confluent.standard.ecku": 1344.0,
            "confluent.standard.cluster": None,
        }
    )
    # gross 5 + 15 + 0.25 + 36 a day, of which a tenth is taken off
    assert [found.gross, found.net] == pytest.approx([28 * 56.25, 28 * 50.625])
    # storage is of a retention that is not looked for: it misses, and its errors are told
    exact = kt.calibrate(
        load(ingress="1 MiB/s", fanout=1),
        [ours],
        BOOK,
        path,
        estimate=["ingress", "fanout", "retention"],
    )
    assert told(exact)["ingress"] == pytest.approx(rate, rel=1e-9)
    assert told(exact)["fanout"] == pytest.approx(3.0, rel=1e-9)
    # 2800 / 672 GiB an hour x R x 3 copies = 100
    assert told(exact)["retention"] == pytest.approx(8.0, rel=1e-9)
    assert all(item.error is None for item in exact.estimates)
    assert all(item.error is not None and item.error > 0 for item in found.estimates)


def test_a_commitment_is_net_and_its_use_gross() -> None:
    ours = kt.SelfHosted(
        region="ap-northeast-2",
        instance="m5.large",
        brokers=3,
        commitment={"term": "1-year", "discount": 0.4},
    )
    use = aws(
        "DiscountedUsage",
        "AmazonEC2",
        "APN2-BoxUsage:m5.large",
        "RunInstances",
        2016,
        0.0,
        "Hrs",
        pricing_public_on_demand_cost=237.888,
        reservation_effective_cost=142.7328,
    )
    fee = aws("RIFee", "AmazonEC2", "APN2-HeavyUsage:m5.large", "RunInstances", "", 142.7328, "")
    fee |= {
        "reservation_unused_amortized_upfront_fee_for_billing_period": 0,
        "reservation_unused_recurring_fee": 0,
    }
    frame = pd.DataFrame([use, fee])
    # 2016 h x 0.118 USD at list, and 40 % less
    for net, expected in ((False, 237.888), (True, 142.7328)):
        found = kt.calibrate(load(), [ours], BOOK, frame, estimate=(), net=net)
        [line] = [line for line in found.lines if line.sku == "aws.ec2.m5.large"]
        assert line.billed_cost == pytest.approx(expected)
        assert line.modelled_cost == pytest.approx(expected)
        assert found.billed == pytest.approx(expected)


def test_cores_and_memory_are_a_machine() -> None:
    ours = kt.SelfHosted(cloud="gcp", region="asia-northeast3", instance="n2-standard-4", brokers=3)
    common = {
        "service.id": "6F81-5844-456A",
        "usage_start_time": "2025-02-01",
        "usage_end_time": "2025-03-01",
        "invoice.month": "202502",
        "currency": "USD",
        "location.region": "asia-northeast3",
        "credits": "[]",
        "cost_type": "regular",
    }
    core, memory = (
        {
            **common,
            "sku.description": f"N2 Instance {part} running in Seoul",
            "cost": cost,
            "usage.amount_in_pricing_units": amount,
            "usage.pricing_unit": unit,
        }
        for part, cost, amount, unit in (
            ("Core", 300.0, 8064.0, "hour"),
            ("Ram", 150.0, 32256.0, "gibibyte hour"),
        )
    )
    frame = pd.DataFrame([core, memory])
    # 3 machines x 672 h x 4 vCPUs = 8,064 core-hours
    found = kt.calibrate(
        load(), [ours], kt.PriceBook("list", as_of="2026-10-31"), frame, estimate=()
    )
    [line] = [line for line in found.lines if line.sku == "gcp.compute.n2-standard-4"]
    assert line.billed_quantity == line.modelled_quantity == 2016.0
    assert line.billed_cost == 450.0
    assert not found.unknown


# laws


@pytest.mark.slow
def test_what_this_library_writes_is_read_back_with_no_residual() -> None:
    scenario = Scenario.load("every-kind")
    seen = 0
    for item in scenario.deployments:
        bill = bill_of(item, scenario.workload.operands(month_hours=HOURS), scenario.book)
        frame = kt.focus(bill, month="2025-02")
        for net, column in ((False, "ListCost"), (True, "EffectiveCost")):
            found = kt.calibrate(
                scenario.workload, [item], scenario.book, frame, estimate=(), net=net
            )
            assert not found.unknown, item.label
            for line in found.lines:
                assert line.billed_quantity == pytest.approx(line.modelled_quantity, rel=1e-12)
                assert line.residual == pytest.approx(0.0, abs=1e-9), (item.label, line)
            used = frame[frame["ChargeCategory"] == "Usage"]
            assert found.billed == pytest.approx(float(used[column].sum()), rel=1e-12)
            seen += len(found.lines)
    assert seen > 100


@pytest.mark.parametrize("credit", ["none", "400 USD"])
@pytest.mark.parametrize("commitment", ["none", "1-year"])
def test_so_are_discounts_commitments_and_credits(credit: str, commitment: str) -> None:
    ours = kt.SelfHosted(
        region="us-east-1",
        instance="m5.2xlarge",
        discount=0.07,
        commitment=commitment,
        credit=credit,
    )
    frame = written(ours, load())
    found = kt.calibrate(load(), [ours], BOOK, frame, estimate=(), net=True)
    assert not found.unknown
    assert [line for line in found.lines if abs(line.residual) > 1e-9] == []
    assert found.net == pytest.approx(float(frame["EffectiveCost"].sum()), rel=1e-12)
    # listed for use alone: what is paid for a commitment is for use that is listed too
    used = frame[frame["ChargeCategory"] == "Usage"]
    assert found.gross == pytest.approx(float(used["ListCost"].sum()), rel=1e-12)
    # without the discount in the model it is what is left over, to the cent
    plain = ours.model_copy(update={"discount": 0.0})
    other = kt.calibrate(load(), [plain], BOOK, frame, estimate=(), net=True)
    lines = [line for line in other.lines if line.sku != "credit"]
    kept = sum(line.modelled_cost or 0.0 for line in lines)
    assert sum(line.residual for line in lines) == pytest.approx(-0.07 * kept)


@settings(max_examples=10)
@given(
    st.floats(0.5, 50.0),
    st.floats(0.2, 20.0),
    st.floats(0.0, 0.8),
    st.sampled_from(
        [
            kt.ConfluentStandard(region="us-east-1"),
            kt.ConfluentFreight(region="us-east-1"),
            kt.MskServerless(region="us-east-1"),
        ]
    ),
)
def test_changed_inputs_are_found_again(
    rate: float, fanout: float, follower: float, ours: Any
) -> None:
    actual = load(ingress=f"{rate!r} MiB/s", fanout=fanout, follower_fetch=follower)
    if bill_of(ours, actual.operands(month_hours=HOURS), BOOK).infeasible:
        return
    guess = load(ingress="3 MiB/s", fanout=2.0, follower_fetch=0.3)
    found = kt.calibrate(guess, [ours], BOOK, written(ours, actual))
    known = told(found)
    assert known["ingress"] == pytest.approx(rate, rel=1e-6)
    assert known["fanout"] == pytest.approx(fanout, rel=1e-6)
    if "follower_fetch" in known:  # where transfer between zones is a line
        assert known["follower_fetch"] == pytest.approx(follower, abs=1e-5)
    assert found.workload.fanout == known["fanout"]


@settings(max_examples=10)
@given(st.floats(2.0, 40.0), st.floats(0.5, 10.0), st.floats(0.0, 0.8))
def test_fanout_and_headroom_of_msk_are_found_where_ingress_is_known(
    rate: float, fanout: float, headroom: float
) -> None:
    actual = load(ingress=f"{rate!r} MiB/s", fanout=fanout, retention="7 days")
    there = kt.MskStandard(region="us-east-1", disk_headroom=headroom)
    ours = kt.MskStandard(region="us-east-1")
    guess = load(ingress=f"{rate!r} MiB/s", fanout=3.0, retention="7 days")
    found = kt.calibrate(
        guess, [ours], BOOK, written(there, actual), estimate=["fanout", "disk_headroom"]
    )
    assert told(found) == pytest.approx(
        {"fanout": fanout, "disk_headroom": headroom}, abs=1e-5, rel=1e-6
    )
    [calibrated] = found.deployments
    assert isinstance(calibrated, kt.MskStandard)
    assert calibrated.disk_headroom == told(found)["disk_headroom"]
    assert calibrated.instance != "cheapest"  # the one that was billed
    assert found.left_over == pytest.approx(0.0, abs=1e-3)


amounts = st.floats(-1e6, 1e6).map(lambda x: round(x, 4))


@settings(max_examples=40)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["Usage", "Credit", "Tax", "EdpDiscount", "RIFee", "Fee", "Other"]),
            st.sampled_from(["AmazonMSK", "AmazonEC2", "AWSLambda", ""]),
            st.sampled_from(
                [
                    "APN2-Kafka.Storage.GP2",
                    "BoxUsage:m5.large",
                    "<b>x</b>",
                    "",
                    "APN2-DataTransfer-Regional-Bytes",
                ]
            ),
            st.sampled_from(["GB-Mo", "GB", "Hrs", "", "parsecs"]),
            amounts,
            amounts,
        ),
        min_size=1,
        max_size=12,
    )
)
def test_nothing_is_dropped(rows: list[tuple[str, str, str, str, float, float]]) -> None:
    made = [
        aws(kind, product, usage, "", amount, cost, unit)
        for kind, product, usage, unit, amount, cost in rows
    ]
    found = kt.calibrate(load(), [MSK], BOOK, pd.DataFrame(made), estimate=(), net=True)
    whole = sum(row["line_item_unblended_cost"] for row in made)
    listed = sum(
        row["line_item_unblended_cost"]
        for row in made
        if row["line_item_line_item_type"] in ("Usage", "Tax", "Fee")
    )
    assert found.net == pytest.approx(whole, abs=1e-6)
    assert found.gross == pytest.approx(listed, abs=1e-6)
    known = sum(line.net or 0.0 for line in found.lines)
    assert known + found.unknown_cost == pytest.approx(whole, abs=1e-6)
    modelled = sum(line.modelled_cost or 0.0 for line in found.lines)
    assert modelled + found.residual + found.unknown_cost == pytest.approx(found.billed, abs=1e-6)
    counted = sum(item.rows for item in found.unknown)
    assert counted <= len(made)


# what a bill tells, and what not


@pytest.mark.parametrize(("rate", "fanout"), [("0 MiB/s", 1), ("1 MiB/s", 0), ("0 MiB/s", 0)])
@pytest.mark.parametrize("actual", [0.004, 4.0])
def test_an_input_that_is_guessed_as_nothing_is_found(
    rate: str, fanout: float, actual: float
) -> None:
    ours = kt.ConfluentStandard(region="us-east-1", units=2)
    frame = written(ours, load(ingress=f"{actual} MiB/s", fanout=5))
    guess = load(ingress=rate, fanout=fanout)
    found = kt.calibrate(guess, [ours], BOOK, frame)
    assert told(found) == pytest.approx({"ingress": actual, "fanout": 5.0}, rel=1e-6)
    assert [item.was for item in found.estimates] == [0.0 if rate == "0 MiB/s" else 1.0, fanout]
    assert found.left_over == pytest.approx(0.0, abs=1e-6)
    [egress] = [line for line in found.lines if line.sku == "confluent.standard.egress"]
    assert egress.fitted
    assert egress.modelled_quantity is None  # nothing is read of it, and no line says so
    assert (egress.component, egress.unit) == ("throughput", "GiB")


def test_units_are_converted_where_nothing_is_modelled_yet(tmp_path: Path) -> None:
    path = confluent(tmp_path / "costs.json")
    ours = kt.ConfluentStandard(region="us-east-1", units=2)
    found = kt.calibrate(
        load(ingress="0 MiB/s"), [ours], BOOK, path, estimate=["ingress", "fanout", "retention"]
    )
    # billed as 67,200 GiB-hours of 672 h: 100 GiB; and as by hand above, 8 h
    [storage] = [line for line in found.lines if line.sku == "confluent.standard.storage"]
    assert storage.billed_quantity == pytest.approx(100.0)
    assert told(found)["retention"] == pytest.approx(8.0, rel=1e-6)


def test_follower_fetch_that_is_guessed_as_all_is_found() -> None:
    # all reads are near by at the guess: of 2/3 (2 + 2 (1 - f)) crossings a write, f = 0.25
    ours = kt.MskServerless(region="us-east-1")
    frame = written(ours, load(follower_fetch=0.25))
    found = kt.calibrate(load(follower_fetch=1), [ours], BOOK, frame, estimate=["follower_fetch"])
    assert told(found) == {"follower_fetch": pytest.approx(0.25, abs=1e-6)}


def test_what_is_held_is_as_given_also_at_the_end_of_what_it_may_be() -> None:
    # headroom cannot be told beside fanout and ingress: the others are those of a headroom of 0
    there = MSK.model_copy(update={"disk_headroom": 0.0})
    frame = written(there, load(ingress="3 MiB/s", fanout=4))
    found = kt.calibrate(load(ingress="1 MiB/s", fanout=0), [there], BOOK, frame)
    assert told(found) == pytest.approx({"ingress": 3.0, "fanout": 4.0}, rel=1e-9)
    assert {item.name: item.value for item in found.held} == {
        "disk_headroom": 0.0,
        "follower_fetch": 0.0,
        "compression_ratio": 1.0,
    }


def test_an_input_that_is_not_looked_for_needs_no_price_of_its_lines() -> None:
    # of traffic to the internet there is no price in Korea: nothing is asked for
    ours = kt.EventHubsStandard(region="koreacentral")
    book = kt.PriceBook("list", as_of="2026-10-31")
    frame = written(ours, load(), book=book)
    assert load().internet_egress == 0
    assert not kt.calibrate(load(), [ours], book, frame, estimate=["ingress"]).unknown
    with pytest.raises(kt.MissingPriceError, match=r"azure\.bandwidth\.internet"):
        kt.calibrate(load(), [ours], book, frame, estimate=["internet_egress"])


def test_an_input_that_does_what_another_does_is_held_and_says_so() -> None:
    found = kt.calibrate(load(), [MSK], BOOK, TABLE)
    assert set(told(found)) == {"ingress", "fanout"}
    assert held(found) == {
        "disk_headroom": "aws.msk.storage: already explained by ingress, fanout",
        "follower_fetch": "aws.data-transfer.inter-az: already explained by ingress, fanout",
        "compression_ratio": "no line of the bill depends on it",
    }
    first, second = found.estimates
    assert first.depends_on == ("disk_headroom",)
    assert second.depends_on == ("disk_headroom", "follower_fetch")
    assert first.lines == ("aws.data-transfer.inter-az", "aws.msk.storage")


def test_the_first_is_told_of_those_that_do_the_same() -> None:
    frame = written(MSK, load(follower_fetch=0.5))
    for names in (["fanout", "follower_fetch"], ["follower_fetch", "fanout"]):
        found = kt.calibrate(load(), [MSK], BOOK, frame, estimate=names)
        assert list(told(found)) == names[:1]
        assert list(held(found)) == names[1:]
    # (1 + 2 (1 - 0.5)) crossings are those of one reader that fetches nothing near by
    found = kt.calibrate(load(), [MSK], BOOK, frame, estimate=["fanout"])
    assert told(found) == {"fanout": pytest.approx(1.0, rel=1e-9)}
    found = kt.calibrate(load(), [MSK], BOOK, frame, estimate=["follower_fetch"])
    assert told(found) == {"follower_fetch": pytest.approx(0.5, rel=1e-9)}


def test_compression_is_told_by_who_bills_events() -> None:
    ours = kt.EventHubsStandard(region="koreacentral")
    book = kt.PriceBook("list", as_of="2026-10-31")
    frame = written(ours, load(compression_ratio=2.5), book=book)
    found = kt.calibrate(load(), [ours], book, frame, estimate=["compression_ratio"])
    assert told(found) == {"compression_ratio": pytest.approx(2.5, rel=1e-9)}


def test_what_cannot_be_explained_is_at_its_bound_and_left_over() -> None:
    rows = [row for row in cur_rows() if row["line_item_operation"] == "RunVolume"]
    rows += [aws("Usage", "AmazonEC2", "DataTransfer-Regional-Bytes", "", 40.0, 0.4, "GB")]
    found = kt.calibrate(load(), [MSK], BOOK, pd.DataFrame(rows), estimate=["fanout"])
    [one] = found.estimates
    # writing alone crosses 2 x 2/3 x 3000 = 4,000 GiB: no fan-out explains 40
    assert one.now == pytest.approx(0.0, abs=1e-6)
    assert one.at_bound
    [line] = [line for line in found.lines if line.sku == "aws.data-transfer.inter-az"]
    assert line.left_over == pytest.approx(0.4 - 40.0, rel=1e-6)


def test_whole_units_are_no_value() -> None:
    ours = kt.MskStandard(region="ap-northeast-2", instance="kafka.m7g.large")
    rows = cur_rows()
    rows[0] |= {"line_item_usage_amount": 6 * 672}
    found = kt.calibrate(load(), [ours], BOOK, pd.DataFrame(rows), estimate=["fanout"])
    [brokers] = [line for line in found.lines if line.sku == "aws.msk.kafka.m7g.large"]
    assert not brokers.fitted
    assert brokers.calibrated_quantity == 3 * 672
    [note] = [note for note in found.notes if "whole units" in note]
    assert note.startswith("aws.msk.kafka.m7g.large: 6 were billed all month, the model has 3;")


def test_a_cheapest_instance_is_that_of_the_bill() -> None:
    ours = kt.MskStandard(region="ap-northeast-2")
    found = kt.calibrate(load(), [ours], BOOK, TABLE)
    [calibrated] = found.deployments
    assert isinstance(calibrated, kt.MskStandard)
    assert calibrated.instance == "kafka.m7g.large"
    assert "msk-standard: instance kafka.m7g.large, as billed" in found.notes
    other = [row for row in cur_rows() if row["line_item_operation"] != "RunBroker"]
    found = kt.calibrate(load(), [ours], BOOK, pd.DataFrame(other))
    assert any(
        "this bill has no hours of its instance types; is it the right bill?" in note
        for note in found.notes
    )


def test_an_instance_that_is_a_controller_too_is_not_the_brokers() -> None:
    # controllers run on m7g.large, which brokers might as well
    there = kt.SelfHosted(region="us-east-1", instance="m7g.xlarge", controllers=3)
    ours = kt.SelfHosted(region="us-east-1", controllers=3)
    found = kt.calibrate(load(), [ours], BOOK, written(there, load()), estimate=())
    [calibrated] = found.deployments
    assert isinstance(calibrated, kt.SelfHosted)
    assert calibrated.instance == "m7g.xlarge"


def test_who_cannot_serve_by_the_model_is_compared_all_the_same() -> None:
    small = kt.MskStandard(region="ap-northeast-2", instance="kafka.t3.small", brokers=3)
    found = kt.calibrate(load(ingress="500 MiB/s"), [small], BOOK, TABLE, estimate=())
    assert any("cannot handle the assumed workload: " in note for note in found.notes)
    assert any(line.modelled_cost for line in found.lines)


def test_another_region_is_another_line() -> None:
    rows = [
        *cur_rows(),
        aws(
            "Usage",
            "AmazonMSK",
            "USE1-Kafka.Storage.GP2",
            "",
            5,
            0.5,
            "GB-Mo",
            product_region_code="us-east-1",
        ),
    ]
    found = kt.calibrate(load(), [MSK], BOOK, pd.DataFrame(rows), estimate=())
    lines = {line.region: line for line in found.lines if line.sku == "aws.msk.storage"}
    assert lines["ap-northeast-2"].billed_quantity == 1000.0
    assert lines["us-east-1"].billed_quantity == 5.0
    assert lines["us-east-1"].modelled_cost is None
    assert lines["us-east-1"].left_over == 0.5


def test_currencies_are_turned_into_the_books() -> None:
    korean = kt.PriceBook("list", as_of="2025-10-31", currency="KRW")
    found = kt.calibrate(load(), [MSK], korean, TABLE, estimate=())
    dollars = kt.calibrate(load(), [MSK], BOOK, TABLE, estimate=())
    assert found.currency == "KRW"
    assert found.gross == pytest.approx(dollars.gross * korean.exchange("USD"))
    rows = [row | {"line_item_currency_code": "XYZ"} for row in cur_rows()]
    with pytest.raises(
        kt.InputError, match="got 'XYZ'; expected a currency with an exchange rate in book 'list'"
    ):
        kt.calibrate(load(), [MSK], BOOK, pd.DataFrame(rows))


def test_a_month_of_which_days_are_missing_is_refused() -> None:
    rows = [row | {"line_item_usage_end_date": "2025-02-20T00:00:00Z"} for row in cur_rows()]
    with pytest.raises(kt.InputError) as caught:
        kt.calibrate(load(), [MSK], BOOK, pd.DataFrame(rows))
    # to the 20th, and not with it: 19 days of 28
    assert "bill of aws, 2025-02: got use on 19 of 28 days; expected a whole month" in str(
        caught.value
    )
    assert "Missing: 2025-02-20, 2025-02-21, 2025-02-22 ..." in str(caught.value)
    # days of a provider that no deployment here is of do not matter
    kt.calibrate(load(), [kt.ConfluentBasic(region="us-east-1")], BOOK, pd.DataFrame(rows))


def test_several_files_are_one_bill(tmp_path: Path) -> None:
    path = confluent(tmp_path / "costs.json")
    ours = kt.ConfluentStandard(region="us-east-1")
    found = kt.calibrate(load(), [MSK, ours], BOOK, [TABLE, path], estimate=())
    alone = kt.calibrate(load(), [MSK], BOOK, TABLE, estimate=())
    assert found.gross == pytest.approx(alone.gross + 28 * 56.25)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"estimate": ["fanuot"]}, "Did you mean 'fanout'?"),
        ({"estimate": "fanuot"}, "Did you mean 'fanout'?"),
        ({"estimate": ["fanout", "fanout"]}, "'fanout' appears more than once"),
        ({"month": "February"}, "a month such as '2025-11'"),
        ({"bills": None}, "bill: got NoneType; expected files, or DataFrames"),
        ({"bills": 3}, "bill: got int; expected files, or DataFrames"),
        ({"estimate": None}, "estimate: got None; expected a list of names of inputs"),
        ({"estimate": [["fanout"]]}, "estimate: got ['fanout']; expected an input that a bill can"),
        ({"estimate": [None, "fanuot"]}, "Did you mean 'fanout'?"),
    ],
)
def test_mistakes_are_told(change: dict[str, Any], expected: str) -> None:
    asked = {"bills": TABLE, "workload": load(), "deployments": [MSK], "book": BOOK, **change}
    with pytest.raises(kt.InputError) as caught:
        kt.calibrate(**asked)
    assert expected in str(caught.value)


def test_the_only_name_of_an_input_may_stand_alone() -> None:
    alone, listed = (
        kt.calibrate(load(), [MSK], BOOK, TABLE, estimate=names).estimates
        for names in ("fanout", ["fanout"])
    )
    assert [item.name for item in alone] == ["fanout"]
    assert alone == listed


def test_scipy_is_asked_for_where_it_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "scipy.optimize", None)
    kt.calibrate(load(), [MSK], BOOK, TABLE, estimate=())
    with pytest.raises(kt.KafkatcoError, match="pip install 'kafkatco\\[uncertainty\\]'"):
        kt.calibrate(load(), [MSK], BOOK, TABLE)


def test_pyarrow_is_asked_for_where_it_is_not(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    path = tmp_path / "bill.parquet"
    path.touch()
    with pytest.raises(kt.KafkatcoError, match="pip install 'kafkatco\\[parquet\\]'"):
        kt.calibrate(load(), [MSK], BOOK, path)


def test_a_forecast_begins_with_the_bill() -> None:
    found = kt.calibrate(load(fanout=1), [MSK], BOOK, TABLE, estimate=["fanout", "disk_headroom"])
    plan = kt.project(
        found.workload,
        found.deployments,
        BOOK,
        horizon=kt.Horizon(months=12, month_hours=720, growth=kt.Compound(annual_rate=1.0)),
    )
    cost = plan.to_xarray().cost.to_numpy()[0, 0]
    # at 720 hours: 3 brokers, 1000 GiB, and 12,000 GiB of 672 h
    assert cost[0] == pytest.approx(3 * 720 * 0.2508 + 114.0 + 120.0 * 720 / 672)
    assert np.all(np.diff(cost) > 0)


def test_a_result_that_was_stored_is_the_same() -> None:
    ours = kt.ConfluentBasic(region="us-east-1")  # which has no disks of its own
    found = kt.calibrate(load(), [ours], BOOK, written(ours, load()))
    [headroom] = [item for item in found.held if item.name == "disk_headroom"]
    assert (headroom.value, headroom.reason) == (None, "no deployment has this input")
    assert pickle.loads(pickle.dumps(found)) == found
    [inputs] = [table for table in calibration_tables(found) if "standard error" in table.columns]
    assert ("disk_headroom", "-") in [row[:2] for row in inputs.rows]
    [told] = [item for item in found.to_dict()["held"] if item["name"] == "disk_headroom"]
    assert told["value"] is None


def test_an_estimate_is_frozen() -> None:
    [one, _] = kt.calibrate(load(), [MSK], BOOK, TABLE).estimates
    assert isinstance(one, Estimate)
    with pytest.raises(AttributeError):
        one.now = 3.0  # type: ignore[misc]
