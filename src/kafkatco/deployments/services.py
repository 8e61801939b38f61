"""What stands beside a cluster, on nodes of one's own: Connect, registries, mirrors, monitoring."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from kafkatco.curve import Curve
from kafkatco.prices.catalogue import Catalogue
from kafkatco.quantities import Meter
from kafkatco.sizing import whole_units
from kafkatco.workload import Operands

if TYPE_CHECKING:
    from kafkatco.deployments.base import Deployment

__all__ = [
    "MOST_AS_NEEDED", "MOST_CLUSTERS", "SUPPORT_PLANS", "asked_for", "metric_meters",
    "own_connect", "own_mirrors", "own_monitoring", "own_registry", "own_streams",
]  # fmt: skip

MOST_CLUSTERS: Final = 1000
MINUTES_PER_HOUR: Final = 60.0
#: So many clusters are tried where the number is left open.
MOST_AS_NEEDED: Final = 10
#: The support plans that have prices, by how their skus begin.
SUPPORT_PLANS: Final = {
    "aws.support.": ("developer", "business", "enterprise-on-ramp", "enterprise"),
    "confluent.support.": ("developer", "business", "premier"),
}


def asked_for(operand: Any) -> bool:
    """Return whether a workload asks for some of this anywhere."""
    return isinstance(operand, Curve) or bool(np.any(operand))


def _instance(deployment: Deployment) -> str:
    return deployment.service_instance or deployment.home.small_node


def _vcpu(deployment: Deployment, catalogue: Catalogue) -> float:
    return catalogue.value(deployment.home.nodes + _instance(deployment), "vcpu")


def _nodes(
    deployment: Deployment, load: Operands, catalogue: Catalogue, count: Any, component: str,
    note: str,
) -> tuple[Meter, ...]:  # fmt: skip
    return deployment.home.node(
        load, catalogue, deployment.region, _instance(deployment), count, component, note
    )


def own_connect(deployment: Deployment, load: Operands, catalogue: Catalogue) -> tuple[Meter, ...]:
    """Return the meters of Connect workers: as many as so many tasks [1] need, and one to spare.

    Source: the capacity item ``own.connect``.
    """
    per_worker = catalogue.value("own.connect", "tasks_per_vcpu") * _vcpu(deployment, catalogue)
    spare = (catalogue.value("own.connect", "min_workers") - 1.0) * (load.connector_tasks > 0.0)
    count = whole_units(load.connector_tasks, per_worker) + spare
    return _nodes(deployment, load, catalogue, count, "connect", "Connect workers")


def own_registry(deployment: Deployment, load: Operands, catalogue: Catalogue) -> tuple[Meter, ...]:
    """Return the meters of Schema Registry nodes: a primary and a standby.

    Source: the capacity item ``own.schema-registry``.
    """
    count = load.schema_registry * catalogue.value("own.schema-registry", "nodes")
    return _nodes(deployment, load, catalogue, count, "schema-registry", "Schema Registry nodes")


def own_streams(deployment: Deployment, load: Operands, catalogue: Catalogue) -> tuple[Meter, ...]:
    """Return the meters of stream processing: whole nodes for so many units [1].

    Source: the capacity item ``own.stream-processing``.
    """
    per_vcpu = catalogue.value("own.stream-processing", "units_per_vcpu")
    count = whole_units(load.stream_processing_units, per_vcpu * _vcpu(deployment, catalogue))
    return _nodes(deployment, load, catalogue, count, "stream-processing", "stream processors")


def own_mirrors(deployment: Deployment, load: Operands, catalogue: Catalogue) -> tuple[Meter, ...]:
    """Return the meters of MirrorMaker 2: workers for the peak, and the bytes between regions.

    Each region has two workers at least.  Source: the capacity item ``own.mirror-maker``.
    """
    rate = catalogue.value("own.mirror-maker", "throughput_per_vcpu")
    least = catalogue.value("own.mirror-maker", "min_workers")
    peak_mib_s = load.ingress_mib_s * load.peak_to_average
    each = np.maximum(whole_units(peak_mib_s, rate * _vcpu(deployment, catalogue)), least)
    count = each * load.replica_regions
    return (
        *_nodes(deployment, load, catalogue, count, "connect", "MirrorMaker 2 workers"),
        *deployment.home.copies(load, deployment.region),
    )


def own_monitoring(
    deployment: Deployment, load: Operands, catalogue: Catalogue
) -> tuple[Meter, ...]:
    """Return the meters of the Prometheus and Grafana nodes.

    Source: the capacity item ``own.monitoring``.
    """
    count = catalogue.value("own.monitoring", "nodes")
    return _nodes(deployment, load, catalogue, count, "monitoring", "Prometheus and Grafana")


def metric_meters(
    deployment: Deployment, load: Operands, catalogue: Catalogue, brokers: Any
) -> tuple[Meter, ...]:
    """Return the meters of a cloud's metrics service for so many ``brokers`` [1].

    It counts metrics, or samples of them, one a minute.  Source: the item ``own.monitoring``.
    """
    count = brokers * catalogue.value("own.monitoring", "metrics_per_broker")
    sku, unit = deployment.home.metrics
    if not sku:
        return ()
    if unit == "million":
        count = count * (MINUTES_PER_HOUR / 1e6) * load.month_hours
    note = "metrics of brokers"
    return (Meter("monitoring", sku, deployment.region, count, unit, note),)
