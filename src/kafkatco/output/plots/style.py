"""How pictures look: told apart in colour, by the colour-blind and in grey; labelled in place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from kafkatco.core.optional import needing
from kafkatco.output.plots.text import Words

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.axis import Axis
    from matplotlib.figure import Figure
    from matplotlib.lines import Line2D

__all__ = [
    "BEHIND",
    "COLOURS",
    "HATCHES",
    "MOST_NAMED",
    "amount",
    "axes_of",
    "brackets",
    "draw_line",
    "figure",
    "fill_style",
    "heading",
    "known",
    "label_ticks",
    "limits",
    "money_axis",
    "money_scale",
    "plain",
    "price_note",
    "rounded",
    "side_legend",
]

#: Okabe and Ito's colours, told apart by the colour-blind.
COLOURS: Final = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")
#: With the markers, 36 lines that are told apart in grey.
DASHES: Final = ("-", "--", "-.", ":")
MARKERS: Final = ("s", "D", "v", "P", "X", "<", ">", "*", "p")
HATCHES: Final = (
    "",
    "//",
    "..",
    "xx",
    "\\\\",
    "oo",
    "++",
    "--",
    "||",
    "**",
    "O.",
    "/-",
    "\\|",
    "x.",
    "+o",
    "-.",
)
#: More lines than these are named in a legend, and not where they end.
MOST_NAMED: Final = 6
#: Behind a text that lies on a picture.
BEHIND: Final[dict[str, Any]] = {"facecolor": "white", "alpha": 0.85, "edgecolor": "none", "pad": 1}
#: A line of notes under a title.
LINE_LETTERS: Final = 92


def figure(*titles: str, height: float = 5.2, language: str = "en") -> tuple[Figure, list[Axes]]:
    """Return a figure for files, apart from any window, with a plot under each title.

    ``height`` is that of one plot.  [inches]
    """
    with needing("pictures need", "matplotlib"):
        from matplotlib.figure import Figure
    words = Words.of(language)
    drawn = Figure(figsize=(9, height * len(titles)), layout="constrained")
    parts = drawn.subfigures(len(titles), 1, squeeze=False)[:, 0]
    for part, title in zip(parts, titles, strict=True):
        if title:
            part.suptitle(words(title), x=0.01, ha="left", fontsize=13, weight="bold", **words.font)
    return drawn, [part.subplots() for part in parts]


def axes_of(ax: Axes | None, *, width: float = 9, height: float = 5.2) -> Axes:
    """Return the axes to draw on: the given ones, or those of a new figure [inches]."""
    if ax is not None:
        return ax
    with needing("pictures need", "matplotlib"):
        import matplotlib.pyplot as plt
    return plt.subplots(figsize=(width, height), layout="constrained")[1]


def draw_line(ax: Axes, x: Any, y: Any, name: str, i: int, count: int) -> Line2D:
    """Draw the line number ``i`` of ``count``; markers help where dashes repeat."""
    look: dict[str, Any] = {
        "color": COLOURS[i % len(COLOURS)],
        "linestyle": DASHES[i % len(DASHES)],
        "linewidth": 1.8,
    }
    if count > len(DASHES) and np.isfinite(y).any():
        look |= {
            "marker": MARKERS[i % len(MARKERS)],
            "markersize": 4.5,
            "markevery": (0.02 * (i % 5), 0.13),
            "linewidth": 1.3,
        }
    [line] = ax.plot(x, y, label=name, **look)
    return line


def fill_style(i: int, *, pale: bool = False) -> dict[str, Any]:
    """Return how the area number ``i`` looks: no two of 112 have both colour and hatch alike."""
    from matplotlib.colors import to_rgba

    return {
        "facecolor": to_rgba(COLOURS[i % len(COLOURS)], 0.4 if pale else 1.0),
        "hatch": HATCHES[i % len(HATCHES)],
        "edgecolor": "0.35" if pale else "white",
        "linewidth": 0,
    }


def heading(ax: Axes, words: Words, title: str, notes: Iterable[str]) -> None:
    """Say what a picture shows, and under it of which prices and under which conditions."""
    lines: list[str] = []
    for note in (words(text) for text in (*notes, words.note) if text):
        if lines and len(lines[-1]) + len(note) < LINE_LETTERS:
            lines[-1] += f"   {note}"
        else:
            lines.append(note)
    ax.set_title(title, loc="left", pad=9 + 11.5 * len(lines), fontsize=12, **words.font)
    ax.annotate(
        "\n".join(lines),
        (0, 1),
        (0, 6),
        xycoords="axes fraction",
        textcoords="offset points",
        ha="left",
        va="bottom",
        fontsize=8.5,
        color="0.35",
        **words.font,
    )


def price_note(prices: Mapping[str, Any]) -> str:
    """Say of which book and day the prices are."""
    return f"prices: {prices['book']}, {prices['as_of']}"


def limits(words: Words, floors: bool, unable: Iterable[str]) -> list[str]:
    """Say what is not whole: that costs are floors, and which options have no line at all."""
    names = ", ".join(words.name(name) for name in unable)
    return ["floor: some price is missing"] * floors + [f"cannot serve: {names}"] * bool(names)


def money_scale(currency: str) -> tuple[float, str]:
    """Return in which steps money is counted, and their name: won by the ten thousand."""
    return (1e4, "10,000 KRW") if currency == "KRW" else (1.0, currency)


def money_axis(axis: Axis, words: Words, currency: str, what: str) -> None:
    """Label money along an axis."""
    scale, unit = money_scale(currency)
    label_ticks(axis, scale)
    axis.set_label_text(brackets(words, what, unit), **words.font)


def amount(words: Words, value: float, currency: str) -> str:
    """Return a rounded amount as a text, won in Korean by the ten thousand."""
    if words.language != "ko" or currency != "KRW":
        return f"{rounded(value)} {currency}"
    scale, unit = money_scale(currency)
    return f"{rounded(value / scale)}{words(unit)}"


def rounded(value: float) -> str:
    """Return a number of at least three digits, whole from 100 on.

    >>> rounded(10208.8), rounded(1.7498), rounded(99.96)
    ('10,209', '1.75', '100')
    """
    return f"{value:,.0f}" if abs(value) >= 99.95 else f"{value:,.3g}"


def brackets(words: Words, name: str, unit: str) -> str:
    """Return an input with its unit."""
    return words(name) + (f" [{words(unit)}]" if unit else "")


def label_ticks(axis: Axis, scale: float = 1.0) -> None:
    """Label ticks in plain numbers; on a short log axis those of 2, 3 and 5 as well, or all."""
    axis.set_major_formatter(lambda value, _: plain(value / scale))
    if axis.get_scale() == "log":
        low, high = axis.get_view_interval()
        digits = "123456789" if high < 5 * low else "235" if high < 30 * low else ""
        axis.set_minor_formatter(
            lambda value, _: f"{value / scale:,.6g}" if f"{value:e}"[0] in digits else ""
        )


def plain(value: float, digits: int = 6) -> str:
    """Return a number of so many digits without an exponent."""
    return f"{value:,.0f}" if abs(value) >= 10**digits else f"{value:,.{digits}g}"


def side_legend(ax: Axes, words: Words, handles: Sequence[Any], labels: Sequence[str]) -> None:
    """Put a legend at the right of the picture, where it hides nothing."""
    shown = [f" {label}" if label.startswith("_") else label for label in labels]  # not hidden
    ax.legend(
        handles,
        shown,
        loc="upper left",
        bbox_to_anchor=(1.0, 1.0),
        frameon=False,
        handlelength=3.2,
        handleheight=1.1,
        prop={"family": list(words.families), "size": 8.5},
    )


def known(values: Any) -> Any:
    """Return values as floats, those that are infinite as missing."""
    found = np.asarray(values, float)
    return np.where(np.isfinite(found), found, np.nan)
