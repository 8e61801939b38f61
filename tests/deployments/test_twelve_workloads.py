"""What is picked for twelve workloads, by the rules of an engineer who runs Kafka in production.

The rules are recomputed here, and the sizing of AWS as a whole by a second implementation; the
workloads and the arithmetic of a pick are in ``support.twelve``.
"""

from __future__ import annotations

import math

import pytest

from kafkatco import (
    Aiven,
    EventHubsPremium,
    GoogleManagedKafka,
    Labour,
    MskExpress,
    MskStandard,
    SelfHosted,
    recommend,
)
from kafkatco.costing.bill import Bill
from kafkatco.deployments import Deployment
from kafkatco.deployments.redpanda_serverless import RedpandaServerless
from support.twelve import BOOK, CASES, PLACES, Case, Pick, Place, bill_at

CATALOGUE = BOOK.catalogue()
REGIONS = ("us-east-1", "ap-northeast-2")
CASE = {case.name: case for case in CASES}
AWS, SEOUL, AZURE, GOOGLE, ROOMS, ROOMS_IN_KOREA = PLACES
#: What an engineer would take by these rules, but for the time to rebuild a broker: the least
#: cost of EC2 types at on-demand prices of us-east-1.
PRACTITIONER = {
    "proof of concept": (3, "m6g.large"),
    "start-up": (3, "m6g.large"),
    "product": (3, "m6g.large"),
    "company": (3, "m6g.large"),
    "platform": (3, "c6g.2xlarge"),
    "large platform": (3, "c6g.8xlarge"),
    "bank": (3, "c6g.4xlarge"),
    "advertising": (6, "c6g.16xlarge"),
    "logs": (21, "c6g.12xlarge"),
    "many partitions": (15, "c6g.4xlarge"),
    "audit": (6, "c6g.xlarge"),
    "devices": (18, "m6g.large"),
}


def name_of(given: Case | Place) -> str:
    return given.name if isinstance(given, Case) else given.region


every_case = pytest.mark.parametrize("case", CASES, ids=name_of)
every_place = pytest.mark.parametrize("place", PLACES, ids=name_of)


@every_place
@every_case
def test_machines_are_for_production(case: Case, place: Place) -> None:
    pick = Pick.of(case, place)
    assert pick.row("vcpu") >= 2
    assert pick.memory_gib >= 8
    assert not CATALOGUE.listed(place.nodes + pick.type, "cpu_baseline")
    assert not pick.type.startswith(("t2.", "t3.", "t3a.", "t4g.", "B", "e2-micro", "e2-small"))
    assert pick.brokers % 3 == 0


@every_place
@every_case
def test_a_lost_zone_is_carried(case: Case, place: Place) -> None:
    pick = Pick.of(case, place)
    assert pick.cpu_zone_lost <= 0.6
    # AWS's own factors: 6.5 writes and 5.7 + 1.5 F of network per byte of ingress, half used
    ingress_mb_s = case.mb_s * 2 / pick.brokers
    assert 6.5 * ingress_mb_s <= 0.5 * pick.row(place.disk)
    assert (5.7 + 1.5 * case.fanout) * ingress_mb_s <= 0.5 * pick.row("network") * (1 + 1e-9)
    # 30 seconds of writes at peak stay in the page cache
    assert 30 * case.mb_s * 2 * 3 / pick.brokers / 1e3 <= pick.cache_gib * 2**30 / 1e9
    assert case.partitions * 3 <= pick.brokers * pick.row("partitions")
    assert case.connections <= pick.brokers * 3000


@pytest.mark.parametrize("region", REGIONS)
@every_case
def test_msk_standard_keeps_its_cpu_too(case: Case, region: str) -> None:
    used = bill_at(case, MskStandard(region=region)).utilisation
    [cpu] = [row for row in used if row.dimension == "cpu"]
    assert cpu.zone_lost is not None
    assert cpu.zone_lost <= 0.6


@every_place
@every_case
def test_a_broker_is_rebuilt_within_a_day(case: Case, place: Place) -> None:
    assert 0 < Pick.of(case, place).rebuild_h <= 24 * (1 + 1e-9)


