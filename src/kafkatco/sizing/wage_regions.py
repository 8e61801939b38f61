"""The country whose wages the people of a deployment have, by its cloud region."""

from __future__ import annotations

import re
from typing import Final

from kafkatco.prices.regions import continent

__all__ = ["has_own_wage", "wage_region"]

#: The names of regions in each country of which a wage is known.
_HOME: Final = {
    "kr": re.compile(r"ap-northeast-2|korea.*|asia-northeast3|kr"),
    "us": re.compile(r"us-.*|.*us\d?"),
    "ie": re.compile(r"eu-west-1|northeurope"),
    "de": re.compile(r"eu-central-1|germany.*|europe-west(3|10)"),
}
#: The country nearest to all others of a continent: Germany, where there is none on it.
_NEAREST: Final = {"Asia and Oceania": "kr", "America": "us"}


def wage_region(region: str) -> str:
    """Return the country of a cloud region, or else the nearest one of which a wage is known.

    >>> [wage_region(name) for name in ("asia-northeast3", "eastus", "eu-west-1", "ap-south-1")]
    ['kr', 'us', 'ie', 'kr']
    """
    return _country(region) or _NEAREST.get(continent(region), "de")


def has_own_wage(region: str) -> bool:
    """Return whether a wage is known of the country of a cloud region.

    >>> has_own_wage("koreacentral"), has_own_wage("japaneast")
    (True, False)
    """
    return bool(_country(region))


def _country(region: str) -> str:
    return next((name for name, form in _HOME.items() if form.fullmatch(region)), "")
