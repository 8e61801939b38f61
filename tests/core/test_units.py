"""Parsing: text with units in, floats in base units out, and clear errors."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kafkatco.core.money import parse_price, parse_salary, price_example
from kafkatco.core.units import DURATION, RATE, SIZE, Kind, parse
from kafkatco.prices.rows import PRICE_UNITS


@pytest.mark.parametrize(
    ("text", "kind", "expected"),
    [
        ("1 MiB/s", RATE, 1.0),
        ("100 MB/s", RATE, 100e6 / 2**20),
        ("1 Gbit/s", RATE, 1e9 / 8 / 2**20),
        ("10 TB/month", RATE, 10e12 / 2**20 / (730 * 3600)),
        ("7 days", DURATION, 168.0),
        ("90 min", DURATION, 1.5),
        ("2 months", DURATION, 1460.0),
        ("1 year", DURATION, 8760.0),
        ("1 KiB", SIZE, 1 / 2**20),
        ("500 GB", SIZE, 500e9 / 2**30),
        ("1,000 MB/s", RATE, 1000e6 / 2**20),
        ("1.5e3 MiB/s", RATE, 1500.0),
        (" +.5 MiB / s ", RATE, 0.5),
    ],
)
def test_value_in_base_units(text: str, kind: Kind, expected: float) -> None:
    assert parse(text, kind).value(730) == pytest.approx(expected, rel=1e-14)


def test_a_month_has_the_hours_of_its_argument() -> None:
    rate = parse("744 GiB/month", RATE)
    assert rate.value(744) == pytest.approx(1024 / 3600, rel=1e-14)
    np.testing.assert_allclose(
        rate.value(np.array([744.0, 720.0])), [1024 / 3600, 744 / 720 * 1024 / 3600], rtol=1e-14
    )


def test_pints_own_month_and_millibyte_cannot_be_reached() -> None:
    assert parse("1 month", DURATION).value(730) == 730.0  # pint's month has 730.5 h
    with pytest.raises(ValueError, match=r"Unknown unit 'mB'.*Did you mean 'MB'"):
        parse("3 mB/s", RATE)


@pytest.mark.parametrize(
    ("text", "kind", "message"),
    [
        (100, RATE, "A bare number has no unit"),
        (1.5, DURATION, "A bare number has no unit"),
        ("100", RATE, "a number with a unit"),
        ("7 days", RATE, "a data rate, such as"),
        ("100 MB/s", DURATION, "a duration, such as"),
        ("-1 MB/s", RATE, "at least 0"),
        ("nan MB/s", RATE, "a number with a unit"),
        ("inf MB/s", RATE, "a number with a unit"),
        ("1e999 MB/s", RATE, "finite"),
        ("", RATE, "a number with a unit"),
        ("1e25 MB/s", RATE, "finite"),
        ("MB/s", RATE, "a number with a unit"),
        ("1,5 MB/s", RATE, "a number with a unit"),
        ("1.500,5 MB/s", RATE, "a number with a unit"),
        ("1 500 MB/s", RATE, "a number with a unit"),
        ("1:30 h", DURATION, "a number with a unit"),
        ("9**9**9 B/s", RATE, "a number with a unit"),
        ("2 * 10 MB/s", RATE, "a number with a unit"),
        ("10 MB/s # x", RATE, "a number with a unit"),
        ("10\x00MB/s", RATE, "a number with a unit"),
        ("ten MB/s", RATE, "a number with a unit"),
        ("__import__('os').system('x') MB/s", RATE, "a number with a unit"),
        (True, RATE, "a quantity with a unit"),
        (None, RATE, "a quantity with a unit"),
    ],
)
def test_errors_name_the_expected_value(text: object, kind: Kind, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        parse(text, kind)


@given(st.floats(1e-6, 1e9), st.sampled_from([("MB", 1e6), ("MiB", 2**20), ("TB", 1e12)]))
def test_rescaling_units_changes_nothing(amount: float, unit: tuple[str, float]) -> None:
    name, size = unit
    direct = parse(f"{amount!r} {name}/s", RATE).value()
    in_bytes = parse(f"{amount * size!r} B/s", RATE).value()
    assert direct == pytest.approx(in_bytes, rel=1e-12)


@pytest.mark.parametrize(
    ("text", "unit", "expected"),
    [
        ("0.384 USD/hour", "hour", 0.384),
        ("0.05 USD/GB", "GiB", 0.05 * 2**30 / 1e9),
        ("0.08 USD/GB/month", "GiB-month", 0.08 * 2**30 / 1e9),
        ("0.1 USD/GiB/month", "GiB-month", 0.1),
        ("1419 KRW/USD", "USD", 1419.0),
    ],
)
def test_price_per_unit(text: str, unit: str, expected: float) -> None:
    assert parse_price(text).per(unit) == pytest.approx(expected, rel=1e-14)


def test_a_price_of_another_unit_is_an_error() -> None:
    with pytest.raises(ValueError, match="a price per hour"):
        parse_price("0.05 USD/GB").per("hour")
    with pytest.raises(ValueError, match="a price with a currency"):
        parse_price("0.05 GB/hour")


def test_a_parsed_quantity_keeps_its_kind() -> None:
    with pytest.raises(ValueError, match="a data rate"):
        parse(parse("7 days", DURATION), RATE)
    assert parse_salary(parse_salary("60000 USD/year")).amount == 5000.0
    with pytest.raises(ValueError, match="money per month"):
        parse_salary(parse_price("40 USD/hour"))


@pytest.mark.parametrize("unit", PRICE_UNITS)
def test_the_example_of_every_unit_is_a_price_of_it(unit: str) -> None:
    currency = "KRW" if unit == "USD" else "USD"
    assert parse_price(price_example(unit, currency)).per(unit) == pytest.approx(0.1)
