"""What agreements change of a bill: commitment, discount, support plan, credit, as lines.

In this order: a commitment lowers the price of nodes; a discount is a share of what the provider
then charges; a support plan costs a share of what is left; a credit pays some of that, once.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from kafkatco.core.money import parse_money
from kafkatco.core.units import DURATION, parse
from kafkatco.costing.lines import Line, charges
from kafkatco.costing.support_plan import support_lines
from kafkatco.deployments.agreements import Commitment, Credit, life_hours
from kafkatco.deployments.base import Deployment
from kafkatco.errors import InputError, MissingPriceError, Problem
from kafkatco.numerics.typing import Operand
from kafkatco.prices.book import PriceBook
from kafkatco.prices.catalogue import Catalogue
from kafkatco.prices.metering import effective_unit
from kafkatco.prices.rows import PriceRow

__all__ = ["CreditTerms", "credit_terms", "reductions"]


@dataclass(frozen=True, slots=True)
class CreditTerms:
    """A credit in the book's currency: its amount, how long it lasts [h], and its source."""

    amount: float
    life_h: float
    sku: str
    row: PriceRow | None
    rates: tuple[PriceRow, ...]


def reductions(
    deployment: Deployment,
    lines: Sequence[Line],
    book: PriceBook,
    catalogue: Catalogue,
    month_hours: Operand,
) -> tuple[Line, ...]:
    """Return the lines of what a deployment's agreements take off ``lines``, or add.

    Quantities and costs have the shape of those of ``lines``: floats, arrays or curves
    [currency of the book].  Raises :class:`~kafkatco.errors.MissingPriceError` where a node has
    no rate for the term.
    """
    found: list[Line] = []
    recurring = [line for line in lines if not line.one_off]
    if isinstance(deployment.commitment, Commitment):
        found += _committed(deployment.commitment, deployment.region, recurring, book)
    if np.any(deployment.discount) and any(line.cost is not None for line in recurring):
        cost = -deployment.discount * charges([*recurring, *found], deployment.provider)
        share = deployment.discount
        size = f"{100 * share:.6g}% " if isinstance(share, float) else ""
        note = f"{size}off what {deployment.provider} charges"
        found.append(Line("discount", "discount", cost, book.currency, 1.0, cost, note, None))
    found += support_lines(
        deployment, charges([*recurring, *found], deployment.provider), book, month_hours
    )
    if isinstance(deployment.credit, Credit):
        terms = credit_terms(deployment, book, catalogue, month_hours)
        if terms is not None:
            charged = charges([*recurring, *found], deployment.provider)
            found.append(_credited(terms, charged, book.currency, month_hours))
    return tuple(found)


def _committed(
    commitment: Commitment, region: str, lines: Sequence[Line], book: PriceBook
) -> Iterator[Line]:
    """Yield what each node saves at the rate of the term."""
    for line in lines:
        if line.component != "compute" or line.unit_price is None:
            continue
        sku = f"{line.sku}@{commitment.term}"
        if commitment.discount is not None:
            less = -commitment.discount * line.unit_price
            note = f"{commitment.term} commitment, {100 * commitment.discount:.6g}% off: your rate"
            cost = line.quantity * less
            yield Line("discount", sku, line.quantity, line.unit, less, cost, note, None)
            continue
        row = _rate(line, commitment.term, region, book)
        assert row.price is not None
        rate = book.money(row)
        less = rate - line.unit_price
        note = f"{commitment.term} rate"
        if isinstance(rate, float) and isinstance(line.unit_price, float):
            note = f"{note} {rate:.6g} instead of {line.unit_price:.6g}"
        rates = book.rates(row.currency)
        yield Line(
            "discount",
            sku,
            line.quantity,
            line.unit,
            less,
            line.quantity * less,
            note,
            row,
            rates=rates,
        )


def _rate(line: Line, term: str, region: str, book: PriceBook) -> PriceRow:
    """Return the rate of a node for a term: one flat price, metered as the node is."""
    sku = f"{line.sku}@{term}"
    own = f'commitment = {{ term = "{term}", discount = 0.3 }}'
    if line.sku in book.overrides and sku not in book.overrides:
        where = f"the scenario, where {line.sku!r} has a price of your own"
        raise MissingPriceError(f"rate {sku!r}", where, f"Give that too, or {own}", sku=sku)
    try:
        rows = book.price(sku, region)
    except MissingPriceError as error:
        missing = error
        raise MissingPriceError(
            missing.what,
            missing.where,
            lambda: f"{missing.hint} Or your own: {own}".strip(),
            sku=sku,
        ) from None
    if len(rows) > 1 or rows[0].price is None:
        raise MissingPriceError(f"one flat rate {sku!r}", f"book {book.name!r}", own, sku=sku)
    unit = effective_unit(rows[0].unit, book.gigabyte)
    if unit != line.unit:
        problem = Problem(sku, f"a rate per {unit}", f"one per {line.unit}, as {line.sku} is")
        raise InputError(f"book {book.name!r}", [problem])
    return rows[0]


def credit_terms(
    deployment: Deployment, book: PriceBook, catalogue: Catalogue, month_hours: Operand
) -> CreditTerms | None:
    """Return a deployment's credit, if it has one; months of ``month_hours`` [h], ``(months,)``.

    Raises :class:`~kafkatco.errors.MissingPriceError` where the provider's own is not in the book.
    """
    credit = deployment.credit
    if not isinstance(credit, Credit):
        return None
    life = None if credit.expires is None else parse(credit.expires, DURATION)
    if credit.amount is not None:
        money = parse_money(credit.amount)
        amount = money.amount * book.exchange(money.currency)
        rates = book.rates(money.currency)
        return CreditTerms(amount, life_hours(life, month_hours), "credit", None, rates)
    sku = deployment.trial_credit
    row = book.price(sku, deployment.region)[0]
    if row.price is None:
        raise MissingPriceError(f"amount of {sku!r}", f"book {book.name!r}", sku=sku)
    amount = book.money(row)
    lasts = catalogue.value(sku, "expires") if life is None else life_hours(life, month_hours)
    return CreditTerms(amount, lasts, sku, row, book.rates(row.currency))


def _credited(terms: CreditTerms, charged: Operand, currency: str, month_hours: Operand) -> Line:
    """Return what a credit pays in all, if every month charges the same."""
    amount = f"{terms.amount:,.2f} {currency}, " if isinstance(terms.amount, float) else ""
    if np.isfinite(terms.life_h):
        used = np.minimum(charged * (terms.life_h / month_hours), terms.amount)
        note = f"{amount}for {terms.life_h:g} h"
    else:
        used = np.where(charged > 0.0, terms.amount, 0.0)
        note = f"{amount}until spent"
    return Line(
        "credit",
        terms.sku,
        -used,
        currency,
        1.0,
        -used,
        note,
        terms.row,
        one_off=True,
        rates=terms.rates,
    )
