"""A history of traffic, and where it leads."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from kafkatco.output.plots.fan import draw_bands
from kafkatco.output.plots.style import axes_of, brackets, draw_line, heading, label_ticks
from kafkatco.output.plots.text import Words
from kafkatco.planning.growth.estimate import METHODS
from kafkatco.sizing.formulas import monthly_tb

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from kafkatco.planning.growth.fit import Fit

__all__ = ["plot_fit"]


def plot_fit(fit: Fit, ax: Axes | None = None, *, language: str = "en") -> Axes:
    """Draw the history of traffic and its median path, with bands of 90 % and 50 %.

    Months count from the history's last, which is month 1 of a projection.
    """
    words, ax = Words.of(language), axes_of(ax)
    past = monthly_tb(np.array(fit.history.rates_mib_s), 730.0)
    ahead = np.arange(1, fit.months + 1)
    bands = [(fit.quantile(low), fit.quantile(1 - low)) for low in (0.05, 0.25)]
    draw_bands(ax, ahead, bands)
    draw_line(ax, np.arange(2 - past.size, 2), past, words("history"), 6, 2)
    draw_line(ax, ahead, fit.quantile(0.5), words("median"), 0, 2)
    ax.set_yscale("log")
    label_ticks(ax.yaxis)
    ax.set_xlabel(words("month"), **words.font)
    ax.set_ylabel(brackets(words, "traffic", "TB/month"), **words.font)
    ax.grid(visible=True, alpha=0.3)
    ax.legend(loc="upper left", frameon=False, prop={"family": list(words.families)})
    low, high = fit.annual_interval(0.9)
    notes = [
        METHODS[fit.method],
        f"growth a year: {low:+.1%} to {high:+.1%} (90 %)",
        "bands: 50 % and 90 %",
        *fit.warnings,
    ]
    heading(ax, words, words("Traffic as its history goes on"), notes)
    return ax
