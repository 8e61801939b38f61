"""When to move where: plan(), its comparisons, the [switching] section and `kafkatco plan`."""

import csv
import io
import itertools
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kafkatco import (
    Compound,
    ConfluentBasic,
    Constant,
    InputError,
    Labour,
    Linear,
    MskStandard,
    PriceBook,
    Scenario,
    SelfHosted,
    Series,
    Stepwise,
    Switching,
    Workload,
    project,
)
from kafkatco.cli.main import main
from kafkatco.planning.growth import Growth
from kafkatco.planning.horizon import Horizon
from kafkatco.planning.plan import Strategy, plan

BOOK = PriceBook("list", as_of="2025-10-31")
LOAD = Workload(ingress="0.1 MiB/s", fanout=1, retention="1 day", peak_to_average=1, partitions=1)
#: Two that differ in people only: one at 1000 USD a month, or a tenth, once set up for a tenth.
A = ConfluentBasic(
    access="none",
    name="a",
    region="us-east-1",
    storage_copies=1,
    labour=Labour(fte=1, monthly="1000 USD"),
)
B = ConfluentBasic(
    access="none",
    name="b",
    region="us-east-1",
    storage_copies=1,
    labour=Labour(fte=0.1, monthly="1000 USD", setup="73 h"),
)
STORED = 0.1 * 86400 / 1024  # GiB
#: What LOAD uses in a month: written, read and stored.
USAGE = 0.1 * 3600 * 730 / 1024 * (0.05 + 0.05) + STORED * 0.08
OWN = SelfHosted(region="us-east-1", instance="m5.large")
MSK = MskStandard(region="us-east-1", instance="kafka.t3.small")
BASIC = ConfluentBasic(region="us-east-1", access="none", storage_copies=1)


def stays(strategy: Strategy, scenario: int = 0) -> list[tuple[str, int, int]]:
    return [(stay.deployment, stay.first, stay.last) for stay in strategy.stays(scenario)]


def phases(strategy: Strategy, scenario: int = 0) -> list[str]:
    return [
        stay.deployment
        for stay in strategy.phase_stays(scenario)
        for _ in range(stay.first, stay.last + 1)
    ]


def traffic(*tb: float) -> Series:
    return Series(values=tuple(f"{x!r} TB/month" for x in tb))


def test_the_package_has_it_by_its_name() -> None:
    import kafkatco

    assert kafkatco.plan is plan


def test_the_first_deployment_is_chosen_by_its_cost_to_the_end() -> None:
    strategy = plan(LOAD, [A, B], BOOK, horizon=Horizon(months=4))
    a, b = 4 * (USAGE + 1000), 100 + 4 * (USAGE + 100)
    assert strategy.staying["a"] == pytest.approx([a])
    assert strategy.staying["b"] == pytest.approx([b])
    assert strategy.path.total == pytest.approx([b])
    assert stays(strategy) == [("b", 1, 4)]
    assert (strategy.months, strategy.currency, strategy.scenarios) == (4, "USD", ("constant",))
    # one who begins with a moves at once: a month of both, and 100
    away = (USAGE + 1000) + 4 * (USAGE + 100) + 100
    assert strategy.regret == {"a": pytest.approx(away + 900 - b), "b": 0.0}
    assert strategy.no_regret == "b"
    # the least traffic is for the first that is fully managed
    assert phases(strategy) == ["a"] * 4
    assert strategy.phases == pytest.approx([a])
    # 0.1 MiB/s are 0.2755658 TB a month
    assert strategy.ingress_tb == pytest.approx(np.full((1, 4), 0.1 * 1024**2 * 3600 * 730 / 1e12))
    np.testing.assert_allclose(
        strategy.running, np.full((1, 2, 4), USAGE) + np.array([1000, 100])[None, :, None]
    )


