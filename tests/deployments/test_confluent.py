"""Confluent Cloud: units of the largest dimension, bytes in, out and stored; limits.

Prices are those of us-east-1 on 2025-10-31 (pricing/list/confluent), capacities those of
https://docs.confluent.io/cloud/current/clusters/cluster-types.html (pricing/capacity).
"""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kafkatco import (
    Catalogue,
    ConfluentBasic,
    ConfluentDedicated,
    ConfluentEnterprise,
    ConfluentFreight,
    ConfluentStandard,
    InputError,
    Labour,
    MissingPriceError,
    PriceBook,
    Workload,
)
from kafkatco.costing.bill import bill_of
from kafkatco.costing.candidates import missing_prices
from kafkatco.deployments import Deployment
from kafkatco.sizing.workload import Operands
from support.plain import PLAIN

Kind = type[Any]  #: of a cluster, whose fields differ
BASIC = ConfluentBasic(region="us-east-1")
STANDARD = ConfluentStandard(region="us-east-1")
MB_MONTH_GIB = 1e6 * 3600 * 730 / 2**30  # 1 MB/s for a month
MAX_CKUS = "confluent.dedicated.max_units"
DEDICATED = {
    "confluent.dedicated.cku": "3 USD/hour",
    "confluent.dedicated.ingress": "0.05 USD/GiB",
    "confluent.dedicated.egress": "0.04 USD/GiB",
    "confluent.dedicated.storage": "0.1 USD/GiB/month",
}
LINKING = {
    "confluent.cluster-linking.link": "0.5 USD/hour",
    "confluent.cluster-linking.read": "0.02 USD/GiB",
    "confluent.cluster-linking.write": "0.03 USD/GiB",
}


def near(value: float) -> Any:
    return pytest.approx(value, rel=1e-9)


def steady(**fields: Any) -> Operands:
    base = {"ingress": "1 MB/s", "peak_to_average": 1, "retention": "1 h"}
    return Workload(**{**base, **fields}).operands()


def quantities(
    deployment: Deployment, load: Operands, book: PriceBook, catalogue: Catalogue
) -> dict[str, float]:
    return {line.sku: line.quantity for line in bill_of(deployment, load, book, catalogue).lines}


def test_each_line(book: PriceBook, catalogue: Catalogue) -> None:
    # 100 MB/s in is 20 eCKUs of 5, 400 MB/s out 26.7 of 15, 300 partitions 10 of 30: 27 eCKUs
    load = Workload(
        ingress="100 MB/s", fanout=4, retention="6 h", peak_to_average=1, partitions=300
    ).operands()
    bill = bill_of(BASIC, load, book, catalogue)
    assert bill.sizing.count == 27
    assert bill.sizing.bottleneck == "throughput-out"
    written_gib = 100e6 * 3600 * 730 / 2**30
    stored_gib = 100e6 * 3600 * 6 / 2**30
    costs = {line.sku: line.cost for line in bill.lines}
    assert costs == {
        "confluent.basic.cluster": 0.0,
        "confluent.basic.ecku": pytest.approx(26 * 730 * 0.14),
        "confluent.basic.ingress": pytest.approx(written_gib * 0.05),
        "confluent.basic.egress": pytest.approx(written_gib * 4 * 0.05),
        "confluent.basic.storage": pytest.approx(stored_gib * 3 * 0.08),
    }


def test_the_first_ecku_is_free(book: PriceBook, catalogue: Catalogue) -> None:
    # 5 MB/s at peak fills one eCKU; any more takes a second
    for rate, billed in ((5.0, 0), (5.01, 1), (10.0, 1), (10.01, 2)):
        load = Workload(ingress=f"{rate} MB/s", peak_to_average=1, retention="1 h").operands()
        lines = bill_of(BASIC, load, book, catalogue).lines
        hours = [line.quantity for line in lines if line.sku == "confluent.basic.ecku"]
        assert hours == ([] if billed == 0 else [billed * 730.0])


