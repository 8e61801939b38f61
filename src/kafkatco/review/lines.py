"""The change of a bill by line, and the part of it that each cause makes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from kafkatco.costing.bill import Bill
from kafkatco.i18n.message import Message, _
from kafkatco.numerics.tolerance import ROUNDING
from kafkatco.price_impact.bills import TOGETHER, Contribution

__all__ = ["Charge", "LineMove", "contributions", "line_moves"]


class Charge(NamedTuple):
    """What a bill has of one sku a month, over its tiers; a cost of ``None`` is unpriced."""

    quantity: float
    cost: float | None


class _Key(NamedTuple):
    component: str
    sku: str
    unit: str
    environment: str


@dataclass(frozen=True, slots=True)
class LineMove:
    """A line of a bill before and after; ``None`` if the bill does not have it.

    ``environment`` is that of the line; "" is production.
    ``parts`` sum to ``difference`` [currency/month], as those of the whole bill do.
    """

    component: str
    sku: str
    unit: str
    environment: str
    before: Charge | None
    after: Charge | None
    parts: tuple[Contribution, ...]

    @property
    def difference(self) -> float | None:
        """The later cost less the earlier one; ``None`` if one is unpriced."""
        was, now = (
            Charge(0.0, 0.0) if side is None else side for side in (self.before, self.after)
        )
        return None if was.cost is None or now.cost is None else now.cost - was.cost


def line_moves(
    old: Bill | None, new: Bill | None, alone: Mapping[str, tuple[Message, Bill | None]]
) -> tuple[LineMove, ...]:
    """Return the lines that differ; ``alone`` has the bill of each cause alone.

    Lines match by component, sku, unit and environment.
    """
    was, now = _charges(old), _charges(new)
    others = {name: (text, _charges(bill)) for name, (text, bill) in alone.items() if bill}
    return tuple(_moves(was, now, others))


def _moves(
    was: Mapping[_Key, Charge],
    now: Mapping[_Key, Charge],
    alone: Mapping[str, tuple[Message, Mapping[_Key, Charge]]],
) -> Iterator[LineMove]:
    for key in dict.fromkeys([*was, *now]):
        old, new = was.get(key), now.get(key)
        if old == new:
            continue
        parts = contributions(
            _cost(old),
            _cost(new),
            {name: (text, _cost(charges.get(key))) for name, (text, charges) in alone.items()},
        )
        yield LineMove(*key, old, new, parts)


def contributions(
    before: float | None, after: float | None, alone: Mapping[str, tuple[Message, float | None]]
) -> tuple[Contribution, ...]:
    """Return the parts of a difference: the effect of each cause alone, and of all together.

    They sum to the difference; none without both amounts.  A cause without an amount, since the
    deployment has no bill with it alone, has an effect only together with the others.

    >>> parts = contributions(100.0, 150.0, {"traffic": (_("traffic"), 120.0)})
    >>> [(part.name, part.amount) for part in parts]
    [('traffic', 20.0), ('together', 30.0)]
    """
    if before is None or after is None:
        return ()
    parts = []
    rest, least = after - before, ROUNDING * max(abs(before), abs(after))
    for name, (text, amount) in alone.items():
        if amount is not None and abs(amount - before) > least:
            parts.append(Contribution(name, text, amount - before))
            rest -= amount - before
    if abs(rest) > least:
        parts.append(Contribution(TOGETHER, _("only together"), rest))
    return tuple(parts)


def _cost(charge: Charge | None) -> float | None:
    """Return the cost of a line; a bill without the line pays nothing for it."""
    return 0.0 if charge is None else charge.cost


def _charges(bill: Bill | None) -> dict[_Key, Charge]:
    """Return the monthly lines of a bill, those of one sku as one."""
    charges: dict[_Key, Charge] = {}
    for line in () if bill is None else bill.lines:
        key = _Key(line.use, line.sku, line.unit, line.environment)
        quantity, cost = charges.get(key, Charge(0.0, 0.0))
        priced = cost is not None and line.cost is not None
        charges[key] = Charge(
            quantity + float(line.quantity),
            float(cost or 0) + float(line.cost or 0) if priced else None,
        )
    return charges
