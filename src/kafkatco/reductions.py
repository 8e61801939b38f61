"""What is taken off a bill: commitments, a discount, a credit, each a line of its own.

In this order: a commitment lowers the price of nodes; a discount is a share of what the provider
then charges; a credit pays some of what is left, once.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from kafkatco.deployments.base import Deployment
from kafkatco.discounts import Commitment, Credit
from kafkatco.errors import MissingPriceError
from kafkatco.lines import Line, charges
from kafkatco.money import parse_money
from kafkatco.prices.book import PriceBook
from kafkatco.prices.catalogue import Catalogue
from kafkatco.prices.metering import effective_unit, metered
from kafkatco.prices.rows import PriceRow
from kafkatco.units import DURATION, parse

__all__ = ["credit_terms", "reductions"]


def reductions(
    deployment: Deployment,
    lines: Sequence[Line],
    book: PriceBook,
    catalogue: Catalogue,
    month_hours: Any,
) -> tuple[Line, ...]:
    """Return the lines of what a deployment's agreements take off ``lines``.

    Raises :class:`~kafkatco.errors.MissingPriceError` where a node has no rate for the term.
    """
    found: list[Line] = []
    recurring = [line for line in lines if not line.one_off]
    if isinstance(deployment.commitment, Commitment):
        found += _committed(deployment.commitment, deployment.region, recurring, book, month_hours)
    if deployment.discount and any(line.cost is not None for line in recurring):
        cost = -deployment.discount * charges([*recurring, *found])
        note = f"{deployment.discount:.1%} off everything but people"
        found.append(Line("discount", "discount", cost, book.currency, 1.0, cost, note, None))
    if isinstance(deployment.credit, Credit):
        terms = credit_terms(deployment.credit, deployment, book, catalogue)
        found.append(_credited(*terms, charges([*recurring, *found]), book.currency, month_hours))
    return tuple(found)


def _committed(
    commitment: Commitment, region: str, lines: Sequence[Line], book: PriceBook, month_hours: Any
) -> Iterator[Line]:
    """Yield what each line saves at the rate of the term."""
    for line in lines:
        if line.unit_price is None or line.row is None:
            continue
        sku = f"{line.sku}@{commitment.term}"
        if commitment.discount is not None:
            if line.component == "compute":
                cost = -commitment.discount * line.cost
                note = f"{commitment.term} commitment, {commitment.discount:.4g} off: your own rate"
                yield Line("discount", sku, cost, book.currency, 1.0, cost, note, None)
            continue
        try:
            [row] = book.price(sku, region)
        except MissingPriceError as error:
            if line.component != "compute":
                continue
            hint = (
                f'{error.hint} Or your own: commitment = {{ term = "{commitment.term}", '
                f"discount = 0.3 }}"
            )
            raise MissingPriceError(error.what, error.where, hint.strip(), sku=sku) from None
        unit = effective_unit(row.unit, book.gigabyte)
        quantity = metered(line.quantity, line.unit, unit, month_hours)
        rate = float(row.price or 0) * book.exchange(row.currency)
        list_price = metered(1.0, unit, line.unit, month_hours) * line.unit_price
        note = f"{commitment.term} rate {rate:.6g} instead of {list_price:.6g}"
        yield Line(
            "discount", sku, quantity, unit, rate - list_price, quantity * (rate - list_price),
            note, row,
        )  # fmt: skip


def credit_terms(
    credit: Credit, deployment: Deployment, book: PriceBook, catalogue: Catalogue
) -> tuple[float, float, str, PriceRow | None]:
    """Return a credit's amount [book's currency], its life [h], its sku, and its row."""
    row, sku, life_h = None, "credit", np.inf
    if credit.amount is not None:
        money = parse_money(credit.amount)
        amount = money.amount * book.exchange(money.currency)
    else:
        sku = deployment.trial_credit
        [row] = book.price(sku, deployment.region)
        amount = float(row.price or 0) * book.exchange(row.currency)
        life_h = catalogue.value(sku, "expires")
    if credit.expires is not None:
        life_h = parse(credit.expires, DURATION).value()
    return amount, life_h, sku, row


def _credited(
    amount: float, life_h: float, sku: str, row: PriceRow | None, charged: Any, currency: str,
    month_hours: Any,
) -> Line:  # fmt: skip
    """Return what a credit pays in all, if every month charges the same."""
    if np.isfinite(life_h):
        used = np.minimum(charged * (life_h / month_hours), amount)
        note = f"{amount:,.2f} {currency}, for {life_h:g} h"
    else:
        used = np.where(charged > 0.0, amount, 0.0)
        note = f"{amount:,.2f} {currency}, until spent"
    return Line("credit", sku, -used, currency, 1.0, -used, note, row, one_off=True)
