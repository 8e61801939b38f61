"""Plot of the bill of each option, by component."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from kafkatco.core.vocabulary import word
from kafkatco.costing.lines import PEOPLE
from kafkatco.errors import InputError, Problem
from kafkatco.i18n.message import _, join
from kafkatco.output.plots.style import (
    axes_of,
    fill_style,
    money_axis,
    money_scale,
    price_note,
    rounded,
    side_legend,
    write_heading,
)
from kafkatco.output.plots.text import Words

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from kafkatco.costing.bill import Bill

__all__ = ["plot_bills"]

#: From the axis outwards; each has the same style in every plot.
COMPONENTS: Final = (
    "compute",
    "storage",
    "network",
    "labour",
    "platform",
    "throughput",
    "requests",
    "connect",
    "schema-registry",
    "stream-processing",
    "monitoring",
    "support",
    "setup",
    "migration",
    "discount",
    "credit",
    "tax",
    "environments",
)


def plot_bills(
    bills: Sequence[Bill], ax: Axes | None = None, *, once: bool = False, language: str = "en"
) -> Axes:
    """Draw a bar for each bill, by component; discounts and credits lie below zero.

    With ``once``, one-off costs of the first month are included: set-up, migration and credits.  An
    option that cannot handle the load has the reason in place of a bar.

    Raises :class:`~kafkatco.errors.InputError` without bills, and for bills at different prices.

    Examples
    --------
    >>> from kafkatco import ConfluentBasic, PriceBook, Workload, bill
    >>> book = PriceBook("list", as_of="2025-10-31")
    >>> bills = bill(Workload(ingress="1 TB/month"), [ConfluentBasic(region="us-east-1")], book)
    >>> plot_bills(bills).get_xlabel()
    'cost a month [USD]'
    """
    if not bills:
        raise InputError("plot", [Problem("bills", "", _("a plot needs at least one bill"))])
    if len({(bill.currency, tuple(bill.prices.items())) for bill in bills}) > 1:
        expected = _("the bills of a plot must have the same prices and currency")
        raise InputError("plot", [Problem("bills", "", expected)])
    words, ax = Words.of(language), axes_of(ax, height=max(3.4, 1.6 + 0.42 * len(bills)))
    costs = [_components(bill, once=once) for bill in bills]
    names = list(dict.fromkeys((*COMPONENTS, *(name for parts in costs for name in parts))))
    bars: dict[str, Any] = {}
    for row, parts in enumerate(costs):
        ends = {1: 0.0, -1: 0.0}
        for name in sorted(parts, key=names.index):
            side = 1 if parts[name] > 0 else -1
            [bar] = ax.barh(
                row, parts[name], 0.62, left=ends[side], **fill_style(names.index(name)), zorder=2
            )
            bars.setdefault(name, bar)
            ends[side] += parts[name]
        reach = _draw_range(ax, bills[row], row, ends[1])
        _label_bar(ax, words, bills[row], row, reach, parts)
    ax.axvline(0, color="0.2", linewidth=0.8)
    ax.margins(x=0.13)
    if not bars:
        ax.set_xlim(0, 1)
        ax.set_xticks([])
    ax.set_yticks(
        range(len(bills)),
        [textwrap.fill(words.name(bill.name), 26) for bill in bills],
        **words.font,
    )
    ax.set_ylim(len(bills) - 0.4, -0.6)
    ax.tick_params(axis="y", length=0)
    label = _("cost in the first month") if once else _("cost a month")
    money_axis(ax.xaxis, words, bills[0].currency, label)
    ax.grid(visible=True, axis="x", alpha=0.3, zorder=0)
    ax.spines[["top", "right", "left"]].set_visible(False)
    order = sorted(bars, key=names.index)
    side_legend(ax, words, [bars[name] for name in order], [words(word(name)) for name in order])
    notes = [price_note(bills[0].prices)]
    if any(bill.unpriced_skus for bill in bills):
        notes.append(_("+ floor: some prices are missing"))
    if any(bill.unchecked for bill in bills):
        notes.append(_("+ floor: a limit is unknown"))
    if any(bill.price_range for bill in bills):
        notes.append(_("whisker: the range of published prices"))
    if any(name in PEOPLE for parts in costs for name in parts):
        notes.append(_("total (provider charges + people)"))
    if not once and any(bill.one_off for bill in bills):
        notes.append(_("without one-off costs"))
    title = _("The first month by component") if once else _("A month by component")
    write_heading(ax, words, title, notes)
    return ax


def _components(bill: Bill, *, once: bool) -> dict[str, float]:
    """Return the cost of each component; none if the option is infeasible."""
    parts: dict[str, float] = {}
    for line in (*bill.lines, *(bill.one_off if once else ())):
        if line.cost is not None and not bill.infeasible:
            parts[line.component] = parts.get(line.component, 0.0) + float(line.cost)
    return {name: cost for name, cost in parts.items() if cost}


def _draw_range(ax: Axes, bill: Bill, row: int, end: float) -> float:
    """Draw where a bar may end by published price ranges; return how far bar and whisker reach."""
    if bill.price_range is None or bill.total is None:
        return end
    less, more = bill.total - bill.price_range.low, bill.price_range.high - bill.total
    for color, width in (("white", 3.5), ("0.1", 1.3)):  # readable on every pattern
        ax.errorbar(
            end,
            row,
            xerr=[[less], [more]],
            color=color,
            linewidth=width,
            capsize=4,
            capthick=width,
            fmt="none",
            zorder=3,
        )
    return end + more


def _label_bar(
    ax: Axes, words: Words, bill: Bill, row: int, end: float, parts: Mapping[str, float]
) -> None:
    """Write the total at the end of a bar, with its people, or the reasons why there is none."""
    if bill.infeasible:
        reasons = join("; ", bill.infeasible)
        text = textwrap.fill(words(_("cannot handle the load: {reasons}", reasons=reasons)), 76)
        style: dict[str, Any] = {"style": "italic", "color": "0.25", **words.font}
    else:
        scale, _unit = money_scale(words, bill.currency)
        total = sum(parts.values())
        people = sum(cost for name, cost in parts.items() if name in PEOPLE)
        text = rounded(total / scale) + ("+" if bill.is_floor else "")
        if people:
            text += f" ({rounded((total - people) / scale)} + {rounded(people / scale)})"
        style = {"weight": "bold"}
    ax.annotate(
        text,
        (end, row),
        (5, 0),
        textcoords="offset points",
        va="center",
        fontsize=9,
        annotation_clip=False,
        **style,
    )
