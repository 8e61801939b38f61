"""``kafkatco init`` and the flags in place of a file, as users run them, also on a terminal."""

from __future__ import annotations

import contextlib
import json
import os
import pty
import select
import signal
import subprocess
import sys
import time
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from kafkatco import Scenario, Workload
from kafkatco.cli.init import QUESTIONS
from kafkatco.cli.main import main
from kafkatco.cli.start import field_of
from kafkatco.scenario.starter import REGION
from support.price_server import Reply, serving

FLAGS = ("--ingress", "3 TB/month", "--region", "ap-northeast-2")
#: Two days of hours at 1 and 3 MB/s by turns: a mean of 2 MB/s, read twice.
TRAFFIC = "time,cluster,ingress [MB/s],egress [MB/s],partitions\n" + "".join(
    f"2026-09-0{day} {hour:02}:00,orders,{1 + 2 * (hour % 2)},{2 + 4 * (hour % 2)},60\n"
    for day in (1, 2)
    for hour in range(24)
)


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "stdin", None)  # no terminal


def written() -> dict[str, Any]:
    return tomllib.loads(Path("kafkatco.toml").read_text(encoding="utf-8"))


def test_from_flags_to_a_scenario_and_a_headline(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["init", *FLAGS, "--fanout", "2", "--partitions", "60"]) == 0
    out = capsys.readouterr().out
    scenario = Scenario.load("kafkatco.toml")
    assert (scenario.workload.fanout, scenario.workload.partitions) == (2, 60)
    # the headline has the two cheapest of the bills of the file
    first, second = sorted(scenario.bills(), key=lambda bill: bill.total or 1e99)[:2]
    assert out.startswith(f"At 3 TB/month {first.name} costs least: {first.total:,.2f} USD a month")
    assert f"{second.name}, the next, costs" in out
    least = min(scenario.bills(), key=lambda bill: bill.provider_charges or 1e99)
    assert f"without people: {least.name} {least.provider_charges:,.2f} USD" in out


def test_the_file_and_the_flags_give_the_same_answer(capsys: pytest.CaptureFixture[str]) -> None:
    flags = [*FLAGS, "--now", "confluent-basic", "--retention", "1 day"]
    assert main(["init", *flags]) == 0
    capsys.readouterr()
    assert main(["bill", "--format", "json", *flags]) == 0
    from_flags = json.loads(capsys.readouterr().out)
    assert main(["bill", "--format", "json", "kafkatco.toml"]) == 0
    assert json.loads(capsys.readouterr().out) == from_flags


def test_it_never_overwrites(capsys: pytest.CaptureFixture[str]) -> None:
    Path("kafkatco.toml").write_text("mine", encoding="utf-8")
    assert main(["init", *FLAGS]) == 2
    assert "kafkatco.toml exists; add --force" in capsys.readouterr().err
    assert Path("kafkatco.toml").read_text(encoding="utf-8") == "mine"
    assert main(["init", *FLAGS, "--force"]) == 0
    assert written()["workload"]["ingress"] == "3 TB/month"


def test_the_standard_output_has_the_scenario_alone(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["init", *FLAGS, "-o", "-"]) == 0
    printed = capsys.readouterr()
    assert tomllib.loads(printed.out)["workload"]["ingress"] == "3 TB/month"
    assert "costs least" in printed.err
    assert not Path("kafkatco.toml").exists()


def test_comments_and_headline_in_korean(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["init", *FLAGS, "--lang", "ko"]) == 0
    assert "costs least" not in capsys.readouterr().out
    assert "assumed" not in Path("kafkatco.toml").read_text(encoding="utf-8")
    assert written()["workload"]["retention"] == "7 days"


def test_without_a_terminal_it_names_the_flags(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["init"]) == 2
    err = capsys.readouterr().err
    for flag in ("--ingress", "--from", "--fanout", "--retention", "--partitions", "--region"):
        assert flag in err
    assert not Path("kafkatco.toml").exists()


def test_from_files_with_provenance(capsys: pytest.CaptureFixture[str]) -> None:
    Path("traffic.csv").write_text(TRAFFIC, encoding="utf-8")
    assert main(["init", "--from", "traffic.csv", "--fanout", "5"]) == 0
    workload = written()["workload"]
    assert workload["ingress"] == "2 MB/s"  # (1 + 3) / 2
    assert workload["peak_to_average"] == 1.5  # 3 / 2
    assert workload["fanout"] == 5  # the flag; the file has 2
    text = Path("kafkatco.toml").read_text(encoding="utf-8")
    provenance = "mean of 1 h steps, 2026-09-01 to 2026-09-02, 100% covered: ingress (traffic.csv)"
    assert provenance in text.replace("\n# ", " ")
    err = capsys.readouterr().err
    assert "fanout: 5 as you gave it; the files have 2.0" in err
    assert "no file says what runs the cluster" in err