def test_units_from_peak_or_average(catalogue: Catalogue) -> None:
    load = Workload(ingress="10 MB/s", peak_to_average=3, retention="1 h").operands()
    [peak] = BASIC.candidates(load, catalogue)
    [average] = ConfluentBasic(region="us-east-1", units_from="average").candidates(load, catalogue)
    assert (float(peak.sizing.count), float(average.sizing.count)) == (6.0, 2.0)


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        (
            {"ingress": "251 MB/s", "peak_to_average": 1, "retention": "1 h"},
            "ingress at peak: at most 250 MB/s in one Basic cluster",
        ),
        (
            {"ingress": "76 MB/s", "fanout": 10, "peak_to_average": 1, "retention": "1 h"},
            "egress at peak: at most 750 MB/s in one Basic cluster",
        ),
        (
            {"ingress": "1 MB/s", "partitions": 1501},
            "partitions: at most 1,500 in one Basic cluster",
        ),
        (
            {"ingress": "10 TB/month", "retention": "16 days"},
            "stored data: at most 5,000 GB in one Basic cluster",
        ),
    ],
)
def test_caps_are_infeasible_with_their_reason(
    fields: dict[str, Any], reason: str, book: PriceBook, catalogue: Catalogue
) -> None:
    bill = bill_of(BASIC, Workload(**fields).operands(), book, catalogue)
    assert reason in bill.infeasible
    assert bill.total is None


def test_a_cluster_is_feasible_at_its_limits(book: PriceBook, catalogue: Catalogue) -> None:
    load = Workload(
        ingress="250 MB/s", fanout=3, peak_to_average=1, retention="5 h", partitions=1500
    ).operands()
    bill = bill_of(BASIC, load, book, catalogue)
    assert bill.infeasible == ()
    assert bill.sizing.count == 50


def test_the_ecku_as_billed(book: PriceBook, catalogue: Catalogue) -> None:
    load = Workload(ingress="10 MB/s", peak_to_average=1, retention="1 h").operands()
    billed = PriceBook("list", as_of=book.as_of, variants={"confluent.basic.ecku": "billed"})
    for prices, ecku in ((book, 0.14), (billed, 0.135)):
        [line] = [
            x for x in bill_of(BASIC, load, prices, catalogue).lines if x.component == "compute"
        ]
        assert line.cost == pytest.approx(730 * ecku)


def test_a_fixed_number_of_units_must_carry_the_average(
    book: PriceBook, catalogue: Catalogue
) -> None:
    two = ConfluentBasic(region="us-east-1", units=2)
    for rate, able in ((10.0, True), (10.1, False)):
        load = Workload(ingress=f"{rate} MB/s", fanout=0, retention="1 h").operands()
        assert (bill_of(two, load, book, catalogue).total is not None) is able
    many = Workload(ingress="1 MB/s", retention="1 h", partitions=61).operands()
    assert bill_of(two, many, book, catalogue).infeasible == (
        "eCKUs: 2 cannot sustain the average",
    )


# Standard: an eCKU takes 25 MB/s in and 75 out, 250 partitions, 1,000 connections, 1,500 requests


@pytest.mark.parametrize(
    ("at", "above", "bottleneck"),
    [
        ({"ingress": "25 MB/s"}, {"ingress": "25.1 MB/s"}, "throughput-in"),
        (
            {"ingress": "25 MB/s", "fanout": 3},
            {"ingress": "25 MB/s", "fanout": 3.01},
            "throughput-out",
        ),
        ({"partitions": 250}, {"partitions": 251}, "partitions"),
        ({"connections": 1000}, {"connections": 1001}, "connections"),
        ({"requests": 1500}, {"requests": 1501}, "requests"),
    ],
)
def test_the_capacity_of_one_ecku_in_each_dimension(
    at: dict[str, Any], above: dict[str, Any], bottleneck: str, catalogue: Catalogue
) -> None:
    [one] = STANDARD.candidates(steady(**at), catalogue)
    [two] = STANDARD.candidates(steady(**above), catalogue)
    assert (one.sizing.count, two.sizing.count) == (1, 2)
    assert two.sizing.bottleneck == bottleneck


