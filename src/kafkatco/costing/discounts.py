"""The lines of agreements with a provider: commitment, discount, support plan and credit.

They apply in this order: a commitment lowers the price of nodes; a discount is a share of the
resulting charges; a support plan costs a share of the rest; a credit pays a part of that, once.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from kafkatco.core.money import parse_money
from kafkatco.core.units import DURATION, parse
from kafkatco.costing.lines import Line, charges
from kafkatco.costing.support_plan import support_lines
from kafkatco.deployments.agreements import Commitment, Credit, life_hours
from kafkatco.deployments.base import Deployment
from kafkatco.errors import InputError, MissingPriceError, Problem
from kafkatco.i18n.message import Message, _
from kafkatco.numerics.typing import Operand
from kafkatco.prices.book import PriceBook
from kafkatco.prices.catalogue import Catalogue
from kafkatco.prices.metering import effective_unit
from kafkatco.prices.rows import PriceRow

__all__ = ["CreditTerms", "credit_terms", "on_demand_notes", "with_agreements"]


@dataclass(frozen=True, slots=True)
class CreditTerms:
    """A credit in the book's currency: its amount, its life [h], and its source."""

    amount: Operand
    life_h: float
    sku: str
    row: PriceRow | None
    rates: tuple[PriceRow, ...]


def with_agreements(
    deployment: Deployment,
    lines: Sequence[Line],
    book: PriceBook,
    catalogue: Catalogue,
    month_hours: Operand,
) -> tuple[Line, ...]:
    """Return ``lines`` with those of a deployment's agreements, mostly negative.

    Quantities and costs have the shape of those of ``lines``: floats, arrays or curves
    [currency of the book].  Committed nodes have no discount for sustained use.
    """
    agreed = [*lines]
    if isinstance(deployment.commitment, Commitment):
        agreed = _committed(deployment, deployment.commitment, lines, book, catalogue)
    recurring = [line for line in agreed if not line.one_off]
    if np.any(deployment.discount) and any(line.cost is not None for line in recurring):
        cost = -deployment.discount * charges(recurring, deployment.provider)
        note = _discount_note(deployment.discount, deployment.provider)
        recurring.append(Line("discount", "discount", cost, book.currency, 1.0, cost, note, None))
    if deployment.support != "none":
        charged = charges(recurring, deployment.provider)
        recurring += support_lines(deployment, charged, book, month_hours)
    once = [line for line in agreed if line.one_off]
    if isinstance(deployment.credit, Credit):
        terms = credit_terms(deployment, book, catalogue, month_hours)
        if terms is not None:
            charged = charges(recurring, deployment.provider)
            once.append(_credited(terms, charged, book.currency, month_hours))
    return (*recurring, *once)


def _discount_note(share: Operand, provider: str) -> Message:
    """Return the note of a discount; a swept ``share`` is not a number that can be shown."""
    if isinstance(share, float):
        return _(
            "{percent:.6g}% off all charges of {provider}", percent=100 * share, provider=provider
        )
    return _("off all charges of {provider}", provider=provider)


def _committed(
    deployment: Deployment,
    commitment: Commitment,
    lines: Sequence[Line],
    book: PriceBook,
    catalogue: Catalogue,
) -> list[Line]:
    """Return the lines with the savings of each committed node, and without sustained use there.

    A node without a rate for the term keeps its price on demand, and no rate costs more than that:
    a commitment never raises a cost.
    """
    savings, committed = [], set()
    for node in _nodes(deployment, lines):
        on_demand = deployment.home.sustained_use(catalogue, node.sku) * node.unit_price
        saving = _saving(commitment, node, on_demand, deployment.region, book)
        if saving is not None:
            savings.append(saving)
            committed.add(id(node))
    # sustained use follows its node; nodes of the same type next to the cluster keep theirs
    kept = [
        line
        for before, line in pairwise((None, *lines))
        if line is not None and not (line.component == "discount" and id(before) in committed)
    ]
    return [*kept, *savings]


def _nodes(deployment: Deployment, lines: Sequence[Line]) -> Iterator[Line]:
    """Yield the lines of nodes that a commitment covers."""
    for line in lines:
        is_node = line.component == "compute" and line.sku.startswith(deployment.sku_prefix)
        if is_node and line.unit_price is not None and not line.one_off:
            yield line


def _saving(
    commitment: Commitment, node: Line, on_demand: Operand, region: str, book: PriceBook
) -> Line | None:
    """Return the saving of a node against its list price; ``None`` without a rate for the term.

    ``on_demand`` is its price after sustained use [currency of the book per unit of the node].
    """
    term, price, row = commitment.term, node.unit_price, None
    rates: tuple[PriceRow, ...] = ()
    if commitment.discount is not None:
        rate = (1.0 - commitment.discount) * price
        note = _(
            "{term} commitment, {percent:.6g}% off (your rate)",
            term=term,
            percent=100 * commitment.discount,
        )
    else:
        row = _rate(node, term, region, book)
        if row is None:
            return None
        rate, rates = book.money(row), book.rates(row.currency)
        note = _("{term} rate", term=term)
        if isinstance(rate, float) and isinstance(price, float):
            note = _(
                "{term} rate {rate:.6g} instead of {price:.6g}", term=term, rate=rate, price=price
            )
    if isinstance(rate, float) and isinstance(on_demand, float) and rate > on_demand:
        note = _("{term} commitment: the price on demand is lower, and applies", term=term)
    less = np.minimum(rate, on_demand) - price
    sku, cost = f"{node.sku}@{term}", node.quantity * less
    return Line("discount", sku, node.quantity, node.unit, less, cost, note, row, rates=rates)


def _rate(node: Line, term: str, region: str, book: PriceBook) -> PriceRow | None:
    """Return the rate of a node for a term: one flat price, in the unit of the node, if any.

    A price that the user overrides has no published rate.
    """
    sku = f"{node.sku}@{term}"
    if node.sku in book.overrides and sku not in book.overrides:
        return None
    try:
        rows = book.price(sku, region)
    except MissingPriceError:
        return None
    if len(rows) > 1 or rows[0].price is None:
        return None
    unit = effective_unit(rows[0].unit, book.gigabyte)
    if unit != node.unit:
        text = _(
            "a rate per {unit} for {sku}, whose price is per {other}",
            unit=unit,
            sku=node.sku,
            other=node.unit,
        )
        raise InputError(_("book {book!r}", book=book.name), [Problem(sku, "", text)])
    return rows[0]


def on_demand_notes(deployment: Deployment, lines: Sequence[Line]) -> tuple[Message, ...]:
    """Return a note on the nodes that keep their price on demand in spite of a commitment."""
    if not isinstance(deployment.commitment, Commitment):
        return ()
    term = deployment.commitment.term
    committed = {line.sku for line in lines if not line.environment}
    skus = dict.fromkeys(node.sku for node in _nodes(deployment, lines))
    without = [sku for sku in skus if f"{sku}@{term}" not in committed]
    if not without:
        return ()
    own = f'commitment = {{ term = "{term}", discount = 0.3 }}'
    note = _(
        "no {term} rate is known of {skus} in {region}: the price on demand applies; for your own "
        "share, write {own}",
        term=term,
        skus=", ".join(without),
        region=deployment.region,
        own=own,
    )
    return (note,)


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
