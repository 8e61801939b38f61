"""Kafka that one's own team runs, on machines of a cloud or of its own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar, Literal

import numpy as np
from pydantic import Field

from kafkatco.core.units import DURATION, SIZE, Duration, Size, parse
from kafkatco.deployments.agreements import Commitment
from kafkatco.deployments.base import Deployment
from kafkatco.errors import Problem
from kafkatco.prices.catalogue import Catalogue
from kafkatco.sizing.clouds import CLOUDS, Cloud
from kafkatco.sizing.formulas import disk_gib, nodes, stored_gib, surviving_share, whole_units
from kafkatco.sizing.labour import Family
from kafkatco.sizing.limits import average_limits
from kafkatco.sizing.quantities import Limit, Meter, Offer, Sizing
from kafkatco.sizing.tiering import backup, tier_limits, tiered
from kafkatco.sizing.workload import Operands

__all__ = ["SelfHosted"]


class SelfHosted(Deployment):
    """Brokers on virtual machines with volumes, or on servers of one's own; KRaft with them.

    Brokers are the largest of what bytes in, out and written, partitions and disk ask for, in
    equal numbers a zone; each byte is received once from its producer and by every other replica,
    and sent to these and to its readers.

    Parameters
    ----------
    cloud
        "aws" (default), "azure", "gcp", or "on-prem": servers that are bought, in region "kr",
        "us" or "eu".
    instance
        An instance type ("server" on premises), or "cheapest" (default): of all types whose
        price and capacity are known and that have no disks of their own, which volumes would
        leave idle, the one with the least total at each traffic.
    brokers
        Overrides the sizing, which then only says what it would ask for; the cluster cannot serve
        an average above its sustained network or disk throughput.  [1]
    volume
        "gp3"; "premium-ssd-v2"; "pd-balanced" or "pd-ssd"; "local".  The cloud's first by default.
    disk_headroom
        Share of the disk kept free.  Default 0.5, as in AWS's official MSK sizing.  [1]
    disk_minimum
        Least disk of the whole cluster, such as "500 GB".
    utilisation
        Share of a broker's sustained network and disk throughput that the plan uses.  Default
        0.5, as in AWS's official MSK sizing.  [1]
    failure_margin
        "zone" (default): the peak is carried with one zone down; or "none".
    controllers, controller_instance
        Dedicated KRaft nodes, 0 (default) = the brokers do it; a small type of the cloud.  [1]
    tiered, remote_reads
        Whether segments go to the object store (KIP-405), so that disks hold the workload's
        ``local_retention``; and the share of reads that come from there, 0 by default.  [1]
    backups
        How long a second copy of everything is kept in the object store; none by default.
    kubernetes
        Whether brokers run on a managed Kubernetes: its control plane, and the share of a node
        that it keeps.
    access
        How clients outside reach the cluster: "direct" (default), "load-balancer" or
        "private-link", which all bytes then pass.

    Examples
    --------
    >>> SelfHosted(region="us-east-1", instance="m5.2xlarge", brokers=9).label
    'self-hosted'
    """

    kind: Literal["self-hosted"] = "self-hosted"
    cloud: Literal["aws", "azure", "gcp", "on-prem"] = "aws"
    instance: str = "cheapest"
    brokers: int | None = Field(default=None, ge=1)
    volume: str | None = None
    disk_headroom: float = Field(default=0.5, ge=0, lt=1)
    disk_minimum: Size | None = None
    utilisation: float = Field(default=0.5, gt=0, le=1)
    failure_margin: Literal["zone", "none"] = "zone"
    controllers: int = Field(default=0, ge=0)
    controller_instance: str | None = None
    tiered: bool = False
    remote_reads: float = Field(default=0.0, ge=0, le=1)
    backups: Duration | None = None
    kubernetes: bool = False
    access: Literal["direct", "load-balancer", "private-link"] = "direct"

    family: ClassVar[Family] = "self-hosted"
    examples: ClassVar[tuple[dict[str, Any], ...]] = tuple({"cloud": name} for name in CLOUDS)

    def misfits(self) -> Iterator[Problem]:
        """Yield what does not go together, such as a volume of another cloud."""
        yield from super().misfits()
        volumes = CLOUDS[self.cloud].volumes
        if self.volume is not None and self.volume not in volumes:
            expected = f"a volume of {self.cloud}: " + " or ".join(repr(name) for name in volumes)
            yield Problem("volume", repr(self.volume), expected)
        if self.cloud != "on-prem":
            return
        nothing = "none: no object store on premises is known"
        managed = self.monitoring if self.monitoring == "managed" else ""
        term = self.commitment.term if isinstance(self.commitment, Commitment) else ""
        for field, given, expected in (
            ("tiered", self.tiered, nothing),
            ("backups", self.backups and str(parse(self.backups, DURATION).text), nothing),
            ("monitoring", managed, "'self-hosted' or 'none'"),
            ("commitment", term, "'none': servers are bought"),
        ):
            if given:
                yield Problem(field, repr(given), expected)

    @property
    def sku_prefix(self) -> str:  # type: ignore[override]  # it depends on the cloud
        """How the skus of its nodes begin."""
        return self.home.nodes

    def offers(self, load: Operands, catalogue: Catalogue) -> tuple[Offer, ...]:
        """Return one offer for each instance type that may serve."""
        known: tuple[str, ...] = (self.instance,)
        if self.instance == "cheapest":
            known = self.home.instances(catalogue)
        return tuple(self._offer(load, catalogue, self.home, name) for name in known)

    def _offer(self, load: Operands, catalogue: Catalogue, cloud: Cloud, name: str) -> Offer:
        volume = self.volume or cloud.volume
        capacity_mib_s = cloud.capacity(catalogue, name, volume)
        copies = load.replication_factor
        survivors = surviving_share(load.zones, 1.0 if self.failure_margin == "zone" else 0.0)
        kept_h = load.retention_h
        if self.tiered:
            kept_h = np.minimum(load.retention_h, load.local_retention_h)
        stored_once = stored_gib(load.retained_mib_s, kept_h)
        least_gib = 0.0 if self.disk_minimum is None else parse(self.disk_minimum, SIZE).value()
        disks_gib = np.maximum(disk_gib(stored_once, copies, self.disk_headroom), least_gib)
        volume_gib = cloud.disk_size(catalogue, name, volume)

        peak = self._moved(load, load.ingress_mib_s * load.peak_to_average)
        planned = self.utilisation * survivors
        if self.kubernetes:
            planned = planned * (1.0 - catalogue.value("own.kubernetes", "overhead"))
        partitions = catalogue.value(cloud.nodes + name, "partitions")
        asks = {
            "minimum": np.maximum(load.zones, copies),
            **{what: peak[what] / capacity_mib_s[what] / planned for what in peak},
            "partitions": load.partitions * copies / partitions,
            "storage": disks_gib / volume_gib,
        }
        brokers = nodes(list(asks.values()), load.zones)
        limits: tuple[Limit, ...] = tier_limits(load, self.tiered)
        if self.brokers is not None:
            brokers = float(self.brokers)
            average = self._moved(load, load.ingress_mib_s)
            limits += average_limits(load, brokers, capacity_mib_s, average)
            if not cloud.has_volumes:
                held = np.maximum(stored_once * copies, least_gib) > brokers * volume_gib
                limits += (Limit(held, f"storage: more than {volume_gib:,.0f} GiB per server"),)
        volumes = np.maximum(brokers, whole_units(disks_gib, volume_gib))
        written = peak["disk-throughput"] / survivors
        meters = (
            *self._nodes(load, catalogue, name, brokers),
            *cloud.disks(catalogue, self.region, volume, volumes, disks_gib, written),
            *self._object_store(load, catalogue),
            *cloud.traffic(load, self.region, replication_billed=1.0),
            *self._reached(load),
        )
        sizing = Sizing(
            "brokers",
            brokers,
            asks,
            {
                "instance": name,
                "disk_headroom": self.disk_headroom,
                "utilisation": self.utilisation,
                "failure_margin": self.failure_margin,
            },
        )
        return Offer(name, meters, sizing, limits)

    def _moved(self, load: Operands, ingress_mib_s: Any) -> dict[str, Any]:
        """Return what all brokers together receive, send and write [MiB/s].

        Tiered, each byte leaves once more for the object store, and remote reads come from there.
        """
        moved = self.home.sized(load, load.replication_factor, ingress_mib_s)
        if self.tiered:
            fetched = ingress_mib_s * load.fanout * self.remote_reads
            moved["throughput-in"] = moved["throughput-in"] + fetched
            moved["throughput-out"] = moved["throughput-out"] + ingress_mib_s
        return moved

    def _nodes(
        self, load: Operands, catalogue: Catalogue, name: str, brokers: Any
    ) -> tuple[Meter, ...]:
        committed = isinstance(self.commitment, Commitment)
        controller = self.controller_instance or self.home.small_node
        return (
            *self.home.node(
                load,
                catalogue,
                self.region,
                name,
                brokers,
                "compute",
                "brokers",
                committed=committed,
            ),
            *self.home.node(
                load,
                catalogue,
                self.region,
                controller,
                float(self.controllers),
                "compute",
                "KRaft controllers",
                committed=committed,
            ),
        )

    def _object_store(self, load: Operands, catalogue: Catalogue) -> tuple[Meter, ...]:
        found: tuple[Meter, ...] = ()
        if self.tiered:
            found += tiered(load, catalogue, self.home, self.region, self.remote_reads)
        if self.backups is not None:
            found += backup(load, catalogue, self.home, self.region, self.backups)
        return found

    def _reached(self, load: Operands) -> tuple[Meter, ...]:
        found: tuple[Meter, ...] = ()
        if self.kubernetes:
            found += self.home.kubernetes_meters(load, self.region)
        if self.access == "load-balancer":
            found += self.home.balanced(load, self.region)
        elif self.access == "private-link":
            found += self.home.linked(load, self.region)
        return found

    def metrics(self, load: Operands, catalogue: Catalogue, sizing: Sizing) -> tuple[Meter, ...]:
        """Return the meters of the cloud's metrics service; on premises there is none."""
        return self.own.metrics(load, catalogue, sizing.count)

    def not_modelled(self, load: Operands) -> tuple[str, ...]:
        """Name what is left out."""
        own: tuple[str, ...] = ("CPU and memory of brokers", "system disks", "logs")
        if self.cloud == "on-prem":
            own = ("cost of capital", "the network between racks", "people in the rooms")
        return (*own, *super().not_modelled(load))
