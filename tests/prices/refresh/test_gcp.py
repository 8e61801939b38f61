"""Google's Cloud Billing Catalog, spoken by a local server, and the traps in its SKUs."""

from __future__ import annotations

import datetime as dt
import json
import logging
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kafkatco import Catalogue
from kafkatco.errors import InputError, RefreshError
from kafkatco.prices.meters.gcp import RULES, component, quantity
from kafkatco.prices.refresh.gcp import Gcp
from kafkatco.prices.refresh.gcp_prices import money, rates
from kafkatco.prices.refresh.http import Web
from kafkatco.prices.refresh.registry import chosen
from kafkatco.prices.refresh.run import refresh_book
from kafkatco.prices.refresh.source import Query
from kafkatco.prices.results import Refreshed
from support.excerpts import excerpt
from support.price_server import PriceServer, Reply
from support.refreshing import files, provider_rows, small_book

TODAY = dt.date(2026, 11, 22)
KEY = "AIzaSyNotARealKeyButAsLongAsOne"
COMPUTE, KAFKA, STORAGE = "6F81-5844-456A", "9544-7B1C-811D", "95FF-2EF5-5EA1"
DCU = ("gcp.managed-kafka.dcu", "us-central1")
REGIONS = ("asia-northeast1", "asia-northeast3", "europe-west1", "us-central1", "us-east1")
Sku = dict[str, Any]


def amount(price: str) -> dict[str, Any]:
    """Return a price as the catalog has it: units as text, and billionths."""
    units, nanos = divmod(int(Decimal(price) * 10**9), 10**9)
    assert Decimal(units) + Decimal(nanos) / 10**9 == Decimal(price)
    return {"currencyCode": "USD", "units": str(units), "nanos": nanos}


def info(unit: str, *tiers: tuple[float, str], since: str = "2026-11-20T10:50:40.206Z") -> Sku:
    return {
        "summary": "",
        "currencyConversionRate": 1,
        "effectiveTime": since,
        "pricingExpression": {
            "usageUnit": unit,
            "displayQuantity": 1,
            "baseUnitConversionFactor": 2.87591e15,
            "tieredRates": [
                {"startUsageAmount": edge, "unitPrice": amount(price)} for edge, price in tiers
            ],
        },
    }


def sku(
    description: str,
    regions: Sequence[str] | str,
    unit: str,
    price: str,
    *,
    usage: str = "OnDemand",
    **changes: Any,
) -> Sku:
    return {
        "name": "services/X/skus/Y",
        "skuId": f"{description}/{regions}/{usage}",
        "description": description,
        "category": {"resourceFamily": "Compute", "resourceGroup": "CPU", "usageType": usage},
        "serviceRegions": [regions] if isinstance(regions, str) else list(regions),
        "pricingInfo": [info(unit, (0, price))],
        "serviceProviderName": "Google",
    } | changes


def path(service: str) -> str:
    return f"/v1/services/{service}/skus"


def page(skus: Sequence[Any], token: Any = "") -> bytes:
    return json.dumps({"skus": skus, "nextPageToken": token}).encode()


def serve(server: PriceServer, skus: Mapping[str, Sequence[Sku]], per_page: int = 5000) -> None:
    """Serve each service's SKUs, page by page, as the catalog does."""
    for service in RULES:
        page_skus = skus.get(service, ())

        def answer(query: Mapping[str, str], listed: Sequence[Sku] = page_skus) -> Reply:
            assert (query["currencyCode"], query["pageSize"]) == ("USD", "5000")
            start = int(query.get("pageToken", "p0")[1:])
            after = start + per_page
            return Reply(page(listed[start:after], f"p{after}" if after < len(listed) else ""))

        server.replies[path(service)] = answer


def refresh(server: PriceServer, book: Path, as_of: dt.date = TODAY, key: str = KEY) -> Refreshed:
    [result] = refresh_book(
        book,
        [Gcp(url=server.url)],
        as_of=as_of,
        today=TODAY,
        keys={"GOOGLE_API_KEY": key},
        pause=0.001,
    )
    return result


def prices(result: Refreshed) -> dict[tuple[str, str], Decimal | None]:
    return {(row.sku, row.region): row.price for row in result.rows}


def problem(result: Refreshed) -> str:
    [one] = result.problems
    return str(one)


def dcu(book_folder: Path) -> Path:
    return small_book(book_folder, "gcp", DCU.__eq__)


# ---------------------------------------------------------------- all services at once

