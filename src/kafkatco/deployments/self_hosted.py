"""Self-hosted Kafka, on machines of a cloud or on premises."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar, Literal

import numpy as np
from pydantic import Field

from kafkatco.core.units import SIZE, Duration, Size, parse
from kafkatco.deployments.agreements import Commitment
from kafkatco.deployments.base import Deployment
from kafkatco.deployments.instances import InstanceField, chosen_types, is_one_type
from kafkatco.errors import Problem, either
from kafkatco.i18n.message import Message, _
from kafkatco.prices.catalogue import Catalogue
from kafkatco.sizing.brokers import Broker, Brokers, FailureMargin, Traffic, unfit, unfit_notes
from kafkatco.sizing.clouds import CLOUDS, Cloud
from kafkatco.sizing.formulas import disk_gib, nodes, stored_gib, whole_units
from kafkatco.sizing.labour import Family
from kafkatco.sizing.limits import average_limits
from kafkatco.sizing.quantities import Candidate, Limit, Meter, Sizing
from kafkatco.sizing.tiering import backup, tier_limits, tiered
from kafkatco.sizing.workload import Operands

__all__ = ["SelfHosted"]


class SelfHosted(Deployment):
    """Brokers on virtual machines with volumes, or on servers on premises, with KRaft.

    The number of brokers is the largest that bytes in, out and written, CPU, memory, partitions,
    connections, disk and the time to rebuild a broker require, equal in each zone; each byte is
    received once from its producer and by every other replica, and sent to these replicas and to
    its readers.  Values that a parameter does not give are those of the set of assumptions.

    Parameters
    ----------
    cloud
        "aws" (default), "azure", "gcp", or "on-prem": purchased servers, in region "kr", "us" or
        "eu".
    instance
        An instance type ("server" on premises); "cheapest" (default), at each traffic the cheapest
        of all types with a known price and capacity; or a wildcard such as "m7g.*", or a list of
        types and wildcards: the cheapest of those.  Wildcards and "cheapest" exclude types with
        local disks, which would be idle next to volumes, and those that are unfit for production:
        burstable ones, and those below ``min_vcpu`` and ``min_memory``.
    brokers
        Number of brokers; replaces the sizing.  The average may then not exceed their sustained
        network and disk throughput.  [1]
    volume
        "gp3"; "premium-ssd-v2"; "pd-balanced" or "pd-ssd"; "local".  The cloud's first by default.
    disk_headroom
        Share of the disk kept free; 0.5 in production.  [1]
    disk_minimum
        Minimum disk of the whole cluster, such as "500 GB".
    utilisation
        Share of a broker's sustained network and disk throughput that the plan uses; 0.5 in
        production.  [1]
    failure_margin
        "none": nothing is lost; "zone": the cluster carries the peak with one zone down; or
        "recovery": meanwhile it also serves lagging consumers and rebalances, by the factors of
        AWS's MSK sizing.  "recovery" in production.
    controllers, controller_instance
        Number of dedicated KRaft nodes with a disk of ``controller_disk``, 3 in production (with 0,
        brokers are the controllers); and their type, by default a small one of the cloud.  [1]
    tiered, remote_reads
        Whether segments move to the object store (KIP-405), so that disks hold the workload's
        ``local_retention``; and the share of reads from there, 0 by default.  [1]
    backups
        Time for which a second copy of all data is kept in the object store; none by default.
    kubernetes
        Whether brokers run on a managed Kubernetes, with its control plane and its share of nodes.
    access
        Access of clients outside: "direct" (default), "load-balancer" or "private-link", which
        then carries all client traffic.

    Examples
    --------
    >>> SelfHosted(region="us-east-1", instance="m5.2xlarge", brokers=9).label
    'self-hosted'
    """

    kind: Literal["self-hosted"] = "self-hosted"
    cloud: Literal["aws", "azure", "gcp", "on-prem"] = "aws"
    instance: InstanceField = "cheapest"
    brokers: int | None = Field(default=None, ge=1)
    volume: str | None = None
    disk_headroom: float | None = Field(default=None, ge=0, lt=1)
    disk_minimum: Size | None = None
    utilisation: float | None = Field(default=None, gt=0, le=1)
    failure_margin: FailureMargin | None = None
    controllers: int | None = Field(default=None, ge=0)
    controller_instance: str | None = None
    tiered: bool = False
    remote_reads: float = Field(default=0.0, ge=0, le=1)
    backups: Duration | None = None
    kubernetes: bool = False
    access: Literal["direct", "load-balancer", "private-link"] = "direct"

    family: ClassVar[Family] = "self-hosted"
    examples: ClassVar[tuple[dict[str, Any], ...]] = tuple({"cloud": name} for name in CLOUDS)

    def conflicts(self) -> Iterator[Problem]:
        """Yield a problem for each contradiction, such as a volume of another cloud."""
        yield from super().conflicts()
        volumes = CLOUDS[self.cloud].volumes
        if self.volume is not None and self.volume not in volumes:
            names = either(repr(name) for name in volumes)
            expected = _("a volume of {cloud}: {names}", cloud=self.cloud, names=names)
            yield Problem("volume", repr(self.volume), expected)
        if self.cloud != "on-prem":
            return
        no_store = _("not available on premises: it needs an object store, which is not modelled")
        managed = self.monitoring if self.monitoring == "managed" else ""
        term = self.commitment.term if isinstance(self.commitment, Commitment) else ""
        if self.tiered:
            yield Problem("tiered", "", no_store)
        if self.backups is not None:
            yield Problem("backups", "", no_store)
        if managed:
            yield Problem("monitoring", repr(managed), either(("'self-hosted'", "'none'")))
        if term:
            yield Problem("commitment", repr(term), _("'none', since servers are purchased"))

    @property
    def sku_prefix(self) -> str:  # type: ignore[override]  # it depends on the cloud
        """The prefix of the skus of its nodes."""
        return self.home.nodes

    def candidates(self, load: Operands, catalogue: Catalogue) -> tuple[Candidate, ...]:
        """Return one candidate per instance type."""
        types = self.types(catalogue)
        return tuple(self._candidate(load, catalogue, self.home, name) for name in types)

    def types(self, catalogue: Catalogue) -> tuple[str, ...]:
        """Return the instance types among which the sizing chooses."""
        if is_one_type(self.instance):  # if it is unknown, its capacity is missing
            return (self.instance,)
        by_name = self.home.instances(catalogue, local_disks=True)
        every = [
            name
            for name in self.home.instances(catalogue)
            if not unfit(catalogue, self.home.nodes + name)
        ]
        return chosen_types(self.instance, every, by_name=by_name, label=self.label)

    def _candidate(
        self, load: Operands, catalogue: Catalogue, cloud: Cloud, name: str
    ) -> Candidate:
        item, volume = cloud.nodes + name, self.volume or cloud.volume
        copies = load.replication_factor
        headroom = self.assumed(catalogue, "disk_headroom")
        kept_h = load.retention_h
        if self.tiered:
            kept_h = np.minimum(load.retention_h, load.local_retention_h)
        stored_once = stored_gib(load.retained_mib_s, kept_h)
        least_gib = 0.0 if self.disk_minimum is None else parse(self.disk_minimum, SIZE).value()
        disks_gib = np.maximum(disk_gib(stored_once, copies, headroom), least_gib)
        volume_gib = cloud.disk_size(catalogue, name, volume)
        capacity_mib_s = cloud.capacity(catalogue, name, volume)
        broker = Broker(
            vcpu=catalogue.value(item, "vcpu"),
            memory_gib=catalogue.value(item, "memory"),
            network_mib_s=capacity_mib_s["throughput-in"],
            disk_mib_s=capacity_mib_s["disk-throughput"],
            disk_gib=volume_gib,
            partitions=catalogue.value(item, "partitions"),
        )
        cluster = self._cluster(load, catalogue, stored_once * copies, disks_gib)
        requirements, plans = cluster.requirements(broker)
        brokers = nodes(list(requirements.values()), load.zones)
        limits: tuple[Limit, ...] = tier_limits(load, self.tiered)
        if self.brokers is not None:
            brokers = float(self.brokers)
            limits += average_limits(
                load,
                brokers,
                broker.throughput | {"cpu": broker.vcpu},
                {**cluster.moved, "cpu": cluster.vcpu},
            )
            if not cloud.has_volumes:
                held = np.maximum(stored_once * copies, least_gib) > brokers * volume_gib
                most = _("storage: at most {gib:,.0f} GiB per server", gib=volume_gib)
                limits += (Limit(held, most),)
        volumes = np.maximum(brokers, whole_units(disks_gib, volume_gib))
        written = cluster.moved["disk-throughput"] * load.peak_to_average / cluster.survivors
        meters = (
            *self._nodes(load, catalogue, name, brokers),
            *self._surplus_credits(load, catalogue, name, brokers, cluster.vcpu),
            *cloud.disks(
                catalogue,
                self.region,
                volume,
                volumes,
                disks_gib,
                np.maximum(written, cluster.rebuild_mib_s),
            ),
            *self._controllers(load, catalogue, volume),
            *self._object_store(load, catalogue),
            *cloud.traffic(load, self.region, replication_billed=1.0),
            *self._access(load),
        )
        details = {
            "instance": name,
            "disk_headroom": headroom,
            "utilisation": cluster.utilisation,
            "failure_margin": cluster.margin,
        }
        sizing = Sizing("brokers", brokers, requirements, details, plans)
        return Candidate(name, meters, sizing, limits, notes=unfit_notes(catalogue, item, name))

    def _cluster(
        self, load: Operands, catalogue: Catalogue, stored_gib: Any, disks_gib: Any
    ) -> Brokers:
        """Return what the workload requires of the brokers together."""

        def with_tier(traffic: Traffic, survivors: Any) -> Traffic:
            return self._with_tier(load, catalogue, traffic, survivors)

        return Brokers.of(
            load,
            catalogue,
            margin=self.failure_margin,
            utilisation=self.assumed(catalogue, "utilisation"),
            stored_gib=stored_gib,
            disks_gib=disks_gib,
            adjusted=with_tier,
            overhead=catalogue.value("own.kubernetes", "overhead") if self.kubernetes else 0.0,
            uploads=float(self.tiered),
        )

    def _with_tier(
        self, load: Operands, catalogue: Catalogue, traffic: Traffic, survivors: Any
    ) -> Traffic:
        """Return the traffic of all brokers with that of their tier and disks [MiB/s].

        Historical reads come from disks.  With tiered storage, each byte is also sent to the object
        store, and remote reads are received from there, by the brokers that survive.  Where disks
        share the network of a node, what is written is sent as well.
        """
        moved = dict(traffic)
        if share := catalogue.assumed("historical_reads"):
            read = load.ingress_mib_s * load.fanout * share
            moved["disk-throughput"] = moved["disk-throughput"] + read / survivors
        if self.home.disks_share_network:
            moved["throughput-out"] = moved["throughput-out"] + moved["disk-throughput"]
        if self.tiered:
            fetched = load.ingress_mib_s * load.fanout * self.remote_reads
            moved["throughput-in"] = moved["throughput-in"] + fetched / survivors
            moved["throughput-out"] = moved["throughput-out"] + load.ingress_mib_s / survivors
        return moved

    def _nodes(
        self, load: Operands, catalogue: Catalogue, name: str, brokers: Any
    ) -> tuple[Meter, ...]:
        return self.home.node(
            load,
            catalogue,
            self.region,
            name,
            brokers,
            "compute",
            _("brokers"),
            committed=isinstance(self.commitment, Commitment),
        )

    def _surplus_credits(
        self, load: Operands, catalogue: Catalogue, name: str, brokers: Any, vcpu: Any
    ) -> tuple[Meter, ...]:
        """Return the meter of CPU beyond the baseline of a burstable type, in vCPU-hours.

        ``vcpu`` [1] is what average traffic keeps busy on all brokers.  Source:
        https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/burstable-performance-instances-unlimited-mode.html.
        """
        item = self.home.nodes + name
        if not self.home.cpu_credits or not catalogue.listed(item, "cpu_baseline"):
            return ()
        each = catalogue.value(item, "cpu_baseline") * catalogue.value(item, "vcpu")
        surplus = np.maximum(vcpu - brokers * each, 0.0) * load.month_hours
        sku = self.home.cpu_credits + name.partition(".")[0]
        note = _("surplus CPU credits (vCPU-hours)")
        return (Meter("compute", sku, self.region, surplus, "hour", note),)

    def _controllers(self, load: Operands, catalogue: Catalogue, volume: str) -> tuple[Meter, ...]:
        """Return the meters of the dedicated KRaft controllers and their disks."""
        count = self.assumed(catalogue, "controllers")
        disk_gib = count * catalogue.assumed("controller_disk")
        disk = volume if self.home.volumes[volume].storage else self.home.volume
        return (
            *self.home.node(
                load,
                catalogue,
                self.region,
                self.controller_instance or self.home.small_node,
                count,
                "compute",
                _("KRaft controllers"),
                committed=isinstance(self.commitment, Commitment),
            ),
            *self.home.disks(catalogue, self.region, disk, count, disk_gib, 0.0),
        )

    def _object_store(self, load: Operands, catalogue: Catalogue) -> tuple[Meter, ...]:
        meters: tuple[Meter, ...] = ()
        if self.tiered:
            meters += tiered(load, catalogue, self.home, self.region, self.remote_reads)
        if self.backups is not None:
            meters += backup(load, catalogue, self.home, self.region, self.backups)
        return meters

    def _access(self, load: Operands) -> tuple[Meter, ...]:
        meters: tuple[Meter, ...] = ()
        if self.kubernetes:
            meters += self.home.kubernetes_meters(load, self.region)
        if self.access == "load-balancer":
            meters += self.home.balanced(load, self.region)
        elif self.access == "private-link":
            meters += self.home.linked(load, self.region)
        return meters

    def metrics(self, load: Operands, catalogue: Catalogue, sizing: Sizing) -> tuple[Meter, ...]:
        """Return the meters of the cloud's metrics service; none on premises."""
        return self.own.metrics(load, catalogue, sizing.count)

    def not_modelled(self, load: Operands) -> tuple[str, ...]:
        """Return the costs and limits that the model omits, as messages."""
        omitted: tuple[Message, ...] = (_("system disks"), _("logs"))
        if self.cloud == "on-prem":
            omitted = (_("cost of capital"), _("the network between racks"), _("data-centre staff"))
        return (*omitted, *super().not_modelled(load))
