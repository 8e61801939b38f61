"""``kafkatco calibrate``: three formats, the same data as in Python, and mistakes in one line."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

import kafkatco as kt
from kafkatco.cli.main import main
from kafkatco.scenario.scenario import Scenario
from support.bill_samples import aws, confluent, cur_rows, write_csv

EVIL = "<script>alert(1)</script>\x1b[31m=1+1"
OURS = """
[workload]
ingress = "1.3 MiB/s"
fanout = 1
retention = "1 day"
[prices]
as_of = 2025-02-15
[[deployment]]
name = "ours"
kind = "msk-standard"
region = "ap-northeast-2"
instance = "kafka.m7g.large"
[[deployment]]
name = "cloud"
kind = "confluent-standard"
region = "us-east-1"
"""


@pytest.fixture
def scenario(tmp_path: Path) -> str:
    path = tmp_path / "ours.toml"
    path.write_text(OURS.replace("2025-02-15", "2025-10-31"), encoding="utf-8")
    return str(path)


@pytest.fixture
def bill(tmp_path: Path) -> str:
    rows = [*cur_rows(), aws("Usage", "AmazonX", EVIL, "", 1, 1.0, "Hrs")]
    return str(write_csv(tmp_path / "bill.csv", rows))


def ran(words: list[str], capsys: pytest.CaptureFixture[str]) -> str:
    status = main(["calibrate", *words])
    out, err = capsys.readouterr()
    assert status == 0, err
    return out


def test_the_three_formats_agree(
    scenario: str, bill: str, capsys: pytest.CaptureFixture[str]
) -> None:
    words = [scenario, bill, "--deployment", "ours"]
    data = json.loads(ran([*words, "--format", "json"], capsys))
    head, *rows = csv.reader(io.StringIO(ran([*words, "--format", "csv"], capsys)))
    assert len(rows) == len(data["lines"]) + len(data["unknown"])
    at = head.index("billed_cost")
    assert sum(float(row[at] or 0) for row in rows) == pytest.approx(data["billed"]["total"])
    billed = sum(line["billed_cost"] or 0 for line in data["lines"])
    assert billed + data["billed"]["unknown"] == pytest.approx(data["billed"]["total"])
    assert [entry["name"] for entry in data["inputs"]] == ["ingress", "fanout"]
    loaded = Scenario.load(scenario)
    calibration = kt.calibrate(loaded.workload, loaded.deployments[:1], loaded.book, bill)
    answer = {name: data.pop(name) for name in ("needs_price", "prices_read")}
    assert answer["needs_price"] == []
    assert calibration.to_dict() == data
    about = ["book", "as_of", "sha256", "needs_price", "oldest_price", "newest_price"]
    assert head == [*calibration.to_pandas().columns, *about]


def test_the_text_of_a_bill_is_shown_and_never_run(
    scenario: str, bill: str, capsys: pytest.CaptureFixture[str]
) -> None:
    words = [scenario, bill, "--deployment", "ours"]
    assert "\x1b" not in ran(words, capsys)
    assert "\x1b" not in ran([*words, "--format", "csv"], capsys)
    assert "\x1b" not in ran([*words, "--format", "json"], capsys)
    loaded = Scenario.load(scenario)
    calibration = kt.calibrate(loaded.workload, loaded.deployments[:1], loaded.book, bill)
    assert "<script" not in calibration._repr_html_()
    assert "&lt;script&gt;" in calibration._repr_html_()


def test_net_month_and_estimate(
    scenario: str, bill: str, capsys: pytest.CaptureFixture[str]
) -> None:
    words = [
        scenario,
        bill,
        "--deployment",
        "ours",
        "--net",
        "--month",
        "2025-02",
        "--estimate",
        "fanout",
        "--format",
        "json",
    ]
    data = json.loads(ran(words, capsys))
    assert data["costs"] == "net"
    assert data["billed"]["total"] == data["billed"]["net"] == data["billed"]["gross"] - 50
    assert [entry["name"] for entry in data["inputs"]] == ["fanout"]


def test_the_current_deployment_is_taken(
    scenario: str, bill: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with Path(scenario).open("a", encoding="utf-8") as file:
        file.write('[switching]\ncurrent = "ours"\n')
    assert json.loads(ran([scenario, bill, "--format", "json"], capsys))["deployments"] == ["ours"]


def test_two_bills_of_two_providers(
    scenario: str, bill: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    costs = str(confluent(tmp_path / "costs.json"))
    words = [scenario, bill, costs, "--deployment", "ours", "--deployment", "cloud"]
    out = ran(words, capsys)
    assert "confluent.standard.egress" in out
    assert "aws.msk.storage" in out


@pytest.mark.parametrize("language", ["en", "ko"])
@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (
            ["BILL"],
            "Which deployment is this bill for? Add --deployment ours or --deployment cloud.",
        ),
        (["BILL", "--deployment", "our"], "'ours'"),
        (["nowhere.csv", "--deployment", "ours"], "nowhere.csv"),
        (["BILL", "--deployment", "ours", "--month", "2025-03"], "2025-03"),
        (["BILL", "--deployment", "ours", "--estimate", "fanuot"], "'fanout'"),
        ([], "BILL"),
        (["BILL", "--format", "jsn"], "'json'"),
    ],
)
def test_mistakes(
    words: list[str],
    expected: str,
    language: str,
    scenario: str,
    bill: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    typed = [bill if word == "BILL" else word for word in words]
    assert main(["calibrate", scenario, *typed, "--lang", language]) == 2
    out, err = capsys.readouterr()
    assert not out
    assert "Traceback" not in err
    if language == "en" or expected.startswith("'"):
        assert expected in err


def test_titles_columns_and_notes_are_korean(
    scenario: str, bill: str, capsys: pytest.CaptureFixture[str]
) -> None:
    out = ran([scenario, bill, "--deployment", "ours", "--lang", "ko"], capsys)
    assert "ours: 2025-02 청구서와 모델" in out
    for english in (
        "residual",
        "left over",
        "estimated from",
        "billed less",
        "unknown meter",
        "calibrated",
        "the bill is for",
    ):
        assert english not in out
