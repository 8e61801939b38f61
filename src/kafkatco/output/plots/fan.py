"""Cost over time as a fan: bands around a line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from kafkatco.output.plots.projection import (
    draw_months,
    money_notes,
    name_months,
    unserved,
    what_of,
)
from kafkatco.output.plots.style import (
    COLOURS,
    HATCHES,
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

    from kafkatco.planning.projection import Projection

__all__ = ["draw_bands", "plot_fan"]


def draw_bands(ax: Axes, x: Any, bands: Sequence[tuple[Any, Any]], *, i: int = 0) -> None:
    """Draw bands of (least, most) around the line number ``i``, the widest first.

    All have the shape of ``x``; where a value is missing, the band has a gap.
    """
    colour, hatch = COLOURS[i % len(COLOURS)], HATCHES[1 + i % (len(HATCHES) - 1)]
    for low, high in bands:
        ax.fill_between(
            x, known(low), known(high), facecolor=colour, alpha=0.16, linewidth=0, zorder=1
        )
        ax.fill_between(
            x,
            known(low),
            known(high),
            facecolor="none",
            edgecolor=colour,
            hatch=hatch,
            alpha=0.3,
            linewidth=0.6,
            zorder=1,
        )


def plot_fan(
    plan: Projection, ax: Axes | None = None, *, of: str = "cumulative_cost", language: str = "en"
) -> Axes:
    """Draw each deployment's cost from the least to the most over all growth scenarios.

    The line is the first scenario.  A band ends where the deployment cannot serve one of them.
    These are the scenarios that were given: a band is no interval of confidence.

    Raises :class:`~kafkatco.errors.InputError` for what is no cost of a projection.
    """
    data = plan.to_xarray()
    what = what_of(of)
    words, ax = Words.of(language), axes_of(ax)
    costs = data[of].transpose("deployment", "scenario", "month").to_numpy()
    names = [str(name) for name in data["deployment"].to_numpy()]
    for i, paths in enumerate(costs):
        draw_bands(ax, data["month"].to_numpy(), [(paths.min(axis=0), paths.max(axis=0))], i=i)
    floors = data["floor"].to_numpy()
    shown = [
        words.name(name) + (f" ({words('floor')})" if floor else "")
        for name, floor in zip(names, floors, strict=True)
    ]
    draw_months(ax, words, costs[:, 0], shown)
    name_months(ax, words, costs[:, 0], shown)
    money_axis(ax.yaxis, words, data.attrs["currency"], what)
    first, *others = (words.name(str(name)) for name in data["scenario"].to_numpy())
    notes = [price_note(data.attrs), *money_notes(data.attrs)]
    notes += [f"line: {first}", f"bands: also {', '.join(others)}"] if others else []
    notes += limits(words, bool(floors.any()), unserved(names, costs[:, 0]))
    title = "What staying with one option costs" if "cumulative" in of else "Cost as traffic grows"
    heading(ax, words, words(title), notes)
    return ax
