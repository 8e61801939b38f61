"""Amazon's price list: from the index of services to the file of each service and region.

The list is public, without a key.  Its index names each service's index of regions, which names
the file of each region.  That is read in CSV, line by line, since the one of EC2 has hundreds of
megabytes: five lines about the file, then a header whose columns differ by service and over time,
so that they are found by name.  A past date takes the version that was the last one published by
then, from the index of versions.
"""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from kafkatco.errors import Problem, RefreshError, nearest
from kafkatco.refresh.aws_rules import REGION_PREFIX, RULES, Rule
from kafkatco.refresh.source import Asked, Part, Reading, Where
from kafkatco.refresh.web import MEGABYTE, Raw, Web, describe

__all__ = ["Aws"]

#: The columns that every file has and that are read, whatever a rule asks for.
COLUMNS: Final = (
    "SKU", "TermType", "EffectiveDate", "StartingRange", "Unit", "PricePerUnit", "Currency",
    "usageType",
)  # fmt: skip
#: The largest file that is read: that of EC2 in one region.
MOST: Final = 4000 * MEGABYTE
#: After how many lines to tell how many there were.
STEP: Final = 50_000


@dataclass(frozen=True, slots=True)
class Aws:
    """The AWS Price List, as bulk files: on demand, in the regions that the tables have."""

    url: str = "https://pricing.us-east-1.amazonaws.com"
    name: str = "aws"
    prefix: str = "aws."
    keys: tuple[str, ...] = ()
    table: str = "aws/commitments.csv"

    def read(self, web: Web, asked: Asked) -> Iterator[Part]:
        """Yield what the file of each service in each region says."""
        index, _ = web.json(f"{self.url}/offers/v1.0/aws/index.json", what="AWS index of services")
        offers = _field(index, "offers", dict, "AWS index of services")
        for service, rules in RULES.items():
            covers = _covered(rules, asked)
            regions = sorted({region for _, region in covers})
            if not regions:
                continue
            what = f"AWS {service}"
            if service not in offers:
                raise _failed(what, f"no {service}", "that service", nearest(service, offers))
            files = self._files(web, offers[service], what, asked.as_of)
            for region in regions:
                where = f"{what} in {region}"
                wanted = frozenset(place for place in covers if place[1] == region)
                if region not in files:
                    hint = nearest(region, files)
                    raise _failed(where, "no file", "that of the region", hint)
                with web.file(self.url + files[region], what=where, most=MOST, skip=True) as raw:
                    readings = None if raw is None else [*_lines(raw, rules, region, web)]
                yield _part(where, wanted, readings, asked)

    def _files(self, web: Web, offer: dict[str, Any], what: str, as_of: dt.date) -> dict[str, str]:
        """Return the address of each region's file, in CSV, as published by a date."""
        name = f"{what} index of regions"
        url = self.url + _field(offer, "currentRegionIndexUrl", str, what)
        index, _ = web.json(url, what=name)
        published = _field(index, "publicationDate", str, name)
        found = _field(index, "regions", dict, name)
        files = {
            region: _field(entry, "currentVersionUrl", str, name) for region, entry in found.items()
        }
        if _date(published, name) > as_of:
            version = self._version(web, offer, what, as_of)
            files = {region: _of_version(path, version) for region, path in files.items()}
        return {region: path.removesuffix(".json") + ".csv" for region, path in files.items()}

    def _version(self, web: Web, offer: dict[str, Any], what: str, as_of: dt.date) -> str:
        """Return the version of the list that was the last one published by a date."""
        name = f"{what} index of versions"
        url = self.url + _field(offer, "versionIndexUrl", str, what)
        index, _ = web.json(url, what=name)
        end = f"{as_of:%Y%m%d}235959"  # a version is named for the second of its publication
        versions = _field(index, "versions", dict, name)
        known = sorted(version for version in versions if version.isdecimal() and version <= end)
        if not known:
            raise _failed(name, f"none by {as_of.isoformat()}", "a version of that day or before")
        return str(known[-1])


def _of_version(path: str, version: str) -> str:
    """Return the address of a region's file in another version: the part before the region's."""
    parts = path.split("/")
    return "/".join([*parts[:-3], version, *parts[-2:]])


def _covered(rules: Sequence[Rule], asked: Asked) -> frozenset[Where]:
    """Return every sku and region of the tables that these rules should find a price for."""
    skus = {sku for sku in asked.regions if any(rule.prices(sku) for rule in rules)}
    return frozenset((sku, region) for sku in skus for region in asked.regions[sku] - {"any"})


