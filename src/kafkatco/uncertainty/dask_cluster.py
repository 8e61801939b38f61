"""Simulations on a Dask cluster, and draws as Dask arrays."""

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
from kafkatco.i18n.message import _
from kafkatco.numerics.typing import Floats
from kafkatco.planning.horizon import Horizon
from kafkatco.prices import PriceBook
from kafkatco.sizing.workload import Workload
from kafkatco.uncertainty.build import horizon_model
from kafkatco.uncertainty.draw_model import Evaluator, Model
from kafkatco.uncertainty.inputs import REPLICATES, Uncertainty
from kafkatco.uncertainty.tally import Chunk, Tally, chunks, tally

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["draw_costs", "tallies"]

#: The number of chunks that are queued for each thread of a cluster.
AHEAD: Final = 3


@functools.lru_cache(maxsize=2)
def _evaluator(model: Model) -> Evaluator:
    """Return the evaluator of a model, made once in each process."""
    return Evaluator(model)


def _kept(model: Model) -> Model:
    """Return a model: as a task, which a cluster repeats if its worker is lost."""
    return model


def _tally(model: Model, chunk: Chunk) -> Tally:
    return tally(_evaluator(model), chunk)


def tallies(
    client: Any, model: Model, track: Callable[[Collection[Chunk]], Iterable[Chunk]] = iter
) -> Iterator[Tally]:
    """Yield the tallies of all chunks in order, computed by the workers of a cluster.

    If a worker is lost, another computes its chunk again, with the same result.  Raises
    ``InputError`` if ``client`` is not a client, and ``KafkatcoError`` if a chunk repeatedly
    crashes its workers.
    """
    with needing(_("a cluster needs"), "Dask"):
        from distributed import Client, KilledWorker
    workers: Any = client
    if not isinstance(client, Client):
        expected = _("a distributed.Client")
        raise InputError("simulate", [Problem("client", type(client).__name__, expected)])
    todo = [*chunks(model.sampler.replicate_draws)]
    sent = workers.submit(_kept, model, pure=False)
    ahead = iter(todo)
    window = max(AHEAD * sum(workers.nthreads().values()), AHEAD)
    running = deque(
        workers.submit(_tally, sent, chunk, pure=False) for chunk in itertools.islice(ahead, window)
    )
    try:
        for _chunk in track(todo):
            done = running.popleft().result()
            for chunk in itertools.islice(ahead, 1):
                running.append(workers.submit(_tally, sent, chunk, pure=False))
            yield done
    except KilledWorker as error:
        raise KafkatcoError(
            _("a chunk of draws repeatedly crashed its Dask workers: {reason}", reason=str(error))
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
    """Return the cost of every draw, as Dask arrays that are computed when they are used.

    The draws are those of :func:`kafkatco.simulate`, in chunks of up to 4,096; if there is a
    ``distributed.Client``, its cluster computes them.  ``to_zarr`` and
    ``to_dask_dataframe().to_parquet`` write them chunk by chunk.  Needs the extra ``scale``.

    Returns
    -------
    xarray.Dataset
        ``cost`` over ``deployment``, ``month`` and ``draw`` [currency], infinite if the deployment
        is infeasible, and ``value`` of each ``input`` over ``draw`` [its unit].

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
    with needing(_("a cluster needs"), "Dask"):
        import dask.array as dask_array
        from dask.delayed import delayed
    import xarray as xr

    arrays: Any = dask_array

    uncertainty = Uncertainty.of("draw_costs", uncertainty)
    horizon = Horizon.of("draw_costs", horizon)
    comparison, inputs, model = horizon_model(
        "draw_costs", workload, deployments, book, uncertainty, horizon
    )
    width = len(inputs) + model.sampler.extra
    sent = delayed(model, pure=False)
    shares = delayed(_shares, pure=False)
    parts = [
        arrays.from_delayed(shares(sent, chunk), (chunk.count, width), float)
        for chunk in sorted(
            chunks(model.sampler.replicate_draws), key=lambda chunk: (chunk.replicate, chunk.start)
        )
    ]
    points = xr.DataArray(arrays.concatenate(parts), dims=("draw", "share"))
    options: dict[str, Any] = {"dask": "parallelized", "output_dtypes": [float]}
    shape = len(model.programs), horizon.months
    cost = xr.apply_ufunc(
        _costs,
        points,
        kwargs={"model": model},
        input_core_dims=[["share"]],
        output_core_dims=[["deployment", "month"]],
        dask_gufunc_kwargs={"output_sizes": dict(zip(("deployment", "month"), shape, strict=True))},
        **options,
    )
    per_base = np.array([x.per_base for x in inputs])
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
            "deployment": [program.label for program in model.programs],
            "month": horizon.month,
            "draw": np.arange(REPLICATES * model.sampler.replicate_draws),
            "input": [x.name for x in inputs],
            "unit": ("input", [x.unit for x in inputs]),
        },
        attrs={"currency": book.currency, "seed": uncertainty.seed, **comparison.book.describe()},
    )


def _shares(model: Model, chunk: Chunk) -> Floats:
    return np.hstack(_evaluator(model).shares(chunk.replicate, chunk.start, chunk.count))


def _costs(points: Floats, *, model: Model) -> Floats:
    inputs = len(model.sampler.distributions)
    costs = _evaluator(model).costs(model.values(points[:, :inputs]), points[:, inputs:])
    return np.moveaxis(costs.total, -1, 0)


def _values(points: Floats, *, model: Model, per_base: Floats) -> Floats:
    values = model.values(points[:, : len(model.sampler.distributions)])
    return np.stack([*values.values()], axis=1) * per_base
