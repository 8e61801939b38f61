"""Who is cheapest over two inputs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kafkatco.output.plots.style import (
    BEHIND,
    COLOURS,
    axes_of,
    brackets,
    fill_style,
    heading,
    label_ticks,
    limits,
    money_scale,
    price_note,
    side_legend,
)
from kafkatco.output.plots.text import Words, width

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from kafkatco.analysis.axes import Axis
    from kafkatco.analysis.decision_map import DecisionMap

__all__ = ["plot_map"]


def plot_map(found: DecisionMap, ax: Axes | None = None, *, language: str = "en") -> Axes:
    """Draw who is cheapest over two inputs, a region for each, with its boundaries."""
    words, ax = Words.of(language), axes_of(ax)
    regions: dict[str | None, Any] = {}
    look: dict[str, Any]
    # of many options only the winners, or neighbours could have the same colour
    winners = {part.winner for row in found.rows for part in row.intervals}
    numbered = [name for name in found.names if len(found.names) <= len(COLOURS) or name in winners]
    for row, (low, high) in zip(found.rows, found.bands, strict=True):
        for part in row.intervals:
            look = {"facecolor": "0.8", "linewidth": 0}
            if part.winner is not None:
                look = fill_style(numbered.index(part.winner), pale=True)
            area = ax.broken_barh([(part.start, part.stop - part.start)], (low, high - low), **look)
            regions.setdefault(part.winner, area)
    for line in found.boundaries():
        at, y = zip(*line.points, strict=True)
        ax.plot(at, y, color="black", linewidth=1.2, marker=".", markersize=3)
    starts = [row.intervals[0].start for row in found.rows]
    if found.logarithmic:
        ax.set_xscale("log")
    ax.set_xlim(min(starts), max(row.intervals[-1].stop for row in found.rows))
    ax.set_ylim(found.rows[0].y, found.rows[-1].y)
    _label(ax.xaxis, words, found.x)
    _label(ax.yaxis, words, found.y)
    notes = [price_note(found.prices), *limits(words, bool(found.unpriced_skus), ())]
    heading(ax, words, words("Cheapest option"), notes)
    names = [
        words("none can serve")
        if winner is None
        else words.name(winner) + (f" ({words('floor')})" if winner in found.unpriced_skus else "")
        for winner in regions
    ]
    _name_regions(ax, dict(zip(regions, names, strict=True)), found, words)
    side_legend(ax, words, list(regions.values()), names)
    return ax


def _name_regions(ax: Axes, names: dict[str | None, str], found: DecisionMap, words: Words) -> None:
    """Write each name in the middle of the rows in which its region has the room."""
    ahead, points = ax.transScale + ax.transLimits, ax.bbox.width / ax.figure.dpi * 72
    room: dict[str | None, list[tuple[float, float]]] = {}
    for row, (low, high) in zip(found.rows, found.bands, strict=True):
        for part in row.intervals:
            left, right = (float(ahead.transform((x, low))[0]) for x in (part.start, part.stop))
            if (right - left) * points > 6.2 * width(names[part.winner]):
                room.setdefault(part.winner, []).append(((left + right) / 2, (low + high) / 2))
    for winner, places in room.items():
        ax.text(
            *places[len(places) // 2],
            names[winner],
            transform=ax.get_yaxis_transform(),
            fontsize=8.5,
            ha="center",
            va="center",
            bbox=BEHIND,
            **words.font,
        )


def _label(axis: Any, words: Words, shown: Axis) -> None:
    """Label an input, money by the ten thousand won."""
    currency, slash, per = shown.unit.partition("/")
    scale, unit = money_scale(currency) if slash and per == "month" else (1.0, currency)
    label_ticks(axis, scale)
    axis.set_label_text(brackets(words, shown.name, unit + slash + per), **words.font)
