"""Cost against one input: every crossing, and who is cheapest where."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from kafkatco.numerics.tolerance import same
from kafkatco.output.plots.labels import label_ends, strip, write_changes
from kafkatco.output.plots.style import (
    MOST_NAMED,
    axes_of,
    brackets,
    draw_line,
    heading,
    label_ticks,
    limits,
    money_axis,
    price_note,
    rounded,
    side_legend,
)
from kafkatco.output.plots.text import Words

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from kafkatco.analysis.crossovers import Crossovers
    from kafkatco.numerics.crossings import Crossing

__all__ = ["plot_crossovers"]

#: How a crossing is marked, by its kind, and what the legend says of it.
MARKS: Final = {"root": ("o", "costs meet"), "jump": ("^", "a step overtakes")}


def plot_crossovers(found: Crossovers, ax: Axes | None = None, *, language: str = "en") -> Axes:
    """Draw cost against the axis, mark every crossing, and shade by the cheapest option.

    Circles are costs that meet, triangles costs that step over one another; they are large where
    the cheapest option changes, and written there.
    """
    many = len(found.curves) > MOST_NAMED
    words, ax = Words.of(language), axes_of(ax, width=11.5 if many else 9)
    labels, handles, ends = list(found.curves), [], []
    for i, (label, costs) in enumerate(found.curves.items()):
        # sloped pieces bend on log axes: they are drawn through points of their own
        edges = np.union1d(costs.total.edges, costs.infeasible.edges)
        x = _dense(edges, log=found.start > 0)
        y = np.where(costs.infeasible(x) != 0, np.nan, costs.total(x))
        name = words.name(label) + (f" ({words('floor')})" if label in found.unpriced_skus else "")
        handles.append(draw_line(ax, x, y, name, i, len(labels)))
        if served := np.flatnonzero(np.isfinite(y)).tolist():
            ends.append((float(x[served[-1]]), float(y[served[-1]]), name))
    if found.start > 0:
        ax.set_xscale("log")
    ax.set_yscale("log")
    ax.set_xlim(found.start, found.stop)
    parts = [
        (
            part.start,
            part.stop,
            None if part.winner is None else labels.index(part.winner),
            words("none can serve") if part.winner is None else part.winner,
        )
        for part in found.intervals
    ]
    strip(ax, words, parts, "cheapest")
    write_changes(ax, words, [(start, rounded(start), "") for start, *_ in parts[1:]])
    marks = _mark(ax, words, found)
    if found.start > 0:
        label_ticks(ax.xaxis)
    money_axis(ax.yaxis, words, found.currency, "cost a month")
    ax.set_xlabel(brackets(words, found.axis.name, found.axis.unit), **words.font)
    ax.grid(visible=True, which="major", alpha=0.3)
    unable = [label for label, cost in found.curves.items() if np.all(cost.infeasible.points != 0)]
    title = words(f"Cost against {found.axis.name}")
    heading(
        ax,
        words,
        title,
        (price_note(found.prices), *limits(words, bool(found.unpriced_skus), unable)),
    )
    if many:
        lines = [*handles, *marks]
        side_legend(ax, words, lines, [str(line.get_label()) for line in lines])
    else:
        label_ends(ax, words, ends)
        if marks:
            ax.legend(
                handles=marks,
                loc="upper left",
                bbox_to_anchor=(0.0, 0.93),
                framealpha=0.9,
                prop={"family": list(words.families), "size": 8.5},
            )
    return ax


def _mark(ax: Axes, words: Words, found: Crossovers) -> list[Any]:
    """Mark every crossing; return a line of each kind for the legend."""
    changes = {
        frozenset((left.winner, right.winner)): set[float]()
        for left, right in pairwise(found.intervals)
    }
    for left, right in pairwise(found.intervals):
        changes[frozenset((left.winner, right.winner))].add(right.start)

    def leads(item: Crossing) -> bool:
        at = changes.get(frozenset((item.below, item.above)), ())
        return any(same(x, item.x) or same(x, item.until) for x in at)

    every = [item for pair in found.pairs for item in pair.crossings]
    lines = []
    for kind, (marker, text) in MARKS.items():
        for first in (True, False):
            some = [item for item in every if item.kind == kind and leads(item) == first]
            if not some:
                continue
            look: dict[str, Any] = (
                {"color": "black", "markersize": 7, "zorder": 5}
                if first
                else {"color": "0.25", "markersize": 3.6, "zorder": 4}
            )
            beside = "" if first else ", behind the cheapest"
            lines += ax.plot(
                [item.x for item in some],
                [item.cost for item in some],
                marker,
                markeredgecolor="white",
                markeredgewidth=0.6 if first else 0.3,
                label=words(f"{text}{beside}"),
                **look,
            )
    return lines


def _dense(edges: Any, *, log: bool) -> Any:
    """Return both ends of every piece, and points inside the long ones."""
    points = [edges, np.nextafter(edges[:-1], edges[1:])]
    for low, high in pairwise(edges):
        if log and high / low > 1.02:
            points.append(np.geomspace(low, high, 40)[1:-1])
    return np.clip(np.unique(np.concatenate(points)), edges[0], edges[-1])
