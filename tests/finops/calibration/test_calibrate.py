"""Bill against model: nothing is dropped, bills of the model are recovered, and sums by hand."""

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


def estimated(calibration: kt.Calibration) -> dict[str, float]:
    return {estimate.name: estimate.now for estimate in calibration.estimates}


def held(calibration: kt.Calibration) -> dict[str, str]:
    return {held_input.name: held_input.reason for held_input in calibration.held}


def costs(calibration: kt.Calibration) -> dict[str, float | None]:
    return {line.sku: line.billed_cost for line in calibration.lines}


# by hand


def test_a_bill_of_msk_by_hand() -> None:
    calibration = kt.calibrate(
        load(fanout=1), [MSK], BOOK, TABLE, estimate=["fanout", "disk_headroom"]
    )
    # both rows of 6,000 GB count: 2 x 2/3 x (1 + F) x 3000 = 12,000, so that F = 2
    # 3000 GiB / 28 days x 1 day x 3 copies / (1 - h) = 1000 GiB, so that h = 1 - 9/28
    assert estimated(calibration) == pytest.approx(
        {"fanout": 2.0, "disk_headroom": 19 / 28}, rel=1e-9
    )
    assert costs(calibration) == pytest.approx(
        {
            "aws.msk.kafka.m7g.large": 505.6128,
            "aws.msk.storage": 114.0,
            "aws.data-transfer.inter-az": 120.0,
            "credit": 0.0,
            "aws.ec2.m5.large": 79.296,
        }
    )
    # Lambda and the tax are no line's, and Kafka has no m5.large here: that is left over
    assert {charge.meter: charge.reason for charge in calibration.unknown} == {
        "APN2-Kafka.m7g.large": "a tax",
        "APN2-Lambda-GB-Second": "unknown meter",
    }
    assert calibration.unknown_cost == pytest.approx(17.25)
    assert calibration.left_over == pytest.approx(79.296)
    assert calibration.gross == pytest.approx(505.6128 + 114 + 120 + 10 + 7.25 + 79.296)
    assert calibration.net == pytest.approx(calibration.gross - 50)


@pytest.mark.parametrize("instance", ["kafka.m7g.*", ["kafka.m5.xlarge", "kafka.m7g.*"]])
def test_a_choice_of_instances_becomes_the_billed_one(instance: Any) -> None:
    calibration = kt.calibrate(
        load(fanout=1), [MSK.replace(instance=instance)], BOOK, TABLE, estimate=["fanout"]
    )
    assert calibration.deployments == (MSK,)
    assert "msk-standard: instance kafka.m7g.large, as billed" in calibration.notes


def test_net_has_the_credit_and_gross_has_not() -> None:
    gross = kt.calibrate(load(), [MSK], BOOK, TABLE, estimate=())
    net = kt.calibrate(load(), [MSK], BOOK, TABLE, estimate=(), net=True)
    assert (gross.costs, net.costs) == ("gross", "net")
    assert costs(gross)["credit"] == 0.0
    assert costs(net)["credit"] == -50.0
    assert net.billed == pytest.approx(gross.billed - 50.0)
    assert (net.gross, net.net) == (gross.gross, gross.net)


def test_transfer_in_one_direction_has_a_note() -> None:
    rows = [row for row in cur_rows() if row["line_item_operation"] != "InterZone-Out"]
    calibration = kt.calibrate(load(), [MSK], BOOK, pd.DataFrame(rows), estimate=())
    assert any("6,000 GiB came in and 0 GiB went out" in note for note in calibration.notes)
    both = kt.calibrate(load(), [MSK], BOOK, TABLE, estimate=())
    assert not any("came in" in note for note in both.notes)


