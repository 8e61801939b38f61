"""The dataset against the columns of FOCUS 1.2: names, order, types, nulls and allowed values."""

import csv
import tomllib

import pandas as pd
import pytest

import kafkatco as kt
from kafkatco.finops.focus_rows import OWN_COLUMNS
from kafkatco.finops.focus_services import UNITS, Service, columns, service
from kafkatco.prices.csv_tables import pricing_root
from kafkatco.prices.rows import PRICE_UNITS
from kafkatco.scenario.scenario import Scenario
from support.focus_samples import AGREED


@pytest.fixture(scope="module", params=["agreed", "article", "every-kind", "months"])
def frame(request: pytest.FixtureRequest) -> pd.DataFrame:
    agreed = Scenario.from_dict(tomllib.loads(AGREED))
    if request.param == "months":
        return kt.focus_months(agreed, month="2025-11", people="us")
    shipped = {"article": None, "every-kind": "every-kind"}
    scenario = Scenario.load(shipped[request.param]) if request.param in shipped else agreed
    return kt.focus(scenario.bills(), month="2025-11", people="us")


def test_the_specification_has_57_columns() -> None:
    # the columns of https://focus.finops.org/focus-specification/v1-2, in its order
    names = [column.name for column in columns()]
    assert len(names) == 57
    assert names == sorted(names)
    # "MUST be present in a FOCUS dataset", without a condition
    assert sum(column.level == "Mandatory" for column in columns()) == 21


def test_every_column_is_there_and_custom_ones_come_last(frame: pd.DataFrame) -> None:
    assert list(frame.columns) == [*(column.name for column in columns()), *OWN_COLUMNS]
    assert all(name.startswith("x_") for name in OWN_COLUMNS)


def test_types_nulls_and_values(frame: pd.DataFrame) -> None:
    kinds = {"Decimal": "float64", "String": "string", "Date/Time": "datetime64[ns, UTC]"}
    for column in columns():
        cells = frame[column.name]
        shown = str(cells.dtype).replace("[us", "[ns")
        assert shown == kinds[column.type], column.name
        assert column.nulls or cells.notna().all(), column.name
        if column.type == "String":
            assert not cells.dropna().str.strip().eq("").any(), column.name
        if column.allowed:
            assert set(cells.dropna()) <= set(column.allowed), column.name


def test_a_price_times_a_quantity_is_the_cost(frame: pd.DataFrame) -> None:
    priced = frame[frame["PricingQuantity"].notna()]
    for name in ("List", "Contracted"):
        product = priced[f"{name}UnitPrice"] * priced["PricingQuantity"]
        assert product.tolist() == priced[f"{name}Cost"].tolist()
        assert (priced[f"{name}UnitPrice"] >= 0).all()


def test_what_depends_on_the_category(frame: pd.DataFrame) -> None:
    category = frame["ChargeCategory"]
    bought = category.isin(["Usage", "Purchase"])
    for name in (
        "ListUnitPrice",
        "ContractedUnitPrice",
        "PricingQuantity",
        "PricingUnit",
        "SkuId",
        "SkuPriceId",
        "PricingCategory",
        "PricingCurrencyListUnitPrice",
    ):
        assert frame[name].notna().tolist() == bought.tolist(), name
    for name in ("ConsumedQuantity", "ConsumedUnit"):
        assert frame[name].notna().tolist() == (category == "Usage").tolist()
    assert (frame[category == "Purchase"]["EffectiveCost"] == 0).all()
    assert (frame[category == "Purchase"]["ChargeFrequency"] != "Usage-Based").all()
    credit_rows = frame[category == "Credit"]
    for name in ("EffectiveCost", "ListCost", "ContractedCost"):
        assert credit_rows[name].tolist() == credit_rows["BilledCost"].tolist()
    assert frame["InvoiceIssuerName"].tolist() == frame["ProviderName"].tolist()


def test_what_depends_on_a_commitment(frame: pd.DataFrame) -> None:
    with_id = frame["CommitmentDiscountId"].notna()
    used = with_id & (frame["ChargeCategory"] == "Usage")
    for name in ("Category", "Type", "Name", "Quantity", "Unit"):
        assert frame[f"CommitmentDiscount{name}"].notna().tolist() == with_id.tolist(), name
    assert frame["CommitmentDiscountStatus"].notna().tolist() == used.tolist()
    assert (frame["PricingCategory"] == "Committed").fillna(value=False).tolist() == used.tolist()
    assert (frame[used]["BilledCost"] == 0).all()
    # what is used is what is paid for, as nothing committed to is idle
    paid = frame[with_id].groupby("CommitmentDiscountId")[["BilledCost", "EffectiveCost"]].sum()
    assert paid["BilledCost"].tolist() == pytest.approx(paid["EffectiveCost"].tolist(), rel=1e-12)


def test_a_name_goes_with_its_id_and_a_sku_with_its_price(frame: pd.DataFrame) -> None:
    assert frame["RegionId"].notna().tolist() == frame["RegionName"].notna().tolist()
    known = frame.dropna(subset=["SkuPriceId"])
    for many, one in (
        ("SkuPriceId", "SkuId"),
        ("SkuId", "SkuMeter"),
        ("ServiceName", "ServiceCategory"),
    ):
        pairs = known[[many, one]].drop_duplicates()
        assert pairs[many].is_unique, (many, one)


def test_every_sku_is_of_a_known_service_with_one_category() -> None:
    categories = next(column.allowed for column in columns() if column.name == "ServiceCategory")
    services: dict[str, Service] = {}
    for path in sorted(pricing_root().glob("*/**/*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            rows = csv.DictReader(file)
            if "sku" not in (rows.fieldnames or ()):
                continue
            skus = {row["sku"] for row in rows if not row["sku"].startswith("fx.")}
        for sku in skus:
            known = service(sku)
            assert known.provider != sku.partition(".")[0], sku
            assert known.category in categories, sku
            assert known.subcategory in PARENTS[known.category]
            assert services.setdefault(known.name, known) == known
    assert len(services) > 20


#: The subcategories that are used here, by the one category of each: ServiceSubcategory of
#: https://focus.finops.org/focus-specification/v1-2.
PARENTS = {
    "Analytics": {"Streaming Analytics"},
    "Compute": {"Containers", "Virtual Machines", "Other (Compute)"},
    "Integration": {"Messaging"},
    "Management and Governance": {"Data Governance", "Observability", "Support"},
    "Networking": {"Application Networking", "Network Connectivity", "Network Infrastructure"},
    "Other": {"Other (Other)"},
    "Storage": {"Block Storage", "Object Storage"},
}


def test_every_subcategory_is_of_its_category(frame: pd.DataFrame) -> None:
    for category, subcategory in frame[["ServiceCategory", "ServiceSubcategory"]].to_numpy():
        assert subcategory in PARENTS[category]


def test_every_unit_is_written_as_focus_writes_units() -> None:
    assert set(UNITS) <= set(PRICE_UNITS)
    # these are their own plural: https://focus.finops.org/focus-specification/v1-2, Unit Format
    assert set(PRICE_UNITS) - set(UNITS) == {"GiB", "GB", "kWh", "USD"}
