"""The command line, run as users run it: exit codes, formats, and mistakes without tracebacks."""

import csv
import io
import json
import subprocess
import sys
from pathlib import Path

import pytest

from kafkatco.cli.main import main

OURS = """
[workload]
ingress = "20 MB/s"
fanout = 3
[prices]
as_of = 2025-10-31
[[deployment]]
name = "=cmd()"
kind = "self-hosted"
region = "us-east-1"
labour = { fte = 1, monthly = "5000000 KRW" }
[[deployment]]
kind = "confluent-basic"
region = "us-east-1"
"""


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-W", "error", "-m", "kafkatco", *arguments],
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("command", ["bill", "compare", "crossovers", "project", "claims"])
@pytest.mark.parametrize("form", ["table", "json", "csv"])
@pytest.mark.usefixtures("claims_computed_once")
def test_every_command_in_every_format(
    command: str, form: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([command, "--format", form]) == 0
    out = capsys.readouterr().out
    assert out
    if form == "json":
        json.loads(out, parse_constant=lambda name: pytest.fail(f"{name} is not JSON"))
    if form == "csv":
        rows = list(csv.reader(io.StringIO(out)))
        assert len({len(row) for row in rows}) == 1
        assert len(rows) > 1


def test_bill_json_of_the_article(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bill", "--format", "json"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert data["prices"]["book"] == "article"
    assert [round(d["total"]) for d in data["deployments"]] == [5_300_000, 3_212_850, 1_055_736]
    for bill in data["deployments"]:
        assert bill["total"] == pytest.approx(sum(line["cost"] or 0 for line in bill["lines"]))


def test_crossovers_json(ours: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert (
        main(
            [
                "crossovers",
                ours,
                "--over",
                "ingress",
                "--from",
                "0.1 TB/month",
                "--to",
                "1 PB/month",
                "--format",
                "json",
            ]
        )
        == 0
    )
    data = json.loads(capsys.readouterr().out)
    assert (data["over"], data["unit"], data["from"], data["to"]) == (
        "ingress",
        "TB/month",
        0.1,
        1000.0,
    )
    [pair] = data["pairs"]
    for crossing in pair["crossings"]:
        assert crossing["kind"] in ("root", "jump")
        cheaper = {crossing["cheaper_below"], crossing["cheaper_above"]}
        assert cheaper == {pair["a"], pair["b"]}
    assert data["intervals"][0]["from"] == 0.1
    assert data["intervals"][-1]["to"] == 1000.0


def test_csv_cells_cannot_start_a_formula(ours: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bill", ours, "--format", "csv"]) == 0
    rows = list(csv.reader(io.StringIO(capsys.readouterr().out)))
    assert rows[1][0] == "'=cmd()"


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["bil"], "No command 'bil'. Did you mean 'bill'?"),
        (["wizard"], "No command 'wizard'. See kafkatco --help."),
        (["prices", "lst"], "No command 'prices lst'. Did you mean 'list'?"),
        (["ours.toml"], "such as: kafkatco bill ours.toml"),
        (["bill", "nowhere.toml"], "scenario file not found: 'nowhere.toml'"),
        (["bill", "--format", "jsn"], "Invalid value 'jsn' for --format. Did you mean 'json'?"),
        (["crossovers", "--over", "ingres"], "Did you mean 'ingress'"),
        (["crossovers", "--from", "5"], "a number with a unit"),
        (["crossovers", "--from", "2 PB/month"], "more than 2 PB/month"),
        (["report", "OURS", "--out", "/dev/null/x"], "cannot write '/dev/null/x/bills.csv': "),
        (["prices", "show"], "required: sku. See kafkatco prices show --help."),
        (["bill", ""], "'' is a folder, not a scenario file"),
        (["report", "--out", ""], "a folder to write to"),
        (["bill", "--form", "json"], "No option '--form'. Did you mean '--format'?"),
        (["bill", "--nothing=1"], "No option '--nothing'. See kafkatco bill --help."),
        (["bill", "OURS", "more"], "Unexpected argument 'more'. See kafkatco bill --help."),
    ],
)
def test_mistakes_exit_2_on_one_screen(
    arguments: list[str], expected: str, ours: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([ours if word == "OURS" else word for word in arguments]) == 2
    printed = capsys.readouterr()
    assert expected in printed.err
    assert printed.err.startswith("kafkatco: ")
    assert "Traceback" not in printed.err
    assert len(printed.err.splitlines()) < 25
    assert printed.out == ""


def test_a_mistake_in_a_real_process(tmp_path: Path) -> None:
    (tmp_path / "x.toml").write_text(OURS.replace('"20 MB/s"', "20"), encoding="utf-8")
    done = run("bill", str(tmp_path / "x.toml"))
    assert done.returncode == 2
    assert "workload.ingress: got 20" in done.stderr
    assert "Traceback" not in done.stderr


def test_help_and_schema() -> None:
    done = run("--help")
    assert done.returncode == 0
    assert "examples:" in done.stdout
    assert json.loads(run("schema").stdout)["title"] == "kafkatco scenario"


def test_a_closed_pipe_is_not_an_error() -> None:
    done = subprocess.run(
        f"{sys.executable} -m kafkatco bill | head -1",
        shell=True,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Traceback" not in done.stderr
    assert "Exception" not in done.stderr


def test_report_of_a_scenario_file(
    ours: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["report", ours, "--out", str(tmp_path / "out")]) == 0
    assert "written: " in capsys.readouterr().err
    assert not (tmp_path / "out" / "claims.csv").exists()
    assert (tmp_path / "out" / "costs.png").stat().st_size > 10_000


def test_version() -> None:
    assert run("--version").stdout.startswith("kafkatco 0.")


@pytest.mark.parametrize("over", ["fanout", "retention", "internet_egress"])
def test_every_input_has_a_default_range(over: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["crossovers", "--over", over, "--format", "json"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert data["from"] < data["to"]


def test_an_infeasible_deployment_is_reported_in_every_format(
    ours: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "big.toml"
    path.write_text(OURS.replace('"20 MB/s"', '"2 GB/s"'), encoding="utf-8")
    assert main(["bill", str(path), "--format", "csv"]) == 0
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    [row] = [row for row in rows if row["deployment"] == "confluent-basic"]
    assert (row["component"], row["cost"]) == ("cannot serve", "")
    assert "ingress at peak: at most 250 MB/s" in row["note"]
    assert main(["crossovers", ours, "--format", "json"]) == 0
    data = json.loads(capsys.readouterr().out)
    [stretch] = data["unserved"]["confluent-basic"]
    assert stretch["to"] == 1000.0
    assert stretch["reasons"]
    assert main(["crossovers", ours]) == 0
    assert "confluent-basic cannot handle " in capsys.readouterr().out


def test_a_full_disk_is_reported() -> None:
    with open("/dev/full", "w") as full:  # noqa: PTH123  # a device, not a path
        done = subprocess.run(
            [sys.executable, "-m", "kafkatco", "bill"],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert done.returncode == 2
    assert "cannot write" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_note_names_credits_that_are_left_out(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "ours.toml"
    path.write_text(
        '[workload]\ningress = "1 MB/s"\n[prices]\nas_of = 2025-10-31\n'
        '[[deployment]]\nkind = "confluent-basic"\nregion = "us-east-1"\ncredit = "trial"\n',
        encoding="utf-8",
    )
    assert main(["compare", str(path)]) == 0
    assert "credits are paid once, and are left out here" in capsys.readouterr().err
