"""The physics of a Kafka cluster, as formulas of plain NumPy ufuncs.

Every argument may be a float, an array that broadcasts, a Dask array, or one of them a
:class:`~kafkatco.Curve`.  Nothing here knows a price, a vendor or a unit other than its name's.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from kafkatco.numerics.tolerance import ROUNDING
from kafkatco.numerics.typing import Operand

__all__ = [
    "broker_load",
    "disk_gib",
    "monthly_gib",
    "monthly_tb",
    "nodes",
    "stored_gib",
    "surviving_share",
    "whole_units",
    "zone_crossings",
]

SECONDS_PER_HOUR: Final = 3600.0
MIB_PER_GIB: Final = 1024.0


def monthly_gib(rate_mib_s: Operand, month_hours: Operand) -> Operand:
    """Return the data of one month [GiB] at an average rate [MiB/s]; ``month_hours`` [h].

    >>> monthly_gib(1.0, 730)
    2566.40625
    """
    return rate_mib_s * (SECONDS_PER_HOUR / MIB_PER_GIB) * month_hours


def monthly_tb(rate_mib_s: Operand, month_hours: Operand) -> Operand:
    """Return the data of one month [TB, 10^12 bytes] at an average rate [MiB/s].

    >>> round(monthly_tb(1.0, 730), 6)
    2.755658
    """
    return rate_mib_s * (1024.0**2 * SECONDS_PER_HOUR / 1e12) * month_hours


def stored_gib(retained_mib_s: Operand, retention_h: Operand) -> Operand:
    """Return one copy of what is kept [GiB]: traffic [MiB/s] over the retention [h].

    >>> stored_gib(1.0, 168)
    590.625
    """
    return retained_mib_s * (SECONDS_PER_HOUR / MIB_PER_GIB) * retention_h


def disk_gib(stored_once_gib: Operand, copies: Operand, headroom: Operand) -> Operand:
    """Return the disk to provision [GiB] for ``copies`` of the data, ``headroom`` [1] kept free.

    >>> disk_gib(100.0, 3, 0.5)
    600.0
    """
    return stored_once_gib * copies / (1.0 - headroom)


def zone_crossings(
    *,
    zones: Operand,
    producer_affinity: Operand,
    replication_factor: Operand,
    replication_billed: Operand,
    fanout: Operand,
    follower_fetch: Operand,
    internet_egress: Operand = 0.0,
) -> Operand:
    """Return how many times one produced byte crosses from zone to zone [1].

    Clients and leaders are spread evenly over ``zones``: a producer's leader is elsewhere with
    probability 1 - 1/Z unless ``producer_affinity`` [1] keeps it home; replicas are spread evenly
    too, so up to one a zone each further one lives in another zone, and beyond that n_i of them
    share zone i: RF - sum(n_i^2) / RF crossings (``replication_billed`` is 1 where the cloud
    meters them, 0 where it does not); of the reads that stay in the cloud, all but
    ``follower_fetch`` [1] cross likewise.

    Source: AWS meters data between zones on both sides, and MSK's replication is free of it
    (https://aws.amazon.com/msk/pricing/); the shares follow from even spreading.

    >>> round(float(zone_crossings(zones=3, producer_affinity=0, replication_factor=3,
    ...     replication_billed=1, fanout=3, follower_fetch=0)), 3)
    4.667
    """
    elsewhere = 1.0 - 1.0 / zones
    in_each = np.floor(replication_factor / zones)
    left_over = replication_factor - in_each * zones
    together = left_over * (in_each + 1.0) ** 2 + (zones - left_over) * in_each**2
    replicas_elsewhere = (replication_factor - together / replication_factor) * replication_billed
    reads = fanout * (1.0 - internet_egress) * (1.0 - follower_fetch)
    return elsewhere * (1.0 - producer_affinity) + replicas_elsewhere + elsewhere * reads


def surviving_share(zones: Operand, zones_lost: Operand) -> Operand:
    """Return the share of brokers left [1] when ``zones_lost`` of ``zones`` fail.

    A cluster in one zone has no zone to spare, and all of it counts.

    >>> surviving_share(4.0, 1.0), surviving_share(1.0, 1.0)
    (0.75, 1.0)
    """
    return 1.0 - zones_lost / zones * (zones > zones_lost)


def broker_load(rate_mib_s: Operand, copies: Operand, fanout: Operand) -> dict[str, Operand]:
    """Return what all brokers together receive, send and write [MiB/s] for producer traffic.

    Each byte is received once from its producer and by each other replica from the leader, sent
    to each other replica and each reader, and written by every replica.

    >>> broker_load(10.0, 3, 2)
    {'throughput-in': 30.0, 'throughput-out': 40.0, 'disk-throughput': 30.0}
    """
    return {
        "throughput-in": rate_mib_s * copies,
        "throughput-out": rate_mib_s * (copies - 1.0 + fanout),
        "disk-throughput": rate_mib_s * copies,
    }


def whole_units(demand: Operand, capacity: Operand) -> Operand:
    """Return how many whole units of ``capacity`` carry ``demand`` (of the same unit) [1].

    A demand that exceeds a whole number of units by rounding alone does not buy another unit.

    >>> float(whole_units(10.0, 5.0)), float(whole_units(10.1, 5.0))
    (2.0, 3.0)
    """
    return np.ceil(demand / capacity * (1.0 - ROUNDING))


def nodes(demands: Sequence[Operand], zones: Operand) -> Operand:
    """Return the broker count [1]: the largest of ``demands``, in whole and equal numbers per zone.

    >>> float(nodes([3.0, 4.2], 3))
    6.0
    """
    most = demands[0]
    for demand in demands[1:]:
        most = np.maximum(most, demand)
    return whole_units(most, zones) * zones
