"""A commitment never raises a cost: whatever the kind, the region, the term and the workload."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kafkatco import Curve, InputError, Labour, PriceBook, SelfHosted, Workload
from kafkatco.costing.bill import Bill, bill_of
from kafkatco.costing.costs import Costs, costs_of
from kafkatco.deployments import KINDS, Deployment
from kafkatco.errors import MissingPriceError
from kafkatco.prices.rows import TERMS
from kafkatco.sizing.clouds import CLOUDS
from kafkatco.sizing.workload import Operands
from support.plain import PLAIN

LIST = PriceBook("list", as_of="2026-10-31")
WON = PriceBook("list", as_of="2026-10-31", currency="KRW")
CATALOGUE = LIST.catalogue()
#: The kinds with nodes that a provider sells for a term; servers of one's own are bought.
SOLD = {name: kind for name, kind in KINDS.items() if kind.sells_commitments}
RENTED = [name for name in CLOUDS if name != "on-prem"]
#: Groups of types that are few enough for many examples, with and without published rates.
TYPES = {"aws": ["*.2xlarge", "m5.*"], "azure": ["D*", "E*"], "gcp": ["n2-*", "e2-*", "c3-*"]}
LOAD = Workload(ingress="20 MiB/s", fanout=2, retention="1 day", partitions=100)

terms = st.one_of(
    st.sampled_from(TERMS),
    st.builds(
        lambda term, share: {"term": term, "discount": share},
        st.sampled_from(TERMS),
        st.floats(0, 1),
    ),
)
loads = st.builds(
    lambda **fields: Workload(**fields).operands(),
    ingress=st.floats(0.001, 500).map(lambda v: f"{v!r} MiB/s"),
    fanout=st.floats(0, 12),
    peak_to_average=st.floats(1, 4),
    retention=st.floats(0.5, 500).map(lambda v: f"{v!r} h"),
    partitions=st.integers(1, 20_000),
    connector_tasks=st.sampled_from([0, 7]),
    connections=st.sampled_from([0, 9000]),
)


@st.composite
def pairs(draw: Any) -> tuple[Deployment, Deployment]:
    """A deployment with a commitment, and the same one without."""
    kind = draw(st.sampled_from(sorted(SOLD)))
    fields: dict[str, Any] = {
        "discount": draw(st.sampled_from([0.0, 0.3])),
        "labour": draw(st.sampled_from([None, Labour(fte=1.0)])),
        "region": "us-central1",
    }
    if kind == "self-hosted":
        cloud = draw(st.sampled_from(RENTED))
        fields |= {
            "cloud": cloud,
            "region": draw(st.sampled_from(LIST.regions(CLOUDS[cloud].nodes))),
            "instance": draw(st.sampled_from(TYPES[cloud])),
            "brokers": draw(st.sampled_from([None, None, 6])),
            "controllers": draw(st.sampled_from([0, 3])),
            "support": draw(st.sampled_from(["none", "business"])) if cloud == "aws" else "none",
        }
    term = draw(terms)
    return SOLD[kind](commitment=term, **fields), SOLD[kind](**fields)


def both(
    pair: tuple[Deployment, Deployment], load: Operands, book: PriceBook
) -> tuple[Costs, Costs] | None:
    """Return the costs of a pair; ``None`` if the region has no disks or nodes with a price.

    A commitment makes no option unpriced.
    """
    committed, plain = pair
    try:
        without = costs_of(plain, load, book, CATALOGUE)
    except MissingPriceError:
        return None
    return costs_of(committed, load, book, CATALOGUE), without


@settings(max_examples=60)
@given(pairs(), loads, st.sampled_from([LIST, WON]))
def test_a_commitment_never_raises_a_cost(
    pair: tuple[Deployment, Deployment], load: Operands, book: PriceBook
) -> None:
    costs = both(pair, load.replace(ingress_mib_s=np.geomspace(0.01, 1000, 30)), book)
    if costs is None:
        return
    committed, plain = costs
    np.testing.assert_array_equal(committed.infeasible, plain.infeasible)
    np.testing.assert_array_equal(committed.floor, plain.floor)
    less, more, infeasible = np.broadcast_arrays(
        committed.total, plain.total, np.asarray(plain.infeasible, bool)
    )
    assert (less[~infeasible] <= more[~infeasible] * (1 + 1e-12)).all()


@settings(max_examples=12)
@given(pairs(), loads, st.sampled_from([("ingress_mib_s", 300.0), ("fanout", 20.0)]))
def test_a_curve_with_a_commitment_is_never_above_the_one_without(
    pair: tuple[Deployment, Deployment], load: Operands, axis: tuple[str, float]
) -> None:
    name, end = axis
    load = load.replace(ingress_mib_s=10.0)
    costs = both(pair, load.replace(**{name: Curve.identity(0.1, end)}), LIST)
    if costs is None:
        return
    points = np.linspace(0.1, end, 301)
    committed, plain = (
        np.broadcast_to(
            one.known(points) if isinstance(one.known, Curve) else one.known, points.shape
        )
        for one in costs
    )
    assert (committed <= plain * (1 + 1e-12)).all()


def nodes_of(bill: Bill) -> float:
    """Return what the nodes cost after sustained use and a commitment."""
    return sum(float(line.cost) for line in bill.lines if line.sku.startswith("gcp.compute."))


@pytest.mark.parametrize(
    ("share", "factor"),
    [
        # n2 has a fifth off for sustained use: https://cloud.google.com/compute/docs/sustained-use-discounts
        (0.0, 0.8),
        (0.1, 0.8),
        (0.2, 0.8),
        (0.3, 0.7),
    ],
)
def test_sustained_use_that_is_cheaper_than_a_rate_applies(
    share: float, factor: float, book: PriceBook
) -> None:
    own = SelfHosted(
        cloud="gcp",
        region="us-central1",
        instance="n2-standard-8",
        brokers=3,
        commitment={"term": "1-year", "discount": share},
    )
    # n2-standard-8 in us-central1: 0.388472 an hour
    assert nodes_of(bill_of(own, LOAD, book)) == pytest.approx(3 * 730 * 0.388472 * factor)


def test_workers_of_the_same_type_keep_their_sustained_use(book: PriceBook) -> None:
    own = SelfHosted(
        cloud="gcp",
        region="us-central1",
        instance="n2-standard-8",
        service_instance="n2-standard-8",
        brokers=3,
        commitment={"term": "1-year", "discount": 0.3},
    )
    bill = bill_of(own, LOAD.replace(connector_tasks=100), book)
    [workers] = [float(line.quantity) for line in bill.lines if line.component == "connect"]
    assert workers > 0
    expected = (3 * 730 * 0.7 + workers * 0.8) * 0.388472
    assert nodes_of(bill) == pytest.approx(expected)


def test_a_node_without_a_rate_keeps_its_price_and_the_bill_says_so(book: PriceBook) -> None:
    # the book has rates of AWS in us-east-1 and eu-west-1 only
    fields: dict[str, Any] = {"region": "ap-northeast-2", "instance": "m5.2xlarge", "brokers": 3}
    plain, committed = (
        bill_of(SelfHosted(commitment=term, **fields), LOAD, book) for term in ("none", "1-year")
    )
    assert committed.lines == plain.lines
    [note] = set(committed.notes) - set(plain.notes)
    assert note.startswith("no 1-year rate is known of aws.ec2.m5.2xlarge in ap-northeast-2: ")
    assert 'commitment = { term = "1-year", discount = 0.3 }' in note


def test_a_term_drops_no_candidate(book: PriceBook) -> None:
    for term in ("none", *TERMS):
        cheapest = SelfHosted(region="us-east-1", instance="m*.2xlarge", commitment=term)
        bill = bill_of(cheapest, LOAD, book)
        assert "no price" not in bill.sizing.details["chosen"]


def test_a_rate_above_the_price_on_demand_is_not_paid() -> None:
    prices = {"aws.ec2.m5.large": "0.05 USD/hour", "aws.ec2.m5.large@1-year": "0.06 USD/hour"}
    book = PriceBook("list", as_of="2025-10-31", overrides=prices, assumptions=PLAIN)
    fields: dict[str, Any] = {"region": "us-east-1", "instance": "m5.large", "brokers": 3}
    plain, committed = (
        bill_of(SelfHosted(commitment=term, **fields), LOAD, book) for term in ("none", "1-year")
    )
    assert committed.total == plain.total
    [line] = [line for line in committed.lines if line.component == "discount"]
    assert line.note == "1-year commitment: the price on demand is lower, and applies"


def test_kinds_that_nobody_sells_a_commitment_for_refuse_it_and_offer_a_discount() -> None:
    """Amazon sells no reserved brokers; Google sells committed use of its Managed Kafka."""
    assert sorted(SOLD) == ["google-managed-kafka", "self-hosted"]
    for name in sorted(KINDS.keys() - SOLD.keys()):
        kind, example = KINDS[name], KINDS[name].examples[0]
        for commitment in ("3-year", {"term": "1-year", "discount": 0.28}):
            with pytest.raises(InputError, match=r"commitment: .*use discount for a share"):
                kind(region="us-east-1", **{**example, "commitment": commitment})
