"""Projection: the broadcast is the loop, and money over time is arithmetic."""

import numpy as np
import pytest

from kafkatco import (
    Compound,
    ConfluentBasic,
    Constant,
    Labour,
    Linear,
    MskStandard,
    PriceBook,
    SelfHosted,
    Series,
    Workload,
    project,
)
from kafkatco.costing.bill import bill_of
from kafkatco.planning.horizon import Horizon
from kafkatco.prices import Catalogue

LOAD = Workload(ingress="1 TB/month", fanout=2, retention="3 days")
OPTIONS = [
    SelfHosted(
        region="us-east-1",
        instance="m5.large",
        labour=Labour(fte=1.0, monthly="3000 USD", setup="4 weeks"),
    ),
    MskStandard(region="us-east-1"),
    ConfluentBasic(region="us-east-1"),
]


def test_the_broadcast_is_the_loop_over_bills(book: PriceBook, catalogue: Catalogue) -> None:
    growth = [Constant(), Compound(annual_rate=3.0), Linear(increase="2 TB/month")]
    plan = project(LOAD, OPTIONS, book, horizon=Horizon(growth=growth, months=18)).to_xarray()
    assert plan["cost"].shape == (3, 3, 18)
    for option in OPTIONS:
        for model in growth:
            for month in (2, 9, 18):
                at = plan.sel(deployment=option.label, scenario=model.label, month=month)
                tb = float(at["ingress"])
                load = LOAD.replace(ingress=f"{tb!r} TB/month").operands()
                if model.label != "constant":
                    continue  # stored data lag behind: see the next test
                total = bill_of(option, load, book, catalogue).total
                assert float(at["cost"]) == pytest.approx(total, rel=1e-9)


def test_stored_data_follows_past_traffic(book: PriceBook, catalogue: Catalogue) -> None:
    # 0.1 then 0.3 MiB/s, kept one month: in month 2 the average stored is that of 0.2 MiB/s
    load = Workload(ingress="0.1 MiB/s", retention="1 month", peak_to_average=1, partitions=1)
    growth = Series(values=("0.1 MiB/s", "0.3 MiB/s", "0.3 MiB/s"))
    plan = project(
        load,
        [ConfluentBasic(region="us-east-1", storage_copies=1)],
        book,
        horizon=Horizon(growth=growth, months=3),
    ).to_xarray()
    month_gib = 3600 * 730 / 1024
    moved = [0.1, 0.3, 0.3]
    kept = [0.1, 0.2, 0.3]
    expected = [
        m * month_gib * (0.05 + 0.05) + k * month_gib * 0.08
        for m, k in zip(moved, kept, strict=True)
    ]
    np.testing.assert_allclose(plan["cost"][0, 0], expected, rtol=1e-12)


def test_money_over_time(book: PriceBook) -> None:
    plain = project(LOAD, OPTIONS[:1], book, horizon=Horizon(months=13)).to_xarray()
    moved = project(
        LOAD, OPTIONS[:1], book, horizon=Horizon(months=13, discount_rate=0.21, inflation=0.44)
    ).to_xarray()
    once = 4 * 168 / 730 * 3000
    running = float(plain["cost"][0, 0, 1])
    assert float(plain["cost"][0, 0, 0]) == pytest.approx(running + once)
    assert float(plain["cumulative_cost"][0, 0, -1]) == pytest.approx(13 * running + once)
    # month 13 is 12 months after the first: prices x 1.44, discounted over 13 months
    assert float(moved["cost"][0, 0, 12]) == pytest.approx(running * 1.44)
    assert float(moved["discounted_cost"][0, 0, 12]) == pytest.approx(
        running * 1.44 / 1.21 ** (13 / 12)
    )
    total = float(moved["discounted_cost"][0, 0].sum())
    assert float(moved["cumulative_discounted_cost"][0, 0, -1]) == pytest.approx(total)


def test_a_month_that_cannot_be_served_has_no_cost(book: PriceBook) -> None:
    growth = Series(values=("1 MB/s", "400 MB/s", "1 MB/s"))
    plan = project(
        Workload(ingress="1 MB/s", retention="1 h"),
        [ConfluentBasic(region="us-east-1")],
        book,
        horizon=Horizon(growth=growth, months=3),
    ).to_xarray()
    np.testing.assert_array_equal(plan["feasible"][0, 0], [True, False, True])
    np.testing.assert_array_equal(np.isnan(plan["cost"][0, 0]), [False, True, False])
    np.testing.assert_array_equal(np.isnan(plan["cumulative_cost"][0, 0]), [False, True, True])


def test_calendar_months(book: PriceBook) -> None:
    # from the book's month on: October has 744 h, November 720
    plan = project(
        Workload(ingress="1 TB/month", retention="1 s"),
        [MskStandard(region="us-east-1", instance="kafka.t3.small")],
        book,
        horizon=Horizon(months=2, month_hours="calendar"),
    ).to_xarray()
    np.testing.assert_allclose(plan["ingress"][0], [1.0, 1.0])
    difference = float(plan["cost"][0, 0, 0] - plan["cost"][0, 0, 1])
    # the same data moved, and 24 h of 3 brokers more
    assert difference == pytest.approx(24 * 3 * 0.0456)


def test_results_show_themselves(book: PriceBook) -> None:
    plan = project(LOAD, OPTIONS, book, horizon=Horizon(months=3))
    frame = plan.to_pandas()
    assert len(frame) == 9
    assert {"deployment", "scenario", "month", "cost", "cumulative_cost"} <= set(frame.columns)
    assert "self-hosted" in plan._repr_html_()
    assert plan.plot().get_xlabel() == "month"
    with pytest.raises(Exception, match="Did you mean 'constant'"):
        plan.plot(scenario="constnat")
    assert plan.to_xarray().attrs["book"] == "list"
    assert plan.to_xarray()["cost"].attrs["units"] == "USD"


def test_a_month_does_not_depend_on_how_many_are_projected(book: PriceBook) -> None:
    load = Workload(ingress="1 MB/s", retention="30 days")
    short, long = (
        project(
            load,
            OPTIONS[2:],
            book,
            horizon=Horizon(
                growth=Compound(annual_rate=9.0), months=months, month_hours="calendar"
            ),
        ).to_xarray()
        for months in (4, 8)
    )
    np.testing.assert_array_equal(short["cost"], long["cost"][..., :4])