def test_moving_from_the_current_deployment() -> None:
    rules = Switching(current="a", data_movement="0.02 USD")
    strategy = plan(LOAD, [A, B], BOOK, horizon=Horizon(months=4), switching=rules)
    assert strategy.staying["a"] == pytest.approx([4 * (USAGE + 1000)])
    # set-up, a month of both, data movement; then 900 less each month
    move = 100 + (USAGE + 1000) + STORED * 0.02
    assert strategy.path.total == pytest.approx([move + 4 * (USAGE + 100)])
    assert strategy.staying["b"] == pytest.approx(strategy.path.total)
    assert stays(strategy) == [("b", 1, 4)]
    assert strategy.moving[0, 0, 1] == pytest.approx(move)
    # 900 < 1126.5 < 1800
    timing = strategy.timings()["a", "b"]
    assert (timing.first, timing.durable, timing.payback) == (1, 1, 2)
    back = strategy.timings()["b", "a"]
    assert (back.first, back.durable, back.payback) == (None, None, None)
    # in one month it does not pay
    assert stays(plan(LOAD, [A, B], BOOK, horizon=Horizon(months=1), switching=rules)) == [
        ("a", 1, 1)
    ]


def test_lead_times_and_commitments() -> None:
    rules = Switching(lead_months={"b": 2}, data_movement="0.02 USD")
    strategy = plan(LOAD, [A, B], BOOK, horizon=Horizon(months=4), switching=rules)
    # two months of a, a third in parallel to b
    total = 3 * (USAGE + 1000) + 100 + STORED * 0.02 + 2 * (USAGE + 100)
    assert stays(strategy) == [("a", 1, 2), ("b", 3, 4)]
    assert strategy.path.total == pytest.approx([total])
    assert strategy.staying["b"].tolist() == [np.inf]
    assert strategy.regret == {"a": 0.0, "b": np.inf}
    assert strategy.no_regret == "a"
    # a is paid to the end anyway: nothing is saved
    bound = rules.model_copy(update={"committed_months": {"a": 4}, "parallel_months": 0})
    strategy = plan(LOAD, [A, B], BOOK, horizon=Horizon(months=4), switching=bound)
    assert stays(strategy) == [("a", 1, 4)]
    assert strategy.path.total == pytest.approx([4 * (USAGE + 1000)])


def test_data_movement_is_in_a_currency_of_its_own() -> None:
    won = PriceBook("list", as_of="2025-10-31", currency="KRW")
    rate = float(won.exchange("USD"))
    strategy = plan(
        LOAD,
        [A, B],
        won,
        horizon=Horizon(months=1),
        switching=Switching(data_movement="0.02 USD", parallel_months=0),
    )
    assert rate > 1000
    assert strategy.moving[0, 0, 1] == pytest.approx((100 + STORED * 0.02) * rate)


@pytest.mark.parametrize("growth", [Compound(annual_rate=9.0), Linear(increase="2 TB/month")])
def test_staying_is_the_sum_of_a_projection(growth: Growth) -> None:
    team = Labour(fte=1.0, monthly="3000 USD", setup="4 weeks")
    options = [OWN.model_copy(update={"labour": team}), MSK, BASIC]
    strategy = plan(
        LOAD, options, BOOK, horizon=Horizon(growth=[growth, Constant()], months=18, inflation=0.1)
    )
    sums = (
        project(
            LOAD,
            options,
            BOOK,
            horizon=Horizon(growth=[growth, Constant()], months=18, inflation=0.1),
        )
        .to_xarray()["cost"]
        .sum("month", skipna=False)
    )
    for option in options:
        expected = np.nan_to_num(sums.sel(deployment=option.label), nan=np.inf)
        np.testing.assert_allclose(strategy.staying[option.label], expected, rtol=1e-12)


growths = st.one_of(
    st.builds(Compound, annual_rate=st.floats(-0.9, 60)),
    st.builds(Linear, increase=st.floats(0, 3).map(lambda tb: f"{tb!r} TB/month")),
    st.lists(st.floats(0.01, 30), min_size=12, max_size=12).map(lambda tb: traffic(*tb)),
    st.dictionaries(
        st.integers(1, 12), st.floats(0, 60).map(lambda tb: f"{tb!r} TB/month"), max_size=3
    ).map(lambda steps: Stepwise.model_validate({"steps": steps})),
)
rules_of = st.builds(
    Switching,
    parallel_months=st.integers(0, 3),
    data_movement=st.sampled_from([None, "0.1 USD", "3 USD"]),
    lead_months=st.sampled_from([{}, {"msk-standard": 4}]),
    committed_months=st.sampled_from([{}, {"msk-standard": 6}]),
    current=st.sampled_from([None, "self-hosted", "msk-standard"]),
)


