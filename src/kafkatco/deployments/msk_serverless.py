"""Amazon MSK Serverless."""

from __future__ import annotations

from typing import Any, ClassVar, Literal

from kafkatco.deployments.msk import MskCluster
from kafkatco.prices.catalogue import Catalogue
from kafkatco.sizing.formulas import monthly_gib, stored_gib
from kafkatco.sizing.limits import quota
from kafkatco.sizing.quantities import Meter, Offer, Sizing
from kafkatco.sizing.workload import Operands

__all__ = ["MskServerless"]


class MskServerless(MskCluster):
    """One MSK Serverless cluster: hours, leader partitions, bytes in, out and stored.

    Nothing is sized: the service scales up to its quotas, at peak, beyond which it cannot serve
    (https://docs.aws.amazon.com/msk/latest/developerguide/limits.html).  It keeps three copies,
    whatever the workload's ``replication_factor``.  Meters:
    https://aws.amazon.com/msk/pricing/.

    Parameters
    ----------
    storage_copies
        How often a stored byte is billed: 1 (default) or 3.  AWS bills the "storage consumed" and
        publishes no example; 1 is how its own script counts the storage of Express brokers, which
        is billed in the same words (aws/agent-toolkit-for-aws, ``msk_sizing.py``).  [1]
    zone_traffic
        Whether clients' bytes between zones are "metered", as with the other kinds of MSK
        (default), or "free": clients come in over PrivateLink, and AWS does not say which holds.

    Examples
    --------
    >>> MskServerless(region="ap-northeast-2").label
    'msk-serverless'
    """

    kind: Literal["msk-serverless"] = "msk-serverless"
    storage_copies: Literal[1, 3] = 1
    zone_traffic: Literal["metered", "free"] = "metered"

    sku_prefix: ClassVar[str] = "aws.msk.serverless."
    has_nodes: ClassVar[bool] = False
    leaves_out: ClassVar[tuple[str, ...]] = (
        "quotas of connection attempts and compacted partitions",
        "private connectivity to other VPCs",
        "broker logs",
    )

    def metrics(self, load: Operands, catalogue: Catalogue, sizing: Sizing) -> tuple[Meter, ...]:
        """Return no meter: CloudWatch's free level is all there is."""
        return ()

    def offers(self, load: Operands, catalogue: Catalogue) -> tuple[Offer, ...]:
        """Return the one offer of a serverless cluster."""
        in_mib_s = load.ingress_mib_s * load.peak_to_average
        out_mib_s = in_mib_s * load.fanout
        demands = {
            "max_ingress": ("ingress at peak", in_mib_s, 1.0, "cluster"),
            "max_egress": ("egress at peak", out_mib_s, 1.0, "cluster"),
            "partition_ingress": ("ingress at peak", in_mib_s, load.partitions, "partition"),
            "partition_egress": ("egress at peak", out_mib_s, load.partitions, "partition"),
            "max_partitions": ("partitions", load.partitions, 1.0, "cluster"),
            "max_retention": ("retention", load.retention_h, 1.0, "cluster"),
            "max_message": ("message size", load.message_size_kib / 1024**2, 1.0, "cluster"),
            "max_connections": ("connections", load.connections, 1.0, "cluster"),
            "max_requests": ("requests", load.requests_per_s, 1.0, "cluster"),
        }

        def meter(component: str, part: str, quantity: Any, unit: str, note: str = "") -> Meter:
            sku = f"aws.msk.serverless.{part}"
            return Meter(component, sku, self.region, quantity, unit, note)

        written_gib = monthly_gib(load.ingress_mib_s, load.month_hours)
        stored_once = stored_gib(load.retained_mib_s, load.retention_h)
        between_zones, to_internet = self.home.traffic(load, self.region, replication_billed=0.0)
        meters = (
            meter("platform", "cluster", load.month_hours, "hour", "one cluster"),
            meter(
                "compute",
                "partition",
                load.partitions * load.month_hours,
                "hour",
                "leader partitions",
            ),
            meter("throughput", "data-in", written_gib, "GiB"),
            meter("throughput", "data-out", written_gib * load.fanout, "GiB"),
            meter(
                "storage",
                "storage",
                stored_once * float(self.storage_copies),
                "GiB-month",
                f"{self.storage_copies}x what is kept",
            ),
            *((between_zones,) if self.zone_traffic == "metered" else ()),
            to_internet,
        )
        details = {"storage_copies": self.storage_copies, "zone_traffic": self.zone_traffic}
        sizing = Sizing("clusters", 1.0, {"minimum": 1.0}, details)
        limits = tuple(
            quota(
                catalogue,
                "aws.msk.serverless",
                attribute,
                demand,
                what=what,
                scope=f"for each {holder}",
                holders=holders,
            )
            for attribute, (what, demand, holders, holder) in demands.items()
        )
        return (Offer("serverless", meters, sizing, limits),)
