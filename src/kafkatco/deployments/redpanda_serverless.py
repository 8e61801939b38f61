"""Redpanda Serverless, which is compatible with Kafka clients."""

from __future__ import annotations

from typing import Any, ClassVar, Final, Literal

from kafkatco.deployments.client_path import Access, OutsideNetwork
from kafkatco.i18n.message import Message, _
from kafkatco.prices.catalogue import Catalogue
from kafkatco.sizing.formulas import monthly_gib, stored_gib
from kafkatco.sizing.limits import quota, unpublished
from kafkatco.sizing.quantities import Candidate, Meter, Sizing
from kafkatco.sizing.workload import Operands

__all__ = ["RedpandaServerless"]

#: Its name in the capacity tables.
ITEM: Final = "redpanda.serverless"


class RedpandaServerless(OutsideNetwork):
    """One serverless cluster: hours, partitions, bytes in, out and stored.

    Billing begins with the first partition, by the started hour
    (https://docs.redpanda.com/redpanda-cloud/billing/billing/).  How often a stored byte is billed
    is not published; the model assumes once.  Quotas of a cluster, which limit the peak:
    https://docs.redpanda.com/redpanda-cloud/get-started/cluster-types/serverless/.  A cluster runs
    in one zone; ``zones`` and ``replication_factor`` are ignored.

    Examples
    --------
    >>> RedpandaServerless(region="us-east-1").label
    'redpanda-serverless'
    """

    kind: Literal["redpanda-serverless"] = "redpanda-serverless"

    sku_prefix: ClassVar[str] = "redpanda.serverless."
    usual_access: ClassVar[Access] = "nat"
    fixed_replication: ClassVar[int] = 3
    leaves_out: ClassVar[tuple[str, ...]] = (
        _("several availability zones (a cluster runs in one)"),
        _("Redpanda's own charge for private links"),
    )

    def candidates(self, load: Operands, catalogue: Catalogue) -> tuple[Candidate, ...]:
        """Return the only candidate, a serverless cluster."""
        written = monthly_gib(load.ingress_mib_s, load.month_hours)
        stored = stored_gib(load.retained_mib_s, load.retention_h)
        hours, region, sku = load.month_hours, self.region, self.sku_prefix
        meters = (
            Meter("platform", f"{sku}uptime", region, hours, "hour", _("one cluster")),
            Meter("compute", f"{sku}partition", region, load.partitions * hours, "hour"),
            Meter("throughput", f"{sku}ingress", region, written, "GiB"),
            Meter("throughput", f"{sku}egress", region, written * load.fanout, "GiB"),
            Meter(
                "storage",
                f"{sku}storage",
                region,
                stored,
                "GiB-month",
                _("retained data, one copy"),
            ),
        )
        at_peak = load.peak_mib_s
        demands: dict[str, tuple[Message, Any]] = {
            "max_ingress": (_("ingress at peak"), at_peak),
            "max_egress": (_("egress at peak"), at_peak * load.fanout),
            "max_partitions": (_("partitions"), load.partitions),
            "max_connections": (_("connections"), load.connections),
            "max_message": (_("message size"), load.message_size_kib / 1024.0**2),
        }
        scope = _("per cluster")
        limits = tuple(
            quota(catalogue, ITEM, attribute, demand, resource=resource, scope=scope)
            for attribute, (resource, demand) in demands.items()
        )
        unchecked = unpublished({_("requests"): load.requests_per_s})
        return (Candidate("serverless", meters, Sizing("clusters", 1.0), limits, unchecked),)
