"""Labels on a plot, next to what they name, as far as there is room."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from kafkatco.i18n.message import Message
from kafkatco.output.plots.style import BEHIND, fill_style
from kafkatco.output.plots.text import Words, width

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["label_ends", "label_stretches", "write_changes"]

#: The width of a letter, with some margin for names beside the axes, which make them narrower
#: [points].
LETTER: Final = 7.5


def label_ends(ax: Axes, words: Words, ends: Sequence[tuple[float, float, str]]) -> None:
    """Name lines at their ends, ``(x, y, name)`` each; names that would collide are moved apart."""
    to_axes = ax.transScale + ax.transLimits
    gap = 1.4 * 9 / (ax.bbox.height / ax.figure.dpi * 72)
    placed: list[tuple[float, float]] = []
    for (x, y), (at_x, at_y, name) in sorted(
        zip(to_axes.transform([end[:2] for end in ends]), ends, strict=True),
        key=lambda end: float(end[0][1]),
    ):
        near = [other_y for other_x, other_y in placed if abs(other_x - x) < 0.3]
        free = max([float(y), *(other_y + gap for other_y in near)])
        placed.append((float(x), free))
        ax.annotate(
            name,
            (at_x, at_y),
            (float(x) + 0.012, free),
            textcoords="axes fraction",
            fontsize=9,
            va="center",
            zorder=6,
            annotation_clip=False,
            **words.font,
            bbox={**BEHIND, "alpha": 0.75},
            arrowprops={
                "arrowstyle": "-",
                "color": "0.5",
                "linewidth": 0.6,
                "shrinkA": 0,
                "shrinkB": 0,
            },
        )


def label_stretches(
    ax: Axes,
    words: Words,
    stretches: Sequence[tuple[float, float, int | None, str]],
    title: Message,
) -> None:
    """Label stretches of the x axis along the foot of a plot: ``(from, to, number, name)`` each.

    The number is that of an option, whose colour tints the stretch.  A name that is wider than its
    stretch is cut or left out.
    """
    bottom, top = ax.get_ylim()
    low, high = ax.yaxis.get_transform().transform((bottom, top))
    foot = ax.yaxis.get_transform().inverted().transform(low - 0.16 * (high - low))
    if ax.get_yscale() == "linear":
        ax.set_yticks([tick for tick in ax.get_yticks() if bottom <= tick <= top])
    ax.set_ylim(float(foot), top)
    to_axes, points = ax.transScale + ax.transLimits, _width_points(ax)
    for start, stop, i, name in stretches:
        look = {"facecolor": "0.8", "linewidth": 0} if i is None else fill_style(i, pale=True)
        ax.axvspan(start, stop, color=look["facecolor"], alpha=0.1, linewidth=0, zorder=0)
        ax.axvspan(start, stop, 0.0, 0.075, **look, zorder=1)
        left, right = (float(to_axes.transform((x, ax.get_ylim()[1]))[0]) for x in (start, stop))
        room = int((right - left) * points / LETTER)
        if room >= min(width(name), 8):
            ax.text(
                (left + right) / 2,
                0.0375,
                words.name(name, room),
                transform=ax.transAxes,
                fontsize=8.5,
                ha="center",
                va="center",
                zorder=7,
                clip_on=True,
                **words.font,
                bbox=BEHIND,
            )
    ax.text(
        0.006,
        0.085,
        words(title),
        transform=ax.transAxes,
        fontsize=8,
        color="0.35",
        zorder=7,
        **words.font,
    )


def write_changes(ax: Axes, words: Words, changes: Sequence[tuple[float, str, str]]) -> None:
    """Draw a line at each ``(x, text, shorter text)``, and write a text that has room above it."""
    to_axes, letter = ax.transScale + ax.transLimits, LETTER / _width_points(ax)
    free = 0.0
    for x, *texts in changes:
        ax.axvline(x, color="0.35", linewidth=0.8, linestyle=(0, (1, 1.5)), zorder=2)
        at = float(to_axes.transform((x, ax.get_ylim()[1]))[0])
        for text in texts:
            half = width(text) / 2 * letter
            if text and at - half >= free:
                ax.text(
                    at,
                    0.985,
                    text,
                    transform=ax.transAxes,
                    fontsize=8.5,
                    ha="center",
                    va="top",
                    zorder=7,
                    bbox=BEHIND,
                    **words.font,
                )
                free = at + half
                break


def _width_points(ax: Axes) -> float:
    """Return the width of the axes [points], before names beside them make them narrower."""
    return float(ax.bbox.width / ax.figure.dpi * 72)
