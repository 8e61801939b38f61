"""The command line."""

from __future__ import annotations

import argparse
import io
import os
import sys
from collections.abc import Sequence
from typing import NoReturn

from kafkatco.cli.answers import add_answers
from kafkatco.cli.calibrate import add_calibrate
from kafkatco.cli.completion import add_completion
from kafkatco.cli.console import say, speaking
from kafkatco.cli.export import add_export
from kafkatco.cli.parser import Parser, asked_language
from kafkatco.cli.prices import add_prices
from kafkatco.cli.prices_add import add_add
from kafkatco.cli.prices_billed import add_billed
from kafkatco.cli.prices_refresh import add_refresh
from kafkatco.cli.progress import ending
from kafkatco.cli.report import add_report
from kafkatco.cli.uncertainty import add_uncertain
from kafkatco.errors import KafkatcoError, RefreshError

__all__ = ["main", "parser"]


class _Version(argparse.Action):
    """Print the version of the installed package, looked up only when asked for."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> NoReturn:
        from importlib.metadata import version

        print("kafkatco", version("kafkatco"))
        parser.exit()


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line; return 0, 1 where a refresh failed, or 2 for a user's mistake."""
    for stream in (sys.stdout, sys.stderr):  # a terminal that cannot show a letter shows a mark
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    words = sys.argv[1:] if argv is None else list(argv)
    try:
        language = asked_language(words, os.environ)
    except KafkatcoError as error:
        say(error.message)
        return 2
    with speaking(language), ending():
        return _run(words)


def _run(words: Sequence[str]) -> int:
    try:
        arguments = parser().parse_args(words)
        arguments.run(arguments)
        if sys.stdout is not None:  # closed before we began
            sys.stdout.flush()
    except KafkatcoError as error:
        say(error.message)
        return 1 if isinstance(error, RefreshError) else 2
    except BrokenPipeError:  # the reader of a pipe has seen enough
        sys.stdout = None
    except OSError as error:  # a full or closed output; what else can fail says so itself
        what = "write" if error.filename is None else f"use {str(error.filename)!r}"
        say(f"cannot {what}: {error.strerror}")
        sys.stdout = None
        return 2
    except KeyboardInterrupt:
        say("stopped")
        return 130
    return 0


def parser() -> Parser:
    """Return the parser of the command line."""
    root = Parser(
        prog="kafkatco",
        description="What it costs to run Apache Kafka, which way is cheapest, and from when.",
    )
    root.add_argument("--version", action=_Version, nargs=0, help="show the version and stop")
    root.add_language()
    root.add_commands(metavar="COMMAND", title="commands")
    add_answers(root)
    add_calibrate(root)
    add_uncertain(root)
    add_export(root)
    add_report(root)
    root.add_command("schema", _schema, "JSON Schema of the scenario file.")
    text = "The price tables: what they hold, what changed, whether they are whole."
    prices = root.add_command("prices", None, text)
    prices.add_commands(metavar="ACTION", title="actions")
    add_prices(prices)
    add_refresh(prices)
    add_add(prices)
    add_billed(prices)
    add_completion(root)

    def show_help(arguments: argparse.Namespace) -> None:
        root.parse_args([*arguments.words, "--help"])

    helping = root.add_command("help", show_help, "What a command answers, with examples.")
    helping.add_argument("words", nargs="*", metavar="COMMAND", help="such as bill, or prices show")
    return root


def _schema(_: argparse.Namespace) -> None:
    from kafkatco.output.json_text import json_text
    from kafkatco.scenario.schema import scenario_schema

    print(json_text(scenario_schema()), end="")
