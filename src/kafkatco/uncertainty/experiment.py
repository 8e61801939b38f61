"""Costs as a function of the uncertain inputs, for other sensitivity tools."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from kafkatco.deployments import Deployment
from kafkatco.errors import InputError, Problem
from kafkatco.i18n.message import _
from kafkatco.numerics.typing import Floats
from kafkatco.planning.horizon import Horizon
from kafkatco.prices import PriceBook
from kafkatco.sizing.workload import Workload
from kafkatco.uncertainty.build import UncertainInput, horizon_model
from kafkatco.uncertainty.distributions import Lognormal, Normal, Triangular, Uniform
from kafkatco.uncertainty.draw_model import Evaluator
from kafkatco.uncertainty.inputs import Uncertainty

__all__ = ["Experiment"]


class Experiment:
    """The cost of deployments over all months, as a function of the uncertain inputs.

    ``problem`` is a SALib problem: names, bounds and distributions, in the units of the inputs.  An
    input whose distribution SALib lacks (PERT, discrete, samples, truncated normal) is given by its
    quantile level, from 0 to 1.  Source: https://salib.readthedocs.io (``ProblemSpec``).

    Raises ``InputError`` as :func:`kafkatco.simulate`, and for correlated inputs and a growth with
    random months, which a problem cannot describe.

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
        uncertainty = Uncertainty.of("experiment", uncertainty)
        horizon = Horizon.of("experiment", horizon)
        if uncertainty.correlation:
            sentence = _("the inputs are correlated; expected independent inputs")
            raise InputError("experiment", [Problem("correlation", "", sentence)])
        _comparison, self.inputs, model = horizon_model(
            "experiment", workload, deployments, book, uncertainty, horizon
        )
        if model.sampler.extra:
            sentence = _("the growth has random months; use one without them")
            raise InputError("experiment", [Problem("growth", "", sentence)])
        self._evaluator = Evaluator(model)

    @property
    def problem(self) -> dict[str, Any]:
        """The problem for SALib."""
        bounds, dists = zip(*map(_bounds, self.inputs), strict=True) if self.inputs else ((), ())
        return {
            "num_vars": len(self.inputs),
            "names": [x.name for x in self.inputs],
            "bounds": [*bounds],
            "dists": [*dists],
        }

    def __call__(self, points: ArrayLike) -> Floats:
        """Return the cost over all months, ``(points, deployments)`` [currency].

        ``points`` ``(points, inputs)`` are values in the units of the inputs, or quantile levels,
        as in ``problem``.  The cost is infinite if a deployment is infeasible.  Raises
        ``InputError`` for another shape, and for values out of range.
        """
        expected = _("finite numbers of shape (points, {inputs})", inputs=len(self.inputs))
        try:
            rows = np.asarray(points, float)
        except (TypeError, ValueError):
            kind = type(points).__name__
            raise InputError("experiment", [Problem("points", kind, expected)]) from None
        if rows.ndim != 2 or rows.shape[1] != len(self.inputs) or not np.isfinite(rows).all():
            shape = _("shape {shape}", shape=rows.shape)
            raise InputError("experiment", [Problem("points", shape, expected)])
        problems = []
        for uncertain, column in zip(self.inputs, rows.T, strict=True):
            least, most = _range(uncertain)
            outside = column[(column < least) | (column > most)]
            if outside.size:
                where = _("points of {input}", input=uncertain.name)
                limits = _("from {low:g} to {high:g}", low=least, high=most)
                problems.append(Problem(where, f"{outside[0]:g}", limits))
        if problems:
            raise InputError("experiment", problems)
        values = {}
        for uncertain, column in zip(self.inputs, rows.T, strict=True):
            if _in_salib(uncertain):
                values[uncertain.name] = np.ascontiguousarray(column / uncertain.per_base)
            else:
                values[uncertain.name] = uncertain.scale * uncertain.distribution.quantile(column)
        return self._evaluator.horizon(values, np.empty((rows.shape[0], 0))).total.T


def _in_salib(uncertain: UncertainInput) -> bool:
    """Return whether SALib has the distribution of an input."""
    x = uncertain.distribution
    truncated = isinstance(x, Normal) and not (x.low is None and x.high is None)
    return isinstance(x, Uniform | Triangular | Normal | Lognormal) and not truncated


def _range(uncertain: UncertainInput) -> tuple[float, float]:
    """Return the least and the greatest valid point of an input, in the unit of ``problem``."""
    if not _in_salib(uncertain):
        return 0.0, 1.0
    axis = uncertain.axis
    least, most = (-1.0, np.inf) if axis is None else (axis.least, axis.most)
    return least * uncertain.per_base, most * uncertain.per_base


def _bounds(uncertain: UncertainInput) -> tuple[list[float], str]:
    """Return the bounds and the name of a distribution for SALib."""
    x, unit = uncertain.distribution, uncertain.scale * uncertain.per_base
    if not _in_salib(uncertain):
        return [0.0, 1.0], "unif"
    match x:
        case Uniform():
            return [float(x.low) * unit, float(x.high) * unit], "unif"
        case Triangular():
            low, high = float(x.low), float(x.high)
            peak = (float(x.mode) - low) / (high - low)
            return [low * unit, high * unit, peak], "triang"
        case Normal():
            return [float(x.mean) * unit, float(x.sd) * unit], "norm"
        case Lognormal():
            return [float(np.log(float(x.median) * unit)), x.sigma], "lognorm"
    raise AssertionError(x.kind_name)