@given(growth=growths, rules=rules_of, rate=st.sampled_from([0.0, 0.1]))
@settings(max_examples=40)
def test_nothing_is_better_than_the_best(growth: Growth, rules: Switching, rate: float) -> None:
    options = [OWN, MSK, BASIC]
    strategy = plan(
        LOAD,
        options,
        BOOK,
        horizon=Horizon(growth=growth, months=12, discount_rate=rate),
        switching=rules,
    )
    [best] = strategy.path.total
    assert np.isfinite(best)  # self-hosting is feasible for all of this
    near = best * (1 - 1e-12)
    assert all(cost[0] >= near for cost in strategy.staying.values())
    assert strategy.phases[0] >= near
    first = strategy.stays()[0].deployment
    assert strategy.regret[first] == 0.0
    assert min(strategy.regret.values()) == 0.0
    assert strategy.no_regret is not None
    assert strategy.regret[strategy.no_regret] == 0.0
    # without what moving costs, no path is better than the cheapest of each month
    assert best >= strategy.running[0].min(axis=0).sum() * (1 - 1e-12)
    if rules.current is None and not rules.lead_months:
        data = project(
            LOAD, options, BOOK, horizon=Horizon(growth=growth, months=12, discount_rate=rate)
        )
        sums = data.to_xarray()["discounted_cost"].sum("month", skipna=False)
        for option in options:
            [cost] = sums.sel(deployment=option.label).values
            expected = cost if np.isfinite(cost) else np.inf
            assert strategy.staying[option.label][0] == pytest.approx(expected, rel=1e-12)


VOLUMES = (0.2, 0.99, 1.01, 4.0, 9.9, 10.1, 30.0, 9.0, 0.5)


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ([OWN, MSK, BASIC], "ccmmmoomc"),
        ([BASIC, OWN, MSK], "ccmmmoomc"),
        ([BASIC, OWN], "cccccoooc"),  # no cloud-managed one: the deployment stays
        ([MSK, OWN], "mmmmmoomm"),
        ([OWN, MSK], "oommmoomm"),  # none to begin with but the first
        ([MSK, BASIC], "ccmmmmmmc"),
        ([BASIC], "ccccccccc"),
    ],
)
def test_phases_follow_the_thresholds(options: list[Any], expected: str) -> None:
    names = {"c": "confluent-basic", "m": "msk-standard", "o": "self-hosted"}
    strategy = plan(LOAD, options, BOOK, horizon=Horizon(growth=traffic(*VOLUMES), months=9))
    assert phases(strategy) == [names[letter] for letter in expected]
    assert strategy.ingress_tb[0] == pytest.approx(VOLUMES)


def test_phases_take_the_first_of_a_family_and_pay_for_moving() -> None:
    team = Labour(fte=0, monthly="1000 USD", setup="73 h")  # a tenth of a month
    other = MSK.model_copy(update={"name": "another", "labour": team})
    strategy = plan(
        LOAD,
        [BASIC, other, MSK],
        BOOK,
        horizon=Horizon(growth=traffic(0.5, 2.0, 3.0), months=3),
        switching=Switching(data_movement="0.5 USD"),
    )
    assert phases(strategy) == ["confluent-basic", "another", "another"]
    # stored for a day in month 2: 2 TB a month, but for the first day, of 0.5 TB at first
    day = np.array([0.5, 2.0]) * 1e12 / 1024**3 / 730 * 24
    stored = day[1] - (day[1] - day[0]) * 0.5 * 24 / 730
    run = strategy.running[0]
    total = run[0, 0] + 100 + run[0, 1] + stored * 0.5 + run[1, 1] + run[1, 2]
    assert strategy.phases == pytest.approx([total])


