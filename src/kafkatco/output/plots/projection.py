"""Cost month by month, and the months in which another option becomes the cheapest."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from kafkatco.errors import InputError, Problem, nearest
from kafkatco.output.plots.labels import label_ends, strip, write_changes
from kafkatco.output.plots.style import (
    MOST_NAMED,
    axes_of,
    draw_line,
    heading,
    known,
    limits,
    money_axis,
    price_note,
    side_legend,
)
from kafkatco.output.plots.text import Words

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from kafkatco.planning.projection import Projection

__all__ = [
    "draw_months",
    "mark_changes",
    "money_notes",
    "months_strip",
    "name_months",
    "plot_projection",
    "the_scenario",
    "unserved",
    "what_of",
]

#: The costs of a projection, and what their axes say.
COSTS: Final = {
    "cost": "cost in the month",
    "cumulative_cost": "cost so far",
    "discounted_cost": "discounted cost in the month",
    "cumulative_discounted_cost": "discounted cost so far",
}


def plot_projection(
    plan: Projection,
    ax: Axes | None = None,
    *,
    scenario: str | None = None,
    of: str = "cumulative_cost",
    language: str = "en",
) -> Axes:
    """Draw what each deployment costs, and mark the months in which the cheapest changes.

    ``of`` is a cost of the projection: ``cost`` is that of the month, ``cumulative_cost`` the sum
    of staying from the first month on.  ``scenario`` is a growth, the first unless named.

    Raises :class:`~kafkatco.errors.InputError` for another name than the projection has.
    """
    data = plan.to_xarray()
    what = what_of(of)
    chosen = the_scenario(scenario, [str(name) for name in data["scenario"].to_numpy()])
    words, ax = Words.of(language), axes_of(ax)
    costs = data[of].isel(scenario=chosen).transpose("deployment", "month").to_numpy()
    names = [str(name) for name in data["deployment"].to_numpy()]
    floors = data["floor"].to_numpy()
    shown = [
        words.name(name) + (f" ({words('floor')})" if floor else "")
        for name, floor in zip(names, floors, strict=True)
    ]
    draw_months(ax, words, costs, shown)
    able = np.where(np.isfinite(costs), costs, np.inf)
    first = np.where(np.isfinite(able.min(axis=0)), able.argmin(axis=0), -1)
    money_axis(ax.yaxis, words, data.attrs["currency"], what)
    mark_changes(ax, words, first, able.min(axis=0))
    months_strip(ax, words, first, names, "cheapest")
    name_months(ax, words, costs, shown)
    growth = words.name(str(data["scenario"].to_numpy()[chosen]))
    notes = [price_note(data.attrs), f"growth: {growth}", *money_notes(data.attrs)]
    notes += limits(words, bool(floors.any()), unserved(names, costs))
    title = "What staying with one option costs" if "cumulative" in of else "Cost as traffic grows"
    heading(ax, words, words(title), notes)
    return ax


def unserved(names: Sequence[str], costs: Any) -> list[str]:
    """Return the names of those of ``costs``, ``(options, months)``, that never serve."""
    return [name for name, cost in zip(names, costs, strict=True) if not np.isfinite(cost).any()]


def what_of(of: str) -> str:
    """Return what the axis of a cost says; ``InputError`` for what is none."""
    if of not in COSTS:
        hint = nearest(str(of), COSTS)
        raise InputError("plot", [Problem("of", repr(of), f"one of {', '.join(COSTS)}", hint)])
    return COSTS[of]


def the_scenario(name: str | None, names: Sequence[str]) -> int:
    """Return the number of a scenario, the first unless named; ``InputError`` for another."""
    if name is not None and name not in names:
        hint = nearest(name, names)
        raise InputError("plot", [Problem("scenario", repr(name), "a scenario", hint)])
    return 0 if name is None else names.index(name)


def money_notes(about: Any) -> list[str]:
    """Say what was assumed of money over time, where something was."""
    return [
        f"{text}: {about[key]:.4g} a year"
        for key, text in (("inflation", "inflation"), ("discount_rate", "discount rate"))
        if about[key]
    ]


def draw_months(ax: Axes, words: Words, costs: Any, names: Sequence[str]) -> None:
    """Draw costs ``(options, months)``, missing where one cannot serve."""
    month = np.arange(1, costs.shape[1] + 1)
    for i, (name, cost) in enumerate(zip(names, costs, strict=True)):
        draw_line(ax, month, known(cost), name, i, len(names))
    ax.set_xlim(0.5, month[-1] + 0.5)
    if np.nanmin(costs, initial=0.0) >= 0:
        ax.set_ylim(bottom=0.0)
    ax.locator_params(axis="x", integer=True)
    ax.set_xlabel(words("month"), **words.font)
    ax.grid(visible=True, alpha=0.3)


def name_months(ax: Axes, words: Words, costs: Any, names: Sequence[str]) -> None:
    """Name the lines of costs ``(options, months)`` where they end, or many in a legend."""
    if len(names) > MOST_NAMED:
        side_legend(ax, words, ax.get_lines()[: len(names)], names)
        return
    ends = []
    for name, cost in zip(names, costs, strict=True):
        served = np.flatnonzero(np.isfinite(cost)).tolist()
        ends += [(served[-1] + 1.0, float(cost[served[-1]]), name)] if served else []
    label_ends(ax, words, ends)


def mark_changes(ax: Axes, words: Words, first: Any, costs: Any) -> None:
    """Mark the months in which another option is first; ``costs`` are those of who is first."""
    changes = (np.flatnonzero(np.diff(first)) + 1).tolist()
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
    write_changes(ax, words, [(at + 0.5, words(f"month {at + 1}"), f"{at + 1}") for at in changes])


def months_strip(ax: Axes, words: Words, first: Any, names: Sequence[str], title: str) -> None:
    """Say along the foot who is first in which months, ``(months,)``; -1 is nobody."""
    starts = [0, *(np.flatnonzero(np.diff(first)) + 1).tolist()]
    strip(
        ax,
        words,
        [
            (
                start + 0.5,
                stop + 0.5,
                None if first[start] < 0 else int(first[start]),
                words("none can serve") if first[start] < 0 else names[first[start]],
            )
            for start, stop in zip(starts, [*starts[1:], first.size], strict=True)
        ],
        title,
    )
