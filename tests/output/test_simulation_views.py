"""Views of simulations, break-evens and importance: tables, rows and plain values."""

from __future__ import annotations

import csv
import io
import json
import re
import signal
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import kafkatco as kt
from kafkatco.cli.main import main
from kafkatco.core.table import Table
from kafkatco.output.views.break_even import break_even_tables
from kafkatco.output.views.importance import importance_tables
from kafkatco.output.views.simulation import SIMULATION_COLUMNS
from kafkatco.output.views.simulation_tables import simulation_tables
from kafkatco.output.views.uncertain_inputs import inputs_list, inputs_table
from kafkatco.scenario.scenario import Scenario
from kafkatco.uncertainty.quantile_sketch import RELATIVE
from support.ours import UNPARTED
from support.plain import PLAIN

#: The cluster is the cheaper one with a person of 200 USD, and usage without.
BASE = UNPARTED.replace("300 USD", "200 USD")
#: A person costs that in three draws of four, and else 30,000.
SALARY = """
[projection]
months = 14
[uncertainty]
draws = 64
[uncertainty.inputs.salary]
distribution = "discrete"
values = ["200 USD", "30000 USD"]
probabilities = [0.75, 0.25]
"""
MORE = 29_800.0


def scenario(more: str = SALARY, text: str = BASE) -> Scenario:
    return Scenario.from_dict(tomllib.loads(f"{text}\n{more}"))


@pytest.fixture(scope="module")
def choice() -> kt.Simulation:
    return scenario().simulate()


@pytest.fixture(scope="module")
def along() -> kt.Simulation:
    return scenario().simulate(over="ingress")


def shown(tables: Any) -> list[Table]:
    return list(tables)


def cells(table: Table, column: str) -> list[str]:
    return [row[table.columns.index(column)] for row in table.rows]


def figure(text: str) -> float:
    return float(text.replace(",", "").rstrip("+"))


def test_the_answer_comes_first_as_a_sentence(choice: kt.Simulation) -> None:
    msk, basic = (bill.total for bill in scenario().bills())
    assert msk is not None
    assert basic is not None
    assert msk < basic < msk + MORE  # so that the salary decides
    first = shown(simulation_tables(choice))[0]
    answer = "msk is cheapest over 14 months in 75 % of simulations"
    match = re.fullmatch(f"{answer}; costs (.*) to (.*) USD in 90 % of all", first.title)
    assert match
    # quantiles are of bins of one part in 2,048; amounts are whole
    low, high = (figure(text) for text in match.groups())
    assert low == pytest.approx(14 * msk, rel=RELATIVE, abs=0.5)
    assert high == pytest.approx(14 * (msk + MORE), rel=RELATIVE, abs=0.5)


def test_choices_have_costs_and_regret(choice: kt.Simulation) -> None:
    msk, basic = (float(bill.total or 0.0) for bill in scenario().bills())
    table = shown(simulation_tables(choice))[0]
    assert [row[0] for row in table.rows] == ["msk", "basic"]
    assert cells(table, "cheapest") == ["75 %", "25 %"]
    assert cells(table, "can handle the load") == ["100 %", "100 %"]
    mean = 14 * (msk + 0.25 * MORE), 14 * basic
    regret = 14 * 0.25 * (msk + MORE - basic), 14 * 0.75 * (basic - msk)
    worst = 14 * (msk + MORE), 14 * basic
    for column, expected in (
        ("mean [USD]", mean),
        ("regret", regret),
        ("95 % (value at risk)", worst),
        ("expected shortfall", worst),
    ):
        result = [figure(text) for text in cells(table, column)]
        np.testing.assert_allclose(result, expected, rtol=RELATIVE, atol=0.51)


def test_knowing_the_salary_saves_the_regret(choice: kt.Simulation) -> None:
    msk, basic = (float(bill.total or 0.0) for bill in scenario().bills())
    # without knowing, the one of the lower mean is taken
    best = min(14 * (msk + 0.25 * MORE), 14 * basic)
    knowing = 14 * (0.75 * msk + 0.25 * basic)
    table = shown(simulation_tables(choice))[2]
    [saved] = cells(table, "knowing it saves [USD]")
    assert figure(saved) == pytest.approx(best - knowing, rel=RELATIVE, abs=0.5)
    assert table.notes[0].startswith(f"knowing all inputs in advance saves {saved} USD")
    assert cells(table, "source") == ["assumption"]
    assert table.notes[-1] == "64 simulations, seed 1"


def test_chances_of_every_sixth_month_and_the_last_are_shown(choice: kt.Simulation) -> None:
    table = shown(simulation_tables(choice))[1]
    assert [row[0] for row in table.rows] == ["1", "6", "12", "14"]
    assert cells(table, "msk") == ["75 %"] * 4
    assert cells(table, "basic") == ["25 %"] * 4
    assert "growth: constant" in table.notes