MADE = {
    "c3": "C3",
    "c4": "C4",
    "c4a": "C4A Arm",
    "e2": "E2",
    "n2": "N2",
    "n2d": "N2D AMD",
    "n4": "N4",
    "t2d": "T2D AMD",
}
DISKS = {
    "pd-standard": "Storage PD Capacity",
    "pd-balanced": "Balanced PD Capacity",
    "pd-ssd": "SSD backed PD Capacity",
    "regional-pd-balanced": "Regional Balanced PD Capacity",
    "regional-pd-ssd": "Regional SSD backed PD Capacity",
    "local-ssd": "SSD backed Local Storage",
    "snapshot": "Storage PD Snapshot",
}
LIMITS = Catalogue(as_of=TODAY)


def shape(machine: str) -> tuple[Decimal, Decimal]:
    return LIMITS.row(machine, "vcpu").value, LIMITS.row(machine, "memory").value


def components(region: str) -> list[Sku]:
    """Return cores and memory that make up the committed prices of two machines of each family."""
    known = {
        row["sku"]: Decimal(row["price"])
        for row in provider_rows("gcp")
        if row["table"] == "compute.csv" and row["region"] == region
    }
    parts = []
    for family, name in MADE.items():
        machines = [machine for machine in known if machine.startswith(f"gcp.compute.{family}-")]
        if not machines:
            continue
        first, *others = sorted(machines, key=lambda machine: shape(machine)[1] / shape(machine)[0])
        (v1, m1), (v2, m2) = shape(first), shape(others[-1])
        ram = Decimal("0.003")  # whatever it is, where all have as much memory for a core
        if m1 * v2 != m2 * v1:
            ram = (known[others[-1]] * v1 - known[first] * v2) / (m2 * v1 - m1 * v2)
        core = (known[first] - m1 * ram) / v1
        parts += [
            sku(f"{name} Instance Core running in {region}", region, "h", str(core.normalize())),
            sku(f"{name} Instance Ram running in {region}", region, "GiBy.h", str(ram.normalize())),
        ]
    return parts


def price_of(name: str, region: str) -> str:
    [price] = [
        row["price"]
        for row in provider_rows("gcp")
        if (row["sku"], row["region"]) == (name, region)
    ]
    return price


def everything() -> dict[str, list[Sku]]:
    compute = [part for region in REGIONS for part in components(region)]
    for short, name in DISKS.items():
        for region in REGIONS:
            price = price_of(f"gcp.disk.{short}", region)
            place = name if region == "us-central1" else f"{name} in {region}"
            compute.append(sku(place, region, "GiBy.mo", price))
    storage = [
        sku(
            "Standard Storage US Regional",
            ["us-central1", "us-east1"],
            "GiBy.mo",
            "0",
            pricingInfo=[info("GiBy.mo", (0, "0"), (5.0, "0.02"))],
        ),
        sku("Standard Storage Belgium", "europe-west1", "GiBy.mo", "0.02"),
        sku("Standard Storage Tokyo", "asia-northeast1", "GiBy.mo", "0.023"),
        sku("Standard Storage Seoul", "asia-northeast3", "GiBy.mo", "0.023"),
        sku("Standard Storage Iowa/South Carolina Dual-region", "us-central1", "GiBy.mo", "0.022"),
        sku("Standard Storage US Multi-region", ["us", "us-central1"], "GiBy.mo", "0.026"),
        sku("Standard Storage Tokyo (Early Delete)", "asia-northeast1", "GiBy.mo", "0.1"),
        sku("Autoclass Standard Storage Tokyo", "asia-northeast1", "GiBy.mo", "0.5"),
        sku("Nearline Storage Tokyo", "asia-northeast1", "GiBy.mo", "0.016"),
        sku(
            "Regional Standard Class A Operations",
            "global",
            "count",
            "0",
            pricingInfo=[info("count", (0, "0"), (5000, "0.000005"))],
        ),
        sku(
            "Regional Standard Class B Operations",
            "global",
            "count",
            "0",
            pricingInfo=[info("count", (0, "0"), (50000, "0.0000004"))],
        ),
        sku("Multi-Region Standard Class A Operations", "global", "count", "0.00001"),
    ]
    kafka = [
        sku("Data Compute Units in us-central1", "us-central1", "h", "0.09"),
        sku("Managed Kafka Connect Data Compute Units in us-central1", "us-central1", "h", "0.12"),
        sku("Local Storage in us-central1", "us-central1", "GiBy.mo", "0.17"),
        sku("Long Term Regional Storage in us-central1", "us-central1", "GiBy.mo", "0.1"),
    ]
    return {COMPUTE: compute, STORAGE: storage, KAFKA: kafka}


def covered(place: tuple[str, str]) -> bool:
    return "@" not in place[0] and place[0].startswith(
        ("gcp.compute.", "gcp.disk.", "gcp.storage.", "gcp.managed-kafka.")
    )


