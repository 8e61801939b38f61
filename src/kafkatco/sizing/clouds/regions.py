"""The names of cloud regions: the cloud that has a name, and the nearest region of a cloud."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from kafkatco.errors import nearest
from kafkatco.i18n.message import Message, _

__all__ = ["cloud_of", "located", "nearest_of_cloud", "nearest_region"]

_COMPASS: Final = "(?:north|south|east|west|central)+"
#: The form of each cloud's names, by which they can be told apart: us-east-1, eastus, us-east1.
FORMS: Final = {
    "aws": re.compile(rf"[a-z]{{2}}(?:-[a-z]+)*-{_COMPASS}-\d(?:-[a-z]+-\d[a-z]?)?"),
    "azure": re.compile(rf"(?=[a-z]{{6}})[a-z]*{_COMPASS}[a-z]*\d?"),
    "gcp": re.compile(rf"[a-z]+-{_COMPASS}\d+"),
    "on-prem": re.compile("kr|us|eu"),
}
#: The regions of a city or country in the words of users, by lower-case name.
CITIES: Final = {
    "seoul": ("ap-northeast-2", "koreacentral", "asia-northeast3", "kr"),
    "korea": ("ap-northeast-2", "koreacentral", "asia-northeast3", "kr"),
    "서울": ("ap-northeast-2", "koreacentral", "asia-northeast3", "kr"),
    "tokyo": ("ap-northeast-1", "japaneast", "asia-northeast1"),
    "osaka": ("ap-northeast-3", "japanwest", "asia-northeast2"),
    "hong kong": ("ap-east-1", "eastasia", "asia-east2"),
    "singapore": ("ap-southeast-1", "southeastasia", "asia-southeast1"),
    "sydney": ("ap-southeast-2", "australiaeast", "australia-southeast1"),
    "mumbai": ("ap-south-1", "centralindia", "asia-south1"),
    "ireland": ("eu-west-1", "northeurope", "europe-west1", "eu"),
    "dublin": ("eu-west-1", "northeurope"),
    "belgium": ("europe-west1",),
    "london": ("eu-west-2", "uksouth", "europe-west2"),
    "paris": ("eu-west-3", "francecentral", "europe-west9"),
    "frankfurt": ("eu-central-1", "germanywestcentral", "europe-west3", "eu"),
    "stockholm": ("eu-north-1", "swedencentral", "europe-north2"),
    "canada": ("ca-central-1", "canadacentral", "northamerica-northeast1"),
    "sao paulo": ("sa-east-1", "brazilsouth", "southamerica-east1"),
    "virginia": ("us-east-1", "eastus", "us-east4", "us"),
    "ohio": ("us-east-2", "us-east5"),
    "oregon": ("us-west-2", "westus2", "us-west1"),
    "iowa": ("centralus", "us-central1"),
    "california": ("us-west-1", "westus"),
    "montreal": ("ca-central-1", "canadaeast", "northamerica-northeast1"),
    "calgary": ("ca-west-1",),
    "milan": ("eu-south-1", "italynorth", "europe-west8"),
    "cape town": ("af-south-1", "southafricawest"),
    "tel aviv": ("il-central-1", "israelcentral", "me-west1"),
    "bahrain": ("me-south-1",),
    "hyderabad": ("ap-south-2", "southindia"),
    "malaysia": ("ap-southeast-5", "malaysiawest"),
}


def cloud_of(region: str) -> str:
    """Return the cloud whose regions have names of this form; "" if no cloud has.

    >>> [cloud_of(name) for name in ("us-east-1", "eastus", "us-east1", "kr", "Seoul")]
    ['aws', 'azure', 'gcp', 'on-prem', '']
    """
    return next((cloud for cloud, form in FORMS.items() if form.fullmatch(region)), "")


def nearest_of_cloud(region: str, cloud: str) -> Message:
    """Return a hint with a region of a cloud in the same place, or with a similar name.

    >>> nearest_of_cloud("us-east-1", "azure"), nearest_of_cloud("koreacentral", "gcp")
    ("Did you mean 'eastus'?", "Did you mean 'asia-northeast3'?")
    """
    known = (name for names in CITIES.values() for name in names)
    return nearest_region(region, (name for name in known if cloud_of(name) == cloud))


def nearest_region(name: str, regions: Iterable[str]) -> Message:
    """Return a hint with a region of a city, or else those with the most similar names.

    ``name`` is a city, or a region of any cloud there.

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
    """Return the first of the regions that is in a city or next to a region, or else the name.

    >>> located("Seoul", ["ap-northeast-2", "us-east-1"])
    'ap-northeast-2'
    """
    known = set(regions)
    place = name.strip().casefold()
    matches = (
        region
        for city, there in CITIES.items()
        if place == city or place in there
        for region in there
        if region in known
    )
    return next(matches, name)
