"""CloudWatch metrics of MSK by level.

A custom metric costs 0.30 USD a month up to 10,000, then 0.10 up to 250,000, 0.05 up to a million,
and 0.02 (https://aws.amazon.com/cloudwatch/pricing/).  How many there are is counted in
https://docs.aws.amazon.com/msk/latest/developerguide/metrics-details.html and its page of Express
brokers: for each broker, for each topic on a broker, for each partition of a consumer group.
"""

from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kafkatco import Catalogue, Curve, InputError, MskExpress, MskStandard, PriceBook, Workload
from kafkatco.costing.bill import bill_of
from kafkatco.costing.costs import costs_of
from kafkatco.deployments.msk_cluster import MetricsLevel, MskProvisioned
from kafkatco.sizing.workload import Operands

AS_OF = "2026-10-31"
BOOK = PriceBook("list", as_of=AS_OF)
CATALOGUE = Catalogue(as_of=BOOK.as_of)
LEVELS = get_args(MetricsLevel)
STANDARD = MskStandard(
    region="us-east-1", instance="kafka.m7g.large", brokers=3, monitoring="managed"
)
EXPRESS = MskExpress(
    region="us-east-1", instance="express.m7g.large", brokers=3, monitoring="managed"
)


def load_of(**fields: Any) -> Operands:
    base = {
        "ingress": "1 MB/s",
        "peak_to_average": 1,
        "retention": "1 h",
        "fanout": 2,
        "partitions": 100,
        "topics": 10,
    }
    return Workload(**{**base, **fields}).operands()


def metrics_of(deployment: MskProvisioned, load: Operands) -> tuple[float, float]:
    """Return the number of metrics, and their cost."""
    lines = bill_of(deployment, load, BOOK, CATALOGUE).lines
    paid = [line for line in lines if line.component == "monitoring"]
    assert {line.sku for line in paid} <= {"aws.cloudwatch.metric"}
    return sum(line.quantity for line in paid), sum(line.cost for line in paid)


@pytest.mark.parametrize(
    ("deployment", "level", "count"),
    [
        (STANDARD, "default", 0),
        (STANDARD, None, 3 * 48),
        (STANDARD, "per-broker", 3 * 48),
        # ten topics on each of three brokers
        (STANDARD, "per-topic-per-broker", 3 * 48 + 3 * 10 * 3),
        # two consumer groups of a hundred partitions
        (STANDARD, "per-topic-per-partition", 3 * 48 + 3 * 10 * 3 + 2 * 100 * 3),
        (STANDARD.replace(tiered=True), "per-broker", 3 * (48 + 10)),
        (EXPRESS, "default", 0),
        (EXPRESS, "per-broker", 3 * 34),
        (EXPRESS, "per-topic-per-broker", 3 * 34 + 3 * 10 * 1),
        (EXPRESS, "per-topic-per-partition", 3 * 34 + 3 * 10 * 1 + 2 * 100 * 3),
    ],
)
def test_the_metrics_of_each_level(
    deployment: MskProvisioned, level: str | None, count: float
) -> None:
    own = deployment.replace(metrics_level=level)
    load = load_of(retention="4 days", local_retention="1 day")
    assert metrics_of(own, load) == pytest.approx((count, count * 0.30))


@pytest.mark.parametrize(
    ("topics", "pairs"),
    [
        (0, 100),  # unknown: each partition on a broker of its own
        (1, 3),
        (33, 99),
        (34, 100),  # no more than there are partitions
        (100, 100),
    ],
)
def test_a_topic_has_metrics_where_its_partitions_are_led(topics: int, pairs: int) -> None:
    own = STANDARD.replace(metrics_level="per-topic-per-broker")
    count, _cost = metrics_of(own, load_of(topics=topics))
    assert count == pytest.approx(3 * 48 + 3 * pairs)


def test_topics_of_two_clusters_are_on_the_brokers_of_theirs() -> None:
    own = STANDARD.replace(metrics_level="per-topic-per-broker", clusters=2)
    count, _cost = metrics_of(own, load_of())
    assert count == pytest.approx(6 * 48 + 3 * 10 * 3)


def test_partitions_of_a_large_cluster_are_tiered() -> None:
    own = STANDARD.replace(metrics_level="per-topic-per-partition", brokers=30)
    load = load_of(partitions=6_000, topics=100)
    count, cost = metrics_of(own, load)
    # 30 brokers; 100 topics on each; two groups of 6,000 partitions
    assert count == 30 * 48 + 3 * 100 * 30 + 3 * 2 * 6_000
    assert cost == pytest.approx(10_000 * 0.30 + (count - 10_000) * 0.10)


def test_a_level_needs_managed_monitoring() -> None:
    for monitoring in ("none", "self-hosted"):
        with pytest.raises(InputError) as caught:
            STANDARD.replace(monitoring=monitoring, metrics_level="per-broker")
        assert [problem.where for problem in caught.value.problems] == ["metrics_level"]


@given(
    brokers=st.integers(1, 10),
    partitions=st.integers(1, 500),
    topics=st.integers(0, 500),
    fanout=st.floats(0, 5),
    deployment=st.sampled_from([STANDARD, EXPRESS]),
)
def test_more_metrics_never_cost_less(
    brokers: int, partitions: int, topics: int, fanout: float, deployment: MskProvisioned
) -> None:
    own = deployment.replace(brokers=3 * brokers)
    load = load_of(partitions=partitions, topics=min(topics, partitions), fanout=fanout)
    costs = [metrics_of(own.replace(metrics_level=level), load)[1] for level in LEVELS]
    assert costs[0] == 0.0
    assert costs == sorted(costs)
    unknown = load.replace(topics=0.0)
    assert metrics_of(own.replace(metrics_level=LEVELS[2]), unknown)[1] >= costs[2] - 1e-9


@given(tb=st.floats(0.1, 390), level=st.sampled_from(LEVELS), topics=st.integers(0, 300))
def test_the_curve_of_metrics_is_their_formula(tb: float, level: MetricsLevel, topics: int) -> None:
    own = MskStandard(
        region="us-east-1", instance="kafka.m7g.2xlarge", monitoring="managed", metrics_level=level
    )
    load = load_of(ingress="1 TB/month", partitions=300, topics=topics)
    swept = load.replace(ingress_mib_s=Curve.identity(0.0, 400.0) * load.ingress_mib_s)
    at_one = load.replace(ingress_mib_s=tb * load.ingress_mib_s)
    curve, cost = (costs_of(own, x, BOOK, CATALOGUE).total for x in (swept, at_one))
    assert float(curve(tb)) == pytest.approx(float(cost), rel=1e-9)
