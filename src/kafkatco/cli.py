"""The command line."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from kafkatco.errors import InputError, KafkatcoError, Problem, nearest

if TYPE_CHECKING:
    from kafkatco.scenario import Scenario
    from kafkatco.tables import Table

__all__ = ["main"]

EXAMPLES = """\
examples:
  kafkatco report                              the article's scenario, tested; writes report/
  kafkatco bill our.toml                       itemised monthly bills of your own scenario
  kafkatco crossovers our.toml --over fanout --from 1 --to 20
  kafkatco crossovers --from "0.1 TB/month" --to "1 PB/month" --format json
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


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line; return 0, or 2 for a user's mistake."""
    try:
        arguments = _parser().parse_args(argv)
        arguments.run(arguments)
        sys.stdout.flush()
    except KafkatcoError as error:
        print(f"kafkatco: {error}", file=sys.stderr)
        return 2
    except BrokenPipeError:  # the reader of a pipe has seen enough
        sys.stdout = None
    except KeyboardInterrupt:
        print("kafkatco: stopped", file=sys.stderr)
        return 130
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="kafkatco",
        description="What it costs to run Apache Kafka, which way is cheapest, and from when.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def command(
        name: str, run: Callable[[argparse.Namespace], None], text: str, *, scenario: bool = True
    ) -> argparse.ArgumentParser:
        sub = commands.add_parser(name, help=text, description=text)
        sub.set_defaults(run=run)
        if scenario:
            sub.add_argument(
                "scenario", nargs="?", help="scenario file (TOML); the article's if left out"
            )
        return sub

    def formats(sub: argparse.ArgumentParser) -> None:
        sub.add_argument("--format", choices=("table", "json", "csv"), default="table")

    def ends(sub: argparse.ArgumentParser) -> None:
        sub.add_argument("--from", dest="start", metavar="QUANTITY", default="0.1 TB/month")
        sub.add_argument("--to", dest="stop", metavar="QUANTITY", default="1 PB/month")

    formats(command("bill", _bill, "Itemised monthly bill of each deployment."))
    compare = command("compare", _compare, "Cost of each deployment against traffic.")
    formats(compare)
    ends(compare)
    sweep = command("crossovers", _crossovers, "Every crossing of each pair along one input.")
    formats(sweep)
    ends(sweep)
    sweep.add_argument("--over", default="ingress", help="the input to sweep (default: ingress)")
    formats(command("project", _project, "Cost month by month as traffic grows."))
    formats(
        command("claims", _claims, "The article's claims, each with a verdict.", scenario=False)
    )
    report = command("report", _report, "All of it, printed and written as CSV and PNG.")
    report.add_argument("--out", type=Path, default=Path("report"), metavar="DIR")
    command("schema", _schema, "JSON Schema of the scenario file.", scenario=False)
    return parser


def _load(arguments: argparse.Namespace) -> Scenario:
    from kafkatco.scenario import Scenario

    scenario = Scenario.load(arguments.scenario)
    if unpriced := scenario.not_modelled():
        print(f"kafkatco: asked for and not priced: {', '.join(unpriced)}", file=sys.stderr)
    return scenario


def _show(tables: Iterable[Table]) -> None:
    """Print tables: as wide as a terminal, or 140 columns where there is none."""
    from rich.console import Console

    console = Console(width=None if sys.stdout.isatty() else 140, highlight=False)
    for table in tables:
        console.print(table.to_rich())
        console.print()


def _json(value: Any) -> None:
    try:
        text = json.dumps(value, ensure_ascii=False, indent=2, allow_nan=False)
    except ValueError:
        raise KafkatcoError("a result is too large to be a number: check the inputs") from None
    print(text)


def _csv(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    from kafkatco.tables import csv_text

    print(csv_text(columns, list(rows)), end="")


def _bill(arguments: argparse.Namespace) -> None:
    from kafkatco.display import bills as display

    scenario = _load(arguments)
    bills = scenario.bills()
    if arguments.format == "json":
        _json(display.bills_dict(bills, scenario.not_modelled()))
    elif arguments.format == "csv":
        _csv(display.BILL_COLUMNS, [row for bill in bills for row in display.bill_rows(bill)])
    else:
        _show(display.bill_table(bill) for bill in bills)


def _compare(arguments: argparse.Namespace) -> None:
    from kafkatco.display import sweeps as display

    found = _swept(arguments, "ingress")
    rows = display.cost_rows(found)
    if arguments.format == "json":
        _json(
            {
                "prices": dict(found.prices), "currency": found.currency, "unit": found.axis.unit,
                "costs": [{"at": x, "cost": costs} for x, costs in rows],
                "open": {label: list(skus) for label, skus in found.open.items()},
            }
        )  # fmt: skip
    elif arguments.format == "csv":
        labels = list(found.curves)
        unit = f"{found.axis.name} [{found.axis.unit}]"
        _csv([unit, *labels], ([x, *(costs[label] for label in labels)] for x, costs in rows))
    else:
        _show([display.cost_table(found)])


def _swept(arguments: argparse.Namespace, over: str) -> Any:
    from kafkatco.sweep import crossovers

    scenario = _load(arguments)
    return crossovers(
        scenario.workload, scenario.deployments, scenario.book, over=over, start=arguments.start,
        stop=arguments.stop, month_hours=scenario.conventions.month_hours,
    )  # fmt: skip


def _crossovers(arguments: argparse.Namespace) -> None:
    from kafkatco.display import sweeps as display

    found = _swept(arguments, arguments.over)
    if arguments.format == "json":
        _json(found.to_dict())
    elif arguments.format == "csv":
        _csv(display.CROSSING_COLUMNS, display.crossing_rows(found))
    else:
        _show(display.crossovers_tables(found))


def _project(arguments: argparse.Namespace) -> None:
    from kafkatco.display.projections import projection_table
    from kafkatco.projection import project

    scenario = _load(arguments)
    settings = scenario.projection
    plan = project(
        scenario.workload, scenario.deployments, scenario.book, growth=scenario.growth,
        months=settings.months, discount_rate=settings.discount_rate,
        inflation=settings.inflation, month_hours=scenario.conventions.month_hours,
    )  # fmt: skip
    if arguments.format == "table":
        _show([projection_table(plan)])
        return
    frame = plan.to_pandas().astype(object)
    frame = frame.where(frame.notna(), None)
    if arguments.format == "json":
        _json({**plan.to_xarray().attrs, "rows": frame.to_dict(orient="records")})
    else:
        _csv(list(frame.columns), frame.to_numpy().tolist())


def _claims(arguments: argparse.Namespace) -> None:
    from kafkatco.article import LIST_REGIONS
    from kafkatco.verdicts import claims, claims_table

    found = claims()
    if arguments.format == "json":
        _json([claim.to_dict() for claim in found])
    elif arguments.format == "csv":
        columns = ["claim", "stated", "own", *LIST_REGIONS, "verdict", "because"]
        _csv(
            columns,
            (
                [c.key, c.stated, c.own, *(c.listed[r] for r in LIST_REGIONS), c.verdict, c.because]
                for c in found
            ),
        )
    else:
        _show([claims_table(found)])


def _report(arguments: argparse.Namespace) -> None:
    from kafkatco.report import report

    made = report(_load(arguments), article=arguments.scenario is None)
    written = made.write(arguments.out)
    _show(made.tables())
    print("written: " + ", ".join(str(path) for path in written))


def _schema(_: argparse.Namespace) -> None:
    from kafkatco.schema import scenario_schema

    _json(scenario_schema())
