"""The command that writes a result to a file, for other programs."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final

from kafkatco.cli.answers import add_pair, load
from kafkatco.cli.console import print_line, print_note
from kafkatco.cli.parser import Parser
from kafkatco.core.format import floor_notes
from kafkatco.errors import InputError, Problem, either
from kafkatco.i18n.message import Message, _

if TYPE_CHECKING:
    from kafkatco.core.result import Result
    from kafkatco.scenario.scenario import Scenario

__all__ = ["add_export"]

#: Each kind of result, as its own command computes it, from the scenario and the options.
RESULTS: Final[dict[str, Callable[[Scenario, dict[str, Any]], Any]]] = {
    "bill": lambda scenario, _options: scenario.bills(),
    "costs": lambda scenario, _options: _compare(scenario),
    "crossovers": lambda scenario, _options: scenario.crossovers(),
    "projection": lambda scenario, _options: scenario.project(),
    "plan": lambda scenario, _options: scenario.plan(),
    "placement": lambda scenario, _options: scenario.place(),
    "recommendation": lambda scenario, _options: scenario.recommend(),
    "sensitivity": lambda scenario, _options: scenario.switching_values(),
    "tornado": lambda scenario, options: scenario.tornado(**options),
    "solution": lambda scenario, options: scenario.solve_for(**options),
    "map": lambda scenario, _options: scenario.decision_map(),
    "simulation": lambda scenario, _options: scenario.simulate(),
    "break-even": lambda scenario, options: scenario.break_even(**options),
    "importance": lambda scenario, _options: scenario.importance(),
    "focus": lambda scenario, options: _focus(scenario, **options),
}
#: The options that each kind takes.
OPTIONS: Final[dict[str, tuple[str, ...]]] = {
    "focus": ("month", "months", "growth", "people", "account"),
    "tornado": ("mine", "other"),
    "solution": ("mine", "other", "over"),
    "break-even": ("mine", "other"),
}
#: The options that a kind needs if it takes them.
NEEDED: Final[dict[str, Message]] = {
    "month": _("the billing period, such as 2025-11"),
    "mine": _("the option that saves"),
    "other": _("the option that it replaces"),
    "over": _("the input to solve for"),
}


def add_export(parser: Parser) -> None:
    """Add the command."""
    text = _("Write a result to CSV or Parquet; bills also as FinOps FOCUS.")
    sub = parser.add_command("export", _export, text, scenario=True)
    sub.add_argument("--to", required=True, metavar="FILE", help=_("a file .csv or .parquet"))
    sub.add_argument(
        "--as",
        dest="kind",
        choices=tuple(RESULTS),
        default="bill",
        metavar="KIND",
        help=_("{kinds} (default: bill); focus is FinOps FOCUS 1.2", kinds=", ".join(RESULTS)),
    )
    add_pair(sub, required=False)
    sub.add_argument("--over", metavar="INPUT", help=_("solution: the input to solve for"))
    sub.add_argument("--month", metavar="YYYY-MM", help=_("focus: the (first) billing period"))
    sub.add_argument(
        "--months", type=int, metavar="N", help=_("focus: number of months of the projection")
    )
    sub.add_argument(
        "--growth",
        metavar="NAME",
        help=_("focus: a [[growth]] of the scenario (default: the first)"),
    )
    sub.add_argument(
        "--people",
        metavar="NAME",
        help=_("focus: include people, provided by the organisation NAME"),
    )
    sub.add_argument(
        "--account", metavar="ID", help=_("focus: billing account (default: estimate)")
    )


def _export(arguments: argparse.Namespace) -> None:
    from kafkatco.output.export import check_target, export

    kind = arguments.kind
    names = dict.fromkeys(name for allowed in OPTIONS.values() for name in allowed)
    options = {name: getattr(arguments, name) for name in names}
    options = {name: value for name, value in options.items() if value is not None}
    problems = _check_options(kind, options)
    if problems:
        raise InputError("", problems)
    target = check_target(arguments.to, "--to")
    scenario = load(arguments)
    result = RESULTS[kind](scenario, options)
    print_line(_("written: {files}", files=export(result, target)))


def _check_options(kind: str, options: Mapping[str, Any]) -> list[Problem]:
    """Return the problems of the options for a kind of result."""
    allowed = OPTIONS.get(kind, ())
    sentences = [
        _("--as {kind} needs --{option}: {meaning}", kind=kind, option=name, meaning=NEEDED[name])
        for name in allowed
        if name in NEEDED and name not in options
    ]
    for name in options:
        if name not in allowed:
            kinds = either(f"--as {other}" for other in OPTIONS if name in OPTIONS[other])
            sentences.append(_("--{option} needs {kinds}", option=name, kinds=kinds))
    if kind == "focus" and "growth" in options and "months" not in options:
        sentences.append(_("--growth needs --months"))
    return [Problem("", "", sentence) for sentence in sentences]


def _compare(scenario: Scenario) -> Result:
    from kafkatco.article.computed import compare

    return compare(scenario)


def _focus(scenario: Scenario, **options: Any) -> Any:
    """Return a scenario's bills, or the months of its projection; note what is left out."""
    from kafkatco.finops import focus, focus_months

    if "months" in options:
        charges = focus_months(scenario, **options)
    else:
        charges = focus(scenario.bills(), **options)
    for name, reason in charges.attrs["left_out"].items():
        print_note(
            _(
                "{name} is left out where it cannot handle the load: {reason}",
                name=name,
                reason=reason,
            )
        )
    floors = charges[["x_Deployment", "x_NotPriced"]].dropna().drop_duplicates()
    for name, skus in floors.itertuples(index=False):
        for note in floor_notes({name: skus.split("; ")}):
            print_note(note)
    return charges
