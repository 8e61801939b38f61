"""The offers of a deployment, priced: their lines, and what is taken off them."""

from __future__ import annotations

from dataclasses import dataclass, replace

from kafkatco.costing.discounts import reductions
from kafkatco.costing.lines import Line, priced
from kafkatco.deployments.base import Deployment
from kafkatco.errors import MissingPriceError
from kafkatco.numerics.typing import Condition, Operand
from kafkatco.prices.book import PriceBook
from kafkatco.prices.catalogue import Catalogue
from kafkatco.sizing.quantities import Limit, Meter, Offer, Sizing, any_exceeded
from kafkatco.sizing.workload import Operands

__all__ = ["PricedCandidate", "missing_prices", "price_candidates"]


@dataclass(frozen=True, slots=True)
class PricedCandidate:
    """An offer with its lines; ``infeasible`` is the truth that it cannot serve."""

    offer: Offer
    lines: tuple[Line, ...]
    one_off: tuple[Line, ...]
    infeasible: Condition
    dropped_candidates: int = 0  #: how many others of the deployment lack a price
    blocking_skus: tuple[str, ...] = ()  #: without a price: where one is needed, it is infeasible

    @property
    def unpriced_skus(self) -> tuple[str, ...]:
        """The skus that cost something and have no price in the book."""
        lines = (*self.lines, *self.one_off)
        return tuple(dict.fromkeys(line.sku for line in lines if line.unit_price is None))

    @property
    def total(self) -> Operand:
        """What its lines with a price cost in a month."""
        return sum((line.cost for line in self.lines if line.cost is not None), 0.0)


def price_candidates(
    deployment: Deployment,
    load: Operands,
    book: PriceBook,
    catalogue: Catalogue,
    *,
    allow_unpriced: bool = False,
) -> tuple[PricedCandidate, ...]:
    """Return the offers of a deployment, priced.

    Of several, those with a missing price are dropped, and the others hold how many were; with
    ``allow_unpriced`` they stay, and are infeasible where the price is needed.
    """
    offers = deployment.choices(load, catalogue)
    found, missing = [], []
    done: dict[int, tuple[Line, ...]] = {}  # what stands beside a cluster is in every offer
    for offer in offers:
        without: tuple[str, ...] = ()
        if allow_unpriced:
            offer, without = _without(offer, book, load.month_hours)
        try:
            lines = _priced_all(offer, book, load.month_hours, done)
            lines += reductions(deployment, lines, book, catalogue, load.month_hours)
        except MissingPriceError as error:
            missing.append(error)
            continue
        found.append(
            PricedCandidate(
                offer,
                tuple(line for line in lines if not line.one_off),
                tuple(line for line in lines if line.one_off),
                any_exceeded(offer.limits),
                blocking_skus=without,
            )
        )
    if not found:
        first, others = missing[0], len(missing) - 1
        what = first.what + (f", nor any of {others} other choices" if others else "")
        raise MissingPriceError(what, first.where, first.hint, sku=first.sku)
    # a total without some price is a floor: it must not win over one that is whole
    fewest = min(len(item.unpriced_skus) for item in found)
    whole = [item for item in found if len(item.unpriced_skus) == fewest]
    return tuple(replace(item, dropped_candidates=len(offers) - len(whole)) for item in whole)


def _without(offer: Offer, book: PriceBook, month_hours: Operand) -> tuple[Offer, tuple[str, ...]]:
    """Return an offer that is limited to what has a price, and the skus that have none."""
    kept: list[Meter] = []
    skus: list[str] = []
    limits = [*offer.limits]
    for meter in offer.meters:
        try:
            priced(meter, book, month_hours)
        except MissingPriceError as error:
            skus.append(error.sku)
            limits.append(Limit(meter.quantity > 0.0, f"no price of {error.sku}"))
        else:
            kept.append(meter)
    found = replace(offer, meters=tuple(kept), limits=tuple(limits))
    return found, tuple(dict.fromkeys(skus))


def _priced_all(
    offer: Offer, book: PriceBook, month_hours: Operand, done: dict[int, tuple[Line, ...]]
) -> list[Line]:
    """Return the lines of an offer; ``done`` has those that other offers share, by meter.

    Raises :class:`~kafkatco.MissingPriceError` for the first price that is missing, which names
    the others.
    """
    missing: dict[str, MissingPriceError] = {}
    for meter in offer.meters:
        try:
            if id(meter) not in done:
                done[id(meter)] = priced(meter, book, month_hours)
        except MissingPriceError as error:
            missing.setdefault(error.sku, error)
    if len(missing) > 1:
        first, *others = missing.values()
        what = f"{first.what}, nor of {', '.join(repr(error.sku) for error in others)}"
        raise MissingPriceError(what, first.where, first.hint, sku=first.sku)
    if missing:
        raise next(iter(missing.values()))
    return [line for meter in offer.meters for line in done[id(meter)]]


def missing_prices(
    deployment: Deployment, load: Operands, book: PriceBook, catalogue: Catalogue
) -> tuple[MissingPriceError, ...]:
    """Return every price and capacity that a deployment's bill would lack; none if it has one."""
    try:
        price_candidates(deployment, load, book, catalogue)
    except MissingPriceError as error:
        found = [error]
    else:
        return ()
    meters: list[Meter] = []
    if deployment.labour is not None:
        meters += deployment.people(load, catalogue, Sizing("clusters", 1.0))
    try:
        meters += [
            meter for offer in deployment.choices(load, catalogue)[:1] for meter in offer.meters
        ]
    except MissingPriceError as error:
        found.append(error)
    for meter in meters:
        try:
            priced(meter, book, load.month_hours)
        except MissingPriceError as error:
            found.append(error)
    unique: dict[str, MissingPriceError] = {}
    if found[0].sku in {error.sku for error in found[1:]}:
        del found[0]  # it names the others, which are told one by one
    for missing in found:
        unique.setdefault(missing.sku or str(missing), missing)
    return tuple(unique.values())
