"""Several deployments side by side: a workload in parts, each where all together cost least."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from pydantic import Field

from kafkatco.core.inputs import Input, Name
from kafkatco.core.result import Result, about_prices
from kafkatco.core.units import Duration
from kafkatco.costing.comparison import Comparison
from kafkatco.costing.costs import costs_of
from kafkatco.deployments import Deployment
from kafkatco.errors import InputError, Problem, nearest, shown
from kafkatco.i18n.message import _
from kafkatco.numerics.tolerance import SAME
from kafkatco.numerics.typing import Floats
from kafkatco.prices import PriceBook
from kafkatco.sizing.workload import Workload

__all__ = ["Part", "Placement", "place"]

#: What parts in the same deployment share: the most that any of them needs is paid once.
SHARED: Final = ("labour", "monitoring")
#: What of the whole a part has its share of, beside partitions, which are whole.
DIVIDED: Final = (
    "ingress_mib_s",
    "connections",
    "requests_per_s",
    "connector_tasks",
    "stream_processing_units",
)
MOST_ASSIGNMENTS: Final = 2_000_000


class Part(Input):
    """A part of a workload: a share of its traffic, with what differs from the whole.

    Parameters
    ----------
    name
        What results call it, such as "core", "experimental" or "global".
    share
        Its share of the whole's ingress, connections, requests, connectors and stream
        processing.  [1]
    fanout, retention, partitions, replica_regions
        Its own, where they differ from the whole's; partitions are its share by default.
    only
        The deployments that come into question; all by default.

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
    replica_regions: int | None = Field(default=None, ge=0)
    only: list[str] | None = Field(default=None, min_length=1)

    def workload(self, whole: Workload) -> Workload:
        """Return what this part asks for, at the whole's ingress: its share is taken later."""
        own = {
            name: getattr(self, name)
            for name in ("fanout", "retention", "replica_regions")
            if getattr(self, name) is not None
        }
        count = self.partitions or max(1, round(whole.partitions * self.share))
        return whole.model_copy(update={**own, "partitions": count})


@dataclass(frozen=True, slots=True, eq=False)
class Placement(Result):
    """The cheapest assignment of parts to deployments, and what it is compared with [currency].

    ``apart`` is what each part costs where it is, without what is shared; ``shared`` what is
    shared of each deployment that is used; ``together`` what all parts in one deployment cost,
    infinite where it cannot serve them all.  ``prices`` says of which book the prices are,
    ``unpriced_skus`` of which deployments some have none, so that their cost is a floor.
    """

    assigned: Mapping[str, str]
    total: float
    apart: Mapping[str, float]
    shared: Mapping[str, float]
    together: Mapping[str, float]
    currency: str
    prices: Mapping[str, str]
    unpriced_skus: Mapping[str, tuple[str, ...]]

    def __repr__(self) -> str:
        places = ", ".join(f"{part} on {where}" for part, where in self.assigned.items())
        return f"Placement({places}; {self.total:,.2f} {self.currency} a month)"

    @property
    def saving(self) -> float | None:
        """What splitting saves of the best single deployment [1]; ``None`` where none serves."""
        best = min(self.together.values())
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
    """Return the assignment of parts to deployments that costs least; exact, by trying all.

    Each part is a cluster of its own where it is placed.  Of parts in the same deployment, people
    and monitoring are shared: the most that any of them needs is paid once.

    Raises :class:`~kafkatco.errors.InputError` for shares that are more than the whole, unknown
    deployments, more than 2,000,000 assignments, or where no assignment can serve.

    Examples
    --------
    >>> from kafkatco import ConfluentBasic, Labour, MskStandard
    >>> found = place(
    ...     Workload(ingress="20 TB/month", fanout=2, retention="1 day", partitions=60),
    ...     [MskStandard(region="us-east-1", instance="kafka.m7g.large", labour=Labour(fte=0.1)),
    ...      ConfluentBasic(region="us-east-1")],
    ...     PriceBook("list", as_of="2025-10-31"),
    ...     [Part(name="core", share=0.95), Part(name="trial", share=0.05, partitions=6)])
    >>> dict(found.assigned)
    {'core': 'msk-standard', 'trial': 'confluent-basic'}
    """
    comparison = Comparison.of("place", workload, deployments, book, month_hours)
    labels, hours = comparison.labels, comparison.load.month_hours
    _check(parts, labels)
    catalogue = book.catalogue()
    apart: Floats = np.full((len(parts), len(labels)), np.inf)
    shared: Floats = np.zeros((len(parts), len(labels)))
    floors: dict[str, tuple[str, ...]] = {}
    for i, part in enumerate(parts):
        load = part.workload(workload).operands(month_hours=hours)
        load = load.replace(**{name: getattr(load, name) * part.share for name in DIVIDED})
        for k, item in enumerate(comparison.deployments):
            if part.only is not None and item.label not in part.only:
                continue
            found = costs_of(item, load, book, catalogue)
            if found.infeasible:
                continue
            if found.unpriced_skus:
                floors[item.label] = found.unpriced_skus
            shared[i, k] = sum(float(found.components.get(name, 0.0)) for name in SHARED)
            apart[i, k] = float(found.total) - shared[i, k]
    choice, total = _best(apart, shared)
    if not np.isfinite(total):
        stuck = [part.name for part, row in zip(parts, apart, strict=True) if np.all(np.isinf(row))]
        expected = "a part that some deployment can serve"
        raise InputError("place", [Problem("parts", repr(name), expected) for name in stuck])
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
        floors,
    )


def _best(apart: Floats, shared: Floats) -> tuple[list[int], float]:
    """Return the option of each part, and what all cost, over every assignment."""
    parts, count = apart.shape
    able = [np.flatnonzero(np.isfinite(row)) for row in apart]
    if not all(len(options) for options in able):
        return [0] * parts, float("inf")
    tried = [chosen.ravel() for chosen in np.meshgrid(*able, indexing="ij")]
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
        example = '[Part(name="core", share=0.7)]'
        expected = _("a list of parts, such as {example}", example=example)
        problem = Problem("parts", shown(parts), expected)
        raise InputError("place", [problem])
    problems = []
    names = [part.name for part in parts]
    if not names or len(set(names)) != len(names):
        problems.append(Problem("parts", shown(names), _("at least one part, with distinct names")))
    share = sum(part.share for part in parts)
    if share > 1 + SAME:
        problems.append(
            Problem("share", _("{share} in all", share=f"{share:g}"), _("at most the whole, 1"))
        )
    for part in parts:
        for name in part.only or ():
            if name not in labels:
                hint = nearest(name, labels, limit=20)
                problems.append(
                    Problem(f"{part.name}.only", repr(name), _("one of the deployments"), hint)
                )
    if len(labels) ** len(parts) > MOST_ASSIGNMENTS:
        given = f"{len(labels)} deployments for {len(parts)} parts"
        problems.append(Problem("parts", given, f"at most {MOST_ASSIGNMENTS:,} assignments"))
    if problems:
        raise InputError("place", problems)
