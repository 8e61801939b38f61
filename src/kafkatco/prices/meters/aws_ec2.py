"""The rules of EC2, its volumes and its NAT gateways, and of Compute Savings Plans.

A line of an instance has its system, tenancy and licence; other systems have the same usage type
with other operations, and so do reservations.  A reservation has a line per hour, and one of unit
``Quantity`` for the upfront payment; only reservations without upfront payment are read.  Only the
operation ``RunInstances`` is Linux without software.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from kafkatco.prices.meters.aws_rule import GB, GB_MONTH, GBS, HOURS, Rule

__all__ = ["EC2", "SAVINGS_PLANS"]

_ON_DEMAND: Final = {"TermType": "OnDemand"}
_BOX: Final = r"BoxUsage:(?P<type>[a-z0-9-]+\.[a-z0-9-]+)"
_LINUX: Final = {
    "operation": "RunInstances",
    "Operating System": "Linux",
    "Tenancy": "Shared",
    "License Model": "No License required",
    "Pre Installed S/W": "NA",
    "CapacityStatus": "Used",
}


def _reserved(years: int) -> Rule:
    having = {
        **_LINUX,
        "TermType": "Reserved",
        "LeaseContractLength": f"{years}yr",
        "PurchaseOption": "No Upfront",
        "OfferingClass": "standard",
    }
    note = f"{years}-year standard Reserved Instance, no upfront"
    return Rule(_BOX, f"aws.ec2.{{type}}@{years}-year", HOURS, "hour", note, having=having)


def _volume(
    usage: str,
    sku: str,
    units: tuple[str, ...],
    unit: str,
    note: str,
    scale: Decimal = Decimal(1),
    tier_from: int = 0,
) -> Rule:
    usage, sku = f"EBS:{usage}", f"aws.ebs.{sku}"
    return Rule(usage, sku, units, unit, note, scale, _ON_DEMAND, Decimal(tier_from))


_IOPS: Final = ("IOPS-Mo", "IOPS-month")

EC2: Final = (
    Rule(
        _BOX,
        "aws.ec2.{type}",
        HOURS,
        "hour",
        "Linux, shared tenancy, on demand",
        having={**_LINUX, **_ON_DEMAND},
    ),
    _reserved(1),
    _reserved(3),
    _volume(
        r"VolumeUsage\.(?P<kind>gp2|gp3|io2|st1|sc1)", "{kind}.storage", GB_MONTH, "GiB-month", GB
    ),
    _volume(
        r"VolumeP-IOPS\.gp3", "gp3.iops", _IOPS, "IOPS-month", "beyond the 3000 included per volume"
    ),
    _volume(
        r"VolumeP-Throughput\.gp3",
        "gp3.throughput",
        ("GiBps-mo", "GiBps-Mo"),
        "MiB/s-month",
        "beyond the 125 MiB/s included per volume; the list prints a price per GiB/s",
        scale=Decimal(1) / 1024,
    ),
    # each tier has its own usage type, which begins at 0
    _volume(r"VolumeP-IOPS\.io2", "io2.iops", _IOPS, "IOPS-month", "per volume"),
    _volume(
        r"VolumeP-IOPS\.io2\.tier2", "io2.iops", _IOPS, "IOPS-month", "per volume", tier_from=32_000
    ),
    _volume(
        r"VolumeP-IOPS\.io2\.tier3", "io2.iops", _IOPS, "IOPS-month", "per volume", tier_from=64_000
    ),
    _volume("SnapshotUsage", "snapshot", GB_MONTH, "GiB-month", GB),
    _volume("SnapshotArchiveStorage", "snapshot-archive", GB_MONTH, "GiB-month", GB),
    Rule("NatGateway-Hours", "aws.nat-gateway", HOURS, "hour", "per gateway", having=_ON_DEMAND),
    Rule("NatGateway-Bytes", "aws.nat-gateway.data", GBS, "GiB", GB, having=_ON_DEMAND),
)


def _savings_plan(years: int) -> Rule:
    """Return the rule of a Compute Savings Plan; the same file also has EC2 plans of one family.

    The name of the product family comes from the JSON files of the list.
    """
    having = {
        "DiscountedServiceCode": "AmazonEC2",
        "DiscountedOperation": "RunInstances",
        "PurchaseOption": "No Upfront",
        "LeaseContractLength": str(years),
        "LeaseContractLengthUnit": "year",
        "Product Family": "ComputeSavingsPlans",
    }
    sku = f"aws.ec2.{{type}}@{years}-year-savings-plan"
    note = f"{years}-year Compute Savings Plan, no upfront"
    return Rule(_BOX, sku, HOURS, "hour", note, having=having)


SAVINGS_PLANS: Final = (_savings_plan(1), _savings_plan(3))