@pytest.mark.parametrize(
    ("kind", "eckus", "ecku", "traffic", "stored", "copies"),
    [
        # 100 / 25 and 300 / 75 are 4; 100 / 60 and 300 / 180 are 1.7
        (ConfluentStandard, 4, 0.75, 0.05, 0.08, 3),
        (ConfluentEnterprise, 2, 1.75, 0.05, 0.08, 3),
        (ConfluentFreight, 2, 2.25, 0.03, 0.03, 1),
    ],
)
def test_each_line_of_the_other_types(
    kind: Kind,
    eckus: int,
    ecku: float,
    traffic: float,
    stored: float,
    copies: int,
    book: PriceBook,
    catalogue: Catalogue,
) -> None:
    deployment = kind(region="us-east-1")
    bill = bill_of(
        deployment, steady(ingress="100 MB/s", fanout=3, retention="6 h"), book, catalogue
    )
    sku = f"confluent.{deployment.tier}."
    costs = {line.sku: line.cost for line in bill.lines}
    assert costs.pop(f"{sku}cluster", 0.0) == 0.0
    assert costs == {
        f"{sku}ecku": near(eckus * 730 * ecku),
        f"{sku}ingress": near(100 * MB_MONTH_GIB * traffic),
        f"{sku}egress": near(300 * MB_MONTH_GIB * traffic),
        f"{sku}storage": near(100e6 * 3600 * 6 / 2**30 * copies * stored),
    }


@pytest.mark.parametrize(
    ("kind", "floor"),
    [
        # https://www.confluent.io/confluent-cloud/pricing/ shows 0.7 of these, as of 2025-12-18
        (ConfluentStandard, 1 * 730 * 0.75),  # 547.50
        (ConfluentEnterprise, 1 * 730 * 1.75),  # 1,277.50
        (ConfluentFreight, 2 * 730 * 2.25),  # 3,285.00
    ],
)
def test_an_idle_cluster_has_the_minimum_of_units(
    kind: Kind, floor: float, book: PriceBook, catalogue: Catalogue
) -> None:
    bill = bill_of(kind(region="us-east-1"), Workload(ingress="0 MB/s"), book, catalogue)
    assert bill.total == near(floor)


@pytest.mark.parametrize("option", ["field", "variant"])
def test_storage_is_billed_three_times_or_once(
    option: str, book: PriceBook, catalogue: Catalogue
) -> None:
    load = steady(ingress="1 MB/s", retention="10 h")
    deployment = (
        STANDARD.model_copy(update={"storage_copies": 1}) if option == "field" else STANDARD
    )
    variants = {"confluent.standard.storage_copies": "logical"} if option == "variant" else {}
    chosen = Catalogue(as_of=book.as_of, variants=variants)
    once_gib = 1e6 * 3600 * 10 / 2**30
    assert quantities(STANDARD, load, book, catalogue)["confluent.standard.storage"] == near(
        3 * once_gib
    )
    assert quantities(deployment, load, book, chosen)["confluent.standard.storage"] == near(
        once_gib
    )


@pytest.mark.parametrize("kind", [ConfluentStandard, ConfluentEnterprise, ConfluentDedicated])
def test_the_higher_sla_needs_two_units(kind: Kind, catalogue: Catalogue) -> None:
    load = steady(ingress="1 MB/s")
    [usual] = kind(region="us-east-1").candidates(load, catalogue)
    [higher] = kind(region="us-east-1", sla="99.99%").candidates(load, catalogue)
    assert (usual.sizing.count, higher.sizing.count) == (1, 2)


