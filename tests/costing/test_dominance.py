"""Types that another type beats are never the cheapest: costs without them are the same."""

from typing import Any
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from kafkatco import (
    Catalogue,
    Curve,
    Labour,
    MissingPriceError,
    MskStandard,
    PriceBook,
    SelfHosted,
    Workload,
)
from kafkatco.costing.costs import Costs, costs_of
from kafkatco.costing.dominance import undominated
from kafkatco.prices.rows import CapacityRow
from kafkatco.sizing.clouds import CLOUDS
from kafkatco.sizing.workload import Operands

AS_OF = "2026-10-31"
LIST = PriceBook("list", as_of=AS_OF)
CATALOGUE = LIST.catalogue()
LOAD = Workload(ingress="10 MiB/s", fanout=3, retention="1 day").operands()
REGIONS = {"aws": "us-east-1", "azure": "eastus", "gcp": "us-central1"}
#: The volumes of each cloud, and groups of types small enough for many examples.
VOLUMES = {name: [None, *cloud.volumes] for name, cloud in CLOUDS.items()}
TYPES = {
    "aws": [
        "*.2xlarge",
        ["i3en.xlarge", "i3en.2xlarge", "i3.xlarge", "m*"],
        ["t3.large", "t3.xlarge", "m7g.*", "c6gn.*"],
        ["c6i.*", "m5.*", "r6i.*", "m6i.*"],
    ],
    "azure": ["cheapest", "D*", ["E*", "D2s_v5", "D4s_v5"]],
    "gcp": ["cheapest", "n2*", ["e2*", "c3*"]],
}


def _cheap() -> PriceBook:
    """Return a book whose nodes cost less or more than what their disk includes, 20 USD at AWS."""
    rng = np.random.default_rng(1)
    skus = [sku for cloud in REGIONS for sku in LIST.skus(CLOUDS[cloud].nodes) if "@" not in sku]
    prices = np.round(rng.choice([0.005, 0.02, 0.028, 0.05, 0.2], len(skus)), 4)
    overrides = {sku: f"{price} USD/hour" for sku, price in zip(skus, prices, strict=True)}
    overrides["aws.ec2.m5.large"] = "50 KRW/hour"
    return PriceBook("list", as_of=AS_OF, overrides=overrides)


BOOKS = {
    "list": LIST,
    "won": PriceBook("list", as_of=AS_OF, currency="KRW"),
    "cheap nodes": _cheap(),
}

loads = st.builds(
    lambda **fields: Workload(**fields).operands(),
    ingress=st.floats(0.001, 500).map(lambda v: f"{v!r} MiB/s"),
    fanout=st.floats(0, 12),
    peak_to_average=st.floats(1, 4),
    retention=st.floats(0.5, 2000).map(lambda v: f"{v!r} h"),
    local_retention=st.sampled_from(["1 h", "1 day"]),
    replication_factor=st.integers(1, 4),
    zones=st.integers(1, 3),
    partitions=st.integers(1, 20_000),
    connector_tasks=st.sampled_from([0, 7]),
    connections=st.sampled_from([0, 9000]),
)


@st.composite
def deployments(draw: Any) -> SelfHosted:
    cloud = draw(st.sampled_from(sorted(REGIONS)))
    brokers = draw(st.sampled_from([None, None, None, 3, 9]))
    volume = draw(st.sampled_from(VOLUMES[cloud]))
    return SelfHosted(
        cloud=cloud,
        region=REGIONS[cloud],
        instance="cheapest" if volume == "local" else draw(st.sampled_from(TYPES[cloud])),
        volume=volume,
        brokers=brokers,
        clusters=draw(st.sampled_from([1, 1, 3] if brokers is None else [1, "as-needed"])),
        commitment=draw(st.sampled_from(["none", "1-year", {"term": "3-year", "discount": 0.4}])),
        discount=draw(st.sampled_from([0.0, 0.0, 0.3, 0.9])),
        support=draw(st.sampled_from(["none", "business"])) if cloud == "aws" else "none",
        monitoring=draw(st.sampled_from(["none", "managed"])),
        failure_margin=draw(st.sampled_from(["zone", "none"])),
        controllers=draw(st.sampled_from([0, 3])),
        tiered=draw(st.booleans()),
        kubernetes=draw(st.booleans()),
        labour=draw(st.sampled_from([None, Labour(fte=1.0), Labour()])),
        disk_headroom=draw(st.floats(0, 0.8)),
        utilisation=draw(st.floats(0.1, 1)),
    )


