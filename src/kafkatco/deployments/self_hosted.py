"""Kafka that one's own team runs on virtual machines."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar, Literal

import numpy as np
from pydantic import Field

from kafkatco.deployments.base import Deployment, average_limits, aws_network
from kafkatco.prices.catalogue import Catalogue
from kafkatco.quantities import Limit, Meter, Offer, Sizing
from kafkatco.sizing import broker_load, disk_gib, nodes, stored_gib, surviving_share, whole_units
from kafkatco.units import SIZE, Size, parse
from kafkatco.workload import Operands

__all__ = ["SelfHosted"]


class SelfHosted(Deployment):
    """Brokers on EC2 with gp3 volumes, KRaft on the brokers or on nodes of its own.

    Parameters
    ----------
    cloud
        Only "aws" so far.
    instance
        An EC2 type, or "cheapest" (default): of all types whose price and capacity are known and
        that have no disks of their own, which gp3 volumes would leave idle, the one with the
        least total at each traffic.
    brokers
        Overrides the sizing, which then only says what it would ask for; the cluster cannot serve
        an average above its sustained network or disk throughput.  [1]
    volume
        Only "gp3" so far.
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
        Dedicated KRaft nodes; 0 = the brokers do it.  [1]

    Examples
    --------
    >>> SelfHosted(region="us-east-1", instance="m5.2xlarge", brokers=9).label
    'self-hosted'
    """

    kind: Literal["self-hosted"] = "self-hosted"
    cloud: Literal["aws"] = "aws"
    instance: str = "cheapest"
    brokers: int | None = Field(default=None, ge=1)
    volume: Literal["gp3"] = "gp3"
    disk_headroom: float = Field(default=0.5, ge=0, lt=1)
    disk_minimum: Size | None = None
    utilisation: float = Field(default=0.5, gt=0, le=1)
    failure_margin: Literal["zone", "none"] = "zone"
    controllers: int = Field(default=0, ge=0)
    controller_instance: str = "m7g.large"
    tiered: Literal[False] = False
    kubernetes: Literal[False] = False

    sku_prefix: ClassVar[str] = "aws.ec2."
    leaves_out: ClassVar[tuple[str, ...]] = (
        "monitoring stack", "load balancers and private links", "backups", "support plan",
    )  # fmt: skip

    def offers(self, load: Operands, catalogue: Catalogue) -> tuple[Offer, ...]:
        """Return one offer for each instance type that may serve."""
        known: Iterable[str] = ("aws.ec2." + self.instance,)
        if self.instance == "cheapest":
            known = (
                item for item in catalogue.items("aws.ec2.")
                if catalogue.listed(item, "local_disk") is None
            )  # fmt: skip
        return tuple(self._offer(load, catalogue, item) for item in known)

    def _offer(self, load: Operands, catalogue: Catalogue, item: str) -> Offer:
        network_mib_s = catalogue.value(item, "network")
        capacity_mib_s = {
            "throughput-in": network_mib_s,
            "throughput-out": network_mib_s,
            "disk-throughput": min(
                catalogue.value(item, "ebs_throughput"),
                catalogue.value("aws.ebs.gp3", "max_throughput"),
            ),
        }
        copies = load.replication_factor
        survivors = surviving_share(load.zones, 1.0 if self.failure_margin == "zone" else 0.0)
        stored_once = stored_gib(load.retained_mib_s, load.retention_h)
        least_gib = 0.0 if self.disk_minimum is None else parse(self.disk_minimum, SIZE).value()
        disks_gib = np.maximum(disk_gib(stored_once, copies, self.disk_headroom), least_gib)
        volume_gib = catalogue.value("aws.ebs.gp3", "max_size")

        peak = broker_load(load.ingress_mib_s * load.peak_to_average, copies, load.fanout)
        planned = self.utilisation * survivors
        asks = {
            "minimum": np.maximum(load.zones, copies),
            **{name: peak[name] / capacity_mib_s[name] / planned for name in peak},
            "partitions": load.partitions * copies / catalogue.value(item, "partitions"),
            "storage": disks_gib / volume_gib,
        }
        brokers = nodes(list(asks.values()), load.zones)
        limits: tuple[Limit, ...] = ()
        if self.brokers is not None:
            brokers = float(self.brokers)
            limits = average_limits(load, brokers, capacity_mib_s)
        name = item.removeprefix("aws.ec2.")
        sizing = Sizing(
            "brokers", brokers, asks,
            {
                "instance": name, "disk_headroom": self.disk_headroom,
                "utilisation": self.utilisation, "failure_margin": self.failure_margin,
            },
        )  # fmt: skip
        volumes = np.maximum(brokers, whole_units(disks_gib, volume_gib))
        meters = (
            Meter("compute", item, self.region, brokers * load.month_hours, "hour", "brokers"),
            Meter(
                "compute", "aws.ec2." + self.controller_instance, self.region,
                self.controllers * load.month_hours, "hour", "KRaft controllers",
            ),
            *_gp3(catalogue, self.region, volumes, disks_gib, peak["disk-throughput"] / survivors),
            *aws_network(load, self.region, replication_billed=1.0),
            *self.people(load),
        )  # fmt: skip
        return Offer(name, meters, sizing, limits)


def _gp3(
    catalogue: Catalogue, region: str, volumes: Any, size_gib: Any, written_mib_s: Any
) -> tuple[Meter, ...]:
    """Return the meters of gp3 volumes: size, and what exceeds the included performance.

    Throughput is provisioned for the peak; IOPS as far as the throughput asks for them.
    Source: https://docs.aws.amazon.com/ebs/latest/userguide/general-purpose.html
    """
    included_mib_s = catalogue.value("aws.ebs.gp3", "included_throughput")
    included_iops = catalogue.value("aws.ebs.gp3", "included_iops")
    per_iops = catalogue.value("aws.ebs.gp3", "throughput_per_iops")
    extra_mib_s = np.maximum(written_mib_s - volumes * included_mib_s, 0.0)
    extra_iops = np.maximum(written_mib_s / per_iops - volumes * included_iops, 0.0)
    return (
        Meter("storage", "aws.ebs.gp3.storage", region, size_gib, "GiB-month"),
        Meter("storage", "aws.ebs.gp3.throughput", region, extra_mib_s, "MiB/s-month"),
        Meter("storage", "aws.ebs.gp3.iops", region, extra_iops, "IOPS-month"),
    )
