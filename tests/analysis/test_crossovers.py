"""Crossovers of real deployments: complete, true, and as the direct formula has them."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kafkatco import (
    Catalogue,
    ConfluentBasic,
    InputError,
    Labour,
    MskStandard,
    PriceBook,
    Scenario,
    SelfHosted,
    Workload,
    crossovers,
)
from kafkatco.costing.bill import bill as bills
from kafkatco.costing.costs import costs_of
from kafkatco.deployments import Deployment
from kafkatco.sizing.formulas import monthly_tb
from support.scan import assert_same, sign_changes

BOOK = PriceBook("list", as_of="2025-10-31", currency="KRW")
CATALOGUE = Catalogue(as_of=BOOK.as_of)
EC2 = ("m5.large", "m5.2xlarge", "m7g.large", "m7g.4xlarge", "t3.medium", "r6g.xlarge")
MSK = ("kafka.t3.small", "kafka.m5.large", "kafka.m7g.xlarge", "kafka.m7g.4xlarge")

people = st.fixed_dictionaries(
    {"fte": st.floats(0, 3), "monthly": st.integers(0, 9_000_000).map(lambda v: f"{v} KRW")}
)
regions = st.sampled_from(["us-east-1", "ap-northeast-2"])
self_hosted = st.builds(
    SelfHosted,
    name=st.just("self"),
    region=regions,
    instance=st.sampled_from(EC2),
    labour=people,
    disk_headroom=st.floats(0, 0.6),
    utilisation=st.floats(0.3, 1),
    failure_margin=st.sampled_from(["zone", "none"]),
)
msk = st.builds(
    MskStandard,
    name=st.just("msk"),
    region=regions,
    instance=st.sampled_from(MSK),
    labour=people,
    disk_headroom=st.floats(0, 0.6),
    utilisation=st.floats(0.3, 1),
    discount=st.floats(0, 0.3),
)
confluent = st.builds(
    ConfluentBasic,
    name=st.just("basic"),
    region=st.just("us-east-1"),
    labour=people,
    units_from=st.sampled_from(["peak", "average"]),
    storage_copies=st.sampled_from([1, 3]),
)
workloads = st.builds(
    Workload,
    ingress=st.just("1 MB/s"),
    fanout=st.floats(0, 8),
    peak_to_average=st.floats(1, 3),
    retention=st.floats(1, 240).map(lambda v: f"{v!r} h"),
    partitions=st.integers(1, 1000),
    follower_fetch=st.sampled_from([0.0, 0.5, 1.0]),
    internet_egress=st.sampled_from([0.0, 0.0, 0.2]),
)


pairs = st.one_of(
    st.tuples(self_hosted, msk), st.tuples(self_hosted, confluent), st.tuples(msk, confluent)
)


def direct(option: Deployment, load: Workload, x: Any) -> Any:
    """Cost by the plain formula on an array of traffic [TB/month], NaN if infeasible."""
    rates = x / monthly_tb(1.0, 730.0)
    cost = costs_of(option, load.operands().replace(ingress_mib_s=rates), BOOK, CATALOGUE)
    return np.where(np.broadcast_to(cost.infeasible, x.shape), np.nan, cost.total)


def check(load: Workload, pair: tuple[Deployment, Deployment], points: int) -> None:
    curves = crossovers(load, pair, BOOK)
    [result] = curves.pairs
    x = np.geomspace(curves.start, curves.stop, points)
    a, b = (direct(option, load, x) for option in pair)
    assert_same(result.crossings, sign_changes(x, a, b))
    others = np.array([curves.start, *(c.x for c in result.crossings), curves.stop])
    for i, crossing in enumerate(result.crossings, 1):
        room = min(crossing.x - others[i - 1], others[i + 1] - crossing.until)
        step = min(1e-6 * crossing.x, 0.5 * room)
        sides = np.array([crossing.x - step, crossing.until + step])
        left, right = direct(pair[0], load, sides) - direct(pair[1], load, sides)
        assert left * right < 0, crossing
        names = [option.label for option in pair]
        assert [crossing.below, crossing.above] == (names if left < 0 else names[::-1])


@pytest.mark.slow
@settings(max_examples=500)
@given(load=workloads, pair=pairs)
def test_500_scenarios_against_scans_of_200_000_points(
    load: Workload, pair: tuple[Deployment, Deployment]
) -> None:
    check(load, pair, 200_000)


@settings(max_examples=15)
@given(load=workloads, pair=st.tuples(self_hosted, msk))
def test_scenarios_against_scans(load: Workload, pair: tuple[Deployment, Deployment]) -> None:
    check(load, pair, 20_000)


def test_a_break_even_by_hand() -> None:
    # fan-out 1, no retention to speak of, 1 partition: Confluent costs 2 x 0.05 USD per GiB
    # against one person at 300 USD and 3 x kafka.m7g.large: 3 x 730 x 0.204 = 446.76 USD, and
    # storage of 3 GiB x 0.10, and crossings of 2 x (2/3 + 2/3) x 0.01 = 0.02667 USD per GiB
    book = PriceBook("list", as_of="2025-10-31")
    load = Workload(ingress="1 MB/s", retention="1 s", partitions=1, peak_to_average=1)
    pair = [
        MskStandard(
            name="msk",
            region="us-east-1",
            instance="kafka.m7g.large",
            labour=Labour(fte=1.0, monthly="300 USD"),
        ),
        ConfluentBasic(name="basic", region="us-east-1", units_from="average", access="none"),
    ]
    curves = crossovers(load, pair, book, stop="15 TB/month")
    [crossing] = curves.pairs[0].crossings
    fixed = 300 + 446.76 + 3 * 0.10
    # a second eCKU (102.2 USD) is bought above 5 MB/s = 13.14 TB, so not yet; storage of one
    # second of three copies is 3 x rate GiB-months of 0.08 x a second's data: negligible, exact
    per_gib = 0.10 + 3 * 0.08 / (3600 * 730) - 8 / 3 * 0.01
    gib = fixed / per_gib
    assert crossing.x * 1e12 / 2**30 == pytest.approx(gib, rel=1e-12)
    assert curves.at(crossing.x)["msk"] == pytest.approx(crossing.cost)
    assert crossing.kind == "root"
    assert (crossing.below, crossing.above) == ("basic", "msk")


@pytest.mark.parametrize(
    ("over", "start", "stop"),
    [
        ("fanout", 0, 30),
        ("retention", "1 h", "60 days"),
        ("partitions", 1, 3000),
        ("peak_to_average", 1, 10),
        ("follower_fetch", 0, 1),
        ("producer_affinity", 0, 1),
        ("internet_egress", 0, 1),
    ],
)
def test_other_axes(over: str, start: float | str, stop: float | str) -> None:
    load = Workload(ingress="5 MB/s", fanout=2)
    options = [
        SelfHosted(region="us-east-1", instance="m7g.large"),
        MskStandard(region="us-east-1", instance="kafka.m7g.large"),
        ConfluentBasic(region="us-east-1"),
    ]
    curves = crossovers(load, options, BOOK, over=over, start=start, stop=stop)
    x = np.linspace(curves.start, curves.stop, 5001)[1:-1]
    for pair in curves.pairs:
        values = []
        for name in (pair.a, pair.b):
            option = next(d for d in options if d.label == name)
            record = load.operands().replace(**{curves.axis.target: x})
            cost = costs_of(option, record, BOOK, CATALOGUE)
            able = ~np.broadcast_to(cost.infeasible, x.shape).astype(bool)
            values.append(np.where(able, np.broadcast_to(cost.total, x.shape), np.nan))
        assert_same(pair.crossings, sign_changes(x, *values))


def test_wrong_sweeps_are_refused() -> None:
    load, options = Workload(ingress="1 MB/s"), [ConfluentBasic(region="us-east-1")]
    with pytest.raises(InputError, match="Did you mean 'fanout'"):
        crossovers(load, options, BOOK, over="fan-out")
    with pytest.raises(InputError, match=r"from: got '1 h'.*\n.*to: got 5; expected a quantity"):
        crossovers(load, options, BOOK, start="1 h", stop=5)
    with pytest.raises(InputError, match="more than 2 TB/month"):
        crossovers(load, options, BOOK, start="2 TB/month", stop="1 TB/month")
    with pytest.raises(InputError, match="from: got 0; expected a number of at least 1"):
        crossovers(load, options, BOOK, over="partitions", start=0, stop=5)
    with pytest.raises(InputError, match="to: got 5; expected a number of at least 0 and at most"):
        crossovers(load, options, BOOK, over="follower_fetch", start=0, stop=5)
    with pytest.raises(InputError, match="2 deployments have the name 'confluent-basic'"):
        crossovers(load, options * 2, BOOK)


def test_results_show_themselves() -> None:
    curves = crossovers(
        Workload(ingress="1 MB/s"),
        [ConfluentBasic(name="<script>", region="us-east-1"), MskStandard(region="us-east-1")],
        BOOK,
    )
    html = curves._repr_html_()
    assert "&lt;script&gt;" in html
    assert "<script>" not in html
    frame = curves.to_pandas()
    assert list(frame.columns[:3]) == ["a", "b", "at"]
    data = curves.to_dict()
    assert data["from"] == 0.1
    assert data["to"] == 1000.0
    assert curves.plot().get_xlabel() == "ingress [TB/month]"
    assert curves.at(0.1).keys() == {"<script>", "msk-standard"}
    with pytest.raises(InputError, match=r"expected a position on the axis, 0\.1 to 1000 TB"):
        curves.at(2000.0)


def test_a_picture_labels_every_tick_in_one_unit() -> None:
    scenario = Scenario.load()
    ax = scenario.crossovers(over="fanout").plot()
    assert ax.get_ylabel() == "cost a month [million KRW]"
    for formatter in (ax.yaxis.get_major_formatter(), ax.yaxis.get_minor_formatter()):
        assert formatter(3e6, None) == "3"
    assert ax.yaxis.get_minor_formatter()(4e6, None) == ""


def test_every_position_is_in_the_unit_of_the_axis() -> None:
    # a Basic cluster takes 250 MB/s: 250e6 B x 3600 s x 730 h = 657 TB a month
    options = [
        ConfluentBasic(region="us-east-1", name="basic", units_from="average", access="none")
    ]
    load = Workload(ingress="5 TB/month", retention="1 h", peak_to_average=1)
    result = crossovers(load, options, BOOK)
    assert result.axis.unit == "TB/month"
    assert (result.start, result.stop) == pytest.approx((0.1, 1000.0), rel=1e-12)
    assert [part.stop for part in result.intervals] == pytest.approx([657.0, 1000.0], rel=1e-9)
    [unserved] = result.unserved["basic"]
    assert (unserved.start, unserved.stop) == pytest.approx((657.0, 1000.0), rel=1e-9)
    curve = result.curves["basic"].total
    assert curve.domain == (result.start, result.stop)
    assert result.at(5.0)["basic"] == pytest.approx(float(curve(5.0)))
    [bill] = bills(load.replace(ingress="5 TB/month"), options, BOOK)
    assert curve(5.0) == pytest.approx(bill.total, rel=1e-12)
    assert repr(result) == "Crossovers(over ingress, 0.1 to 1000 TB/month: basic; 0 crossings)"