def test_a_bill_of_confluent_by_hand(tmp_path: Path) -> None:
    path = confluent(tmp_path / "costs.json")
    ours = kt.ConfluentStandard(region="us-east-1", units=2, access="none")
    calibration = kt.calibrate(load(ingress="1 MiB/s", fanout=1), [ours], BOOK, path)
    # 2,800 GiB in 672 h, three times that out
    rate = 2800 * 1024 / (672 * 3600)
    known = {line.sku: line.billed_quantity for line in calibration.lines}
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
    assert [calibration.gross, calibration.net] == pytest.approx([28 * 56.25, 28 * 50.625])
    # storage is of a retention that is not looked for: it misses, and its residual gives errors
    exact = kt.calibrate(
        load(ingress="1 MiB/s", fanout=1),
        [ours],
        BOOK,
        path,
        estimate=["ingress", "fanout", "retention"],
    )
    assert estimated(exact)["ingress"] == pytest.approx(rate, rel=1e-9)
    assert estimated(exact)["fanout"] == pytest.approx(3.0, rel=1e-9)
    # 2800 / 672 GiB an hour x R x 3 copies = 100
    assert estimated(exact)["retention"] == pytest.approx(8.0, rel=1e-9)
    assert all(estimate.error is None for estimate in exact.estimates)
    assert all(
        estimate.error is not None and estimate.error > 0 for estimate in calibration.estimates
    )


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
        calibration = kt.calibrate(load(), [ours], BOOK, frame, estimate=(), net=net)
        [line] = [line for line in calibration.lines if line.sku == "aws.ec2.m5.large"]
        assert line.billed_cost == pytest.approx(expected)
        assert line.modelled_cost == pytest.approx(expected)
        assert calibration.billed == pytest.approx(expected)


def test_cores_and_memory_are_a_machine() -> None:
    ours = kt.SelfHosted(
        cloud="gcp", region="asia-northeast3", instance="n2-standard-4", brokers=3, controllers=0
    )
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
    calibration = kt.calibrate(
        load(), [ours], kt.PriceBook("list", as_of="2026-10-31"), frame, estimate=()
    )
    [line] = [line for line in calibration.lines if line.sku == "gcp.compute.n2-standard-4"]
    assert line.billed_quantity == line.modelled_quantity == 2016.0
    assert line.billed_cost == 450.0
    assert not calibration.unknown


# laws


@pytest.mark.slow
def test_bills_of_this_library_are_read_back_without_residual() -> None:
    scenario = Scenario.load("every-kind")
    seen = 0
    for deployment in scenario.deployments:
        bill = bill_of(deployment, scenario.workload.operands(month_hours=HOURS), scenario.book)
        frame = kt.focus(bill, month="2025-02")
        for net, column in ((False, "ListCost"), (True, "EffectiveCost")):
            calibration = kt.calibrate(
                scenario.workload, [deployment], scenario.book, frame, estimate=(), net=net
            )
            assert not calibration.unknown, deployment.label
            for line in calibration.lines:
                assert line.billed_quantity == pytest.approx(line.modelled_quantity, rel=1e-12)
                assert line.residual == pytest.approx(0.0, abs=1e-9), (deployment.label, line)
            used = frame[frame["ChargeCategory"] == "Usage"]
            assert calibration.billed == pytest.approx(float(used[column].sum()), rel=1e-12)
            seen += len(calibration.lines)
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
    calibration = kt.calibrate(load(), [ours], BOOK, frame, estimate=(), net=True)
    assert not calibration.unknown
    assert [line for line in calibration.lines if abs(line.residual) > 1e-9] == []
    assert calibration.net == pytest.approx(float(frame["EffectiveCost"].sum()), rel=1e-12)
    # listed for use alone: what is paid for a commitment is for use that is listed too
    used = frame[frame["ChargeCategory"] == "Usage"]
    assert calibration.gross == pytest.approx(float(used["ListCost"].sum()), rel=1e-12)
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
    calibration = kt.calibrate(guess, [ours], BOOK, written(ours, actual))
    known = estimated(calibration)
    assert known["ingress"] == pytest.approx(rate, rel=1e-6)
    assert known["fanout"] == pytest.approx(fanout, rel=1e-6)
    if "follower_fetch" in known:  # where transfer between zones is a line
        assert known["follower_fetch"] == pytest.approx(follower, abs=1e-5)
    assert calibration.workload.fanout == known["fanout"]


