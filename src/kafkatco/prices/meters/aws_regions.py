"""The codes of Amazon's regions, by their names on its price pages."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

__all__ = ["REGIONS"]

#: Local zones have the codes of the price list's indices.
REGIONS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "AWS GovCloud (US)": "us-gov-west-1",
        "AWS GovCloud (US-East)": "us-gov-east-1",
        "Africa (Cape Town)": "af-south-1",
        "Asia Pacific (Hong Kong)": "ap-east-1",
        "Asia Pacific (Hyderabad)": "ap-south-2",
        "Asia Pacific (Jakarta)": "ap-southeast-3",
        "Asia Pacific (Malaysia)": "ap-southeast-5",
        "Asia Pacific (Melbourne)": "ap-southeast-4",
        "Asia Pacific (Mumbai)": "ap-south-1",
        "Asia Pacific (New Zealand)": "ap-southeast-6",
        "Asia Pacific (Osaka)": "ap-northeast-3",
        "Asia Pacific (Seoul)": "ap-northeast-2",
        "Asia Pacific (Singapore)": "ap-southeast-1",
        "Asia Pacific (Sydney)": "ap-southeast-2",
        "Asia Pacific (Taipei)": "ap-east-2",
        "Asia Pacific (Thailand)": "ap-southeast-7",
        "Asia Pacific (Tokyo)": "ap-northeast-1",
        "Canada (Central)": "ca-central-1",
        "Canada West (Calgary)": "ca-west-1",
        "EU (Frankfurt)": "eu-central-1",
        "EU (Ireland)": "eu-west-1",
        "EU (London)": "eu-west-2",
        "EU (Milan)": "eu-south-1",
        "EU (Paris)": "eu-west-3",
        "EU (Spain)": "eu-south-2",
        "EU (Stockholm)": "eu-north-1",
        "EU (Zurich)": "eu-central-2",
        "Israel (Tel Aviv)": "il-central-1",
        "Mexico (Central)": "mx-central-1",
        "Middle East (Bahrain)": "me-south-1",
        "Middle East (UAE)": "me-central-1",
        "South America (Sao Paulo)": "sa-east-1",
        "US East (N. Virginia)": "us-east-1",
        "US East (Ohio)": "us-east-2",
        "US West (Los Angeles)": "us-west-2-lax-1",
        "US West (N. California)": "us-west-1",
        "US West (Oregon)": "us-west-2",
        "US West (Phoenix)": "us-west-2-phx-1",
    }
)
