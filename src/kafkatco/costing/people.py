"""People in a comparison: who is cheapest with and without them, and who has none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from kafkatco.i18n.message import EMPTY, Message, _, join, ngettext

if TYPE_CHECKING:
    from kafkatco.deployments import Deployment

__all__ = ["Winners", "winners_of", "without_people"]


class Billed(Protocol):
    """What a bill has that decides who is cheapest."""

    @property
    def name(self) -> str:
        """The name of the deployment."""

    @property
    def provider_charges(self) -> float | None:
        """The total without people; ``None`` if infeasible."""

    @property
    def total(self) -> float | None:
        """The total; ``None`` if infeasible."""

    @property
    def is_floor(self) -> bool:
        """Whether the total is a floor."""


@dataclass(frozen=True, slots=True)
class Winners:
    """The names of the cheapest options, by provider charges alone and by total; "" if none."""

    provider_charges: str
    total: str

    @property
    def text(self) -> Message:
        """The two in a sentence; empty if they are the same."""
        if self.provider_charges == self.total:
            return EMPTY
        return _(
            "{charges} is cheapest by provider charges alone, {total} with people",
            charges=self.provider_charges,
            total=self.total,
        )


def winners_of(bills: Sequence[Billed]) -> Winners:
    """Return the cheapest options of bills at the same prices; a floor never is."""
    known = [bill for bill in bills if bill.total is not None and not bill.is_floor]
    if not known:
        return Winners("", "")
    charges = min(known, key=lambda bill: bill.provider_charges or 0.0)
    total = min(known, key=lambda bill: bill.total or 0.0)
    return Winners(charges.name, total.name)


def without_people(deployments: Sequence[Deployment]) -> Message:
    """Return a note that names the deployments without labour; empty if all have it."""
    names = [deployment.label for deployment in deployments if deployment.labour is None]
    if not names:
        return EMPTY
    if len(names) == len(deployments):
        return _("labour is not set: costs are without people")
    return ngettext(
        "labour is not set for {names}: its cost is without people",
        "labour is not set for {names}: their costs are without people",
        len(names),
        names=join(", ", names),
    )
