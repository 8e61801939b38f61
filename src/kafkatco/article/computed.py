"""What is computed where the article's matrix has words: people, set-up, cost, suitable size."""

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
    """Costs against traffic, and what is computed where the article's matrix has words."""

    crossovers: Crossovers
    computed: tuple[Mapping[str, Any], ...]

    def __repr__(self) -> str:
        return f"CostComparison({', '.join(self.crossovers.curves)})"

    def _about(self) -> dict[str, Any]:
        return self.crossovers._about()


def compare(
    scenario: Scenario, *, start: str | float | None = None, stop: str | float | None = None
) -> CostComparison:
    """Return the cost of each deployment of a scenario against traffic, and its matrix."""
    found = scenario.crossovers(start=start, stop=stop)
    rows = computed_rows(scenario.deployments, scenario.bills(), found, scenario.month_hours)
    return CostComparison(found, tuple(rows))


def computed_rows(
    deployments: Sequence[Deployment], bills: Sequence[Bill], found: Crossovers, month_hours: float
) -> list[dict[str, Any]]:
    """Return for each deployment what stands beside the article's words, as plain values.

    People [FTE] and set-up [weeks of a person] are those of the scenario's workload, ``None``
    where no labour is given; costs [currency] at 1 and 10 TB a month; and the stretches of
    traffic [TB/month] on which it is the cheapest.
    """
    small, large = (_costs(found, at) for at in (SMALL_TB, LARGE_TB))
    rows = []
    for deployment, item in zip(deployments, bills, strict=True):
        staffed = deployment.labour is not None and not item.infeasible
        setup = _sum(item.one_off, "setup")
        rows.append(
            {
                "name": item.name,
                "kind": item.kind,
                "people": _sum(item.lines, "labour") if staffed else None,
                "setup_weeks": setup * month_hours / WEEK_H if staffed else None,
                "cost_small": small.get(item.name),
                "cost_large": large.get(item.name),
                "cheapest": [
                    {"from": part.start, "to": part.stop}
                    for part in found.intervals
                    if part.winner == item.name
                ],
            }
        )
    return rows


def _costs(found: Crossovers, at: float) -> dict[str, float | None]:
    """Return the costs at a traffic, where the sweep reaches it."""
    inside = found.start <= at <= found.stop
    return found.at(at) if inside and found.axis.name == "ingress" else {}


def _sum(lines: Sequence[Any], component: str) -> float:
    """Return the FTE-months of a component."""
    return sum(float(line.quantity) for line in lines if line.component == component)
