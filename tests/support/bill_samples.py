"""Bills of one February, of 28 days and 672 hours, by hand, with the arithmetic in comments."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import kafkatco as kt

__all__ = [
    "FOCUS",
    "HOURS",
    "MSK",
    "WRITTEN",
    "aws",
    "azure",
    "confluent",
    "cur_rows",
    "gcp",
    "load",
    "write_csv",
]

HOURS = 672.0
#: What producers write in the month [GiB]; between zones of three, with F readers, on both sides:
#: 2 x (1 - 1/3) x (1 + F) x 3000 GiB, so that F = 2 makes 12,000 GiB.
WRITTEN = 3000.0
MSK = kt.MskStandard(region="ap-northeast-2", instance="kafka.m7g.large", brokers=3)

_CUR = (
    "bill_billing_period_start_date",
    "line_item_usage_start_date",
    "line_item_usage_end_date",
    "line_item_line_item_type",
    "line_item_product_code",
    "line_item_usage_type",
    "line_item_operation",
    "line_item_usage_amount",
    "line_item_unblended_cost",
    "line_item_net_unblended_cost",
    "line_item_currency_code",
    "pricing_unit",
    "pricing_public_on_demand_cost",
    "product_region_code",
    "reservation_effective_cost",
)

#: A row of FinOps FOCUS: a month of three brokers.
FOCUS = {
    "BillingPeriodStart": "2025-02-01",
    "ChargePeriodStart": "2025-02-01",
    "ChargePeriodEnd": "2025-03-01",
    "ChargeCategory": "Usage",
    "ProviderName": "AWS",
    "ServiceName": "Amazon MSK",
    "x_ServiceCode": "AmazonMSK",
    "x_Operation": "RunBroker",
    "PricingQuantity": 2016,
    "PricingUnit": "hours",
    "EffectiveCost": 400.0,
    "ListCost": 505.6128,
    "BillingCurrency": "USD",
    "RegionId": "ap-northeast-2",
    "SkuId": "3EBH7EDR3T8TQAGG",
}


def load(**changes: Any) -> kt.Workload:
    """3000 GiB in 672 h, kept for a day, read twice."""
    rate = WRITTEN * 1024 / (HOURS * 3600)
    given = {"ingress": f"{rate!r} MiB/s", "fanout": 2, "retention": "1 day", "partitions": 30}
    return kt.Workload(**{**given, **changes})


def aws(
    kind: str,
    product: str,
    usage: str,
    operation: str,
    amount: float | str,
    cost: float,
    unit: str,
    **more: Any,
) -> dict[str, Any]:
    """Return a line of CUR 2.0 over the month in Seoul, by default listed at its cost."""
    values = (
        "2025-02-01T00:00:00.000Z",
        "2025-02-01T00:00:00.000Z",
        "2025-03-01T00:00:00.000Z",
        kind,
        product,
        usage,
        operation,
        amount,
        cost,
        "",
        "USD",
        unit,
        cost if kind == "Usage" else "",
        "ap-northeast-2",
        "",
    )
    return dict(zip(_CUR, values, strict=True)) | more


def cur_rows() -> list[dict[str, Any]]:
    """Return three brokers, 1000 GB, transfer both ways, a credit, tax, and what is not Kafka."""
    msk, ec2 = "AmazonMSK", "AmazonEC2"
    crossing = "APN2-DataTransfer-Regional-Bytes"
    return [
        aws("Usage", msk, "APN2-Kafka.m7g.large", "RunBroker", 2016, 505.6128, "hours"),
        aws("Usage", msk, "APN2-Kafka.Storage.GP2", "RunVolume", 1000, 114.0, "GB-Mo"),
        aws("Usage", ec2, crossing, "InterZone-In", 6000, 60.0, "GB"),
        aws("Usage", ec2, crossing, "InterZone-Out", 6000, 60.0, "GB"),
        aws("Credit", msk, "APN2-Kafka.m7g.large", "RunBroker", "", -50.0, ""),
        aws("Tax", msk, "APN2-Kafka.m7g.large", "", "", 10.0, ""),
        aws("Usage", "AWSLambda", "APN2-Lambda-GB-Second", "Invoke", 9e5, 7.25, "Lambda-GB-Second"),
        aws("Usage", ec2, "APN2-BoxUsage:m5.large", "RunInstances", 672, 79.296, "Hrs"),
    ]


def write_csv(path: Path, rows: Sequence[Mapping[str, Any]]) -> Path:
    """Write rows of the same columns."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


def confluent(path: Path, **more: Any) -> Path:
    """Write Confluent's costs: each day 100 GB in, 300 GB out, 2,400 GB-hours, 48 eCKU-hours.

    In the month 2,800 GiB in, three times that out, 67,200 GB-hours / 672 h = 100 GiB-months, and
    2 eCKUs; a tenth is taken off.
    """
    lines = (
        ("KAFKA_NETWORK_WRITE", "GB", 100.0, 5.0),
        ("KAFKA_NETWORK_READ", "GB", 300.0, 15.0),
        ("KAFKA_STORAGE", "GB-hour", 2400.0, 0.25),
        ("KAFKA_NUM_CKUS", "eCKU-hour", 48.0, 36.0),
    )
    data = [
        {
            "start_date": f"2025-02-{day:02} 00:00:00",
            "end_date": _after(day),
            "unit": unit,
            "granularity": "DAILY",
            "product": "KAFKA",
            "line_type": kind,
            "quantity": amount,
            "original_amount": cost,
            "discount_amount": cost / 10,
            "amount": cost * 0.9,
            "resource": {"id": "lkc-1", "display_name": "<script>alert(1)</script>"},
        }
        for day in range(1, 29)
        for kind, unit, amount, cost in lines
    ]
    path.write_text(json.dumps({"data": data, "metadata": {}, **more}), encoding="utf-8")
    return path


def _after(day: int) -> str:
    return f"2025-02-{day + 1:02}" if day < 28 else "2025-03-01"


def azure(**more: Any) -> dict[str, Any]:
    """Return a row of Azure's cost details: a day of two units."""
    return {
        "Date": "02/01/2025",
        "ChargeType": "Usage",
        "MeterCategory": "Event Hubs",
        "MeterSubCategory": "Event Hubs Standard",
        "MeterName": "Standard Throughput Unit",
        "Quantity": 48,
        "UnitOfMeasure": "1 Hour",
        "CostInBillingCurrency": 1.2,
        "PaygCostInBillingCurrency": 1.44,
        "BillingCurrency": "USD",
        "PricingModel": "OnDemand",
        "ResourceLocation": "Korea Central",
        "BillingPeriodStartDate": "02/01/2025",
        "AdditionalInfo": '{"ServiceType": "Standard_D4s_v5"}',
        **more,
    }


def gcp(**more: Any) -> dict[str, Any]:
    """Return a row of Google's billing export: a month of three units."""
    return {
        "service": {"id": "9544-7B1C-811D", "description": "Managed Service for Apache Kafka"},
        "sku": {"id": "0000-0000-0000", "description": "Data Compute Units in Seoul"},
        "usage_start_time": "2025-02-01 08:00:00 UTC",
        "usage_end_time": "2025-03-01 08:00:00 UTC",
        "location": {"region": "asia-northeast3"},
        "cost": 100.0,
        "cost_at_list": 120.0,
        "credits": [{"name": "a", "amount": -15.0}, {"name": "b", "amount": -5.0}],
        "currency": "USD",
        "invoice": {"month": "202502"},
        "cost_type": "regular",
        "usage": {"amount_in_pricing_units": 2016.0, "pricing_unit": "hour"},
        **more,
    }
