"""The lines of modelled bills beside the charges of a real one, by sku and region."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from kafkatco.costing.bill import Bill
from kafkatco.errors import InputError, MissingPriceError, Problem
from kafkatco.finops.calibration.meters import Known, known_meter
from kafkatco.finops.calibration.statement import Charged, Statement
from kafkatco.finops.focus_charges import charged, charges_of
from kafkatco.prices import PriceBook
from kafkatco.prices.metering import metered

__all__ = ["CREDIT", "Key", "Side", "Unknown", "billed_sides", "modelled_sides"]


class Key(NamedTuple):
    """What a line is known by; without a region where a bill names none."""

    sku: str
    region: str


#: All credits together: what they were given for is not modelled.
CREDIT = Key("credit", "")


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a line: how much, and what it costs before and after reductions [currency].

    There is no quantity where costs alone are known.
    """

    component: str
    unit: str
    quantity: float | None
    gross: float
    net: float

    def __add__(self, other: Side) -> Side:
        quantities = [one for one in (self.quantity, other.quantity) if one is not None]
        return replace(
            self,
            quantity=sum(quantities) if quantities else None,
            gross=self.gross + other.gross,
            net=self.net + other.net,
        )


@dataclass(frozen=True, slots=True)
class Unknown:
    """Charges that no line is for, in the bill's words, and why; costs in the book's currency."""

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


def modelled_sides(bills: Iterable[Bill]) -> dict[Key, Side]:
    """Return the lines of bills but for people: reductions stand on the lines that they lower.

    The same sku of several deployments is one line.  A commitment lowers what it covers; what is
    paid for it is there too, at no net cost of its own.
    """
    found: dict[Key, Side] = {}
    for bill in bills:
        for item in charges_of(bill, people=False):
            line = item.line
            key = Key(line.sku, "" if line.component == "support" else bill.region)
            own = Side(line.component, line.unit, float(line.quantity), item.listed, item.effective)
            if item.purchase and item.commitment is not None:
                key = key._replace(sku=item.commitment.sku)
                own = replace(own, quantity=None, gross=0.0, net=0.0)
            _add(found, key, own)
        for line in bill.one_off:
            if line.component == "credit" and line.cost:
                used = min(-float(line.cost), charged(bill))
                _add(found, CREDIT, Side("credit", line.unit, None, 0.0, -used))
    return found


def billed_sides(
    statement: Statement, modelled: Mapping[Key, Side], skus: Collection[str], book: PriceBook
) -> tuple[dict[Key, Side], tuple[Unknown, ...]]:
    """Return what was billed of each line, and everything else: together all of the statement.

    ``modelled`` are all lines that the model may have, also those of no quantity now; ``skus`` are
    all that the deployments may bill.  Which component it is, what is billed does not say.  Raises
    :class:`~kafkatco.errors.InputError` for currencies that the book has no rate of, and where days
    of a provider are missing whose lines are modelled.
    """
    rates = _rates(statement, book)
    listed = frozenset(book.skus())
    found: dict[Key, Side] = {}
    unknown = []
    providers = set()
    for item in statement.charges:
        meter, rate = item.meter, rates[item.meter.currency]
        gross, net = item.gross * rate, item.net * rate
        what = _line_of(item, modelled, skus, listed, statement.hours)
        if isinstance(what, str):
            unknown.append(
                Unknown(
                    meter.provider,
                    meter.service,
                    meter.meter or meter.category,
                    meter.region,
                    meter.unit,
                    item.quantity,
                    gross,
                    net,
                    item.rows,
                    what,
                )
            )
            continue
        key, unit, quantity = what
        if key in modelled:
            providers.add(meter.provider)
        _add(found, key, Side("", unit, quantity, gross, net))
    _check_whole(statement, providers)
    return found, tuple(sorted(unknown, key=lambda one: -abs(one.net)))


def _line_of(
    item: Charged,
    modelled: Mapping[Key, Side],
    skus: Collection[str],
    listed: Collection[str],
    hours: float,
) -> tuple[Key, str, float | None] | str:
    """Return the line that a charge is of, in its unit, or why there is none."""
    meter = item.meter
    if meter.category in ("tax", "adjustment"):
        return "a tax" if meter.category == "tax" else "an adjustment"
    what = known_meter(meter, skus, listed)
    if meter.category == "credit":
        # a credit for all that a provider charges names no meter
        of_all = not meter.sku and (not meter.meter or meter.meter == "PROMO_CREDIT")
        return (CREDIT, "", None) if of_all or isinstance(what, Known) else what
    if isinstance(what, str):
        return what
    key = _key(what.sku, meter.region, modelled)
    unit = modelled[key].unit if key in modelled else what.unit
    quantity = item.quantity
    if meter.category != "usage" or what.factor is None or quantity is None:
        return key, unit, None
    try:
        amount: Any = metered(quantity * what.factor, what.unit or unit, unit, hours)
    except InputError:
        return f"metered in {meter.unit!r}, not by the {unit}"
    return key, unit, float(amount)


def _key(sku: str, region: str, modelled: Mapping[Key, Side]) -> Key:
    """Return the line's key: the only region of the model where a bill names none."""
    key = Key(sku, region)
    if key in modelled or Key(sku, "") in modelled:
        return key if key in modelled else Key(sku, "")
    own = [found for found in modelled if found.sku == sku]
    return own[0] if len(own) == 1 and region in ("", "global", "any") else key


def _add(found: dict[Key, Side], key: Key, side: Side) -> None:
    found[key] = found[key] + side if key in found else side


def _rates(statement: Statement, book: PriceBook) -> dict[str, float]:
    """Return how much of the book's currency each currency of the bill is."""
    found, problems = {}, []
    for currency in sorted({item.meter.currency for item in statement.charges}):
        try:
            found[currency] = float(book.exchange(currency))
        except (MissingPriceError, InputError, KeyError) as error:
            expected = f"a currency that book {book.name!r} has a rate of"
            given = repr(currency) if currency else "no currency"
            hint = str(error) if isinstance(error, MissingPriceError) else ""
            problems.append(Problem("bill", given, expected, hint))
    if problems:
        raise InputError("calibrate", problems)
    return found


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