def test_convergence_is_shown_at_powers_of_two(choice: kt.Simulation) -> None:
    table = shown(simulation_tables(choice))[3]
    assert cells(table, "simulations") == [f"{item.draws:,}" for item in choice.convergence]
    assert cells(table, "simulations")[-1] == "64"
    assert cells(table, "msk")[-1] == "75 %"


def test_along_an_input_the_answer_is_at_its_current_value(along: kt.Simulation) -> None:
    chances, costs, inputs = shown(simulation_tables(along))
    assert chances.title == "msk is cheapest with a probability of 75 % if ingress is 10 TB/month"
    assert cells(chances, "ingress [TB/month]")[0] == "0.1"
    assert cells(chances, "ingress [TB/month]")[-1] == "1,000"
    here = cells(chances, "ingress [TB/month]").index("10")
    assert cells(chances, "msk")[here] == "75 %"
    assert cells(chances, "basic")[0] == "100 %"  # hardly any usage against any person
    bill = scenario().bills()[1].total
    middle, low, high = re.findall(r"[\d,.]+", cells(costs, "basic")[here])
    for text in (middle, low, high):  # no salary in it
        assert figure(text) == pytest.approx(bill, rel=RELATIVE, abs=0.5)
    assert "infeasible" in cells(costs, "basic")
    assert cells(inputs, "input") == ["salary [USD/month]"]


def test_without_the_current_value_among_the_points_no_option_is_named() -> None:
    result = scenario().simulate(over="ingress", at=[1, 2])
    first = shown(simulation_tables(result))[0]
    assert first.title == "Probability of being the cheapest against ingress"
    assert [row[0] for row in first.rows] == ["1", "2"]


def test_points_without_a_feasible_option_are_shown() -> None:
    result = scenario().simulate(over="ingress", at=[1, 1e6])
    table = shown(simulation_tables(result))[0]
    assert cells(table, "none feasible") == ["0 %", "100 %"]
    never = scenario(text=BASE.replace("10 TB/month", "1 EB/month")).simulate()
    title = shown(simulation_tables(never))[0].title
    assert title == "no option can handle the load in any simulation"
    assert never.to_dict()["choices"][0]["cost_p50"] is None


def test_missing_prices_are_noted() -> None:
    result = Scenario.load().simulate(draws=64)
    first = shown(simulation_tables(result))[0]
    notes = "\n".join(first.notes)
    assert "+ MSK is a floor: no price of aws.msk.storage, aws.data-transfer.inter-az" in notes
    skus = "aws.ebs.gp3.throughput, aws.ebs.gp3.iops"
    infeasible = f"counts as infeasible in simulations that need a price of {skus}, which the book"
    assert f"Self-hosted on EC2 {infeasible} lacks" in notes
    assert {text[-1] for text in cells(first, "mean [KRW]")} <= {"+", "-"}
    assert [row for row in result.to_dict()["rows"] if not row["floor"]] == []


def test_a_price_that_the_workload_needs_is_still_an_error() -> None:
    load = kt.Workload(ingress="1 TB/month")
    msk = [kt.MskStandard(region="us-east-1", instance="kafka.m7g.larg")]
    with pytest.raises(kt.MissingPriceError, match=r"m7g\.larg"):
        kt.simulate(load, msk, kt.PriceBook("list", as_of="2025-10-31", assumptions=PLAIN))


def test_rows_are_tidy_and_json_has_all_of_them(choice: kt.Simulation) -> None:
    frame = choice.to_pandas()
    assert tuple(frame.columns) == SIMULATION_COLUMNS
    assert len(frame) == 2 * 14
    assert frame.groupby("at")["cheapest"].sum().eq(1.0).all()
    data = json.loads(json.dumps(choice.to_dict(), allow_nan=False))
    assert [row["cost_p95"] for row in data["rows"]] == frame["cost_p95"].tolist()
    assert (data["draws"], data["seed"], data["over"]) == (64, 1, "month")
    [salary] = data["inputs"]
    assert salary["parameters"] == {"values": [200.0, 30_000.0], "probabilities": [0.75, 0.25]}
    assert (salary["p05"], salary["p95"]) == (200.0, 30_000.0)
    assert salary["knowing_it_saves"] == pytest.approx(data["knowing_all_saves"])


