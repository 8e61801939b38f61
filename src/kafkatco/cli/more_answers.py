"""The commands that answer beyond a bill: recommend, plan, place, solve, sensitivity, map."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kafkatco.cli.answers import load, show
from kafkatco.cli.console import show_csv, show_json, show_tables, spoken, spoken_language
from kafkatco.cli.progress import tracking
from kafkatco.core.files import replace_file
from kafkatco.errors import InputError, Problem

if TYPE_CHECKING:
    from kafkatco.analysis.sensitivity import Moves

__all__ = ["add_answers", "pair"]

Add = Callable[[str, Callable[[argparse.Namespace], None], str], argparse.ArgumentParser]


def add_answers(add: Add, formats: Callable[[argparse.ArgumentParser], None]) -> None:
    """Add the commands; ``add`` makes one that reads a scenario, ``formats`` adds --format."""
    _add_recommend(add, formats)
    formats(add("plan", _plan, "The least-cost path over time, and what else would cost."))
    formats(add("place", _place, "Parts of the workload, each where all together cost least."))
    solve = add("solve", _solve, "What an input must be, so that one option saves so much.")
    formats(solve)
    pair(solve, required=True)
    solve.add_argument("--over", required=True, metavar="INPUT", help="the unknown")
    solve.add_argument(
        "--saving", type=float, default=0.0, metavar="SHARE", help="0.6 is 60 %%; 0: break even"
    )
    solve.add_argument(
        "--at", metavar="QUANTITY", help="the ingress at which, such as '10 TB/month'"
    )
    solve.add_argument("--from", dest="start", metavar="QUANTITY", help="least value to look at")
    solve.add_argument("--to", dest="stop", metavar="QUANTITY", help="greatest value to look at")
    moves = add("sensitivity", _sensitivity, "What would change the winner, or the break-even.")
    formats(moves)
    pair(moves, required=False)
    chart = add("map", _map, "Who is cheapest over two inputs.")
    formats(chart)
    for axis, default, where in (("x", "ingress", "across"), ("y", "salary", "upwards")):
        chart.add_argument(
            f"--{axis}",
            default=default,
            metavar="INPUT",
            help=f"the input {where} (default: {default})",
        )
        for end, which in (("from", "least"), ("to", "greatest")):
            chart.add_argument(
                f"--{axis}-{end}", metavar="QUANTITY", help=f"{which} value of {axis}"
            )
    chart.add_argument("--rows", type=int, default=21, help="values of y (default: 21)")
    chart.add_argument("--out", metavar="FILE", help="write a picture as well")


def pair(sub: argparse.ArgumentParser, *, required: bool) -> None:
    """Add the two options that are compared."""
    sub.add_argument("--mine", required=required, metavar="NAME", help="the option that saves")
    sub.add_argument("--other", required=required, metavar="NAME", help="the option it replaces")


def _add_recommend(add: Add, formats: Callable[[argparse.ArgumentParser], None]) -> None:
    sub = add("recommend", _recommend, "What to take: constraints, then cost, then the guide.")
    formats(sub)
    sub.add_argument(
        "--staff", type=float, metavar="FTE", help="people at hand (instead of [profile])"
    )
    sub.add_argument("--multi-region", action="store_true", help="copy to another region")
    sub.add_argument("--on-premises-only", action="store_true", help="no data leaves them")
    for option, what in (
        ("--compliance", "a certificate that is required, such as 'SOC 2'"),
        ("--cloud", "a cloud that comes into question"),
        ("--region", "a region that comes into question"),
    ):
        sub.add_argument(option, action="append", metavar="NAME", help=f"{what}; repeatable")


def _recommend(arguments: argparse.Namespace) -> None:
    from kafkatco.output.views import recommendation as display

    given = {
        "staff": arguments.staff,
        "multi_region": arguments.multi_region or None,
        "on_premises_only": arguments.on_premises_only or None,
        "compliance": arguments.compliance,
        "clouds": arguments.cloud,
        "regions": arguments.region,
    }
    found = load(arguments).recommend(
        **{name: value for name, value in given.items() if value is not None}
    )
    if arguments.format == "json":
        show_json(found.to_dict())
    elif arguments.format == "csv":
        show_csv(display.RECOMMENDATION_COLUMNS, display.recommendation_rows(found))
    else:
        show_tables([display.recommendation_table(found)])


def _plan(arguments: argparse.Namespace) -> None:
    from kafkatco.output.views.plan import PLAN_COLUMNS, plan_rows, plan_tables

    found = load(arguments).plan()
    if arguments.format == "json":
        show_json(found.to_dict())
    elif arguments.format == "csv":
        show_csv(PLAN_COLUMNS, plan_rows(found))
    else:
        show_tables(plan_tables(found))


def _place(arguments: argparse.Namespace) -> None:
    from kafkatco.output.views import solution as display

    found = load(arguments).place()
    show(
        arguments,
        display.placement_dict(found),
        display.PLACEMENT_COLUMNS,
        display.placement_rows(found),
        [display.placement_table(found)],
    )


def _solve(arguments: argparse.Namespace) -> None:
    from kafkatco.output.views import solution as display

    found = load(arguments).solve_for(
        arguments.mine,
        arguments.other,
        over=arguments.over,
        saving=arguments.saving,
        at=arguments.at,
        start=arguments.start,
        stop=arguments.stop,
    )
    show(
        arguments,
        display.solution_dict(found),
        display.SOLUTION_COLUMNS,
        display.solution_rows(found),
        [display.solution_table(found)],
    )


def _sensitivity(arguments: argparse.Namespace) -> None:
    from kafkatco.output.views import solution as display

    scenario = load(arguments)
    track = tracking(spoken("inputs"))
    switches = scenario.switching_values(track=track)
    tables = [display.switch_table(switches)]
    moves: Moves | tuple[()] = ()
    if arguments.mine or arguments.other:
        moves = scenario.tornado(arguments.mine or "", arguments.other or "", track=track)
        tables.append(display.tornado_table(moves))
    show(
        arguments,
        display.sensitivity_dict(switches, moves),
        display.SWITCH_COLUMNS,
        display.switch_rows(switches),
        tables,
    )


def _map(arguments: argparse.Namespace) -> None:
    from kafkatco.output.views import solution as display

    found = load(arguments).decision_map(
        x=arguments.x,
        y=arguments.y,
        x_ends=(arguments.x_from, arguments.x_to),
        y_ends=(arguments.y_from, arguments.y_to),
        rows=arguments.rows,
        track=tracking(spoken("rows of the map")),
    )
    if arguments.out is not None:
        _picture(found, arguments.out)
    show(
        arguments,
        found.to_dict(),
        display.MAP_COLUMNS,
        display.map_rows(found),
        [display.map_table(found)],
    )


def _picture(found: Any, out: str) -> None:
    from kafkatco.output.plots import figure

    if Path(out).suffix not in (".png", ".svg", ".pdf"):
        raise InputError("command", [Problem("--out", repr(out), "a file .png, .svg or .pdf")])
    drawn, axes = figure("")
    found.plot(axes[0], language=spoken_language())
    replace_file(Path(out), lambda path: drawn.savefig(path, dpi=120, format=Path(out).suffix[1:]))