def test_the_sla_s_two_units_are_a_minimum_and_no_addition(catalogue: Catalogue) -> None:
    high = ConfluentStandard(region="us-east-1", sla="99.99%")
    for rate, eckus in ((50.0, 2), (50.1, 3)):  # 25 MB/s each
        [candidate] = high.candidates(steady(ingress=f"{rate} MB/s"), catalogue)
        assert candidate.sizing.count == eckus


def test_a_fixed_number_of_units_must_satisfy_the_sla(
    book: PriceBook, catalogue: Catalogue
) -> None:
    load = steady(ingress="1 MB/s")
    one = ConfluentStandard(region="us-east-1", sla="99.99%", units=1)
    two = ConfluentStandard(region="us-east-1", sla="99.99%", units=2)
    assert bill_of(one, load, book, catalogue).infeasible == ("eCKUs: 1 is too few for the SLA",)
    assert bill_of(two, load, book, catalogue).infeasible == ()


def test_a_fixed_number_of_units_is_billed_and_need_not_carry_the_peak(
    book: PriceBook, catalogue: Catalogue
) -> None:
    two = ConfluentStandard(region="us-east-1", units=2)  # 2 x 25 MB/s
    bill = bill_of(two, steady(ingress="50 MB/s", peak_to_average=3), book, catalogue)
    assert [x.cost for x in bill.lines if x.component == "compute"] == [near(2 * 730 * 0.75)]
    more = bill_of(two, steady(ingress="50.1 MB/s"), book, catalogue)
    assert more.infeasible == ("eCKUs: 2 cannot sustain the average",)


@pytest.mark.parametrize(
    ("kind", "at", "above", "reason"),
    [
        (
            ConfluentBasic,
            {"connections": 1000},
            {"connections": 1001},
            "connections: at most 1,000 in one Basic cluster",
        ),
        # 50 eCKUs of 100 requests a second, below the 15,000 that the cluster may have
        (
            ConfluentBasic,
            {"requests": 5000},
            {"requests": 5001},
            "eCKUs: at most 50 in one Basic cluster",
        ),
        (
            ConfluentBasic,
            {"message_size": "8 MB"},
            {"message_size": "8.1 MB"},
            "message size: at most 8 MB in one Basic cluster",
        ),
        # 36 GB an hour: 138.9 h are 5,000.4 GB
        (
            ConfluentBasic,
            {"ingress": "10 MB/s", "retention": "138.8 h"},
            {"ingress": "10 MB/s", "retention": "138.9 h"},
            "stored data: at most 5,000 GB in one Basic cluster",
        ),
        (
            ConfluentStandard,
            {"ingress": "250 MB/s"},
            {"ingress": "250.1 MB/s"},
            "ingress at peak: at most 250 MB/s in one Standard cluster",
        ),
        (
            ConfluentStandard,
            {"ingress": "250 MB/s"},
            {"ingress": "250.1 MB/s"},
            "eCKUs: at most 10 in one Standard cluster",
        ),
        (
            ConfluentStandard,
            {"ingress": "75 MB/s", "fanout": 10},
            {"ingress": "75.1 MB/s", "fanout": 10},
            "egress at peak: at most 750 MB/s in one Standard cluster",
        ),
        (
            ConfluentStandard,
            {"partitions": 2500},
            {"partitions": 2501},
            "partitions: at most 2,500 in one Standard cluster",
        ),
        (
            ConfluentStandard,
            {"connections": 10_000},
            {"connections": 10_001},
            "connections: at most 10,000 in one Standard cluster",
        ),
        (
            ConfluentStandard,
            {"requests": 15_000},
            {"requests": 15_001},
            "requests: at most 15,000 per second in one Standard cluster",
        ),
        (
            ConfluentEnterprise,
            {"ingress": "1920 MB/s"},
            {"ingress": "1921 MB/s"},
            "ingress at peak: at most 1,920 MB/s in one Enterprise cluster",
        ),
        (
            ConfluentEnterprise,
            {"partitions": 96_000},
            {"partitions": 96_001},
            "eCKUs: at most 32 in one Enterprise cluster",
        ),
        (
            ConfluentEnterprise,
            {"message_size": "20 MB"},
            {"message_size": "20.1 MB"},
            "message size: at most 20 MB in one Enterprise cluster",
        ),
        (
            ConfluentFreight,
            {"ingress": "9120 MB/s"},
            {"ingress": "9121 MB/s"},
            "ingress at peak: at most 9,120 MB/s in one Freight cluster",
        ),
        # 152 eCKUs of 3,000 would hold more
        (
            ConfluentFreight,
            {"partitions": 50_000},
            {"partitions": 50_001},
            "partitions: at most 50,000 in one Freight cluster",
        ),
    ],
)
def test_a_cluster_is_feasible_at_a_limit_and_infeasible_above(
    kind: Kind,
    at: dict[str, Any],
    above: dict[str, Any],
    reason: str,
    book: PriceBook,
    catalogue: Catalogue,
) -> None:
    deployment = kind(region="us-east-1")
    assert bill_of(deployment, steady(**at), book, catalogue).infeasible == ()
    not_any_more = bill_of(deployment, steady(**above), book, catalogue)
    assert reason in not_any_more.infeasible
    assert not_any_more.total is None


