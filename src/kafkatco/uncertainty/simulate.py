"""Simulate the cost of options under uncertain inputs, and which of them is cheapest."""

from __future__ import annotations

import itertools
from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import numpy as np

from kafkatco.analysis.axes import find_axis
from kafkatco.costing.comparison import Comparison
from kafkatco.deployments import Deployment
from kafkatco.errors import InputError, Problem, shown
from kafkatco.i18n.message import _
from kafkatco.planning.horizon import Horizon
from kafkatco.prices import PriceBook
from kafkatco.sizing.workload import Workload
from kafkatco.uncertainty.build import (
    along_points,
    horizon_model,
    model_of,
    uncertain_inputs,
    weighed,
)
from kafkatco.uncertainty.draw_model import Evaluator, Model
from kafkatco.uncertainty.inputs import Uncertainty
from kafkatco.uncertainty.simulation import Simulation, summarise
from kafkatco.uncertainty.tally import Chunk, Tally, chunks, tally

__all__ = ["simulate"]

MONTH = "month"


def simulate(
    workload: Workload,
    deployments: Sequence[Deployment],
    book: PriceBook,
    *,
    uncertainty: Uncertainty | None = None,
    horizon: Horizon | None = None,
    over: str = MONTH,
    at: Sequence[float] = (),
    start: str | float | None = None,
    stop: str | float | None = None,
    threads: int = 1,
    client: Any = None,
    track: Callable[[Collection[Chunk]], Iterable[Chunk]] = iter,
) -> Simulation:
    """Simulate uncertain inputs, and return the distribution of costs and of the cheapest option.

    Parameters
    ----------
    workload, deployments, book
        The workload, the alternative deployments, and the prices.
    uncertainty
        The uncertain inputs; by default :data:`DEFAULTS`, which have their sources.
    horizon
        As in :func:`kafkatco.project`, with a single growth model.  A simulation over months also
        has results for the whole horizon: risk, regret, and the value of information.
    over, at, start, stop
        "month", or an input such as "ingress" to vary instead: at the points ``at`` [its unit] or
        between two ends, where its present value is included.  That input is not uncertain then,
        and the horizon only gives ``month_hours``.
    threads, client
        The number of threads, or the ``distributed.Client`` of a Dask cluster that computes; the
        results are the same.
    track
        A function that wraps the iterable of chunks, to show progress.

    Returns
    -------
    Simulation
        Quantiles of cost and probabilities, over ``deployment`` and month or point.

    Raises
    ------
    InputError, MissingPriceError
        As :func:`kafkatco.project`, and for invalid inputs and distributions.
    KafkatcoError
        If scipy is not installed.

    Examples
    --------
    >>> from kafkatco import ConfluentBasic, MskStandard
    >>> simulation = simulate(
    ...     Workload(ingress="1 TB/month", fanout=1, retention="1 day"),
    ...     [MskStandard(region="us-east-1", instance="kafka.m7g.large"),
    ...      ConfluentBasic(region="us-east-1", access="none")],
    ...     PriceBook("list", as_of="2025-10-31"), horizon=Horizon(months=1),
    ...     uncertainty=Uncertainty(inputs={"ingress": "5-7 TB/month"}, draws=1024))
    >>> chance = simulation.choices[0].cheapest  # MSK is cheaper from 6.57 TB/month on
    >>> abs(chance - (7 - 6.57) / (7 - 5)) < 0.005
    True
    """
    uncertainty = Uncertainty.of("simulate", uncertainty)
    horizon = Horizon.of("simulate", horizon)
    _check(threads, over, at, start, stop)
    if over == MONTH:
        comparison, inputs, model = horizon_model(
            "simulate", workload, deployments, book, uncertainty, horizon
        )
        about: dict[str, Any] = {
            "growth": horizon.scenarios[0].label,
            "months_drawn": model.sampler.extra,
            "discount_rate": horizon.discount_rate,
            "inflation": horizon.inflation,
        }
    else:
        comparison = Comparison.of("simulate", workload, deployments, book, horizon.month_hours)
        axis = find_axis(over, comparison)
        inputs = uncertain_inputs(uncertainty, comparison, None, over)
        points = along_points(axis, comparison, at, start, stop)
        model = model_of(uncertainty, comparison, inputs, points, axis)
        inputs = weighed(inputs, model)
        now = axis.now(comparison)
        about = {} if now is None else {"now": now * axis.per_base}
    if client is None:
        parts = _in_threads(model, threads, track)
    else:
        from kafkatco.uncertainty.dask_cluster import tallies

        parts = tallies(client, model, track)
    total = next(parts)
    for part in parts:
        total = total.merged(part)
    return summarise(total, model, inputs, uncertainty, comparison, about)


def _check(threads: Any, over: str, at: Sequence[float], start: Any, stop: Any) -> None:
    problems = []
    if not (isinstance(threads, int) and threads >= 1):
        problems.append(Problem("threads", shown(threads), _("a whole number of at least 1")))
    if over == MONTH:
        ends = {"at": at if np.size(at) else None, "start": start, "stop": stop}
        problems += [
            Problem(
                name,
                shown(value),
                _("nothing, as the simulation is over months and not over an input"),
            )
            for name, value in ends.items()
            if value is not None
        ]
    if problems:
        raise InputError("simulate", problems)


def _in_threads(
    model: Model, threads: int, track: Callable[[Collection[Chunk]], Iterable[Chunk]]
) -> Iterator[Tally]:
    """Yield the tallies of all chunks in order, with few computed in advance."""
    todo = [*chunks(model.sampler.replicate_draws)]
    evaluator = Evaluator(model)
    if threads == 1:
        yield from (tally(evaluator, chunk) for chunk in track(todo))
        return
    pool = ThreadPoolExecutor(threads)
    try:
        ahead = iter(todo)
        running: deque[Future[Tally]] = deque(
            pool.submit(tally, evaluator, chunk) for chunk in itertools.islice(ahead, 2 * threads)
        )
        for _chunk in track(todo):
            done = running.popleft().result()
            for chunk in itertools.islice(ahead, 1):
                running.append(pool.submit(tally, evaluator, chunk))
            yield done
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
