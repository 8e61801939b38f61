"""``kafkatco assumptions``: the sets of assumptions by which clusters are sized."""

from __future__ import annotations

import argparse
import datetime as dt
from typing import TYPE_CHECKING

from kafkatco.cli.parser import Parser
from kafkatco.errors import InputError
from kafkatco.i18n.message import _

if TYPE_CHECKING:
    from kafkatco.prices.assumption_sets import AssumptionSets

__all__ = ["add_assumptions"]


def add_assumptions(parser: Parser) -> None:
    """Add the command."""
    text = _("List the assumptions by which clusters are sized, set by set.")
    sub = parser.add_answer("assumptions", _assumptions, text, scenario=False)
    sub.add_argument(
        "--set", metavar="NAME", help=_("only this set, with the source and note of each value")
    )
    text = _("use the values of this date (default: today)")
    sub.add_argument("--as-of", metavar="DATE", help=text)


def _assumptions(arguments: argparse.Namespace) -> AssumptionSets:
    from kafkatco.prices.assumption_sets import assumptions, unknown_sets
    from kafkatco.prices.assumptions import SETS

    sets = SETS if arguments.set is None else (arguments.set,)
    if problems := unknown_sets(sets, "--set"):
        raise InputError("", problems)
    date = dt.datetime.now(dt.UTC).date() if arguments.as_of is None else arguments.as_of
    return assumptions(as_of=date, sets=sets)
