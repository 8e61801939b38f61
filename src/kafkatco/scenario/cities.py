"""The cities of cloud regions, for hints: scenario files have the providers' names of regions."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from kafkatco.errors import nearest
from kafkatco.i18n.message import Message, _

__all__ = ["located", "nearest_region"]

#: The regions of a city or country in the words of users, by lower-case name.
CITIES: Final = {
    "seoul": ("ap-northeast-2", "koreacentral", "asia-northeast3"),
    "korea": ("ap-northeast-2", "koreacentral", "asia-northeast3"),
    "서울": ("ap-northeast-2", "koreacentral", "asia-northeast3"),
    "tokyo": ("ap-northeast-1", "japaneast", "asia-northeast1"),
    "singapore": ("ap-southeast-1", "southeastasia", "asia-southeast1"),
    "mumbai": ("ap-south-1", "centralindia", "asia-south1"),
    "ireland": ("eu-west-1", "northeurope"),
    "dublin": ("eu-west-1", "northeurope"),
    "belgium": ("europe-west1",),
    "frankfurt": ("eu-central-1", "germanywestcentral", "europe-west3"),
    "virginia": ("us-east-1", "eastus", "us-east4"),
    "ohio": ("us-east-2", "us-east5"),
    "oregon": ("us-west-2", "westus2", "us-west1"),
    "iowa": ("centralus", "us-central1"),
    "california": ("us-west-1", "westus"),
    "montreal": ("ca-central-1", "canadaeast", "northamerica-northeast1"),
    "calgary": ("ca-west-1",),
    "sao paulo": ("sa-east-1", "brazilsouth", "southamerica-east1"),
    "london": ("eu-west-2", "uksouth", "europe-west2"),
    "paris": ("eu-west-3", "francecentral", "europe-west9"),
    "milan": ("eu-south-1", "italynorth", "europe-west8"),
    "stockholm": ("eu-north-1", "swedencentral", "europe-north2"),
    "cape town": ("af-south-1", "southafricawest"),
    "tel aviv": ("il-central-1", "israelcentral", "me-west1"),
    "bahrain": ("me-south-1",),
    "hyderabad": ("ap-south-2", "southindia"),
    "hong kong": ("ap-east-1", "eastasia", "asia-east2"),
    "osaka": ("ap-northeast-3", "japanwest", "asia-northeast2"),
    "malaysia": ("ap-southeast-5", "malaysiawest"),
    "sydney": ("ap-southeast-2", "australiaeast", "australia-southeast1"),
}


def nearest_region(name: str, regions: Iterable[str]) -> Message:
    """Return a hint with the regions of a city, or else those with the most similar names.

    >>> nearest_region("Seoul", ["ap-northeast-2", "us-east-1"])
    "Did you mean 'ap-northeast-2'?"
    >>> nearest_region("us-esat-1", ["ap-northeast-2", "us-east-1"])
    "Did you mean 'us-east-1'?"
    """
    known = set(regions)
    region = located(name, known)
    if region in known:
        return _("Did you mean {words}?", words=repr(region))
    return nearest(name, known, limit=0)


def located(name: str, regions: Iterable[str]) -> str:
    """Return the one of the regions that is in a city, or else the name.

    >>> located("Seoul", ["ap-northeast-2", "us-east-1"])
    'ap-northeast-2'
    """
    known = set(regions)
    cities = (region for region in CITIES.get(name.strip().casefold(), ()) if region in known)
    return next(cities, name)
