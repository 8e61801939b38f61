"""Cost month by month: deployments x growth scenarios x months, in one broadcast."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from kafkatco.core.result import Result, about_prices, draw
from kafkatco.costing.costs import Costs, costs
from kafkatco.deployments.agreements import credit_used
from kafkatco.deployments.base import Deployment
from kafkatco.errors import InputError, Problem
from kafkatco.planning.growth import Constant, Growth, retained
from kafkatco.prices import PriceBook
from kafkatco.sizing.formulas import monthly_tb
from kafkatco.sizing.workload import Operands, Workload, hours_of_month

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.axes import Axes


__all__ = ["Projection", "check_projection", "grown", "months_hours", "project"]

MOST_MONTHS: Final = 1200


@dataclass(frozen=True, slots=True, eq=False)
class Projection(Result):
    """Monthly cost of each deployment in each growth scenario.

    ``data`` is an xarray Dataset over ``deployment``, ``scenario`` and ``month`` (from 1) with
    ``cost`` (running and one-off), ``cumulative_cost``, ``discounted_cost``,
    ``cumulative_discounted_cost`` [currency], ``feasible``, the traffic ``ingress`` [TB/month] by
    scenario and month, and ``floor``: whether some price of a deployment is missing.  Where a
    deployment cannot serve, its cost is missing, and so is every later cumulative.
    """

    data: xr.Dataset

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
        """Draw a cost of one scenario (the first, unless named); needs the extra ``plot``."""
        return draw(self, "plot", ax, scenario=scenario, of=of, language=language)

    def plot_fan(
        self, ax: Axes | None = None, *, of: str = "cumulative_cost", language: str = "en"
    ) -> Axes:
        """Draw a cost from the least to the most over all scenarios; needs the extra ``plot``."""
        return draw(self, "plot_fan", ax, of=of, language=language)

    def _about(self) -> dict[str, Any]:
        return about_prices(self.data.attrs["currency"], self.data.attrs)


def project(
    workload: Workload,
    deployments: Sequence[Deployment],
    book: PriceBook,
    *,
    growth: Growth | Sequence[Growth] = (),
    months: int = 36,
    discount_rate: float = 0.0,
    inflation: float = 0.0,
    month_hours: int | str = 730,
) -> Projection:
    """Project the monthly cost of deployments under growth.

    Parameters
    ----------
    workload, deployments, book
        What is asked in the first month, by whom it may be served, at which prices.
    growth
        One growth model or several (scenarios); constant traffic by default.
    months
        How many months.  [1]
    discount_rate, inflation
        Shares per year.  A cost of month m (from 1) is multiplied by
        ``(1 + inflation) ** ((m - 1) / 12)``, and discounted by
        ``(1 + discount_rate) ** (m / 12)``: paid at the month's end.  [1]
    month_hours
        Hours of a billing month, or ``"calendar"``: from the book's month on.  [h]

    Returns
    -------
    Projection
        Of shape deployments x scenarios x months.  What is stored follows the traffic of the past
        retention; one-off cost falls in month 1; a credit pays charges until it is spent.

    Raises
    ------
    InputError, MissingPriceError
        As :func:`kafkatco.crossovers`.

    Examples
    --------
    >>> from kafkatco import ConfluentBasic, PriceBook, Workload
    >>> plan = project(Workload(ingress="1 TB/month"), [ConfluentBasic(region="us-east-1")],
    ...                PriceBook("list", as_of="2025-10-31"), months=12)
    >>> plan.to_xarray().cost.shape
    (1, 1, 12)
    """
    import xarray as xr

    models = (growth,) if isinstance(growth, Growth) else tuple(growth) or (Constant(),)
    rates = {"discount_rate": discount_rate, "inflation": inflation}
    check_projection("project", deployments, models, months, rates)
    hours = months_hours(month_hours, book, months)
    load = grown(workload, models, hours)
    traffic = load.ingress_mib_s
    catalogue = book.catalogue()
    shape = traffic.shape
    found = [costs(item, load, book, catalogue) for item in deployments]
    month = np.arange(1, months + 1)
    dearer = (1.0 + inflation) ** ((month - 1) / 12)
    cost = np.stack([_paid(item, shape, dearer, hours) for item in found])
    discounted = cost / (1.0 + discount_rate) ** (month / 12)
    dims = ("deployment", "scenario", "month")
    data = xr.Dataset(
        {
            "cost": (dims, cost),
            "cumulative_cost": (dims, np.cumsum(cost, axis=-1)),
            "discounted_cost": (dims, discounted),
            "cumulative_discounted_cost": (dims, np.cumsum(discounted, axis=-1)),
            "feasible": (dims, np.isfinite(cost)),
            "floor": (dims[:1], [bool(item.open) for item in found]),
            "ingress": (dims[1:], monthly_tb(traffic, hours)),
        },
        coords={
            "deployment": [item.label for item in deployments],
            "scenario": [model.label for model in models],
            "month": month,
        },
        attrs={
            "currency": book.currency,
            "discount_rate": discount_rate,
            "inflation": inflation,
            **book.describe(),
            "floors": "; ".join(
                f"{item.label}: no price of {', '.join(item.open)}" for item in found if item.open
            ),
        },
    )
    data["ingress"].attrs["units"] = "TB/month"
    for name in data.data_vars:
        if "cost" in str(name):
            data[name].attrs["units"] = book.currency
    return Projection(data)


def grown(workload: Workload, models: Sequence[Growth], hours: Any) -> Operands:
    """Return the workload month by month, traffic of shape ``(scenarios, months)``.

    ``hours`` [h] of each month, ``(months,)``; what is stored follows the past retention.
    """
    load = workload.operands(month_hours=hours)
    first = load.ingress_mib_s * np.ones(len(hours))
    traffic = np.stack([model.path(first, hours) for model in models])
    kept = retained(traffic, load.retention_h, hours)
    return load.replace(ingress_mib_s=traffic, retained_mib_s=kept)


def check_projection(
    where: str,
    deployments: Sequence[Deployment],
    models: Sequence[Growth],
    months: int,
    rates: dict[str, float],
) -> None:
    """Raise ``InputError`` with all that is wrong with what month by month is asked for."""
    problems = [
        Problem(name, repr(rate), "a share per year, above -1")
        for name, rate in rates.items()
        if not (isinstance(rate, int | float) and -1 < rate < 1000)
    ]
    if not (isinstance(months, int) and 1 <= months <= MOST_MONTHS):
        problems.append(Problem("months", repr(months), f"a whole number, 1 to {MOST_MONTHS}"))
    for what, items in (("deployments", deployments), ("growth", models)):
        labels = [getattr(item, "label", None) for item in items]
        if not labels or len(set(labels)) != len(labels):
            problems.append(Problem(what, repr(labels), "one or more, each with a name of its own"))
    if problems:
        raise InputError(where, problems)


def months_hours(month_hours: int | str, book: PriceBook, months: int) -> Any:
    """Return the hours of each month [h], shape ``(months,)``."""
    first = book.as_of.year * 12 + book.as_of.month - 1
    dates = (dt.date((first + i) // 12, (first + i) % 12 + 1, 1) for i in range(months))
    return np.array([hours_of_month(month_hours, date) for date in dates])


def _paid(item: Costs, shape: tuple[int, ...], dearer: Any, hours: Any) -> Any:
    """Return what is paid month by month: nan where it cannot serve, setting up in the first.

    ``dearer`` is what prices have become; a credit pays charges in months that can be served.
    """
    cost = np.broadcast_to(np.asarray(item.total, float), shape) * dearer
    cost[..., 0] += np.broadcast_to(np.asarray(item.one_off, float), shape)[..., 0]
    infeasible = np.broadcast_to(item.infeasible, shape)
    if item.credit is not None:
        charged = np.broadcast_to(np.asarray(item.charges, float), shape) * dearer
        amount, life_h = item.credit
        cost = cost - credit_used(np.where(infeasible, 0.0, charged), amount, life_h, hours)
    return np.where(infeasible, np.nan, cost)
