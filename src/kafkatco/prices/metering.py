"""The units that price rows meter, and how quantities and a user's own prices become theirs."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, Final, Literal, get_args

from kafkatco.errors import InputError, Problem, nearest
from kafkatco.units import PriceMeasure, parse_price, price_example

__all__ = ["GIGABYTES", "Gigabyte", "effective_unit", "metered", "read_overrides"]

Gigabyte = Literal["metered", "decimal", "binary"]
GIGABYTES: Final = get_args(Gigabyte)

GB_PER_GIB: Final = 1024**3 / 1e9
_DECIMAL: Final = {"GiB": "GB", "GiB-month": "GB-month"}
_BINARY: Final = {decimal: binary for binary, decimal in _DECIMAL.items()}


def effective_unit(row_unit: str, gigabyte: Gigabyte) -> str:
    """Return a row's unit after the convention: every row per GB or GiB may be forced to one.

    >>> effective_unit("GiB-month", "decimal"), effective_unit("GiB", "metered")
    ('GB-month', 'GiB')
    """
    forced: Mapping[str, str] = {"decimal": _DECIMAL, "binary": _BINARY, "metered": {}}[gigabyte]
    return forced.get(row_unit, row_unit)


def metered(quantity: Any, unit: str, row_unit: str, month_hours: Any) -> Any:
    """Return ``quantity`` [``unit``] in the unit that a row meters; hours may become months [h].

    Raises :class:`~kafkatco.errors.InputError` where the row prices something else.

    >>> metered(730, "hour", "month", 730), round(metered(1, "GiB", "GB", 730), 6)
    (1.0, 1.073742)
    """
    if unit == row_unit:
        return quantity
    if _DECIMAL.get(unit) == row_unit:
        return quantity * GB_PER_GIB
    if (unit, row_unit) == ("hour", "month"):
        return quantity / month_hours
    raise InputError("prices", [Problem("unit", f"a price per {row_unit}", f"a price per {unit}")])


def read_overrides(
    overrides: Mapping[str, str | PriceMeasure],
    units: Mapping[str, Collection[str]],
    currencies: Mapping[str, str],
    gigabyte: Gigabyte,
) -> dict[str, PriceMeasure]:
    """Return the user's own prices by sku.

    ``units`` and ``currencies`` give what the book meters and charges each sku in.  Raises
    :class:`~kafkatco.errors.InputError` with every sku that the book does not know, and every
    price of something else; an exchange rate keeps its currency.
    """
    problems: list[Problem] = []
    read: dict[str, PriceMeasure] = {}
    for sku, text in overrides.items():
        where = f"override.{sku}"
        if sku not in units:
            hint = nearest(sku, units)
            problems.append(Problem(where, repr(sku), "a sku of this book", hint))
            continue
        try:
            price = parse_price(text, example=price_example(next(iter(units[sku]))))
            for unit in units[sku]:
                price.per(effective_unit(unit, gigabyte))
        except ValueError as error:
            problems.append(Problem(where, repr(text), str(error)))
            continue
        if sku.startswith("fx.") and price.currency != currencies[sku]:
            problems.append(Problem(where, repr(text), f"a rate in {currencies[sku]}"))
        read[sku] = price
    if problems:
        raise InputError("prices", problems)
    return read
