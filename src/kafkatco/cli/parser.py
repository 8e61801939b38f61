"""The parser of the command line: help with examples, and mistakes that name the nearest word."""

from __future__ import annotations

import argparse
import shlex
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NoReturn

from kafkatco.cli.console import show
from kafkatco.cli.help import guide
from kafkatco.cli.language import translated
from kafkatco.cli.start import FLAGS, WORKLOAD, option
from kafkatco.errors import InputError, Problem, either, nearest
from kafkatco.i18n.catalogue import LANGUAGES
from kafkatco.i18n.message import Message, _, verbatim
from kafkatco.output.formats import FORMATS

if TYPE_CHECKING:
    from kafkatco.core.result import Result

__all__ = ["Parser", "requested_language"]


class _Help(argparse.RawDescriptionHelpFormatter):
    """Help in the user's language."""

    def start_section(self, heading: str | None) -> None:
        super().start_section(heading and translated(heading))

    def _format_text(self, text: str) -> str:
        return super()._format_text(translated(text))

    def _get_help_string(self, action: argparse.Action) -> str | None:
        # argparse fills help in with %, and our messages are no such templates
        return action.help and translated(action.help).replace("%", "%%")


class Parser(argparse.ArgumentParser):
    """A parser whose mistakes read like all others, and whose help has examples.

    ``arguments`` and ``commands`` list its own, for completion.
    """

    def __init__(self, **options: Any) -> None:
        self.arguments: list[argparse.Action] = []
        self.commands: list[Parser] = []
        super().__init__(**{"formatter_class": _Help, "allow_abbrev": False, **options})
        self.set_defaults(run=self._show_help)

    def _show_help(self, _arguments: argparse.Namespace) -> None:
        self.print_help()

    def add_argument(self, *names: str, **options: Any) -> argparse.Action:
        """Add an argument, as argparse does, and list it."""
        action = super().add_argument(*names, **options)
        self.arguments.append(action)
        return action

    def add_commands(self, *, metavar: str, title: Message) -> None:
        """Let the parser take commands, which :meth:`add_command` adds."""
        self._commands = self.add_subparsers(metavar=metavar, title=title)

    def add_command(
        self,
        name: str,
        run: Callable[[argparse.Namespace], None] | None,
        text: Message,
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
                help=_(
                    "a scenario file (TOML), or the name of one in the package, such as "
                    "every-kind (default: the article's)"
                ),
            )
            sub.add_strict()
            sub.add_start(_("in place of a scenario file"))
        return sub

    def add_answer(
        self,
        name: str,
        answer: Callable[[argparse.Namespace], Result],
        text: Message,
        *,
        scenario: bool = True,
    ) -> Parser:
        """Add a command that prints a result, in the format of ``--format``."""
        sub = self.add_command(
            name, lambda arguments: show(arguments, answer(arguments)), text, scenario=scenario
        )
        sub.add_format()
        return sub

    def add_format(self) -> None:
        """Add ``--format``; a command that loads a scenario sets ``loaded``."""
        self.set_defaults(loaded=None)
        self.add_argument(
            "--format",
            choices=tuple(FORMATS),
            default="table",
            help=_("for people, or for programs (default: table)"),
        )

    def add_strict(self) -> None:
        """Add ``--strict``."""
        self.add_argument(
            "--strict",
            action="store_true",
            help=_("refuse a scenario with a deployment that needs your price"),
        )

    def add_start(self, title: Message) -> None:
        """Add the flags that make a first scenario."""
        group = self.add_argument_group(title)
        region = _("a region, or a city; repeatable (default: us-east-1)")
        for name, (metavar, text) in {**WORKLOAD, **FLAGS}.items():
            self.arguments.append(group.add_argument(option(name), metavar=metavar, help=text))
        self.arguments.append(
            group.add_argument("--region", action="append", metavar="NAME", help=region)
        )
        self.set_defaults(regions_limit=False)

    def add_language(self) -> None:
        """Add ``--lang``."""
        self.add_argument(
            "--lang",
            choices=LANGUAGES,
            default=argparse.SUPPRESS,
            help=_("language of tables, help and errors (or KAFKATCO_LANG; default: en)"),
        )

    def format_help(self) -> str:
        """Return the help, with its examples."""
        self.epilog = guide(self.prog.partition(" ")[2])
        return super().format_help()

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> tuple[Any, list[str]]:
        """Parse the arguments; refuse an unknown one here, by the parser that knows its options."""
        parsed, unknown = super().parse_known_args(args, namespace)
        if unknown and unknown[0].startswith("-"):
            word = unknown[0].partition("=")[0]
            options = [name for action in self.arguments for name in action.option_strings]
            self._fail(_("No option {word}", word=repr(word)), nearest(word, options, limit=0))
        elif unknown:
            self._fail(_("Unexpected argument {word}", word=repr(unknown[0])))
        return parsed, unknown

    def _check_value(self, action: argparse.Action, value: Any) -> None:
        """Raise :class:`~kafkatco.errors.InputError` for an invalid choice, with the nearest."""
        if action.choices is None or value in action.choices:
            return
        hint = nearest(str(value), map(str, action.choices), limit=20)
        if not isinstance(action, argparse._SubParsersAction):
            name = "/".join(action.option_strings) or str(action.metavar or action.dest)
            text = _("Invalid value {word} for {option}", word=repr(value), option=name)
            self._fail(text, hint)
        if str(value).endswith(".toml"):
            example = f"{self.prog} bill {shlex.quote(value)}"
            hint = _("Name a command before the scenario, such as: {example}", example=example)
        typed = " ".join([*self.prog.split()[1:], str(value)])
        self._fail(_("No command {word}", word=repr(typed)), hint)

    def error(self, message: str) -> NoReturn:
        """Raise :class:`~kafkatco.errors.InputError` for a mistake that argparse has found."""
        self._fail(verbatim(message))

    def _fail(self, sentence: Message, hint: Message | None = None) -> NoReturn:
        """Raise :class:`~kafkatco.errors.InputError`; without a hint it names the help."""
        hint = hint or _("See {command} --help.", command=self.prog)
        raise InputError("", [Problem("", "", sentence, hint)])


def requested_language(words: Sequence[str], environ: Mapping[str, str]) -> str:
    """Return the language of ``--lang``, wherever it stands, or else of KAFKATCO_LANG.

    It is found before anything else is read, so that mistakes are in that language too.  Raises
    :class:`~kafkatco.errors.InputError` if the variable has another value.

    >>> requested_language(["bill", "--lang", "ko"], {}), requested_language(["bill"], {})
    ('ko', 'en')
    """
    first = argparse.ArgumentParser(add_help=False, allow_abbrev=False, exit_on_error=False)
    first.add_argument("--lang", nargs="?")
    option = first.parse_known_args(list(words))[0].lang
    if option in LANGUAGES:
        return str(option)
    variable = environ.get("KAFKATCO_LANG") or "en"
    if variable not in LANGUAGES:
        expected, hint = either(map(repr, LANGUAGES)), nearest(variable, LANGUAGES)
        raise InputError("", [Problem("KAFKATCO_LANG", repr(variable), expected, hint)])
    return variable
