"""The command that prints and writes all of it."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from kafkatco.cli.answers import load
from kafkatco.cli.console import say, spoken_language
from kafkatco.cli.parser import Parser
from kafkatco.errors import InputError, Problem

if TYPE_CHECKING:
    from kafkatco.output.report import ReportFiles

__all__ = ["add_report"]


def add_report(parser: Parser) -> None:
    """Add the command."""
    text = "All of it, printed and written as CSV and PNG."
    report = parser.add_answer("report", _report, text)
    report.add_argument(
        "--out", metavar="DIR", help="folder to write to (default: report, and none with --html)"
    )
    report.add_argument(
        "--html", metavar="FILE", help="write one page that computes all of it in a browser"
    )


def _report(arguments: argparse.Namespace) -> ReportFiles:
    from kafkatco.output.report import ReportFiles, report

    for option, path in (("--out", arguments.out), ("--html", arguments.html)):
        if path is not None and not path.strip():
            expected = "a folder to write to" if option == "--out" else "a file to write"
            raise InputError("command", [Problem(option, repr(path), expected)])
    made = report(load(arguments), article=arguments.scenario is None)
    folder = arguments.out or (None if arguments.html else "report")
    written = [] if folder is None else [*made.write(Path(folder), language=spoken_language())]
    if arguments.html:
        written.append(made.write_page(Path(arguments.html), language=spoken_language()))
    say("written: " + ", ".join(str(path) for path in written))
    if folder is not None and not any(path.suffix == ".png" for path in written):
        say("no picture: pip install 'kafkatco[plot]'")
    return ReportFiles(made, tuple(written), shown=folder is not None)
