"""What each option costs in a month, by component."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from kafkatco.errors import InputError, Problem
from kafkatco.output.plots.style import (
    axes_of,
    fill_style,
    heading,
    money_axis,
    money_scale,
    price_note,
    rounded,
    side_legend,
)
from kafkatco.output.plots.text import Words

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from kafkatco.costing.bill import Bill

__all__ = ["plot_bills"]

#: From the axis outwards; each looks the same in every picture.
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
)


def plot_bills(
    bills: Sequence[Bill], ax: Axes | None = None, *, once: bool = False, language: str = "en"
) -> Axes:
    """Draw a bar for each bill, itemised; what is taken off lies below zero.

    With ``once``, what falls in the first month only is a part of it: setting up, and credits.  An
    option that cannot serve has its reason in place of a bar.

    Raises :class:`~kafkatco.errors.InputError` for no bills, and bills at several prices.

    Examples
    --------
    >>> from kafkatco import ConfluentBasic, PriceBook, Workload, bill
    >>> book = PriceBook("list", as_of="2025-10-31")
    >>> bills = bill(Workload(ingress="1 TB/month"), [ConfluentBasic(region="us-east-1")], book)
    >>> plot_bills(bills).get_xlabel()
    'cost a month [USD]'
    """
    if len({(bill.currency, tuple(bill.prices.items())) for bill in bills}) != 1:
        raise InputError("plot", [Problem("bills", f"{len(bills)} bills", "bills at one book")])
    words, ax = Words.of(language), axes_of(ax, height=max(3.4, 1.6 + 0.42 * len(bills)))
    found = [_components(bill, once=once) for bill in bills]
    names = list(dict.fromkeys((*COMPONENTS, *(name for parts in found for name in parts))))
    bars: dict[str, Any] = {}
    for row, parts in enumerate(found):
        ends = {1: 0.0, -1: 0.0}
        for name in sorted(parts, key=names.index):
            side = 1 if parts[name] > 0 else -1
            [bar] = ax.barh(
                row, parts[name], 0.62, left=ends[side], **fill_style(names.index(name)), zorder=2
            )
            bars.setdefault(name, bar)
            ends[side] += parts[name]
        _say(ax, words, bills[row], row, ends[1], sum(parts.values()))
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
    money_axis(
        ax.xaxis, words, bills[0].currency, "cost in the first month" if once else "cost a month"
    )
    ax.grid(visible=True, axis="x", alpha=0.3, zorder=0)
    ax.spines[["top", "right", "left"]].set_visible(False)
    order = sorted(bars, key=names.index)
    side_legend(ax, words, [bars[name] for name in order], [words(name) for name in order])
    notes = [price_note(bills[0].prices)]
    if any(bill.unpriced_skus for bill in bills):
        notes.append("+ a floor: some price is missing")
    if not once and any(bill.one_off for bill in bills):
        notes.append("without what is paid once")
    heading(ax, words, words("The first month, itemised" if once else "One month, itemised"), notes)
    return ax


def _components(bill: Bill, *, once: bool) -> dict[str, float]:
    """Return what each component costs, of one that can serve."""
    parts: dict[str, float] = {}
    for line in (*bill.lines, *(bill.one_off if once else ())):
        if line.cost is not None and not bill.infeasible:
            parts[line.component] = parts.get(line.component, 0.0) + float(line.cost)
    return {name: cost for name, cost in parts.items() if cost}


def _say(ax: Axes, words: Words, bill: Bill, row: int, end: float, total: float) -> None:
    """Write the total at the end of a bar, or the reason why there is none."""
    if bill.infeasible:
        reasons = "; ".join(words(reason) for reason in bill.infeasible)
        text = textwrap.fill(f"{words('cannot serve')}: {reasons}", 76)
        look: dict[str, Any] = {"style": "italic", "color": "0.25", **words.font}
    else:
        text = rounded(total / money_scale(bill.currency)[0]) + ("+" if bill.unpriced_skus else "")
        look = {"weight": "bold"}
    ax.annotate(
        text,
        (end, row),
        (5, 0),
        textcoords="offset points",
        va="center",
        fontsize=9,
        annotation_clip=False,
        **look,
    )
