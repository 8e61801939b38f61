"""The best path over time: which deployment in which month, and what each would cost."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from kafkatco.output.plots.projection import (
    draw_months,
    mark_changes,
    months_strip,
    name_months,
    the_scenario,
    unserved,
)
from kafkatco.output.plots.style import (
    amount,
    axes_of,
    heading,
    known,
    limits,
    money_axis,
    price_note,
)
from kafkatco.output.plots.text import Words

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from kafkatco.planning.plan import Strategy

__all__ = ["plot_path"]


def plot_path(
    found: Strategy, ax: Axes | None = None, *, scenario: str | None = None, language: str = "en"
) -> Axes:
    """Draw the running cost of each deployment by month, and the best path through them.

    Months in which it moves are marked; setting up and moving are in its total, not in the lines.
    Beside each name is what staying with it costs more than the best path, as far as it can serve.
    ``scenario`` is a growth, the first unless named.

    Raises :class:`~kafkatco.errors.InputError` for a growth that the plan does not have.
    """
    chosen = the_scenario(scenario, found.scenarios)
    words, ax = Words.of(language), axes_of(ax)
    names, costs = found.path.options, known(found.running[chosen])
    best = float(found.path.total[chosen])
    more = {
        name: float(cost[chosen]) / best - 1 if best else 0.0
        for name, cost in found.staying.items()
    }
    shown = [
        words.name(name)
        + (f" ({words('floor')})" if name in found.unpriced_skus else "")
        + (f" {more[name]:+.0%}" if np.isfinite(more[name]) else "")
        for name in names
    ]
    draw_months(ax, words, costs, shown)
    path = found.path.months[chosen]
    taken = np.array([costs[i, m] if i >= 0 else np.nan for m, i in enumerate(path)])
    ax.plot(
        np.arange(1, path.size + 1),
        taken,
        color="black",
        linewidth=5,
        alpha=0.25,
        zorder=1.5,
        solid_capstyle="round",
        label=words("best path"),
    )
    money_axis(ax.yaxis, words, found.currency, "cost in the month")
    mark_changes(ax, words, path, taken)
    months_strip(ax, words, path, names, "best path")
    name_months(ax, words, costs, shown)
    title = words("No path can serve")
    if np.isfinite(best):
        whole = amount(words, best, found.currency)
        title = words(f"The best path costs {whole} over {found.months} months")
    notes = [
        price_note(found.prices),
        f"growth: {words.name(found.scenarios[chosen])}",
        "%: what staying costs more",
    ]
    notes += limits(words, bool(found.unpriced_skus), unserved(names, costs))
    heading(ax, words, title, notes)
    return ax
