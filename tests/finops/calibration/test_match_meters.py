"""Which meters are which prices, of each provider; unknown meters have a reason."""

from __future__ import annotations

import pytest

from kafkatco.finops.calibration.formats.base import Meter
from kafkatco.finops.calibration.match_meters import SkuMatch, match_meter

AWS = Meter("aws", "AmazonEC2", "", "", "", "", "ap-northeast-2", "", "USD", "usage")


@pytest.mark.parametrize(
    ("service", "usage", "operation", "unit", "expected"),
    [
        (
            "AmazonMSK",
            "USE1-Kafka.m7g.large",
            "RunBroker",
            "hours",
            SkuMatch("aws.msk.kafka.m7g.large", 1.0, "hour"),
        ),
        (
            "AmazonMSK",
            "APN2-Kafka.Storage.GP2",
            "RunVolume",
            "GB-Mo",
            SkuMatch("aws.msk.storage", 1.0, "GiB-month"),
        ),
        (
            "AmazonMSK",
            "APN2-KafkaServerless-Out-Bytes",
            "",
            "GB",
            SkuMatch("aws.msk.serverless.data-out", 1.0, "GiB"),
        ),
        # Linux runs under this operation, Windows under another
        (
            "AmazonEC2",
            "BoxUsage:m5.large",
            "RunInstances",
            "Hrs",
            SkuMatch("aws.ec2.m5.large", 1.0, "hour"),
        ),
        ("AmazonEC2", "BoxUsage:m5.large", "RunInstances:0002", "Hrs", "unknown meter"),
        # the list has GiB/s, of which 1024 MiB/s are one
        (
            "AmazonEC2",
            "EBS:VolumeP-Throughput.gp3",
            "CreateVolume-Gp3",
            "GiBps-mo",
            SkuMatch("aws.ebs.gp3.throughput", 1024.0, "MiB/s-month"),
        ),
        (
            "AmazonS3",
            "APN2-Requests-Tier1",
            "PutObject",
            "Requests",
            SkuMatch("aws.s3.standard.put", 1e-6, "million"),
        ),
        ("AmazonECR", "TimedStorage-ByteHrs", "", "GB-Mo", "unknown meter"),
        (
            "AmazonEC2",
            "APN2-DataTransfer-Regional-Bytes",
            "InterZone-In",
            "GB",
            SkuMatch("aws.data-transfer.inter-az", 1.0, "GiB"),
        ),
        (
            "AmazonMSK",
            "APN2-DataTransfer-Regional-Bytes",
            "InterZone-Out",
            "GB",
            SkuMatch("aws.data-transfer.inter-az", 1.0, "GiB"),
        ),
        (
            "AmazonEC2",
            "APN2-DataTransfer-xAZ-Out-Bytes",
            "",
            "GB",
            SkuMatch("aws.data-transfer.inter-az", 1.0, "GiB"),
        ),
        (
            "AmazonEC2",
            "APN2-DataTransfer-Out-Bytes",
            "RunInstances",
            "GB",
            SkuMatch("aws.data-transfer.internet", 1.0, "GiB"),
        ),
        (
            "AmazonEC2",
            "APN2-USE1-AWS-Out-Bytes",
            "",
            "GB",
            SkuMatch("aws.data-transfer.inter-region", 1.0, "GiB"),
        ),
        ("AmazonVPC", "APN2-NatGateway-Hours", "", "Hrs", "unknown meter"),
        (
            "AmazonMSK",
            "APN2-Kafka.Storage.GP2",
            "RunVolume",
            "Hours",
            "metered in 'Hours', not in units of GiB-month",
        ),
        (
            "AmazonMSK",
            "APN2-Kafka.Storage.GP2",
            "",
            "GB-Months",
            SkuMatch("aws.msk.storage", 1.0, "GiB-month"),
        ),
    ],
)
def test_aws(service: str, usage: str, operation: str, unit: str, expected: SkuMatch | str) -> None:
    meter = AWS._replace(service=service, meter=usage, detail=operation, unit=unit)
    assert match_meter(meter, (), ()) == expected


def test_between_the_regions_of_the_eastern_us_has_a_price_of_its_own() -> None:
    meter = AWS._replace(meter="USE1-USE2-AWS-Out-Bytes", unit="GB", region="us-east-1")
    match = match_meter(meter._replace(extra="us-east-2"), (), ())
    assert match == SkuMatch("aws.data-transfer.inter-region-us-east", 1.0, "GiB")
    # a bill that does not say where to is of the rest
    other = match_meter(meter, (), ())
    assert other == SkuMatch("aws.data-transfer.inter-region", 1.0, "GiB")