def test_a_refresh_with_the_prices_of_the_tables_changes_no_row(
    server: PriceServer, tmp_path: Path
) -> None:
    book = small_book(tmp_path, "gcp", covered)
    before = files(book)
    serve(server, everything(), per_page=20)
    result = refresh(server, book)
    places = {(row["sku"], row["region"]) for row in provider_rows("gcp")}
    lacking = {
        place
        for place in places
        if place[0].startswith("gcp.managed-kafka.") and place[1] == "asia-northeast3"
    }
    assert (result.rows, result.problems) == ((), ())
    assert result.same == sum(covered(place) for place in places - lacking)
    assert before.items() <= files(book).items()
    after = files(book)
    assert refresh(server, book).rows == ()
    assert files(book) == after


def test_a_change_and_a_price_that_was_not_known_are_appended_once(
    server: PriceServer, tmp_path: Path
) -> None:
    book = small_book(tmp_path, "gcp", lambda place: place[0] == DCU[0])
    seoul = sku("Data Compute Units in asia-northeast3", "asia-northeast3", "h", "0.11")
    dear = sku("Data Compute Units in us-central1", "us-central1", "h", "0.095")
    serve(server, {KAFKA: [seoul, dear]})
    result = refresh(server, book)
    assert prices(result) == {DCU: Decimal("0.095"), (DCU[0], "asia-northeast3"): Decimal("0.11")}
    assert {row.valid_from for row in result.rows} == {dt.date(2026, 11, 20)}
    assert {row.confidence for row in result.rows} == {"official"}
    assert all(
        row.source.startswith(f"{server.url}{path(KAFKA)}?currencyCode=USD&pageSize=5000 (")
        for row in result.rows
    )
    after = files(book)
    assert refresh(server, book).rows == ()
    assert files(book) == after


# ---------------------------------------------------------------- machines


def test_a_machine_costs_its_cores_and_its_memory(server: PriceServer, tmp_path: Path) -> None:
    machine, place = "gcp.compute.n2-highmem-8", "us-central1"
    book = small_book(
        tmp_path, "gcp", lambda known: known[0].startswith(machine) and known[1] == place
    )
    bought = {"": ("0.031", "0.004"), "1-year": ("0.02", "0.003"), "3-year": ("0.0141", "0.0021")}
    skus = [
        sku("N2 Instance Core running in Americas", [place, "us-east1"], "h", bought[""][0]),
        sku("N2 Instance Ram running in Americas", [place, "us-east1"], "GiBy.h", bought[""][1]),
    ]
    for term, years, words in (("1-year", 1, "1 Year"), ("3-year", 3, "3 Years")):
        usage = f"Commit{years}Yr"
        skus += [
            sku(
                f"Commitment v1: N2 Cpu in Americas for {words}",
                place,
                "h",
                bought[term][0],
                usage=usage,
            ),
            sku(
                f"Commitment v1: N2 Ram in Americas for {words}",
                place,
                "GiBy.h",
                bought[term][1],
                usage=usage,
            ),
        ]
    serve(server, {COMPUTE: skus})
    result = refresh(server, book)
    expected = {
        f"{machine}@{term}".removesuffix("@"): 8 * Decimal(core) + 64 * Decimal(ram)
        for term, (core, ram) in bought.items()
    }
    assert {row.sku: row.price for row in result.rows} == expected
    assert {row.confidence for row in result.rows} == {"derived"}
    notes = {row.sku: row.note for row in result.rows}
    assert notes[machine] == "Linux, on demand: 8 vCPU x 0.031 + 64 GiB x 0.004 USD an hour"
    assert notes[f"{machine}@3-year"] == (
        "resource-based commitment of 3 years: 8 vCPU x 0.0141 + 64 GiB x 0.0021 USD an hour"
    )
    assert refresh(server, book).rows == ()


def test_the_price_of_a_commitment_has_six_decimals(server: PriceServer, tmp_path: Path) -> None:
    place = ("gcp.compute.e2-standard-2@1-year", "us-east1")
    book = small_book(
        tmp_path,
        "gcp",
        lambda known: known in (place, (place[0].removesuffix("@1-year"), place[1])),
    )
    skus = [
        sku("E2 Instance Core running in Americas", place[1], "h", "0.02181159"),
        sku("E2 Instance Ram running in Americas", place[1], "GiBy.h", "0.00292353"),
        sku(
            "Commitment v1: E2 Cpu in Americas for 1 Year",
            place[1],
            "h",
            "0.012345678",
            usage="Commit1Yr",
        ),
        sku(
            "Commitment v1: E2 Ram in Americas for 1 Year",
            place[1],
            "GiBy.h",
            "0.001234567",
            usage="Commit1Yr",
        ),
    ]
    serve(server, {COMPUTE: skus})
    result = refresh(server, book)
    # 2 x 0.012345678 + 8 x 0.001234567 = 0.034567892
    assert prices(result) == {place: Decimal("0.034568")}


