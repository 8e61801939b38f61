"""The command that compares two scenarios or plans."""

from __future__ import annotations

import argparse

from kafkatco.cli.console import show
from kafkatco.cli.parser import Parser
from kafkatco.cli.progress import begin
from kafkatco.errors import LimitError
from kafkatco.i18n.message import _

__all__ = ["add_diff"]


def add_diff(parser: Parser) -> None:
    """Add the command."""
    text = _("Show what a change of a scenario or a plan does to the monthly cost, and why.")
    sub = parser.add_command("diff", _diff, text)
    sub.add_format()
    sub.add_argument(
        "base",
        metavar="BASE",
        help=_("a scenario, or a plan of infrastructure code, such as terraform show -json"),
    )
    sub.add_argument(
        "head",
        metavar="HEAD",
        nargs="?",
        help=_("the one to compare it with (default: what the plan BASE changes)"),
    )
    sub.add_argument(
        "--scenario",
        metavar="FILE",
        help=_("traffic, prices and assumptions of a plan, which says nothing about them"),
    )
    sub.add_argument(
        "--current",
        action="append",
        default=[],
        metavar="NAME",
        help=_("the deployment of a scenario that runs (default: that of [switching]); repeatable"),
    )
    sub.add_argument(
        "--max-increase",
        metavar="LIMIT",
        help=_("the most that the cost may increase, such as '10 %' or '500 USD' a month"),
    )
    sub.add_strict()


def _diff(arguments: argparse.Namespace) -> None:
    """Print the difference; raise :class:`~kafkatco.errors.LimitError` beyond the limit."""
    begin(_("computing"))
    from kafkatco.output.views.diff import verdict_text
    from kafkatco.review.diff import diff
    from kafkatco.review.sides import read_sides

    base, head = read_sides(
        arguments.base,
        arguments.head,
        scenario=arguments.scenario,
        current=arguments.current,
        strict=arguments.strict,
    )
    result = diff(base, head, current=arguments.current, max_increase=arguments.max_increase)
    show(arguments, result)
    if result.verdict in ("beyond", "unknown"):
        raise LimitError(verdict_text(result), beyond=result.verdict == "beyond")