def all_costs(deployment: SelfHosted, load: Operands, book: PriceBook) -> Costs:
    """Return the costs of :func:`costs_of` by pricing every type."""
    with patch("kafkatco.costing.candidates.undominated", lambda deployment, *_others: deployment):
        return costs_of(deployment, load, book, CATALOGUE)


def both(deployment: SelfHosted, load: Operands, book: PriceBook) -> tuple[Costs, Costs]:
    """Return the costs as they are, and those with every type; discard types without prices."""
    try:
        return costs_of(deployment, load, book, CATALOGUE), all_costs(deployment, load, book)
    except MissingPriceError:
        assume(False)
        raise


def assert_same(pruned: Costs, full: Costs, points: Any = None) -> None:
    """Compare costs where they are feasible: exactly, or at points of curves."""

    def values(x: Any) -> Any:
        return x(points) if isinstance(x, Curve) else np.asarray(x)

    def compare(mine: Any, its: Any) -> None:
        if points is None:
            np.testing.assert_array_equal(mine, its)
        else:  # the number of pieces may differ, and with it the rounding
            np.testing.assert_allclose(mine, its, rtol=1e-12)

    np.testing.assert_array_equal(values(pruned.infeasible), values(full.infeasible))
    feasible = ~np.asarray(values(full.infeasible), bool)
    assert pruned.components.keys() >= full.components.keys() or not np.any(feasible)
    for mine, its in (
        (pruned.total, full.total),
        (pruned.charges, full.charges),
        (pruned.one_off, full.one_off),
        *((cost, full.components.get(name, 0.0)) for name, cost in pruned.components.items()),
    ):
        mine, its, where = np.broadcast_arrays(values(mine), values(its), feasible)
        compare(mine[where], its[where])
    assert pruned.unpriced_skus == full.unpriced_skus
    assert pruned.blocking_skus == full.blocking_skus


@settings(max_examples=50)
@given(
    deployments(),
    loads,
    st.sampled_from(sorted(BOOKS)),
    st.sampled_from([None, "fanout", "months"]),
)
def test_costs_are_those_of_all_types(
    deployment: SelfHosted, load: Operands, prices: str, along: str | None
) -> None:
    load = load.replace(ingress_mib_s=np.geomspace(0.01, 2000, 40))
    if along == "fanout":
        load = load.replace(fanout=np.linspace(0, 20, 5)[:, None])
    elif along == "months":
        load = load.replace(month_hours=np.linspace(672, 744, 40))
    assert_same(*both(deployment, load, BOOKS[prices]))


@settings(max_examples=12)
@given(
    deployments(),
    loads,
    st.sampled_from(sorted(BOOKS)),
    st.sampled_from([("ingress_mib_s", 300.0), ("fanout", 20.0), ("partitions", 30_000.0)]),
)
def test_curves_are_those_of_all_types(
    deployment: SelfHosted, load: Operands, prices: str, axis: tuple[str, float]
) -> None:
    if deployment.volume != "local":
        deployment = deployment.replace(instance=TYPES[deployment.cloud][-1])
    name, end = axis
    load = load.replace(ingress_mib_s=10.0)
    load = load.replace(**{name: Curve.identity(1.0, end)})
    points = np.random.default_rng(1).uniform(1.0, end, 200)
    assert_same(*both(deployment, load, BOOKS[prices]), points)


