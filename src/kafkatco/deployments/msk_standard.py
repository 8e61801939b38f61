"""Amazon MSK with Standard brokers."""

from __future__ import annotations

from typing import ClassVar, Literal

import numpy as np
from pydantic import Field

from kafkatco.deployments.base import Deployment, average_limits, aws_network
from kafkatco.prices.catalogue import Catalogue
from kafkatco.quantities import Limit, Meter, Offer, Sizing
from kafkatco.sizing import disk_gib, nodes, stored_gib
from kafkatco.workload import Operands

__all__ = ["MskStandard"]


class MskStandard(Deployment):
    """MSK Provisioned, Standard brokers, sized by AWS's official script.

    Throughput per broker is ``min(EBS / 6.5, network / (5.7 + 1.5 fan-out)) x utilisation``, for
    three zones of which one may fail (aws/agent-toolkit-for-aws, ``msk_sizing.py``); replication
    between brokers is free, clients' traffic between zones is not.

    Parameters
    ----------
    instance
        A broker type such as "kafka.m7g.large", or "cheapest" (default).
    brokers
        Overrides the sizing; then the cluster cannot serve an average above its sustained network
        or disk throughput, nor store more than its disks may hold.  [1]
    disk_headroom, utilisation
        Share of the disk kept free, and share of a broker that the plan uses; by default the 0.5
        and 0.5 of the official script.  [1]

    Examples
    --------
    >>> MskStandard(region="ap-northeast-2", instance="kafka.t3.small").label
    'msk-standard'
    """

    kind: Literal["msk-standard"] = "msk-standard"
    instance: str = "cheapest"
    brokers: int | None = Field(default=None, ge=1)
    disk_headroom: float | None = Field(default=None, ge=0, lt=1)
    utilisation: float | None = Field(default=None, gt=0, le=1)
    storage_throughput: Literal["included"] = "included"
    tiered: Literal[False] = False

    sku_prefix: ClassVar[str] = "aws.msk."
    leaves_out: ClassVar[tuple[str, ...]] = (
        "provisioned storage throughput", "private connectivity", "CloudWatch", "support plan",
    )  # fmt: skip

    def offers(self, load: Operands, catalogue: Catalogue) -> tuple[Offer, ...]:
        """Return one offer for each broker type that may serve."""
        chosen = "aws.msk." + self.instance
        known = catalogue.items("aws.msk.kafka.") if self.instance == "cheapest" else (chosen,)
        return tuple(self._offer(load, catalogue, item) for item in known)

    def _offer(self, load: Operands, catalogue: Catalogue, item: str) -> Offer:
        def rule(attribute: str) -> float:
            return catalogue.value("aws.msk.standard", attribute)

        headroom = rule("disk_headroom") if self.disk_headroom is None else self.disk_headroom
        utilisation = rule("utilisation") if self.utilisation is None else self.utilisation
        peak_mib_s = load.ingress_mib_s * load.peak_to_average
        stored_once = stored_gib(load.retained_mib_s, load.retention_h)
        volumes_gib = disk_gib(stored_once, load.replication_factor, headroom)
        per_ingress = rule("network_base") + rule("network_per_fanout") * load.fanout
        full = {
            "disk-throughput": peak_mib_s
            * rule("storage_factor")
            / catalogue.value(item, "ebs_throughput"),
            "network": peak_mib_s * per_ingress / catalogue.value(item, "network"),
        }
        replicas = load.partitions * load.replication_factor
        asks = {
            "minimum": np.maximum(load.zones, load.replication_factor),
            **{name: ask / utilisation for name, ask in full.items()},
            "partitions": replicas / catalogue.value(item, "partitions"),
            "storage": volumes_gib / rule("max_disk"),
        }
        brokers = nodes(list(asks.values()), load.zones)
        most = rule("max_brokers")
        limits: tuple[Limit, ...] = (
            Limit(brokers > most, f"more than {most:g} brokers in a cluster (quota)"),
            Limit(load.zones < 2.0, "MSK spans two or three zones"),
            Limit(load.zones > 3.0, "MSK spans two or three zones"),
        )
        if self.brokers is not None:
            brokers = float(self.brokers)
            network_mib_s = catalogue.value(item, "network")
            capacity_mib_s = {
                "throughput-in": network_mib_s,
                "throughput-out": network_mib_s,
                "disk-throughput": catalogue.value(item, "ebs_throughput"),
            }
            limits = (
                *limits[1:],
                Limit(
                    volumes_gib / rule("max_disk") > brokers,
                    f"storage: more than {rule('max_disk'):g} GiB per broker",
                ),
                *average_limits(load, brokers, capacity_mib_s),
            )
        name = item.removeprefix("aws.msk.")
        meters = (
            Meter("compute", item, self.region, brokers * load.month_hours, "hour", "brokers"),
            Meter(
                "storage", "aws.msk.storage", self.region,
                np.maximum(volumes_gib, brokers * rule("min_disk")), "GiB-month",
            ),
            *aws_network(load, self.region, replication_billed=0.0),
            *self.people(load),
        )  # fmt: skip
        details = {"instance": name, "disk_headroom": headroom, "utilisation": utilisation}
        sizing = Sizing("brokers", brokers, asks, details)
        return Offer(name, meters, sizing, limits)
