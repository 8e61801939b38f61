"""The candidate configurations of a deployment, priced: their lines, discounts and limits."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from kafkatco.costing.discounts import with_agreements
from kafkatco.costing.dominance import undominated
from kafkatco.costing.environments import PricedEnvironment, priced_environment
from kafkatco.costing.lines import Line, priced
from kafkatco.costing.tax import tax_lines
from kafkatco.deployments.base import Deployment
from kafkatco.deployments.environments import Environment
from kafkatco.errors import MissingPriceError
from kafkatco.i18n.message import _, ngettext
from kafkatco.numerics.typing import Condition, Operand
from kafkatco.prices.assumptions import Assumptions
from kafkatco.prices.book import PriceBook
from kafkatco.prices.catalogue import Catalogue
from kafkatco.sizing.quantities import Candidate, Limit, Meter, Sizing, any_exceeded
from kafkatco.sizing.workload import Operands

__all__ = [
    "Placed",
    "PricedCandidate",
    "cheapest_candidate",
    "missing_prices",
    "placed",
    "price_candidates",
    "price_undominated",
]


@dataclass(frozen=True, slots=True)
class PricedCandidate:
    """A candidate configuration with its lines; ``infeasible`` where a limit is exceeded."""

    candidate: Candidate
    lines: tuple[Line, ...]
    one_off: tuple[Line, ...]
    infeasible: Condition
    dropped_candidates: int = 0  #: number of other candidates of the deployment without a price
    blocking_skus: tuple[str, ...] = ()  #: without a price; infeasible where one is needed
    environments: tuple[PricedEnvironment, ...] = ()  #: whose lines and limits are among its own

    @property
    def unpriced_skus(self) -> tuple[str, ...]:
        """The skus with a quantity and without a price in the book."""
        lines = (*self.lines, *self.one_off)
        return tuple(dict.fromkeys(line.sku for line in lines if line.unit_price is None))

    @property
    def floor(self) -> Condition:
        """Whether the total is a floor: where an unpriced sku is used, or a limit is unknown."""
        floor = any_exceeded(self.candidate.unchecked)
        for line in (*self.lines, *self.one_off):
            if line.unit_price is None:
                floor = np.logical_or(floor, line.quantity > 0.0)
        return floor

    @property
    def total(self) -> Operand:
        """The monthly cost of the lines with a price."""
        return sum((line.cost for line in self.lines if line.cost is not None), 0.0)


def cheapest_candidate(candidates: Sequence[PricedCandidate]) -> PricedCandidate:
    """Return the cheapest candidate for a single workload.

    A feasible one comes before any other, and a floor wins only if all feasible ones are floors.
    If none is feasible, it is one of those that exceed the fewest limits.
    """

    def order(one: PricedCandidate) -> tuple[int, bool, float]:
        exceeded = sum(bool(limit.exceeded) for limit in one.candidate.limits)
        return exceeded, bool(one.floor), float(one.total)

    return min(candidates, key=order)


def price_candidates(
    deployment: Deployment,
    load: Operands,
    book: PriceBook,
    catalogue: Catalogue,
    *,
    allow_unpriced: bool = False,
) -> tuple[PricedCandidate, ...]:
    """Return the candidates of a deployment, priced, each with all environments.

    Candidates with a missing price are dropped, and the others have their number; with
    ``allow_unpriced`` they stay, and are infeasible where the price is needed.
    """
    environments = tuple(
        _environment(deployment, one, load, book, catalogue, allow_unpriced)
        for one in deployment.environments
    )
    candidates = deployment.choices(load, catalogue)
    return _priced(deployment, candidates, environments, load, book, catalogue, allow_unpriced)


class Placed(NamedTuple):
    """An environment's deployment, its workload, the capacities for it, and links to production."""

    deployment: Deployment
    load: Operands
    catalogue: Catalogue
    links: tuple[Meter, ...]

    def choices(self, deployment: Deployment) -> tuple[Candidate, ...]:
        """Return the candidates of its deployment, or of one with fewer types, with the links."""
        candidates = deployment.choices(self.load, self.catalogue)
        return tuple(replace(one, meters=(*one.meters, *self.links)) for one in candidates)