@given(
    deployments(),
    loads,
    st.sampled_from(sorted(BOOKS)),
    st.lists(st.integers(0, 148), min_size=1, max_size=3),
    st.floats(0, 3),
)
@settings(max_examples=20)
def test_varied_prices_cost_the_same_with_all_types(
    deployment: SelfHosted, load: Operands, prices: str, varied: list[int], factor: float
) -> None:
    book = BOOKS[prices]
    skus = ["aws.ebs.gp3.iops", "azure.disk.premium-ssd-v2.throughput", "gcp.disk.pd-ssd"]
    nodes = deployment.home.nodes
    types = [nodes + name for name in deployment.types(CATALOGUE)]
    skus += [types[number % len(types)] for number in varied]
    for sku in skus:
        try:
            price = book.price(sku, deployment.region)[0].price
        except MissingPriceError:
            continue
        book = book.swept(sku, float(price or 0) * factor)
    book = book.swept("fx.usd.krw", 1400.0)
    load = load.replace(ingress_mib_s=np.geomspace(0.01, 2000, 40))
    assert_same(*both(deployment, load, book))


def kept(book: PriceBook, **fields: Any) -> tuple[str, ...]:
    """Return the types that stay, on AWS unless set otherwise."""
    deployment = SelfHosted(**{"region": "us-east-1", "instance": "cheapest", **fields})
    pruned = undominated(deployment, LOAD, book, CATALOGUE)
    assert isinstance(pruned, SelfHosted)
    return pruned.types(CATALOGUE)


@pytest.mark.parametrize("cloud", sorted(REGIONS))
def test_the_cheapest_of_all_types_needs_fewer(cloud: Any) -> None:
    types = SelfHosted(cloud=cloud, region=REGIONS[cloud]).types(CATALOGUE)
    few = kept(LIST, cloud=cloud, region=REGIONS[cloud])
    assert 0 < len(few) < len(types)
    assert [name for name in types if name in few] == list(few)  # in the same order


def test_a_type_with_less_of_everything_at_the_same_price_goes() -> None:
    """m5.large and m6i.large have the same price, vCPUs and memory; m6i has more throughput."""
    names = ("m5.large", "m6i.large")
    [old, new] = (LIST.price(f"aws.ec2.{name}", "us-east-1")[0].price for name in names)
    assert old == new
    for attribute in CLOUDS["aws"].capacities:
        less, more = (CATALOGUE.value_or_none(f"aws.ec2.{name}", attribute) for name in names)
        assert (less is None) == (more is None)
        assert less is None or more is None or less <= more
    assert kept(LIST, instance=names) == ("m6i.large",)
    assert kept(LIST, instance=names[::-1]) == ("m6i.large",)


def test_a_type_stays_whose_capacity_or_price_is_better() -> None:
    assert kept(LIST, instance=("m5.large", "m5.xlarge")) == ("m5.large", "m5.xlarge")
    dear = PriceBook("list", as_of=AS_OF, overrides={"aws.ec2.m6i.large": "0.5 USD/hour"})
    assert kept(dear, instance=("m5.large", "m6i.large")) == ("m5.large", "m6i.large")


def test_a_node_that_costs_less_than_its_disk_includes_stays() -> None:
    """More of them may be cheaper: 125 MiB/s and 3000 IOPS of gp3 are 5 + 15 USD a month."""
    names = ("m5.large", "m6i.large")
    throughput, iops = (
        LIST.price(f"aws.ebs.gp3.{sku}", "us-east-1")[0].price for sku in ("throughput", "iops")
    )
    included = (125 * float(throughput or 0) + 3000 * float(iops or 0)) / 730
    for hour, types in ((0.99 * included, names), (1.01 * included, names[1:])):
        overrides = {f"aws.ec2.{name}": f"{hour} USD/hour" for name in names}
        book = PriceBook("list", as_of=AS_OF, overrides=overrides)
        assert kept(book, instance=names) == types
        assert kept(book, instance=names, brokers=6) == names  # not pruned


