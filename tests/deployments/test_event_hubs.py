"""Azure Event Hubs: throughput, processing and capacity units, and included storage.

Prices are those of eastus on 2025-10-31, or of koreacentral where they are only there
(pricing/list/azure); capacities those of
https://learn.microsoft.com/en-us/azure/event-hubs/event-hubs-quotas (pricing/capacity/azure.csv).
"""

from typing import Any

import pytest

from kafkatco import (
    Catalogue,
    EventHubsDedicated,
    EventHubsPremium,
    EventHubsStandard,
    InputError,
    MissingPriceError,
    PriceBook,
    Workload,
)
from kafkatco.costing.bill import bill_of
from kafkatco.deployments import Deployment
from kafkatco.sizing.workload import Operands
from support.unchecked import unchecked

Kind = type[Any]  #: of a tier, whose fields differ
STANDARD = EventHubsStandard(region="eastus")
PREMIUM = EventHubsPremium(region="eastus")
DEDICATED = EventHubsDedicated(region="eastus")
MB_MONTH_GIB = 1e6 * 3600 * 730 / 2**30  # 1 MB/s for a month
MILLIONS = 3600 * 730 / 1e6  # one event a second for a month


def near(value: float) -> Any:
    return pytest.approx(value, rel=1e-9)


def steady(**fields: Any) -> Operands:
    base = {"ingress": "1 MB/s", "peak_to_average": 1, "retention": "1 h", "message_size": "10 kB"}
    return Workload(**{**base, **fields}).operands()


def costs(
    deployment: Deployment, load: Operands, book: PriceBook, catalogue: Catalogue
) -> dict[str, float]:
    return {line.sku: line.cost for line in bill_of(deployment, load, book, catalogue).lines}


def units(deployment: Deployment, load: Operands, catalogue: Catalogue) -> float:
    [candidate] = deployment.candidates(load, catalogue)
    return float(candidate.sizing.count)


def choosing(catalogue: Catalogue, attribute: str, option: str) -> Catalogue:
    variants = {f"azure.event-hubs.{attribute}": option}
    return Catalogue(as_of=catalogue.as_of, variants=variants)


def test_each_line_of_standard(book: PriceBook, catalogue: Catalogue) -> None:
    # 3 MB/s of 10 kB are 300 events a second; 3 TUs, which include 252 GiB
    load = steady(ingress="3 MB/s", fanout=2, retention="6 days")
    kept_gib = 3e6 * 86_400 * 6 / 2**30
    assert costs(STANDARD, load, book, catalogue) == {
        "azure.event-hubs.standard.throughput-unit": near(3 * 730 * 0.03),
        "azure.event-hubs.standard.events": near(300 * MILLIONS * 0.028),
        "azure.blob.hot-lrs.storage": near((kept_gib - 3 * 84) * 0.0208),
        "azure.bandwidth.inter-zone": 0.0,
    }


@pytest.mark.parametrize(
    ("below", "at", "above", "bottleneck"),
    [
        # 1 MB/s in, or 2 out
        ({"ingress": "0.9 MB/s"}, {"ingress": "1 MB/s"}, {"ingress": "1.1 MB/s"}, "throughput-in"),
        ({"fanout": 1.9}, {"fanout": 2}, {"fanout": 2.1}, "throughput-out"),
        # 1,000 events a second in: records of 100 bytes
        (
            {"ingress": "99 kB/s", "message_size": "100 B"},
            {"ingress": "100 kB/s", "message_size": "100 B"},
            {"ingress": "101 kB/s", "message_size": "100 B"},
            "events-in",
        ),
        # 4,096 events a second out
        (
            {"ingress": "100 kB/s", "message_size": "100 B", "fanout": 4},
            {"ingress": "100 kB/s", "message_size": "100 B", "fanout": 4.096},
            {"ingress": "100 kB/s", "message_size": "100 B", "fanout": 4.1},
            "events-out",
        ),
        # 1 kB on the wire is four records of 1 kB where they are compressed to a quarter
        (
            {"ingress": "249 kB/s", "message_size": "1 kB", "compression_ratio": 4},
            {"ingress": "250 kB/s", "message_size": "1 kB", "compression_ratio": 4},
            {"ingress": "251 kB/s", "message_size": "1 kB", "compression_ratio": 4},
            "events-in",
        ),
    ],
)
def test_the_capacity_of_one_throughput_unit(
    below: dict[str, Any],
    at: dict[str, Any],
    above: dict[str, Any],
    bottleneck: str,
    catalogue: Catalogue,
) -> None:
    assert [units(STANDARD, steady(**x), catalogue) for x in (below, at, above)] == [1, 1, 2]
    [candidate] = STANDARD.candidates(steady(**above), catalogue)
    assert candidate.sizing.bottleneck == bottleneck