AZURE = Meter("azure", "Event Hubs", "", "", "", "", "koreacentral", "1 Hour", "USD", "usage")


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (
            {"meter": "Standard Throughput Unit"},
            SkuMatch("azure.event-hubs.standard.throughput-unit", 1.0, "hour"),
        ),
        # priced by the 100 hours, and counted by the hour
        (
            {"meter": "Standard Throughput Unit", "unit": "100 Hours"},
            SkuMatch("azure.event-hubs.standard.throughput-unit", 1.0, "hour"),
        ),
        (
            {"meter": "Standard Throughput Unit", "unit": "Hours"},
            SkuMatch("azure.event-hubs.standard.throughput-unit", 1.0, "hour"),
        ),
        (
            {"meter": "Standard Ingress Events", "unit": "Units"},
            SkuMatch("azure.event-hubs.standard.events", 1e-6, "million"),
        ),
        (
            {"meter": "Standard Ingress Events", "unit": "1M"},
            SkuMatch("azure.event-hubs.standard.events", 1e-6, "million"),
        ),
        (
            {"meter": "Standard Throughput Unit", "unit": "1 GB"},
            "metered in '1 GB', not in units of hour",
        ),
        (
            {
                "service": "Virtual Machines",
                "meter": "D4s v5",
                "detail": "Dsv5 Series",
                "extra": "Standard_D4s_v5",
            },
            SkuMatch("azure.vm.D4s_v5", 1.0, "hour"),
        ),
        (
            {"service": "Virtual Machines", "meter": "D4s v5", "detail": "Dsv5 Series"},
            SkuMatch("azure.vm.D4s_v5", 1.0, "hour"),
        ),
        (
            {"service": "Virtual Machines", "meter": "D4s v5", "detail": "Dsv5 Series Windows"},
            "unknown meter",
        ),
        (
            {"service": "Virtual Machines", "meter": "D4s v5 Spot", "detail": "Dsv5 Series"},
            "unknown meter",
        ),
        (
            {
                "service": "Storage",
                "meter": "P10 LRS Disk",
                "detail": "Premium SSD Managed Disks",
                "unit": "1/Month",
            },
            SkuMatch("azure.disk.premium-ssd.P10", 1.0, "month"),
        ),
        (
            {
                "service": "Storage",
                "meter": "Hot LRS Write Operations",
                "unit": "10K",
                "detail": "General Block Blob v2",
            },
            SkuMatch("azure.blob.hot-lrs.put", 1e-6, "million"),
        ),
        ({"service": "Cognitive Services", "meter": "S1"}, "unknown meter"),
    ],
)
def test_azure(change: dict[str, str], expected: SkuMatch | str) -> None:
    assert match_meter(AZURE._replace(**change), (), ()) == expected  # type: ignore[arg-type]


GCP = Meter("gcp", "6F81-5844-456A", "", "", "", "", "asia-northeast3", "hour", "USD", "usage")
N2 = ("gcp.compute.n2-standard-4", "gcp.compute.e2-standard-2")


@pytest.mark.parametrize(
    ("change", "modelled", "expected"),
    [
        (
            {"service": "9544-7B1C-811D", "meter": "Data Compute Units in Seoul"},
            (),
            SkuMatch("gcp.managed-kafka.dcu", 1.0, "hour"),
        ),
        (
            {
                "service": "Managed Service for Apache Kafka",
                "unit": "gibibyte month",
                "meter": "Long Term Regional Storage in Seoul",
            },
            (),
            SkuMatch("gcp.managed-kafka.long-term-storage", 1.0, "GiB-month"),
        ),
        (
            {"service": "9544-7B1C-811D", "meter": "Data Compute Units in Seoul", "unit": "count"},
            (),
            "metered in 'count', not in units of hour",
        ),
        (
            {"meter": "Network Inter Zone Data Transfer Out", "unit": "gibibyte"},
            (),
            SkuMatch("gcp.network.inter-zone", 1.0, "GiB"),
        ),
        (
            {"meter": "Balanced PD Capacity in Seoul", "unit": "gibibyte month"},
            (),
            SkuMatch("gcp.disk.pd-balanced", 1.0, "GiB-month"),
        ),
        # a machine of 4 vCPUs runs an hour for 4 core-hours; its memory costs, and is not counted
        (
            {"meter": "N2 Instance Core running in Seoul"},
            N2,
            SkuMatch("gcp.compute.n2-standard-4", 0.25, "hour"),
        ),
        (
            {"meter": "N2 Instance Ram running in Seoul", "unit": "gibibyte hour"},
            N2,
            SkuMatch("gcp.compute.n2-standard-4", None, "hour"),
        ),
        (
            {"meter": "N2 Instance Core running in Seoul"},
            (),
            "no modelled deployment bills machines of n2",
        ),
        (
            {"meter": "N2 Instance Core running in Seoul"},
            (*N2, "gcp.compute.n2-standard-8"),
            "may be any of gcp.compute.n2-standard-4, gcp.compute.n2-standard-8",
        ),
        ({"meter": "Spot Preemptible N2 Instance Core running in Seoul"}, N2, "unknown meter"),
    ],
)
def test_google(
    change: dict[str, str], modelled: tuple[str, ...], expected: SkuMatch | str
) -> None:
    match = match_meter(GCP._replace(**change), modelled, ())  # type: ignore[arg-type]
    assert match == expected