def test_a_machine_changes_when_either_component_does(server: PriceServer, tmp_path: Path) -> None:
    place = ("gcp.compute.n4-standard-4", "europe-west1")
    book = small_book(tmp_path, "gcp", place.__eq__)
    core = sku("N4 Instance Core running in Belgium", place[1], "h", "0.035")
    ram = sku("N4 Instance Ram running in Belgium", place[1], "GiBy.h", "0")
    ram["pricingInfo"] = [
        info("GiBy.h", (0, "0.009"), since="2026-12-01T09:00:00Z"),
        info("GiBy.h", (0, "0.004"), since="2026-11-21T09:00:00Z"),
        info("GiBy.h", (0, "0.001"), since="2026-10-01T09:00:00Z"),
    ]
    serve(server, {COMPUTE: [core, ram]})
    result = refresh(server, book)
    [row] = result.rows
    assert row.price == 4 * Decimal("0.035") + 16 * Decimal("0.004")
    assert row.valid_from == dt.date(2026, 11, 21)
    assert result.announced == 1


NOISE = {
    "spot": ("Spot Preemptible N2 Instance Core running in Americas", "Preemptible"),
    "preemptible": ("N2 Instance Core running in Americas", "Preemptible"),
    "custom": ("N2 Custom Instance Core running in Americas", "OnDemand"),
    "extended": ("N2 Custom Extended Instance Ram running in Americas", "OnDemand"),
    "sole": ("N2 Sole Tenancy Instance Core running in Americas", "OnDemand"),
    "premium": ("Sole Tenancy Premium for N2 Instance Core running in Americas", "OnDemand"),
    "dws": ("DWS Defined Duration N2 Instance Core running in Americas", "OnDemand"),
    "reserved": ("Reserved N2 Instance Core in Americas", "OnDemand"),
    "n1": ("N1 Predefined Instance Core running in Americas", "OnDemand"),
    "c3d": ("C3D Instance Core running in Americas", "OnDemand"),
    "commit": ("Commitment v1: N2 Cpu in Americas for 1 Year", "OnDemand"),
    "n1-commit": ("Commitment v1: Cpu in Americas for 1 Year", "Commit1Yr"),
    "five": ("Commitment v1: N2 Cpu in Americas for 5 Years", "Commit5Yr"),
    "other-term": ("Commitment v1: N2 Cpu in Americas for 1 Year", "Commit3Yr"),
    "n4-commit": ("Commitment v1: N4 Cpu in Americas for 1 Year", "Commit1Yr"),
    "resource": ("Commitment v1: Local SSD in Americas for 1 Year", "Commit1Yr"),
}


@pytest.mark.parametrize(("description", "usage"), NOISE.values(), ids=NOISE)
def test_other_skus_are_no_part_of_a_machine(description: str, usage: str) -> None:
    assert component(description, usage) is None


def test_a_core_of_a_commitment_by_its_summary_does_not_count(
    server: PriceServer, tmp_path: Path
) -> None:
    place = ("gcp.compute.n2-standard-4", "us-central1")
    book = small_book(tmp_path, "gcp", place.__eq__)
    cheap = sku("N2 Instance Core running in Americas", place[1], "h", "0.01", skuId="cud")
    cheap["pricingInfo"][0]["summary"] = "Compute flexible CUD - 1 Year"
    serve(server, {COMPUTE: [cheap, *components(place[1])]})
    result = refresh(server, book)
    assert (result.rows, result.problems, result.same) == ((), (), 1)


def test_every_machine_has_a_shape_and_every_rule_a_sku() -> None:
    skus = {row["sku"] for row in provider_rows("gcp")}
    for machine in sorted(name for name in skus if name.startswith("gcp.compute.")):
        vcpu, memory = shape(machine.partition("@")[0])
        assert vcpu > 0
        assert memory > 0
    assert {rule.sku for rules in RULES.values() for rule in rules} <= skus


# ---------------------------------------------------------------- names and dates

OLDER = {
    "dcu": ("CPU+RAM", "h", "0.09"),
    "connect-dcu": ("Connect CPU+RAM", "h", "0.12"),
    "local-storage": ("Local Storage", "GiBy.h", "0.000232877"),
    "long-term-storage": ("Long term storage", "GiBy.h", "0.000136986"),
}


