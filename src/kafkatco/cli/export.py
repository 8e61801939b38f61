"""The command that writes answers to a scenario into files, for other programs."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from kafkatco.cli.answers import load
from kafkatco.cli.console import say, tell
from kafkatco.errors import InputError, Problem

if TYPE_CHECKING:
    from kafkatco.scenario.scenario import Scenario

__all__ = ["add_export"]

Add = Callable[[str, Callable[[argparse.Namespace], None], str], argparse.ArgumentParser]
#: What can be written, beside FOCUS: each what its own command computes.
ANSWERS: Final[dict[str, Callable[[Scenario], Any]]] = {
    "bill": lambda scenario: scenario.bills(),
    "crossovers": lambda scenario: scenario.crossovers(),
    "projection": lambda scenario: scenario.project(),
    "plan": lambda scenario: scenario.plan(),
    "placement": lambda scenario: scenario.place(),
    "recommendation": lambda scenario: scenario.recommend(),
    "sensitivity": lambda scenario: scenario.switching_values(),
    "map": lambda scenario: scenario.decision_map(),
}
#: What only FOCUS asks for.
FOCUS_OPTIONS: Final = ("month", "months", "growth", "people", "account")


def add_export(add: Add) -> None:
    """Add the command; ``add`` makes one that reads a scenario."""
    sub = add("export", _export, "Write an answer to CSV or Parquet; bills also as FinOps FOCUS.")
    sub.add_argument("--to", required=True, metavar="FILE", help="a file .csv or .parquet")
    sub.add_argument(
        "--as",
        dest="kind",
        choices=(*ANSWERS, "focus"),
        default="bill",
        metavar="KIND",
        help=f"{', '.join(ANSWERS)}, or focus: FinOps FOCUS 1.2 (default: bill)",
    )
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

    given = {name: getattr(arguments, name) for name in FOCUS_OPTIONS}
    given = {name: value for name, value in given.items() if value is not None}
    problems = []
    if arguments.kind == "focus" and arguments.month is None:
        problems.append(Problem("--month", "nothing", "the billing period, such as 2025-11"))
    if arguments.kind != "focus":
        problems = [Problem(f"--{name}", repr(given[name]), "with --as focus") for name in given]
    if "growth" in given and "months" not in given and arguments.kind == "focus":
        problems.append(Problem("--growth", repr(arguments.growth), "with --months"))
    if problems:
        raise InputError("command", problems)
    target = check_target(arguments.to, "--to")
    scenario = load(arguments)
    if arguments.kind == "focus":
        found = _focus(scenario, **given)
    else:
        found = ANSWERS[arguments.kind](scenario)
    tell(f"written: {export(found, target)}")


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
