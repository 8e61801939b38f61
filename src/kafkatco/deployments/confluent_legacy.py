"""How Confluent bills clusters of organisations that were created before 2024-04-16."""

from __future__ import annotations

from abc import ABC
from collections.abc import Iterator
from typing import ClassVar, Literal

import numpy as np

from kafkatco.deployments.confluent_cluster import ConfluentCluster
from kafkatco.errors import Problem
from kafkatco.i18n.message import _
from kafkatco.prices.catalogue import Catalogue
from kafkatco.sizing.formulas import stored_gib
from kafkatco.sizing.quantities import Candidate, Sizing
from kafkatco.sizing.workload import Operands

__all__ = ["LegacyBilling"]


class LegacyBilling(ConfluentCluster, ABC):
    """A cluster type that older organisations pay by base fee and partitions, without eCKUs.

    Source: https://docs.confluent.io/cloud/current/billing/legacy-billing.md.  The book has the
    prices of 2021 and 2022, of clusters in several zones; from 2024-04-16 they are the user's own.

    Parameters
    ----------
    billing
        "ecku" (default), or "legacy" for organisations that were created before 2024-04-16: the
        hours of the cluster (not of Basic), partitions beyond the free ones, bytes in, out and
        stored, at the skus ``confluent.standard.legacy.*`` or ``confluent.basic.legacy.*``.
    """

    billing: Literal["ecku", "legacy"] = "ecku"

    #: Whether older organisations pay a fee for the cluster itself.
    has_legacy_base_fee: ClassVar[bool] = False

    def conflicts(self) -> Iterator[Problem]:
        """Yield also a problem for units, which legacy billing does not have."""
        yield from super().conflicts()
        if self.billing == "legacy" and self.units is not None:
            yield Problem("units", repr(self.units), _('not set, with billing = "legacy"'))

    @property
    def item(self) -> str:
        """The item of its capacities, and the beginning of its skus."""
        return f"{super().item}.legacy" if self.billing == "legacy" else super().item

    def candidates(self, load: Operands, catalogue: Catalogue) -> tuple[Candidate, ...]:
        """Return the only candidate, a cluster of this type."""
        if self.billing == "ecku":
            return super().candidates(load, catalogue)
        stored_once = stored_gib(load.retained_mib_s, load.retention_h)
        copies = self._copies(catalogue)
        free = catalogue.value(self.item, "free_partitions")
        paid = np.maximum(load.partitions - free, 0.0) * load.month_hours
        note = _("partitions beyond {free:g}", free=free)
        meters = (
            self._meter("platform", "partition", paid, "hour", note),
            *self._bytes(load, stored_once, copies),
        )
        if self.has_legacy_base_fee:
            base = self._meter("platform", "cluster", load.month_hours, "hour", _("one cluster"))
            meters = (base, *meters)
        sizing = Sizing("clusters", 1.0, details={"billing": "legacy", "storage_copies": copies})
        limits = tuple(self._caps(load, catalogue, stored_once))
        return (Candidate(self.tier, meters, sizing, limits),)
