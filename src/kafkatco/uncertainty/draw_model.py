"""The model of a simulation, shared by all draws: cost programs, inputs and months."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from kafkatco.analysis.cost_programs import RETAINED, CostProgram
from kafkatco.deployments.agreements import credit_used
from kafkatco.numerics.curve import Curve
from kafkatco.numerics.evaluate import evaluate
from kafkatco.numerics.typing import Floats
from kafkatco.planning.growth import Growth, retained
from kafkatco.uncertainty.inputs import GROWTH
from kafkatco.uncertainty.sampling import Sampler

__all__ = ["INGRESS", "Costs", "Evaluator", "Model", "Months", "Points", "present_value"]

INGRESS: Final = "ingress"
#: Draws with their own retention in one block: each needs weights of months x months.
AT_ONCE: Final = 256


@dataclass(frozen=True, slots=True, eq=False)
class Points:
    """Points along an input at which costs are computed [base units], shape ``(points,)``."""

    name: str
    unit: str
    labels: Floats  #: in ``unit``
    values: Floats

    def inputs(self, values: Mapping[str, Floats], extra: Floats) -> dict[str, Floats]:
        """Return the inputs of the cost programs, each ``(draws,)`` or ``(points, 1)``."""
        assert not extra.size  # no growth
        return {**values, self.name: self.values[:, None]}


@dataclass(frozen=True, slots=True, eq=False)
class Months:
    """Months of growing traffic.

    ``first_mib_s`` is the workload's own traffic, ``hours`` [h] the length of each month,
    ``price_index`` the factor of prices and ``present_value`` the discount factor [1], all of shape
    ``(months,)``.
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

    def inputs(self, values: Mapping[str, Floats], extra: Floats) -> dict[str, Floats]:
        """Return the inputs of the cost programs, each ``(draws,)`` or ``(months, draws)``.

        ``extra`` are the uniform numbers of an uncertain growth, ``(draws, ...)``.
        """
        inputs = dict(values)
        first, growth = self.first_mib_s, self.growth
        if INGRESS in values:
            # scale the workload's own months; a workload without traffic has a constant rate
            shape = first / first[0] if first[0] else np.ones_like(first)
            first = shape * values[INGRESS][:, None]
        if GROWTH in values:
            growth = growth.model_copy(update={"annual_rate": inputs.pop(GROWTH)[:, None]})
        if extra.shape[1]:
            path = growth.paths(extra, first, self.hours)
        else:
            path = growth.path(first, self.hours)
        stored = self._retained(path, values.get("retention"))
        for name, rates in ((INGRESS, path), (RETAINED, stored)):
            inputs[name] = np.ascontiguousarray(np.atleast_2d(rates).T)
        return inputs

    def _retained(self, path: Floats, retention_h: Floats | None) -> Floats:
        """Return the average traffic over the past retention, which may vary by draw."""
        if retention_h is None:
            return retained(path, self.retention_h, self.hours)
        rows = np.broadcast_to(path, (retention_h.size, self.hours.size))
        parts = (slice(i, i + AT_ONCE) for i in range(0, retention_h.size, AT_ONCE))
        return np.concatenate(
            [retained(rows[part], retention_h[part, None], self.hours) for part in parts]
        )


@dataclass(frozen=True, slots=True, eq=False)
class Model:
    """All data for computing draws, without price book and deployments: small enough to send.

    ``scales`` convert drawn values to the base units of the inputs, by name.
    """

    programs: tuple[CostProgram, ...]
    sampler: Sampler
    scales: Mapping[str, float]
    along: Points | Months

    def values(self, shares: Floats) -> dict[str, Floats]:
        """Return the inputs [base units] at quantile levels [1], each of shape ``(draws,)``."""
        values = self.sampler.values(shares)
        return {name: self.scales[name] * value for name, value in values.items()}


@dataclass(frozen=True, slots=True, eq=False)
class Costs:
    """Costs by deployment, by month or point if there are any, and by draw [currency].

    ``total`` is infinite where the deployment is infeasible; ``floor`` is whether it is a floor.
    """

    total: Floats
    floor: NDArray[np.bool_]

    @property
    def known(self) -> Floats:
        """The costs that may be the cheapest: infinite where they are floors."""
        cost: Floats = np.where(self.floor, np.inf, self.total)
        return cost

    def at(self, point: int) -> Costs:
        """Return the costs of one month or point."""
        return Costs(self.total[:, point], self.floor[:, point])


