"""Plots of uncertainty: probabilities of being the cheapest, and quantiles of cost."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from kafkatco.core.format import no_winner
from kafkatco.core.vocabulary import input_word
from kafkatco.errors import InputError, Problem, nearest
from kafkatco.i18n.message import Message, _, verbatim
from kafkatco.numerics.tolerance import ROUNDING
from kafkatco.output.plots.fan import draw_bands
from kafkatco.output.plots.labels import write_changes
from kafkatco.output.plots.style import (
    axes_of,
    draw_line,
    fill_style,
    finite,
    growth_note,
    label_ticks,
    limit_notes,
    money_axis,
    price_note,
    rounded,
    side_legend,
    unit_word,
    with_unit,
    write_heading,
)
from kafkatco.output.plots.text import Words
from kafkatco.output.views.simulation_tables import MOST_OPTIONS, chances
from kafkatco.output.views.uncertain_inputs import share

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from kafkatco.uncertainty.break_even import BreakEven
    from kafkatco.uncertainty.simulation import Simulation

__all__ = ["plot_break_even", "plot_chances", "plot_quantiles"]

#: An axis whose ends are further apart than this factor is logarithmic.
FAR: Final = 20.0
#: The factor that is shown on both sides of the 90 % range of a break-even.
AROUND: Final = 4.0


def plot_chances(simulation: Simulation, ax: Axes | None = None, *, language: str = "en") -> Axes:
    """Draw the probability that each option is the cheapest, stacked, along months or an input."""
    words, ax = Words.of(language), axes_of(ax, width=11.5)
    names, shown = chances(simulation, MOST_OPTIONS)
    every = simulation.data["cheapest"].to_numpy()
    rest = every.sum(axis=0) - shown.sum(axis=0)
    areas = [(words.name(name), row) for name, row in zip(names, shown, strict=True)]
    if rest.max(initial=0.0) > ROUNDING:
        areas.append((words(_("others")), rest))
    x = simulation.data[simulation.over].to_numpy().astype(float)
    below, handles = np.zeros(x.size), []
    for i, (_name, row) in enumerate(areas):
        handles.append(ax.fill_between(x, 100.0 * below, 100.0 * (below + row), **fill_style(i)))
        below = below + row
    if (below < 1.0 - ROUNDING).any():
        areas.append((words(no_winner(floors=bool(simulation.floors))), 1.0 - below))
        handles.append(ax.fill_between(x, 100.0 * below, 100.0, facecolor="0.8", linewidth=0))
    ax.set_ylim(0.0, 100.0)
    label = with_unit(_("probability of being the cheapest"), verbatim("%"))
    ax.set_ylabel(words(label), **words.font)
    _label_x(ax, words, simulation)
    side_legend(ax, words, handles[::-1], [name for name, _row in areas][::-1])
    notes = _notes(words, simulation, [*simulation.floors])
    write_heading(ax, words, _("Probability that each option is the cheapest"), notes)
    return ax


def plot_quantiles(
    simulation: Simulation,
    ax: Axes | None = None,
    *,
    deployment: str | None = None,
    language: str = "en",
) -> Axes:
    """Draw the median cost of one deployment, with bands of 50 % and 90 % of the simulations.

    ``deployment`` is by default the one that is most likely the cheapest.  A band ends where the
    deployment cannot handle the load in that share of the simulations.

    Raises :class:`~kafkatco.errors.InputError` for an unknown deployment.
    """
    names = [str(name) for name in simulation.data["deployment"].to_numpy()]
    if deployment is not None and deployment not in names:
        hint = nearest(deployment, names, limit=20)
        problem = Problem("deployment", repr(deployment), _("one of the deployments"), hint)
        raise InputError("plot", [problem])
    name = deployment or (chances(simulation, 1)[0] or names)[0]
    words, ax = Words.of(language), axes_of(ax)
    cost = simulation.data["cost"].sel(deployment=name).transpose("quantile", ...).to_numpy()
    x, i = simulation.data[simulation.over].to_numpy().astype(float), names.index(name)
    draw_bands(ax, x, [(cost[0], cost[4]), (cost[1], cost[3])], i=i)
    median = finite(cost[2])
    draw_line(ax, x, median, words.name(name), i, 1)
    _label_x(ax, words, simulation)
    by_month = simulation.over == "month"
    if not by_month and x[0] > 0 and np.nanmax(median) > FAR * np.nanmin(median):
        ax.set_yscale("log")
    else:
        ax.set_ylim(bottom=0.0)
    label = _("cost in the month") if by_month else _("cost a month")
    money_axis(ax.yaxis, words, simulation.currency, label)
    ax.grid(visible=True, alpha=0.3)
    notes = [
        *_notes(words, simulation, [name]),
        _("line: median"),
        _("bands: 50 % and 90 % of the simulations"),
    ]
    write_heading(ax, words, _("Range of the cost of {name}", name=words.name(name)), notes)
    return ax


def plot_break_even(break_even: BreakEven, ax: Axes | None = None, *, language: str = "en") -> Axes:
    """Draw the share of simulations in which mine costs less, against traffic."""
    words, ax = Words.of(language), axes_of(ax)
    x = np.union1d([break_even.start, break_even.stop], break_even.at[np.isfinite(break_even.at)])
    at = np.sort(break_even.at[~np.isnan(break_even.at)])
    y = 100.0 * np.searchsorted(at, x, side="right") / break_even.at.size
    line = draw_line(ax, x, y, words.name(break_even.mine), 0, 1)
    line.set_drawstyle("steps-post")
    ax.fill_between(x, 0.0, y, step="post", **fill_style(0, pale=True))
    ax.set_xscale("log")
    ends = [break_even.quantile(q) for q in (0.05, 0.5, 0.95)]
    marks = sorted(end for end in ends if np.isfinite(end))
    whole = len(marks) < len(
        ends
    )  # some simulations have no break-even: show all that was searched
    ax.set_xlim(
        break_even.start if whole else max(break_even.start, marks[0] / AROUND),
        break_even.stop if whole else min(break_even.stop, marks[-1] * AROUND),
    )
    ax.set_ylim(0.0, 100.0)
    label_ticks(ax.xaxis)
    write_changes(ax, words, [(end, rounded(end), "") for end in marks])
    ax.set_xlabel(words(with_unit(input_word("ingress"), unit_word(break_even.unit))), **words.font)
    ax.set_ylabel(words(with_unit(_("share of simulations"), verbatim("%"))), **words.font)
    ax.grid(visible=True, alpha=0.3)
    title = _(
        "Traffic above which {mine} costs less than {other}",
        mine=words.name(break_even.mine),
        other=words.name(break_even.other),
    )
    notes = [price_note(break_even.prices), _size_note(break_even)]
    if break_even.apart:
        notes.append(
            _(
                "in {share} of simulations there is no traffic that both can handle",
                share=share(break_even.apart),
            )
        )
    unpriced, unchecked = bool(break_even.unpriced_skus), bool(break_even.unchecked)
    notes += limit_notes(words, unpriced=unpriced, unchecked=unchecked)
    write_heading(ax, words, title, notes)
    return ax


def _size_note(result: Simulation | BreakEven) -> Message:
    return _("{count:,} simulations", count=result.uncertainty.draws)


def _notes(words: Words, simulation: Simulation, names: Sequence[str]) -> list[Message]:
    attrs = simulation.data.attrs
    notes = [price_note(simulation.prices), _size_note(simulation)]
    if "growth" in attrs:
        notes.append(growth_note(words, str(attrs["growth"])))
    unpriced, unchecked = (
        any(name in reasons for name in names)
        for reasons in (simulation.unpriced_skus, simulation.unchecked)
    )
    return [*notes, *limit_notes(words, unpriced=unpriced, unchecked=unchecked)]


def _label_x(ax: Axes, words: Words, simulation: Simulation) -> None:
    """Label months, or an input with its value in the scenario; a long axis is logarithmic."""
    x: Any = simulation.data[simulation.over].to_numpy().astype(float)
    if simulation.over == "month":
        ax.set_xlim(x[0], max(x[-1], x[0] + 1.0))
        ax.locator_params(axis="x", integer=True)
        ax.set_xlabel(words(_("month")), **words.font)
        return
    if x[0] > 0 and x[-1] > FAR * x[0]:
        ax.set_xscale("log")
    ax.set_xlim(x[0], x[-1])
    label_ticks(ax.xaxis)
    unit = unit_word(simulation.data[simulation.over].attrs["units"])
    ax.set_xlabel(words(with_unit(input_word(simulation.over), unit)), **words.font)
    now = simulation.data.attrs.get("now")
    if now is not None and x[0] < now < x[-1]:
        write_changes(ax, words, [(now, words(_("now")), "")])