@every_place
@every_case
def test_there_are_three_controllers_with_disks(case: Case, place: Place) -> None:
    pick = Pick.of(case, place)
    lines = [line for line in pick.bill.lines if "KRaft controllers" in line.note]
    of_nodes, of_disks = lines[0], lines[-1]
    if place.cloud == "on-prem":  # 2 of 200 vCPUs each, over 60 months and with 5 % of spares
        assert of_nodes.quantity == pytest.approx(3 * 2 / 200 * 1.05 / 60)
        return
    assert of_nodes.quantity == pytest.approx(3 * 730)
    hours = 730 if of_disks.unit.endswith("hour") else 1
    assert of_disks.quantity == pytest.approx(3 * 64 * hours)


@pytest.mark.parametrize("case", [case for case in CASES if case.name != "audit"], ids=name_of)
def test_picks_in_virginia_are_those_of_a_practitioner(case: Case) -> None:
    pick = Pick.of(case, AWS)
    assert (pick.brokers, pick.type) == PRACTITIONER[case.name]


def least_on_ec2(case: Case, region: str) -> tuple[float, int, str]:
    """Return the lowest total [USD] on EC2 with gp3, and its brokers and type, without people."""
    found = [
        (total, brokers, name)
        for item in CATALOGUE.items("aws.ec2.")
        if (name := item.removeprefix("aws.ec2.")) and BOOK.listed(item, region)
        for brokers, total in [on_ec2(case, region, item)]
        if brokers
    ]
    return min(found)


def on_ec2(case: Case, region: str, item: str) -> tuple[int, float]:
    """Return the brokers of a type, 0 if it is unfit, and their total [USD]."""

    def row(attribute: str) -> float:
        return CATALOGUE.value_or_none(item, attribute) or 0.0

    def usd(sku: str) -> float:
        price = BOOK.price(sku, region)[0].price
        assert price is not None
        return float(price)

    vcpu, memory, network, ebs = row("vcpu"), row("memory"), row("network"), row("ebs_throughput")
    unfit = row("cpu_baseline") or row("local_disk") or not network * ebs
    if unfit or vcpu < 2 or memory < 8:
        return 0, math.inf
    mib = 2**20 / 1e6
    network, ebs = network * mib, min(ebs, (row("max_volumes") or 1) * 2000) * mib  # MB/s
    refill_mb_s = case.stored_gb * 1e3 / 86_400 + 3 * case.mb_s
    disks_gib = 2 * case.stored_gb * 1e9 / 2**30
    demands = (
        3,
        6.5 * case.mb_s * 2 / (0.5 * ebs),
        (5.7 + 1.5 * case.fanout) * case.mb_s * 2 / (0.5 * network),
        case.busy_vcpu / (vcpu * 0.6 * 2 / 3),
        30 * 2 * 3 * case.mb_s * 1e6 / 2**30 / (memory - min(6, 0.75 * memory)),
        3 * case.partitions / row("partitions"),
        case.connections / 3000,
        disks_gib / (65_536 * min(row("max_volumes") or 1, 27)),
        refill_mb_s / min(network, ebs),
    )
    brokers = 3 * math.ceil(max(demands) / 3 - 1e-12)
    volumes = max(brokers, math.ceil(disks_gib / 65_536))
    written_mib_s = max(3 * 2 * case.mb_s * 1.5, refill_mb_s) / mib
    written_mib_s = min(written_mib_s, volumes * 2000)
    produced_gib = case.mb_s * 1e6 * 3600 * 730 / 2**30
    crossings = 2 / 3 + 2 + case.fanout * 2 / 3
    return brokers, sum(
        (
            brokers * 730 * usd(item),
            3 * 730 * usd("aws.ec2.m7g.large"),
            (disks_gib + 3 * 64) * usd("aws.ebs.gp3.storage"),
            max(written_mib_s - volumes * 125, 0) * usd("aws.ebs.gp3.throughput"),
            max(written_mib_s / 0.25 - volumes * 3000, 0) * usd("aws.ebs.gp3.iops"),
            2 * crossings * produced_gib * usd("aws.data-transfer.inter-az"),
        )
    )


@pytest.mark.parametrize("region", REGIONS)
@every_case
def test_no_machine_of_aws_costs_less(case: Case, region: str) -> None:
    result = bill_at(case, SelfHosted(region=region))
    total, brokers, name = least_on_ec2(case, region)
    assert (result.sizing.count, result.sizing.details["instance"]) == (brokers, name)
    assert result.total == pytest.approx(total, rel=1e-9)


