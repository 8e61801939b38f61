"""Plot of cost by month, with the months in which the cheapest option changes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from kafkatco.core.format import no_winner
from kafkatco.costing.costs import known_cost
from kafkatco.errors import InputError, Problem, nearest
from kafkatco.i18n.message import Message, _
from kafkatco.output.plots.labels import label_ends, label_stretches, write_changes
from kafkatco.output.plots.style import (
    MOST_NAMED,
    axes_of,
    draw_line,
    finite,
    growth_note,
    limit_notes,
    money_axis,
    option_name,
    price_note,
    side_legend,
    write_heading,
)
from kafkatco.output.plots.text import Words

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from kafkatco.planning.projection import Projection

__all__ = [
    "cost_label",
    "draw_months",
    "infeasible_names",
    "label_month_stretches",
    "mark_changes",
    "money_notes",
    "name_months",
    "plot_projection",
    "scenario_index",
    "staying_title",
]

#: The costs of a projection, with the labels of their axes.
COSTS: Final = {
    "cost": _("cost in the month"),
    "cumulative_cost": _("cost so far"),
    "discounted_cost": _("discounted cost in the month"),
    "cumulative_discounted_cost": _("discounted cost so far"),
}


def plot_projection(
    projection: Projection,
    ax: Axes | None = None,
    *,
    scenario: str | None = None,
    of: str = "cumulative_cost",
    language: str = "en",
) -> Axes:
    """Draw the cost of each deployment, and mark the months in which the cheapest changes.

    ``of`` is a cost of the projection: ``cost`` is the cost in a month, ``cumulative_cost`` the sum
    from the first month on.  ``scenario`` is the name of a growth, by default the first.

    Raises :class:`~kafkatco.errors.InputError` for an unknown cost or growth.
    """
    data = projection.to_xarray()
    label = cost_label(of)
    scenarios = [str(name) for name in data["scenario"].to_numpy()]
    chosen = scenario_index(scenario, scenarios)
    words, ax = Words.of(language), axes_of(ax)
    costs = data[of].isel(scenario=chosen).transpose("deployment", "month").to_numpy()
    names = [str(name) for name in data["deployment"].to_numpy()]
    floors = _floors(data, of)[:, chosen]
    labels = [
        option_name(words, name, floor=bool(floor.any()))
        for name, floor in zip(names, floors, strict=True)
    ]
    draw_months(ax, words, costs, labels)
    known = known_cost(costs, ~np.isfinite(costs), floors)
    lowest = known.min(axis=0)
    cheapest = np.where(np.isfinite(lowest), known.argmin(axis=0), -1)
    money_axis(ax.yaxis, words, data.attrs["currency"], label)
    mark_changes(ax, words, cheapest, lowest)
    label_month_stretches(ax, words, cheapest, names, _("cheapest"), floors=bool(floors.any()))
    name_months(ax, words, costs, labels)
    notes = [price_note(data.attrs), growth_note(words, scenarios[chosen])]
    notes += money_notes(data.attrs)
    infeasible = infeasible_names(names, costs)
    notes += limit_notes(
        words,
        unpriced=bool(data.attrs["floors"]),
        unchecked=bool(projection.unchecked),
        infeasible=infeasible,
    )
    write_heading(ax, words, staying_title(of), notes)
    return ax


def _floors(data: Any, of: str) -> Any:
    """Return where a cost is a floor: the sum so far is one as soon as a month has been."""
    floors = data["floor"].transpose("deployment", "scenario", "month").to_numpy()
    return np.logical_or.accumulate(floors, axis=-1) if "cumulative" in of else floors


def infeasible_names(names: Sequence[str], costs: Any) -> list[str]:
    """Return the names of the options whose ``costs``, ``(options, months)``, are never finite."""
    return [name for name, cost in zip(names, costs, strict=True) if not np.isfinite(cost).any()]


def cost_label(of: str) -> Message:
    """Return the label of the axis of a cost; ``InputError`` if the projection has no such cost."""
    if of not in COSTS:
        expected = _("the name of a cost")
        raise InputError("plot", [Problem("of", repr(of), expected, nearest(str(of), COSTS))])
    return COSTS[of]


def staying_title(of: str) -> Message:
    """Return the title of a plot of a cost of the projection."""
    if "cumulative" in of:
        return _("Total cost of staying with one option")
    return _("Cost as traffic grows")


def scenario_index(name: str | None, names: Sequence[str]) -> int:
    """Return the index of a growth, by default the first; ``InputError`` for an unknown name."""
    if name is None:
        return 0
    if name not in names:
        expected = _("the name of a growth model")
        raise InputError("plot", [Problem("scenario", repr(name), expected, nearest(name, names))])
    return names.index(name)


def money_notes(attrs: Any) -> list[Message]:
    """Return notes on inflation and the discount rate, if there are any."""
    notes = []
    if attrs["inflation"]:
        notes.append(_("inflation: {rate:.4g} a year", rate=attrs["inflation"]))
    if attrs["discount_rate"]:
        notes.append(_("discount rate: {rate:.4g} a year", rate=attrs["discount_rate"]))
    return notes


def draw_months(ax: Axes, words: Words, costs: Any, names: Sequence[str]) -> None:
    """Draw costs ``(options, months)``, which are NaN or infinite where one is infeasible."""
    month = np.arange(1, costs.shape[1] + 1)
    for i, (name, cost) in enumerate(zip(names, costs, strict=True)):
        draw_line(ax, month, finite(cost), name, i, len(names))
    ax.set_xlim(0.5, month[-1] + 0.5)
    if np.nanmin(costs, initial=0.0) >= 0:
        ax.set_ylim(bottom=0.0)
    ax.locator_params(axis="x", integer=True)
    ax.set_xlabel(words(_("month")), **words.font)
    ax.grid(visible=True, alpha=0.3)


def name_months(ax: Axes, words: Words, costs: Any, names: Sequence[str]) -> None:
    """Name the lines of costs ``(options, months)`` at their ends, or in a legend if many."""
    if len(names) > MOST_NAMED:
        side_legend(ax, words, ax.get_lines()[: len(names)], names)
        return
    ends = []
    for name, cost in zip(names, costs, strict=True):
        feasible = np.flatnonzero(np.isfinite(cost)).tolist()
        ends += [(feasible[-1] + 1.0, float(cost[feasible[-1]]), name)] if feasible else []
    label_ends(ax, words, ends)


def mark_changes(ax: Axes, words: Words, best: Any, costs: Any) -> None:
    """Mark the months in which the best option changes.

    ``best`` has the index of the best option in each month, ``(months,)``, and ``costs`` its cost.
    """
    changes = (np.flatnonzero(np.diff(best)) + 1).tolist()
    for at in changes:
        if np.isfinite(costs[at]):
            ax.plot(
                at + 1,
                costs[at],
                "o",
                color="black",
                markersize=7,
                markeredgecolor="white",
                zorder=5,
            )
    texts = [words(_("month {month}", month=at + 1)) for at in changes]
    write_changes(
        ax, words, [(at + 0.5, text, f"{at + 1}") for at, text in zip(changes, texts, strict=True)]
    )


def label_month_stretches(
    ax: Axes, words: Words, best: Any, names: Sequence[str], title: Message, *, floors: bool
) -> None:
    """Label along the foot which option is the best in which months, ``(months,)``; -1 is none.

    ``floors`` is whether some costs are floors, which are never the best.
    """
    starts = [0, *(np.flatnonzero(np.diff(best)) + 1).tolist()]
    label_stretches(
        ax,
        words,
        [
            (
                start + 0.5,
                stop + 0.5,
                None if best[start] < 0 else int(best[start]),
                words(no_winner(floors=floors)) if best[start] < 0 else names[best[start]],
            )
            for start, stop in zip(starts, [*starts[1:], best.size], strict=True)
        ],
        title,
    )