def test_units_are_for_the_peak_and_events_for_the_average(
    book: PriceBook, catalogue: Catalogue
) -> None:
    by_sku = costs(STANDARD, steady(ingress="1 MB/s", peak_to_average=3), book, catalogue)
    assert by_sku["azure.event-hubs.standard.throughput-unit"] == near(3 * 730 * 0.03)
    assert by_sku["azure.event-hubs.standard.events"] == near(100 * MILLIONS * 0.028)


@pytest.mark.parametrize(
    ("size_kib", "events"), [(1, 1), (8, 1), (63, 1), (64, 1), (65, 2), (96, 2), (128, 2), (129, 3)]
)
def test_an_event_is_billed_for_each_started_64_kib(
    size_kib: int, events: int, book: PriceBook, catalogue: Catalogue
) -> None:
    # https://learn.microsoft.com/en-us/azure/event-hubs/event-hubs-faq: 8 KB one, 96 KB two
    load = steady(ingress="0.5 MiB/s", message_size=f"{size_kib} KiB")
    lines = bill_of(STANDARD, load, book, catalogue).lines
    [line] = [x for x in lines if x.sku == "azure.event-hubs.standard.events"]
    assert line.quantity == near(512 / size_kib * events * MILLIONS)


@pytest.mark.parametrize(("hours", "beyond_gib"), [(47, 0.0), (48, 0.0), (49, 42 / 24)])
def test_a_throughput_unit_includes_84_gib(
    hours: int, beyond_gib: float, book: PriceBook, catalogue: Catalogue
) -> None:
    load = steady(ingress="42 GiB/day", retention=f"{hours} h")
    by_sku = costs(STANDARD, load, book, catalogue)
    assert by_sku.get("azure.blob.hot-lrs.storage", 0.0) == near(beyond_gib * 0.0208)


def test_more_throughput_units_include_more(book: PriceBook, catalogue: Catalogue) -> None:
    load = steady(ingress="42 GiB/day", retention="7 days")
    for count in (1, 2, 3, 4):
        deployment = EventHubsStandard(region="eastus", units=count)
        by_sku = costs(deployment, load, book, catalogue)
        beyond_gib = max(42 * 7 - count * 84, 0)
        assert by_sku.get("azure.blob.hot-lrs.storage", 0.0) == near(beyond_gib * 0.0208)


def test_a_day_of_the_traffic_of_a_unit_is_always_included(
    book: PriceBook, catalogue: Catalogue
) -> None:
    # 1 MB/s x 86,400 s = 80.5 GiB
    by_sku = costs(STANDARD, steady(ingress="5 MB/s", retention="24 h"), book, catalogue)
    assert "azure.blob.hot-lrs.storage" not in by_sku


def test_storage_beyond_the_included_has_no_list_price_in_korea(
    book: PriceBook, catalogue: Catalogue
) -> None:
    korea = EventHubsStandard(region="koreacentral")
    assert bill_of(korea, steady(retention="24 h"), book, catalogue).total is not None
    with pytest.raises(MissingPriceError, match=r"azure\.blob\.hot-lrs\.storage"):
        bill_of(korea, steady(retention="7 days"), book, catalogue)


