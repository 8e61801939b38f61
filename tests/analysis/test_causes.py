"""What makes a crossing, by hand; and the stretches on which options are too close to call."""

from dataclasses import replace
from typing import Any

import pytest

from kafkatco import (
    ConfluentBasic,
    Crossing,
    Crossovers,
    Curve,
    InputError,
    Labour,
    MskStandard,
    PriceBook,
    SelfHosted,
    Workload,
    crossovers,
)
from kafkatco.analysis.causes import Cause
from kafkatco.numerics.crossings import close_calls
from kafkatco.output.views.crossovers import CROSSING_COLUMNS, crossing_rows, crossovers_tables
from support.plain import PLAIN

BOOK = PriceBook("list", as_of="2025-10-31", assumptions=PLAIN)
#: Storage of a second and one partition cost nothing to speak of; averages are peaks.
LOAD = Workload(ingress="1 MB/s", retention="1 s", partitions=1, peak_to_average=1)
#: Three kafka.m7g.large at 0.204 USD/h, and of kafka.m7g.large's 1,000 replicas each 1,000
#: partitions in three copies; a broker has 1 GiB of disk at least, at 0.10 USD.
THREE_MSK = 3 * 730 * 0.204
THREE_EC2 = 3 * 730 * 0.0816
#: Decimal terabytes, and GiB that Confluent meters.
GIB_PER_TB = 1e12 / 2**30


def msk(name: str = "msk", **fields: Any) -> MskStandard:
    return MskStandard(name=name, region="us-east-1", instance="kafka.m7g.large", **fields)


def own(name: str = "own", **fields: Any) -> SelfHosted:
    return SelfHosted(name=name, region="us-east-1", instance="m7g.large", **fields)


def basic(name: str = "basic") -> ConfluentBasic:
    return ConfluentBasic(name=name, region="us-east-1", units_from="average")


def paid(amount: float, fte: float = 1.0) -> Labour:
    return Labour(fte=fte, monthly=f"{amount} USD")


def only(curves: Crossovers) -> tuple[Crossing, tuple[Cause, ...]]:
    [pair] = curves.pairs
    [crossing] = pair.crossings
    return crossing, curves.because(pair.a, pair.b, crossing)


@pytest.fixture(scope="module")
def jump() -> Crossovers:
    # msk costs 447 USD to 1,000 partitions and 894 beyond; own, of three brokers and a person of
    # 400 USD, 579 all along
    options = [msk(), own(brokers=3, labour=paid(400))]
    return crossovers(LOAD, options, BOOK, over="partitions", start=1, stop=1500)


@pytest.fixture(scope="module")
def root() -> Crossovers:
    # three brokers and a person of 300 USD against 0.10 USD per GiB written and read once
    return crossovers(LOAD, [msk(labour=paid(300)), basic()], BOOK, stop="13 TB/month")


def test_a_jump_is_three_brokers_added_with_their_disks(jump: Crossovers) -> None:
    crossing, because = only(jump)
    assert (crossing.kind, crossing.below, crossing.above) == ("jump", "msk", "own")
    assert crossing.x == pytest.approx(1000)
    assert [(c.option, c.component, c.kind) for c in because] == [
        ("msk", "compute", "step"),
        ("msk", "storage", "step"),
    ]
    assert [c.amount for c in because] == pytest.approx([THREE_MSK, 3 * 0.10])
    assert because[0].text == "msk: compute +446.76 (number of nodes or units)"
    assert because[1].text == "msk: storage +0.30 (number of disks)"


def test_people_step_with_the_brokers_that_they_look_after() -> None:
    # 1.94 people and 0.02 for each broker, of 1,000 USD each: 2.00 with three brokers, 2.06 with
    # six; msk has six brokers and a person all along, between what own costs before and after
    six = msk(brokers=6, labour=paid(1500))
    options = [own(labour=Labour(monthly="1000 USD")), six]
    curves = crossovers(LOAD, options, BOOK, over="partitions", start=1, stop=1500)
    crossing, because = only(curves)
    assert (crossing.kind, crossing.below, crossing.above) == ("jump", "own", "msk")
    assert [(c.option, c.component) for c in because] == [("own", "compute"), ("own", "labour")]
    assert [c.amount for c in because] == pytest.approx([THREE_EC2, 3 * 0.02 * 1000])
    assert because[1].text == "own: labour +60.00 (number of people)"


