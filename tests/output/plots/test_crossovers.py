"""Cost against an input, as drawn: its lines, marks and shades against the data."""

from itertools import pairwise
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kafkatco import ConfluentBasic, Labour, MskStandard, PriceBook, Scenario, Workload, crossovers
from kafkatco.analysis.crossovers import Crossovers
from support.pictures import drawn, legend, line, marks, said, same

BOOK = PriceBook("list", as_of="2025-10-31")


def pair(fte: float = 0.5, **load: Any) -> Crossovers:
    options = [
        MskStandard(name="MSK", region="us-east-1", labour=Labour(fte=fte, monthly="900 USD")),
        ConfluentBasic(name="Basic", region="us-east-1"),
    ]
    given = {"ingress": "1 TB/month", "fanout": 1.0, "retention": "1 day", **load}
    return crossovers(Workload(**given), options, BOOK)


@pytest.fixture(scope="module")
def every() -> Crossovers:
    return Scenario.load("every-kind").crossovers()


def test_it_says_unit_book_and_date() -> None:
    ax = drawn(pair().plot())
    assert ax.get_ylabel() == "cost a month [USD]"
    assert ax.get_xlabel() == "ingress [TB/month]"
    assert ax.get_title(loc="left") == "Cost against ingress"
    assert "prices: list, 2025-10-31" in said(ax)
    assert (ax.get_xscale(), ax.get_yscale()) == ("log", "log")
    assert pair().plot(ax) is ax


def check_marks(found: Crossovers) -> None:
    """Check that each crossing has its mark, and a large one where the cheapest changes."""
    ax = found.plot()
    for kind, marker in (("root", "o"), ("jump", "^")):
        expected = sorted(
            (item.x, item.cost)
            for one in found.pairs
            for item in one.crossings
            if item.kind == kind
        )
        same(marks(ax, marker), expected)
    large: Any = [
        x
        for item in ax.get_lines()
        if item.get_marker() in ("o", "^") and item.get_markersize() == 7
        for x in item.get_xdata()  # type: ignore[union-attr]  # matplotlib's stubs
    ]
    turns = {
        (round(right.start, 9), frozenset((left.winner, right.winner)))
        for left, right in pairwise(found.intervals)
    }
    first = sorted(
        item.x
        for one in found.pairs
        for item in one.crossings
        if (round(item.x, 9), frozenset((item.below, item.above))) in turns
    )
    same(sorted(large), first)


def test_every_crossing_of_eighteen_options_is_marked(every: Crossovers) -> None:
    assert sum(len(one.crossings) for one in every.pairs) > 100
    check_marks(every)


@settings(max_examples=10)
@given(fte=st.floats(0, 2), fanout=st.floats(0.5, 10), hours=st.floats(1, 200))
def test_every_crossing_of_any_pair_is_marked(fte: float, fanout: float, hours: float) -> None:
    check_marks(pair(fte, fanout=fanout, retention=f"{hours!r} h"))
    plt.close("all")  # one for each example


def test_a_line_is_the_cost_where_it_is_served_and_ends_where_it_is_not(every: Crossovers) -> None:
    ax = every.plot()
    for label, costs in every.curves.items():
        x, y = (np.asarray(values, float) for values in line(ax, label).get_data())
        served = np.isfinite(y)
        near = np.abs(costs.total.edges[:, None] - x) <= 1e-9 * x
        inside = served & ~near.any(axis=0)  # at a step, rounding takes the one side or the other
        assert inside.sum() > 20
        np.testing.assert_allclose(y[inside], costs.total(x[inside]), rtol=1e-12)


def test_shades_and_strip_are_the_stretches_of_the_cheapest() -> None:
    found = pair()
    ax = found.plot()
    spans: Any = [patch.get_extents().transformed(ax.transData.inverted()) for patch in ax.patches]
    edges = sorted({round(x, 6) for box in spans for x in (box.x0, box.x1)})
    ends = {round(x, 6) for part in found.intervals for x in (part.start, part.stop)}
    assert edges == pytest.approx(sorted(ends))
    # two for each stretch: the tint over the whole height, and the strip along the foot
    assert len(ax.patches) == 2 * len(found.intervals)
    winners = [part.winner for part in found.intervals]
    assert winners == ["Basic", "MSK"]
    middles = [text.get_position()[0] for text in ax.texts if text.get_text() in winners]
    assert len(middles) >= len(winners)


def test_names_stand_at_the_ends_of_few_lines_and_in_a_legend_of_many(every: Crossovers) -> None:
    ax = drawn(pair().plot())
    assert {"MSK", "Basic"} <= set(said(ax).splitlines())
    assert legend(ax) == ["costs meet"]
    assert legend(drawn(every.plot()))[: len(every.curves)] == list(every.curves)


def test_lines_of_eighteen_options_look_apart_in_grey(every: Crossovers) -> None:
    lines = every.plot().get_lines()[: len(every.curves)]
    assert len({(item.get_linestyle(), item.get_marker()) for item in lines}) == len(every.curves)


def test_the_changes_are_written_without_crowding(every: Crossovers) -> None:
    ax = drawn(every.plot())
    tops = [text for text in ax.texts if text.get_position()[1] == 0.985]
    boxes = [text.get_window_extent() for text in tops]
    assert 2 <= len(boxes) < len(every.intervals)
    for left, right in pairwise(boxes):
        assert left.x1 < right.x0 + 6  # the boxes' own padding


def test_what_never_serves_and_what_is_a_floor_is_said() -> None:
    # a Basic cluster takes 250 MB/s
    found = crossovers(
        Workload(ingress="1 PB/month", retention="1 s"),
        [ConfluentBasic(name="Basic", region="us-east-1"), MskStandard(region="us-east-1")],
        BOOK,
        over="fanout",
        start=0,
        stop=3,
    )
    ax = drawn(found.plot())
    assert "cannot serve: Basic" in said(ax)
    assert ax.get_xscale() == "linear"
    assert "floor: some price is missing" not in said(ax)
    own = drawn(Scenario.load().crossovers().plot())
    assert "floor: some price is missing" in said(own)
    assert "MSK (floor)" in said(own)


@pytest.mark.parametrize("language", ["en", "ko"])
def test_names_that_matplotlib_could_read_otherwise(language: str) -> None:
    names = ["$x^2$", "_hidden", "\\frac{1}{$", "100 % <b>&", "자체 운영 " * 8, "long " * 20]
    options = [
        MskStandard(name=name, region="us-east-1", instance="kafka.m7g.large", discount=0.01 * i)
        for i, name in enumerate(names)
    ]
    load = Workload(ingress="1 TB/month")
    for count in (3, len(names) + 1):  # named at the ends, and in a legend
        more = [ConfluentBasic(name="$ $ $", region="us-east-1"), *options][:count]
        ax = drawn(crossovers(load, more, BOOK).plot(language=language))
        assert "$x^2$" in said(ax)
    assert "_hidden" in said(ax)