@pytest.mark.parametrize(
    ("kind", "at", "above", "reason"),
    [
        (
            EventHubsStandard,
            {"ingress": "40 MB/s"},
            {"ingress": "40.1 MB/s"},
            "TUs: at most 40 in the Standard tier",
        ),
        (
            EventHubsStandard,
            {"retention": "7 days"},
            {"retention": "169 h"},
            "retention: at most 7 days in the Standard tier",
        ),
        (
            EventHubsStandard,
            {"message_size": "1 MB"},
            {"message_size": "1 MiB"},
            "message size: at most 1 MB in the Standard tier",
        ),
        # 10 event hubs of 32 partitions
        (
            EventHubsStandard,
            {"partitions": 320},
            {"partitions": 321},
            "topics (event hubs of 32 partitions): at most 10 in the Standard tier",
        ),
        (
            EventHubsStandard,
            {"topics": 10},
            {"topics": 11},
            "topics (event hubs of 32 partitions): at most 10 in the Standard tier",
        ),
        # of the same size each: 64 and 65 partitions are 32 and 32.5 for each of two topics
        (
            EventHubsStandard,
            {"topics": 2, "partitions": 64},
            {"topics": 2, "partitions": 65},
            "partitions of each topic: at most 32 in the Standard tier",
        ),
        (
            EventHubsStandard,
            {"connections": 5000},
            {"connections": 5001},
            "connections: at most 5,000 in the Standard tier",
        ),
        (
            EventHubsPremium,
            {"topics": 1, "partitions": 100},
            {"topics": 1, "partitions": 101},
            "partitions of each topic: at most 100 in the Premium tier",
        ),
        # 100 topics for each of 16 PUs
        (
            EventHubsPremium,
            {"topics": 1600},
            {"topics": 1601},
            "PUs: at most 16 in the Premium tier",
        ),
        # 16 PUs of 10 MB/s out
        (
            EventHubsPremium,
            {"ingress": "40 MB/s", "fanout": 4},
            {"ingress": "40 MB/s", "fanout": 4.1},
            "PUs: at most 16 in the Premium tier",
        ),
        # 16 PUs of 5 MB/s; 20 CUs of 100 MB/s, of which 70 %
        (
            EventHubsPremium,
            {"ingress": "80 MB/s"},
            {"ingress": "80.1 MB/s"},
            "PUs: at most 16 in the Premium tier",
        ),
        (
            EventHubsPremium,
            {"retention": "90 days"},
            {"retention": "91 days"},
            "retention: at most 90 days in the Premium tier",
        ),
        (
            EventHubsPremium,
            {"message_size": "1 MB"},
            {"message_size": "1 MiB"},
            "message size: at most 1 MB in the Premium tier",
        ),
        (
            EventHubsDedicated,
            {"ingress": "1400 MB/s"},
            {"ingress": "1401 MB/s"},
            "CUs: at most 20 in the Dedicated tier",
        ),
        (
            EventHubsDedicated,
            {"retention": "90 days"},
            {"retention": "91 days"},
            "retention: at most 90 days in the Dedicated tier",
        ),
    ],
)
def test_a_quota_is_feasible_and_above_it_infeasible(
    kind: Kind,
    at: dict[str, Any],
    above: dict[str, Any],
    reason: str,
    book: PriceBook,
    catalogue: Catalogue,
) -> None:
    still, not_any_more = (
        bill_of(kind(region="eastus"), steady(**x), book, catalogue) for x in (at, above)
    )
    assert still.infeasible == ()
    assert (not_any_more.infeasible, not_any_more.total) == ((reason,), None)


@pytest.mark.parametrize(
    ("deployment", "at", "above", "reason"),
    [
        # 2 x 1 MB/s; 2 x 5 MB/s; 100 MB/s, without the margin that a plan keeps
        (
            EventHubsStandard(region="eastus", units=2),
            "2 MB/s",
            "2.1 MB/s",
            "TUs: 2 cannot sustain the average",
        ),
        (
            EventHubsPremium(region="eastus", units=2),
            "10 MB/s",
            "10.1 MB/s",
            "PUs: 2 cannot sustain the average",
        ),
        (
            EventHubsDedicated(region="eastus", units=1),
            "100 MB/s",
            "100.1 MB/s",
            "CUs: 1 cannot sustain the average",
        ),
    ],
)
def test_a_fixed_number_of_units_must_carry_the_average_and_not_the_peak(
    deployment: Deployment, at: str, above: str, reason: str, book: PriceBook, catalogue: Catalogue
) -> None:
    still = bill_of(deployment, steady(ingress=at, peak_to_average=5), book, catalogue)
    assert still.infeasible == ()
    assert bill_of(deployment, steady(ingress=above), book, catalogue).infeasible == (reason,)


