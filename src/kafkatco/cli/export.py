"""The command that writes answers to a scenario into files, for other programs."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final

from kafkatco.cli.answers import add_pair, load
from kafkatco.cli.console import say, tell
from kafkatco.cli.parser import Parser
from kafkatco.errors import InputError, Problem

if TYPE_CHECKING:
    from kafkatco.core.result import Result
    from kafkatco.scenario.scenario import Scenario

__all__ = ["add_export"]

#: What can be written, each as its own command computes it, from the options that it takes.
ANSWERS: Final[dict[str, Callable[[Scenario, dict[str, Any]], Any]]] = {
    "bill": lambda scenario, _: scenario.bills(),
    "costs": lambda scenario, _: _compare(scenario),
    "crossovers": lambda scenario, _: scenario.crossovers(),
    "projection": lambda scenario, _: scenario.project(),
    "plan": lambda scenario, _: scenario.plan(),
    "placement": lambda scenario, _: scenario.place(),
    "recommendation": lambda scenario, _: scenario.recommend(),
    "sensitivity": lambda scenario, _: scenario.switching_values(),
    "tornado": lambda scenario, x: scenario.tornado(**x),
    "solution": lambda scenario, x: scenario.solve_for(**x),
    "map": lambda scenario, _: scenario.decision_map(),
    "simulation": lambda scenario, _: scenario.simulate(),
    "break-even": lambda scenario, x: scenario.break_even(**x),
    "importance": lambda scenario, _: scenario.importance(),
    "focus": lambda scenario, x: _focus(scenario, **x),
}
#: Which options each kind takes; of those, the ones that it needs.
OPTIONS: Final[dict[str, tuple[str, ...]]] = {
    "focus": ("month", "months", "growth", "people", "account"),
    "tornado": ("mine", "other"),
    "solution": ("mine", "other", "over"),
    "break-even": ("mine", "other"),
}
NEEDED: Final = {
    "month": "the billing period, such as 2025-11",
    "mine": "the option that saves",
    "other": "the option it replaces",
    "over": "the unknown",
}


def add_export(parser: Parser) -> None:
    """Add the command."""
    text = "Write an answer to CSV or Parquet; bills also as FinOps FOCUS."
    sub = parser.add_command("export", _export, text, scenario=True)
    sub.add_argument("--to", required=True, metavar="FILE", help="a file .csv or .parquet")
    sub.add_argument(
        "--as",
        dest="kind",
        choices=tuple(ANSWERS),
        default="bill",
        metavar="KIND",
        help=f"{', '.join(ANSWERS)} (default: bill); focus is FinOps FOCUS 1.2",
    )
    add_pair(sub, required=False)
    sub.add_argument("--over", metavar="INPUT", help="solution: the unknown")
    sub.add_argument("--month", metavar="YYYY-MM", help="focus: the (first) billing period")
    sub.add_argument(
        "--months", type=int, metavar="N", help="focus: so many months of the projection"
    )
    sub.add_argument("--growth", metavar="NAME", help="focus: of which growth (default: the first)")
    sub.add_argument(
        "--people", metavar="NAME", help="focus: people too, provided by the organisation NAME"
    )
    sub.add_argument("--account", metavar="ID", help="focus: billing account (default: estimate)")


def _export(arguments: argparse.Namespace) -> None:
    from kafkatco.output.export import check_target, export

    kind = arguments.kind
    names = dict.fromkeys(name for options in OPTIONS.values() for name in options)
    options = {name: getattr(arguments, name) for name in names}
    options = {name: value for name, value in options.items() if value is not None}
    problems = _check_options(kind, options)
    if problems:
        raise InputError("command", problems)
    target = check_target(arguments.to, "--to")
    scenario = load(arguments)
    answer = ANSWERS[kind](scenario, options)
    tell(f"written: {export(answer, target)}")


def _check_options(kind: str, options: Mapping[str, Any]) -> list[Problem]:
    """Return what is wrong with the options that are given for a kind of answer."""
    own = OPTIONS.get(kind, ())
    problems = [
        Problem(f"--{name}", "nothing", NEEDED[name])
        for name in own
        if name in NEEDED and name not in options
    ]
    for name, value in options.items():
        if name not in own:
            kinds = [f"--as {other}" for other in OPTIONS if name in OPTIONS[other]]
            problems.append(Problem(f"--{name}", repr(value), f"with {' or '.join(kinds)}"))
    if kind == "focus" and "growth" in options and "months" not in options:
        problems.append(Problem("--growth", repr(options["growth"]), "with --months"))
    return problems


def _compare(scenario: Scenario) -> Result:
    from kafkatco.article.computed import compare

    return compare(scenario)


def _focus(scenario: Scenario, **given: Any) -> Any:
    """Return a scenario's bills, or the months of its projection; say who has no charges."""
    from kafkatco.finops import focus, focus_months

    if "months" in given:
        found = focus_months(scenario, **given)
    else:
        found = focus(scenario.bills(), **given)
    for name, why in found.attrs["left_out"].items():
        say(f"{name} is left out where it cannot serve: {why}")
    floors = found[["x_Deployment", "x_NotPriced"]].dropna().drop_duplicates()
    for name, skus in floors.itertuples(index=False):
        say(f"{name} is a floor: no price of {skus}")
    return found
