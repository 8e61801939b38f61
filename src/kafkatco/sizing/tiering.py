"""Segments in an object store: self-managed tiered storage (KIP-405), and backups."""

from __future__ import annotations

from typing import Final

import numpy as np

from kafkatco.core.units import DURATION, Measure, parse
from kafkatco.i18n.message import _
from kafkatco.numerics.typing import Operand
from kafkatco.prices.catalogue import Catalogue
from kafkatco.sizing.clouds import Cloud
from kafkatco.sizing.formulas import monthly_gib, stored_gib
from kafkatco.sizing.quantities import Limit, Meter
from kafkatco.sizing.workload import Operands

__all__ = ["backup", "tier_limits", "tiered"]

TIERED: Final = (_("tiered"), _("tiered: writes"), _("tiered: reads"))
BACKUP: Final = (_("backup"), _("backup: writes"), _("backup: reads"))


def tier_limits(load: Operands, is_tiered: bool) -> tuple[Limit, ...]:
    """Return the limit that tiered storage requires a ``local_retention`` of the workload."""
    if not is_tiered:
        return ()
    unknown = np.equal(load.local_retention_h, np.inf)
    return (Limit(unknown, _("tiered storage: the workload has no local_retention")),)


def tiered(
    load: Operands, catalogue: Catalogue, cloud: Cloud, region: str, remote_reads: Operand
) -> tuple[Meter, ...]:
    """Return the meters of tiered segments: one copy of all retained data in the object store.

    Each closed segment is uploaded at once as several objects, also while brokers still keep it;
    the share ``remote_reads`` [1] of the reads fetches some MiB at a time from the object store.
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
    return cloud.tier(region, kept, puts, gets, TIERED)


def backup(
    load: Operands, catalogue: Catalogue, cloud: Cloud, region: str, kept_for: Measure | str
) -> tuple[Meter, ...]:
    """Return the meters of a second copy of all data in the object store, kept for ``kept_for``.

    Source: the item ``own.backup``.
    """
    hours = parse(kept_for, DURATION).value(load.month_hours)
    written = monthly_gib(load.ingress_mib_s, load.month_hours)
    puts = written / catalogue.value("own.backup", "segment")
    return cloud.tier(region, stored_gib(load.retained_mib_s, hours), puts, 0.0, BACKUP)
