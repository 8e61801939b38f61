"""Help: every command has examples, every example runs, and mistakes are short."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from kafkatco.analysis.axes import AXES
from kafkatco.cli.completion import list_arguments
from kafkatco.cli.help import EXAMPLES, guide, shipped
from kafkatco.cli.main import main, parser
from support.bill_samples import confluent, cur_rows, write_csv
from support.paths import ROOT
from support.plans import change, msk, plan

README = (ROOT / "README.md").read_text(encoding="utf-8")
#: The README's scenario with instances by name: examples that choose among all take minutes.
OURS = (
    "\n".join(re.findall(r"```toml\n(.*?)```", README, re.DOTALL))
    .replace('instance = "cheapest" ', 'instance = "m7g.xlarge"')
    .replace('kind = "msk-standard"', 'kind = "msk-standard"\ninstance = "kafka.m7g.large"')
)
#: A history of half a year.
TRAFFIC = "month,ingress [TB]\n" + "".join(f"2025-0{i},{9 + i}\n" for i in range(1, 8))
#: Examples that need a provider, or a person at the terminal: these are only parsed.
INTERACTIVE = ("prices refresh", "prices billed", "prices add confluent.basic.ecku")
TYPED = list(dict.fromkeys(typed for examples in EXAMPLES.values() for typed, _ in examples))
COMMANDS = {command for command, _ in list_arguments(parser())}


@pytest.mark.slow
@pytest.mark.parametrize("typed", TYPED)
def test_every_example_runs(
    typed: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("ours.toml").write_text(OURS, encoding="utf-8")
    Path("before.toml").write_text(OURS, encoding="utf-8")
    Path("traffic.csv").write_text(TRAFFIC, encoding="utf-8")
    plan(Path("plan.json"), change("events", msk(3), msk(6)))
    words = shlex.split(typed.partition(" > ")[0])
    if typed.startswith(INTERACTIVE) or typed == "init":
        assert parser().parse_args(words).run
        return
    if "own-prices" in words and "copy" not in words:
        assert main(["prices", "copy", "own-prices"]) == 0
        capsys.readouterr()
    if words[0] == "calibrate":
        write_csv(Path("bill.csv"), cur_rows())
        confluent(Path("costs.json"))
    if words[0] == "help":
        with pytest.raises(SystemExit) as stopped:
            main(words)
        assert stopped.value.code == 0
    else:
        assert main(words) == 0, capsys.readouterr().err
    if "--html" in words:  # the page is the result
        assert Path("ours.html").stat().st_size > 100_000
    else:
        assert capsys.readouterr().out


def test_every_command_has_examples_of_its_own() -> None:
    assert set(EXAMPLES) == COMMANDS
    for command, examples in EXAMPLES.items():
        for typed, result in examples:
            assert typed.startswith(command)
            assert result


@pytest.mark.parametrize("command", sorted(COMMANDS))
@pytest.mark.parametrize("language", ["en", "ko"])
def test_the_help_of_each_command_is_complete(
    command: str, language: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as stopped:
        main([*command.split(), "--help", "--lang", language])
    assert stopped.value.code == 0
    text = capsys.readouterr().out
    for typed, _ in EXAMPLES[command]:
        assert f"kafkatco {typed}" in text
    assert {"en": "exit status: 0", "ko": "종료 상태: 0"}[language] in text
    assert max(len(line) for line in guide(command).splitlines() if "kafkatco" not in line) <= 79


def test_the_help_of_a_sweep_lists_every_input() -> None:
    words = set(re.findall(r"\w+", guide("crossovers")))
    assert set(AXES) <= words


def test_the_help_lists_the_scenarios_of_the_package() -> None:
    assert shipped() == ["article", "every-kind"]
    assert "article, every-kind" in guide("bill")


@pytest.mark.parametrize("words", [[], ["prices"], ["--lang", "ko"]])
def test_a_bare_command_is_friendly(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(words) == 0
    printed = capsys.readouterr()
    assert "kafkatco prices" in printed.out or "kafkatco bill" in printed.out
    assert not printed.err


def test_help_of_an_unknown_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["help", "bil"]) == 2
    assert "Did you mean 'bill'?" in capsys.readouterr().err


def test_every_argument_of_map_has_a_help(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["map", "--help"])
    text = capsys.readouterr().out
    for words in (
        "the input of the x axis",
        "the input of the y axis",
        "least value of x",
        "greatest value of y",
    ):
        assert words in text


def test_export_has_no_option_format(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["export", "--help"])
    assert "--format" not in capsys.readouterr().out
