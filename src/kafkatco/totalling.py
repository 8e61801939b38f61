"""Monthly cost for arrays of inputs, of any number of totals: traced once, computed in place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from kafkatco.axes import Axis, find_axis
from kafkatco.basis import Basis, basis_of
from kafkatco.deployments import Deployment
from kafkatco.errors import InputError, Problem
from kafkatco.evaluate import Ready, ready
from kafkatco.formulas import Formula, formulas
from kafkatco.prices import PriceBook
from kafkatco.program import Program
from kafkatco.results import about_prices
from kafkatco.workload import Workload

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["made_ready", "totals"]

#: From how many totals on a curve pays that is made to be looked up.
_MANY: Final = 100_000


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
    axes, values, dims, coords = _read(basis, inputs)
    shape = np.broadcast_shapes(*(x.shape for x in values.values()))
    [alone, *others] = values.values() if values else [np.empty(0)]
    within = (alone.min(), alone.max()) if not others and alone.size >= _MANY else None
    runs = made_ready(basis, axes, itemised=itemised, engine=engine, within=within)
    found = [formula for formula, _ in runs]
    labels = [item.label for item in found]
    names = list(dict.fromkeys(name for item in found for name in item.components))
    data = {
        "total": np.empty((len(found), *shape)),
        "feasible": np.empty((len(found), *shape), bool),
        **{name: np.zeros((len(found), *shape)) for name in names},
    }
    for i, (formula, run) in enumerate(runs):
        run(values, [data[name][i, ...] for name in ("total", "feasible", *formula.components)])
    floors = ("deployment", [bool(item.open) for item in found])
    return xr.Dataset(
        {**{name: (("deployment", *dims), x) for name, x in data.items()}, "floor": floors},
        coords={"deployment": labels, **coords},
        attrs=about_prices(book.currency, book.describe()),
    )


def made_ready(
    basis: Basis, axes: Sequence[Axis], *, itemised: bool = False, engine: str = "auto",
    within: tuple[float, float] | None = None,
) -> list[tuple[Formula, Ready]]:  # fmt: skip
    """Return each deployment's formula, and what computes it for values in the axes' units.

    Its results are the total, whether it can serve, and the formula's components; see
    :func:`kafkatco.evaluate.ready`.
    """
    found = formulas(basis, [_InItsUnit(axis) for axis in axes], itemised=itemised)
    return [(item, ready(_masked(item), engine=engine, within=within)) for item in found]


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


def _read(
    basis: Basis, inputs: Mapping[str, Any]
) -> tuple[list[Axis], dict[str, NDArray[np.float64]], tuple[str, ...], dict[str, Any]]:
    """Return axes, arrays by name, the names of dimensions, and coordinates."""
    axes: list[Axis] = []
    problems: list[Problem] = []
    values: dict[str, Any] = {}
    for name, given in inputs.items():
        try:
            axis = find_axis(name, basis, "inputs")
        except InputError as error:
            problems += error.problems
            continue
        problems += [
            Problem(f"inputs.{name}", f"{other.name} too", "one input for what both of them vary")
            for other in axes
            if axis.overlaps(other)
        ]
        axes.append(axis)
        try:
            array = np.asarray(given)
        except ValueError:  # lists of several lengths
            array = np.asarray(None)
        if array.dtype.kind not in "fiu":
            problems.append(Problem(f"inputs.{name}", _shown(given), "numbers"))
            continue
        values[name] = given if hasattr(given, "dims") else array
        problems += _outside(axis, array)
    dims, coords = _aligned(values, problems)
    if problems:
        raise InputError("totals", problems)
    return axes, {k: np.asarray(x, float) for k, x in values.items()}, dims, coords


def _outside(axis: Axis, values: NDArray[Any]) -> list[Problem]:
    """Return what is wrong with the values of an input, given in its unit."""
    least, most = axis.least * axis.per_base, axis.most * axis.per_base
    if not values.size or (least <= values.min() and values.max() <= most < np.inf):
        return []
    low, high = float(values.min()), float(values.max())  # not a number where one is none
    if low >= least and high < np.inf and high <= most:
        return []
    bad = ~(np.isfinite(values) & (values >= least) & (values <= most))
    at = tuple(int(i) for i in np.argwhere(bad)[0]) if values.ndim else ()
    where = f"inputs.{axis.name}{list(at) if at else ''}"
    upper = "" if most == np.inf else f" and at most {most:g}"
    count = int(np.count_nonzero(bad))
    more = f" ({count:,} such values)" if count > 1 else ""
    expected = f"a number of at least {least:g}{upper} {axis.unit}".rstrip()
    return [Problem(where, f"{float(values[at])!r}{more}", expected)]


def _aligned(
    values: dict[str, Any], problems: list[Problem]
) -> tuple[tuple[str, ...], dict[str, Any]]:
    """Return names of dimensions and coordinates; values become plain arrays that broadcast."""
    named = {name: x for name, x in values.items() if hasattr(x, "dims")}
    if not named:
        try:
            shape = np.broadcast_shapes(*(x.shape for x in values.values()))
        except ValueError:
            shapes = ", ".join(f"{name} {x.shape}" for name, x in values.items())
            problems.append(Problem("inputs", shapes, "arrays whose shapes broadcast"))
            return (), {}
        return tuple(f"dim_{i}" for i in range(len(shape))), {}
    import xarray as xr

    plain = [name for name, x in values.items() if name not in named and x.ndim]
    problems += [
        Problem(f"inputs.{name}", f"an array of shape {values[name].shape}",
                "one of xarray, with names for its dimensions, as others have")
        for name in plain
    ]  # fmt: skip
    try:
        arrays = xr.align(*named.values(), join="exact", copy=False)
    except ValueError as error:
        text = " ".join(str(error).split())
        problems.append(Problem("inputs", text, "arrays whose dimensions and coordinates agree"))
        return (), {}
    dims = tuple(dict.fromkeys(str(dim) for x in arrays for dim in x.dims))
    for name, x in zip(named, arrays, strict=True):
        values[name] = x.variable.set_dims(dict.fromkeys(dims, 1) | dict(x.sizes)).values
    coords = {k: v for x in arrays for k, v in x.coords.items() if k != "deployment"}
    return dims, coords


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 80 else text[:77] + "..."
