"""Azure's Retail Prices API, spoken by a local server, and the traps in its rows."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from kafkatco.errors import RefreshError
from kafkatco.prices.meters.azure import RULES, quantity
from kafkatco.prices.refresh.azure import Azure
from kafkatco.prices.refresh.http import Web
from kafkatco.prices.refresh.run import refresh_book
from kafkatco.prices.refresh.source import Query, Quote
from kafkatco.prices.results import Refreshed
from support.excerpts import excerpt_json
from support.price_server import PriceServer, Reply
from support.refreshing import files, provider_rows, small_book

TODAY = dt.date(2026, 11, 22)
PATH = "/api/retail/prices"
Row = dict[str, Any]

VM: Row = {
    "currencyCode": "USD",
    "tierMinimumUnits": 0.0,
    "retailPrice": 0.236,
    "unitPrice": 0.236,
    "armRegionName": "koreacentral",
    "location": "KR Central",
    "effectiveStartDate": "2021-11-01T00:00:00Z",
    "meterId": "e32e5a68",
    "meterName": "D4s v5",
    "productId": "DZH318Z08M9W",
    "skuId": "DZH318Z08M9W/002N",
    "productName": "Virtual Machines Dsv5 Series",
    "skuName": "Standard_D4s_v5",
    "serviceName": "Virtual Machines",
    "serviceFamily": "Compute",
    "unitOfMeasure": "1 Hour",
    "type": "Consumption",
    "isPrimaryMeterRegion": True,
    "armSkuName": "Standard_D4s_v5",
}


def vm(**changes: Any) -> Row:
    return VM | changes


def meter(
    service: str,
    product: str,
    name: str,
    meter_name: str,
    unit: str,
    price: Any,
    region: str = "eastus",
    tier: Any = 0.0,
    **changes: Any,
) -> Row:
    """Return a row of another service, without a size."""
    return VM | {
        "serviceName": service,
        "productName": product,
        "skuName": name,
        "meterName": meter_name,
        "unitOfMeasure": unit,
        "retailPrice": price,
        "armRegionName": region,
        "tierMinimumUnits": tier,
        "armSkuName": "",
        "meterId": f"{product}/{meter_name}",
        "skuId": f"{product}/{name}",
        "effectiveStartDate": "2017-02-03T00:00:00Z",
        **changes,
    }


def hub(name: str, meter_name: str, unit: str, price: Any, region: str = "koreacentral") -> Row:
    return meter("Event Hubs", "Event Hubs", name, f"{name} {meter_name}", unit, price, region)


def serve(
    server: PriceServer, rows: Sequence[Row], *, per_page: int = 1000, currency: str = "USD"
) -> None:
    """Speak as the API does: filter by service and region, and link to the next page there."""

    def answer(query: Mapping[str, str]) -> Reply:
        assert query["currencyCode"] == "'USD'"
        assert query["api-version"] == "2023-01-01-preview"
        match = re.fullmatch("serviceName eq '(.*)' and armRegionName eq '(.*)'", query["$filter"])
        assert match is not None
        matching = [
            row for row in rows if (row["serviceName"], row["armRegionName"]) == match.groups()
        ]
        start = int(query.get("$skip", "0"))
        items = matching[start : start + per_page]
        link = None
        if start + per_page < len(matching):  # as the API writes it: with a port, and half encoded
            link = f"https://prices.azure.com:443{PATH}?api-version={query['api-version']}"
            link += f"&currencyCode='USD'&$filter={query['$filter']}&$skip={start + per_page}"
        return Reply(page(items, link, currency))

    server.replies[PATH] = answer


def page(items: Sequence[Any], link: Any = None, currency: str = "USD") -> bytes:
    envelope = {
        "BillingCurrency": currency,
        "CustomerEntityId": "Default",
        "CustomerEntityType": "Retail",
        "Items": items,
        "NextPageLink": link,
        "Count": len(items),
    }
    return json.dumps(envelope).encode()


Place = tuple[str, str]


def refresh(server: PriceServer, book: Path, as_of: dt.date = TODAY) -> Refreshed:
    [result] = refresh_book(book, [Azure(url=server.url)], as_of=as_of, today=TODAY, pause=0.001)
    return result


def one_vm(place: Place) -> bool:
    return place == ("azure.vm.D4s_v5", "koreacentral")


def prices(result: Refreshed) -> dict[str, Decimal | None]:
    return {row.sku: row.price for row in result.rows}


def problem(result: Refreshed) -> str:
    [one] = result.problems
    return str(one)


def read(server: PriceServer, regions: Mapping[str, Sequence[str]]) -> list[Quote]:
    query = Query(TODAY, {sku: frozenset(names) for sku, names in regions.items()})
    with Web(pause=0.001) as web:
        parts = [*Azure(url=server.url).read(web, query)]
    return [reading for part in parts for reading in part.quotes or ()]


# ---------------------------------------------------------------- all services at once

#: What East US costs according to the committed tables, in the API's units: a price per 10,000
#: operations is a hundredth of one per million.
PL, DISKS, HOT = "Virtual Network Private Link", "Premium SSD Managed Disks", "Hot LRS"
BLOB, V2 = "General Block Blob v2", "Azure Premium SSD v2"
MGN = [(0, 0.0), (100, 0.087), (10335, 0.083), (51295, 0.07), (153695, 0.05), (512095, 0.05)]
LINK = [(0, 0.01), (1_000_000, 0.006), (5_000_000, 0.004)]
EAST_US: list[Row] = [
    vm(armRegionName="eastus", retailPrice=0.192),
    hub("Standard", "Ingress Events", "1M", 0.028, "eastus"),
    hub("Standard", "Throughput Unit", "1 Hour", 0.03, "eastus"),
    hub("Basic", "Throughput Unit", "1 Hour", 0.015, "eastus"),
    meter("Storage", DISKS, "P4 LRS", "P4 LRS Disk", "1/Month", 5.28),
    meter("Storage", DISKS, "P4 LRS", "P4 LRS Disk Mount", "1/Month", 0.31),
    meter("Storage", DISKS, "P10 LRS", "P10 LRS Disk", "1/Month", 19.71),
    meter("Storage", V2, "Premium LRS", "Premium LRS Provisioned Capacity", "1 GiB/Hour", 0.00011),
    meter("Storage", V2, "Premium LRS", "Premium LRS Provisioned IOPS", "1/Hour", 0.0),
    meter(
        "Storage",
        V2,
        "Premium LRS",
        "Premium LRS Provisioned IOPS",
        "1/Hour",
        0.000007,
        tier=3000.0,
    ),
    meter("Storage", V2, "Premium LRS", "Premium LRS Provisioned Throughput (MBps)", "1/Hour", 0.0),
    meter(
        "Storage",
        V2,
        "Premium LRS",
        "Premium LRS Provisioned Throughput (MBps)",
        "1/Hour",
        0.000055,
        tier=125.0,
    ),
    *(
        meter("Storage", BLOB, HOT, "Hot LRS Data Stored", "1 GB/Month", price, tier=tier)
        for tier, price in [(0, 0.0208), (51200, 0.019968), (512000, 0.019136)]
    ),
    meter("Storage", "Blob Storage", HOT, "Hot LRS Data Stored", "1 GB/Month", 0.0184),
    meter("Storage", BLOB, HOT, "Hot LRS Write Operations", "10K", 0.05),
    meter("Storage", BLOB, HOT, "Hot Read Operations", "10K", 0.004),
    meter("Storage", BLOB, "Hot GRS", "Hot Read Operations", "10K", 0.005),
    *(
        meter(
            "Bandwidth",
            "Rtn Preference: MGN",
            "Standard",
            "Standard Data Transfer Out",
            "1 GB",
            price,
            tier=tier,
        )
        for tier, price in MGN
    ),
    meter(
        "Bandwidth",
        "Bandwidth - Routing Preference: Internet",
        "Standard",
        "Standard Data Transfer Out",
        "1 GB",
        0.08,
    ),
    meter(
        "Azure Kubernetes Service",
        "Azure Kubernetes Service",
        "Standard",
        "Standard Uptime SLA",
        "1 Hour",
        0.1,
    ),
    meter("Virtual Network", PL, "Standard", "Standard Private Endpoint", "1 Hour", 0.01, "Global"),
    *(
        meter(
            "Virtual Network",
            PL,
            "Standard",
            f"Standard Data Processed - {way}",
            "1 GB",
            price,
            "Global",
            tier=tier,
        )
        for way in ("Ingress", "Egress")
        for tier, price in LINK
    ),
]
COVERED = {
    "azure.vm.D4s_v5",
    "azure.event-hubs.standard.events",
    "azure.event-hubs.standard.throughput-unit",
    "azure.disk.premium-ssd.P4",
    "azure.disk.premium-ssd-v2.storage",
    "azure.disk.premium-ssd-v2.iops",
    "azure.disk.premium-ssd-v2.throughput",
    "azure.blob.hot-lrs.storage",
    "azure.blob.hot-lrs.put",
    "azure.blob.hot-lrs.get",
    "azure.bandwidth.internet",
    "azure.aks.cluster",
    "azure.private-link.endpoint",
    "azure.private-link.data",
}
#: What the tables have no price of, and the API does.
LACKING: list[Row] = [
    meter(
        "Load Balancer",
        "Load Balancer",
        "Standard",
        "Standard Included LB Rules and Outbound Rules",
        "1 Hour",
        0.025,
        "Global",
    ),
    meter(
        "Load Balancer",
        "Load Balancer",
        "Standard",
        "Standard Data Processed",
        "1 GB",
        0.005,
        "Global",
    ),
    meter(
        "Load Balancer",
        "Load Balancer",
        "Standard",
        "Standard Data Processed - Free",
        "1 GB",
        0.0,
        "Global",
    ),
]


def east_us(place: Place) -> bool:
    return place[0] in COVERED and place[1] in ("eastus", "any")


def test_a_refresh_with_the_prices_of_the_tables_changes_no_row(
    server: PriceServer, tmp_path: Path
) -> None:
    book = small_book(tmp_path, "azure", east_us)
    before = files(book)
    serve(server, EAST_US, per_page=3)
    result = refresh(server, book)
    assert (result.rows, result.problems, result.same) == ((), (), len(COVERED))
    assert result.other == ("azure.disk.premium-ssd.P10",)
    assert before.items() <= files(book).items()
    after = files(book)
    assert refresh(server, book).rows == ()
    assert files(book) == after


def test_a_change_is_appended_once_and_dated_as_the_api_dates_it(
    server: PriceServer, tmp_path: Path
) -> None:
    book = small_book(tmp_path, "azure", east_us)
    rows = [row for row in EAST_US if row["serviceName"] != "Virtual Machines"]
    new = vm(armRegionName="eastus", retailPrice=0.201, effectiveStartDate="2026-11-01T00:00:00Z")
    serve(server, [*rows, new])
    result = refresh(server, book)
    [row] = result.rows
    assert (row.sku, row.region, row.price) == ("azure.vm.D4s_v5", "eastus", Decimal("0.201"))
    assert (row.unit, row.currency, row.tier_kind) == ("hour", "USD", "flat")
    assert (row.valid_from, row.retrieved_on) == (dt.date(2026, 11, 1), TODAY)
    assert (row.confidence, row.note) == ("official", "Linux, pay as you go")
    assert row.source.startswith(f"{server.url}{PATH}?api-version=2023-01-01-preview&")
    assert re.search(r"\(sha256 [0-9a-f]{16}\)$", row.source)
    after = files(book)
    assert refresh(server, book).rows == ()
    assert files(book) == after


def test_a_tier_that_changes_restates_all(server: PriceServer, tmp_path: Path) -> None:
    book = small_book(
        tmp_path, "azure", lambda place: place == ("azure.bandwidth.internet", "eastus")
    )
    rows = [
        meter(
            "Bandwidth",
            "Rtn Preference: MGN",
            "Standard",
            "Standard Data Transfer Out",
            "1 GB",
            0.08 if tier == 100 else price,
            tier=tier,
            effectiveStartDate="2026-10-01T00:00:00Z" if tier == 100 else "2022-05-01T00:00:00Z",
        )
        for tier, price in MGN
    ]
    serve(server, rows)
    result = refresh(server, book)
    # the last tier costs as much as the one before, and is the same tier
    assert [(row.tier_from, row.price) for row in result.rows] == [
        (Decimal(edge), Decimal(price))
        for edge, price in [
            (0, "0"),
            (100, "0.08"),
            (10335, "0.083"),
            (51295, "0.07"),
            (153695, "0.05"),
        ]
    ]
    assert {row.valid_from for row in result.rows} == {dt.date(2026, 10, 1)}
    assert {row.tier_kind for row in result.rows} == {"marginal"}


def test_an_unpriced_sku_gets_its_price(server: PriceServer, tmp_path: Path) -> None:
    wanted = {
        ("azure.load-balancer", "any"): Decimal("0.025"),
        ("azure.load-balancer.data", "any"): Decimal("0.005"),
        ("azure.aks.cluster", "koreacentral"): Decimal("0.11"),
    }
    book = small_book(tmp_path, "azure", wanted.__contains__)
    korea = meter(
        "Azure Kubernetes Service",
        "Azure Kubernetes Service",
        "Standard",
        "Standard Uptime SLA",
        "1 Hour",
        0.11,
        "koreacentral",
    )
    serve(server, [*LACKING, korea])
    result = refresh(server, book)
    assert {(row.sku, row.region): row.price for row in result.rows} == wanted
    assert {row.valid_from for row in result.rows} == {TODAY}  # after the row that had none
    assert all("the source dates it 2017-02-03" in row.note for row in result.rows)
    assert refresh(server, book).rows == ()


# ---------------------------------------------------------------- rows of something else

OTHERS = {
    "dev-test": {"type": "DevTestConsumption"},
    "windows": {"productName": "Virtual Machines Dsv5 Series Windows"},
    "windows-short": {"productName": "Dsv5 Series Windows"},
    "spot": {"skuName": "D4s v5 Spot", "meterName": "D4s v5 Spot"},
    "spot-by-meter": {"meterName": "D4s v5 Spot"},
    "low-priority": {"skuName": "Standard_D4s_v5 Low Priority"},
    "cloud-services": {"productName": "Dsv5 Series CloudServices"},
    "cloud-services-apart": {"productName": "Dsv5 Series Cloud Services"},
    "dedicated": {"productName": "Dsv5 Series Dedicated Host"},
    "size": {"armSkuName": "Standard_D4_v5"},
    "no-size": {"armSkuName": None},
    "region": {"armRegionName": "koreasouth"},
    "service": {"serviceName": "Cloud Services"},
    "ended": {"effectiveEndDate": "2026-11-01T00:00:00Z", "effectiveStartDate": "2026-10-01"},
}


@pytest.mark.parametrize("changes", OTHERS.values(), ids=OTHERS)
def test_rows_of_something_else_do_not_count(
    server: PriceServer, tmp_path: Path, changes: dict[str, Any]
) -> None:
    book = small_book(tmp_path, "azure", one_vm)
    noise = {
        "retailPrice": 0.5,
        "meterId": "another",
        "skuId": "DZH318Z08M9T/004P",
        "effectiveStartDate": "2024-08-01T00:00:00Z",
        **changes,
    }
    page_of_both = page([vm(**noise), vm()])
    server.replies[PATH] = Reply(page_of_both)  # the same for every query
    result = refresh(server, book)
    assert (result.rows, result.problems, result.same) == ((), (), 1)


@pytest.mark.parametrize("name", ["Standard_D4s_v5", "D4s v5"])
@pytest.mark.parametrize("product", ["Virtual Machines Dsv5 Series", "Dsv5 Series Linux"])
def test_both_forms_of_names_are_the_machine(
    server: PriceServer, tmp_path: Path, name: str, product: str
) -> None:
    book = small_book(tmp_path, "azure", one_vm)
    serve(server, [vm(skuName=name, productName=product, retailPrice=0.24)])
    assert prices(refresh(server, book)) == {"azure.vm.D4s_v5": Decimal("0.24")}


@pytest.mark.parametrize("older_first", [True, False])
def test_a_row_without_charge_that_is_older_does_not_count(
    server: PriceServer, tmp_path: Path, older_first: bool
) -> None:
    book = small_book(tmp_path, "azure", one_vm)
    older = vm(retailPrice=0.0, effectiveStartDate="2020-01-01T00:00:00Z")
    serve(server, [older, vm()] if older_first else [vm(), older])
    result = refresh(server, book)
    assert (result.rows, result.problems, result.same) == ((), (), 1)


def test_a_price_to_come_is_announced_and_that_of_today_counts(
    server: PriceServer, tmp_path: Path
) -> None:
    book = small_book(tmp_path, "azure", one_vm)
    coming = vm(retailPrice=0.25, effectiveStartDate="2027-01-01T00:00:00Z")
    serve(server, [coming, vm(retailPrice=0.24, effectiveStartDate="2022-01-01T00:00:00Z")])
    result = refresh(server, book)
    assert result.announced == 1
    [row] = result.rows
    # it began before the row of 2023 that it contradicts: it counts from when it was read
    assert (row.price, row.valid_from) == (Decimal("0.24"), TODAY)
    assert "the source dates it 2022-01-01" in row.note
    result = refresh(server, book)
    assert (result.rows, result.announced, result.same) == ((), 1, 1)


def test_a_past_date_takes_prices_that_began_by_then(server: PriceServer, tmp_path: Path) -> None:
    book = small_book(tmp_path, "azure", one_vm)
    later = vm(retailPrice=0.25, effectiveStartDate="2026-10-01T00:00:00Z")
    earlier = vm(retailPrice=0.24, effectiveStartDate="2025-03-01T00:00:00Z")
    serve(server, [later, earlier])
    result = refresh(server, book, dt.date(2026, 1, 31))
    [row] = result.rows
    assert (row.price, row.valid_from) == (Decimal("0.24"), dt.date(2025, 3, 1))
    assert result.announced == 1


# ---------------------------------------------------------------- commitments

PLANS = [
    {"unitPrice": 0.1127, "retailPrice": 0.1127, "term": "3 Years"},
    {"unitPrice": 0.1578, "retailPrice": 0.1578, "term": "1 Year"},
    {"unitPrice": 0.09, "retailPrice": 0.09, "term": "5 Years"},
]


def test_a_reservation_costs_its_whole_term_and_a_savings_plan_an_hour(
    server: PriceServer, tmp_path: Path
) -> None:
    book = small_book(tmp_path, "azure", one_vm)
    terms = [("1 Year", 1276), ("3 Years", 2450), ("5 Years", 3000)]
    reserved = [
        vm(
            type="Reservation",
            reservationTerm=term,
            retailPrice=total,
            skuId=f"X/{total}",
            effectiveStartDate="2026-06-01T00:00:00Z",
        )
        for term, total in terms
    ]
    serve(server, [vm(savingsPlan=PLANS), *reserved])
    result = refresh(server, book)
    assert prices(result) == {
        "azure.vm.D4s_v5@1-year": round(Decimal(1276) / 8760, 6),
        "azure.vm.D4s_v5@3-year": round(Decimal(2450) / (3 * 8760), 6),
        "azure.vm.D4s_v5@1-year-savings-plan": Decimal("0.1578"),
        "azure.vm.D4s_v5@3-year-savings-plan": Decimal("0.1127"),
    }
    rows = {row.sku.partition("@")[2]: row for row in result.rows}
    assert rows["1-year"].confidence == rows["3-year"].confidence == "derived"
    assert rows["1-year"].note == "reservation of 1 year: 1276 USD for the whole term / 8760 h"
    assert rows["3-year"].note == "reservation of 3 years: 2450 USD for the whole term / 26280 h"
    assert rows["1-year"].valid_from == dt.date(2026, 6, 1)
    assert rows["1-year-savings-plan"].confidence == "official"
    assert rows["3-year-savings-plan"].note == "savings plan of 3 years"
    text = (book / "azure" / "commitments.csv").read_text()
    assert [line.split(",")[0] for line in text.splitlines()[1:]] == sorted(prices(result))
    assert refresh(server, book).rows == ()


def test_reservations_of_other_things_are_not_their_prices(
    server: PriceServer, tmp_path: Path
) -> None:
    book = small_book(tmp_path, "azure", lambda place: place[0] == "azure.disk.premium-ssd.P4")
    disk = meter("Storage", DISKS, "P4 LRS", "P4 LRS Disk", "1/Month", 5.28)
    year = {"type": "Reservation", "reservationTerm": "1 Year", "retailPrice": 60.2}
    serve(server, [disk, {**disk, **year, "effectiveStartDate": "2024-01-01T00:00:00Z"}])
    result = refresh(server, book)
    assert (result.rows, result.problems, result.same) == ((), (), 1)


# ---------------------------------------------------------------- regions and meters


def test_event_hubs_fall_back_on_global_meters(server: PriceServer, tmp_path: Path) -> None:
    skus = ("azure.event-hubs.standard.throughput-unit", "azure.event-hubs.standard.events")
    book = small_book(tmp_path, "azure", lambda place: place[0] in skus)
    everywhere = [
        hub("Standard", "Throughput Unit", "1 Hour", 0.04, "Global"),
        hub("Standard", "Ingress Events", "1M", 0.028, "Global"),
    ]
    own = [
        hub("Standard", "Throughput Unit", "1 Hour", 0.03, place)
        for place in ("eastus", "koreacentral")
    ]
    serve(server, [*everywhere, *own])
    result = refresh(server, book)
    assert (result.rows, result.problems, result.same) == ((), (), 4)
    filters = [request.query["$filter"] for request in server.asked]
    assert sum("'Global'" in text for text in filters) == 1  # once for both regions


def test_the_zone_of_geo_replication_is_that_of_the_region(
    server: PriceServer, tmp_path: Path
) -> None:
    sku = "azure.event-hubs.geo-replication"
    book = small_book(tmp_path, "azure", lambda place: place[0] == sku)
    serve(server, [hub("Geo Replication Zone 2", "Data Transfer", "1 GB", 0.13)])
    assert prices(refresh(server, book)) == {sku: Decimal("0.13")}


@pytest.mark.parametrize(("primary", "other"), [(True, False), (1, 0), (1, None)])
def test_of_meters_that_differ_the_primary_one_counts(
    server: PriceServer, tmp_path: Path, primary: Any, other: Any
) -> None:
    book = small_book(tmp_path, "azure", one_vm)
    second = vm(meterId="2", retailPrice=0.3, isPrimaryMeterRegion=other)
    serve(server, [second, vm(isPrimaryMeterRegion=primary), second])
    result = refresh(server, book)
    assert (result.rows, result.problems, result.same) == ((), (), 1)


def test_meters_that_differ_and_are_alike_are_a_problem(
    server: PriceServer, tmp_path: Path
) -> None:
    book = small_book(tmp_path, "azure", one_vm)
    serve(server, [vm(meterId="2", retailPrice=0.3), vm()])
    assert "meters of azure.vm.D4s_v5 in koreacentral differ: 0.3 and 0.236" in problem(
        refresh(server, book)
    )
    serve(server, [vm(retailPrice=0.3), vm()])  # the same meter, twice
    assert "from 2021-11-01" in problem(refresh(server, book))


def test_of_meters_that_differ_the_newer_one_counts(server: PriceServer, tmp_path: Path) -> None:
    book = small_book(tmp_path, "azure", one_vm)
    old = vm(meterId="2", retailPrice=0.0, effectiveStartDate="2019-01-01T00:00:00Z")
    serve(server, [vm(isPrimaryMeterRegion=False), old])
    result = refresh(server, book)
    assert (result.rows, result.problems, result.same) == ((), (), 1)


# ---------------------------------------------------------------- units and fields


@pytest.mark.parametrize(
    ("api_unit", "unit", "expected"),
    [
        ("1 Hour", "hour", "1"),
        ("1/Hour", "hour", "1"),
        ("100 Hours", "hour", "100"),
        ("1M", "million", "1"),
        ("10K", "million", "0.01"),
        ("1K", "million", "0.001"),
        ("10M", "million", "10"),
        ("1", "million", "0.000001"),
        ("1 GB", "GiB", "1"),
        ("1 GiB", "GiB", "1"),
        ("1 GB/Month", "GiB-month", "1"),
        ("1 GiB/Month", "GiB-month", "1"),
        ("1 GiB/Hour", "GiB-hour", "1"),
        ("1/Month", "month", "1"),
        ("1/Hour", "IOPS-hour", "1"),
        ("1/Hour", "MB/s-hour", "1"),
    ],
)
def test_units_of_the_api_in_those_of_the_tables(api_unit: str, unit: str, expected: str) -> None:
    assert quantity(api_unit, unit) == Decimal(expected)


@pytest.mark.parametrize(
    ("api_unit", "unit"),
    [
        ("1/Day", "hour"),
        ("1 Hour", "million"),
        ("10K/Month", "million"),
        ("1 GB", "GiB-month"),
        ("1 MB/Day", "GiB"),
        ("", "hour"),
        ("0 Hours", "hour"),
        ("1 Second", "hour"),
    ],
)
def test_units_of_another_kind_are_refused(api_unit: str, unit: str) -> None:
    assert quantity(api_unit, unit) is None


def test_a_price_of_a_hundred_hours_is_divided(server: PriceServer, tmp_path: Path) -> None:
    book = small_book(tmp_path, "azure", one_vm)
    serve(server, [vm(unitOfMeasure="100 Hours", retailPrice=25)])
    assert prices(refresh(server, book)) == {"azure.vm.D4s_v5": Decimal("0.25")}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"unitOfMeasure": "1/Day"}, "unit '1/Day'; expected a unit that converts to hour"),
        ({"currencyCode": "KRW"}, "currencyCode 'KRW'; expected USD"),
        ({"retailPrice": "0.236"}, "the field retailPrice is text"),
        ({"retailPrice": None}, "the field retailPrice is null"),
        ({"retailPrice": True}, "the field retailPrice is true or false"),
        ({"retailPrice": float("nan")}, "the field retailPrice is a number"),
        ({"retailPrice": 10**15}, "got 1000000000000000 for retailPrice; expected at most 15"),
        ({"tierMinimumUnits": 10**4000}, f"got 1{39 * '0'} for tierMinimumUnits; expected"),
        ({"unitOfMeasure": "x" * 99}, f"unit '{40 * 'x'}'; expected"),
        ({"effectiveStartDate": "soon"}, "got 'soon'; expected a date, YYYY-MM-DD"),
        ({"savingsPlan": "none"}, "the field savingsPlan is text"),
        ({"savingsPlan": [{"term": "1 Year"}]}, "the field retailPrice is missing"),
        ({"savingsPlan": ["1 Year"]}, "the list savingsPlan has entries that are not objects"),
        ({"type": None}, "the field type is null"),
    ],
)
def test_an_odd_row_is_a_problem(
    server: PriceServer, tmp_path: Path, changes: dict[str, Any], expected: str
) -> None:
    book = small_book(tmp_path, "azure", one_vm)
    before = files(book)
    serve(server, [vm(**changes)])
    assert expected in problem(refresh(server, book))
    assert files(book) == before


@pytest.mark.parametrize("price", [b"1e9999999", b"-1e9999999", b"1e-9999999", b"0e9999999"])
@pytest.mark.parametrize("plan", [False, True])
def test_a_price_with_an_absurd_exponent_is_a_problem(
    server: PriceServer, tmp_path: Path, price: bytes, plan: bool
) -> None:
    book = small_book(tmp_path, "azure", one_vm)
    before = files(book)
    plans = {"savingsPlan": [{"term": "1 Year", "retailPrice": "?"}]}
    body = page([vm(**(plans if plan else {"retailPrice": "?"}))])
    server.replies[PATH] = Reply(body.replace(b'"?"', price))
    result = problem(refresh(server, book))
    assert "for retailPrice; expected at most 15 digits before the point" in result
    assert len(result) < 200
    assert files(book) == before


@pytest.mark.parametrize(
    "name",
    [
        "type",
        "currencyCode",
        "unitOfMeasure",
        "retailPrice",
        "tierMinimumUnits",
        "effectiveStartDate",
        "meterId",
        "skuId",
    ],
)
def test_a_row_without_a_field_is_a_problem(server: PriceServer, tmp_path: Path, name: str) -> None:
    book = small_book(tmp_path, "azure", one_vm)
    row = vm()
    del row[name]
    serve(server, [row])
    assert name in problem(refresh(server, book))


@pytest.mark.parametrize("name", ["meterName", "armSkuName", "productName"])
def test_a_row_without_a_name_is_not_found(server: PriceServer, tmp_path: Path, name: str) -> None:
    book = small_book(tmp_path, "azure", one_vm)
    serve(server, [vm(**{name: None})])
    assert "the price of azure.vm.D4s_v5 in koreacentral is gone" in problem(refresh(server, book))


# ---------------------------------------------------------------- pages

BODIES = {
    "html": (b"<!DOCTYPE html><html>", "an HTML page"),
    "broken": (b'{"Items": [', "a truncated file"),
    "list": (b"[]", "a list; expected a JSON object"),
    "no-items": (b'{"BillingCurrency": "USD"}', "the field Items is missing"),
    "numbers": (
        b'{"BillingCurrency": "USD", "Items": [1]}',
        "the list Items has entries that are not objects",
    ),
    "won": (page([], currency="KRW"), "BillingCurrency 'KRW'"),
    "no-currency": (b'{"Items": []}', "BillingCurrency 'None'"),
    "link": (page([], 7), "NextPageLink '7'"),
    "no-link": (page([], "http://["), "NextPageLink 'http://['"),
}


@pytest.mark.parametrize(("body", "expected"), BODIES.values(), ids=BODIES)
def test_a_page_that_is_something_else_is_a_problem(
    server: PriceServer, tmp_path: Path, body: bytes, expected: str
) -> None:
    book = small_book(tmp_path, "azure", one_vm)
    server.replies[PATH] = Reply(body)
    assert expected in problem(refresh(server, book))


def test_pages_are_read_from_the_host_of_the_source_only(
    server: PriceServer, tmp_path: Path
) -> None:
    book = small_book(tmp_path, "azure", one_vm)
    others = [vm(armSkuName=f"Standard_D{size}s_v9") for size in range(5)]
    serve(server, [*others, vm(retailPrice=0.24)], per_page=2)
    result = refresh(server, book)
    assert prices(result) == {"azure.vm.D4s_v5": Decimal("0.24")}
    assert [request.query.get("$skip") for request in server.asked] == [None, "2", "4"]
    [row] = result.rows  # the page that it stood on
    assert "skip=4 (" in row.source


def test_rows_that_pages_repeat_count_once(server: PriceServer, tmp_path: Path) -> None:
    book = small_book(tmp_path, "azure", one_vm)
    rows = [vm(retailPrice=0.24, savingsPlan=PLANS), vm(armSkuName="Standard_D8s_v5")]

    def again(query: Mapping[str, str]) -> Reply:
        after = int(query.get("$skip", "0")) + 1000
        return Reply(page(rows, f"{server.url}{PATH}?$skip={after}" if after < 10_000 else ""))

    server.replies[PATH] = again
    result = refresh(server, book)
    assert len(server.asked) == 10
    assert (len(result.rows), result.problems) == (3, ())


def test_a_page_that_leads_back_is_a_problem(server: PriceServer, tmp_path: Path) -> None:
    book = small_book(tmp_path, "azure", one_vm)

    def loop(query: Mapping[str, str]) -> Reply:
        after = {"": "1", "1": "2", "2": "1"}[query.get("$skip", "")]
        return Reply(page([vm()], f"https://prices.azure.com:443{PATH}?$skip={after}"))

    server.replies[PATH] = loop
    assert "leads back to an earlier one" in problem(refresh(server, book))
    assert len(server.asked) == 3


def test_pages_without_an_end_are_a_problem(
    server: PriceServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kafkatco.prices.refresh.azure.MOST_PAGES", 5)
    book = small_book(tmp_path, "azure", one_vm)

    def more(query: Mapping[str, str]) -> Reply:
        return Reply(page([], f"{server.url}{PATH}?$skip={int(query.get('$skip', '0')) + 1}"))

    server.replies[PATH] = more
    assert "more than 5 pages" in problem(refresh(server, book))
    assert len(server.asked) == 5


@pytest.mark.parametrize(
    "link",
    [
        "https://example.com/api/retail/prices?$skip=1",
        "https://prices.azure.com/?$skip=1",
        "https://prices.azure.com.example.com/api/retail/prices",
        "//example.com/",
        "nowhere",
    ],
)
def test_a_page_elsewhere_is_not_followed(server: PriceServer, tmp_path: Path, link: str) -> None:
    book = small_book(tmp_path, "azure", one_vm)
    server.replies[PATH] = Reply(page([vm()], link))
    assert "a next page at" in problem(refresh(server, book))
    assert len(server.asked) == 1


def test_a_busy_server_is_tried_again(server: PriceServer, tmp_path: Path) -> None:
    book = small_book(tmp_path, "azure", one_vm)
    busy = Reply(b"slow down", 429, {"Retry-After": "0"})
    server.replies[PATH] = [busy, Reply(b"", 503), Reply(page([vm()]))]
    result = refresh(server, book)
    assert (result.problems, result.same, len(server.asked)) == ((), 1, 3)


# ---------------------------------------------------------------- real rows


def test_recorded_event_hubs_are_the_committed_rows(server: PriceServer) -> None:
    recorded = excerpt_json("azure-event-hubs.json")
    lacking = {"serviceName": "Event Hubs", "effectiveStartDate": "2025-10-01T00:00:00Z"}
    serve(
        server,
        [
            {**row, **lacking, "meterId": row["meterName"], "skuId": row["skuName"]}
            for row in recorded
        ],
    )
    expected = {
        (row["sku"], Decimal(row["price"]), row["unit"])
        for row in provider_rows("azure")
        if row["table"] == "event-hubs.csv" and row["region"] == "koreacentral"
    }
    quotes = read(server, {sku: ["koreacentral"] for sku, _, _ in expected})
    assert {(reading.sku, reading.price, reading.unit) for reading in quotes} == expected
    assert len(quotes) == len(expected) == 9
    assert len(server.asked) == 1  # nothing is sought elsewhere


def test_recorded_won_are_refused_and_their_rows_are_distinguished(server: PriceServer) -> None:
    rows = excerpt_json("azure-d4s-v5-won.json")
    regions_of = {"azure.vm.D4s_v5": ["koreacentral"]}
    server.replies[PATH] = Reply(page(rows))
    with pytest.raises(RefreshError, match="KRW"):
        read(server, regions_of)
    serve(server, [{**row, "currencyCode": "USD"} for row in rows])
    read_prices = {reading.sku: reading.price for reading in read(server, regions_of)}
    won = Decimal("1534.6")  # per USD: Azure's own rate, as the committed rows say
    known = {
        row["sku"]: Decimal(row["price"])
        for row in provider_rows("azure")
        if row["region"] == "koreacentral" and row["sku"].startswith("azure.vm.D4s_v5")
    }
    assert len(known) == 5
    assert read_prices.keys() == known.keys()
    assert read_prices["azure.vm.D4s_v5"] == Decimal("362.1656")  # and not 644.532, that of Windows
    assert read_prices["azure.vm.D4s_v5"] / won == known["azure.vm.D4s_v5"]
    totals = {"1-year": (Decimal("1958149.6"), 8760), "3-year": (Decimal(3759770), 26280)}
    for term, (total, hours) in totals.items():
        assert read_prices[f"azure.vm.D4s_v5@{term}"] == round(total / hours, 6)
        assert round(total / hours / won, 6) == known[f"azure.vm.D4s_v5@{term}"]
    for term in ("1-year-savings-plan", "3-year-savings-plan"):
        assert (
            round(read_prices[f"azure.vm.D4s_v5@{term}"] / won, 6)
            == known[f"azure.vm.D4s_v5@{term}"]
        )


def test_recorded_rows_of_many_services_and_kinds_are_read(server: PriceServer) -> None:
    rows = excerpt_json("azure-retail-prices.json")
    assert {row["type"] for row in rows} == {"Consumption", "DevTestConsumption", "Reservation"}
    regions = sorted({row["armRegionName"] for row in rows} - {"", "Global"})
    skus = {
        row["sku"]
        for row in provider_rows("azure")
        if "~" not in row["sku"] and "@" not in row["sku"]
    }
    regions_of = {
        sku: ["any"] if "load-balancer" in sku or "private-link" in sku else regions for sku in skus
    }
    serve(server, rows, per_page=10)
    read_prices = {(r.sku, r.region, r.tier_from): r.price for r in read(server, regions_of)}
    known = {
        (row["sku"], row["region"], Decimal(row["tier_from"])): Decimal(row["price"])
        for row in provider_rows("azure")
        if row["price"]
    }
    both = read_prices.keys() & known.keys()
    assert {place[0] for place in both} >= {
        "azure.vm.E16as_v5",
        "azure.vm.E16as_v5@1-year",
        "azure.vm.E16as_v5@3-year",
    }
    assert {place: read_prices[place] for place in both} == {place: known[place] for place in both}
    assert read_prices["azure.vm.D4s_v3", "centralus", Decimal(0)] == Decimal("0.22")
    assert read_prices["azure.vm.D4s_v3@1-year", "centralus", Decimal(0)] == round(
        Decimal(1215) / 8760, 6
    )
    assert read_prices[
        "azure.event-hubs.premium.processing-unit", "francecentral", Decimal(0)
    ] == Decimal("1.284")


def test_the_tail_of_a_recorded_page(server: PriceServer) -> None:
    recorded = excerpt_json("azure-page-tail.json")
    end = {**recorded, "BillingCurrency": "USD", "NextPageLink": None}
    link = recorded["NextPageLink"]
    first = json.dumps({**recorded, "BillingCurrency": "USD"}).encode()
    server.replies[PATH] = Reply(first)
    server.replies[f"{PATH}?$skip=100100"] = Reply(json.dumps(end).encode())
    assert link.endswith("$skip=100100")
    assert read(server, {"azure.vm.D4s_v5": ["koreacentral"]}) == []
    assert len(server.asked) == 2


def test_every_rule_prices_a_sku_of_the_tables() -> None:
    skus = {row["sku"] for row in provider_rows("azure")}
    for rules in RULES.values():
        for rule in rules:
            assert any(rule.prices(sku) for sku in skus), rule.sku
