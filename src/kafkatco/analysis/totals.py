"""Monthly cost for arrays of inputs, of any number of totals: traced once, computed in place."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from kafkatco.analysis.array_inputs import read_arrays
from kafkatco.analysis.axes import Axis
from kafkatco.analysis.comparison import Basis, basis_of
from kafkatco.analysis.cost_programs import Formula, formulas
from kafkatco.core.result import about_prices
from kafkatco.deployments import Deployment
from kafkatco.errors import InputError, Problem
from kafkatco.numerics.evaluate import Ready, ready
from kafkatco.numerics.program import Program
from kafkatco.prices import PriceBook
from kafkatco.sizing.workload import Workload

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["fill", "made_ready", "totals"]

#: From how many totals on a curve pays that is made to be looked up.
_MANY: Final = 100_000
#: How many totals of each deployment at once: with fewer calls cost more than reading inputs again.
_AT_ONCE: Final = 131_072


def totals(
    workload: Workload,
    deployments: Sequence[Deployment],
    book: PriceBook,
    inputs: Mapping[str, Any],
    *,
    itemised: bool = False,
    month_hours: int | str = 730,
    engine: str = "auto",
) -> xr.Dataset:
    """Return what deployments cost in a month, for arrays of inputs: millions of totals a second.

    Parameters
    ----------
    workload, deployments, book
        What is asked, by whom it may be served, at which prices, but for the inputs.
    inputs
        Arrays by input, which broadcast, or numbers: the names are those of ``over`` of
        :func:`kafkatco.crossovers`, such as ``fanout``, ``krw`` or a sku, and values are in the
        unit that it shows, such as TB/month of ``ingress`` and hours of ``retention``.  Either
        all are plain arrays, or those that are no numbers are xarray's, whose dimensions and
        coordinates are kept.
    itemised
        Whether each component has an array of its own.
    month_hours
        Hours of a billing month, 730 by default, or ``"calendar"``.  [h]
    engine
        ``"fused"`` compiles the formulas to one loop, which needs the extra ``kafkatco[fast]``;
        ``"numpy"`` computes them in blocks; ``"auto"``, the default, compiles where the extra is
        installed and there is so much to compute that it pays.  They agree to 1e-12.

    Returns
    -------
    xarray.Dataset
        Over ``deployment`` and the dimensions of the inputs: ``total`` [currency], missing where
        ``feasible`` is false, and each component [currency], 0 where a deployment has none.
        ``floor`` says of which deployment some price is missing.  It is the running cost of a
        month, without what is paid once and before a credit.  Inputs of 64-bit floats are not
        copied, and beside its results it needs some megabytes.

    Raises
    ------
    InputError
        For unknown inputs, two that vary the same, values that are none or below what the input
        allows, shapes that do not broadcast: all at once; and for an engine that is not there.
    MissingPriceError
        For a price or capacity that is not known.

    Examples
    --------
    >>> from kafkatco import ConfluentBasic, PriceBook, Workload
    >>> found = totals(Workload(ingress="1 TB/month"), [ConfluentBasic(region="us-east-1")],
    ...                PriceBook("list", as_of="2025-10-31"),
    ...                {"ingress": np.array([1.0, 2.0]), "fanout": np.array([[1.0], [3.0]])})
    >>> found.total.dims
    ('deployment', 'dim_0', 'dim_1')
    >>> found.total.values.round(2)
    array([[[144.57, 289.14],
            [237.7 , 475.41]]])
    """
    import xarray as xr

    basis = basis_of("totals", workload, deployments, book, month_hours)
    axes, values, dims, coords = read_arrays(basis, inputs)
    shape = np.broadcast_shapes(*(x.shape for x in values.values()))
    [alone, *others] = values.values() if values else [np.empty(0)]
    within = (alone.min(), alone.max()) if not others and alone.size >= _MANY else None
    runs = made_ready(basis, axes, itemised=itemised, engine=engine, within=within)
    found = [formula for formula, _ in runs]
    labels = [item.label for item in found]
    names = list(dict.fromkeys(name for item in found for name in item.components))
    own = {"deployment", "total", "feasible", "floor", *names}
    if taken := sorted(own & {*dims, *map(str, coords)}):
        expected = "other names: results have these of their own"
        raise InputError("totals", [Problem("inputs", ", ".join(taken), expected)])
    data = {
        "total": np.empty((len(found), *shape)),
        "feasible": np.empty((len(found), *shape), bool),
        **{name: np.zeros((len(found), *shape)) for name in names},
    }
    results = [
        [data[name][i, ...] for name in ("total", "feasible", *formula.components)]
        for i, formula in enumerate(found)
    ]
    fill([run for _, run in runs], values, results)
    floors = ("deployment", [bool(item.open) for item in found])
    return xr.Dataset(
        {**{name: (("deployment", *dims), x) for name, x in data.items()}, "floor": floors},
        coords={"deployment": labels, **coords},
        attrs=about_prices(book.currency, book.describe()),
    )


def made_ready(
    basis: Basis,
    axes: Sequence[Axis],
    *,
    itemised: bool = False,
    engine: str = "auto",
    within: tuple[float, float] | None = None,
) -> list[tuple[Formula, Ready]]:
    """Return each deployment's formula, and what computes it for values in the axes' units.

    Its results are the total, whether it can serve, and the formula's components; see
    :func:`kafkatco.numerics.evaluate.ready`.
    """
    found = formulas(basis, [_InItsUnit(axis) for axis in axes], itemised=itemised)
    return [(item, ready(_masked(item), engine=engine, within=within)) for item in found]


def fill(
    runs: Sequence[Ready],
    values: Mapping[str, NDArray[Any]],
    results: Sequence[Sequence[NDArray[Any]]],
) -> None:
    """Fill the results of each run, part by part: inputs are then in a cache for all of them."""
    shape = results[0][0].shape
    length = max(shape, default=1)
    axis = shape.index(length) - len(shape) if shape else -1  # from the end
    width = max(1, _AT_ONCE * length // max(math.prod(shape), 1))
    for run in runs:
        run.expect(math.prod(shape))
    for start in range(0, length, width):
        part = slice(start, start + width)
        some = {name: _part(x, axis, part) for name, x in values.items()}
        for run, into in zip(runs, results, strict=True):
            run(some, [_part(x, axis, part) for x in into])


def _part(x: NDArray[Any], axis: int, part: slice) -> NDArray[Any]:
    """Return a part along an axis, which is counted from the end, of what has several there."""
    if x.ndim < -axis or x.shape[axis] == 1:
        return x
    where = (..., part, *[slice(None)] * (-axis - 1))
    found: NDArray[Any] = x[where]  # type: ignore[index]  # an ellipsis in a tuple
    return found


@dataclass(frozen=True, slots=True)
class _InItsUnit:
    """An axis that is varied in the unit in which results speak of it."""

    axis: Axis

    @property
    def name(self) -> str:
        return self.axis.name

    def vary(self, basis: Basis, x: Any) -> Basis:
        return self.axis.vary(basis, x / self.axis.per_base)


def _masked(formula: Formula) -> Program:
    """Return the program of the total and the components, missing where it cannot serve."""
    trace, (total, infeasible, _, _, _, *parts) = formula.program.traced()
    shown = [np.where(infeasible, np.nan, x) for x in (total, *parts)]
    return Program.of(trace, [shown[0], np.logical_not(infeasible), *shown[1:]])
