"""The parser of the command line: help that teaches, and mistakes that name the nearest word."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NoReturn

from kafkatco.cli.console import show, spoken
from kafkatco.cli.help import guide
from kafkatco.errors import InputError, Problem, nearest
from kafkatco.output.formats import FORMATS
from kafkatco.output.i18n import LANGUAGES

if TYPE_CHECKING:
    from kafkatco.core.result import Result

__all__ = ["Parser", "asked_language"]


class _Help(argparse.RawDescriptionHelpFormatter):
    """Help in the language that is spoken."""

    def add_usage(self, usage: Any, actions: Any, groups: Any, prefix: str | None = None) -> None:
        super().add_usage(usage, actions, groups, spoken("usage: ") if prefix is None else prefix)

    def start_section(self, heading: str | None) -> None:
        super().start_section(heading and spoken(heading))

    def _get_help_string(self, action: argparse.Action) -> str | None:
        return action.help and spoken(action.help)


class Parser(argparse.ArgumentParser):
    """A parser whose mistakes read like all others, and whose help has examples.

    ``arguments`` and ``commands`` list what it was given, for completion.
    """

    def __init__(self, **options: Any) -> None:
        self.arguments: list[argparse.Action] = []
        self.commands: list[Parser] = []
        super().__init__(**{"formatter_class": _Help, "allow_abbrev": False, **options})
        self.set_defaults(run=self._alone)

    def _alone(self, _: argparse.Namespace) -> None:
        self.print_help()

    def add_argument(self, *names: str, **options: Any) -> argparse.Action:
        """Add an argument, as argparse does, and list it."""
        action = super().add_argument(*names, **options)
        self.arguments.append(action)
        return action

    def add_commands(self, *, metavar: str, title: str) -> None:
        """Let the parser take commands, which :meth:`add_command` adds."""
        self._commands = self.add_subparsers(metavar=metavar, title=title)

    def add_command(
        self,
        name: str,
        run: Callable[[argparse.Namespace], None] | None,
        text: str,
        *,
        scenario: bool = False,
    ) -> Parser:
        """Add a command and return its parser; without ``run`` it has commands of its own."""
        sub: Parser = self._commands.add_parser(name, help=text, description=text)
        self.commands.append(sub)
        if run is not None:
            sub.set_defaults(run=run)
        sub.add_language()
        if scenario:
            sub.add_argument(
                "scenario",
                nargs="?",
                help="a scenario file (TOML), or one of the package by its name, such as "
                "every-kind; the article's if left out",
            )
        return sub

    def add_answer(
        self,
        name: str,
        answer: Callable[[argparse.Namespace], Result],
        text: str,
        *,
        scenario: bool = True,
    ) -> Parser:
        """Add a command that prints a result, in the format that is asked for."""
        sub = self.add_command(
            name, lambda arguments: show(arguments, answer(arguments)), text, scenario=scenario
        )
        sub.add_format()
        return sub

    def add_format(self) -> None:
        """Add ``--format``."""
        self.add_argument(
            "--format",
            choices=tuple(FORMATS),
            default="table",
            help="for people, or for programs (default: table)",
        )

    def add_language(self) -> None:
        """Add ``--lang``."""
        self.add_argument(
            "--lang",
            choices=LANGUAGES,
            default=argparse.SUPPRESS,
            help="language of tables, help and mistakes (or KAFKATCO_LANG; default: en)",
        )

    def format_help(self) -> str:
        """Return the help, with its examples."""
        self.description = self.description and spoken(self.description)
        self.epilog = guide(self.prog.partition(" ")[2])
        return super().format_help()

    def _check_value(self, action: argparse.Action, value: Any) -> None:
        """Raise :class:`~kafkatco.errors.InputError` for no valid choice, with the nearest one."""
        if action.choices is None or value in action.choices:
            return
        name = "/".join(action.option_strings) or str(action.metavar or action.dest)
        hint = nearest(str(value), map(str, action.choices), limit=20)
        expected = f"a valid value, see {self.prog} --help"
        raise InputError("command", [Problem(name, repr(value), expected, hint)])

    def error(self, message: str) -> NoReturn:
        """Raise :class:`~kafkatco.errors.InputError`."""
        raise InputError("command", [Problem("arguments", message, f"see {self.prog} --help")])


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
