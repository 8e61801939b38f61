"""A bill as charges of FOCUS, each with its discounts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from kafkatco.costing.bill import Bill
from kafkatco.costing.lines import PEOPLE, Line, charges

__all__ = ["Charge", "charged", "charges_of"]

_REDUCED: Final = ("discount", "credit", "tax")


@dataclass(frozen=True, slots=True)
class Charge:
    """A line with the four costs of FOCUS [currency of the bill].

    ``listed`` is before all discounts, ``contracted`` after negotiated discounts, ``effective``
    after the ``commitment``, too, if there is one; the payment for a commitment is a charge of its
    own, a ``purchase``.
    """

    line: Line
    listed: float
    contracted: float
    effective: float
    commitment: Line | None = None
    purchase: bool = False

    @property
    def billed(self) -> float:
        """The cost on the month's invoice, which is 0 for use that a commitment covers."""
        return 0.0 if self.commitment is not None and not self.purchase else self.effective


def charged(bill: Bill) -> float:
    """Return the provider's charges of the month, before a credit."""
    return float(charges(bill.lines, bill.provider))


def charges_of(bill: Bill, *, people: bool) -> Iterator[Charge]:
    """Yield the charges of a bill, except credits, tax and lines without a price.

    A commitment lowers the cost of its nodes, sustained use that of the other lines of its sku,
    each in proportion to cost; then a discount is a share of all charges of its provider except
    support.  Together they are the bill's total.
    """
    every = [line for line in (*bill.lines, *bill.one_off) if line.cost is not None]
    lines = [line for line in every if line.use not in _REDUCED]
    charges = [Charge(line, *(float(line.cost),) * 3) for line in lines]
    reductions = [line for line in every if line.use == "discount"]
    for reduction in sorted(reductions, key=lambda line: "@" not in line.sku):
        if reduction.sku != "discount":
            charges = _lowered(charges, reduction)
    share = _share(bill, reductions)
    for charge in charges:
        line = charge.line
        if line.component in PEOPLE and not people:
            continue
        is_providers = line.sku.startswith(f"{bill.provider}.") and line.component != "support"
        kept = 1.0 - share if is_providers else 1.0
        charge = replace(
            charge, contracted=charge.contracted * kept, effective=charge.effective * kept
        )
        yield charge
        if charge.commitment is not None:
            yield replace(
                charge,
                listed=charge.effective / kept if kept else 0.0,
                contracted=charge.effective,
                purchase=True,
            )


def _lowered(charges: Sequence[Charge], reduction: Line) -> list[Charge]:
    """Return the charges, with those of the same sku lowered in proportion to cost."""
    sku, _, term = reduction.sku.partition("@")
    fits = [
        charge.line.sku == sku
        and charge.line.environment == reduction.environment
        and (charge.line.use == "compute" if term else charge.commitment is None)
        for charge in charges
    ]
    whole = sum(charge.listed for charge, fit in zip(charges, fits, strict=True) if fit)
    rate = float(reduction.cost) / whole if whole else 0.0
    return [
        replace(
            charge,
            effective=charge.effective + rate * charge.listed,
            commitment=reduction if term else None,
        )
        if fit
        else charge
        for charge, fit in zip(charges, fits, strict=True)
    ]


def _share(bill: Bill, reductions: Sequence[Line]) -> float:
    """Return the discount as a share of the provider's charges [1]."""
    agreed = [line for line in reductions if line.sku == "discount"]
    if not agreed:
        return 0.0
    before = [line for line in bill.lines if line not in agreed and line.component != "support"]
    whole = float(charges(before, bill.provider))
    return -float(agreed[0].cost) / whole if whole else 0.0
