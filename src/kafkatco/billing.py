"""Quantity x price: the itemised bill of an offer, and the cheapest of several."""

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
from kafkatco.quantities import Limit, Meter, Offer, Sizing
from kafkatco.workload import Operands

__all__ = ["Bill", "Line", "PricedOffer", "bill", "missing_prices", "price_offers", "priced"]


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


@dataclass(frozen=True, slots=True)
class Bill:
    """One month of one deployment, for one workload.

    ``lines`` recur every month and sum to ``total``; ``one_off`` lines (setting up) fall in one
    month only.  A deployment that cannot serve the workload has reasons, and no total.  With open
    lines the total is a floor.
    """

    name: str
    kind: str
    region: str
    currency: str
    lines: tuple[Line, ...]
    one_off: tuple[Line, ...]
    sizing: Sizing
    infeasible: tuple[str, ...]
    not_modelled: tuple[str, ...]
    prices: dict[str, str]

    @property
    def total(self) -> float | None:
        """The month's total in ``currency``; ``None`` where the deployment cannot serve."""
        return None if self.infeasible else _sum(self.lines)

    @property
    def one_off_total(self) -> float:
        """What is paid once."""
        return _sum(self.one_off)

    @property
    def open(self) -> tuple[str, ...]:
        """The skus that cost something and have no price in this book."""
        return tuple(line.sku for line in (*self.lines, *self.one_off) if line.unit_price is None)

    def sources(self) -> tuple[PriceRow, ...]:
        """Return the price rows behind the lines."""
        return tuple(line.row for line in (*self.lines, *self.one_off) if line.row is not None)

    def to_dict(self) -> dict[str, Any]:
        """Return the bill as plain values, as ``kafkatco bill --format json`` prints them."""
        from kafkatco.display.bills import bill_dict

        return bill_dict(self)

    def to_pandas(self) -> Any:
        """Return the lines as a pandas DataFrame."""
        from kafkatco.display.bills import bill_frame

        return bill_frame(self)

    def _repr_html_(self) -> str:
        from kafkatco.display.bills import bill_html

        return bill_html(self)


def _sum(lines: Sequence[Line]) -> float:
    return float(sum(line.cost for line in lines if line.cost is not None))


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
        if offer.discount:
            lines.append(_discount(lines, offer.discount))
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


def _discount(lines: Sequence[Line], share: float) -> Line:
    own = ("labour", "setup", "migration")
    base = sum(
        (line.cost for line in lines if line.component not in own and line.cost is not None), 0.0
    )
    note = f"{share:.1%} off everything but people"
    return Line("discount", "discount", -share * base, "money", 1.0, -share * base, note, None)


def _any(limits: Sequence[Limit]) -> Any:
    exceeded: Any = False
    for limit in limits:
        exceeded = np.logical_or(exceeded, limit.exceeded)
    return exceeded


def bill(deployment: Deployment, load: Operands, book: PriceBook, catalogue: Catalogue) -> Bill:
    """Return the itemised bill of a deployment for one workload (scalar operands).

    Of several offers the cheapest that can serve is taken, and the sizing says of how many.

    Raises
    ------
    MissingPriceError
        For a sku, region or instance that the book or the catalogue does not have.
    """
    found = price_offers(deployment, load, book, catalogue)
    able = [item for item in found if not item.infeasible]
    best = min(able or found, key=lambda item: float(item.total))
    reasons = () if able else tuple(lim.reason for lim in best.offer.limits if lim.exceeded)
    sizing = best.offer.sizing
    if len(found) > 1:
        why = f"least total of {len(able)} of {len(found)} that can serve"
        sizing = Sizing(
            sizing.unit, sizing.count, sizing.asks, {**sizing.details, "chosen": why}
        )  # fmt: skip
    return Bill(
        name=deployment.label,
        kind=str(getattr(deployment, "kind", "")),
        region=deployment.region,
        currency=book.currency,
        lines=() if reasons else best.lines,
        one_off=() if reasons else best.one_off,
        sizing=sizing,
        infeasible=reasons,
        not_modelled=deployment.not_modelled(),
        prices=book.describe(),
    )
