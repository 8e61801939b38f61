"""Cost by component for floats, arrays and curves: what projections and crossovers are made of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from kafkatco.costing.candidates import PricedCandidate, price_candidates
from kafkatco.costing.comparison import Comparison
from kafkatco.costing.discounts import credit_terms
from kafkatco.costing.lines import PEOPLE, Line, charges
from kafkatco.deployments.base import Deployment
from kafkatco.numerics.typing import Condition, Operand
from kafkatco.prices.book import PriceBook
from kafkatco.prices.catalogue import Catalogue
from kafkatco.sizing.workload import Operands, Workload

__all__ = ["Costs", "costs", "costs_of"]


@dataclass(frozen=True, slots=True)
class Costs:
    """A deployment's monthly cost for floats, arrays or a curve, by component.

    ``infeasible`` is a truth of the same shape; where it holds, the numbers mean nothing.
    ``total`` is that of a month without a credit, which ``credit`` says: its amount [currency] and
    its life [h].  A credit pays ``charges`` only: what the provider charges in a month, discounts
    taken off.  ``unpriced_skus`` have no figure: the
    cost is a floor.  ``blocking_skus`` have no price: where one is needed, it is infeasible.
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
        The demand, the deployments that may serve it, and the prices.  The demand may be operands,
        some of which are arrays that broadcast, or one of which is a curve; results have their
        common shape.
    month_hours
        Hours of a billing month, 730 by default, or ``"calendar"``; operands have their own.  [h]

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
    >>> [found] = costs(load, [ConfluentBasic(region="us-east-1")], book)
    >>> found.components["throughput"].round(2)
    array([ 93.13, 186.26])
    """
    comparison = Comparison.of("costs", workload, deployments, book, month_hours, operands=True)
    catalogue = book.catalogue()
    return tuple(
        costs_of(item, comparison.load, book, catalogue) for item in comparison.deployments
    )


def costs_of(
    deployment: Deployment,
    load: Workload | Operands,
    book: PriceBook,
    catalogue: Catalogue | None = None,
    *,
    allow_unpriced: bool = False,
) -> Costs:
    """Return one deployment's monthly cost by component, for floats, arrays or a curve.

    At each point the cheapest offer that can serve counts.  A missing price is an error, or
    with ``allow_unpriced`` makes what needs it infeasible.
    """
    load = load.operands() if isinstance(load, Workload) else load
    catalogue = catalogue or book.catalogue()
    found = price_candidates(deployment, load, book, catalogue, allow_unpriced=allow_unpriced)
    infeasible = found[0].infeasible
    best = np.where(infeasible, np.inf, found[0].total)
    winner: Operand = 0.0
    for i, item in enumerate(found[1:], 1):
        total = np.where(item.infeasible, np.inf, item.total)
        winner = np.where(total < best, float(i), winner)
        best = np.minimum(best, total)
        infeasible = np.logical_and(infeasible, item.infeasible)
    terms = credit_terms(deployment, book, catalogue, load.month_hours)
    parts = _components(found[0].lines)
    charged = charges(found[0].lines, deployment.provider)
    for i, item in enumerate(found[1:], 1):
        here = winner == i
        if not np.any(here):
            continue
        own = _components(item.lines)
        parts = {
            name: np.where(here, own.get(name, 0.0), parts.get(name, 0.0))
            for name in {**parts, **own}
        }
        charged = np.where(here, charges(item.lines, deployment.provider), charged)
    return Costs(
        label=deployment.label,
        currency=book.currency,
        components=parts,
        total=found[0].total if len(found) == 1 else best,
        one_off=_once(found[0]),  # people alone: the same for every offer
        infeasible=infeasible,
        unpriced_skus=tuple(dict.fromkeys(sku for item in found for sku in item.unpriced_skus)),
        charges=charged,
        credit=(terms.amount, terms.life_h) if terms else None,
        blocking_skus=tuple(dict.fromkeys(sku for item in found for sku in item.blocking_skus)),
    )


def _once(item: PricedCandidate) -> Operand:
    people = (line for line in item.one_off if line.component in PEOPLE)
    return sum((line.cost for line in people if line.cost is not None), 0.0)


def _components(lines: Sequence[Line]) -> dict[str, Operand]:
    parts: dict[str, Operand] = {}
    for line in lines:
        if line.cost is not None:
            parts[line.component] = parts.get(line.component, 0.0) + line.cost
    return parts
