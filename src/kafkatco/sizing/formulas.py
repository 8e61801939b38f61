"""The physics of a Kafka cluster, as formulas of plain NumPy ufuncs.

Each argument may be a float, an array that broadcasts or a Dask array, and one of them may be a
:class:`~kafkatco.Curve`.  No formula depends on a price or a vendor; units are in the names.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from kafkatco.numerics.tolerance import ROUNDING
from kafkatco.numerics.typing import Operand

__all__ = [
    "broker_load",
    "cpu_load",
    "disk_gib",
    "monthly_gib",
    "monthly_tb",
    "nodes",
    "recovery_load",
    "stored_gib",
    "surviving_share",
    "whole_units",
    "write_equivalents",
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
    """Return one copy of the retained data [GiB]: traffic [MiB/s] over the retention [h].

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

    Clients and leaders are spread evenly over ``zones``: the leader of a producer is in another
    zone with probability 1 - 1/Z, but for the share ``producer_affinity`` [1], which stays in its
    zone.  Replicas are spread evenly, with n_i of them in zone i: RF - sum(n_i^2) / RF crossings,
    if ``replication_billed`` is 1 (the cloud meters them), or 0.  Of the reads that stay in the
    cloud, all but ``follower_fetch`` [1] cross with probability 1 - 1/Z.

    Source: AWS meters data between zones on both sides, and does not charge for the replication of
    MSK (https://aws.amazon.com/msk/pricing/); the shares follow from even spreading.

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

    A cluster in one zone has no zone to spare, so its share is 1.

    >>> surviving_share(4.0, 1.0), surviving_share(1.0, 1.0)
    (0.75, 1.0)
    """
    return 1.0 - zones_lost / zones * (zones > zones_lost)


def broker_load(rate_mib_s: Operand, copies: Operand, fanout: Operand) -> dict[str, Operand]:
    """Return the traffic of all brokers together, received, sent and written [MiB/s].

    Each byte is received once from its producer and by each other replica from the leader, sent to
    each other replica and each reader, and written by every replica.

    >>> broker_load(10.0, 3, 2)
    {'throughput-in': 30.0, 'throughput-out': 40.0, 'disk-throughput': 30.0}
    """
    return {
        "throughput-in": rate_mib_s * copies,
        "throughput-out": rate_mib_s * (copies - 1.0 + fanout),
        "disk-throughput": rate_mib_s * copies,
    }


def recovery_load(
    rate_mib_s: Operand,
    copies: Operand,
    fanout: Operand,
    *,
    survivors: Operand,
    lag: float,
    rebalancing: float,
    overhead: float,
) -> dict[str, Operand]:
    """Return the traffic that brokers must be sized for to recover from a lost zone [MiB/s].

    The share ``survivors`` s [1] of the brokers carries all traffic: writes of the surviving copies
    RF s, which is RF per broker of the full cluster, and sends to readers and to the other
    surviving copies, F / s + RF - 1 / s.  On top, per byte of ingress [1]: lagging consumers
    ``lag``, ``rebalancing``, and an ``overhead`` of the network.

    With three copies in three zones these are AWS's 6.5 for disks and 5.7 + 1.5 F for the network.
    Source: aws/agent-toolkit-for-aws@d6ad2e44 managing-amazon-msk/scripts/msk_sizing.py.

    >>> load = recovery_load(1.0, 3, 2, survivors=2 / 3, lag=0.5, rebalancing=3.0, overhead=0.7)
    >>> {name: round(mib_s, 9) for name, mib_s in load.items()}
    {'throughput-in': 6.5, 'throughput-out': 8.7, 'disk-throughput': 6.5}
    """
    extra = lag + rebalancing
    written = rate_mib_s * (copies + extra)
    sent = rate_mib_s * (copies + (fanout - 1.0) / survivors + extra + overhead)
    return {"throughput-in": written, "throughput-out": sent, "disk-throughput": written}


def write_equivalents(
    rate_mib_s: Operand, copies: Operand, reads: Operand, read_weight: float
) -> Operand:
    """Return the CPU work of all brokers as a rate of written bytes [MiB/s].

    A byte is written by every replica, and read by the other replicas and ``reads`` times [1]; a
    read byte has ``read_weight`` [1] of the weight of a written one.
    Source: https://docs.cloud.google.com/managed-service-for-apache-kafka/docs/plan-cluster-size.

    >>> write_equivalents(10.0, 3, 2, 0.25)
    40.0
    """
    return rate_mib_s * (copies + (copies - 1.0 + reads) * read_weight)


def cpu_load(
    write_equivalent_mib_s: Operand, requests_per_s: Operand, *, per_vcpu: float, records: float
) -> Operand:
    """Return the vCPUs [1] at full use that bytes or requests need, whichever is more.

    A vCPU carries ``per_vcpu`` [MiB/s] of :func:`write_equivalents`, and handles ``records`` [1/s],
    records or client requests, unless that is 0.

    >>> float(cpu_load(40.0, 60_000.0, per_vcpu=20.0, records=15_000.0))
    4.0
    """
    vcpu = write_equivalent_mib_s / per_vcpu
    return np.maximum(vcpu, requests_per_s / records) if records else vcpu


def whole_units(demand: Operand, capacity: Operand) -> Operand:
    """Return the number of whole units [1] of ``capacity`` for ``demand``, both in the same unit.

    A demand that exceeds a whole number of units only by rounding does not need another unit.

    >>> float(whole_units(10.0, 5.0)), float(whole_units(10.1, 5.0))
    (2.0, 3.0)
    """
    return np.ceil(demand / capacity * (1.0 - ROUNDING))


def nodes(demands: Sequence[Operand], zones: Operand) -> Operand:
    """Return the number of brokers [1]: the largest of ``demands``, rounded up to equal zones.

    >>> float(nodes([3.0, 4.2], 3))
    6.0
    """
    most = demands[0]
    for demand in demands[1:]:
        most = np.maximum(most, demand)
    return whole_units(most, zones) * zones
