"""The command that prints bills, costs, crossovers and projections, and writes them to files."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Final

from kafkatco.cli.answers import load
from kafkatco.cli.console import print_note
from kafkatco.cli.language import current_language
from kafkatco.cli.parser import Parser
from kafkatco.errors import InputError, Problem
from kafkatco.i18n.message import _

if TYPE_CHECKING:
    from kafkatco.output.report import ReportFiles

__all__ = ["add_report"]

PLOT: Final = "pip install 'kafkatco[plot]'"


def add_report(parser: Parser) -> None:
    """Add the command."""
    text = _("Print bills, costs, crossovers and projections, and write them as CSV and PNG.")
    report = parser.add_answer("report", _report, text)
    report.add_argument(
        "--out", metavar="DIR", help=_("folder to write to (default: report, or none with --html)")
    )
    report.add_argument(
        "--html", metavar="FILE", help=_("write one page that computes everything in a browser")
    )


def _report(arguments: argparse.Namespace) -> ReportFiles:
    from kafkatco.output.report import ReportFiles, report

    for option, path in (("--out", arguments.out), ("--html", arguments.html)):
        if path is not None and not path.strip():
            expected = _("a folder to write to") if option == "--out" else _("a file to write")
            raise InputError("", [Problem(option, repr(path), expected)])
    result = report(
        load(arguments), article=arguments.scenario is None and arguments.ingress is None
    )
    folder = arguments.out or (None if arguments.html else "report")
    written = [] if folder is None else [*result.write(Path(folder), language=current_language())]
    if arguments.html:
        written.append(result.write_page(Path(arguments.html), language=current_language()))
    print_note(_("written: {files}", files=", ".join(map(str, written))))
    if folder is not None and not any(path.suffix == ".png" for path in written):
        print_note(_("no pictures without matplotlib: {command}", command=PLOT))
    return ReportFiles(result, tuple(written), shown=folder is not None)
