"""Every format of bills is read as one: months, days, quantities, gross and net, by hand."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kafkatco import InputError
from kafkatco.finops.calibration.statement import Statement, read_statement
from support.bill_samples import FOCUS, aws, azure, confluent, cur_rows, gcp, write_csv
from support.excerpts import excerpt

#: Compressed, with a block of an undefined type: RFC 1951, 3.2.3.
DAMAGED = gzip.compress(b"", mtime=0)[:10] + b"\x07"


def by_meter(statement: Statement) -> dict[str, tuple[float | None, float, float]]:
    return {
        f"{charge.meter.meter}/{charge.meter.detail}/{charge.meter.category}": (
            charge.quantity,
            round(charge.gross, 9),
            round(charge.net, 9),
        )
        for charge in statement.charges
    }


def as_csv(folder: Path, rows: list[dict[str, Any]]) -> Any:
    return write_csv(folder / "bill.csv", rows)


def as_gzip(folder: Path, rows: list[dict[str, Any]]) -> Any:
    path = folder / "bill.csv.gz"
    path.write_bytes(gzip.compress(as_csv(folder, rows).read_bytes()))
    return path


def as_parquet(folder: Path, rows: list[dict[str, Any]]) -> Any:
    pytest.importorskip("pyarrow")
    path = folder / "bill.parquet"
    frame = pd.DataFrame(
        [{name: None if value == "" else value for name, value in row.items()} for row in rows]
    )
    for name in frame.columns:
        if name.endswith(("cost", "amount")):
            frame[name] = pd.to_numeric(frame[name])
    frame.to_parquet(path)
    return path


def as_frame(_: Path, rows: list[dict[str, Any]]) -> Any:
    return pd.DataFrame(rows)


def as_older(folder: Path, rows: list[dict[str, Any]]) -> Any:
    """The columns of the report before 2.0: ``lineItem/UsageType``."""

    def older(name: str) -> str:
        head, _, rest = name.replace("line_item_", "lineItem_", 1).partition("_")
        return f"{head}/{rest.title().replace('_', '')}"

    old = [{older(name): value for name, value in row.items()} for row in rows]
    assert {"lineItem/UsageType", "lineItem/LineItemType"} <= set(old[0])
    return write_csv(folder / "older.csv", old)


def as_records(folder: Path, rows: list[dict[str, Any]]) -> Any:
    path = folder / "bill.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    "write",
    [as_csv, as_gzip, as_parquet, as_frame, as_older, as_records],
    ids=lambda write: write.__name__,
)
def test_the_same_rows_in_every_file(
    write: Callable[[Path, list[dict[str, Any]]], Any], tmp_path: Path
) -> None:
    statement = read_statement(write(tmp_path, cur_rows()))
    assert (statement.month, statement.days, statement.hours, statement.missing) == (
        "2025-02",
        28,
        672.0,
        {},
    )
    assert by_meter(statement) == {
        "APN2-Kafka.m7g.large/RunBroker/usage": (2016.0, 505.6128, 505.6128),
        "APN2-Kafka.Storage.GP2/RunVolume/usage": (1000.0, 114.0, 114.0),
        "APN2-DataTransfer-Regional-Bytes/InterZone-In/usage": (6000.0, 60.0, 60.0),
        "APN2-DataTransfer-Regional-Bytes/InterZone-Out/usage": (6000.0, 60.0, 60.0),
        "APN2-Kafka.m7g.large/RunBroker/credit": (None, 0.0, -50.0),
        "APN2-Kafka.m7g.large//tax": (None, 10.0, 10.0),
        "APN2-Lambda-GB-Second/Invoke/usage": (9e5, 7.25, 7.25),
        "APN2-BoxUsage:m5.large/RunInstances/usage": (672.0, 79.296, 79.296),
    }


@pytest.mark.parametrize(
    ("kind", "more", "gross", "net"),
    [
        (
            "Usage",
            {"line_item_net_unblended_cost": 9.0, "pricing_public_on_demand_cost": 12.0},
            12.0,
            9.0,
        ),
        # covered by a reservation: listed at 12, billed at nothing, its share of the fee is 7
        (
            "DiscountedUsage",
            {
                "line_item_unblended_cost": 0,
                "pricing_public_on_demand_cost": 12.0,
                "reservation_effective_cost": 7.0,
            },
            12.0,
            7.0,
        ),
        # of a fee of 10, what covered use has is not counted again: 1.5 and 0.5 were not used
        (
            "RIFee",
            {
                "reservation_unused_amortized_upfront_fee_for_billing_period": 1.5,
                "reservation_unused_recurring_fee": 0.5,
            },
            0.0,
            2.0,
        ),
        (
            "SavingsPlanCoveredUsage",
            {
                "pricing_public_on_demand_cost": 10.0,
                "savings_plan_savings_plan_effective_cost": 6.0,
            },
            10.0,
            6.0,
        ),
        ("SavingsPlanNegation", {"line_item_unblended_cost": -10.0}, 0.0, 0.0),
        # 100 committed to, of which 97 used
        (
            "SavingsPlanRecurringFee",
            {"savings_plan_total_commitment_to_date": 100.0, "savings_plan_used_commitment": 97.0},
            0.0,
            3.0,
        ),
        ("EdpDiscount", {"line_item_unblended_cost": -2.0}, 0.0, -2.0),
        ("Fee", {}, 10.0, 10.0),
        ("Refund", {"line_item_unblended_cost": -4.0}, 0.0, -4.0),
        ("SomethingNew", {}, 0.0, 10.0),
    ],
)
def test_commitments_and_discounts_of_aws(
    kind: str, more: dict[str, Any], gross: float, net: float
) -> None:
    row = aws(kind, "AmazonEC2", "BoxUsage:m5.large", "RunInstances", 1, 10.0, "Hrs", **more)
    [charge] = read_statement(pd.DataFrame([row])).charges
    assert (charge.gross, charge.net) == (gross, net)


def test_azure() -> None:
    bought = azure(ChargeType="Purchase", PricingModel="Reservation", CostInBillingCurrency=30)
    statement = read_statement(pd.DataFrame([azure(), azure(Date="2025-02-02"), bought]))
    use, fee = sorted(statement.charges, key=lambda charge: charge.meter.category, reverse=True)
    assert (use.quantity, use.gross, round(use.net, 9), use.rows) == (96.0, 2.88, 2.4, 2)
    assert (fee.quantity, fee.gross, fee.net) == (None, 0.0, 30.0)
    assert (use.meter.region, use.meter.extra) == ("koreacentral", "Standard_D4s_v5")
    assert len(statement.missing["azure"]) == 26  # days of use: the 1st and the 2nd


def flattened(row: dict[str, Any]) -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for name, value in row.items():
        if isinstance(value, dict):
            flat |= {f"{name}.{inner}": text for inner, text in value.items()}
        else:
            flat[name] = json.dumps(value) if isinstance(value, list) else value
    return flat


def test_google_nested_and_flat(tmp_path: Path) -> None:
    pytest.importorskip("pyarrow")
    pd.DataFrame([gcp()]).to_parquet(tmp_path / "nested.parquet")
    bills: list[Any] = [
        as_records(tmp_path, [gcp()]),
        tmp_path / "nested.parquet",
        write_csv(tmp_path / "flat.csv", [flattened(gcp())]),
        pd.DataFrame([gcp()]),
        pd.read_parquet(tmp_path / "nested.parquet"),
    ]
    for path in bills:
        [charge] = read_statement(path).charges
        # after credits of 15 and 5
        assert (charge.quantity, charge.gross, charge.net) == (2016.0, 120.0, 80.0), path
        assert charge.meter.service == "9544-7B1C-811D"
        assert charge.meter.region == "asia-northeast3"


def test_confluent(tmp_path: Path) -> None:
    statement = read_statement(confluent(tmp_path / "costs.json"))
    # 28 days of 100 GB at 5 USD, a tenth off
    assert by_meter(statement)["KAFKA_NETWORK_WRITE//usage"] == (2800.0, 140.0, 126.0)
    assert statement.missing == {}
    assert {charge.meter.currency for charge in statement.charges} == {"USD"}


def test_the_sample_of_confluents_own_command_line() -> None:
    path = excerpt("confluent-costs.json")
    statement = by_meter(read_statement(path))
    # two clusters of 70.0 less 20.0 each, and support of 70.0, which has no unit
    assert statement == {
        "LINE_TYPE_1//usage": (None, 140.0, 100.0),
        "SUPPORT//usage": (None, 70.0, 70.0),
    }


@pytest.mark.parametrize("column", ["x_UsageType", "SkuMeter"])
def test_focus_of_aws_in_both_versions(column: str) -> None:
    [charge] = read_statement(pd.DataFrame([{**FOCUS, column: "APN2-Kafka.m7g.large"}])).charges
    assert (charge.quantity, charge.gross, charge.net) == (2016.0, 505.6128, 400.0)
    assert charge.meter[:4] == ("aws", "AmazonMSK", "APN2-Kafka.m7g.large", "RunBroker")


def test_focus_of_microsoft_counts_consumed_quantities() -> None:
    row = {
        **FOCUS,
        "ProviderName": "Microsoft",
        "x_SkuMeterCategory": "Event Hubs",
        "x_SkuMeterName": "Standard Throughput Unit",
        "PricingQuantity": 13.44,
        "PricingUnit": "100 Hours",
        "ConsumedQuantity": 1344,
        "ConsumedUnit": "Hours",
    }
    [charge] = read_statement(pd.DataFrame([row])).charges
    assert (charge.quantity, charge.meter.unit) == (1344.0, "Hours")
    assert charge.meter[:3] == ("azure", "Event Hubs", "Standard Throughput Unit")


def test_focus_of_a_commitment_lists_covered_use_once() -> None:
    bought = {**FOCUS, "ChargeCategory": "Purchase", "EffectiveCost": 0.0, "ListCost": 400.0}
    statement = read_statement(pd.DataFrame([FOCUS, bought]))
    assert sum(charge.gross for charge in statement.charges) == 505.6128
    assert sum(charge.net for charge in statement.charges) == 400.0


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"EffectiveCost": "many"}, "effectivecost: got 'many'; expected a number"),
        ({"EffectiveCost": "nan"}, "effectivecost: got 'nan'"),
        ({"EffectiveCost": ""}, "effectivecost: the cost is missing; a missing cost is not zero"),
        ({"EffectiveCost": "1,000.00"}, "got '1,000.00'; expected a number"),
        ({"ChargePeriodStart": "yesterday"}, "chargeperiodstart: got 'yesterday'; expected a date"),
        ({"BillingPeriodStart": ""}, "billingperiodstart: the date is missing"),
        ({"PricingQuantity": "inf"}, "pricingquantity: got 'inf'"),
    ],
)
def test_unreadable_rows_are_reported_all_at_once(
    change: dict[str, Any], expected: str, tmp_path: Path
) -> None:
    path = write_csv(tmp_path / "bill.csv", [FOCUS, {**FOCUS, **change}, {**FOCUS, **change}])
    with pytest.raises(InputError) as caught:
        read_statement(path)
    assert len(caught.value.problems) == 2
    assert expected in str(caught.value)
    assert "row 3" in str(caught.value)
    assert caught.value.source == "bill.csv (FinOps FOCUS)"


texts = st.sampled_from(
    [
        "",
        "1",
        "-1e300",
        "1e999",
        "0x1",
        "2025-02-01",
        "9999-12-31",
        "0001-01-01",
        "2025-02-30",
        "Usage",
        "Credit",
        "AWS",
        "\x1b[31m",
        "=1+1",
        "\ud55c",
    ]
)


@settings(max_examples=60)
@given(st.fixed_dictionaries({name: st.just(FOCUS[name]) | texts for name in FOCUS}))
def test_any_row_is_read_or_reported(row: dict[str, Any]) -> None:
    try:
        statement = read_statement(pd.DataFrame([row]))
        texts = [part for charge in statement.charges for part in charge.meter]
    except InputError as error:
        texts = str(error).splitlines()
    assert texts
    assert all(text.isprintable() for text in texts)


@pytest.mark.parametrize("column", ["ChargePeriodStart", "ChargePeriodEnd", "BillingPeriodStart"])
@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31", "0001-01-01T00:00:00+14:00"])
def test_days_before_or_after_all_bills_are_no_dates(column: str, day: str) -> None:
    with pytest.raises(InputError, match="expected a date"):
        read_statement(pd.DataFrame([{**FOCUS, column: day}]))


def test_a_file_of_nothing_but_faults_ends_early(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "bill.csv", [{**FOCUS, "EffectiveCost": "x"}] * 50)
    with pytest.raises(InputError) as caught:
        read_statement(path)
    assert len(caught.value.problems) == 20


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("bill.csv", b"", "the file is empty; it must have a header and rows"),
        ("bill.csv", b"a,b\n1\n", "columns: got a, b; expected the columns of FinOps FOCUS, AWS"),
        ("bill.csv", "größe\n".encode("latin-1"), "the file is not CSV in UTF-8: "),
        ("bill.csv.gz", b"no gzip", "the file is not CSV in UTF-8: "),
        ("bill.csv.gz", DAMAGED, "the file is not CSV in UTF-8: "),
        ("bill.json", b"{", "the file is not JSON in UTF-8: "),
        ("bill.json", b"[1]", "a list of records"),
        ("bill.json", b'{"data":\n3}', "a list of records, or have one in the field 'data'"),
        ("bill.json", b"[" * 100_000, "the file is not JSON in UTF-8: "),
        ("bill.jsonl", b'{"a": 1}\n[2]\n', "columns: got a"),
        ("bill.parquet", b"PAR1", "the file is not Parquet: "),
        ("bill.xlsx", b"", "a file of type .csv, .csv.gz, .parquet, .json, .jsonl"),
    ],
)
def test_a_file_that_is_not_a_bill_is_refused(
    name: str, content: bytes, expected: str, tmp_path: Path
) -> None:
    if name.endswith("parquet"):
        pytest.importorskip("pyarrow")
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(InputError) as caught:
        read_statement(path)
    assert expected in str(caught.value)


def test_the_nearest_format_is_named_with_its_missing_columns(tmp_path: Path) -> None:
    lacking = {name: value for name, value in FOCUS.items() if name != "EffectiveCost"}
    with pytest.raises(
        InputError, match="nearest format is FinOps FOCUS, which also has effectivecost"
    ):
        read_statement(write_csv(tmp_path / "bill.csv", [lacking]))


def test_a_row_of_another_length(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "bill.csv", [FOCUS])
    with path.open("a", encoding="utf-8") as file:
        file.write("1,2\n")
    with pytest.raises(InputError, match="line 3: got 2 cells; expected 15"):
        read_statement(path)


def test_files_that_are_not_there_or_twice(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "bill.csv", [FOCUS])
    with pytest.raises(InputError) as caught:
        read_statement([path, str(path), tmp_path / "bil.csv"])
    assert len(caught.value.problems) == 2
    assert "bill.csv appears more than once" in str(caught.value)
    assert "Did you mean 'bill.csv'?" in str(caught.value)
    with pytest.raises(InputError, match="got int; expected the path of a file, or a DataFrame"):
        read_statement([3])  # type: ignore[list-item]


def test_a_frame_twice_would_count_twice() -> None:
    frame = pd.DataFrame([FOCUS])
    with pytest.raises(InputError, match="a DataFrame appears more than once"):
        read_statement([frame, frame])


@pytest.mark.parametrize("compressed", [False, True])
def test_a_copy_under_another_name_would_count_twice(compressed: bool, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "bill.csv", [FOCUS])
    copy = tmp_path / ("other.csv.gz" if compressed else "other.csv")
    content = path.read_bytes()
    copy.write_bytes(gzip.compress(content) if compressed else content)
    with pytest.raises(InputError) as caught:
        read_statement([path, copy])
    expected = f"bill: {copy.name} has the same content as bill.csv"
    assert expected in str(caught.value)
    assert len(caught.value.problems) == 1


def test_files_that_differ_in_a_tag_alone_are_two_parts(tmp_path: Path) -> None:
    # two accounts may use the same to the cent
    paths = [write_csv(tmp_path / f"{name}.csv", [FOCUS | {"SubAccountId": name}]) for name in "ab"]
    [charge] = read_statement(paths).charges
    assert (charge.rows, charge.net) == (2, 800.0)


@pytest.mark.parametrize("cell", ["b", float("nan"), {"a": 1}])
def test_a_copy_of_a_frame_would_count_twice(cell: object) -> None:
    frame = pd.DataFrame([{**FOCUS, "Tags": cell}])
    with pytest.raises(InputError, match="a DataFrame appears more than once"):
        read_statement([frame, frame.copy()])
    other = pd.DataFrame([{**FOCUS, "Tags": "of another account"}])
    assert read_statement([frame, other]).charges[0].rows == 2


def test_a_file_that_is_damaged_further_on_is_reported(tmp_path: Path) -> None:
    first, second = (
        write_csv(tmp_path / f"{name}.csv", [FOCUS | {"SubAccountId": name}]) for name in "ab"
    )
    damaged = tmp_path / "damaged.csv.gz"
    damaged.write_bytes(gzip.compress(first.read_bytes()) + DAMAGED)
    with pytest.raises(InputError, match=r"the file is not CSV in UTF-8: .*invalid block type"):
        read_statement([second, damaged])


def test_one_of_several_months_must_be_chosen() -> None:
    later = {
        **FOCUS,
        "BillingPeriodStart": "2025-03-01",
        "ChargePeriodStart": "2025-03-01",
        "ChargePeriodEnd": "2025-04-01",
        "EffectiveCost": 1.0,
    }
    frame = pd.DataFrame([FOCUS, later])
    with pytest.raises(InputError, match="several months, 2025-02, 2025-03; choose one"):
        read_statement(frame)
    [charge] = read_statement(frame, month="2025-03").charges
    assert charge.net == 1.0
    with pytest.raises(InputError, match="expected a month of the bill: 2025-02, 2025-03"):
        read_statement(frame, month="2025-04")
    with pytest.raises(InputError, match="a month such as '2025-11'"):
        read_statement(frame, month="2025-13")
    with pytest.raises(InputError, match="the bill has no rows"):
        read_statement(pd.DataFrame([FOCUS]).iloc[:0])
