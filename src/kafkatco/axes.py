"""Every input that cost may be swept over: what it is called, its unit, and how it is varied."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np

from kafkatco.billing import bill
from kafkatco.deployments import Deployment, Labour
from kafkatco.errors import InputError, MissingPriceError, Problem, nearest
from kafkatco.money import parse_salary
from kafkatco.prices import PriceBook
from kafkatco.sizing import monthly_tb
from kafkatco.units import DURATION, RATE, Kind, parse
from kafkatco.workload import Operands

__all__ = ["AXES", "Axis", "Case", "find_axis"]


@dataclass(frozen=True, slots=True)
class Case:
    """What costs are computed from: a workload, the deployments that may serve it, the prices."""

    load: Operands
    deployments: tuple[Deployment, ...]
    book: PriceBook


@dataclass(frozen=True, slots=True)
class Axis(ABC):
    """An input, and the unit in which results speak of it.

    ``per_base`` says how many ``unit`` one base unit is, ``ends`` where a sweep begins and ends
    unless told, ``least`` and ``most`` what may be asked for, in base units.
    """

    name: str
    unit: str = ""
    kind: Kind | None = None
    per_base: float = 1.0
    ends: tuple[object, object] = (0, 1)
    least: float = 0.0
    most: float = float("inf")

    def read(self, text: object, month_hours: float) -> float:
        """Return a position in the input's base unit; raises ``ValueError``."""
        if self.kind is not None:
            return float(parse(text, self.kind).value(month_hours))
        try:
            value = float(text)  # type: ignore[arg-type]  # anything else raises below
        except (TypeError, ValueError):
            raise ValueError("a number") from None
        if not (np.isfinite(value) and self.least <= value <= self.most):
            upper = "" if np.isinf(self.most) else f" and at most {self.most:g}"
            raise ValueError(f"a number of at least {self.least:g}{upper}")
        return value

    @abstractmethod
    def vary(self, case: Case, x: Any) -> Case:
        """Return the case with this input at ``x``: a number, an array or a curve."""

    @abstractmethod
    def now(self, case: Case) -> float | None:
        """Return what the input is in a case, in base units; ``None`` where nobody has it."""


@dataclass(frozen=True, slots=True)
class OperandAxis(Axis):
    """An input of the workload."""

    operand: str = ""

    def vary(self, case: Case, x: Any) -> Case:
        """Return the case with another workload."""
        return replace(case, load=case.load.replace(**{self.operand: x}))

    def now(self, case: Case) -> float | None:
        """Return the workload's own."""
        return float(getattr(case.load, self.operand))


@dataclass(frozen=True, slots=True)
class PeopleAxis(Axis):
    """How many people there are, of one deployment or of all that have some."""

    deployment: str = ""

    def vary(self, case: Case, x: Any) -> Case:
        """Return the case with so many people."""
        changed = tuple(
            item.model_copy(update={"labour": _staffed(item.labour, x)})
            if item.labour is not None and self.deployment in ("", item.label)
            else item
            for item in case.deployments
        )
        return replace(case, deployments=changed)

    def now(self, case: Case) -> float | None:
        """Return how many the first of them has, of its own or of the staffing model's."""
        for item in case.deployments:
            if item.labour is not None and self.deployment in ("", item.label):
                lines = bill(item, case.load, case.book).lines
                people = sum(float(x.quantity) for x in lines if x.component == "labour")
                if people:
                    return people
        return None


def _staffed(labour: Labour, fte: Any) -> Labour:
    """Return the same people in another number, and what they cost, without the model's parts."""
    parts = dict.fromkeys(("base", "per_cluster", "per_broker", "on_call"))
    return labour.model_copy(update={**parts, "fte": fte})


@dataclass(frozen=True, slots=True)
class DiscountAxis(Axis):
    """The discount of one deployment, or of all."""

    deployment: str = ""

    def vary(self, case: Case, x: Any) -> Case:
        """Return the case with such a discount."""
        changed = tuple(
            item.model_copy(update={"discount": x}) if self.deployment in ("", item.label) else item
            for item in case.deployments
        )
        return replace(case, deployments=changed)

    def now(self, case: Case) -> float | None:
        """Return the discount of the first of them."""
        own = (d.discount for d in case.deployments if self.deployment in ("", d.label))
        return next(own, None)


