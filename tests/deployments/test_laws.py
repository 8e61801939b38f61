"""Laws that every deployment obeys for any workload."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kafkatco import (
    Aiven,
    Assumptions,
    Catalogue,
    ConfluentBasic,
    ConfluentFreight,
    ConfluentStandard,
    Curve,
    GoogleManagedKafka,
    Instaclustr,
    Labour,
    MskExpress,
    MskStandard,
    PriceBook,
    SelfHosted,
    Workload,
)
from kafkatco.costing.bill import bill_of
from kafkatco.costing.costs import costs_of
from kafkatco.deployments import KINDS, Deployment
from kafkatco.deployments.confluent_cluster import ConnectorClasses
from kafkatco.prices.assumptions import SETS

#: Prices that nobody publishes: any will do here.
QUOTES = {
    "confluent.dedicated.cku": "3 USD/hour",
    "confluent.dedicated.ingress": "0.05 USD/GiB",
    "confluent.dedicated.egress": "0.04 USD/GiB",
    "confluent.dedicated.storage": "0.08 USD/GiB/month",
    "confluent.standard.legacy.cluster": "1095 USD/month",
    "confluent.standard.legacy.partition": "0.0015 USD/hour",
    "confluent.standard.legacy.ingress": "0.13 USD/GiB",
    "confluent.standard.legacy.egress": "0.06 USD/GiB",
    "confluent.standard.legacy.storage": "0.1 USD/GiB/month",
    "confluent.connect.premium-task": "0.8 USD/hour",
    "onprem.site-link": "3000 USD/month",
}
BOOK = PriceBook("list", as_of="2026-10-31", currency="KRW", overrides=QUOTES)
CATALOGUE = Catalogue(as_of=BOOK.as_of)
LABOUR = Labour(fte=1.5, monthly="5000000 KRW", setup="4 weeks")
#: Where each provider has most prices.
REGIONS = ("us-east-1", "eastus", "us-central1", "kr")


def _of_every_kind() -> list[Deployment]:
    """Return each kind with its defaults, once for each set of prices."""
    deployments = []
    for kind, model in KINDS.items():
        for example in model.examples:
            at = [*example.values(), ""][0] if len(model.examples) > 1 else ""
            name = f"{kind} {at}".strip()
            prefix = model(region="any", **example).sku_prefix
            priced = {*BOOK.regions(prefix)} - {"any"} or {"us-east-1"}
            region = next(region for region in REGIONS if region in priced)
            deployments.append(model(name=name, region=region, **example))
    return deployments


ALL: tuple[Deployment, ...] = (
    *_of_every_kind(),
    SelfHosted(name="sized", region="ap-northeast-2", instance="m5.large", labour=LABOUR),
    SelfHosted(
        name="with all",
        region="us-east-1",
        instance="m7g.xlarge",
        controllers=3,
        kubernetes=True,
        access="load-balancer",
        backups="30 days",
        monitoring="managed",
        support="business",
        commitment="1-year",
        labour=Labour(),
    ),
    SelfHosted(
        name="linked",
        cloud="gcp",
        region="us-central1",
        instance="n2-standard-8",
        volume="pd-ssd",
        monitoring="self-hosted",
        labour=Labour(),
    ),
    MskStandard(name="msk", region="ap-northeast-2", instance="kafka.m7g.large", discount=0.1),
    MskStandard(
        name="msk-private",
        region="us-east-1",
        instance="kafka.m5.4xlarge",
        storage_throughput="400 MiB/s",
        private_connectivity=1,
        monitoring="managed",
    ),
    MskStandard(
        name="msk-list", region="us-east-1", instance=["kafka.m7g.?xlarge", "kafka.m5.large"]
    ),
    SelfHosted(name="wildcard", region="us-east-1", instance="m7g.?xlarge", labour=LABOUR),
    MskExpress(name="express", region="us-east-1", instance="express.m7g.large"),
    ConfluentBasic(
        name="public", region="us-east-1", access="public-ip", public_addresses=12, clusters=2
    ),
    ConfluentStandard(name="legacy", region="us-east-1", billing="legacy", clusters=2),
    ConfluentStandard(
        name="premium", region="us-east-1", connector_classes=ConnectorClasses(premium=1)
    ),
    SelfHosted(name="sites", cloud="on-prem", region="kr", sites=3, hands="4 hours"),
    ConfluentFreight(name="endpoints", region="us-east-1", access="private-link", clusters=2),
    MskExpress(
        name="express-services",
        region="us-east-1",
        instance="express.m7g.large",
        connect_mcus=3,
        broker_logs="50 GiB/month",
        replica_region="us-east-2",
    ),
    MskExpress(name="express-cheapest", region="ap-northeast-2", labour=LABOUR),
    ConfluentBasic(name="average", region="us-east-1", units_from="average", support="business"),
    GoogleManagedKafka(name="many", region="us-central1", clusters="as-needed", labour=Labour()),
)
EACH = pytest.mark.parametrize("deployment", ALL, ids=lambda d: d.label)
#: The same for laws of many workloads, where a choice among all instances takes up to a minute.
EACH_OFTEN = pytest.mark.parametrize(
    "deployment",
    [
        pytest.param(
            one,
            id=one.label,
            marks=[pytest.mark.slow] if getattr(one, "instance", "") == "cheapest" else [],
        )
        for one in ALL
    ],
)
workloads = st.builds(
    lambda **fields: Workload(**fields),
    ingress=st.floats(0.001, 200).map(lambda v: f"{v!r} MiB/s"),
    fanout=st.floats(0, 12),
    peak_to_average=st.floats(1, 4),
    retention=st.floats(0.5, 400).map(lambda v: f"{v!r} h"),
    replication_factor=st.integers(1, 4),
    zones=st.integers(1, 3),
    partitions=st.integers(1, 2000),
    follower_fetch=st.floats(0, 1),
    producer_affinity=st.floats(0, 1),
    internet_egress=st.sampled_from([0.0, 0.1, 1.0]),
    connector_tasks=st.sampled_from([0, 1, 7]),
    schema_registry=st.booleans(),
    stream_processing_units=st.sampled_from([0, 3]),
    connections=st.sampled_from([0, 900]),
    requests=st.sampled_from([0.0, 700.0]),
    topics=st.sampled_from([0, 12, 300]),
)


def test_every_kind_is_tested() -> None:
    assert {type(deployment) for deployment in ALL} == set(KINDS.values())


@EACH_OFTEN
@given(load=workloads)
def test_cost_is_never_negative_and_lines_sum_to_the_total(
    deployment: Deployment, load: Workload
) -> None:
    bill = bill_of(deployment, load.operands(), BOOK, CATALOGUE)
    if bill.total is None:
        assert bill.infeasible
        return
    assert bill.total >= 0
    assert bill.total == pytest.approx(sum(line.cost for line in bill.lines), rel=1e-12)
    for line in bill.lines:
        assert line.unit_price is not None
        assert line.cost == pytest.approx(line.quantity * line.unit_price, rel=1e-12)
    assert deployment.labour is None or bill.one_off_total > 0


@EACH_OFTEN
@given(
    load=workloads,
    field=st.sampled_from(
        ["ingress_mib_s", "retention_h", "fanout", "partitions", "connections", "topics"]
    ),
    factor=st.integers(1, 3),
)
def test_more_never_costs_less(
    deployment: Deployment, load: Workload, field: str, factor: float
) -> None:
    less = load.operands()
    more = less.replace(**{field: getattr(less, field) * factor})
    a, b = (costs_of(deployment, x, BOOK, CATALOGUE) for x in (less, more))
    if not a.infeasible and not b.infeasible:
        assert float(b.total) >= float(a.total) * (1 - 1e-9)
    # a deployment that is infeasible for less is infeasible for more, unless its limits are those
    # of a partition or a topic, which have less where there are more of them
    assert not a.infeasible or b.infeasible or field in ("partitions", "topics")


#: Far more of each dimension than any service can handle, and how reasons name it.
#: A fixed number of units is refused because of the average of the traffic.
ABSURD: dict[str, tuple[dict[str, Any], tuple[str, ...]]] = {
    "ingress": ({"ingress": "1000000 MB/s"}, ("ingress", "throughput", "average")),
    "fanout": ({"fanout": 1e6}, ("egress", "throughput", "average")),
    "partitions": ({"partitions": 10_000_000}, ("partitions",)),
    "topics": ({"topics": 10_000_000}, ("topics", "partitions")),
    "connections": ({"connections": 10**9}, ("connections",)),
    "requests": ({"requests": 1e9}, ("requests",)),
}
LIMITED: tuple[Deployment, ...] = (
    *ALL,
    *(
        Aiven(name=f"aiven {plan}", region="us-east-1", plan=plan)
        for plan in ("free", "developer", "startup-2", "business-4", "premium-6x-8", "usage")
    ),
    GoogleManagedKafka(name="six", region="us-central1", vcpu=6),
    Instaclustr(name="unknown node", region="us-east-1", quote="450 USD/month"),
)


@pytest.mark.parametrize(
    ("deployment", "dimension"),
    [
        pytest.param(deployment, dimension, id=f"{deployment.label}-{dimension}")
        for deployment in LIMITED
        for dimension in ABSURD
    ],
)
def test_each_dimension_needs_units_or_has_a_limit_or_is_unchecked(
    deployment: Deployment, dimension: str
) -> None:
    fields, names = ABSURD[dimension]
    modest = {"ingress": "1 MB/s", "retention": "1 h"}
    few, many = (
        deployment.choices(Workload(**x).operands(), CATALOGUE) for x in (modest, modest | fields)
    )
    for before, after in zip(few, many, strict=True):
        limits = [x.reason for x in (*after.limits, *after.unchecked) if np.all(x.exceeded)]
        named = [reason for reason in limits if any(name in reason for name in names)]
        unknown = [reason for reason in limits if "unknown machine type" in reason]
        assert after.sizing.count > before.sizing.count or named or unknown


#: MSK's rules differ by set: the catalogues of all, and brokers with and without bought throughput.
IN_EACH_SET = {name: Catalogue(as_of=BOOK.as_of, assumptions=name) for name in SETS}
BROKERS = (
    MskStandard(name="volumes", region="us-east-1", instance="kafka.m7g.4xlarge"),
    MskStandard(name="small", region="us-east-1", instance="kafka.t3.small"),
    MskExpress(name="express", region="us-east-1", instance="express.m7g.large"),
)


@pytest.mark.parametrize("name", SETS)
@pytest.mark.parametrize("deployment", BROKERS, ids=lambda d: d.label)
@given(
    load=workloads,
    field=st.sampled_from(["ingress_mib_s", "retention_h", "fanout", "connections"]),
    factor=st.floats(1, 3),
)
def test_more_never_costs_less_on_msk_in_any_set(
    deployment: Deployment, name: str, load: Workload, field: str, factor: float
) -> None:
    catalogue = IN_EACH_SET[name]
    less = load.operands()
    more = less.replace(**{field: getattr(less, field) * factor})
    a, b = (costs_of(deployment, x, BOOK, catalogue) for x in (less, more))
    if not a.infeasible and not b.infeasible:
        assert float(b.total) >= float(a.total) * (1 - 1e-9)
    assert not a.infeasible or b.infeasible


@pytest.mark.parametrize("deployment", BROKERS, ids=lambda d: d.label)
@given(load=workloads)
def test_production_has_no_fewer_msk_brokers_than_the_textbook(
    deployment: Deployment, load: Workload
) -> None:
    counts = {}
    for name in ("production", "bare"):
        [one] = deployment.choices(load.operands(), IN_EACH_SET[name])
        counts[name] = float(one.sizing.count)
    assert counts["production"] >= counts["bare"]


@EACH_OFTEN
@given(loads=st.lists(workloads, min_size=1, max_size=4))
def test_scalar_is_array(deployment: Deployment, loads: list[Workload]) -> None:
    records = [load.operands() for load in loads]
    stacked = records[0].replace(
        **{
            f: np.array([getattr(r, f) for r in records])
            for f in records[0].__slots__
            if f != "profile"  # the same for all
        }
    )
    array = costs_of(deployment, stacked, BOOK, CATALOGUE)
    for i, record in enumerate(records):
        single = costs_of(deployment, record, BOOK, CATALOGUE)
        blocked = bool(np.broadcast_to(array.infeasible, (len(loads),))[i])
        assert blocked == bool(single.infeasible)
        if not blocked:
            value = np.broadcast_to(array.total, (len(loads),))[i]
            assert value == pytest.approx(float(single.total), rel=1e-12)
            again = bill_of(deployment, record, BOOK, CATALOGUE).total
            assert again == pytest.approx(float(single.total), rel=1e-12)


SWEPT: dict[str, tuple[float, float]] = {
    "ingress_mib_s": (0.01, 300.0),
    "fanout": (0.0, 20.0),
    "retention_h": (0.5, 800.0),
    "partitions": (1.0, 3000.0),
    "connections": (0.0, 50_000.0),
    "topics": (0.0, 2000.0),
    "follower_fetch": (0.0, 1.0),
    "internet_egress": (0.0, 1.0),
}


@EACH_OFTEN
@given(
    load=workloads,
    field=st.sampled_from(sorted(SWEPT)),
    at=st.lists(st.floats(0, 1), min_size=4, max_size=4),
)
def test_curve_is_formula(
    deployment: Deployment, load: Workload, field: str, at: list[float]
) -> None:
    low, high = SWEPT[field]
    record = load.operands()
    x = Curve.identity(low, high)
    cost = costs_of(deployment, record.replace(**{field: x}), BOOK, CATALOGUE)
    points = low + np.array(at) * (high - low)
    direct = costs_of(deployment, record.replace(**{field: points}), BOOK, CATALOGUE)

    def values(operand: Any) -> Any:
        curve = operand(points) if isinstance(operand, Curve) else operand
        return np.broadcast_to(curve, points.shape).astype(float)

    total, blocked = values(cost.total), values(cost.infeasible)
    edges = np.concatenate(
        [curve.edges for curve in (cost.total, cost.infeasible) if isinstance(curve, Curve)]
        or [np.array([])]
    )
    off_edge = np.all(np.abs(points[:, None] - edges) > 1e-9 * np.maximum(points, 1e-3)[:, None], 1)
    able = off_edge & (blocked == 0)
    np.testing.assert_array_equal(blocked[off_edge], values(direct.infeasible)[off_edge])
    np.testing.assert_allclose(total[able], values(direct.total)[able], rtol=1e-12)


@EACH_OFTEN
@given(load=workloads)
def test_lines_of_a_component_are_its_cost(deployment: Deployment, load: Workload) -> None:
    bill = bill_of(deployment, load.operands(), BOOK, CATALOGUE)
    if bill.total is None:
        return
    parts = costs_of(deployment, load.operands(), BOOK, CATALOGUE).components
    for name, value in parts.items():
        lines = sum(line.cost for line in bill.lines if line.component == name)
        assert float(value) == pytest.approx(lines, rel=1e-12, abs=1e-9)


@EACH
def test_capital_is_of_purchased_servers_alone(deployment: Deployment) -> None:
    load = Workload(ingress="20 MiB/s", partitions=60, connector_tasks=3).operands()
    free, usual, double = (
        bill_of(
            deployment, load, BOOK.at(assumptions=Assumptions(values={"cost_of_capital": rate}))
        ).total
        or 0.0
        for rate in (0.0, 0.08, 0.16)
    )
    if deployment.home.name == "on-prem":
        assert free < usual < double
        assert double - usual == pytest.approx(usual - free)
    else:
        assert free == usual == double


@EACH
def test_units_rescale_away(deployment: Deployment) -> None:
    a = Workload(ingress="3.6 GB/h", retention="2 days")
    b = Workload(ingress="1 MB/s", retention="48 h")
    totals = [bill_of(deployment, w.operands(), BOOK, CATALOGUE).total for w in (a, b)]
    assert totals[0] == pytest.approx(totals[1], rel=1e-12)


@EACH
def test_without_traffic_only_the_idle_cluster_is_billed(deployment: Deployment) -> None:
    bill = bill_of(deployment, Workload(ingress="0 MB/s").operands(), BOOK, CATALOGUE)
    assert bill.total is not None
    bytes_moved = [line for line in bill.lines if line.component in ("network", "throughput")]
    assert not any(line.unit in ("GiB", "GB") for line in bytes_moved)


@EACH
@pytest.mark.parametrize("ingress", ["0.1 MB/s", "20 MB/s", "150 MB/s"])
def test_the_bottleneck_is_closest_to_its_limit(deployment: Deployment, ingress: str) -> None:
    bill = bill_of(
        deployment, Workload(ingress=ingress, partitions=300).operands(), BOOK, CATALOGUE
    )
    sizing = bill.sizing
    sized = [*sizing.requirements] if sizing.plans else []
    assert [row.dimension for row in bill.utilisation] == sized
    assert set(sizing.plans) == set(sized) - {"minimum"}
    most = max((row.of_limit for row in bill.utilisation), default=0.0)
    assert most <= 1.0 + 1e-9  # a requirement that exceeds a whole number by rounding takes no unit
    for row in bill.utilisation:
        assert not row.bottleneck or row.of_limit == most
        if row.peak is None or row.average is None:
            assert row.dimension == "minimum"
            continue
        assert row.average <= row.peak
        if sizing.plans[row.dimension].at != "average":
            assert row.peak <= row.of_limit * (1.0 + 1e-9)
        assert row.zone_lost is None or row.zone_lost >= row.peak
