"""A floor never wins: costs with a missing price or an unknown limit, in every comparison."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import kafkatco as kt
from kafkatco.deployments import Deployment
from kafkatco.output.page.data import case_data
from kafkatco.output.page.store import Store
from kafkatco.output.views.cost_comparison import cost_table
from support.floors import REASON, UNPRICED, Fixed

BOOK = kt.PriceBook("article", as_of="2025-10-31", currency="KRW")
TB_PER_MIB_S = 2**20 * 3600 * 730 / 1e12
LOAD = kt.Workload(ingress="10 MiB/s")
UNKNOWN: tuple[dict[str, Any], ...] = ({"known_to": 0.0}, {"unpriced": True})


def winners(options: Sequence[Deployment], load: kt.Workload = LOAD) -> dict[str, set[str]]:
    """Return every name that each function calls the cheapest, at constant traffic."""
    args = load, options, BOOK
    crossed = kt.crossovers(*args, start="9 MiB/s", stop="11 MiB/s")
    mapped = kt.decision_map(
        *args, y="fanout", x_ends=("9 MiB/s", "11 MiB/s"), y_ends=(1, 2), rows=2
    )
    horizon = kt.Horizon(months=2)
    strategy = kt.plan(*args, horizon=horizon)
    drawn = kt.simulate(
        *args,
        uncertainty=kt.Uncertainty(inputs={"ingress": "9-11 MiB/s"}, draws=64),
        horizon=horizon,
    )
    switches = kt.switching_values(*args, inputs=["fanout"])
    try:
        placed = {*kt.place(*args, [kt.Part(name="all", share=1.0)]).assigned.values()}
    except kt.InputError:
        placed = set()
    billed = [bill for bill in kt.bill(*args) if not bill.is_floor and bill.total is not None]
    table = crossed_columns(crossed)
    return {
        "bill": {min(billed, key=lambda bill: bill.total or 0.0).name} if billed else set(),
        "crossovers": named(part.winner for part in crossed.intervals),
        "compare": table,
        "map": named(part.winner for row in mapped.rows for part in row.intervals),
        "plan": {stay.deployment for stay in strategy.stays()},
        "first move": named([strategy.no_regret]),
        "simulate": {choice.label for choice in drawn.choices if choice.cheapest},
        "months": {
            str(name)
            for name in drawn.data.deployment.to_numpy()
            if drawn.data.cheapest.sel(deployment=name).any()
        },
        "sensitivity": named(switch.winner for switch in switches),
        "recommend": {*kt.recommend(*args).winners},
        "place": placed,
    }


def crossed_columns(crossed: kt.Crossovers) -> set[str]:
    """Return the names in the column of the cheapest of the table of ``compare``."""
    return {row[-1] for row in cost_table(crossed).rows} & {*crossed.curves}


def named(names: Any) -> set[str]:
    return {name for name in names if name is not None}


@settings(max_examples=4)
@given(
    floor=st.floats(1.0, 99.0),
    known=st.lists(st.floats(100.0, 1000.0), min_size=1, max_size=3, unique=True),
    place=st.integers(0, 3),
    unknown=st.sampled_from(UNKNOWN),
)
def test_a_floor_below_every_known_cost_wins_nowhere(
    floor: float, known: list[float], place: int, unknown: dict[str, Any]
) -> None:
    options = [Fixed(name=f"known {i}", monthly=cost) for i, cost in enumerate(known)]
    options.insert(place, Fixed(name="floor", monthly=floor, **unknown))
    best = f"known {int(np.argmin(known))}"
    found = winners(options)
    # a recommendation names every option that is too close to the best
    assert best in (close := found.pop("recommend"))
    assert "floor" not in close
    assert all(names == {best} for names in found.values()), found


@pytest.mark.parametrize("unknown", UNKNOWN)
def test_where_all_are_floors_there_is_no_winner(unknown: dict[str, Any]) -> None:
    options = [Fixed(name=f"{cost:g}", monthly=cost, **unknown) for cost in (3.0, 2.0)]
    found = winners(options)
    assert {*map(len, found.values())} == {0}
    args = LOAD, options, BOOK
    crossed = kt.crossovers(*args)
    said = "unknown: every cost is a floor"
    assert said in crossed.to_markdown()
    assert [part.winner for part in crossed.intervals] == [None]
    assert said in kt.plan(*args, horizon=kt.Horizon(months=2)).to_markdown()
    reason = "no price of aws.msk.storage" if "unpriced" in unknown else REASON
    assert kt.recommend(*args).verdict == (
        "No option with a known cost meets the constraints. "
        f"3 may cost less or more: at least 3 KRW ({reason}). "
        f"2 may cost less or more: at least 2 KRW ({reason})."
    )
    with pytest.raises(kt.InputError, match="every cost of the part 'all' is a floor"):
        kt.place(*args, [kt.Part(name="all", share=1.0)])
    drawn = kt.simulate(
        *args,
        uncertainty=kt.Uncertainty(inputs={"ingress": "9-11 MiB/s"}, draws=64),
        horizon=kt.Horizon(months=1),
    )
    answer = drawn.to_dict()["answer"]
    assert answer.startswith("no option of a known cost can handle the load in any simulation")


def test_a_winner_is_named_with_the_floor_below_it() -> None:
    options = [Fixed(name="ours", monthly=900.0), Fixed(name="theirs", monthly=837.0, known_to=0.0)]
    args = LOAD, options, BOOK
    verdict = kt.recommend(*args).verdict
    clause = f"theirs may cost less or more: at least 837 KRW ({REASON})"
    assert verdict.endswith(f"{clause}.")
    assert verdict.startswith("Take ours: 900 KRW a month")
    placed = kt.place(*args, [kt.Part(name="all", share=1.0)])
    assert (placed.undercut, placed.least) == (("theirs",), 837.0)
    assert "a placement with theirs may cost less or more: at least 837 KRW" in placed.to_markdown()
    strategy = kt.plan(*args, horizon=kt.Horizon(months=10))
    assert strategy.undercuts() == ("theirs",)
    assert strategy.lowest.total == pytest.approx(8370.0)
    assert "a path with theirs may cost less or more: at least 8,370 KRW" in strategy.to_markdown()
    # and none if it is the more expensive one: its true cost is higher still
    options = [Fixed(name="ours", monthly=800.0), options[1]]
    args = LOAD, options, BOOK
    assert "theirs" not in kt.recommend(*args).verdict
    assert kt.place(*args, [kt.Part(name="all", share=1.0)]).least is None
    assert kt.plan(*args, horizon=kt.Horizon(months=10)).undercuts() == ()
    assert kt.crossovers(*args).undercuts == ()


def test_a_cost_becomes_a_floor_exactly_at_the_traffic_that_its_limit_is_unknown_from() -> None:
    options = [
        Fixed(name="ours", monthly=900.0),
        Fixed(name="other", monthly=100.0, per_mib_s=10.0, known_to=5.0),
    ]
    crossed = kt.crossovers(LOAD, options, BOOK, start="1 MiB/s", stop="1000 MiB/s")
    first, second = crossed.intervals
    assert (first.winner, second.winner) == ("other", "ours")
    assert first.stop == second.start == pytest.approx(5.0 * TB_PER_MIB_S, rel=1e-12)
    # the floor is below 900 up to 80 MiB/s
    [undercut] = crossed.undercuts
    ends = undercut.start / TB_PER_MIB_S, undercut.stop / TB_PER_MIB_S
    assert ends == pytest.approx((5.0, 80.0), rel=1e-12)
    assert undercut.name == "other"
    assert not crossed.floors_at(4.999 * TB_PER_MIB_S)
    assert crossed.floors_at(5.001 * TB_PER_MIB_S) == {"other"}
    assert crossed.unchecked == {"other": (REASON,)}
    # "other" is at 110 to 150 and then a floor: nothing is too close to 900
    assert crossed.close_calls() == ()


def test_a_floor_of_the_same_deployment_does_not_win_either() -> None:
    both = Fixed(name="both", monthly=100.0, known_to=5.0, otherwise=300.0)
    at_4, at_6 = (kt.bill(kt.Workload(ingress=f"{x} MiB/s"), [both], BOOK)[0] for x in (4, 6))
    assert (at_4.total, at_4.is_floor, at_6.total, at_6.is_floor) == (100.0, False, 300.0, False)
    assert at_6.alternatives == ()  # the floor is no alternative at a known cost
    [cost] = kt.costs(LOAD.operands().replace(ingress_mib_s=np.array([4.0, 6.0])), [both], BOOK)
    assert cost.total.tolist() == [100.0, 300.0]
    assert not np.any(cost.floor)
    assert cost.unchecked == ()
    crossed = kt.crossovers(LOAD, [both], BOOK, start="1 MiB/s", stop="10 MiB/s")
    assert crossed.unchecked == {}
    assert crossed.at(4 * TB_PER_MIB_S) == {"both": 100.0}
    assert crossed.at(6 * TB_PER_MIB_S) == {"both": 300.0}


@settings(max_examples=20)
@given(known_to=st.floats(2.0, 90.0), traffic=st.floats(1.0, 99.0), slope=st.floats(0.0, 9.0))
def test_bills_costs_and_curves_agree_on_floors(
    known_to: float, traffic: float, slope: float
) -> None:
    assume(abs(traffic - known_to) > 1e-9 * known_to)  # a change of units may round
    option = Fixed(name="a", monthly=10.0, per_mib_s=slope, known_to=known_to)
    load = LOAD.operands().replace(ingress_mib_s=traffic)
    [cost] = kt.costs(load, [option], BOOK)
    [bill] = kt.bill(kt.Workload(ingress=f"{traffic!r} MiB/s"), [option], BOOK)
    assert bool(cost.floor) == bill.is_floor == (traffic > known_to)
    assert bill.unchecked == ((REASON,) if bill.is_floor else ())
    assert bill.total == pytest.approx(10.0 + slope * traffic)
    table = kt.totals(LOAD, [option], BOOK, {"ingress": np.array([1.0, traffic]) * TB_PER_MIB_S})
    assert table.floor.to_numpy().tolist() == [[False, traffic > known_to]]


def test_a_floor_without_a_price_stays_one_in_a_bill() -> None:
    [bill] = kt.bill(LOAD, [Fixed(name="a", monthly=10.0, unpriced=True)], BOOK)
    assert (bill.is_floor, bill.unchecked, bill.unpriced_skus) == (True, (), (UNPRICED,))
    [bill] = kt.bill(LOAD, [Fixed(name="a", monthly=10.0, known_to=1.0)], BOOK)
    data = bill.to_dict()
    assert (data["open"], data["unchecked"], data["is_floor"]) == ([], [REASON], True)
    assert "10+" in bill.to_markdown()
    assert f"+ a floor: {REASON}" in bill.to_markdown()
    assert repr(bill).endswith("a floor)")


def test_the_share_of_draws_in_which_a_floor_may_be_the_cheapest() -> None:
    options = [Fixed(name="ours", monthly=900.0), Fixed(name="other", monthly=1.0, known_to=5.0)]
    result = kt.simulate(
        LOAD,
        options,
        BOOK,
        uncertainty=kt.Uncertainty(inputs={"ingress": "2.5-7.5 MiB/s"}, draws=1024),
        horizon=kt.Horizon(months=1),
    )
    ours, other = result.choices
    spread = np.mean([ours.cheapest, other.undercuts])
    assert ours.cheapest == other.undercuts  # exactly the draws above 5 MiB/s
    assert other.cheapest == 1.0 - spread
    assert ours.undercuts == 0.0
    # the range is symmetric about 5 MiB/s, whatever its distribution
    assert spread == pytest.approx(0.5, abs=0.01)
    assert result.unchecked == {"other": (REASON,)}
    clause = "other may cost less in 50 % of simulations: its cost is a floor"
    assert clause in result.to_dict()["answer"]


def test_a_break_even_is_not_known_where_the_cost_of_mine_is_a_floor() -> None:
    uncertainty = kt.Uncertainty(inputs={"fanout": "1-2"}, draws=64)
    ours = Fixed(name="ours", monthly=100.0, per_mib_s=10.0)

    def found(mine: Deployment, other: Deployment) -> kt.BreakEven:
        return kt.break_even(
            LOAD, [mine, other], BOOK, mine.label, other.label, uncertainty=uncertainty
        )

    # 100 + 10 x = 500 at 40 MiB/s: certain, if only the cost of the other is a floor
    dear = Fixed(name="other", monthly=500.0, known_to=1.0)
    result = found(dear, ours)
    assert result.apart == 0.0  # the costs up to 1 MiB/s are known
    assert result.never == 1.0
    flat = Fixed(name="flat", monthly=500.0)
    assert found(flat, ours).quantile(0.5) == pytest.approx(40 * TB_PER_MIB_S)
    assert found(flat, ours.model_copy(update={"unpriced": True})).quantile(0.5) == pytest.approx(
        40 * TB_PER_MIB_S
    )
    unknown = found(Fixed(name="other", monthly=500.0, unpriced=True), ours)
    assert unknown.apart == 1.0
    answer = unknown.to_dict()["answer"]
    assert answer == "no saving is certain: the cost of other is a floor"


def test_a_plan_leaves_a_deployment_when_its_cost_becomes_a_floor() -> None:
    # 4 MiB/s in month 1, and 5.66 MiB/s from month 2 on
    growth = kt.Compound(annual_rate=2.0**6 - 1)
    options = [Fixed(name="ours", monthly=900.0), Fixed(name="other", monthly=1.0, known_to=5.0)]
    strategy = kt.plan(
        kt.Workload(ingress="4 MiB/s"),
        options,
        BOOK,
        horizon=kt.Horizon(months=4, growth=growth),
        switching=kt.Switching(parallel_months=1),
    )
    assert [(x.deployment, x.first, x.last) for x in strategy.stays()] == [
        ("other", 1, 1),
        ("ours", 2, 4),
    ]
    # the old one is paid in month 2 as well, at its floor
    assert strategy.path.total == pytest.approx(1.0 + 3 * 900.0 + 1.0)
    assert strategy.undercuts() == ("other",)
    assert strategy.timings()["ours", "other"].durable is None
    assert strategy.no_regret == "other"


def test_a_sku_without_a_price_makes_a_floor_where_it_is_used() -> None:
    """The article has no price of an eCKU, of which Basic has the first one without a charge."""
    scenario = kt.Scenario.load()
    crossed = scenario.crossovers()
    first, second = crossed.intervals
    assert (first.winner, second.winner) == ("Confluent Cloud Basic", None)
    [bill] = (x for x in scenario.bills() if x.name == first.winner)
    for traffic, floor in ((0.99 * first.stop, False), (1.01 * first.stop, True)):
        load = scenario.workload.replace(ingress=f"{traffic} TB/month")
        bills = {x.name: x for x in replace(scenario, workload=load).bills()}
        assert bills[bill.name].is_floor == floor
        assert (bill.name in crossed.floors_at(traffic)) == floor
    assert {x.name for x in crossed.undercuts} == {"MSK", "Self-hosted on EC2"}
    assert crossed.undercuts[-1].stop == second.stop


def test_of_the_article_only_the_option_with_every_price_wins() -> None:
    overrides = {"confluent.basic.ecku": "0.14 USD/hour"}
    book = kt.PriceBook(
        "article", as_of="2025-10-31", currency="KRW", overrides=overrides, assumptions="bare"
    )
    scenario = replace(kt.Scenario.load(), book=book)
    crossed = scenario.crossovers()
    assert {*crossed.unpriced_skus} == {"MSK", "Self-hosted on EC2"}
    # a Basic cluster stores at most 5,000 GB, at the article's retention from 15 TB a month on
    assert [part.winner for part in crossed.intervals] == ["Confluent Cloud Basic", None]
    cheapest = scenario.simulate(draws=64).data.cheapest.sum("month")
    ever = cheapest.deployment.to_numpy()[cheapest.to_numpy() > 0.0]
    assert ever.tolist() == ["Confluent Cloud Basic"]
    slow = scenario.plan().stays(1)
    assert [stay.deployment for stay in slow] == ["Confluent Cloud Basic"]
    assert scenario.recommend().winners == ("Confluent Cloud Basic",)


def test_the_page_has_the_unknown_limits_of_each_candidate() -> None:
    options = (Fixed(name="ours", monthly=900.0), Fixed(name="other", monthly=1.0, known_to=5.0))
    scenario = kt.Scenario.load()
    data = case_data(
        "floors", replace(scenario, workload=LOAD, deployments=options), Store(), fanouts=[]
    )
    ours, other = (deployment["candidates"][0] for deployment in data["deployments"])
    assert [candidate["unchecked"] for candidate in ours] == [[]]
    [candidate] = other
    assert [limit["reason"] for limit in candidate["unchecked"]] == [REASON]
