"""What the reader takes from a file of Amazon's price list, what it leaves, and what it refuses."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal

import pytest

from kafkatco.errors import RefreshError
from kafkatco.prices.refresh.aws import Aws
from kafkatco.prices.refresh.http import Web
from kafkatco.prices.refresh.source import FileQuotes, Query, Quote
from support.aws_lines import COLUMNS, LINUX, LISTED, OUT, RESERVED, Listed, between, line, offer
from support.price_server import PriceServer, aws_csv, serve_aws

TODAY = dt.date(2026, 11, 22)
SEOUL = "ap-northeast-2"


def read(
    server: PriceServer,
    service: str,
    text: str,
    skus: Sequence[str],
    region: str = SEOUL,
    others: Sequence[str] = (),
) -> FileQuotes:
    """Return what is read of these skus from the file of one service in one region."""
    files = dict.fromkeys((region, *others), text)
    serve_aws(server, {"AmazonEC2": files, service: files})
    query = Query(TODAY, {sku: frozenset(files) for sku in skus})
    with Web(pause=0.01) as web:
        [part] = [p for p in Aws(url=server.url).read(web, query) if p.label.endswith(region)]
    return part


def prices(readings: Sequence[Quote] | None) -> list[tuple[str, Decimal, Decimal]]:
    assert readings is not None
    return [(reading.sku, reading.tier_from, reading.price) for reading in readings]


def box(**cells: str) -> list[str]:
    listed = Listed("AmazonEC2", "BoxUsage:m7g.large", "Hrs", "0.1004", "", "", cells=LINUX)
    return line(listed, SEOUL, **cells)


def reserved(price: str, **cells: str) -> list[str]:
    reserved = {**RESERVED, "LeaseContractLength": "1yr", **cells}
    return line(Listed("AmazonEC2", "BoxUsage:m7g.large", "Hrs", price, "", ""), SEOUL, **reserved)


def test_other_systems_tenancies_and_terms_are_left(server: PriceServer) -> None:
    usage = "usageType"
    lines = [
        box(),
        box(operation="RunInstances:0002", **{"Operating System": "Windows"}, PricePerUnit="0.2"),
        box(**{"Operating System": "Windows"}, PricePerUnit="0.3"),
        box(
            operation="RunInstances:0800",
            **{"License Model": "Bring your own license"},
            PricePerUnit="0.4",
        ),
        box(**{usage: "APN2-DedicatedUsage:m7g.large", "Tenancy": "Dedicated"}, PricePerUnit="0.5"),
        box(**{usage: "APN2-HostBoxUsage:m7g.large", "Tenancy": "Host"}, PricePerUnit="0"),
        box(
            **{usage: "APN2-UnusedBox:m7g.large", "CapacityStatus": "UnusedCapacityReservation"},
            PricePerUnit="0.1004",
        ),
        box(CapacityStatus="AllocatedCapacityReservation", PricePerUnit="0"),
        box(**{"Pre Installed S/W": "SQL Web"}, operation="RunInstances:0200", PricePerUnit="0.6"),
        box(**{"Operating System": "RHEL"}, operation="RunInstances:0010", PricePerUnit="0.7"),
        box(MarketOption="CapacityBlock", PricePerUnit="0"),
        box(
            **{"Region Code": "ap-northeast-2-wl1", "Location Type": "AWS Wavelength Zone"},
            PricePerUnit="0.8",
        ),
        box(**{"Location Type": "AWS Local Zone", "Region Code": ""}, PricePerUnit="0.9"),
        box(**{"Region Code": "ap-northeast-1"}, PricePerUnit="1.0"),
        box(TermType="FlatRate", PricePerUnit="1.1"),
    ]
    part = read(server, "AmazonEC2", offer("AmazonEC2", lines), ["aws.ec2.m7g.large"])
    assert prices(part.quotes) == [("aws.ec2.m7g.large", Decimal(0), Decimal("0.1004"))]
    # a missing region code is ignored
    blank = offer("AmazonEC2", [box(**{"Region Code": ""})])
    part = read(server, "AmazonEC2", blank, ["aws.ec2.m7g.large"])
    assert prices(part.quotes) == [("aws.ec2.m7g.large", Decimal(0), Decimal("0.1004"))]


def test_reservations_are_those_without_upfront_payment(server: PriceServer) -> None:
    lines = [
        box(),
        reserved("0.0640"),
        reserved("0.0440", LeaseContractLength="3yr"),
        reserved("0.0305", PurchaseOption="Partial Upfront"),
        reserved("267", Unit="Quantity", PurchaseOption="Partial Upfront", StartingRange=""),
        reserved("0", PurchaseOption="All Upfront"),
        reserved("524", Unit="Quantity", PurchaseOption="All Upfront", StartingRange=""),
        reserved("0", Unit="Quantity", StartingRange=""),
        reserved("0.0736", OfferingClass="convertible"),
    ]
    skus = [f"aws.ec2.m7g.large{term}" for term in ("", "@1-year", "@3-year")]
    part = read(server, "AmazonEC2", offer("AmazonEC2", lines), skus)
    amounts = [Decimal("0.1004"), Decimal("0.064"), Decimal("0.044")]
    assert prices(part.quotes) == [
        (sku, Decimal(0), price) for sku, price in zip(skus, amounts, strict=True)
    ]


def test_plans_are_those_for_any_family(server: PriceServer) -> None:
    plan = next(one for one in LISTED if one.sku == "ec2.m7g.large@1-year-savings-plan")
    lines = [
        line(plan, SEOUL),
        line(plan, SEOUL, DiscountedRate="0.05", **{"Product Family": "EC2InstanceSavingsPlans"}),
        line(plan, SEOUL, DiscountedRate="0.04", PurchaseOption="All Upfront"),
        line(plan, SEOUL, DiscountedRate="0.03", DiscountedOperation="RunInstances:0002"),
        line(plan, SEOUL, DiscountedRate="0.02", DiscountedUsageType="APN2-UnusedBox:m7g.large"),
        line(plan, SEOUL, DiscountedRate="0.01", DiscountedServiceCode="AmazonECS"),
        line(plan, SEOUL, DiscountedRate="0.01", DiscountedRegionCode="us-east-1"),
    ]
    sku = "aws.ec2.m7g.large@1-year-savings-plan"
    text = offer("AWSComputeSavingsPlan", lines)
    part = read(server, "AWSComputeSavingsPlan", text, [sku])
    assert '"' not in text
    assert prices(part.quotes) == [(sku, Decimal(0), Decimal("0.0599"))]


def test_throughput_is_printed_per_gib_and_tiers_are_together(server: PriceServer) -> None:
    wanted = ("EBS:VolumeP-Throughput.gp3", "EBS:VolumeP-IOPS.io2")
    volumes = [one for one in LISTED if one.usage.startswith(wanted)]
    lines = [line(one, SEOUL) for one in volumes]
    lines[0][COLUMNS["AmazonEC2"].index("PricePerUnit")] = "46.6944000000"
    lines[1][COLUMNS["AmazonEC2"].index("EffectiveDate")] = "2026-09-01"
    skus = ["aws.ebs.gp3.throughput", "aws.ebs.io2.iops"]
    part = read(server, "AmazonEC2", offer("AmazonEC2", lines), skus)
    assert prices(part.quotes) == [
        ("aws.ebs.gp3.throughput", Decimal(0), Decimal("0.0456")),  # 46.6944 / 1024
        ("aws.ebs.io2.iops", Decimal(0), Decimal("0.065")),
        ("aws.ebs.io2.iops", Decimal(32000), Decimal("0.0455")),
        ("aws.ebs.io2.iops", Decimal(64000), Decimal("0.03185")),
    ]
    # tiers are valid together, from when the last of them is
    assert {reading.since for reading in part.quotes or ()} == {dt.date(2026, 11, 1)}


def test_a_balancer_is_the_one_of_its_operation(server: PriceServer) -> None:
    usages = ("LoadBalancerUsage", "LCUUsage")
    network = [one for one in LISTED if one.usage in usages]
    lines = [line(one, SEOUL) for one in network]
    for operation in ("LoadBalancing", "LoadBalancing:Application", "LoadBalancing:Gateway"):
        lines += [line(one, SEOUL, operation=operation, PricePerUnit="0.9") for one in network]
    lines.append(line(network[0], SEOUL, usageType="APN2-TS-LoadBalancerUsage", PricePerUnit="9"))
    lines.append(line(network[0], SEOUL, **{"Location Type": "AWS Outposts"}, PricePerUnit="9"))
    part = read(server, "AWSELB", offer("AWSELB", lines), ["aws.nlb", "aws.nlb.lcu"])
    assert prices(part.quotes) == [
        ("aws.nlb", Decimal(0), Decimal("0.0225")),
        ("aws.nlb.lcu", Decimal(0), Decimal("0.006")),
    ]


def test_the_free_tier_of_the_account_comes_first(server: PriceServer) -> None:
    sku = "aws.data-transfer.internet"
    out = [one for one in LISTED if one.sku == sku.removeprefix("aws.")]
    part = read(
        server, "AWSDataTransfer", offer("AWSDataTransfer", [line(o, SEOUL) for o in out]), [sku]
    )
    edges = [(0, "0"), (100, "0.09"), (10240, "0.085"), (51200, "0.07"), (153600, "0.05")]
    assert prices(part.quotes) == [(sku, Decimal(edge), Decimal(price)) for edge, price in edges]
    assert part.quotes is not None
    assert "100 GB a month free" in part.quotes[0].note
    # where the list itself begins with something free, nothing is added
    own = [
        Listed("AWSDataTransfer", "DataTransfer-Out-Bytes", "GB", price, "", "", start, cells=OUT)
        for start, price in (("0", "0.0000000000"), ("1", "0.0900000000"))
    ]
    text = offer("AWSDataTransfer", [line(one, SEOUL) for one in own])
    assert prices(read(server, "AWSDataTransfer", text, [sku]).quotes) == [
        (sku, Decimal(0), Decimal(0)),
        (sku, Decimal(1), Decimal("0.09")),
    ]


def test_traffic_between_regions_has_one_price_or_none(server: PriceServer) -> None:
    skus = ["aws.data-transfer.inter-region", "aws.data-transfer.inter-region-us-east"]
    here, others = "us-east-1", ["us-east-2", SEOUL]
    lines = [
        line(between(here, "us-east-2", "0.01"), here),
        line(between(here, SEOUL, "0.02"), here),
        # to a region that the tables do not have, to a local zone, from elsewhere, inbound, faster
        line(between(here, "eu-west-1", "0.05"), here),
        line(between(here, SEOUL, "0", **{"To Region Code": "us-east-1-atl-1"}), here),
        line(between(SEOUL, here, "0.08"), SEOUL),
        line(between(SEOUL, here, "0", **{"Transfer Type": "InterRegion Inbound"}), SEOUL),
        line(between(here, SEOUL, "0.06"), here, usageType="USE1-APN2-AWS-Out-ABytes"),
    ]
    part = read(server, "AWSDataTransfer", offer("AWSDataTransfer", lines), skus, here, others)
    amounts = [Decimal("0.02"), Decimal("0.01")]
    assert prices(part.quotes) == [(s, Decimal(0), p) for s, p in zip(skus, amounts, strict=True)]
    assert part.unclear == {}
    lines.append(line(between(here, SEOUL, "0.03", operation="PublicIP-Out"), here))
    part = read(server, "AWSDataTransfer", offer("AWSDataTransfer", lines), skus, here, others)
    assert prices(part.quotes) == [(skus[1], Decimal(0), Decimal("0.01"))]
    [text] = part.unclear.values()
    assert text == f"several prices of {skus[0]} in us-east-1: 0.02, 0.03"


def test_lines_that_agree_are_one_and_one_product_may_have_dates(server: PriceServer) -> None:
    zone = next(one for one in LISTED if one.sku == "data-transfer.inter-az")
    sku = "aws.data-transfer.inter-az"
    twice = [line(zone, SEOUL), line(zone, SEOUL, operation="VPCPeering-In")]
    text = offer("AWSDataTransfer", twice)
    part = read(server, "AWSDataTransfer", text, [sku])
    assert prices(part.quotes) == [(sku, Decimal(0), Decimal("0.01"))]
    dated = [
        line(zone, SEOUL, SKU="A", EffectiveDate="2026-10-01"),
        line(zone, SEOUL, SKU="A", PricePerUnit="0.012"),
    ]
    part = read(server, "AWSDataTransfer", offer("AWSDataTransfer", dated), [sku])
    assert prices(part.quotes) == [
        (sku, Decimal(0), Decimal("0.01")),
        (sku, Decimal(0), Decimal("0.012")),
    ]


def test_prices_that_the_tables_lack_are_only_named(server: PriceServer) -> None:
    lines = [
        box(),
        box(usageType="APN2-BoxUsage:m9g.large", Unit="Fortnights", PricePerUnit="?"),
        reserved("0.05", usageType="APN2-BoxUsage:m9g.large"),
    ]
    part = read(server, "AmazonEC2", offer("AmazonEC2", lines), ["aws.ec2.m7g.large"])
    assert part.other == {"aws.ec2.m9g.large"}


MSK = line(LISTED[0], SEOUL)


def msk_file(lines: Sequence[Sequence[str]], columns: Sequence[str] = COLUMNS["AmazonMSK"]) -> str:
    return aws_csv("AmazonMSK", columns, lines)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (
            msk_file([MSK], [c.replace("operation", "Operation") for c in COLUMNS["AmazonMSK"]]),
            "missing columns: operation",
        ),
        (msk_file([MSK], [*COLUMNS["AmazonMSK"][:-1], "SKU"]), "duplicate columns: SKU"),
        (msk_file([line(LISTED[0], SEOUL, Unit="fortnights")]), "unit 'fortnights' of"),
        (msk_file([line(LISTED[0], SEOUL, Currency="CNY")]), "currency 'CNY' of"),
        (msk_file([line(LISTED[0], SEOUL, PricePerUnit="much")]), "price 'much' from '0' of"),
        (msk_file([line(LISTED[0], SEOUL, PricePerUnit="NaN")]), "price 'NaN' from '0' of"),
        (
            msk_file([line(LISTED[0], SEOUL, PricePerUnit="1E+9999999")]),
            "price '1E+9999999' from '0' of",
        ),
        (
            msk_file([line(LISTED[0], SEOUL, PricePerUnit="1E-9999999")]),
            "expected at most 15 digits",
        ),
        (msk_file([line(LISTED[0], SEOUL, StartingRange="1E+9999999")]), "from '1E+9999999' of"),
        (
            msk_file([line(LISTED[0], SEOUL, PricePerUnit="9" * 500)]),
            f"price '{40 * '9'}' from '0' of",
        ),
        (msk_file([line(LISTED[0], SEOUL, Unit="u" * 500)]), f"unit '{40 * 'u'}' of"),
        (msk_file([line(LISTED[0], SEOUL, EffectiveDate="soon")]), "got 'soon'; expected a date"),
        (msk_file([MSK, MSK[:-1]]), "line 2 of the prices has 19 cells instead of 20"),
        (msk_file([MSK, MSK])[:-40], "invalid CSV (unexpected end of data)"),
        (msk_file([MSK]).replace("v1.0", "v2.0"), "format version 'v2.0'; expected v1.0"),
        ("<!DOCTYPE html>\n<html></html>", "got an HTML page"),
        ("<Error><Code>AccessDenied</Code></Error>", "got XML"),
        ("", "got an empty file"),
        ('"FormatVersion","v1.0"\n', "got a truncated file"),
    ],
)
def test_a_file_that_is_not_as_documented_is_refused(
    server: PriceServer, text: str, problem: str
) -> None:
    with pytest.raises(RefreshError) as caught:
        read(server, "AmazonMSK", text, ["aws.msk.kafka.m7g.large"])
    assert problem in str(caught.value)
    assert f"AWS AmazonMSK in {SEOUL}" in str(caught.value)
