"""Plot of a history of traffic and its projection."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from kafkatco.core.vocabulary import word
from kafkatco.i18n.message import _, verbatim
from kafkatco.output.plots.fan import draw_bands
from kafkatco.output.plots.style import axes_of, draw_line, label_ticks, with_unit, write_heading
from kafkatco.output.plots.text import Words
from kafkatco.planning.growth.estimate import METHODS
from kafkatco.sizing.formulas import monthly_tb

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from kafkatco.planning.growth.fit import Fit

__all__ = ["plot_fit"]


def plot_fit(fit: Fit, ax: Axes | None = None, *, language: str = "en") -> Axes:
    """Draw the history of traffic and its projected median, with bands of 50 % and 90 %.

    Month 1, in which a projection starts, is the last month of the history.
    """
    words, ax = Words.of(language), axes_of(ax)
    past = monthly_tb(np.array(fit.history.rates_mib_s), 730.0)
    ahead = np.arange(1, fit.months + 1)
    bands = [(fit.quantile(low), fit.quantile(1 - low)) for low in (0.05, 0.25)]
    draw_bands(ax, ahead, bands)
    draw_line(ax, np.arange(2 - past.size, 2), past, words(_("history")), 6, 2)
    draw_line(ax, ahead, fit.quantile(0.5), words(_("median")), 0, 2)
    ax.set_yscale("log")
    label_ticks(ax.yaxis)
    ax.set_xlabel(words(_("month")), **words.font)
    ax.set_ylabel(words(with_unit(_("traffic"), word("TB/month"))), **words.font)
    ax.grid(visible=True, alpha=0.3)
    ax.legend(loc="upper left", frameon=False, prop={"family": list(words.families)})
    low, high = fit.annual_interval(0.9)
    notes = [
        verbatim(METHODS[fit.method]),
        _("growth a year: {low:+.1%} to {high:+.1%} (90 %)", low=low, high=high),
        _("bands: 50 % and 90 %"),
        *map(verbatim, fit.warnings),
    ]
    write_heading(ax, words, _("History of traffic and its projection"), notes)
    return ax
