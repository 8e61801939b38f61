"""What moves the break-even of two options: a bar for each input, the strongest first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from kafkatco.output.plots.labels import write_changes
from kafkatco.output.plots.style import (
    BEHIND,
    COLOURS,
    axes_of,
    brackets,
    heading,
    label_ticks,
    plain,
    price_note,
    rounded,
    side_legend,
)
from kafkatco.output.plots.text import Words

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from kafkatco.analysis.sensitivity import Move, Tornado

__all__ = ["plot_tornado"]

Look = dict[str, Any]
LOW: Final[Look] = {"facecolor": COLOURS[5], "hatch": "//", "edgecolor": "white", "linewidth": 0}
HIGH: Final[Look] = {"facecolor": COLOURS[1], "hatch": "", "edgecolor": "white", "linewidth": 0}


def plot_tornado(found: Tornado, ax: Axes | None = None, *, language: str = "en") -> Axes:
    """Draw where the break-evens are with each input lower and higher, and where they are now.

    Bars go from a break-even of now to that of the moved input; where there are fewer or more of
    them then, each has its mark and none a bar, and where there is none, the picture says so.
    """
    words, ax = Words.of(language), axes_of(ax, height=max(3.4, 1.5 + 0.5 * len(found)))
    from matplotlib.patches import Patch

    now = found[0].at if found else ()
    ax.set_xscale("log")
    for row, move in enumerate(found):
        _draw(ax, words, row, move)
    every = [x for move in found for x in (*move.low, *move.high, *now)]
    low, high = (min(every), max(every)) if every else (0.1, 1000.0)
    ax.set_xlim(low / 1.25 if low > 0 else 0.1, high * 1.25)
    ax.set_yticks(
        range(len(found)),
        [
            f"{_input(words, move)}\n{plain(move.now, 4)} {words(move.axis.unit)}".rstrip()
            for move in found
        ],
        fontsize=8.5,
        **words.font,
    )
    ax.set_ylim(max(len(found), 1) - 0.4, -0.9)
    ax.tick_params(axis="y", length=0)
    label_ticks(ax.xaxis)
    ax.set_xlabel(brackets(words, "break-even", "TB/month"), **words.font)
    ax.grid(visible=True, axis="x", which="both", alpha=0.25)
    ax.spines[["top", "right", "left"]].set_visible(False)
    for x in now:
        ax.axvline(x, color="black", linewidth=1.2, zorder=1)
    write_changes(ax, words, [(x, rounded(x), "") for x in now])
    if found:
        change = found[0].change
        sides = ((LOW, -change), (HIGH, change))
        handles = [Patch(**look) for look, _ in sides]
        side_legend(ax, words, handles, [words(f"input {by:+.0%}") for _, by in sides])
    if not every:
        ax.text(
            0.5,
            0.5,
            words("no break-even from 0.1 TB to 1 PB a month"),
            style="italic",
            ha="center",
            va="center",
            transform=ax.transAxes,
            **words.font,
        )
    names = f"{words.name(found.mine)} / {words.name(found.other)}"
    notes = [price_note(found.prices)]
    if any({len(move.low), len(move.high)} - {len(move.at), 0} for move in found):
        notes.append("marks alone: more or fewer break-evens than now")
    heading(ax, words, f"{words('What moves the break-even')}: {names}", notes)
    return ax


def _input(words: Words, move: Move) -> str:
    """Return an input by its name; one of a deployment with its name."""
    what, colon, whose = move.axis.name.partition(":")
    return f"{words(what)}: {words.name(whose, 22)}" if colon else words(what)


def _draw(ax: Axes, words: Words, row: int, move: Move) -> None:
    """Draw one input: the lower one above, the higher one below."""
    missing = []
    for found, look, marker, side, by in (
        (move.low, LOW, "<", -0.17, -move.change),
        (move.high, HIGH, ">", 0.17, move.change),
    ):
        count = len(move.at)
        lanes, size = [row + side] * len(found), 6.0
        if len(found) == count and found:  # several share the height, a lane for each
            high = 0.32 / count
            lanes, size = (
                [row + side - 0.16 + high * (i + 0.5) for i in range(count)],
                3 + 3 / count,
            )
            for lane, at, x in zip(lanes, move.at, found, strict=True):
                ax.barh(lane, x - at, 0.9 * high, left=at, **look, zorder=2)
        ax.plot(
            found,
            lanes,
            marker,
            color=look["facecolor"],
            markersize=size,
            markeredgecolor="black",
            markeredgewidth=0.6,
            zorder=3,
        )
        if not found and move.at:
            missing.append(words(f"none at {by:+.0%}"))
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
