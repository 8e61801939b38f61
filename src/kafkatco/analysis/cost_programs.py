"""Deployments' costs as programs of some inputs: traced once, computed for any values."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, Final, Protocol

from kafkatco.analysis.comparison import Basis
from kafkatco.costing.costs import Costs, costs
from kafkatco.deployments import Deployment
from kafkatco.errors import MissingPriceError
from kafkatco.numerics.program import Program
from kafkatco.numerics.tracing import Trace

__all__ = ["RETAINED", "CostProgram", "Input", "cost_programs"]

#: The input for the average traffic over the past retention, if it differs from the current one.
RETAINED: Final = "retained"


class Input(Protocol):
    """An input that varies: an :class:`~kafkatco.analysis.axes.Axis`, or anything like one."""

    @property
    def name(self) -> str:
        """The name of the program's input."""

    def vary(self, basis: Basis, x: Any) -> Basis:
        """Return the basis with this input set to ``x``."""


@dataclass(frozen=True, slots=True, eq=False)
class CostProgram:
    """The cost of one deployment, as a ``program`` of the inputs of some axes, by their names.

    The program's results are the fields ``total``, ``infeasible``, ``one_off``, ``charges`` and
    the amount of the credit of :class:`~kafkatco.Costs`, the last two 0 without a credit, then one
    for each of ``components``; ``credit_life_h`` [h] is ``None`` without a credit.
    ``lacking`` are the skus without a price in the book that make the deployment infeasible where
    they are needed; the workload itself needs none of them.
    """

    label: str
    program: Program
    components: tuple[str, ...]
    credit_life_h: float | None
    open: tuple[str, ...]
    lacking: tuple[str, ...] = ()


def cost_programs(
    basis: Basis, axes: Iterable[Input], *, retained: bool = False, itemised: bool = False
) -> tuple[CostProgram, ...]:
    """Return each deployment's cost as a program of the inputs of some axes [base units].

    Parameters
    ----------
    basis, axes
        The comparison, and the inputs that vary in it.
    retained
        Whether the average traffic over the past retention is an input of its own [MiB/s],
        :data:`RETAINED`, rather than the current traffic.
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
    >>> from kafkatco.analysis.comparison import basis_of
    >>> basis = basis_of("example", Workload(ingress="1 TB/month"),
    ...                  [ConfluentBasic(region="us-east-1")],
    ...                  PriceBook("list", as_of="2025-10-31"), 730)
    >>> [basic] = cost_programs(basis, [find_axis("ingress", basis)])
    >>> total, *_ = basic.program(ingress=basis.load.ingress_mib_s)
    >>> round(float(total) - bill(*basis.deployments, basis.load, basis.book).total, 9)
    0.0
    """
    trace, varied = Trace(), basis
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
            return costs(deployment, varied.load, varied.book, catalogue)
        except MissingPriceError:  # perhaps of a sku that the workload itself does not need
            costs(original, basis.load, basis.book, catalogue)
            return costs(deployment, varied.load, varied.book, catalogue, lacking=True)

    pairs = zip(basis.deployments, varied.deployments, strict=True)
    return tuple(_program_of(trace, cost(*pair), itemised) for pair in pairs)


def _program_of(trace: Trace, cost: Costs, itemised: bool) -> CostProgram:
    components = tuple(cost.components) if itemised else ()
    amount, life_h = cost.credit or (0.0, None)
    charges = cost.charges if cost.credit else 0.0  # long where a deployment has many candidates
    results: list[Any] = [cost.total, cost.infeasible, cost.one_off, charges, amount]
    results += [cost.components[name] for name in components]
    program = Program.of(trace, results)
    return CostProgram(cost.label, program, components, life_h, cost.open, cost.lacking)
