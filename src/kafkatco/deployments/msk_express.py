"""Amazon MSK with Express brokers."""

from __future__ import annotations

from typing import Any, ClassVar, Literal

from kafkatco.core.vocabulary import word
from kafkatco.deployments.msk_cluster import MskProvisioned
from kafkatco.i18n.message import Message, _, ngettext
from kafkatco.prices.catalogue import Catalogue
from kafkatco.sizing.brokers import unfit_notes
from kafkatco.sizing.formulas import monthly_gib, nodes, stored_gib, surviving_share, whole_units
from kafkatco.sizing.limits import not_sustained, quota
from kafkatco.sizing.quantities import Candidate, Limit, Meter, Plan, Sizing
from kafkatco.sizing.workload import Operands

__all__ = ["MskExpress"]


class MskExpress(MskProvisioned):
    """MSK Provisioned, Express brokers: broker hours, written bytes, stored bytes.

    A broker sustains the ingress and egress of its size
    (https://docs.aws.amazon.com/msk/latest/developerguide/msk-broker-types-express.html).  At peak
    the plan uses ``utilisation`` of the ingress, and all of the egress, as AWS's guide does
    (aws/agent-toolkit-for-aws, ``size-and-choose-cluster.md``); these figures include replication
    between brokers, which is free.  There are always three zones and three copies; the service
    manages the disks.

    Parameters
    ----------
    instance
        A broker type such as "express.m7g.large"; "cheapest" (default), the cheapest of all types
        at each traffic; or a wildcard such as "express.m7g.?xlarge", or a list of types and
        wildcards: the cheapest of those.
    brokers
        Number of brokers; replaces the sizing.  The average may then not exceed their sustained
        throughput, the peak their throttle, and partitions their maximum.  [1]
    utilisation
        Share of a broker's ingress that the plan uses; by default the 0.75 of AWS's official script
        (aws/agent-toolkit-for-aws, ``msk_sizing.py``).  [1]
    storage_copies
        How often a stored byte is billed: 1 as in that script (default), or 3 as in the metric of
        the same toolkit's guide; AWS does not publish which is billed.  [1]

    Examples
    --------
    >>> MskExpress(region="ap-northeast-2", instance="express.m7g.large").label
    'msk-express'
    """

    kind: Literal["msk-express"] = "msk-express"
    storage_copies: Literal[1, 3] | None = None

    types: ClassVar[str] = "aws.msk.express."
    service: ClassVar[str] = "aws.msk.express"
    fixed_replication: ClassVar[int] = 3
    leaves_out: ClassVar[tuple[str, ...]] = (
        _("CPU and memory of brokers, which AWS's limits of throughput allow for"),
        _("MSK Data Delivery and Streaming Tables"),
    )

    def candidate(self, load: Operands, catalogue: Catalogue, item: str) -> Candidate:
        """Return the candidate of one broker type."""

        def rule(name: str) -> Any:
            return self.assumed(catalogue, name)

        def size(attribute: str) -> float:
            return catalogue.value(item, attribute)

        ingress_mib_s, egress_mib_s = size("ingress"), size("egress")
        utilisation, copies = rule("utilisation"), rule("storage_copies")
        shares = {"throughput-in": utilisation, "throughput-out": rule("egress_utilisation")}
        most_connections = self.most_connections(catalogue, item)
        in_mib_s, replicas = load.ingress_mib_s, load.partitions * rule("replication_factor")
        out_mib_s, peak = in_mib_s * load.fanout, load.peak_to_average
        requirements = {
            "minimum": 3.0,
            "throughput-in": in_mib_s * peak / ingress_mib_s / shares["throughput-in"],
            "throughput-out": out_mib_s * peak / egress_mib_s / shares["throughput-out"],
            "partitions": replicas / size("partitions"),
            "connections": load.connections / most_connections,
        }
        brokers, most = nodes(list(requirements.values()), 3.0), rule("max_brokers")
        limits: tuple[Limit, ...] = (
            Limit(load.zones < 3.0, _("zones: Express brokers need three")),
            Limit(load.zones > 3.0, _("zones: Express brokers need three")),
            Limit(
                load.replication_factor > rule("replication_factor"),
                _("replication factor: Express keeps 3 copies"),
            ),
            quota(
                catalogue,
                "aws.msk.express",
                "partition_throughput",
                in_mib_s * peak,
                resource=_("ingress at peak"),
                scope=_("per partition"),
                holders=load.partitions,
            ),
        )
        if self.brokers is not None:
            brokers = float(self.brokers)
            limits += tuple(
                Limit(whole_units(required, 1.0) > brokers, reason)
                for required, reason in (
                    (
                        load.busiest_mib_s / ingress_mib_s,
                        not_sustained(load, "throughput-in", brokers),
                    ),
                    (
                        load.busiest_mib_s * load.fanout / egress_mib_s,
                        not_sustained(load, "throughput-out", brokers),
                    ),
                    (in_mib_s * peak / size("max_ingress"), _throttled("throughput-in", brokers)),
                    (out_mib_s * peak / size("max_egress"), _throttled("throughput-out", brokers)),
                    (replicas / size("max_partitions"), _("partitions: too many for the brokers")),
                    (3.0, _("brokers: Express needs at least three")),
                )
            )
            limits += (self.connection_limit(load, most_connections, brokers),)
            uneven = whole_units(brokers, 3.0) * 3.0 > brokers
            limits += (Limit(uneven, _("brokers: must be equal in each of three zones")),)
        limits += (Limit(brokers > most, _("brokers: at most {most:g} per cluster", most=most)),)
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
                _("{copies:g}x retained data", copies=copies),
            ),
            *self.network(load),
        )
        survivors = surviving_share(3.0, 1.0)
        plans = {name: Plan(share, "peak", survivors) for name, share in shares.items()}
        plans |= {"partitions": Plan(), "connections": Plan()}
        name = item.removeprefix("aws.msk.")
        details = {"instance": name, "utilisation": utilisation, "storage_copies": copies}
        sizing = Sizing("brokers", brokers, requirements, details, plans)
        unchecked = self.unknown_requests(load, catalogue, item, brokers)
        notes = unfit_notes(catalogue, item, name)
        return Candidate(name, meters, sizing, limits, unchecked, notes)


def _throttled(resource: str, brokers: float) -> Message:
    """Return the reason that a fixed number of brokers throttles the traffic at peak."""
    return ngettext(
        "{resource}: {n} broker throttles the peak",
        "{resource}: {n} brokers throttle the peak",
        int(brokers),
        resource=word(resource),
    )