def test_older_names_of_managed_kafka_count_and_its_hours_are_months(
    server: PriceServer, tmp_path: Path
) -> None:
    skus = {f"gcp.managed-kafka.{short}": older for short, older in OLDER.items()}
    book = small_book(tmp_path, "gcp", lambda known: known[0] in skus and known[1] == DCU[1])
    named = [
        sku(f"Managed Service for Apache Kafka {name}", DCU[1], unit, price)
        for name, unit, price in skus.values()
    ]
    cud = sku("Managed Service for Apache Kafka CPU+RAM", DCU[1], "h", "0.072", skuId="cud")
    cud["pricingInfo"][0]["summary"] = "Managed Service for Apache Kafka CUD - 1 Year"
    serve(server, {KAFKA: [*named, cud]})
    result = refresh(server, book)
    # 0.000232877 and 0.000136986 an hour are 0.17 and 0.1 in 730 hours, to six decimals
    assert (result.rows, result.problems, result.same) == ((), (), 4)
    serve(
        server,
        {
            KAFKA: [
                sku(
                    f"Managed Service for Apache Kafka {OLDER['local-storage'][0]}",
                    DCU[1],
                    "GiBy.h",
                    "0.00025",
                ),
                *named[:2],
                named[3],
            ]
        },
    )
    [row] = refresh(server, book).rows
    assert row.price == 730 * Decimal("0.00025")
    assert row.confidence == "derived"
    assert row.note.endswith("0.00025 USD for a GiB-hour x 730 h")


def test_a_newer_name_goes_before_an_older_one(server: PriceServer, tmp_path: Path) -> None:
    book = dcu(tmp_path)
    older = sku("Managed Service for Apache Kafka CPU+RAM", DCU[1], "h", "0.08")
    serve(server, {KAFKA: [older, sku("Data Compute Units in us-central1", DCU[1], "h", "0.09")]})
    result = refresh(server, book)
    assert (result.rows, result.problems, result.same) == ((), (), 1)


def units(*infos: Sku) -> list[Sku]:
    return [sku("Data Compute Units in us-central1", DCU[1], "h", "0", pricingInfo=list(infos))]


def test_the_latest_price_by_the_date_counts(server: PriceServer, tmp_path: Path) -> None:
    book = dcu(tmp_path)
    infos = [
        info("h", (0, "0.10"), since="2027-01-01T08:00:00Z"),
        info("h", (0, "0.095"), since="2026-11-01T08:00:00Z"),
        info("h", (0, "0.07"), (100, "0.06"), since="2026-10-01T08:00:00Z"),
    ]
    serve(server, {KAFKA: units(*infos)})
    result = refresh(server, book)
    assert prices(result) == {DCU: Decimal("0.095")}
    assert result.rows[0].valid_from == dt.date(2026, 11, 1)
    assert result.announced == 1


@pytest.mark.parametrize(
    ("time", "day"),
    [
        ("2026-11-22T07:59:59.999Z", dt.date(2026, 11, 21)),
        ("2026-11-22T08:00:00Z", dt.date(2026, 11, 22)),
        ("2026-11-22T08:00:00.123456789Z", dt.date(2026, 11, 22)),
        ("2026-11-22T08:00:00", dt.date(2026, 11, 22)),
    ],
)
def test_days_are_those_of_the_price_list(time: str, day: dt.date) -> None:
    [rate] = rates({"pricingInfo": [info("h", (0, "1"), since=time)]}, TODAY, "a SKU")
    assert rate.since == day


def test_a_past_date_has_no_price_and_changes_nothing(server: PriceServer, tmp_path: Path) -> None:
    book = dcu(tmp_path)
    serve(server, {KAFKA: units(info("h", (0, "0.2")))})
    result = refresh(server, book, dt.date(2026, 6, 30))
    assert (result.rows, result.problems, result.announced) == ((), (), 1)


def test_skus_that_differ_are_a_problem(server: PriceServer, tmp_path: Path) -> None:
    book = dcu(tmp_path)
    twice = units(info("h", (0, "0.1"))) + units(info("h", (0, "0.2")))
    twice[0]["skuId"] = "another"
    serve(server, {KAFKA: twice})
    assert "gcp.managed-kafka.dcu in us-central1 differ: 0.1 and 0.2" in problem(
        refresh(server, book)
    )


def test_a_price_that_has_vanished_is_a_problem(server: PriceServer, tmp_path: Path) -> None:
    serve(server, {KAFKA: [sku("Data Compute Units in us-east4", "us-east4", "h", "0.09")]})
    assert "the price of gcp.managed-kafka.dcu in us-central1 is gone" in problem(
        refresh(server, dcu(tmp_path))
    )


