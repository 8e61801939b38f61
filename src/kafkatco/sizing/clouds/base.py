"""The meters of self-managed nodes, disks and traffic on each cloud."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from kafkatco.i18n.message import _
from kafkatco.prices.catalogue import Catalogue
from kafkatco.sizing.formulas import monthly_gib, zone_crossings
from kafkatco.sizing.quantities import Meter
from kafkatco.sizing.workload import Operands

__all__ = ["Cloud", "ObjectStore", "Volume"]

GIB_PER_LCU_HOUR: Final = 1.0
#: The attributes of an instance type in :attr:`Cloud.capacities`, besides its disk throughput.
CAPACITIES: Final = (
    "network",
    "partitions",
    "vcpu",
    "memory",
    "ebs_iops",
    "max_volumes",
    "local_disk",
    "local_disks",
    "local_hdd",
)


@dataclass(frozen=True, slots=True)
class Volume:
    """A disk: its catalogue item, and the skus of its size and of additional performance."""

    item: str
    storage: str
    throughput: str = ""
    iops: str = ""


@dataclass(frozen=True, slots=True)
class ObjectStore:
    """A store of tiered segments: the skus of stored bytes, and of a million writes and reads."""

    storage: str
    put: str
    get: str


@dataclass(frozen=True, slots=True)
class Cloud:
    """The skus and conventions of one provider; quantities only, no prices.

    ``sides`` is how often a byte that crosses zones is metered, ``disk_rate`` the attribute of an
    instance with its sustained disk throughput.
    """

    name: str
    nodes: str
    small_node: str
    disk_rate: str
    volumes: Mapping[str, Volume]
    objects: ObjectStore
    between_zones: str
    sides: float
    to_internet: str
    between_regions: str
    balancer: tuple[str, str, str]
    private_link: tuple[str, str]
    kubernetes: str
    metrics: tuple[str, str]
    #: Whether writes to disks share the network of a node.
    disks_share_network: bool = False
    #: The beginning of the skus of surplus CPU credits of burstable nodes, if they are billed.
    cpu_credits: str = ""
    #: Whether disks are volumes that are billed apart from nodes.
    has_volumes: bool = True

    @property
    def volume(self) -> str:
        """The default volume."""
        return next(iter(self.volumes))

    @property
    def capacities(self) -> tuple[str, ...]:
        """The attributes of an instance type that a sizing reads: the larger, the fewer nodes."""
        return (self.disk_rate, *CAPACITIES)

    def capacity(self, catalogue: Catalogue, instance: str, volume: str) -> dict[str, float]:
        """Return the sustained throughput of a node with one volume [MiB/s].

        Names are those of :func:`~kafkatco.sizing.formulas.broker_load`.

        Raises :class:`~kafkatco.MissingPriceError` for an instance that is not in the catalogue.
        """
        node, disk = self.nodes + instance, self.volumes[volume].item
        network = catalogue.value(node, "network")
        written = min(
            catalogue.value(node, self.disk_rate), catalogue.value(disk, "max_throughput")
        )
        return {"throughput-in": network, "throughput-out": network, "disk-throughput": written}

    def disk_size(self, catalogue: Catalogue, instance: str, volume: str) -> float:
        """Return the maximum size of a volume of a node [GiB]."""
        return catalogue.value(self.volumes[volume].item, "max_size")

    def instances(self, catalogue: Catalogue, *, local_disks: bool = False) -> tuple[str, ...]:
        """Return the instance types for brokers: those with known throughput.

        Types with local disks, which would be idle, are included with ``local_disks`` only.
        """
        return tuple(
            item.removeprefix(self.nodes)
            for item in catalogue.items(self.nodes)
            if catalogue.listed(item, "network")
            and catalogue.listed(item, self.disk_rate)
            and (local_disks or not catalogue.listed(item, "local_disk"))
        )

    def node(
        self,
        load: Operands,
        catalogue: Catalogue,
        region: str,
        instance: str,
        count: Any,
        component: str,
        note: str,
        *,
        committed: bool = False,
    ) -> tuple[Meter, ...]:
        """Return the meters of ``count`` nodes [1] that run all month.

        Nodes of some families have a discount for sustained use, unless they are committed.
        Source: https://cloud.google.com/compute/docs/sustained-use-discounts.
        """
        sku, hours = self.nodes + instance, count * load.month_hours
        meters = (Meter(component, sku, region, hours, "hour", note),)
        family = self.nodes + instance.partition("-")[0]
        if committed or catalogue.listed(family, "sustained_use_multiplier") is None:
            return meters
        saved = (catalogue.value(family, "sustained_use_multiplier") - 1.0) * hours
        return (
            *meters,
            Meter("discount", sku, region, saved, "hour", _("sustained use: {use}", use=note)),
        )

    def disks(
        self,
        catalogue: Catalogue,
        region: str,
        volume: str,
        count: Any,
        size_gib: Any,
        written_mib_s: Any,
    ) -> tuple[Meter, ...]:
        """Return the meters of ``count`` disks: size [GiB], and performance beyond the included.

        Throughput is provisioned for ``written_mib_s`` [MiB/s] at peak, up to the maximum of the
        disks (machines may sustain it for a shorter time), and IOPS for that throughput; a disk
        whose throughput depends on its size is made large enough.
        Sources:
        https://docs.aws.amazon.com/ebs/latest/userguide/general-purpose.html,
        https://learn.microsoft.com/en-us/azure/virtual-machines/disks-types.
        """
        disk = self.volumes[volume]
        most = count * catalogue.value(disk.item, "max_throughput")
        written_mib_s = np.minimum(written_mib_s, most)
        if catalogue.listed(disk.item, "throughput_per_gib"):  # throughput comes with size
            by_size = written_mib_s - count * catalogue.value(disk.item, "baseline_throughput")
            needed_gib = by_size / catalogue.value(disk.item, "throughput_per_gib")
            size_gib = np.maximum(size_gib, needed_gib)
        meters = [Meter("storage", disk.storage, region, size_gib, "GiB-month", volume)]
        if disk.throughput:
            included = catalogue.value(disk.item, "included_throughput")
            extra = np.maximum(written_mib_s - count * included, 0.0)
            meters.append(Meter("storage", disk.throughput, region, extra, "MiB/s-month"))
        if disk.iops:
            included = catalogue.value(disk.item, "included_iops")
            needed = written_mib_s / catalogue.value(disk.item, "throughput_per_iops")
            extra = np.maximum(needed - count * included, 0.0)
            meters.append(Meter("storage", disk.iops, region, extra, "IOPS-month"))
        return tuple(meters)

    def included_performance(
        self, catalogue: Catalogue, region: str, volume: str
    ) -> tuple[Meter, ...]:
        """Return meters for the performance that one disk includes: what :meth:`disks` saves.

        One more disk lowers the other quantities of :meth:`disks` by these at most.
        """
        disk = self.volumes[volume]
        meters: tuple[Meter, ...] = ()
        if catalogue.listed(disk.item, "throughput_per_gib"):  # instead of a larger disk
            included = catalogue.value(disk.item, "baseline_throughput")
            size_gib = included / catalogue.value(disk.item, "throughput_per_gib")
            meters += (Meter("storage", disk.storage, region, size_gib, "GiB-month"),)
        if disk.throughput:
            included = catalogue.value(disk.item, "included_throughput")
            meters += (Meter("storage", disk.throughput, region, included, "MiB/s-month"),)
        if disk.iops:
            included = catalogue.value(disk.item, "included_iops")
            meters += (Meter("storage", disk.iops, region, included, "IOPS-month"),)
        return meters

    def traffic(
        self, load: Operands, region: str, *, replication_billed: float
    ) -> tuple[Meter, ...]:
        """Return the meters of bytes between zones, and to the internet.

        Sources: https://aws.amazon.com/ec2/pricing/on-demand/#Data_Transfer (metered on both
        sides), https://cloud.google.com/vpc/network-pricing (where it leaves).
        """
        written_gib = monthly_gib(load.ingress_mib_s, load.month_hours)
        meters = []
        if self.between_zones:
            crossings = zone_crossings(
                zones=load.zones,
                producer_affinity=load.producer_affinity,
                replication_factor=load.replication_factor,
                replication_billed=replication_billed,
                fanout=load.fanout,
                follower_fetch=load.follower_fetch,
                internet_egress=load.internet_egress,
            )
            both = _("between zones, metered on both sides")
            note = both if self.sides == 2.0 else _("between zones, metered on one side")
            meters.append(
                Meter(
                    "network",
                    self.between_zones,
                    region,
                    self.sides * crossings * written_gib,
                    "GiB",
                    note,
                )
            )
        leaving = load.fanout * load.internet_egress * written_gib
        return (
            *meters,
            Meter("network", self.to_internet, region, leaving, "GiB", _("to the internet")),
        )

    def copies(self, load: Operands, region: str) -> tuple[Meter, ...]:
        """Return the meters of the bytes sent to the replica regions."""
        sent = monthly_gib(load.ingress_mib_s, load.month_hours) * load.replica_regions
        note = _("to the replica regions")
        return (Meter("network", self.between_regions, region, sent, "GiB", note),)

    def balanced(self, load: Operands, region: str) -> tuple[Meter, ...]:
        """Return the meters of a load balancer for all client traffic.

        It is metered by the GiB, or by capacity units of 1 GiB per hour, the dimension of which
        Kafka needs most.  Source: https://aws.amazon.com/elasticloadbalancing/pricing/.
        """
        passed = monthly_gib(load.ingress_mib_s, load.month_hours) * (1.0 + load.fanout)
        hours, capacity, unit = self.balancer
        if unit == "hour":
            passed = passed / GIB_PER_LCU_HOUR
        return (
            Meter("network", hours, region, load.month_hours, "hour", _("load balancer")),
            Meter("network", capacity, region, passed, unit, _("through the load balancer")),
        )

    def kubernetes_meters(self, load: Operands, region: str) -> tuple[Meter, ...]:
        """Return the meter of a managed control plane."""
        return (
            Meter(
                "platform",
                self.kubernetes,
                region,
                load.month_hours,
                "hour",
                _("Kubernetes control plane"),
            ),
        )

    def linked(self, load: Operands, region: str) -> tuple[Meter, ...]:
        """Return the meters of private endpoints, one per zone, for all client traffic."""
        passed = monthly_gib(load.ingress_mib_s, load.month_hours) * (1.0 + load.fanout)
        hours, data = self.private_link
        return (
            Meter(
                "network",
                hours,
                region,
                load.zones * load.month_hours,
                "hour",
                _("private endpoint in each zone"),
            ),
            Meter("network", data, region, passed, "GiB", _("through private endpoints")),
        )

    def tier(
        self, region: str, stored_gib: Any, puts: Any, gets: Any, notes: tuple[str, str, str]
    ) -> tuple[Meter, ...]:
        """Return the meters of an object store: stored bytes [GiB], writes [1] and reads [1]."""
        stored, written, read = notes
        return (
            Meter("storage", self.objects.storage, region, stored_gib, "GiB-month", stored),
            Meter("requests", self.objects.put, region, puts / 1e6, "million", written),
            Meter("requests", self.objects.get, region, gets / 1e6, "million", read),
        )
