"""An option without a price is left out of every answer, is named, and silences no other."""

import csv
import io
import json
import tomllib
from pathlib import Path
from typing import Any

import pytest

from kafkatco import InputError, MissingPriceError, Scenario, SelfHosted, bill
from kafkatco.cli.main import main
from kafkatco.output.page import page
from kafkatco.output.report import report
from support.ours import LACKING, OURS, UNPARTED

STORAGE, THROUGHPUT = (f"azure.disk.premium-ssd-v2.{meter}" for meter in ("storage", "throughput"))
LINES = (f'"{STORAGE}" = "... USD/GiB/hour"', f'"{THROUGHPUT}" = "... USD/(MB/s)/hour"')
OWN = f"""
[prices.override]
"{STORAGE}" = "0.0001 USD/GiB/hour"
"{THROUGHPUT}" = "0.0001 USD/(MB/s)/hour"
"""
#: The commands on a scenario, with what they need.
COMMANDS = {
    "bill": (),
    "compare": (),
    "compare --assumptions": ("--assumptions", "bare"),
    "crossovers": (),
    "project": (),
    "recommend": (),
    "plan": (),
    "place": (),
    "solve": ("--mine", "msk", "--other", "basic", "--over", "salary", "--from", "0"),
    "sensitivity": (),
    "map": ("--rows", "2"),
    "simulate": ("--draws", "64"),
    "break-even": ("--mine", "msk", "--other", "basic", "--draws", "64"),
    "importance": ("--draws", "64"),
}


def data(text: str) -> dict[str, Any]:
    return tomllib.loads(text)


@pytest.fixture
def lacking(tmp_path: Path) -> str:
    path = tmp_path / "lacking.toml"
    path.write_text(OURS + LACKING, encoding="utf-8")
    return str(path)


def test_the_others_are_answered_as_without_it() -> None:
    scenario = Scenario.from_dict(data(UNPARTED + LACKING))
    alone = Scenario.from_dict(data(UNPARTED))
    assert alone.needs_price == ()
    assert scenario.deployments == alone.deployments
    assert scenario.bills().to_dict() == alone.bills().to_dict()
    [one] = scenario.needs_price
    assert (one.name, one.kind, one.region) == ("on Azure", "self-hosted", "koreacentral")
    assert one.lines == LINES
    assert [STORAGE in str(one.problems[0]), THROUGHPUT in str(one.problems[1])] == [True, True]


def test_the_lines_with_amounts_are_all_that_it_needs() -> None:
    scenario = Scenario.from_dict(data(UNPARTED + OWN + LACKING))
    assert scenario.needs_price == ()
    assert [bill.name for bill in scenario.bills()] == ["msk", "basic", "on Azure"]
    assert scenario.bills()[2].total is not None


@pytest.mark.parametrize("strict", [True, False])
def test_it_is_an_error_if_strict_and_without_any_other(strict: bool) -> None:
    text = UNPARTED + LACKING if strict else UNPARTED.partition("[[deployment]]")[0] + LACKING
    with pytest.raises(InputError) as caught:
        Scenario.from_dict(data(text), strict=strict)
    assert [problem.where for problem in caught.value.problems] == ["deployment 'on Azure'"] * 2
    assert [STORAGE in str(caught.value), THROUGHPUT in str(caught.value)] == [True, True]


def test_an_explicit_call_raises_the_missing_price() -> None:
    scenario = Scenario.from_dict(data(UNPARTED))
    azure = SelfHosted(cloud="azure", region="koreacentral")
    with pytest.raises(MissingPriceError, match=STORAGE):
        bill(scenario.workload, [*scenario.deployments, azure], scenario.book)


def test_a_region_without_prices() -> None:
    text = '[[deployment]]\nkind = "msk-express"\nregion = "ap-northeast-9"\n'
    [one] = Scenario.from_dict(data(UNPARTED + text)).needs_price
    assert one.region == "ap-northeast-9"
    assert one.prices.keys() >= {"aws.msk.express-data-in", "aws.msk.express-storage"}
    assert "Did you mean 'ap-northeast-" in one.hint


@pytest.mark.parametrize("region", ["us-esat-1", "Seoul"])
def test_a_mistake_of_typing_is_an_error(region: str) -> None:
    text = f'[[deployment]]\nkind = "msk-express"\nregion = "{region}"\n'
    with pytest.raises(InputError, match="Did you mean"):
        Scenario.from_dict(data(UNPARTED + text))


def test_another_problem_of_the_option_stays_an_error() -> None:
    text = LACKING + 'instance = "Standard_X9"\n'
    with pytest.raises(InputError, match=r"instance: got 'Standard_X9'"):
        Scenario.from_dict(data(UNPARTED + text))


def ends_of(text: str) -> set[tuple[str, ...]]:
    """Return what ends the rows of a CSV file: options without a price, and dates of prices."""
    columns = ("needs_price", "oldest_price", "newest_price")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert tuple(rows[0])[-3:] == columns
    return {tuple(row[name] for name in columns) for row in rows}


