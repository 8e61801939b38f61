"""Segments in an object store: tiered storage of one's own (KIP-405), and backups."""

from __future__ import annotations

import numpy as np

from kafkatco.core.units import DURATION, Measure, parse
from kafkatco.numerics.typing import Operand
from kafkatco.prices.catalogue import Catalogue
from kafkatco.sizing.clouds import Cloud
from kafkatco.sizing.formulas import monthly_gib, stored_gib
from kafkatco.sizing.quantities import Limit, Meter
from kafkatco.sizing.workload import Operands

__all__ = ["backup", "tier_limits", "tiered"]


def tier_limits(load: Operands, is_tiered: bool) -> tuple[Limit, ...]:
    """Return the limit that tiered storage needs a local retention to be given."""
    if not is_tiered:
        return ()
    unknown = np.equal(load.local_retention_h, np.inf)
    return (Limit(unknown, "tiered storage: the workload gives no local_retention"),)


def tiered(
    load: Operands, catalogue: Catalogue, cloud: Cloud, region: str, remote_reads: Operand
) -> tuple[Meter, ...]:
    """Return the meters of tiered segments: all that is kept, once, in the object store.

    Closed segments are uploaded as they come, whatever brokers keep beside them, each as so many
    objects; ``remote_reads`` [1] of the reads fetch from there, some MiB at a time.
    Sources: https://cwiki.apache.org/confluence/display/KAFKA/KIP-405, the item ``own.tiered``.
    """
    written = monthly_gib(load.ingress_mib_s, load.month_hours)
    puts = (
        written
        / catalogue.value("own.tiered", "segment")
        * catalogue.value("own.tiered", "objects_per_segment")
    )
    gets = written * load.fanout * remote_reads / catalogue.value("own.tiered", "fetch")
    kept = stored_gib(load.retained_mib_s, load.retention_h)
    return cloud.tier(region, kept, puts, gets)


def backup(
    load: Operands, catalogue: Catalogue, cloud: Cloud, region: str, kept_for: Measure | str
) -> tuple[Meter, ...]:
    """Return the meters of a second copy of everything in the object store, kept for so long.

    Source: the item ``own.backup``.
    """
    hours = parse(kept_for, DURATION).value(load.month_hours)
    written = monthly_gib(load.ingress_mib_s, load.month_hours)
    puts = written / catalogue.value("own.backup", "segment")
    return cloud.tier(region, stored_gib(load.retained_mib_s, hours), puts, 0.0, "backup")