WORDS = {
    '"3"': ("fixed", "fixed: 3"),
    '"2-4"': ("uniform", "uniform: 2 to 4"),
    '"2-3-5"': ("pert", "PERT: 2 to 5, most likely 3"),
    '{distribution="triangular", low=2, mode=3, high=5}': (
        "triangular",
        "triangular: 2 to 5, most likely 3",
    ),
    '{distribution="normal", mean=3, sd=0.25}': (
        "normal",
        "normal: mean 3, standard deviation 0.25",
    ),
    '{distribution="normal", mean=3, sd=1, low=0}': (
        "normal",
        "normal: mean 3, standard deviation 1, cut below 0",
    ),
    '{distribution="normal", mean=3, sd=0.1, high=4}': (
        "normal",
        "normal: mean 3, standard deviation 0.1, cut above 4",
    ),
    '{distribution="normal", mean=3, sd=1, low=0, high=9}': (
        "normal",
        "normal: mean 3, standard deviation 1, cut below 0 and above 9",
    ),
    '{distribution="lognormal", median=3, sigma=0.2}': (
        "lognormal",
        "lognormal: median 3, sigma 0.2",
    ),
    '{distribution="discrete", values=[1, 5], probabilities=[0.75, 0.25]}': (
        "discrete",
        "discrete: 1 (75 %), 5 (25 %)",
    ),
    '{distribution="samples", values=[3, 1, 2]}': ("samples", "samples: 3 values, 1 to 3"),
    # relative: of the workload's fan-out, 1
    '{distribution="uniform", low=0.5, high=2, relative=true, source="a study"}': (
        "uniform",
        "uniform: 0.5 to 2",
    ),
}


@pytest.mark.parametrize("distribution", WORDS)
def test_distributions_are_shown_in_words(distribution: str) -> None:
    read = scenario(f"[uncertainty.inputs]\nfanout = {distribution}")
    result = read.simulate(draws=64, over="salary", at=[100])
    kind, words = WORDS[distribution]
    table = inputs_table(result.inputs, result.uncertainty, "USD")
    assert cells(table, "distribution") == [words]
    [plain] = inputs_list(result.inputs)
    assert plain["distribution"] == kind
    assert cells(table, "source") == ["a study" if "study" in distribution else "assumption"]


def test_values_are_shown_in_the_unit_of_their_input() -> None:
    read = scenario("""
[[growth]]
kind = "compound"
annual_rate = 0.1
[uncertainty.inputs]
ingress = "8-10-14 TB/month"
growth = "12-20 %/year"
retention = "1-2 days"
[[uncertainty.correlation]]
between = ["growth", "ingress"]
value = 0.5
""")
    result = read.simulate(draws=64)
    table = shown(simulation_tables(result))[2]
    assert [row[:3] for row in table.rows] == [
        ("ingress [TB/month]", "PERT: 8 to 14, most likely 10", table.rows[0][2]),
        ("growth [%/year]", "uniform: 12 to 20", "12.4 to 19.6"),
        ("retention [h]", "uniform: 24 to 48", "25.2 to 46.8"),
    ]
    assert "growth and ingress are correlated: 0.5" in table.notes


@pytest.mark.parametrize(
    ("salary", "title"),
    [
        # 20 TB read once cost about 1,600 USD as usage
        ("0", r"msk costs less than basic above .* TB/month \(median; .*\)"),
        (
            "1e9",
            "msk costs less than basic: always in 0 % of simulations, above some traffic in 0 %, "
            "not at the end in 100 %",
        ),
    ],
)
def test_a_break_even_shows_whether_there_is_one(salary: str, title: str) -> None:
    result = scenario(f'[uncertainty.inputs]\nsalary = "{salary} USD"').break_even(
        "msk", "basic", draws=64, stop="20 TB/month"
    )
    first, outcomes, inputs = shown(break_even_tables(result))
    assert re.fullmatch(title, first.title)
    at = {"0": [f"{result.at[0]:.4g}"] * 5, "1e9": ["never"] * 5}[salary]
    assert cells(first, "from at most [TB/month]") == at
    shares = cells(outcomes, "share of simulations")
    assert (
        shares
        == {
            "0": ["0 %", "100 %", "0 %", "0 %", "0 %"],
            "1e9": ["0 %", "0 %", "100 %", "0 %", "0 %"],
        }[salary]
    )
    assert cells(inputs, "input") == ["salary [USD/month]"]
    data = result.to_dict()
    assert {row["outcome"] for row in data["quantiles"]} == (
        {"from"} if salary == "0" else {"never"}
    )
    frame = result.to_pandas()
    assert len(frame) == 64
    assert frame["outcome"].unique().tolist() == [data["quantiles"][0]["outcome"]]
    assert frame["at"].isna().all() == (salary != "0")


def test_the_crossing_of_a_fixed_input_is_that_of_the_curves() -> None:
    read = scenario('[uncertainty.inputs]\nfanout = "1"')
    [crossing] = [x for pair in read.crossovers().pairs for x in pair.crossings][:1]
    result = read.break_even("msk", "basic", draws=64)
    assert result.several == 0.0
    assert result.to_dict()["quantiles"][2]["at"] == pytest.approx(crossing.x, rel=1e-6)


