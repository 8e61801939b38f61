"""Quantity x price: the itemised bill of an offer, and the cheapest of several."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np

from kafkatco.curve import Curve
from kafkatco.deployments.base import Deployment
from kafkatco.errors import MissingPriceError
from kafkatco.prices.book import PriceBook
from kafkatco.prices.catalogue import Catalogue
from kafkatco.prices.tables import PriceRow
from kafkatco.quantities import Limit, Meter, Offer, Sizing
from kafkatco.workload import Operands

__all__ = ["Bill", "Costs", "Line", "bill", "costs", "priced"]


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
class Costs:
    """A deployment's monthly cost for floats, arrays or a curve, by component.

    ``infeasible`` is a truth of the same shape; where it holds, the numbers mean nothing.
    """

    label: str
    currency: str
    components: dict[str, Any]
    total: Any
    one_off: Any
    infeasible: Any
    reasons: tuple[str, ...]
    open: tuple[str, ...]


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
        return tuple(line.sku for line in self.lines if line.unit_price is None)

    def sources(self) -> tuple[PriceRow, ...]:
        """Return the price rows behind the lines."""
        return tuple(line.row for line in (*self.lines, *self.one_off) if line.row is not None)

    def to_dict(self) -> dict[str, Any]:
        """Return the bill as plain values, as ``kafkatco bill --format json`` prints them."""
        from kafkatco.display import bill_dict

        return bill_dict(self)

    def to_pandas(self) -> Any:
        """Return the lines as a pandas DataFrame."""
        from kafkatco.display import bill_frame

        return bill_frame(self)

    def _repr_html_(self) -> str:
        from kafkatco.display import bill_html

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
    quantity, unit = book.metered(meter.quantity, meter.unit, rows[0].unit, month_hours)
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
class _Priced:
    offer: Offer
    lines: tuple[Line, ...]
    one_off: tuple[Line, ...]
    infeasible: Any

    @property
    def total(self) -> Any:
        return sum((line.cost for line in self.lines if line.cost is not None), 0.0)


def _price_all(
    deployment: Deployment, load: Operands, book: PriceBook, catalogue: Catalogue
) -> tuple[_Priced, ...]:
    """Price every offer; of several, those without a price drop out."""
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
            _Priced(
                offer,
                tuple(line for line in lines if not line.one_off),
                tuple(line for line in lines if line.one_off),
                _any(offer.limits),
            )
        )
    if not found:
        raise missing[0]
    return tuple(found)


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
    found = _price_all(deployment, load, book, catalogue)
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


def costs(deployment: Deployment, load: Operands, book: PriceBook, catalogue: Catalogue) -> Costs:
    """Return a deployment's monthly cost by component, for floats, arrays or a curve.

    Operands broadcast; the result has their common shape, or is a curve where one of them is.
    At each point the cheapest offer that can serve counts.
    """
    found = _price_all(deployment, load, book, catalogue)
    infeasible = found[0].infeasible
    best = np.where(infeasible, np.inf, found[0].total)
    winner: Any = 0.0
    for i, item in enumerate(found[1:], 1):
        total = np.where(item.infeasible, np.inf, item.total)
        winner = np.where(total < best, float(i), winner)
        best = np.minimum(best, total)
        infeasible = np.logical_and(infeasible, item.infeasible)
    parts, one_off = _components(found[0].lines), _once(found[0])
    for i in _values(winner):
        own, here = _components(found[i].lines), winner == i
        parts = {
            name: np.where(here, own.get(name, 0.0), parts.get(name, 0.0))
            for name in {**parts, **own}
        }
        one_off = np.where(here, _once(found[i]), one_off)
    return Costs(
        label=deployment.label,
        currency=book.currency,
        components=parts,
        total=found[0].total if len(found) == 1 else sum(parts.values(), 0.0),
        one_off=one_off,
        infeasible=infeasible,
        reasons=tuple(dict.fromkeys(lim.reason for item in found for lim in item.offer.limits)),
        open=tuple(
            dict.fromkeys(
                line.sku for item in found for line in item.lines if line.unit_price is None
            )
        ),
    )


def _once(item: _Priced) -> Any:
    return sum((line.cost for line in item.one_off if line.cost is not None), 0.0)


def _values(winner: Any) -> list[int]:
    """Return which offers but the first win anywhere."""
    values = (
        np.concatenate([winner.intercept, winner.points])
        if isinstance(winner, Curve)
        else np.unique(winner)
    )
    return [int(i) for i in np.unique(values) if i > 0]


def _components(lines: Sequence[Line]) -> dict[str, Any]:
    parts: dict[str, Any] = {}
    for line in lines:
        if line.cost is not None:
            parts[line.component] = parts.get(line.component, 0.0) + line.cost
    return parts