CONFLUENT = Meter("confluent", "KAFKA", "", "", "", "", "", "GB", "USD", "usage")
BASIC = tuple(
    f"confluent.basic.{part}" for part in ("ecku", "ingress", "egress", "storage", "cluster")
)
#: Of organisations of before 2024-04-16.
LEGACY = tuple(
    f"confluent.standard.legacy.{part}"
    for part in ("cluster", "partition", "ingress", "egress", "storage")
)


@pytest.mark.parametrize(
    ("line", "modelled", "expected"),
    [
        ("KAFKA_BASE", LEGACY, SkuMatch("confluent.standard.legacy.cluster", 1.0, "hour")),
        ("KAFKA_PARTITION", LEGACY, SkuMatch("confluent.standard.legacy.partition", 1.0, "")),
        ("KAFKA_STORAGE", LEGACY, SkuMatch("confluent.standard.legacy.storage", 1.0, "GiB-hour")),
        ("KAFKA_NETWORK_READ", LEGACY, SkuMatch("confluent.standard.legacy.egress", 1.0, "")),
        (
            "CONNECT_NUM_TASKS",
            ("confluent.connect.premium-task",),
            SkuMatch("confluent.connect.premium-task", 1.0, ""),
        ),
        (
            "CONNECT_NUM_TASKS",
            ("confluent.connect.premium-task", "confluent.connect.task"),
            "may be any of confluent.connect.premium-task, confluent.connect.task",
        ),
        ("KAFKA_NUM_CKUS", BASIC, SkuMatch("confluent.basic.ecku", 1.0, "")),
        (
            "KAFKA_NUM_CKUS",
            ("confluent.dedicated.cku",),
            SkuMatch("confluent.dedicated.cku", 1.0, ""),
        ),
        ("KAFKA_NETWORK_WRITE", BASIC, SkuMatch("confluent.basic.ingress", 1.0, "")),
        ("KAFKA_NETWORK_READ", BASIC, SkuMatch("confluent.basic.egress", 1.0, "")),
        ("KAFKA_STORAGE", BASIC, SkuMatch("confluent.basic.storage", 1.0, "GiB-hour")),
        (
            "CONNECT_NUM_TASKS",
            ("confluent.connect.task",),
            SkuMatch("confluent.connect.task", 1.0, ""),
        ),
        (
            "KAFKA_NETWORK_READ",
            ("confluent.basic.egress", "confluent.standard.egress"),
            "may be any of confluent.basic.egress, confluent.standard.egress",
        ),
        (
            "KAFKA_NETWORK_READ",
            ("aws.msk.storage",),
            "no modelled deployment bills confluent.egress",
        ),
        ("TABLEFLOW_STORAGE", BASIC, "unknown meter"),
    ],
)
def test_confluent(line: str, modelled: tuple[str, ...], expected: SkuMatch | str) -> None:
    assert match_meter(CONFLUENT._replace(meter=line), modelled, ()) == expected


def test_a_sku_of_this_library_is_itself() -> None:
    meter = AWS._replace(sku="aws.msk.storage", unit="GiB-Months", provider="AWS")
    assert match_meter(meter, (), ("aws.msk.storage",)) == SkuMatch(
        "aws.msk.storage", 1.0, "GiB-month"
    )
    term = meter._replace(sku="aws.ec2.m5.large@1-year", category="purchase")
    match = match_meter(term, ("aws.ec2.m5.large",), ())
    assert isinstance(match, SkuMatch)
    assert match[:2] == ("aws.ec2.m5.large@1-year", None)
    assert match_meter(meter._replace(provider="Another"), (), ()) == "unknown meter"