def test_importance_is_shown_for_the_decision_and_for_cost() -> None:
    inputs = '[uncertainty.inputs]\nsalary = "100-400 USD"\nkrw = "1200-1500"'
    result = scenario(inputs).importance(draws=1024)
    decision, cost = shown(importance_tables(result))
    assert decision.title == "The choice of the cheapest option depends most on salary"
    assert cells(decision, "salary") == ["100 % (100 %)"] * 2
    assert cells(decision, "krw") == ["0 % (0 %)"] * 2
    assert [row[0] for row in cost.rows] == ["msk"]  # usage has no salary, and pays in dollars
    same = scenario('[uncertainty.inputs]\nkrw = "1200-1500"').importance(draws=64)
    [table] = shown(importance_tables(same))
    assert table.notes[0] == "The cheapest option is the same in every simulation: no input matters"
    assert table.rows == ()


@pytest.fixture
def path(tmp_path: Path) -> str:
    file = tmp_path / "ours.toml"
    file.write_text(f"{BASE}\n{SALARY}", encoding="utf-8")
    return str(file)


PERT = 'distribution = "pert"\nlow = 1\nmode = 2\nhigh = 3'
PAIR = ("--mine", "msk", "--other", "basic")


@pytest.mark.parametrize(
    "words",
    [("simulate",), ("simulate", "--over", "fanout"), ("break-even", *PAIR), ("importance",)],
    ids=" ".join,
)
def test_commands_print_all_formats(
    words: tuple[str, ...], path: str, capsys: pytest.CaptureFixture[str]
) -> None:
    command = [words[0], path, *words[1:], "--draws", "64"]
    assert main(command) == 0
    assert "seed 1" in capsys.readouterr().out or words[0] == "importance"
    assert main([*command, "--seed", "7", "--format", "json"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert data["draws"] == 64
    assert data.get("seed", 7) == 7
    assert main([*command, "--format", "csv"]) == 0
    assert list(csv.reader(io.StringIO(capsys.readouterr().out)))


def test_threads_change_nothing(path: str, capsys: pytest.CaptureFixture[str]) -> None:
    shown = []
    for threads in ("1", "3"):
        command = ["simulate", path, "--draws", "1024", "--threads", threads, "--format", "json"]
        assert main(command) == 0
        shown.append(capsys.readouterr().out)
    assert shown[0] == shown[1]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("simulate", "--draws", "100"), "draws: got 100; expected a multiple of 8. Nearest: 96."),
        (("simulate", "--from", "1 h"), "start: got '1 h'; expected nothing, as the simulation"),
        (("simulate", "--over", "ingres"), "Did you mean 'ingress'?"),
        (
            ("simulate", "--growth", "constan"),
            "growth: got 'constan'; expected the name of a growth model. Did you mean 'constant'?",
        ),
        (("simulate", "--threads", "0"), "threads: got 0; expected a whole number of at least 1"),
        (("break-even", "--mine", "msk", "--other", "basi"), "Did you mean 'basic'?"),
        (("break-even", "--mine", "msk"), "required: --other"),
        (("importance", "--draws", "96"), "draws: got 96; expected a power of two"),
    ],
)
def test_mistakes(
    words: tuple[str, ...], expected: str, path: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([words[0], path, *words[1:]]) == 2
    out, err = capsys.readouterr()
    assert not out
    assert expected in err


UNSTAFFED = "kafkatco: labour is not set for basic: its cost is without people\n"


def test_without_scipy_the_extra_is_named(
    path: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in [name for name in sys.modules if name.partition(".")[0] == "scipy"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "scipy", None)
    text = Path(path).read_text(encoding="utf-8")
    Path(path).write_text(f"{text}\n[uncertainty.inputs.fanout]\n{PERT}", encoding="utf-8")
    assert main(["bill", path]) == 0  # what needs no draws goes on
    capsys.readouterr()
    for words in (["simulate"], ["break-even", *PAIR], ["importance"]):
        assert main([words[0], path, *words[1:]]) == 2
        message = "kafkatco: simulations need scipy: pip install 'kafkatco[uncertainty]'\n"
        assert capsys.readouterr().err == UNSTAFFED + message


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="sends SIGINT")
def test_stopping_a_simulation_leaves_nothing_broken(path: str) -> None:
    command = [sys.executable, "-m", "kafkatco", "simulate", path, "--format", "json"]
    whole = [*command, "--draws", str(2**26), "--threads", "2"]
    with subprocess.Popen(whole, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as running:
        with pytest.raises(subprocess.TimeoutExpired):
            running.wait(3.0)  # it has begun, and is far from done
        running.send_signal(signal.SIGINT)
        out, err = running.communicate(timeout=60.0)
    assert running.returncode == 130
    assert (out, err) == (b"", f"{UNSTAFFED}kafkatco: stopped\n".encode())
