"""The texts of argparse go through our catalogue, whatever the version of Python."""

from __future__ import annotations

import argparse
import contextlib
import gettext
import re

import pytest

from kafkatco.cli import argparse_texts
from kafkatco.cli.argparse_texts import TEXTS, argparse_language
from kafkatco.cli.main import main
from kafkatco.i18n.catalogue import catalogue

#: Arguments that make argparse use its texts: help, and one mistake of each kind.
ARGUMENTS = (
    ["--help"],
    ["bill", "--help"],
    ["solve", "--mine", "a"],
    ["map", "--rows", "many"],
    ["map", "--rows"],
    ["calibrate", "ours.toml"],
    ["recommend", "--multi-region=yes"],
    ["prices", "refresh", "--impact", "a", "--no-impact"],
)


class Marked(gettext.NullTranslations):
    """A catalogue whose translation of a text is the text in brackets."""

    def __init__(self) -> None:
        super().__init__()
        self.looked_up: set[str] = set()

    def gettext(self, message: str) -> str:
        self.looked_up.add(message)
        return f"[{message}]"

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return self.gettext(msgid1 if n == 1 else msgid2)


@pytest.fixture
def marked(monkeypatch: pytest.MonkeyPatch) -> Marked:
    texts = Marked()
    monkeypatch.setattr(argparse_texts, "catalogue", lambda language: texts)
    return texts


def test_every_text_that_a_user_can_meet_is_in_the_list(
    marked: Marked, capsys: pytest.CaptureFixture[str]
) -> None:
    for arguments in ARGUMENTS:
        with contextlib.suppress(SystemExit):  # of help
            main(arguments)
    printed = capsys.readouterr()
    assert printed.out.startswith("[usage: ]kafkatco")
    assert "[options]" in printed.out
    assert "[[argument" not in printed.err
    assert "kafkatco: [the following arguments are required: --other, --over]" in printed.err
    assert "kafkatco: [argument --rows: [invalid int value: 'many']]" in printed.err
    known = {text for message in TEXTS for text in (message.template, message.plural)}
    assert marked.looked_up <= known
    assert len(marked.looked_up) > 8


@pytest.mark.usefixtures("marked")
def test_argparse_has_its_own_lookups_again_afterwards() -> None:
    before = vars(argparse)["_"], vars(argparse)["ngettext"]
    with contextlib.suppress(ZeroDivisionError), argparse_language("ko"):
        assert vars(argparse)["_"]("options") == "[options]"
        raise ZeroDivisionError
    assert (vars(argparse)["_"], vars(argparse)["ngettext"]) == before


def test_a_version_of_argparse_without_lookups_is_left_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delattr(argparse, "_")
    with argparse_language("ko"):
        assert "_" not in vars(argparse)


@pytest.mark.parametrize("text", TEXTS, ids=str)
def test_a_translation_has_the_same_placeholders(text: str) -> None:
    placeholder = re.compile(r"%(?:\(\w+\))?[a-z]")
    korean = catalogue("ko").gettext(text)
    assert sorted(placeholder.findall(korean)) == sorted(placeholder.findall(text))