def placed(
    deployment: Deployment,
    environment: Environment,
    load: Operands,
    book: PriceBook,
    catalogue: Catalogue,
) -> Placed:
    """Return an environment of a deployment with a workload ``load``."""
    own, demand, limits = deployment.in_environment(environment), environment.load(load), catalogue
    if environment.assumptions is not None:
        values = catalogue.assumptions.values
        limits = book.catalogue(Assumptions(environment.assumptions, values))
    back = "" if environment.region is None else deployment.region
    links = (
        *deployment.link(load, catalogue, environment.copied, environment.region or ""),
        *own.link(demand, limits, environment.returned, back),
    )
    if own.copies_are_reads and environment.returned:
        demand = demand.replace(fanout=demand.fanout + environment.returned)
    return Placed(own, demand, limits, links)


def _environment(
    deployment: Deployment,
    environment: Environment,
    load: Operands,
    book: PriceBook,
    catalogue: Catalogue,
    allow_unpriced: bool,
) -> PricedEnvironment:
    """Return an environment of a deployment, priced, with its links to production."""
    site = placed(deployment, environment, load, book, catalogue)
    own, demand, limits = site.deployment, site.load, site.catalogue

    def price(one: Deployment) -> tuple[PricedCandidate, ...]:
        return _priced(one, site.choices(one), (), demand, book, limits, allow_unpriced)

    known = deployment.without_effect(load)  # which the bill says of production
    notes = [
        *environment.notes(deployment.region),
        *(note for note in own.without_effect(demand) if note not in known),
    ]
    if ignored := [name for name in environment.options if name not in type(own).model_fields]:
        notes.append(_("{names}: not of this kind, no effect", names=", ".join(ignored)))
    candidates = price_undominated(own, demand, book, limits, price)
    return priced_environment(environment, own.region, candidates, notes)


def price_undominated(
    deployment: Deployment,
    load: Operands,
    book: PriceBook,
    catalogue: Catalogue,
    price: Callable[[Deployment], tuple[PricedCandidate, ...]],
) -> tuple[PricedCandidate, ...]:
    """Return the candidates of a deployment that may be the cheapest, as ``price`` has them."""
    fewer = undominated(deployment, load, book, catalogue)
    try:
        return price(fewer)
    except MissingPriceError:
        if fewer is deployment:
            raise
    return price(deployment)  # the error has the number of all candidates


def _priced(
    deployment: Deployment,
    candidates: Sequence[Candidate],
    environments: tuple[PricedEnvironment, ...],
    load: Operands,
    book: PriceBook,
    catalogue: Catalogue,
    allow_unpriced: bool,
) -> tuple[PricedCandidate, ...]:
    """Return candidates of a deployment, priced; see :func:`price_candidates`."""
    besides = [line for one in environments for line in one.lines]
    blocked = tuple(sku for one in environments for sku in one.blocking_skus)
    priced_candidates, missing = [], []
    shared: dict[int, tuple[Line, ...]] = {}  # services next to a cluster are in every candidate
    for candidate in candidates:
        blocking: tuple[str, ...] = ()
        if allow_unpriced:
            candidate, blocking = _without_unpriced(candidate, book, load.month_hours)
        try:
            own = _lines(candidate, book, load.month_hours, shared)
            lines = with_agreements(deployment, [*own, *besides], book, catalogue, load.month_hours)
            lines = (*lines, *tax_lines(lines, book))
        except MissingPriceError as error:
            missing.append(error)
            continue
        candidate = _limited(candidate, environments)
        priced_candidates.append(
            PricedCandidate(
                candidate,
                tuple(line for line in lines if not line.one_off),
                tuple(line for line in lines if line.one_off),
                any_exceeded(candidate.limits),
                blocking_skus=(*blocking, *blocked),
                environments=environments,
            )
        )
    if not priced_candidates:
        first, others = missing[0], len(missing) - 1
        what = first.what
        if others:
            what = ngettext(
                "{what}, nor of {n} other candidate",
                "{what}, nor of any of {n} other candidates",
                others,
                what=what,
            )
        raise MissingPriceError(what, first.where, first.hint, sku=first.sku)
    # with an unpriced sku the total is a floor, which must not win over a complete total
    fewest = min(len(candidate.unpriced_skus) for candidate in priced_candidates)
    kept = [one for one in priced_candidates if len(one.unpriced_skus) == fewest]
    return tuple(replace(one, dropped_candidates=len(candidates) - len(kept)) for one in kept)