@settings(max_examples=10)
@given(st.floats(2.0, 40.0), st.floats(0.5, 10.0), st.floats(0.0, 0.8))
def test_fanout_and_headroom_of_msk_are_found_where_ingress_is_known(
    rate: float, fanout: float, headroom: float
) -> None:
    actual = load(ingress=f"{rate!r} MiB/s", fanout=fanout, retention="7 days")
    there = kt.MskStandard(region="us-east-1", disk_headroom=headroom)
    ours = kt.MskStandard(region="us-east-1")
    guess = load(ingress=f"{rate!r} MiB/s", fanout=3.0, retention="7 days")
    calibration = kt.calibrate(
        guess, [ours], BOOK, written(there, actual), estimate=["fanout", "disk_headroom"]
    )
    assert estimated(calibration) == pytest.approx(
        {"fanout": fanout, "disk_headroom": headroom}, abs=1e-5, rel=1e-6
    )
    [calibrated] = calibration.deployments
    assert isinstance(calibrated, kt.MskStandard)
    assert calibrated.disk_headroom == estimated(calibration)["disk_headroom"]
    assert calibrated.instance != "cheapest"  # the one that was billed
    assert calibration.left_over == pytest.approx(0.0, abs=1e-3)


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
    calibration = kt.calibrate(load(), [MSK], BOOK, pd.DataFrame(made), estimate=(), net=True)
    whole = sum(row["line_item_unblended_cost"] for row in made)
    listed = sum(
        row["line_item_unblended_cost"]
        for row in made
        if row["line_item_line_item_type"] in ("Usage", "Tax", "Fee")
    )
    assert calibration.net == pytest.approx(whole, abs=1e-6)
    assert calibration.gross == pytest.approx(listed, abs=1e-6)
    known = sum(line.net or 0.0 for line in calibration.lines)
    assert known + calibration.unknown_cost == pytest.approx(whole, abs=1e-6)
    modelled = sum(line.modelled_cost or 0.0 for line in calibration.lines)
    assert modelled + calibration.residual + calibration.unknown_cost == pytest.approx(
        calibration.billed, abs=1e-6
    )
    counted = sum(charge.rows for charge in calibration.unknown)
    assert counted <= len(made)


# identifiable inputs, and others


@pytest.mark.parametrize(("rate", "fanout"), [("0 MiB/s", 1), ("1 MiB/s", 0), ("0 MiB/s", 0)])
@pytest.mark.parametrize("actual", [0.004, 4.0])
def test_an_input_that_is_guessed_as_nothing_is_found(
    rate: str, fanout: float, actual: float
) -> None:
    ours = kt.ConfluentStandard(region="us-east-1", units=2)
    frame = written(ours, load(ingress=f"{actual} MiB/s", fanout=5))
    guess = load(ingress=rate, fanout=fanout)
    calibration = kt.calibrate(guess, [ours], BOOK, frame)
    assert estimated(calibration) == pytest.approx({"ingress": actual, "fanout": 5.0}, rel=1e-6)
    assert [estimate.was for estimate in calibration.estimates] == [
        0.0 if rate == "0 MiB/s" else 1.0,
        fanout,
    ]
    assert calibration.left_over == pytest.approx(0.0, abs=1e-6)
    [egress] = [line for line in calibration.lines if line.sku == "confluent.standard.egress"]
    assert egress.fitted
    assert egress.modelled_quantity is None  # nothing reads it, and no line shows it
    assert (egress.component, egress.unit) == ("throughput", "GiB")


def test_units_are_converted_where_nothing_is_modelled_yet(tmp_path: Path) -> None:
    path = confluent(tmp_path / "costs.json")
    ours = kt.ConfluentStandard(region="us-east-1", units=2)
    calibration = kt.calibrate(
        load(ingress="0 MiB/s"), [ours], BOOK, path, estimate=["ingress", "fanout", "retention"]
    )
    # billed as 67,200 GiB-hours of 672 h: 100 GiB; and as by hand above, 8 h
    [storage] = [line for line in calibration.lines if line.sku == "confluent.standard.storage"]
    assert storage.billed_quantity == pytest.approx(100.0)
    assert estimated(calibration)["retention"] == pytest.approx(8.0, rel=1e-6)