def test_both_options_may_step_at_once_the_strongest_first() -> None:
    # own: 0.3 people and 0.02 a broker of 1,000 USD each, and as many EC2 nodes as msk has brokers:
    # its 178.70 USD of nodes and 60 of people are less than the 446.76 that msk steps by
    people = Labour(base=0, per_cluster=0, on_call=0.3, per_broker=0.02, monthly="1000 USD")
    curves = crossovers(
        LOAD, [own(labour=people), msk()], BOOK, over="partitions", start=1, stop=1500
    )
    crossing, because = only(curves)
    assert (crossing.below, crossing.above) == ("msk", "own")
    assert [(c.option, c.component) for c in because] == [
        ("msk", "compute"),
        ("own", "compute"),
        ("own", "labour"),
        ("msk", "storage"),
    ]
    assert [c.amount for c in because] == pytest.approx([THREE_MSK, THREE_EC2, 60, 0.3])


def test_a_step_down_has_a_minus_sign() -> None:
    # a network that costs 10, and 5 beyond 4, passes under a flat 7 there
    x = Curve.identity(0, 10)
    base = crossovers(LOAD, [msk(), basic()], BOOK, over="fanout", start=0, stop=10)
    parts = {"msk": {"compute": 7 + 0 * x}, "basic": {"network": 10 - 5.0 * (x > 4.0)}}
    curves = {name: replace(base.curves[name], components=own) for name, own in parts.items()}
    base = replace(base, curves=curves)
    [cause] = base.because("msk", "basic", Crossing(4.0, "jump", "msk", "basic", 5.0, 4.0))
    assert (cause.option, cause.component, cause.amount) == ("basic", "network", -5.0)
    assert cause.text == "basic: network -5.00 (price tier or minimum)"


def test_a_root_has_a_growing_and_a_fixed_component(root: Crossovers) -> None:
    crossing, because = only(root)
    assert (crossing.kind, crossing.below, crossing.above) == ("root", "basic", "msk")
    growing, fixed = because
    # 0.05 USD for each GiB in and 0.05 for each out, by the decimal terabyte
    assert (growing.option, growing.component, growing.kind) == ("basic", "throughput", "slope")
    assert growing.amount == pytest.approx(0.10 * GIB_PER_TB)
    assert growing.text == "basic: throughput grows by 93.1323 USD per TB/month"
    assert (fixed.option, fixed.component, fixed.kind) == ("msk", "compute", "fixed")
    assert fixed.amount == pytest.approx(THREE_MSK)
    assert fixed.text == "msk: compute stays at 446.76"


def test_the_largest_fixed_component_is_named() -> None:
    options = [own(brokers=3, labour=paid(200)), basic()]
    _, (_, fixed) = only(crossovers(LOAD, options, BOOK, stop="13 TB/month"))
    assert THREE_EC2 < 200  # brokers of 178.70 USD are less than a person of 200
    assert (fixed.option, fixed.component) == ("own", "labour")
    assert fixed.amount == pytest.approx(200)


def test_an_input_without_a_unit_grows_by_plain_money() -> None:
    # at 10 TB a month each further reader is 0.05 USD/GiB at Confluent
    load = Workload(ingress="10 TB/month", retention="1 s", partitions=1, peak_to_average=1)
    curves = crossovers(
        load, [msk(labour=paid(300)), basic()], BOOK, over="fanout", start=0, stop=3
    )
    crossing, (growing, _) = only(curves)
    assert crossing.below == "basic"
    assert growing.amount == pytest.approx(0.05 * 10 * GIB_PER_TB)
    assert growing.text == "basic: throughput grows by 465.661 USD"


