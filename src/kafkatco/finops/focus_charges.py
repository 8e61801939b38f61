"""A bill as the charges of FOCUS: what agreements take off stands on each charge, not beside it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from kafkatco.costing.bill import Bill
from kafkatco.costing.lines import PEOPLE, Line, charges

__all__ = ["Charge", "charged", "charges_of"]

_REDUCED: Final = ("discount", "credit")


@dataclass(frozen=True, slots=True)
class Charge:
    """A line with its four costs of FOCUS [currency of the bill].

    ``listed`` is before all discounts, ``contracted`` after those agreed upon, ``effective`` after
    commitments too, which then are in ``commitment``; what is paid for a commitment itself is a
    charge of its own, a ``purchase``.
    """

    line: Line
    listed: float
    contracted: float
    effective: float
    commitment: Line | None = None
    purchase: bool = False

    @property
    def billed(self) -> float:
        """What the month's invoice has: nothing for what a commitment covers."""
        return 0.0 if self.commitment is not None and not self.purchase else self.effective


def charged(bill: Bill) -> float:
    """Return what the provider charges in the month, before a credit."""
    return float(charges(bill.lines, bill.provider))


def charges_of(bill: Bill, *, people: bool) -> Iterator[Charge]:
    """Yield the charges of a bill, but for a credit; those without a price are left out.

    A commitment lowers the nodes that it is for, sustained use the others of its sku, each in
    proportion to cost; then a discount is a share of what its provider charges but for support.
    Together they are what the bill says.
    """
    every = [line for line in (*bill.lines, *bill.one_off) if line.cost is not None]
    lines = [line for line in every if line.component not in _REDUCED]
    found = [Charge(line, *(float(line.cost),) * 3) for line in lines]
    reductions = [line for line in every if line.component == "discount"]
    for less in sorted(reductions, key=lambda line: "@" not in line.sku):
        if less.sku != "discount":
            found = _lowered(found, less)
    share = _share(bill, reductions)
    for item in found:
        line = item.line
        if line.component in PEOPLE and not people:
            continue
        own = line.sku.startswith(f"{bill.provider}.") and line.component != "support"
        kept = 1.0 - share if own else 1.0
        item = replace(item, contracted=item.contracted * kept, effective=item.effective * kept)
        yield item
        if item.commitment is not None:
            yield replace(
                item,
                listed=item.effective / kept if kept else 0.0,
                contracted=item.effective,
                purchase=True,
            )


def _lowered(found: Sequence[Charge], less: Line) -> list[Charge]:
    """Return the charges, those of the same sku lowered in proportion to cost."""
    sku, _, term = less.sku.partition("@")
    fits = [
        item.line.sku == sku
        and (item.line.component == "compute" if term else item.commitment is None)
        for item in found
    ]
    whole = sum(item.listed for item, fit in zip(found, fits, strict=True) if fit)
    rate = float(less.cost) / whole if whole else 0.0
    return [
        replace(
            item, effective=item.effective + rate * item.listed, commitment=less if term else None
        )
        if fit
        else item
        for item, fit in zip(found, fits, strict=True)
    ]


def _share(bill: Bill, reductions: Sequence[Line]) -> float:
    """Return the share [1] that a discount takes off what the provider charges."""
    agreed = [line for line in reductions if line.sku == "discount"]
    if not agreed:
        return 0.0
    before = [line for line in bill.lines if line not in agreed and line.component != "support"]
    whole = float(charges(before, bill.provider))
    return -float(agreed[0].cost) / whole if whole else 0.0