def test_follower_fetch_that_is_guessed_as_all_is_found() -> None:
    # all reads are near by at the guess: of 2/3 (2 + 2 (1 - f)) crossings a write, f = 0.25
    ours = kt.MskServerless(region="us-east-1")
    frame = written(ours, load(follower_fetch=0.25))
    calibration = kt.calibrate(
        load(follower_fetch=1), [ours], BOOK, frame, estimate=["follower_fetch"]
    )
    assert estimated(calibration) == {"follower_fetch": pytest.approx(0.25, abs=1e-6)}


def test_a_held_input_keeps_its_value_also_at_a_bound() -> None:
    # headroom cannot be told apart from fanout and ingress: the others are those of a headroom of 0
    there = MSK.model_copy(update={"disk_headroom": 0.0})
    frame = written(there, load(ingress="3 MiB/s", fanout=4))
    calibration = kt.calibrate(load(ingress="1 MiB/s", fanout=0), [there], BOOK, frame)
    assert estimated(calibration) == pytest.approx({"ingress": 3.0, "fanout": 4.0}, rel=1e-9)
    assert {held_input.name: held_input.value for held_input in calibration.held} == {
        "disk_headroom": 0.0,
        "follower_fetch": 0.0,
        "compression_ratio": 1.0,
    }


def test_an_input_that_is_not_looked_for_needs_no_price_of_its_lines() -> None:
    # traffic to the internet has no price in Korea, and none is looked up
    ours = kt.EventHubsStandard(region="koreacentral")
    book = kt.PriceBook("list", as_of="2026-10-31")
    frame = written(ours, load(), book=book)
    assert load().internet_egress == 0
    assert not kt.calibrate(load(), [ours], book, frame, estimate=["ingress"]).unknown
    with pytest.raises(kt.MissingPriceError, match=r"azure\.bandwidth\.internet"):
        kt.calibrate(load(), [ours], book, frame, estimate=["internet_egress"])


def test_an_input_with_the_effect_of_another_is_held_with_a_reason() -> None:
    calibration = kt.calibrate(load(), [MSK], BOOK, TABLE)
    assert set(estimated(calibration)) == {"ingress", "fanout"}
    assert held(calibration) == {
        "disk_headroom": "aws.msk.storage: already explained by ingress, fanout",
        "follower_fetch": "aws.data-transfer.inter-az: already explained by ingress, fanout",
        "compression_ratio": "no line of the bill depends on it",
    }
    first, second = calibration.estimates
    assert first.depends_on == ("disk_headroom",)
    assert second.depends_on == ("disk_headroom", "follower_fetch")
    assert first.lines == ("aws.data-transfer.inter-az", "aws.msk.storage")


def test_the_first_of_inputs_with_the_same_effect_is_estimated() -> None:
    frame = written(MSK, load(follower_fetch=0.5))
    for names in (["fanout", "follower_fetch"], ["follower_fetch", "fanout"]):
        calibration = kt.calibrate(load(), [MSK], BOOK, frame, estimate=names)
        assert list(estimated(calibration)) == names[:1]
        assert list(held(calibration)) == names[1:]
    # (1 + 2 (1 - 0.5)) crossings are those of one reader that fetches nothing near by
    calibration = kt.calibrate(load(), [MSK], BOOK, frame, estimate=["fanout"])
    assert estimated(calibration) == {"fanout": pytest.approx(1.0, rel=1e-9)}
    calibration = kt.calibrate(load(), [MSK], BOOK, frame, estimate=["follower_fetch"])
    assert estimated(calibration) == {"follower_fetch": pytest.approx(0.5, rel=1e-9)}


