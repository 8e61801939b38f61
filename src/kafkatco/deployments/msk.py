"""What all of Amazon MSK shares: what AWS sells beside a cluster, and provisioned brokers."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any, ClassVar

import numpy as np
from pydantic import Field

from kafkatco.deployments.base import Deployment
from kafkatco.prices.catalogue import Catalogue
from kafkatco.sizing.formulas import monthly_gib, whole_units
from kafkatco.sizing.labour import Family
from kafkatco.sizing.quantities import Limit, Meter, Offer, Sizing
from kafkatco.sizing.workload import Operands

__all__ = ["MskCluster", "MskProvisioned"]


class MskCluster(Deployment, ABC):
    """A cluster with MSK Connect, MSK Replicator, Glue's registry and CloudWatch beside it."""

    family: ClassVar[Family] = "cloud-managed"
    replication: ClassVar[str] = "MSK Replicator"
    copies_are_reads: ClassVar[bool] = False

    def connectors(self, load: Operands, catalogue: Catalogue) -> tuple[Meter, ...]:
        """Return the meter of MSK Connect: units of 1 vCPU and 4 GiB (MCU) for so many tasks.

        Two tasks a vCPU are the heuristic of ``own.connect``.  Source of the meter:
        https://aws.amazon.com/msk/pricing/.
        """
        per_mcu = catalogue.value("own.connect", "tasks_per_vcpu")
        hours = whole_units(load.connector_tasks, per_mcu) * load.month_hours
        return (Meter("connect", "aws.msk.connect.mcu", self.region, hours, "hour", "MCUs"),)

    def registry(self, load: Operands, catalogue: Catalogue) -> tuple[Meter, ...]:
        """Return no meter: AWS Glue Schema Registry is free to use.

        Source: https://docs.aws.amazon.com/glue/latest/dg/schema-registry.html.
        """
        return ()

    def replicas(self, load: Operands, catalogue: Catalogue) -> tuple[Meter, ...]:
        """Return the meters of MSK Replicator, and of bytes between regions.

        Each region has as many replicators as the peak asks for, at their quota of ingress; what
        they read of the brokers is taken to be in their price.
        Source: https://aws.amazon.com/msk/pricing/.
        """
        most = catalogue.value("aws.msk.replicator", "max_ingress")
        peak = whole_units(load.ingress_mib_s * load.peak_to_average, most)
        hours = np.maximum(peak, 1.0) * load.replica_regions * load.month_hours
        sent = monthly_gib(load.ingress_mib_s, load.month_hours) * load.replica_regions
        sku = "aws.msk.replicator"
        return (
            Meter("connect", sku, self.region, hours, "hour", "replicators"),
            Meter("connect", f"{sku}-data-cross-region", self.region, sent, "GiB", "replicated"),
            *self.home.copies(load, self.region),
        )

    def metrics(self, load: Operands, catalogue: Catalogue, sizing: Sizing) -> tuple[Meter, ...]:
        """Return the meters of CloudWatch beyond the free level, for so many brokers."""
        return self.own.metrics(load, catalogue, sizing.count)


class MskProvisioned(MskCluster, ABC):
    """Brokers of a type that is chosen, or the cheapest.

    Parameters
    ----------
    instance
        A broker type, or "cheapest" (default).
    brokers
        Overrides the sizing; see each kind for what the cluster then cannot serve.  [1]
    utilisation
        Share of a broker that the plan uses; by default that of AWS's official script
        (aws/agent-toolkit-for-aws, ``msk_sizing.py``).  [1]
    private_connectivity, private_traffic
        How many authentication schemes clients of other VPCs may use, 0 by default, and the
        share of all bytes in and out that they account for, 1 by default.  [1]
    """

    instance: str = "cheapest"
    brokers: int | None = Field(default=None, ge=1)
    utilisation: float | None = Field(default=None, gt=0, le=1)
    private_connectivity: int = Field(default=0, ge=0)
    private_traffic: float = Field(default=1.0, ge=0, le=1)

    #: How its broker types begin in the catalogue.
    types: ClassVar[str]
    sku_prefix: ClassVar[str] = "aws.msk."

    def offers(self, load: Operands, catalogue: Catalogue) -> tuple[Offer, ...]:
        """Return one offer for each broker type that may serve."""
        chosen = "aws.msk." + self.instance
        known = catalogue.items(self.types) if self.instance == "cheapest" else (chosen,)
        return tuple(self.offer(load, catalogue, item) for item in known)

    @abstractmethod
    def offer(self, load: Operands, catalogue: Catalogue, item: str) -> Offer:
        """Return the offer of one broker type."""

    def broker_hours(self, load: Operands, item: str, brokers: Any) -> Meter:
        """Return the meter of so many ``brokers`` [1] of a type."""
        return Meter("compute", item, self.region, brokers * load.month_hours, "hour", "brokers")

    def network(self, load: Operands) -> tuple[Meter, ...]:
        """Return the meters of clients' bytes, and of private connectivity.

        Replication between brokers is free (https://aws.amazon.com/msk/pricing/).
        """
        moved = monthly_gib(load.ingress_mib_s, load.month_hours) * (1.0 + load.fanout)
        schemes = float(self.private_connectivity)
        private = moved * self.private_traffic * (schemes > 0.0)
        sku = "aws.msk.private-connectivity"
        return (
            *self.home.traffic(load, self.region, replication_billed=0.0),
            Meter(
                "network",
                sku,
                self.region,
                schemes * load.month_hours,
                "hour",
                "private connectivity: authentication schemes",
            ),
            Meter("network", f"{sku}-data", self.region, private, "GiB", "private connectivity"),
        )

    def private_limits(self, item: str) -> tuple[Limit, ...]:
        """Return the limit of the type that private connectivity leaves out.

        Source: https://docs.aws.amazon.com/msk/latest/developerguide/aws-access-mult-vpc.html.
        """
        refused = self.private_connectivity > 0 and item.endswith("t3.small")
        return (Limit(refused, "private connectivity: not with kafka.t3.small"),)