def test_each_row_of_a_csv_names_it_and_the_age_of_prices(
    lacking: str, capsys: pytest.CaptureFixture[str]
) -> None:
    read = Scenario.load(lacking).prices_read
    assert read is not None
    for command in ("bill", "crossovers"):
        assert main([command, lacking, "--format", "csv"]) == 0
        ends = ("on Azure", read.oldest.isoformat(), read.newest.isoformat())
        assert ends_of(capsys.readouterr().out) == {ends}


@pytest.mark.slow
@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_names_it_in_every_format(
    command: str, lacking: str, capsys: pytest.CaptureFixture[str]
) -> None:
    name, *_ = command.split()
    for form in ("table", "json", "csv", "markdown"):
        assert main([name, lacking, *COMMANDS[command], "--format", form]) == 0
        out, err = capsys.readouterr()
        assert err.count("on Azure (self-hosted, koreacentral) needs your price") == 1
        assert all(line in err for line in LINES)
        if form == "table":
            assert all(line in out for line in LINES)
            assert out.count("prices read ") == 1
        elif form == "markdown":
            assert "options that need your price" in out
        elif form == "json":
            [one] = json.loads(out)["needs_price"]
            assert [price["sku"] for price in one["prices"]] == [STORAGE, THROUGHPUT]
        else:
            assert {name for name, *_ in ends_of(out)} == {"on Azure"}
    assert main([name, lacking, *COMMANDS[command], "--strict"]) == 2
    assert STORAGE in capsys.readouterr().err


def test_the_csv_of_bills_has_a_row_for_each_price(
    lacking: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["bill", lacking, "--format", "csv"]) == 0
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    named = [row for row in rows if row["component"] == "needs your price"]
    assert [(row["deployment"], row["sku"], row["note"]) for row in named] == [
        ("on Azure", STORAGE, LINES[0]),
        ("on Azure", THROUGHPUT, LINES[1]),
    ]
    assert {row["cost"] for row in named} == {""}


def test_export_names_it(lacking: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["export", lacking, "--to", str(tmp_path / "bill.csv")]) == 0
    assert LINES[0] in capsys.readouterr().err
    assert main(["export", lacking, "--to", str(tmp_path / "bill.csv"), "--strict"]) == 2


def test_the_impact_of_a_change_of_prices_names_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "lacking.toml"
    path.write_text(UNPARTED + LACKING, encoding="utf-8")
    assert main(["prices", "diff", "2025-10-31", "2026-10-31", "--impact", str(path)]) == 0
    err = capsys.readouterr().err
    assert err.count("on Azure (self-hosted, koreacentral) needs") == 1
    assert err.count("labour is not set for basic: its cost is without people") == 1


def test_an_option_of_a_command_that_names_it(
    lacking: str, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["solve", lacking, "--mine", "on Azure", "--other", "basic", "--over", "salary"]
    assert main(words) == 2
    err = capsys.readouterr().err
    assert "--mine: got 'on Azure'; expected a deployment with a price" in err
    assert LINES[0] in err


def test_the_report_and_the_page_name_it() -> None:
    scenario = Scenario.from_dict(data(UNPARTED + LACKING))
    rows = list(
        csv.DictReader(io.StringIO(report(scenario, article=False).files()["needs-price.csv"]))
    )
    assert [(row["deployment"], row["sku"]) for row in rows] == [
        ("on Azure", STORAGE),
        ("on Azure", THROUGHPUT),
    ]
    html = page({"ours": scenario}, fanouts=[1])
    embedded = html.partition('id="data">')[2].partition("</script>")[0]
    [case] = json.loads(embedded)["cases"]
    assert [one["lines"] for one in case["needs_price"]] == [list(LINES)]
    alone = report(Scenario.from_dict(data(UNPARTED)), article=False)
    assert "needs-price.csv" not in alone.files()


def test_a_plan_from_an_option_without_a_price() -> None:
    rules = '[switching]\ncurrent = "on Azure"\n'
    scenario = Scenario.from_dict(data(UNPARTED + rules + LACKING))
    assert len(scenario.bills()) == 2
    with pytest.raises(InputError, match=r"switching\.current: got 'on Azure'.*needs your price"):
        scenario.plan()


def test_its_months_do_not_matter_to_a_plan() -> None:
    rules = (
        '[switching]\nlead_months = { "on Azure" = 3 }\ncommitted_months = { "on Azure" = 12 }\n'
    )
    with_rules = Scenario.from_dict(data(UNPARTED + rules + LACKING)).plan()
    assert with_rules.to_dict() == Scenario.from_dict(data(UNPARTED)).plan().to_dict()


def test_parts_that_may_run_on_it() -> None:
    either = OURS + 'only = ["on Azure", "basic"]\n' + LACKING
    placed = Scenario.from_dict(data(either)).place()
    assert placed.assigned["trial"] == "basic"
    no_other = OURS + 'only = ["on Azure"]\n' + LACKING
    with pytest.raises(InputError, match=r"part 'trial'\.only: got 'on Azure'.*needs your price"):
        Scenario.from_dict(data(no_other)).place()


def test_in_korean(lacking: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bill", lacking, "--lang", "ko"]) == 0
    out, err = capsys.readouterr()
    assert "자체 가격이 필요해 제외한 선택지" in out
    assert "on Azure(self-hosted, koreacentral): 자체 가격이 필요해 제외했습니다" in err
