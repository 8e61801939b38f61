"""Aiven: plans with their disks, throughput and caps, and prices by usage."""

import datetime as dt
from typing import Any

import pytest

from kafkatco import (
    Aiven,
    Catalogue,
    InputError,
    KafkatcoError,
    MissingPriceError,
    PriceBook,
    Workload,
)
from kafkatco.costing.bill import bill_of
from support.plain import PLAIN
from support.unchecked import unchecked

#: Usage prices are of 2026-08-26.
LATER = PriceBook("list", as_of="2026-10-31", assumptions=PLAIN)
LATER_CATALOGUE = LATER.catalogue()


def plan(name: str, **changes: Any) -> Aiven:
    return Aiven(region="us-east-1", plan=name, **changes)


def light(**changes: Any) -> Workload:
    """Return 1 kB/s, which every plan can handle."""
    return Workload(**{"ingress": "1 kB/s", "retention": "1 h", "peak_to_average": 1.0, **changes})


@pytest.mark.parametrize(
    ("name", "price"), [("startup-2", 200), ("business-4", 500), ("premium-6x-8", 1900)]
)
@pytest.mark.parametrize("month_hours", [672.0, 730.0, 744.0])
def test_a_plan_has_one_price_per_month(
    name: str, price: float, month_hours: float, book: PriceBook, catalogue: Catalogue
) -> None:
    load = light().operands(month_hours=month_hours)
    bill = bill_of(plan(name), load, book, catalogue)
    assert [line.cost for line in bill.lines] == [pytest.approx(price)]


@pytest.mark.parametrize(
    ("name", "disk_gb", "days"), [("startup-2", 90, 1.0), ("business-4", 600, 7.0)]
)
@pytest.mark.parametrize(("factor", "able"), [(0.999, True), (1.0, True), (1.001, False)])
def test_the_disk_limits_a_plan(
    name: str,
    disk_gb: float,
    days: float,
    factor: float,
    able: bool,
    book: PriceBook,
    catalogue: Catalogue,
) -> None:
    # three copies, with a tenth of the disk kept free
    once_gb = disk_gb * 0.9 / 3 * factor
    load = Workload(
        ingress=f"{once_gb / days!r} GB/day", retention=f"{days} days", peak_to_average=1.0
    )
    bill = bill_of(plan(name), load.operands(), book, catalogue)
    full = (f"disk: at most {disk_gb:g} GB in this plan",)
    assert bill.infeasible == (() if able else full)


def test_a_disk_may_have_no_headroom(book: PriceBook, catalogue: Catalogue) -> None:
    # 30 GB in three copies are the 90 GB of startup-2
    load = Workload(ingress="30 GB/day", retention="1 day", peak_to_average=1.0).operands()
    assert bill_of(plan("startup-2", disk_headroom=0), load, book, catalogue).total == 200
    assert bill_of(plan("startup-2"), load, book, catalogue).total is None


@pytest.mark.parametrize(("factor", "able"), [(0.999, True), (1.0, True), (1.001, False)])
def test_cheapest_assumes_ten_megabytes_per_second_per_vcpu(factor: float, able: bool) -> None:
    # 3 written + 0.25 x (2 replicas + 2 readers) sent = 4 write-equivalents a byte, at peak; all
    # that come into question have 3 x 2 vCPUs
    rate = 6 * 10 / 4 / 2 * factor
    load = light(ingress=f"{rate!r} MB/s", fanout=2, peak_to_average=2.0, retention="1 min")
    bill = bill_of(plan("cheapest"), load.operands(), LATER, LATER_CATALOGUE)
    slow = ("throughput at peak: more than 6 vCPUs carry (assumption)",)
    assert bill.infeasible == (() if able else slow)


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        # 500 replicas and 1,500 connections a vCPU; all that come into question have 3 x 2
        ({"partitions": 1000}, ""),
        ({"partitions": 1001}, "partitions: more than 6 vCPUs carry (assumption)"),
        ({"topics": 1001}, "partitions: more than 6 vCPUs carry (assumption)"),
        ({"partitions": 3000, "replication_factor": 1}, ""),
        ({"connections": 9000}, ""),
        ({"connections": 9001}, "connections: more than 6 vCPUs carry (assumption)"),
    ],
)
def test_cheapest_assumes_what_a_vcpu_carries(fields: dict[str, Any], reason: str) -> None:
    bill = bill_of(plan("cheapest"), light(**fields).operands(), LATER, LATER_CATALOGUE)
    assert bill.infeasible == ((reason,) if reason else ())
    # of a plan that is named, the assumption makes the cost a floor
    for name in ("startup-2", "business-4", "usage"):
        load = light(**fields).operands()
        assert bill_of(plan(name), load, LATER, LATER_CATALOGUE).infeasible == ()
        assert unchecked(plan(name), load, LATER_CATALOGUE) == ((reason,) if reason else ())


