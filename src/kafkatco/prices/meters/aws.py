"""The rules of each service of Amazon's price list, except EC2 (``aws_ec2``).

Where the list prints GB it meters 2^30 bytes, as in the tables.  ``NOT_LISTED`` names the skus of
the tables that the files do not have, or not in the form of the tables.

Usage types, operations and units come from published files and queries of the list.  The columns of
AWSDataTransfer were not in such a file; their names are assumed to be those of AmazonEC2 and
AmazonS3 (``From Region Code``, ``To Region Code``, ``Transfer Type``).  Equal lines of one price
count as one; lines that differ are reported, so that a usage type with several operations cannot
silently yield the wrong price.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Final

from kafkatco.prices.meters.aws_ec2 import EC2, SAVINGS_PLANS
from kafkatco.prices.meters.aws_rule import GB, GB_MONTH, GBS, HOURS, LISTED, SAVINGS, Layout, Rule

__all__ = ["LAYOUTS", "NOT_LISTED", "RULES"]

MILLION: Final = Decimal(1_000_000)
PER_REQUEST: Final = "the list prints a price per request"
FOR_ALL_REGIONS: Final = "one price for all regions in the tables; the list has one for each"


def _rule(
    usage: str,
    sku: str,
    units: tuple[str, ...],
    unit: str,
    note: str = "",
    operation: str = "",
    **more: str,
) -> Rule:
    having = {"TermType": "OnDemand", **more, **({"operation": operation} if operation else {})}
    return Rule(usage, f"aws.{sku}", units, unit, note, having=having)


def _per_million(usage: str, sku: str, unit: str, note: str) -> Rule:
    having = {"TermType": "OnDemand"}
    return Rule(usage, f"aws.{sku}", (unit,), "million", note, MILLION, having)


_SIZE: Final = r"(?P<size>[a-z0-9]+\.[a-z0-9]+)"

_MSK: Final = (
    _rule(r"Kafka\." + _SIZE, "msk.kafka.{size}", HOURS, "hour", "per broker", "RunBroker"),
    _rule(r"Express\." + _SIZE, "msk.express.{size}", HOURS, "hour", "per broker", "RunBroker"),
    _rule(r"Kafka\.Storage\.GP2", "msk.storage", GB_MONTH, "GiB-month", GB),
    _rule(r"Kafka\.Storage\.Tiered", "msk.tiered-storage", GB_MONTH, "GiB-month", GB),
    _rule(r"Kafka\.DataRetrieval\.Tiered", "msk.tiered-retrieval", GBS, "GiB", GB),
    _rule(
        r"Kafka\.Throughput",
        "msk.provisioned-throughput",
        ("MBps-Mo", "MiBps-Mo", "MBPS-Mo"),
        "MiB/s-month",
        "the list prints MB/s",
    ),
    _rule(r"Express\.Storage", "msk.express-storage", GB_MONTH, "GiB-month", GB),
    _rule(r"Express\.In-Bytes", "msk.express-data-in", GBS, "GiB", "written by producers; " + GB),
    _rule(r"KafkaServerless-ClusterHours", "msk.serverless.cluster", HOURS, "hour"),
    _rule(
        r"KafkaServerless-PartitionHours",
        "msk.serverless.partition",
        HOURS,
        "hour",
        "per partition",
    ),
    _rule(r"KafkaServerless-StorageHours", "msk.serverless.storage", GB_MONTH, "GiB-month", GB),
    _rule(r"KafkaServerless-In-Bytes", "msk.serverless.data-in", GBS, "GiB", GB),
    _rule(r"KafkaServerless-Out-Bytes", "msk.serverless.data-out", GBS, "GiB", GB),
    _rule(
        r"Kafka\.mcu\.general",
        "msk.connect.mcu",
        HOURS,
        "hour",
        "per MSK Connect unit (1 vCPU, 4 GiB)",
    ),
    _rule(r"KafkaReplication-ReplicatorHours", "msk.replicator", HOURS, "hour"),
    _rule(
        r"KafkaReplication-Processed-Bytes",
        "msk.replicator-data-same-region",
        GBS,
        "GiB",
        GB,
        "SameRegionSource",
    ),
    _rule(
        r"KafkaReplication-Processed-Bytes",
        "msk.replicator-data-cross-region",
        GBS,
        "GiB",
        GB,
        "CrossRegionSourceLocal",
    ),
    _rule(
        r"Kafka\.PrivateConnectivityHours",
        "msk.private-connectivity",
        HOURS,
        "hour",
        "per authentication scheme",
    ),
    _rule(
        r"Kafka\.PrivateConnectivity\.BytesProcessed",
        "msk.private-connectivity-data",
        GBS,
        "GiB",
        GB,
    ),
)

# other balancers have the same usage types, with other operations
_ELB: Final = (
    _rule(
        "LoadBalancerUsage",
        "nlb",
        HOURS,
        "hour",
        "per Network Load Balancer",
        "LoadBalancing:Network",
    ),
    _rule("LCUUsage", "nlb.lcu", ("LCU-Hrs", *HOURS), "hour", "per NLCU", "LoadBalancing:Network"),
)

# the operations of the first three are unknown, and not required
_VPC: Final = (
    _rule("PublicIPv4:InUseAddress", "public-ipv4", HOURS, "hour", "per address"),
    _rule("VpcEndpoint-Hours", "privatelink.endpoint", HOURS, "hour", "per endpoint and zone"),
    _rule("VpcEndpoint-Bytes", "privatelink.data", GBS, "GiB", "tier edges binary; " + GB),
    _rule(
        "TransitGateway-Hours",
        "transit-gateway.attachment",
        HOURS,
        "hour",
        "per attached VPC",
        "TransitGatewayVPC",
    ),
    _rule("TransitGateway-Bytes", "transit-gateway.data", GBS, "GiB", GB, "TransitGatewayVPC"),
)

_BETWEEN: Final = {"TermType": "OnDemand", "Transfer Type": "InterRegion Outbound"}
_US_EAST: Final = ("us-east-1", "us-east-2")


def _within_us_east(start: str, end: str) -> Rule:
    having = {**_BETWEEN, "From Region Code": start, "To Region Code": end}
    return Rule(
        r"[A-Z0-9]+-AWS-Out-Bytes",
        "aws.data-transfer.inter-region-us-east",
        GBS,
        "GiB",
        "between us-east-1 and us-east-2; " + GB,
        having=having,
    )


# The first rule that matches a line applies: traffic between the two regions of the eastern US has
# its own price.  Traffic to all others has one price in the tables, so the lines to the regions of
# the tables must agree; lines to other regions may differ.
_TRANSFER: Final = (
    _rule(
        "DataTransfer-Regional-Bytes",
        "data-transfer.inter-az",
        GBS,
        "GiB",
        "each direction: a byte that crosses is metered twice; " + GB,
        **{"Transfer Type": "IntraRegion"},
    ),
    Rule(
        "DataTransfer-Out-Bytes",
        "aws.data-transfer.internet",
        GBS,
        "GiB",
        "tier edges binary; " + GB,
        having={"TermType": "OnDemand", "Transfer Type": "AWS Outbound"},
        free=Decimal(100),
        why_free="first 100 GB a month free over the account, which the list leaves out; " + GB,
    ),
    _within_us_east(*_US_EAST),
    _within_us_east(*reversed(_US_EAST)),
    Rule(
        r"[A-Z0-9]+-AWS-Out-Bytes",
        "aws.data-transfer.inter-region",
        GBS,
        "GiB",
        "out of this region to another of the tables; " + GB,
        having=_BETWEEN,
        towards="To Region Code",
    ),
)

# the overhead of archives has the same usage type, with another kind of volume
_S3: Final = (
    _rule(
        "TimedStorage-ByteHrs",
        "s3.standard.storage",
        GB_MONTH,
        "GiB-month",
        "tier edges binary; " + GB,
        **{"Volume Type": "Standard"},
    ),
    _per_million(
        "Requests-Tier1", "s3.standard.put", "Requests", "PUT, COPY, POST, LIST; " + PER_REQUEST
    ),
    _per_million(
        "Requests-Tier2",
        "s3.standard.get",
        "Requests",
        "GET, SELECT and all other requests; " + PER_REQUEST,
    ),
    _rule("TimedStorage-XZ-ByteHrs", "s3.express-one-zone.storage", GB_MONTH, "GiB-month", GB),
    _per_million(
        "Requests-XZ-Tier1",
        "s3.express-one-zone.put",
        "Requests",
        "PUT, COPY, POST, LIST; " + PER_REQUEST,
    ),
)

_CLOUDWATCH: Final = (
    _rule("CW:MetricMonitorUsage", "cloudwatch.metric", ("Metrics",), "month", "per custom metric"),
    _rule(
        "CW:AlarmMonitorUsage",
        "cloudwatch.alarm",
        ("Alarms",),
        "month",
        "per metric of a standard alarm",
    ),
    _rule(
        "CW:HighResAlarmMonitorUsage",
        "cloudwatch.alarm-high-resolution",
        ("Alarms",),
        "month",
        "per metric of a high-resolution alarm",
    ),
    _rule("DataProcessing-Bytes", "cloudwatch.logs", GBS, "GiB", "ingested; " + GB, "PutLogEvents"),
    _per_million(
        "CW:GMD-Metrics",
        "cloudwatch.get-metric-data",
        "Metrics",
        "metrics requested; the list prints a price per metric",
    ),
)

#: The rules of each service of the list, by its code there.
RULES: Final[Mapping[str, tuple[Rule, ...]]] = MappingProxyType(
    {
        "AmazonMSK": _MSK,
        "AmazonEC2": EC2,
        "AWSELB": _ELB,
        "AmazonVPC": _VPC,
        "AWSDataTransfer": _TRANSFER,
        "AmazonS3": _S3,
        "AmazonCloudWatch": _CLOUDWATCH,
        "AWSComputeSavingsPlan": SAVINGS_PLANS,
    }
)

#: The layout of each service's file.
LAYOUTS: Final[Mapping[str, Layout]] = MappingProxyType(
    {service: SAVINGS if service == "AWSComputeSavingsPlan" else LISTED for service in RULES}
)

#: The prefixes of skus without a rule, and the reasons.
NOT_LISTED: Final[Mapping[str, str]] = MappingProxyType(
    {
        "aws.support.": "support plans are a percentage of a bill, which no file of the list gives",
        "aws.ec2-cpu-credits.": FOR_ALL_REGIONS,
        "aws.eks.cluster": FOR_ALL_REGIONS,
        "aws.cloudwatch.logs-": "no price was read yet, and its usage type is not known",
        "aws.firehose.": "no price was read yet, and its usage type is not known",
        "aws.ebs.io2.first-iops": "the first tier of aws.ebs.io2.iops, once more without its tiers",
    }
)
