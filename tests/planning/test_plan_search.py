"""The best path: least of all paths, by a reference that knows nothing of dynamic programming."""

import itertools
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kafkatco import InputError, PriceBook, Switching
from kafkatco.planning.plan_search import Path, best_path, path_cost

NAMES = ("a", "b", "c", "d")
INF = math.inf
#: Reference and dynamic programming add whole numbers, in any order without a rounding error.
MONEY = st.integers(0, 40).map(float)
MONTH_COST = st.one_of(MONEY, MONEY, MONEY, MONEY, st.sampled_from([INF, math.nan]))


@dataclass(frozen=True)
class Case:
    """The arguments of :func:`best_path`: ``running[scenario][option][month]``."""

    running: list[list[list[float]]]
    setup: list[float]
    stored_gib: list[list[float]]
    per_gib: float = 0.0
    parallel: int = 0
    lead: dict[str, int] = field(default_factory=dict)
    committed: dict[str, int] = field(default_factory=dict)
    current: str | None = None

    @property
    def options(self) -> tuple[str, ...]:
        return NAMES[: len(self.setup)]

    @property
    def months(self) -> int:
        return len(self.running[0][0])

    @property
    def arguments(self) -> dict[str, Any]:
        return {
            "running": self.running,
            "setup": self.setup,
            "options": self.options,
            "stored_gib": self.stored_gib,
            "per_gib": self.per_gib,
            "switching": Switching(
                parallel_months=self.parallel,
                lead_months=self.lead,
                current=self.current,
                committed_months=self.committed,
            ),
        }

    def best(self, first: str | None = None) -> Path:
        return best_path(first=first, **self.arguments)

    def cost(self, path: Sequence[int]) -> list[float]:
        costs: list[float] = path_cost(path, **self.arguments).tolist()
        return costs

    def one(self, scenario: int) -> "Case":
        return replace(
            self, running=[self.running[scenario]], stored_gib=[self.stored_gib[scenario]]
        )

    def paths(self) -> Iterator[tuple[int, ...]]:
        return itertools.product(range(len(self.setup)), repeat=self.months)


def case(running: list[list[float]], setup: list[float], **other: Any) -> Case:
    """One scenario with nothing stored by default."""
    return Case([running], setup, **{"stored_gib": [[0.0] * len(running[0])], **other})


def reference(of: Case, scenario: int, path: Sequence[int]) -> float:
    """Return the cost of a path month by month, by the rules of :func:`kafkatco.plan`.

    Each month has the cost of its deployment.  A move costs the set-up and the movement of
    the stored data.  The old deployment is paid for the parallel months, and to the end of its
    commitment: each month once, within the plan and while it is feasible.  No deployment is used
    before it is ready.  The current one is ready, and committed, from the start of the plan.
    """
    running, total, entered = of.running[scenario], 0.0, 0
    before = None if of.current is None else of.options.index(of.current)
    for month, option in enumerate(path):
        if option != before:
            name = of.options[option]
            if name != of.current and month < of.lead.get(name, 0):
                return INF
            total += of.setup[option]
            if before is not None:
                total += of.stored_gib[scenario][month] * of.per_gib
                end = entered + of.committed.get(of.options[before], 0)
                for later in range(month, of.months):
                    if later < max(month + of.parallel, end) and math.isfinite(
                        running[before][later]
                    ):
                        total += running[before][later]
            entered = month
        if not math.isfinite(running[option][month]):
            return INF
        total += running[option][month]
        before = option
    return total


def least(of: Case, scenario: int, first: int | None = None) -> float:
    return min(
        reference(of, scenario, path) for path in of.paths() if first is None or path[0] == first
    )


