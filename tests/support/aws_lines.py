"""Hand-written lines of Amazon's price list, in the documented columns, and what they mean.

``LISTED`` has each price as the list prints it, and as the tables have it, which is arithmetic.
Its prices are those of us-east-1; the tests list the same in the other regions.
"""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from kafkatco.prices.csv_tables import pricing_root
from support.price_server import aws_csv

TABLES = sorted((pricing_root() / "list" / "aws").glob("*.csv"))

FIRST = (
    "SKU",
    "OfferTermCode",
    "RateCode",
    "TermType",
    "PriceDescription",
    "EffectiveDate",
    "StartingRange",
    "EndingRange",
    "Unit",
    "PricePerUnit",
    "Currency",
)
PLACE = ("Product Family", "serviceCode", "Location", "Location Type")
LAST = ("usageType", "operation", "Region Code", "serviceName")
TRANSFER = (
    "Transfer Type",
    "From Location",
    "From Location Type",
    "To Location",
    "To Location Type",
)
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "AmazonMSK": (*FIRST, *PLACE, "Group", *LAST),
    "AmazonEC2": (
        *FIRST,
        "RelatedTo",
        "LeaseContractLength",
        "PurchaseOption",
        "OfferingClass",
        *PLACE,
        "Instance Type",
        "Tenancy",
        "Operating System",
        "License Model",
        *TRANSFER,
        "usageType",
        "operation",
        "CapacityStatus",
        "From Region Code",
        "MarketOption",
        "Pre Installed S/W",
        "Region Code",
        "serviceName",
        "To Region Code",
        "Volume API Name",
    ),
    "AWSELB": (*FIRST, *PLACE, "Group", *LAST),
    "AmazonVPC": (*FIRST, *PLACE, "Group", *LAST),
    "AWSDataTransfer": (
        *FIRST,
        "Product Family",
        "serviceCode",
        *TRANSFER,
        "usageType",
        "operation",
        "From Region Code",
        "serviceName",
        "To Region Code",
    ),
    "AmazonS3": (*FIRST, *PLACE, "Storage Class", "Volume Type", "Group", *LAST),
    "AmazonCloudWatch": (*FIRST, *PLACE, "Group", *LAST),
    "AWSComputeSavingsPlan": (
        "SKU",
        "RateCode",
        "Unit",
        "EffectiveDate",
        "DiscountedRate",
        "Currency",
        "DiscountedSKU",
        "DiscountedServiceCode",
        "DiscountedUsageType",
        "DiscountedOperation",
        "PurchaseOption",
        "LeaseContractLength",
        "LeaseContractLengthUnit",
        "ServiceCode",
        "UsageType",
        "Operation",
        "Description",
        "Instance Family",
        "Location",
        "Location Type",
        "Granularity",
        "Product Family",
        "DiscountedRegionCode",
        "DiscountedInstanceType",
    ),
}
#: How usage types begin in a region; MSK has its own in us-east-1, most have none there.
PREFIX = {"us-east-1": "", "us-east-2": "USE2-", "ap-northeast-2": "APN2-", "eu-west-1": "EU-"}
LINUX = {
    "operation": "RunInstances",
    "Operating System": "Linux",
    "Tenancy": "Shared",
    "License Model": "No License required",
    "Pre Installed S/W": "NA",
    "CapacityStatus": "Used",
    "MarketOption": "OnDemand",
}
RESERVED = {
    **LINUX,
    "TermType": "Reserved",
    "PurchaseOption": "No Upfront",
    "OfferingClass": "standard",
}
PLAN = {
    "DiscountedServiceCode": "AmazonEC2",
    "DiscountedOperation": "RunInstances",
    "PurchaseOption": "No Upfront",
    "LeaseContractLengthUnit": "year",
    "Product Family": "ComputeSavingsPlans",
}
OUT = {"Transfer Type": "AWS Outbound"}
BETWEEN = {"Transfer Type": "InterRegion Outbound"}


