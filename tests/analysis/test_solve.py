"""What an input must be: every answer true on both sides, none missed, misses the nearest."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kafkatco import (
    ConfluentBasic,
    ConfluentStandard,
    Curve,
    CurveError,
    InputError,
    Labour,
    MskExpress,
    MskServerless,
    MskStandard,
    PriceBook,
    SelfHosted,
    Workload,
    solve_for,
)
from kafkatco.analysis.axes import Axis
from kafkatco.analysis.solve import Solution, greatest_saving
from kafkatco.costing.comparison import Comparison
from kafkatco.costing.costs import costs_of
from kafkatco.deployments import Deployment

BOOK = PriceBook("list", as_of="2025-10-31")
KRW = PriceBook("list", as_of="2025-10-31", currency="KRW")
CATALOGUE = BOOK.catalogue()
LOAD = Workload(
    ingress="10 TB/month", fanout=2, retention="1 day", peak_to_average=1, partitions=60
)
MSK = MskStandard(
    name="msk",
    region="us-east-1",
    instance="kafka.m7g.large",
    labour=Labour(fte=0.5, monthly="4000 USD"),
)
BASIC = ConfluentBasic(name="basic", region="us-east-1", units_from="average")
OWN = SelfHosted(
    name="own", region="us-east-1", instance="m7g.large", labour=Labour(fte=1, monthly="5e6 KRW")
)
OPTIONS: tuple[Deployment, ...] = (MSK, BASIC, OWN)


def pair_at(
    axis: Axis,
    x: float,
    names: tuple[str, str],
    load: Workload = LOAD,
    book: PriceBook = BOOK,
    options: tuple[Deployment, ...] = OPTIONS,
) -> tuple[float, float]:
    """The costs of two options by the plain formula, NaN if either is infeasible; x in its unit."""
    comparison = axis.vary(Comparison(load.operands(), options, book), x / axis.per_base)
    result = []
    for name in names:
        option = next(d for d in comparison.deployments if d.label == name)
        cost = costs_of(option, comparison.load, comparison.book, CATALOGUE)
        result.append(float("nan") if cost.infeasible else float(cost.total))
    return result[0], result[1]


def verify(
    result: Solution, low: float, high: float, points: int = 100, **options: Any
) -> list[float]:
    """Check a solution against the plain formula and a scan [axis.unit]; return the savings."""
    names = (result.mine, result.other)

    def excess(x: float) -> float:
        mine, other = pair_at(result.axis, x, names, **options)
        return mine - result.share * other

    def saved(x: float) -> float:
        mine, other = pair_at(result.axis, x, names, **options)
        return 1 - mine / other

    marks = [
        low,
        *sorted({*result.where, *(e for s in result.holds for e in (s.start, s.stop))}),
        high,
    ]
    for value in result.where:
        step = min(
            [1e-6 * max(value, high - low), *(0.4 * abs(m - value) for m in marks if m != value)]
        )
        assert excess(value - step) * excess(value + step) < 0, value
    xs = np.linspace(low, high, points)[1:-1]
    for x in xs:
        if min(abs(x - mark) for mark in marks) < 1e-9 * (high - low):
            continue
        inside = any(part.start < x < part.stop for part in result.holds)
        here = excess(float(x))
        assert inside == (here < 0), (x, here)  # nan is no saving
    savings = [value for x in xs if not np.isnan(value := saved(float(x)))]
    if savings:
        assert result.saving is not None
        assert result.nearest is not None
        assert max(savings) <= result.saving + 1e-9
        assert low - 1e-9 <= result.nearest <= high + 1e-9
        # the greatest saving is one that there is, at the place or just next to it
        near = 1e-9 * (high - low)
        nearby = (result.nearest, max(result.nearest - near, low), min(result.nearest + near, high))
        reached = [value for x in nearby if not np.isnan(value := saved(x))]
        assert max(reached) == pytest.approx(result.saving, abs=1e-6)
    return savings


def test_how_many_people_by_hand() -> None:
    # people are paid 4000 USD: MSK breaks even when they cost as much as it is cheaper than Basic
    solution = solve_for(LOAD, OPTIONS, BOOK, "msk", "basic", over="fte:msk")
    mine, other = pair_at(solution.axis, 0.0, ("msk", "basic"))
    [value] = solution.where
    assert value == pytest.approx((other - mine) / 4000, rel=1e-12)
    assert [(part.start, part.stop) for part in solution.holds] == [(0.0, value)]
    assert solution.nearest == pytest.approx(0.0, abs=1e-300)
    assert solution.saving == pytest.approx(1 - mine / other)
    assert solution.reason == ""
    verify(solution, 0, 10)


def test_the_discount_for_a_saving_by_hand() -> None:
    # mine = people + charge x (1 - d) = 0.4 x other
    people = 0.5 * 4000
    solution = solve_for(
        LOAD, OPTIONS, BOOK, "msk", "basic", over="discount:msk", saving=0.6, month_hours=730
    )
    total, other = pair_at(solution.axis, 0.0, ("msk", "basic"))
    discount = 1 - (0.4 * other - people) / (total - people)
    if 0 < discount < 1:
        assert solution.where == pytest.approx((discount,), rel=1e-12)
    else:
        assert solution.where == ()
    assert solution.share == pytest.approx(0.4)
    verify(solution, 0, 1)


@pytest.mark.parametrize(
    ("over", "start", "stop", "mine", "other", "saving"),
    [
        ("salary", None, None, "msk", "basic", 0.0),
        ("salary", None, None, "own", "basic", 0.3),
        ("fte", None, None, "own", "msk", 0.0),
        ("fanout", None, None, "msk", "basic", 0.1),
        ("retention", "1 h", "72 h", "msk", "basic", 0.0),
        ("peak_to_average", None, None, "own", "msk", 0.05),
        ("partitions", None, None, "basic", "msk", 0.0),
        ("follower_fetch", None, None, "msk", "basic", 0.5),
        ("aws.msk.kafka.m7g.large", None, None, "msk", "own", 0.0),
        ("discount", None, None, "basic", "own", -0.2),
        ("internet_egress", 0, 1, "msk", "own", 0),
        ("fanout", 5, 6, "own", "basic", 0.6),
        ("producer_affinity", 0, 1, "basic", "msk", -2.0),
    ],
)
def test_every_answer_against_a_scan(
    over: str, start: Any, stop: Any, mine: str, other: str, saving: float
) -> None:
    solution = solve_for(
        LOAD, OPTIONS, BOOK, mine, other, over=over, start=start, stop=stop, saving=saving
    )
    ends = [
        default if end is None else end
        for end, default in zip((start, stop), solution.axis.ends, strict=True)
    ]
    low, high = (solution.axis.read(end, 730.0) for end in ends)
    verify(solution, low, high, 100)


def test_ingress_is_in_tb_a_month() -> None:
    solution = solve_for(
        LOAD,
        OPTIONS,
        BOOK,
        "msk",
        "basic",
        over="ingress",
        start="0.1 TB/month",
        stop="200 TB/month",
    )
    assert solution.axis.unit == "TB/month"
    assert len(solution.where) >= 1
    verify(solution, 0.1, 200)


def test_an_exchange_rate_by_hand() -> None:
    # in won: a person at 5 million against dollars x rate
    solution = solve_for(LOAD, OPTIONS, KRW, "own", "basic", over="krw")
    own = Comparison(LOAD.operands(), (OWN.model_copy(update={"labour": None}),), BOOK)
    machines = float(costs_of(own.deployments[0], own.load, BOOK).total)
    basic = float(costs_of(BASIC, LOAD, BOOK).total)
    rate = 5_000_000 / (basic - machines)
    assert 500 < rate < 3000
    [where] = solution.where
    assert where == pytest.approx(rate, rel=1e-12)
    verify(solution, 500, 3000, book=KRW)


def test_without_a_solution_the_nearest_value_is_reported() -> None:
    solution = solve_for(LOAD, OPTIONS, BOOK, "msk", "basic", over="salary", saving=0.99)
    assert solution.where == ()
    assert solution.holds == ()
    savings = verify(solution, 500, 50_000)
    assert solution.saving is not None
    assert solution.saving >= max(savings)
    # people cost least where the salary is least
    assert solution.nearest == pytest.approx(500.0)
    assert (
        solution.reason
        == f"msk saves at most {100 * solution.saving:.4g} %, at salary = 500 USD/month"
    )


def test_always_has_no_value_at_which_it_turns() -> None:
    solution = solve_for(LOAD, OPTIONS, BOOK, "msk", "basic", over="salary", saving=-1e6)
    assert solution.where == ()
    assert [(part.start, part.stop) for part in solution.holds] == [(500.0, 50_000.0)]
    assert solution.reason == ""


def test_no_saving_if_either_is_infeasible() -> None:
    # Basic takes 250 MB/s in at most: 250e6 x 3600 x 730 / 1e12 = 657 TB a month
    for mine, other in (("own", "basic"), ("basic", "own")):
        solution = solve_for(
            LOAD,
            OPTIONS,
            BOOK,
            mine,
            other,
            over="ingress",
            saving=-1e3,
            start="100 TB/month",
            stop="1 PB/month",
        )
        assert solution.where == ()
        assert all(part.stop <= 657.01 for part in solution.holds)
        assert solution.holds
        verify(solution, 100, 1000)


def test_together_nowhere() -> None:
    solution = solve_for(
        LOAD, OPTIONS, BOOK, "own", "basic", over="ingress", start="800 TB/month", stop="1 PB/month"
    )
    assert (solution.where, solution.holds, solution.nearest, solution.saving) == (
        (),
        (),
        None,
        None,
    )
    assert (
        solution.reason == "there is no value of ingress at which both options can handle the load"
    )


def test_equal_on_an_interval_gives_both_of_its_ends() -> None:
    # one grows by threes, the other always has 6 brokers: cheaper at 3, equal at 6, above it at 9
    few = MskStandard(name="few", region="us-east-1", instance="kafka.m7g.large")
    many = MskStandard(name="many", region="us-east-1", instance="kafka.m7g.large", brokers=6)
    solution = solve_for(
        LOAD,
        (few, many),
        BOOK,
        "few",
        "many",
        over="ingress",
        start="1 TB/month",
        stop="200 TB/month",
    )

    def excess(x: float) -> float:
        mine, other = pair_at(solution.axis, x, ("few", "many"), options=(few, many))
        return (mine - other) / (3 * 730 * 0.204)  # in broker-months of three brokers

    first, last = solution.where
    assert excess(first * (1 - 1e-6)) == pytest.approx(-1, rel=1e-9)
    for x in (first * (1 + 1e-6), 0.5 * (first + last), last * (1 - 1e-6)):
        assert excess(x) == pytest.approx(0, abs=1e-9)
    assert excess(last * (1 + 1e-6)) == pytest.approx(1, rel=1e-9)
    [held] = solution.holds
    assert (held.start, held.stop) == pytest.approx((1.0, last))  # at most: the same as well


def test_a_tie_that_is_never_a_saving_is_a_miss_of_nothing() -> None:
    # three brokers cost a salary: the same up to 3 brokers, more expensive beyond
    few = MskStandard(
        name="few",
        region="us-east-1",
        instance="kafka.m7g.large",
        labour=Labour(fte=1, monthly="446.76 USD"),
    )
    many = MskStandard(name="many", region="us-east-1", instance="kafka.m7g.large", brokers=6)
    solution = solve_for(
        LOAD,
        (few, many),
        BOOK,
        "few",
        "many",
        over="ingress",
        start="1 TB/month",
        stop="200 TB/month",
    )
    mine, other = pair_at(solution.axis, 2.0, ("few", "many"), options=(few, many))
    assert mine == pytest.approx(other, rel=1e-13)
    assert solution.where == ()
    assert solution.saving == pytest.approx(0.0, abs=1e-12)


def test_a_tie_costs_at_most_as_much() -> None:
    twins = (MSK, MSK.model_copy(update={"name": "twin"}))
    solution = solve_for(LOAD, twins, BOOK, "msk", "twin", over="fanout")
    assert [(part.start, part.stop) for part in solution.holds] == [(0.0, 20.0)]


def test_a_break_even_at_an_ingress() -> None:
    there = LOAD.replace(ingress="10 TB/month")
    solution = solve_for(LOAD, OPTIONS, BOOK, "msk", "basic", over="fte:msk", at="10 TB/month")
    assert solution.where == solve_for(there, OPTIONS, BOOK, "msk", "basic", over="fte:msk").where
    # and at each solution, the two cost the same
    [people] = solution.where
    mine, other = pair_at(solution.axis, people, ("msk", "basic"), load=there)
    assert mine == pytest.approx(other, rel=1e-9)
    with pytest.raises(InputError, match="ingress"):
        solve_for(LOAD, OPTIONS, BOOK, "msk", "basic", over="fte:msk", at="10 TB")


def test_identical_options_never_turn() -> None:
    twins = (MSK, MSK.model_copy(update={"name": "twin"}))
    solution = solve_for(LOAD, twins, BOOK, "msk", "twin", over="fanout")
    assert solution.where == ()
    assert solution.saving == 0.0
    never = solve_for(LOAD, twins, BOOK, "msk", "twin", over="fanout", saving=0.01)
    assert never.holds == ()
    assert never.reason.startswith("msk saves at most 0 %")


def test_a_root_at_the_end_of_the_axis_is_no_solution() -> None:
    # the break-even of the people, searched from there on, and up to there
    [value] = solve_for(LOAD, OPTIONS, BOOK, "msk", "basic", over="fte:msk").where
    above = solve_for(LOAD, OPTIONS, BOOK, "msk", "basic", over="fte:msk", start=value, stop=10)
    assert above.where == ()
    assert above.holds == ()
    assert above.nearest == pytest.approx(value)
    assert above.saving == pytest.approx(0.0, abs=1e-12)
    below = solve_for(LOAD, OPTIONS, BOOK, "msk", "basic", over="fte:msk", start=0, stop=value)
    assert below.where == ()
    assert [(part.start, part.stop) for part in below.holds] == [(0.0, value)]


def test_from_no_traffic_at_all() -> None:
    options = (BASIC, MskServerless(name="serverless", region="us-east-1"))
    solution = solve_for(
        LOAD,
        options,
        BOOK,
        "basic",
        "serverless",
        over="ingress",
        start="0 TB/month",
        stop="20 TB/month",
    )
    verify(solution, 0, 20, options=options)


def test_wrong_questions_are_refused() -> None:
    def ask(mine: str = "msk", other: str = "basic", **options: Any) -> Solution:
        return solve_for(LOAD, OPTIONS, BOOK, mine, other, **{"over": "salary", **options})

    with pytest.raises(InputError, match=r"mine: got 'mks'.*Did you mean 'msk'"):
        ask("mks")
    with pytest.raises(InputError, match=r"(?s)mine: got 'a'.*other: got 'bassic'.*'basic'"):
        ask("a", "bassic")
    for saving in (1.0, 2.0, float("nan"), float("-inf")):
        with pytest.raises(InputError, match=r"saving: got .*; expected a share below 1"):
            ask(saving=saving)
    with pytest.raises(InputError, match="Did you mean 'salary'"):
        ask(over="salery")
    with pytest.raises(InputError, match="to: got 5; expected more than 50"):
        ask(start=50, stop=5)
    with pytest.raises(CurveError, match=r"'own' over krw: .* is not linear"):
        ask("own", over="krw")  # its people are paid in won, the book is in dollars


def saw(x: Any, base: float, slope: float, step: float, price: float) -> Any:
    return base + slope * x + price * np.ceil(x / step)


saws = st.tuples(st.floats(1, 20), st.floats(0, 3), st.floats(0.15, 4), st.floats(0, 4))


@settings(max_examples=40)
@given(saws, saws, st.floats(0, 9), st.floats(0, 9))
def test_the_greatest_saving_is_that_of_a_scan(
    mine: tuple[float, ...], other: tuple[float, ...], first: float, second: float
) -> None:
    x: Any = Curve.identity(0.0, 10.0)
    blocked = (x > min(first, second)) & (x <= max(first, second))
    share, at = greatest_saving(saw(x, *mine), saw(x, *other), blocked)
    xs = np.linspace(0, 10, 5_001)[1:-1]
    xs = xs[(xs <= min(first, second)) | (xs > max(first, second))]
    scan = 1 - saw(xs, *mine) / saw(xs, *other)
    assert share >= np.max(scan) - 1e-9
    assert blocked(at) == 0
    nearby = np.clip([at, at - 1e-8, at + 1e-8], 0, 10)  # at a jump it is that of one side
    there = 1 - saw(nearby, *mine) / saw(nearby, *other)
    assert np.min(np.abs(there - share)) < 1e-6


def test_there_is_no_greatest_saving_if_both_are_infeasible() -> None:
    x: Any = Curve.identity(0.0, 10.0)
    assert np.isnan(greatest_saving(x + 1, x + 2, x >= 0)).all()


@settings(max_examples=12)
@given(
    over=st.sampled_from(["fanout", "salary", "fte:own", "discount:express", "peak_to_average"]),
    ingress=st.floats(1, 300),
    fanout=st.floats(0, 5),
    saving=st.floats(-0.5, 0.8),
    fte=st.floats(0.1, 3),
)
def test_random_questions_against_scans(
    over: str, ingress: float, fanout: float, saving: float, fte: float
) -> None:
    load = LOAD.model_copy(update={"fanout": fanout}).replace(ingress=f"{ingress!r} TB/month")
    options = (
        OWN.model_copy(update={"labour": Labour(fte=fte, monthly="3000 USD")}),
        MskExpress(name="express", region="us-east-1", instance="express.m7g.large"),
        ConfluentStandard(name="standard", region="us-east-1"),
    )
    solution = solve_for(load, options, BOOK, "own", "express", over=over, saving=saving)
    low, high = (solution.axis.read(end, 730.0) for end in solution.axis.ends)
    verify(solution, low, high, 60, load=load, options=options)
