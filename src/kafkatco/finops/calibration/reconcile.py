"""The lines of modelled bills and the charges of a real one, by sku and region."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from kafkatco.costing.bill import Bill
from kafkatco.errors import InputError, MissingPriceError, Problem
from kafkatco.finops.calibration.meters import SkuMatch, match_meter
from kafkatco.finops.calibration.statement import MeterTotal, Statement
from kafkatco.finops.focus_charges import charged, charges_of
from kafkatco.prices import PriceBook
from kafkatco.prices.metering import metered

__all__ = ["CREDIT", "Amounts", "Key", "Unknown", "billed_lines", "modelled_lines"]


class Key(NamedTuple):
    """What identifies a line; without a region where a bill names none."""

    sku: str
    region: str


#: All credits together: what they were given for is not modelled.
CREDIT = Key("credit", "")


@dataclass(frozen=True, slots=True)
class Amounts:
    """The quantity of a line, and its cost before and after reductions [currency].

    There is no quantity where costs alone are known.
    """

    component: str
    unit: str
    quantity: float | None
    gross: float
    net: float

    def __add__(self, other: Amounts) -> Amounts:
        quantities = [one for one in (self.quantity, other.quantity) if one is not None]
        return replace(
            self,
            quantity=sum(quantities) if quantities else None,
            gross=self.gross + other.gross,
            net=self.net + other.net,
        )


@dataclass(frozen=True, slots=True)
class Unknown:
    """Charges that match no line, in the bill's words, and why; costs in the book's currency."""

    provider: str
    service: str
    meter: str
    region: str
    unit: str
    quantity: float | None
    gross: float
    net: float
    rows: int
    reason: str


def modelled_lines(bills: Iterable[Bill]) -> dict[Key, Amounts]:
    """Return the lines of bills but for people; reductions are on the lines that they lower.

    The same sku of several deployments is one line.  A commitment lowers what it covers; what is
    paid for it is there too, at no net cost of its own.
    """
    lines: dict[Key, Amounts] = {}
    for bill in bills:
        for charge in charges_of(bill, people=False):
            line = charge.line
            key = Key(line.sku, "" if line.component == "support" else bill.region)
            amounts = Amounts(
                line.component, line.unit, float(line.quantity), charge.listed, charge.effective
            )
            if charge.purchase and charge.commitment is not None:
                key = key._replace(sku=charge.commitment.sku)
                amounts = replace(amounts, quantity=None, gross=0.0, net=0.0)
            _add(lines, key, amounts)
        for line in bill.one_off:
            if line.component == "credit" and line.cost:
                used = min(-float(line.cost), charged(bill))
                _add(lines, CREDIT, Amounts("credit", line.unit, None, 0.0, -used))
    return lines


def billed_lines(
    statement: Statement, modelled: Mapping[Key, Amounts], skus: Collection[str], book: PriceBook
) -> tuple[dict[Key, Amounts], tuple[Unknown, ...]]:
    """Return what was billed of each line, and everything else: together the whole statement.

    ``modelled`` are all lines that the model may have, also those of no quantity now; ``skus`` are
    all that the deployments may bill.  A bill does not name components.  Raises
    :class:`~kafkatco.errors.InputError` for currencies that the book has no rate of, and where days
    of a provider are missing whose lines are modelled.
    """
    rates = _rates(statement, book)
    listed = frozenset(book.skus())
    lines: dict[Key, Amounts] = {}
    unknown = []
    providers = set()
    for charge in statement.charges:
        meter, rate = charge.meter, rates[charge.meter.currency]
        gross, net = charge.gross * rate, charge.net * rate
        match = _line_of(charge, modelled, skus, listed, statement.hours)
        if isinstance(match, str):
            unknown.append(
                Unknown(
                    meter.provider,
                    meter.service,
                    meter.meter or meter.category,
                    meter.region,
                    meter.unit,
                    charge.quantity,
                    gross,
                    net,
                    charge.rows,
                    match,
                )
            )
            continue
        key, unit, quantity = match
        if key in modelled:
            providers.add(meter.provider)
        _add(lines, key, Amounts("", unit, quantity, gross, net))
    _check_whole(statement, providers)
    return lines, tuple(sorted(unknown, key=lambda row: -abs(row.net)))


def _line_of(
    charge: MeterTotal,
    modelled: Mapping[Key, Amounts],
    skus: Collection[str],
    listed: Collection[str],
    hours: float,
) -> tuple[Key, str, float | None] | str:
    """Return the line of a charge and its quantity in the line's unit, or why there is none."""
    meter = charge.meter
    if meter.category in ("tax", "adjustment"):
        return "a tax" if meter.category == "tax" else "an adjustment"
    match = match_meter(meter, skus, listed)
    if meter.category == "credit":
        # a credit for all that a provider charges names no meter
        of_all = not meter.sku and (not meter.meter or meter.meter == "PROMO_CREDIT")
        return (CREDIT, "", None) if of_all or isinstance(match, SkuMatch) else match
    if isinstance(match, str):
        return match
    key = _key(match.sku, meter.region, modelled)
    unit = modelled[key].unit if key in modelled else match.unit
    quantity = charge.quantity
    if meter.category != "usage" or match.factor is None or quantity is None:
        return key, unit, None
    try:
        amount: Any = metered(quantity * match.factor, match.unit or unit, unit, hours)
    except InputError:
        return f"metered in {meter.unit!r}, not by the {unit}"
    return key, unit, float(amount)


def _key(sku: str, region: str, modelled: Mapping[Key, Amounts]) -> Key:
    """Return the line's key: the only region of the model where a bill names none."""
    key = Key(sku, region)
    if key in modelled or Key(sku, "") in modelled:
        return key if key in modelled else Key(sku, "")
    same_sku = [line for line in modelled if line.sku == sku]
    return same_sku[0] if len(same_sku) == 1 and region in ("", "global", "any") else key


def _add(lines: dict[Key, Amounts], key: Key, amounts: Amounts) -> None:
    lines[key] = lines[key] + amounts if key in lines else amounts


def _rates(statement: Statement, book: PriceBook) -> dict[str, float]:
    """Return how much of the book's currency each currency of the bill is."""
    rates, problems = {}, []
    for currency in sorted({charge.meter.currency for charge in statement.charges}):
        try:
            rates[currency] = float(book.exchange(currency))
        except (MissingPriceError, InputError, KeyError) as error:
            expected = f"a currency that book {book.name!r} has a rate of"
            given = repr(currency) if currency else "no currency"
            hint = str(error) if isinstance(error, MissingPriceError) else ""
            problems.append(Problem("bill", given, expected, hint))
    if problems:
        raise InputError("calibrate", problems)
    return rates


def _check_whole(statement: Statement, providers: Collection[str]) -> None:
    """Raise ``InputError`` where a provider's use is not that of all days of the month."""
    problems = []
    for provider, missing in statement.missing.items():
        if provider in providers:
            first = ", ".join(day.isoformat() for day in missing[:3])
            given = f"use on {statement.days - len(missing)} of {statement.days} days"
            hint = f"Missing: {first}{' ...' if len(missing) > 3 else ''}"
            where = f"bill of {provider}, {statement.month}"
            problems.append(Problem(where, given, "a whole month", hint))
    if problems:
        raise InputError("calibrate", problems)
