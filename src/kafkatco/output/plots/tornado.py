"""Tornado plot of the break-even of two options: a bar for each input, the strongest first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from kafkatco.core.vocabulary import input_word, word
from kafkatco.i18n.message import _
from kafkatco.output.plots.labels import write_changes
from kafkatco.output.plots.style import (
    BEHIND,
    COLOURS,
    axes_of,
    label_ticks,
    plain,
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

    from kafkatco.analysis.sensitivity import Move, Tornado

__all__ = ["plot_tornado"]

Style = dict[str, Any]
LOW: Final[Style] = {"facecolor": COLOURS[5], "hatch": "//", "edgecolor": "white", "linewidth": 0}
HIGH: Final[Style] = {"facecolor": COLOURS[1], "hatch": "", "edgecolor": "white", "linewidth": 0}


def plot_tornado(tornado: Tornado, ax: Axes | None = None, *, language: str = "en") -> Axes:
    """Draw the break-evens with each input lower and higher, and those of the scenario itself.

    A bar runs from a break-even of the scenario to that of the changed input.  If the change adds
    or removes break-evens, they are marks without bars; if none is left, the plot has a label.
    """
    words, ax = Words.of(language), axes_of(ax, height=max(3.4, 1.5 + 0.5 * len(tornado)))
    from matplotlib.patches import Patch

    now = tornado[0].at if tornado else ()
    ax.set_xscale("log")
    for row, move in enumerate(tornado):
        _draw(ax, words, row, move)
    every = [x for move in tornado for x in (*move.low, *move.high, *now)]
    low, high = (min(every), max(every)) if every else (0.1, 1000.0)
    ax.set_xlim(low / 1.25 if low > 0 else 0.1, high * 1.25)
    ax.set_yticks(
        range(len(tornado)),
        [_input_label(words, move) for move in tornado],
        fontsize=8.5,
        **words.font,
    )
    ax.set_ylim(max(len(tornado), 1) - 0.4, -0.9)
    ax.tick_params(axis="y", length=0)
    label_ticks(ax.xaxis)
    ax.set_xlabel(words(with_unit(_("break-even"), word("TB/month"))), **words.font)
    ax.grid(visible=True, axis="x", which="both", alpha=0.25)
    ax.spines[["top", "right", "left"]].set_visible(False)
    for x in now:
        ax.axvline(x, color="black", linewidth=1.2, zorder=1)
    write_changes(ax, words, [(x, rounded(x), "") for x in now])
    if tornado:
        change = tornado[0].change
        handles = [Patch(**style) for style in (LOW, HIGH)]
        labels = [words(_("input {change:+.0%}", change=by)) for by in (-change, change)]
        side_legend(ax, words, handles, labels)
    if not every:
        ax.text(
            0.5,
            0.5,
            words(_("no break-even from 0.1 TB to 1 PB a month")),
            style="italic",
            ha="center",
            va="center",
            transform=ax.transAxes,
            **words.font,
        )
    title = _(
        "What moves the break-even of {mine} and {other}",
        mine=words.name(tornado.mine),
        other=words.name(tornado.other),
    )
    notes = [price_note(tornado.prices)]
    if any({len(move.low), len(move.high)} - {len(move.at), 0} for move in tornado):
        notes.append(_("marks without bars: there are more or fewer break-evens than now"))
    write_heading(ax, words, title, notes)
    return ax


def _input_label(words: Words, move: Move) -> str:
    """Return an input, with the name of its deployment cut, and its value on a second line."""
    kind, colon, deployment = move.axis.name.partition(":")
    name = f"{kind}:{words.name(deployment, 22)}" if colon else kind
    value = f"{plain(move.now, 4)} {words(unit_word(move.axis.unit))}".rstrip()
    return f"{words(input_word(name))}\n{value}"


def _draw(ax: Axes, words: Words, row: int, move: Move) -> None:
    """Draw one input: the lower one above, the higher one below."""
    missing = []
    for moved, style, marker, side, change in (
        (move.low, LOW, "<", -0.17, -move.change),
        (move.high, HIGH, ">", 0.17, move.change),
    ):
        count = len(move.at)
        lanes, size = [row + side] * len(moved), 6.0
        if len(moved) == count and moved:  # several share the height, a lane for each
            height = 0.32 / count
            lanes, size = (
                [row + side - 0.16 + height * (i + 0.5) for i in range(count)],
                3 + 3 / count,
            )
            for lane, at, x in zip(lanes, move.at, moved, strict=True):
                ax.barh(lane, x - at, 0.9 * height, left=at, **style, zorder=2)
        ax.plot(
            moved,
            lanes,
            marker,
            color=style["facecolor"],
            markersize=size,
            markeredgecolor="black",
            markeredgewidth=0.6,
            zorder=3,
        )
        if not moved and move.at:
            missing.append(words(_("none at {change:+.0%}", change=change)))
    if missing:
        ax.annotate(
            ", ".join(missing),
            (1, row),
            (-4, 0),
            xycoords=("axes fraction", "data"),
            textcoords="offset points",
            ha="right",
            va="center",
            fontsize=8.5,
            style="italic",
            bbox=BEHIND,
            **words.font,
        )
