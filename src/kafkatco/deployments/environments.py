"""Environments next to production: development, staging, and a second site for disasters."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Annotated, Any, Final, Literal, Self

import numpy as np
from pydantic import AfterValidator, Field, field_validator, model_validator

from kafkatco.core.inputs import Input, Name
from kafkatco.core.units import DURATION, Duration, parse
from kafkatco.deployments.clusters import MAX_CLUSTERS
from kafkatco.errors import InputError, InvalidValueError, Problem, nearest
from kafkatco.i18n.message import Message, _
from kafkatco.numerics.typing import Operand
from kafkatco.prices.assumptions import SETS
from kafkatco.sizing.workload import Operands

__all__ = ["TOGETHER", "Environment", "EnvironmentsField", "repeated"]

#: The share of production's traffic of an environment without its own, an assumption [1].
TRAFFIC: Final = 0.1
#: The share of writes at the second of two active sites, an assumption [1].
WRITES: Final = 0.5
#: Fields of a deployment that apply to all environments together.
TOGETHER: Final = ("name", "labour", "discount", "support", "credit", "environments")


class Environment(Input):
    """A cluster of the same kind next to production's, such as staging, or the second site.

    It is sized by its own traffic: production's region, instance types and settings apply, except
    for numbers and sizes of production's cluster, such as ``brokers``, ``units`` or ``plan``.
    Connections, requests, connectors and stream processing have the same share of production's as
    traffic, and so have partitions, of which there is at least one for each topic.  A schema
    registry is its own.  People are counted once, in production; a discount, a support plan, a
    credit and tax apply to the charges of all environments together.

    Parameters
    ----------
    name
        Its name in results, such as "staging".
    traffic
        Its share of production's ingress; by default 0.1, an assumption, and 1 with ``dr``.  [1]
    retention, fanout, zones, replication_factor, partitions, connections
        Its own values; by default those of production.  A standby has no readers by default.
    clusters
        Number of its clusters; by default 1, and with ``dr`` as many as production has.  [1]
    region
        Its region; by default the deployment's, whose prices then stand for those of another.
    assumptions
        The set of assumptions by which it is sized, such as "bare", which may choose burstable
        types; by default that of the deployment.  Values of one's own under ``[assumptions]`` stay.
    dr
        "none" (default); "standby" (or true), a second cluster that receives a copy of all writes
        over a link of the kind's own, without readers, connectors or stream processing until a
        failover; or "active", two clusters that both serve all readers, each with the writes of the
        other.
    writes
        With ``dr = "active"``, the share of writes that producers send to the second site, whose
        copies return to the first; 0.5 by default, an assumption.  [1]
    options
        Fields of deployments with other values here, such as ``{brokers = 3}`` or
        ``{connector_classes = {premium = 1}}``, without which its connectors have the standard
        price; a kind without such a field ignores it, which the bill says.

    Examples
    --------
    >>> Environment(name="staging").share, Environment(name="dr", dr="standby").share
    (0.1, 1.0)
    """

    name: Name
    traffic: float | None = Field(default=None, ge=0, le=1000)
    retention: Duration | None = None
    fanout: float | None = Field(default=None, ge=0, le=1e6)
    zones: int | None = Field(default=None, ge=1, le=6)
    replication_factor: int | None = Field(default=None, ge=1, le=100)
    partitions: int | None = Field(default=None, ge=1, le=10_000_000)
    connections: int | None = Field(default=None, ge=0)
    clusters: int | None = Field(default=None, ge=1, le=MAX_CLUSTERS)
    region: str | None = None
    assumptions: str | None = None
    dr: Literal["none", "standby", "active"] = "none"
    writes: float | None = Field(default=None, ge=0, le=1)
    options: dict[str, Any] = Field(default_factory=dict)

    @field_validator("name")
    @classmethod
    def _named(cls, name: str) -> str:
        if not name:
            raise InvalidValueError(_("a name, such as 'staging'"))
        return name

    @field_validator("dr", mode="before")
    @classmethod
    def _truth(cls, value: Any) -> Any:
        return {True: "standby", False: "none"}[value] if isinstance(value, bool) else value

    @field_validator("assumptions")
    @classmethod
    def _known_set(cls, name: str | None) -> str | None:
        if name is not None and name not in SETS:
            raise InvalidValueError(_("a set of assumptions"), nearest(name, SETS, limit=len(SETS)))
        return name

    @model_validator(mode="after")
    def _writes_need_two_sites(self) -> Self:
        problems = []
        if self.writes is not None and self.dr != "active":
            problems.append(Problem("writes", "", _('only with dr = "active"')))
        for name in self.options:
            if name in Environment.model_fields:
                text = _("a field of the environment itself: write {name} = ...", name=name)
                problems.append(Problem(f"options.{name}", "", text))
            elif name in TOGETHER:
                text = _("set it on the deployment: it applies to all environments together")
                problems.append(Problem(f"options.{name}", "", text))
        if problems:
            raise InputError(self.name, problems)
        return self

    @property
    def share(self) -> float:
        """Its share of production's ingress [1]."""
        if self.traffic is not None:
            return self.traffic
        return TRAFFIC if self.dr == "none" else 1.0

    @property
    def returned(self) -> float:
        """The copies that it sends to production, as a share of its own ingress [1]."""
        if self.dr != "active":
            return 0.0
        return WRITES if self.writes is None else self.writes

    @property
    def copied(self) -> float:
        """The copies that production sends to it, as a share of production's ingress [1]."""
        return 0.0 if self.dr == "none" else self.share * (1.0 - self.returned)

    def load(self, production: Operands) -> Operands:
        """Return its workload, for that of production, with the same shapes."""
        share = self.share
        standby = self.dr == "standby"
        fanout: Operand = 0.0 if standby else production.fanout
        # fields of its own, and the wishes of applications that run here too
        own = {
            name: float(value)
            for name in ("fanout", "zones", "replication_factor", "partitions", "connections")
            if (value := getattr(self, name)) is not None
        }
        if self.retention is not None:
            own["retention_h"] = parse(self.retention, DURATION).value(production.month_hours)
        return production.replace(
            **{
                "ingress_mib_s": production.ingress_mib_s * share,
                "retained_mib_s": production.retained_mib_s * share,
                "fanout": fanout,
                "partitions": np.maximum(np.ceil(production.partitions * share), 1.0),
                "connections": np.ceil(production.connections * share),
                "requests_per_s": production.requests_per_s * share,
                "connector_tasks": np.ceil(production.connector_tasks * share) * (not standby),
                "stream_processing_units": (
                    production.stream_processing_units * share * (not standby)
                ),
                "replica_regions": 0.0,
            }
            | own
        )

    def notes(self, region: str) -> Iterator[Message]:
        """Yield what a reader must know of it, next to a deployment in a ``region``."""
        if self.dr != "none" and self.region is None:
            yield _("at the prices of {region}, unless region is set", region=region)
        if self.dr == "standby" and self.fanout is None:
            yield _("sized for the copies until a failover; set fanout to size it for readers")
        if self.dr == "active":
            yield _("producers send {percent:.6g}% of writes to it", percent=100 * self.returned)


def repeated(environments: Sequence[Environment]) -> Iterator[str]:
    """Yield the names that several environments share."""
    counts = Counter(one.name for one in environments)
    yield from (name for name, count in counts.items() if count > 1)


#: The environments of a deployment; a list becomes a tuple.
EnvironmentsField = Annotated[Sequence[Environment], AfterValidator(tuple)]
