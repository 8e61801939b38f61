"""Inputs that are given as arrays: their names, values and shapes, checked all at once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kafkatco.analysis.axes import Axis, find_axis
from kafkatco.costing.comparison import Comparison
from kafkatco.errors import InputError, Problem, shown
from kafkatco.numerics.typing import Floats

__all__ = ["read_arrays"]


def read_arrays(
    comparison: Comparison, inputs: Mapping[str, Any]
) -> tuple[list[Axis], dict[str, Floats], tuple[str, ...], dict[str, Any]]:
    """Return axes, arrays by name that broadcast, the names of dimensions, and coordinates.

    Values are in the unit of their axis.  Plain arrays have dimensions ``dim_0`` and so on;
    xarray's keep their own.

    Raises :class:`~kafkatco.errors.InputError` for all that is wrong at once.
    """
    axes: list[Axis] = []
    problems: list[Problem] = []
    values: dict[str, Any] = {}
    for name, given in inputs.items():
        try:
            axis = find_axis(name, comparison, "inputs")
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
            problems.append(Problem(f"inputs.{name}", shown(given), "numbers"))
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
    if not values.size:
        return []
    low, high = float(values.min()), float(values.max())  # not a number where one is none
    if least <= low and high <= most and high < np.inf:
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
        Problem(
            f"inputs.{name}",
            f"an array of shape {values[name].shape}",
            "one of xarray, with names for its dimensions, as others have",
        )
        for name in plain
    ]
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