def test_files_without_ingress_say_how_to_find_it(capsys: pytest.CaptureFixture[str]) -> None:
    Path("t.csv").write_text("time,partitions\n2026-09-01 00:00,60\n2026-09-01 01:00,60\n")
    assert main(["init", "--from", "t.csv"]) == 2
    err = capsys.readouterr().err
    assert "add --ingress" in err
    assert "export BytesInPerSec" in err
    assert main(["init", "--from", "t.csv", "--ingress", "1 MB/s"]) == 0
    assert written()["workload"]["partitions"] == 60


def test_from_a_server_of_metrics(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def answer(query: Mapping[str, str]) -> Reply:
        result = []
        if "bytesin_total" in query["query"]:
            times = np.arange(float(query["start"]), float(query["end"]) + 1, float(query["step"]))
            pairs = [[time, "4e6"] for time in times.tolist()]
            result = [{"metric": {"cluster": "orders"}, "values": pairs}]
        data = {"resultType": "matrix", "result": result}
        return Reply(json.dumps({"status": "success", "data": data}).encode())

    monkeypatch.setenv("PROMETHEUS_TOKEN", "secret")
    with serving() as server:
        server.replies["/api/v1/query_range"] = answer
        assert main(["init", "--prometheus", server.url, "--region", "kr"]) == 0
        assert {one.headers["Authorization"] for one in server.asked} == {"Bearer secret"}
    assert written()["workload"]["ingress"] == "4 MB/s"
    assert "secret" not in Path("kafkatco.toml").read_text(encoding="utf-8")
    assert "secret" not in "".join(capsys.readouterr())


def test_several_clusters_are_chosen_by_a_flag(capsys: pytest.CaptureFixture[str]) -> None:
    Path("a.csv").write_text(TRAFFIC, encoding="utf-8")
    Path("b.csv").write_text(TRAFFIC.replace("orders", "clicks"), encoding="utf-8")
    assert main(["init", "--from", "a.csv", "b.csv"]) == 2
    assert "choose one with --cluster: clicks, orders" in capsys.readouterr().err
    assert main(["init", "--from", "a.csv", "b.csv", "--cluster", "order"]) == 2
    assert "--cluster: got 'order'" in capsys.readouterr().err
    assert main(["init", "--from", "a.csv", "--from", "b.csv", "--cluster", "clicks"]) == 0


@pytest.mark.parametrize("command", ["bill", "compare", "crossovers", "recommend", "plan"])
def test_commands_take_the_flags(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([command, "--ingress", "3 TB/month", "--region", "kr"]) == 0
    printed = capsys.readouterr()
    assert "self-hosted" in printed.out
    assert "assumed: fanout = 1" in printed.err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["bill", "--fanout", "3"], ["--fanout: goes with --ingress"]),
        (["bill", "--now", "aiven", "--region", "kr"], ["--now: goes", "--region: goes"]),
        (["bill", "article", "--ingress", "1 MB/s"], ["a scenario file or --ingress, not both"]),
        (["bill", "--ingress", "3"], ["--ingress: got '3'", "such as '10 TB/month'"]),
        (["bill", "--ingress", "1 MB/s", "--fanout", "x"], ["--fanout: got 'x'"]),
        (["bill", "--ingress", "1 MB/s", "--region", "xx"], ["--region: got 'xx'"]),
        (["bill", "--ingress", "1 MB/s", "--currency", "WON"], ["--currency: got 'WON'"]),
        (["init", "--ingress", "1 MB/s", "--now", "msk"], ["--now: got 'msk'"]),
        (["init", "--ingress", "1 MB/s", "--cluster", "a"], ["--cluster: goes with --from"]),
        (["init", "--from", "no.csv"], ["file not found: no.csv"]),
        (["init", "--ingress", "1 MB/s", "-o", " "], ["--out: got ' '"]),
    ],
)
def test_mistakes(words: list[str], said: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(words) == 2
    err = capsys.readouterr().err
    assert all(text in err for text in said), err
    assert [*Path.cwd().iterdir()] == []


def test_recommend_limits_the_regions_of_a_file(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["recommend", "every-kind", "--region", "eastus", "--format", "json"]) == 0
    assert "eastus" in capsys.readouterr().out


def test_the_usual_answers_are_the_defaults() -> None:
    for name in ("fanout", "retention", "partitions"):
        assert field_of(name, QUESTIONS[name][1]) == Workload.model_fields[name].default
    assert QUESTIONS["region"][1] == REGION


class Terminal:
    """A command on a pseudo-terminal, which is written to and read like a person does."""

    def __init__(self, *words: str) -> None:
        self.leader, follower = pty.openpty()
        environ = {**os.environ, "TERM": "dumb", "NO_COLOR": "1"}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "kafkatco", *words],
            stdin=follower,
            stdout=follower,
            stderr=follower,
            env=environ,
            start_new_session=True,
        )
        os.close(follower)
        self.seen = ""

    def until(self, text: str, seconds: float = 60.0) -> str:
        """Read until a text is seen after what was read before; return what was read."""
        new, end = "", time.monotonic() + seconds
        while text not in new:
            ready = select.select([self.leader], [], [], max(0.0, end - time.monotonic()))[0]
            if not ready:
                raise AssertionError(f"{text!r} is not in {new!r}")
            try:
                new += os.read(self.leader, 4096).decode()
            except OSError:  # the command has ended
                break
        self.seen += new
        return new

    def answer(self, question: str, text: str) -> None:
        self.until(question)
        os.write(self.leader, f"{text}\n".encode())

    def interrupt(self) -> None:
        """Send what Ctrl-C sends, until the command ends: it may not be waiting yet."""
        while self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(timeout=3)

    def end(self) -> int:
        """Read the rest; return the exit status."""
        self.until("\0never")
        return self.process.wait(timeout=60)

    def __enter__(self) -> Terminal:
        return self

    def __exit__(self, *_error: object) -> None:
        self.process.kill()
        self.process.wait()
        os.close(self.leader)


