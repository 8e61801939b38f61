"""The meters of self-managed nodes, disks and traffic on each cloud."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np

from kafkatco.i18n.message import _
from kafkatco.prices.catalogue import Catalogue
from kafkatco.sizing.formulas import monthly_gib, whole_units, zone_crossings
from kafkatco.sizing.quantities import Meter
from kafkatco.sizing.workload import Operands

__all__ = ["Cloud", "ObjectStore", "Volume"]

GIB_PER_LCU_HOUR: Final = 1.0
#: The volume that is the disks of the machine itself.
LOCAL: Final = "local"
MIB_PER_OPERATION: Final = 0.25
MIB_PER_GIB: Final = 1024.0
#: The attributes of an instance type in :attr:`Cloud.capacities`, besides those of its disks.
CAPACITIES: Final = (
    "network",
    "partitions",
    "vcpu",
    "memory",
    "max_volumes",
    "local_throughput",
    "local_hdd",
)


@dataclass(frozen=True, slots=True)
class Volume:
    """A disk: its catalogue item, and the skus of its size and of additional performance.

    A ``whole`` disk is billed by the disk and month, not by the GiB.  ``operations`` is the sku of
    a million operations of up to 256 KiB.
    """

    item: str
    storage: str
    throughput: str = ""
    iops: str = ""
    operations: str = ""
    whole: bool = False


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
    instance with its sustained throughput to volumes, ``local_disk`` that with the size of its own
    disks, which are the volume "local" and part of its price.
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
    #: The skus of a NAT gateway, of the bytes through it and of its public address, if they have
    #: prices.
    nat: tuple[str, str, str] = ("", "", "")
    #: Whether a NAT gateway serves one zone, or its whole region.
    nat_is_zonal: bool = True
    #: The skus of a public address and of the bytes to public addresses of the same region.
    public: tuple[str, str] = ("", "")
    #: The paths of clients whose prices are not published.
    unlisted_paths: tuple[str, ...] = ()
    #: The skus of bytes between two regions at a rate of their own.
    between_pairs: Mapping[frozenset[str], str] = field(default_factory=dict)
    #: Whether writes to disks share the network of a node.
    disks_share_network: bool = False
    #: The beginning of the skus of surplus CPU credits of burstable nodes, if they are billed.
    cpu_credits: str = ""
    #: The attribute of an instance with the size of its local disks.
    local_disk: str = "local_disk"

    @property
    def volume(self) -> str:
        """The default volume of machines without local disks."""
        return next(iter(self.volumes))

    def default_volume(self, catalogue: Catalogue, instance: str) -> str:
        """Return the default volume of an instance type: its local disks, if it has any.

        Nobody pays for local disks to leave them idle next to volumes.
        """
        has_disks = catalogue.listed(self.nodes + instance, self.local_disk)
        return LOCAL if has_disks and LOCAL in self.volumes else self.volume

    @property
    def capacities(self) -> tuple[str, ...]:
        """The attributes of an instance type that a sizing reads: the larger, the fewer nodes."""
        return (self.disk_rate, self.local_disk, *CAPACITIES)

    def capacity(self, catalogue: Catalogue, instance: str, volume: str) -> dict[str, float]:
        """Return the sustained throughput of a node with all its volumes [MiB/s].

        Names are those of :func:`~kafkatco.sizing.formulas.broker_load`.

        Raises :class:`~kafkatco.MissingPriceError` for an instance that is not in the catalogue.
        """
        network = catalogue.value(self.nodes + instance, "network")
        written = self._written(catalogue, instance, volume)
        return {"throughput-in": network, "throughput-out": network, "disk-throughput": written}

    def _written(self, catalogue: Catalogue, instance: str, volume: str) -> float:
        """Return the sustained disk throughput of a node [MiB/s].

        For local flash without a figure of its own, it is the cautious assumption
        ``own.local-disk`` for each GiB; there is none for hard disks (``local_hdd``).
        """
        node = self.nodes + instance
        if volume != LOCAL:
            most = catalogue.value(self.volumes[volume].item, "max_throughput")
            attached = self.volumes_per_node(catalogue, instance, volume)
            return min(catalogue.value(node, self.disk_rate), attached * most)
        if catalogue.listed(node, "local_throughput") or catalogue.listed(node, "local_hdd"):
            return catalogue.value(node, "local_throughput")
        per_gib = catalogue.value("own.local-disk", "throughput_per_gib")
        return per_gib * self.disk_size(catalogue, instance, volume)

    def disk_size(self, catalogue: Catalogue, instance: str, volume: str) -> float:
        """Return the maximum size of a volume of a node [GiB]; of its local disks, the total."""
        if volume == LOCAL:
            return catalogue.value(self.nodes + instance, self.local_disk)
        return catalogue.value(self.volumes[volume].item, "max_size")

    def attachable(self, catalogue: Catalogue, instance: str, volume: str) -> float:
        """Return how many volumes for data a node may attach [1].

        It is infinite if the limit of the type is not known; local disks count as one.
        """
        node = self.nodes + instance
        if volume == LOCAL:
            return 1.0
        most = catalogue.value_or_none(node, "max_volumes")
        return np.inf if most is None else most

    def volumes_per_node(self, catalogue: Catalogue, instance: str, volume: str) -> float:
        """Return how many volumes the sizing plans for a node [1].

        They are as many as the type may attach, and no more than the assumption; 1 if the limit of
        the type is not known.
        """
        attachable = self.attachable(catalogue, instance, volume)
        most = catalogue.assumed("volumes_per_broker")
        return min(attachable, most) if np.isfinite(attachable) else 1.0

    def volume_count(
        self,
        catalogue: Catalogue,
        instance: str,
        volume: str,
        nodes: Any,
        size_gib: Any,
        written_mib_s: Any,
    ) -> Any:
        """Return the fewest volumes [1] of ``nodes`` for a size [GiB] and throughput [MiB/s].

        Each node has at least one, and no more for the throughput than it may attach.  Of whole
        disks, each node has equally many; a volume of any size is as well spread unequally.
        """
        if volume == LOCAL:
            return nodes
        disk = self.volumes[volume]
        most_gib = self.disk_size(catalogue, instance, volume)
        most_mib_s = catalogue.value(disk.item, "max_throughput")
        attached = self.volumes_per_node(catalogue, instance, volume)
        for_size = np.maximum(nodes, whole_units(size_gib, most_gib))
        if catalogue.value(self.nodes + instance, self.disk_rate) <= most_mib_s and not disk.whole:
            return for_size  # another volume would write no more
        for_throughput = whole_units(written_mib_s, most_mib_s)
        if not disk.whole:
            return np.maximum(for_size, np.minimum(for_throughput, attached * nodes))
        needed = np.maximum(for_size, for_throughput)
        each: Any = 1.0  # counted, since a quotient by a swept number of nodes is not a curve
        for fewer in range(1, int(attached)):
            each = each + (needed > fewer * nodes)
        return np.maximum(for_size, each * nodes)

    def instances(
        self, catalogue: Catalogue, volume: str, *, by_name: bool = False
    ) -> tuple[str, ...]:
        """Return the instance types for brokers with a volume: those with known throughput.

        With volume "local" these are the types with local disks, with any other those without;
        ``by_name`` includes the types whose local disks would be idle.
        """
        return tuple(
            item.removeprefix(self.nodes)
            for item in catalogue.items(self.nodes)
            if catalogue.listed(item, "network") and self._fits(catalogue, item, volume, by_name)
        )

    def _fits(self, catalogue: Catalogue, item: str, volume: str, by_name: bool) -> bool:
        def has(attribute: str) -> bool:
            return catalogue.listed(item, attribute) is not None

        if volume == LOCAL:
            return has(self.local_disk) and (has("local_throughput") or not has("local_hdd"))
        return has(self.disk_rate) and (by_name or not has(self.local_disk))

    def node(
        self,
        load: Operands,
        catalogue: Catalogue,
        region: str,
        instance: str,
        count: Any,
        component: str,
        note: str,
    ) -> tuple[Meter, ...]:
        """Return the meters of ``count`` nodes [1] that run all month.

        Nodes of some families have a discount for sustained use.
        """
        sku, hours = self.nodes + instance, count * load.month_hours
        meters = (Meter(component, sku, region, hours, "hour", note),)
        share = self.sustained_use(catalogue, sku)
        if share == 1.0:
            return meters
        saved = (share - 1.0) * hours
        return (
            *meters,
            Meter("discount", sku, region, saved, "hour", _("sustained use: {use}", use=note)),
        )

    def sustained_use(self, catalogue: Catalogue, sku: str) -> float:
        """Return the share of its list price that a node costs if it runs all month [1].

        Source: https://cloud.google.com/compute/docs/sustained-use-discounts.
        """
        family = sku.partition("-")[0]
        return catalogue.value_or_none(family, "sustained_use_multiplier") or 1.0

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
        whose throughput depends on its size is made large enough to sustain it without bursts.
        Local disks are part of the machine.
        Sources:
        https://docs.aws.amazon.com/ebs/latest/userguide/general-purpose.html,
        https://docs.aws.amazon.com/ebs/latest/userguide/provisioned-iops.html,
        https://docs.aws.amazon.com/ebs/latest/userguide/hdd-vols.html,
        https://learn.microsoft.com/en-us/azure/virtual-machines/disks-types.
        """
        if volume == LOCAL:
            return ()
        disk = self.volumes[volume]
        if disk.whole:
            return (Meter("storage", disk.storage, region, count, "month", volume),)

        def limit(attribute: str) -> float:
            return self._limit(catalogue, volume, attribute)

        most = catalogue.value(disk.item, "max_throughput")
        written_mib_s = np.minimum(written_mib_s, count * most)
        size_gib = np.maximum(size_gib, count * limit("min_size"))
        if per_gib := limit("throughput_per_gib"):  # throughput comes with size
            by_size = written_mib_s - count * limit("baseline_throughput")
            size_gib = np.maximum(size_gib, by_size / per_gib)
        meters = [Meter("storage", disk.storage, region, size_gib, "GiB-month", volume)]
        if disk.throughput:
            extra = np.maximum(written_mib_s - count * limit("included_throughput"), 0.0)
            meters.append(Meter("storage", disk.throughput, region, extra, "MiB/s-month"))
        if disk.iops:
            needed = written_mib_s / catalogue.value(disk.item, "throughput_per_iops")
            needed = np.maximum(needed, count * limit("min_iops"))
            extra = np.maximum(needed - count * limit("included_iops"), 0.0)
            meters.append(Meter("storage", disk.iops, region, extra, "IOPS-month"))
        return tuple(meters)

    def operations(self, load: Operands, region: str, volume: str) -> tuple[Meter, ...]:
        """Return the meter of write operations, for a volume that charges them.

        Each is up to 256 KiB; the most operations that a disk is charged for in an hour are not
        modelled, and recent reads come from the page cache.
        Source: https://learn.microsoft.com/en-us/azure/virtual-machines/disks-types.
        """
        sku = self.volumes[volume].operations
        if not sku:
            return ()
        written_mib = MIB_PER_GIB * monthly_gib(load.ingress_mib_s, load.month_hours)
        count = load.replication_factor * written_mib / MIB_PER_OPERATION
        return (Meter("storage", sku, region, count / 1e6, "million", _("write operations")),)

    def included_performance(
        self, catalogue: Catalogue, region: str, volume: str
    ) -> tuple[Meter, ...]:
        """Return meters for the performance that one disk includes: what :meth:`disks` saves.

        One more disk lowers the other quantities of :meth:`disks` by these at most.
        """
        if volume == LOCAL:
            return ()
        disk = self.volumes[volume]
        meters: tuple[Meter, ...] = ()
        if per_gib := self._limit(catalogue, volume, "throughput_per_gib"):  # for a larger disk
            size_gib = self._limit(catalogue, volume, "baseline_throughput") / per_gib
            meters += (Meter("storage", disk.storage, region, size_gib, "GiB-month"),)
        if disk.throughput:
            included = self._limit(catalogue, volume, "included_throughput")
            meters += (Meter("storage", disk.throughput, region, included, "MiB/s-month"),)
        if disk.iops:
            included = self._limit(catalogue, volume, "included_iops")
            meters += (Meter("storage", disk.iops, region, included, "IOPS-month"),)
        return meters

    def _limit(self, catalogue: Catalogue, volume: str, attribute: str) -> float:
        """Return a figure of a volume in its base unit, 0 if it has none."""
        return catalogue.value_or_none(self.volumes[volume].item, attribute) or 0.0

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

    def copies(self, load: Operands, region: str, target: str = "") -> tuple[Meter, ...]:
        """Return the meters of the bytes sent to the replica regions, or all to a ``target``.

        There are none to the same region.
        """
        if target == region:
            return ()
        sku = self.between_pairs.get(frozenset((region, target)), self.between_regions)
        sent = monthly_gib(load.ingress_mib_s, load.month_hours) * load.replica_regions
        note = _("to the replica regions")
        return (Meter("network", sku, region, sent, "GiB", note),)

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

    @property
    def paths(self) -> tuple[str, ...]:
        """The paths of clients to a service outside their network: those with skus, and "none"."""
        skus = {"private-link": self.private_link, "nat": self.nat, "public-ip": self.public}
        return (*(path for path, (hours, *_others) in skus.items() if hours), "none")

    @property
    def listed_paths(self) -> tuple[str, ...]:
        """The paths of clients with published prices."""
        return tuple(path for path in self.paths if path not in self.unlisted_paths)

    def reached(
        self, load: Operands, region: str, path: str, *, clusters: float, addresses: float
    ) -> tuple[Meter, ...]:
        """Return the meters of the clients' ``path`` to ``clusters`` [1] outside their network.

        Readers over the internet use neither the NAT gateways nor the public ``addresses`` [1] of
        clients.
        Source: https://aws.amazon.com/ec2/pricing/on-demand/#Data_Transfer (public addresses within
        a region: metered in each direction).
        """
        if path == "private-link":
            return self.linked(load, region, clusters=clusters)
        if path == "none":
            return ()
        written_gib = monthly_gib(load.ingress_mib_s, load.month_hours)
        passed_gib = written_gib * (1.0 + load.fanout * (1.0 - load.internet_egress))
        if path == "nat":
            return self.translated(load, region, passed_gib)
        hours, data = self.public
        return (
            self._hours(load, region, hours, addresses, _("public addresses")),
            Meter("network", data, region, passed_gib, "GiB", _("through public addresses")),
        )

    def translated(self, load: Operands, region: str, passed_gib: Any) -> tuple[Meter, ...]:
        """Return the meters of NAT gateways with one public address each, for ``passed_gib``.

        Sources: https://aws.amazon.com/vpc/pricing/ (a gateway in each zone),
        https://cloud.google.com/nat/pricing (one for a region; at the price of 32 or more
        machines).
        """
        hours, data, address = self.nat
        count = load.zones if self.nat_is_zonal else 1.0
        each_zone = _("NAT gateway in each zone")
        note = each_zone if self.nat_is_zonal else _("NAT gateway of the region")
        return (
            self._hours(load, region, hours, count, note),
            self._hours(load, region, address, count, _("public addresses of NAT gateways")),
            Meter("network", data, region, passed_gib, "GiB", _("through NAT gateways")),
        )

    def _hours(self, load: Operands, region: str, sku: str, count: Any, note: str) -> Meter:
        """Return the meter of ``count`` things [1] of the network that are there all month."""
        return Meter("network", sku, region, count * load.month_hours, "hour", note)

    def linked(self, load: Operands, region: str, *, clusters: float = 1.0) -> tuple[Meter, ...]:
        """Return the meters of private endpoints for all client traffic.

        Each of ``clusters`` [1] has one per zone.
        """
        passed = monthly_gib(load.ingress_mib_s, load.month_hours) * (1.0 + load.fanout)
        hours, data = self.private_link
        note = _("private endpoint in each zone")
        return (
            self._hours(load, region, hours, load.zones * clusters, note),
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
