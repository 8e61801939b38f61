"""Elastic and fixed capacity over the hours of a day, by hand, and laws of every kind.

Most bills are of a day of two levels in a ratio of 10:1, 12 hours each: with a mean of 55 MB/s,
100 MB/s in busy hours and 10 MB/s in quiet ones, since (100 + 10) / 2 = 55.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kafkatco import (
    Bill,
    ConfluentBasic,
    ConfluentDedicated,
    ConfluentEnterprise,
    ConfluentFreight,
    ConfluentStandard,
    Curve,
    EventHubsDedicated,
    EventHubsPremium,
    EventHubsStandard,
    GoogleManagedKafka,
    InputError,
    MskExpress,
    MskServerless,
    MskStandard,
    PriceBook,
    SelfHosted,
    TrafficProfile,
    Workload,
    bill,
    project,
)
from kafkatco.analysis.axes import find_axis
from kafkatco.costing.bill import bill_of
from kafkatco.costing.comparison import Comparison, operands_of
from kafkatco.costing.costs import costs_of
from kafkatco.deployments import KINDS, Deployment
from kafkatco.scenario.scenario import Scenario
from support.plain import PLAIN

PRICES = {
    "confluent.basic.ecku": "0.10 USD/hour",
    "confluent.enterprise.ecku": "2 USD/hour",
    "confluent.dedicated.cku": "3 USD/hour",
    "confluent.dedicated.ingress": "0.05 USD/GiB",
    "confluent.dedicated.egress": "0.04 USD/GiB",
    "confluent.dedicated.storage": "0.08 USD/GiB/month",
    "azure.event-hubs.standard.throughput-unit": "0.03 USD/hour",
    "azure.event-hubs.premium.processing-unit": "1 USD/hour",
    "azure.blob.hot-lrs.storage": "0.02 USD/GiB/month",
}
BOOK = PriceBook("list", as_of="2025-10-31", overrides=PRICES, assumptions=PLAIN)
TEN_TO_ONE = TrafficProfile(hours=[10] * 12 + [1] * 12)
FLAT = TrafficProfile(shape="flat")
REGIONS = {"azure": "eastus", "gcp": "us-central1"}


def load_of(ingress: str = "55 MB/s", **fields: Any) -> Workload:
    base: dict[str, Any] = {"retention": "1 h", "partitions": 30, "profile": TEN_TO_ONE}
    return Workload(ingress=ingress, **{**base, **fields})


def bill_for(deployment: Deployment, load: Workload) -> Bill:
    return bill_of(deployment, load, BOOK)


def cost(deployment: Deployment, load: Workload, component: str = "compute") -> float:
    made = bill_for(deployment, load)
    assert not made.infeasible
    return sum(float(line.cost or 0) for line in made.lines if line.component == component)


def hours(ecku: float) -> Any:
    """Return the cost of a number of Basic's eCKUs in every hour of a month."""
    return pytest.approx(ecku * 730 * 0.10, rel=1e-12)


# --- elastic kinds, by hand ---


def test_eckus_follow_traffic_and_the_first_is_free_in_every_hour() -> None:
    basic = ConfluentBasic(region="us-east-1")
    # of 5 MB/s each: 20 in busy hours, 2 in quiet ones; (19 + 1) / 2 are paid for
    made = bill_for(basic, load_of())
    assert cost(basic, load_of()) == hours(10)
    assert made.sizing.count == 20
    assert made.sizing.mean == pytest.approx((20 + 2) / 2)
    # in quiet hours of 2.5 MB/s the free one is enough: (4 + 0) / 2
    assert cost(basic, load_of("13.75 MB/s")) == hours(2)  # 25 MB/s and 2.5 MB/s


def test_one_busy_hour_of_a_day_counts_once() -> None:
    # 10 and 23 x 1 have a mean of 33 / 24 = 1.375: 100 MB/s and 10 MB/s at 13.75
    load = load_of("13.75 MB/s", profile=TrafficProfile(hours=[1] * 8 + [10] + [1] * 15))
    assert cost(ConfluentBasic(region="us-east-1"), load) == hours((19 + 23 * 1) / 24)


