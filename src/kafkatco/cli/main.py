"""The command line."""

from __future__ import annotations

import argparse
import io
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NoReturn

from kafkatco.cli.answers import add_results, load
from kafkatco.cli.calibrate import add_calibrate
from kafkatco.cli.completion import add_completion
from kafkatco.cli.console import (
    say,
    show_csv,
    show_json,
    show_tables,
    speaking,
    spoken_language,
    tell,
)
from kafkatco.cli.export import add_export
from kafkatco.cli.fit import add_fit
from kafkatco.cli.more_answers import add_answers
from kafkatco.cli.parser import Parser, add_command, add_language, asked_language
from kafkatco.cli.prices import add_prices
from kafkatco.cli.prices_add import add_add
from kafkatco.cli.prices_billed import add_billed
from kafkatco.cli.prices_refresh import add_refresh
from kafkatco.cli.progress import ending
from kafkatco.cli.uncertainty import add_uncertain
from kafkatco.errors import InputError, KafkatcoError, Problem, RefreshError

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


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    parser = Parser(
        prog="kafkatco",
        description="What it costs to run Apache Kafka, which way is cheapest, and from when.",
    )
    parser.add_argument("--version", action=_Version, nargs=0, help="show the version and stop")
    add_language(parser)
    commands = parser.add_subparsers(metavar="COMMAND", title="commands")

    def command(
        name: str, run: Callable[[argparse.Namespace], None], text: str, *, scenario: bool = True
    ) -> argparse.ArgumentParser:
        sub = add_command(commands, name, run, text)
        if scenario:
            sub.add_argument(
                "scenario",
                nargs="?",
                help="a scenario file (TOML), or one of the package by its name, such as "
                "every-kind; the article's if left out",
            )
        return sub

    def formats(sub: argparse.ArgumentParser) -> None:
        sub.add_argument(
            "--format",
            choices=("table", "json", "csv"),
            default="table",
            help="for people, or for programs (default: table)",
        )

    add_results(command, formats)
    add_answers(command, formats)
    add_fit(command, formats)
    add_calibrate(command, formats)
    add_uncertain(command, formats)
    add_export(command)
    report = command("report", _report, "All of it, printed and written as CSV and PNG.")
    report.add_argument(
        "--out", metavar="DIR", help="folder to write to (default: report, and none with --html)"
    )
    report.add_argument(
        "--html", metavar="FILE", help="write one page that computes all of it in a browser"
    )
    formats(report)
    command("schema", _schema, "JSON Schema of the scenario file.", scenario=False)
    text = "The price tables: what they hold, what changed, whether they are whole."
    tables = commands.add_parser("prices", help=text, description=text)
    add_language(tables)
    actions = tables.add_subparsers(metavar="ACTION", title="actions")

    def on_prices(
        name: str, run: Callable[[argparse.Namespace], None], text: str
    ) -> argparse.ArgumentParser:
        return add_command(actions, name, run, text)

    add_prices(on_prices, formats)
    add_refresh(on_prices)
    add_add(on_prices)
    add_billed(on_prices, formats)
    add_completion(command)
    helping = command("help", _help, "What a command answers, with examples.", scenario=False)
    helping.add_argument("words", nargs="*", metavar="COMMAND", help="such as bill, or prices show")
    return parser


def _help(arguments: argparse.Namespace) -> None:
    parser().parse_args([*arguments.words, "--help"])


def _report(arguments: argparse.Namespace) -> None:
    from kafkatco.output.report import report

    for option, given in (("--out", arguments.out), ("--html", arguments.html)):
        if given is not None and not given.strip():
            expected = "a folder to write to" if option == "--out" else "a file to write"
            raise InputError("command", [Problem(option, repr(given), expected)])
    made = report(load(arguments), article=arguments.scenario is None)
    folder = arguments.out or (None if arguments.html else "report")
    written = [] if folder is None else [*made.write(Path(folder), language=spoken_language())]
    if arguments.html:
        written.append(made.write_page(Path(arguments.html), language=spoken_language()))
    if arguments.format == "json":
        show_json({"written": [str(path) for path in written], **made.to_dict()})
    elif arguments.format == "csv":
        show_csv(["written"], [[str(path)] for path in written])
    else:
        if folder is not None:
            show_tables(made.tables())
        tell("written: " + ", ".join(str(path) for path in written))
    if folder is not None and not any(path.suffix == ".png" for path in written):
        say("no picture: pip install 'kafkatco[plot]'")


def _schema(_: argparse.Namespace) -> None:
    from kafkatco.scenario.schema import scenario_schema

    show_json(scenario_schema())