def test_compression_is_identified_by_bills_of_events() -> None:
    ours = kt.EventHubsStandard(region="koreacentral")
    book = kt.PriceBook("list", as_of="2026-10-31")
    frame = written(ours, load(compression_ratio=2.5), book=book)
    calibration = kt.calibrate(load(), [ours], book, frame, estimate=["compression_ratio"])
    assert estimated(calibration) == {"compression_ratio": pytest.approx(2.5, rel=1e-9)}


def test_an_unexplained_line_leaves_the_input_at_its_bound() -> None:
    rows = [row for row in cur_rows() if row["line_item_operation"] == "RunVolume"]
    rows += [aws("Usage", "AmazonEC2", "DataTransfer-Regional-Bytes", "", 40.0, 0.4, "GB")]
    calibration = kt.calibrate(load(), [MSK], BOOK, pd.DataFrame(rows), estimate=["fanout"])
    [one] = calibration.estimates
    # writing alone crosses 2 x 2/3 x 3000 = 4,000 GiB: no fan-out explains 40
    assert one.now == pytest.approx(0.0, abs=1e-6)
    assert one.at_bound
    [line] = [line for line in calibration.lines if line.sku == "aws.data-transfer.inter-az"]
    assert line.left_over == pytest.approx(0.4 - 40.0, rel=1e-6)


def test_whole_units_are_no_value() -> None:
    ours = kt.MskStandard(region="ap-northeast-2", instance="kafka.m7g.large")
    rows = cur_rows()
    rows[0] |= {"line_item_usage_amount": 6 * 672}
    calibration = kt.calibrate(load(), [ours], BOOK, pd.DataFrame(rows), estimate=["fanout"])
    [brokers] = [line for line in calibration.lines if line.sku == "aws.msk.kafka.m7g.large"]
    assert not brokers.fitted
    assert brokers.calibrated_quantity == 3 * 672
    [note] = [note for note in calibration.notes if "whole units" in note]
    assert note.startswith("aws.msk.kafka.m7g.large: 6 were billed all month, the model has 3;")


def test_a_cheapest_instance_is_that_of_the_bill() -> None:
    ours = kt.MskStandard(region="ap-northeast-2")
    calibration = kt.calibrate(load(), [ours], BOOK, TABLE)
    [calibrated] = calibration.deployments
    assert isinstance(calibrated, kt.MskStandard)
    assert calibrated.instance == "kafka.m7g.large"
    assert "msk-standard: instance kafka.m7g.large, as billed" in calibration.notes
    other = [row for row in cur_rows() if row["line_item_operation"] != "RunBroker"]
    calibration = kt.calibrate(load(), [ours], BOOK, pd.DataFrame(other))
    assert any(
        "this bill has no hours of its instance types; is it the right bill?" in note
        for note in calibration.notes
    )


def test_an_instance_that_is_a_controller_too_is_not_the_brokers() -> None:
    # controllers run on m7g.large, which brokers might as well
    there = kt.SelfHosted(region="us-east-1", instance="m7g.xlarge", controllers=3)
    ours = kt.SelfHosted(region="us-east-1", controllers=3)
    calibration = kt.calibrate(load(), [ours], BOOK, written(there, load()), estimate=())
    [calibrated] = calibration.deployments
    assert isinstance(calibrated, kt.SelfHosted)
    assert calibrated.instance == "m7g.xlarge"


def test_an_infeasible_deployment_is_compared_as_well() -> None:
    small = kt.MskStandard(region="ap-northeast-2", instance="kafka.t3.small", brokers=3)
    calibration = kt.calibrate(load(ingress="500 MiB/s"), [small], BOOK, TABLE, estimate=())
    assert any("cannot handle the assumed workload: " in note for note in calibration.notes)
    assert any(line.modelled_cost for line in calibration.lines)


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
    calibration = kt.calibrate(load(), [MSK], BOOK, pd.DataFrame(rows), estimate=())
    lines = {line.region: line for line in calibration.lines if line.sku == "aws.msk.storage"}
    assert lines["ap-northeast-2"].billed_quantity == 1000.0
    assert lines["us-east-1"].billed_quantity == 5.0
    assert lines["us-east-1"].modelled_cost is None
    assert lines["us-east-1"].left_over == 0.5


