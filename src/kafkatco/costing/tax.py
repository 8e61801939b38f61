"""The lines of value-added tax: the share of it that is not recovered."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from kafkatco.costing.lines import PEOPLE, Line
from kafkatco.deployments.base import Deployment
from kafkatco.i18n.message import _
from kafkatco.numerics.typing import Operand
from kafkatco.prices.book import PriceBook
from kafkatco.sizing.workload import Operands

__all__ = ["not_modelled", "recovered_tax", "tax_lines", "taxed"]


def tax_lines(lines: Sequence[Line], book: PriceBook) -> tuple[Line, ...]:
    """Return the lines of tax on ``lines``, which include discounts, support and credit.

    The tax is a share of all charges but people, of every provider; a credit lowers it once.  Its
    cost is the part that is not recovered.  None without a tax, or with one of zero.
    """
    row = book.vat
    if book.tax is None or row is None or not row.price:
        return ()
    share = taxed(book) - 1.0
    note = _(
        "{vat:.6g}% of charges, of which {recovered:.6g}% is recovered",
        vat=100 * float(row.price),
        recovered=100 * book.tax.recoverable,
    )
    found = []
    for once in (False, True):
        base = _base(line for line in lines if line.one_off is once)
        if base is not None:
            cost = share * base
            found.append(
                Line("tax", row.sku, base, book.currency, share, cost, note, row, one_off=once)
            )
    return tuple(found)


def taxed(book: PriceBook) -> float:
    """Return what a charge of 1 costs with the part of its tax that is not recovered [1]."""
    row = book.vat
    if book.tax is None or row is None:
        return 1.0
    return 1.0 + float(row.price or 0) * (1.0 - book.tax.recoverable)


def recovered_tax(lines: Sequence[Line], book: PriceBook) -> float:
    """Return the tax of a month that is paid and recovered, which is in no total [currency]."""
    row = book.vat
    if book.tax is None or row is None:
        return 0.0
    share = float(row.price or 0) * book.tax.recoverable
    return share * sum(float(line.quantity) for line in lines if line.component == "tax")


def not_modelled(deployment: Deployment, load: Operands, book: PriceBook) -> tuple[str, ...]:
    """Return the costs that a deployment's bill omits, as messages."""
    omitted = deployment.not_modelled(load)
    return omitted if book.tax is not None else (*omitted, _("VAT (not set)"))


def _base(lines: Iterable[Line]) -> Operand | None:
    """Return the charges of some lines but people; ``None`` if there are none with a cost."""
    costs = [line.cost for line in lines if line.component not in PEOPLE and line.cost is not None]
    return sum(costs, 0.0) if costs else None