@st.composite
def cases(draw: st.DrawFn, most_paths: int = 256, most_scenarios: int = 3) -> Case:
    count = draw(st.integers(2, 4))
    months = draw(st.integers(2, max(m for m in range(2, 7) if count**m <= most_paths)))
    scenarios = draw(st.integers(1, most_scenarios))
    names = NAMES[:count]

    def several(of: st.SearchStrategy[float], length: int) -> st.SearchStrategy[list[float]]:
        return st.lists(of, min_size=length, max_size=length)

    running = [[draw(several(MONTH_COST, months)) for _ in names] for _ in range(scenarios)]
    current = draw(st.sampled_from([None, *names]))
    terms = st.dictionaries(st.sampled_from(names), st.integers(0, 5), max_size=count)
    lead, committed = draw(terms), draw(terms)
    parallel = draw(st.integers(0, 3))
    return Case(
        running,
        draw(several(MONEY, count)),
        [draw(several(MONEY, months)) for _ in range(scenarios)],
        float(draw(st.integers(0, 2))),
        parallel,
        lead,
        committed,
        current,
    )


@given(of=cases())
@settings(max_examples=60)
def test_the_best_path_is_the_least_of_all_paths(of: Case) -> None:
    result = of.best()
    assert result.total.tolist() == [least(of, i) for i in range(len(of.running))]
    for i, path in enumerate(result.months.tolist()):
        if math.isfinite(result.total[i]):
            assert reference(of, i, path) == result.total[i]
            assert of.cost(path)[i] == result.total[i]
            assert result.named(i) == tuple(of.options[option] for option in path)
        else:
            assert path == [-1] * of.months


@pytest.mark.parametrize("seed", range(3))
def test_four_options_over_six_months_with_everything(seed: int) -> None:
    random = np.random.default_rng(seed)
    running = random.integers(1, 40, (4, 6)).astype(float)
    running[random.random((4, 6)) < 0.15] = INF
    stored = [random.integers(0, 9, 6).astype(float).tolist()]
    of = case(
        running.tolist(),
        [3.0, 5.0, 0.0, 9.0],
        stored_gib=stored,
        per_gib=0.5,
        parallel=(0, 1, 2)[seed],
        lead={"b": 1, "c": 2},
        committed=({"b": 3, "c": 4}, {}, {})[seed],
        current=(None, "a", "d")[seed],
    )
    assert of.best().total.tolist() == [least(of, 0)]


@given(of=cases(most_paths=4**6), data=st.data())
def test_a_path_costs_as_the_rules_define(of: Case, data: st.DataObject) -> None:
    path = data.draw(
        st.lists(st.integers(0, len(of.setup) - 1), min_size=of.months, max_size=of.months)
    )
    assert of.cost(path) == [reference(of, i, path) for i in range(len(of.running))]


@given(of=cases(most_paths=4**6))
def test_no_single_option_is_better(of: Case) -> None:
    path = of.best()
    for option in range(len(of.setup)):
        for i, cost in enumerate(of.cost([option] * of.months)):
            assert path.total[i] <= cost
            assert cost == reference(of, i, [option] * of.months)


@given(of=cases(most_paths=128, most_scenarios=2))
@settings(max_examples=40)
def test_the_first_month_may_be_given(of: Case) -> None:
    totals = []
    for number, name in enumerate(of.options):
        path = of.best(first=name)
        totals.append(path.total)
        for i, total in enumerate(path.total):
            assert total == least(of, i, first=number)
            assert path.months[i, 0] == (number if math.isfinite(total) else -1)
    np.testing.assert_array_equal(np.min(totals, axis=0), of.best().total)


@given(of=cases(most_paths=4**6, most_scenarios=4))
def test_scenarios_at_once_are_scenarios_one_by_one(of: Case) -> None:
    path = of.best()
    for i in range(len(of.running)):
        alone = of.one(i).best()
        assert alone.total.tolist() == [path.total[i]]
        assert alone.months.tolist() == [path.months[i].tolist()]


@given(of=cases(most_paths=4**6))
def test_more_expensive_moves_never_make_a_cheaper_path(of: Case) -> None:
    best = of.best().total
    costlier = [
        replace(of, setup=[cost + 1.0 for cost in of.setup]),
        replace(of, per_gib=of.per_gib + 1.0),
        replace(of, lead={name: of.lead.get(name, 0) + 1 for name in of.options}),
    ]
    costlier.append(replace(of, parallel=of.parallel + 1))
    for other in costlier:
        assert np.all(other.best().total >= best)


