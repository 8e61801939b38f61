"""What an answer is computed on: a workload, who may serve it, at which prices."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from kafkatco.deployments import Deployment
from kafkatco.errors import InputError, Problem, nearest
from kafkatco.prices import PriceBook
from kafkatco.sizing.workload import Operands, Workload, hours_of_month

__all__ = ["Basis", "basis_of", "pair_of"]


@dataclass(frozen=True, slots=True)
class Basis:
    """What an answer is computed on: a workload, the deployments that may serve it, the prices."""

    load: Operands
    deployments: tuple[Deployment, ...]
    book: PriceBook


def basis_of(
    where: str,
    workload: Workload,
    deployments: Sequence[Deployment],
    book: PriceBook,
    month_hours: int | str,
) -> Basis:
    """Return the basis of an answer.

    Raises ``InputError`` for what is no workload, deployment or book, and where names are not each
    of its own.
    """
    wrong = [
        Problem(what, type(given).__name__, f"a {kind.__name__}")
        for what, given, kind in (
            ("workload", workload, Workload),
            ("book", book, PriceBook),
            *(("deployments", item, Deployment) for item in _listed(deployments)),
        )
        if not isinstance(given, kind)
    ]
    if wrong:
        raise InputError(where, wrong)
    labels = [item.label for item in deployments]
    if len(set(labels)) != len(labels) or not labels:
        raise InputError(where, [Problem("deployments", repr(labels), "names, each of its own")])
    hours = hours_of_month(month_hours, book.as_of)
    return Basis(workload.operands(month_hours=hours), tuple(deployments), book)


def _listed(given: Any) -> Iterable[Any]:
    return given if isinstance(given, Sequence) and not isinstance(given, str) else (given,)


def pair_of(
    where: str, basis: Basis, mine: str, other: str, problems: Sequence[Problem] = ()
) -> Basis:
    """Return the basis of two deployments alone, by their names.

    Raises ``InputError`` for names that are not of two of them, and with other ``problems``.
    """
    labels = [item.label for item in basis.deployments]
    found = [
        Problem(what, repr(name), "one of the deployments", nearest(name, labels, limit=20))
        for what, name in (("mine", mine), ("other", other))
        if name not in labels
    ]
    if mine == other:
        found.append(Problem("other", repr(other), "another deployment than mine"))
    if found or problems:
        raise InputError(where, [*found, *problems])
    chosen = tuple(basis.deployments[labels.index(name)] for name in (mine, other))
    return replace(basis, deployments=chosen)
