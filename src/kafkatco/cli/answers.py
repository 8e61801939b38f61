"""The commands that answer a question about a scenario, each with a result."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kafkatco.cli.console import print_note
from kafkatco.cli.language import current_language
from kafkatco.cli.parser import Parser
from kafkatco.cli.progress import begin, tracking
from kafkatco.cli.start import scenario_of
from kafkatco.core.files import replace_file
from kafkatco.errors import InputError, Problem
from kafkatco.i18n.message import _, verbatim

if TYPE_CHECKING:
    from kafkatco.analysis.assumption_comparison import AssumptionComparison
    from kafkatco.analysis.crossovers import Crossovers
    from kafkatco.analysis.decision_map import DecisionMap
    from kafkatco.analysis.levers import Levers, Tuned
    from kafkatco.analysis.recommend import Recommendation
    from kafkatco.analysis.sensitivity import Sensitivity
    from kafkatco.analysis.solve import Solution
    from kafkatco.article import ClaimConditions, Claims
    from kafkatco.article.computed import CostComparison
    from kafkatco.costing.bill import Bills
    from kafkatco.planning.growth.fit import Fit
    from kafkatco.scenario.scenario import Scenario

__all__ = ["add_answers", "add_ends", "add_pair", "leave_out_credits", "load", "note_needs"]


def add_answers(parser: Parser) -> None:
    """Add the commands."""
    text = _("Show the itemised monthly bill of each deployment.")
    parser.add_answer("bill", _bill, text)
    text = _("Show what would make each option cheaper, alone and together.")
    parser.add_answer("levers", _levers, text)
    text = _("Compare costs over a range of traffic, next to the article's matrix.")
    sub = parser.add_answer("compare", _compare, text)
    add_ends(sub)
    sub.add_argument(
        "--assumptions",
        metavar="SETS",
        help=_("compare under sets of assumptions instead: all, or names such as bare,akalculator"),
    )
    sub.add_argument(
        "--tuned",
        action="store_true",
        help=_("compare each option at its best for the same service instead"),
    )
    sub.add_argument(
        "--commitments", action="store_true", help=_("with --tuned: also committed for a term")
    )
    text = _("Find where the cheaper of two options changes along one input.")
    sweep = parser.add_answer("crossovers", _crossovers, text)
    add_ends(sweep)
    sweep.add_argument("--over", default="ingress", help=_("the input to vary (default: ingress)"))
    text = _("Project costs month by month as traffic grows.")
    parser.add_answer("project", lambda x: load(x).project(), text)
    text = _("Check the article's claims, and give a verdict on each.")
    sub = parser.add_answer("claims", _claims, text, scenario=False)
    text = _("size clusters at list prices under this set (default: production)")
    sub.add_argument("--assumptions", metavar="NAME", default="production", help=text)
    text = _("what each of twelve conditions does to the break-even (takes longer)")
    sub.add_argument("--conditions", action="store_true", help=text)
    _add_recommend(parser)
    text = _("Plan the least-cost path over time, and what the alternatives would cost.")
    parser.add_answer("plan", lambda x: load(x).plan(), text)
    text = _("Place the parts of the workload where they cost least together.")
    parser.add_answer("place", lambda x: load(x).place(), text)
    _add_solve(parser)
    text = _("Show which changes would make another option cheapest, or move the break-even.")
    add_pair(parser.add_answer("sensitivity", _sensitivity, text), required=False)
    _add_map(parser)
    _add_fit(parser)


def load(arguments: argparse.Namespace) -> Scenario:
    """Return the scenario of a command, which is that of ``arguments.loaded`` from now on.

    Print a note on each deployment without a price, each override without effect, labour that is
    not set, and old prices.
    """
    begin(_("computing"))
    from kafkatco.costing.people import without_people

    scenario = scenario_of(arguments)
    if problems := list(_named(arguments, scenario)):
        raise InputError("", problems)
    note_needs(scenario)
    for note in scenario.unused_overrides.values():
        print_note(verbatim(note))
    if note := without_people(scenario.deployments):
        print_note(note)
    read = scenario.prices_read
    if read is not None and read.is_old:
        text = _(
            "every price behind this answer was read a year ago or earlier, the last on {date}; "
            "kafkatco prices refresh reads new ones",
            date=read.newest.isoformat(),
        )
        print_note(text)
    arguments.loaded = scenario
    return scenario


def _named(arguments: argparse.Namespace, scenario: Scenario) -> Iterator[Problem]:
    """Yield the problem of each option that names a deployment without a price."""
    for option in ("mine", "other", "deployment"):
        given = getattr(arguments, option, None)
        names = given if isinstance(given, list) else [given]
        for one in scenario.needs_price:
            if one.name in names:
                yield one.problem(f"--{option}")


def note_needs(scenario: Scenario) -> None:
    """Print a note on each deployment that needs a price of the user, with what to set."""
    for one in scenario.needs_price:
        print_note(one.message)


def leave_out_credits(scenario: Scenario) -> None:
    """Print a note that credits are not in a monthly cost, if the scenario has some."""
    if any(deployment.credit is not None for deployment in scenario.deployments):
        print_note(_("credits are paid once, and are left out here"))


def add_pair(sub: Parser, *, required: bool) -> None:
    """Add the two options to compare."""
    sub.add_argument("--mine", required=required, metavar="NAME", help=_("the option that saves"))
    sub.add_argument(
        "--other", required=required, metavar="NAME", help=_("the option that it replaces")
    )


def add_ends(sub: Parser) -> None:
    """Add the range of an input."""
    sub.add_argument("--from", dest="start", metavar="QUANTITY", help=_("start of the range"))
    sub.add_argument("--to", dest="stop", metavar="QUANTITY", help=_("end of the range"))


def _bill(arguments: argparse.Namespace) -> Bills:
    """Return the bills; in tables, for people, each with the levers that save most."""
    scenario = load(arguments)
    bills = scenario.bills()
    if arguments.format not in ("table", "markdown"):
        return bills
    from kafkatco.analysis.levers import with_levers

    return with_levers(bills, scenario.levers(together=False, track=tracking(_("options"))))


def _levers(arguments: argparse.Namespace) -> Levers:
    scenario = load(arguments)
    leave_out_credits(scenario)
    return scenario.levers(track=tracking(_("options")))


def _compare(arguments: argparse.Namespace) -> CostComparison | AssumptionComparison | Tuned:
    from kafkatco.article.computed import compare

    if problems := [*_conflicts(arguments)]:
        raise InputError("", problems)
    if arguments.tuned:
        scenario = load(arguments)
        leave_out_credits(scenario)
        track = tracking(_("options"))
        return scenario.tuned(commitments=arguments.commitments, track=track)
    if arguments.assumptions is not None:
        return _compare_assumptions(arguments)
    scenario = load(arguments)
    leave_out_credits(scenario)
    return compare(scenario, start=arguments.start, stop=arguments.stop)


def _conflicts(arguments: argparse.Namespace) -> Iterator[Problem]:
    """Yield a problem for each option that does not go with another."""
    if arguments.commitments and not arguments.tuned:
        yield Problem("--commitments", "", _("together with --tuned"))
    if not arguments.tuned:
        return
    if arguments.assumptions is not None:
        yield Problem("--assumptions", repr(arguments.assumptions), _("no --tuned next to it"))
    for option, given in (("--from", arguments.start), ("--to", arguments.stop)):
        if given is not None:
            expected = _("no range, since options are tuned at one traffic")
            yield Problem(option, repr(given), expected)


def _compare_assumptions(arguments: argparse.Namespace) -> AssumptionComparison:
    from kafkatco.prices.assumption_sets import unknown_sets
    from kafkatco.prices.assumptions import SETS

    names = [name.strip() for name in arguments.assumptions.split(",")]
    sets = SETS if names == ["all"] else names
    problems = unknown_sets(sets, "--assumptions")
    for option, given in (("--from", arguments.start), ("--to", arguments.stop)):
        if given is not None:
            expected = _("no range, since sets are compared at one traffic")
            problems.append(Problem(option, repr(given), expected))
    if problems:
        raise InputError("", problems)
    scenario = load(arguments)
    leave_out_credits(scenario)
    return scenario.compare_assumptions(sets, track=tracking(_("bills")))


def _crossovers(arguments: argparse.Namespace) -> Crossovers:
    scenario = load(arguments)
    leave_out_credits(scenario)
    return scenario.crossovers(over=arguments.over, start=arguments.start, stop=arguments.stop)


def _claims(arguments: argparse.Namespace) -> Claims | ClaimConditions:
    from kafkatco.article import claim_conditions, claims
    from kafkatco.prices.assumption_sets import unknown_sets

    if problems := unknown_sets([arguments.assumptions], "--assumptions"):
        raise InputError("", problems)
    begin(_("computing"))
    if arguments.conditions:
        return claim_conditions(assumptions=arguments.assumptions)
    return claims(assumptions=arguments.assumptions)


def _add_recommend(parser: Parser) -> None:
    text = _("Recommend an option: by constraints, then cost, then the article's guide.")
    sub = parser.add_answer("recommend", _recommend, text)
    sub.add_argument(
        "--staff",
        type=float,
        metavar="FTE",
        help=_("people available to run Kafka (default: that of [profile])"),
    )
    sub.add_argument(
        "--multi-region", action="store_true", help=_("the data must be copied to another region")
    )
    sub.add_argument(
        "--on-premises-only", action="store_true", help=_("the data must stay on premises")
    )
    for option, text in (
        ("--compliance", _("a certificate that is required, such as 'SOC 2'; repeatable")),
        ("--cloud", _("a cloud that may be used; repeatable")),
    ):
        sub.add_argument(option, action="append", metavar="NAME", help=text)
    # --region of the flags limits the options of a file, too
    sub.set_defaults(regions_limit=True)


def _recommend(arguments: argparse.Namespace) -> Recommendation:
    changes = {
        "staff": arguments.staff,
        "multi_region": arguments.multi_region or None,
        "on_premises_only": arguments.on_premises_only or None,
        "compliance": arguments.compliance,
        "clouds": arguments.cloud,
        "regions": None if arguments.ingress else arguments.region,  # then it has no others
    }
    return load(arguments).recommend(
        **{name: value for name, value in changes.items() if value is not None}
    )


def _add_solve(parser: Parser) -> None:
    text = _("Find the value of an input at which one option saves a given share.")
    sub = parser.add_answer("solve", _solve, text)
    add_pair(sub, required=True)
    sub.add_argument("--over", required=True, metavar="INPUT", help=_("the input to solve for"))
    sub.add_argument(
        "--saving",
        type=float,
        default=0.0,
        metavar="SHARE",
        help=_("share to save, such as 0.6 for 60 % (default: 0, the break-even)"),
    )
    sub.add_argument("--at", metavar="QUANTITY", help=_("at this ingress, such as '10 TB/month'"))
    add_ends(sub)


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
    track = tracking(_("inputs"))
    switches = scenario.switching_values(track=track)
    if not arguments.mine and not arguments.other:
        return Sensitivity(switches)
    moves = scenario.tornado(arguments.mine or "", arguments.other or "", track=track)
    return Sensitivity(switches, moves)


def _add_map(parser: Parser) -> None:
    sub = parser.add_answer("map", _map, _("Map the cheapest option over two inputs."))
    for axis, default, text in (
        ("x", "ingress", _("the input of the x axis (default: ingress)")),
        ("y", "salary", _("the input of the y axis (default: salary)")),
    ):
        sub.add_argument(f"--{axis}", default=default, metavar="INPUT", help=text)
        least, most = (
            _("least value of {axis}", axis=axis),
            _("greatest value of {axis}", axis=axis),
        )
        sub.add_argument(f"--{axis}-from", metavar="QUANTITY", help=least)
        sub.add_argument(f"--{axis}-to", metavar="QUANTITY", help=most)
    sub.add_argument("--rows", type=int, default=21, help=_("number of y values (default: 21)"))
    sub.add_argument(
        "--out", metavar="FILE", help=_("write a picture too: a file .png, .svg or .pdf")
    )


def _map(arguments: argparse.Namespace) -> DecisionMap:
    chart = load(arguments).decision_map(
        x=arguments.x,
        y=arguments.y,
        x_ends=(arguments.x_from, arguments.x_to),
        y_ends=(arguments.y_from, arguments.y_to),
        rows=arguments.rows,
        track=tracking(_("rows of the map")),
    )
    if arguments.out is not None:
        _write_picture(chart, arguments.out)
    return chart


def _write_picture(chart: Any, out: str) -> None:
    from kafkatco.output.plots import figure

    if Path(out).suffix not in (".png", ".svg", ".pdf"):
        expected = _("a file .png, .svg or .pdf")
        raise InputError("", [Problem("--out", repr(out), expected)])
    drawn, axes = figure("")
    chart.plot(axes[0], language=current_language())
    replace_file(Path(out), lambda path: drawn.savefig(path, dpi=120, format=Path(out).suffix[1:]))


def _add_fit(parser: Parser) -> None:
    text = _("Fit growth to your traffic history, with confidence bands.")
    sub = parser.add_answer("fit", _fit, text, scenario=False)
    sub.add_argument(
        "history", metavar="TRAFFIC.csv", help=_("a CSV file with the columns month and ingress")
    )
    sub.add_argument(
        "--method",
        choices=("walk", "trend"),
        default="walk",
        help=_("random walk with drift, or log-linear trend (default: walk)"),
    )
    sub.add_argument(
        "--months",
        type=int,
        default=36,
        metavar="N",
        help=_("months of the forecast (default: 36)"),
    )


def _fit(arguments: argparse.Namespace) -> Fit:
    begin(_("computing"))
    from kafkatco.planning.growth.fit import fit_growth

    return fit_growth(arguments.history, method=arguments.method, months=arguments.months)