def test_fixed_capacity_at_the_peak_costs_more_by_what_it_leaves_idle() -> None:
    basic = ConfluentBasic(region="us-east-1")
    # without a profile, 20 eCKUs of the peak all month: 19 are paid for
    steady = load_of(profile=None, peak_to_average=100 / 55)
    assert cost(basic, steady) == hours(19)
    # and of the average 11, 10 of them paid for: here the same as hour by hour
    average = ConfluentBasic(region="us-east-1", units_from="average")
    assert cost(average, steady) == hours(10)


def test_a_peak_within_the_hour_is_in_every_hour_unless_units_follow_averages() -> None:
    load = load_of(peak_to_average=200 / 55)  # twice the busiest hour: 200 MB/s, and 20 MB/s
    assert cost(ConfluentBasic(region="us-east-1"), load) == hours((39 + 3) / 2)
    average = ConfluentBasic(region="us-east-1", units_from="average")
    assert cost(average, load) == hours((19 + 1) / 2)


@pytest.mark.parametrize(
    ("partitions", "paid"),
    [
        (60, (19 + 1) / 2),  # 2 eCKUs of 30 partitions: no more than the quiet hours have
        (61, (19 + 2) / 2),  # 3 in quiet hours
        (630, (20 + 20) / 2),  # 21 at all times
    ],
)
def test_what_does_not_follow_traffic_holds_in_every_hour(partitions: int, paid: float) -> None:
    assert cost(ConfluentBasic(region="us-east-1"), load_of(partitions=partitions)) == hours(paid)


def test_the_minimum_holds_in_every_hour() -> None:
    # of 60 MB/s each: 10 in hours of 600 MB/s, 1 in those of 60 MB/s, but for 99.99 % at least 2
    load = load_of("330 MB/s", fanout=0)
    one = ConfluentEnterprise(region="us-east-1")
    two = ConfluentEnterprise(region="us-east-1", sla="99.99%")
    assert cost(one, load) == pytest.approx(730 * 2 * (10 + 1) / 2)
    assert cost(two, load) == pytest.approx(730 * 2 * (10 + 2) / 2)


def test_provisioned_units_do_not_follow_traffic() -> None:
    # of 60 MB/s each: 10 CKUs for 600 MB/s all month
    load = load_of("330 MB/s", fanout=0)
    assert cost(ConfluentDedicated(region="us-east-1"), load) == pytest.approx(730 * 3 * 10)


@pytest.mark.parametrize(("units", "feasible"), [(19, False), (20, True), (21, True)])
def test_a_fixed_number_of_units_must_sustain_the_busiest_hour(units: int, feasible: bool) -> None:
    basic = ConfluentBasic(region="us-east-1", units=units)  # the busiest hour needs 20
    made = bill_for(basic, load_of())
    reason = f"eCKUs: {units} cannot sustain the average of the busiest hour"
    assert made.infeasible == (() if feasible else (reason,))
    if feasible:
        assert cost(basic, load_of()) == hours(units - 1)


@pytest.mark.parametrize(("ingress", "feasible"), [("137.4 MB/s", True), ("137.6 MB/s", False)])
def test_limits_are_those_of_the_peak(ingress: str, feasible: bool) -> None:
    # 137.5 x 100 / 55 = 250 MB/s, the most of a Basic cluster
    made = bill_for(ConfluentBasic(region="us-east-1"), load_of(ingress, fanout=0))
    assert any("ingress at peak" in reason for reason in made.infeasible) is not feasible


def test_auto_inflate_never_deflates_unless_the_user_does() -> None:
    # 20 and 2 MB/s, of records of 100 KiB: 20 and 2 TUs of 1 MB/s
    load = load_of("11 MB/s", retention="1 day", message_size="100 KiB")
    never = EventHubsStandard(region="eastus")
    hourly = EventHubsStandard(region="eastus", rescaled="hourly")
    assert cost(never, load) == pytest.approx(20 * 730 * 0.03)
    assert cost(hourly, load) == pytest.approx((20 + 2) / 2 * 730 * 0.03)
    assert bill_for(hourly, load).sizing.count == 20
    # a TU includes 84 GiB: 20 have more than the 885.1 GiB kept, 2 lack the rest, half of the time
    kept = 11e6 * 86400 / 2**30
    assert cost(never, load, "storage") == 0.0
    assert cost(hourly, load, "storage") == pytest.approx((kept - 2 * 84) / 2 * 0.02)


