"""Self-hosted Kafka, on machines of a cloud or on premises."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, ClassVar, Literal

import numpy as np
from pydantic import Field

from kafkatco.core.units import DURATION, SIZE, Duration, Size, parse
from kafkatco.deployments.agreements import Commitment
from kafkatco.deployments.broker_logs import BrokerLogs
from kafkatco.deployments.instances import InstanceField, chosen_types, is_one_type
from kafkatco.errors import Problem, either
from kafkatco.i18n.message import Message, _
from kafkatco.prices.catalogue import Catalogue
from kafkatco.sizing.brokers import Broker, Brokers, FailureMargin, Traffic, unfit, unfit_notes
from kafkatco.sizing.clouds import CLOUDS, LOCAL
from kafkatco.sizing.clouds.on_premises import between_sites, hands_on_site
from kafkatco.sizing.formulas import disk_gib, nodes, stored_gib
from kafkatco.sizing.labour import Family
from kafkatco.sizing.limits import average_limits, beyond_assumption
from kafkatco.sizing.quantities import Candidate, Limit, Meter, Sizing
from kafkatco.sizing.tiering import backup, tier_limits, tiered
from kafkatco.sizing.workload import Operands

__all__ = ["SelfHosted"]


class SelfHosted(BrokerLogs):
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
        types and wildcards: the cheapest of those.  Wildcards and "cheapest" match types with local
        disks if ``volume`` is "local", and otherwise exclude them; they exclude types that are
        unfit for production: burstable ones, and those below ``min_vcpu`` and ``min_memory``.
    brokers
        Number of brokers; replaces the sizing.  The average may then not exceed their sustained
        network and disk throughput; beyond their CPU, by assumption, the cost is a floor.  [1]
    volume
        Of AWS "gp3" (default), "gp2", "io2", "st1", "sc1"; of Azure "premium-ssd-v2" (default),
        "premium-ssd" or "standard-ssd", disks of 1 TiB (P30, E30); of Google "pd-balanced"
        (default) or "pd-ssd"; "local", the disks of the machine itself, where it has any, with no
        charge of their own: the default of a type with local disks, and of servers on premises.
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
    sites
        On premises, the number of sites over which brokers are spread: 1 by default, whose racks or
        rooms are the workload's zones.  Each site beyond the first needs a link, at your own price
        of ``onprem.site-link``.  [1]
    hands
        On premises, the time a month that the data centre's staff work on the servers, such as
        "4 h"; none by default.

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
    sites: int = Field(default=1, ge=1)
    hands: Duration | None = None

    family: ClassVar[Family] = "self-hosted"
    sells_commitments: ClassVar[bool] = True
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
            yield from self._only_on_premises()
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

    def _only_on_premises(self) -> Iterator[Problem]:
        expected = _('not set, unless cloud = "on-prem"')
        if self.sites != 1:
            yield Problem("sites", repr(self.sites), expected)
        if self.hands is not None:
            yield Problem("hands", repr(self.hands), expected)

    @property
    def sku_prefix(self) -> str:  # type: ignore[override]  # it depends on the cloud
        """The prefix of the skus of its nodes."""
        return self.home.nodes

    def candidates(self, load: Operands, catalogue: Catalogue) -> tuple[Candidate, ...]:
        """Return one candidate per instance type."""
        cluster = self._cluster(load, catalogue)
        next_to_brokers = (
            *self._object_store(load, catalogue),
            *self.home.traffic(load, self.region, replication_billed=1.0),
            *self._access(load),
        )
        types: dict[str, list[str]] = {}
        for name in (every := self.types(catalogue)):
            volume = self.volume or self.home.default_volume(catalogue, name)
            types.setdefault(volume, []).append(name)
        candidates: dict[str, Candidate] = {}
        for volume, names in types.items():
            controllers = self._controllers(load, catalogue, volume)
            others = (*self.home.operations(load, self.region, volume), *next_to_brokers)
            candidates |= {
                name: self._candidate(cluster, name, volume, controllers, others) for name in names
            }
        return tuple(candidates[name] for name in every)

    def types(self, catalogue: Catalogue) -> tuple[str, ...]:
        """Return the instance types among which the sizing chooses."""
        if is_one_type(self.instance):  # if it is unknown, its capacity is missing
            return (self.instance,)
        volume = self.volume or self.home.volume
        by_name = self.home.instances(catalogue, volume, by_name=True)
        every = [
            name
            for name in self.home.instances(catalogue, volume)
            if not unfit(catalogue, self.home.nodes + name)
        ]
        return chosen_types(self.instance, every, by_name=by_name, label=self.label)

    def _candidate(
        self,
        cluster: Brokers,
        name: str,
        volume: str,
        controllers: tuple[Meter, ...],
        others: tuple[Meter, ...],
    ) -> Candidate:
        """Return the candidate of one instance type, with the meters that all types share."""
        load, catalogue, cloud = cluster.load, cluster.catalogue, self.home
        item = cloud.nodes + name
        volume_gib = cloud.disk_size(catalogue, name, volume)
        capacity_mib_s = cloud.capacity(catalogue, name, volume)
        broker = Broker(
            vcpu=catalogue.value(item, "vcpu"),
            memory_gib=catalogue.value(item, "memory"),
            network_mib_s=capacity_mib_s["throughput-in"],
            disk_mib_s=capacity_mib_s["disk-throughput"],
            disk_gib=volume_gib * cloud.volumes_per_node(catalogue, name, volume),
            partitions=catalogue.value(item, "partitions"),
        )
        requirements, plans = cluster.requirements(broker)
        brokers = nodes(list(requirements.values()), load.zones)
        limits: tuple[Limit, ...] = tier_limits(load, self.tiered)
        unchecked: tuple[Limit, ...] = ()
        if self.brokers is not None:
            brokers = float(self.brokers)
            most_gib = volume_gib * cloud.attachable(catalogue, name, volume)
            limits += self._fixed_limits(cluster, broker, most_gib)
            unchecked = beyond_assumption({_("CPU"): cluster.vcpu}, brokers * broker.vcpu)
        disks_gib, written = cluster.disks_gib, cluster.disk_writes_mib_s
        volumes = cloud.volume_count(catalogue, name, volume, brokers, disks_gib, written)
        meters = (
            *self._nodes(load, catalogue, name, brokers, volume),
            *self._surplus_credits(load, catalogue, name, brokers, cluster.vcpu),
            *controllers,
            *cloud.disks(catalogue, self.region, volume, volumes, disks_gib, written),
            *others,
        )
        details = {
            "instance": name,
            "disk_headroom": self.assumed(catalogue, "disk_headroom"),
            "utilisation": cluster.utilisation,
            "failure_margin": cluster.margin,
        }
        sizing = Sizing("brokers", brokers, requirements, details, plans)
        notes = unfit_notes(catalogue, item, name)
        return Candidate(name, meters, sizing, limits, unchecked, notes)

    def _fixed_limits(self, cluster: Brokers, broker: Broker, most_gib: float) -> tuple[Limit, ...]:
        """Return the limits of a fixed number of brokers, which hold ``most_gib`` each."""
        brokers = float(self.brokers or 0)
        held = np.maximum(cluster.stored_gib, self._least_gib) > brokers * most_gib
        return (
            *average_limits(cluster.load, brokers, broker.throughput, cluster.moved),
            Limit(held, _("storage: at most {gib:,.0f} GiB per broker", gib=most_gib)),
        )

    @property
    def _least_gib(self) -> float:
        return 0.0 if self.disk_minimum is None else float(parse(self.disk_minimum, SIZE).value())

    def _cluster(self, load: Operands, catalogue: Catalogue) -> Brokers:
        """Return what the workload requires of the brokers together."""

        def with_tier(traffic: Traffic, survivors: Any) -> Traffic:
            return self._with_tier(load, catalogue, traffic, survivors)

        copies, headroom = load.replication_factor, self.assumed(catalogue, "disk_headroom")
        kept_h = load.retention_h
        if self.tiered:
            kept_h = np.minimum(load.retention_h, load.local_retention_h)
        stored_once = stored_gib(load.retained_mib_s, kept_h)
        return Brokers.of(
            load,
            catalogue,
            margin=self.failure_margin,
            utilisation=self.assumed(catalogue, "utilisation"),
            stored_gib=stored_once * copies,
            disks_gib=np.maximum(disk_gib(stored_once, copies, headroom), self._least_gib),
            adjusted=with_tier,
            overhead=catalogue.value("own.kubernetes", "overhead") if self.kubernetes else 0.0,
            uploads=float(self.tiered),
        )

    def _with_tier(
        self, load: Operands, catalogue: Catalogue, traffic: Traffic, survivors: Any
    ) -> Traffic:
        """Return the traffic of all brokers with that of their tier and disks [MiB/s].

        Historical reads come from disks.  With tiered storage they do not, but each byte is also
        sent to the object store, and remote reads are received from there, by the brokers that
        survive.  Where disks share the network of a node, what is written is sent as well.
        """
        moved = dict(traffic)
        share = catalogue.assumed("historical_reads")
        if share and not self.tiered:
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
        self, load: Operands, catalogue: Catalogue, name: str, brokers: Any, volume: str
    ) -> tuple[Meter, ...]:
        note = _("brokers")
        if volume == LOCAL and self.cloud != "on-prem":
            note = _("brokers; data on local disks is lost when a machine stops")
        return self.home.node(load, catalogue, self.region, name, brokers, "compute", note)

    def _surplus_credits(
        self, load: Operands, catalogue: Catalogue, name: str, brokers: Any, vcpu: Any
    ) -> tuple[Meter, ...]:
        """Return the meter of CPU beyond the baseline of a burstable type, in vCPU-hours.

        ``vcpu`` [1] is what average traffic keeps busy on all brokers.  Source:
        https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/burstable-performance-instances-unlimited-mode.html.
        """
        item = self.home.nodes + name
        burstable = catalogue.listed(item, "cpu_baseline") and catalogue.assumed("cpu_throughput")
        if not self.home.cpu_credits or not burstable:
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
        disk = self.home.volume if volume == LOCAL else volume
        return (
            *self.home.node(
                load,
                catalogue,
                self.region,
                self.controller_instance or self.home.small_node,
                count,
                "compute",
                _("KRaft controllers"),
            ),
            *(
                replace(meter, note=_("disks of the KRaft controllers"))
                for meter in self.home.disks(catalogue, self.region, disk, count, disk_gib, 0.0)
            ),
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

    def _services(self, load: Operands, catalogue: Catalogue) -> Iterator[Meter]:
        """Yield also the meters of sites on premises, which all clusters share."""
        yield from super()._services(load, catalogue)
        if self.sites > 1:
            yield between_sites(self.region, self.sites)
        if self.hands is not None:
            hours = parse(self.hands, DURATION).value(load.month_hours)
            yield hands_on_site(self.region, hours)

    def metrics(self, load: Operands, catalogue: Catalogue, sizing: Sizing) -> tuple[Meter, ...]:
        """Return the meters of the cloud's metrics service; none on premises."""
        return self.own.metrics(load, catalogue, sizing.count)

    def not_modelled(self, load: Operands) -> tuple[str, ...]:
        """Return the costs and limits that the model omits, as messages."""
        omitted: tuple[Message, ...] = (_("system disks"),)
        if self.cloud == "on-prem":
            omitted = (_("the network between racks"),)
            if self.hands is None:
                omitted += (_("data-centre staff"),)
            if self.sites > 1:
                omitted += (_("whether the links between sites carry the replication"),)
        return (*omitted, *super().not_modelled(load))