def test_ten_terabytes_by_hand() -> None:
    # 10e12 B / (730 x 3,600 s) = 3.805 MB/s, at peak 7.610; 4.25 write-equivalents per byte are
    # 32.34 MB/s, 1.617 of 6 vCPUs; 72 h x 7 / 3 of 3.805 MB/s in three copies are 6.904 TB
    pick = Pick.of(CASE["company"], AWS)
    assert pick.cpu_at_peak == pytest.approx(0.2695, abs=5e-5)
    assert pick.cpu_zone_lost == pytest.approx(0.4043, abs=5e-5)
    # 2.3014 TB of a broker at 78.75 - 3.805 MB/s, by the EBS baseline of m6g.large
    assert pick.row("ebs_throughput") == pytest.approx(78.75)
    assert pick.rebuild_h == pytest.approx(2.3014e6 / (78.75 - 3.805) / 3600, rel=1e-4)
    # 3 m6g.large, 3 m7g.large, 12,859.9 + 192 GiB, 2 x 14/3 x 9,313.226 GiB between zones, 2 people
    machines = 2190 * (0.077 + 0.0816)
    disks = (6.90411e12 * 2 / 2**30 + 192) * 0.08
    people = [line.cost for line in pick.bill.lines if line.component == "labour"]
    expected = machines + disks + 86_923.44 * 0.01 + sum(people)
    assert pick.bill.total == pytest.approx(expected, rel=1e-6)


def test_the_bank_by_hand() -> None:
    # 40 MB/s, at peak 80: 80 x (3 + 6/4) / 20 = 18 vCPUs; 48 of three c6g.4xlarge, 32 if a zone is
    # lost, are 56.25 % used; 11.7 x 80 of network, half used, is 1,872 of their 1,875 MB/s
    pick = Pick.of(CASE["bank"], AWS)
    assert pick.cpu_zone_lost == pytest.approx(18 / 32)
    assert 3 * pick.row("network") == pytest.approx(1875)
    # 24 vCPUs of three c6g.2xlarge would be over 100 % used with a zone lost
    smaller = bill_at(pick.case, SelfHosted(region="us-east-1", instance="c6g.2xlarge"))
    assert smaller.sizing.count > 3
    assert smaller.total
    without_people = bill_at(pick.case, SelfHosted(region="us-east-1")).total
    assert without_people
    assert smaller.total > without_people


def test_logs_by_hand() -> None:
    # 2,000 MB/s at peak x (3 + 4/4) / 20 = 400 vCPUs; 1,000 at 60 % with a zone lost, and three
    # times 7 c6g.12xlarge have 1,008
    pick = Pick.of(CASE["logs"], AWS)
    assert pick.brokers * pick.row("vcpu") == 1008
    assert pick.cpu_zone_lost == pytest.approx(400 / 672)


def test_the_audit_log_is_sized_by_the_rebuild_of_a_broker() -> None:
    # 20 MB/s for 30 days in three copies are 155.52 TB.  Six c6g.xlarge would hold 25.92 TB each,
    # which takes (148.5 - 10) MB/s 52 hours; three c6in.2xlarge write up to 781.25 MB/s
    case = CASE["audit"]
    assert case.stored_gb == pytest.approx(155_520)
    ebs_mb_s = CATALOGUE.value("aws.ec2.c6g.xlarge", "ebs_throughput") * 2**20 / 1e6
    six_h = case.stored_gb / 6 * 1e3 / (ebs_mb_s - 10) / 3600
    assert six_h == pytest.approx(52.0, abs=0.05)
    pick = Pick.of(case, AWS)
    assert (pick.brokers, pick.type) == (3, "c6in.2xlarge")
    assert min(pick.row("network"), pick.row("ebs_throughput")) == pytest.approx(781.25)
    # the volumes are bought for 24 hours: 51.84 TB a day are 600 MB/s, and 20 of traffic
    assert pick.bought_mb_s == pytest.approx(3 * (600 + 20))
    by_name = bill_at(case, SelfHosted(region="us-east-1", instance="c6g.xlarge"))
    assert by_name.sizing.bottleneck == "rebuild"
    assert by_name.sizing.count == 15  # 1,860 / 148.5 = 12.5


