"""The continents of cloud regions: which of many regions a message should name."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

__all__ = ["some_regions"]

#: The names of regions by continent, for all providers.  The first match counts: "australia" and
#: "austria" contain "us".
_CONTINENTS: Final = {
    "Africa": r"^af-|africa",
    "Middle East": r"^(me|il)-|uae|qatar|israel",
    "Asia and Oceania": r"^ap-|asia|australia|newzealand|china|india|indonesia|japan|korea|malaysia",
    "Europe": r"^eu-|europe|^uk|austria|belgium|denmark|france|germany|italy|norway|poland|spain"
    r"|sweden|switzerland",
    "America": r"^(us|ca|mx|sa)-|america|brazil|canada|chile|mexico|us\d?$",
}
#: How many regions a message names.
_MOST: Final = 8


def some_regions(near: str, regions: Iterable[str]) -> str:
    """Return up to eight regions, those on the continent of the region ``near`` first.

    >>> some_regions("eu-west-9", ["ap-south-1", "eu-west-1", "us-east-1"])
    'eu-west-1, ap-south-1, us-east-1'
    """
    here = _continent(near)
    names = sorted(set(regions), key=lambda name: (_continent(name) != here, name))
    return ", ".join([*names[:_MOST], "..."] if len(names) > _MOST else names)


def _continent(region: str) -> str:
    for continent, pattern in _CONTINENTS.items():
        if re.search(pattern, region):
            return continent
    return ""
