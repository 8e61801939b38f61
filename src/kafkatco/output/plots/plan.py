"""Plot of the best path: which deployment in which month, and the cost of each."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from kafkatco.i18n.message import _, ngettext
from kafkatco.output.plots.projection import (
    draw_months,
    infeasible_names,
    label_month_stretches,
    mark_changes,
    name_months,
    scenario_index,
)
from kafkatco.output.plots.style import (
    amount,
    axes_of,
    finite,
    growth_note,
    limit_notes,
    money_axis,
    option_name,
    price_note,
    write_heading,
)
from kafkatco.output.plots.text import Words

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from kafkatco.planning.plan import Strategy

__all__ = ["plot_path"]


def plot_path(
    strategy: Strategy, ax: Axes | None = None, *, scenario: str | None = None, language: str = "en"
) -> Axes:
    """Draw the running cost of each deployment by month, and the best path through them.

    The months of a move are marked; set-up and migration are in the total of the path, and not in
    the lines.  The percentage after a name is the extra cost of staying with that deployment, if it
    can handle the load in every month.  ``scenario`` is the name of a growth, by default the first.

    Raises :class:`~kafkatco.errors.InputError` for an unknown growth.
    """
    chosen = scenario_index(scenario, strategy.scenarios)
    words, ax = Words.of(language), axes_of(ax)
    names, costs = strategy.path.options, finite(strategy.running[chosen])
    best = float(strategy.path.total[chosen])
    extra = {
        name: float(cost[chosen]) / best - 1 if best and np.isfinite(best) else 0.0
        for name, cost in strategy.staying.items()
    }
    labels = [
        option_name(words, name, floor=name in {*strategy.unpriced_skus, *strategy.unchecked})
        + (f" {extra[name]:+.0%}" if np.isfinite(extra[name]) else "")
        for name in names
    ]
    draw_months(ax, words, costs, labels)
    floors = bool(strategy.undercuts(chosen))
    path = strategy.path.months[chosen]
    taken = np.array([costs[i, m] if i >= 0 else np.nan for m, i in enumerate(path)])
    ax.plot(
        np.arange(1, path.size + 1),
        taken,
        color="black",
        linewidth=5,
        alpha=0.25,
        zorder=1.5,
        solid_capstyle="round",
        label=words(_("best path")),
    )
    money_axis(ax.yaxis, words, strategy.currency, _("cost in the month"))
    mark_changes(ax, words, path, taken)
    label_month_stretches(ax, words, path, names, _("best path"), floors=floors)
    name_months(ax, words, costs, labels)
    title = _("No path of a known cost") if floors else _("No path can handle the load")
    if np.isfinite(best):
        title = ngettext(
            "The best path costs {amount} over {n} month",
            "The best path costs {amount} over {n} months",
            strategy.months,
            amount=amount(words, best, strategy.currency),
        )
    notes = [
        price_note(strategy.prices),
        growth_note(words, strategy.scenarios[chosen]),
        _("%: extra cost of staying with one option"),
    ]
    infeasible = infeasible_names(names, costs)
    unpriced, unchecked = bool(strategy.unpriced_skus), bool(strategy.unchecked)
    notes += limit_notes(words, unpriced=unpriced, unchecked=unchecked, infeasible=infeasible)
    write_heading(ax, words, title, notes)
    return ax
