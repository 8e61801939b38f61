"""Google Cloud's Managed Service for Apache Kafka."""

from __future__ import annotations

from typing import Any, ClassVar, Literal

import numpy as np
from pydantic import Field

from kafkatco.deployments.client_path import OutsideNetwork
from kafkatco.i18n.message import _, verbatim
from kafkatco.prices.catalogue import Catalogue
from kafkatco.sizing.clouds import CLOUDS
from kafkatco.sizing.formulas import nodes, stored_gib, whole_units
from kafkatco.sizing.labour import Family
from kafkatco.sizing.limits import beyond_assumption, quota, units_not_sustained, unpublished
from kafkatco.sizing.quantities import Candidate, Limit, Meter, Plan, Sizing
from kafkatco.sizing.workload import Operands

__all__ = ["GoogleManagedKafka"]

ITEM = "gcp.managed-kafka"


class GoogleManagedKafka(OutsideNetwork):
    """vCPUs from write-equivalent bandwidth, as compute units (DCU), with disks and network.

    A byte is written once per replica, and read by consumers and by the other replicas; a read byte
    has a quarter of the weight of a written one, and a vCPU carries 20 MB/s at full use
    (https://docs.cloud.google.com/managed-service-for-apache-kafka/docs/plan-cluster-size).  A
    vCPU is 0.6 DCU and a GiB of memory 0.1 DCU; each vCPU has 100 GiB of local disk; all data is
    also kept once in long-term storage; bytes between zones, with replication, are billed where
    they leave (https://cloud.google.com/managed-service-for-apache-kafka/pricing).  Quotas apply
    to all clusters of a project in a region together.

    Google publishes neither the partitions nor the connections of a vCPU: the sizing assumes
    ``replicas_per_vcpu`` and ``connections_per_vcpu``.  A cluster does not scale by itself, and a
    change of its size restarts the brokers
    (https://docs.cloud.google.com/managed-service-for-apache-kafka/docs/update-cluster): the peak
    sizes every hour.  Your own number of vCPUs is not refused
    because of these assumptions; beyond them, its cost is a floor.

    Parameters
    ----------
    vcpu
        Number of vCPUs; replaces the sizing, and must carry the average at full use.  [1]
    memory_gib_per_vcpu
        Memory per vCPU from 1 to 8; by default the 4 GiB that Google recommends.  [GiB]
    utilisation
        Share of a vCPU that the plan uses at peak; by default 0.5, as in Google's guide.  [1]

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
    sells_commitments: ClassVar[bool] = True
    runs_on: ClassVar[str] = "gcp"
    family: ClassVar[Family] = "cloud-managed"
    replication: ClassVar[str] = "MirrorMaker 2 in Managed Kafka Connect"
    fixed_zones: ClassVar[int] = 3
    leaves_out: ClassVar[tuple[str, ...]] = (
        _("Private Service Connect"),
        _("lower throughput of batches below 10 KB"),
    )

    def candidates(self, load: Operands, catalogue: Catalogue) -> tuple[Candidate, ...]:
        """Return the only candidate, a cluster."""

        def rule(attribute: str) -> float:
            return catalogue.value(ITEM, attribute)

        use = rule("utilisation") if self.utilisation is None else self.utilisation
        memory = self.memory_gib_per_vcpu
        memory = rule("memory_per_vcpu") if memory is None else memory
        copies = load.replication_factor
        # in units of one produced byte
        equivalent = copies + (load.fanout + copies - 1.0) * rule("read_weight")
        full = load.ingress_mib_s * equivalent / rule("throughput_per_vcpu")
        assumed = {
            _("partitions"): load.partitions * copies / rule("replicas_per_vcpu"),
            _("connections"): load.connections / rule("connections_per_vcpu"),
        }
        requirements = {
            "minimum": rule("min_vcpu"),
            "throughput": full * load.peak_to_average / use,
            **{str(name): needed for name, needed in assumed.items()},
        }
        vcpu = nodes(list(requirements.values()), 1.0)
        limits: tuple[Limit, ...] = ()
        unchecked = unpublished({_("requests"): load.requests_per_s})
        if self.vcpu is not None:
            vcpu = float(self.vcpu)
            too_few = units_not_sustained(load, "vCPU", self.vcpu)
            limits = (Limit(whole_units(full * load.profile.highest, 1.0) > vcpu, too_few),)
            unchecked += beyond_assumption(assumed, vcpu)
        limits += (
            Limit(
                copies > rule("zones"),
                _("replication factor: a cluster has one replica in each zone"),
            ),
            *(
                quota(
                    catalogue,
                    ITEM,
                    attribute,
                    each * load.clusters,
                    resource=resource,
                    scope=_("per region and project"),
                )
                for attribute, resource, each in (
                    ("max_clusters", _("clusters"), 1.0),
                    ("max_vcpu", verbatim("vCPUs"), vcpu),
                    ("max_memory", _("memory"), vcpu * memory),
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
                _("data compute units (DCU)"),
            ),
            Meter(
                "storage",
                f"{ITEM}.local-storage",
                self.region,
                vcpu * rule("storage_per_vcpu"),
                "GiB-month",
                _("local disk of the vCPUs"),
            ),
            Meter(
                "storage",
                f"{ITEM}.long-term-storage",
                self.region,
                kept,
                "GiB-month",
                _("retained data, one copy"),
            ),
            *CLOUDS["gcp"].traffic(
                load.replace(zones=rule("zones")), self.region, replication_billed=1.0
            ),
        )
        details = {"memory_gib_per_vcpu": memory, "utilisation": use}
        plans = {"throughput": Plan(use, "peak"), "partitions": Plan(), "connections": Plan()}
        sizing = Sizing("vcpu", vcpu, requirements, details, plans)
        return (Candidate("cluster", meters, sizing, limits, unchecked),)

    def replicas(self, load: Operands, catalogue: Catalogue, target: str = "") -> tuple[Meter, ...]:
        """Return the meters of MirrorMaker 2 in Managed Kafka Connect, a cluster for each region.

        The throughput of a vCPU is the assumption of ``own.mirror-maker``.
        """
        peak_mib_s = load.peak_mib_s
        rate = catalogue.value("own.mirror-maker", "throughput_per_vcpu")
        each = np.maximum(whole_units(peak_mib_s, rate), catalogue.value(ITEM, "min_vcpu"))
        vcpu = each * load.replica_regions
        workers = self._connect(load, catalogue, vcpu, _("MirrorMaker 2: DCU"))
        return (*workers, *self.home.copies(load, self.region, target))

    def connectors(self, load: Operands, catalogue: Catalogue) -> tuple[Meter, ...]:
        """Return the meter of Managed Kafka Connect: DCUs for the vCPUs that its tasks need.

        The number of tasks per vCPU is the assumption of ``own.connect``; the minimum size of a
        Connect cluster is that of a Kafka cluster.
        """
        per_vcpu = catalogue.value("own.connect", "tasks_per_vcpu")
        least = catalogue.value(ITEM, "min_vcpu") * (load.connector_tasks > 0.0)
        vcpu = np.maximum(whole_units(load.connector_tasks, per_vcpu), least)
        return self._connect(load, catalogue, vcpu, verbatim("DCU"))

    def _connect(
        self, load: Operands, catalogue: Catalogue, vcpu: Any, note: str
    ) -> tuple[Meter, ...]:
        """Return the meter of ``vcpu`` [1] of Managed Kafka Connect."""
        each = catalogue.value(ITEM, "dcu_per_vcpu") + (
            catalogue.value(ITEM, "memory_per_vcpu") * catalogue.value(ITEM, "dcu_per_gib")
        )
        hours = vcpu * each * load.month_hours
        return (Meter("connect", f"{ITEM}.connect-dcu", self.region, hours, "hour", note),)