def test_six_questions_and_wrong_answers_are_asked_again() -> None:
    with Terminal("init") as terminal:
        terminal.answer("producers send", "3 TB")  # no rate
        terminal.answer("producers send", "3 TB/month")
        terminal.answer("is each byte read", "many")
        terminal.answer("is each byte read", "3")
        terminal.answer("data kept", "")
        terminal.answer("partitions", "60")
        terminal.answer("region or city", "Seol")
        terminal.answer("region or city", "Seoul")
        terminal.answer("runs now", "confluent-bsic")
        terminal.answer("runs now", "confluent-basic")
        assert terminal.end() == 0
        assert "Did you mean 'confluent-basic'" in terminal.seen
        assert "costs least" in terminal.seen
        data = written()
        assert data["workload"]["ingress"] == "3 TB/month"
        assert (data["workload"]["fanout"], data["workload"]["partitions"]) == (3, 60)
        assert data["switching"]["current"] == "confluent-basic"
        assert "assumed: " in terminal.seen
        assert "retention = 7 days" in terminal.seen  # an empty answer is an assumption
        assert "ap-northeast-2" in {table["region"] for table in data["deployment"]}


def test_what_flags_say_is_not_asked() -> None:
    with Terminal("init", "--region", "kr", "--now", "self-hosted", "--fanout", "2") as terminal:
        terminal.answer("producers send", "1 MB/s")
        terminal.answer("data kept", "")
        terminal.answer("partitions", "")
        assert terminal.end() == 0
        assert "each byte read" not in terminal.seen
        assert "region or city" not in terminal.seen


def test_the_end_of_the_input_names_the_flag() -> None:
    with Terminal("init") as terminal:
        terminal.answer("producers send", "1 MB/s")
        terminal.until("each byte read")
        os.write(terminal.leader, b"\x04")  # Ctrl-D
        assert terminal.end() == 2
        assert "no answer; add --fanout" in terminal.seen
        assert not Path("kafkatco.toml").exists()


def test_ctrl_c_stops_without_a_file() -> None:
    with Terminal("init") as terminal:
        terminal.until("producers send")
        terminal.interrupt()
        assert terminal.end() == 130
        assert "stopped" in terminal.seen
        assert "Traceback" not in terminal.seen
        assert not Path("kafkatco.toml").exists()


def test_a_week_of_hours_gives_a_profile(capsys: pytest.CaptureFixture[str]) -> None:
    # a day of 10 MB/s for an hour and 1 MB/s for 23, seven times
    rows = "".join(
        f"2026-09-0{day} {hour:02}:00,orders,{10 if hour == 9 else 1}\n"
        for day in range(1, 8)
        for hour in range(24)
    )
    Path("traffic.csv").write_text(f"time,cluster,ingress [MB/s]\n{rows}", encoding="utf-8")
    region = ("--now", "confluent-basic", "--region", "us-east-1")
    assert main(["init", "--from", "traffic.csv", *region]) == 0
    hours = [7.27 if hour == 9 else 0.727 for hour in range(24)]  # over 33 / 24 MB/s
    assert written()["workload"]["profile"] == {"hours": hours}
    text = Path("kafkatco.toml").read_text(encoding="utf-8")
    assert "for each hour of the day, in UTC: mean of 1 h steps, 2026-09-01 to 2026-09-07" in text
    basic = Scenario.load("kafkatco.toml").bills()[0]
    assert basic.peak_hour is not None
    assert (basic.peak_hour.hour, basic.peak_hour.of) == (9, 24)
    capsys.readouterr()