def test_limits_apply_to_the_peak_for_any_units_from(book: PriceBook, catalogue: Catalogue) -> None:
    average = ConfluentStandard(region="us-east-1", units_from="average")
    for peak, able in ((2.5, True), (2.6, False)):  # 250 and 260 MB/s
        load = steady(ingress="100 MB/s", peak_to_average=peak)
        assert (bill_of(average, load, book, catalogue).total is not None) is able


def test_two_clusters_cost_as_much_as_two_halves(book: PriceBook, catalogue: Catalogue) -> None:
    # 60 MB/s are 3 eCKUs in one cluster; 30 MB/s are 2 in each of two
    two = ConfluentStandard(region="us-east-1", clusters=2)
    costs = {x.sku: x.cost for x in bill_of(two, steady(ingress="60 MB/s"), book, catalogue).lines}
    half = {
        x.sku: x.cost for x in bill_of(STANDARD, steady(ingress="30 MB/s"), book, catalogue).lines
    }
    assert costs["confluent.standard.ecku"] == near(2 * 2 * 730 * 0.75)
    assert costs == {sku: near(2 * cost) for sku, cost in half.items()}


def test_a_partition_is_in_one_cluster(catalogue: Catalogue) -> None:
    # 501 over two clusters are 251 and 250: two eCKUs of 250 in the first, and so in each
    two = ConfluentStandard(region="us-east-1", clusters=2)
    [candidate] = two.choices(steady(ingress="1 MB/s", partitions=501), catalogue)
    assert candidate.sizing.requirements["partitions"] == near(251 / 250)
    assert candidate.sizing.count == 4


def test_as_needed_uses_more_clusters_above_the_limit_of_one(
    book: PriceBook, catalogue: Catalogue
) -> None:
    # people per cluster, so that of clusters with as many eCKUs in all fewer cost less
    labour = Labour(per_cluster=0.1, monthly="5000 USD")
    for rate, clusters in ((250, 1), (251, 2), (500, 2), (501, 3)):
        load = steady(ingress=f"{rate} MB/s")
        bills = [
            bill_of(
                ConfluentStandard(region="us-east-1", clusters=n, labour=labour),
                load,
                book,
                catalogue,
            )
            for n in (1, "as-needed")
        ]
        assert (bills[0].total is None) is (rate > 250)
        assert bills[1].sizing.details["clusters"] == clusters
    assert "ingress at peak: at most 250 MB/s in one Standard cluster" in bills[0].infeasible


