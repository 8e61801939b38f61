"""The commands on what is uncertain: simulate, break-even, importance."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from kafkatco.cli.answers import add_pair, leave_out_credits, load
from kafkatco.cli.console import spoken
from kafkatco.cli.parser import Parser
from kafkatco.cli.progress import tracking

if TYPE_CHECKING:
    from kafkatco.core.result import Result
    from kafkatco.uncertainty.break_even import BreakEven
    from kafkatco.uncertainty.simulation import Simulation
    from kafkatco.uncertainty.sobol_indices import Importance

__all__ = ["add_uncertain"]


def add_uncertain(parser: Parser) -> None:
    """Add the commands."""

    def drawn(name: str, answer: Callable[[argparse.Namespace], Result], text: str) -> Parser:
        sub = parser.add_answer(name, answer, text)
        sub.add_argument(
            "--draws", type=int, metavar="N", help="how many (default: [uncertainty]'s, or 8192)"
        )
        sub.add_argument("--seed", type=int, metavar="N", help="the same seed gives the same draws")
        return sub

    text = "What each deployment may cost, and which is how likely the cheapest."
    costs = drawn("simulate", _simulate, text)
    costs.add_argument(
        "--over",
        default="month",
        metavar="INPUT",
        help="along month, or along an input such as ingress (default: month)",
    )
    costs.add_argument("--threads", type=int, default=1, metavar="N", help="threads that compute")
    even = drawn("break-even", _break_even, "From which traffic one option may cost less.")
    add_pair(even, required=True)
    for sub in (costs, even):
        sub.add_argument("--from", dest="start", metavar="QUANTITY", help="where to begin")
        sub.add_argument("--to", dest="stop", metavar="QUANTITY", help="where to end")
    matter = drawn("importance", _importance, "Which uncertain inputs matter, and how much.")
    for sub in (costs, matter):
        sub.add_argument(
            "--growth", metavar="NAME", help="a [[growth]] of the scenario (default: the first)"
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
        **_given(arguments),
    )


def _break_even(arguments: argparse.Namespace) -> BreakEven:
    scenario = load(arguments)
    leave_out_credits(scenario)
    return scenario.break_even(
        arguments.mine,
        arguments.other,
        start=arguments.start,
        stop=arguments.stop,
        **_given(arguments),
    )


def _importance(arguments: argparse.Namespace) -> Importance:
    return load(arguments).importance(growth=arguments.growth, **_given(arguments, "inputs"))


def _given(arguments: argparse.Namespace, what: str = "draws") -> dict[str, Any]:
    """Return the options that all have, and what shows how many draws, or inputs, are done."""
    return {"draws": arguments.draws, "seed": arguments.seed, "track": tracking(spoken(what))}