def test_processing_units_are_rescaled_to_sizes_on_sale() -> None:
    # of 5 MB/s each: 25 MB/s needs 5, of which 6 are sold; 2.5 MB/s needs 1
    load = load_of("13.75 MB/s", message_size="100 KiB")
    hourly = EventHubsPremium(region="eastus", rescaled="hourly")
    assert cost(EventHubsPremium(region="eastus"), load) == pytest.approx(6 * 730)
    assert cost(hourly, load) == pytest.approx((6 + 1) / 2 * 730)


def test_a_fixed_number_is_not_rescaled() -> None:
    with pytest.raises(InputError, match=r"rescaled: got 'hourly'; expected 'never', since units"):
        EventHubsStandard(region="eastus", units=4, rescaled="hourly")
    with pytest.raises(InputError, match="rescaled"):
        EventHubsDedicated(region="eastus", rescaled="hourly")  # type: ignore[arg-type]  # on purpose


def test_serverless_bills_bytes_and_limits_the_peak() -> None:
    serverless = MskServerless(region="us-east-1")
    flat, day = load_of(profile=FLAT, partitions=200), load_of(partitions=200)
    assert bill_for(serverless, day).total == bill_for(serverless, flat).total
    # 200 MB/s in at most: 110 x 100 / 55 = 200
    assert not bill_for(serverless, load_of("110 MB/s", partitions=200)).infeasible
    above = bill_for(serverless, load_of("110.1 MB/s", partitions=200))
    assert any("ingress at peak" in reason for reason in above.infeasible)


@pytest.mark.parametrize(
    ("deployment", "below"),
    [
        # an Express broker of this size sustains 15.6 MB/s in: 100 MB/s needs 6.4 of them
        (MskExpress(region="us-east-1", instance="express.m7g.large", brokers=9), False),
        (MskExpress(region="us-east-1", instance="express.m7g.large", brokers=6), True),
        # writes of 3 x 100 MB/s over disks of 125 MiB/s each: 2.3 brokers, of which RF needs 3
        (SelfHosted(region="us-east-1", instance="m5.4xlarge", brokers=3), False),
        # a large one writes 650 Mbit/s, 77 MiB/s: enough for 52 MiB/s each, not for 95
        (SelfHosted(region="us-east-1", instance="m5.large", brokers=3), True),
        # a vCPU of Google's writes 20 MB/s: 100 x (3 + 3 / 4) / 20 = 18.75
        (GoogleManagedKafka(region="us-central1", vcpu=19), False),
        (GoogleManagedKafka(region="us-central1", vcpu=18), True),
    ],
)
def test_fixed_brokers_must_sustain_the_busiest_hour(deployment: Deployment, below: bool) -> None:
    made = bill_for(deployment, load_of(fanout=1, partitions=200))
    short = [reason for reason in made.infeasible if "cannot sustain" in reason]
    assert bool(short) is below
    assert all("the average of the busiest hour" in reason for reason in short)


# --- laws of every kind ---


def _each_kind() -> list[Deployment]:
    """Return each kind where it has prices, each with one type of node."""
    chosen: list[Deployment] = []
    for kind, model in KINDS.items():
        for i, example in enumerate(model.examples):
            fields = dict(example)
            cloud = str(fields.get("cloud", model.runs_on))
            region = {"on-prem": "kr"}.get(cloud) or REGIONS.get(cloud, "us-east-1")
            fields.pop("kind", None)
            chosen.append(model(name=f"{kind}-{i}", region=region, **fields))
    return chosen


ALL = (
    *_each_kind(),
    EventHubsStandard(name="hourly", region="eastus", rescaled="hourly"),
    EventHubsPremium(name="hourly-premium", region="eastus", rescaled="hourly"),
    ConfluentStandard(name="averages", region="us-east-1", units_from="average"),
    ConfluentFreight(name="two", region="us-east-1", clusters=2),
    MskStandard(name="several", region="us-east-1", clusters="as-needed"),
)


def _is_elastic(deployment: Deployment) -> bool:
    """Return whether some quantity follows the hours."""
    return getattr(deployment, "elastic", False) or (
        getattr(deployment, "rescaled", "never") == "hourly"
    )


ELASTIC = [one for one in ALL if _is_elastic(one)]
FIXED = [one for one in ALL if not _is_elastic(one)]
EACH = pytest.mark.parametrize("deployment", ALL, ids=lambda one: one.label)
days = st.lists(st.sampled_from([0.0, 0.1, 1.0, 2.5, 10.0]), min_size=24, max_size=24).filter(any)
rates = st.floats(0.01, 30).map(lambda rate: f"{rate!r} MB/s")
few = settings(max_examples=8)