def test_as_needed_tries_at_most_ten_clusters(book: PriceBook, catalogue: Catalogue) -> None:
    deployment = ConfluentStandard(region="us-east-1", clusters="as-needed")
    for rate, able in ((2500, True), (2501, False)):
        bill = bill_of(deployment, steady(ingress=f"{rate} MB/s"), book, catalogue)
        assert (bill.total is not None) is able
    assert "ingress at peak: at most 250 MB/s in one Standard cluster" in bill.infeasible


def test_managed_connectors_are_billed_by_task_and_by_byte(
    book: PriceBook, catalogue: Catalogue
) -> None:
    load = steady(ingress="1 MB/s", connector_tasks=5)
    quarter = ConfluentStandard(region="us-east-1", connector_traffic=0.25)
    for deployment, share in ((STANDARD, 1.0), (quarter, 0.25)):
        costs = {x.sku: x.cost for x in bill_of(deployment, load, book, catalogue).lines}
        assert costs["confluent.connect.task"] == near(5 * 730 * 0.30)
        assert costs["confluent.connect.data"] == near(MB_MONTH_GIB * share * 0.025)
    none = quantities(STANDARD, steady(ingress="1 MB/s"), book, catalogue)
    assert not any(sku.startswith("confluent.connect") for sku in none)


PREMIUM = {"confluent.connect.premium-task": "0.80 USD/hour"}


def test_each_class_of_connectors_has_its_price(catalogue: Catalogue) -> None:
    # of 9 tasks 4 are premium at the user's price, 2 custom at 0.20, and 3 standard at 0.30
    book = PriceBook("list", as_of="2025-12-18", assumptions=PLAIN, overrides=PREMIUM)
    mixed = STANDARD.replace(connector_classes={"premium": 4, "custom": 2})
    load = steady(ingress="1 MB/s", connector_tasks=9)
    costs = {x.sku: x.cost for x in bill_of(mixed, load, book, catalogue).lines}
    assert costs["confluent.connect.premium-task"] == near(4 * 730 * 0.80)
    assert costs["confluent.connect.custom-task"] == near(2 * 730 * 0.20)
    assert costs["confluent.connect.task"] == near(3 * 730 * 0.30)
    assert costs["confluent.connect.data"] == near(MB_MONTH_GIB * 0.025)


def test_the_price_of_premium_connectors_is_the_user_s(book: PriceBook) -> None:
    premium = STANDARD.replace(connector_classes={"premium": 1})
    load = steady(ingress="1 MB/s", connector_tasks=1)
    asks = r"\"confluent\.connect\.premium-task\" = \"\.\.\. USD/hour\""
    today = PriceBook("list", as_of="2026-10-31", assumptions=PLAIN)
    with pytest.raises(MissingPriceError, match=asks):
        bill_of(premium, load, today)
    with pytest.raises(MissingPriceError, match=r"first row is dated 2025-12-18"):
        bill_of(premium, load, book)


@pytest.mark.parametrize(("tasks", "able"), [(5, False), (6, True), (7, True)])
@pytest.mark.parametrize("clusters", [1, 7])
def test_classes_have_no_more_tasks_than_the_workload(
    tasks: int, able: bool, clusters: int, book: PriceBook
) -> None:
    mixed = STANDARD.replace(connector_classes={"custom": 6}, clusters=clusters)
    bill = bill_of(mixed, steady(ingress="1 MB/s", connector_tasks=tasks), book)
    reason = "connector_classes: 6 tasks, but the workload has fewer connector_tasks"
    assert bill.infeasible == (() if able else (reason,))


def test_classes_have_no_effect_without_connectors(book: PriceBook) -> None:
    mixed = STANDARD.replace(connector_classes={"custom": 6})
    load, note = steady(ingress="1 MB/s"), "connector_classes has no effect without connector_tasks"
    assert bill_of(mixed, load, book).total == bill_of(STANDARD, load, book).total
    assert note in mixed.without_effect(load)
    assert note not in mixed.without_effect(steady(ingress="1 MB/s", connector_tasks=6))


