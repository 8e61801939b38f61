"""The indices of Amazon's price list: where the file of each service and region is found.

The index of services names each service's index of regions, which names the file of each region.
A past date takes the version that was the last one published by then, from the index of versions.
Savings plans hang at EC2 and have indices of a shape of their own: lists instead of objects.
"""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

from kafkatco.errors import nearest
from kafkatco.prices.refresh.http import Web
from kafkatco.prices.refresh.parse import date_of, failed, field

__all__ = ["files_of", "offers_of"]

#: The savings plans that there are rules for, and the service at whose entry they are named.
PLANS: Final = "AWSComputeSavingsPlan"
PLANS_AT: Final = "AmazonEC2"


def offers_of(web: Web, root: str) -> dict[str, Any]:
    """Return the entry of each service in the index of services."""
    what = "AWS index of services"
    index, _ = web.json(f"{root}/offers/v1.0/aws/index.json", what=what)
    services: dict[str, Any] = field(index, "offers", dict, what)
    return services


def files_of(
    web: Web, root: str, offers: dict[str, Any], service: str, as_of: dt.date
) -> dict[str, str]:
    """Return the address of each region's file of a service, in CSV, as published by a date."""
    what = f"AWS {service}"
    entry = PLANS_AT if service == PLANS else service
    if entry not in offers:
        raise failed(what, f"no {entry}", "that service", nearest(entry, offers))
    if service == PLANS:
        paths = _plans(web, root, offers[entry], what, as_of)
    else:
        paths = _services(web, root, offers[entry], what, as_of)
    return {
        region: _at(root, path.removesuffix(".json") + ".csv", f"{what} in {region}")
        for region, path in paths.items()
    }


def _at(root: str, path: str, what: str) -> str:
    """Return the address of a path that an index names, which must be one of this host."""
    if not path.startswith("/"):  # appended to a host, it might name another one
        raise failed(what, f"the address {path[:40]!r}", "a path of this host")
    return root + path


def _services(
    web: Web, root: str, offer: dict[str, Any], what: str, as_of: dt.date
) -> dict[str, str]:
    name = f"{what} index of regions"
    url = _at(root, field(offer, "currentRegionIndexUrl", str, what), name)
    index, _ = web.json(url, what=name)
    published = date_of(field(index, "publicationDate", str, name), name)
    regions = field(index, "regions", dict, name)
    files = {
        region: field(entry, "currentVersionUrl", str, name) for region, entry in regions.items()
    }
    if published <= as_of:
        return files
    name = f"{what} index of versions"
    url = _at(root, field(offer, "versionIndexUrl", str, what), name)
    index, _ = web.json(url, what=name)
    end = f"{as_of:%Y%m%d}235959"  # a version is named for the second of its publication
    versions = field(index, "versions", dict, name)
    past = sorted(version for version in versions if version.isdecimal() and version <= end)
    if not past:
        raise failed(name, f"none by {as_of.isoformat()}", "a version of that day or before")
    return {region: _of_version(path, past[-1]) for region, path in files.items()}


def _of_version(path: str, version: str) -> str:
    """Return the address of a region's file in another version: the part before the region's."""
    parts = path.split("/")
    return "/".join([*parts[:-3], version, *parts[-2:]])


def _plans(web: Web, root: str, offer: dict[str, Any], what: str, as_of: dt.date) -> dict[str, str]:
    name = f"{what} index of regions"
    url = _at(root, field(offer, "currentSavingsPlanIndexUrl", str, what), name)
    index, _ = web.json(url, what=name)
    if date_of(field(index, "publicationDate", str, name), name) > as_of:
        versions = f"{what} index of versions"
        url = _at(root, field(offer, "savingsPlanVersionIndexUrl", str, what), versions)
        every, _ = web.json(url, what=versions)
        by_date = {
            field(version, "publicationDate", str, versions): version
            for version in field(every, "versions", list, versions)
        }
        past = sorted(stamp for stamp in by_date if date_of(stamp, versions) <= as_of)
        if not past:
            given = f"none by {as_of.isoformat()}"
            raise failed(versions, given, "a version of that day or before")
        url = _at(root, field(by_date[past[-1]], "offerVersionUrl", str, versions), name)
        index, _ = web.json(url, what=name)
    return {
        field(entry, "regionCode", str, name): field(entry, "versionUrl", str, name)
        for entry in field(index, "regions", list, name)
    }
