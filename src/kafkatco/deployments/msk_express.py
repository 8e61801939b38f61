"""Amazon MSK with Express brokers."""

from __future__ import annotations

from typing import ClassVar, Literal

from kafkatco.deployments.msk import MskProvisioned
from kafkatco.prices.catalogue import Catalogue
from kafkatco.sizing.formulas import monthly_gib, nodes, stored_gib, whole_units
from kafkatco.sizing.limits import quota
from kafkatco.sizing.quantities import Limit, Meter, Offer, Sizing
from kafkatco.sizing.workload import Operands

__all__ = ["MskExpress"]


class MskExpress(MskProvisioned):
    """MSK Provisioned, Express brokers: broker hours, bytes written, bytes stored.

    A broker sustains the ingress and egress of its size
    (https://docs.aws.amazon.com/msk/latest/developerguide/msk-broker-types-express.html), of
    which the plan uses ``utilisation`` at peak; replication between brokers is free and is in
    those figures.  Always three zones and three copies; disks are the service's affair.

    Parameters
    ----------
    instance
        A broker type such as "express.m7g.large", or "cheapest" (default).
    brokers
        Overrides the sizing; then the cluster cannot serve an average above what its brokers
        sustain, a peak above their throttle, nor more partitions than they may hold.  [1]
    utilisation
        Share of a broker that the plan uses; by default the 0.75 of AWS's official script
        (aws/agent-toolkit-for-aws, ``msk_sizing.py``).  [1]
    storage_copies
        How often a stored byte is billed: 1 as in that script (default), or 3 as the metric of
        the same toolkit's guide counts it; AWS does not say which is billed.  [1]

    Examples
    --------
    >>> MskExpress(region="ap-northeast-2", instance="express.m7g.large").label
    'msk-express'
    """

    kind: Literal["msk-express"] = "msk-express"
    storage_copies: Literal[1, 3] | None = None

    types: ClassVar[str] = "aws.msk.express."
    leaves_out: ClassVar[tuple[str, ...]] = ("CPU and memory of brokers", "broker logs")

    def offer(self, load: Operands, catalogue: Catalogue, item: str) -> Offer:
        """Return the offer of one broker type."""

        def rule(attribute: str) -> float:
            return catalogue.value("aws.msk.express", attribute)

        def size(attribute: str) -> float:
            return catalogue.value(item, attribute)

        utilisation = rule("utilisation") if self.utilisation is None else self.utilisation
        copies = rule("storage_copies") if self.storage_copies is None else self.storage_copies
        in_mib_s, replicas = load.ingress_mib_s, load.partitions * rule("replication_factor")
        out_mib_s, peak = in_mib_s * load.fanout, load.peak_to_average
        asks = {
            "minimum": 3.0,
            "throughput-in": in_mib_s * peak / size("ingress") / utilisation,
            "throughput-out": out_mib_s * peak / size("egress") / utilisation,
            "partitions": replicas / size("partitions"),
        }
        brokers, most = nodes(list(asks.values()), 3.0), rule("max_brokers")
        limits: tuple[Limit, ...] = (
            Limit(load.zones < 3.0, "Express brokers span three zones"),
            Limit(load.zones > 3.0, "Express brokers span three zones"),
            Limit(load.replication_factor > rule("replication_factor"), "Express keeps 3 copies"),
            quota(
                catalogue,
                "aws.msk.express",
                "partition_throughput",
                in_mib_s * peak,
                what="ingress at peak",
                scope="for each partition",
                holders=load.partitions,
            ),
        )
        if self.brokers is not None:
            brokers = float(self.brokers)
            asked = {
                "throughput-in: {} cannot sustain the average": in_mib_s / size("ingress"),
                "throughput-out: {} cannot sustain the average": out_mib_s / size("egress"),
                "throughput-in: {} throttle the peak": in_mib_s * peak / size("max_ingress"),
                "throughput-out: {} throttle the peak": out_mib_s * peak / size("max_egress"),
                "partitions: {} cannot hold so many replicas": replicas / size("max_partitions"),
                "Express brokers span three zones: {} are too few": 3.0,
            }
            limits += tuple(
                Limit(whole_units(ask, 1.0) > brokers, reason.format(f"{brokers:g} brokers"))
                for reason, ask in asked.items()
            )
            uneven = whole_units(brokers, 3.0) * 3.0 > brokers
            limits += (Limit(uneven, "brokers: equal numbers in each of three zones"),)
        limits += (Limit(brokers > most, f"more than {most:g} brokers in a cluster (quota)"),)
        meters = (
            self.broker_hours(load, item, brokers),
            Meter(
                "throughput",
                "aws.msk.express-data-in",
                self.region,
                monthly_gib(in_mib_s, load.month_hours),
                "GiB",
            ),
            Meter(
                "storage",
                "aws.msk.express-storage",
                self.region,
                stored_gib(load.retained_mib_s, load.retention_h) * copies,
                "GiB-month",
                f"{copies:g}x what is kept",
            ),
            *self.network(load),
        )
        name = item.removeprefix("aws.msk.")
        details = {"instance": name, "utilisation": utilisation, "storage_copies": copies}
        return Offer(name, meters, Sizing("brokers", brokers, asks, details), limits)