def test_operations_are_priced_by_the_million(server: PriceServer, tmp_path: Path) -> None:
    book = small_book(tmp_path, "gcp", lambda place: place[0] == "gcp.storage.class-a")
    name = "Regional Standard Class A Operations"
    infos = [info("count", (0, "0"), (5000, "0.000006"))]
    serve(server, {STORAGE: [sku(name, ["global", "us-east1"], "count", "0", pricingInfo=infos)]})
    [row] = refresh(server, book).rows
    assert (row.region, row.price, row.unit) == ("any", Decimal(6), "million")
    assert (row.tier_kind, row.tier_from) == ("flat", Decimal(0))


def test_operations_of_one_region_and_spot_storage_are_others(
    server: PriceServer, tmp_path: Path
) -> None:
    places = (("gcp.storage.class-a", "any"), ("gcp.disk.local-ssd", "us-east1"))
    book = small_book(tmp_path, "gcp", places.__contains__)
    name = "Regional Standard Class A Operations"
    operations = [
        sku(name, "global", "count", "0.000005"),
        sku(name, "us-east1", "count", "0.00001"),
    ]
    disk = [
        sku("SSD backed Local Storage", "us-east1", "GiBy.mo", "0.08"),
        sku("SSD backed Local Storage", "us-east1", "GiBy.mo", "0.04", usage="Preemptible"),
        sku("SSD backed Local Storage attached to Spot Preemptible VMs", "us-east1", "GiBy.h", "1"),
    ]
    serve(server, {STORAGE: operations, COMPUTE: disk})
    result = refresh(server, book)
    assert (result.rows, result.problems, result.same) == ((), (), 2)


def test_tiers_are_marginal(server: PriceServer, tmp_path: Path) -> None:
    book = dcu(tmp_path)
    serve(server, {KAFKA: units(info("h", (0, "0.09"), (1000.5, "0.08")))})
    result = refresh(server, book)
    assert [(row.tier_from, row.price, row.tier_kind) for row in result.rows] == [
        (Decimal(0), Decimal("0.09"), "marginal"),
        (Decimal("1000.5"), Decimal("0.08"), "marginal"),
    ]


# ---------------------------------------------------------------- money and units

NANOS = 999_999_999


@given(units=st.integers(0, 2**63 - 1), nanos=st.integers(0, NANOS), sign=st.sampled_from([1, -1]))
def test_money_is_exact(units: int, nanos: int, sign: int) -> None:
    of = {"currencyCode": "USD", "units": str(sign * units), "nanos": sign * nanos}
    value = money(of, "a price")
    # in whole numbers, without a Decimal's precision
    numerator, denominator = value.as_integer_ratio()
    assert numerator * 10**9 == sign * (units * 10**9 + nanos) * denominator


@pytest.mark.parametrize(
    "changes",
    [
        {"units": "1.5"},
        {"units": "x"},
        {"units": ""},
        {"units": None},
        {"nanos": 10**9},
        {"nanos": 0.5},
        {"nanos": "1"},
        {"nanos": True},
        {"currencyCode": "EUR"},
        {"currencyCode": None},
        {"units": "1" * 20},
    ],
)
def test_invalid_money_is_refused(changes: dict[str, Any]) -> None:
    of = json.loads(json.dumps(amount("1") | changes), parse_float=Decimal)
    with pytest.raises(RefreshError):
        money(of, "a price")


@pytest.mark.parametrize("nanos", ["1e9999999", "1e-9999999", "NaN"])
def test_money_with_an_absurd_exponent_is_refused(nanos: str) -> None:
    with pytest.raises(RefreshError, match="for nanos; expected at most 15 digits"):
        money(amount("1") | {"nanos": Decimal(nanos)}, "a price")


def test_money_without_one_half_is_whole() -> None:
    assert money({"currencyCode": "USD", "units": "2"}, "a price") == 2
    assert money({"currencyCode": "USD", "nanos": 5}, "a price") == Decimal("5e-9")
    with pytest.raises(RefreshError, match="neither units nor nanos"):
        money({"currencyCode": "USD"}, "a price")


@pytest.mark.parametrize(
    ("unit", "of", "expected"),
    [
        ("h", "hour", "1"),
        ("GiBy.mo", "GiB-month", "1"),
        ("GiBy", "GiB", "1"),
        ("GiBy.h", "GiB-hour", "1"),
        ("mo", "month", "1"),
        ("count", "million", "0.000001"),
    ],
)
def test_units_of_the_catalog_in_those_of_the_tables(unit: str, of: str, expected: str) -> None:
    assert quantity(unit, of) == Decimal(expected)


@pytest.mark.parametrize(("unit", "of"), [("s", "hour"), ("GiBy.h", "GiB-month"), ("h", "month")])
def test_units_of_another_kind_are_refused(unit: str, of: str) -> None:
    assert quantity(unit, of) is None


