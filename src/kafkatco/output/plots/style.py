"""The style of plots: distinguishable in colour, in grey and by the colour-blind; labels."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from kafkatco.core.optional import needing
from kafkatco.core.vocabulary import WORDS, word
from kafkatco.i18n.message import Message, _, join, verbatim
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
    "draw_line",
    "figure",
    "fill_style",
    "finite",
    "growth_note",
    "label_ticks",
    "limit_notes",
    "money_axis",
    "money_scale",
    "option_name",
    "plain",
    "price_note",
    "rounded",
    "side_legend",
    "unit_word",
    "with_unit",
    "write_heading",
]

#: The palette of Okabe and Ito, which the colour-blind can distinguish.
COLOURS: Final = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")
#: With the markers, 36 lines that can be distinguished in grey.
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
    "*/",
    "O|",
)
#: The most lines that are named at their ends; more are named in a legend.
MOST_NAMED: Final = 6
#: The box behind a text that lies on a plot.
BEHIND: Final[dict[str, Any]] = {"facecolor": "white", "alpha": 0.85, "edgecolor": "none", "pad": 1}
#: The most letters of a line of notes under a title.
LINE_LETTERS: Final = 92


def figure(*titles: str, height: float = 5.2, language: str = "en") -> tuple[Figure, list[Axes]]:
    """Return a figure for a file, without a window, and axes under each title.

    ``height`` is that of each of the axes [inches].
    """
    with needing(_("plots need"), "matplotlib"):
        from matplotlib.figure import Figure
    words = Words.of(language)
    whole = Figure(figsize=(9, height * len(titles)), layout="constrained")
    parts = whole.subfigures(len(titles), 1, squeeze=False)[:, 0]
    for part, title in zip(parts, titles, strict=True):
        if title:  # not bold: of a font without that weight matplotlib prints a warning
            part.suptitle(words(title), x=0.01, ha="left", fontsize=14, **words.font)
    return whole, [part.subplots() for part in parts]


def axes_of(ax: Axes | None, *, width: float = 9, height: float = 5.2) -> Axes:
    """Return ``ax``, or the axes of a new figure of this width and height [inches]."""
    if ax is not None:
        return ax
    with needing(_("plots need"), "matplotlib"):
        import matplotlib.pyplot as plt
    return plt.subplots(figsize=(width, height), layout="constrained")[1]


def draw_line(ax: Axes, x: Any, y: Any, name: str, i: int, count: int) -> Line2D:
    """Draw line ``i`` of ``count``; lines whose dashes repeat have markers, too."""
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
    """Return the style of area ``i``: no two of 112 share both colour and hatch."""
    from matplotlib.colors import to_rgba

    return {
        "facecolor": to_rgba(COLOURS[i % len(COLOURS)], 0.4 if pale else 1.0),
        "hatch": HATCHES[i % len(HATCHES)],
        "edgecolor": "0.35" if pale else "white",
        "linewidth": 0,
    }


def write_heading(ax: Axes, words: Words, title: Message, notes: Iterable[Message]) -> None:
    """Write the title, and under it the notes on prices and conditions."""
    lines: list[str] = []
    for note in (words(text) for text in (*notes, words.note) if text):
        if lines and len(lines[-1]) + len(note) < LINE_LETTERS:
            lines[-1] += f"   {note}"
        else:
            lines.append(note)
    pad = 9 + 11.5 * len(lines)
    ax.set_title(words(title), loc="left", pad=pad, fontsize=12, **words.font)
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


def option_name(words: Words, name: str, *, floor: bool) -> str:
    """Return the name of an option, and whether its cost is a floor."""
    shown = words.name(name)
    return words(_("{name} (floor)", name=shown)) if floor else shown


def price_note(prices: Mapping[str, Any]) -> Message:
    """Return the book and the date of the prices."""
    return _("prices: {book}, {date}", book=word(str(prices["book"])), date=prices["as_of"])


def growth_note(words: Words, name: str) -> Message:
    """Return the name of the growth scenario."""
    return _("growth: {growth}", growth=WORDS.get(name) or words.name(name))


def limit_notes(
    words: Words, *, unpriced: bool, unchecked: bool, infeasible: Iterable[str] = ()
) -> list[Message]:
    """Return notes on costs that are floors, and on options that are infeasible everywhere."""
    notes = [_("floor: some prices are missing")] if unpriced else []
    notes += [_("floor: a limit is unknown")] if unchecked else []
    if names := ", ".join(words.name(name) for name in infeasible):
        notes.append(_("cannot handle the load: {names}", names=names))
    return notes


def money_scale(words: Words, currency: str) -> tuple[float, Message]:
    """Return the unit of money on an axis: of won a million, or in Korean ten thousand."""
    if currency != "KRW":
        return 1.0, verbatim(currency)
    return (1e4, verbatim("만원")) if words.language == "ko" else (1e6, _("million KRW"))


def money_axis(axis: Axis, words: Words, currency: str, label: Message) -> None:
    """Label an axis of money."""
    scale, unit = money_scale(words, currency)
    label_ticks(axis, scale)
    axis.set_label_text(words(with_unit(label, unit)), **words.font)


def amount(words: Words, value: float, currency: str) -> str:
    """Return a rounded amount as text, of won in Korean in ten thousands."""
    if words.language != "ko" or currency != "KRW":
        return f"{rounded(value)} {currency}"
    scale, unit = money_scale(words, currency)
    return f"{rounded(value / scale)}{unit}"


def rounded(value: float) -> str:
    """Return a number of at least three digits, whole from 100 on.

    >>> rounded(10208.8), rounded(1.7498), rounded(99.96)
    ('10,209', '1.75', '100')
    """
    return f"{value:,.0f}" if abs(value) >= 99.95 else f"{value:,.3g}"


def with_unit(label: Message, unit: Message) -> Message:
    """Return the label of an axis with its unit in brackets, if there is one."""
    return _("{label} [{unit}]", label=label, unit=unit) if unit else label


def unit_word(unit: str) -> Message:
    """Return a unit as a message, part by part: "USD/month" is "USD/월" in Korean."""
    return WORDS.get(unit) or join("/", map(word, unit.split("/")))


def label_ticks(axis: Axis, scale: float = 1.0) -> None:
    """Label ticks with plain numbers; on a short log axis also those at 2, 3 and 5, or all."""
    axis.set_major_formatter(lambda value, _: plain(value / scale))
    if axis.get_scale() == "log":
        low, high = axis.get_view_interval()
        digits = "123456789" if high < 5 * low else "235" if high < 30 * low else ""
        axis.set_minor_formatter(
            lambda value, _: f"{value / scale:,.6g}" if f"{value:e}"[0] in digits else ""
        )


def plain(value: float, digits: int = 6) -> str:
    """Return a number with at most ``digits`` significant digits, without an exponent."""
    return f"{value:,.0f}" if abs(value) >= 10**digits else f"{value:,.{digits}g}"


def side_legend(ax: Axes, words: Words, handles: Sequence[Any], labels: Sequence[str]) -> None:
    """Put a legend at the right of the plot, where it hides nothing."""
    # matplotlib leaves out labels that start with an underscore
    shown = [f" {label}" if label.startswith("_") else label for label in labels]
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


def finite(values: Any) -> Any:
    """Return values as floats, with NaN in place of infinite ones."""
    floats = np.asarray(values, float)
    return np.where(np.isfinite(floats), floats, np.nan)