@dataclass(frozen=True, slots=True)
class PriceAxis(Axis):
    """One price, an exchange rate among them, or what every person costs in a month."""

    sku: str = ""

    def vary(self, case: Case, x: Any) -> Case:
        """Return the case at such a price."""
        return replace(case, book=case.book.swept(self.sku, x))

    def now(self, case: Case) -> float | None:
        """Return the book's price, of the region of a deployment; or the first one's salary."""
        if self.sku == SALARY:
            return next((_salary(d.labour, case.book) for d in case.deployments if d.labour), None)
        for region in (*(d.region for d in case.deployments), "any"):
            try:
                price = case.book.price(self.sku, region)[0].price
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
    "partitions": (1, 10_000), "connector_tasks": (0, 100), "stream_processing_units": (0, 100),
    "connections": (0, 10_000),
}  # fmt: skip
#: The names of axes that need nothing beside them.
AXES: Final = (
    "ingress", "retention", "local_retention", "fanout", "peak_to_average", "compression_ratio",
    "requests", *_COUNTS, *_SHARES, "fte", "discount", "salary", "krw",
)  # fmt: skip


def find_axis(name: str, case: Case) -> Axis:
    """Return the axis of a name: one of ``AXES``, ``fte:NAME``, ``discount:NAME``, or a sku.

    Raises :class:`~kafkatco.errors.InputError` for anything else, with the nearest name.
    """
    head, _, label = str(name).partition(":")
    labels = [item.label for item in case.deployments]
    if head in ("fte", "discount") and label and label not in labels:
        expected = "a deployment after the colon"
        problem = Problem("over", repr(name), expected, nearest(label, labels, limit=20))
        raise InputError("crossovers", [problem])
    if head == "fte":
        return PeopleAxis(name, "people", ends=(0, 10), deployment=label)
    if head == "discount":
        return DiscountAxis(name, ends=(0, 1), most=1.0, deployment=label)
    if name == "salary":
        unit = f"{case.book.currency}/month"
        per_usd = case.book.exchange("USD")
        return PriceAxis(name, unit, ends=(500 * per_usd, 50_000 * per_usd), sku=SALARY)
    if name == "krw":
        return PriceAxis(name, "KRW/USD", ends=(500, 3000), least=1e-9, sku="fx.usd.krw")
    if name in case.book.skus():
        return _price_axis(name, case)
    operands = _operand_axes(case.load.month_hours)
    if name not in operands:
        hint = nearest(str(name), (*AXES, *case.book.skus()), limit=0)
        expected = f"an input to sweep ({', '.join(AXES)}), or a sku"
        raise InputError("crossovers", [Problem("over", repr(name), expected, hint)])
    return operands[name]


def _price_axis(sku: str, case: Case) -> Axis:
    found: Axis = PriceAxis(sku, sku=sku)
    now = found.now(case) or 1.0
    row = next(
        row for region in (*(d.region for d in case.deployments), *case.book.regions_of(sku))
        for row in case.book.listed(sku, region)
    )  # fmt: skip
    return replace(found, unit=f"{row.currency}/{row.unit}", ends=(0.0, 4.0 * now))


def _operand_axes(month_hours: float) -> dict[str, Axis]:
    tb_month = monthly_tb(1.0, month_hours)
    found: list[Axis] = [
        OperandAxis(
            "ingress", "TB/month", RATE, tb_month, ("0.1 TB/month", "1 PB/month"),
            operand="ingress_mib_s",
        ),
        OperandAxis("retention", "h", DURATION, ends=("1 h", "90 days"), operand="retention_h"),
        OperandAxis(
            "local_retention", "h", DURATION, ends=("1 h", "7 days"), operand="local_retention_h"
        ),
        OperandAxis("fanout", ends=(0, 20), operand="fanout"),
        OperandAxis("peak_to_average", ends=(1, 10), least=1.0, operand="peak_to_average"),
        OperandAxis("compression_ratio", ends=(1, 10), least=1.0, operand="compression_ratio"),
        OperandAxis("requests", "1/s", ends=(0, 100_000), operand="requests_per_s"),
        *(
            OperandAxis(field, ends=ends, least=float(ends[0]), operand=field)
            for field, ends in _COUNTS.items()
        ),
        *(OperandAxis(field, most=1.0, operand=field) for field in _SHARES),
    ]  # fmt: skip
    return {axis.name: axis for axis in found}
