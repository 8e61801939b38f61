"""Amazon MSK Serverless."""

from __future__ import annotations

from typing import Any, ClassVar, Literal

from kafkatco.deployments.msk_cluster import MskCluster
from kafkatco.i18n.message import _
from kafkatco.prices.catalogue import Catalogue
from kafkatco.sizing.formulas import monthly_gib, stored_gib
from kafkatco.sizing.limits import quota
from kafkatco.sizing.quantities import Candidate, Meter, Sizing
from kafkatco.sizing.workload import Operands

__all__ = ["MskServerless"]


class MskServerless(MskCluster):
    """One MSK Serverless cluster: hours, leader partitions, bytes in, out and stored.

    Nothing is sized: the service scales up to its quotas, which limit the peak
    (https://docs.aws.amazon.com/msk/latest/developerguide/limits.html).  It always keeps three
    copies; ``replication_factor`` is ignored.  Meters: https://aws.amazon.com/msk/pricing/.

    Parameters
    ----------
    storage_copies
        How often a stored byte is billed: 1 (default) or 3.  AWS bills the "storage consumed"
        without an example; 1 is the factor of its script for Express brokers, whose billing has the
        same wording (aws/agent-toolkit-for-aws, ``msk_sizing.py``).  [1]
    zone_traffic
        "metered" (default) or "free": whether client traffic between zones is billed, as for the
        other kinds of MSK.  Clients connect over PrivateLink, and AWS does not publish which.

    Examples
    --------
    >>> MskServerless(region="ap-northeast-2").label
    'msk-serverless'
    """

    kind: Literal["msk-serverless"] = "msk-serverless"
    storage_copies: Literal[1, 3] = 1
    zone_traffic: Literal["metered", "free"] = "metered"

    sku_prefix: ClassVar[str] = "aws.msk.serverless."
    fixed_replication: ClassVar[int] = 3
    leaves_out: ClassVar[tuple[str, ...]] = (
        _("limits of connection attempts and compacted partitions"),
        _("private connectivity to other VPCs"),
        _("broker logs"),
    )

    def metrics(self, load: Operands, catalogue: Catalogue, sizing: Sizing) -> tuple[Meter, ...]:
        """Return no meter: only the free level of CloudWatch exists."""
        return ()

    def candidates(self, load: Operands, catalogue: Catalogue) -> tuple[Candidate, ...]:
        """Return the only candidate, a serverless cluster."""
        in_mib_s = load.peak_mib_s
        out_mib_s = in_mib_s * load.fanout
        cluster, partition = _("per cluster"), _("per partition")
        in_peak, out_peak = _("ingress at peak"), _("egress at peak")
        demands = {
            "max_ingress": (in_peak, in_mib_s, 1.0, cluster),
            "max_egress": (out_peak, out_mib_s, 1.0, cluster),
            "partition_ingress": (in_peak, in_mib_s, load.partitions, partition),
            "partition_egress": (out_peak, out_mib_s, load.partitions, partition),
            "max_partitions": (_("partitions"), load.partitions, 1.0, cluster),
            "max_retention": (_("retention"), load.retention_h, 1.0, cluster),
            "max_message": (_("message size"), load.message_size_kib / 1024**2, 1.0, cluster),
            "max_connections": (_("connections"), load.connections, 1.0, cluster),
            "max_requests": (_("requests"), load.requests_per_s, 1.0, cluster),
        }

        def meter(component: str, part: str, quantity: Any, unit: str, note: str = "") -> Meter:
            sku = f"aws.msk.serverless.{part}"
            return Meter(component, sku, self.region, quantity, unit, note)

        written_gib = monthly_gib(load.ingress_mib_s, load.month_hours)
        stored_once = stored_gib(load.retained_mib_s, load.retention_h)
        between_zones, to_internet = self.home.traffic(load, self.region, replication_billed=0.0)
        meters = (
            meter("platform", "cluster", load.month_hours, "hour", _("one cluster")),
            meter(
                "compute",
                "partition",
                load.partitions * load.month_hours,
                "hour",
                _("leader partitions"),
            ),
            meter("throughput", "data-in", written_gib, "GiB"),
            meter("throughput", "data-out", written_gib * load.fanout, "GiB"),
            meter(
                "storage",
                "storage",
                stored_once * float(self.storage_copies),
                "GiB-month",
                _("{copies:g}x retained data", copies=self.storage_copies),
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
                resource=resource,
                scope=scope,
                holders=holders,
            )
            for attribute, (resource, demand, holders, scope) in demands.items()
        )
        return (Candidate("serverless", meters, sizing, limits),)
