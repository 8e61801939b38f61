"""The command that lays a real bill beside the model."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import TYPE_CHECKING

from kafkatco.cli.console import spoken
from kafkatco.cli.parser import Parser
from kafkatco.cli.progress import begin
from kafkatco.errors import InputError, Problem, nearest

if TYPE_CHECKING:
    from kafkatco.deployments import Deployment
    from kafkatco.finops.calibration.result import Calibration
    from kafkatco.scenario.scenario import Scenario

__all__ = ["add_calibrate"]


def add_calibrate(parser: Parser) -> None:
    """Add the command."""
    sub = parser.add_answer(
        "calibrate",
        _calibrate,
        "A real bill beside the model, and the inputs that explain it.",
        scenario=False,
    )
    sub.add_argument("scenario", help="a scenario file (TOML) of what the bill is of")
    sub.add_argument(
        "bills",
        nargs="+",
        metavar="BILL",
        help="files of one month: FOCUS, AWS CUR, Azure, Google or Confluent; CSV, Parquet, JSON",
    )
    sub.add_argument(
        "--net",
        action="store_true",
        help="compare costs after discounts, commitments and credits (default: before)",
    )
    sub.add_argument("--month", metavar="YYYY-MM", help="which month, where there are several")
    sub.add_argument(
        "--deployment",
        action="append",
        metavar="NAME",
        help="what the bill is of, of several in the scenario; repeatable",
    )
    sub.add_argument(
        "--estimate",
        action="append",
        metavar="INPUT",
        help="an input to look for, the first to be told first; repeatable",
    )


def _calibrate(arguments: argparse.Namespace) -> Calibration:
    begin(spoken("computing"))
    from kafkatco.finops.calibration.inputs import ESTIMATED
    from kafkatco.finops.calibration.run import calibrate
    from kafkatco.scenario.scenario import Scenario

    scenario = Scenario.load(arguments.scenario)
    return calibrate(
        scenario.workload,
        _of(scenario, arguments.deployment),
        scenario.book,
        arguments.bills,
        month=arguments.month,
        net=arguments.net,
        estimate=arguments.estimate or ESTIMATED,
    )


def _of(scenario: Scenario, names: Sequence[str] | None) -> tuple[Deployment, ...]:
    """Return what the bill is of: those named, the current one, or the only one."""
    known = {item.label: item for item in scenario.deployments}
    if names is None and scenario.switching.current:
        names = [scenario.switching.current]
    if names is None and len(known) > 1:
        labels = ", ".join(known)
        expected = "which of them the bill is of, since they are alternatives"
        raise InputError("command", [Problem("--deployment", f"none of {labels}", expected)])
    problems = [
        Problem(
            "--deployment",
            repr(name),
            "a deployment of the scenario",
            nearest(name, known, limit=20),
        )
        for name in names or ()
        if name not in known
    ]
    if problems:
        raise InputError("command", problems)
    return tuple(known[name] for name in dict.fromkeys(names or known))
