"""The headline of a scenario: sentences with the numbers of its bills and crossovers."""

from __future__ import annotations

from typing import Any

from kafkatco import Scenario
from kafkatco.output.headline import headline


def scenario(*deployments: dict[str, Any], ingress: str = "1 TB/month", **more: Any) -> Scenario:
    return Scenario.from_dict(
        {
            "workload": {"ingress": ingress},
            "prices": {"as_of": "2025-10-31"},
            "deployment": [*deployments],
            **more,
        }
    )


MSK = {"kind": "msk-standard", "region": "us-east-1", "instance": "kafka.m7g.large"}
BASIC = {"kind": "confluent-basic", "region": "us-east-1", "access": "none"}


def test_the_two_cheapest_and_by_how_much() -> None:
    found = scenario(MSK, BASIC)
    costs = {bill.name: bill.total or 0.0 for bill in found.bills()}
    (best, low), (other, high) = sorted(costs.items(), key=lambda item: item[1])
    first = headline(found)[0]
    assert first == (
        f"At 1 TB/month {best} costs least: {low:,.2f} USD a month. {other}, the next, costs "
        f"{100 * (high / low - 1):.3g} % more: {high:,.2f} USD"
    )


def test_the_traffic_at_which_another_is_cheapest() -> None:
    found = scenario(MSK, BASIC, ingress="10 TB/month")
    crossings = found.crossovers(start="1 TB/month", stop="100 TB/month").intervals
    [below, above] = [part for part in crossings if part.winner]
    at = f"{below.stop:.4g} TB/month"
    inside = below if below.stop > 10 else above
    other = above if inside is below else below
    side = "above" if inside is below else "below"
    last = headline(found)[-1]
    assert last == f"with other traffic it is: {side} {at} {other.winner}"
    assert headline(found)[0].startswith(f"At 10 TB/month {inside.winner} costs least")


def test_one_option_alone() -> None:
    sentences = headline(scenario(MSK))
    [total] = [bill.total for bill in scenario(MSK).bills()]
    assert sentences[0] == f"At 1 TB/month msk-standard costs least: {total:,.2f} USD a month"
    assert sentences[-1] == "msk-standard is the cheapest from 0.1 to 10 TB/month"


def test_costs_without_people_are_said_if_there_are_people() -> None:
    people = {"labour": {"fte": 1, "monthly": "1000 USD"}}
    found = scenario({**MSK, **people}, BASIC)
    charges = {bill.name: bill.provider_charges or 0.0 for bill in found.bills()}
    [said] = [text for text in headline(found) if text.startswith("without people")]
    for name, cost in charges.items():
        assert f"{name} {cost:,.2f} USD" in said
    assert not any(text.startswith("without people") for text in headline(scenario(MSK, BASIC)))


def test_what_runs_now_is_compared_if_it_is_neither_of_the_two() -> None:
    dear = {**MSK, "name": "ours", "brokers": 30}
    found = scenario(MSK, BASIC, dear, switching={"current": "ours"})
    costs = {bill.name: bill.total or 0.0 for bill in found.bills()}
    more = 100 * (costs["ours"] / min(costs.values()) - 1)
    assert any(
        text.startswith(f"ours, which runs now, costs {more:.3g} % more than")
        for text in headline(found)
    )


def test_options_that_cannot_handle_the_load_are_named_and_never_win() -> None:
    # one Basic cluster takes less than 250 MB/s
    found = scenario(BASIC, ingress="400 MB/s")
    sentences = headline(found)
    assert sentences[0] == "At 400 MB/s: none can handle the load"
    assert sentences[1].startswith("confluent-basic cannot handle the load: ")


def test_no_traffic_and_too_much_have_an_answer() -> None:
    # without traffic there is no tenth of it; millions of units are too many pieces of a curve
    assert "costs least" in headline(scenario(MSK, BASIC, ingress="0 MB/s"))[0]
    plans = [{"kind": kind, "region": "us-east-1"} for kind in ("aiven", "self-hosted")]
    sentences = headline(scenario(*plans, ingress="900 PB/month"))
    assert sentences[-1].startswith("with other traffic: not computed (")


def test_a_floor_is_not_the_cheapest() -> None:
    # the article's book has prices of brokers and not of traffic: its own totals end in "+"
    found = Scenario.load()
    floors = [bill for bill in found.bills() if bill.is_floor]
    assert floors
    first = headline(found)[0]
    assert not any(f" {bill.name} costs least" in first for bill in floors)
