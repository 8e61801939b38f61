"""Projections, paths and fans as drawn: months of change, bands and what is said beside them."""

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
from support.pictures import drawn, line, marks, said, same

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
    assert f"month {at}" in said(ax)


def test_a_picture_names_its_growth_prices_and_unit(grown: Projection) -> None:
    ax = drawn(grown.plot(scenario="slow"))
    assert {"growth: slow", "prices: list, 2025-10-31"} <= set(
        said(ax).replace("   ", "\n").split("\n")
    )
    assert ax.get_ylabel() == "cost so far [USD]"
    assert drawn(grown.plot(of="cost")).get_ylabel() == "cost in the month [USD]"
    with pytest.raises(InputError, match=r"of: got 'costs'.*Did you mean 'cost'"):
        grown.plot(of="costs")
    with pytest.raises(InputError, match=r"got 'fats'.*Did you mean 'fast'"):
        grown.plot(scenario="fats")


def test_inflation_and_discounting_are_said() -> None:
    made = project(
        LOAD, OPTIONS, BOOK, horizon=Horizon(months=6, inflation=0.03, discount_rate=0.05)
    )
    text = said(made.plot(of="discounted_cost"))
    assert "inflation: 0.03 a year" in text
    assert "discount rate: 0.05 a year" in text


def test_a_fan_goes_from_the_least_to_the_most_of_all_growths(grown: Projection) -> None:
    ax = drawn(grown.plot_fan())
    data = grown.to_xarray()["cumulative_cost"]
    for i, name in enumerate(("Basic", "MSK")):
        one = data.sel(deployment=name)
        np.testing.assert_allclose(line(ax, name).get_ydata(), one.sel(scenario="fast"))  # type: ignore[arg-type]  # matplotlib's stubs
        band: Any = ax.collections[2 * i].get_paths()[0].vertices
        for month in (1, 24):
            at = band[np.isclose(band[:, 0], month), 1]
            assert (at.min(), at.max()) == pytest.approx(
                (float(one.sel(month=month).min()), float(one.sel(month=month).max()))
            )
    assert "bands: also slow" in said(ax)
    assert "line: fast" in said(ax)


def test_a_fan_of_one_growth_speaks_of_no_bands() -> None:
    assert "bands" not in said(project(LOAD, OPTIONS, BOOK, horizon=Horizon(months=3)).plot_fan())


def test_a_fan_ends_where_one_growth_cannot_be_served() -> None:
    load = Workload(ingress="100 TB/month", retention="1 s")
    made = project(
        load, OPTIONS[:1], BOOK, horizon=Horizon(growth=[GROWTHS[1], GROWTHS[0]], months=24)
    )
    served = np.isfinite(made.to_xarray()["cost"].to_numpy()[0])
    last = int(served.all(axis=0).sum())
    assert 1 < last < int(served[0].sum())  # the fast growth is over the quota earlier
    ax = drawn(made.plot_fan())
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
    assert f"Basic {more:+.0%}" in said(ax)
    slow = drawn(strategy.plot(scenario="slow"))
    assert "growth: slow" in said(slow)


def test_where_nothing_can_serve_it_says_so() -> None:
    load = Workload(ingress="5 PB/month", retention="1 s")
    found = plan(load, OPTIONS[:1], BOOK, horizon=Horizon(months=3))
    ax = drawn(found.plot())
    assert ax.get_title(loc="left") == "No path can serve"
    assert "cannot serve: Basic" in said(ax)
    ax = drawn(project(load, OPTIONS[:1], BOOK, horizon=Horizon(months=1)).plot())
    assert "none can serve" in said(ax)


@pytest.mark.parametrize("language", ["en", "ko"])
def test_many_options_of_which_one_never_serves(language: str) -> None:
    # more lines than dashes have marks, which a line without a point has not
    options = [
        *(MskStandard(name=f"$ {i}", region="us-east-1") for i in range(6)),
        ConfluentBasic(name="자체 Basic", region="us-east-1"),
        MskServerless(name="_ serverless", region="us-east-1"),
    ]
    load = Workload(ingress="5 PB/month", retention="1 s")
    made = project(load, options, BOOK, horizon=Horizon(growth=GROWTHS, months=2))
    drawn(made.plot(language=language))
    drawn(made.plot_fan(language=language))
    drawn(plan(load, options, BOOK, horizon=Horizon(months=2)).plot(language=language))
