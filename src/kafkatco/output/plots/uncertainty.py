"""How sure an answer is: chances of being the cheapest, and quantiles of cost."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from kafkatco.errors import InputError, Problem, nearest
from kafkatco.numerics.tolerance import ROUNDING
from kafkatco.output.plots.fan import draw_bands
from kafkatco.output.plots.labels import write_changes
from kafkatco.output.plots.style import (
    axes_of,
    brackets,
    draw_line,
    fill_style,
    heading,
    known,
    label_ticks,
    limits,
    money_axis,
    price_note,
    rounded,
    side_legend,
)
from kafkatco.output.plots.text import Words
from kafkatco.output.views.simulation_tables import MOST_OPTIONS, chances
from kafkatco.output.views.uncertain_inputs import share

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from kafkatco.uncertainty.break_even import BreakEven
    from kafkatco.uncertainty.simulation import Simulation

__all__ = ["plot_break_even", "plot_chances", "plot_quantiles"]

#: An axis whose ends are that far apart is logarithmic.
FAR: Final = 20.0
#: What is shown around a break-even that is known in 90 % of draws.
AROUND: Final = 4.0


def plot_chances(found: Simulation, ax: Axes | None = None, *, language: str = "en") -> Axes:
    """Draw how likely each option is the cheapest, one upon the other, along months or an input."""
    words, ax = Words.of(language), axes_of(ax, width=11.5)
    names, shown = chances(found, MOST_OPTIONS)
    every = found.data["cheapest"].to_numpy()
    rest = every.sum(axis=0) - shown.sum(axis=0)
    areas = [(words.name(name), row) for name, row in zip(names, shown, strict=True)]
    if rest.max(initial=0.0) > ROUNDING:
        areas.append((words("others"), rest))
    x = found.data[found.over].to_numpy().astype(float)
    below, handles = np.zeros(x.size), []
    for i, (_, row) in enumerate(areas):
        handles.append(ax.fill_between(x, 100.0 * below, 100.0 * (below + row), **fill_style(i)))
        below = below + row
    if (below < 1.0 - ROUNDING).any():
        areas.append((words("none can serve"), 1.0 - below))
        handles.append(ax.fill_between(x, 100.0 * below, 100.0, facecolor="0.8", linewidth=0))
    ax.set_ylim(0.0, 100.0)
    ax.set_ylabel(brackets(words, "probability of being the cheapest", "%"), **words.font)
    _along(ax, words, found)
    side_legend(ax, words, handles[::-1], [name for name, _ in areas][::-1])
    notes = _notes(words, found, floor=bool(found.unpriced_skus))
    heading(ax, words, words("How likely each option is the cheapest"), notes)
    return ax


def plot_quantiles(
    found: Simulation,
    ax: Axes | None = None,
    *,
    deployment: str | None = None,
    language: str = "en",
) -> Axes:
    """Draw what one deployment may cost: the middle of all draws, and where half and 90 % are.

    ``deployment`` is the one that is likeliest the cheapest, unless named.  A band ends where it
    cannot serve in so many draws.

    Raises :class:`~kafkatco.errors.InputError` for another name than there is.
    """
    names = [str(name) for name in found.data["deployment"].to_numpy()]
    if deployment is not None and deployment not in names:
        hint = nearest(deployment, names, limit=20)
        problem = Problem("deployment", repr(deployment), "one of the deployments", hint)
        raise InputError("plot", [problem])
    name = deployment or (chances(found, 1)[0] or names)[0]
    words, ax = Words.of(language), axes_of(ax)
    cost = found.data["cost"].sel(deployment=name).transpose("quantile", ...).to_numpy()
    x, i = found.data[found.over].to_numpy().astype(float), names.index(name)
    draw_bands(ax, x, [(cost[0], cost[4]), (cost[1], cost[3])], i=i)
    draw_line(ax, x, known(cost[2]), words.name(name), i, 1)
    _along(ax, words, found)
    month = found.over == "month"
    if not month and x[0] > 0 and np.nanmax(known(cost)) > FAR * np.nanmin(known(cost)):
        ax.set_yscale("log")
    else:
        ax.set_ylim(bottom=0.0)
    money_axis(ax.yaxis, words, found.currency, "cost in the month" if month else "cost a month")
    ax.grid(visible=True, alpha=0.3)
    bands = "line: the middle of all draws", "bands: half of them, and 90 %"
    notes = [*_notes(words, found, floor=name in found.unpriced_skus), *bands]
    heading(ax, words, words(f"What {words.name(name)} may cost"), notes)
    return ax


def plot_break_even(found: BreakEven, ax: Axes | None = None, *, language: str = "en") -> Axes:
    """Draw in which share of draws mine costs less from some traffic on, against that traffic."""
    words, ax = Words.of(language), axes_of(ax)
    x = np.union1d([found.start, found.stop], found.at[np.isfinite(found.at)])
    at = np.sort(found.at[~np.isnan(found.at)])
    y = 100.0 * np.searchsorted(at, x, side="right") / found.at.size
    line = draw_line(ax, x, y, words.name(found.mine), 0, 1)
    line.set_drawstyle("steps-post")
    ax.fill_between(x, 0.0, y, step="post", **fill_style(0, pale=True))
    ax.set_xscale("log")
    ends = [found.quantile(q) for q in (0.05, 0.5, 0.95)]
    marks = sorted(end for end in ends if np.isfinite(end))
    whole = len(marks) < len(ends)  # some draws have none: all that was looked at is shown
    ax.set_xlim(
        found.start if whole else max(found.start, marks[0] / AROUND),
        found.stop if whole else min(found.stop, marks[-1] * AROUND),
    )
    ax.set_ylim(0.0, 100.0)
    label_ticks(ax.xaxis)
    write_changes(ax, words, [(end, rounded(end), "") for end in marks])
    ax.set_xlabel(brackets(words, "ingress", found.unit), **words.font)
    ax.set_ylabel(brackets(words, "share of draws", "%"), **words.font)
    ax.grid(visible=True, alpha=0.3)
    title = f"From which traffic {words.name(found.mine)} costs less than {words.name(found.other)}"
    notes = [price_note(found.prices), _drawn(found)]
    if found.apart:
        notes.append(f"in {share(found.apart)} of draws none of both serves what the other does")
    heading(ax, words, words(title), [*notes, *limits(words, bool(found.unpriced_skus), ())])
    return ax


def _drawn(found: Simulation | BreakEven) -> str:
    return f"{found.uncertainty.draws:,} draws"


def _notes(words: Words, found: Simulation, *, floor: bool) -> list[str]:
    about = found.data.attrs
    notes = [price_note(found.prices), _drawn(found)]
    if "growth" in about:
        notes.append(f"growth: {words.name(about['growth'])}")
    return [*notes, *limits(words, floor, ())]


def _along(ax: Axes, words: Words, found: Simulation) -> None:
    """Label months, or an input: on a log axis where its ends are far apart, with what it is."""
    x: Any = found.data[found.over].to_numpy().astype(float)
    if found.over == "month":
        ax.set_xlim(x[0], max(x[-1], x[0] + 1.0))
        ax.locator_params(axis="x", integer=True)
        ax.set_xlabel(words("month"), **words.font)
        return
    if x[0] > 0 and x[-1] > FAR * x[0]:
        ax.set_xscale("log")
    ax.set_xlim(x[0], x[-1])
    label_ticks(ax.xaxis)
    unit = found.data[found.over].attrs["units"]
    ax.set_xlabel(brackets(words, found.over, unit), **words.font)
    now = found.data.attrs.get("now")
    if now is not None and x[0] < now < x[-1]:
        write_changes(ax, words, [(now, words("now"), "")])