def test_a_cautious_vcpu_has_half_of_the_replicas() -> None:
    variant = {"aiven.plan.replicas_per_vcpu": "cautious"}
    cautious = PriceBook("list", as_of="2026-10-31", variants=variant)
    for partitions, able in ((500, True), (501, False)):
        load = light(partitions=partitions).operands()
        assert (bill_of(plan("cheapest"), load, cautious).total is not None) is able


@pytest.mark.parametrize(
    ("name", "vcpu"), [("startup-2", 6), ("business-4", 6), ("premium-6x-8", 24), ("usage", 6)]
)
def test_assumptions_do_not_limit_a_named_plan(name: str, vcpu: int) -> None:
    load = light(ingress="100 MB/s", retention="1 s").operands()
    assert bill_of(plan(name), load, LATER, LATER_CATALOGUE).infeasible == ()
    slow = f"throughput at peak: more than {vcpu} vCPUs carry (assumption)"
    disk = ("disk: the limit is not published",) if name == "premium-6x-8" else ()
    assert unchecked(plan(name), load, LATER_CATALOGUE) == (slow, *disk)


@pytest.mark.parametrize("name", ["startup-2", "usage", "cheapest"])
def test_the_limit_of_requests_is_unknown(name: str) -> None:
    load = light(requests=1).operands()
    for candidate in plan(name).choices(load, LATER_CATALOGUE):
        reasons = [limit.reason for limit in candidate.unchecked if limit.exceeded]
        assert reasons == ["requests: the limit is not published"]


@pytest.mark.parametrize(
    ("fields", "reasons"),
    [
        # 250 KiB/s in and 250 KiB/s out
        ({"ingress": "250 KiB/s"}, ()),
        ({"ingress": "250.1 KiB/s"}, ("ingress at peak", "egress at peak")),
        ({"ingress": "125.1 KiB/s", "peak_to_average": 2.0, "fanout": 0}, ("ingress at peak",)),
        ({"ingress": "125 KiB/s", "fanout": 2}, ()),
        ({"ingress": "125 KiB/s", "fanout": 2.1}, ("egress at peak",)),
        ({"retention": "3 days"}, ()),
        ({"retention": "73 h"}, ("retention",)),
        ({"topics": 5}, ()),
        ({"topics": 6}, ("topics",)),
    ],
)
def test_the_free_plan_has_caps(
    fields: dict[str, Any], reasons: tuple[str, ...], book: PriceBook, catalogue: Catalogue
) -> None:
    bill = bill_of(plan("free"), light(**fields).operands(), book, catalogue)
    assert tuple(reason.partition(":")[0] for reason in bill.infeasible) == reasons
    assert bill.total == (None if reasons else 0)


@pytest.mark.parametrize(
    ("fields", "reasons"),
    [
        ({"ingress": "1 MB/s"}, ()),
        ({"ingress": "1.001 MB/s"}, ("ingress at peak",)),
        ({"ingress": "0.6 MB/s", "peak_to_average": 2.0}, ("ingress at peak",)),
        ({"fanout": 2, "ingress": "1 MB/s"}, ()),
        ({"fanout": 2.1, "ingress": "1 MB/s"}, ("egress at peak",)),
        ({"replication_factor": 2}, ("replication factor",)),
        ({"retention": "3 days"}, ()),
        ({"retention": "73 h"}, ("retention",)),
        ({"partitions": 2000}, ()),
        ({"partitions": 2001}, ("partitions",)),
        ({"topics": 20}, ()),
        ({"topics": 21}, ("topics",)),
    ],
)
def test_the_developer_plan_has_one_copy_and_a_megabyte_a_second(
    fields: dict[str, Any], reasons: tuple[str, ...]
) -> None:
    load = light(**{"replication_factor": 1, **fields}).operands()
    bill = bill_of(plan("developer"), load, LATER, LATER_CATALOGUE)
    assert tuple(reason.partition(":")[0] for reason in bill.infeasible) == reasons
    assert bill.total == (None if reasons else 35)


@pytest.mark.parametrize(
    ("name", "fields", "reasons"),
    [
        # 5 topics of two partitions; a day of retention in the price of 35 USD
        ("free", {"partitions": 10}, ()),
        ("free", {"partitions": 11}, ("partitions: at most 10 in this plan",)),
        (
            "free",
            {"partitions": 10, "connections": 1},
            ("connections: the limit is not published",),
        ),
        ("developer", {"retention": "24 h"}, ()),
        (
            "developer",
            {"retention": "25 h"},
            ("retention in the price: at most 1 day in this plan",),
        ),
        ("developer", {"connections": 1}, ("connections: the limit is not published",)),
    ],
)
def test_what_is_not_published_of_a_small_plan_makes_a_floor(
    name: str, fields: dict[str, Any], reasons: tuple[str, ...]
) -> None:
    load = light(replication_factor=1, **fields).operands()
    assert bill_of(plan(name), load, LATER, LATER_CATALOGUE).infeasible == ()
    assert unchecked(plan(name), load, LATER_CATALOGUE) == reasons


