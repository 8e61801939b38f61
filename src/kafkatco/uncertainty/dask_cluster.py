"""Draws beyond one machine: parts of them on the workers of a Dask cluster, or as Dask arrays."""

from __future__ import annotations

import functools
import itertools
from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from kafkatco.core.optional import needing
from kafkatco.deployments import Deployment
from kafkatco.errors import InputError, KafkatcoError, Problem
from kafkatco.numerics.typing import Floats
from kafkatco.planning.horizon import Horizon
from kafkatco.prices import PriceBook
from kafkatco.sizing.workload import Workload
from kafkatco.uncertainty.build import horizon_model
from kafkatco.uncertainty.draw_model import Machine, Model
from kafkatco.uncertainty.inputs import REPLICATES, Uncertainty
from kafkatco.uncertainty.tally import Chunk, Tally, chunks, tally

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["draw_costs", "tallied"]

#: So many parts for each thread of a cluster are on their way at once.
AHEAD: Final = 3


@functools.lru_cache(maxsize=2)
def _machine(model: Model) -> Machine:
    """Return a model ready to be computed: once in each process."""
    return Machine(model)


def _kept(model: Model) -> Model:
    """Return a model: as a task, which a cluster does again where its worker was lost."""
    return model


def _part(model: Model, chunk: Chunk) -> Tally:
    return tally(_machine(model), chunk)


def tallied(
    client: Any, model: Model, track: Callable[[Collection[Chunk]], Iterable[Chunk]] = iter
) -> Iterator[Tally]:
    """Yield the tallies of all parts in their order, computed by the workers of a cluster.

    A part whose worker is lost is computed again by another, and is the same.  Raises
    ``InputError`` for what is no client, and ``KafkatcoError`` where workers die of a part.
    """
    with needing("a cluster needs", "Dask"):
        from distributed import Client, KilledWorker
    workers: Any = client
    if not isinstance(client, Client):
        expected = "a distributed.Client"
        raise InputError("simulate", [Problem("client", type(client).__name__, expected)])
    todo = [*chunks(model.sampler.each)]
    sent = workers.submit(_kept, model, pure=False)
    ahead = iter(todo)
    window = max(AHEAD * sum(workers.nthreads().values()), AHEAD)
    running = deque(
        workers.submit(_part, sent, chunk, pure=False) for chunk in itertools.islice(ahead, window)
    )
    try:
        for _ in track(todo):
            done = running.popleft().result()
            for chunk in itertools.islice(ahead, 1):
                running.append(workers.submit(_part, sent, chunk, pure=False))
            yield done
    except KilledWorker as error:
        raise KafkatcoError(
            f"a part of the draws ended its workers, several times: {error}"
        ) from None
    finally:
        workers.cancel([*running])


def draw_costs(
    workload: Workload,
    deployments: Sequence[Deployment],
    book: PriceBook,
    *,
    uncertainty: Uncertainty | None = None,
    horizon: Horizon | None = None,
) -> xr.Dataset:
    """Return what every draw costs, as Dask arrays that are not computed yet.

    They are those of :func:`kafkatco.simulate`, in parts of up to 4,096 draws; an existing cluster
    computes them where a ``distributed.Client`` is there.  ``to_zarr`` writes them, part by part,
    and ``to_dask_dataframe().to_parquet`` does.  Needs the extra ``scale``.

    Returns
    -------
    xarray.Dataset
        ``cost`` over ``deployment``, ``month`` and ``draw`` [currency], infinite where a
        deployment cannot serve, and ``value`` of each ``input`` over ``draw`` [its unit].

    Examples
    --------
    >>> from kafkatco import ConfluentBasic
    >>> costs = draw_costs(
    ...     Workload(ingress="1 TB/month"), [ConfluentBasic(region="us-east-1")],
    ...     PriceBook("list", as_of="2025-10-31"), horizon=Horizon(months=12),
    ...     uncertainty=Uncertainty(inputs={"ingress": "1-4 TB/month"}, draws=1024))
    >>> dict(costs.sizes)
    {'deployment': 1, 'month': 12, 'draw': 1024, 'input': 1}
    >>> bool((costs.value.isel(input=0) <= 4.0).all())
    True
    """
    with needing("a cluster needs", "Dask"):
        import dask.array as dask_array
        from dask.delayed import delayed
    import xarray as xr

    arrays: Any = dask_array

    uncertainty = uncertainty or Uncertainty()
    horizon = Horizon.of("draw_costs", horizon)
    comparison, inputs, model = horizon_model(
        "draw_costs", workload, deployments, book, uncertainty, horizon
    )
    width = len(inputs) + model.sampler.extra
    sent = delayed(model, pure=False)
    shares = delayed(_shares, pure=False)
    parts = [
        arrays.from_delayed(shares(sent, chunk), (chunk.count, width), float)
        for chunk in sorted(chunks(model.sampler.each), key=lambda x: (x.replicate, x.start))
    ]
    points = xr.DataArray(arrays.concatenate(parts), dims=("draw", "share"))
    options: dict[str, Any] = {"dask": "parallelized", "output_dtypes": [float]}
    shape = len(model.formulas), horizon.months
    cost = xr.apply_ufunc(
        _costs,
        points,
        kwargs={"model": model},
        input_core_dims=[["share"]],
        output_core_dims=[["deployment", "month"]],
        dask_gufunc_kwargs={"output_sizes": dict(zip(("deployment", "month"), shape, strict=True))},
        **options,
    )
    per_base = np.array([item.per_base for item in inputs])
    value = xr.apply_ufunc(
        _values,
        points,
        kwargs={"model": model, "per_base": per_base},
        input_core_dims=[["share"]],
        output_core_dims=[["input"]],
        dask_gufunc_kwargs={"output_sizes": {"input": len(inputs)}},
        **options,
    )
    return xr.Dataset(
        {
            "cost": cost.transpose("deployment", "month", "draw"),
            "value": value.transpose("input", "draw"),
        },
        coords={
            "deployment": [item.label for item in model.formulas],
            "month": horizon.month,
            "draw": np.arange(REPLICATES * model.sampler.each),
            "input": [item.name for item in inputs],
            "unit": ("input", [item.unit for item in inputs]),
        },
        attrs={"currency": book.currency, "seed": uncertainty.seed, **comparison.book.describe()},
    )


def _shares(model: Model, chunk: Chunk) -> Floats:
    return np.hstack(_machine(model).shares(chunk.replicate, chunk.start, chunk.count))


def _costs(points: Floats, *, model: Model) -> Floats:
    inputs = len(model.sampler.distributions)
    found = _machine(model).costs(model.drawn(points[:, :inputs]), points[:, inputs:])
    return np.moveaxis(found, -1, 0)


def _values(points: Floats, *, model: Model, per_base: Floats) -> Floats:
    drawn = model.drawn(points[:, : len(model.sampler.distributions)])
    return np.stack([*drawn.values()], axis=1) * per_base