def test_the_kafka_endpoint_is_charged_only_in_its_variant(
    book: PriceBook, catalogue: Catalogue
) -> None:
    sku = "azure.event-hubs.standard.kafka-endpoint"
    assert sku not in costs(STANDARD, steady(), book, catalogue)
    charged = choosing(catalogue, "standard.kafka_endpoints", "charged")
    assert costs(STANDARD, steady(), book, charged)[sku] == near(730 * 0.09)  # 65.70


def test_capture_is_charged_for_each_unit_or_for_the_namespace(
    book: PriceBook, catalogue: Catalogue
) -> None:
    sku, load = "azure.event-hubs.standard.capture", steady(ingress="20 MB/s")
    deployment = EventHubsStandard(region="eastus", capture=True)
    assert sku not in costs(STANDARD, load, book, catalogue)
    # infracost's golden of 2024-07 has 20 TUs at 1,460 USD for 730 h
    assert costs(deployment, load, book, catalogue)[sku] == near(1460)
    namespace = choosing(catalogue, "standard.capture_per_unit", "namespace")
    assert costs(deployment, load, book, namespace)[sku] == near(73)


@pytest.mark.parametrize("kind", [EventHubsPremium, EventHubsDedicated])
def test_capture_is_included_in_the_higher_tiers(
    kind: Kind, book: PriceBook, catalogue: Catalogue
) -> None:
    with_it, without = (
        costs(kind(region="eastus", capture=x), steady(), book, catalogue) for x in (True, False)
    )
    assert with_it == without


@pytest.mark.parametrize(
    ("rate", "count"),
    [
        (0, 1),
        (5, 1),
        (5.1, 2),
        (10, 2),
        (10.1, 4),
        (20, 4),
        (20.1, 6),
        (30, 6),
        (30.1, 8),
        (40, 8),
        (40.1, 10),
        (50, 10),
        (50.1, 12),
        (60, 12),
        (60.1, 16),
        (80, 16),
    ],
)
def test_processing_units_are_sold_in_sizes(rate: float, count: int, catalogue: Catalogue) -> None:
    assert units(PREMIUM, steady(ingress=f"{rate} MB/s"), catalogue) == count


@pytest.mark.parametrize(
    ("deployment", "at", "above"),
    [
        (PREMIUM, {"partitions": 200}, {"partitions": 201}),
        (PREMIUM, {"connections": 10_000}, {"connections": 10_001}),
        (PREMIUM, {"topics": 100}, {"topics": 101}),
        (PREMIUM, {"fanout": 10}, {"fanout": 10.1}),
        (DEDICATED, {"partitions": 2000}, {"partitions": 2001}),
        (DEDICATED, {"connections": 100_000}, {"connections": 100_001}),
        # 70 % of 100 MB/s in and of 200 out
        (DEDICATED, {"ingress": "70 MB/s"}, {"ingress": "70.1 MB/s"}),
        (DEDICATED, {"ingress": "50 MB/s", "fanout": 2.8}, {"ingress": "50 MB/s", "fanout": 2.9}),
    ],
)
def test_the_capacity_of_one_unit_of_the_higher_tiers(
    deployment: Deployment, at: dict[str, Any], above: dict[str, Any], catalogue: Catalogue
) -> None:
    assert [units(deployment, steady(**x), catalogue) for x in (at, above)] == [1, 2]


def test_a_processing_unit_carries_twice_as_much_in_its_upper_variant(catalogue: Catalogue) -> None:
    # 5 to 10 MB/s in, 10 to 20 MB/s out
    ingress = choosing(catalogue, "premium.ingress_per_unit", "upper")
    egress = choosing(catalogue, "premium.egress_per_unit", "upper")
    for rate, count in ((10, 1), (10.1, 2)):
        assert units(PREMIUM, steady(ingress=f"{rate} MB/s", fanout=0), ingress) == count
    for fanout, count in ((20, 1), (20.1, 2)):
        assert units(PREMIUM, steady(fanout=fanout), egress) == count