def test_the_developer_plan_is_of_april_2026() -> None:
    load = light(replication_factor=1).operands()
    before, since = dt.date(2026, 4, 27), dt.date(2026, 4, 28)
    assert (
        bill_of(plan("developer"), load, PriceBook("list", as_of=since, assumptions=PLAIN)).total
        == 35
    )
    with pytest.raises(MissingPriceError, match=r"aiven\.plan\.developer"):
        bill_of(plan("developer"), load, PriceBook("list", as_of=before))


@pytest.mark.parametrize(
    ("topics", "ingress", "egress"), [("classic", 0.02, 0.04), ("diskless", 0.01, 0.03)]
)
def test_usage_is_billed_by_what_streams(topics: str, ingress: float, egress: float) -> None:
    load = Workload(ingress="5 MiB/s", fanout=3, retention="1 day").operands()
    bill = bill_of(plan("usage", topics=topics), load, LATER, LATER_CATALOGUE)
    written = 5 * 3600 * 730 / 1024
    assert [line.cost for line in bill.lines] == pytest.approx(
        [235, written * ingress, 3 * written * egress, 5 * 86_400 / 1024 * 0.10]
    )


def test_usage_stores_one_copy() -> None:
    stored = [
        bill_of(plan("usage"), light(replication_factor=copies).operands(), LATER, LATER_CATALOGUE)
        .lines[-1]
        .quantity
        for copies in (1, 3)
    ]
    assert stored[0] == stored[1]


def test_usage_has_no_price_before_it_began() -> None:
    load = light().operands()
    assert bill_of(plan("usage"), load, PriceBook("list", as_of="2026-08-26")).total is not None
    with pytest.raises(MissingPriceError, match=r"aiven\.usage\.compute"):
        bill_of(plan("usage"), load, PriceBook("list", as_of="2026-08-25"))


def test_cheapest_chooses_from_usage_and_production_plans() -> None:
    # startup-2 is 200 USD, the least compute of usage alone 235
    bill = bill_of(plan("cheapest"), light().operands(), LATER, LATER_CATALOGUE)
    assert bill.total == pytest.approx(200)
    assert bill.sizing.details["plan"] == "startup-2"
    # 1 MiB/s for three days in three copies is more than 90 GB: 235 + 51.33 + 102.66 + 25.31 of
    # usage are less than the 500 of business-4, whose 600 GB could hold it
    more = Workload(ingress="1 MiB/s", retention="3 days").operands()
    bill = bill_of(plan("cheapest"), more, LATER, LATER_CATALOGUE)
    written = 3600 * 730 / 1024
    stored = 3 * 86_400 / 1024
    usage = 235 + written * (0.02 + 0.04) + stored * 0.10
    assert bill.sizing.details["plan"] == "usage"
    assert bill.total == pytest.approx(usage)


def test_cheapest_counts_plans_without_a_price(book: PriceBook, catalogue: Catalogue) -> None:
    bill = bill_of(plan("cheapest"), light().operands(), book, catalogue)
    assert bill.total == 200
    assert "1 more has no price" in bill.sizing.details["chosen"]


def test_the_schema_registry_is_included() -> None:
    with_registry = light(schema_registry=True).operands()
    assert bill_of(plan("startup-2"), with_registry, LATER, LATER_CATALOGUE).total == 200


def test_an_unknown_plan_names_the_nearest(book: PriceBook, catalogue: Catalogue) -> None:
    with pytest.raises(KafkatcoError, match="Did you mean 'business-4'"):
        bill_of(plan("buisness-4"), light().operands(), book, catalogue)


def test_a_plan_cannot_have_a_commitment() -> None:
    with pytest.raises(InputError, match="nobody sells a commitment for this kind"):
        plan("business-4", commitment="1-year")


def test_the_trial_credit_pays_300_dollars_within_30_days() -> None:
    # business-4 charges 500 x 720 / 730 = 493.15 in its 30 days, of which 300 are paid
    bill = bill_of(plan("business-4", credit="trial"), light().operands(), LATER, LATER_CATALOGUE)
    assert bill.total == 500
    assert bill.one_off_total == -300
    # startup-2 charges 200 x 720 / 730 = 197.26
    bill = bill_of(plan("startup-2", credit="trial"), light().operands(), LATER, LATER_CATALOGUE)
    assert bill.one_off_total == pytest.approx(-200 * 720 / 730)
