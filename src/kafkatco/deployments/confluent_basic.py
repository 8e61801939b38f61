"""Confluent Cloud, Basic clusters."""

from __future__ import annotations

from typing import Any, ClassVar, Literal

import numpy as np
from pydantic import Field

from kafkatco.deployments.base import Deployment, quota
from kafkatco.prices.catalogue import Catalogue
from kafkatco.quantities import Limit, Meter, Offer, Sizing
from kafkatco.sizing import monthly_gib, nodes, stored_gib, whole_units
from kafkatco.workload import Operands

__all__ = ["ConfluentBasic"]


class ConfluentBasic(Deployment):
    """An elastic Basic cluster: eCKUs beyond the free one, bytes in and out, bytes stored.

    eCKUs are the dimension that needs most of ingress, egress and partitions; limits and units
    are those of https://docs.confluent.io/cloud/current/clusters/cluster-types.html.

    Parameters
    ----------
    cloud
        Only "aws" so far.
    units
        eCKUs; overrides the sizing, and then must carry the average and the partitions.  [1]
    units_from
        "peak" (default) or "average" traffic: Confluent bills the eCKUs in use hour by hour, and
        does not publish the averaging window.
    storage_copies
        How often a stored byte is billed: 3 (default; Confluent bills storage after replication)
        or 1 (as the article counts it).  [1]

    Examples
    --------
    >>> ConfluentBasic(region="us-east-1").label
    'confluent-basic'
    """

    kind: Literal["confluent-basic"] = "confluent-basic"
    cloud: Literal["aws"] = "aws"
    units: int | None = Field(default=None, ge=1)
    units_from: Literal["peak", "average"] = "peak"
    storage_copies: Literal[1, 3] | None = None
    sla: Literal["99.5%"] = "99.5%"

    sku_prefix: ClassVar[str] = "confluent.basic."
    has_nodes: ClassVar[bool] = False
    trial_credit: ClassVar[str] = "confluent.trial-credit"
    leaves_out: ClassVar[tuple[str, ...]] = (
        "client connections and requests as eCKU dimensions", "the cloud's own charge for clients'"
        " traffic to Confluent", "support plan",
    )  # fmt: skip

    def offers(self, load: Operands, catalogue: Catalogue) -> tuple[Offer, ...]:
        """Return the one offer of a Basic cluster."""

        def rule(attribute: str) -> float:
            return catalogue.value("confluent.basic", attribute)

        ingress_mib_s = load.ingress_mib_s
        if self.units_from == "peak":
            ingress_mib_s = ingress_mib_s * load.peak_to_average
        egress_mib_s = ingress_mib_s * load.fanout
        asks = {
            "minimum": 1.0,
            "throughput-in": ingress_mib_s / rule("ingress_per_unit"),
            "throughput-out": egress_mib_s / rule("egress_per_unit"),
            "partitions": load.partitions / rule("partitions_per_unit"),
        }
        eckus = nodes(list(asks.values()), 1.0)
        limits: tuple[Limit, ...] = ()
        if self.units is not None:
            eckus = float(self.units)
            average = np.maximum(
                load.ingress_mib_s / rule("ingress_per_unit"),
                load.ingress_mib_s * load.fanout / rule("egress_per_unit"),
            )
            needed = np.maximum(average, asks["partitions"])
            limits = (
                Limit(
                    whole_units(needed, 1.0) > eckus,
                    f"{self.units} eCKUs cannot sustain the average",
                ),
            )
        copies = rule("storage_copies") if self.storage_copies is None else self.storage_copies
        stored_once = stored_gib(load.retained_mib_s, load.retention_h)
        written_gib = monthly_gib(load.ingress_mib_s, load.month_hours)
        peak_mib_s = load.ingress_mib_s * load.peak_to_average
        demands = {
            "max_units": ("eCKUs", eckus),
            "max_ingress": ("ingress at peak", peak_mib_s),
            "max_egress": ("egress at peak", peak_mib_s * load.fanout),
            "max_partitions": ("partitions", load.partitions),
            "max_storage": ("stored data", stored_once),
        }
        limits += tuple(
            quota(catalogue, "confluent.basic", cap, demand, what=what, scope="in a Basic cluster")
            for cap, (what, demand) in demands.items()
        )

        def meter(component: str, part: str, quantity: Any, unit: str, note: str = "") -> Meter:
            sku = f"confluent.basic.{part}"
            return Meter(component, sku, self.region, quantity, unit, note)

        billed = np.maximum(eckus - rule("free_units"), 0.0)
        meters = (
            meter("platform", "cluster", load.month_hours, "hour", "one cluster"),
            meter("compute", "ecku", billed * load.month_hours, "hour", "beyond the free eCKU"),
            meter("throughput", "ingress", written_gib, "GiB"),
            meter("throughput", "egress", written_gib * load.fanout, "GiB"),
            meter(
                "storage", "storage", stored_once * copies, "GiB-month", f"{copies:g}x what is kept"
            ),
            *self.people(load),
        )
        details = {"units_from": self.units_from, "storage_copies": copies}
        sizing = Sizing("eckus", eckus, asks, details)
        return (Offer("basic", meters, sizing, limits),)
