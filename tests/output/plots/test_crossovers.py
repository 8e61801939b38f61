"""The plot of cost against an input: its lines, marks and tints against the data."""

from itertools import pairwise
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kafkatco import ConfluentBasic, Labour, MskStandard, PriceBook, Scenario, Workload, crossovers
from kafkatco.analysis.crossovers import Crossovers
from support.pictures import drawn, legend, line, marks, same, texts
from support.plain import PLAIN

BOOK = PriceBook("list", as_of="2025-10-31", assumptions=PLAIN)


def pair(fte: float = 0.5, **load: Any) -> Crossovers:
    options = [
        MskStandard(name="MSK", region="us-east-1", labour=Labour(fte=fte, monthly="900 USD")),
        ConfluentBasic(name="Basic", region="us-east-1"),
    ]
    fields = {"ingress": "1 TB/month", "fanout": 1.0, "retention": "1 day", **load}
    return crossovers(Workload(**fields), options, BOOK)


@pytest.fixture(scope="module")
def every() -> Crossovers:
    return Scenario.load("every-kind").crossovers()


def test_it_has_unit_book_and_date() -> None:
    ax = drawn(pair().plot())
    assert ax.get_ylabel() == "cost a month [USD]"
    assert ax.get_xlabel() == "ingress [TB/month]"
    assert ax.get_title(loc="left") == "Cost against ingress"
    assert "prices: list, 2025-10-31" in texts(ax)
    assert (ax.get_xscale(), ax.get_yscale()) == ("log", "log")
    assert pair().plot(ax) is ax


def check_marks(result: Crossovers) -> None:
    """Check that each crossing has its mark, and a large one where the cheapest changes."""
    ax = result.plot()
    every = [crossing for pair in result.pairs for crossing in pair.crossings]
    for kind, marker in (("root", "o"), ("jump", "^")):
        same(marks(ax, marker), sorted((c.x, c.cost) for c in every if c.kind == kind))
    large: Any = [
        x
        for line in ax.get_lines()
        if line.get_marker() in ("o", "^") and line.get_markersize() == 7
        for x in line.get_xdata()  # type: ignore[union-attr]  # matplotlib's stubs
    ]
    changes = {
        (round(right.start, 9), frozenset((left.winner, right.winner)))
        for left, right in pairwise(result.intervals)
    }
    first = [c.x for c in every if (round(c.x, 9), frozenset((c.below, c.above))) in changes]
    same(sorted(large), sorted(first))


def test_every_crossing_of_eighteen_options_is_marked(every: Crossovers) -> None:
    assert sum(len(one.crossings) for one in every.pairs) > 100
    check_marks(every)


@settings(max_examples=10)
@given(fte=st.floats(0, 2), fanout=st.floats(0.5, 10), hours=st.floats(1, 200))
def test_every_crossing_of_any_pair_is_marked(fte: float, fanout: float, hours: float) -> None:
    check_marks(pair(fte, fanout=fanout, retention=f"{hours!r} h"))
    plt.close("all")  # one for each example


def test_a_line_is_the_cost_and_ends_where_the_option_is_infeasible(every: Crossovers) -> None:
    ax = every.plot()
    for label, costs in every.curves.items():
        x, y = (np.asarray(values, float) for values in line(ax, label).get_data())
        feasible = np.isfinite(y)
        near = np.abs(costs.total.edges[:, None] - x) <= 1e-9 * x
        inside = feasible & ~near.any(axis=0)  # at a step, rounding takes the one side or the other
        assert inside.sum() > 20
        np.testing.assert_allclose(y[inside], costs.total(x[inside]), rtol=1e-12)


def test_tints_and_labels_are_the_stretches_of_the_cheapest() -> None:
    result = pair()
    ax = result.plot()
    spans: Any = [patch.get_extents().transformed(ax.transData.inverted()) for patch in ax.patches]
    edges = sorted({round(x, 6) for box in spans for x in (box.x0, box.x1)})
    ends = {round(x, 6) for part in result.intervals for x in (part.start, part.stop)}
    assert edges == pytest.approx(sorted(ends))
    # two for each stretch: the tint over the whole height, and the label along the foot
    assert len(ax.patches) == 2 * len(result.intervals)
    winners = [part.winner for part in result.intervals]
    assert winners == ["Basic", "MSK"]
    middles = [text.get_position()[0] for text in ax.texts if text.get_text() in winners]
    assert len(middles) >= len(winners)


def test_few_lines_are_named_at_their_ends_and_many_in_a_legend(every: Crossovers) -> None:
    ax = drawn(pair().plot())
    assert {"MSK", "Basic"} <= set(texts(ax).splitlines())
    assert legend(ax) == ["costs cross"]
    assert legend(drawn(every.plot()))[: len(every.curves)] == list(every.curves)


def test_lines_of_eighteen_options_differ_in_grey(every: Crossovers) -> None:
    lines = every.plot().get_lines()[: len(every.curves)]
    assert len({(line.get_linestyle(), line.get_marker()) for line in lines}) == len(every.curves)


def test_the_changes_are_written_without_crowding(every: Crossovers) -> None:
    ax = drawn(every.plot())
    tops = [text for text in ax.texts if text.get_position()[1] == 0.985]
    boxes = [text.get_window_extent() for text in tops]
    assert 2 <= len(boxes) < len(every.intervals)
    for left, right in pairwise(boxes):
        assert left.x1 < right.x0 + 6  # the boxes' own padding


def test_notes_name_infeasible_options_and_floors() -> None:
    # a Basic cluster handles 250 MB/s
    result = crossovers(
        Workload(ingress="1 PB/month", retention="1 s"),
        [ConfluentBasic(name="Basic", region="us-east-1"), MskStandard(region="us-east-1")],
        BOOK,
        over="fanout",
        start=0,
        stop=3,
    )
    ax = drawn(result.plot())
    assert "cannot handle the load: Basic" in texts(ax)
    assert ax.get_xscale() == "linear"
    assert "floor: some prices are missing" not in texts(ax)
    article = drawn(Scenario.load().crossovers().plot())
    assert "floor: some prices are missing" in texts(article)
    assert "MSK (floor)" in texts(article)


@pytest.mark.parametrize("language", ["en", "ko"])
def test_names_that_matplotlib_could_interpret(language: str) -> None:
    names = ["$x^2$", "_hidden", "\\frac{1}{$", "100 % <b>&", "자체 운영 " * 8, "long " * 20]
    options = [
        MskStandard(name=name, region="us-east-1", instance="kafka.m7g.large", discount=0.01 * i)
        for i, name in enumerate(names)
    ]
    load = Workload(ingress="1 TB/month")
    for count in (3, len(names) + 1):  # named at the ends, and in a legend
        more = [ConfluentBasic(name="$ $ $", region="us-east-1"), *options][:count]
        ax = drawn(crossovers(load, more, BOOK).plot(language=language))
        assert "$x^2$" in texts(ax)
    assert "_hidden" in texts(ax)
