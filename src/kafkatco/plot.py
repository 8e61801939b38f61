"""Pictures; each takes an ``ax`` and returns it, and says its unit and price date."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from kafkatco.errors import InputError, KafkatcoError, Problem, nearest

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.axis import Axis
    from matplotlib.figure import Figure

    from kafkatco.maps import DecisionMap
    from kafkatco.projection import Projection
    from kafkatco.sweep import Crossovers

__all__ = ["figure", "plot_crossovers", "plot_map", "plot_projection"]

#: Okabe and Ito's colours, told apart by the colour-blind; the dashes tell them apart in grey.
COLOURS: Final = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")
NO_MATPLOTLIB: Final = "pictures need matplotlib: pip install 'kafkatco[plot]'"
DASHES: Final = ("-", "--", "-.", ":")
HATCHES: Final = ("", "//", "..", "xx", "\\\\", "oo", "++")


def figure(rows: int) -> tuple[Figure, list[Axes]]:
    """Return a figure for files, of ``rows`` plots one below another, apart from any window."""
    try:
        from matplotlib.figure import Figure
    except ImportError:
        raise KafkatcoError(NO_MATPLOTLIB) from None
    drawn = Figure(figsize=(9, 5.2 * rows), layout="constrained")
    return drawn, list(drawn.subplots(rows, 1, squeeze=False)[:, 0])


def _axes(ax: Axes | None) -> Axes:
    if ax is not None:
        return ax
    try:
        import matplotlib.pyplot as plt
    except ImportError:
        raise KafkatcoError(NO_MATPLOTLIB) from None
    return plt.subplots(figsize=(9, 5.2), layout="constrained")[1]


def _style(i: int) -> dict[str, Any]:
    return {"color": COLOURS[i % len(COLOURS)], "linestyle": DASHES[i % len(DASHES)]}


def _money_axis(ax: Axes, currency: str, what: str) -> None:
    """Label money: won by the ten thousand, as Koreans count it."""
    scale, unit = (1e4, "10,000 KRW") if currency == "KRW" else (1.0, currency)
    _label_ticks(ax.yaxis, scale)
    ax.set_ylabel(f"{unit} {what}")


def _label_ticks(axis: Axis, scale: float = 1.0) -> None:
    """Label ticks in plain numbers; on a short log axis those of 2, 3 and 5 as well."""
    axis.set_major_formatter(lambda value, _: _plain(value / scale))
    if axis.get_scale() == "log":
        low, high = axis.get_view_interval()
        digits = ("2", "3", "5") if high < 30 * low else ()
        axis.set_minor_formatter(
            lambda value, _: f"{value / scale:,.6g}" if f"{value:e}"[0] in digits else ""
        )


def _plain(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 1e6 else f"{value:,.6g}"


def plot_crossovers(found: Crossovers, ax: Axes | None = None) -> Axes:
    """Draw cost against the axis, mark every crossing, and shade by the cheapest option.

    Circles are costs that meet, triangles costs that step over one another.
    """
    ax = _axes(ax)
    scale = found.axis.per_base
    labels = list(found.curves)
    for i, (label, costs) in enumerate(found.curves.items()):
        # sloped pieces bend on log axes: they are drawn through points of their own
        edges = np.union1d(costs.total.edges, costs.infeasible.edges)
        x = _dense(edges, log=found.start > 0)
        y = np.where(costs.infeasible(x) != 0, np.nan, costs.total(x))
        floor = " (floor)" if label in found.open else ""
        ax.plot(x * scale, y, label=_legend(label + floor), linewidth=1.8, **_style(i))
    for part in found.intervals:
        if part.winner is not None:
            colour = COLOURS[labels.index(part.winner) % len(COLOURS)]
            ax.axvspan(part.start * scale, part.stop * scale, color=colour, alpha=0.08, linewidth=0)
    for kind, marker in (("root", "o"), ("jump", "^")):
        marks = [c for pair in found.pairs for c in pair.crossings if c.kind == kind]
        if marks:
            at = [c.x * scale for c in marks]
            ax.plot(at, [c.cost for c in marks], marker, color="black", markersize=5, zorder=5,
                    label="costs meet" if kind == "root" else "a step overtakes")  # fmt: skip
    if found.start > 0:
        ax.set_xscale("log")
        _label_ticks(ax.xaxis)
    ax.set_yscale("log")
    _money_axis(ax, found.currency, "a month")
    ax.set_xlabel(found.axis.name + (f" [{found.axis.unit}]" if found.axis.unit else ""))
    ax.set_title(f"prices: {found.prices['book']}, {found.prices['as_of']}", fontsize=10)
    ax.set_xlim(found.start * scale, found.stop * scale)
    ax.grid(visible=True, which="major", alpha=0.3)
    ax.legend(fontsize=8)
    return ax


def _legend(label: str) -> str:
    """Return a label that matplotlib does not hide for its first letter."""
    return f" {label}" if label.startswith("_") else label


def _dense(edges: Any, *, log: bool) -> Any:
    """Return both ends of every piece, and points inside the long ones."""
    points = [edges, np.nextafter(edges[:-1], edges[1:])]
    for low, high in pairwise(edges):
        if log and high / low > 1.02:
            points.append(np.geomspace(low, high, 40)[1:-1])
    return np.clip(np.unique(np.concatenate(points)), edges[0], edges[-1])


def plot_projection(
    plan: Projection, ax: Axes | None = None, *, scenario: str | None = None
) -> Axes:
    """Draw the cumulative cost of each deployment in one growth scenario."""
    data = plan.to_xarray()
    names = [str(name) for name in data["scenario"].to_numpy()]
    chosen = names[0] if scenario is None else scenario
    if chosen not in names:
        hint = nearest(chosen, names)
        raise InputError("plot", [Problem("scenario", repr(chosen), "a scenario", hint)])
    ax = _axes(ax)
    for i, label in enumerate(data["deployment"].to_numpy()):
        one = data["cumulative_cost"].sel(deployment=label, scenario=chosen)
        floor = " (floor)" if data["floor"].sel(deployment=label) else ""
        ax.plot(data["month"], one, label=_legend(f"{label}{floor}"), linewidth=1.8, **_style(i))
    _money_axis(ax, data.attrs["currency"], "in total so far")
    ax.set_xlabel("month")
    ax.set_title(f"growth: {chosen}; prices: {data.attrs['book']}, {data.attrs['as_of']}",
                 fontsize=10)  # fmt: skip
    ax.grid(visible=True, alpha=0.3)
    ax.legend(fontsize=8)
    return ax


def plot_map(found: DecisionMap, ax: Axes | None = None) -> Axes:
    """Draw who is cheapest over two inputs, a region for each, with its boundaries."""
    ax = _axes(ax)
    shown: set[str | None] = set()
    for row, (low, high) in zip(found.rows, found.bands, strict=True):
        for part in row.intervals:
            i = found.names.index(part.winner) if part.winner else 0
            turn = i + i // len(COLOURS)  # no two of 49 have both the same colour and hatch
            ax.broken_barh(
                [(part.start, part.stop - part.start)], (low, high - low),
                facecolor=COLOURS[i % len(COLOURS)] if part.winner else "0.5",
                alpha=0.35 if part.winner else 0.8,
                hatch=HATCHES[turn % len(HATCHES)] if part.winner else "",
                edgecolor="white", linewidth=0,
                label=None if part.winner in shown else _legend(part.winner or "none can serve"),
            )  # fmt: skip
            shown.add(part.winner)
    for line in found.boundaries():
        at, y = zip(*line.points, strict=True)
        ax.plot(at, y, color="black", linewidth=1.2, marker=".", markersize=3)
    starts = [row.intervals[0].start for row in found.rows]
    if found.logarithmic:
        ax.set_xscale("log")
        _label_ticks(ax.xaxis)
    ax.set_xlim(min(starts), max(row.intervals[-1].stop for row in found.rows))
    ax.set_ylim(found.rows[0].y, found.rows[-1].y)
    _label_ticks(ax.yaxis)
    for axis, label in ((found.x, ax.set_xlabel), (found.y, ax.set_ylabel)):
        label(axis.name + (f" [{axis.unit}]" if axis.unit else ""))
    ax.set_title("cheapest option")
    ax.legend(loc="upper left", fontsize=8)
    return ax
