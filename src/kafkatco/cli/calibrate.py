"""The command that compares a real bill with the model."""

from __future__ import annotations

import argparse
import shlex
from collections.abc import Sequence
from typing import TYPE_CHECKING

from kafkatco.cli.answers import load
from kafkatco.cli.parser import Parser
from kafkatco.errors import InputError, Problem, either, nearest
from kafkatco.i18n.message import _

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
        _("Compare a real bill with the model, and estimate the inputs that explain it."),
        scenario=False,
    )
    sub.add_argument(
        "scenario", help=_("the scenario file (TOML) of the deployment that was billed")
    )
    sub.add_strict()
    sub.add_argument(
        "bills",
        nargs="+",
        metavar="BILL",
        help=_(
            "files of one month: FOCUS, AWS CUR, Azure, Google or Confluent; CSV, Parquet, JSON"
        ),
    )
    sub.add_argument(
        "--net",
        action="store_true",
        help=_("compare costs after discounts, commitments and credits (default: before)"),
    )
    sub.add_argument(
        "--month", metavar="YYYY-MM", help=_("the month to compare, if the files have several")
    )
    sub.add_argument(
        "--deployment",
        action="append",
        metavar="NAME",
        help=_("the deployment that was billed, if the scenario has several; repeatable"),
    )
    sub.add_argument(
        "--estimate",
        action="append",
        metavar="INPUT",
        help=_("an input to estimate, in order of preference; repeatable"),
    )


def _calibrate(arguments: argparse.Namespace) -> Calibration:
    scenario = load(arguments)
    from kafkatco.finops.calibration.inputs import ESTIMATED
    from kafkatco.finops.calibration.run import calibrate

    return calibrate(
        scenario.workload,
        _billed(scenario, arguments.deployment),
        scenario.book,
        arguments.bills,
        month=arguments.month,
        net=arguments.net,
        estimate=arguments.estimate or ESTIMATED,
    )


def _billed(scenario: Scenario, names: Sequence[str] | None) -> tuple[Deployment, ...]:
    """Return the billed deployments: those named, the current one, or the only one."""
    known = {deployment.label: deployment for deployment in scenario.deployments}
    if names is None and scenario.switching.current:
        names = [scenario.switching.current]
    if names is None and len(known) > 1:
        options = either(f"--deployment {shlex.quote(name)}" for name in known)
        text = _("Which deployment is this bill for? Add {options}.", options=options)
        raise InputError("", [Problem("", "", text)])
    problems = [
        Problem(
            "--deployment",
            repr(name),
            _("a deployment of the scenario"),
            nearest(name, known, limit=20),
        )
        for name in names or ()
        if name not in known
    ]
    if problems:
        raise InputError("", problems)
    return tuple(known[name] for name in dict.fromkeys(names or known))
