"""What a team must have, has and wishes: the input of a recommendation."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from kafkatco.core.inputs import Input

__all__ = ["Profile", "Standard"]

Standard = Literal["SOC 2", "HIPAA", "ISO 27001", "PCI DSS"]


class Profile(Input):
    """The team and its constraints: first what rules options out, then what speaks for some.

    Parameters
    ----------
    on_premises_only
        Data may not leave one's own premises.
    regions
        Where data may be: providers' own names of regions, such as
        ``["ap-northeast-2", "koreacentral"]``; anywhere by default.
    compliance
        Certificates that the provider must hold: "SOC 2", "HIPAA", "ISO 27001", "PCI DSS".
        Self-hosting is not ruled out: it is then one's own affair.
    certified
        What you know beyond our sources, by provider: ``{"aiven": ["SOC 2"]}``.
    clouds
        Clouds that come into question: "aws", "azure", "gcp", "on-prem"; any by default.
    staff
        People at hand for Kafka; an option that needs more is ruled out.  [FTE]
    multi_region
        Every byte must be copied to another region.
    customisation, mvp, operating
        Whether Kafka's inner workings must be controlled, an idea is to be tried out quickly,
        and the team already runs Kafka: what the article's guide asks about.
    margin
        Options whose cost differs by less are too close to call; 5 % by default.  [1]

    Examples
    --------
    >>> Profile(compliance=["SOC 2"], staff=1).staff
    1.0
    """

    on_premises_only: bool = False
    regions: list[str] | None = None
    compliance: list[Standard] = Field(default_factory=list)
    certified: dict[str, list[Standard]] = Field(default_factory=dict)
    clouds: list[Literal["aws", "azure", "gcp", "on-prem"]] | None = None
    staff: float | None = Field(default=None, ge=0)
    multi_region: bool = False
    customisation: bool = False
    mvp: bool = False
    operating: bool = False
    margin: float = Field(default=0.05, ge=0, lt=1)
