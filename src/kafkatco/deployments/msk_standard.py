"""Amazon MSK with Standard brokers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar, Literal

import numpy as np
from pydantic import Field

from kafkatco.deployments.limits import average_limits
from kafkatco.deployments.msk import MskProvisioned
from kafkatco.deployments.tiering import tier_limits
from kafkatco.prices.catalogue import Catalogue
from kafkatco.quantities import Limit, Meter, Offer, Sizing
from kafkatco.sizing import disk_gib, monthly_gib, nodes, stored_gib
from kafkatco.units import RATE, SIZE, Rate, Size, parse
from kafkatco.workload import Operands

__all__ = ["MskStandard"]


class MskStandard(MskProvisioned):
    """MSK Provisioned, Standard brokers, sized by AWS's official script.

    Throughput per broker is ``min(EBS / 6.5, network / (5.7 + 1.5 fan-out)) x utilisation``, for
    three zones of which one may fail (aws/agent-toolkit-for-aws, ``msk_sizing.py``); replication
    between brokers is free, clients' traffic between zones is not.  Tiered storage adds 1.5 to
    both divisors, and is billed once for what exceeds the workload's ``local_retention``.

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
    disk_per_broker
        Provisioned disk of each broker, such as "1000 GB"; what the workload needs, by default.
    storage_throughput
        "included" (default), or what is provisioned for each broker, such as "500 MiB/s": billed
        up to what the type takes, which types of 4xlarge and more and kafka.m7g.2xlarge do.
        Whether the 250 MiB/s that every volume has are deducted is the capacity
        ``included_storage_throughput``: not, as in the script.
    tiered, remote_reads
        Whether there is tiered storage, and the share of reads that are retrieved from it; 0 by
        default.  [1]

    Examples
    --------
    >>> MskStandard(region="ap-northeast-2", instance="kafka.t3.small").label
    'msk-standard'
    """

    kind: Literal["msk-standard"] = "msk-standard"
    disk_headroom: float | None = Field(default=None, ge=0, lt=1)
    disk_per_broker: Size | None = None
    storage_throughput: Literal["included"] | Rate = "included"
    tiered: bool = False
    remote_reads: float = Field(default=0.0, ge=0, le=1)

    types: ClassVar[str] = "aws.msk.kafka."
    leaves_out: ClassVar[tuple[str, ...]] = ("broker logs",)

    def offer(self, load: Operands, catalogue: Catalogue, item: str) -> Offer:
        """Return the offer of one broker type."""

        def rule(attribute: str) -> float:
            return catalogue.value("aws.msk.standard", attribute)

        headroom = rule("disk_headroom") if self.disk_headroom is None else self.disk_headroom
        utilisation = rule("utilisation") if self.utilisation is None else self.utilisation
        peak_mib_s = load.ingress_mib_s * load.peak_to_average
        local_h = np.minimum(load.retention_h, load.local_retention_h)
        kept_h = local_h if self.tiered else load.retention_h
        stored_once = stored_gib(load.retained_mib_s, kept_h)
        volumes_gib = disk_gib(stored_once, load.replication_factor, headroom)
        staged = 0.0
        if self.tiered:  # segments pass the disk and the network once more
            staged = rule("tiered_storage_factor") * (load.retention_h > local_h)
        per_ingress = rule("network_base") + rule("network_per_fanout") * load.fanout + staged
        ebs_mib_s, network_mib_s = (
            catalogue.value(item, name) for name in ("ebs_throughput", "network")
        )
        full = {
            "disk-throughput": peak_mib_s * (rule("storage_factor") + staged) / ebs_mib_s,
            "network": peak_mib_s * per_ingress / network_mib_s,
        }
        provisioned = self._provisioned(load, catalogue, item)
        replicas = load.partitions * load.replication_factor
        asks = {
            "minimum": np.maximum(load.zones, load.replication_factor),
            **{name: ask / utilisation for name, ask in full.items()},
            "partitions": replicas / catalogue.value(item, "partitions"),
            "storage": volumes_gib / rule("max_disk"),
        }
        if np.any(provisioned):
            asks["storage-throughput"] = load.ingress_mib_s * load.fanout / provisioned
        brokers = nodes(list(asks.values()), load.zones)
        limits = tuple(self._limits(load, catalogue, item, local_h))
        if self.brokers is None:
            most = rule("max_brokers")
            limits += (Limit(brokers > most, f"more than {most:g} brokers in a cluster (quota)"),)
        else:
            brokers = float(self.brokers)
            capacity_mib_s = {
                "throughput-in": network_mib_s, "throughput-out": network_mib_s,
                "disk-throughput": ebs_mib_s,
            }  # fmt: skip
            limits += (
                Limit(
                    volumes_gib / rule("max_disk") > brokers,
                    f"storage: more than {rule('max_disk'):g} GiB per broker",
                ),
                *average_limits(load, brokers, capacity_mib_s),
            )
        least_gib = rule("min_disk")
        if self.disk_per_broker is not None:
            least_gib = parse(self.disk_per_broker, SIZE).value()
        billed = np.maximum(provisioned - rule("included_storage_throughput"), 0.0)
        meters = (
            self.broker_hours(load, item, brokers),
            Meter(
                "storage", "aws.msk.storage", self.region,
                np.maximum(volumes_gib, brokers * least_gib), "GiB-month",
            ),
            Meter(
                "storage", "aws.msk.provisioned-throughput", self.region, brokers * billed,
                "MiB/s-month", "provisioned storage throughput",
            ),
            *(self._tier(load, local_h) if self.tiered else ()),
            *self.network(load),
        )  # fmt: skip
        name = item.removeprefix("aws.msk.")
        details = {"instance": name, "disk_headroom": headroom, "utilisation": utilisation}
        sizing = Sizing("brokers", brokers, asks, details)
        return Offer(name, meters, sizing, limits)

    def _provisioned(self, load: Operands, catalogue: Catalogue, item: str) -> Any:
        """Return the storage throughput that is bought for each broker [MiB/s]."""
        most = "max_storage_throughput"
        if self.storage_throughput == "included" or catalogue.listed(item, most) is None:
            return 0.0
        asked = parse(self.storage_throughput, RATE).value(load.month_hours)
        return np.minimum(asked, catalogue.value(item, most))

    def _limits(
        self, load: Operands, catalogue: Catalogue, item: str, local_h: Any
    ) -> Iterator[Limit]:
        yield Limit(load.zones < 2.0, "MSK spans two or three zones")
        yield Limit(load.zones > 3.0, "MSK spans two or three zones")
        yield from self.private_limits(item)
        if self.storage_throughput != "included":
            able = catalogue.listed(item, "max_storage_throughput") is not None
            yield Limit(not able, f"{item.removeprefix('aws.msk.')} takes no storage throughput")
        yield from tier_limits(load, self.tiered)
        if self.tiered:
            yield Limit(item.endswith("t3.small"), "tiered storage: not with kafka.t3.small")
            beyond = load.retention_h > local_h
            days = catalogue.value("aws.msk.standard", "min_tiered_retention")
            short = np.logical_and(beyond, load.retention_h < days)
            yield Limit(short, f"tiered storage: a retention of {days / 24:g} days at least")

    def _tier(self, load: Operands, local_h: Any) -> Iterator[Meter]:
        """Yield the meters of tiered storage: one copy of what brokers no longer keep."""
        tier_gib = stored_gib(load.retained_mib_s, load.retention_h - local_h)
        read = monthly_gib(load.ingress_mib_s, load.month_hours) * load.fanout * self.remote_reads
        sku = "aws.msk.tiered-"
        yield Meter("storage", f"{sku}storage", self.region, tier_gib, "GiB-month", "tiered, once")
        yield Meter("throughput", f"{sku}retrieval", self.region, read, "GiB", "tiered: retrieved")
