"""Plot of the cheapest option over two inputs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kafkatco.core.format import no_winner
from kafkatco.core.vocabulary import input_word
from kafkatco.i18n.message import _, join
from kafkatco.output.plots.style import (
    BEHIND,
    COLOURS,
    axes_of,
    fill_style,
    label_ticks,
    limit_notes,
    money_scale,
    price_note,
    side_legend,
    unit_word,
    with_unit,
    write_heading,
)
from kafkatco.output.plots.text import Words, width

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from kafkatco.analysis.axes import Axis
    from kafkatco.analysis.decision_map import DecisionMap

__all__ = ["plot_map"]


def plot_map(decisions: DecisionMap, ax: Axes | None = None, *, language: str = "en") -> Axes:
    """Draw a region for each option, where it is the cheapest of all, with the boundaries."""
    words, ax = Words.of(language), axes_of(ax)
    regions: dict[str | None, Any] = {}
    style: dict[str, Any]
    # of many options only the winners, or neighbours could have the same colour
    winners = {part.winner for row in decisions.rows for part in row.intervals}
    few = len(decisions.names) <= len(COLOURS)
    numbered = [name for name in decisions.names if few or name in winners]
    for row, (low, high) in zip(decisions.rows, decisions.bands, strict=True):
        for part in row.intervals:
            style = {"facecolor": "0.8", "linewidth": 0}
            if part.winner is not None:
                style = fill_style(numbered.index(part.winner), pale=True)
            stretch = part.start, part.stop - part.start
            area = ax.broken_barh([stretch], (low, high - low), **style)
            regions.setdefault(part.winner, area)
    for boundary in decisions.boundaries():
        x, y = zip(*boundary.points, strict=True)
        ax.plot(x, y, color="black", linewidth=1.2, marker=".", markersize=3)
    starts = [row.intervals[0].start for row in decisions.rows]
    if decisions.logarithmic:
        ax.set_xscale("log")
    ax.set_xlim(min(starts), max(row.intervals[-1].stop for row in decisions.rows))
    ax.set_ylim(decisions.rows[0].y, decisions.rows[-1].y)
    _label(ax.xaxis, words, decisions.x)
    _label(ax.yaxis, words, decisions.y)
    unpriced, unchecked = bool(decisions.unpriced_skus), bool(decisions.unchecked)
    notes = [
        price_note(decisions.prices),
        *limit_notes(words, unpriced=unpriced, unchecked=unchecked),
    ]
    write_heading(ax, words, _("Cheapest option"), notes)
    names = [
        words(no_winner(floors=any(row.undercuts for row in decisions.rows)))
        if winner is None
        else words.name(winner)
        for winner in regions
    ]
    _name_regions(ax, dict(zip(regions, names, strict=True)), decisions, words)
    side_legend(ax, words, list(regions.values()), names)
    return ax


def _name_regions(
    ax: Axes, names: dict[str | None, str], decisions: DecisionMap, words: Words
) -> None:
    """Write each name in the middle of the rows in which its region is wide enough."""
    to_axes, points = ax.transScale + ax.transLimits, ax.bbox.width / ax.figure.dpi * 72
    wide: dict[str | None, list[tuple[float, float]]] = {}
    for row, (low, high) in zip(decisions.rows, decisions.bands, strict=True):
        for part in row.intervals:
            left, right = (float(to_axes.transform((x, low))[0]) for x in (part.start, part.stop))
            if (right - left) * points > 6.2 * width(names[part.winner]):
                wide.setdefault(part.winner, []).append(((left + right) / 2, (low + high) / 2))
    for winner, places in wide.items():
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
    """Label the axis of an input; money a month as on an axis of money."""
    currency, slash, per = shown.unit.partition("/")
    scale, unit = 1.0, unit_word(shown.unit)
    if slash and per == "month":
        scale, money = money_scale(words, currency)
        unit = join("/", [money, unit_word(per)])
    label_ticks(axis, scale)
    axis.set_label_text(words(with_unit(input_word(shown.name), unit)), **words.font)
