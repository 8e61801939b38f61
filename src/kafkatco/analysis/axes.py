"""Every input that cost may be swept over: what it is called, its unit, and how it is varied."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np

from kafkatco.core.money import parse_salary
from kafkatco.core.units import DURATION, RATE, Kind, parse
from kafkatco.costing.bill import bill_of
from kafkatco.costing.comparison import Comparison
from kafkatco.deployments import Deployment, Labour
from kafkatco.errors import InputError, MissingPriceError, Problem, nearest
from kafkatco.prices import PriceBook, PriceRow
from kafkatco.sizing.formulas import monthly_tb

__all__ = ["AXES", "OWN_SHARES", "Axis", "find_axis"]


@dataclass(frozen=True, slots=True)
class Axis(ABC):
    """An input, and the unit in which results speak of it.

    ``per_base`` says how many ``unit`` one base unit is, ``ends`` where a sweep begins and ends
    unless told, ``least`` and ``most`` what may be asked for, in base units.  ``target`` is what
    is varied: an operand, a sku, or a deployment's label, where empty of all.
    """

    name: str
    unit: str = ""
    kind: Kind | None = None
    per_base: float = 1.0
    ends: tuple[object, object] = (0, 1)
    target: str = ""
    least: float = 0.0
    most: float = float("inf")

    def read(self, text: Any, month_hours: float) -> float:
        """Return a position in the input's base unit; raises ``ValueError``."""
        if self.kind is not None:
            return float(parse(text, self.kind).value(month_hours))
        try:
            value = float(text)
        except (TypeError, ValueError):
            raise ValueError("a number") from None
        if not (np.isfinite(value) and self.least <= value <= self.most):
            upper = "" if np.isinf(self.most) else f" and at most {self.most:g}"
            raise ValueError(f"a number of at least {self.least:g}{upper}")
        return value

    def in_unit(self, x: float) -> float:
        """Return a position in base units in ``unit``, in which results hold it."""
        return x * self.per_base

    @abstractmethod
    def vary(self, comparison: Comparison, x: Any) -> Comparison:
        """Return the comparison with this input at ``x``: a number, an array or a curve."""

    def overlaps(self, other: Axis) -> bool:
        """Whether another axis varies the same thing, under whichever name."""
        same = self.target == other.target or not (self.target and other.target)
        return type(self) is type(other) and same

    @abstractmethod
    def now(self, comparison: Comparison) -> float | None:
        """Return what the input is there, in base units; ``None`` where nobody has it."""


@dataclass(frozen=True, slots=True)
class OperandAxis(Axis):
    """An input of the workload."""

    def vary(self, comparison: Comparison, x: Any) -> Comparison:
        """Return the comparison with another workload."""
        return replace(comparison, load=comparison.load.replace(**{self.target: x}))

    def now(self, comparison: Comparison) -> float | None:
        """Return the workload's own."""
        return float(getattr(comparison.load, self.target))


@dataclass(frozen=True, slots=True)
class PeopleAxis(Axis):
    """How many people there are, of one deployment or of all that have some."""

    def vary(self, comparison: Comparison, x: Any) -> Comparison:
        """Return the comparison with so many people."""
        changed = tuple(
            item.model_copy(update={"labour": item.labour.with_fte(x)})
            if item.labour is not None and self.target in ("", item.label)
            else item
            for item in comparison.deployments
        )
        return replace(comparison, deployments=changed)

    def now(self, comparison: Comparison) -> float | None:
        """Return how many the first of them has, of its own or of the staffing model's."""
        for item in comparison.deployments:
            if item.labour is not None and self.target in ("", item.label):
                if item.labour.fte is not None:
                    return float(item.labour.fte)
                lines = bill_of(item, comparison.load, comparison.book).lines
                people = sum(float(x.quantity) for x in lines if x.component == "labour")
                if people:
                    return people
        return None


@dataclass(frozen=True, slots=True)
class ShareAxis(Axis):
    """A share that one deployment, or all of those that know it, have as a field."""

    field: str = "discount"

    def overlaps(self, other: Axis) -> bool:
        """Whether another axis varies the same field of the same deployment."""
        mine = isinstance(other, ShareAxis) and other.field == self.field
        return mine and Axis.overlaps(self, other)

    def _has(self, item: Deployment) -> bool:
        return self.target in ("", item.label) and self.field in type(item).model_fields

    def vary(self, comparison: Comparison, x: Any) -> Comparison:
        """Return the comparison with such a share."""
        changed = tuple(
            item.model_copy(update={self.field: x}) if self._has(item) else item
            for item in comparison.deployments
        )
        return replace(comparison, deployments=changed)

    def now(self, comparison: Comparison) -> float | None:
        """Return the share of the first of them."""
        own = (getattr(item, self.field) for item in comparison.deployments if self._has(item))
        return next((float(x) for x in own if x is not None), None)


@dataclass(frozen=True, slots=True)
class PriceAxis(Axis):
    """One price, an exchange rate among them, or what every person costs in a month."""

    def vary(self, comparison: Comparison, x: Any) -> Comparison:
        """Return the comparison at such a price."""
        return replace(comparison, book=comparison.book.swept(self.target, x))

    def now(self, comparison: Comparison) -> float | None:
        """Return the book's price, of the region of a deployment; or what people cost.

        ``None`` where they cost not the same in each deployment that has some.
        """
        if self.target == SALARY:
            labours = (d.labour for d in comparison.deployments if d.labour and d.labour.fte != 0)
            salaries = {_salary(labour, comparison.book) for labour in labours}
            return salaries.pop() if len(salaries) == 1 else None
        for region in (*(d.region for d in comparison.deployments), "any"):
            try:
                price = comparison.book.price(self.target, region)[0].price
            except MissingPriceError:
                continue
            return None if price is None else float(price)
        return None


