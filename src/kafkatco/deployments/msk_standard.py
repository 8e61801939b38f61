"""Amazon MSK with Standard brokers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, ClassVar, Literal

import numpy as np
from pydantic import Field, PlainSerializer, PlainValidator, WithJsonSchema

from kafkatco.core.units import RATE, SIZE, Measure, Size, parse
from kafkatco.deployments.msk import MskProvisioned
from kafkatco.prices.catalogue import Catalogue
from kafkatco.sizing.formulas import disk_gib, monthly_gib, nodes, stored_gib, whole_units
from kafkatco.sizing.limits import average_limits
from kafkatco.sizing.quantities import Limit, Meter, Offer, Sizing
from kafkatco.sizing.tiering import tier_limits
from kafkatco.sizing.workload import Operands

__all__ = ["MskStandard"]

#: https://docs.aws.amazon.com/msk/latest/developerguide/msk-provision-throughput.html
LEAST_STORAGE_MIB_S = 250.0


def _throughput(given: object) -> Measure | str:
    if given == "included":
        return "included"
    try:
        rate = parse(given, RATE)
    except ValueError as error:
        raise ValueError(f"'included', or {error}") from None
    if rate.value(730.0) < LEAST_STORAGE_MIB_S:
        raise ValueError(f"'included', or {LEAST_STORAGE_MIB_S:g} MiB/s at least")
    return rate


StorageThroughput = Annotated[
    Measure | str,
    PlainValidator(_throughput),
    PlainSerializer(lambda given: given if isinstance(given, str) else given.text),
    WithJsonSchema({"type": "string", "examples": ["included", "500 MiB/s"]}),
]


class MskStandard(MskProvisioned):
    """MSK Provisioned, Standard brokers, sized by AWS's official script.

    Throughput per broker is ``min(EBS / 6.5, network / (5.7 + 1.5 fan-out)) x utilisation``, for
    three zones of which one may fail (aws/agent-toolkit-for-aws, ``msk_sizing.py``); replication
    between brokers is free, clients' traffic between zones is not.  The 250 MiB/s that a volume
    has without provisioned throughput bound nothing, as in the script;
    ``"aws.msk.standard.volume_throughput" = "guide"`` chooses the developer guide, where they do.

    Tiered storage adds 1.5 to both divisors.  Its tier keeps all that is retained, once, since
    segments are copied as they close
    (https://docs.aws.amazon.com/msk/latest/developerguide/msk-tiered-storage-retention-rules.html);
    the script bills it less what brokers keep, which ``"aws.msk" = "sizing-script"`` chooses.

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
        Provisioned disk of each broker, such as "1000 GB", full or not; what the workload needs,
        by default.
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
    storage_throughput: StorageThroughput = "included"
    tiered: bool = False
    remote_reads: float = Field(default=0.0, ge=0, le=1)

    types: ClassVar[str] = "aws.msk.kafka."
    leaves_out: ClassVar[tuple[str, ...]] = ("CPU and memory of brokers", "broker logs")

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
            staged = rule("tiered_storage_factor") * self._in_use(load, catalogue, local_h)
        per_ingress = rule("network_base") + rule("network_per_fanout") * load.fanout + staged
        ebs_mib_s, network_mib_s = (
            catalogue.value(item, name) for name in ("ebs_throughput", "network")
        )
        provisioned = self._provisioned(load, catalogue, item)
        ebs_mib_s = np.minimum(ebs_mib_s, np.maximum(provisioned, rule("volume_throughput")))
        full = {
            "disk-throughput": peak_mib_s * (rule("storage_factor") + staged) / ebs_mib_s,
            "network": peak_mib_s * per_ingress / network_mib_s,
        }
        given_gib = 0.0
        if self.disk_per_broker is not None:
            given_gib = parse(self.disk_per_broker, SIZE).value()
        replicas = load.partitions * load.replication_factor
        asks = {
            "minimum": np.maximum(load.zones, load.replication_factor),
            **{name: ask / utilisation for name, ask in full.items()},
            "partitions": replicas / catalogue.value(item, "partitions"),
            "storage": volumes_gib / (given_gib or rule("max_disk")),
        }
        if np.any(provisioned):
            asks["storage-throughput"] = load.ingress_mib_s * load.fanout / provisioned
        brokers = nodes(list(asks.values()), load.zones)
        most, most_gib = rule("max_brokers"), rule("max_disk")
        limits = tuple(self._limits(load, catalogue, item, local_h))
        limits += (Limit(given_gib > most_gib, f"a disk of more than {most_gib:g} GiB"),)
        if self.brokers is not None:
            brokers = float(self.brokers)
            capacity_mib_s = {
                "throughput-in": network_mib_s,
                "throughput-out": network_mib_s,
                "disk-throughput": ebs_mib_s,
            }
            full_gib = stored_once * load.replication_factor if given_gib else volumes_gib
            each_gib = given_gib or most_gib
            held = brokers * catalogue.value(item, "max_partitions")
            limits += (
                Limit(
                    full_gib > each_gib * brokers, f"storage: more than {each_gib:g} GiB per broker"
                ),
                Limit(replicas > held, "partitions: the brokers cannot hold so many replicas"),
                Limit(
                    whole_units(brokers, load.zones) * load.zones > brokers,
                    "brokers: equal numbers in each zone",
                ),
                *average_limits(load, brokers, capacity_mib_s),
            )
        limits += (Limit(brokers > most, f"more than {most:g} brokers in a cluster (quota)"),)
        least_gib = np.where(provisioned > 0.0, rule("min_provisioned_storage"), rule("min_disk"))
        disks_gib = np.maximum(volumes_gib, brokers * least_gib)
        if given_gib:
            disks_gib = brokers * given_gib
        billed = np.maximum(provisioned - rule("included_storage_throughput"), 0.0)
        meters = (
            self.broker_hours(load, item, brokers),
            Meter("storage", "aws.msk.storage", self.region, disks_gib, "GiB-month"),
            Meter(
                "storage",
                "aws.msk.provisioned-throughput",
                self.region,
                brokers * billed,
                "MiB/s-month",
                "provisioned storage throughput",
            ),
            *(self._tier(load, local_h * (1.0 - rule("tier_holds_local"))) if self.tiered else ()),
            *self.network(load),
        )
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
            used = self._in_use(load, catalogue, local_h) > 0.0
            least_h = catalogue.value("aws.msk.standard", "min_tiered_retention")
            short = np.logical_and(used, load.retention_h < least_h)
            yield Limit(short, f"tiered storage: a retention of {least_h / 24:g} days at least")

    def _in_use(self, load: Operands, catalogue: Catalogue, local_h: Any) -> Any:
        """Return 1 where segments go to the tier: always, or where brokers do not keep all."""
        always = catalogue.value("aws.msk.standard", "tier_holds_local")
        return np.maximum(1.0 * (load.retention_h > local_h), always)

    def _tier(self, load: Operands, less_h: Any) -> Iterator[Meter]:
        """Yield the meters of tiered storage: one copy of what is kept, less so many hours."""
        tier_gib = stored_gib(load.retained_mib_s, load.retention_h - less_h)
        read = monthly_gib(load.ingress_mib_s, load.month_hours) * load.fanout * self.remote_reads
        sku = "aws.msk.tiered-"
        yield Meter("storage", f"{sku}storage", self.region, tier_gib, "GiB-month", "tiered, once")
        yield Meter("throughput", f"{sku}retrieval", self.region, read, "GiB", "tiered: retrieved")
