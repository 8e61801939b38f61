"""What deployments cost, as formulas of some inputs: traced once, computed for any values."""

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

__all__ = ["RETAINED", "Formula", "Input", "formulas"]

#: The input that is the traffic of the past retention, where that is not the traffic of now.
RETAINED: Final = "retained"


class Input(Protocol):
    """What is left open: an :class:`~kafkatco.analysis.axes.Axis`, or what varies as one."""

    @property
    def name(self) -> str:
        """What the program's input is called."""

    def vary(self, basis: Basis, x: Any) -> Basis:
        """Return the basis with this input at ``x``."""


@dataclass(frozen=True, slots=True, eq=False)
class Formula:
    """What one deployment costs, of the inputs of its ``program``, by the names of their axes.

    The program's results are the fields ``total``, ``infeasible``, ``one_off``, ``charges`` and
    the amount of the credit of :class:`~kafkatco.Costs`, the last two 0 where there is no credit,
    then one for each of ``components``; ``credit_life_h`` [h] is ``None`` where there is none.
    ``lacking`` are skus that the book has no price of: the workload itself needs none of them, and
    what does is infeasible.
    """

    label: str
    program: Program
    components: tuple[str, ...]
    credit_life_h: float | None
    open: tuple[str, ...]
    lacking: tuple[str, ...] = ()


def formulas(
    basis: Basis, axes: Iterable[Input], *, retained: bool = False, itemised: bool = False
) -> tuple[Formula, ...]:
    """Return what each deployment costs, with the inputs of some axes left open [base units].

    ``retained`` leaves the traffic of the past retention open as well [MiB/s]; without it, it is
    the traffic itself.  ``itemised`` adds a result for each component.

    Raises :class:`~kafkatco.errors.MissingPriceError` as :func:`kafkatco.costs` does.

    Examples
    --------
    >>> from kafkatco import ConfluentBasic, PriceBook, Workload, bill
    >>> from kafkatco.analysis.axes import find_axis
    >>> from kafkatco.analysis.comparison import basis_of
    >>> basis = basis_of("example", Workload(ingress="1 TB/month"),
    ...                  [ConfluentBasic(region="us-east-1")],
    ...                  PriceBook("list", as_of="2025-10-31"), 730)
    >>> [found] = formulas(basis, [find_axis("ingress", basis)])
    >>> total, *_ = found.program(ingress=basis.load.ingress_mib_s)
    >>> round(float(total) - bill(*basis.deployments, basis.load, basis.book).total, 9)
    0.0
    """
    trace, given = Trace(), basis
    for axis in axes:
        basis = axis.vary(basis, trace.input(axis.name))
    if retained:
        load = basis.load.replace(
            ingress_mib_s=basis.load.ingress_mib_s, retained_mib_s=trace.input(RETAINED)
        )
        basis = replace(basis, load=load)
    catalogue = basis.book.catalogue()

    def cost(own: Deployment, item: Deployment) -> Costs:
        try:
            return costs(item, basis.load, basis.book, catalogue)
        except MissingPriceError:  # it may be of what the workload does not need
            costs(own, given.load, given.book, catalogue)
            return costs(item, basis.load, basis.book, catalogue, lacking=True)

    pairs = zip(given.deployments, basis.deployments, strict=True)
    return tuple(_formula(trace, cost(own, item), itemised) for own, item in pairs)


def _formula(trace: Trace, cost: Costs, itemised: bool) -> Formula:
    components = tuple(cost.components) if itemised else ()
    amount, life_h = cost.credit or (0.0, None)
    charges = cost.charges if cost.credit else 0.0  # which choices between offers make long
    results: list[Any] = [cost.total, cost.infeasible, cost.one_off, charges, amount]
    results += [cost.components[name] for name in components]
    program = Program.of(trace, results)
    return Formula(cost.label, program, components, life_h, cost.open, cost.lacking)
