"""Google Cloud's Managed Service for Apache Kafka."""

from __future__ import annotations

from typing import Any, ClassVar, Literal

import numpy as np
from pydantic import Field

from kafkatco.deployments.base import Deployment
from kafkatco.prices.catalogue import Catalogue
from kafkatco.sizing.clouds import CLOUDS
from kafkatco.sizing.formulas import nodes, stored_gib, whole_units
from kafkatco.sizing.labour import Family
from kafkatco.sizing.limits import quota
from kafkatco.sizing.quantities import Limit, Meter, Offer, Sizing
from kafkatco.sizing.workload import Operands

__all__ = ["GoogleManagedKafka"]

ITEM = "gcp.managed-kafka"


class GoogleManagedKafka(Deployment):
    """vCPUs from write-equivalent bandwidth, as compute units (DCU), with disks and network.

    A byte is written once for each replica, and read by consumers and by the other replicas; a
    byte read counts as a quarter of one written, and a vCPU carries 20 MB/s of that at full use
    (https://docs.cloud.google.com/managed-service-for-apache-kafka/docs/plan-cluster-size).  A
    vCPU is 0.6 DCU and a GiB of memory 0.1; each vCPU brings 100 GiB of local disk; everything
    is kept once in long-term storage besides; bytes between zones, replication among them, are
    charged where they leave (https://cloud.google.com/managed-service-for-apache-kafka/pricing).
    Quotas are those of a project in a region, for all its clusters together.

    Parameters
    ----------
    vcpu
        Overrides the sizing, and then must carry the average at full use.  [1]
    memory_gib_per_vcpu
        By default the 4 GiB that Google recommends; 1 to 8.  [GiB]
    utilisation
        Share of a vCPU that the plan uses at peak, by default the 0.5 that Google starts with.
        [1]

    Examples
    --------
    >>> GoogleManagedKafka(region="us-central1", vcpu=6).vcpu
    6
    """

    kind: Literal["google-managed-kafka"] = "google-managed-kafka"
    vcpu: int | None = Field(default=None, ge=3)
    memory_gib_per_vcpu: float | None = Field(default=None, ge=1, le=8)
    utilisation: float | None = Field(default=None, gt=0, le=1)

    sku_prefix: ClassVar[str] = "gcp.managed-kafka."
    runs_on: ClassVar[str] = "gcp"
    family: ClassVar[Family] = "cloud-managed"
    replication: ClassVar[str] = "MirrorMaker 2 in Managed Kafka Connect"
    leaves_out: ClassVar[tuple[str, ...]] = (
        "Private Service Connect",
        "smaller throughput of batches below 10 KB",
    )

    def offers(self, load: Operands, catalogue: Catalogue) -> tuple[Offer, ...]:
        """Return the one offer of a cluster."""

        def rule(attribute: str) -> float:
            return catalogue.value(ITEM, attribute)

        use = rule("utilisation") if self.utilisation is None else self.utilisation
        memory = self.memory_gib_per_vcpu
        memory = rule("memory_per_vcpu") if memory is None else memory
        copies = load.replication_factor
        # in units of one produced byte
        equivalent = copies + (load.fanout + copies - 1.0) * rule("read_weight")
        full = load.ingress_mib_s * equivalent / rule("throughput_per_vcpu")
        asks = {"minimum": rule("min_vcpu"), "throughput": full * load.peak_to_average / use}
        vcpu = nodes(list(asks.values()), 1.0)
        limits: tuple[Limit, ...] = ()
        if self.vcpu is not None:
            vcpu = float(self.vcpu)
            limits = (
                Limit(whole_units(full, 1.0) > vcpu, f"{vcpu:g} vCPUs cannot sustain the average"),
            )
        limits += (
            Limit(copies > rule("zones"), "a cluster has three zones, for a replica each"),
            *(
                quota(
                    catalogue,
                    ITEM,
                    attribute,
                    each * load.clusters,
                    what=what,
                    scope="in a region and project",
                )
                for attribute, what, each in (
                    ("max_clusters", "clusters", 1.0),
                    ("max_vcpu", "vCPUs", vcpu),
                    ("max_memory", "memory", vcpu * memory),
                )
            ),
        )
        dcu = vcpu * (rule("dcu_per_vcpu") + memory * rule("dcu_per_gib"))
        kept = stored_gib(load.retained_mib_s, load.retention_h) * rule("long_term_copies")
        meters = (
            Meter(
                "compute",
                f"{ITEM}.dcu",
                self.region,
                dcu * load.month_hours,
                "hour",
                "data compute units (DCU)",
            ),
            Meter(
                "storage",
                f"{ITEM}.local-storage",
                self.region,
                vcpu * rule("storage_per_vcpu"),
                "GiB-month",
                "of each vCPU",
            ),
            Meter(
                "storage",
                f"{ITEM}.long-term-storage",
                self.region,
                kept,
                "GiB-month",
                "what is kept, once",
            ),
            *CLOUDS["gcp"].traffic(
                load.replace(zones=rule("zones")), self.region, replication_billed=1.0
            ),
        )
        details = {"memory_gib_per_vcpu": memory, "utilisation": use}
        return (Offer("cluster", meters, Sizing("vcpu", vcpu, asks, details), limits),)

    def replicas(self, load: Operands, catalogue: Catalogue) -> tuple[Meter, ...]:
        """Return the meters of MirrorMaker 2 in Managed Kafka Connect, a cluster for each region.

        What a vCPU copies is the assumption of ``own.mirror-maker``.
        """
        peak_mib_s = load.ingress_mib_s * load.peak_to_average
        rate = catalogue.value("own.mirror-maker", "throughput_per_vcpu")
        each = np.maximum(whole_units(peak_mib_s, rate), catalogue.value(ITEM, "min_vcpu"))
        found = self._connect(load, catalogue, each * load.replica_regions, "MirrorMaker 2: DCU")
        return (*found, *self.home.copies(load, self.region))

    def connectors(self, load: Operands, catalogue: Catalogue) -> tuple[Meter, ...]:
        """Return the meter of Managed Kafka Connect: DCUs for the vCPUs that its tasks need.

        How many tasks a vCPU runs is the assumption of ``own.connect``; a Connect cluster has the
        least size of a Kafka cluster.
        """
        asked = whole_units(load.connector_tasks, catalogue.value("own.connect", "tasks_per_vcpu"))
        least = catalogue.value(ITEM, "min_vcpu") * (load.connector_tasks > 0.0)
        return self._connect(load, catalogue, np.maximum(asked, least), "DCU")

    def _connect(
        self, load: Operands, catalogue: Catalogue, vcpu: Any, note: str
    ) -> tuple[Meter, ...]:
        """Return the meter of so many vCPUs [1] of Managed Kafka Connect."""
        each = catalogue.value(ITEM, "dcu_per_vcpu") + (
            catalogue.value(ITEM, "memory_per_vcpu") * catalogue.value(ITEM, "dcu_per_gib")
        )
        hours = vcpu * each * load.month_hours
        return (Meter("connect", f"{ITEM}.connect-dcu", self.region, hours, "hour", note),)