def test_premium_cannot_serve_the_reads_of_a_bank(book: PriceBook, catalogue: Catalogue) -> None:
    # 40 MB/s, twice that at peak, read four times: 320 MB/s out are 32 PUs of 10 MB/s
    load = Workload(ingress="40 MB/s", fanout=4, retention="7 days", partitions=3000).operands()
    bill = bill_of(EventHubsPremium(region="koreacentral"), load, book, catalogue)
    assert bill.sizing.requirements["throughput-out"] == near(32)
    assert bill.infeasible == ("PUs: at most 16 in the Premium tier",)


def test_topics_beyond_a_namespace_need_more_namespaces(
    book: PriceBook, catalogue: Catalogue
) -> None:
    # 10 event hubs for each namespace
    many = EventHubsStandard(region="eastus", clusters="as-needed")
    bill = bill_of(many, steady(topics=40), book, catalogue)
    assert bill.sizing.details["clusters"] == 4


def test_unknown_topics_have_as_many_partitions_as_possible(
    book: PriceBook, catalogue: Catalogue
) -> None:
    # 320 partitions fit into 10 event hubs of 32, and not into 40 topics
    one = bill_of(STANDARD, steady(partitions=320), book, catalogue)
    forty = bill_of(STANDARD, steady(partitions=320, topics=40), book, catalogue)
    assert (one.infeasible, len(forty.infeasible)) == ((), 1)


@pytest.mark.parametrize("deployment", [STANDARD, PREMIUM, DEDICATED])
def test_the_limit_of_requests_is_unknown(deployment: Deployment, catalogue: Catalogue) -> None:
    reasons = ("requests: the limit is not published",)
    assert unchecked(deployment, steady(requests=1), catalogue) == reasons
    assert unchecked(deployment, steady(), catalogue) == ()


def test_utilisation_of_a_capacity_unit(catalogue: Catalogue) -> None:
    whole = EventHubsDedicated(region="eastus", utilisation=1)
    cautious = choosing(catalogue, "dedicated.ingress_per_unit", "cautious")
    assert [units(whole, steady(ingress=x), catalogue) for x in ("100 MB/s", "101 MB/s")] == [1, 2]
    # 70 % of 20 MB/s
    assert [units(DEDICATED, steady(ingress=x), cautious) for x in ("14 MB/s", "15 MB/s")] == [1, 2]


@pytest.mark.parametrize("count", [3, 5, 7, 9, 11, 13, 14, 15, 17, 32])
def test_a_number_of_processing_units_that_is_not_for_sale_is_an_error(count: int) -> None:
    with pytest.raises(InputError, match="1, 2, 4, 6, 8, 10, 12 or 16 processing units"):
        EventHubsPremium(region="eastus", units=count)


@pytest.mark.parametrize("count", [1, 2, 4, 6, 8, 10, 12, 16])
def test_a_number_that_is_for_sale_is_also_a_size_of_the_sizing(
    count: int, catalogue: Catalogue
) -> None:
    load = steady(partitions=200 * count)
    assert units(PREMIUM, load, catalogue) == count
    assert units(EventHubsPremium(region="eastus", units=count), load, catalogue) == count


@pytest.mark.parametrize(
    ("deployment", "unit", "price", "a_day", "beyond"),
    [
        # 1,000 GiB for a PU and 10,000 for a CU: ten days of so much
        (PREMIUM, "processing-unit", 1.027, 100, "azure.event-hubs.premium.retention"),
        (DEDICATED, "capacity-unit", 6.849, 1000, "azure.event-hubs.dedicated.retention"),
    ],
)
def test_each_line_of_the_higher_tiers(
    deployment: Deployment,
    unit: str,
    price: float,
    a_day: int,
    beyond: str,
    book: PriceBook,
    catalogue: Catalogue,
) -> None:
    for days, beyond_gib in ((10, 0), (11, a_day)):
        load = steady(ingress=f"{a_day} GiB/day", retention=f"{days} days")
        by_sku = costs(deployment, load, book, catalogue)
        assert by_sku.pop(beyond, 0.0) == near(beyond_gib * 0.1)
        assert by_sku == {
            beyond.replace("retention", unit): near(730 * price),
            "azure.bandwidth.inter-zone": 0.0,
        }


