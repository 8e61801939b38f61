"""The command line."""

from __future__ import annotations

import argparse
import io
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NoReturn

from kafkatco.cli_add import add_add
from kafkatco.cli_answers import add_answers
from kafkatco.cli_billed import add_billed
from kafkatco.cli_export import add_export
from kafkatco.cli_prices import add_prices
from kafkatco.cli_refresh import add_refresh
from kafkatco.cli_results import add_results, load
from kafkatco.errors import InputError, KafkatcoError, Problem, RefreshError, nearest
from kafkatco.output import show_csv, show_json, show_tables

__all__ = ["main", "parser"]

EXAMPLES = """\
examples:
  kafkatco report                              the article's scenario, tested; writes report/
  kafkatco bill our.toml                       itemised monthly bills of your own scenario
  kafkatco crossovers our.toml --over fanout --from 1 --to 20
  kafkatco crossovers --from "0.1 TB/month" --to "1 PB/month" --format json
  kafkatco recommend our.toml --staff 1 --compliance "SOC 2"
  kafkatco plan our.toml                       which deployment when, and what moving costs
  kafkatco solve our.toml --mine ours --other msk-standard --over fanout --saving 0.6
  kafkatco map our.toml --x ingress --y salary --out map.png
  kafkatco export our.toml --as focus --month 2025-11 --to estimate.csv
  kafkatco prices show aws.msk.kafka.m7g.large --region ap-northeast-2
  kafkatco prices diff 2025-10-31 2026-10-31   every price that changed, in percent
  kafkatco prices refresh aws ecb --dry-run    what the providers' price lists say now
  kafkatco prices diff 2025-10-31 2026-10-31 --impact our.toml    and what that moves
  kafkatco schema > scenario.schema.json       for an editor that completes scenario files
"""


class _Parser(argparse.ArgumentParser):
    """A parser whose mistakes read like all others, with the nearest valid word."""

    def error(self, message: str) -> NoReturn:
        hint = ""
        if "invalid choice: '" in message:
            given, _, rest = message.partition("invalid choice: '")[2].partition("'")
            choices = rest.partition("choose from ")[2].rstrip(")").replace("'", "").split(", ")
            hint = nearest(given, choices, limit=20)
        raise InputError(
            "command", [Problem("arguments", message, f"see {self.prog} --help", hint)]
        )


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
    try:
        arguments = parser().parse_args(argv)
        arguments.run(arguments)
        if sys.stdout is not None:  # closed before we began
            sys.stdout.flush()
    except KafkatcoError as error:
        print(f"kafkatco: {error}", file=sys.stderr)
        return 1 if isinstance(error, RefreshError) else 2
    except BrokenPipeError:  # the reader of a pipe has seen enough
        sys.stdout = None
    except OSError as error:  # a full or closed output; what else can fail says so itself
        what = "write" if error.filename is None else f"use {str(error.filename)!r}"
        print(f"kafkatco: cannot {what}: {error.strerror}", file=sys.stderr)
        sys.stdout = None
        return 2
    except KeyboardInterrupt:
        print("kafkatco: stopped", file=sys.stderr)
        return 130
    return 0


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    parser = _Parser(
        prog="kafkatco",
        description="What it costs to run Apache Kafka, which way is cheapest, and from when.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("--version", action=_Version, nargs=0, help="show the version and stop")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def command(
        name: str, run: Callable[[argparse.Namespace], None], text: str, *, scenario: bool = True
    ) -> argparse.ArgumentParser:
        sub = _add(commands, name, run, text)
        if scenario:
            sub.add_argument(
                "scenario", nargs="?", help="scenario file (TOML); the article's if left out"
            )
        return sub

    def formats(sub: argparse.ArgumentParser) -> None:
        sub.add_argument("--format", choices=("table", "json", "csv"), default="table")

    add_results(command, formats)
    add_answers(command, formats)
    add_export(command)
    report = command("report", _report, "All of it, printed and written as CSV and PNG.")
    report.add_argument(
        "--out", metavar="DIR", help="folder to write to (default: report, and none with --html)"
    )
    report.add_argument(
        "--html",
        metavar="FILE",
        help="write one page that computes all of it in a browser",
    )
    formats(report)
    command("schema", _schema, "JSON Schema of the scenario file.", scenario=False)
    text = "The price tables: what they hold, what changed, whether they are whole."
    tables = commands.add_parser("prices", help=text, description=text, allow_abbrev=False)
    actions = tables.add_subparsers(required=True, metavar="ACTION")

    def on_prices(
        name: str, run: Callable[[argparse.Namespace], None], text: str
    ) -> argparse.ArgumentParser:
        return _add(actions, name, run, text)

    add_prices(on_prices, formats)
    add_refresh(on_prices)
    add_add(on_prices)
    add_billed(on_prices, formats)
    return parser


def _add(
    commands: Any, name: str, run: Callable[[argparse.Namespace], None], text: str
) -> argparse.ArgumentParser:
    sub: argparse.ArgumentParser = commands.add_parser(
        name, help=text, description=text, allow_abbrev=False
    )
    sub.set_defaults(run=run)
    return sub


def _report(arguments: argparse.Namespace) -> None:
    from kafkatco.report import report

    for option, given in (("--out", arguments.out), ("--html", arguments.html)):
        if given is not None and not given.strip():
            expected = "a folder to write to" if option == "--out" else "a file to write"
            raise InputError("command", [Problem(option, repr(given), expected)])
    made = report(load(arguments), article=arguments.scenario is None)
    folder = arguments.out or (None if arguments.html else "report")
    written = [] if folder is None else [*made.write(Path(folder))]
    if arguments.html:
        written.append(made.write_page(Path(arguments.html)))
    if arguments.format == "json":
        show_json({"written": [str(path) for path in written], **made.to_dict()})
    elif arguments.format == "csv":
        show_csv(["written"], [[str(path)] for path in written])
    else:
        if folder is not None:
            show_tables(made.tables())
        print("written: " + ", ".join(str(path) for path in written))
    if folder is not None and not any(path.suffix == ".png" for path in written):
        print("kafkatco: no picture: pip install 'kafkatco[plot]'", file=sys.stderr)


def _schema(_: argparse.Namespace) -> None:
    from kafkatco.schema import scenario_schema

    show_json(scenario_schema())