def test_each_growth_has_phases_of_its_own() -> None:
    strategy = plan(
        LOAD,
        [OWN, MSK, BASIC],
        BOOK,
        horizon=Horizon(months=2, growth=[Constant(), Stepwise(steps={2: "20 TB/month"})]),
        switching=Switching(data_movement="0.5 USD"),
    )
    assert phases(strategy, 0) == ["confluent-basic"] * 2
    assert phases(strategy, 1) == ["confluent-basic", "self-hosted"]
    # a day of 20 TB a month, but for the first day of the month, of 0.1 MiB/s at first
    day = 20e12 / 1024**3 / 730 * 24
    stored = day - (day - STORED) * 0.5 * 24 / 730
    run = strategy.running
    moved = run[1, 2, 0] + run[1, 2, 1] + run[1, 0, 1] + stored * 0.5
    assert strategy.phases == pytest.approx([run[0, 2].sum(), moved])


def test_phases_keep_the_current_deployment_if_a_family_is_missing() -> None:
    strategy = plan(
        LOAD,
        [BASIC, MSK],
        BOOK,
        horizon=Horizon(growth=traffic(20.0, 20.0), months=2),
        switching=Switching(current="msk-standard"),
    )
    assert phases(strategy) == ["msk-standard"] * 2


def test_regret_is_the_worst_over_the_scenarios() -> None:
    growth = [Constant(), Stepwise(name="jump", steps={1: "1 TB/month", 2: "4 TB/month"})]
    options = [OWN, MSK, BASIC]
    strategy = plan(LOAD, options, BOOK, horizon=Horizon(growth=growth, months=4))
    # no set-up and no data movement: a move costs a month of both
    lost = dict.fromkeys([deployment.label for deployment in options], 0.0)
    for run in strategy.running:
        best: dict[str, float] = {}
        for path in itertools.product(range(3), repeat=4):
            cost = sum(run[option, month] for month, option in enumerate(path))
            for month in (1, 2, 3):
                if path[month] != path[month - 1] and np.isfinite(run[path[month - 1], month]):
                    cost += run[path[month - 1], month]
            first = options[path[0]].label
            best[first] = min(best.get(first, np.inf), float(cost))
        for label, cost in best.items():
            lost[label] = max(lost[label], cost - min(best.values()))
    assert strategy.regret == pytest.approx(lost)
    assert strategy.no_regret == min(lost, key=lambda label: lost[label])


def test_money_over_time_is_as_in_a_projection() -> None:
    plain = plan(LOAD, [A], BOOK, horizon=Horizon(months=13)).running[0, 0]
    moved = plan(LOAD, [A], BOOK, horizon=Horizon(months=13, discount_rate=0.21, inflation=0.44))
    # 12 months after the first prices are 1.44 times as high, and worth what 13 months leave
    assert moved.running[0, 0, 12] == pytest.approx(plain[12] * 1.44 / 1.21 ** (13 / 12))
    assert moved.running[0, 0, 0] == pytest.approx(plain[0] / 1.21 ** (1 / 12))
    sums = project(
        LOAD, [A], BOOK, horizon=Horizon(months=13, discount_rate=0.21, inflation=0.44)
    ).to_xarray()
    expected = float(sums["cumulative_discounted_cost"][0, 0, -1])
    assert moved.path.total == pytest.approx([expected])


@pytest.mark.parametrize("lead", [0, 12])
def test_setting_up_and_moving_data_are_discounted_too(lead: int) -> None:
    rules = Switching(current="a", data_movement="0.02 USD", lead_months={"b": lead})
    strategy = plan(
        LOAD,
        [A, B],
        BOOK,
        horizon=Horizon(months=36, discount_rate=0.21, inflation=0.44),
        switching=rules,
    )
    month = np.arange(1, 37)
    worth = 1.44 ** ((month - 1) / 12) / 1.21 ** (month / 12)
    a, b = (USAGE + 1000) * worth, (USAGE + 100) * worth
    move = (100 + STORED * 0.02) * worth[lead]
    assert strategy.path.total == pytest.approx([a[: lead + 1].sum() + b[lead:].sum() + move])


