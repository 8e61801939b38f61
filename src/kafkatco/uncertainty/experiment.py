"""A decision under uncertainty as a function of its inputs, for other tools of sensitivity."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from kafkatco.deployments import Deployment
from kafkatco.errors import InputError, Problem
from kafkatco.numerics.typing import Floats
from kafkatco.planning.horizon import Horizon
from kafkatco.prices import PriceBook
from kafkatco.sizing.workload import Workload
from kafkatco.uncertainty.build import Drawn, horizon_model
from kafkatco.uncertainty.distributions import Lognormal, Normal, Triangular, Uniform
from kafkatco.uncertainty.draw_model import Machine
from kafkatco.uncertainty.inputs import Uncertainty

__all__ = ["Experiment"]


class Experiment:
    """What deployments cost over all months, as a function of the uncertain inputs.

    ``problem`` is that of SALib: names, bounds and distributions, in the inputs' units.  An input
    whose distribution it does not know (PERT, discrete, samples, a cut normal) is there as its
    share of draws, from 0 to 1.  Source: https://salib.readthedocs.io (``ProblemSpec``).

    Raises ``InputError`` as :func:`kafkatco.simulate`, for correlated inputs, which a problem
    cannot name, and for a growth with random months, which are more inputs than it can.

    Examples
    --------
    >>> from kafkatco import ConfluentBasic
    >>> study = Experiment(
    ...     Workload(ingress="1 TB/month"), [ConfluentBasic(region="us-east-1")],
    ...     PriceBook("list", as_of="2025-10-31"), horizon=Horizon(months=12),
    ...     uncertainty=Uncertainty(inputs={"ingress": "1-4 TB/month", "fanout": "2-3-5"}))
    >>> study.problem["names"], study.problem["dists"]
    (['ingress', 'fanout'], ['unif', 'unif'])
    >>> study.problem["bounds"][1]
    [0.0, 1.0]
    >>> study([[1.0, 0.5], [4.0, 0.5]]).shape  # (points, deployments)
    (2, 1)
    """

    def __init__(
        self,
        workload: Workload,
        deployments: Sequence[Deployment],
        book: PriceBook,
        *,
        uncertainty: Uncertainty | None = None,
        horizon: Horizon | None = None,
    ) -> None:
        uncertainty = uncertainty or Uncertainty()
        horizon = Horizon.of("experiment", horizon)
        if uncertainty.correlation:
            problem = Problem("correlation", "correlated inputs", "independent ones")
            raise InputError("experiment", [problem])
        _, self.inputs, model = horizon_model(
            "experiment", workload, deployments, book, uncertainty, horizon
        )
        if model.sampler.extra:
            expected = "a growth without random months"
            raise InputError("experiment", [Problem("growth", "one with them", expected)])
        self._machine = Machine(model)

    @property
    def problem(self) -> dict[str, Any]:
        """The problem, as SALib takes it."""
        told = [_told(item) for item in self.inputs]
        return {
            "num_vars": len(told),
            "names": [item.name for item in self.inputs],
            "bounds": [bounds for bounds, _ in told],
            "dists": [name for _, name in told],
        }

    def __call__(self, points: ArrayLike) -> Floats:
        """Return what each deployment costs over all months, ``(points, deployments)`` [currency].

        ``points`` ``(points, inputs)`` are values in the inputs' units, or shares, as ``problem``
        says; infinite where a deployment cannot serve.  Raises ``InputError`` for other shapes, and
        for shares and values that are less or more than they may be.
        """
        expected = f"finite numbers of shape (points, {len(self.inputs)})"
        try:
            rows = np.asarray(points, float)
        except (TypeError, ValueError):
            kind = type(points).__name__
            raise InputError("experiment", [Problem("points", kind, expected)]) from None
        if rows.ndim != 2 or rows.shape[1] != len(self.inputs) or not np.isfinite(rows).all():
            raise InputError("experiment", [Problem("points", f"shape {rows.shape}", expected)])
        problems = []
        for item, column in zip(self.inputs, rows.T, strict=True):
            least, most = _reach(item)
            bad = column[(column < least) | (column > most)]
            if bad.size:
                limits = f"from {least:g} to {most:g}"
                problems.append(Problem(f"points of {item.name}", f"{bad[0]:g}", limits))
        if problems:
            raise InputError("experiment", problems)
        drawn = {}
        for item, column in zip(self.inputs, rows.T, strict=True):
            if _known(item):
                drawn[item.name] = np.ascontiguousarray(column / item.per_base)
            else:
                drawn[item.name] = item.scale * item.distribution.quantile(column)
        return self._machine.horizon(drawn, np.empty((rows.shape[0], 0))).T


def _known(item: Drawn) -> bool:
    found = item.distribution
    cut = isinstance(found, Normal) and not (found.low is None and found.high is None)
    return isinstance(found, Uniform | Triangular | Normal | Lognormal) and not cut


def _reach(item: Drawn) -> tuple[float, float]:
    """Return the least and the greatest of what may be asked for, as ``problem`` speaks of it."""
    if not _known(item):
        return 0.0, 1.0
    least, most = (-1.0, np.inf) if item.axis is None else (item.axis.least, item.axis.most)
    return least * item.per_base, most * item.per_base


def _told(item: Drawn) -> tuple[list[float], str]:
    """Return the bounds and the name of a distribution, as SALib has them."""
    found, unit = item.distribution, item.scale * item.per_base
    if not _known(item):
        return [0.0, 1.0], "unif"
    match found:
        case Uniform():
            return [float(found.low) * unit, float(found.high) * unit], "unif"
        case Triangular():
            low, high = float(found.low), float(found.high)
            peak = (float(found.mode) - low) / (high - low)
            return [low * unit, high * unit, peak], "triang"
        case Normal():
            return [float(found.mean) * unit, float(found.sd) * unit], "norm"
        case Lognormal():
            return [float(np.log(float(found.median) * unit)), found.sigma], "lognorm"
    raise AssertionError(found.kind_name)