def quantities(deployment: Deployment, load: Workload) -> Any:
    made = bill_for(deployment, load)
    return made.infeasible, [(line.sku, float(line.quantity)) for line in made.lines]


@EACH
@few
@given(ingress=rates, peak=st.floats(1, 5))
def test_a_flat_profile_is_as_without_one(
    deployment: Deployment, ingress: str, peak: float
) -> None:
    without = Workload(ingress=ingress, peak_to_average=peak)
    flat = without.replace(profile=FLAT)
    equal = without.replace(profile=TrafficProfile(hours=[0.1] * 24))
    assert quantities(deployment, flat) == quantities(deployment, without)
    assert quantities(deployment, equal) == quantities(deployment, without)


@EACH
@few
@given(ingress=rates, day=days, random=st.randoms(use_true_random=False))
def test_order_and_repetition_of_hours_change_nothing(
    deployment: Deployment, ingress: str, day: list[float], random: Any
) -> None:
    load = Workload(ingress=ingress, profile=TrafficProfile(hours=day))
    other = load.replace(profile=TrafficProfile(hours=random.sample(day, 24)))
    week = load.replace(profile=TrafficProfile(hours=day * 7))
    assert quantities(deployment, other) == quantities(deployment, load)
    assert quantities(deployment, week) == quantities(deployment, load)


@pytest.mark.parametrize("deployment", FIXED, ids=lambda one: one.label)
@few
@given(ingress=rates, day=days)
def test_fixed_capacity_is_that_of_the_peak(
    deployment: Deployment, ingress: str, day: list[float]
) -> None:
    load = Workload(ingress=ingress, profile=TrafficProfile(hours=day))
    peak = load.replace(profile=None, peak_to_average=float(load.operands().peak_to_average))
    assert quantities(deployment, load) == quantities(deployment, peak)


@pytest.mark.parametrize("deployment", FIXED, ids=lambda one: one.label)
@few
@given(ingress=rates, day=days, evened=st.floats(0, 1))
def test_a_more_even_day_never_costs_more(
    deployment: Deployment, ingress: str, day: list[float], evened: float
) -> None:
    mean = sum(day) / 24
    flatter = [hour + evened * (mean - hour) for hour in day]  # majorised by the day
    load = Workload(ingress=ingress, profile=TrafficProfile(hours=day))
    even = load.replace(profile=TrafficProfile(hours=flatter))
    peaked, less = bill_for(deployment, load), bill_for(deployment, even)
    if peaked.total is not None and not peaked.is_floor:
        assert less.total is not None
        assert less.total <= peaked.total * (1 + 1e-12)


@pytest.mark.parametrize("deployment", ELASTIC, ids=lambda one: one.label)
@few
@given(ingress=rates, day=days)
def test_elastic_units_are_between_what_the_mean_requires_and_the_peak(
    deployment: Deployment, ingress: str, day: list[float]
) -> None:
    """Their mean is below that of whole units for the mean by less than one unit of a cluster."""
    if isinstance(deployment, EventHubsPremium):
        return  # is sold in sizes: see the test of these
    load = Workload(ingress=ingress, profile=TrafficProfile(hours=day))
    made = bill_for(deployment, load)
    constant = load.replace(profile=FLAT, peak_to_average=1)
    clusters, count = made.sizing.clusters, made.sizing.count
    mean = count if made.sizing.mean is None else made.sizing.mean
    needed = bill_for(deployment, constant).sizing
    assert mean <= count * (1 + 1e-12)
    # every hour has at least what it requires, unrounded
    assert mean >= max(map(float, needed.requirements.values())) * clusters * (1 - 1e-12)
    assert mean > needed.count - clusters


def test_the_mean_is_of_all_clusters() -> None:
    # of 5 MB/s each, on two clusters: 10 each for 50 MB/s, and 1 each for 5 MB/s
    basic = ConfluentBasic(region="us-east-1", clusters=2)
    sizing = bill_for(basic, load_of()).sizing.describe()
    assert (sizing["eckus"], sizing["mean_eckus"]) == (20, pytest.approx(2 * (10 + 1) / 2))
    assert cost(basic, load_of()) == hours(2 * (9 + 0) / 2)


