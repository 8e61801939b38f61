"""The costs of deployments as programs of some inputs: traced once, computed for any values."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, Final, Protocol

from kafkatco.costing.comparison import Comparison
from kafkatco.costing.costs import Costs, costs_of
from kafkatco.deployments import Deployment
from kafkatco.errors import MissingPriceError
from kafkatco.numerics.program import Program
from kafkatco.numerics.tracing import Trace

__all__ = ["RETAINED", "CostProgram", "Input", "cost_programs"]

#: The input for the average traffic over the past retention, if it differs from the current one.
RETAINED: Final = "retained"


class Input(Protocol):
    """An input that varies, such as an :class:`~kafkatco.analysis.axes.Axis`."""

    @property
    def name(self) -> str:
        """The name of the program's input."""

    def vary(self, comparison: Comparison, x: Any) -> Comparison:
        """Return the comparison with this input set to ``x``."""


@dataclass(frozen=True, slots=True, eq=False)
class CostProgram:
    """The cost of one deployment as a ``program`` of the inputs of some axes, by their names.

    The results of the program are ``total``, ``infeasible``, ``floor``, ``one_off``, ``charges``
    and the credit of :class:`~kafkatco.Costs`, then each of ``components``.  Without a credit,
    ``charges`` and the credit are 0 and ``credit_life_h`` [h] is ``None``.  ``blocking_skus`` have
    no price in the book: where the inputs need one of them, the deployment is infeasible.
    ``unchecked`` has the reasons why the cost is a floor for some inputs.
    """

    label: str
    program: Program
    components: tuple[str, ...]
    credit_life_h: float | None
    unpriced_skus: tuple[str, ...]
    blocking_skus: tuple[str, ...] = ()
    unchecked: tuple[str, ...] = ()


def cost_programs(
    comparison: Comparison, axes: Iterable[Input], *, retained: bool = False, itemised: bool = False
) -> tuple[CostProgram, ...]:
    """Return the cost of each deployment as a program of the inputs of some axes [base units].

    Parameters
    ----------
    comparison, axes
        The comparison, and the inputs that vary in it.
    retained
        Whether the average traffic over the past retention [MiB/s] is a separate input,
        :data:`RETAINED`; otherwise it equals the current traffic.
    itemised
        Whether the programs also return each component.

    Raises
    ------
    MissingPriceError
        As :func:`kafkatco.costs`.

    Examples
    --------
    >>> from kafkatco import ConfluentBasic, PriceBook, Workload, bill
    >>> from kafkatco.analysis.axes import find_axis
    >>> load, options = Workload(ingress="1 TB/month"), [ConfluentBasic(region="us-east-1")]
    >>> book = PriceBook("list", as_of="2025-10-31")
    >>> comparison = Comparison.of("example", load, options, book)
    >>> [basic] = cost_programs(comparison, [find_axis("ingress", comparison)])
    >>> total, *_ = basic.program(ingress=comparison.load.ingress_mib_s)
    >>> round(float(total) - bill(load, options, book)[0].total, 9)
    0.0
    """
    trace, varied = Trace(), comparison
    for axis in axes:
        varied = axis.vary(varied, trace.input(axis.name))
    if retained:
        load = varied.load.replace(
            ingress_mib_s=varied.load.ingress_mib_s, retained_mib_s=trace.input(RETAINED)
        )
        varied = replace(varied, load=load)
    catalogue = varied.book.catalogue()

    def cost(original: Deployment, deployment: Deployment) -> Costs:
        try:
            return costs_of(deployment, varied.load, varied.book, catalogue)
        except MissingPriceError:  # perhaps of a sku that the original workload does not need
            costs_of(original, comparison.load, comparison.book, catalogue)
            return costs_of(deployment, varied.load, varied.book, catalogue, allow_unpriced=True)

    pairs = zip(comparison.deployments, varied.deployments, strict=True)
    return tuple(_program_of(trace, cost(*pair), itemised) for pair in pairs)


def _program_of(trace: Trace, cost: Costs, itemised: bool) -> CostProgram:
    components = tuple(cost.components) if itemised else ()
    amount, life_h = cost.credit or (0.0, None)
    charges = cost.charges if cost.credit else 0.0  # long where a deployment has many candidates
    results: list[Any] = [cost.total, cost.infeasible, cost.floor, cost.one_off, charges, amount]
    results += [cost.components[name] for name in components]
    program = Program.of(trace, results)
    return CostProgram(
        cost.label,
        program,
        components,
        life_h,
        cost.unpriced_skus,
        cost.blocking_skus,
        cost.unchecked,
    )
