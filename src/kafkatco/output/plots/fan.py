"""Plot of cost by month as a fan: bands around a line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from kafkatco.i18n.message import _
from kafkatco.output.plots.projection import (
    cost_label,
    draw_months,
    infeasible_names,
    money_notes,
    name_months,
    staying_title,
)
from kafkatco.output.plots.style import (
    COLOURS,
    HATCHES,
    axes_of,
    finite,
    limit_notes,
    money_axis,
    option_name,
    price_note,
    write_heading,
)
from kafkatco.output.plots.text import Words

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from kafkatco.planning.projection import Projection

__all__ = ["draw_bands", "plot_fan"]


def draw_bands(ax: Axes, x: Any, bands: Sequence[tuple[Any, Any]], *, i: int = 0) -> None:
    """Draw bands, (low, high) each, around line ``i``, the widest first.

    All arrays have the shape of ``x``; a band has a gap at infinite values and NaN.
    """
    colour, hatch = COLOURS[i % len(COLOURS)], HATCHES[1 + i % (len(HATCHES) - 1)]
    for low, high in bands:
        ax.fill_between(
            x, finite(low), finite(high), facecolor=colour, alpha=0.16, linewidth=0, zorder=1
        )
        ax.fill_between(
            x,
            finite(low),
            finite(high),
            facecolor="none",
            edgecolor=colour,
            hatch=hatch,
            alpha=0.3,
            linewidth=0.6,
            zorder=1,
        )


def plot_fan(
    projection: Projection,
    ax: Axes | None = None,
    *,
    of: str = "cumulative_cost",
    language: str = "en",
) -> Axes:
    """Draw the range of each deployment's cost over all growth scenarios.

    The line is the first scenario.  A band ends in the month in which the deployment cannot handle
    the load of one of them.  A band spans the scenarios, and is no confidence interval.

    Raises :class:`~kafkatco.errors.InputError` if ``of`` is not a cost of the projection.
    """
    data = projection.to_xarray()
    label = cost_label(of)
    words, ax = Words.of(language), axes_of(ax)
    costs = data[of].transpose("deployment", "scenario", "month").to_numpy()
    names = [str(name) for name in data["deployment"].to_numpy()]
    for i, paths in enumerate(costs):
        draw_bands(ax, data["month"].to_numpy(), [(paths.min(axis=0), paths.max(axis=0))], i=i)
    floors = data["floor"].transpose("deployment", ...).to_numpy()
    labels = [
        option_name(words, name, floor=bool(floor.any()))
        for name, floor in zip(names, floors, strict=True)
    ]
    draw_months(ax, words, costs[:, 0], labels)
    name_months(ax, words, costs[:, 0], labels)
    money_axis(ax.yaxis, words, data.attrs["currency"], label)
    first, *others = (words.name(str(name)) for name in data["scenario"].to_numpy())
    notes = [price_note(data.attrs), *money_notes(data.attrs)]
    if others:
        notes += [
            _("line: {growth}", growth=first),
            _("bands: range with {growths}", growths=", ".join(others)),
        ]
    infeasible = infeasible_names(names, costs[:, 0])
    notes += limit_notes(
        words,
        unpriced=bool(data.attrs["floors"]),
        unchecked=bool(projection.unchecked),
        infeasible=infeasible,
    )
    write_heading(ax, words, staying_title(of), notes)
    return ax
