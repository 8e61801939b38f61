"""Convert quantities, and a user's own prices, to the units that price rows meter."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, Final, Literal, get_args

from kafkatco.core.money import PriceMeasure, parse_price, price_example
from kafkatco.errors import InputError, Problem, nearest
from kafkatco.i18n.message import _

__all__ = ["GIGABYTES", "Gigabyte", "effective_unit", "metered", "read_overrides"]

Gigabyte = Literal["metered", "decimal", "binary"]
GIGABYTES: Final = get_args(Gigabyte)

#: The size of the first unit in the second.
_SIZES: Final = {("GiB", "GB"): 1024**3 / 1e9, ("MiB/s", "MB/s"): 1024**2 / 1e6}
_DECIMAL: Final = {"GiB": "GB", "GiB-month": "GB-month", "GiB-hour": "GB-hour"}
_BINARY: Final = {decimal: binary for binary, decimal in _DECIMAL.items()}


def effective_unit(row_unit: str, gigabyte: Gigabyte) -> str:
    """Return a row's unit under a convention, which may force GB or GiB on every row.

    >>> effective_unit("GiB-month", "decimal"), effective_unit("GiB", "metered")
    ('GB-month', 'GiB')
    """
    forced: Mapping[str, str] = {"decimal": _DECIMAL, "binary": _BINARY, "metered": {}}[gigabyte]
    return forced.get(row_unit, row_unit)


def metered(quantity: Any, unit: str, row_unit: str, month_hours: Any) -> Any:
    """Return ``quantity`` [``unit``] in the unit that a row meters; a month has ``month_hours``.

    Raises :class:`~kafkatco.errors.InputError` if the row prices another kind of unit.

    >>> metered(730, "hour", "month", 730), round(metered(1, "GiB", "GB", 730), 6)
    (1.0, 1.073742)
    >>> metered(2, "GiB-month", "GiB-hour", 730)
    1460
    """
    if unit == row_unit:
        return quantity
    (size, time), (row_size, row_time) = _parts(unit), _parts(row_unit)
    if size != row_size:
        if (size, row_size) not in _SIZES:
            raise _another(unit, row_unit)
        quantity = quantity * _SIZES[size, row_size]
    if time == row_time:
        return quantity
    if (time, row_time) == ("hour", "month"):
        return quantity / month_hours
    if (time, row_time) == ("month", "hour"):
        return quantity * month_hours
    raise _another(unit, row_unit)


def _parts(unit: str) -> tuple[str, str]:
    """Return the size and the time of a unit: ``("GiB", "month")``, ``("", "hour")``."""
    size, _hyphen, time = unit.partition("-")
    return ("", unit) if unit in ("hour", "month") else (size, time)


def _another(unit: str, row_unit: str) -> InputError:
    actual, expected = _("a price per {unit}", unit=row_unit), _("a price per {unit}", unit=unit)
    return InputError("prices", [Problem("unit", actual, expected)])


def read_overrides(
    overrides: Mapping[str, str | PriceMeasure],
    units: Mapping[str, Collection[str]],
    currencies: Mapping[str, str],
    gigabyte: Gigabyte,
) -> dict[str, PriceMeasure]:
    """Return the user's own prices by sku.

    ``units`` and ``currencies`` have the units and the currency of each sku of the book.  Raises
    :class:`~kafkatco.errors.InputError` with every sku that is not in the book, and every price
    in another kind of unit; an exchange rate must keep its currency.
    """
    problems: list[Problem] = []
    read: dict[str, PriceMeasure] = {}
    for sku, text in overrides.items():
        where = f"override.{sku}"
        if sku not in units:
            hint = nearest(sku, units)
            problems.append(Problem(where, repr(sku), _("a sku of this book"), hint))
            continue
        try:
            price = parse_price(text, example=price_example(next(iter(units[sku]))))
            for unit in units[sku]:
                price.per(effective_unit(unit, gigabyte))
        except ValueError as error:
            problems.append(Problem(where, repr(text), error.args[0]))
            continue
        if sku.startswith("fx.") and price.currency != currencies[sku]:
            expected = _("a rate in {currency}", currency=currencies[sku])
            problems.append(Problem(where, repr(text), expected))
        read[sku] = price
    if problems:
        raise InputError("prices", problems)
    return read
