"""The inputs that cost can vary with: their names, units and ranges, and how to vary them."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np

from kafkatco.core.money import parse_salary
from kafkatco.core.units import DURATION, RATE, Kind, parse
from kafkatco.core.vocabulary import word
from kafkatco.costing.bill import bill_of
from kafkatco.costing.comparison import Comparison
from kafkatco.deployments import Deployment, Labour
from kafkatco.errors import InputError, InvalidValueError, MissingPriceError, Problem, nearest
from kafkatco.i18n.message import Message, _, join
from kafkatco.prices import PriceBook, PriceRow
from kafkatco.sizing.formulas import monthly_tb
from kafkatco.sizing.workload import Operands

__all__ = ["AXES", "OWN_SHARES", "Axis", "find_axis"]


@dataclass(frozen=True, slots=True)
class Axis(ABC):
    """An input that varies, and the unit of its values in results.

    One base unit is ``per_base`` of ``unit``.  ``ends`` is the default range of a sweep; ``least``
    and ``most`` are the limits of the input, in base units.  ``target`` is the operand, the sku or
    the label of the deployment that varies; an empty label stands for all deployments.
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
        """Return a value in the base unit; raise ``InvalidValueError`` for an invalid one."""
        if self.kind is not None:
            return float(parse(text, self.kind).value(month_hours))
        try:
            value = float(text)
        except (TypeError, ValueError):
            raise InvalidValueError(_("a number")) from None
        if not (np.isfinite(value) and self.least <= value <= self.most):
            raise InvalidValueError(self.allowed)
        return value

    @property
    def allowed(self) -> Message:
        """The range of the input, as an error shows the expected value."""
        least, most = self._bound(self.least), self._bound(self.most)
        if np.isinf(self.most):
            return _("a number of at least {least}", least=least)
        return _("a number of at least {least} and at most {most}", least=least, most=most)

    def _bound(self, x: float) -> Message:
        """Return a limit in base units as text, in ``unit``."""
        number = f"{self.in_unit(x):g}"
        return join(" ", [number, word(self.unit)] if self.unit else [number])

    def in_unit(self, x: float) -> float:
        """Return a value in base units in ``unit``, as results have it."""
        return x * self.per_base

    @abstractmethod
    def vary(self, comparison: Comparison, x: Any) -> Comparison:
        """Return the comparison with this input set to ``x``: a number, an array or a curve."""

    def overlaps(self, other: Axis) -> bool:
        """Return whether another axis varies the same input, even under another name."""
        same = self.target == other.target or not (self.target and other.target)
        return type(self) is type(other) and same

    @abstractmethod
    def now(self, comparison: Comparison) -> float | None:
        """Return the input's current value in base units; ``None`` if no deployment has it."""


@dataclass(frozen=True, slots=True)
class OperandAxis(Axis):
    """An input of the workload."""

    def vary(self, comparison: Comparison, x: Any) -> Comparison:
        """Return the comparison with the workload's field set to ``x``."""
        return replace(comparison, load=comparison.load.replace(**{self.target: x}))

    def now(self, comparison: Comparison) -> float | None:
        """Return the workload's value."""
        return float(getattr(comparison.load, self.target))


@dataclass(frozen=True, slots=True)
class PeopleAxis(Axis):
    """The number of people of one deployment, or of every deployment that has labour."""

    def vary(self, comparison: Comparison, x: Any) -> Comparison:
        """Return the comparison with ``x`` people."""
        changed = tuple(
            option.model_copy(update={"labour": option.labour.with_fte(x)})
            if option.labour is not None and self.target in ("", option.label)
            else option
            for option in comparison.deployments
        )
        return replace(comparison, deployments=changed)

    def now(self, comparison: Comparison) -> float | None:
        """Return the people of the first such deployment, if need be by the staffing model."""
        for option in comparison.deployments:
            if option.labour is not None and self.target in ("", option.label):
                if option.labour.fte is not None:
                    return float(option.labour.fte)
                lines = bill_of(option, comparison.load, comparison.book).lines
                people = sum(float(x.quantity) for x in lines if x.component == "labour")
                if people:
                    return people
        return None


@dataclass(frozen=True, slots=True)
class ShareAxis(Axis):
    """A share that is a field of one deployment, or of every deployment that has the field."""

    field: str = "discount"

    def overlaps(self, other: Axis) -> bool:
        """Return whether another axis varies the same field of the same deployment."""
        same_field = isinstance(other, ShareAxis) and other.field == self.field
        return same_field and Axis.overlaps(self, other)

    def _applies(self, option: Deployment) -> bool:
        """Return whether a deployment has the field, and is the one that varies."""
        return self.target in ("", option.label) and self.field in type(option).model_fields

    def vary(self, comparison: Comparison, x: Any) -> Comparison:
        """Return the comparison with the share set to ``x``."""
        changed = tuple(
            option.model_copy(update={self.field: x}) if self._applies(option) else option
            for option in comparison.deployments
        )
        return replace(comparison, deployments=changed)

    def now(self, comparison: Comparison) -> float | None:
        """Return the share of the first such deployment."""
        options = (option for option in comparison.deployments if self._applies(option))
        catalogue = comparison.book.catalogue()
        shares = (option.assumed(catalogue, self.field) for option in options)
        return next((float(share) for share in shares), None)


