"""The commands on the results of a scenario: bill, compare, crossovers, project, claims."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from kafkatco.cli.console import say, show_csv, show_json, show_tables, spoken
from kafkatco.cli.progress import begin

if TYPE_CHECKING:
    from kafkatco.analysis.crossovers import Crossovers
    from kafkatco.scenario.scenario import Scenario

__all__ = ["add_results", "load", "show"]

Add = Callable[..., argparse.ArgumentParser]


def add_results(add: Add, formats: Callable[[argparse.ArgumentParser], None]) -> None:
    """Add the commands; ``add`` makes one that reads a scenario, ``formats`` adds --format."""

    def ends(sub: argparse.ArgumentParser) -> None:
        sub.add_argument("--from", dest="start", metavar="QUANTITY", help="where the sweep begins")
        sub.add_argument("--to", dest="stop", metavar="QUANTITY", help="where it ends")

    formats(add("bill", _bill, "Itemised monthly bill of each deployment."))
    compare = add(
        "compare", _compare, "Cost of each deployment against traffic, beside the article's matrix."
    )
    formats(compare)
    ends(compare)
    sweep = add("crossovers", _crossovers, "Every crossing of each pair along one input.")
    formats(sweep)
    ends(sweep)
    sweep.add_argument("--over", default="ingress", help="the input to sweep (default: ingress)")
    formats(add("project", _project, "Cost month by month as traffic grows."))
    formats(add("claims", _claims, "The article's claims, each with a verdict.", scenario=False))


def load(arguments: argparse.Namespace) -> Scenario:
    """Return the scenario that a command is given."""
    begin(spoken("computing"))
    from kafkatco.scenario.scenario import Scenario

    return Scenario.load(arguments.scenario)


def show(arguments: argparse.Namespace, data: Any, columns: Any, rows: Any, tables: Any) -> None:
    """Print a result in the format that is asked for."""
    if arguments.format == "json":
        show_json(data)
    elif arguments.format == "csv":
        show_csv(columns, rows)
    else:
        show_tables(tables)


def _bill(arguments: argparse.Namespace) -> None:
    from kafkatco.output.views import bill as display

    scenario = load(arguments)
    bills = scenario.bills()
    if arguments.format == "json":
        show_json(display.bills_dict(bills))
    elif arguments.format == "csv":
        show_csv(display.BILL_COLUMNS, [row for bill in bills for row in display.bill_rows(bill)])
    else:
        show_tables(display.bill_table(bill) for bill in bills)


def _compare(arguments: argparse.Namespace) -> None:
    from kafkatco.article.computed import computed_rows, computed_table
    from kafkatco.article.matrix import matrix_dict, matrix_table
    from kafkatco.output.views import crossovers as display

    scenario, found = _swept(arguments, "ingress")
    rows = display.cost_rows(found)
    computed = computed_rows(scenario.deployments, scenario.bills(), found, scenario.month_hours)
    if arguments.format == "json":
        show_json(
            {
                "prices": dict(found.prices),
                "currency": found.currency,
                "unit": found.axis.unit,
                "costs": [{"at": x, "cost": costs} for x, costs in rows],
                "open": {label: list(skus) for label, skus in found.open.items()},
                "computed": computed,
                "article_matrix": matrix_dict(),
            }
        )
    elif arguments.format == "csv":
        show_csv(display.COST_COLUMNS, display.cost_csv_rows(found))
    else:
        table = computed_table(computed, found.currency)
        show_tables([display.cost_table(found), matrix_table(), table])


def _swept(arguments: argparse.Namespace, over: str) -> tuple[Scenario, Crossovers]:
    scenario = load(arguments)
    if any(item.credit is not None for item in scenario.deployments):
        say("credits are paid once, and are left out here")
    return scenario, scenario.crossovers(over=over, start=arguments.start, stop=arguments.stop)


def _crossovers(arguments: argparse.Namespace) -> None:
    from kafkatco.output.views import crossovers as display

    _, found = _swept(arguments, arguments.over)
    if arguments.format == "json":
        show_json(found.to_dict())
    elif arguments.format == "csv":
        show_csv(display.CROSSING_COLUMNS, display.crossing_rows(found))
    else:
        show_tables(display.crossovers_tables(found))


def _project(arguments: argparse.Namespace) -> None:
    from kafkatco.output.views.projection import (
        PROJECTION_COLUMNS,
        projection_rows,
        projection_table,
    )

    plan = load(arguments).project()
    if arguments.format == "table":
        show_tables([projection_table(plan)])
    elif arguments.format == "csv":
        show_csv(PROJECTION_COLUMNS, projection_rows(plan))
    else:
        about = plan.to_xarray().attrs
        own = PROJECTION_COLUMNS[: PROJECTION_COLUMNS.index("currency")]
        rows = [dict(zip(own, row, strict=False)) for row in projection_rows(plan)]
        prices = {name: about[name] for name in ("book", "as_of", "sha256", "capacity_sha256")}
        settings = {name: about[name] for name in ("discount_rate", "inflation", "floors")}
        show_json({"prices": prices, "currency": about["currency"], **settings, "rows": rows})


def _claims(arguments: argparse.Namespace) -> None:
    from kafkatco.article import claims, claims_table
    from kafkatco.article.claim import CLAIM_COLUMNS, claim_rows

    begin(spoken("computing"))
    found = claims()
    if arguments.format == "json":
        show_json([claim.to_dict() for claim in found])
    elif arguments.format == "csv":
        show_csv(CLAIM_COLUMNS, claim_rows(found))
    else:
        show_tables([claims_table(found)])
