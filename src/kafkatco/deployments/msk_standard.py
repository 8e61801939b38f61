"""Amazon MSK with Standard brokers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, ClassVar, Final, Literal

import numpy as np
from pydantic import Field, PlainSerializer, PlainValidator, WithJsonSchema

from kafkatco.core.units import RATE, SIZE, Measure, Size, parse
from kafkatco.deployments.msk_cluster import MskProvisioned
from kafkatco.errors import InvalidValueError
from kafkatco.i18n.message import Message, _
from kafkatco.prices.catalogue import Catalogue
from kafkatco.sizing.brokers import busy_vcpu, unfit_notes
from kafkatco.sizing.formulas import (
    broker_load,
    disk_gib,
    monthly_gib,
    nodes,
    stored_gib,
    surviving_share,
    whole_units,
)
from kafkatco.sizing.limits import average_limits, beyond_assumption
from kafkatco.sizing.quantities import Candidate, Limit, Meter, Plan, Sizing
from kafkatco.sizing.tiering import tier_limits
from kafkatco.sizing.workload import Operands

__all__ = ["MskStandard"]

#: https://docs.aws.amazon.com/msk/latest/developerguide/msk-provision-throughput.html
LEAST_STORAGE_MIB_S: Final = 250.0
#: Values of ``storage_throughput`` that are no rate.
UNNAMED: Final = ("as-needed", "included")


def _throughput(value: object) -> Measure | str:
    if value in UNNAMED:
        return str(value)
    try:
        rate = parse(value, RATE)
    except InvalidValueError as error:
        expected = _("'as-needed', 'included', or {rate}", rate=error.expected)
        raise InvalidValueError(expected, error.hint) from None
    if rate.value(730.0) < LEAST_STORAGE_MIB_S:
        least = LEAST_STORAGE_MIB_S
        raise InvalidValueError(
            _("'as-needed', 'included', or at least {least:g} MiB/s", least=least)
        )
    return rate


StorageThroughput = Annotated[
    Measure | str,
    PlainValidator(_throughput),
    PlainSerializer(lambda rate: rate if isinstance(rate, str) else rate.text),
    WithJsonSchema({"type": "string", "examples": ["as-needed", "included", "500 MiB/s"]}),
]


class MskStandard(MskProvisioned):
    """MSK Provisioned, Standard brokers, sized by AWS's official script.

    CPU is sized as well, which the script leaves out: AWS advises to keep it under 60 %
    (https://docs.aws.amazon.com/msk/latest/developerguide/bestpractices.html).
    Throughput per broker is ``min(EBS / 6.5, network / (5.7 + 1.5 fan-out)) x utilisation``, for
    three zones of which one may fail (aws/agent-toolkit-for-aws, ``msk_sizing.py``); replication
    between brokers is free, client traffic between zones is not.  A volume without provisioned
    throughput carries 250 MiB/s, as in the developer guide; the script bounds it by its broker
    alone, and so do the assumptions ``aws-sizing-script``.

    Tiered storage adds 1.5 to both divisors.  The tier keeps one copy of all retained data, since
    segments are copied when they close
    (https://docs.aws.amazon.com/msk/latest/developerguide/msk-tiered-storage-retention-rules.html);
    with the assumptions ``aws-sizing-script`` the data on brokers is deducted, as in the script.

    Parameters
    ----------
    instance
        A broker type such as "kafka.m7g.large"; "cheapest" (default), the cheapest of all types at
        each traffic; or a wildcard such as "kafka.m7g.*", or a list of types and wildcards: the
        cheapest of those.  Wildcards and "cheapest" exclude kafka.t3.small in production.
    brokers
        Number of brokers; replaces the sizing.  The average may then not exceed their sustained
        network and disk throughput, nor the data their maximum disk size, nor connections their
        quota.  [1]
    disk_headroom, utilisation
        Share of the disk kept free, and share of a broker that the plan uses; by default 0.5 and
        0.5, as in the official script.  [1]
    disk_per_broker
        Provisioned disk of each broker, such as "1000 GB"; by default the size that the workload
        needs.
    storage_throughput
        "as-needed" (default): what the brokers need beyond that of a volume, on the types that
        support it, from 4xlarge and kafka.m7g.2xlarge; "included": none; or the provisioned
        throughput of each broker, such as "500 MiB/s", billed up to the maximum of its type.  The
        capacity ``included_storage_throughput`` is deducted, which is 0, as in the script, and
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
    storage_throughput: StorageThroughput = "as-needed"
    tiered: bool = False
    remote_reads: float = Field(default=0.0, ge=0, le=1)

    types: ClassVar[str] = "aws.msk.kafka."
    service: ClassVar[str] = "aws.msk.standard"
    leaves_out: ClassVar[tuple[str, ...]] = (_("memory of brokers"),)

    @property
    def metrics_of_brokers(self) -> tuple[str, ...]:
        """The groups of metrics that a broker has at the level "per-broker"."""
        return ("broker", *(("broker_with_tier",) if self.tiered else ()))

    def candidate(self, load: Operands, catalogue: Catalogue, item: str) -> Candidate:
        """Return the candidate of one broker type."""

        def rule(name: str) -> Any:
            return self.assumed(catalogue, name)

        network_mib_s = catalogue.value(item, "network")
        ebs_mib_s: Any = catalogue.value(item, "ebs_throughput")
        headroom, utilisation = rule("disk_headroom"), rule("utilisation")
        peak_mib_s = load.peak_mib_s
        local_h = np.minimum(load.retention_h, load.local_retention_h)
        kept_h = local_h if self.tiered else load.retention_h
        stored_once = stored_gib(load.retained_mib_s, kept_h)
        volumes_gib = disk_gib(stored_once, load.replication_factor, headroom)
        uploads: Any = 0.0
        if self.tiered:  # segments use the disk and the network once more
            uploads = self._in_use(load, catalogue, local_h)
        staged = rule("tiered_storage_factor") * uploads
        provisioned = self._provisioned(load, catalogue, item)
        volume_mib_s = np.maximum(provisioned, rule("default_storage_throughput"))
        ebs_mib_s = np.minimum(ebs_mib_s, volume_mib_s)
        written = peak_mib_s * (rule("storage_factor") + staged) / utilisation
        sent = rule("network_base") + rule("network_per_fanout") * load.fanout + staged
        provisioned_gib = 0.0
        if self.disk_per_broker is not None:
            provisioned_gib = parse(self.disk_per_broker, SIZE).value()
        replicas = load.partitions * load.replication_factor
        most_connections = self.most_connections(catalogue, item)
        requirements = {
            "minimum": np.maximum(load.zones, load.replication_factor),
            "disk-throughput": written / ebs_mib_s,
            "network": peak_mib_s * sent / network_mib_s / utilisation,
            "partitions": replicas / catalogue.value(item, "partitions"),
            "connections": load.connections / most_connections,
            "storage": volumes_gib / (provisioned_gib or rule("max_disk")),
        }
        plans = {
            **dict.fromkeys(("partitions", "connections", "storage"), Plan()),
            **self._throughput_plans(load, uploads, ebs_mib_s, network_mib_s),
        }
        if self.storage_throughput not in UNNAMED and np.any(provisioned):
            plans["storage-throughput"] = Plan(at="average")
            requirements["storage-throughput"] = load.ingress_mib_s * load.fanout / provisioned
        busy = busy_vcpu(load, catalogue, uploads=float(self.tiered), service=self.service)
        if rule("cpu_throughput"):
            plans["cpu"] = self._cpu_plan(load, catalogue)
            vcpu = catalogue.value(item, "vcpu") * plans["cpu"].limit
            requirements["cpu"] = busy * load.peak_to_average / vcpu
        unchecked: tuple[Limit, ...] = ()
        brokers = nodes(list(requirements.values()), load.zones)
        most, most_gib = self.of_type(catalogue, item, "max_brokers"), rule("max_disk")
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
                self.connection_limit(load, most_connections, brokers),
                *average_limits(load, brokers, capacity_mib_s),
            )
            vcpus = brokers * catalogue.value(item, "vcpu")
            unchecked = beyond_assumption({_("CPU"): busy}, vcpus)
        limits += (Limit(brokers > most, _("brokers: at most {most:g} per cluster", most=most)),)
        bought = self._bought(catalogue, provisioned, brokers, written)
        least_gib = np.where(bought > 0.0, rule("min_provisioned_storage"), rule("min_disk"))
        disks_gib = np.maximum(volumes_gib, brokers * least_gib)
        if provisioned_gib:
            disks_gib = brokers * provisioned_gib
        included = brokers * rule("included_storage_throughput")
        meters = (
            self.broker_hours(load, item, brokers),
            Meter("storage", "aws.msk.storage", self.region, disks_gib, "GiB-month"),
            Meter(
                "storage",
                "aws.msk.provisioned-throughput",
                self.region,
                np.maximum(bought - included, 0.0),
                "MiB/s-month",
                _("provisioned storage throughput"),
            ),
            *(self._tier(load, local_h * (1.0 - rule("tier_holds_local"))) if self.tiered else ()),
            *self.network(load),
        )
        name = item.removeprefix("aws.msk.")
        details = {"instance": name, "disk_headroom": headroom, "utilisation": utilisation}
        sizing = Sizing("brokers", brokers, requirements, details, plans)
        notes = self._notes(catalogue, item, name)
        return Candidate(name, meters, sizing, limits, unchecked, notes)

    def _cpu_plan(self, load: Operands, catalogue: Catalogue) -> Plan:
        """Return the plan of CPU, which AWS's script does not size, and its guide limits."""
        survivors = surviving_share(load.zones, 1.0)
        lost = survivors if self.assumed(catalogue, "zone_lost") else 1.0
        return Plan(self.assumed(catalogue, "cpu_utilisation") * lost, "peak", survivors)

    def _throughput_plans(
        self, load: Operands, uploads: Any, ebs_mib_s: Any, network_mib_s: float
    ) -> dict[str, Plan]:
        """Return the plans of disks and network: what brokers move at peak with all zones up.

        Each byte is staged and sent ``uploads`` times [1] for the tier.
        """
        peak_mib_s = load.peak_mib_s
        moved = broker_load(peak_mib_s, load.replication_factor, load.fanout)
        staged = peak_mib_s * uploads
        busier = np.maximum(moved["throughput-in"], moved["throughput-out"] + staged)
        survivors = surviving_share(load.zones, 1.0)
        return {
            "disk-throughput": Plan(
                at="peak", survivors=survivors, full=(moved["disk-throughput"] + staged) / ebs_mib_s
            ),
            "network": Plan(at="peak", survivors=survivors, full=busier / network_mib_s),
        }

    def _notes(self, catalogue: Catalogue, item: str, name: str) -> tuple[Message, ...]:
        """Return what a reader must know of a broker type.

        AWS refuses kafka.t3.small for clusters with KRaft ("Unsupported InstanceType").
        """
        notes = unfit_notes(catalogue, item, name)
        if name.endswith("t3.small"):
            notes += (_("{instance} is for clusters with ZooKeeper, not KRaft", instance=name),)
        return notes

    def _most(self, catalogue: Catalogue, item: str) -> float:
        """Return the most storage throughput that a broker type can have [MiB/s], 0 if none."""
        name = "max_storage_throughput"
        return catalogue.value(item, name) if catalogue.listed(item, name) else 0.0

    def _provisioned(self, load: Operands, catalogue: Catalogue, item: str) -> Any:
        """Return the most storage throughput that each broker may have provisioned [MiB/s]."""
        if self.storage_throughput == "included":
            return 0.0
        most = self._most(catalogue, item)
        if self.storage_throughput == "as-needed":
            return most
        return np.minimum(parse(self.storage_throughput, RATE).value(load.month_hours), most)

    def _bought(self, catalogue: Catalogue, provisioned: Any, brokers: Any, written: Any) -> Any:
        """Return the storage throughput that all brokers together have provisioned [MiB/s].

        As needed, it is what the plan writes to their volumes, ``written`` [MiB/s], if that is more
        than they carry without it.  At list prices this costs less than more brokers would.
        """
        if self.storage_throughput != "as-needed":
            return brokers * provisioned
        carried = brokers * self.assumed(catalogue, "default_storage_throughput")
        return np.where(written > carried, np.minimum(written, brokers * provisioned), 0.0)

    def _limits(
        self, load: Operands, catalogue: Catalogue, item: str, local_h: Any
    ) -> Iterator[Limit]:
        yield Limit(load.zones < 2.0, _("zones: MSK needs two or three"))
        yield Limit(load.zones > 3.0, _("zones: MSK needs two or three"))
        yield from self.private_limits(load, item)
        if self.storage_throughput not in UNNAMED:
            reason = _(
                "storage throughput: not with {instance}", instance=item.removeprefix("aws.msk.")
            )
            yield Limit(self._most(catalogue, item) == 0.0, reason)
        yield from tier_limits(load, self.tiered)
        if self.tiered:
            yield Limit(item.endswith("t3.small"), _("tiered storage: not with kafka.t3.small"))
            used = self._in_use(load, catalogue, local_h) > 0.0
            least_h = self.assumed(catalogue, "min_tiered_retention")
            short = np.logical_and(used, load.retention_h < least_h)
            least = _("tiered storage: retention must be at least {days:g} days", days=least_h / 24)
            yield Limit(short, least)

    def _in_use(self, load: Operands, catalogue: Catalogue, local_h: Any) -> Any:
        """Return 1 if the tier has segments: always, or if brokers do not keep all data."""
        always = self.assumed(catalogue, "tier_holds_local")
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