def test_salaries_overtake() -> None:
    # the person of msk is 1 USD for each USD that one costs
    load = Workload(ingress="10 TB/month", retention="1 s", partitions=1, peak_to_average=1)
    curves = crossovers(
        load, [msk(labour=paid(1)), basic()], BOOK, over="salary", start=0, stop=900
    )
    crossing, (growing, fixed) = only(curves)
    assert (crossing.below, crossing.above) == ("msk", "basic")
    assert (growing.option, growing.component) == ("msk", "labour")
    assert growing.amount == pytest.approx(1)
    assert (fixed.option, fixed.component) == ("basic", "throughput")
    assert fixed.amount == pytest.approx(0.10 * 10 * GIB_PER_TB)


def test_a_root_caused_by_a_falling_cost_names_that_cost() -> None:
    load = Workload(ingress="10 TB/month", retention="1 s", partitions=1, peak_to_average=1)
    options = [msk(labour=paid(500)), basic()]
    _, because = only(crossovers(load, options, BOOK, over="discount:msk"))
    assert not [cause for cause in because if cause.kind == "slope" and cause.amount == 0]
    assert "discount" in [cause.component for cause in because]


def test_causes_are_in_the_json_and_the_table(jump: Crossovers, root: Crossovers) -> None:
    [pair] = jump.to_dict()["pairs"]
    [crossing] = pair["crossings"]
    assert crossing["because"][0] == {
        "option": "msk",
        "component": "compute",
        "kind": "step",
        "amount": pytest.approx(THREE_MSK),
        "text": "msk: compute +446.76 (number of nodes or units)",
    }
    table, _ = crossovers_tables(root)
    assert table.columns[-1] == "because"
    [row] = table.rows
    assert row[-1] == (
        "basic: throughput grows by 93.1323 USD per TB/month; msk: compute stays at 446.76"
    )
    assert all(len(row) == len(CROSSING_COLUMNS) for row in crossing_rows(root))


def test_a_pair_without_crossings_has_nothing_to_explain() -> None:
    table, _ = crossovers_tables(crossovers(LOAD, [msk("a"), msk("b")], BOOK))
    assert [row[0] for row in table.rows] == ["none"]
    assert [row[-1] for row in table.rows] == [""]


def test_close_calls_of_three_by_hand() -> None:
    # the least is x to 4 and 8 - x beyond.  4 <= 1.25 x from 3.2, 4 <= 1.25 (8 - x) to 4.8;
    # x <= 1.25 (8 - x) to 40/9, 8 - x <= 1.25 x from 32/9
    x = Curve.identity(0.5, 7.5)
    calls = close_calls({"flat": 0 * x + 4, "up": x, "down": 8 - x}, {}, 0.25)
    assert [part.names for part in calls] == [
        ("flat", "up"),
        ("flat", "up", "down"),
        ("flat", "down"),
    ]
    edges = [3.2, 32 / 9, 40 / 9, 4.8]
    assert [part.start for part in calls] == pytest.approx(edges[:-1])
    assert [part.stop for part in calls] == pytest.approx(edges[1:])


def test_close_calls_leave_gaps() -> None:
    # flat is within a quarter of x from 3.2, x of flat to 5, 12 - x of flat from 7, and flat of
    # 12 - x to 8.8
    x = Curve.identity(0, 10)
    calls = close_calls({"flat": 0 * x + 4, "up": x, "down": 12 - x}, {}, 0.25)
    assert [part.names for part in calls] == [("flat", "up"), ("flat", "down")]
    assert [(part.start, part.stop) for part in calls] == [
        pytest.approx((3.2, 5)),
        pytest.approx((7, 8.8)),
    ]


