"""How far the units of a deployment are used, by dimension."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from kafkatco.sizing.quantities import Plan, Sizing

__all__ = ["Utilisation", "utilisation"]


@dataclass(frozen=True, slots=True)
class Utilisation:
    """What one dimension requires of a cluster, and how far it uses the units that there are.

    The shares ``peak``, ``average`` and ``zone_lost`` are of the full capacity of ``count`` units:
    100 % is the throughput that the capacity tables have for them, their most partitions or
    connections, or their largest disks.  Throughput is shared evenly.  The disk is the provisioned
    one, with its free share.  ``of_limit`` is the share of what the sizing may use: above 100 %,
    the sizing would have more units.

    Where units follow traffic hour by hour, ``count`` is that of the busiest hour.

    They are ``None`` for a dimension that is not a capacity, such as the minimum of a service.
    """

    dimension: str
    required: float  #: the units of one cluster that it requires, before rounding [1]
    count: float  #: the units of one cluster that there are [1]
    of_limit: float  #: required / count [1]
    peak: float | None  #: at peak traffic [1]
    average: float | None  #: at average traffic; that at peak if it does not follow traffic [1]
    #: at peak traffic, all of it on the units of the other zones [1]; ``None`` if the kind has no
    #: zone to lose or the dimension does not move: replicas and their disks stay where they are
    zone_lost: float | None
    bottleneck: bool


def utilisation(
    sizing: Sizing, peak_to_average: float, busiest: float = 1.0
) -> tuple[Utilisation, ...]:
    """Return the utilisation by dimension; none if the kind's requirements have no plan.

    ``busiest`` is the average of the busiest hour over that of the month [1].

    With r units required, n units, the share l of a unit that the sizing may use and the share s of
    units that survive the loss of a zone, it is r l / n at peak and r l / (n s) with a zone lost.

    >>> from kafkatco.sizing.quantities import Plan
    >>> half = Sizing("brokers", 6.0, {"network": 4.8}, plans={"network": Plan(0.5, "peak", 0.75)})
    >>> [used] = utilisation(half, 2.0)
    >>> [round(share, 3) for share in (used.of_limit, used.peak, used.average, used.zone_lost)]
    [0.8, 0.4, 0.2, 0.533]
    """
    return tuple(_utilisations(sizing, peak_to_average, busiest)) if sizing.plans else ()


def _utilisations(sizing: Sizing, peak_to_average: float, busiest: float) -> Iterator[Utilisation]:
    for name, required in sizing.requirements.items():
        plan = sizing.plans.get(name)
        yield _row(sizing, name, float(required), plan, peak_to_average, busiest)


def _row(
    sizing: Sizing,
    name: str,
    required: float,
    plan: Plan | None,
    peak_to_average: float,
    busiest: float,
) -> Utilisation:
    """Return the utilisation of one dimension, of which ``required`` units [1] are required."""
    count = float(sizing.count) / sizing.clusters
    peak = average = zone_lost = None
    if plan is not None:
        full = required * float(plan.limit) if plan.full is None else float(plan.full)
        peak = average = full / count
        if plan.at == "average":
            average = full / count / busiest
            peak = average * peak_to_average
        elif plan.at == "peak":
            average = peak / peak_to_average
        survivors = float(plan.survivors)
        zone_lost = peak / survivors if survivors < 1.0 else None
    return Utilisation(
        dimension=name,
        required=required,
        count=count,
        of_limit=required / count,
        peak=peak,
        average=average,
        zone_lost=zone_lost,
        bottleneck=name == sizing.bottleneck,
    )