def test_no_path_if_all_options_are_infeasible() -> None:
    infeasible = [[INF, 1.0], [math.nan, 1.0]]
    served = [[1.0, INF], [5.0, 2.0]]
    result = Case([infeasible, served], [0.0, 0.0], [[0.0, 0.0]] * 2).best()
    # the other scenario is not touched: 1 in the first month, 2 in the second
    assert result.total.tolist() == [INF, 3.0]
    assert result.months.tolist() == [[-1, -1], [0, 1]]
    assert result.named(0) == ("", "")
    assert result.named(1) == ("a", "b")
    # infeasible in every month
    assert case([[INF] * 3, [-INF] * 3], [0.0, 0.0]).best().total.tolist() == [INF]


@pytest.mark.parametrize(
    ("parallel", "move", "total"),
    [
        # usage 1 1 9 9, own 4 a month, set up once for 1
        (0, 2, 1 + 1 + 1 + 4 + 4),
        # in parallel, the old one: from month 3 on for 9, from month 2 on for 1, in month 1 never
        (1, 1, 1 + (1 + 1) + 4 + 4 + 4),
        # for two months from the second on: 1 + 9; to own it at once costs 1 + 4 x 4
        (2, 0, 1 + 4 + 4 + 4 + 4),
    ],
)
def test_months_in_parallel(parallel: int, move: int, total: float) -> None:
    of = case([[1.0, 1.0, 9.0, 9.0], [4.0] * 4], [0.0, 1.0], parallel=parallel)
    path = of.best()
    assert path.total.tolist() == [total]
    assert path.months.tolist() == [[0] * move + [1] * (4 - move)]


def test_the_old_deployment_is_paid_only_within_the_plan_and_while_feasible() -> None:
    running = [[2.0, 3.0, INF, 5.0], [7.0, 7.0, 7.0, 7.0]]
    # to b in month 2: the old one for 3, nothing while it is infeasible, and 5
    for parallel, overlap in ((0, 0), (1, 3), (2, 3), (3, 3 + 5), (120, 3 + 5)):
        cost = case(running, [0.0, 0.0], parallel=parallel).cost([0, 1, 1, 1])
        assert cost == [2 + 7 * 3 + overlap]


def test_data_moves_as_it_is_stored_in_the_month_of_the_move() -> None:
    of = case([[1.0] * 3, [1.0] * 3], [0.0, 0.0], stored_gib=[[10.0, 20.0, 40.0]], per_gib=0.5)
    assert of.cost([0, 1, 1]) == [3 + 20 * 0.5]
    assert of.cost([0, 1, 0]) == [3 + 20 * 0.5 + 40 * 0.5]
    # at the beginning there is nothing to move, but from what runs now
    assert of.cost([1, 1, 1]) == [3]
    assert replace(of, current="a").cost([1, 1, 1]) == [3 + 10 * 0.5]
    # one number for all months and scenarios
    arguments = {**of.arguments, "stored_gib": 6.0}
    assert path_cost([0, 1, 1], **arguments).tolist() == [3 + 6 * 0.5]


def test_the_current_deployment_needs_no_set_up() -> None:
    running = [[10.0] * 3, [6.0] * 3]
    of = case(running, [100.0, 5.0], current="a", parallel=1)
    assert of.cost([0, 0, 0]) == [30]
    # b is set up, and a is paid in parallel in its first month
    assert of.cost([1, 1, 1]) == [5 + 10 + 18]
    assert of.best().named() == ("a", "a", "a")
    # once left, it has to be set up again
    assert of.cost([0, 1, 0]) == [10 + 5 + 10 + 6 + 100 + 6 + 10]
    # without a month in parallel moving at once pays: 5 + 18 < 30
    assert replace(of, parallel=0).best().named() == ("b", "b", "b")


def test_no_move_before_a_deployment_is_ready() -> None:
    running = [[9.0] * 4, [1.0] * 4]
    of = case(running, [0.0, 0.0], lead={"b": 2})
    assert of.best().named() == ("a", "a", "b", "b")
    assert of.best().total.tolist() == [9 + 9 + 1 + 1]
    assert of.cost([0, 1, 1, 1]) == [INF]
    assert of.cost([0, 0, 1, 1]) == [20]
    # months are from the beginning: an option ready in month 5 is never ready in four
    assert replace(of, lead={"b": 4}).best().total.tolist() == [36]
    # and where none is ready in the first month, there is no path, unless one runs now
    none = replace(of, lead={"a": 1, "b": 1})
    assert none.best().total.tolist() == [INF]
    assert replace(none, current="a").best().total.tolist() == [9 + 1 + 1 + 1]


