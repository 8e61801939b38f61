"""The data of a page: the curves of each scenario at each fan-out, and exchange rates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

from kafkatco.analysis.axes import find_axis
from kafkatco.analysis.cost_curves import ends_of
from kafkatco.costing.comparison import Comparison
from kafkatco.costing.people import without_people
from kafkatco.errors import CurveError, InputError, MissingPriceError, Problem
from kafkatco.i18n.message import _, join
from kafkatco.numerics.curve import Curve
from kafkatco.output.page.candidates import agreements, candidate_data, price_record
from kafkatco.output.page.store import Store
from kafkatco.output.page.texts import versions
from kafkatco.prices import PriceBook
from kafkatco.prices.tax import Tax
from kafkatco.scenario.scenario import Scenario
from kafkatco.sizing.workload import Operands, Workload

__all__ = ["FANOUTS", "case_data"]

#: The fan-outs that a page can be set to, in addition to that of the scenario.
FANOUTS: Final = (0.0, 1.0, 2.0, 3.0, 5.0, 10.0)


def case_data(
    title: str, scenario: Scenario, store: Store, *, fanouts: Sequence[float] = FANOUTS
) -> dict[str, Any]:
    """Return the data of one scenario; ``store`` collects what scenarios share.

    Traffic ranges from 0.1 TB to 1 PB a month, and includes that of the scenario.

    Raises :class:`~kafkatco.errors.InputError` for an invalid fan-out, for no traffic, and for so
    much traffic that the curves have too many pieces.
    """
    expected = _("a number from 0 to 100")
    problems = [Problem("fanouts", f"{x}", expected) for x in fanouts if not 0 <= x <= 100]
    if problems:
        raise InputError("page", problems)
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
        expected = _("more than 0: the page has a logarithmic axis of traffic")
        problem = Problem("ingress", str(scenario.workload.ingress), expected)
        raise InputError("page", [problem])
    low, high = min(low, now), max(high, now)
    own = float(comparison.load.fanout)
    swept = traffic.vary(comparison, Curve.identity(low, high))
    every_fanout = sorted({*map(float, fanouts), own})
    try:  # before the rates, which need the currencies of the deployments
        deployments = _deployments(comparison, swept, every_fanout, store)
    except CurveError:
        expected = _("less traffic: its curves have too many pieces for a page")
        problem = Problem("ingress", str(scenario.workload.ingress), expected)
        raise InputError("page", [problem]) from None
    read = scenario.prices_read
    return {
        "title": versions(title),
        "prices": comparison.book.describe(),
        "prices_read": read
        and {"oldest": read.oldest.isoformat(), "newest": read.newest.isoformat()},
        "needs_price": [
            {"name": one.name, "kind": one.kind, "region": one.region, "lines": list(one.lines)}
            for one in scenario.needs_price
        ],
        "currency": comparison.book.currency,
        "rates": _rates(comparison, store),
        "tax": _tax(comparison.book, store),
        "month_hours": float(comparison.load.month_hours),
        "workload": _workload(scenario.workload, comparison.load),
        "retention_h": float(comparison.load.retention_h),
        "ends": [low, high],
        "per_base": traffic.per_base,
        "traffic": now,
        "fanout": own,
        "fanouts": every_fanout,
        "deployments": deployments,
    }


def _workload(workload: Workload, load: Operands) -> dict[str, str]:
    """Return the workload as text by field; its profile by name."""
    fields = workload.model_dump(exclude_none=True) | {"peak_to_average": load.peak_to_average}
    if workload.profile is not None:
        fields["profile"] = workload.profile.name
    return {name: str(value) for name, value in fields.items()}


def _deployments(
    comparison: Comparison, swept: Comparison, fanouts: Sequence[float], store: Store
) -> list[dict[str, Any]]:
    book, catalogue = comparison.book, comparison.book.catalogue()
    return [
        {
            "name": deployment.label,
            "kind": str(getattr(deployment, "kind", "")),
            "region": deployment.region,
            "not_modelled": list(deployment.not_modelled(comparison.load)),
            "notes": [
                *deployment.without_effect(comparison.load),
                *(
                    join(": ", [environment.name, note])
                    for environment in deployment.environments
                    for note in environment.notes(deployment.region)
                ),
                *filter(None, [without_people([deployment])]),
            ],
            **agreements(deployment, book, catalogue, float(comparison.load.month_hours), store),
            "candidates": [
                candidate_data(
                    deployment, replace(swept.load, fanout=fanout), book, catalogue, store
                )
                for fanout in fanouts
            ],
        }
        for deployment in swept.deployments
    ]


def _tax(book: PriceBook, store: Store) -> dict[str, Any]:
    """Return the rate of the tax with its price, and its recovered share; no rate without a tax."""
    row = book.vat
    if book.tax is None or row is None:
        default = Tax(vat=0.0).recoverable
        return {"vat": None, "recoverable": default, "sku": "", "price": None}
    return {
        "vat": float(row.price or 0),
        "recoverable": book.tax.recoverable,
        "sku": row.sku,
        "price": store.price(price_record(row)),
    }


def _rates(comparison: Comparison, store: Store) -> dict[str, dict[str, Any]]:
    """Return the value of a US dollar in each currency of the prices, the book's, and KRW."""
    used = {price["currency"] for price in store.prices} | {comparison.book.currency, "KRW"}
    rates: dict[str, dict[str, Any]] = {"USD": {"per_usd": 1.0, "price": None}}
    for currency in sorted(used - {"USD"}):
        try:
            [row] = comparison.book.price(f"fx.usd.{currency.lower()}", "any")
        except MissingPriceError:
            continue  # no price of the book needs it
        if row.price:
            price = store.price(price_record(row))
            rates[currency] = {"per_usd": float(row.price), "price": price}
    own = comparison.book.currency  # a book of one currency needs no rate
    return rates if own in rates else {own: {"per_usd": 1.0, "price": None}}
