"""The indices of Amazon's price list, which have the address of each service's file by region.

The index of services has the address of each service's index of regions, which has that of each
region's file.  A past date uses the last version published by then, from the index of versions.
Savings plans belong to EC2, and their indices are lists instead of objects.
"""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

from kafkatco.errors import nearest
from kafkatco.i18n.message import _, join
from kafkatco.prices.refresh.http import Web
from kafkatco.prices.refresh.parse import date_of, failed, field

__all__ = ["files_of", "offers_of"]

#: The savings plans that have rules, and the service whose entry has their indices.
PLANS: Final = "AWSComputeSavingsPlan"
PLANS_AT: Final = "AmazonEC2"


def offers_of(web: Web, root: str) -> dict[str, Any]:
    """Return the entry of each service in the index of services."""
    label = _("AWS index of services")
    index, _origin = web.json(f"{root}/offers/v1.0/aws/index.json", label=label)
    services: dict[str, Any] = field(index, "offers", dict, label)
    return services


def files_of(
    web: Web, root: str, offers: dict[str, Any], service: str, as_of: dt.date
) -> dict[str, str]:
    """Return the address of a service's CSV file for each region, as published by a date."""
    label = _("AWS {service}", service=service)
    entry = PLANS_AT if service == PLANS else service
    if entry not in offers:
        sentence = _("the index has no service {service}", service=entry)
        raise failed(label, sentence, nearest(entry, offers))
    if service == PLANS:
        paths = _plans(web, root, offers[entry], label, as_of)
    else:
        paths = _services(web, root, offers[entry], label, as_of)
    return {
        region: _at(
            root,
            path.removesuffix(".json") + ".csv",
            _("AWS {service} in {region}", service=service, region=region),
        )
        for region, path in paths.items()
    }


def _at(root: str, path: str, label: str) -> str:
    """Return the address of a path of an index, which must be on this host."""
    if not path.startswith("/"):  # appended to a host, it might give another one
        raise failed(label, _("the address {path!r} is not a path of this host", path=path[:40]))
    return root + path


def _services(
    web: Web, root: str, offer: dict[str, Any], label: str, as_of: dt.date
) -> dict[str, str]:
    name = join(", ", [label, _("index of regions")])
    url = _at(root, field(offer, "currentRegionIndexUrl", str, label), name)
    index, _origin = web.json(url, label=name)
    published = date_of(field(index, "publicationDate", str, name), name)
    regions = field(index, "regions", dict, name)
    files = {
        region: field(entry, "currentVersionUrl", str, name) for region, entry in regions.items()
    }
    if published <= as_of:
        return files
    name = join(", ", [label, _("index of versions")])
    url = _at(root, field(offer, "versionIndexUrl", str, label), name)
    index, _origin = web.json(url, label=name)
    end = f"{as_of:%Y%m%d}235959"  # the name of a version is the second of its publication
    versions = field(index, "versions", dict, name)
    past = sorted(version for version in versions if version.isdecimal() and version <= end)
    if not past:
        raise failed(name, _("no version on or before {date}", date=as_of.isoformat()))
    return {region: _of_version(path, past[-1]) for region, path in files.items()}


def _of_version(path: str, version: str) -> str:
    """Return the address of a region's file in another version, the part before the region."""
    parts = path.split("/")
    return "/".join([*parts[:-3], version, *parts[-2:]])


def _plans(
    web: Web, root: str, offer: dict[str, Any], label: str, as_of: dt.date
) -> dict[str, str]:
    name = join(", ", [label, _("index of regions")])
    url = _at(root, field(offer, "currentSavingsPlanIndexUrl", str, label), name)
    index, _origin = web.json(url, label=name)
    if date_of(field(index, "publicationDate", str, name), name) > as_of:
        versions = join(", ", [label, _("index of versions")])
        url = _at(root, field(offer, "savingsPlanVersionIndexUrl", str, label), versions)
        every, _origin = web.json(url, label=versions)
        by_date = {
            field(version, "publicationDate", str, versions): version
            for version in field(every, "versions", list, versions)
        }
        past = sorted(stamp for stamp in by_date if date_of(stamp, versions) <= as_of)
        if not past:
            raise failed(versions, _("no version on or before {date}", date=as_of.isoformat()))
        url = _at(root, field(by_date[past[-1]], "offerVersionUrl", str, versions), name)
        index, _origin = web.json(url, label=name)
    return {
        field(entry, "regionCode", str, name): field(entry, "versionUrl", str, name)
        for entry in field(index, "regions", list, name)
    }
