"""The cities of cloud regions, for hints: scenario files have the providers' names of regions."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from kafkatco.errors import nearest
from kafkatco.i18n.message import Message, _

__all__ = ["nearest_region"]

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
}


def nearest_region(name: str, regions: Iterable[str]) -> Message:
    """Return a hint with the regions of a city, or else those with the most similar names.

    >>> nearest_region("Seoul", ["ap-northeast-2", "us-east-1"])
    "Did you mean 'ap-northeast-2'?"
    >>> nearest_region("us-esat-1", ["ap-northeast-2", "us-east-1"])
    "Did you mean 'us-east-1'?"
    """
    known = set(regions)
    matches = [region for region in CITIES.get(name.strip().casefold(), ()) if region in known]
    if matches:
        return _("Did you mean {words}?", words=repr(matches[0]))
    return nearest(name, known, limit=0)