@pytest.mark.parametrize(
    ("name", "half"),
    [
        ("platform", "c6g.xlarge"),
        ("large platform", "c6g.4xlarge"),
        ("bank", "c6g.2xlarge"),
        ("audit", "c6in.xlarge"),
    ],
)
@pytest.mark.parametrize("place", [AWS, SEOUL], ids=name_of)
def test_six_brokers_of_half_the_size_cost_little_more(name: str, half: str, place: Place) -> None:
    three = Pick.of(CASE[name], place)
    six = bill_at(three.case, place.deployment.model_copy(update={"instance": half}))
    assert (three.brokers, six.sizing.count) == (3, 6)
    assert six.total
    assert three.bill.total
    # three more brokers are 0.06 people, 870 USD a month in the US, and a little of everything
    assert 0.005 < six.total / three.bill.total - 1 < 0.023


@pytest.mark.parametrize("region", REGIONS)
@pytest.mark.parametrize("kind", [MskStandard, MskExpress])
@every_case
def test_msk_has_brokers_for_production(
    case: Case, region: str, kind: type[MskStandard | MskExpress]
) -> None:
    result = bill_at(case, kind(region=region))
    name = str(result.sizing.details["instance"])
    assert name != "kafka.t3.small"
    assert CATALOGUE.value("aws.msk." + name, "vcpu") >= 2
    assert CATALOGUE.value("aws.msk." + name, "memory") >= 8
    count = float(result.sizing.count)
    assert count % 3 == 0
    assert case.connections <= 3000 * count


def refused(result: Bill) -> bool:
    return result.total is None


@every_case
def test_redpanda_serverless_is_refused_beyond_its_limits(case: Case) -> None:
    # 100 MB/s in, 300 MB/s out, 5,000 partitions and 10,000 connections of a cluster
    peak = case.mb_s * 2
    beyond = (
        peak > 100
        or peak * case.fanout > 300
        or case.partitions > 5000
        or case.connections > 10_000
    )
    assert refused(bill_at(case, RedpandaServerless(region="us-east-1"))) is beyond
    assert beyond is (
        case.name in ("large platform", "bank", "advertising", "logs", "many partitions", "devices")
    )


@pytest.mark.parametrize(
    ("name", "units"), [("bank", None), ("platform", 12), ("devices", 6), ("logs", None)]
)
def test_event_hubs_premium(name: str, units: int | None) -> None:
    # 5 MB/s in and 10 MB/s out of a PU, 10,000 connections, at most 16 PUs, sold in twos:
    # the bank reads 320 MB/s, 32 PUs; 114.2 MB/s are 11.4 PUs; 50,000 connections 5
    result = bill_at(CASE[name], EventHubsPremium(region="eastus"))
    assert refused(result) is (units is None)
    if units is not None:
        assert result.sizing.count == units


@pytest.mark.parametrize("region", REGIONS)
@pytest.mark.parametrize("name", ["many partitions", "devices", "platform", "bank"])
def test_aiven_is_refused_beyond_its_virtual_cpus(name: str, region: str) -> None:
    assert refused(bill_at(CASE[name], Aiven(region=region)))


def test_managed_kafka_of_google_has_cpu_for_partitions() -> None:
    # 20,000 x 3 replicas at 500 of a vCPU
    result = bill_at(CASE["many partitions"], GoogleManagedKafka(region="us-central1"))
    assert result.sizing.count >= 120


@pytest.mark.parametrize("name", ["many partitions", "devices"])
def test_no_floor_is_recommended(name: str) -> None:
    options: list[Deployment] = [
        kind(region=region, labour=Labour())
        for kind, region in (
            (SelfHosted, "us-east-1"),
            (MskStandard, "us-east-1"),
            (Aiven, "us-east-1"),
            (RedpandaServerless, "us-east-1"),
            (EventHubsPremium, "eastus"),
            (GoogleManagedKafka, "us-central1"),
        )
    ]
    result = recommend(CASE[name].workload, options, BOOK)
    cheapest = result.options[0]
    assert cheapest.name in result.winners
    assert not cheapest.floor
    assert not {"aiven", "redpanda-serverless"} & set(result.winners)


def test_requests_make_services_without_a_published_limit_a_floor() -> None:
    for deployment in (EventHubsPremium(region="eastus"), GoogleManagedKafka(region="us-central1")):
        assert bill_at(CASE["devices"], deployment).is_floor
        assert not bill_at(CASE["company"], deployment).is_floor