class Listed(NamedTuple):
    """A line: how it is listed, and what the tables have for it."""

    service: str
    usage: str
    unit: str
    listed: str
    sku: str
    price: str
    start: str = "0"
    tier_from: str = "0"
    cells: Mapping[str, str] = {}


def _tiers(
    service: str,
    usage: str,
    unit: str,
    sku: str,
    tiers: Sequence[tuple[str, str]],
    cells: Mapping[str, str],
) -> list[Listed]:
    return [
        Listed(service, usage, unit, price, sku, price, start, start, cells)
        for start, price in tiers
    ]


LISTED: tuple[Listed, ...] = (
    Listed(
        "AmazonMSK",
        "Kafka.m7g.large",
        "hours",
        "0.2040000000",
        "msk.kafka.m7g.large",
        "0.204",
        cells={"operation": "RunBroker"},
    ),
    Listed("AmazonMSK", "Kafka.Storage.GP2", "GB-Mo", "0.1000000000", "msk.storage", "0.1"),
    Listed(
        "AmazonEC2",
        "BoxUsage:m7g.large",
        "Hrs",
        "0.0816000000",
        "ec2.m7g.large",
        "0.0816",
        cells=LINUX,
    ),
    Listed(
        "AmazonEC2",
        "BoxUsage:t3.medium",
        "Hrs",
        "0.0416000000",
        "ec2.t3.medium",
        "0.0416",
        cells=LINUX,
    ),
    Listed(
        "AmazonEC2",
        "BoxUsage:m7g.large",
        "Hrs",
        "0.0540000000",
        "ec2.m7g.large@1-year",
        "0.054",
        cells={**RESERVED, "LeaseContractLength": "1yr"},
    ),
    Listed(
        "AmazonEC2",
        "BoxUsage:t3.medium",
        "Hrs",
        "0.0180000000",
        "ec2.t3.medium@3-year",
        "0.018",
        cells={**RESERVED, "LeaseContractLength": "3yr"},
    ),
    Listed("AmazonEC2", "EBS:VolumeUsage.gp2", "GB-Mo", "0.1000000000", "ebs.gp2.storage", "0.1"),
    Listed("AmazonEC2", "EBS:VolumeUsage.gp3", "GB-Mo", "0.0800000000", "ebs.gp3.storage", "0.08"),
    Listed(
        "AmazonEC2", "EBS:VolumeUsage.io2", "GB-month", "0.1250000000", "ebs.io2.storage", "0.125"
    ),
    Listed("AmazonEC2", "EBS:VolumeUsage.st1", "GB-Mo", "0.0450000000", "ebs.st1.storage", "0.045"),
    Listed("AmazonEC2", "EBS:VolumeUsage.sc1", "GB-Mo", "0.0150000000", "ebs.sc1.storage", "0.015"),
    Listed("AmazonEC2", "EBS:VolumeP-IOPS.gp3", "IOPS-Mo", "0.0050000000", "ebs.gp3.iops", "0.005"),
    # 40.96 per GiB/s and month / 1024 MiB/s = 0.04
    Listed(
        "AmazonEC2",
        "EBS:VolumeP-Throughput.gp3",
        "GiBps-mo",
        "40.9600000000",
        "ebs.gp3.throughput",
        "0.04",
    ),
    # the tiers of io2 are usage types of their own, each from 0 in the list
    Listed("AmazonEC2", "EBS:VolumeP-IOPS.io2", "IOPS-Mo", "0.0650000000", "ebs.io2.iops", "0.065"),
    Listed(
        "AmazonEC2",
        "EBS:VolumeP-IOPS.io2.tier2",
        "IOPS-Mo",
        "0.0455000000",
        "ebs.io2.iops",
        "0.0455",
        tier_from="32000",
    ),
    Listed(
        "AmazonEC2",
        "EBS:VolumeP-IOPS.io2.tier3",
        "IOPS-Mo",
        "0.0318500000",
        "ebs.io2.iops",
        "0.03185",
        tier_from="64000",
    ),
    Listed("AmazonEC2", "EBS:SnapshotUsage", "GB-Mo", "0.0500000000", "ebs.snapshot", "0.05"),
    Listed(
        "AmazonEC2",
        "EBS:SnapshotArchiveStorage",
        "GB-Mo",
        "0.0125000000",
        "ebs.snapshot-archive",
        "0.0125",
    ),
    Listed("AmazonEC2", "NatGateway-Hours", "Hrs", "0.0450000000", "nat-gateway", "0.045"),
    Listed("AmazonEC2", "NatGateway-Bytes", "GB", "0.0450000000", "nat-gateway.data", "0.045"),
    Listed(
        "AWSELB",
        "LoadBalancerUsage",
        "Hrs",
        "0.0225000000",
        "nlb",
        "0.0225",
        cells={"operation": "LoadBalancing:Network"},
    ),
    Listed(
        "AWSELB",
        "LCUUsage",
        "LCU-Hrs",
        "0.0060000000",
        "nlb.lcu",
        "0.006",
        cells={"operation": "LoadBalancing:Network"},
    ),
    Listed("AmazonVPC", "PublicIPv4:InUseAddress", "Hrs", "0.0050000000", "public-ipv4", "0.005"),
    Listed("AmazonVPC", "VpcEndpoint-Hours", "Hrs", "0.0100000000", "privatelink.endpoint", "0.01"),
    *_tiers(
        "AmazonVPC",
        "VpcEndpoint-Bytes",
        "GB",
        "privatelink.data",
        [("0", "0.01"), ("1048576", "0.006"), ("5242880", "0.004")],
        {},
    ),
    Listed(
        "AmazonVPC",
        "TransitGateway-Hours",
        "hour",
        "0.0500000000",
        "transit-gateway.attachment",
        "0.05",
        cells={"operation": "TransitGatewayVPC"},
    ),
    Listed(
        "AmazonVPC",
        "TransitGateway-Bytes",
        "GB",
        "0.0200000000",
        "transit-gateway.data",
        "0.02",
        cells={"operation": "TransitGatewayVPC"},
    ),
    Listed(
        "AWSDataTransfer",
        "DataTransfer-Regional-Bytes",
        "GB",
        "0.0100000000",
        "data-transfer.inter-az",
        "0.01",
        cells={"Transfer Type": "IntraRegion"},
    ),
    # the list begins with the first price, the tables with what is free over the account
    Listed(
        "AWSDataTransfer",
        "DataTransfer-Out-Bytes",
        "GB",
        "0.0900000000",
        "data-transfer.internet",
        "0.09",
        tier_from="100",
        cells=OUT,
    ),
    *_tiers(
        "AWSDataTransfer",
        "DataTransfer-Out-Bytes",
        "GB",
        "data-transfer.internet",
        [("10240", "0.085"), ("51200", "0.07"), ("153600", "0.05")],
        OUT,
    ),
    *_tiers(
        "AmazonS3",
        "TimedStorage-ByteHrs",
        "GB-Mo",
        "s3.standard.storage",
        [("0", "0.023"), ("51200", "0.022"), ("512000", "0.021")],
        {"Volume Type": "Standard"},
    ),
    # 0.000005 per request * 1,000,000 = 5
    Listed("AmazonS3", "Requests-Tier1", "Requests", "0.0000050000", "s3.standard.put", "5"),
    Listed("AmazonS3", "Requests-Tier2", "Requests", "0.0000004000", "s3.standard.get", "0.4"),
    Listed(
        "AmazonS3",
        "TimedStorage-XZ-ByteHrs",
        "GB-Mo",
        "0.1100000000",
        "s3.express-one-zone.storage",
        "0.11",
    ),
    Listed(
        "AmazonS3",
        "Requests-XZ-Tier1",
        "Requests",
        "0.0000011300",
        "s3.express-one-zone.put",
        "1.13",
    ),
    *_tiers(
        "AmazonCloudWatch",
        "CW:MetricMonitorUsage",
        "Metrics",
        "cloudwatch.metric",
        [("0", "0.3"), ("10000", "0.1"), ("250000", "0.05"), ("1000000", "0.02")],
        {},
    ),
    Listed("AmazonCloudWatch", "CW:AlarmMonitorUsage", "Alarms", "0.1", "cloudwatch.alarm", "0.1"),
    Listed(
        "AmazonCloudWatch",
        "CW:HighResAlarmMonitorUsage",
        "Alarms",
        "0.3",
        "cloudwatch.alarm-high-resolution",
        "0.3",
    ),
    Listed(
        "AmazonCloudWatch",
        "DataProcessing-Bytes",
        "GB",
        "0.5",
        "cloudwatch.logs",
        "0.5",
        cells={"operation": "PutLogEvents"},
    ),
    Listed(
        "AmazonCloudWatch",
        "CW:GMD-Metrics",
        "Metrics",
        "0.0000100000",
        "cloudwatch.get-metric-data",
        "10",
    ),
    Listed(
        "AWSComputeSavingsPlan",
        "BoxUsage:m7g.large",
        "Hrs",
        "0.0599",
        "ec2.m7g.large@1-year-savings-plan",
        "0.0599",
        cells={**PLAN, "LeaseContractLength": "1"},
    ),
    Listed(
        "AWSComputeSavingsPlan",
        "BoxUsage:m7g.large",
        "Hrs",
        "0.0414",
        "ec2.m7g.large@3-year-savings-plan",
        "0.0414",
        cells={**PLAN, "LeaseContractLength": "3"},
    ),
)