@dataclass(frozen=True, slots=True)
class PriceAxis(Axis):
    """A price, an exchange rate, or the monthly salary of all people."""

    def vary(self, comparison: Comparison, x: Any) -> Comparison:
        """Return the comparison with the price set to ``x``."""
        return replace(comparison, book=comparison.book.swept(self.target, x))

    def now(self, comparison: Comparison) -> float | None:
        """Return the book's price in the region of a deployment, or the salary.

        ``None`` if the salary differs between deployments.
        """
        if self.target == SALARY:
            salaries = {
                _salary(option.labour, option.region, comparison.book)
                for option in comparison.deployments
                if option.labour and option.labour.fte != 0
            }
            return salaries.pop() if len(salaries) == 1 else None
        for region in (*(d.region for d in comparison.deployments), "any"):
            try:
                price = comparison.book.price(self.target, region)[0].price
            except MissingPriceError:
                continue
            return None if price is None else float(price)
        return None


def _salary(labour: Labour, home: str, book: PriceBook) -> float | None:
    """Return the monthly cost of a person who runs a deployment in ``home`` [book's currency]."""
    if labour.monthly is not None:
        money = parse_salary(labour.monthly)
        return float(money.amount * book.exchange(money.currency))
    try:
        price = book.money(book.price(f"labour.{labour.role}", labour.wage_region(home))[0])
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
    "topics": (0, 1_000),
}
#: The names of axes that need no deployment.
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


#: Shares that are fields of deployments, with their ranges; cost is not linear in the last two.
OWN_SHARES: Final = {
    "discount": (0.0, 1.0),
    "disk_headroom": (0.0, 0.99),
    "utilisation": (0.01, 1.0),
}


def find_axis(name: str, comparison: Comparison, where: str = "over") -> Axis:
    """Return the axis of a name: one of ``AXES``, ``fte:NAME``, a share, or a sku.

    The shares are ``discount``, ``disk_headroom`` and ``utilisation``; with ``:NAME`` they are
    those of one deployment.

    Raises :class:`~kafkatco.errors.InputError` of the argument ``where`` for any other name, with
    the nearest valid one.
    """
    name = str(name)
    head, colon, label = name.partition(":")
    labels = comparison.labels
    if head in ("fte", *OWN_SHARES) and colon and label not in labels:
        expected = _("a deployment after the colon")
        problem = Problem(where, repr(name), expected, nearest(label, labels, limit=20))
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
    operands = _operand_axes(comparison.load)
    if name in operands:
        return operands[name]
    skus = comparison.book.skus()
    if name not in skus:
        hint = nearest(name, (*AXES, *skus), limit=0)
        expected = _("a sku, or one of these inputs: {inputs}", inputs=", ".join(AXES))
        raise InputError("crossovers", [Problem(where, repr(name), expected, hint)])
    return _price_axis(name, comparison)


def _price_axis(sku: str, comparison: Comparison) -> Axis:
    axis: Axis = PriceAxis(sku, target=sku)
    now = axis.now(comparison) or 1.0
    regions = (*(d.region for d in comparison.deployments), *comparison.book.regions_of(sku))
    row = next(row for region in regions for row in _rows(comparison.book, sku, region))
    return replace(axis, unit=f"{row.currency}/{row.unit}", ends=(0.0, 4.0 * now))


def _rows(book: PriceBook, sku: str, region: str) -> tuple[PriceRow, ...]:
    """Return the rows that apply to a sku: the user's own, or those of the tables."""
    try:
        return book.price(sku, region)
    except MissingPriceError:
        return book.listed(sku, region)


def _operand_axes(load: Operands) -> dict[str, Axis]:
    tb_month, least_peak = monthly_tb(1.0, load.month_hours), load.profile.highest
    axes: list[Axis] = [
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
        OperandAxis(
            "peak_to_average",
            ends=(least_peak, 10 * least_peak),
            least=least_peak,
            target="peak_to_average",
        ),
        OperandAxis("compression_ratio", ends=(1, 10), least=1.0, target="compression_ratio"),
        OperandAxis("requests", "1/s", ends=(0, 100_000), target="requests_per_s"),
        *(
            OperandAxis(field, ends=ends, least=float(ends[0]), target=field)
            for field, ends in _COUNTS.items()
        ),
        *(OperandAxis(field, most=1.0, target=field) for field in _SHARES),
    ]
    return {axis.name: axis for axis in axes}
