"""What would change the winner, and what moves the break-even: against the plain formula."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from kafkatco import (
    ConfluentBasic,
    Crossovers,
    InputError,
    Labour,
    MskServerless,
    MskStandard,
    PriceBook,
    SelfHosted,
    Workload,
    crossovers,
    switching_values,
    tornado,
)
from kafkatco.analysis.axes import Axis, find_axis
from kafkatco.analysis.sensitivity import INPUTS, Move
from kafkatco.costing.comparison import Comparison
from kafkatco.costing.costs import costs_of
from kafkatco.deployments import Deployment

BOOK = PriceBook("list", as_of="2025-10-31")
KRW = PriceBook("list", as_of="2025-10-31", currency="KRW")
CATALOGUE = BOOK.catalogue()
TB_MONTH = 1024**2 * 3600 * 730 / 1e12
LOAD = Workload(
    ingress="4 MiB/s",
    fanout=2,
    retention="1 day",
    peak_to_average=1.2,
    partitions=50,
    follower_fetch=0.3,
)
OPTIONS: tuple[Deployment, ...] = (
    MskStandard(
        name="msk",
        region="us-east-1",
        instance="kafka.m7g.large",
        discount=0.1,
        labour=Labour(fte=0.2, monthly="5000000 KRW"),
    ),
    ConfluentBasic(name="basic", region="us-east-1", units_from="average", access="none"),
    SelfHosted(
        name="own",
        region="us-east-1",
        instance="m7g.large",
        labour=Labour(fte=0.5, monthly="5000000 KRW"),
    ),
)


def compared(load: Workload = LOAD, book: PriceBook = KRW) -> Comparison:
    return Comparison(load.operands(), OPTIONS, book)


def totals(comparison: Comparison) -> dict[str, float]:
    result = {}
    for option in comparison.deployments:
        cost = costs_of(option, comparison.load, comparison.book, CATALOGUE)
        if not cost.infeasible:
            result[option.label] = float(cost.total)
    return result


def winner(comparison: Comparison) -> str | None:
    costs = totals(comparison)
    return min(costs, key=lambda name: costs[name]) if costs else None


@pytest.mark.parametrize("ingress", ["0.5 MiB/s", "4 MiB/s", "15 MiB/s", "60 MiB/s"])
@pytest.mark.parametrize("book", [KRW, BOOK], ids=["KRW", "USD"])
def test_the_winner_changes_there_and_nowhere_nearer(ingress: str, book: PriceBook) -> None:
    load = LOAD.replace(ingress=ingress)
    comparison = compared(load, book)
    switches = switching_values(load, OPTIONS, book)
    for switch in switches:
        axis, scale = switch.axis, switch.axis.per_base
        low, high = (axis.read(end, 730.0) * scale for end in axis.ends)
        low, high = min(low, switch.now), max(high, switch.now)

        def at(x: float, axis: Axis = axis) -> str | None:
            return winner(axis.vary(comparison, x / axis.per_base))

        now = axis.now(comparison)
        assert now is not None
        assert switch.now == pytest.approx(now * scale, rel=1e-12)
        assert switch.winner == winner(comparison) or axis.name == "discount"
        step = 1e-7 * (high - low)
        for place, then, way in (
            (switch.below, switch.then_below, -1),
            (switch.above, switch.then_above, 1),
        ):
            if place is not None:
                assert at(place - way * step) == switch.winner, switch
                assert at(place + way * step) == then, switch
            else:
                assert then is None
        start = low if switch.below is None else switch.below
        stop = high if switch.above is None else switch.above
        for x in np.linspace(start, stop, 15)[1:-1]:
            assert at(float(x)) == switch.winner, (switch, x)


def test_which_inputs_are_looked_at() -> None:
    # of each option its discount, and its people where it has some
    names = [row.axis.name for row in switching_values(LOAD, OPTIONS, KRW)]
    each = {
        "fte": ["fte:msk", "fte:own"],
        "discount": ["discount:msk", "discount:basic", "discount:own"],
    }
    assert names == [name for group in INPUTS for name in each.get(group, [group])]


def test_inputs_of_no_deployment_are_left_out() -> None:
    alone = [ConfluentBasic(region="us-east-1"), MskServerless(region="us-east-1")]
    names = {row.axis.name for row in switching_values(LOAD, alone, BOOK)}
    assert {"ingress", "fanout", "krw", "discount:confluent-basic"} <= names
    assert not any("fte" in name or name == "salary" for name in names)
    moves = {row.axis.name for row in tornado(LOAD, alone, BOOK, alone[0].label, alone[1].label)}
    assert not any("fte" in name or name == "salary" for name in moves)
    # nor a discount of nothing, which grows by no share of itself; local retention is unlimited
    assert not any("discount" in name for name in moves)
    assert not switching_values(LOAD, OPTIONS, KRW, inputs=["local_retention"])


def test_nonlinear_inputs_are_left_out() -> None:
    # people paid in won cost 1 / rate dollars
    assert not switching_values(LOAD, OPTIONS, BOOK, inputs=["krw"])
    [switch] = switching_values(LOAD, OPTIONS, KRW, inputs=["krw"])
    assert switch.now == pytest.approx(1428.1374)


def test_a_switch_by_hand() -> None:
    # the winner has people whose number the runner-up's cost bounds
    [switch] = switching_values(LOAD, OPTIONS[:2], BOOK, inputs=["fte:msk"])
    salary = 5_000_000 / 1428.1374
    here = totals(compared(book=BOOK))
    assert here["msk"] < here["basic"]
    assert switch.winner == "msk"
    assert (switch.below, switch.then_below, switch.then_above) == (None, None, "basic")
    assert switch.above == pytest.approx(0.2 + (here["basic"] - here["msk"]) / salary, rel=1e-12)


def test_an_input_beyond_its_usual_range_is_swept_as_far() -> None:
    load = LOAD.model_copy(update={"fanout": 60.0})  # the usual range ends at 20
    [switch] = switching_values(load, OPTIONS, BOOK, inputs=["fanout"])
    assert switch.now == 60.0
    assert switch.winner == winner(compared(load, BOOK))
    assert switch.above is None


def test_no_winner_if_all_are_infeasible() -> None:
    load = LOAD.replace(ingress="2000 MB/s")
    [switch] = switching_values(load, OPTIONS[1:2], BOOK, inputs=["ingress"])
    assert switch.winner is None
    assert switch.then_below == "basic"
    assert switch.then_above is None
    assert switch.below is not None
    comparison = compared(load, BOOK)
    for step, able in ((-1e-6, True), (1e-6, False)):
        varied = switch.axis.vary(comparison, switch.below * (1 + step) / switch.axis.per_base)
        cost = costs_of(OPTIONS[1], varied.load, varied.book, CATALOGUE)
        assert bool(cost.infeasible) != able


def test_unknown_inputs_are_refused() -> None:
    with pytest.raises(InputError, match="Did you mean 'fanout'"):
        switching_values(LOAD, OPTIONS, BOOK, inputs=["fan-out"])
    with pytest.raises(InputError, match="Did you mean 'basic'"):
        tornado(LOAD, OPTIONS, BOOK, "msk", "bassic")
    with pytest.raises(InputError, match=r"mine: got 'mks'.*Did you mean 'msk'"):
        tornado(LOAD, OPTIONS, BOOK, "mks", "basic")
    with pytest.raises(InputError, match="other: got 'msk'; expected another deployment than mine"):
        tornado(LOAD, OPTIONS, BOOK, "msk", "msk")


def rows(
    book: PriceBook = KRW, mine: str = "msk", other: str = "basic", **options: Any
) -> dict[str, Move]:
    return {m.axis.name: m for m in tornado(LOAD, OPTIONS, book, mine, other, **options)}


def break_evens(comparison: Comparison, mine: str, other: str) -> list[tuple[float, str]]:
    """By bisection of the plain formula over a dense scan [MiB/s], and whether it jumps."""

    def difference(x: Any) -> Any:
        load, pair = comparison.load.replace(ingress_mib_s=x), {}
        for option in comparison.deployments:
            if option.label in (mine, other):
                cost = costs_of(option, load, comparison.book, CATALOGUE)
                able = ~np.broadcast_to(cost.infeasible, np.shape(x)).astype(bool)
                pair[option.label] = np.where(able, cost.total, np.nan)
        return pair[mine] - pair[other]

    x = np.geomspace(0.1 / TB_MONTH, 1000 / TB_MONTH, 2_000)
    sign = np.sign(difference(x))
    result = []
    for i in np.flatnonzero(sign[1:] * sign[:-1] < 0):
        low, high = x[i], x[i + 1]
        for _ in range(45):
            middle = 0.5 * (low + high)
            low, high = (middle, high) if difference(middle) * sign[i] > 0 else (low, middle)
        size = abs(
            costs_of(
                comparison.deployments[0],
                comparison.load.replace(ingress_mib_s=high),
                comparison.book,
                CATALOGUE,
            ).total
        )
        jump = abs(difference(high) - difference(low)) > 1e-6 * size
        result.append((float(high), "jump" if jump else "root"))
    return result


@pytest.mark.parametrize("pair", [("msk", "basic"), ("own", "basic"), ("own", "msk")])
def test_rows_have_the_break_evens_of_a_scan(pair: tuple[str, str]) -> None:
    change = 0.2
    for name, row in rows(KRW, *pair, change=change).items():
        comparison, axis = compared(), find_axis(name, compared())
        now = axis.now(comparison)
        assert now is not None
        assert row.now == pytest.approx(now * axis.per_base)
        assert row.change == change
        for factor, result in ((1.0, row.at), (1 - change, row.low), (1 + change, row.high)):
            value = min(max(now * factor, axis.least), axis.most)
            scan = [x * TB_MONTH for x, _ in break_evens(axis.vary(comparison, value), *pair)]
            assert result == pytest.approx(scan, rel=1e-9), (name, factor)
        assert len(row.elasticity) == len(row.at)


@pytest.mark.parametrize("pair", [("msk", "basic"), ("own", "basic")])
def test_an_elasticity_is_a_finite_difference(pair: tuple[str, str]) -> None:
    checked = 0
    for name, row in rows(KRW, *pair).items():
        comparison, axis = compared(), find_axis(name, compared())
        now, step = row.now / row.axis.per_base, 1e-5
        middle = break_evens(comparison, *pair)
        down, up = (
            break_evens(axis.vary(comparison, now * factor), *pair)
            for factor in (1 - step, 1 + step)
        )
        for i, (value, kind) in enumerate(middle):
            elasticity = row.elasticity[i]
            if kind == "jump":
                assert elasticity is None, (name, value)
                continue
            assert elasticity is not None, (name, value)
            if not len(down) == len(middle) == len(up):
                continue
            measured = (up[i][0] - down[i][0]) / (2 * step * value)
            assert elasticity == pytest.approx(measured, abs=1e-4 * max(1, abs(measured))), name
            checked += 1
    assert checked >= 5


def test_a_salary_is_that_of_the_pair() -> None:
    others = [
        option.model_copy(update={"labour": Labour(fte=0.5, monthly="2500000 KRW")})
        if option.label == "msk"
        else option
        for option in OPTIONS
    ]
    [alone] = tornado(LOAD, OPTIONS[1:], KRW, "own", "basic", inputs=["salary"])
    [other] = tornado(LOAD, others, KRW, "own", "basic", inputs=["salary"])
    assert other.elasticity == pytest.approx(alone.elasticity)
    assert (other.low, other.high) == (alone.low, alone.high)


@pytest.mark.parametrize(("people", "wins"), [(0.0, "expensive"), (0.01, "own")])
def test_salaries_that_differ_are_no_one_input(people: float, wins: str) -> None:
    # machines of 977.76 and 1,079.83 USD; with a hundredth of 50,000 and of 1,000 own is cheaper
    options = [
        MskStandard(
            name="expensive",
            region="us-east-1",
            instance="kafka.m7g.large",
            labour=Labour(fte=people, monthly="50000 USD"),
        ),
        SelfHosted(
            name="own",
            region="us-east-1",
            instance="m7g.large",
            brokers=3,
            labour=Labour(fte=0.01, monthly="1000 USD"),
        ),
    ]
    assert winner(Comparison(LOAD.operands(), tuple(options), BOOK)) == wins
    switches = switching_values(LOAD, options, BOOK, inputs=["salary"])
    # of no people nothing is paid: there is one salary, of 1,000 USD
    assert [(row.now, row.winner) for row in switches] == (
        [] if people else [(1000.0, "expensive")]
    )


def test_an_elasticity_by_hand() -> None:
    # fixed costs of the one are made up for by what the other charges for each byte: with people
    # p x salary + machines = margin x ingress, the elasticity in people is people / fixed costs
    load = Workload(ingress="1 MB/s", retention="1 s", partitions=1, peak_to_average=1)
    options = [
        MskStandard(
            name="msk",
            region="us-east-1",
            instance="kafka.m7g.large",
            labour=Labour(fte=1.0, monthly="300 USD"),
        ),
        ConfluentBasic(name="basic", region="us-east-1", units_from="average", access="none"),
    ]
    [row] = tornado(load, options, BOOK, "msk", "basic", inputs=["fte:msk"])
    # 3 x 730 x 0.204 USD of brokers and 3 GiB of disk at 0.10: tests/analysis/test_crossovers.py
    assert row.elasticity[0] == pytest.approx(300 / (300 + 446.76 + 0.30), rel=1e-9)


def test_at_a_jump_there_is_no_elasticity() -> None:
    # one more broker's price steps over a flat bill of 6 brokers less a little
    options = [
        MskStandard(
            name="grows",
            region="us-east-1",
            instance="kafka.m7g.large",
            labour=Labour(fte=1.0, monthly="300 USD"),
        ),
        MskStandard(
            name="stays",
            region="us-east-1",
            instance="kafka.m7g.large",
            brokers=6,
            labour=Labour(fte=0.5, monthly="300 USD"),
        ),
    ]
    [row] = tornado(LOAD, options, BOOK, "grows", "stays", inputs=["fte:grows"])
    # 3 brokers are 446.76 USD cheaper and people 150 USD more expensive; 6 brokers only cost more
    assert len(row.at) == 1
    assert row.elasticity == (None,)
    assert row.low == row.at == row.high  # 240 and 360 USD against 150: 3 brokers save more
    assert row.swing == 0.0


def test_the_strongest_comes_first() -> None:
    swings = [move.swing for move in tornado(LOAD, OPTIONS, KRW, "msk", "basic")]
    assert swings == sorted(swings, reverse=True)
    assert swings[0] > 0


def test_a_swing_is_of_the_first_break_even_and_infinite_if_one_side_has_none() -> None:
    move = next(iter(rows().values()))
    assert replace(move, low=(2.0, 9.0), high=(5.0,)).swing == 3.0
    assert replace(move, low=(), high=(5.0,)).swing == float("inf")
    assert replace(move, low=(), high=()).swing == 0.0


def test_a_share_is_varied_within_its_range() -> None:
    load = LOAD.model_copy(update={"follower_fetch": 0.9})  # 1.08 is no share
    [row] = tornado(load, OPTIONS, BOOK, "msk", "basic", inputs=["follower_fetch"])
    curves: Crossovers = crossovers(
        load.model_copy(update={"follower_fetch": 1.0}), OPTIONS[:2], BOOK, over="ingress"
    )
    assert row.high == pytest.approx([c.x for c in curves.pairs[0].crossings])
