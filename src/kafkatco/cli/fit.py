"""The command that fits growth to a history of traffic."""

from __future__ import annotations

import argparse
from collections.abc import Callable

from kafkatco.cli.console import show_csv, show_json, show_tables, spoken
from kafkatco.cli.progress import begin

__all__ = ["add_fit"]


def add_fit(
    add: Callable[..., argparse.ArgumentParser], formats: Callable[[argparse.ArgumentParser], None]
) -> None:
    """Add the command; ``formats`` adds --format."""
    text = "How traffic has grown, and where that leads, with how sure that is."
    one = add("fit", _fit, text, scenario=False)
    one.add_argument(
        "history", metavar="TRAFFIC.csv", help="a CSV file with the columns month and ingress"
    )
    one.add_argument(
        "--method",
        choices=("walk", "trend"),
        default="walk",
        help="random walk with drift, or log-linear trend (default: walk)",
    )
    one.add_argument(
        "--months", type=int, default=36, metavar="N", help="how far to look (default: 36)"
    )
    formats(one)


def _fit(arguments: argparse.Namespace) -> None:
    begin(spoken("computing"))
    from kafkatco.output.views.growth_fit import FIT_COLUMNS, fit_dict, fit_rows, fit_tables
    from kafkatco.planning.growth.fit import fit_growth

    found = fit_growth(arguments.history, method=arguments.method, months=arguments.months)
    if arguments.format == "json":
        show_json(fit_dict(found))
    elif arguments.format == "csv":
        show_csv(FIT_COLUMNS, fit_rows(found))
    else:
        show_tables(fit_tables(found))