def test_a_varied_price_keeps_its_type_and_that_of_a_disk_keeps_all() -> None:
    names = ("m5.large", "m6i.large")
    for sku in ("aws.ec2.m5.large", "aws.ec2.m6i.large", "aws.ebs.gp3.iops"):
        assert kept(LIST.swept(sku, 0.1), instance=names) == names
    won = PriceBook("list", as_of=AS_OF, currency="KRW")
    assert kept(won.swept("fx.usd.krw", Curve.identity(500, 3000)), instance=names) == names[1:]


def test_a_commitment_decides_by_its_rate() -> None:
    names = ("m5.large", "m6i.large")
    rates = {"aws.ec2.m5.large@1-year": 0.05, "aws.ec2.m6i.large@1-year": 0.06}
    overrides = {f"aws.ec2.{name}": "0.1 USD/hour" for name in names}
    overrides |= {sku: f"{rate} USD/hour" for sku, rate in rates.items()}
    book = PriceBook("list", as_of=AS_OF, overrides=overrides)
    assert kept(book, instance=names) == names[1:]
    assert kept(book, instance=names, commitment="1-year") == names


def test_other_deployments_stay_as_they_are() -> None:
    for deployment in (
        MskStandard(region="us-east-1"),
        SelfHosted(region="us-east-1", instance="m5.large"),
    ):
        assert undominated(deployment, LOAD, LIST, CATALOGUE) is deployment


def test_a_price_that_every_type_lacks_is_missing_as_with_all_types() -> None:
    """Azure's load balancer has no list price: the error has the number of all candidates."""
    balanced = SelfHosted(cloud="azure", region="eastus", access="load-balancer")
    others = len(balanced.types(CATALOGUE)) - 1
    with pytest.raises(MissingPriceError, match=rf"nor of any of {others} other candidates"):
        costs_of(balanced, LOAD, LIST, CATALOGUE)
    blocked = costs_of(balanced, LOAD, LIST, CATALOGUE, allow_unpriced=True)
    assert blocked.infeasible
    assert {"azure.load-balancer", "azure.load-balancer.data"} <= {*blocked.blocking_skus}


class Recording(Catalogue):
    """A catalogue that records the attributes read of each item."""

    def __init__(self) -> None:
        super().__init__(as_of=LIST.as_of)
        self.read: dict[str, set[str]] = {}

    def listed(self, item: str, attribute: str) -> CapacityRow | None:
        self.read.setdefault(item, set()).add(attribute.partition("~")[0])
        return super().listed(item, attribute)


@pytest.mark.parametrize(
    ("cloud", "region", "instance", "volume"),
    [
        (name, region, instance, volume)
        for name, region, instance in (
            ("aws", "us-east-1", "m7g.xlarge"),
            ("aws", "us-east-1", "i3en.xlarge"),
            ("azure", "eastus", "D4s_v5"),
            ("gcp", "us-central1", "n2-standard-4"),
            ("on-prem", "kr", "server"),
        )
        for volume in VOLUMES[name]
        if volume != "local" or instance in ("i3en.xlarge", "server")
    ],
)
@pytest.mark.parametrize("brokers", [None, 6])
def test_the_sizing_reads_no_capacity_that_is_not_declared(
    cloud: Any, region: str, instance: str, volume: str | None, brokers: int | None
) -> None:
    deployment = SelfHosted(
        cloud=cloud, region=region, instance=instance, volume=volume, brokers=brokers
    )
    catalogue, home = Recording(), CLOUDS[cloud]
    item = home.nodes + instance
    deployment.candidates(LOAD, catalogue)
    assert {"network", "partitions"} <= catalogue.read[item]
    if cloud == "on-prem":  # the one type, whose other figures are its cost
        return
    # the price of a node includes the multiplier; burstable types are not compared
    others = {"sustained_use_multiplier", "cpu_baseline"}
    assert catalogue.read[item] - others <= {*home.capacities}
