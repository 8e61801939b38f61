"""What every deployment has: a name, a region, people, and the offers it makes to a workload."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, ClassVar, Final, Literal, Self

import numpy as np
from pydantic import Field, field_validator, model_validator

from kafkatco.core.inputs import Input, Name
from kafkatco.deployments.agreements import Commitment, CommitmentField, Credit, CreditField
from kafkatco.deployments.clusters import MOST_AS_NEEDED, ClustersField, times
from kafkatco.errors import InputError, Problem, nearest
from kafkatco.prices.catalogue import Catalogue
from kafkatco.sizing.clouds import CLOUDS, Cloud
from kafkatco.sizing.labour import Family, Labour
from kafkatco.sizing.own_nodes import OwnNodes
from kafkatco.sizing.quantities import Limit, Meter, Offer, Sizing, any_exceeded
from kafkatco.sizing.workload import Operands

__all__ = ["Deployment", "Labour"]

#: The support plans that have prices, by how their skus begin.
SUPPORT_PLANS: Final = {
    "aws.support.": ("developer", "business", "enterprise-on-ramp", "enterprise"),
    "confluent.support.": ("developer", "business", "premier"),
}


class Deployment(Input, ABC):
    """A way to run Kafka.  Subclasses define ``kind`` and :meth:`offers`, and little else.

    Parameters
    ----------
    name
        What results call it; its kind by default.
    region
        The provider's own name of a region.
    labour
        People; none by default, which results say.  ``{}`` takes the staffing model's.
    clusters
        Over how many clusters the workload is spread evenly: 1 (default), another number, or
        "as-needed": the least number, up to ten, that can serve.  [1]
    discount
        Share off what its provider charges, after a commitment; a line of its own.  [1]
    commitment
        What the nodes are committed to: "1-year" (a reservation or committed use), "3-year",
        "1-year-savings-plan", "3-year-savings-plan", at the published rates of that term; or
        ``{term = "1-year", discount = 0.28}``, your own share off their list price.  Of several
        choices, those without a rate for the term drop out, and the bill says how many.
    credit
        Money that pays the provider's charges until it is spent or expires: "400 USD",
        ``{amount = "400 USD", expires = "30 days"}``, or "trial", the provider's own.  It is paid
        once: bills and projections have it, crossovers and comparisons do not.
    monitoring
        "none" (default); "self-hosted": Prometheus and Grafana on nodes of one's own; or
        "managed": the provider's, which managed services include but for what they meter.
    support
        A support plan of the provider, such as "business"; "none" by default.
    service_instance
        What Connect workers, registries and the like run on, where they are one's own nodes; by
        default a small type of the cloud.
    """

    name: Name = ""
    region: str
    labour: Labour | None = None
    clusters: ClustersField = 1
    discount: float = Field(default=0.0, ge=0, le=1)
    monitoring: Literal["none", "self-hosted", "managed"] = "none"
    support: str = "none"
    commitment: CommitmentField = Field(default="none", validate_default=True)
    credit: CreditField = Field(default="none", validate_default=True)
    service_instance: str | None = None

    #: How the skus of this kind begin: a region of theirs is one that it can be in.
    sku_prefix: ClassVar[str]
    #: Which of the article's three families it is of.
    family: ClassVar[Family] = "fully-managed"
    #: The cloud that it runs on, for kinds without a field ``cloud``.
    runs_on: ClassVar[str] = "aws"
    #: Whether it runs on nodes, which may be committed to.
    has_nodes: ClassVar[bool] = True
    #: The sku of the credit that its provider gives to a new customer, if any.
    trial_credit: ClassVar[str] = ""
    #: How the skus of its provider's support plans begin, where not as those of its name.
    support_prefix: ClassVar[str] = ""
    #: What copies data to other regions, where the provider has a service for that.
    replication: ClassVar[str] = ""
    #: Whether what copies data to other regions reads it as a consumer does.
    copies_are_reads: ClassVar[bool] = True
    #: What this kind of deployment costs that its offers leave out.
    leaves_out: ClassVar[tuple[str, ...]] = ()
    #: What a user must give beside a region, in each way in which its prices differ.
    examples: ClassVar[tuple[Mapping[str, Any], ...]] = ({},)

    @field_validator("credit")
    @classmethod
    def _known_credit(cls, credit: Credit | None) -> Credit | None:
        if credit is not None and credit.amount is None and not cls.trial_credit:
            raise ValueError("an amount: no trial credit of this provider is known")
        return credit

    @field_validator("commitment")
    @classmethod
    def _may_commit(cls, commitment: Commitment | None) -> Commitment | None:
        if commitment is not None and not cls.has_nodes:
            raise ValueError("'none': it has no nodes to commit; a discount is a share of all")
        return commitment

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        found = tuple(self.misfits())
        if found:
            raise InputError(self.label, found)
        return self

    def misfits(self) -> Iterator[Problem]:
        """Yield what does not go together in its fields."""
        plans = SUPPORT_PLANS.get(self.support_skus, ())
        if self.support not in ("none", *plans):
            expected = " or ".join(repr(plan) for plan in ("none", *plans))
            yield Problem("support", repr(self.support), expected, nearest(self.support, plans))

    @property
    def label(self) -> str:
        """What results call this deployment."""
        return self.name or str(getattr(self, "kind", ""))

    @property
    def home(self) -> Cloud:
        """The cloud that it runs on, and what runs beside it."""
        return CLOUDS[str(getattr(self, "cloud", self.runs_on))]

    @property
    def own(self) -> OwnNodes:
        """Nodes of one's own beside it."""
        return OwnNodes(self.home, self.region, self.service_instance or self.home.small_node)

    @property
    def provider(self) -> str:
        """Who sells it, as skus name it."""
        return self.sku_prefix.partition(".")[0]

    @property
    def support_skus(self) -> str:
        """How the skus of its support plans begin: its provider's own."""
        return self.support_prefix or f"{self.provider}.support."

    @abstractmethod
    def offers(self, load: Operands, catalogue: Catalogue) -> tuple[Offer, ...]:
        """Return the ways in which one cluster can serve ``load``; several leave a choice."""

    def choices(self, load: Operands, catalogue: Catalogue) -> tuple[Offer, ...]:
        """Return every offer whole: its clusters, what stands beside them, and people."""
        beside = tuple(self._beside(load, catalogue))
        if self.clusters != "as-needed":
            return self._of_clusters(int(self.clusters), beside, load, catalogue)
        found: list[Offer] = []
        unserved: Any = True  # by any smaller number
        for count in range(1, MOST_AS_NEEDED + 1):
            fewer = Limit(np.logical_not(unserved), "fewer clusters can serve")
            own = self._of_clusters(count, beside, load, catalogue)
            found += [replace(offer, limits=(*offer.limits, fewer)) for offer in own]
            for offer in own:
                unserved = np.logical_and(unserved, any_exceeded(offer.limits))
        return tuple(found)

    def _of_clusters(
        self, count: int, beside: tuple[Meter, ...], load: Operands, catalogue: Catalogue
    ) -> tuple[Offer, ...]:
        """Return the offers of so many clusters, over which the workload is spread evenly."""
        share = load.split(count)
        copied: tuple[Meter, ...] = ()
        if np.any(load.replica_regions):
            copied = times(self.replicas(share, catalogue), count)
            if self.copies_are_reads:
                share = share.replace(fanout=share.fanout + share.replica_regions)
        found = []
        for offer in self.offers(share, catalogue):
            sizing = offer.sizing
            if self.clusters != 1:
                details = {**sizing.details, "clusters": count}
                sizing = replace(sizing, count=sizing.count * count, details=details)
            meters = (
                *times(offer.meters, count),
                *beside,
                *copied,
                *self._watched(load, catalogue, sizing),
                *self.people(load, catalogue, sizing),
            )
            found.append(replace(offer, meters=meters, sizing=sizing))
        return tuple(found)

    def _beside(self, load: Operands, catalogue: Catalogue) -> Iterator[Meter]:
        """Yield the meters of what the workload asks for once, beside its clusters."""
        for asked, provide in (
            (load.connector_tasks, self.connectors),
            (load.schema_registry, self.registry),
            (load.stream_processing_units, self.streams),
        ):
            if np.any(asked):
                yield from provide(load, catalogue)

    def _watched(self, load: Operands, catalogue: Catalogue, sizing: Sizing) -> Iterator[Meter]:
        if self.monitoring == "self-hosted":
            yield from self.own.monitoring(load, catalogue)
        elif self.monitoring == "managed":
            yield from self.metrics(load, catalogue, sizing)

    def connectors(self, load: Operands, catalogue: Catalogue) -> tuple[Meter, ...]:
        """Return the meters of ``load.connector_tasks``: by default workers of one's own."""
        return self.own.connect(load, catalogue)

    def registry(self, load: Operands, catalogue: Catalogue) -> tuple[Meter, ...]:
        """Return the meters of a schema registry: by default nodes of one's own."""
        return self.own.registry(load, catalogue)

    def streams(self, load: Operands, catalogue: Catalogue) -> tuple[Meter, ...]:
        """Return the meters of ``load.stream_processing_units``: by default nodes of one's own."""
        return self.own.streams(load, catalogue)

    def replicas(self, load: Operands, catalogue: Catalogue) -> tuple[Meter, ...]:
        """Return the meters of copying to ``load.replica_regions``: by default MirrorMaker 2."""
        return self.own.mirrors(load, catalogue)

    def metrics(self, load: Operands, catalogue: Catalogue, sizing: Sizing) -> tuple[Meter, ...]:
        """Return the meters of the provider's monitoring: by default none, it is included."""
        return ()

    def people(self, load: Operands, catalogue: Catalogue, sizing: Sizing) -> tuple[Meter, ...]:
        """Return the labour meters."""
        if self.labour is None:
            return ()
        return self.labour.meters(self.family, catalogue, sizing, load.month_hours)

    def not_modelled(self, load: Operands) -> tuple[str, ...]:
        """Name what this deployment costs in real life and not here."""
        found = [*self.leaves_out]
        if np.any(load.replica_regions):
            found.append("the clusters in the replica regions: each is a deployment of its own")
        if self.monitoring == "none":
            found.append("monitoring (none given)")
        if self.support == "none":
            found.append("support plan (none given)")
        return tuple(found) if self.labour else (*found, "labour (none given)")
