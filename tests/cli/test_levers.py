"""`levers`, `compare --tuned` and the levers below a bill, as users run them."""

import json
from pathlib import Path
from typing import Any

import pytest

from kafkatco.cli.main import main

#: What the scenario of tests/support/ours.py reads in other zones, at 0.01 USD on both sides.
READ_ELSEWHERE = 1e13 / 2**30 * (2 / 3) * 0.02


def answer(capsys: pytest.CaptureFixture[str], *arguments: str) -> Any:
    assert main([*arguments, "--format", "json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_what_reads_in_their_own_zone_save(ours: str, capsys: pytest.CaptureFixture[str]) -> None:
    msk, basic = answer(capsys, "levers", ours)["deployments"]
    [lever] = [one for one in msk["levers"] if one["lever"] == "follower-fetch"]
    assert lever["change"] == {"workload.follower_fetch": 1.0}
    assert lever["saving"] == pytest.approx(READ_ELSEWHERE)
    assert lever["total"] == pytest.approx(msk["total"] - READ_ELSEWHERE)
    assert msk["same_service"]["levers"][0] == "follower-fetch"
    assert basic["same_service"] is None  # Confluent bills no traffic between zones


def test_a_target_of_the_scenario_is_used(ours: str, capsys: pytest.CaptureFixture[str]) -> None:
    file = Path(ours)
    text = file.read_text(encoding="utf-8")
    file.write_text(f"{text}\n[levers]\ncompression_ratio = 4\n", encoding="utf-8")
    for option in answer(capsys, "levers", ours)["deployments"]:
        [lever] = [one for one in option["levers"] if one["lever"] == "compression"]
        assert lever["change"]["workload.ingress"] == "2.5 TB/month"
    file.write_text(f"{text}\n[levers]\ndisk_headrom = 1\n", encoding="utf-8")
    assert main(["levers", ours]) == 2
    assert "levers.disk_headrom: unknown field" in capsys.readouterr().err


def test_tuned_options_are_compared(ours: str, capsys: pytest.CaptureFixture[str]) -> None:
    found = answer(capsys, "compare", ours, "--tuned")
    msk, basic = found["deployments"]
    assert msk["total"] <= msk["as_written"] - READ_ELSEWHERE * (1 - 1e-12)
    assert basic["total"] == basic["as_written"]
    names = {one["name"]: one["total"] for one in (msk, basic)}
    assert found["cheapest"]["tuned"]["total"] == min(names, key=lambda name: names[name])


@pytest.mark.parametrize(
    ("options", "wrong"),
    [
        (("--commitments",), "--commitments: together with --tuned"),
        (("--tuned", "--assumptions", "all"), "--assumptions: got 'all'; expected no --tuned"),
        (("--tuned", "--to", "1 GB/s"), "--to: got '1 GB/s'; expected no range"),
    ],
)
def test_options_that_do_not_go_together(
    options: tuple[str, ...], wrong: str, ours: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["compare", ours, *options]) == 2
    assert wrong in " ".join(capsys.readouterr().err.split())


def test_levers_are_below_the_bills_of_people_alone(
    ours: str, capsys: pytest.CaptureFixture[str]
) -> None:
    for form, times in (("table", 2), ("markdown", 2), ("json", 0), ("csv", 0)):
        assert main(["bill", ours, "--format", form]) == 0
        assert capsys.readouterr().out.count("cheaper: ") == times
