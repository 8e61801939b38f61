"""The commands on what is uncertain: simulate, break-even, importance."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Any

from kafkatco.cli.answers import load, show
from kafkatco.cli.console import say, spoken
from kafkatco.cli.more_answers import pair
from kafkatco.cli.progress import tracking

__all__ = ["add_uncertain"]

Add = Callable[[str, Callable[[argparse.Namespace], None], str], argparse.ArgumentParser]


def add_uncertain(add: Add, formats: Callable[[argparse.ArgumentParser], None]) -> None:
    """Add the commands; ``add`` makes one that reads a scenario, ``formats`` adds --format."""

    def drawn(name: str, run: Callable[[argparse.Namespace], None], text: str) -> Any:
        sub = add(name, run, text)
        formats(sub)
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
    pair(even, required=True)
    for sub in (costs, even):
        sub.add_argument("--from", dest="start", metavar="QUANTITY", help="where to begin")
        sub.add_argument("--to", dest="stop", metavar="QUANTITY", help="where to end")
    matter = drawn("importance", _importance, "Which uncertain inputs matter, and how much.")
    for sub in (costs, matter):
        sub.add_argument(
            "--growth", metavar="NAME", help="a [[growth]] of the scenario (default: the first)"
        )


def _simulate(arguments: argparse.Namespace) -> None:
    from kafkatco.output.views import simulation as display
    from kafkatco.output.views.simulation_tables import simulation_tables

    scenario = load(arguments)
    if arguments.over != "month" and any(item.credit for item in scenario.deployments):
        say("credits are paid once, and are left out here")
    found = scenario.simulate(
        over=arguments.over,
        start=arguments.start,
        stop=arguments.stop,
        growth=arguments.growth,
        threads=arguments.threads,
        **_given(arguments),
    )
    show(
        arguments,
        display.simulation_dict(found),
        display.SIMULATION_COLUMNS,
        display.simulation_rows(found),
        simulation_tables(found),
    )


def _break_even(arguments: argparse.Namespace) -> None:
    from kafkatco.output.views import break_even as display

    scenario = load(arguments)
    if any(item.credit for item in scenario.deployments):
        say("credits are paid once, and are left out here")
    found = scenario.break_even(
        arguments.mine,
        arguments.other,
        start=arguments.start,
        stop=arguments.stop,
        **_given(arguments),
    )
    show(
        arguments,
        display.break_even_dict(found),
        display.BREAK_EVEN_COLUMNS,
        display.break_even_rows(found),
        display.break_even_tables(found),
    )


def _importance(arguments: argparse.Namespace) -> None:
    from kafkatco.output.views import importance as display

    found = load(arguments).importance(growth=arguments.growth, **_given(arguments, "inputs"))
    show(
        arguments,
        display.importance_dict(found),
        display.IMPORTANCE_COLUMNS,
        display.importance_rows(found),
        display.importance_tables(found),
    )


def _given(arguments: argparse.Namespace, what: str = "draws") -> dict[str, Any]:
    """Return the options that all have, and what shows how many draws, or inputs, are done."""
    return {"draws": arguments.draws, "seed": arguments.seed, "track": tracking(spoken(what))}
