"""Amazon MSK with Standard brokers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, ClassVar, Final, Literal

import numpy as np
from pydantic import Field, PlainSerializer, PlainValidator, WithJsonSchema

from kafkatco.core.units import RATE, SIZE, Measure, Size, parse
from kafkatco.deployments.msk_cluster import MskProvisioned
from kafkatco.errors import InvalidValueError
from kafkatco.i18n.message import _
from kafkatco.prices.catalogue import Catalogue
from kafkatco.sizing.formulas import (
    disk_gib,
    monthly_gib,
    nodes,
    stored_gib,
    surviving_share,
    whole_units,
)
from kafkatco.sizing.limits import average_limits
from kafkatco.sizing.quantities import Candidate, Limit, Meter, Plan, Sizing
from kafkatco.sizing.tiering import tier_limits
from kafkatco.sizing.workload import Operands

__all__ = ["MskStandard"]

#: AWS's sizing script counts traffic per broker with one of three zones down.
SURVIVORS: Final = surviving_share(3.0, 1.0)

#: https://docs.aws.amazon.com/msk/latest/developerguide/msk-provision-throughput.html
LEAST_STORAGE_MIB_S = 250.0


def _throughput(value: object) -> Measure | str:
    if value == "included":
        return "included"
    try:
        rate = parse(value, RATE)
    except InvalidValueError as error:
        expected = _("'included', or {rate}", rate=error.expected)
        raise InvalidValueError(expected, error.hint) from None
    if rate.value(730.0) < LEAST_STORAGE_MIB_S:
        raise InvalidValueError(
            _("'included', or at least {least:g} MiB/s", least=LEAST_STORAGE_MIB_S)
        )
    return rate


StorageThroughput = Annotated[
    Measure | str,
    PlainValidator(_throughput),
    PlainSerializer(lambda rate: rate if isinstance(rate, str) else rate.text),
    WithJsonSchema({"type": "string", "examples": ["included", "500 MiB/s"]}),
]


class MskStandard(MskProvisioned):
    """MSK Provisioned, Standard brokers, sized by AWS's official script.

    Throughput per broker is ``min(EBS / 6.5, network / (5.7 + 1.5 fan-out)) x utilisation``, for
    three zones of which one may fail (aws/agent-toolkit-for-aws, ``msk_sizing.py``); replication
    between brokers is free, client traffic between zones is not.  As in the script, the 250 MiB/s
    of a volume without provisioned throughput are not a limit; with
    ``"aws.msk.standard.volume_throughput" = "guide"`` they are, as in the developer guide.

    Tiered storage adds 1.5 to both divisors.  The tier keeps one copy of all retained data, since
    segments are copied when they close
    (https://docs.aws.amazon.com/msk/latest/developerguide/msk-tiered-storage-retention-rules.html);
    with ``"aws.msk" = "sizing-script"`` the data on brokers is deducted, as in the script.

    Parameters
    ----------
    instance
        A broker type such as "kafka.m7g.large"; "cheapest" (default), the cheapest of all types at
        each traffic; or a wildcard such as "kafka.m7g.*", or a list of types and wildcards: the
        cheapest of those.
    brokers
        Number of brokers; replaces the sizing.  The average may then not exceed their sustained
        network and disk throughput, nor the data their maximum disk size.  [1]
    disk_headroom, utilisation
        Share of the disk kept free, and share of a broker that the plan uses; by default 0.5 and
        0.5, as in the official script.  [1]
    disk_per_broker
        Provisioned disk of each broker, such as "1000 GB"; by default the size that the workload
        needs.
    storage_throughput
        "included" (default), or the provisioned throughput of each broker, such as "500 MiB/s",
        billed up to the maximum of its type; types from 4xlarge and kafka.m7g.2xlarge support it.
        The capacity ``included_storage_throughput`` is deducted, which is 0, as in the script, and
        not the 250 MiB/s of every volume.
    tiered, remote_reads
        Whether there is tiered storage, and the share of reads from it, 0 by default.  [1]

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
    leaves_out: ClassVar[tuple[str, ...]] = (_("CPU and memory of brokers"), _("broker logs"))

    def candidate(self, load: Operands, catalogue: Catalogue, item: str) -> Candidate:
        """Return the candidate of one broker type."""

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
        if self.tiered:  # segments use the disk and the network once more
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
        provisioned_gib = 0.0
        if self.disk_per_broker is not None:
            provisioned_gib = parse(self.disk_per_broker, SIZE).value()
        replicas = load.partitions * load.replication_factor
        requirements = {
            "minimum": np.maximum(load.zones, load.replication_factor),
            **{name: brokers / utilisation for name, brokers in full.items()},
            "partitions": replicas / catalogue.value(item, "partitions"),
            "storage": volumes_gib / (provisioned_gib or rule("max_disk")),
        }
        plans = {
            **{name: Plan(utilisation * SURVIVORS, "peak", SURVIVORS) for name in full},
            "partitions": Plan(),
            "storage": Plan(),
        }
        if np.any(provisioned):
            plans["storage-throughput"] = Plan(at="average")
            requirements["storage-throughput"] = load.ingress_mib_s * load.fanout / provisioned
        brokers = nodes(list(requirements.values()), load.zones)
        most, most_gib = rule("max_brokers"), rule("max_disk")
        limits = tuple(self._limits(load, catalogue, item, local_h))
        limits += (
            Limit(
                provisioned_gib > most_gib,
                _("storage: at most {gib:g} GiB per broker", gib=most_gib),
            ),
        )
        if self.brokers is not None:
            brokers = float(self.brokers)
            capacity_mib_s = {
                "throughput-in": network_mib_s,
                "throughput-out": network_mib_s,
                "disk-throughput": ebs_mib_s,
            }
            copies_gib = stored_once * load.replication_factor
            full_gib = copies_gib if provisioned_gib else volumes_gib
            each_gib = provisioned_gib or most_gib
            held = brokers * catalogue.value(item, "max_partitions")
            limits += (
                Limit(
                    full_gib > each_gib * brokers,
                    _("storage: at most {gib:g} GiB per broker", gib=each_gib),
                ),
                Limit(replicas > held, _("partitions: too many for the brokers")),
                Limit(
                    whole_units(brokers, load.zones) * load.zones > brokers,
                    _("brokers: must be equal in each zone"),
                ),
                *average_limits(load, brokers, capacity_mib_s),
            )
        limits += (Limit(brokers > most, _("brokers: at most {most:g} per cluster", most=most)),)
        least_gib = np.where(provisioned > 0.0, rule("min_provisioned_storage"), rule("min_disk"))
        disks_gib = np.maximum(volumes_gib, brokers * least_gib)
        if provisioned_gib:
            disks_gib = brokers * provisioned_gib
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
                _("provisioned storage throughput"),
            ),
            *(self._tier(load, local_h * (1.0 - rule("tier_holds_local"))) if self.tiered else ()),
            *self.network(load),
        )
        name = item.removeprefix("aws.msk.")
        details = {"instance": name, "disk_headroom": headroom, "utilisation": utilisation}
        sizing = Sizing("brokers", brokers, requirements, details, plans)
        return Candidate(name, meters, sizing, limits)

    def _provisioned(self, load: Operands, catalogue: Catalogue, item: str) -> Any:
        """Return the provisioned storage throughput of each broker [MiB/s]."""
        most = "max_storage_throughput"
        if self.storage_throughput == "included" or catalogue.listed(item, most) is None:
            return 0.0
        provisioned = parse(self.storage_throughput, RATE).value(load.month_hours)
        return np.minimum(provisioned, catalogue.value(item, most))

    def _limits(
        self, load: Operands, catalogue: Catalogue, item: str, local_h: Any
    ) -> Iterator[Limit]:
        yield Limit(load.zones < 2.0, _("zones: MSK needs two or three"))
        yield Limit(load.zones > 3.0, _("zones: MSK needs two or three"))
        yield from self.private_limits(item)
        if self.storage_throughput != "included":
            supported = catalogue.listed(item, "max_storage_throughput") is not None
            reason = _(
                "storage throughput: not with {instance}", instance=item.removeprefix("aws.msk.")
            )
            yield Limit(not supported, reason)
        yield from tier_limits(load, self.tiered)
        if self.tiered:
            yield Limit(item.endswith("t3.small"), _("tiered storage: not with kafka.t3.small"))
            used = self._in_use(load, catalogue, local_h) > 0.0
            least_h = catalogue.value("aws.msk.standard", "min_tiered_retention")
            short = np.logical_and(used, load.retention_h < least_h)
            least = _("tiered storage: retention must be at least {days:g} days", days=least_h / 24)
            yield Limit(short, least)

    def _in_use(self, load: Operands, catalogue: Catalogue, local_h: Any) -> Any:
        """Return 1 if the tier has segments: always, or if brokers do not keep all data."""
        always = catalogue.value("aws.msk.standard", "tier_holds_local")
        return np.maximum(1.0 * (load.retention_h > local_h), always)

    def _tier(self, load: Operands, less_h: Any) -> Iterator[Meter]:
        """Yield the meters of tiered storage: a copy of the data, less the last ``less_h`` [h]."""
        tier_gib = stored_gib(load.retained_mib_s, load.retention_h - less_h)
        read = monthly_gib(load.ingress_mib_s, load.month_hours) * load.fanout * self.remote_reads
        sku = "aws.msk.tiered-"
        yield Meter(
            "storage", f"{sku}storage", self.region, tier_gib, "GiB-month", _("tiered, one copy")
        )
        yield Meter(
            "throughput", f"{sku}retrieval", self.region, read, "GiB", _("tiered: retrieved")
        )
