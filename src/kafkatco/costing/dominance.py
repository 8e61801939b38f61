"""Instance types that another type beats: they are never the cheapest, whatever the workload.

Type B beats type A if each capacity of B is at least that of A, and a node of B costs no more.  Of
n nodes at p each [money/month], with disks that cost D(n), n_B <= n_A: a requirement never rises
with a capacity.  Fewer nodes may have fewer disks, whose included performance must then be bought.
If v [money/month] is the price of what one disk includes, D(n_A) >= D(n_B) - (n_A - n_B) v, and no
other cost falls with n.  A is pruned only if p_A > v, so that::

    cost_A - cost_B >= n_A (p_A - v) - n_B (p_B - v)
                    >= n_B (p_A - v) - n_B (p_B - v)  =  n_B (p_A - p_B)  >=  0

The first step is strict if n_B < n_A; if n_B = n_A and p_A = p_B, both have the same lines.  So B
is cheaper or the same.  Discounts and support plans are increasing functions of these charges.  B
is also feasible wherever A is, since its limits are at least as high.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from operator import ge, gt, lt

import numpy as np

from kafkatco.costing.discounts import with_agreements
from kafkatco.costing.lines import Line, priced
from kafkatco.deployments.base import Deployment
from kafkatco.deployments.instances import is_one_type
from kafkatco.deployments.self_hosted import SelfHosted
from kafkatco.errors import MissingPriceError
from kafkatco.prices.book import PriceBook
from kafkatco.prices.catalogue import Catalogue
from kafkatco.sizing.quantities import Meter
from kafkatco.sizing.workload import Operands

__all__ = ["undominated"]


@dataclass(frozen=True)
class _Price:
    """Constant prices of some meters: the cost of each line, ``(months, lines)`` [money/month]."""

    lines: tuple[tuple[float, ...], ...]
    currencies: frozenset[str]

    @cached_property
    def costs(self) -> tuple[float, ...]:
        """The cost in each length of a month [money/month], shape ``(months,)``."""
        return tuple(map(sum, self.lines))


@dataclass(frozen=True)
class _Type:
    """An instance type: the price of a node, and its capacities, ``None`` if it has no row."""

    name: str
    node: _Price
    capacities: tuple[float | None, ...]

    @property
    def group(self) -> tuple[object, ...]:
        """What comparable types have in common: their currency, and the capacities known."""
        return (self.node.currencies, *(capacity is None for capacity in self.capacities))

    @cached_property
    def merits(self) -> tuple[float, ...]:
        """The figures that are better if they are higher: costs, negative, and capacities."""
        costs = (-cost for cost in self.node.costs)
        return (*costs, *(capacity for capacity in self.capacities if capacity is not None))

    def beats(self, other: _Type) -> bool:
        """Return whether this type, of the same group, is always cheaper or the same.

        Of two types that cost the same, the lines must be the same, too: the components of a cost
        do not depend on which of them is pruned.
        """
        if not all(map(ge, self.merits, other.merits)):
            return False
        return self.node.lines == other.node.lines or all(
            map(lt, self.node.costs, other.node.costs)
        )


def undominated(
    deployment: Deployment, load: Operands, book: PriceBook, catalogue: Catalogue
) -> Deployment:
    """Return a self-hosted deployment without the types that another one of its types beats.

    For any workload with months as in ``load``, the cheapest candidate has the same cost.  Other
    deployments, and those with one type, are returned unchanged.  Of equal types the first stays.
    So do types whose price is missing, tiered, in another currency than the disks' or varied by the
    book, burstable types, which pay for CPU beyond their baseline, and all types with a fixed
    number of brokers or with disks that are billed whole.
    """
    if not isinstance(deployment, SelfHosted) or is_one_type(deployment.instance):
        return deployment
    volume = deployment.volume or deployment.home.volume
    if deployment.brokers is not None or deployment.home.volumes[volume].whole:
        return deployment  # more disks may cost more there: of a type that attaches more of them
    included = _included(deployment, load, book, catalogue)
    if included is None:
        return deployment
    fronts: dict[tuple[object, ...], list[_Type]] = {}
    beaten = set()
    types = list(_comparable(deployment, load, book, catalogue, included.currencies))
    for one in sorted(types, key=lambda x: x.merits, reverse=True):  # those that may beat it first
        front = fronts.setdefault(one.group, [])
        if all(map(gt, one.node.costs, included.costs)) and any(
            other.beats(one) for other in front
        ):
            beaten.add(one.name)
        else:
            front.append(one)
    kept = tuple(name for name in deployment.types(catalogue) if name not in beaten)
    environments = tuple(  # whose assumptions may let others win
        one.model_copy(update={"options": {"instance": deployment.instance, **one.options}})
        for one in deployment.environments
    )
    return deployment.model_copy(update={"instance": kept, "environments": environments})


def _comparable(
    deployment: SelfHosted,
    load: Operands,
    book: PriceBook,
    catalogue: Catalogue,
    currencies: frozenset[str],
) -> Iterator[_Type]:
    """Yield the types whose nodes have one constant price, in the currency of the disks."""
    cloud = deployment.home
    for name in deployment.types(catalogue):

        def node(month: Operands, name: str = name) -> tuple[Meter, ...]:
            region = deployment.region
            return cloud.node(month, catalogue, region, name, 1.0, "compute", "")

        item = cloud.nodes + name
        price = _price(deployment, node, load, book, catalogue)
        if price is None or len(price.currencies | currencies) > 1:
            continue
        if catalogue.listed(item, "cpu_baseline") is None:
            yield _Type(
                name, price, tuple(catalogue.value_or_none(item, x) for x in cloud.capacities)
            )


def _included(
    deployment: SelfHosted, load: Operands, book: PriceBook, catalogue: Catalogue
) -> _Price | None:
    """Return the price of the performance that a disk includes; ``None`` if it is not constant."""
    cloud, volume = deployment.home, deployment.volume or deployment.home.volume
    disk = cloud.included_performance(catalogue, deployment.region, volume)
    return _price(deployment, lambda _month: disk, load, book, catalogue)


def _price(
    deployment: SelfHosted,
    meters: Callable[[Operands], tuple[Meter, ...]],
    load: Operands,
    book: PriceBook,
    catalogue: Catalogue,
) -> _Price | None:
    """Return the price of some meters with their commitment; ``None`` if it is not constant.

    Costs are linear in the hours of a month: the shortest and the longest one decide.
    """
    alone = deployment.model_copy(update={"discount": 0.0, "support": "none", "credit": None})
    fixed = book.fixed()
    of_months: list[list[Line]] = []
    for hours in sorted({float(np.min(load.month_hours)), float(np.max(load.month_hours))}):
        month = load.replace(month_hours=hours)
        try:
            lines = [line for meter in meters(month) for line in priced(meter, fixed, hours)]
            of_months.append([*with_agreements(alone, lines, fixed, catalogue, hours)])
        except MissingPriceError:
            return None
    rows = [line.row for lines in of_months for line in lines if line.row is not None]
    if any(row.price is None or row.tier_kind != "flat" or book.varies(row) for row in rows):
        return None
    return _Price(
        tuple(tuple(line.cost for line in lines) for lines in of_months),
        frozenset(row.currency for row in rows),
    )