@given(
    tasks=st.integers(1, 40),
    premium=st.integers(0, 20),
    custom=st.integers(0, 20),
    kind=st.sampled_from([ConfluentBasic, ConfluentStandard, ConfluentEnterprise]),
)
@settings(max_examples=25, deadline=None)
def test_more_tasks_of_any_class_never_cost_less(
    tasks: int, premium: int, custom: int, kind: Kind
) -> None:
    def total(extra: dict[str, int]) -> float:
        classes = {
            "premium": premium + extra.get("premium", 0),
            "custom": custom + extra.get("custom", 0),
        }
        load = steady(
            ingress="1 MB/s", connector_tasks=tasks + premium + custom + sum(extra.values())
        )
        deployment = kind(region="us-east-1", connector_classes=classes)
        bill = bill_of(deployment, load, TODAY)
        assert bill.infeasible == ()
        return float(bill.total or 0.0)

    fewer = total({})
    for name, price in (("standard", 0.30), ("premium", 0.80), ("custom", 0.20)):
        assert total({name: 1}) - fewer == pytest.approx(730 * price)


TODAY = PriceBook("list", as_of="2025-12-18", assumptions=PLAIN, overrides=PREMIUM)


def test_freight_has_no_classes_of_connectors() -> None:
    freight: Kind = ConfluentFreight
    with pytest.raises(InputError, match=r"connector_classes.*Freight has no managed connectors"):
        freight(region="us-east-1", connector_classes={"premium": 1})
    assert freight(region="us-east-1", connector_classes={}).label == "confluent-freight"


def test_connect_workers_of_freight_are_self_managed(book: PriceBook, catalogue: Catalogue) -> None:
    # m7g.large, 0.0816 USD an hour: 2 vCPUs of 2 tasks each, and a worker to spare
    freight = ConfluentFreight(region="us-east-1")
    for tasks, workers in ((1, 2), (4, 2), (5, 3), (8, 3), (9, 4)):
        load = steady(ingress="1 MB/s", connector_tasks=tasks)
        bill = bill_of(freight, load, book, catalogue)
        assert [x.cost for x in bill.lines if x.component == "connect"] == [
            near(workers * 730 * 0.0816)
        ]


@pytest.mark.parametrize(("package", "cost"), [("essentials", 0.0), ("advanced", 730.0)])
def test_a_registry_requires_a_governance_package(
    package: Any, cost: float, book: PriceBook, catalogue: Catalogue
) -> None:
    deployment = ConfluentStandard(region="us-east-1", governance=package)
    bill = bill_of(deployment, steady(ingress="1 MB/s", schema_registry=True), book, catalogue)
    lines = {x.sku: x.cost for x in bill.lines if x.component == "schema-registry"}
    assert lines == {f"confluent.governance.{package}": cost}


@pytest.mark.parametrize(
    ("engine", "sku", "price"),
    [("flink", "confluent.flink.cfu", 0.21), ("ksqldb", "confluent.ksqldb.csu", 0.2222)],
)
def test_streams_are_processed_by_flink_or_ksqldb(
    engine: Any, sku: str, price: float, book: PriceBook, catalogue: Catalogue
) -> None:
    deployment = ConfluentStandard(region="us-east-1", stream_processing=engine)
    bill = bill_of(deployment, steady(ingress="1 MB/s", stream_processing_units=4), book, catalogue)
    lines = {x.sku: x.cost for x in bill.lines if x.component == "stream-processing"}
    assert lines == {sku: near(4 * 730 * price)}


def test_cluster_linking_has_no_list_price(book: PriceBook, catalogue: Catalogue) -> None:
    load = steady(ingress="1 MB/s", replica_regions=2)
    with pytest.raises(MissingPriceError, match=r"confluent\.cluster-linking\.link"):
        bill_of(STANDARD, load, book, catalogue)
    missing = missing_prices(STANDARD, load, book, catalogue)
    assert {error.sku for error in missing} == set(LINKING)


