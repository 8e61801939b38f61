"""Some of many regions, for messages: those on the same continent first."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from kafkatco.i18n.message import Message, _

__all__ = ["continent", "priced_regions", "some_regions"]

#: The names of regions by continent, for all providers.  The first match counts: "australia" and
#: "austria" contain "us".
_CONTINENTS: Final = {
    "Africa": r"^af-|africa",
    "Middle East": r"^(me|il)-|uae|qatar|israel",
    "Asia and Oceania": r"^ap-|asia|australia|china|india|indonesia|japan|korea|malaysia|zealand",
    "Europe": r"^eu-|europe|^uk|austria|belgium|denmark|france|germany|italy|norway|poland|spain"
    r"|sweden|switzerland",
    "America": r"^(us|ca|mx|sa)-|america|brazil|canada|chile|mexico|us\d?$",
}
#: How many regions a message names.
_MOST: Final = 8


def priced_regions(near: str, regions: Iterable[str]) -> Message:
    """Return a hint with the regions that have a price, eight at most.

    >>> priced_regions("eu-west-9", ["us-east-1", "eu-west-1"])
    'It has a price in: eu-west-1, us-east-1.'
    """
    every = tuple(regions)
    named = ", ".join(some_regions(near, every))
    if len(every) <= _MOST:
        return _("It has a price in: {regions}.", regions=named)
    return _(
        "It has a price in {count} regions, such as {regions}.", count=len(every), regions=named
    )


def some_regions(near: str, regions: Iterable[str]) -> tuple[str, ...]:
    """Return up to eight regions, those on the continent of the region ``near`` first.

    >>> some_regions("eu-west-9", ["ap-south-1", "eu-west-1", "us-east-1"])
    ('eu-west-1', 'ap-south-1', 'us-east-1')
    """
    here = continent(near)

    def distance(region: str) -> tuple[bool, bool, str]:
        return continent(region) != here, "gov" in region, region

    return tuple(sorted(regions, key=distance)[:_MOST])


def continent(region: str) -> str:
    """Return the continent of a cloud region; "" if its name does not say.

    >>> continent("australiaeast"), continent("eastus")
    ('Asia and Oceania', 'America')
    """
    for continent, pattern in _CONTINENTS.items():
        if re.search(pattern, region):
            return continent
    return ""
