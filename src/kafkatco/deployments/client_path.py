"""How clients reach a service outside their own network, and what their cloud bills for it."""

from __future__ import annotations

from abc import ABC
from collections.abc import Iterator
from dataclasses import replace
from typing import ClassVar, Literal

from pydantic import Field

from kafkatco.deployments.base import Deployment
from kafkatco.errors import Problem, either
from kafkatco.i18n.message import Message, _
from kafkatco.prices.catalogue import Catalogue
from kafkatco.sizing.quantities import Candidate, Meter, Sizing
from kafkatco.sizing.workload import Operands

__all__ = ["Access", "OutsideNetwork"]

#: The paths of clients to a service.
Access = Literal["private-link", "nat", "public-ip", "none"]


class OutsideNetwork(Deployment, ABC):
    """A service outside its clients' network, whose path to it is on their cloud's bill.

    Parameters
    ----------
    access
        How clients in the cloud reach the service: "private-link", an endpoint in each zone; "nat",
        a NAT gateway in each zone (on Google, one for the region) with a public address;
        "public-ip", public addresses of their own; or "none", at no charge that is modelled.  By
        default, in production, it is the usual path of the kind, if its prices are published for
        the cloud; without the assumption ``client_path`` it is "none".
    public_addresses
        Number of public addresses of clients, with "public-ip"; 0 by default.  [1]
    """

    access: Access | None = None
    public_addresses: int = Field(default=0, ge=0)

    #: The path of clients in private subnets, unless ``access`` has another.
    usual_access: ClassVar[Access] = "none"
    #: Whether the service has no public endpoint.
    private_only: ClassVar[bool] = False
    #: Whether the service sells private endpoints.
    sells_endpoints: ClassVar[bool] = True

    def conflicts(self) -> Iterator[Problem]:
        """Yield a problem for a path that the cloud or the service does not have."""
        yield from super().conflicts()
        chosen = self.chosen_access
        paths = [path for path in self.home.paths if not (self.private_only and path in _PUBLIC)]
        if chosen not in (None, *paths):
            yield Problem("access", repr(chosen), either(repr(path) for path in paths))
        if self.public_addresses and chosen != "public-ip":
            expected = _('0, unless access = "public-ip"')
            yield Problem("public_addresses", repr(self.public_addresses), expected)

    @property
    def chosen_access(self) -> Access | None:
        """The user's own choice of a path, if any."""
        return self.access

    @property
    def _default_access(self) -> Access:
        """The usual path, if its prices are published for the cloud."""
        listed = self.usual_access in self.home.listed_paths
        return self.usual_access if listed else "none"

    def path(self, catalogue: Catalogue) -> Access:
        """Return the path of clients that is billed."""
        usual = self._default_access if catalogue.assumed("client_path") else "none"
        return self.chosen_access or usual

    def choices(self, load: Operands, catalogue: Catalogue) -> tuple[Candidate, ...]:
        """Return the candidates complete; each says what of the clients' path is not billed."""
        path = self.path(catalogue)
        notes: tuple[Message, ...] = ()
        if path == "nat":
            notes = (_("traffic between NAT gateways and the service is not billed"),)
        elif self.chosen_access is None and path != self._default_access:
            notes = (_("the path of clients to the service is not billed"),)
        return tuple(
            replace(candidate, notes=(*candidate.notes, *notes))
            for candidate in super().choices(load, catalogue)
        )

    def client_path(
        self, load: Operands, catalogue: Catalogue, sizing: Sizing
    ) -> tuple[Meter, ...]:
        """Return the meters of the clients' path to all clusters.

        Clusters share the NAT gateways; each has endpoints of its own.  Copies that are read by
        nodes in the clients' network take the same path as other reads.
        """
        return self.home.reached(
            self.with_copies(load),
            self.region,
            self.path(catalogue),
            clusters=sizing.clusters,
            addresses=self.public_addresses,
        )

    def not_modelled(self, load: Operands) -> tuple[str, ...]:
        """Return the costs and limits that the model omits, as messages."""
        path = self.chosen_access or self._default_access
        omitted = (_("the path of clients to the service"),) if path == "none" else ()
        return (*omitted, *super().not_modelled(load))


_PUBLIC = ("nat", "public-ip")
