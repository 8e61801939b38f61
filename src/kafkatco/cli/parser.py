"""The parser of the command line: help that teaches, and mistakes that name the nearest word."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NoReturn

from kafkatco.cli.console import spoken
from kafkatco.cli.help import guide
from kafkatco.errors import InputError, Problem, nearest
from kafkatco.output.i18n import LANGUAGES

__all__ = ["Parser", "add_command", "add_language", "asked_language"]


class _Help(argparse.RawDescriptionHelpFormatter):
    """Help in the language that is spoken."""

    def add_usage(self, usage: Any, actions: Any, groups: Any, prefix: str | None = None) -> None:
        super().add_usage(usage, actions, groups, spoken("usage: ") if prefix is None else prefix)

    def start_section(self, heading: str | None) -> None:
        super().start_section(heading and spoken(heading))

    def _get_help_string(self, action: argparse.Action) -> str | None:
        return action.help and spoken(action.help)


class Parser(argparse.ArgumentParser):
    """A parser whose mistakes read like all others, and whose help has examples."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"formatter_class": _Help, "allow_abbrev": False, **options})
        self.set_defaults(run=self._alone)

    def _alone(self, _: argparse.Namespace) -> None:
        self.print_help()

    def format_help(self) -> str:
        """Return the help, with its examples."""
        self.description = self.description and spoken(self.description)
        self.epilog = guide(self.prog.partition(" ")[2])
        return super().format_help()

    def error(self, message: str) -> NoReturn:
        """Raise :class:`~kafkatco.errors.InputError`, with the nearest valid word."""
        hint = ""
        if "invalid choice: '" in message:
            given, _, rest = message.partition("invalid choice: '")[2].partition("'")
            choices = rest.partition("choose from ")[2].rstrip(")").replace("'", "").split(", ")
            hint = nearest(given, choices, limit=20)
        raise InputError(
            "command", [Problem("arguments", message, f"see {self.prog} --help", hint)]
        )


def add_command(
    commands: Any, name: str, run: Callable[[argparse.Namespace], None], text: str
) -> argparse.ArgumentParser:
    """Add a command, with the options that all have, and return its parser."""
    sub: argparse.ArgumentParser = commands.add_parser(name, help=text, description=text)
    sub.set_defaults(run=run)
    add_language(sub)
    return sub


def add_language(parser: argparse.ArgumentParser) -> None:
    """Add ``--lang``."""
    parser.add_argument(
        "--lang",
        choices=LANGUAGES,
        default=argparse.SUPPRESS,
        help="language of tables, help and mistakes (or KAFKATCO_LANG; default: en)",
    )


def asked_language(words: Sequence[str], environ: Mapping[str, str]) -> str:
    """Return the language asked for: by ``--lang``, wherever it stands, or else by KAFKATCO_LANG.

    Known before anything else is read, so that also its mistakes are told in it.  Raises
    :class:`~kafkatco.errors.InputError` for a variable of another language.

    >>> asked_language(["bill", "--lang", "ko"], {}), asked_language(["bill"], {})
    ('ko', 'en')
    """
    first = argparse.ArgumentParser(add_help=False, allow_abbrev=False, exit_on_error=False)
    first.add_argument("--lang", nargs="?")
    given = first.parse_known_args(list(words))[0].lang
    if given in LANGUAGES:
        return str(given)
    named = environ.get("KAFKATCO_LANG") or "en"
    if named not in LANGUAGES:
        expected = " or ".join(map(repr, LANGUAGES))
        problem = Problem("KAFKATCO_LANG", repr(named), expected, nearest(named, LANGUAGES))
        raise InputError("environment", [problem])
    return named
