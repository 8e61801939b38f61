"""Bills as bars: each is the sum of its lines."""

from typing import Any

import pytest
from matplotlib.patches import Rectangle

from kafkatco import (
    Bill,
    ConfluentBasic,
    InputError,
    Labour,
    MskStandard,
    PriceBook,
    Scenario,
    SelfHosted,
    Workload,
    plot_bills,
)
from kafkatco.costing.bill import bill_of
from kafkatco.output.plots.bill import COMPONENTS
from kafkatco.output.plots.style import fill_style
from kafkatco.output.plots.text import hangul_family
from support.pictures import drawn, legend, texts

BOOK = PriceBook("list", as_of="2025-10-31")
LOAD = Workload(ingress="100 TB/month", fanout=3, retention="7 days", partitions=100)
#: With a discount; without people; and over the storage quota of a Basic cluster.
BILLS = [
    bill_of(option, LOAD, BOOK)
    for option in (
        SelfHosted(
            name="own",
            region="us-east-1",
            discount=0.25,
            labour=Labour(fte=0.5, monthly="4000 USD", setup="8 weeks"),
        ),
        MskStandard(name="MSK", region="us-east-1"),
        ConfluentBasic(name="Basic", region="us-east-1"),
    )
]


def bars(ax: Any, row: int) -> list[tuple[float, float]]:
    """Return the start and the end of the bars of a row, in drawing order."""
    return [
        (patch.get_x(), patch.get_x() + patch.get_width())
        for patch in ax.patches
        if isinstance(patch, Rectangle) and abs(patch.get_y() + patch.get_height() / 2 - row) < 1e-9
    ]


def components(bill: Bill, *, once: bool = False) -> dict[str, float]:
    costs: dict[str, float] = {}
    for line in (*bill.lines, *(bill.one_off if once else ())):
        costs[line.component] = costs.get(line.component, 0.0) + float(line.cost or 0)
    return costs


@pytest.mark.parametrize("once", [False, True])
def test_bars_are_the_components_and_discounts_lie_below_zero(once: bool) -> None:
    ax = drawn(plot_bills(BILLS, once=once))
    for row, bill in enumerate(BILLS[:2]):
        spans, costs = bars(ax, row), components(bill, once=once).values()
        widths = sorted(stop - start for start, stop in spans)
        assert widths == pytest.approx(sorted(cost for cost in costs if cost))
        assert sum(widths) == pytest.approx((bill.total or 0) + once * bill.one_off_total)
        least, most = min(min(s) for s in spans), max(max(s) for s in spans)
        assert least == pytest.approx(sum(cost for cost in costs if cost < 0))
        assert most == pytest.approx(sum(cost for cost in costs if cost > 0))
    assert components(BILLS[0])["discount"] < 0
    assert ("setup" in legend(ax)) == once


def test_an_infeasible_option_has_its_reason_and_no_bar() -> None:
    ax = drawn(plot_bills(BILLS))
    assert bars(ax, 2) == []
    assert f"cannot handle the load: {BILLS[2].infeasible[0]}" in texts(ax).replace("\n", " ")


def test_infeasible_options_alone_can_be_plotted() -> None:
    ax = drawn(plot_bills(BILLS[2:]))
    assert ax.get_legend() is None or legend(ax) == []
    assert "cannot handle the load" in texts(ax)


def test_totals_are_written_and_floors_marked() -> None:
    bills = Scenario.load().bills()
    ax = drawn(plot_bills(bills))
    # 5,300,000, 3,212,850 and 1,055,736 won; the article has no price of network and MSK storage
    # people: 5,000,000 and 3,000,000
    assert {"5.3+ (0.3 + 5)", "3.21+ (0.213 + 3)", "1.06"} <= set(texts(ax).splitlines())
    assert ax.get_xlabel() == "cost a month [million KRW]"
    assert "prices: article, 2025-10-31" in texts(ax)
    assert "+ floor: some prices are missing" in texts(ax)


@pytest.mark.skipif(hangul_family() is None, reason="no font with Hangul: kafkatco[korean]")
def test_won_are_in_ten_thousands_in_korean() -> None:
    ax = drawn(plot_bills(Scenario.load().bills(), language="ko"))
    assert {"530+ (30 + 500)", "321+ (21.3 + 300)", "106"} <= set(texts(ax).splitlines())
    assert ax.get_xlabel() == "월 비용 [만원]"


def test_a_note_mentions_one_off_costs_that_are_left_out() -> None:
    assert "without one-off costs" in texts(plot_bills(BILLS))
    assert "without one-off costs" not in texts(plot_bills(BILLS, once=True))
    assert "without one-off costs" not in texts(plot_bills(BILLS[1:]))


def test_a_component_has_the_same_style_in_every_plot() -> None:
    styles = []
    for some in (BILLS, BILLS[1:]):
        ax = plot_bills(some)
        shown: Any = ax.get_legend()
        styles.append(
            dict(
                zip(
                    legend(ax),
                    (
                        (handle.get_facecolor(), handle.get_hatch())
                        for handle in shown.legend_handles
                    ),
                    strict=True,
                )
            )
        )
    assert all(styles[0][name] == style for name, style in styles[1].items())


def test_all_components_differ_in_colour_or_hatch_and_in_grey() -> None:
    styles = [fill_style(i) for i in range(len(COMPONENTS))]
    assert len({style["hatch"] for style in styles}) == len(COMPONENTS)
    whole = [fill_style(i) for i in range(112)]
    assert len({(style["facecolor"], style["hatch"]) for style in whole}) == 112


def test_a_plot_needs_bills_at_the_same_prices() -> None:
    won = bill_of(
        MskStandard(region="us-east-1"), LOAD, PriceBook("list", as_of="2025-10-31", currency="KRW")
    )
    with pytest.raises(InputError, match="a plot needs at least one bill"):
        plot_bills([])
    with pytest.raises(InputError, match="must have the same prices and currency"):
        plot_bills([BILLS[1], won])


def test_a_bill_draws_itself_on_given_axes() -> None:
    ax = BILLS[0].plot()
    assert BILLS[0].plot(ax, once=True, language="ko") is ax
