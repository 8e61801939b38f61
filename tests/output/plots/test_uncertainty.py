"""Chances and quantiles as drawn: areas that fill the picture, bands that are the data's."""

from typing import Any

import numpy as np
import pytest
from matplotlib.collections import PolyCollection

import kafkatco as kt
from support.pictures import drawn, legend, line, marks, said

BOOK = kt.PriceBook("list", as_of="2025-10-31")
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
    """Return how high an area is at ``x``."""
    points = area.get_paths()[0].vertices
    there = points[np.isclose(points[:, 0], x), 1]
    return float(there.max() - there.min())


def areas(ax: Any) -> list[Any]:
    return [item for item in ax.collections if isinstance(item, PolyCollection)]


def test_chances_lie_upon_one_another(months: kt.Simulation) -> None:
    ax = drawn(months.plot())
    names = legend(ax)[::-1]  # of what lies highest first
    assert set(names) == {"Basic", "MSK"}
    for month in (1, 12):
        shown = dict(zip(names, (heights(area, month) for area in areas(ax)), strict=True))
        for name, height in shown.items():
            chance = float(months.data["cheapest"].sel(deployment=name, month=month))
            assert height == pytest.approx(100 * chance, abs=1e-9)
        assert sum(shown.values()) == pytest.approx(100.0)
    assert ax.get_ylim() == (0.0, 100.0)
    assert {"prices: list, 2025-10-31", "256 draws", "growth: fast"} <= set(
        said(ax).replace("   ", "\n").split("\n")
    )


def test_traffic_is_on_a_log_axis_with_what_it_is_and_where_none_can_serve(
    traffic: kt.Simulation,
) -> None:
    ax = drawn(traffic.plot())
    assert ax.get_xscale() == "log"
    assert ax.get_xlabel() == "ingress [TB/month]"
    assert "now" in said(ax)
    # within 1 PB a month both are at their end
    assert legend(ax)[0] == "none can serve"
    assert heights(areas(ax)[-1], 1000.0) == pytest.approx(
        100 * (1 - float(traffic.data["cheapest"].sel(ingress=1000.0).sum()))
    )


def test_a_short_axis_is_plain() -> None:
    found = kt.simulate(
        LOAD,
        OPTIONS,
        BOOK,
        uncertainty=kt.Uncertainty(inputs={"ingress": "4-6 TB/month"}, draws=64),
        over="fanout",
        start=1,
        stop=3,
    )
    ax = drawn(found.plot())
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
    assert "What Basic may cost" in said(ax)
    assert "bands: half of them, and 90 %" in said(ax)


def test_the_likeliest_is_drawn_unless_one_is_named(traffic: kt.Simulation) -> None:
    likeliest = str(traffic.data["cheapest"].sum("ingress").idxmax("deployment").item())
    assert f"What {likeliest} may cost" in said(traffic.plot_fan())
    with pytest.raises(kt.InputError, match=r"deployment: got 'MKS'.*Did you mean 'MSK'"):
        traffic.plot_fan(deployment="MKS")


def test_a_break_even_rises_from_always_to_all_but_never(even: kt.BreakEven) -> None:
    ax = drawn(even.plot())
    x, y = (np.asarray(values, float) for values in line(ax, "MSK").get_data())
    assert np.all(np.diff(y) >= 0)
    middle = even.quantile(0.5)
    below, there = (y[np.searchsorted(x, middle, side=side) - 1] for side in ("left", "right"))
    assert below <= 50.0 <= there
    assert there == pytest.approx(100 * np.mean(even.at <= middle))
    left, right = ax.get_xlim()
    assert even.start <= left < even.quantile(0.05) < even.quantile(0.95) < right <= even.stop
    assert "From which traffic MSK costs less than Basic" in said(ax)
    assert not marks(ax, "o")


def test_all_is_shown_where_some_draws_have_no_break_even() -> None:
    dear = kt.MskStandard(
        name="MSK",
        region="us-east-1",
        instance="kafka.m7g.large",
        labour=kt.Labour(fte=1, monthly="1000000 USD"),
    )
    found = kt.break_even(LOAD, [dear, OPTIONS[0]], BOOK, "MSK", "Basic", uncertainty=INPUTS)
    ax = drawn(found.plot())
    assert ax.get_xlim() == (found.start, found.stop)
    assert not np.asarray(line(ax, "MSK").get_ydata(), float).any()


@pytest.mark.parametrize("language", ["en", "ko"])
def test_pictures_are_in_both_languages(
    language: str, months: kt.Simulation, traffic: kt.Simulation, even: kt.BreakEven
) -> None:
    korean = language == "ko"
    assert ("최저가일 확률" in said(drawn(months.plot(language=language)))) == korean
    assert ("띠: 추출의 절반" in said(drawn(traffic.plot_fan(language=language)))) == korean
    assert ("추출 비율 [%]" in said(drawn(even.plot(language=language)))) == korean
