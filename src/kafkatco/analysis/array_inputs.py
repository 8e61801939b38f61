"""Validation of array inputs: their names, values and shapes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kafkatco.analysis.axes import Axis, find_axis
from kafkatco.costing.comparison import Comparison
from kafkatco.errors import InputError, Problem, shown
from kafkatco.i18n.message import _
from kafkatco.numerics.typing import Floats

__all__ = ["read_arrays"]


def read_arrays(
    comparison: Comparison, inputs: Mapping[str, Any]
) -> tuple[list[Axis], dict[str, Floats], tuple[str, ...], dict[str, Any]]:
    """Return axes, arrays by name that broadcast, the names of dimensions, and coordinates.

    Values are in the unit of their axis.  Plain arrays have dimensions ``dim_0`` and so on; xarray
    arrays keep theirs.

    Raises :class:`~kafkatco.errors.InputError` with every problem.
    """
    axes: list[Axis] = []
    problems: list[Problem] = []
    values: dict[str, Any] = {}
    for name, value in inputs.items():
        try:
            axis = find_axis(name, comparison, "inputs")
        except InputError as error:
            problems += error.problems
            continue
        problems += [
            Problem(
                f"inputs.{name}",
                "",
                _(
                    "{name} and {other} vary the same input; remove one",
                    name=name,
                    other=other.name,
                ),
            )
            for other in axes
            if axis.overlaps(other)
        ]
        axes.append(axis)
        try:
            array = np.asarray(value)
        except ValueError:  # lists of different lengths
            array = np.asarray(None)
        if array.dtype.kind not in "fiu":
            problems.append(Problem(f"inputs.{name}", shown(value), _("numbers")))
            continue
        values[name] = value if hasattr(value, "dims") else array
        problems += _outside(axis, array)
    dims, coords = _aligned(values, problems)
    if problems:
        raise InputError("totals", problems)
    return axes, {k: np.asarray(x, float) for k, x in values.items()}, dims, coords


def _outside(axis: Axis, values: NDArray[Any]) -> list[Problem]:
    """Return the problem of values that are out of range, in the unit of their axis."""
    least, most = axis.least * axis.per_base, axis.most * axis.per_base
    if not values.size:
        return []
    low, high = float(values.min()), float(values.max())  # NaN if a value is NaN
    if least <= low and high <= most and high < np.inf:
        return []
    bad = ~(np.isfinite(values) & (values >= least) & (values <= most))
    at = tuple(int(i) for i in np.argwhere(bad)[0]) if values.ndim else ()
    where = f"inputs.{axis.name}{list(at) if at else ''}"
    value, count = repr(float(values[at])), int(np.count_nonzero(bad))
    if count > 1:
        value = _("{value} ({n:,} invalid values)", value=value, n=count)
    return [Problem(where, value, axis.allowed)]


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
            problems.append(Problem("inputs", shapes, _("arrays whose shapes broadcast")))
            return (), {}
        return tuple(f"dim_{i}" for i in range(len(shape))), {}
    import xarray as xr

    plain = [name for name, x in values.items() if name not in named and x.ndim]
    problems += [
        Problem(
            f"inputs.{name}",
            _("an array of shape {shape}", shape=values[name].shape),
            _("an xarray.DataArray, since other inputs have named dimensions"),
        )
        for name in plain
    ]
    try:
        arrays = xr.align(*named.values(), join="exact", copy=False)
    except ValueError as error:
        text = " ".join(str(error).split())
        expected = _("arrays whose dimensions and coordinates agree")
        problems.append(Problem("inputs", text, expected))
        return (), {}
    dims = tuple(dict.fromkeys(str(dim) for x in arrays for dim in x.dims))
    for name, x in zip(named, arrays, strict=True):
        values[name] = x.variable.set_dims(dict.fromkeys(dims, 1) | dict(x.sizes)).values
    coords = {k: v for x in arrays for k, v in x.coords.items() if k != "deployment"}
    return dims, coords
