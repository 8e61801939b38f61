"""What a page carries: each scenario's curves at each fan-out, exchange rates and agreements."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

from kafkatco.analysis.axes import find_axis
from kafkatco.analysis.cost_curves import ends_of
from kafkatco.costing.comparison import Comparison
from kafkatco.errors import CurveError, InputError, MissingPriceError, Problem
from kafkatco.numerics.curve import Curve
from kafkatco.output.page.candidates import agreements, carried_offers, price_record
from kafkatco.output.page.store import Store
from kafkatco.scenario.scenario import Scenario

__all__ = ["FANOUTS", "case_data"]

#: The fan-outs that a page can be set to, beside the scenario's own.
FANOUTS: Final = (0.0, 1.0, 2.0, 3.0, 5.0, 10.0)


def case_data(
    title: str, scenario: Scenario, store: Store, *, fanouts: Sequence[float] = FANOUTS
) -> dict[str, Any]:
    """Return what the page has of one scenario; what parts share goes to ``store``.

    Traffic goes from 0.1 TB to 1 PB a month, widened to the scenario's own.

    Raises :class:`~kafkatco.errors.InputError` for a fan-out that is none, and for no traffic, or
    so much of it that the curves have too many pieces.
    """
    wrong = [
        Problem("fanouts", f"{x}", "a number from 0 to 100") for x in fanouts if not 0 <= x <= 100
    ]
    if wrong:
        raise InputError("page", wrong)
    comparison = Comparison.of(
        "page",
        scenario.workload,
        scenario.deployments,
        scenario.book,
        scenario.conventions.month_hours,
    )
    traffic = find_axis("ingress", comparison)
    low, high = ends_of(traffic, None, None, comparison.load.month_hours)
    now = float(comparison.load.ingress_mib_s)
    if now <= 0:
        problem = Problem("ingress", str(scenario.workload.ingress), "some traffic, for a log axis")
        raise InputError("page", [problem])
    low, high = min(low, now), max(high, now)
    own = float(comparison.load.fanout)
    swept = traffic.vary(comparison, Curve.identity(low, high))
    kept = sorted({*map(float, fanouts), own})
    try:  # before the rates: it says which currencies count
        deployments = _deployments(comparison, swept, kept, store)
    except CurveError:
        expected = "less traffic: its curves have too many pieces for a page"
        problem = Problem("ingress", str(scenario.workload.ingress), expected)
        raise InputError("page", [problem]) from None
    return {
        "title": title,
        "prices": comparison.book.describe(),
        "currency": comparison.book.currency,
        "rates": _rates(comparison, store),
        "month_hours": float(comparison.load.month_hours),
        "workload": {
            name: str(value)
            for name, value in scenario.workload.model_dump(exclude_none=True).items()
        },
        "ends": [low, high],
        "per_base": traffic.per_base,
        "traffic": now,
        "fanout": own,
        "fanouts": kept,
        "deployments": deployments,
    }


def _deployments(
    comparison: Comparison, swept: Comparison, fanouts: Sequence[float], store: Store
) -> list[dict[str, Any]]:
    book, catalogue = comparison.book, comparison.book.catalogue()
    return [
        {
            "name": item.label,
            "kind": str(getattr(item, "kind", "")),
            "region": item.region,
            "not_modelled": list(item.not_modelled(comparison.load)),
            **agreements(item, book, catalogue, float(comparison.load.month_hours), store),
            "offers": [
                carried_offers(item, replace(swept.load, fanout=fanout), book, catalogue, store)
                for fanout in fanouts
            ],
        }
        for item in swept.deployments
    ]


def _rates(comparison: Comparison, store: Store) -> dict[str, dict[str, Any]]:
    """Return what a US dollar is worth in each currency that a page needs, or offers."""
    used = {price["currency"] for price in store.prices} | {comparison.book.currency, "KRW"}
    found: dict[str, dict[str, Any]] = {"USD": {"per_usd": 1.0, "price": None}}
    for currency in sorted(used - {"USD"}):
        try:
            [row] = comparison.book.price(f"fx.usd.{currency.lower()}", "any")
        except MissingPriceError:
            continue  # the book has no use of it
        if row.price:
            price = store.price(price_record(row))
            found[currency] = {"per_usd": float(row.price), "price": price}
    own = comparison.book.currency  # a book of one currency needs no rate
    return found if own in found else {own: {"per_usd": 1.0, "price": None}}
