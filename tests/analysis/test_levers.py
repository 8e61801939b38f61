"""Levers: each saving is the difference of two bills, and the best of all is the best of all."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kafkatco import (
    Aiven,
    ConfluentBasic,
    ConfluentDedicated,
    EventHubsDedicated,
    GoogleManagedKafka,
    InputError,
    Labour,
    Levers,
    MskExpress,
    MskServerless,
    MskStandard,
    PriceBook,
    SelfHosted,
    Targets,
    Workload,
    bill,
    levers,
    tuned,
)
from kafkatco.analysis.lever_settings import Option, Setting, Written, settings_of
from kafkatco.analysis.levers import MOST_NOTED, Lever, OptionLevers, with_levers
from kafkatco.costing.bill import bill_of
from kafkatco.deployments import Deployment
from support.plain import PLAIN

BOOK = PriceBook("list", as_of="2026-10-31")
LOAD = Workload(ingress="50 MB/s", fanout=3, retention="7 days", partitions=200)
SMALL = LOAD.replace(ingress="20 MB/s")
OURS = SelfHosted(name="ours", region="us-east-1", instance="m5.2xlarge", labour=Labour())
#: Options of several kinds, with few enough combinations to try each.
OPTIONS: tuple[Deployment, ...] = (
    OURS,
    OURS.replace(name="fixed", brokers=30),
    OURS.replace(name="two", clusters=2, failure_margin="zone"),
    SelfHosted(name="on premises", cloud="on-prem", region="kr"),
    SelfHosted(name="tiered", cloud="gcp", region="us-central1", tiered=True),
    MskStandard(
        region="us-east-1", instance="kafka.m7g.4xlarge", labour=Labour(), disk_headroom=0.4
    ),
    MskExpress(region="us-east-1", clusters=3),
    MskServerless(region="us-east-1"),
    GoogleManagedKafka(region="us-central1"),
    EventHubsDedicated(region="eastus"),
    Aiven(region="us-east-1", access="nat"),
    ConfluentBasic(region="us-east-1", access="nat"),
)
SLOW = settings(deadline=None, max_examples=15, suppress_health_check=[HealthCheck.too_slow])


def of(option: Deployment, load: Workload = LOAD, **others: Any) -> OptionLevers:
    [found] = levers(load, [option], BOOK, **others)
    return found


def alone(found: OptionLevers, name: str) -> Lever:
    """Return the lever of a name, of alternatives the one that saves most."""
    return next(lever for lever in found.levers if lever.name == name)


def total(load: Workload, option: Deployment, book: PriceBook = BOOK) -> float:
    [one] = bill(load, [option], book)
    assert one.total is not None
    assert not one.is_floor
    return one.total


@pytest.mark.parametrize(
    ("name", "option", "changed", "load", "changed_load"),
    [
        ("follower-fetch", OURS, OURS, LOAD, LOAD.replace(follower_fetch=1.0)),
        (
            "tiering",
            OURS,
            OURS.replace(tiered=True),
            LOAD,
            LOAD.replace(local_retention="12 hours"),
        ),
        (
            "local-retention",
            OURS.replace(tiered=True),
            OURS.replace(tiered=True),
            LOAD.replace(local_retention="2 days"),
            LOAD.replace(local_retention="12 hours"),
        ),
        ("disk-headroom", OURS, OURS.replace(disk_headroom=0.4), LOAD, LOAD),
        ("instance", OURS, OURS.replace(instance="cheapest"), LOAD, LOAD),
        (
            "access",
            ConfluentDedicated(region="us-east-1", access="nat"),
            ConfluentDedicated(region="us-east-1", access="private-link"),
            LOAD,
            LOAD,
        ),
        (
            "clusters",
            MskExpress(region="us-east-1", clusters=3, labour=Labour()),
            MskExpress(region="us-east-1", clusters=1, labour=Labour()),
            LOAD,
            LOAD,
        ),
        ("commitment", OURS, OURS.replace(commitment="1-year"), LOAD, LOAD),
        # half the bytes on the wire, since producers compress 2 to 1 instead of not at all
        ("compression", OURS, OURS, LOAD, LOAD.replace(ingress="25 MB/s", compression_ratio=2.0)),
        ("retention", OURS, OURS, LOAD, LOAD.replace(retention="84 hours")),
        ("replication-factor", OURS, OURS, LOAD, LOAD.replace(replication_factor=2)),
        ("brokers", OURS.replace(brokers=60), OURS, LOAD, LOAD),
        (
            "utilisation",
            MskStandard(region="us-east-1", utilisation=0.3),
            MskStandard(region="us-east-1", utilisation=0.7),
            LOAD.replace(ingress="100 MB/s"),
            LOAD.replace(ingress="100 MB/s"),
        ),
        (
            "failure-margin",
            OURS,
            OURS.replace(failure_margin="none"),
            LOAD.replace(ingress="300 MB/s", retention="1 hour"),
            LOAD.replace(ingress="300 MB/s", retention="1 hour"),
        ),
    ],
)
def test_a_saving_is_the_difference_of_two_bills(
    name: str, option: Deployment, changed: Deployment, load: Workload, changed_load: Workload
) -> None:
    book = BOOK
    if isinstance(option, ConfluentDedicated):  # Confluent publishes no price of Dedicated
        units = ("cku", "hour"), ("ingress", "GiB"), ("egress", "GiB"), ("storage", "GiB/month")
        prices = {f"confluent.dedicated.{one}": f"1 USD/{unit}" for one, unit in units}
        book = PriceBook("list", as_of="2026-10-31", overrides=prices)
    [found] = levers(load, [option], book, together=False)
    before, after = total(load, option, book), total(changed_load, changed, book)
    totals = [one.total for one in found.levers if one.name == name]
    assert after < before
    assert any(value == pytest.approx(after, rel=1e-12) for value in totals)
    for lever in found.levers:
        assert lever.before == pytest.approx(before, rel=1e-12)
        assert 0.0 < lever.saving < before


#: Options with few enough combinations to price each of them by a bill of its own.
FEW: tuple[Any, ...] = (
    pytest.param(
        OURS.replace(tiered=True, utilisation=0.7, failure_margin="none", commitment="1-year"),
        SMALL.replace(
            follower_fetch=1.0, compression_ratio=2.0, replication_factor=2, local_retention="1 day"
        ),
    ),
    (
        SelfHosted(
            name="fixed",
            cloud="gcp",
            region="us-central1",
            brokers=9,
            instance="n2-standard-8",
            failure_margin="none",
            utilisation=0.7,
        ),
        SMALL.replace(compression_ratio=2.0, replication_factor=2, follower_fetch=1.0),
    ),
    pytest.param(
        SelfHosted(
            name="tiered", cloud="azure", region="eastus", tiered=True, failure_margin="zone"
        ),
        SMALL.replace(local_retention="1 day", follower_fetch=1.0, replication_factor=2),
        marks=pytest.mark.slow,
    ),
    (MskStandard(region="us-east-1"), SMALL.replace(compression_ratio=2.0)),
    *((option, SMALL) for option in OPTIONS if option.label not in ("ours", "fixed", "two")),
)


@pytest.mark.parametrize(("option", "load"), FEW)
def test_together_is_the_best_of_all_combinations_that_there_are(
    option: Deployment, load: Workload
) -> None:
    written = at(option, load)
    every = settings_of(written)
    found = of(option, load)
    base = written.bill.total
    for together, some in (
        (found.together, every),
        (found.same_service, [one for one in every if one.keeps_service]),
    ):
        least = min(_each_total(option, load, some), default=None)
        best = base if together is None else together.total
        assert best == (None if least is None else pytest.approx(least, rel=1e-9))


def _each_total(option: Deployment, load: Workload, some: Any) -> list[float]:
    """Return the total of every combination, each by a bill of its own."""
    by_lever: dict[str, list[Setting | None]] = {}
    for one in some:
        by_lever.setdefault(one.lever, [None]).append(one)
    totals = []
    catalogue = BOOK.catalogue()
    for chosen in product(*by_lever.values()):
        made = [one for one in chosen if one is not None]
        fields = {name: value for one in made for name, value in one.deployment.items()}
        changed = {name: value for one in made for name, value in one.workload.items()}
        try:
            there = option.replace(**fields)
        except InputError:
            continue
        one_bill = bill_of(there, load.replace(**changed), BOOK, catalogue)
        if one_bill.total is not None and not one_bill.is_floor:
            totals.append(one_bill.total)
    return totals


def at(option: Deployment, load: Workload, targets: Targets | None = None) -> Written:
    catalogue = BOOK.catalogue()
    return Written(
        Option(option, load, BOOK, catalogue, 730.0),
        bill_of(option, load, BOOK, catalogue),
        targets or Targets(),
    )


@SLOW
@given(
    option=st.sampled_from(OPTIONS[3:]),
    ingress=st.floats(0.1, 200.0),
    fanout=st.integers(0, 6),
    retention=st.integers(1, 1000),
    copies=st.integers(1, 4),
    zones=st.sampled_from([1, 2, 3]),
)
def test_a_lever_never_raises_a_cost_and_together_is_never_worse(
    option: Deployment, ingress: float, fanout: int, retention: int, copies: int, zones: int
) -> None:
    load = Workload(
        ingress=f"{ingress} MB/s",
        fanout=fanout,
        retention=f"{retention} hours",
        replication_factor=copies,
        zones=zones,
        local_retention="1 day",
    )
    found = of(option, load)
    [written] = bill(load, [option], BOOK)
    if written.total is None:
        assert found.levers == ()
        assert all(one.saving is None for one in (found.same_service, found.together) if one)
        return
    assert [one.saving for one in found.levers] == sorted(
        (one.saving for one in found.levers), reverse=True
    )
    assert all(one.total < written.total for one in found.levers)
    best = min((one.total for one in found.levers), default=written.total)
    same = min((one.total for one in found.levers if one.keeps_service), default=written.total)
    least = written.total if found.together is None else found.together.total
    free = written.total if found.same_service is None else found.same_service.total
    assert least <= best * (1 + 1e-9)
    assert free <= same * (1 + 1e-9)
    assert least <= free * (1 + 1e-9)
    [one] = tuned(load, [option], BOOK)
    assert (one.tuned.total or 0.0) == pytest.approx(free, rel=1e-12)


def test_savings_do_not_add_up() -> None:
    # disks at 0.5 free hold 7 days; half of the retention halves them, and so does a lever of the
    # rest: with both, a quarter is left, not nothing
    book = BOOK.at(assumptions=PLAIN)
    option = SelfHosted(region="us-east-1", instance="m5.2xlarge", disk_headroom=0.5)
    load = LOAD.replace(follower_fetch=1.0, replication_factor=2, compression_ratio=2.0, fanout=0)
    goals = Targets(disk_headroom=0.0, tiered_retention="1 year")
    [found] = levers(load, [option], book, targets=goals, together=False)
    disk, kept = alone(found, "disk-headroom"), alone(found, "retention")
    both = total(load.replace(retention="84 hours"), option.replace(disk_headroom=0.0), book)
    assert disk.saving == pytest.approx(kept.saving)  # each halves the disks, and nothing else
    assert found.bill.total is not None
    assert found.bill.total - both == pytest.approx(1.5 * disk.saving)


def test_at_300_mb_s_fetching_from_followers_is_about_half_of_the_charges() -> None:
    # 300 MB/s x 6 readers x 2/3 in other zones x 2.628e6 s = 3.15e15 B = 2,937,012 GiB at 2 x 0.01
    saved = 300e6 * 6 * (2 / 3) * 730 * 3600 / 2**30 * 0.02
    load = Workload(ingress="300 MB/s", fanout=6, retention="1 day", partitions=2000)
    for option in (
        SelfHosted(region="us-east-1"),
        MskStandard(region="us-east-1"),
        MskExpress(region="us-east-1"),
    ):
        found = of(option, load, together=False)
        lever = alone(found, "follower-fetch")
        assert lever.saving == pytest.approx(saved, rel=1e-9)
        assert found.bill.total is not None
        assert 0.4 < saved / found.bill.total < 0.6


def test_a_month_of_audit_logs_is_cheaper_in_tiers() -> None:
    """Half a day on disks instead of thirty: 1/60 of the disks, and a copy in the object store."""
    load = Workload(ingress="20 MB/s", fanout=1, retention="30 days", partitions=300)
    for option in (SelfHosted(region="us-east-1"), MskStandard(region="us-east-1")):
        found = of(option, load, together=False)
        lever = found.levers[0]
        assert lever.name == "tiering"
        assert found.bill.total is not None
        assert 0.6 < lever.saving / found.bill.total < 0.85
        assert "12 hours" in lever.consequence


@pytest.mark.parametrize(("hours", "offered"), [(71, False), (72, True), (73, True)])
def test_tiering_is_tried_from_three_days(hours: int, offered: bool) -> None:
    written = at(OURS, LOAD.replace(retention=f"{hours} hours"))
    assert ("tiering" in {one.lever for one in settings_of(written)}) is offered


@pytest.mark.parametrize(("headroom", "offered"), [(0.39, False), (0.4, False), (0.41, True)])
def test_a_disk_is_filled_to_the_target_and_no_further(headroom: float, offered: bool) -> None:
    option = MskStandard(region="us-east-1", disk_headroom=headroom)
    assert ("disk-headroom" in {one.lever for one in settings_of(at(option, LOAD))}) is offered


def test_a_lever_that_is_pulled_is_not_offered() -> None:
    load = LOAD.replace(
        follower_fetch=1.0, compression_ratio=2.0, replication_factor=2, local_retention="12 hours"
    )
    option = SelfHosted(
        region="us-east-1",
        tiered=True,
        disk_headroom=0.4,
        utilisation=0.7,
        failure_margin="none",
        commitment={"term": "1-year", "discount": 0.3},
    )
    assert {one.lever for one in settings_of(at(option, load))} == {"retention"}
    assert settings_of(at(option, load, Targets(retention_share=1.0))) == ()


def test_of_fixed_brokers_another_type_needs_another_number() -> None:
    fixed = OURS.replace(brokers=30)
    [setting] = [one for one in settings_of(at(fixed, LOAD)) if one.lever == "instance"]
    assert setting.deployment == {"instance": "cheapest", "brokers": None}
    assert not setting.keeps_service
    assert alone(of(OURS, together=False), "instance").keeps_service


def test_a_service_without_private_endpoints_is_not_linked() -> None:
    basic = at(ConfluentBasic(region="us-east-1", access="nat"), LOAD)
    aiven = at(Aiven(region="us-east-1", access="nat"), LOAD.replace(ingress="1 MB/s"))
    assert "access" not in {one.lever for one in settings_of(basic)}
    assert "access" in {one.lever for one in settings_of(aiven)}


def test_a_floor_is_never_offered() -> None:
    # the article has no price of MSK's storage: every bill is a floor, and what it saves unknown
    load = Workload(ingress="50 GB/month", partitions=30)
    book = PriceBook("article", as_of="2025-10-31", assumptions="bare")
    [found] = levers(load, [MskStandard(region="ap-northeast-2", instance="kafka.t3.small")], book)
    assert found.bill.is_floor
    assert (found.levers, found.together) == ((), None)


def test_levers_may_let_an_option_handle_the_load() -> None:
    # 100 MB/s x 30 days x 3 copies are 778 TB, and 12 brokers hold 16 TiB each: 211 TB; half a day
    # of it, with half of the disks free, is 26 TB
    load = Workload(ingress="100 MB/s", fanout=1, retention="30 days", follower_fetch=1.0)
    found = of(MskStandard(region="us-east-1", instance="kafka.m7g.xlarge", brokers=12), load)
    assert found.bill.infeasible
    assert found.levers == ()
    assert found.same_service is not None
    assert "tiering" in found.same_service.names
    assert found.same_service.saving is None
    assert found.same_service.total > 0.0


def test_tuned_options_may_be_committed() -> None:
    free, [committed] = tuned(LOAD, [OURS], BOOK)[0], tuned(LOAD, [OURS], BOOK, commitments=True)
    assert free.together is not None
    assert "commitment" not in free.together.names
    assert committed.together is not None
    assert "commitment" in committed.together.names
    assert (committed.tuned.total or 0.0) < (free.tuned.total or 0.0)


def test_tuning_changes_the_winner() -> None:
    # both save between zones, but only Standard keeps seven days on disks that a tier makes small
    load = Workload(ingress="100 MB/s", fanout=6, retention="7 days", partitions=2000)
    found = tuned(load, [MskStandard(region="us-east-1"), MskExpress(region="us-east-1")], BOOK)
    for bills, winners in (
        ([one.as_written for one in found], found.winners_as_written),
        ([one.tuned for one in found], found.winners),
    ):
        cheapest = min(bills, key=lambda one: one.total or 0.0)
        assert winners.total == cheapest.name
    assert (found.winners_as_written.total, found.winners.total) == ("msk-express", "msk-standard")
    assert repr(found) == "Tuned(msk-standard, msk-express)"


def test_a_bill_names_the_levers_that_save_most() -> None:
    bills = bill(LOAD, [OURS], BOOK)
    found = levers(LOAD, [OURS], BOOK, together=False)
    [noted] = with_levers(bills, found)
    note = str(noted.notes[-1])
    assert note.startswith("cheaper: ")
    assert note.count(" %") == MOST_NOTED
    assert found[0].bill.total is not None
    share = 100 * found[0].levers[0].saving / found[0].bill.total
    assert f"{found[0].levers[0].text} -{share:.1f} %" in note
    assert noted.total == bills[0].total


def test_alternatives_of_a_lever_are_noted_once() -> None:
    option = GoogleManagedKafka(region="us-central1")
    load = LOAD.replace(follower_fetch=1.0, compression_ratio=2.0, replication_factor=2)
    found = levers(load, [option], BOOK, together=False)
    assert [one.name for one in found[0].levers].count("commitment") == 2
    [noted] = with_levers(bill(load, [option], BOOK), found)
    assert str(noted.notes[-1]).count("commitment") == 1


def test_arguments_are_checked() -> None:
    with pytest.raises(InputError, match="a list of deployments"):
        levers(LOAD, OURS, BOOK)  # type: ignore[arg-type]
    with pytest.raises(InputError, match="less than 1"):
        Targets(disk_headroom=1.0)
    assert isinstance(levers(LOAD, [OURS], BOOK, together=False), Levers)