def test_a_terabyte_that_is_included_may_be_binary(book: PriceBook, catalogue: Catalogue) -> None:
    binary = choosing(catalogue, "premium.included_storage", "binary")
    load = steady(ingress="100 GiB/day", retention="11 days")
    by_sku = costs(PREMIUM, load, book, binary)
    assert by_sku["azure.event-hubs.premium.retention"] == near((1100 - 1024) * 0.1)


@pytest.mark.parametrize("kind", [EventHubsPremium, EventHubsDedicated])
def test_higher_tiers_replicate_every_byte_to_each_region(
    kind: Kind, book: PriceBook, catalogue: Catalogue
) -> None:
    by_sku = costs(kind(region="koreacentral"), steady(replica_regions=2), book, catalogue)
    assert by_sku["azure.event-hubs.geo-replication"] == near(2 * MB_MONTH_GIB * 0.12)


def test_standard_replicates_with_mirror_maker(book: PriceBook, catalogue: Catalogue) -> None:
    # a D2s_v5 of 0.096 an hour copies 2 x 10 MB/s; two for each region and namespace at least
    for rate, workers in ((1, 4), (40, 4), (60, 4)):
        load = steady(ingress=f"{rate} MB/s", replica_regions=1)
        by_sku = costs(EventHubsStandard(region="eastus", clusters=2), load, book, catalogue)
        assert by_sku["azure.vm.D2s_v5"] == near(workers * 730 * 0.096)
        assert by_sku["azure.bandwidth.inter-region"] == near(rate * MB_MONTH_GIB * 0.02)


@pytest.mark.parametrize("deployment", [STANDARD, PREMIUM, DEDICATED])
def test_a_schema_registry_is_included(
    deployment: Deployment, book: PriceBook, catalogue: Catalogue
) -> None:
    with_it, without = (
        costs(deployment, steady(schema_registry=x), book, catalogue) for x in (True, False)
    )
    assert with_it == without


def test_bytes_between_zones_are_free_by_default(book: PriceBook, catalogue: Catalogue) -> None:
    metered = PriceBook(
        "list", as_of=book.as_of, variants={"azure.bandwidth.inter-zone": "metered"}
    )
    load = steady(ingress="1 MB/s", fanout=1)
    # written and read once, 2/3 each to another zone, on both sides
    assert costs(STANDARD, load, metered, catalogue)["azure.bandwidth.inter-zone"] == near(
        4 / 3 * 2 * MB_MONTH_GIB * 0.01
    )
    assert costs(STANDARD, load, book, catalogue)["azure.bandwidth.inter-zone"] == 0.0


def test_two_namespaces_cost_as_much_as_two_halves(book: PriceBook, catalogue: Catalogue) -> None:
    # 3 MB/s are 3 TUs; 1.5 MB/s are 2 in each of two
    two = EventHubsStandard(region="eastus", clusters=2, capture=True)
    half = EventHubsStandard(region="eastus", capture=True)
    by_sku = costs(two, steady(ingress="3 MB/s"), book, catalogue)
    assert by_sku["azure.event-hubs.standard.throughput-unit"] == near(4 * 730 * 0.03)
    each = costs(half, steady(ingress="1.5 MB/s"), book, catalogue)
    assert by_sku == {sku: near(2 * cost) for sku, cost in each.items()}


def test_as_many_namespaces_as_needed(book: PriceBook, catalogue: Catalogue) -> None:
    # 60.5 MB/s: 2 x 31 TUs are fewer than 3 x 21, and no namespace has 61
    load = steady(ingress="60.5 MB/s")
    many = EventHubsStandard(region="eastus", clusters="as-needed")
    bill = bill_of(many, load, book, catalogue)
    assert (bill.sizing.details["clusters"], bill.sizing.count) == (2, 62)
    assert bill_of(STANDARD, load, book, catalogue).infeasible == (
        "TUs: at most 40 in the Standard tier",
    )