def broken(**changes: Any) -> list[Sku]:
    skus = units(info("h", (0, "0.09")))
    skus[0] |= changes
    return skus


def without(*names: Any) -> list[Sku]:
    """Return the SKU without a field, whose path has names and numbers."""
    skus = broken()
    at: Any = skus[0]
    for name in names[:-1]:
        at = at[name]
    del at[names[-1]]
    return skus


PRICE = ("pricingInfo", 0, "pricingExpression", "tieredRates", 0, "unitPrice")
FAULTS = {
    "unit": (units(info("d", (0, "1"))), "unit 'd'; expected a unit that converts to hour"),
    "currency": (units(info("h", (0, "1"))), "currencyCode 'KRW'; expected USD"),
    "no-info": (without("pricingInfo"), "the field pricingInfo is missing"),
    "no-expression": (
        without("pricingInfo", 0, "pricingExpression"),
        "the field pricingExpression is missing",
    ),
    "no-time": (without("pricingInfo", 0, "effectiveTime"), "the field effectiveTime is missing"),
    "no-unit": (without(*PRICE[:3], "usageUnit"), "the field usageUnit is missing"),
    "no-rates": (without(*PRICE[:4]), "the field tieredRates is missing"),
    "no-price": (without(*PRICE), "the field unitPrice is missing"),
    "no-currency": (without(*PRICE, "currencyCode"), "currencyCode 'None'"),
    "no-regions": (without("serviceRegions"), "serviceRegions 'None'"),
    "no-id": (without("skuId"), "the field skuId is missing"),
    "empty": (broken(pricingInfo=[info("h")]), "the list tieredRates is empty"),
    "time": (units(info("h", (0, "1"), since="soon")), "effectiveTime 'soon'"),
}
FAULTS["currency"][0][0]["pricingInfo"][0]["pricingExpression"]["tieredRates"][0]["unitPrice"][
    "currencyCode"
] = "KRW"


@pytest.mark.parametrize(("skus", "expected"), FAULTS.values(), ids=FAULTS)
def test_an_odd_sku_is_a_problem(
    server: PriceServer, tmp_path: Path, skus: list[Sku], expected: str
) -> None:
    book = dcu(tmp_path)
    before = files(book)
    serve(server, {KAFKA: skus})
    assert expected in problem(refresh(server, book))
    assert files(book) == before


@pytest.mark.parametrize("part", ["Core", "Ram"])
def test_a_component_in_another_unit_is_a_problem(
    server: PriceServer, tmp_path: Path, part: str
) -> None:
    book = small_book(tmp_path, "gcp", ("gcp.compute.n2-standard-4", "us-central1").__eq__)
    skus = components("us-central1")
    odd = next(one for one in skus if one["description"].startswith(f"N2 Instance {part}"))
    odd["pricingInfo"][0]["pricingExpression"]["usageUnit"] = "mo"
    serve(server, {COMPUTE: skus})
    assert "unit 'mo'" in problem(refresh(server, book))


# ---------------------------------------------------------------- pages

BODIES = {
    "html": (b"<html>Sign in</html>", "an HTML page"),
    "broken": (b'{"skus": [', "a truncated file"),
    "no-skus": (b"{}", "the field skus is missing"),
    "numbers": (b'{"skus": [1]}', "the list skus has entries that are not objects"),
    "token": (page([], 7), "the field nextPageToken is a number"),
}


@pytest.mark.parametrize(("body", "expected"), BODIES.values(), ids=BODIES)
def test_a_page_that_is_something_else_is_a_problem(
    server: PriceServer, tmp_path: Path, body: bytes, expected: str
) -> None:
    server.replies[path(KAFKA)] = Reply(body)
    assert expected in problem(refresh(server, dcu(tmp_path)))


def test_pages_are_followed(server: PriceServer, tmp_path: Path) -> None:
    others = [sku(f"Data Transfer {number}", DCU[1], "GiBy", "0.01") for number in range(4)]
    serve(server, {KAFKA: [*others, *units(info("h", (0, "0.1")))]}, per_page=2)
    result = refresh(server, dcu(tmp_path))
    assert prices(result) == {DCU: Decimal("0.1")}
    assert [request.query.get("pageToken") for request in server.asked] == [None, "p2", "p4"]
    assert "pageToken=p4 (" in result.rows[0].source


def test_a_page_that_leads_back_is_a_problem(server: PriceServer, tmp_path: Path) -> None:
    tokens = {"": "a", "a": "b", "b": "a"}
    server.replies[path(KAFKA)] = lambda query: Reply(page([], tokens[query.get("pageToken", "")]))
    assert "leads back" in problem(refresh(server, dcu(tmp_path)))
    assert len(server.asked) == 3