def test_the_rest_of_a_commitment_is_paid() -> None:
    running = [[5.0, 5.0, 5.0, 5.0, 5.0], [9.0, 1.0, 1.0, 1.0, 1.0]]
    of = case(running, [0.0, 0.0], committed={"a": 3})
    assert of.cost([0, 1, 1, 1, 1]) == [5 + 4 + 2 * 5]
    assert of.cost([0, 0, 1, 1, 1]) == [10 + 3 + 5]
    assert of.cost([0, 0, 0, 1, 1]) == [15 + 2]
    # with it, beginning in b is best; without, leaving a after a month
    assert of.best().named() == ("b",) * 5
    assert of.best().total.tolist() == [9 + 4]
    assert replace(of, committed={}).best().total.tolist() == [5 + 4]
    # no longer than the plan, and only where it could serve
    assert replace(of, committed={"a": 99}).cost([0, 0, 0, 0, 1]) == [20 + 1 + 5]
    gap = replace(of, running=[[[5.0, INF, 5.0, 5.0, 5.0], running[1]]])
    assert gap.cost([0, 1, 1, 1, 1]) == [5 + 4 + 5]
    # a second stay begins a commitment of its own: months 3 to 5, of which 4 and 5 are left
    assert of.cost([1, 1, 0, 1, 1]) == [9 + 1 + 5 + 1 + 1 + 2 * 5]


def test_a_month_in_parallel_that_is_committed_is_paid_once() -> None:
    # a is left after a month; in the second it runs in parallel to b, and is committed: paid once
    of = case([[5.0, 5.0, 5.0], [1.0, 1.0, 1.0]], [0.0, 0.0], committed={"a": 2}, parallel=1)
    assert of.cost([0, 1, 1]) == [5 + 5 + 1 + 1]


def test_moving_back_costs_the_same_by_both() -> None:
    of = case([[1.0, 9.0, 1.0], [5.0, 2.0, 5.0]], [0.0, 0.0], current="a", lead={"a": 3})
    path = of.best()
    assert of.cost(path.months[0].tolist()) == path.total.tolist()


def test_a_commitment_of_the_current_deployment_is_paid_after_any_move() -> None:
    of = case([[5.0] * 4, [1.0] * 4], [0.0, 0.0], current="a", committed={"a": 3})
    # three months of a are paid, used or not
    assert of.cost([0, 0, 0, 1]) == [15 + 1]
    assert of.cost([0, 0, 1, 1]) == [15 + 2]
    assert of.cost([0, 1, 1, 1]) == [15 + 3]
    assert of.cost([1, 1, 1, 1]) == [15 + 4]


def test_moving_data_is_paid_in_the_currency_of_results() -> None:
    rate = {"fx.usd.krw": "1400 KRW/USD"}
    dollars, won = (
        PriceBook("list", as_of="2025-10-31", currency=currency, overrides=rate)
        for currency in ("USD", "KRW")
    )
    rules = Switching.model_validate({"data_movement": "0.02 USD"})
    assert rules.per_gib(dollars) == pytest.approx(0.02)
    assert rules.per_gib(won) == pytest.approx(28.0)
    assert Switching(data_movement="14 KRW").per_gib(dollars) == pytest.approx(0.01)
    assert Switching().per_gib(won) == 0.0


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"parallel_months": -1}, "parallel_months: got -1"),
        ({"parallel_months": 121}, "parallel_months: got 121"),
        ({"data_movement": "0.02"}, "a number with a unit"),
        ({"data_movement": "0.02 USD/GiB"}, "such as '0.10 USD'"),
        ({"data_movement": "-1 USD"}, "a quantity of at least 0"),
        ({"lead_months": {"a": "soon"}}, "lead_months"),
        ({"comitted_months": {}}, "committed_months"),
    ],
)
def test_wrong_switching_is_refused(fields: dict[str, Any], expected: str) -> None:
    with pytest.raises(InputError) as refused:
        Switching(**fields)
    assert expected in str(refused.value)