def test_whole_units_for_the_mean_are_no_lower_bound() -> None:
    """Of 5 MB/s each: 9.5 MB/s for half of the time needs 2, 0.5 MB/s 1; their mean, 5, needs 1.

    With a mean of 5.25, though, whole units for the mean are 2, and 1.5 hour by hour.
    """
    basic = ConfluentBasic(region="us-east-1")
    day = TrafficProfile(hours=[19] * 12 + [1] * 12)
    hour_by_hour = bill_for(basic, load_of("5.25 MB/s", profile=day)).sizing
    all_average = bill_for(basic, load_of("5.25 MB/s", profile=FLAT)).sizing
    assert hour_by_hour.mean == pytest.approx((2 + 1) / 2)
    assert all_average.count == 2


@EACH
@few
@given(day=days, x=st.floats(0.01, 30))
def test_the_curve_equals_the_formula(deployment: Deployment, day: list[float], x: float) -> None:
    load = operands_of(Workload(ingress="1 MB/s", profile=TrafficProfile(hours=day)), BOOK)
    swept = costs_of(deployment, load.replace(ingress_mib_s=Curve.identity(0.005, 31.0)), BOOK)
    at_x = costs_of(deployment, load.replace(ingress_mib_s=x), BOOK)
    total = swept.total
    if np.any(at_x.infeasible):
        assert swept.infeasible(x) if isinstance(swept.infeasible, Curve) else swept.infeasible
    else:
        assert float(total(x)) == pytest.approx(float(at_x.total), rel=1e-9)


# --- answers ---


def test_the_axis_of_the_peak_begins_at_the_busiest_hour() -> None:
    basic = ConfluentBasic(region="us-east-1")
    comparison = Comparison.of("test", load_of(), [basic], BOOK)
    assert find_axis("peak_to_average", comparison).least == pytest.approx(100 / 55)
    flat = Comparison.of("test", load_of(profile=None), [basic], BOOK)
    assert find_axis("peak_to_average", flat).least == 1.0


def test_every_month_of_a_projection_has_the_profile() -> None:
    basic = ConfluentBasic(region="us-east-1")
    monthly = project(load_of(), [basic], BOOK).to_pandas()
    [made] = bill(load_of(), [basic], BOOK)
    assert monthly["cost"].to_numpy() == pytest.approx(made.total)


SCENARIO = """
[workload]
ingress = "55 MB/s"
retention = "1 h"
[workload.profile]
{profile}
[prices]
as_of = 2025-10-31
[[deployment]]
kind = "confluent-basic"
region = "us-east-1"
"""


def test_a_scenario_has_a_profile(tmp_path: Any) -> None:
    file = tmp_path / "ours.toml"
    hours = ", ".join(map(str, [1] * 12 + [10] * 12))
    file.write_text(SCENARIO.format(profile=f"hours = [{hours}]"))
    [made] = Scenario.load(file).bills()
    assert made.sizing.mean == pytest.approx(11)
    [data] = Scenario.load(file).bills().to_dict()["deployments"]
    assert data["peak_hour"] == {
        "hour": 12,
        "of": 24,
        "over_mean": pytest.approx(100 / 55),
        "within": 1.0,
    }
    text = made.to_markdown()
    assert "traffic is highest at 12:00: 1.82 times its mean" in text
    assert "no peak within the hour is stated" in text


def test_a_week_names_its_day_and_a_scenario_without_profile_has_no_peak_hour(
    tmp_path: Any,
) -> None:
    file = tmp_path / "ours.toml"
    file.write_text(SCENARIO.format(profile='shape = "office-hours"'))
    [made] = Scenario.load(file).bills()
    assert "traffic is highest at Monday 09:00: 2.93 times its mean" in made.to_markdown()
    file.write_text(SCENARIO.format(profile='shape = "flat"'))
    [flat] = Scenario.load(file).bills()
    assert flat.peak_hour is None
    assert "traffic is highest" not in flat.to_markdown()


def test_a_wrong_profile_of_a_file_is_named_with_its_path(tmp_path: Any) -> None:
    file = tmp_path / "ours.toml"
    file.write_text(SCENARIO.format(profile="hours = [1, -2]"))
    with pytest.raises(InputError) as caught:
        Scenario.load(file)
    text = str(caught.value)
    assert "workload.profile.hours: got 2 values" in text
    assert "workload.profile.hours.1: got -2" in text
