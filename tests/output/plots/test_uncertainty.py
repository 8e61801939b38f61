"""Plots of probabilities and quantiles: stacked areas, and bands that match the data."""

from typing import Any

import numpy as np
import pytest
from matplotlib.collections import PolyCollection

import kafkatco as kt
from support.pictures import drawn, legend, line, marks, texts
from support.plain import PLAIN

BOOK = kt.PriceBook("list", as_of="2025-10-31", assumptions=PLAIN)
LOAD = kt.Workload(ingress="5 TB/month", fanout=1, retention="1 day")
OPTIONS = [
    kt.ConfluentBasic(name="Basic", region="us-east-1"),
    kt.MskStandard(name="MSK", region="us-east-1", instance="kafka.m7g.large"),
]
INPUTS = kt.Uncertainty(inputs={"fanout": "0.5-1-3"}, draws=256)


@pytest.fixture(scope="module")
def months() -> kt.Simulation:
    growth = kt.Compound(name="fast", annual_rate=1.0)
    return kt.simulate(
        LOAD, OPTIONS, BOOK, uncertainty=INPUTS, horizon=kt.Horizon(growth=growth, months=12)
    )


@pytest.fixture(scope="module")
def traffic() -> kt.Simulation:
    return kt.simulate(LOAD, OPTIONS, BOOK, uncertainty=INPUTS, over="ingress")


@pytest.fixture(scope="module")
def even() -> kt.BreakEven:
    return kt.break_even(LOAD, OPTIONS, BOOK, "MSK", "Basic", uncertainty=INPUTS)


def heights(area: Any, x: float) -> float:
    """Return the height of an area at ``x``."""
    points = area.get_paths()[0].vertices
    ends = points[np.isclose(points[:, 0], x), 1]
    return float(ends.max() - ends.min())


def areas(ax: Any) -> list[Any]:
    return [area for area in ax.collections if isinstance(area, PolyCollection)]


def test_probabilities_are_stacked(months: kt.Simulation) -> None:
    ax = drawn(months.plot())
    names = legend(ax)[::-1]  # the highest area comes first
    assert set(names) == {"Basic", "MSK"}
    for month in (1, 12):
        shown = dict(zip(names, (heights(area, month) for area in areas(ax)), strict=True))
        for name, height in shown.items():
            chance = float(months.data["cheapest"].sel(deployment=name, month=month))
            assert height == pytest.approx(100 * chance, abs=1e-9)
        assert sum(shown.values()) == pytest.approx(100.0)
    assert ax.get_ylim() == (0.0, 100.0)
    assert {"prices: list, 2025-10-31", "256 simulations", "growth: fast"} <= set(
        texts(ax).replace("   ", "\n").split("\n")
    )


def test_traffic_is_on_a_log_axis_with_its_value_and_an_infeasible_area(
    traffic: kt.Simulation,
) -> None:
    ax = drawn(traffic.plot())
    assert ax.get_xscale() == "log"
    assert ax.get_xlabel() == "ingress [TB/month]"
    assert "now" in texts(ax)
    # within 1 PB a month both are at their end
    assert legend(ax)[0] == "none can handle the load"
    assert heights(areas(ax)[-1], 1000.0) == pytest.approx(
        100 * (1 - float(traffic.data["cheapest"].sel(ingress=1000.0).sum()))
    )


def test_a_short_axis_is_linear() -> None:
    simulation = kt.simulate(
        LOAD,
        OPTIONS,
        BOOK,
        uncertainty=kt.Uncertainty(inputs={"ingress": "4-6 TB/month"}, draws=64),
        over="fanout",
        start=1,
        stop=3,
    )
    ax = drawn(simulation.plot())
    assert ax.get_xscale() == "linear"
    assert ax.get_xlabel() == "fanout"


def test_bands_are_the_quantiles(months: kt.Simulation) -> None:
    ax = drawn(months.plot_fan(deployment="Basic"))
    cost = months.data["cost"].sel(deployment="Basic")
    np.testing.assert_allclose(line(ax, "Basic").get_ydata(), cost.sel(quantile=0.5))  # type: ignore[arg-type]  # matplotlib's stubs
    wide, _, narrow, _ = areas(ax)  # each with its hatch
    for area, low, high in ((wide, 0.05, 0.95), (narrow, 0.25, 0.75)):
        spread = cost.sel(quantile=high, month=12) - cost.sel(quantile=low, month=12)
        assert heights(area, 12) == pytest.approx(float(spread))
    assert ax.get_ylabel() == "cost in the month [USD]"
    assert "Range of the cost of Basic" in texts(ax)
    assert "bands: 50 % and 90 % of the simulations" in texts(ax)


def test_the_most_likely_cheapest_is_drawn_by_default(traffic: kt.Simulation) -> None:
    likeliest = str(traffic.data["cheapest"].sum("ingress").idxmax("deployment").item())
    assert f"Range of the cost of {likeliest}" in texts(traffic.plot_fan())
    with pytest.raises(kt.InputError, match=r"deployment: got 'MKS'.*Did you mean 'MSK'"):
        traffic.plot_fan(deployment="MKS")


def test_a_break_even_rises_from_always_to_all_but_never(even: kt.BreakEven) -> None:
    ax = drawn(even.plot())
    x, y = (np.asarray(values, float) for values in line(ax, "MSK").get_data())
    assert np.all(np.diff(y) >= 0)
    middle = even.quantile(0.5)
    below, above = (y[np.searchsorted(x, middle, side=side) - 1] for side in ("left", "right"))
    assert below <= 50.0 <= above
    assert above == pytest.approx(100 * np.mean(even.at <= middle))
    left, right = ax.get_xlim()
    assert even.start <= left < even.quantile(0.05) < even.quantile(0.95) < right <= even.stop
    assert "Traffic above which MSK costs less than Basic" in texts(ax)
    assert not marks(ax, "o")


def test_the_whole_axis_is_shown_if_some_simulations_have_no_break_even() -> None:
    expensive = kt.MskStandard(
        name="MSK",
        region="us-east-1",
        instance="kafka.m7g.large",
        labour=kt.Labour(fte=1, monthly="1000000 USD"),
    )
    result = kt.break_even(LOAD, [expensive, OPTIONS[0]], BOOK, "MSK", "Basic", uncertainty=INPUTS)
    ax = drawn(result.plot())
    assert ax.get_xlim() == (result.start, result.stop)
    assert not np.asarray(line(ax, "MSK").get_ydata(), float).any()


@pytest.mark.parametrize("language", ["en", "ko"])
def test_plots_are_in_both_languages(
    language: str, months: kt.Simulation, traffic: kt.Simulation, even: kt.BreakEven
) -> None:
    korean = language == "ko"
    assert ("최저가일 확률" in texts(drawn(months.plot(language=language)))) == korean
    assert (
        "띠: 시뮬레이션의 50 %와 90 %" in texts(drawn(traffic.plot_fan(language=language)))
    ) == korean
    assert ("시뮬레이션 비율 [%]" in texts(drawn(even.plot(language=language)))) == korean
