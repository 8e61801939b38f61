"""The commands that answer a question about a scenario, each with a result."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kafkatco.cli.console import say, spoken, spoken_language
from kafkatco.cli.parser import Parser
from kafkatco.cli.progress import begin, tracking
from kafkatco.core.files import replace_file
from kafkatco.errors import InputError, Problem

if TYPE_CHECKING:
    from kafkatco.analysis.crossovers import Crossovers
    from kafkatco.analysis.decision_map import DecisionMap
    from kafkatco.analysis.recommend import Recommendation
    from kafkatco.analysis.sensitivity import Sensitivity
    from kafkatco.analysis.solve import Solution
    from kafkatco.article import Claims
    from kafkatco.article.computed import CostComparison
    from kafkatco.planning.growth.fit import Fit
    from kafkatco.scenario.scenario import Scenario

__all__ = ["add_answers", "add_pair", "leave_out_credits", "load"]


def add_answers(parser: Parser) -> None:
    """Add the commands."""
    parser.add_answer(
        "bill", lambda x: load(x).bills(), "Itemised monthly bill of each deployment."
    )
    text = "Cost of each deployment against traffic, beside the article's matrix."
    _add_ends(parser.add_answer("compare", _compare, text))
    text = "Every crossing of each pair along one input."
    sweep = parser.add_answer("crossovers", _crossovers, text)
    _add_ends(sweep)
    sweep.add_argument("--over", default="ingress", help="the input to sweep (default: ingress)")
    text = "Cost month by month as traffic grows."
    parser.add_answer("project", lambda x: load(x).project(), text)
    text = "The article's claims, each with a verdict."
    parser.add_answer("claims", _claims, text, scenario=False)
    _add_recommend(parser)
    text = "The least-cost path over time, and what else would cost."
    parser.add_answer("plan", lambda x: load(x).plan(), text)
    text = "Parts of the workload, each where all together cost least."
    parser.add_answer("place", lambda x: load(x).place(), text)
    _add_solve(parser)
    text = "What would change the winner, or the break-even."
    add_pair(parser.add_answer("sensitivity", _sensitivity, text), required=False)
    _add_map(parser)
    _add_fit(parser)


def load(arguments: argparse.Namespace) -> Scenario:
    """Return the scenario that a command is given."""
    begin(spoken("computing"))
    from kafkatco.scenario.scenario import Scenario

    return Scenario.load(arguments.scenario)


def leave_out_credits(scenario: Scenario) -> None:
    """Say that credits are not in a monthly cost, if the scenario has some."""
    if any(deployment.credit is not None for deployment in scenario.deployments):
        say("credits are paid once, and are left out here")


def add_pair(sub: Parser, *, required: bool) -> None:
    """Add the two options that are compared."""
    sub.add_argument("--mine", required=required, metavar="NAME", help="the option that saves")
    sub.add_argument("--other", required=required, metavar="NAME", help="the option it replaces")


def _add_ends(sub: Parser) -> None:
    sub.add_argument("--from", dest="start", metavar="QUANTITY", help="where the sweep begins")
    sub.add_argument("--to", dest="stop", metavar="QUANTITY", help="where it ends")


def _compare(arguments: argparse.Namespace) -> CostComparison:
    from kafkatco.article.computed import compare

    scenario = load(arguments)
    leave_out_credits(scenario)
    return compare(scenario, start=arguments.start, stop=arguments.stop)


def _crossovers(arguments: argparse.Namespace) -> Crossovers:
    scenario = load(arguments)
    leave_out_credits(scenario)
    return scenario.crossovers(over=arguments.over, start=arguments.start, stop=arguments.stop)


def _claims(_: argparse.Namespace) -> Claims:
    from kafkatco.article import claims

    begin(spoken("computing"))
    return claims()


def _add_recommend(parser: Parser) -> None:
    text = "What to take: constraints, then cost, then the guide."
    sub = parser.add_answer("recommend", _recommend, text)
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


def _recommend(arguments: argparse.Namespace) -> Recommendation:
    changes = {
        "staff": arguments.staff,
        "multi_region": arguments.multi_region or None,
        "on_premises_only": arguments.on_premises_only or None,
        "compliance": arguments.compliance,
        "clouds": arguments.cloud,
        "regions": arguments.region,
    }
    return load(arguments).recommend(
        **{name: value for name, value in changes.items() if value is not None}
    )


def _add_solve(parser: Parser) -> None:
    text = "What an input must be, so that one option saves so much."
    sub = parser.add_answer("solve", _solve, text)
    add_pair(sub, required=True)
    sub.add_argument("--over", required=True, metavar="INPUT", help="the unknown")
    sub.add_argument(
        "--saving", type=float, default=0.0, metavar="SHARE", help="0.6 is 60 %%; 0: break even"
    )
    sub.add_argument("--at", metavar="QUANTITY", help="the ingress at which, such as '10 TB/month'")
    sub.add_argument("--from", dest="start", metavar="QUANTITY", help="least value to look at")
    sub.add_argument("--to", dest="stop", metavar="QUANTITY", help="greatest value to look at")


def _solve(arguments: argparse.Namespace) -> Solution:
    return load(arguments).solve_for(
        arguments.mine,
        arguments.other,
        over=arguments.over,
        saving=arguments.saving,
        at=arguments.at,
        start=arguments.start,
        stop=arguments.stop,
    )


def _sensitivity(arguments: argparse.Namespace) -> Sensitivity:
    from kafkatco.analysis.sensitivity import Sensitivity

    scenario = load(arguments)
    track = tracking(spoken("inputs"))
    switches = scenario.switching_values(track=track)
    if not arguments.mine and not arguments.other:
        return Sensitivity(switches)
    moves = scenario.tornado(arguments.mine or "", arguments.other or "", track=track)
    return Sensitivity(switches, moves)


def _add_map(parser: Parser) -> None:
    sub = parser.add_answer("map", _map, "Who is cheapest over two inputs.")
    for axis, default, where in (("x", "ingress", "across"), ("y", "salary", "upwards")):
        sub.add_argument(
            f"--{axis}",
            default=default,
            metavar="INPUT",
            help=f"the input {where} (default: {default})",
        )
        for end, which in (("from", "least"), ("to", "greatest")):
            sub.add_argument(f"--{axis}-{end}", metavar="QUANTITY", help=f"{which} value of {axis}")
    sub.add_argument("--rows", type=int, default=21, help="values of y (default: 21)")
    sub.add_argument("--out", metavar="FILE", help="write a picture as well")


def _map(arguments: argparse.Namespace) -> DecisionMap:
    chart = load(arguments).decision_map(
        x=arguments.x,
        y=arguments.y,
        x_ends=(arguments.x_from, arguments.x_to),
        y_ends=(arguments.y_from, arguments.y_to),
        rows=arguments.rows,
        track=tracking(spoken("rows of the map")),
    )
    if arguments.out is not None:
        _write_picture(chart, arguments.out)
    return chart


def _write_picture(chart: Any, out: str) -> None:
    from kafkatco.output.plots import figure

    if Path(out).suffix not in (".png", ".svg", ".pdf"):
        raise InputError("command", [Problem("--out", repr(out), "a file .png, .svg or .pdf")])
    drawn, axes = figure("")
    chart.plot(axes[0], language=spoken_language())
    replace_file(Path(out), lambda path: drawn.savefig(path, dpi=120, format=Path(out).suffix[1:]))


def _add_fit(parser: Parser) -> None:
    text = "How traffic has grown, and where that leads, with how sure that is."
    sub = parser.add_answer("fit", _fit, text, scenario=False)
    sub.add_argument(
        "history", metavar="TRAFFIC.csv", help="a CSV file with the columns month and ingress"
    )
    sub.add_argument(
        "--method",
        choices=("walk", "trend"),
        default="walk",
        help="random walk with drift, or log-linear trend (default: walk)",
    )
    sub.add_argument(
        "--months", type=int, default=36, metavar="N", help="how far to look (default: 36)"
    )


def _fit(arguments: argparse.Namespace) -> Fit:
    begin(spoken("computing"))
    from kafkatco.planning.growth.fit import fit_growth

    return fit_growth(arguments.history, method=arguments.method, months=arguments.months)
