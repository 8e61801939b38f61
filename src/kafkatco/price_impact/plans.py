"""How the least-cost path over time moves."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

import numpy as np

from kafkatco.core.format import floor_notes
from kafkatco.errors import KafkatcoError, one_line
from kafkatco.planning.plan import Stay, Strategy
from kafkatco.planning.switching_costs import Switching
from kafkatco.price_impact.bills import told
from kafkatco.scenario.scenario import Scenario

__all__ = ["PathMove", "path_moves"]


@dataclass(frozen=True, slots=True)
class PathMove:
    """The best path of a growth scenario at two books, and its cost [currency]; ``None``: none."""

    growth: str
    before: tuple[Stay, ...]
    after: tuple[Stay, ...]
    cost_before: float | None
    cost_after: float | None

    @property
    def changed(self) -> bool:
        """Whether another path is the best."""
        return self.before != self.after


def path_moves(before: Scenario, after: Scenario) -> tuple[tuple[PathMove, ...], tuple[str, ...]]:
    """Return the best path of each growth at two books, and why one was not found or lacks some."""
    (old, missing), (new, lacking) = _planned(before), _planned(after)
    notes = [
        f"plan, {note}"
        for text in dict.fromkeys([*missing, *lacking])
        for note in told(text if text in missing else "", text if text in lacking else "")
    ]
    if old is None or new is None:
        return (), tuple(notes)
    return tuple(
        PathMove(name, old.stays(i), new.stays(i), _cost(old, i), _cost(new, i))
        for i, name in enumerate(old.scenarios)
    ), tuple(notes)


def _cost(found: Strategy, scenario: int) -> float | None:
    total = float(found.path.total[scenario])
    return total if np.isfinite(total) else None


def _planned(scenario: Scenario) -> tuple[Strategy | None, list[str]]:
    """Return the plan over those deployments that have every price, and which have not."""
    try:
        found = scenario.plan()
        return found, _floors(found)
    except KafkatcoError:
        lacking = []
    able = []
    for item in scenario.deployments:
        try:
            replace(scenario, deployments=(item,), switching=Switching()).plan()
        except KafkatcoError:
            lacking.append(item.label)
        else:
            able.append(item.label)
    if not able:
        return None, ["no deployment has every price"]
    notes = [f"without {', '.join(lacking)}"] if lacking else []
    try:
        found = _only(scenario, able).plan()
        return found, [*notes, *_floors(found)]
    except KafkatcoError as error:  # the one that runs now is not among them
        return None, [*notes, one_line(error)]


def _floors(found: Strategy) -> list[str]:
    return list(floor_notes(found.open))


def _only(scenario: Scenario, labels: Collection[str]) -> Scenario:
    """Return a scenario with some of its deployments, and what its rules say of them."""
    rules = scenario.switching
    kept = {
        name: {label: n for label, n in getattr(rules, name).items() if label in labels}
        for name in ("lead_months", "committed_months")
    }
    return replace(
        scenario,
        deployments=tuple(item for item in scenario.deployments if item.label in labels),
        switching=rules.model_copy(update=kept),
    )
