"""The command line."""

from __future__ import annotations

import argparse
import io
import os
import sys
from collections.abc import Sequence
from typing import NoReturn

from kafkatco.cli.answers import add_answers
from kafkatco.cli.assumptions import add_assumptions
from kafkatco.cli.calibrate import add_calibrate
from kafkatco.cli.completion import add_completion
from kafkatco.cli.console import print_note
from kafkatco.cli.diff import add_diff
from kafkatco.cli.export import add_export
from kafkatco.cli.init import add_init
from kafkatco.cli.language import language_set_to
from kafkatco.cli.parser import Parser, requested_language
from kafkatco.cli.prices import add_prices
from kafkatco.cli.prices_add import add_add
from kafkatco.cli.prices_billed import add_billed
from kafkatco.cli.prices_refresh import add_refresh
from kafkatco.cli.progress import ending
from kafkatco.cli.report import add_report
from kafkatco.cli.uncertainty import add_uncertain
from kafkatco.errors import KafkatcoError, LimitError, RefreshError
from kafkatco.i18n.message import _

__all__ = ["main", "parser"]


class _Version(argparse.Action):
    """Print the version of the installed package, which is looked up here and not before."""

    def __call__(self, parser: argparse.ArgumentParser, *_arguments: object) -> NoReturn:
        from importlib.metadata import version

        print("kafkatco", version("kafkatco"))
        parser.exit()


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line; return its exit status.

    That is 0; 1 if a refresh failed; 2 for a user's mistake; 3 if a cost increases beyond a limit,
    and 4 if that is unknown.
    """
    for stream in (sys.stdout, sys.stderr):  # a character that the terminal lacks becomes a mark
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    words = sys.argv[1:] if argv is None else list(argv)
    try:
        language = requested_language(words, os.environ)
    except KafkatcoError as error:
        print_note(error.message)
        return 2
    with language_set_to(language), ending():
        return _run(words)


def _run(words: Sequence[str]) -> int:
    try:
        arguments = parser().parse_args(words)
        arguments.run(arguments)
        if sys.stdout is not None:  # it may have been closed before the start
            sys.stdout.flush()
    except KafkatcoError as error:
        print_note(error.message)
        if isinstance(error, LimitError):
            return 3 if error.beyond else 4
        return 1 if isinstance(error, RefreshError) else 2
    except BrokenPipeError:  # the reader of a pipe has read enough
        sys.stdout = None
    except OSError as error:  # the output is full or closed; other failures raise KafkatcoError
        if error.filename is None:
            print_note(_("cannot write: {reason}", reason=error.strerror))
        else:
            file = repr(str(error.filename))
            print_note(_("cannot use {file}: {reason}", file=file, reason=error.strerror))
        sys.stdout = None
        return 2
    except KeyboardInterrupt:
        print_note(_("stopped"))
        return 130
    return 0


def parser() -> Parser:
    """Return the parser of the command line."""
    root = Parser(
        prog="kafkatco",
        description=_("What it costs to run Apache Kafka, which way is cheapest, and from when."),
    )
    root.add_argument("--version", action=_Version, nargs=0, help=_("print the version and exit"))
    root.add_language()
    root.add_commands(metavar="COMMAND", title=_("commands"))
    add_init(root)
    add_answers(root)
    add_assumptions(root)
    add_calibrate(root)
    add_diff(root)
    add_uncertain(root)
    add_export(root)
    add_report(root)
    root.add_command("schema", _schema, _("Print the JSON Schema of the scenario file."))
    text = _("Look up, compare, check and refresh the price tables.")
    prices = root.add_command("prices", None, text)
    prices.add_commands(metavar="ACTION", title=_("actions"))
    add_prices(prices)
    add_refresh(prices)
    add_add(prices)
    add_billed(prices)
    add_completion(root)

    def show_help(arguments: argparse.Namespace) -> None:
        root.parse_args([*arguments.words, "--help"])

    helping = root.add_command("help", show_help, _("Show the help of a command, with examples."))
    helping.add_argument(
        "words", nargs="*", metavar="COMMAND", help=_("such as bill, or prices show")
    )
    return root


def _schema(_arguments: argparse.Namespace) -> None:
    from kafkatco.output.json_text import json_text
    from kafkatco.scenario.schema import scenario_schema

    print(json_text(scenario_schema()), end="")
