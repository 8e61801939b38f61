"""The user's own prices: those that a deployment needs, and those that no deployment bills."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from kafkatco.costing.candidates import Placed, PricedCandidate, placed, price_candidates
from kafkatco.costing.discounts import with_agreements
from kafkatco.deployments.base import Deployment
from kafkatco.errors import MissingPriceError, nearest
from kafkatco.i18n.message import Message, _, join
from kafkatco.prices.book import PriceBook, RecordingBook
from kafkatco.prices.borrowing import BorrowingBook
from kafkatco.prices.catalogue import Catalogue
from kafkatco.prices.rows import PriceRow
from kafkatco.sizing.workload import Operands

__all__ = ["prices_to_set", "unused_overrides"]

#: How much more traffic the prices that a user must set allow for.
MORE: Final = 1000.0


def prices_to_set(
    deployment: Deployment, load: Operands, book: PriceBook, catalogue: Catalogue
) -> Mapping[tuple[str, str], PriceRow]:
    """Return the prices that a user must set before a deployment has a bill, by sku and region.

    Of several candidates it is the one with the fewest prices to set, then the cheapest at those of
    other regions, whose rows these are: they give the unit and currency.  Prices that only more
    traffic needs are included, for growth and crossovers, and those of environments in the same
    region.  Empty if other prices are missing too.
    """
    alone = deployment.model_copy(update={"environments": ()})
    to_set = dict(_to_set(Placed(alone, load, catalogue, ()), book))
    for environment in deployment.environments:
        own = _to_set(placed(deployment, environment, load, book, catalogue), book)
        to_set |= {key: row for key, row in own.items() if key[1] == deployment.region}
    return to_set


def _to_set(site: Placed, book: PriceBook) -> Mapping[tuple[str, str], PriceRow]:
    """Return the prices to set for one environment, with its links."""
    deployment, load, catalogue, links = site
    more = load.replace(ingress_mib_s=load.ingress_mib_s * MORE)
    try:
        meters = [
            *(
                meter
                for traffic in (load, more)
                for one in deployment.choices(traffic, catalogue)
                for meter in one.meters
            ),
            *links,
        ]
        skus = {meter.sku for meter in meters if meter.price is None and not meter.is_zero}
        candidates = price_candidates(deployment, load, BorrowingBook.of(book), catalogue)
        feasible = [one for one in candidates if not one.infeasible] or candidates
        options = [(_borrowed(site, one, skus, book), float(one.total)) for one in feasible]
    except MissingPriceError:
        return {}
    return min(options, key=lambda option: (len(option[0]), option[1]))[0]


def _borrowed(
    site: Placed, candidate: PricedCandidate, skus: set[str], book: PriceBook
) -> Mapping[tuple[str, str], PriceRow]:
    """Return the prices of a candidate's ``skus`` and its agreements that another region has."""
    borrowing = BorrowingBook.of(book)
    for meter in (*candidate.candidate.meters, *site.links):
        if meter.sku in skus:
            borrowing.listed(meter.sku, meter.region)
    hours = site.load.month_hours
    with_agreements(site.deployment, candidate.lines, borrowing, site.catalogue, hours)
    return borrowing.borrowed


def unused_overrides(
    load: Operands, deployments: Sequence[Deployment], book: PriceBook
) -> dict[str, Message]:
    """Return the overrides that no candidate of the deployments bills, each with a note.

    Raises :class:`~kafkatco.MissingPriceError` if a deployment has no bill.
    """
    if not book.overrides:
        return {}
    recording, catalogue = RecordingBook.of(book), book.catalogue()
    billed: set[str] = set()
    for deployment in deployments:
        for one in price_candidates(deployment, load, recording, catalogue):
            meters = one.candidate.meters  # also those of zero
            billed |= {meter.sku for meter in meters if meter.price is None}
    billed |= {sku for sku, _region in recording.looked_up}
    return {sku: _note(sku, billed, book) for sku in book.overrides if sku not in billed}


def _note(sku: str, billed: set[str], book: PriceBook) -> Message:
    """Return a note on an override without effect: the nearest sku, and why a price is zero."""
    clauses = [_("the override of {sku!r} has no effect: no deployment bills it", sku=sku)]
    for region in book.regions_of(sku):
        [row, *_tiers] = book.listed(sku, region)
        if row.price == 0:
            clauses.append(_("list price 0: {note}", note=row.note))
            break
    return join(". ", filter(None, [join("; ", clauses), nearest(sku, billed, limit=0)]))
