"""The lines of agreements with a provider: commitment, discount, support plan and credit.

They apply in this order: a commitment lowers the price of nodes; a discount is a share of the
resulting charges; a support plan costs a share of the rest; a credit pays a part of that, once.
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
from kafkatco.i18n.message import Message, _, join, verbatim
from kafkatco.numerics.typing import Operand
from kafkatco.prices.book import PriceBook
from kafkatco.prices.catalogue import Catalogue
from kafkatco.prices.metering import effective_unit
from kafkatco.prices.rows import PriceRow

__all__ = ["CreditTerms", "agreement_lines", "credit_terms"]


@dataclass(frozen=True, slots=True)
class CreditTerms:
    """A credit in the book's currency: its amount, its life [h], and its source."""

    amount: Operand
    life_h: float
    sku: str
    row: PriceRow | None
    rates: tuple[PriceRow, ...]


def agreement_lines(
    deployment: Deployment,
    lines: Sequence[Line],
    book: PriceBook,
    catalogue: Catalogue,
    month_hours: Operand,
) -> tuple[Line, ...]:
    """Return the lines that a deployment's agreements add to ``lines``, mostly negative.

    Quantities and costs have the shape of those of ``lines``: floats, arrays or curves
    [currency of the book].  Raises :class:`~kafkatco.errors.MissingPriceError` if a node has no
    rate for the term.
    """
    agreed: list[Line] = []
    recurring = [line for line in lines if not line.one_off]
    if isinstance(deployment.commitment, Commitment):
        agreed += _committed(deployment.commitment, deployment.region, recurring, book)
    if np.any(deployment.discount) and any(line.cost is not None for line in recurring):
        cost = -deployment.discount * charges([*recurring, *agreed], deployment.provider)
        note = _discount_note(deployment.discount, deployment.provider)
        agreed.append(Line("discount", "discount", cost, book.currency, 1.0, cost, note, None))
    if deployment.support != "none":
        charged = charges([*recurring, *agreed], deployment.provider)
        agreed += support_lines(deployment, charged, book, month_hours)
    if isinstance(deployment.credit, Credit):
        terms = credit_terms(deployment, book, catalogue, month_hours)
        if terms is not None:
            charged = charges([*recurring, *agreed], deployment.provider)
            agreed.append(_credited(terms, charged, book.currency, month_hours))
    return tuple(agreed)


def _discount_note(share: Operand, provider: str) -> Message:
    """Return the note of a discount; a swept ``share`` is not a number that can be shown."""
    if isinstance(share, float):
        return _(
            "{percent:.6g}% off all charges of {provider}", percent=100 * share, provider=provider
        )
    return _("off all charges of {provider}", provider=provider)


def _committed(
    commitment: Commitment, region: str, lines: Sequence[Line], book: PriceBook
) -> Iterator[Line]:
    """Yield the savings of each node at the rate of the term."""
    for line in lines:
        if line.component != "compute" or line.unit_price is None:
            continue
        sku = f"{line.sku}@{commitment.term}"
        if commitment.discount is not None:
            less = -commitment.discount * line.unit_price
            note = _(
                "{term} commitment, {percent:.6g}% off (your rate)",
                term=commitment.term,
                percent=100 * commitment.discount,
            )
            cost = line.quantity * less
            yield Line("discount", sku, line.quantity, line.unit, less, cost, note, None)
            continue
        row = _rate(line, commitment.term, region, book)
        assert row.price is not None
        rate = book.money(row)
        less = rate - line.unit_price
        note = _("{term} rate", term=commitment.term)
        if isinstance(rate, float) and isinstance(line.unit_price, float):
            note = _(
                "{term} rate {rate:.6g} instead of {price:.6g}",
                term=commitment.term,
                rate=rate,
                price=line.unit_price,
            )
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
    """Return the rate of a node for a term: one flat price, in the unit of the node."""
    sku = f"{line.sku}@{term}"
    own = verbatim(f'commitment = {{ term = "{term}", discount = 0.3 }}')
    if line.sku in book.overrides and sku not in book.overrides:
        raise MissingPriceError(
            _("rate {sku!r}", sku=sku),
            _("the scenario, which overrides the price of {sku!r}", sku=line.sku),
            _("Override it, too, or write {own}", own=own),
            sku=sku,
        )
    try:
        rows = book.price(sku, region)
    except MissingPriceError as error:
        missing = error
        raise MissingPriceError(
            missing.what,
            missing.where,
            lambda: join(" ", filter(None, [missing.hint, _("Or your own share: {own}", own=own)])),
            sku=sku,
        ) from None
    if len(rows) > 1 or rows[0].price is None:
        raise MissingPriceError(
            _("flat rate {sku!r}", sku=sku), _("book {book!r}", book=book.name), own, sku=sku
        )
    unit = effective_unit(rows[0].unit, book.gigabyte)
    if unit != line.unit:
        text = _(
            "a rate per {unit} for {sku}, whose price is per {other}",
            unit=unit,
            sku=line.sku,
            other=line.unit,
        )
        raise InputError(_("book {book!r}", book=book.name), [Problem(sku, "", text)])
    return rows[0]


def credit_terms(
    deployment: Deployment, book: PriceBook, catalogue: Catalogue, month_hours: Operand
) -> CreditTerms | None:
    """Return a deployment's credit, if any; months of ``month_hours`` [h], ``(months,)``.

    Raises :class:`~kafkatco.errors.MissingPriceError` if a trial credit is not in the book.
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
        raise MissingPriceError(
            _("amount of {sku!r}", sku=sku), _("book {book!r}", book=book.name), sku=sku
        )
    amount = book.money(row)
    life_h = catalogue.value(sku, "expires") if life is None else life_hours(life, month_hours)
    return CreditTerms(amount, life_h, sku, row, book.rates(row.currency))


def _credited(terms: CreditTerms, charged: Operand, currency: str, month_hours: Operand) -> Line:
    """Return the total payment of a credit, if every month has the same charges."""
    if np.isfinite(terms.life_h):
        used = np.minimum(charged * (terms.life_h / month_hours), terms.amount)
    else:
        used = np.where(charged > 0.0, terms.amount, 0.0)
    return Line(
        "credit",
        terms.sku,
        -used,
        currency,
        1.0,
        -used,
        _credit_note(terms, currency),
        terms.row,
        one_off=True,
        rates=terms.rates,
    )


def _credit_note(terms: CreditTerms, currency: str) -> Message:
    """Return the note of a credit; a swept amount is not a number that can be shown."""
    limit = _("until spent")
    if np.isfinite(terms.life_h):
        limit = _("for {hours:g} h", hours=terms.life_h)
    if not isinstance(terms.amount, float):
        return limit
    return _(
        "{amount:,.2f} {currency}, {limit}", amount=terms.amount, currency=currency, limit=limit
    )
