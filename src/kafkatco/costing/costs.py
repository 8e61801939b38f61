"""Costs by component for floats, arrays and curves: the basis of projections and crossovers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from kafkatco.costing.candidates import PricedCandidate, price_candidates, price_undominated
from kafkatco.costing.cheapest import cheapest, known_cost, none_fits
from kafkatco.costing.comparison import Comparison, operands_of
from kafkatco.costing.discounts import credit_terms
from kafkatco.costing.lines import PEOPLE, Line, charges
from kafkatco.costing.tax import taxed
from kafkatco.deployments.base import Deployment
from kafkatco.numerics.typing import Condition, Operand
from kafkatco.prices.book import PriceBook
from kafkatco.prices.catalogue import Catalogue
from kafkatco.sizing.workload import Operands, Workload

__all__ = ["Costs", "costs", "costs_of", "known_cost"]


@dataclass(frozen=True, slots=True)
class Costs:
    """The monthly cost of a deployment by component, for floats, arrays or a curve.

    ``infeasible`` has the same shape; where it is true, the numbers are meaningless.  ``total`` is
    the cost of a month without the ``credit``, which has an amount [currency] and a life [h].  A
    credit pays ``charges`` only: the provider's monthly charges after discounts, both with the tax
    that is not recovered.  Where one of the
    ``blocking_skus`` is needed, which have no price, the deployment is infeasible.

    ``floor`` is true where the cost is a floor: where one of the ``unpriced_skus`` is used, or a
    limit is unknown for a dimension of the workload, for the reasons ``unchecked``.
    """

    label: str
    currency: str
    components: dict[str, Operand]
    total: Operand
    one_off: Operand
    infeasible: Condition
    unpriced_skus: tuple[str, ...]
    charges: Operand
    credit: tuple[float, float] | None = None
    blocking_skus: tuple[str, ...] = ()
    floor: Condition = False
    unchecked: tuple[str, ...] = ()

    @property
    def known(self) -> Operand:
        """The cost that may be the cheapest: see :func:`known_cost`."""
        return known_cost(self.total, self.infeasible, self.floor)

    @property
    def known_without_people(self) -> Operand:
        """The same without people."""
        parts = (cost for name, cost in self.components.items() if name not in PEOPLE)
        return known_cost(sum(parts, 0.0), self.infeasible, self.floor)


def costs(
    workload: Workload | Operands,
    deployments: Sequence[Deployment],
    book: PriceBook,
    *,
    month_hours: float | str = 730,
) -> tuple[Costs, ...]:
    """Return each deployment's monthly cost by component, for floats, arrays or a curve.

    Parameters
    ----------
    workload, deployments, book
        The demand, the deployments, and the prices.  The demand may be operands, with arrays that
        broadcast, or with one curve; results have their common shape.
    month_hours
        Hours of a billing month, 730 by default, or ``"calendar"``; operands have their own value.
        [h]

    Raises
    ------
    InputError, MissingPriceError
        As :func:`kafkatco.bill`.

    Examples
    --------
    >>> from kafkatco import ConfluentBasic, PriceBook
    >>> load = Workload(ingress="1 TB/month").operands()
    >>> load = load.replace(ingress_mib_s=load.ingress_mib_s * np.array([1.0, 2.0]))
    >>> book = PriceBook("list", as_of="2025-10-31")
    >>> [basic] = costs(load, [ConfluentBasic(region="us-east-1")], book)
    >>> basic.components["throughput"].round(2)
    array([ 93.13, 186.26])
    """
    comparison = Comparison.of("costs", workload, deployments, book, month_hours, operands=True)
    catalogue = book.catalogue()
    return tuple(
        costs_of(deployment, comparison.load, book, catalogue)
        for deployment in comparison.deployments
    )


def costs_of(
    deployment: Deployment,
    load: Workload | Operands,
    book: PriceBook,
    catalogue: Catalogue | None = None,
    *,
    allow_unpriced: bool = False,
) -> Costs:
    """Return the monthly cost of one deployment by component, for floats, arrays or a curve.

    The cost at each point is that of the cheapest feasible candidate, among floors only if all are.
    A missing price is an error; with ``allow_unpriced``, candidates are infeasible where they need
    it.
    """
    load = operands_of(load, book) if isinstance(load, Workload) else load
    catalogue = catalogue or book.catalogue()

    def price(one: Deployment) -> tuple[PricedCandidate, ...]:
        return price_candidates(one, load, book, catalogue, allow_unpriced=allow_unpriced)

    candidates = price_undominated(deployment, load, book, catalogue, price)
    first, *others = candidates
    infeasible = none_fits(candidates)
    best, winner, floor = cheapest(candidates, infeasible)
    terms = credit_terms(deployment, book, catalogue, load.month_hours)
    with_tax = taxed(book)
    components = _components(first.lines)
    charged = charges(first.lines, deployment.provider)
    for i, candidate in enumerate(others, 1):
        wins = winner == i
        if not np.any(wins):
            continue
        own = _components(candidate.lines)
        components = {
            name: np.where(wins, own.get(name, 0.0), components.get(name, 0.0))
            for name in {**components, **own}
        }
        charged = np.where(wins, charges(candidate.lines, deployment.provider), charged)
    return Costs(
        label=deployment.label,
        currency=book.currency,
        components=components,
        total=best if others else first.total,
        one_off=_one_off(first),  # people only: the same for every candidate
        infeasible=infeasible,
        unpriced_skus=tuple(dict.fromkeys(sku for one in candidates for sku in one.unpriced_skus)),
        charges=with_tax * charged,
        credit=(with_tax * terms.amount, terms.life_h) if terms else None,
        blocking_skus=tuple(dict.fromkeys(sku for one in candidates for sku in one.blocking_skus)),
        floor=floor,
        unchecked=_unchecked(candidates, winner, infeasible),
    )


def _unchecked(
    candidates: Sequence[PricedCandidate], winner: Operand, infeasible: Condition
) -> tuple[str, ...]:
    """Return the reasons why the cost of the cheapest candidate is a floor somewhere."""
    reasons: dict[str, None] = {}
    for i, candidate in enumerate(candidates):
        for limit in candidate.candidate.unchecked:
            wins = np.logical_and(winner == i, np.logical_not(infeasible))
            if np.any(np.logical_and(wins, limit.exceeded)):
                reasons[limit.reason] = None
    return tuple(reasons)


def _one_off(candidate: PricedCandidate) -> Operand:
    people = (line for line in candidate.one_off if line.component in PEOPLE)
    return sum((line.cost for line in people if line.cost is not None), 0.0)


def _components(lines: Sequence[Line]) -> dict[str, Operand]:
    components: dict[str, Operand] = {}
    for line in lines:
        if line.cost is not None:
            components[line.component] = components.get(line.component, 0.0) + line.cost
    return components
