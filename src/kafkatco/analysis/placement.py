"""Placement: the parts of a workload, each on the deployment that makes the total least."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from math import ceil
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from kafkatco.core.inputs import Input, Name
from kafkatco.core.result import Result, about_prices
from kafkatco.core.units import Duration
from kafkatco.costing.comparison import Comparison, operands_of
from kafkatco.costing.costs import costs_of, known_cost
from kafkatco.deployments import Deployment
from kafkatco.errors import InputError, Problem, nearest, shown
from kafkatco.i18n.message import _
from kafkatco.numerics.tolerance import SAME
from kafkatco.numerics.typing import Floats
from kafkatco.prices import PriceBook
from kafkatco.sizing.workload import Workload

__all__ = ["Part", "Placement", "place"]

#: Components that parts on the same deployment share: the largest is paid once.
SHARED: Final = ("labour", "monitoring")
#: The operands that are divided by share; partitions and topics are also rounded.
DIVIDED: Final = (
    "ingress_mib_s",
    "connections",
    "requests_per_s",
    "connector_tasks",
    "stream_processing_units",
)
MOST_ASSIGNMENTS: Final = 2_000_000


class Part(Input):
    """A part of a workload: a share of its traffic, and its own values of other fields.

    Parameters
    ----------
    name
        Its name in results, such as "core", "experimental" or "global".
    share
        Its share of the workload's ingress, connections, requests, connectors and stream
        processing.  [1]
    fanout, retention, partitions, topics, replica_regions
        Its own values; by default those of the workload, and its share of the partitions and
        topics.
    only
        The deployments that may run it; all by default.

    Examples
    --------
    >>> Part(name="core", share=0.7, only=["our cluster"]).share
    0.7
    """

    name: Name
    share: float = Field(gt=0, le=1)
    fanout: float | None = Field(default=None, ge=0)
    retention: Duration | None = None
    partitions: int | None = Field(default=None, ge=1)
    topics: int | None = Field(default=None, ge=0)
    replica_regions: int | None = Field(default=None, ge=0)
    only: list[str] | None = Field(default=None, min_length=1)

    def workload(self, whole: Workload) -> Workload:
        """Return the workload of this part with the ingress of the whole, before its share."""
        changes = {
            name: getattr(self, name)
            for name in ("fanout", "retention", "replica_regions")
            if getattr(self, name) is not None
        }
        count = self.partitions or max(1, round(whole.partitions * self.share))
        # of its own partitions, each is in one topic at most
        topics = min(ceil(whole.topics * self.share), count) if self.topics is None else self.topics
        return whole.model_copy(update={**changes, "partitions": count, "topics": topics})


@dataclass(frozen=True, slots=True, eq=False)
class Placement(Result):
    """The cheapest assignment of parts to deployments, and the costs of alternatives [currency].

    ``apart`` has the cost of each part on its deployment without shared components; ``shared`` the
    shared components of each deployment in use; ``together`` the cost of all parts on one
    deployment, infinite if that is infeasible.  ``prices`` identifies the book.

    ``unpriced_skus`` has, by deployment, the skus without a price, and ``unchecked`` the reasons
    why a limit is unknown: its cost is a floor, and no part is assigned to it.  ``undercut`` has
    such deployments with which an assignment may cost less, and ``least`` its cost at least.
    """

    assigned: Mapping[str, str]
    total: float
    apart: Mapping[str, float]
    shared: Mapping[str, float]
    together: Mapping[str, float]
    currency: str
    prices: Mapping[str, str]
    unpriced_skus: Mapping[str, tuple[str, ...]]
    unchecked: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    undercut: tuple[str, ...] = ()
    least: float | None = None

    def __repr__(self) -> str:
        places = ", ".join(f"{part} on {where}" for part, where in self.assigned.items())
        return f"Placement({places}; {self.total:,.2f} {self.currency} a month)"

    @property
    def floors(self) -> frozenset[str]:
        """The deployments whose cost is a floor for some part."""
        return frozenset([*self.unpriced_skus, *self.unchecked])

    @property
    def saving(self) -> float | None:
        """The share of the best single deployment's cost that splitting saves [1].

        ``None`` if no single deployment of a known cost is feasible.
        """
        known = (cost for name, cost in self.together.items() if name not in self.floors)
        best = min(known, default=np.inf)
        return 1.0 - self.total / best if np.isfinite(best) and best else None

    def _about(self) -> dict[str, Any]:
        return about_prices(self.currency, self.prices)


def place(
    workload: Workload,
    deployments: Sequence[Deployment],
    book: PriceBook,
    parts: Sequence[Part],
    *,
    month_hours: int | str = 730,
) -> Placement:
    """Return the least-cost assignment of parts to deployments, by trying all assignments.

    Each part is a separate cluster.  Parts on the same deployment share people and monitoring: the
    largest need of any of them is paid once.

    Raises :class:`~kafkatco.errors.InputError` for shares of more than 1 in total, unknown
    deployments, more than 2,000,000 assignments, or if no assignment is feasible and without a
    floor.

    Examples
    --------
    >>> from kafkatco import ConfluentBasic, Labour, MskStandard
    >>> placement = place(
    ...     Workload(ingress="20 TB/month", fanout=2, retention="1 day", partitions=60),
    ...     [MskStandard(region="us-east-1", instance="kafka.m7g.large", labour=Labour(fte=0.1)),
    ...      ConfluentBasic(region="us-east-1")],
    ...     PriceBook("list", as_of="2025-10-31"),
    ...     [Part(name="core", share=0.95), Part(name="trial", share=0.05, partitions=6)])
    >>> dict(placement.assigned)
    {'core': 'msk-standard', 'trial': 'confluent-basic'}
    """
    comparison = Comparison.of("place", workload, deployments, book, month_hours)
    labels, hours = comparison.labels, comparison.load.month_hours
    _check(parts, labels)
    catalogue = book.catalogue()
    apart: Floats = np.full((len(parts), len(labels)), np.inf)
    shared: Floats = np.zeros((len(parts), len(labels)))
    known = np.ones((len(parts), len(labels)), dtype=bool)
    unpriced: dict[str, tuple[str, ...]] = {}
    unchecked: dict[str, tuple[str, ...]] = {}
    for i, part in enumerate(parts):
        load = operands_of(part.workload(workload), book, hours)
        load = load.replace(**{name: getattr(load, name) * part.share for name in DIVIDED})
        for k, option in enumerate(comparison.deployments):
            if part.only is not None and option.label not in part.only:
                continue
            cost = costs_of(option, load, book, catalogue)
            if cost.infeasible:
                continue
            known[i, k] = not cost.floor
            if cost.unpriced_skus:
                unpriced[option.label] = cost.unpriced_skus
            if cost.unchecked:
                unchecked[option.label] = cost.unchecked
            shared[i, k] = sum(float(cost.components.get(name, 0.0)) for name in SHARED)
            apart[i, k] = float(cost.total) - shared[i, k]
    choice, total = _best(known_cost(apart, ~np.isfinite(apart), ~known), shared)
    if not np.isfinite(total):
        raise InputError("place", [*_stuck(parts, apart, known)])
    lowest, least = _best(apart, shared)
    rows = np.arange(len(parts))
    together = {
        label: float(apart[:, k].sum() + shared[:, k].max()) for k, label in enumerate(labels)
    }
    used = sorted(set(choice))
    return Placement(
        {part.name: labels[k] for part, k in zip(parts, choice, strict=True)},
        total,
        {part.name: float(cost) for part, cost in zip(parts, apart[rows, choice], strict=True)},
        {labels[k]: float(max(shared[i, k] for i in rows if choice[i] == k)) for k in used},
        together,
        book.currency,
        book.describe(),
        unpriced,
        unchecked,
        *_undercut(labels, lowest, known, least, total),
    )


def _stuck(parts: Sequence[Part], apart: Floats, known: NDArray[np.bool_]) -> Iterator[Problem]:
    """Yield a problem for each part without a deployment."""
    for part, costs, certain in zip(parts, apart, known, strict=True):
        feasible, name = np.isfinite(costs), repr(part.name)
        if not feasible.any():
            yield Problem("parts", "", _("no deployment can handle the part {name}", name=name))
        elif not (feasible & certain).any():
            text = _("every cost of the part {name} is a floor: none is known", name=name)
            yield Problem("parts", "", text)


def _undercut(
    labels: Sequence[str],
    choice: Sequence[int],
    known: NDArray[np.bool_],
    least: float,
    total: float,
) -> tuple[tuple[str, ...], float | None]:
    """Return the floors of the assignment of least cost, if they make it cheaper, and its cost."""
    floors = dict.fromkeys(labels[k] for i, k in enumerate(choice) if not known[i, k])
    return (tuple(floors), least) if least < total else ((), None)


def _best(apart: Floats, shared: Floats) -> tuple[list[int], float]:
    """Return the option of each part in the least-cost assignment, and the total."""
    parts, count = apart.shape
    feasible = [np.flatnonzero(np.isfinite(row)) for row in apart]
    if not all(len(options) for options in feasible):
        return [0] * parts, float("inf")
    tried = [chosen.ravel() for chosen in np.meshgrid(*feasible, indexing="ij")]
    total = np.zeros(tried[0].size)
    for i in range(parts):
        total += apart[i, tried[i]]
    for k in range(count):
        most = np.zeros(total.size)
        for i in range(parts):
            np.maximum(most, np.where(tried[i] == k, shared[i, k], 0.0), out=most)
        total += most
    best = int(np.argmin(total))
    return [int(chosen[best]) for chosen in tried], float(total[best])


def _check(parts: Any, labels: Sequence[str]) -> None:
    if isinstance(parts, Part) or not all(isinstance(part, Part) for part in parts):
        expected = _("a list of parts, such as {example}", example='[Part(name="core", share=0.8)]')
        raise InputError("place", [Problem("parts", shown(parts), expected)])
    problems = []
    names = [part.name for part in parts]
    if not names:
        problems.append(Problem("parts", _("an empty list"), _("at least one part")))
    if len(set(names)) != len(names):
        problems.append(Problem("parts", shown(names), _("distinct names")))
    share = sum(part.share for part in parts)
    if share > 1 + SAME:
        total = _("{share:g} in total", share=share)
        problems.append(Problem("share", total, _("at most {share:g} in total", share=1)))
    for part in parts:
        for name in part.only or ():
            if name not in labels:
                hint = nearest(name, labels, limit=20)
                problems.append(Problem(f"{part.name}.only", repr(name), _("a deployment"), hint))
    if len(labels) ** len(parts) > MOST_ASSIGNMENTS:
        size = _("{n} deployments for {parts} parts", n=len(labels), parts=len(parts))
        expected = _("at most {most:,} assignments", most=MOST_ASSIGNMENTS)
        problems.append(Problem("parts", size, expected))
    if problems:
        raise InputError("place", problems)
