"""Plots of projections, paths and fans: months of change, bands and notes."""

from typing import Any

import numpy as np
import pytest

from kafkatco import (
    Compound,
    ConfluentBasic,
    InputError,
    MskServerless,
    MskStandard,
    PriceBook,
    Projection,
    Workload,
    plan,
    project,
)
from kafkatco.planning.horizon import Horizon
from kafkatco.planning.plan import Strategy
from support.pictures import drawn, line, marks, same, texts

BOOK = PriceBook("list", as_of="2025-10-31")
LOAD = Workload(ingress="0.5 TB/month", fanout=1, retention="1 day")
OPTIONS = [
    ConfluentBasic(name="Basic", region="us-east-1"),
    MskStandard(name="MSK", region="us-east-1", instance="kafka.m7g.large"),
]
GROWTHS = [Compound(name="fast", annual_rate=9.0), Compound(name="slow", annual_rate=1.0)]


@pytest.fixture(scope="module")
def grown() -> Projection:
    return project(LOAD, OPTIONS, BOOK, horizon=Horizon(growth=GROWTHS, months=24))


@pytest.fixture(scope="module")
def strategy() -> Strategy:
    return plan(LOAD, OPTIONS, BOOK, horizon=Horizon(growth=GROWTHS, months=24))


@pytest.mark.parametrize("of", ["cost", "cumulative_cost", "discounted_cost"])
def test_lines_and_months_of_change_are_those_of_the_data(grown: Projection, of: str) -> None:
    ax = drawn(grown.plot(of=of))
    data = grown.to_xarray()[of].sel(scenario="fast")
    for name in ("Basic", "MSK"):
        np.testing.assert_allclose(line(ax, name).get_ydata(), data.sel(deployment=name))  # type: ignore[arg-type]  # matplotlib's stubs
    basic, msk = (data.sel(deployment=name).to_numpy() for name in ("Basic", "MSK"))
    at = int(np.argmax(msk < basic)) + 1  # MSK costs more at first, and less from then on
    assert 1 < at < 24
    assert np.all((msk < basic) == (np.arange(1, 25) >= at))
    same(marks(ax, "o"), [(at, msk[at - 1])])
    assert f"month {at}" in texts(ax)


def test_a_picture_names_its_growth_prices_and_unit(grown: Projection) -> None:
    ax = drawn(grown.plot(scenario="slow"))
    assert {"growth: slow", "prices: list, 2025-10-31"} <= set(
        texts(ax).replace("   ", "\n").split("\n")
    )
    assert ax.get_ylabel() == "cost so far [USD]"
    assert drawn(grown.plot(of="cost")).get_ylabel() == "cost in the month [USD]"
    with pytest.raises(InputError, match=r"of: got 'costs'.*Did you mean 'cost'"):
        grown.plot(of="costs")
    with pytest.raises(InputError, match=r"got 'fats'.*Did you mean 'fast'"):
        grown.plot(scenario="fats")


def test_notes_have_inflation_and_discount_rate() -> None:
    projection = project(
        LOAD, OPTIONS, BOOK, horizon=Horizon(months=6, inflation=0.03, discount_rate=0.05)
    )
    text = texts(projection.plot(of="discounted_cost"))
    assert "inflation: 0.03 a year" in text
    assert "discount rate: 0.05 a year" in text


def test_a_fan_is_the_range_over_all_growths(grown: Projection) -> None:
    ax = drawn(grown.plot_fan())
    data = grown.to_xarray()["cumulative_cost"]
    for i, name in enumerate(("Basic", "MSK")):
        cost = data.sel(deployment=name)
        np.testing.assert_allclose(line(ax, name).get_ydata(), cost.sel(scenario="fast"))  # type: ignore[arg-type]  # matplotlib's stubs
        band: Any = ax.collections[2 * i].get_paths()[0].vertices
        for month in (1, 24):
            at = band[np.isclose(band[:, 0], month), 1]
            assert (at.min(), at.max()) == pytest.approx(
                (float(cost.sel(month=month).min()), float(cost.sel(month=month).max()))
            )
    assert "bands: range with slow" in texts(ax)
    assert "line: fast" in texts(ax)


def test_a_fan_of_one_growth_has_no_bands() -> None:
    assert "bands" not in texts(project(LOAD, OPTIONS, BOOK, horizon=Horizon(months=3)).plot_fan())


def test_a_fan_ends_where_one_growth_is_infeasible() -> None:
    load = Workload(ingress="100 TB/month", retention="1 s")
    projection = project(
        load, OPTIONS[:1], BOOK, horizon=Horizon(growth=[GROWTHS[1], GROWTHS[0]], months=24)
    )
    feasible = np.isfinite(projection.to_xarray()["cost"].to_numpy()[0])
    last = int(feasible.all(axis=0).sum())
    assert 1 < last < int(feasible[0].sum())  # the fast growth is over the quota earlier
    ax = drawn(projection.plot_fan())
    band: Any = ax.collections[0].get_paths()[0].vertices
    assert band[:, 0].max() == last


def test_the_best_path_and_its_moves_are_marked(strategy: Strategy) -> None:
    ax = drawn(strategy.plot())
    [_, later] = strategy.stays()
    running = dict(zip(strategy.path.options, strategy.running[0], strict=True))
    same(marks(ax, "o"), [(later.first, running["MSK"][later.first - 1])])
    taken = [running[name][m] for m, name in enumerate(strategy.path.named())]
    np.testing.assert_allclose(line(ax, "best path").get_ydata(), taken)  # type: ignore[arg-type]  # matplotlib's stubs
    whole = strategy.path.total[0]
    assert f"The best path costs {whole:,.0f} USD over 24 months" == ax.get_title(loc="left")
    more = strategy.staying["Basic"][0] / whole - 1
    assert f"Basic {more:+.0%}" in texts(ax)
    slow = drawn(strategy.plot(scenario="slow"))
    assert "growth: slow" in texts(slow)


def test_a_plot_without_a_feasible_option_has_a_note() -> None:
    load = Workload(ingress="5 PB/month", retention="1 s")
    strategy = plan(load, OPTIONS[:1], BOOK, horizon=Horizon(months=3))
    ax = drawn(strategy.plot())
    assert ax.get_title(loc="left") == "No path can handle the load"
    assert "cannot handle the load: Basic" in texts(ax)
    ax = drawn(project(load, OPTIONS[:1], BOOK, horizon=Horizon(months=1)).plot())
    assert "none can handle the load" in texts(ax)


@pytest.mark.parametrize("language", ["en", "ko"])
def test_many_options_of_which_one_is_infeasible(language: str) -> None:
    # if there are more lines than dashes, lines have marks, but not a line without points
    options = [
        *(MskStandard(name=f"$ {i}", region="us-east-1") for i in range(6)),
        ConfluentBasic(name="자체 Basic", region="us-east-1"),
        MskServerless(name="_ serverless", region="us-east-1"),
    ]
    load = Workload(ingress="5 PB/month", retention="1 s")
    projection = project(load, options, BOOK, horizon=Horizon(growth=GROWTHS, months=2))
    drawn(projection.plot(language=language))
    drawn(projection.plot_fan(language=language))
    drawn(plan(load, options, BOOK, horizon=Horizon(months=2)).plot(language=language))
