"""Projections: costs of deployments x growth scenarios x months, in one broadcast."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from kafkatco.core.result import Result, about_prices, draw
from kafkatco.costing.comparison import Comparison, operands_of
from kafkatco.costing.costs import Costs, costs_of
from kafkatco.deployments.agreements import credit_used
from kafkatco.deployments.base import Deployment
from kafkatco.planning.growth import Growth, retained
from kafkatco.planning.horizon import Horizon
from kafkatco.prices import PriceBook
from kafkatco.sizing.formulas import monthly_tb
from kafkatco.sizing.workload import Operands, Workload

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.axes import Axes


__all__ = ["Projection", "grown", "project"]


@dataclass(frozen=True, slots=True, eq=False)
class Projection(Result):
    """Monthly cost of each deployment in each growth scenario.

    ``data`` is an xarray Dataset over ``deployment``, ``scenario`` and ``month`` (from 1).  It has
    ``cost`` (running and one-off), ``cumulative_cost``, ``discounted_cost``,
    ``cumulative_discounted_cost`` [currency], ``feasible``, the traffic ``ingress`` [TB/month] by
    scenario and month, and ``floor``: whether the cost is a floor, which is never the cheapest.  If
    a deployment is infeasible in a month, its cost and all later cumulative costs are missing.
    ``unchecked`` has, by deployment, the reasons why a limit is unknown.
    """

    data: xr.Dataset
    unchecked: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def __repr__(self) -> str:
        sizes = self.data.sizes
        return (
            f"Projection({sizes['deployment']} deployments x {sizes['scenario']} growths x "
            f"{sizes['month']} months, {self.data.attrs['currency']})"
        )

    def to_xarray(self) -> xr.Dataset:
        """Return the Dataset."""
        return self.data

    def plot(
        self,
        ax: Axes | None = None,
        *,
        scenario: str | None = None,
        of: str = "cumulative_cost",
        language: str = "en",
    ) -> Axes:
        """Draw a cost of one scenario, by default the first; needs the extra ``plot``."""
        return draw(self, "plot", ax, scenario=scenario, of=of, language=language)

    def plot_fan(
        self, ax: Axes | None = None, *, of: str = "cumulative_cost", language: str = "en"
    ) -> Axes:
        """Draw the range of a cost over all scenarios; needs the extra ``plot``."""
        return draw(self, "plot_fan", ax, of=of, language=language)

    def _about(self) -> dict[str, Any]:
        return about_prices(self.data.attrs["currency"], self.data.attrs)


def project(
    workload: Workload,
    deployments: Sequence[Deployment],
    book: PriceBook,
    *,
    horizon: Horizon | None = None,
) -> Projection:
    """Project the monthly cost of deployments under growth.

    Parameters
    ----------
    workload, deployments, book
        The workload of the first month, the deployments and the prices.
    horizon
        Growth scenarios, months, rates and the hours of a month; constant traffic over 36 months by
        default.

    Returns
    -------
    Projection
        Of shape deployments x scenarios x months.  Stored data follow the traffic of the past
        retention; one-off costs are due in month 1; a credit pays charges until it is spent.

    Raises
    ------
    InputError, MissingPriceError
        As :func:`kafkatco.crossovers`.

    Examples
    --------
    >>> from kafkatco import ConfluentBasic, PriceBook, Workload
    >>> plan = project(Workload(ingress="1 TB/month"), [ConfluentBasic(region="us-east-1")],
    ...                PriceBook("list", as_of="2025-10-31"), horizon=Horizon(months=12))
    >>> plan.to_xarray().cost.shape
    (1, 1, 12)
    """
    import xarray as xr

    horizon = Horizon.of("project", horizon)
    options = Comparison.of("project", workload, deployments, book, horizon.month_hours).deployments
    hours = horizon.hours(book)
    load = grown(workload, book, horizon.scenarios, hours)
    traffic = load.ingress_mib_s
    catalogue = book.catalogue()
    each = [costs_of(option, load, book, catalogue) for option in options]
    paid = np.stack([_paid(cost, traffic.shape, horizon.price_index, hours) for cost in each])
    discounted = paid * horizon.present_value
    dims = ("deployment", "scenario", "month")
    data = xr.Dataset(
        {
            "cost": (dims, paid),
            "cumulative_cost": (dims, np.cumsum(paid, axis=-1)),
            "discounted_cost": (dims, discounted),
            "cumulative_discounted_cost": (dims, np.cumsum(discounted, axis=-1)),
            "feasible": (dims, np.isfinite(paid)),
            "floor": (dims, np.stack([np.broadcast_to(x.floor, traffic.shape) for x in each])),
            "ingress": (dims[1:], monthly_tb(traffic, hours)),
        },
        coords={
            "deployment": [cost.label for cost in each],
            "scenario": [model.label for model in horizon.scenarios],
            "month": horizon.month,
        },
        attrs={
            "currency": book.currency,
            "discount_rate": horizon.discount_rate,
            "inflation": horizon.inflation,
            **book.describe(),
            "floors": "; ".join(
                f"{cost.label}: no price of {', '.join(cost.unpriced_skus)}"
                for cost in each
                if cost.unpriced_skus
            ),
        },
    )
    data["ingress"].attrs["units"] = "TB/month"
    for name in data.data_vars:
        if "cost" in str(name):
            data[name].attrs["units"] = book.currency
    return Projection(data, {cost.label: cost.unchecked for cost in each if cost.unchecked})


def grown(workload: Workload, book: PriceBook, models: Sequence[Growth], hours: Any) -> Operands:
    """Return the workload of each month, with traffic of shape ``(scenarios, months)``.

    ``hours`` [h] of each month has the shape ``(months,)``; stored data follow the past retention.
    """
    load = operands_of(workload, book, hours)
    first = load.ingress_mib_s * np.ones(len(hours))
    traffic = np.stack([model.path(first, hours) for model in models])
    kept = retained(traffic, load.retention_h, hours)
    return load.replace(ingress_mib_s=traffic, retained_mib_s=kept)


def _paid(cost: Costs, shape: tuple[int, ...], price_index: Any, hours: Any) -> Any:
    """Return the payment of each month: NaN if infeasible, with the one-off cost in the first.

    ``price_index`` multiplies prices [1]; a credit pays charges in feasible months.
    """
    paid = np.broadcast_to(np.asarray(cost.total, float), shape) * price_index
    paid[..., 0] += np.broadcast_to(np.asarray(cost.one_off, float), shape)[..., 0]
    infeasible = np.broadcast_to(cost.infeasible, shape)
    if cost.credit is not None:
        charged = np.broadcast_to(np.asarray(cost.charges, float), shape) * price_index
        amount, life_h = cost.credit
        paid = paid - credit_used(np.where(infeasible, 0.0, charged), amount, life_h, hours)
    return np.where(infeasible, np.nan, paid)
