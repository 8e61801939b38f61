"""Reading a file of Amazon's price list, line by line: that of EC2 has hundreds of megabytes.

Five lines tell about the file; then comes a header, whose columns differ by service and over time,
so that they are found by name.  Which rules a usage type may fit is found out once.
"""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Final, NamedTuple

from kafkatco.errors import nearest
from kafkatco.prices.meters.aws_rule import Layout, Rule, without_region
from kafkatco.prices.refresh.fetched_file import Origin, Raw, describe
from kafkatco.prices.refresh.parse import DIGITS, date_of, failed, is_usual
from kafkatco.prices.refresh.source import Reading, Where

__all__ = ["Said", "read_file"]

#: The lines before the header, each of two fields.
ABOUT: Final = ("FormatVersion", "Disclaimer", "Publication Date", "Version", "OfferCode")
#: The unit of what is paid once, upfront: no price of anything that runs.
UPFRONT: Final = "Quantity"
#: What columns must say where a file has them and they say something: ``{region}`` is that asked.
WHERE_GIVEN: Final[Mapping[str, str]] = {
    "Region Code": "{region}",
    "From Region Code": "{region}",
    "DiscountedRegionCode": "{region}",
    "Location Type": "AWS Region",
    "MarketOption": "OnDemand",
}
#: After how many lines to tell how many there were.
STEP: Final = 50_000


@dataclass(frozen=True, slots=True)
class Said:
    """What a file says of what was asked, by product, and which other skus it prices."""

    readings: list[tuple[str, Reading]] = field(default_factory=list)
    other: set[str] = field(default_factory=set)


class _Candidate(NamedTuple):
    """A price that lines of a usage type may be, and what its columns must say for that."""

    rule: Rule
    sku: str
    must: tuple[tuple[int, str], ...]
    towards: int | None


def read_file(
    raw: Raw,
    rules: Sequence[Rule],
    layout: Layout,
    region: str,
    covers: Iterable[Where],
    told: Callable[[int], None] | None = None,
) -> Said:
    """Return what a file says of one region; ``told`` hears how many lines were read.

    ``covers`` has the skus and regions asked for; its regions are also those to which a price may
    go that depends on that.
    """
    said, wanted = Said(), frozenset(covers)
    with raw.path.open(encoding="utf-8", newline="") as file:
        reader = csv.reader(file, strict=True)
        try:
            published, header = _preamble(reader, raw)
            _check(header, rules, layout, raw.what)
            at = {name: index for index, name in enumerate(header)}
            origin = raw.origin._replace(published=published)
            given = [
                (at[name], text.format(region=region))
                for name, text in WHERE_GIVEN.items()
                if name in at
            ]
            found = _matching(reader, rules, at, layout.usage, given, raw, told)
            for line, rule, sku, towards in found:
                if (sku, region) not in wanted:
                    said.other.add(sku)
                    continue
                if towards is not None and (sku, line[towards]) not in wanted:
                    continue
                cells = {name: line[at[name]] for name in layout.columns}
                for reading in _readings(rule, sku, region, cells, layout, raw.what, origin):
                    said.readings.append((cells[layout.product], reading))
        except (csv.Error, UnicodeDecodeError) as error:
            raise failed(raw.what, f"broken CSV ({error})", "whole CSV") from None
    return said


def _matching(
    reader: Iterable[list[str]],
    rules: Sequence[Rule],
    at: Mapping[str, int],
    usage: str,
    given: Sequence[tuple[int, str]],
    raw: Raw,
    told: Callable[[int], None] | None,
) -> Iterator[tuple[list[str], Rule, str, int | None]]:
    """Yield each line that is a price, with the first rule that it fits."""
    width, usage_at, unit_at = len(at), at[usage], at["Unit"]
    known: dict[str, tuple[_Candidate, ...]] = {}
    for number, line in enumerate(reader):
        if told and number % STEP == 0:
            told(number)
        if len(line) != width:
            if not line:
                continue
            what = f"{len(line)} cells in line {number + 1} of the prices"
            raise failed(raw.what, what, f"{width} cells")
        name = line[usage_at]
        candidates = known.get(name)
        if candidates is None:
            candidates = known[name] = tuple(_candidates(name, rules, at))
        if not candidates or line[unit_at] == UPFRONT:
            continue
        if any(line[index] not in ("", text) for index, text in given):
            continue
        for rule, sku, must, towards in candidates:
            if all(line[index] == text for index, text in must):
                yield line, rule, sku, towards
                break


def _candidates(usage: str, rules: Sequence[Rule], at: Mapping[str, int]) -> Iterator[_Candidate]:
    name = without_region(usage)
    for rule in rules:
        sku = rule.sku_of(name)
        if sku is not None:
            must = tuple((at[column], text) for column, text in rule.having.items())
            yield _Candidate(rule, sku, must, at[rule.towards] if rule.towards else None)


def _preamble(reader: Iterator[list[str]], raw: Raw) -> tuple[dt.date, list[str]]:
    """Return the publication date and the header, from the lines at the beginning of a file."""
    about: dict[str, str] = {}
    for line in reader:
        if len(line) >= 2 and line[0] in ABOUT:
            about[line[0]] = line[1]
            continue
        if "Publication Date" not in about or not line:
            break
        if about.get("FormatVersion") != "v1.0":
            given = f"format version {about.get('FormatVersion', 'unknown')[:40]!r}"
            raise failed(raw.what, given, "v1.0")
        return date_of(about["Publication Date"], raw.what), line
    with raw.path.open("rb") as file:
        start = file.read(200)
    raise failed(raw.what, describe(start), "a file of the AWS Price List (CSV)")


def _check(header: Sequence[str], rules: Sequence[Rule], layout: Layout, what: str) -> None:
    asked = sorted(frozenset().union(*(rule.columns for rule in rules)))
    missing = [name for name in (*layout.columns, *asked) if name not in header]
    if missing:
        hint = nearest(missing[0], header)
        raise failed(what, "no column " + ", ".join(missing), "each of them", hint)
    twice = sorted({name for name in header if header.count(name) > 1})
    if twice:
        raise failed(what, "two columns " + ", ".join(twice), "one of each")


def _readings(
    rule: Rule,
    sku: str,
    region: str,
    cells: Mapping[str, str],
    layout: Layout,
    what: str,
    origin: Origin,
) -> Iterator[Reading]:
    """Yield the price of one line, in the unit of the tables, and what is free before it."""
    name = f"{sku} (SKU {cells[layout.product][:40]})"
    if cells["Unit"] not in rule.units:
        raise failed(what, f"unit {cells['Unit'][:40]!r} of {name}", " or ".join(rule.units))
    if cells["Currency"] != "USD":
        raise failed(what, f"currency {cells['Currency'][:40]!r} of {name}", "USD")
    start = cells.get(layout.edge, "0") or "0"
    given = f"price {cells[layout.price][:40]!r} from {start[:40]!r} of {name}"
    try:
        price, edge = Decimal(cells[layout.price]), Decimal(start)
    except InvalidOperation:
        raise failed(what, given, "decimals") from None
    if not (is_usual(price) and is_usual(edge)):
        raise failed(what, given, f"decimals of {DIGITS}")
    reading = Reading(
        sku,
        region,
        price * rule.scale,
        cells["Currency"],
        rule.unit,
        origin,
        tier_from=edge / rule.scale + rule.tier_from,
        since=date_of(cells["EffectiveDate"], what),
        note=rule.note,
    )
    if rule.free and edge == 0 and price > 0:
        yield reading._replace(price=Decimal(0), note=rule.why_free)
        reading = reading._replace(tier_from=rule.free)
    yield reading
