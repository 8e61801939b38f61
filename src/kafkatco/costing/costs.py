"""Cost by component for floats, arrays and curves: what projections and crossovers are made of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from kafkatco.costing.candidates import PricedOffer, price_offers
from kafkatco.costing.discounts import credit_terms
from kafkatco.costing.lines import PEOPLE, Line, charges
from kafkatco.deployments.base import Deployment
from kafkatco.prices.book import PriceBook
from kafkatco.prices.catalogue import Catalogue
from kafkatco.sizing.workload import Operands, Workload

__all__ = ["Costs", "costs"]


@dataclass(frozen=True, slots=True)
class Costs:
    """A deployment's monthly cost for floats, arrays or a curve, by component.

    ``infeasible`` is a truth of the same shape; where it holds, the numbers mean nothing.
    ``total`` is that of a month without a credit, which ``credit`` says: its amount [currency] and
    its life [h].  A credit pays ``charges`` only: what the provider charges in a month, discounts
    taken off.  ``lacking`` are skus without a price: where it needs one, it is infeasible.
    """

    label: str
    currency: str
    components: dict[str, Any]
    total: Any
    one_off: Any
    infeasible: Any
    open: tuple[str, ...]
    charges: Any
    credit: tuple[float, float] | None = None
    lacking: tuple[str, ...] = ()


def costs(
    deployment: Deployment,
    load: Workload | Operands,
    book: PriceBook,
    catalogue: Catalogue | None = None,
    *,
    lacking: bool = False,
) -> Costs:
    """Return a deployment's monthly cost by component, for floats, arrays or a curve.

    Operands broadcast; the result has their common shape, or is a curve where one of them is.
    At each point the cheapest offer that can serve counts.  A price that is missing is an error,
    or where it may be ``lacking``, what needs it cannot be served.

    Examples
    --------
    >>> from kafkatco import ConfluentBasic, PriceBook
    >>> load = Workload(ingress="1 TB/month").operands()
    >>> load = load.replace(ingress_mib_s=load.ingress_mib_s * np.array([1.0, 2.0]))
    >>> book = PriceBook("list", as_of="2025-10-31")
    >>> found = costs(ConfluentBasic(region="us-east-1"), load, book)
    >>> found.components["throughput"].round(2)
    array([ 93.13, 186.26])
    """
    load = load.operands() if isinstance(load, Workload) else load
    catalogue = catalogue or book.catalogue()
    found = price_offers(deployment, load, book, catalogue, lacking=lacking)
    infeasible = found[0].infeasible
    best = np.where(infeasible, np.inf, found[0].total)
    winner: Any = 0.0
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
        open=tuple(dict.fromkeys(sku for item in found for sku in item.open)),
        charges=charged,
        credit=(terms.amount, terms.life_h) if terms else None,
        lacking=tuple(dict.fromkeys(sku for item in found for sku in item.lacking)),
    )


def _once(item: PricedOffer) -> Any:
    people = (line for line in item.one_off if line.component in PEOPLE)
    return sum((line.cost for line in people if line.cost is not None), 0.0)


def _components(lines: Sequence[Line]) -> dict[str, Any]:
    parts: dict[str, Any] = {}
    for line in lines:
        if line.cost is not None:
            parts[line.component] = parts.get(line.component, 0.0) + line.cost
    return parts
