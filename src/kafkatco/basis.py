"""What an answer is computed on: a workload, who may serve it, at which prices."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kafkatco.deployments import Deployment
from kafkatco.errors import InputError, Problem
from kafkatco.prices import PriceBook
from kafkatco.workload import Operands, Workload, hours_of_month

__all__ = ["Basis", "basis_of"]


@dataclass(frozen=True, slots=True)
class Basis:
    """What an answer is computed on: a workload, the deployments that may serve it, the prices."""

    load: Operands
    deployments: tuple[Deployment, ...]
    book: PriceBook


def basis_of(
    where: str, workload: Workload, deployments: Sequence[Deployment], book: PriceBook,
    month_hours: int | str,
) -> Basis:  # fmt: skip
    """Return the basis of an answer; ``InputError`` where names are not each of its own."""
    labels = [item.label for item in deployments]
    if len(set(labels)) != len(labels) or not labels:
        raise InputError(where, [Problem("deployments", repr(labels), "names, each of its own")])
    hours = hours_of_month(month_hours, book.as_of)
    return Basis(workload.operands(month_hours=hours), tuple(deployments), book)
