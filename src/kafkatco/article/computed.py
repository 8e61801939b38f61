"""Computed counterparts of the article's matrix: people, set-up, cost and suitable size."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from kafkatco.analysis.crossovers import Crossovers
from kafkatco.core.result import Result
from kafkatco.costing.bill import Bill
from kafkatco.deployments import Deployment
from kafkatco.planning.phases import LARGE_TB, SMALL_TB
from kafkatco.scenario.scenario import Scenario

__all__ = ["CostComparison", "compare", "computed_rows"]

WEEK_H: Final = 168.0


@dataclass(frozen=True, slots=True, repr=False)
class CostComparison(Result):
    """Costs against traffic, and the computed counterparts of the article's matrix."""

    crossovers: Crossovers
    computed: tuple[Mapping[str, Any], ...]

    def __repr__(self) -> str:
        return f"CostComparison({', '.join(self.crossovers.curves)})"

    def _about(self) -> dict[str, Any]:
        return self.crossovers._about()


def compare(
    scenario: Scenario, *, start: str | float | None = None, stop: str | float | None = None
) -> CostComparison:
    """Return the costs of a scenario's deployments against traffic, and the computed matrix."""
    costs = scenario.crossovers(start=start, stop=stop)
    rows = computed_rows(scenario.deployments, scenario.bills(), costs, scenario.month_hours)
    return CostComparison(costs, tuple(rows))


def computed_rows(
    deployments: Sequence[Deployment], bills: Sequence[Bill], costs: Crossovers, month_hours: float
) -> list[dict[str, Any]]:
    """Return the computed counterpart of the article's matrix for each deployment.

    People [FTE] and set-up [weeks of a person] are those of the scenario's workload, ``None``
    without labour; costs [currency] are at 1 and 10 TB a month; ``cheapest`` has the stretches of
    traffic [TB/month] on which the deployment is the cheapest.
    """
    small, large = (_costs_at(costs, traffic) for traffic in (SMALL_TB, LARGE_TB))
    rows = []
    for deployment, bill in zip(deployments, bills, strict=True):
        staffed = deployment.labour is not None and not bill.infeasible
        setup = _sum(bill.one_off, "setup")
        rows.append(
            {
                "name": bill.name,
                "kind": bill.kind,
                "people": _sum(bill.lines, "labour") if staffed else None,
                "setup_weeks": setup * month_hours / WEEK_H if staffed else None,
                "cost_small": small.get(bill.name),
                "cost_large": large.get(bill.name),
                "cheapest": [
                    {"from": part.start, "to": part.stop}
                    for part in costs.intervals
                    if part.winner == bill.name
                ],
            }
        )
    return rows


def _costs_at(costs: Crossovers, traffic: float) -> dict[str, float | None]:
    """Return the costs at a traffic, or nothing if it is out of range."""
    inside = costs.start <= traffic <= costs.stop
    return costs.at(traffic) if inside and costs.axis.name == "ingress" else {}


def _sum(lines: Sequence[Any], component: str) -> float:
    """Return the quantity of a component [FTE-months]."""
    return sum(float(line.quantity) for line in lines if line.component == component)
