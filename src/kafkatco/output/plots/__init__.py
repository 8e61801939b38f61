"""Plots: each function draws on an ``ax`` and returns it, with its unit, price book and date."""

from kafkatco.output.plots.bill import plot_bills
from kafkatco.output.plots.crossovers import plot_crossovers
from kafkatco.output.plots.decision_map import plot_map
from kafkatco.output.plots.fan import draw_bands, plot_fan
from kafkatco.output.plots.growth_fit import plot_fit
from kafkatco.output.plots.plan import plot_path
from kafkatco.output.plots.projection import plot_projection
from kafkatco.output.plots.style import figure
from kafkatco.output.plots.tornado import plot_tornado
from kafkatco.output.plots.uncertainty import plot_break_even, plot_chances, plot_quantiles

__all__ = [
    "draw_bands",
    "figure",
    "plot_bills",
    "plot_break_even",
    "plot_chances",
    "plot_crossovers",
    "plot_fan",
    "plot_fit",
    "plot_map",
    "plot_path",
    "plot_projection",
    "plot_quantiles",
    "plot_tornado",
]
