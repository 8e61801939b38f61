"""What the README shows runs as it stands there."""

import re
import shlex
from pathlib import Path

import matplotlib.pyplot as plt
import pytest

from kafkatco import claims
from kafkatco.article import article, names
from kafkatco.cli import main
from kafkatco.verdicts.claim import FIRST

README = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")


#: What the commands read and write.
WRITTEN = ("ours.toml", "report", "map.png", "own-prices", "estimate.csv")


def block(language: str) -> str:
    """Return the blocks of a language, one after another."""
    return "\n".join(re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL))


def test_the_scenario_and_the_commands(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "ours.toml").write_text(block("toml"), encoding="utf-8")
    lines = [line for line in block("sh").splitlines() if line.startswith("kafkatco ")]
    commands = [shlex.split(line, comments=True) for line in lines]
    assert len(commands) >= 15
    for name, *arguments in commands:
        assert name == "kafkatco"
        swap = {name: str(tmp_path / name) for name in WRITTEN}
        command, *rest = arguments
        assert main([command, *(swap.get(word, word) for word in rest)]) == 0, arguments
    assert "Traceback" not in capsys.readouterr().err


def test_the_python_lines() -> None:
    names: dict[str, object] = {}
    exec(block("python"), names)  # our own README
    assert names["plan"] is not None
    plt.close("all")


FOUND = {claim.key: claim for claim in claims()}


@pytest.mark.parametrize("figure", ["28.4 times", "52 TB", "68 to 98", "14 %", "232 TB", "401 TB"])
def test_its_figures_are_those_of_the_claims(figure: str) -> None:
    _, msk, confluent = names(article())
    pays, saves = FOUND["break-even"].numbers[FIRST], FOUND["saving"].numbers[FIRST]
    readers = pays["against"][msk]["fanout_at_10_tb"]
    staff = FOUND["staff"].numbers[FIRST]
    shown = {
        f"{readers[0][0]:.1f} times", f"{pays['cheapest_tb'][0][0]:.0f} TB",
        f"{saves[confluent]['fanout_at_10_tb'][0][0]:.0f} to "
        f"{int(saves[confluent]['fanout_at_10_tb'][0][1])}",
        f"{saves[msk]['greatest']:.0%}".replace("%", " %"),
        f"{staff['2'][0][0]:.0f} TB", f"{staff['3'][0][0]:.0f} TB",
    }  # fmt: skip
    assert len(readers) == len(pays["cheapest_tb"]) == 1  # from there on, and for good
    assert figure in README
    assert figure in shown