def present_value(cost: Costs, months: Months) -> Costs:
    """Return the present value of ``(deployments, months, draws)`` costs over all months."""
    value = np.stack([(months.present_value[:, None] * part).sum(axis=0) for part in cost.total])
    return Costs(value, cost.floor.sum(axis=1) > 0)


class Evaluator:
    """Computes the draws of a model in this process."""

    def __init__(self, model: Model) -> None:
        self.model = model

    def shares(self, replicate: int, start: int, count: int) -> tuple[Floats, Floats]:
        """Return the quantile levels [1] of the inputs, and the uniform numbers of growth."""
        sampler = self.model.sampler
        points = sampler.uniform(replicate, start, count)
        return sampler.shares(points), points[:, len(sampler.distributions) :]

    def costs(self, values: Mapping[str, Floats], extra: Floats) -> Costs:
        """Return the cost by deployment, month or point, and draw [currency], and where a floor.

        ``values`` are the inputs ``(draws,)``, ``extra`` the uniform numbers of growth
        ``(draws, k)``.  The cost is infinite if the deployment is infeasible.  Set-up is paid in
        the first month, and a credit pays charges until it is used up.
        """
        model = self.model
        inputs = model.along.inputs(values, extra)
        shape = model.along.labels.size, extra.shape[0]
        costs = np.empty((len(model.programs), *shape))
        floors = np.empty(costs.shape, bool)
        for cost, floor, program in zip(costs, floors, model.programs, strict=True):
            total, infeasible, unknown, one_off, charges, credit, *_ = evaluate(
                program.program, inputs
            )
            cost[:] = total
            floor[:] = unknown
            if isinstance(model.along, Months):
                self._add_payments(cost, program, model.along, one_off, charges, credit, infeasible)
            cost[np.broadcast_to(np.asarray(infeasible, bool), shape)] = np.inf
        return Costs(costs, floors)

    def horizon(self, values: Mapping[str, Floats], extra: Floats) -> Costs:
        """Return the present value of all months, by deployment and draw [currency].

        It is infinite if the deployment is infeasible in any month, and a floor if the cost of any
        month is.
        """
        months = self.model.along
        assert isinstance(months, Months)
        return present_value(self.costs(values, extra), months)

    def at(self, ingress_mib_s: Floats, values: Mapping[str, Floats]) -> Floats:
        """Return the monthly cost at some traffic and other inputs, ``(draws,)`` each [currency].

        By deployment and draw; infinite if the deployment is infeasible.
        """
        inputs = {**values, INGRESS: ingress_mib_s}
        costs = np.empty((len(self.model.programs), ingress_mib_s.size))
        for cost, program in zip(costs, self.model.programs, strict=True):
            total, infeasible, *_ = evaluate(program.program, inputs)
            cost[:] = np.where(infeasible, np.inf, total)
        return costs

    def curves(self, values: Mapping[str, float], low: float, high: float) -> list[tuple[Any, Any]]:
        """Return the exact cost curves of one draw, from ``low`` to ``high`` traffic [MiB/s].

        For each deployment: a curve of the monthly cost [currency], infinite where the deployment
        is infeasible, and a curve that is 1 there.
        """
        x = Curve.identity(low, high)
        curves = []
        for cost in self.model.programs:
            total, infeasible, *_ = cost.program(**{**values, INGRESS: x})
            blocked = 0.0 * x + infeasible
            curves.append((np.where(blocked, np.inf, 0.0 * x + total), blocked))
        return curves

    @staticmethod
    def _add_payments(
        cost: Floats,
        program: CostProgram,
        months: Months,
        one_off: Any,
        charges: Any,
        credit: Any,
        infeasible: Any,
    ) -> None:
        """Turn the running costs of months into the payments of each month, in place."""
        price_index = months.price_index[:, None]
        cost *= price_index
        cost[0] += np.broadcast_to(one_off, cost.shape)[0]
        if program.credit_life_h is not None:
            charged = np.where(infeasible, 0.0, charges * price_index)
            charged = np.broadcast_to(charged, cost.shape).T
            amount = np.broadcast_to(credit, cost.shape).T[:, :1]
            cost -= credit_used(charged, amount, program.credit_life_h, months.hours).T
