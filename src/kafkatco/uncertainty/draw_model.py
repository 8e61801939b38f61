"""What all draws have in common: the formulas, the inputs that are drawn, and their months."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from kafkatco.analysis.cost_programs import RETAINED, CostProgram
from kafkatco.deployments.agreements import credit_used
from kafkatco.numerics.curve import Curve
from kafkatco.numerics.evaluate import evaluate
from kafkatco.numerics.typing import Floats
from kafkatco.planning.growth import Growth, retained
from kafkatco.uncertainty.inputs import GROWTH
from kafkatco.uncertainty.sampling import Sampler

__all__ = ["Machine", "Model", "Months", "Points", "present_value"]

INGRESS: Final = "ingress"
#: How many draws of retention are looked at together: each has weights of months x months.
AT_ONCE: Final = 256


@dataclass(frozen=True, slots=True, eq=False)
class Points:
    """Where costs are looked at: values of an input [base units], shape ``(points,)``."""

    name: str
    unit: str
    labels: Floats  #: in ``unit``
    values: Floats

    def inputs(self, drawn: Mapping[str, Floats], extra: Floats) -> dict[str, Floats]:
        """Return the inputs of formulas for some draws: each ``(draws,)`` or ``(points, 1)``."""
        assert not extra.size  # no growth
        return {**drawn, self.name: self.values[:, None]}


@dataclass(frozen=True, slots=True, eq=False)
class Months:
    """Months in which traffic grows from that of the first.

    ``first_mib_s`` is the workload's own traffic, ``hours`` [h] the months' lengths,
    ``price_index`` what prices are multiplied by and ``present_value`` what money then is worth
    now [1], all ``(months,)``.
    """

    growth: Growth
    first_mib_s: Floats
    hours: Floats
    retention_h: Floats
    price_index: Floats
    present_value: Floats

    @property
    def labels(self) -> Floats:
        """The months, from 1."""
        return np.arange(1.0, self.hours.size + 1)

    def inputs(self, drawn: Mapping[str, Floats], extra: Floats) -> dict[str, Floats]:
        """Return the inputs of formulas for some draws: each ``(draws,)`` or ``(months, draws)``.

        ``extra`` are the uniform numbers of the growth's own uncertainty, ``(draws, ...)``.
        """
        found = dict(drawn)
        first, growth = self.first_mib_s, self.growth
        if INGRESS in drawn:
            # as the workload's goes from month to month; of none, as a rate that stays
            shape = first / first[0] if first[0] else np.ones_like(first)
            first = shape * drawn[INGRESS][:, None]
        if GROWTH in drawn:
            growth = growth.model_copy(update={"annual_rate": found.pop(GROWTH)[:, None]})
        if extra.shape[1]:
            path = growth.paths(extra, first, self.hours)
        else:
            path = growth.path(first, self.hours)
        kept = self._kept(path, drawn.get("retention"))
        for name, rates in ((INGRESS, path), (RETAINED, kept)):
            found[name] = np.ascontiguousarray(np.atleast_2d(rates).T)
        return found

    def _kept(self, path: Floats, retention_h: Floats | None) -> Floats:
        """Return the traffic of the past retention, which may be another for each draw."""
        if retention_h is None:
            return retained(path, self.retention_h, self.hours)
        rows = np.broadcast_to(path, (retention_h.size, self.hours.size))
        parts = (slice(i, i + AT_ONCE) for i in range(0, retention_h.size, AT_ONCE))
        return np.concatenate(
            [retained(rows[part], retention_h[part, None], self.hours) for part in parts]
        )


@dataclass(frozen=True, slots=True, eq=False)
class Model:
    """All that a worker needs to compute draws: no price book, no deployment; it can be sent.

    ``scales`` turn relative values into the inputs' base units, by name.
    """

    formulas: tuple[CostProgram, ...]
    sampler: Sampler
    scales: Mapping[str, float]
    along: Points | Months

    def drawn(self, shares: Floats) -> dict[str, Floats]:
        """Return the inputs [base units] at shares [1] of all draws, each ``(draws,)``."""
        values = self.sampler.values(shares)
        return {name: self.scales[name] * value for name, value in values.items()}


def present_value(cost: Floats, months: Months) -> Floats:
    """Return costs ``(deployments, months, draws)`` over all months at the worth of now."""
    return np.stack([(months.present_value[:, None] * part).sum(axis=0) for part in cost])


class Machine:
    """Computes a model's draws in this process."""

    def __init__(self, model: Model) -> None:
        self.model = model

    def shares(self, replicate: int, start: int, count: int) -> tuple[Floats, Floats]:
        """Return the shares [1] at which inputs are drawn, and what growth takes beside them."""
        sampler = self.model.sampler
        points = sampler.uniform(replicate, start, count)
        return sampler.ranked(points), points[:, len(sampler.distributions) :]

    def costs(self, drawn: Mapping[str, Floats], extra: Floats) -> Floats:
        """Return cost by deployment, month or point, and draw [currency].

        ``drawn`` are inputs ``(draws,)``, ``extra`` what growth takes beside them ``(draws, k)``.
        Infinite where a deployment cannot serve.  Setting up is paid in the first month, and a
        credit pays charges until it is spent.
        """
        model = self.model
        inputs = model.along.inputs(drawn, extra)
        shape = model.along.labels.size, extra.shape[0]
        found = np.empty((len(model.formulas), *shape))
        for cost, formula in zip(found, model.formulas, strict=True):
            total, infeasible, once, charges, amount, *_ = evaluate(formula.program, inputs)
            cost[:] = total
            if isinstance(model.along, Months):
                self._paid(cost, formula, model.along, once, charges, amount, infeasible)
            cost[np.broadcast_to(np.asarray(infeasible, bool), shape)] = np.inf
        return found

    def horizon(self, drawn: Mapping[str, Floats], extra: Floats) -> Floats:
        """Return cost over all months, by deployment and draw [currency, at the worth of now].

        Infinite where a deployment cannot serve some month.
        """
        months = self.model.along
        assert isinstance(months, Months)
        return present_value(self.costs(drawn, extra), months)

    def at(self, ingress_mib_s: Floats, drawn: Mapping[str, Floats]) -> Floats:
        """Return what a month costs at traffic and other inputs, ``(draws,)`` each [currency].

        By deployment and draw; infinite where it cannot serve.
        """
        inputs = {**drawn, INGRESS: ingress_mib_s}
        found = np.empty((len(self.model.formulas), ingress_mib_s.size))
        for cost, formula in zip(found, self.model.formulas, strict=True):
            total, infeasible, *_ = evaluate(formula.program, inputs)
            cost[:] = np.where(infeasible, np.inf, total)
        return found

    def curves(self, drawn: Mapping[str, float], low: float, high: float) -> list[tuple[Any, Any]]:
        """Return what a month costs against traffic from ``low`` to ``high`` [MiB/s], exactly.

        Of one draw, for each deployment: a curve of cost [currency], infinite where it cannot
        serve, and one of the truth that it cannot.
        """
        x = Curve.identity(low, high)
        found = []
        for item in self.model.formulas:
            total, infeasible, *_ = item.program(**{**drawn, INGRESS: x})
            unable = 0.0 * x + infeasible
            found.append((np.where(unable, np.inf, 0.0 * x + total), unable))
        return found

    @staticmethod
    def _paid(
        cost: Floats,
        formula: CostProgram,
        months: Months,
        once: Any,
        charges: Any,
        amount: Any,
        infeasible: Any,
    ) -> None:
        """Turn a month's running cost into what is paid in each month, in place."""
        price_index = months.price_index[:, None]
        cost *= price_index
        cost[0] += np.broadcast_to(once, cost.shape)[0]
        if formula.credit_life_h is not None:
            charged = np.where(infeasible, 0.0, charges * price_index)
            charged = np.broadcast_to(charged, cost.shape).T
            spent = np.broadcast_to(amount, cost.shape).T[:, :1]
            cost -= credit_used(charged, spent, formula.credit_life_h, months.hours).T
