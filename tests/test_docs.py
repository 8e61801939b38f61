"""What the documents say to type is understood."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from kafkatco.cli import parser
from kafkatco.refresh.sources import SOURCES

DOCS = sorted((Path(__file__).parents[1] / "docs").glob("*.md"))


def commands(text: str) -> list[list[str]]:
    """Return every command of the blocks of a document, up to where its output goes."""
    blocks = re.findall(r"```(?:sh|yaml)\n(.*?)```", text, re.DOTALL)
    lines = re.findall(r"(?:^|run: )(kafkatco .*)$", "\n".join(blocks), re.MULTILINE)
    return [shlex.split(line.partition(" > ")[0], comments=True) for line in lines]


@pytest.mark.parametrize("path", DOCS, ids=lambda path: path.name)
def test_commands_can_be_typed(path: Path) -> None:
    found = commands(path.read_text(encoding="utf-8"))
    assert found
    for _, *arguments in found:
        assert parser().parse_args(arguments).run


def test_every_source_and_its_keys_are_named() -> None:
    text = (DOCS[0].parent / "refreshing-prices.md").read_text(encoding="utf-8")
    for name, source in SOURCES.items():
        (line,) = (line for line in text.splitlines() if line.startswith(f"| `{name}` |"))
        assert all(f"`{key}`" in line for key in source().keys), name
        assert ("none" in line) is not bool(source().keys)