def _limited(candidate: Candidate, environments: Sequence[PricedEnvironment]) -> Candidate:
    """Return a candidate with the limits of its environments."""
    return replace(
        candidate,
        limits=(*candidate.limits, *(limit for one in environments for limit in one.limits)),
        unchecked=(*candidate.unchecked, *(x for one in environments for x in one.unchecked)),
    )


def _without_unpriced(
    candidate: Candidate, book: PriceBook, month_hours: Operand
) -> tuple[Candidate, tuple[str, ...]]:
    """Return a candidate with limits in place of its unpriced meters, and their skus."""
    kept: list[Meter] = []
    skus: list[str] = []
    limits = [*candidate.limits]
    for meter in candidate.meters:
        try:
            priced(meter, book, month_hours)
        except MissingPriceError as error:
            skus.append(error.sku)
            limits.append(Limit(meter.quantity > 0.0, _("no price of {sku}", sku=error.sku)))
        else:
            kept.append(meter)
    limited = replace(candidate, meters=tuple(kept), limits=tuple(limits))
    return limited, tuple(dict.fromkeys(skus))


def _lines(
    candidate: Candidate, book: PriceBook, month_hours: Operand, shared: dict[int, tuple[Line, ...]]
) -> list[Line]:
    """Return the lines of a candidate; ``shared`` has those of other candidates, by meter.

    Raises :class:`~kafkatco.MissingPriceError` for the first missing price, which names the others.
    """
    missing: dict[str, MissingPriceError] = {}
    for meter in candidate.meters:
        try:
            if id(meter) not in shared:
                shared[id(meter)] = priced(meter, book, month_hours)
        except MissingPriceError as error:
            missing.setdefault(error.sku, error)
    if len(missing) > 1:
        first, *others = missing.values()
        skus = ", ".join(repr(error.sku) for error in others)
        what = _("{what}, nor of {skus}", what=first.what, skus=skus)
        raise MissingPriceError(what, first.where, first.hint, sku=first.sku)
    if missing:
        raise next(iter(missing.values()))
    return [line for meter in candidate.meters for line in shared[id(meter)]]


def missing_prices(
    deployment: Deployment, load: Operands, book: PriceBook, catalogue: Catalogue
) -> tuple[MissingPriceError, ...]:
    """Return every missing price and capacity of a deployment; none if it has a bill."""
    try:
        price_candidates(deployment, load, book, catalogue)
    except MissingPriceError as error:
        errors = [error]
    else:
        return ()
    meters: list[Meter] = []
    if deployment.labour is not None:
        meters += deployment.people(load, catalogue, Sizing("clusters", 1.0))
    try:
        for candidate in deployment.choices(load, catalogue)[:1]:
            meters += candidate.meters
        for environment in deployment.environments:
            site = placed(deployment, environment, load, book, catalogue)
            for candidate in site.choices(site.deployment)[:1]:
                meters += candidate.meters
    except MissingPriceError as error:
        errors.append(error)
    for meter in meters:
        try:
            priced(meter, book, load.month_hours)
        except MissingPriceError as error:
            errors.append(error)
    if errors[0].sku in {error.sku for error in errors[1:]}:
        del errors[0]  # it names the others, which have errors of their own
    unique: dict[str, MissingPriceError] = {}
    for missing in errors:
        unique.setdefault(missing.sku or str(missing), missing)
    return tuple(unique.values())
