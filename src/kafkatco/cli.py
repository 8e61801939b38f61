"""The command line."""

from __future__ import annotations

import argparse
import io
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from kafkatco.cli_add import add_add
from kafkatco.cli_answers import add_answers
from kafkatco.cli_billed import add_billed
from kafkatco.cli_prices import add_prices
from kafkatco.cli_refresh import add_refresh
from kafkatco.errors import InputError, KafkatcoError, Problem, RefreshError, nearest
from kafkatco.output import show_csv, show_json, show_tables

if TYPE_CHECKING:
    from kafkatco.scenario import Scenario
    from kafkatco.sweep import Crossovers

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

    def ends(sub: argparse.ArgumentParser) -> None:
        sub.add_argument("--from", dest="start", metavar="QUANTITY", help="where the sweep begins")
        sub.add_argument("--to", dest="stop", metavar="QUANTITY", help="where it ends")

    formats(command("bill", _bill, "Itemised monthly bill of each deployment."))
    compare = command(
        "compare", _compare, "Cost of each deployment against traffic, beside the article's matrix."
    )
    formats(compare)
    ends(compare)
    sweep = command("crossovers", _crossovers, "Every crossing of each pair along one input.")
    formats(sweep)
    ends(sweep)
    sweep.add_argument("--over", default="ingress", help="the input to sweep (default: ingress)")
    formats(command("project", _project, "Cost month by month as traffic grows."))
    add_answers(command, formats)
    formats(
        command("claims", _claims, "The article's claims, each with a verdict.", scenario=False)
    )
    report = command("report", _report, "All of it, printed and written as CSV and PNG.")
    report.add_argument(
        "--out", default="report", metavar="DIR", help="folder to write to (default: report)"
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


def _load(arguments: argparse.Namespace) -> Scenario:
    from kafkatco.scenario import Scenario

    return Scenario.load(arguments.scenario)


def _bill(arguments: argparse.Namespace) -> None:
    from kafkatco.display import bills as display

    scenario = _load(arguments)
    bills = scenario.bills()
    if arguments.format == "json":
        show_json(display.bills_dict(bills))
    elif arguments.format == "csv":
        show_csv(display.BILL_COLUMNS, [row for bill in bills for row in display.bill_rows(bill)])
    else:
        show_tables(display.bill_table(bill) for bill in bills)


def _compare(arguments: argparse.Namespace) -> None:
    from kafkatco.display import sweeps as display
    from kafkatco.guide.computed import computed_rows, computed_table
    from kafkatco.guide.matrix import matrix_dict, matrix_table

    scenario, found = _swept(arguments, "ingress")
    rows = display.cost_rows(found)
    computed = computed_rows(scenario.deployments, scenario.bills(), found, scenario.month_hours)
    if arguments.format == "json":
        show_json(
            {
                "prices": dict(found.prices), "currency": found.currency, "unit": found.axis.unit,
                "costs": [{"at": x, "cost": costs} for x, costs in rows],
                "open": {label: list(skus) for label, skus in found.open.items()},
                "computed": computed,
                "article_matrix": matrix_dict(),
            }
        )  # fmt: skip
    elif arguments.format == "csv":
        show_csv(display.COST_COLUMNS, display.cost_csv_rows(found))
    else:
        table = computed_table(computed, found.currency)
        show_tables([display.cost_table(found), matrix_table(), table])


def _swept(arguments: argparse.Namespace, over: str) -> tuple[Scenario, Crossovers]:
    scenario = _load(arguments)
    if any(item.credit is not None for item in scenario.deployments):
        print("kafkatco: credits are paid once, and are left out here", file=sys.stderr)
    return scenario, scenario.crossovers(over=over, start=arguments.start, stop=arguments.stop)


def _crossovers(arguments: argparse.Namespace) -> None:
    from kafkatco.display import sweeps as display

    _, found = _swept(arguments, arguments.over)
    if arguments.format == "json":
        show_json(found.to_dict())
    elif arguments.format == "csv":
        show_csv(display.CROSSING_COLUMNS, display.crossing_rows(found))
    else:
        show_tables(display.crossovers_tables(found))


def _project(arguments: argparse.Namespace) -> None:
    from kafkatco.display.projections import PROJECTION_COLUMNS, projection_rows, projection_table

    plan = _load(arguments).project()
    if arguments.format == "table":
        show_tables([projection_table(plan)])
    elif arguments.format == "csv":
        show_csv(PROJECTION_COLUMNS, projection_rows(plan))
    else:
        about = plan.to_xarray().attrs
        own = PROJECTION_COLUMNS[: PROJECTION_COLUMNS.index("currency")]
        rows = [dict(zip(own, row, strict=False)) for row in projection_rows(plan)]
        prices = {name: about[name] for name in ("book", "as_of", "sha256", "capacity_sha256")}
        settings = {name: about[name] for name in ("discount_rate", "inflation", "floors")}
        show_json({"prices": prices, "currency": about["currency"], **settings, "rows": rows})


def _claims(arguments: argparse.Namespace) -> None:
    from kafkatco.verdicts import claims, claims_table
    from kafkatco.verdicts.claim import CLAIM_COLUMNS, claim_rows

    found = claims()
    if arguments.format == "json":
        show_json([claim.to_dict() for claim in found])
    elif arguments.format == "csv":
        show_csv(CLAIM_COLUMNS, claim_rows(found))
    else:
        show_tables([claims_table(found)])


def _report(arguments: argparse.Namespace) -> None:
    from kafkatco.report import report

    if not arguments.out.strip():
        raise InputError("command", [Problem("--out", "''", "a folder to write to")])
    made = report(_load(arguments), article=arguments.scenario is None)
    written = made.write(Path(arguments.out))
    if arguments.format == "json":
        show_json({"written": [str(path) for path in written], **made.to_dict()})
    elif arguments.format == "csv":
        show_csv(["written"], [[str(path)] for path in written])
    else:
        show_tables(made.tables())
        print("written: " + ", ".join(str(path) for path in written))
    if not any(path.suffix == ".png" for path in written):
        print("kafkatco: no picture: pip install 'kafkatco[plot]'", file=sys.stderr)


def _schema(_: argparse.Namespace) -> None:
    from kafkatco.schema import scenario_schema

    show_json(scenario_schema())