def _salary(labour: Labour, book: PriceBook) -> float | None:
    """Return what a person costs in a month [the book's currency]."""
    if labour.monthly is not None:
        money = parse_salary(labour.monthly)
        return float(money.amount * book.exchange(money.currency))
    try:
        price = book.money(book.price(f"labour.{labour.role}", labour.region)[0])
    except MissingPriceError:
        return None
    return None if price is None else float(price)


SALARY: Final = "labour."
_SHARES: Final = ("follower_fetch", "producer_affinity", "internet_egress")
_COUNTS: Final = {
    "partitions": (1, 10_000),
    "connector_tasks": (0, 100),
    "stream_processing_units": (0, 100),
    "connections": (0, 10_000),
}
#: The names of axes that need nothing beside them.
AXES: Final = (
    "ingress",
    "retention",
    "local_retention",
    "fanout",
    "peak_to_average",
    "compression_ratio",
    "requests",
    *_COUNTS,
    *_SHARES,
    "fte",
    "discount",
    "salary",
    "krw",
)


#: Shares of deployments, with what they may be; cost is not linear in the last two.
OWN_SHARES: Final = {
    "discount": (0.0, 1.0),
    "disk_headroom": (0.0, 0.99),
    "utilisation": (0.01, 1.0),
}


def find_axis(name: str, comparison: Comparison, given: str = "over") -> Axis:
    """Return the axis of a name: one of ``AXES``, ``fte:NAME``, a share of one, or a sku.

    Shares are ``discount``, ``disk_headroom`` and ``utilisation``, with ``:NAME`` those of one.

    Raises :class:`~kafkatco.errors.InputError` for anything else, with the nearest name, as what
    was ``given`` under that option.
    """
    name = str(name)
    head, colon, label = name.partition(":")
    labels = [item.label for item in comparison.deployments]
    if head in ("fte", *OWN_SHARES) and colon and label not in labels:
        expected = "a deployment after the colon"
        problem = Problem(given, repr(name), expected, nearest(label, labels, limit=20))
        raise InputError("crossovers", [problem])
    if head == "fte":
        return PeopleAxis(name, "people", ends=(0, 10), target=label)
    if head in OWN_SHARES:
        low, high = OWN_SHARES[head]
        return ShareAxis(name, "", None, 1.0, (low, high), label, low, high, head)
    if name == "salary":
        unit = f"{comparison.book.currency}/month"
        per_usd = comparison.book.exchange("USD")
        return PriceAxis(name, unit, ends=(500 * per_usd, 50_000 * per_usd), target=SALARY)
    if name == "krw":
        return PriceAxis(name, "KRW/USD", ends=(500, 3000), least=1e-9, target="fx.usd.krw")
    operands = _operand_axes(comparison.load.month_hours)
    if name in operands:
        return operands[name]
    skus = comparison.book.skus()
    if name not in skus:
        hint = nearest(name, (*AXES, *skus), limit=0)
        expected = f"an input to sweep ({', '.join(AXES)}), or a sku"
        raise InputError("crossovers", [Problem(given, repr(name), expected, hint)])
    return _price_axis(name, comparison)


def _price_axis(sku: str, comparison: Comparison) -> Axis:
    found: Axis = PriceAxis(sku, target=sku)
    now = found.now(comparison) or 1.0
    regions = (*(d.region for d in comparison.deployments), *comparison.book.regions_of(sku))
    row = next(row for region in regions for row in _rows(comparison.book, sku, region))
    return replace(found, unit=f"{row.currency}/{row.unit}", ends=(0.0, 4.0 * now))


def _rows(book: PriceBook, sku: str, region: str) -> tuple[PriceRow, ...]:
    """Return the rows that count for a sku, the user's own or those of the tables."""
    try:
        return book.price(sku, region)
    except MissingPriceError:
        return book.listed(sku, region)


def _operand_axes(month_hours: float) -> dict[str, Axis]:
    tb_month = monthly_tb(1.0, month_hours)
    found: list[Axis] = [
        OperandAxis(
            "ingress",
            "TB/month",
            RATE,
            tb_month,
            ("0.1 TB/month", "1 PB/month"),
            target="ingress_mib_s",
        ),
        OperandAxis("retention", "h", DURATION, ends=("1 h", "90 days"), target="retention_h"),
        OperandAxis(
            "local_retention", "h", DURATION, ends=("1 h", "7 days"), target="local_retention_h"
        ),
        OperandAxis("fanout", ends=(0, 20), target="fanout"),
        OperandAxis("peak_to_average", ends=(1, 10), least=1.0, target="peak_to_average"),
        OperandAxis("compression_ratio", ends=(1, 10), least=1.0, target="compression_ratio"),
        OperandAxis("requests", "1/s", ends=(0, 100_000), target="requests_per_s"),
        *(
            OperandAxis(field, ends=ends, least=float(ends[0]), target=field)
            for field, ends in _COUNTS.items()
        ),
        *(OperandAxis(field, most=1.0, target=field) for field in _SHARES),
    ]
    return {axis.name: axis for axis in found}