def between(start: str, end: str, price: str, **cells: str) -> Listed:
    """Return the line of what goes from one region to another."""
    pair = {start, end} == {"us-east-1", "us-east-2"}
    sku = "data-transfer.inter-region-us-east" if pair else "data-transfer.inter-region"
    usage = (PREFIX[end] or "USE1-") + "AWS-Out-Bytes"
    named = {**BETWEEN, "From Region Code": start, "To Region Code": end, **cells}
    return Listed("AWSDataTransfer", usage, "GB", price, sku, price, cells=named)


def line(listed: Listed, region: str, **cells: str) -> list[str]:
    """Return the cells of a line in a region."""
    prefix = PREFIX[region]
    if listed.service == "AmazonMSK" or listed.usage.endswith("-AWS-Out-Bytes"):
        prefix = prefix or "USE1-"
    usage = prefix + listed.usage
    all_cells = {**listed.cells, **cells}
    seed = f"{usage} {sorted(all_cells.items())}".encode()
    known = {
        "SKU": hashlib.sha256(seed).hexdigest()[:16].upper(),
        "TermType": "OnDemand",
        "EffectiveDate": "2026-11-01",
        "StartingRange": listed.start,
        "EndingRange": "Inf",
        "Unit": listed.unit,
        "PricePerUnit": listed.listed,
        "DiscountedRate": listed.listed,
        "Currency": "USD",
        "Location Type": "AWS Region",
        "usageType": usage,
        "DiscountedUsageType": usage,
        "Region Code": region,
        "From Region Code": region,
        "DiscountedRegionCode": region,
        "serviceCode": listed.service,
        **all_cells,
    }
    if listed.service == "AWSComputeSavingsPlan":
        known["DiscountedSKU"] = known["SKU"]
    return [known.get(column, "") for column in COLUMNS[listed.service]]


def offer(
    service: str, lines: Sequence[Sequence[str]], published: str = "2026-11-02T10:11:12Z"
) -> str:
    """Return the file of a service; that of savings plans has no quotation marks."""
    quoted = service != "AWSComputeSavingsPlan"
    return aws_csv(service, COLUMNS[service], lines, published=published, quoted=quoted)


def whole_list(
    regions: Sequence[str], listed: Sequence[Listed] = LISTED
) -> dict[str, dict[str, str]]:
    """Return the files of all services in these regions, with the same prices in each."""
    return {
        service: {
            region: offer(service, [line(one, region) for one in listed if one.service == service])
            for region in regions
        }
        for service in COLUMNS
    }


def committed() -> Iterator[tuple[str, dict[str, str]]]:
    """Yield the rows of Amazon's tables, each with the name of its table."""
    for path in TABLES:
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                yield path.name, row
