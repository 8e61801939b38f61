"""Who is cheapest by provider charges alone and with people, and who has no people."""

import pytest

from kafkatco import (
    ConfluentBasic,
    ConfluentStandard,
    Labour,
    MskStandard,
    PriceBook,
    Scenario,
    Workload,
    bill,
    crossovers,
)
from kafkatco.costing.people import without_people
from kafkatco.output.views.bill import bill_tables, bills_dict
from kafkatco.output.views.crossovers import crossovers_tables

BOOK = PriceBook("list", as_of="2025-10-31")
LOAD = Workload(ingress="20 TB/month", fanout=1, retention="1 day", peak_to_average=1)
WAGE = "10000 USD"
MSK = MskStandard(name="msk", region="us-east-1", instance="kafka.m7g.large")
BASIC = ConfluentBasic(name="basic", region="us-east-1", units_from="average")


def staffed(msk: float, basic: float) -> list[MskStandard | ConfluentBasic]:
    return [
        MSK.model_copy(update={"labour": Labour(fte=msk, monthly=WAGE)}),
        BASIC.model_copy(update={"labour": Labour(fte=basic, monthly=WAGE)}),
    ]


def test_the_winner_with_and_without_people_in_a_sentence() -> None:
    # MSK is cheaper by less than 10,000 USD: the person decides
    plain = bill(LOAD, [MSK, BASIC], BOOK)
    assert plain.winners.provider_charges == plain.winners.total == "msk"
    assert plain.winners.text == ""
    bills = bill(LOAD, staffed(1, 0), BOOK)
    assert (bills.winners.provider_charges, bills.winners.total) == ("msk", "basic")
    said = "msk is cheapest by provider charges alone, basic with people"
    assert bills_dict(bills)["cheapest"] == {
        "provider_charges": "msk",
        "total": "basic",
        "text": said,
        "too_close": [],
    }
    tables = list(bill_tables(bills))
    assert [said in table.notes for table in tables] == [False, True]
    assert [one.people for one in bills] == [10_000, 0]
    assert [row[0] for row in tables[0].rows if not row[1]] == [
        "provider charges",
        "people",
        "total a month",
    ]


def test_a_bill_without_labour_says_that_people_are_not_set() -> None:
    [table] = bill_tables(bill(LOAD, [BASIC], BOOK))
    assert ("people", "not set") in [(row[0], row[5]) for row in table.rows]
    [data] = bills_dict(bill(LOAD, [BASIC], BOOK))["deployments"]
    assert data["people"] is None
    assert data["provider_charges"] == data["total"]


def test_an_infeasible_option_wins_neither_way() -> None:
    load = Workload(ingress="300 MB/s", fanout=1, retention="1 hour", partitions=6)
    bills = bill(load, [BASIC], BOOK)
    assert (bills.winners.provider_charges, bills.winners.total) == ("", "")
    assert (bills[0].provider_charges, bills[0].people) == (None, None)


def test_crossovers_without_people() -> None:
    with_people = crossovers(LOAD, staffed(1, 0), BOOK, stop="100 TB/month")
    plain = crossovers(LOAD, [MSK, BASIC], BOOK, stop="100 TB/month")
    assert [part.winner for part in with_people.by_provider_charges] == [
        part.winner for part in plain.intervals
    ]
    ends = [part.stop for part in plain.intervals]
    assert [part.stop for part in with_people.by_provider_charges] == pytest.approx(ends)
    assert ends != [part.stop for part in with_people.intervals]
    notes = [note for table in crossovers_tables(with_people) for note in table.notes]
    assert len([note for note in notes if "by provider charges alone: basic from" in note]) == 1
    even = crossovers(LOAD, staffed(0, 0), BOOK, stop="100 TB/month")
    notes = [note for table in crossovers_tables(even) for note in table.notes]
    assert not [note for note in notes if "provider charges" in note]


def test_who_has_no_people_is_said_once() -> None:
    assert without_people(staffed(0, 0)) == ""
    assert without_people([MSK, BASIC]) == "labour is not set: costs are without people"
    standard = ConfluentStandard(region="us-east-1")
    assert without_people([*staffed(1, 1), standard]) == (
        "labour is not set for confluent-standard: its cost is without people"
    )


def test_one_word_takes_an_end_of_every_range() -> None:
    data = {
        "workload": {"ingress": "1 MB/s"},
        "prices": {"as_of": "2025-10-31", "variant": {"labour": "high"}},
        "deployment": [{"kind": "confluent-basic", "region": "us-east-1", "labour": {}}],
    }
    [one] = Scenario.from_dict(data).bills()
    assert one.people == pytest.approx(0.5 * 140_000 / 12 / 0.702, rel=1e-6)
