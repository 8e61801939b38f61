"""Units of price rows: GiB and GB, hours and months, and a user's own prices."""

import pytest

from kafkatco import InputError
from kafkatco.prices.metering import effective_unit, metered, read_overrides

GB_PER_GIB = 2**30 / 1e9


def test_metered_units() -> None:
    assert metered(1.0, "GiB", "GiB", 730) == 1.0
    assert metered(1.0, "GiB", "GB", 730) == pytest.approx(GB_PER_GIB)
    assert metered(1.0, "GiB-month", "GB-month", 730) == pytest.approx(GB_PER_GIB)
    assert metered(1460.0, "hour", "month", 730) == 2.0


@pytest.mark.parametrize(
    ("unit", "row_unit"), [("GiB", "hour"), ("GiB-month", "GB"), ("GB", "GiB"), ("hour", "once")]
)
def test_a_price_of_something_else_is_refused(unit: str, row_unit: str) -> None:
    with pytest.raises(InputError, match=f"a price per {unit}"):
        metered(1.0, unit, row_unit, 730)


def test_a_forced_gigabyte() -> None:
    assert effective_unit("GiB", "decimal") == "GB"
    assert effective_unit("GB-month", "binary") == "GiB-month"
    assert effective_unit("GB", "metered") == "GB"
    assert effective_unit("hour", "decimal") == "hour"


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("0.10 USD/GiB-month", "GiB-month"),
        ("0.10 USD/GB/month", "GiB-month"),
        ("500 USD", "once"),
        ("6000000 KRW/month", "FTE-month"),
        ("1 USD/FTE-month", "FTE-month"),
        ("0.04 USD/(MiB/s)-month", "MiB/s-month"),
        ("0.005 USD/IOPS-month", "IOPS-month"),
    ],
)
def test_prices_as_people_write_them(text: str, unit: str) -> None:
    assert read_overrides({"x": text}, {"x": {unit}}, {"x": "USD"}, "metered").keys() == {"x"}


def test_the_hint_of_a_refusal_is_accepted() -> None:
    for unit in ("GiB-month", "FTE-month", "IOPS-month", "MiB/s-month", "hour", "once"):
        with pytest.raises(InputError) as caught:
            read_overrides({"x": "1 USD/IOPS/hour"}, {"x": {unit}}, {"x": "USD"}, "metered")
        example = str(caught.value).split("such as '")[1].split("'")[0]
        assert read_overrides({"x": example}, {"x": {unit}}, {"x": "USD"}, "metered")
