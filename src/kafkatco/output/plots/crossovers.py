"""Plot of cost against one input: every crossover, and which option is cheapest where."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from kafkatco.analysis.cost_curves import overlapped
from kafkatco.core.format import no_winner
from kafkatco.core.vocabulary import input_word
from kafkatco.i18n.message import _
from kafkatco.numerics.tolerance import same
from kafkatco.output.plots.labels import label_ends, label_stretches, write_changes
from kafkatco.output.plots.style import (
    MOST_NAMED,
    axes_of,
    draw_line,
    label_ticks,
    limit_notes,
    money_axis,
    option_name,
    price_note,
    rounded,
    side_legend,
    unit_word,
    with_unit,
    write_heading,
)
from kafkatco.output.plots.text import Words

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from kafkatco.analysis.crossovers import Crossovers
    from kafkatco.numerics.crossings import Crossing

__all__ = ["plot_crossovers"]

#: The marker of each kind of crossing, and its label in the legend: where the cheapest option
#: changes, and elsewhere.
MARKS: Final = {
    "root": ("o", _("costs cross"), _("costs cross, above the cheapest")),
    "jump": (
        "^",
        _("a cost jumps past another"),
        _("a cost jumps past another, above the cheapest"),
    ),
}


def plot_crossovers(
    crossovers: Crossovers, ax: Axes | None = None, *, language: str = "en"
) -> Axes:
    """Draw cost against the axis, mark every crossing, and tint by the cheapest option.

    Circles are costs that cross, triangles costs that jump past one another.  Marks are large, and
    labelled with their position, where the cheapest option changes.
    """
    many = len(crossovers.curves) > MOST_NAMED
    words, ax = Words.of(language), axes_of(ax, width=11.5 if many else 9)
    names, handles, ends = list(crossovers.curves), [], []
    for i, (name, costs) in enumerate(crossovers.curves.items()):
        # sloped pieces bend on log axes: they are drawn through points of their own
        edges = np.union1d(costs.total.edges, costs.infeasible.edges)
        x = _dense(edges, log=crossovers.start > 0)
        y = np.where(costs.infeasible(x) != 0, np.nan, costs.total(x))
        label = option_name(words, name, floor=bool(np.any(costs.floor)))
        handles.append(draw_line(ax, x, y, label, i, len(names)))
        if feasible := np.flatnonzero(np.isfinite(y)).tolist():
            ends.append((float(x[feasible[-1]]), float(y[feasible[-1]]), label))
    if crossovers.start > 0:
        ax.set_xscale("log")
    ax.set_yscale("log")
    ax.set_xlim(crossovers.start, crossovers.stop)
    stretches = [
        (
            part.start,
            part.stop,
            None if part.winner is None else names.index(part.winner),
            part.winner or words(no_winner(floors=overlapped(part, crossovers.undercuts))),
        )
        for part in crossovers.intervals
    ]
    label_stretches(ax, words, stretches, _("cheapest"))
    write_changes(
        ax, words, [(part.start, rounded(part.start), "") for part in crossovers.intervals[1:]]
    )
    marks = _mark(ax, words, crossovers)
    if crossovers.start > 0:
        label_ticks(ax.xaxis)
    money_axis(ax.yaxis, words, crossovers.currency, _("cost a month"))
    axis = input_word(crossovers.axis.name)
    ax.set_xlabel(words(with_unit(axis, unit_word(crossovers.axis.unit))), **words.font)
    ax.grid(visible=True, which="major", alpha=0.3)
    infeasible = [
        name for name, costs in crossovers.curves.items() if np.all(costs.infeasible.points != 0)
    ]
    unpriced, unchecked = bool(crossovers.unpriced_skus), bool(crossovers.unchecked)
    notes = [
        price_note(crossovers.prices),
        *limit_notes(words, unpriced=unpriced, unchecked=unchecked, infeasible=infeasible),
    ]
    write_heading(ax, words, _("Cost against {input}", input=axis), notes)
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


def _mark(ax: Axes, words: Words, crossovers: Crossovers) -> list[Any]:
    """Mark every crossing; return a line of each kind for the legend."""
    changes: dict[frozenset[str | None], set[float]] = {}
    for left, right in pairwise(crossovers.intervals):
        changes.setdefault(frozenset((left.winner, right.winner)), set()).add(right.start)

    def changes_cheapest(crossing: Crossing) -> bool:
        positions = changes.get(frozenset((crossing.below, crossing.above)), ())
        return any(same(x, crossing.x) or same(x, crossing.until) for x in positions)

    every = [crossing for pair in crossovers.pairs for crossing in pair.crossings]
    lines = []
    for kind, (marker, label, label_above) in MARKS.items():
        for first in (True, False):
            marked = [c for c in every if c.kind == kind and changes_cheapest(c) == first]
            if not marked:
                continue
            style: dict[str, Any] = (
                {"color": "black", "markersize": 7, "zorder": 5}
                if first
                else {"color": "0.25", "markersize": 3.6, "zorder": 4}
            )
            lines += ax.plot(
                [crossing.x for crossing in marked],
                [crossing.cost for crossing in marked],
                marker,
                markeredgecolor="white",
                markeredgewidth=0.6 if first else 0.3,
                label=words(label if first else label_above),
                **style,
            )
    return lines


def _dense(edges: Any, *, log: bool) -> Any:
    """Return both ends of every piece, and points within long ones."""
    points = [edges, np.nextafter(edges[:-1], edges[1:])]
    for low, high in pairwise(edges):
        if log and high / low > 1.02:
            points.append(np.geomspace(low, high, 40)[1:-1])
    return np.clip(np.unique(np.concatenate(points)), edges[0], edges[-1])