def test_without_a_margin_only_ties_over_an_interval_are_close() -> None:
    x = Curve.identity(0, 10)
    flat = 0 * x + 4
    assert close_calls({"flat": flat, "usage": x}, {}, 0.0) == ()  # they meet in a point
    capped = 0.5 * (x + 4 - abs(x - 4))  # x to 4, and 4 beyond
    [part] = close_calls({"flat": flat, "capped": capped}, {}, 0.0)
    assert (part.start, part.stop) == pytest.approx((4, 10))
    assert part.names == ("flat", "capped")


def test_a_tie_up_to_rounding_is_a_tie() -> None:
    x = Curve.identity(0, 10)
    [part] = close_calls({"a": 0 * x + (0.1 + 0.2), "b": 0 * x + 0.3}, {}, 0.0)
    assert (part.start, part.stop) == (0, 10)


def test_an_infeasible_option_is_never_close() -> None:
    x = Curve.identity(0, 10)
    same = {"a": 0 * x + 4, "b": 0 * x + 4}
    late = x > 6.0
    [part] = close_calls(same, {"b": late}, 0.03)
    assert (part.start, part.stop) == (0, 6)
    [part] = close_calls(same, {"a": x < 2.0, "b": late}, 0.03)
    assert (part.start, part.stop) == (2, 6)
    assert close_calls(same, {"a": 1 + 0 * x, "b": 1 + 0 * x}, 0.03) == ()


def test_the_feasible_option_sets_the_least_cost() -> None:
    # b would cost 1, and is infeasible to 5: a at 4 and c at 4.1 are close there, and not beyond
    x = Curve.identity(0, 10)
    curves = {"a": 0 * x + 4, "b": 0 * x + 1, "c": 0 * x + 4.1}
    [part] = close_calls(curves, {"b": x < 5.0}, 0.03)
    assert (part.start, part.stop, part.names) == (0, 5, ("a", "c"))


def test_close_calls_of_a_sweep_by_hand(root: Crossovers) -> None:
    # msk costs 747.06 USD and 8/3 crossings of a zone at 0.01 USD for each GiB, basic 0.10 for
    # each and 3 x 0.08 for what a second leaves
    fixed, crossed, used = 300 + THREE_MSK + 0.3, 8 / 3 * 0.01, 0.10 + 0.24 / (3600 * 730)
    [part] = root.close_calls(0.05)
    low = fixed / (1.05 * used - crossed) / GIB_PER_TB  # msk = 1.05 basic
    high = 1.05 * fixed / (used - 1.05 * crossed) / GIB_PER_TB  # basic = 1.05 msk
    assert low < high < 13
    assert (part.start, part.stop) == pytest.approx((low, high), rel=1e-9)
    assert part.names == ("msk", "basic")
    crossing, _ = only(root)
    assert part.start < crossing.x < part.stop
    assert root.close_calls(0) == ()


def test_close_calls_are_shown_at_three_percent(root: Crossovers) -> None:
    data = root.to_dict()["close_calls"]
    assert data["margin"] == 0.03
    [part] = root.close_calls()
    [stretch] = data["stretches"]
    assert stretch["names"] == ["msk", "basic"]
    assert (stretch["from"], stretch["to"]) == pytest.approx((part.start, part.stop))
    _, cheapest = crossovers_tables(root)
    assert any(note.startswith("within 3% of the cheapest from") for note in cheapest.notes)


def test_identical_options_tie_everywhere() -> None:
    curves = crossovers(LOAD, [msk("a"), msk("b")], BOOK, start="1 TB/month", stop="50 TB/month")
    [part] = curves.close_calls(0.0)
    assert (part.start, part.stop, part.names) == (curves.start, curves.stop, ("a", "b"))
    assert [part.winner for part in curves.intervals] == ["a"]
    assert curves.pairs[0].crossings == ()


@pytest.mark.parametrize("margin", [-0.01, float("nan"), float("inf")])
def test_a_wrong_margin_is_refused(root: Crossovers, margin: float) -> None:
    with pytest.raises(InputError, match=r"margin: got .*; expected a share of at least 0"):
        root.close_calls(margin)
