"""The data of a deployment on a page: its candidates and the agreements with its provider."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from kafkatco.core.money import parse_money
from kafkatco.costing.candidates import PricedCandidate, price_candidates
from kafkatco.costing.discounts import credit_terms
from kafkatco.costing.lines import PEOPLE, Line, priced
from kafkatco.deployments import Deployment
from kafkatco.deployments.agreements import Credit
from kafkatco.errors import MissingPriceError
from kafkatco.numerics.curve import Curve
from kafkatco.output.page.store import Store
from kafkatco.prices import Catalogue, PriceBook
from kafkatco.prices.rows import PriceRow
from kafkatco.sizing.labour import Labour
from kafkatco.sizing.quantities import Limit, Sizing
from kafkatco.sizing.workload import Operands

__all__ = ["agreements", "candidate_data", "price_record"]

#: Without discount, support and credit, which the page computes from its settings.
BARE: Mapping[str, Any] = {"discount": 0.0, "support": "none", "credit": None}


def candidate_data(
    deployment: Deployment, load: Operands, book: PriceBook, catalogue: Catalogue, store: Store
) -> list[dict[str, Any]]:
    """Return the candidates of a deployment, before discount, support and credit.

    One operand of ``load`` is a curve.  Each line has its quantity and its unit price in its own
    currency, so that a page can set salary, people, exchange rate and discount.
    """
    bare = deployment.model_copy(update=dict(BARE))
    return [
        {
            "unit": candidate.candidate.sizing.unit,
            "count": store.quantity(candidate.candidate.sizing.count),
            "limits": _limits(candidate.candidate.limits, store),
            "unchecked": _limits(candidate.candidate.unchecked, store),
            "lines": [
                {
                    "is": store.line(_line(line, price, deployment.provider, store)),
                    "quantity": store.quantity(line.quantity),
                }
                for line, price in _with_prices(candidate, book)
            ],
        }
        for candidate in price_candidates(bare, load, book.untaxed(), catalogue)
    ]


def _limits(limits: Sequence[Limit], store: Store) -> list[dict[str, Any]]:
    """Return the limits that are exceeded somewhere, with their reasons."""
    return [
        {"reason": limit.reason, "exceeded": store.quantity(limit.exceeded)}
        for limit in limits
        if _somewhere(limit.exceeded)
    ]


def _somewhere(condition: Any) -> bool:
    """Return whether a condition holds anywhere."""
    if isinstance(condition, Curve):
        return bool(condition.points.any() or condition.intercept.any())
    return bool(condition)


def _with_prices(
    candidate: PricedCandidate, book: PriceBook
) -> Iterator[tuple[Line, dict[str, float] | None]]:
    """Yield each line with its unit price by currency, or ``None`` if it has no price.

    The unit price of a commitment's line is what a node costs less than its list price; of two
    currencies, its rate in one less the price in the other.
    """
    lines = (*candidate.lines, *candidate.one_off)
    nodes = {(line.environment, line.sku): line for line in lines if line.use == "compute"}
    for line in lines:
        if line.unit_price is None:
            yield line, None
        elif "@" not in line.sku:
            yield line, _figure(line.row)
        else:
            node = _figure(nodes[line.environment, line.sku.partition("@")[0]].row)
            rate = node if line.row is None else _figure(line.row)
            moneys = {**rate, **node}
            if len(moneys) > 1:
                yield line, {m: rate.get(m, 0.0) - node.get(m, 0.0) for m in moneys}
            else:
                [money] = moneys
                yield line, {money: float(line.unit_price) / float(book.exchange(money))}


def _figure(row: PriceRow | None) -> dict[str, float]:
    assert row is not None
    assert row.price is not None
    return {row.currency: float(row.price)}


def _line(
    line: Line, price: dict[str, float] | None, provider: str, store: Store
) -> dict[str, Any]:
    """Return a line without its quantity; ``price`` is that of one unit, by currency."""
    return {
        "component": line.component,
        "sku": line.sku,
        "unit": line.unit,
        "note": line.note,
        "once": line.one_off,
        "charged": line.sku.startswith(f"{provider}."),
        "people": line.component in PEOPLE,
        "each": price,
        "price": None if line.row is None else store.price(price_record(line.row)),
    }


def price_record(row: PriceRow) -> dict[str, Any]:
    """Return a price as its table has it, with its source and dates."""
    return {
        "price": None if row.price is None else str(row.price),
        "currency": row.currency,
        "unit": row.unit,
        "source": row.source,
        "from": row.valid_from.isoformat(),
        "read": row.retrieved_on.isoformat(),
        "confidence": row.confidence,
        "note": row.note,
        "where": row.where,
    }


def agreements(
    deployment: Deployment, book: PriceBook, catalogue: Catalogue, month_hours: float, store: Store
) -> dict[str, Any]:
    """Return the agreements with a provider: discount, support plan and credit."""
    support, credit = None, None
    if deployment.support != "none":
        sku = deployment.support_skus + deployment.support
        [least] = book.price(f"{sku}.minimum", deployment.region)
        support = {
            "sku": sku,
            "bands": [
                {"from": float(row.tier_from), **_priced(row, store)}
                for row in book.price(sku, deployment.region)
            ],
            "minimum": {"sku": least.sku, **_priced(least, store)},
        }
    terms = credit_terms(deployment, book, catalogue, month_hours)
    if terms is not None:
        own = deployment.credit.amount if isinstance(deployment.credit, Credit) else None
        money = parse_money(own) if own is not None else None
        credit = {
            "sku": terms.sku,
            "each": _figure(terms.row) if money is None else {money.currency: money.amount},
            "life_h": float(terms.life_h) if np.isfinite(terms.life_h) else None,
            "price": None if terms.row is None else store.price(price_record(terms.row)),
        }
    labour = deployment.labour
    return {
        "discount": float(deployment.discount),
        "provider": deployment.provider,
        "support": support,
        "credit": credit,
        "staffed": labour is not None,
        "people": None if labour is None else _people(labour, deployment, book, catalogue, store),
        # unless the user gives a number of people, set-up is that of the staffing model
        "setup_of_model": labour is not None and labour.fte is None and labour.setup is None,
    }


def _people(
    labour: Labour, deployment: Deployment, book: PriceBook, catalogue: Catalogue, store: Store
) -> int | None:
    """Return the line of one person, even if nobody is needed; ``None`` without a price."""
    one = labour.with_fte(1.0)
    meters = one.meters(
        deployment.family, deployment.region, catalogue, Sizing("clusters", 1.0), 1.0
    )
    try:
        [line] = priced(meters[0], book, 1.0)
    except MissingPriceError:
        return None
    return store.line(_line(line, _figure(line.row), deployment.provider, store))


def _priced(row: PriceRow, store: Store) -> dict[str, Any]:
    return {"each": _figure(row), "price": store.price(price_record(row))}
