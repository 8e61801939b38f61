"""Pictures: each takes an ``ax`` and returns it, and says its unit, its book and its price date."""

from kafkatco.plot.bills import plot_bills
from kafkatco.plot.chances import plot_break_even, plot_chances, plot_quantiles
from kafkatco.plot.fans import draw_bands, plot_fan
from kafkatco.plot.fits import plot_fit
from kafkatco.plot.maps import plot_map
from kafkatco.plot.paths import plot_path
from kafkatco.plot.projections import plot_projection
from kafkatco.plot.style import figure
from kafkatco.plot.sweeps import plot_crossovers
from kafkatco.plot.tornadoes import plot_tornado

__all__ = [
    "draw_bands", "figure", "plot_bills", "plot_break_even", "plot_chances", "plot_crossovers",
    "plot_fan", "plot_fit", "plot_map", "plot_path", "plot_projection", "plot_quantiles",
    "plot_tornado",
]  # fmt: skip
