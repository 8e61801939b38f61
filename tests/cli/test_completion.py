"""Shell completion, in a real shell."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from kafkatco.cli.main import main

ASK = """
source "$1"; shift
COMP_WORDS=("$@"); COMP_CWORD=$(( $# - 1 )); COMPREPLY=()
by=$(complete -p kafkatco | sed 's/.*-F \\([^ ]*\\).*/\\1/')
"$by" kafkatco "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD-1]}"
printf '%s\\n' "${COMPREPLY[@]}"
"""


@pytest.mark.skipif(shutil.which("bash") is None, reason="needs bash")
@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("cro", {"crossovers"}),
        ("bill --format c", {"csv"}),
        ("bill --lang k", {"ko"}),
        ("bill e", {"every-kind"}),
        ("bill ou", {"ours.toml"}),
        ("crossovers --over fan", {"fanout"}),
        ("map --y sal", {"salary"}),
        ("solve ours.toml --mine event-hubs-s", {"event-hubs-standard"}),
        ("report --html our", {"ours.csv", "ours.toml"}),
        ("export --to ours.c", {"ours.csv"}),
        ("prices sh", {"show"}),
        ("prices refresh bank", {"bank-of-korea"}),
        ("prices show aws.msk.kafka.t3", {"aws.msk.kafka.t3.small"}),
        ("prices list fx.usd.kr", {"fx.usd.krw"}),
        ("completion z", {"zsh"}),
        ("init --now event-hubs-s", {"event-hubs-standard"}),
        ("bill --now redp", {"redpanda-serverless"}),
        ("init --from our", {"ours.csv", "ours.toml"}),
    ],
)
def test_bash_completes(
    typed: str, expected: set[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["completion", "bash"]) == 0
    script = tmp_path / "completion.bash"
    script.write_text(capsys.readouterr().out, encoding="utf-8")
    (tmp_path / "ours.toml").touch()
    (tmp_path / "ours.csv").touch()
    done = subprocess.run(
        ["bash", "--norc", "-c", ASK, "ask", str(script), "kafkatco", *typed.split(" ")],
        capture_output=True,
        text=True,
        check=True,
        cwd=tmp_path,
    )
    assert set(done.stdout.split()) == expected
    assert not done.stderr


@pytest.mark.parametrize("shell", ["zsh", "tcsh"])
def test_other_shells_get_a_script(shell: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["completion", shell]) == 0
    text = capsys.readouterr().out
    assert "every-kind" in text or shell == "tcsh"
    assert "crossovers" in text


def test_an_unknown_shell_is_a_mistake(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["completion", "basch"]) == 2
    assert "Did you mean 'bash'" in capsys.readouterr().err