def test_pages_without_an_end_are_a_problem(
    server: PriceServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kafkatco.prices.refresh.gcp.MOST_PAGES", 4)
    server.replies[path(KAFKA)] = lambda query: Reply(page([], query.get("pageToken", "") + "x"))
    assert "more than 4 pages" in problem(refresh(server, dcu(tmp_path)))
    assert len(server.asked) == 4


def test_a_busy_server_is_tried_again(server: PriceServer, tmp_path: Path) -> None:
    right = Reply(page(units(info("h", (0, "0.09")))))
    server.replies[path(KAFKA)] = [Reply(b"", 429, {"Retry-After": "0"}), Reply(b"", 500), right]
    result = refresh(server, dcu(tmp_path))
    assert (result.problems, result.same, len(server.asked)) == ((), 1, 3)


# ---------------------------------------------------------------- the key

REFUSALS = {
    "wrong": (
        Reply(b'{"error": "API key not valid: ' + KEY.encode() + b'"}', 403),
        "Check the key",
    ),
    "bad": (Reply(KEY.encode(), 400), "HTTP status 400"),
    "elsewhere": (Reply(b"", 302, {"Location": "/login"}), "a redirect"),
    "busy": (Reply(KEY.encode(), 503), "HTTP status 503, 4 times"),
    "cut": (Reply(page([]), sent=3), "lost connection"),
    "html": (Reply(b"<html>" + KEY.encode()), "an HTML page"),
}


@pytest.mark.parametrize(("reply", "expected"), REFUSALS.values(), ids=REFUSALS)
def test_the_key_is_in_no_error_no_log_and_no_file(
    server: PriceServer,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
    reply: Reply,
    expected: str,
) -> None:
    caplog.set_level(logging.DEBUG)
    book = dcu(tmp_path)
    server.replies[path(KAFKA)] = reply
    result = refresh(server, book)
    out, err = capfd.readouterr()
    assert expected in problem(result)
    texts = [repr(result), caplog.text, out, err, *(str(data) for data in files(book).values())]
    assert not any(KEY in text for text in texts)


def test_the_key_is_in_a_header_and_nowhere_else(
    server: PriceServer, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    book = dcu(tmp_path)
    serve(server, {KAFKA: units(info("h", (0, "0.1")))})
    result = refresh(server, book)
    assert len(result.rows) == 1
    [request] = server.asked
    assert request.headers["X-Goog-Api-Key"] == KEY
    assert KEY not in request.path + repr(request.query)
    assert KEY not in caplog.text + repr(result)
    assert not any(KEY.encode() in data for data in files(book).values())


@pytest.mark.parametrize("key", ["", "two\nlines", "two words", " before", "ключ"])
def test_a_key_that_cannot_be_one_is_not_sent(
    server: PriceServer, tmp_path: Path, key: str
) -> None:
    result = problem(refresh(server, dcu(tmp_path), key=key))
    assert ("GOOGLE_API_KEY has spaces or other" if key else "set GOOGLE_API_KEY in") in result
    assert not key or key not in result
    assert server.asked == []


def test_without_a_key_the_catalog_is_left_out() -> None:
    assert [source.name for source in chosen([], {}, {})] == ["aws", "azure", "ecb"]
    keys = {"GOOGLE_API_KEY": KEY}
    assert [source.name for source in chosen([], {}, keys)] == ["aws", "azure", "gcp", "ecb"]
    with pytest.raises(InputError, match="GOOGLE_API_KEY in the environment"):
        chosen(["gcp"], {}, {})


# ---------------------------------------------------------------- a real row


def test_a_recorded_sku_is_read(server: PriceServer) -> None:
    text = excerpt("google-vpn-egress-sku.json").read_text(encoding="utf-8")
    recorded = json.loads(text, parse_float=Decimal)
    [real] = recorded["skus"]
    tiers = [(rate.since, rate.unit, rate.edge, rate.price) for rate in rates(real, TODAY, "real")]
    day = dt.date(2021, 11, 26)
    expected = [(0, "0.12"), (1024, "0.11"), (10240, "0.08")]
    assert tiers == [(day, "GiBy", Decimal(edge), Decimal(price)) for edge, price in expected]
    server.replies[path(KAFKA)] = Reply(text.encode())
    query = Query(TODAY, {DCU[0]: frozenset([DCU[1]])}, {"GOOGLE_API_KEY": KEY})
    with Web() as web:
        [part] = Gcp(url=server.url).read(web, query)
    assert part.quotes == ()
    assert part.covers == {DCU}
