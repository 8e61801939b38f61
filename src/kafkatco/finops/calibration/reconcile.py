"""The lines of modelled bills and the charges of a real bill, by sku and region."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from kafkatco.costing.bill import Bill
from kafkatco.errors import InputError, MissingPriceError, Problem
from kafkatco.finops.calibration.match_meters import SkuMatch, match_meter, other_unit
from kafkatco.finops.calibration.statement import MeterTotal, Statement
from kafkatco.finops.focus_charges import charged, charges_of
from kafkatco.i18n.message import EMPTY, _
from kafkatco.prices import PriceBook
from kafkatco.prices.metering import metered

__all__ = ["CREDIT", "Amounts", "Key", "Unknown", "billed_lines", "modelled_lines"]


class Key(NamedTuple):
    """The identity of a line; ``region`` is empty if a bill has none."""

    sku: str
    region: str


#: All credits together, since the model does not have their reasons.
CREDIT = Key("credit", "")


@dataclass(frozen=True, slots=True)
class Amounts:
    """The quantity of a line, and its cost before and after discounts [currency].

    ``quantity`` is ``None`` if only costs are known.
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
    """Charges without a line, in the bill's words, and the reason; costs in the book's currency."""

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
    """Return the lines of bills without people; discounts are on the lines that they lower.

    The same sku of several deployments is one line.  A commitment lowers the lines that it covers;
    the payment for it is a line, too, without a net cost of its own.
    """
    lines: dict[Key, Amounts] = {}
    for bill in bills:
        for charge in charges_of(bill, people=False):
            line = charge.line
            region = line.region or bill.region
            key = Key(line.sku, "" if line.component == "support" else region)
            amounts = Amounts(
                line.use, line.unit, float(line.quantity), charge.listed, charge.effective
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
    """Return the billed amounts of each line, and all other charges: together the whole statement.

    ``modelled`` are all possible lines of the model, also those with no quantity now; ``skus`` are
    all skus that the deployments may bill.  A bill does not name components.  Raises
    :class:`~kafkatco.errors.InputError` for a currency without a rate in the book, and if days are
    missing of a provider whose lines are modelled.
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
    """Return the line of a charge and its quantity in the line's unit, or why it has no line."""
    meter = charge.meter
    if meter.category in ("tax", "adjustment"):
        return _("a tax") if meter.category == "tax" else _("an adjustment")
    match = match_meter(meter, skus, listed)
    if meter.category == "credit":
        # a credit on all charges of a provider names no meter
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
        return other_unit(meter, unit)
    return key, unit, float(amount)


def _key(sku: str, region: str, modelled: Mapping[Key, Amounts]) -> Key:
    """Return the line's key, with the only region of the model if the bill has none."""
    key = Key(sku, region)
    if key in modelled or Key(sku, "") in modelled:
        return key if key in modelled else Key(sku, "")
    same_sku = [line for line in modelled if line.sku == sku]
    return same_sku[0] if len(same_sku) == 1 and region in ("", "global", "any") else key


def _add(lines: dict[Key, Amounts], key: Key, amounts: Amounts) -> None:
    lines[key] = lines[key] + amounts if key in lines else amounts


def _rates(statement: Statement, book: PriceBook) -> dict[str, float]:
    """Return the value of each currency of the bill [book's currency]."""
    rates, problems = {}, []
    for currency in sorted({charge.meter.currency for charge in statement.charges}):
        try:
            rates[currency] = float(book.exchange(currency))
        except (MissingPriceError, InputError, KeyError) as error:
            expected = _("a currency with an exchange rate in book {book!r}", book=book.name)
            code = repr(currency) if currency else _("no currency")
            hint = error.message if isinstance(error, MissingPriceError) else EMPTY
            problems.append(Problem("bill", code, expected, hint))
    if problems:
        raise InputError("calibrate", problems)
    return rates


def _check_whole(statement: Statement, providers: Collection[str]) -> None:
    """Raise ``InputError`` unless every modelled provider has use on all days of the month."""
    problems = []
    for provider, missing in statement.missing.items():
        if provider in providers:
            first = ", ".join(day.isoformat() for day in missing[:3])
            days = _(
                "use on {count} of {total} days",
                count=statement.days - len(missing),
                total=statement.days,
            )
            hint = _("Missing: {days}", days=first + " ..." * (len(missing) > 3))
            where = _("bill of {provider}, {month}", provider=provider, month=statement.month)
            problems.append(Problem(where, days, _("a whole month"), hint))
    if problems:
        raise InputError("calibrate", problems)
