"""The commands that compute more than a bill: formats, mistakes and help, as users run them."""

import csv
import io
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from kafkatco.cli.main import main

#: The note of every answer, since one of the two options has no labour.
UNSTAFFED = "kafkatco: labour is not set for basic: its cost is without people\n"

#: What the scenario of tests/support/ours.py is in GiB; three brokers with 1 GiB each; between
#: zones 2/3 of what is written and of what is read, at 0.01 USD on both sides; written and read
#: once, and a second of it kept thrice.
GIB = 1e13 / 2**30
BROKERS = 3 * 730 * 0.204 + 3 * 0.10
MSK = BROKERS + 300 + GIB * 8 / 3 * 0.01
BASIC = GIB * (0.10 + 3 * 0.08 / (3600 * 730))
#: The salary at which both cost the same; one person has it.
EVEN = BASIC - MSK + 300

COMMANDS = {
    "solve": ("--mine", "msk", "--other", "basic", "--over", "salary", "--from", "0"),
    "sensitivity": ("--mine", "msk", "--other", "basic"),
    "plan": (),
    "place": (),
    "levers": (),
    "map": ("--rows", "3"),
}


def answer(capsys: pytest.CaptureFixture[str], *arguments: str) -> Any:
    """Return what a command prints as JSON, which holds neither NaN nor Infinity."""
    assert main([*arguments, "--format", "json"]) == 0
    printed = capsys.readouterr()
    assert printed.err == UNSTAFFED
    return json.loads(printed.out, parse_constant=lambda name: pytest.fail(f"{name} is not JSON"))


@pytest.mark.parametrize("command", ["bill", "project", "crossovers", *COMMANDS])
def test_every_answer_has_one_note_on_an_override_without_effect(
    command: str, ours: str, capsys: pytest.CaptureFixture[str]
) -> None:
    text = Path(ours).read_text(encoding="utf-8")
    own = '[prices.override]\n"gcp.managed-kafka.dcu" = "5 USD/hour"\n[[deployment]]'
    Path(ours).write_text(text.replace("[[deployment]]", own, 1), encoding="utf-8")
    assert main([command, ours, *COMMANDS.get(command, ())]) == 0
    printed = capsys.readouterr()
    note = "the override of 'gcp.managed-kafka.dcu' has no effect: no deployment bills it"
    assert printed.err == f"kafkatco: {note}\n{UNSTAFFED}"
    assert note not in printed.out


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("form", ["table", "json", "csv"])
def test_every_command_in_every_format(
    command: str, form: str, ours: str, capsys: pytest.CaptureFixture[str]
) -> None:
    if form == "json":
        assert answer(capsys, command, ours, *COMMANDS[command])
        return
    assert main([command, ours, *COMMANDS[command], "--format", form]) == 0
    printed = capsys.readouterr()
    assert printed.err == UNSTAFFED
    if form == "csv":
        rows = list(csv.reader(io.StringIO(printed.out)))
        assert len({len(row) for row in rows}) == 1
        assert len(rows) > 1
    else:
        assert "msk" in printed.out
        assert "Traceback" not in printed.out


def test_a_table_is_the_default(ours: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["place", ours]) == 0
    plain = capsys.readouterr().out
    assert main(["place", ours, "--format", "table"]) == 0
    assert capsys.readouterr().out == plain


def test_solve_by_hand(ours: str, capsys: pytest.CaptureFixture[str]) -> None:
    data = answer(capsys, "solve", ours, *COMMANDS["solve"])
    assert (data["over"], data["unit"]) == ("salary", "USD/month")
    assert (data["mine"], data["other"], data["share"]) == ("msk", "basic", 1)
    assert data["where"] == pytest.approx([EVEN])
    assert data["holds"] == [{"from": 0, "to": pytest.approx(EVEN)}]
    assert data["reason"] == ""
    # 10 % are saved to a salary that is lower by 10 % of what basic costs
    data = answer(capsys, "solve", ours, *COMMANDS["solve"], "--saving", "0.1")
    assert data["where"] == pytest.approx([EVEN - 0.1 * BASIC])
    assert data["share"] == pytest.approx(0.9)


