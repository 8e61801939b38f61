"""Monthly costs for arrays of inputs: formulas are traced once, and computed for all values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from kafkatco.analysis.array_inputs import read_arrays
from kafkatco.analysis.axes import Axis
from kafkatco.analysis.cost_programs import CostProgram, cost_programs
from kafkatco.core.result import about_prices
from kafkatco.costing.comparison import Comparison
from kafkatco.deployments import Deployment
from kafkatco.errors import InputError, Problem
from kafkatco.i18n.message import _
from kafkatco.numerics.evaluate import evaluate_into
from kafkatco.numerics.program import Program
from kafkatco.prices import PriceBook
from kafkatco.sizing.workload import Workload

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["totals"]


def totals(
    workload: Workload,
    deployments: Sequence[Deployment],
    book: PriceBook,
    inputs: Mapping[str, Any],
    *,
    itemised: bool = False,
    month_hours: int | str = 730,
) -> xr.Dataset:
    """Return monthly costs for arrays of inputs: millions of totals a second.

    Parameters
    ----------
    workload, deployments, book
        The workload, the deployments and the prices, apart from the inputs.
    inputs
        Numbers, or arrays that broadcast, by input.  The names are those of ``over`` in
        :func:`kafkatco.crossovers`, such as ``fanout``, ``krw`` or a sku; values are in the unit of
        its results, such as TB/month for ``ingress`` and hours for ``retention``.  All arrays must
        be plain, or all xarray's, whose dimensions and coordinates are kept.
    itemised
        Whether to return an array for each component.
    month_hours
        Hours of a billing month, 730 by default, or ``"calendar"``.  [h]

    Returns
    -------
    xarray.Dataset
        Over ``deployment`` and the dimensions of the inputs: ``total`` [currency], missing where
        ``feasible`` is false, and each component [currency], 0 if a deployment does not have it.
        ``floor`` is true where the total is a floor, and not to be ranked.  Costs are running costs
        of a month, without one-off costs and before a credit.  Inputs of 64-bit floats are not
        copied; apart from the results, the computation needs a few megabytes.

    Raises
    ------
    InputError
        For unknown inputs, two names of one input, values that are not numbers or out of range,
        and shapes that do not broadcast: all of them at once.
    MissingPriceError
        For a missing price or capacity.

    Examples
    --------
    >>> from kafkatco import ConfluentBasic, PriceBook, Workload
    >>> basic = ConfluentBasic(region="us-east-1", access="none")
    >>> costs = totals(Workload(ingress="1 TB/month"), [basic],
    ...                PriceBook("list", as_of="2025-10-31"),
    ...                {"ingress": np.array([1.0, 2.0]), "fanout": np.array([[1.0], [3.0]])})
    >>> costs.total.dims
    ('deployment', 'dim_0', 'dim_1')
    >>> costs.total.values.round(2)
    array([[[144.57, 289.14],
            [237.7 , 475.41]]])
    """
    import xarray as xr

    comparison = Comparison.of("totals", workload, deployments, book, month_hours)
    axes, values, dims, coords = read_arrays(comparison, inputs)
    shape = np.broadcast_shapes(*(x.shape for x in values.values()))
    costs = cost_programs(comparison, [_InShownUnit(axis) for axis in axes], itemised=itemised)
    components = list(dict.fromkeys(name for cost in costs for name in cost.components))
    reserved = {"deployment", "total", "feasible", "floor", *components}
    if taken := sorted(reserved & {*dims, *map(str, coords)}):
        expected = _("names of dimensions and coordinates that the result does not use itself")
        raise InputError("totals", [Problem("inputs", ", ".join(taken), expected)])
    data = {
        "total": np.empty((len(costs), *shape)),
        "feasible": np.empty((len(costs), *shape), bool),
        "floor": np.empty((len(costs), *shape), bool),
        **{name: np.zeros((len(costs), *shape)) for name in components},
    }
    results = [
        [data[name][i, ...] for name in ("total", "feasible", "floor", *cost.components)]
        for i, cost in enumerate(costs)
    ]
    evaluate_into(results, [_masked(cost) for cost in costs], values)
    return xr.Dataset(
        {name: (("deployment", *dims), x) for name, x in data.items()},
        coords={"deployment": [cost.label for cost in costs], **coords},
        attrs=about_prices(book.currency, book.describe()),
    )


@dataclass(frozen=True, slots=True)
class _InShownUnit:
    """An axis whose values are in its ``unit``, not in its base unit."""

    axis: Axis

    @property
    def name(self) -> str:
        return self.axis.name

    def vary(self, comparison: Comparison, x: Any) -> Comparison:
        return self.axis.vary(comparison, x / self.axis.per_base)


def _masked(cost: CostProgram) -> Program:
    """Return the program of total, feasibility, floor and components; NaN if infeasible."""
    trace, (total, infeasible, floor, _, _, _, *parts) = cost.program.traced()
    total, *parts = (np.where(infeasible, np.nan, x) for x in (total, *parts))
    feasible = np.logical_not(infeasible)
    return Program.of(trace, [total, feasible, np.logical_and(feasible, floor), *parts])
