"""Redpanda Serverless, which speaks Kafka's protocol."""

from __future__ import annotations

from typing import ClassVar, Literal

from kafkatco.deployments.base import Deployment
from kafkatco.prices.catalogue import Catalogue
from kafkatco.sizing.formulas import monthly_gib, stored_gib
from kafkatco.sizing.quantities import Meter, Offer, Sizing
from kafkatco.sizing.workload import Operands

__all__ = ["RedpandaServerless"]


class RedpandaServerless(Deployment):
    """One serverless cluster: hours, partitions, bytes in, out and stored.

    Hours begin with the first partition, and a begun hour is a whole one
    (https://docs.redpanda.com/redpanda-cloud/billing/billing/).  How often a stored byte is
    billed is not published: once is taken.  Its limits are not in our sources, and bound nothing
    here.

    Examples
    --------
    >>> RedpandaServerless(region="us-east-1").label
    'redpanda-serverless'
    """

    kind: Literal["redpanda-serverless"] = "redpanda-serverless"

    sku_prefix: ClassVar[str] = "redpanda.serverless."
    has_nodes: ClassVar[bool] = False
    leaves_out: ClassVar[tuple[str, ...]] = (
        "limits of throughput, partitions and connections",
        "the cloud's own charge for clients' traffic",
        "private links",
    )

    def offers(self, load: Operands, catalogue: Catalogue) -> tuple[Offer, ...]:
        """Return the one offer of a serverless cluster."""
        written = monthly_gib(load.ingress_mib_s, load.month_hours)
        stored = stored_gib(load.retained_mib_s, load.retention_h)
        hours, region, sku = load.month_hours, self.region, self.sku_prefix
        meters = (
            Meter("platform", f"{sku}uptime", region, hours, "hour", "one cluster"),
            Meter("compute", f"{sku}partition", region, load.partitions * hours, "hour"),
            Meter("throughput", f"{sku}ingress", region, written, "GiB"),
            Meter("throughput", f"{sku}egress", region, written * load.fanout, "GiB"),
            Meter("storage", f"{sku}storage", region, stored, "GiB-month", "what is kept, once"),
        )
        return (Offer("serverless", meters, Sizing("clusters", 1.0)),)