@pytest.mark.parametrize("settings", [{"discount_rate": 0.21}, {"month_hours": "calendar"}])
def test_set_up_costs_as_in_a_projection(settings: dict[str, Any]) -> None:
    horizon = Horizon(months=13, **settings)
    strategy = plan(LOAD, [B], BOOK, horizon=horizon)
    data = project(LOAD, [B], BOOK, horizon=horizon).to_xarray()
    expected = float(data["cumulative_discounted_cost"][0, 0, -1])
    assert strategy.path.total == pytest.approx([expected])


def test_payback_includes_the_rest_of_a_commitment() -> None:
    rules = Switching(committed_months={"a": 12}, parallel_months=0)
    strategy = plan(LOAD, [A, B], BOOK, horizon=Horizon(months=12), switching=rules)
    # a is paid for all twelve months anyway
    assert strategy.timings()["a", "b"].payback is None


def test_a_scenario_with_no_feasible_deployment() -> None:
    growth = [Constant(), Stepwise(name="jump", steps={2: "5000 TB/month"})]
    strategy = plan(LOAD, [A, B], BOOK, horizon=Horizon(growth=growth, months=3))
    assert strategy.path.total[0] == pytest.approx(100 + 3 * (USAGE + 100))
    assert strategy.path.total[1] == np.inf
    assert strategy.stays(1) == ()
    assert strategy.no_regret == "b"  # of the scenarios that can be served
    shown = json.loads(json.dumps(strategy.to_dict(), allow_nan=False))
    assert shown["scenarios"][1]["total"] is None
    assert shown["scenarios"][1]["path"] == []


def test_unknown_names_name_the_nearest() -> None:
    rules = Switching(
        current="self-hostd", lead_months={"msk-standart": 1}, committed_months={"self-hostd": 1}
    )
    with pytest.raises(InputError) as refused:
        plan(LOAD, [OWN, MSK], BOOK, switching=rules)
    text = str(refused.value)
    assert "'self-hostd'; expected a deployment. Did you mean 'self-hosted'?" in text
    assert "'msk-standart'; expected a deployment. Did you mean 'msk-standard'?" in text
    assert "2 problems" in text  # each name once


def test_results_show_themselves() -> None:
    growth = [Constant(), Compound(annual_rate=2.0)]
    shown = plan(LOAD, [A, B], BOOK, horizon=Horizon(growth=growth, months=4))._repr_html_()
    assert shown.count("<table>") == 2
    assert "Growth constant: least cost over 4 months" in shown
    # staying with a: 4 usage + 4000, the best: 4 usage + 400 + 100 for setting up
    assert f"{(4 * USAGE + 4000) / (4 * USAGE + 500) - 1:+.1%}" in shown


OURS = """
[workload]
ingress = "0.1 MiB/s"
fanout = 1
retention = "1 day"
peak_to_average = 1
partitions = 1
[prices]
as_of = 2025-10-31
[projection]
months = 4
[switching]
parallel_months = 1
data_movement = "0.02 USD"
current = "a"
[switching.lead_months]
b = 2
[switching.committed_months]
b = 2
[[deployment]]
name = "a"
kind = "confluent-basic"
access = "none"
region = "us-east-1"
storage_copies = 1
labour = { fte = 1, monthly = "1000 USD" }
[[deployment]]
name = "b"
kind = "confluent-basic"
access = "none"
region = "us-east-1"
storage_copies = 1
labour = { fte = 0.1, monthly = "1000 USD", setup = "73 h" }
"""
#: Two months of a, a third in parallel to b, which is set up and takes the data.
OURS_TOTAL = 3 * (USAGE + 1000) + 100 + STORED * 0.02 + 2 * (USAGE + 100)


@pytest.fixture
def ours(tmp_path: Path) -> Path:
    path = tmp_path / "ours.toml"
    path.write_text(OURS, encoding="utf-8")
    return path


def valid(text: str) -> Any:
    return json.loads(text, parse_constant=lambda name: pytest.fail(f"{name} is not JSON"))


