"""What the documents show is so: their examples run, and give what stands beneath them.

A fenced block after a line that ends in a file's name, such as ``ours.toml``:, is that file; other
TOML is appended to the last one, at first to an ``ours.toml`` that is there. Python runs, as
doctests where it has prompts. Commands of the library run too, and print what a ``console`` block
shows; those that ask servers or people are only parsed.
"""

from __future__ import annotations

import contextlib
import doctest
import io
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import matplotlib.pyplot as plt
import pytest

import kafkatco
from kafkatco.cli.main import main, parser
from kafkatco.deployments import KINDS
from kafkatco.prices.refresh.registry import SOURCES
from kafkatco.sizing.quantities import COMPONENTS
from kafkatco.sizing.workload import Operands, Workload
from support.ours import OURS
from support.paths import ROOT

DOCS = ROOT / "docs"
SYSTEM = DOCS / "how-to" / "add-a-system.md"
PAGES = sorted([*ROOT.glob("*.md"), *DOCS.rglob("*.md"), ROOT / "pricing" / "README.md"], key=str)
FENCE = re.compile(r"(?:`([\w./-]+)`:\n\n)?^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
#: What is asked of servers or of a person at the keyboard.
ASKING = {"refresh", "add", "billed"}
FLAGS = doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS


def read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def commands(text: str) -> Iterator[list[str]]:
    """Yield the library's commands of a block, without the name and where the output goes."""
    for line in re.findall(r"^(?:\$ )?(?:.*run: )?(kafkatco .*)$", text, re.MULTILINE):
        yield shlex.split(line.partition(" > ")[0], comments=True)[1:]


def commands_named(text: str) -> list[str]:
    """Return the commands that a text names in backticks, such as "prices list"."""
    return re.findall(r"`kafkatco (prices [a-z]+|[a-z-]+)", text)


def by_main(arguments: list[str]) -> str:
    """Run a command in this process, and return what it prints."""
    with contextlib.redirect_stdout(io.StringIO()) as shown:
        assert main(arguments) == 0, arguments
    return shown.getvalue()


def play(page: Path, run: Callable[[list[str]], str]) -> int:
    """Do what a page shows, in the current folder; return how many blocks ran."""
    names: dict[str, object] = {"__name__": page.stem}
    file, ran = Path("ours.toml"), 0
    file.write_text(OURS, encoding="utf-8")
    for i, (name, language, text) in enumerate(FENCE.findall(read(page))):
        where = f"{page.name}, block {i + 1}"
        if name or language == "toml":
            file = Path(name or file)
            file.parent.mkdir(parents=True, exist_ok=True)
            with file.open("w" if name else "a", encoding="utf-8") as out:
                out.write(text)
        elif language == "python" and ">>>" in text:
            test = doctest.DocTestParser().get_doctest(text, names, where, str(page), 0)
            failed = doctest.DocTestRunner(optionflags=FLAGS).run(test, clear_globs=False)
            assert failed.failed == 0, f"{where}: see above"
            names.update(test.globs)
        elif language == "python":
            exec(compile(text, where, "exec"), names)  # our own documents
        elif language == "console":
            for shown in text.split("$ ")[1:]:
                line, _, expected = shown.partition("\n")
                [arguments] = commands(line)
                found = run(arguments)
                agrees = doctest.OutputChecker().check_output(expected, found, FLAGS)
                assert agrees, f"{where}: {line}\n{found}"
        elif language == "sh":
            for arguments in commands(text):
                if not ASKING & set(arguments):
                    run(arguments)
        else:
            continue
        ran += 1
    return ran


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_commands_can_be_typed(page: Path) -> None:
    for _, language, text in FENCE.findall(read(page)):
        if language in ("sh", "console", "yaml"):
            for arguments in commands(text):
                assert parser().parse_args(arguments).run


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_commands_in_the_text_exist(page: Path) -> None:
    for text in commands_named(read(page)):
        with pytest.raises(SystemExit) as stop:  # an unknown command raises InputError
            parser().parse_args([*text.split(), "--help"])
        assert stop.value.code == 0


def test_the_known_gaps_name_the_commands_that_use_probabilities() -> None:
    names = set(commands_named(read(DOCS / "known-gaps.md")))
    assert {"simulate", "break-even", "importance"} <= names


@pytest.mark.slow
@pytest.mark.parametrize(
    "page", [page for page in PAGES if page != SYSTEM], ids=lambda page: str(page.relative_to(ROOT))
)
def test_what_a_page_shows(
    page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    play(page, by_main)
    plt.close("all")
    assert "Traceback" not in capsys.readouterr().err


@pytest.mark.slow
def test_a_system_is_added_as_its_page_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for folder in ("src", "pricing"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "src"))

    def run(arguments: list[str]) -> str:
        done = subprocess.run(
            [sys.executable, "-m", *arguments], capture_output=True, text=True, env=os.environ
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    assert play(SYSTEM, lambda arguments: run(["kafkatco", *arguments])) >= 2
    [test] = Path().glob("tests/deployments/test_*.py")
    assert "3 passed" in run(["pytest", "-q", "-p", "no:cacheprovider", str(test)])


def row_of(page: Path, name: str) -> str:
    """Return the row of a page's table that begins with a name."""
    found = [line for line in read(page).splitlines() if line.startswith(f"| `{name}` |")]
    assert found, f"{page.name} has no row of {name!r}"
    return found[0]


def test_every_source_and_its_keys_are_named() -> None:
    for name, source in SOURCES.items():
        line = row_of(DOCS / "refreshing-prices.md", name)
        assert all(f"`{key}`" in line for key in source().keys), name
        assert ("none" in line) is not bool(source().keys)


def test_the_reference_has_every_public_name_and_no_other() -> None:
    text = "\n".join(read(page) for page in (DOCS / "api").glob("*.md"))
    listed = re.findall(r"^\.\. auto\w+:: kafkatco\.(\w+)$", text, re.MULTILINE)
    assert sorted(listed) == sorted(vars(kafkatco)["__all__"])


def test_the_nomenclature_has_every_operand_component_and_kind() -> None:
    text = read(DOCS / "nomenclature.md")
    for name in (*Operands.__slots__, *COMPONENTS):
        assert re.search(rf"^\|.*`{name}`.*\|", text, re.MULTILINE), name
    for name, model in KINDS.items():
        assert f"| `{name}` | {model.family} |" in text


@pytest.mark.parametrize("kind", KINDS)
def test_the_model_of_every_kind_is_explained(kind: str) -> None:
    assert f"{KINDS[kind].__name__}`" in read(DOCS / "model" / "kinds.md")


@pytest.mark.parametrize("kind", KINDS)
def test_what_a_kind_leaves_out_is_a_known_gap(kind: str) -> None:
    line = row_of(DOCS / "known-gaps.md", kind)
    load, model = Workload(ingress="1 MB/s").operands(), KINDS[kind]
    made = [model(region="any", **given) for given in model.examples]
    said = {words for item in made for words in (*item.leaves_out, *item.not_modelled(load))}
    assert said
    for words in said:
        assert words.endswith("(not set)") or words in line
