"""Every format shows every result."""

import csv
import io
import json
from collections.abc import Callable
from dataclasses import replace
from importlib import import_module
from typing import Any

import pytest

import kafkatco as kt
from kafkatco.cli.main import main, parser
from kafkatco.core.result import records
from kafkatco.output.formats import FORMATS, render
from kafkatco.scenario.scenario import Scenario

ANSWERS: dict[str, Callable[[Scenario], Any]] = {
    "bill": lambda scenario: scenario.bills()[0],
    "bills": lambda scenario: scenario.bills(),
    "projection": lambda scenario: scenario.project(),
    "switching values": lambda scenario: scenario.switching_values(["fanout"]),
}


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return Scenario.load()


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("answer", ANSWERS)
def test_every_format_shows_every_result(form: str, answer: str, scenario: Scenario) -> None:
    text = "".join(render(ANSWERS[answer](scenario), form))
    assert text.endswith("\n")
    assert len(text.splitlines()) > 1


@pytest.mark.parametrize("answer", ANSWERS)
def test_json_and_csv_are_the_values_and_the_rows(answer: str, scenario: Scenario) -> None:
    result = ANSWERS[answer](scenario)
    assert json.loads("".join(render(result, "json"))) == json.loads(json.dumps(result.to_dict()))
    head, *rows = csv.reader(io.StringIO("".join(render(result, "csv", "ko"))))
    columns, values = records(result)
    assert (head, len(rows)) == (columns, len(values))
    assert columns[-3:] == ["book", "as_of", "sha256"]


@pytest.mark.parametrize("form", FORMATS)
def test_a_module_renders_each_format(form: str) -> None:
    assert callable(import_module(f"kafkatco.output.{FORMATS[form]}").render)


def test_every_command_that_answers_takes_every_format() -> None:
    root = parser()
    every = [*root.commands, *(sub for command in root.commands for sub in command.commands)]
    choices = {
        command.prog: action.choices
        for command in every
        for action in command.arguments
        if "--format" in action.option_strings
    }
    assert len(choices) > 20
    assert set(choices.values()) == {tuple(FORMATS)}


def test_a_number_that_json_cannot_hold_is_an_error(scenario: Scenario) -> None:
    bill = scenario.bills()[2]
    huge = replace(bill, lines=(replace(bill.lines[0], cost=float("inf")),))
    with pytest.raises(kt.KafkatcoError, match="a result overflowed"):
        "".join(render(huge, "json"))


def test_an_unknown_format_names_the_nearest(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bill", "--format", "jsno"]) == 2
    assert "Invalid value 'jsno' for --format" in (error := capsys.readouterr().err)
    assert "Did you mean 'json'?" in error