def test_solve_gives_the_nearest_miss(ours: str, capsys: pytest.CaptureFixture[str]) -> None:
    data = answer(capsys, "solve", ours, *COMMANDS["solve"], "--saving", "0.9")
    assert (data["where"], data["holds"]) == ([], [])
    most = 1 - (MSK - 300) / BASIC  # at no salary
    assert data["saving"] == pytest.approx(most)
    assert data["nearest"] == pytest.approx(0, abs=1e-6)
    assert f"msk saves at most {100 * most:.4g} %" in data["reason"]
    assert main(["solve", ours, *COMMANDS["solve"], "--saving", "0.9"]) == 0
    out = capsys.readouterr().out
    assert "never" in out
    assert "at most" in out
    assert main(["solve", ours, *COMMANDS["solve"], "--saving", "0.9", "--format", "csv"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "over,unit,from,to,mine,other,share,currency,book,as_of,sha256,"
        "needs_price,oldest_price,newest_price"
    ]


def test_sensitivity_by_hand(ours: str, capsys: pytest.CaptureFixture[str]) -> None:
    data = answer(capsys, "sensitivity", ours, *COMMANDS["sensitivity"])
    rows = {row["input"]: row for row in data["switching_values"]}
    assert {row["winner"] for row in rows.values()} == {"basic"}
    people = rows["fte:msk"]  # of 300 USD each; with fewer of them msk is cheaper
    assert (people["now"], people["then_below"], people["above"]) == (1, "msk", None)
    assert people["below"] == pytest.approx(EVEN / 300)
    # salaries are swept from 500 USD, or from what they are now: not as far as the break-even
    assert EVEN < rows["salary"]["now"] == 300
    assert (rows["salary"]["below"], rows["salary"]["above"]) == (None, None)
    tornado = {move["input"]: move for move in data["tornado"]}
    assert {move["change"] for move in tornado.values()} == {0.2}
    # the break-even is where the person and the brokers are paid for by the bytes
    per_tb = (BASIC - (MSK - BROKERS - 300)) / 10
    salary = tornado["salary"]
    for key, person in (("lower", 240), ("break_even", 300), ("higher", 360)):
        assert salary[key] == pytest.approx([(BROKERS + person) / per_tb])
    assert salary["elasticity"] == pytest.approx([300 / (BROKERS + 300)])
    assert answer(capsys, "sensitivity", ours)["tornado"] == []


def test_place_by_hand(ours: str, capsys: pytest.CaptureFixture[str]) -> None:
    data = answer(capsys, "place", ours)
    assert data["currency"] == "USD"
    assert [part["deployment"] for part in data["parts"]] == ["basic", "basic"]
    assert [part["cost"] for part in data["parts"]] == pytest.approx([0.9 * BASIC, 0.1 * BASIC])
    assert data["total"] == pytest.approx(BASIC)
    assert data["together"] == pytest.approx({"msk": MSK + BROKERS, "basic": BASIC})
    assert data["saving"] == pytest.approx(0)


def test_map_by_hand(ours: str, capsys: pytest.CaptureFixture[str]) -> None:
    data = answer(
        capsys,
        "map",
        ours,
        "--x",
        "salary",
        "--x-from",
        "0",
        "--x-to",
        "1000",
        "--y",
        "fte:msk",
        "--y-from",
        "1",
        "--y-to",
        "2",
        "--rows",
        "2",
    )
    assert [row["y"] for row in data["rows"]] == [1, 2]
    for row, people in zip(data["rows"], (1, 2), strict=True):
        low, high = row["intervals"]
        assert (low["from"], low["winner"], high["winner"], high["to"]) == (0, "msk", "basic", 1000)
        assert low["to"] == pytest.approx(EVEN / people)


def test_plan_of_steady_traffic_stays_with_the_cheapest(
    ours: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["plan", ours]) == 0
    out = capsys.readouterr().out
    assert "1-36 basic" in out
    assert f"{36 * BASIC:,.2f}" in out
    assert main(["plan", ours, "--format", "json"]) == 0
    assert "basic" in capsys.readouterr().out


MISTAKES = [
    (["solve", "--mine", "mks", "--other", "basic", "--over", "salary"], "Did you mean 'msk'"),
    (["solve", "--mine", "msk", "--other", "basi", "--over", "salary"], "Did you mean 'basic'"),
    (["solve", "--mine", "msk", "--other", "basic", "--over", "salry"], "Did you mean 'salary'"),
    (["solve", "--mine", "msk", "--other", "basic", "--over", "fte:mks"], "Did you mean 'msk'"),
    (
        ["solve", "--mine", "msk", "--other", "basic", "--over", "salary", "--saving", "1"],
        "saving: got 1.0; expected a share below 1",
    ),
    (
        ["solve", "--mine", "msk", "--other", "basic", "--over", "salary", "--saving", "nan"],
        "expected a share below 1",
    ),
    (
        ["solve", "--mine", "msk", "--other", "basic", "--over", "salary", "--saving", "half"],
        "invalid float value: 'half'",
    ),
    (
        ["solve", "--mine", "msk", "--other", "basic", "--over", "ingress", "--from", "5"],
        "a number with a unit",
    ),
    (["solve", "--mine", "msk"], "the following arguments are required: --other, --over"),
    (["sensitivity", "--mine", "mks", "--other", "basic"], "Did you mean 'msk'"),
    (["sensitivity", "--mine", "msk", "--other", "basi"], "Did you mean 'basic'"),
    (["sensitivity", "--mine", "msk"], "Valid: basic, msk"),
    (["map", "--x", "ingres"], "Did you mean 'ingress'"),
    (["map", "--y", "salry"], "Did you mean 'salary'"),
    (["map", "--x", "salary", "--y", "salary"], "expected another input than x"),
    (["map", "--rows", "1"], "a whole number of rows, 2 to 1001"),
    (["map", "--rows", "many"], "invalid int value: 'many'"),
    (["map", "--x-to", "5"], "a number with a unit"),
    (["map", "--y-from", "9", "--y-to", "8"], "to: got '8'; expected more than 9"),
    (["map", "--out", "map.gif", "--rows", "2"], "a file .png, .svg or .pdf"),
    (["map", "--out", "/dev/null/map.png", "--rows", "2"], "/dev/null"),
    *(([name, *COMMANDS[name], "--format", "jsn"], "Did you mean 'json'") for name in COMMANDS),
]


@pytest.mark.parametrize(("arguments", "expected"), MISTAKES)
def test_mistakes_exit_2_on_one_screen(
    arguments: list[str], expected: str, ours: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([arguments[0], ours, *arguments[1:]]) == 2
    printed = capsys.readouterr()
    assert expected in printed.err
    assert printed.err.startswith("kafkatco: ")
    assert "Traceback" not in printed.err
    assert len(printed.err.splitlines()) < 25
    assert printed.out == ""


@pytest.mark.parametrize("command", COMMANDS)
def test_a_missing_scenario_file(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([command, "nowhere.toml", *COMMANDS[command]]) == 2
    assert "scenario file not found: 'nowhere.toml'" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("solv", "solve"), ("plac", "place"), ("sensitivty", "sensitivity"), ("mapp", "map")],
)
def test_the_nearest_command_is_named(
    typed: str, meant: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([typed]) == 2
    assert f"No command '{typed}'. Did you mean '{meant}'" in capsys.readouterr().err


def test_place_needs_parts(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["place"]) == 2
    assert "has no [[part]] section; place needs at least one" in capsys.readouterr().err


def test_mistakes_in_a_real_process(ours: str) -> None:
    arguments = ["solve", ours, "--mine", "mks", "--other", "basic", "--over", "salary"]
    done = subprocess.run(
        [sys.executable, "-W", "error", "-m", "kafkatco", *arguments],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert "mine: got 'mks'; expected one of the deployments. Did you mean 'msk'?" in done.stderr
    assert "Traceback" not in done.stderr


def help_of(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    with pytest.raises(SystemExit) as stopped:
        main([*arguments, "--help"])
    assert stopped.value.code == 0
    return capsys.readouterr().out


def test_the_help_lists_the_commands(capsys: pytest.CaptureFixture[str]) -> None:
    text = help_of(capsys)
    listed = {line.split()[0] for line in text.splitlines() if line.startswith("    ")}
    assert {*COMMANDS, "recommend"} <= listed


@pytest.mark.parametrize(
    ("command", "options"),
    [
        ("solve", ("--mine", "--other", "--over", "--saving", "--from", "--to")),
        ("sensitivity", ("--mine", "--other")),
        ("plan", ()),
        ("place", ()),
        ("map", ("--x", "--y", "--x-from", "--x-to", "--y-from", "--y-to", "--rows", "--out")),
    ],
)
def test_the_help_of_a_command_lists_its_options(
    command: str, options: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    words = help_of(capsys, command).replace("[", " ").replace("]", " ").split()
    assert {"scenario", "--format", *options} <= set(words)
