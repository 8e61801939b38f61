"""Bills as bars: what they show is what the lines sum to."""

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
from support.pictures import drawn, legend, said

BOOK = PriceBook("list", as_of="2025-10-31")
LOAD = Workload(ingress="100 TB/month", fanout=3, retention="7 days", partitions=100)
#: With a discount; without people; and over the quota of what one Basic cluster keeps.
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
    """Return from where to where the bars of a row go, in the order in which they were drawn."""
    return [
        (patch.get_x(), patch.get_x() + patch.get_width())
        for patch in ax.patches
        if isinstance(patch, Rectangle) and abs(patch.get_y() + patch.get_height() / 2 - row) < 1e-9
    ]


def parts(one: Bill, *, once: bool = False) -> dict[str, float]:
    found: dict[str, float] = {}
    for line in (*one.lines, *(one.one_off if once else ())):
        found[line.component] = found.get(line.component, 0.0) + float(line.cost or 0)
    return found


@pytest.mark.parametrize("once", [False, True])
def test_bars_are_the_components_and_discounts_lie_below_zero(once: bool) -> None:
    ax = drawn(plot_bills(BILLS, once=once))
    for row, one in enumerate(BILLS[:2]):
        spans = bars(ax, row)
        widths = sorted(stop - start for start, stop in spans)
        assert widths == pytest.approx(sorted(c for c in parts(one, once=once).values() if c))
        assert sum(widths) == pytest.approx((one.total or 0) + once * one.one_off_total)
        least, most = min(min(s) for s in spans), max(max(s) for s in spans)
        assert least == pytest.approx(sum(c for c in parts(one, once=once).values() if c < 0))
        assert most == pytest.approx(sum(c for c in parts(one, once=once).values() if c > 0))
    assert parts(BILLS[0])["discount"] < 0
    assert ("setup" in legend(ax)) == once


def test_what_cannot_serve_has_its_reason_and_no_bar() -> None:
    ax = drawn(plot_bills(BILLS))
    assert bars(ax, 2) == []
    assert f"cannot serve: {BILLS[2].infeasible[0]}" in said(ax).replace("\n", " ")


def test_nothing_that_can_serve_is_a_picture_too() -> None:
    ax = drawn(plot_bills(BILLS[2:]))
    assert ax.get_legend() is None or legend(ax) == []
    assert "cannot serve" in said(ax)


def test_totals_are_written_and_floors_marked() -> None:
    own = Scenario.load().bills()
    ax = drawn(plot_bills(own))
    # 5,300,000, 3,212,850 and 1,055,736 won; the article has no price of network and MSK storage
    assert {"530+", "321+", "106"} <= set(said(ax).splitlines())
    assert ax.get_xlabel() == "cost a month [10,000 KRW]"
    assert "prices: article, 2025-10-31" in said(ax)
    assert "+ a floor: some price is missing" in said(ax)


def test_what_is_paid_once_is_said_to_be_left_out() -> None:
    assert "without what is paid once" in said(plot_bills(BILLS))
    assert "without what is paid once" not in said(plot_bills(BILLS, once=True))
    assert "without what is paid once" not in said(plot_bills(BILLS[1:]))


def test_a_component_looks_the_same_in_every_picture() -> None:
    looks = []
    for some in (BILLS, BILLS[1:]):
        ax = plot_bills(some)
        shown: Any = ax.get_legend()
        looks.append(
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
    assert all(looks[0][name] == look for name, look in looks[1].items())


def test_all_components_look_apart_in_colour_or_hatch_and_in_grey() -> None:
    styles = [fill_style(i) for i in range(len(COMPONENTS))]
    assert len({style["hatch"] for style in styles}) == len(COMPONENTS)
    whole = [fill_style(i) for i in range(112)]
    assert len({(style["facecolor"], style["hatch"]) for style in whole}) == 112


def test_bills_that_cannot_be_laid_beside_each_other_are_refused() -> None:
    won = bill_of(
        MskStandard(region="us-east-1"), LOAD, PriceBook("list", as_of="2025-10-31", currency="KRW")
    )
    for wrong in ([], [BILLS[1], won]):
        with pytest.raises(InputError, match="bills at one book"):
            plot_bills(wrong)


def test_a_bill_draws_itself_on_given_axes() -> None:
    ax = BILLS[0].plot()
    assert BILLS[0].plot(ax, once=True, language="ko") is ax
