"""The commands on uncertain inputs: simulate, break-even, importance."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from kafkatco.cli.answers import add_ends, add_pair, leave_out_credits, load
from kafkatco.cli.parser import Parser
from kafkatco.cli.progress import tracking
from kafkatco.i18n.message import Message, _

if TYPE_CHECKING:
    from kafkatco.core.result import Result
    from kafkatco.uncertainty.break_even import BreakEven
    from kafkatco.uncertainty.simulation import Simulation
    from kafkatco.uncertainty.sobol_indices import Importance

__all__ = ["add_uncertain"]


def add_uncertain(parser: Parser) -> None:
    """Add the commands."""

    def add(name: str, answer: Callable[[argparse.Namespace], Result], text: Message) -> Parser:
        sub = parser.add_answer(name, answer, text)
        sub.add_argument(
            "--draws",
            type=int,
            metavar="N",
            help=_("number of draws (default: that of [uncertainty], or 8192)"),
        )
        sub.add_argument(
            "--seed", type=int, metavar="N", help=_("the same seed gives the same draws")
        )
        return sub

    text = _("Simulate uncertain inputs: cost ranges, and the probability of being cheapest.")
    costs = add("simulate", _simulate, text)
    costs.add_argument(
        "--over",
        default="month",
        metavar="INPUT",
        help=_("month, or an input to vary, such as ingress (default: month)"),
    )
    costs.add_argument(
        "--threads", type=int, default=1, metavar="N", help=_("number of threads (default: 1)")
    )
    even = add(
        "break-even",
        _break_even,
        _("Estimate the traffic from which one option costs less, with its uncertainty."),
    )
    add_pair(even, required=True)
    for sub in (costs, even):
        add_ends(sub)
    matter = add("importance", _importance, _("Rank the uncertain inputs by how much they matter."))
    for sub in (costs, matter):
        sub.add_argument(
            "--growth", metavar="NAME", help=_("a [[growth]] of the scenario (default: the first)")
        )


def _simulate(arguments: argparse.Namespace) -> Simulation:
    scenario = load(arguments)
    if arguments.over != "month":
        leave_out_credits(scenario)
    return scenario.simulate(
        over=arguments.over,
        start=arguments.start,
        stop=arguments.stop,
        growth=arguments.growth,
        threads=arguments.threads,
        **_common(arguments, _("draws")),
    )


def _break_even(arguments: argparse.Namespace) -> BreakEven:
    scenario = load(arguments)
    leave_out_credits(scenario)
    return scenario.break_even(
        arguments.mine,
        arguments.other,
        start=arguments.start,
        stop=arguments.stop,
        **_common(arguments, _("draws")),
    )


def _importance(arguments: argparse.Namespace) -> Importance:
    return load(arguments).importance(growth=arguments.growth, **_common(arguments, _("inputs")))


def _common(arguments: argparse.Namespace, label: Message) -> dict[str, Any]:
    """Return the options of all three commands; ``label`` names the items of the progress."""
    return {"draws": arguments.draws, "seed": arguments.seed, "track": tracking(label)}
