"""The change of the least-cost path over time."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

import numpy as np

from kafkatco.core.format import floor_notes
from kafkatco.errors import KafkatcoError
from kafkatco.i18n.message import _
from kafkatco.planning.plan import Stay, Strategy
from kafkatco.planning.switching_costs import Switching
from kafkatco.price_impact.bills import missing_notes, reason_of
from kafkatco.scenario.scenario import Scenario

__all__ = ["PathMove", "path_moves"]


@dataclass(frozen=True, slots=True)
class PathMove:
    """The best path of a growth scenario with two books, and its cost [currency], if any."""

    growth: str
    before: tuple[Stay, ...]
    after: tuple[Stay, ...]
    cost_before: float | None
    cost_after: float | None

    @property
    def changed(self) -> bool:
        """Whether the best path differs."""
        return self.before != self.after


def path_moves(before: Scenario, after: Scenario) -> tuple[tuple[PathMove, ...], tuple[str, ...]]:
    """Return the best path of each growth with two books, and notes on missing prices."""
    (old, old_notes), (new, new_notes) = _planned(before), _planned(after)
    notes = [
        _("plan, {note}", note=note)
        for text in dict.fromkeys([*old_notes, *new_notes])
        for note in missing_notes(
            text if text in old_notes else "", text if text in new_notes else ""
        )
    ]
    if old is None or new is None:
        return (), tuple(notes)
    return tuple(
        PathMove(name, old.stays(i), new.stays(i), _cost(old, i), _cost(new, i))
        for i, name in enumerate(old.scenarios)
    ), tuple(notes)


def _cost(strategy: Strategy, scenario: int) -> float | None:
    total = float(strategy.path.total[scenario])
    return total if np.isfinite(total) else None


def _planned(scenario: Scenario) -> tuple[Strategy | None, list[str]]:
    """Return the plan over the deployments with every price, and notes on the others."""
    try:
        strategy = scenario.plan()
        return strategy, _floors(strategy)
    except KafkatcoError:
        lacking = []
    feasible = []
    for deployment in scenario.deployments:
        try:
            replace(scenario, deployments=(deployment,), switching=Switching()).plan()
        except KafkatcoError:
            lacking.append(deployment.label)
        else:
            feasible.append(deployment.label)
    if not feasible:
        return None, [_("no deployment has every price")]
    names = ", ".join(lacking)
    notes: list[str] = [_("without {deployments}", deployments=names)] if lacking else []
    try:
        strategy = _only(scenario, feasible).plan()
        return strategy, [*notes, *_floors(strategy)]
    except KafkatcoError as error:  # the current deployment is not among them
        return None, [*notes, reason_of(error)]


def _floors(strategy: Strategy) -> list[str]:
    return list(floor_notes(strategy.unpriced_skus, strategy.unchecked))


def _only(scenario: Scenario, labels: Collection[str]) -> Scenario:
    """Return a scenario with some of its deployments and their switching rules."""
    rules = scenario.switching
    kept = {
        name: {label: n for label, n in getattr(rules, name).items() if label in labels}
        for name in ("lead_months", "committed_months")
    }
    return replace(
        scenario,
        deployments=tuple(
            deployment for deployment in scenario.deployments if deployment.label in labels
        ),
        switching=rules.model_copy(update=kept),
    )