def test_currencies_are_turned_into_the_books() -> None:
    korean = kt.PriceBook("list", as_of="2025-10-31", currency="KRW")
    calibration = kt.calibrate(load(), [MSK], korean, TABLE, estimate=())
    dollars = kt.calibrate(load(), [MSK], BOOK, TABLE, estimate=())
    assert calibration.currency == "KRW"
    assert calibration.gross == pytest.approx(dollars.gross * korean.exchange("USD"))
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
    calibration = kt.calibrate(load(), [MSK, ours], BOOK, [TABLE, path], estimate=())
    alone = kt.calibrate(load(), [MSK], BOOK, TABLE, estimate=())
    assert calibration.gross == pytest.approx(alone.gross + 28 * 56.25)


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
def test_mistakes_are_reported(change: dict[str, Any], expected: str) -> None:
    regions_of = {"bills": TABLE, "workload": load(), "deployments": [MSK], "book": BOOK, **change}
    with pytest.raises(kt.InputError) as caught:
        kt.calibrate(**regions_of)
    assert expected in str(caught.value)


def test_the_only_name_of_an_input_may_stand_alone() -> None:
    alone, listed = (
        kt.calibrate(load(), [MSK], BOOK, TABLE, estimate=names).estimates
        for names in ("fanout", ["fanout"])
    )
    assert [estimate.name for estimate in alone] == ["fanout"]
    assert alone == listed


def test_a_missing_scipy_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "scipy.optimize", None)
    kt.calibrate(load(), [MSK], BOOK, TABLE, estimate=())
    with pytest.raises(kt.KafkatcoError, match="pip install 'kafkatco\\[uncertainty\\]'"):
        kt.calibrate(load(), [MSK], BOOK, TABLE)


def test_a_missing_pyarrow_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    path = tmp_path / "bill.parquet"
    path.touch()
    with pytest.raises(kt.KafkatcoError, match="pip install 'kafkatco\\[parquet\\]'"):
        kt.calibrate(load(), [MSK], BOOK, path)


def test_a_forecast_begins_with_the_bill() -> None:
    calibration = kt.calibrate(
        load(fanout=1), [MSK], BOOK, TABLE, estimate=["fanout", "disk_headroom"]
    )
    plan = kt.project(
        calibration.workload,
        calibration.deployments,
        BOOK,
        horizon=kt.Horizon(months=12, month_hours=720, growth=kt.Compound(annual_rate=1.0)),
    )
    cost = plan.to_xarray().cost.to_numpy()[0, 0]
    # at 720 hours: 3 brokers, 1000 GiB, and 12,000 GiB of 672 h
    assert cost[0] == pytest.approx(3 * 720 * 0.2508 + 114.0 + 120.0 * 720 / 672)
    assert np.all(np.diff(cost) > 0)


def test_a_result_that_was_stored_is_the_same() -> None:
    ours = kt.ConfluentBasic(region="us-east-1")  # which has no disks of its own
    calibration = kt.calibrate(load(), [ours], BOOK, written(ours, load()))
    [headroom] = [
        held_input for held_input in calibration.held if held_input.name == "disk_headroom"
    ]
    assert (headroom.value, headroom.reason) == (None, "no deployment has this input")
    assert pickle.loads(pickle.dumps(calibration)) == calibration
    [inputs] = [
        table for table in calibration_tables(calibration) if "standard error" in table.columns
    ]
    assert ("disk_headroom", "-") in [row[:2] for row in inputs.rows]
    [headroom] = [
        entry for entry in calibration.to_dict()["held"] if entry["name"] == "disk_headroom"
    ]
    assert headroom["value"] is None


def test_an_estimate_is_frozen() -> None:
    [one, _] = kt.calibrate(load(), [MSK], BOOK, TABLE).estimates
    assert isinstance(one, Estimate)
    with pytest.raises(AttributeError):
        one.now = 3.0  # type: ignore[misc]
