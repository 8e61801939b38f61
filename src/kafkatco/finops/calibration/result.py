"""The result of a calibration: lines of model and bill, unknown charges, the calibrated model."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from kafkatco.core.result import Result, about_prices
from kafkatco.deployments import Deployment
from kafkatco.finops.calibration.estimate import Estimate, Held
from kafkatco.finops.calibration.reconcile import Unknown
from kafkatco.sizing.workload import Workload

__all__ = ["Calibration", "Compared"]


@dataclass(frozen=True, slots=True)
class Compared:
    """A line as modelled, as billed and as calibrated; ``None`` where it has no such line.

    Quantities are in ``unit``, costs in the currency, gross or net as requested; ``gross`` and
    ``net`` are the billed costs before and after discounts.  ``fitted`` is whether the estimate
    used its quantity.
    """

    component: str
    sku: str
    region: str
    unit: str
    modelled_quantity: float | None
    billed_quantity: float | None
    calibrated_quantity: float | None
    modelled_cost: float | None
    billed_cost: float | None
    calibrated_cost: float | None
    gross: float | None
    net: float | None
    fitted: bool

    @property
    def residual(self) -> float:
        """The billed less the modelled cost [currency]; a missing side counts as 0."""
        return (self.billed_cost or 0.0) - (self.modelled_cost or 0.0)

    @property
    def left_over(self) -> float:
        """The billed less the calibrated cost [currency]; a missing side counts as 0."""
        return (self.billed_cost or 0.0) - (self.calibrated_cost or 0.0)


@dataclass(frozen=True, slots=True)
class Calibration(Result):
    """The reconciliation of a month's bill with the model, and the calibrated model.

    ``lines`` and ``unknown`` together are the whole bill.  ``workload`` and ``deployments`` are
    calibrated: :func:`kafkatco.project` forecasts from them.  ``estimates`` are the inputs that the
    bill identifies, ``held`` the others, with reasons.
    """

    month: str
    month_hours: float
    costs: str  #: "gross" or "net": the costs that are compared
    currency: str
    lines: tuple[Compared, ...]
    unknown: tuple[Unknown, ...]
    estimates: tuple[Estimate, ...]
    held: tuple[Held, ...]
    workload: Workload
    deployments: tuple[Deployment, ...]
    notes: tuple[str, ...]
    prices: Mapping[str, str]

    def __repr__(self) -> str:
        estimates = ", ".join(
            f"{estimate.name} = {estimate.now:.4g}" for estimate in self.estimates
        )
        return (
            f"Calibration({self.month}: billed {self.billed:,.2f} {self.currency}, "
            f"left over {self.left_over:,.2f}{'; ' if estimates else ''}{estimates[:120]})"
        )

    @property
    def gross(self) -> float:
        """The whole bill before discounts [currency]."""
        charges: Iterable[Any] = (*self.lines, *self.unknown)
        return float(sum(charge.gross or 0.0 for charge in charges))

    @property
    def net(self) -> float:
        """The whole bill after discounts [currency]."""
        charges: Iterable[Any] = (*self.lines, *self.unknown)
        return float(sum(charge.net or 0.0 for charge in charges))

    @property
    def billed(self) -> float:
        """The whole bill, gross or net as ``costs`` [currency]."""
        return self.gross if self.costs == "gross" else self.net

    @property
    def unknown_cost(self) -> float:
        """The part of the bill without lines [currency]."""
        return float(sum(getattr(charge, self.costs) for charge in self.unknown))

    @property
    def residual(self) -> float:
        """The part of the lines that the original model does not explain [currency]."""
        return float(sum(line.residual for line in self.lines))

    @property
    def left_over(self) -> float:
        """The part of the lines that the calibrated model does not explain [currency]."""
        return float(sum(line.left_over for line in self.lines))

    def _about(self) -> dict[str, Any]:
        return about_prices(self.currency, self.prices)