def test_cluster_linking_at_prices_of_the_user(book: PriceBook, catalogue: Catalogue) -> None:
    own = PriceBook("list", as_of=book.as_of, overrides=LINKING)
    load = steady(ingress="1 MB/s", replica_regions=2)
    bill = bill_of(STANDARD, load, own, catalogue)
    assert {x.sku: x.cost for x in bill.lines if x.component == "network"} == {
        "confluent.cluster-linking.link": near(2 * 730 * 0.5),
        "confluent.cluster-linking.read": near(2 * MB_MONTH_GIB * 0.02),
        "confluent.cluster-linking.write": near(2 * MB_MONTH_GIB * 0.03),
    }


def test_private_endpoints_are_billed_per_zone_and_per_byte(
    book: PriceBook, catalogue: Catalogue
) -> None:
    deployment = ConfluentEnterprise(region="us-east-1", private_link=True)
    for zones in (2, 3):
        bill = bill_of(deployment, steady(ingress="1 MB/s", fanout=3, zones=zones), book, catalogue)
        # AWS: 0.01 an hour and 0.01 a GiB; once in and three times out
        assert {x.sku: x.cost for x in bill.lines if x.component == "network"} == {
            "aws.privatelink.endpoint": near(zones * 730 * 0.01),
            "aws.privatelink.data": near(4 * MB_MONTH_GIB * 0.01),
        }
    without = quantities(ConfluentEnterprise(region="us-east-1"), steady(), book, catalogue)
    assert not any(sku.startswith("aws.") for sku in without)


def test_dedicated_without_prices_of_the_user_names_every_missing_price(
    book: PriceBook, catalogue: Catalogue
) -> None:
    deployment = ConfluentDedicated(region="us-east-1")
    with pytest.raises(MissingPriceError, match=r"\[prices\.override\] \"confluent\.dedicated"):
        bill_of(deployment, steady(), book, catalogue)
    missing = missing_prices(deployment, steady(), book, catalogue)
    assert [error.sku for error in missing] == list(DEDICATED)


def test_each_line_of_dedicated_at_prices_of_the_user(
    book: PriceBook, catalogue: Catalogue
) -> None:
    own = PriceBook("list", as_of=book.as_of, overrides=DEDICATED)
    # 60 MB/s in for each CKU, at peak: 2 x 100 / 60 is 3.3
    load = steady(ingress="100 MB/s", peak_to_average=2, retention="6 h")
    bill = bill_of(ConfluentDedicated(region="us-east-1"), load, own, catalogue)
    assert bill.sizing.describe()["ckus"] == 4
    assert {x.sku: x.cost for x in bill.lines} == {
        "confluent.dedicated.cku": near(4 * 730 * 3),
        "confluent.dedicated.ingress": near(100 * MB_MONTH_GIB * 0.05),
        "confluent.dedicated.egress": near(100 * MB_MONTH_GIB * 0.04),
        "confluent.dedicated.storage": near(100e6 * 3600 * 6 / 2**30 * 3 * 0.1),
    }


@pytest.mark.parametrize(("variants", "ckus"), [({}, 152), ({MAX_CKUS: "invoice"}, 24)])
def test_the_maximum_of_ckus_of_dedicated_and_of_invoiced_clusters(
    variants: dict[str, str], ckus: int, book: PriceBook
) -> None:
    own = PriceBook("list", as_of=book.as_of, overrides=DEDICATED)
    chosen, deployment = Catalogue(as_of=book.as_of, variants=variants), ConfluentDedicated
    at, above = (
        bill_of(
            deployment(region="us-east-1"), steady(ingress=f"{60 * ckus + x} MB/s"), own, chosen
        )
        for x in (0, 1)
    )
    assert (at.sizing.count, at.infeasible) == (ckus, ())
    assert f"CKUs: at most {ckus} in one Dedicated cluster" in above.infeasible
