"""Quantity x price: the lines of a bill, for every offer that a deployment makes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

import numpy as np

from kafkatco.curve import Curve
from kafkatco.deployments.base import Deployment
from kafkatco.errors import InputError, MissingPriceError
from kafkatco.prices.book import PriceBook
from kafkatco.prices.catalogue import Catalogue
from kafkatco.prices.metering import effective_unit, metered
from kafkatco.prices.tables import PriceRow
from kafkatco.quantities import Limit, Meter, Offer
from kafkatco.workload import Operands

__all__ = ["Line", "PricedOffer", "missing_prices", "price_offers", "priced"]


@dataclass(frozen=True, slots=True)
class Line:
    """One line: quantity x unit price = cost, in the bill's currency, with its source.

    An open line has a quantity and neither price nor cost: its book gives no figure.
    """

    component: str
    sku: str
    quantity: Any
    unit: str
    unit_price: float | None
    cost: Any
    note: str
    row: PriceRow | None
    one_off: bool = False


def priced(meter: Meter, book: PriceBook, month_hours: Any) -> tuple[Line, ...]:
    """Return the lines of a meter: one for each price tier that its quantity reaches.

    A marginal tier prices the band of quantity between its own edge and the next one's.
    """
    if meter.is_zero:
        return ()
    rows = _own_price(meter, book) if meter.price else book.price(meter.sku, meter.region)
    unit = effective_unit(rows[0].unit, book.gigabyte)
    try:
        quantity = metered(meter.quantity, meter.unit, unit, month_hours)
    except InputError as error:
        where = f"{meter.sku} ({rows[0].source})"
        raise InputError(
            f"book {book.name!r}", [replace(p, where=where) for p in error.problems]
        ) from None
    lines = []
    for row, upper in zip(rows, [*(r.tier_from for r in rows[1:]), None], strict=True):
        band = quantity
        if row.tier_kind == "marginal":
            band = np.maximum(quantity - float(row.tier_from), 0.0)
            if upper is not None:
                band = np.minimum(band, float(upper - row.tier_from))
        price = None if row.price is None else float(row.price) * book.exchange(row.currency)
        cost = None if price is None else band * price
        tier = f"from {row.tier_from:,} {unit}" if len(rows) > 1 else ""
        note = "; ".join(part for part in (meter.note, tier) if part)
        lines.append(
            Line(
                meter.component, meter.sku, band, unit, price, cost, note, row, meter.one_off
            )
        )  # fmt: skip
    return tuple(line for line in lines if len(rows) == 1 or np.any(_largest(line.quantity) > 0))


def _largest(quantity: Any) -> Any:
    return np.maximum(*quantity.ends()) if isinstance(quantity, Curve) else quantity


def _own_price(meter: Meter, book: PriceBook) -> tuple[PriceRow]:
    assert meter.price is not None
    amount = Decimal(repr(meter.price.amount))
    return (
        PriceRow(
            meter.sku, meter.region, amount, meter.price.currency, meter.unit, Decimal(0), "flat",
            book.as_of, book.as_of, "given by the user", "user", meter.price.text,
        ),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class PricedOffer:
    """An offer with its lines; ``infeasible`` is the truth that it cannot serve."""

    offer: Offer
    lines: tuple[Line, ...]
    one_off: tuple[Line, ...]
    infeasible: Any

    @property
    def open(self) -> tuple[str, ...]:
        """The skus that cost something and have no price in the book."""
        lines = (*self.lines, *self.one_off)
        return tuple(dict.fromkeys(line.sku for line in lines if line.unit_price is None))

    @property
    def total(self) -> Any:
        """What its lines with a price cost in a month."""
        return sum((line.cost for line in self.lines if line.cost is not None), 0.0)


def price_offers(
    deployment: Deployment, load: Operands, book: PriceBook, catalogue: Catalogue
) -> tuple[PricedOffer, ...]:
    """Return the offers of a deployment, priced; of several, those that lack prices drop out."""
    offers = deployment.offers(load, catalogue)
    found, missing = [], []
    for offer in offers:
        try:
            lines = [
                line for meter in offer.meters for line in priced(meter, book, load.month_hours)
            ]
        except MissingPriceError as error:
            missing.append(error)
            continue
        if offer.discount and any(line.cost is not None for line in lines):
            lines.append(_discount(lines, offer.discount, book.currency))
        found.append(
            PricedOffer(
                offer,
                tuple(line for line in lines if not line.one_off),
                tuple(line for line in lines if line.one_off),
                _any(offer.limits),
            )
        )
    if not found:
        raise missing[0]
    # a total without some price is a floor: it must not win over one that is whole
    fewest = min(len(item.open) for item in found)
    return tuple(item for item in found if len(item.open) == fewest)


def missing_prices(
    deployment: Deployment, load: Operands, book: PriceBook, catalogue: Catalogue
) -> tuple[MissingPriceError, ...]:
    """Return every price and capacity that a deployment's bill would lack; none if it has one."""
    try:
        price_offers(deployment, load, book, catalogue)
    except MissingPriceError as error:
        found = [error]
    else:
        return ()
    meters = list(deployment.people(load))
    try:
        meters += [
            meter for offer in deployment.offers(load, catalogue)[:1] for meter in offer.meters
        ]
    except MissingPriceError as error:
        found = [error]
    for meter in meters:
        try:
            priced(meter, book, load.month_hours)
        except MissingPriceError as error:
            found.append(error)
    unique = {str(error): error for error in found}
    return tuple(unique.values())


def _discount(lines: Sequence[Line], share: float, currency: str) -> Line:
    own = ("labour", "setup", "migration")
    base = sum(
        (line.cost for line in lines if line.component not in own and line.cost is not None), 0.0
    )
    note = f"{share:.1%} off everything but people"
    return Line("discount", "discount", -share * base, currency, 1.0, -share * base, note, None)


def _any(limits: Sequence[Limit]) -> Any:
    exceeded: Any = False
    for limit in limits:
        exceeded = np.logical_or(exceeded, limit.exceeded)
    return exceeded