def test_the_switching_section_of_a_file(ours: Path) -> None:
    scenario = Scenario.load(ours)
    assert scenario.switching == Switching(
        parallel_months=1,
        data_movement="0.02 USD",
        current="a",
        lead_months={"b": 2},
        committed_months={"b": 2},
    )
    strategy = scenario.plan()
    assert stays(strategy) == [("a", 1, 2), ("b", 3, 4)]
    assert strategy.path.total == pytest.approx([OURS_TOTAL])
    assert strategy.staying["a"] == pytest.approx([4 * (USAGE + 1000)])
    assert strategy.staying["b"].tolist() == [np.inf]
    # without the section: nothing runs now, and all is ready
    ours.write_text(OURS.replace(OURS[OURS.index("[switching]") : OURS.index("[[")], ""))
    assert Scenario.load(ours).switching == Switching()
    assert Scenario.load(ours).plan().path.total == pytest.approx([100 + 4 * (USAGE + 100)])


def test_money_over_time_of_a_file(ours: Path) -> None:
    rates = "months = 4\ndiscount_rate = 0.21\ninflation = 0.44"
    ours.write_text(OURS.replace("months = 4", rates), encoding="utf-8")
    worth = 1.44 ** (3 / 12) / 1.21 ** (4 / 12)
    assert Scenario.load(ours).plan().running[0, 0, 3] == pytest.approx((USAGE + 1000) * worth)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ('current = "a"', 'curent = "a"', "Did you mean 'current'"),
        ('"0.02 USD"', "0.02", "switching.data_movement"),
        ("parallel_months = 1", "parallel_months = -1", "switching.parallel_months: got -1"),
        ('current = "a"', 'current = "aa"', "'aa'; expected a deployment. Did you mean 'a'?"),
        ("b = 2\n[[", "bb = 2\n[[", "'bb'; expected a deployment. Did you mean 'b'?"),
        ("[switching]", "[swiching]", "Did you mean 'switching'"),
    ],
)
def test_mistakes_of_a_file_exit_2(
    old: str, new: str, expected: str, ours: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ours.write_text(OURS.replace(old, new).replace("[swiching.", "[switching."), encoding="utf-8")
    assert main(["plan", str(ours)]) == 2
    shown = capsys.readouterr()
    assert expected in shown.err
    assert shown.out == ""


def test_a_file_as_a_table(ours: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["plan", str(ours)]) == 0
    out = capsys.readouterr().out
    assert "Growth constant: least cost over 4 months" in out
    best = next(line for line in out.splitlines() if "best path" in line)
    assert "1-2 a, 3-4 b" in best
    assert f"{OURS_TOTAL:,.2f}" in best
    stay = next(line for line in out.splitlines() if "stay with a" in line)
    assert f"{4 * (USAGE + 1000) / OURS_TOTAL - 1:+.1%}" in stay
    assert "not ready in time" in next(line for line in out.splitlines() if "stay with b" in line)
    assert "safest first choice, whichever growth comes true: a" in out


def test_a_file_as_json(ours: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["plan", str(ours), "--format", "json"]) == 0
    data = valid(capsys.readouterr().out)
    assert data["currency"] == "USD"
    [scenario] = data["scenarios"]
    assert scenario["name"] == "constant"
    assert scenario["total"] == pytest.approx(OURS_TOTAL)
    assert scenario["path"] == [
        {"deployment": "a", "from": 1, "to": 2},
        {"deployment": "b", "from": 3, "to": 4},
    ]
    # b is not ready in the first month
    assert scenario["staying"] == {"a": pytest.approx(4 * (USAGE + 1000)), "b": None}
    assert scenario["article_phases"]["path"] == [{"deployment": "a", "from": 1, "to": 4}]
    assert scenario["article_phases"]["total"] == pytest.approx(4 * (USAGE + 1000))
    assert scenario["timing"][0] == {"from": "a", "to": "b", "first": 1, "durable": 1, "payback": 2}
    assert data["no_regret_first_move"] == "a"
    assert data["regret"] == {"a": 0.0, "b": None}


def test_a_file_as_csv(ours: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ours.write_text(OURS.replace('"a"', '"=a()"'), encoding="utf-8")
    assert main(["plan", str(ours), "--format", "csv"]) == 0
    head, *rows = csv.reader(io.StringIO(capsys.readouterr().out))
    assert head[:6] == ["scenario", "deployment", "first_month", "last_month", "total", "currency"]
    assert head[6:9] == ["book", "as_of", "sha256"]
    assert head[9:] == ["needs_price", "oldest_price", "newest_price"]
    # what a spreadsheet would run is quoted
    assert [row[:4] for row in rows] == [
        ["constant", "'=a()", "1", "2"],
        ["constant", "b", "3", "4"],
    ]
    assert [float(row[4]) for row in rows] == pytest.approx([OURS_TOTAL] * 2)
    assert {row[5] for row in rows} == {"USD"}


def test_the_article_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["plan", "--format", "json"]) == 0
    data = valid(capsys.readouterr().out)
    assert data["currency"] == "KRW"
    fast, slow = data["scenarios"]
    assert (fast["name"], slow["name"]) == ("tenfold a year", "threefold a year")
    # the article's MSK costs 3,212,850 KRW a month, and what would grow with traffic has no price
    assert slow["staying"]["MSK"] == pytest.approx(36 * 3_212_850)
    # 0.05 TB x 10^(m/12) reaches 1 TB after 15.6 months, in month 17, and 10 TB in month 29
    assert fast["article_phases"]["path"] == [
        {"deployment": "Confluent Cloud Basic", "from": 1, "to": 16},
        {"deployment": "MSK", "from": 17, "to": 28},
        {"deployment": "Self-hosted on EC2", "from": 29, "to": 36},
    ]
    # and x 3^(m/12) after 32.7 months, in month 34
    assert [stay["from"] for stay in slow["article_phases"]["path"]] == [1, 34]
    # at tenfold growth, a price is missing of every option at the end: no path is known
    assert (fast["total"], fast["path"]) == (None, [])
    assert fast["undercut"]["names"]
    for scenario in data["scenarios"]:
        least = scenario["total"] or scenario["undercut"]["least"]
        others = [*scenario["staying"].values(), scenario["article_phases"]["total"]]
        assert all(cost is None or cost >= least * (1 - 1e-12) for cost in others)
        assert len(scenario["timing"]) == 3 * 2
    # at threefold growth Basic needs a second eCKU only later
    assert slow["path"] == [{"deployment": "Confluent Cloud Basic", "from": 1, "to": 36}]
    assert slow["undercut"] == {"names": [], "least": None}
    assert set(data["regret"]) == set(fast["staying"])
    assert data["regret"][data["no_regret_first_move"]] == 0.0


def test_the_article_as_table_and_csv(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["plan"]) == 0
    out = capsys.readouterr().out
    assert out.count("best path") == out.count("the article's phases") == 2
    # staying with MSK under the slower growth: 36 x 3,212,850
    assert f"{36 * 3_212_850:,}" in out
    assert main(["plan", "--format", "csv"]) == 0
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    # every option is a floor at the end of the faster growth
    [row] = rows
    assert (row["scenario"], row["deployment"]) == ("threefold a year", "Confluent Cloud Basic")
    assert (row["first_month"], row["last_month"]) == ("1", "36")


def test_a_deployment_infeasible_before_the_end_is_null(
    ours: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = (
        OURS[: OURS.index("[switching]")]
        + OURS[OURS.index("[[") : OURS.rindex("[[")]
        + """
[[deployment]]
kind = "self-hosted"
region = "us-east-1"
instance = "m5.large"
[[growth]]
kind = "stepwise"
steps = { 3 = "5000 TB/month" }
"""
    )
    ours.write_text(text, encoding="utf-8")
    assert main(["plan", str(ours), "--format", "json"]) == 0
    [scenario] = valid(capsys.readouterr().out)["scenarios"]
    assert scenario["staying"]["a"] is None
    assert scenario["path"][-1]["deployment"] == "self-hosted"
    assert scenario["article_phases"]["path"] == [
        {"deployment": "a", "from": 1, "to": 2},
        {"deployment": "self-hosted", "from": 3, "to": 4},
    ]
    assert main(["plan", str(ours)]) == 0
    assert "cannot handle the load in month 3" in capsys.readouterr().out
