"""Services on self-managed nodes next to a cluster: Connect, registries, mirrors, monitoring."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from kafkatco.i18n.message import _
from kafkatco.numerics.typing import Operand
from kafkatco.prices.catalogue import Catalogue
from kafkatco.sizing.clouds import Cloud
from kafkatco.sizing.formulas import whole_units
from kafkatco.sizing.quantities import Meter
from kafkatco.sizing.workload import Operands

__all__ = ["OwnNodes"]

MINUTES_PER_HOUR: Final = 60.0


@dataclass(frozen=True, slots=True)
class OwnNodes:
    """Self-managed nodes on a cloud; each method returns the meters of a service on them."""

    cloud: Cloud
    region: str
    instance: str

    def _vcpu(self, catalogue: Catalogue) -> float:
        return catalogue.value(self.cloud.nodes + self.instance, "vcpu")

    def _nodes(
        self, load: Operands, catalogue: Catalogue, count: Operand, component: str, note: str
    ) -> tuple[Meter, ...]:
        return self.cloud.node(load, catalogue, self.region, self.instance, count, component, note)

    def connect(self, load: Operands, catalogue: Catalogue) -> tuple[Meter, ...]:
        """Return the meters of Connect workers: enough for the tasks [1], and one spare.

        Source: the capacity item ``own.connect``.
        """
        per_worker = catalogue.value("own.connect", "tasks_per_vcpu") * self._vcpu(catalogue)
        has_tasks = load.connector_tasks > 0.0
        spare = (catalogue.value("own.connect", "min_workers") - 1.0) * has_tasks
        count = whole_units(load.connector_tasks, per_worker) + spare
        return self._nodes(load, catalogue, count, "connect", _("Connect workers"))

    def registry(self, load: Operands, catalogue: Catalogue) -> tuple[Meter, ...]:
        """Return the meters of Schema Registry nodes: a primary and a standby.

        Source: the capacity item ``own.schema-registry``.
        """
        count = load.schema_registry * catalogue.value("own.schema-registry", "nodes")
        return self._nodes(load, catalogue, count, "schema-registry", _("Schema Registry nodes"))

    def streams(self, load: Operands, catalogue: Catalogue) -> tuple[Meter, ...]:
        """Return the meters of stream processing: whole nodes for the units [1] of the workload.

        Source: the capacity item ``own.stream-processing``.
        """
        per_node = catalogue.value("own.stream-processing", "units_per_vcpu")
        count = whole_units(load.stream_processing_units, per_node * self._vcpu(catalogue))
        return self._nodes(load, catalogue, count, "stream-processing", _("stream processors"))

    def mirrors(self, load: Operands, catalogue: Catalogue, target: str = "") -> tuple[Meter, ...]:
        """Return the meters of MirrorMaker 2: workers for the peak, and bytes to other regions.

        Each region has at least two workers.  Source: the capacity item ``own.mirror-maker``.
        """
        rate = catalogue.value("own.mirror-maker", "throughput_per_vcpu")
        least = catalogue.value("own.mirror-maker", "min_workers")
        peak_mib_s = load.peak_mib_s
        each = np.maximum(whole_units(peak_mib_s, rate * self._vcpu(catalogue)), least)
        count = each * load.replica_regions
        return (
            *self._nodes(load, catalogue, count, "connect", _("MirrorMaker 2 workers")),
            *self.cloud.copies(load, self.region, target),
        )

    def monitoring(self, load: Operands, catalogue: Catalogue) -> tuple[Meter, ...]:
        """Return the meters of the Prometheus and Grafana nodes.

        Source: the capacity item ``own.monitoring``.
        """
        count = catalogue.value("own.monitoring", "nodes")
        return self._nodes(load, catalogue, count, "monitoring", _("Prometheus and Grafana"))

    def metrics(self, load: Operands, catalogue: Catalogue, brokers: Operand) -> tuple[Meter, ...]:
        """Return the meters of the cloud's metrics service for ``brokers`` [1].

        It bills metrics, or their samples, one per minute; there is no such service on premises.
        Source: the capacity item ``own.monitoring``.
        """
        count = brokers * catalogue.value("own.monitoring", "metrics_per_broker")
        sku, unit = self.cloud.metrics
        if not sku:
            return ()
        if unit == "million":
            count = count * (MINUTES_PER_HOUR / 1e6) * load.month_hours
        return (Meter("monitoring", sku, self.region, count, unit, _("broker metrics")),)
