"""Brokers: everything that stops one, as the number of brokers that each dimension requires."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Final, Literal

import numpy as np

from kafkatco.i18n.message import Message, _, join
from kafkatco.numerics.typing import Operand
from kafkatco.prices.assumptions import ITEM
from kafkatco.prices.catalogue import Catalogue
from kafkatco.sizing.formulas import (
    broker_load,
    cpu_load,
    recovery_load,
    surviving_share,
    write_equivalents,
)
from kafkatco.sizing.quantities import Plan
from kafkatco.sizing.workload import Operands

__all__ = ["Broker", "Brokers", "FailureMargin", "Traffic", "busy_vcpu", "unfit", "unfit_notes"]

#: "none": nothing is lost; "zone": a zone; "recovery": and brokers catch up and rebalance.
FailureMargin = Literal["recovery", "zone", "none"]
#: The traffic of all brokers together [MiB/s], by the names of ``broker_load``.
Traffic = dict[str, Operand]

KIB_PER_MIB: Final = 1024.0
MIB_PER_GIB: Final = 1024.0
SECONDS_PER_HOUR: Final = 3600.0


@dataclass(frozen=True, slots=True)
class Broker:
    """The capacity of one broker, as the catalogue has it."""

    vcpu: float  #: [1]
    memory_gib: float  #: [GiB]
    network_mib_s: float  #: sustained, in each direction [MiB/s]
    disk_mib_s: float  #: sustained writes to all its disks [MiB/s]
    disk_gib: float  #: the most that its disks hold [GiB]
    partitions: float  #: replicas that it should hold at most [1]

    @property
    def throughput(self) -> dict[str, float]:
        """The sustained throughput by the names of ``broker_load`` [MiB/s]."""
        return {
            "throughput-in": self.network_mib_s,
            "throughput-out": self.network_mib_s,
            "disk-throughput": self.disk_mib_s,
        }


def _unchanged(traffic: Traffic, _survivors: Operand) -> Traffic:
    return traffic


@dataclass(frozen=True)
class Brokers:
    """What a workload requires of a cluster of equal brokers, under the catalogue's assumptions.

    What all instance types have in common is computed once, since it may be a curve.
    """

    load: Operands
    catalogue: Catalogue
    margin: FailureMargin  #: what may fail while the cluster carries its peak
    #: the traffic of all brokers together at average, by the names of ``broker_load`` [MiB/s]
    moved: Traffic
    #: the same, as they must carry it with what the plan lets fail [MiB/s]
    sized: Traffic
    stored_gib: Operand  #: every copy of the retained data [GiB]
    disks_gib: Operand  #: the disks to provision, with their free share [GiB]
    utilisation: Operand  #: the share of network and disk throughput that the plan uses [1]
    survivors: Operand  #: the share of brokers that must carry the peak [1]
    overhead: float = 0.0  #: the share of a node that Kubernetes takes [1]
    uploads: float = 0.0  #: how often each byte is read for a tier [1]

    @classmethod
    def of(
        cls,
        load: Operands,
        catalogue: Catalogue,
        *,
        margin: FailureMargin | None,
        utilisation: Operand,
        stored_gib: Operand,
        disks_gib: Operand,
        adjusted: Callable[[Traffic, Operand], Traffic] = _unchanged,
        overhead: float = 0.0,
        uploads: float = 0.0,
    ) -> Brokers:
        """Return the requirements on the brokers of a cluster.

        ``margin`` is by default that of the assumptions; ``adjusted`` adds to the traffic of all
        brokers [MiB/s] what a deployment moves besides, on the share of them that survives [1].
        """
        assumed = catalogue.assumed
        if margin is None:
            zone: FailureMargin = "recovery" if assumed("recovery") else "zone"
            margin = zone if assumed("zone_lost") else "none"
        lost = surviving_share(load.zones, 1.0)
        survivors = 1.0 if margin == "none" else lost
        rates = load.ingress_mib_s, load.replication_factor, load.fanout
        moved = adjusted(broker_load(*rates), 1.0)
        if margin == "recovery":
            recovering = recovery_load(
                *rates,
                survivors=lost,
                lag=assumed("recovery_lag"),
                rebalancing=assumed("recovery_rebalancing"),
                overhead=assumed("recovery_network"),
            )
            sized = adjusted(recovering, lost)
        else:
            sized = {name: mib_s / survivors for name, mib_s in moved.items()}
        return cls(
            load,
            catalogue,
            margin,
            moved,
            sized,
            stored_gib,
            disks_gib,
            utilisation,
            survivors,
            overhead,
            uploads,
        )

    @cached_property
    def vcpu(self) -> Operand:
        """The vCPUs that average traffic keeps busy [1]; 0 if CPU is not sized."""
        return busy_vcpu(self.load, self.catalogue, uploads=self.uploads)

    @cached_property
    def rebuild_mib_s(self) -> Operand:
        """The writes that fill lost disks in time, and those of the traffic [MiB/s].

        They are those of all brokers, each of which has an equal part of the data and the traffic;
        0 if the time is not limited.
        """
        hours = self.catalogue.assumed("rebuild_time")
        if not hours:
            return 0.0
        refill = self.stored_gib * (MIB_PER_GIB / SECONDS_PER_HOUR / hours)
        return refill + self.load.ingress_mib_s * self.load.replication_factor

    @cached_property
    def disk_writes_mib_s(self) -> Operand:
        """The writes that the disks of all brokers must sustain [MiB/s]: peak, or a rebuild."""
        peak = self._peak_moved["disk-throughput"] / self.survivors
        return np.maximum(peak, self.rebuild_mib_s)

    @cached_property
    def _peak_moved(self) -> Traffic:
        return {name: rate * self.load.peak_to_average for name, rate in self.moved.items()}

    @cached_property
    def _peak_sized(self) -> Traffic:
        """The traffic by which brokers are sized, over the share of them that is used [MiB/s]."""
        used = self.utilisation * (1.0 - self.overhead)
        return {name: x * self.load.peak_to_average / used for name, x in self.sized.items()}

    @cached_property
    def _peak_vcpu(self) -> Operand:
        return self.vcpu * self.load.peak_to_average

    @cached_property
    def _replicas(self) -> Operand:
        return self.load.partitions * self.load.replication_factor

    def requirements(self, broker: Broker) -> tuple[dict[str, Operand], dict[str, Plan]]:
        """Return the brokers that each dimension requires [1], before rounding, and its plan."""
        assumed, load = self.catalogue.assumed, self.load
        with_zone_lost = surviving_share(load.zones, 1.0)
        requirements = {"minimum": np.maximum(load.zones, load.replication_factor)}
        plans: dict[str, Plan] = {}
        free = 1.0 - self.overhead
        for name, capacity in broker.throughput.items():
            requirements[name] = self._peak_sized[name] / capacity
            full = self._peak_moved[name] / capacity
            plans[name] = Plan(at="peak", survivors=with_zone_lost, full=full)
        if assumed("cpu_throughput"):
            planned = assumed("cpu_utilisation") * free * self.survivors
            requirements["cpu"] = self._peak_vcpu / (broker.vcpu * planned)
            plans["cpu"] = Plan(planned, "peak", with_zone_lost)
        if assumed("cache_window") or assumed("lag_window"):
            requirements["memory"] = self._cached_gib / self._cache_gib(broker)
        requirements["partitions"] = self._replicas / broker.partitions
        if most := assumed("connections_per_broker"):
            requirements["connections"] = load.connections / most
        requirements["storage"] = self.disks_gib / broker.disk_gib
        if assumed("rebuild_time"):
            slowest = min(broker.network_mib_s, broker.disk_mib_s)
            requirements["rebuild"] = self.rebuild_mib_s / slowest
        constant = requirements.keys() - plans.keys() - {"minimum"}
        return requirements, plans | dict.fromkeys(constant, Plan())

    @cached_property
    def _cached_gib(self) -> Operand:
        """Return the recent writes to all brokers that the page cache must hold [GiB]."""
        assumed, load = self.catalogue.assumed, self.load
        hours = np.maximum(assumed("cache_window") * load.peak_to_average, assumed("lag_window"))
        written_gib_h = load.ingress_mib_s * (SECONDS_PER_HOUR / MIB_PER_GIB)
        return written_gib_h * load.replication_factor * hours

    def _cache_gib(self, broker: Broker) -> float:
        """Return the page cache of a broker: what heap and system leave of its memory [GiB]."""
        assumed = self.catalogue.assumed
        memory_gib = broker.memory_gib * (1.0 - self.overhead)
        taken = assumed("heap") + assumed("system_memory")
        return memory_gib - min(taken, assumed("memory_share") * memory_gib)


def busy_vcpu(
    load: Operands, catalogue: Catalogue, *, uploads: float = 0.0, service: str = ITEM
) -> Operand:
    """Return the vCPUs that average traffic keeps busy [1]; 0 if CPU is not sized.

    Clients are assumed to send a request for each record at worst.  Each byte is read ``uploads``
    times [1] for a tier; ``service`` is the item of a service with assumptions of its own.
    """
    per_vcpu = catalogue.assumed("cpu_throughput", service)
    if not per_vcpu:
        return 0.0
    work = write_equivalents(
        load.ingress_mib_s,
        load.replication_factor,
        load.fanout + uploads,
        catalogue.assumed("cpu_read_weight", service),
    )
    records = load.ingress_mib_s * KIB_PER_MIB / load.message_size_kib * load.compression_ratio
    requests = np.maximum(records, load.requests_per_s)
    most = catalogue.assumed("cpu_records", service)
    return cpu_load(work, requests, per_vcpu=per_vcpu, records=most)


def unfit(catalogue: Catalogue, item: str) -> tuple[Message, ...]:
    """Return why an instance type may not be a broker that the sizing chooses; none if it may."""
    assumed, reasons = catalogue.assumed, []
    if catalogue.listed(item, "cpu_baseline") and not assumed("burstable"):
        baseline = catalogue.value(item, "cpu_baseline")
        reasons.append(_("it sustains {share:.0%} of its CPU (burstable)", share=baseline))
    if catalogue.value(item, "vcpu") < (least := assumed("min_vcpu")):
        reasons.append(_("it has fewer than {least:g} vCPUs", least=least))
    if catalogue.value(item, "memory") < (least := assumed("min_memory")):
        reasons.append(_("it has less than {least:g} GiB of memory", least=least))
    return tuple(reasons)


def unfit_notes(catalogue: Catalogue, item: str, instance: str) -> tuple[Message, ...]:
    """Return the note of a type that was named although it is unfit for production."""
    reasons = unfit(catalogue, item)
    if not reasons:
        return ()
    why = join("; ", reasons)
    return (_("{instance} is not for production: {why}", instance=instance, why=why),)