def _part(
    what: str, covers: frozenset[Where], readings: Sequence[Reading] | None, asked: Asked
) -> Part:
    """Return what a file says of what was asked, and which other skus it prices."""
    if readings is None:
        return Part(what, covers, None)
    wanted = tuple(reading for reading in readings if (reading.sku, reading.region) in covers)
    other = {reading.sku for reading in readings} - set(asked.regions)
    return Part(what, covers, wanted, frozenset(other))


def _lines(raw: Raw, rules: Sequence[Rule], region: str, web: Web) -> Iterator[Reading]:
    """Yield the prices that the rules find in a file."""
    with raw.path.open(encoding="utf-8", newline="") as file:
        reader = csv.reader(file, strict=True)
        try:
            published, header = _preamble(reader, raw)
            origin = raw.origin._replace(published=published)
            asked = {column for rule in rules for column in rule.having}
            missing = [name for name in (*COLUMNS, *sorted(asked)) if name not in header]
            if missing:
                hint = nearest(missing[0], header)
                raise _failed(raw.what, "no column " + ", ".join(missing), "each of them", hint)
            at = {name: header.index(name) for name in (*COLUMNS, *asked)}
            for number, line in enumerate(reader):
                if web.progress and number % STEP == 0:
                    web.progress(raw.what, 0, 0, number)
                if len(line) != len(header):
                    given = f"{len(line)} cells in line {reader.line_num}"
                    raise _failed(raw.what, given, f"{len(header)} cells")
                usage = REGION_PREFIX.sub("", line[at["usageType"]], count=1)
                for rule in rules:
                    sku = rule.sku_of(usage)
                    if (
                        sku
                        and line[at["TermType"]] == rule.term
                        and all(line[at[name]] == text for name, text in rule.having.items())
                    ):
                        cells = {name: line[at[name]] for name in COLUMNS}
                        yield _reading(rule, sku, region, cells, raw, origin)
        except (csv.Error, UnicodeDecodeError) as error:
            raise _failed(raw.what, f"broken CSV ({error})", "whole CSV") from None


def _preamble(reader: Iterator[list[str]], raw: Raw) -> tuple[dt.date, list[str]]:
    """Return the publication date and the header, from the lines at the beginning of a file."""
    about: dict[str, str] = {}
    for line in reader:
        if len(line) > 2:
            if "Publication Date" not in about:
                break
            if about.get("FormatVersion") != "v1.0":
                given = f"format version {about.get('FormatVersion', 'unknown')!r}"
                raise _failed(raw.what, given, "v1.0")
            return _date(about["Publication Date"], raw.what), line
        if len(line) == 2:
            about[line[0]] = line[1]
        elif line:
            break
    with raw.path.open("rb") as file:
        start = file.read(200)
    raise _failed(raw.what, describe(start), "a file of the AWS Price List (CSV)")


def _reading(
    rule: Rule, sku: str, region: str, cells: Mapping[str, str], raw: Raw, origin: Any
) -> Reading:
    """Return the price of one line, in the unit of the tables."""
    what, name = raw.what, f"{sku} (SKU {cells['SKU']})"
    if cells["Unit"] not in rule.units:
        raise _failed(what, f"unit {cells['Unit']!r} of {name}", " or ".join(rule.units))
    if cells["Currency"] != "USD":
        raise _failed(what, f"currency {cells['Currency']!r} of {name}", "USD")
    try:
        price, edge = Decimal(cells["PricePerUnit"]), Decimal(cells["StartingRange"] or "0")
    except InvalidOperation:
        given = f"price {cells['PricePerUnit']!r} from {cells['StartingRange']!r} of {name}"
        raise _failed(what, given, "decimals") from None
    return Reading(
        sku, region, price * rule.scale, cells["Currency"], rule.unit, origin,
        tier_from=edge / rule.scale, since=_date(cells["EffectiveDate"], what), note=rule.note,
    )  # fmt: skip


def _date(text: str, what: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text[:10])
    except ValueError:
        raise _failed(what, f"the date {text[:40]!r}", "YYYY-MM-DD") from None


def _field(of: dict[str, Any], name: str, kind: type, what: str) -> Any:
    found = of.get(name) if isinstance(of, dict) else None
    if not isinstance(found, kind):
        hint = nearest(name, of) if isinstance(of, dict) else ""
        raise _failed(what, f"no {name}", f"{name}, as documented", hint)
    return found


def _failed(what: str, given: str, expected: str, hint: str = "") -> RefreshError:
    return RefreshError("refresh", [Problem(what, given, expected, hint)])
