"""The team and its constraints: the input of a recommendation."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from kafkatco.core.inputs import Input

__all__ = ["Profile", "Standard"]

Standard = Literal["SOC 2", "HIPAA", "ISO 27001", "PCI DSS"]


class Profile(Input):
    """The team and its constraints, some of which rule options out.

    Parameters
    ----------
    on_premises_only
        Whether data must stay on your premises.
    regions
        Regions that may be used, as providers name them, such as
        ``["ap-northeast-2", "koreacentral"]``; all by default.
    compliance
        Certificates that the provider must hold: "SOC 2", "HIPAA", "ISO 27001", "PCI DSS".
        Self-hosting is not ruled out, since its compliance depends on you.
    certified
        Certificates that you know of and our sources lack, by provider: ``{"aiven": ["SOC 2"]}``.
    clouds
        Clouds that may be used: "aws", "azure", "gcp", "on-prem"; all by default.
    staff
        People available to run Kafka; an option that needs more is ruled out.  Without ``labour``
        it needs those of the staffing model.  [FTE]
    multi_region
        Whether every byte must be copied to another region.
    customisation, mvp, operating
        Conditions of the article's guide: you must control Kafka's internals, you want to try an
        idea quickly, or your team already runs Kafka.
    margin
        Options whose costs differ by less are too close to call; 5 % by default.  [1]

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
